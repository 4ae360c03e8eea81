/* SPDX-License-Identifier: BSD-3-Clause */
#include "network.h"

#include "columns.h"

/* gradient[j] += sum_mu c_mu x_mu,j over `count` samples for INPUTS neighbouring inputs j, in
 * registers. */
INLINE void accumulate(const real *c, const real *x, size_t count, size_t inputs, real *gradient,
                       const int columns)
{
    v_real sum[COLUMNS][VECTORS];
    load_columns(sum, gradient, columns);
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
    store_columns(sum, gradient, columns);
}

static void accumulate_word(const real *c, const real *x, size_t count, size_t inputs,
                            real *gradient)
{
#define ACCUMULATE(j, columns)                                                                     \
    accumulate(c, x + (j)*GROUP, count, inputs, gradient + (j)*WIDTH, columns)
    FOR_COLUMNS(inputs, ACCUMULATE);
#undef ACCUMULATE
}

/* c_mu = r_mu phi'(z_mu) from the signs. */
static void rectifier_coefficients(const net_t *net, size_t panel, size_t word, real *c)
{
    const word_range range = word_samples(net, word);
    const ubits *signs = panel_signs(net, panel, word);
    v_ubits signs0 = first_on_top(load_bits(signs), range);
    v_ubits signs1 = first_on_top(load_bits(signs + LANES), range);
    const real slope = (real)leak(net);
    for (size_t mu = 0; mu < range.count; mu++, c += WIDTH) {
        const real r = net->residual[range.first + mu];
        const v_real active = splat(r), inactive = splat(slope * r);
        store(c, choose(top_bit_set(signs0), inactive, active));
        store(c + LANES, choose(top_bit_set(signs1), inactive, active));
        signs0 += signs0;
        signs1 += signs1;
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

/* The words of a tile are visited panel by panel, while their inputs are in the first cache. */
static int32_t gradient_by_coefficients(const net_t *net, size_t panel0, size_t panel1,
                                        scratch_t *scratch)
{
    const size_t step = tile_words(net), total = words(net);
    int32_t stop = 0;
    for (size_t word0 = 0; word0 < total; word0 += step) {
        const size_t word1 = word0 + step < total ? word0 + step : total;
        for (size_t panel = panel0; panel < panel1; panel++)
            for (size_t word = word0; word < word1 && !stop; word++)
                stop = gradient_word(net, panel, word, scratch);
    }
    return stop;
}

int32_t MFLI_NAME(mfli_gradient)(const net_t *net, size_t panel0, size_t panel1, void *memory)
{
    scratch_t scratch = MFLI_NAME(mfli_scratch)(&net->shape, memory);
    const size_t inputs = net->shape.inputs;
    for (size_t i = panel0 * inputs * WIDTH; i < panel1 * inputs * WIDTH; i++)
        net->gradient[i] = 0;
    for (size_t i = panel0 * WIDTH; i < panel1 * WIDTH; i++)
        net->features[i] = 0;
    int32_t stop = 0;
    if (!MFLI_NAME(mfli_special_gradient)(net, panel0, panel1, &scratch))
        stop = gradient_by_coefficients(net, panel0, panel1, &scratch);
    if (is_rectifier(net))
        for (size_t panel = panel0; panel < panel1; panel++)
            homogeneous_features(net, panel);
    return stop;
}
