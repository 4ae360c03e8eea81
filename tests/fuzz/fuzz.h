/* SPDX-License-Identifier: BSD-3-Clause */
/* What the fuzz targets share: a context whose allocator stops the process when one allocation is out of
 * proportion to the input, since then a length in it was believed, and when something is left at the end. */
#ifndef MFLEARN_TESTS_FUZZ_H
#define MFLEARN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fuzz_memory {
    size_t largest; /* allocation that is in proportion */
    int64_t live;
} fuzz_memory;

static inline void *fuzz_allocate(size_t size, void *user_data)
{
    fuzz_memory *memory = user_data;
    if (size > memory->largest)
        abort();
    memory->live++;
    return malloc(size);
}

static inline void fuzz_release(void *block, void *user_data)
{
    fuzz_memory *memory = user_data;
    memory->live--;
    free(block);
}

/* `memory` must outlive the context. */
static inline mfl_context *fuzz_context(size_t input_size, fuzz_memory *memory)
{
    mfl_context *context;
    *memory = (fuzz_memory){.largest = ((size_t)1 << 17) + 64 * input_size};
    if (mfl_context_create_with_allocator(fuzz_allocate, fuzz_release, memory, &context))
        abort();
    return context;
}

static inline void fuzz_end(mfl_context *context, const fuzz_memory *memory)
{
    mfl_context_destroy(context);
    if (memory->live)
        abort();
}

/* The input, with the NUL behind it that parsers of whole files expect. */
static inline uint8_t *fuzz_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (!copy)
        abort();
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    copy[size] = 0;
    return copy;
}

#endif
