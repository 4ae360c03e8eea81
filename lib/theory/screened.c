/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/screened.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

enum { newton_most = 200, halvings_most = 60 };

/* (P/kt') (1 - 1/N) N^(1 - 2 gamma) sigma_a^2 */
static double feedback(const mfli_multimode *problem, const mfli_population *p)
{
    return p->pull.gain * mfli_multimode_others(problem) * mfli_multimode_unit(problem);
}

/* v + (P/kt') Lambda' v - y, and its largest component. */
static double misfit(const mfli_multimode *problem, const mfli_population *p, double *f)
{
    double scale = feedback(problem, p), most = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++) {
        f[i] = p->pull.delta[i] - problem->modes.mode[i].target;
        for (int32_t j = 0; j < problem->modes.count && !mfli_population_is_cut(problem, p, i); j++)
            if (!mfli_population_is_cut(problem, p, j))
                f[i] += scale * p->moments.gram[i][j] * p->pull.delta[j];
        most = fmax(most, fabs(f[i]));
    }
    return most;
}

static void newton_step(const mfli_multimode *problem, const mfli_population *p, const double *f, double *step)
{
    double matrix[MFLI_MODES_MOST][MFLI_MODES_MOST], scale = feedback(problem, p);
    int32_t n = problem->modes.count;
    for (int32_t i = 0; i < n; i++) {
        step[i] = -f[i];
        for (int32_t j = 0; j < n; j++) {
            int32_t cut = mfli_population_is_cut(problem, p, i) || mfli_population_is_cut(problem, p, j);
            matrix[i][j] = (i == j) + (cut ? 0.0 : scale * (p->moments.gram[i][j] + p->moments.slope[i][j]));
        }
    }
    mfli_solve_linear(n, matrix, step);
}

/* The largest |y_A|. */
static double target_scale(const mfli_multimode *problem)
{
    double scale = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++)
        scale = fmax(scale, fabs(problem->modes.mode[i].target));
    return scale;
}

double mfli_screened_step(const mfli_multimode *problem, const mfli_population *p, double *step)
{
    double f[MFLI_MODES_MOST], most = misfit(problem, p, f);
    newton_step(problem, p, f, step);
    return most / target_scale(problem);
}

static double norm(int32_t n, const double *f)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += f[i] * f[i];
    return sqrt(sum);
}

/* Half the step until the residual shrinks. *left: its largest component, or 0 when no more is to be had. */
static int32_t line_search(mfl_context *context, mfli_multimode *problem, const double *step, double *f, double *left,
                           mfli_population *p)
{
    int32_t n = problem->modes.count, status;
    double before = norm(n, f), from[MFLI_MODES_MOST], length = 1.0;
    memcpy(from, p->pull.delta, sizeof from);
    for (int32_t halving = 0; halving < halvings_most && problem->evaluations > 0; halving++, length *= 0.5) {
        for (int32_t i = 0; i < n; i++)
            p->pull.delta[i] = from[i] + length * step[i];
        status = mfli_population_apply(context, problem, p);
        if (status != MFL_OK && !mfli_is_too_strong(status))
            return status;
        if (status == MFL_OK) {
            *left = misfit(problem, p, f);
            if (norm(n, f) < (1.0 - 1e-4 * length) * before)
                return MFL_OK;
        }
    }
    memcpy(p->pull.delta, from, sizeof from);
    status = mfli_population_apply(context, problem, p);
    if (status == MFL_OK)
        misfit(problem, p, f);
    *left = 0.0;
    return status;
}

/* Up to a field that can be integrated. */
static int32_t first_evaluation(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    int32_t status = mfli_population_apply(context, problem, p);
    for (int32_t halving = 0; mfli_is_too_strong(status) && halving < halvings_most; halving++) {
        for (int32_t i = 0; i < problem->modes.count; i++)
            p->pull.delta[i] *= 0.5;
        status = mfli_population_apply(context, problem, p);
    }
    return status;
}

int32_t mfli_screened_solve(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    double f[MFLI_MODES_MOST], step[MFLI_MODES_MOST], scale = target_scale(problem);
    int32_t status = first_evaluation(context, problem, p);
    if (status != MFL_OK)
        return status;
    double left = misfit(problem, p, f);
    for (int32_t i = 0; i < newton_most && left > precision * scale && problem->evaluations > 0; i++) {
        newton_step(problem, p, f, step);
        status = line_search(context, problem, step, f, &left, p);
        if (status != MFL_OK)
            return status;
    }
    p->mismatch = misfit(problem, p, f) / scale;
    return MFL_OK;
}
