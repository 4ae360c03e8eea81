/* SPDX-License-Identifier: BSD-3-Clause */
/* Running: the chains advance side by side, and wait for each other where something is done to all of them. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "network/network.h"
#include "network/projection.h"
#include "sampler/sampler.h"

static int32_t check_options(const mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    if (sampler->part_size && sampler->method->acceptance > 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "mala and hmc accept or reject by all samples; for minibatches take sgld or baoab");
    if (sampler->gibbs && sampler->freeze == MFL_FREEZE_READOUT)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "gibbs would redraw readouts that freeze holds");
    if (mfli_options_int(&sampler->options, MFL_SAMPLER_START) == MFL_START_PLANTED && !sampler->task_handle)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "a planted start needs to know the task; call mfl_sampler_set_task");
    if (sampler->rungs > 1 && mfli_options_double(&sampler->options, MFL_SAMPLER_ANNEAL_FROM) > 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a ladder of noises and annealing do not go together");
    if (sampler->rungs * mfli_options_int(&sampler->options, MFL_SAMPLER_CHAINS) > INT64_C(1) << MFLI_CHAIN_BITS)
        return mfli_fail(context, MFL_ERROR_SIZE, "rungs times chains are more than %d", 1 << MFLI_CHAIN_BITS);
    return MFL_OK;
}

static int32_t read_options(mfl_sampler *sampler)
{
    const mfl_options *options = &sampler->options;
    const mfli_model *model = &sampler->model;
    const int64_t burn_in = mfli_options_int(options, MFL_SAMPLER_BURN_IN);
    const int64_t thinning = mfli_options_int(options, MFL_SAMPLER_THINNING);
    const int64_t batch = mfli_options_int(options, MFL_SAMPLER_BATCH);
    sampler->method = mfli_method_of(mfli_options_int(options, MFL_SAMPLER_METHOD));
    sampler->burn_in = burn_in < 0 ? sampler->method->burn_in : burn_in;
    sampler->thinning = thinning == 0 ? sampler->method->thinning : thinning;
    sampler->part_size = batch < sampler->data->rows ? batch : 0;
    sampler->precision = (int32_t)mfli_options_int(options, MFL_SAMPLER_PRECISION);
    sampler->freeze = (int32_t)mfli_options_int(options, MFL_SAMPLER_FREEZE);
    sampler->gibbs = mfli_options_int(options, MFL_SAMPLER_GIBBS);
    sampler->mass = (int32_t)mfli_options_int(options, MFL_SAMPLER_MASS);
    if (sampler->mass == MFL_MASS_AUTO)
        sampler->mass = sampler->method->unit_mass ? MFL_MASS_UNIT : MFL_MASS_PRIOR;
    sampler->rungs = mfli_options_int(options, MFL_SAMPLER_RUNGS);
    sampler->swap = mfli_options_int(options, MFL_SAMPLER_SWAP);
    if (sampler->swap == 0)
        sampler->swap = sampler->thinning;
    sampler->automatic = mfli_options_double(options, MFL_SAMPLER_STEP_SIZE) == 0.0;
    sampler->anneal_from = mfli_options_double(options, MFL_SAMPLER_ANNEAL_FROM);
    sampler->decay = mfli_options_double(options, MFL_SAMPLER_STEP_DECAY);
    sampler->decay_scale = mfli_options_double(options, MFL_SAMPLER_STEP_DECAY_SCALE);
    sampler->path_length = mfli_options_double(options, MFL_SAMPLER_PATH_LENGTH);
    sampler->path_jitter = mfli_options_double(options, MFL_SAMPLER_PATH_JITTER);
    sampler->friction = mfli_options_double(options, MFL_SAMPLER_FRICTION);
    sampler->likelihood_scale = pow((double)model->width, -model->gamma);
    sampler->precision_w = (double)model->dimension / (model->sigma_w * model->sigma_w);
    sampler->precision_a = 1.0 / (model->sigma_a * model->sigma_a);
    sampler->seed = mfli_seed(sampler->object.context);
    return check_options(sampler);
}

static int32_t open_chains(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    const int64_t count = mfli_options_int(&sampler->options, MFL_SAMPLER_CHAINS);
    const uint32_t run = (uint32_t)mfli_options_int(&sampler->options, MFL_SAMPLER_RUN_INDEX);
    int32_t status = read_options(sampler);
    if (!status)
        status = mfli_batch_create(context, sampler->precision, sampler->data, &sampler->train_batch);
    if (!status && sampler->test)
        status = mfli_batch_create(context, sampler->precision, sampler->test, &sampler->test_batch);
    if (!status && mfli_sampler_needs_exact(sampler) && sampler->precision != MFL_PRECISION_FLOAT64)
        status = mfli_batch_create(context, MFL_PRECISION_FLOAT64, sampler->data, &sampler->exact_batch);
    if (!status && sampler->gibbs)
        status = mfli_gibbs_open(sampler, &sampler->gibbs_moves);
    if (status)
        return status;
    const int64_t slots = count * sampler->rungs;
    sampler->chains = mfli_alloc_zeroed(context, (size_t)slots, sizeof *sampler->chains);
    if (!sampler->chains)
        return MFL_ERROR_MEMORY;
    for (; sampler->slot_count < slots && !status; sampler->slot_count++)
        status = mfli_chain_open(sampler, &sampler->chains[sampler->slot_count],
                                 run << MFLI_CHAIN_BITS | (uint32_t)sampler->slot_count);
    sampler->chain_count = count;
    return status || sampler->rungs == 1 ? status : mfli_exchange_open(sampler);
}

/* Back to the state before the first run, so that it can be tried again. */
void mfli_sampler_close_chains(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    for (int64_t c = 0; c < sampler->slot_count; c++)
        mfli_chain_close(sampler, &sampler->chains[c]);
    mfli_free(context, sampler->chains);
    sampler->chains = NULL;
    sampler->chain_count = sampler->slot_count = sampler->trace_capacity = 0;
    mfli_gibbs_close(context, &sampler->gibbs_moves);
    mfli_batch_release(context, &sampler->train_batch);
    mfli_batch_release(context, &sampler->test_batch);
    mfli_batch_release(context, &sampler->exact_batch);
}

int32_t mfli_sampler_grow_traces(mfl_sampler *sampler, int64_t capacity)
{
    mfl_context *context = sampler->object.context;
    const int64_t traces = MFLI_TRACES + sampler->observer_count;
    if (capacity <= sampler->trace_capacity)
        return MFL_OK;
    for (int64_t c = 0; c < sampler->slot_count; c++) {
        mfli_chain *chain = &sampler->chains[c];
        for (int64_t t = 0; t < traces; t++) {
            double *longer = mfli_alloc_zeroed(context, (size_t)capacity, sizeof *longer);
            if (!longer)
                return MFL_ERROR_MEMORY;
            if (chain->trace[t])
                memcpy(longer, chain->trace[t], (size_t)chain->draws * sizeof *longer);
            mfli_free(context, chain->trace[t]);
            chain->trace[t] = longer;
        }
    }
    sampler->trace_capacity = capacity;
    return MFL_OK;
}

static void advance(void *data, int64_t index, int32_t thread)
{
    mfl_sampler *sampler = data;
    mfli_chain_advance(sampler, &sampler->chains[index], thread);
}

static void tick(void *data)
{
    mfli_sampler_progress(data);
}

int32_t mfli_sampler_failure(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    for (int64_t c = 0; c < sampler->slot_count; c++) {
        const mfli_chain *chain = &sampler->chains[c];
        if (chain->failure == MFL_ERROR_CALLBACK)
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the activation function returned a non-zero value");
        if (chain->failure == MFL_ERROR_NOT_FINITE)
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "the predictions or the potential of chain %lld are not finite at its start; check the "
                             "activation function, the starting weights, and the size of inputs and targets: "
                             "precision=float64 has a larger range", (long long)c);
        if (chain->failure == MFL_ERROR_DIVERGED) {
            sampler->stop = MFL_STOP_DIVERGED;
            return mfli_fail(context, MFL_ERROR_DIVERGED,
                             "chain %lld diverged at step %lld with step size %g; set step_size to half of it or "
                             "less, or a smaller step_fraction",
                             (long long)c, (long long)chain->steps, chain->step_size);
        }
    }
    return MFL_OK;
}

static int32_t observe(mfl_sampler *sampler, mfli_chain *chain)
{
    const size_t layer = mfli_layer_length(&sampler->model);
    mfl_network *network = sampler->observed;
    mfli_chain_pull(chain, &sampler->model);
    memcpy(network->weights, chain->theta, layer * sizeof(double));
    memcpy(network->readout, chain->theta + layer, (size_t)sampler->model.width * sizeof(double));
    for (int64_t i = 0; i < sampler->observer_count; i++) {
        const mfli_observer *observer = &sampler->observers[i];
        if (observer->fn(network, &chain->trace[MFLI_TRACES + i][chain->draws - 1], observer->data))
            return mfli_fail(sampler->object.context, MFL_ERROR_CALLBACK,
                             "observable %lld returned a non-zero value", (long long)i);
    }
    return MFL_OK;
}

static void settle(void *data, int64_t index, int32_t thread)
{
    mfl_sampler *sampler = data;
    (void)thread;
    sampler->chains[index].failure = sampler->method->settle(sampler, &sampler->chains[index]);
}

/* What is done to all chains when they have made `pause` steps. Doing it again after a failure changes nothing: a
 * redraw of the readouts does not depend on those that it replaces. */
static int32_t between(mfl_sampler *sampler, int32_t threads)
{
    int32_t status = MFL_OK;
    const int32_t look = sampler->observer_count > 0 && mfli_sampler_is_draw(sampler, sampler->pause);
    const int32_t redraw = sampler->gibbs && sampler->pause % sampler->gibbs == 0;
    const int32_t swap = sampler->rungs > 1 && sampler->pause % sampler->swap == 0;
    if (sampler->method->settle && (redraw || swap)) {
        mfli_team_for(sampler->object.context, threads, sampler->slot_count, settle, NULL, sampler);
        status = mfli_sampler_failure(sampler);
    }
    for (int64_t c = 0; c < sampler->slot_count && !status; c++) {
        mfli_chain *chain = &sampler->chains[c];
        if (look)
            status = observe(sampler, chain);
        if (!status && redraw)
            status = mfli_gibbs_redraw(sampler, chain);
    }
    if (!status && swap)
        status = mfli_exchange(sampler, threads);
    return status;
}

static int64_t next_draw(const mfl_sampler *sampler)
{
    const int64_t after = sampler->settled > sampler->burn_in ? sampler->settled - sampler->burn_in : 0;
    return sampler->burn_in + after - after % sampler->thinning + sampler->thinning;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_pause(const mfl_sampler *sampler)
{
    int64_t pause = sampler->end;
    if (sampler->gibbs)
        pause = earlier(pause, sampler->settled - sampler->settled % sampler->gibbs + sampler->gibbs);
    if (sampler->rungs > 1)
        pause = earlier(pause, sampler->settled - sampler->settled % sampler->swap + sampler->swap);
    if (sampler->observer_count > 0 && sampler->recording)
        pause = earlier(pause, next_draw(sampler));
    return pause;
}

static int32_t all_paused(const mfl_sampler *sampler)
{
    for (int64_t c = 0; c < sampler->slot_count; c++)
        if (sampler->chains[c].steps < sampler->pause)
            return 0;
    return 1;
}

/* On to `end`, or until cancelled or failed; going on later gives the same numbers. */
static int32_t run_stretch(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    /* A caller's function runs on the caller's thread. */
    const int32_t threads = sampler->model.activation == MFL_ACTIVATION_CALLER ? 1 : mfli_threads(context);
    int32_t status = MFL_OK;
    sampler->stop = MFL_STOP_CANCELLED;
    while (sampler->settled < sampler->end) {
        for (int64_t c = 0; c < sampler->slot_count; c++)
            sampler->chains[c].failure = MFL_OK; /* a function that refused is asked again */
        sampler->pause = next_pause(sampler);
        mfli_team_for(context, threads, sampler->slot_count, advance, tick, sampler);
        status = mfli_sampler_failure(sampler);
        if (!status && !all_paused(sampler))
            return MFL_OK;
        if (!status)
            status = between(sampler, threads);
        if (status)
            return status;
        sampler->settled = sampler->pause;
    }
    sampler->stop = MFL_STOP_COMPLETED;
    if (sampler->rungs > 1 && sampler->recording)
        mfli_evidence(sampler);
    return MFL_OK;
}

int32_t mfli_sampler_prepare(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    int32_t status = MFL_OK;
    if (sampler->stop == MFL_STOP_DIVERGED)
        return mfli_fail(context, MFL_ERROR_STATE, "a chain has diverged; make a new sampler with a smaller step");
    if (sampler->task_handle) { /* its arrays may have been set again since */
        status = mfli_task_read(context, sampler->task_handle, &sampler->task);
        if (!status)
            status = mfli_projection_supported(context, &sampler->model, &sampler->task);
    }
    if (!status && !sampler->chains && (status = open_chains(sampler)))
        mfli_sampler_close_chains(sampler);
    return status;
}

/* Begin a stretch of `units`, each some steps long, the first of them after `first` steps in all. */
static int32_t begin(mfl_sampler *sampler, int32_t recording, int64_t first, int64_t units, int64_t length)
{
    int64_t end, wanted;
    if (__builtin_mul_overflow(units - 1, length, &end) || __builtin_add_overflow(end, first, &end)
        || end >= INT64_C(1) << 47 || __builtin_mul_overflow(end - sampler->settled, sampler->slot_count, &wanted))
        return mfli_fail(sampler->object.context, MFL_ERROR_SIZE,
                         "%lld times %lld are more steps than can be counted; ask for fewer", (long long)units,
                         (long long)length);
    int32_t status = recording ? mfli_sampler_grow_traces(sampler, sampler->target_draws + units) : MFL_OK;
    if (status)
        return status;
    for (int64_t c = 0; c < sampler->slot_count; c++)
        sampler->chains[c].drawn = sampler->settled; /* no draw of this stretch is due where it begins */
    sampler->target_draws += recording ? units : 0;
    sampler->recording = recording;
    sampler->end = end;
    sampler->steps_wanted = wanted;
    atomic_store(&sampler->steps_done, 0);
    return MFL_OK;
}

/* An interrupted stretch keeps its aim: it is finished first, and is all there is to do when it was of the same
 * kind. */
static int32_t go_on(mfl_sampler *sampler, int32_t recording, int32_t *finished)
{
    *finished = 0;
    if (sampler->stop != MFL_STOP_CANCELLED)
        return MFL_OK;
    int32_t status = mfli_sampler_grow_traces(sampler, sampler->target_draws); /* one that was loaded has less room */
    if (!status)
        status = run_stretch(sampler);
    *finished = status || sampler->stop != MFL_STOP_COMPLETED || sampler->recording == recording;
    return status;
}

static int32_t run(mfl_sampler *sampler)
{
    int32_t finished, status = mfli_sampler_prepare(sampler);
    if (!status)
        status = go_on(sampler, 1, &finished);
    if (status || finished)
        return status;
    status = begin(sampler, 1, next_draw(sampler), mfli_options_int(&sampler->options, MFL_SAMPLER_DRAWS),
                   sampler->thinning);
    return status ? status : run_stretch(sampler);
}

int32_t mfl_sampler_run(mfl_sampler *sampler)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, run(sampler));
}

static int32_t step(mfl_sampler *sampler, int64_t steps)
{
    if (steps < 0)
        return mfli_fail(sampler->object.context, MFL_ERROR_ARGUMENT, "steps is %lld; it must not be negative",
                         (long long)steps);
    int32_t finished, status = mfli_sampler_prepare(sampler);
    if (!status)
        status = go_on(sampler, 0, &finished);
    if (status || finished || steps == 0)
        return status;
    status = begin(sampler, 0, sampler->settled + 1, steps, 1);
    return status ? status : run_stretch(sampler);
}

int32_t mfl_sampler_step(mfl_sampler *sampler, int64_t steps)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, step(sampler, steps));
}
