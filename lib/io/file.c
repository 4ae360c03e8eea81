/* SPDX-License-Identifier: BSD-3-Clause */
#include "io/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/context.h"

enum { buffer_size = 1 << 16, first_read = 1 << 16, attempts = 16 };

int32_t mfli_fail_io(mfl_context *context, const char *verb, const char *path)
{
    char buffer[100];
    const char *reason = strerror_r(errno, buffer, sizeof buffer); /* GNU's: strerror is not safe with threads */
    return mfli_fail(context, MFL_ERROR_IO, "could not %s \"%.300s\": %s", verb, path, reason);
}

static int32_t need_path(mfl_context *context, const char *path)
{
    if (!path)
        return mfli_fail_null(context, "path");
    return path[0] ? MFL_OK : mfli_fail(context, MFL_ERROR_ARGUMENT, "path is empty; name a file");
}

int32_t mfli_check_new_file(mfl_context *context, const char *path, const char *remedy)
{
    struct stat info;
    int32_t status = need_path(context, path);
    if (status)
        return status;
    if (lstat(path, &info) != 0)
        return errno == ENOENT ? MFL_OK : mfli_fail_io(context, "name", path);
    return mfli_fail(context, MFL_ERROR_STATE, "\"%.300s\" exists%s", path, remedy);
}

/* The writer opens the directory once, so that every later step is about that directory, wherever it is moved. */
static int32_t open_directory(mfli_writer *writer)
{
    const char *path = writer->path, *slash = strrchr(path, '/');
    writer->name = slash ? slash + 1 : path;
    if (writer->name[0] == '\0')
        return mfli_fail(writer->context, MFL_ERROR_ARGUMENT, "path \"%.300s\" names a directory; name a file", path);
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 1;
    char *directory = mfli_alloc(writer->context, length + 1, 1);
    if (!directory)
        return MFL_ERROR_MEMORY;
    memcpy(directory, slash ? path : ".", length);
    directory[length] = '\0';
    MFLI_RETRY(writer->directory, open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    int32_t status = writer->directory < 0 ? mfli_fail_io(writer->context, "open the directory", directory) : MFL_OK;
    mfli_free(writer->context, directory);
    return status;
}

/* Renaming over a device, a directory or a pipe would destroy it. */
static int32_t check_replaceable(const mfli_writer *writer, mode_t *mode)
{
    struct stat old;
    if (fstatat(writer->directory, writer->name, &old, 0) != 0)
        return MFL_OK;
    if (!S_ISREG(old.st_mode))
        return mfli_fail(writer->context, MFL_ERROR_IO,
                         "\"%.300s\" exists and is not a regular file; choose another name", writer->path);
    *mode = old.st_mode & 0777;
    return MFL_OK;
}

static int32_t open_temporary(mfli_writer *writer)
{
    for (int attempt = 0; attempt < attempts; attempt++) {
        uint64_t random;
        if (getentropy(&random, sizeof random) != 0)
            break;
        snprintf(writer->temporary, sizeof writer->temporary, ".mflearn-%016llx", (unsigned long long)random);
        MFLI_RETRY(writer->file, openat(writer->directory, writer->temporary,
                                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        if (writer->file >= 0 || errno != EEXIST)
            break;
    }
    return writer->file < 0 ? mfli_fail_io(writer->context, "create a file beside", writer->path) : MFL_OK;
}

static int32_t open_writer(mfli_writer *writer)
{
    mode_t mode = 0;
    int32_t status = open_directory(writer);
    if (status == MFL_OK)
        status = check_replaceable(writer, &mode);
    if (status == MFL_OK)
        status = open_temporary(writer);
    if (status == MFL_OK && mode)
        (void)!fchmod(writer->file, mode); /* another owner's file: the new one keeps our own mode */
    return status;
}

int32_t mfli_writer_open(mfl_context *context, const char *path, mfli_writer *writer)
{
    *writer = (mfli_writer){.context = context, .path = path, .directory = -1, .file = -1};
    int32_t status = need_path(context, path);
    if (status)
        return status;
    writer->buffer = mfli_alloc(context, buffer_size, 1);
    if (!writer->buffer)
        return MFL_ERROR_MEMORY;
    status = open_writer(writer);
    if (status)
        mfli_writer_abandon(writer);
    return status;
}

static int32_t write_all(mfli_writer *writer, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t done;
        MFLI_RETRY(done, write(writer->file, data, size));
        if (done < 0)
            return mfli_fail_io(writer->context, "write", writer->path);
        data += done;
        size -= (size_t)done;
    }
    return MFL_OK;
}

static int32_t flush(mfli_writer *writer)
{
    size_t size = writer->buffered;
    writer->buffered = 0;
    return write_all(writer, writer->buffer, size);
}

int32_t mfli_writer_write(mfli_writer *writer, const void *data, size_t size)
{
    if (size > buffer_size - writer->buffered) {
        int32_t status = flush(writer);
        if (status)
            return status;
    }
    if (size >= buffer_size)
        return write_all(writer, data, size);
    if (size > 0)
        memcpy(writer->buffer + writer->buffered, data, size);
    writer->buffered += size;
    return MFL_OK;
}

static int32_t sync_file(mfli_writer *writer)
{
    int failed;
    int32_t status = flush(writer);
    if (status)
        return status;
    MFLI_RETRY(failed, fsync(writer->file));
    if (failed)
        return mfli_fail_io(writer->context, "write to the disk", writer->path);
    failed = close(writer->file);
    writer->file = -1;
    return failed && errno != EINTR ? mfli_fail_io(writer->context, "close", writer->path) : MFL_OK;
}

int32_t mfli_writer_commit(mfli_writer *writer)
{
    int failed;
    int32_t status = sync_file(writer);
    if (status == MFL_OK
        && renameat(writer->directory, writer->temporary, writer->directory, writer->name) != 0)
        status = mfli_fail_io(writer->context, "name", writer->path);
    if (status == MFL_OK) {
        writer->temporary[0] = '\0';
        MFLI_RETRY(failed, fsync(writer->directory));
        /* Some file systems cannot flush a directory and say so with EINVAL. */
        if (failed && errno != EINVAL)
            status = mfli_fail_io(writer->context, "write the directory of", writer->path);
    }
    mfli_writer_abandon(writer);
    return status;
}

void mfli_writer_abandon(mfli_writer *writer)
{
    if (writer->file >= 0)
        close(writer->file);
    if (writer->temporary[0] && writer->directory >= 0)
        unlinkat(writer->directory, writer->temporary, 0);
    if (writer->directory >= 0)
        close(writer->directory);
    mfli_free(writer->context, writer->buffer);
    *writer = (mfli_writer){.context = writer->context, .directory = -1, .file = -1};
}

/* Move the contents to a larger block. */
static uint8_t *grow(mfl_context *context, uint8_t *bytes, size_t used, size_t capacity)
{
    uint8_t *larger = mfli_alloc(context, capacity, 1);
    if (larger && used)
        memcpy(larger, bytes, used);
    mfli_free(context, bytes);
    return larger;
}

static int32_t fail_length(mfl_context *context, const char *path, uint64_t limit)
{
    return mfli_fail(context, MFL_ERROR_SIZE, "\"%.300s\" is longer than %llu bytes, the most that is read", path,
                     (unsigned long long)limit);
}

/* The size that the file system reports is where to start, not what to believe: pipes report none, and files grow
 * and shrink while they are read. */
static int32_t read_all(mfl_context *context, int file, const char *path, uint64_t limit, uint8_t **bytes,
                        size_t *size)
{
    struct stat info;
    if (fstat(file, &info) != 0)
        return mfli_fail_io(context, "read", path);
    if (S_ISDIR(info.st_mode))
        return mfli_fail(context, MFL_ERROR_IO, "\"%.300s\" is a directory; name a file", path);
    uint64_t expected = S_ISREG(info.st_mode) && info.st_size > 0 ? (uint64_t)info.st_size : 0;
    if (expected > limit)
        return fail_length(context, path, limit);
    size_t capacity = expected ? (size_t)expected + 2 : first_read, used = 0;
    uint8_t *block = mfli_alloc(context, capacity, 1);
    while (block && used <= limit) {
        if (used + 1 == capacity) {
            capacity *= 2;
            block = grow(context, block, used, capacity);
            continue;
        }
        ssize_t done;
        MFLI_RETRY(done, read(file, block + used, capacity - 1 - used));
        if (done < 0) {
            mfli_free(context, block);
            return mfli_fail_io(context, "read", path);
        }
        if (done == 0) {
            block[used] = '\0';
            *bytes = block;
            *size = used;
            return MFL_OK;
        }
        used += (size_t)done;
    }
    if (!block)
        return MFL_ERROR_MEMORY;
    mfli_free(context, block);
    return fail_length(context, path, limit);
}

int32_t mfli_file_read(mfl_context *context, const char *path, uint64_t limit, uint8_t **bytes, size_t *size)
{
    int32_t status = need_path(context, path);
    if (status)
        return status;
    int file;
    MFLI_RETRY(file, open(path, O_RDONLY | O_CLOEXEC));
    if (file < 0)
        return mfli_fail_io(context, "open", path);
    status = read_all(context, file, path, limit, bytes, size);
    close(file);
    return status;
}
