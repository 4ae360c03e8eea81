/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/gram.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "ridge/tile.h"

typedef struct gram_job {
    mfl_context *context;
    const mfli_tiles *tiles;
    const mfli_kernel *kernel;
    const mfli_points *rows, *columns;
    double *out;
    int64_t stride;
    int32_t lower; /* only columns up to the diagonal */
    double ridge;
    _Atomic int64_t done; /* tiles */
} gram_job;

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void tile(const gram_job *job, int64_t row_panel, int64_t column_panel)
{
    double value[MFLI_TILE];
    const int64_t first_row = row_panel * MFLI_PANEL, first_column = column_panel * MFLI_PANEL;
    job->tiles->values(job->kernel, job->rows, row_panel, job->columns, column_panel, value);
    for (int64_t i = first_row; i < least(first_row + MFLI_PANEL, job->rows->count); i++) {
        const int64_t end = job->lower ? i + 1 : job->columns->count;
        const double *row = value + (i - first_row) * MFLI_PANEL;
        double *out = job->out + i * job->stride + first_column;
        if (end - first_column >= MFLI_PANEL)
            memcpy(out, row, MFLI_PANEL * sizeof *row); /* of a size that compilers know */
        else if (end > first_column)
            memcpy(out, row, (size_t)(end - first_column) * sizeof *row);
    }
}

static void row_of_tiles(void *data, int64_t row_panel, int32_t thread)
{
    gram_job *job = data;
    if (mfli_cancelled(job->context))
        return;
    int64_t panels = job->lower ? row_panel + 1 : mfli_panels(job->columns->count);
    for (int64_t panel = 0; panel < panels; panel++)
        tile(job, row_panel, panel);
    int64_t first = row_panel * MFLI_PANEL, end = least(first + MFLI_PANEL, job->rows->count);
    for (int64_t i = first; job->lower && i < end; i++)
        job->out[i * job->stride + i] += job->ridge;
    int64_t done = atomic_fetch_add(&job->done, panels) + panels,
            all = mfli_panels(job->rows->count);
    if (job->lower && thread == 0) /* the calling one, on which callbacks run */
        mfli_progress(job->context, "kernel matrix",
                      2.0 * (double)done / ((double)all * (double)(all + 1)));
}

/* A caller's kernel runs on this thread, a panel of rows a call. */
static int32_t ask_caller(gram_job *job)
{
    const mfli_points *rows = job->rows, *columns = job->columns;
    const int64_t d = rows->dimension;
    for (int64_t first = 0; first < rows->count && !mfli_cancelled(job->context);
         first += MFLI_PANEL) {
        int64_t count = least(MFLI_PANEL, rows->count - first);
        int64_t width = job->lower ? first + count : columns->count;
        double *out = job->out + first * job->stride;
        if (job->kernel->function(count, rows->raw + first * d, width, columns->raw, d, out,
                                  job->stride, job->kernel->data))
            return mfli_fail(job->context, MFL_ERROR_CALLBACK, "the caller's kernel failed");
        for (int64_t i = 0; i < count; i++) {
            for (int64_t j = 0; j < width; j++)
                out[i * job->stride + j] *= job->kernel->scale;
            if (job->lower)
                out[i * job->stride + first + i] += job->ridge;
        }
    }
    return MFL_OK;
}

static int32_t build(gram_job *job)
{
    int32_t status = MFL_OK;
    if (mfli_kernel_is_tiled(job->kernel))
        mfli_team_for(job->context, mfli_threads(job->context), mfli_panels(job->rows->count),
                      row_of_tiles, NULL, job);
    else
        status = ask_caller(job);
    if (!status && mfli_cancelled(job->context))
        status = mfli_fail(job->context, MFL_ERROR_CANCELLED,
                           "cancelled while the kernel matrix was built");
    return status;
}

int32_t mfli_gram(mfl_context *context, const mfli_kernel *kernel, const mfli_points *points,
                  double ridge, double *out, int64_t stride)
{
    gram_job job = {.context = context,
                    .tiles = mfli_tiles_select(context),
                    .kernel = kernel,
                    .rows = points,
                    .columns = points,
                    .out = out,
                    .stride = stride,
                    .lower = 1,
                    .ridge = ridge};
    return build(&job);
}

int32_t mfli_cross_gram(mfl_context *context, const mfli_kernel *kernel, const mfli_points *rows,
                        const mfli_points *columns, double *out, int64_t stride)
{
    gram_job job = {.context = context,
                    .tiles = mfli_tiles_select(context),
                    .kernel = kernel,
                    .rows = rows,
                    .columns = columns,
                    .out = out,
                    .stride = stride};
    return build(&job);
}

int32_t mfli_gram_diagonal(mfl_context *context, const mfli_kernel *kernel,
                           const mfli_points *points, double *out)
{
    if (!mfli_kernel_is_tiled(kernel)) {
        for (int64_t i = 0; i < points->count; i++) {
            const double *x = points->raw + i * points->dimension;
            if (kernel->function(1, x, 1, x, points->dimension, out + i, 1, kernel->data))
                return mfli_fail(context, MFL_ERROR_CALLBACK, "the caller's kernel failed");
            out[i] *= kernel->scale;
        }
        return MFL_OK;
    }
    const mfli_tiles *tiles = mfli_tiles_select(context);
    for (int64_t panel = 0; panel < mfli_panels(points->count); panel++) {
        double value[MFLI_PANEL];
        int64_t first = panel * MFLI_PANEL;
        tiles->diagonal(kernel, points, panel, value);
        memcpy(out + first, value, (size_t)least(MFLI_PANEL, points->count - first) * sizeof *out);
    }
    return MFL_OK;
}
