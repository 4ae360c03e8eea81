/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths and diagrams of targets with several modes and of every activation, against solves from cold and against the
 * paths of a single mode, which other equations and another quadrature lead to. */
#include <math.h>

#include "theories.h"

enum { terms_most = 3, variables_most = 3 };

typedef struct problem {
    int64_t d, n, variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most];
    int32_t law, activation, preset, sharing;
    double tolerance;
} problem;

static int32_t rectify(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = fmax(z[i], 0.0);
        if (derivative)
            derivative[i] = z[i] > 0.0;
    }
    return 0;
}

static mfl_theory *new_theory(const problem *p)
{
    mfl_options *options;
    mfl_task *task = new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law);
    mfl_model *model = new_model(p->d, p->n, p->activation == MFL_ACTIVATION_CALLER ? MFL_ACTIVATION_RELU : p->activation);
    if (p->activation == MFL_ACTIVATION_CALLER)
        ck_assert_int_eq(mfl_model_set_activation(model, rectify, NULL), MFL_OK);
    mfl_theory *theory = theory_of_both(task, model, &options);
    ck_assert_int_eq(mfl_theory_use(theory, p->preset), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SHARING, p->sharing), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, 0), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, p->tolerance), MFL_OK);
    return theory;
}

static double transition(const mfl_path *path, double *error)
{
    double value;
    int32_t count;
    ck_assert_int_eq(mfl_path_transitions(path, &count), MFL_OK);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(mfl_path_transition(path, 0, NULL, NULL, &value, error), MFL_OK);
    return value;
}

static int32_t cold_branches(mfl_theory *theory, double samples, double kappa)
{
    int32_t count;
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s", mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_branches(theory, &count), MFL_OK);
    return count;
}

/* Of the last solve. */
static double get_branch(mfl_theory *theory, int32_t branch, int32_t key)
{
    ck_assert_int_eq(mfl_theory_select(theory, branch), MFL_OK);
    return get(theory, key);
}

/* The single mode x_0 x_1, whose folds and transition are known: as a parity, as a sum with one term, which goes by cells
 * and the equations of several modes, and with relu as the caller's function, which in addition loses its homogeneity. */
START_TEST(a_single_mode_has_the_folds_of_the_other_equations)
{
    problem p = {40, 64, 2, 1, {1, 1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF_ARD, 0, 1e-4};
    for (int32_t trial = 0; trial < 2; trial++) {
        double error[3];
        p.activation = trial ? MFL_ACTIVATION_CALLER : MFL_ACTIVATION_RELU;
        mfl_theory *theory = new_theory(&p);
        mfl_path *path = follow(theory, 0.3, MFL_PATH_KAPPA, 1.6, 0.4, 100.0, 0.0);
        mfl_theory_destroy(theory); /* the path has its own */
        ck_assert_double_eq_tol(fold(path, 0, &error[0]), 0.7013697185, 1e-8);
        ck_assert_double_eq_tol(fold(path, 1, &error[1]), 1.0075526134, 1e-8);
        ck_assert_double_eq_tol(transition(path, &error[2]), 0.9084493386, error[2] + 1e-9);
        ck_assert(error[0] < 1e-7 && error[1] < 1e-7 && error[2] < 1e-5);
        mfl_path_destroy(path);
    }
}
END_TEST

/* He_2 + He_4 of one direction: two modes, folds. */
static const problem two_modes = {40, 64, 1, 2, {2, 4}, {1.0, 1.0}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU,
                                  MFL_THEORY_MF_ARD, 0, 1e-4};

/* Halve the range where solves from both starts change between one solution and two. */
static double bisect(mfl_theory *theory, double one, double two)
{
    for (int32_t i = 0; i < 5; i++) {
        double middle = 0.5 * (one + two);
        *(cold_branches(theory, 100.0, middle) == 2 ? &two : &one) = middle;
    }
    return 0.5 * (one + two);
}

START_TEST(folds_of_two_modes_are_where_solves_from_cold_lose_a_solution)
{
    double error, gap[3];
    mfl_theory *theory = new_theory(&two_modes);
    mfl_options *options;
    mfl_path *path = follow(theory, 0.3, MFL_PATH_KAPPA, 3.0, 0.3, 100.0, 0.0);
    int32_t count, stable, points;
    ck_assert_int_eq(mfl_path_branches(path, &count), MFL_OK);
    ck_assert_int_eq(count, 3);
    for (int32_t b = 0; b < 3; b++) {
        ck_assert_int_eq(mfl_path_branch(path, b, &points, &stable, NULL), MFL_OK);
        ck_assert(points > 2 && stable == (b != 1));
    }
    double low = fold(path, 0, &error), high = fold(path, 1, &error), between = transition(path, &error);
    ck_assert(low < between && between < high);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_EVALUATIONS, 20000), MFL_OK);
    ck_assert_double_eq_tol(bisect(theory, 0.8, 1.0), low, 0.2 / 64 + 1e-3 * low);
    ck_assert_double_eq_tol(bisect(theory, 1.25, 1.0), high, 0.25 / 64 + 1e-3 * high);
    for (int32_t i = 0; i < 3; i++) { /* the free energies cross where they are said to */
        ck_assert_int_eq(cold_branches(theory, 100.0, between * (1.0 + 1e-3 * (i - 1))), 2);
        gap[i] = get_branch(theory, 0, MFL_THEORY_FREE_ENERGY) - get_branch(theory, 1, MFL_THEORY_FREE_ENERGY);
    }
    ck_assert(gap[0] > 0.0 && gap[2] < 0.0);
    ck_assert_double_eq_tol(gap[1], 0.0, (gap[0] - gap[2]) / 2e-3 * error / between + 1e-6);
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

START_TEST(points_of_any_problem_are_those_of_solves_from_cold)
{
    static const double near_folds = 1e-9; /* there the solver's last digits are worth less than its residual says */
    static const problem of[] = {
        {20, 64, 2, 1, {1, 1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_GELU, MFL_THEORY_MF, 1, 1e-6},
        {20, 64, 2, 1, {1, 1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_QUADRATIC, MFL_THEORY_MF, 1, 1e-4},
        {20, 64, 1, 1, {1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_ERF, MFL_THEORY_MF_ARD, 1, 1e-6},
        {20, 64, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 1, 1e-6},
        {20, 64, 2, 2, {1, 0, 0, 2}, {1.0, -0.5}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 1, 1e-4},
        {40, 64, 1, 2, {2, 4}, {1.0, 1.0}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_MF_ARD, 0, 1e-8},
    };
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        mfl_theory *theory = new_theory(&of[i]);
        mfl_path *path = follow(theory, 0.9, MFL_PATH_KAPPA, 1.5, 0.3, 100.0, 0.0);
        int32_t branches, points, stable;
        int64_t modes;
        ck_assert_int_eq(mfl_path_branches(path, &branches), MFL_OK);
        ck_assert_int_eq(mfl_theory_mode_count(theory, &modes), MFL_OK);
        for (int32_t b = 0; b < branches; b++) {
            ck_assert_int_eq(mfl_path_branch(path, b, &points, &stable, NULL), MFL_OK);
            for (int32_t j = 0; stable && j < points; j++) {
                double kappa, m, other, error, cold_error;
                ck_assert_int_eq(mfl_path_point(path, b, j, &kappa, NULL), MFL_OK);
                int32_t count = cold_branches(theory, 100.0, kappa);
                ck_assert_int_le(count, branches == 1 ? 1 : 2);
                ck_assert_int_eq(mfl_theory_select(theory, b > 0 ? count - 1 : 0), MFL_OK);
                for (int64_t mode = 0; mode < modes; mode++) {
                    ck_assert_int_eq(mfl_path_get_mode(path, b, j, mode, MFL_THEORY_M, &m, &error), MFL_OK);
                    ck_assert_int_eq(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &other, &cold_error), MFL_OK);
                    ck_assert_double_eq_tol(m, other, error + cold_error + near_folds);
                }
            }
        }
        ck_assert_int_eq(mfl_path_get_mode(path, 0, 0, modes, MFL_THEORY_M, &(double){0.0}, NULL), MFL_ERROR_ARGUMENT);
        ck_assert_int_eq(mfl_path_get_mode(path, 0, 0, 0, MFL_THEORY_LOG_Z, &(double){0.0}, NULL), MFL_ERROR_ARGUMENT);
        mfl_path_destroy(path);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* x_0 + x_0 x_1: the smaller set is learned first; more is learned of each as the noise falls. */
START_TEST(a_staircase_is_climbed_from_below)
{
    const problem p = {20, 64, 2, 2, {1, 0, 1, 1}, {1.0, 1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 1,
                       1e-3};
    double before[3] = {0.0, 0.0, 0.0};
    mfl_theory *theory = new_theory(&p);
    mfl_path *path = follow(theory, 0.5, MFL_PATH_KAPPA, 1.5, 0.1, 100.0, 0.0);
    int32_t points;
    int64_t modes;
    ck_assert_int_eq(mfl_theory_mode_count(theory, &modes), MFL_OK);
    ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
    ck_assert_int_gt(points, 4);
    for (int32_t j = 0; j < points; j++) {
        double now[3] = {0.0, 0.0, 0.0}, target;
        for (int64_t mode = 0; mode < modes; mode++) {
            int64_t degrees[2];
            ck_assert_int_eq(mfl_theory_mode(theory, mode, degrees, 2, NULL, &target), MFL_OK);
            if (target != 0.0)
                ck_assert_int_eq(mfl_path_get_mode(path, 0, j, mode, MFL_THEORY_M, &now[degrees[0] + degrees[1]], NULL),
                                 MFL_OK);
        }
        ck_assert(now[2] < now[1] && now[1] > before[1] && now[2] > before[2]);
        before[1] = now[1];
        before[2] = now[2];
    }
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

/* N, sigma_w, sigma_a and alpha0: each end of the path is the solve of a model with that number; lengths that are
 * coordinates, which sigma_w scales, and lengths that are integrated out. */
START_TEST(every_parameter_moves)
{
    static const int32_t parameters[] = {MFL_PATH_WIDTH, MFL_PATH_SIGMA_W, MFL_PATH_SIGMA_A, MFL_PATH_ALPHA};
    problem p = two_modes;
    p.sharing = 1;
    for (int32_t trial = 0; trial < 2; trial++) {
        p.activation = trial ? MFL_ACTIVATION_GELU : MFL_ACTIVATION_RELU;
        mfl_theory *theory = new_theory(&p);
        ck_assert_int_eq(cold_branches(theory, 100.0, 0.3), 1);
        double expected = get_branch(theory, 0, MFL_THEORY_M);
        for (int32_t i = 0; i < 4; i++) {
            const double from = i == 0 ? 32.0 : 0.5, to = i == 0 ? 64.0 : i == 3 ? 4.0 : 1.0;
            mfl_path *path = follow(theory, 0.8, parameters[i], from, to, 100.0, 0.3);
            double m, last, value;
            int32_t points;
            ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
            ck_assert_int_eq(mfl_path_get(path, 0, 0, MFL_THEORY_M, &m, NULL), MFL_OK);
            ck_assert_int_eq(mfl_path_point(path, 0, points - 1, &value, NULL), MFL_OK);
            ck_assert_int_eq(mfl_path_get(path, 0, points - 1, MFL_THEORY_M, &last, NULL), MFL_OK);
            ck_assert_double_eq_tol(value, to, 1e-9 * to);
            ck_assert_double_eq_tol(last, expected, 1e-5);
            ck_assert(fabs(m - last) > 1e-4);
            mfl_path_destroy(path);
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* In the dimension a branch is lost between neighbours, on whose sides solves from cold agree. */
START_TEST(the_dimension_moves)
{
    double error;
    int32_t count;
    mfl_theory *theory = new_theory(&two_modes);
    mfl_path *path = follow(theory, 0.3, MFL_PATH_DIMENSION, 20.0, 60.0, 100.0, 0.95);
    ck_assert_int_eq(mfl_path_folds(path, &count), MFL_OK);
    ck_assert_int_eq(count, 1);
    ck_assert_double_eq_tol(fold(path, 0, &error), 36.5, 1e-9);
    mfl_theory_destroy(theory);
    mfl_path_destroy(path);
    for (int32_t side = 0; side < 2; side++) {
        problem at = two_modes;
        at.d = side ? 38 : 35;
        theory = new_theory(&at);
        ck_assert_int_eq(cold_branches(theory, 100.0, 0.95), 1 + side);
        mfl_theory_destroy(theory);
    }
}
END_TEST

static void use_threads(int32_t threads)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads), MFL_OK);
}

/* Bit by bit. */
START_TEST(threads_change_no_path)
{
    const problem p = {20, 64, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_GELU, MFL_THEORY_MF, 1,
                       1e-2};
    mfl_theory *theory = new_theory(&p);
    mfl_path *path[2];
    double m[2];
    int32_t points;
    for (int32_t i = 0; i < 2; i++) {
        use_threads(1 + i);
        path[i] = follow(theory, 0.5, MFL_PATH_KAPPA, 1.0, 0.5, 100.0, 0.0);
    }
    ck_assert_int_eq(mfl_path_branch(path[0], 0, &points, NULL, NULL), MFL_OK);
    for (int32_t j = 0; j < points; j++) {
        for (int32_t i = 0; i < 2; i++)
            ck_assert_int_eq(mfl_path_get(path[i], 0, j, MFL_THEORY_M, &m[i], NULL), MFL_OK);
        ck_assert_mem_eq(&m[0], &m[1], sizeof m[0]);
    }
    mfl_path_destroy(path[0]);
    mfl_path_destroy(path[1]);
    mfl_theory_destroy(theory);
}
END_TEST

/* A diagram across the hysteresis region, on one and on two threads. */
START_TEST(diagrams_of_two_modes_are_solves_from_cold)
{
    enum { columns = 6, rows = 3 };
    static const double samples[columns] = {40, 60, 85, 120, 170, 400}, kappas[rows] = {0.6, 0.9, 1.1};
    mfl_theory *theory = new_theory(&two_modes);
    mfl_diagram *diagram[2];
    int32_t twos = 0, branches, converged;
    for (int32_t i = 0; i < 2; i++) {
        use_threads(1 + i);
        ck_assert_int_eq(mfl_diagram_create(theory, samples, columns, kappas, rows, &diagram[i]), MFL_OK);
    }
    for (size_t at = 0; at < columns * rows; at++) {
        size_t i = at % columns, j = at / columns;
        ck_assert_int_eq(mfl_diagram_point(diagram[0], i, j, &branches, &converged), MFL_OK);
        ck_assert_int_eq(converged, 1);
        ck_assert_int_eq(branches, cold_branches(theory, samples[i], kappas[j]));
        for (int32_t b = 0; b < branches; b++) {
            double m[2], error, expected, cold_error;
            ck_assert_int_eq(mfl_theory_select(theory, b), MFL_OK);
            for (int64_t mode = 0; mode < 2; mode++) {
                for (int32_t t = 0; t < 2; t++)
                    ck_assert_int_eq(mfl_diagram_get_mode(diagram[t], i, j, b, mode, MFL_THEORY_M, &m[t], &error), MFL_OK);
                ck_assert_int_eq(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &expected, &cold_error), MFL_OK);
                ck_assert_double_eq_tol(m[0], expected, error + cold_error + 1e-12);
                ck_assert_mem_eq(&m[0], &m[1], sizeof m[0]);
            }
        }
        twos += branches == 2;
    }
    ck_assert_int_gt(twos, 1);
    mfl_diagram_destroy(diagram[0]);
    mfl_diagram_destroy(diagram[1]);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_follow", a_single_mode_has_the_folds_of_the_other_equations,
                             folds_of_two_modes_are_where_solves_from_cold_lose_a_solution,
                             points_of_any_problem_are_those_of_solves_from_cold, a_staircase_is_climbed_from_below,
                             every_parameter_moves, the_dimension_moves, threads_change_no_path,
                             diagrams_of_two_modes_are_solves_from_cold);
}
