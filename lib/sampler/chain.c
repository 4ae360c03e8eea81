/* SPDX-License-Identifier: BSD-3-Clause */
/* One chain: its memory, its start, and its steps. Advancing runs inside the team's loop: no allocation. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "sampler/sampler.h"

typedef struct array {
    double **place;
    size_t length; /* 0: not needed */
} array;

enum { chain_arrays = 17 };

static void list_arrays(const mfl_sampler *sampler, mfli_chain *chain, array arrays[chain_arrays])
{
    const size_t width = (size_t)sampler->model.width, d = (size_t)sampler->model.dimension;
    const size_t samples = (size_t)sampler->data->rows, length = mfli_state_length(&sampler->model);
    const size_t tests = sampler->test ? (size_t)sampler->test->rows : 0;
    const size_t adaptive = sampler->mass == MFL_MASS_ADAPTIVE ? length : 0;
    const array list[chain_arrays] = {
        {&chain->theta, length},       {&chain->velocity, length},     {&chain->scale, length},
        {&chain->mean, adaptive},      {&chain->spread, adaptive},     {&chain->gradient, length},
        {&chain->old_theta, length},   {&chain->old_gradient, length}, {&chain->noise, length},
        {&chain->f_train, samples},    {&chain->f_test, tests},        {&chain->projections, width},
        {&chain->sum_train, samples},  {&chain->sum_test, tests},      {&chain->square_test, tests},
        {&chain->moments, d},          {&chain->histogram, d * MFL_WEIGHT_BINS},
    };
    memcpy(arrays, list, sizeof list);
}

static int32_t allocate(mfl_sampler *sampler, mfli_chain *chain)
{
    array arrays[chain_arrays];
    list_arrays(sampler, chain, arrays);
    for (size_t i = 0; i < chain_arrays; i++) {
        if (arrays[i].length == 0)
            continue;
        *arrays[i].place = mfli_alloc_zeroed(sampler->object.context, arrays[i].length, sizeof(double));
        if (!*arrays[i].place)
            return MFL_ERROR_MEMORY;
    }
    return MFL_OK;
}

static int32_t open_engines(mfl_sampler *sampler, mfli_chain *chain)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    const mfli_batch *exact =
        sampler->precision == MFL_PRECISION_FLOAT64 ? &sampler->train_batch : &sampler->exact_batch;
    int32_t status = mfli_engine_create(context, model, &sampler->train_batch, NULL, &chain->train);
    if (!status && sampler->test)
        status = mfli_engine_create(context, model, &sampler->test_batch, &chain->train, &chain->test);
    if (!status && mfli_sampler_needs_exact(sampler))
        status = mfli_engine_create(context, model, exact, NULL, &chain->exact);
    if (!status && sampler->part_size)
        status = mfli_part_open(sampler, chain);
    if (!status && sampler->automatic)
        status = mfli_curvature_open(sampler, &chain->probe);
    return status;
}

int32_t mfli_chain_open(mfl_sampler *sampler, mfli_chain *chain, uint32_t id)
{
    chain->id = id;
    chain->kappa = sampler->kappa;
    chain->step_size = mfli_options_double(&sampler->options, MFL_SAMPLER_STEP_SIZE);
    int32_t status = open_engines(sampler, chain);
    if (!status)
        status = allocate(sampler, chain);
    if (!status)
        status = mfli_start(sampler, id, chain->theta);
    if (status)
        return status;
    mfli_adapt_open(sampler, chain);
    mfli_chain_changed(chain);
    return MFL_OK;
}

void mfli_chain_close(mfl_sampler *sampler, mfli_chain *chain)
{
    mfl_context *context = sampler->object.context;
    array arrays[chain_arrays];
    mfli_engine_release(context, &chain->test);
    mfli_engine_release(context, &chain->train);
    mfli_engine_release(context, &chain->exact);
    mfli_part_close(context, &chain->part);
    mfli_curvature_close(context, &chain->probe);
    list_arrays(sampler, chain, arrays);
    for (size_t i = 0; i < chain_arrays; i++)
        if (arrays[i].place)
            mfli_free(context, *arrays[i].place);
    for (size_t t = 0; t < MFLI_MOST_TRACES; t++)
        mfli_free(context, chain->trace[t]);
}

void mfli_chain_fields(const mfl_sampler *sampler, mfli_chain *chain, mfli_field fields[MFLI_CHAIN_FIELDS])
{
    const size_t length = mfli_state_length(&sampler->model);
    const size_t adaptive = chain->mean ? length : 0, probed = chain->probe.vector ? length : 0;
    const size_t samples = (size_t)sampler->data->rows;
    const size_t tests = sampler->test ? (size_t)sampler->test->rows : 0;
    mfli_chain_pull(chain, &sampler->model);
    const mfli_field list[MFLI_CHAIN_FIELDS] = {
        {"COUN", 0, MFLI_CHAIN_COUNTERS, chain->counters},
        {"NUMB", 1, MFLI_CHAIN_NUMBERS, chain->numbers},
        {"THET", 1, length, chain->theta},
        {"VELO", 1, length, chain->velocity},
        {"SCAL", 1, length, chain->scale},
        {"MEAN", 1, adaptive, chain->mean},
        {"SPRE", 1, adaptive, chain->spread},
        {"PROB", 1, probed, chain->probe.vector},
        {"STRA", 1, samples, chain->sum_train},
        {"STES", 1, tests, chain->sum_test},
        {"QTES", 1, tests, chain->square_test},
        {"MOME", 1, (size_t)sampler->model.dimension, chain->moments},
        {"HIST", 1, (size_t)sampler->model.dimension * MFL_WEIGHT_BINS, chain->histogram},
    };
    memcpy(fields, list, sizeof list);
}

int32_t mfli_sampler_progress(mfl_sampler *sampler)
{
    int64_t done = atomic_load_explicit(&sampler->steps_done, memory_order_relaxed);
    return mfli_progress(sampler->object.context, "sampling", (double)done / (double)sampler->steps_wanted);
}

/* A step that a caller's function interrupted can be taken again. */
static int32_t step(mfl_sampler *sampler, mfli_chain *chain)
{
    if (chain->prepared <= chain->steps) {
        if (mfli_adapt_before(sampler, chain))
            return MFL_ERROR_CALLBACK;
        chain->prepared = chain->steps + 1;
    }
    int32_t status = sampler->method->step(sampler, chain);
    if (status)
        return status;
    chain->steps++;
    mfli_adapt_after(sampler, chain);
    atomic_fetch_add_explicit(&sampler->steps_done, 1, memory_order_relaxed);
    return MFL_OK;
}

/* The draw that is due now, if one is, and was not made yet. */
static int32_t draw(mfl_sampler *sampler, mfli_chain *chain)
{
    if (!mfli_sampler_is_draw(sampler, chain->steps) || chain->drawn == chain->steps)
        return MFL_OK;
    int32_t status = mfli_chain_draw(sampler, chain);
    if (!status)
        chain->drawn = chain->steps;
    return status;
}

void mfli_chain_advance(mfl_sampler *sampler, mfli_chain *chain, int32_t thread)
{
    chain->failure = draw(sampler, chain);
    while (!chain->failure && chain->steps < sampler->pause) {
        if (mfli_cancelled(sampler->object.context))
            return;
        if (thread == 0 && mfli_sampler_progress(sampler))
            return;
        chain->failure = step(sampler, chain);
        if (!chain->failure)
            chain->failure = draw(sampler, chain);
    }
}
