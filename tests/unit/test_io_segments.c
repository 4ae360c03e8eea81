/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of traces, which only grow: what was written comes back, what lies beyond the end does not count, and damage
 * is noticed wherever it is. */
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/context.h"
#include "io/crc32c.h"
#include "io/little_endian.h"
#include "io/segments.h"
#include "../run.h"
#include "../scratch.h"

enum { header = 16, segment_head = 24, tail = 4, columns = 2, most_rows = 8 };

static const double first_column[most_rows] = {0.5, -1.0, 3e300, 1e-310, 7.0, 8.0, 9.0, 10.0};
static const double second_column[most_rows] = {-0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0};
static const double *const both[columns] = {first_column, second_column};

static mfl_context *context;
static const char *path;

static void setup(void)
{
    scratch_make();
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    mfli_enter(context, MFLI_CONTEXT);
    path = scratch_path("traces");
}

static void teardown(void)
{
    mfli_leave(context, MFL_OK);
    mfl_context_destroy(context);
    scratch_remove();
}

static int32_t append(uint64_t table, uint64_t first, uint64_t rows, mfli_segments_end *end)
{
    const mfli_segment segment = {table, first, rows, both};
    return mfli_segments_append(context, path, columns, &segment, 1, end);
}

static int32_t take(void *data, uint64_t table, uint64_t first, uint64_t rows, const uint8_t *values)
{
    int *count = data;
    ck_assert_uint_eq(table, 40 + (uint64_t)(*count)++);
    ck_assert_uint_le(first + rows, most_rows);
    for (uint64_t k = 0; k < columns; k++)
        for (uint64_t i = 0; i < rows; i++) {
            const double value = mfli_load_double(values + 8 * (k * rows + i));
            ck_assert_mem_eq(&value, &both[k][first + i], sizeof value);
        }
    return *count == 9 ? MFL_ERROR_STATE : MFL_OK;
}

static int32_t read_all(const mfli_segments_end *end, int *count)
{
    int seen = 0;
    int32_t status = mfli_segments_read(context, path, columns, end, take, &seen);
    if (count)
        *count = seen;
    return status;
}

static void read_bytes(uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(bytes, 1, size, file), size);
    fclose(file);
}

/* The checksum at the end of a segment is that of all before it but other checksums. */
START_TEST(segments_come_back_with_one_chain_of_checksums)
{
    const size_t one = segment_head + 8 * columns * 3, two = segment_head + 8 * columns * 5;
    mfli_segments_end end = {0, 0};
    int count;
    ck_assert_int_eq(append(40, 0, 3, &end), MFL_OK);
    ck_assert_uint_eq(end.length, header + one + tail);
    ck_assert_int_eq(append(41, 3, 5, &end), MFL_OK);
    ck_assert_uint_eq(end.length, header + one + two + 2 * tail);
    ck_assert_int_eq(append(42, 0, 0, &end), MFL_OK);
    ck_assert_int_eq(read_all(&end, &count), MFL_OK);
    ck_assert_int_eq(count, 3);
    uint8_t bytes[1000];
    read_bytes(bytes, end.length);
    uint32_t crc = mfli_crc32c(0, bytes, header + one);
    ck_assert_uint_eq(mfli_load(bytes + header + one, tail), crc);
    crc = mfli_crc32c(crc, bytes + header + one + tail, two);
    ck_assert_uint_eq(mfli_load(bytes + header + one + tail + two, tail), crc);
    ck_assert_uint_eq(end.crc, mfli_crc32c(crc, bytes + header + one + two + 2 * tail, segment_head));
}
END_TEST

START_TEST(what_lies_beyond_the_end_is_written_over)
{
    mfli_segments_end end = {0, 0}, later;
    struct stat info;
    int count;
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_OK);
    later = end;
    ck_assert_int_eq(append(77, 0, 8, &later), MFL_OK); /* of a run that was killed before it noted the end */
    ck_assert_int_eq(read_all(&end, &count), MFL_OK);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(append(41, 2, 1, &end), MFL_OK);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_size, (int64_t)end.length);
    ck_assert_int_eq(read_all(&end, &count), MFL_OK);
    ck_assert_int_eq(count, 2);
    /* ... and the end of that run is not the end of this file. */
    ck_assert_int_eq(read_all(&later, NULL), MFL_ERROR_CHECKSUM);
    later.length = end.length;
    ck_assert_int_eq(read_all(&later, NULL), MFL_ERROR_CHECKSUM);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "another run"));
}
END_TEST

START_TEST(every_changed_or_missing_byte_is_noticed)
{
    mfli_segments_end end = {0, 0};
    uint8_t bytes[1000];
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_OK);
    ck_assert_int_eq(append(41, 5, 1, &end), MFL_OK);
    const size_t size = end.length;
    read_bytes(bytes, size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 4;
        scratch_write("traces", bytes, size);
        bytes[i] ^= 4;
        ck_assert_int_eq(read_all(&end, NULL), i < header ? MFL_ERROR_FORMAT : MFL_ERROR_CHECKSUM);
        scratch_write("traces", bytes, i);
        ck_assert_int_eq(read_all(&end, NULL), MFL_ERROR_CHECKSUM);
        if (i >= sizeof(uint64_t)) { /* less may be anybody's */
            mfli_segments_end unmoved = end;
            ck_assert_int_eq(append(42, 0, 1, &unmoved), MFL_ERROR_CHECKSUM);
            ck_assert_uint_eq(unmoved.length, end.length);
        }
    }
}
END_TEST

START_TEST(what_is_not_ours_is_left_alone)
{
    mfli_segments_end end = {0, 0};
    uint8_t letter[6];
    scratch_write("traces", "letter", 6);
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_ERROR_IO);
    read_bytes(letter, 6);
    ck_assert_mem_eq(letter, "letter", 6);
    ck_assert_int_eq(read_all(&(mfli_segments_end){4, 0}, NULL), MFL_ERROR_CHECKSUM);
    path = "/nonexistent/traces";
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_ERROR_IO);
    path = scratch_directory;
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_ERROR_IO);
    ck_assert_uint_eq(end.length, 0);
}
END_TEST

START_TEST(a_reader_can_stop_and_other_columns_are_refused)
{
    mfli_segments_end end = {0, 0};
    int count;
    for (uint64_t table = 40; table < 52; table++)
        ck_assert_int_eq(append(table, table % 7, 1, &end), MFL_OK);
    ck_assert_int_eq(read_all(&end, &count), MFL_ERROR_STATE);
    ck_assert_int_eq(count, 9);
    ck_assert_int_eq(mfli_segments_read(context, path, columns + 1, &end, take, NULL), MFL_ERROR_FORMAT);
}
END_TEST

/* A limit of the file's size is as good as a full disk. */
START_TEST(a_full_disk_leaves_the_end_where_it_was)
{
    mfli_segments_end end = {0, 0};
    struct rlimit limit;
    ck_assert_int_eq(append(40, 0, 2, &end), MFL_OK);
    const mfli_segments_end before = end;
    struct stat info;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = end.length + 30; /* Check writes files, too: no assertion until it is lifted */
    int limited = setrlimit(RLIMIT_FSIZE, &limit);
    int32_t status = append(41, 0, 8, &end);
    limit.rlim_cur = limit.rlim_max;
    int lifted = setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(limited == 0 && lifted == 0);
    ck_assert_int_eq(status, MFL_ERROR_IO);
    ck_assert(end.length == before.length && end.crc == before.crc);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_size, (int64_t)end.length);
    ck_assert_int_eq(append(41, 0, 8, &end), MFL_OK);
    ck_assert_int_eq(read_all(&end, NULL), MFL_OK);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "io_segments", segments_come_back_with_one_chain_of_checksums,
                             what_lies_beyond_the_end_is_written_over, every_changed_or_missing_byte_is_noticed,
                             what_is_not_ours_is_left_alone, a_reader_can_stop_and_other_columns_are_refused,
                             a_full_disk_leaves_the_end_where_it_was);
}
