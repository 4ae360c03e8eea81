/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of targets and of the basis functions along them. */
#include <math.h>

#include "core/context.h"
#include "data/task.h"

enum { block = 256 };

double mfli_hermite(int64_t order, double z)
{
    double before = 0.0, value = 1.0;
    for (int64_t n = 0; n < order; n++) {
        double next = (z * value - sqrt((double)n) * before) / sqrt((double)n + 1.0);
        before = value;
        value = next;
    }
    return value;
}

static void parity(const mfli_task *task, int64_t rows, const double *inputs, int64_t row_stride, double *values)
{
    for (int64_t i = 0; i < rows; i++) {
        double product = 1.0;
        for (int64_t j = 0; j < task->degree; j++)
            product *= inputs[i * row_stride + task->support[j]];
        values[i] = product;
    }
}

static void project(const mfli_task *task, int64_t rows, const double *inputs, int64_t row_stride, double *z)
{
    for (int64_t i = 0; i < rows; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < task->dimension; j++)
            sum += task->direction[j] * inputs[i * row_stride + j];
        z[i] = sum;
    }
}

int32_t mfli_task_link(mfl_context *context, const mfli_task *task, size_t count, const double *z, double *value)
{
    switch (task->kind) {
    case MFL_TASK_HERMITE:
        for (size_t i = 0; i < count; i++)
            value[i] = mfli_hermite(task->degree, z[i]);
        break;
    case MFL_TASK_RELU:
        for (size_t i = 0; i < count; i++)
            value[i] = fmax(z[i], 0.0);
        break;
    default: {
        int32_t refused = task->link((int64_t)count, z, value, task->link_data);
        if (refused)
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the task's function returned %d", refused);
    }
    }
    for (size_t i = 0; i < count; i++)
        if (!isfinite(value[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "the task's function is %g at %.17g; it must be finite",
                             value[i], z[i]);
    return MFL_OK;
}

int32_t mfli_task_target(mfl_context *context, const mfli_task *task, int64_t rows, const double *inputs,
                         int64_t row_stride, double *targets)
{
    if (task->kind == MFL_TASK_PARITY) {
        parity(task, rows, inputs, row_stride, targets);
        return MFL_OK;
    }
    if (task->kind == MFL_TASK_SUM) {
        for (int64_t i = 0; i < rows; i++)
            targets[i] = mfli_task_sum(task, inputs + i * row_stride);
        return MFL_OK;
    }
    for (int64_t first = 0; first < rows; first += block) {
        int64_t count = rows - first < block ? rows - first : block;
        double z[block];
        project(task, count, inputs + first * row_stride, row_stride, z);
        int32_t status = mfli_task_link(context, task, (size_t)count, z, targets + first);
        if (status)
            return status;
    }
    return MFL_OK;
}

void mfli_task_basis(const mfli_task *task, int64_t order, int64_t rows, const double *inputs,
                     int64_t row_stride, double *values)
{
    if (task->kind == MFL_TASK_PARITY) {
        parity(task, rows, inputs, row_stride, values);
        return;
    }
    if (task->kind == MFL_TASK_SUM) {
        double square = mfli_task_sum_square(task);
        for (int64_t i = 0; i < rows; i++)
            values[i] = mfli_task_sum(task, inputs + i * row_stride) / square;
        return;
    }
    project(task, rows, inputs, row_stride, values);
    for (int64_t i = 0; i < rows; i++)
        values[i] = mfli_hermite(order, values[i]);
}

static int32_t evaluate(const mfl_task *handle, int64_t rows, const double *inputs, int64_t row_stride,
                        double *targets)
{
    mfl_context *context = handle->object.context;
    mfli_task task;
    int32_t status = mfli_task_read_entered(handle, &task);
    if (status)
        return status;
    if (rows < 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "rows is %lld; it must not be negative", (long long)rows);
    if (rows > 0 && !inputs)
        return mfli_fail_null(context, "inputs");
    if (rows > 0 && !targets)
        return mfli_fail_null(context, "targets");
    if (row_stride < task.dimension)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "row_stride is %lld; the task's dimension is %lld",
                         (long long)row_stride, (long long)task.dimension);
    status = mfli_check_extent(context, "inputs", rows, row_stride);
    if (status)
        return status;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < task.dimension; j++)
            if (!isfinite(inputs[i * row_stride + j]))
                return mfli_fail(context, MFL_ERROR_NOT_FINITE, "inputs[%lld][%lld] is %g; it must be finite",
                                 (long long)i, (long long)j, inputs[i * row_stride + j]);
    return mfli_task_target(context, &task, rows, inputs, row_stride, targets);
}

int32_t mfl_task_evaluate(const mfl_task *task, int64_t rows, const double *inputs, int64_t row_stride,
                          double *targets)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, evaluate(task, rows, inputs, row_stride, targets));
}
