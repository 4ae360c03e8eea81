/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/fixed_point.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/anderson.h"
#include "theory/polish.h"

/* Residuals of the logarithms below this are rounding. */
static const double settled = 1e-11, rounding = 1e-14;
/* The iteration is followed with plain steps until it is this near. */
static const double near = 0.05;
/* Near a fold it would take thousands of evaluations: after so many, and twice as many each time, it is finished by
 * Newton's method if that leads to a stable solution nearby. */
static const int64_t patience = 150;

static int32_t is_ard(const mfli_mean_field *problem)
{
    return problem->closure.prior == MFL_THEORY_PRIOR_ARD;
}

static int32_t is_renormalised(const mfli_mean_field *problem)
{
    return problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED;
}

static int32_t is_screened(const mfli_mean_field *problem)
{
    return problem->closure.self_energy == MFL_THEORY_SELF_SCREENED;
}

double mfli_solution_residual(const mfli_solution *solution)
{
    return solution->state.mismatch + solution->off_precision + solution->off_noise + solution->off_power;
}

int32_t mfli_has_outer(const mfli_mean_field *problem)
{
    return is_ard(problem) || is_renormalised(problem) || is_screened(problem);
}

/* Pointers to the outer order parameters that this closure has; returns their number. */
static int32_t list(const mfli_mean_field *problem, mfli_order *order, double **unknown)
{
    int32_t count = 0;
    if (is_ard(problem)) {
        unknown[count++] = &order->precision[0];
        if (problem->dimension > problem->gain.support)
            unknown[count++] = &order->precision[1];
    }
    if (is_renormalised(problem))
        unknown[count++] = &order->noise;
    for (int32_t l = 0; is_screened(problem) && l < problem->classes.rest; l++)
        if (l != problem->classes.target && order->lambda[l] > 0.0)
            unknown[count++] = &order->lambda[l];
    return count;
}

void mfli_order_map(const mfli_setting *setting, const mfli_mean_field_state *state, mfli_order *order)
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_closure *closure = &problem->closure;
    double k = problem->gain.support, d = (double)problem->dimension, half = 0.5 * closure->sharing;
    double square[2] = {state->neuron.aligned / k, d > k ? state->neuron.across / (d - k) : 1.0};
    for (int32_t i = 0; is_ard(problem) && i < 2; i++)
        order->precision[i] = (closure->alpha + half) / (closure->beta + half * square[i]);
    if (is_renormalised(problem))
        order->noise = mfli_noise(problem->classes.rest, problem->classes.multiplicity, state->lambda, state->rest,
                                  1.0 - 1.0 / problem->width, setting->samples, setting->kappa * setting->kappa);
    memcpy(order->lambda, state->lambda, sizeof order->lambda);
}

/* Order parameters of the prior, for the start. Without samples every neuron keeps it. */
int32_t mfli_fixed_point_start(mfli_setting *setting, int32_t branch, mfli_solution *solution)
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_closure *closure = &problem->closure;
    mfli_setting nothing = *setting;
    double half = 0.5 * closure->sharing, k = problem->gain.support;
    nothing.samples = 0.0;
    mfli_order_init(problem, setting->kappa, &solution->order);
    solution->known = 1;
    solution->slow = 0;
    solution->state.steep = 0.0;
    if (is_screened(problem) || is_renormalised(problem)) {
        int32_t status = mfli_mean_field_evaluate(&nothing, &solution->order, 1.0, &solution->state);
        if (status != MFL_OK)
            return status;
        setting->evaluations = nothing.evaluations;
        memcpy(solution->order.lambda, solution->state.lambda, sizeof solution->order.lambda);
        solution->state.steep = 0.0;
    }
    if (branch == MFLI_BRANCH_HEATING)
        return MFL_OK;
    /* all of the length on the support; other modes lost */
    if (is_ard(problem))
        solution->order.precision[0] =
            (closure->alpha + half) / (closure->beta + half * (double)problem->dimension / k);
    for (int32_t l = 0; l < problem->classes.rest; l++)
        if (l != problem->classes.target)
            solution->order.lambda[l] *= 0.1;
    return MFL_OK;
}

/* The largest, which is at most that from 1 to the smallest number: of a power that underflowed. */
static double change(const double *f, int32_t from, int32_t to)
{
    static const double most_logarithm = 745.0;
    double most = 0.0;
    for (int32_t i = from; i < to; i++)
        most = fmax(most, fabs(f[i]));
    return fmin(most, most_logarithm);
}

/* The logarithms of the outer unknowns, and by how much the law of the state moves them. Returns their number. */
static int32_t gather(const mfli_setting *setting, mfli_solution *solution, double *x, double *f)
{
    const mfli_mean_field *problem = setting->problem;
    double *unknown[MFLI_ANDERSON_MOST], *image[MFLI_ANDERSON_MOST];
    mfli_order next = solution->order;
    int32_t count = list(problem, &solution->order, unknown);
    list(problem, &next, image);
    mfli_order_map(setting, &solution->state, &next);
    for (int32_t i = 0; i < count; i++) {
        x[i] = log(*unknown[i]);
        f[i] = log(*image[i]) - x[i];
    }
    int32_t precisions = is_ard(problem) ? 1 + (problem->dimension > problem->gain.support) : 0;
    int32_t noises = precisions + is_renormalised(problem);
    solution->off_precision = change(f, 0, precisions);
    solution->off_noise = change(f, precisions, noises);
    solution->off_power = change(f, noises, count);
    return count;
}

int32_t mfli_fixed_point_unknowns(const mfli_mean_field *problem, mfli_solution *solution, double *x)
{
    double *unknown[MFLI_ANDERSON_MOST];
    int32_t count = list(problem, &solution->order, unknown);
    x[0] = log(solution->state.steep);
    for (int32_t i = 0; i < count; i++)
        x[i + 1] = log(*unknown[i]);
    return count + 1;
}

void mfli_fixed_point_set(const mfli_setting *setting, const double *x, mfli_solution *solution)
{
    double *unknown[MFLI_ANDERSON_MOST];
    int32_t count = list(setting->problem, &solution->order, unknown);
    solution->order.noise = setting->kappa * setting->kappa; /* unless it is an unknown */
    solution->state.steep = exp(x[0]);
    for (int32_t i = 0; i < count; i++)
        *unknown[i] = exp(x[i + 1]);
}

int32_t mfli_fixed_point_evaluate(mfli_setting *setting, const double *x, mfli_solution *solution, double *f)
{
    double same[MFLI_ANDERSON_MOST];
    mfli_fixed_point_set(setting, x, solution);
    int32_t status = mfli_mean_field_evaluate(setting, &solution->order, solution->state.steep, &solution->state);
    if (status != MFL_OK)
        return status;
    f[0] = mfli_mean_field_step(setting, &solution->state);
    gather(setting, solution, same, f + 1);
    return MFL_OK;
}

/* One sweep: the steep unknown, then the outer ones. */
static int32_t sweep(mfli_setting *setting, mfli_solution *solution, double precision, double *x, double *f,
                     int32_t *count)
{
    int32_t status = mfli_mean_field_solve(setting, &solution->order, precision, &solution->state);
    if (status == MFL_OK)
        *count = gather(setting, solution, x, f);
    return status;
}

/* *found: the solution is one now. */
static int32_t polish(mfli_setting *setting, mfli_solution *solution, int32_t *found)
{
    mfli_polish newton;
    int32_t status = mfli_polish_create(setting, solution, &newton);
    *found = newton.ready;
    mfli_polish_finish(setting->context, &newton);
    return status;
}

int32_t mfli_fixed_point_solve(mfli_setting *setting, int32_t branch, mfli_solution *solution)
{
    const mfli_mean_field *problem = setting->problem;
    double x[MFLI_ANDERSON_MOST], f[MFLI_ANDERSON_MOST], *unknown[MFLI_ANDERSON_MOST];
    double memory[MFLI_ANDERSON_NUMBERS * MFLI_ANDERSON_MOST];
    int32_t count = 0, status = MFL_OK, found = 0;
    mfli_anderson anderson;
    if (!solution->known)
        status = mfli_fixed_point_start(setting, branch, solution);
    if (status != MFL_OK)
        return status;
    if (mfli_is_prior(setting))
        return mfli_mean_field_solve(setting, &solution->order, rounding, &solution->state);
    int64_t wait = solution->slow ? 0 : patience, polish_at = setting->evaluations - wait;
    const double enough = fmax(settled, setting->precision), finest = fmax(rounding, 1e-3 * setting->precision);
    status = sweep(setting, solution, mfli_has_outer(problem) ? 1e-3 : fmax(rounding, 0.1 * setting->precision), x, f,
                   &count);
    mfli_anderson_init(&anderson, count, problem->closure.damping, near, memory);
    while (status == MFL_OK && setting->evaluations > 0) {
        double left = fmax(change(f, 0, count), solution->state.mismatch);
        if (count && setting->evaluations < polish_at && left < near) {
            status = polish(setting, solution, &found);
            solution->slow = found;
            wait = wait ? 2 * wait : patience;
            polish_at = setting->evaluations - wait;
        }
        if (status != MFL_OK || found || left < enough)
            break;
        mfli_anderson_step(&anderson, x, f);
        list(problem, &solution->order, unknown);
        for (int32_t i = 0; i < count; i++)
            *unknown[i] = exp(x[i]);
        status = sweep(setting, solution, fmax((left > near ? 0.1 : 1e-3) * left, finest), x, f, &count);
    }
    return status;
}
