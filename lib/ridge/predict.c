/* SPDX-License-Identifier: BSD-3-Clause */
/* Posterior means, variances and covariances from a fit, and weights for other targets. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

enum {
    BATCH = 256
}; /* inputs predicted at once: enough for the triangular solves to run at full speed */

/* variance = K(x, x) - |L^-1 k(x)|^2 for each of count rows k(x) of `cross`, which is overwritten;
 * K(x, x) is in `variance`. */
static int32_t reduce_variance(const mfl_ridge *ridge, int64_t count, double *cross,
                               double *variance)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->samples;
    int32_t status = mfli_trsm(context, MFLI_RIGHT, MFLI_TRANSPOSED, count, samples, ridge->factor,
                               samples, cross, samples);
    for (int64_t i = 0; !status && i < count; i++) {
        double rest = variance[i] - mfli_dot(samples, cross + i * samples, cross + i * samples);
        variance[i] = rest < 0.0 ? 0.0 : rest; /* a NaN stays one, to be found below */
    }
    return status ? status
                  : mfli_ridge_check_finite(context, "predicted variances of a batch", variance,
                                            count);
}

/* Mean, and variance from K(x, x) in it, of count rows of packed `cross`. */
static int32_t finish_batch(const mfl_ridge *ridge, int64_t count, double *cross, double *mean,
                            double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = MFL_OK;
    if (mean)
        status = mfli_gemv(context, MFLI_PLAIN, count, ridge->samples, 1.0, cross, ridge->samples,
                           ridge->weights, 0.0, mean);
    if (!status && mean)
        status = mfli_ridge_check_finite(context, "predicted means of a batch", mean, count);
    if (!status && variance)
        status = reduce_variance(ridge, count, cross, variance);
    return status;
}

static int32_t batch(const mfl_ridge *ridge, const mfli_points *points, double *cross, double *mean,
                     double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status =
        mfli_cross_gram(context, &ridge->kernel, points, &ridge->points, cross, ridge->samples);
    if (!status && variance)
        status = mfli_gram_diagonal(context, &ridge->kernel, points, variance);
    return status ? status : finish_batch(ridge, points->count, cross, mean, variance);
}

static int32_t report(mfl_context *context, int64_t done, int64_t count)
{
    if (mfli_progress(context, "prediction", (double)done / (double)count) && done < count)
        return mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled after %lld of %lld predictions",
                         (long long)done, (long long)count);
    return MFL_OK;
}

static int32_t in_batches(const mfl_ridge *ridge, const double *inputs, int64_t count,
                          int64_t stride, double *cross, double *mean, double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = MFL_OK;
    for (int64_t first = 0; !status && first < count; first += BATCH) {
        int64_t size = count - first < BATCH ? count - first : BATCH;
        mfli_points points;
        status = mfli_points_init(context, &ridge->kernel, &points, "inputs", size,
                                  inputs + first * stride, stride, 1);
        if (!status)
            status = batch(ridge, &points, cross, mean ? mean + first : NULL,
                           variance ? variance + first : NULL);
        mfli_points_clear(context, &points);
        if (!status)
            status = report(context, first + size, count);
    }
    return status;
}

/* A fit with a kernel that is a function. */
static int32_t check_function(const mfl_ridge *ridge)
{
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (!status && ridge->kernel.family == MFLI_FAMILY_PRECOMPUTED)
        status =
            mfli_fail(ridge->object.context, MFL_ERROR_STATE,
                      "the fit is to a matrix; pass kernel values to mfl_ridge_predict_matrix");
    return status;
}

static double *allocate_batch(const mfl_ridge *ridge, int64_t count)
{
    return mfli_alloc(ridge->object.context, (size_t)(count < BATCH ? count : BATCH),
                      (size_t)ridge->samples * sizeof(double));
}

int32_t mfli_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                           int64_t stride, double *mean, double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = check_function(ridge);
    if (!status && variance)
        status = mfli_ridge_check_factor(ridge);
    if (!status)
        status = mfli_ridge_check_rows(context, "inputs", inputs, count, stride, ridge->dimension);
    if (status)
        return status;
    double *cross = allocate_batch(ridge, count);
    if (!cross)
        return MFL_ERROR_MEMORY;
    status = in_batches(ridge, inputs, count, stride, cross, mean, variance);
    mfli_free(context, cross);
    return status;
}

int32_t mfl_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                          int64_t stride, double *mean, double *variance)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge,
                               mfli_ridge_predict(ridge, inputs, count, stride, mean, variance));
}

static int32_t check_matrix(const mfl_ridge *ridge, const double *cross, int64_t count,
                            int64_t stride, const double *prior, const double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (!status && variance)
        status = mfli_ridge_check_factor(ridge);
    if (!status)
        status = mfli_ridge_check_rows(context, "cross", cross, count, stride, ridge->samples);
    if (!status && variance && !prior)
        status = mfli_fail_null(context, "prior");
    return status;
}

static int32_t predict_matrix(const mfl_ridge *ridge, const double *cross, int64_t count,
                              int64_t stride, const double *prior, double *mean, double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = check_matrix(ridge, cross, count, stride, prior, variance);
    double *packed = status ? NULL : allocate_batch(ridge, count);
    if (!packed)
        return status ? status : MFL_ERROR_MEMORY;
    for (int64_t first = 0; !status && first < count; first += BATCH) {
        int64_t size = count - first < BATCH ? count - first : BATCH;
        for (int64_t i = 0; i < size; i++)
            memcpy(packed + i * ridge->samples, cross + (first + i) * stride,
                   (size_t)ridge->samples * sizeof *packed);
        if (variance)
            memcpy(variance + first, prior + first, (size_t)size * sizeof *variance);
        status = finish_batch(ridge, size, packed, mean ? mean + first : NULL,
                              variance ? variance + first : NULL);
        if (!status)
            status = report(context, first + size, count);
    }
    mfli_free(context, packed);
    return status;
}

int32_t mfl_ridge_predict_matrix(const mfl_ridge *ridge, const double *cross, int64_t count,
                                 int64_t stride, const double *prior, double *mean,
                                 double *variance)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge,
                               predict_matrix(ridge, cross, count, stride, prior, mean, variance));
}

/* K(X, X) - (L^-1 K(P, X))^T (L^-1 K(P, X)), lower triangle first. */
static int32_t joint(const mfl_ridge *ridge, const mfli_points *points, double *cross,
                     double *covariance, int64_t stride)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->samples, count = points->count;
    int32_t status =
        mfli_cross_gram(context, &ridge->kernel, points, &ridge->points, cross, samples);
    if (!status)
        status = mfli_gram(context, &ridge->kernel, points, 0.0, covariance, stride);
    if (!status)
        status = mfli_trsm(context, MFLI_RIGHT, MFLI_TRANSPOSED, count, samples, ridge->factor,
                           samples, cross, samples);
    if (!status)
        status = mfli_syrk(context, MFLI_PLAIN, count, samples, -1.0, cross, samples, 1.0,
                           covariance, stride);
    for (int64_t i = 0; !status && i < count; i++) {
        status = mfli_ridge_check_finite(context, "a row of the covariance",
                                         covariance + i * stride, i + 1);
        for (int64_t j = 0; j < i; j++)
            covariance[j * stride + i] = covariance[i * stride + j];
    }
    return status;
}

static int32_t covariance_of(const mfl_ridge *ridge, const double *inputs, int64_t count,
                             int64_t stride, double *covariance, int64_t covariance_stride)
{
    mfl_context *context = ridge->object.context;
    int32_t status = check_function(ridge);
    if (!status)
        status = mfli_ridge_check_factor(ridge);
    if (!status)
        status = mfli_ridge_check_rows(context, "inputs", inputs, count, stride, ridge->dimension);
    if (!status)
        status = mfli_ridge_check_rows(context, "covariance", covariance, count, covariance_stride,
                                       count);
    mfli_points points;
    if (!status)
        status =
            mfli_points_init(context, &ridge->kernel, &points, "inputs", count, inputs, stride, 1);
    if (status)
        return status;
    double *cross = mfli_alloc(context, (size_t)count, (size_t)ridge->samples * sizeof *cross);
    status = cross ? joint(ridge, &points, cross, covariance, covariance_stride) : MFL_ERROR_MEMORY;
    mfli_free(context, cross);
    mfli_points_clear(context, &points);
    return status;
}

int32_t mfl_ridge_covariance(const mfl_ridge *ridge, const double *inputs, int64_t count,
                             int64_t stride, double *covariance, int64_t covariance_stride)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge, covariance_of(ridge, inputs, count, stride, covariance,
                                                    covariance_stride));
}

static int32_t solve(const mfl_ridge *ridge, const double *targets, int64_t count, int64_t stride,
                     double *weights, int64_t weight_stride)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->samples;
    int32_t status = mfli_ridge_check_factor(ridge);
    if (!status)
        status = mfli_ridge_check_rows(context, "targets", targets, count, stride, samples);
    if (!status)
        status = mfli_ridge_check_rows(context, "weights", weights, count, weight_stride, samples);
    for (int64_t i = 0; !status && i < count; i++) {
        status =
            mfli_ridge_check_finite(context, "a row of targets", targets + i * stride, samples);
        if (weights + i * weight_stride != targets + i * stride)
            memmove(weights + i * weight_stride, targets + i * stride,
                    (size_t)samples * sizeof *weights);
    }
    if (!status)
        status =
            mfli_potrs(context, samples, count, ridge->factor, samples, weights, weight_stride);
    for (int64_t i = 0; !status && i < count; i++)
        status = mfli_ridge_check_finite(context, "a row of weights", weights + i * weight_stride,
                                         samples);
    return status;
}

int32_t mfl_ridge_solve(const mfl_ridge *ridge, const double *targets, int64_t count,
                        int64_t stride, double *weights, int64_t weight_stride)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge, solve(ridge, targets, count, stride, weights, weight_stride));
}
