/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/laws.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/quadrature.h"

/* Below this ratio laws are smooth functions of r^2, above of log r. */
static const double small_ratio = 0.3;
/* From this ratio on kinks are resolved. */
static const double large_ratio = 7.0;

int32_t mfli_laws_create(mfl_context *context, int32_t degree, const mfli_resolution *resolution, mfli_laws *laws)
{
    int32_t order = resolution->order, polar = resolution->polar;
    memset(laws, 0, sizeof *laws);
    laws->degree = degree;
    laws->terms = resolution->terms;
    int32_t status = mfli_sector_create(context, degree, order, polar, 0, &laws->near);
    /* cones cut along the kinks are smaller: fewer nodes each */
    if (status == MFL_OK)
        status = mfli_sector_create(context, degree, degree == 4 ? 3 * order / 4 : order, polar, 1, &laws->far);
    if (status == MFL_OK)
        status = mfli_sector_create(context, degree, 1 + order / 2, polar, 0, &laws->cap);
    if (status != MFL_OK)
        mfli_laws_finish(context, laws);
    return status;
}

void mfli_laws_finish(mfl_context *context, mfli_laws *laws)
{
    for (int32_t p = 0; p < 2 * MFLI_LAW_PANELS; p++)
        mfli_free(context, laws->panel[p]);
    mfli_sector_finish(context, &laws->near);
    mfli_sector_finish(context, &laws->far);
    mfli_sector_finish(context, &laws->cap);
    memset(laws, 0, sizeof *laws);
}

/* The law that a gain of order d r^2 makes sharp is r^-3/2 d^-1/2 wide; this serves d of some hundreds. */
static double crowding_at(double ratio)
{
    double sharpness = isfinite(ratio) ? 40.0 * pow(fmax(ratio, 1.0), 1.5) : INFINITY;
    return 1.3 * fmin(asinh(sharpness), 12.0);
}

static void fill(const mfli_laws *laws, double ratio, int32_t cap, double weight[MFLI_LAW_WEIGHTS])
{
    const mfli_sector *sector = cap ? &laws->cap : ratio < large_ratio ? &laws->near : &laws->far;
    mfli_angular_law(sector, ratio, crowding_at(ratio), cap, weight);
}

/* Panel of a ratio and the coordinate in [-1, 1] there; beyond the last panel laws no longer change. */
static int32_t locate(double ratio, int32_t cap, double *x)
{
    double y = cap ? acosh(ratio) : log(ratio / small_ratio);
    int32_t p = (int32_t)fmin(y, MFLI_LAW_PANELS - 2.0);
    if (!cap && ratio < small_ratio) {
        *x = 2.0 * (ratio / small_ratio) * (ratio / small_ratio) - 1.0;
        return 0;
    }
    *x = fmin(2.0 * (y - p) - 1.0, 1.0);
    return cap ? p : p + 1;
}

/* The inverse of it. */
static double ratio_at(int32_t p, int32_t cap, double x)
{
    double y = p + 0.5 * (x + 1.0);
    if (cap)
        return cosh(y);
    return p == 0 ? small_ratio * sqrt(y) : small_ratio * exp(y - 1.0);
}

static int32_t need(mfl_context *context, mfli_laws *laws, int32_t p, int32_t cap)
{
    double **panel = &laws->panel[cap * MFLI_LAW_PANELS + p];
    if (*panel)
        return MFL_OK;
    double *law = mfli_alloc(context, (size_t)laws->terms * MFLI_LAW_WEIGHTS, sizeof *law);
    if (!law)
        return MFL_ERROR_MEMORY;
    for (int32_t i = 0; i < laws->terms; i++) {
        double fraction = laws->start + laws->share * laws->made / (2.0 * MFLI_LAW_PANELS * laws->terms);
        if (mfli_progress(context, "laws of directions", fraction)) {
            mfli_free(context, law);
            return MFL_ERROR_CANCELLED;
        }
        fill(laws, ratio_at(p, cap, mfli_chebyshev_point(laws->terms, i)), cap, law + i * MFLI_LAW_WEIGHTS);
        laws->made++;
    }
    *panel = law;
    return MFL_OK;
}

/* At the Chebyshev points, by the barycentric formula: the weights are (-1)^i sin(theta_i). */
static void interpolate(int32_t n, const double *law, double x, double weight[MFLI_LAW_WEIGHTS])
{
    double share[MFLI_LAW_TERMS], total = 0.0;
    for (int32_t i = 0; i < n; i++) {
        double point = mfli_chebyshev_point(n, i), away = x - point;
        share[i] = (i % 2 ? -1.0 : 1.0) * sqrt(1.0 - point * point) / (fabs(away) > 1e-14 ? away : 1e-14);
        total += share[i];
    }
    memset(weight, 0, MFLI_LAW_WEIGHTS * sizeof *weight);
    for (int32_t i = 0; i < n; i++)
        for (int32_t l = 0; l < MFLI_LAW_WEIGHTS; l++)
            weight[l] += share[i] / total * law[i * MFLI_LAW_WEIGHTS + l];
}

int32_t mfli_laws_at(mfl_context *context, mfli_laws *laws, double ratio, int32_t cap, double weight[MFLI_LAW_WEIGHTS])
{
    double x;
    if (!isfinite(ratio)) {
        fill(laws, ratio, cap, weight);
        return MFL_OK;
    }
    int32_t p = locate(ratio, cap, &x), status = need(context, laws, p, cap);
    if (status == MFL_OK)
        interpolate(laws->terms, laws->panel[cap * MFLI_LAW_PANELS + p], x, weight);
    return status;
}
