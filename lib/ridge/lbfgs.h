/* SPDX-License-Identifier: BSD-3-Clause */
/* Minimisation by L-BFGS (D. Liu, J. Nocedal, Math. Programming 45, 1989) with a backtracking line
 * search. Our own: libLBFGS, the packaged candidate, allocates by malloc and cannot be told to fail
 * or to be cancelled without a result, and the two-loop recursion is short. */
#ifndef MFLI_RIDGE_LBFGS_H
#define MFLI_RIDGE_LBFGS_H

#include <mflearn/types.h>

/* Function and gradient at x. MFL_ERROR_NOT_POSITIVE_DEFINITE and MFL_ERROR_NOT_FINITE say that x
 * is out of the domain, and the step is shortened; any other failure ends the minimisation. */
typedef int32_t (*mfli_objective)(void *data, const double *x, double *value, double *gradient);

typedef struct mfli_minimum {
    double value;
    int64_t steps;
    int32_t stop; /* mfl_stop */
} mfli_minimum;

/* From x, which becomes the best point seen. Stops when a step changes the value by less than
 * tolerance (1 + |value|). */
int32_t mfli_lbfgs(mfl_context *context, mfli_objective objective, void *data, int64_t size,
                   double *x, double tolerance, int64_t steps, mfli_minimum *minimum);

#endif
