/* SPDX-License-Identifier: BSD-3-Clause */
/* What kernel ridge regression refuses and how it says so, and that the handle goes on after every
 * failure. */
#include <math.h>
#include <mflearn/mflearn.h>
#include <string.h>

#include "../run.h"

enum { P = 40, D = 3 };

static mfl_context *context;
static mfl_model *model;
static mfl_options *options;
static double inputs[P * D], targets[P];

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, D, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    for (int i = 0; i < P * D; i++)
        inputs[i] = sin(1.0 + 2.3 * i * i);
    for (int i = 0; i < P; i++)
        targets[i] =
            fabs(inputs[i * D] - inputs[i * D + 2]); /* what a ReLU network can represent */
}

static void teardown(void)
{
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}

static mfl_ridge *make_ridge(void)
{
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    return ridge;
}

static mfl_dataset *make_dataset(int64_t samples, int64_t dimension, const double *x,
                                 const double *y)
{
    mfl_dataset *dataset;
    ck_assert_int_eq(mfl_dataset_copy(context, samples, dimension, x, dimension, 1, y, &dataset),
                     MFL_OK);
    return dataset;
}

static void ck_assert_message(const char *part)
{
    ck_assert_msg(strstr(mfl_context_message(context), part) != NULL, "message: %s",
                  mfl_context_message(context));
}

/* Fits and predicts as if nothing had happened. */
static void check_usable(mfl_ridge *ridge)
{
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    double mean[P], variance[P];
    int64_t samples, dimension;
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 1e-3), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, P, D, mean, variance), MFL_OK);
    for (int i = 0; i < P; i++) {
        ck_assert_double_eq_tol(mean[i], targets[i], 1e-2);
        ck_assert(variance[i] >= 0.0
                  && variance[i] < 1.001e-6); /* below kappa^2 where there is a datum */
    }
    ck_assert_int_eq(mfl_ridge_shape(ridge, &samples, &dimension), MFL_OK);
    ck_assert_int_eq(samples, P);
    ck_assert_int_eq(dimension, D);
    mfl_dataset_destroy(train);
}

START_TEST(models_without_kernel)
{
    setup();
    mfl_ridge *ridge = (mfl_ridge *)&context;
    mfl_options_set_double(options, MFL_MODEL_GAMMA, 1.0);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_ERROR_ARGUMENT);
    ck_assert_message("gamma is 1");
    ck_assert_ptr_null(ridge);
    ck_assert_int_eq(mfl_ridge_create(NULL, &ridge), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_ridge_create(model, NULL), MFL_ERROR_NULL);
    mfl_ridge_destroy(NULL);
    teardown();
}
END_TEST

START_TEST(before_a_fit)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    double value;
    int64_t samples;
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 1, D, &value, NULL), MFL_ERROR_STATE);
    ck_assert_message("mfl_ridge_fit");
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &value), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_weights(ridge, &value, 1), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_shape(ridge, &samples, NULL), MFL_OK);
    ck_assert_int_eq(samples, 0);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

START_TEST(bad_fits)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    mfl_dataset *train = make_dataset(P, D, inputs, targets),
                *flat = make_dataset(P, 1, inputs, targets),
                *bare = make_dataset(P, D, inputs, NULL);
    const double bad[] = {-0.1, NAN, INFINITY};
    check_usable(ridge);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mfl_ridge_fit(ridge, train, bad[i]), MFL_ERROR_ARGUMENT);
        ck_assert_message("kappa");
    }
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 1e200), MFL_ERROR_NOT_FINITE);
    ck_assert_int_eq(mfl_ridge_fit(ridge, flat, 0.1), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_fit(ridge, bare, 0.1), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_fit(ridge, NULL, 0.1), MFL_ERROR_NULL);
    check_usable(ridge);
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(flat);
    mfl_dataset_destroy(bare);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* Without noise the matrix of equal inputs is singular; rounding must not hide that. */
START_TEST(duplicates)
{
    setup();
    const int32_t activations[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_ERF, MFL_ACTIVATION_LINEAR};
    for (int a = 0; a < 3; a++) {
        mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activations[a]);
        mfl_ridge *ridge = make_ridge();
        for (int copy = 1; copy < P; copy++) {
            double x[P * D];
            memcpy(x, inputs, sizeof x);
            memcpy(x + copy * D, x + copy / 2 * D, D * sizeof *x);
            mfl_dataset *train = make_dataset(copy + 1, D, x, targets);
            ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.0), MFL_ERROR_NOT_POSITIVE_DEFINITE);
            ck_assert_message("raise kappa");
            ck_assert_int_eq(mfl_ridge_fit(ridge, train, 1e-3), MFL_OK);
            mfl_dataset_destroy(train);
        }
        mfl_ridge_destroy(ridge);
    }
    teardown();
}
END_TEST

START_TEST(bad_predictions)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    check_usable(ridge);
    double mean[P], weights[P];
    ck_assert_int_eq(mfl_ridge_predict(ridge, NULL, 1, D, mean, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 0, D, mean, NULL), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 2, D - 1, mean, NULL), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, INT64_MAX, D, mean, NULL), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, 2, D, inputs, 3, D, mean, 2), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, 2, D, NULL, 3, D, mean, 3), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_ridge_weights(ridge, weights, P - 1), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_ridge_weights(ridge, NULL, P), MFL_ERROR_NULL);
    inputs[4] = NAN;
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 2, D, mean, NULL), MFL_ERROR_NOT_FINITE);
    ck_assert_message("row 1, column 1");
    inputs[4] = 1e308;
    inputs[5] = 1e308;
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 2, D, mean, mean), MFL_ERROR_NOT_FINITE);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

static int32_t stop_at_once(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)stage, (void)fraction, (void)seconds;
    return ++*(int *)user_data > 0;
}

START_TEST(cancelled)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    double mean;
    int calls = 0;
    check_usable(ridge);
    ck_assert_int_eq(mfl_context_set_progress(context, stop_at_once, &calls), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_CANCELLED);
    ck_assert_int_gt(calls, 0);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 1, D, &mean, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    check_usable(ridge);
    mfl_context_cancel(context);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_context_resume(context), MFL_OK);
    check_usable(ridge);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* The kernel is the same to the last bit for any number of threads, and as a whole or in parts. */
START_TEST(threads_and_tiles)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    mfl_options *threads;
    double whole[P * P], again[P * P];
    ck_assert_int_eq(mfl_context_options(context, &threads), MFL_OK);
    for (int count = 1; count <= 3; count++) {
        ck_assert_int_eq(mfl_options_set_int(threads, MFL_CONTEXT_THREADS, count), MFL_OK);
        ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, P, D, inputs, P, D, again, P), MFL_OK);
        if (count == 1)
            memcpy(whole, again, sizeof whole);
        ck_assert_mem_eq(whole, again, sizeof whole);
    }
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            double value;
            ck_assert_int_eq(
                mfl_ridge_kernel(ridge, inputs + i * D, 1, D, inputs + j * D, 1, D, &value, 1),
                MFL_OK);
            ck_assert_double_eq(value, whole[i * P + j]);
        }
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* Options and setters of the kernel, each with its refusal. */
START_TEST(bad_kernels)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    mfl_options *ridge_options;
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    const double rho[D] = {1.0, 0.0, 2.0};
    double mean[P], value;
    size_t bytes;
    ck_assert_int_eq(mfl_ridge_options(ridge, &ridge_options), MFL_OK);
    ck_assert_int_eq(mfl_ridge_set_precisions(ridge, rho, D), MFL_ERROR_ARGUMENT);
    ck_assert_message("rho[1]");
    ck_assert_int_eq(mfl_ridge_set_precisions(ridge, rho, 2), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_set_kernel(ridge, NULL, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "kernel", "caller"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_STATE);
    ck_assert_message("mfl_ridge_set_kernel");
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "kernel", "precomputed"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, NULL, 2, targets, 0.1), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, inputs, 1, targets, 0.1), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, INT64_MAX, inputs, INT64_MAX, targets, 0.1),
                     MFL_ERROR_SIZE);
    const double indefinite[] = {1.0, 0.0, 2.0, 1.0}, nan[] = {1.0, 0.0, NAN, 1.0};
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, indefinite, 2, targets, 0.1),
                     MFL_ERROR_NOT_POSITIVE_DEFINITE);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, nan, 2, targets, 0.1), MFL_ERROR_NOT_FINITE);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, indefinite, 2, targets, 2.0), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 1, D, mean, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_predict_matrix(ridge, inputs, 1, 2, NULL, mean, mean),
                     MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, mean, mean, NULL, mean, D), MFL_ERROR_UNSUPPORTED);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "kernel", "nngp"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_memory(ridge, 0, &bytes), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_ridge_memory(ridge, 1000, &bytes), MFL_OK);
    ck_assert(bytes > 8000000 && bytes < 8200000);
    ck_assert_int_eq(mfl_options_set_int(ridge_options, MFL_RIDGE_MEMORY_LIMIT, 5000), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_MEMORY);
    ck_assert_message("memory_limit");
    ck_assert_int_eq(mfl_options_reset(ridge_options, MFL_RIDGE_MEMORY_LIMIT), MFL_OK);
    check_usable(ridge);
    ck_assert_int_eq(mfl_ridge_get(ridge, 1, &value), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_ridge_optimise(ridge, train, 0.1, 0), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_ridge_optimise(ridge, train, 0.1, 12), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_ridge_optimise(ridge, train, 0.0, 1), MFL_ERROR_ARGUMENT);
    check_usable(ridge);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* Without a factorisation there are means and weights, and nothing else. */
START_TEST(after_conjugate_gradients)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    mfl_options *ridge_options;
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    double mean[P], stop;
    int calls = 0;
    ck_assert_int_eq(mfl_ridge_options(ridge, &ridge_options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "solver", "gradients"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, P, D, mean, NULL), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, P, D, mean, mean), MFL_ERROR_STATE);
    ck_assert_message("solver");
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, mean), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_leave_one_out(ridge, mean, NULL, P), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, mean, NULL, NULL, NULL, 0), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_ridge_optimise(ridge, train, 0.1, 1), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "rank", "0"), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "iterations", "1"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
    ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_STOP, &stop), MFL_OK);
    ck_assert_int_eq((int)stop, MFL_STOP_LIMIT);
    ck_assert_int_eq(mfl_context_set_progress(context, stop_at_once, &calls), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(ridge_options, "solver", "cholesky"), MFL_OK);
    check_usable(ridge);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* The handle outlives the model, the data set, and the caller's hold on the context. */
/* A pivot of one unit in the last place is rounding, though its root is not small; one of 10^4 units counts. */
START_TEST(pivots_of_rounding)
{
    setup();
    const double ulp = 0x1p-52, y[2] = {1.0, 2.0};
    double k[4] = {1.0, 1.0, 1.0, 1.0 + ulp};
    mfl_ridge *ridge = make_ridge();
    mfl_options *of_ridge;
    ck_assert_int_eq(mfl_ridge_options(ridge, &of_ridge), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(of_ridge, "kernel", "precomputed"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, k, 2, y, 0.0), MFL_ERROR_NOT_POSITIVE_DEFINITE);
    ck_assert_message("sample 1 ");
    k[3] = 1.0 + 1e4 * ulp;
    ck_assert_int_eq(mfl_ridge_fit_matrix(ridge, 2, k, 2, y, 0.0), MFL_OK);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* The linear kernel; refuses from the call that `left` counts down to. */
static int32_t linear_or_refusal(int64_t rows, const double *x, int64_t columns, const double *y, int64_t dimension,
                                 double *out, int64_t stride, void *data)
{
    int *left = data;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            out[i * stride + j] = 0.0;
            for (int64_t k = 0; k < dimension; k++)
                out[i * stride + j] += x[i * dimension + k] * y[j * dimension + k];
        }
    return (*left)-- == 0;
}

START_TEST(a_kernel_that_refuses)
{
    setup();
    double mean[2], variance[2];
    int left = -1;
    mfl_ridge *ridge = make_ridge();
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    mfl_spectrum *spectrum;
    mfl_options *of_ridge;
    ck_assert_int_eq(mfl_ridge_options(ridge, &of_ridge), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(of_ridge, "kernel", "caller"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_set_kernel(ridge, linear_or_refusal, &left), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_SPHERE, 3, &spectrum), MFL_ERROR_UNSUPPORTED);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
    for (int calls = 0; calls < 3; calls++) { /* to both inputs together, then to each alone */
        left = calls;
        ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 2, D, mean, variance), MFL_ERROR_CALLBACK);
        ck_assert_message("kernel failed");
    }
    left = 0;
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_ERROR_CALLBACK);
    ck_assert_message("kernel failed");
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 2, D, mean, NULL), MFL_ERROR_STATE);
    left = -1;
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    teardown();
}
END_TEST

/* A spectrum without ridge fits as many samples as it has modes, and has an infinite error there. */
START_TEST(spectra_that_cannot_be_had)
{
    setup();
    double results[MFL_SPECTRUM_RESULTS];
    mfl_model *wide;
    mfl_ridge *ridge = make_ridge();
    mfl_dataset *train = make_dataset(P, D, inputs, targets);
    mfl_spectrum *spectrum;
    mfl_options *of_ridge;
    ck_assert_int_eq(mfl_ridge_options(ridge, &of_ridge), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(of_ridge, "kernel", "rbf"), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_data(ridge, train, &spectrum), MFL_OK);
    for (int more = -1; more <= 1; more++)
        ck_assert_int_eq(mfl_spectrum_learn(spectrum, NULL, P + more, 0.0, 0.1, results, NULL, 0),
                         more ? MFL_OK : MFL_ERROR_DIVERGED);
    mfl_spectrum_destroy(spectrum);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    ck_assert_int_eq(mfl_model_create(context, 10001, 0, &wide), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(wide, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_HYPERCUBE, 3, &spectrum), MFL_ERROR_UNSUPPORTED);
    ck_assert_message("10000");
    mfl_ridge_destroy(ridge);
    mfl_model_destroy(wide);
    teardown();
}
END_TEST

START_TEST(lifetime)
{
    setup();
    mfl_ridge *ridge = make_ridge();
    check_usable(ridge);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
    double mean;
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, 1, D, &mean, NULL), MFL_OK);
    mfl_ridge_destroy(ridge);
}
END_TEST

int main(void)
{
    return RUN_TESTS("ridge", models_without_kernel, before_a_fit, bad_fits, duplicates,
                     bad_predictions, cancelled, threads_and_tiles, bad_kernels,
                     after_conjugate_gradients, pivots_of_rounding, a_kernel_that_refuses, spectra_that_cannot_be_had,
                     lifetime);
}
