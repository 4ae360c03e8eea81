/* SPDX-License-Identifier: BSD-3-Clause */
/* Thread teams: every iteration exactly once, whatever the team, the nesting and the memory; and what a fork does. */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <mflearn/version.h>

#include "../counting_allocator.h"
#include "../run.h"
#include "core/context.h"
#include "core/team.h"

enum { MOST_THREADS = 9 };

typedef struct tally {
    mfl_context *context;
    _Atomic int32_t *times;
    int32_t threads;
    _Atomic int32_t strange; /* calls with a thread outside 0 .. threads - 1, or 0 elsewhere than on thread 0 */
    _Atomic int32_t used[MOST_THREADS];
    _Atomic int32_t ticks;
    int32_t pause; /* microseconds an iteration takes */
} tally;

static void count_one(void *data, int64_t index, int32_t thread)
{
    tally *self = data;
    if (thread < 0 || thread >= self->threads || (index == 0 && thread != 0))
        self->strange++;
    else
        self->used[thread]++;
    self->times[index]++;
    if (self->pause)
        nanosleep(&(struct timespec){0, self->pause * 1000L}, NULL);
}

static void count_tick(void *data)
{
    ((tally *)data)->ticks++;
}

static void check_once(mfl_context *context, int32_t threads, int64_t count)
{
    tally self = {.context = context, .times = calloc((size_t)count + 1, sizeof(int32_t)), .threads = threads};
    mfli_team_for(context, threads, count, count_one, NULL, &self);
    ck_assert_int_eq(self.strange, 0);
    for (int64_t i = 0; i < count; i++)
        ck_assert_int_eq(self.times[i], 1);
    ck_assert_int_eq(self.times[count], 0);
    free((void *)self.times);
}

static mfl_context *new_context(counting_allocator *allocator)
{
    mfl_context *context;
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, allocator, &context),
                     MFL_OK);
    return context;
}

START_TEST(every_iteration_runs_once)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    static const int64_t counts[] = {0, 1, 2, 3, 7, 64, 1000};
    for (int round = 0; round < 20; round++)
        for (int32_t threads = 1; threads <= MOST_THREADS; threads++)
            for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
                check_once(context, threads, counts[i]);
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

START_TEST(many_short_loops_in_a_row)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    for (int round = 0; round < 3000; round++)
        check_once(context, 2 + round % 3, 5);
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

START_TEST(work_is_shared)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    _Atomic int32_t times[64] = {0};
    tally self = {.times = times, .threads = 3, .pause = 2000};
    mfli_team_for(context, 3, 64, count_one, NULL, &self);
    for (int32_t thread = 0; thread < 3; thread++)
        ck_assert_int_gt(self.used[thread], 0);
    mfl_context_destroy(context);
}
END_TEST

typedef struct nest {
    mfl_context *context;
    _Atomic int32_t outer[16], inner[16][8];
} nest;

typedef struct inner_loop {
    nest *whole;
    int64_t index;
} inner_loop;

static void count_inner(void *data, int64_t index, int32_t thread)
{
    inner_loop *self = data;
    (void)thread;
    self->whole->inner[self->index][index]++;
}

static void count_outer(void *data, int64_t index, int32_t thread)
{
    nest *whole = data;
    inner_loop inner = {whole, index};
    whole->outer[index]++;
    if (thread == 0) /* late, so that the others are often done before the loop in here begins */
        nanosleep(&(struct timespec){0, 200000}, NULL);
    mfli_team_for(whole->context, 4, 8, count_inner, NULL, &inner);
}

START_TEST(a_loop_inside_a_loop_runs_once_too)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    for (int round = 0; round < 200; round++) {
        nest whole = {.context = context};
        mfli_team_for(context, 4, 16, count_outer, NULL, &whole);
        for (int i = 0; i < 16; i++) {
            ck_assert_int_eq(whole.outer[i], 1);
            for (int j = 0; j < 8; j++)
                ck_assert_int_eq(whole.inner[i][j], 1);
        }
    }
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

static int32_t on_openmp(void)
{
    int32_t present = 0;
    mfl_version_feature("openmp", &present);
    return present;
}

typedef struct helped {
    mfl_context *context;
    tally inner;
} helped;

static void begin_inner(void *data, int64_t index, int32_t thread)
{
    helped *self = data;
    (void)thread;
    if (index > 0)
        return;
    while (mfli_team_free(self->context, 3) < 3) /* until the others have gone through their iterations */
        nanosleep(&(struct timespec){0, 100000}, NULL);
    mfli_team_for(self->context, 3, 64, count_one, NULL, &self->inner);
}

START_TEST(threads_that_are_done_help_in_inner_loops)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    _Atomic int32_t times[64] = {0};
    helped whole = {context, {.times = times, .threads = 3, .pause = 2000}};
    ck_assert_int_eq(mfli_team_free(context, 3), 3);
    if (!on_openmp())
        mfli_team_for(context, 3, 2, begin_inner, NULL, &whole);
    for (int32_t thread = 0; thread < 3 && !on_openmp(); thread++)
        ck_assert_int_gt(whole.inner.used[thread], 0);
    ck_assert_int_eq(whole.inner.strange, 0);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(without_memory_the_caller_works_alone)
{
    for (int64_t failing = 2; failing <= 3; failing++) {
        counting_allocator allocator = {.fail_at = failing, .fail_count = INT64_MAX};
        mfl_context *context = new_context(&allocator);
        check_once(context, 4, 100);
        mfl_context_destroy(context);
        ck_assert_int_eq(allocator.live, 0);
    }
}
END_TEST

static void first_takes_long(void *data, int64_t index, int32_t thread)
{
    tally *self = data;
    self->times[index]++;
    if (thread != 0)
        nanosleep(&(struct timespec){0, 300000000}, NULL);
    else
        while (self->times[0] + self->times[1] < 2)
            nanosleep(&(struct timespec){0, 1000000}, NULL);
}

START_TEST(the_waiting_thread_ticks)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    _Atomic int32_t times[2] = {0};
    tally self = {.times = times, .threads = 2};
    mfli_team_for(context, 2, 2, first_takes_long, count_tick, &self);
    ck_assert(on_openmp() || self.ticks > 0); /* an OpenMP runtime offers no timed wait */
    mfl_context_destroy(context);
}
END_TEST

/* An OpenMP runtime that ran threads in the parent hangs in the child, and the thread sanitizer gives up there. */
static int32_t can_start_threads_after_fork(void)
{
#if defined(__SANITIZE_THREAD__)
    return 0;
#elif defined(__has_feature)
    return !__has_feature(thread_sanitizer) && !on_openmp();
#else
    return !on_openmp();
#endif
}

static int in_the_child(mfl_context *inherited)
{
    int32_t threads;
    mfl_context *own;
    if (mfl_context_threads(inherited, &threads) != MFL_ERROR_FORK)
        return 1;
    mfl_context_destroy(inherited);
    if (mfl_context_create(&own) != MFL_OK || mfl_context_threads(own, &threads) != MFL_OK)
        return 2;
    if (!can_start_threads_after_fork()) {
        mfl_context_destroy(own);
        return 0;
    }
    _Atomic int32_t times[8] = {0};
    tally self = {.times = times, .threads = 2};
    mfli_team_for(own, 2, 8, count_one, NULL, &self);
    for (int i = 0; i < 8; i++)
        if (times[i] != 1)
            return 3;
    mfl_context_destroy(own);
    return 0;
}

START_TEST(a_context_that_ran_threads_refuses_to_work_after_a_fork)
{
    counting_allocator allocator = {0};
    mfl_context *context = new_context(&allocator);
    check_once(context, 3, 10);
    pid_t child = fork();
    if (child == 0)
        _exit(in_the_child(context));
    int state = -1;
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(WIFEXITED(state));
    ck_assert_int_eq(WEXITSTATUS(state), 0);
    check_once(context, 3, 10);
    mfl_context_destroy(context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS("core: teams", every_iteration_runs_once, many_short_loops_in_a_row, work_is_shared,
                     a_loop_inside_a_loop_runs_once_too,
                     threads_that_are_done_help_in_inner_loops, without_memory_the_caller_works_alone,
                     the_waiting_thread_ticks, a_context_that_ran_threads_refuses_to_work_after_a_fork);
}
