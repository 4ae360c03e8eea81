/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t mean_field(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    const char *name, *summary;
    double value, error;
    int32_t status = MFL_OK, stop, key;
    MAKE(status, task, mfl_task_create_parity, (context, 6, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 6, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_EVALUATIONS, 1)); /* every kind of allocation, once */
    NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
    NEXT(status, mfl_theory_stop, (theory, &stop));
    NEXT(status, mfl_theory_result_at, (theory, 0, &key, &name, &summary));
    NEXT(status, mfl_theory_get, (theory, MFL_THEORY_M, &value, &error));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* Relevance determination and screening; d = k has one ratio of lengths only. */
static int32_t closures(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    double value, error;
    int32_t status = MFL_OK, count;
    MAKE(status, task, mfl_task_create_parity, (context, 1, 1, &task));
    MAKE(status, model, mfl_model_create, (context, 1, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-2));
    for (int32_t preset = MFL_THEORY_MF_ARD; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        NEXT(status, mfl_theory_use, (theory, preset));
        NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
        NEXT(status, mfl_theory_branches, (theory, &count));
        NEXT(status, mfl_theory_select, (theory, 0));
        NEXT(status, mfl_theory_get, (theory, MFL_THEORY_M, &value, &error));
    }
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* Neurons, marginal densities, sums over all inputs: d = k = 2 keeps the hat small. Then particles. */
static int32_t neurons(mfl_context *context)
{
    static const double grid[] = {0.0, 0.1};
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    double weights[4], readouts[2], density[2], error[2], m, difference, its_error;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 2, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 2, 4, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_EVALUATIONS, 1));
    NEXT(status, mfl_theory_solve, (theory, 4.0, 0.5));
    NEXT(status, mfl_theory_sample, (theory, 0, 2, weights, 2, readouts));
    NEXT(status, mfl_theory_marginal, (theory, MFL_THEORY_MARGINAL_ON, 2, grid, 2, density, error));
    NEXT(status, mfl_theory_marginal_along, (theory, grid, 2, 2, grid, 2, density, error));
    NEXT(status, mfl_theory_finite, (theory, 240, &m, &difference, &its_error));
    NEXT(status, mfl_theory_finite_modes, (theory, 240, 1, &m, &difference, &its_error));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_SOLVER, MFL_THEORY_SOLVER_PARTICLES));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_PARTICLES, 32));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_STEPS, 300));
    NEXT(status, mfl_theory_solve, (theory, 4.0, 0.5));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* One variable and nothing else: a neuron has a length only. */
static int32_t modes(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    double value, error, target;
    int64_t degrees[1], across;
    int64_t count;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 1, 1, &task));
    MAKE(status, model, mfl_model_create, (context, 1, 16, &model));
    NEXT(status, mfl_model_options, (model, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_MODEL_ACTIVATION, MFL_ACTIVATION_ERF));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-2));
    NEXT(status, mfl_theory_use, (theory, MFL_THEORY_MF_ARD));
    NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
    NEXT(status, mfl_theory_mode_count, (theory, &count));
    NEXT(status, mfl_theory_mode, (theory, 0, degrees, 1, &across, &target));
    NEXT(status, mfl_theory_get_mode, (theory, 0, MFL_THEORY_M, &value, &error));
    NEXT(status, mfl_theory_get_variable, (theory, 0, MFL_THEORY_RHO_ON, &value, &error));
    NEXT(status, mfl_theory_sample, (theory, 0, 1, &value, 1, &error));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* A kernel in blocks, and what is iterated with it. */
static int32_t blocks(mfl_context *context)
{
    static const int64_t degrees[] = {2};
    static const double coefficients[] = {1.0};
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    double value, error;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_sum, (context, 2, 1, 1, degrees, coefficients, &task));
    NEXT(status, mfl_task_options, (task, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_TASK_INPUT_LAW, MFL_INPUT_GAUSSIAN));
    MAKE(status, model, mfl_model_create, (context, 2, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-2));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_EVALUATIONS, 5));
    NEXT(status, mfl_theory_use, (theory, MFL_THEORY_MF_SCREENED));
    NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
    NEXT(status, mfl_theory_get, (theory, MFL_THEORY_M, &value, &error));
    NEXT(status, mfl_theory_sample, (theory, 0, 1, NULL, 0, &value));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* Enough inputs off the support for directions on a lattice, which grows. */
static int32_t lattice(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 12, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 12, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-1));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_EVALUATIONS, 1));
    NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* x1 + x1x2: an order parameter for each mode. */
static int32_t staircase(mfl_context *context)
{
    static const int64_t degrees[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 1.0};
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    double value, error;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_sum, (context, 2, 2, 2, degrees, coefficients, &task));
    MAKE(status, model, mfl_model_create, (context, 2, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-1));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_EVALUATIONS, 2));
    NEXT(status, mfl_theory_solve, (theory, 20.0, 0.3));
    NEXT(status, mfl_theory_get_mode, (theory, 1, MFL_THEORY_M, &value, &error));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

const fault_scenario faults_theory[] = {
    {"blocks", blocks},
    {"neurons", neurons},
    {"mean field", mean_field},
    {"closures", closures},
    {"modes", modes},
    {"lattice", lattice},
    {"staircase", staircase},
    {NULL, NULL},
};
