/* SPDX-License-Identifier: BSD-3-Clause */
/* What can be asked of a path that was followed. */
#include "theory/path.h"

#include <math.h>

static int32_t enter_for(const mfl_path *path, const void *out, const char *name)
{
    int32_t status = mfli_enter(path, MFLI_PATH);
    if (status || out)
        return status;
    return mfli_leave(path, mfli_fail_null(path->object.context, name));
}

int32_t mfl_path_stop(const mfl_path *path, int32_t *stop)
{
    int32_t status = enter_for(path, stop, "stop");
    if (status)
        return status;
    *stop = path->stop;
    return mfli_leave(path, MFL_OK);
}

static int32_t count_of(const mfl_path *path, size_t list, int32_t *count)
{
    int32_t status = enter_for(path, count, "count");
    if (status)
        return status;
    *count = ((const mfli_list *)((const char *)path + list))->count;
    return mfli_leave(path, MFL_OK);
}

int32_t mfl_path_branches(const mfl_path *path, int32_t *count)
{
    return count_of(path, offsetof(mfl_path, branches), count);
}

int32_t mfl_path_folds(const mfl_path *path, int32_t *count)
{
    return count_of(path, offsetof(mfl_path, folds), count);
}

int32_t mfl_path_transitions(const mfl_path *path, int32_t *count)
{
    return count_of(path, offsetof(mfl_path, transitions), count);
}

static int32_t check_index(const mfl_path *path, int32_t index, int32_t count, const char *what)
{
    if (index >= 0 && index < count)
        return MFL_OK;
    return mfli_fail(path->object.context, MFL_ERROR_ARGUMENT, "%s is %d; there are %d", what, (int)index, (int)count);
}

int32_t mfl_path_branch(const mfl_path *path, int32_t branch, int32_t *points, int32_t *stable, int32_t *curve)
{
    int32_t status = enter_for(path, points, "points");
    if (status)
        return status;
    status = check_index(path, branch, path->branches.count, "branch");
    if (status)
        return mfli_leave(path, status);
    const mfli_path_branch *at = mfli_path_branches(path) + branch;
    *points = at->count;
    if (stable)
        *stable = at->stable;
    if (curve)
        *curve = at->curve;
    return mfli_leave(path, MFL_OK);
}

static int32_t find_point(const mfl_path *path, int32_t branch, int32_t point, const mfli_path_point **out)
{
    int32_t status = check_index(path, branch, path->branches.count, "branch");
    if (status)
        return status;
    const mfli_path_branch *at = mfli_path_branches(path) + branch;
    status = check_index(path, point, at->count, "point");
    if (status == MFL_OK)
        *out = mfli_path_points(path) + at->first + point;
    return status;
}

static int32_t find_fold(const mfl_path *path, int32_t fold, const mfli_path_fold **out)
{
    int32_t status = check_index(path, fold, path->folds.count, "fold");
    if (status == MFL_OK)
        *out = (const mfli_path_fold *)path->folds.items + fold;
    return status;
}

int32_t mfl_path_point(const mfl_path *path, int32_t branch, int32_t point, double *value, int32_t *stop)
{
    const mfli_path_point *at;
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = find_point(path, branch, point, &at);
    if (status)
        return mfli_leave(path, status);
    *value = exp(at->u);
    if (stop)
        *stop = at->results.stop;
    return mfli_leave(path, MFL_OK);
}

int32_t mfl_path_get(const mfl_path *path, int32_t branch, int32_t point, int32_t key, double *value, double *error)
{
    const mfli_path_point *at;
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = find_point(path, branch, point, &at);
    if (status == MFL_OK)
        status = mfli_results_get(path->object.context, &at->results, key, value, error);
    return mfli_leave(path, status);
}

int32_t mfl_path_get_mode(const mfl_path *path, int32_t branch, int32_t point, int64_t mode, int32_t key, double *value,
                          double *error)
{
    const mfli_path_point *at;
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = find_point(path, branch, point, &at);
    if (status == MFL_OK)
        status = mfli_results_get_mode(path->object.context, &at->results, mfli_theory_modes(path->theory), mode, key,
                                       value, error);
    return mfli_leave(path, status);
}

int32_t mfl_path_fold(const mfl_path *path, int32_t fold, int32_t *branch, double *value, double *error)
{
    const mfli_path_fold *at;
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = find_fold(path, fold, &at);
    if (status)
        return mfli_leave(path, status);
    *value = exp(at->u);
    if (branch)
        *branch = at->branch;
    if (error)
        *error = *value * at->error;
    return mfli_leave(path, MFL_OK);
}

int32_t mfl_path_fold_get(const mfl_path *path, int32_t fold, int32_t key, double *value, double *error)
{
    const mfli_path_fold *at;
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = find_fold(path, fold, &at);
    if (status == MFL_OK)
        status = mfli_results_get(path->object.context, &at->results, key, value, error);
    return mfli_leave(path, status);
}

int32_t mfl_path_transition(const mfl_path *path, int32_t transition, int32_t *branch, int32_t *other,
                            double *value, double *error)
{
    int32_t status = enter_for(path, value, "value");
    if (status)
        return status;
    status = check_index(path, transition, path->transitions.count, "transition");
    if (status)
        return mfli_leave(path, status);
    const mfli_path_transition *at = (const mfli_path_transition *)path->transitions.items + transition;
    *value = exp(at->u);
    if (branch)
        *branch = at->branch;
    if (other)
        *other = at->other;
    if (error)
        *error = *value * at->error;
    return mfli_leave(path, MFL_OK);
}
