/* SPDX-License-Identifier: BSD-3-Clause */
/* A chain's weights, in double precision and packed for the kernels, and U and its gradient there.
 *
 * Trajectories in float32 are exact: their forces come from weights rounded to float32, but a force that is any
 * fixed function of theta makes leapfrog reversible and volume-preserving, and the U that decides whether the end is
 * accepted is computed in float64 from the unrounded weights. */
#include <math.h>
#include <string.h>

#include "network/network.h"
#include "rng/normals.h"
#include "sampler/sampler.h"

/* A chain whose squared residuals exceed those of its start by this factor has left the posterior for good. */
static const double divergence = 1e10;

void mfli_chain_pull(mfli_chain *chain, const mfli_model *model)
{
    if (chain->place == MFLI_PLACE_ENGINE) {
        mfli_engine_store(&chain->train, chain->theta, chain->theta + mfli_layer_length(model));
        chain->place = MFLI_PLACE_BOTH;
    }
}

void mfli_chain_push(mfli_chain *chain, const mfli_model *model)
{
    if (chain->place == MFLI_PLACE_THETA) {
        mfli_engine_load(&chain->train, chain->theta, chain->theta + mfli_layer_length(model));
        chain->place = MFLI_PLACE_BOTH;
    }
}

void mfli_chain_changed(mfli_chain *chain)
{
    chain->place = MFLI_PLACE_THETA;
    chain->evaluated = chain->judged = 0;
}

void mfli_chain_count_gradient(const mfl_sampler *sampler, mfli_chain *chain)
{
    chain->parts += sampler->part_size ? sampler->part_size : sampler->data->rows;
    chain->gradients += chain->parts / sampler->data->rows;
    chain->parts %= sampler->data->rows;
}

int32_t mfli_chain_evaluate(mfl_sampler *sampler, mfli_chain *chain, int64_t step)
{
    const mfli_model *model = &sampler->model;
    const size_t width = (size_t)model->width, d = (size_t)model->dimension;
    double *g = chain->gradient, *h = g + mfli_layer_length(model);
    const double *a = chain->theta + mfli_layer_length(model);
    double scale = sampler->likelihood_scale;
    if (chain->evaluated)
        return MFL_OK;
    mfli_chain_push(chain, model);
    int32_t refused;
    if (sampler->part_size) {
        mfli_part_select(sampler, chain, step);
        refused = mfli_engine_gradient(&chain->part.engine, chain->part.targets, chain->part.f, &chain->residual,
                                       g, h);
        const double weight = (double)sampler->data->rows / (double)sampler->part_size;
        scale *= weight;
        chain->residual *= weight;
    } else {
        refused = mfli_engine_gradient(&chain->train, sampler->data->targets, chain->f_train, &chain->residual, g,
                                       h);
    }
    if (refused)
        return MFL_ERROR_CALLBACK;
    for (size_t i = 0; i < width; i++) {
        const double factor = -scale * a[i];
        for (size_t j = 0; j < d; j++)
            g[i * d + j] *= factor;
        h[i] *= -scale;
    }
    mfli_chain_count_gradient(sampler, chain);
    chain->evaluated = 1;
    return MFL_OK;
}

static double sum_of_squared_differences(const double *f, const double *y, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    return sum;
}

/* The sum of squared residuals in float64: that of the gradient where that was float64 and of all samples. */
int32_t mfli_chain_judge(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfl_dataset *data = sampler->data;
    if (chain->judged)
        return MFL_OK;
    if (sampler->precision == MFL_PRECISION_FLOAT64 && chain->evaluated && !sampler->part_size) {
        chain->exact_residual = chain->residual;
    } else {
        mfli_engine_load(&chain->exact, chain->theta, chain->theta + mfli_layer_length(&sampler->model));
        if (mfli_engine_forward(&chain->exact, chain->f_train))
            return MFL_ERROR_CALLBACK;
        chain->exact_residual = sum_of_squared_differences(chain->f_train, data->targets, data->rows);
    }
    chain->judged = 1;
    return MFL_OK;
}

int32_t mfli_chain_potential(mfl_sampler *sampler, mfli_chain *chain, double *potential)
{
    const mfli_model *model = &sampler->model;
    const size_t layer = mfli_layer_length(model), length = mfli_state_length(model);
    const double kappa = mfli_chain_kappa(sampler, chain);
    double weights = 0.0, readout = 0.0;
    if (mfli_chain_judge(sampler, chain))
        return MFL_ERROR_CALLBACK;
    for (size_t i = 0; i < layer; i++)
        weights += chain->theta[i] * chain->theta[i];
    for (size_t i = layer; i < length; i++)
        readout += chain->theta[i] * chain->theta[i];
    *potential =
        chain->exact_residual / (2.0 * kappa * kappa) + mfli_prior_potential(model, weights, readout);
    return MFL_OK;
}

double mfli_chain_kappa(const mfl_sampler *sampler, const mfli_chain *chain)
{
    const int64_t half = sampler->burn_in / 2;
    if (sampler->anneal_from == 0.0 || chain->steps >= half)
        return chain->kappa;
    const double fraction = (double)chain->steps / (double)half;
    return exp((1.0 - fraction) * log(sampler->anneal_from) + fraction * log(chain->kappa));
}

/* Column d of the N x (d + 1) matrix of the stream belongs to the readouts. */
void mfli_chain_normals(const mfl_sampler *sampler, mfli_chain *chain, uint32_t purpose, double *out)
{
    const mfli_stream stream = {sampler->seed, (uint64_t)chain->steps, chain->id, purpose};
    const size_t width = (size_t)sampler->model.width, d = (size_t)sampler->model.dimension;
    double *rows = chain->noise;
    mfli_normal_matrix(&stream, 0, width, d + 1, rows, d + 1);
    for (size_t i = 0; i < width; i++) {
        memcpy(out + i * d, rows + i * (d + 1), d * sizeof *out);
        out[width * d + i] = rows[i * (d + 1) + d];
    }
}

int32_t mfli_chain_check(const mfl_sampler *sampler, mfli_chain *chain, double residual)
{
    if (chain->steps == 0) {
        double sum = residual + (double)sampler->data->rows;
        for (int64_t i = 0; i < sampler->data->rows; i++)
            sum += sampler->data->targets[i] * sampler->data->targets[i];
        chain->residual_limit = divergence * sum;
        if (!isfinite(chain->residual_limit / (chain->kappa * chain->kappa))) /* nor would the potential be */
            return MFL_ERROR_NOT_FINITE;
    }
    if (residual <= chain->residual_limit) /* not for not-a-number */
        return MFL_OK;
    return chain->steps == 0 ? MFL_ERROR_NOT_FINITE : MFL_ERROR_DIVERGED;
}
