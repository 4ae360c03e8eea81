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
 * shorter one.
 *
 * Directions: the sphere S^{k-1} is split into k/2 planes; plane i has the share u_i of |w_S|^2, uniformly
 * distributed on the simplex, and an angle. Sign and permutation symmetry leave u_1 >= u_2 >= ... and angles in
 * [0, pi/4]. Gauss-Legendre nodes crowd at the ends of these ranges, where Q is largest (all |w_j| equal). */
#ifndef MFLI_THEORY_ANGULAR_H
#define MFLI_THEORY_ANGULAR_H

#include <mflearn/types.h>

enum { MFLI_ANGULAR_PLANES = 4, MFLI_DEGREE_MOST = 2 * MFLI_ANGULAR_PLANES };

typedef struct mfli_angular_rule {
    int32_t degree, planes;
    int32_t angles, shares;         /* nodes of an angle; nodes of the simplex */
    double *cosine, *sine, *weight; /* of the angles */
    double *share;                  /* shares x planes */
    double *share_weight;
} mfli_angular_rule;

/* order: Gauss-Legendre nodes per dimension; crowding: their density where Q is largest is larger by a factor of
 * about sinh(crowding)/crowding. Status: MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_angular_rule_create(mfl_context *context, int32_t degree, int32_t order, double crowding,
                                 mfli_angular_rule *rule);
void mfli_angular_rule_finish(mfl_context *context, mfli_angular_rule *rule);

/* A discrete law of Q with the moments of the true one, piece by piece: pieces halve in width towards the largest
 * value, so that exp(g Q) is integrated to rounding for g up to 2^24/top. */
typedef struct mfli_angular_law {
    int32_t count;
    double *q;           /* count values */
    double *weight;      /* count weights; their sum is 1, single ones may be negative */
    double *specialised; /* the part of the weight with (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s */
} mfli_angular_law;

/* Q in units of (2 even)^2 / (Sigma/|w|^2), at ratio r in (0, inf]; spread is the step of log r at which the caller
 * sums, over which the edge of the specialised part is smeared. */
int32_t mfli_angular_law_create(mfl_context *context, const mfli_angular_rule *rule, double ratio, double spread,
                                mfli_angular_law *law);
void mfli_angular_law_finish(mfl_context *context, mfli_angular_law *law);

/* Which part of a lattice cell of log r around `ratio`, `spread` wide, makes a direction count as specialised:
 * (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s, where sum = sum_j |w_j| / |w_S|. */
double mfli_specialised_part(double sum, int32_t degree, double ratio, double spread);

/* The same Q in the one direction with |w_j| all equal on the support. */
double mfli_angular_top(int32_t degree, double ratio);

#endif
