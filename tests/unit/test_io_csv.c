/* SPDX-License-Identifier: BSD-3-Clause */
#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "io/table.h"

static mfl_context *context;
static mfli_table table;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

static int32_t parse(const char *text, int32_t header)
{
    return mfli_csv_parse(context, "f.csv", (const uint8_t *)text, strlen(text), header, &table);
}

/* The text gives `rows` rows of these numbers. */
static void expect(const char *text, int64_t rows, int64_t columns, const double *values)
{
    ck_assert_msg(parse(text, MFL_CSV_HEADER_AUTO) == MFL_OK, "%s: %s", text, mfl_context_message(context));
    ck_assert_int_eq(table.rows, rows);
    ck_assert_int_eq(table.columns, columns);
    for (int64_t i = 0; i < rows * columns; i++)
        ck_assert(table.values[i] == values[i]);
    mfli_table_free(context, &table);
}

/* The text is refused, and the message holds the piece. */
static void refuse(const char *text, int32_t status, const char *piece)
{
    ck_assert_int_eq(parse(text, MFL_CSV_HEADER_AUTO), status);
    ck_assert_msg(strstr(mfl_context_message(context), piece) != NULL, "\"%s\" does not say \"%s\"",
                  mfl_context_message(context), piece);
    ck_assert_ptr_null(table.values);
    ck_assert_ptr_null(table.names);
}

START_TEST(lines_end_in_every_usual_way)
{
    static const double v[4] = {1, 2, 3, 4};
    expect("1,2\n3,4\n", 2, 2, v);
    expect("1,2\n3,4", 2, 2, v);
    expect("1,2\r\n3,4\r\n", 2, 2, v);
    expect("1,2\r3,4\r", 2, 2, v);
    expect("1,2\n3,4\n\r\n\n", 2, 2, v);
    expect("1\n2\n3\n4\n", 4, 1, v);
    expect("\xEF\xBB\xBF" "1,2,3,4\n", 1, 4, v);
}
END_TEST

START_TEST(numbers_are_read_exactly)
{
    static const double v[6] = {0.1, -1e-300, 2.5, 5e-324, 123456789012345680.0, -0.0};
    expect("0.1,-1e-300, 2.5 ,5e-324,123456789012345678,-0\n", 1, 6, v);
    expect("\"0.1\",\"-1e-300\",\"2.5\",5e-324,123456789012345678,-0", 1, 6, v);
}
END_TEST

START_TEST(a_header_is_found_or_obeyed)
{
    ck_assert_int_eq(parse("a,\"b \"\"q\"\", c\",\"two\r\nlines\"\r\n1,2,3\r\n", MFL_CSV_HEADER_AUTO), MFL_OK);
    ck_assert_int_eq(table.rows, 1);
    ck_assert_str_eq(table.names[0], "a");
    ck_assert_str_eq(table.names[1], "b \"q\", c");
    ck_assert_str_eq(table.names[2], "two\r\nlines");
    ck_assert(table.values[2] == 3.0);
    mfli_table_free(context, &table);
    ck_assert_int_eq(parse("1,2\n3,4\n", MFL_CSV_HEADER_PRESENT), MFL_OK);
    ck_assert_int_eq(table.rows, 1);
    ck_assert_str_eq(table.names[1], "2");
    mfli_table_free(context, &table);
    ck_assert_int_eq(parse("a,2\n3,4\n", MFL_CSV_HEADER_ABSENT), MFL_ERROR_PARSE);
    refuse("1,,3\n4,5,6\n", MFL_ERROR_PARSE, "line 1, column 2 is empty");
    refuse("1,2,NA\n4,5,6\n", MFL_ERROR_PARSE, "line 1, column 3 is \"NA\"");
    refuse("2x,2,3\n4,5,6\n", MFL_ERROR_PARSE, "line 1, column 1 is \"2x\"");
}
END_TEST

START_TEST(what_is_no_number_is_named_by_line_and_column)
{
    refuse("x,y\n1,2\n3,\n", MFL_ERROR_PARSE, "line 3, column 2 (y) is empty");
    refuse("x,y\n1,2\nNA,4\n", MFL_ERROR_PARSE, "line 3, column 1 (x) is \"NA\"");
    refuse("1,2\n3,4a\n", MFL_ERROR_PARSE, "line 2, column 2 is \"4a\"");
    refuse("1,2\n3,inf\n", MFL_ERROR_NOT_FINITE, "line 2, column 2 is \"inf\"");
    refuse("1,2\n3,nan\n", MFL_ERROR_NOT_FINITE, "line 2, column 2");
    refuse("1,2\n3,1e999\n", MFL_ERROR_NOT_FINITE, "line 2, column 2");
    refuse("1,2\n3,1;5\n", MFL_ERROR_PARSE, "\"1;5\"");
    /* A line end inside quotes counts. */
    refuse("\"a\nb\",c\r\n1,2\r\n1,x\r\n", MFL_ERROR_PARSE, "line 4, column 2 (c) is \"x\"");
    refuse("\"a\rb\",c\r1,2\r1,x\r", MFL_ERROR_PARSE, "line 4, column 2");
}
END_TEST

START_TEST(broken_structure_is_refused)
{
    refuse("", MFL_ERROR_FORMAT, "is empty");
    refuse("\n\r\n", MFL_ERROR_FORMAT, "is empty");
    refuse("a,b\n", MFL_ERROR_FORMAT, "no numbers");
    refuse("1,2\n3\n", MFL_ERROR_FORMAT, "line 2 has 1 fields and the first line has 2");
    refuse("1,2\n3,4,5\n", MFL_ERROR_FORMAT, "line 2 has 3 fields");
    refuse("1,2\n\n3,4\n", MFL_ERROR_FORMAT, "line 2 has 1 fields");
    refuse("x,y\n1,\"2\n3,4\n", MFL_ERROR_FORMAT, "line 2: a quoted field");
    refuse("x,y\n1,\"2\"3\n", MFL_ERROR_FORMAT, "line 2: a closing quote is followed by '3'");
}
END_TEST

START_TEST(a_nul_does_not_hide_the_rest_of_a_field)
{
    static const uint8_t text[] = "1,2\0junk\n";
    ck_assert_int_eq(mfli_csv_parse(context, "f", text, sizeof text - 1, MFL_CSV_HEADER_ABSENT, &table),
                     MFL_ERROR_PARSE);
}
END_TEST

START_TEST(a_million_columns_work)
{
    enum { columns = 1000000 };
    char *text = malloc(4 * columns + 2), *at = text;
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < columns; i++) {
            *at++ = (char)('0' + i % 10);
            *at++ = ',';
        }
        at[-1] = '\n';
    }
    *at = '\0';
    ck_assert_int_eq(parse(text, MFL_CSV_HEADER_AUTO), MFL_OK);
    ck_assert_int_eq(table.rows, 2);
    ck_assert_int_eq(table.columns, columns);
    ck_assert(table.values[2 * columns - 2] == 8.0);
    mfli_table_free(context, &table);
    free(text);
}
END_TEST

/* In a locale that writes 1,5 for 1.5, where the test machine has one. */
START_TEST(the_locale_does_not_matter)
{
    static const double v[2] = {1.5, 2};
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        expect("1.5,2\n", 1, 2, v);
    setlocale(LC_NUMERIC, "C");
    expect("1.5,2\n", 1, 2, v);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "io_csv", lines_end_in_every_usual_way,
                             numbers_are_read_exactly, a_header_is_found_or_obeyed,
                             what_is_no_number_is_named_by_line_and_column, broken_structure_is_refused,
                             a_nul_does_not_hide_the_rest_of_a_field, a_million_columns_work,
                             the_locale_does_not_matter);
}
