/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/branches.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

int32_t mfli_multimode_check(mfl_context *context, const mfli_terms *terms, const mfli_closure *closure)
{
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

/* What the degrees beyond the cut may change: that of counting the two highest layers as rest.
 * Leaves the solution of the fewer layers behind, to go on from. */
static int32_t estimate_cut(mfl_context *context, mfli_multimode *problem, mfli_population *p, double *effect)
{
    double whole[MFLI_NUMBERS], rest = p->kernel.rest;
    int32_t layers = mfli_multimode_layers(problem), kept = layers - MFLI_CUT_LAYERS;
    memset(effect, 0, MFLI_NUMBERS * sizeof *effect);
    if (kept < 0)
        return MFL_OK;
    mfli_results_of_population(problem, p, 0.0, whole);
    int32_t status = mfli_population_cut(context, problem, kept, p);
    if (status == MFL_OK)
        status = mfli_population_settle(context, problem, 1e-9, p);
    if (status != MFL_OK)
        return status;
    mfli_results_cut_effect(problem, p, whole, rest, effect);
    return mfli_population_cut(context, problem, layers, p);
}

/* Refine one branch; with `other`, one that differs from it. */
static int32_t solve_branch(mfl_context *context, mfli_multimode *problem, double tolerance, int32_t levels,
                            const mfli_population *other, mfli_population *population, mfli_results *results)
{
    double effect[MFLI_NUMBERS];
    int64_t most = problem->evaluations;
    int32_t met = 0;
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
        if (i == 0)
            status = estimate_cut(context, problem, population, effect);
        if (status != MFL_OK)
            return status;
        met = mfli_results_reach(results, tolerance);
        int32_t reached = problem->blocks.count ? mfli_results_reach_beside(results, tolerance, effect) : met;
        mfli_results_widen(results, effect);
        if (reached || population->unresolved > 0.0)
            break;
    }
    if (problem->blocks.count) /* otherwise the cut is the option `induced`, and no part of the tolerance */
        met = mfli_results_reach(results, tolerance);
    results->stop = met ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    if (other && results->levels < 2) /* not known to be another */
        mfli_results_clear(results);
    return MFL_OK;
}

static int32_t keep_pull(mfl_context *context, const mfli_multimode *problem, const mfli_pull *pull, mfli_pull *kept)
{
    size_t count = (size_t)problem->blocks.numbers;
    *kept = *pull;
    if (!pull->response)
        return MFL_OK;
    kept->response = mfli_alloc(context, count, sizeof *kept->response);
    if (!kept->response)
        return MFL_ERROR_MEMORY;
    memcpy(kept->response, pull->response, count * sizeof *kept->response);
    return MFL_OK;
}

int32_t mfli_multimode_solve(mfl_context *context, mfli_multimode *problem, double tolerance, int32_t levels,
                             mfli_results results[MFLI_BRANCHES], mfli_pull pulls[MFLI_BRANCHES])
{
    int32_t needs_kernel = mfli_needs_classes(&problem->closure), status = MFL_OK;
    int32_t outer = (problem->closure.prior == MFL_THEORY_PRIOR_ARD || needs_kernel) && !mfli_multimode_is_prior(problem);
    mfli_population *both = mfli_alloc_zeroed(context, MFLI_BRANCHES, sizeof *both);
    if (!both)
        return MFL_ERROR_MEMORY;
    if (needs_kernel)
        status = mfli_blocks_create(context, &problem->modes, &problem->model, &problem->blocks);
    if (status == MFL_OK)
        status = solve_branch(context, problem, tolerance, levels, NULL, &both[0], &results[0]);
    if (status == MFL_OK && outer && results[0].stop != MFL_STOP_CANCELLED && problem->evaluations > 0)
        status = solve_branch(context, problem, tolerance, levels, &both[0], &both[1], &results[1]);
    for (int32_t i = 0; i < MFLI_BRANCHES; i++) {
        if (status == MFL_OK)
            status = keep_pull(context, problem, &both[i].pull, &pulls[i]);
        mfli_population_finish(context, &both[i]);
    }
    mfli_blocks_finish(context, &problem->blocks);
    mfli_free(context, both);
    return status;
}
