/* SPDX-License-Identifier: BSD-3-Clause */
/* The largest curvature of U, which limits the step of a Langevin chain: 2/L is the edge of stability.
 *
 * The Hessian of U is J^T J / kappa^2 + prior + terms that carry the residual, J = df/dtheta (P x N(d+1)). Power
 * iteration runs on the first two: positive, and all that is left once the data are fitted. J v is a central
 * difference of the predictions, J^T u the kernels' gradient with u in the place of the residual. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "rng/normals.h"
#include "sampler/sampler.h"

enum { first_iterations = 24, later_iterations = 6 };

/* The iteration approaches the largest eigenvalue from below. */
static const double margin = 1.1;

int32_t mfli_curvature_open(mfl_sampler *sampler, mfli_curvature *curvature)
{
    mfl_context *context = sampler->object.context;
    const mfl_dataset *data = sampler->data;
    const size_t length = mfli_state_length(&sampler->model), samples = (size_t)data->rows;
    int32_t status = mfli_batch_create(context, MFL_PRECISION_FLOAT64, data, &curvature->batch);
    if (!status)
        status = mfli_engine_create(context, &sampler->model, &curvature->batch, NULL, &curvature->engine);
    if (status)
        return status;
    curvature->vector = mfli_alloc(context, length, sizeof(double));
    curvature->shifted = mfli_alloc(context, length, sizeof(double));
    curvature->image = mfli_alloc(context, length, sizeof(double));
    curvature->f = mfli_alloc(context, samples, sizeof(double));
    curvature->f_shifted = mfli_alloc(context, samples, sizeof(double));
    curvature->target = mfli_alloc(context, samples, sizeof(double));
    return curvature->vector && curvature->shifted && curvature->image && curvature->f && curvature->f_shifted
            && curvature->target
        ? MFL_OK
        : MFL_ERROR_MEMORY;
}

void mfli_curvature_close(mfl_context *context, mfli_curvature *curvature)
{
    if (curvature->batch.packed) {
        mfli_engine_release(context, &curvature->engine);
        mfli_batch_release(context, &curvature->batch);
    }
    mfli_free(context, curvature->vector);
    mfli_free(context, curvature->shifted);
    mfli_free(context, curvature->image);
    mfli_free(context, curvature->f);
    mfli_free(context, curvature->f_shifted);
    mfli_free(context, curvature->target);
    memset(curvature, 0, sizeof *curvature);
}

/* Frozen weights are no directions to move in. */
static void project(const mfl_sampler *sampler, double *vector)
{
    const size_t layer = (size_t)sampler->model.width * (size_t)sampler->model.dimension;
    if (sampler->freeze == MFL_FREEZE_FIRST_LAYER)
        memset(vector, 0, layer * sizeof *vector);
    if (sampler->freeze == MFL_FREEZE_READOUT)
        memset(vector + layer, 0, (size_t)sampler->model.width * sizeof *vector);
}

static double norm(const double *vector, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += vector[i] * vector[i];
    return sqrt(sum);
}

static int32_t predict(const mfl_sampler *sampler, mfli_curvature *curvature, const double *weights,
                       const double *readout, double shift, double *f)
{
    const size_t width = (size_t)sampler->model.width, layer = width * (size_t)sampler->model.dimension;
    for (size_t i = 0; i < layer; i++)
        curvature->shifted[i] = weights[i] + shift * curvature->vector[i];
    for (size_t i = 0; i < width; i++)
        curvature->shifted[layer + i] = readout[i] + shift * curvature->vector[layer + i];
    mfli_engine_load(&curvature->engine, curvature->shifted, curvature->shifted + layer);
    return mfli_engine_forward(&curvature->engine, f);
}

/* image = J^T J vector at the state; *rayleigh = |J vector|^2. */
static int32_t apply(const mfl_sampler *sampler, mfli_curvature *curvature, const double *weights,
                     const double *readout, double shift, double *rayleigh)
{
    const mfli_model *model = &sampler->model;
    const size_t samples = (size_t)sampler->data->rows, d = (size_t)model->dimension;
    const size_t width = (size_t)model->width, layer = width * d;
    const double scale = pow((double)width, -model->gamma);
    int32_t refused = predict(sampler, curvature, weights, readout, shift, curvature->f_shifted);
    if (!refused)
        refused = predict(sampler, curvature, weights, readout, -shift, curvature->target);
    if (!refused)
        refused = predict(sampler, curvature, weights, readout, 0.0, curvature->f);
    if (refused)
        return refused;
    *rayleigh = 0.0;
    for (size_t i = 0; i < samples; i++) {
        double u = (curvature->f_shifted[i] - curvature->target[i]) / (2.0 * shift);
        *rayleigh += u * u;
        curvature->target[i] = u + curvature->f[i];
    }
    double ignored, *image = curvature->image;
    refused = mfli_engine_gradient(&curvature->engine, curvature->target, curvature->f_shifted, &ignored, image,
                                   image + layer);
    for (size_t i = 0; i < width; i++) {
        for (size_t j = 0; j < d; j++)
            image[i * d + j] *= scale * readout[i];
        image[layer + i] *= scale;
    }
    project(sampler, image);
    return refused;
}

static void start(const mfl_sampler *sampler, mfli_curvature *curvature, uint32_t chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    const mfli_stream stream = {sampler->seed, 0, chain, MFLI_PURPOSE_PROBE};
    mfli_normal_matrix(&stream, 0, 1, length, curvature->vector, length);
    project(sampler, curvature->vector);
    double size = norm(curvature->vector, length);
    for (size_t i = 0; i < length; i++)
        curvature->vector[i] /= size;
    curvature->started = 1;
}

int32_t mfli_curvature_update(const mfl_sampler *sampler, mfli_curvature *curvature, uint32_t chain,
                              const double *weights, const double *readout)
{
    const mfli_model *model = &sampler->model;
    const size_t length = mfli_state_length(model), layer = length - (size_t)model->width;
    const int iterations = curvature->started ? later_iterations : first_iterations;
    if (!curvature->started)
        start(sampler, curvature, chain);
    const double shift = 1e-5 * (1.0 + hypot(norm(weights, layer), norm(readout, (size_t)model->width)));
    double value = 0.0;
    for (int n = 0; n < iterations; n++) {
        double before = value;
        int32_t refused = apply(sampler, curvature, weights, readout, shift, &value);
        double size = norm(curvature->image, length);
        if (refused)
            return refused;
        if (!(size > 0.0)) /* the data pull in no direction from here: the prior's curvature is all */
            break;
        for (size_t i = 0; i < length; i++)
            curvature->vector[i] = curvature->image[i] / size;
        if (fabs(value - before) < 0.01 * value)
            break;
    }
    const double precision_w = (double)model->dimension / (model->sigma_w * model->sigma_w);
    const double precision_a = 1.0 / (model->sigma_a * model->sigma_a);
    const double estimate = margin * value / (sampler->kappa * sampler->kappa)
        + fmax(sampler->freeze == MFL_FREEZE_FIRST_LAYER ? 0.0 : precision_w,
               sampler->freeze == MFL_FREEZE_READOUT ? 0.0 : precision_a);
    curvature->largest = fmax(curvature->largest, estimate);
    return 0;
}
