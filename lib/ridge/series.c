/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/series.h"

#include <math.h>

#include "core/context.h"
#include "linalg/linalg.h"

/* z = -12.5 ... 12.5 in steps of 0.05, first the 251 nodes of twice that step, then those between:
 * exp(-z^2 / 4) is below 2^-53 outside, and Hermite functions up to q = 2000 are resolved. */
enum { COARSE = 251, NODES = 2 * COARSE - 1, BATCH = 64 };
static const double step = 0.05, start = -12.5;

static double node(int32_t i)
{
    return i < COARSE ? start + 2.0 * step * i : start + step * (2 * (i - COARSE) + 1);
}

/* table[i][q] = step h_q(z_i) times the normal density, by the recurrence of Hermite functions. */
static void tabulate(int32_t order, double *table)
{
    for (int32_t i = 0; i < NODES; i++) {
        double z = node(i), root = exp(-0.25 * z * z) / sqrt(sqrt(2.0 * acos(-1.0)));
        double before = 0.0, now = root;
        for (int32_t q = 0; q < order; q++) {
            double next = (z * now - sqrt((double)q) * before) / sqrt(q + 1.0);
            table[(int64_t)i * order + q] = step * root * now;
            before = now;
            now = next;
        }
    }
}

typedef struct batch {
    const mfli_kernel *kernel;
    const double *table;
    double *phi;           /* BATCH x NODES */
    double *coarse, *fine; /* BATCH x order */
    double second[BATCH];  /* E[phi^2], for the tangent kernel + s^2 E[phi'^2] */
    double moved[BATCH];   /* what halving the spacing changed of that */
} batch;

static int32_t fill(mfl_context *context, batch *b, const mfli_points *points, int64_t first,
                    int64_t count)
{
    double z[NODES], derivative[NODES];
    for (int64_t p = 0; p < count; p++) {
        double s = points->lengths[first + p], *phi = b->phi + p * NODES, sum = 0.0, coarse = 0.0;
        for (int32_t i = 0; i < NODES; i++)
            z[i] = s * node(i);
        if (b->kernel->phi(NODES, z, phi, derivative, b->kernel->data))
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the caller's activation failed");
        for (int32_t i = 0; i < NODES; i++) {
            if (i == COARSE)
                coarse = 2.0 * sum;
            double slope = b->kernel->tangent ? s * derivative[i] : 0.0;
            sum += b->table[(int64_t)i * b->kernel->order] * (phi[i] * phi[i] + slope * slope);
        }
        if (!isfinite(sum))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "the activation is not finite for pre-activations of scale %g", s);
        b->second[p] = sum;
        b->moved[p] = fabs(sum - coarse);
    }
    return MFL_OK;
}

/* Coefficients of a batch, and what is lost by the end of the series and by the spacing. */
static int32_t transform(mfl_context *context, batch *b, int64_t count, double *error)
{
    const int64_t order = b->kernel->order;
    int32_t status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, count, order, COARSE, 1.0, b->phi,
                               NODES, b->table, order, 0.0, b->coarse, order);
    if (!status)
        status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, count, order, NODES - COARSE, 1.0,
                           b->phi + COARSE, NODES, b->table + COARSE * order, order, 0.0, b->fine,
                           order);
    for (int64_t p = 0; !status && p < count; p++) {
        double kept = 0.0, changed = 0.0;
        for (int64_t q = 0; q < order; q++) {
            double a = b->coarse[p * order + q] + b->fine[p * order + q];
            double weight = b->kernel->tangent ? 1.0 + (double)q : 1.0;
            double change = a - 2.0 * b->coarse[p * order + q];
            kept += weight * a * a;
            changed += weight * change * change;
            b->fine[p * order + q] = a;
        }
        if (b->second[p] > 0.0)
            *error = fmax(*error, (fabs(b->second[p] - kept) + b->moved[p]) / b->second[p]
                                      + 2.0 * sqrt(changed / b->second[p]));
    }
    return status;
}

static int32_t run(mfl_context *context, batch *b, mfli_points *points)
{
    const int64_t order = b->kernel->order;
    for (int64_t first = 0; first < points->count; first += BATCH) {
        int64_t count = points->count - first < BATCH ? points->count - first : BATCH;
        int32_t status = fill(context, b, points, first, count);
        if (!status)
            status = transform(context, b, count, &points->error);
        if (!status && mfli_cancelled(context))
            status = mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled in the series of a kernel");
        if (status)
            return status;
        for (int64_t p = 0; p < count; p++)
            for (int64_t q = 0; q < order; q++)
                mfli_feature_panel(
                    points, (first + p) / MFLI_PANEL)[q * MFLI_PANEL + (first + p) % MFLI_PANEL] =
                    b->fine[p * order + q];
    }
    return MFL_OK;
}

int32_t mfli_series_features(mfl_context *context, const mfli_kernel *kernel, mfli_points *points)
{
    const size_t order = (size_t)kernel->order;
    points->order = kernel->order;
    points->features = mfli_alloc_zeroed(context, (size_t)mfli_panels(points->count) * MFLI_PANEL,
                                         order * sizeof(double));
    double *work =
        points->features
            ? mfli_alloc(context, NODES * order + BATCH * (NODES + 2 * order), sizeof *work)
            : NULL;
    if (!work)
        return MFL_ERROR_MEMORY;
    batch b = {.kernel = kernel, .table = work, .phi = work + NODES * order};
    b.coarse = b.phi + BATCH * NODES;
    b.fine = b.coarse + BATCH * order;
    tabulate(kernel->order, work);
    int32_t status = run(context, &b, points);
    mfli_free(context, work);
    return status;
}
