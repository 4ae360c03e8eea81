/* SPDX-License-Identifier: BSD-3-Clause */
/* Thread teams on a small pool of POSIX threads, one pool a context, started at the first use. doc/threading.md says
 * why this is the default and OpenMP the alternative. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "core/context.h"
#include "core/team.h"

typedef struct team_job {
    mfli_team_fn fn;
    void *data;
    int64_t count;
} team_job;

struct mfli_team {
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    team_job job;
    _Atomic int64_t next;
    _Atomic int64_t generation; /* a change of it is the signal to work */
    int32_t wanted;             /* workers that take part in this generation */
    _Atomic int32_t running;    /* workers that have not finished it */
    int32_t taken; /* by a loop; written by the calling thread between loops only */
    int32_t closing;
    int32_t workers;
    int32_t capacity;
    pid_t process;
    pthread_t *threads;
};

typedef struct worker_start {
    mfli_team *team;
    int32_t index;
    int64_t generation;
} worker_start;

/* Loops often follow each other within microseconds, less than it takes to put a thread to sleep and wake it: before
 * they sleep, threads look some 30 microseconds whether there is no need to. */
enum { glances = 800 };

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void await_generation(const mfli_team *team, int64_t seen)
{
    for (int32_t i = 0; i < glances && atomic_load_explicit(&team->generation, memory_order_relaxed) == seen; i++)
        pause_briefly();
}

static void await_workers(const mfli_team *team)
{
    for (int32_t i = 0; i < glances && atomic_load_explicit(&team->running, memory_order_relaxed) > 0; i++)
        pause_briefly();
}

static void work_through(mfli_team *team, team_job job, int32_t thread)
{
    for (;;) {
        int64_t index = atomic_fetch_add(&team->next, 1);
        if (index >= job.count)
            return;
        job.fn(job.data, index, thread);
    }
}

static void *worker(void *argument)
{
    worker_start *start = argument;
    mfli_team *team = start->team;
    const int32_t me = start->index;
    int64_t seen = start->generation;
    pthread_mutex_lock(&team->mutex);
    start->team = NULL; /* tells start_worker that the arguments were taken */
    pthread_cond_broadcast(&team->done);
    for (;;) {
        while (!team->closing && (team->generation == seen || me > team->wanted)) {
            seen = team->generation;
            pthread_cond_wait(&team->work, &team->mutex);
        }
        if (team->closing)
            break;
        seen = team->generation;
        team_job job = team->job;
        pthread_mutex_unlock(&team->mutex);
        work_through(team, job, me);
        pthread_mutex_lock(&team->mutex);
        if (--team->running == 0)
            pthread_cond_broadcast(&team->done);
        pthread_mutex_unlock(&team->mutex);
        await_generation(team, seen);
        pthread_mutex_lock(&team->mutex);
    }
    pthread_mutex_unlock(&team->mutex);
    return NULL;
}

/* The mutex is held. Signals stay with the host's own threads. */
static int32_t start_worker(mfli_team *team)
{
    worker_start start = {team, team->workers + 1, team->generation};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&team->threads[team->workers], NULL, worker, &start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error)
        return -1;
    while (start.team)
        pthread_cond_wait(&team->done, &team->mutex);
    team->workers++;
    return 0;
}

static void close_team(mfl_context *context, mfli_team *team)
{
    pthread_mutex_lock(&team->mutex);
    team->closing = 1;
    pthread_cond_broadcast(&team->work);
    pthread_mutex_unlock(&team->mutex);
    for (int32_t i = 0; i < team->workers; i++)
        pthread_join(team->threads[i], NULL);
    pthread_cond_destroy(&team->done);
    pthread_cond_destroy(&team->work);
    pthread_mutex_destroy(&team->mutex);
    mfli_free(context, team->threads);
    mfli_free(context, team);
}

void mfli_team_destroy(mfl_context *context)
{
    mfli_team *team = context->team;
    context->team = NULL;
    if (team && team->process == getpid())
        close_team(context, team);
    else if (team) { /* the threads stayed behind in the parent */
        mfli_free(context, team->threads);
        mfli_free(context, team);
    }
}

static mfli_team *open_team(mfl_context *context, int32_t capacity)
{
    mfli_team *team = mfli_alloc_zeroed(context, 1, sizeof *team);
    pthread_t *threads = team ? mfli_alloc(context, (size_t)capacity, sizeof *threads) : NULL;
    if (!threads) {
        mfli_free(context, team);
        return NULL;
    }
    team->threads = threads;
    team->capacity = capacity;
    team->process = getpid();
    pthread_mutex_init(&team->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&team->work, NULL);
    pthread_cond_init(&team->done, &attributes);
    pthread_condattr_destroy(&attributes);
    return team;
}

static void wait_for_workers(mfli_team *team, mfli_team_tick tick, void *data)
{
    await_workers(team);
    pthread_mutex_lock(&team->mutex);
    while (team->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 50000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&team->done, &team->mutex, &until) == ETIMEDOUT && tick) {
            pthread_mutex_unlock(&team->mutex);
            tick(data);
            pthread_mutex_lock(&team->mutex);
        }
    }
    pthread_mutex_unlock(&team->mutex);
}

/* A team that can serve `helpers` workers, or as many as memory and the system allow. An iteration that calls
 * mfli_team_for again finds the team taken, even when it is the last one to run, and works alone. */
static mfli_team *team_with(mfl_context *context, int32_t helpers)
{
    mfli_team *team = context->team;
    if (team && team->taken)
        return NULL;
    if (team && team->capacity < helpers) {
        mfli_team_destroy(context);
        team = NULL;
    }
    if (!team)
        team = context->team = open_team(context, helpers);
    if (!team)
        return NULL;
    pthread_mutex_lock(&team->mutex);
    while (team->workers < helpers && start_worker(team) == 0)
        continue;
    pthread_mutex_unlock(&team->mutex);
    return team;
}

void mfli_team_for(mfl_context *context, int32_t threads, int64_t count, mfli_team_fn fn, mfli_team_tick tick,
                   void *data)
{
    int32_t helpers = (int32_t)(count < threads ? count : threads) - 1;
    mfli_team *team = helpers > 0 ? team_with(context, helpers) : NULL;
    if (!team) {
        for (int64_t i = 0; i < count; i++)
            fn(data, i, 0);
        return;
    }
    pthread_mutex_lock(&team->mutex);
    team->taken = 1;
    team->job = (team_job){fn, data, count};
    atomic_store(&team->next, 1); /* the calling thread begins with 0 */
    team->wanted = helpers < team->workers ? helpers : team->workers;
    team->running = team->wanted;
    team->generation++;
    team_job job = team->job;
    pthread_cond_broadcast(&team->work);
    pthread_mutex_unlock(&team->mutex);
    fn(data, 0, 0);
    work_through(team, job, 0);
    wait_for_workers(team, tick, data);
    team->taken = 0;
}

int32_t mfli_team_is_foreign(const mfl_context *context)
{
    return context->team && context->team->process != getpid();
}
