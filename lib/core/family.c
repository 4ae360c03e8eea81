/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/family.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

static void *allocate(size_t size, void *user_data)
{
    mfli_family *family = user_data;
    pthread_mutex_lock(&family->mutex);
    void *memory = family->parent->allocate(size, family->parent->allocator_data);
    pthread_mutex_unlock(&family->mutex);
    return memory;
}

static void release(void *memory, void *user_data)
{
    mfli_family *family = user_data;
    pthread_mutex_lock(&family->mutex);
    family->parent->release(memory, family->parent->allocator_data);
    pthread_mutex_unlock(&family->mutex);
}

static int32_t watch(const char *stage, double fraction, double seconds, void *user_data)
{
    const mfli_child *child = user_data;
    mfli_family *family = child->family;
    (void)stage, (void)fraction, (void)seconds;
    if (child != family->child)
        return mfli_cancelled(family->parent);
    double done = (double)atomic_load_explicit(&family->done, memory_order_relaxed);
    return mfli_progress(family->parent, family->stage, family->all ? fmin(1.0, done / (double)family->all) : 0.0);
}

static int32_t create_child(mfli_family *family, mfli_child *child)
{
    child->family = family;
    int32_t status = mfl_context_create_with_allocator(allocate, release, family, &child->context);
    if (status != MFL_OK)
        return mfli_fail(family->parent, status, "could not allocate a context");
    memcpy(child->context->option_values, family->parent->option_values, sizeof child->context->option_values);
    child->context->option_values[0].integer = 1; /* MFL_CONTEXT_THREADS */
    child->context->progress = watch;
    child->context->progress_data = child;
    return MFL_OK;
}

int32_t mfli_family_create(mfl_context *parent, int32_t count, const char *stage, mfli_family *family)
{
    int32_t status = MFL_OK;
    memset(family, 0, sizeof *family);
    family->child = mfli_alloc_zeroed(parent, (size_t)count, sizeof *family->child);
    if (!family->child)
        return MFL_ERROR_MEMORY;
    family->parent = parent;
    family->count = count;
    family->stage = stage;
    pthread_mutex_init(&family->mutex, NULL);
    for (int32_t i = 0; i < count && status == MFL_OK; i++)
        status = create_child(family, &family->child[i]);
    if (status != MFL_OK)
        mfli_family_finish(family);
    return status;
}

void mfli_family_finish(mfli_family *family)
{
    if (!family->child)
        return;
    for (int32_t i = 0; i < family->count; i++)
        if (family->child[i].context)
            mfl_context_destroy(family->child[i].context);
    pthread_mutex_destroy(&family->mutex);
    mfli_free(family->parent, family->child);
    memset(family, 0, sizeof *family);
}

int32_t mfli_family_fail(mfli_family *family, int32_t child, int32_t status)
{
    return mfli_fail(family->parent, status, "%s", family->child[child].context->message);
}
