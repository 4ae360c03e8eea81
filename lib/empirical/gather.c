/* SPDX-License-Identifier: BSD-3-Clause */
/* What the particles of one sweep say: their kernel, and how far every population moves the order
 * parameters.
 *
 * With the predictions solved for exactly, a change dK of the kernel changes f on the training set
 * by kappa^2 R dK v, R = G for the plain mean field and (K + kappa^2)^-1 with screening, hence the
 * overlap y.f/|y|^2 by kappa^2 v.dK v/|y|^2 and m = k_chi.v by (dk_chi - g.dK) v, g = R k_chi.
 * These are sums over neurons, and what populations differ by in them is the Monte Carlo error of the
 * solution, up to the response of the particles. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "linalg/linalg.h"
#include "network/projection.h"

/* Moments that the shares of the control variates are made of. */
typedef struct moments {
    double kernels, shadow_kernels; /* <X, Z>, <Z, Z> of X = share phi phi^T and its shadow's */
    double squares, shadow_squares; /* the same of u_j^2, over all j */
} moments;

typedef struct gathering {
    mfli_empirical *empirical;
    double newest;
    double *order;        /* quantities x populations */
    double *weights;      /* tile x d: w of the tile's neurons, for their projections */
    double *j, *shadow_j; /* tile: J_S(w) */
    double *phi;          /* tile x P: features of particles, while those of shadows are in the swarm's */
    double *coefficient;  /* tile */
    double *mean, *shadow_mean; /* d: of u_j^2 */
    moments sum;
} gathering;

static double dot(int64_t count, const double *a, const double *b)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void scale(int64_t count, double *values, double factor)
{
    for (int64_t i = 0; i < count; i++)
        values[i] *= factor;
}

static int32_t project(gathering *g, const double *places, int64_t first, int64_t rows, double *j)
{
    const mfli_empirical *e = g->empirical;
    const int64_t d = e->swarm.dimension;
    for (int64_t i = 0; i < rows * d; i++)
        g->weights[i] = places[first * d + i] * e->scales[i % d];
    if (mfli_projections(&e->model, &e->task, rows, g->weights, d, j))
        return mfli_fail(e->context, MFL_ERROR_CALLBACK, "the caller's activation failed");
    return MFL_OK;
}

/* One neuron that is `amount` phi phi^T of its population's kernel. */
static void add_kernel(gathering *g, int32_t population, double amount, const double *phi, double j)
{
    const mfli_empirical *e = g->empirical;
    const double noise = e->choice.kappa * e->choice.kappa, felt = dot(e->samples, phi, e->cavity.readout);
    double *order = g->order + population;
    if (e->target_square > 0.0)
        order[MFLI_RECORD_OVERLAP * MFLI_POPULATIONS] += amount * noise * felt * felt / e->target_square;
    if (e->mode_response)
        order[MFLI_RECORD_MODE * MFLI_POPULATIONS] +=
            amount * felt * (j - dot(e->samples, phi, e->mode_response));
}

static void add_squares(gathering *g, int64_t i)
{
    const mfli_swarm *swarm = &g->empirical->swarm;
    const int64_t d = swarm->dimension;
    const double *u = swarm->place + i * d, *z = swarm->shadow + i * d, weight = swarm->weight[i];
    const double share = (double)MFLI_POPULATIONS / (double)swarm->count;
    double *order = g->order + MFLI_RECORD_INPUTS * MFLI_POPULATIONS + mfli_swarm_population(swarm, i);
    for (int64_t j = 0; j < d; j++) {
        const double particle = weight * u[j] * u[j], shadow = share * z[j] * z[j];
        order[j * MFLI_POPULATIONS] += particle - g->empirical->control_of_squares * shadow;
        g->mean[j] += particle / MFLI_POPULATIONS;
        g->shadow_mean[j] += shadow / MFLI_POPULATIONS;
        g->sum.squares += particle * z[j] * z[j] / MFLI_POPULATIONS;
        g->sum.shadow_squares += shadow * z[j] * z[j] / MFLI_POPULATIONS;
    }
}

/* A particle and its shadow. */
static void add_pair(gathering *g, int64_t i, int64_t row)
{
    mfli_empirical *e = g->empirical;
    const mfli_swarm *swarm = &e->swarm;
    const double *phi = g->phi + row * e->samples, *shadow = swarm->phi + row * e->samples;
    const double variance = e->kernel.readout_variance,
                 amount = swarm->weight[i] * swarm->response[i].share;
    const double share = (double)MFLI_POPULATIONS / (double)swarm->count,
                 both = dot(e->samples, phi, shadow);
    const double square = dot(e->samples, shadow, shadow);
    const int32_t population = mfli_swarm_population(swarm, i);
    add_kernel(g, population, e->kernel.scale * amount, phi, g->j[row]);
    add_kernel(g, population, -e->kernel.control * e->kernel.scale * variance * share, shadow,
               g->shadow_j[row]);
    add_squares(g, i);
    g->sum.kernels += amount * variance * both * both / MFLI_POPULATIONS;
    g->sum.shadow_kernels += share * variance * variance * square * square / MFLI_POPULATIONS;
    g->coefficient[row] = amount;
}

/* The tile's part of <share phi J>, and of the same of shadows. */
static int32_t add_mode(gathering *g, int64_t rows)
{
    mfli_empirical *e = g->empirical;
    const int64_t P = e->samples;
    const double shadows = -e->kernel.scale * e->kernel.readout_variance / (double)e->swarm.count;
    for (int64_t row = 0; row < rows; row++)
        g->coefficient[row] *= g->j[row] / MFLI_POPULATIONS;
    int32_t status = mfli_gemv(e->context, MFLI_TRANSPOSED, rows, P, g->newest, g->phi, P, g->coefficient,
                               1.0, e->mode_learned);
    if (status == MFL_OK && e->mode_prior)
        status = mfli_gemv(e->context, MFLI_TRANSPOSED, rows, P, g->newest * shadows, e->swarm.phi, P,
                           g->shadow_j, 1.0, e->mode_rest);
    return status;
}

static int32_t gather_tile(gathering *g, int64_t first, int64_t rows)
{
    mfli_empirical *e = g->empirical;
    mfli_swarm *swarm = &e->swarm;
    int32_t status = mfli_swarm_features(swarm, swarm->place, first, rows);
    if (status == MFL_OK && e->mode_response)
        status = project(g, swarm->place, first, rows, g->j);
    if (status == MFL_OK && e->mode_prior)
        status = project(g, swarm->shadow, first, rows, g->shadow_j);
    memcpy(g->phi, swarm->phi, (size_t)(rows * e->samples) * sizeof(double));
    if (status == MFL_OK)
        status = mfli_swarm_features(swarm, swarm->shadow, first, rows);
    for (int64_t row = 0; row < rows && status == MFL_OK; row++)
        add_pair(g, first + row, row);
    if (status == MFL_OK && e->mode_response)
        status = add_mode(g, rows);
    if (status == MFL_OK)
        status =
            mfli_mean_kernel_add_shadows(&e->kernel, swarm->phi, rows, g->newest / (double)swarm->count);
    for (int64_t row = 0; row < rows; row++)
        scale(e->samples, g->phi + row * e->samples,
              sqrt(swarm->weight[first + row] * swarm->response[first + row].share));
    if (status == MFL_OK)
        status = mfli_mean_kernel_add_particles(&e->kernel, g->phi, rows, g->newest / MFLI_POPULATIONS);
    return status;
}

/* What the shadows took away is known exactly. */
static void complete(const gathering *g)
{
    const mfli_empirical *e = g->empirical;
    const double noise = e->choice.kappa * e->choice.kappa, control = e->kernel.control;
    double overlap = 0.0, mode = 0.0;
    if (e->target_square > 0.0)
        overlap = noise * dot(e->samples, e->cavity.readout, e->prior_pull) / e->target_square;
    if (e->mode_response)
        mode = -dot(e->samples, e->mode_response, e->prior_pull);
    if (e->mode_prior)
        mode += dot(e->samples, e->mode_prior, e->cavity.readout);
    for (int32_t p = 0; p < MFLI_POPULATIONS; p++) {
        g->order[MFLI_RECORD_OVERLAP * MFLI_POPULATIONS + p] += control * overlap;
        g->order[MFLI_RECORD_MODE * MFLI_POPULATIONS + p] += control * mode;
        for (int64_t j = 0; j < e->swarm.dimension; j++)
            g->order[(MFLI_RECORD_INPUTS + j) * MFLI_POPULATIONS + p] += e->control_of_squares;
    }
}

static void fade(gathering *g)
{
    mfli_empirical *e = g->empirical;
    mfli_mean_kernel_fade(&e->kernel, g->newest);
    for (int64_t mu = 0; e->mode_response && mu < e->samples; mu++)
        e->mode_learned[mu] *= 1.0 - g->newest;
    for (int64_t mu = 0; e->mode_prior && mu < e->samples; mu++)
        e->mode_rest[mu] += g->newest * (e->mode_prior[mu] - e->mode_rest[mu]);
}

/* The shares of the control variates that leave the least variance, and the mean of the squares. */
static void conclude(gathering *g)
{
    mfli_empirical *e = g->empirical;
    double shared = g->sum.squares, alone = g->sum.shadow_squares;
    for (int64_t j = 0; j < e->swarm.dimension; j++) {
        double mean = 0.0;
        for (int32_t p = 0; p < MFLI_POPULATIONS; p++)
            mean += g->order[(MFLI_RECORD_INPUTS + j) * MFLI_POPULATIONS + p] / MFLI_POPULATIONS;
        e->spread[j] += g->newest * (mean - e->spread[j]);
        shared -= g->mean[j] * g->shadow_mean[j];
        alone -= g->shadow_mean[j] * g->shadow_mean[j];
    }
    if (alone > 0.0)
        e->control_of_squares += g->newest * (fmin(fmax(shared / alone, 0.0), 1.0) - e->control_of_squares);
    mfli_mean_kernel_weigh(&e->kernel, g->sum.kernels, g->sum.shadow_kernels, g->newest);
}

static int32_t gather(gathering *g, int32_t recorded)
{
    mfli_empirical *e = g->empirical;
    mfli_swarm *swarm = &e->swarm;
    int32_t status = mfli_symv(e->context, e->samples, 1.0, e->kernel.prior, e->samples, e->cavity.readout,
                               0.0, e->prior_pull);
    fade(g);
    for (int64_t first = 0; first < swarm->count && status == MFL_OK; first += swarm->tile) {
        int64_t rows = swarm->count - first < swarm->tile ? swarm->count - first : swarm->tile;
        status = gather_tile(g, first, rows);
    }
    if (status != MFL_OK)
        return status;
    complete(g);
    conclude(g);
    return recorded ? mfli_record_add(&e->record, g->order) : MFL_OK;
}

int32_t mfli_empirical_gather(mfli_empirical *e, double newest, int32_t recorded)
{
    const size_t order = (size_t)e->record.quantities * MFLI_POPULATIONS, tile = (size_t)e->swarm.tile;
    const size_t d = (size_t)e->swarm.dimension, P = (size_t)e->samples;
    gathering g = {.empirical = e, .newest = newest};
    g.order = mfli_alloc_zeroed(e->context, order + 2 * d + tile * (3 + d + P), sizeof(double));
    if (!g.order)
        return MFL_ERROR_MEMORY;
    g.mean = g.order + order;
    g.shadow_mean = g.mean + d;
    g.j = g.shadow_mean + d;
    g.shadow_j = g.j + tile;
    g.coefficient = g.shadow_j + tile;
    g.weights = g.coefficient + tile;
    g.phi = g.weights + tile * d;
    int32_t status = gather(&g, recorded);
    mfli_free(e->context, g.order);
    return status;
}
