/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernel matrices, built in square tiles on the context's threads. Every element is computed by
 * itself, so the result does not depend on the number of threads. Cancellation ends them with
 * MFL_ERROR_CANCELLED. */
#ifndef MFLI_RIDGE_GRAM_H
#define MFLI_RIDGE_GRAM_H

#include "ridge/points.h"

/* Lower triangle of K(points, points) + ridge I; reports progress. */
int32_t mfli_gram(mfl_context *context, const mfli_kernel *kernel, const mfli_points *points,
                  double ridge, double *out, int64_t stride);

/* K(rows, columns), rows->count x columns->count. */
int32_t mfli_cross_gram(mfl_context *context, const mfli_kernel *kernel, const mfli_points *rows,
                        const mfli_points *columns, double *out, int64_t stride);

/* K(x, x) of each point, equal to the diagonal of mfli_gram() without ridge to the last bit. */
int32_t mfli_gram_diagonal(mfl_context *context, const mfli_kernel *kernel,
                           const mfli_points *points, double *out);

#endif
