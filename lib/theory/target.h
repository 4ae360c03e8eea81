/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the target's variables lie in the inputs: on coordinates, or along orthonormal directions. */
#ifndef MFLI_THEORY_TARGET_H
#define MFLI_THEORY_TARGET_H

#include "data/task.h"
#include "theory/sector.h"

typedef struct mfli_target {
    int64_t dimension;
    int32_t support; /* k */
    int64_t coordinate[MFLI_DEGREE_MOST];
    double *direction; /* k x dimension; NULL: the variables are coordinates */
} mfli_target;

/* MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_target_create(mfl_context *context, const mfli_task *task, mfli_target *target);
void mfli_target_finish(mfl_context *context, mfli_target *target);

/* w holds d standard normals, and becomes the vector with the k components `on` along the target
 * and the length `across` off it, in the direction of the normals. */
void mfli_target_place(const mfli_target *target, const double *on, double across, double *w);

#endif
