/* SPDX-License-Identifier: BSD-3-Clause */
/* The sampler handle: creation, options, what it is told before it runs, and running. */
#include "sampler/sampler.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "network/network.h"
#include "network/projection.h"

enum { largest_measured_parity = 12 };

static const mfli_option_spec specs[MFLI_SAMPLER_OPTIONS] = {
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_SIZE, "step_size", 0.0, 1e300, 0.0,
                       "step size eta; 0 chooses it from the largest curvature"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_FRACTION, "step_fraction", 1e-6, 1.999, 0.4,
                       "automatic step size times the largest curvature; 2 is the limit of stability"),
    MFLI_OPTION_INT(MFL_SAMPLER_CHAINS, "chains", 1, INT64_C(1) << MFLI_CHAIN_BITS, 2, "independent chains"),
    MFLI_OPTION_INT(MFL_SAMPLER_BURN_IN, "burn_in", 0, INT64_C(1) << 46, 20000,
                    "steps of each chain before its first draw"),
    MFLI_OPTION_INT(MFL_SAMPLER_DRAWS, "draws", 1, INT64_C(1) << 32, 800, "draws of each chain in one run"),
    MFLI_OPTION_INT(MFL_SAMPLER_THINNING, "thinning", 1, INT64_C(1) << 32, 25,
                    "steps from one draw to the next"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_PRECISION, "precision", "float32|float64", MFL_PRECISION_FLOAT64,
                       MFL_PRECISION_FLOAT32, "arithmetic of the steps"),
    MFLI_OPTION_INT(MFL_SAMPLER_RUN_INDEX, "run_index", 0, (1 << (24 - MFLI_CHAIN_BITS)) - 1, 0,
                    "which independent run of one seed"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_FREEZE, "freeze", "none|first_layer|readout", MFL_FREEZE_READOUT,
                       MFL_FREEZE_NONE, "weights that keep their initial values"),
};

/* Only the number of further draws can change once the chains exist. */
static int32_t veto(const mfl_options *options, int32_t key, int64_t value)
{
    const mfl_sampler *sampler = (const mfl_sampler *)options->owner;
    (void)value;
    if (!sampler->chains || key == MFL_SAMPLER_DRAWS)
        return MFL_OK;
    return mfli_fail(options->owner->context, MFL_ERROR_STATE,
                     "the sampler has run, and only its option draws can change now; make a new sampler");
}

static void finish(void *handle)
{
    mfl_sampler *sampler = handle;
    mfl_context *context = sampler->object.context;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        mfli_chain_close(sampler, &sampler->chains[c]);
    mfli_free(context, sampler->chains);
    mfli_batch_release(context, &sampler->train_batch);
    mfli_batch_release(context, &sampler->test_batch);
    mfli_free(context, sampler->start);
    mfli_object_release(sampler->task_handle);
    mfli_object_release(sampler->test);
    mfli_object_release(sampler->data);
}

static int32_t check_dimension(mfl_context *context, const mfl_dataset *dataset, const mfli_model *model,
                               const char *name)
{
    int32_t status = mfli_dataset_check(context, dataset, name);
    if (!status && dataset->columns != model->dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "%s has %lld inputs and the model %lld", name,
                           (long long)dataset->columns, (long long)model->dimension);
    return status;
}

static int32_t create(const mfl_model *handle, const mfl_dataset *dataset, double kappa, mfl_sampler **out)
{
    mfl_context *context = handle->object.context;
    mfli_model model;
    int32_t status = out ? mfli_model_read_entered(handle, &model) : mfli_fail_null(context, "out");
    if (!status)
        status = mfli_need_width(context, &model);
    if (!status)
        status = check_dimension(context, dataset, &model, "dataset");
    if (!status)
        status = mfli_check_kappa(context, kappa);
    mfl_sampler *sampler;
    if (!status)
        status = mfli_object_create(context, MFLI_SAMPLER, sizeof *sampler, finish, &sampler);
    if (status)
        return status;
    sampler->model = model;
    sampler->kappa = kappa;
    sampler->data = (mfl_dataset *)dataset;
    mfli_object_retain(sampler->data);
    mfli_options_init(&sampler->options, &sampler->object, specs, sampler->option_values, MFLI_SAMPLER_OPTIONS);
    sampler->options.veto = veto;
    *out = sampler;
    return MFL_OK;
}

int32_t mfl_sampler_create(const mfl_model *model, const mfl_dataset *dataset, double kappa, mfl_sampler **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(model, MFLI_MODEL);
    return status ? status : mfli_leave(model, create(model, dataset, kappa, out));
}

void mfl_sampler_destroy(mfl_sampler *sampler)
{
    mfli_destroy(sampler, MFLI_SAMPLER);
}

int32_t mfl_sampler_options(mfl_sampler *sampler, mfl_options **options)
{
    return mfli_options_lend(sampler, MFLI_SAMPLER, offsetof(mfl_sampler, options), options);
}

static int32_t need_fresh(const mfl_sampler *sampler)
{
    if (!sampler->chains)
        return MFL_OK;
    return mfli_fail(sampler->object.context, MFL_ERROR_STATE,
                     "the sampler has run already; make a new one for other data or another start");
}

static int32_t set_test(mfl_sampler *sampler, const mfl_dataset *dataset)
{
    int32_t status = need_fresh(sampler);
    if (!status)
        status = check_dimension(sampler->object.context, dataset, &sampler->model, "dataset");
    if (status)
        return status;
    mfli_object_retain((mfl_dataset *)dataset);
    mfli_object_release(sampler->test);
    sampler->test = (mfl_dataset *)dataset;
    return MFL_OK;
}

int32_t mfl_sampler_set_test(mfl_sampler *sampler, const mfl_dataset *dataset)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, set_test(sampler, dataset));
}

static int32_t set_task(mfl_sampler *sampler, const mfl_task *handle)
{
    mfl_context *context = sampler->object.context;
    mfli_task task;
    int32_t status = need_fresh(sampler);
    if (!status)
        status = mfli_task_read(context, handle, &task);
    if (!status)
        status = mfli_projection_supported(context, &sampler->model, &task);
    if (!status && task.kind == MFL_TASK_PARITY && task.degree > largest_measured_parity)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "measuring a parity of degree %lld on every draw takes 2^%lld terms a neuron; degrees up to "
                           "%d are measured, others on a test set", (long long)task.degree,
                           (long long)task.degree, largest_measured_parity);
    if (status)
        return status;
    mfli_object_retain((mfl_task *)handle);
    mfli_object_release(sampler->task_handle);
    sampler->task_handle = (mfl_task *)handle;
    return MFL_OK;
}

int32_t mfl_sampler_set_task(mfl_sampler *sampler, const mfl_task *task)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, set_task(sampler, task));
}

static int32_t set_start(mfl_sampler *sampler, const mfl_network *network)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    int32_t status = need_fresh(sampler);
    if (!status)
        status = mfli_check(context, network, MFLI_NETWORK, "network");
    if (!status && (network->model.dimension != model->dimension || network->model.width != model->width))
        status = mfli_fail(context, MFL_ERROR_SIZE, "the network is %lld x %lld and the model %lld x %lld",
                           (long long)network->model.width, (long long)network->model.dimension,
                           (long long)model->width, (long long)model->dimension);
    if (status)
        return status;
    double *start = mfli_alloc(context, mfli_state_length(model), sizeof *start);
    if (!start)
        return MFL_ERROR_MEMORY;
    const size_t layer = (size_t)model->width * (size_t)model->dimension;
    memcpy(start, network->weights, layer * sizeof *start);
    memcpy(start + layer, network->readout, (size_t)model->width * sizeof *start);
    mfli_free(context, sampler->start);
    sampler->start = start;
    return MFL_OK;
}

int32_t mfl_sampler_set_start(mfl_sampler *sampler, const mfl_network *network)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, set_start(sampler, network));
}

static int32_t open_chains(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    const mfl_options *options = &sampler->options;
    const int32_t precision = (int32_t)mfli_options_int(options, MFL_SAMPLER_PRECISION);
    const int64_t count = mfli_options_int(options, MFL_SAMPLER_CHAINS);
    const uint32_t run = (uint32_t)mfli_options_int(options, MFL_SAMPLER_RUN_INDEX);
    sampler->burn_in = mfli_options_int(options, MFL_SAMPLER_BURN_IN);
    sampler->thinning = mfli_options_int(options, MFL_SAMPLER_THINNING);
    sampler->freeze = (int32_t)mfli_options_int(options, MFL_SAMPLER_FREEZE);
    sampler->seed = mfli_seed(context);
    int32_t status = mfli_batch_create(context, precision, sampler->data, &sampler->train_batch);
    if (!status && sampler->test)
        status = mfli_batch_create(context, precision, sampler->test, &sampler->test_batch);
    if (status)
        return status;
    sampler->chains = mfli_alloc_zeroed(context, (size_t)count, sizeof *sampler->chains);
    if (!sampler->chains)
        return MFL_ERROR_MEMORY;
    for (; sampler->chain_count < count && !status; sampler->chain_count++)
        status = mfli_chain_open(sampler, &sampler->chains[sampler->chain_count],
                                 run << MFLI_CHAIN_BITS | (uint32_t)sampler->chain_count);
    return status;
}

/* Back to the state before the first run, so that it can be tried again. */
static void close_chains(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        mfli_chain_close(sampler, &sampler->chains[c]);
    mfli_free(context, sampler->chains);
    sampler->chains = NULL;
    sampler->chain_count = 0;
    mfli_batch_release(context, &sampler->train_batch);
    mfli_batch_release(context, &sampler->test_batch);
}

static int32_t grow_traces(mfl_sampler *sampler, int64_t capacity)
{
    mfl_context *context = sampler->object.context;
    if (capacity <= sampler->trace_capacity)
        return MFL_OK;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        mfli_chain *chain = &sampler->chains[c];
        for (int t = 0; t < MFLI_TRACES; t++) {
            double *longer = mfli_alloc(context, (size_t)capacity, sizeof *longer);
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

static int32_t failure_of(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        const mfli_chain *chain = &sampler->chains[c];
        if (chain->failure == MFL_ERROR_CALLBACK)
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the activation function returned a non-zero value");
        if (chain->failure == MFL_ERROR_NOT_FINITE)
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "the predictions of chain %lld are not finite at its start; check the activation "
                             "function, the inputs and the starting weights", (long long)c);
        if (chain->failure == MFL_ERROR_DIVERGED)
            return mfli_fail(context, MFL_ERROR_DIVERGED,
                             "chain %lld diverged at step %llu with step size %g; set step_size to half of it or "
                             "less, or a smaller step_fraction",
                             (long long)c, (unsigned long long)chain->steps, chain->step_size);
    }
    return MFL_OK;
}

/* The draws that each chain shall have after this run; an interrupted run keeps its aim. */
static int32_t set_target(mfl_sampler *sampler)
{
    int64_t target = sampler->target_draws, steps, wanted;
    if (sampler->stop != MFL_STOP_CANCELLED)
        target += mfli_options_int(&sampler->options, MFL_SAMPLER_DRAWS);
    if (__builtin_mul_overflow(target, sampler->thinning, &steps)
        || __builtin_add_overflow(steps, sampler->burn_in, &steps) || steps >= INT64_C(1) << 47
        || __builtin_mul_overflow(steps, sampler->chain_count, &wanted))
        return mfli_fail(sampler->object.context, MFL_ERROR_SIZE,
                         "%lld draws at a thinning of %lld are more steps than can be counted; ask for fewer",
                         (long long)target, (long long)sampler->thinning);
    for (int64_t c = 0; c < sampler->chain_count; c++)
        wanted -= (int64_t)sampler->chains[c].steps;
    int32_t status = grow_traces(sampler, target);
    if (status)
        return status;
    sampler->target_draws = target;
    sampler->steps_wanted = wanted;
    atomic_store(&sampler->steps_done, 0);
    return MFL_OK;
}

static int32_t run(mfl_sampler *sampler)
{
    mfl_context *context = sampler->object.context;
    int32_t status = MFL_OK;
    if (sampler->stop == MFL_STOP_DIVERGED)
        return mfli_fail(context, MFL_ERROR_STATE, "a chain has diverged; make a new sampler with a smaller step");
    if (!sampler->chains && (status = open_chains(sampler))) {
        close_chains(sampler);
        return status;
    }
    if (sampler->task_handle) { /* its arrays may have been set again since */
        status = mfli_task_read(context, sampler->task_handle, &sampler->task);
        if (!status)
            status = mfli_projection_supported(context, &sampler->model, &sampler->task);
        if (status)
            return status;
    }
    status = set_target(sampler);
    if (status)
        return status;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        sampler->chains[c].failure = MFL_OK; /* a function that refused is asked again */
    /* A caller's function runs on the caller's thread. */
    const int32_t threads = sampler->model.activation == MFL_ACTIVATION_CALLER ? 1 : mfli_threads(context);
    mfli_team_for(context, threads, sampler->chain_count, advance, tick, sampler);
    status = failure_of(sampler);
    sampler->stop = status == MFL_ERROR_DIVERGED ? MFL_STOP_DIVERGED : MFL_STOP_COMPLETED;
    for (int64_t c = 0; c < sampler->chain_count && sampler->stop != MFL_STOP_DIVERGED; c++)
        if (sampler->chains[c].draws < sampler->target_draws)
            sampler->stop = MFL_STOP_CANCELLED;
    return status;
}

int32_t mfl_sampler_run(mfl_sampler *sampler)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, run(sampler));
}

static int32_t copy_network(const mfl_sampler *sampler, int64_t chain, mfl_network **out)
{
    mfl_context *context = sampler->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    if (!sampler->chains)
        return mfli_fail(context, MFL_ERROR_STATE, "the sampler has not run");
    if (chain < 0 || chain >= sampler->chain_count)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "chain is %lld; there are %lld", (long long)chain,
                         (long long)sampler->chain_count);
    mfl_network *network;
    int32_t status = mfli_network_create(context, &sampler->model, &network);
    if (status)
        return status;
    mfli_engine_store(&sampler->chains[chain].train, network->weights, network->readout);
    *out = network;
    return MFL_OK;
}

int32_t mfl_sampler_network(const mfl_sampler *sampler, int64_t chain, mfl_network **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, copy_network(sampler, chain, out));
}
