/* SPDX-License-Identifier: BSD-3-Clause */
/* Particles that sample the law of one neuron in a field, each with a shadow that samples the prior.
 *
 * Coordinates are whitened, u_j = w_j sqrt(rho_j), and so are the inputs: the prior is N(0, I). Hamiltonian
 * trajectories are split so that motion under the prior is an exact rotation of (u, velocity) and
 * the data kick: the size of a step is limited by the data alone, and a shadow, which is never
 * kicked, needs no Metropolis test. A particle and its shadow begin together and share their
 * velocities, so that they stay close wherever the data hardly
 * matter, and are the same numbers where they do not matter at all.
 *
 * Half of the particles begin at the prior; the other half have felt the data too strongly at first. */
#ifndef MFLI_EMPIRICAL_SWARM_H
#define MFLI_EMPIRICAL_SWARM_H

#include "empirical/cavity.h"
#include "empirical/rough.h"
#include "empirical/umbrella.h"
#include "network/model.h"

/* Populations of particles that are compared, see trace.h. */
enum { MFLI_POPULATIONS = 4 };

typedef struct mfli_swarm {
    mfl_context *context;
    const mfli_model *model;
    int64_t samples, dimension, count; /* P, d, M */
    double *inputs;                    /* P x d, whitened */
    double *place, *shadow;            /* M x d */
    double *weight;                    /* M, of sum 1 over each population */
    mfli_response *response;           /* M, in the field of the last sweep */
    double boost;                      /* factor of the gain for the second half of the particles */
    mfli_umbrella umbrella;
    double angle[2]; /* of a step: of sweeps in general, and of those for neurons that feel the data */
    uint64_t sweep;
    int64_t planned;     /* sweeps, for progress */
    int64_t evaluations; /* of all particles' forces */
    double accepted;     /* share, of the last sweep */

    int64_t tile;                                 /* rows of what follows */
    double *z, *phi, *slope;                      /* tile x P */
    double *low;                                  /* tile x rank of the field's surrogate */
    double *force, *velocity, *follower, *before; /* tile x d */
    double *form, *dot, *energy;                  /* tile */
    double *towards, *against;                    /* tile: what the force is made of */
    mfli_rough rough;
    mfli_response *felt, *left;                   /* tile */
} mfli_swarm;

/* Particles at the prior; the inputs are the caller's to fill in. On failure nothing is left to be
 * finished. MFL_ERROR_MEMORY. */
int32_t mfli_swarm_create(mfl_context *context, const mfli_model *model, int64_t samples, int64_t rank,
                          int64_t count, mfli_swarm *swarm);
void mfli_swarm_finish(mfli_swarm *swarm);

/* One trajectory of every particle and shadow. MFL_ERROR_CALLBACK; MFL_ERROR_CANCELLED, after which places
 * are those between two sweeps for some of them. */
int32_t mfli_swarm_move(mfli_swarm *swarm, const mfli_cavity *cavity);

/* Rows of phi (swarm->phi) at `rows` places from row `first` of an M x d array. MFL_ERROR_CALLBACK. */
int32_t mfli_swarm_features(mfli_swarm *swarm, const double *places, int64_t first, int64_t rows);

static inline int32_t mfli_swarm_population(const mfli_swarm *swarm, int64_t i)
{
    return (int32_t)(i * MFLI_POPULATIONS / swarm->count);
}

#endif
