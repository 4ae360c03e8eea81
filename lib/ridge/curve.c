/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning curves that follow from a spectrum (include/mflearn/spectrum.h). */
#include <math.h>

#include "core/context.h"
#include "ridge/spectrum.h"

/* sum m lambda / (lambda + r) + ridge / r - n, decreasing in r, and its derivative to log r. */
static double excess(const mfl_spectrum *s, double ridge, double samples, double r, double *slope)
{
    double sum = ridge / r;
    *slope = -ridge / r;
    for (int64_t i = 0; i < s->count; i++) {
        double learned = s->values[i] / (s->values[i] + r);
        sum += s->multiplicities[i] * learned;
        *slope -= s->multiplicities[i] * learned * (1.0 - learned);
    }
    return sum - samples;
}

/* Newton's method in log r between brackets. 0 where there are fewer modes than samples and nothing
 * acts as ridge. */
static double effective_ridge(const mfl_spectrum *s, double ridge, double samples)
{
    double trace = 0.0, modes = 0.0, slope;
    for (int64_t i = 0; i < s->count; i++) {
        trace += s->multiplicities[i] * s->values[i];
        modes += s->values[i] > 0.0 ? s->multiplicities[i] : 0.0;
    }
    if (!(ridge > 0.0) && modes <= samples)
        return 0.0;
    double high = log((trace + ridge) / samples), low = high - 1.0, x = high;
    while (excess(s, ridge, samples, exp(low), &slope) < 0.0 && low > -700.0)
        low -= 2.0 * (high - low);
    for (int i = 0; i < 200; i++) {
        double value = excess(s, ridge, samples, exp(x), &slope), next = x - value / slope;
        if (value > 0.0)
            low = x;
        else
            high = x;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next - x) <= 1e-16 * (1.0 + fabs(x)))
            break;
        x = next;
    }
    return exp(x);
}

static int32_t check_learn(const mfl_spectrum *s, const double *power, double samples, double ridge,
                           double noise, const double *results)
{
    mfl_context *context = s->object.context;
    if (!results || (!power && !s->has_power))
        return mfli_fail_null(context, results ? "power" : "results");
    int32_t status = mfli_spectrum_check_entry(context, "samples", 0, samples, 0);
    if (!status)
        status = mfli_spectrum_check_entry(context, "ridge", 0, ridge, 1);
    if (!status)
        status = mfli_spectrum_check_entry(context, "noise", 0, noise, 1);
    for (int64_t i = 0; !status && power && i < s->count; i++)
        status = mfli_spectrum_check_entry(context, "power", i, power[i], 1);
    return status;
}

static int32_t learn(const mfl_spectrum *s, const double *power, double samples, double ridge,
                     double noise, double *results, double *learnability, int64_t capacity)
{
    int32_t status = check_learn(s, power, samples, ridge, noise, results);
    if (!status && learnability)
        status = mfli_spectrum_check_capacity(s, capacity);
    if (status)
        return status;
    if (!power && s->target)
        return mfli_shells_learn(s->object.context, &s->shells, s->dimension, s->target, samples,
                                 ridge, noise, results, learnability);
    if (!power)
        power = s->power;
    const double r = effective_ridge(s, ridge + s->rest, samples);
    double fitted = 0.0, missed = 0.0;
    for (int64_t i = 0; i < s->count; i++) {
        double learned = s->values[i] > 0.0 ? s->values[i] / (s->values[i] + r) : 0.0;
        double left = s->values[i] + r > 0.0 ? r / (s->values[i] + r) : 1.0;
        fitted += s->multiplicities[i] * learned * learned;
        missed += power[i] * left * left;
        if (learnability)
            learnability[i] = learned;
    }
    if (!(fitted < samples * (1.0 - 1e-15)))
        return mfli_fail(s->object.context, MFL_ERROR_DIVERGED,
                         "without ridge and with as many modes as samples, %g, the test error is "
                         "infinite",
                         samples);
    const double overfitting = samples / (samples - fitted);
    /* ridge / (n r); as r -> 0 with r n -> ridge this is 1 - modes / n. */
    const double kept = r > 0.0 ? ridge / (samples * r) : 1.0 - fitted / samples;
    results[MFL_SPECTRUM_EFFECTIVE_RIDGE] = r;
    results[MFL_SPECTRUM_OVERFITTING] = overfitting;
    results[MFL_SPECTRUM_TEST_ERROR] = overfitting * (missed + noise);
    results[MFL_SPECTRUM_TRAIN_ERROR] = kept * kept * results[MFL_SPECTRUM_TEST_ERROR];
    return MFL_OK;
}

int32_t mfl_spectrum_learn(const mfl_spectrum *spectrum, const double *power, double samples,
                           double ridge, double noise, double *results, double *learnability,
                           int64_t capacity)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    return status ? status
                  : mfli_leave(spectrum, learn(spectrum, power, samples, ridge, noise, results,
                                               learnability, capacity));
}
