/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels under N(0, I_d), whose inputs have a direction and, apart from it, a length.
 *
 * Under rotations a kernel of lengths and angle falls into blocks, one for every degree l of the
 * spherical harmonics, of multiplicity the number of those:
 *
 *     K_l(s, t) = sum_q a_q(s) a_q(t) e_q(l),      e_q(l) the eigenvalue of cos^q theta >= 0,
 *
 * an operator on functions of the length. Lengths are replaced by shells, equally spaced in log |x|
 * and weighted by their probability: such sums converge exponentially, for every power of |x|. */
#ifndef MFLI_RIDGE_SHELLS_H
#define MFLI_RIDGE_SHELLS_H

#include "ridge/kernel.h"

typedef struct mfli_shells {
    int64_t count, degrees;
    double *log_length; /* count: log(|x| / sqrt(d)) */
    double *weight;     /* count, of sum 1 */
    double *prior;      /* count: K(x, x) */
    double *rest;       /* count: the part of it that no mode has */

    /* Modes: the eigenfunctions of all K_l, by degree and then by falling eigenvalue. */
    int64_t modes;
    int64_t *first;    /* degrees + 1: where the modes of a degree begin */
    double *values;    /* modes: eigenvalues */
    double *functions; /* modes x count: sqrt(eigenvalue) times eigenfunction */
    double error;      /* of eigenvalues, relative to the largest of their degree; an estimate */
} mfli_shells;

/* Degrees 0 .. degrees - 1, on shells that also resolve a function growing like |x|^growth. Every
 * degree has at least one mode. On failure *shells is empty. MFL_ERROR_UNSUPPORTED for a caller's
 * kernel, and where the lengths cannot be resolved; MFL_ERROR_CANCELLED. */
int32_t mfli_shells_init(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                         int64_t growth, mfli_shells *shells);
void mfli_shells_clear(mfl_context *context, mfli_shells *shells);

/* What ridge regression leaves of a target on n samples, see shells_curve.c. The target, at
 * target[l * count + i], is for each degree a function of the length times one normalised harmonic.
 * results as in mfl_spectrum_learn(); learnability (modes numbers) may be NULL. */
int32_t mfli_shells_learn(mfl_context *context, const mfli_shells *shells, int64_t dimension,
                          const double *target, double samples, double ridge, double noise,
                          double *results, double *learnability);

#endif
