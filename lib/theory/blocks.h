/* SPDX-License-Identifier: BSD-3-Clause */
/* The functions of the inputs that neurons are expanded in, in blocks that the averaged kernel
 * K = N^(1 - 2 gamma) sigma_a^2 <phi phi^T>_p does not mix.
 *
 * p(w) keeps every symmetry of the inputs that the target has. On the hypercube those are permutations and sign flips of
 * the d - r other inputs, so that a block holds all products of the r variables times one product of q others; with
 * Gaussian inputs, rotations of the other directions, so that a block holds he_alpha of the variables times the functions
 * of degree m = l, l + 2, ... of the others that turn like one harmonic of degree l. Flips of the variables that keep the
 * target split both further. Block 0 is the one of the target: its features are the modes.
 *
 * Degrees beyond a cut stay together as a rest, which is never learned. A single parity has blocks of one feature each,
 * and classes of them that p(w) does not tell apart are one: h is then the root of the sum of their squares. */
#ifndef MFLI_THEORY_BLOCKS_H
#define MFLI_THEORY_BLOCKS_H

#include "theory/modes.h"

/* Features of one block, and of all. */
enum { MFLI_BLOCK_MOST = 256, MFLI_FEATURES_MOST = 2048 };

typedef struct mfli_feature {
    int32_t degree[MFLI_VARIABLES_MOST]; /* in each variable */
    int32_t across, harmonic;            /* m and l; on the hypercube both are q */
    int32_t total;
    int32_t layer;  /* what the cut goes by: q or the total degree; 0 for what is kept in any case */
    double factor;  /* Gaussian inputs: as mfli_mode's */
} mfli_feature;

typedef struct mfli_block {
    int32_t first, size; /* of its features */
    int32_t at;          /* of its size x size matrix */
    double multiplicity; /* how many blocks are equal to this one */
} mfli_block;

typedef struct mfli_blocks {
    const mfli_modes *modes;
    int32_t cut;                         /* largest layer */
    int32_t count, dense;                /* blocks; those before `dense` have a matrix, the others one feature */
    int32_t features, numbers;           /* in all; of all matrices */
    int32_t feature_room, block_room;
    mfli_feature *feature;
    mfli_block *block;
} mfli_blocks;

/* Highest degree of the modes that block 0 should have on Gaussian inputs, for mfli_modes_list(). */
int32_t mfli_blocks_induced(const mfli_terms *terms, const mfli_model *model);

/* The modes are borrowed. MFL_ERROR_UNSUPPORTED: there are too many features; MFL_ERROR_MEMORY. */
int32_t mfli_blocks_create(mfl_context *context, const mfli_modes *modes, const mfli_model *model, mfli_blocks *blocks);
void mfli_blocks_finish(mfl_context *context, mfli_blocks *blocks);

#endif
