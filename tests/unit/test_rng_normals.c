/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The normals are the same bits on every instruction set, at a vector width that this processor may
 * not have, and in a scalar Box-Muller written here after the documentation of normals.h; and the
 * transformation is right to a few last places at every corner of its arguments.
 */
#include <math.h>
#include <stdlib.h>

#include "../run.h"
#include "config.h"
#include "core/cpu.h"
#include <mflearn/context.h>

/* The generator's source itself, at 64 bytes a vector without AVX-512: for its inner functions. */
#define MFLI_VECTOR_BYTES 64
#define MFLI_ISA wide
#include "rng/normals_isa.c"

static double word_to_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float word_to_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t double_to_word(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static uint32_t float_to_word(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double horner(double x, const double *c, int count)
{
    double sum = c[count - 1];
    for (int i = count - 2; i >= 0; i--)
        sum = sum * x + c[i];
    return sum;
}

static float hornerf(float x, const float *c, int count)
{
    float sum = c[count - 1];
    for (int i = count - 2; i >= 0; i--)
        sum = sum * x + c[i];
    return sum;
}

static void scalar_pair_f64(const uint32_t word[4], double out[2])
{
    const double u = (double)word[0] * 0x1p-32 + ((double)word[1] + 0.5) * 0x1p-64;
    int exponent;
    double m = frexp(u, &exponent);
    if (m < word_to_double(UINT64_C(0x3fe6a09e667f3bcd))) {
        m *= 2;
        exponent--;
    }
    const double f = m - 1, s = f / (f + 2), t = s * s;
    const double log = exponent * 0x1.62e42fefa39efp-1
        + ((s + s) + s * t * horner(t, mfli_log_f64, 7));
    const double r = sqrt(-2 * log);
    const double v = ((double)(word[2] & 0x3fffffff) * 0x1p-30 - 0.5)
        + ((double)word[3] + 0.5) * 0x1p-62;
    const double sine = r * (v * horner(v * v, mfli_sin_f64, 7));
    double cosine = r * (1 + v * v * horner(v * v, mfli_cos_f64, 7));
    if (word[2] >> 31)
        cosine = -cosine;
    const int exchange = word[2] >> 30 & 1;
    out[0] = exchange ? sine : cosine;
    out[1] = exchange ? cosine : sine;
}

static void scalar_pair_f32(uint32_t radius_word, uint32_t angle_word, float out[2])
{
    const float u = ((float)(int32_t)(radius_word >> 1) + 0.5f) * 0x1p-31f;
    int exponent;
    float m = frexpf(u, &exponent);
    if (m < word_to_float(0x3f3504f3)) {
        m *= 2;
        exponent--;
    }
    const float f = m - 1;
    const float log = (float)exponent * 0x1.62e43p-1f + (f + f * f * hornerf(f, mfli_log_f32, 8));
    const float r = sqrtf(-2 * log);
    const uint32_t fraction = angle_word << 2;
    const int64_t centred = fraction >> 31 ? (int64_t)fraction - (INT64_C(1) << 32) : fraction;
    const float v = (float)centred * 0x1p-32f;
    const float sine = r * (v * hornerf(v * v, mfli_sin_f32, 4));
    float cosine = r * (1 + v * v * hornerf(v * v, mfli_cos_f32, 4));
    if (angle_word >> 31)
        cosine = -cosine;
    const int exchange = angle_word >> 30 & 1;
    out[0] = exchange ? sine : cosine;
    out[1] = exchange ? cosine : sine;
}

static const mfli_normals *available(int i)
{
    switch (i) {
    case 0:
        return &mfli_normals_wide;
    case 1:
        return &mfli_normals_baseline;
#if MFLI_BUILD_AVX2
    case 2:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX2) > 0 ? &mfli_normals_avx2 : NULL;
#endif
#if MFLI_BUILD_AVX512
    case 3:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX512) > 0 ? &mfli_normals_avx512 : NULL;
#endif
    default:
        return NULL;
    }
}

static const mfli_stream streams[] = {
    {1, 2, 3, MFLI_PURPOSE_LANGEVIN},
    {UINT64_MAX, (UINT64_C(1) << 48) - 1, (1 << 24) - 1, 65535},
};
/* The second starts where block numbers pass 2^32. */
static const uint64_t first_rows[] = {0, UINT64_C(613566750)};

START_TEST(float_normals_have_the_same_bits_everywhere)
{
    const mfli_normals *normals = available(_i);
    if (!normals)
        return;
    float out[36 * 32];
    for (int trial = 0; trial < 2; trial++) {
        for (size_t col0 = 0; col0 < 28; col0 += 8) {
            const size_t cols = 26;
            const uint64_t row0 = first_rows[trial];
            normals->panel_f32(&streams[trial], row0, cols, col0, cols, out);
            for (uint64_t lane = 0; lane < normals->width_f32; lane++) {
                for (size_t col = col0; col < cols; col++) {
                    uint32_t word[4];
                    float pair[2];
                    mfli_stream_block(&streams[trial], (row0 + lane) * 7 + col / 4, word);
                    scalar_pair_f32(word[col % 4 & 2], word[(col % 4 & 2) + 1], pair);
                    ck_assert_uint_eq(
                        float_to_word(out[(col - col0) * normals->width_f32 + lane]),
                        float_to_word(pair[col % 2]));
                }
            }
        }
    }
}
END_TEST

START_TEST(double_normals_have_the_same_bits_everywhere)
{
    const mfli_normals *normals = available(_i);
    if (!normals)
        return;
    double out[36 * 16];
    for (int trial = 0; trial < 2; trial++) {
        for (size_t col0 = 0; col0 < 14; col0 += 6) {
            const size_t cols = 13;
            const uint64_t row0 = first_rows[trial];
            normals->panel_f64(&streams[trial], row0, cols, col0, cols, out);
            for (uint64_t lane = 0; lane < normals->width_f64; lane++) {
                for (size_t col = col0; col < cols; col++) {
                    uint32_t word[4];
                    double pair[2];
                    mfli_stream_block(&streams[trial], (row0 + lane) * 7 + col / 2, word);
                    scalar_pair_f64(word, pair);
                    ck_assert_uint_eq(
                        double_to_word(out[(col - col0) * normals->width_f64 + lane]),
                        double_to_word(pair[col % 2]));
                }
            }
        }
    }
}
END_TEST

START_TEST(row_major_matrix_is_the_same_numbers)
{
    enum { ROWS = 11, COLS = 67, LD = 70 };
    double matrix[ROWS * LD], panel[(COLS + 1) * 16];
    mfli_normal_matrix(&streams[0], 5, ROWS, COLS, matrix, LD);
    for (uint64_t i = 0; i < ROWS; i++) {
        mfli_normals_wide.panel_f64(&streams[0], 5 + i, COLS, 0, COLS, panel);
        for (size_t j = 0; j < COLS; j++)
            ck_assert(matrix[i * LD + j] == panel[j * mfli_normals_wide.width_f64]);
    }
}
END_TEST

static const uint32_t corners[] = {
    0,          1,          2,          3,          0xff,       0x1ffffff,  0x20000000, 0x3fffffff,
    0x40000000, 0x40000001, 0x5a827998, 0x5a827999, 0x5a82799a, 0x7fffffff, 0x80000000,
    0x80000001, 0xb504f333, 0xb504f334, 0xbfffffff, 0xc0000000, 0xfffffffe, 0xffffffff};
enum { CORNERS = sizeof corners / sizeof corners[0] };

/* Box-Muller in long double after normals.h, and the error allowed: relative to the value, as the
 * factors sine, cosine and radius are all accurate relative to themselves. */
static void exact_pair(long double u, long double v, uint32_t angle_word, long double out[2])
{
    const long double half_pi = 1.57079632679489661923132169163975144L;
    const long double r = sqrtl(-2 * logl(u));
    const long double sine = r * sinl(half_pi * v);
    const long double cosine = r * cosl(half_pi * v) * (angle_word >> 31 ? -1 : 1);
    out[0] = angle_word >> 30 & 1 ? sine : cosine;
    out[1] = angle_word >> 30 & 1 ? cosine : sine;
}

START_TEST(double_normals_are_right_at_the_corners)
{
    double largest = 0;
    for (int i = 0; i < CORNERS * CORNERS * CORNERS; i++) {
        const uint32_t word[4] = {corners[i % CORNERS], corners[i / CORNERS % CORNERS],
                                  corners[i / CORNERS / CORNERS], corners[(i * 7) % CORNERS]};
        const v_u64 zero = {0};
        const philox_words p = {{zero + word[0], zero + word[1], zero + word[2], zero + word[3]}};
        v_f64 normal[2];
        long double exact[2];
        /* The uniform is rounded once to double; near 1 that is a property of the generator. */
        const double u = (double)word[0] * 0x1p-32 + ((double)word[1] + 0.5) * 0x1p-64;
        const long double v = (word[2] & 0x3fffffff) * 0x1p-30L - 0.5L
            + (word[3] + 0.5L) * 0x1p-62L;
        exact_pair(u, v, word[2], exact);
        box_muller_f64(&p, &normal[0], &normal[1]);
        for (int k = 0; k < 2; k++) {
            const double error = fabs((double)(normal[k][0] - exact[k]));
            ck_assert(error <= 6 * 0x1p-53 * fabs((double)exact[k]) + 0x1p-62);
            largest = fmax(largest, fabs(normal[k][0]));
        }
    }
    ck_assert(largest > 9.49 && largest < 9.50);
}
END_TEST

START_TEST(float_normals_are_right_at_the_corners)
{
    float largest = 0;
    for (int i = 0; i < CORNERS * CORNERS; i++) {
        const uint32_t radius = corners[i % CORNERS], angle = corners[i / CORNERS];
        v_f32 normal[2];
        long double exact[2];
        const float u = ((float)(radius >> 1) + 0.5f) * 0x1p-31f;
        const int32_t fraction = (int32_t)((angle << 2 & 0x7fffffff))
            - (int32_t)(angle >> 29 & 1) * INT32_MAX - (int32_t)(angle >> 29 & 1);
        exact_pair(u, fraction * 0x1p-32L, angle, exact);
        box_muller_f32((v_u32){0} + radius, (v_u32){0} + angle, &normal[0], &normal[1]);
        for (int k = 0; k < 2; k++) {
            const double error = fabs((double)(normal[k][0] - exact[k]));
            ck_assert(error <= 6 * 0x1p-24 * fabs((double)exact[k]) + 0x1p-40);
            largest = fmaxf(largest, fabsf(normal[k][0]));
        }
    }
    ck_assert(largest > 6.65f && largest < 6.67f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rng_normals");
    TCase *tests = tcase_create("normals");
    tcase_add_loop_test(tests, float_normals_have_the_same_bits_everywhere, 0, 4);
    tcase_add_loop_test(tests, double_normals_have_the_same_bits_everywhere, 0, 4);
    tcase_add_test(tests, row_major_matrix_is_the_same_numbers);
    tcase_add_test(tests, double_normals_are_right_at_the_corners);
    tcase_add_test(tests, float_normals_are_right_at_the_corners);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
