/* SPDX-License-Identifier: BSD-3-Clause */
/* Anderson's acceleration of a fixed-point iteration x <- x + f(x) of a few unknowns, without allocation. */
#ifndef MFLI_THEORY_ANDERSON_H
#define MFLI_THEORY_ANDERSON_H

#include <stdint.h>

enum { MFLI_ANDERSON_DEPTH = 4, MFLI_ANDERSON_MOST = 100 };

typedef struct mfli_anderson {
    int32_t size, history, stalls;
    double damping; /* weight of f in a plain step */
    double trust;   /* |f| below which steps are accelerated */
    double best;    /* smallest |f| since the history began, and where it was */
    double best_x[MFLI_ANDERSON_MOST], best_f[MFLI_ANDERSON_MOST];
    double x[MFLI_ANDERSON_MOST], f[MFLI_ANDERSON_MOST]; /* of the last step */
    double dx[MFLI_ANDERSON_DEPTH][MFLI_ANDERSON_MOST], df[MFLI_ANDERSON_DEPTH][MFLI_ANDERSON_MOST];
} mfli_anderson;

void mfli_anderson_init(mfli_anderson *anderson, int32_t size, double damping, double trust);

/* Replace x by the next iterate, given f(x). While |f| (largest component) exceeds `trust`, and after |f| has grown,
 * steps are plain and damped, so that the iteration stays on the branch it started on. */
void mfli_anderson_step(mfli_anderson *anderson, double *x, const double *f);

#endif
