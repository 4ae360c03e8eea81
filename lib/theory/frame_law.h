/* SPDX-License-Identifier: BSD-3-Clause */
/* The law of one neuron in the coordinates of a frame, at any point and drawn from: for several modes, and for
 * activations that are not homogeneous. */
#ifndef MFLI_THEORY_FRAME_LAW_H
#define MFLI_THEORY_FRAME_LAW_H

#include "theory/boxes.h"
#include "theory/mean_field.h"
#include "theory/neuron_law.h"

typedef struct mfli_frame_law {
    mfl_context *context;
    mfli_frame frame;   /* what it points to is borrowed */
    mfli_pull pull;     /* with a field, its precisions alone; its response is borrowed */
    mfli_blocks blocks; /* that the response belongs to */
    int32_t has_field;  /* a single mode, felt by classes of modes */
    mfli_field field;
    double response[MFLI_CLASSES_MOST]; /* of the field */
    double sigma_a, sign;               /* sign: of B/J */
    mfli_length_table lengths;          /* of a homogeneous activation */
    mfli_boxes boxes;                   /* their law points here */
} mfli_frame_law;

/* The law of a population, or of a single mode's state with classes; model, modes, classes and the response of the pull
 * are borrowed. Status as
 * mfli_ensemble_refine() and mfli_boxes_finish(). */
int32_t mfli_frame_law_of_pull(mfl_context *context, const mfli_modes *modes, const mfli_model *model,
                               const mfli_pull *pull, mfli_frame_law *law);
int32_t mfli_frame_law_of_state(const mfli_setting *setting, const mfli_modes *modes, const mfli_model *model,
                                const mfli_order *order, double steep, mfli_frame_law *law);
void mfli_frame_law_finish(mfl_context *context, mfli_frame_law *law);

/* The functions of neuron_law.h, and all that it says. */
void mfli_frame_law_describe(const mfli_frame_law *law, mfli_neuron_law *of);

#endif
