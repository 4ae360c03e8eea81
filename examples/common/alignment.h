/* SPDX-License-Identifier: BSD-3-Clause */
/* Which neurons of a sampled network have specialised, by the definition that the theories use. */
#ifndef EXAMPLES_ALIGNMENT_H
#define EXAMPLES_ALIGNMENT_H

#include <stdint.h>

#include <mflearn/mflearn.h>

/* Relevant inputs of a task with one mode, the first so many: k of a parity, 1 of a single-index teacher; 0 of others. */
int64_t ex_relevant_inputs(const mfl_task *task);

typedef struct ex_alignment {
    int64_t dimension, width, relevant;
    double *weights; /* of the draw that is looked at */
} ex_alignment;

int32_t ex_alignment_make(ex_alignment *alignment, const mfl_model *model, int64_t relevant);
void ex_alignment_release(ex_alignment *alignment);

/* The fraction of neurons with max_s (w_S . s)^2 > k |w|^2/2 over sign patterns s; user_data is an ex_alignment. */
int32_t ex_specialised_fraction(const mfl_network *network, double *value, void *user_data);

#endif
