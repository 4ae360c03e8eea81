/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/outer.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/anderson.h"
#include "theory/newton.h"

/* Changes below this are rounding. */
static const double rounding = 1e-13, settled = 1e-11;
/* The iteration is followed with plain steps until it is this near. */
static const double near = 0.05;
/* Near a fold it would take thousands of evaluations: see fixed_point.c. */
static const int64_t patience = 150;

static int32_t is_ard(const mfli_multimode *problem)
{
    return problem->closure.prior == MFL_THEORY_PRIOR_ARD;
}

static int32_t is_renormalised(const mfli_multimode *problem)
{
    return problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED;
}

int32_t mfli_outer_precisions(const mfli_multimode *problem)
{
    if (!is_ard(problem))
        return 0;
    return problem->modes.variables + (problem->model.dimension > problem->modes.variables);
}

double mfli_precision_from(const mfli_closure *closure, double square)
{
    return (closure->alpha + 0.5 * closure->sharing) / (closure->beta + 0.5 * closure->sharing * square);
}

int32_t mfli_outer_kernel(mfl_context *context, const mfli_multimode *problem, mfli_population *p)
{
    if (problem->blocks.count == 0)
        return MFL_OK;
    mfli_ensemble_power(context, &p->ensemble, &p->moments, p->kernel.matrix);
    return mfli_powers_conclude(context, &p->kernel, mfli_multimode_unit(problem), p->moments.sigma);
}

/* ---- the kernel as a vector ---- */

/* Features without any power are no unknowns. */
static int32_t is_unknown(const double *matrix, int32_t size, int32_t i)
{
    return matrix[i * size + i] > 0.0;
}

/* Returns how many numbers a block takes: logarithms of its diagonal, correlations below it. */
static int32_t read_block(const mfli_block *block, const double *listed, const double *matrix, double *x)
{
    int32_t n = block->size, count = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!is_unknown(listed, n, i))
            continue;
        x[count++] = log(fmax(matrix[i * n + i], DBL_MIN));
        for (int32_t j = 0; j < i; j++)
            if (is_unknown(listed, n, j))
                x[count++] = matrix[i * n + j] / sqrt(fmax(matrix[i * n + i] * matrix[j * n + j], DBL_MIN));
    }
    return count;
}

static int32_t write_block(const mfli_block *block, const double *x, double *matrix)
{
    int32_t n = block->size, count = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!is_unknown(matrix, n, i))
            continue;
        matrix[i * n + i] = exp(x[count++]);
        for (int32_t j = 0; j < i; j++)
            if (is_unknown(matrix, n, j)) {
                double value = x[count++] * sqrt(matrix[i * n + i] * matrix[j * n + j]);
                matrix[i * n + j] = matrix[j * n + i] = value;
            }
    }
    return count;
}

/* ---- all unknowns ---- */

static double largest(const double *f, int32_t from, int32_t to)
{
    double most = 0.0;
    for (int32_t i = from; i < to; i++)
        most = fmax(most, fabs(f[i]));
    return most;
}

void mfli_outer_precisions_change(const mfli_multimode *problem, mfli_population *p, double *x, double *f)
{
    int32_t r = problem->modes.variables, count = mfli_outer_precisions(problem);
    for (int32_t j = 0; j < count; j++) {
        double square = j < r ? p->moments.square[j] : p->moments.across / (problem->frame.d - r);
        x[j] = log(p->pull.precision[j]);
        f[j] = log(mfli_precision_from(&problem->closure, square)) - x[j];
    }
    p->off_precision = largest(f, 0, count);
}

/* Where the unknowns are, and by how much the law would have them moved. Returns their number. */
static int32_t read(const mfli_multimode *problem, mfli_population *p, double *x, double *f)
{
    int32_t from = mfli_outer_precisions(problem), count = from;
    mfli_outer_precisions_change(problem, p, x, f);
    if (is_renormalised(problem)) {
        double kt = mfli_powers_noise(&p->kernel, mfli_multimode_others(problem), problem->samples,
                                      problem->kappa * problem->kappa);
        x[count] = log(p->noise);
        f[count] = log(kt) - x[count];
        count++;
    }
    p->off_noise = largest(f, from, count);
    from = count;
    for (int32_t b = 0; mfli_multimode_is_screened(problem) && b < problem->blocks.count; b++) {
        const mfli_block *block = &problem->blocks.block[b];
        const double *listed = p->screen.matrix + block->at;
        int32_t numbers = read_block(block, listed, listed, x + count);
        read_block(block, listed, p->kernel.matrix + block->at, f + count);
        for (int32_t i = 0; i < numbers; i++, count++)
            f[count] -= x[count];
    }
    p->off_power = largest(f, from, count);
    return count;
}

static int32_t write(mfl_context *context, const mfli_multimode *problem, const double *x, mfli_population *p)
{
    int32_t count = 0, status = MFL_OK;
    for (; count < mfli_outer_precisions(problem); count++)
        p->pull.precision[count] = exp(x[count]);
    if (is_renormalised(problem))
        p->noise = exp(x[count++]);
    for (int32_t b = 0; mfli_multimode_is_screened(problem) && b < problem->blocks.count; b++)
        count += write_block(&problem->blocks.block[b], x + count, p->screen.matrix + problem->blocks.block[b].at);
    if (mfli_multimode_is_screened(problem))
        status = mfli_powers_decompose(context, &p->screen);
    if (status == MFL_OK)
        mfli_population_set_pull(problem, 1.0, p);
    return status;
}

static int32_t unknowns_most(const mfli_multimode *problem)
{
    return MFLI_VARIABLES_MOST + 2 + (mfli_multimode_is_screened(problem) ? problem->blocks.numbers : 0);
}

size_t mfli_outer_memory(const mfli_multimode *problem)
{
    return (size_t)(MFLI_ANDERSON_NUMBERS + 2) * (size_t)unknowns_most(problem);
}

/* The modes, then what the law asks of the unknowns outside: where they are in x, the change in f. */
static int32_t sweep(mfl_context *context, mfli_multimode *problem, double precision, double *x, double *f,
                     int32_t *count, mfli_population *p)
{
    int32_t status = mfli_population_solve_modes(context, problem, precision, p);
    if (status == MFL_OK)
        status = mfli_outer_kernel(context, problem, p);
    if (status != MFL_OK)
        return status;
    *count = read(problem, p, x, f);
    return MFL_OK;
}

typedef struct polished {
    mfl_context *context;
    mfli_multimode *problem;
    mfli_population *population;
} polished;

static int32_t equations(void *data, const double *z, double *f)
{
    const polished *to = data;
    return mfli_population_evaluate(to->context, to->problem, z, to->population, f);
}

/* *found: the population is at a solution now. */
static int32_t polish(mfl_context *context, mfli_multimode *problem, mfli_population *p, int32_t *found)
{
    double z[MFLI_NEWTON_MOST];
    polished to = {context, problem, p};
    int32_t n = mfli_population_unknowns(problem, p, z);
    int32_t status = mfli_newton_polish_alone(context, n, equations, &to, z, found);
    if (!*found && status == MFL_OK) {
        mfli_population_set(problem, z, p);
        status = mfli_population_apply(context, problem, p);
    }
    return status;
}

int32_t mfli_outer_solve(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    int32_t most = unknowns_most(problem), count = 0, found = 0;
    double *x = p->memory, *f = x + most;
    mfli_anderson anderson;
    int32_t status = sweep(context, problem, precision, x, f, &count, p);
    const int32_t can_polish = count && !mfli_multimode_is_screened(problem) && !is_renormalised(problem);
    int64_t wait = p->slow && precision < near ? 0 : patience, polish_at = problem->evaluations - wait;
    mfli_anderson_init(&anderson, count, problem->closure.damping, near, f + most);
    while (status == MFL_OK && problem->evaluations > 0) {
        if (can_polish && problem->evaluations < polish_at && largest(f, 0, count) < near) {
            status = polish(context, problem, p, &found);
            count = read(problem, p, x, f);
            p->slow = found;
            wait = wait ? 2 * wait : patience;
            polish_at = problem->evaluations - wait;
        }
        double left = largest(f, 0, count);
        if (status != MFL_OK || found || left <= fmax(precision, settled))
            break;
        mfli_anderson_step(&anderson, x, f);
        status = write(context, problem, x, p);
        if (status == MFL_OK)
            status = sweep(context, problem, fmin(precision, fmax(1e-3 * left, rounding)), x, f, &count, p);
    }
    return status;
}
