/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/mean_field.h"

#include <math.h>

#include "core/context.h"

static double others(const mfli_mean_field *problem)
{
    return 1.0 - 1.0 / (double)problem->width;
}

int32_t mfli_mean_field_evaluate(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                                 double samples, double kappa, double residual, mfli_mean_field_state *state)
{
    double n = (double)problem->width, d = (double)problem->dimension, gain = samples / (kappa * kappa);
    double scale = problem->sigma_a * problem->sigma_w;
    state->residual = residual;
    state->saturation = pow(n, -2.0 * problem->gamma) * gain * scale * scale * problem->power / d;
    int32_t status = mfli_neuron_moments(context, directions, d, state->saturation, gain * residual * residual,
                                         &state->neuron);
    if (status != MFL_OK)
        return status;
    state->m = n * residual * state->neuron.qs;
    state->mismatch = fabs(residual - 1.0 + others(problem) * state->m);
    if (problem->width > 1)
        state->mismatch /= others(problem);
    return MFL_OK;
}

int32_t mfli_mean_field_prior(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                              double samples, double kappa, mfli_mean_field_state *state)
{
    int32_t status = mfli_neuron_moments(context, directions, (double)problem->dimension, 0.0, 0.0,
                                         &state->neuron);
    if (status != MFL_OK)
        return status;
    double scale = problem->sigma_a * problem->sigma_w, lambda = scale * scale * problem->power * state->neuron.q;
    int32_t kernel = problem->width == 0 && problem->gamma == 0.5;
    state->m = kernel ? 1.0 / (1.0 + kappa * kappa / (lambda * samples)) : 0.0;
    state->residual = 1.0 - state->m;
    state->mismatch = 0.0;
    state->saturation = 0.0;
    return MFL_OK;
}

/* Smallest possible residual: s <= 1 bounds T(m) by N delta max Q. */
static double least_residual(const mfli_mean_field *problem, const mfli_directions *directions)
{
    double widest = 0.0;
    for (int32_t i = 0; i < directions->count; i++)
        widest = fmax(widest, directions->top[i]);
    return 1.0 / (1.0 + ((double)problem->width - 1.0) * widest);
}

/* F(delta) = delta + (1 - 1/N) T - 1 increases with delta; dT/d delta = N (<Qs> + E Var Qs), E the strength. The
 * step upwards is limited because evaluations at needlessly large delta, where neurons are aligned most sharply, are
 * the dear ones. */
int32_t mfli_mean_field_solve(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                              double samples, double kappa, double start, int64_t *evaluations,
                              mfli_mean_field_state *state)
{
    double low = log(least_residual(problem, directions)), high = 0.0;
    double x = start > 0.0 ? log(start) : low, gain = samples / (kappa * kappa), n = (double)problem->width;
    while (*evaluations > 0) {
        double residual = exp(x);
        int32_t status = mfli_mean_field_evaluate(context, problem, directions, samples, kappa, residual, state);
        if (status != MFL_OK)
            return status;
        --*evaluations;
        double excess = residual + others(problem) * state->m - 1.0;
        if (excess > 0.0)
            high = x;
        else
            low = x;
        double variance = state->neuron.q2s2 - state->neuron.qs * state->neuron.qs;
        double slope = 1.0 + others(problem) * n * (state->neuron.qs + gain * residual * residual * variance);
        double step = fmin(-excess / (slope * residual), 1.0);
        if (fabs(step) < 1e-14 || high - low < 1e-14)
            break;
        x = x + step > low && x + step < high ? x + step : 0.5 * (low + high);
        if (fabs(step) < 1e-9)
            return mfli_mean_field_evaluate(context, problem, directions, samples, kappa, exp(x), state);
    }
    return MFL_OK;
}

double mfli_mean_field_free_energy(const mfli_mean_field *problem, double samples, double kappa,
                                   const mfli_mean_field_state *state)
{
    double gain = samples / (kappa * kappa);
    return 0.5 * gain * (1.0 - others(problem) * state->m * state->m) -
           (double)problem->width * state->neuron.log_mass;
}

/* The variance of f under independent neurons is N^(1-2 gamma) (<a^2 Sigma> - <a J>^2). With <a^2> = 1/A + B^2/A^2
 * the first term is N (kappa^2/P) <s + E Q s^2>, E the strength; where neurons keep the prior, that of the prior. */
double mfli_mean_field_draw_error(const mfli_mean_field *problem, double samples, double kappa,
                                  const mfli_mean_field_state *state)
{
    double n = (double)problem->width, error = 1.0 - state->m, delta = state->residual;
    double scale = problem->sigma_a * problem->sigma_w;
    if (problem->width == 0)
        return error * error + (problem->gamma == 0.5 ? scale * scale * problem->power : 0.0);
    if (samples == 0.0)
        return 1.0 + pow(n, 1.0 - 2.0 * problem->gamma) * scale * scale * problem->power;
    double square = n * (kappa * kappa / samples * state->neuron.s + delta * delta * state->neuron.qs2);
    return error * error + square - state->m * state->m / n;
}
