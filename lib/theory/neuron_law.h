/* SPDX-License-Identifier: BSD-3-Clause */
/* The law p(w, a) of one neuron of a solved theory, for whoever wants neurons or densities and does not mind how the law
 * was integrated: w enters through its components on the target's variables and the length across them. */
#ifndef MFLI_THEORY_NEURON_LAW_H
#define MFLI_THEORY_NEURON_LAW_H

#include "theory/draws.h"
#include "theory/modes.h"

/* What (T6) and (T7) make of a given w. */
typedef struct mfli_readout {
    double log_factor;     /* of p(w)/prior(w), unnormalised: log of (sigma_a^2 A)^(-1/2) exp(B^2/2A) */
    double mean, variance; /* of a: B/A, 1/A */
} mfli_readout;

typedef struct mfli_neuron_draw {
    double on[MFLI_VARIABLES_MOST], across;
} mfli_neuron_draw;

typedef struct mfli_neuron_law {
    const void *data;
    int32_t (*at)(const void *data, const double *on, double across, mfli_readout *readout);
    int32_t (*draw)(const void *data, mfli_draws *draws, mfli_neuron_draw *neuron);
    int32_t variables;
    int32_t even;        /* bits of the variables whose sign alone does not matter to p(w) */
    int32_t is_caller;   /* asks the caller's activation, on the thread that called the library alone */
    double d, unit;      /* unit: sigma_w^2/d */
    double precision[MFLI_VARIABLES_MOST + 1]; /* of each variable, then of the others; in units of 1/unit */
    double most;         /* no log_factor is larger; infinite where there is no bound or none is known */
} mfli_neuron_law;

#endif
