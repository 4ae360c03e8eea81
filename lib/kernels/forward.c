/* SPDX-License-Identifier: BSD-3-Clause */
#include "network.h"

#include "activation.h"

/* sum[mu] += sum over the panel of a phi(z_mu), lane by lane, and the signs of z, for one word. */
INLINE void rectify_word(const net_t *net, size_t panel, size_t word, real *sum, const int leaky,
                         const scratch_t *scratch)
{
    const word_range range = word_samples(net, word);
    const v_real a0 = load(net->readout + panel * WIDTH);
    const v_real a1 = load(net->readout + panel * WIDTH + LANES);
    const v_real slope = splat((real)leak(net));
    v_ubits signs0 = {0}, signs1 = {0};
    for (size_t mu = 0; mu < range.count; mu += GROUP, sum += GROUP * LANES) {
        v_real z[GROUP][VECTORS];
        preactivations(net, panel, range.first + mu, scratch, z);
#pragma GCC unroll 6
        for (int m = 0; m < GROUP; m++) {
            v_real phi0 = positive_part(z[m][0]), phi1 = positive_part(z[m][1]);
            if (leaky) {
                phi0 += (z[m][0] - phi0) * slope;
                phi1 += (z[m][1] - phi1) * slope;
            }
            signs0 = signs0 << 1 | (v_ubits)z[m][0] >> (8 * sizeof(real) - 1);
            signs1 = signs1 << 1 | (v_ubits)z[m][1] >> (8 * sizeof(real) - 1);
            store(sum + m * LANES, load(sum + m * LANES) + a0 * phi0 + a1 * phi1);
        }
    }
    ubits *signs = panel_signs(net, panel, word);
    store_bits(signs, signs0);
    store_bits(signs + LANES, signs1);
}

/* A caller's function sees only real neurons and samples; the padding gets zeros. */
static int32_t activate_by_caller(const net_t *net, size_t panel, word_range range,
                                  scratch_t *scratch)
{
    const mfli_activation *activation = &net->activation;
    const size_t neurons_left = net->shape.neurons - panel * WIDTH;
    const size_t samples_left = net->shape.samples - range.first;
    const size_t columns = neurons_left < WIDTH ? neurons_left : WIDTH;
    const size_t rows = samples_left < range.count ? samples_left : range.count;
    double *z = scratch->caller, *value = z + WORD * WIDTH, *derivative = value + WORD * WIDTH;
    for (size_t mu = 0; mu < rows; mu++)
        for (size_t i = 0; i < columns; i++)
            z[mu * columns + i] = scratch->z[mu * WIDTH + i];
    const int32_t stop =
        activation->phi((int64_t)(rows * columns), z, value, derivative, activation->phi_data);
    for (size_t mu = 0; mu < range.count; mu++) {
        for (size_t i = 0; i < WIDTH; i++) {
            const int inside = mu < rows && i < columns;
            scratch->value[mu * WIDTH + i] = inside ? (real)value[mu * columns + i] : 0;
            scratch->derivative[mu * WIDTH + i] = inside ? (real)derivative[mu * columns + i] : 0;
        }
    }
    return stop;
}

int32_t MFLI_NAME(mfli_smooth_tile)(const net_t *net, size_t panel, word_range range,
                                    int with_derivative, scratch_t *scratch)
{
    for (size_t mu = 0; mu < range.count; mu += GROUP) {
        v_real z[GROUP][VECTORS];
        preactivations(net, panel, range.first + mu, scratch, z);
#pragma GCC unroll 6
        for (int m = 0; m < GROUP; m++) {
            store(scratch->z + (mu + m) * WIDTH, z[m][0]);
            store(scratch->z + (mu + m) * WIDTH + LANES, z[m][1]);
        }
    }
    if (net->activation.kind == MFL_ACTIVATION_CALLER)
        return activate_by_caller(net, panel, range, scratch);
    MFLI_NAME(mfli_activate)(net->activation.kind, range.count * WIDTH, scratch->z, scratch->value,
                             with_derivative ? scratch->derivative : NULL);
    return 0;
}

static int32_t smooth_word(const net_t *net, size_t panel, size_t word, real *sum,
                           scratch_t *scratch)
{
    const word_range range = word_samples(net, word);
    const v_real a0 = load(net->readout + panel * WIDTH);
    const v_real a1 = load(net->readout + panel * WIDTH + LANES);
    const int32_t stop = MFLI_NAME(mfli_smooth_tile)(net, panel, range, 0, scratch);
    for (size_t mu = 0; mu < range.count; mu++) {
        const real *phi = scratch->value + mu * WIDTH;
        store(sum + mu * LANES, load(sum + mu * LANES) + a0 * load(phi) + a1 * load(phi + LANES));
    }
    return stop;
}

INLINE double sum_lanes(const real *lanes)
{
    real part[LANES];
    for (int i = 0; i < LANES; i++)
        part[i] = lanes[i];
#pragma GCC unroll 4
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            part[i] += part[i + half];
    return part[0];
}

static int32_t forward_tile(const net_t *net, size_t block, size_t word0, size_t word1,
                            scratch_t *scratch)
{
    const size_t panels_a_block = MFLI_BLOCK_NEURONS / WIDTH;
    const size_t panel0 = block * panels_a_block, last = panel0 + panels_a_block;
    const size_t panel1 = last < panels(net) ? last : panels(net);
    const size_t first = word0 * WORD, end = word_samples(net, word1 - 1).first
        + word_samples(net, word1 - 1).count;
    int32_t stop = 0;
    for (size_t i = 0; i < (end - first) * LANES; i++)
        scratch->sum[i] = 0;
    for (size_t panel = panel0; panel < panel1 && !stop; panel++) {
        tabulate_weights(net, panel, scratch);
        for (size_t word = word0; word < word1 && !stop; word++) {
            real *sum = scratch->sum + (word - word0) * WORD * LANES;
            if (net->activation.kind == MFL_ACTIVATION_RELU)
                rectify_word(net, panel, word, sum, 0, scratch);
            else if (is_rectifier(net))
                rectify_word(net, panel, word, sum, 1, scratch);
            else
                stop = smooth_word(net, panel, word, sum, scratch);
        }
    }
    double *partial = net->partial_f + block * padded_samples(net);
    for (size_t mu = first; mu < end; mu++)
        partial[mu] = sum_lanes(scratch->sum + (mu - first) * LANES);
    return stop;
}

int32_t MFLI_NAME(mfli_forward)(const net_t *net, size_t block0, size_t block1, void *memory)
{
    scratch_t scratch = MFLI_NAME(mfli_scratch)(&net->shape, memory);
    const size_t step = tile_words(net), total = words(net);
    int32_t stop = 0;
    for (size_t word = 0; word < total && !stop; word += step) {
        const size_t end = word + step < total ? word + step : total;
        for (size_t block = block0; block < block1 && !stop; block++)
            stop = forward_tile(net, block, word, end, &scratch);
    }
    return stop;
}
