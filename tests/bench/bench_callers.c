/* SPDX-License-Identifier: BSD-3-Clause */
/* What several callers do to each other: each thread has a context of one thread and does the same work, first one alone,
 * then two at once. Time by the clock, so the machine should be quiet; BLAS has the threads its environment gives it:
 *
 *     OPENBLAS_NUM_THREADS=1 bench_callers      and without */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "measure.h"

enum { CALLERS = 2, REPETITIONS = 9, RIDGE_ROWS = 1500 };

typedef struct caller {
    mfl_context *context;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_dataset *many;
} caller;

static void check(int32_t status)
{
    if (status != MFL_OK) {
        fprintf(stderr, "%s\n", mfl_status_message(status));
        exit(1);
    }
}

static void prepare(caller *self)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *few;
    mfl_options *options;
    check(mfl_context_create(&self->context));
    check(mfl_context_options(self->context, &options));
    check(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
    check(mfl_task_create_parity(self->context, 20, 2, &task));
    check(mfl_model_create(self->context, 20, 128, &model));
    check(mfl_dataset_draw(task, RIDGE_ROWS, 0.0, 1, MFL_ROLE_TRAIN, &self->many));
    check(mfl_dataset_draw(task, 200, 0.0, 1, MFL_ROLE_TRAIN, &few));
    check(mfl_ridge_create(model, &self->ridge));
    check(mfl_sampler_create(model, few, 0.1, &self->sampler));
    check(mfl_sampler_options(self->sampler, &options));
    check(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 1));
    check(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 3000));
    check(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 10));
    mfl_dataset_destroy(few);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

static void *fit(void *data)
{
    caller *self = data;
    check(mfl_ridge_fit(self->ridge, self->many, 0.1));
    return NULL;
}

static void *sample(void *data)
{
    caller *self = data;
    check(mfl_sampler_run(self->sampler));
    return NULL;
}

static double seconds(void *(*work)(void *), caller callers[CALLERS], int count)
{
    pthread_t threads[CALLERS];
    double times[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++) {
        const double began = measure_now();
        for (int j = 0; j < count; j++)
            if (pthread_create(&threads[j], NULL, work, &callers[j]))
                exit(1);
        for (int j = 0; j < count; j++)
            pthread_join(threads[j], NULL);
        times[i] = measure_now() - began;
    }
    return measure_median(times, REPETITIONS);
}

int main(void)
{
    caller callers[CALLERS];
    for (int i = 0; i < CALLERS; i++)
        prepare(&callers[i]);
    for (int kind = 0; kind < 2; kind++) {
        void *(*work)(void *) = kind ? sample : fit;
        const double alone = seconds(work, callers, 1), both = seconds(work, callers, CALLERS);
        printf("%-30s one caller %.3f s, two at once %.3f s: each at %.0f %% of its speed\n",
               kind ? "sampler (own kernels)" : "ridge of 1500 samples (BLAS)", alone, both, 100.0 * alone / both);
    }
    for (int i = 0; i < CALLERS; i++) {
        mfl_sampler_destroy(callers[i].sampler);
        mfl_ridge_destroy(callers[i].ridge);
        mfl_dataset_destroy(callers[i].many);
        mfl_context_destroy(callers[i].context);
    }
    return 0;
}
