/* SPDX-License-Identifier: BSD-3-Clause */
/* Mean, variance and evidence of kernel ridge regression against the formulas worked out in other
 * ways. */
#include <math.h>
#include <mflearn/mflearn.h>

#include "../run.h"

enum { P = 9, D = 4, T = 600 };

static const double kappa = 0.3;

static mfl_context *context;
static double inputs[P * D], targets[P], test[T * D];

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int i = 0; i < P * D; i++)
        inputs[i] = sin(1.0 + 2.3 * i * i);
    for (int i = 0; i < P; i++)
        targets[i] = cos(0.5 + 1.9 * i);
    for (int i = 0; i < T * D; i++)
        test[i] = 1.5 * sin(0.3 + 0.71 * i * (i % 13));
}

static mfl_ridge *make_ridge(int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, D, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.7), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

static void fit(mfl_ridge *ridge, int64_t samples)
{
    mfl_dataset *train;
    ck_assert_int_eq(mfl_dataset_copy(context, samples, D, inputs, D, 1, targets, &train), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
    mfl_dataset_destroy(train);
}

/* Gaussian elimination with pivoting in long double: b becomes A^-1 b; returns det A. */
static long double eliminate(int n, long double a[], long double b[])
{
    long double det = 1.0L;
    for (int i = 0; i < n; i++) {
        int best = i;
        for (int r = i + 1; r < n; r++)
            best = fabsl(a[r * n + i]) > fabsl(a[best * n + i]) ? r : best;
        det *= best == i ? 1.0L : -1.0L;
        for (int c = 0; c < n; c++) {
            long double keep = a[i * n + c];
            a[i * n + c] = a[best * n + c];
            a[best * n + c] = keep;
        }
        long double keep = b[i];
        b[i] = b[best];
        b[best] = keep;
        det *= a[i * n + i];
        for (int r = 0; r < n; r++) {
            long double factor = r == i ? 0.0L : a[r * n + i] / a[i * n + i];
            for (int c = 0; c < n; c++)
                a[r * n + c] -= factor * a[i * n + c];
            b[r] -= factor * b[i];
        }
    }
    for (int i = 0; i < n; i++)
        b[i] /= a[i * n + i];
    return det;
}

/* (K + kappa^2)^-1 right; det(K + kappa^2). */
static long double solve(const double k[], const double right[], long double solution[])
{
    long double a[P * P];
    for (int i = 0; i < P * P; i++)
        a[i] = k[i] + (i % (P + 1) == 0 ? (long double)kappa * kappa : 0.0L);
    for (int i = 0; i < P; i++)
        solution[i] = right[i];
    return eliminate(P, a, solution);
}

static void check_against_direct_solve(int32_t activation)
{
    static double cross[T * P], mean[T], variance[T];
    double k[P * P], alpha[P], log_evidence;
    long double exact[P], quadratic = 0.0L;
    mfl_ridge *ridge = make_ridge(activation);
    fit(ridge, P);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, P, D, inputs, P, D, k, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, test, T, D, inputs, P, D, cross, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_weights(ridge, alpha, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, test, T, D, mean, variance), MFL_OK);
    ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &log_evidence), MFL_OK);

    long double det = solve(k, targets, exact);
    for (int i = 0; i < P; i++) {
        quadratic += targets[i] * exact[i];
        ck_assert_double_eq_tol(alpha[i], (double)exact[i], 1e-12);
    }
    long double evidence = -0.5L * (quadratic + logl(det) + P * logl(2.0L * acosl(-1.0L)));
    ck_assert_double_eq_tol(log_evidence, (double)evidence, 1e-12);
    for (int t = 0; t < T; t++) {
        long double f = 0.0L, explained = 0.0L, solution[P];
        double prior;
        solve(k, cross + t * P, solution);
        for (int i = 0; i < P; i++) {
            f += exact[i] * cross[t * P + i];
            explained += solution[i] * cross[t * P + i];
        }
        ck_assert_int_eq(mfl_ridge_kernel(ridge, test + t * D, 1, D, test + t * D, 1, D, &prior, 1),
                         MFL_OK);
        ck_assert_double_eq_tol(mean[t], (double)f, 1e-12);
        ck_assert_double_eq_tol(variance[t], (double)(prior - explained), 1e-12);
    }
    mfl_ridge_destroy(ridge);
}

START_TEST(against_direct_solve)
{
    setup();
    check_against_direct_solve(MFL_ACTIVATION_RELU);
    check_against_direct_solve(MFL_ACTIVATION_ERF);
    mfl_context_destroy(context);
}
END_TEST

/* The linear network is Bayesian linear regression with weights v ~ N(0, sigma_w^2 / d I): the same
 * predictor from d x d matrices, mean x^T A^-1 X^T y and variance kappa^2 x^T A^-1 x with A = X^T X
 * + kappa^2 d / sigma_w^2. */
START_TEST(linear_is_linear_regression)
{
    setup();
    static double mean[T], variance[T];
    mfl_ridge *ridge = make_ridge(MFL_ACTIVATION_LINEAR);
    fit(ridge, P);
    ck_assert_int_eq(mfl_ridge_predict(ridge, test, T, D, mean, variance), MFL_OK);
    long double moments[D * D], right[D];
    for (int i = 0; i < D; i++) {
        right[i] = 0.0L;
        for (int s = 0; s < P; s++)
            right[i] += (long double)inputs[s * D + i] * targets[s];
        for (int j = 0; j < D; j++) {
            moments[i * D + j] = i == j ? (long double)kappa * kappa * D / (1.7L * 1.7L) : 0.0L;
            for (int s = 0; s < P; s++)
                moments[i * D + j] += (long double)inputs[s * D + i] * inputs[s * D + j];
        }
    }
    for (int t = 0; t < T; t++) {
        long double a[D * D], x[D], f = 0.0L, spread = 0.0L;
        for (int i = 0; i < D * D; i++)
            a[i] = moments[i];
        for (int i = 0; i < D; i++)
            x[i] = test[t * D + i];
        eliminate(D, a, x);
        for (int i = 0; i < D; i++) {
            f += x[i] * right[i];
            spread += x[i] * test[t * D + i];
        }
        ck_assert_double_eq_tol(mean[t], (double)f, 1e-12);
        ck_assert_double_eq_tol(variance[t], (double)(kappa * kappa * spread), 1e-12);
    }
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

static double log_normal_density(double y, double mean, double variance)
{
    return -0.5 * ((y - mean) * (y - mean) / variance + log(2.0 * acos(-1.0) * variance));
}

/* p(y_1 ... y_P) = prod p(y_i | y_1 ... y_{i-1}), each factor a prediction from those before. */
START_TEST(evidence_is_a_chain_of_predictions)
{
    setup();
    mfl_ridge *ridge = make_ridge(MFL_ACTIVATION_RELU);
    double prior, evidence;
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, 1, D, inputs, 1, D, &prior, 1), MFL_OK);
    double sum = log_normal_density(targets[0], 0.0, prior + kappa * kappa);
    for (int64_t samples = 1; samples <= P; samples++) {
        fit(ridge, samples);
        ck_assert_int_eq(mfl_ridge_log_evidence(ridge, &evidence), MFL_OK);
        ck_assert_double_eq_tol(evidence, sum, 1e-11);
        if (samples == P)
            break;
        double mean, variance;
        ck_assert_int_eq(mfl_ridge_predict(ridge, inputs + samples * D, 1, D, &mean, &variance),
                         MFL_OK);
        sum += log_normal_density(targets[samples], mean, variance + kappa * kappa);
    }
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

/* On the training inputs f = y - kappa^2 alpha. */
START_TEST(training_predictions)
{
    setup();
    mfl_ridge *ridge = make_ridge(MFL_ACTIVATION_ERF);
    double alpha[P], mean[P];
    fit(ridge, P);
    ck_assert_int_eq(mfl_ridge_weights(ridge, alpha, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, P, D, mean, NULL), MFL_OK);
    for (int i = 0; i < P; i++)
        ck_assert_double_eq_tol(mean[i], targets[i] - kappa * kappa * alpha[i], 1e-13);
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("ridge", against_direct_solve, linear_is_linear_regression,
                     evidence_is_a_chain_of_predictions, training_predictions);
}
