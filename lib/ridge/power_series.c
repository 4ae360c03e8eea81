/* SPDX-License-Identifier: BSD-3-Clause */
/* Coefficients a_q(s) of the power series
 *
 *     K = sum_q a_q(s) a_q(t) cos^q theta
 *
 * of a kernel between inputs of lengths s and t. For a network's kernel a_q is sqrt(scale) E[phi(s
 * z) h_q(z)], and sqrt(1 + q) times that for the tangent kernel (series.h). A sign that a_q has for
 * all s is left out. */
#include <math.h>

#include "core/context.h"
#include "ridge/degrees.h"
#include "ridge/points.h"
#include "ridge/tanh_mixture.h"

static const double pi = 3.14159265358979323846;

/* relu: a_q^2 = s^2 (q-3)!!^2 / (2 pi q!) for even q; the slope on the left scales the even part by
 * 1 - l and the odd one, which is z (1 + l) / 2, by itself. */
static void leaky(double s, double leak, int64_t count, double *a)
{
    double even = s * fabs(1.0 - leak) / sqrt(2.0 * pi), square = 0.5;
    a[0] = even;
    if (count > 1)
        a[1] = 0.5 * s * fabs(1.0 + leak);
    for (int64_t q = 2; q < count; q += 2) {
        a[q] = even * sqrt(square);
        square *= (q - 1.0) * (q - 1.0) / ((q + 1.0) * (q + 2.0));
    }
}

/* Adds weight times the coefficients of erf, 2/pi asin(sigma tau c), sigma^2 = 2 s^2 / (1 + 2 s^2);
 * of sign for sigma = 1. */
static void arc_sine(double sigma, double weight, int64_t count, double *a)
{
    double square = 2.0 / pi, power = weight * sigma;
    for (int64_t q = 1; q < count && power > 0.0; q += 2) {
        a[q] += power * sqrt(square);
        square *= (double)q * (double)q / ((q + 1.0) * (q + 2.0));
        power *= sigma * sigma;
    }
}

static double sigma_of(double s)
{
    return s * sqrt(2.0 / (1.0 + 2.0 * s * s));
}

static void hyperbolic_tangent(double s, int64_t count, double *a)
{
    for (int k = 0; k < MFLI_TANH_PARTS; k++)
        arc_sine(sigma_of(mfli_tanh_parts[k][0] * s), mfli_tanh_parts[k][1], count, a);
}

/* GELU: a_1 = s E[phi'] = s / 2, a_0 = s^2 / sqrt(2 pi V), V = 1 + s^2, and for even q >= 2
 * a_q = s^q (g_{q-2} - g_q) / sqrt(q!), g_n the n-th derivative at 0 of the normal density of
 * variance V, since phi'' = 2 phi - z^2 phi = phi - phi'' of the normal density; the difference is
 * a sum of terms of one sign. */
static void gelu(double s, int64_t count, double *a)
{
    const double s2 = s * s, V = 1.0 + s2;
    double g = s2 / sqrt(4.0 * pi * V); /* s^q |g_{q-2}| / sqrt(q!) */
    a[0] = s2 / sqrt(2.0 * pi * V);
    if (count > 1)
        a[1] = 0.5 * s;
    for (int64_t q = 2; q < count; q += 2) {
        a[q] = g * (1.0 + (q - 1.0) / V);
        g *= s2 / V * (q - 1.0) / sqrt((q + 1.0) * (q + 2.0));
    }
}

/* exp(-s^2 / 2) s^q / sqrt(q!): all degrees of the Gaussian kernel, the odd ones of sin. */
static void exponential(double s, int32_t odd_only, int64_t count, double *a)
{
    for (int64_t q = odd_only; q < count; q += 1 + odd_only)
        a[q] = s > 0.0 || q > 0 ? exp(q * log(s) - 0.5 * (s * s + lgamma(q + 1.0))) : 1.0;
}

/* He_n / sqrt(n!): sum_i C_i g^i (s t c)^(n - 2i), g = (s^2 - 1)(t^2 - 1), see forms.h. */
static void hermite(double s, int32_t n, int64_t count, double *a)
{
    double c = 1.0;
    for (int32_t i = 0; 2 * i <= n; i++) {
        if (n - 2 * i < count)
            a[n - 2 * i] = sqrt(c) * pow(s * s - 1.0, i) * pow(s, n - 2 * i);
        c *= (double)(n - 2 * i) * (double)(n - 2 * i - 1) / (4.0 * (i + 1.0) * (i + 1.0));
    }
}

/* s^2 t^2 (1 + 2 c^2) */
static void quadratic(double s, int64_t count, double *a)
{
    a[0] = s * s;
    if (count > 2)
        a[2] = sqrt(2.0) * s * s;
}

static void power(double s, double offset, int32_t n, int64_t count, double *a)
{
    for (int64_t q = 0; q < count && q <= n; q++)
        a[q] = exp(0.5 * (lgamma(n + 1.0) - lgamma(q + 1.0) - lgamma(n - q + 1.0)))
               * pow(offset, 0.5 * (double)(n - q)) * pow(s, (double)q);
}

/* Through the Hermite coefficients of one input of that length. */
static int32_t numerical(mfl_context *context, const mfli_kernel *kernel, double s, int64_t count,
                         double *a, double *error)
{
    mfli_points points;
    mfli_kernel flat = *kernel;
    const double x = s / kernel->unit;
    flat.dimension = 1;
    int32_t status = mfli_points_init(context, &flat, &points, "input", 1, &x, 1, 1);
    for (int64_t q = 0; !status && q < count && q < kernel->order; q++)
        a[q] = mfli_feature_panel(&points, 0)[q * MFLI_PANEL];
    *error = points.error;
    mfli_points_clear(context, &points);
    return status;
}

int32_t mfli_power_series(mfl_context *context, const mfli_kernel *kernel, double s, int64_t count,
                          double *a, double *error)
{
    int32_t status = MFL_OK;
    *error = 0.0;
    for (int64_t q = 0; q < count; q++)
        a[q] = 0.0;
    switch (kernel->family) {
    case MFLI_FAMILY_LEAKY:
        leaky(s, kernel->leak, count, a);
        break;
    case MFLI_FAMILY_ERF:
        arc_sine(sigma_of(s), 1.0, count, a);
        break;
    case MFLI_FAMILY_TANH:
        hyperbolic_tangent(s, count, a);
        break;
    case MFLI_FAMILY_SIGN:
        arc_sine(1.0, 1.0, count, a);
        break;
    case MFLI_FAMILY_LINEAR:
        power(s, 0.0, 1, count, a);
        break;
    case MFLI_FAMILY_QUADRATIC:
        quadratic(s, count, a);
        break;
    case MFLI_FAMILY_HERMITE:
        hermite(s, kernel->degree, count, a);
        break;
    case MFLI_FAMILY_GELU:
        gelu(s, count, a);
        break;
    case MFLI_FAMILY_SIN:
        exponential(s, 1, count, a);
        break;
    case MFLI_FAMILY_RBF:
        exponential(s, 0, count, a);
        break;
    case MFLI_FAMILY_POLYNOMIAL:
        power(s, kernel->offset, kernel->degree, count, a);
        break;
    case MFLI_FAMILY_SERIES:
        status = numerical(context, kernel, s, count, a, error);
        break;
    default:
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "a caller's kernel has no known power series; take mfl_spectrum_of_data");
    }
    for (int64_t q = 0; !status && q < count; q++)
        a[q] *= sqrt(kernel->scale * (kernel->tangent ? 1.0 + (double)q : 1.0));
    return status;
}
