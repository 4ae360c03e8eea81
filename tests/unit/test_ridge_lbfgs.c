/* SPDX-License-Identifier: BSD-3-Clause */
/* The minimiser of the evidence on functions whose minima are known. */
#include <math.h>

#include "../run.h"
#include "core/context.h"
#include "ridge/lbfgs.h"

static mfl_context *context;
static int evaluations;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
    evaluations = 0;
}

static void teardown(void)
{
    mfli_leave(context, MFL_OK);
    mfl_context_destroy(context);
}

/* (1 - x)^2 + 100 (y - x^2)^2; the minimum is 0 at (1, 1), along a curved valley. */
static int32_t rosenbrock(void *data, const double *x, double *value, double *gradient)
{
    (void)data;
    double valley = x[1] - x[0] * x[0];
    evaluations++;
    *value = (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * valley * valley;
    gradient[0] = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * valley;
    gradient[1] = 200.0 * valley;
    return MFL_OK;
}

START_TEST(curved_valley)
{
    double x[2] = {-1.2, 1.0};
    mfli_minimum minimum;
    ck_assert_int_eq(mfli_lbfgs(context, rosenbrock, NULL, 2, x, 1e-16, 1000, &minimum), MFL_OK);
    ck_assert_int_eq(minimum.stop, MFL_STOP_CONVERGED);
    ck_assert_double_eq_tol(x[0], 1.0, 1e-5);
    ck_assert_double_eq_tol(x[1], 1.0, 1e-5);
    ck_assert_int_lt(evaluations, 150);
    double y[2] = {-1.2, 1.0};
    ck_assert_int_eq(mfli_lbfgs(context, rosenbrock, NULL, 2, y, 1e-16, 3, &minimum), MFL_OK);
    ck_assert_int_eq(minimum.stop, MFL_STOP_LIMIT);
    ck_assert_int_eq(minimum.steps, 3);
}
END_TEST

/* x - log x of 20 coordinates, outside its domain for x <= 0: steps are shortened, not failed. */
static int32_t barrier(void *data, const double *x, double *value, double *gradient)
{
    *value = 0.0;
    for (int i = 0; i < 20; i++) {
        if (!(x[i] > 0.0))
            return *(const int32_t *)data;
        *value += (i + 1.0) * x[i] - log(x[i]);
        gradient[i] = i + 1.0 - 1.0 / x[i];
    }
    return MFL_OK;
}

START_TEST(edge_of_the_domain)
{
    double x[20];
    int32_t outside = MFL_ERROR_NOT_POSITIVE_DEFINITE;
    mfli_minimum minimum;
    for (int i = 0; i < 20; i++)
        x[i] = 0.3;
    ck_assert_int_eq(mfli_lbfgs(context, barrier, &outside, 20, x, 1e-15, 500, &minimum), MFL_OK);
    for (int i = 0; i < 20; i++)
        ck_assert_double_eq_tol(x[i], 1.0 / (i + 1.0), 1e-5);
    /* Any other failure ends the search. */
    outside = MFL_ERROR_CANCELLED;
    x[0] = -1.0;
    ck_assert_int_eq(mfli_lbfgs(context, barrier, &outside, 20, x, 1e-15, 500, &minimum),
                     MFL_ERROR_CANCELLED);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "ridge_lbfgs", curved_valley, edge_of_the_domain);
}
