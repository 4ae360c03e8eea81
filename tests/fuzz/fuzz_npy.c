/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"
#include "io/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_memory memory;
    mfli_table table;
    mfl_context *context = fuzz_context(size, &memory);
    uint8_t *bytes = fuzz_copy(data, size);
    if (mfli_npy_parse(context, "fuzz", bytes, size, &table) == MFL_OK) {
        if (table.rows < 1 || table.columns < 1 || !table.values)
            abort();
        mfli_table_free(context, &table);
    }
    free(bytes);
    fuzz_end(context, &memory);
    return 0;
}
