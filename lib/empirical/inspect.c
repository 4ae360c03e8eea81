/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with a training set without being an error, for the log. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"

static void inspect_columns(const mfli_empirical *e)
{
    const int64_t P = e->samples, d = e->model.dimension;
    int64_t zero = 0, first = -1;
    for (int64_t j = 0; j < d; j++) {
        int32_t some = 0;
        for (int64_t mu = 0; mu < P && !some; mu++)
            some = e->inputs[mu * d + j] != 0.0;
        zero += !some;
        first = !some && first < 0 ? j : first;
    }
    if (zero)
        mfli_log(e->context, MFL_LOG_WARNING,
                 "%lld of %lld inputs are zero in all samples, the first of them input %lld (from 0): "
                 "nothing can be "
                 "learned on them",
                 (long long)zero, (long long)d, (long long)first);
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
