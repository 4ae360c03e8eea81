/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV, NPY and files of the library itself that are damaged or lie, read by the public functions with limits
 * of memory. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "../fuzz/edits.h"
#include "../hostile.h"
#include "../run.h"
#include "../scratch.h"

static hostile_memory memory;
static mfl_context *context;

static void setup(void)
{
    scratch_make();
    context = NULL;
}

static void teardown(void)
{
    mfl_context_destroy(context);
    ck_assert_uint_eq(memory.live, 0);
    scratch_remove();
}

static void allow(size_t bytes)
{
    mfl_context_destroy(context);
    context = hostile_context(&memory, bytes);
    hostile_limit(bytes + HOSTILE_REST);
}

static void expect(int32_t found, int32_t status)
{
    ck_assert_msg(found == status, "%s, \"%s\"", mfl_status_name(found), mfl_context_message(context));
    ck_assert(found == MFL_OK || mfl_context_message(context)[0]);
}

/* ---- CSV ---- */

static void expect_csv(const char *path, int32_t header, int32_t status)
{
    mfl_dataset *data;
    expect(mfl_dataset_read_csv(context, path, NULL, header, &data), status);
    ck_assert((data != NULL) == (status == MFL_OK));
    mfl_dataset_destroy(data);
}

/* `count` times the piece, then the end. */
static const char *repeated(const char *name, const char *piece, size_t count, const char *end)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < count; i++)
        fputs(piece, file);
    fputs(end, file);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

START_TEST(csv_of_a_million_columns)
{
    enum { columns = 1000000 };
    mfl_dataset *data;
    int64_t rows, d;
    const char *name, *path = repeated("wide.csv", "1,", columns - 1, "2\n"), *named = scratch_path("named.csv");
    allow((size_t)48 << 20); /* 48 bytes a column */
    expect(mfl_dataset_read_csv(context, path, NULL, MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect(mfl_dataset_shape(data, &rows, &d), MFL_OK);
    ck_assert(rows == 1 && d == columns - 1);
    mfl_dataset_destroy(data);
    expect_csv(repeated("header.csv", "a,", columns - 1, "a\n"), MFL_CSV_HEADER_AUTO, MFL_ERROR_FORMAT);
    expect_csv(repeated("missing.csv", ",", columns - 1, "\n"), MFL_CSV_HEADER_ABSENT, MFL_ERROR_PARSE);
    FILE *file = fopen(named, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < columns; i++)
        fprintf(file, "c%d%c", i, i + 1 < columns ? ',' : '\n');
    for (int i = 0; i < columns; i++)
        fprintf(file, "1%c", i + 1 < columns ? ',' : '\n');
    ck_assert_int_eq(fclose(file), 0);
    allow((size_t)128 << 20);
    expect(mfl_dataset_read_csv(context, named, "c500000", MFL_CSV_HEADER_AUTO, &data), MFL_OK);
    expect(mfl_dataset_name(data, columns - 2, &name), MFL_OK);
    ck_assert_str_eq(name, "c999999");
    mfl_dataset_destroy(data);
}
END_TEST

/* Lines of 10^8 bytes, one of zeros that take no room on the disk. */
START_TEST(csv_lines_without_an_end)
{
    enum { length = 100000000 };
    const char *zeros = scratch_path("zeros.csv"), *digits = scratch_path("digits.csv");
    FILE *file = fopen(zeros, "w");
    ck_assert(file && fclose(file) == 0 && truncate(zeros, length) == 0);
    allow(2 * (size_t)length + (1 << 20)); /* a name is copied */
    expect_csv(zeros, MFL_CSV_HEADER_ABSENT, MFL_ERROR_PARSE);
    char *text = malloc(length);
    ck_assert_ptr_nonnull(text);
    memset(text, '7', length);
    file = fopen(digits, "w");
    ck_assert(file && fwrite(text, 1, length, file) == length && fclose(file) == 0);
    free(text);
    expect_csv(digits, MFL_CSV_HEADER_ABSENT, MFL_ERROR_PARSE);
    expect_csv(digits, MFL_CSV_HEADER_AUTO, MFL_ERROR_FORMAT); /* a name, and no numbers */
}
END_TEST

START_TEST(csv_that_is_none)
{
    static const struct {
        const char *bytes;
        size_t size;
        int32_t header, status;
    } cases[] = {{"1,2\n3,4", 7, 0, MFL_OK}, /* no line end */
                 {"1,2\r3,4\r", 8, 0, MFL_OK},
                 {"1,\0002\n", 5, 0, MFL_ERROR_PARSE},
                 {"\0", 1, 0, MFL_ERROR_FORMAT},
                 {"1,2\n3,4\0\n", 9, 0, MFL_ERROR_PARSE},
                 {"a\0b,c\n1,2\n", 10, 0, MFL_OK},
                 {"\"1,2\n3,4\n", 9, 0, MFL_ERROR_FORMAT},
                 {"1,2\n3\n", 6, 0, MFL_ERROR_FORMAT},
                 {"1,2\n\n3,4\n", 9, 0, MFL_ERROR_FORMAT},
                 {"1,nan\n", 6, 0, MFL_ERROR_NOT_FINITE},
                 {"1,1e400\n", 8, 0, MFL_ERROR_NOT_FINITE},
                 {"1,0x1p3\n", 8, 0, MFL_OK},
                 {"\xFF\xFE" "1\0,\0002\0", 8, 2, MFL_ERROR_PARSE}, /* UTF-16 */
                 {"\x89HDF\r\n\x1a\n", 8, 0, MFL_ERROR_PARSE},
                 {"1\n2\n", 4, 0, MFL_ERROR_FORMAT}}; /* no column is left for inputs */
    allow((size_t)1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_csv(scratch_write("odd.csv", cases[i].bytes, cases[i].size), cases[i].header, cases[i].status);
}
END_TEST

/* What a file calls its columns does not command the terminal that a sentence is shown on. */
START_TEST(csv_names_in_sentences)
{
    static const char text[] = "a,\x1b[2Jb\r\n1,x\x07\n";
    allow((size_t)1 << 20);
    expect_csv(scratch_write("odd.csv", text, sizeof text - 1), MFL_CSV_HEADER_AUTO, MFL_ERROR_PARSE);
    const char *said = mfl_context_message(context);
    ck_assert_msg(strstr(said, "(?[2Jb) is \"x?\"") != NULL, "%s", said);
}
END_TEST

/* ---- NPY ---- */

static const char *npy(const char *header, size_t announced, const void *values, size_t size)
{
    uint8_t bytes[1024] = "\x93NUMPY\2";
    const size_t length = strlen(header);
    mfli_store(bytes + 8, 4, announced);
    memcpy(bytes + 12, header, length);
    memcpy(bytes + 12 + length, values, size);
    return scratch_write("a.npy", bytes, 12 + length + size);
}

static void expect_npy(const char *path, int32_t status)
{
    mfl_dataset *data;
    expect(mfl_dataset_read_npy(context, path, "", 0, &data), status);
    ck_assert((data != NULL) == (status == MFL_OK));
    mfl_dataset_destroy(data);
}

static void expect_shape(const char *order, const char *shape, int32_t status)
{
    static const double values[4] = {1, 2, 3, 4};
    char header[200];
    snprintf(header, sizeof header, "{'descr': '<f8', 'fortran_order': %s, 'shape': %s, }", order, shape);
    expect_npy(npy(header, strlen(header), values, sizeof values), status);
}

START_TEST(npy_of_other_shapes_than_it_says)
{
    static const char *const shapes[] = {
        "(4294967296, 4294967296)", "(2305843009213693956,)", "(1152921504606846977, 4)",
        "(9223372036854775807, 2)",
        "(18446744073709551620,)", "(1000000000000,)", "(1, 1000000000)", "(-4,)", "(-1, -4)", "(-2, 2)", "(0,)",
        "(4, 0)", "(0, 9223372036854775807)", "(5,)", "(3,)", "(2, 3)", "(4)", "()", "(,)", "(2, 2, 1)", "(4.0,)",
        "(1e9,)", "(0x4,)", "[4]", "(4,", "4", "None", "((4,),)", "(4 4)"};
    allow((size_t)1 << 20);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        expect_shape("False", shapes[i], MFL_ERROR_FORMAT);
        expect_shape("True", shapes[i], MFL_ERROR_FORMAT);
    }
    expect_shape("True", "(2, 2)", MFL_OK);
    expect_shape("False", "(4,)", MFL_OK);
    expect_shape("1", "(4,)", MFL_ERROR_FORMAT);
}
END_TEST

START_TEST(npy_of_other_types)
{
    static const char *const types[] = {"'|O'",  "'<O8'", "'<i8'", "'<f2'", "'<f16'",   "'<c16'",
                                        "'|S8'", "'<U2'", "'|V8'", "'<M8[s]'", "'=f8'", "'f8'", "'<f8 '", "[('a', '<f8')]", "''", "'<f88'"};
    static const double values[4] = {1, 2, 3, 4};
    char header[200];
    allow((size_t)1 << 20);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        snprintf(header, sizeof header, "{'descr': %s, 'fortran_order': False, 'shape': (4,), }", types[i]);
        expect_npy(npy(header, strlen(header), values, sizeof values), MFL_ERROR_UNSUPPORTED);
    }
}
END_TEST

START_TEST(npy_of_other_lengths)
{
    static const double values[4] = {1, 2, 3, 4};
    static const char good[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }";
    const size_t length = sizeof good - 1;
    const size_t lies[] = {0, 1, length - 1, length + 1, length + 32, length + 33, 65536, 0x7FFFFFFF, 0xFFFFFFFF};
    allow((size_t)1 << 20);
    expect_npy(npy(good, length, values, sizeof values), MFL_OK);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
        expect_npy(npy(good, lies[i], values, sizeof values), MFL_ERROR_FORMAT);
    for (size_t i = 0; i <= sizeof values; i++)
        expect_npy(npy(good, length, values, i), i < sizeof values ? MFL_ERROR_FORMAT : MFL_OK);
    expect_npy(npy("{", 1, values, 0), MFL_ERROR_FORMAT);
    expect_npy(npy("{}", 2, values, 0), MFL_ERROR_FORMAT);
}
END_TEST

/* Files that are longer than memory, with nothing in them: refused before they are read. */
START_TEST(files_longer_than_memory)
{
    static const off_t sizes[] = {(off_t)1 << 31, (off_t)1 << 36, (off_t)1 << 40};
    const char *path = scratch_path("long");
    mfl_network *network;
    FILE *file = fopen(path, "w");
    ck_assert(file && fclose(file) == 0);
    allow((size_t)1 << 20);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const int32_t status = sizes[i] > (off_t)1 << 36 ? MFL_ERROR_SIZE : MFL_ERROR_MEMORY;
        ck_assert_int_eq(truncate(path, sizes[i]), 0);
        expect_csv(path, MFL_CSV_HEADER_AUTO, status);
        expect_npy(path, status);
        expect(mfl_network_load(context, path, &network), status);
    }
}
END_TEST

/* ---- files of the library ---- */

/* The file "good" with a change becomes the file "edited". */
static void edit_file(edit change)
{
    static edited file;
    FILE *stream = fopen(scratch_path("good"), "rb");
    ck_assert_ptr_nonnull(stream);
    file.size = fread(file.bytes, 1, edited_capacity, stream);
    fclose(stream);
    edit_state(&file, &change);
    mend_state(file.bytes, file.size);
    scratch_write("edited", file.bytes, file.size);
}

static uint64_t bits(double value)
{
    uint64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

/* Sections PROV, SHAP (N, d, activation), SCAL, WGHT, READ. */
START_TEST(networks_that_cannot_be)
{
    const struct {
        edit change;
        int32_t status;
    } cases[] = {{{EDIT_ELEMENT, 1, 0, UINT64_C(1) << 40}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 1, 0, 0}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 1, 1, UINT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 1, 1, UINT64_C(1) << 62}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 1, 2, 1000}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 1, bits(-1.0)}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 3, 0, bits(INFINITY)}, MFL_ERROR_FORMAT},
                 {{EDIT_LENGTH, 3, 0, 5}, MFL_ERROR_FORMAT},
                 {{EDIT_LENGTH, 4, 0, 0}, MFL_ERROR_FORMAT},
                 {{EDIT_COUNT, 3, 0, UINT64_C(1) << 61}, MFL_ERROR_CHECKSUM},
                 {{EDIT_COUNT, 3, 0, UINT64_MAX}, MFL_ERROR_CHECKSUM},
                 {{EDIT_NAME, 3, 0, 0}, MFL_ERROR_FORMAT},
                 {{EDIT_TYPE, 3, 0, 99}, MFL_ERROR_CHECKSUM},
                 {{EDIT_HEADER, 0, 1, MFLI_STATE_SAMPLER}, MFL_ERROR_FORMAT},
                 {{EDIT_HEADER, 0, 2, 2}, MFL_ERROR_UNSUPPORTED},
                 {{EDIT_HEADER, 0, 3, UINT32_MAX}, MFL_ERROR_UNSUPPORTED},
                 {{EDIT_HEADER, 0, 3, 4}, MFL_ERROR_CHECKSUM},
                 {{EDIT_CUT, 0, 0, 1}, MFL_ERROR_CHECKSUM}};
    mfl_model *model;
    mfl_network *network;
    allow((size_t)1 << 20);
    expect(mfl_model_create(context, 3, 2, &model), MFL_OK);
    expect(mfl_network_create(model, &network), MFL_OK);
    expect(mfl_network_save(network, scratch_path("good")), MFL_OK);
    mfl_network_destroy(network);
    mfl_model_destroy(model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        edit_file(cases[i].change);
        const int32_t found = mfl_network_load(context, scratch_path("edited"), &network);
        ck_assert_msg(found == cases[i].status && !network, "case %zu: %s, \"%s\"", i, mfl_status_name(found),
                      mfl_context_message(context));
    }
}
END_TEST

static mfl_sampler *make_sampler(mfl_task *task, mfl_dataset **data)
{
    mfl_model *model;
    mfl_sampler *sampler;
    mfl_options *options;
    expect(mfl_model_create(context, 3, 2, &model), MFL_OK);
    expect(mfl_dataset_draw(task, 4, 0.0, 0, MFL_ROLE_TRAIN, data), MFL_OK);
    expect(mfl_sampler_create(model, *data, 0.5, &sampler), MFL_OK);
    expect(mfl_sampler_options(sampler, &options), MFL_OK);
    expect(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 4), MFL_OK);
    expect(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 3), MFL_OK);
    mfl_model_destroy(model);
    return sampler;
}

/* Sections PROV, FING, PLAN (settled, end, recording, stop, draws), EVID, TEND (length, checksum), COUN
 * (steps, draws, passes, ..., the 16th: parts of a pass). */
START_TEST(runs_that_cannot_be)
{
    const struct {
        edit change;
        int32_t status;
    } cases[] = {{{EDIT_ELEMENT, 1, 0, 3}, MFL_ERROR_ARGUMENT}, /* another width */
                 {{EDIT_ELEMENT, 2, 4, UINT64_C(1) << 40}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 1, UINT64_C(1) << 62}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 0, UINT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 3, 77}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 4, 0, UINT64_MAX}, MFL_ERROR_CHECKSUM},
                 {{EDIT_ELEMENT, 4, 1, 0}, MFL_ERROR_CHECKSUM},
                 {{EDIT_ELEMENT, 5, 1, UINT64_C(1) << 40}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 5, 2, INT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 5, 15, INT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 5, 15, 4}, MFL_ERROR_FORMAT}, /* P parts are a pass */
                 {{EDIT_LENGTH, 7, 0, 1}, MFL_ERROR_FORMAT},
                 {{EDIT_COUNT, 7, 0, UINT64_C(1) << 60}, MFL_ERROR_CHECKSUM}};
    mfl_task *task;
    mfl_dataset *data;
    allow((size_t)4 << 20);
    expect(mfl_task_create_parity(context, 3, 2, &task), MFL_OK);
    mfl_sampler *sampler = make_sampler(task, &data);
    expect(mfl_sampler_run(sampler), MFL_OK);
    expect(mfl_sampler_save(sampler, scratch_path("good")), MFL_OK);
    ck_assert_int_eq(rename(scratch_path("good.traces"), scratch_path("edited.traces")), 0);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    sampler = make_sampler(task, &data);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        edit_file(cases[i].change);
        const int32_t found = mfl_sampler_load(sampler, scratch_path("edited"));
        ck_assert_msg(found == cases[i].status, "case %zu: %s, \"%s\"", i, mfl_status_name(found),
                      mfl_context_message(context));
    }
    edit_file((edit){EDIT_CUT, 0, 0, 0});
    expect(mfl_sampler_load(sampler, scratch_path("edited")), MFL_OK); /* what was refused left no trace */
    expect(mfl_sampler_run(sampler), MFL_OK);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    mfl_task_destroy(task);
}
END_TEST

/* Sections PROV, FING, COUN (sweeps, forces), SHAR, ..., the record last. */
START_TEST(solves_that_cannot_be)
{
    enum { record = 22 };
    const struct {
        edit change;
        int32_t status;
    } cases[] = {{{EDIT_ELEMENT, 1, 0, 5}, MFL_ERROR_ARGUMENT}, /* other samples */
                 {{EDIT_ELEMENT, 2, 0, UINT64_C(1) << 29}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 0, UINT64_C(1) << 60}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 0, UINT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 2, 1, INT64_MAX}, MFL_ERROR_FORMAT},
                 {{EDIT_ELEMENT, 3, 2, bits(2.0)}, MFL_ERROR_FORMAT},
                 {{EDIT_LENGTH, 4, 0, 1}, MFL_ERROR_FORMAT},
                 {{EDIT_LENGTH, record, 0, 1}, MFL_ERROR_FORMAT},
                 {{EDIT_COUNT, record, 0, UINT64_C(1) << 60}, MFL_ERROR_CHECKSUM}};
    mfl_task *task;
    mfl_dataset *data;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    context = hostile_context(&memory, (size_t)8 << 20);
    expect(mfl_task_create_parity(context, 2, 2, &task), MFL_OK);
    expect(mfl_dataset_draw(task, 3, 0.1, 0, MFL_ROLE_TRAIN, &data), MFL_OK);
    expect(mfl_model_create(context, 2, 4, &model), MFL_OK);
    expect(mfl_theory_create_empirical(context, model, data, NULL, &theory), MFL_OK);
    expect(mfl_theory_options(theory, &options), MFL_OK);
    expect(mfl_options_set_int(options, MFL_THEORY_PARTICLES, 4), MFL_OK);
    expect(mfl_options_set_int(options, MFL_THEORY_SWEEPS, 48), MFL_OK);
    expect(mfl_theory_set_checkpoint(theory, scratch_path("good"), 1e6), MFL_OK);
    expect(mfl_theory_solve(theory, 3.0, 0.5), MFL_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        edit_file(cases[i].change);
        const int32_t found = mfl_theory_resume(theory, scratch_path("edited"), 1e6);
        ck_assert_msg(found == cases[i].status, "case %zu: %s, \"%s\"", i, mfl_status_name(found),
                      mfl_context_message(context));
    }
    expect(mfl_theory_resume(theory, scratch_path("good"), 1e6), MFL_OK);
    mfl_theory_destroy(theory);
    mfl_model_destroy(model);
    mfl_dataset_destroy(data);
    mfl_task_destroy(task);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "hostile_files", csv_of_a_million_columns, csv_lines_without_an_end,
                             csv_that_is_none, csv_names_in_sentences, npy_of_other_shapes_than_it_says,
                             npy_of_other_types, npy_of_other_lengths, files_longer_than_memory, networks_that_cannot_be,
                             runs_that_cannot_be, solves_that_cannot_be);
}
