/* SPDX-License-Identifier: BSD-3-Clause */
/* Closed forms of E[phi(u) phi(u')]. */
#include <math.h>

#include "core/context.h"
#include "ridge/kernel.h"

static const double pi = 3.14159265358979323846;

/* sin eta - eta cos eta for 0 <= eta = pi - theta <= pi: the arc-cosine kernel of Cho and Saul
 * (2009), degree 1. Near 0 the two terms cancel to eta^3 / 3; there its Taylor series, sum
 * (-1)^(k+1) 2k eta^(2k+1) / (2k+1)!, is summed down to the term that rounding hides. */
static double arc_cosine(double near, double far)
{
    double eta = 2.0 * atan2(sqrt(near), sqrt(far));
    if (eta > 0.6)
        return 2.0 * sqrt(near * far) - eta * (far - near);
    double square = eta * eta, term = eta * square / 3.0, sum = term;
    for (int k = 2; k <= 8; k++) {
        term *= -square / (double)((2 * k - 2) * (2 * k + 1));
        sum += term;
    }
    return sum;
}

static void relu(const mfli_kernel *kernel, double a, const double b[MFLI_PANEL],
                 const double near[MFLI_PANEL], const double far[MFLI_PANEL],
                 double value[MFLI_PANEL])
{
    const double factor = kernel->scale * kernel->variance / (2.0 * pi) * a;
    for (int j = 0; j < MFLI_PANEL; j++)
        value[j] = factor * b[j] * arc_cosine(near[j], far[j]);
}

static void linear(const mfli_kernel *kernel, double a, const double b[MFLI_PANEL],
                   const double near[MFLI_PANEL], const double far[MFLI_PANEL],
                   double value[MFLI_PANEL])
{
    const double factor = kernel->scale * kernel->variance * a;
    for (int j = 0; j < MFLI_PANEL; j++)
        value[j] = factor * b[j] * (near[j] - far[j]);
}

/* C. Williams (1997): E[erf u erf u'] = 2/pi asin r with r = 2 v x.x' / sqrt((1 + 2 v |x|^2)(1 + 2
 * v |x'|^2)). The arc sine is taken by its sine and cosine, the latter as a sum of positive terms,
 * since r comes close to 1 for long inputs. With s^2 = 2 v |x|^2 / (1 + 2 v |x|^2) and t^2 the same
 * of x': r = s t cos theta and 1 - r^2 = (1 - s^2) + s^2 ((1 - t^2) + t^2 sin^2 theta). */
static void error_function(const mfli_kernel *kernel, double a, const double b[MFLI_PANEL],
                           const double near[MFLI_PANEL], const double far[MFLI_PANEL],
                           double value[MFLI_PANEL])
{
    const double unit = sqrt(2.0 * kernel->variance), factor = kernel->scale * 2.0 / pi;
    const double outer = 1.0 / hypot(1.0, unit * a), s = unit * a * outer;
    for (int j = 0; j < MFLI_PANEL; j++) {
        double inner = 1.0 / hypot(1.0, unit * b[j]), t = unit * b[j] * inner;
        double rest = inner * inner + 4.0 * t * t * near[j] * far[j];
        value[j] = factor * atan2(s * t * (near[j] - far[j]), sqrt(outer * outer + s * s * rest));
    }
}

static mfli_kernel_fn closed_form(int32_t activation)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
        return relu;
    case MFL_ACTIVATION_ERF:
        return error_function;
    case MFL_ACTIVATION_LINEAR:
        return linear;
    default:
        return NULL;
    }
}

/* N^(1 - 2 gamma) sigma_a^2. At gamma = 1/2 it does not depend on N; elsewhere it has no limit but
 * 0 or infinity. */
static int32_t readout_scale(mfl_context *context, const mfli_model *model, double *scale)
{
    double variance = model->sigma_a * model->sigma_a;
    if (model->gamma != 0.5 && model->width == 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "gamma is %g: at infinite width (width 0) the kernel is finite and "
                         "non-zero only for gamma "
                         "= 0.5; give the model a width",
                         model->gamma);
    *scale = model->gamma == 0.5 ? variance
                                 : variance * pow((double)model->width, 1.0 - 2.0 * model->gamma);
    return MFL_OK;
}

int32_t mfli_kernel_nngp(mfl_context *context, const mfli_model *model, mfli_kernel *kernel)
{
    kernel->evaluate = closed_form(model->activation);
    kernel->variance = model->sigma_w * model->sigma_w / (double)model->dimension;
    if (!kernel->evaluate)
        return mfli_fail(
            context, MFL_ERROR_UNSUPPORTED,
            "the kernel of the %s activation is not available; use relu, erf or linear",
            mfli_activation_name(model->activation));
    return readout_scale(context, model, &kernel->scale);
}
