/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "faults.h"

static int32_t chains(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_dataset *train = NULL, *test = NULL;
    mfl_sampler *sampler = NULL;
    mfl_network *start = NULL, *end = NULL;
    mfl_options *options = NULL;
    const int32_t key = MFL_DIAGNOSTIC_MEAN;
    double value, mean[4], deviation[4], moments[3], trace[2], histogram[3 * MFL_WEIGHT_BINS];
    int64_t count;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 3, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 3, 4, &model));
    MAKE(status, train, mfl_dataset_draw, (task, 5, 0.0, 0, MFL_ROLE_TRAIN, &train));
    MAKE(status, test, mfl_dataset_draw, (task, 4, 0.0, 0, MFL_ROLE_TEST, &test));
    MAKE(status, start, mfl_network_create, (model, &start));
    MAKE(status, sampler, mfl_sampler_create, (model, train, 0.5, &sampler));
    NEXT(status, mfl_sampler_options, (sampler, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_DRAWS, 2));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_BURN_IN, 2));
    NEXT(status, mfl_sampler_set_test, (sampler, test));
    NEXT(status, mfl_sampler_set_task, (sampler, task));
    NEXT(status, mfl_network_draw_prior, (start, 0));
    NEXT(status, mfl_sampler_set_start, (sampler, start));
    NEXT(status, mfl_sampler_run, (sampler));
    NEXT(status, mfl_sampler_get, (sampler, MFL_SAMPLER_TEST_ERROR, &value));
    NEXT(status, mfl_sampler_predictions, (sampler, mean, deviation, 4));
    NEXT(status, mfl_sampler_second_moments, (sampler, moments, 3));
    NEXT(status, mfl_sampler_weight_histogram, (sampler, histogram, 3 * MFL_WEIGHT_BINS));
    NEXT(status, mfl_sampler_trace, (sampler, MFL_TRACE_POTENTIAL, 1, trace, 2, &count));
    NEXT(status, mfl_sampler_diagnose, (sampler, MFL_TRACE_TEST_ERROR, &key, 1, &value));
    NEXT(status, mfl_sampler_diagnose_rung, (sampler, 0, MFL_TRACE_TEST_ERROR, &key, 1, &value));
    MAKE(status, end, mfl_sampler_network, (sampler, 0, &end));
    CALL(mfl_network_destroy, (end));
    CALL(mfl_sampler_destroy, (sampler));
    CALL(mfl_network_destroy, (start));
    CALL(mfl_dataset_destroy, (test));
    CALL(mfl_dataset_destroy, (train));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

static int32_t look(const mfl_network *network, double *value, void *user_data)
{
    (void)network, (void)user_data;
    *value = 1.0;
    return 0;
}

/* Every kind of memory that a method asks for. */
static int32_t moving(mfl_context *context, int32_t method, int32_t batch, int32_t gibbs, int32_t rungs)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_dataset *train = NULL;
    mfl_sampler *sampler = NULL;
    mfl_network *state = NULL;
    mfl_options *options = NULL;
    double value;
    int32_t kind, status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 3, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 3, 6, &model));
    MAKE(status, train, mfl_dataset_draw, (task, 5, 0.0, 0, MFL_ROLE_TRAIN, &train));
    MAKE(status, sampler, mfl_sampler_create, (model, train, 0.5, &sampler));
    NEXT(status, mfl_sampler_options, (sampler, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_METHOD, method));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_BATCH, batch));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_GIBBS, gibbs));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_RUNGS, rungs));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_MASS, MFL_MASS_ADAPTIVE));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_START, MFL_START_PLANTED));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_BURN_IN, 4));
    NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_DRAWS, 2));
    NEXT(status, mfl_sampler_set_task, (sampler, task));
    NEXT(status, mfl_sampler_add_observable, (sampler, look, NULL, &kind));
    NEXT(status, mfl_sampler_step, (sampler, 3));
    MAKE(status, state, mfl_sampler_network, (sampler, 1, &state));
    NEXT(status, mfl_sampler_set_network, (sampler, 0, state));
    NEXT(status, mfl_sampler_run, (sampler));
    NEXT(status, mfl_sampler_get_rung, (sampler, 0, MFL_SAMPLER_KAPPA, &value));
    CALL(mfl_network_destroy, (state));
    CALL(mfl_sampler_destroy, (sampler));
    CALL(mfl_dataset_destroy, (train));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

static int32_t accepted(mfl_context *context)
{
    return moving(context, MFL_METHOD_HMC, 0, 1, 1);
}

static int32_t stochastic(mfl_context *context)
{
    return moving(context, MFL_METHOD_BAOAB, 2, 0, 3);
}

/* Saved, added to, and loaded by a second sampler. */
static int32_t checkpoints(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_dataset *data = NULL;
    mfl_sampler *samplers[2] = {NULL, NULL};
    int32_t present, status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 3, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 3, 4, &model));
    MAKE(status, data, mfl_dataset_draw, (task, 5, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (int i = 0; i < 2; i++) {
        mfl_options *options;
        MAKE(status, samplers[i], mfl_sampler_create, (model, data, 0.5, &samplers[i]));
        NEXT(status, mfl_sampler_options, (samplers[i], &options));
        NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_METHOD, MFL_METHOD_HMC));
        NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_DRAWS, 2));
        NEXT(status, mfl_options_set_int, (options, MFL_SAMPLER_BURN_IN, 2));
    }
    NEXT(status, mfl_sampler_run, (samplers[0]));
    NEXT(status, mfl_sampler_save, (samplers[0], "faults.sampler"));
    NEXT(status, mfl_sampler_run, (samplers[0]));
    NEXT(status, mfl_sampler_save, (samplers[0], "faults.sampler"));
    NEXT(status, mfl_sampler_load, (samplers[1], "faults.sampler"));
    NEXT(status, mfl_sampler_write_traces, (samplers[1], "faults.npy"));
    CALL(mfl_version_feature, ("hdf5", &present));
    if (present)
        NEXT(status, mfl_sampler_write_traces, (samplers[1], "faults.nc"));
    for (int i = 0; i < 2; i++)
        CALL(mfl_sampler_destroy, (samplers[i]));
    CALL(mfl_dataset_destroy, (data));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    remove("faults.sampler");
    remove("faults.sampler.traces");
    remove("faults.npy");
    remove("faults.nc");
    return status;
}

const fault_scenario faults_sampler[] = {
    {"chains", chains},
    {"accepted", accepted},
    {"stochastic", stochastic},
    {"checkpoints", checkpoints},
    {NULL, NULL},
};
