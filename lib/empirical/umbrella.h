/* SPDX-License-Identifier: BSD-3-Clause */
/* A bias that fills the valley between humps of a neuron's law.
 *
 * Near a transition neurons are either indifferent or specialised, and few are on the way. Both
 * kinds differ in the gain l of the data (cavity.h). Particles therefore sample prior exp(l +
 * V(l)), where V lifts whatever lies in a valley of the density of l to the lower of the two rims,
 * and count with weight exp(-V). On a law with one hump V = 0. Any V
 * is correct; only how fast particles mix depends on it, so it may be learned from them. */
#ifndef MFLI_EMPIRICAL_UMBRELLA_H
#define MFLI_EMPIRICAL_UMBRELLA_H

#include <stdint.h>

enum { MFLI_UMBRELLA_BINS = 512 };

typedef struct mfli_umbrella {
    double fresh[MFLI_UMBRELLA_BINS]; /* weights seen since the last update */
    double seen[MFLI_UMBRELLA_BINS];  /* their moving average */
    double lift[MFLI_UMBRELLA_BINS];  /* V at the centres */
} mfli_umbrella;

void mfli_umbrella_add(mfli_umbrella *umbrella, double gain, double weight);
/* Learn from what was added since. */
void mfli_umbrella_update(mfli_umbrella *umbrella);

/* V(l), and its derivative. */
double mfli_umbrella_at(const mfli_umbrella *umbrella, double gain, double *slope);

#endif
