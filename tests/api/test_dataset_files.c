/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets from files, through the public functions. What the parsers accept is tested one by one in tests/unit. */
#include <math.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "../scratch.h"

static mfl_context *context;
static mfl_dataset *data;

static void setup(void)
{
    data = NULL;
    scratch_make();
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_dataset_destroy(data);
    mfl_context_destroy(context);
    scratch_remove();
}

static const char *text_file(const char *text)
{
    return scratch_write("data.csv", text, strlen(text));
}

static void expect_message(const char *piece)
{
    ck_assert_msg(strstr(mfl_context_message(context), piece) != NULL, "\"%s\" does not say \"%s\"",
                  mfl_context_message(context), piece);
}

/* Two rows of inputs, and targets; frees the data set. */
static void expect(int64_t columns, const double *inputs, const double *targets)
{
    double x[8], y[2];
    int64_t p, d;
    ck_assert_int_eq(mfl_dataset_shape(data, &p, &d), MFL_OK);
    ck_assert(p == 2 && d == columns);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, x, 8), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(data, y, 2), MFL_OK);
    ck_assert_mem_eq(x, inputs, (size_t)(2 * d) * sizeof *x);
    ck_assert_mem_eq(y, targets, sizeof y);
    mfl_dataset_destroy(data);
    data = NULL;
}

static void expect_name(int64_t column, const char *expected)
{
    const char *name;
    ck_assert_int_eq(mfl_dataset_name(data, column, &name), MFL_OK);
    ck_assert_str_eq(name, expected);
}

START_TEST(the_target_is_chosen_by_name_or_number)
{
    static const double x_last[4] = {1, 2, 4, 5}, y_last[2] = {3, 6}, x_first[4] = {2, 3, 5, 6}, y_first[2] = {1, 4};
    const char *path = text_file("a,b,c\n1,2,3\n4,5,6\n");
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, NULL, MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect_name(0, "a");
    expect_name(1, "b");
    expect_name(2, "c");
    expect(2, x_last, y_last);
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "a", MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect_name(0, "b");
    expect_name(2, "a");
    expect(2, x_first, y_first);
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "1", MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect(2, x_first, y_first);
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "4", MFL_CSV_HEADER_AUTO, &data), MFL_ERROR_ARGUMENT);
    expect_message("number from 1 to 3");
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "d", MFL_CSV_HEADER_AUTO, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "a", 3, &data), MFL_ERROR_ARGUMENT);
    path = text_file("2,1,1\n1,2,3\n4,5,6\n");
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "2", MFL_CSV_HEADER_PRESENT, &data), MFL_OK);
    expect(2, x_first, y_first); /* the column called 2 is the first */
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "1", MFL_CSV_HEADER_PRESENT, &data), MFL_ERROR_ARGUMENT);
    expect_message("2 columns");
}
END_TEST

START_TEST(names_stay_with_their_columns)
{
    const int64_t row = 0;
    const char *path = text_file("a,b,c\n1,2,3\n4,5,6\n");
    mfl_dataset *raw, *standard;
    ck_assert_int_eq(mfl_dataset_read_csv(context, path, "b", MFL_CSV_HEADER_AUTO, &raw), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 0, &standard), MFL_OK);
    ck_assert_int_eq(mfl_dataset_take(standard, &row, 1, &data), MFL_OK);
    mfl_dataset_destroy(raw);
    mfl_dataset_destroy(standard);
    expect_name(0, "a");
    expect_name(1, "c");
    expect_name(2, "b");
}
END_TEST

START_TEST(bad_csv_files_are_refused)
{
    ck_assert_int_eq(mfl_dataset_read_csv(context, scratch_path("none"), NULL, 0, &data), MFL_ERROR_IO);
    ck_assert_int_eq(mfl_dataset_read_csv(context, NULL, NULL, 0, &data), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_read_csv(context, scratch_directory, NULL, 0, &data), MFL_ERROR_IO);
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("1\n2\n"), NULL, 0, &data), MFL_ERROR_FORMAT);
    expect_message("one column");
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("a,b\n1,NA\n"), NULL, 0, &data), MFL_ERROR_PARSE);
    expect_message("line 2, column 2 (b)");
    ck_assert_ptr_null(data);
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("1,2\n"), NULL, 0, NULL), MFL_ERROR_NULL);
}
END_TEST

/* An NPY file of little-endian doubles. */
static const char *npy_file(const char *name, const char *shape, const double *values, size_t count)
{
    uint8_t bytes[512] = "\x93NUMPY\1";
    int length = snprintf((char *)bytes + 10, 200, "{'descr': '<f8', 'fortran_order': False, 'shape': %s}", shape);
    bytes[8] = (uint8_t)length;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (int b = 0; b < 8; b++)
            bytes[10 + (size_t)length + 8 * i + (size_t)b] = (uint8_t)(bits >> (8 * b));
    }
    return scratch_write(name, bytes, 10 + (size_t)length + 8 * count);
}

START_TEST(npy_targets_are_a_column_or_a_file)
{
    static const double v[6] = {1, 2, 3, 4, 5, 6}, x_middle[4] = {1, 3, 4, 6}, y_middle[2] = {2, 5};
    static const double y[2] = {7, 8}, bad[2] = {7, INFINITY};
    const char *path = npy_file("x.npy", "(2, 3)", v, 6);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, NULL, 1, &data), MFL_OK);
    expect(2, x_middle, y_middle);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, NULL, -2, &data), MFL_OK);
    expect(2, x_middle, y_middle);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, NULL, 3, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, NULL, -4, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, npy_file("y.npy", "(2,)", y, 2), 0, &data), MFL_OK);
    expect(3, v, y);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, npy_file("y.npy", "(1, 2)", y, 2), 0, &data), MFL_OK);
    expect(3, v, y);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, path, 0, &data), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, npy_file("y.npy", "(2,)", bad, 2), 0, &data),
                     MFL_ERROR_NOT_FINITE);
    expect_message("row 1");
    ck_assert_int_eq(mfl_dataset_read_npy(context, path, scratch_path("none"), 0, &data), MFL_ERROR_IO);
    ck_assert_ptr_null(data);
}
END_TEST

/* Inputs alone: every column, no target, and it cannot be standardised as if there were one. */
static void expect_inputs(int64_t columns, const double *inputs)
{
    const double *y;
    double x[8];
    int64_t p, d;
    ck_assert_int_eq(mfl_dataset_shape(data, &p, &d), MFL_OK);
    ck_assert(p * d <= 8 && d == columns);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, x, 8), MFL_OK);
    ck_assert_mem_eq(x, inputs, (size_t)(p * d) * sizeof *x);
    ck_assert_int_eq(mfl_dataset_targets(data, &y), MFL_ERROR_STATE);
    expect_name(columns, "");
    mfl_dataset_destroy(data);
    data = NULL;
}

START_TEST(files_without_targets)
{
    static const double v[6] = {1, 2, 3, 4, 5, 6};
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("a,b,c\n1,2,3\n4,5,6\n"), "", MFL_CSV_HEADER_AUTO, &data),
                     MFL_OK);
    expect_name(0, "a");
    expect_name(2, "c");
    expect_inputs(3, v);
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("1\n2\n3\n"), "", MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect_inputs(1, v);
    ck_assert_int_eq(mfl_dataset_read_csv(context, text_file("1\n2\n3\n"), NULL, MFL_CSV_HEADER_AUTO, &data),
                     MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfl_dataset_read_npy(context, npy_file("x.npy", "(2, 3)", v, 6), "", 0, &data), MFL_OK);
    expect_inputs(3, v);
}
END_TEST

/* Shapes, and sums taken from the files with awk. */
START_TEST(the_example_data_are_read)
{
    const double *y;
    double sum = 0.0;
    int64_t p, d;
    ck_assert_int_eq(mfl_dataset_read_csv(context, EXAMPLE_DATA "/diabetes.csv", "progression", 0, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_shape(data, &p, &d), MFL_OK);
    ck_assert(p == 442 && d == 10);
    ck_assert_int_eq(mfl_dataset_targets(data, &y), MFL_OK);
    for (int64_t i = 0; i < p; i++)
        sum += y[i];
    ck_assert(sum == 67243);
    mfl_dataset_destroy(data);
    ck_assert_int_eq(mfl_dataset_read_csv(context, EXAMPLE_DATA "/breast_cancer.csv", "benign", 0, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_shape(data, &p, &d), MFL_OK);
    ck_assert(p == 569 && d == 30);
    ck_assert_int_eq(mfl_dataset_targets(data, &y), MFL_OK);
    sum = 0.0;
    for (int64_t i = 0; i < p; i++)
        sum += y[i];
    ck_assert(sum == 357);
}
END_TEST

START_TEST(hdf5_is_read_or_refused_with_a_sentence)
{
    int32_t present;
    ck_assert_int_eq(mfl_version_feature("hdf5", &present), MFL_OK);
    int32_t status = mfl_dataset_read_hdf5(context, scratch_path("none"), "x", "y", &data);
    ck_assert_int_eq(status, present ? MFL_ERROR_IO : MFL_ERROR_UNSUPPORTED);
    ck_assert_ptr_null(data);
    ck_assert_int_eq(mfl_dataset_read_hdf5(context, NULL, "x", "y", &data), MFL_ERROR_NULL);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "dataset_files", the_target_is_chosen_by_name_or_number,
                             names_stay_with_their_columns, bad_csv_files_are_refused,
                             npy_targets_are_a_column_or_a_file, files_without_targets, the_example_data_are_read,
                             hdf5_is_read_or_refused_with_a_sentence);
}
