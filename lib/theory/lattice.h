/* SPDX-License-Identifier: BSD-3-Clause */
/* The directions of a neuron as a lattice in t = w_S/|w_perp|, for parities with many inputs off the support.
 *
 * J_S/|w_perp| is an entire function of t whose scale is 1, and the prior's density (1 + |t|^2)^(-d/2) is smooth too,
 * so that a lattice rule in all k coordinates converges faster than exponentially in its spacing. Neurons are within a
 * few d^(-1/2) of the origin or, specialised, of a point t_0 (s_1, .., s_k) that can be far: for the orthant of s = 1,
 *
 *     t_j = sinh(y) + (x_j - y) sinh(a x)/(a x),   y = mean of x_j,  x = |(x_j - y)_j|,
 *
 * is as fine across the diagonal there as it is at the origin, and logarithmic along it and, away from it, across. An
 * aligned neuron's law has a tail like |u|^(1 - d) in the distance u = sinh(a x)/a from the diagonal and the prior one
 * like |t|^(k - d); both hold so little that it does no harm when the creases of J_S there, of width 1, fall between
 * the points. Other orthants are mirror images: the window prod_j erfc(-t_j/l)/2 takes one out, since it adds up to 1
 * over all sign flips; l follows the spacing in t, and is the same for all mirror images. x runs over
 * h (Z^k and Z^k + (1,..,1)/2), whose reciprocal lattice has its vectors furthest apart for their density (k = 4) or
 * nearly so.
 *
 * Sorted points stand for all their permutations: they are mean and gaps a_i = (x_i - x_{i+1})/h >= 0, that is,
 * lines along the diagonal, cut into chunks of MFLI_ANGULAR_LANES points. The density in t falls as a gap grows, so
 * that a search through the gaps ends where it is negligible and the volume dt/dx has no chance to make up for it. */
#ifndef MFLI_THEORY_LATTICE_H
#define MFLI_THEORY_LATTICE_H

#include "theory/angular.h"
#include "theory/classes.h"

typedef struct mfli_chunk {
    double q[MFLI_ANGULAR_LANES], aligned[MFLI_ANGULAR_LANES]; /* Q in units of the gain's scale; |w_S|^2/|w|^2 */
    double log_weight[MFLI_ANGULAR_LANES];                     /* of the isotropic prior */
    double log_volume; /* of dt/dx, but for what depends on y, and permutations */
    double promise;    /* by how much dt/dx may rise as gaps grow */
    double *power; /* classes x lanes: shares of power; NULL until needed */
} mfli_chunk;

typedef struct mfli_lattice {
    int32_t degree, chunks;  /* k; along the diagonal */
    double d, spacing, norm; /* h; log of the prior's integral over t */
    double stretch;          /* a */
    double done;             /* what to report as progress */
    double threshold;        /* log densities this far below the largest are left out */
    double accuracy;         /* of the integrals over lengths */
    const mfli_angular_loops *loops;
    int64_t room, count;     /* of the table of chunks that were needed so far */
    int64_t visited;         /* chunks that the last sum counted */
    uint64_t *key;
    mfli_chunk **chunk;
    mfli_frequencies frequencies; /* of the last sum */
} mfli_lattice;

/* Is a lattice of that spacing possible? */
int32_t mfli_lattice_serves(int32_t degree, double spacing);

void mfli_lattice_init(mfl_context *context, int32_t degree, int64_t d, double spacing, double threshold,
                       mfli_lattice *lattice);
void mfli_lattice_finish(mfl_context *context, mfli_lattice *lattice);

/* A chunk; gaps[i] <= MFLI_GAP_MOST for i < k - 1. With `classes`, its powers too. MFL_ERROR_MEMORY. */
enum { MFLI_GAP_MOST = 255, MFLI_LATTICE_CHUNKS = 2000 };
int32_t mfli_lattice_need(mfl_context *context, mfli_lattice *lattice, const mfli_classes *classes, int32_t at,
                          const int32_t *gaps, mfli_chunk **chunk);

/* Was it ever needed? */
int32_t mfli_lattice_has(const mfli_lattice *lattice, int32_t at, const int32_t *gaps);

/* The y of a chunk's points is start + lane step; the line's diagonal enters the specialised directions,
 * (sum_j |t_j|)^2 > k (1 + |t|^2)/2, at y = edge. */
typedef struct mfli_lattice_line {
    double start, step, edge;
} mfli_lattice_line;

mfli_lattice_line mfli_lattice_line_at(const mfli_lattice *lattice, int32_t at, const int32_t *gaps);

#endif
