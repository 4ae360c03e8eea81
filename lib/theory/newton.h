/* SPDX-License-Identifier: BSD-3-Clause */
/* n equations f(z) = 0 in n + 1 unknowns, the last of them the parameter: a curve. Points are found on planes
 * across it by Newton's method with a Jacobian that is differenced once and then kept up by Broyden's updates, from
 * point to point along the curve; where that no longer converges it is differenced again. */
#ifndef MFLI_THEORY_NEWTON_H
#define MFLI_THEORY_NEWTON_H

#include "theory/jacobian.h"

#define MFLI_NEWTON_PRECISION 2e-11

typedef struct mfli_newton {
    int32_t n, is_known; /* is there a Jacobian? */
    int32_t is_alone;    /* there is no parameter; z[n] stays where it is */
    int64_t evaluations; /* so far */
    mfli_equations equations;
    void *data;
    int32_t sign; /* of the determinant of the last system */
    double precision; /* steps below this need not be taken; not below MFLI_NEWTON_PRECISION unless folds ask for it */
    double off;   /* largest change of an unknown that the equations still ask for at the last point */
    mfli_jacobian jacobian;
} mfli_newton;

/* rank: of the Jacobian; 0 keeps all of its entries. */
int32_t mfli_newton_create(mfl_context *context, int32_t n, int32_t rank, mfli_equations equations, void *data,
                           mfli_newton *newton);
void mfli_newton_finish(mfl_context *context, mfli_newton *newton);

/* The point with normal . (z' - z) = 0, near z, which it replaces; `f` receives what is left of the equations
 * there, which were evaluated last at that point. MFLI_NO_POINT: none was found; z is not to be used. */
int32_t mfli_newton_correct(mfli_newton *newton, const double *normal, double *z, double *f);

/* step := what f asks for on the plane across `normal`, by the Jacobian there is, however long. */
int32_t mfli_newton_step(mfli_newton *newton, const double *normal, const double *f, double *step);

/* Tell the Jacobian that `chord` leads from one point of the curve to another. */
void mfli_newton_learn(mfli_newton *newton, const double *chord);

/* The unit tangent of the curve at the last point, in the direction of `tangent`, which it replaces. */
int32_t mfli_newton_tangent(mfli_newton *newton, double *tangent);

/* At the last point and at fixed parameter: does f, as a motion, have no single growing direction there? A fold
 * changes the answer. */
int32_t mfli_newton_is_stable(mfli_newton *newton);

/* The stable solution at z's parameter near z, which it replaces: no unknown may move further than 0.1. The equations were
 * evaluated last there. MFLI_NO_POINT: none was found. */
int32_t mfli_newton_polish(mfli_newton *newton, double *z);

/* The same where there is no parameter: n unknowns. *found: 1, or 0 where it does not find one and z is as before. */
int32_t mfli_newton_polish_alone(mfl_context *context, int32_t n, int32_t rank, mfli_equations equations, void *data,
                                 double *z, int32_t *found);

/* The point where the parameter has an extremum, near z (replaced), about where planes across `normal` are `spread`
 * apart. */
int32_t mfli_newton_extremum(mfli_newton *newton, const double *normal, double spread, double *z, double *f);

#endif
