/* SPDX-License-Identifier: BSD-3-Clause */
/* Services that a context offers to the layers above: memory, errors, log, progress, cancel. */
#ifndef MFLI_CORE_CONTEXT_H
#define MFLI_CORE_CONTEXT_H

#include <mflearn/context.h>

#include "core/object.h"
#include "core/options.h"

enum { MFLI_CONTEXT_OPTIONS = 4, MFLI_MESSAGE_SIZE = 640 };

typedef struct mfli_team mfli_team;

struct mfl_context {
    mfli_object object;
    _Atomic(const void *) owner; /* the thread inside, by the address of a thread-local */
    int32_t depth;
    _Atomic(mfli_object *) graveyard; /* the lock, too: see object.c */
    mfl_allocate_fn allocate;
    mfl_release_fn release;
    void *allocator_data;
    mfl_log_fn log;
    void *log_data;
    mfl_progress_fn progress;
    void *progress_data;
    double entered_at, progress_at; /* monotonic seconds */
    _Atomic int32_t cancelled; /* until mfl_context_resume() */
    _Atomic int32_t stopped;   /* by the progress callback, for this operation */
    mfli_team *team; /* created on first use */
    mfl_options options;
    mfli_option_value option_values[MFLI_CONTEXT_OPTIONS];
    char message[MFLI_MESSAGE_SIZE];
};

/* 64-byte aligned memory for count items of the given size; NULL after recording why, for the caller to return
 * MFL_ERROR_MEMORY. Only on the thread that entered the context. */
void *mfli_alloc(mfl_context *context, size_t count, size_t size);
void *mfli_alloc_zeroed(mfl_context *context, size_t count, size_t size);
void mfli_free(mfl_context *context, void *memory);
/* Can an array of the caller's with so many rows of 8-byte numbers, `stride` apart, be in memory at all? MFL_OK or, with
 * the reason recorded, MFL_ERROR_SIZE. Neither number is negative. */
int32_t mfli_check_extent(mfl_context *context, const char *name, int64_t rows, int64_t stride);

/* Record what went wrong and return the status. */
int32_t mfli_fail(mfl_context *context, int32_t status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The failures that occur everywhere. */
int32_t mfli_fail_null(mfl_context *context, const char *argument);

void mfli_log(mfl_context *context, int32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Report progress, at most about 20 times a second, on the thread that entered. Non-zero: stop now. */
int32_t mfli_progress(mfl_context *context, const char *stage, double fraction);
/* Was the context cancelled? Safe from worker threads. */
int32_t mfli_cancelled(mfl_context *context);

uint64_t mfli_seed(const mfl_context *context);
int32_t mfli_threads(const mfl_context *context);
int32_t mfli_instruction_set(const mfl_context *context); /* resolved: never auto */
double mfli_clock(void);

#endif
