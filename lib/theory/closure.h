/* SPDX-License-Identifier: BSD-3-Clause */
/* The choices a closure consists of, and the order parameters they add to those of the plain mean field. */
#ifndef MFLI_THEORY_CLOSURE_H
#define MFLI_THEORY_CLOSURE_H

#include <mflearn/theory.h>

#include "theory/classes.h"

typedef struct mfli_closure {
    int32_t noise, self_energy, prior; /* enum mfl_theory_noise, _self_energy, _prior */
    double alpha, beta;                /* of the Gamma law of rho_j; beta in units of sigma_w^2/d */
    double sharing;                    /* neurons that share one precision */
    double damping;                    /* weight of a new value in the outer iteration */
} mfli_closure;

/* What the outer iteration holds fixed while one neuron's law is solved for. */
typedef struct mfli_order {
    double precision[2]; /* rho on and off the support, in units of d/sigma_w^2 */
    double noise;        /* kappa^2, or kt' of (T16) */
    double lambda[MFLI_CLASSES_MOST]; /* of (T15); used by the screened self-energy */
} mfli_order;

#endif
