/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files in, whole files out: a reader with a limit, and a writer whose file is complete or absent. */
#ifndef MFLI_IO_FILE_H
#define MFLI_IO_FILE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include <mflearn/types.h>

enum { MFLI_TEMPORARY_NAME = 32 };

/* No file that fits in memory comes near it; endless ones (devices, pipes) end here. */
#define MFLI_FILE_LIMIT (UINT64_C(1) << 36)

/* Call again while a signal interrupts: on network file systems any of them may say so. Not for close, which has closed
 * the file even then. */
#define MFLI_RETRY(result, call)                                                                             \
    do                                                                                                       \
        (result) = (call);                                                                                   \
    while ((result) < 0 && errno == EINTR)

/* "could not VERB "PATH": " and what errno says: MFL_ERROR_IO. */
int32_t mfli_fail_io(mfl_context *context, const char *verb, const char *path);

/* MFL_OK where there is no such file yet; MFL_ERROR_STATE with "PATH" exists and the remedy; or why PATH is no name. */
int32_t mfli_check_new_file(mfl_context *context, const char *path, const char *remedy);

/* A file being written under a temporary name in the directory of its final one. */
typedef struct mfli_writer {
    mfl_context *context;
    const char *path; /* borrowed */
    const char *name; /* its last component */
    int directory, file;
    char temporary[MFLI_TEMPORARY_NAME];
    uint8_t *buffer;
    size_t buffered;
} mfli_writer;

/* On failure nothing is left open. After success, exactly one of commit and abandon must follow. */
int32_t mfli_writer_open(mfl_context *context, const char *path, mfli_writer *writer);
int32_t mfli_writer_write(mfli_writer *writer, const void *data, size_t size);

/* Flush to the disk, give the file its name (replacing an older one), flush the directory. Whatever it returns,
 * the writer is closed, and on failure the temporary file is gone and an older file untouched; except that the new one is
 * in its place where only flushing the directory failed. */
int32_t mfli_writer_commit(mfli_writer *writer);
void mfli_writer_abandon(mfli_writer *writer);

/* All bytes of a file, in memory to be released with mfli_free; followed by a NUL that is not counted. */
int32_t mfli_file_read(mfl_context *context, const char *path, uint64_t limit, uint8_t **bytes, size_t *size);

#endif
