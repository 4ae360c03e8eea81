/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/mean_field.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"

static int32_t is_screened(const mfli_mean_field *problem)
{
    return problem->closure.self_energy == MFL_THEORY_SELF_SCREENED;
}

int32_t mfli_needs_classes(const mfli_closure *closure)
{
    return closure->self_energy == MFL_THEORY_SELF_SCREENED || closure->noise == MFL_THEORY_NOISE_RENORMALISED;
}

/* 1 - 1/N */
static double others(const mfli_mean_field *problem)
{
    return problem->width ? 1.0 - 1.0 / problem->width : 1.0;
}

/* sigma_a^2 N^(1 - 2 gamma) sigma_w^2/d Sigma/|w|^2: what turns <X times a share of power> into a lambda of (T15). */
static double power_unit(const mfli_mean_field *problem)
{
    double scale = problem->sigma_a * problem->sigma_w;
    double kernel = scale * scale * problem->power / (double)problem->dimension;
    if (problem->width == 0)
        return problem->gamma == 0.5 ? kernel : 0.0;
    return kernel * pow(problem->width, 1.0 - 2.0 * problem->gamma);
}

int32_t mfli_is_prior(const mfli_setting *setting)
{
    return setting->samples == 0.0 || setting->problem->width == 0;
}

void mfli_order_init(const mfli_mean_field *problem, double kappa, mfli_order *order)
{
    int32_t ard = problem->closure.prior == MFL_THEORY_PRIOR_ARD;
    memset(order, 0, sizeof *order);
    order->precision[0] = order->precision[1] = ard ? problem->closure.alpha / problem->closure.beta : 1.0;
    order->noise = kappa * kappa;
}

/* ---- the law at a value of the steep unknown ---- */

mfli_field mfli_mean_field_field(const mfli_setting *setting, const mfli_order *order, double steep, double *response,
                                 mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    mfli_field field = {.precision = {order->precision[0], order->precision[1]}};
    double gain = setting->samples / order->noise, ratio = order->noise / setting->samples;
    field.classes = mfli_needs_classes(&problem->closure) ? &problem->classes : NULL;
    field.fixed = problem->closure.self_energy == MFL_THEORY_SELF_NONE;
    state->pull = state->screen = 0.0;
    if (mfli_is_prior(setting))
        return field;
    field.saturation = power_unit(problem) / problem->width;
    if (is_screened(problem)) {
        for (int32_t l = 0; l < problem->classes.count; l++)
            response[l] = 1.0 / (ratio + others(problem) * (l == problem->classes.target ? steep : order->lambda[l]));
        field.response = response;
        state->pull = response[problem->classes.target];
        field.strength = state->pull * state->pull;
        return field;
    }
    state->pull = gain * steep;
    state->screen = field.fixed ? 1.0 : gain;
    field.saturation *= state->screen;
    field.strength = state->pull * state->pull / state->screen;
    return field;
}

static void fill_powers(const mfli_setting *setting, mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_classes *classes = &problem->classes;
    double unit = power_unit(problem), square = setting->kappa * setting->kappa;
    state->lambda_target = unit * state->neuron.q;
    state->noise = square;
    memset(state->lambda, 0, sizeof state->lambda);
    state->rest = 0.0;
    if (!mfli_needs_classes(&problem->closure))
        return;
    for (int32_t l = 0; l < classes->rest; l++)
        state->lambda[l] = unit * state->neuron.power[l] / classes->multiplicity[l];
    state->rest = unit * state->neuron.power[classes->rest];
    if (problem->closure.noise == MFL_THEORY_NOISE_RENORMALISED)
        state->noise = mfli_noise(classes->rest, classes->multiplicity, state->lambda, state->rest, 1.0,
                                  setting->samples, square);
}

/* m of the equivalent kernel and of (T14). */
static double kernel_m(const mfli_setting *setting, const mfli_mean_field_state *state)
{
    double learned = setting->samples * state->lambda_target;
    return learned / (state->noise + learned);
}

void mfli_mean_field_conclude(const mfli_setting *setting, double steep, mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    double n = problem->width;
    state->steep = steep;
    state->mismatch = 0.0;
    fill_powers(setting, state);
    if (mfli_is_prior(setting) || is_screened(problem))
        state->m = kernel_m(setting, state);
    else
        state->m = n * state->pull / state->screen * state->neuron.qs;
    if (mfli_is_prior(setting))
        return;
    if (is_screened(problem))
        state->mismatch = fabs(steep - state->lambda_target) / fmax(steep, fmax(state->lambda_target, DBL_MIN));
    else
        state->mismatch = fabs(steep - 1.0 + others(problem) * state->m) / (n > 1.0 ? others(problem) : 1.0);
}

int32_t mfli_mean_field_evaluate(mfli_setting *setting, const mfli_order *order, double steep,
                                 mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    double response[MFLI_CLASSES_MOST];
    mfli_field field = mfli_mean_field_field(setting, order, steep, response, state);
    if (mfli_progress(setting->context, "mean field", setting->ensemble ? 0.0 : setting->directions->laws->start))
        return MFL_ERROR_CANCELLED;
    int32_t status;
    if (setting->ensemble)
        status = mfli_neuron_on_cells(setting->context, setting->ensemble, &field, &state->neuron);
    else
        status = mfli_neuron_moments(setting->context, setting->directions, (double)problem->dimension, &field,
                                     &state->neuron);
    if (status != MFL_OK)
        return status;
    setting->evaluations--;
    mfli_mean_field_conclude(setting, steep, state);
    return MFL_OK;
}

int32_t mfli_mean_field_refine(mfli_setting *setting, const mfli_order *order, const mfli_mean_field_state *state,
                               double tolerance, mfli_refinement *done)
{
    double response[MFLI_CLASSES_MOST];
    mfli_mean_field_state unused;
    mfli_field field = mfli_mean_field_field(setting, order, state->steep, response, &unused);
    return mfli_neuron_refine(setting->context, setting->ensemble, &field, tolerance, done);
}

int32_t mfli_mean_field_specialised(mfli_setting *setting, const mfli_order *order, mfli_directions *specialised,
                                    mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    double response[MFLI_CLASSES_MOST];
    mfli_mean_field_state unused;
    mfli_neuron neuron;
    mfli_field field = mfli_mean_field_field(setting, order, state->steep, response, &unused);
    state->specialised = state->neuron.specialised;
    if (setting->ensemble)
        return MFL_OK;
    field.caps = setting->directions->lattice != NULL;
    if (field.response && !field.caps)
        return MFL_OK;
    if (!field.response)
        field.classes = NULL;
    int32_t status = mfli_neuron_moments(setting->context, field.caps ? setting->directions : specialised,
                                         (double)problem->dimension, &field, &neuron);
    if (status == MFL_OK)
        state->specialised = fmin(exp(neuron.log_mass - state->neuron.log_mass), 1.0); /* up to quadrature */
    return status;
}

/* ---- the steep unknown ---- */

/* Range of log delta. With a self-energy s <= 1 bounds T(m) by N delta max Q; without one p(w) has to exist. */
static void residual_range(const mfli_setting *setting, const mfli_order *order, double *low, double *high)
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_directions *directions = setting->directions;
    mfli_mean_field_state state;
    double widest = setting->ensemble ? 1.0 : 0.0, response[MFLI_CLASSES_MOST];
    mfli_field field = mfli_mean_field_field(setting, order, 1.0, response, &state);
    for (int32_t i = 0; !setting->ensemble && i < directions->count; i++)
        widest = fmax(widest, directions->top[i]);
    *high = 0.0;
    *low = -log(1.0 + (problem->width - 1.0) * widest);
    if (field.fixed) {
        *high = fmin(0.0, 0.5 * log(mfli_field_limit(directions, &field) / field.strength) - 1e-9);
        *low = *high - 40.0;
    }
}

/* F(delta) = delta + (1 - 1/N) T - 1 increases with delta; dT/d log delta = T (1 + E Var(Qs)/<Qs>), E the strength.
 * Returns the step of Newton's method in log delta, and F. */
static double residual_step(const mfli_setting *setting, const mfli_mean_field_state *state, double *excess)
{
    const mfli_neuron *neuron = &state->neuron;
    double learned = others(setting->problem) * state->m, strength = state->pull * state->pull / state->screen;
    double variance = fmax(0.0, neuron->q2s2 - neuron->qs * neuron->qs);
    *excess = state->steep + learned - 1.0;
    return -*excess / (state->steep + learned * (1.0 + strength * variance / neuron->qs));
}

double mfli_mean_field_step(const mfli_setting *setting, const mfli_mean_field_state *state)
{
    double excess;
    if (is_screened(setting->problem))
        return log(state->lambda_target / state->steep);
    return residual_step(setting, state, &excess);
}

/* The step upwards is limited because evaluations at needlessly large delta, where neurons are aligned most sharply,
 * are the dear ones. */
static int32_t solve_residual(mfli_setting *setting, const mfli_order *order, double precision,
                              mfli_mean_field_state *state)
{
    double low, high, x;
    residual_range(setting, order, &low, &high);
    double end = high;
    x = state->steep > 0.0 ? fmin(fmax(log(state->steep), low), high) : low;
    if (!(state->steep > 0.0) && setting->problem->closure.self_energy == MFL_THEORY_SELF_NONE)
        x = high - 1.0;
    do {
        int32_t status = mfli_mean_field_evaluate(setting, order, exp(x), state);
        if (status != MFL_OK)
            return status;
        double excess, step = fmin(residual_step(setting, state, &excess), 1.0);
        if (excess > 0.0)
            high = x;
        else
            low = x;
        if (fabs(step) < precision || high - low < 1e-14)
            break;
        x = x + step > low && x + step < high ? x + step : 0.5 * (low + high);
        if (fabs(step) < 1e-9)
            return mfli_mean_field_evaluate(setting, order, exp(x), state);
    } while (setting->evaluations > 0);
    if (end < 0.0 && end - x < 1e-8)
        return mfli_fail(setting->context, MFL_ERROR_DIVERGED,
                         "without self-energy the law of a neuron cannot be normalised: B^2/2A outgrows the prior");
    return MFL_OK;
}

/* log T(lambda_S) - log lambda_S decreases, with a slope below -1: secant steps between brackets. */
static int32_t solve_power(mfli_setting *setting, const mfli_order *order, double precision,
                           mfli_mean_field_state *state)
{
    double low = -INFINITY, high = INFINITY, slope = -2.0, before = 0.0, excess_before = 0.0;
    double x = log(state->steep);
    for (int32_t i = 0; i == 0 || setting->evaluations > 0; i++) {
        int32_t status = mfli_mean_field_evaluate(setting, order, exp(x), state);
        if (status != MFL_OK)
            return status;
        double excess = log(state->lambda_target) - x;
        if (excess > 0.0)
            low = x;
        else
            high = x;
        if (fabs(excess) < precision || high - low < 1e-14)
            break;
        if (i && fabs(x - before) > 1e-12)
            slope = fmin(-1.0, (excess - excess_before) / (x - before));
        before = x;
        excess_before = excess;
        double next = x - excess / slope;
        x = next > low && next < high ? next : 0.5 * (low + high);
    }
    return MFL_OK;
}

int32_t mfli_mean_field_solve(mfli_setting *setting, const mfli_order *order, double precision,
                              mfli_mean_field_state *state)
{
    if (mfli_is_prior(setting))
        return mfli_mean_field_evaluate(setting, order, 1.0, state);
    if (!is_screened(setting->problem))
        return solve_residual(setting, order, precision, state);
    if (!(state->steep > 0.0))
        state->steep = order->lambda[setting->problem->classes.target];
    return solve_power(setting, order, precision, state);
}

/* ---- what follows ---- */

int32_t mfli_has_free_energy(const mfli_mean_field *problem)
{
    return problem->width > 0 && !mfli_needs_classes(&problem->closure);
}

double mfli_mean_field_free_energy(const mfli_setting *setting, const mfli_order *order,
                                   const mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    const mfli_closure *closure = &problem->closure;
    double gain = setting->samples / (setting->kappa * setting->kappa), n = problem->width;
    double d = (double)problem->dimension, k = problem->gain.support;
    double value = 0.5 * gain * (1.0 - others(problem) * state->m * state->m) - n * state->neuron.log_mass;
    if (closure->prior != MFL_THEORY_PRIOR_ARD)
        return value;
    for (int32_t i = 0; i < 2; i++) {
        double log_rho = log(order->precision[i] * d / (problem->sigma_w * problem->sigma_w));
        value += n / closure->sharing * (i ? d - k : k) *
                 (closure->beta * order->precision[i] - closure->alpha * log_rho);
    }
    return value;
}

double mfli_mean_field_test_error(const mfli_setting *setting, const mfli_mean_field_state *state)
{
    const mfli_classes *classes = &setting->problem->classes;
    double error = (1.0 - state->m) * (1.0 - state->m), fluctuation = 0.0;
    if (!is_screened(setting->problem))
        return error;
    for (int32_t l = 0; l < classes->rest; l++) {
        double share = state->lambda[l] / (state->noise + setting->samples * state->lambda[l]);
        fluctuation += classes->multiplicity[l] * setting->samples * share * share;
    }
    return error / (1.0 - fluctuation);
}

/* N^(1 - 2 gamma) sigma_a^2 <Sigma> */
static double prior_power(const mfli_mean_field *problem, const mfli_mean_field_state *state)
{
    double sum = state->rest;
    if (!mfli_needs_classes(&problem->closure))
        return power_unit(problem) * (state->neuron.aligned + state->neuron.across);
    for (int32_t l = 0; l < problem->classes.rest; l++)
        sum += problem->classes.multiplicity[l] * state->lambda[l];
    return sum;
}

/* Posterior variance of f under a Gaussian process with the kernel of all neurons; kt - kappa^2 where kt is the noise. */
static double process_variance(const mfli_setting *setting, const mfli_mean_field_state *state)
{
    const mfli_classes *classes = &setting->problem->classes;
    double sum = state->rest;
    for (int32_t l = 0; l < classes->rest; l++)
        sum += classes->multiplicity[l] * state->lambda[l] * state->noise /
               (state->noise + setting->samples * state->lambda[l]);
    return sum;
}

/* The variance of f under independent neurons is N^(1-2 gamma) (<a^2 Sigma> - <a J>^2). With <a^2> = 1/A + B^2/A^2
 * the first term is N <s/Phi + pull^2 Q s^2/Phi^2>; where neurons keep the prior, that of the prior. For the screened
 * closure, that of a Gaussian process with the same kernel. */
double mfli_mean_field_draw_error(const mfli_setting *setting, const mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = setting->problem;
    double n = problem->width, error = mfli_mean_field_test_error(setting, state);
    if (is_screened(problem))
        return error + process_variance(setting, state);
    if (mfli_is_prior(setting))
        return error + prior_power(problem, state);
    double share = state->pull / state->screen;
    return error + n * (state->neuron.s / state->screen + share * share * state->neuron.qs2) -
           state->m * state->m / n;
}
