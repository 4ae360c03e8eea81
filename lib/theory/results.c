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

static void fill(const mfli_mean_field *problem, double samples, double kappa, const mfli_mean_field_state *state,
                 double evaluations, double *value)
{
    double d = (double)problem->dimension, k = problem->gain.support, unit = problem->sigma_w * problem->sigma_w / d;
    const mfli_neuron *neuron = &state->neuron;
    int32_t finite = problem->width > 0;
    value[at(MFL_THEORY_M)] = state->m;
    value[at(MFL_THEORY_TEST_ERROR)] = (1.0 - state->m) * (1.0 - state->m);
    value[at(MFL_THEORY_DRAW_ERROR)] = mfli_mean_field_draw_error(problem, samples, kappa, state);
    value[at(MFL_THEORY_WEIGHT_ON)] = unit * neuron->aligned / k;
    value[at(MFL_THEORY_WEIGHT_OFF)] = d > k ? unit * neuron->across / (d - k) : NAN;
    value[at(MFL_THEORY_SPECIALISED)] = neuron->specialised;
    value[at(MFL_THEORY_LOG_Z)] = finite ? neuron->log_mass : NAN;
    value[at(MFL_THEORY_FREE_ENERGY)] =
        finite ? mfli_mean_field_free_energy(problem, samples, kappa, state) : NAN;
    value[at(MFL_THEORY_RESIDUAL)] = state->mismatch;
    value[at(MFL_THEORY_EVALUATIONS_USED)] = evaluations;
}

/* Successive resolutions converge faster than geometrically once they resolve the integrand, irregularly before, and
 * algebraically where it has kinks (w_perp = 0). So the largest ratio of changes, over the results and the last two
 * steps, continues them as a geometric series: a change that is small by chance is not believed, and nothing is while
 * Z itself still changes. */
static double pooled_ratio(const mfli_results *results, const double *value)
{
    static const double fastest = 0.05, slowest = 0.9, resolved = 1e-4;
    double largest = fastest;
    if (fabs(value[at(MFL_THEORY_LOG_Z)] - results->value[at(MFL_THEORY_LOG_Z)]) > resolved)
        return slowest;
    for (int32_t i = 0; i < at(MFL_THEORY_SPECIALISED); i++) {
        double change = fabs(value[i] - results->value[i]);
        if (change > 1e-12 * fabs(value[i]))
            largest = fmax(largest, change / results->change[i]);
    }
    return fmin(largest, slowest);
}

static double estimate(const mfli_results *results, int32_t i, double value, double ratio)
{
    double change = fabs(value - results->value[i]);
    if (results->levels == 0)
        return INFINITY;
    if (results->levels == 1)
        return change;
    return 2.0 * fmax(change, ratio * results->change[i]) * ratio / (1.0 - ratio);
}

void mfli_results_add(mfli_results *results, const mfli_mean_field *problem, double samples, double kappa,
                      const mfli_mean_field_state *state, double evaluations)
{
    double value[MFLI_RESULTS], ratio = 0.0;
    fill(problem, samples, kappa, state, evaluations, value);
    if (results->levels >= 2)
        ratio = pooled_ratio(results, value);
    for (int32_t i = 0; i < MFLI_RESULTS; i++) {
        results->error[i] = estimate(results, i, value[i], fmax(ratio, results->ratio)) + 1e-13 * fabs(value[i]) +
                            state->mismatch;
        results->change[i] = fabs(value[i] - results->value[i]);
        results->value[i] = value[i];
    }
    results->error[at(MFL_THEORY_RESIDUAL)] = results->error[at(MFL_THEORY_EVALUATIONS_USED)] = 0.0;
    results->ratio = ratio;
    results->levels++;
}

/* Two coarse resolutions may agree by chance: it takes three. */
int32_t mfli_results_reach(const mfli_results *results, double tolerance)
{
    int32_t m = at(MFL_THEORY_M);
    return results->levels > 2 && results->error[m] <= tolerance * fabs(results->value[m]);
}
