/* SPDX-License-Identifier: BSD-3-Clause */
/* The moments of neuron.h for any activation: one mode, on cells, with the shares of its frame's classes.
 *
 * X stands for |w|^2 d/sigma_w^2 where it is a length, and where it measures power for Sigma(w) d/sigma_w^2, so that the
 * field's saturation belongs to Sigma/|w|^2 = 1. */
#ifndef MFLI_THEORY_NEURON_CELLS_H
#define MFLI_THEORY_NEURON_CELLS_H

#include "theory/ensemble.h"
#include "theory/neuron.h"

/* Status as mfli_neuron_moments(). */
int32_t mfli_neuron_on_cells(mfl_context *context, mfli_ensemble *ensemble, const mfli_field *field,
                             mfli_neuron *neuron);

/* Split cells until they resolve the law of the field, as mfli_ensemble_refine(). */
int32_t mfli_neuron_refine(mfl_context *context, mfli_ensemble *ensemble, const mfli_field *field, double tolerance,
                           mfli_refinement *done);

#endif
