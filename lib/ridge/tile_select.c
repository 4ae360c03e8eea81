/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"
#include "core/context.h"
#include "ridge/tile.h"

extern const mfli_tiles mfli_tiles_baseline;
#if MFLI_BUILD_AVX2
extern const mfli_tiles mfli_tiles_avx2;
#endif
#if MFLI_BUILD_AVX512
extern const mfli_tiles mfli_tiles_avx512;
#endif

const mfli_tiles *mfli_tiles_select(const mfl_context *context)
{
    switch (mfli_instruction_set(context)) {
#if MFLI_BUILD_AVX512
    case MFL_INSTRUCTION_SET_AVX512:
        return &mfli_tiles_avx512;
#endif
#if MFLI_BUILD_AVX2
    case MFL_INSTRUCTION_SET_AVX2:
        return &mfli_tiles_avx2;
#endif
    default:
        return &mfli_tiles_baseline;
    }
}
