/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/neuron.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/lattice_sum.h"
#include "theory/radial.h"

/* Ratios whose weight is exp(-30) below what is there already are left out. */
static const double negligible = 30.0;
/* Sums are rescaled before a term outgrows the first by more than this. */
static const double headroom = 100.0;

/* X p is chi^2_d, p the precision along the direction. */
static double stretch(const mfli_field *field, double ratio)
{
    return field->precision[1] + (field->precision[0] - field->precision[1]) * mfli_aligned(ratio);
}

/* Log weight of a lattice point under the field's prior. */
static double log_weight(const mfli_directions *directions, double d, const mfli_field *field, int32_t i)
{
    double k = directions->gain.support, across = d - k;
    double determinant = k * log(field->precision[0]) + (across > 0.0 ? across * log(field->precision[1]) : 0.0);
    return directions->log_weight[i] + 0.5 * determinant - 0.5 * d * log(stretch(field, directions->ratio[i]));
}

/* ---- lengths ---- */

/* Moments in the length at given g, for the c and d of the last fit. */
typedef struct lengths {
    int32_t fixed, curved;
    double d;
    const mfli_length_table *table;
    mfli_radial_curve *curve;
} lengths;

static mfli_radial length_at(const lengths *law, double c, double g)
{
    if (law->fixed)
        return mfli_length_free(law->d, c, g);
    if (law->curved)
        return mfli_radial_at(law->curve, g);
    return mfli_length_moments(law->table, c, g);
}

/* One curve serves all nodes that share c. */
static int32_t fit_lengths(mfl_context *context, lengths *law, const mfli_field *field, double c, double reach)
{
    if (law->fixed || field->response)
        return MFL_OK;
    law->curved = 1;
    if (isfinite(c) && isfinite(reach) && !mfli_radial_curve_fit(law->curve, law->d, c, reach))
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_TOLERANCE,
                     "the gain of a specialised neuron, about P/kappa^2, is %g, too large to be integrated; raise "
                     "kappa or lower P",
                     reach);
}

/* ---- sums ---- */

typedef struct sums {
    double reference; /* log of their unit */
    mfli_neuron of;   /* log_mass holds the mass itself */
} sums;

static void multiply(mfli_neuron *neuron, double factor)
{
    double *all = (double *)neuron;
    for (size_t i = 0; i < sizeof *neuron / sizeof *all; i++)
        all[i] *= factor;
}

/* A direction with the moments of its length. */
static double add_node(sums *to, double log_prior, const mfli_radial *radial, double q, double phi, double aligned,
                       double weight, double specialised)
{
    double log_factor = log_prior + radial->log_mass;
    if (log_factor > to->reference + headroom) {
        multiply(&to->of, exp(to->reference - log_factor));
        to->reference = log_factor;
    }
    double factor = exp(log_factor - to->reference), p = factor * weight;
    double share = phi > 0.0 ? 1.0 / phi : 0.0;
    mfli_neuron *of = &to->of;
    of->log_mass += p;
    of->qs += p * q * radial->s * share;
    of->q2s2 += p * q * q * radial->s2 * share * share;
    of->s += p * radial->s * share;
    of->qs2 += p * q * radial->s2 * share * share;
    of->q += p * radial->x * q;
    of->aligned += p * radial->x * aligned;
    of->across += p * radial->x * (1.0 - aligned);
    of->specialised += factor * specialised;
    return p;
}

/* A lattice point: its ratio, and what follows from that and the field. */
typedef struct point {
    double log_prior, aligned, unit, top;
} point;

static void add_points(int32_t count, const double *q, const double *weight, const lengths *radius,
                       const mfli_field *field, const point *at, sums *to)
{
    for (int32_t j = 0; j < count; j++) {
        mfli_radial radial = length_at(radius, field->saturation / at->unit, 0.5 * field->strength * q[j]);
        radial.x /= at->unit;
        add_node(to, at->log_prior, &radial, q[j], 1.0, at->aligned, weight[j], 0.0);
    }
}

/* As many pieces as it takes until the gain changes little over the tail that is left; those that count nothing are
 * passed over. Without self-energy the gain is no bound of what it does, and all are taken. */
static void add_law(const mfli_direction_law *law, const lengths *radius, const mfli_field *field, const point *at,
                    sums *to)
{
    double c = field->saturation / at->unit, g = 0.5 * field->strength * at->top;
    int32_t pieces = 0;
    if (law->count == 1 || field->fixed) {
        add_points(law->count, law->q, law->weight, radius, field, at, to);
        return;
    }
    while (pieces < MFLI_LAW_PIECES - 1 && ldexp(g, -pieces) > 4.0)
        pieces++;
    int32_t tail = MFLI_LAW + pieces * MFLI_LAW_MOMENTS;
    add_points(MFLI_LAW_MOMENTS, law->q + tail, law->weight + tail, radius, field, at, to);
    for (int32_t b = 0; b < pieces; b++) {
        int32_t first = b * MFLI_LAW_MOMENTS, last = first + MFLI_LAW_MOMENTS - 1;
        double most = at->log_prior + length_at(radius, c, 0.5 * field->strength * law->q[last]).log_mass;
        if (!(most < to->reference + log(to->of.log_mass) - negligible - 10.0))
            add_points(MFLI_LAW_MOMENTS, law->q + first, law->weight + first, radius, field, at, to);
    }
}

static void add_class_law(const mfli_class_law *law, const lengths *radius, const mfli_field *field, const point *at,
                          sums *to)
{
    const mfli_classes *classes = field->classes;
    for (int32_t j = 0; j < law->count; j++) {
        const double *power = law->power + (size_t)j * (size_t)classes->count;
        double q = power[classes->target], phi = 0.0;
        for (int32_t l = 0; field->response && l < classes->count; l++)
            phi += field->response[l] * power[l];
        if (!field->response)
            phi = 1.0;
        mfli_radial radial = length_at(radius, field->saturation * phi / at->unit,
                                       phi > 0.0 ? 0.5 * field->strength * q / phi : 0.0);
        radial.x /= at->unit;
        double p = add_node(to, at->log_prior, &radial, q, phi, at->aligned, law->weight[j], law->specialised[j]);
        for (int32_t l = 0; l < classes->count; l++)
            to->of.power[l] += p * radial.x * power[l];
    }
}

/* ---- what can be left out ---- */

/* Log weight of a lattice point, if all directions had the same Phi: directions near the largest Q, of which a part of
 * order g^-(k-1)/2 counts, and all others. With the least Phi of all classes a bound from above. */
static double height(const mfli_directions *directions, const mfli_field *field, const lengths *radius, double phi,
                     int32_t i)
{
    double c = field->saturation * phi / stretch(field, directions->ratio[i]);
    double g = phi > 0.0 ? 0.5 * field->strength * directions->top[i] / phi : 0.0;
    double peak = length_at(radius, c, g).log_mass - 0.5 * (directions->gain.support - 1.0) * log1p(g);
    return log_weight(directions, radius->d, field, i) + fmax(peak, length_at(radius, c, 0.0).log_mass);
}

static double least_response(const mfli_field *field)
{
    double least = field->response ? field->response[0] : 1.0;
    for (int32_t l = 1; field->response && l < field->classes->count; l++)
        least = fmin(least, field->response[l]);
    return least;
}

double mfli_field_limit(const mfli_directions *directions, const mfli_field *field)
{
    double widest = 0.0;
    for (int32_t i = 0; i < directions->count; i++)
        widest = fmax(widest, directions->top[i] / stretch(field, directions->ratio[i]));
    return 1.0 / (field->saturation * widest);
}

/* Bounds of all lattice points; returns the highest. */
static int32_t fill_bounds(mfli_directions *directions, const mfli_field *field, const lengths *radius)
{
    int32_t highest = 0;
    double least = least_response(field);
    for (int32_t i = 0; i < directions->count; i++) {
        directions->bound[i] = height(directions, field, radius, least, i);
        highest = directions->bound[i] > directions->bound[highest] ? i : highest;
    }
    return highest;
}

static int32_t add_lattice_point(mfl_context *context, mfli_directions *directions, const mfli_field *field,
                                 double widest, int32_t i, lengths *radius, sums *to)
{
    double ratio = directions->ratio[i];
    point at = {log_weight(directions, radius->d, field, i), mfli_aligned(ratio), stretch(field, ratio),
                directions->top[i]};
    int32_t status = fit_lengths(context, radius, field, field->saturation / at.unit, 0.5 * field->strength * widest);
    if (status == MFL_OK && field->classes)
        status = mfli_directions_need_classes(context, directions, field->classes, i);
    else if (status == MFL_OK)
        status = mfli_directions_need(context, directions, i);
    if (status != MFL_OK)
        return status;
    if (field->classes)
        add_class_law(&directions->class_law[i], radius, field, &at, to);
    else
        add_law(&directions->law[i], radius, field, &at, to);
    return MFL_OK;
}

int32_t mfli_neuron_moments(mfl_context *context, mfli_directions *directions, double d, const mfli_field *field,
                            mfli_neuron *neuron)
{
    int32_t isotropic = field->precision[0] == field->precision[1], status = MFL_OK;
    double widest = 0.0;
    lengths radius = {.fixed = field->fixed,
                      .d = d,
                      .table = &directions->lengths->table,
                      .curve = &directions->lengths->curve};
    sums sum;
    memset(&sum, 0, sizeof sum);
    sum.reference = -INFINITY;
    if (!isfinite(field->saturation) || !isfinite(field->strength))
        return mfli_fail(context, MFL_ERROR_TOLERANCE, "P/kappa^2, or kappa itself, is too large for the range of numbers");
    if (field->fixed && !(field->strength < mfli_field_limit(directions, field)))
        return mfli_fail(context, MFL_ERROR_DIVERGED,
                         "without self-energy the law of a neuron cannot be normalised: B^2/2A outgrows the prior");
    for (int32_t i = 0; i < directions->count; i++)
        widest = fmax(widest, directions->top[i]);
    if (isotropic)
        status = fit_lengths(context, &radius, field, field->saturation / field->precision[0],
                             0.5 * field->strength * widest);
    if (status == MFL_OK && directions->lattice)
        return mfli_lattice_moments(context, directions, field, radius.curved ? radius.curve : NULL, neuron);
    int32_t start = status == MFL_OK ? fill_bounds(directions, field, &radius) : 0;
    for (int32_t i = 0; status == MFL_OK && i < directions->count; i++) { /* to the right from the highest, then left */
        int32_t at = start + i < directions->count ? start + i : directions->count - 1 - i;
        if (sum.of.log_mass > 0.0 && directions->bound[at] < sum.reference + log(sum.of.log_mass) - negligible)
            continue;
        status = add_lattice_point(context, directions, field, isotropic ? widest : directions->top[at], at, &radius,
                                   &sum);
    }
    if (status != MFL_OK)
        return status;
    double mass = sum.of.log_mass;
    *neuron = sum.of;
    multiply(neuron, 1.0 / mass);
    neuron->log_mass = sum.reference + log(mass);
    return MFL_OK;
}
