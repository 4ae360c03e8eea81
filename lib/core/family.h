/* SPDX-License-Identifier: BSD-3-Clause */
/* Contexts for parts of one operation that work side by side, each with handles of its own.
 *
 * Their memory comes from the parent's allocator, one call at a time; the parent's cancellation reaches all of them;
 * progress is that of the whole, reported by the first of them. They are not entered: whoever runs the operation sees
 * to it that one thread at a time uses a child, and child 0 on the thread that entered the parent. */
#ifndef MFLI_CORE_FAMILY_H
#define MFLI_CORE_FAMILY_H

#include <pthread.h>

#include "core/context.h"

typedef struct mfli_family mfli_family;

typedef struct mfli_child {
    mfl_context *context;
    mfli_family *family;
} mfli_child;

struct mfli_family {
    mfl_context *parent;
    pthread_mutex_t mutex;
    int32_t count;
    mfli_child *child;
    const char *stage;
    _Atomic int64_t done; /* of all, for progress; whoever finished a part adds to it */
    int64_t all;
};

/* MFL_OK or MFL_ERROR_MEMORY. The family must stay where it is. */
int32_t mfli_family_create(mfl_context *parent, int32_t count, const char *stage, mfli_family *family);

/* After the handles of the children are gone. A zeroed family is allowed. */
void mfli_family_finish(mfli_family *family);

/* Let the parent have the message of a child that failed; returns the status. */
int32_t mfli_family_fail(mfli_family *family, int32_t child, int32_t status);

#endif
