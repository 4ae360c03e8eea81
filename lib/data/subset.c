/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of data sets. */
#include <string.h>

#include "core/context.h"
#include "data/dataset.h"
#include "rng/stream.h"

static const int64_t largest_index = (INT64_C(1) << 24) - 1;
static const int64_t largest_split = INT64_C(1) << 32; /* of a permutation */

static void pick(const double *from, const int64_t *rows, int64_t count, double *to)
{
    for (int64_t i = 0; i < count; i++)
        to[i] = from[rows[i]];
}

static int32_t copy_scales(const mfl_dataset *from, mfl_dataset *to)
{
    int32_t status = mfli_dataset_allocate_scales(to);
    if (status == MFL_OK)
        memcpy(to->mean, from->mean, 2 * ((size_t)from->columns + 1) * sizeof *to->mean);
    return status;
}

static int32_t take(const mfl_dataset *from, const int64_t *rows, int64_t count, mfl_dataset **out)
{
    mfl_dataset *to;
    int32_t status = mfli_dataset_allocate(from->object.context, count, from->columns, from->targets != NULL,
                                           from->clean != NULL, &to);
    if (status)
        return status;
    for (int64_t i = 0; i < count; i++)
        mfli_dataset_pack(from, rows[i], 1, to->own_inputs + i * to->columns, to->columns);
    if (from->targets)
        pick(from->targets, rows, count, to->targets);
    if (from->clean)
        pick(from->clean, rows, count, to->clean);
    if (from->names)
        status = mfli_dataset_set_names(to, (const char *const *)from->names);
    if (status == MFL_OK && from->mean)
        status = copy_scales(from, to);
    if (status)
        mfli_object_release(to);
    else
        *out = to;
    return status;
}

static int32_t check_and_take(const mfl_dataset *dataset, const int64_t *rows, int64_t count, mfl_dataset **out)
{
    mfl_context *context = dataset->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    if (!rows)
        return mfli_fail_null(context, "rows");
    if (count < 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "count is %lld; a data set has at least one sample",
                         (long long)count);
    if (count > (int64_t)(PTRDIFF_MAX / sizeof *rows))
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld, more than any memory holds",
                         (long long)count);
    for (int64_t i = 0; i < count; i++)
        if (rows[i] < 0 || rows[i] >= dataset->rows)
            return mfli_fail(context, MFL_ERROR_ARGUMENT, "rows[%lld] is %lld; it must be between 0 and %lld",
                             (long long)i, (long long)rows[i], (long long)dataset->rows - 1);
    return take(dataset, rows, count, out);
}

int32_t mfl_dataset_take(const mfl_dataset *dataset, const int64_t *rows, int64_t count, mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status : mfli_leave(dataset, check_and_take(dataset, rows, count, out));
}

static int32_t permute(mfl_context *context, int64_t count, int64_t index, int64_t *rows)
{
    const mfli_stream stream = {
        .seed = mfli_seed(context), .chain = (uint32_t)index, .purpose = MFLI_PURPOSE_SPLIT};
    size_t *order = mfli_alloc(context, (size_t)count, sizeof *order);
    if (!order)
        return MFL_ERROR_MEMORY;
    mfli_permutation(&stream, (size_t)count, order);
    for (int64_t i = 0; i < count; i++)
        rows[i] = (int64_t)order[i];
    mfli_free(context, order);
    return MFL_OK;
}

static int32_t check_split(const mfl_dataset *dataset, int64_t train_count, int64_t index)
{
    mfl_context *context = dataset->object.context;
    if (train_count < 1 || train_count >= dataset->rows)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "train_count is %lld; of %lld samples between 1 and %lld can be trained on, so that some "
                         "are left to test",
                         (long long)train_count, (long long)dataset->rows, (long long)dataset->rows - 1);
    if (index < 0 || index > largest_index)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "index is %lld; it must be between 0 and %lld", (long long)index,
                         (long long)largest_index);
    if (dataset->rows >= largest_split)
        return mfli_fail(context, MFL_ERROR_SIZE, "the data set has %lld samples; fewer than %lld can be split",
                         (long long)dataset->rows, (long long)largest_split);
    return MFL_OK;
}

static int32_t split(const mfl_dataset *dataset, int64_t train_count, int64_t index, mfl_dataset **train,
                     mfl_dataset **test)
{
    mfl_context *context = dataset->object.context;
    mfl_dataset *first, *second;
    if (!train || !test)
        return mfli_fail_null(context, train ? "test" : "train");
    int32_t status = check_split(dataset, train_count, index);
    if (status)
        return status;
    int64_t *rows = mfli_alloc(context, (size_t)dataset->rows, sizeof *rows);
    if (!rows)
        return MFL_ERROR_MEMORY;
    status = permute(context, dataset->rows, index, rows);
    if (status == MFL_OK)
        status = take(dataset, rows, train_count, &first);
    if (status == MFL_OK) {
        status = take(dataset, rows + train_count, dataset->rows - train_count, &second);
        if (status)
            mfli_object_release(first);
    }
    mfli_free(context, rows);
    if (status)
        return status;
    *train = first;
    *test = second;
    return MFL_OK;
}

int32_t mfl_dataset_split(const mfl_dataset *dataset, int64_t train_count, int64_t index, mfl_dataset **train,
                          mfl_dataset **test)
{
    if (train)
        *train = NULL;
    if (test)
        *test = NULL;
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status : mfli_leave(dataset, split(dataset, train_count, index, train, test));
}
