/* SPDX-License-Identifier: BSD-3-Clause */
/* What is adapted during burn-in, and fixed from then on.
 *
 * The step: from the largest curvature, which grows while the network learns, for methods that take every step; for
 * those that accept or reject, dual averaging towards their acceptance (Hoffman and Gelman 2014), begun at that step.
 * The mass, when it adapts: the running variance of each weight over windows of doubling length, as in Stan. */
#include <math.h>
#include <string.h>

#include "network/network.h"
#include "sampler/sampler.h"

/* Rounds of burn-in that begin with a new estimate of the curvature. */
enum { rounds = 8 };

/* A change of the residuals that is much, looked for every so many steps. */
enum { patience = 16 };
static const double much = 2.0;

/* Windows 1, 2, 4 and 8 long, between the fractions `first` and `last` of burn-in. */
enum { windows = 4, window_units = (1 << windows) - 1 };
static const double first = 0.15, last = 0.9;

/* States that the prior's variance counts for. */
static const double prior_weight = 5.0;

/* Constants of the dual averaging. */
static const double shrinkage = 0.05, delay = 10.0, forgetting = 0.75;

static int64_t round_length(const mfl_sampler *sampler)
{
    return sampler->burn_in < rounds ? 1 : sampler->burn_in / rounds;
}

int32_t mfli_adapt_is_early(const mfl_sampler *sampler, const mfli_chain *chain)
{
    return chain->steps < sampler->burn_in / rounds;
}

static double prior_scale(const mfl_sampler *sampler, size_t i)
{
    return 1.0 / sqrt(mfli_prior_precision(sampler, i));
}

/* The readouts stay where the Gibbs moves put them. */
static int32_t is_frozen(const mfl_sampler *sampler, size_t i)
{
    return i < mfli_layer_length(&sampler->model)
        ? sampler->freeze == MFL_FREEZE_FIRST_LAYER
        : sampler->freeze == MFL_FREEZE_READOUT || sampler->gibbs > 0;
}

void mfli_adapt_open(const mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    for (size_t i = 0; i < length; i++)
        chain->scale[i] = is_frozen(sampler, i)       ? 0.0
            : sampler->mass == MFL_MASS_UNIT          ? 1.0
                                                      : prior_scale(sampler, i);
}

static void begin_averaging(mfli_chain *chain)
{
    chain->centre = log(2.0 * chain->step_size);
    chain->gap = chain->log_step = 0.0;
    chain->averaged = 0;
}

/* The automatic step at the present state. */
static int32_t estimate_step(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    int32_t refused = 0;
    /* A start of the caller's may be flat, all weights zero, say: know the typical curvature too. */
    if (chain->steps == 0 && sampler->start) {
        mfli_network_draw(model, sampler->seed, chain->id, chain->noise, chain->noise + mfli_layer_length(model));
        refused = mfli_curvature_update(sampler, chain, chain->noise);
    }
    mfli_chain_pull(chain, model);
    if (!refused)
        refused = mfli_curvature_update(sampler, chain, chain->theta);
    const double fraction = mfli_options_double(&sampler->options, MFL_SAMPLER_STEP_FRACTION);
    const double eta = chain->curvature > 0.0 ? fraction / chain->curvature : fraction; /* 0: nothing can move */
    chain->step_size = sampler->method->kinetic ? sqrt(2.0 * eta) : eta;
    if (sampler->part_size) /* the noise of the gradient heats in proportion to step and P/batch */
        chain->step_size *= (double)sampler->part_size / (double)sampler->data->rows;
    begin_averaging(chain);
    chain->probed_residual = chain->last_residual;
    return refused;
}

static void observe(const mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    chain->observed++;
    for (size_t i = 0; i < length; i++) {
        const double delta = chain->theta[i] - chain->mean[i];
        chain->mean[i] += delta / (double)chain->observed;
        chain->spread[i] += delta * (chain->theta[i] - chain->mean[i]);
    }
}

static void set_mass(const mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    for (size_t i = 0; i < length; i++) {
        const double prior = prior_scale(sampler, i);
        if (chain->scale[i] > 0.0)
            chain->scale[i] = sqrt((chain->spread[i] + prior_weight * prior * prior)
                                   / ((double)chain->observed + prior_weight));
    }
    memset(chain->mean, 0, length * sizeof *chain->mean);
    memset(chain->spread, 0, length * sizeof *chain->spread);
    chain->observed = chain->probed = 0;
    chain->curvature = 0.0;
}

/* Is the present step the last of a window? */
static int32_t ends_window(const mfl_sampler *sampler, const mfli_chain *chain)
{
    const double burn_in = (double)sampler->burn_in, unit = (last - first) / window_units;
    for (int n = 1; n <= windows; n++)
        if (chain->steps == (int64_t)(burn_in * (first + unit * ((1 << n) - 1))))
            return 1;
    return 0;
}

static int32_t adapt_mass(mfl_sampler *sampler, mfli_chain *chain)
{
    const double burn_in = (double)sampler->burn_in;
    if (!chain->mean || (double)chain->steps < first * burn_in || (double)chain->steps > last * burn_in)
        return MFL_OK;
    mfli_chain_pull(chain, &sampler->model);
    observe(sampler, chain);
    if (!ends_window(sampler, chain))
        return MFL_OK;
    set_mass(sampler, chain);
    return sampler->automatic ? estimate_step(sampler, chain) : MFL_OK;
}

/* The network has learned, or has begun to run away: either way the curvature is another one. Residuals of a minibatch
 * vary too much to say. */
static int32_t has_moved(const mfl_sampler *sampler, const mfli_chain *chain)
{
    const double then = chain->probed_residual, now = chain->last_residual;
    return !sampler->part_size && chain->steps % patience == 0 && (now > much * then || then > much * now);
}

/* A new estimate of the curvature: at the beginning of every round, often on the way down from the start, and wherever
 * the residuals have changed by much. */
static int32_t is_due(const mfl_sampler *sampler, const mfli_chain *chain)
{
    return chain->steps % round_length(sampler) == 0 || has_moved(sampler, chain)
        || (mfli_adapt_is_early(sampler, chain) && (chain->steps & (chain->steps - 1)) == 0);
}

int32_t mfli_adapt_before(mfl_sampler *sampler, mfli_chain *chain)
{
    if (chain->steps == 0)
        return sampler->automatic ? estimate_step(sampler, chain) : MFL_OK;
    if (chain->steps > sampler->burn_in)
        return MFL_OK;
    int32_t status = MFL_OK;
    if (chain->stale) {
        chain->stale = 0;
        chain->curvature = 0.0;
        status = sampler->automatic ? estimate_step(sampler, chain) : MFL_OK;
    }
    if (!status)
        status = adapt_mass(sampler, chain);
    if (!status && sampler->automatic && sampler->method->acceptance == 0.0 && is_due(sampler, chain)) {
        if (chain->steps == rounds / 2 * round_length(sampler))
            chain->curvature = 0.0; /* on the way it can have been larger than where the chain stays */
        status = estimate_step(sampler, chain);
    }
    return status;
}

void mfli_adapt_after(mfl_sampler *sampler, mfli_chain *chain)
{
    const double aim = sampler->method->acceptance;
    chain->last_residual = chain->residual;
    if (chain->steps > sampler->burn_in) {
        chain->proposals++;
        chain->acceptance_sum += chain->acceptance;
    }
    if (aim == 0.0 || !sampler->automatic || chain->steps > sampler->burn_in)
        return;
    const double count = (double)++chain->averaged, weight = 1.0 / (count + delay), mix = pow(count, -forgetting);
    chain->gap = (1.0 - weight) * chain->gap + weight * (aim - chain->acceptance);
    const double log_step = chain->centre - sqrt(count) / shrinkage * chain->gap;
    chain->log_step = mix * log_step + (1.0 - mix) * chain->log_step;
    chain->step_size = exp(chain->steps == sampler->burn_in ? chain->log_step : log_step);
}
