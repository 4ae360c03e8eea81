/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of theories with several modes share: the context of a test, tasks and models in one call, results. */
#ifndef TESTS_THEORIES_H
#define TESTS_THEORIES_H

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;

static inline void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static inline void teardown(void)
{
    mfl_context_destroy(context);
}

static inline mfl_task *new_sum(int64_t d, int64_t variables, int64_t terms, const int64_t *degrees,
                                const double *coefficients, int32_t law)
{
    mfl_task *task;
    mfl_options *options;
    ck_assert_int_eq(mfl_task_create_sum(context, d, variables, terms, degrees, coefficients, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_options(task, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_TASK_INPUT_LAW, law), MFL_OK);
    return task;
}

static inline mfl_model *new_model(int64_t d, int64_t n, int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    ck_assert_int_eq(mfl_model_create(context, d, n, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    return model;
}

/* Destroys the task and the model; the options are the theory's. */
static inline mfl_theory *theory_of_both(mfl_task *task, mfl_model *model, mfl_options **options)
{
    mfl_theory *theory;
    ck_assert_msg(mfl_theory_create(context, task, model, &theory) == MFL_OK, "%s", mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_options(theory, options), MFL_OK);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static inline void solve(mfl_theory *theory, double samples, double kappa)
{
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s", mfl_context_message(context));
}

static inline double get(const mfl_theory *theory, int32_t key)
{
    double value;
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, NULL), MFL_OK);
    return value;
}

static inline mfl_path *follow(mfl_theory *theory, double step, int32_t parameter, double from, double to, double samples,
                               double kappa)
{
    mfl_path *path;
    mfl_options *options;
    int32_t stop;
    ck_assert_int_eq(mfl_path_create(theory, &path), MFL_OK);
    ck_assert_int_eq(mfl_path_options(path, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_PATH_STEP, step), MFL_OK);
    ck_assert_msg(mfl_path_follow(path, parameter, from, to, samples, kappa) == MFL_OK, "%s",
                  mfl_context_message(context));
    ck_assert_int_eq(mfl_path_stop(path, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
    return path;
}

static inline double fold(const mfl_path *path, int32_t i, double *error)
{
    double value;
    ck_assert_int_eq(mfl_path_fold(path, i, NULL, &value, error), MFL_OK);
    return value;
}

#endif
