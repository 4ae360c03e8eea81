/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/density.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

void mfli_density_set(const mfli_setting *setting, const mfli_order *order, double steep,
                      mfli_density *density)
{
    const mfli_mean_field *problem = setting->problem;
    mfli_mean_field_state state;
    double n = (double)problem->width;
    density->problem = problem;
    density->field = mfli_mean_field_field(setting, order, steep, density->response, &state);
    density->field.classes = density->field.response ? &problem->classes : NULL;
    density->unit = problem->sigma_w * problem->sigma_w / (double)problem->dimension;
    density->pull = problem->width ? pow(n, -problem->gamma) * state.pull : 0.0;
}

int32_t mfli_density_create(const mfli_setting *setting, const mfli_order *order, double steep,
                            mfli_density *density)
{
    const mfli_mean_field *problem = setting->problem;
    memset(density, 0, sizeof *density);
    mfli_density_set(setting, order, steep, density);
    return mfli_length_table_create(setting->context, (double)problem->dimension,
                                    &density->lengths);
}

void mfli_density_finish(mfl_context *context, mfli_density *density)
{
    mfli_length_table_finish(context, &density->lengths);
}

/* J_S at |w| = 1. */
static double projection(const mfli_gain *gain, const double *unit_on, double ratio)
{
    double t[MFLI_DEGREE_MOST], along = sqrt(mfli_aligned(ratio));
    int32_t smooth = isfinite(ratio) != 0;
    if (gain->degree == 0)
        return gain->amplitude * pow(along * unit_on[0], 0.5 * gain->exponent);
    for (int32_t j = 0; j < gain->support; j++)
        t[j] = unit_on[j] * (smooth ? ratio : 1.0);
    return gain->amplitude * (smooth ? 1.0 / sqrt(1.0 + ratio * ratio) : 1.0) *
           mfli_angular_sum(gain->degree, t, smooth);
}

/* Phi of neuron.h. */
static double self_energy(const mfli_density *density, const double *unit_on, double ratio)
{
    const mfli_classes *classes = density->field.classes;
    double power[MFLI_CLASSES_MOST], phi = 0.0;
    if (!classes)
        return 1.0;
    mfli_classes_power(classes, unit_on, ratio, power);
    for (int32_t l = 0; l < classes->count; l++)
        phi += density->field.response[l] * power[l];
    return phi;
}

/* c and g of radial.h at unit stretch, and J_S at |w| = 1. */
static double couple(const mfli_density *density, const double *unit_on, double ratio, double *c,
                     double *g)
{
    const mfli_mean_field *problem = density->problem;
    double j = projection(&problem->gain, unit_on, ratio),
           phi = self_energy(density, unit_on, ratio);
    *c = density->field.saturation * phi;
    *g = phi > 0.0 ? 0.5 * density->field.strength * j * j / (problem->power * phi) : 0.0;
    return j;
}

void mfli_density_at(const mfli_density *density, const double *on, double across,
                     mfli_density_point *point)
{
    const mfli_mean_field *problem = density->problem;
    double unit_on[MFLI_DEGREE_MOST] = {1.0}, square = 0.0, c, g;
    for (int32_t j = 0; j < problem->gain.support; j++)
        square += on[j] * on[j];
    double along = sqrt(square), length = sqrt(square + across * across);
    for (int32_t j = 0; along > 0.0 && j < problem->gain.support; j++)
        unit_on[j] = on[j] / along;
    double j = couple(density, unit_on, across > 0.0 ? along / across : INFINITY, &c, &g);
    double u = c * length * length / density->unit, grown = density->field.fixed ? 0.0 : u;
    double readout = problem->sigma_a * problem->sigma_a / (1.0 + grown);
    point->projection = length * j;
    point->readout = (mfli_readout){g * u / (1.0 + grown) - 0.5 * log1p(grown),
                                    readout * density->pull * point->projection, readout};
}

/* ---- slopes ---- */

/* J_S of a parity of degree >= 2 and its slope. With E|mu + sqrt(v) z|/2 summed over signs, d/dmu
 * is erf/2 and d/dsqrt(v) the normal density. */
static void parity_slope(const mfli_gain *gain, const double *on, double across,
                         mfli_density_slope *slope)
{
    int32_t k = gain->support, count = 1 << (k - 1);
    double scale = gain->amplitude / count;
    for (int32_t signs = 0; signs < count; signs++) {
        double mu = on[k - 1], part = scale;
        for (int32_t j = 0; j < k - 1; j++) {
            mu += signs >> j & 1 ? -on[j] : on[j];
            part = signs >> j & 1 ? -part : part;
        }
        double t = across > 0.0 ? mu / across : copysign(INFINITY, mu), side = erf(t * sqrt(0.5));
        double density = across > 0.0 ? exp(-0.5 * t * t) / sqrt(2.0 * pi) : 0.0;
        slope->projection += part * (0.5 * mu * side + across * density);
        slope->across += part * density;
        for (int32_t j = 0; j < k; j++)
            slope->on[j] += 0.5 * side * (j < k - 1 && signs >> j & 1 ? -part : part);
    }
}

/* J_S = amplitude |w| cos^q. */
static void single_slope(const mfli_gain *gain, double on, double across, mfli_density_slope *slope)
{
    double q = 0.5 * gain->exponent, square = on * on + across * across, length = sqrt(square);
    double before = gain->amplitude * pow(on / length, q - 1.0);
    slope->projection = before * on;
    slope->on[0] = before * (q + (1.0 - q) * on * on / square);
    slope->across = before * (1.0 - q) * on * across / square;
}

void mfli_density_slope_at(const mfli_density *density, const double *on, double across,
                           mfli_density_slope *slope)
{
    const mfli_mean_field *problem = density->problem;
    const mfli_field *field = &density->field;
    int32_t k = problem->gain.support;
    double unit_on[MFLI_DEGREE_MOST] = {1.0}, square = 0.0;
    for (int32_t j = 0; j < k; j++)
        square += on[j] * on[j];
    double along = sqrt(square), whole = square + across * across;
    for (int32_t j = 0; along > 0.0 && j < k; j++)
        unit_on[j] = on[j] / along;
    *slope = (mfli_density_slope){
        .phi = self_energy(density, unit_on, across > 0.0 ? along / across : INFINITY)};
    if (problem->gain.degree)
        parity_slope(&problem->gain, on, across, slope);
    else
        single_slope(&problem->gain, on[0], across, slope);
    /* B^2/2A = e J^2/(1 + u), u = rise |w|^2 */
    double rise = field->saturation * slope->phi / density->unit,
           grown = 1.0 + (field->fixed ? 0.0 : rise * whole);
    double e = 0.5 * field->strength * field->saturation / (problem->power * density->unit),
           j = slope->projection;
    double outward = field->fixed ? 0.0 : -rise * (2.0 * e * j * j / grown + 1.0) / grown,
           pull = 2.0 * e * j / grown;
    slope->u = rise * whole;
    slope->log_density =
        e * j * j / grown - 0.5 * log(grown) -
        0.5 * (field->precision[0] * square + field->precision[1] * across * across) /
            density->unit;
    for (int32_t i = 0; i < k; i++)
        slope->on[i] =
            pull * slope->on[i] + (outward - field->precision[0] / density->unit) * on[i];
    slope->across = pull * slope->across + (outward - field->precision[1] / density->unit) * across;
}

void mfli_density_ray_at(const mfli_density *density, const double *unit_on, double ratio,
                         mfli_ray *ray)
{
    double aligned = mfli_aligned(ratio);
    couple(density, unit_on, ratio, &ray->c, &ray->g);
    ray->stretch =
        density->field.precision[0] * aligned + density->field.precision[1] * (1.0 - aligned);
    ray->c /= ray->stretch;
    mfli_ray_weigh(&density->lengths, density->field.fixed, ray);
}
