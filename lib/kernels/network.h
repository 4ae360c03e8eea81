/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernels of one instruction set and precision know of each other. */
#ifndef MFLI_KERNELS_NETWORK_H
#define MFLI_KERNELS_NETWORK_H

#include "kernels.h"
#include "vector.h"

typedef MFLI_TYPE(mfli_net) net_t;

extern const mfli_normals MFLI_CAT(mfli_normals, , MFLI_ISA);
extern const MFLI_TYPE(mfli_ops) MFLI_NAME(mfli_ops);

enum {
    GROUP = MFLI_SAMPLE_GROUP,
    /* Samples whose signs share a word: whole groups, and whole passes of rectifier.c. */
    WORD = MFLI_BY_PRECISION(24, 48),
    /* The most words of samples that forward() goes through with one panel after the other. */
    TILE_WORDS = 384 / WORD,
    /* Columns of noise made at a time. */
    NOISE_COLUMNS = 32,
    /* The gradient of rectifiers (rectifier.c): samples of a table, tables of a pass, and the most vectors of a row,
     * so that the tables of a pass fill half a first cache of 32 KB. */
    TABLE_BITS = 4,
    TABLES = 6,
    ROW_VECTORS = MFLI_VECTOR_BYTES == 64 ? 3 : 6,
};

/* The samples of one word of signs. The first has the highest bit in use; a bit is z's own sign. */
typedef struct word_range {
    size_t first, count; /* samples; count is a multiple of GROUP */
} word_range;

INLINE size_t padded_samples(const net_t *net)
{
    return mfli_round_up(net->shape.samples, GROUP);
}

INLINE size_t panels(const net_t *net)
{
    return (net->shape.neurons + WIDTH - 1) / WIDTH;
}

INLINE size_t words(const net_t *net)
{
    return (padded_samples(net) + WORD - 1) / WORD;
}

INLINE word_range word_samples(const net_t *net, size_t word)
{
    const size_t first = word * WORD, left = padded_samples(net) - first;
    return (word_range){first, left < WORD ? left : WORD};
}

INLINE ubits *panel_signs(const net_t *net, size_t panel, size_t word)
{
    return (ubits *)net->signs + (panel * words(net) + word) * WIDTH;
}

INLINE int is_rectifier(const net_t *net)
{
    const int32_t kind = net->activation.kind;
    return kind == MFL_ACTIVATION_RELU || kind == MFL_ACTIVATION_LEAKY
        || kind == MFL_ACTIVATION_LINEAR;
}

/* Slope for negative z. */
INLINE double leak(const net_t *net)
{
    return net->activation.kind == MFL_ACTIVATION_LEAKY ? net->activation.leak
        : net->activation.kind == MFL_ACTIVATION_LINEAR ? 1.0
                                                        : 0.0;
}

/* Words of samples that stay in the first-level cache while the panels go by. With patterns they are small, and each
 * panel tabulates its weights anew for each tile. */
INLINE size_t tile_words(const net_t *net)
{
    if (net->patterns)
        return TILE_WORDS;
    const size_t budget = 16384, word_bytes = WORD * net->shape.inputs * sizeof(real);
    return word_bytes >= budget ? 1 : budget / word_bytes > 4 ? 4 : budget / word_bytes;
}

/* One thread's scratch. */
typedef struct scratch_t {
    real *z, *value, *derivative; /* WORD x WIDTH each */
    real *sum;                    /* TILE_WORDS x WORD x LANES */
    real *noise;                  /* NOISE_COLUMNS x WIDTH */
    real *table;                  /* TABLES x 2^TABLE_BITS x ROW_VECTORS x LANES */
    real *choices;                /* patterns x 2^MFLI_PATTERN_INPUTS x WIDTH */
    double *caller;               /* 3 x WORD x WIDTH, for a caller's activation */
} scratch_t;

size_t MFLI_NAME(mfli_scratch_size)(const mfli_shape *shape);
scratch_t MFLI_NAME(mfli_scratch)(const mfli_shape *shape, void *memory);

/* z of one panel and six samples, whose rows of inputs follow each other. */
INLINE void dot_products(const real *w, const real *x, size_t inputs, v_real z[GROUP][VECTORS])
{
#pragma GCC unroll 6
    for (int m = 0; m < GROUP; m++)
        z[m][0] = z[m][1] = (v_real){0};
    for (size_t j = 0; j < inputs; j++, w += WIDTH) {
        const v_real w0 = load(w), w1 = load(w + LANES);
#pragma GCC unroll 6
        for (int m = 0; m < GROUP; m++) {
            z[m][0] += w0 * x[(size_t)m * inputs + j];
            z[m][1] += w1 * x[(size_t)m * inputs + j];
        }
    }
}

/* With patterns: the sums of a panel's weights that a pattern can choose. Before preactivations() of the panel. */
INLINE void tabulate_weights(const net_t *net, size_t panel, const scratch_t *scratch)
{
    const size_t inputs = net->shape.inputs;
    const real *w = net->weights + panel * inputs * WIDTH;
    real *choices = scratch->choices;
    if (!net->patterns)
        return;
    for (size_t j = 0; j < inputs; j += MFLI_PATTERN_INPUTS, choices += WIDTH << MFLI_PATTERN_INPUTS)
        for (size_t v = 0; v < WIDTH; v += LANES) {
            v_real sum[1 << MFLI_PATTERN_INPUTS] = {{0}};
#pragma GCC unroll 4
            for (size_t bit = 0; bit < MFLI_PATTERN_INPUTS; bit++) {
                const v_real weight = j + bit < inputs ? load(w + (j + bit) * WIDTH + v) : (v_real){0};
#pragma GCC unroll 8
                for (size_t k = 0; k < 1 << (MFLI_PATTERN_INPUTS - 1); k++) {
                    if (k >> bit)
                        continue;
                    sum[k + ((size_t)1 << bit)] = sum[k] - weight;
                    sum[k] += weight;
                }
            }
#pragma GCC unroll 16
            for (size_t k = 0; k < 1 << MFLI_PATTERN_INPUTS; k++)
                store(choices + k * WIDTH + v, sum[k]);
        }
}

/* The same as dot_products() from the patterns of six samples. */
INLINE void chosen_sums(const real *choices, const uint8_t *pattern, size_t patterns, v_real z[GROUP][VECTORS])
{
#pragma GCC unroll 6
    for (int m = 0; m < GROUP; m++)
        z[m][0] = z[m][1] = (v_real){0};
    for (size_t k = 0; k < patterns; k++, choices += WIDTH << MFLI_PATTERN_INPUTS)
#pragma GCC unroll 6
        for (int m = 0; m < GROUP; m++) {
            const char *row = (const char *)choices + pattern[(size_t)m * patterns + k] * (WIDTH * sizeof(real) / 8);
            z[m][0] += load((const real *)row);
            z[m][1] += load((const real *)row + LANES);
        }
}

/* z of one panel and the six samples from mu on. */
INLINE void preactivations(const net_t *net, size_t panel, size_t mu, const scratch_t *scratch,
                           v_real z[GROUP][VECTORS])
{
    const size_t inputs = net->shape.inputs, patterns = mfli_patterns(inputs);
    if (net->patterns)
        chosen_sums(scratch->choices, net->patterns + mu * patterns, patterns, z);
    else
        dot_products(net->weights + panel * inputs * WIDTH, net->inputs + mu * inputs, inputs, z);
}

/* z, phi(z) and, unless it is NULL, phi'(z) of a smooth activation, in scratch. */
int32_t MFLI_NAME(mfli_smooth_tile)(const net_t *net, size_t panel, word_range range,
                                    int with_derivative, scratch_t *scratch);

int32_t MFLI_NAME(mfli_forward)(const net_t *net, size_t block0, size_t block1, void *memory);
/* The gradient of the panels from the signs. */
void MFLI_NAME(mfli_rectifier_gradient)(const net_t *net, size_t panel0, size_t panel1, scratch_t *scratch);
int32_t MFLI_NAME(mfli_gradient)(const net_t *net, size_t panel0, size_t panel1, void *memory);
void MFLI_NAME(mfli_update)(const net_t *net, const mfli_langevin *langevin,
                            const mfli_stream *stream, size_t panel0, size_t panel1, void *memory);

#endif
