/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementary functions without branches, which compilers turn into vectors in loops over a panel.
 * Errors of a few units in the last place. */
#ifndef MFLI_RIDGE_ELEMENTARY_H
#define MFLI_RIDGE_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "kernels/elementary_coefficients.h"
#include "kernels/vector.h"
#include "ridge/arc_coefficients.h"

#define MFLI_PI 3.14159265358979323846

INLINE double lesser(double a, double b)
{
    return a < b ? a : b;
}
INLINE double greater(double a, double b)
{
    return a < b ? b : a;
}

INLINE double polynomial(double x, const double *c, int count)
{
    double sum = c[count - 1];
#pragma GCC unroll 16
    for (int i = count - 2; i >= 0; i--)
        sum = sum * x + c[i];
    return sum;
}

/* atan(lo / hi) for 0 <= lo <= hi, hi > 0: with one reduction by pi / 4 the argument stays below
 * tan(pi / 8). */
INLINE double arc_ratio(double lo, double hi)
{
    int steep = lo > 0.41421356237309503 * hi;
    double x = (steep ? lo - hi : lo) / (steep ? lo + hi : hi);
    double arc = x * polynomial(x * x, mfli_atan_f64, 12);
    return steep ? 0.25 * MFLI_PI + arc : arc;
}

/* atan(a / b) for a, b >= 0, not both 0 */
INLINE double arc_tangent(double a, double b)
{
    double arc = arc_ratio(lesser(a, b), greater(a, b));
    return a > b ? 0.5 * MFLI_PI - arc : arc;
}

/* sin x - x cos x for x >= 0 with given sine and cosine: two terms that cancel to x^3 / 3. The
 * series below 0.6 keeps the relative accuracy. */
INLINE double arc_cosine(double x, double sine, double cosine)
{
    double direct = sine - x * cosine, square = x * x;
    double series = x * square * polynomial(square, mfli_arc_f64, 7);
    return x < 0.6 ? series : direct;
}

/* x = k log 2 + r, |r| <= log(2) / 2; expm1(r) is returned, and 2^k. As in kernels/activation.c. */
INLINE double exponential_parts(double x, double *power)
{
    const double rounder = 0x1.8p52;
    double shifted = x * 0x1.71547652b82fep+0 + rounder, k = shifted - rounder;
    double r = (x - k * 0x1.62e42fefa38p-1) - k * 0x1.ef35793c7673p-45;
    uint64_t raw;
    memcpy(&raw, &shifted, sizeof raw);
    raw = (raw + 1023) << 52;
    memcpy(power, &raw, sizeof raw);
    return r + r * r * polynomial(r, mfli_exp_f64, 11);
}

/* exp(x) for x <= 0; below the smallest normal number it stays there. */
INLINE double exponential(double x)
{
    double power, fraction = exponential_parts(greater(x, -708.0), &power);
    return power + power * fraction;
}

/* exp(x) - 1 for x <= 0 */
INLINE double exponential_minus_one(double x)
{
    double power, fraction = exponential_parts(greater(x, -708.0), &power);
    return power * fraction + (power - 1.0);
}

#endif
