/* SPDX-License-Identifier: BSD-3-Clause */
/* The self-consistency by Langevin particles and moving averages, as the source of the mean-field
 * theory solves it: each particle is one neuron in all d dimensions that sees the order parameters
 * of the others' average.
 *
 * Langevin steps in R^d, of which w_S and |w_perp| are a Markov chain of their own, so that a step
 * costs the same for any d; with a Metropolis test in R^d, so that the size of the steps leaves no
 * bias. Every few steps the order parameters follow an exponential moving average of the particles'
 * moments. Errors are those of batch means in time. */
#ifndef MFLI_THEORY_PARTICLES_H
#define MFLI_THEORY_PARTICLES_H

#include "theory/results.h"

typedef struct mfli_particles_options {
    int64_t particles, steps; /* how many; most steps of each */
    double tolerance;         /* of m, relative */
} mfli_particles_options;

/* MFL_ERROR_MEMORY, MFL_ERROR_DIVERGED; MFL_ERROR_CANCELLED where there is no result yet.
 * setting->directions is not used. */
int32_t mfli_particles_solve(const mfli_setting *setting, const mfli_particles_options *options,
                             int32_t branch, mfli_solution *solution, mfli_results *results);

#endif
