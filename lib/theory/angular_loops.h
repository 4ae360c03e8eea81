/* SPDX-License-Identifier: BSD-3-Clause */
/* The hot loops of angular.h and lattice.h, one table an instruction set; the same bits from each. */
#ifndef MFLI_THEORY_ANGULAR_LOOPS_H
#define MFLI_THEORY_ANGULAR_LOOPS_H

#include <stdint.h>

enum { MFLI_ANGULAR_LANES = 8, MFLI_LAW_MOMENTS = 16 };

/* Moments of radial.h, of as many pairs (c, g). */
typedef struct mfli_length_lanes {
    double log_mass[MFLI_ANGULAR_LANES]; /* less g */
    double s[MFLI_ANGULAR_LANES], s2[MFLI_ANGULAR_LANES], x[MFLI_ANGULAR_LANES];
} mfli_length_lanes;

typedef struct mfli_angular_loops {
    /* sum[l] = sum_{i < count} factor[i] prod_{j < degree} sin((i + 1/2) step t[j][l]), degree = 2, 4, 6 or 8, for
     * |step t| <= 3 pi/2. Keeps the relative accuracy of small sines. */
    void (*sums)(int32_t count, double step, const double *factor, int32_t degree, double (*t)[MFLI_ANGULAR_LANES],
                 double *sum);
    /* moment[j] += weight T_j(x), j < MFLI_LAW_MOMENTS. */
    void (*tally)(double x, double weight, double *moment);
    /* The integral over lengths at d > 1, lane by lane, to a relative `accuracy`, 1e-14 being all there is; `norm` =
     * log of (2^(d/2) Gamma(d/2)). */
    void (*lengths)(double d, double norm, double accuracy, const double *c, const double *g, mfli_length_lanes *to);
} mfli_angular_loops;

const mfli_angular_loops *mfli_angular_loops_select(int32_t instruction_set);

#endif
