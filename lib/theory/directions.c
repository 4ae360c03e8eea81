/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/directions.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Neurons beyond this ratio are indistinguishable from w_perp = 0 for every gain up to 1e8. */
static const double ratio_most = 1e7;
/* Weights of exp(-60) relative to the largest are below rounding in any sum. */
static const double negligible = 60.0;

double mfli_aligned(double ratio)
{
    return isfinite(ratio) ? ratio * ratio / (1.0 + ratio * ratio) : 1.0;
}

/* log r at lattice coordinate x: linear to the right, falling doubly exponentially to the left, where the prior
 * vanishes only like r^k. */
static double log_ratio(double scale, double x)
{
    return scale + x - exp(-x);
}

/* Log of prior density times the Jacobian of the stretching, unnormalised. */
static double log_density(double k, double d, double scale, double x)
{
    double log_r = log_ratio(scale, x);
    double log_norm = log_r > 0.0 ? 2.0 * log_r + log1p(exp(-2.0 * log_r)) : log1p(exp(2.0 * log_r));
    return k * log_r - 0.5 * d * log_norm + log1p(exp(-x));
}

/* First and last lattice index that carry weight. */
static void lattice_range(double k, double d, double scale, double step, int32_t *first, int32_t *last)
{
    double peak = 0.5 * log(k / (d - k)) - scale;
    double height = log_density(k, d, scale, peak);
    int32_t low = (int32_t)floor(peak / step);
    while (log_density(k, d, scale, low * step) > height - negligible)
        low--;
    double end = fmax(log(ratio_most), 0.5 * log(k / (d - k))) + negligible / (d - k);
    *first = low;
    *last = (int32_t)ceil((end - scale) / step);
}

static double largest(const mfli_gain *gain, double ratio)
{
    if (gain->degree)
        return gain->scale * mfli_angular_top(gain->degree, ratio);
    return gain->scale * pow(mfli_aligned(ratio), 0.5 * gain->exponent);
}

static void fill_lattice(mfli_directions *directions, double k, double d, double scale, int32_t first)
{
    double log_norm = log(2.0) + lgamma(0.5 * d) - lgamma(0.5 * k) - lgamma(0.5 * (d - k)) + log(directions->step);
    for (int32_t i = 0; i < directions->count; i++) {
        double x = (first + i) * directions->step;
        directions->ratio[i] = exp(log_ratio(scale, x));
        directions->log_weight[i] = log_norm + log_density(k, d, scale, x);
    }
}

int32_t mfli_directions_create(mfl_context *context, const mfli_gain *gain, int64_t d,
                               const mfli_resolution *resolution, mfli_directions *directions)
{
    double k = gain->support, step = resolution->step, scale = 0.5 * log(k / (double)d);
    int32_t first = 0, last = 0;
    memset(directions, 0, sizeof *directions);
    directions->gain = *gain;
    directions->step = step;
    if (d > gain->support)
        lattice_range(k, (double)d, scale, step, &first, &last);
    directions->count = last - first + 1;
    size_t n = (size_t)directions->count;
    directions->law = mfli_alloc_zeroed(context, n, sizeof *directions->law);
    directions->class_law = directions->law ? mfli_alloc_zeroed(context, n, sizeof *directions->class_law) : NULL;
    directions->log_weight = directions->class_law ? mfli_alloc(context, 4 * n, sizeof(double)) : NULL;
    int32_t status = directions->log_weight ? MFL_OK : MFL_ERROR_MEMORY;
    if (status == MFL_OK)
        status = mfli_length_table_create(context, (double)d, &directions->lengths);
    if (status == MFL_OK && gain->degree)
        status = mfli_angular_rule_create(context, gain->degree, resolution->order, resolution->crowding,
                                          &directions->rule);
    if (status != MFL_OK) {
        mfli_directions_finish(context, directions);
        return status;
    }
    directions->ratio = directions->log_weight + n;
    directions->top = directions->ratio + n;
    directions->bound = directions->top + n;
    if (d > gain->support) {
        fill_lattice(directions, k, (double)d, scale, first);
    } else {
        directions->ratio[0] = INFINITY;
        directions->log_weight[0] = 0.0;
    }
    for (int32_t i = 0; i < directions->count; i++)
        directions->top[i] = largest(gain, directions->ratio[i]);
    return MFL_OK;
}

void mfli_directions_finish(mfl_context *context, mfli_directions *directions)
{
    for (int32_t i = 0; directions->law && i < directions->count; i++)
        mfli_angular_law_finish(context, &directions->law[i]);
    for (int32_t i = 0; directions->class_law && i < directions->count; i++)
        mfli_class_law_finish(context, &directions->class_law[i]);
    mfli_free(context, directions->law);
    mfli_free(context, directions->class_law);
    mfli_length_table_finish(context, &directions->lengths);
    mfli_free(context, directions->log_weight);
    mfli_angular_rule_finish(context, &directions->rule);
    memset(directions, 0, sizeof *directions);
}

/* A law of one value, for a Q that depends on r alone. */
static int32_t single_value(mfl_context *context, const mfli_directions *directions, int32_t i,
                            mfli_angular_law *law)
{
    law->q = mfli_alloc(context, 3, sizeof(double));
    if (!law->q)
        return MFL_ERROR_MEMORY;
    law->count = 1;
    law->weight = law->q + 1;
    law->specialised = law->q + 2;
    law->q[0] = directions->top[i];
    law->weight[0] = 1.0;
    law->specialised[0] = mfli_specialised_part(1.0, 1, directions->ratio[i], directions->step);
    return MFL_OK;
}

int32_t mfli_directions_need(mfl_context *context, mfli_directions *directions, int32_t i)
{
    mfli_angular_law *law = &directions->law[i];
    if (law->count)
        return MFL_OK;
    if (!directions->gain.degree)
        return single_value(context, directions, i, law);
    int32_t status = mfli_angular_law_create(context, &directions->rule, directions->ratio[i], directions->step, law);
    for (int32_t j = 0; j < law->count; j++)
        law->q[j] *= directions->gain.scale;
    return status;
}

int32_t mfli_directions_need_classes(mfl_context *context, mfli_directions *directions, const mfli_classes *classes,
                                     int32_t i)
{
    mfli_class_law *law = &directions->class_law[i];
    if (law->count)
        return MFL_OK;
    return mfli_class_law_create(context, classes, &directions->rule, directions->ratio[i], directions->step, law);
}
