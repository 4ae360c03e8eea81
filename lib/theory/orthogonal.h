/* SPDX-License-Identifier: BSD-3-Clause */
/* Averages of an activation over all inputs of the hypercube, without the central limit theorem of (T10). */
#ifndef MFLI_THEORY_ORTHOGONAL_H
#define MFLI_THEORY_ORTHOGONAL_H

#include "network/model.h"

enum { MFLI_ORTHOGONAL_MOST = 32 };

/* Most coordinates off the support: fewer for a caller's activation, whose kinks are not known. */
int32_t mfli_orthogonal_most(const mfli_model *model);

/* Numbers of scratch that mfli_orthogonal_means() needs for this many coordinates off the support. */
int64_t mfli_orthogonal_scratch(const mfli_model *model, int32_t off_count);

/* mean[s] = E phi(sum_j (-1)^(bit j of s) on_j + off . x) over x in {-1, 1}^off_count, for all 2^r signs s, and the mean
 * *square of phi^2 over these too. Homogeneous activations: exact, 2^(r - 1 + off_count/2) steps times off_count/2. A
 * caller's: exact, 2^(r + off_count) of its values. Others: off . x by Gauss's rule for its law, 2^(r + 8) values of
 * phi. MFL_ERROR_CALLBACK or MFL_ERROR_NOT_FINITE with a sentence. */
int32_t mfli_orthogonal_means(mfl_context *context, const mfli_model *model, int32_t r, const double *on,
                              int32_t off_count, const double *off, double *scratch, double *mean, double *square);

#endif
