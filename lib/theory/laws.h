/* SPDX-License-Identifier: BSD-3-Clause */
/* Laws of Q at any ratio r, interpolated from laws at a few: they depend on nothing but the degree, and since they are
 * smooth in r, how many are needed depends neither on the dimension nor on how sharply peaked the neurons' law is. */
#ifndef MFLI_THEORY_LAWS_H
#define MFLI_THEORY_LAWS_H

#include "theory/angular.h"

typedef struct mfli_resolution {
    int32_t order, polar; /* of sector.h */
    int32_t terms;        /* laws per panel of r */
    double step;          /* of log r in sums over it */
} mfli_resolution;

/* Panels of r: [0, 0.3], then of width 1 in log r; those of the caps, of width 1 in acosh r. */
enum { MFLI_LAW_PANELS = 20, MFLI_LAW_TERMS = 16 };

typedef struct mfli_laws {
    int32_t degree, terms;
    mfli_sector near, far, cap; /* far: for large r, where J_S has kinks; cap: coarser */
    double start, share;        /* what to report as progress: fraction when this resolution begins, and its part */
    int32_t made;               /* laws so far */
    double *panel[2 * MFLI_LAW_PANELS]; /* terms x MFLI_LAW_WEIGHTS each, of the laws and the caps; NULL until needed */
} mfli_laws;

int32_t mfli_laws_create(mfl_context *context, int32_t degree, const mfli_resolution *resolution, mfli_laws *laws);
void mfli_laws_finish(mfl_context *context, mfli_laws *laws);

/* The law at a ratio in (0, inf], or its cap. MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED. */
int32_t mfli_laws_at(mfl_context *context, mfli_laws *laws, double ratio, int32_t cap,
                     double weight[MFLI_LAW_WEIGHTS]);

#endif
