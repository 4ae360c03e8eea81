/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "kernels.h"

int32_t mfli_pack_patterns(size_t samples, size_t inputs, const double *x, size_t ldx, uint8_t *patterns)
{
    const size_t row = mfli_patterns(inputs);
    memset(patterns, 0, mfli_round_up(samples, MFLI_SAMPLE_GROUP) * row);
    for (size_t mu = 0; mu < samples; mu++)
        for (size_t j = 0; j < inputs; j++) {
            const double value = x[mu * ldx + j];
            if (fabs(value) != 1)
                return 0;
            if (value < 0)
                patterns[mu * row + j / MFLI_PATTERN_INPUTS] |= (uint8_t)(8u << j % MFLI_PATTERN_INPUTS);
        }
    return 1;
}
