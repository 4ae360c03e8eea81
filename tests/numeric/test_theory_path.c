/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths against solves from cold, which know nothing of continuation. */
#include <math.h>

#include <mflearn/mflearn.h>

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

typedef struct problem {
    int64_t d, k, n;
    int32_t preset, sharing;
    double alpha, tolerance;
} problem;

static mfl_theory *new_theory(const problem *p)
{
    mfl_task *task;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    ck_assert_int_eq(mfl_task_create_parity(context, p->d, p->k, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, p->d, p->n, &model), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, p->preset), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SHARING, p->sharing), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_ALPHA, p->alpha), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, p->tolerance), MFL_OK);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static mfl_path *new_path(mfl_theory *theory, double step)
{
    mfl_path *path;
    mfl_options *options;
    ck_assert_int_eq(mfl_path_create(theory, &path), MFL_OK);
    ck_assert_int_eq(mfl_path_options(path, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_PATH_STEP, step), MFL_OK);
    return path;
}

static mfl_path *follow(const problem *p, double step, int32_t parameter, double from, double to, double samples,
                        double kappa)
{
    int32_t stop;
    mfl_theory *theory = new_theory(p);
    mfl_path *path = new_path(theory, step);
    mfl_theory_destroy(theory); /* the path has its own */
    ck_assert_msg(mfl_path_follow(path, parameter, from, to, samples, kappa) == MFL_OK, "%s",
                  mfl_context_message(context));
    ck_assert_int_eq(mfl_path_stop(path, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
    return path;
}

static double cold(mfl_theory *theory, double samples, double kappa, int32_t branch, int32_t key, double *error)
{
    double value;
    ck_assert_int_eq(mfl_theory_solve(theory, samples, kappa), MFL_OK);
    ck_assert_int_eq(mfl_theory_select(theory, branch), MFL_OK);
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, error), MFL_OK);
    return value;
}

static int32_t cold_branches(mfl_theory *theory, double samples, double kappa)
{
    int32_t count;
    ck_assert_int_eq(mfl_theory_solve(theory, samples, kappa), MFL_OK);
    ck_assert_int_eq(mfl_theory_branches(theory, &count), MFL_OK);
    return count;
}

static int32_t has_two(mfl_theory *theory, double samples, double kappa)
{
    int32_t count = cold_branches(theory, samples, kappa), stop;
    for (int32_t branch = 0; branch < count; branch++) {
        ck_assert_int_eq(mfl_theory_select(theory, branch), MFL_OK);
        ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
        count = stop == MFL_STOP_CONVERGED ? count : 1; /* the iteration lingers where a solution has vanished */
    }
    return count == 2;
}

/* Solves from cold, from both sides, find two solutions on the inner side of a fold and one on the outer. */
static void confirm(mfl_theory *theory, double samples, double at, double inner)
{
    static const double apart = 1e-2; /* nearer, the iteration takes thousands of evaluations */
    ck_assert(has_two(theory, samples, at * (1.0 + inner * apart)));
    ck_assert(!has_two(theory, samples, at * (1.0 - inner * apart)));
}

static double fold(const mfl_path *path, int32_t i, double *error)
{
    double value;
    ck_assert_int_eq(mfl_path_fold(path, i, NULL, &value, error), MFL_OK);
    return value;
}

/* A problem, P, and the range of kappa. */
static const struct {
    problem p;
    double samples, from, to;
} loops[] = {
    {{40, 2, 64, MFL_THEORY_MF_ARD, 0, 4.0, 1e-4}, 100.0, 1.6, 0.4},
    {{32, 2, 48, MFL_THEORY_MF_ARD, 0, 4.0, 1e-4}, 80.0, 2.0, 0.4},
    {{24, 2, 32, MFL_THEORY_MF_ARD, 0, 4.0, 1e-4}, 60.0, 3.0, 0.5},
};

START_TEST(folds_are_where_solves_from_cold_lose_a_solution)
{
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        double low_error, high_error, kappa, transition, error;
        int32_t count, branch, other, points, stable;
        problem p = loops[i].p;
        mfl_theory *theory = new_theory(&p);
        mfl_path *path = follow(&p, 0.2, MFL_PATH_KAPPA, loops[i].from, loops[i].to, loops[i].samples, 0.0);
        ck_assert_int_eq(mfl_path_folds(path, &count), MFL_OK);
        ck_assert_int_eq(count, 2);
        ck_assert_int_eq(mfl_path_branches(path, &count), MFL_OK);
        ck_assert_int_eq(count, 3);
        for (int32_t b = 0; b < 3; b++) {
            ck_assert_int_eq(mfl_path_branch(path, b, &points, &stable, NULL), MFL_OK);
            ck_assert_int_eq(stable, b != 1);
            ck_assert_int_gt(points, 2);
        }
        double low = fold(path, 0, &low_error), high = fold(path, 1, &high_error);
        confirm(theory, loops[i].samples, low, 1.0);
        confirm(theory, loops[i].samples, high, -1.0);
        ck_assert(low_error < 1e-4 * low && high_error < 1e-4 * high);
        ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_FOLD, &kappa, NULL), MFL_OK);
        ck_assert_double_eq(kappa, low);
        ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_STEEPEST, &kappa, NULL), MFL_ERROR_STATE);
        /* in between the free energies are equal */
        ck_assert_int_eq(mfl_path_transitions(path, &count), MFL_OK);
        ck_assert_int_eq(count, 1);
        ck_assert_int_eq(mfl_path_transition(path, 0, &branch, &other, &transition, &error), MFL_OK);
        ck_assert(low < transition && transition < high && branch == 0 && other == 2);
        double gap[3], claimed[3][2];
        for (int32_t s = 0; s < 3; s++) {
            double at = transition * (1.0 + 1e-3 * (s - 1));
            gap[s] = cold(theory, loops[i].samples, at, 0, MFL_THEORY_FREE_ENERGY, &claimed[s][0]) -
                     cold(theory, loops[i].samples, at, 1, MFL_THEORY_FREE_ENERGY, &claimed[s][1]);
        }
        ck_assert(gap[0] > 0.0 && gap[2] < 0.0);
        ck_assert(fabs(gap[1]) < 1e-3 * gap[0]);
        ck_assert_double_eq_tol(gap[1], 0.0, (gap[0] - gap[2]) / 2e-3 * error / transition + 1e-6 + claimed[1][0] +
                                                 claimed[1][1]);
        mfl_path_destroy(path);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* Close to a fold the plain iteration takes thousands of evaluations; the solver finishes by Newton's method, on the branch
 * that it began on. 2e-5 before the first fold (0.70136972 by the path above, bisected from cold to 1 % there) both
 * solutions are found with the default evaluations; 2e-5 beyond it one is. */
START_TEST(solves_close_to_a_fold_converge)
{
    problem p = loops[0].p;
    mfl_theory *theory = new_theory(&p);
    mfl_path *path = follow(&p, 0.2, MFL_PATH_KAPPA, 1.6, 0.4, 100.0, 0.0);
    for (int32_t i = 0; i < 2; i++) {
        double at = fold(path, i, NULL), inner = i ? -2e-5 : 2e-5, m_fold, m, evaluations;
        int32_t stop;
        ck_assert(has_two(theory, 100.0, at * (1.0 + inner)));
        ck_assert_int_eq(mfl_path_fold_get(path, i, MFL_THEORY_M, &m_fold, NULL), MFL_OK);
        ck_assert_int_eq(mfl_theory_select(theory, i), MFL_OK); /* heating ends at the first fold, cooling at the other */
        ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
        ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &m, NULL), MFL_OK);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_EVALUATIONS_USED, &evaluations, NULL), MFL_OK);
        ck_assert(i ? m > m_fold : m < m_fold); /* the stable side */
        ck_assert_double_eq_tol(m / m_fold, 1.0, 0.05);
        ck_assert(evaluations < 2000.0);
        ck_assert(!has_two(theory, 100.0, at * (1.0 - inner)));
    }
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

/* The same fold at a tolerance ten thousand times smaller, in other steps and from the other end; and along P,
 * since all of this closure depends on P/kappa^2 alone. */
START_TEST(folds_keep_their_error)
{
    problem rough = loops[0].p, fine = rough;
    rough.tolerance = 1e-3;
    fine.tolerance = 1e-7;
    double error, fine_error, along_error;
    mfl_path *path = follow(&rough, 0.3, MFL_PATH_KAPPA, 0.5, 1.5, 100.0, 0.0);
    mfl_path *exact = follow(&fine, 0.11, MFL_PATH_KAPPA, 1.4, 0.45, 100.0, 0.0);
    mfl_path *along = follow(&fine, 0.2, MFL_PATH_SAMPLES, 40.0, 200.0, 0.0, 0.8);
    for (int32_t i = 0; i < 2; i++) { /* the first path begins on the other branch */
        double truth = fold(exact, i, &fine_error), samples = fold(along, i, &along_error);
        ck_assert_double_eq_tol(fold(path, 1 - i, &error), truth, error + fine_error);
        ck_assert(error < 1e-3 && fine_error < 1e-6);
        ck_assert_double_eq_tol(100.0 / (truth * truth), samples / 0.64, 1e-6);
    }
    mfl_path_destroy(path);
    mfl_path_destroy(exact);
    mfl_path_destroy(along);
}
END_TEST

START_TEST(points_are_those_of_solves_from_cold)
{
    static const problem of[] = {{20, 2, 128, MFL_THEORY_MF, 1, 4.0, 1e-8},
                                 {16, 4, 64, MFL_THEORY_MF_ARD, 1, 4.0, 1e-4},
                                 {40, 2, 64, MFL_THEORY_MF_ARD, 0, 4.0, 1e-8},
                                 {12, 2, 32, MFL_THEORY_MF_SCREENED, 1, 4.0, 1e-3}};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        mfl_theory *theory = new_theory(&of[i]);
        mfl_path *path = follow(&of[i], 0.9, MFL_PATH_KAPPA, 1.5, 0.3, 100.0, 0.0);
        int32_t branches, points, stable, count;
        ck_assert_int_eq(mfl_path_branches(path, &branches), MFL_OK);
        for (int32_t b = 0; b < branches; b++) {
            ck_assert_int_eq(mfl_path_branch(path, b, &points, &stable, NULL), MFL_OK);
            for (int32_t j = 0; stable && j < points; j++) {
                double kappa, m, error, cold_error;
                ck_assert_int_eq(mfl_path_point(path, b, j, &kappa, NULL), MFL_OK);
                ck_assert_int_eq(mfl_path_get(path, b, j, MFL_THEORY_M, &m, &error), MFL_OK);
                count = cold_branches(theory, 100.0, kappa);
                ck_assert_int_le(count, branches == 1 ? 1 : 2);
                double expected = cold(theory, 100.0, kappa, b > 0 ? count - 1 : 0, MFL_THEORY_M, &cold_error);
                ck_assert_double_eq_tol(m, expected, error + cold_error + 1e-12);
            }
        }
        mfl_path_destroy(path);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* At the steepest point the second difference of cold solves vanishes, and the first is largest. */
START_TEST(the_steepest_point_is_that_of_finite_differences)
{
    static const double h = 0.01, apart = 0.02;
    problem p = {20, 2, 128, MFL_THEORY_MF, 1, 4.0, 1e-8};
    mfl_theory *theory = new_theory(&p);
    for (int32_t along = 0; along < 2; along++) {
        mfl_path *path = along ? follow(&p, 0.1, MFL_PATH_KAPPA, 0.03, 3.0, 100.0, 0.0)
                               : follow(&p, 0.1, MFL_PATH_SAMPLES, 2.0, 400.0, 0.0, 0.1);
        double value, error, slope[3];
        ck_assert_msg(mfl_path_critical(path, MFL_PATH_STEEPEST, &value, &error) == MFL_OK, "%s",
                      mfl_context_message(context));
        for (int32_t i = 0; i < 3; i++) {
            double m[2];
            for (int32_t side = 0; side < 2; side++) {
                double at = value * exp(apart * (i - 1) + (side ? h : -h));
                m[side] = cold(theory, along ? 100.0 : at, along ? at : 0.1, 0, MFL_THEORY_M, NULL);
            }
            slope[i] = fabs(m[1] - m[0]) / (2.0 * h);
        }
        ck_assert(slope[1] > slope[0] && slope[1] > slope[2]);
        double vertex = 0.5 * apart * (slope[0] - slope[2]) / (slope[0] - 2.0 * slope[1] + slope[2]);
        ck_assert_double_eq_tol(vertex, 0.0, 2e-3); /* the parabola's own error */
        ck_assert(error < 1e-2 * value);
        mfl_path_destroy(path);
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* One number of P/kappa^2: the tangent is the same line in kappa and in P^(-1/2). */
START_TEST(the_pinned_criterion_agrees_along_samples_and_noise)
{
    problem p = {60, 2, 256, MFL_THEORY_MF, 1, 4.0, 1e-8};
    double kappa, samples, error;
    mfl_path *path = follow(&p, 0.15, MFL_PATH_KAPPA, 2.0, 0.05, 200.0, 0.0);
    ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_PINNED, &kappa, &error), MFL_OK);
    ck_assert(error > 0.0 && error < 0.2 * kappa);
    mfl_path_destroy(path);
    path = follow(&p, 0.2, MFL_PATH_SAMPLES, 10.0, 5000.0, 0.0, 0.5);
    ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_PINNED, &samples, NULL), MFL_OK);
    ck_assert_double_eq_tol(samples / 0.25 * kappa * kappa / 200.0, 1.0, 1e-5);
    mfl_path_destroy(path);
}
END_TEST

/* P/kappa^2 to infinity: N q/(1 + (N - 1) q), q = 1/4 and 1/32. */
START_TEST(branches_end_at_the_floor)
{
    static const double q_of[] = {1.0 / 4.0, 1.0 / 32.0};
    for (int32_t i = 0; i < 2; i++) {
        problem p = {12, 2 + 2 * i, 16, MFL_THEORY_MF, 1, 4.0, 1e-5};
        double last = 0.0, m, floor_at = 16.0 * q_of[i] / (1.0 + 15.0 * q_of[i]);
        int32_t points;
        mfl_path *path = follow(&p, 1.0, MFL_PATH_KAPPA, 1.0, 0.002, 200.0, 0.0);
        ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
        for (int32_t j = 0; j < points; j++) {
            ck_assert_int_eq(mfl_path_get(path, 0, j, MFL_THEORY_M, &m, NULL), MFL_OK);
            ck_assert(m > last && m < floor_at);
            last = m;
        }
        ck_assert_double_eq_tol(last, floor_at, 2e-3);
        mfl_path_destroy(path);
    }
}
END_TEST

/* In the dimension a branch is lost between neighbours; at them solves from cold agree. */
START_TEST(the_dimension_moves_in_whole_numbers)
{
    problem p = {40, 2, 64, MFL_THEORY_MF_ARD, 0, 4.0, 1e-4};
    double value, error;
    int32_t count;
    mfl_path *path = follow(&p, 0.2, MFL_PATH_DIMENSION, 20.0, 50.0, 100.0, 0.8);
    ck_assert_int_eq(mfl_path_folds(path, &count), MFL_OK);
    ck_assert_int_eq(count, 1);
    value = fold(path, 0, &error);
    ck_assert_double_eq_tol(value, 31.5, 1e-9);
    ck_assert(error >= 0.5 && error < 0.55);
    for (int32_t side = 0; side < 2; side++) {
        problem at = p;
        at.d = side ? 34 : 30; /* at the neighbours themselves solves from cold take long */
        mfl_theory *theory = new_theory(&at);
        ck_assert_int_eq(cold_branches(theory, 100.0, 0.8), 1 + side);
        mfl_theory_destroy(theory);
    }
    mfl_path_destroy(path);
}
END_TEST

/* N, sigma_w, sigma_a and alpha0: each end of the path is the solve of a model with that number. */
START_TEST(every_real_parameter_moves)
{
    static const int32_t parameters[] = {MFL_PATH_WIDTH, MFL_PATH_SIGMA_W, MFL_PATH_SIGMA_A, MFL_PATH_ALPHA};
    problem p = {20, 2, 64, MFL_THEORY_MF_ARD, 1, 4.0, 1e-6};
    mfl_theory *theory = new_theory(&p);
    mfl_path *path = new_path(theory, 0.5);
    for (int32_t i = 0; i < 4; i++) {
        const double from = i == 0 ? 32.0 : 0.5, to = i == 0 ? 64.0 : i == 3 ? 4.0 : 1.0;
        double m, last = 0.0, value = 0.0, expected = cold(theory, 100.0, 0.3, 0, MFL_THEORY_M, NULL);
        int32_t points;
        ck_assert_int_eq(mfl_path_follow(path, parameters[i], from, to, 100.0, 0.3), MFL_OK);
        ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
        ck_assert_int_eq(mfl_path_get(path, 0, 0, MFL_THEORY_M, &m, NULL), MFL_OK);
        ck_assert_int_eq(mfl_path_point(path, 0, points - 1, &value, NULL), MFL_OK);
        ck_assert_int_eq(mfl_path_get(path, 0, points - 1, MFL_THEORY_M, &last, NULL), MFL_OK);
        ck_assert_double_eq_tol(value, to, 1e-9 * to); /* where the model and the options are */
        ck_assert_double_eq_tol(last, expected, 1e-6);
        ck_assert(fabs(m - last) > 1e-3);
    }
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

static double stop_at;

static int32_t stop_later(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)stage, (void)seconds, (void)user_data;
    ck_assert(fraction >= 0.0 && fraction <= 1.0);
    return fraction >= stop_at;
}

START_TEST(a_cancelled_path_keeps_what_it_has)
{
    problem p = {40, 2, 64, MFL_THEORY_MF_ARD, 1, 4.0, 1e-6};
    int32_t stop, points, count;
    mfl_theory *theory = new_theory(&p);
    mfl_path *path = new_path(theory, 0.01);
    ck_assert_int_eq(mfl_context_set_progress(context, stop_later, NULL), MFL_OK);
    stop_at = 0.0;
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 2.0, 0.02, 400.0, 0.0), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_path_branches(path, &count), MFL_OK);
    ck_assert_int_eq(count, 0);
    stop_at = 0.3;
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 2.0, 0.02, 400.0, 0.0), MFL_OK);
    ck_assert_int_eq(mfl_path_stop(path, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_CANCELLED);
    ck_assert_int_eq(mfl_path_branch(path, 0, &points, NULL, NULL), MFL_OK);
    ck_assert_int_gt(points, 0);
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 2.0, 1.5, 400.0, 0.0), MFL_OK);
    ck_assert_int_eq(mfl_path_stop(path, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}
END_TEST

START_TEST(what_makes_no_path_is_refused)
{
    problem p = {20, 2, 16, MFL_THEORY_MF, 1, 4.0, 1e-4}, wide = {20, 2, 0, MFL_THEORY_MF, 1, 4.0, 1e-4};
    mfl_theory *theory = new_theory(&p), *infinite = new_theory(&wide);
    mfl_path *path = new_path(theory, 0.5), *none;
    double value;
    int32_t count;
    ck_assert_int_eq(mfl_path_create(infinite, &none), MFL_ERROR_UNSUPPORTED);
    ck_assert_ptr_null(none);
    ck_assert_int_eq(mfl_path_create(NULL, &none), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_path_follow(path, 7, 1.0, 2.0, 10.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 1.0, 1.0, 10.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 0.0, 1.0, 10.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 0.1, 1.0, -1.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_SAMPLES, 1.0, 10.0, 0.0, 0.0), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_DIMENSION, 1.0, 10.0, 10.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_DIMENSION, 2.0, 10.5, 10.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_PINNED, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_path_folds(path, &count), MFL_OK);
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(mfl_path_follow(path, MFL_PATH_KAPPA, 3.0, 2.0, 10.0, 0.0), MFL_OK);
    ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_PINNED, &value, NULL), MFL_ERROR_STATE); /* m stays small */
    ck_assert_int_eq(mfl_path_critical(path, MFL_PATH_STEEPEST, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_path_critical(path, 3, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_path_get(path, 0, 0, MFL_THEORY_RHO_ON, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_path_get(path, 1, 0, MFL_THEORY_M, &value, NULL), MFL_ERROR_ARGUMENT);
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
    mfl_theory_destroy(infinite);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_path", folds_are_where_solves_from_cold_lose_a_solution,
                             solves_close_to_a_fold_converge,
                             folds_keep_their_error, points_are_those_of_solves_from_cold,
                             the_steepest_point_is_that_of_finite_differences,
                             the_pinned_criterion_agrees_along_samples_and_noise, branches_end_at_the_floor,
                             the_dimension_moves_in_whole_numbers, every_real_parameter_moves,
                             a_cancelled_path_keeps_what_it_has, what_makes_no_path_is_refused);
}
