/* SPDX-License-Identifier: BSD-3-Clause */
/* What all handles have in common: kind, context, references, and the rules of entry.
 *
 * Every public function has the form
 *
 *     int32_t status = mfli_enter(handle, kind);
 *     return status ? status : mfli_leave(handle, the_work(handle, ...));
 *
 * mfli_enter() takes the context's lock for this thread (a second thread gets MFL_ERROR_BUSY, never a wait) and marks
 * the handle as in use, so that a callback cannot re-enter the operation it was called from. */
#ifndef MFLI_CORE_OBJECT_H
#define MFLI_CORE_OBJECT_H

#include <mflearn/status.h>
#include <mflearn/types.h>

enum mfli_kind {
    MFLI_CONTEXT = 1,
    MFLI_TASK,
    MFLI_DATASET,
    MFLI_MODEL,
    MFLI_NETWORK,
    MFLI_SAMPLER,
    MFLI_RIDGE,
    MFLI_THEORY,
    MFLI_SPECTRUM,
    MFLI_PATH,
    MFLI_DIAGRAM
};

typedef struct mfli_object mfli_object;
struct mfli_object {
    uint32_t magic;
    int32_t kind;
    mfl_context *context;
    size_t references; /* guarded by the context's lock, like in_use */
    int32_t in_use;
    void (*finish)(void *handle); /* releases what the handle owns, not the handle */
    mfli_object *grave;           /* next handle waiting to be released */
};

int32_t mfli_enter(const void *handle, int32_t kind);
int32_t mfli_leave(const void *handle, int32_t status);
/* Is this a live handle of the kind? For what may be called without entering. */
int32_t mfli_is_live(const void *handle, int32_t kind);

/* For a handle passed beside the entered one: of the right kind, of the same context, and not in use. */
int32_t mfli_check(mfl_context *context, const void *handle, int32_t kind, const char *argument);

void mfli_object_init(mfli_object *object, mfl_context *context, int32_t kind, void (*finish)(void *handle));

/* Zeroed memory whose first member is an mfli_object, holding a reference to its context.
 * Sets *out only on success. */
int32_t mfli_object_create(mfl_context *context, int32_t kind, size_t size, void (*finish)(void *handle),
                           void *out);
void mfli_object_retain(void *handle);
void mfli_object_release(void *handle); /* NULL-safe; inside an entered context only */

/* The body of every public destroy function: at once when the context is free, else when it next becomes free. */
void mfli_destroy(void *handle, int32_t kind);

#endif
