/* SPDX-License-Identifier: BSD-3-Clause */
/* Anderson's acceleration of a fixed-point iteration x <- x + f(x), in memory of the caller's. */
#ifndef MFLI_THEORY_ANDERSON_H
#define MFLI_THEORY_ANDERSON_H

#include <stdint.h>

enum {
    MFLI_ANDERSON_DEPTH = 4,
    MFLI_ANDERSON_MOST = 100,                             /* unknowns of problems with a few */
    MFLI_ANDERSON_NUMBERS = 6 + 4 * MFLI_ANDERSON_DEPTH   /* of memory for each unknown */
};

typedef struct mfli_anderson {
    int32_t size, history, stalls;
    double damping; /* weight of f in a plain step */
    double trust;   /* |f| below which steps are accelerated */
    double best;    /* smallest |f| since the history began, and where it was */
    double *best_x, *best_f;
    double *x, *f;  /* of the last step */
    double *dx[MFLI_ANDERSON_DEPTH], *df[MFLI_ANDERSON_DEPTH];
    double *left, *next, *explained_x[MFLI_ANDERSON_DEPTH], *explained_f[MFLI_ANDERSON_DEPTH]; /* within a step */
} mfli_anderson;

/* memory: MFLI_ANDERSON_NUMBERS times size numbers. */
void mfli_anderson_init(mfli_anderson *anderson, int32_t size, double damping, double trust, double *memory);

/* Replace x by the next iterate, given f(x). While |f| (largest component) exceeds `trust`, and after |f| has grown,
 * steps are plain and damped, so that the iteration stays on the branch it started on. */
void mfli_anderson_step(mfli_anderson *anderson, double *x, const double *f);

#endif
