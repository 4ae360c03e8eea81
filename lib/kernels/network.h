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

/* Words of samples that stay in the first-level cache while the panels go by. */
INLINE size_t tile_words(const net_t *net)
{
    const size_t budget = 16384, word_bytes = WORD * net->shape.inputs * sizeof(real);
    return word_bytes >= budget ? 1 : budget / word_bytes > 4 ? 4 : budget / word_bytes;
}

/* One thread's scratch. */
typedef struct scratch_t {
    real *z, *value, *derivative; /* WORD x WIDTH each */
    real *sum;                    /* 4 WORD x LANES */
    real *noise;                  /* NOISE_COLUMNS x WIDTH */
    real *table;                  /* TABLES x 2^TABLE_BITS x ROW_VECTORS x LANES */
    double *caller;               /* 3 x WORD x WIDTH, for a caller's activation */
} scratch_t;

size_t MFLI_NAME(mfli_scratch_size)(void);
scratch_t MFLI_NAME(mfli_scratch)(void *memory);

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
