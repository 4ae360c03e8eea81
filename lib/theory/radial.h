/* SPDX-License-Identifier: BSD-3-Clause */
/* The length of a neuron's weight vector, integrated out.
 *
 * For an activation that is positively homogeneous, phi(c z) = c phi(z), a weight vector w of squared length
 * (sigma_w^2/d) X has Sigma(w) and J(w)^2 proportional to X, so (T8) depends on the direction of w only through
 * Q = J^2/Sigma: with s = cX/(1 + cX), c = N^(-2 gamma) (P/kappa^2) sigma_a^2 Sigma/X, the law of one neuron is
 *
 *     chi^2_d(X) dX  (1 - s)^(1/2)  exp(g s),     g = (P/2 kappa^2) (y - (1 - 1/N) m)^2 Q.
 */
#ifndef MFLI_THEORY_RADIAL_H
#define MFLI_THEORY_RADIAL_H

#include "theory/quadrature.h"

/* Normalisation and moments of that law. */
typedef struct mfli_radial {
    double log_mass;   /* log E_chi2 [(1 - s)^(1/2) exp(g s)] */
    double s, s2;      /* <s>, <s^2> */
    double x;          /* <X> */
} mfli_radial;

/* With g subtracted from log_mass, so that large gains lose no accuracy. */
mfli_radial mfli_radial_reduced(double d, double c, double g);

/* The moments as functions of g, by Chebyshev interpolation on [0, 1], [1, 2], [2, 4], ..., each halved up to three
 * times where that is needed: near g = 1/2c the length grows steeply. */
enum { MFLI_RADIAL_TERMS = 16, MFLI_RADIAL_OCTAVES = 32, MFLI_RADIAL_PIECES = 128 };
typedef struct mfli_length_table mfli_length_table;
typedef struct mfli_radial_curve {
    const mfli_length_table *table; /* of length.h, makes fits cheaper; may be NULL */
    double d, c;
    int32_t octaves, pieces;             /* that are ready */
    int32_t first[MFLI_RADIAL_OCTAVES];  /* piece of an octave */
    int32_t parts[MFLI_RADIAL_OCTAVES];  /* of equal width */
    double series[MFLI_RADIAL_PIECES][MFLI_RADIAL_TERMS][MFLI_SERIES]; /* of log_mass - g, s, s2, log x */
} mfli_radial_curve;

/* Make the curve ready for g in [0, reach], with an interpolation error at rounding level. What it holds for the same
 * d and c is kept; a zeroed curve holds nothing. Returns 0, or -1 if it cannot be resolved. */
int32_t mfli_radial_curve_fit(mfli_radial_curve *curve, double d, double c, double reach);

mfli_radial mfli_radial_at(const mfli_radial_curve *curve, double g);

#endif
