/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/path.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "theory/trace.h"

enum { ends_most = 2 * MFLI_BRANCHES, progress_parts = 1000 };

static const mfli_option_spec specs[] = {
    MFLI_OPTION_DOUBLE(MFL_PATH_STEP, "step", 1e-3, 1.0, 0.1, "most change of the parameter's logarithm a step"),
    MFLI_OPTION_INT(MFL_PATH_POINTS, "points", 2, INT32_MAX / 2, 2000, "most points of one curve"),
};

/* ---- lists ---- */

int32_t mfli_list_add(mfl_context *context, mfli_list *list, const void *item)
{
    if (list->count == list->capacity) {
        int32_t capacity = list->capacity ? 2 * list->capacity : 4;
        void *items = mfli_alloc(context, (size_t)capacity, list->size);
        if (!items)
            return MFL_ERROR_MEMORY;
        if (list->count)
            memcpy(items, list->items, (size_t)list->count * list->size);
        mfli_free(context, list->items);
        list->items = items;
        list->capacity = capacity;
    }
    memcpy((char *)list->items + (size_t)list->count++ * list->size, item, list->size);
    return MFL_OK;
}

static void empty_list(mfl_context *context, mfli_list *list, size_t size)
{
    mfli_free(context, list->items);
    *list = (mfli_list){.size = size};
}

/* ---- the handle ---- */

static void clear(mfl_path *path)
{
    mfl_context *context = path->object.context;
    size_t unknowns = (size_t)(path->follower.newton.n + 1);
    mfli_follower_finish(&path->follower);
    empty_list(context, &path->points, sizeof(mfli_path_point));
    empty_list(context, &path->unknowns, unknowns * sizeof(double));
    empty_list(context, &path->branches, sizeof(mfli_path_branch));
    empty_list(context, &path->folds, sizeof(mfli_path_fold));
    empty_list(context, &path->transitions, sizeof(mfli_path_transition));
    path->curves = 0;
    path->stop = MFL_STOP_NONE;
}

static void finish(void *handle)
{
    mfl_path *path = handle;
    clear(path);
    mfli_object_release(path->theory);
    mfli_family_finish(&path->family);
}

static int32_t create(mfl_theory *theory, mfl_path **out)
{
    mfl_context *context = theory ? ((mfli_object *)theory)->context : NULL;
    mfl_path *path;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_theory_check_continuation(context, theory, "paths");
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_PATH, sizeof *path, finish, &path);
    if (status != MFL_OK)
        return status;
    mfli_options_init(&path->options, &path->object, specs, path->option_values, sizeof specs / sizeof specs[0]);
    status = mfli_family_create(context, 1, "path", &path->family);
    if (status == MFL_OK)
        status = mfli_theory_clone(path->family.child[0].context, theory, &path->theory);
    if (status == MFL_ERROR_MEMORY)
        status = mfli_fail(context, status, "could not allocate a path");
    if (status != MFL_OK) {
        mfli_object_release(path);
        return status;
    }
    *out = path;
    return MFL_OK;
}

int32_t mfl_path_create(mfl_theory *theory, mfl_path **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, create(theory, out));
}

void mfl_path_destroy(mfl_path *path)
{
    mfli_destroy(path, MFLI_PATH);
}

int32_t mfl_path_options(mfl_path *path, mfl_options **options)
{
    return mfli_options_lend(path, MFLI_PATH, offsetof(mfl_path, options), options);
}

/* ---- what a curve leaves behind ---- */

typedef struct visitor {
    mfl_path *path;
    double from, range; /* u where the curve began; width of its range */
} visitor;

static mfli_path_branch *last_branch(mfl_path *path)
{
    return mfli_path_branches(path) + path->branches.count - 1;
}

static int32_t open_branch(mfl_path *path, int32_t stable)
{
    mfli_path_branch branch = {path->points.count, 0, stable, path->curves};
    return mfli_list_add(path->object.context, &path->branches, &branch);
}

/* A point that cannot be refined where its parameter is, because a fold is near, is refined across the curve. */
static int32_t add_point(mfl_path *path, double *z, const double *tangent)
{
    mfl_context *context = path->object.context;
    int32_t n = path->follower.newton.n, status = MFLI_NO_POINT;
    double fine[MFLI_NEWTON_MOST];
    mfli_path_point point;
    for (int32_t across = fabs(tangent[n]) < 0.3; status == MFLI_NO_POINT && across < 2; across++) {
        memcpy(fine, z, (size_t)(n + 1) * sizeof *z);
        status = mfli_follower_refine(&path->follower, across ? tangent : NULL, fine, &point.results);
    }
    if (status == MFLI_NO_POINT || (status == MFL_OK && point.results.stop != MFL_STOP_CONVERGED))
        path->stop = MFL_STOP_LIMIT;
    int32_t found = status == MFL_OK;
    if (found || status == MFLI_NO_POINT)
        status = mfli_follower_settle(&path->follower, tangent, z);
    if (status != MFL_OK || !found)
        return status;
    point.u = fine[n];
    status = mfli_list_add(context, &path->points, &point);
    if (status == MFL_OK)
        status = mfli_list_add(context, &path->unknowns, z);
    last_branch(path)->count = path->points.count - last_branch(path)->first;
    return status;
}

static int32_t add_fold(mfl_path *path, const double *z, const double *tangent)
{
    int32_t n = path->follower.newton.n, stable = last_branch(path)->stable;
    double fine[MFLI_NEWTON_MOST];
    mfli_path_fold fold = {.branch = path->branches.count - 1, .u = z[n]};
    memcpy(fine, z, (size_t)(n + 1) * sizeof *z);
    int32_t status = mfli_follower_refine_fold(&path->follower, tangent, fine, &fold.results, &fold.error);
    if (status == MFL_OK)
        fold.u = fine[n];
    if (status != MFL_OK || fold.results.stop != MFL_STOP_CONVERGED)
        path->stop = MFL_STOP_LIMIT;
    if (status == MFL_OK || status == MFLI_NO_POINT)
        status = mfli_follower_coarsest(&path->follower, z);
    if (status == MFL_OK)
        status = mfli_list_add(path->object.context, &path->folds, &fold);
    return status == MFL_OK ? open_branch(path, !stable) : status;
}

static int32_t visit(void *data, int32_t kind, double *z, const double *tangent)
{
    visitor *to = data;
    int32_t n = to->path->follower.newton.n;
    int64_t done = (int64_t)(progress_parts * fmin(fabs(z[n] - to->from) / to->range, 1.0));
    if (done > atomic_load(&to->path->family.done))
        atomic_store(&to->path->family.done, done);
    return kind == MFLI_TRACE_FOLD ? add_fold(to->path, z, tangent) : add_point(to->path, z, tangent);
}

/* ---- curves from both ends ---- */

/* Solutions at the ends of the range that no curve has reached yet. */
typedef struct ends {
    int32_t count;
    double z[ends_most][MFLI_NEWTON_MOST];
    int32_t done[ends_most];
} ends;

static void reach(ends *all, const mfl_path *path, const double *z)
{
    for (int32_t i = 0; i < all->count; i++)
        all->done[i] |= mfli_follower_is_same(&path->follower, all->z[i], z);
}

static int32_t find_ends(mfl_path *path, const double *at, ends *all)
{
    int32_t branches = path->follower.system->branches, first = MFL_OK;
    memset(all, 0, sizeof *all);
    for (int32_t side = 0; side < 2; side++)
        for (int32_t branch = 0; branch < branches; branch++) {
            double *z = all->z[all->count];
            int32_t status = mfli_follower_start(&path->follower, branch, 0, at[side], z), known = 0;
            if (status == MFLI_NO_POINT) {
                path->stop = MFL_STOP_LIMIT;
                first = first ? first : MFL_ERROR_DIVERGED;
                continue;
            }
            if (status != MFL_OK)
                return status;
            for (int32_t i = 0; i < all->count; i++)
                known |= mfli_follower_is_same(&path->follower, all->z[i], z);
            all->count += !known;
        }
    return all->count ? MFL_OK : first;
}

static int32_t follow_curves(mfl_path *path, const double *at)
{
    double low = log(fmin(at[0], at[1])), high = log(fmax(at[0], at[1]));
    visitor to = {path, 0.0, high - low};
    mfli_trace trace = {.newton = &path->follower.newton,
                        .low = low,
                        .high = high,
                        .step = mfli_options_double(&path->options, MFL_PATH_STEP),
                        .points = (int32_t)mfli_options_int(&path->options, MFL_PATH_POINTS),
                        .visit = visit,
                        .data = &to};
    ends all;
    int32_t n = path->follower.newton.n, status = find_ends(path, at, &all);
    for (int32_t i = 0; status == MFL_OK && i < all.count; i++) {
        double z[MFLI_NEWTON_MOST], direction = all.z[i][n] < 0.5 * (low + high) ? 1.0 : -1.0;
        if (all.done[i])
            continue;
        memcpy(z, all.z[i], sizeof z);
        to.from = z[n];
        status = open_branch(path, 1);
        if (status == MFL_OK)
            status = mfli_follower_settle(&path->follower, NULL, z);
        path->follower.newton.is_known = 0;
        if (status == MFL_OK)
            status = mfli_trace_run(&trace, direction, z);
        if (status == MFLI_NO_POINT) {
            path->stop = MFL_STOP_LIMIT;
            status = MFL_OK;
        }
        reach(&all, path, z);
        path->curves++;
    }
    return status;
}

/* ---- points in between ---- */

int32_t mfli_path_range(const mfl_path *path, const mfli_path_branch *branch, double *low, double *high)
{
    const mfli_path_point *point = mfli_path_points(path) + branch->first;
    *low = INFINITY;
    *high = -INFINITY;
    for (int32_t i = 0; i < branch->count; i++) {
        *low = fmin(*low, point[i].u);
        *high = fmax(*high, point[i].u);
    }
    return branch->count > 1;
}

/* From a point of the path to u, at the coarsest resolution and in equal steps. */
static int32_t walk_to(mfl_path *path, const double *from, double u, int32_t steps, double *z)
{
    int32_t n = path->follower.newton.n, status = MFL_OK;
    memcpy(z, from, (size_t)(n + 1) * sizeof *z);
    for (int32_t i = 1; i <= steps && status == MFL_OK; i++) {
        z[n] = from[n] + (u - from[n]) * i / steps;
        status = mfli_follower_step(&path->follower, z);
    }
    return status;
}

int32_t mfli_path_solve(mfl_path *path, int32_t index, double u, mfli_results *results)
{
    const mfli_path_branch *branch = mfli_path_branches(path) + index;
    const mfli_path_point *point = mfli_path_points(path) + branch->first;
    int32_t n = path->follower.newton.n, i = 0;
    double z[MFLI_NEWTON_MOST];
    while (i < branch->count - 2 && (point[i + 1].u - u) * (point[i].u - u) > 0.0)
        i++;
    const double *a = (const double *)path->unknowns.items + (size_t)(branch->first + i) * (size_t)(n + 1),
                 *b = a + n + 1;
    double share = (u - a[n]) / (b[n] - a[n]);
    for (int32_t j = 0; j <= n; j++)
        z[j] = a[j] + share * (b[j] - a[j]);
    z[n] = u;
    int32_t status = mfli_follower_refine(&path->follower, NULL, z, results);
    for (int32_t steps = 8; steps <= 512 && status == MFLI_NO_POINT; steps *= 8) {
        status = walk_to(path, share < 0.5 ? a : b, u, steps, z);
        if (status == MFL_OK)
            status = mfli_follower_refine(&path->follower, NULL, z, results);
    }
    return status;
}

/* ---- all of it ---- */

static int32_t check(mfl_path *path, int32_t parameter, double from, double to, double samples, double kappa)
{
    mfl_context *context = path->object.context;
    if (parameter < MFL_PATH_SAMPLES || parameter > MFL_PATH_ALPHA)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "parameter is %d; it must be one of mfl_path_parameter",
                         (int)parameter);
    if (!(from > 0.0 && to > 0.0 && isfinite(from) && isfinite(to)) || from == to)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "the range is %g to %g; its ends must be finite, above 0 and different", from, to);
    double least = mfli_theory_support(path->theory);
    if (parameter == MFL_PATH_DIMENSION && (floor(from) != from || floor(to) != to || fmin(from, to) < least))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "the range of the dimension is %g to %g; its ends must be whole numbers of at least %g",
                         from, to, least);
    if (parameter != MFL_PATH_SAMPLES && !(samples > 0.0 && isfinite(samples)))
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "samples is %g; it must be a finite number above 0", samples);
    if (parameter != MFL_PATH_KAPPA && !(kappa > 0.0 && isfinite(kappa)))
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "kappa is %g; it must be a finite number above 0", kappa);
    return MFL_OK;
}

static int32_t begin(mfl_path *path, int32_t parameter, double from, double samples, double kappa)
{
    mfl_context *child = path->family.child[0].context;
    mfli_place place = mfli_theory_place(path->theory);
    double *moving[] = {&place.samples, &place.kappa, &place.width, &place.dimension,
                        &place.sigma_w, &place.sigma_a, &place.alpha};
    place.samples = samples;
    place.kappa = kappa;
    *moving[parameter] = from;
    path->family.all = progress_parts;
    atomic_store(&path->family.done, 0);
    atomic_store(&child->stopped, 0); /* the child is not entered */
    child->option_values[0].integer = mfli_threads(path->object.context); /* it works alone */
    return mfli_follower_create(path->theory, child, parameter, &place, &path->follower);
}

static int32_t follow(mfl_path *path, int32_t parameter, double from, double to, double samples, double kappa)
{
    const double at[2] = {from, to};
    int32_t status = check(path, parameter, from, to, samples, kappa);
    if (status != MFL_OK)
        return status;
    clear(path);
    path->stop = MFL_STOP_CONVERGED;
    status = begin(path, parameter, from, samples, kappa);
    path->unknowns.size = (size_t)(path->follower.newton.n + 1) * sizeof(double);
    if (status == MFL_OK)
        status = parameter == MFL_PATH_DIMENSION ? mfli_path_follow_integers(path, from, to) : follow_curves(path, at);
    if (status == MFL_OK && parameter != MFL_PATH_DIMENSION)
        status = mfli_path_find_transitions(path);
    if (status == MFL_ERROR_CANCELLED && path->points.count) {
        path->stop = MFL_STOP_CANCELLED;
        return MFL_OK;
    }
    if (status != MFL_OK) {
        clear(path);
        return *path->object.context->message ? status : mfli_family_fail(&path->family, 0, status);
    }
    return MFL_OK;
}

int32_t mfl_path_follow(mfl_path *path, int32_t parameter, double from, double to, double samples, double kappa)
{
    int32_t status = mfli_enter(path, MFLI_PATH);
    return status ? status : mfli_leave(path, follow(path, parameter, from, to, samples, kappa));
}

int32_t mfl_path_critical(mfl_path *path, int32_t criterion, double *value, double *error)
{
    int32_t status = mfli_enter(path, MFLI_PATH);
    if (status)
        return status;
    atomic_store(&path->family.child[0].context->stopped, 0);
    return mfli_leave(path, mfli_path_critical(path, criterion, value, error));
}
