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

void mfli_chebyshev_fit(int32_t n, double (*values)[MFLI_SERIES], double (*coefficients)[MFLI_SERIES])
{
    for (int32_t j = 0; j < n; j++) {
        double sum[MFLI_SERIES] = {0.0};
        for (int32_t i = 0; i < n; i++) {
            double t = cos(pi * j * (i + 0.5) / n);
            for (int32_t l = 0; l < MFLI_SERIES; l++)
                sum[l] += t * values[i][l];
        }
        for (int32_t l = 0; l < MFLI_SERIES; l++)
            coefficients[j][l] = (j == 0 ? 1.0 : 2.0) * sum[l] / n;
    }
}

void mfli_chebyshev_values(int32_t n, const double (*coefficients)[MFLI_SERIES], double x,
                           double values[MFLI_SERIES])
{
    double b1[MFLI_SERIES] = {0.0}, b2[MFLI_SERIES] = {0.0};
    for (int32_t j = n - 1; j > 0; j--) {
        for (int32_t l = 0; l < MFLI_SERIES; l++) {
            double b = coefficients[j][l] + 2.0 * x * b1[l] - b2[l];
            b2[l] = b1[l];
            b1[l] = b;
        }
    }
    for (int32_t l = 0; l < MFLI_SERIES; l++)
        values[l] = coefficients[0][l] + x * b1[l] - b2[l];
}
