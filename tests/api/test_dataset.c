/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets from memory and from tasks, their parts, and standardisation. The files are in test_dataset_files.c. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;
static mfl_dataset *data, *other;

static void setup(void)
{
    data = other = NULL;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_dataset_destroy(data);
    mfl_dataset_destroy(other);
    mfl_context_destroy(context);
}

static void expect_message(const char *piece)
{
    ck_assert_msg(strstr(mfl_context_message(context), piece) != NULL, "\"%s\" does not say \"%s\"",
                  mfl_context_message(context), piece);
}

static void expect_inputs(const mfl_dataset *set, int64_t rows, int64_t columns, const double *values)
{
    double found[64];
    int64_t p, d;
    ck_assert_int_eq(mfl_dataset_shape(set, &p, &d), MFL_OK);
    ck_assert(p == rows && d == columns && p * d <= 64);
    ck_assert_int_eq(mfl_dataset_copy_inputs(set, found, 64), MFL_OK);
    for (int64_t i = 0; i < p * d; i++)
        ck_assert_double_eq_tol(found[i], values[i], 1e-15);
}

static void expect_targets(const mfl_dataset *set, int64_t rows, const double *values)
{
    const double *found;
    ck_assert_int_eq(mfl_dataset_targets(set, &found), MFL_OK);
    for (int64_t i = 0; i < rows; i++)
        ck_assert_double_eq_tol(found[i], values[i], 1e-15);
}

static const double block[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const double three[3] = {-1, -2, -3};

START_TEST(strides_address_the_callers_memory)
{
    static const double transposed[6] = {1, 4, 7, 2, 5, 8};
    const double *inputs;
    int64_t row_stride, column_stride;
    ck_assert_int_eq(mfl_dataset_view(context, 2, 3, block, 1, 3, three, &data), MFL_OK);
    expect_inputs(data, 2, 3, transposed);
    expect_targets(data, 2, three);
    ck_assert_int_eq(mfl_dataset_inputs(data, &inputs, &row_stride, &column_stride), MFL_OK);
    ck_assert(inputs == block && row_stride == 1 && column_stride == 3);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, block, 1, 3, three, &other), MFL_OK);
    expect_inputs(other, 2, 3, transposed);
    ck_assert_int_eq(mfl_dataset_inputs(other, &inputs, &row_stride, &column_stride), MFL_OK);
    ck_assert(inputs != block && row_stride == 3 && column_stride == 1);
}
END_TEST

START_TEST(a_copy_is_a_copy_and_a_view_is_not)
{
    double mine[4] = {1, 2, 3, 4}, y[2] = {5, 6}, found[4];
    ck_assert_int_eq(mfl_dataset_view(context, 2, 2, mine, 2, 1, y, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 2, mine, 2, 1, y, &other), MFL_OK);
    mine[3] = 99;
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, found, 4), MFL_OK);
    ck_assert(found[3] == 99);
    ck_assert_int_eq(mfl_dataset_copy_inputs(other, found, 4), MFL_OK);
    ck_assert(found[3] == 4);
}
END_TEST

START_TEST(bad_numbers_and_sizes_are_refused)
{
    double bad[6] = {1, 2, 3, 4, NAN, 6}, y[2] = {1, INFINITY}, room[6];
    const double *targets;
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, bad, 3, 1, three, &data), MFL_ERROR_NOT_FINITE);
    expect_message("row 1, column 1");
    ck_assert_ptr_null(data);
    ck_assert_int_eq(mfl_dataset_view(context, 2, 3, block, 3, 1, y, &data), MFL_ERROR_NOT_FINITE);
    expect_message("target in row 1");
    ck_assert_int_eq(mfl_dataset_copy(context, 0, 3, block, 3, 1, three, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, -3, block, 3, 1, three, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, block, 0, 1, three, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_copy(context, INT64_MAX, INT64_MAX, block, 1, 1, three, &data), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, NULL, 3, 1, three, &data), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, block, 3, 1, three, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_copy(context, 2, 3, block, 3, 1, NULL, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_targets(data, &targets), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_clean_targets(data, &targets), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_copy_targets(data, room, 2), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, room, 5), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, NULL, 6), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_name(data, 4, NULL), MFL_ERROR_NULL);
}
END_TEST

static void draw(const mfl_task *task, int64_t count, double noise, int64_t index, int32_t role, double *x,
                 double *y)
{
    mfl_dataset *set;
    int64_t rows, columns;
    ck_assert_int_eq(mfl_dataset_draw(task, count, noise, index, role, &set), MFL_OK);
    ck_assert_int_eq(mfl_dataset_shape(set, &rows, &columns), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(set, x, (size_t)(rows * columns)), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(set, y, (size_t)rows), MFL_OK);
    mfl_dataset_destroy(set);
}

enum { many = 700, few = 300, dimension = 5 };

/* For every input law: a draw is reproducible, its beginning is a smaller draw, and index, role and seed matter. */
START_TEST(samples_depend_on_seed_index_role_and_number_alone)
{
    double all[many * dimension], part[many * dimension], y_all[many], y_part[many], c[dimension * dimension];
    mfl_task *task;
    mfl_options *options, *seed;
    for (int i = 0; i < dimension * dimension; i++)
        c[i] = i % (dimension + 1) == 0 ? 2.0 : 0.5;
    ck_assert_int_eq(mfl_task_create_relu(context, dimension, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_covariance(task, c, dimension, dimension), MFL_OK);
    ck_assert_int_eq(mfl_task_options(task, &options), MFL_OK);
    ck_assert_int_eq(mfl_context_options(context, &seed), MFL_OK);
    for (int32_t law = MFL_INPUT_HYPERCUBE; law <= MFL_INPUT_CORRELATED; law++) {
        ck_assert_int_eq(mfl_options_set_int(options, MFL_TASK_INPUT_LAW, law), MFL_OK);
        draw(task, many, 0.1, 3, MFL_ROLE_TRAIN, all, y_all);
        draw(task, few, 0.1, 3, MFL_ROLE_TRAIN, part, y_part);
        ck_assert_mem_eq(part, all, few * dimension * sizeof *all);
        ck_assert_mem_eq(y_part, y_all, few * sizeof *all);
        static const int32_t variants[4][2] = {
            {4, MFL_ROLE_TRAIN}, {3, MFL_ROLE_TEST}, {3, MFL_ROLE_VALIDATION}, {3, MFL_ROLE_TRAIN}};
        for (int v = 0; v < 4; v++) {
            ck_assert_int_eq(mfl_options_set_int(seed, MFL_CONTEXT_SEED, v == 3 ? 2 : 1), MFL_OK);
            draw(task, few, 0.1, variants[v][0], variants[v][1], part, y_part);
            ck_assert_mem_ne(part, all, few * dimension * sizeof *all);
        }
        ck_assert_int_eq(mfl_options_set_int(seed, MFL_CONTEXT_SEED, 1), MFL_OK);
    }
    mfl_task_destroy(task);
}
END_TEST

START_TEST(targets_are_the_tasks_plus_noise)
{
    double x[few * dimension], clean[few];
    const double *known, *noisy, *unit;
    mfl_dataset *louder;
    mfl_task *task;
    int32_t differs = 0;
    ck_assert_int_eq(mfl_task_create_parity(context, dimension, 3, &task), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, few, 0.0, 0, MFL_ROLE_TEST, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, few, 0.5, 0, MFL_ROLE_TEST, &other), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, x, few * dimension), MFL_OK);
    ck_assert_int_eq(mfl_task_evaluate(task, few, x, dimension, clean), MFL_OK);
    ck_assert_int_eq(mfl_dataset_targets(data, &noisy), MFL_OK);
    ck_assert_mem_eq(noisy, clean, sizeof clean);
    ck_assert_int_eq(mfl_dataset_clean_targets(other, &known), MFL_OK);
    ck_assert_mem_eq(known, clean, sizeof clean);
    ck_assert_int_eq(mfl_dataset_targets(other, &noisy), MFL_OK);
    for (int i = 0; i < few; i++)
        differs += noisy[i] != clean[i];
    ck_assert_int_eq(differs, few);
    /* The noise is the same normals times its deviation. */
    ck_assert_int_eq(mfl_dataset_draw(task, few, 1.0, 0, MFL_ROLE_TEST, &louder), MFL_OK);
    ck_assert_int_eq(mfl_dataset_targets(louder, &unit), MFL_OK);
    for (int i = 0; i < few; i++)
        ck_assert_double_eq_tol(noisy[i] - clean[i], 0.5 * (unit[i] - clean[i]), 1e-14);
    /* Standardised, clean targets keep their distance to the noisy ones. */
    mfl_dataset *scaled;
    double mean, scale;
    ck_assert_int_eq(mfl_dataset_standardise(louder, 1, &scaled), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardisation(scaled, NULL, NULL, 0, &mean, &scale), MFL_OK);
    ck_assert_int_eq(mfl_dataset_clean_targets(scaled, &known), MFL_OK);
    for (int i = 0; i < few; i++)
        ck_assert_double_eq_tol(known[i], (clean[i] - mean) / scale, 1e-14);
    mfl_dataset_destroy(scaled);
    mfl_dataset_destroy(louder);
    mfl_task_destroy(task);
}
END_TEST

START_TEST(impossible_draws_are_refused)
{
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_relu(context, 1 << 20, &task), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, 0, 0, 0, 0, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1 << 20, 0, 0, 0, &data), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, -1, 0, 0, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, NAN, 0, 0, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, INFINITY, 0, 0, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, 0, 1 << 24, 0, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, 0, 0, 3, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, 0, 0, 0, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_draw(NULL, 1, 0, 0, 0, &data), MFL_ERROR_NULL);
    mfl_context_cancel(context);
    ck_assert_int_eq(mfl_dataset_draw(task, 1, 0, 0, 0, &data), MFL_ERROR_CANCELLED);
    ck_assert_ptr_null(data);
    mfl_task_destroy(task);
}
END_TEST

START_TEST(take_copies_the_rows_named)
{
    static const int64_t rows[3] = {2, 0, 2}, wrong[2] = {0, 3};
    static const double expected[9] = {7, 8, 9, 1, 2, 3, 7, 8, 9}, y[3] = {-3, -1, -3};
    ck_assert_int_eq(mfl_dataset_view(context, 3, 3, block, 3, 1, three, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_take(data, rows, 3, &other), MFL_OK);
    expect_inputs(other, 3, 3, expected);
    expect_targets(other, 3, y);
    mfl_dataset_destroy(other);
    ck_assert_int_eq(mfl_dataset_take(data, wrong, 2, &other), MFL_ERROR_ARGUMENT);
    expect_message("rows[1] is 3");
    ck_assert_int_eq(mfl_dataset_take(data, rows, 0, &other), MFL_ERROR_ARGUMENT);
}
END_TEST

/* Together the parts are the whole; a smaller training set begins a larger one. */
START_TEST(a_split_is_a_partition)
{
    enum { rows = 50 };
    double x[rows], found[rows], smaller[rows];
    int32_t seen[rows] = {0}, moved = 0;
    mfl_dataset *whole;
    for (int i = 0; i < rows; i++)
        x[i] = i;
    ck_assert_int_eq(mfl_dataset_view(context, rows, 1, x, 1, 1, x, &whole), MFL_OK);
    ck_assert_int_eq(mfl_dataset_split(whole, 30, 5, &data, &other), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(data, found, rows), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_inputs(other, found + 30, 20), MFL_OK);
    for (int i = 0; i < rows; i++) {
        seen[(int)found[i]]++;
        moved += found[i] != x[i];
    }
    for (int i = 0; i < rows; i++)
        ck_assert_int_eq(seen[i], 1);
    ck_assert_int_gt(moved, rows / 2);
    mfl_dataset_destroy(data);
    mfl_dataset_destroy(other);
    ck_assert_int_eq(mfl_dataset_split(whole, 10, 5, &data, &other), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(data, smaller, rows), MFL_OK);
    ck_assert_mem_eq(smaller, found, 10 * sizeof *found);
    mfl_dataset *left, *right;
    ck_assert_int_eq(mfl_dataset_split(whole, 10, 6, &left, &right), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy_targets(left, smaller, rows), MFL_OK);
    ck_assert_mem_ne(smaller, found, 10 * sizeof *found);
    mfl_dataset_destroy(left);
    mfl_dataset_destroy(right);
    ck_assert_int_eq(mfl_dataset_split(whole, 50, 5, &left, &right), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_split(whole, 0, 5, &left, &right), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_split(whole, 5, -1, &left, &right), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_split(whole, 5, 0, NULL, &right), MFL_ERROR_NULL);
    mfl_dataset_destroy(whole);
}
END_TEST

static void count_warnings(int32_t level, const char *message, void *user_data)
{
    *(int *)user_data += level == MFL_LOG_WARNING && strstr(message, "column 1 ") != NULL;
}

/* Column 0 is 1, 3, 5, 7: mean 4, deviations -3, -1, 1, 3, mean square 5. Column 1 is constant, and such that its
 * computed mean is not exact. */
START_TEST(standardisation_has_mean_zero_and_variance_one)
{
    const double c = 0.1, s = sqrt(5.0), x[8] = {1, c, 3, c, 5, c, 7, c}, y[4] = {10, 10, 20, 20};
    const double expected[8] = {-3 / s, 0, -1 / s, 0, 1 / s, 0, 3 / s, 0}, expected_y[4] = {-1, -1, 1, 1};
    const double fresh[2] = {9, 1}, expected_fresh[2] = {5 / s, 1 - c}, fresh_y = 25, expected_fresh_y = 2;
    double mean[2], scale[2], target_mean, target_scale;
    int warnings = 0;
    mfl_dataset *raw, *new_raw;
    mfl_context_set_log(context, count_warnings, &warnings);
    ck_assert_int_eq(mfl_dataset_copy(context, 4, 2, x, 2, 1, y, &raw), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 1, &data), MFL_OK);
    ck_assert_int_eq(warnings, 1);
    expect_inputs(data, 4, 2, expected);
    expect_targets(data, 4, expected_y);
    ck_assert_int_eq(mfl_dataset_standardisation(data, mean, scale, 2, &target_mean, &target_scale), MFL_OK);
    ck_assert(mean[0] == 4 && mean[1] == c && scale[0] == s && scale[1] == 1);
    ck_assert(target_mean == 15 && target_scale == 5);
    ck_assert_int_eq(mfl_dataset_copy(context, 1, 2, fresh, 2, 1, &fresh_y, &new_raw), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise_like(new_raw, data, &other), MFL_OK);
    expect_inputs(other, 1, 2, expected_fresh);
    expect_targets(other, 1, &expected_fresh_y);
    mfl_dataset_destroy(other);
    /* Inputs only. */
    mfl_dataset_destroy(data);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 0, &data), MFL_OK);
    expect_inputs(data, 4, 2, expected);
    expect_targets(data, 4, y);
    /* A part keeps the parameters. */
    const int64_t row = 3;
    ck_assert_int_eq(mfl_dataset_take(data, &row, 1, &other), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardisation(other, mean, scale, 2, NULL, NULL), MFL_OK);
    ck_assert(mean[0] == 4 && scale[0] == s);
    mfl_dataset_destroy(raw);
    mfl_dataset_destroy(new_raw);
}
END_TEST

START_TEST(standardisation_is_refused_where_it_makes_no_sense)
{
    const double huge[2] = {-1e300, 1e300};
    double mean[3];
    mfl_dataset *raw, *out;
    ck_assert_int_eq(mfl_dataset_view(context, 2, 3, block, 3, 1, NULL, &raw), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 1, &data), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 2, &data), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 0, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_dataset_standardisation(raw, mean, NULL, 3, NULL, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_standardise_like(raw, raw, &data), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 0, &data), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardisation(data, mean, NULL, 2, NULL, NULL), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_dataset_standardise(data, 0, &out), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_dataset_standardise_like(data, data, &out), MFL_ERROR_STATE);
    mfl_dataset_destroy(raw);
    ck_assert_int_eq(mfl_dataset_view(context, 2, 1, huge, 1, 1, NULL, &raw), MFL_OK);
    ck_assert_int_eq(mfl_dataset_standardise_like(raw, data, &out), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_dataset_standardise(raw, 0, &out), MFL_ERROR_NOT_FINITE);
    mfl_dataset_destroy(raw);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "dataset", strides_address_the_callers_memory,
                             a_copy_is_a_copy_and_a_view_is_not, bad_numbers_and_sizes_are_refused,
                             samples_depend_on_seed_index_role_and_number_alone,
                             targets_are_the_tasks_plus_noise, impossible_draws_are_refused,
                             take_copies_the_rows_named, a_split_is_a_partition,
                             standardisation_has_mean_zero_and_variance_one,
                             standardisation_is_refused_where_it_makes_no_sense);
}
