/* SPDX-License-Identifier: BSD-3-Clause */
/* Exact redraws of the readouts given the first layer, where the posterior is Gaussian.
 *
 * With Phi = N^-gamma phi(X W^T), P x N, and draws a0 ~ N(0, sigma_a^2) and e ~ N(0, kappa^2), the solution of the
 * perturbed ridge problem (Papandreou and Yuille 2010)
 *
 *     (Phi^T Phi / kappa^2 + 1/sigma_a^2) a = Phi^T (y + e) / kappa^2 + a0 / sigma_a^2
 *
 * has the law of a | W, y. It is the same number as a0 + sigma_a^2 Phi^T (sigma_a^2 Phi Phi^T + kappa^2)^-1
 * (y + e - Phi a0), so that the smaller of the two matrices, N x N and P x P, is factorised. */
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "network/features.h"
#include "rng/normals.h"
#include "sampler/sampler.h"

enum { tile_rows = 256 };

int32_t mfli_gibbs_open(mfl_sampler *sampler, mfli_gibbs *gibbs)
{
    mfl_context *context = sampler->object.context;
    const size_t samples = (size_t)sampler->data->rows, width = (size_t)sampler->model.width;
    gibbs->dual = samples < width;
    gibbs->tile = gibbs->dual || samples < tile_rows ? sampler->data->rows : tile_rows;
    gibbs->size = gibbs->dual ? sampler->data->rows : sampler->model.width;
    const size_t tile = (size_t)gibbs->tile * width, size = (size_t)gibbs->size;
    gibbs->matrix = mfli_alloc(context, size, size * sizeof(double));
    gibbs->inputs = mfli_alloc(context, (size_t)gibbs->tile, (size_t)sampler->model.dimension * sizeof(double));
    gibbs->z = mfli_alloc(context, tile, sizeof(double));
    gibbs->phi = mfli_alloc(context, tile, sizeof(double));
    gibbs->slope = mfli_alloc(context, tile, sizeof(double));
    gibbs->noise = mfli_alloc(context, samples + width, sizeof(double));
    gibbs->right = mfli_alloc(context, samples + width, sizeof(double));
    return gibbs->matrix && gibbs->inputs && gibbs->z && gibbs->phi && gibbs->slope && gibbs->noise && gibbs->right
        ? MFL_OK
        : MFL_ERROR_MEMORY;
}

void mfli_gibbs_close(mfl_context *context, mfli_gibbs *gibbs)
{
    double *arrays[] = {gibbs->matrix, gibbs->inputs, gibbs->z,    gibbs->phi,
                        gibbs->slope,  gibbs->noise,  gibbs->right};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        mfli_free(context, arrays[i]);
    memset(gibbs, 0, sizeof *gibbs);
}

/* Rows first .. first + count - 1 of Phi. */
static int32_t features(mfl_sampler *sampler, const mfli_chain *chain, int64_t first, int64_t count)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    mfli_gibbs *gibbs = &sampler->gibbs_moves;
    const size_t length = (size_t)count * (size_t)model->width;
    mfli_dataset_pack(sampler->data, first, count, gibbs->inputs, model->dimension);
    int32_t status =
        mfli_gemm(context, MFLI_PLAIN, MFLI_TRANSPOSED, count, model->width, model->dimension, 1.0, gibbs->inputs,
                  model->dimension, chain->theta, model->dimension, 0.0, gibbs->z, model->width);
    if (!status && mfli_activation_values(model, length, gibbs->z, gibbs->phi, gibbs->slope))
        status = mfli_fail(context, MFL_ERROR_CALLBACK, "the activation function returned a non-zero value");
    for (size_t i = 0; i < length; i++)
        gibbs->phi[i] *= sampler->likelihood_scale;
    return status;
}

/* matrix = diagonal * I, in the lower triangle. */
static void set_diagonal(mfli_gibbs *gibbs, double diagonal)
{
    const int64_t n = gibbs->size;
    for (int64_t i = 0; i < n; i++) {
        memset(gibbs->matrix + i * n, 0, (size_t)i * sizeof *gibbs->matrix);
        gibbs->matrix[i * n + i] = diagonal;
    }
}

static int32_t solve(mfl_context *context, mfli_gibbs *gibbs)
{
    int32_t status = mfli_potrf(context, gibbs->size, gibbs->matrix, gibbs->size, NULL);
    return status ? status
                  : mfli_potrs(context, gibbs->size, 1, gibbs->matrix, gibbs->size, gibbs->right, gibbs->size);
}

/* By the N x N matrix; noise holds a0 and then y + e. */
static int32_t redraw_primal(mfl_sampler *sampler, mfli_chain *chain, double kappa, double *readout)
{
    mfl_context *context = sampler->object.context;
    mfli_gibbs *gibbs = &sampler->gibbs_moves;
    const int64_t width = sampler->model.width, samples = sampler->data->rows;
    const double *target = gibbs->noise + width, weight = 1.0 / (kappa * kappa);
    int32_t status = MFL_OK;
    set_diagonal(gibbs, sampler->precision_a);
    for (int64_t i = 0; i < width; i++)
        gibbs->right[i] = sampler->precision_a * gibbs->noise[i];
    for (int64_t first = 0; first < samples && !status; first += gibbs->tile) {
        const int64_t count = samples - first < gibbs->tile ? samples - first : gibbs->tile;
        status = features(sampler, chain, first, count);
        if (!status)
            status = mfli_syrk(context, MFLI_TRANSPOSED, width, count, weight, gibbs->phi, width, 1.0,
                               gibbs->matrix, width);
        if (!status)
            status = mfli_gemv(context, MFLI_TRANSPOSED, count, width, weight, gibbs->phi, width, target + first,
                               1.0, gibbs->right);
    }
    if (!status)
        status = solve(context, gibbs);
    if (!status)
        memcpy(readout, gibbs->right, (size_t)width * sizeof *readout);
    return status;
}

/* By the P x P matrix. */
static int32_t redraw_dual(mfl_sampler *sampler, mfli_chain *chain, double kappa, double *readout)
{
    mfl_context *context = sampler->object.context;
    mfli_gibbs *gibbs = &sampler->gibbs_moves;
    const int64_t width = sampler->model.width, samples = sampler->data->rows;
    const double variance = 1.0 / sampler->precision_a;
    set_diagonal(gibbs, kappa * kappa);
    memcpy(gibbs->right, gibbs->noise + width, (size_t)samples * sizeof(double));
    int32_t status = features(sampler, chain, 0, samples);
    if (!status)
        status = mfli_syrk(context, MFLI_PLAIN, samples, width, variance, gibbs->phi, width, 1.0, gibbs->matrix,
                           samples);
    if (!status)
        status = mfli_gemv(context, MFLI_PLAIN, samples, width, -1.0, gibbs->phi, width, gibbs->noise, 1.0,
                           gibbs->right);
    if (!status)
        status = solve(context, gibbs);
    if (!status)
        status = mfli_gemv(context, MFLI_TRANSPOSED, samples, width, variance, gibbs->phi, width, gibbs->right,
                           1.0, gibbs->noise);
    if (!status)
        memcpy(readout, gibbs->noise, (size_t)width * sizeof *readout);
    return status;
}

int32_t mfli_gibbs_redraw(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    mfli_gibbs *gibbs = &sampler->gibbs_moves;
    const size_t samples = (size_t)sampler->data->rows, width = (size_t)model->width;
    const mfli_stream stream = {sampler->seed, (uint64_t)chain->steps, chain->id, MFLI_PURPOSE_GIBBS_READOUT};
    const double kappa = mfli_chain_kappa(sampler, chain);
    double *readout = chain->theta + mfli_layer_length(model);
    mfli_chain_pull(chain, model);
    mfli_normal_matrix(&stream, 0, width + samples, 1, gibbs->noise, 1);
    for (size_t i = 0; i < width; i++)
        gibbs->noise[i] *= model->sigma_a;
    for (size_t mu = 0; mu < samples; mu++)
        gibbs->noise[width + mu] = sampler->data->targets[mu] + kappa * gibbs->noise[width + mu];
    int32_t status = gibbs->dual ? redraw_dual(sampler, chain, kappa, readout)
                                 : redraw_primal(sampler, chain, kappa, readout);
    mfli_chain_changed(chain);
    if (status != MFL_ERROR_NOT_POSITIVE_DEFINITE)
        return status;
    chain->failure = MFL_ERROR_DIVERGED; /* the matrix is positive at all weights that a chain should have */
    return mfli_sampler_failure(sampler);
}
