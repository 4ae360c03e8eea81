/* SPDX-License-Identifier: BSD-3-Clause */
/* Files for readers that take a name: in a directory of the process, in memory where the system has such.
 * Names of memfd_create() would not do: HDF5 resolves links, and those of /proc/self/fd lead nowhere. */
#ifndef MFLEARN_TESTS_FUZZ_FILES_H
#define MFLEARN_TESTS_FUZZ_FILES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { fuzz_path_size = 240 };

static char fuzz_directory[200];
static pid_t fuzz_owner; /* a child that ends must not remove them */

static inline void fuzz_clear(void)
{
    DIR *directory = opendir(fuzz_directory);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
}

static inline void fuzz_remove(void)
{
    if (getpid() != fuzz_owner)
        return;
    fuzz_clear();
    rmdir(fuzz_directory);
}

/* The path of a name in the directory. */
static inline void fuzz_path(const char *name, char path[fuzz_path_size])
{
    if (!fuzz_directory[0]) {
        const char *place = getenv("TMPDIR");
        snprintf(fuzz_directory, sizeof fuzz_directory, "%.160s/mflearn-fuzz-XXXXXX",
                 place ? place : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(fuzz_directory) || atexit(fuzz_remove))
            abort();
        fuzz_owner = getpid();
    }
    snprintf(path, fuzz_path_size, "%s/%.30s", fuzz_directory, name);
}

static inline void fuzz_write(const char *path, const void *data, size_t size)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, data, size) != (ssize_t)size || close(file))
        abort();
}

/* At most `capacity` bytes of a file; returns how many. */
static inline size_t fuzz_read(const char *path, void *data, size_t capacity)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = file < 0 ? -1 : read(file, data, capacity);
    if (size < 0 || close(file))
        abort();
    return (size_t)size;
}

#endif
