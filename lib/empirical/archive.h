/* SPDX-License-Identifier: BSD-3-Clause */
/* Particles and shadows of some sweeps, kept for predictions: k(x) is the average over all of them. */
#ifndef MFLI_EMPIRICAL_ARCHIVE_H
#define MFLI_EMPIRICAL_ARCHIVE_H

#include "empirical/swarm.h"

enum { MFLI_SNAPSHOTS = 8 };

typedef struct mfli_archive {
    mfl_context *context;
    int64_t count, dimension;       /* M, d */
    double *particles;              /* MFLI_SNAPSHOTS x M x d, whitened for the precisions of the end */
    double *shadows;                /* the same */
    double *share;                  /* MFLI_SNAPSHOTS x M: of phi phi^T in the kernel */
    int64_t stored[MFLI_SNAPSHOTS]; /* sweep + 1; 0: empty */
} mfli_archive;

int32_t mfli_archive_create(const mfli_swarm *swarm, mfli_archive *archive);
void mfli_archive_finish(mfli_archive *archive);

/* Look at the swarm after its sweep `sweep`; snapshots come to cover the last few tenths of all sweeps. */
void mfli_archive_look(mfli_archive *archive, const mfli_swarm *swarm, int64_t sweep);

/* Coordinates of particles change: u_j by a factor. */
void mfli_archive_rescale(mfli_archive *archive, const double *factor);

int64_t mfli_archive_used(const mfli_archive *archive);

#endif
