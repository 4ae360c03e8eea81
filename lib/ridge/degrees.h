/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues of kernels by degree, as sums of positive terms: from the power series of the kernel
 * in cos theta and the eigenvalues of cos^q theta. */
#ifndef MFLI_RIDGE_DEGREES_H
#define MFLI_RIDGE_DEGREES_H

#include "ridge/kernel.h"

/* a_0(s) .. a_{count-1}(s) of K = sum_q a_q(s) a_q(t) cos^q theta, and the error of the kernel by
 * that, relative to sqrt(K(x, x) K(x', x')), if the a_q are known to be inexact.
 * MFL_ERROR_UNSUPPORTED for a caller's kernel. */
int32_t mfli_power_series(mfl_context *context, const mfli_kernel *kernel, double s, int64_t count,
                          double *a, double *error);

/* Number of spherical harmonics of degree l in d dimensions. */
double mfli_harmonics(int64_t d, int64_t l);
/* Eigenvalue of cos^q theta for the harmonics of degree l at q = l, and the ratio of that of q + 2 to
 * that of q. */
double mfli_cosine_first(int64_t d, int64_t l);
double mfli_cosine_step(int64_t d, int64_t l, int64_t q);

/* Eigenvalues and multiplicities of degrees 0 .. degrees - 1 for inputs of length sqrt(d), K(x, x),
 * and the error as above. */
int32_t mfli_degrees_hypercube(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                               double *values, double *multiplicities, double *trace,
                               double *error);
int32_t mfli_degrees_sphere(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                            double *values, double *multiplicities, double *trace, double *error);

#endif
