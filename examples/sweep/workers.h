/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that measure points, each with a context of its own. All functions are for the thread that started them. */
#ifndef EXAMPLES_SWEEP_WORKERS_H
#define EXAMPLES_SWEEP_WORKERS_H

#include <pthread.h>

#include "grid.h"
#include "journal.h"

/* Measure one point. The status of the record is MFL_ERROR_CANCELLED where the context was cancelled. */
void sweep_measure(const sweep_grid *grid, int64_t point, mfl_context *context, sweep_record *record);

/* A context for one thread of work, or the program ends with a sentence. */
mfl_context *sweep_context(void);

typedef struct sweep_worker {
    struct sweep_workers *of;
    pthread_t thread;
    mfl_context *context;
    enum { SWEEP_IDLE, SWEEP_BUSY, SWEEP_DONE, SWEEP_LEAVE } state;
    sweep_record record;
} sweep_worker;

typedef struct sweep_workers {
    const sweep_grid *grid;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int32_t count;
    sweep_worker *worker;
} sweep_workers;

void sweep_workers_start(sweep_workers *workers, const sweep_grid *grid, int32_t count);

/* Give a point to an idle worker; 0: there is none. */
int32_t sweep_workers_assign(sweep_workers *workers, int64_t point);

/* The result of a worker, which is idle then; 0: none within so many milliseconds. */
int32_t sweep_workers_collect(sweep_workers *workers, int32_t milliseconds, sweep_record *record);

/* What is being measured ends soon, as cancelled. Safe in a signal handler. */
void sweep_workers_cancel(const sweep_workers *workers);

/* Waits for what is being measured. */
void sweep_workers_stop(sweep_workers *workers);

#endif
