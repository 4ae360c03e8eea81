/* SPDX-License-Identifier: BSD-3-Clause */
/* Samples of a task. Row mu of the inputs, and element mu of the noise, are functions of seed, index, role and mu. */
#include <math.h>

#include "core/context.h"
#include "data/dataset.h"
#include "data/task.h"
#include "rng/normals.h"

enum { rows_a_block = 256 };

static const int64_t largest_index = (INT64_C(1) << 24) - 1;
static const int64_t largest_draw = INT64_C(1) << 38; /* blocks of a stream are counted in 40 bits */

static mfli_stream input_stream(const mfl_context *context, int64_t index, int32_t role)
{
    return (mfli_stream){.seed = mfli_seed(context),
                         .step = (uint64_t)role,
                         .chain = (uint32_t)index,
                         .purpose = role == MFL_ROLE_TRAIN ? MFLI_PURPOSE_TRAIN_INPUTS : MFLI_PURPOSE_TEST_INPUTS};
}

static mfli_stream noise_stream(const mfl_context *context, int64_t index, int32_t role)
{
    return (mfli_stream){.seed = mfli_seed(context),
                         .step = (uint64_t)role,
                         .chain = (uint32_t)index,
                         .purpose = MFLI_PURPOSE_LABEL_NOISE};
}

/* A normal vector divided by its length; its direction is uniform. */
static void to_sphere(double *row, int64_t dimension)
{
    double sum = 0.0;
    for (int64_t j = 0; j < dimension; j++)
        sum += row[j] * row[j];
    double factor = sqrt((double)dimension / sum);
    for (int64_t j = 0; j < dimension; j++)
        row[j] *= factor;
}

/* x = L z, from the last coordinate, so that z can be overwritten. */
static void correlate(double *row, const double *factor, int64_t dimension)
{
    for (int64_t i = dimension - 1; i >= 0; i--) {
        double sum = 0.0;
        for (int64_t j = 0; j <= i; j++)
            sum += factor[i * dimension + j] * row[j];
        row[i] = sum;
    }
}

static void draw_inputs(const mfli_task *task, const mfli_stream *stream, int64_t first, int64_t count, double *rows)
{
    int64_t dimension = task->dimension;
    if (task->input_law == MFL_INPUT_HYPERCUBE) {
        mfli_signs(stream, (uint64_t)(first * dimension), (size_t)(count * dimension), rows);
        return;
    }
    mfli_normal_matrix(stream, (uint64_t)first, (size_t)count, (size_t)dimension, rows, (size_t)dimension);
    for (int64_t i = 0; i < count && task->input_law == MFL_INPUT_SPHERE; i++)
        to_sphere(rows + i * dimension, dimension);
    for (int64_t i = 0; i < count && task->input_law == MFL_INPUT_CORRELATED; i++)
        correlate(rows + i * dimension, task->factor, dimension);
}

static int32_t fill(const mfli_task *task, double label_noise, const mfli_stream *inputs, const mfli_stream *noise,
                    mfl_dataset *dataset)
{
    mfl_context *context = dataset->object.context;
    for (int64_t first = 0; first < dataset->rows; first += rows_a_block) {
        int64_t count = dataset->rows - first < rows_a_block ? dataset->rows - first : rows_a_block;
        double *rows = dataset->own_inputs + first * dataset->columns, *targets = dataset->targets + first;
        double *clean = dataset->clean + first;
        if (mfli_progress(context, "drawing samples", (double)first / (double)dataset->rows))
            return mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled while drawing samples");
        draw_inputs(task, inputs, first, count, rows);
        int32_t status = mfli_task_target(context, task, count, rows, dataset->columns, clean);
        if (status)
            return status;
        mfli_normal_matrix(noise, (uint64_t)first, (size_t)count, 1, targets, 1);
        for (int64_t i = 0; i < count; i++)
            targets[i] = clean[i] + label_noise * targets[i];
    }
    return MFL_OK;
}

static int32_t check(mfl_context *context, int64_t dimension, int64_t count, double label_noise, int64_t index,
                     int32_t role)
{
    if (count < 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "count is %lld; draw at least one sample", (long long)count);
    if (count > largest_draw / dimension)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; in dimension %lld at most %lld samples can be drawn",
                         (long long)count, (long long)dimension, (long long)(largest_draw / dimension));
    if (!(label_noise >= 0.0 && label_noise <= 1e150))
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "label_noise is %g; a standard deviation is between 0 and 1e150",
                         label_noise);
    if (index < 0 || index > largest_index)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "index is %lld; it must be between 0 and %lld", (long long)index,
                         (long long)largest_index);
    if (role < MFL_ROLE_TRAIN || role > MFL_ROLE_VALIDATION)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "role is %d; it must be one of mfl_role, %d to %d", role,
                         MFL_ROLE_TRAIN, MFL_ROLE_VALIDATION);
    return MFL_OK;
}

static int32_t draw(const mfl_task *handle, int64_t count, double label_noise, int64_t index, int32_t role,
                    mfl_dataset **out)
{
    mfl_context *context = handle->object.context;
    mfli_task task;
    mfl_dataset *dataset;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_task_read_entered(handle, &task);
    if (status == MFL_OK)
        status = check(context, task.dimension, count, label_noise, index, role);
    if (status == MFL_OK)
        status = mfli_dataset_allocate(context, count, task.dimension, 1, 1, &dataset);
    if (status)
        return status;
    const mfli_stream inputs = input_stream(context, index, role), noise = noise_stream(context, index, role);
    status = fill(&task, label_noise, &inputs, &noise, dataset);
    if (status)
        mfli_object_release(dataset);
    else
        *out = dataset;
    return status;
}

int32_t mfl_dataset_draw(const mfl_task *task, int64_t count, double label_noise, int64_t index, int32_t role,
                         mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, draw(task, count, label_noise, index, role, out));
}
