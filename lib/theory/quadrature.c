/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/quadrature.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

void mfli_gauss_legendre(int32_t n, double *nodes, double *weights)
{
    for (int32_t i = 0; i < n; i++) {
        /* Newton from Tricomi's starting value; six steps are more than n <= 1000 ever needs. */
        double x = cos(pi * (i + 0.75) / (n + 0.5)), slope = 1.0;
        for (int32_t step = 0; step < 6; step++) {
            double p = 1.0, before = 0.0;
            for (int32_t j = 1; j <= n; j++) {
                double next = ((2.0 * j - 1.0) * x * p - (j - 1.0) * before) / j;
                before = p;
                p = next;
            }
            slope = n * (before - x * p) / (1.0 - x * x);
            x -= p / slope;
        }
        nodes[i] = 0.5 * (1.0 + x);
        weights[i] = 1.0 / ((1.0 - x * x) * slope * slope);
    }
}

double mfli_chebyshev_point(int32_t n, int32_t i)
{
    return cos(pi * (i + 0.5) / n);
}

void mfli_chebyshev_fit(int32_t n, const double *values, double *coefficients)
{
    for (int32_t j = 0; j < n; j++) {
        double sum = 0.0;
        for (int32_t i = 0; i < n; i++)
            sum += values[i] * cos(pi * j * (i + 0.5) / n);
        coefficients[j] = (j == 0 ? 1.0 : 2.0) * sum / n;
    }
}

double mfli_chebyshev_value(int32_t n, const double *coefficients, double x)
{
    double b1 = 0.0, b2 = 0.0;
    for (int32_t j = n - 1; j > 0; j--) {
        double b = coefficients[j] + 2.0 * x * b1 - b2;
        b2 = b1;
        b1 = b;
    }
    return coefficients[0] + x * b1 - b2;
}
