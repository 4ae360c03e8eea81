/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that only grow: tables of numbers, a segment at a time.
 *
 *     header    magic 89 'M' 'F' 'S' 0D 0A 1A 0A, u32 version (1), u32 number of columns
 *     segment   u64 table, u64 its first row, u64 number of rows, the rows' doubles column after
 *               column, u32 CRC-32C of the whole file up to here, checksums left out
 *
 * All little-endian, without padding. Where the file ends is kept elsewhere (mfli_segments_end), in a
 * file that is replaced atomically: what lies beyond was being written when the program ended, does
 * not count, and is written over. Rows that were written before may be written again: the last
 * segment holds. */
#ifndef MFLI_IO_SEGMENTS_H
#define MFLI_IO_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/types.h>

typedef struct mfli_segments_end {
    uint64_t length; /* bytes; 0: no file yet */
    uint32_t crc;    /* of them */
} mfli_segments_end;

typedef struct mfli_segment {
    uint64_t table, first, rows;
    const double *const *columns; /* row i of the segment is columns[][first + i] */
} mfli_segment;

/* Add segments after `end`, flush them to the disk, and move `end`, which stays where it was on
 * failure. */
int32_t mfli_segments_append(mfl_context *context, const char *path, size_t columns,
                             const mfli_segment *segments, size_t count, mfli_segments_end *end);

/* The segments of a file up to `end`, in order: `values` are its columns after each other, each
 * little-endian. A status that is not MFL_OK ends the reading. */
typedef int32_t (*mfli_segment_fn)(void *data, uint64_t table, uint64_t first, uint64_t rows,
                                   const uint8_t *values);
int32_t mfli_segments_read(mfl_context *context, const char *path, size_t columns,
                           const mfli_segments_end *end, mfli_segment_fn take, void *data);

#endif
