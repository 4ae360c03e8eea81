/* SPDX-License-Identifier: BSD-3-Clause */
#include "workers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../common/library.h"

static void fill(const ex_row *row, sweep_record *record)
{
    record->stop = row->stop;
    record->results[SWEEP_TEST_MSE] = row->test_mse;
    record->results[SWEEP_TEST_MSE_DRAW] = row->test_mse_draw;
    record->results[SWEEP_TEST_MSE_NOISY] = row->test_mse_noisy;
    record->results[SWEEP_REL_MSE] = row->rel_mse;
    record->results[SWEEP_TRAIN_MSE] = row->train_mse;
    record->results[SWEEP_M] = row->m;
    record->results[SWEEP_M_SE] = row->m_se;
    record->results[SWEEP_WEIGHT_ON] = row->weight_on;
    record->results[SWEEP_WEIGHT_OFF] = row->weight_off;
    record->results[SWEEP_SPECIALISED] = row->specialised;
    record->results[SWEEP_RHO_ON] = row->rho_on;
    record->results[SWEEP_RHO_OFF] = row->rho_off;
    record->results[SWEEP_SOLVER_SE] = row->solver_se;
    record->results[SWEEP_STEP_SIZE] = row->step_size;
    record->results[SWEEP_DRAWS] = row->draws;
    record->results[SWEEP_R_HAT] = row->r_hat;
    record->results[SWEEP_SECONDS] = row->seconds;
}

void sweep_measure(const sweep_grid *grid, int64_t point, mfl_context *context, sweep_record *record)
{
    sweep_point at;
    ex_row row;
    *record = (sweep_record){.point = point};
    for (int32_t i = 0; i < SWEEP_RESULTS; i++)
        record->results[i] = NAN;
    record->status = sweep_point_make(grid, point, context, &at);
    if (record->status == MFL_OK) {
        record->status = ex_measure(&at.subject, at.method, at.samples, at.seed, &row);
        fill(&row, record);
    }
    if (record->status != MFL_OK) {
        const char *said = mfl_context_message(context);
        snprintf(record->sentence, sizeof record->sentence, "%s", *said ? said : mfl_status_message(record->status));
    }
    sweep_point_release(&at);
}

mfl_context *sweep_context(void)
{
    mfl_context *context;
    mfl_options *options;
    if (mfl_context_create(&context) != MFL_OK)
        ex_die("out of memory");
    ex_check(mfl_context_options(context, &options));
    ex_check(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
    return context;
}

static void *work(void *data)
{
    sweep_worker *worker = data;
    sweep_workers *workers = worker->of;
    pthread_mutex_lock(&workers->lock);
    while (worker->state != SWEEP_LEAVE) {
        if (worker->state != SWEEP_BUSY) {
            pthread_cond_wait(&workers->changed, &workers->lock);
            continue;
        }
        pthread_mutex_unlock(&workers->lock);
        sweep_measure(workers->grid, worker->record.point, worker->context, &worker->record);
        pthread_mutex_lock(&workers->lock);
        worker->state = SWEEP_DONE;
        pthread_cond_broadcast(&workers->changed);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

void sweep_workers_start(sweep_workers *workers, const sweep_grid *grid, int32_t count)
{
    *workers = (sweep_workers){.grid = grid, .count = count, .worker = calloc((size_t)count + 1, sizeof(sweep_worker))};
    if (!workers->worker)
        ex_die("out of memory");
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->changed, NULL);
    for (int32_t i = 0; i < count; i++) {
        workers->worker[i].of = workers;
        workers->worker[i].context = sweep_context();
        if (pthread_create(&workers->worker[i].thread, NULL, work, &workers->worker[i]) != 0)
            ex_die("thread %d cannot be started; ask for fewer with --threads", (int)i + 1);
    }
}

int32_t sweep_workers_assign(sweep_workers *workers, int64_t point)
{
    int32_t given = 0;
    pthread_mutex_lock(&workers->lock);
    for (int32_t i = 0; i < workers->count && !given; i++)
        if (workers->worker[i].state == SWEEP_IDLE) {
            workers->worker[i].record.point = point;
            workers->worker[i].state = SWEEP_BUSY;
            given = 1;
        }
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    return given;
}

static int32_t take_done(sweep_workers *workers, sweep_record *record)
{
    for (int32_t i = 0; i < workers->count; i++)
        if (workers->worker[i].state == SWEEP_DONE) {
            *record = workers->worker[i].record;
            workers->worker[i].state = SWEEP_IDLE;
            return 1;
        }
    return 0;
}

int32_t sweep_workers_collect(sweep_workers *workers, int32_t milliseconds, sweep_record *record)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t nanoseconds = until.tv_nsec + INT64_C(1000000) * milliseconds;
    until.tv_sec += nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&workers->lock);
    int32_t found = take_done(workers, record), late = 0;
    while (!found && !late) {
        late = pthread_cond_timedwait(&workers->changed, &workers->lock, &until) != 0;
        found = take_done(workers, record);
    }
    pthread_mutex_unlock(&workers->lock);
    return found;
}

void sweep_workers_cancel(const sweep_workers *workers)
{
    for (int32_t i = 0; i < workers->count; i++)
        mfl_context_cancel(workers->worker[i].context);
}

void sweep_workers_stop(sweep_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    for (int32_t i = 0; i < workers->count; i++)
        while (workers->worker[i].state == SWEEP_BUSY)
            pthread_cond_wait(&workers->changed, &workers->lock);
    for (int32_t i = 0; i < workers->count; i++)
        workers->worker[i].state = SWEEP_LEAVE;
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    for (int32_t i = 0; i < workers->count; i++) {
        pthread_join(workers->worker[i].thread, NULL);
        mfl_context_destroy(workers->worker[i].context);
    }
    pthread_cond_destroy(&workers->changed);
    pthread_mutex_destroy(&workers->lock);
    free(workers->worker);
}
