/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over samples for up to six neighbouring inputs and one panel, held in registers. */
#ifndef MFLI_KERNELS_COLUMNS_H
#define MFLI_KERNELS_COLUMNS_H

#include "vector.h"

enum { COLUMNS = 6 }; /* x 2 vectors: 12 registers of sums */

/* accumulate(j, columns) for all inputs, `columns` a constant in each expansion. */
#define FOR_COLUMNS(inputs, accumulate)                                                            \
    do {                                                                                           \
        size_t column = 0;                                                                         \
        for (; column + COLUMNS <= (inputs); column += COLUMNS)                                    \
            accumulate(column, COLUMNS);                                                           \
        switch ((inputs) - column) {                                                               \
        case 5: accumulate(column, 5); break;                                                      \
        case 4: accumulate(column, 4); break;                                                      \
        case 3: accumulate(column, 3); break;                                                      \
        case 2: accumulate(column, 2); break;                                                      \
        case 1: accumulate(column, 1); break;                                                      \
        default: break;                                                                            \
        }                                                                                          \
    } while (0)

INLINE void load_columns(v_real sum[COLUMNS][VECTORS], const real *gradient, const int columns)
{
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        sum[j][0] = load(gradient + j * WIDTH);
        sum[j][1] = load(gradient + j * WIDTH + LANES);
    }
}

INLINE void store_columns(v_real sum[COLUMNS][VECTORS], real *gradient, const int columns)
{
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        store(gradient + j * WIDTH, sum[j][0]);
        store(gradient + j * WIDTH + LANES, sum[j][1]);
    }
}

#endif
