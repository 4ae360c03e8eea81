/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/joint.h"

#include <math.h>

#include "theory/outer.h"
#include "theory/screened.h"

enum { directions = 60 };

/* delta_A = scale sinh x: a logarithm where the residual of a mode of the target, or what the target lacks, is large. */
static double scale_of(const mfli_multimode *problem, int32_t mode)
{
    double square = 0.0, y = problem->modes.mode[mode].target;
    for (int32_t i = 0; i < problem->modes.count; i++)
        square += problem->modes.mode[i].target * problem->modes.mode[i].target;
    return y != 0.0 ? 1e-3 * fabs(y) : 0.1 * sqrt(square);
}

/* Precisions that are unknowns: those of variables that are alike are one. */
static int32_t first_alike(const mfli_multimode *problem, int32_t j)
{
    return problem->modes.exchanged && j < problem->modes.variables ? 0 : j;
}

/* The unknowns before those of the kernel: residuals, precisions, noise. */
static int32_t count_few(const mfli_multimode *problem)
{
    int32_t count = problem->modes.count + (problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED);
    for (int32_t j = 0; j < mfli_outer_precisions(problem); j++)
        count += first_alike(problem, j) == j;
    return count;
}

int32_t mfli_joint_count(const mfli_multimode *problem, const mfli_population *p)
{
    int32_t noise = problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED;
    return count_few(problem) - noise + mfli_outer_kernel_unknowns(problem, p);
}

int32_t mfli_joint_rank(const mfli_multimode *problem)
{
    return mfli_multimode_is_screened(problem) ? directions : 0;
}

static double weight(const mfli_multimode *problem, const mfli_population *p)
{
    return 1.0 / sqrt(fmax(1.0, mfli_joint_count(problem, p) - count_few(problem)));
}

static void scale(double factor, double *x, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++)
        x[i] *= factor;
}

void mfli_joint_unknowns(const mfli_multimode *problem, mfli_population *p, double *x)
{
    double unused[MFLI_NEWTON_MOST];
    int32_t n = 0, few = count_few(problem);
    for (int32_t i = 0; i < problem->modes.count; i++)
        x[n++] = asinh(p->pull.delta[i] / scale_of(problem, i));
    for (int32_t j = 0; j < mfli_outer_precisions(problem); j++)
        if (first_alike(problem, j) == j)
            x[n++] = log(p->pull.precision[j]);
    n += mfli_outer_kernel_change(problem, p, x + n, unused);
    scale(weight(problem, p), x, few, n);
}

int32_t mfli_joint_set(mfl_context *context, const mfli_multimode *problem, const double *x, mfli_population *p)
{
    double kernel[MFLI_NEWTON_MOST], factor = 1.0 / weight(problem, p);
    int32_t n = problem->modes.count, few = count_few(problem), count = mfli_joint_count(problem, p);
    p->noise = problem->kappa * problem->kappa; /* unless it is an unknown */
    p->pull.fixed = problem->closure.self_energy == MFL_THEORY_SELF_NONE;
    for (int32_t i = 0; i < n; i++) {
        p->pull.delta[i] = mfli_population_is_cut(problem, p, i) ? 0.0 : scale_of(problem, i) * sinh(x[i]);
        if (problem->width > 1.0 && !mfli_multimode_is_screened(problem))
            p->m[i] = (problem->modes.mode[i].target - p->pull.delta[i]) / mfli_multimode_others(problem);
    }
    for (int32_t j = 0; j < mfli_outer_precisions(problem); j++)
        p->pull.precision[j] = first_alike(problem, j) == j ? exp(x[n++]) : p->pull.precision[first_alike(problem, j)];
    for (int32_t i = n; i < count; i++)
        kernel[i - n] = i < few ? x[i] : factor * x[i];
    int32_t status = mfli_outer_kernel_set(context, problem, kernel, p);
    if (status == MFL_OK && !mfli_multimode_is_prior(problem))
        mfli_population_set_pull(problem, 1.0, p);
    p->started = 1;
    return status;
}

/* Newton's step of (T9) at fixed precisions and noise; sets p->m. */
static void plain_step(const mfli_multimode *problem, mfli_population *p, double *step)
{
    double off[MFLI_MODES_MOST] = {0.0};
    int32_t n = problem->modes.count;
    for (int32_t i = 0; i < n; i++) {
        p->m[i] = problem->width * p->moments.q[i];
        off[i] = problem->modes.mode[i].target - mfli_multimode_others(problem) * p->m[i] - p->pull.delta[i];
        if (mfli_population_is_cut(problem, p, i))
            p->m[i] = off[i] = 0.0;
    }
    mfli_population_newton(problem, p, off, step);
    p->mismatch = 0.0;
    for (int32_t i = 0; i < n; i++) {
        double moved = 0.0;
        for (int32_t j = 0; j < n; j++)
            moved += problem->width * p->moments.slope[i][j] * off[j];
        p->mismatch = fmax(p->mismatch, fabs(moved)); /* of m = T: T(m) - m */
    }
}

/* The residuals move by Newton's step, which is never far from where they are solved. */
int32_t mfli_joint_evaluate(mfl_context *context, mfli_multimode *problem, const double *x, mfli_population *p, double *f)
{
    double step[MFLI_MODES_MOST], same[MFLI_NEWTON_MOST], change[MFLI_VARIABLES_MOST + 1];
    int32_t n = problem->modes.count, few = count_few(problem);
    int32_t status = mfli_joint_set(context, problem, x, p);
    if (status == MFL_OK)
        status = mfli_population_apply(context, problem, p);
    if (status == MFL_OK)
        status = mfli_outer_kernel(context, problem, p);
    if (status != MFL_OK)
        return status;
    if (mfli_multimode_is_screened(problem)) {
        p->mismatch = mfli_screened_step(problem, p, step);
        mfli_powers_learned(&p->kernel, problem->samples / mfli_population_noise(problem, p), p->m);
    } else {
        plain_step(problem, p, step);
    }
    for (int32_t i = 0; i < n; i++)
        f[i] = mfli_population_is_cut(problem, p, i) ? 0.0 : step[i] / hypot(scale_of(problem, i), p->pull.delta[i]);
    mfli_outer_precisions_change(problem, p, same, change);
    for (int32_t j = 0; j < mfli_outer_precisions(problem); j++)
        if (first_alike(problem, j) == j)
            f[n++] = change[j];
    n += mfli_outer_kernel_change(problem, p, same, f + n);
    scale(weight(problem, p), f, few, n);
    return mfli_population_check(context, p);
}
