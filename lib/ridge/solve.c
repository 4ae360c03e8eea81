/* SPDX-License-Identifier: BSD-3-Clause */
/* Fit and prediction by Cholesky factorisation. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

enum {
    BATCH = 256
}; /* inputs predicted at once: enough for the triangular solves to run at full speed */

static const double log_two_pi = 1.83787706640934548356;

static double dot(int64_t count, const double *a, const double *b)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static int32_t check_finite(mfl_context *context, const char *name, const double *values,
                            int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "%s: element %lld is not a finite number", name, (long long)i);
    return MFL_OK;
}

int32_t mfli_ridge_check_rows(mfl_context *context, const char *name, const double *rows,
                              int64_t count, int64_t stride, int64_t width)
{
    if (!rows)
        return mfli_fail_null(context, name);
    if (count < 1)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "%s: the number of rows is %lld; it must be at least 1", name,
                         (long long)count);
    if (stride < width || stride > INT64_MAX / 8 / count)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "%s: the stride is %lld; it must be at least %lld, the length of a row, "
                         "and %lld rows of "
                         "it must be addressable",
                         name, (long long)stride, (long long)width, (long long)count);
    return MFL_OK;
}

int32_t mfli_ridge_check_fitted(const mfl_ridge *ridge)
{
    return ridge->samples ? MFL_OK
                          : mfli_fail(ridge->object.context, MFL_ERROR_STATE,
                                      "nothing is fitted; call mfl_ridge_fit first");
}

void mfli_ridge_forget(mfl_ridge *ridge)
{
    mfl_context *context = ridge->object.context;
    mfli_free(context, ridge->weights);
    mfli_free(context, ridge->factor);
    mfli_points_clear(context, &ridge->points);
    ridge->weights = ridge->factor = NULL;
    ridge->samples = 0;
}

/* Cholesky of a singular matrix may get through on rounding errors. A pivot that is no larger than
 * what the sum of P products behind it typically rounds to is none; its row, or -1. */
static int64_t vanishing_pivot(const mfl_ridge *ridge, double ridge_value)
{
    const int64_t samples = ridge->points.count;
    const double noise = 8.0 * DBL_EPSILON * sqrt((double)samples);
    mfli_gram_diagonal(&ridge->kernel, &ridge->points, ridge->weights);
    for (int64_t i = 0; i < samples; i++) {
        double root = ridge->factor[i * samples + i];
        if (!(root * root > noise * (ridge->weights[i] + ridge_value)))
            return i;
    }
    return -1;
}

static int32_t factorise(mfl_ridge *ridge, double kappa)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->points.count;
    int64_t pivot = -1;
    int32_t status =
        mfli_gram(context, &ridge->kernel, &ridge->points, kappa * kappa, ridge->factor, samples);
    if (!status)
        status = mfli_potrf(context, samples, ridge->factor, samples, &pivot);
    if (!status)
        pivot = vanishing_pivot(ridge, kappa * kappa);
    if (pivot < 0)
        return status;
    return mfli_fail(context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
                     "the kernel matrix of %lld samples plus kappa^2 is not positive definite: "
                     "sample %lld (from 0) "
                     "cannot be told from those before it; raise kappa, which is %g, or remove "
                     "samples whose inputs "
                     "are equal",
                     (long long)samples, (long long)pivot, kappa);
}

/* Weights and evidence, given the factor. */
static int32_t solve(mfl_ridge *ridge, const double *targets)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->points.count;
    memcpy(ridge->weights, targets, (size_t)samples * sizeof(double));
    int32_t status =
        mfli_potrs(context, samples, 1, ridge->factor, samples, ridge->weights, samples);
    if (!status)
        status = check_finite(context, "weights", ridge->weights, samples);
    ridge->log_evidence =
        -0.5
        * (dot(samples, targets, ridge->weights) + mfli_log_det(samples, ridge->factor, samples)
           + (double)samples * log_two_pi);
    return status;
}

static int32_t allocate(mfl_ridge *ridge, int64_t samples)
{
    mfl_context *context = ridge->object.context;
    ridge->factor = mfli_alloc(context, (size_t)samples, (size_t)samples * sizeof(double));
    ridge->weights = ridge->factor ? mfli_alloc(context, (size_t)samples, sizeof(double)) : NULL;
    return ridge->weights ? MFL_OK : MFL_ERROR_MEMORY;
}

static int32_t check_problem(mfl_context *context, int64_t samples, const double *targets,
                             double kappa)
{
    if (samples < 1 || samples > INT32_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "the number of samples is %lld; it must be from 1 to %d",
                         (long long)samples, INT32_MAX);
    if (!(kappa >= 0.0) || isinf(kappa))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "kappa is %g; it must be a finite number that is not negative", kappa);
    return check_finite(context, "targets", targets, samples);
}

int32_t mfli_ridge_fit(mfl_ridge *ridge, int64_t samples, const double *inputs, int64_t row_stride,
                       int64_t column_stride, const double *targets, double kappa)
{
    mfl_context *context = ridge->object.context;
    mfli_ridge_forget(ridge);
    int32_t status = check_problem(context, samples, targets, kappa);
    if (!status)
        status = mfli_points_init(context, &ridge->points, "inputs", samples, ridge->dimension,
                                  inputs, row_stride, column_stride);
    if (!status)
        status = allocate(ridge, samples);
    if (!status)
        status = factorise(ridge, kappa);
    if (!status)
        status = solve(ridge, targets);
    if (status)
        mfli_ridge_forget(ridge);
    else
        ridge->samples = samples;
    return status;
}

/* variance = K(x, x) - |L^-1 k(x)|^2 for each row k(x) of `cross`, which is overwritten. */
static int32_t batch_variance(const mfl_ridge *ridge, const mfli_points *points, double *cross,
                              double *variance)
{
    const int64_t samples = ridge->samples;
    int32_t status = mfli_trsm(ridge->object.context, MFLI_RIGHT, MFLI_TRANSPOSED, points->count,
                               samples, ridge->factor, samples, cross, samples);
    if (status)
        return status;
    mfli_gram_diagonal(&ridge->kernel, points, variance);
    for (int64_t i = 0; i < points->count; i++) {
        double rest = variance[i] - dot(samples, cross + i * samples, cross + i * samples);
        variance[i] = rest < 0.0 ? 0.0 : rest; /* a NaN stays one, to be found by the caller */
    }
    return MFL_OK;
}

static int32_t batch(const mfl_ridge *ridge, const mfli_points *points, double *cross, double *mean,
                     double *variance)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->samples;
    int32_t status =
        mfli_cross_gram(context, &ridge->kernel, points, &ridge->points, cross, samples);
    if (!status && mean)
        status = mfli_gemv(context, MFLI_PLAIN, points->count, samples, 1.0, cross, samples,
                           ridge->weights, 0.0, mean);
    if (!status && mean)
        status = check_finite(context, "predicted means of a batch", mean, points->count);
    if (!status && variance)
        status = batch_variance(ridge, points, cross, variance);
    if (!status && variance)
        status = check_finite(context, "predicted variances of a batch", variance, points->count);
    return status;
}

static int32_t in_batches(const mfl_ridge *ridge, const double *inputs, int64_t count,
                          int64_t stride, double *cross, double *mean, double *variance)
{
    mfl_context *context = ridge->object.context;
    for (int64_t first = 0; first < count; first += BATCH) {
        int64_t size = count - first < BATCH ? count - first : BATCH;
        mfli_points points;
        int32_t status = mfli_points_init(context, &points, "inputs", size, ridge->dimension,
                                          inputs + first * stride, stride, 1);
        if (!status) {
            status = batch(ridge, &points, cross, mean ? mean + first : NULL,
                           variance ? variance + first : NULL);
            mfli_points_clear(context, &points);
        }
        if (status)
            return status;
        if (mfli_progress(context, "prediction", (double)(first + size) / (double)count)
            && first + size < count)
            return mfli_fail(context, MFL_ERROR_CANCELLED,
                             "cancelled after %lld of %lld predictions", (long long)(first + size),
                             (long long)count);
    }
    return MFL_OK;
}

int32_t mfli_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                           int64_t stride, double *mean, double *variance)
{
    mfl_context *context = ridge->object.context;
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (!status)
        status = mfli_ridge_check_rows(context, "inputs", inputs, count, stride, ridge->dimension);
    if (status)
        return status;
    double *cross = mfli_alloc(context, (size_t)(count < BATCH ? count : BATCH),
                               (size_t)ridge->samples * sizeof(double));
    if (!cross)
        return MFL_ERROR_MEMORY;
    status = in_batches(ridge, inputs, count, stride, cross, mean, variance);
    mfli_free(context, cross);
    return status;
}
