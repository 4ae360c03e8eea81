/* SPDX-License-Identifier: BSD-3-Clause */
/* Methods with momenta: Hamiltonian Monte Carlo, MALA, which is HMC of one leapfrog step, and underdamped Langevin
 * dynamics in the BAOAB splitting of Leimkuhler and Matthews (2013), whose averages over positions are of fourth
 * order in h where friction is high, and exact for a Gaussian posterior at any stable step. With minibatches the
 * latter is stochastic-gradient HMC (Chen, Fox and Guestrin 2014).
 *
 * The momenta are those of the whitened coordinates, u ~ N(0, I): theta moves with velocity scale * u. */
#include <math.h>
#include <string.h>

#include "rng/stream.h"
#include "sampler/sampler.h"

enum { longest_path = 1024 };

/* An energy that has grown by this much is no rounding: the trajectory has left the region of stability. */
static const double lost = 1000.0;

/* B: u <- u - h scale grad U(theta) */
static int32_t kick(mfl_sampler *sampler, mfli_chain *chain, double h, int64_t step)
{
    const size_t layer = mfli_layer_length(&sampler->model), length = mfli_state_length(&sampler->model);
    const double kappa = mfli_chain_kappa(sampler, chain), weight = 1.0 / (kappa * kappa);
    int32_t status = mfli_chain_evaluate(sampler, chain, step);
    if (status)
        return status;
    for (size_t i = 0; i < layer; i++)
        chain->velocity[i] -=
            h * chain->scale[i] * (weight * chain->gradient[i] + sampler->precision_w * chain->theta[i]);
    for (size_t i = layer; i < length; i++)
        chain->velocity[i] -=
            h * chain->scale[i] * (weight * chain->gradient[i] + sampler->precision_a * chain->theta[i]);
    return MFL_OK;
}

/* A: theta <- theta + h scale u */
static void drift(mfl_sampler *sampler, mfli_chain *chain, double h)
{
    const size_t length = mfli_state_length(&sampler->model);
    for (size_t i = 0; i < length; i++)
        chain->theta[i] += h * chain->scale[i] * chain->velocity[i];
    mfli_chain_changed(chain);
}

static int32_t energy(mfl_sampler *sampler, mfli_chain *chain, double *value)
{
    const size_t length = mfli_state_length(&sampler->model);
    double kinetic = 0.0;
    int32_t status = mfli_chain_potential(sampler, chain, value);
    for (size_t i = 0; i < length; i++)
        kinetic += chain->velocity[i] * chain->velocity[i];
    *value += 0.5 * kinetic;
    return status;
}

/* `count` leapfrog steps; those that leave the range of numbers end early. */
static int32_t leapfrog(mfl_sampler *sampler, mfli_chain *chain, double h, int64_t count)
{
    int32_t status = kick(sampler, chain, 0.5 * h, chain->steps);
    for (int64_t n = 0; n < count && !status; n++) {
        drift(sampler, chain, h);
        status = kick(sampler, chain, n + 1 < count ? h : 0.5 * h, chain->steps);
        if (!(chain->residual <= chain->residual_limit))
            break;
    }
    return status;
}

static void exchange(double **a, double **b)
{
    double *kept = *a;
    *a = *b;
    *b = kept;
}

/* A proposal by `count` leapfrog steps, accepted with probability min(1, exp(-change of energy)). */
static int32_t propose(mfl_sampler *sampler, mfli_chain *chain, double h, int64_t count)
{
    const size_t bytes = mfli_state_length(&sampler->model) * sizeof(double);
    const mfli_stream stream = {sampler->seed, (uint64_t)chain->steps, chain->id, MFLI_PURPOSE_ACCEPT};
    double before, after, uniform;
    int32_t status = mfli_chain_evaluate(sampler, chain, chain->steps);
    mfli_chain_normals(sampler, chain, MFLI_PURPOSE_MOMENTUM, chain->velocity);
    if (!status)
        status = energy(sampler, chain, &before);
    if (!status)
        status = mfli_chain_check(sampler, chain, chain->exact_residual);
    if (status)
        return status;
    const double residual = chain->residual, exact_residual = chain->exact_residual;
    memcpy(chain->old_theta, chain->theta, bytes);
    memcpy(chain->old_gradient, chain->gradient, bytes);
    status = leapfrog(sampler, chain, h, count);
    if (!status)
        status = energy(sampler, chain, &after);
    if (status) { /* the caller's function refused: as if the step had not begun */
        memcpy(chain->theta, chain->old_theta, bytes);
        mfli_chain_changed(chain);
        return status;
    }
    const double change = after - before;
    mfli_uniforms(&stream, 0, 1, &uniform);
    chain->acceptance = change <= 0.0 ? 1.0 : change > 0.0 ? exp(-change) : 0.0;
    if (!(change < lost) && chain->steps >= sampler->burn_in)
        chain->divergences++;
    if (uniform < chain->acceptance)
        return MFL_OK;
    exchange(&chain->theta, &chain->old_theta);
    exchange(&chain->gradient, &chain->old_gradient);
    mfli_chain_changed(chain);
    chain->residual = residual;
    chain->exact_residual = exact_residual;
    chain->evaluated = chain->judged = 1;
    return MFL_OK;
}

int32_t mfli_step_mala(mfl_sampler *sampler, mfli_chain *chain)
{
    return propose(sampler, chain, chain->step_size, 1);
}

/* The length of the path is jittered, because a trajectory that fits a period of some direction returns to where it
 * came from. */
int32_t mfli_step_hmc(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_stream stream = {sampler->seed, (uint64_t)chain->steps, chain->id, MFLI_PURPOSE_TRAJECTORY};
    double uniform;
    mfli_uniforms(&stream, 0, 1, &uniform);
    const double time = sampler->path_length * (1.0 + sampler->path_jitter * (2.0 * uniform - 1.0));
    const double count = fmin(fmax(rint(time / chain->step_size), 1.0), longest_path);
    return propose(sampler, chain, chain->step_size, (int64_t)count);
}

/* A kick, and what its residual says about the chain. */
static int32_t checked_kick(mfl_sampler *sampler, mfli_chain *chain, double h)
{
    int32_t status = kick(sampler, chain, h, chain->steps);
    return status ? status : mfli_chain_check(sampler, chain, chain->residual);
}

/* B A O A B with the last half kick of each step and the first of the next in one, so that a step has one gradient, and
 * at its beginning; positions are those of BAOAB. On the way down from its start a chain forgets its momenta at every
 * step: the energy that is set free there would heat all weights, and with them the curvature, beyond any step. */
int32_t mfli_step_baoab(mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t length = mfli_state_length(&sampler->model);
    const double h = chain->step_size;
    const double keep = mfli_adapt_is_early(sampler, chain) ? 0.0 : exp(-sampler->friction * h);
    const double noise = sqrt(1.0 - keep * keep);
    if (chain->steps == 0)
        mfli_chain_normals(sampler, chain, MFLI_PURPOSE_MOMENTUM, chain->velocity);
    int32_t status = checked_kick(sampler, chain, chain->pending ? h : 0.5 * h);
    if (status)
        return status;
    mfli_chain_normals(sampler, chain, MFLI_PURPOSE_LANGEVIN, chain->old_gradient);
    for (size_t i = 0; i < length; i++) { /* A O A */
        const double pace = 0.5 * h * chain->scale[i], before = chain->velocity[i];
        const double after = keep * before + noise * chain->old_gradient[i];
        chain->theta[i] = (chain->theta[i] + pace * before) + pace * after;
        chain->velocity[i] = after;
    }
    mfli_chain_changed(chain);
    chain->pending = 1;
    return MFL_OK;
}

/* The half kick belongs to the weights that the step ended at. By the forces of others, redrawn or swapped in, it would
 * bias the law by O(h) for every time that happens. */
int32_t mfli_settle_baoab(mfl_sampler *sampler, mfli_chain *chain)
{
    int32_t status = chain->pending ? checked_kick(sampler, chain, 0.5 * chain->step_size) : MFL_OK;
    if (!status)
        chain->pending = 0;
    return status;
}
