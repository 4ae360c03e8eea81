/* SPDX-License-Identifier: BSD-3-Clause */
/* Moments of the single-neuron law (T8): directions times lengths.
 *
 * With w of squared length (sigma_w^2/d) X, A = (1 + c Phi X)/sigma_a^2 and B^2/(2A) = (strength Q/2 Phi) s, where
 * s = c Phi X/(1 + c Phi X) and Phi is how strongly the neuron feels itself: 1 for the bare self-energy, by classes of
 * modes for the screened one. Without self-energy A = 1/sigma_a^2, and s stands for c X.
 *
 * A prior with the precision p_on on the support and p_off off it (in units of d/sigma_w^2) makes
 * X (p_on |w_S|^2 + p_off |w_perp|^2)/|w|^2 a chi^2_d variable at every direction, and changes the weights of the
 * directions; nothing else. */
#ifndef MFLI_THEORY_NEURON_H
#define MFLI_THEORY_NEURON_H

#include "theory/directions.h"

/* What one neuron sees. */
typedef struct mfli_field {
    double precision[2];
    double saturation; /* c */
    double strength;
    int32_t fixed;     /* without self-energy */
    int32_t caps;      /* on a lattice: log_mass alone, over the specialised neurons */
    const mfli_classes *classes; /* fill the powers of classes; NULL: do not */
    const double *response;      /* Phi = sum of response times power over classes; NULL: 1 */
} mfli_field;

typedef struct mfli_neuron {
    double log_mass;    /* log Z, Z = int prior (sigma_a^2 A)^(-1/2) exp(B^2/2A) */
    double qs, q2s2;    /* <Q s/Phi>, <Q^2 s^2/Phi^2> */
    double s, qs2;      /* <s/Phi>, <Q s^2/Phi^2> */
    double q;           /* <X Q> */
    double aligned;     /* <X |w_S|^2/|w|^2> */
    double across;      /* <X |w_perp|^2/|w|^2> */
    double specialised; /* with classes or caps: probability that (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s */
    double power[MFLI_CLASSES_MOST]; /* <X times the share of each class> */
} mfli_neuron;

/* Fills the laws it needs. MFL_ERROR_TOLERANCE: the radial integral could not be resolved; MFL_ERROR_DIVERGED: without
 * self-energy there is no such law, see mfli_field_limit(). */
int32_t mfli_neuron_moments(mfl_context *context, mfli_directions *directions, double d, const mfli_field *field,
                            mfli_neuron *neuron);

/* Without self-energy p(w) can be normalised for strengths below this. */
double mfli_field_limit(const mfli_directions *directions, const mfli_field *field);

#endif
