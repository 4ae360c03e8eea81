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

mfli_radial mfli_radial_moments(double d, double c, double g);

/* The moments as functions of g on [0, reach], by Chebyshev interpolation. */
enum { MFLI_RADIAL_TERMS = 256 };
typedef struct mfli_radial_curve {
    double reach;
    int32_t terms;
    double series[MFLI_RADIAL_TERMS][MFLI_SERIES]; /* of log_mass, s, s2, log x */
} mfli_radial_curve;

/* Number of terms chosen so that the interpolation error is at rounding level.
 * Returns 0, or -1 if MFLI_RADIAL_TERMS are not enough. */
int32_t mfli_radial_curve_fit(mfli_radial_curve *curve, double d, double c, double reach);

mfli_radial mfli_radial_at(mfli_radial_curve *curve, double g);

#endif
