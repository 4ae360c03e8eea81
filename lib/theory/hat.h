/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws from the law of one neuron by rejection.
 *
 * Signs and permutations of w_S leave (T8) as it is, so w_S is put among the non-negative vectors:
 * (log r, theta) with r = |w_S|/|w_perp| and theta the angle between w_S and (1, .., 1). The plane
 * of these two is cut into rectangles, finer where the law is, each with a bound of the density:
 * the hat. A draw is a rectangle, a point in it, and a direction tau in which w_S leans away from
 * (1, .., 1), uniform on a sphere of k - 2 dimensions; it is kept with the ratio of density and
 * bound as probability. The length is drawn afterwards, by rejection from steps under a density
 * with one summit, which is exact.
 *
 * Bounds come from probes at the corners, sides and centres of the rectangles for extreme tau, with
 * a margin, and are raised wherever a draw of a rehearsal exceeds them, until `quiet` draws in a
 * row do not. What may still exceed a bound is missing from the draws: that has a probability of
 * some 1/quiet, times the part by which it exceeds. */
#ifndef MFLI_THEORY_HAT_H
#define MFLI_THEORY_HAT_H

#include "theory/density.h"
#include "theory/draws.h"

enum { MFLI_HAT_QUIET = 20000 };

typedef struct mfli_hat_cell {
    double low[2], high[2]; /* of log r and theta */
    double log_bound;       /* of the density in the rectangle */
    double total;       /* mass of the hat up to and including this rectangle, the whole being 1 */
    double mass, waste; /* of the hat, and the part of it that lies above the density; in units of
                           exp(peak) */
} mfli_hat_cell;

typedef struct mfli_hat {
    const mfli_density *density; /* borrowed */
    int32_t count, capacity;
    mfli_hat_cell *cell;
    int32_t rings;             /* of theta at first, each half as wide as the one before */
    mfli_density_ray steepest; /* that of the largest gain */
    double end_angle;          /* of theta: arccos(1/sqrt k) */
    double log_norm;           /* of the density */
    double peak;               /* log density at the highest probe */
    double log_total;          /* log of the hat's whole mass */
    double acceptance; /* measured in the last rehearsal; log_total + log(acceptance) estimates log
                          Z */
} mfli_hat;

/* MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED. */
int32_t mfli_hat_create(mfl_context *context, const mfli_density *density, mfli_hat *hat);
void mfli_hat_finish(mfl_context *context, mfli_hat *hat);

/* w_S with signs, and |w_perp|. */
typedef struct mfli_neuron_draw {
    double on[MFLI_DEGREE_MOST], across;
} mfli_neuron_draw;

/* Neuron `index` under the seed. */
void mfli_hat_draw(const mfli_hat *hat, mfli_draws *draws, mfli_neuron_draw *neuron);

#endif
