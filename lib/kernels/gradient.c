/* SPDX-License-Identifier: BSD-3-Clause */
#include "network.h"

/* gradient[j] += sum_mu c_mu x_mu,j over `count` samples for INPUTS neighbouring inputs j, in
 * registers. */
INLINE void accumulate(const real *c, const real *x, size_t count, size_t inputs, real *gradient,
                       const int columns)
{
    v_real sum[6][VECTORS];
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        sum[j][0] = load(gradient + j * WIDTH);
        sum[j][1] = load(gradient + j * WIDTH + LANES);
    }
    for (size_t mu = 0; mu < count; mu += GROUP, x += GROUP * inputs) {
        for (int m = 0; m < GROUP; m++, c += WIDTH) {
            const v_real c0 = load(c), c1 = load(c + LANES);
#pragma GCC unroll 6
            for (int j = 0; j < columns; j++) {
                sum[j][0] += c0 * x[j * GROUP + m];
                sum[j][1] += c1 * x[j * GROUP + m];
            }
        }
    }
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        store(gradient + j * WIDTH, sum[j][0]);
        store(gradient + j * WIDTH + LANES, sum[j][1]);
    }
}

static void accumulate_word(const real *c, const real *x, size_t count, size_t inputs,
                            real *gradient)
{
    size_t j = 0;
    for (; j + 6 <= inputs; j += 6)
        accumulate(c, x + j * GROUP, count, inputs, gradient + j * WIDTH, 6);
    x += j * GROUP;
    gradient += j * WIDTH;
    switch (inputs - j) {
    case 5: accumulate(c, x, count, inputs, gradient, 5); break;
    case 4: accumulate(c, x, count, inputs, gradient, 4); break;
    case 3: accumulate(c, x, count, inputs, gradient, 3); break;
    case 2: accumulate(c, x, count, inputs, gradient, 2); break;
    case 1: accumulate(c, x, count, inputs, gradient, 1); break;
    default: break;
    }
}

#if defined(__AVX2__) && MFLI_VECTOR_BYTES == 32 && !MFLI_DOUBLE
#define PAIRS 1

/*
 * For a rectifier two samples add one of four numbers to gradient[j] of a neuron: r x + r' x', with
 * either of them times the leak. These are tabulated once for all neurons, and the two signs, as
 * they lie in the words, choose among them: a permutation and an addition do the work of two fused
 * multiply-adds, on other ports.
 */
static void tabulate_pairs(const net_t *net, word_range range, real *table)
{
    const size_t inputs = net->shape.inputs;
    const float slope = (float)leak(net);
    const __m128 factor0 = _mm_setr_ps(1, 1, slope, slope), factor1 = _mm_setr_ps(1, slope, 1, slope);
    for (size_t mu = range.first; mu < range.first + range.count; mu += 2) {
        const real *x = net->inputs + mu / GROUP * GROUP * inputs + mu % GROUP;
        const __m128 r0 = factor0 * net->residual[mu], r1 = factor1 * net->residual[mu + 1];
        for (size_t j = 0; j < inputs; j++, x += GROUP, table += 4)
            _mm_store_ps(table, r0 * x[0] + r1 * x[1]);
    }
}

INLINE void accumulate_pairs(const net_t *net, size_t panel, size_t word, size_t first,
                             const real *table, const int columns)
{
    const size_t inputs = net->shape.inputs;
    const ubits *signs = panel_signs(net, panel, word);
    v_ubits signs0 = load_bits(signs), signs1 = load_bits(signs + LANES);
    real *gradient = net->gradient + (panel * inputs + first) * WIDTH;
    v_real sum[6][VECTORS];
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        sum[j][0] = load(gradient + j * WIDTH);
        sum[j][1] = load(gradient + j * WIDTH + LANES);
    }
    /* The last pair's signs are the lowest bits. */
    for (size_t pair = word_samples(net, word).count / 2; pair-- > 0;) {
        const real *entry = table + (pair * inputs + first) * 4;
#pragma GCC unroll 6
        for (int j = 0; j < columns; j++) {
            const __m256 choices = _mm256_broadcast_ps((const __m128 *)(entry + j * 4));
            sum[j][0] += _mm256_permutevar_ps(choices, (__m256i)signs0);
            sum[j][1] += _mm256_permutevar_ps(choices, (__m256i)signs1);
        }
        signs0 >>= 2;
        signs1 >>= 2;
    }
#pragma GCC unroll 6
    for (int j = 0; j < columns; j++) {
        store(gradient + j * WIDTH, sum[j][0]);
        store(gradient + j * WIDTH + LANES, sum[j][1]);
    }
}

static void rectifier_word(const net_t *net, size_t panel, size_t word, const real *table)
{
    const size_t inputs = net->shape.inputs;
    size_t j = 0;
    for (; j + 6 <= inputs; j += 6)
        accumulate_pairs(net, panel, word, j, table, 6);
    switch (inputs - j) {
    case 5: accumulate_pairs(net, panel, word, j, table, 5); break;
    case 4: accumulate_pairs(net, panel, word, j, table, 4); break;
    case 3: accumulate_pairs(net, panel, word, j, table, 3); break;
    case 2: accumulate_pairs(net, panel, word, j, table, 2); break;
    case 1: accumulate_pairs(net, panel, word, j, table, 1); break;
    default: break;
    }
}
#else
#define PAIRS 0
#endif

/* c_mu = r_mu phi'(z_mu) from the signs. */
static void rectifier_coefficients(const net_t *net, size_t panel, size_t word, real *c)
{
    const word_range range = word_samples(net, word);
    const ubits *signs = panel_signs(net, panel, word);
    const v_ubits signs0 = load_bits(signs), signs1 = load_bits(signs + LANES);
    const real slope = (real)leak(net);
    for (size_t mu = 0; mu < range.count; mu++, c += WIDTH) {
        const int shift = (int)(range.count - 1 - mu);
        const real r = net->residual[range.first + mu];
        const v_real active = splat(r), inactive = splat(slope * r);
        store(c, choose(-(v_bits)((signs0 >> shift) & 1), inactive, active));
        store(c + LANES, choose(-(v_bits)((signs1 >> shift) & 1), inactive, active));
    }
}

/* c_mu = r_mu phi'(z_mu) in scratch->derivative, and features += r_mu phi(z_mu). */
static int32_t smooth_coefficients(const net_t *net, size_t panel, size_t word, scratch_t *scratch)
{
    const word_range range = word_samples(net, word);
    const int32_t stop = MFLI_NAME(mfli_smooth_tile)(net, panel, range, 1, scratch);
    real *features = net->features + panel * WIDTH;
    v_real h0 = load(features), h1 = load(features + LANES);
    for (size_t mu = 0; mu < range.count; mu++) {
        const real r = net->residual[range.first + mu];
        real *c = scratch->derivative + mu * WIDTH;
        const real *phi = scratch->value + mu * WIDTH;
        store(c, load(c) * r);
        store(c + LANES, load(c + LANES) * r);
        h0 += load(phi) * r;
        h1 += load(phi + LANES) * r;
    }
    store(features, h0);
    store(features + LANES, h1);
    return stop;
}

/* phi(z) = z phi'(z) for the rectifiers, hence h_i = sum_j w_ij G_ij. */
static void homogeneous_features(const net_t *net, size_t panel)
{
    const size_t inputs = net->shape.inputs;
    const real *w = net->weights + panel * inputs * WIDTH;
    const real *g = net->gradient + panel * inputs * WIDTH;
    v_real h0 = {0}, h1 = {0};
    for (size_t j = 0; j < inputs; j++, w += WIDTH, g += WIDTH) {
        h0 += load(w) * load(g);
        h1 += load(w + LANES) * load(g + LANES);
    }
    store(net->features + panel * WIDTH, h0);
    store(net->features + panel * WIDTH + LANES, h1);
}

static int32_t gradient_word(const net_t *net, size_t panel, size_t word, scratch_t *scratch)
{
    const size_t inputs = net->shape.inputs;
    const word_range range = word_samples(net, word);
    int32_t stop = 0;
    if (is_rectifier(net))
        rectifier_coefficients(net, panel, word, scratch->derivative);
    else
        stop = smooth_coefficients(net, panel, word, scratch);
    accumulate_word(scratch->derivative, net->inputs + range.first * inputs, range.count, inputs,
                    net->gradient + panel * inputs * WIDTH);
    return stop;
}

int32_t MFLI_NAME(mfli_gradient)(const net_t *net, size_t panel0, size_t panel1, void *memory)
{
    scratch_t scratch = MFLI_NAME(mfli_scratch)(&net->shape, memory);
    const size_t inputs = net->shape.inputs, step = tile_words(net), total = words(net);
    int32_t stop = 0;
    for (size_t i = panel0 * inputs * WIDTH; i < panel1 * inputs * WIDTH; i++)
        net->gradient[i] = 0;
    for (size_t i = panel0 * WIDTH; i < panel1 * WIDTH; i++)
        net->features[i] = 0;
#if PAIRS
    if (is_rectifier(net)) {
        for (size_t word = 0; word < total; word++) {
            tabulate_pairs(net, word_samples(net, word), scratch.table);
            for (size_t panel = panel0; panel < panel1; panel++)
                rectifier_word(net, panel, word, scratch.table);
        }
        for (size_t panel = panel0; panel < panel1; panel++)
            homogeneous_features(net, panel);
        return 0;
    }
#endif
    for (size_t word0 = 0; word0 < total && !stop; word0 += step) {
        const size_t word1 = word0 + step < total ? word0 + step : total;
        for (size_t panel = panel0; panel < panel1; panel++)
            for (size_t word = word0; word < word1 && !stop; word++)
                stop = gradient_word(net, panel, word, &scratch);
    }
    if (is_rectifier(net))
        for (size_t panel = panel0; panel < panel1; panel++)
            homogeneous_features(net, panel);
    return stop;
}
