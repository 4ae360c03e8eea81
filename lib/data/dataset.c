/* SPDX-License-Identifier: BSD-3-Clause */
#include "data/dataset.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static void finish(void *handle)
{
    mfl_dataset *dataset = handle;
    mfl_context *context = dataset->object.context;
    mfli_free(context, dataset->own_inputs);
    mfli_free(context, dataset->targets);
    mfli_free(context, dataset->clean);
    mfli_free(context, dataset->names);
    mfli_free(context, dataset->mean);
}

static int32_t check_shape(mfl_context *context, int64_t rows, int64_t columns)
{
    int64_t count;
    if (rows < 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "rows is %lld; a data set has at least one sample",
                         (long long)rows);
    if (columns < 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "columns is %lld; a data set has at least one input column",
                         (long long)columns);
    if (__builtin_mul_overflow(rows, columns, &count))
        return mfli_fail(context, MFL_ERROR_SIZE, "%lld x %lld numbers are more than any memory holds",
                         (long long)rows, (long long)columns);
    return MFL_OK;
}

static int32_t create(mfl_context *context, int64_t rows, int64_t columns, mfl_dataset **out)
{
    int32_t status = check_shape(context, rows, columns);
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_DATASET, sizeof **out, finish, out);
    if (status)
        return status;
    (*out)->rows = rows;
    (*out)->columns = columns;
    return MFL_OK;
}

static int32_t allocate_targets(mfl_dataset *dataset, double **targets)
{
    *targets = mfli_alloc(dataset->object.context, (size_t)dataset->rows, sizeof **targets);
    return *targets ? MFL_OK : MFL_ERROR_MEMORY;
}

int32_t mfli_dataset_allocate(mfl_context *context, int64_t rows, int64_t columns, int32_t with_targets,
                              int32_t with_clean, mfl_dataset **out)
{
    mfl_dataset *dataset;
    int32_t status = create(context, rows, columns, &dataset);
    if (status)
        return status;
    dataset->own_inputs = mfli_alloc(context, (size_t)rows * (size_t)columns, sizeof *dataset->own_inputs);
    dataset->inputs = dataset->own_inputs;
    dataset->row_stride = columns;
    dataset->column_stride = 1;
    status = dataset->own_inputs ? MFL_OK : MFL_ERROR_MEMORY;
    if (status == MFL_OK && with_targets)
        status = allocate_targets(dataset, &dataset->targets);
    if (status == MFL_OK && with_clean)
        status = allocate_targets(dataset, &dataset->clean);
    if (status)
        mfli_object_release(dataset);
    else
        *out = dataset;
    return status;
}

int32_t mfli_dataset_allocate_scales(mfl_dataset *dataset)
{
    size_t count = (size_t)dataset->columns + 1;
    dataset->mean = mfli_alloc(dataset->object.context, 2 * count, sizeof *dataset->mean);
    dataset->scale = dataset->mean ? dataset->mean + count : NULL;
    return dataset->mean ? MFL_OK : MFL_ERROR_MEMORY;
}

int32_t mfli_dataset_set_names(mfl_dataset *dataset, const char *const *names)
{
    size_t count = (size_t)dataset->columns + 1, size = count * sizeof *dataset->names;
    for (size_t i = 0; i < count; i++)
        size += strlen(names[i]) + 1;
    dataset->names = mfli_alloc(dataset->object.context, size, 1);
    if (!dataset->names)
        return MFL_ERROR_MEMORY;
    char *text = (char *)(dataset->names + count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]) + 1;
        dataset->names[i] = memcpy(text, names[i], length);
        text += length;
    }
    return MFL_OK;
}

int32_t mfli_dataset_check_finite(const mfl_dataset *dataset)
{
    mfl_context *context = dataset->object.context;
    for (int64_t i = 0; i < dataset->rows; i++)
        for (int64_t j = 0; j < dataset->columns; j++) {
            double value = dataset->inputs[i * dataset->row_stride + j * dataset->column_stride];
            if (!isfinite(value))
                return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                                 "the input in row %lld, column %lld (from 0) is %g; it must be finite", (long long)i,
                                 (long long)j, value);
        }
    for (int64_t i = 0; dataset->targets && i < dataset->rows; i++)
        if (!isfinite(dataset->targets[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "the target in row %lld (from 0) is %g; it must be finite",
                             (long long)i, dataset->targets[i]);
    return MFL_OK;
}

void mfli_dataset_pack(const mfl_dataset *dataset, int64_t first, int64_t count, double *out,
                       int64_t leading_dimension)
{
    for (int64_t i = 0; i < count; i++) {
        const double *row = dataset->inputs + (first + i) * dataset->row_stride;
        for (int64_t j = 0; j < dataset->columns; j++)
            out[i * leading_dimension + j] = row[j * dataset->column_stride];
    }
}

int32_t mfli_dataset_check(mfl_context *context, const mfl_dataset *dataset, const char *argument)
{
    int32_t status = mfli_check(context, dataset, MFLI_DATASET, argument);
    if (status == MFL_OK && !dataset->targets)
        status = mfli_fail(context, MFL_ERROR_STATE, "%s has no targets; make it with targets", argument);
    return status;
}

static int32_t check_stride(mfl_context *context, const char *name, int64_t stride, int64_t count)
{
    int64_t extent;
    if (stride < 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "%s is %lld; it must be at least 1", name, (long long)stride);
    if (__builtin_mul_overflow(stride, count, &extent) || extent > INT64_MAX / 16)
        return mfli_fail(context, MFL_ERROR_SIZE, "%s is %lld; %lld times that is more than any memory holds", name,
                         (long long)stride, (long long)count);
    return MFL_OK;
}

/* The caller's numbers as a view, its targets copied. */
static int32_t view(mfl_context *context, const mfl_dataset *like, const double *targets, mfl_dataset **out)
{
    mfl_dataset *dataset;
    if (!out)
        return mfli_fail_null(context, "out");
    if (!like->inputs)
        return mfli_fail_null(context, "inputs");
    int32_t status = check_shape(context, like->rows, like->columns);
    if (status == MFL_OK)
        status = check_stride(context, "row_stride", like->row_stride, like->rows);
    if (status == MFL_OK)
        status = check_stride(context, "column_stride", like->column_stride, like->columns);
    if (status == MFL_OK)
        status = create(context, like->rows, like->columns, &dataset);
    if (status)
        return status;
    dataset->inputs = like->inputs;
    dataset->row_stride = like->row_stride;
    dataset->column_stride = like->column_stride;
    if (targets)
        status = allocate_targets(dataset, &dataset->targets);
    if (status == MFL_OK && targets)
        memcpy(dataset->targets, targets, (size_t)like->rows * sizeof *targets);
    if (status == MFL_OK)
        status = mfli_dataset_check_finite(dataset);
    if (status)
        mfli_object_release(dataset);
    else
        *out = dataset;
    return status;
}

/* A view that came to own its inputs. */
static int32_t copy(mfl_context *context, const mfl_dataset *like, const double *targets, mfl_dataset **out)
{
    mfl_dataset *dataset;
    int32_t status = view(context, like, targets, out);
    if (status)
        return status;
    dataset = *out;
    dataset->own_inputs =
        mfli_alloc(context, (size_t)dataset->rows * (size_t)dataset->columns, sizeof *dataset->own_inputs);
    if (!dataset->own_inputs) {
        *out = NULL;
        mfli_object_release(dataset);
        return MFL_ERROR_MEMORY;
    }
    mfli_dataset_pack(dataset, 0, dataset->rows, dataset->own_inputs, dataset->columns);
    dataset->inputs = dataset->own_inputs;
    dataset->row_stride = dataset->columns;
    dataset->column_stride = 1;
    return MFL_OK;
}

int32_t mfl_dataset_copy(mfl_context *context, int64_t rows, int64_t columns, const double *inputs,
                         int64_t row_stride, int64_t column_stride, const double *targets, mfl_dataset **out)
{
    const mfl_dataset like = {.rows = rows,
                              .columns = columns,
                              .inputs = inputs,
                              .row_stride = row_stride,
                              .column_stride = column_stride};
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, copy(context, &like, targets, out));
}

int32_t mfl_dataset_view(mfl_context *context, int64_t rows, int64_t columns, const double *inputs,
                         int64_t row_stride, int64_t column_stride, const double *targets, mfl_dataset **out)
{
    const mfl_dataset like = {.rows = rows,
                              .columns = columns,
                              .inputs = inputs,
                              .row_stride = row_stride,
                              .column_stride = column_stride};
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, view(context, &like, targets, out));
}

void mfl_dataset_destroy(mfl_dataset *dataset)
{
    mfli_destroy(dataset, MFLI_DATASET);
}

int32_t mfl_dataset_shape(const mfl_dataset *dataset, int64_t *rows, int64_t *columns)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    if (status)
        return status;
    if (rows)
        *rows = dataset->rows;
    if (columns)
        *columns = dataset->columns;
    return mfli_leave(dataset, MFL_OK);
}

int32_t mfl_dataset_inputs(const mfl_dataset *dataset, const double **inputs, int64_t *row_stride,
                           int64_t *column_stride)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    if (status)
        return status;
    if (!inputs || !row_stride || !column_stride)
        return mfli_leave(dataset, mfli_fail_null(dataset->object.context, !inputs       ? "inputs"
                                                                           : !row_stride ? "row_stride"
                                                                                         : "column_stride"));
    *inputs = dataset->inputs;
    *row_stride = dataset->row_stride;
    *column_stride = dataset->column_stride;
    return mfli_leave(dataset, MFL_OK);
}

static int32_t lend(const mfl_dataset *dataset, const double *numbers, const char *what, const double **targets)
{
    if (!targets)
        return mfli_fail_null(dataset->object.context, "targets");
    if (!numbers)
        return mfli_fail(dataset->object.context, MFL_ERROR_STATE, "the data set has no %s", what);
    *targets = numbers;
    return MFL_OK;
}

int32_t mfl_dataset_targets(const mfl_dataset *dataset, const double **targets)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status : mfli_leave(dataset, lend(dataset, dataset->targets, "targets", targets));
}

int32_t mfl_dataset_clean_targets(const mfl_dataset *dataset, const double **targets)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status
                  : mfli_leave(dataset, lend(dataset, dataset->clean,
                                             "noise-free targets; only data drawn from a task have them", targets));
}

static int32_t check_capacity(const mfl_dataset *dataset, const void *out, const char *argument, int64_t needed,
                              int64_t capacity)
{
    if (!out)
        return mfli_fail_null(dataset->object.context, argument);
    if (capacity < needed)
        return mfli_fail(dataset->object.context, MFL_ERROR_BUFFER, "capacity is %lld; %s takes %lld numbers",
                         (long long)capacity, argument, (long long)needed);
    return MFL_OK;
}

int32_t mfl_dataset_copy_inputs(const mfl_dataset *dataset, double *inputs, int64_t capacity)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    if (status)
        return status;
    status = check_capacity(dataset, inputs, "inputs", dataset->rows * dataset->columns, capacity);
    if (status == MFL_OK)
        mfli_dataset_pack(dataset, 0, dataset->rows, inputs, dataset->columns);
    return mfli_leave(dataset, status);
}

int32_t mfl_dataset_copy_targets(const mfl_dataset *dataset, double *targets, int64_t capacity)
{
    const double *numbers = NULL;
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    if (status)
        return status;
    status = check_capacity(dataset, targets, "targets", dataset->rows, capacity);
    if (status == MFL_OK)
        status = lend(dataset, dataset->targets, "targets", &numbers);
    if (status == MFL_OK)
        memcpy(targets, numbers, (size_t)dataset->rows * sizeof *targets);
    return mfli_leave(dataset, status);
}

int32_t mfl_dataset_name(const mfl_dataset *dataset, int64_t column, const char **name)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    if (status)
        return status;
    if (!name)
        status = mfli_fail_null(dataset->object.context, "name");
    else if (column < 0 || column > dataset->columns)
        status = mfli_fail(dataset->object.context, MFL_ERROR_ARGUMENT, "column is %lld; it must be between 0 and %lld",
                           (long long)column, (long long)dataset->columns);
    else
        *name = dataset->names ? dataset->names[column] : "";
    return mfli_leave(dataset, status);
}
