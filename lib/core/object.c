/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/object.h"

#include <stdatomic.h>

#include "core/context.h"
#include "core/team.h"

static const uint32_t magic_live = 0x4d464c31, magic_dead = 0xdeadd00d;

static const char *const kind_names[] = {"",        "mfl_context", "mfl_task",  "mfl_dataset", "mfl_model",
                                         "mfl_network", "mfl_sampler", "mfl_ridge", "mfl_theory",
                                         "mfl_spectrum", "mfl_path",   "mfl_diagram"};

static _Thread_local char this_thread;

/* One word is both the context's lock and its graveyard: NULL when the context is free, else the list of handles that
 * were destroyed while it was in use, which ends in this mark. Whoever holds the lock gives it up only by exchanging
 * the bare mark for NULL, so a handle is never left behind, and nobody touches the context after giving it up. */
static const mfli_object mark;
static mfli_object *const end_of_graveyard = (mfli_object *)&mark;

static int32_t lock(mfl_context *context)
{
    const void *self = &this_thread;
    if (atomic_load(&context->owner) == self) {
        context->depth++;
        return MFL_OK;
    }
    mfli_object *nobody = NULL;
    if (!atomic_compare_exchange_strong(&context->graveyard, &nobody, end_of_graveyard))
        return MFL_ERROR_BUSY;
    atomic_store(&context->owner, self);
    context->depth = 1;
    context->entered_at = mfli_clock();
    context->progress_at = 0.0;
    atomic_store(&context->stopped, 0);
    return MFL_OK;
}

static void bury(mfli_object *object)
{
    mfl_context *context = object->context;
    object->magic = magic_dead;
    if (object->finish)
        object->finish(object);
    context->object.references--;
    mfli_free(context, object);
}

static void drop(mfli_object *object)
{
    if (object->kind == MFLI_CONTEXT)
        object->references--;
    else if (--object->references == 0)
        bury(object);
}

static void empty_graveyard(mfl_context *context)
{
    mfli_object *object = atomic_exchange(&context->graveyard, end_of_graveyard);
    while (object != end_of_graveyard) {
        mfli_object *next = object->grave;
        drop(object);
        object = next;
    }
}

static void close_context(mfl_context *context)
{
    mfl_release_fn release = context->release;
    void *data = context->allocator_data;
    context->object.magic = magic_dead;
    mfli_team_destroy(context);
    release(context, data);
}

static void unlock(mfl_context *context)
{
    if (--context->depth > 0)
        return;
    atomic_store(&context->owner, NULL);
    mfli_object *empty;
    do {
        empty_graveyard(context);
        if (context->object.references == 0) {
            close_context(context);
            return;
        }
        empty = end_of_graveyard;
    } while (!atomic_compare_exchange_strong(&context->graveyard, &empty, NULL));
}

int32_t mfli_is_live(const void *handle, int32_t kind)
{
    const mfli_object *object = handle;
    return object && object->magic == magic_live && object->kind == kind;
}

int32_t mfli_enter(const void *handle, int32_t kind)
{
    mfli_object *object = (mfli_object *)handle;
    if (!object)
        return MFL_ERROR_NULL;
    if (!mfli_is_live(object, kind))
        return MFL_ERROR_HANDLE;
    mfl_context *context = object->context;
    int32_t status = lock(context);
    if (status)
        return status;
    context->message[0] = '\0';
    if (mfli_team_is_foreign(context))
        status = mfli_fail(context, MFL_ERROR_FORK,
                           "this context ran threads before the process was forked; create a new context in "
                           "the child");
    else if (object->in_use)
        status = mfli_fail(context, MFL_ERROR_BUSY,
                           "the %s is running the operation that made this callback", kind_names[kind]);
    if (status) {
        unlock(context);
        return status;
    }
    if (kind != MFLI_CONTEXT)
        object->in_use = 1;
    return MFL_OK;
}

int32_t mfli_leave(const void *handle, int32_t status)
{
    mfli_object *object = (mfli_object *)handle;
    mfl_context *context = object->context;
    object->in_use = 0;
    if (status == MFL_OK)
        context->message[0] = '\0'; /* what a step recorded that the operation then did without */
    else if (!context->message[0]) /* of a cancelled inner loop, which has nothing to add */
        mfli_fail(context, status, "%s", mfl_status_message(status));
    unlock(context);
    return status;
}

int32_t mfli_check(mfl_context *context, const void *handle, int32_t kind, const char *argument)
{
    const mfli_object *object = handle;
    if (!object)
        return mfli_fail_null(context, argument);
    if (!mfli_is_live(object, kind))
        return mfli_fail(context, MFL_ERROR_HANDLE, "%s is not a live %s", argument, kind_names[kind]);
    if (object->context != context)
        return mfli_fail(context, MFL_ERROR_CONTEXT,
                         "%s belongs to another context; make all handles of a computation from one context",
                         argument);
    if (object->in_use)
        return mfli_fail(context, MFL_ERROR_BUSY, "%s is in use by the operation that made this callback",
                         argument);
    return MFL_OK;
}

void mfli_object_init(mfli_object *object, mfl_context *context, int32_t kind, void (*finish)(void *handle))
{
    object->magic = magic_live;
    object->kind = kind;
    object->context = context;
    object->references = 1;
    object->finish = finish;
}

int32_t mfli_object_create(mfl_context *context, int32_t kind, size_t size, void (*finish)(void *handle),
                           void *out)
{
    mfli_object *object = mfli_alloc_zeroed(context, 1, size);
    if (!object)
        return MFL_ERROR_MEMORY;
    mfli_object_init(object, context, kind, finish);
    context->object.references++;
    *(void **)out = object;
    return MFL_OK;
}

void mfli_object_retain(void *handle)
{
    ((mfli_object *)handle)->references++;
}

void mfli_object_release(void *handle)
{
    if (handle)
        drop(handle);
}

/* Leave a handle to whoever holds the lock. Non-zero: nobody does any more. */
static int32_t inter(mfl_context *context, mfli_object *object)
{
    mfli_object *head = atomic_load(&context->graveyard);
    do {
        if (!head)
            return -1;
        object->grave = head;
    } while (!atomic_compare_exchange_weak(&context->graveyard, &head, object));
    return 0;
}

void mfli_destroy(void *handle, int32_t kind)
{
    mfli_object *object = handle;
    if (!mfli_is_live(object, kind))
        return;
    mfl_context *context = object->context;
    do {
        if (lock(context) == MFL_OK) {
            if (object->in_use)
                inter(context, object);
            else
                drop(object);
            unlock(context);
            return;
        }
    } while (inter(context, object));
}
