/* SPDX-License-Identifier: BSD-3-Clause */
/* HDF5 reads files by name, so the input becomes one that exists in memory only. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/table.h"

/* The HDF5 library loses memory on some damaged files; ours would be allocated by our own code. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    mfli_table table;
    /* Compressed data may grow 1032-fold, and numbers of one byte to eight. */
    size_t largest;
    mfl_context *context = fuzz_context(200 * size, &largest);
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (mfli_hdf5_read(context, path, "x", &table) == MFL_OK)
        mfli_table_free(context, &table);
    close(file);
    mfl_context_destroy(context);
    return 0;
}
