/* SPDX-License-Identifier: BSD-3-Clause */
/* The system of several modes, or of any activation: a population of multimode.h on cells. */
#include <math.h>

#include "core/context.h"
#include "theory/branches.h"
#include "theory/handle.h"
#include "theory/place.h"

typedef struct several {
    mfli_system system;
    mfli_population population;
    int32_t level; /* of resolution */
} several;

static mfl_context *context_of(const several *s)
{
    return s->system.theory->object.context;
}

/* Modes and cells of the dimension where the theory is. */
static int32_t find_cells(several *s)
{
    mfl_theory *theory = s->system.theory;
    mfli_multimode *problem = &theory->multimode;
    mfli_population_finish(context_of(s), &s->population);
    int32_t status =
        mfli_modes_list(context_of(s), &theory->terms, &problem->model, mfli_theory_induced(theory), &problem->modes);
    return status == MFL_OK ? mfli_population_create(context_of(s), problem, &s->population) : status;
}

/* Cells depend on the dimension, their rows on sigma_w too. */
static int32_t move(mfli_system *system, const mfli_place *place)
{
    several *s = (several *)system;
    mfli_multimode *problem = &system->theory->multimode;
    double unit = place->sigma_w * place->sigma_w / place->dimension;
    int32_t status = mfli_theory_move(system->theory, place);
    problem->samples = place->samples;
    problem->kappa = place->kappa;
    problem->evaluations = mfli_options_int(&system->theory->options, MFL_THEORY_EVALUATIONS);
    if (status != MFL_OK)
        return status;
    if (!s->population.ensemble.parts || place->dimension != problem->frame.d)
        return find_cells(s);
    return mfli_cells_scale(context_of(s), &s->population.ensemble.cells, unit);
}

static int32_t resolve(mfli_system *system, int32_t level, int32_t anew, const double *z)
{
    several *s = (several *)system;
    mfli_refinement done = {0, 0, 0.0};
    int32_t status = anew ? mfli_cells_restart(context_of(s), &s->population.ensemble.cells) : MFL_OK;
    system->changed = anew;
    s->level = level;
    if (status != MFL_OK || !z)
        return status;
    mfli_population_set(&system->theory->multimode, z, &s->population);
    status = mfli_ensemble_refine(context_of(s), &s->population.ensemble, &s->population.pull, mfli_cells_tolerance(level), &done);
    system->changed |= done.split > 0;
    system->is_full = done.full;
    s->population.unresolved = done.full ? done.error : 0.0;
    return status;
}

static int32_t evaluate(mfli_system *system, const double *z, double *f)
{
    several *s = (several *)system;
    return mfli_population_evaluate(context_of(s), &system->theory->multimode, z, &s->population, f);
}

static int32_t solve(mfli_system *system, int32_t branch, int32_t warm, double *z)
{
    several *s = (several *)system;
    mfli_multimode *problem = &system->theory->multimode;
    int32_t status = warm ? resolve(system, system->coarsest, 1, z)
                          : mfli_population_start(context_of(s), problem, branch, &s->population);
    problem->evaluations = system->evaluations;
    if (status == MFL_OK)
        status = mfli_population_solve(context_of(s), problem, mfli_cells_tolerance(system->coarsest), &s->population);
    system->evaluations = problem->evaluations;
    mfli_population_unknowns(problem, &s->population, z);
    return status;
}

static int32_t record(mfli_system *system, double used, double off, mfli_results *results)
{
    several *s = (several *)system;
    int32_t status = mfli_population_specialise(context_of(s), mfli_cells_tolerance(s->level), &s->population);
    if (status == MFL_OK)
        mfli_results_add_population(&system->theory->multimode, &s->population, used, off, results);
    return status;
}

static void finish(mfli_system *system)
{
    several *s = (several *)system;
    mfli_population_finish(context_of(s), &s->population);
}

int32_t mfli_system_create_several(mfl_theory *theory, const mfli_place *place, mfli_system **out)
{
    static const mfli_system_kind kind = {move, resolve, evaluate, solve, record, finish};
    double x[MFLI_UNKNOWNS_MOST];
    several *s = mfli_alloc_zeroed(theory->object.context, 1, sizeof *s);
    if (!s)
        return MFL_ERROR_MEMORY;
    *out = &s->system;
    s->system = (mfli_system){.kind = &kind,
                              .theory = theory,
                              .levels = (int32_t)mfli_options_int(&theory->options, MFL_THEORY_RESOLUTIONS),
                              .coarsest = MFLI_CELLS_FOLLOWED,
                              .is_adaptive = 1,
                              .has_free_energy = 1,
                              .apart = 1e-3};
    int32_t status = move(*out, place);
    if (status == MFL_OK && mfli_needs_classes(&theory->multimode.closure))
        status = mfli_fail(theory->object.context, MFL_ERROR_UNSUPPORTED,
                           "with renormalised noise or screening solutions are followed for single parities only; solve "
                           "point by point with mfl_theory_solve");
    if (status == MFL_OK)
        status = mfli_population_start(theory->object.context, &theory->multimode, 0, &s->population);
    if (status != MFL_OK)
        return status;
    s->system.unknowns = mfli_population_unknowns(&theory->multimode, &s->population, x);
    s->system.branches = theory->multimode.closure.prior == MFL_THEORY_PRIOR_ARD ? MFLI_BRANCHES : 1;
    return MFL_OK;
}
