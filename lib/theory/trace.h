/* SPDX-License-Identifier: BSD-3-Clause */
/* A curve of newton.h followed from a point by pseudo-arclength: through folds, where the parameter turns back. */
#ifndef MFLI_THEORY_TRACE_H
#define MFLI_THEORY_TRACE_H

#include "theory/newton.h"

enum { MFLI_TRACE_POINT, MFLI_TRACE_FOLD };

/* Called at the first point, at every further one, and at every fold on the way. Other than MFL_OK stops. At points it may
 * change the equations a little, and move z to the solution that the curve goes on from. */
typedef int32_t (*mfli_trace_visit)(void *data, int32_t kind, double *z, const double *tangent);

typedef struct mfli_trace {
    mfli_newton *newton;
    double low, high;    /* range of the parameter; the curve is followed until it leaves it */
    double step;         /* most change of the parameter from point to point */
    int32_t points;      /* most points */
    mfli_trace_visit visit;
    void *data;
} mfli_trace;

/* z: a point of the curve; direction: +1 or -1, of the parameter at the start. Returns MFL_OK when the curve has
 * left the range, MFLI_NO_POINT when it could not be followed further, or a status. z receives the last point. */
int32_t mfli_trace_run(const mfli_trace *trace, double direction, double *z);

#endif
