/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/outer.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/anderson.h"
#include "theory/joint.h"
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

/* Returns how many numbers a block takes: logarithms of its diagonal, correlations below it. Features that count as rest
 * for now stay where `screen` has them. */
static int32_t read_block(const mfli_powers *kernel, const mfli_block *block, const double *screen, double *x)
{
    const mfli_feature *feature = kernel->blocks->feature + block->first;
    const double *lambda = kernel->matrix + block->at;
    int32_t n = block->size, count = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!is_unknown(screen, n, i))
            continue;
        int32_t cut = feature[i].layer > kernel->kept;
        x[count++] = log(fmax((cut ? screen : lambda)[i * n + i], DBL_MIN));
        for (int32_t j = 0; j < i; j++) {
            const double *of = cut || feature[j].layer > kernel->kept ? screen : lambda;
            if (is_unknown(screen, n, j))
                x[count++] = of[i * n + j] / sqrt(fmax(of[i * n + i] * of[j * n + j], DBL_MIN));
        }
    }
    return count;
}

static int32_t write_block(const mfli_block *block, const double *x, double *matrix)
{
    int32_t n = block->size, count = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!is_unknown(matrix, n, i))
            continue;
        matrix[i * n + i] = fmax(exp(x[count++]), DBL_MIN);
        for (int32_t j = 0; j < i; j++)
            if (is_unknown(matrix, n, j)) {
                double value = x[count++] * sqrt(matrix[i * n + i] * matrix[j * n + j]);
                matrix[i * n + j] = matrix[j * n + i] = value;
            }
    }
    return count;
}

/* Features that count as rest for now do not screen; they stay unknowns. */
static void hide_cut(mfli_powers *screen, int32_t kept)
{
    const mfli_blocks *blocks = screen->blocks;
    for (int32_t b = 0; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        const mfli_feature *feature = blocks->feature + block->first;
        double *matrix = screen->matrix + block->at;
        for (int32_t i = 0; i < block->size; i++)
            for (int32_t j = 0; j < block->size; j++)
                if (feature[i].layer > kept || feature[j].layer > kept)
                    matrix[i * block->size + j] = i == j ? fmin(matrix[i * block->size + j], DBL_MIN) : 0.0;
    }
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

int32_t mfli_outer_kernel_change(const mfli_multimode *problem, mfli_population *p, double *x, double *f)
{
    int32_t count = 0;
    if (is_renormalised(problem)) {
        double kt = mfli_powers_noise(&p->kernel, mfli_multimode_others(problem), problem->samples,
                                      problem->kappa * problem->kappa);
        x[count] = log(p->noise);
        f[count] = log(kt) - x[count];
        count++;
    }
    int32_t from = count;
    p->off_noise = largest(f, 0, count);
    for (int32_t b = 0; mfli_multimode_is_screened(problem) && b < problem->blocks.count; b++) {
        const mfli_block *block = &problem->blocks.block[b];
        const double *screen = p->screen.matrix + block->at;
        int32_t numbers = read_block(&p->screen, block, screen, x + count);
        read_block(&p->kernel, block, screen, f + count);
        for (int32_t i = 0; i < numbers; i++, count++)
            f[count] -= x[count];
    }
    p->off_power = largest(f, from, count);
    return count;
}

int32_t mfli_outer_kernel_unknowns(const mfli_multimode *problem, const mfli_population *p)
{
    int32_t count = is_renormalised(problem);
    for (int32_t b = 0; mfli_multimode_is_screened(problem) && b < problem->blocks.count; b++) {
        const mfli_block *block = &problem->blocks.block[b];
        int32_t seen = 0;
        for (int32_t i = 0; i < block->size; i++)
            seen += is_unknown(p->screen.matrix + block->at, block->size, i);
        count += seen * (seen + 1) / 2;
    }
    return count;
}

int32_t mfli_outer_kernel_set(mfl_context *context, const mfli_multimode *problem, const double *x, mfli_population *p)
{
    int32_t count = 0;
    if (is_renormalised(problem))
        p->noise = exp(x[count++]);
    if (!mfli_multimode_is_screened(problem))
        return MFL_OK;
    for (int32_t b = 0; b < problem->blocks.count; b++)
        count += write_block(&problem->blocks.block[b], x + count, p->screen.matrix + problem->blocks.block[b].at);
    if (p->kernel.kept < problem->blocks.cut)
        hide_cut(&p->screen, p->kernel.kept);
    return mfli_powers_decompose(context, &p->screen);
}

/* Where the unknowns are, and by how much the law would have them moved. Returns their number. */
static int32_t read(const mfli_multimode *problem, mfli_population *p, double *x, double *f)
{
    int32_t precisions = mfli_outer_precisions(problem);
    mfli_outer_precisions_change(problem, p, x, f);
    return precisions + mfli_outer_kernel_change(problem, p, x + precisions, f + precisions);
}

static int32_t write(mfl_context *context, const mfli_multimode *problem, const double *x, mfli_population *p)
{
    int32_t precisions = mfli_outer_precisions(problem);
    for (int32_t j = 0; j < precisions; j++)
        p->pull.precision[j] = exp(x[j]);
    int32_t status = mfli_outer_kernel_set(context, problem, x + precisions, p);
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
    return mfli_joint_evaluate(to->context, to->problem, z, to->population, f);
}

/* *found: the population is at a solution now. */
static int32_t polish(mfl_context *context, mfli_multimode *problem, mfli_population *p, int32_t *found)
{
    double z[MFLI_NEWTON_MOST];
    polished to = {context, problem, p};
    mfli_joint_unknowns(problem, p, z);
    int32_t status = mfli_newton_polish_alone(context, mfli_joint_count(problem, p), mfli_joint_rank(problem), equations,
                                              &to, z, found);
    if (!*found && status == MFL_OK) {
        status = mfli_joint_set(context, problem, z, p);
        if (status == MFL_OK)
            status = mfli_population_apply(context, problem, p);
        if (status == MFL_OK)
            status = mfli_outer_kernel(context, problem, p);
    }
    return status;
}

int32_t mfli_outer_solve(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    int32_t most = unknowns_most(problem), count = 0, found = 0;
    double *x = p->memory, *f = x + most;
    mfli_anderson anderson;
    int32_t status = sweep(context, problem, precision, x, f, &count, p);
    const int32_t can_polish = count && mfli_joint_count(problem, p) < MFLI_NEWTON_MOST;
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
