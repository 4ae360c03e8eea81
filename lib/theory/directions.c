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

/* Which r are summed over: log r as a function of lattice coordinate x, such that the trapezoidal rule converges
 * exponentially. */
typedef struct stretching {
    double k, d, scale;
    int32_t specialised;
} stretching;

/* All directions: log r is linear to the right and falls doubly exponentially to the left, where the prior vanishes
 * only like r^k. Specialised ones, which end at r = 1: there log r vanishes doubly exponentially. */
static double log_ratio(const stretching *s, double x)
{
    double y = x - exp(-x);
    if (!s->specialised)
        return s->scale + y;
    return y > 0.0 ? y + log1p(exp(-y)) : log1p(exp(y));
}

/* Log of the prior density of x, unnormalised. */
static double log_density(const stretching *s, double x)
{
    double log_r = log_ratio(s, x), slope = log1p(exp(-x));
    double log_norm = log_r > 0.0 ? 2.0 * log_r + log1p(exp(-2.0 * log_r)) : log1p(exp(2.0 * log_r));
    if (s->specialised)
        slope += x - exp(-x) - log_r; /* that of log(1 + e^y) is e^y/(1 + e^y) */
    return s->k * log_r - 0.5 * s->d * log_norm + slope;
}

/* First and last lattice index that carry weight. */
static void lattice_range(const stretching *s, double step, int32_t *first, int32_t *last)
{
    double peak = s->specialised ? -3.0 : 0.5 * log(s->k / (s->d - s->k)) - s->scale;
    double end = fmax(log(ratio_most), 0.5 * log(s->k / (s->d - s->k))) + negligible / (s->d - s->k);
    int32_t low = (int32_t)floor(peak / step);
    if (!s->specialised)
        for (double height = log_density(s, peak); log_density(s, low * step) > height - negligible; low--)
            ;
    *first = low;
    *last = (int32_t)ceil((end - (s->specialised ? 0.0 : s->scale)) / step);
}

static double largest(const mfli_gain *gain, double ratio)
{
    if (gain->degree)
        return gain->scale * mfli_angular_top(gain->degree, ratio);
    return gain->scale * pow(mfli_aligned(ratio), 0.5 * gain->exponent);
}

static void fill_lattice(mfli_directions *directions, const stretching *s, double step, int32_t first)
{
    double k = s->k, d = s->d;
    double log_norm = log(2.0) + lgamma(0.5 * d) - lgamma(0.5 * k) - lgamma(0.5 * (d - k)) + log(step);
    for (int32_t i = 0; i < directions->count; i++) {
        double x = (first + i) * step;
        directions->ratio[i] = exp(log_ratio(s, x));
        directions->log_weight[i] = log_norm + log_density(s, x);
    }
}

int32_t mfli_directions_create(mfl_context *context, const mfli_gain *gain, int64_t d, double step, mfli_laws *laws,
                               int32_t specialised, mfli_directions *directions)
{
    stretching s = {gain->support, (double)d, 0.5 * log(gain->support / (double)d), specialised};
    int32_t first = 0, last = 0;
    memset(directions, 0, sizeof *directions);
    directions->gain = *gain;
    directions->laws = laws;
    directions->specialised = specialised;
    if (d > gain->support)
        lattice_range(&s, step, &first, &last);
    directions->count = last - first + 1;
    size_t n = (size_t)directions->count;
    directions->law = mfli_alloc_zeroed(context, n, sizeof *directions->law);
    directions->log_weight = directions->law ? mfli_alloc(context, 4 * n, sizeof(double)) : NULL;
    directions->class_law = directions->law ? mfli_alloc_zeroed(context, n, sizeof *directions->class_law) : NULL;
    if (!directions->log_weight || !directions->class_law) {
        mfli_directions_finish(context, directions);
        return MFL_ERROR_MEMORY;
    }
    directions->ratio = directions->log_weight + n;
    directions->top = directions->ratio + n;
    directions->bound = directions->top + n;
    if (d > gain->support) {
        fill_lattice(directions, &s, step, first);
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
        mfli_free(context, directions->law[i].q);
    for (int32_t i = 0; directions->class_law && i < directions->count; i++)
        mfli_class_law_finish(context, &directions->class_law[i]);
    mfli_free(context, directions->class_law);
    mfli_free(context, directions->law);
    mfli_free(context, directions->log_weight);
    memset(directions, 0, sizeof *directions);
}

int32_t mfli_directions_need(mfl_context *context, mfli_directions *directions, int32_t i)
{
    mfli_direction_law *law = &directions->law[i];
    int32_t count = directions->gain.degree ? MFLI_LAW : 1, all = count > 1 ? MFLI_LAW_WEIGHTS : 1, status = MFL_OK;
    if (law->count)
        return MFL_OK;
    if (!law->q)
        law->q = mfli_alloc(context, 2 * (size_t)all, sizeof(double));
    if (!law->q)
        return MFL_ERROR_MEMORY;
    law->weight = law->q + all;
    if (directions->gain.degree) {
        mfli_law_distances(law->q);
        status = mfli_laws_at(context, directions->laws, directions->ratio[i], directions->specialised, law->weight);
    } else { /* Q depends on r alone */
        law->q[0] = 0.0;
        law->weight[0] = 1.0;
    }
    for (int32_t j = 0; j < all; j++)
        law->q[j] = directions->top[i] * (1.0 - law->q[j]);
    if (status == MFL_OK)
        law->count = count;
    return status;
}

int32_t mfli_directions_need_classes(mfl_context *context, mfli_directions *directions, const mfli_classes *classes,
                                     int32_t i)
{
    mfli_class_law *law = &directions->class_law[i];
    if (law->count)
        return MFL_OK;
    return mfli_class_law_create(context, classes, &directions->laws->near, directions->ratio[i], law);
}
