/* SPDX-License-Identifier: BSD-3-Clause */
/* The directions of a neuron's weight vector, as a quadrature rule for functions of Q = J_S^2/Sigma and of
 * |w_S|^2/|w|^2 under the isotropic prior.
 *
 * The outer variable is r = |w_S|/|w_perp|, with density r^(k-1) (1 + r^2)^(-d/2): a trapezoidal lattice in a
 * stretched log r, which has no scale of its own and so suits bulk and specialised neurons alike. The law of Q at
 * fixed r (laws.h) does not depend on d or on anything else, and is worked out only where it is asked for. */
#ifndef MFLI_THEORY_DIRECTIONS_H
#define MFLI_THEORY_DIRECTIONS_H

#include "theory/classes.h"
#include "theory/lattice.h"
#include "theory/laws.h"
#include "theory/length.h"

/* How Q depends on the direction. */
typedef struct mfli_gain {
    int32_t support; /* k: dimension of w_S */
    int32_t degree;  /* of the law in angular.h; 0: Q = scale (|w_S|/|w|)^exponent */
    double scale;    /* of the law in angular.h */
    double exponent;
    double amplitude; /* J_S = amplitude |w_perp| times the sum of angular.h, or amplitude |w| (w_S/|w|)^(exponent/2) */
} mfli_gain;

typedef struct mfli_direction_law {
    int32_t count;
    double *q, *weight; /* count each; the weights add up to 1 (less among the specialised), single ones may be
                           negative; for degree > 0 the tails of angular.h follow */
} mfli_direction_law;

typedef struct mfli_directions {
    mfli_gain gain;
    mfli_laws *laws;     /* borrowed; unused for degree 0 */
    int32_t specialised; /* only the directions with (w_S . s)^2 > k |w|^2 / 2 for a sign pattern s */
    int32_t count;
    double *log_weight, *ratio, *top; /* top: largest Q */
    double *bound;                    /* scratch for whoever sums over the lattice */
    mfli_direction_law *law;          /* count = 0 until mfli_directions_need() */
    mfli_class_law *class_law;        /* the same for mfli_directions_need_classes() */
    mfli_lattice *lattice;            /* borrowed; in place of the laws where it is not NULL */
    mfli_lengths *lengths;            /* borrowed; whoever averages over neurons sets it */
} mfli_directions;

/* step: of log r, at most about half a standard deviation of it. */
int32_t mfli_directions_create(mfl_context *context, const mfli_gain *gain, int64_t d, double step, mfli_laws *laws,
                               int32_t specialised, mfli_directions *directions);
void mfli_directions_finish(mfl_context *context, mfli_directions *directions);

/* Make law[i] available. MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED. */
int32_t mfli_directions_need(mfl_context *context, mfli_directions *directions, int32_t i);

/* Make class_law[i] available, for a parity. MFL_ERROR_MEMORY. */
int32_t mfli_directions_need_classes(mfl_context *context, mfli_directions *directions, const mfli_classes *classes,
                                     int32_t i);

/* |w_S|^2 / |w|^2 at a ratio. */
double mfli_aligned(double ratio);

#endif
