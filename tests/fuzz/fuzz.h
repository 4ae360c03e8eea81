/* SPDX-License-Identifier: BSD-3-Clause */
/* What the fuzz targets share: a context whose allocator stops the process when one allocation is out of proportion
 * to the input, since then a length in it was believed. */
#ifndef MFLEARN_TESTS_FUZZ_H
#define MFLEARN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void *fuzz_allocate(size_t size, void *largest)
{
    if (size > *(size_t *)largest)
        abort();
    return malloc(size);
}

static inline void fuzz_release(void *memory, void *largest)
{
    (void)largest;
    free(memory);
}

/* `largest` must outlive the context. */
static inline mfl_context *fuzz_context(size_t input_size, size_t *largest)
{
    mfl_context *context;
    *largest = ((size_t)1 << 17) + 64 * input_size;
    if (mfl_context_create_with_allocator(fuzz_allocate, fuzz_release, largest, &context))
        abort();
    return context;
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
