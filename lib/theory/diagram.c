/* SPDX-License-Identifier: BSD-3-Clause */
#include <mflearn/diagram.h>
#include <mflearn/path.h>

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/family.h"
#include "core/team.h"
#include "theory/follow.h"

/* Further than this from where it was expected, in the logarithms, a solution may be another one. */
static const double expected_within = 0.25;

typedef struct grid_point {
    int32_t branches;
    mfli_results results[MFLI_BRANCHES];
} grid_point;

struct mfl_diagram {
    mfli_object object;
    int64_t samples, kappas;
    double *sample, *kappa;
    grid_point *point; /* kappas x samples */
    mfli_modes modes;
};

/* ---- one line ---- */

typedef struct line {
    mfli_follower follower;
    int64_t count;
    const double *sample;
    grid_point *point;
    double *unknowns;  /* of the first sweep, count x (n + 1) */
} line;

static int32_t is_near(int32_t n, const double *a, const double *b, double distance)
{
    for (int32_t i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) < distance))
            return 0;
    return 1;
}

/* By continuation of the last two solutions, if that leads to a stable one nearby. */
static int32_t extrapolate(mfli_follower *follower, const double *last, const double *before, double *z)
{
    double expected[MFLI_NEWTON_MOST];
    int32_t n = follower->newton.n;
    double share = (z[n] - last[n]) / (last[n] - before[n]);
    for (int32_t i = 0; i < n; i++)
        z[i] = expected[i] = last[i] + share * (last[i] - before[i]);
    int32_t status = mfli_follower_step(follower, z);
    if (status == MFL_OK && !(is_near(n, z, expected, expected_within) && mfli_newton_is_stable(&follower->newton)))
        return MFLI_NO_POINT;
    return status;
}

/* From the last two solutions, or the last, or none. `known` tells how many of them there are, and receives 1 or 2. */
static int32_t next_solution(mfli_follower *follower, int32_t branch, double samples, int32_t *known,
                             const double *last, const double *before, double *z)
{
    int32_t n = follower->newton.n, status = MFLI_NO_POINT, warm = *known > 0;
    z[n] = log(samples);
    if (*known == 2)
        status = extrapolate(follower, last, before, z);
    *known = 2;
    if (status == MFLI_NO_POINT && warm) {
        memcpy(z, last, (size_t)n * sizeof *z);
        status = mfli_follower_start(follower, branch, 1, samples, z);
        *known = status == MFL_OK && is_near(n, z, last, expected_within) ? 2 : 1;
    }
    if (status == MFLI_NO_POINT || !warm) {
        status = mfli_follower_start(follower, branch, 0, samples, z);
        *known = 1;
    }
    return status;
}

/* Record the solution at z, unless the first sweep found it too. */
static int32_t add_solution(line *to, int64_t at, int32_t branch, const double *z)
{
    int32_t n = to->follower.newton.n;
    grid_point *point = &to->point[at];
    double fine[MFLI_NEWTON_MOST], *first = to->unknowns + at * (n + 1);
    if (branch == MFLI_BRANCH_COOLING && point->branches && mfli_follower_is_same(&to->follower, first, z))
        return MFL_OK;
    if (branch == MFLI_BRANCH_HEATING)
        memcpy(first, z, (size_t)(n + 1) * sizeof *z);
    memcpy(fine, z, (size_t)(n + 1) * sizeof *z);
    int32_t status = mfli_follower_refine(&to->follower, NULL, fine, &point->results[point->branches]);
    if (status == MFL_OK)
        point->branches++;
    return status == MFLI_NO_POINT ? MFL_OK : status;
}

static int32_t sweep(line *to, int32_t branch)
{
    double z[3][MFLI_NEWTON_MOST] = {{0.0}};
    int32_t known = 0;
    for (int64_t i = 0; i < to->count; i++) {
        int64_t at = branch == MFLI_BRANCH_HEATING ? i : to->count - 1 - i;
        double *now = z[i % 3], *last = z[(i + 2) % 3], *before = z[(i + 1) % 3];
        int32_t status = next_solution(&to->follower, branch, to->sample[at], &known, last, before, now);
        if (status == MFL_OK)
            status = add_solution(to, at, branch, now);
        else if (status == MFLI_NO_POINT)
            known = 0;
        if (status != MFL_OK && status != MFLI_NO_POINT)
            return status;
        atomic_fetch_add(&((mfli_child *)to->follower.context->progress_data)->family->done, 1);
    }
    return MFL_OK;
}

static int32_t solve_line(mfl_context *context, mfl_theory *theory, double kappa, line *to)
{
    mfli_place place = mfli_theory_place(theory);
    place.samples = to->sample[0];
    place.kappa = kappa;
    int32_t status = mfli_follower_create(theory, context, MFL_PATH_SAMPLES, &place, &to->follower);
    int32_t branches = status == MFL_OK ? to->follower.system->branches : 1;
    to->unknowns = NULL;
    if (status == MFL_OK) {
        to->unknowns = mfli_alloc_zeroed(context, (size_t)(to->count * (to->follower.newton.n + 1)), sizeof(double));
        status = to->unknowns ? MFL_OK : MFL_ERROR_MEMORY;
    }
    for (int32_t branch = 0; branch < branches && status == MFL_OK; branch++)
        status = sweep(to, branch);
    mfli_free(context, to->unknowns);
    mfli_follower_finish(&to->follower);
    return status == MFLI_NO_POINT ? MFL_OK : status;
}

/* ---- all lines ---- */

typedef struct crew {
    mfl_diagram *diagram;
    mfli_family family;
    mfl_theory **theory; /* one a thread */
    int32_t *status;     /* one a thread: the first that was not MFL_OK */
} crew;

static void work(void *data, int64_t index, int32_t thread)
{
    crew *all = data;
    mfl_diagram *diagram = all->diagram;
    line to = {.count = diagram->samples,
               .sample = diagram->sample,
               .point = diagram->point + index * diagram->samples};
    if (all->status[thread] == MFL_OK)
        all->status[thread] = solve_line(all->family.child[thread].context, all->theory[thread],
                                         diagram->kappa[index], &to);
}

static void tick(void *data)
{
    crew *all = data;
    mfli_progress(all->family.parent, all->family.stage,
                  (double)atomic_load(&all->family.done) / (double)all->family.all);
}

static int32_t hire(crew *all, const mfl_theory *theory)
{
    mfl_context *context = all->family.parent;
    int32_t count = all->family.count, status = MFL_OK;
    all->theory = mfli_alloc_zeroed(context, (size_t)count, sizeof *all->theory);
    all->status = all->theory ? mfli_alloc_zeroed(context, (size_t)count, sizeof *all->status) : NULL;
    if (!all->status)
        return MFL_ERROR_MEMORY;
    for (int32_t i = 0; i < count && status == MFL_OK; i++) {
        status = mfli_theory_clone(all->family.child[i].context, theory, &all->theory[i]);
        if (status != MFL_OK)
            status = mfli_family_fail(&all->family, i, status);
    }
    return status;
}

static void dismiss(crew *all)
{
    mfl_context *context = all->family.parent;
    for (int32_t i = 0; all->theory && i < all->family.count; i++)
        mfli_object_release(all->theory[i]);
    mfli_free(context, all->theory);
    mfli_free(context, all->status);
    mfli_family_finish(&all->family);
}

static int32_t solve(mfl_diagram *diagram, const mfl_theory *theory)
{
    mfl_context *context = diagram->object.context;
    int32_t threads = mfli_threads(context);
    crew all = {.diagram = diagram};
    if (threads > diagram->kappas)
        threads = (int32_t)diagram->kappas;
    int32_t status = mfli_family_create(context, threads, "diagram", &all.family);
    if (status != MFL_OK)
        return status;
    all.family.all = diagram->samples * diagram->kappas * MFLI_BRANCHES;
    status = hire(&all, theory);
    if (status == MFL_OK) {
        mfli_team_for(context, threads, diagram->kappas, work, tick, &all);
        for (int32_t i = 0; i < threads && status == MFL_OK; i++)
            if (all.status[i] != MFL_OK)
                status = mfli_family_fail(&all.family, i, all.status[i]);
        diagram->modes = *mfli_theory_modes(all.theory[0]);
    }
    dismiss(&all);
    return status;
}

/* ---- the handle ---- */

static void finish(void *handle)
{
    mfl_diagram *diagram = handle;
    mfli_free(diagram->object.context, diagram->sample);
    mfli_free(diagram->object.context, diagram->point);
}

static int32_t check_axis(mfl_context *context, const char *name, const double *values, int64_t count)
{
    if (!values)
        return mfli_fail_null(context, name);
    if (count < 1 || count > INT32_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE, "there are %lld values of %s; there must be from 1 to %d",
                         (long long)count, name, INT32_MAX);
    for (int64_t i = 0; i < count; i++)
        if (!(values[i] > (i ? values[i - 1] : 0.0)) || !isfinite(values[i]))
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "value %lld of %s is %g; all must be finite, above 0 and ascending", (long long)i, name,
                             values[i]);
    return MFL_OK;
}

static int32_t create(mfl_theory *theory, const double *samples, int64_t sample_count, const double *kappas,
                      int64_t kappa_count, mfl_diagram **out)
{
    mfl_context *context = ((mfli_object *)theory)->context;
    mfl_diagram *diagram;
    int32_t status = out ? MFL_OK : mfli_fail_null(context, "out");
    if (status == MFL_OK)
        status = check_axis(context, "samples", samples, sample_count);
    if (status == MFL_OK)
        status = check_axis(context, "kappas", kappas, kappa_count);
    if (status == MFL_OK)
        status = mfli_theory_check_continuation(context, theory, "diagrams");
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_DIAGRAM, sizeof *diagram, finish, &diagram);
    if (status != MFL_OK)
        return status;
    diagram->samples = sample_count;
    diagram->kappas = kappa_count;
    diagram->sample = mfli_alloc(context, (size_t)(sample_count + kappa_count), sizeof(double));
    if (diagram->sample)
        diagram->point = mfli_alloc_zeroed(context, (size_t)(sample_count * kappa_count), sizeof *diagram->point);
    status = diagram->point ? MFL_OK : MFL_ERROR_MEMORY;
    if (status == MFL_OK) {
        diagram->kappa = diagram->sample + sample_count;
        memcpy(diagram->sample, samples, (size_t)sample_count * sizeof *samples);
        memcpy(diagram->kappa, kappas, (size_t)kappa_count * sizeof *kappas);
        status = solve(diagram, theory);
    }
    if (status != MFL_OK) {
        mfli_object_release(diagram);
        return status;
    }
    *out = diagram;
    return MFL_OK;
}

int32_t mfl_diagram_create(mfl_theory *theory, const double *samples, int64_t sample_count, const double *kappas,
                           int64_t kappa_count, mfl_diagram **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, create(theory, samples, sample_count, kappas, kappa_count, out));
}

void mfl_diagram_destroy(mfl_diagram *diagram)
{
    mfli_destroy(diagram, MFLI_DIAGRAM);
}

static int32_t find_point(const mfl_diagram *diagram, int64_t sample, int64_t kappa, const grid_point **point)
{
    if (sample < 0 || sample >= diagram->samples || kappa < 0 || kappa >= diagram->kappas)
        return mfli_fail(diagram->object.context, MFL_ERROR_ARGUMENT,
                         "the point is (%lld, %lld) of a grid of %lld x %lld", (long long)sample, (long long)kappa,
                         (long long)diagram->samples, (long long)diagram->kappas);
    *point = &diagram->point[kappa * diagram->samples + sample];
    return MFL_OK;
}

int32_t mfl_diagram_point(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t *branches,
                          int32_t *converged)
{
    const grid_point *point = NULL;
    int32_t status = mfli_enter(diagram, MFLI_DIAGRAM);
    if (status)
        return status;
    status = branches ? find_point(diagram, sample, kappa, &point)
                      : mfli_fail_null(diagram->object.context, "branches");
    if (status)
        return mfli_leave(diagram, status);
    *branches = point->branches;
    if (converged) {
        *converged = point->branches > 0;
        for (int32_t i = 0; i < point->branches; i++)
            *converged &= point->results[i].stop == MFL_STOP_CONVERGED;
    }
    return mfli_leave(diagram, MFL_OK);
}

static int32_t find_branch(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch,
                           const mfli_results **results)
{
    const grid_point *point = NULL;
    int32_t status = find_point(diagram, sample, kappa, &point);
    if (status != MFL_OK)
        return status;
    if (branch < 0 || branch >= point->branches)
        return mfli_fail(diagram->object.context, MFL_ERROR_ARGUMENT, "branch is %d; the point has %d", (int)branch,
                         (int)point->branches);
    *results = &point->results[branch];
    return MFL_OK;
}

int32_t mfl_diagram_get(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch, int32_t key,
                        double *value, double *error)
{
    const mfli_results *results = NULL;
    int32_t status = mfli_enter(diagram, MFLI_DIAGRAM);
    if (status)
        return status;
    status = find_branch(diagram, sample, kappa, branch, &results);
    if (status == MFL_OK)
        status = mfli_results_get(diagram->object.context, results, key, value, error);
    return mfli_leave(diagram, status);
}

int32_t mfl_diagram_get_mode(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch, int64_t mode,
                             int32_t key, double *value, double *error)
{
    const mfli_results *results = NULL;
    int32_t status = mfli_enter(diagram, MFLI_DIAGRAM);
    if (status)
        return status;
    status = find_branch(diagram, sample, kappa, branch, &results);
    if (status == MFL_OK)
        status = mfli_results_get_mode(diagram->object.context, results, &diagram->modes, mode, key, value, error);
    return mfli_leave(diagram, status);
}
