/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/newton.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* At the default precision f below this is a solution if the step it asks for, which near a fold is much longer, is
 * short; below the second, one if it no longer falls. */
static const double settled = 1e-11, nearly = 1e-9;
/* The longest step of the unknowns, which are logarithms, that is believed. */
static const double longest = 1.0;
/* How far a solution that is looked for near a point may be. */
static const double nearby = 0.1;
enum { steps_most = 7 };

int32_t mfli_newton_create(mfl_context *context, int32_t n, int32_t rank, mfli_equations equations, void *data,
                           mfli_newton *newton)
{
    *newton = (mfli_newton){.n = n, .equations = equations, .data = data, .precision = MFLI_NEWTON_PRECISION};
    return mfli_jacobian_create(context, n, rank, &newton->jacobian);
}

void mfli_newton_finish(mfl_context *context, mfli_newton *newton)
{
    mfli_jacobian_finish(context, &newton->jacobian);
    memset(newton, 0, sizeof *newton);
}

static double largest(int32_t n, const double *f)
{
    double most = 0.0;
    for (int32_t i = 0; i < n; i++)
        most = isnan(f[i]) ? INFINITY : fmax(most, fabs(f[i]));
    return most;
}

static double dot(int32_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static int32_t evaluate(void *data, const double *z, double *f)
{
    mfli_newton *newton = data;
    newton->evaluations++;
    int32_t status = newton->equations(newton->data, z, f);
    return status == MFL_ERROR_TOLERANCE || status == MFL_ERROR_DIVERGED ? MFLI_NO_POINT : status;
}

static int32_t fill_jacobian(mfli_newton *newton, const double *z, const double *f)
{
    int32_t status = mfli_jacobian_difference(&newton->jacobian, evaluate, newton, newton->is_alone, z, f);
    newton->is_known = status == MFL_OK;
    return status;
}

static int32_t solve_bordered(mfli_newton *newton, const double *normal, double *right)
{
    return mfli_jacobian_solve(&newton->jacobian, normal, right, &newton->sign);
}

void mfli_newton_learn(mfli_newton *newton, const double *chord)
{
    static const double zero[MFLI_NEWTON_MOST];
    mfli_jacobian_update(&newton->jacobian, chord, zero, zero);
}

int32_t mfli_newton_step(mfli_newton *newton, const double *normal, const double *f, double *step)
{
    for (int32_t j = 0; j < newton->n; j++)
        step[j] = -f[j];
    step[newton->n] = 0.0;
    return solve_bordered(newton, normal, step);
}

/* The same where it is believed; newton->off measures it. */
static int32_t find_step(mfli_newton *newton, const double *normal, const double *f, double *step)
{
    int32_t status = mfli_newton_step(newton, normal, f, step);
    newton->off = status == MFL_OK ? largest(newton->n + 1, step) : INFINITY;
    return newton->off <= longest ? MFL_OK : MFLI_NO_POINT;
}

/* Steps until f is settled; one at least if the Jacobian is `fresh`, for which f was evaluated elsewhere. MFLI_NO_POINT:
 * it does not fall fast enough for this Jacobian. */
static int32_t iterate(mfli_newton *newton, int32_t fresh, const double *normal, double *z, double *f)
{
    double step[MFLI_NEWTON_MOST], before[MFLI_NEWTON_MOST], left = largest(newton->n, f);
    int32_t n = newton->n, status = find_step(newton, normal, f, step);
    double loose = fmax(1.0, newton->precision / MFLI_NEWTON_PRECISION), enough = loose * settled;
    for (int32_t i = 0; i < steps_most && status == MFL_OK &&
                        (left > enough || newton->off > newton->precision || (fresh && i == 0));
         i++) {
        memcpy(before, f, (size_t)n * sizeof *f);
        for (int32_t j = 0; j <= n; j++)
            z[j] += step[j];
        status = evaluate(newton, z, f);
        if (status != MFL_OK)
            return status;
        mfli_jacobian_update(&newton->jacobian, step, before, f);
        double now = largest(n, f);
        if (now > 0.5 * left && now > loose * nearly && i > 1)
            return MFLI_NO_POINT;
        status = find_step(newton, normal, f, step);
        if (now > 0.5 * left && now <= loose * nearly)
            return status;
        left = now;
    }
    return status == MFL_OK && left > loose * nearly ? MFLI_NO_POINT : status;
}

int32_t mfli_newton_correct(mfli_newton *newton, const double *normal, double *z, double *f)
{
    double start[MFLI_NEWTON_MOST], at_start[MFLI_NEWTON_MOST];
    int32_t was_known = newton->is_known;
    memcpy(start, z, (size_t)(newton->n + 1) * sizeof *z);
    int32_t status = evaluate(newton, z, f);
    memcpy(at_start, f, (size_t)newton->n * sizeof *f);
    if (status == MFL_OK && !was_known)
        status = fill_jacobian(newton, z, f);
    if (status == MFL_OK)
        status = iterate(newton, !was_known, normal, z, f);
    if (status != MFLI_NO_POINT || !was_known)
        return status;
    memcpy(z, start, (size_t)(newton->n + 1) * sizeof *z);
    memcpy(f, at_start, (size_t)newton->n * sizeof *f);
    status = fill_jacobian(newton, z, f);
    return status == MFL_OK ? iterate(newton, 1, normal, z, f) : status;
}

int32_t mfli_newton_tangent(mfli_newton *newton, double *tangent)
{
    double next[MFLI_NEWTON_MOST] = {0.0};
    int32_t n = newton->n;
    next[n] = 1.0;
    int32_t status = solve_bordered(newton, tangent, next);
    if (status != MFL_OK)
        return status;
    double length = sqrt(dot(n + 1, next, next));
    for (int32_t i = 0; i <= n; i++)
        tangent[i] = next[i] / length;
    return MFL_OK;
}

/* det of df/dx has the sign (-1)^n when no eigenvalue, or an even number of them, has a positive real part. */
int32_t mfli_newton_is_stable(mfli_newton *newton)
{
    double normal[MFLI_NEWTON_MOST] = {0.0}, right[MFLI_NEWTON_MOST] = {0.0};
    normal[newton->n] = 1.0;
    return solve_bordered(newton, normal, right) == MFL_OK && newton->sign == (newton->n % 2 ? -1 : 1);
}

int32_t mfli_newton_polish(mfli_newton *newton, double *z)
{
    double start[MFLI_NEWTON_MOST], f[MFLI_NEWTON_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    memcpy(start, z, (size_t)(newton->n + 1) * sizeof *z);
    fixed[newton->n] = 1.0;
    newton->is_known = 0;
    int32_t status = mfli_newton_correct(newton, fixed, z, f);
    for (int32_t i = 0; status == MFL_OK && i < newton->n; i++)
        if (!(fabs(z[i] - start[i]) < nearby))
            status = MFLI_NO_POINT;
    return status == MFL_OK && !mfli_newton_is_stable(newton) ? MFLI_NO_POINT : status;
}

int32_t mfli_newton_polish_alone(mfl_context *context, int32_t n, int32_t rank, mfli_equations equations, void *data,
                                 double *z, int32_t *found)
{
    double at[MFLI_NEWTON_MOST];
    mfli_newton newton;
    int32_t status = mfli_newton_create(context, n, rank, equations, data, &newton);
    if (status != MFL_OK)
        return status;
    memcpy(at, z, (size_t)n * sizeof *z);
    at[n] = 0.0;
    newton.is_alone = 1;
    status = mfli_newton_polish(&newton, at);
    *found = status == MFL_OK;
    if (*found)
        memcpy(z, at, (size_t)n * sizeof *z);
    mfli_newton_finish(context, &newton);
    return status == MFLI_NO_POINT ? MFL_OK : status;
}

/* A parabola through three planes, closer together every time: the error of its vertex is of second order in their
 * distance, that of the parameter there of fourth. */
int32_t mfli_newton_extremum(mfli_newton *newton, const double *normal, double spread, double *z, double *f)
{
    enum { rounds = 3 };
    double point[3][MFLI_NEWTON_MOST];
    int32_t n = newton->n;
    for (int32_t round = 0; round < rounds; round++, spread *= 0.2) {
        for (int32_t side = 0; side < 3; side++) {
            for (int32_t i = 0; i <= n; i++)
                point[side][i] = z[i] + (side - 1) * spread * normal[i];
            int32_t status = mfli_newton_correct(newton, normal, point[side], f);
            if (status != MFL_OK)
                return status;
        }
        double bend = point[0][n] - 2.0 * point[1][n] + point[2][n], slope = 0.5 * (point[2][n] - point[0][n]);
        double t = bend != 0.0 ? -slope / bend : INFINITY;
        if (!(fabs(t) < 20.0))
            return MFLI_NO_POINT;
        for (int32_t i = 0; i <= n; i++) /* the parabola through the three points */
            z[i] = point[1][i] + 0.5 * t * (point[2][i] - point[0][i]) +
                   0.5 * t * t * (point[0][i] - 2.0 * point[1][i] + point[2][i]);
    }
    return mfli_newton_correct(newton, normal, z, f);
}
