/* SPDX-License-Identifier: BSD-3-Clause */
/* The system of a single mode: the equations of fixed_point.h, by the levels of directions or on cells. */
#include <math.h>

#include "core/context.h"
#include "theory/handle.h"
#include "theory/levels.h"
#include "theory/place.h"

typedef struct single {
    mfli_system system;
    mfli_setting setting;
    mfli_solution solution;
    mfli_ensemble ensemble; /* where there are cells */
    int32_t level;
    double left; /* error of the cells where there was no room for more */
} single;

static int32_t find_cells(single *s)
{
    mfl_theory *theory = s->system.theory;
    mfli_multimode *problem = &theory->multimode;
    mfli_ensemble_finish(theory->object.context, &s->ensemble);
    mfli_frame_init(&problem->modes, &problem->model, &theory->problem.classes, &problem->frame);
    return mfli_ensemble_create(theory->object.context, &problem->frame, &s->ensemble);
}

/* Cells depend on the dimension, their rows on sigma_w too. */
static int32_t move_cells(single *s, const mfli_place *place)
{
    const mfli_frame *frame = &s->system.theory->multimode.frame;
    double unit = place->sigma_w * place->sigma_w / place->dimension;
    if (!s->ensemble.parts || place->dimension != frame->d)
        return find_cells(s);
    return mfli_cells_scale(s->system.theory->object.context, &s->ensemble.cells, unit);
}

static int32_t move(mfli_system *system, const mfli_place *place)
{
    single *s = (single *)system;
    mfl_theory *theory = system->theory;
    int32_t status = mfli_theory_move(theory, place);
    s->setting = (mfli_setting){.context = theory->object.context,
                                .problem = &theory->problem,
                                .directions = s->setting.directions,
                                .ensemble = system->is_adaptive ? &s->ensemble : NULL,
                                .samples = place->samples,
                                .kappa = place->kappa,
                                .evaluations = mfli_options_int(&theory->options, MFL_THEORY_EVALUATIONS)};
    return status == MFL_OK && system->is_adaptive ? move_cells(s, place) : status;
}

static int32_t resolve(mfli_system *system, int32_t level, int32_t anew, const double *z)
{
    single *s = (single *)system;
    mfl_theory *theory = system->theory;
    mfli_refinement done = {0, 0, 0.0};
    int32_t status = MFL_OK;
    s->level = level;
    system->changed = anew;
    if (!system->is_adaptive) {
        status = mfli_levels_prepare(theory, level);
        s->setting.directions = &mfli_levels_at(theory, level)->all;
        return status;
    }
    if (anew)
        status = mfli_cells_restart(theory->object.context, &s->ensemble.cells);
    if (status != MFL_OK || !z)
        return status;
    mfli_fixed_point_set(&s->setting, z, &s->solution);
    status = mfli_mean_field_refine(&s->setting, &s->solution.order, &s->solution.state, mfli_cells_tolerance(level), &done);
    system->changed |= done.split > 0;
    system->is_full = done.full;
    s->left = done.full ? done.error : 0.0;
    return status;
}

static int32_t evaluate(mfli_system *system, const double *z, double *f)
{
    single *s = (single *)system;
    return mfli_fixed_point_evaluate(&s->setting, z, &s->solution, f);
}

static int32_t solve(mfli_system *system, int32_t branch, int32_t warm, double *z)
{
    enum { rounds_most = 20 };
    single *s = (single *)system;
    double f[MFLI_UNKNOWNS_MOST];
    int32_t status = system->kind->resolve(system, system->coarsest, 1, warm ? z : NULL);
    s->solution.known = warm;
    s->setting.evaluations = system->evaluations;
    if (status == MFL_OK && warm)
        status = mfli_fixed_point_evaluate(&s->setting, z, &s->solution, f);
    for (int32_t round = 0; status == MFL_OK && round < rounds_most; round++) {
        status = mfli_fixed_point_solve(&s->setting, branch, &s->solution);
        mfli_fixed_point_unknowns(s->setting.problem, &s->solution, z);
        if (status == MFL_OK && system->is_adaptive)
            status = resolve(system, system->coarsest, 0, z);
        if (!system->is_adaptive || !system->changed || system->is_full || s->setting.evaluations <= 0)
            break;
    }
    system->evaluations = s->setting.evaluations;
    return status;
}

static int32_t record(mfli_system *system, double used, double off, mfli_results *results)
{
    single *s = (single *)system;
    double value[MFLI_NUMBERS];
    mfli_directions *specialised = system->is_adaptive ? NULL : &mfli_levels_at(system->theory, s->level)->specialised;
    int32_t status = mfli_mean_field_specialised(&s->setting, &s->solution.order, specialised, &s->solution.state);
    if (status != MFL_OK)
        return status;
    mfli_results_values(&s->setting, &s->solution, used, value);
    mfli_results_add(results, value, mfli_solution_residual(&s->solution) + s->left + off);
    return MFL_OK;
}

static void finish(mfli_system *system)
{
    single *s = (single *)system;
    mfli_ensemble_finish(system->theory->object.context, &s->ensemble);
}

int32_t mfli_system_create_single(mfl_theory *theory, const mfli_place *place, mfli_system **out)
{
    static const mfli_system_kind kind = {move, resolve, evaluate, solve, record, NULL, NULL, finish};
    double x[MFLI_UNKNOWNS_MOST];
    single *s = mfli_alloc_zeroed(theory->object.context, 1, sizeof *s);
    if (!s)
        return MFL_ERROR_MEMORY;
    *out = &s->system;
    s->system = (mfli_system){.kind = &kind, .theory = theory, .is_adaptive = !theory->single, .apart = 1e-5};
    if (s->system.is_adaptive) {
        s->system.coarsest = MFLI_CELLS_FOLLOWED;
        s->system.apart = 1e-3;
    }
    int32_t status = move(*out, place);
    if (status == MFL_OK)
        status = resolve(*out, s->system.coarsest, 1, NULL);
    if (status == MFL_OK)
        status = mfli_fixed_point_start(&s->setting, MFLI_BRANCH_HEATING, &s->solution);
    if (status != MFL_OK)
        return status;
    s->system.unknowns = mfli_fixed_point_unknowns(s->setting.problem, &s->solution, x);
    s->system.levels = s->system.is_adaptive ? (int32_t)mfli_options_int(&theory->options, MFL_THEORY_RESOLUTIONS)
                                             : mfli_levels_count(theory);
    s->system.branches = mfli_has_outer(s->setting.problem) ? MFLI_BRANCHES : 1;
    s->system.has_free_energy = mfli_has_free_energy(s->setting.problem);
    return MFL_OK;
}
