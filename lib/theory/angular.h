/* SPDX-License-Identifier: BSD-3-Clause */
/* The law of Q = J_S^2/Sigma among the directions of w_S, at a fixed ratio r = |w_S| / |w_perp|.
 *
 * For a parity of even degree k and phi(z) = odd z + even |z|, only |z| contributes, and with t = w_S/|w_perp|,
 * (T10) is, by the Fourier transform of h_0 (a Gaussian divided by -omega^2),
 *
 *     J_S = |w_perp| 2 even / pi  int_0^inf d omega  exp(-omega^2/2) omega^-2  prod_j sin(omega t_j),
 *
 * up to a sign: a trapezoidal sum that converges faster than exponentially and, unlike the alternating sum over
 * signs, keeps its relative accuracy where t is small and J_S is of order t^k. For large t the sum over signs is the
 * shorter one. */
#ifndef MFLI_THEORY_ANGULAR_H
#define MFLI_THEORY_ANGULAR_H

#include "theory/sector.h"

/* Sums over frequencies for |t|_1 up to a reach; count = 0: that over signs is the shorter one. */
enum { MFLI_FREQUENCIES_MOST = 896 };
typedef struct mfli_frequencies {
    int32_t count;
    double reach, step, factor[MFLI_FREQUENCIES_MOST];
} mfli_frequencies;

void mfli_frequencies_choose(int32_t degree, double reach, mfli_frequencies *f);

/* J_S/(2 even |w_perp|) up to a sign, lane by lane; with smooth = 0, J_S/(2 even) without w_perp. */
void mfli_angular_amplitudes(const mfli_angular_loops *loops, int32_t degree, const mfli_frequencies *f,
                             double (*t)[MFLI_ANGULAR_LANES], int32_t smooth, double *amplitude);

/* A law is written as weights at fixed distances z = 1 - Q/top below the largest value: it has the moments of the true
 * one on pieces of [0, 1] that halve in width towards z = 0, so that exp(g Q) is integrated to rounding for g up to
 * 2^24/top. Being moments at fixed z, the weights are smooth in r. For smaller g fewer points do: piece b and all those
 * after it make up tail b, with the moments on [0, 2^-b]; its weights are at [MFLI_LAW + b MFLI_LAW_MOMENTS]. */
enum {
    MFLI_LAW_PIECES = 25,
    MFLI_LAW = MFLI_LAW_MOMENTS * MFLI_LAW_PIECES,
    MFLI_LAW_WEIGHTS = 2 * MFLI_LAW /* pieces, tails */
};

/* z of each weight. */
void mfli_law_distances(double distance[MFLI_LAW_WEIGHTS]);

/* Weights of the law at ratio r in (0, inf]; the sum of the pieces is 1, single ones may be negative. crowding:
 * nodes are denser at the apex by a factor of about sinh(crowding)/crowding. cap: only directions that make the
 * neuron specialised, (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s (there are none for r <= 1). */
void mfli_angular_law(const mfli_sector *sector, double ratio, double crowding, int32_t cap,
                      double weight[MFLI_LAW_WEIGHTS]);

/* J_S/(2 even) of w_S = t and |w_perp| = 1, or 0 where it is not `smooth`; summed over signs, to rounding absolutely. */
double mfli_angular_sum(int32_t degree, const double *t, int32_t smooth);

/* Q in the one direction with |w_j| all equal, the largest, in units of (2 even)^2 / (Sigma/|w|^2). */
double mfli_angular_top(int32_t degree, double ratio);

#endif
