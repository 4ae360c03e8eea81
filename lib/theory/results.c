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
 * algebraically where it has kinks (w_perp = 0). The larger of the last two ratios of changes continues them as a
 * geometric series; the slower it is, the less it is trusted. */
static double remaining(double change, double ratio)
{
    ratio = fmin(fmax(ratio, 0.002), 0.9);
    return change * ratio * (1.0 + 3.0 * ratio) / (1.0 - ratio);
}

static void estimate(mfli_results *results, int32_t i, double value, double mismatch)
{
    double change = fabs(value - results->value[i]);
    double ratio = results->change[i] > 0.0 ? change / results->change[i] : 0.0;
    if (results->levels == 0)
        results->error[i] = INFINITY;
    else if (results->levels == 1)
        results->error[i] = change;
    else
        results->error[i] = remaining(change, fmax(ratio, results->ratio[i]));
    results->error[i] += 1e-13 * fabs(value) + mismatch;
    results->ratio[i] = results->levels >= 2 ? ratio : 0.0;
    results->change[i] = change;
    results->value[i] = value;
}

void mfli_results_add(mfli_results *results, const mfli_mean_field *problem, double samples, double kappa,
                      const mfli_mean_field_state *state, double evaluations)
{
    double value[MFLI_RESULTS];
    fill(problem, samples, kappa, state, evaluations, value);
    for (int32_t i = 0; i < MFLI_RESULTS; i++)
        estimate(results, i, value[i], state->mismatch);
    results->error[at(MFL_THEORY_RESIDUAL)] = results->error[at(MFL_THEORY_EVALUATIONS_USED)] = 0.0;
    results->levels++;
}

int32_t mfli_results_reach(const mfli_results *results, double tolerance)
{
    static const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_WEIGHT_ON, MFL_THEORY_WEIGHT_OFF};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        double value = results->value[at(keys[i])];
        if (!isnan(value) && !(results->error[at(keys[i])] <= tolerance * fabs(value)))
            return 0;
    }
    return results->levels > 0;
}
