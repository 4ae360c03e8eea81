/* SPDX-License-Identifier: BSD-3-Clause */
/* Fit by Cholesky factorisation, and what every fit checks. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

static const double log_two_pi = 1.83787706640934548356;

int32_t mfli_ridge_check_finite(mfl_context *context, const char *name, const double *values,
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
                         "and %lld rows of it must be addressable",
                         name, (long long)stride, (long long)width, (long long)count);
    return MFL_OK;
}

int32_t mfli_ridge_check_fitted(const mfl_ridge *ridge)
{
    return ridge->samples ? MFL_OK
                          : mfli_fail(ridge->object.context, MFL_ERROR_STATE,
                                      "nothing is fitted; call mfl_ridge_fit first");
}

int32_t mfli_ridge_check_factor(const mfl_ridge *ridge)
{
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (!status && !ridge->factor)
        status = mfli_fail(ridge->object.context, MFL_ERROR_STATE,
                           "the fit by conjugate gradients has no factorisation; set the option "
                           "solver to cholesky and fit again");
    return status;
}

void mfli_ridge_forget(mfl_ridge *ridge)
{
    mfl_context *context = ridge->object.context;
    mfli_free(context, ridge->targets);
    mfli_free(context, ridge->weights);
    mfli_free(context, ridge->factor);
    mfli_points_clear(context, &ridge->points);
    ridge->weights = ridge->factor = ridge->targets = NULL;
    ridge->samples = 0;
    ridge->residual = ridge->steps = 0.0;
    ridge->rank = 0;
    ridge->stop = MFL_STOP_COMPLETED;
}

/* Numbers a sample that points take. */
static double width_of_points(const mfli_kernel *kernel)
{
    if (kernel->family == MFLI_FAMILY_PRECOMPUTED)
        return 0.0;
    double d = (double)kernel->dimension;
    return 1.0 + d + (kernel->family == MFLI_FAMILY_CALLER ? d : 0.0)
           + (kernel->family == MFLI_FAMILY_SERIES ? kernel->order : 0.0);
}

int64_t mfli_ridge_bytes(const mfl_ridge *ridge, const mfli_kernel *kernel, int64_t samples)
{
    const double P = (double)samples;
    double numbers = (P + MFLI_PANEL) * width_of_points(kernel) + 2.0 * P;
    if (kernel->family == MFLI_FAMILY_SERIES)
        numbers += 700.0 * kernel->order + 64.0 * 501.0;
    if (mfli_options_int(&ridge->options, MFL_RIDGE_SOLVER) == MFL_RIDGE_SOLVER_GRADIENTS)
        numbers += mfli_ridge_iteration_numbers(ridge, samples);
    else
        numbers += P * P;
    return numbers < 1e18 ? (int64_t)(8.0 * numbers) : -1;
}

/* Cholesky of a singular matrix may get through on rounding errors. A pivot that is no larger than
 * what the sum of P products behind it typically rounds to is none; its row, or -1. */
static int64_t vanishing_pivot(int64_t samples, const double *factor, const double *diagonal)
{
    const double noise = 8.0 * DBL_EPSILON * sqrt((double)samples);
    for (int64_t i = 0; i < samples; i++) {
        double root = factor[i * samples + i];
        if (!(root * root > noise * diagonal[i]))
            return i;
    }
    return -1;
}

/* The lower triangle of K + kappa^2 I. */
static int32_t build(mfl_ridge *ridge, const mfli_problem_data *data)
{
    const int64_t samples = data->samples;
    const double noise = ridge->kappa * ridge->kappa;
    if (!data->kernel)
        return mfli_gram(ridge->object.context, &ridge->kernel, &ridge->points, noise,
                         ridge->factor, samples);
    for (int64_t i = 0; i < samples; i++) {
        memcpy(ridge->factor + i * samples, data->kernel + i * data->row_stride,
               (size_t)(i + 1) * sizeof(double));
        ridge->factor[i * samples + i] += noise;
    }
    return MFL_OK;
}

/* `diagonal` is a workspace of P numbers. */
static int32_t factorise(mfl_ridge *ridge, const mfli_problem_data *data, double *diagonal)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = data->samples;
    int64_t pivot = -1;
    int32_t status = build(ridge, data);
    for (int64_t i = 0; !status && i < samples; i++)
        diagonal[i] = ridge->factor[i * samples + i];
    if (!status)
        status = mfli_potrf(context, samples, ridge->factor, samples, &pivot);
    if (!status)
        pivot = vanishing_pivot(samples, ridge->factor, diagonal);
    if (pivot < 0)
        return status;
    return mfli_fail(context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
                     "the kernel matrix of %lld samples plus kappa^2 is not positive definite: "
                     "sample %lld (from 0) cannot be told from those before it; raise kappa, which "
                     "is %g, or remove samples whose inputs are equal",
                     (long long)samples, (long long)pivot, ridge->kappa);
}

/* Factor, weights and evidence. */
static int32_t solve(mfl_ridge *ridge, const mfli_problem_data *data)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = data->samples;
    if (!ridge->factor)
        ridge->factor = mfli_alloc(context, (size_t)samples, (size_t)samples * sizeof(double));
    int32_t status = ridge->factor ? factorise(ridge, data, ridge->weights) : MFL_ERROR_MEMORY;
    if (status)
        return status;
    memcpy(ridge->weights, ridge->targets, (size_t)samples * sizeof(double));
    status = mfli_potrs(context, samples, 1, ridge->factor, samples, ridge->weights, samples);
    if (!status)
        status = mfli_ridge_check_finite(context, "weights", ridge->weights, samples);
    ridge->log_evidence =
        -0.5
        * (mfli_dot(samples, ridge->targets, ridge->weights)
           + mfli_log_det(samples, ridge->factor, samples) + (double)samples * log_two_pi);
    return status;
}

static int32_t check_problem(const mfl_ridge *ridge, const mfli_problem_data *data, double kappa)
{
    mfl_context *context = ridge->object.context;
    const int32_t precomputed = ridge->kernel.family == MFLI_FAMILY_PRECOMPUTED;
    if (data->samples < 1 || data->samples > INT32_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "the number of samples is %lld; it must be from 1 to %d",
                         (long long)data->samples, INT32_MAX);
    if (!(kappa >= 0.0) || isinf(kappa))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "kappa is %g; it must be a finite number that is not negative", kappa);
    if (precomputed != (data->kernel != NULL))
        return mfli_fail(context, MFL_ERROR_STATE,
                         precomputed ? "the option kernel is precomputed; call mfl_ridge_fit_matrix"
                                     : "to fit a matrix set the option kernel to precomputed");
    return mfli_ridge_check_finite(context, "targets", data->targets, data->samples);
}

static int32_t check_memory(const mfl_ridge *ridge, int64_t samples)
{
    const int64_t limit = mfli_options_int(&ridge->options, MFL_RIDGE_MEMORY_LIMIT);
    const int64_t bytes = mfli_ridge_bytes(ridge, &ridge->kernel, samples);
    if (limit == 0 || (bytes >= 0 && bytes <= limit))
        return MFL_OK;
    return mfli_fail(ridge->object.context, MFL_ERROR_MEMORY,
                     "the fit of %lld samples would take %lld bytes, more than the memory_limit of "
                     "%lld; raise it, or set the option solver to gradients",
                     (long long)samples, (long long)bytes, (long long)limit);
}

static int32_t prepare(mfl_ridge *ridge, const mfli_problem_data *data, double kappa)
{
    mfl_context *context = ridge->object.context;
    int32_t status = mfli_ridge_choose(ridge, &ridge->kernel);
    if (!status)
        status = check_problem(ridge, data, kappa);
    if (!status)
        status = check_memory(ridge, data->samples);
    if (!status && !data->kernel)
        status = mfli_points_init(context, &ridge->kernel, &ridge->points, "inputs", data->samples,
                                  data->inputs, data->row_stride, data->column_stride);
    if (status)
        return status;
    const size_t samples = (size_t)data->samples;
    ridge->kappa = kappa;
    ridge->targets = mfli_alloc(context, samples, sizeof(double));
    ridge->weights = ridge->targets ? mfli_alloc(context, samples, sizeof(double)) : NULL;
    if (!ridge->weights)
        return MFL_ERROR_MEMORY;
    memcpy(ridge->targets, data->targets, samples * sizeof(double));
    return MFL_OK;
}

int32_t mfli_ridge_fit_to(mfl_ridge *ridge, const mfli_problem_data *data, double kappa)
{
    const int32_t exact =
        mfli_options_int(&ridge->options, MFL_RIDGE_SOLVER) == MFL_RIDGE_SOLVER_CHOLESKY;
    /* The matrix of a fit of the same size serves again: fresh pages take time to clear. */
    double *factor = NULL;
    if (exact && ridge->samples == data->samples) {
        factor = ridge->factor;
        ridge->factor = NULL;
    }
    mfli_ridge_forget(ridge);
    ridge->factor = factor;
    int32_t status = prepare(ridge, data, kappa);
    if (!status)
        status = exact ? solve(ridge, data) : mfli_ridge_iterate(ridge, data->samples);
    if (status)
        mfli_ridge_forget(ridge);
    else
        ridge->samples = data->samples;
    return status;
}
