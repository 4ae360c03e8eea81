/* SPDX-License-Identifier: BSD-3-Clause */
/* The hot loops of angular.h, one table an instruction set; the same bits from each. */
#ifndef MFLI_THEORY_ANGULAR_LOOPS_H
#define MFLI_THEORY_ANGULAR_LOOPS_H

#include <stdint.h>

enum { MFLI_ANGULAR_LANES = 16, MFLI_LAW_MOMENTS = 16 };

/* sum[l] = sum_{i < count} factor[i] prod_{j < degree} sin((i + 1/2) step t[j][l]), degree = 2, 4, 6 or 8, for
 * |step t| <= 3 pi/2. Keeps the relative accuracy of small sines. */
typedef struct mfli_angular_loops {
    /* sum[l] = sum_{i < count} factor[i] prod_{j < degree} sin((i + 1/2) step t[j][l]), degree = 2, 4, 6 or 8, for
     * |step t| <= 3 pi/2. Keeps the relative accuracy of small sines. */
    void (*sums)(int32_t count, double step, const double *factor, int32_t degree, double (*t)[MFLI_ANGULAR_LANES],
                 double *sum);
    /* moment[j] += weight T_j(x), j < MFLI_LAW_MOMENTS. */
    void (*tally)(double x, double weight, double *moment);
} mfli_angular_loops;

const mfli_angular_loops *mfli_angular_loops_select(int32_t instruction_set);

#endif
