/* SPDX-License-Identifier: BSD-3-Clause */
/* A program newer than the library: keys and enumerators that this version does not know are refused with a status, by
 * every function that takes one, and change nothing. */
#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;
static mfl_task *task;
static mfl_model *model;
static mfl_dataset *train;
static mfl_sampler *sampler;
static mfl_ridge *ridge;
static mfl_theory *theory;
static mfl_path *path;

static void open_handles(void)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfl_task_create_parity(context, 8, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 8, 16, &model), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, 30, 0.0, 1, MFL_ROLE_TRAIN, &train), MFL_OK);
    ck_assert_int_eq(mfl_sampler_create(model, train, 0.3, &sampler), MFL_OK);
    ck_assert_int_eq(mfl_sampler_options(sampler, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 5), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 5), MFL_OK);
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.3), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 30.0, 0.3), MFL_OK);
    ck_assert_int_eq(mfl_path_create(theory, &path), MFL_OK);
}

static void close_handles(void)
{
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
    mfl_ridge_destroy(ridge);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    mfl_context_destroy(context);
}

static const int32_t unknown[] = {4999, INT32_MAX, INT32_MIN, -7};
enum { UNKNOWN = sizeof unknown / sizeof unknown[0] };

#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        ck_assert_int_eq(call, MFL_ERROR_ARGUMENT);                                                          \
        ck_assert_str_ne(mfl_context_message(context), "");                                                  \
    } while (0)

START_TEST(results_that_are_not_known)
{
    double value = 7.0, error = 7.0;
    for (int i = 0; i < UNKNOWN; i++) {
        const int32_t key = unknown[i];
        REFUSED(mfl_ridge_get(ridge, key, &value));
        REFUSED(mfl_sampler_get(sampler, key, &value));
        REFUSED(mfl_sampler_get_rung(sampler, 0, key, &value));
        REFUSED(mfl_theory_get(theory, key, &value, &error));
        REFUSED(mfl_theory_get_mode(theory, 0, key, &value, &error));
        REFUSED(mfl_theory_get_variable(theory, 0, key, &value, &error));
        REFUSED(mfl_sampler_diagnose(sampler, 1, &key, 1, &value));
    }
    ck_assert(value == 7.0 && error == 7.0);
}
END_TEST

START_TEST(choices_that_are_not_known)
{
    mfl_dataset *made = train;
    mfl_spectrum *spectrum;
    double values[64], value;
    const int32_t r_hat = MFL_DIAGNOSTIC_R_HAT;
    int64_t count;
    for (int i = 0; i < UNKNOWN; i++) {
        const int32_t choice = unknown[i];
        REFUSED(mfl_dataset_draw(task, 10, 0.0, 0, choice, &made));
        ck_assert_ptr_null(made);
        REFUSED(mfl_dataset_read_csv(context, EXAMPLE_DATA "/diabetes.csv", NULL, choice, &made));
        REFUSED(mfl_sampler_trace(sampler, choice, 0, values, 64, &count));
        REFUSED(mfl_sampler_diagnose(sampler, choice, &r_hat, 1, values));
        REFUSED(mfl_ridge_optimise(ridge, train, 0.3, choice));
        REFUSED(mfl_spectrum_of_kernel(ridge, choice, 4, &spectrum));
        REFUSED(mfl_theory_use(theory, choice));
        REFUSED(mfl_theory_marginal(theory, choice, 100, (double[]){0.0}, 1, values, NULL));
        REFUSED(mfl_path_follow(path, choice, 10.0, 100.0, 30.0, 0.3));
        REFUSED(mfl_path_critical(path, choice, &value, NULL));
    }
    ck_assert_int_eq(mfl_ridge_predict(ridge, (double[8]){0}, 1, 8, values, NULL), MFL_OK); /* the fit is still there */
}
END_TEST

static void check_options(mfl_options *options)
{
    size_t count;
    int64_t value;
    double number;
    for (int i = 0; i < UNKNOWN; i++) {
        ck_assert_int_eq(mfl_options_set_int(options, unknown[i], 1), MFL_ERROR_OPTION);
        ck_assert_int_eq(mfl_options_set_double(options, unknown[i], 1.0), MFL_ERROR_OPTION);
        ck_assert_int_eq(mfl_options_get_int(options, unknown[i], &value), MFL_ERROR_OPTION);
        ck_assert_int_eq(mfl_options_get_double(options, unknown[i], &number), MFL_ERROR_OPTION);
        ck_assert_int_eq(mfl_options_reset(options, unknown[i]), MFL_ERROR_OPTION);
    }
    ck_assert_int_eq(mfl_options_count(options, &count), MFL_OK);
    for (size_t i = 0; i < count; i++) {
        int32_t key, type;
        const char *name, *summary, *choices;
        int64_t least, most, standard;
        ck_assert_int_eq(mfl_options_key(options, i, &key), MFL_OK);
        ck_assert_int_eq(mfl_options_describe(options, key, &type, &name, &summary, &choices), MFL_OK);
        if (*choices == '\0')
            continue;
        ck_assert_int_eq(mfl_options_bounds_int(options, key, &least, &most, &standard), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, key, most + 1), MFL_ERROR_OPTION_RANGE);
        ck_assert_int_eq(mfl_options_set_text(options, name, "what_comes_later"), MFL_ERROR_PARSE);
        ck_assert_int_eq(mfl_options_get_int(options, key, &value), MFL_OK);
        ck_assert(value >= least && value <= most);
    }
}

START_TEST(options_that_are_not_known)
{
    mfl_options *options;
#define CHECK(handle)                                                                                        \
    ck_assert_int_eq(mfl_##handle##_options(handle, &options), MFL_OK);                                      \
    check_options(options)
    CHECK(context);
    CHECK(task);
    CHECK(model);
    CHECK(sampler);
    CHECK(ridge);
    CHECK(theory);
    CHECK(path);
#undef CHECK
    ck_assert_int_eq(mfl_version_feature("teleport", &(int32_t){0}), MFL_ERROR_ARGUMENT);
    ck_assert_str_eq(mfl_status_name(-4999), "MFL_STATUS_UNKNOWN");
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(open_handles, close_handles, "a newer program", results_that_are_not_known,
                             choices_that_are_not_known, options_that_are_not_known);
}
