/* SPDX-License-Identifier: BSD-3-Clause */
/* The threads of the process, counted from outside: never more than were asked for, also with several callers; and what
 * is left of them after a fork. */
#include <dirent.h>
#include <mflearn/mflearn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../run.h"

/* Threads of this process now; -1 where the system does not tell. */
static int count_tasks(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    if (!tasks)
        return -1;
    for (struct dirent *entry; (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

/* A joined thread may be listed for a moment. */
static int tasks_settle_at(int expected)
{
    for (int i = 0; i < 1000 && count_tasks() != expected; i++)
        usleep(1000);
    return count_tasks() == expected;
}

static int32_t on_openmp(void)
{
    int32_t present = 0;
    ck_assert_int_eq(mfl_version_feature("openmp", &present), MFL_OK);
    return present;
}

typedef struct work {
    mfl_context *context;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_dataset *train;
    int64_t threads;
    int most; /* tasks seen while the library was at work */
    int32_t status;
} work;

static void set(work *self, int32_t status)
{
    if (!self->status)
        self->status = status;
}

static int32_t look(const char *stage, double fraction, double seconds, void *data)
{
    work *self = data;
    const int now = count_tasks();
    (void)stage, (void)fraction, (void)seconds;
    if (now > self->most)
        self->most = now;
    return 0;
}

static void prepare(work *self, int64_t threads)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    mfl_options *options = NULL;
    *self = (work){.threads = threads};
    set(self, mfl_context_create(&self->context));
    set(self, mfl_context_options(self->context, &options));
    set(self, mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads));
    set(self, mfl_context_set_progress(self->context, look, self));
    set(self, mfl_task_create_parity(self->context, 12, 2, &task));
    set(self, mfl_model_create(self->context, 12, 64, &model));
    set(self, mfl_dataset_draw(task, 300, 0.1, 1, MFL_ROLE_TRAIN, &self->train));
    set(self, mfl_ridge_create(model, &self->ridge));
    set(self, mfl_sampler_create(model, self->train, 0.3, &self->sampler));
    set(self, mfl_sampler_options(self->sampler, &options));
    set(self, mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 5));
    set(self, mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 100));
    set(self, mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 10));
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

static void *compute(void *data)
{
    work *self = data;
    set(self, mfl_ridge_fit(self->ridge, self->train, 0.3));
    set(self, mfl_sampler_run(self->sampler));
    return NULL;
}

static void finish(work *self)
{
    mfl_sampler_destroy(self->sampler);
    mfl_ridge_destroy(self->ridge);
    mfl_dataset_destroy(self->train);
    mfl_context_destroy(self->context);
}

/* Tasks of a process whose BLAS has started what threads it wants; -1 where they cannot be counted. (They do not survive
 * the fork in which a test runs.) */
static int count_without_teams(void)
{
    work self;
    prepare(&self, 1);
    compute(&self);
    ck_assert_int_eq(self.status, MFL_OK);
    finish(&self);
    return count_tasks();
}

/* The pool of a context stays until the context goes, so that counting behind a run sees all of it. */
START_TEST(a_context_has_the_threads_it_was_given)
{
    const int before = count_without_teams();
    if (before < 0)
        return;
    for (int64_t threads = 1; threads <= 4; threads++) {
        work self;
        prepare(&self, threads);
        compute(&self);
        ck_assert_int_eq(self.status, MFL_OK);
        if (on_openmp()) { /* the host's runtime keeps its threads for everybody */
            ck_assert_int_le(count_tasks(), before + (int)threads - 1);
        } else {
            ck_assert_int_eq(count_tasks(), before + (int)threads - 1);
            ck_assert_int_le(self.most, before + (int)threads - 1);
        }
        finish(&self);
        ck_assert(on_openmp() || tasks_settle_at(before));
    }
}
END_TEST

START_TEST(callers_with_one_thread_each_get_none_beside_their_own)
{
    enum { CALLERS = 3 };
    work works[CALLERS];
    pthread_t callers[CALLERS];
    const int before = count_without_teams();
    if (before < 0 || on_openmp())
        return;
    for (int i = 0; i < CALLERS; i++)
        prepare(&works[i], 1);
    for (int i = 0; i < CALLERS; i++)
        ck_assert_int_eq(pthread_create(&callers[i], NULL, compute, &works[i]), 0);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    for (int i = 0; i < CALLERS; i++) {
        ck_assert_int_eq(works[i].status, MFL_OK);
        ck_assert_int_le(works[i].most, before + CALLERS);
        finish(&works[i]);
    }
    ck_assert(tasks_settle_at(before));
}
END_TEST

/* Runs in a child; 0 if all is well. What hangs is killed by the alarm, which the parent sees. */
static int after_fork(work *inherited, int32_t expected)
{
    work own;
    alarm(120);
    if (mfl_sampler_run(inherited->sampler) != expected)
        return 1;
    if (mfl_ridge_fit(inherited->ridge, inherited->train, 0.3) != expected)
        return 2;
    finish(inherited);
    prepare(&own, 2);
    compute(&own);
    if (own.status != MFL_OK)
        return 3;
    finish(&own);
    return 0;
}

static int fork_and_wait(work *self, int32_t expected)
{
    int state = -1;
    const pid_t child = fork();
    if (child == 0)
        _exit(after_fork(self, expected));
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(WIFEXITED(state));
    return WEXITSTATUS(state);
}

START_TEST(a_fork_before_the_first_run_is_free_and_after_it_refused)
{
    work self;
    prepare(&self, 2);
    if (!on_openmp()) /* its runtime does not survive a fork once it has run */
        ck_assert_int_eq(fork_and_wait(&self, MFL_OK), 0);
    compute(&self);
    ck_assert_int_eq(self.status, MFL_OK);
    if (!on_openmp())
        ck_assert_int_eq(fork_and_wait(&self, MFL_ERROR_FORK), 0);
    set(&self, mfl_sampler_run(self.sampler)); /* the parent goes on */
    ck_assert_int_eq(self.status, MFL_OK);
    finish(&self);
}
END_TEST

int main(void)
{
    return RUN_TESTS("thread counts", a_context_has_the_threads_it_was_given,
                     callers_with_one_thread_each_get_none_beside_their_own,
                     a_fork_before_the_first_run_is_free_and_after_it_refused);
}
