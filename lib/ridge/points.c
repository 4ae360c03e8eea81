/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/points.h"

#include <math.h>

#include "core/context.h"

static int64_t first_not_finite(int64_t dimension, const double *x, int64_t stride)
{
    for (int64_t k = 0; k < dimension; k++)
        if (!isfinite(x[k * stride]))
            return k;
    return -1;
}

/* |x|, and the power of two that brought its largest element near 1 so that no square can overflow
 * or vanish. */
static double scaled_length(int64_t dimension, const double *x, int64_t stride, int *exponent)
{
    double largest = 0.0, sum = 0.0;
    for (int64_t k = 0; k < dimension; k++)
        largest = fmax(largest, fabs(x[k * stride]));
    *exponent = largest > 0.0 ? -ilogb(largest) : 0;
    for (int64_t k = 0; k < dimension; k++) {
        double scaled = scalbn(x[k * stride], *exponent);
        sum += scaled * scaled;
    }
    return sqrt(sum);
}

static void store(mfli_points *points, int64_t index, const double *x, int64_t stride)
{
    int exponent;
    double scaled = scaled_length(points->dimension, x, stride, &exponent);
    double *slot = points->directions + index / MFLI_PANEL * points->dimension * MFLI_PANEL
                   + index % MFLI_PANEL;
    points->lengths[index] = scalbn(scaled, -exponent);
    if (scaled > 0.0)
        for (int64_t k = 0; k < points->dimension; k++)
            slot[k * MFLI_PANEL] = scalbn(x[k * stride], exponent) / scaled;
}

int32_t mfli_points_init(mfl_context *context, mfli_points *points, const char *name, int64_t count,
                         int64_t dimension, const double *x, int64_t row_stride,
                         int64_t column_stride)
{
    *points = (mfli_points){count, dimension, NULL, NULL};
    for (int64_t i = 0; i < count; i++) {
        int64_t k = first_not_finite(dimension, x + i * row_stride, column_stride);
        if (k >= 0)
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "%s: row %lld, column %lld is not a finite number", name, (long long)i,
                             (long long)k);
    }
    size_t padded = (size_t)mfli_panels(count) * MFLI_PANEL;
    points->directions = mfli_alloc_zeroed(context, padded, (size_t)dimension * sizeof(double));
    points->lengths =
        points->directions ? mfli_alloc_zeroed(context, padded, sizeof(double)) : NULL;
    if (!points->lengths) {
        mfli_points_clear(context, points);
        return MFL_ERROR_MEMORY;
    }
    for (int64_t i = 0; i < count; i++)
        store(points, i, x + i * row_stride, column_stride);
    return MFL_OK;
}

void mfli_points_clear(mfl_context *context, mfli_points *points)
{
    mfli_free(context, points->lengths);
    mfli_free(context, points->directions);
    *points = (mfli_points){0, 0, NULL, NULL};
}
