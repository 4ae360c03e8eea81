/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/multimode.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/outer.h"
#include "theory/screened.h"

/* Residuals below this are rounding. */
static const double rounding = 1e-13;
/* Relative changes of F below this are. */
static const double flatness = 1e-12;
/* Of the law at the greatest length. */
static const double escape = 1e-12;

enum { newton_most = 200, halvings_most = 60, rounds_most = 40 };

int32_t mfli_multimode_is_prior(const mfli_multimode *problem)
{
    return problem->samples == 0.0 || problem->width == 0.0;
}

int32_t mfli_multimode_is_screened(const mfli_multimode *problem)
{
    return problem->closure.self_energy == MFL_THEORY_SELF_SCREENED;
}

double mfli_multimode_others(const mfli_multimode *problem)
{
    return problem->width > 0.0 ? 1.0 - 1.0 / problem->width : 1.0;
}

double mfli_multimode_unit(const mfli_multimode *problem)
{
    const mfli_model *model = &problem->model;
    double square = model->sigma_a * model->sigma_a;
    if (problem->width == 0.0)
        return model->gamma == 0.5 ? square : 0.0;
    return square * pow(problem->width, 1.0 - 2.0 * model->gamma);
}

int32_t mfli_multimode_layers(const mfli_multimode *problem)
{
    return problem->blocks.count ? problem->blocks.cut : problem->modes.induced;
}

int32_t mfli_population_is_cut(const mfli_multimode *problem, const mfli_population *p, int32_t mode)
{
    return mfli_mode_layer(&problem->modes, mode) > p->kernel.kept;
}

static int32_t is_ard(const mfli_multimode *problem)
{
    return problem->closure.prior == MFL_THEORY_PRIOR_ARD;
}

double mfli_population_noise(const mfli_multimode *problem, const mfli_population *p)
{
    double square = problem->kappa * problem->kappa;
    if (problem->closure.noise != MFL_THEORY_NOISE_RENORMALISED)
        return square;
    return mfli_powers_noise(&p->kernel, 1.0, problem->samples, square);
}

/* ---- one evaluation ---- */

static void set_residual(const mfli_multimode *problem, const double *m, mfli_population *p)
{
    for (int32_t i = 0; i < problem->modes.count; i++)
        p->pull.delta[i] = mfli_population_is_cut(problem, p, i)
                               ? 0.0
                               : problem->modes.mode[i].target - mfli_multimode_others(problem) * m[i];
}

int32_t mfli_population_apply(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    problem->evaluations--;
    int32_t status = mfli_ensemble_apply(context, &p->ensemble, &p->pull);
    if (status != MFL_OK)
        return status;
    mfli_ensemble_moments(context, &p->ensemble, &p->pull, &p->moments);
    return isfinite(p->moments.log_mass)
               ? MFL_OK
               : mfli_fail(context, MFL_ERROR_TOLERANCE,
                           "P/kappa^2 is so large that the law of a neuron leaves the range of numbers; raise kappa or "
                           "lower P");
}

static int32_t evaluate(mfl_context *context, mfli_multimode *problem, const double *m, mfli_population *p)
{
    set_residual(problem, m, p);
    return mfli_population_apply(context, problem, p);
}

/* F over (P/kappa^2), up to a constant. */
static double merit(const mfli_multimode *problem, const double *m, const mfli_population *p)
{
    double square = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++)
        square += m[i] * m[i];
    return -0.5 * mfli_multimode_others(problem) * square - problem->width * p->moments.log_mass / p->pull.gain;
}

void mfli_solve_linear(int32_t n, double (*matrix)[MFLI_MODES_MOST], double *x)
{
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = i + 1; j < n; j++) {
            double factor = matrix[j][i] / matrix[i][i];
            for (int32_t l = i; l < n; l++)
                matrix[j][l] -= factor * matrix[i][l];
            x[j] -= factor * x[i];
        }
    }
    for (int32_t i = n - 1; i >= 0; i--) {
        for (int32_t j = i + 1; j < n; j++)
            x[i] -= matrix[i][j] * x[j];
        x[i] /= matrix[i][i];
    }
}

/* T(m) - m, and its largest component. */
static double misfit(const mfli_multimode *problem, const double *m, const mfli_population *p, double *f)
{
    double most = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++) {
        f[i] = mfli_population_is_cut(problem, p, i) ? 0.0 : problem->width * p->moments.q[i] - m[i];
        most = fmax(most, fabs(f[i]));
    }
    return most;
}

/* The Jacobian of T is -(1 - 1/N) N slope. */
void mfli_population_newton(const mfli_multimode *problem, const mfli_population *p, const double *f, double *step)
{
    double matrix[MFLI_MODES_MOST][MFLI_MODES_MOST];
    int32_t n = problem->modes.count;
    for (int32_t i = 0; i < n; i++) {
        step[i] = f[i];
        for (int32_t j = 0; j < n; j++) {
            int32_t cut = mfli_population_is_cut(problem, p, i) || mfli_population_is_cut(problem, p, j);
            matrix[i][j] = (i == j) + (cut ? 0.0 : mfli_multimode_others(problem) * problem->width * p->moments.slope[i][j]);
        }
    }
    mfli_solve_linear(n, matrix, step);
}

int32_t mfli_is_too_strong(int32_t status)
{
    return status == MFL_ERROR_DIVERGED || status == MFL_ERROR_TOLERANCE;
}

/* Go along the step as far as F agrees; where F is flat to rounding, as long as |T(m) - m| shrinks. *left: |T(m) - m| at
 * the end, or 0 when no more is to be had. */
static int32_t line_search(mfl_context *context, mfli_multimode *problem, const double *step, double ascent,
                           double *left, mfli_population *p)
{
    double before = merit(problem, p->m, p), trial[MFLI_MODES_MOST] = {0.0}, f[MFLI_MODES_MOST], length = 1.0;
    int32_t flat = ascent < flatness * (1.0 + fabs(before));
    for (int32_t halving = 0; halving < (flat ? 1 : halvings_most) && problem->evaluations > 0; halving++) {
        for (int32_t i = 0; i < problem->modes.count; i++)
            trial[i] = p->m[i] + length * step[i];
        int32_t status = evaluate(context, problem, trial, p);
        if (status != MFL_OK && !mfli_is_too_strong(status))
            return status;
        double now = status == MFL_OK ? misfit(problem, trial, p, f) : INFINITY;
        double least = before + 1e-4 * length * ascent;
        if (now < 0.5 * *left || (!flat && isfinite(now) && merit(problem, trial, p) >= least)) {
            memcpy(p->m, trial, sizeof trial);
            *left = now;
            return MFL_OK;
        }
        length *= 0.5;
    }
    *left = 0.0;
    return evaluate(context, problem, p->m, p);
}

/* The residual may have to be small from the start. */
static int32_t first_evaluation(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    int32_t status = evaluate(context, problem, p->m, p);
    double rest = 1.0;
    while (mfli_is_too_strong(status) && problem->width > 1.0 && rest > 1e-18) {
        rest *= 0.5;
        for (int32_t i = 0; i < problem->modes.count; i++)
            p->m[i] = (1.0 - rest) * problem->modes.mode[i].target / mfli_multimode_others(problem);
        status = evaluate(context, problem, p->m, p);
    }
    return status;
}

static int32_t solve_plain(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    double f[MFLI_MODES_MOST], step[MFLI_MODES_MOST];
    int32_t n = problem->modes.count, status = first_evaluation(context, problem, p);
    for (int32_t i = 0; problem->width == 1.0 && i < n && status == MFL_OK; i++) /* nobody else is there */
        p->m[i] = p->moments.q[i];
    if (status != MFL_OK)
        return status;
    double left = misfit(problem, p->m, p, f);
    for (int32_t i = 0; i < newton_most && left > precision && problem->evaluations > 0; i++) {
        double ascent = 0.0;
        mfli_population_newton(problem, p, f, step);
        for (int32_t j = 0; j < n; j++)
            ascent += mfli_multimode_others(problem) * f[j] * step[j];
        status = line_search(context, problem, step, ascent, &left, p);
        if (status != MFL_OK)
            return status;
        if (left > 0.0)
            misfit(problem, p->m, p, f);
    }
    p->mismatch = misfit(problem, p->m, p, f);
    return MFL_OK;
}

int32_t mfli_population_solve_modes(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    return mfli_multimode_is_screened(problem) ? mfli_screened_solve(context, problem, precision, p)
                                               : solve_plain(context, problem, precision, p);
}

/* ---- populations ---- */

void mfli_population_set_pull(const mfli_multimode *problem, double part, mfli_population *p)
{
    p->pull.gain = part * problem->samples / p->noise;
    p->pull.saturation = p->pull.gain * mfli_multimode_unit(problem) / problem->width;
    p->pull.response = NULL;
    if (!mfli_multimode_is_screened(problem))
        return;
    mfli_powers_response(&p->screen, mfli_multimode_others(problem) * p->pull.gain, p->response);
    p->pull.response = p->response;
}

static int32_t allocate(mfl_context *context, const mfli_multimode *problem, mfli_population *p)
{
    const mfli_blocks *blocks = &problem->blocks;
    int32_t status = MFL_OK;
    size_t outer = mfli_outer_memory(problem);
    p->memory = mfli_alloc(context, outer + (size_t)blocks->numbers, sizeof(double));
    if (!p->memory)
        return MFL_ERROR_MEMORY;
    p->response = p->memory + outer;
    p->kernel.kept = mfli_multimode_layers(problem);
    if (blocks->count)
        status = mfli_powers_create(context, blocks, &p->kernel);
    if (status == MFL_OK && blocks->count)
        status = mfli_powers_create(context, blocks, &p->screen);
    return status;
}

int32_t mfli_population_create(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    memset(p, 0, sizeof *p);
    mfli_frame_init(&problem->modes, &problem->model, NULL, &problem->frame);
    problem->frame.blocks = problem->blocks.count ? &problem->blocks : NULL;
    int32_t status = allocate(context, problem, p);
    return status == MFL_OK ? mfli_ensemble_create(context, &problem->frame, &p->ensemble) : status;
}

int32_t mfli_population_start(mfl_context *context, const mfli_multimode *problem, int32_t cooling, mfli_population *p)
{
    const mfli_closure *closure = &problem->closure;
    int32_t r = problem->modes.variables;
    double rho = is_ard(problem) ? closure->alpha / closure->beta : 1.0;
    p->started = p->slow = 0;
    p->cooling = cooling;
    p->noise = problem->kappa * problem->kappa;
    p->pull = (mfli_pull){.fixed = closure->self_energy == MFL_THEORY_SELF_NONE};
    memset(p->m, 0, sizeof p->m);
    for (int32_t j = 0; j <= r; j++)
        p->pull.precision[j] = rho;
    for (int32_t j = 0; j < r && cooling && is_ard(problem); j++) /* all of the length on the variables */
        p->pull.precision[j] = mfli_precision_from(closure, (double)problem->model.dimension / r);
    return mfli_cells_restart(context, &p->ensemble.cells);
}

/* The screen of the prior; from aligned neurons: what the target lacks is lost, and makes no noise. */
int32_t mfli_population_begin(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    static const double lost = 0.1;
    const mfli_blocks *blocks = &problem->blocks;
    double square = problem->kappa * problem->kappa;
    if (blocks->count) {
        int32_t status = mfli_population_apply(context, problem, p); /* nothing pulls yet */
        if (status == MFL_OK)
            status = mfli_outer_kernel(context, problem, p);
        if (status != MFL_OK)
            return status;
        memcpy(p->screen.matrix, p->kernel.matrix, (size_t)blocks->numbers * sizeof(double));
        for (int32_t i = blocks->block[0].size * blocks->block[0].size; i < blocks->numbers && p->cooling; i++)
            p->screen.matrix[i] *= lost;
        status = mfli_powers_decompose(context, &p->screen);
        if (status != MFL_OK)
            return status;
        if (problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED && !p->cooling)
            p->noise = mfli_powers_noise(&p->kernel, mfli_multimode_others(problem), problem->samples, square);
    }
    for (int32_t i = 0; i < problem->modes.count; i++)
        p->pull.delta[i] = problem->modes.mode[i].target;
    return MFL_OK;
}

/* At a strong gain F has creases where one set of points takes over from another, and Newton's steps cross them to and fro:
 * the first solution is followed from a weak one, the gain doubling. */
static int32_t strengthen(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    static const double weak = 30.0;
    double gain = problem->samples / p->noise, square = 0.0;
    int32_t status = MFL_OK;
    for (int32_t i = 0; i < problem->modes.count; i++)
        square += problem->modes.mode[i].target * problem->modes.mode[i].target;
    int32_t doublings = (int32_t)fmin(60.0, ceil(fmax(0.0, log2(gain * square / weak))));
    doublings = problem->width > 1.0 ? doublings : 0;
    for (int32_t i = doublings; i > 0 && status == MFL_OK && isfinite(gain); i--) {
        mfli_population_set_pull(problem, ldexp(1.0, -i), p);
        status = mfli_population_solve_modes(context, problem, 1e-2, p);
    }
    mfli_population_set_pull(problem, 1.0, p);
    return status;
}

/* m of the equivalent kernel: (Lambda + kappa^2/P)^-1 Lambda y, Lambda = N^(1 - 2 gamma) sigma_a^2 <J J^T> over the
 * prior. */
static int32_t solve_prior(mfl_context *context, mfli_multimode *problem, mfli_population *p)
{
    double matrix[MFLI_MODES_MOST][MFLI_MODES_MOST];
    int32_t n = problem->modes.count, status = mfli_population_apply(context, problem, p);
    if (status == MFL_OK)
        status = mfli_outer_kernel(context, problem, p);
    memset(p->m, 0, sizeof p->m);
    if (status != MFL_OK || problem->samples == 0.0)
        return status;
    double noise = mfli_population_noise(problem, p) / problem->samples;
    if (problem->blocks.count) {
        mfli_powers_learned(&p->kernel, 1.0 / noise, p->m);
        return MFL_OK;
    }
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            int32_t cut = mfli_population_is_cut(problem, p, i) || mfli_population_is_cut(problem, p, j);
            double lambda = cut ? 0.0 : mfli_multimode_unit(problem) * p->moments.gram[i][j];
            matrix[i][j] = lambda + (i == j ? noise : 0.0);
            p->m[i] += lambda * problem->modes.mode[j].target;
        }
    }
    mfli_solve_linear(n, matrix, p->m);
    return MFL_OK;
}

int32_t mfli_population_check(mfl_context *context, const mfli_population *p)
{
    if (p->pull.fixed && (p->ensemble.edge > 1.0 - 1e-8 || p->moments.reach > escape))
        return mfli_fail(context, MFL_ERROR_DIVERGED,
                         "without self-energy the law of a neuron cannot be normalised: B^2/2A outgrows the prior");
    if (p->moments.reach > escape)
        return mfli_fail(context, MFL_ERROR_TOLERANCE,
                         "neurons grow beyond what is integrated; raise kappa or lower P");
    return MFL_OK;
}

/* The screen follows the law at once. */
int32_t mfli_population_cut(mfl_context *context, const mfli_multimode *problem, int32_t kept, mfli_population *p)
{
    p->kernel.kept = kept;
    int32_t status = mfli_outer_kernel(context, problem, p);
    for (int32_t i = 0; i < problem->modes.count; i++) /* their residual is y_A = 0, and they must not pull before */
        if (mfli_population_is_cut(problem, p, i))
            p->pull.delta[i] = p->m[i] = 0.0;
    if (status != MFL_OK || !mfli_multimode_is_screened(problem))
        return status;
    memcpy(p->screen.matrix, p->kernel.matrix, (size_t)problem->blocks.numbers * sizeof(double));
    status = mfli_powers_decompose(context, &p->screen);
    if (!mfli_multimode_is_prior(problem))
        mfli_population_set_pull(problem, 1.0, p);
    return status;
}

/* On the cells there are; (T18) of a screened law. */
int32_t mfli_population_settle(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p)
{
    if (mfli_multimode_is_prior(problem))
        return solve_prior(context, problem, p);
    int32_t status = mfli_outer_solve(context, problem, precision, p);
    if (status == MFL_OK && mfli_multimode_is_screened(problem))
        mfli_powers_learned(&p->kernel, problem->samples / mfli_population_noise(problem, p), p->m);
    return status;
}

/* Solve, refine where the law has gone, and again, until the cells stay. */
int32_t mfli_population_solve(mfl_context *context, mfli_multimode *problem, double tolerance, mfli_population *p)
{
    int32_t status = MFL_OK, rounds = 0;
    mfli_refinement done = {0, 0, 0.0};
    if (!p->started && !mfli_multimode_is_prior(problem)) {
        status = mfli_population_begin(context, problem, p);
        if (status == MFL_OK)
            status = strengthen(context, problem, p);
    }
    p->started = 1;
    do {
        if (status == MFL_OK)
            status = mfli_population_settle(context, problem, rounds == 0 ? 1e-2 : 0.01 * tolerance, p);
        if (status == MFL_OK)
            status = mfli_ensemble_refine(context, &p->ensemble, &p->pull, tolerance, &done);
    } while (status == MFL_OK && done.split && !done.full && ++rounds < rounds_most && problem->evaluations > 0);
    if (status == MFL_OK)
        status = mfli_population_settle(context, problem, rounding, p);
    p->unresolved = done.full || done.split ? done.error : 0.0;
    return status == MFL_OK ? mfli_population_check(context, p) : status;
}

int32_t mfli_population_specialise(mfl_context *context, double tolerance, mfli_population *p)
{
    return mfli_ensemble_specialised(context, &p->ensemble, &p->pull, tolerance, &p->specialised, &p->edge);
}

void mfli_population_finish(mfl_context *context, mfli_population *population)
{
    mfli_ensemble_finish(context, &population->ensemble);
    mfli_powers_finish(context, &population->kernel);
    mfli_powers_finish(context, &population->screen);
    mfli_free(context, population->memory);
    population->memory = NULL;
}

/* ---- what follows ---- */

double mfli_population_free_energy(const mfli_multimode *problem, const mfli_population *p)
{
    const mfli_closure *closure = &problem->closure;
    double n = problem->width, value = 0.0, r = problem->modes.variables;
    double gain = problem->samples / (problem->kappa * problem->kappa);
    for (int32_t i = 0; i < problem->modes.count; i++) {
        double y = problem->modes.mode[i].target;
        value += 0.5 * gain * (y * y - mfli_multimode_others(problem) * p->m[i] * p->m[i]);
    }
    value -= n * p->moments.log_mass;
    for (int32_t j = 0; j < mfli_outer_precisions(problem); j++) {
        double rho = p->pull.precision[j], count = j < r ? 1.0 : problem->frame.d - r;
        value += n / closure->sharing * count *
                 (closure->beta * rho - closure->alpha * log(rho / problem->frame.unit));
    }
    return value;
}

double mfli_population_error(const mfli_multimode *problem, const mfli_population *p)
{
    double error = problem->modes.left_out;
    for (int32_t i = 0; i < problem->modes.count; i++) {
        double left = problem->modes.mode[i].target - p->m[i];
        error += left * left;
    }
    if (!mfli_multimode_is_screened(problem))
        return error;
    double ratio = problem->samples / mfli_population_noise(problem, p);
    return error / (1.0 - mfli_powers_fluctuation(&p->kernel, problem->samples, ratio));
}

/* The variance of f under independent neurons is N^(1 - 2 gamma) <a^2 Sigma> - |m|^2/N, with <a^2> = 1/A + B^2/A^2; where
 * they are screened, that of a Gaussian process with the same kernel. */
double mfli_population_spread(const mfli_multimode *problem, const mfli_population *p)
{
    double n = problem->width, square = 0.0;
    if (mfli_multimode_is_screened(problem))
        return mfli_powers_variance(&p->kernel, problem->samples / mfli_population_noise(problem, p));
    if (mfli_multimode_is_prior(problem))
        return mfli_multimode_unit(problem) * p->moments.sigma;
    for (int32_t i = 0; i < problem->modes.count; i++)
        square += p->m[i] * p->m[i];
    return n * (p->moments.s / p->pull.gain + p->moments.s2eps2) - square / n;
}
