/* SPDX-License-Identifier: BSD-3-Clause */
/* Packing, memory, the fixed sums, and the table of one instruction set and precision. */
#include "network.h"

static void pack(size_t neurons, size_t inputs, const double *w, size_t ldw, const double *a,
                 real *weights, real *readout)
{
    const size_t padded = mfli_round_up(neurons, WIDTH);
    for (size_t i = 0; i < padded; i++) {
        real *column = weights + i / WIDTH * inputs * WIDTH + i % WIDTH;
        for (size_t j = 0; j < inputs; j++)
            column[j * WIDTH] = i < neurons ? (real)w[i * ldw + j] : 0;
        readout[i] = i < neurons ? (real)a[i] : 0;
    }
}

static void unpack(size_t neurons, size_t inputs, const real *weights, const real *readout,
                   double *w, size_t ldw, double *a)
{
    for (size_t i = 0; i < neurons; i++) {
        const real *column = weights + i / WIDTH * inputs * WIDTH + i % WIDTH;
        for (size_t j = 0; j < inputs; j++)
            w[i * ldw + j] = (double)column[j * WIDTH];
        a[i] = (double)readout[i];
    }
}

static void pack_inputs(size_t samples, size_t inputs, const double *x, size_t ldx, real *packed)
{
    const size_t length = mfli_inputs_length(samples, inputs);
    for (size_t mu = 0; mu < samples; mu++)
        for (size_t j = 0; j < inputs; j++)
            packed[mu * inputs + j] = (real)x[mu * ldx + j];
    for (size_t i = samples * inputs; i < length; i++)
        packed[i] = 0;
}

/* Hands out aligned pieces of a caller's memory; with memory NULL it only counts. */
typedef struct carver {
    char *memory;
    size_t used;
} carver;

static void *carve(carver *from, size_t bytes)
{
    void *piece = from->memory ? from->memory + from->used : NULL;
    from->used += mfli_round_up(bytes, MFLI_ALIGNMENT);
    return piece;
}

static size_t carve_workspace(net_t *net, void *memory)
{
    carver from = {memory, 0};
    const size_t padded = panels(net) * WIDTH, samples = padded_samples(net);
    net->gradient = carve(&from, padded * net->shape.inputs * sizeof(real));
    net->features = carve(&from, padded * sizeof(real));
    net->residual = carve(&from, samples * sizeof(real));
    net->partial_f = carve(&from, mfli_blocks(net->shape.neurons) * samples * sizeof(double));
    net->partial_squares = carve(&from, 2 * panels(net) * sizeof(double));
    net->sums = carve(&from, padded * ROW_VECTORS * LANES * sizeof(real));
    net->signs = carve(&from, panels(net) * words(net) * WIDTH * sizeof(ubits));
    return from.used;
}

static size_t workspace_size(const mfli_shape *shape)
{
    net_t net = {.shape = *shape};
    return carve_workspace(&net, NULL);
}

static void bind(net_t *net, void *workspace)
{
    carve_workspace(net, workspace);
}

static scratch_t carve_scratch(const mfli_shape *shape, carver *from)
{
    return (scratch_t){
        .z = carve(from, WORD * WIDTH * sizeof(real)),
        .value = carve(from, WORD * WIDTH * sizeof(real)),
        .derivative = carve(from, WORD * WIDTH * sizeof(real)),
        .sum = carve(from, TILE_WORDS * WORD * LANES * sizeof(real)),
        .noise = carve(from, NOISE_COLUMNS * WIDTH * sizeof(real)),
        .table = carve(from, (TABLES << TABLE_BITS) * ROW_VECTORS * LANES * sizeof(real)),
        .choices = carve(from, (mfli_patterns(shape->inputs) << MFLI_PATTERN_INPUTS) * WIDTH * sizeof(real)),
        .caller = carve(from, 3 * WORD * WIDTH * sizeof(double)),
    };
}

size_t MFLI_NAME(mfli_scratch_size)(const mfli_shape *shape)
{
    carver from = {NULL, 0};
    carve_scratch(shape, &from);
    return from.used;
}

scratch_t MFLI_NAME(mfli_scratch)(const mfli_shape *shape, void *memory)
{
    carver from = {memory, 0};
    return carve_scratch(shape, &from);
}

/* Pairwise sum of count numbers `stride` apart: one fixed tree. */
static double tree_sum(const double *x, size_t count, size_t stride)
{
    if (count <= 8) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += x[i * stride];
        return sum;
    }
    const size_t half = count / 2;
    return tree_sum(x, half, stride) + tree_sum(x + half * stride, count - half, stride);
}

static void predict(const net_t *net, double *f)
{
    const size_t blocks = mfli_blocks(net->shape.neurons), stride = padded_samples(net);
    for (size_t mu = 0; mu < net->shape.samples; mu++)
        f[mu] = net->scale * tree_sum(net->partial_f + mu, blocks, stride);
}

static double residual_squares(const double *y, const double *f, size_t count)
{
    if (count <= 16) {
        double sum = 0;
        for (size_t mu = 0; mu < count; mu++)
            sum += (y[mu] - f[mu]) * (y[mu] - f[mu]);
        return sum;
    }
    const size_t half = count / 2;
    return residual_squares(y, f, half) + residual_squares(y + half, f + half, count - half);
}

static double residual(const net_t *net, const double *y, double *f)
{
    predict(net, f);
    for (size_t mu = 0; mu < padded_samples(net); mu++)
        net->residual[mu] = mu < net->shape.samples ? (real)(y[mu] - f[mu]) : 0;
    return residual_squares(y, f, net->shape.samples);
}

static void squares(const net_t *net, mfli_squares *sums)
{
    sums->weights = tree_sum(net->partial_squares, panels(net), 2);
    sums->readout = tree_sum(net->partial_squares + 1, panels(net), 2);
}

const MFLI_TYPE(mfli_ops) MFLI_NAME(mfli_ops) = {
    .width = WIDTH,
    .pack = pack,
    .unpack = unpack,
    .pack_inputs = pack_inputs,
    .workspace_size = workspace_size,
    .scratch_size = MFLI_NAME(mfli_scratch_size),
    .bind = bind,
    .forward = MFLI_NAME(mfli_forward),
    .predict = predict,
    .residual = residual,
    .gradient = MFLI_NAME(mfli_gradient),
    .update = MFLI_NAME(mfli_update),
    .squares = squares,
};
