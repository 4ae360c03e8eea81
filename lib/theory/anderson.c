/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/anderson.h"

#include <math.h>
#include <string.h>

static double largest(int32_t n, const double *f)
{
    double most = 0.0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(f[i]));
    return most;
}

static double dot(int32_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

void mfli_anderson_init(mfli_anderson *anderson, int32_t size, double damping, double trust, double *memory)
{
    memset(anderson, 0, sizeof *anderson);
    anderson->size = size;
    anderson->history = -1;
    anderson->damping = damping;
    anderson->trust = trust;
    double **const array[] = {&anderson->best_x, &anderson->best_f, &anderson->x,
                              &anderson->f,      &anderson->left,   &anderson->next};
    for (size_t i = 0; i < sizeof array / sizeof *array; i++, memory += size)
        *array[i] = memory;
    double **const deep[] = {anderson->dx, anderson->df, anderson->explained_x, anderson->explained_f};
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++)
        for (int32_t slot = 0; slot < MFLI_ANDERSON_DEPTH; slot++, memory += size)
            deep[i][slot] = memory;
}

static void remember(mfli_anderson *anderson, const double *x, const double *f)
{
    int32_t n = anderson->size;
    if (anderson->history >= 0) {
        int32_t slot = anderson->history % MFLI_ANDERSON_DEPTH;
        for (int32_t i = 0; i < n; i++) {
            anderson->dx[slot][i] = x[i] - anderson->x[i];
            anderson->df[slot][i] = f[i] - anderson->f[i];
        }
    }
    anderson->history++;
    memcpy(anderson->x, x, (size_t)n * sizeof *x);
    memcpy(anderson->f, f, (size_t)n * sizeof *f);
}

/* Subtract from f and x what the remembered directions explain of f: Gram-Schmidt on df, directions that are dependent
 * to rounding left out. Both arrays of directions are destroyed. */
static void extrapolate(int32_t n, int32_t depth, double **dx, double **df, double *x, double *f)
{
    for (int32_t i = 0; i < depth; i++) {
        double before = dot(n, df[i], df[i]);
        for (int32_t j = 0; j < i; j++) {
            double part = dot(n, df[i], df[j]);
            for (int32_t l = 0; l < n; l++) {
                df[i][l] -= part * df[j][l];
                dx[i][l] -= part * dx[j][l];
            }
        }
        double left = dot(n, df[i], df[i]), scale = left > 1e-16 * before ? 1.0 / sqrt(left) : 0.0;
        for (int32_t l = 0; l < n; l++) {
            df[i][l] *= scale;
            dx[i][l] *= scale;
        }
        double part = dot(n, df[i], f);
        for (int32_t l = 0; l < n; l++) {
            f[l] -= part * df[i][l];
            x[l] -= part * dx[i][l];
        }
    }
}

/* Go back to the best point and on from there without acceleration until f is smaller still: past a fold f has a
 * minimum where there is no solution, and plain steps lead through. */
static void plain_step(mfli_anderson *anderson, double *x)
{
    anderson->history = -1;
    anderson->stalls = 0;
    anderson->trust = 0.5 * anderson->best;
    for (int32_t i = 0; i < anderson->size; i++)
        x[i] = anderson->best_x[i] + anderson->damping * anderson->best_f[i];
}

void mfli_anderson_step(mfli_anderson *anderson, double *x, const double *f)
{
    /* longest step, of logarithms and in units of f: near a fold a step that is right for a line leaps over it */
    static const double longest = 0.7, furthest = 10.0;
    static const int32_t patience = 4; /* steps that do not shrink f */
    int32_t n = anderson->size;
    double size = largest(n, f), *left = anderson->left, *next = anderson->next;
    if (size > anderson->trust)
        anderson->history = -1;
    if (size < 0.9 * anderson->best)
        anderson->stalls = 0;
    else if (anderson->history >= 0)
        anderson->stalls++;
    if (anderson->history >= 0 && (size > 2.0 * anderson->best || anderson->stalls > patience)) {
        plain_step(anderson, x);
        return;
    }
    remember(anderson, x, f);
    if (anderson->history == 0 || size < anderson->best) {
        anderson->best = size;
        memcpy(anderson->best_x, x, (size_t)n * sizeof *x);
        memcpy(anderson->best_f, f, (size_t)n * sizeof *f);
    }
    size_t bytes = (size_t)n * sizeof *x;
    memcpy(left, f, bytes);
    memcpy(next, x, bytes);
    int32_t depth = anderson->history < MFLI_ANDERSON_DEPTH ? anderson->history : MFLI_ANDERSON_DEPTH;
    for (int32_t i = 0; i < depth; i++) { /* newest first */
        int32_t slot = (anderson->history - 1 - i) % MFLI_ANDERSON_DEPTH;
        memcpy(anderson->explained_x[i], anderson->dx[slot], bytes);
        memcpy(anderson->explained_f[i], anderson->df[slot], bytes);
    }
    extrapolate(n, depth, anderson->explained_x, anderson->explained_f, next, left);
    double limit = fmin(longest, furthest * size);
    for (int32_t i = 0; i < n; i++) {
        double to = next[i] + anderson->damping * left[i] - x[i];
        x[i] += fmin(fmax(to, -limit), limit);
    }
}
