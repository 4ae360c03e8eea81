/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/follow.h"

#include <mflearn/path.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/handle.h"

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
    *moving(follower) = follower->parameter == MFL_PATH_DIMENSION ? floor(parameter + 0.5) : parameter;
    return follower->system->kind->move(follower->system, &follower->place);
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
        status = follower->system->kind->evaluate(follower->system, z, f);
    return status;
}

/* The quadrature of a level, for the solution near z. */
static int32_t resolve(mfli_follower *follower, int32_t level, int32_t anew, const double *z)
{
    int32_t status = z ? go_to(follower, exp(z[follower->newton.n])) : MFL_OK;
    if (status == MFL_OK)
        status = follower->system->kind->resolve(follower->system, level, anew, z);
    return missing(status);
}

int32_t mfli_follower_coarsest(mfli_follower *follower, const double *z)
{
    return resolve(follower, follower->system->coarsest, 1, z);
}

static int32_t correct(mfli_follower *follower, const double *normal, double *z)
{
    double f[MFLI_NEWTON_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    fixed[follower->newton.n] = 1.0;
    return mfli_newton_correct(&follower->newton, normal ? normal : fixed, z, f);
}

int32_t mfli_follower_settle(mfli_follower *follower, const double *normal, double *z)
{
    int32_t status = mfli_follower_coarsest(follower, z);
    return status == MFL_OK && follower->system->is_adaptive ? correct(follower, normal, z) : status;
}

int32_t mfli_follower_step(mfli_follower *follower, double *z)
{
    int32_t status = mfli_follower_coarsest(follower, z);
    return status == MFL_OK ? correct(follower, NULL, z) : status;
}

int32_t mfli_follower_is_same(const mfli_follower *follower, const double *a, const double *b)
{
    for (int32_t i = 0; i <= follower->newton.n; i++)
        if (!(fabs(a[i] - b[i]) < follower->system->apart))
            return 0;
    return 1;
}

int32_t mfli_follower_create(mfl_theory *theory, mfl_context *context, int32_t parameter, const mfli_place *place,
                             mfli_follower *follower)
{
    memset(follower, 0, sizeof *follower);
    follower->context = context;
    follower->theory = theory;
    follower->parameter = parameter;
    follower->place = *place;
    int32_t status = mfli_system_create(theory, place, &follower->system);
    if (status == MFL_OK)
        status = mfli_newton_create(context, follower->system->unknowns, equations, follower, &follower->newton);
    return status;
}

void mfli_follower_finish(mfli_follower *follower)
{
    if (follower->newton.jacobian)
        mfli_newton_finish(follower->context, &follower->newton);
    mfli_system_finish(follower->system);
    follower->system = NULL;
}

int32_t mfli_follower_start(mfli_follower *follower, int32_t branch, int32_t warm, double parameter, double *z)
{
    mfli_system *system = follower->system;
    int32_t status = go_to(follower, parameter);
    system->evaluations = mfli_options_int(&follower->theory->options, MFL_THEORY_EVALUATIONS);
    if (status == MFL_OK)
        status = system->kind->solve(system, branch, warm, z);
    z[follower->newton.n] = log(parameter);
    return status == MFL_OK && system->evaluations <= 0 ? MFLI_NO_POINT : missing(status);
}

/* Results at one more resolution, after the equations were solved there; off: the error of the unknowns. */
static int32_t add_level(mfli_follower *follower, double off, mfli_results *results)
{
    double used = (double)follower->newton.evaluations;
    return missing(follower->system->kind->record(follower->system, used, off, results));
}

/* The solution on the quadrature of a level, which an adaptive one may have to follow. */
static int32_t solve_level(mfli_follower *follower, int32_t level, const double *normal, double *z)
{
    enum { rounds_most = 8 };
    mfli_system *system = follower->system;
    int32_t status = resolve(follower, level, level == 0, z);
    for (int32_t round = 0; status == MFL_OK && round < rounds_most; round++) {
        status = correct(follower, normal, z);
        if (!system->is_adaptive || status != MFL_OK)
            return status;
        status = resolve(follower, level, 0, z);
        if (status == MFL_OK && (!system->changed || system->is_full)) /* at the solution again */
            return system->changed ? correct(follower, normal, z) : MFL_OK;
    }
    return status == MFL_OK ? correct(follower, normal, z) : status;
}

int32_t mfli_follower_refine(mfli_follower *follower, const double *normal, double *z, mfli_results *results)
{
    double tolerance = mfli_theory_tolerance(follower->theory);
    int32_t status = MFL_OK, n = follower->newton.n;
    follower->newton.evaluations = 0;
    follower->newton.precision = MFLI_NEWTON_PRECISION * (normal ? fabs(normal[n]) : 1.0);
    mfli_results_clear(results);
    for (int32_t i = 0; i < follower->system->levels && status == MFL_OK && !mfli_results_reach(results, tolerance); i++) {
        double before = z[n], off;
        status = solve_level(follower, i, normal, z);
        off = follower->newton.off;
        if (normal) /* an error across the curve, seen at fixed parameter; levels gain more than tenfold */
            off = (off + 0.1 * fabs(z[n] - before)) / fabs(normal[n]);
        if (status == MFL_OK)
            status = add_level(follower, off, results);
        if (follower->system->is_full)
            break;
    }
    follower->newton.precision = MFLI_NEWTON_PRECISION;
    results->stop = mfli_results_reach(results, tolerance) ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return status;
}

int32_t mfli_follower_refine_fold(mfli_follower *follower, const double *normal, double *z, mfli_results *results,
                                  double *error)
{
    double f[MFLI_NEWTON_MOST], before = 0.0, tolerance = mfli_theory_tolerance(follower->theory);
    int32_t status = MFL_OK, n = follower->newton.n;
    follower->newton.evaluations = 0;
    mfli_results_clear(results);
    *error = INFINITY;
    for (int32_t i = 0; i < follower->system->levels && (i < 3 || *error > tolerance) && status == MFL_OK; i++) {
        before = z[n];
        status = resolve(follower, i, i == 0, z);
        if (status == MFL_OK)
            status = mfli_newton_extremum(&follower->newton, normal, 0.02, z, f);
        if (status == MFL_OK)
            status = add_level(follower, follower->newton.off, results);
        *error = i ? fabs(z[n] - before) + 1e-10 : INFINITY; /* successive resolutions gain at least a factor */
    }
    results->stop = *error <= tolerance ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return status;
}
