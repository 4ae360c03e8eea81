/* SPDX-License-Identifier: BSD-3-Clause */
/* Moments of the single-neuron law (T8): directions times lengths. */
#ifndef MFLI_THEORY_NEURON_H
#define MFLI_THEORY_NEURON_H

#include "theory/directions.h"

/* With s and X of radial.h and Q of directions.h; the exponent of (T8) is strength Q s / 2. */
typedef struct mfli_neuron {
    double log_mass;    /* log Z, Z = int prior (sigma_a^2 A)^(-1/2) exp(B^2/2A) */
    double qs, q2s2;    /* <Q s>, <Q^2 s^2> */
    double s, qs2, q;   /* <s>, <Q s^2>, <Q> */
    double aligned;     /* <X |w_S|^2/|w|^2> */
    double across;      /* <X |w_perp|^2/|w|^2> */
    double specialised; /* probability that (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s */
} mfli_neuron;

/* strength = (P/kappa^2) (y - (1 - 1/N) m)^2; saturation c of radial.h. Fills the laws it needs.
 * MFL_ERROR_TOLERANCE: the radial integral could not be resolved. */
int32_t mfli_neuron_moments(mfl_context *context, mfli_directions *directions, double d, double saturation,
                            double strength, mfli_neuron *neuron);

#endif
