/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of traces are read by name, so the input becomes one that exists in memory only. Checksums would stop a fuzzer
 * at the first changed byte, so a second attempt mends them first. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/crc32c.h"
#include "io/little_endian.h"
#include "io/segments.h"

enum { header_size = 16, segment_size = 24, most_columns = 23 };

typedef struct counter {
    size_t columns, values;
    double sum;
} counter;

/* Every value can be read, and one table is refused. */
static int32_t take(void *data, uint64_t table, uint64_t first, uint64_t rows, const uint8_t *values)
{
    counter *count = data;
    (void)first;
    for (uint64_t i = 0; i < rows * count->columns; i++)
        count->sum += mfli_load_double(values + 8 * i);
    count->values += (size_t)rows * count->columns;
    return table == 99 ? MFL_ERROR_FORMAT : MFL_OK;
}

static void read_all(mfl_context *context, const uint8_t *bytes, size_t size, size_t columns, uint32_t crc)
{
    char path[64];
    counter count = {columns, 0, 0.0};
    const mfli_segments_end end = {size, crc};
    const int file = memfd_create("fuzz", MFD_CLOEXEC);
    if (file < 0 || write(file, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const int32_t status = mfli_segments_read(context, path, columns, &end, take, &count);
    if (status == MFL_OK && 8 * count.values > size)
        abort();
    close(file);
}

/* The checksum of all that the segments hold. */
static uint32_t mend(uint8_t *bytes, size_t size, size_t columns)
{
    uint32_t crc = mfli_crc32c(0, bytes, header_size);
    for (size_t at = header_size; size - at >= segment_size + 4;) {
        const uint64_t rows = mfli_load(bytes + at + 16, 8);
        if (rows > (size - at - segment_size - 4) / (8 * columns))
            break;
        const size_t length = segment_size + 8 * columns * (size_t)rows;
        crc = mfli_crc32c(crc, bytes + at, length);
        mfli_store(bytes + at + length, 4, crc);
        at += length + 4;
    }
    return crc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t largest;
    mfl_context *context = fuzz_context(size, &largest);
    uint8_t *bytes = fuzz_copy(data, size);
    const size_t asked = size < header_size ? 1 : (size_t)mfli_load(bytes + 12, 4);
    const size_t columns = 1 + (asked + most_columns - 1) % most_columns;
    read_all(context, bytes, size, columns, 0);
    if (size >= header_size)
        read_all(context, bytes, size, columns, mend(bytes, size, columns));
    free(bytes);
    mfl_context_destroy(context);
    return 0;
}
