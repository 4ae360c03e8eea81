/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/gram.h"

#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"

enum { STRIP = 4 }; /* rows whose sums the registers hold at once */

/* Beyond this |cos theta| the rounding of cos theta would be felt in 1 - |cos theta|. */
static const double blunt = 0.9;

typedef struct gram_job {
    mfl_context *context;
    const mfli_kernel *kernel;
    const mfli_points *rows, *columns;
    double *out;
    int64_t stride;
    int32_t lower; /* only columns up to the diagonal */
    double ridge;
    _Atomic int64_t done; /* tiles */
} gram_job;

static void cosines(int64_t dimension, const double *restrict rows, const double *restrict columns,
                    double result[STRIP][MFLI_PANEL])
{
    double sum[STRIP][MFLI_PANEL] = {{0.0}};
    for (int64_t k = 0; k < dimension; k++)
        for (int r = 0; r < STRIP; r++)
            for (int j = 0; j < MFLI_PANEL; j++)
                sum[r][j] += rows[k * MFLI_PANEL + r] * columns[k * MFLI_PANEL + j];
    memcpy(result, sum, sizeof sum);
}

/* |x - sign x'|^2 / 4 of unit vectors: sin^2(theta / 2) for sign 1, cos^2(theta / 2) for -1. */
static void half_chords(int64_t dimension, const double *restrict row,
                        const double *restrict columns, double sign, double result[MFLI_PANEL])
{
    double sum[MFLI_PANEL] = {0.0};
    for (int64_t k = 0; k < dimension; k++)
        for (int j = 0; j < MFLI_PANEL; j++) {
            double difference = row[k * MFLI_PANEL] - sign * columns[k * MFLI_PANEL + j];
            sum[j] += difference * difference;
        }
    for (int j = 0; j < MFLI_PANEL; j++)
        result[j] = 0.25 * sum[j];
}

static void half_angles(int64_t dimension, const double *row, const double *columns,
                        const double cosine[MFLI_PANEL], double near[MFLI_PANEL],
                        double far[MFLI_PANEL])
{
    int32_t aligned = 0, opposed = 0;
    for (int j = 0; j < MFLI_PANEL; j++) {
        near[j] = 0.5 + 0.5 * cosine[j];
        far[j] = 0.5 - 0.5 * cosine[j];
        aligned |= cosine[j] > blunt;
        opposed |= cosine[j] < -blunt;
    }
    double chord[MFLI_PANEL];
    if (aligned) {
        half_chords(dimension, row, columns, 1.0, chord);
        for (int j = 0; j < MFLI_PANEL; j++)
            if (cosine[j] > blunt) {
                far[j] = chord[j];
                near[j] = 1.0 - chord[j];
            }
    }
    if (opposed) {
        half_chords(dimension, row, columns, -1.0, chord);
        for (int j = 0; j < MFLI_PANEL; j++)
            if (cosine[j] < -blunt) {
                near[j] = chord[j];
                far[j] = 1.0 - chord[j];
            }
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void tile(const gram_job *job, int64_t row_panel, int64_t column_panel)
{
    const mfli_points *rows = job->rows, *columns = job->columns;
    const double *row = mfli_panel(rows, row_panel), *column = mfli_panel(columns, column_panel);
    const int64_t first_row = row_panel * MFLI_PANEL, first_column = column_panel * MFLI_PANEL;
    double cosine[STRIP][MFLI_PANEL], near[MFLI_PANEL], far[MFLI_PANEL], value[MFLI_PANEL];
    for (int64_t strip = 0; strip < MFLI_PANEL && first_row + strip < rows->count; strip += STRIP) {
        cosines(rows->dimension, row + strip, column, cosine);
        for (int64_t i = first_row + strip; i < least(first_row + strip + STRIP, rows->count);
             i++) {
            half_angles(rows->dimension, row + i - first_row, column, cosine[i - first_row - strip],
                        near, far);
            job->kernel->evaluate(job->kernel, rows->lengths[i], columns->lengths + first_column,
                                  near, far, value);
            int64_t end = job->lower ? i + 1 : columns->count;
            if (end > first_column)
                memcpy(job->out + i * job->stride + first_column, value,
                       (size_t)least(end - first_column, MFLI_PANEL) * sizeof *value);
        }
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

static int32_t build(gram_job *job)
{
    mfli_team_for(job->context, mfli_threads(job->context), mfli_panels(job->rows->count),
                  row_of_tiles, NULL, job);
    if (mfli_cancelled(job->context))
        return mfli_fail(job->context, MFL_ERROR_CANCELLED,
                         "cancelled while the kernel matrix was built");
    return MFL_OK;
}

int32_t mfli_gram(mfl_context *context, const mfli_kernel *kernel, const mfli_points *points,
                  double ridge, double *out, int64_t stride)
{
    gram_job job = {.context = context,
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
                    .kernel = kernel,
                    .rows = rows,
                    .columns = columns,
                    .out = out,
                    .stride = stride};
    return build(&job);
}

void mfli_gram_diagonal(const mfli_kernel *kernel, const mfli_points *points, double *out)
{
    for (int64_t i = 0; i < points->count; i++) {
        double length[MFLI_PANEL] = {points->lengths[i]}, near[MFLI_PANEL] = {1.0},
               far[MFLI_PANEL] = {0.0};
        double value[MFLI_PANEL];
        kernel->evaluate(kernel, points->lengths[i], length, near, far, value);
        out[i] = value[0];
    }
}
