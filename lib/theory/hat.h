/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws from the law of one neuron that a homogeneous activation and a single parity leave, in at most two dimensions.
 *
 * Signs and permutations of w_S leave (T8) as it is, so w_S is put among the non-negative vectors: (log r, theta) with
 * r = |w_S|/|w_perp| and theta the angle between w_S and (1, .., 1). The plane of these two is cut into boxes
 * (boxes.h), finer where the law is. A proposal is a point in it and a direction tau in which w_S leans away from
 * (1, .., 1), uniform on a sphere of k - 2 dimensions. The length is drawn afterwards. */
#ifndef MFLI_THEORY_HAT_H
#define MFLI_THEORY_HAT_H

#include "theory/boxes.h"
#include "theory/density.h"
#include "theory/neuron_law.h"

typedef struct mfli_hat {
    const mfli_density *density; /* borrowed */
    mfli_boxes boxes;            /* of log r and theta, as far as there are such; their law points here */
    int32_t rings;               /* of theta at first, each half as wide as the one before */
    mfli_ray steepest;           /* that of the largest gain */
    double end_angle;            /* of theta: arccos(1/sqrt k) */
    double log_norm;             /* of the density */
    double peak;                 /* log density at the highest probe of the rows */
} mfli_hat;

/* A direction of w. */
typedef struct mfli_hat_point {
    double unit_on[MFLI_DEGREE_MOST], ratio; /* w_S/|w_S|, |w_S|/|w_perp| */
} mfli_hat_point;

/* MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED. */
int32_t mfli_hat_create(mfl_context *context, const mfli_density *density, mfli_hat *hat);
void mfli_hat_finish(mfl_context *context, mfli_hat *hat);

/* The functions of neuron_law.h, and all that it says. */
void mfli_hat_describe(const mfli_hat *hat, mfli_neuron_law *of);

#endif
