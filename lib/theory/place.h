/* SPDX-License-Identifier: BSD-3-Clause */
/* What continuation (follow.h) needs of a theory: copies of it, its equations at any place, its resolutions. */
#ifndef MFLI_THEORY_PLACE_H
#define MFLI_THEORY_PLACE_H

#include "theory/results.h"

/* Everything that can be moved. The dimension is an integer. */
typedef struct mfli_place {
    double samples, kappa, width, dimension, sigma_w, sigma_a, alpha;
} mfli_place;

/* A theory of the same problem and options, without its results; mfli_object_release() takes it back. */
int32_t mfli_theory_clone(mfl_context *context, const mfl_theory *from, mfl_theory **out);

/* k: the least dimension there can be. */
double mfli_theory_support(const mfl_theory *theory);

/* Where the theory is, as far as it knows: without samples and kappa. */
mfli_place mfli_theory_place(const mfl_theory *theory);

/* Go to a place; the setting then wants a level. Options are read anew. Status as mfl_theory_solve(). */
int32_t mfli_theory_move(mfl_theory *theory, const mfli_place *place, mfli_setting *setting);

/* Set the resolution, 0 being the coarsest of mfli_theory_levels(). */
int32_t mfli_theory_level(mfl_theory *theory, int32_t i, mfli_setting *setting);
int32_t mfli_theory_levels(const mfl_theory *theory);

/* Complete the state of a solution at the level that was set. */
int32_t mfli_theory_specialised(mfl_theory *theory, int32_t i, mfli_setting *setting, mfli_solution *solution);

double mfli_theory_tolerance(const mfl_theory *theory);

#endif
