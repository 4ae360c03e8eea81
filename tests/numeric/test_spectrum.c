/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning curves: a case worked out by hand, exact spectra against sums over all inputs and sum
 * rules, and predictions against ridge regression on drawn data. */
#include <math.h>
#include <mflearn/mflearn.h>
#include <stdlib.h>

#include "../run.h"

static mfl_context *context;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

static mfl_ridge *make_ridge(int64_t d, const char *model_activation, const char *kernel,
                             const char *activation)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, d, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "activation", model_activation), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "sigma_w", "1.2"), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "leak", "-0.4"), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "kernel", kernel), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "activation", activation), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "degree", "4"), MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

/* sum lambda / (lambda + r) + 0.1 / r = 2 and what follows; the numbers are those of an evaluation
 * in 40 digits. */
START_TEST(a_small_case)
{
    const double values[] = {1.0, 0.5, 0.25, 0.125}, power[] = {1.0, 1.0, 0.0, 0.0};
    double results[MFL_SPECTRUM_RESULTS], learned[4];
    mfl_spectrum *spectrum;
    ck_assert_int_eq(mfl_spectrum_create(context, 4, values, NULL, 0.0, &spectrum), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_learn(spectrum, power, 2.0, 0.1, 0.01, results, learned, 4),
                     MFL_OK);
    ck_assert_double_eq_tol(results[MFL_SPECTRUM_EFFECTIVE_RIDGE], 0.455316691409, 1e-11);
    ck_assert_double_eq_tol(results[MFL_SPECTRUM_OVERFITTING], 1.848636091099, 1e-11);
    ck_assert_double_eq_tol(results[MFL_SPECTRUM_TEST_ERROR], 0.619375135583, 1e-11);
    ck_assert_double_eq_tol(results[MFL_SPECTRUM_TRAIN_ERROR], 0.007469071775, 1e-11);
    ck_assert_double_eq_tol(learned[0] + learned[1] + learned[2] + learned[3]
                                + 0.1 / results[MFL_SPECTRUM_EFFECTIVE_RIDGE],
                            2.0, 1e-13);
    mfl_spectrum_destroy(spectrum);
}
END_TEST

/* Eigenvalues and multiplicities are scale-free: the same from one entry of multiplicity 6 as from
 * six entries; r scales with the kernel. Without ridge and with fewer modes than samples r is 0, as
 * for least squares: test error s^2 n / (n - m), train error s^2 (n - m) / n. */
START_TEST(limits)
{
    const double one = 0.3, many = 6.0, six[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    const double power = 1.2, powers[] = {0.2, 0.2, 0.2, 0.2, 0.2, 0.2};
    double a[MFL_SPECTRUM_RESULTS], b[MFL_SPECTRUM_RESULTS];
    mfl_spectrum *whole, *parts;
    ck_assert_int_eq(mfl_spectrum_create(context, 1, &one, &many, 0.0, &whole), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_create(context, 6, six, NULL, 0.0, &parts), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_learn(whole, &power, 4.5, 0.01, 0.2, a, NULL, 0), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_learn(parts, powers, 4.5, 0.01, 0.2, b, NULL, 0), MFL_OK);
    for (int i = 0; i < MFL_SPECTRUM_RESULTS; i++)
        ck_assert_double_eq_tol(a[i], b[i], 1e-13 * fabs(a[i]));
    ck_assert_int_eq(mfl_spectrum_learn(whole, &power, 10.0, 0.0, 0.2, a, NULL, 0), MFL_OK);
    ck_assert_double_eq(a[MFL_SPECTRUM_EFFECTIVE_RIDGE], 0.0);
    ck_assert_double_eq_tol(a[MFL_SPECTRUM_TEST_ERROR], 0.2 * 10.0 / 4.0, 1e-14);
    ck_assert_double_eq_tol(a[MFL_SPECTRUM_TRAIN_ERROR], 0.2 * 4.0 / 10.0, 1e-14);
    ck_assert_int_eq(mfl_spectrum_learn(whole, &power, 6.0, 0.0, 0.2, a, NULL, 0),
                     MFL_ERROR_DIVERGED);
    ck_assert_int_eq(mfl_spectrum_learn(whole, NULL, 6.0, 0.1, 0.2, a, NULL, 0), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_spectrum_learn(whole, &power, -1.0, 0.1, 0.2, a, NULL, 0),
                     MFL_ERROR_ARGUMENT);
    mfl_spectrum_destroy(parts);
    ck_assert_int_eq(mfl_spectrum_create(context, 1, &power, &one, -1.0, &parts),
                     MFL_ERROR_ARGUMENT);
    ck_assert_ptr_null(parts);
    mfl_spectrum_destroy(whole);
}
END_TEST

static const char *const kernels[][3] = {
    {"relu", "nngp", "model"},       {"relu", "ntk", "model"},      {"leaky", "nngp", "model"},
    {"erf", "nngp", "model"},        {"erf", "ntk", "model"},       {"gelu", "nngp", "model"},
    {"linear", "nngp", "model"},     {"quadratic", "ntk", "model"}, {"relu", "ntk", "hermite"},
    {"relu", "nngp", "sin"},         {"relu", "nngp", "sign"},      {"relu", "rbf", "model"},
    {"relu", "polynomial", "model"}, {"tanh", "nngp", "model"},
};
enum { KERNELS = sizeof kernels / sizeof kernels[0] };

/* Against 2^-d sum over all x of K(x, 1) x_1 ... x_k, and sum C(d, k) lambda_k = K(x, x). */
START_TEST(hypercube_by_enumeration)
{
    enum { D = 7, ALL = 1 << D };
    for (int i = 0; i < KERNELS; i++) {
        mfl_ridge *ridge = make_ridge(D, kernels[i][0], kernels[i][1], kernels[i][2]);
        mfl_spectrum *spectrum;
        double x[ALL * D], k[ALL], values[D + 1], multiplicities[D + 1], sum = 0.0, rest;
        for (int s = 0; s < ALL; s++)
            for (int j = 0; j < D; j++)
                x[s * D + j] = s >> j & 1 ? -1.0 : 1.0;
        ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, D, x, ALL, D, k, ALL), MFL_OK);
        ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_HYPERCUBE, D + 1, &spectrum),
                         MFL_OK);
        ck_assert_int_eq(mfl_spectrum_read(spectrum, values, multiplicities, NULL, D + 1), MFL_OK);
        ck_assert_int_eq(mfl_spectrum_shape(spectrum, NULL, &rest), MFL_OK);
        for (int degree = 0; degree <= D; degree++) {
            double exact = 0.0;
            for (int s = 0; s < ALL; s++) {
                double parity = 1.0;
                for (int j = 0; j < degree; j++)
                    parity *= x[s * D + j];
                exact += k[s] * parity / ALL;
            }
            ck_assert_msg(fabs(values[degree] - exact) < 1e-13 * k[0],
                          "%s %s %s, degree %d: %.17g, by enumeration %.17g", kernels[i][0],
                          kernels[i][1], kernels[i][2], degree, values[degree], exact);
            sum += multiplicities[degree] * values[degree];
        }
        ck_assert_double_eq_tol(sum, k[0], 1e-13 * k[0]);
        ck_assert_double_le(rest, 1e-13 * k[0]);
        mfl_spectrum_destroy(spectrum);
        mfl_ridge_destroy(ridge);
    }
}
END_TEST

/* d = 200: the sum rule, and values of erf against sums over Hamming distances with 400 digits by
 *   mpmath: mp.dps=400; s=mpf('1.44'); K=lambda h: 2/pi*asin(2*s*(1-mpf(2*h)/200)/(1+2*s))
 *   E=lambda k: sum(K(h)*sum((-1)**j*binomial(k,j)*binomial(200-k,h-j) for j in range(k+1))
 *                   for h in range(201))/mpf(2)**200 */
START_TEST(hypercube_in_200_dimensions)
{
    enum { D = 200 };
    static const struct {
        int degree;
        double value;
    } exact[] = {
#include "references/hypercube.h"
    };
    for (int i = 0; i < KERNELS; i++) {
        mfl_ridge *ridge = make_ridge(D, kernels[i][0], kernels[i][1], kernels[i][2]);
        mfl_spectrum *spectrum;
        double x[D], k, values[D + 1], multiplicities[D + 1], sum = 0.0;
        for (int j = 0; j < D; j++)
            x[j] = 1.0;
        ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, D, x, 1, D, &k, 1), MFL_OK);
        ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_HYPERCUBE, D + 1, &spectrum),
                         MFL_OK);
        ck_assert_int_eq(mfl_spectrum_read(spectrum, values, multiplicities, NULL, D + 1), MFL_OK);
        for (int degree = 0; degree <= D; degree++) {
            ck_assert_double_ge(values[degree], 0.0);
            sum += multiplicities[degree] * values[degree];
        }
        ck_assert_msg(fabs(sum - k) < 1e-12 * k, "%s %s %s: %.17g of %.17g", kernels[i][0],
                      kernels[i][1], kernels[i][2], sum, k);
        if (i == 3)
            for (size_t j = 0; j < sizeof exact / sizeof exact[0]; j++)
                ck_assert_msg(fabs(values[exact[j].degree] - exact[j].value)
                                  < 1e-12 * exact[j].value,
                              "degree %d: %.17g, not %.17g", exact[j].degree,
                              values[exact[j].degree], exact[j].value);
        mfl_spectrum_destroy(spectrum);
        mfl_ridge_destroy(ridge);
    }
}
END_TEST

/* On the circle eigenvalues are Fourier coefficients of the kernel. Equally spaced points on the
 * circle err by less than 1e-9 unless a kink is of low order. */
START_TEST(spheres)
{
    enum { DEGREES = 12, POINTS = 1 << 12 };
    for (int i = 0; i < KERNELS; i++) {
        if (i == 10 || i == 1) /* sign and the relu tangent kernel have kinks of low order */
            continue;
        mfl_ridge *ridge = make_ridge(2, kernels[i][0], kernels[i][1], kernels[i][2]);
        mfl_spectrum *spectrum;
        double values[DEGREES], multiplicities[DEGREES], x[2] = {sqrt(2.0), 0.0};
        static double y[2 * POINTS], k[POINTS];
        for (int p = 0; p < POINTS; p++) {
            double angle = 2.0 * acos(-1.0) * p / POINTS;
            y[2 * p] = sqrt(2.0) * cos(angle);
            y[2 * p + 1] = sqrt(2.0) * sin(angle);
        }
        ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, 2, y, POINTS, 2, k, POINTS), MFL_OK);
        ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_SPHERE, DEGREES, &spectrum),
                         MFL_OK);
        ck_assert_int_eq(mfl_spectrum_read(spectrum, values, multiplicities, NULL, DEGREES),
                         MFL_OK);
        for (int degree = 0; degree < DEGREES; degree++) {
            double exact = 0.0;
            for (int p = 0; p < POINTS; p++)
                exact += k[p] * cos(2.0 * acos(-1.0) * degree * (double)p / POINTS) / POINTS;
            ck_assert_double_eq(multiplicities[degree], degree ? 2.0 : 1.0);
            ck_assert_msg(fabs(values[degree] - exact) < 1e-9 * k[0],
                          "%s %s %s, degree %d: %.17g, by quadrature %.17g", kernels[i][0],
                          kernels[i][1], kernels[i][2], degree, values[degree], exact);
        }
        mfl_spectrum_destroy(spectrum);
        mfl_ridge_destroy(ridge);
    }
}
END_TEST

/* sum m lambda = E K(x, x) with little left after many degrees. */
START_TEST(gaussian_sum_rule)
{
    enum { D = 3, DEGREES = 60 };
    static const char *const cases[][2] = {
        {"rbf", "relu"}, {"nngp", "quadratic"}, {"nngp", "linear"}, {"nngp", "relu"}};
    const double v = 1.44 / D, traces[] = {1.0, 3.0 * v * v * D * (D + 2.0), v * D, 0.5 * v * D};
    for (int i = 0; i < 4; i++) {
        mfl_ridge *ridge = make_ridge(D, cases[i][1], cases[i][0], "model");
        mfl_spectrum *spectrum;
        double values[DEGREES], multiplicities[DEGREES], sum = 0.0, rest;
        ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_GAUSSIAN, DEGREES, &spectrum),
                         MFL_OK);
        ck_assert_int_eq(mfl_spectrum_shape(spectrum, NULL, &rest), MFL_OK);
        ck_assert_int_eq(mfl_spectrum_read(spectrum, values, multiplicities, NULL, DEGREES),
                         MFL_OK);
        for (int degree = 0; degree < DEGREES; degree++)
            sum += values[degree] * multiplicities[degree];
        ck_assert_double_eq_tol(sum + rest, traces[i], 1e-10 * traces[i]);
        ck_assert_double_le(rest, (i == 3 ? 1e-3 : 1e-8) * traces[i]);
        mfl_spectrum_destroy(spectrum);
        mfl_ridge_destroy(ridge);
    }
}
END_TEST

/* Mean squared test error of ridge regression over data sets, and its standard error. */
static void measure(mfl_ridge *ridge, const mfl_task *task, int64_t samples, double kappa,
                    double label_noise, int64_t sets, double *mean, double *error)
{
    enum { TESTS = 1000 };
    double sum = 0.0, square = 0.0, f[TESTS];
    for (int64_t s = 0; s < sets; s++) {
        mfl_dataset *train, *test;
        const double *x, *y;
        int64_t stride, column_stride;
        ck_assert_int_eq(mfl_dataset_draw(task, samples, label_noise, s, MFL_ROLE_TRAIN, &train),
                         MFL_OK);
        ck_assert_int_eq(mfl_dataset_draw(task, TESTS, 0.0, s, MFL_ROLE_TEST, &test), MFL_OK);
        ck_assert_int_eq(mfl_dataset_inputs(test, &x, &stride, &column_stride), MFL_OK);
        ck_assert_int_eq(mfl_dataset_targets(test, &y), MFL_OK);
        ck_assert_int_eq(mfl_ridge_fit(ridge, train, kappa), MFL_OK);
        ck_assert_int_eq(mfl_ridge_predict(ridge, x, TESTS, stride, f, NULL), MFL_OK);
        double mse = 0.0;
        for (int i = 0; i < TESTS; i++)
            mse += (f[i] - y[i]) * (f[i] - y[i]) / TESTS;
        sum += mse / (double)sets;
        square += mse * mse / (double)sets;
        mfl_dataset_destroy(train);
        mfl_dataset_destroy(test);
    }
    *mean = sum;
    *error = sqrt(fmax(square - sum * sum, 0.0) / (double)(sets - 1));
}

/* Parity of two bits of ten, relu: exact spectrum. The theory is asymptotic; at these sizes it is
 * good to about 2 per cent, which is allowed beside 4 standard errors of the measurement (by chance
 * exceeded in 6e-5 of seeds per point; the seed is fixed). */
START_TEST(parity_on_drawn_data)
{
    enum { D = 10, SETS = 24 };
    mfl_task *task;
    mfl_spectrum *spectrum;
    mfl_ridge *ridge = make_ridge(D, "relu", "nngp", "model");
    ck_assert_int_eq(mfl_task_create_parity(context, D, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, MFL_SPECTRUM_HYPERCUBE, D + 1, &spectrum),
                     MFL_OK);
    for (int64_t samples = 40; samples <= 320; samples *= 2) {
        double power[D + 1] = {0.0}, theory[MFL_SPECTRUM_RESULTS], mean, error;
        power[2] = 1.0;
        ck_assert_int_eq(
            mfl_spectrum_learn(spectrum, power, (double)samples, 0.01, 0.04, theory, NULL, 0),
            MFL_OK);
        measure(ridge, task, samples, 0.1, 0.2, SETS, &mean, &error);
        double predicted = theory[MFL_SPECTRUM_TEST_ERROR] - 0.04;
        ck_assert_msg(fabs(mean - predicted) < 4.0 * error + 0.02 * predicted,
                      "n = %d: measured %g +- %g, predicted %g", (int)samples, mean, error,
                      predicted);
    }
    mfl_spectrum_destroy(spectrum);
    mfl_task_destroy(task);
    mfl_ridge_destroy(ridge);
}
END_TEST

/* Hermite teachers on Gaussian inputs through the empirical spectrum of 1200 samples, with the same
 * allowances, 4 per cent for the finite pool. Quadratic functions of Gaussian inputs have heavy
 * tails, against the assumption of the theory: for degree 2 and more samples than are tested here
 * (n > d^2 / 4) errors lie up to 40 per cent above it. */
static void check_hermite(int64_t degree, int64_t first, int64_t last)
{
    enum { D = 20, POOL = 1200, SETS = 16 };
    mfl_task *task;
    mfl_dataset *pool;
    mfl_spectrum *spectrum;
    mfl_ridge *ridge = make_ridge(D, "relu", "nngp", "model");
    ck_assert_int_eq(mfl_task_create_hermite(context, D, degree, &task), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, POOL, 0.0, 999, MFL_ROLE_VALIDATION, &pool), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_data(ridge, pool, &spectrum), MFL_OK);
    for (int64_t samples = first; samples <= last; samples *= 2) {
        double theory[MFL_SPECTRUM_RESULTS], mean, error;
        ck_assert_int_eq(
            mfl_spectrum_learn(spectrum, NULL, (double)samples, 0.01, 0.04, theory, NULL, 0),
            MFL_OK);
        measure(ridge, task, samples, 0.1, 0.2, SETS, &mean, &error);
        double predicted = theory[MFL_SPECTRUM_TEST_ERROR] - 0.04;
        ck_assert_msg(fabs(mean - predicted) < 4.0 * error + 0.04 * predicted,
                      "degree %d, n = %d: measured %g +- %g, predicted %g", (int)degree,
                      (int)samples, mean, error, predicted);
    }
    mfl_spectrum_destroy(spectrum);
    mfl_dataset_destroy(pool);
    mfl_task_destroy(task);
    mfl_ridge_destroy(ridge);
}

START_TEST(hermite_on_drawn_data)
{
    check_hermite(1, 10, 160);
    check_hermite(2, 25, 100);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "spectrum", a_small_case, limits,
                             hypercube_by_enumeration, hypercube_in_200_dimensions, spheres,
                             gaussian_sum_rule, parity_on_drawn_data, hermite_on_drawn_data);
}
