/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws by rejection under a bound in each of many boxes: the hat.
 *
 * Within a box the logarithm of the bound is linear. A draw is a box, a point under its bound, and whatever else the law
 * has to draw before its density is known; it is kept with the ratio of density and bound as probability.
 *
 * Bounds come from probes at the corners, faces and in the middle of the boxes, with a margin, and are raised wherever a
 * draw of a rehearsal exceeds them, until MFLI_BOXES_QUIET draws in a row do not. What may still exceed a bound is
 * missing from the draws: that has a probability of some 1/MFLI_BOXES_QUIET, times the part by which it exceeds. */
#ifndef MFLI_THEORY_BOXES_H
#define MFLI_THEORY_BOXES_H

#include <mflearn/types.h>

#include "theory/draws.h"
#include "theory/frame.h"

enum { MFLI_BOXES_QUIET = 20000 };

typedef struct mfli_box {
    int32_t chart;
    double low[MFLI_AXES_MOST], high[MFLI_AXES_MOST];
    double log_bound;             /* in the middle */
    double slope[MFLI_AXES_MOST]; /* of the bound's logarithm, from one face to the other */
    double highest;               /* log density at the highest probe */
    double log_mass;              /* of the hat here */
    double waste;                 /* part of it that lies above the density, about */
    double total;                 /* mass up to and including this box, the whole being 1 */
    int32_t axis;                 /* along which the density departs most from the bound */
} mfli_box;

/* Log density at a point. draws: to draw by what is not among the coordinates, or NULL for the largest density over it.
 * place: room for what the caller wants to know of the point, or NULL. */
typedef struct mfli_box_law {
    int32_t (*at)(const void *data, int32_t chart, const double *x, mfli_draws *draws, void *place,
                  double *log_density);
    const void *data;
    int32_t axes;
} mfli_box_law;

typedef struct mfli_boxes {
    mfli_box_law law;
    int32_t count, capacity;
    mfli_box *box;
    double log_total;  /* log of the hat's whole mass */
    double acceptance; /* measured in the last rehearsal; log_total + log(acceptance) estimates the law's mass */
} mfli_boxes;

/* Add a box, of which chart and sides are given, unless its density stays below exp(least). MFL_ERROR_MEMORY or a status
 * of the law. */
int32_t mfli_boxes_add(mfl_context *context, double least, const mfli_box *box, mfli_boxes *boxes);

/* Halve the boxes that waste most until the hat wastes little or there are `most`, and rehearse; scratch: a place.
 * MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED, or a status of the law. */
int32_t mfli_boxes_finish(mfl_context *context, int32_t most, void *scratch, mfli_boxes *boxes);
void mfli_boxes_release(mfl_context *context, mfli_boxes *boxes);

/* Draw a point; x and place hold it. MFL_OK or a status of the law. */
int32_t mfli_boxes_draw(const mfli_boxes *boxes, mfli_draws *draws, int32_t *chart, double *x, void *place);

#endif
