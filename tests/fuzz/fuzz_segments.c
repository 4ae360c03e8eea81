/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of traces: as they are, and with their checksums mended. */
#include "files.h"
#include "fuzz.h"
#include "io/segments.h"
#include "mend.h"

enum { most_columns = 23 };

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
    char path[fuzz_path_size];
    counter count = {columns, 0, 0.0};
    const mfli_segments_end end = {size, crc};
    fuzz_path("traces", path);
    fuzz_write(path, bytes, size);
    const int32_t status = mfli_segments_read(context, path, columns, &end, take, &count);
    if (status == MFL_OK && 8 * count.values > size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_memory memory;
    mfl_context *context = fuzz_context(size, &memory);
    uint8_t *bytes = fuzz_copy(data, size);
    const size_t asked = size < segments_header ? 1 : (size_t)mfli_load(bytes + 12, 4);
    const size_t columns = 1 + (asked + most_columns - 1) % most_columns;
    read_all(context, bytes, size, columns, 0);
    if (size >= segments_header)
        read_all(context, bytes, size, columns, mend_segments(bytes, size, columns));
    free(bytes);
    fuzz_end(context, &memory);
    return 0;
}
