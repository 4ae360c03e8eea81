/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks against plain sums in long double, finite differences, and order parameters known exactly. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

#include "../run.h"

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s: %s", #call, mfl_context_message(context))

static mfl_context *context;

static int32_t relu_of_caller(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] > 0.0 ? z[i] : 0.0;
        derivative[i] = z[i] > 0.0;
    }
    return 0;
}

static int32_t refuse(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)count, (void)z, (void)value, (void)derivative, (void)user_data;
    return 7;
}

static const char *const activations[] = {"relu", "leaky", "erf", "tanh", "gelu", "linear", "quadratic"};
enum { activation_count = sizeof activations / sizeof activations[0] };

static mfl_model *make_model(int64_t d, int64_t n, const char *activation, double gamma)
{
    mfl_model *model;
    mfl_options *options;
    OK(mfl_model_create(context, d, n, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_text(options, "activation", activation));
    OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma));
    OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.3));
    OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, 0.7));
    OK(mfl_options_set_double(options, MFL_MODEL_LEAK, 0.2));
    return model;
}

static mfl_network *make_network(const mfl_model *model, int64_t index)
{
    mfl_network *network;
    OK(mfl_network_create(model, &network));
    OK(mfl_network_draw_prior(network, index));
    return network;
}

static long double phi(const char *activation, long double z)
{
    if (strcmp(activation, "relu") == 0)
        return z > 0 ? z : 0;
    if (strcmp(activation, "leaky") == 0)
        return z > 0 ? z : 0.2L * z;
    if (strcmp(activation, "erf") == 0)
        return erfl(z);
    if (strcmp(activation, "tanh") == 0)
        return tanhl(z);
    if (strcmp(activation, "gelu") == 0)
        return z * 0.5L * erfcl(-z / sqrtl(2.0L));
    return strcmp(activation, "linear") == 0 ? z : z * z;
}

static mfl_dataset *draw(int64_t d, int64_t count, int32_t role)
{
    mfl_task *task;
    mfl_dataset *data;
    OK(mfl_task_create_hermite(context, d, 2, &task));
    OK(mfl_dataset_draw(task, count, 0.1, 0, role, &data));
    mfl_task_destroy(task);
    return data;
}

/* The potential (T2), term by term in long double. */
static long double plain_potential(const char *activation, double gamma, int64_t n, int64_t d, const double *w,
                                   const double *a, const mfl_dataset *data, long double kappa)
{
    const double *x, *y;
    int64_t rows, stride, unit;
    OK(mfl_dataset_inputs(data, &x, &stride, &unit));
    OK(mfl_dataset_targets(data, &y));
    OK(mfl_dataset_shape(data, &rows, NULL));
    long double loss = 0, ws = 0, as = 0;
    for (int64_t mu = 0; mu < rows; mu++) {
        long double f = 0;
        for (int64_t i = 0; i < n; i++) {
            long double z = 0;
            for (int64_t j = 0; j < d; j++)
                z += (long double)w[i * d + j] * x[mu * stride + j];
            f += a[i] * phi(activation, z);
        }
        f *= powl(n, -gamma);
        loss += (y[mu] - f) * (y[mu] - f);
    }
    for (int64_t i = 0; i < n * d; i++)
        ws += (long double)w[i] * w[i];
    for (int64_t i = 0; i < n; i++)
        as += (long double)a[i] * a[i];
    return loss / (2 * kappa * kappa) + d / (2 * 1.3L * 1.3L) * ws + as / (2 * 0.7L * 0.7L);
}

START_TEST(potential_is_the_plain_sum)
{
    const int64_t sizes[][3] = {{1, 1, 1}, {3, 5, 7}, {37, 11, 50}, {130, 4, 13}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t k = 0; k < activation_count; k++) {
            const int64_t n = sizes[s][0], d = sizes[s][1];
            mfl_model *model = make_model(d, n, activations[k], 0.75);
            mfl_network *network = make_network(model, 3);
            mfl_dataset *data = draw(d, sizes[s][2], MFL_ROLE_TRAIN);
            double *w = malloc(sizeof(double) * (size_t)(n * d)), *a = malloc(sizeof(double) * (size_t)n), u;
            OK(mfl_network_copy_weights(network, w, d, a));
            OK(mfl_network_potential(network, data, 0.3, &u, NULL, 0, NULL));
            long double plain = plain_potential(activations[k], 0.75, n, d, w, a, data, 0.3L);
            ck_assert_msg(fabsl(u - plain) <= 1e-13L * plain, "%s: %.17g against %.17Lg", activations[k], u, plain);
            free(w);
            free(a);
            mfl_dataset_destroy(data);
            mfl_network_destroy(network);
            mfl_model_destroy(model);
        }
}
END_TEST

/* Central differences of the long-double potential with h = 1e-6 leave a relative error near 1e-10; kinks of ReLU lie
 * farther than h from every z of these draws. */
START_TEST(gradient_is_the_derivative)
{
    enum { n = 6, d = 4, samples = 9 };
    for (size_t k = 0; k < activation_count; k++) {
        mfl_model *model = make_model(d, n, activations[k], 0.5);
        mfl_network *network = make_network(model, 1);
        mfl_dataset *data = draw(d, samples, MFL_ROLE_TRAIN);
        double w[n * d], a[n], gw[n * (d + 2)], ga[n], u, scale = 0.0;
        OK(mfl_network_copy_weights(network, w, d, a));
        OK(mfl_network_potential(network, data, 0.2, &u, gw, d + 2, ga));
        for (int i = 0; i < n; i++)
            scale = fmax(scale, fabs(ga[i]));
        for (int i = 0; i < n * (d + 1); i++) {
            double *parameter = i < n * d ? &w[i] : &a[i - n * d];
            double analytic = i < n * d ? gw[i / d * (d + 2) + i % d] : ga[i - n * d];
            const double kept = *parameter, h = 1e-6;
            *parameter = kept + h;
            long double up = plain_potential(activations[k], 0.5, n, d, w, a, data, 0.2L);
            *parameter = kept - h;
            long double down = plain_potential(activations[k], 0.5, n, d, w, a, data, 0.2L);
            *parameter = kept;
            double numeric = (double)((up - down) / (2 * (long double)h));
            ck_assert_msg(fabs(analytic - numeric) < 1e-8 * scale, "%s, parameter %d: %.12g against %.12g",
                          activations[k], i, analytic, numeric);
        }
        mfl_dataset_destroy(data);
        mfl_network_destroy(network);
        mfl_model_destroy(model);
    }
}
END_TEST

START_TEST(callers_activation_is_used_and_may_refuse)
{
    enum { n = 20, d = 3 };
    mfl_model *own = make_model(d, n, "relu", 0.5), *callers = make_model(d, n, "relu", 0.5);
    OK(mfl_model_set_activation(callers, relu_of_caller, NULL));
    mfl_network *first = make_network(own, 0), *second = make_network(callers, 0);
    mfl_dataset *data = draw(d, 30, MFL_ROLE_TRAIN);
    double u, v, g[n * d], h[n * d];
    OK(mfl_network_potential(first, data, 0.1, &u, g, d, NULL));
    OK(mfl_network_potential(second, data, 0.1, &v, h, d, NULL));
    ck_assert_double_eq_tol(u, v, 1e-12 * u);
    for (int i = 0; i < n * d; i++)
        ck_assert_double_eq_tol(g[i], h[i], 1e-10 * u);
    OK(mfl_model_set_activation(callers, refuse, NULL));
    mfl_network *third = make_network(callers, 0);
    ck_assert_int_eq(mfl_network_potential(third, data, 0.1, &v, NULL, 0, NULL), MFL_ERROR_CALLBACK);
    mfl_network_destroy(third);
    mfl_network_destroy(second);
    mfl_network_destroy(first);
    mfl_dataset_destroy(data);
    mfl_model_destroy(callers);
    mfl_model_destroy(own);
}
END_TEST

/* 200,000 weights: mean within 5 standard errors of 0 and mean square within 5 of its value; false alarms below 1.2e-6
 * over both. The seed is fixed. */
START_TEST(prior_draws_have_their_moments_and_do_not_depend_on_the_width)
{
    enum { n = 10000, d = 20 };
    mfl_model *wide = make_model(d, n, "relu", 0.5), *narrow = make_model(d, 7, "relu", 0.5);
    mfl_network *big = make_network(wide, 5), *small = make_network(narrow, 5), *other = make_network(narrow, 6);
    double *w = malloc(sizeof(double) * n * d), a[n], v[7 * d], b[7], u[7 * d];
    OK(mfl_network_copy_weights(big, w, d, a));
    OK(mfl_network_copy_weights(small, v, d, b));
    OK(mfl_network_copy_weights(other, u, d, NULL));
    double sum = 0.0, square = 0.0, readout = 0.0;
    for (int i = 0; i < n * d; i++) {
        sum += w[i];
        square += w[i] * w[i];
    }
    for (int i = 0; i < n; i++)
        readout += a[i] * a[i];
    const double variance = 1.3 * 1.3 / d, count = n * d;
    ck_assert_double_lt(fabs(sum / count), 5.0 * sqrt(variance / count));
    ck_assert_double_lt(fabs(square / count / variance - 1.0), 5.0 * sqrt(2.0 / count));
    ck_assert_double_lt(fabs(readout / n / 0.49 - 1.0), 5.0 * sqrt(2.0 / n));
    ck_assert_mem_eq(w, v, sizeof v);
    ck_assert_mem_eq(a, b, sizeof b);
    ck_assert_mem_ne(u, v, sizeof v);
    free(w);
    mfl_network_destroy(other);
    mfl_network_destroy(small);
    mfl_network_destroy(big);
    mfl_model_destroy(narrow);
    mfl_model_destroy(wide);
}
END_TEST

/* With d = k nothing is approximated: m is the average of f(x) chi(x) over all 2^k inputs. */
START_TEST(order_parameter_of_a_full_parity_is_the_exact_average)
{
    enum { n = 9, d = 6, rows = 1 << d };
    double x[rows * d], y[rows];
    for (int mu = 0; mu < rows; mu++) {
        y[mu] = 1.0;
        for (int j = 0; j < d; j++)
            y[mu] *= x[mu * d + j] = mu >> j & 1 ? 1.0 : -1.0;
    }
    mfl_task *task;
    mfl_dataset *all;
    OK(mfl_task_create_parity(context, d, d, &task));
    OK(mfl_dataset_copy(context, rows, d, x, d, 1, y, &all));
    for (size_t k = 0; k < activation_count; k++) {
        mfl_model *model = make_model(d, n, activations[k], 0.5);
        mfl_network *network = make_network(model, 2);
        double exact, projected, error;
        OK(mfl_network_measure_order_parameter(network, task, all, &exact, &error));
        OK(mfl_network_order_parameter(network, task, &projected));
        ck_assert_msg(fabs(projected - exact) < 1e-13, "%s: %.17g against %.17g", activations[k], projected, exact);
        mfl_network_destroy(network);
        mfl_model_destroy(model);
    }
    mfl_dataset_destroy(all);
    mfl_task_destroy(task);
}
END_TEST

/* Hermite teachers on Gaussian inputs: both measurements agree within 5 standard errors (false alarm 6e-7 each, 21
 * comparisons), with a direction that is not a coordinate axis. */
START_TEST(order_parameter_of_a_hermite_teacher_agrees_with_samples)
{
    enum { n = 12, d = 5, rows = 200000 };
    const double direction[d] = {1.0, -2.0, 0.5, 0.0, 3.0};
    for (int64_t degree = 1; degree <= 3; degree++) {
        mfl_task *task;
        mfl_dataset *data;
        OK(mfl_task_create_hermite(context, d, degree, &task));
        OK(mfl_task_set_direction(task, direction, d));
        OK(mfl_dataset_draw(task, rows, 0.0, 1, MFL_ROLE_TEST, &data));
        for (size_t k = 0; k < activation_count; k++) {
            mfl_model *model = make_model(d, n, activations[k], 0.5);
            mfl_network *network = make_network(model, 4);
            double sampled, error, projected;
            OK(mfl_network_measure_order_parameter(network, task, data, &sampled, &error));
            OK(mfl_network_order_parameter(network, task, &projected));
            ck_assert_msg(fabs(projected - sampled) < 5.0 * error, "%s, degree %d: %g against %g +- %g",
                          activations[k], (int)degree, projected, sampled, error);
            mfl_network_destroy(network);
            mfl_model_destroy(model);
        }
        mfl_dataset_destroy(data);
        mfl_task_destroy(task);
    }
}
END_TEST

/* he_Q(c.x) = sum over a + b = Q of sqrt(Q!/(a! b!)) c_1^a c_2^b he_a(x_1) he_b(x_2) for a unit vector c: the order
 * parameter of the sum is that of the single direction. */
START_TEST(a_sum_that_is_one_direction_has_its_order_parameter)
{
    enum { n = 12, d = 5 };
    static const char *const chosen[] = {"relu", "erf", "gelu", "leaky"};
    const double c[d] = {0.6, -0.8};
    double factorial = 1.0;
    for (int64_t total = 1; total <= 4; total++) {
        double coefficients[5], of_a = 1.0, projected[2];
        int64_t degrees[10];
        mfl_task *sum, *single;
        mfl_options *options;
        factorial *= (double)total;
        for (int64_t a = 0; a <= total; a++) {
            of_a *= a ? (double)a : 1.0;
            coefficients[a] = sqrt(factorial / (of_a * tgamma((double)(total - a) + 1.0))) * pow(c[0], (double)a)
                * pow(c[1], (double)(total - a));
            degrees[2 * a] = a;
            degrees[2 * a + 1] = total - a;
        }
        OK(mfl_task_create_sum(context, d, 2, total + 1, degrees, coefficients, &sum));
        OK(mfl_task_options(sum, &options));
        OK(mfl_options_set_text(options, "input_law", "gaussian"));
        OK(mfl_task_create_hermite(context, d, total, &single));
        OK(mfl_task_set_direction(single, c, d));
        for (size_t k = 0; k < sizeof chosen / sizeof chosen[0]; k++) {
            mfl_model *model = make_model(d, n, chosen[k], 0.5);
            mfl_network *network = make_network(model, 4);
            OK(mfl_network_order_parameter(network, sum, &projected[0]));
            OK(mfl_network_order_parameter(network, single, &projected[1]));
            ck_assert_double_eq_tol(projected[0], projected[1], 1e-13);
            mfl_network_destroy(network);
            mfl_model_destroy(model);
        }
        mfl_task_destroy(sum);
        mfl_task_destroy(single);
    }
}
END_TEST

/* A planted network has the order parameter 1, to rounding. */
START_TEST(planted_networks_have_learned_the_task)
{
    enum { d = 6, n = 37 };
    const int64_t degrees[4] = {1, 0, 1, 1};
    const double coefficients[2] = {0.5, -2.0};
    double value;
    mfl_task *tasks[3];
    OK(mfl_task_create_parity(context, d, 2, &tasks[0]));
    OK(mfl_task_create_hermite(context, d, 2, &tasks[1]));
    OK(mfl_task_create_sum(context, d, 2, 2, degrees, coefficients, &tasks[2]));
    for (int i = 0; i < 6; i++) {
        mfl_model *model = make_model(d, n, i % 2 ? "gelu" : "relu", i % 2 ? 1.0 : 0.5);
        mfl_network *network = make_network(model, 0);
        OK(mfl_network_plant(network, tasks[i / 2]));
        OK(mfl_network_order_parameter(network, tasks[i / 2], &value));
        ck_assert_double_eq_tol(value, 1.0, 1e-12);
        mfl_network_destroy(network);
        mfl_model_destroy(model);
    }
    for (int i = 0; i < 3; i++)
        mfl_task_destroy(tasks[i]);
}
END_TEST

/* The mean of f chi over samples, and the deviation over n - 1 divided by the root of n. */
START_TEST(a_measured_order_parameter_is_a_mean_with_its_error)
{
    enum { d = 4, n = 3, rows = 5 };
    double x[rows * d], f[rows], value, error, mean = 0.0, square = 0.0;
    mfl_task *task;
    mfl_dataset *data;
    mfl_model *model = make_model(d, n, "relu", 0.5);
    mfl_network *network = make_network(model, 1);
    OK(mfl_task_create_parity(context, d, 2, &task));
    OK(mfl_dataset_draw(task, rows, 0.0, 0, MFL_ROLE_TEST, &data));
    OK(mfl_dataset_copy_inputs(data, x, rows * d));
    OK(mfl_network_forward(network, x, rows, d, f));
    OK(mfl_network_measure_order_parameter(network, task, data, &value, &error));
    for (int i = 0; i < rows; i++)
        mean += f[i] * x[i * d] * x[i * d + 1] / rows;
    for (int i = 0; i < rows; i++)
        square += pow(f[i] * x[i * d] * x[i * d + 1] - mean, 2.0);
    ck_assert_double_eq_tol(value, mean, 1e-14);
    ck_assert_double_eq_tol(error, sqrt(square / (rows - 1) / rows), 1e-14);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
    mfl_dataset_destroy(data);
    mfl_task_destroy(task);
}
END_TEST

/* Inputs that lie column after column are the same inputs; weights beyond the range of U are named. */
START_TEST(the_potential_takes_any_layout_and_names_overflow)
{
    enum { d = 3, n = 4, rows = 6 };
    double x[rows * d], across[d * rows], w[n * d], a[n], u[2], g[2][n * d];
    const double *y;
    mfl_dataset *data = draw(d, rows, MFL_ROLE_TRAIN), *view;
    mfl_model *model = make_model(d, n, "gelu", 0.5);
    mfl_network *network = make_network(model, 2);
    OK(mfl_dataset_copy_inputs(data, x, rows * d));
    OK(mfl_dataset_targets(data, &y));
    for (int i = 0; i < rows * d; i++)
        across[i % d * rows + i / d] = x[i];
    OK(mfl_dataset_view(context, rows, d, across, 1, rows, y, &view));
    OK(mfl_network_potential(network, data, 0.3, &u[0], g[0], d, NULL));
    OK(mfl_network_potential(network, view, 0.3, &u[1], g[1], d, NULL));
    ck_assert_double_eq(u[0], u[1]);
    ck_assert_mem_eq(g[0], g[1], sizeof g[0]);
    OK(mfl_network_copy_weights(network, w, d, a));
    a[1] = 1e160;
    OK(mfl_network_set_weights(network, w, d, a));
    ck_assert_int_eq(mfl_network_potential(network, data, 0.3, &u[0], NULL, 0, NULL), MFL_ERROR_NOT_FINITE);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
    mfl_dataset_destroy(view);
    mfl_dataset_destroy(data);
}
END_TEST

/* J = 2 w_1 w_2 for z^2 and k = 2, whatever the other weights. */
START_TEST(quadratic_networks_see_pairs_exactly)
{
    enum { n = 3, d = 8 };
    mfl_model *model = make_model(d, n, "quadratic", 1.0);
    mfl_network *network = make_network(model, 8);
    mfl_task *task;
    double w[n * d], a[n], m, expected = 0.0;
    OK(mfl_task_create_parity(context, d, 2, &task));
    OK(mfl_network_copy_weights(network, w, d, a));
    OK(mfl_network_order_parameter(network, task, &m));
    for (int i = 0; i < n; i++)
        expected += a[i] * 2.0 * w[i * d] * w[i * d + 1] / n;
    ck_assert_double_eq_tol(m, expected, 1e-14);
    mfl_task_destroy(task);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
}
END_TEST

static void overwrite(const char *path, long position, int flip)
{
    FILE *file = fopen(path, "r+b");
    ck_assert_ptr_nonnull(file);
    fseek(file, position, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, position, SEEK_SET);
    fputc(byte ^ flip, file);
    fclose(file);
}

START_TEST(a_saved_network_comes_back_and_damage_is_noticed)
{
    enum { n = 5, d = 3 };
    char path[] = "network-XXXXXX";
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    mfl_model *model = make_model(d, n, "gelu", 0.6);
    mfl_network *network = make_network(model, 1), *loaded;
    double w[n * d], a[n], v[n * d], b[n], x[d] = {0.3, -1.0, 2.0}, f, g;
    OK(mfl_network_save(network, path));
    OK(mfl_network_load(context, path, &loaded));
    OK(mfl_network_copy_weights(network, w, d, a));
    OK(mfl_network_copy_weights(loaded, v, d, b));
    OK(mfl_network_forward(network, x, 1, d, &f));
    OK(mfl_network_forward(loaded, x, 1, d, &g));
    ck_assert_mem_eq(w, v, sizeof w);
    ck_assert_mem_eq(a, b, sizeof a);
    ck_assert(f == g);
    mfl_network_destroy(loaded);
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    fclose(file);
    for (long position = 0; position < size; position++) {
        overwrite(path, position, 0x10);
        int32_t status = mfl_network_load(context, path, &loaded);
        ck_assert_msg(status == MFL_ERROR_CHECKSUM || status == MFL_ERROR_FORMAT, "byte %ld: %s", position,
                      mfl_status_name(status));
        ck_assert_ptr_null(loaded);
        overwrite(path, position, 0x10);
    }
    OK(mfl_network_load(context, path, &loaded));
    mfl_network_destroy(loaded);
    ck_assert_int_eq(truncate(path, size - 1), 0);
    ck_assert_int_ne(mfl_network_load(context, path, &loaded), MFL_OK);
    unlink(path);
    ck_assert_int_eq(mfl_network_load(context, path, &loaded), MFL_ERROR_IO);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
}
END_TEST

START_TEST(a_callers_activation_must_be_given_again)
{
    char path[] = "network-XXXXXX";
    int descriptor = mkstemp(path);
    close(descriptor);
    mfl_model *model = make_model(2, 2, "relu", 0.5);
    OK(mfl_model_set_activation(model, relu_of_caller, NULL));
    mfl_network *network = make_network(model, 1), *loaded;
    double x[2] = {1.0, -1.0}, f, g;
    OK(mfl_network_save(network, path));
    OK(mfl_network_load(context, path, &loaded));
    ck_assert_int_eq(mfl_network_forward(loaded, x, 1, 2, &f), MFL_ERROR_STATE);
    OK(mfl_network_set_activation(loaded, relu_of_caller, NULL));
    OK(mfl_network_forward(loaded, x, 1, 2, &f));
    OK(mfl_network_forward(network, x, 1, 2, &g));
    ck_assert(f == g);
    unlink(path);
    mfl_network_destroy(loaded);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
}
END_TEST

int main(void)
{
    if (mfl_context_create(&context))
        return 1;
    int failed = RUN_TESTS("network", potential_is_the_plain_sum, gradient_is_the_derivative,
                           callers_activation_is_used_and_may_refuse,
                           prior_draws_have_their_moments_and_do_not_depend_on_the_width,
                           order_parameter_of_a_full_parity_is_the_exact_average,
                           order_parameter_of_a_hermite_teacher_agrees_with_samples,
                           a_sum_that_is_one_direction_has_its_order_parameter,
                           planted_networks_have_learned_the_task,
                           a_measured_order_parameter_is_a_mean_with_its_error,
                           the_potential_takes_any_layout_and_names_overflow, quadratic_networks_see_pairs_exactly,
                           a_saved_network_comes_back_and_damage_is_noticed,
                           a_callers_activation_must_be_given_again);
    mfl_context_destroy(context);
    return failed;
}
