/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "faults.h"

static const double inputs[] = {1.0, 2.0, -1.0, 0.5, 0.3, -2.0, 4.0, 1.0}, targets[] = {1.0, -1.0, 0.5, 2.0};

static int32_t drawn(mfl_context *context)
{
    mfl_task *task = NULL;
    mfl_dataset *data = NULL;
    const double *clean;
    int32_t status = MFL_OK;
    MAKE(status, task, mfl_task_create_hermite, (context, 3, 2, &task));
    MAKE(status, data, mfl_dataset_draw, (task, 5, 0.1, 0, MFL_ROLE_TRAIN, &data));
    NEXT(status, mfl_dataset_clean_targets, (data, &clean));
    CALL(mfl_dataset_destroy, (data));
    CALL(mfl_task_destroy, (task));
    return status;
}

static int32_t from_memory(mfl_context *context)
{
    mfl_dataset *copy = NULL, *view = NULL;
    const double *x, *y;
    double out[8];
    int64_t rows, columns, row_stride, column_stride;
    int32_t status = MFL_OK;
    MAKE(status, copy, mfl_dataset_copy, (context, 4, 2, inputs, 2, 1, targets, &copy));
    MAKE(status, view, mfl_dataset_view, (context, 2, 4, inputs, 1, 2, targets, &view));
    NEXT(status, mfl_dataset_shape, (copy, &rows, &columns));
    NEXT(status, mfl_dataset_inputs, (view, &x, &row_stride, &column_stride));
    NEXT(status, mfl_dataset_targets, (view, &y));
    NEXT(status, mfl_dataset_copy_inputs, (view, out, 8));
    NEXT(status, mfl_dataset_copy_targets, (view, out, 8));
    CALL(mfl_dataset_destroy, (view));
    CALL(mfl_dataset_destroy, (copy));
    return status;
}

static int32_t derived(mfl_context *context)
{
    const int64_t rows[] = {2, 0};
    mfl_dataset *data = NULL, *taken = NULL, *train = NULL, *test = NULL, *standard = NULL, *like = NULL;
    double mean[2], scale[2], target_mean, target_scale;
    int32_t status = MFL_OK;
    MAKE(status, data, mfl_dataset_copy, (context, 4, 2, inputs, 2, 1, targets, &data));
    MAKE(status, taken, mfl_dataset_take, (data, rows, 2, &taken));
    if (!status) {
        train = test = fault_poison();
        status = CALL(mfl_dataset_split, (data, 3, 0, &train, &test));
        fault_require(!status || (!train && !test), "mfl_dataset_split failed and left its outputs set");
    }
    MAKE(status, standard, mfl_dataset_standardise, (train, 1, &standard));
    MAKE(status, like, mfl_dataset_standardise_like, (test, standard, &like));
    NEXT(status, mfl_dataset_standardisation, (standard, mean, scale, 2, &target_mean, &target_scale));
    CALL(mfl_dataset_destroy, (like));
    CALL(mfl_dataset_destroy, (standard));
    CALL(mfl_dataset_destroy, (test));
    CALL(mfl_dataset_destroy, (train));
    CALL(mfl_dataset_destroy, (taken));
    CALL(mfl_dataset_destroy, (data));
    return status;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    fault_require(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "cannot write a test file");
}

static int32_t from_csv(mfl_context *context)
{
    static const char text[] = "a,\"b, c\",y\n1,2,3\n-1,0.5,2\n";
    mfl_dataset *data = NULL;
    const char *name;
    int32_t status = MFL_OK;
    write_file("faults.csv", text, sizeof text - 1);
    MAKE(status, data, mfl_dataset_read_csv, (context, "faults.csv", "y", MFL_CSV_HEADER_AUTO, &data));
    NEXT(status, mfl_dataset_name, (data, 1, &name));
    fault_require(status || strcmp(name, "b, c") == 0, "a quoted column lost its name");
    CALL(mfl_dataset_destroy, (data));
    remove("faults.csv");
    return status;
}

static int32_t from_npy(mfl_context *context)
{
    static const char header[118] = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }";
    unsigned char bytes[128 + sizeof inputs] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    mfl_dataset *data = NULL;
    int32_t status = MFL_OK;
    memset(bytes + 10, ' ', 118);
    memcpy(bytes + 10, header, strlen(header));
    bytes[127] = '\n';
    memcpy(bytes + 128, inputs, sizeof inputs);
    write_file("faults.npy", bytes, sizeof bytes);
    MAKE(status, data, mfl_dataset_read_npy, (context, "faults.npy", NULL, -1, &data));
    CALL(mfl_dataset_destroy, (data));
    remove("faults.npy");
    return status;
}

/* Without HDF5 the function is there and says so. */
static int32_t from_hdf5(mfl_context *context)
{
    mfl_dataset *data = NULL;
    int32_t status = MFL_OK, present;
    CALL(mfl_version_feature, ("hdf5", &present));
    MAKE(status, data, mfl_dataset_read_hdf5, (context, FAULTS_HDF5_FILE, "/x", "/y", &data));
    CALL(mfl_dataset_destroy, (data));
    return present || status != MFL_ERROR_UNSUPPORTED ? status : MFL_OK;
}

const fault_scenario faults_dataset[] = {
    {"drawn data", drawn},   {"data from memory", from_memory}, {"derived data", derived},
    {"data from CSV", from_csv}, {"data from NPY", from_npy},   {"data from HDF5", from_hdf5},
    {NULL, NULL},
};
