/* SPDX-License-Identifier: BSD-3-Clause */
/* Random pivoted Cholesky in blocks: candidates are drawn from the residual diagonal, and accepted
 * with the probability that the pivots of their own block leave them, so that the pivots have the
 * law of the method that takes one at a time (E. Epperly, J. Tropp, R. Webber, 2024,
 * arXiv:2410.03969). */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/iterate.h"
#include "rng/stream.h"

enum { BLOCK = 64 };

typedef struct pivoting {
    mfli_nystrom *nystrom;
    const mfli_kernel *kernel;
    const mfli_points *points;
    double *diagonal, *cumulative; /* P: of what F^T F leaves; its partial sums */
    double *block;                 /* BLOCK x P: rows of what is left */
    double *known;                 /* room x BLOCK: columns of F at the candidates */
    int64_t drawn;                 /* uniforms used */
} pivoting;

static double uniform(pivoting *p)
{
    const mfli_stream stream = {mfli_seed(p->nystrom->context), 0, 0, MFLI_PURPOSE_PROBE};
    double value;
    mfli_uniforms(&stream, (uint64_t)p->drawn++, 1, &value);
    return value;
}

/* Candidates; returns 0 when nothing is left to approximate. */
static int32_t draw(pivoting *p, int64_t candidates[BLOCK])
{
    const int64_t samples = p->nystrom->samples;
    double sum = 0.0;
    for (int64_t i = 0; i < samples; i++)
        p->cumulative[i] = sum += p->diagonal[i];
    if (!(sum > 0.0))
        return 0;
    for (int c = 0; c < BLOCK; c++) {
        double level = uniform(p) * sum;
        int64_t low = 0, high = samples - 1; /* first whose partial sum exceeds the level */
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (p->cumulative[middle] > level)
                high = middle;
            else
                low = middle + 1;
        }
        candidates[c] = low;
    }
    return 1;
}

/* Rows K(candidates, all) - F(candidates)^T F. */
static int32_t residual_rows(pivoting *p, const int64_t candidates[BLOCK])
{
    mfli_nystrom *n = p->nystrom;
    const int64_t samples = n->samples;
    mfli_points chosen;
    int32_t status = mfli_points_take(n->context, p->points, candidates, BLOCK, &chosen);
    if (status)
        return status;
    status = mfli_cross_gram(n->context, p->kernel, &chosen, p->points, p->block, samples);
    mfli_points_clear(n->context, &chosen);
    for (int64_t k = 0; k < n->rank; k++)
        for (int c = 0; c < BLOCK; c++)
            p->known[k * BLOCK + c] = n->factor[k * samples + candidates[c]];
    if (!status && n->rank)
        status = mfli_gemm(n->context, MFLI_TRANSPOSED, MFLI_PLAIN, BLOCK, samples, n->rank, -1.0,
                           p->known, BLOCK, n->factor, samples, 1.0, p->block, samples);
    return status;
}

/* Cholesky of the candidates' own block with rejection. The rows that are accepted move to the end
 * of F, unscaled; `l` is their triangle. Returns their number. */
static int64_t accept(pivoting *p, const int64_t candidates[BLOCK], double l[BLOCK * BLOCK])
{
    mfli_nystrom *n = p->nystrom;
    const int64_t samples = n->samples;
    int64_t taken = 0;
    for (int c = 0; c < BLOCK && n->rank + taken < n->room; c++) {
        double *row = l + taken * BLOCK, pivot = p->block[c * samples + candidates[c]];
        const double level = uniform(p) * p->diagonal[candidates[c]];
        for (int64_t a = 0; a < taken; a++) {
            const double *before = n->factor + (n->rank + a) * samples;
            double sum = before[candidates[c]]; /* of the unscaled row */
            for (int64_t b = 0; b < a; b++)
                sum -= l[a * BLOCK + b] * row[b];
            row[a] = sum / l[a * BLOCK + a];
            pivot -= row[a] * row[a];
        }
        if (!(pivot > level && pivot > 1e-12 * p->diagonal[candidates[c]]))
            continue;
        row[taken] = sqrt(pivot);
        memcpy(n->factor + (n->rank + taken++) * samples, p->block + c * samples,
               (size_t)samples * sizeof(double));
    }
    return taken;
}

/* One block; *taken is 0 when rounding is all that is left. */
static int32_t extend(pivoting *p, const int64_t candidates[BLOCK], int64_t *taken)
{
    mfli_nystrom *n = p->nystrom;
    const int64_t samples = n->samples;
    double l[BLOCK * BLOCK] = {0.0}, *rows = n->factor + n->rank * samples;
    int32_t status = residual_rows(p, candidates);
    if (status)
        return status;
    *taken = accept(p, candidates, l);
    status = mfli_trsm(n->context, MFLI_LEFT, MFLI_PLAIN, *taken, samples, l, BLOCK, rows, samples);
    if (status)
        return status;
    for (int64_t a = 0; a < *taken; a++)
        for (int64_t i = 0; i < samples; i++)
            p->diagonal[i] -= rows[a * samples + i] * rows[a * samples + i];
    for (int64_t i = 0; i < samples; i++)
        p->diagonal[i] = fmax(p->diagonal[i], 0.0);
    n->rank += *taken;
    return MFL_OK;
}

static int32_t pivot_all(pivoting *p)
{
    mfli_nystrom *n = p->nystrom;
    int64_t candidates[BLOCK], taken = 1;
    while (taken && n->rank < n->room && draw(p, candidates)) {
        int32_t status = extend(p, candidates, &taken);
        if (status)
            return status;
        if (mfli_progress(n->context, "conjugate gradients: preconditioner",
                          (double)n->rank / (double)n->room))
            return mfli_fail(n->context, MFL_ERROR_CANCELLED,
                             "cancelled while the preconditioner was built");
    }
    return MFL_OK;
}

static int32_t factorise_inner(mfli_nystrom *n)
{
    int32_t status = mfli_syrk(n->context, MFLI_PLAIN, n->rank, n->samples, 1.0, n->factor,
                               n->samples, 0.0, n->inner, n->rank);
    for (int64_t k = 0; k < n->rank; k++)
        n->inner[k * n->rank + k] += n->ridge;
    return status ? status : mfli_potrf(n->context, n->rank, n->inner, n->rank, NULL);
}

static int32_t approximate(pivoting *p)
{
    mfli_nystrom *n = p->nystrom;
    int32_t status = mfli_gram_diagonal(n->context, p->kernel, p->points, p->diagonal);
    double trace = 0.0;
    for (int64_t i = 0; i < n->samples; i++)
        trace += p->diagonal[i];
    /* Without noise the preconditioner must still be positive. */
    n->ridge = fmax(n->ridge, 1e-12 * trace / (double)n->samples);
    if (!status)
        status = pivot_all(p);
    return status || !n->rank ? status : factorise_inner(n);
}

int32_t mfli_nystrom_init(mfl_context *context, const mfli_kernel *kernel,
                          const mfli_points *points, double ridge, int64_t rank,
                          mfli_nystrom *nystrom)
{
    const size_t samples = (size_t)points->count,
                 room = (size_t)(rank < points->count ? rank : points->count);
    *nystrom = (mfli_nystrom){
        .context = context, .samples = points->count, .room = (int64_t)room, .ridge = ridge};
    nystrom->factor = mfli_alloc(context, samples, (room + 1) * sizeof(double));
    nystrom->inner =
        nystrom->factor ? mfli_alloc(context, room + 1, (room + 1) * sizeof(double)) : NULL;
    double *work = nystrom->inner ? mfli_alloc(context, (BLOCK + 2) * samples + BLOCK * (room + 1),
                                               sizeof *work)
                                  : NULL;
    int32_t status = MFL_ERROR_MEMORY;
    if (work) {
        pivoting p = {.nystrom = nystrom, .kernel = kernel, .points = points, .block = work};
        p.diagonal = work + BLOCK * samples;
        p.cumulative = p.diagonal + samples;
        p.known = p.cumulative + samples;
        nystrom->small = nystrom->inner + room * room;
        status = approximate(&p);
    }
    mfli_free(context, work);
    if (status)
        mfli_nystrom_clear(nystrom);
    return status;
}

void mfli_nystrom_clear(mfli_nystrom *nystrom)
{
    mfli_free(nystrom->context, nystrom->inner);
    mfli_free(nystrom->context, nystrom->factor);
    nystrom->inner = nystrom->factor = NULL;
}

int32_t mfli_nystrom_solve(mfli_nystrom *n, const double *x, double *y)
{
    int32_t status = MFL_OK;
    memcpy(y, x, (size_t)n->samples * sizeof *y);
    if (n->rank) {
        status = mfli_gemv(n->context, MFLI_PLAIN, n->rank, n->samples, 1.0, n->factor, n->samples,
                           x, 0.0, n->small);
        if (!status)
            status = mfli_potrs(n->context, n->rank, 1, n->inner, n->rank, n->small, n->rank);
        if (!status)
            status = mfli_gemv(n->context, MFLI_TRANSPOSED, n->rank, n->samples, -1.0, n->factor,
                               n->samples, n->small, 1.0, y);
    }
    for (int64_t i = 0; i < n->samples; i++)
        y[i] /= n->ridge;
    return status;
}
