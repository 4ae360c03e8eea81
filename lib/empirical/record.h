/* SPDX-License-Identifier: BSD-3-Clause */
/* What each population of particles says in each sweep of the order parameters: overlap, m, then <u_j^2> of
 * every input. Given the field the populations are independent, so they serve as chains of the usual
 * diagnostics. */
#ifndef MFLI_EMPIRICAL_RECORD_H
#define MFLI_EMPIRICAL_RECORD_H

#include "empirical/swarm.h"

enum { MFLI_RECORD_OVERLAP, MFLI_RECORD_MODE, MFLI_RECORD_INPUTS };

typedef struct mfli_record {
    mfl_context *context;
    int64_t quantities, sweeps, capacity;
    double *value; /* quantities x MFLI_POPULATIONS x capacity */
} mfli_record;

typedef struct mfli_estimate {
    double mean, error, r_hat; /* error: Monte Carlo standard error; r_hat: 1 where nothing varies */
    double spread; /* largest distance from the mean of a population's mean over either half of its sweeps */
} mfli_estimate;

void mfli_record_init(mfl_context *context, int64_t quantities, mfli_record *record);
void mfli_record_finish(mfli_record *record);

/* Room for so many sweeps, which are counted as recorded, for the caller to fill in. MFL_ERROR_MEMORY. */
int32_t mfli_record_reserve(mfli_record *record, int64_t sweeps);

/* The next sweep: quantities x MFLI_POPULATIONS numbers. MFL_ERROR_MEMORY. */
int32_t mfli_record_add(mfli_record *record, const double *values);

/* A quantity over the later half of the sweeps; NaN error for fewer than 12 of them. MFL_ERROR_MEMORY. */
int32_t mfli_record_estimate(const mfli_record *record, int64_t quantity, mfli_estimate *estimate);

#endif
