/* SPDX-License-Identifier: BSD-3-Clause */
/* Two threads and one context: refusals, deferred destruction, and nothing lost under a storm of both. */
#include <mflearn/mflearn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "../counting_allocator.h"
#include "../run.h"
#include "../scratch.h"

/* Holds a context by making a model whose first allocation waits. */
typedef struct holder {
    counting_allocator allocator;
    mfl_context *context;
    mfl_model *made;
    int32_t status;
    int32_t armed;
    sem_t inside, go_on;
    pthread_t thread;
} holder;

static void wait_inside(void *data)
{
    holder *self = data;
    if (!self->armed)
        return;
    self->armed = 0;
    sem_post(&self->inside);
    sem_wait(&self->go_on);
}

static void *make_model(void *data)
{
    holder *self = data;
    self->status = mfl_model_create(self->context, 3, 4, &self->made);
    return NULL;
}

static void holder_open(holder *self)
{
    *self = (holder){.allocator = {.before = wait_inside, .before_data = self}};
    sem_init(&self->inside, 0, 0);
    sem_init(&self->go_on, 0, 0);
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &self->allocator,
                                                       &self->context), MFL_OK);
}

static void holder_start(holder *self)
{
    self->armed = 1;
    ck_assert_int_eq(pthread_create(&self->thread, NULL, make_model, self), 0);
    sem_wait(&self->inside);
}

static void holder_finish(holder *self)
{
    sem_post(&self->go_on);
    pthread_join(self->thread, NULL);
    sem_destroy(&self->inside);
    sem_destroy(&self->go_on);
    ck_assert_int_eq(self->status, MFL_OK);
}

START_TEST(a_context_in_use_is_busy_for_other_threads)
{
    holder held;
    mfl_context *other;
    mfl_model *model;
    int32_t threads;
    holder_open(&held);
    holder_start(&held);
    ck_assert_int_eq(mfl_model_create(held.context, 3, 4, &model), MFL_ERROR_BUSY);
    ck_assert_ptr_null(model);
    ck_assert_int_eq(mfl_context_threads(held.context, &threads), MFL_ERROR_BUSY);
    ck_assert_int_eq(mfl_context_create(&other), MFL_OK);
    ck_assert_int_eq(mfl_model_create(other, 3, 4, &model), MFL_OK);
    mfl_model_destroy(model);
    mfl_context_destroy(other);
    holder_finish(&held);
    ck_assert_int_eq(mfl_context_threads(held.context, &threads), MFL_OK);
    mfl_model_destroy(held.made);
    mfl_context_destroy(held.context);
    ck_assert_int_eq(held.allocator.live, 0);
}
END_TEST

START_TEST(what_is_destroyed_while_busy_goes_when_the_call_ends)
{
    holder held;
    mfl_model *first, *second;
    holder_open(&held);
    ck_assert_int_eq(mfl_model_create(held.context, 3, 4, &first), MFL_OK);
    ck_assert_int_eq(mfl_model_create(held.context, 3, 4, &second), MFL_OK);
    int64_t before = held.allocator.live;
    holder_start(&held);
    mfl_model_destroy(first);
    mfl_model_destroy(second);
    mfl_context_destroy(held.context);
    ck_assert_int_eq(held.allocator.live, before);
    holder_finish(&held);
    ck_assert_int_eq(held.allocator.live, before - 1); /* two models went, one came */
    mfl_model_destroy(held.made);
    ck_assert_int_eq(held.allocator.live, 0);
}
END_TEST

enum { ROUNDS = 20000, MAKERS = 3 };

typedef struct storm {
    mfl_context *context;
    _Atomic int64_t made, refused;
    _Atomic(mfl_model *) passed_on; /* to be destroyed by whichever thread takes it */
} storm;

static void *make_and_destroy(void *data)
{
    storm *self = data;
    for (int round = 0; round < ROUNDS; round++) {
        mfl_model *model;
        int32_t status = mfl_model_create(self->context, 3, 4, &model);
        atomic_fetch_add(status == MFL_OK ? &self->made : &self->refused, 1);
        if (status != MFL_OK && status != MFL_ERROR_BUSY)
            return self;
        mfl_model_destroy(atomic_exchange(&self->passed_on, model));
    }
    return NULL;
}

START_TEST(a_storm_of_calls_loses_nothing)
{
    counting_allocator allocator = {0};
    storm shared = {0};
    pthread_t threads[MAKERS];
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator,
                                                       &shared.context), MFL_OK);
    for (int i = 0; i < MAKERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, make_and_destroy, &shared), 0);
    for (int i = 0; i < MAKERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    mfl_model_destroy(shared.passed_on);
    ck_assert_int_eq(shared.made + shared.refused, MAKERS * ROUNDS);
    ck_assert_int_gt(shared.made, 0);
    mfl_context_destroy(shared.context);
    ck_assert_int_eq(allocator.live, 0);
}
END_TEST

static void *destroy_model(void *data)
{
    mfl_model_destroy(data);
    return NULL;
}

/* The last two references to a context are given up by two threads at the same moment. */
START_TEST(the_last_two_references_may_go_at_once)
{
    for (int round = 0; round < 2000; round++) {
        counting_allocator allocator = {0};
        mfl_context *context;
        mfl_model *model;
        pthread_t thread;
        ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator,
                                                           &context), MFL_OK);
        ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
        ck_assert_int_eq(pthread_create(&thread, NULL, destroy_model, model), 0);
        mfl_context_destroy(context);
        pthread_join(thread, NULL);
        ck_assert_int_eq(allocator.live, 0);
    }
}
END_TEST

/* One chain of two draws. */
static mfl_sampler *short_run(mfl_context *context)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    mfl_sampler *sampler;
    mfl_options *options;
    ck_assert_int_eq(mfl_task_create_parity(context, 3, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 3, 4, &model), MFL_OK);
    ck_assert_int_eq(mfl_dataset_draw(task, 5, 0.0, 0, MFL_ROLE_TRAIN, &data), MFL_OK);
    ck_assert_int_eq(mfl_sampler_create(model, data, 1.0, &sampler), MFL_OK);
    ck_assert_int_eq(mfl_sampler_options(sampler, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 1), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 10), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 2), MFL_OK);
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_OK);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return sampler;
}

typedef struct intruder {
    mfl_sampler *sampler;
    int32_t written, inside;
} intruder;

static void write_meanwhile(void *data)
{
    intruder *self = data;
    if (!self->sampler || self->inside++)
        return;
    ck_assert_int_eq(mfl_sampler_write_traces(self->sampler, scratch_path("inner.nc")), MFL_OK);
    self->written++;
    self->inside = 0;
}

/* At every allocation that the writing of one context's traces makes, another context writes its own. */
START_TEST(two_contexts_write_netcdf_at_once)
{
    int32_t has_hdf5 = 0;
    intruder other = {0};
    counting_allocator allocator = {.before = write_meanwhile, .before_data = &other};
    mfl_context *outer, *inner;
    ck_assert_int_eq(mfl_version_feature("hdf5", &has_hdf5), MFL_OK);
    if (!has_hdf5)
        return;
    scratch_make();
    ck_assert_int_eq(mfl_context_create(&inner), MFL_OK);
    ck_assert_int_eq(mfl_context_create_with_allocator(counting_allocate, counting_release, &allocator, &outer), MFL_OK);
    mfl_sampler *sampler = short_run(outer), *second = short_run(inner);
    other.sampler = second;
    ck_assert_int_eq(mfl_sampler_write_traces(sampler, scratch_path("outer.nc")), MFL_OK);
    ck_assert_int_gt(other.written, 0);
    other.sampler = NULL;
    mfl_sampler_destroy(second);
    mfl_sampler_destroy(sampler);
    mfl_context_destroy(inner);
    mfl_context_destroy(outer);
    scratch_remove();
}
END_TEST

int main(void)
{
    return RUN_TESTS("threads", a_context_in_use_is_busy_for_other_threads,
                     what_is_destroyed_while_busy_goes_when_the_call_ends, a_storm_of_calls_loses_nothing,
                     the_last_two_references_may_go_at_once, two_contexts_write_netcdf_at_once);
}
