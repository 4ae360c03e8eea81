/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues of kernels by degree, as sums of positive terms: with the power series K = sum_q p_q
 * cos^q theta of the kernel between inputs of length sqrt(d), p_q >= 0, and the eigenvalues of
 * cos^q theta. */
#ifndef MFLI_RIDGE_DEGREES_H
#define MFLI_RIDGE_DEGREES_H

#include "ridge/kernel.h"

/* p_0 .. p_{count-1}. MFL_ERROR_UNSUPPORTED for a caller's kernel. */
int32_t mfli_power_series(mfl_context *context, const mfli_kernel *kernel, int64_t count,
                          double *p);

/* Eigenvalues and multiplicities of degrees 0 .. degrees - 1, and sum of p_q, which is K(x, x). */
int32_t mfli_degrees_hypercube(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                               double *values, double *multiplicities, double *trace);
int32_t mfli_degrees_sphere(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                            double *values, double *multiplicities, double *trace);
int32_t mfli_degrees_gaussian(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                              double *values, double *multiplicities, double *trace);

#endif
