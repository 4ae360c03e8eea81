/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"
#include "io/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t largest;
    mfli_table table;
    mfl_context *context = fuzz_context(size, &largest);
    uint8_t *bytes = fuzz_copy(data, size);
    if (mfli_npy_parse(context, "fuzz", bytes, size, &table) == MFL_OK) {
        if (table.rows < 1 || table.columns < 1 || !table.values)
            abort();
        mfli_table_free(context, &table);
    }
    free(bytes);
    mfl_context_destroy(context);
    return 0;
}
