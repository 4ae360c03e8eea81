/* SPDX-License-Identifier: BSD-3-Clause */
/* One Langevin chain: its steps, and what it collects at each draw. Runs inside the team's loop: no allocation. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "network/network.h"
#include "network/projection.h"
#include "sampler/sampler.h"

/* The curvature grows while the network learns: burn-in is divided into rounds that begin with a new estimate. */
enum { burn_in_rounds = 8, steps_a_report = 16 };

/* A chain whose squared residuals exceed those of its start by this factor has left the posterior for good. */
static const double divergence = 1e10;

static int32_t allocate(mfl_sampler *sampler, mfli_chain *chain)
{
    mfl_context *context = sampler->object.context;
    const size_t width = (size_t)sampler->model.width, d = (size_t)sampler->model.dimension;
    const size_t samples = (size_t)sampler->data->rows;
    const size_t tests = sampler->test ? (size_t)sampler->test->rows : 0;
    struct {
        double **place;
        size_t length;
    } arrays[] = {
        {&chain->weights, width * d}, {&chain->readout, width},   {&chain->projections, width},
        {&chain->f_train, samples},   {&chain->sum_train, samples}, {&chain->moments, d},
        {&chain->f_test, tests},      {&chain->sum_test, tests},  {&chain->square_test, tests},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        if (arrays[i].length == 0)
            continue;
        *arrays[i].place = mfli_alloc_zeroed(context, arrays[i].length, sizeof(double));
        if (!*arrays[i].place)
            return MFL_ERROR_MEMORY;
    }
    return MFL_OK;
}

int32_t mfli_chain_open(mfl_sampler *sampler, mfli_chain *chain, uint32_t id)
{
    mfl_context *context = sampler->object.context;
    const mfli_model *model = &sampler->model;
    chain->id = id;
    chain->step_size = mfli_options_double(&sampler->options, MFL_SAMPLER_STEP_SIZE);
    int32_t status = mfli_engine_create(context, model, &sampler->train_batch, NULL, &chain->train);
    if (!status && sampler->test)
        status = mfli_engine_create(context, model, &sampler->test_batch, &chain->train, &chain->test);
    if (!status)
        status = allocate(sampler, chain);
    if (!status && chain->step_size == 0.0)
        status = mfli_curvature_open(sampler, &chain->curvature);
    if (status)
        return status;
    if (sampler->start) {
        const size_t layer = (size_t)model->width * (size_t)model->dimension;
        memcpy(chain->weights, sampler->start, layer * sizeof(double));
        memcpy(chain->readout, sampler->start + layer, (size_t)model->width * sizeof(double));
    } else {
        mfli_network_draw(model, sampler->seed, id, chain->weights, chain->readout);
    }
    mfli_engine_load(&chain->train, chain->weights, chain->readout);
    return MFL_OK;
}

void mfli_chain_close(mfl_sampler *sampler, mfli_chain *chain)
{
    mfl_context *context = sampler->object.context;
    mfli_engine_release(context, &chain->test);
    mfli_engine_release(context, &chain->train);
    mfli_curvature_close(context, &chain->curvature);
    double *arrays[] = {chain->weights,  chain->readout,     chain->projections, chain->f_train,
                        chain->f_test,   chain->sum_train,   chain->sum_test,    chain->square_test,
                        chain->moments,  chain->trace[0],    chain->trace[1],    chain->trace[2]};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        mfli_free(context, arrays[i]);
}

int32_t mfli_sampler_progress(mfl_sampler *sampler)
{
    int64_t done = atomic_load_explicit(&sampler->steps_done, memory_order_relaxed);
    return mfli_progress(sampler->object.context, "sampling", (double)done / (double)sampler->steps_wanted);
}

/* At the start of each round of burn-in, and never later: the step is fixed while draws are made. */
static int32_t adapt_step(mfl_sampler *sampler, mfli_chain *chain)
{
    if (!chain->curvature.vector)
        return 0;
    const uint64_t burn_in = (uint64_t)sampler->burn_in;
    const uint64_t round = burn_in < burn_in_rounds ? 1 : burn_in / burn_in_rounds;
    if (chain->steps != 0 && (chain->steps > burn_in || chain->steps % round != 0))
        return 0;
    int32_t refused = 0;
    /* A start of the caller's may be flat, all weights zero, say: know the typical curvature too. */
    if (chain->steps == 0 && sampler->start) {
        mfli_network_draw(&sampler->model, sampler->seed, chain->id, chain->weights, chain->readout);
        refused = mfli_curvature_update(sampler, &chain->curvature, chain->id, chain->weights, chain->readout);
    }
    mfli_engine_store(&chain->train, chain->weights, chain->readout);
    if (!refused)
        refused = mfli_curvature_update(sampler, &chain->curvature, chain->id, chain->weights, chain->readout);
    chain->step_size =
        mfli_options_double(&sampler->options, MFL_SAMPLER_STEP_FRACTION) / chain->curvature.largest;
    return refused;
}

static mfli_langevin langevin_of(const mfl_sampler *sampler, double step)
{
    const mfli_model *model = &sampler->model;
    const double step_w = sampler->freeze == MFL_FREEZE_FIRST_LAYER ? 0.0 : step;
    const double step_a = sampler->freeze == MFL_FREEZE_READOUT ? 0.0 : step;
    return (mfli_langevin){
        .step_w = step_w,
        .step_a = step_a,
        .noise_w = sqrt(2.0 * step_w),
        .noise_a = sqrt(2.0 * step_a),
        .likelihood = pow((double)model->width, -model->gamma) / (sampler->kappa * sampler->kappa),
        .precision_w = (double)model->dimension / (model->sigma_w * model->sigma_w),
        .precision_a = 1.0 / (model->sigma_a * model->sigma_a),
    };
}

static void step(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_stream stream = {sampler->seed, chain->steps, chain->id,
                                MFLI_PURPOSE_LANGEVIN};
    const mfli_langevin langevin = langevin_of(sampler, chain->step_size);
    mfli_squares squares;
    if (mfli_engine_step(&chain->train, sampler->data->targets, &langevin, &stream, chain->f_train, &squares)) {
        chain->failure = MFL_ERROR_CALLBACK;
        return;
    }
    if (chain->steps == 0) {
        double sum = squares.residual + (double)sampler->data->rows;
        for (int64_t i = 0; i < sampler->data->rows; i++)
            sum += sampler->data->targets[i] * sampler->data->targets[i];
        chain->residual_limit = divergence * sum;
    }
    if (!(squares.residual <= chain->residual_limit)) /* not-a-number included */
        chain->failure = chain->steps == 0 ? MFL_ERROR_NOT_FINITE : MFL_ERROR_DIVERGED;
    chain->steps++;
}

static double mean_squared_difference(const double *f, const double *y, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    return sum / (double)count;
}

static void collect_predictions(mfl_sampler *sampler, mfli_chain *chain)
{
    for (int64_t i = 0; i < sampler->data->rows; i++)
        chain->sum_train[i] += chain->f_train[i];
    if (!sampler->test)
        return;
    for (int64_t i = 0; i < sampler->test->rows; i++) {
        chain->sum_test[i] += chain->f_test[i];
        chain->square_test[i] += chain->f_test[i] * chain->f_test[i];
    }
    double error = mean_squared_difference(chain->f_test, mfli_dataset_truth(sampler->test),
                                           sampler->test->rows);
    chain->error_sum += error;
    chain->trace[MFL_TRACE_TEST_ERROR - 1][chain->draws] = error;
}

static void collect_weights(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    double weights_square = 0.0, readout_square = 0.0;
    for (int64_t i = 0; i < model->width; i++) {
        for (int64_t j = 0; j < model->dimension; j++) {
            double square = chain->weights[i * model->dimension + j] * chain->weights[i * model->dimension + j];
            chain->moments[j] += square / (double)model->width;
            weights_square += square;
        }
        readout_square += chain->readout[i] * chain->readout[i];
    }
    const double error = mean_squared_difference(chain->f_train, sampler->data->targets, sampler->data->rows);
    const double potential = (double)sampler->data->rows * error / (2.0 * sampler->kappa * sampler->kappa)
        + mfli_prior_potential(model, weights_square, readout_square);
    chain->train_error_sum += error;
    chain->potential_sum += potential;
    chain->trace[MFL_TRACE_POTENTIAL - 1][chain->draws] = potential;
}

static void draw(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    int32_t refused = mfli_engine_forward(&chain->train, chain->f_train);
    if (!refused && sampler->test)
        refused = mfli_engine_forward(&chain->test, chain->f_test);
    mfli_engine_store(&chain->train, chain->weights, chain->readout);
    if (!refused && sampler->task_handle)
        refused = mfli_projections(model, &sampler->task, model->width, chain->weights, model->dimension,
                                   chain->projections);
    if (refused) {
        chain->failure = MFL_ERROR_CALLBACK;
        return;
    }
    collect_predictions(sampler, chain);
    collect_weights(sampler, chain);
    if (sampler->task_handle) {
        double m = mfli_order_parameter(model, chain->readout, chain->projections);
        chain->order_sum += m;
        chain->trace[MFL_TRACE_ORDER_PARAMETER - 1][chain->draws] = m;
    }
    chain->draws++;
}

void mfli_chain_advance(mfl_sampler *sampler, mfli_chain *chain, int32_t thread)
{
    const uint64_t burn_in = (uint64_t)sampler->burn_in, thinning = (uint64_t)sampler->thinning;
    while (chain->draws < sampler->target_draws && chain->failure == MFL_OK) {
        if (mfli_cancelled(sampler->object.context))
            return;
        if (thread == 0 && chain->steps % steps_a_report == 0 && mfli_sampler_progress(sampler))
            return;
        if (adapt_step(sampler, chain)) {
            chain->failure = MFL_ERROR_CALLBACK;
            return;
        }
        step(sampler, chain);
        atomic_fetch_add_explicit(&sampler->steps_done, 1, memory_order_relaxed);
        if (chain->failure == MFL_OK && chain->steps > burn_in && (chain->steps - burn_in) % thinning == 0)
            draw(sampler, chain);
    }
}
