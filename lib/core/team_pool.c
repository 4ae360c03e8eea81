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

/* A loop, on the stack of the thread that began it. */
typedef struct team_job {
    mfli_team_fn fn;
    void *data;
    int64_t count;
    _Atomic int64_t next;
    int32_t most, joined;    /* helpers that may take part, and that have */
    _Atomic int32_t running; /* helpers in it now */
    struct team_job *below;  /* in the list of loops that helpers may join */
} team_job;

/* What is not atomic is guarded by the mutex. */
struct mfli_team {
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    team_job *open;
    _Atomic int64_t generation; /* a change of it is the signal to work */
    _Atomic int32_t idle;       /* workers in no loop */
    int32_t sleeping;           /* those of them that have to be woken */
    int32_t taken; /* by a loop that no other surrounds; written by the calling thread between loops only */
    int32_t closing;
    int32_t workers;
    int32_t capacity;
    pid_t process;
    pthread_t *threads;
};

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

static void await_helpers(const team_job *job)
{
    for (int32_t i = 0; i < glances && atomic_load_explicit(&job->running, memory_order_relaxed) > 0; i++)
        pause_briefly();
}

static void work_through(team_job *job, int32_t thread)
{
    for (;;) {
        int64_t index = atomic_fetch_add(&job->next, 1);
        if (index >= job->count)
            return;
        job->fn(job->data, index, thread);
    }
}

/* The mutex is held. */
static team_job *joinable(const mfli_team *team)
{
    team_job *job = team->open;
    while (job && (job->joined == job->most || atomic_load(&job->next) >= job->count))
        job = job->below;
    return job;
}

/* The mutex is held, before and after. Threads are numbered within each loop, the one that began it 0. */
static void help(mfli_team *team, team_job *job)
{
    const int32_t thread = ++job->joined;
    job->running++;
    team->idle--;
    pthread_mutex_unlock(&team->mutex);
    work_through(job, thread);
    pthread_mutex_lock(&team->mutex);
    team->idle++;
    if (--job->running == 0)
        pthread_cond_broadcast(&team->done);
}

static void *worker(void *argument)
{
    mfli_team *team = argument;
    pthread_mutex_lock(&team->mutex);
    team->idle++;
    pthread_cond_broadcast(&team->done);
    while (!team->closing) {
        team_job *job = joinable(team);
        if (job) {
            help(team, job);
            continue;
        }
        const int64_t seen = team->generation;
        pthread_mutex_unlock(&team->mutex);
        await_generation(team, seen);
        pthread_mutex_lock(&team->mutex);
        while (!team->closing && team->generation == seen) {
            team->sleeping++;
            pthread_cond_wait(&team->work, &team->mutex);
            team->sleeping--;
        }
    }
    pthread_mutex_unlock(&team->mutex);
    return NULL;
}

/* The mutex is held, and no loop is open. Signals stay with the host's own threads. */
static int32_t start_worker(mfli_team *team)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&team->threads[team->workers], NULL, worker, team);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error)
        return -1;
    while (team->idle == team->workers)
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

/* The mutex is held, before and after. */
static void wait_for_helpers(mfli_team *team, const team_job *job, mfli_team_tick tick)
{
    while (job->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 50000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&team->done, &team->mutex, &until) == ETIMEDOUT && tick) {
            pthread_mutex_unlock(&team->mutex);
            tick(job->data);
            pthread_mutex_lock(&team->mutex);
        }
    }
}

/* A team of that many workers, or as many as memory and the system allow. A loop inside an iteration of another finds
 * the team taken, and has the workers that are in no loop. */
static mfli_team *team_with(mfl_context *context, int32_t workers)
{
    mfli_team *team = context->team;
    if (team && team->taken)
        return team;
    if (team && team->capacity < workers) {
        mfli_team_destroy(context);
        team = NULL;
    }
    if (!team)
        team = context->team = open_team(context, workers);
    if (!team)
        return NULL;
    pthread_mutex_lock(&team->mutex);
    while (team->workers < workers && start_worker(team) == 0)
        continue;
    pthread_mutex_unlock(&team->mutex);
    return team;
}

int32_t mfli_team_free(const mfl_context *context, int32_t threads)
{
    const mfli_team *team = context->team;
    const int32_t idle = team && team->taken ? atomic_load_explicit(&team->idle, memory_order_relaxed) : threads;
    return idle < threads - 1 ? idle + 1 : threads;
}

static void open_job(mfli_team *team, team_job *job)
{
    pthread_mutex_lock(&team->mutex);
    job->below = team->open;
    team->open = job;
    team->generation++;
    for (int32_t i = 0; i < job->most && i < team->sleeping; i++)
        pthread_cond_signal(&team->work);
    pthread_mutex_unlock(&team->mutex);
}

/* All iterations have begun: nobody joins any more. */
static void close_job(mfli_team *team, team_job *job, mfli_team_tick tick)
{
    await_helpers(job);
    pthread_mutex_lock(&team->mutex);
    team_job **link = &team->open;
    while (*link != job)
        link = &(*link)->below;
    *link = job->below;
    wait_for_helpers(team, job, tick);
    pthread_mutex_unlock(&team->mutex);
}

void mfli_team_for(mfl_context *context, int32_t threads, int64_t count, mfli_team_fn fn, mfli_team_tick tick,
                   void *data)
{
    mfli_team *team = count > 1 && threads > 1 ? team_with(context, threads - 1) : NULL;
    if (!team) {
        for (int64_t i = 0; i < count; i++)
            fn(data, i, 0);
        return;
    }
    const int32_t outermost = !team->taken;
    if (outermost)
        team->taken = 1;
    team_job job = {.fn = fn, .data = data, .count = count, .next = 1}; /* the calling thread begins with 0 */
    job.most = (int32_t)(count < threads ? count : threads) - 1;
    open_job(team, &job);
    fn(data, 0, 0);
    work_through(&job, 0);
    close_job(team, &job, tick);
    if (outermost)
        team->taken = 0;
}

int32_t mfli_team_is_foreign(const mfl_context *context)
{
    return context->team && context->team->process != getpid();
}
