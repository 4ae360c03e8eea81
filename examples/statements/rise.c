/* SPDX-License-Identifier: BSD-3-Clause */
#include "rise.h"

#include <math.h>

#include "common/library.h"
#include "common/theory.h"

const st_closure st_mf = {"mf", MFL_THEORY_MF, 1, 0};
const st_closure st_ard = {"mf_ard, n = 1", MFL_THEORY_MF_ARD, 1, 1};
const st_closure st_shared = {"mf_ard, n = N", MFL_THEORY_MF_ARD, 0, 2};
const st_closure st_screened = {"mf_screened", MFL_THEORY_MF_SCREENED, 1, 3};

mfl_theory *st_make(const st_setting *at, const st_closure *of, int64_t dimension, int64_t degree)
{
    const ex_arguments *a = at->arguments;
    mfl_options *target;
    mfl_theory *theory = ex_make_theory(at->context, a, of->preset, dimension, degree,
                                        ex_int(a, "width", 1, INT64_C(1) << 40));
    ex_check(mfl_theory_options(theory, &target));
    if (of->preset == MFL_THEORY_MF_ARD && !ex_given(a, "sharing"))
        ex_check(mfl_options_set_int(target, MFL_THEORY_SHARING, of->sharing));
    return theory;
}

mfl_path *st_follow(const st_setting *at, mfl_theory *theory, int32_t parameter, double from, double to,
                    double fixed)
{
    mfl_path *path;
    mfl_options *target;
    ex_check(mfl_path_create(theory, &path));
    mfl_theory_destroy(theory);
    ex_check(mfl_path_options(path, &target));
    ex_set_option(at->context, target, "step", at->arguments, "step");
    ex_check(mfl_path_follow(path, parameter, from, to, fixed, fixed));
    return path;
}

enum { most_points = 4096 };

static int32_t is_stable(const mfl_path *path, int32_t branch)
{
    int32_t points, stable;
    ex_check(mfl_path_branch(path, branch, &points, &stable, NULL));
    return stable;
}

/* The points of one branch. */
static size_t points_of(const mfl_path *path, int32_t branch, int32_t key, st_point points[most_points])
{
    int32_t count;
    ex_check(mfl_path_branch(path, branch, &count, NULL, NULL));
    for (int32_t i = 0; i < count && i < most_points; i++) {
        ex_check(mfl_path_point(path, branch, i, &points[i].x, NULL));
        ex_check(mfl_path_get(path, branch, i, key, &points[i].y, &points[i].error));
    }
    return (size_t)(count < most_points ? count : most_points);
}

void st_note_path(st_book *book, const char *series, const mfl_path *path, int32_t key)
{
    st_point points[most_points];
    int32_t branches;
    ex_check(mfl_path_branches(path, &branches));
    for (int32_t b = 0; b < branches; b++)
        if (is_stable(path, b))
            st_note(book, series, points, points_of(path, b, key, points));
}

/* ---- where learning begins ---- */

/* The stable branch of smallest m, by falling noise. */
static size_t unlearned_branch(const mfl_path *path, st_point points[most_points])
{
    int32_t branches, lowest = -1;
    double least = INFINITY;
    ex_check(mfl_path_branches(path, &branches));
    for (int32_t b = 0; b < branches; b++) {
        size_t count = is_stable(path, b) ? points_of(path, b, MFL_THEORY_M, points) : 0;
        for (size_t i = 0; i < count; i++)
            if (points[i].y < least)
                least = points[i].y, lowest = b;
    }
    size_t count = lowest < 0 ? 0 : points_of(path, lowest, MFL_THEORY_M, points);
    if (count && points[0].x < points[count - 1].x)
        for (size_t i = 0; i < count / 2; i++) {
            st_point other = points[i];
            points[i] = points[count - 1 - i];
            points[count - 1 - i] = other;
        }
    return count;
}

/* kappa and its derivative at u = log m by the polynomial through `order` + 1 points; the tangent of m at u
 * meets m = 0 at kappa - d kappa/d log m. */
static double meets_zero(const st_point *points, size_t order, double u)
{
    double value = 0.0, slope = 0.0;
    for (size_t i = 0; i <= order; i++) {
        double weight = 1.0, change = 0.0;
        for (size_t j = 0; j <= order; j++)
            if (j != i) {
                double distance = log(points[i].y / points[j].y), here = u - log(points[j].y);
                change = (change * here + weight) / distance;
                weight *= here / distance;
            }
        value += weight * points[i].x;
        slope += change * points[i].x;
    }
    return value - slope;
}

/* NAN where the branch does not pass this m. */
static st_point tangent_at(const st_point *points, size_t count, double m)
{
    st_point found = {NAN, NAN, NAN};
    for (size_t i = 2; i + 1 < count; i++)
        if (points[i].y >= m && points[i - 1].y < m) {
            found.y = meets_zero(points + i - 2, 3, log(m));
            found.error = fabs(meets_zero(points + i - 1, 2, log(m)) - found.y);
            break;
        }
    return found;
}

static st_point criterion(mfl_path *path, int32_t which)
{
    st_point found = {NAN, NAN, NAN};
    int32_t status = mfl_path_critical(path, which, &found.y, &found.error);
    if (status == MFL_ERROR_STATE)
        return (st_point){NAN, NAN, NAN};
    ex_check(status);
    return found;
}

st_rise st_rise_of(mfl_path *path, int32_t whole)
{
    st_point points[most_points];
    const size_t count = unlearned_branch(path, points);
    const st_point none = {NAN, NAN, NAN}, fold = criterion(path, MFL_PATH_FOLD),
                   later = tangent_at(points, count, 0.1);
    st_rise found = {tangent_at(points, count, 0.05), none, none, none, none};
    int32_t transitions, folds;
    if (isnan(found.onset.y))
        found.onset = fold;
    else if (!isnan(later.y))
        found.onset.error += 0.5 * fabs(later.y - found.onset.y);
    if (!whole)
        return found;
    found.steepest = isnan(fold.y) ? criterion(path, MFL_PATH_STEEPEST) : fold;
    found.half = criterion(path, MFL_PATH_PINNED);
    ex_check(mfl_path_folds(path, &folds));
    for (int32_t f = 0; f < folds; f++) {
        st_point at;
        ex_check(mfl_path_fold(path, f, NULL, &at.y, &at.error));
        found.melts = at.y > found.melts.y || isnan(found.melts.y) ? at : found.melts;
    }
    ex_check(mfl_path_transitions(path, &transitions));
    if (transitions)
        ex_check(mfl_path_transition(path, 0, NULL, NULL, &found.equal.y, &found.equal.error));
    return found;
}

/* c(R) = J_S^2/Sigma of a ReLU neuron whose support carries the part R^2 of its length, equally and with the
 * signs of a pattern; the critical noise of large d is sqrt(P/d) max_R sqrt(c(R)/(-log(1 - R^2))). */
static double gain(int64_t k, double r)
{
    double j = 0.0, binomial = 1.0, v = sqrt(1.0 - r * r);
    for (int64_t n = 0; n <= k; n++) {
        double t = (double)(k - 2 * n) * r / sqrt((double)k) / v;
        double h = v * (0.5 * t * erfc(-t * sqrt(0.5)) + exp(-0.5 * t * t) / sqrt(8.0 * atan(1.0)));
        j += (n % 2 ? -1.0 : 1.0) * binomial * h;
        binomial *= (double)(k - n) / (double)(n + 1);
    }
    return 2.0 * j * j * pow(4.0, -(double)k);
}

double st_prefactor(int64_t degree)
{
    double most = 0.0;
    for (double r = 0.01; r < 0.9999; r += 1e-4)
        most = fmax(most, sqrt(gain(degree, r) / -log1p(-r * r)));
    return most;
}
