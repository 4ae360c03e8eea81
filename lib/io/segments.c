/* SPDX-License-Identifier: BSD-3-Clause */
#include "io/segments.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/context.h"
#include "io/crc32c.h"
#include "io/file.h"
#include "io/little_endian.h"

enum { header_size = 16, segment_size = 24, crc_size = 4, file_version = 1 };

static const uint8_t magic[8] = {0x89, 'M', 'F', 'S', 0x0D, 0x0A, 0x1A, 0x0A};

typedef struct appender {
    mfl_context *context;
    const char *path;
    int file;
    size_t columns;
    mfli_segments_end end;
} appender;

static int32_t put(appender *to, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done;
        MFLI_RETRY(done, pwrite(to->file, bytes, size, (off_t)to->end.length));
        if (done < 0)
            return mfli_fail_io(to->context, "write", to->path);
        bytes += done;
        size -= (size_t)done;
        to->end.length += (uint64_t)done;
    }
    return MFL_OK;
}

static void make_header(uint8_t header[header_size], size_t columns)
{
    memcpy(header, magic, sizeof magic);
    mfli_store(header + 8, 4, file_version);
    mfli_store(header + 12, 4, columns);
}

static int32_t put_header(appender *to)
{
    uint8_t header[header_size];
    make_header(header, to->columns);
    to->end.crc = mfli_crc32c(0, header, sizeof header);
    return put(to, header, sizeof header);
}

static int32_t put_segment(appender *to, const mfli_segment *segment)
{
    const size_t rows = (size_t)segment->rows, size = segment_size + 8 * rows * to->columns;
    uint8_t *bytes = mfli_alloc(to->context, size + crc_size, 1);
    if (!bytes)
        return MFL_ERROR_MEMORY;
    mfli_store(bytes, 8, segment->table);
    mfli_store(bytes + 8, 8, segment->first);
    mfli_store(bytes + 16, 8, segment->rows);
    for (size_t k = 0; k < to->columns; k++)
        for (size_t i = 0; i < rows; i++)
            mfli_store_double(bytes + segment_size + 8 * (k * rows + i),
                              segment->columns[k][segment->first + i]);
    to->end.crc = mfli_crc32c(to->end.crc, bytes, size);
    mfli_store(bytes + size, crc_size, to->end.crc);
    int32_t status = put(to, bytes, size + crc_size);
    mfli_free(to->context, bytes);
    return status;
}

/* Is the file new, or the beginning of one of these? Somebody's own shall not be written over. */
static int32_t is_ours(const appender *to)
{
    uint8_t start[sizeof magic];
    ssize_t size;
    MFLI_RETRY(size, pread(to->file, start, sizeof start, 0));
    return size >= 0 && memcmp(start, magic, (size_t)size) == 0;
}

/* Open the file, and cut off what does not count. */
static int32_t open_end(appender *to)
{
    struct stat info;
    int failed;
    MFLI_RETRY(to->file, open(to->path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666));
    if (to->file < 0 || fstat(to->file, &info) != 0)
        return mfli_fail_io(to->context, "open", to->path);
    if (!S_ISREG(info.st_mode) || !is_ours(to))
        return mfli_fail(to->context, MFL_ERROR_IO,
                         "\"%.300s\" exists and is no file of traces; choose another name",
                         to->path);
    if ((uint64_t)info.st_size < to->end.length)
        return mfli_fail(to->context, MFL_ERROR_CHECKSUM,
                         "\"%.300s\" has lost its end since it was written; save under another name",
                         to->path);
    MFLI_RETRY(failed, ftruncate(to->file, (off_t)to->end.length));
    return failed ? mfli_fail_io(to->context, "shorten", to->path) : MFL_OK;
}

int32_t mfli_segments_append(mfl_context *context, const char *path, size_t columns,
                             const mfli_segment *segments, size_t count, mfli_segments_end *end)
{
    appender to = {context, path, -1, columns, *end};
    int failed;
    int32_t status = open_end(&to);
    if (!status && to.end.length == 0)
        status = put_header(&to);
    for (size_t i = 0; i < count && !status; i++)
        status = put_segment(&to, &segments[i]);
    if (!status) {
        MFLI_RETRY(failed, fsync(to.file));
        if (failed)
            status = mfli_fail_io(context, "write to the disk", path);
    }
    /* A full disk gets its room back; if even that fails, the next append does it. */
    if (status && to.end.length > end->length)
        (void)!ftruncate(to.file, (off_t)end->length);
    if (to.file >= 0)
        close(to.file);
    if (!status)
        *end = to.end;
    return status;
}

static int32_t fail_damaged(mfl_context *context, const char *path, const char *how)
{
    return mfli_fail(context, MFL_ERROR_CHECKSUM, "\"%.300s\" %s; the file is damaged or incomplete",
                     path, how);
}

static int32_t read_segments(mfl_context *context, const char *path, size_t columns,
                             const mfli_segments_end *end, const uint8_t *bytes,
                             mfli_segment_fn take, void *data)
{
    uint32_t crc = mfli_crc32c(0, bytes, header_size);
    size_t at = header_size;
    while (at < end->length) {
        const size_t left = (size_t)end->length - at;
        if (left < segment_size + crc_size)
            return fail_damaged(context, path, "ends within a segment");
        const uint64_t table = mfli_load(bytes + at, 8), first = mfli_load(bytes + at + 8, 8);
        const uint64_t rows = mfli_load(bytes + at + 16, 8);
        if (rows > (left - segment_size - crc_size) / (8 * columns))
            return fail_damaged(context, path, "has a segment that is longer than the file");
        const size_t size = segment_size + 8 * columns * (size_t)rows;
        crc = mfli_crc32c(crc, bytes + at, size);
        if (crc != mfli_load(bytes + at + size, crc_size))
            return fail_damaged(context, path, "has a segment that does not fit its checksum");
        int32_t status = take(data, table, first, rows, bytes + at + segment_size);
        if (status)
            return status;
        at += size + crc_size;
    }
    return crc == end->crc ? MFL_OK
                           : mfli_fail(context, MFL_ERROR_CHECKSUM,
                                       "\"%.300s\" belongs to another run than the file beside it",
                                       path);
}

int32_t mfli_segments_read(mfl_context *context, const char *path, size_t columns,
                           const mfli_segments_end *end, mfli_segment_fn take, void *data)
{
    uint8_t *bytes, header[header_size];
    size_t size;
    int32_t status = mfli_file_read(context, path, MFLI_FILE_LIMIT, &bytes, &size);
    if (status)
        return status;
    make_header(header, columns);
    if (size < end->length || end->length < header_size)
        status = fail_damaged(context, path, "is shorter than the file beside it says");
    else if (memcmp(bytes, header, header_size) != 0)
        status = mfli_fail(context, MFL_ERROR_FORMAT,
                           "\"%.300s\" is not a file of %zu traces that this version wrote", path,
                           columns);
    else
        status = read_segments(context, path, columns, end, bytes, take, data);
    mfli_free(context, bytes);
    return status;
}
