/* SPDX-License-Identifier: BSD-3-Clause */
/* The laws of inputs and label noise, by moments. All seeds are fixed. An average is compared with its expectation at 5
 * standard errors, known exactly from the next moments: false alarm 6e-7 for each, and there are about 200, so that a
 * change of seed fails here with a probability of 1e-4. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "data/task.h"

enum { P = 40000, d = 6 };

static mfl_context *context;
static mfl_task *task;
static double x[P][d], fresh[P][d], noise[P];

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfl_task_create_hermite(context, d, 2, &task), MFL_OK);
}

static void teardown(void)
{
    mfl_task_destroy(task);
    mfl_context_destroy(context);
}

static void draw_number(int64_t index, int32_t role, double label_noise, double *inputs)
{
    mfl_dataset *data;
    const double *targets, *clean;
    ck_assert_int_eq(mfl_dataset_draw(task, P, label_noise, index, role, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, inputs, P * d), MFL_OK);
    ck_assert_int_eq(mfl_dataset_targets(data, &targets), MFL_OK);
    ck_assert_int_eq(mfl_dataset_clean_targets(data, &clean), MFL_OK);
    for (int i = 0; i < P; i++)
        noise[i] = targets[i] - clean[i];
    mfl_dataset_destroy(data);
}

static void draw(int32_t role, double label_noise, double *inputs)
{
    draw_number(0, role, label_noise, inputs);
}

static void set_law(const char *law)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_task_options(task, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "input_law", law), MFL_OK);
}

static void expect(const char *what, int i, int j, double sum, double mean, double variance)
{
    double error = sqrt(variance / P);
    ck_assert_msg(fabs(sum / P - mean) <= 5.0 * error, "%s (%d, %d): %g, not %g within 5 times %g", what, i, j, sum / P,
                  mean, error);
}

/* E x_i = 0, E x_i x_j = C_ij; variance of x_i x_j is `product` off the diagonal and `square` on it. */
static void expect_second_moments(double square, double product)
{
    for (int i = 0; i < d; i++) {
        double sum = 0.0;
        for (int mu = 0; mu < P; mu++)
            sum += x[mu][i];
        expect("mean", i, i, sum, 0.0, 1.0);
        for (int j = 0; j <= i; j++) {
            sum = 0.0;
            for (int mu = 0; mu < P; mu++)
                sum += x[mu][i] * x[mu][j];
            expect("second moment", i, j, sum, i == j, i == j ? square : product);
        }
    }
}

static void expect_fourth_moment(double mean, double eighth)
{
    for (int i = 0; i < d; i++) {
        double sum = 0.0;
        for (int mu = 0; mu < P; mu++)
            sum += pow(x[mu][i], 4);
        expect("fourth moment", i, i, sum, mean, eighth - mean * mean);
    }
}

START_TEST(the_hypercube_has_independent_signs)
{
    set_law("hypercube");
    draw(MFL_ROLE_TRAIN, 0.0, x[0]);
    for (int mu = 0; mu < P; mu++)
        for (int i = 0; i < d; i++)
            ck_assert(x[mu][i] == 1.0 || x[mu][i] == -1.0);
    expect_second_moments(0.0, 1.0);
    double sum = 0.0;
    for (int mu = 0; mu < P; mu++)
        sum += x[mu][0] * x[mu][1] * x[mu][2] * x[mu][3] * x[mu][4] * x[mu][5];
    expect("parity of all", 0, 5, sum, 0.0, 1.0);
}
END_TEST

START_TEST(gaussian_inputs_are_independent_normals)
{
    draw(MFL_ROLE_TRAIN, 0.0, x[0]);
    expect_second_moments(2.0, 1.0);
    expect_fourth_moment(3.0, 105.0);
}
END_TEST

/* With s = d (d + 2): E x_i^4 = 3 d^2/s, E x_i^2 x_j^2 = d^2/s, E x_i^8 = 105 d^4/(s (d + 4) (d + 6)). */
START_TEST(the_sphere_has_its_radius_and_moments)
{
    double s = d * (d + 2.0), d2 = (double)d * d;
    set_law("sphere");
    draw(MFL_ROLE_TRAIN, 0.0, x[0]);
    for (int mu = 0; mu < P; mu++) {
        double sum = 0.0;
        for (int i = 0; i < d; i++)
            sum += x[mu][i] * x[mu][i];
        ck_assert_double_le(fabs(sum - d), 1e-14 * d);
    }
    expect_second_moments(3.0 * d2 / s - 1.0, d2 / s);
    expect_fourth_moment(3.0 * d2 / s, 105.0 * d2 * d2 / (s * (d + 4.0) * (d + 6.0)));
}
END_TEST

START_TEST(correlated_inputs_have_their_covariance)
{
    double c[d][d];
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            c[i][j] = (1.0 + 0.2 * i) * (1.0 + 0.2 * j) * pow(-0.7, abs(i - j));
    ck_assert_int_eq(mfl_task_set_covariance(task, c[0], d, d), MFL_OK);
    draw(MFL_ROLE_TRAIN, 0.0, x[0]);
    for (int i = 0; i < d; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0.0;
            for (int mu = 0; mu < P; mu++)
                sum += x[mu][i] * x[mu][j];
            expect("covariance", i, j, sum, c[i][j], c[i][i] * c[j][j] + c[i][j] * c[i][j]);
        }
}
END_TEST

START_TEST(label_noise_has_its_variance_and_is_independent)
{
    const double s = 0.3;
    double mean = 0.0, square = 0.0, fourth = 0.0;
    draw(MFL_ROLE_TRAIN, s, x[0]);
    for (int mu = 0; mu < P; mu++) {
        mean += noise[mu];
        square += noise[mu] * noise[mu];
        fourth += pow(noise[mu], 4);
    }
    expect("noise", 0, 0, mean, 0.0, s * s);
    expect("noise squared", 0, 0, square, s * s, 2.0 * pow(s, 4));
    expect("noise to the fourth", 0, 0, fourth, 3.0 * pow(s, 4), 96.0 * pow(s, 8));
    for (int i = 0; i < d; i++) {
        double sum = 0.0;
        for (int mu = 0; mu < P; mu++)
            sum += noise[mu] * x[mu][i];
        expect("noise times input", i, i, sum, 0.0, s * s);
    }
}
END_TEST

static void expect_independent(const char *what)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double sum = 0.0;
            for (int mu = 0; mu < P; mu++)
                sum += x[mu][i] * fresh[mu][j];
            expect(what, i, j, sum, 0.0, 1.0);
        }
}

START_TEST(data_sets_of_two_indices_are_independent)
{
    static double first_noise[P];
    double sum = 0.0;
    draw(MFL_ROLE_TRAIN, 1.0, x[0]);
    memcpy(first_noise, noise, sizeof noise);
    draw_number(1, MFL_ROLE_TRAIN, 1.0, fresh[0]);
    for (int mu = 0; mu < P; mu++)
        sum += noise[mu] * first_noise[mu];
    expect("noise of two indices", 0, 0, sum, 0.0, 1.0);
    expect_independent("inputs of two indices");
}
END_TEST

START_TEST(train_and_test_are_independent)
{
    double train_noise[P], sum = 0.0;
    draw(MFL_ROLE_TRAIN, 1.0, x[0]);
    memcpy(train_noise, noise, sizeof noise);
    draw(MFL_ROLE_TEST, 1.0, fresh[0]);
    for (int mu = 0; mu < P; mu++)
        sum += noise[mu] * train_noise[mu];
    expect("noise of train and test", 0, 0, sum, 0.0, 1.0);
    expect_independent("train and test");
    draw(MFL_ROLE_VALIDATION, 1.0, x[0]);
    expect_independent("validation and test");
}
END_TEST

/* The mean square of a drawn target is the one reported; its own variance is estimated from the sample. */
START_TEST(drawn_targets_have_the_reported_moments)
{
    double u[d], mean, mean_square, error, y[P];
    for (int i = 0; i < d; i++)
        u[i] = i + 1.0;
    ck_assert_int_eq(mfl_task_set_direction(task, u, d), MFL_OK);
    static const char *const laws[] = {"hypercube", "gaussian", "sphere"};
    for (int law = 0; law < 3; law++) {
        double sum = 0.0, square = 0.0, fourth = 0.0;
        set_law(laws[law]);
        draw(MFL_ROLE_TRAIN, 0.0, x[0]);
        ck_assert_int_eq(mfl_task_evaluate(task, P, x[0], d, y), MFL_OK);
        ck_assert_int_eq(mfl_task_moments(task, &mean, &mean_square, &error), MFL_OK);
        for (int mu = 0; mu < P; mu++) {
            sum += y[mu];
            square += y[mu] * y[mu];
            fourth += pow(y[mu], 4);
        }
        expect(laws[law], 1, 1, sum, mean, square / P);
        expect(laws[law], 2, 2, square, mean_square, fourth / P - square / P * square / P);
    }
}
END_TEST

enum { nodes = 40 };

/* The n roots of he_n, between which he_n changes sign, and the weights 1/(n he_{n-1}^2) of Gauss-Hermite quadrature. */
static void gauss_hermite(double *z, double *weight)
{
    int found = 0;
    for (double left = -20.0; left < 20.0; left += 0.01) {
        double a = left, b = left + 0.01;
        if (mfli_hermite(nodes, a) * mfli_hermite(nodes, b) > 0.0)
            continue;
        for (int i = 0; i < 60; i++) {
            double middle = 0.5 * (a + b);
            *(mfli_hermite(nodes, a) * mfli_hermite(nodes, middle) > 0.0 ? &a : &b) = middle;
        }
        ck_assert_int_lt(found, nodes);
        z[found] = 0.5 * (a + b);
        weight[found] = 1.0 / (nodes * pow(mfli_hermite(nodes - 1, z[found]), 2));
        found++;
    }
    ck_assert_int_eq(found, nodes);
}

START_TEST(hermite_polynomials_are_orthonormal)
{
    double z[nodes], weight[nodes], fourth = 0.0;
    gauss_hermite(z, weight);
    for (int i = 0; i < nodes; i++)
        fourth += weight[i] * pow(z[i], 4);
    ck_assert_double_eq_tol(fourth, 3.0, 1e-12); /* the rule is one */
    for (int m = 0; m < nodes; m++)
        for (int n = 0; n <= m; n++) {
            double sum = 0.0;
            for (int i = 0; i < nodes; i++)
                sum += weight[i] * mfli_hermite(m, z[i]) * mfli_hermite(n, z[i]);
            ck_assert_double_eq_tol(sum, m == n, 1e-11);
        }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "laws", the_hypercube_has_independent_signs,
                             gaussian_inputs_are_independent_normals, the_sphere_has_its_radius_and_moments,
                             correlated_inputs_have_their_covariance,
                             label_noise_has_its_variance_and_is_independent,
                             data_sets_of_two_indices_are_independent, train_and_test_are_independent,
                             drawn_targets_have_the_reported_moments, hermite_polynomials_are_orthonormal);
}
