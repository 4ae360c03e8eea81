/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/radial.h"

#include <math.h>

#include "theory/length.h"
#include "theory/quadrature.h"

/* Log of the integrand in y = log X, up to g and the constant of the chi^2 density. */
static double exponent(double d, double c, double g, double y)
{
    double x = exp(y), u = c * x;
    return 0.5 * d * y - 0.5 * x - 0.5 * log1p(u) - g / (1.0 + u);
}

/* The integrand has one maximum: the derivative d/2 - X/2 - s/2 + g s (1 - s) changes sign once. */
static double summit(double d, double c, double g)
{
    double low = log(d) - 3.0 - 0.5 * log1p(c), high = log(d + 0.5 * g + 1.0) + 1.0;
    for (int32_t i = 0; i < 40; i++) {
        double y = 0.5 * (low + high), u = c * exp(y), s = u / (1.0 + u);
        if (d - exp(y) - s + 2.0 * g * s / (1.0 + u) > 0.0)
            low = y;
        else
            high = y;
    }
    return 0.5 * (low + high);
}

/* The trapezoidal rule over the
 * whole axis converges exponentially for such an integrand: the step below, half a standard deviation at the summit,
 * leaves an error below 1e-16. */
mfli_radial mfli_radial_reduced(double d, double c, double g)
{
    double top = summit(d, c, g), u0 = c * exp(top), s0 = u0 / (1.0 + u0), t0 = 1.0 / (1.0 + u0);
    double curvature = 0.5 * exp(top) - (g * (t0 - s0) - 0.5) * s0 * t0;
    double step = fmin(0.2, 0.5 / sqrt(fmax(curvature, 0.5 * d)));
    double height = exponent(d, c, g, top), mass = 0.0, s1 = 0.0, s2 = 0.0, x1 = 0.0;
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t i = side; i < 4096; i++) {
            double y = top + (side ? -i : i) * step, x = exp(y), u = c * x, s = u / (1.0 + u);
            double p = exp(exponent(d, c, g, y) - height);
            mass += p;
            s1 += p * s;
            s2 += p * s * s;
            x1 += p * x;
            if (p < 1e-18)
                break;
        }
    }
    mfli_radial moments = {height + log(mass * step) - 0.5 * d * log(2.0) - lgamma(0.5 * d), s1 / mass, s2 / mass,
                           x1 / mass};
    return moments;
}

/* Logarithms are resolved absolutely, the other moments relatively: for small gains log_mass is next to 0. */
static int32_t resolved(double (*coefficients)[MFLI_SERIES])
{
    enum { last = MFLI_RADIAL_TERMS - 2 };
    for (int32_t l = 0; l < MFLI_SERIES; l++) {
        double scale = l == 0 || l == 3 ? 1.0 : 0.0, tail = 0.0;
        for (int32_t j = 0; j < MFLI_RADIAL_TERMS; j++)
            scale = fmax(scale, fabs(coefficients[j][l]));
        for (int32_t j = last; j < MFLI_RADIAL_TERMS; j++)
            tail = fmax(tail, fabs(coefficients[j][l]));
        if (tail > 1e-13 * scale)
            return 0;
    }
    return 1;
}

static double octave_start(int32_t octave)
{
    return octave == 0 ? 0.0 : ldexp(1.0, octave - 1);
}

static double octave_width(int32_t octave)
{
    return octave == 0 ? 1.0 : ldexp(1.0, octave - 1);
}

static int32_t fit_piece(mfli_radial_curve *curve, int32_t piece, double low, double width)
{
    double values[MFLI_RADIAL_TERMS][MFLI_SERIES];
    for (int32_t i = 0; i < MFLI_RADIAL_TERMS; i++) {
        double g = low + 0.5 * width * (1.0 + mfli_chebyshev_point(MFLI_RADIAL_TERMS, i));
        mfli_radial moments = curve->table ? mfli_length_reduced(curve->table, curve->c, g)
                                           : mfli_radial_reduced(curve->d, curve->c, g);
        values[i][0] = moments.log_mass;
        values[i][1] = moments.s;
        values[i][2] = moments.s2;
        values[i][3] = log(moments.x);
    }
    mfli_chebyshev_fit(MFLI_RADIAL_TERMS, values, curve->series[piece]);
    return resolved(curve->series[piece]);
}

static int32_t fit_octave(mfli_radial_curve *curve, int32_t octave)
{
    for (int32_t parts = 1; parts <= 8 && curve->pieces + parts <= MFLI_RADIAL_PIECES; parts *= 2) {
        double width = octave_width(octave) / parts;
        int32_t done = 0;
        while (done < parts && fit_piece(curve, curve->pieces + done, octave_start(octave) + done * width, width))
            done++;
        if (done == parts) {
            curve->first[octave] = curve->pieces;
            curve->parts[octave] = parts;
            curve->pieces += parts;
            return 0;
        }
    }
    return -1;
}

int32_t mfli_radial_curve_fit(mfli_radial_curve *curve, double d, double c, double reach)
{
    if (curve->d != d || curve->c != c) {
        curve->d = d;
        curve->c = c;
        curve->octaves = curve->pieces = 0;
    }
    while (curve->octaves == 0 || octave_start(curve->octaves) < reach) {
        if (curve->octaves == MFLI_RADIAL_OCTAVES || fit_octave(curve, curve->octaves))
            return -1;
        curve->octaves++;
    }
    return 0;
}

mfli_radial mfli_radial_at(const mfli_radial_curve *curve, double g)
{
    double values[MFLI_SERIES];
    int32_t octave = 0;
    if (g >= 1.0)
        frexp(g, &octave);
    octave = octave < curve->octaves ? octave : curve->octaves - 1; /* at the very end of the reach */
    double y = (g - octave_start(octave)) / octave_width(octave) * curve->parts[octave];
    int32_t part = (int32_t)y;
    part = part < curve->parts[octave] ? part : curve->parts[octave] - 1;
    mfli_chebyshev_values(MFLI_RADIAL_TERMS, curve->series[curve->first[octave] + part], 2.0 * (y - part) - 1.0,
                          values);
    return (mfli_radial){g + values[0], values[1], values[2], exp(values[3])};
}
