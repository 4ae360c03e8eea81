/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gradient of rectifiers by tables. Of BITS samples a neuron adds r_mu x_mu of those with positive z, and leak times
 * it of the others: one of 2^BITS rows, chosen by the signs. The rows are tabulated once for all neurons, so that an
 * addition of vectors that run over inputs does the work of BITS fused multiply-adds.
 */
#include <string.h>

#include "network.h"

enum {
    BITS = TABLE_BITS,
    ENTRIES = 1 << BITS,
    PASS = TABLES * BITS, /* samples */
    VECTOR_BITS = MFLI_VECTOR_BYTES == 64 ? 6 : MFLI_VECTOR_BYTES == 32 ? 5 : 4, /* its bytes are 2 to that */
};
_Static_assert(WORD % PASS == 0, "the samples of a word are worked off in whole passes");

/* The columns of inputs that are worked on at a time. */
typedef struct column_range {
    size_t first, vectors;
} column_range;

/* Some samples of a word: those with the lowest bits come last, and there may be less than BITS. */
static void tabulate(const net_t *net, column_range columns, word_range samples, real *table)
{
    const size_t inputs = net->shape.inputs, row = columns.vectors * LANES;
    const real inactive = (real)leak(net), gain = 1 - inactive;
    for (size_t v = 0; v < columns.vectors; v++) {
        const real *x = net->inputs + samples.first * inputs + columns.first + v * LANES;
        real *last = table + (ENTRIES - 1) * row + v * LANES; /* of negative z only */
        v_real weighed[BITS], sum = {0};
        for (size_t bit = 0; bit < BITS; bit++) {
            const size_t mu = samples.count - 1 - bit;
            weighed[bit] = bit < samples.count ? load(x + mu * inputs) * net->residual[samples.first + mu]
                                               : (v_real){0};
            sum += weighed[bit] * inactive;
            weighed[bit] *= gain;
        }
        store(last, sum);
#pragma GCC unroll 5
        for (size_t bit = 0; bit < BITS; bit++)
#pragma GCC unroll 16
            for (size_t entry = 0; entry < ENTRIES / 2; entry++)
                if (!(entry >> bit))
                    store(last - (entry + ((size_t)1 << bit)) * row, load(last - entry * row) + weighed[bit]);
    }
}

/* sums[neuron] += rows of the tables, by the signs in the lowest PASS bits above `shift`. */
INLINE void add_rows(const net_t *net, size_t panel0, size_t panel1, size_t word, size_t shift, const real *tables,
                     real *sums, const size_t vectors)
{
    const size_t row = vectors * LANES;
    for (size_t panel = panel0; panel < panel1; panel++) {
        const ubits *signs = panel_signs(net, panel, word);
        for (size_t i = 0; i < WIDTH; i++, sums += row) {
            const uint64_t word_signs = (uint64_t)(signs[i] >> shift) << VECTOR_BITS;
            size_t at[TABLES];
#pragma GCC unroll 6
            for (size_t k = 0; k < TABLES; k++)
                at[k] = (word_signs >> k * BITS & (ENTRIES - 1) << VECTOR_BITS) * vectors;
#pragma GCC unroll 6
            for (size_t v = 0; v < row; v += LANES) {
                v_real sum = load(sums + v);
#pragma GCC unroll 6
                for (size_t k = 0; k < TABLES; k++)
                    sum += load((const real *)((const char *)tables + at[k]) + (k * ENTRIES * row + v));
                store(sums + v, sum);
            }
        }
    }
}

static void add_pass(const net_t *net, size_t panel0, size_t panel1, size_t word, size_t shift, column_range columns,
                     const real *tables, real *sums)
{
#define CASE(vectors)                                                                              \
    case vectors:                                                                                  \
        add_rows(net, panel0, panel1, word, shift, tables, sums, vectors);                         \
        break
    switch (columns.vectors) {
        CASE(1);
        CASE(2);
        CASE(3);
#if MFLI_VECTOR_BYTES < 64
        CASE(4);
        CASE(5);
        CASE(6);
#endif
    }
#undef CASE
}

static void add_word(const net_t *net, size_t panel0, size_t panel1, size_t word, column_range columns, real *tables,
                     real *sums)
{
    const word_range range = word_samples(net, word);
    for (size_t shift = 0; shift < range.count; shift += PASS) {
        for (size_t k = 0; k < TABLES; k++) {
            const size_t after = shift + k * BITS, left = after < range.count ? range.count - after : 0;
            const size_t count = left < BITS ? left : BITS;
            tabulate(net, columns, (word_range){range.first + left - count, count},
                     tables + k * ENTRIES * columns.vectors * LANES);
        }
        add_pass(net, panel0, panel1, word, shift, columns, tables, sums);
    }
}

/* From rows of inputs to panels of neurons. */
static void transpose_sums(const net_t *net, size_t panel0, size_t panel1, column_range columns, const real *sums)
{
    const size_t inputs = net->shape.inputs, row = columns.vectors * LANES, left = inputs - columns.first;
    const size_t count = left < row ? left : row;
    for (size_t panel = panel0; panel < panel1; panel++, sums += WIDTH * row) {
        real *gradient = net->gradient + (panel * inputs + columns.first) * WIDTH;
        for (size_t j = 0; j < count; j++)
            for (size_t i = 0; i < WIDTH; i++)
                gradient[j * WIDTH + i] = sums[i * row + j];
    }
}

void MFLI_NAME(mfli_rectifier_gradient)(const net_t *net, size_t panel0, size_t panel1, scratch_t *scratch)
{
    const size_t vectors = (net->shape.inputs + LANES - 1) / LANES;
    const size_t parts = (vectors + ROW_VECTORS - 1) / ROW_VECTORS;
    for (size_t part = 0; part < parts; part++) {
        const size_t first = part * vectors / parts, end = (part + 1) * vectors / parts;
        const column_range columns = {first * LANES, end - first};
        real *sums = net->sums + panel0 * WIDTH * ROW_VECTORS * LANES;
        memset(sums, 0, (panel1 - panel0) * WIDTH * columns.vectors * LANES * sizeof *sums);
        for (size_t word = 0; word < words(net); word++)
            add_word(net, panel0, panel1, word, columns, scratch->table, sums);
        transpose_sums(net, panel0, panel1, columns, sums);
    }
}
