/* SPDX-License-Identifier: BSD-3-Clause */
/* All branches of a theory with several modes, refined until a tolerance is met. */
#ifndef MFLI_THEORY_BRANCHES_H
#define MFLI_THEORY_BRANCHES_H

#include "theory/results.h"

/* Is this closure known for the problem? MFL_OK or MFL_ERROR_UNSUPPORTED with a sentence. */
int32_t mfli_multimode_check(mfl_context *context, const mfli_terms *terms, const mfli_closure *closure);

/* problem: model, modes, closure, samples, kappa and evaluations are set. Fills the results of each branch that there
 * is, and what its neurons see, whose response is to be freed. Status as mfli_population_solve(); MFL_ERROR_CANCELLED
 * only while there is no result. */
int32_t mfli_multimode_solve(mfl_context *context, mfli_multimode *problem, double tolerance, int32_t levels,
                             mfli_results results[MFLI_BRANCHES], mfli_pull pulls[MFLI_BRANCHES]);

#endif
