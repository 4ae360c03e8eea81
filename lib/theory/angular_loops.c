/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/angular_loops.h"

#include <mflearn/context.h>

#include "config.h"

extern const mfli_angular_loops mfli_angular_loops_baseline, mfli_angular_loops_avx2, mfli_angular_loops_avx512;

const mfli_angular_loops *mfli_angular_loops_select(int32_t instruction_set)
{
    switch (instruction_set) {
#if MFLI_BUILD_AVX512
    case MFL_INSTRUCTION_SET_AVX512:
        return &mfli_angular_loops_avx512;
#endif
#if MFLI_BUILD_AVX2
    case MFL_INSTRUCTION_SET_AVX2:
        return &mfli_angular_loops_avx2;
#endif
    default:
        return &mfli_angular_loops_baseline;
    }
}
