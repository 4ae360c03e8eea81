/* SPDX-License-Identifier: BSD-3-Clause */
/* Faster ways to the gradient of rectifiers than the general one of gradient.c. */
#include "network.h"

#include "columns.h"

#if defined(__AVX2__) && MFLI_VECTOR_BYTES == 32 && !MFLI_DOUBLE

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
    v_real sum[COLUMNS][VECTORS];
    load_columns(sum, gradient, columns);
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
    store_columns(sum, gradient, columns);
}

static void accumulate_word(const net_t *net, size_t panel, size_t word, const real *table)
{
#define ACCUMULATE(j, columns) accumulate_pairs(net, panel, word, j, table, columns)
    FOR_COLUMNS(net->shape.inputs, ACCUMULATE);
#undef ACCUMULATE
}

int MFLI_NAME(mfli_special_gradient)(const net_t *net, size_t panel0, size_t panel1,
                                     scratch_t *scratch)
{
    if (!is_rectifier(net))
        return 0;
    for (size_t word = 0; word < words(net); word++) {
        tabulate_pairs(net, word_samples(net, word), scratch->table);
        for (size_t panel = panel0; panel < panel1; panel++)
            accumulate_word(net, panel, word, scratch->table);
    }
    return 1;
}

#elif MFLI_VECTOR_BYTES < 64

/* residual times inputs of a word, in the layout of the inputs. */
static void weigh_inputs(const net_t *net, word_range range, real *weighed)
{
    const size_t inputs = net->shape.inputs;
    for (size_t mu = range.first; mu < range.first + range.count; mu += GROUP) {
        const real *x = net->inputs + mu * inputs, *r = net->residual + mu;
        for (size_t j = 0; j < inputs; j++, x += GROUP, weighed += GROUP)
            for (int m = 0; m < GROUP; m++)
                weighed[m] = r[m] * x[m];
    }
}

/* phi'(z_mu) of ReLU: for the first vector a mask, for the second 1 or 0. */
static void relu_masks(const net_t *net, size_t panel, size_t word, real *masks)
{
    const word_range range = word_samples(net, word);
    const ubits *signs = panel_signs(net, panel, word);
    v_ubits signs0 = ~first_on_top(load_bits(signs), range);
    v_ubits signs1 = ~first_on_top(load_bits(signs + LANES), range);
    const v_bits one = (v_bits)splat(1);
    for (size_t mu = 0; mu < range.count; mu++, masks += WIDTH) {
        store_bits((ubits *)masks, (v_ubits)top_bit_set(signs0));
        store(masks + LANES, (v_real)(top_bit_set(signs1) & one));
        signs0 += signs0;
        signs1 += signs1;
    }
}

/* gradient[j] += sum_mu phi'(z_mu) r_mu x_mu,j: masked additions for the first vector, fused
 * multiply-adds for the second, so that both kinds of port work. */
INLINE void accumulate_masked(const real *masks, const real *weighed, size_t count, size_t inputs,
                              real *gradient, const int columns)
{
    v_real sum[COLUMNS][VECTORS];
    load_columns(sum, gradient, columns);
    for (size_t mu = 0; mu < count; mu += GROUP, weighed += GROUP * inputs) {
        for (int m = 0; m < GROUP; m++, masks += WIDTH) {
            const v_bits mask = (v_bits)load_bits((const ubits *)masks);
            const v_real factor = load(masks + LANES);
#pragma GCC unroll 6
            for (int j = 0; j < columns; j++) {
                const v_real rx = splat(weighed[j * GROUP + m]);
                sum[j][0] += (v_real)(mask & (v_bits)rx);
                sum[j][1] += factor * rx;
            }
        }
    }
    store_columns(sum, gradient, columns);
}

static void accumulate_word(const real *masks, const real *weighed, size_t count, size_t inputs,
                            real *gradient)
{
#define ACCUMULATE(j, columns)                                                                     \
    accumulate_masked(masks, weighed + (j)*GROUP, count, inputs, gradient + (j)*WIDTH, columns)
    FOR_COLUMNS(inputs, ACCUMULATE);
#undef ACCUMULATE
}

int MFLI_NAME(mfli_special_gradient)(const net_t *net, size_t panel0, size_t panel1,
                                     scratch_t *scratch)
{
    const size_t inputs = net->shape.inputs;
    if (net->activation.kind != MFL_ACTIVATION_RELU)
        return 0;
    for (size_t word = 0; word < words(net); word++) {
        const word_range range = word_samples(net, word);
        weigh_inputs(net, range, scratch->table);
        for (size_t panel = panel0; panel < panel1; panel++) {
            relu_masks(net, panel, word, scratch->derivative);
            accumulate_word(scratch->derivative, scratch->table, range.count, inputs,
                            net->gradient + panel * inputs * WIDTH);
        }
    }
    return 1;
}

#else

/* With 64-byte vectors additions and fused multiply-adds share their ports: nothing to gain. */
int MFLI_NAME(mfli_special_gradient)(const net_t *net, size_t panel0, size_t panel1,
                                     scratch_t *scratch)
{
    (void)net;
    (void)panel0;
    (void)panel1;
    (void)scratch;
    return 0;
}

#endif
