/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers taken one after the other from a stream, where how many are needed is not known
 * beforehand. */
#ifndef MFLI_THEORY_DRAWS_H
#define MFLI_THEORY_DRAWS_H

#include "rng/stream.h"

typedef struct mfli_draws {
    mfli_stream stream;
    uint64_t next;
} mfli_draws;

double mfli_draw_uniform(mfli_draws *draws);
void mfli_draw_normals(mfli_draws *draws, int32_t count, double *out);
/* Chi-squared with `freedom` > 0 degrees. */
double mfli_draw_chi_squared(mfli_draws *draws, double freedom);

#endif
