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
    for (size_t mu = 0; mu < count; mu++, x += inputs, c += WIDTH) {
        const v_real c0 = load(c), c1 = load(c + LANES);
#pragma GCC unroll 6
        for (int j = 0; j < columns; j++) {
            sum[j][0] += c0 * x[j];
            sum[j][1] += c1 * x[j];
        }
    }
    store_columns(sum, gradient, columns);
}

static void accumulate_word(const real *c, const real *x, size_t count, size_t inputs,
                            real *gradient)
{
#define ACCUMULATE(j, columns)                                                                     \
    accumulate(c, x + (j), count, inputs, gradient + (j)*WIDTH, columns)
    FOR_COLUMNS(inputs, ACCUMULATE);
#undef ACCUMULATE
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
    const int32_t stop = smooth_coefficients(net, panel, word, scratch);
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
        for (size_t panel = panel0; panel < panel1; panel++) {
            tabulate_weights(net, panel, scratch);
            for (size_t word = word0; word < word1 && !stop; word++)
                stop = gradient_word(net, panel, word, scratch);
        }
    }
    return stop;
}

static void clear(real *x, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        x[i] = 0;
}

int32_t MFLI_NAME(mfli_gradient)(const net_t *net, size_t panel0, size_t panel1, void *memory)
{
    scratch_t scratch = MFLI_NAME(mfli_scratch)(&net->shape, memory);
    const size_t panel_weights = net->shape.inputs * WIDTH;
    if (is_rectifier(net)) {
        MFLI_NAME(mfli_rectifier_gradient)(net, panel0, panel1, &scratch);
        for (size_t panel = panel0; panel < panel1; panel++)
            homogeneous_features(net, panel);
        return 0;
    }
    clear(net->gradient, panel0 * panel_weights, panel1 * panel_weights);
    clear(net->features, panel0 * WIDTH, panel1 * WIDTH);
    return gradient_by_coefficients(net, panel0, panel1, &scratch);
}
