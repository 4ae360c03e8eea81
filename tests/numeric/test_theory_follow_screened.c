/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths and diagrams of screened and renormalised theories with several modes: against solves from cold, and against the
 * paths of single parities, which other equations and another quadrature lead to. */
#include <math.h>

#include "theories.h"

enum { terms_most = 2, variables_most = 2 };

typedef struct problem {
    int64_t d, n, variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most];
    int32_t law, activation, noise, self_energy, prior, sharing;
    double tolerance;
} problem;

/* Destroys the task. */
static mfl_theory *theory_of(mfl_task *task, const problem *p)
{
    mfl_options *options;
    mfl_theory *theory = theory_of_both(task, new_model(p->d, p->n, p->activation), &options);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, p->noise), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, p->self_energy), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PRIOR, p->prior), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SHARING, p->sharing), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, p->tolerance), MFL_OK);
    return theory;
}

static mfl_theory *new_theory(const problem *p)
{
    return theory_of(new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law), p);
}

/* ---- single parities ---- */

/* The screened law with precisions that the layer shares, of x_0 x_1: by the integrals of a parity, and as a sum with one
 * term, on cells with a kernel in blocks. Nothing but the equations is shared. */
START_TEST(a_single_mode_has_the_folds_of_a_parity)
{
    static const problem p = {40, 64, 2, 1, {1, 1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU,
                              MFL_THEORY_NOISE_BARE, MFL_THEORY_SELF_SCREENED, MFL_THEORY_PRIOR_ARD, 0, 1e-4};
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_parity(context, 40, 2, &task), MFL_OK);
    mfl_theory *theory[2] = {theory_of(task, &p), new_theory(&p)};
    mfl_path *path[2];
    for (int32_t i = 0; i < 2; i++) {
        int32_t count, points, stable;
        path[i] = follow(theory[i], 0.3, MFL_PATH_KAPPA, 1.6, 0.4, 100.0, 0.0);
        mfl_theory_destroy(theory[i]); /* the path has its own */
        ck_assert_int_eq(mfl_path_branches(path[i], &count), MFL_OK);
        ck_assert_int_eq(count, 3);
        for (int32_t b = 0; b < 3; b++) {
            ck_assert_int_eq(mfl_path_branch(path[i], b, &points, &stable, NULL), MFL_OK);
            ck_assert(points > 2 && stable == (b != 1));
        }
        ck_assert_int_eq(mfl_path_transitions(path[i], &count), MFL_OK);
        ck_assert_int_eq(count, 0); /* there is no free energy */
    }
    for (int32_t i = 0; i < 2; i++) {
        double error[2], one = fold(path[0], i, &error[0]), other = fold(path[1], i, &error[1]);
        ck_assert_double_eq_tol(one, other, 2.0 * (error[0] + error[1]));
        ck_assert(error[0] < 1e-7 && error[1] < 1e-7);
    }
    mfl_path_destroy(path[0]);
    mfl_path_destroy(path[1]);
}
END_TEST

/* ---- solves from cold ---- */

static const problem staircase = {20, 64, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU,
                                  MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_SCREENED, MFL_THEORY_PRIOR_ISOTROPIC, 1,
                                  1e-4};

static int32_t cold_branches(mfl_theory *theory, double samples, double kappa)
{
    int32_t count;
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s", mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_branches(theory, &count), MFL_OK);
    return count;
}

/* The results of a point agree with one of the solutions from cold, mode for mode; what the two leave to their errors
 * holds what both leave out. */
static int32_t is_solution(mfl_theory *theory, const mfl_path *path, int32_t branch, int32_t point, int32_t solution)
{
    static const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_TEST_ERROR, MFL_THEORY_WEIGHT_ON, MFL_THEORY_SPECIALISED,
                                   MFL_THEORY_EFFECTIVE_NOISE};
    double value[2], error[2];
    int64_t modes;
    int32_t agree = 1;
    ck_assert_int_eq(mfl_theory_select(theory, solution), MFL_OK);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ck_assert_int_eq(mfl_path_get(path, branch, point, keys[i], &value[0], &error[0]), MFL_OK);
        ck_assert_int_eq(mfl_theory_get(theory, keys[i], &value[1], &error[1]), MFL_OK);
        agree &= fabs(value[0] - value[1]) <= error[0] + error[1] + 1e-9;
    }
    ck_assert_int_eq(mfl_theory_mode_count(theory, &modes), MFL_OK);
    for (int64_t mode = 0; mode < modes; mode++)
        for (int32_t key = 0; key < 2; key++) {
            int32_t of = key ? MFL_THEORY_LAMBDA : MFL_THEORY_M;
            ck_assert_int_eq(mfl_path_get_mode(path, branch, point, mode, of, &value[0], &error[0]), MFL_OK);
            ck_assert_int_eq(mfl_theory_get_mode(theory, mode, of, &value[1], &error[1]), MFL_OK);
            agree &= fabs(value[0] - value[1]) <= error[0] + error[1] + 1e-9;
        }
    return agree;
}

/* The first and the last point of a stable branch; and all equations hold at every one. */
static void expect_solutions(mfl_theory *theory, const mfl_path *path, double samples)
{
    static const int32_t residuals[] = {MFL_THEORY_RESIDUAL, MFL_THEORY_RESIDUAL_RHO, MFL_THEORY_RESIDUAL_NOISE,
                                        MFL_THEORY_RESIDUAL_LAMBDA};
    int32_t branches, points, stable;
    ck_assert_int_eq(mfl_path_branches(path, &branches), MFL_OK);
    for (int32_t b = 0; b < branches; b++) {
        ck_assert_int_eq(mfl_path_branch(path, b, &points, &stable, NULL), MFL_OK);
        for (int32_t i = 0; i < points; i++) {
            double kappa, left, most = 0.0;
            ck_assert_int_eq(mfl_path_point(path, b, i, &kappa, NULL), MFL_OK);
            for (size_t key = 0; key < sizeof residuals / sizeof *residuals; key++) {
                ck_assert_int_eq(mfl_path_get(path, b, i, residuals[key], &left, NULL), MFL_OK);
                most = fmax(most, left);
            }
            ck_assert_double_le(most, 1e-9);
            if (!stable || (i != 0 && i != points - 1))
                continue;
            int32_t count = cold_branches(theory, samples, kappa), agree = 0;
            for (int32_t s = 0; s < count; s++)
                agree |= is_solution(theory, path, b, i, s);
            ck_assert_msg(agree, "branch %d, point %d, kappa = %.9g", b, i, kappa);
        }
    }
}

START_TEST(points_are_those_of_solves_from_cold)
{
    problem of[] = {
        staircase,
        staircase, /* with precisions for each variable, and no noise but kappa */
        {10, 16, 1, 2, {1, 3}, {1.0, 0.5}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_ERF, MFL_THEORY_NOISE_RENORMALISED,
         MFL_THEORY_SELF_SCREENED, MFL_THEORY_PRIOR_ISOTROPIC, 1, 1e-3},
        {20, 64, 1, 1, {2}, {1.0}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_NOISE_RENORMALISED,
         MFL_THEORY_SELF_SCREENED, MFL_THEORY_PRIOR_ISOTROPIC, 1, 3e-3},
        {20, 64, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU,
         MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_BARE, MFL_THEORY_PRIOR_ARD, 1, 1e-4},
    };
    of[1].noise = MFL_THEORY_NOISE_BARE;
    of[1].prior = MFL_THEORY_PRIOR_ARD;
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        mfl_theory *theory = new_theory(&of[i]);
        mfl_path *path = follow(theory, 0.9, MFL_PATH_KAPPA, 1.0, 0.6, 60.0, 0.0);
        expect_solutions(theory, path, 60.0);
        mfl_path_destroy(path);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* A path from one dimension to another ends where a solve begins; where the kernel's degrees change with the dimension it is
 * refused. */
START_TEST(dimensions_are_followed_where_the_kernel_keeps_its_degrees)
{
    problem p = staircase;
    mfl_path *path;
    double d, m[2], error[2];
    int32_t points;
    p.tolerance = 1e-4;
    p.d = 30;
    mfl_theory *theory = new_theory(&p);
    path = follow(theory, 0.4, MFL_PATH_DIMENSION, 20.0, 30.0, 60.0, 0.8);
    ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_path_point(path, 0, points - 1, &d, NULL), MFL_OK);
    ck_assert_double_eq_tol(d, 30.0, 1e-9);
    ck_assert_int_eq(mfl_path_get(path, 0, points - 1, MFL_THEORY_M, &m[0], &error[0]), MFL_OK);
    cold_branches(theory, 60.0, 0.8);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &m[1], &error[1]), MFL_OK);
    ck_assert_double_eq_tol(m[0], m[1], error[0] + error[1]);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_DIMENSION, 6.0, 20.0, 60.0, 0.8), MFL_ERROR_UNSUPPORTED);
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

START_TEST(diagrams_hold_the_solutions_of_every_point)
{
    static const double samples[] = {20.0, 60.0}, kappas[] = {0.4, 0.8};
    problem p = staircase;
    mfl_diagram *diagram;
    p.tolerance = 1e-4;
    mfl_theory *theory = new_theory(&p);
    ck_assert_msg(mfl_diagram_create(theory, samples, 2, kappas, 2, &diagram) == MFL_OK, "%s", mfl_context_message(context));
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++) {
            int32_t branches, converged, count = cold_branches(theory, samples[i], kappas[j]);
            ck_assert_int_eq(mfl_diagram_point(diagram, i, j, &branches, &converged), MFL_OK);
            ck_assert(branches == count && converged);
            for (int64_t mode = 0; mode < 2; mode++) {
                double m[2], error[2];
                ck_assert_int_eq(mfl_diagram_get_mode(diagram, i, j, 0, mode, MFL_THEORY_M, &m[0], &error[0]), MFL_OK);
                ck_assert_int_eq(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &m[1], &error[1]), MFL_OK);
                ck_assert_double_eq_tol(m[0], m[1], error[0] + error[1]);
            }
        }
    mfl_diagram_destroy(diagram);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_follow_screened", a_single_mode_has_the_folds_of_a_parity,
                             points_are_those_of_solves_from_cold,
                             dimensions_are_followed_where_the_kernel_keeps_its_degrees,
                             diagrams_hold_the_solutions_of_every_point);
}
