/* SPDX-License-Identifier: BSD-3-Clause */
/* Directions of w_S up to signs and permutations: w_1 >= w_2 >= ... >= w_k >= 0.
 *
 * That cone has the edges (1,..,1), (1,..,1,0), ..., (1,0,..,0). A direction is (1 - x) apex + x far, where the apex is
 * (1,..,1), at which Q is largest, and far is on the face w_k = 0, where J_S vanishes: x carries what is sharp, and the
 * k - 2 coordinates of the face ("shape") what is smooth. A simplicial cone with edges g_i has the solid angle
 * |det g| da / |sum a_i g_i|^k on the simplex sum a_i = 1; edges of unit length make it vary least.
 *
 * Without smoothing by w_perp J_S has kinks where w_S . s = 0 for a sign pattern s. For k = 4 the split sector is cut
 * along them, w_1 + w_4 = w_2 + w_3 and w_1 = w_2 + w_3 + w_4, into three cones. */
#ifndef MFLI_THEORY_SECTOR_H
#define MFLI_THEORY_SECTOR_H

#include <mflearn/types.h>

#include "theory/angular_loops.h"

enum { MFLI_DEGREE_MOST = 8, MFLI_POLAR_MOST = 96 };

typedef struct mfli_facet {
    double apex[MFLI_DEGREE_MOST], far[MFLI_DEGREE_MOST];
    double weight; /* of the face, such that sum weight x^(k-2) / |w|^k over nodes is 1 */
} mfli_facet;

typedef struct mfli_sector {
    int32_t degree, polar;
    int64_t shapes;
    double node[MFLI_POLAR_MOST], weight[MFLI_POLAR_MOST]; /* Gauss-Legendre in [0, 1], for x */
    mfli_facet *shape;
    const mfli_angular_loops *loops; /* of the context's instruction set */
} mfli_sector;

/* order: nodes of the first dimension of the face (each further one has one less, at least 2); polar: nodes of x.
 * Status: MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_sector_create(mfl_context *context, int32_t degree, int32_t order, int32_t polar, int32_t split,
                           mfli_sector *sector);
void mfli_sector_finish(mfl_context *context, mfli_sector *sector);

/* Directions of one sector. */
int64_t mfli_sector_size(int32_t degree, int32_t order, int32_t polar);

#endif
