/* SPDX-License-Identifier: BSD-3-Clause */
/* Predictions at new inputs from archived particles: f(x) = k(x) . v with k(x) by the same control variate
 * as K. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "linalg/linalg.h"
#include "network/features.h"
#include "ridge/gram.h"

enum { chunk = 64 };

/* share of each archived neuron in k(x): of particles, or of shadows. */
static double share_of(const mfli_empirical *e, int32_t shadows, int64_t i)
{
    const double snapshots = (double)mfli_archive_used(&e->archive), scale = e->kernel.scale / snapshots;
    if (!shadows)
        return scale * e->archive.share[i];
    return -e->kernel.control * scale * e->kernel.readout_variance / (double)e->archive.count;
}

static const double *places_of(const mfli_empirical *e, int32_t shadows)
{
    return shadows ? e->archive.shadows : e->archive.particles;
}

/* How many particles are archived, and as many shadows. */
static int64_t archived(const mfli_empirical *e)
{
    return mfli_archive_used(&e->archive) * e->archive.count;
}

static int64_t tile_at(const mfli_empirical *e, int64_t first)
{
    const int64_t left = archived(e) - first;
    return left < e->swarm.tile ? left : e->swarm.tile;
}

/* Features of the archived neurons of a kind enter the kernel. */
static int32_t add_features(mfli_empirical *e, int32_t shadows)
{
    mfli_swarm *swarm = &e->swarm;
    const int64_t P = e->samples;
    int32_t status = MFL_OK;
    for (int64_t first = 0; first < archived(e) && status == MFL_OK; first += swarm->tile) {
        const int64_t rows = tile_at(e, first);
        status = mfli_swarm_features(swarm, places_of(e, shadows), first, rows);
        for (int64_t i = 0; i < rows * P && !shadows; i++)
            swarm->phi[i] *= sqrt(e->archive.share[first + i / P]);
        if (status == MFL_OK && shadows)
            status = mfli_mean_kernel_add_shadows(&e->kernel, swarm->phi, rows, 1.0 / (double)archived(e));
        else if (status == MFL_OK)
            status = mfli_mean_kernel_add_particles(&e->kernel, swarm->phi, rows,
                                                    1.0 / (double)mfli_archive_used(&e->archive));
    }
    return status;
}

static int32_t set_amplitudes(mfli_empirical *e, int32_t shadows)
{
    mfli_swarm *swarm = &e->swarm;
    double *amplitude = e->amplitude + shadows * archived(e);
    int32_t status = MFL_OK;
    for (int64_t first = 0; first < archived(e) && status == MFL_OK; first += swarm->tile) {
        const int64_t rows = tile_at(e, first);
        status = mfli_swarm_features(swarm, places_of(e, shadows), first, rows);
        if (status == MFL_OK)
            status = mfli_gemv(e->context, MFLI_PLAIN, rows, e->samples, 1.0, swarm->phi, e->samples,
                               e->cavity.readout, 0.0, amplitude + first);
        for (int64_t i = first; i < first + rows; i++)
            amplitude[i] *= share_of(e, shadows, i);
    }
    return status;
}

/* Predictions are those of the archive's own kernel: what it lacks on average over all sweeps is then felt
 * only where it matters, instead of through v, which is large. */
int32_t mfli_empirical_conclude(mfli_empirical *e)
{
    const double noise = e->choice.kappa * e->choice.kappa;
    e->amplitude = mfli_alloc(e->context, (size_t)(2 * archived(e)) + 1, sizeof *e->amplitude);
    if (!e->amplitude)
        return MFL_ERROR_MEMORY;
    mfli_mean_kernel_reset(&e->kernel);
    int32_t status = add_features(e, 0);
    if (status == MFL_OK)
        status = add_features(e, 1);
    if (status == MFL_OK)
        status = mfli_empirical_solve_readout(e);
    if (status == MFL_OK)
        status = set_amplitudes(e, 0);
    if (status == MFL_OK)
        status = set_amplitudes(e, 1);
    if (status == MFL_OK)
        status = mfli_mean_kernel_factor(&e->kernel, 1.0, noise, e->extra);
    return status;
}

typedef struct prediction {
    mfli_empirical *empirical;
    int64_t count;           /* points, up to a chunk */
    double *inputs;          /* chunk x d, whitened */
    double *z, *phi, *slope; /* tile x chunk */
    double *kernel;          /* chunk x P */
    double *diagonal;        /* chunk; NULL: means alone */
} prediction;

/* What archived neurons add to the means, and to k(x) and k(x, x). */
static int32_t add_tile(prediction *p, int32_t shadows, int64_t first, int64_t rows, double *mean)
{
    mfli_empirical *e = p->empirical;
    const int64_t d = e->swarm.dimension, P = e->samples, count = p->count;
    const double *places = places_of(e, shadows);
    int32_t status = mfli_gemm(e->context, MFLI_PLAIN, MFLI_TRANSPOSED, rows, count, d, 1.0,
                               places + first * d, d, p->inputs, d, 0.0, p->z, count);
    if (status == MFL_OK &&
        mfli_activation_slopes(&e->model, (size_t)(rows * count), p->z, p->phi, p->slope))
        status = mfli_fail(e->context, MFL_ERROR_CALLBACK, "the caller's activation failed");
    if (status == MFL_OK)
        status = mfli_gemv(e->context, MFLI_TRANSPOSED, rows, count, 1.0, p->phi, count,
                           e->amplitude + shadows * archived(e) + first, 1.0, mean);
    if (status != MFL_OK || !p->diagonal)
        return status;
    for (int64_t row = 0; row < rows; row++)
        for (int64_t i = 0; i < count; i++) {
            const double value = p->phi[row * count + i], part = share_of(e, shadows, first + row) * value;
            p->diagonal[i] += part * value;
            p->phi[row * count + i] = part;
        }
    status = mfli_swarm_features(&e->swarm, places, first, rows);
    if (status == MFL_OK)
        status = mfli_gemm(e->context, MFLI_TRANSPOSED, MFLI_PLAIN, count, P, rows, 1.0, p->phi, count,
                           e->swarm.phi, P, 1.0, p->kernel, P);
    return status;
}

/* k(x) of the prior, its part of the mean, and K(x, x). */
static int32_t begin(prediction *p, const double *inputs, int64_t stride, double *mean)
{
    mfli_empirical *e = p->empirical;
    const int64_t d = e->swarm.dimension, P = e->samples;
    const double control = e->kernel.control;
    mfli_points points;
    int32_t status =
        mfli_points_init(e->context, &e->kernel_of_prior, &points, "inputs", p->count, inputs, stride, 1);
    if (status != MFL_OK)
        return status;
    for (int64_t i = 0; i < p->count * d; i++)
        p->inputs[i] = inputs[i / d * stride + i % d] * e->scales[i % d];
    status = mfli_cross_gram(e->context, &e->kernel_of_prior, &points, &e->points, p->kernel, P);
    for (int64_t i = 0; i < p->count * P; i++)
        p->kernel[i] *= control;
    if (status == MFL_OK)
        status =
            mfli_gemv(e->context, MFLI_PLAIN, p->count, P, 1.0, p->kernel, P, e->cavity.readout, 0.0, mean);
    if (status == MFL_OK && p->diagonal)
        status = mfli_gram_diagonal(e->context, &e->kernel_of_prior, &points, p->diagonal);
    for (int64_t i = 0; p->diagonal && i < p->count; i++)
        p->diagonal[i] *= control;
    mfli_points_clear(e->context, &points);
    return status;
}

static int32_t predict_chunk(prediction *p, const double *inputs, int64_t stride, double *mean,
                             double *variance)
{
    mfli_empirical *e = p->empirical;
    const int64_t P = e->samples;
    int32_t status = begin(p, inputs, stride, mean);
    for (int32_t shadows = 0; shadows < 2; shadows++)
        for (int64_t first = 0; first < archived(e) && status == MFL_OK; first += e->swarm.tile)
            status = mfli_cancelled(e->context) ? MFL_ERROR_CANCELLED
                                                : add_tile(p, shadows, first, tile_at(e, first), mean);
    if (status != MFL_OK || !variance)
        return status;
    status = mfli_trsm(e->context, MFLI_RIGHT, MFLI_TRANSPOSED, p->count, P, e->extra, P, p->kernel, P);
    for (int64_t i = 0; i < p->count; i++) {
        double known = 0.0;
        for (int64_t mu = 0; mu < P; mu++)
            known += p->kernel[i * P + mu] * p->kernel[i * P + mu];
        variance[i] = fmax(p->diagonal[i] - known, 0.0);
    }
    return status;
}

int32_t mfli_empirical_predict(mfli_empirical *e, const double *inputs, int64_t count, int64_t stride,
                               double *mean, double *variance)
{
    const size_t P = (size_t)e->samples, d = (size_t)e->model.dimension, tile = (size_t)e->swarm.tile;
    prediction p = {.empirical = e};
    double *memory = mfli_alloc(e->context, chunk, (d + 3 * tile + P + 1) * sizeof *memory);
    if (!memory)
        return MFL_ERROR_MEMORY;
    p.inputs = memory;
    p.z = p.inputs + chunk * d;
    p.phi = p.z + chunk * tile;
    p.slope = p.phi + chunk * tile;
    p.kernel = p.slope + chunk * tile;
    p.diagonal = variance ? p.kernel + chunk * P : NULL;
    int32_t status = MFL_OK;
    for (int64_t first = 0; first < count && status == MFL_OK; first += chunk) {
        p.count = count - first < chunk ? count - first : chunk;
        status = predict_chunk(&p, inputs + first * stride, stride, mean + first,
                               variance ? variance + first : NULL);
    }
    mfli_free(e->context, memory);
    return status;
}
