/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/length.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Of the lattice: in units of what the prior needs, and up to which X it reaches, X at the summit being at most
 * d + 2 g. What lies outside goes to radial.h. */
static const double finest = 0.125, longest = 50.0;
/* Relative to the summit. */
static const double negligible = 1e-18;

int32_t mfli_length_table_create(mfl_context *context, double d, mfli_length_table *table)
{
    double step = finest * fmin(0.2, 0.5 / sqrt(0.5 * d)), low = log(d) - 3.0 - 84.0 / d;
    double high = log(longest * (d + 20.0));
    double norm = 0.5 * d * log(2.0) + lgamma(0.5 * d);
    int32_t count = (int32_t)((high - low) / step) + 1;
    memset(table, 0, sizeof *table);
    table->x = mfli_alloc(context, 2 * (size_t)count, sizeof(double));
    if (!table->x)
        return MFL_ERROR_MEMORY;
    table->d = d;
    table->step = step;
    table->count = count;
    table->log_weight = table->x + count;
    for (int32_t i = 0; i < count; i++) {
        double y = low + i * step;
        table->x[i] = exp(y);
        table->log_weight[i] = 0.5 * d * y - 0.5 * table->x[i] - norm;
    }
    return MFL_OK;
}

void mfli_length_table_finish(mfl_context *context, mfli_length_table *table)
{
    mfli_free(context, table->x);
    memset(table, 0, sizeof *table);
}

int32_t mfli_lengths_need(mfl_context *context, double d, mfli_lengths *lengths)
{
    if (lengths->table.count && lengths->table.d == d)
        return MFL_OK;
    mfli_lengths_finish(context, lengths);
    lengths->curve.table = &lengths->table;
    return mfli_length_table_create(context, d, &lengths->table);
}

void mfli_lengths_finish(mfl_context *context, mfli_lengths *lengths)
{
    mfli_length_table_finish(context, &lengths->table);
    lengths->curve.octaves = lengths->curve.pieces = 0;
}

/* The integrand rises up to its one maximum. */
static int32_t summit(const mfli_length_table *table, double c, double g)
{
    int32_t low = 0, high = table->count - 1;
    while (high - low > 1) {
        int32_t i = (low + high) / 2;
        double t = 1.0 / (1.0 + c * table->x[i]), s = 1.0 - t;
        if (table->d - table->x[i] - s + 2.0 * g * s * t > 0.0)
            low = i;
        else
            high = i;
    }
    return low;
}

/* Lattice points that can be passed over at half a standard deviation of the integrand a step. */
static int32_t choose_stride(const mfli_length_table *table, double c, double g, int32_t top)
{
    double t = 1.0 / (1.0 + c * table->x[top]), s = 1.0 - t;
    double curvature = 0.5 * table->x[top] - (g * (t - s) - 0.5) * s * t;
    double step = fmin(0.2, 0.5 / sqrt(fmax(curvature, 0.5 * table->d)));
    return step < table->step ? 0 : (int32_t)(step / table->step);
}

mfli_radial mfli_length_reduced(const mfli_length_table *table, double c, double g)
{
    int32_t top = summit(table, c, g), stride = choose_stride(table, c, g, top);
    double t0 = 1.0 / (1.0 + c * table->x[top]), height = table->log_weight[top] - g * t0;
    mfli_radial sum = {0.0, 0.0, 0.0, 0.0};
    if (stride == 0 || table->x[top] * 4.0 > table->x[table->count - 1])
        return mfli_radial_reduced(table->d, c, g);
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t i = side ? top - stride : top; i >= 0 && i < table->count; i += side ? -stride : stride) {
            double x = table->x[i], t = 1.0 / (1.0 + c * x), s = c * x * t;
            double p = sqrt(t) * exp(table->log_weight[i] - g * t - height);
            sum.log_mass += p;
            sum.s += p * s;
            sum.s2 += p * s * s;
            sum.x += p * x;
            if (p < negligible)
                break;
        }
    }
    double mass = sum.log_mass;
    return (mfli_radial){height + log(mass * table->step * stride), sum.s / mass, sum.s2 / mass, sum.x / mass};
}

mfli_radial mfli_length_moments(const mfli_length_table *table, double c, double g)
{
    mfli_radial moments = mfli_length_reduced(table, c, g);
    moments.log_mass += g;
    return moments;
}

/* ---- one direction ---- */

mfli_radial mfli_length_free(double d, double c, double g)
{
    double left = 1.0 - 2.0 * g * c, x = d / left;
    return (mfli_radial){-0.5 * d * log(left), c * x, c * c * x * (d + 2.0) / left, x};
}

void mfli_ray_weigh(const mfli_length_table *table, int32_t fixed, mfli_ray *ray)
{
    mfli_radial moments = fixed ? mfli_length_free(table->d, ray->c, ray->g)
                                : mfli_length_moments(table, ray->c, ray->g);
    ray->log_mass = moments.log_mass;
}

/* Log density of y = log X up to a constant, X a chi^2_d variable times the factor. */
static double exponent(double d, const mfli_ray *ray, int32_t fixed, double y)
{
    double x = exp(y), u = ray->c * x;
    if (fixed)
        return 0.5 * d * y - (0.5 - ray->g * ray->c) * x;
    return 0.5 * d * y - 0.5 * x - 0.5 * log1p(u) - ray->g / (1.0 + u);
}

/* Where it has its one summit: d - X - s + 2 g s (1 - s), s = u/(1 + u), changes sign once, since
 * it is concave up to u = 2 and falls from u = 1 on. */
static double summit_of(double d, const mfli_ray *ray, int32_t fixed)
{
    double left = 1.0 - 2.0 * ray->g * ray->c, low = log(d) - 3.0 - 0.5 * log1p(ray->c),
           high = log(d + 0.5 * ray->g + 1.0) + 1.0;
    if (fixed)
        return log(d / left);
    while (high - low > 1e-13 * fabs(high) + 1e-300) {
        double y = 0.5 * (low + high), u = ray->c * exp(y), t = 1.0 / (1.0 + u), s = u * t;
        if (y == low || y == high)
            break;
        *(d - exp(y) - s + 2.0 * ray->g * s * t > 0.0 ? &low : &high) = y;
    }
    return 0.5 * (low + high);
}

/* Steps away from the summit on both sides, each as high as the density at its inner edge. */
double mfli_ray_draw(double d, const mfli_ray *ray, int32_t fixed, mfli_draws *draws)
{
    enum { steps = 64 };
    double top = summit_of(d, ray, fixed), height = exponent(d, ray, fixed, top),
           total[2 * steps], sum = 0.0;
    double u = ray->c * exp(top), t = 1.0 / (1.0 + u), s = fixed ? 0.0 : u * t;
    double curvature = fixed ? 0.5 * d : 0.5 * exp(top) - (ray->g * (t - s) - 0.5) * s * t;
    double step = fmin(0.5, 0.4 / sqrt(fmax(curvature, 0.1)));
    double log_value[2 * steps];
    for (int32_t i = 0; i < 2 * steps; i++) {
        double outward = (i % 2 ? -1.0 : 1.0) * (i / 2) * step * (1.0 + i / 2 / 16.0);
        log_value[i] = exponent(d, ray, fixed, top + outward) - height;
        double width =
            step * ((i / 2 + 1) * (1.0 + (i / 2 + 1) / 16.0) - i / 2 * (1.0 + i / 2 / 16.0));
        sum += width * exp(log_value[i]);
        total[i] = sum;
    }
    for (;;) {
        double choice = sum * mfli_draw_uniform(draws);
        int32_t i = 0;
        while (i < 2 * steps - 1 && total[i] < choice)
            i++;
        double inner = i / 2 * (1.0 + i / 2 / 16.0),
               outer = (i / 2 + 1) * (1.0 + (i / 2 + 1) / 16.0);
        double y = top + (i % 2 ? -1.0 : 1.0) * step *
                             (inner + mfli_draw_uniform(draws) * (outer - inner));
        if (log(mfli_draw_uniform(draws)) <
            exponent(d, ray, fixed, y) - height - log_value[i])
            return exp(y);
    }
}
