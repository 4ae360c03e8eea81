/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels of callers' activations, by Mehler's formula
 *
 *     E[phi(u) phi(u')] = sum_q a_q(s) a_q(t) cos^q theta,  a_q(s) = E[phi(s z) h_q(z)],
 *
 * h_q the normalised Hermite polynomials. By Stein's identity s E[phi'(s z) h_q] = sqrt(q + 1)
 * a_{q+1}, so that r E[phi'(u) phi'(u')] is the same sum with weights q, and derivatives of phi are
 * shifts of the coefficients.
 *
 * Leaving out q >= Q changes no element by more than sqrt(tail(s) tail(t)), tail(s) = E[phi^2] -
 * sum_{q < Q} a_q^2 (Cauchy and Schwarz). For a function analytic up to |Im z| = y the coefficients
 * fall like exp(-y sqrt(q) / s): long inputs need many terms. The integrals are sums over equally
 * spaced z, which converge exponentially for analytic functions; their error is stated as what
 * halving the spacing changed. */
#ifndef MFLI_RIDGE_SERIES_H
#define MFLI_RIDGE_SERIES_H

#include "ridge/points.h"

/* Fills points->features, order and error, which is relative to sqrt(K(x, x) K(x', x')). Calls the
 * activation on this thread. */
int32_t mfli_series_features(mfl_context *context, const mfli_kernel *kernel, mfli_points *points);

#endif
