/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t make_theory(mfl_context *context, int32_t preset, mfl_theory **theory)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_options *options = NULL;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_parity, (context, 1, 1, &task));
    MAKE(status, model, mfl_model_create, (context, 1, 16, &model));
    MAKE(status, *theory, mfl_theory_create, (context, task, model, theory));
    NEXT(status, mfl_theory_use, (*theory, preset));
    NEXT(status, mfl_theory_options, (*theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-2));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

/* d = k has one ratio of lengths only; the list of points grows. */
static int32_t follow(mfl_context *context)
{
    mfl_theory *theory = NULL;
    mfl_path *path = NULL;
    mfl_options *options = NULL;
    double value, error;
    int32_t count, points, stable, curve, stop, branch, other, status = make_theory(context, MFL_THEORY_MF, &theory);
    MAKE(status, path, mfl_path_create, (theory, &path));
    NEXT(status, mfl_path_options, (path, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_PATH_STEP, 0.2));
    NEXT(status, mfl_path_follow, (path, MFL_PATH_KAPPA, 1.0, 0.4, 5.0, 0.0));
    NEXT(status, mfl_path_stop, (path, &stop));
    NEXT(status, mfl_path_branches, (path, &count));
    NEXT(status, mfl_path_branch, (path, 0, &points, &stable, &curve));
    NEXT(status, mfl_path_point, (path, 0, 0, &value, &stop));
    NEXT(status, mfl_path_get, (path, 0, 0, MFL_THEORY_M, &value, &error));
    NEXT(status, mfl_path_get_mode, (path, 0, 0, 0, MFL_THEORY_M, &value, &error));
    NEXT(status, mfl_path_folds, (path, &count));
    NEXT(status, mfl_path_transitions, (path, &count));
    if (!status) { /* there are none */
        fault_require(CALL(mfl_path_fold, (path, 0, &branch, &value, &error)) == MFL_ERROR_ARGUMENT, "a fold");
        fault_require(CALL(mfl_path_fold_get, (path, 0, MFL_THEORY_M, &value, &error)) == MFL_ERROR_ARGUMENT, "a fold");
        fault_require(CALL(mfl_path_transition, (path, 0, &branch, &other, &value, &error)) == MFL_ERROR_ARGUMENT,
                      "a transition");
        fault_require(CALL(mfl_path_critical, (path, MFL_PATH_FOLD, &value, &error)) == MFL_ERROR_STATE, "a fold");
    }
    CALL(mfl_path_destroy, (path));
    CALL(mfl_theory_destroy, (theory));
    return status;
}

/* x1 + x1x2, an order parameter each. */
static int32_t several(mfl_context *context)
{
    static const int64_t degrees[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 1.0};
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_theory *theory = NULL;
    mfl_path *path = NULL;
    mfl_options *options = NULL;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_sum, (context, 2, 2, 2, degrees, coefficients, &task));
    MAKE(status, model, mfl_model_create, (context, 2, 16, &model));
    MAKE(status, theory, mfl_theory_create, (context, task, model, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-1));
    MAKE(status, path, mfl_path_create, (theory, &path));
    NEXT(status, mfl_path_follow, (path, MFL_PATH_KAPPA, 1.0, 0.9, 5.0, 0.0));
    CALL(mfl_path_destroy, (path));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

static int32_t diagram(mfl_context *context)
{
    static const double samples[] = {2.0, 4.0}, kappas[] = {0.5, 1.0};
    mfl_theory *theory = NULL;
    mfl_diagram *diagram = NULL;
    double value, error;
    int32_t branches, converged, status = make_theory(context, MFL_THEORY_MF_ARD, &theory);
    MAKE(status, diagram, mfl_diagram_create, (theory, samples, 2, kappas, 2, &diagram));
    NEXT(status, mfl_diagram_point, (diagram, 1, 1, &branches, &converged));
    NEXT(status, mfl_diagram_get, (diagram, 1, 1, 0, MFL_THEORY_M, &value, &error));
    NEXT(status, mfl_diagram_get_mode, (diagram, 1, 1, 0, 0, MFL_THEORY_M, &value, &error));
    CALL(mfl_diagram_destroy, (diagram));
    CALL(mfl_theory_destroy, (theory));
    return status;
}

const fault_scenario faults_path[] = {
    {"path", follow},
    {"path of several modes", several},
    {"diagram", diagram},
    {NULL, NULL},
};
