/* SPDX-License-Identifier: BSD-3-Clause */
/* A directory of a test's own, and small files in it. */
#ifndef MFLEARN_TESTS_SCRATCH_H
#define MFLEARN_TESTS_SCRATCH_H

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_directory[64];

static inline void scratch_make(void)
{
    strcpy(scratch_directory, "/tmp/mflearn-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(scratch_directory));
}

/* Valid until the eighth next call. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][128];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_directory, name);
    return path;
}

static inline const char *scratch_write(const char *name, const void *data, size_t size)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(data, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static inline int scratch_count(void)
{
    int count = 0;
    DIR *directory = opendir(scratch_directory);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return count;
}

/* Files only; a test that makes directories removes them. */
static inline void scratch_remove(void)
{
    DIR *directory = opendir(scratch_directory);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    ck_assert_int_eq(rmdir(scratch_directory), 0);
}

#endif
