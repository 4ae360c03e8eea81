/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules of entry, and the services of a context: memory, messages, log, progress, cancel. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../counting_allocator.h"
#include "../run.h"
#include "core/context.h"
#include "network/model.h"

static counting_allocator allocator;
static mfl_context *context;

static void open_context(void)
{
    allocator = (counting_allocator){0};
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator, &context),
                     MFL_OK);
}

static void close_context(void)
{
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}

START_TEST(an_operation_is_not_entered_twice)
{
    open_context();
    mfl_model *model, *other;
    int64_t width;
    int32_t threads;
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_eq(mfli_enter(model, MFLI_MODEL), MFL_OK);
    /* from here on as if in a callback of the model's operation */
    ck_assert_int_eq(mfl_model_shape(model, NULL, &width), MFL_ERROR_BUSY);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "mfl_model"));
    ck_assert_int_eq(mfli_check(context, model, MFLI_MODEL, "model"), MFL_ERROR_BUSY);
    ck_assert_int_eq(mfl_context_threads(context, &threads), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 5, 6, &other), MFL_OK);
    ck_assert_int_eq(mfl_model_shape(other, NULL, &width), MFL_OK);
    ck_assert_int_eq(mfli_leave(model, MFL_OK), MFL_OK);
    ck_assert_int_eq(mfl_model_shape(model, NULL, &width), MFL_OK);
    mfl_model_destroy(other);
    mfl_model_destroy(model);
    close_context();
}
END_TEST

START_TEST(a_handle_destroyed_in_its_own_callback_lives_until_the_operation_ends)
{
    open_context();
    mfl_model *model;
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    int64_t live = allocator.live;
    ck_assert_int_eq(mfli_enter(model, MFLI_MODEL), MFL_OK);
    mfl_model_destroy(model);
    ck_assert_int_eq(allocator.live, live);
    mfli_leave(model, MFL_OK);
    ck_assert_int_eq(allocator.live, live - 1);
    close_context();
}
END_TEST

START_TEST(a_context_destroyed_in_a_callback_lives_until_the_operation_ends)
{
    open_context();
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
    mfl_context_destroy(context);
    ck_assert_int_gt(allocator.live, 0);
    mfli_leave(context, MFL_OK);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

START_TEST(handles_passed_along_are_checked)
{
    open_context();
    mfl_context *elsewhere;
    mfl_model *model, *foreign;
    ck_assert_int_eq(mfl_context_create(&elsewhere), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_create(elsewhere, 3, 4, &foreign), MFL_OK);
    ck_assert_int_eq(mfli_check(context, model, MFLI_MODEL, "model"), MFL_OK);
    ck_assert_int_eq(mfli_check(context, foreign, MFLI_MODEL, "model"), MFL_ERROR_CONTEXT);
    ck_assert_int_eq(mfli_check(context, NULL, MFLI_MODEL, "model"), MFL_ERROR_NULL);
    ck_assert_int_eq(mfli_check(context, model, MFLI_TASK, "task"), MFL_ERROR_HANDLE);
    ck_assert_str_eq(mfl_context_message(context), "task is not a live mfl_task");
    mfl_model_destroy(foreign);
    mfl_context_destroy(elsewhere);
    mfl_model_destroy(model);
    close_context();
}
END_TEST

START_TEST(retained_handles_outlive_their_maker)
{
    open_context();
    mfl_model *model;
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    int64_t live = allocator.live;
    mfli_object_retain(model);
    mfl_model_destroy(model);
    ck_assert_int_eq(allocator.live, live);
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
    mfli_object_release(model);
    mfli_object_release(NULL);
    mfli_leave(context, MFL_OK);
    ck_assert_int_eq(allocator.live, live - 1);
    close_context();
}
END_TEST

START_TEST(memory_is_aligned_and_sizes_are_checked)
{
    open_context();
    mfli_enter(context, MFLI_CONTEXT);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = mfli_alloc_zeroed(context, size, 1);
        ck_assert_uint_eq((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_int_eq(memory[i], 0);
        memset(memory, 0xff, size);
        mfli_free(context, memory);
    }
    ck_assert_ptr_null(mfli_alloc(context, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(mfli_alloc(context, SIZE_MAX / 8 + 2, 8)); /* 8 bytes in the arithmetic of size_t */
    ck_assert_ptr_null(mfli_alloc(context, SIZE_MAX, 1));
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "address"));
    mfli_free(context, NULL);
    allocator.fail_at = allocator.made + 1;
    allocator.fail_count = 1;
    ck_assert_ptr_null(mfli_alloc_zeroed(context, 10, 8));
    ck_assert_str_eq(mfl_context_message(context), "could not allocate 80 bytes");
    mfli_leave(context, MFL_ERROR_MEMORY);
    close_context();
}
END_TEST

/* The last block given, at every place that malloc's alignment leaves. */
typedef struct shifted_allocator {
    size_t shift, size;
    char *block;
    _Alignas(64) char room[4096];
} shifted_allocator;

static void *shifted_allocate(size_t size, void *user_data)
{
    shifted_allocator *self = user_data;
    self->size = size;
    return self->block = self->room + self->shift;
}

static void shifted_release(void *memory, void *user_data)
{
    (void)memory, (void)user_data;
}

START_TEST(aligned_memory_lies_within_its_block)
{
    static shifted_allocator shifted;
    open_context();
    context->allocate = shifted_allocate;
    context->release = shifted_release;
    context->allocator_data = &shifted;
    for (shifted.shift = 0; shifted.shift < 64; shifted.shift += _Alignof(max_align_t))
        for (size_t size = 0; size < 130; size++) {
            char *memory = mfli_alloc(context, size, 1);
            ck_assert((uintptr_t)memory % 64 == 0 && memory >= shifted.block + sizeof(void *)
                      && memory + size <= shifted.block + shifted.size);
        }
    context->allocate = counting_allocate;
    context->release = counting_release;
    context->allocator_data = &allocator;
    close_context();
}
END_TEST

START_TEST(success_leaves_no_message)
{
    open_context();
    mfli_enter(context, MFLI_CONTEXT);
    mfli_fail(context, MFL_ERROR_ARGUMENT, "no");
    mfli_leave(context, MFL_ERROR_ARGUMENT);
    ck_assert_str_eq(mfl_context_message(context), "no");
    mfli_enter(context, MFLI_CONTEXT);
    mfli_fail(context, MFL_ERROR_MEMORY, "what the operation can do without");
    mfli_leave(context, MFL_OK);
    ck_assert_str_eq(mfl_context_message(context), "");
    close_context();
}
END_TEST

typedef struct heard {
    int32_t calls, level, answer;
    double fraction, seconds;
    char text[64];
} heard;

static void hear_log(int32_t level, const char *message, void *user_data)
{
    heard *self = user_data;
    self->calls++;
    self->level = level;
    snprintf(self->text, sizeof self->text, "%s", message);
}

START_TEST(the_log_keeps_to_its_level)
{
    open_context();
    heard log = {0};
    mfl_options *options;
    mfli_log(context, MFL_LOG_WARNING, "nobody listens");
    ck_assert_int_eq(mfl_context_set_log(context, hear_log, &log), MFL_OK);
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    mfli_log(context, MFL_LOG_DEBUG, "quiet");
    ck_assert_int_eq(log.calls, 0);
    mfli_log(context, MFL_LOG_INFO, "step %d", 3);
    ck_assert_int_eq(log.calls, 1);
    ck_assert_int_eq(log.level, MFL_LOG_INFO);
    ck_assert_str_eq(log.text, "step 3");
    ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_LOG_LEVEL, MFL_LOG_NONE), MFL_OK);
    mfli_log(context, MFL_LOG_WARNING, "quiet");
    ck_assert_int_eq(log.calls, 1);
    close_context();
}
END_TEST

static int32_t hear_progress(const char *stage, double fraction, double seconds, void *user_data)
{
    heard *self = user_data;
    self->calls++;
    self->fraction = fraction;
    self->seconds = seconds;
    snprintf(self->text, sizeof self->text, "%s", stage);
    return self->answer;
}

START_TEST(progress_is_reported_and_can_stop_one_operation)
{
    open_context();
    heard progress = {0};
    ck_assert_int_eq(mfl_context_set_progress(context, hear_progress, &progress), MFL_OK);
    mfli_enter(context, MFLI_CONTEXT);
    ck_assert_int_eq(mfli_progress(context, "first", 0.25), 0);
    ck_assert_int_eq(progress.calls, 1);
    ck_assert_str_eq(progress.text, "first");
    ck_assert(progress.fraction == 0.25 && progress.seconds >= 0.0);
    for (int i = 0; i < 100; i++) /* at most one more in 50 ms */
        ck_assert_int_eq(mfli_progress(context, "too often", 0.5), 0);
    ck_assert_int_lt(progress.calls, 50);
    progress.answer = 1;
    ck_assert_int_ne(mfli_progress(context, "last", 1.0), 0);
    ck_assert_int_ne(mfli_cancelled(context), 0);
    ck_assert_int_ne(mfli_progress(context, "after the end", 1.0), 0);
    ck_assert_str_eq(progress.text, "last");
    mfli_leave(context, MFL_OK);
    mfli_enter(context, MFLI_CONTEXT);
    ck_assert_int_eq(mfli_cancelled(context), 0);
    mfli_leave(context, MFL_OK);
    close_context();
}
END_TEST

START_TEST(cancel_holds_until_resume)
{
    open_context();
    mfl_context_cancel(context);
    for (int i = 0; i < 2; i++) {
        mfli_enter(context, MFLI_CONTEXT);
        ck_assert_int_ne(mfli_cancelled(context), 0);
        ck_assert_int_ne(mfli_progress(context, "stage", 0.0), 0);
        mfli_leave(context, MFL_OK);
    }
    ck_assert_int_eq(mfl_context_resume(context), MFL_OK);
    ck_assert_int_eq(mfli_cancelled(context), 0);
    close_context();
}
END_TEST

START_TEST(a_model_without_its_activation_is_not_read)
{
    open_context();
    mfl_model *model;
    mfl_options *options;
    mfli_model copy;
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_GAMMA, 1.0), MFL_OK);
    ck_assert_int_eq(mfli_model_read(context, model, &copy), MFL_OK);
    ck_assert(copy.dimension == 3 && copy.width == 4 && copy.gamma == 1.0 && copy.sigma_w == 1.0);
    ck_assert_int_eq(mfl_options_set_text(options, "activation", "caller"), MFL_OK);
    ck_assert_int_eq(mfli_model_read(context, model, &copy), MFL_ERROR_STATE);
    mfl_model_destroy(model);
    close_context();
}
END_TEST

int main(void)
{
    return RUN_TESTS("core: objects", an_operation_is_not_entered_twice,
                     a_handle_destroyed_in_its_own_callback_lives_until_the_operation_ends,
                     a_context_destroyed_in_a_callback_lives_until_the_operation_ends,
                     handles_passed_along_are_checked, retained_handles_outlive_their_maker,
                     memory_is_aligned_and_sizes_are_checked, aligned_memory_lies_within_its_block,
                     success_leaves_no_message, the_log_keeps_to_its_level,
                     progress_is_reported_and_can_stop_one_operation, cancel_holds_until_resume,
                     a_model_without_its_activation_is_not_read);
}
