/* SPDX-License-Identifier: BSD-3-Clause */
/* Philox, the packing of its counter, and the scalar distributions. All seeds are fixed; statistical
 * checks use 5 standard deviations (false alarm 6e-7 each). */
#include <math.h>
#include <stdlib.h>

#include "../run.h"
#include "rng/stream.h"

START_TEST(philox_gives_the_published_answers)
{
    /* Random123, tests/kat_vectors, lines "philox4x32 10". */
    static const uint32_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
         0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    for (int i = 0; i < 3; i++) {
        uint32_t out[4];
        mfli_philox4x32(known[i], known[i] + 4, out);
        for (int k = 0; k < 4; k++)
            ck_assert_uint_eq(out[k], known[i][6 + k]);
    }
}
END_TEST

START_TEST(counter_packs_as_documented)
{
    const mfli_stream stream = {UINT64_C(0x299f31d0a4093822), UINT64_C(0xabcd12345678),
                                0x654321, 0x9876};
    const uint32_t counter[4] = {0x89abcdef, 0x65432167, 0x12345678, 0x9876abcd};
    const uint32_t key[2] = {0xa4093822, 0x299f31d0};
    uint32_t expected[4], out[4];
    mfli_philox4x32(counter, key, expected);
    mfli_stream_block(&stream, UINT64_C(0x6789abcdef), out);
    for (int k = 0; k < 4; k++)
        ck_assert_uint_eq(out[k], expected[k]);
}
END_TEST

START_TEST(uniforms_are_indexed_by_element)
{
    const mfli_stream stream = {7, 3, 2, MFLI_PURPOSE_USER};
    double all[41], part[10];
    uint32_t words[4];
    mfli_uniforms(&stream, 0, 41, all);
    for (uint64_t first = 0; first < 31; first++) {
        mfli_uniforms(&stream, first, 10, part);
        for (int i = 0; i < 10; i++)
            ck_assert(part[i] == all[first + (uint64_t)i]);
    }
    mfli_stream_block(&stream, 20, words);
    ck_assert(all[40] == (ldexp((double)words[0], 20) + (double)(words[1] >> 12) + 0.5) * 0x1p-52);
}
END_TEST

START_TEST(uniforms_have_the_moments_of_a_uniform)
{
    enum { COUNT = 1000000 };
    const mfli_stream stream = {1, 0, 0, MFLI_PURPOSE_USER};
    double *u = malloc(COUNT * sizeof *u), mean = 0, square = 0, serial = 0;
    int outside = 0;
    mfli_uniforms(&stream, 0, COUNT, u);
    for (int i = 0; i < COUNT; i++) {
        outside += !(u[i] > 0 && u[i] < 1);
        mean += u[i] - 0.5;
        square += (u[i] - 0.5) * (u[i] - 0.5) - 1.0 / 12;
        serial += i ? (u[i] - 0.5) * (u[i - 1] - 0.5) : 0;
    }
    ck_assert_int_eq(outside, 0);
    ck_assert(fabs(mean) < 5 * sqrt(COUNT / 12.0));
    ck_assert(fabs(square) < 5 * sqrt(COUNT / 180.0));
    ck_assert(fabs(serial) < 5 * sqrt(COUNT / 144.0));
    free(u);
}
END_TEST

START_TEST(signs_are_the_bits_of_the_blocks)
{
    enum { COUNT = 100000 };
    const mfli_stream stream = {5, 1, 0, MFLI_PURPOSE_TRAIN_INPUTS};
    double *all = malloc(COUNT * sizeof *all), part[300], sum = 0, serial = 0;
    uint32_t words[4];
    mfli_signs(&stream, 0, COUNT, all);
    mfli_signs(&stream, 77, 300, part);
    for (int i = 0; i < 300; i++)
        ck_assert(part[i] == all[77 + i]);
    mfli_stream_block(&stream, 3, words);
    for (unsigned i = 0; i < 128; i++)
        ck_assert(all[3 * 128 + i] == ((words[i / 32] >> i % 32 & 1) ? 1 : -1));
    for (int i = 0; i < COUNT; i++) {
        sum += all[i];
        serial += i ? all[i] * all[i - 1] : 0;
    }
    ck_assert(fabs(sum) < 5 * sqrt(COUNT) && fabs(serial) < 5 * sqrt(COUNT));
    free(all);
}
END_TEST

START_TEST(bounded_integers_are_uniform)
{
    enum { COUNT = 70000, BOUND = 7 };
    const mfli_stream stream = {11, 0, 0, MFLI_PURPOSE_USER};
    int seen[BOUND] = {0};
    double chi2 = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        const uint64_t value = mfli_bounded(&stream, i, BOUND);
        ck_assert_uint_lt(value, BOUND);
        seen[value]++;
    }
    for (int k = 0; k < BOUND; k++)
        chi2 += (seen[k] - COUNT / BOUND) * (double)(seen[k] - COUNT / BOUND) * BOUND / COUNT;
    ck_assert(chi2 < 39.6); /* 6 degrees of freedom: exceeded with probability 5.5e-7 */
    ck_assert_uint_eq(mfli_bounded(&stream, 0, 1), 0);
}
END_TEST

/* A bound of 3 * 2^62 rejects a quarter of the draws; without the rejection the low quarter of the
 * range would come twice as often. */
START_TEST(bounded_integers_are_rejected_without_bias)
{
    enum { COUNT = 40000 };
    const mfli_stream stream = {12, 0, 0, MFLI_PURPOSE_USER};
    const uint64_t bound = UINT64_C(3) << 62;
    int thirds[3] = {0}, odd = 0, rejected = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        const uint64_t value = mfli_bounded(&stream, i, bound);
        uint32_t words[4];
        ck_assert(value < bound);
        thirds[value >> 62]++;
        /* value = floor(3 x / 4): of x mod 4 = 0, 1, 2, 3 only three may survive. */
        odd += value % 3 == 0;
        mfli_stream_block(&stream, i, words);
        const uint64_t x = (uint64_t)words[0] << 32 | words[1];
        rejected += x % 4 == 0;
    }
    for (int k = 0; k < 3; k++)
        ck_assert(fabs(thirds[k] - COUNT / 3.0) < 5 * sqrt(COUNT * 2.0 / 9));
    ck_assert(fabs(odd - COUNT / 3.0) < 5 * sqrt(COUNT * 2.0 / 9));
    ck_assert(fabs(rejected - COUNT / 4.0) < 5 * sqrt(COUNT * 3.0 / 16));
}
END_TEST

START_TEST(permutations_are_uniform)
{
    enum { COUNT = 24000 };
    int seen[4 * 4 * 4 * 4] = {0}, kinds = 0;
    double chi2 = 0;
    for (uint64_t step = 0; step < COUNT; step++) {
        const mfli_stream stream = {3, step, 0, MFLI_PURPOSE_SPLIT};
        size_t p[4];
        unsigned mask = 0;
        mfli_permutation(&stream, 4, p);
        for (int i = 0; i < 4; i++) {
            ck_assert_uint_lt(p[i], 4);
            mask |= 1U << p[i];
        }
        ck_assert_uint_eq(mask, 15);
        seen[p[0] * 64 + p[1] * 16 + p[2] * 4 + p[3]]++;
    }
    for (int k = 0; k < 256; k++) {
        kinds += seen[k] > 0;
        chi2 += seen[k] > 0 ? (seen[k] - 1000.0) * (seen[k] - 1000.0) / 1000.0 : 0;
    }
    ck_assert_int_eq(kinds, 24);
    ck_assert(chi2 < 72.0); /* 23 degrees of freedom: exceeded with probability 5.5e-7 */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rng");
    TCase *tests = tcase_create("streams");
    tcase_add_test(tests, philox_gives_the_published_answers);
    tcase_add_test(tests, counter_packs_as_documented);
    tcase_add_test(tests, uniforms_are_indexed_by_element);
    tcase_add_test(tests, uniforms_have_the_moments_of_a_uniform);
    tcase_add_test(tests, signs_are_the_bits_of_the_blocks);
    tcase_add_test(tests, bounded_integers_are_uniform);
    tcase_add_test(tests, bounded_integers_are_rejected_without_bias);
    tcase_add_test(tests, permutations_are_uniform);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
