/* SPDX-License-Identifier: BSD-3-Clause */
/* The averaged kernel of all neurons in blocks, Lambda_b, and what follows from it: (T15), (T16), (T18) with a matrix for
 * each block and its multiplicity M_b,
 *
 *     kt(f) = kappa^2 + sum_b M_b tr[f Lambda_b kt (kt + P f Lambda_b)^-1] + f rest
 *     m     = P Lambda_0 (kt + P Lambda_0)^-1 y,     g = sum_b M_b P tr[Lambda_b^2 (kt + P Lambda_b)^-2]. */
#ifndef MFLI_THEORY_POWERS_H
#define MFLI_THEORY_POWERS_H

#include "theory/blocks.h"

typedef struct mfli_powers {
    const mfli_blocks *blocks;
    int32_t kept;    /* features of a higher layer count as rest */
    double rest;     /* power that is never learned */
    double *matrix;  /* Lambda_b in the order of the blocks */
    double *vectors; /* rows, for each block */
    double *values;  /* eigenvalues, in the order of the features */
    double *multiplicity; /* of each */
} mfli_powers;

/* The blocks are borrowed. MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_powers_create(mfl_context *context, const mfli_blocks *blocks, mfli_powers *kernel);
void mfli_powers_finish(mfl_context *context, mfli_powers *kernel);

/* kernel->matrix holds <Sigma e e^T> of each block: turn it into Lambda with unit = N^(1 - 2 gamma) sigma_a^2 and
 * sigma = <Sigma>, and find its eigenvalues. Status as mfli_syevd(). */
int32_t mfli_powers_conclude(mfl_context *context, mfli_powers *kernel, double unit, double sigma);

/* Eigenvalues of what kernel->matrix holds; those below 0 are rounding, or a step of an iteration too far, and count as
 * 0. */
int32_t mfli_powers_decompose(mfl_context *context, mfli_powers *kernel);

/* kt(f) of (T16). */
double mfli_powers_noise(const mfli_powers *kernel, double f, double samples, double square_noise);

/* R_b = (1 + ratio Lambda_b)^-1 for all blocks. */
void mfli_powers_response(const mfli_powers *kernel, double ratio, double *response);

/* m of (T18); y and m of all modes. ratio = P/kt. */
void mfli_powers_learned(const mfli_powers *kernel, double ratio, double *m);

/* g of (T18), and the posterior variance of f, sum_b M_b tr[Lambda_b (1 + ratio Lambda_b)^-1] + rest. */
double mfli_powers_fluctuation(const mfli_powers *kernel, double samples, double ratio);
double mfli_powers_variance(const mfli_powers *kernel, double ratio);

#endif
