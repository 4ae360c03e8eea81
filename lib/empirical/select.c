/* SPDX-License-Identifier: BSD-3-Clause */
/* Inputs whose log relevance stands out from the others', by robust estimates of their centre and spread.
 *
 * An input without relevance is learned from by chance, to second order in its correlation with
 * what is left of the targets. So chance makes log relevances look like squares of normal numbers
 * rather than like normal numbers: most of them alike, some much larger. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "rng/normals.h"

enum { draws = 4000 };

/* Monte Carlo errors of <w_j^2> that a relevance must be above the threshold by. */
static const double certain = 4.0;

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(int64_t count, double *values)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

/* room: count numbers. */
static void centre_of(int64_t count, const double *scores, double *room, double *centre, double *spread)
{
    memcpy(room, scores, (size_t)count * sizeof *room);
    *centre = median(count, room);
    for (int64_t j = 0; j < count; j++)
        room[j] = fabs(scores[j] - *centre);
    *spread = median(count, room);
}

/* Quantile of max_j (x_j - centre)/spread of `count` squares of normal numbers: from draws of a seed that
 * is always the same. */
static double threshold_of(int64_t count, double rate, double *scores, double *room, double *largest)
{
    for (int64_t i = 0; i < draws; i++) {
        const mfli_stream stream = {0, 1, 0, MFLI_PURPOSE_PROBE};
        double centre, spread, top = -INFINITY;
        mfli_normal_matrix(&stream, (uint64_t)i, 1, (size_t)count, scores, (size_t)count);
        for (int64_t j = 0; j < count; j++)
            scores[j] *= scores[j];
        centre_of(count, scores, room, &centre, &spread);
        for (int64_t j = 0; j < count; j++)
            top = fmax(top, (scores[j] - centre) / spread);
        largest[i] = top;
    }
    qsort(largest, draws, sizeof *largest, ascending);
    return largest[(int64_t)((1.0 - rate) * (draws - 1) + 0.5)];
}

/* What the relevance would be if <w_j^2> were less by so many errors. With relevance determination
 * it is 1/relevance that is linear in <w_j^2>, (T12), so that the error of a large one is lopsided. */
static double least_relevance(const mfli_empirical *e, double relevance, double error)
{
    if (e->choice.relevance)
        return relevance / (1.0 + certain * error / relevance);
    return relevance - certain * error;
}

static void select_inputs(const mfli_empirical *e, double rate, double *memory, int32_t *selected,
                          double *threshold)
{
    const int64_t d = e->model.dimension;
    double *scores = memory, *room = memory + d, *largest = memory + 2 * d, centre, spread;
    const double limit = threshold_of(d, rate, scores, room, largest);
    for (int64_t j = 0; j < d; j++) {
        double relevance, error;
        mfli_empirical_relevance(e, j, &relevance, &error);
        scores[j] = log(fmax(relevance, 1e-300));
    }
    centre_of(d, scores, room, &centre, &spread);
    const double least = exp(centre + limit * spread);
    for (int64_t j = 0; j < d; j++) {
        double relevance, error;
        mfli_empirical_relevance(e, j, &relevance, &error);
        selected[j] = least_relevance(e, relevance, error) > least;
    }
    if (threshold)
        *threshold = least;
}

int32_t mfli_empirical_select(const mfli_empirical *e, double rate, int32_t *selected, double *threshold)
{
    double *memory = mfli_alloc(e->context, 2 * (size_t)e->model.dimension + draws, sizeof *memory);
    if (!memory)
        return MFL_ERROR_MEMORY;
    select_inputs(e, rate, memory, selected, threshold);
    mfli_free(e->context, memory);
    return MFL_OK;
}
