/* SPDX-License-Identifier: BSD-3-Clause */
/* The prior of the weights: precisions rho_j, and all that follows from them.
 *
 * (T12) with s_j = <u_j^2> = rho_j <w_j^2> reads rho_j = (alpha + n/2)/(beta + n s_j/(2 rho_j)).
 * Where s_j, which the data determine, varies slowly with rho_j it is solved at once, rho_j beta =
 * alpha - (n/2)(s_j - 1); plain iteration of (T12) would take n/alpha rounds. */
#include <math.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "ridge/degrees.h"
#include "ridge/gram.h"

/* No precision changes by more than this factor in a sweep. */
static const double most_change = 1.25;

/* alpha - (n/2)(s - 1), or what the largest change would ask for where that has no solution. */
static double numerator(const mfli_empirical *e, double spread)
{
    const mfli_empirical_choice *choice = &e->choice;
    return choice->alpha - 0.5 * choice->sharing * (spread - 1.0);
}

double mfli_empirical_wanted_precision(const mfli_empirical *e, int64_t input, double spread)
{
    const mfli_empirical_choice *choice = &e->choice;
    const double half = 0.5 * choice->sharing, rho = e->rho[input];
    return log((choice->alpha + half) / (choice->beta + half * spread / rho) / rho);
}

int32_t mfli_empirical_update_precisions(mfli_empirical *e)
{
    const int64_t d = e->model.dimension;
    double *factor = mfli_alloc(e->context, (size_t)d, sizeof *factor);
    if (!factor)
        return MFL_ERROR_MEMORY;
    for (int64_t j = 0; j < d; j++) {
        const double rho = e->rho[j], wanted = numerator(e, e->spread[j]) / e->choice.beta;
        e->rho[j] = fmin(fmax(wanted, rho / most_change), rho * most_change);
        factor[j] = sqrt(e->rho[j] / rho);
    }
    for (int64_t i = 0; i < e->swarm.count * d; i++)
        e->swarm.place[i] *= factor[i % d];
    mfli_archive_rescale(&e->archive, factor);
    mfli_free(e->context, factor);
    return mfli_empirical_set_prior(e);
}

int32_t mfli_empirical_set_prior(mfli_empirical *e)
{
    const int64_t P = e->samples, d = e->model.dimension;
    for (int64_t j = 0; j < d; j++)
        e->scales[j] = 1.0 / sqrt(e->rho[j]);
    for (int64_t i = 0; i < P * d; i++)
        e->swarm.inputs[i] = e->inputs[i] * e->scales[i % d];
    mfli_points_clear(e->context, &e->points);
    int32_t status =
        mfli_points_init(e->context, &e->kernel_of_prior, &e->points, "inputs", P, e->inputs, d, 1);
    return status ? status
                  : mfli_gram(e->context, &e->kernel_of_prior, &e->points, 0.0, e->kernel.prior, P);
}

void mfli_empirical_relevance(const mfli_empirical *e, int64_t input, double *relevance, double *error)
{
    const mfli_estimate *spread = &e->inputs_estimate[input];
    *relevance = spread->mean;
    *error = spread->error;
    if (!e->choice.relevance)
        return;
    *relevance = e->choice.alpha / (e->choice.beta * e->rho[input]);
    *error = *relevance * *relevance * 0.5 * e->choice.sharing * spread->error / e->choice.alpha;
}
