/* SPDX-License-Identifier: BSD-3-Clause */
/* Shifts and scales. Those of column j are mean[j] and scale[j], those of the targets mean[d] and scale[d]. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "data/dataset.h"

/* Two passes, so that a large mean does not swallow a small variance. A column of equal numbers is told by
 * comparison: its computed mean may be off by a rounding error, which dividing by the deviation would blow up. */
static int32_t measure(const double *values, int64_t count, int64_t stride, double *mean, double *scale)
{
    double sum = 0.0, squares = 0.0;
    int32_t constant = 1;
    for (int64_t i = 0; i < count; i++) {
        sum += values[i * stride];
        constant &= values[i * stride] == values[0];
    }
    *mean = constant ? values[0] : sum / (double)count;
    for (int64_t i = 0; i < count; i++) {
        double deviation = values[i * stride] - *mean;
        squares += deviation * deviation;
    }
    *scale = sqrt(squares / (double)count);
    if (*scale == 0.0) /* squares may underflow, too */
        *scale = 1.0;
    return constant;
}

static int32_t check_scale(const mfl_dataset *dataset, int64_t column)
{
    if (isfinite(dataset->mean[column]) && isfinite(dataset->scale[column]))
        return MFL_OK;
    return mfli_fail(dataset->object.context, MFL_ERROR_NOT_FINITE,
                     "the numbers in %s %lld (from 0) are so large that their variance overflows; rescale them",
                     column == dataset->columns ? "the target, column" : "column", (long long)column);
}

static int32_t measure_all(mfl_dataset *dataset, int32_t targets)
{
    int64_t columns = dataset->columns, constants = 0, example = 0;
    for (int64_t j = 0; j < columns; j++) {
        if (measure(dataset->own_inputs + j, dataset->rows, columns, &dataset->mean[j], &dataset->scale[j])
            && constants++ == 0)
            example = j;
        int32_t status = check_scale(dataset, j);
        if (status)
            return status;
    }
    dataset->mean[columns] = 0.0;
    dataset->scale[columns] = 1.0;
    if (targets)
        measure(dataset->targets, dataset->rows, 1, &dataset->mean[columns], &dataset->scale[columns]);
    if (constants)
        mfli_log(dataset->object.context, MFL_LOG_WARNING,
                 "%lld input column(s) hold one value only, column %lld (from 0) the first; they become 0",
                 (long long)constants, (long long)example);
    return check_scale(dataset, columns);
}

static void apply(double *values, int64_t count, int64_t stride, double mean, double scale)
{
    for (int64_t i = 0; i < count; i++)
        values[i * stride] = (values[i * stride] - mean) / scale;
}

static int32_t apply_all(mfl_dataset *dataset)
{
    int64_t columns = dataset->columns;
    for (int64_t j = 0; j < columns; j++)
        apply(dataset->own_inputs + j, dataset->rows, columns, dataset->mean[j], dataset->scale[j]);
    if (dataset->targets)
        apply(dataset->targets, dataset->rows, 1, dataset->mean[columns], dataset->scale[columns]);
    if (dataset->clean)
        apply(dataset->clean, dataset->rows, 1, dataset->mean[columns], dataset->scale[columns]);
    return mfli_dataset_check_finite(dataset);
}

/* A copy of everything, with room for shifts and scales. */
static int32_t duplicate(const mfl_dataset *from, mfl_dataset **out)
{
    size_t size = (size_t)from->rows * sizeof(double);
    mfl_dataset *to;
    int32_t status = mfli_dataset_allocate(from->object.context, from->rows, from->columns, from->targets != NULL,
                                           from->clean != NULL, &to);
    if (status)
        return status;
    mfli_dataset_pack(from, 0, from->rows, to->own_inputs, to->columns);
    if (from->targets)
        memcpy(to->targets, from->targets, size);
    if (from->clean)
        memcpy(to->clean, from->clean, size);
    if (from->names)
        status = mfli_dataset_set_names(to, (const char *const *)from->names);
    if (status == MFL_OK)
        status = mfli_dataset_allocate_scales(to);
    if (status)
        mfli_object_release(to);
    else
        *out = to;
    return status;
}

static int32_t check_raw(const mfl_dataset *dataset)
{
    return dataset->mean ? mfli_fail(dataset->object.context, MFL_ERROR_STATE,
                                     "the data set is standardised already; start from the one it was made from")
                         : MFL_OK;
}

static int32_t standardise(const mfl_dataset *dataset, int32_t targets, mfl_dataset **out)
{
    mfl_context *context = dataset->object.context;
    mfl_dataset *result;
    if (!out)
        return mfli_fail_null(context, "out");
    if (targets != 0 && targets != 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "targets is %d; it must be 0 or 1", targets);
    if (targets && !dataset->targets)
        return mfli_fail(context, MFL_ERROR_STATE, "targets is 1, but the data set has none; pass 0");
    int32_t status = check_raw(dataset);
    if (status == MFL_OK)
        status = duplicate(dataset, &result);
    if (status)
        return status;
    status = measure_all(result, targets);
    if (status == MFL_OK)
        status = apply_all(result);
    if (status)
        mfli_object_release(result);
    else
        *out = result;
    return status;
}

int32_t mfl_dataset_standardise(const mfl_dataset *dataset, int32_t targets, mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status : mfli_leave(dataset, standardise(dataset, targets, out));
}

static int32_t standardise_like(const mfl_dataset *dataset, const mfl_dataset *reference, mfl_dataset **out)
{
    mfl_context *context = dataset->object.context;
    mfl_dataset *result;
    if (!out)
        return mfli_fail_null(context, "out");
    if (reference != dataset) { /* itself is in use by this call, and is refused below in any case */
        int32_t status = mfli_check(context, reference, MFLI_DATASET, "reference");
        if (status)
            return status;
    }
    if (!reference->mean)
        return mfli_fail(context, MFL_ERROR_STATE, "reference is not standardised; make it with mfl_dataset_standardise");
    if (reference->columns != dataset->columns)
        return mfli_fail(context, MFL_ERROR_SIZE, "the data set has %lld columns and reference has %lld",
                         (long long)dataset->columns, (long long)reference->columns);
    int32_t status = check_raw(dataset);
    if (status == MFL_OK)
        status = duplicate(dataset, &result);
    if (status)
        return status;
    memcpy(result->mean, reference->mean, 2 * ((size_t)result->columns + 1) * sizeof *result->mean);
    status = apply_all(result);
    if (status)
        mfli_object_release(result);
    else
        *out = result;
    return status;
}

int32_t mfl_dataset_standardise_like(const mfl_dataset *dataset, const mfl_dataset *reference, mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status : mfli_leave(dataset, standardise_like(dataset, reference, out));
}

static int32_t standardisation(const mfl_dataset *dataset, double *mean, double *scale, int64_t capacity,
                               double *target_mean, double *target_scale)
{
    mfl_context *context = dataset->object.context;
    size_t columns = (size_t)dataset->columns;
    if (!dataset->mean)
        return mfli_fail(context, MFL_ERROR_STATE, "the data set is not standardised");
    if ((mean || scale) && capacity < dataset->columns)
        return mfli_fail(context, MFL_ERROR_BUFFER, "capacity is %lld; there are %lld columns", (long long)capacity,
                         (long long)dataset->columns);
    if (mean)
        memcpy(mean, dataset->mean, columns * sizeof *mean);
    if (scale)
        memcpy(scale, dataset->scale, columns * sizeof *scale);
    if (target_mean)
        *target_mean = dataset->mean[columns];
    if (target_scale)
        *target_scale = dataset->scale[columns];
    return MFL_OK;
}

int32_t mfl_dataset_standardisation(const mfl_dataset *dataset, double *mean, double *scale, int64_t capacity,
                                    double *target_mean, double *target_scale)
{
    int32_t status = mfli_enter(dataset, MFLI_DATASET);
    return status ? status
                  : mfli_leave(dataset, standardisation(dataset, mean, scale, capacity, target_mean, target_scale));
}
