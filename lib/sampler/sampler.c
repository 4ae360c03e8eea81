/* SPDX-License-Identifier: BSD-3-Clause */
/* The sampler handle: creation, options, what it is told before it runs, and the states of its chains. */
#include "sampler/sampler.h"

#include <string.h>

#include "core/context.h"
#include "network/network.h"
#include "network/projection.h"

enum { largest_measured_parity = 12 };

static const mfli_option_spec specs[MFLI_SAMPLER_OPTIONS] = {
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_SIZE, "step_size", 0.0, 1e300, 0.0,
                       "step size eta; 0 chooses it from the largest curvature"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_FRACTION, "step_fraction", 1e-6, 1.999, 0.4,
                       "automatic step size times the largest curvature; 2 is the limit of stability"),
    MFLI_OPTION_INT(MFL_SAMPLER_CHAINS, "chains", 1, INT64_C(1) << MFLI_CHAIN_BITS, 2, "independent chains"),
    MFLI_OPTION_INT(MFL_SAMPLER_BURN_IN, "burn_in", -1, INT64_C(1) << 46, -1,
                    "steps of each chain before its first draw; -1 leaves it to the method"),
    MFLI_OPTION_INT(MFL_SAMPLER_DRAWS, "draws", 1, INT64_C(1) << 32, 800, "draws of each chain in one run"),
    MFLI_OPTION_INT(MFL_SAMPLER_THINNING, "thinning", 0, INT64_C(1) << 32, 0,
                    "steps from one draw to the next; 0 leaves it to the method"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_PRECISION, "precision", "float32|float64", MFL_PRECISION_FLOAT64,
                       MFL_PRECISION_FLOAT32, "arithmetic of the steps"),
    MFLI_OPTION_INT(MFL_SAMPLER_RUN_INDEX, "run_index", 0, (1 << (24 - MFLI_CHAIN_BITS)) - 1, 0,
                    "which independent run of one seed"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_FREEZE, "freeze", "none|first_layer|readout", MFL_FREEZE_READOUT,
                       MFL_FREEZE_NONE, "weights that keep their initial values"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_METHOD, "method", "sgld|gradient_descent|mala|baoab|hmc", MFL_METHOD_HMC,
                       MFL_METHOD_BAOAB, "how the chains move"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_MASS, "mass", "auto|unit|prior|adaptive", MFL_MASS_ADAPTIVE, MFL_MASS_AUTO,
                       "mass of each weight, the inverse of its share of the step"),
    MFLI_OPTION_INT(MFL_SAMPLER_BATCH, "batch", 0, INT64_C(1) << 46, 0,
                    "samples of a stochastic gradient; 0 takes all"),
    MFLI_OPTION_INT(MFL_SAMPLER_GIBBS, "gibbs", 0, INT64_C(1) << 32, 0,
                    "steps from one exact redraw of the readouts to the next; 0 makes none"),
    MFLI_OPTION_CHOICE(MFL_SAMPLER_START, "start", "prior|planted", MFL_START_PLANTED, MFL_START_PRIOR,
                       "where chains begin that are not given a network"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_ANNEAL_FROM, "anneal_from", 0.0, 1e150, 0.0,
                       "noise at the first step, lowered to kappa over half of burn-in; 0 begins at kappa"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_DECAY, "step_decay", 0.0, 1.0, 0.0,
                       "steps shrink like (1 + t/step_decay_scale)^-step_decay"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_STEP_DECAY_SCALE, "step_decay_scale", 1.0, 1e300, 1000.0,
                       "steps before a decreasing step shrinks much"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_PATH_LENGTH, "path_length", 1e-9, 1e9, 0.6,
                       "mean time of a Hamiltonian trajectory"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_PATH_JITTER, "path_jitter", 0.0, 1.0, 0.5,
                       "trajectories last path_length times 1 - path_jitter to 1 + path_jitter"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_FRICTION, "friction", 0.0, 1e9, 1.0,
                       "rate at which underdamped dynamics forgets its momenta"),
    MFLI_OPTION_INT(MFL_SAMPLER_RUNGS, "rungs", 1, MFLI_MOST_RUNGS, 1,
                    "noises of a ladder whose replicas are exchanged; 1: none"),
    MFLI_OPTION_DOUBLE(MFL_SAMPLER_KAPPA_HOT, "kappa_hot", 0.0, 1e150, 0.0,
                       "largest noise of the ladder; 0 goes up to the prior"),
    MFLI_OPTION_INT(MFL_SAMPLER_SWAP, "swap", 0, INT64_C(1) << 32, 0,
                    "steps from one exchange of replicas to the next; 0 is those from draw to draw"),
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
    mfli_sampler_close_chains(sampler);
    mfli_free(context, sampler->start);
    mfli_free(context, sampler->saved_as);
    mfli_object_release(sampler->observed);
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

int32_t mfli_sampler_need_fresh(const mfl_sampler *sampler)
{
    if (!sampler->chains)
        return MFL_OK;
    return mfli_fail(sampler->object.context, MFL_ERROR_STATE,
                     "the sampler has run already; make a new one for other data or another start");
}

static int32_t set_test(mfl_sampler *sampler, const mfl_dataset *dataset)
{
    int32_t status = mfli_sampler_need_fresh(sampler);
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

/* Coordinates whose signs a projection sums over. */
static int64_t signs(const mfli_task *task)
{
    if (task->input_law != MFL_INPUT_HYPERCUBE)
        return 0;
    return task->kind == MFL_TASK_PARITY ? task->degree : task->kind == MFL_TASK_SUM ? task->variables : 0;
}

static int32_t set_task(mfl_sampler *sampler, const mfl_task *handle)
{
    mfl_context *context = sampler->object.context;
    mfli_task task;
    int32_t status = mfli_sampler_need_fresh(sampler);
    if (!status)
        status = mfli_task_read(context, handle, &task);
    if (!status)
        status = mfli_projection_supported(context, &sampler->model, &task);
    if (!status && signs(&task) > largest_measured_parity)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "measuring parities of %lld coordinates on every draw takes 2^%lld terms a neuron; up to %d "
                           "are measured, others on a test set", (long long)signs(&task), (long long)signs(&task),
                           largest_measured_parity);
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

static int32_t check_shape(const mfl_sampler *sampler, const mfl_network *network)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    int32_t status = mfli_check(context, network, MFLI_NETWORK, "network");
    if (!status && (network->model.dimension != model->dimension || network->model.width != model->width))
        status = mfli_fail(context, MFL_ERROR_SIZE, "the network is %lld x %lld and the model %lld x %lld",
                           (long long)network->model.width, (long long)network->model.dimension,
                           (long long)model->width, (long long)model->dimension);
    return status;
}

static int32_t set_start(mfl_sampler *sampler, const mfl_network *network)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    int32_t status = mfli_sampler_need_fresh(sampler);
    if (!status)
        status = check_shape(sampler, network);
    if (status)
        return status;
    double *start = mfli_alloc(context, mfli_state_length(model), sizeof *start);
    if (!start)
        return MFL_ERROR_MEMORY;
    const size_t layer = mfli_layer_length(model);
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

static int32_t add_observable(mfl_sampler *sampler, mfl_observable_fn observable, void *user_data, int32_t *kind)
{
    mfl_context *context = sampler->object.context;
    int32_t status = mfli_sampler_need_fresh(sampler);
    if (!status && (!observable || !kind))
        status = mfli_fail_null(context, observable ? "kind" : "observable");
    if (!status && sampler->observer_count == MFLI_OBSERVERS)
        status = mfli_fail(context, MFL_ERROR_SIZE, "a sampler has at most %d observables", MFLI_OBSERVERS);
    if (!status && !sampler->observed)
        status = mfli_network_create(context, &sampler->model, &sampler->observed);
    if (status)
        return status;
    *kind = MFL_TRACE_CALLER + (int32_t)sampler->observer_count;
    sampler->observers[sampler->observer_count++] = (mfli_observer){observable, user_data};
    return MFL_OK;
}

int32_t mfl_sampler_add_observable(mfl_sampler *sampler, mfl_observable_fn observable, void *user_data,
                                   int32_t *kind)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, add_observable(sampler, observable, user_data, kind));
}

static int32_t need_chain(const mfl_sampler *sampler, int64_t chain)
{
    mfl_context *context = sampler->object.context;
    if (!sampler->chains)
        return mfli_fail(context, MFL_ERROR_STATE, "the sampler has not run");
    if (chain < 0 || chain >= sampler->slot_count)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "chain is %lld; there are %lld", (long long)chain,
                         (long long)sampler->slot_count);
    return MFL_OK;
}

static int32_t set_network(mfl_sampler *sampler, int64_t chain, const mfl_network *network)
{
    const size_t layer = mfli_layer_length(&sampler->model);
    int32_t status = need_chain(sampler, chain);
    if (!status)
        status = check_shape(sampler, network);
    if (status)
        return status;
    mfli_chain *one = &sampler->chains[chain];
    one->failure = sampler->method->settle ? sampler->method->settle(sampler, one) : MFL_OK;
    if ((status = mfli_sampler_failure(sampler)))
        return status;
    memcpy(one->theta, network->weights, layer * sizeof(double));
    memcpy(one->theta + layer, network->readout, (size_t)sampler->model.width * sizeof(double));
    mfli_chain_changed(one);
    return MFL_OK;
}

int32_t mfl_sampler_set_network(mfl_sampler *sampler, int64_t chain, const mfl_network *network)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, set_network(sampler, chain, network));
}

static int32_t copy_network(const mfl_sampler *sampler, int64_t chain, mfl_network **out)
{
    mfl_context *context = sampler->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    mfl_network *network;
    int32_t status = need_chain(sampler, chain);
    if (!status)
        status = mfli_network_create(context, &sampler->model, &network);
    if (status)
        return status;
    const size_t layer = mfli_layer_length(&sampler->model);
    mfli_chain *one = &sampler->chains[chain];
    mfli_chain_pull(one, &sampler->model);
    memcpy(network->weights, one->theta, layer * sizeof(double));
    memcpy(network->readout, one->theta + layer, (size_t)sampler->model.width * sizeof(double));
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
