/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/context.h"

#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mflearn/version.h>

#include "core/cpu.h"
#include "core/text.h"

static const mfli_option_spec specs[MFLI_CONTEXT_OPTIONS] = {
    MFLI_OPTION_INT(MFL_CONTEXT_THREADS, "threads", 0, 4096, 0,
                    "threads of long operations; 0 takes the processors this process may run on"),
    MFLI_OPTION_INT(MFL_CONTEXT_SEED, "seed", INT64_MIN, INT64_MAX, 1, "base seed of every random stream"),
    MFLI_OPTION_CHOICE(MFL_CONTEXT_INSTRUCTION_SET, "instruction_set", "auto|baseline|avx2|avx512",
                       MFL_INSTRUCTION_SET_AVX512, MFL_INSTRUCTION_SET_AUTO, "build of the hot kernels"),
    MFLI_OPTION_CHOICE(MFL_CONTEXT_LOG_LEVEL, "log_level", "debug|info|warning|none", MFL_LOG_NONE, MFL_LOG_INFO,
                       "least severe message that reaches the log sink"),
};

static void *allocate_with_malloc(size_t size, void *user_data)
{
    (void)user_data;
    return malloc(size);
}

static void release_with_free(void *memory, void *user_data)
{
    (void)user_data;
    free(memory);
}

static int32_t veto(const mfl_options *options, int32_t key, int64_t value)
{
    if (key == MFL_CONTEXT_INSTRUCTION_SET && mfli_cpu_resolve((int32_t)value) < 0)
        return mfli_fail(options->owner->context, MFL_ERROR_UNSUPPORTED,
                         "this processor or this build of the library lacks %s; use auto",
                         mfli_cpu_name((int32_t)value));
    return MFL_OK;
}

int32_t mfl_context_create_with_allocator(mfl_allocate_fn allocate, mfl_release_fn release, void *user_data,
                                          mfl_context **out)
{
    if (out)
        *out = NULL;
    if (!allocate || !release || !out)
        return MFL_ERROR_NULL;
    mfl_context *context = allocate(sizeof *context, user_data);
    if (!context)
        return MFL_ERROR_MEMORY;
    memset(context, 0, sizeof *context);
    mfli_object_init(&context->object, context, MFLI_CONTEXT, NULL);
    context->allocate = allocate;
    context->release = release;
    context->allocator_data = user_data;
    mfli_options_init(&context->options, &context->object, specs, context->option_values, MFLI_CONTEXT_OPTIONS);
    context->options.veto = veto;
    *out = context;
    return MFL_OK;
}

int32_t mfl_context_create(mfl_context **out)
{
    return mfl_context_create_with_allocator(allocate_with_malloc, release_with_free, NULL, out);
}

void mfl_context_destroy(mfl_context *context)
{
    mfli_destroy(context, MFLI_CONTEXT);
}

int32_t mfl_context_options(mfl_context *context, mfl_options **options)
{
    return mfli_options_lend(context, MFLI_CONTEXT, offsetof(mfl_context, options), options);
}

const char *mfl_context_message(const mfl_context *context)
{
    return mfli_is_live(context, MFLI_CONTEXT) ? context->message : "";
}

int32_t mfl_context_set_log(mfl_context *context, mfl_log_fn log, void *user_data)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    context->log = log;
    context->log_data = user_data;
    return mfli_leave(context, MFL_OK);
}

int32_t mfl_context_set_progress(mfl_context *context, mfl_progress_fn progress, void *user_data)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    context->progress = progress;
    context->progress_data = user_data;
    return mfli_leave(context, MFL_OK);
}

void mfl_context_cancel(mfl_context *context)
{
    if (mfli_is_live(context, MFLI_CONTEXT))
        atomic_store(&context->cancelled, 1);
}

int32_t mfl_context_resume(mfl_context *context)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    atomic_store(&context->cancelled, 0);
    return mfli_leave(context, MFL_OK);
}

int32_t mfl_context_instruction_set(const mfl_context *context, int32_t *instruction_set, const char **name)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    if (!instruction_set)
        return mfli_leave(context, mfli_fail_null((mfl_context *)context, "instruction_set"));
    *instruction_set = mfli_instruction_set(context);
    if (name)
        *name = mfli_cpu_name(*instruction_set);
    return mfli_leave(context, MFL_OK);
}

int32_t mfl_context_threads(const mfl_context *context, int32_t *threads)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    if (!threads)
        return mfli_leave(context, mfli_fail_null((mfl_context *)context, "threads"));
    *threads = mfli_threads(context);
    return mfli_leave(context, MFL_OK);
}

int32_t mfl_context_provenance(const mfl_context *context, char *text, size_t capacity, size_t *needed)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    if (status)
        return status;
    if (!text && capacity)
        return mfli_leave(context, mfli_fail_null((mfl_context *)context, "text"));
    size_t used = 0;
    mfli_append(text, capacity, &used, "mflearn " MFL_VERSION_STRING ";kernels=");
    mfli_append(text, capacity, &used, mfli_cpu_name(mfli_instruction_set(context)));
    mfli_append(text, capacity, &used, ";");
    mfli_options_append(&context->options, text, capacity, &used);
    return mfli_leave(context, mfli_finish_text((mfl_context *)context, capacity, used, needed));
}

int32_t mfli_instruction_set(const mfl_context *context)
{
    return mfli_cpu_resolve((int32_t)mfli_options_int(&context->options, MFL_CONTEXT_INSTRUCTION_SET));
}

int32_t mfli_fail(mfl_context *context, int32_t status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context->message, sizeof context->message, format, arguments);
    va_end(arguments);
    return status;
}

int32_t mfli_fail_null(mfl_context *context, const char *argument)
{
    return mfli_fail(context, MFL_ERROR_NULL, "%s is NULL", argument);
}

void mfli_log(mfl_context *context, int32_t level, const char *format, ...)
{
    if (!context->log || level < mfli_options_int(&context->options, MFL_CONTEXT_LOG_LEVEL))
        return;
    char message[MFLI_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    context->log(level, message, context->log_data);
}

double mfli_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int32_t mfli_progress(mfl_context *context, const char *stage, double fraction)
{
    if (mfli_cancelled(context))
        return 1;
    double now = mfli_clock();
    if (!context->progress || (now - context->progress_at < 0.05 && fraction < 1.0))
        return 0;
    context->progress_at = now;
    if (context->progress(stage, fraction, now - context->entered_at, context->progress_data) == 0)
        return 0;
    atomic_store(&context->stopped, 1);
    return 1;
}

int32_t mfli_cancelled(mfl_context *context)
{
    return atomic_load_explicit(&context->cancelled, memory_order_relaxed)
        || atomic_load_explicit(&context->stopped, memory_order_relaxed);
}

uint64_t mfli_seed(const mfl_context *context)
{
    return (uint64_t)mfli_options_int(&context->options, MFL_CONTEXT_SEED);
}

int32_t mfli_threads(const mfl_context *context)
{
    int64_t threads = mfli_options_int(&context->options, MFL_CONTEXT_THREADS);
    cpu_set_t allowed;
    if (threads == 0)
        threads = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    return (int32_t)threads;
}
