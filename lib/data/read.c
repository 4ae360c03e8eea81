/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets from files: the readers' tables, with one column, one more table or nothing as the targets. */
#include <string.h>

#include "config.h"
#include "core/context.h"
#include "core/text.h"
#include "data/dataset.h"
#include "io/file.h"
#include "io/table.h"

/* Names of the inputs in order, the target's last. */
static int32_t name_columns(const mfli_table *table, int64_t target, mfl_dataset *dataset)
{
    mfl_context *context = dataset->object.context;
    const char **names = mfli_alloc(context, (size_t)dataset->columns + 1, sizeof *names);
    if (!names)
        return MFL_ERROR_MEMORY;
    for (int64_t j = 0; j < dataset->columns; j++)
        names[j] = table->names[j + (j >= target)];
    names[dataset->columns] = target < table->columns ? table->names[target] : "";
    int32_t status = mfli_dataset_set_names(dataset, names);
    mfli_free(context, names);
    return status;
}

/* Column `target` against all others; one behind the last is no target. */
static int32_t from_one_table(mfl_context *context, const char *path, const mfli_table *table, int64_t target,
                              mfl_dataset **out)
{
    mfl_dataset *dataset;
    const int32_t targets = target < table->columns;
    if (table->columns < 1 + targets)
        return mfli_fail(context, MFL_ERROR_FORMAT,
                         "\"%.300s\" has one column; inputs and a target take at least two", path);
    int32_t status = mfli_dataset_allocate(context, table->rows, table->columns - targets, targets, 0, &dataset);
    if (status)
        return status;
    for (int64_t i = 0; i < table->rows; i++) {
        const double *from = table->values + i * table->columns;
        double *to = dataset->own_inputs + i * dataset->columns;
        for (int64_t j = 0; j < dataset->columns; j++)
            to[j] = from[j + (j >= target)];
        if (targets)
            dataset->targets[i] = from[target];
    }
    if (table->names)
        status = name_columns(table, target, dataset);
    if (status == MFL_OK)
        status = mfli_dataset_check_finite(dataset);
    if (status)
        mfli_object_release(dataset);
    else
        *out = dataset;
    return status;
}

static int32_t from_two_tables(mfl_context *context, const char *path, const mfli_table *inputs,
                               const char *target_path, const mfli_table *targets, mfl_dataset **out)
{
    mfl_dataset *dataset;
    if (targets->rows * targets->columns != inputs->rows || (targets->columns != 1 && targets->rows != 1))
        return mfli_fail(context, MFL_ERROR_FORMAT,
                         "\"%.200s\" holds %lld x %lld numbers; \"%.200s\" has %lld rows, each of which needs one target",
                         target_path, (long long)targets->rows, (long long)targets->columns, path,
                         (long long)inputs->rows);
    int32_t status = mfli_dataset_allocate(context, inputs->rows, inputs->columns, 1, 0, &dataset);
    if (status)
        return status;
    memcpy(dataset->own_inputs, inputs->values,
           (size_t)inputs->rows * (size_t)inputs->columns * sizeof *inputs->values);
    memcpy(dataset->targets, targets->values, (size_t)inputs->rows * sizeof *targets->values);
    status = mfli_dataset_check_finite(dataset);
    if (status)
        mfli_object_release(dataset);
    else
        *out = dataset;
    return status;
}

/* "" in place of a target's name: there is none. */
static int32_t is_none(const char *target)
{
    return target && !*target;
}

/* A name first, so that columns called "1" can be named; else a number from 1. */
static int32_t find_target(mfl_context *context, const char *path, const mfli_table *table, const char *target,
                           int64_t *column)
{
    int64_t number, found = 0;
    *column = is_none(target) ? table->columns : table->columns - 1;
    if (!target || is_none(target))
        return MFL_OK;
    for (int64_t j = 0; table->names && j < table->columns; j++)
        if (strcmp(table->names[j], target) == 0) {
            *column = j;
            found++;
        }
    if (found > 1)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "target is \"%.100s\", and %lld columns of \"%.200s\" have that name; give the column's number",
                         target, (long long)found, path);
    if (found == 1)
        return MFL_OK;
    if (mfli_parse_int(target, &number) || number < 1 || number > table->columns)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "target is \"%.100s\"; \"%.200s\" has no column of that name; name one, or give a number from 1 "
                         "to %lld",
                         target, path, (long long)table->columns);
    *column = number - 1;
    return MFL_OK;
}

static int32_t read_csv_table(mfl_context *context, const char *path, int32_t header, mfli_table *table)
{
    uint8_t *bytes;
    size_t size;
    int32_t status = mfli_file_read(context, path, MFLI_FILE_LIMIT, &bytes, &size);
    if (status)
        return status;
    status = mfli_csv_parse(context, path, bytes, size, header, table);
    mfli_free(context, bytes);
    return status;
}

static int32_t read_csv(mfl_context *context, const char *path, const char *target, int32_t header,
                        mfl_dataset **out)
{
    mfli_table table;
    int64_t column;
    if (!out)
        return mfli_fail_null(context, "out");
    if (header < MFL_CSV_HEADER_AUTO || header > MFL_CSV_HEADER_ABSENT)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "header is %d; it must be one of mfl_csv_header, 0 to 2", header);
    int32_t status = read_csv_table(context, path, header, &table);
    if (status)
        return status;
    status = find_target(context, path, &table, target, &column);
    if (status == MFL_OK)
        status = from_one_table(context, path, &table, column, out);
    mfli_table_free(context, &table);
    return status;
}

int32_t mfl_dataset_read_csv(mfl_context *context, const char *path, const char *target, int32_t header,
                             mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, read_csv(context, path, target, header, out));
}

static int32_t read_npy_table(mfl_context *context, const char *path, mfli_table *table)
{
    uint8_t *bytes;
    size_t size;
    int32_t status = mfli_file_read(context, path, MFLI_FILE_LIMIT, &bytes, &size);
    if (status)
        return status;
    status = mfli_npy_parse(context, path, bytes, size, table);
    mfli_free(context, bytes);
    return status;
}

static int32_t npy_column(mfl_context *context, const char *path, const mfli_table *table, int64_t column,
                          mfl_dataset **out)
{
    int64_t columns = table->columns;
    if (column < -columns || column >= columns)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "target_column is %lld; \"%.200s\" has the columns 0 to %lld (or -1, -2, ... from the end)",
                         (long long)column, path, (long long)columns - 1);
    return from_one_table(context, path, table, column < 0 ? column + columns : column, out);
}

static int32_t read_npy(mfl_context *context, const char *path, const char *target_path, int64_t target_column,
                        mfl_dataset **out)
{
    mfli_table inputs, targets;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = read_npy_table(context, path, &inputs);
    if (status)
        return status;
    if (!target_path) {
        status = npy_column(context, path, &inputs, target_column, out);
    } else if (is_none(target_path)) {
        status = from_one_table(context, path, &inputs, inputs.columns, out);
    } else {
        status = read_npy_table(context, target_path, &targets);
        if (status == MFL_OK) {
            status = from_two_tables(context, path, &inputs, target_path, &targets, out);
            mfli_table_free(context, &targets);
        }
    }
    mfli_table_free(context, &inputs);
    return status;
}

int32_t mfl_dataset_read_npy(mfl_context *context, const char *path, const char *target_path, int64_t target_column,
                             mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, read_npy(context, path, target_path, target_column, out));
}

#if MFLI_HAVE_HDF5
static int32_t read_hdf5_tables(mfl_context *context, const char *path, const char *input_name,
                                const char *target_name, mfl_dataset **out)
{
    mfli_table inputs, targets;
    int32_t status = mfli_hdf5_read(context, path, input_name, &inputs);
    if (status)
        return status;
    if (is_none(target_name)) {
        status = from_one_table(context, path, &inputs, inputs.columns, out);
    } else {
        status = mfli_hdf5_read(context, path, target_name, &targets);
        if (status == MFL_OK) {
            status = from_two_tables(context, input_name, &inputs, target_name, &targets, out);
            mfli_table_free(context, &targets);
        }
    }
    mfli_table_free(context, &inputs);
    return status;
}
#else
static int32_t read_hdf5_tables(mfl_context *context, const char *path, const char *input_name,
                                const char *target_name, mfl_dataset **out)
{
    (void)input_name, (void)target_name, (void)out;
    return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                     "\"%.300s\" cannot be read: this library was built without HDF5; use CSV or NPY", path);
}
#endif

static int32_t read_hdf5(mfl_context *context, const char *path, const char *inputs, const char *targets,
                         mfl_dataset **out)
{
    if (!out || !path || !inputs || !targets)
        return mfli_fail_null(context, !out ? "out" : !path ? "path" : !inputs ? "inputs" : "targets");
    return read_hdf5_tables(context, path, inputs, targets, out);
}

int32_t mfl_dataset_read_hdf5(mfl_context *context, const char *path, const char *inputs, const char *targets,
                              mfl_dataset **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, read_hdf5(context, path, inputs, targets, out));
}
