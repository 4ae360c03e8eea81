/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors on left-out samples in closed form, with G = (K + kappa^2 I)^-1 and alpha = G y: leaving
 * out the samples I predicts y_I - (G_II)^-1 alpha_I for them. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

static const double log_two_pi = 1.83787706640934548356;

double *mfli_ridge_inverse(const mfl_ridge *ridge, int32_t *status)
{
    mfl_context *context = ridge->object.context;
    const int64_t n = ridge->samples;
    double *inverse = mfli_alloc(context, (size_t)n, (size_t)n * sizeof *inverse);
    *status = inverse ? MFL_OK : MFL_ERROR_MEMORY;
    if (!inverse)
        return NULL;
    memcpy(inverse, ridge->factor, (size_t)(n * n) * sizeof *inverse);
    *status = mfli_potri(context, n, inverse, n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            inverse[j * n + i] = inverse[i * n + j];
    if (!*status)
        return inverse;
    mfli_free(context, inverse);
    return NULL;
}

static int32_t check_outputs(const mfl_ridge *ridge, int64_t capacity)
{
    int32_t status = mfli_ridge_check_factor(ridge);
    if (!status && capacity < ridge->samples)
        status = mfli_fail(ridge->object.context, MFL_ERROR_BUFFER,
                           "capacity is %lld; there are %lld samples", (long long)capacity,
                           (long long)ridge->samples);
    return status;
}

static int32_t leave_one_out(const mfl_ridge *ridge, double *mean, double *variance,
                             int64_t capacity)
{
    int32_t status = check_outputs(ridge, capacity);
    double *inverse = status ? NULL : mfli_ridge_inverse(ridge, &status);
    if (!inverse)
        return status;
    for (int64_t i = 0; i < ridge->samples; i++) {
        const double own = inverse[i * ridge->samples + i];
        if (mean)
            mean[i] = ridge->targets[i] - ridge->weights[i] / own;
        if (variance)
            variance[i] = 1.0 / own;
    }
    mfli_free(ridge->object.context, inverse);
    if (mean)
        status = mfli_ridge_check_finite(ridge->object.context, "leave-one-out means", mean, ridge->samples);
    if (!status && variance)
        status = mfli_ridge_check_finite(ridge->object.context, "leave-one-out variances", variance, ridge->samples);
    return status;
}

int32_t mfl_ridge_leave_one_out(const mfl_ridge *ridge, double *mean, double *variance,
                                int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, leave_one_out(ridge, mean, variance, capacity));
}

/* The samples of one fold; `block` and `rest` are workspaces of P^2 and P numbers. */
static int32_t predict_fold(const mfl_ridge *ridge, const double *inverse, const int64_t *fold,
                            int64_t index, double *block, double *rest, double *mean)
{
    mfl_context *context = ridge->object.context;
    const int64_t samples = ridge->samples;
    int64_t count = 0, row = 0;
    for (int64_t i = 0; i < samples; i++)
        if (fold[i] == index)
            rest[count++] = ridge->weights[i];
    for (int64_t i = 0; i < samples; i++) {
        if (fold[i] != index)
            continue;
        for (int64_t j = 0, column = 0; j <= i; j++)
            if (fold[j] == index)
                block[row * count + column++] = inverse[i * samples + j];
        row++;
    }
    int32_t status = count ? mfli_potrf(context, count, block, count, NULL) : MFL_OK;
    if (!status && count)
        status = mfli_potrs(context, count, 1, block, count, rest, count);
    for (int64_t i = 0, k = 0; !status && i < samples; i++)
        if (fold[i] == index)
            mean[i] = ridge->targets[i] - rest[k++];
    return status;
}

static int32_t check_folds(const mfl_ridge *ridge, const int64_t *fold, int64_t folds,
                           const double *mean)
{
    mfl_context *context = ridge->object.context;
    if (!fold || !mean)
        return mfli_fail_null(context, fold ? "mean" : "fold");
    if (folds < 2 || folds > ridge->samples)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "folds is %lld; it must be from 2 to the number of samples, %lld",
                         (long long)folds, (long long)ridge->samples);
    for (int64_t i = 0; i < ridge->samples; i++)
        if (fold[i] < 0 || fold[i] >= folds)
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "fold[%lld] is %lld; it must be from 0 to %lld", (long long)i,
                             (long long)fold[i], (long long)folds - 1);
    return MFL_OK;
}

static int32_t cross_validate(const mfl_ridge *ridge, const int64_t *fold, int64_t folds,
                              double *mean, int64_t capacity)
{
    mfl_context *context = ridge->object.context;
    const size_t samples = (size_t)ridge->samples;
    int32_t status = check_outputs(ridge, capacity);
    if (!status)
        status = check_folds(ridge, fold, folds, mean);
    double *inverse = status ? NULL : mfli_ridge_inverse(ridge, &status);
    if (!inverse)
        return status;
    double *block = mfli_alloc(context, samples, (samples + 1) * sizeof *block);
    status = block ? MFL_OK : MFL_ERROR_MEMORY;
    for (int64_t index = 0; !status && index < folds; index++)
        status = predict_fold(ridge, inverse, fold, index, block, block + samples * samples, mean);
    mfli_free(context, block);
    mfli_free(context, inverse);
    return status;
}

int32_t mfl_ridge_cross_validate(const mfl_ridge *ridge, const int64_t *fold, int64_t folds,
                                 double *mean, int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, cross_validate(ridge, fold, folds, mean, capacity));
}

/* K = V^T diag(values) V with eigenvectors in rows. */
typedef struct spectrum {
    int64_t samples;
    double *vectors, *values, *along; /* along = V y */
} spectrum;

static int32_t at_noise(mfl_context *context, const spectrum *s, double kappa, double *log_evidence,
                        double *error)
{
    const int64_t n = s->samples;
    double log_det = 0.0, quadratic = 0.0, sum = 0.0;
    for (int64_t k = 0; k < n; k++) {
        const double value = s->values[k] + kappa * kappa;
        if (!(value > 0.0))
            return mfli_fail(context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
                             "K + kappa^2 is not positive definite for kappa = %g", kappa);
        log_det += log(value);
        quadratic += s->along[k] * s->along[k] / value;
    }
    for (int64_t i = 0; error && i < n; i++) {
        double own = 0.0, weight = 0.0;
        for (int64_t k = 0; k < n; k++) {
            const double v = s->vectors[k * n + i], value = s->values[k] + kappa * kappa;
            own += v * v / value;
            weight += v * s->along[k] / value;
        }
        sum += weight / own * (weight / own);
    }
    *log_evidence = -0.5 * (quadratic + log_det + (double)n * log_two_pi);
    if (error)
        *error = sum / (double)n;
    return MFL_OK;
}

static int32_t decompose(mfl_context *context, const mfli_kernel *kernel,
                         const mfli_problem_data *data, const spectrum *s)
{
    const int64_t n = s->samples;
    mfli_points points;
    int32_t status = mfli_points_init(context, kernel, &points, "inputs", n, data->inputs,
                                      data->row_stride, data->column_stride);
    if (!status)
        status = mfli_gram(context, kernel, &points, 0.0, s->vectors, n);
    mfli_points_clear(context, &points);
    if (!status)
        status = mfli_syevd(context, n, s->vectors, n, s->values);
    if (!status)
        status =
            mfli_gemv(context, MFLI_PLAIN, n, n, 1.0, s->vectors, n, data->targets, 0.0, s->along);
    return status;
}

static int32_t check_path(const mfl_ridge *ridge, const double *kappas, int64_t count)
{
    mfl_context *context = ridge->object.context;
    if (!kappas)
        return mfli_fail_null(context, "kappas");
    if (count < 1)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; it must be at least 1",
                         (long long)count);
    int32_t status = mfli_check_extent(context, "kappas", count, 1);
    if (status)
        return status;
    for (int64_t i = 0; i < count; i++)
        if (!(kappas[i] >= 0.0) || isinf(kappas[i]))
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "kappas[%lld] is %g; it must be a finite number that is not negative",
                             (long long)i, kappas[i]);
    return MFL_OK;
}

static int32_t path(const mfl_ridge *ridge, const mfl_dataset *train, const double *kappas,
                    int64_t count, double *log_evidence, double *error)
{
    mfl_context *context = ridge->object.context;
    mfli_problem_data data;
    mfli_kernel kernel;
    int32_t status = check_path(ridge, kappas, count);
    if (!status)
        status = mfli_ridge_read(ridge, train, &data);
    if (!status)
        status = mfli_ridge_choose(ridge, &kernel);
    if (!status && kernel.family == MFLI_FAMILY_PRECOMPUTED)
        status = mfli_fail(context, MFL_ERROR_STATE, "a precomputed kernel has no function");
    if (status)
        return status;
    const size_t n = (size_t)data.samples;
    spectrum s = {.samples = data.samples};
    s.vectors = mfli_alloc(context, n, (n + 2) * sizeof(double));
    status = s.vectors ? MFL_OK : MFL_ERROR_MEMORY;
    if (!status) {
        s.values = s.vectors + n * n;
        s.along = s.values + n;
        status = decompose(context, &kernel, &data, &s);
    }
    for (int64_t i = 0; !status && i < count; i++) {
        double evidence = 0.0;
        status = at_noise(context, &s, kappas[i], &evidence, error ? error + i : NULL);
        if (log_evidence)
            log_evidence[i] = evidence;
    }
    mfli_free(context, s.vectors);
    if (!status && log_evidence)
        status = mfli_ridge_check_finite(context, "log evidence", log_evidence, count);
    if (!status && error)
        status = mfli_ridge_check_finite(context, "leave-one-out errors", error, count);
    return status;
}

int32_t mfl_ridge_path(const mfl_ridge *ridge, const mfl_dataset *train, const double *kappas,
                       int64_t count, double *log_evidence, double *error)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge, path(ridge, train, kappas, count, log_evidence, error));
}
