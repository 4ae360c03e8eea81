/* SPDX-License-Identifier: BSD-3-Clause */
/* Contexts, versions and status codes, as a program sees them. */
#include <mflearn/mflearn.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../counting_allocator.h"
#include "../run.h"

static mfl_context *new_context(void)
{
    mfl_context *context;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    return context;
}

START_TEST(null_arguments_are_refused)
{
    counting_allocator allocator = {0};
    mfl_context *context = (mfl_context *)&allocator;
    ck_assert_int_eq(mfl_context_create(NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_context_create_with_allocator(NULL, counting_release, NULL, &context), MFL_ERROR_NULL);
    ck_assert_ptr_null(context);
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, NULL, NULL, &context), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_context_threads(NULL, NULL), MFL_ERROR_NULL);
    ck_assert_str_eq(mfl_context_message(NULL), "");
    mfl_context_destroy(NULL);
    mfl_context_cancel(NULL);

    context = new_context();
    ck_assert_int_eq(mfl_context_threads(context, NULL), MFL_ERROR_NULL);
    ck_assert_str_eq(mfl_context_message(context), "threads is NULL");
    ck_assert_int_eq(mfl_context_options(context, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_context_instruction_set(context, NULL, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_context_provenance(context, NULL, 1, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_context_resume(context), MFL_OK);
    ck_assert_str_eq(mfl_context_message(context), "");
    mfl_context_destroy(context);
}
END_TEST

START_TEST(the_callers_allocator_serves_everything)
{
    counting_allocator allocator = {0};
    mfl_context *context;
    mfl_model *model;
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator, &context),
                     MFL_OK);
    int64_t before = allocator.live;
    ck_assert_int_gt(before, 0);
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_gt(allocator.live, before);
    mfl_model_destroy(model);
    ck_assert_int_eq(allocator.live, before);
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

START_TEST(handles_keep_their_context_alive)
{
    counting_allocator allocator = {0};
    mfl_context *context;
    mfl_model *model;
    int64_t width;
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator, &context),
                     MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    mfl_context_destroy(context);
    ck_assert_int_eq(mfl_model_shape(model, NULL, &width), MFL_OK);
    ck_assert_int_eq(width, 4);
    mfl_model_destroy(model);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

START_TEST(a_handle_of_another_kind_is_refused)
{
    mfl_context *context = new_context();
    mfl_model *model;
    int64_t width;
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_eq(mfl_context_resume((mfl_context *)model), MFL_ERROR_HANDLE);
    ck_assert_int_eq(mfl_model_shape((mfl_model *)context, NULL, &width), MFL_ERROR_HANDLE);
    mfl_model_destroy((mfl_model *)context); /* does nothing */
    ck_assert_int_eq(mfl_model_shape(model, NULL, &width), MFL_OK);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(threads_zero_counts_the_allowed_processors)
{
    mfl_context *context = new_context();
    mfl_options *options;
    cpu_set_t allowed;
    int32_t threads;
    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    ck_assert_int_eq(mfl_context_threads(context, &threads), MFL_OK);
    ck_assert_int_eq(threads, CPU_COUNT(&allowed));
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 3), MFL_OK);
    ck_assert_int_eq(mfl_context_threads(context, &threads), MFL_OK);
    ck_assert_int_eq(threads, 3);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(instruction_sets_can_be_chosen_or_are_refused)
{
    static const char *const names[] = {"", "baseline", "avx2", "avx512"};
    mfl_context *context = new_context();
    mfl_options *options;
    int32_t widest, now;
    const char *name;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_context_instruction_set(context, &widest, NULL), MFL_OK);
    for (int32_t choice = MFL_INSTRUCTION_SET_BASELINE; choice <= MFL_INSTRUCTION_SET_AVX512; choice++) {
        int32_t status = mfl_options_set_int(options, MFL_CONTEXT_INSTRUCTION_SET, choice);
        ck_assert_int_eq(status, choice <= widest ? MFL_OK : MFL_ERROR_UNSUPPORTED);
        ck_assert_int_eq(mfl_context_instruction_set(context, &now, &name), MFL_OK);
        ck_assert_int_eq(now, choice <= widest ? choice : widest);
        ck_assert_str_eq(name, names[now]);
    }
    mfl_context_destroy(context);
}
END_TEST

START_TEST(provenance_names_version_kernels_and_options)
{
    mfl_context *context = new_context();
    mfl_options *options;
    char whole[512], part[16];
    size_t needed, again;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "seed", "-42"), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "instruction_set", "baseline"), MFL_OK);
    ck_assert_int_eq(mfl_context_provenance(context, NULL, 0, &needed), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_context_provenance(context, whole, needed, &again), MFL_OK);
    ck_assert_uint_eq(again, needed);
    ck_assert_uint_eq(strlen(whole) + 1, needed);
    ck_assert_str_eq(whole, "mflearn " MFL_VERSION_STRING ";kernels=baseline;threads=0,seed=-42,"
                            "instruction_set=baseline,log_level=info");
    ck_assert_int_eq(mfl_context_provenance(context, whole, needed - 1, NULL), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_context_provenance(context, part, sizeof part, NULL), MFL_ERROR_BUFFER);
    ck_assert_uint_eq(strlen(part), sizeof part - 1);
    ck_assert_int_eq(memcmp(part, whole, sizeof part - 1), 0);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(versions_that_do_not_fit_are_refused)
{
    int32_t major, minor, patch;
    char text[64];
    ck_assert_int_eq(mfl_version(&major, &minor, &patch), MFL_OK);
    ck_assert_int_eq(major, MFL_VERSION_MAJOR);
    snprintf(text, sizeof text, "%d.%d.%d", (int)major, (int)minor, (int)patch);
    ck_assert_str_eq(text, mfl_version_string());
    ck_assert_str_eq(text, MFL_VERSION_STRING);
    ck_assert_int_eq(mfl_version(NULL, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_version_check(major, minor), MFL_OK);
    ck_assert_int_eq(mfl_version_check(major + 1, 0), MFL_ERROR_VERSION);
    ck_assert_int_eq(mfl_version_check(major, minor + 1), MFL_ERROR_VERSION);
    ck_assert_int_eq(mfl_version_check(major, 0), MFL_OK);
    ck_assert_int_eq(mfl_version_check(major, -1), MFL_ERROR_VERSION);
}
END_TEST

START_TEST(features_are_known_by_name)
{
    int32_t present = -1;
    ck_assert_int_eq(mfl_version_feature("hdf5", &present), MFL_OK);
    ck_assert(present == 0 || present == 1);
    ck_assert_int_eq(mfl_version_feature("openmp", &present), MFL_OK);
    ck_assert_int_eq(mfl_version_feature("magic", &present), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_version_feature(NULL, &present), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_version_feature("hdf5", NULL), MFL_ERROR_NULL);
}
END_TEST

START_TEST(every_status_has_its_own_code_name_and_sentence)
{
    int32_t status, other;
    size_t count = 0;
    for (; mfl_status_at(count, &status) == MFL_OK; count++) {
        ck_assert_int_le(status, 0);
        ck_assert_int_eq(strncmp(mfl_status_name(status), "MFL_", 4), 0);
        ck_assert_int_gt(strlen(mfl_status_message(status)), 0);
        for (size_t i = 0; i < count; i++) {
            ck_assert_int_eq(mfl_status_at(i, &other), MFL_OK);
            ck_assert_int_ne(other, status);
            ck_assert_str_ne(mfl_status_name(other), mfl_status_name(status));
        }
    }
    ck_assert_uint_gt(count, 20);
    ck_assert_int_eq(mfl_status_at(count, &status), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_status_at(0, NULL), MFL_ERROR_NULL);
    ck_assert_str_eq(mfl_status_name(MFL_OK), "MFL_OK");
    ck_assert_str_eq(mfl_status_name(MFL_STATUS_END), "MFL_STATUS_UNKNOWN");
    ck_assert_str_eq(mfl_status_name(INT32_MIN), "MFL_STATUS_UNKNOWN");
    ck_assert_ptr_nonnull(mfl_status_message(INT32_MIN));
}
END_TEST

START_TEST(models_check_their_sizes)
{
    mfl_context *context = new_context();
    mfl_model *model = (mfl_model *)&context;
    ck_assert_int_eq(mfl_model_create(context, 0, 4, &model), MFL_ERROR_ARGUMENT);
    ck_assert_ptr_null(model);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "dimension is 0"));
    ck_assert_int_eq(mfl_model_create(context, 4, -1, &model), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_model_create(context, INT64_MAX, 4, &model), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_model_create(context, 4, INT64_MAX, &model), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_model_create(context, 4, 4, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_model_create(NULL, 4, 4, &model), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_model_create(context, 4, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_set_activation(model, NULL, NULL), MFL_ERROR_NULL);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(a_context_that_ran_no_threads_works_after_a_fork)
{
    mfl_context *context = new_context();
    pid_t child = fork();
    if (child == 0) {
        mfl_model *model;
        int32_t status = mfl_model_create(context, 3, 4, &model);
        mfl_model_destroy(model);
        mfl_context_destroy(context);
        _exit(status == MFL_OK ? 0 : 1);
    }
    int state = -1;
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(WIFEXITED(state) && WEXITSTATUS(state) == 0);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("context", null_arguments_are_refused, the_callers_allocator_serves_everything,
                     handles_keep_their_context_alive, a_handle_of_another_kind_is_refused,
                     threads_zero_counts_the_allowed_processors, instruction_sets_can_be_chosen_or_are_refused,
                     provenance_names_version_kernels_and_options, versions_that_do_not_fit_are_refused,
                     features_are_known_by_name, every_status_has_its_own_code_name_and_sentence,
                     models_check_their_sizes, a_context_that_ran_no_threads_works_after_a_fork);
}
