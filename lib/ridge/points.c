/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/points.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "ridge/series.h"

static int64_t first_not_finite(int64_t dimension, const double *x, int64_t stride)
{
    for (int64_t k = 0; k < dimension; k++)
        if (!isfinite(x[k * stride]))
            return k;
    return -1;
}

/* x_k / sqrt(rho_k) but for the common unit. */
static double coordinate(const mfli_kernel *kernel, const double *x, int64_t stride, int64_t k)
{
    return kernel->factors ? x[k * stride] * kernel->factors[k] : x[k * stride];
}

/* |x|, and the power of two that brought its largest element near 1 so that no square can overflow
 * or vanish. */
static double scaled_length(const mfli_kernel *kernel, const double *x, int64_t stride,
                            int *exponent)
{
    double largest = 0.0, sum = 0.0;
    for (int64_t k = 0; k < kernel->dimension; k++)
        largest = fmax(largest, fabs(coordinate(kernel, x, stride, k)));
    *exponent = largest > 0.0 ? -ilogb(largest) : 0;
    for (int64_t k = 0; k < kernel->dimension; k++) {
        double scaled = scalbn(coordinate(kernel, x, stride, k), *exponent);
        sum += scaled * scaled;
    }
    return sqrt(sum);
}

static void store(const mfli_kernel *kernel, mfli_points *points, int64_t index, const double *x,
                  int64_t stride)
{
    int exponent;
    double scaled = scaled_length(kernel, x, stride, &exponent);
    double *slot = points->directions + index / MFLI_PANEL * points->dimension * MFLI_PANEL
                   + index % MFLI_PANEL;
    points->lengths[index] = kernel->unit * scalbn(scaled, -exponent);
    for (int64_t k = 0; k < points->dimension; k++) {
        if (scaled > 0.0)
            slot[k * MFLI_PANEL] = scalbn(coordinate(kernel, x, stride, k), exponent) / scaled;
        if (points->raw)
            points->raw[index * points->dimension + k] = x[k * stride];
    }
}

static int32_t allocate(mfl_context *context, mfli_points *points, int32_t with_raw)
{
    size_t padded = (size_t)mfli_panels(points->count) * MFLI_PANEL;
    size_t row = (size_t)points->dimension * sizeof(double);
    points->directions = mfli_alloc_zeroed(context, padded, row);
    points->lengths =
        points->directions ? mfli_alloc_zeroed(context, padded, sizeof(double)) : NULL;
    if (!points->lengths)
        return MFL_ERROR_MEMORY;
    if (with_raw)
        points->raw = mfli_alloc(context, (size_t)points->count, row);
    return with_raw && !points->raw ? MFL_ERROR_MEMORY : MFL_OK;
}

int32_t mfli_points_init(mfl_context *context, const mfli_kernel *kernel, mfli_points *points,
                         const char *name, int64_t count, const double *x, int64_t row_stride,
                         int64_t column_stride)
{
    *points = (mfli_points){.count = count, .dimension = kernel->dimension};
    for (int64_t i = 0; i < count; i++) {
        int64_t k = first_not_finite(kernel->dimension, x + i * row_stride, column_stride);
        if (k >= 0)
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "%s: row %lld, column %lld is not a finite number", name, (long long)i,
                             (long long)k);
    }
    int32_t status = allocate(context, points, kernel->family == MFLI_FAMILY_CALLER);
    for (int64_t i = 0; !status && i < count; i++)
        store(kernel, points, i, x + i * row_stride, column_stride);
    if (!status && kernel->family == MFLI_FAMILY_SERIES)
        status = mfli_series_features(context, kernel, points);
    if (status)
        mfli_points_clear(context, points);
    return status;
}

/* Column `to` of a panelled array from column `from` of another. */
static void copy_column(int64_t height, double *out, int64_t to, const double *in, int64_t from)
{
    out += to / MFLI_PANEL * height * MFLI_PANEL + to % MFLI_PANEL;
    in += from / MFLI_PANEL * height * MFLI_PANEL + from % MFLI_PANEL;
    for (int64_t k = 0; k < height; k++)
        out[k * MFLI_PANEL] = in[k * MFLI_PANEL];
}

int32_t mfli_points_take(mfl_context *context, const mfli_points *points, const int64_t *indices,
                         int64_t count, mfli_points *out)
{
    const int64_t d = points->dimension;
    *out = (mfli_points){.count = count, .dimension = d, .order = points->order};
    int32_t status = allocate(context, out, points->raw != NULL);
    if (!status && points->features) {
        out->features = mfli_alloc_zeroed(context, (size_t)mfli_panels(count) * MFLI_PANEL,
                                          (size_t)points->order * sizeof(double));
        status = out->features ? MFL_OK : MFL_ERROR_MEMORY;
    }
    if (status) {
        mfli_points_clear(context, out);
        return status;
    }
    for (int64_t i = 0; i < count; i++) {
        out->lengths[i] = points->lengths[indices[i]];
        copy_column(d, out->directions, i, points->directions, indices[i]);
        if (out->features)
            copy_column(points->order, out->features, i, points->features, indices[i]);
        if (out->raw)
            memcpy(out->raw + i * d, points->raw + indices[i] * d, (size_t)d * sizeof(double));
    }
    return MFL_OK;
}

void mfli_points_clear(mfl_context *context, mfli_points *points)
{
    mfli_free(context, points->raw);
    mfli_free(context, points->features);
    mfli_free(context, points->lengths);
    mfli_free(context, points->directions);
    *points = (mfli_points){0};
}
