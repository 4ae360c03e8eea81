/* SPDX-License-Identifier: BSD-3-Clause */
/* Checksums would stop a fuzzer at the first changed byte: the library's own files with theirs mended. */
#ifndef MFLEARN_TESTS_FUZZ_MEND_H
#define MFLEARN_TESTS_FUZZ_MEND_H

#include "io/crc32c.h"
#include "io/little_endian.h"
#include "io/state.h"

enum { state_header = 28, section_header = 16, checksum_size = 4, segments_header = 16, segment_header = 24 };

/* Bytes of a section without its checksum, or 0 where it does not fit into `left` bytes. */
static inline size_t section_length(const uint8_t *bytes, size_t left)
{
    if (left < section_header + checksum_size)
        return 0;
    const uint64_t count = mfli_load(bytes + 8, 8), width = mfli_load(bytes + 4, 4) == MFLI_SECTION_TEXT ? 1 : 8;
    return count > (left - section_header - checksum_size) / width ? 0 : section_header + (size_t)(count * width);
}

static inline void mend_state(uint8_t *bytes, size_t size)
{
    if (size < state_header)
        return;
    mfli_store(bytes + 24, 4, mfli_crc32c(0, bytes, 24));
    for (size_t at = state_header, length; (length = section_length(bytes + at, size - at)) > 0;
         at += length + checksum_size)
        mfli_store(bytes + at + length, 4, mfli_crc32c(0, bytes + at, length));
}

/* Returns the checksum of all that the segments hold. */
static inline uint32_t mend_segments(uint8_t *bytes, size_t size, size_t columns)
{
    if (size < segments_header)
        return 0;
    uint32_t crc = mfli_crc32c(0, bytes, segments_header);
    for (size_t at = segments_header; size - at >= segment_header + checksum_size;) {
        const uint64_t rows = mfli_load(bytes + at + 16, 8);
        if (rows > (size - at - segment_header - checksum_size) / (8 * columns))
            break;
        const size_t length = segment_header + 8 * columns * (size_t)rows;
        crc = mfli_crc32c(crc, bytes + at, length);
        mfli_store(bytes + at + length, 4, crc);
        at += length + checksum_size;
    }
    return crc;
}

#endif
