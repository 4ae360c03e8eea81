/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Standard normals by Box-Muller from Philox blocks. Only correctly rounded operations (+ - * / and
 * square root, conversions, bit operations) in a fixed order and without contraction are used, so
 * the numbers are the same bits for every instruction set, compiler and packing.
 *
 * A matrix of normals with `cols` columns takes ceil(cols/B) blocks a row, B = 2 for double and 4
 * for float: element (row, col) is output col % B of block row * ceil(cols/B) + col / B.
 *
 *           uniform under the logarithm    largest |normal|    angle      relative error
 *   double  64 bits, from 2^-65            9.49                62 bits    a few 2^-53
 *   float   31 bits, from 2^-32            6.66                30 bits    a few 2^-24
 */
#ifndef MFLI_RNG_NORMALS_H
#define MFLI_RNG_NORMALS_H

#include "stream.h"

enum { MFLI_NORMALS_A_BLOCK_F64 = 2, MFLI_NORMALS_A_BLOCK_F32 = 4 };

/* Fillers of one instruction set. A panel is `width` consecutive rows; element (row0 + lane, col)
 * goes to out[(col - col0) * width + lane] for col0 <= col < col1. col0 is a multiple of B, and out
 * has room for (col1 - col0) rounded up to a multiple of B columns. */
typedef struct mfli_normals {
    const char *name;
    size_t width_f32, width_f64;
    void (*panel_f32)(const mfli_stream *stream, uint64_t row0, size_t cols, size_t col0,
                      size_t col1, float *out);
    void (*panel_f64)(const mfli_stream *stream, uint64_t row0, size_t cols, size_t col0,
                      size_t col1, double *out);
} mfli_normals;

extern const mfli_normals mfli_normals_baseline;
/* Present where the compiler can build them; calling them needs the instruction set. */
extern const mfli_normals mfli_normals_avx2;
extern const mfli_normals mfli_normals_avx512;

/* Row-major rows x cols matrix of normals, rows row0 .. row0+rows-1 of the logical matrix. */
void mfli_normal_matrix(const mfli_stream *stream, uint64_t row0, size_t rows, size_t cols,
                        double *out, size_t leading_dimension);

#endif
