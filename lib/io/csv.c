/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV after RFC 4180, in two passes over the text: the first counts lines and fields, so that the second fills
 * memory of exactly the size the file can fill. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <mflearn/dataset.h>

#include "core/context.h"
#include "core/text.h"
#include "io/table.h"

enum { longest_number = 120, shown = 40, shown_name = 100 };

/* Where reading stands: between fields. Records are lines unless a quoted field holds a line end. */
typedef struct cursor {
    mfl_context *context;
    const char *name;
    const uint8_t *at, *end;
    int64_t line; /* from 1 */
} cursor;

typedef struct field {
    const uint8_t *text; /* without enclosing quotes */
    size_t size;
    int64_t line;
    int32_t quoted; /* doubled quotes may be inside */
    int32_t last;   /* of its record */
} field;

static int32_t is_line_end(uint8_t c)
{
    return c == '\n' || c == '\r';
}

/* Step over the comma or line end after a field. */
static void skip_separator(cursor *at, field *out)
{
    out->last = at->at == at->end || *at->at != ',';
    if (at->at == at->end)
        return;
    if (out->last) {
        at->line++;
        if (*at->at == '\r' && at->at + 1 < at->end && at->at[1] == '\n')
            at->at++;
    }
    at->at++;
}

static int32_t quoted_field(cursor *at, field *out)
{
    out->text = ++at->at;
    for (;; at->at++) {
        if (at->at == at->end)
            return mfli_fail(at->context, MFL_ERROR_FORMAT,
                             "\"%.200s\", line %lld: a quoted field begins here and is never closed", at->name,
                             (long long)out->line);
        if (*at->at == '"') {
            if (at->at + 1 == at->end || at->at[1] != '"')
                break;
            at->at++;
        } else if (*at->at == '\n' || (*at->at == '\r' && at->at[1] != '\n')) {
            at->line++;
        }
    }
    out->size = (size_t)(at->at - out->text);
    at->at++;
    if (at->at < at->end && *at->at != ',' && !is_line_end(*at->at))
        return mfli_fail(at->context, MFL_ERROR_FORMAT,
                         "\"%.200s\", line %lld: a closing quote is followed by '%c'; a comma or a line end must "
                         "follow (a quote inside a quoted field is written twice)",
                         at->name, (long long)at->line, *at->at >= 32 && *at->at < 127 ? *at->at : '?');
    return MFL_OK;
}

static int32_t next_field(cursor *at, field *out)
{
    *out = (field){.text = at->at, .line = at->line};
    if (at->at < at->end && *at->at == '"') {
        out->quoted = 1;
        int32_t status = quoted_field(at, out);
        if (status)
            return status;
    } else {
        while (at->at < at->end && *at->at != ',' && !is_line_end(*at->at))
            at->at++;
        out->size = (size_t)(at->at - out->text);
    }
    skip_separator(at, out);
    return MFL_OK;
}

/* Fields of the record that begins here. */
static int32_t count_fields(cursor *at, int64_t *count)
{
    field found = {.last = 0};
    for (*count = 0; !found.last; ++*count) {
        int32_t status = next_field(at, &found);
        if (status)
            return status;
    }
    return MFL_OK;
}

/* First pass. Line ends at the end of the file are no records. */
static int32_t measure(cursor at, int64_t *rows, int64_t *columns)
{
    int32_t status = count_fields(&at, columns);
    for (*rows = 1; status == MFL_OK && at.at < at.end; ++*rows) {
        int64_t line = at.line, count;
        status = count_fields(&at, &count);
        if (status == MFL_OK && count != *columns)
            return mfli_fail(at.context, MFL_ERROR_FORMAT,
                             "\"%.200s\", line %lld has %lld fields and the first line has %lld; every line must "
                             "have the same number",
                             at.name, (long long)line, (long long)count, (long long)*columns);
    }
    return status;
}

/* Copy a field with doubled quotes made single; out has room for its size. */
static size_t unquote(const field *from, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < from->size; i++) {
        out[used++] = (char)from->text[i];
        if (from->quoted && from->text[i] == '"')
            i++;
    }
    return used;
}

static int32_t parse_number(const field *from, double *value)
{
    char text[longest_number + 1];
    if (from->size == 0 || from->size > longest_number || memchr(from->text, '\0', from->size))
        return -1;
    text[unquote(from, text)] = '\0';
    return mfli_parse_double(text, value);
}

/* Text of the file for a sentence, which may be shown on a terminal. */
static void show(const void *from, size_t size, char *out, size_t capacity)
{
    const uint8_t *text = from;
    size_t length = 0;
    for (; length < size && length + 1 < capacity; length++)
        out[length] = (char)(text[length] >= 32 && text[length] != 127 ? text[length] : '?');
    out[length] = '\0';
}

static int32_t fail_number(const cursor *at, const field *from, int64_t column, const char *column_name,
                           int32_t not_finite)
{
    char text[shown + 1], name[shown_name + 1], label[shown_name + 4] = "";
    show(from->text, from->size, text, sizeof text);
    if (column_name) {
        show(column_name, strlen(column_name), name, sizeof name);
        snprintf(label, sizeof label, " (%s)", name);
    }
    if (from->size == 0)
        return mfli_fail(at->context, MFL_ERROR_PARSE,
                         "\"%.200s\", line %lld, column %lld%s is empty; fill in or drop missing values", at->name,
                         (long long)from->line, (long long)column + 1, label);
    return mfli_fail(at->context, not_finite ? MFL_ERROR_NOT_FINITE : MFL_ERROR_PARSE,
                     "\"%.200s\", line %lld, column %lld%s is \"%s\"; it must be a %snumber", at->name,
                     (long long)from->line, (long long)column + 1, label, text, not_finite ? "finite " : "");
}

/* One number in the first line makes it data: a damaged first row must not pass for names. */
static int32_t first_line_is_header(cursor at, int32_t header)
{
    field found = {.last = 0};
    if (header != MFL_CSV_HEADER_AUTO)
        return header == MFL_CSV_HEADER_PRESENT;
    while (!found.last) {
        double value;
        if (next_field(&at, &found) || parse_number(&found, &value) == 0)
            return 0;
    }
    return 1;
}

/* Names in one block: the pointers, then the texts, which are no longer than the line. */
static int32_t read_names(cursor *at, mfli_table *table)
{
    cursor start = *at;
    int64_t columns;
    int32_t status = count_fields(at, &columns);
    if (status)
        return status;
    size_t pointers = (size_t)columns * sizeof *table->names;
    table->names = mfli_alloc(at->context, pointers + (size_t)(at->at - start.at) + (size_t)columns, 1);
    if (!table->names)
        return MFL_ERROR_MEMORY;
    char *text = (char *)table->names + pointers;
    for (int64_t column = 0; column < columns; column++) {
        field found;
        status = next_field(&start, &found);
        if (status)
            return status;
        table->names[column] = text;
        text += unquote(&found, text);
        *text++ = '\0';
    }
    return MFL_OK;
}

static int32_t read_numbers(cursor *at, mfli_table *table)
{
    for (int64_t i = 0; i < table->rows; i++)
        for (int64_t j = 0; j < table->columns; j++) {
            field found;
            double *value = &table->values[i * table->columns + j];
            int32_t status = next_field(at, &found);
            if (status)
                return status;
            int32_t no_number = parse_number(&found, value);
            if (no_number || !isfinite(*value))
                return fail_number(at, &found, j, table->names ? table->names[j] : NULL, !no_number);
        }
    return MFL_OK;
}

static int32_t parse(cursor at, int32_t header, mfli_table *table)
{
    while (at.end > at.at && is_line_end(at.end[-1]))
        at.end--;
    if (at.at == at.end)
        return mfli_fail(at.context, MFL_ERROR_FORMAT, "\"%.200s\" is empty; it must hold lines of numbers", at.name);
    int32_t status = measure(at, &table->rows, &table->columns);
    if (status)
        return status;
    if (first_line_is_header(at, header)) {
        status = read_names(&at, table);
        if (status)
            return status;
        table->rows--;
    }
    if (table->rows == 0)
        return mfli_fail(at.context, MFL_ERROR_FORMAT,
                         "\"%.200s\" has names of columns in its only line, and no numbers", at.name);
    table->values = mfli_alloc(at.context, (size_t)table->rows * (size_t)table->columns, sizeof *table->values);
    return table->values ? read_numbers(&at, table) : MFL_ERROR_MEMORY;
}

int32_t mfli_csv_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size, int32_t header,
                       mfli_table *table)
{
    static const uint8_t mark[3] = {0xEF, 0xBB, 0xBF};
    *table = (mfli_table){.values = NULL};
    size_t skip = size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0 ? sizeof mark : 0;
    cursor at = {context, name, bytes + skip, bytes + size, 1};
    int32_t status = parse(at, header, table);
    if (status)
        mfli_table_free(context, table);
    return status;
}
