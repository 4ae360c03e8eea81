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
        status = mfli_newton_create(context, follower->system->unknowns, follower->system->rank, equations, follower,
                                    &follower->newton);
    return status;
}

void mfli_follower_finish(mfli_follower *follower)
{
    if (follower->newton.n)
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

/* What the degrees beyond a cut may change: from z, which solves the equations with the last layers, two steps towards the
 * solution without them by the Jacobian there is; on the plane across `normal` (NULL: at z's parameter), where *shift
 * receives by how much the parameter moves. */
static int32_t estimate_cut(mfli_follower *follower, const double *normal, const double *z, const mfli_results *results,
                            double effect[MFLI_NUMBERS], double *shift)
{
    enum { steps = 2 };
    double f[MFLI_NEWTON_MOST], step[MFLI_NEWTON_MOST], at[MFLI_NEWTON_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    const mfli_system_kind *kind = follower->system->kind;
    int32_t n = follower->newton.n;
    memset(effect, 0, MFLI_NUMBERS * sizeof *effect);
    *shift = 0.0;
    if (!kind->hide)
        return MFL_OK;
    fixed[n] = 1.0;
    memcpy(at, z, (size_t)(n + 1) * sizeof *z);
    kind->hide(follower->system, 1);
    int32_t status = equations(follower, at, f);
    for (int32_t i = 0; i < steps && status == MFL_OK; i++) {
        status = mfli_newton_step(&follower->newton, normal ? normal : fixed, f, step);
        for (int32_t j = 0; j <= n; j++)
            at[j] += step[j];
        if (status == MFL_OK)
            status = equations(follower, at, f);
    }
    if (status == MFL_OK)
        *shift = kind->compare(follower->system, results, effect) * fabs(at[n] - z[n]);
    for (int32_t i = 0; i < MFLI_NUMBERS && normal; i++) /* seen at fixed parameter */
        effect[i] += mfli_result_is_exact(i) ? 0.0 : *shift / fabs(normal[n]);
    kind->hide(follower->system, 0);
    return status;
}

int32_t mfli_follower_refine(mfli_follower *follower, const double *normal, double *z, mfli_results *results)
{
    double effect[MFLI_NUMBERS] = {0.0}, shift, tolerance = mfli_theory_tolerance(follower->theory);
    int32_t status = MFL_OK, n = follower->newton.n, reached = 0, met = 0;
    follower->newton.evaluations = 0;
    follower->newton.precision = MFLI_NEWTON_PRECISION * (normal ? fabs(normal[n]) : 1.0);
    mfli_results_clear(results);
    for (int32_t i = 0; i < follower->system->levels && status == MFL_OK && !reached; i++) {
        double before = z[n], off;
        status = solve_level(follower, i, normal, z);
        off = follower->newton.off;
        if (normal) /* an error across the curve, seen at fixed parameter; levels gain more than tenfold */
            off = (off + 0.1 * fabs(z[n] - before)) / fabs(normal[n]);
        if (status == MFL_OK)
            status = add_level(follower, off, results);
        if (status == MFL_OK && i == 0)
            status = estimate_cut(follower, normal, z, results, effect, &shift);
        if (status == MFL_OK) {
            met = mfli_results_reach(results, tolerance);
            reached = follower->system->cut_is_met ? met : mfli_results_reach_beside(results, tolerance, effect);
            mfli_results_widen(results, effect);
        }
        if (follower->system->is_full)
            break;
    }
    follower->newton.precision = MFLI_NEWTON_PRECISION;
    if (!follower->system->cut_is_met)
        met = mfli_results_reach(results, tolerance);
    results->stop = met ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return status;
}

int32_t mfli_follower_refine_fold(mfli_follower *follower, const double *normal, double *z, mfli_results *results,
                                  double *error)
{
    double f[MFLI_NEWTON_MOST], effect[MFLI_NUMBERS], before = 0.0, shift = 0.0;
    double tolerance = mfli_theory_tolerance(follower->theory);
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
        if (status == MFL_OK && i == 0)
            status = estimate_cut(follower, normal, z, results, effect, &shift);
        *error = i ? fabs(z[n] - before) + 1e-10 : INFINITY; /* successive resolutions gain at least a factor */
    }
    double beside = follower->system->cut_is_met ? 0.0 : shift;
    results->stop = *error + beside <= tolerance ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    *error += shift;
    return status;
}
