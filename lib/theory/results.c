/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/results.h"

#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

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

void mfli_results_values(const mfli_setting *setting, const mfli_solution *solution, double evaluations,
                         double value[MFLI_RESULTS])
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_mean_field_state *state = &solution->state;
    const mfli_neuron *neuron = &state->neuron;
    double d = (double)problem->dimension, k = problem->gain.support, unit = problem->sigma_w * problem->sigma_w / d;
    int32_t finite = problem->width > 0, ard = problem->closure.prior == MFL_THEORY_PRIOR_ARD;
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
}

int32_t mfli_result_is_exact(int32_t i)
{
    return i == at(MFL_THEORY_RESIDUAL) || i == at(MFL_THEORY_EVALUATIONS_USED) || i >= at(MFL_THEORY_RESIDUAL_RHO);
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

/* ratio: the larger of the last two. The series is not believed to fall faster than fivefold a step. */
static double estimate(const mfli_results *results, int32_t i, double value, double ratio)
{
    double change = fabs(value - results->value[i]), next = fmax(ratio, 0.2);
    if (results->levels == 0)
        return INFINITY;
    if (results->levels == 1)
        return change;
    if (i == at(MFL_THEORY_SPECIALISED)) /* has edges where the caps of two sign patterns meet */
        next = fmax(ratio, 0.5);
    return 2.0 * fmax(change, ratio * results->change[i]) * next / (1.0 - next);
}

void mfli_results_add(mfli_results *results, const mfli_setting *setting, const mfli_solution *solution,
                      double evaluations)
{
    double value[MFLI_RESULTS], ratio = 0.0;
    double off = solution->state.mismatch + solution->off_precision + solution->off_noise + solution->off_power;
    mfli_results_values(setting, solution, evaluations, value);
    if (results->levels >= 2)
        ratio = pooled_ratio(results, value);
    for (int32_t i = 0; i < MFLI_RESULTS; i++) {
        double error = estimate(results, i, value[i], fmax(ratio, results->ratio)) + 1e-13 * fabs(value[i]) + off;
        results->error[i] = mfli_result_is_exact(i) ? 0.0 : error;
        results->change[i] = fabs(value[i] - results->value[i]);
        results->value[i] = value[i];
    }
    results->ratio = ratio;
    results->levels++;
}

/* Two coarse resolutions may agree by chance: it takes three. */
int32_t mfli_results_reach(const mfli_results *results, double tolerance)
{
    int32_t m = at(MFL_THEORY_M);
    return results->levels > 2 && results->error[m] <= tolerance * fabs(results->value[m]);
}
