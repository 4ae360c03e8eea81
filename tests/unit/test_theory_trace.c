/* SPDX-License-Identifier: BSD-3-Clause */
/* Curves that are known: a cubic with two folds, in one unknown, in ten, and in 400 of which most follow the first few. */
#include <math.h>

#include "core/context.h"
#include "theory/trace.h"

#include "../run.h"

typedef struct cubic {
    int32_t n;
    int64_t evaluations;
} cubic;

enum { many = 400, rank = 8 };

/* p = x^3 - x; every further unknown follows the one before it, y' = sin(y), or, of many, x^2 and the mean of all. */
static int32_t equations(void *data, const double *z, double *f)
{
    cubic *of = data;
    double mean = 0.0;
    of->evaluations++;
    f[0] = -(z[of->n] - z[0] * z[0] * z[0] + z[0]);
    for (int32_t i = 1; i < of->n; i++)
        mean += z[i] / of->n;
    for (int32_t i = 1; i < of->n; i++)
        f[i] = (of->n == many ? 0.1 * sin(i) * z[0] * z[0] + 0.5 * cos(i) * tanh(mean) : sin(z[i - 1])) - z[i];
    return fabs(z[0]) > 3.0 ? MFLI_NO_POINT : MFL_OK;
}

typedef struct record {
    int32_t n, points, folds;
    double fold[4], furthest;
} record;

static int32_t visit(void *data, int32_t kind, double *z, const double *tangent)
{
    record *to = data;
    double off = fabs(z[to->n] - z[0] * z[0] * z[0] + z[0]);
    (void)tangent;
    to->furthest = fmax(to->furthest, off);
    if (kind == MFLI_TRACE_FOLD && to->folds < 4)
        to->fold[to->folds++] = z[to->n];
    to->points += kind == MFLI_TRACE_POINT;
    return MFL_OK;
}

static void follow(int32_t n, int32_t points, int32_t expected, record *to, cubic *of)
{
    mfl_context *context;
    mfli_newton newton;
    double z[MFLI_NEWTON_MOST] = {-1.2};
    *of = (cubic){n, 0};
    *to = (record){.n = n};
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_newton_create(context, n, n == many ? rank : 0, equations, of, &newton), MFL_OK);
    for (int32_t i = 1; i < n; i++)
        z[i] = n == many ? 0.0 : sin(z[i - 1]);
    z[n] = -1.0;
    mfli_trace trace = {&newton, -1.0, 1.0, 0.1, points, visit, to};
    ck_assert_int_eq(mfli_trace_run(&trace, 1.0, z), expected);
    mfli_newton_finish(context, &newton);
    mfl_context_destroy(context);
}

START_TEST(both_folds_of_a_cubic_are_found)
{
    static const int32_t unknowns[] = {1, 10, many};
    for (int32_t i = 0; i < 3; i++) {
        record to;
        cubic of;
        follow(unknowns[i], 1000, MFL_OK, &to, &of);
        ck_assert_int_eq(to.folds, 2);
        ck_assert_double_eq_tol(to.fold[0], 2.0 / sqrt(27.0), 1e-10);
        ck_assert_double_eq_tol(to.fold[1], -2.0 / sqrt(27.0), 1e-10);
        ck_assert(to.furthest < 1e-9);
        ck_assert(to.points > 10 && of.evaluations < 12 * to.points);
    }
}
END_TEST

START_TEST(a_limit_of_points_is_kept)
{
    record to;
    cubic of;
    follow(1, 7, MFLI_NO_POINT, &to, &of);
    ck_assert_int_eq(to.points, 7);
}
END_TEST

/* A fold is where stability is lost: f = p - x^3 + x moves x up the slope between the folds only. */
START_TEST(stability_is_that_of_the_motion)
{
    static const double at[] = {-1.0, 0.0, 1.0};
    mfl_context *context;
    mfli_newton newton;
    cubic of = {1, 0};
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_newton_create(context, 1, 0, equations, &of, &newton), MFL_OK);
    for (int32_t i = 0; i < 3; i++) {
        double z[2] = {at[i], 0.0}, f[1], normal[2] = {0.0, 1.0};
        newton.is_known = 0;
        ck_assert_int_eq(mfli_newton_correct(&newton, normal, z, f), MFL_OK);
        ck_assert_double_eq_tol(z[0], at[i], 1e-9);
        ck_assert_int_eq(mfli_newton_is_stable(&newton), i == 1);
    }
    mfli_newton_finish(context, &newton);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_trace", both_folds_of_a_cubic_are_found, a_limit_of_points_is_kept,
                     stability_is_that_of_the_motion);
}
