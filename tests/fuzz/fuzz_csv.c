/* SPDX-License-Identifier: BSD-3-Clause */
/* The first byte chooses the header setting, the rest is the file. */
#include "fuzz.h"
#include "io/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_memory memory;
    mfli_table table;
    if (size == 0)
        return 0;
    mfl_context *context = fuzz_context(size, &memory);
    uint8_t *text = fuzz_copy(data + 1, size - 1);
    if (mfli_csv_parse(context, "fuzz", text, size - 1, data[0] % 3, &table) == MFL_OK) {
        if (table.rows < 1 || table.columns < 1 || !table.values)
            abort();
        mfli_table_free(context, &table);
    }
    free(text);
    fuzz_end(context, &memory);
    return 0;
}
