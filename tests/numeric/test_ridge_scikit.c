/* SPDX-License-Identifier: BSD-3-Clause */
/* The example data sets against scikit-learn (scripts/make_scikit_references.py). */
#include <math.h>
#include <mflearn/mflearn.h>
#include <stdio.h>
#include <string.h>

#include "../run.h"

enum { NEW = 5 };

typedef struct reference {
    const char *file, *kernel;
    int64_t train;
    double kappa, log_evidence, fold_error, mean[NEW], deviation[NEW];
} reference;

static const reference references[] = {
#include "references/scikit.h"
};

static mfl_context *context;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

static mfl_dataset *read_file(const char *name)
{
    char path[4096];
    mfl_dataset *file, *standard;
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/%s", EXAMPLE_DATA, name), (int)sizeof path);
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, NULL, MFL_CSV_HEADER_PRESENT, &file),
                     MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise(file, 1, &standard), MFL_OK);
    mfl_dataset_destroy(file);
    return standard;
}

static mfl_ridge *make_ridge(int64_t d, const char *kernel)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, d, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "kernel", kernel), MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

static void check_reference(const reference *r)
{
    mfl_dataset *all = read_file(r->file), *train;
    const double *x, *y;
    int64_t rows, d, stride, unit, index[1000], fold[1000];
    double mean[1000], variance[NEW], evidence, error = 0.0;
    ck_assert_int_eq(mfl_dataset_shape(all, &rows, &d), MFL_OK);
    for (int64_t i = 0; i < r->train; i++) {
        index[i] = i;
        fold[i] = i % 5;
    }
    ck_assert_int_eq(mfl_dataset_take(all, index, (size_t)r->train, &train), MFL_OK);
    mfl_ridge *ridge = make_ridge(d, r->kernel);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, r->kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &evidence), MFL_OK);
    ck_assert_double_eq_tol(evidence, r->log_evidence, 1e-8);
    ck_assert_int_eq(mfl_dataset_inputs(all, &x, &stride, &unit), MFL_OK);
    ck_assert_int_eq(
        mfl_ridge_predict(ridge, x + (rows - NEW) * stride, NEW, stride, mean, variance), MFL_OK);
    for (int i = 0; i < NEW; i++) {
        ck_assert_double_eq_tol(mean[i], r->mean[i], 1e-8);
        ck_assert_double_eq_tol(sqrt(variance[i]), r->deviation[i], 1e-8);
    }
    ck_assert_int_eq(mfl_dataset_targets(train, &y), MFL_OK);
    ck_assert_int_eq(mfl_ridge_cross_validate(ridge, fold, 5, mean, r->train), MFL_OK);
    for (int64_t i = 0; i < r->train; i++)
        error += (mean[i] - y[i]) * (mean[i] - y[i]) / (double)r->train;
    ck_assert_double_eq_tol(error, r->fold_error, 1e-8);
    mfl_ridge_destroy(ridge);
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(all);
}

START_TEST(example_data)
{
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
        check_reference(&references[i]);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "ridge_scikit", example_data);
}
