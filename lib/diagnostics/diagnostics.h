/* SPDX-License-Identifier: BSD-3-Clause */
/* Diagnostics of traces that need not lie in one block (include/mflearn/diagnostics.h). */
#ifndef MFLI_DIAGNOSTICS_DIAGNOSTICS_H
#define MFLI_DIAGNOSTICS_DIAGNOSTICS_H

#include <mflearn/diagnostics.h>

/* Draw i of chain c is chains[c][i]. Sizes are the caller's to check; they may be 0. */
typedef struct mfli_trace {
    const double *const *chains;
    int64_t chain_count, draws;
} mfli_trace;

int32_t mfli_diagnose(mfl_context *context, const mfli_trace *trace, const int32_t *keys,
                      int64_t count, double *results);

#endif
