/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/draws.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

double mfli_draw_uniform(mfli_draws *draws)
{
    double u;
    mfli_uniforms(&draws->stream, draws->next++, 1, &u);
    return u;
}

/* Box and Muller. Both uniforms of a pair come from one block. */
void mfli_draw_normals(mfli_draws *draws, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i += 2) {
        double u[2];
        draws->next += draws->next % 2;
        mfli_uniforms(&draws->stream, draws->next, 2, u);
        draws->next += 2;
        double length = sqrt(-2.0 * log(u[0]));
        out[i] = length * cos(2.0 * pi * u[1]);
        if (i + 1 < count)
            out[i + 1] = length * sin(2.0 * pi * u[1]);
    }
}

/* Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); shapes below 1 by a
 * power of a uniform. */
double mfli_draw_chi_squared(mfli_draws *draws, double freedom)
{
    double shape = 0.5 * freedom, boost = 1.0;
    if (shape < 1.0) {
        boost = pow(mfli_draw_uniform(draws), 1.0 / shape);
        shape += 1.0;
    }
    double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double z, v;
        mfli_draw_normals(draws, 1, &z);
        v = 1.0 + c * z;
        v = v * v * v;
        if (v > 0.0 && log(mfli_draw_uniform(draws)) < 0.5 * z * z + d - d * v + d * log(v))
            return 2.0 * d * v * boost;
    }
}
