/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels.h"

#include "config.h"
#include "core/cpu.h"

#define DECLARE(isa)                                                                               \
    extern const mfli_ops_f32 mfli_ops_##isa##_f32;                                                \
    extern const mfli_ops_f64 mfli_ops_##isa##_f64;
#define KERNELS(isa, code)                                                                         \
    {.name = #isa,                                                                                 \
     .instruction_set = code,                                                                      \
     .f32 = &mfli_ops_##isa##_f32,                                                                 \
     .f64 = &mfli_ops_##isa##_f64,                                                                 \
     .normals = &mfli_normals_##isa}

DECLARE(baseline)
#if MFLI_BUILD_AVX2
DECLARE(avx2)
#endif
#if MFLI_BUILD_AVX512
DECLARE(avx512)
#endif

static const mfli_kernels tables[] = {
    KERNELS(baseline, MFL_INSTRUCTION_SET_BASELINE),
#if MFLI_BUILD_AVX2
    KERNELS(avx2, MFL_INSTRUCTION_SET_AVX2),
#endif
#if MFLI_BUILD_AVX512
    KERNELS(avx512, MFL_INSTRUCTION_SET_AVX512),
#endif
};

const mfli_kernels *mfli_kernels_select(int32_t requested)
{
    const int32_t resolved = mfli_cpu_resolve(requested);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (tables[i].instruction_set == resolved)
            return &tables[i];
    return NULL;
}
