/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/newton.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* At the default precision f below this is a solution if the step it asks for, which near a fold is much longer, is
 * short; below the second, one if it no longer falls. */
static const double settled = 1e-11, nearly = 1e-9;
/* Steps of the unknowns, which are logarithms: to difference, and the longest that is believed. */
static const double difference = 1e-6, longest = 1.0;
/* How far a solution that is looked for near a point may be. */
static const double nearby = 0.1;
/* Shorter steps say nothing about the Jacobian but rounding. */
static const double shortest = 1e-7;
enum { steps_most = 7 };

int32_t mfli_newton_create(mfl_context *context, int32_t n, mfli_equations equations, void *data, mfli_newton *newton)
{
    size_t size = (size_t)n + 1;
    *newton = (mfli_newton){.n = n, .equations = equations, .data = data, .precision = MFLI_NEWTON_PRECISION};
    newton->jacobian = mfli_alloc_zeroed(context, size * size, 2 * sizeof(double));
    newton->matrix = newton->jacobian ? newton->jacobian + size * size : NULL;
    return newton->jacobian ? MFL_OK : MFL_ERROR_MEMORY;
}

void mfli_newton_finish(mfl_context *context, mfli_newton *newton)
{
    mfli_free(context, newton->jacobian);
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

static int32_t evaluate(mfli_newton *newton, const double *z, double *f)
{
    newton->evaluations++;
    int32_t status = newton->equations(newton->data, z, f);
    return status == MFL_ERROR_TOLERANCE || status == MFL_ERROR_DIVERGED ? MFLI_NO_POINT : status;
}

static int32_t fill_jacobian(mfli_newton *newton, const double *z, const double *f)
{
    double at[MFLI_NEWTON_MOST], moved[MFLI_NEWTON_MOST];
    int32_t n = newton->n;
    for (int32_t j = 0; j < n + !newton->is_alone; j++) {
        memcpy(at, z, (size_t)(n + 1) * sizeof *z);
        at[j] += difference;
        int32_t status = evaluate(newton, at, moved);
        if (status != MFL_OK)
            return status;
        for (int32_t i = 0; i < n; i++)
            newton->jacobian[i * (n + 1) + j] = (moved[i] - f[i]) / difference;
    }
    newton->is_known = 1;
    return MFL_OK;
}

/* Solve [J; normal] x = right by elimination with pivots; `right` becomes x. */
static int32_t solve_bordered(mfli_newton *newton, const double *normal, double *right)
{
    int32_t size = newton->n + 1;
    double *a = newton->matrix;
    memcpy(a, newton->jacobian, (size_t)newton->n * (size_t)size * sizeof *a);
    memcpy(a + newton->n * size, normal, (size_t)size * sizeof *a);
    newton->sign = 1;
    for (int32_t column = 0; column < size; column++) {
        int32_t pivot = column;
        for (int32_t i = column + 1; i < size; i++)
            pivot = fabs(a[i * size + column]) > fabs(a[pivot * size + column]) ? i : pivot;
        if (!(fabs(a[pivot * size + column]) > 0.0))
            return MFLI_NO_POINT;
        newton->sign *= (a[pivot * size + column] > 0.0 ? 1 : -1) * (pivot == column ? 1 : -1);
        for (int32_t j = 0; j < size && pivot != column; j++) {
            double kept = a[column * size + j];
            a[column * size + j] = a[pivot * size + j];
            a[pivot * size + j] = kept;
        }
        double kept = right[column];
        right[column] = right[pivot];
        right[pivot] = kept;
        for (int32_t i = column + 1; i < size; i++) {
            double factor = a[i * size + column] / a[column * size + column];
            for (int32_t j = column; j < size && factor != 0.0; j++)
                a[i * size + j] -= factor * a[column * size + j];
            right[i] -= factor * right[column];
        }
    }
    for (int32_t i = size - 1; i >= 0; i--)
        right[i] = (right[i] - dot(size - 1 - i, a + i * size + i + 1, right + i + 1)) / a[i * size + i];
    return largest(size, right) < INFINITY ? MFL_OK : MFLI_NO_POINT;
}

/* Broyden: the least change of J that explains the last step. */
static void update_jacobian(mfli_newton *newton, const double *step, const double *before, const double *f)
{
    int32_t n = newton->n;
    double square = dot(n + 1, step, step);
    for (int32_t i = 0; i < n && square > shortest * shortest; i++) {
        double *row = newton->jacobian + i * (n + 1);
        double off = (f[i] - before[i] - dot(n + 1, row, step)) / square;
        for (int32_t j = 0; j <= n; j++)
            row[j] += off * step[j];
    }
}

void mfli_newton_learn(mfli_newton *newton, const double *chord)
{
    static const double zero[MFLI_NEWTON_MOST];
    update_jacobian(newton, chord, zero, zero);
}

/* The step that f asks for, which newton->off measures. */
static int32_t find_step(mfli_newton *newton, const double *normal, const double *f, double *step)
{
    for (int32_t j = 0; j < newton->n; j++)
        step[j] = -f[j];
    step[newton->n] = 0.0;
    int32_t status = solve_bordered(newton, normal, step);
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
        update_jacobian(newton, step, before, f);
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

int32_t mfli_newton_polish_alone(mfl_context *context, int32_t n, mfli_equations equations, void *data, double *z,
                                 int32_t *found)
{
    double at[MFLI_NEWTON_MOST];
    mfli_newton newton;
    int32_t status = mfli_newton_create(context, n, equations, data, &newton);
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
