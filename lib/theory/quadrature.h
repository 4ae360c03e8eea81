/* SPDX-License-Identifier: BSD-3-Clause */
/* One-dimensional rules and interpolants that the theories are built from. */
#ifndef MFLI_THEORY_QUADRATURE_H
#define MFLI_THEORY_QUADRATURE_H

#include <stdint.h>

/* Gauss-Legendre rule on [0, 1]: n nodes in descending order and weights that add up to 1. */
void mfli_gauss_legendre(int32_t n, double *nodes, double *weights);

/* Chebyshev points of the first kind on [-1, 1]: cos(pi (i + 1/2) / n). */
double mfli_chebyshev_point(int32_t n, int32_t i);

enum { MFLI_SERIES = 4 };

/* Values of four functions at the n Chebyshev points -> coefficients of sum_j c_j T_j(x). */
void mfli_chebyshev_fit(int32_t n, double (*values)[MFLI_SERIES], double (*coefficients)[MFLI_SERIES]);

/* The four sums sum_j c_j T_j(x), by Clenshaw's recurrence. */
void mfli_chebyshev_values(int32_t n, const double (*coefficients)[MFLI_SERIES], double x,
                           double values[MFLI_SERIES]);

#endif
