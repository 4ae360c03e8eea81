/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/ridge.h"

#include <string.h>

#include "core/context.h"
#include "data/dataset.h"
#include "ridge/gram.h"

static void finish(void *handle)
{
    mfli_ridge_forget(handle);
}

static int32_t create(const mfl_model *handle, mfl_ridge **out)
{
    mfl_context *context = handle->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    mfli_model model;
    mfli_kernel kernel;
    int32_t status = mfli_model_read_entered(handle, &model);
    if (!status)
        status = mfli_kernel_nngp(context, &model, &kernel);
    mfl_ridge *ridge;
    if (!status)
        status = mfli_object_create(context, MFLI_RIDGE, sizeof *ridge, finish, &ridge);
    if (status)
        return status;
    ridge->kernel = kernel;
    ridge->dimension = model.dimension;
    *out = ridge;
    return MFL_OK;
}

int32_t mfl_ridge_create(const mfl_model *model, mfl_ridge **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(model, MFLI_MODEL);
    return status ? status : mfli_leave(model, create(model, out));
}

void mfl_ridge_destroy(mfl_ridge *ridge)
{
    mfli_destroy(ridge, MFLI_RIDGE);
}

static int32_t kernel_values(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                             int64_t row_stride, const double *columns, int64_t column_count,
                             int64_t column_stride, double *kernel, int64_t kernel_stride)
{
    mfl_context *context = ridge->object.context;
    int32_t status =
        mfli_ridge_check_rows(context, "rows", rows, row_count, row_stride, ridge->dimension);
    if (!status)
        status = mfli_ridge_check_rows(context, "columns", columns, column_count, column_stride,
                                       ridge->dimension);
    if (!status)
        status = mfli_ridge_check_rows(context, "kernel", kernel, row_count, kernel_stride,
                                       column_count);
    if (status)
        return status;
    mfli_points left, right;
    status =
        mfli_points_init(context, &left, "rows", row_count, ridge->dimension, rows, row_stride, 1);
    if (status)
        return status;
    status = mfli_points_init(context, &right, "columns", column_count, ridge->dimension, columns,
                              column_stride, 1);
    if (!status) {
        status = mfli_cross_gram(context, &ridge->kernel, &left, &right, kernel, kernel_stride);
        mfli_points_clear(context, &right);
    }
    mfli_points_clear(context, &left);
    return status;
}

int32_t mfl_ridge_kernel(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                         int64_t row_stride, const double *columns, int64_t column_count,
                         int64_t column_stride, double *kernel, int64_t kernel_stride)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge,
                               kernel_values(ridge, rows, row_count, row_stride, columns,
                                             column_count, column_stride, kernel, kernel_stride));
}

static int32_t fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa)
{
    mfl_context *context = ridge->object.context;
    int32_t status = mfli_dataset_check(context, train, "train");
    if (status)
        return status;
    if (train->columns != ridge->dimension)
        return mfli_fail(
            context, MFL_ERROR_SIZE,
            "train has inputs of dimension %lld, the model's kernel is for dimension %lld",
            (long long)train->columns, (long long)ridge->dimension);
    return mfli_ridge_fit(ridge, train->rows, train->inputs, train->row_stride,
                          train->column_stride, train->targets, kappa);
}

int32_t mfl_ridge_fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, fit(ridge, train, kappa));
}

int32_t mfl_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                          int64_t stride, double *mean, double *variance)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge,
                               mfli_ridge_predict(ridge, inputs, count, stride, mean, variance));
}

static int32_t log_evidence_of(const mfl_ridge *ridge, double *log_evidence)
{
    if (!log_evidence)
        return mfli_fail_null(ridge->object.context, "log_evidence");
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (!status)
        *log_evidence = ridge->log_evidence;
    return status;
}

int32_t mfl_ridge_log_evidence(const mfl_ridge *ridge, double *log_evidence)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, log_evidence_of(ridge, log_evidence));
}

static int32_t copy_weights(const mfl_ridge *ridge, double *weights, int64_t capacity)
{
    mfl_context *context = ridge->object.context;
    if (!weights)
        return mfli_fail_null(context, "weights");
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (status)
        return status;
    if (capacity < ridge->samples)
        return mfli_fail(context, MFL_ERROR_BUFFER,
                         "capacity is %lld; there are %lld weights, one a sample",
                         (long long)capacity, (long long)ridge->samples);
    memcpy(weights, ridge->weights, (size_t)ridge->samples * sizeof *weights);
    return MFL_OK;
}

int32_t mfl_ridge_weights(const mfl_ridge *ridge, double *weights, int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, copy_weights(ridge, weights, capacity));
}

int32_t mfl_ridge_shape(const mfl_ridge *ridge, int64_t *samples, int64_t *dimension)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    if (status)
        return status;
    if (samples)
        *samples = ridge->samples;
    if (dimension)
        *dimension = ridge->dimension;
    return mfli_leave(ridge, MFL_OK);
}
