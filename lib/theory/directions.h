/* SPDX-License-Identifier: BSD-3-Clause */
/* The directions of a neuron's weight vector, as a quadrature rule for functions of Q = J_S^2/Sigma and of
 * |w_S|^2/|w|^2 under the isotropic prior.
 *
 * The outer variable is r = |w_S|/|w_perp|, with density r^(k-1) (1 + r^2)^(-d/2): a trapezoidal lattice in a
 * stretched log r, which has no scale of its own and so suits bulk and specialised neurons alike. The law of Q at
 * fixed r (angular.h) does not depend on d or on anything else, and is worked out only where it is asked for. */
#ifndef MFLI_THEORY_DIRECTIONS_H
#define MFLI_THEORY_DIRECTIONS_H

#include "theory/classes.h"
#include "theory/length.h"

/* How Q depends on the direction. */
typedef struct mfli_gain {
    int32_t support; /* k: dimension of w_S */
    int32_t degree;  /* of the law in angular.h; 0: Q = scale (|w_S|/|w|)^exponent */
    double scale;    /* of the law in angular.h */
    double exponent;
} mfli_gain;

typedef struct mfli_resolution {
    int32_t order;   /* nodes per angular dimension */
    double crowding; /* of angular.h */
    double step;     /* of log r; at most about half a standard deviation of it */
} mfli_resolution;

typedef struct mfli_directions {
    mfli_gain gain;
    mfli_angular_rule rule;
    double step; /* of log r */
    int32_t count;
    double *log_weight, *ratio, *top; /* top: largest Q */
    mfli_length_table lengths;        /* of class_law's users */
    double *bound;                    /* scratch for whoever sums over the lattice */
    mfli_angular_law *law;            /* count = 0 until mfli_directions_need() */
    mfli_class_law *class_law;        /* the same for mfli_directions_need_classes() */
} mfli_directions;

int32_t mfli_directions_create(mfl_context *context, const mfli_gain *gain, int64_t d,
                               const mfli_resolution *resolution, mfli_directions *directions);
void mfli_directions_finish(mfl_context *context, mfli_directions *directions);

/* Make law[i] available. */
int32_t mfli_directions_need(mfl_context *context, mfli_directions *directions, int32_t i);

/* Make class_law[i] available, for a parity. */
int32_t mfli_directions_need_classes(mfl_context *context, mfli_directions *directions, const mfli_classes *classes,
                                     int32_t i);

/* |w_S|^2 / |w|^2 at a ratio. */
double mfli_aligned(double ratio);

#endif
