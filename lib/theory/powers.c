/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/powers.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "theory/classes.h"

int32_t mfli_powers_create(mfl_context *context, const mfli_blocks *blocks, mfli_powers *kernel)
{
    memset(kernel, 0, sizeof *kernel);
    kernel->matrix = mfli_alloc_zeroed(context, 2 * (size_t)(blocks->numbers + blocks->features), sizeof(double));
    if (!kernel->matrix)
        return MFL_ERROR_MEMORY;
    kernel->blocks = blocks;
    kernel->kept = blocks->cut;
    kernel->vectors = kernel->matrix + blocks->numbers;
    kernel->values = kernel->vectors + blocks->numbers;
    kernel->multiplicity = kernel->values + blocks->features;
    for (int32_t b = 0; b < blocks->count; b++)
        for (int32_t i = 0; i < blocks->block[b].size; i++)
            kernel->multiplicity[blocks->block[b].first + i] = blocks->block[b].multiplicity;
    return MFL_OK;
}

void mfli_powers_finish(mfl_context *context, mfli_powers *kernel)
{
    mfli_free(context, kernel->matrix);
    memset(kernel, 0, sizeof *kernel);
}

int32_t mfli_powers_decompose(mfl_context *context, mfli_powers *kernel)
{
    const mfli_blocks *blocks = kernel->blocks;
    int32_t status = MFL_OK;
    memcpy(kernel->vectors, kernel->matrix, (size_t)blocks->numbers * sizeof(double));
    for (int32_t b = 0; b < blocks->count && status == MFL_OK; b++) {
        const mfli_block *block = &blocks->block[b];
        double *vectors = kernel->vectors + block->at, *values = kernel->values + block->first;
        if (block->size > 1) {
            status = mfli_syevd(context, block->size, vectors, block->size, values);
        } else {
            values[0] = vectors[0];
            vectors[0] = 1.0;
        }
        for (int32_t i = 0; i < block->size; i++)
            values[i] = fmax(values[i], 0.0);
    }
    return status;
}

int32_t mfli_powers_conclude(mfl_context *context, mfli_powers *kernel, double unit, double sigma)
{
    const mfli_blocks *blocks = kernel->blocks;
    double held = 0.0;
    for (int32_t b = 0; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        const mfli_feature *feature = blocks->feature + block->first;
        double *matrix = kernel->matrix + block->at;
        for (int32_t i = 0; i < block->size; i++)
            for (int32_t j = 0; j < block->size; j++) {
                double *entry = &matrix[i * block->size + j];
                if (feature[i].layer > kernel->kept || feature[j].layer > kernel->kept)
                    *entry = 0.0;
                held += i == j ? *entry : 0.0;
                *entry *= unit / block->multiplicity;
            }
    }
    kernel->rest = unit * fmax(0.0, sigma - held);
    return mfli_powers_decompose(context, kernel);
}

double mfli_powers_noise(const mfli_powers *kernel, double f, double samples, double square_noise)
{
    return mfli_noise(kernel->blocks->features, kernel->multiplicity, kernel->values, kernel->rest, f, samples,
                      square_noise);
}

void mfli_powers_response(const mfli_powers *kernel, double ratio, double *response)
{
    const mfli_blocks *blocks = kernel->blocks;
    for (int32_t b = 0; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        const double *vectors = kernel->vectors + block->at, *values = kernel->values + block->first;
        int32_t n = block->size;
        double *to = response + block->at;
        memset(to, 0, (size_t)(n * n) * sizeof *to);
        for (int32_t l = 0; l < n; l++) {
            const double *v = vectors + l * n;
            double weight = 1.0 / (1.0 + ratio * values[l]);
            for (int32_t i = 0; i < n; i++)
                for (int32_t j = 0; j < n; j++)
                    to[i * n + j] += weight * v[i] * v[j];
        }
    }
}

void mfli_powers_learned(const mfli_powers *kernel, double ratio, double *m)
{
    const mfli_modes *modes = kernel->blocks->modes;
    int32_t n = modes->count;
    for (int32_t i = 0; i < n; i++)
        m[i] = 0.0;
    for (int32_t l = 0; l < n; l++) {
        const double *v = kernel->vectors + l * n;
        double part = 0.0, learned = ratio * kernel->values[l];
        for (int32_t i = 0; i < n; i++)
            part += v[i] * modes->mode[i].target;
        for (int32_t i = 0; i < n; i++)
            m[i] += part * v[i] * learned / (1.0 + learned);
    }
}

double mfli_powers_fluctuation(const mfli_powers *kernel, double samples, double ratio)
{
    double sum = 0.0;
    for (int32_t i = 0; i < kernel->blocks->features; i++) {
        double learned = ratio * kernel->values[i], share = learned / (1.0 + learned);
        sum += kernel->multiplicity[i] * share * share;
    }
    return samples > 0.0 ? sum / samples : 0.0;
}

double mfli_powers_variance(const mfli_powers *kernel, double ratio)
{
    double sum = kernel->rest;
    for (int32_t i = 0; i < kernel->blocks->features; i++)
        sum += kernel->multiplicity[i] * kernel->values[i] / (1.0 + ratio * kernel->values[i]);
    return sum;
}
