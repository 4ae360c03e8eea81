/* SPDX-License-Identifier: BSD-3-Clause */
/* Averages of an activation over a Gaussian argument, from which the projections (T10) and Sigma(w) are built. */
#ifndef MFLI_THEORY_AVERAGE_H
#define MFLI_THEORY_AVERAGE_H

#include "network/model.h"

/* Closed forms for ReLU, leaky ReLU, linear, quadratic, erf and GELU; for tanh a trapezoidal sum that is exact to
 * rounding; for a caller's function Gauss-Kronrod panels with a boundary at phi's argument 0, whose estimated error
 * relative to the largest value of phi that they met is kept here. */
typedef struct mfli_average {
    const mfli_model *model;
    double error; /* largest so far */
} mfli_average;

/* E phi(mu + sqrt(v) z) and E phi(mu + sqrt(v) z)^2. Status: MFL_OK, or MFL_ERROR_CALLBACK or MFL_ERROR_NOT_FINITE with
 * a sentence. */
int32_t mfli_average_at(mfl_context *context, mfli_average *average, double mu, double variance, double *mean,
                        double *square);

/* E phi(s z) He_q(z)/sqrt(q!) for q = 0 ... count - 1, and E phi(s z)^2. */
int32_t mfli_average_modes(mfl_context *context, mfli_average *average, double s, int32_t count, double *mode,
                           double *square);

/* E phi(mu + sqrt(v) z) He_q(z)/sqrt(q!) likewise; a caller's may have a kink at 0. */
int32_t mfli_average_shifted(mfl_context *context, mfli_average *average, double mu, double variance, int32_t count,
                             double *mode);

#endif
