/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>

#include <mflearn/mflearn.h>

#include "core/context.h"
#include "io/table.h"
#include "../guarded.h"
#include "../run.h"

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

/* A file of the version with this header and this many bytes of data. */
static int32_t parse(int version, const char *header, const void *data, size_t size)
{
    uint8_t bytes[1024] = "\x93NUMPY";
    size_t length = strlen(header), at = version == 1 ? 10 : 12;
    bytes[6] = (uint8_t)version;
    bytes[8] = (uint8_t)length;
    memcpy(bytes + at, header, length);
    memcpy(bytes + at + length, data, size);
    return mfli_npy_parse(context, "f.npy", bytes, at + length + size, &table);
}

static void expect(int64_t rows, int64_t columns, const double *values)
{
    ck_assert_int_eq(table.rows, rows);
    ck_assert_int_eq(table.columns, columns);
    for (int64_t i = 0; i < rows * columns; i++)
        ck_assert(table.values[i] == values[i]);
    mfli_table_free(context, &table);
}

/* 1, -2.5, 1e10 written by hand after IEEE 754. */
static const uint8_t f8_little[24] = {0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0x04, 0xC0,
                                      0, 0, 0, 0x20, 0x5F, 0xA0, 0x02, 0x42};
static const uint8_t f8_big[24] = {0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0x04, 0, 0, 0, 0, 0, 0,
                                   0x42, 0x02, 0xA0, 0x5F, 0x20, 0, 0, 0};
static const uint8_t f4_little[12] = {0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0xF9, 0x02, 0x15, 0x50};
static const uint8_t f4_big[12] = {0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0, 0x50, 0x15, 0x02, 0xF9};

START_TEST(both_widths_and_byte_orders_are_read)
{
    static const double v[3] = {1.0, -2.5, 1e10};
    ck_assert_int_eq(parse(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n", f8_little, 24), MFL_OK);
    expect(3, 1, v);
    ck_assert_int_eq(parse(2, "{\"shape\":(1,3),\"fortran_order\":False,\"descr\":\">f8\"}", f8_big, 24), MFL_OK);
    expect(1, 3, v);
    ck_assert_int_eq(parse(3, "{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 1L,), }", f4_little, 12), MFL_OK);
    expect(3, 1, v);
    ck_assert_int_eq(parse(1, "{'descr': '>f4', 'fortran_order': True, 'shape': (1, 3)}", f4_big, 12), MFL_OK);
    expect(1, 3, v);
}
END_TEST

START_TEST(fortran_order_is_transposed)
{
    const double stored[6] = {1, 2, 3, 4, 5, 6}, v[6] = {1, 3, 5, 2, 4, 6};
    ck_assert_int_eq(parse(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", stored, 48), MFL_OK);
    expect(2, 3, v);
}
END_TEST

/* A file that announces other than it holds. */
static void refuse(int32_t status, const char *header)
{
    static const uint8_t data[16];
    ck_assert_msg(parse(1, header, data, sizeof data) == status, "%s: %s", header, mfl_context_message(context));
    ck_assert_ptr_null(table.values);
}

START_TEST(hostile_headers_are_refused)
{
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -1)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': ()}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (2)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 1)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693954,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}");
    /* 2^64 + 2, which is 2 in the arithmetic of 64 bits, as a number and as a product */
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (18446744073709551618,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (6, 3074457345618258603)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': Maybe, 'shape': (2,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False}");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)");
    refuse(MFL_ERROR_FORMAT, "{'descr': '<f8' 'fortran_order': False, 'shape': (2,)}");
    refuse(MFL_ERROR_FORMAT, "{'descr: ");
    refuse(MFL_ERROR_FORMAT, "");
    refuse(MFL_ERROR_UNSUPPORTED, "{'descr': '<i8', 'fortran_order': False, 'shape': (2,)}");
    refuse(MFL_ERROR_UNSUPPORTED, "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}");
    refuse(MFL_ERROR_UNSUPPORTED, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}");
}
END_TEST

START_TEST(every_truncation_is_refused)
{
    uint8_t bytes[] = "\x93NUMPY\1\0\x3A\0{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n0123456789abcdef";
    size_t size = sizeof bytes - 1;
    ck_assert_uint_eq(size, 10 + 0x3A + 16);
    ck_assert_int_eq(mfli_npy_parse(context, "f", bytes, size, &table), MFL_OK);
    mfli_table_free(context, &table);
    for (size_t i = 0; i < size; i++) {
        uint8_t *cut = guarded_copy(bytes, i);
        ck_assert_int_eq(mfli_npy_parse(context, "f", cut, i, &table), MFL_ERROR_FORMAT);
        guarded_release(cut, i);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "io_npy", both_widths_and_byte_orders_are_read,
                             fortran_order_is_transposed, hostile_headers_are_refused,
                             every_truncation_is_refused);
}
