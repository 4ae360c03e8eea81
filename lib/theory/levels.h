/* SPDX-License-Identifier: BSD-3-Clause */
/* The resolutions of the quadrature over directions: which there are, and what is kept of each in the handle. */
#ifndef MFLI_THEORY_LEVELS_H
#define MFLI_THEORY_LEVELS_H

#include "theory/handle.h"

/* Levels are numbered from 0, the coarsest where numbers are wanted to many digits; those from -MFLI_RESOLUTIONS_LOOSE
 * on are coarser still, which a loose tolerance can begin with. */
mfli_level *mfli_levels_at(mfl_theory *theory, int32_t i);

/* The level to begin with for a tolerance: 0, or below where there are lattices. */
int32_t mfli_levels_first(const mfl_theory *theory, double tolerance);

/* One past the finest level that is allowed and whose sums over angles stay affordable. */
int32_t mfli_levels_count(const mfl_theory *theory);

/* Make level i ready. MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED. */
int32_t mfli_levels_prepare(mfl_theory *theory, int32_t i);

/* Would the next level be too large a lattice? */
int32_t mfli_levels_is_last(mfl_theory *theory, int32_t i);

/* By how much errors fall at best from one to the next, where that is known to be slow; else 0. */
double mfli_levels_pace(const mfl_theory *theory);

/* Forget all of them. */
void mfli_levels_drop(mfl_theory *theory);

#endif
