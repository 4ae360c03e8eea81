/* SPDX-License-Identifier: BSD-3-Clause */
/* Points of a path that take more than following it: where free energies cross, and where learning begins. */
#include <math.h>
#include <string.h>

#include "theory/path.h"
#include "theory/quadrature.h"

/* ---- transitions ---- */

/* F of one branch minus F of the other; `error` of it. */
static int32_t free_energy_gap(mfl_path *path, const mfli_path_transition *pair, double u, double *gap, double *error)
{
    mfli_results one, other;
    int32_t status = mfli_path_solve(path, pair->branch, u, &one);
    if (status == MFL_OK)
        status = mfli_path_solve(path, pair->other, u, &other);
    if (status != MFL_OK)
        return status;
    *gap = mfli_result(&one, MFL_THEORY_FREE_ENERGY) - mfli_result(&other, MFL_THEORY_FREE_ENERGY);
    *error = mfli_result_error(&one, MFL_THEORY_FREE_ENERGY) + mfli_result_error(&other, MFL_THEORY_FREE_ENERGY);
    return MFL_OK;
}

/* The Illinois method between u of opposite gaps. */
static int32_t find_crossing(mfl_path *path, mfli_path_transition *pair, double low, double high, double at_low,
                             double at_high)
{
    double error = 0.0, slope = (at_high - at_low) / (high - low), gap = at_high;
    for (int32_t i = 0; i < 40 && fabs(gap) > error && fabs(high - low) > 1e-12; i++) {
        pair->u = low - at_low * (high - low) / (at_high - at_low);
        int32_t status = free_energy_gap(path, pair, pair->u, &gap, &error);
        if (status != MFL_OK)
            return status;
        slope = (gap - at_low) / (pair->u - low);
        if ((gap > 0.0) == (at_high > 0.0)) {
            at_low *= 0.5;
        } else {
            low = high;
            at_low = at_high;
        }
        high = pair->u;
        at_high = gap;
    }
    pair->error = (fabs(gap) + error) / fabs(slope);
    return mfli_list_add(path->object.context, &path->transitions, pair);
}

/* Look for crossings of one pair of branches, on a grid over their common range. */
static int32_t compare_branches(mfl_path *path, int32_t branch, int32_t other)
{
    enum { grid = 12 };
    double low[2], high[2], before = 0.0, error;
    mfli_path_transition pair = {.branch = branch, .other = other};
    for (int32_t i = 0; i < 2; i++)
        if (!mfli_path_range(path, mfli_path_branches(path) + (i ? other : branch), &low[i], &high[i]))
            return MFL_OK;
    double from = fmax(low[0], low[1]), to = fmin(high[0], high[1]);
    for (int32_t i = 0; i <= grid && from < to; i++) {
        double u = from + (to - from) * i / grid, gap;
        int32_t status = free_energy_gap(path, &pair, u, &gap, &error);
        if (status == MFLI_NO_POINT)
            gap = 0.0;
        else if (status != MFL_OK)
            return status;
        if (gap * before < 0.0)
            status = find_crossing(path, &pair, u - (to - from) / grid, u, before, gap);
        if (status != MFL_OK && status != MFLI_NO_POINT)
            return status;
        before = gap;
    }
    return MFL_OK;
}

int32_t mfli_path_find_transitions(mfl_path *path)
{
    int32_t status = MFL_OK;
    if (!path->follower.system->has_free_energy)
        return MFL_OK;
    for (int32_t i = 0; i < path->branches.count; i++)
        for (int32_t j = i + 1; j < path->branches.count && status == MFL_OK; j++)
            if (mfli_path_branches(path)[i].stable && mfli_path_branches(path)[j].stable)
                status = compare_branches(path, i, j);
    return status;
}

/* ---- m near a place of a branch, as a polynomial in u ---- */

enum { terms_most = 13 };

typedef struct local_fit {
    double middle, half; /* of the interval in u */
    int32_t terms;
    double m[terms_most][MFLI_SERIES]; /* coefficients of T_j: m, dm/du, d2m/du2 */
    double error;                      /* of the values of m */
} local_fit;

static void differentiate(local_fit *fit, int32_t from)
{
    for (int32_t j = 0; j < fit->terms; j++)
        fit->m[j][from + 1] = 0.0;
    for (int32_t j = fit->terms - 1; j > 0; j--) {
        double above = j + 1 < fit->terms ? fit->m[j + 1][from + 1] : 0.0;
        fit->m[j - 1][from + 1] = above + 2.0 * j * fit->m[j][from] / fit->half;
    }
    fit->m[0][from + 1] *= 0.5;
}

static int32_t fit_near(mfl_path *path, int32_t branch, double low, double high, int32_t terms, local_fit *fit)
{
    double values[terms_most][MFLI_SERIES];
    memset(values, 0, sizeof values);
    *fit = (local_fit){.middle = 0.5 * (low + high), .half = 0.5 * (high - low), .terms = terms};
    for (int32_t i = 0; i < terms; i++) {
        mfli_results results;
        int32_t status =
            mfli_path_solve(path, branch, fit->middle + fit->half * mfli_chebyshev_point(terms, i), &results);
        if (status != MFL_OK)
            return status;
        values[i][0] = mfli_result(&results, MFL_THEORY_M);
        fit->error = fmax(fit->error, mfli_result_error(&results, MFL_THEORY_M));
    }
    mfli_chebyshev_fit(terms, values, fit->m);
    differentiate(fit, 0);
    differentiate(fit, 1);
    return MFL_OK;
}

static void fit_values(const local_fit *fit, double u, double *values)
{
    mfli_chebyshev_values(fit->terms, (const double (*)[MFLI_SERIES])fit->m, (u - fit->middle) / fit->half, values);
}

/* Where value `which` of the fit (0: m, 1: dm/du, ...) is `target`; the interval holds one such u. */
static double fit_root(const local_fit *fit, int32_t which, double target)
{
    double low = fit->middle - fit->half, high = fit->middle + fit->half, at[MFLI_SERIES];
    fit_values(fit, low, at);
    int32_t below = at[which] < target;
    for (int32_t i = 0; i < 100; i++) {
        double middle = 0.5 * (low + high);
        fit_values(fit, middle, at);
        *((at[which] < target) == below ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

/* Points i of a branch around which to fit: from one before to one after an interval. */
static void around(const mfl_path *path, const mfli_path_branch *branch, int32_t i, double *low, double *high)
{
    const mfli_path_point *point = mfli_path_points(path) + branch->first;
    double a = point[i > 0 ? i - 1 : 0].u, b = point[i + 2 < branch->count ? i + 2 : branch->count - 1].u;
    *low = fmin(a, b);
    *high = fmax(a, b);
}

static double m_of(const mfl_path *path, const mfli_path_branch *branch, int32_t i)
{
    return mfli_result(&mfli_path_points(path)[branch->first + i].results, MFL_THEORY_M);
}

/* ---- criteria ---- */

static int32_t no_such_point(const mfl_path *path, const char *why)
{
    return mfli_fail(path->object.context, MFL_ERROR_STATE, "%s", why);
}

static double largest_m(const mfl_path *path, const mfli_path_branch *branch)
{
    double most = -INFINITY;
    for (int32_t i = 0; i < branch->count; i++)
        most = fmax(most, m_of(path, branch, i));
    return most;
}

static int32_t find_largest(const mfl_path *path)
{
    int32_t best = -1;
    double most = -INFINITY;
    for (int32_t i = 0; i < path->branches.count; i++) {
        const mfli_path_branch *branch = mfli_path_branches(path) + i;
        if (branch->stable && branch->count > 4 && largest_m(path, branch) > most) {
            most = largest_m(path, branch);
            best = i;
        }
    }
    return best;
}

/* The interval i, i + 1 of points where |dm/du| is largest. */
static int32_t find_steepest(const mfl_path *path, const mfli_path_branch *branch)
{
    const mfli_path_point *point = mfli_path_points(path) + branch->first;
    int32_t best = 0;
    double most = 0.0;
    for (int32_t i = 0; i + 1 < branch->count; i++) {
        double slope = fabs((m_of(path, branch, i + 1) - m_of(path, branch, i)) / (point[i + 1].u - point[i].u));
        if (slope > most) {
            most = slope;
            best = i;
        }
    }
    return best;
}

static int32_t steepest(mfl_path *path, double *u, double *error)
{
    enum { coarse_terms = 9 };
    int32_t index = find_largest(path), status;
    local_fit coarse, fine;
    double low, high, left[MFLI_SERIES], right[MFLI_SERIES];
    if (path->folds.count)
        return no_such_point(path, "m jumps where a branch is lost; its steepest point is the fold, see MFL_PATH_FOLD");
    if (index < 0)
        return no_such_point(path, "no stable branch has points enough; follow a wider range");
    const mfli_path_branch *branch = mfli_path_branches(path) + index;
    around(path, branch, find_steepest(path, branch), &low, &high);
    status = fit_near(path, index, low, high, coarse_terms, &coarse);
    if (status == MFL_OK)
        status = fit_near(path, index, low, high, terms_most, &fine);
    if (status != MFL_OK)
        return status;
    fit_values(&fine, low, left);
    fit_values(&fine, high, right);
    if (left[2] * right[2] >= 0.0)
        return no_such_point(path, "|dm/d ln p| is largest at an end of the range; follow a wider one");
    double rough = fit_root(&coarse, 2, 0.0);
    *u = fit_root(&fine, 2, 0.0);
    /* an error of m moves the zero of m'' by itself times the norm of the second derivative, over m''' */
    double third = fabs(right[2] - left[2]) / (high - low),
           norm = 4.0 * terms_most * terms_most / (fine.half * fine.half);
    *error = fabs(*u - rough) + norm * fine.error / third;
    return MFL_OK;
}

static int32_t lost(mfl_path *path, double *u, double *error)
{
    const mfli_path_fold *fold = path->folds.items, *best = NULL;
    for (int32_t i = 0; i < path->folds.count; i++)
        if (!best || mfli_result(&fold[i].results, MFL_THEORY_M) < mfli_result(&best->results, MFL_THEORY_M))
            best = &fold[i];
    if (!best)
        return no_such_point(path, "no branch is lost in this range: the path has no fold");
    *u = best->u;
    *error = best->error;
    return MFL_OK;
}

/* Where the tangent at m = target reaches 0. `found`: does a stable branch pass the target? */
static int32_t extrapolate(mfl_path *path, double target, int32_t *found, double *u, double *error)
{
    double power = path->follower.parameter == MFL_PATH_SAMPLES ? -0.5 : 1.0; /* m is linear in p^power */
    *found = 0;
    for (int32_t b = 0; b < path->branches.count; b++) {
        const mfli_path_branch *branch = mfli_path_branches(path) + b;
        for (int32_t i = 0; branch->stable && i + 1 < branch->count; i++) {
            double low, high, at[MFLI_SERIES];
            local_fit fit;
            if ((m_of(path, branch, i) < target) == (m_of(path, branch, i + 1) < target))
                continue;
            around(path, branch, i, &low, &high);
            int32_t status = fit_near(path, b, low, high, terms_most, &fit);
            if (status != MFL_OK)
                return status;
            double root = fit_root(&fit, 0, target);
            fit_values(&fit, root, at);
            double reach = 1.0 - target * power / at[1]; /* p^power grows by this factor */
            *u = root + log(reach) / power;
            *error = fit.error * (1.0 + terms_most * terms_most / fit.half / fabs(at[1])) / fabs(at[1] * reach);
            *found = reach > 0.0;
            return MFL_OK;
        }
    }
    return MFL_OK;
}

static int32_t pinned(mfl_path *path, double *u, double *error)
{
    static const double half = 0.5, beyond = 0.6;
    double other, other_error;
    int32_t found, status = extrapolate(path, half, &found, u, error);
    if (status == MFL_OK && !found)
        return no_such_point(path, "no stable branch passes m = 1/2 in this range");
    if (status == MFL_OK)
        status = extrapolate(path, beyond, &found, &other, &other_error);
    if (status == MFL_OK && !found)
        return no_such_point(path, "no stable branch passes m = 0.6 in this range, which the error needs");
    if (status == MFL_OK)
        *error += 0.5 * fabs(*u - other) + other_error;
    return status;
}

int32_t mfli_path_critical(mfl_path *path, int32_t criterion, double *value, double *error)
{
    mfl_context *context = path->object.context;
    double u = 0.0, off = 0.0;
    int32_t status;
    if (!value)
        return mfli_fail_null(context, "value");
    if (criterion < MFL_PATH_STEEPEST || criterion > MFL_PATH_PINNED)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "criterion is %d; it must be one of mfl_path_criterion",
                         (int)criterion);
    if (path->points.count == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "nothing was followed yet; call mfl_path_follow");
    if (path->follower.parameter == MFL_PATH_DIMENSION)
        return mfli_fail(context, MFL_ERROR_STATE, "the dimension is no real parameter; follow P or kappa");
    if (criterion == MFL_PATH_STEEPEST)
        status = steepest(path, &u, &off);
    else
        status = criterion == MFL_PATH_FOLD ? lost(path, &u, &off) : pinned(path, &u, &off);
    if (status == MFLI_NO_POINT)
        status =
            no_such_point(path, "the solution was lost between two points of the path; follow it in shorter steps");
    if (status != MFL_OK)
        return *context->message ? status : mfli_family_fail(&path->family, 0, status);
    *value = exp(u);
    if (error)
        *error = *value * off;
    return MFL_OK;
}
