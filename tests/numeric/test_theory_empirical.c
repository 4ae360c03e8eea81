/* SPDX-License-Identifier: BSD-3-Clause */
/* Theories of a training set. Seeds are fixed; false-alarm rates are those of new seeds. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;
static mfl_options *of_context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfl_context_options(context, &of_context), MFL_OK);
}

static void close_context(void)
{
    mfl_context_destroy(context);
}

static mfl_model *new_model(int64_t d, int64_t n, int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    ck_assert_int_eq(mfl_model_create(context, d, n, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    return model;
}

static mfl_dataset *draw_parity(int64_t d, int64_t k, int64_t count, int32_t role)
{
    mfl_task *task;
    mfl_dataset *data;
    ck_assert_int_eq(mfl_task_create_parity(context, d, k, &task), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, count, 0.1, 0, role, &data), MFL_OK);
    mfl_task_destroy(task);
    return data;
}

static mfl_theory *new_theory(const mfl_model *model, const mfl_dataset *train, int32_t preset,
                              int64_t particles, int64_t sweeps, double tolerance)
{
    mfl_theory *theory;
    mfl_options *options;
    ck_assert_int_eq(mfl_theory_create_empirical(context, model, train, NULL, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, preset), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PARTICLES, particles), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SWEEPS, sweeps), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, tolerance), MFL_OK);
    return theory;
}

static void solve(mfl_theory *theory, double samples, double kappa)
{
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s", mfl_context_message(context));
}

static double get(const mfl_theory *theory, int32_t key, double *error)
{
    double value;
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, error), MFL_OK);
    return value;
}

/* ---- limits ---- */

enum { tests = 40 };

static double distance(const double *a, const double *b)
{
    double largest = 0.0;
    for (int32_t i = 0; i < tests; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/* At infinite width every closure is kernel ridge regression, whatever the particles do and however few
 * they are. */
START_TEST(infinite_width_is_ridge_regression)
{
    static const int32_t activations[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_ERF,
                                          MFL_ACTIVATION_QUADRATIC};
    mfl_dataset *train = draw_parity(6, 2, 50, MFL_ROLE_TRAIN),
                *test = draw_parity(6, 2, tests, MFL_ROLE_TEST);
    const double *inputs;
    int64_t stride, column_stride;
    ck_assert_int_eq(mfl_dataset_inputs(test, &inputs, &stride, &column_stride), MFL_OK);
    for (int32_t i = 0; i < 3; i++) {
        double mean[2][tests], variance[2][tests];
        mfl_model *model = new_model(6, 0, activations[i]);
        mfl_ridge *ridge;
        ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
        ck_assert_int_eq(mfl_ridge_fit(ridge, train, 0.3), MFL_OK);
        ck_assert_int_eq(mfl_ridge_predict(ridge, inputs, tests, stride, mean[0], variance[0]), MFL_OK);
        for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
            mfl_theory *theory = new_theory(model, train, preset, 8, 60, 0.01);
            int32_t stop;
            solve(theory, 50, 0.3);
            ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
            ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
            ck_assert_int_eq(mfl_theory_predict(theory, inputs, tests, stride, mean[1], variance[1]),
                             MFL_OK);
            ck_assert_double_lt(distance(mean[0], mean[1]), 1e-10);
            ck_assert_double_lt(distance(variance[0], variance[1]), 1e-10);
            mfl_theory_destroy(theory);
        }
        mfl_ridge_destroy(ridge);
        mfl_model_destroy(model);
    }
    mfl_dataset_destroy(test);
    mfl_dataset_destroy(train);
}
END_TEST

/* One datum x = y = 1, linear activation, d = 1, kappa^2 = 0.1, sigma = 1. The whole posterior is known: at
 * N = 1 plain mean field is exact, 0.8409. At N = 64 the screened theory is 0.9090; its equations
 * integrated on a grid. */
static double overlap_of_one(int64_t n, int32_t preset, double *error)
{
    const double one = 1.0;
    mfl_dataset *train;
    mfl_model *model = new_model(1, n, MFL_ACTIVATION_LINEAR);
    ck_assert_int_eq(mfl_dataset_copy(context, 1, 1, &one, 1, 1, &one, &train), MFL_OK);
    mfl_theory *theory = new_theory(model, train, preset, 4096, 200, 1e-6);
    solve(theory, 1, sqrt(0.1));
    double overlap = get(theory, MFL_THEORY_OVERLAP, error);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    return overlap;
}

/* E[B x w/A] of N = 1 by the midpoint rule: the law of w is the prior times (A)^(-1/2) exp(B^2/2A). */
static double exact_of_one(void)
{
    double mass = 0.0, sum = 0.0;
    for (double w = 0.0005; w < 12.0; w += 0.001) {
        const double a = 1.0 + 10.0 * w * w, b = 10.0 * w,
                     p = exp(-0.5 * w * w + 0.5 * b * b / a) / sqrt(a);
        mass += p;
        sum += p * b * w / a;
    }
    return sum / mass;
}

/* False alarms: 4.5 standard errors, estimated from some hundred effective sweeps, 1 in 10^5 or so. */
START_TEST(one_linear_datum_is_known)
{
    double error, exact = exact_of_one();
    ck_assert_double_eq_tol(exact, 0.8409, 5e-5);
    double overlap = overlap_of_one(1, MFL_THEORY_MF, &error);
    ck_assert_double_lt(error, 2e-3);
    ck_assert_double_eq_tol(overlap, exact, 4.5 * error);
    overlap = overlap_of_one(64, MFL_THEORY_MF_SCREENED, &error);
    ck_assert_double_lt(error, 5e-4);
    ck_assert_double_eq_tol(overlap, 0.9090, 4.5 * error + 5e-5);
}
END_TEST

/* N = 1 again, now ReLU in two dimensions with three data: the sum over a grid of (w_1, w_2) has all of the
 * law, by its definition. False alarms as above. */
START_TEST(one_neuron_is_sampled_right)
{
    static const double inputs[6] = {1.0, 0.2, -0.4, 1.0, 0.7, -1.1}, targets[3] = {1.0, -0.5, 0.3};
    const double noise = 0.2, step = 0.02, norm = 1.0 + 0.25 + 0.09;
    double mass = 0.0, overlap = 0.0, square = 0.0, error, its_error, value;
    for (double x = -5.0; x < 5.0; x += step)
        for (double y = -5.0; y < 5.0; y += step) {
            double a = 1.0, b = 0.0;
            for (int32_t mu = 0; mu < 3; mu++) {
                const double phi = fmax(0.0, x * inputs[2 * mu] + y * inputs[2 * mu + 1]);
                a += phi * phi / noise;
                b += phi * targets[mu] / noise;
            }
            const double p = exp(-(x * x + y * y) + 0.5 * b * b / a) / sqrt(a); /* variance 1/d */
            mass += p;
            overlap += p * b / a * b * noise / norm;
            square += p * x * x;
        }
    mfl_dataset *train;
    mfl_model *model = new_model(2, 1, MFL_ACTIVATION_RELU);
    ck_assert_int_eq(mfl_dataset_copy(context, 3, 2, inputs, 2, 1, targets, &train), MFL_OK);
    mfl_theory *theory = new_theory(model, train, MFL_THEORY_MF, 4096, 150, 1e-6);
    solve(theory, 3, sqrt(noise));
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_OVERLAP, &error), overlap / mass, 4.5 * error);
    ck_assert_double_lt(error, 3e-3);
    ck_assert_int_eq(mfl_theory_get_variable(theory, 0, MFL_THEORY_WEIGHT_ON, &value, &its_error), MFL_OK);
    ck_assert_double_eq_tol(value, square / mass, 4.5 * its_error);
    ck_assert_double_lt(its_error, 5e-3);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
}
END_TEST

/* All 2^d inputs, once each: sums over samples are P times averages over the input law. */
static mfl_dataset *whole_cube(int64_t d)
{
    static double inputs[256 * 8], targets[256];
    mfl_dataset *data;
    for (int64_t mu = 0; mu < 256; mu++) {
        for (int64_t j = 0; j < d; j++)
            inputs[mu * d + j] = mu >> j & 1 ? 1.0 : -1.0;
        targets[mu] = inputs[mu * d] * inputs[mu * d + 1];
    }
    ck_assert_int_eq(mfl_dataset_copy(context, 256, d, inputs, d, 1, targets, &data), MFL_OK);
    return data;
}

/* m of parity d = 8, k = 2, N = 16, kappa = 1 by both solvers. The population's m is corrected for sums
 * over all inputs, where that is known; screening is not, whose powers carry the central limit theorem's
 * error of a few per cent. */
static void compare_with_population(int32_t preset, int32_t screened, double tolerance)
{
    mfl_task *task;
    mfl_theory *population, *empirical;
    mfl_options *options;
    mfl_dataset *train = whole_cube(8);
    mfl_model *model = new_model(8, 16, MFL_ACTIVATION_RELU);
    double m, exact, error, its_error = 0.0;
    ck_assert_int_eq(mfl_task_create_parity(context, 8, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &population), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(population, preset), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(population, &options), MFL_OK);
    if (screened)
        ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, MFL_THEORY_SELF_SCREENED),
                         MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6), MFL_OK);
    solve(population, 256, 1.0);
    exact = get(population, MFL_THEORY_M, NULL);
    if (!screened)
        ck_assert_int_eq(mfl_theory_finite(population, 20000, &exact, NULL, &its_error), MFL_OK);
    ck_assert_int_eq(mfl_theory_create_empirical(context, model, train, task, &empirical), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(empirical, preset), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(empirical, &options), MFL_OK);
    if (screened)
        ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, MFL_THEORY_SELF_SCREENED),
                         MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PARTICLES, 1024), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SWEEPS, 150), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6), MFL_OK);
    solve(empirical, 256, 1.0);
    m = get(empirical, MFL_THEORY_M, &error);
    ck_assert_double_lt(error, 5e-3);
    ck_assert_double_eq_tol(m, exact, 4.5 * hypot(error, its_error) + tolerance);
    mfl_theory_destroy(empirical);
    mfl_theory_destroy(population);
    mfl_task_destroy(task);
    mfl_model_destroy(model);
    mfl_dataset_destroy(train);
}

START_TEST(the_whole_population_is_the_theory_of_a_population)
{
    compare_with_population(MFL_THEORY_MF, 0, 0.0);
    compare_with_population(MFL_THEORY_MF_ARD, 0, 0.0);
    compare_with_population(MFL_THEORY_MF, 1, 0.03);
    compare_with_population(MFL_THEORY_MF_ARD, 1, 0.03);
}
END_TEST

/* ---- relevances ---- */

enum { columns = 15, noises = 60 };

/* y = strength x_1 x_2 + N(0, 1). Returns how many inputs are selected, of the first two in *right. */
static int32_t select_from(int64_t index, double strength, int32_t *right)
{
    enum { rows = 60 };
    mfl_task *task;
    mfl_dataset *drawn, *train;
    mfl_model *model = new_model(columns, 64, MFL_ACTIVATION_RELU);
    const double *inputs;
    double targets[rows];
    int64_t stride, column_stride;
    int32_t selected[columns], count = 0;
    ck_assert_int_eq(mfl_task_create_parity(context, columns, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, rows, 1.0, index, MFL_ROLE_TRAIN, &drawn), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(drawn, targets, rows), MFL_OK);
    ck_assert_int_eq(mfl_dataset_inputs(drawn, &inputs, &stride, &column_stride), MFL_OK);
    for (int64_t mu = 0; mu < rows; mu++) {
        const double signal = inputs[mu * stride] * inputs[mu * stride + 1];
        targets[mu] += (strength - 1.0) * signal;
    }
    ck_assert_int_eq(mfl_dataset_copy(context, rows, columns, inputs, stride, 1, targets, &train), MFL_OK);
    mfl_theory *theory = new_theory(model, train, MFL_THEORY_MF_ARD, 256, 60, 1e-6);
    solve(theory, rows, 1.0);
    ck_assert_int_eq(mfl_theory_select_inputs(theory, 0.05, selected, columns, NULL), MFL_OK);
    for (int32_t j = 0; j < columns; j++)
        count += selected[j];
    *right = selected[0] + selected[1];
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(drawn);
    mfl_task_destroy(task);
    mfl_model_destroy(model);
    return count;
}

/* The rule's rate on 60 data sets of noise alone: at 0.05, 10 or more with a selection have probability
 * 1e-3. The rule is cautious; it raised no alarm here. */
START_TEST(noise_is_selected_as_rarely_as_stated)
{
    int32_t alarms = 0, right;
    for (int64_t i = 0; i < noises; i++)
        alarms += select_from(i, 0.0, &right) > 0;
    ck_assert_int_le(alarms, 9);
}
END_TEST

START_TEST(relevant_inputs_are_selected)
{
    int32_t right;
    select_from(0, 8.0, &right);
    ck_assert_int_eq(right, 2);
}
END_TEST

/* ---- promises ---- */

/* A small problem with something to learn; numbers of its solution. */
static void solve_small(int32_t preset, int64_t threads, double numbers[3])
{
    mfl_dataset *train = draw_parity(5, 2, 40, MFL_ROLE_TRAIN);
    mfl_model *model = new_model(5, 32, MFL_ACTIVATION_RELU);
    double variance;
    ck_assert_int_eq(mfl_options_set_int(of_context, MFL_CONTEXT_THREADS, threads), MFL_OK);
    mfl_theory *theory = new_theory(model, train, preset, 100, 50, 0.01);
    solve(theory, 40, 0.2);
    numbers[0] = get(theory, MFL_THEORY_OVERLAP, NULL);
    numbers[1] = get(theory, MFL_THEORY_R_HAT, NULL);
    ck_assert_int_eq(
        mfl_theory_predict(theory, (const double[]){1, -1, 1, 1, -1}, 1, 5, &numbers[2], &variance),
        MFL_OK);
    mfl_theory_destroy(theory);
    mfl_model_destroy(model);
    mfl_dataset_destroy(train);
}

START_TEST(threads_do_not_matter)
{
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        double one[3], two[3];
        solve_small(preset, 1, one);
        solve_small(preset, 2, two);
        ck_assert_int_eq(memcmp(one, two, sizeof one), 0);
    }
}
END_TEST

static int32_t stop_late(const char *stage, double fraction, double seconds, void *data)
{
    (void)seconds;
    (void)data;
    return strcmp(stage, "sweeps") == 0 && fraction > 0.6;
}

/* A cancelled solve keeps what it has, or says that it has nothing. */
START_TEST(cancelling_keeps_what_there_is)
{
    mfl_dataset *train = draw_parity(5, 2, 40, MFL_ROLE_TRAIN);
    mfl_model *model = new_model(5, 32, MFL_ACTIVATION_RELU);
    mfl_theory *theory = new_theory(model, train, MFL_THEORY_MF, 512, 100000, 1e-6);
    double value;
    int32_t stop;
    mfl_context_cancel(context);
    ck_assert_int_eq(mfl_theory_solve(theory, 40, 0.2), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_OVERLAP, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_context_resume(context), MFL_OK);
    mfl_theory_destroy(theory);
    theory = new_theory(model, train, MFL_THEORY_MF, 512, 400, 1e-6);
    ck_assert_int_eq(mfl_context_set_progress(context, stop_late, NULL), MFL_OK);
    solve(theory, 40, 0.2);
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
    ck_assert(stop == MFL_STOP_CANCELLED ||
              stop == MFL_STOP_LIMIT); /* progress is told 20 times a second */
    ck_assert_double_gt(get(theory, MFL_THEORY_OVERLAP, NULL), 0.0);
    mfl_theory_destroy(theory);
    mfl_model_destroy(model);
    mfl_dataset_destroy(train);
}
END_TEST

START_TEST(faults_have_names)
{
    mfl_dataset *train = draw_parity(5, 2, 40, MFL_ROLE_TRAIN);
    mfl_model *model = new_model(5, 32, MFL_ACTIVATION_RELU),
              *other = new_model(6, 32, MFL_ACTIVATION_RELU);
    mfl_theory *theory;
    double value, inputs[5] = {0};
    int32_t selected[5];
    ck_assert_int_eq(mfl_theory_create_empirical(context, other, train, NULL, &theory), MFL_ERROR_SIZE);
    ck_assert_ptr_null(theory);
    ck_assert_int_eq(mfl_theory_create_empirical(context, model, NULL, NULL, &theory), MFL_ERROR_NULL);
    theory = new_theory(model, train, MFL_THEORY_MF, 8, 48, 1.0);
    ck_assert_int_eq(mfl_theory_predict(theory, inputs, 1, 5, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_solve(theory, 41, 0.2), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, 1.5, 0.2), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, 40, 0.0), MFL_ERROR_ARGUMENT);
    solve(theory, 40, 0.2);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_FREE_ENERGY, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_get_variable(theory, 5, MFL_THEORY_WEIGHT_ON, &value, NULL),
                     MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_get_variable(theory, 0, MFL_THEORY_RHO_ON, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_predict(theory, inputs, 1, 4, &value, NULL), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_theory_select_inputs(theory, 0.05, selected, 4, NULL), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_theory_select_inputs(theory, 0.0, selected, 5, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, inputs, 5, NULL), MFL_ERROR_UNSUPPORTED);
    mfl_theory_destroy(theory);
    mfl_model_destroy(other);
    mfl_model_destroy(model);
    mfl_dataset_destroy(train);
}
END_TEST

typedef struct heard {
    int32_t count;
    char text[8][512];
} heard;

static void listen(int32_t level, const char *message, void *data)
{
    heard *to = data;
    if (level == MFL_LOG_WARNING && to->count < 8)
        snprintf(to->text[to->count++], sizeof to->text[0], "%s", message);
}

static int32_t was_said(const heard *from, const char *words)
{
    int32_t found = 0;
    for (int32_t i = 0; i < from->count; i++)
        found |= strstr(from->text[i], words) != NULL;
    return found;
}

/* A solve of given data by some closure; what it warned of. */
static heard solve_data(int64_t count, int64_t d, const double *inputs, const double *targets, int32_t preset,
                        int64_t particles)
{
    heard found = {.count = 0};
    mfl_dataset *train;
    mfl_model *model = new_model(d, 32, MFL_ACTIVATION_RELU);
    ck_assert_int_eq(mfl_context_set_log(context, listen, &found), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy(context, count, d, inputs, d, 1, targets, &train), MFL_OK);
    mfl_theory *theory = new_theory(model, train, preset, particles, 48, 1e-6);
    solve(theory, (double)count, 0.3);
    ck_assert(isfinite(get(theory, MFL_THEORY_OVERLAP, NULL)));
    ck_assert_int_eq(mfl_context_set_log(context, NULL, NULL), MFL_OK);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    return found;
}

/* Data that are degenerate have a solution, and what is wrong with them is said. */
START_TEST(degenerate_data_are_solved_and_named)
{
    static const double inputs[4 * 3] = {1, 3, 0, -1, 3, 0, 1, 3, 0, -0.5, 3, 0}, targets[4] = {1, -1, 0.8, -0.5};
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        heard found = solve_data(4, 3, inputs, targets, preset, 64);
        ck_assert(was_said(&found, "1 of 3 inputs are zero in all samples, the first of them input 2"));
        ck_assert(was_said(&found, "input 1 (from 0), which is 3 in all"));
        ck_assert(was_said(&found, "1 of 4 samples repeat the inputs of another, for example sample 2"));
        ck_assert(was_said(&found, "after 48 sweeps the standard error of the overlap"));
        ck_assert(!was_said(&found, "particles are few"));
        found = solve_data(4, 3, inputs, targets, preset, 4);
        ck_assert(was_said(&found, "4 particles are few for 4 samples"));
        found = solve_data(1, 12, inputs, targets, preset, 64); /* P = 1, d > P; zeros are named, nothing else */
        ck_assert(was_said(&found, "4 of 12 inputs are zero"));
        ck_assert(!was_said(&found, "constant"));
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(open_context, close_context, "theories of a training set",
                             infinite_width_is_ridge_regression, one_linear_datum_is_known,
                             one_neuron_is_sampled_right,
                             the_whole_population_is_the_theory_of_a_population,
                             noise_is_selected_as_rarely_as_stated, relevant_inputs_are_selected,
                             threads_do_not_matter, cancelling_keeps_what_there_is, faults_have_names,
                             degenerate_data_are_solved_and_named);
}
