/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/place.h"

#include "core/context.h"
#include "theory/handle.h"
#include "theory/levels.h"
#include "theory/problem.h"

double mfli_theory_support(const mfl_theory *theory)
{
    return theory->problem.gain.support;
}

double mfli_theory_tolerance(const mfl_theory *theory)
{
    return mfli_options_double(&theory->options, MFL_THEORY_TOLERANCE);
}

const mfli_modes *mfli_theory_modes(const mfl_theory *theory)
{
    return &theory->multimode.modes;
}

mfli_place mfli_theory_place(const mfl_theory *theory)
{
    const mfli_mean_field *problem = &theory->problem;
    return (mfli_place){.width = problem->width,
                        .dimension = (double)problem->dimension,
                        .sigma_w = problem->sigma_w,
                        .sigma_a = problem->sigma_a,
                        .alpha = mfli_options_double(&theory->options, MFL_THEORY_ALPHA)};
}

int32_t mfli_theory_check_continuation(mfl_context *context, const mfl_theory *theory, const char *what)
{
    if (theory->empirical)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "%s are for theories of a population only", what);
    if (theory->problem.width == 0.0)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the width is infinite, where every point has one solution in closed form; %s need a "
                         "finite one",
                         what);
    return MFL_OK;
}

static void set_dimension(mfl_theory *theory, int64_t dimension)
{
    mfli_mean_field *problem = &theory->problem;
    mfli_levels_drop(theory); /* the quadrature depends on it */
    theory->terms.dimension = theory->multimode.model.dimension = problem->dimension = dimension;
    if (!theory->single)
        mfli_problem_of_modes(&theory->multimode.modes, &theory->multimode.model, problem);
    else if (problem->classes.count)
        mfli_classes_init(&problem->classes, dimension, problem->classes.support, problem->classes.odd,
                          problem->classes.even);
}

int32_t mfli_theory_move(mfl_theory *theory, const mfli_place *place)
{
    mfli_mean_field *problem = &theory->problem;
    if ((int64_t)place->dimension != problem->dimension)
        set_dimension(theory, (int64_t)place->dimension);
    problem->width = place->width;
    problem->sigma_w = theory->multimode.model.sigma_w = place->sigma_w;
    problem->sigma_a = theory->multimode.model.sigma_a = place->sigma_a;
    theory->option_values[MFL_THEORY_ALPHA - MFL_THEORY_TOLERANCE].number = place->alpha;
    return mfli_theory_choose(theory);
}

int32_t mfli_system_create(mfl_theory *theory, const mfli_place *place, mfli_system **out)
{
    *out = NULL;
    int32_t status = mfli_theory_move(theory, place);
    if (status != MFL_OK)
        return status;
    status = mfli_theory_is_single(theory) ? mfli_system_create_single(theory, place, out)
                                           : mfli_system_create_several(theory, place, out);
    if (status != MFL_OK) {
        mfli_system_finish(*out);
        *out = NULL;
    }
    return status;
}

void mfli_system_finish(mfli_system *system)
{
    if (!system)
        return;
    mfl_context *context = system->theory->object.context;
    system->kind->finish(system);
    mfli_free(context, system);
}
