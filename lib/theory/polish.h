/* SPDX-License-Identifier: BSD-3-Clause */
/* A solution by Newton's method. It finishes what a fixed-point iteration has begun; and from one resolution to the next
 * the equations hardly differ, so that with the Jacobian of the coarsest it takes a few evaluations there. */
#ifndef MFLI_THEORY_POLISH_H
#define MFLI_THEORY_POLISH_H

#include "theory/fixed_point.h"
#include "theory/newton.h"

typedef struct mfli_polish {
    mfli_newton newton;
    mfli_setting *setting;
    mfli_solution *solution;
    int32_t ready; /* there is a Jacobian; newton.off is what the last solution lacks, if by this */
} mfli_polish;

/* From near a solution of a closure with outer order parameters to it, with the Jacobian there. Not ready: that leads to
 * none that is stable and nearby, and the solution is as it was. MFL_ERROR_MEMORY, or a status as
 * mfli_fixed_point_solve(). */
int32_t mfli_polish_create(mfli_setting *setting, mfli_solution *solution, mfli_polish *polish);

/* The same as mfli_fixed_point_solve(), and leaves a Jacobian behind if there is one. */
int32_t mfli_polish_start(mfli_setting *setting, int32_t branch, mfli_solution *solution, mfli_polish *polish);
void mfli_polish_finish(mfl_context *context, mfli_polish *polish);

/* Solve at the setting's resolution from the solution of a coarser one. MFLI_NO_POINT: that does not lead anywhere;
 * the solution is as it was. */
int32_t mfli_polish_solve(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution);

#endif
