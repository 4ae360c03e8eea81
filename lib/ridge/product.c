/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "ridge/iterate.h"
#include "ridge/tile.h"

int32_t mfli_product_init(mfl_context *context, const mfli_kernel *kernel,
                          const mfli_points *points, mfli_product *product)
{
    const size_t padded = (size_t)mfli_panels(points->count) * MFLI_PANEL;
    *product = (mfli_product){context, kernel, points, NULL, NULL};
    product->partial = mfli_alloc(context, padded, MFLI_STRIPES * sizeof(double));
    product->padded = product->partial ? mfli_alloc_zeroed(context, padded, sizeof(double)) : NULL;
    if (product->padded)
        return MFL_OK;
    mfli_product_clear(product);
    return MFL_ERROR_MEMORY;
}

void mfli_product_clear(mfli_product *product)
{
    mfli_free(product->context, product->padded);
    mfli_free(product->context, product->partial);
    product->padded = product->partial = NULL;
}

typedef struct stripe_job {
    mfli_product *product;
    const mfli_tiles *tiles;
    int64_t panels;
} stripe_job;

/* Contributions of a tile below the diagonal to both of its sides; on the diagonal to one. */
static void add_tile(const double tile[MFLI_TILE], const double *x, double *y, int64_t row_panel,
                     int64_t column_panel)
{
    const double *across = x + column_panel * MFLI_PANEL, *down = x + row_panel * MFLI_PANEL;
    double *rows = y + row_panel * MFLI_PANEL, column[MFLI_PANEL] = {0.0};
    for (int i = 0; i < MFLI_PANEL; i++) {
        double sum = 0.0;
        for (int j = 0; j < MFLI_PANEL; j++) {
            sum += tile[i * MFLI_PANEL + j] * across[j];
            column[j] += tile[i * MFLI_PANEL + j] * down[i];
        }
        rows[i] += sum;
    }
    for (int j = 0; row_panel != column_panel && j < MFLI_PANEL; j++)
        y[column_panel * MFLI_PANEL + j] += column[j];
}

/* Every MFLI_STRIPES-th row of tiles: all stripes take about the same time. */
static void stripe(void *data, int64_t index, int32_t thread)
{
    (void)thread;
    const stripe_job *job = data;
    mfli_product *product = job->product;
    double *y = product->partial + index * job->panels * MFLI_PANEL;
    memset(y, 0, (size_t)(job->panels * MFLI_PANEL) * sizeof *y);
    for (int64_t row = index; row < job->panels; row += MFLI_STRIPES)
        for (int64_t column = 0; column <= row && !mfli_cancelled(product->context); column++) {
            double tile[MFLI_TILE];
            job->tiles->values(product->kernel, product->points, row, product->points, column,
                               tile);
            add_tile(tile, product->padded, y, row, column);
        }
}

/* Lets the progress callback cancel a long product. */
static void tick(void *data)
{
    const stripe_job *job = data;
    mfli_progress(job->product->context, "conjugate gradients: product", 0.0);
}

int32_t mfli_product_apply(mfli_product *product, const double *x, double *y)
{
    const int64_t count = product->points->count, panels = mfli_panels(count);
    stripe_job job = {product, mfli_tiles_select(product->context), panels};
    memcpy(product->padded, x, (size_t)count * sizeof *x);
    mfli_team_for(product->context, mfli_threads(product->context), MFLI_STRIPES, stripe, tick,
                  &job);
    if (mfli_cancelled(product->context))
        return mfli_fail(product->context, MFL_ERROR_CANCELLED,
                         "cancelled in a product with the kernel matrix");
    for (int64_t i = 0; i < count; i++) {
        double sum = 0.0;
        for (int64_t s = 0; s < MFLI_STRIPES; s++)
            sum += product->partial[s * panels * MFLI_PANEL + i];
        y[i] = sum;
    }
    return MFL_OK;
}
