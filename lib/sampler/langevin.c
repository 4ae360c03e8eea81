/* SPDX-License-Identifier: BSD-3-Clause */
/* Overdamped Langevin dynamics (T3), full batch or minibatch, and gradient descent, its limit without noise:
 *
 *     theta <- theta - eta scale^2 grad U + sqrt(2 eta) scale xi
 *
 * Where a layer has one scale, the kernels' fused step does all of it on the packed state. */
#include <math.h>

#include "sampler/sampler.h"

/* Welling and Teh's schedule: eta (1 + t/b)^-decay. */
static double step_now(const mfl_sampler *sampler, const mfli_chain *chain)
{
    return chain->step_size * pow(1.0 + (double)chain->steps / sampler->decay_scale, -sampler->decay);
}

static int32_t fused(mfl_sampler *sampler, mfli_chain *chain, double eta, double noise)
{
    const mfli_model *model = &sampler->model;
    const mfli_stream stream = {sampler->seed, (uint64_t)chain->steps, chain->id, MFLI_PURPOSE_LANGEVIN};
    const double scale_w = chain->scale[0], scale_a = chain->scale[mfli_layer_length(model)];
    const double kappa = mfli_chain_kappa(sampler, chain);
    const int64_t samples = sampler->data->rows;
    const double weight = sampler->part_size ? (double)samples / (double)sampler->part_size : 1.0;
    const mfli_langevin langevin = {
        .step_w = eta * scale_w * scale_w,
        .step_a = eta * scale_a * scale_a,
        .noise_w = noise * scale_w,
        .noise_a = noise * scale_a,
        .likelihood = weight * sampler->likelihood_scale / (kappa * kappa),
        .precision_w = sampler->precision_w,
        .precision_a = sampler->precision_a,
    };
    mfli_squares squares;
    int32_t refused;
    mfli_chain_push(chain, model);
    if (sampler->part_size) {
        mfli_part_select(sampler, chain, chain->steps);
        refused = mfli_engine_step(&chain->part.engine, chain->part.targets, &langevin, &stream, chain->part.f,
                                   &squares);
    } else {
        refused = mfli_engine_step(&chain->train, sampler->data->targets, &langevin, &stream, chain->f_train,
                                   &squares);
    }
    if (refused)
        return MFL_ERROR_CALLBACK;
    mfli_chain_changed(chain);
    chain->place = MFLI_PLACE_ENGINE;
    mfli_chain_count_gradient(sampler, chain);
    chain->residual = weight * squares.residual;
    return mfli_chain_check(sampler, chain, chain->residual);
}

static int32_t plain(mfl_sampler *sampler, mfli_chain *chain, double eta, double noise)
{
    const size_t length = mfli_state_length(&sampler->model);
    const double kappa = mfli_chain_kappa(sampler, chain);
    int32_t status = mfli_chain_evaluate(sampler, chain, chain->steps);
    if (!status)
        status = mfli_chain_check(sampler, chain, chain->residual);
    if (status)
        return status;
    mfli_chain_normals(sampler, chain, MFLI_PURPOSE_LANGEVIN, chain->velocity);
    for (size_t i = 0; i < length; i++) {
        const double gradient =
            chain->gradient[i] / (kappa * kappa) + mfli_prior_precision(sampler, i) * chain->theta[i];
        chain->theta[i] +=
            chain->scale[i] * (noise * chain->velocity[i] - eta * chain->scale[i] * gradient);
    }
    mfli_chain_changed(chain);
    return MFL_OK;
}

static int32_t move(mfl_sampler *sampler, mfli_chain *chain, double temperature)
{
    const double eta = step_now(sampler, chain), noise = sqrt(2.0 * eta * temperature);
    return chain->mean ? plain(sampler, chain, eta, noise) : fused(sampler, chain, eta, noise);
}

int32_t mfli_step_sgld(mfl_sampler *sampler, mfli_chain *chain)
{
    return move(sampler, chain, 1.0);
}

int32_t mfli_step_descent(mfl_sampler *sampler, mfli_chain *chain)
{
    return move(sampler, chain, 0.0);
}
