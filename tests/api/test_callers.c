/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole computations on threads of the caller's: several at once, a context each, and on a thread that the library has
 * never seen, with handles made on another. The numbers are those of the main thread, to the last bit. */
#include <mflearn/mflearn.h>
#include <pthread.h>
#include <string.h>

#include "../run.h"

enum { CALLERS = 4, NUMBERS = 4 };

typedef struct work {
    mfl_context *context;
    mfl_sampler *sampler;
    mfl_theory *theory;
    mfl_ridge *ridge;
    mfl_dataset *train;
    int64_t seed;
    double numbers[NUMBERS];
    int32_t status;
} work;

static void set(work *self, int32_t status)
{
    if (!self->status)
        self->status = status;
}

static void set_options(work *self)
{
    mfl_options *options = NULL;
    set(self, mfl_context_options(self->context, &options));
    set(self, mfl_options_set_int(options, MFL_CONTEXT_SEED, self->seed));
    set(self, mfl_options_set_int(options, MFL_CONTEXT_THREADS, 2));
    set(self, mfl_sampler_options(self->sampler, &options));
    set(self, mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 30));
    set(self, mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 4));
}

static void prepare(work *self)
{
    mfl_task *task = NULL;
    mfl_model *model = NULL;
    set(self, mfl_context_create(&self->context));
    set(self, mfl_task_create_parity(self->context, 8, 2, &task));
    set(self, mfl_model_create(self->context, 8, 16, &model));
    set(self, mfl_dataset_draw(task, 30, 0.1, self->seed, MFL_ROLE_TRAIN, &self->train));
    set(self, mfl_sampler_create(model, self->train, 0.3, &self->sampler));
    set(self, mfl_theory_create(self->context, task, model, &self->theory));
    set(self, mfl_ridge_create(model, &self->ridge));
    set_options(self);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

static void *compute(void *data)
{
    work *self = data;
    double error = 0.0;
    set(self, mfl_sampler_run(self->sampler));
    set(self, mfl_sampler_get(self->sampler, MFL_SAMPLER_POTENTIAL, &self->numbers[0]));
    set(self, mfl_theory_solve(self->theory, 30.0 + (double)self->seed, 0.3));
    set(self, mfl_theory_get(self->theory, MFL_THEORY_M, &self->numbers[1], &error));
    set(self, mfl_ridge_fit(self->ridge, self->train, 0.3));
    set(self, mfl_ridge_log_evidence(self->ridge, &self->numbers[2]));
    set(self, mfl_sampler_get(self->sampler, MFL_SAMPLER_STEP, &self->numbers[3]));
    return NULL;
}

static void finish(work *self)
{
    mfl_context_destroy(self->context);
    mfl_theory_destroy(self->theory);
    mfl_ridge_destroy(self->ridge);
    mfl_sampler_destroy(self->sampler);
    mfl_dataset_destroy(self->train);
    self->context = NULL;
}

static void *everything(void *data)
{
    prepare(data);
    compute(data);
    finish(data);
    return NULL;
}

/* What the main thread finds with this seed. */
static void expect(const work *found)
{
    work expected = {.seed = found->seed};
    everything(&expected);
    ck_assert_int_eq(expected.status, MFL_OK);
    ck_assert_int_eq(found->status, MFL_OK);
    ck_assert_mem_eq(found->numbers, expected.numbers, sizeof expected.numbers);
}

START_TEST(contexts_on_threads_of_their_own_compute_what_one_thread_computes)
{
    work all[CALLERS];
    pthread_t threads[CALLERS];
    memset(all, 0, sizeof all);
    for (int i = 0; i < CALLERS; i++) {
        all[i].seed = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, everything, &all[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < CALLERS; i++)
        expect(&all[i]);
    ck_assert(all[0].numbers[0] != all[1].numbers[0]);
}
END_TEST

START_TEST(handles_serve_a_thread_the_library_never_saw)
{
    work one = {.seed = 3};
    pthread_t stranger;
    prepare(&one);
    ck_assert_int_eq(one.status, MFL_OK);
    ck_assert_int_eq(pthread_create(&stranger, NULL, compute, &one), 0);
    pthread_join(stranger, NULL);
    finish(&one);
    expect(&one);
}
END_TEST

int main(void)
{
    return RUN_TESTS("callers", contexts_on_threads_of_their_own_compute_what_one_thread_computes,
                     handles_serve_a_thread_the_library_never_saw);
}
