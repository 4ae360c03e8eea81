/* SPDX-License-Identifier: BSD-3-Clause */
/* What follows from a fit in closed form, against fitting again: left-out predictions, the ridge
 * path, derivatives and maxima of the evidence, joint covariances, matrices of the caller's,
 * conjugate gradients. */
#include <math.h>
#include <mflearn/mflearn.h>
#include <string.h>

#include "../run.h"

enum { P = 30, D = 4, T = 7 };

static const double kappa = 0.3;

static mfl_context *context;
static double inputs[P * D], targets[P], test[T * D];

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int i = 0; i < P * D; i++)
        inputs[i] = 1.3 * sin(1.0 + 2.3 * i * i);
    for (int i = 0; i < P; i++)
        targets[i] = fabs(inputs[i * D]) - 0.5 * inputs[i * D + 2] + 0.1 * cos(7.0 * i);
    for (int i = 0; i < T * D; i++)
        test[i] = sin(0.3 + 0.71 * i * (i % 13));
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

static mfl_ridge *make_ridge(const char *model_options, const char *kernel, const char *activation)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, D, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "activation", model_options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.4), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, 0.8), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_LEAK, -0.3), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "kernel", kernel), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "activation", activation), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_DEGREE, 3), MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

static void set_text(mfl_ridge *ridge, const char *name, const char *value)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, name, value), MFL_OK);
}

static mfl_dataset *make_dataset(int64_t count, const double *x, const double *y)
{
    mfl_dataset *dataset;
    ck_assert_int_eq(mfl_dataset_copy(context, count, D, x, D, 1, y, &dataset), MFL_OK);
    return dataset;
}

static mfl_dataset *all_samples(void)
{
    return make_dataset(P, inputs, targets);
}

/* Prediction of sample `which` from those of other folds. */
static void refit_without(const int64_t *fold, int which, double *mean, double *variance)
{
    double x[P * D], y[P];
    int count = 0;
    for (int i = 0; i < P; i++)
        if (fold[i] != fold[which]) {
            memcpy(x + count * D, inputs + i * D, D * sizeof *x);
            y[count++] = targets[i];
        }
    mfl_ridge *ridge = make_ridge("relu", "nngp", "model");
    mfl_dataset *train = make_dataset(count, x, y);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs + which * D, 1, D, mean, variance), MFL_OK);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}

START_TEST(left_out_samples)
{
    mfl_ridge *ridge = make_ridge("relu", "nngp", "model");
    mfl_dataset *train = all_samples();
    double mean[P], variance[P], again, spread;
    int64_t own[P], thirds[P];
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_leave_one_out(ridge, mean, variance, P), MFL_OK);
    for (int i = 0; i < P; i++) {
        own[i] = i;
        thirds[i] = i * i % 3 + (i % 7 == 0);
    }
    for (int i = 0; i < P; i++) {
        refit_without(own, i, &again, &spread);
        ck_assert_double_eq_tol(mean[i], again, 1e-11);
        ck_assert_double_eq_tol(variance[i], spread + kappa * kappa, 1e-11);
    }
    ck_assert_int_eq(mfl_ridge_cross_validate(ridge, thirds, 3, mean, P), MFL_OK);
    for (int i = 0; i < P; i++) {
        refit_without(thirds, i, &again, &spread);
        ck_assert_double_eq_tol(mean[i], again, 1e-11);
    }
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

START_TEST(path_of_noises)
{
    enum { COUNT = 4 };
    const double kappas[COUNT] = {0.03, 0.3, 1.0, 10.0};
    double evidence[COUNT], error[COUNT], exact, mean[P];
    mfl_ridge *ridge = make_ridge("erf", "ntk", "model");
    mfl_dataset *train = all_samples();
    ck_assert_int_eq(mfl_ridge_path(ridge, train, kappas, COUNT, evidence, error), MFL_OK);
    for (int k = 0; k < COUNT; k++) {
        double sum = 0.0;
        ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappas[k]), MFL_OK);
        ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &exact), MFL_OK);
        ck_assert_int_eq(mfl_ridge_leave_one_out(ridge, mean, NULL, P), MFL_OK);
        for (int i = 0; i < P; i++)
            sum += (targets[i] - mean[i]) * (targets[i] - mean[i]) / P;
        ck_assert_double_eq_tol(evidence[k], exact, 1e-9);
        ck_assert_double_eq_tol(error[k], sum, 1e-10);
    }
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

static double evidence_at(mfl_ridge *ridge, const mfl_dataset *train, const double *rho,
                          double noise)
{
    double value;
    ck_assert_int_eq(mfl_ridge_set_precisions(ridge, rho, D), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, noise), MFL_OK);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &value), MFL_OK);
    return value;
}

/* Derivatives against central differences extrapolated once (error h^4), for every kernel. */
static void check_gradient(const char *model, const char *kernel, const char *activation)
{
    const double h = 2e-3;
    double rho[D] = {2.0, 1.0, 3.0, 0.7}, slopes[D], by_kappa, by_sigma_a;
    mfl_ridge *ridge = make_ridge(model, kernel, activation);
    mfl_dataset *train = all_samples();
    evidence_at(ridge, train, rho, kappa);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, &by_kappa, &by_sigma_a, NULL, slopes, D), MFL_OK);
    for (int j = -1; j < D; j++) {
        double difference[2];
        for (int k = 0; k < 2; k++) {
            double step = (k + 1) * h, value[2];
            for (int side = 0; side < 2; side++) {
                double factor = exp(side ? step : -step), moved[D];
                memcpy(moved, rho, sizeof moved);
                if (j >= 0)
                    moved[j] *= factor;
                value[side] = evidence_at(ridge, train, moved, j < 0 ? kappa * factor : kappa);
            }
            difference[k] = (value[1] - value[0]) / (2.0 * step);
        }
        double numeric = (4.0 * difference[0] - difference[1]) / 3.0;
        double exact = j < 0 ? by_kappa : slopes[j];
        ck_assert_msg(fabs(numeric - exact) < 1e-6 * (1.0 + fabs(exact)),
                      "%s %s %s, parameter %d: %.9g, by differences %.9g", model, kernel,
                      activation, j, exact, numeric);
    }
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}

START_TEST(gradients)
{
    static const char *const models[] = {"relu", "leaky",  "erf",      "tanh",
                                         "gelu", "linear", "quadratic"};
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        check_gradient(models[i], "nngp", "model");
        check_gradient(models[i], "ntk", "model");
    }
    check_gradient("relu", "nngp", "hermite");
    check_gradient("relu", "ntk", "hermite");
    check_gradient("relu", "nngp", "sin");
    check_gradient("relu", "ntk", "sin");
    check_gradient("relu", "nngp", "sign");
    check_gradient("relu", "rbf", "model");
    check_gradient("relu", "polynomial", "model");
}
END_TEST

/* Scales: sigma_a by sigma_a^2 -> e^2 sigma_a^2 (kappa the other way round), sigma_w by all rho. */
START_TEST(gradients_of_scales)
{
    double by_kappa, by_a, by_w, slopes[D], sum = 0.0, value;
    mfl_ridge *ridge = make_ridge("gelu", "nngp", "model");
    mfl_dataset *train = all_samples();
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, &by_kappa, &by_a, &by_w, slopes, D), MFL_OK);
    for (int j = 0; j < D; j++)
        sum += slopes[j];
    ck_assert_double_eq_tol(by_w, -2.0 * sum, 1e-10 * fabs(sum));
    /* L(c sigma_a, c kappa; c y) = L - P log c, so that the three derivatives add up to -P; that to
     * the scale of y is -y.alpha. */
    double alpha[P], quadratic = 0.0;
    ck_assert_int_eq(mfl_ridge_weights(ridge, alpha, P), MFL_OK);
    for (int i = 0; i < P; i++)
        quadratic += targets[i] * alpha[i];
    ck_assert_double_eq_tol(by_a + by_kappa - quadratic, -P, 1e-9);
    ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_SIGMA_W, &value), MFL_OK);
    ck_assert_double_eq(value, 1.4);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

/* At the maximum derivatives vanish; coordinates without influence get large precisions. */
START_TEST(maximum_of_the_evidence)
{
    double by_kappa, by_a, by_w, slopes[D], rho[D], before, after, stop;
    mfl_ridge *ridge = make_ridge("relu", "nngp", "model");
    mfl_dataset *train = all_samples();
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &before), MFL_OK);
    ck_assert_int_eq(
        mfl_ridge_optimise(ridge, train, kappa, MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_SIGMA_A),
        MFL_OK);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, &by_kappa, &by_a, &by_w, NULL, 0), MFL_OK);
    ck_assert_double_le(fabs(by_kappa), 1e-2);
    ck_assert_double_le(fabs(by_a), 1e-2);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &after), MFL_OK);
    ck_assert_double_ge(after, before);
    before = after;
    ck_assert_int_eq(
        mfl_ridge_optimise(ridge, train, kappa, MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_PRECISIONS),
        MFL_OK);
    ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_STOP, &stop), MFL_OK);
    ck_assert_int_eq((int)stop, MFL_STOP_CONVERGED);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &after), MFL_OK);
    ck_assert_double_ge(after, before + 5.0);
    ck_assert_int_eq(mfl_ridge_gradient(ridge, &by_kappa, NULL, NULL, slopes, D), MFL_OK);
    ck_assert_int_eq(mfl_ridge_precisions(ridge, rho, D), MFL_OK);
    for (int j = 0; j < D; j++)
        ck_assert_double_le(fabs(slopes[j]), 0.05);
    ck_assert_double_ge(fmin(rho[1], rho[3]), 5.0 * fmax(rho[0], rho[2])); /* not in the target */
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

START_TEST(joint_covariance)
{
    double covariance[T * T], mean[T], variance[T], both[2 * D], pair[4];
    mfl_ridge *ridge = make_ridge("gelu", "nngp", "model");
    mfl_dataset *train = all_samples();
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_covariance(ridge, test, T, D, covariance, T), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, test, T, D, mean, variance), MFL_OK);
    for (int i = 0; i < T; i++) {
        ck_assert_double_eq_tol(covariance[i * T + i], variance[i], 1e-13);
        for (int j = 0; j < i; j++) {
            ck_assert_double_eq(covariance[i * T + j], covariance[j * T + i]);
            memcpy(both, test + i * D, D * sizeof *both);
            memcpy(both + D, test + j * D, D * sizeof *both);
            ck_assert_int_eq(mfl_ridge_covariance(ridge, both, 2, D, pair, 2), MFL_OK);
            ck_assert_double_eq_tol(pair[1], covariance[i * T + j], 1e-13);
        }
    }
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

static int32_t product_kernel(int64_t row_count, const double *rows, int64_t column_count,
                              const double *columns, int64_t dimension, double *kernel,
                              int64_t stride, void *user_data)
{
    const double *power = user_data;
    for (int64_t i = 0; i < row_count; i++)
        for (int64_t j = 0; j < column_count; j++) {
            double sum = 0.0;
            for (int64_t k = 0; k < dimension; k++)
                sum += rows[i * dimension + k] * columns[j * dimension + k];
            kernel[i * stride + j] = pow(1.0 + sum * 1.4 * 1.4 / D, *power);
        }
    return 0;
}

/* The polynomial kernel as itself, as a caller's function and as a matrix: the same predictions. */
START_TEST(three_ways_to_a_kernel)
{
    double mean[3][T], variance[3][T], k[P * P], cross[T * P], prior[T], power = 3.0, rows[2 * P];
    mfl_ridge *ridge = make_ridge("relu", "polynomial", "model"),
              *caller = make_ridge("relu", "nngp", "model"),
              *matrix = make_ridge("relu", "precomputed", "model");
    mfl_dataset *train = all_samples();
    ck_assert_int_eq(mfl_ridge_set_kernel(caller, product_kernel, &power), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(caller, train, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, P, D, inputs, P, D, k, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, test, T, D, inputs, P, D, cross, P), MFL_OK);
    for (int i = 0; i < T; i++)
        ck_assert_int_eq(
            mfl_ridge_kernel(ridge, test + i * D, 1, D, test + i * D, 1, D, &prior[i], 1), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit_matrix(matrix, P, k, P, targets, kappa), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, test, T, D, mean[0], variance[0]), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(caller, test, T, D, mean[1], variance[1]), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict_matrix(matrix, cross, T, P, prior, mean[2], variance[2]),
                     MFL_OK);
    for (int way = 1; way < 3; way++)
        for (int i = 0; i < T; i++) {
            ck_assert_double_eq_tol(mean[way][i], mean[0][i], 1e-10);
            ck_assert_double_eq_tol(variance[way][i], variance[0][i], 1e-9);
        }
    /* Two right-hand sides at once: the targets, and twice them. */
    for (int i = 0; i < P; i++)
        rows[P + i] = 2.0 * (rows[i] = targets[i]);
    double alpha[P];
    ck_assert_int_eq(mfl_ridge_solve(ridge, rows, 2, P, rows, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_weights(ridge, alpha, P), MFL_OK);
    for (int i = 0; i < P; i++) {
        ck_assert_double_eq_tol(rows[i], alpha[i], 1e-12 * (1.0 + fabs(alpha[i])));
        ck_assert_double_eq_tol(rows[P + i], 2.0 * alpha[i], 1e-12 * (1.0 + fabs(alpha[i])));
    }
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    mfl_ridge_destroy(caller);
    mfl_ridge_destroy(matrix);
}
END_TEST

/* Conjugate gradients reach the exact weights, for any rank of the preconditioner and any number of
 * threads: the latter to the last bit. */
START_TEST(conjugate_gradients)
{
    enum { MANY = 700 };
    static double x[MANY * D], y[MANY], exact[MANY], alpha[MANY], first[MANY];
    static const char *const ranks[] = {"0", "40", "300", "2000"};
    for (int i = 0; i < MANY * D; i++)
        x[i] = sin(1.0 + 2.3 * i * i);
    for (int i = 0; i < MANY; i++)
        y[i] = cos(0.5 + 1.9 * i);
    mfl_ridge *ridge = make_ridge("relu", "nngp", "model");
    mfl_dataset *train = make_dataset(MANY, x, y);
    mfl_options *options;
    double residual, steps, before = 1e9;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
    ck_assert_int_eq(mfl_ridge_weights(ridge, exact, MANY), MFL_OK);
    set_text(ridge, "solver", "gradients");
    set_text(ridge, "tolerance", "1e-11");
    for (int k = 0; k < 4; k++) {
        set_text(ridge, "rank", ranks[k]);
        for (int threads = 1; threads <= 2; threads++) {
            ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads), MFL_OK);
            ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.1), MFL_OK);
            ck_assert_int_eq(mfl_ridge_weights(ridge, alpha, MANY), MFL_OK);
            if (threads == 1)
                memcpy(first, alpha, sizeof alpha);
            ck_assert_mem_eq(first, alpha, sizeof alpha);
        }
        ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_RESIDUAL, &residual), MFL_OK);
        ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_STEPS_DONE, &steps), MFL_OK);
        ck_assert_double_le(residual, 2e-11);
        ck_assert_double_le(steps, before);
        before = steps;
        for (int i = 0; i < MANY; i++)
            ck_assert_double_eq_tol(alpha[i], exact[i], 1e-7);
    }
    ck_assert_double_le(steps, 3.0); /* the preconditioner is exact at full rank */
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "ridge_analysis", left_out_samples, path_of_noises,
                             gradients, gradients_of_scales, maximum_of_the_evidence,
                             joint_covariance, three_ways_to_a_kernel, conjugate_gradients);
}
