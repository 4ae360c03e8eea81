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
        table->log_weight[i] = 0.5 * d * y - 0.5 * table->x[i] - 0.5 * d * log(2.0) - lgamma(0.5 * d);
    }
    return MFL_OK;
}

void mfli_length_table_finish(mfl_context *context, mfli_length_table *table)
{
    mfli_free(context, table->x);
    memset(table, 0, sizeof *table);
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
