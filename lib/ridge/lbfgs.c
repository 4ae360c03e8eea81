/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/lbfgs.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

enum { MEMORY = 8, BACKTRACKS = 40 };

/* Parameters are logarithms: a first or wild step moves none by more than this. */
static const double longest = 1.0;

typedef struct search {
    mfli_objective objective;
    void *data;
    int64_t size;
    double *x, *slope;         /* the current point */
    double *next, *next_slope; /* the one tried */
    double *direction;
    double *moves, *changes; /* MEMORY x size: differences of points and of gradients */
    double inverse[MEMORY];  /* 1 / (move . change) */
    int64_t stored;          /* ever */
    double value;
} search;

static double dot(int64_t size, const double *a, const double *b)
{
    double sum = 0.0;
    for (int64_t i = 0; i < size; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The two-loop recursion. */
static void choose_direction(search *s)
{
    const int64_t n = s->size, kept = s->stored < MEMORY ? s->stored : MEMORY;
    double weight[MEMORY];
    for (int64_t i = 0; i < n; i++)
        s->direction[i] = -s->slope[i];
    for (int64_t k = s->stored - 1; k >= s->stored - kept; k--) {
        const double *move = s->moves + k % MEMORY * n, *change = s->changes + k % MEMORY * n;
        weight[k % MEMORY] = s->inverse[k % MEMORY] * dot(n, move, s->direction);
        for (int64_t i = 0; i < n; i++)
            s->direction[i] -= weight[k % MEMORY] * change[i];
    }
    if (kept) {
        const double *change = s->changes + (s->stored - 1) % MEMORY * n;
        double scale = 1.0 / (s->inverse[(s->stored - 1) % MEMORY] * dot(n, change, change));
        for (int64_t i = 0; i < n; i++)
            s->direction[i] *= scale;
    }
    for (int64_t k = s->stored - kept; k < s->stored; k++) {
        const double *move = s->moves + k % MEMORY * n, *change = s->changes + k % MEMORY * n;
        double back = weight[k % MEMORY] - s->inverse[k % MEMORY] * dot(n, change, s->direction);
        for (int64_t i = 0; i < n; i++)
            s->direction[i] += back * move[i];
    }
    double largest = 0.0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(s->direction[i]));
    for (int64_t i = 0; largest > longest && i < n; i++)
        s->direction[i] *= longest / largest;
}

static int32_t is_outside(int32_t status)
{
    return status == MFL_ERROR_NOT_POSITIVE_DEFINITE || status == MFL_ERROR_NOT_FINITE;
}

/* Halves the step until the value falls enough (Armijo). *found is 0 if it never did. */
static int32_t line_search(search *s, double *value, int32_t *found)
{
    const double along = dot(s->size, s->slope, s->direction);
    double length = 1.0;
    for (int tries = 0; along < 0.0 && tries < BACKTRACKS; tries++, length *= 0.5) {
        for (int64_t i = 0; i < s->size; i++)
            s->next[i] = s->x[i] + length * s->direction[i];
        int32_t status = s->objective(s->data, s->next, value, s->next_slope);
        if (status && !is_outside(status))
            return status;
        *found = !status && *value <= s->value + 1e-4 * length * along;
        if (*found)
            return MFL_OK;
    }
    *found = 0;
    return MFL_OK;
}

/* Pairs without positive curvature are not kept, so that directions descend. */
static void remember(search *s)
{
    const int64_t n = s->size;
    double *move = s->moves + s->stored % MEMORY * n, *change = s->changes + s->stored % MEMORY * n;
    for (int64_t i = 0; i < n; i++) {
        move[i] = s->next[i] - s->x[i];
        change[i] = s->next_slope[i] - s->slope[i];
    }
    double curvature = dot(n, move, change);
    if (curvature > 1e-12 * sqrt(dot(n, move, move) * dot(n, change, change)))
        s->inverse[s->stored++ % MEMORY] = 1.0 / curvature;
    memcpy(s->x, s->next, (size_t)n * sizeof *s->x);
    memcpy(s->slope, s->next_slope, (size_t)n * sizeof *s->slope);
}

static int32_t run(search *s, double tolerance, int64_t steps, mfli_minimum *minimum)
{
    int32_t status = s->objective(s->data, s->x, &s->value, s->slope), found = 1;
    minimum->stop = MFL_STOP_LIMIT;
    for (; !status && minimum->steps < steps; minimum->steps++) {
        double value = s->value;
        choose_direction(s);
        status = line_search(s, &value, &found);
        if (status)
            break;
        if (!found && s->stored) { /* once more by steepest descent */
            s->stored = 0;
            continue;
        }
        const double gain = s->value - value;
        if (found) {
            remember(s);
            s->value = value;
        }
        if (!found || gain <= tolerance * (1.0 + fabs(value))) {
            minimum->stop = MFL_STOP_CONVERGED;
            break;
        }
    }
    minimum->value = s->value;
    return status;
}

int32_t mfli_lbfgs(mfl_context *context, mfli_objective objective, void *data, int64_t size,
                   double *x, double tolerance, int64_t steps, mfli_minimum *minimum)
{
    *minimum = (mfli_minimum){0};
    double *work = mfli_alloc(context, (size_t)size, (4 + 2 * MEMORY) * sizeof *work);
    if (!work)
        return MFL_ERROR_MEMORY;
    search s = {.objective = objective, .data = data, .size = size, .x = x};
    s.slope = work;
    s.next = s.slope + size;
    s.next_slope = s.next + size;
    s.direction = s.next_slope + size;
    s.moves = s.direction + size;
    s.changes = s.moves + MEMORY * size;
    int32_t status = run(&s, tolerance, steps, minimum);
    mfli_free(context, work);
    return status;
}
