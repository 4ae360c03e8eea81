/* SPDX-License-Identifier: BSD-3-Clause */
/* A solution carried from one resolution to the next: its equations hardly differ there, so that Newton's method with
 * the Jacobian of the coarsest takes a few evaluations where a fixed-point iteration begins anew. */
#ifndef MFLI_THEORY_POLISH_H
#define MFLI_THEORY_POLISH_H

#include "theory/fixed_point.h"
#include "theory/newton.h"

typedef struct mfli_polish {
    mfli_newton newton; /* of one parameter more than there are unknowns, which stays */
    mfli_setting *setting;
    mfli_solution *solution;
    int32_t ready; /* there is a Jacobian */
} mfli_polish;

/* Work out the Jacobian at a solution of the setting's resolution, for closures with outer order parameters; a zeroed
 * polish holds nothing. MFL_ERROR_MEMORY, or a status as mfli_fixed_point_solve(). */
int32_t mfli_polish_create(mfli_setting *setting, mfli_solution *solution, mfli_polish *polish);
void mfli_polish_finish(mfl_context *context, mfli_polish *polish);

/* Solve at the setting's resolution from the solution of a coarser one. MFLI_NO_POINT: that does not lead anywhere;
 * the solution is as it was. */
int32_t mfli_polish_solve(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution);

#endif
