/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/neuron.h"

#include <math.h>

#include "core/context.h"
#include "theory/radial.h"

/* Directions whose largest weight is exp(-50) below the largest of all: the peak of the latter is at most
 * exp(15) narrower than the law it is part of, so what is left out is below 1e-15. */
static const double negligible = 50.0;

/* Upper bounds of the log weight of every lattice point; the largest. */
static double bound(const mfli_directions *directions, mfli_radial_curve *curve, double strength, int32_t i)
{
    return directions->log_weight[i] + mfli_radial_at(curve, 0.5 * strength * directions->top[i]).log_mass;
}

static void add_law(const mfli_angular_law *law, mfli_radial_curve *curve, double strength, double log_weight,
                    double ratio, mfli_neuron *sum)
{
    double aligned = mfli_aligned(ratio), across = isfinite(ratio) ? 1.0 / (1.0 + ratio * ratio) : 0.0;
    for (int32_t j = 0; j < law->count; j++) {
        double q = law->q[j];
        mfli_radial radial = mfli_radial_at(curve, 0.5 * strength * q);
        double factor = exp(log_weight + radial.log_mass), p = factor * law->weight[j];
        sum->log_mass += p;
        sum->qs += p * q * radial.s;
        sum->q2s2 += p * q * q * radial.s2;
        sum->s += p * radial.s;
        sum->qs2 += p * q * radial.s2;
        sum->q += p * q;
        sum->aligned += p * radial.x * aligned;
        sum->across += p * radial.x * across;
        sum->specialised += factor * law->specialised[j];
    }
}

int32_t mfli_neuron_moments(mfl_context *context, mfli_directions *directions, double d, double saturation,
                            double strength, mfli_neuron *neuron)
{
    double widest = 0.0, highest = -INFINITY;
    for (int32_t i = 0; i < directions->count; i++)
        widest = fmax(widest, directions->top[i]);
    mfli_radial_curve curve;
    if (!isfinite(saturation) || !isfinite(strength) || mfli_radial_curve_fit(&curve, d, saturation, 0.5 * strength * widest))
        return mfli_fail(context, MFL_ERROR_TOLERANCE,
                         "the gain %g of a specialised neuron is too large to be integrated", 0.5 * strength * widest);
    for (int32_t i = 0; i < directions->count; i++)
        highest = fmax(highest, bound(directions, &curve, strength, i));
    mfli_neuron sum = {0};
    for (int32_t i = 0; i < directions->count; i++) {
        if (bound(directions, &curve, strength, i) < highest - negligible)
            continue;
        int32_t status = mfli_directions_need(context, directions, i);
        if (status == MFL_OK && mfli_progress(context, "mean field", (double)i / directions->count))
            status = MFL_ERROR_CANCELLED;
        if (status != MFL_OK)
            return status;
        add_law(&directions->law[i], &curve, strength, directions->log_weight[i] - highest, directions->ratio[i], &sum);
    }
    double mass = sum.log_mass;
    neuron->log_mass = highest + log(mass);
    neuron->qs = sum.qs / mass;
    neuron->q2s2 = sum.q2s2 / mass;
    neuron->s = sum.s / mass;
    neuron->qs2 = sum.qs2 / mass;
    neuron->q = sum.q / mass;
    neuron->aligned = sum.aligned / mass;
    neuron->across = sum.across / mass;
    neuron->specialised = sum.specialised / mass;
    return MFL_OK;
}
