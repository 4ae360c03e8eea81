/* SPDX-License-Identifier: BSD-3-Clause */
/* Inputs split into direction and length, laid out for the kernel tiles.
 *
 * Kernels of inner products need |x|, |x'| and the angle between x and x'. Taking the angle between
 * unit vectors keeps it exact for inputs of very different length, and lets small angles be found
 * from differences. The prior of the weights is taken into the inputs: x_j / sqrt(rho_j), so that
 * the length is the standard deviation of w . x. */
#ifndef MFLI_RIDGE_POINTS_H
#define MFLI_RIDGE_POINTS_H

#include <mflearn/types.h>

#include "ridge/kernel.h"

enum { MFLI_PANEL = 16 };

typedef struct mfli_points {
    int64_t count, dimension;
    double *directions; /* [panel][dimension][MFLI_PANEL]; the zero vector, and what pads the last
                           panel, is 0 */
    double *lengths;    /* count, padded with 0 to whole panels */
    double *features;   /* [panel][order][MFLI_PANEL] for a series, else NULL */
    double *raw;        /* count x dimension, as given, for a caller's kernel, else NULL */
    int32_t order;
    double error; /* of the series, relative to sqrt(K(x, x) K(x', x')); see series.h */
} mfli_points;

static inline int64_t mfli_panels(int64_t count)
{
    return (count + MFLI_PANEL - 1) / MFLI_PANEL;
}

static inline const double *mfli_panel(const mfli_points *points, int64_t panel)
{
    return points->directions + panel * points->dimension * MFLI_PANEL;
}

static inline double *mfli_feature_panel(const mfli_points *points, int64_t panel)
{
    return points->features + panel * points->order * MFLI_PANEL;
}

/* Copy count rows, element (i, k) at x[i * row_stride + k * column_stride]. MFL_ERROR_NOT_FINITE
 * names the first bad row and column of `name`; MFL_ERROR_CALLBACK. On failure *points is empty and
 * needs no clear. */
int32_t mfli_points_init(mfl_context *context, const mfli_kernel *kernel, mfli_points *points,
                         const char *name, int64_t count, const double *x, int64_t row_stride,
                         int64_t column_stride);
/* The points of the given indices, in their order. */
int32_t mfli_points_take(mfl_context *context, const mfli_points *points, const int64_t *indices,
                         int64_t count, mfli_points *out);
void mfli_points_clear(mfl_context *context, mfli_points *points);

#endif
