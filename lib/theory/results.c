/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/results.h"

#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"

static const struct {
    const char *name, *summary;
} table[MFLI_RESULTS] = {
    {"m", "coefficient of the mean predictor on the target's mode"},
    {"test_error", "mean squared error of the mean predictor against the clean target"},
    {"draw_error", "the same for one network of independent draws from the single-neuron law"},
    {"weight_on", "second moment of a weight on the support"},
    {"weight_off", "second moment of a weight off the support"},
    {"specialised", "probability that a neuron is aligned with a sign pattern of the support"},
    {"log_z", "log normalisation of the single-neuron law"},
    {"free_energy", "free energy whose stationarity is the self-consistency"},
    {"residual", "|m - T(m)| at the reported m"},
    {"evaluations", "evaluations of the self-consistency"},
    {"lambda", "power lambda_S of the kernel on the target's mode"},
    {"noise", "effective noise: kappa^2, or kt where it is renormalised"},
    {"rho_on", "precision of a weight on the support"},
    {"rho_off", "precision of a weight off the support"},
    {"residual_rho", "largest relative change that the equation of the precisions asks for"},
    {"residual_noise", "relative change that the equation of the renormalised noise asks for"},
    {"residual_lambda", "largest relative change that the equations of the screened powers ask for"},
    {"left_out", "power of the target on modes that are not followed, part of test_error"},
};

static int32_t at(int32_t key)
{
    return key - MFL_THEORY_M;
}

const char *mfli_result_name(int32_t index)
{
    return table[index].name;
}

const char *mfli_result_summary(int32_t index)
{
    return table[index].summary;
}

void mfli_results_clear(mfli_results *results)
{
    memset(results, 0, sizeof *results);
    results->stop = MFL_STOP_NONE;
}

static void fill_missing(double *value)
{
    for (int32_t i = 0; i < MFLI_NUMBERS; i++)
        value[i] = NAN;
}

void mfli_results_values(const mfli_setting *setting, const mfli_solution *solution, double evaluations,
                         double value[MFLI_NUMBERS])
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_mean_field_state *state = &solution->state;
    const mfli_neuron *neuron = &state->neuron;
    double d = (double)problem->dimension, k = problem->gain.support, unit = problem->sigma_w * problem->sigma_w / d;
    int32_t finite = problem->width > 0, ard = problem->closure.prior == MFL_THEORY_PRIOR_ARD;
    fill_missing(value);
    value[at(MFL_THEORY_M)] = state->m;
    value[at(MFL_THEORY_TEST_ERROR)] = mfli_mean_field_test_error(setting, state);
    value[at(MFL_THEORY_DRAW_ERROR)] = mfli_mean_field_draw_error(setting, state);
    value[at(MFL_THEORY_WEIGHT_ON)] = unit * neuron->aligned / k;
    value[at(MFL_THEORY_WEIGHT_OFF)] = d > k ? unit * neuron->across / (d - k) : NAN;
    value[at(MFL_THEORY_SPECIALISED)] = state->specialised;
    value[at(MFL_THEORY_LOG_Z)] = finite ? neuron->log_mass : NAN;
    value[at(MFL_THEORY_FREE_ENERGY)] =
        mfli_has_free_energy(problem) ? mfli_mean_field_free_energy(setting, &solution->order, state) : NAN;
    value[at(MFL_THEORY_RESIDUAL)] = state->mismatch;
    value[at(MFL_THEORY_EVALUATIONS_USED)] = evaluations;
    value[at(MFL_THEORY_LAMBDA)] = state->lambda_target;
    value[at(MFL_THEORY_EFFECTIVE_NOISE)] = state->noise;
    value[at(MFL_THEORY_RHO_ON)] = ard ? solution->order.precision[0] / unit : NAN;
    value[at(MFL_THEORY_RHO_OFF)] = ard && d > k ? solution->order.precision[1] / unit : NAN;
    value[at(MFL_THEORY_RESIDUAL_RHO)] = solution->off_precision;
    value[at(MFL_THEORY_RESIDUAL_NOISE)] = solution->off_noise;
    value[at(MFL_THEORY_RESIDUAL_LAMBDA)] = solution->off_power;
    value[at(MFL_THEORY_LEFT_OUT)] = 0.0;
    value[MFLI_RESULTS_MODES] = state->m;
    value[MFLI_RESULTS_MODES + 1] = state->lambda_target;
    for (int32_t j = 0; j < problem->gain.support; j++) {
        value[MFLI_RESULTS_VARIABLES + 2 * j] = value[at(MFL_THEORY_WEIGHT_ON)];
        value[MFLI_RESULTS_VARIABLES + 2 * j + 1] = value[at(MFL_THEORY_RHO_ON)];
    }
}

/* m_A and lambda_A, and from them what speaks of the target as a whole. */
static void fill_modes(const mfli_multimode *problem, const mfli_population *population, double *value)
{
    double square = problem->modes.left_out, overlap = 0.0, power = 0.0, seen = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++) {
        double y = problem->modes.mode[i].target, m = population->m[i];
        double lambda = mfli_multimode_unit(problem) * population->moments.gram[i][i];
        value[MFLI_RESULTS_MODES + 2 * i] = m;
        value[MFLI_RESULTS_MODES + 2 * i + 1] = lambda;
        square += y * y;
        seen += y * y;
        overlap += y * m;
        power += y * y * lambda;
    }
    value[at(MFL_THEORY_M)] = overlap / square;
    value[at(MFL_THEORY_LAMBDA)] = power / seen;
    value[at(MFL_THEORY_TEST_ERROR)] = mfli_population_error(problem, population);
}

int32_t mfli_result_is_exact(int32_t i)
{
    return i == at(MFL_THEORY_RESIDUAL) || i == at(MFL_THEORY_EVALUATIONS_USED) ||
           (i >= at(MFL_THEORY_RESIDUAL_RHO) && i <= at(MFL_THEORY_RESIDUAL_LAMBDA));
}

/* Successive resolutions converge faster than geometrically once they resolve the integrand, irregularly before, and
 * algebraically where it has kinks (w_perp = 0). So the largest ratio of changes over the results continues them as a
 * geometric series: a change that is small by chance is not believed, and nothing is while Z itself still changes. */
static double pooled_ratio(const mfli_results *results, const double *value)
{
    static const double slowest = 0.9, resolved = 1e-4;
    double largest = 0.0;
    if (fabs(value[at(MFL_THEORY_LOG_Z)] - results->value[at(MFL_THEORY_LOG_Z)]) > resolved)
        return slowest;
    for (int32_t i = 0; i < at(MFL_THEORY_SPECIALISED); i++) {
        double change = fabs(value[i] - results->value[i]);
        if (change > 1e-12 * fabs(value[i]))
            largest = fmax(largest, change / results->change[i]);
    }
    return fmin(largest, slowest);
}

/* ratio: the larger of the last two. The series is not believed to fall faster than fivefold a step, or by `pace`. */
static double estimate(const mfli_results *results, int32_t i, double value, double ratio)
{
    double change = fabs(value - results->value[i]), next = fmax(ratio, fmax(results->pace, 0.2));
    if (results->levels == 0)
        return INFINITY;
    if (results->levels == 1)
        return change;
    if (i == at(MFL_THEORY_SPECIALISED)) /* has edges where the caps of two sign patterns meet */
        next = fmax(ratio, 0.5);
    return 2.0 * fmax(change, ratio * results->change[i]) * next / (1.0 - next);
}

void mfli_results_add(mfli_results *results, const double value[MFLI_NUMBERS], double off)
{
    double ratio = 0.0;
    if (results->levels >= 2)
        ratio = pooled_ratio(results, value);
    for (int32_t i = 0; i < MFLI_NUMBERS; i++) {
        double error = estimate(results, i, value[i], fmax(ratio, results->ratio)) + 1e-13 * fabs(value[i]) +
                       off * fmax(1.0, fabs(value[i]));
        results->error[i] = mfli_result_is_exact(i) ? 0.0 : error;
        results->change[i] = fabs(value[i] - results->value[i]);
        results->value[i] = value[i];
    }
    results->ratio = ratio;
    results->levels++;
}

void mfli_results_of_population(const mfli_multimode *problem, const mfli_population *population, double evaluations,
                                  double value[MFLI_NUMBERS])
{
    const mfli_moments *moments = &population->moments;
    int32_t r = problem->modes.variables, finite = problem->width > 0.0;
    int32_t ard = problem->closure.prior == MFL_THEORY_PRIOR_ARD;
    double unit = problem->frame.unit, others = problem->frame.d - r, on = 0.0, rho_on = 0.0;
    fill_missing(value);
    fill_modes(problem, population, value);
    for (int32_t j = 0; j < r; j++) {
        double rho = population->pull.precision[j] / unit;
        value[MFLI_RESULTS_VARIABLES + 2 * j] = unit * moments->square[j];
        value[MFLI_RESULTS_VARIABLES + 2 * j + 1] = ard ? rho : NAN;
        on += unit * moments->square[j] / r;
        rho_on += rho / r;
    }
    value[at(MFL_THEORY_DRAW_ERROR)] = value[at(MFL_THEORY_TEST_ERROR)] + mfli_population_spread(problem, population);
    value[at(MFL_THEORY_WEIGHT_ON)] = on;
    value[at(MFL_THEORY_WEIGHT_OFF)] = others > 0.0 ? unit * moments->across / others : NAN;
    value[at(MFL_THEORY_SPECIALISED)] = population->specialised;
    value[at(MFL_THEORY_LOG_Z)] = finite ? moments->log_mass : NAN;
    if (finite && problem->blocks.count == 0) /* (T16) and (T17) have none */
        value[at(MFL_THEORY_FREE_ENERGY)] = mfli_population_free_energy(problem, population);
    value[at(MFL_THEORY_RESIDUAL)] = population->mismatch;
    value[at(MFL_THEORY_EVALUATIONS_USED)] = evaluations;
    value[at(MFL_THEORY_EFFECTIVE_NOISE)] = mfli_population_noise(problem, population);
    value[at(MFL_THEORY_RHO_ON)] = ard ? rho_on : NAN;
    value[at(MFL_THEORY_RHO_OFF)] = ard && others > 0.0 ? population->pull.precision[r] / unit : NAN;
    value[at(MFL_THEORY_RESIDUAL_RHO)] = population->off_precision;
    value[at(MFL_THEORY_RESIDUAL_NOISE)] = population->off_noise;
    value[at(MFL_THEORY_RESIDUAL_LAMBDA)] = population->off_power;
    value[at(MFL_THEORY_LEFT_OUT)] = problem->modes.left_out;
}

void mfli_results_add_population(const mfli_multimode *problem, const mfli_population *population, double evaluations,
                                 double off, mfli_results *results)
{
    double value[MFLI_NUMBERS];
    mfli_results_of_population(problem, population, evaluations, value);
    mfli_results_add(results, value, population->mismatch + population->off_precision + population->off_noise +
                                         population->off_power + population->unresolved +
                                         problem->frame.average.error + off);
    results->error[at(MFL_THEORY_SPECIALISED)] += population->edge;
}

void mfli_results_widen(mfli_results *results, const double by[MFLI_NUMBERS])
{
    for (int32_t i = 0; i < MFLI_NUMBERS; i++)
        results->error[i] += by[i];
}

double mfli_results_cut_effect(const mfli_multimode *problem, const mfli_population *less,
                               const double whole[MFLI_NUMBERS], double rest, double effect[MFLI_NUMBERS])
{
    static const double of_modes = 2.0; /* their effects fall by half and more from one to the next */
    double value[MFLI_NUMBERS], cut = less->kernel.rest - rest, ratio = cut > 0.0 ? fmin(10.0, rest / cut) : 0.0;
    if (problem->blocks.count == 0)
        ratio = of_modes;
    mfli_results_of_population(problem, less, 0.0, value);
    for (int32_t i = 0; i < MFLI_NUMBERS; i++)
        effect[i] = mfli_result_is_exact(i) ? 0.0 : ratio * fabs(whole[i] - value[i]);
    return ratio;
}

/* Two coarse resolutions may agree by chance: it takes three. */
int32_t mfli_results_reach(const mfli_results *results, double tolerance)
{
    int32_t m = at(MFL_THEORY_M);
    return results->levels > 2 && results->error[m] <= tolerance * fabs(results->value[m]);
}

int32_t mfli_results_reach_beside(const mfli_results *results, double tolerance, const double effect[MFLI_NUMBERS])
{
    return mfli_results_reach(results, fmax(tolerance, 0.1 * effect[0] / fabs(results->value[0])));
}

int32_t mfli_results_number(mfl_context *context, const mfli_results *results, int32_t index, const char *name,
                            double *value, double *error)
{
    if (!value)
        return mfli_fail_null(context, "value");
    if (results->levels == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "nothing was solved yet; call mfl_theory_solve");
    if (isnan(results->value[index]))
        return mfli_fail(context, MFL_ERROR_STATE, "%s does not exist for this problem", name);
    *value = results->value[index];
    if (error)
        *error = results->error[index];
    return MFL_OK;
}

int32_t mfli_results_get(mfl_context *context, const mfli_results *results, int32_t key, double *value, double *error)
{
    if (key < MFL_THEORY_M || key >= MFL_THEORY_M + MFLI_RESULTS)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a theory has no result with key %d", (int)key);
    return mfli_results_number(context, results, at(key), table[at(key)].name, value, error);
}

int32_t mfli_results_check_mode(mfl_context *context, const mfli_modes *modes, int64_t mode)
{
    if (mode >= 0 && mode < modes->count)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_ARGUMENT, "mode is %lld; the theory follows %d", (long long)mode,
                     (int)modes->count);
}

int32_t mfli_results_get_mode(mfl_context *context, const mfli_results *results, const mfli_modes *modes, int64_t mode,
                              int32_t key, double *value, double *error)
{
    int32_t status = mfli_results_check_mode(context, modes, mode);
    if (status != MFL_OK)
        return status;
    if (key != MFL_THEORY_M && key != MFL_THEORY_LAMBDA)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a mode has no result with key %d", (int)key);
    return mfli_results_number(context, results, MFLI_RESULTS_MODES + 2 * (int32_t)mode + (key == MFL_THEORY_LAMBDA),
                               table[at(key)].name, value, error);
}
