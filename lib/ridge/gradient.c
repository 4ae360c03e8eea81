/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives of the log evidence: with W = alpha alpha^T - (K + kappa^2 I)^-1 that to a parameter
 * p is 1/2 sum W dK/dp. A kernel K(s^2, t^2, r) of s^2 = sum_j x_j^2 / rho_j, t^2 and
 * r = sum_j x_j x'_j / rho_j changes with log rho_j by
 *     -(x_j^2 dK/ds^2 + x'_j^2 dK/dt^2 + x_j x'_j dK/dr) / rho_j. */
#include <math.h>

#include "core/context.h"
#include "core/team.h"
#include "linalg/linalg.h"
#include "ridge/ridge.h"
#include "ridge/tile.h"

typedef struct slope_job {
    const mfl_ridge *ridge;
    const mfli_tiles *tiles;
    double *mixed;  /* P x P: in W, out W dK/dr, elementwise */
    double *square; /* P: sum_nu W dK/ds^2 */
} slope_job;

static void row_of_tiles(void *data, int64_t row_panel, int32_t thread)
{
    (void)thread;
    slope_job *job = data;
    const mfl_ridge *ridge = job->ridge;
    const int64_t n = ridge->samples, first = row_panel * MFLI_PANEL;
    const int64_t rows = n - first < MFLI_PANEL ? n - first : MFLI_PANEL;
    for (int64_t i = 0; i < rows; i++)
        job->square[first + i] = 0.0;
    for (int64_t panel = 0; panel < mfli_panels(n) && !mfli_cancelled(ridge->object.context);
         panel++) {
        const int64_t start = panel * MFLI_PANEL;
        const int64_t columns = n - start < MFLI_PANEL ? n - start : MFLI_PANEL;
        mfli_slopes s;
        job->tiles->slopes(&ridge->kernel, &ridge->points, row_panel, &ridge->points, panel, &s);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++) {
                double *w = &job->mixed[(first + i) * n + start + j];
                job->square[first + i] += *w * s.square[i * MFLI_PANEL + j];
                *w *= s.product[i * MFLI_PANEL + j];
            }
    }
}

/* x_j / sqrt(rho_j) of the fitted inputs, row-major. */
static void coordinates(const mfli_points *points, double *out)
{
    for (int64_t i = 0; i < points->count; i++)
        for (int64_t k = 0; k < points->dimension; k++)
            out[i * points->dimension + k] =
                points->lengths[i]
                * mfli_panel(points, i / MFLI_PANEL)[k * MFLI_PANEL + i % MFLI_PANEL];
}

/* -d log evidence / d log rho_j for all j: sum_mu x_j^2 square + 1/2 x_j^T mixed x_j. */
static int32_t by_coordinate(const slope_job *job, double *x, double *image, double *out)
{
    const mfl_ridge *ridge = job->ridge;
    const int64_t n = ridge->samples, d = ridge->dimension;
    coordinates(&ridge->points, x);
    int32_t status = mfli_gemm(ridge->object.context, MFLI_PLAIN, MFLI_PLAIN, n, d, n, 1.0,
                               job->mixed, n, x, d, 0.0, image, d);
    for (int64_t j = 0; j < d; j++) {
        double sum = 0.0;
        for (int64_t i = 0; i < n; i++)
            sum += x[i * d + j] * (x[i * d + j] * job->square[i] + 0.5 * image[i * d + j]);
        out[j] = sum;
    }
    return status;
}

/* Replaces the inverse by W and takes the slopes to weights; sums them over coordinates for
 * sigma_w. */
static int32_t by_weights(const mfl_ridge *ridge, double *inverse, mfli_ridge_slopes *slopes)
{
    mfl_context *context = ridge->object.context;
    const int64_t n = ridge->samples, d = ridge->dimension;
    double *work = mfli_alloc(context, (size_t)n * (2 * (size_t)d + 1) + (size_t)d, sizeof *work);
    if (!work)
        return MFL_ERROR_MEMORY;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            inverse[i * n + j] = ridge->weights[i] * ridge->weights[j] - inverse[i * n + j];
    double *x = work, *image = x + n * d, *each = image + n * d;
    slope_job job = {ridge, mfli_tiles_select(context), inverse, each + d};
    mfli_team_for(context, mfli_threads(context), mfli_panels(n), row_of_tiles, NULL, &job);
    int32_t status =
        mfli_cancelled(context)
            ? mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled in the gradient of the evidence")
            : by_coordinate(&job, x, image, each);
    slopes->sigma_w = 0.0;
    for (int64_t j = 0; !status && j < d; j++) {
        if (!ridge->kernel.factors)
            slopes->sigma_w += 2.0 * each[j];
        if (slopes->rho)
            slopes->rho[j] = -each[j];
    }
    mfli_free(context, work);
    return status;
}

int32_t mfli_ridge_slopes_at(const mfl_ridge *ridge, mfli_ridge_slopes *slopes)
{
    mfl_context *context = ridge->object.context;
    const int64_t n = ridge->samples;
    int32_t status = MFL_OK;
    const int32_t tiled = mfli_kernel_is_tiled(&ridge->kernel);
    if (slopes->rho && !tiled)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "derivatives to precisions need a kernel of the library's own");
    double *inverse = mfli_ridge_inverse(ridge, &status);
    if (!inverse)
        return status;
    double trace = 0.0, noise = ridge->kappa * ridge->kappa;
    for (int64_t i = 0; i < n; i++)
        trace += inverse[i * n + i];
    const double square = mfli_dot(n, ridge->weights, ridge->weights);
    /* sum W K = y.alpha - kappa^2 alpha.alpha - P + kappa^2 trace */
    slopes->kappa = noise * (square - trace);
    slopes->sigma_a = mfli_dot(n, ridge->targets, ridge->weights) - (double)n - slopes->kappa;
    slopes->sigma_w = 0.0;
    if (tiled)
        status = by_weights(ridge, inverse, slopes);
    mfli_free(context, inverse);
    const double others[] = {slopes->kappa, slopes->sigma_a, slopes->sigma_w};
    if (!status)
        status = mfli_ridge_check_finite(context, "derivatives of the log evidence", others, 3);
    if (!status && slopes->rho)
        status = mfli_ridge_check_finite(context, "derivatives to log rho", slopes->rho, ridge->dimension);
    return status;
}

static int32_t gradient(const mfl_ridge *ridge, double *log_kappa, double *log_sigma_a,
                        double *log_sigma_w, double *log_rho, int64_t capacity)
{
    mfl_context *context = ridge->object.context;
    mfli_ridge_slopes slopes = {.rho = log_rho};
    int32_t status = mfli_ridge_check_factor(ridge);
    if (!status && log_rho && capacity < ridge->dimension)
        status = mfli_fail(context, MFL_ERROR_BUFFER,
                           "capacity is %lld; there are %lld derivatives, one a coordinate",
                           (long long)capacity, (long long)ridge->dimension);
    if (!status && log_sigma_w && !mfli_kernel_is_tiled(&ridge->kernel))
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "the derivative to sigma_w needs a kernel of the library's own");
    if (!status)
        status = mfli_ridge_slopes_at(ridge, &slopes);
    if (status)
        return status;
    if (log_kappa)
        *log_kappa = slopes.kappa;
    if (log_sigma_a)
        *log_sigma_a = slopes.sigma_a;
    if (log_sigma_w)
        *log_sigma_w = slopes.sigma_w;
    return MFL_OK;
}

int32_t mfl_ridge_gradient(const mfl_ridge *ridge, double *log_kappa, double *log_sigma_a,
                           double *log_sigma_w, double *log_rho, int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge, gradient(ridge, log_kappa, log_sigma_a, log_sigma_w, log_rho,
                                               capacity));
}
