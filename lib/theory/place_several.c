/* SPDX-License-Identifier: BSD-3-Clause */
/* The system of several modes, or of any activation: a population of multimode.h on cells. */
#include <math.h>

#include "core/context.h"
#include "theory/branches.h"
#include "theory/handle.h"
#include "theory/joint.h"
#include "theory/newton.h"
#include "theory/place.h"

typedef struct several {
    mfli_system system;
    mfli_population population;
    int32_t level; /* of resolution */
    double rest;   /* power beyond the cut, as recorded last */
} several;

static mfl_context *context_of(const several *s)
{
    return s->system.theory->object.context;
}

static int32_t has_kernel(const several *s)
{
    return mfli_needs_classes(&s->system.theory->multimode.closure);
}

static void release(several *s)
{
    mfli_population_finish(context_of(s), &s->population);
    mfli_blocks_finish(context_of(s), &s->system.theory->multimode.blocks);
}

/* Modes, blocks and cells of the dimension where the theory is, and the prior's kernel, which says what the unknowns are:
 * as many as before. */
static int32_t find_cells(several *s)
{
    mfl_theory *theory = s->system.theory;
    mfli_multimode *problem = &theory->multimode;
    release(s);
    int32_t status =
        mfli_modes_list(context_of(s), &theory->terms, &problem->model, mfli_theory_induced(theory), &problem->modes);
    if (status == MFL_OK && has_kernel(s))
        status = mfli_blocks_create(context_of(s), &problem->modes, &problem->model, &problem->blocks);
    if (status == MFL_OK)
        status = mfli_population_create(context_of(s), problem, &s->population);
    if (status == MFL_OK)
        status = mfli_population_start(context_of(s), problem, 0, &s->population);
    if (status == MFL_OK)
        status = mfli_population_begin(context_of(s), problem, &s->population);
    if (status != MFL_OK)
        return status;
    int32_t count = mfli_joint_count(problem, &s->population), before = s->system.unknowns;
    if (count >= MFLI_NEWTON_MOST)
        return mfli_fail(context_of(s), MFL_ERROR_UNSUPPORTED,
                         "the kernel of the neurons has %d numbers; solutions are followed with up to %d: take fewer "
                         "variables or induced degrees",
                         (int)count, MFLI_NEWTON_MOST - 1);
    if (before && count != before)
        return mfli_fail(context_of(s), MFL_ERROR_UNSUPPORTED,
                         "at dimension %d the kernel of the neurons has other degrees than where the path began; begin "
                         "at a larger one",
                         (int)problem->model.dimension);
    s->system.unknowns = count;
    return MFL_OK;
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
    status = mfli_joint_set(context_of(s), &system->theory->multimode, z, &s->population);
    if (status == MFL_OK)
        status = mfli_ensemble_refine(context_of(s), &s->population.ensemble, &s->population.pull,
                                      mfli_cells_tolerance(level), &done);
    system->changed |= done.split > 0;
    system->is_full = done.full;
    s->population.unresolved = done.full ? done.error : 0.0;
    return status;
}

static int32_t evaluate(mfli_system *system, const double *z, double *f)
{
    several *s = (several *)system;
    return mfli_joint_evaluate(context_of(s), &system->theory->multimode, z, &s->population, f);
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
    mfli_joint_unknowns(problem, &s->population, z);
    return status;
}

static int32_t record(mfli_system *system, double used, double off, mfli_results *results)
{
    several *s = (several *)system;
    int32_t status = mfli_population_specialise(context_of(s), mfli_cells_tolerance(s->level), &s->population);
    if (status == MFL_OK)
        mfli_results_add_population(&system->theory->multimode, &s->population, used, off, results);
    s->rest = s->population.kernel.rest;
    return status;
}

static void hide(mfli_system *system, int32_t on)
{
    several *s = (several *)system;
    s->population.kernel.kept = mfli_multimode_layers(&system->theory->multimode) - (on ? MFLI_CUT_LAYERS : 0);
}

static double compare(mfli_system *system, const mfli_results *results, double effect[MFLI_NUMBERS])
{
    const several *s = (const several *)system;
    return mfli_results_cut_effect(&system->theory->multimode, &s->population, results->value, s->rest, effect);
}

static void finish(mfli_system *system)
{
    release((several *)system);
}

int32_t mfli_system_create_several(mfl_theory *theory, const mfli_place *place, mfli_system **out)
{
    static const mfli_system_kind whole = {move, resolve, evaluate, solve, record, NULL, NULL, finish},
                                  cut = {move, resolve, evaluate, solve, record, hide, compare, finish};
    several *s = mfli_alloc_zeroed(theory->object.context, 1, sizeof *s);
    if (!s)
        return MFL_ERROR_MEMORY;
    *out = &s->system;
    s->system = (mfli_system){.kind = &whole,
                              .theory = theory,
                              .levels = (int32_t)mfli_options_int(&theory->options, MFL_THEORY_RESOLUTIONS),
                              .coarsest = MFLI_CELLS_FOLLOWED,
                              .is_adaptive = 1,
                              .has_free_energy = !mfli_needs_classes(&theory->multimode.closure),
                              .rank = mfli_joint_rank(&theory->multimode),
                              .apart = 1e-3};
    int32_t status = move(*out, place);
    if (status == MFL_OK && mfli_multimode_layers(&theory->multimode) >= MFLI_CUT_LAYERS)
        s->system.kind = &cut;
    s->system.cut_is_met = !has_kernel(s);
    int32_t outer = theory->multimode.closure.prior == MFL_THEORY_PRIOR_ARD || has_kernel(s);
    s->system.branches = outer ? MFLI_BRANCHES : 1;
    return status;
}
