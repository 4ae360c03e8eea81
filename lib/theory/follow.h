/* SPDX-License-Identifier: BSD-3-Clause */
/* The solutions of a theory as curves in the space of all unknowns and the logarithm of one parameter: the equations of
 * newton.h, and the step from the coarsest resolution, at which curves are followed, to results with errors. A quadrature
 * that adapts is frozen between one point of a curve and the next, so that the equations are smooth there. */
#ifndef MFLI_THEORY_FOLLOW_H
#define MFLI_THEORY_FOLLOW_H

#include "theory/place.h"
#include "theory/newton.h"

typedef struct mfli_follower {
    mfl_context *context;
    mfl_theory *theory;
    int32_t parameter; /* enum mfl_path_parameter */
    mfli_place place;
    mfli_system *system;
    mfli_newton newton; /* z: the unknowns, then the logarithm of the parameter */
} mfli_follower;

/* The theory is borrowed. Finish it whatever is returned. */
int32_t mfli_follower_create(mfl_theory *theory, mfl_context *context, int32_t parameter, const mfli_place *place,
                             mfli_follower *follower);
void mfli_follower_finish(mfli_follower *follower);

/* A stable solution at a value of the parameter, at the coarsest resolution: that which the iteration from the prior or
 * from aligned neurons (branch) leads to, or from z if `warm`. MFLI_NO_POINT: it did not converge. */
int32_t mfli_follower_start(mfli_follower *follower, int32_t branch, int32_t warm, double parameter, double *z);

/* Results at the solution near z of the coarsest resolution, on the plane across `normal` (NULL: at z's parameter). z
 * becomes the solution at the finest resolution that was needed. MFLI_NO_POINT: it was lost on the way. */
int32_t mfli_follower_refine(mfli_follower *follower, const double *normal, double *z, mfli_results *results);

/* The same at the fold near z; `error` receives that of the logarithm of the parameter. */
int32_t mfli_follower_refine_fold(mfli_follower *follower, const double *normal, double *z, mfli_results *results,
                                  double *error);

/* Back to the coarsest resolution, for the solution near z, which may be NULL. */
int32_t mfli_follower_coarsest(mfli_follower *follower, const double *z);

/* The same and, where that is another quadrature, the solution on the plane across `normal` (NULL: at z's parameter),
 * which replaces z. MFLI_NO_POINT: none was found. */
int32_t mfli_follower_settle(mfli_follower *follower, const double *normal, double *z);

/* The solution at the coarsest resolution and z's parameter, which replaces z. MFLI_NO_POINT: none was found. */
int32_t mfli_follower_step(mfli_follower *follower, double *z);

/* Are two points of the coarsest resolution one? */
int32_t mfli_follower_is_same(const mfli_follower *follower, const double *a, const double *b);

#endif
