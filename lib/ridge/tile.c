/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiles of kernel matrices, compiled once an instruction set with MFLI_ISA as the suffix of the
 * exported table and MFLI_VECTOR_BYTES. Loops over the MFLI_PANEL columns of a row become vectors.
 */
#include "ridge/tile.h"

#include "kernels/vector.h"
#include "ridge/forms.h"

/* Rows whose sums the registers hold at once, beside the columns. */
enum { COLUMNS = MFLI_PANEL / LANES, STRIP = 2 };

/* Beyond this |cos theta| the rounding of cos theta would be felt in 1 - |cos theta|. */
static const double blunt = 0.9;

static void cosines(int64_t dimension, const double *restrict rows, const double *restrict columns,
                    double result[STRIP][MFLI_PANEL])
{
    v_real sum[STRIP][COLUMNS] = {{{0.0}}};
    for (int64_t k = 0; k < dimension; k++)
#pragma GCC unroll 8
        for (int v = 0; v < COLUMNS; v++) {
            const v_real column = load(columns + k * MFLI_PANEL + v * LANES);
#pragma GCC unroll 2
            for (int r = 0; r < STRIP; r++)
                sum[r][v] += rows[k * MFLI_PANEL + r] * column;
        }
#pragma GCC unroll 2
    for (int r = 0; r < STRIP; r++)
#pragma GCC unroll 8
        for (int v = 0; v < COLUMNS; v++)
            store(result[r] + v * LANES, sum[r][v]);
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

/* Calls `each` with the geometry of every row of the tile. The sums over coordinates are those of
 * whole strips, so an element does not depend on which others are wanted. */
#define FOR_EACH_ROW(each)                                                                         \
    do {                                                                                           \
        const double *row = mfli_panel(rows, row_panel);                                           \
        const double *column = mfli_panel(columns, column_panel);                                  \
        double cosine[STRIP][MFLI_PANEL];                                                          \
        geometry g;                                                                                \
        g.t = columns->lengths + column_panel * MFLI_PANEL;                                        \
        if (columns->features)                                                                     \
            g.column_features = mfli_feature_panel(columns, column_panel);                         \
        for (int i = 0; i < MFLI_PANEL; i++) {                                                     \
            if (i % STRIP == 0)                                                                    \
                cosines(rows->dimension, row + i, column, cosine);                                 \
            half_angles(rows->dimension, row + i, column, cosine[i % STRIP], g.near, g.far);       \
            g.s = rows->lengths[row_panel * MFLI_PANEL + i];                                       \
            if (rows->features)                                                                    \
                g.row_features = mfli_feature_panel(rows, row_panel) + i;                          \
            each;                                                                                  \
        }                                                                                          \
    } while (0)

static void values(const mfli_kernel *kernel, const mfli_points *rows, int64_t row_panel,
                   const mfli_points *columns, int64_t column_panel, double out[MFLI_TILE])
{
    FOR_EACH_ROW(form_values(kernel, &g, out + i * MFLI_PANEL));
}

static void slopes(const mfli_kernel *kernel, const mfli_points *rows, int64_t row_panel,
                   const mfli_points *columns, int64_t column_panel, mfli_slopes *out)
{
    FOR_EACH_ROW(form_slopes(kernel, &g, out->value + i * MFLI_PANEL, out->product + i * MFLI_PANEL,
                             out->square + i * MFLI_PANEL));
}

static void diagonal(const mfli_kernel *kernel, const mfli_points *points, int64_t panel,
                     double out[MFLI_PANEL])
{
    for (int i = 0; i < MFLI_PANEL; i++) {
        double value[MFLI_PANEL];
        const double *lengths = points->lengths + panel * MFLI_PANEL;
        geometry g = {.s = lengths[i], .t = lengths};
        /* The zero vector is at a right angle to itself, as in the tile. */
        for (int j = 0; j < MFLI_PANEL; j++) {
            g.near[j] = lengths[i] > 0.0 ? 1.0 : 0.5;
            g.far[j] = 1.0 - g.near[j];
        }
        if (points->features) {
            g.row_features = mfli_feature_panel(points, panel) + i;
            g.column_features = mfli_feature_panel(points, panel);
        }
        form_values(kernel, &g, value);
        out[i] = value[i];
    }
}

#define TABLE_(isa) mfli_tiles_##isa
#define TABLE(isa) TABLE_(isa)
extern const mfli_tiles TABLE(MFLI_ISA);
const mfli_tiles TABLE(MFLI_ISA) = {values, slopes, diagonal};
