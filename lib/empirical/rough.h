/* SPDX-License-Identifier: BSD-3-Clause */
/* Forces along trajectories in single precision, for activations that are linear on either side of zero.
 *
 * A trajectory that follows any function of the place is reversible and keeps volumes, so forces need
 * not be exact: the Metropolis test takes the law itself, in double precision, at both ends. */
#ifndef MFLI_EMPIRICAL_ROUGH_H
#define MFLI_EMPIRICAL_ROUGH_H

#include "empirical/cavity.h"
#include "network/model.h"

typedef struct mfli_rough {
    mfl_context *context;
    int64_t samples, dimension, rank, tile;
    int32_t available;
    float leak;                          /* slope below zero */
    float *inputs, *pull, *vectors;      /* P x d, P, rank x P: those of the sweep */
    float *place, *z, *phi, *low, *push; /* tile x d, P, P, rank, d */
} mfli_rough;

/* Not available for other activations. On failure what there is can be finished. MFL_ERROR_MEMORY. */
int32_t mfli_rough_create(mfl_context *context, const mfli_model *model, int64_t samples, int64_t rank,
                          int64_t tile, mfli_rough *rough);
void mfli_rough_finish(mfli_rough *rough);

/* Inputs, P x d, and field of a sweep. */
void mfli_rough_set(mfli_rough *rough, const mfli_cavity *cavity, const double *inputs);

/* Form phi^T Omega phi and dot phi . G y of features at `rows` places, by the surrogate of Omega. */
int32_t mfli_rough_features(mfli_rough *rough, const mfli_cavity *cavity, const double *places, int64_t rows,
                            double *form, double *dot);

/* Then the force, rows x d: of row i, towards[i] d(dot) - against[i] d(form)/2. */
int32_t mfli_rough_force(mfli_rough *rough, const mfli_cavity *cavity, int64_t rows, const double *towards,
                         const double *against, double *force);

#endif
