/* SPDX-License-Identifier: BSD-3-Clause */
/* What a theory reports, and how the agreement of successive resolutions becomes an error estimate. */
#ifndef MFLI_THEORY_RESULTS_H
#define MFLI_THEORY_RESULTS_H

#include "theory/fixed_point.h"

/* In the order of enum mfl_theory_result. */
enum { MFLI_RESULTS = 17 };

typedef struct mfli_results {
    int32_t stop, levels;
    double value[MFLI_RESULTS]; /* NaN: does not exist for this problem */
    double error[MFLI_RESULTS];
    double change[MFLI_RESULTS]; /* between the last two resolutions */
    double ratio;                /* of the last two changes; 0: there are not two yet */
} mfli_results;

void mfli_results_clear(mfli_results *results);

/* Record the solution found at the next finer resolution. */
void mfli_results_add(mfli_results *results, const mfli_setting *setting, const mfli_solution *solution,
                      double evaluations);

/* What a solution says, without errors. */
void mfli_results_values(const mfli_setting *setting, const mfli_solution *solution, double evaluations,
                         double value[MFLI_RESULTS]);

/* Not of the problem but of the way to its solution: known exactly. */
int32_t mfli_result_is_exact(int32_t index);

/* Is m known to this relative accuracy? */
int32_t mfli_results_reach(const mfli_results *results, double tolerance);

const char *mfli_result_name(int32_t index);
const char *mfli_result_summary(int32_t index);

#endif
