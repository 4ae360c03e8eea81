/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/cpu.h"

#include <mflearn/context.h>

#include "config.h"

#if MFLI_BUILD_AVX2 || MFLI_BUILD_AVX512
/* The compiler's detection also asks the operating system whether it saves the wide registers. */
static int32_t has_avx2(void)
{
    return MFLI_BUILD_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int32_t has_avx512(void)
{
    return MFLI_BUILD_AVX512 && has_avx2() && __builtin_cpu_supports("avx512f")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
}
#else
static int32_t has_avx2(void)
{
    return 0;
}

static int32_t has_avx512(void)
{
    return 0;
}
#endif

int32_t mfli_cpu_resolve(int32_t requested)
{
    switch (requested) {
    case MFL_INSTRUCTION_SET_AUTO:
        return has_avx512() ? MFL_INSTRUCTION_SET_AVX512
            : has_avx2()    ? MFL_INSTRUCTION_SET_AVX2
                            : MFL_INSTRUCTION_SET_BASELINE;
    case MFL_INSTRUCTION_SET_BASELINE:
        return requested;
    case MFL_INSTRUCTION_SET_AVX2:
        return has_avx2() ? requested : -1;
    case MFL_INSTRUCTION_SET_AVX512:
        return has_avx512() ? requested : -1;
    default:
        return -1;
    }
}

const char *mfli_cpu_name(int32_t instruction_set)
{
    switch (instruction_set) {
    case MFL_INSTRUCTION_SET_BASELINE:
        return "baseline";
    case MFL_INSTRUCTION_SET_AVX2:
        return "avx2";
    case MFL_INSTRUCTION_SET_AVX512:
        return "avx512";
    default:
        return "auto";
    }
}
