/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/kernel.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"

static const double least_control = 0.01;

int32_t mfli_mean_kernel_create(mfl_context *context, const mfli_model *model, int64_t samples,
                                mfli_mean_kernel *kernel)
{
    const size_t P = (size_t)samples;
    *kernel = (mfli_mean_kernel){.context = context,
                                 .samples = samples,
                                 .scale = model->width ? pow((double)model->width, 1.0 - 2.0 * model->gamma)
                                                       : 1.0,
                                 .readout_variance = model->sigma_a * model->sigma_a,
                                 .best = 1.0,
                                 .control = 1.0};
    kernel->learned = mfli_alloc(context, P, P * sizeof(double));
    kernel->rest = kernel->learned ? mfli_alloc(context, P, P * sizeof(double)) : NULL;
    kernel->prior = kernel->rest ? mfli_alloc(context, P, P * sizeof(double)) : NULL;
    if (kernel->prior)
        return MFL_OK;
    mfli_mean_kernel_finish(kernel);
    return MFL_ERROR_MEMORY;
}

void mfli_mean_kernel_finish(mfli_mean_kernel *kernel)
{
    mfli_free(kernel->context, kernel->learned);
    mfli_free(kernel->context, kernel->rest);
    mfli_free(kernel->context, kernel->prior);
    kernel->learned = kernel->rest = kernel->prior = NULL;
}

void mfli_mean_kernel_reset(mfli_mean_kernel *kernel)
{
    const size_t bytes = (size_t)(kernel->samples * kernel->samples) * sizeof(double);
    memset(kernel->learned, 0, bytes);
    memcpy(kernel->rest, kernel->prior, bytes);
}

/* What both have in common as means is taken from the averages; rest = prior - scale <Z>. */
void mfli_mean_kernel_weigh(mfli_mean_kernel *kernel, double both, double shadows, double newest)
{
    const int64_t P = kernel->samples;
    double means = 0.0, shadow_means = 0.0;
    for (int64_t i = 0; i < P; i++)
        for (int64_t j = i * P; j <= i * P + i; j++) {
            const double twice = j < i * P + i ? 2.0 : 1.0, prior = kernel->prior[j] / kernel->scale;
            means += twice * kernel->learned[j] * prior;
            shadow_means += twice * (kernel->prior[j] - kernel->rest[j]) / kernel->scale * prior;
        }
    if (shadows > shadow_means)
        kernel->best +=
            newest * (fmin(fmax((both - means) / (shadows - shadow_means), 0.0), 1.0) - kernel->best);
}

void mfli_mean_kernel_fade(mfli_mean_kernel *kernel, double newest)
{
    const int64_t P = kernel->samples;
    for (int64_t i = 0; i < P; i++)
        for (int64_t j = i * P; j <= i * P + i; j++) {
            kernel->learned[j] *= 1.0 - newest;
            kernel->rest[j] += newest * (kernel->prior[j] - kernel->rest[j]);
        }
}

int32_t mfli_mean_kernel_add_particles(mfli_mean_kernel *kernel, const double *phi, int64_t rows,
                                       double factor)
{
    const int64_t P = kernel->samples;
    return mfli_syrk(kernel->context, MFLI_TRANSPOSED, P, rows, factor, phi, P, 1.0, kernel->learned, P);
}

int32_t mfli_mean_kernel_add_shadows(mfli_mean_kernel *kernel, const double *phi, int64_t rows,
                                     double factor)
{
    const int64_t P = kernel->samples;
    return mfli_syrk(kernel->context, MFLI_TRANSPOSED, P, rows,
                     -factor * kernel->scale * kernel->readout_variance, phi, P, 1.0, kernel->rest, P);
}

void mfli_mean_kernel_build(const mfli_mean_kernel *kernel, double share, double noise, double *out)
{
    const int64_t P = kernel->samples;
    const double learned = share * kernel->scale, rest = share * kernel->control;
    for (int64_t i = 0; i < P; i++) {
        for (int64_t j = i * P; j <= i * P + i; j++)
            out[j] = learned * kernel->learned[j] + rest * kernel->rest[j];
        out[i * P + i] += noise;
    }
}

int32_t mfli_mean_kernel_factor(mfli_mean_kernel *kernel, double share, double noise, double *out)
{
    const int64_t P = kernel->samples;
    int64_t pivot = -1;
    int32_t status;
    /* Each attempt costs a factorisation, so the search begins near the last result. */
    kernel->control = fmin(kernel->best, 2.0 * fmax(kernel->control, least_control));
    for (;;) {
        mfli_mean_kernel_build(kernel, share, 0.5 * noise, out);
        status = mfli_potrf(kernel->context, P, out, P, &pivot);
        if (status != MFL_ERROR_NOT_POSITIVE_DEFINITE || kernel->control == 0.0)
            break;
        kernel->control = kernel->control > least_control ? 0.5 * kernel->control : 0.0;
    }
    if (status == MFL_OK) {
        mfli_mean_kernel_build(kernel, share, noise, out);
        status = mfli_potrf(kernel->context, P, out, P, &pivot);
    }
    if (status == MFL_ERROR_NOT_POSITIVE_DEFINITE)
        mfli_fail(kernel->context, status,
                  "the kernel of %lld samples plus kappa^2 is not positive definite: sample %lld (from 0) "
                  "cannot be told "
                  "from those before it; raise kappa, or remove samples whose inputs are equal",
                  (long long)P, (long long)pivot);
    return status;
}
