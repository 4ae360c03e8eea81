/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Vectors of one instruction set and precision, from the macros of the build:
 *     MFLI_VECTOR_BYTES  16, 32, 64        MFLI_ISA  baseline, avx2, avx512
 *     MFLI_DOUBLE        0 or 1
 */
#ifndef MFLI_KERNELS_VECTOR_H
#define MFLI_KERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MFLI_CAT_(a, b, c) a##b##_##c
#define MFLI_CAT(a, b, c) MFLI_CAT_(a, b, c)
#if MFLI_DOUBLE
typedef double real;
typedef int64_t bits;
typedef uint64_t ubits;
#define MFLI_BY_PRECISION(f32, f64) f64
#define MFLI_SUFFIX f64
#else
typedef float real;
typedef int32_t bits;
typedef uint32_t ubits;
#define MFLI_BY_PRECISION(f32, f64) f32
#define MFLI_SUFFIX f32
#endif
/* mfli_net_f32 */
#define MFLI_TYPE(name) MFLI_CAT(name, , MFLI_SUFFIX)
/* mfli_forward_avx2_f32 */
#define MFLI_NAME(name) MFLI_CAT(name##_, MFLI_ISA, MFLI_SUFFIX)

#define INLINE static inline __attribute__((always_inline))

typedef real v_real __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef bits v_bits __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef ubits v_ubits __attribute__((vector_size(MFLI_VECTOR_BYTES)));
typedef v_real v_real_memory __attribute__((aligned(sizeof(real)), may_alias));
typedef v_ubits v_ubits_memory __attribute__((aligned(sizeof(ubits)), may_alias));

enum {
    LANES = MFLI_VECTOR_BYTES / sizeof(real),
    VECTORS = 2, /* a panel: with 6 samples 12 accumulators, enough for two 4-cycle FMA pipes */
    WIDTH = VECTORS * LANES,
};

INLINE v_real load(const real *p) { return *(const v_real_memory *)p; }
INLINE void store(real *p, v_real x) { *(v_real_memory *)p = x; }
INLINE v_ubits load_bits(const ubits *p) { return *(const v_ubits_memory *)p; }
INLINE void store_bits(ubits *p, v_ubits x) { *(v_ubits_memory *)p = x; }
/* x - 0 is x for every x, -0 too, and costs nothing. */
INLINE v_real splat(real x) { return x - (v_real){0}; }

/* All ones where a < b, else zero. */
INLINE v_bits less(v_real a, v_real b) { return (v_bits)(a < b); }

/* Lanes of a where the mask is all ones, of b where it is zero. */
INLINE v_real choose(v_bits mask, v_real a, v_real b)
{
    return (v_real)((mask & (v_bits)a) | (~mask & (v_bits)b));
}

/* max(x, 0); NaN passes. The compilers recognise no vector maximum. */
#if MFLI_VECTOR_BYTES == 64 && defined(__AVX512F__)
#define MFLI_MAXIMUM MFLI_BY_PRECISION(_mm512_max_ps, _mm512_max_pd)
#elif MFLI_VECTOR_BYTES == 32 && defined(__AVX2__)
#define MFLI_MAXIMUM MFLI_BY_PRECISION(_mm256_max_ps, _mm256_max_pd)
#elif MFLI_VECTOR_BYTES == 16 && defined(__SSE2__)
#define MFLI_MAXIMUM MFLI_BY_PRECISION(_mm_max_ps, _mm_max_pd)
#endif
INLINE v_real positive_part(v_real x)
{
#ifdef MFLI_MAXIMUM
    return MFLI_MAXIMUM((v_real){0}, x);
#else
    return choose(less(x, (v_real){0}), (v_real){0}, x);
#endif
}

#endif
