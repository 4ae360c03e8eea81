/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/trace.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Of the arclength: longest and shortest step; how far, in parts of it, a point may be from where it was expected
 * before the step is taken again at half the length, before the Jacobian is differenced anew, and before the next
 * is shortened. */
static const double longest = 0.4, shortest = 1e-7, refused = 0.5, strange = 0.25, curved = 0.15;
/* Where the parameter changes less than this per arclength, the sign of that change is told from a fresh Jacobian. */
static const double steep = 0.1;
/* So many unknowns are differenced at every point. */
static const int32_t few = 6;

typedef struct walker {
    const mfli_trace *trace;
    int32_t n;
    double step;
    double z[MFLI_NEWTON_MOST], tangent[MFLI_NEWTON_MOST];
} walker;

static double distance(int32_t n, const double *a, const double *b)
{
    double square = 0.0;
    for (int32_t i = 0; i <= n; i++)
        square += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(square);
}

static double longest_step(const walker *at)
{
    return fmin(longest, at->trace->step / fmax(fabs(at->tangent[at->n]), 1e-3));
}

/* Try one step; `off` receives how far the point is from its prediction, in parts of the step. */
static int32_t predict_and_correct(const walker *at, double *z, double *off)
{
    double expected[MFLI_NEWTON_MOST], f[MFLI_NEWTON_MOST];
    for (int32_t i = 0; i <= at->n; i++)
        z[i] = expected[i] = at->z[i] + at->step * at->tangent[i];
    int32_t status = mfli_newton_correct(at->trace->newton, at->tangent, z, f);
    *off = status == MFL_OK ? distance(at->n, z, expected) / at->step : 1.0;
    return status != MFL_OK || *off <= refused ? status : MFLI_NO_POINT;
}

/* The tangent at a point of the curve, from a Jacobian that is differenced there. */
static int32_t fresh_tangent(const walker *at, double *z, double *tangent)
{
    double f[MFLI_NEWTON_MOST];
    at->trace->newton->is_known = 0;
    int32_t status = mfli_newton_correct(at->trace->newton, tangent, z, f);
    return status == MFL_OK ? mfli_newton_tangent(at->trace->newton, tangent) : status;
}

/* The next point, at the longest step that leads to one. A wrong tangent makes an error in proportion to any step:
 * at the first failure it is worked out anew. */
static int32_t find_next(walker *at, double *z, double *tangent)
{
    double off = 1.0;
    int32_t status, is_fresh = 0;
    at->step = fmin(at->step, longest_step(at));
    while ((status = predict_and_correct(at, z, &off)) == MFLI_NO_POINT) {
        status = is_fresh ? MFL_OK : fresh_tangent(at, at->z, at->tangent);
        if (status != MFL_OK)
            return status;
        is_fresh = 1;
        at->step *= 0.5;
        if (at->step < shortest)
            return MFLI_NO_POINT;
    }
    if (status != MFL_OK)
        return status;
    for (int32_t i = 0; i <= at->n; i++) /* the chord tells the direction */
        tangent[i] = z[i] - at->z[i];
    at->step *= off < 0.3 * curved ? 1.6 : off > curved ? 0.6 : 1.0;
    if (at->n <= few || off > strange)
        return fresh_tangent(at, z, tangent);
    mfli_newton_learn(at->trace->newton, tangent);
    status = mfli_newton_tangent(at->trace->newton, tangent);
    if (status == MFL_OK && (fabs(tangent[at->n]) < steep || tangent[at->n] * at->tangent[at->n] < 0.0))
        status = fresh_tangent(at, z, tangent);
    return status;
}

static int32_t find_fold(const walker *at, const double *next, const double *tangent)
{
    double z[MFLI_NEWTON_MOST], f[MFLI_NEWTON_MOST], across[MFLI_NEWTON_MOST], length = distance(at->n, at->z, next);
    double before = fabs(at->tangent[at->n]), after = fabs(tangent[at->n]),
           share = before / fmax(before + after, 1e-300);
    for (int32_t i = 0; i <= at->n; i++) {
        z[i] = at->z[i] + share * (next[i] - at->z[i]);
        across[i] = (next[i] - at->z[i]) / length;
    }
    int32_t status = mfli_newton_extremum(at->trace->newton, across, fmin(0.05, 0.3 * length), z, f);
    if (status != MFL_OK)
        return status;
    return at->trace->visit(at->trace->data, MFLI_TRACE_FOLD, z, across);
}

/* The point on the border that the step to `next` crosses. */
static int32_t find_border(const walker *at, const double *next, double *z)
{
    double f[MFLI_NEWTON_MOST], normal[MFLI_NEWTON_MOST] = {0.0};
    int32_t n = at->n;
    double border = next[n] > at->trace->high ? at->trace->high : at->trace->low;
    double share = (border - at->z[n]) / (next[n] - at->z[n]);
    for (int32_t i = 0; i <= n; i++)
        z[i] = at->z[i] + share * (next[i] - at->z[i]);
    z[n] = border;
    normal[n] = 1.0;
    return mfli_newton_correct(at->trace->newton, normal, z, f);
}

static int32_t begin(walker *at, double direction)
{
    double f[MFLI_NEWTON_MOST];
    memset(at->tangent, 0, sizeof at->tangent);
    at->tangent[at->n] = direction;
    int32_t status = mfli_newton_correct(at->trace->newton, at->tangent, at->z, f);
    if (status == MFL_OK)
        status = mfli_newton_tangent(at->trace->newton, at->tangent);
    at->step = 0.25 * longest_step(at);
    return status;
}

static int32_t advance(walker *at, int32_t *left)
{
    double next[MFLI_NEWTON_MOST], tangent[MFLI_NEWTON_MOST], border[MFLI_NEWTON_MOST];
    const mfli_trace *trace = at->trace;
    int32_t n = at->n;
    size_t bytes = (size_t)(n + 1) * sizeof *next;
    int32_t status = find_next(at, next, tangent);
    if (status != MFL_OK)
        return status;
    if (tangent[n] * at->tangent[n] < 0.0)
        status = find_fold(at, next, tangent);
    *left = next[n] > trace->high || next[n] < trace->low;
    if (status == MFL_OK && *left) {
        status = find_border(at, next, border);
        memcpy(next, border, bytes);
    }
    if (status == MFL_OK)
        status = trace->visit(trace->data, MFLI_TRACE_POINT, next, tangent);
    memcpy(at->z, next, bytes);
    memcpy(at->tangent, tangent, bytes);
    return status;
}

int32_t mfli_trace_run(const mfli_trace *trace, double direction, double *z)
{
    walker at = {.trace = trace, .n = trace->newton->n};
    size_t bytes = (size_t)(at.n + 1) * sizeof *z;
    memcpy(at.z, z, bytes);
    int32_t left = 0, status = begin(&at, direction);
    if (status == MFL_OK)
        status = trace->visit(trace->data, MFLI_TRACE_POINT, at.z, at.tangent);
    for (int32_t i = 1; status == MFL_OK && !left; i++)
        status = i < trace->points ? advance(&at, &left) : MFLI_NO_POINT;
    memcpy(z, at.z, bytes);
    return status;
}
