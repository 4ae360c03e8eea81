/* SPDX-License-Identifier: BSD-3-Clause */
/* The container of the library's own files, and networks in it. Checksums would stop a fuzzer at the first
 * changed byte, so a second attempt mends them first. */
#include "fuzz.h"
#include "mend.h"
#include "network/file.h"

static void read_all(mfl_context *context, const uint8_t *bytes, size_t size)
{
    mfli_state state;
    if (mfli_state_parse(context, "fuzz", bytes, size, MFLI_STATE_NETWORK, 1, &state))
        return;
    for (uint32_t i = 0; i < state.count; i++) {
        uint64_t count;
        const char *text;
        int64_t numbers[4];
        if (mfli_state_count(&state, state.sections[i].name, state.sections[i].type, &count))
            abort();
        mfli_state_text(&state, state.sections[i].name, &text, &count);
        mfli_state_int64(&state, state.sections[i].name, 4, numbers);
    }
    mfl_network *network;
    int64_t width;
    if (mfli_network_from_state(&state, &network) == MFL_OK) {
        if (mfl_network_shape(network, NULL, &width) || width < 1)
            abort();
        mfl_network_destroy(network);
    }
    mfli_state_close(&state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_memory memory;
    mfl_context *context = fuzz_context(size, &memory);
    uint8_t *bytes = fuzz_copy(data, size);
    read_all(context, bytes, size);
    mend_state(bytes, size);
    read_all(context, bytes, size);
    free(bytes);
    fuzz_end(context, &memory);
    return 0;
}
