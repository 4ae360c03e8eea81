/* SPDX-License-Identifier: BSD-3-Clause */
/* The atomic writer, the whole-file reader, the checksum and the container of state files. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/context.h"
#include "io/crc32c.h"
#include "io/file.h"
#include "io/state.h"
#include "../guarded.h"
#include "../run.h"
#include "../scratch.h"

static mfl_context *context;

static void setup(void)
{
    scratch_make();
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
    scratch_remove();
}

static int32_t write_text(const char *path, const char *text)
{
    mfli_writer writer;
    int32_t status = mfli_writer_open(context, path, &writer);
    if (status)
        return status;
    ck_assert_int_eq(mfli_writer_write(&writer, text, strlen(text)), MFL_OK);
    return mfli_writer_commit(&writer);
}

static void expect_text(const char *path, const char *text)
{
    uint8_t *bytes;
    size_t size;
    ck_assert_int_eq(mfli_file_read(context, path, 1000, &bytes, &size), MFL_OK);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_str_eq((char *)bytes, text); /* the NUL is there */
    mfli_free(context, bytes);
}

START_TEST(a_committed_file_replaces_the_old_one)
{
    const char *path = scratch_path("file");
    ck_assert_int_eq(write_text(path, "one"), MFL_OK);
    expect_text(path, "one");
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_int_eq(write_text(path, "second"), MFL_OK);
    expect_text(path, "second");
    struct stat info;
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0640);
    ck_assert_int_eq(scratch_count(), 1);
}
END_TEST

START_TEST(an_abandoned_file_leaves_nothing)
{
    mfli_writer writer;
    const char *path = scratch_path("file");
    ck_assert_int_eq(write_text(path, "old"), MFL_OK);
    ck_assert_int_eq(mfli_writer_open(context, path, &writer), MFL_OK);
    ck_assert_int_eq(mfli_writer_write(&writer, "new", 3), MFL_OK);
    ck_assert_int_eq(scratch_count(), 2);
    mfli_writer_abandon(&writer);
    ck_assert_int_eq(scratch_count(), 1);
    expect_text(path, "old");
}
END_TEST

/* Larger than the writer's buffer, in pieces that straddle it. */
START_TEST(long_files_come_back)
{
    enum { size = 300000 };
    mfli_writer writer;
    uint8_t *data = malloc(size), *bytes;
    size_t found;
    const char *path = scratch_path("file");
    for (int i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 7 + i / 251);
    ck_assert_int_eq(mfli_writer_open(context, path, &writer), MFL_OK);
    for (int at = 0, step = 1; at < size; at += step, step = step * 5 % 100003) {
        if (step > size - at)
            step = size - at;
        ck_assert_int_eq(mfli_writer_write(&writer, data + at, (size_t)step), MFL_OK);
    }
    ck_assert_int_eq(mfli_writer_commit(&writer), MFL_OK);
    ck_assert_int_eq(mfli_file_read(context, path, size, &bytes, &found), MFL_OK);
    ck_assert_uint_eq(found, size);
    ck_assert_mem_eq(bytes, data, size);
    mfli_free(context, bytes);
    ck_assert_int_eq(mfli_file_read(context, path, size - 1, &bytes, &found), MFL_ERROR_SIZE);
    free(data);
}
END_TEST

START_TEST(a_full_disk_is_a_status_and_leaves_the_old_file)
{
    const char *path = scratch_path("file");
    mfli_writer writer;
    static const char block[100000];
    ck_assert_int_eq(write_text(path, "old"), MFL_OK);
    struct rlimit old, limit;
    getrlimit(RLIMIT_FSIZE, &old);
    limit = (struct rlimit){150000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(mfli_writer_open(context, path, &writer), MFL_OK);
    ck_assert_int_eq(mfli_writer_write(&writer, block, sizeof block), MFL_OK);
    ck_assert_int_eq(mfli_writer_write(&writer, block, sizeof block), MFL_ERROR_IO);
    mfli_writer_abandon(&writer);
    setrlimit(RLIMIT_FSIZE, &old);
    ck_assert_int_eq(scratch_count(), 1);
    expect_text(path, "old");
}
END_TEST

START_TEST(impossible_paths_are_refused)
{
    uint8_t *bytes;
    size_t size;
    ck_assert_int_eq(write_text(NULL, ""), MFL_ERROR_NULL);
    ck_assert_int_eq(write_text("", ""), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(write_text(scratch_path(""), ""), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(write_text(scratch_path("no/file"), ""), MFL_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "No such file"));
    ck_assert_int_eq(write_text("/dev/null", ""), MFL_ERROR_IO);
    ck_assert_int_eq(write_text("/tmp", ""), MFL_ERROR_IO);
    ck_assert_int_eq(mfli_file_read(context, NULL, 10, &bytes, &size), MFL_ERROR_NULL);
    ck_assert_int_eq(mfli_file_read(context, scratch_path("none"), 10, &bytes, &size), MFL_ERROR_IO);
    ck_assert_int_eq(mfli_file_read(context, scratch_directory, 10, &bytes, &size), MFL_ERROR_IO);
    ck_assert_int_eq(mfli_file_read(context, "/dev/zero", 100000, &bytes, &size), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_file_read(context, "/dev/null", 10, &bytes, &size), MFL_OK);
    ck_assert_uint_eq(size, 0);
    mfli_free(context, bytes);
}
END_TEST

START_TEST(relative_paths_work)
{
    char *here = getcwd(NULL, 0);
    ck_assert_int_eq(chdir(scratch_directory), 0);
    ck_assert_int_eq(write_text("file", "text"), MFL_OK);
    expect_text(scratch_path("file"), "text");
    ck_assert_int_eq(chdir(here), 0);
    free(here);
}
END_TEST

/* RFC 3720, B.4, and the check value of the polynomial's catalogue entry. */
START_TEST(the_checksum_gives_the_published_values)
{
    uint8_t data[32];
    memset(data, 0, sizeof data);
    ck_assert_uint_eq(mfli_crc32c(0, data, 32), 0x8A9136AA);
    memset(data, 0xFF, sizeof data);
    ck_assert_uint_eq(mfli_crc32c(0, data, 32), 0x62A8AB43);
    for (int i = 0; i < 32; i++)
        data[i] = (uint8_t)i;
    ck_assert_uint_eq(mfli_crc32c(0, data, 32), 0x46DD794E);
    ck_assert_uint_eq(mfli_crc32c(0, "123456789", 9), 0xE3069283);
    ck_assert_uint_eq(mfli_crc32c(mfli_crc32c(0, "1234", 4), "56789", 5), 0xE3069283);
}
END_TEST

static const uint32_t size_name = MFLI_STATE_NAME('S', 'I', 'Z', 'E');
static const uint32_t weight_name = MFLI_STATE_NAME('W', 'G', 'H', 'T');
static const int64_t sizes[3] = {2, INT64_MIN, -1};
static const double weights[2] = {0.1, -1e300};

static const char *write_state(void)
{
    const char *path = scratch_path("state");
    const mfli_section sections[] = {{size_name, MFLI_SECTION_INT64, 3, sizes},
                                     {weight_name, MFLI_SECTION_DOUBLE, 2, weights}};
    ck_assert_int_eq(mfli_state_write(context, path, MFLI_STATE_NETWORK, 3, sections, 2), MFL_OK);
    return path;
}

START_TEST(a_state_comes_back_bit_for_bit)
{
    mfli_state state;
    int64_t read_sizes[3];
    double read_weights[2];
    const char *text;
    uint64_t length, count;
    const char *path = write_state();
    ck_assert_int_eq(mfli_state_open(context, path, MFLI_STATE_NETWORK, 3, &state), MFL_OK);
    ck_assert_uint_eq(state.version, 3);
    ck_assert_int_eq(mfli_state_count(&state, size_name, MFLI_SECTION_INT64, &count), MFL_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(mfli_state_int64(&state, size_name, 3, read_sizes), MFL_OK);
    ck_assert_mem_eq(read_sizes, sizes, sizeof sizes);
    ck_assert_int_eq(mfli_state_double(&state, weight_name, 2, read_weights), MFL_OK);
    ck_assert_mem_eq(read_weights, weights, sizeof weights);
    ck_assert_int_eq(mfli_state_double(&state, weight_name, 1, read_weights), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfli_state_double(&state, size_name, 3, read_weights), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfli_state_text(&state, MFLI_STATE_NAME('P', 'R', 'O', 'V'), &text, &length), MFL_OK);
    ck_assert_int_eq(strncmp(text, "mflearn ", 8), 0);
    ck_assert_ptr_nonnull(strstr(text, "seed=1"));
    mfli_state_close(&state);
    ck_assert_int_eq(mfli_state_open(context, path, MFLI_STATE_NETWORK + 1, 3, &state), MFL_ERROR_FORMAT);
    ck_assert_int_eq(mfli_state_open(context, path, MFLI_STATE_NETWORK, 2, &state), MFL_ERROR_UNSUPPORTED);
}
END_TEST

START_TEST(every_changed_or_missing_byte_of_a_state_is_noticed)
{
    mfli_state state;
    uint8_t *read;
    size_t size;
    ck_assert_int_eq(mfli_file_read(context, write_state(), 10000, &read, &size), MFL_OK);
    uint8_t *bytes = guarded_copy(read, size);
    for (size_t i = 0; i < size; i++) {
        uint8_t *cut = guarded_copy(bytes, i);
        ck_assert_int_ne(mfli_state_parse(context, "", cut, i, MFLI_STATE_NETWORK, 3, &state), MFL_OK);
        guarded_release(cut, i);
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1 << bit);
            int32_t status = mfli_state_parse(context, "", bytes, size, MFLI_STATE_NETWORK, 3, &state);
            ck_assert(status == MFL_ERROR_CHECKSUM || (status == MFL_ERROR_FORMAT && i < 8));
            bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    ck_assert_int_eq(mfli_state_parse(context, "", bytes, size, MFLI_STATE_NETWORK, 3, &state), MFL_OK);
    guarded_release(bytes, size);
    /* the reader of files leaves a NUL behind them */
    ck_assert_int_eq(mfli_state_parse(context, "", read, size + 1, MFLI_STATE_NETWORK, 3, &state), MFL_ERROR_CHECKSUM);
    mfli_free(context, read);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "io_file", a_committed_file_replaces_the_old_one,
                             an_abandoned_file_leaves_nothing, long_files_come_back,
                             a_full_disk_is_a_status_and_leaves_the_old_file, impossible_paths_are_refused,
                             relative_paths_work, the_checksum_gives_the_published_values,
                             a_state_comes_back_bit_for_bit,
                             every_changed_or_missing_byte_of_a_state_is_noticed);
}
