/* SPDX-License-Identifier: BSD-3-Clause */
/* Moments of the single-neuron law over a lattice of directions. */
#ifndef MFLI_THEORY_LATTICE_SUM_H
#define MFLI_THEORY_LATTICE_SUM_H

#include "theory/neuron.h"

/* As mfli_neuron_moments(), for a field with self-energy. `curve`: of the lengths, where all directions share c; else
 * NULL. MFL_ERROR_TOLERANCE: neurons are aligned more sharply than the lattice reaches. */
int32_t mfli_lattice_moments(mfl_context *context, mfli_directions *directions, const mfli_field *field,
                             const mfli_radial_curve *curve, mfli_neuron *neuron);

#endif
