/* SPDX-License-Identifier: BSD-3-Clause */
/* Coordinates of one neuron's weight vector, and what its law (T8) needs to know at a point of them.
 *
 * w = (w_S, w_perp) with w_S in the r variables of the target. Charts cover the directions of w_S up to the symmetries of
 * the modes: a set of signs and the largest component, the others between 0 and 1 of it. Outside that the coordinates
 * are x with |w_S|/|w_perp| = scale sinh(x), linear where the prior has a power law and logarithmic where neurons are
 * aligned, and log X with |w|^2 = (sigma_w^2/d) X. A homogeneous activation leaves X to radial.h. */
#ifndef MFLI_THEORY_FRAME_H
#define MFLI_THEORY_FRAME_H

#include "theory/average.h"
#include "theory/blocks.h"
#include "theory/classes.h"

enum { MFLI_AXES_MOST = MFLI_VARIABLES_SOLVED + 1 };

/* A point's row: what is known of it for good, and from MFLI_ROW_LOG on what belongs to a field (ensemble.h). */
enum {
    MFLI_ROW_WEIGHT,   /* log of its weight under the isotropic prior, without exp(-X/2) where X is a coordinate */
    MFLI_ROW_SQUARE,   /* Sigma(w); of a homogeneous activation Sigma/X */
    MFLI_ROW_LENGTH,   /* X; 1 for a homogeneous activation */
    MFLI_ROW_LOG,      /* log of the weight under p(w) */
    MFLI_ROW_S,        /* <s>, <s^2>, <X> over what is not a coordinate, and sum_A delta_A e_A */
    MFLI_ROW_S2,
    MFLI_ROW_X,
    MFLI_ROW_ALIGNED,
    MFLI_ROW_RESPONSE, /* Phi, how strongly a neuron feels itself: 1 unless it is screened */
    MFLI_ROW_SHARES    /* z_j^2/|w|^2 of each variable, then e_A = J_A/sqrt(Sigma) of each mode, then, the shares
                          of Sigma of the frame's classes, or e of the other features of its blocks */
};

typedef struct mfli_frame {
    const mfli_modes *modes;
    const mfli_classes *classes; /* NULL, or for a parity and an activation that is not homogeneous */
    const mfli_blocks *blocks;   /* NULL, or for other closures that need the whole kernel */
    mfli_average average;
    double d, unit;  /* unit: sigma_w^2/d */
    double power;    /* Sigma/|w|^2 of a homogeneous activation, else 0 */
    double scale;    /* of the ratio |w_S|/|w_perp| */
    int32_t caps;    /* the ratio starts where neurons are specialised, for which there must be one */
    int32_t charts, has_length, has_ratio, angles, axes; /* axes: number of coordinates */
    double low[MFLI_AXES_MOST], high[MFLI_AXES_MOST];
    double log_norm; /* of the prior's density in all coordinates */
    double cached_length, cached_square, cached[MFLI_HERMITE_MOST + 1]; /* Gaussian inputs: h_q at the last length */
} mfli_frame;

/* modes, model and classes are borrowed; classes may be NULL. Blocks are set afterwards, where there are some. */
void mfli_frame_init(const mfli_modes *modes, const mfli_model *model, const mfli_classes *classes, mfli_frame *frame);

static inline int32_t mfli_row_size(const mfli_frame *frame)
{
    int32_t classes = frame->classes ? frame->classes->count : 0;
    int32_t features = frame->blocks ? frame->blocks->features : frame->modes->count;
    return MFLI_ROW_SHARES + frame->modes->variables + features + classes;
}

/* The components of w on the variables and its length across them, in units of |w| for a homogeneous activation, and the
 * log of the weight under the prior (MFLI_ROW_WEIGHT), at coordinates x of a chart. */
typedef struct mfli_site {
    double on[MFLI_VARIABLES_MOST], across, log_weight;
} mfli_site;

void mfli_frame_place(const mfli_frame *frame, int32_t chart, const double *x, mfli_site *site);

/* Fill the lasting part of a row for any w, without a weight. Status as mfli_average_at(). */
int32_t mfli_frame_at(mfl_context *context, mfli_frame *frame, const double *on, double across, double *row);

/* The same at coordinates x of a chart; log_weight: of the rule there. */
int32_t mfli_frame_point(mfl_context *context, mfli_frame *frame, int32_t chart, const double *x, double log_weight,
                         double *row);

#endif
