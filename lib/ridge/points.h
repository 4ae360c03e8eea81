/* SPDX-License-Identifier: BSD-3-Clause */
/* Inputs split into direction and length, laid out for the kernel tiles.
 *
 * Kernels of inner products need |x|, |x'| and the angle between x and x'. Taking the angle between
 * unit vectors keeps it exact for inputs of very different length, and lets small angles be found
 * from differences. */
#ifndef MFLI_RIDGE_POINTS_H
#define MFLI_RIDGE_POINTS_H

#include <mflearn/types.h>

enum { MFLI_PANEL = 16 };

typedef struct mfli_points {
    int64_t count, dimension;
    double *directions; /* [panel][dimension][MFLI_PANEL]; the zero vector, and what pads the last
                           panel, is 0 */
    double *lengths;    /* count, padded with 0 to whole panels */
} mfli_points;

static inline int64_t mfli_panels(int64_t count)
{
    return (count + MFLI_PANEL - 1) / MFLI_PANEL;
}

static inline const double *mfli_panel(const mfli_points *points, int64_t panel)
{
    return points->directions + panel * points->dimension * MFLI_PANEL;
}

/* Copy count rows, element (i, k) at x[i * row_stride + k * column_stride]. MFL_ERROR_NOT_FINITE
 * names the first bad row and column of `name`. On failure *points is empty and needs no clear. */
int32_t mfli_points_init(mfl_context *context, mfli_points *points, const char *name, int64_t count,
                         int64_t dimension, const double *x, int64_t row_stride,
                         int64_t column_stride);
void mfli_points_clear(mfl_context *context, mfli_points *points);

#endif
