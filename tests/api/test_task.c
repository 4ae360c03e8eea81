/* SPDX-License-Identifier: BSD-3-Clause */
#include <check.h>
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;
static mfl_task *task;

static void setup(void)
{
    task = NULL;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_task_destroy(task);
    mfl_context_destroy(context);
}

static void set_law(const char *law)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_task_options(task, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "input_law", law), MFL_OK);
}

static void expect_message(const char *piece)
{
    ck_assert_msg(strstr(mfl_context_message(context), piece) != NULL, "\"%s\" does not say \"%s\"",
                  mfl_context_message(context), piece);
}

/* Mean and mean square, to a relative 1e-12, with an error estimate that is no larger. */
static void expect_moments(double mean, double mean_square)
{
    double found[3];
    ck_assert_int_eq(mfl_task_moments(task, &found[0], &found[1], &found[2]), MFL_OK);
    ck_assert_double_le(found[2], 1e-12 * fmax(1.0, mean_square));
    ck_assert_double_le(fabs(found[0] - mean), 1e-12 * fmax(1.0, mean_square));
    ck_assert_double_le(fabs(found[1] - mean_square), 1e-12 * fmax(1.0, mean_square));
}

static int32_t cube(int64_t count, const double *z, double *value, void *user_data)
{
    *(int64_t *)user_data += count;
    for (int64_t i = 0; i < count; i++)
        value[i] = z[i] * z[i] * z[i];
    return 0;
}

static int32_t refuse(int64_t count, const double *z, double *value, void *user_data)
{
    (void)count, (void)z, (void)value, (void)user_data;
    return 7;
}

static int32_t square_root(int64_t count, const double *z, double *value, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++)
        value[i] = sqrt(z[i]);
    return 0;
}

START_TEST(sizes_are_checked)
{
    ck_assert_int_eq(mfl_task_create_parity(context, 4, 5, &task), MFL_ERROR_ARGUMENT);
    ck_assert_ptr_null(task);
    expect_message("degree is 5");
    ck_assert_int_eq(mfl_task_create_parity(context, 4, 0, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_parity(context, 0, 0, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_relu(context, INT64_MAX, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_hermite(context, 3, 0, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_hermite(context, 3, 100001, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_caller(context, 3, NULL, NULL, &task), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_create_relu(context, 3, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_create_relu(NULL, 3, &task), MFL_ERROR_NULL);
}
END_TEST

START_TEST(a_parity_multiplies_its_support)
{
    const double x[3][5] = {{1, -1, 1, -1, -1}, {2, 3, 5, 7, 11}, {-1, -1, -1, -1, -1}};
    const int64_t support[3] = {4, 1, 2}, twice[3] = {1, 2, 1}, outside[3] = {0, 1, 5};
    double y[3];
    int32_t kind;
    int64_t d, k;
    ck_assert_int_eq(mfl_task_create_parity(context, 5, 3, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 3, x[0], 5, y), MFL_OK);
    ck_assert(y[0] == -1.0 && y[1] == 30.0 && y[2] == -1.0);
    ck_assert_int_eq(mfl_task_set_support(task, support, 3), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 3, x[0], 5, y), MFL_OK);
    ck_assert(y[0] == 1.0 && y[1] == 165.0 && y[2] == -1.0);
    ck_assert_int_eq(mfl_task_set_support(task, twice, 3), MFL_ERROR_ARGUMENT);
    expect_message("coordinate 1 twice");
    ck_assert_int_eq(mfl_task_set_support(task, outside, 3), MFL_ERROR_ARGUMENT);
    expect_message("support[2] is 5");
    ck_assert_int_eq(mfl_task_set_support(task, support, 2), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, x[1], 5, y), MFL_OK);
    ck_assert(y[0] == 165.0); /* a refused support changes nothing */
    ck_assert_int_eq(mfl_task_shape(task, &kind, &d, &k), MFL_OK);
    ck_assert(kind == MFL_TASK_PARITY && d == 5 && k == 3);
    ck_assert_int_eq(mfl_task_set_direction(task, x[0], 5), MFL_ERROR_STATE);
    set_law("correlated");
    ck_assert_int_eq(mfl_task_evaluate(task, 1, x[1], 5, y), MFL_ERROR_UNSUPPORTED);
}
END_TEST

/* he_q = He_q/sqrt(q!): He_3 = z^3 - 3z, He_6 = z^6 - 15 z^4 + 45 z^2 - 15. For a high degree, at 0:
 * he_2m(0) = (-1)^m sqrt((2m)!)/(2^m m!). */
START_TEST(hermite_teachers_follow_their_polynomials)
{
    double y;
    for (double z = -4.0; z <= 4.0; z += 0.37) {
        ck_assert_int_eq(mfl_task_create_hermite(context, 1, 3, &task), MFL_OK);
        ck_assert_int_eq(mfl_task_evaluate(task, 1, &z, 1, &y), MFL_OK);
        ck_assert_double_eq_tol(y, (z * z * z - 3.0 * z) / sqrt(6.0), 1e-13 * 52.0);
        mfl_task_destroy(task);
        ck_assert_int_eq(mfl_task_create_hermite(context, 1, 6, &task), MFL_OK);
        ck_assert_int_eq(mfl_task_evaluate(task, 1, &z, 1, &y), MFL_OK);
        ck_assert_double_eq_tol(y, (pow(z, 6) - 15.0 * pow(z, 4) + 45.0 * z * z - 15.0) / sqrt(720.0), 1e-11);
        mfl_task_destroy(task);
    }
    const double zero = 0.0;
    ck_assert_int_eq(mfl_task_create_hermite(context, 1, 2000, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, &zero, 1, &y), MFL_OK);
    ck_assert_double_eq_tol(y, exp(0.5 * lgamma(2001.0) - 1000.0 * log(2.0) - lgamma(1001.0)), 1e-9);
}
END_TEST

START_TEST(the_direction_is_normalised)
{
    const double x[2][3] = {{1, 2, 3}, {-1, 0, -1}}, u[3] = {3e200, 0, 4e200}, zero[3] = {0, 0, 0};
    const double bad[3] = {1, NAN, 0};
    double y[2];
    ck_assert_int_eq(mfl_task_create_relu(context, 3, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 2, x[0], 3, y), MFL_OK);
    ck_assert(y[0] == 1.0 && y[1] == 0.0);
    ck_assert_int_eq(mfl_task_set_direction(task, u, 3), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 2, x[0], 3, y), MFL_OK);
    ck_assert_double_eq_tol(y[0], 3.0, 1e-15);
    ck_assert(y[1] == 0.0);
    ck_assert_int_eq(mfl_task_set_direction(task, zero, 3), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_set_direction(task, bad, 3), MFL_ERROR_NOT_FINITE);
    expect_message("direction[1]");
    ck_assert_int_eq(mfl_task_set_direction(task, u, 2), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_task_set_support(task, NULL, 3), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, bad, 3, y), MFL_ERROR_NOT_FINITE);
    expect_message("inputs[0][1]");
    ck_assert_int_eq(mfl_task_evaluate(task, -1, x[0], 3, y), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, x[0], 2, y), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, NULL, 3, y), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_evaluate(task, 0, NULL, 3, NULL), MFL_OK);
}
END_TEST

START_TEST(callers_functions_are_called_and_checked)
{
    double x[600], y[600];
    int64_t calls = 0;
    for (int i = 0; i < 600; i++)
        x[i] = 0.01 * (i - 300);
    ck_assert_int_eq(mfl_task_create_caller(context, 1, cube, &calls, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 600, x, 1, y), MFL_OK);
    ck_assert_int_eq(calls, 600);
    for (int i = 0; i < 600; i++)
        ck_assert(y[i] == x[i] * x[i] * x[i]);
    expect_moments(0.0, 15.0);
    mfl_task_destroy(task);
    ck_assert_int_eq(mfl_task_create_caller(context, 1, refuse, NULL, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 600, x, 1, y), MFL_ERROR_CALLBACK);
    expect_message("returned 7");
    mfl_task_destroy(task);
    ck_assert_int_eq(mfl_task_create_caller(context, 1, square_root, NULL, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 600, x, 1, y), MFL_ERROR_NOT_FINITE);
}
END_TEST

/* E relu^2 = 1/2 under every law with unit variance; E relu is 1/sqrt(2 pi) for a normal, 1/2 on the hypercube along an
 * axis, and on the sphere of radius sqrt(3) half the mean of |z|, z uniform on [-sqrt(3), sqrt(3)]. */
START_TEST(relu_moments_are_the_closed_forms)
{
    const double pi = acos(-1.0), diagonal[3] = {1, 1, 0};
    ck_assert_int_eq(mfl_task_create_relu(context, 3, &task), MFL_OK);
    expect_moments(1.0 / sqrt(2.0 * pi), 0.5);
    set_law("sphere");
    expect_moments(sqrt(3.0) / 4.0, 0.5);
    set_law("hypercube");
    expect_moments(0.5, 0.5);
    ck_assert_int_eq(mfl_task_set_direction(task, diagonal, 3), MFL_OK);
    expect_moments(sqrt(2.0) / 4.0, 0.5); /* z = sqrt(2), 0, 0, -sqrt(2) */
}
END_TEST

/* he_3 on the sphere: E z^2 = 1, E z^4 = 3d/(d+2), E z^6 = 15 d^2/((d+2)(d+4)). With standard deviation s:
 * E he_3(s z)^2 = (15 s^6 - 18 s^4 + 9 s^2)/6, E he_2(s z) = (s^2 - 1)/sqrt(2). */
START_TEST(hermite_moments_are_the_closed_forms)
{
    const double c[2][3] = {{4, 1, 9}, {1, 2, 9}}, u[2] = {1, 1}; /* a row stride of 3 */
    double d = 7.0, s2 = 4.0;
    ck_assert_int_eq(mfl_task_create_hermite(context, 7, 3, &task), MFL_OK);
    expect_moments(0.0, 1.0);
    set_law("sphere");
    expect_moments(0.0, (15.0 * d * d / (d + 2.0) / (d + 4.0) - 18.0 * d / (d + 2.0) + 9.0) / 6.0);
    mfl_task_destroy(task);
    ck_assert_int_eq(mfl_task_create_hermite(context, 2, 3, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_covariance(task, c[0], 2, 3), MFL_OK);
    ck_assert_int_eq(mfl_task_set_direction(task, u, 2), MFL_OK); /* u' C u = (4 + 1 + 1 + 2)/2 */
    expect_moments(0.0, (15.0 * s2 * s2 * s2 - 18.0 * s2 * s2 + 9.0 * s2) / 6.0);
    mfl_task_destroy(task);
    ck_assert_int_eq(mfl_task_create_hermite(context, 2, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_covariance(task, c[0], 2, 3), MFL_OK);
    expect_moments(3.0 / sqrt(2.0), (3.0 * 16.0 - 2.0 * 4.0 + 1.0) / 2.0);
}
END_TEST

START_TEST(parity_moments_are_the_closed_forms)
{
    ck_assert_int_eq(mfl_task_create_parity(context, 6, 3, &task), MFL_OK);
    expect_moments(0.0, 1.0);
    set_law("gaussian");
    expect_moments(0.0, 1.0);
    set_law("sphere"); /* E x1^2 x2^2 x3^2 = d^2/((d+2)(d+4)) */
    expect_moments(0.0, 36.0 / 80.0);
}
END_TEST

START_TEST(hypercube_moments_end_at_twenty_components)
{
    double u[21];
    for (int j = 0; j < 21; j++)
        u[j] = 1.0;
    ck_assert_int_eq(mfl_task_create_hermite(context, 21, 2, &task), MFL_OK);
    set_law("hypercube");
    ck_assert_int_eq(mfl_task_set_direction(task, u, 21), MFL_OK);
    ck_assert_int_eq(mfl_task_moments(task, NULL, NULL, NULL), MFL_ERROR_UNSUPPORTED);
    u[3] = 0.0; /* n = 20 equal signs: E z^4 = 3 - 2/n, so E he_2^2 = (E z^4 - 1)/2 = 1 - 1/n */
    ck_assert_int_eq(mfl_task_set_direction(task, u, 21), MFL_OK);
    expect_moments(0.0, 0.95);
}
END_TEST

START_TEST(covariances_are_checked)
{
    const double skew[4] = {1, 0.5, 0.4, 1}, singular[4] = {1, 1, 1, 1}, bad[4] = {1, 0, INFINITY, 1};
    const double negative[4] = {1, 2, 2, 1}, good[4] = {1, 0, 0, 1};
    double mean;
    ck_assert_int_eq(mfl_task_create_relu(context, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_covariance(task, skew, 2, 2), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_set_covariance(task, bad, 2, 2), MFL_ERROR_NOT_FINITE);
    ck_assert_int_eq(mfl_task_set_covariance(task, singular, 2, 2), MFL_ERROR_NOT_POSITIVE_DEFINITE);
    ck_assert_int_eq(mfl_task_set_covariance(task, negative, 2, 2), MFL_ERROR_NOT_POSITIVE_DEFINITE);
    expect_message("coordinate 1");
    ck_assert_int_eq(mfl_task_set_covariance(task, good, 3, 3), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_task_set_covariance(task, good, 2, 1), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_task_set_covariance(task, NULL, 2, 2), MFL_ERROR_NULL);
    set_law("correlated");
    ck_assert_int_eq(mfl_task_moments(task, &mean, NULL, NULL), MFL_ERROR_STATE);
    expect_message("mfl_task_set_covariance");
    ck_assert_int_eq(mfl_task_set_covariance(task, good, 2, 2), MFL_OK);
    ck_assert_int_eq(mfl_task_moments(task, &mean, NULL, NULL), MFL_OK);
}
END_TEST

/* The staircase x_0 + x_0 x_1 / 2 on chosen coordinates, by hand. */
START_TEST(sums_are_evaluated_term_by_term)
{
    static const int64_t degrees[] = {1, 0, 1, 1, 1, 0}, support[] = {3, 1}, twice[] = {3, 3};
    static const double coefficients[] = {0.75, 0.5, 0.25};
    static const double x[] = {1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0};
    double y[2];
    int32_t kind;
    ck_assert_int_eq(mfl_task_create_sum(context, 4, 2, 3, degrees, coefficients, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_shape(task, &kind, NULL, NULL), MFL_OK);
    ck_assert_int_eq(kind, MFL_TASK_SUM);
    ck_assert_int_eq(mfl_task_evaluate(task, 2, x, 4, y), MFL_OK);
    ck_assert_double_eq(y[0], 0.5); /* x_0 = 1, x_1 = -1 */
    ck_assert_double_eq(y[1], 1.5);
    ck_assert_int_eq(mfl_task_set_support(task, twice, 2), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_set_support(task, support, 2), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 2, x, 4, y), MFL_OK);
    ck_assert_double_eq(y[0], 0.5); /* x_3 = 1, x_1 = -1 */
    ck_assert_double_eq(y[1], -1.5);
    expect_moments(0.0, 1.25); /* two of the terms are one */
}
END_TEST

/* he_1(u) he_2(v) + 2 of directions on Gaussian inputs, which are orthonormal up to what was passed. */
START_TEST(sums_of_directions)
{
    static const int64_t degrees[] = {1, 2, 0, 0};
    static const double coefficients[] = {1.0, 2.0}, x[] = {1.0, 2.0, -1.0};
    static const double directions[] = {0.6, 0.8, 0.0, 0.8, -0.6, 0.0}, slanted[] = {0.6, 0.8, 0.0, 1.0, 0.0, 0.0};
    double y, u = 2.2, v = -0.4;
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 2, degrees, coefficients, &task), MFL_OK);
    expect_moments(2.0, 5.0);
    ck_assert_int_eq(mfl_task_set_directions(task, slanted, 2, 3, 3), MFL_ERROR_ARGUMENT);
    expect_message("orthonormal");
    ck_assert_int_eq(mfl_task_set_directions(task, directions, 1, 3, 3), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_task_set_directions(task, NULL, 2, 3, 3), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_set_directions(task, directions, 2, 3, 3), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, 1, x, 3, &y), MFL_OK);
    ck_assert_double_eq_tol(y, u * (v * v - 1.0) / sqrt(2.0) + 2.0, 1e-14);
    set_law("hypercube");
    ck_assert_int_eq(mfl_task_moments(task, &y, NULL, NULL), MFL_ERROR_UNSUPPORTED);
    ck_assert_int_eq(mfl_task_set_direction(task, x, 3), MFL_ERROR_STATE);
    set_law("correlated");
    ck_assert_int_eq(mfl_task_evaluate(task, 1, x, 3, &y), MFL_ERROR_UNSUPPORTED);
}
END_TEST

START_TEST(sums_are_checked)
{
    static const int64_t degrees[] = {1, 0}, negative[] = {-1, 0};
    static const double one[] = {1.0}, nan[] = {NAN};
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 0, 1, degrees, one, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_sum(context, 1, 2, 1, degrees, one, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 0, degrees, one, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 1, negative, one, &task), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 1, degrees, nan, &task), MFL_ERROR_NOT_FINITE);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 1, NULL, one, &task), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 1, degrees, NULL, &task), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_create_sum(context, 3, 2, 1, degrees, one, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_task_create_parity(context, 3, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_directions(task, one, 1, 3, 3), MFL_ERROR_STATE);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "task", sizes_are_checked, a_parity_multiplies_its_support,
                             hermite_teachers_follow_their_polynomials, the_direction_is_normalised,
                             callers_functions_are_called_and_checked, relu_moments_are_the_closed_forms,
                             hermite_moments_are_the_closed_forms, parity_moments_are_the_closed_forms,
                             hypercube_moments_end_at_twenty_components, covariances_are_checked,
                             sums_are_evaluated_term_by_term, sums_of_directions, sums_are_checked);
}
