/* SPDX-License-Identifier: BSD-3-Clause */
/* Phase diagrams against solves from cold. */
#include <math.h>

#include <mflearn/mflearn.h>

#include "../run.h"

enum { SAMPLES = 9, KAPPAS = 4 };

static const double samples[SAMPLES] = {40, 55, 75, 100, 130, 170, 220, 300, 400},
                    kappas[KAPPAS] = {0.5, 0.7, 0.9, 1.2};

static mfl_context *context;

static mfl_theory *new_theory(int64_t d, int64_t n, int32_t preset, int32_t sharing)
{
    mfl_task *task;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    ck_assert_int_eq(mfl_task_create_parity(context, d, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, d, n, &model), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, preset), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SHARING, sharing), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-5), MFL_OK);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static void use_threads(int32_t threads)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads), MFL_OK);
}

static mfl_diagram *solve(mfl_theory *theory, int32_t threads)
{
    mfl_diagram *diagram;
    use_threads(threads);
    ck_assert_msg(mfl_diagram_create(theory, samples, SAMPLES, kappas, KAPPAS, &diagram) == MFL_OK, "%s",
                  mfl_context_message(context));
    return diagram;
}

static double get(const mfl_diagram *diagram, size_t i, size_t j, int32_t branch, double *error)
{
    double value;
    ck_assert_int_eq(mfl_diagram_get(diagram, i, j, branch, MFL_THEORY_M, &value, error), MFL_OK);
    return value;
}

/* Points of both kinds, of all closures; with n = N the grid crosses the hysteresis region. */
START_TEST(grid_points_are_solves_from_cold)
{
    static const struct {
        int64_t d, n;
        int32_t preset, sharing;
    } of[] = {{40, 64, MFL_THEORY_MF, 1}, {40, 64, MFL_THEORY_MF_ARD, 0}, {10, 32, MFL_THEORY_MF_SCREENED, 1}};
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int32_t t = 0; t < 3; t++) {
        mfl_theory *theory = new_theory(of[t].d, of[t].n, of[t].preset, of[t].sharing);
        mfl_diagram *diagram = solve(theory, 2);
        int32_t twos = 0, branches, converged, expected;
        for (size_t at = 0; at < SAMPLES * KAPPAS; at++) {
            const size_t i = at % SAMPLES, j = at / SAMPLES;
            if (of[t].preset == MFL_THEORY_MF_SCREENED && at % 7) /* slow from cold */
                continue;
            ck_assert_int_eq(mfl_diagram_point(diagram, i, j, &branches, &converged), MFL_OK);
            ck_assert_int_eq(converged, 1);
            ck_assert_int_eq(mfl_theory_solve(theory, samples[i], kappas[j]), MFL_OK);
            ck_assert_int_eq(mfl_theory_branches(theory, &expected), MFL_OK);
            ck_assert_msg(branches == expected, "P %g kappa %g: %d and %d", samples[i], kappas[j], branches, expected);
            for (int32_t b = 0; b < branches; b++) {
                double m, error, cold_error, found = get(diagram, i, j, b, &error);
                ck_assert_int_eq(mfl_theory_select(theory, b), MFL_OK);
                ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &m, &cold_error), MFL_OK);
                ck_assert_double_eq_tol(found, m, error + cold_error + 1e-12);
            }
            twos += branches == 2;
        }
        ck_assert(of[t].sharing == 0 ? twos > 4 : twos == 0);
        mfl_diagram_destroy(diagram);
        mfl_theory_destroy(theory);
    }
    mfl_context_destroy(context);
}
END_TEST

START_TEST(threads_change_nothing)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    mfl_theory *theory = new_theory(40, 64, MFL_THEORY_MF_ARD, 0);
    mfl_diagram *one = solve(theory, 1), *two = solve(theory, 2);
    for (size_t at = 0; at < SAMPLES * KAPPAS; at++)
        ck_assert_double_eq_tol(get(one, at % SAMPLES, at / SAMPLES, 0, NULL),
                                get(two, at % SAMPLES, at / SAMPLES, 0, NULL), 1e-12);
    mfl_diagram_destroy(one);
    mfl_diagram_destroy(two);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

static int32_t calls_left;

static int32_t stop_later(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)stage, (void)seconds, (void)user_data;
    ck_assert(fraction >= 0.0 && fraction <= 1.0);
    return --calls_left < 0;
}

START_TEST(cancelling_and_bad_grids)
{
    static const double falling[] = {2.0, 1.0};
    mfl_diagram *diagram;
    int32_t branches;
    double value;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    mfl_theory *theory = new_theory(40, 64, MFL_THEORY_MF_ARD, 1);
    ck_assert_int_eq(mfl_context_set_progress(context, stop_later, NULL), MFL_OK);
    for (int32_t threads = 1; threads <= 2; threads++) {
        use_threads(threads);
        calls_left = 3;
        ck_assert_int_eq(mfl_diagram_create(theory, samples, SAMPLES, kappas, KAPPAS, &diagram), MFL_ERROR_CANCELLED);
        ck_assert_ptr_null(diagram);
    }
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_diagram_create(theory, falling, 2, kappas, KAPPAS, &diagram), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_diagram_create(theory, samples, 0, kappas, KAPPAS, &diagram), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagram_create(theory, samples, 1, NULL, 1, &diagram), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_diagram_create(theory, samples, 1, kappas, 1, &diagram), MFL_OK);
    ck_assert_int_eq(mfl_diagram_point(diagram, 1, 0, &branches, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_diagram_get(diagram, 0, 0, 1, MFL_THEORY_M, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_diagram_get(diagram, 0, 0, 0, 1, &value, NULL), MFL_ERROR_ARGUMENT);
    mfl_diagram_destroy(diagram);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_diagram", grid_points_are_solves_from_cold, threads_change_nothing,
                     cancelling_and_bad_grids);
}
