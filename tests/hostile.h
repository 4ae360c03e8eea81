/* SPDX-License-Identifier: BSD-3-Clause */
/* A context for files that ask for much: its allocator counts the bytes that are alive and refuses what is
 * beyond a limit. The process can be held to not much more, for those that allocate by themselves; but not
 * where BLAS is called, for OpenBLAS tries forever to get 128 MiB for its buffers. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <check.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <mflearn/mflearn.h>

#if defined(__has_feature)
#define HOSTILE_FEATURE(name) __has_feature(name)
#else
#define HOSTILE_FEATURE(name) 0
#endif

/* What libraries and the C library may take beside the context. */
#define HOSTILE_REST ((size_t)64 << 20)

typedef struct hostile_memory {
    size_t live, peak, most;
} hostile_memory;

static inline void *hostile_allocate(size_t size, void *user_data)
{
    hostile_memory *memory = user_data;
    if (size > memory->most || memory->live > memory->most - size)
        return NULL;
    void *block = malloc(size);
    memory->live += malloc_usable_size(block);
    memory->peak = memory->live > memory->peak ? memory->live : memory->peak;
    return block;
}

static inline void hostile_release(void *block, void *user_data)
{
    hostile_memory *memory = user_data;
    memory->live -= malloc_usable_size(block);
    free(block);
}

/* Sanitizers map terabytes, so only the allocator speaks there. */
static inline void hostile_limit(size_t bytes)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !HOSTILE_FEATURE(address_sanitizer)
    unsigned long pages;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu", &pages) != 1)
        abort();
    fclose(file);
    const struct rlimit limit = {(rlim_t)pages * 4096 + bytes, RLIM_INFINITY};
    if (setrlimit(RLIMIT_AS, &limit))
        abort();
#else
    (void)bytes;
#endif
}

/* `most` bytes for the context; hostile_limit(most + HOSTILE_REST) says so to the process. */
static inline mfl_context *hostile_context(hostile_memory *memory, size_t most)
{
    mfl_context *context;
    *memory = (hostile_memory){.most = most};
    ck_assert_int_eq(
        mfl_context_create_with_allocator(hostile_allocate, hostile_release, memory, &context), MFL_OK);
    return context;
}

#endif
