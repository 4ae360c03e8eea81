/* SPDX-License-Identifier: BSD-3-Clause */
/* NPY, the file format of NumPy arrays (numpy.lib.format, versions 1.0 to 3.0). */
#include <float.h>
#include <string.h>

#include "core/context.h"
#include "io/little_endian.h"
#include "io/table.h"

enum { magic_size = 6, longest_header = 1 << 16 };

static const uint8_t magic[magic_size] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

typedef struct array {
    size_t width; /* bytes of an element */
    int32_t big_endian, fortran;
    int32_t have_type, have_order, have_shape;
    int64_t rows, columns;
} array;

/* The header is the text of a Python dictionary. Here it ends with a NUL, and what cannot be printed is blank. */
typedef struct scanner {
    const char *at;
} scanner;

static void skip_blanks(scanner *scan)
{
    while (*scan->at == ' ')
        scan->at++;
}

static int32_t accept(scanner *scan, const char *text)
{
    skip_blanks(scan);
    size_t length = strlen(text);
    if (strncmp(scan->at, text, length) != 0)
        return 0;
    scan->at += length;
    return 1;
}

static int32_t read_string(scanner *scan, char *text, size_t capacity)
{
    skip_blanks(scan);
    char quote = *scan->at;
    if (quote != '\'' && quote != '"')
        return 0;
    const char *end = strchr(scan->at + 1, quote);
    if (!end || (size_t)(end - scan->at) > capacity)
        return 0;
    size_t length = (size_t)(end - scan->at) - 1;
    memcpy(text, scan->at + 1, length);
    text[length] = '\0';
    scan->at = end + 1;
    return 1;
}

static int32_t read_size(scanner *scan, int64_t *size)
{
    skip_blanks(scan);
    if (*scan->at < '0' || *scan->at > '9')
        return 0;
    for (*size = 0; *scan->at >= '0' && *scan->at <= '9'; scan->at++)
        if (__builtin_mul_overflow(*size, 10, size) || __builtin_add_overflow(*size, *scan->at - '0', size))
            return 0;
    accept(scan, "L"); /* written by Python 2 */
    return 1;
}

/* "(n,)" or "(n, m)" or "(n, m,)" */
static int32_t read_shape(scanner *scan, array *out)
{
    out->columns = 1;
    if (!accept(scan, "(") || !read_size(scan, &out->rows) || !accept(scan, ","))
        return 0;
    if (accept(scan, ")"))
        return 1;
    return read_size(scan, &out->columns) && (accept(scan, ","), accept(scan, ")"));
}

static int32_t read_type(scanner *scan, array *out)
{
    char type[32];
    if (!read_string(scan, type, sizeof type) || (type[0] != '<' && type[0] != '>'))
        return 0;
    out->big_endian = type[0] == '>';
    out->width = strcmp(type + 1, "f8") == 0 ? 8 : strcmp(type + 1, "f4") == 0 ? 4 : 0;
    return out->width != 0;
}

enum { parsed, malformed, wrong_type };

static int32_t read_entry(scanner *scan, array *out)
{
    char key[32];
    if (!read_string(scan, key, sizeof key) || !accept(scan, ":"))
        return malformed;
    if (strcmp(key, "descr") == 0) {
        out->have_type = 1;
        return read_type(scan, out) ? parsed : wrong_type;
    }
    if (strcmp(key, "fortran_order") == 0) {
        out->have_order = 1;
        out->fortran = accept(scan, "True");
        return out->fortran || accept(scan, "False") ? parsed : malformed;
    }
    if (strcmp(key, "shape") == 0) {
        out->have_shape = 1;
        return read_shape(scan, out) ? parsed : malformed;
    }
    return malformed;
}

static int32_t read_dictionary(const char *text, array *out)
{
    scanner scan = {text};
    int32_t result = accept(&scan, "{") ? parsed : malformed;
    while (result == parsed && !accept(&scan, "}")) {
        result = read_entry(&scan, out);
        skip_blanks(&scan);
        if (result == parsed && !accept(&scan, ",") && *scan.at != '}')
            result = malformed;
    }
    if (result == parsed && !(out->have_type && out->have_order && out->have_shape))
        result = malformed;
    return result;
}

/* Where the dictionary is. */
static int32_t find_header(const uint8_t *bytes, size_t size, size_t *start, size_t *length)
{
    if (size < magic_size + 2 || memcmp(bytes, magic, magic_size) != 0)
        return 0;
    int width = bytes[magic_size] == 1 ? 2 : 4;
    if (bytes[magic_size] < 1 || bytes[magic_size] > 3 || size < magic_size + 2 + (size_t)width)
        return 0;
    *start = magic_size + 2 + (size_t)width;
    *length = (size_t)mfli_load(bytes + magic_size + 2, width);
    return *length <= size - *start && *length < longest_header;
}

static int32_t read_header(mfl_context *context, const char *name, const uint8_t *bytes, size_t start,
                           size_t length, array *out)
{
    char *text = mfli_alloc(context, length + 1, 1);
    if (!text)
        return MFL_ERROR_MEMORY;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(bytes[start + i] >= 32 && bytes[start + i] < 127 ? bytes[start + i] : ' ');
    text[length] = '\0';
    int32_t result = read_dictionary(text, out);
    int32_t status = MFL_OK;
    if (result == malformed)
        status = mfli_fail(context, MFL_ERROR_FORMAT,
                           "\"%.200s\" has the NPY header %.160s; an array of one or two dimensions is needed", name,
                           text);
    if (result == wrong_type)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "\"%.200s\" has the NPY header %.160s; save the array as float64 or float32", name, text);
    mfli_free(context, text);
    return status;
}

static double element(const array *from, const uint8_t *bytes)
{
    uint8_t little[8];
    for (size_t i = 0; i < from->width; i++)
        little[i] = bytes[from->big_endian ? from->width - 1 - i : i];
    if (from->width == 8)
        return mfli_load_double(little);
    uint32_t bits = (uint32_t)mfli_load(little, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void copy_elements(const array *from, const uint8_t *bytes, double *values)
{
    size_t rows = (size_t)from->rows, columns = (size_t)from->columns;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            values[i * columns + j] =
                element(from, bytes + from->width * (from->fortran ? j * rows + i : i * columns + j));
}

int32_t mfli_npy_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size,
                       mfli_table *table)
{
    *table = (mfli_table){.values = NULL};
    size_t start, length, count, expected;
    if (!find_header(bytes, size, &start, &length))
        return mfli_fail(context, MFL_ERROR_FORMAT,
                         "\"%.200s\" is not a complete NPY file of version 1, 2 or 3; write it with numpy.save", name);
    array from = {.width = 0};
    int32_t status = read_header(context, name, bytes, start, length, &from);
    if (status)
        return status;
    if (from.rows == 0 || from.columns == 0)
        return mfli_fail(context, MFL_ERROR_FORMAT, "\"%.200s\" holds an array without elements", name);
    size_t held = size - start - length;
    if (__builtin_mul_overflow((size_t)from.rows, (size_t)from.columns, &count)
        || __builtin_mul_overflow(count, from.width, &expected) || expected != held)
        return mfli_fail(context, MFL_ERROR_FORMAT,
                         "\"%.200s\" announces %lld x %lld elements of %zu bytes, and %zu bytes follow; the file is "
                         "damaged or incomplete",
                         name, (long long)from.rows, (long long)from.columns, from.width, held);
    double *values = mfli_alloc(context, count, sizeof *values);
    if (!values)
        return MFL_ERROR_MEMORY;
    copy_elements(&from, bytes + start + length, values);
    *table = (mfli_table){.rows = from.rows, .columns = from.columns, .values = values};
    return MFL_OK;
}
