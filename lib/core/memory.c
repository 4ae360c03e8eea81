/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "core/context.h"

/* The caller's allocator promises no more than malloc's alignment; kernels want whole cache lines. The address to
 * give back is kept in the word before the aligned block. */
enum { alignment = 64 };

void *mfli_alloc(mfl_context *context, size_t count, size_t size)
{
    size_t bytes, total;
    if (__builtin_mul_overflow(count, size, &bytes)
        || __builtin_add_overflow(bytes, (size_t)alignment + sizeof(void *), &total)) {
        mfli_fail(context, MFL_ERROR_MEMORY, "%zu items of %zu bytes are more than this machine can address",
                  count, size);
        return NULL;
    }
    char *block = context->allocate(total, context->allocator_data);
    if (!block) {
        mfli_fail(context, MFL_ERROR_MEMORY, "could not allocate %zu bytes", bytes);
        return NULL;
    }
    uintptr_t first = (uintptr_t)block + sizeof(void *);
    char *memory = block + sizeof(void *) + (alignment - first % alignment) % alignment;
    memcpy(memory - sizeof(void *), &block, sizeof block);
    return memory;
}

void *mfli_alloc_zeroed(mfl_context *context, size_t count, size_t size)
{
    void *memory = mfli_alloc(context, count, size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

void mfli_free(mfl_context *context, void *memory)
{
    if (!memory)
        return;
    void *block;
    memcpy(&block, (char *)memory - sizeof(void *), sizeof block);
    context->release(block, context->allocator_data);
}

int32_t mfli_check_extent(mfl_context *context, const char *name, int64_t rows, int64_t stride)
{
    if (stride == 0 || rows <= PTRDIFF_MAX / (int64_t)sizeof(double) / stride)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_SIZE, "%s: %lld times %lld numbers are more than any memory holds", name,
                     (long long)rows, (long long)stride);
}
