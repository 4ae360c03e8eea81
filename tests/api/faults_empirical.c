/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "faults.h"

static int32_t every_closure(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_dataset *data = NULL;
    mfl_theory *theory = NULL;
    mfl_options *options = NULL;
    const double inputs[2] = {1.0, -1.0};
    double value, mean, variance, relevance[2], error[2], threshold;
    int64_t order[2];
    int32_t status = MFL_OK, selected[2];
    MAKE(status, task, mfl_task_create_parity, (context, 2, 2, &task));
    MAKE(status, model, mfl_model_create, (context, 2, 4, &model));
    MAKE(status, data, mfl_dataset_draw, (task, 3, 0.1, 0, MFL_ROLE_TRAIN, &data));
    MAKE(status, theory, mfl_theory_create_empirical, (context, model, data, task, &theory));
    NEXT(status, mfl_theory_options, (theory, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_PARTICLES, 4));
    NEXT(status, mfl_options_set_int, (options, MFL_THEORY_SWEEPS, 48));
    for (int32_t preset = MFL_THEORY_MF_ARD; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        NEXT(status, mfl_theory_use, (theory, preset));
        NEXT(status, mfl_theory_solve, (theory, 3.0, 0.5));
    }
    NEXT(status, mfl_theory_set_checkpoint, (theory, "faults.theory", 1e6));
    NEXT(status, mfl_theory_solve, (theory, 3.0, 0.5));
    NEXT(status, mfl_theory_resume, (theory, "faults.theory", 1e6));
    remove("faults.theory");
    NEXT(status, mfl_theory_get, (theory, MFL_THEORY_M, &value, NULL));
    NEXT(status, mfl_theory_predict, (theory, inputs, 1, 2, &mean, &variance));
    NEXT(status, mfl_theory_test, (theory, data, &value));
    NEXT(status, mfl_theory_relevances, (theory, relevance, error, order, 2));
    NEXT(status, mfl_theory_select_inputs, (theory, 0.1, selected, 2, &threshold));
    CALL(mfl_theory_destroy, (theory));
    CALL(mfl_dataset_destroy, (data));
    CALL(mfl_model_destroy, (model));
    CALL(mfl_task_destroy, (task));
    return status;
}

const fault_scenario faults_empirical[] = {
    {"theories of a training set", every_closure},
    {NULL, NULL},
};
