/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/follow.h"

#include <mflearn/path.h>

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Of the slow iteration, which takes hundreds to pass where a fold is near, before a faster method is tried; and
 * how far that may lead, in the logarithms. */
static const int64_t some_evaluations = 800;
static const double nearby = 0.1;

static double *moving(mfli_follower *follower)
{
    mfli_place *place = &follower->place;
    switch (follower->parameter) {
    case MFL_PATH_SAMPLES:
        return &place->samples;
    case MFL_PATH_KAPPA:
        return &place->kappa;
    case MFL_PATH_WIDTH:
        return &place->width;
    case MFL_PATH_DIMENSION:
        return &place->dimension;
    case MFL_PATH_SIGMA_W:
        return &place->sigma_w;
    case MFL_PATH_SIGMA_A:
        return &place->sigma_a;
    default:
        return &place->alpha;
    }
}

static int32_t go_to(mfli_follower *follower, double parameter)
{
    const mfli_directions *directions = follower->setting.directions;
    *moving(follower) = follower->parameter == MFL_PATH_DIMENSION ? floor(parameter + 0.5) : parameter;
    int32_t status = mfli_theory_move(follower->theory, &follower->place, &follower->setting);
    follower->setting.directions = (mfli_directions *)directions;
    return status;
}

static int32_t set_level(mfli_follower *follower, int32_t level)
{
    follower->level = level;
    return mfli_theory_level(follower->theory, level, &follower->setting);
}

int32_t mfli_follower_coarsest(mfli_follower *follower)
{
    return set_level(follower, 0);
}

/* Where p(w) cannot be had the curve ends; anything else is an error. */
static int32_t missing(int32_t status)
{
    return status == MFL_ERROR_TOLERANCE || status == MFL_ERROR_DIVERGED ? MFLI_NO_POINT : status;
}

static int32_t equations(void *data, const double *z, double *f)
{
    mfli_follower *follower = data;
    int32_t status = go_to(follower, exp(z[follower->newton.n]));
    if (status == MFL_OK)
        status = mfli_fixed_point_evaluate(&follower->setting, z, &follower->solution, f);
    return missing(status);
}

int32_t mfli_follower_create(mfl_theory *theory, mfl_context *context, int32_t parameter, const mfli_place *place,
                             mfli_follower *follower)
{
    double x[MFLI_UNKNOWNS_MOST];
    memset(follower, 0, sizeof *follower);
    follower->context = context;
    follower->theory = theory;
    follower->parameter = parameter;
    follower->place = *place;
    int32_t status = go_to(follower, *moving(follower));
    if (status == MFL_OK)
        status = mfli_follower_coarsest(follower);
    if (status == MFL_OK)
        status = mfli_fixed_point_start(&follower->setting, MFLI_BRANCH_HEATING, &follower->solution);
    if (status != MFL_OK)
        return status;
    int32_t n = mfli_fixed_point_unknowns(follower->setting.problem, &follower->solution, x);
    return mfli_newton_create(context, n, equations, follower, &follower->newton);
}

void mfli_follower_finish(mfli_follower *follower)
{
    if (follower->newton.jacobian)
        mfli_newton_finish(follower->context, &follower->newton);
}

/* Newton's method at fixed parameter; not to another solution, and not to an unstable one. */
static int32_t polish(mfli_follower *follower, double *z)
{
    double start[MFLI_NEWTON_MOST], f[MFLI_UNKNOWNS_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    int32_t n = follower->newton.n;
    memcpy(start, z, (size_t)(n + 1) * sizeof *z);
    fixed[n] = 1.0;
    follower->newton.is_known = 0;
    int32_t status = mfli_newton_correct(&follower->newton, fixed, z, f);
    for (int32_t i = 0; status == MFL_OK && i < n; i++)
        if (!(fabs(z[i] - start[i]) < nearby))
            status = MFLI_NO_POINT;
    return status == MFL_OK && !mfli_newton_is_stable(&follower->newton) ? MFLI_NO_POINT : status;
}

int32_t mfli_follower_start(mfli_follower *follower, int32_t branch, int32_t warm, double parameter, double *z)
{
    double f[MFLI_UNKNOWNS_MOST];
    int32_t n = follower->newton.n, status = go_to(follower, parameter);
    mfli_solution *solution = &follower->solution;
    int64_t left = follower->setting.evaluations, part = left < some_evaluations ? left : some_evaluations;
    if (status == MFL_OK)
        status = mfli_follower_coarsest(follower);
    if (status == MFL_OK && warm)
        status = mfli_fixed_point_evaluate(&follower->setting, z, solution, f);
    solution->known = warm;
    while (status == MFL_OK && left > 0) {
        mfli_solution reached;
        follower->setting.evaluations = part;
        left -= part;
        part = left;
        status = mfli_fixed_point_solve(&follower->setting, branch, solution);
        mfli_fixed_point_unknowns(follower->setting.problem, solution, z);
        z[n] = log(parameter);
        if (status != MFL_OK || follower->setting.evaluations > 0)
            return missing(status);
        reached = *solution; /* near a fold it goes on for ever */
        status = polish(follower, z);
        if (status != MFLI_NO_POINT)
            return status;
        *solution = reached;
        status = go_to(follower, parameter);
    }
    return status == MFL_OK ? MFLI_NO_POINT : missing(status);
}

/* Results at one more resolution, after the equations were solved there. */
static int32_t add_level(mfli_follower *follower, double used, mfli_results *results)
{
    double value[MFLI_NUMBERS];
    int32_t status = mfli_theory_specialised(follower->theory, follower->level, &follower->setting,
                                             &follower->solution);
    if (status != MFL_OK)
        return missing(status);
    mfli_results_values(&follower->setting, &follower->solution, used, value);
    mfli_results_add(results, value, mfli_solution_residual(&follower->solution));
    return MFL_OK;
}

int32_t mfli_follower_refine(mfli_follower *follower, const double *normal, double *z, mfli_results *results)
{
    double f[MFLI_UNKNOWNS_MOST], fixed[MFLI_NEWTON_MOST] = {0.0}, tolerance = mfli_theory_tolerance(follower->theory);
    int32_t status = go_to(follower, exp(z[follower->newton.n])), levels = mfli_theory_levels(follower->theory);
    fixed[follower->newton.n] = 1.0;
    follower->newton.evaluations = 0;
    mfli_results_clear(results);
    for (int32_t i = 0; i < levels && status == MFL_OK && !mfli_results_reach(results, tolerance); i++) {
        status = set_level(follower, i);
        if (status == MFL_OK)
            status = mfli_newton_correct(&follower->newton, normal ? normal : fixed, z, f);
        if (status == MFL_OK)
            status = add_level(follower, (double)follower->newton.evaluations, results);
    }
    results->stop = mfli_results_reach(results, tolerance) ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    int32_t back = mfli_follower_coarsest(follower);
    return status != MFL_OK ? status : back;
}

int32_t mfli_follower_refine_fold(mfli_follower *follower, const double *normal, double *z, mfli_results *results,
                                  double *error)
{
    double f[MFLI_UNKNOWNS_MOST], before = 0.0, tolerance = mfli_theory_tolerance(follower->theory);
    int32_t levels = mfli_theory_levels(follower->theory), status = MFL_OK, n = follower->newton.n;
    follower->newton.evaluations = 0;
    mfli_results_clear(results);
    *error = INFINITY;
    for (int32_t i = 0; i < levels && (i < 3 || *error > tolerance) && status == MFL_OK; i++) {
        before = z[n];
        status = set_level(follower, i);
        if (status == MFL_OK)
            status = mfli_newton_extremum(&follower->newton, normal, 0.02, z, f);
        if (status == MFL_OK)
            status = add_level(follower, (double)follower->newton.evaluations, results);
        *error = i ? fabs(z[n] - before) + 1e-10 : INFINITY; /* successive resolutions gain at least a factor */
    }
    results->stop = *error <= tolerance ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    int32_t back = mfli_follower_coarsest(follower);
    return status != MFL_OK ? status : back;
}
