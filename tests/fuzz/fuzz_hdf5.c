/* SPDX-License-Identifier: BSD-3-Clause */
/* HDF5 files as they are. */
#include "files.h"
#include "fuzz.h"
#include "io/table.h"

/* The HDF5 library loses memory on some damaged files; ours is counted by the context's allocator. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[fuzz_path_size];
    mfli_table table;
    /* Compressed data may grow 1032-fold, and numbers of one byte to eight. */
    fuzz_memory memory;
    mfl_context *context = fuzz_context(200 * size, &memory);
    fuzz_path("data.h5", path);
    fuzz_write(path, data, size);
    if (mfli_hdf5_read(context, path, "x", &table) == MFL_OK)
        mfli_table_free(context, &table);
    fuzz_end(context, &memory);
    return 0;
}
