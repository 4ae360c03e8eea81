/* SPDX-License-Identifier: BSD-3-Clause */
/* The largest curvature of U in the whitened coordinates, which limits the step: 2/L is the edge of stability.
 *
 * The Hessian of U is J^T J / kappa^2 + prior + terms that carry the residual, J = df/dtheta (P x N(d+1)). Power
 * iteration runs on the first two: positive, and all that is left once the data are fitted. J v is a central
 * difference of the predictions, J^T u the kernels' gradient with u in the place of the residual; both are multiplied
 * by the scale of each coordinate, so that frozen weights are no directions to move in. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "rng/normals.h"
#include "sampler/sampler.h"

enum { first_iterations = 24, later_iterations = 6 };

/* The iteration approaches the largest eigenvalue from below. */
static const double margin = 1.1;

int32_t mfli_curvature_open(mfl_sampler *sampler, mfli_curvature *probe)
{
    mfl_context *context = sampler->object.context;
    const size_t length = mfli_state_length(&sampler->model), samples = (size_t)sampler->data->rows;
    probe->vector = mfli_alloc_zeroed(context, length, sizeof(double));
    probe->shifted = mfli_alloc(context, length, sizeof(double));
    probe->image = mfli_alloc(context, length, sizeof(double));
    probe->f = mfli_alloc(context, samples, sizeof(double));
    probe->f_shifted = mfli_alloc(context, samples, sizeof(double));
    probe->target = mfli_alloc(context, samples, sizeof(double));
    return probe->vector && probe->shifted && probe->image && probe->f && probe->f_shifted && probe->target
        ? MFL_OK
        : MFL_ERROR_MEMORY;
}

void mfli_curvature_close(mfl_context *context, mfli_curvature *probe)
{
    mfli_free(context, probe->vector);
    mfli_free(context, probe->shifted);
    mfli_free(context, probe->image);
    mfli_free(context, probe->f);
    mfli_free(context, probe->f_shifted);
    mfli_free(context, probe->target);
}

static double norm(const double *vector, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += vector[i] * vector[i];
    return sqrt(sum);
}

/* Predictions at theta + shift scale v. */
static int32_t predict(const mfl_sampler *sampler, mfli_chain *chain, const double *theta, double shift, double *f)
{
    const size_t layer = mfli_layer_length(&sampler->model), length = mfli_state_length(&sampler->model);
    mfli_curvature *probe = &chain->probe;
    for (size_t i = 0; i < length; i++)
        probe->shifted[i] = theta[i] + shift * chain->scale[i] * probe->vector[i];
    mfli_engine_load(&chain->exact, probe->shifted, probe->shifted + layer);
    return mfli_engine_forward(&chain->exact, f);
}

/* image = scale J^T J scale v at theta; *rayleigh = |J scale v|^2. */
static int32_t apply(const mfl_sampler *sampler, mfli_chain *chain, const double *theta, double shift,
                     double *rayleigh)
{
    const mfli_model *model = &sampler->model;
    mfli_curvature *probe = &chain->probe;
    const size_t samples = (size_t)sampler->data->rows, d = (size_t)model->dimension;
    const size_t width = (size_t)model->width, layer = mfli_layer_length(model);
    int32_t refused = predict(sampler, chain, theta, shift, probe->f_shifted);
    if (!refused)
        refused = predict(sampler, chain, theta, -shift, probe->target);
    if (!refused)
        refused = predict(sampler, chain, theta, 0.0, probe->f);
    if (refused)
        return refused;
    *rayleigh = 0.0;
    for (size_t i = 0; i < samples; i++) {
        double u = (probe->f_shifted[i] - probe->target[i]) / (2.0 * shift);
        *rayleigh += u * u;
        probe->target[i] = u + probe->f[i];
    }
    double ignored, *image = probe->image;
    refused = mfli_engine_gradient(&chain->exact, probe->target, probe->f_shifted, &ignored, image, image + layer);
    for (size_t i = 0; i < width; i++) {
        for (size_t j = 0; j < d; j++)
            image[i * d + j] *= sampler->likelihood_scale * theta[layer + i] * chain->scale[i * d + j];
        image[layer + i] *= sampler->likelihood_scale * chain->scale[layer + i];
    }
    return refused;
}

static void start(const mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    const mfli_stream stream = {sampler->seed, 0, chain->id, MFLI_PURPOSE_PROBE};
    double *vector = chain->probe.vector;
    mfli_normal_matrix(&stream, 0, 1, length, vector, length);
    for (size_t i = 0; i < length; i++)
        vector[i] = chain->scale[i] > 0.0 ? vector[i] : 0.0;
    const double size = norm(vector, length);
    for (size_t i = 0; i < length && size > 0.0; i++)
        vector[i] /= size;
    chain->probed = 1;
}

/* The prior's part: an upper bound, its largest curvature in any direction. */
static double prior_curvature(const mfl_sampler *sampler, const mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    double largest = 0.0;
    for (size_t i = 0; i < length; i++)
        largest = fmax(largest, mfli_prior_precision(sampler, i) * chain->scale[i] * chain->scale[i]);
    return largest;
}

int32_t mfli_curvature_update(const mfl_sampler *sampler, mfli_chain *chain, const double *theta)
{
    const size_t length = mfli_state_length(&sampler->model);
    mfli_curvature *probe = &chain->probe;
    const int iterations = chain->probed ? later_iterations : first_iterations;
    if (!chain->probed)
        start(sampler, chain);
    double value = 0.0, moved = 0.0, size;
    for (int n = 0; n < iterations; n++) {
        double before = value;
        for (size_t i = 0; i < length; i++)
            probe->shifted[i] = chain->scale[i] * probe->vector[i];
        moved = norm(probe->shifted, length);
        if (!(moved > 0.0)) /* nothing can move */
            break;
        int32_t refused =
            apply(sampler, chain, theta, 1e-5 * (1.0 + norm(theta, length)) / moved, &value);
        size = norm(probe->image, length);
        if (refused)
            return refused;
        if (!(size > 0.0)) /* the data pull in no direction from here: the prior's curvature is all */
            break;
        for (size_t i = 0; i < length; i++)
            probe->vector[i] = probe->image[i] / size;
        if (fabs(value - before) < 0.01 * value)
            break;
    }
    const double estimate =
        margin * value / (chain->kappa * chain->kappa) + prior_curvature(sampler, chain);
    chain->curvature = fmax(chain->curvature, estimate);
    return 0;
}
