/* SPDX-License-Identifier: BSD-3-Clause */
/* What the scalar and the vector forms of Philox4x32-10 share. */
#ifndef MFLI_RNG_PHILOX_H
#define MFLI_RNG_PHILOX_H

#include "stream.h"

#define MFLI_PHILOX_ROUNDS 10
#define MFLI_PHILOX_M0 UINT32_C(0xD2511F53)
#define MFLI_PHILOX_M1 UINT32_C(0xCD9E8D57)
#define MFLI_PHILOX_W0 UINT32_C(0x9E3779B9)
#define MFLI_PHILOX_W1 UINT32_C(0xBB67AE85)

static inline void mfli_stream_counter(const mfli_stream *stream, uint64_t block,
                                       uint32_t counter[4])
{
    counter[0] = (uint32_t)block;
    counter[1] = (uint32_t)(block >> 32) | stream->chain << 8;
    counter[2] = (uint32_t)stream->step;
    counter[3] = (uint32_t)(stream->step >> 32) | stream->purpose << 16;
}

#endif
