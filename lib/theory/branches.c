/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/branches.h"

#include <math.h>

#include "core/context.h"

int32_t mfli_multimode_check(mfl_context *context, const mfli_terms *terms, const mfli_closure *closure)
{
    if (mfli_needs_classes(closure))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "renormalised noise and screening are known for single parities only, where the kernel is "
                         "diagonal");
    if (closure->prior == MFL_THEORY_PRIOR_ARD && !terms->axes)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the directions of the teacher must be coordinate axes for a prior with a precision for each "
                         "coordinate");
    return mfli_terms_check(context, terms);
}

/* Did two branches end at one solution? */
static int32_t is_same(const mfli_multimode *problem, const mfli_population *a, const mfli_population *b)
{
    static const double apart = 1e-4;
    double distance = 0.0;
    for (int32_t i = 0; i < problem->modes.count; i++)
        distance = fmax(distance, fabs(a->m[i] - b->m[i]));
    for (int32_t j = 0; j < problem->modes.variables; j++)
        distance = fmax(distance, fabs(log(a->pull.precision[j] / b->pull.precision[j])));
    return distance < apart;
}

/* Refine one branch; with `other`, one that differs from it. */
static int32_t solve_branch(mfl_context *context, mfli_multimode *problem, double tolerance, int32_t levels,
                            const mfli_population *other, mfli_population *population, mfli_results *results)
{
    int64_t most = problem->evaluations;
    mfli_results_clear(results);
    int32_t started = mfli_population_create(context, problem, population);
    if (started == MFL_OK)
        started = mfli_population_start(context, problem, other != NULL, population);
    if (started != MFL_OK)
        return started;
    for (int32_t i = 0; i < levels && problem->evaluations > 0; i++) {
        int32_t status = mfli_population_solve(context, problem, mfli_cells_tolerance(i), population);
        if (status == MFL_OK)
            status = mfli_population_specialise(context, mfli_cells_tolerance(i), population);
        if (status == MFL_ERROR_CANCELLED && i > 0) {
            results->stop = MFL_STOP_CANCELLED;
            return MFL_OK;
        }
        if (status != MFL_OK)
            return status;
        if (i > 0 && other && is_same(problem, population, other)) {
            mfli_results_clear(results);
            return MFL_OK;
        }
        mfli_results_add_population(problem, population, (double)(most - problem->evaluations), 0.0, results);
        if (mfli_results_reach(results, tolerance) || population->unresolved > 0.0)
            break;
    }
    results->stop = mfli_results_reach(results, tolerance) ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    if (other && results->levels < 2) /* not known to be another */
        mfli_results_clear(results);
    return MFL_OK;
}

int32_t mfli_multimode_solve(mfl_context *context, mfli_multimode *problem, double tolerance, int32_t levels,
                             mfli_results results[MFLI_BRANCHES], mfli_pull pulls[MFLI_BRANCHES])
{
    int32_t outer = problem->closure.prior == MFL_THEORY_PRIOR_ARD && !mfli_multimode_is_prior(problem);
    mfli_population *both = mfli_alloc_zeroed(context, MFLI_BRANCHES, sizeof *both);
    if (!both)
        return MFL_ERROR_MEMORY;
    int32_t status = solve_branch(context, problem, tolerance, levels, NULL, &both[0], &results[0]);
    if (status == MFL_OK && outer && results[0].stop != MFL_STOP_CANCELLED && problem->evaluations > 0)
        status = solve_branch(context, problem, tolerance, levels, &both[0], &both[1], &results[1]);
    for (int32_t i = 0; i < MFLI_BRANCHES; i++) {
        pulls[i] = both[i].pull;
        mfli_population_finish(context, &both[i]);
    }
    mfli_free(context, both);
    return status;
}
