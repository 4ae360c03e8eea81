/* SPDX-License-Identifier: BSD-3-Clause */
/* A path in the dimension, which is a whole number and at each of whose values the quadrature is another: stable
 * solutions are followed in steps from both ends, each from the one before, until they meet. */
#include <math.h>
#include <string.h>

#include "theory/path.h"

/* One of the two passes. */
typedef struct pass {
    int32_t branch;
    double *z; /* count x (n + 1), in the order of the dimensions */
} pass;

typedef struct walk {
    mfl_path *path;
    int32_t count;
    double *dimension;
    pass heating, cooling; /* from the last dimension, from the first */
} walk;

static size_t width(const walk *all)
{
    return (size_t)all->path->follower.newton.n + 1;
}

static double *at(const walk *all, const pass *one, int32_t i)
{
    return one->z + (size_t)i * width(all);
}

static int32_t is_same(const walk *all, const double *a, const double *b)
{
    return mfli_follower_is_same(&all->path->follower, a, b);
}

/* Whole numbers from low to high, in steps of about equal ratio; returns how many. Fills `values` if there. */
static int32_t list_dimensions(double low, double high, double step, double *values)
{
    int32_t count = 0;
    for (double d = low;; d = fmin(high, d + fmax(1.0, floor(d * expm1(step))))) {
        if (values)
            values[count] = d;
        count++;
        if (d == high)
            return count;
    }
}

static int32_t run_pass(walk *all, pass *one, int32_t first, int32_t direction)
{
    int32_t status = MFL_OK;
    for (int32_t j = 0; j < all->count && status == MFL_OK; j++) {
        int32_t i = first + direction * j;
        if (j)
            memcpy(at(all, one, i), at(all, one, i - direction), width(all) * sizeof(double));
        status = mfli_follower_start(&all->path->follower, one->branch, j > 0, all->dimension[i], at(all, one, i));
        if (status == MFLI_NO_POINT) /* just beyond a fold the iteration hardly moves on */
            status = mfli_follower_start(&all->path->follower, MFLI_BRANCHES - 1 - one->branch, 0, all->dimension[i],
                                         at(all, one, i));
    }
    return status;
}

/* Results of one pass from position `first` on, `count` of them, as a branch. */
static int32_t add_branch(walk *all, const pass *one, int32_t first, int32_t count)
{
    mfl_path *path = all->path;
    mfl_context *context = path->object.context;
    mfli_path_branch branch = {path->points.count, count, 1, path->curves++};
    int32_t status = mfli_list_add(context, &path->branches, &branch);
    for (int32_t i = first; i < first + count && status == MFL_OK; i++) {
        double fine[MFLI_NEWTON_MOST];
        mfli_path_point point;
        memcpy(fine, at(all, one, i), width(all) * sizeof *fine);
        path->follower.newton.is_known = 0;
        status = mfli_follower_refine(&path->follower, NULL, fine, &point.results);
        point.u = log(all->dimension[i]);
        if (point.results.stop != MFL_STOP_CONVERGED)
            path->stop = MFL_STOP_LIMIT;
        if (status == MFL_OK)
            status = mfli_list_add(context, &path->points, &point);
        if (status == MFL_OK)
            status = mfli_list_add(context, &path->unknowns, at(all, one, i));
    }
    return status;
}

/* Between the dimensions at `on`, the last of a branch, and `off`: halve down to neighbours. The other solution is
 * followed from `off`, where it is the only one. */
static int32_t add_loss(walk *all, const pass *one, const pass *other, int32_t on, int32_t off)
{
    mfl_path *path = all->path;
    const mfli_path_branch *branch = mfli_path_branches(path) + path->branches.count - 1;
    int32_t edge = off < on ? branch->first : branch->first + branch->count - 1;
    mfli_path_fold fold = {.branch = path->branches.count - 1,
                           .results = mfli_path_points(path)[edge].results};
    double alive[MFLI_NEWTON_MOST], rest[MFLI_NEWTON_MOST], with = all->dimension[on], without = all->dimension[off];
    memcpy(alive, at(all, one, on), width(all) * sizeof *alive);
    memcpy(rest, at(all, other, off), width(all) * sizeof *rest);
    while (fabs(with - without) > 1.5) {
        double middle = floor(0.5 * (with + without)), z[MFLI_NEWTON_MOST], other_z[MFLI_NEWTON_MOST];
        memcpy(z, alive, sizeof z);
        memcpy(other_z, rest, sizeof other_z);
        int32_t status = mfli_follower_start(&path->follower, other->branch, 1, middle, other_z);
        int32_t found = status == MFL_OK ? mfli_follower_start(&path->follower, one->branch, 1, middle, z) : status;
        if (status != MFL_OK || (found != MFL_OK && found != MFLI_NO_POINT))
            return status != MFL_OK ? status : found;
        int32_t lost = found == MFLI_NO_POINT || is_same(all, z, other_z);
        *(lost ? &without : &with) = middle;
        memcpy(lost ? rest : alive, lost ? other_z : z, sizeof z);
    }
    fold.u = log(0.5 * (with + without));
    fold.error = 0.5 / fmin(with, without);
    return mfli_list_add(path->object.context, &path->folds, &fold);
}

static int32_t add_branches(walk *all)
{
    const pass *heating = &all->heating, *cooling = &all->cooling;
    int32_t first = 0, last = all->count - 1; /* where the two are apart */
    while (first < all->count && is_same(all, at(all, heating, first), at(all, cooling, first)))
        first++;
    if (first == all->count)
        return add_branch(all, heating, 0, all->count);
    while (is_same(all, at(all, heating, last), at(all, cooling, last)))
        last--;
    int32_t status = add_branch(all, heating, first, all->count - first);
    if (status == MFL_OK && first > 0)
        status = add_loss(all, heating, cooling, first, first - 1);
    if (status == MFL_OK)
        status = add_branch(all, cooling, 0, last + 1);
    if (status == MFL_OK && last + 1 < all->count)
        status = add_loss(all, cooling, heating, last, last + 1);
    return status;
}

int32_t mfli_path_follow_integers(mfl_path *path, double from, double to)
{
    mfl_context *context = path->object.context;
    double step = mfli_options_double(&path->options, MFL_PATH_STEP);
    double low = fmin(from, to), high = fmax(from, to);
    walk all = {path,
                list_dimensions(low, high, step, NULL),
                NULL,
                {MFLI_BRANCH_HEATING, NULL},
                {MFLI_BRANCH_COOLING, NULL}};
    size_t size = (size_t)all.count;
    all.dimension = mfli_alloc(context, size * (1 + 2 * width(&all)), sizeof(double));
    if (!all.dimension)
        return MFL_ERROR_MEMORY;
    all.heating.z = all.dimension + size;
    all.cooling.z = all.heating.z + size * width(&all);
    list_dimensions(low, high, step, all.dimension);
    int32_t status = run_pass(&all, &all.heating, all.count - 1, -1);
    if (status == MFL_OK && path->follower.system->branches > 1)
        status = run_pass(&all, &all.cooling, 0, 1);
    else
        all.cooling.z = all.heating.z;
    if (status == MFL_OK)
        status = add_branches(&all);
    mfli_free(context, all.dimension);
    if (status == MFLI_NO_POINT)
        return mfli_fail(context, MFL_ERROR_TOLERANCE, "the solution was lost where it should be stable; raise the "
                                                       "evaluations of the theory or follow in shorter steps");
    return status;
}
