/* SPDX-License-Identifier: BSD-3-Clause */
/* Replica exchange over a ladder of noises (Swendsen and Wang 1986, Geyer 1991). Slot c of rung r is chains[r * C + c],
 * C = chain_count; it keeps its noise, step and mass, and what is exchanged is the weights, with the walker that they
 * are. Even and odd pairs take turns, so that walkers keep their direction as long as swaps succeed, and the noises
 * are spaced during burn-in such that all pairs swap equally often (Syed, Bouchard-Cote, Deligiannidis and Doucet
 * 2022). */
#include <math.h>

#include "core/context.h"
#include "core/team.h"
#include "network/network.h"
#include "rng/stream.h"
#include "sampler/sampler.h"

/* Rounds of burn-in, and after how many of them the ladder is spaced for good. */
enum { rounds = 8, last_round = 6, prior_draws = 16 };

/* Pairs that always swap shall not grow without bound. */
static const double least_rejection = 0.02;

static mfli_chain *slot(const mfl_sampler *sampler, int64_t rung, int64_t ladder)
{
    return &sampler->chains[rung * sampler->chain_count + ladder];
}

/* The noise at which the prior's own misfit has the energy 1 on average. */
static int32_t hottest(mfl_sampler *sampler, double *kappa)
{
    const mfl_dataset *data = sampler->data;
    mfli_chain *chain = sampler->chains;
    double sum = 0.0;
    for (uint32_t n = 0; n < prior_draws; n++) {
        mfli_network_draw(&sampler->model, sampler->seed, n, chain->noise,
                          chain->noise + mfli_layer_length(&sampler->model));
        mfli_engine_load(&chain->exact, chain->noise, chain->noise + mfli_layer_length(&sampler->model));
        if (mfli_engine_forward(&chain->exact, chain->f_train))
            return mfli_fail(sampler->object.context, MFL_ERROR_CALLBACK,
                             "the activation function returned a non-zero value");
        for (int64_t i = 0; i < data->rows; i++)
            sum += (data->targets[i] - chain->f_train[i]) * (data->targets[i] - chain->f_train[i]) / prior_draws;
    }
    *kappa = fmax(sqrt(0.5 * sum), 2.0 * sampler->kappa);
    return MFL_OK;
}

int32_t mfli_exchange_open(mfl_sampler *sampler)
{
    double hot = mfli_options_double(&sampler->options, MFL_SAMPLER_KAPPA_HOT);
    int32_t status = hot == 0.0 ? hottest(sampler, &hot) : MFL_OK;
    if (!status && !(hot > sampler->kappa))
        status = mfli_fail(sampler->object.context, MFL_ERROR_ARGUMENT,
                           "kappa_hot is %g; it must be above the sampler's kappa, %g", hot, sampler->kappa);
    for (int64_t r = 0; r < sampler->rungs && !status; r++)
        for (int64_t c = 0; c < sampler->chain_count; c++) {
            const double share = (double)r / (double)(sampler->rungs - 1);
            slot(sampler, r, c)->kappa = exp((1.0 - share) * log(sampler->kappa) + share * log(hot));
            slot(sampler, r, c)->walker = r;
        }
    return status;
}

static void judge(void *data, int64_t index, int32_t thread)
{
    mfl_sampler *sampler = data;
    mfli_chain *chain = &sampler->chains[index];
    (void)thread;
    mfli_chain_pull(chain, &sampler->model);
    chain->failure = mfli_chain_judge(sampler, chain);
}

static void exchange_int(int64_t *a, int64_t *b)
{
    const int64_t kept = *a;
    *a = *b;
    *b = kept;
}

static void exchange_arrays(double **a, double **b)
{
    double *kept = *a;
    *a = *b;
    *b = kept;
}

static void exchange(mfli_chain *a, mfli_chain *b)
{
    exchange_arrays(&a->theta, &b->theta);
    exchange_arrays(&a->velocity, &b->velocity);
    exchange_int(&a->walker, &b->walker);
    exchange_int(&a->heading, &b->heading);
    exchange_int(&a->trips, &b->trips);
    mfli_chain_changed(a);
    mfli_chain_changed(b);
}

/* A round trip ends at the bottom, after the top was seen. Only what happens after burn-in counts. */
static void note_ends(const mfl_sampler *sampler, int64_t ladder)
{
    mfli_chain *bottom = slot(sampler, 0, ladder), *top = slot(sampler, sampler->rungs - 1, ladder);
    if (sampler->pause <= sampler->burn_in)
        return;
    bottom->trips += bottom->heading == 2;
    bottom->heading = 1;
    if (top->heading == 1)
        top->heading = 2;
}

static void attempt(mfl_sampler *sampler, int64_t rung, int64_t ladder)
{
    mfli_chain *cold = slot(sampler, rung, ladder), *hot = slot(sampler, rung + 1, ladder);
    const mfli_stream stream = {sampler->seed, (uint64_t)sampler->pause, slot(sampler, 0, ladder)->id,
                                MFLI_PURPOSE_SWAP};
    const double difference = 0.5 / (cold->kappa * cold->kappa) - 0.5 / (hot->kappa * hot->kappa);
    const double gain = difference * (cold->exact_residual - hot->exact_residual);
    const double acceptance = gain >= 0.0 ? 1.0 : exp(gain);
    double uniform;
    mfli_uniforms(&stream, (uint64_t)rung, 1, &uniform);
    cold->swaps++;
    cold->swap_sum += acceptance;
    if (uniform < acceptance)
        exchange(cold, hot);
}

/* Put the noises where each pair has the same share of the rejections, by linear interpolation of their sum. */
static void space_ladder(mfl_sampler *sampler)
{
    const int64_t rungs = sampler->rungs;
    double at[MFLI_MOST_RUNGS], barrier[MFLI_MOST_RUNGS];
    barrier[0] = 0.0;
    for (int64_t r = 0; r < rungs; r++) {
        double sum = 0.0, count = 0.0;
        at[r] = log(slot(sampler, r, 0)->kappa);
        for (int64_t c = 0; c < sampler->chain_count; c++) {
            mfli_chain *chain = slot(sampler, r, c);
            sum += chain->swap_sum;
            count += (double)chain->swaps;
            chain->swap_sum = 0.0;
            chain->swaps = 0;
        }
        if (r + 1 < rungs)
            barrier[r + 1] = barrier[r] + fmax(count > 0.0 ? 1.0 - sum / count : 0.0, least_rejection);
    }
    for (int64_t r = 1, below = 0; r + 1 < rungs; r++) {
        const double wanted = barrier[rungs - 1] * (double)r / (double)(rungs - 1);
        while (barrier[below + 1] < wanted)
            below++;
        const double part = (wanted - barrier[below]) / (barrier[below + 1] - barrier[below]);
        for (int64_t c = 0; c < sampler->chain_count; c++) {
            slot(sampler, r, c)->kappa = exp(at[below] + part * (at[below + 1] - at[below]));
            slot(sampler, r, c)->stale = 1;
        }
    }
}

static int64_t round_of(const mfl_sampler *sampler, int64_t steps)
{
    return sampler->burn_in > 0 ? rounds * steps / sampler->burn_in : 0;
}

int32_t mfli_exchange(mfl_sampler *sampler, int32_t threads)
{
    mfl_context *context = sampler->object.context;
    const int64_t parity = sampler->pause / sampler->swap % 2, before = sampler->pause - sampler->swap;
    mfli_team_for(context, threads, sampler->slot_count, judge, NULL, sampler);
    for (int64_t i = 0; i < sampler->slot_count; i++)
        if (sampler->chains[i].failure)
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the activation function returned a non-zero value");
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        for (int64_t r = parity; r + 1 < sampler->rungs; r += 2)
            attempt(sampler, r, c);
        note_ends(sampler, c);
    }
    const int64_t now = round_of(sampler, sampler->pause);
    if (now > round_of(sampler, before) && now <= last_round)
        space_ladder(sampler);
    else if (sampler->pause >= sampler->burn_in && before < sampler->burn_in) /* count afresh */
        for (int64_t i = 0; i < sampler->slot_count; i++) {
            sampler->chains[i].swaps = 0;
            sampler->chains[i].swap_sum = 0.0;
        }
    return MFL_OK;
}
