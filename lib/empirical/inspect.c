/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with a training set without being an error, for the log. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"

/* Has an input the same value in all samples? Of a single sample only zeros are. */
static int32_t is_constant(const mfli_empirical *e, int64_t input)
{
    const int64_t P = e->samples, d = e->model.dimension;
    int32_t equal = P > 1 || e->inputs[input] == 0.0;
    for (int64_t mu = 1; mu < P && equal; mu++)
        equal = e->inputs[mu * d + input] == e->inputs[input];
    return equal;
}

static void inspect_columns(const mfli_empirical *e)
{
    const int64_t d = e->model.dimension;
    int64_t count[2] = {0, 0}, first[2] = {-1, -1};
    for (int64_t j = 0; j < d; j++) {
        const int32_t other = e->inputs[j] != 0.0;
        if (!is_constant(e, j))
            continue;
        first[other] = count[other]++ ? first[other] : j;
    }
    if (count[0])
        mfli_log(e->context, MFL_LOG_WARNING,
                 "%lld of %lld inputs are zero in all samples, the first of them input %lld (from 0): "
                 "nothing can be learned on them",
                 (long long)count[0], (long long)d, (long long)first[0]);
    if (count[1])
        mfli_log(e->context, MFL_LOG_WARNING,
                 "%lld of %lld inputs are constant, the first of them input %lld (from 0), which is %g in all "
                 "samples: they act as biases, and their relevance says nothing of the data",
                 (long long)count[1], (long long)d, (long long)first[1], e->inputs[first[1]]);
}

typedef struct row {
    const double *values;
    size_t bytes;
    int64_t index;
} row;

static int by_values(const void *a, const void *b)
{
    const row *x = a, *y = b;
    const int order = memcmp(x->values, y->values, x->bytes);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static int32_t inspect_rows(const mfli_empirical *e)
{
    const int64_t P = e->samples, d = e->model.dimension;
    int64_t equal = 0, found = 0;
    row *rows = mfli_alloc(e->context, (size_t)P, sizeof *rows);
    if (!rows)
        return MFL_ERROR_MEMORY;
    for (int64_t mu = 0; mu < P; mu++)
        rows[mu] = (row){e->inputs + mu * d, (size_t)d * sizeof(double), mu};
    qsort(rows, (size_t)P, sizeof *rows, by_values);
    for (int64_t i = 1; i < P; i++)
        if (memcmp(rows[i].values, rows[i - 1].values, rows[i].bytes) == 0) {
            equal++;
            found = rows[i].index;
        }
    if (equal)
        mfli_log(e->context, MFL_LOG_WARNING,
                 "%lld of %lld samples repeat the inputs of another, for example sample %lld (from 0)",
                 (long long)equal, (long long)P, (long long)found);
    mfli_free(e->context, rows);
    return MFL_OK;
}

/* Why a solve ended by the number of its sweeps, and what helps. */
void mfli_empirical_explain(const mfli_empirical *e)
{
    const double error = e->error[MFLI_EMPIRICAL_OVERLAP], r_hat = e->value[MFLI_EMPIRICAL_R_HAT];
    const double off = e->value[MFLI_EMPIRICAL_RESIDUAL], tolerance = e->choice.tolerance;
    const long long sweeps = (long long)e->swarm.sweep;
    if (!(r_hat <= MFLI_EMPIRICAL_MIXED || e->apart <= MFLI_EMPIRICAL_APART * tolerance))
        mfli_log(e->context, MFL_LOG_WARNING,
                 "after %lld sweeps populations of particles have not mixed, R-hat %.3g: they, or halves of "
                 "their sweeps, are up to %.2g from the mean in overlap or m, and the numbers may hold for "
                 "none of them; allow more sweeps, or raise kappa, or take fewer samples",
                 sweeps, r_hat, e->apart);
    if (!(error <= tolerance))
        mfli_log(e->context, MFL_LOG_WARNING,
                 "after %lld sweeps the standard error of the overlap is %.2g, the tolerance %.2g: allow more "
                 "sweeps or particles",
                 sweeps, error, tolerance);
    if (!(off <= 5.0 * tolerance))
        mfli_log(e->context, MFL_LOG_WARNING,
                 "after %lld sweeps the overlap of the averaged kernel is %.2g off that of the particles: the "
                 "field still moves; allow more sweeps",
                 sweeps, off);
    if (e->choice.relevance && !(e->value[MFLI_EMPIRICAL_RESIDUAL_RHO] <= 20.0 * tolerance))
        mfli_log(e->context, MFL_LOG_WARNING,
                 "after %lld sweeps a precision is %.2g off the one that its equation asks for: allow more "
                 "sweeps or particles, or raise alpha0",
                 sweeps, e->value[MFLI_EMPIRICAL_RESIDUAL_RHO]);
}

int32_t mfli_empirical_inspect(const mfli_empirical *e)
{
    inspect_columns(e);
    if (e->swarm.count < 2 * e->samples)
        mfli_log(e->context, MFL_LOG_WARNING,
                 "%lld particles are few for %lld samples: the kernel of one sweep has no full rank, and "
                 "errors are large",
                 (long long)e->swarm.count, (long long)e->samples);
    return inspect_rows(e);
}
