/* SPDX-License-Identifier: BSD-3-Clause */
#include "stream.h"

#include "philox.h"

void mfli_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < MFLI_PHILOX_ROUNDS; round++) {
        uint64_t p0 = (uint64_t)MFLI_PHILOX_M0 * c0, p1 = (uint64_t)MFLI_PHILOX_M1 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += MFLI_PHILOX_W0;
        k1 += MFLI_PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void mfli_stream_block(const mfli_stream *stream, uint64_t block, uint32_t out[4])
{
    const uint32_t key[2] = {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    uint32_t counter[4];
    mfli_stream_counter(stream, block, counter);
    mfli_philox4x32(counter, key, out);
}

void mfli_uniforms(const mfli_stream *stream, uint64_t first, size_t count, double *out)
{
    uint32_t words[4];
    for (size_t i = 0; i < count; i++) {
        uint64_t element = first + i;
        if (i == 0 || element % 2 == 0)
            mfli_stream_block(stream, element / 2, words);
        const uint32_t *pair = words + 2 * (element % 2);
        uint64_t bits = ((uint64_t)pair[0] << 32 | pair[1]) >> 12;
        out[i] = ((double)bits + 0.5) * 0x1p-52;
    }
}

void mfli_signs(const mfli_stream *stream, uint64_t first, size_t count, double *out)
{
    uint32_t words[4];
    for (size_t i = 0; i < count; i++) {
        uint64_t element = first + i;
        if (i == 0 || element % 128 == 0)
            mfli_stream_block(stream, element / 128, words);
        uint32_t word = words[element % 128 / 32];
        out[i] = word >> (element % 32) & 1 ? 1.0 : -1.0;
    }
}

/* High word of the 128-bit product; the low word goes to *low. */
static uint64_t multiply_high(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t middle2 = a0 * b1 + (uint32_t)middle;
    *low = a * b;
    return a1 * b1 + (middle >> 32) + (middle2 >> 32);
}

/* Lemire, "Fast random integer generation in an interval" (2019): the high word of x * bound is
 * unbiased once x whose low word falls below 2^64 mod bound are rejected. Redraws use the blocks
 * with the same element in other values of the block's high byte; 256 rejections in a row have a
 * probability below 2^-256. */
uint64_t mfli_bounded(const mfli_stream *stream, uint64_t element, uint64_t bound)
{
    uint64_t threshold = (0 - bound) % bound, low, high = 0;
    for (uint64_t attempt = 0; attempt < 256; attempt++) {
        uint32_t words[4];
        mfli_stream_block(stream, element | attempt << 32, words);
        high = multiply_high((uint64_t)words[0] << 32 | words[1], bound, &low);
        if (low >= threshold)
            break;
    }
    return high;
}

void mfli_permutation(const mfli_stream *stream, size_t count, size_t *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t j = (size_t)mfli_bounded(stream, i, i + 1);
        if (j != i)
            out[i] = out[j];
        out[j] = i;
    }
}
