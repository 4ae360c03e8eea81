/* SPDX-License-Identifier: BSD-3-Clause */
/* Square tiles of a kernel matrix: MFLI_PANEL rows by MFLI_PANEL columns. The source is compiled
 * once an instruction set; values may differ between instruction sets in their last bits. */
#ifndef MFLI_RIDGE_TILE_H
#define MFLI_RIDGE_TILE_H

#include "ridge/points.h"

enum { MFLI_TILE = MFLI_PANEL * MFLI_PANEL };

/* What the kernel K(s^2, t^2, r) changes by: dK/dr, and dK/ds^2 at fixed t^2 and r. Where x and x'
 * are parallel, singular parts, which do not contribute to changes of rho_j, are left out. */
typedef struct mfli_slopes {
    double value[MFLI_TILE], product[MFLI_TILE], square[MFLI_TILE];
} mfli_slopes;

typedef struct mfli_tiles {
    void (*values)(const mfli_kernel *kernel, const mfli_points *rows, int64_t row_panel,
                   const mfli_points *columns, int64_t column_panel, double out[MFLI_TILE]);
    void (*slopes)(const mfli_kernel *kernel, const mfli_points *rows, int64_t row_panel,
                   const mfli_points *columns, int64_t column_panel, mfli_slopes *out);
    /* K(x, x) of the points of a panel, equal to the diagonal of values() to the last bit. */
    void (*diagonal)(const mfli_kernel *kernel, const mfli_points *points, int64_t panel,
                     double out[MFLI_PANEL]);
} mfli_tiles;

/* For the instruction set that the context uses. */
const mfli_tiles *mfli_tiles_select(const mfl_context *context);

#endif
