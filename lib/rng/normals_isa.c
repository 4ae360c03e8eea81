/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vector Box-Muller generator, compiled once an instruction set with
 *     MFLI_VECTOR_BYTES   16, 32 or 64
 *     MFLI_ISA            suffix of the exported table
 * and always with -ffp-contract=off. Lanes are rows.
 */
#include "normals.h"

#include <string.h>

#include "normal_coefficients.h"
#include "philox.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LANES64 (MFLI_VECTOR_BYTES / 8)
#define LANES32 (MFLI_VECTOR_BYTES / 4)
#define VECTORS 2 /* vectors a panel */

typedef uint64_t v_u64 __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef int32_t v_i32 __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef uint32_t v_u32 __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef float v_f32 __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef double v_f64 __attribute__((vector_size(MFLI_VECTOR_BYTES)));

#define INLINE static inline __attribute__((always_inline))
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The compilers know no vector square root and no 32 x 32 -> 64 product of vectors. */
#if MFLI_VECTOR_BYTES == 64 && defined(__AVX512F__)
INLINE v_f32 root_f32(v_f32 x) { return (v_f32)_mm512_sqrt_ps((__m512)x); }
INLINE v_f64 root_f64(v_f64 x) { return (v_f64)_mm512_sqrt_pd((__m512d)x); }
INLINE v_u64 multiply_low_halves(v_u64 x, v_u64 m)
{
    return (v_u64)_mm512_mul_epu32((__m512i)x, (__m512i)m);
}
#elif MFLI_VECTOR_BYTES == 32 && defined(__AVX2__)
INLINE v_f32 root_f32(v_f32 x) { return (v_f32)_mm256_sqrt_ps((__m256)x); }
INLINE v_f64 root_f64(v_f64 x) { return (v_f64)_mm256_sqrt_pd((__m256d)x); }
INLINE v_u64 multiply_low_halves(v_u64 x, v_u64 m)
{
    return (v_u64)_mm256_mul_epu32((__m256i)x, (__m256i)m);
}
#elif MFLI_VECTOR_BYTES == 16 && defined(__SSE2__)
INLINE v_f32 root_f32(v_f32 x) { return (v_f32)_mm_sqrt_ps((__m128)x); }
INLINE v_f64 root_f64(v_f64 x) { return (v_f64)_mm_sqrt_pd((__m128d)x); }
INLINE v_u64 multiply_low_halves(v_u64 x, v_u64 m)
{
    return (v_u64)_mm_mul_epu32((__m128i)x, (__m128i)m);
}
#else
INLINE v_f32 root_f32(v_f32 x)
{
    for (int lane = 0; lane < LANES32; lane++)
        x[lane] = __builtin_sqrtf(x[lane]);
    return x;
}
INLINE v_f64 root_f64(v_f64 x)
{
    for (int lane = 0; lane < LANES64; lane++)
        x[lane] = __builtin_sqrt(x[lane]);
    return x;
}
INLINE v_u64 multiply_low_halves(v_u64 x, v_u64 m)
{
    return (x & UINT32_MAX) * (m & UINT32_MAX);
}
#endif

/* Philox words live in the low halves of 64-bit lanes; the high halves hold whatever the products
 * left there, which no round reads and the readers below cut off. */
typedef struct philox_words {
    v_u64 word[4];
} philox_words;

typedef struct philox_key {
    uint64_t round[MFLI_PHILOX_ROUNDS][2];
    uint64_t step_low, step_high; /* counter words 2 and 3 */
    uint64_t chain;               /* of counter word 1 */
} philox_key;

INLINE philox_key expand_key(const mfli_stream *stream)
{
    philox_key key;
    uint32_t counter[4], k0 = (uint32_t)stream->seed, k1 = (uint32_t)(stream->seed >> 32);
    for (int i = 0; i < MFLI_PHILOX_ROUNDS; i++) {
        key.round[i][0] = k0;
        key.round[i][1] = k1;
        k0 += MFLI_PHILOX_W0;
        k1 += MFLI_PHILOX_W1;
    }
    mfli_stream_counter(stream, 0, counter);
    key.chain = counter[1];
    key.step_low = counter[2];
    key.step_high = counter[3];
    return key;
}

INLINE philox_words philox(const philox_key *key, v_u64 block)
{
    const v_u64 zero = {0};
    v_u64 c0 = block, c1 = (block >> 32) | key->chain;
    v_u64 c2 = zero + key->step_low, c3 = zero + key->step_high;
    const v_u64 m0 = zero + MFLI_PHILOX_M0, m1 = zero + MFLI_PHILOX_M1;
#pragma GCC unroll 10
    for (int i = 0; i < MFLI_PHILOX_ROUNDS; i++) {
        v_u64 p0 = multiply_low_halves(c0, m0), p1 = multiply_low_halves(c2, m1);
        c0 = (p1 >> 32) ^ c1 ^ key->round[i][0];
        c2 = (p0 >> 32) ^ c3 ^ key->round[i][1];
        c1 = p1;
        c3 = p0;
    }
    return (philox_words){{c0, c1, c2, c3}};
}

/* The 64-bit block numbers of rows row0, row0 + stride, ... */
INLINE v_u64 first_blocks(uint64_t row0, uint64_t stride, uint64_t blocks_a_row)
{
    v_u64 block;
    for (unsigned lane = 0; lane < LANES64; lane++)
        block[lane] = (row0 + lane * stride) * blocks_a_row;
    return block;
}

INLINE v_f32 polynomial_f32(v_f32 x, const float *c, size_t count)
{
    v_f32 sum = (v_f32){0} + c[count - 1];
#pragma GCC unroll 8
    for (size_t i = count - 1; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

INLINE v_f64 polynomial_f64(v_f64 x, const double *c, size_t count)
{
    v_f64 sum = (v_f64){0} + c[count - 1];
#pragma GCC unroll 8
    for (size_t i = count - 1; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

/* sqrt(-2 log u) for u = (floor(word/2) + 1/2) 2^-31, which rounds to at most 1. */
INLINE v_f32 radius_f32(v_u32 word)
{
    v_f32 u = (__builtin_convertvector((v_i32)(word >> 1), v_f32) + 0.5f) * 0x1p-31f;
    v_i32 bits = (v_i32)u;
    v_i32 exponent = (bits - 0x3f3504f3) >> 23; /* u = 2^exponent m, sqrt(1/2) <= m < sqrt(2) */
    v_f32 f = (v_f32)(bits - (exponent << 23)) - 1.0f;
    v_f32 tail = f * f * polynomial_f32(f, mfli_log_f32, COUNT(mfli_log_f32));
    v_f32 log = __builtin_convertvector(exponent, v_f32) * 0x1.62e43p-1f + (f + tail);
    return root_f32(log * -2.0f);
}

INLINE v_f64 radius_f64(v_u64 high, v_u64 low)
{
    const uint64_t two52 = UINT64_C(0x4330000000000000);
    v_f64 h = (v_f64)((high & UINT32_MAX) | two52) - 0x1p52;
    v_f64 l = (v_f64)((low & UINT32_MAX) | two52) - (0x1p52 - 0.5);
    v_f64 u = h * 0x1p-32 + l * 0x1p-64;
    v_u64 bits = (v_u64)u;
    /* As above; the exponent is shifted by 128 to stay positive. */
    v_u64 shifted = (bits - (UINT64_C(0x3fe6a09e667f3bcd) - (UINT64_C(128) << 52))) >> 52;
    v_f64 exponent = (v_f64)(shifted | two52) - (0x1p52 + 128.0);
    v_f64 f = (v_f64)(bits - ((shifted - 128) << 52)) - 1.0;
    v_f64 s = f / (f + 2.0), t = s * s;
    v_f64 tail = s * t * polynomial_f64(t, mfli_log_f64, COUNT(mfli_log_f64));
    v_f64 log = exponent * 0x1.62e42fefa39efp-1 + ((s + s) + tail);
    return root_f64(log * -2.0);
}

/* Of the angle word two bits choose the sector (sign, and exchange of sine and cosine), the others
 * the angle pi/2 s within -pi/4 .. pi/4. */
INLINE void box_muller_f32(v_u32 radius_word, v_u32 angle_word, v_f32 *first, v_f32 *second)
{
    v_f32 r = radius_f32(radius_word);
    v_f32 s = __builtin_convertvector((v_i32)(angle_word << 2), v_f32) * 0x1p-32f;
    v_f32 t = s * s;
    v_f32 sine = r * (s * polynomial_f32(t, mfli_sin_f32, COUNT(mfli_sin_f32)));
    v_f32 cosine = r * (1.0f + t * polynomial_f32(t, mfli_cos_f32, COUNT(mfli_cos_f32)));
    v_u32 c = (v_u32)cosine ^ (angle_word & UINT32_C(0x80000000));
    v_u32 exchange = (c ^ (v_u32)sine) & (v_u32)((v_i32)(angle_word << 1) >> 31);
    *first = (v_f32)(c ^ exchange);
    *second = (v_f32)((v_u32)sine ^ exchange);
}

INLINE void box_muller_f64(const philox_words *p, v_f64 *first, v_f64 *second)
{
    const uint64_t two52 = UINT64_C(0x4330000000000000);
    v_f64 r = radius_f64(p->word[0], p->word[1]);
    v_u64 high = p->word[2];
    v_f64 h = (v_f64)((high & UINT32_C(0x3fffffff)) | two52) - 0x1p52;
    v_f64 l = (v_f64)((p->word[3] & UINT32_MAX) | two52) - (0x1p52 - 0.5);
    v_f64 s = (h * 0x1p-30 - 0.5) + l * 0x1p-62;
    v_f64 t = s * s;
    v_f64 sine = r * (s * polynomial_f64(t, mfli_sin_f64, COUNT(mfli_sin_f64)));
    v_f64 cosine = r * (1.0 + t * polynomial_f64(t, mfli_cos_f64, COUNT(mfli_cos_f64)));
    v_u64 c = (v_u64)cosine ^ ((high << 32) & (UINT64_C(1) << 63));
    v_u64 exchange = (c ^ (v_u64)sine) & ((v_u64){0} - (high >> 30 & 1));
    *first = (v_f64)(c ^ exchange);
    *second = (v_f64)((v_u64)sine ^ exchange);
}

/* Words of even rows and of odd rows, woven into 32-bit lanes. */
INLINE v_u32 weave(v_u64 even, v_u64 odd)
{
    return (v_u32)((even & UINT32_MAX) | (odd << 32));
}

static void panel_f32(const mfli_stream *stream, uint64_t row0, size_t cols, size_t col0,
                      size_t col1, float *out)
{
    const size_t width = VECTORS * LANES32;
    const uint64_t blocks_a_row = (cols + 3) / 4;
    const philox_key key = expand_key(stream);
    for (size_t v = 0; v < VECTORS; v++) {
        v_u64 even = first_blocks(row0 + v * LANES32, 2, blocks_a_row) + col0 / 4;
        v_u64 odd = first_blocks(row0 + v * LANES32 + 1, 2, blocks_a_row) + col0 / 4;
        float *to = out + v * LANES32;
        for (size_t col = col0; col < col1; col += 4, even += 1, odd += 1, to += 4 * width) {
            philox_words e = philox(&key, even), o = philox(&key, odd);
            v_u32 word[4];
            v_f32 normal[4];
#pragma GCC unroll 4
            for (int i = 0; i < 4; i++)
                word[i] = weave(e.word[i], o.word[i]);
            box_muller_f32(word[0], word[1], &normal[0], &normal[1]);
            box_muller_f32(word[2], word[3], &normal[2], &normal[3]);
#pragma GCC unroll 4
            for (size_t i = 0; i < 4; i++)
                memcpy(to + i * width, &normal[i], sizeof normal[i]);
        }
    }
}

static void panel_f64(const mfli_stream *stream, uint64_t row0, size_t cols, size_t col0,
                      size_t col1, double *out)
{
    const size_t width = VECTORS * LANES64;
    const uint64_t blocks_a_row = (cols + 1) / 2;
    const philox_key key = expand_key(stream);
    for (size_t v = 0; v < VECTORS; v++) {
        v_u64 block = first_blocks(row0 + v * LANES64, 1, blocks_a_row) + col0 / 2;
        double *to = out + v * LANES64;
        for (size_t col = col0; col < col1; col += 2, block += 1, to += 2 * width) {
            philox_words p = philox(&key, block);
            v_f64 normal[2];
            box_muller_f64(&p, &normal[0], &normal[1]);
            memcpy(to, &normal[0], sizeof normal[0]);
            memcpy(to + width, &normal[1], sizeof normal[1]);
        }
    }
}

#define STRING_(x) #x
#define STRING(x) STRING_(x)
const mfli_normals CAT(mfli_normals_, MFLI_ISA) = {
    STRING(MFLI_ISA), VECTORS *LANES32, VECTORS *LANES64, panel_f32, panel_f64,
};
