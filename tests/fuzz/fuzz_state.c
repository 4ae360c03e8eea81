/* SPDX-License-Identifier: BSD-3-Clause */
/* The container of the library's own files, and networks in it. Checksums would stop a fuzzer at the first changed
 * byte, so a second attempt mends them first. */
#include "fuzz.h"
#include "io/crc32c.h"
#include "io/little_endian.h"
#include "io/state.h"
#include "network/file.h"

static void mend(uint8_t *bytes, size_t size)
{
    if (size < 28)
        return;
    mfli_store(bytes + 24, 4, mfli_crc32c(0, bytes, 24));
    for (size_t at = 28; at + 20 <= size;) {
        uint64_t count = mfli_load(bytes + at + 8, 8);
        uint64_t width = mfli_load(bytes + at + 4, 4) == MFLI_SECTION_TEXT ? 1 : 8;
        if (count > (size - at - 20) / width)
            return;
        size_t length = 16 + (size_t)(count * width);
        mfli_store(bytes + at + length, 4, mfli_crc32c(0, bytes + at, length));
        at += length + 4;
    }
}

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
    size_t largest;
    mfl_context *context = fuzz_context(size, &largest);
    uint8_t *bytes = fuzz_copy(data, size);
    read_all(context, bytes, size);
    mend(bytes, size);
    read_all(context, bytes, size);
    free(bytes);
    mfl_context_destroy(context);
    return 0;
}
