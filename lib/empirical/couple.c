/* SPDX-License-Identifier: BSD-3-Clause */
/* From the kernel to the field. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "linalg/linalg.h"
#include "rng/normals.h"

static int32_t solve(const mfli_empirical *e, const double *target, double *solution)
{
    memcpy(solution, target, (size_t)e->samples * sizeof(double));
    return mfli_potrs(e->context, e->samples, 1, e->cavity.factor, e->samples, solution, e->samples);
}

/* share R k_chi by the present factor. */
static int32_t respond(mfli_empirical *e, double share)
{
    if (!e->mode_response)
        return MFL_OK;
    for (int64_t mu = 0; mu < e->samples; mu++) {
        e->mode_response[mu] = share * e->kernel.scale * e->mode_learned[mu];
        if (e->mode_prior)
            e->mode_response[mu] += share * e->kernel.control * e->mode_rest[mu];
    }
    return mfli_potrs(e->context, e->samples, 1, e->cavity.factor, e->samples, e->mode_response,
                      e->samples);
}

/* Rows of `images` become an orthonormal basis of their span, in cavity->vectors. Each is about theta times
 * a unit vector, which scales them. */
static int32_t orthonormalise(mfli_empirical *e, double *gram)
{
    mfli_cavity *cavity = &e->cavity;
    const int64_t rank = cavity->rank, P = e->samples;
    int64_t pivot;
    for (int64_t k = 0; k < rank; k++) {
        double square = 0.0, *row = e->images + k * P;
        for (int64_t mu = 0; mu < P; mu++)
            square += row[mu] * row[mu];
        for (int64_t mu = 0; mu < P; mu++)
            row[mu] /= sqrt(square);
    }
    int32_t status = mfli_syrk(e->context, MFLI_PLAIN, rank, P, 1.0, e->images, P, 0.0, gram, rank);
    if (status == MFL_OK)
        status = mfli_potrf(e->context, rank, gram, rank, &pivot);
    if (status == MFL_OK)
        status = mfli_trsm(e->context, MFLI_LEFT, MFLI_PLAIN, rank, P, gram, rank, e->images, P);
    if (status == MFL_OK)
        memcpy(cavity->vectors, e->images, (size_t)(rank * P) * sizeof(double));
    return status;
}

/* Rayleigh and Ritz: rows of cavity->vectors become approximate eigenvectors of the full matrix e->extra,
 * and `images` their products with it. gram: rank x rank; value: rank. */
static int32_t diagonalise(mfli_empirical *e, double *gram, double *value)
{
    mfli_cavity *cavity = &e->cavity;
    const int64_t rank = cavity->rank, P = e->samples;
    mfl_context *context = e->context;
    int32_t status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, rank, P, P, 1.0, cavity->vectors, P,
                               e->extra, P, 0.0, e->images, P);
    if (status == MFL_OK)
        status = mfli_gemm(context, MFLI_PLAIN, MFLI_TRANSPOSED, rank, rank, P, 1.0, e->images, P,
                           cavity->vectors, P, 0.0, gram, rank);
    if (status == MFL_OK)
        status = mfli_syevd(context, rank, gram, rank, value);
    for (int32_t i = 0; i < 2 && status == MFL_OK;
         i++) { /* one after the other, through the tile's memory */
        double *rows = i ? e->images : cavity->vectors;
        for (int64_t first = 0; first < P && status == MFL_OK; first += e->swarm.tile) {
            const int64_t count = P - first < e->swarm.tile ? P - first : e->swarm.tile;
            status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, rank, count, rank, 1.0, gram, rank,
                               rows + first, P, 0.0, e->swarm.low, count);
            for (int64_t k = 0; k < rank; k++)
                memcpy(rows + k * P + first, e->swarm.low + k * count, (size_t)count * sizeof(double));
        }
    }
    return status;
}

/* e->extra: (1 - 1/N) K + kappa^2, both triangles; returns its trace. */
static double fill_matrix(mfli_empirical *e)
{
    const int64_t P = e->samples;
    const double noise = e->choice.kappa * e->choice.kappa;
    double trace = 0.0;
    mfli_mean_kernel_build(&e->kernel, e->others, noise, e->extra);
    for (int64_t i = 0; i < P; i++) {
        trace += e->extra[i * P + i];
        for (int64_t j = 0; j < i; j++)
            e->extra[j * P + i] = e->extra[i * P + j];
    }
    return trace;
}

/* Leading eigenvectors of the kernel by subspace iteration, which goes on from the last sweep's; what they
 * leave has the mean of the other eigenvalues. gram: rank x rank; value: rank. */
static int32_t follow_vectors(mfli_empirical *e, double *gram, double *value)
{
    enum { first_rounds = 4 };
    mfli_cavity *cavity = &e->cavity;
    const int64_t rank = cavity->rank, P = e->samples;
    const double trace = fill_matrix(e);
    const int32_t first = e->swarm.sweep == 0;
    double sum = 0.0;
    int32_t status = MFL_OK;
    if (first) {
        const mfli_stream stream = {mfli_seed(e->context), 0, 0, MFLI_PURPOSE_PROBE};
        mfli_normal_matrix(&stream, 0, (size_t)rank, (size_t)P, e->images, (size_t)P);
    }
    for (int32_t round = 0; round < (first ? first_rounds : 1) && status == MFL_OK; round++) {
        status = orthonormalise(e, gram);
        if (status == MFL_ERROR_NOT_POSITIVE_DEFINITE) /* the basis of before will do */
            status = MFL_OK;
        if (status == MFL_OK)
            status = diagonalise(e, gram, value);
    }
    for (int64_t k = 0; k < rank; k++)
        sum += value[k];
    cavity->rest = rank < P ? (double)(P - rank) / (trace - sum) : 0.0;
    for (int64_t k = 0; k < rank; k++)
        cavity->bend[k] = 1.0 / value[k] - cavity->rest;
    return status;
}

static int32_t update_surrogate(mfli_empirical *e)
{
    const size_t rank = (size_t)e->cavity.rank;
    double *gram = mfli_alloc(e->context, rank + 1, rank * sizeof *gram);
    int32_t status = gram ? follow_vectors(e, gram, gram + rank * rank) : MFL_ERROR_MEMORY;
    mfli_free(e->context, gram);
    return status;
}

/* f = K (K + kappa^2)^-1 y (T14), or K r/kappa^2 (T9). */
int32_t mfli_empirical_solve_readout(mfli_empirical *e)
{
    const double share = e->cavity.screened ? 1.0 : e->others, noise = e->choice.kappa * e->choice.kappa;
    int32_t status = mfli_mean_kernel_factor(&e->kernel, share, noise, e->cavity.factor);
    return status ? status : solve(e, e->targets, e->cavity.readout);
}

int32_t mfli_empirical_update_field(mfli_empirical *e)
{
    mfli_cavity *cavity = &e->cavity;
    const double noise = e->choice.kappa * e->choice.kappa;
    int32_t status = mfli_empirical_solve_readout(e);
    if (status == MFL_OK)
        status = respond(e, cavity->screened ? 1.0 : e->others);
    if (status != MFL_OK)
        return status;
    if (!cavity->screened) {
        memcpy(cavity->pull, cavity->readout, (size_t)e->samples * sizeof(double));
        return MFL_OK;
    }
    status = mfli_mean_kernel_factor(&e->kernel, e->others, noise, cavity->factor);
    if (status == MFL_OK)
        status = solve(e, e->targets, cavity->pull);
    return status ? status : update_surrogate(e);
}
