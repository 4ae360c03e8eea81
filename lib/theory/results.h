/* SPDX-License-Identifier: BSD-3-Clause */
/* What a theory reports, and how the agreement of successive resolutions becomes an error estimate. */
#ifndef MFLI_THEORY_RESULTS_H
#define MFLI_THEORY_RESULTS_H

#include "theory/fixed_point.h"
#include "theory/multimode.h"

/* In the order of enum mfl_theory_result; then m_A and lambda_A of each mode, then <w_j^2> and rho_j of each variable. */
enum {
    MFLI_RESULTS = 18,
    MFLI_RESULTS_MODES = MFLI_RESULTS,
    MFLI_RESULTS_VARIABLES = MFLI_RESULTS_MODES + 2 * MFLI_MODES_MOST,
    MFLI_NUMBERS = MFLI_RESULTS_VARIABLES + 2 * MFLI_VARIABLES_MOST
};

typedef struct mfli_results {
    int32_t stop, levels;
    double value[MFLI_NUMBERS]; /* NaN: does not exist for this problem */
    double error[MFLI_NUMBERS];
    double change[MFLI_NUMBERS]; /* between the last two resolutions */
    double ratio;                /* of the last two changes; 0: there are not two yet */
    double pace;                 /* changes are not believed to fall by a smaller factor from one to the next */
} mfli_results;

void mfli_results_clear(mfli_results *results);

/* Record the numbers found at the next finer resolution; off: what is to be added to their errors, relative to those
 * above 1. */
void mfli_results_add(mfli_results *results, const double value[MFLI_NUMBERS], double off);

/* What a population says, without errors. */
void mfli_results_of_population(const mfli_multimode *problem, const mfli_population *population, double evaluations,
                                double value[MFLI_NUMBERS]);

/* Record those of a population, which took so many evaluations; off: what is to be added to what its equations leave. */
void mfli_results_add_population(const mfli_multimode *problem, const mfli_population *population, double evaluations,
                                 double off, mfli_results *results);

/* Add to the errors. */
void mfli_results_widen(mfli_results *results, const double by[MFLI_NUMBERS]);

/* What the degrees beyond a cut may change: by how much a population that leaves out the last MFLI_CUT_LAYERS differs from
 * `whole`, times a ratio, which is returned: of a kernel that of the powers, with `rest` beyond its cut; of modes 2. */
enum { MFLI_CUT_LAYERS = 2 };
double mfli_results_cut_effect(const mfli_multimode *problem, const mfli_population *less,
                               const double whole[MFLI_NUMBERS], double rest, double effect[MFLI_NUMBERS]);

/* What a solution says, without errors. */
void mfli_results_values(const mfli_setting *setting, const mfli_solution *solution, double evaluations,
                         double value[MFLI_NUMBERS]);

/* Not of the problem but of the way to its solution: known exactly. */
int32_t mfli_result_is_exact(int32_t index);

/* Is m known to this relative accuracy? The second: or as well as helps beside an error that more resolution leaves. */
int32_t mfli_results_reach(const mfli_results *results, double tolerance);
int32_t mfli_results_reach_beside(const mfli_results *results, double tolerance, const double effect[MFLI_NUMBERS]);

/* The number at an index, which messages call by the name. */
int32_t mfli_results_number(mfl_context *context, const mfli_results *results, int32_t index, const char *name,
                            double *value, double *error);

/* The body of every public function that looks a result up. */
int32_t mfli_results_get(mfl_context *context, const mfli_results *results, int32_t key, double *value, double *error);

/* The same for one mode. */
int32_t mfli_results_check_mode(mfl_context *context, const mfli_modes *modes, int64_t mode);
int32_t mfli_results_get_mode(mfl_context *context, const mfli_results *results, const mfli_modes *modes, int64_t mode,
                              int32_t key, double *value, double *error);

const char *mfli_result_name(int32_t index);
const char *mfli_result_summary(int32_t index);

#endif
