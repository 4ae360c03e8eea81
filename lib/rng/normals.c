/* SPDX-License-Identifier: BSD-3-Clause */
#include "normals.h"

#include <mflearn/context.h>

#include "config.h"
#include "core/cpu.h"

/* The bits are the same with any, so the widest will do whatever the context's instruction set. */
static const mfli_normals *widest(void)
{
    switch (mfli_cpu_resolve(MFL_INSTRUCTION_SET_AUTO)) {
#if MFLI_BUILD_AVX512
    case MFL_INSTRUCTION_SET_AVX512:
        return &mfli_normals_avx512;
#endif
#if MFLI_BUILD_AVX2
    case MFL_INSTRUCTION_SET_AVX2:
        return &mfli_normals_avx2;
#endif
    default:
        return &mfli_normals_baseline;
    }
}

enum { CHUNK = 32, MAX_WIDTH = 16 };

void mfli_normal_matrix(const mfli_stream *stream, uint64_t row0, size_t rows, size_t cols,
                        double *out, size_t leading_dimension)
{
    const mfli_normals *normals = widest();
    const size_t width = normals->width_f64;
    double panel[CHUNK * MAX_WIDTH];
    for (size_t i0 = 0; i0 < rows; i0 += width) {
        const size_t i1 = i0 + width < rows ? i0 + width : rows;
        for (size_t j0 = 0; j0 < cols; j0 += CHUNK) {
            const size_t j1 = j0 + CHUNK < cols ? j0 + CHUNK : cols;
            normals->panel_f64(stream, row0 + i0, cols, j0, j1, panel);
            for (size_t i = i0; i < i1; i++)
                for (size_t j = j0; j < j1; j++)
                    out[i * leading_dimension + j] = panel[(j - j0) * width + (i - i0)];
        }
    }
}
