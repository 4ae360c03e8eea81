/* SPDX-License-Identifier: BSD-3-Clause */
#include <hdf5.h>
#include <math.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "../scratch.h"
#include "io/table.h"

static mfl_context *context;
static const char *path;

static void put(hid_t file, const char *name, hid_t type, int dimensions, const hsize_t *extent, hid_t properties,
                const double *values)
{
    hid_t space = H5Screate_simple(dimensions, extent, NULL);
    hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ck_assert(dataset >= 0);
    if (values)
        ck_assert_int_ge(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(dataset);
    H5Sclose(space);
}

static void setup(void)
{
    static const double v[6] = {1, 2, 3, 4, 5, 6}, bad[3] = {1, NAN, 3};
    static double zeros[20000];
    const hsize_t matrix[2] = {3, 2}, vector = 3, cube[3] = {1, 2, 3}, pages[2] = {10000, 2};
    const hsize_t endless[2] = {1000000000, 1000000}, empty = 0, overflow[2] = {1ull << 40, 1ull << 30};
    scratch_make();
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    path = scratch_path("data.h5");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t group = H5Gcreate2(file, "train", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(chunked, 2, (const hsize_t[2]){1000, 2});
    H5Pset_deflate(chunked, 9);
    put(file, "train/x", H5T_IEEE_F64LE, 2, matrix, H5P_DEFAULT, v);
    put(file, "train/y", H5T_STD_I16BE, 1, &vector, H5P_DEFAULT, v);
    put(file, "single", H5T_IEEE_F32BE, 2, matrix, H5P_DEFAULT, v);
    put(file, "bad", H5T_IEEE_F64LE, 1, &vector, H5P_DEFAULT, bad);
    put(file, "cube", H5T_IEEE_F64LE, 3, cube, H5P_DEFAULT, v);
    put(file, "empty", H5T_IEEE_F64LE, 1, &empty, H5P_DEFAULT, NULL);
    put(file, "zeros", H5T_IEEE_F64LE, 2, pages, chunked, zeros);
    put(file, "endless", H5T_IEEE_F64LE, 2, endless, chunked, NULL);
    put(file, "overflow", H5T_IEEE_F64LE, 2, overflow, chunked, NULL);
    hid_t text = H5Screate(H5S_SCALAR);
    H5Dclose(H5Dcreate2(file, "text", H5T_C_S1, text, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(text);
    H5Pclose(chunked);
    H5Gclose(group);
    H5Fclose(file);
}

static void teardown(void)
{
    mfl_context_destroy(context);
    scratch_remove();
    ck_assert_int_eq(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0); /* nothing is left open */
}

START_TEST(numbers_of_every_type_are_read)
{
    mfl_dataset *data;
    double x[6], y[3];
    mfli_table table;
    ck_assert_int_eq(mfl_dataset_read_hdf5(context, path, "/train/x", "train/y", &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, x, 6), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(data, y, 3), MFL_OK);
    for (int i = 0; i < 6; i++)
        ck_assert(x[i] == i + 1);
    for (int i = 0; i < 3; i++)
        ck_assert(y[i] == i + 1);
    mfl_dataset *alone;
    const double *none;
    ck_assert_int_eq(mfl_dataset_read_hdf5(context, path, "/train/x", "", &alone), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(alone, x, 6), MFL_OK);
    ck_assert(x[0] == 1 && x[5] == 6);
    ck_assert_int_eq(mfl_dataset_targets(alone, &none), MFL_ERROR_STATE);
    mfl_dataset_destroy(alone);
    mfl_dataset_destroy(data);
    ck_assert_int_eq(mfli_hdf5_read(context, path, "single", &table), MFL_OK);
    ck_assert(table.rows == 3 && table.columns == 2 && table.values[5] == 6.0);
    mfli_table_free(context, &table);
    /* Zeros are what deflate shrinks most. */
    ck_assert_int_eq(mfli_hdf5_read(context, path, "zeros", &table), MFL_OK);
    ck_assert(table.rows == 10000 && table.values[19999] == 0.0);
    mfli_table_free(context, &table);
}
END_TEST

START_TEST(what_cannot_be_read_is_a_status)
{
    static const struct {
        const char *name;
        int32_t status;
    } cases[] = {{"none", MFL_ERROR_ARGUMENT},    {"train", MFL_ERROR_ARGUMENT}, {"cube", MFL_ERROR_FORMAT},
                 {"empty", MFL_ERROR_FORMAT},     {"text", MFL_ERROR_FORMAT},    {"endless", MFL_ERROR_FORMAT},
                 {"overflow", MFL_ERROR_FORMAT}};
    mfli_table table;
    mfl_dataset *data;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t status = mfli_hdf5_read(context, path, cases[i].name, &table);
        ck_assert_msg(status == cases[i].status, "%s: %s", cases[i].name, mfl_context_message(context));
        ck_assert_ptr_null(table.values);
    }
    ck_assert_int_eq(mfl_dataset_read_hdf5(context, path, "train/x", "bad", &data), MFL_ERROR_NOT_FINITE);
    ck_assert_int_eq(mfl_dataset_read_hdf5(context, path, "zeros", "bad", &data), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfli_hdf5_read(context, scratch_write("text", "not hdf5", 8), "x", &table), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfli_hdf5_read(context, scratch_path("no file"), "x", &table), MFL_ERROR_IO);
}
END_TEST

static herr_t own_handler(hid_t stack, void *data)
{
    (void)stack;
    ++*(int *)data;
    return 0;
}

START_TEST(the_hosts_error_handler_is_left_alone)
{
    int calls = 0;
    H5E_auto2_t handler;
    void *data;
    mfli_table table;
    ck_assert_int_ge(H5Eset_auto2(H5E_DEFAULT, own_handler, &calls), 0);
    ck_assert_int_eq(mfli_hdf5_read(context, path, "none", &table), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(calls, 0);
    ck_assert_int_ge(H5Eget_auto2(H5E_DEFAULT, &handler, &data), 0);
    ck_assert(handler == own_handler && data == &calls);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "io_hdf5", numbers_of_every_type_are_read,
                             what_cannot_be_read_is_a_status, the_hosts_error_handler_is_left_alone);
}
