/* SPDX-License-Identifier: BSD-3-Clause */
/* What every draw leaves behind: sums for the mean predictor, and traces. Runs inside the team's loop. */
#include <math.h>

#include "network/network.h"
#include "network/projection.h"
#include "sampler/sampler.h"

static double mean_squared_difference(const double *f, const double *y, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    return sum / (double)count;
}

static void record(mfli_chain *chain, int32_t kind, double value)
{
    chain->trace[kind - 1][chain->draws] = value;
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
    double error = mean_squared_difference(chain->f_test, mfli_dataset_truth(sampler->test), sampler->test->rows);
    chain->error_sum += error;
    record(chain, MFL_TRACE_TEST_ERROR, error);
}

/* Bins are sigma_w/40 wide. */
static void count_weight(double sigma_w, double w, double *bins)
{
    const double middle = 0.5 * (MFL_WEIGHT_BINS - 1);
    bins[(int)fmin(fmax(rint(40.0 * w / sigma_w), -middle), middle) + (MFL_WEIGHT_BINS - 1) / 2] += 1.0;
}

/* `error` is that on the training targets. */
static void collect_potential(mfl_sampler *sampler, mfli_chain *chain, double error)
{
    const mfli_model *model = &sampler->model;
    const double *w = chain->theta, *a = w + mfli_layer_length(model);
    double weights_square = 0.0, readout_square = 0.0;
    for (int64_t i = 0; i < model->width; i++) {
        for (int64_t j = 0; j < model->dimension; j++) {
            double square = w[i * model->dimension + j] * w[i * model->dimension + j];
            chain->moments[j] += square / (double)model->width;
            count_weight(model->sigma_w, w[i * model->dimension + j], chain->histogram + j * MFL_WEIGHT_BINS);
            weights_square += square;
        }
        readout_square += a[i] * a[i];
    }
    const double residual = (double)sampler->data->rows * error;
    const double potential = residual / (2.0 * chain->kappa * chain->kappa)
        + mfli_prior_potential(model, weights_square, readout_square);
    chain->train_error_sum += error;
    chain->potential_sum += potential;
    record(chain, MFL_TRACE_POTENTIAL, potential);
    record(chain, MFL_TRACE_RESIDUAL, residual);
    record(chain, MFL_TRACE_ACCEPTANCE, chain->acceptance);
}

/* The part of |w_i|^2 that the target sees. */
static double relevant_square(const mfli_task *task, const double *w)
{
    double sum = 0.0;
    for (int64_t i = 0; i < mfli_task_variables(task); i++) {
        const double z = mfli_task_along(task, i, w);
        sum += z * z;
    }
    return sum;
}

static void collect_task(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    const int64_t d = model->dimension;
    const double m = mfli_order_parameter(model, chain->theta + mfli_layer_length(model), chain->projections);
    double relevant = 0.0, total = 0.0;
    for (int64_t i = 0; i < model->width; i++) {
        const double *w = chain->theta + i * d;
        relevant += relevant_square(&sampler->task, w);
        for (int64_t j = 0; j < d; j++)
            total += w[j] * w[j];
    }
    chain->order_sum += m;
    record(chain, MFL_TRACE_ORDER_PARAMETER, m);
    record(chain, MFL_TRACE_RELEVANT_SQUARE, relevant / (double)model->width);
    record(chain, MFL_TRACE_IRRELEVANT_SQUARE, fmax(total - relevant, 0.0) / (double)model->width);
}

/* Predictions on the training set: in float64 where the method judges in float64 (state.c). */
static int32_t predict(mfl_sampler *sampler, mfli_chain *chain)
{
    int32_t refused;
    if (chain->exact.kernels && sampler->method->acceptance > 0.0) {
        mfli_engine_load(&chain->exact, chain->theta, chain->theta + mfli_layer_length(&sampler->model));
        refused = mfli_engine_forward(&chain->exact, chain->f_train);
    } else {
        refused = mfli_engine_forward(&chain->train, chain->f_train);
    }
    if (!refused && sampler->test)
        refused = mfli_engine_forward(&chain->test, chain->f_test);
    return refused;
}

int32_t mfli_chain_draw(mfl_sampler *sampler, mfli_chain *chain)
{
    const mfli_model *model = &sampler->model;
    mfli_chain_pull(chain, model);
    mfli_chain_push(chain, model);
    int32_t refused = predict(sampler, chain);
    if (!refused && sampler->task_handle)
        refused = mfli_projections(model, &sampler->task, model->width, chain->theta, model->dimension,
                                   chain->projections);
    if (refused)
        return MFL_ERROR_CALLBACK;
    const double error = mean_squared_difference(chain->f_train, sampler->data->targets, sampler->data->rows);
    if (mfli_chain_check(sampler, chain, (double)sampler->data->rows * error))
        return MFL_ERROR_DIVERGED; /* by the last step, which no other has looked at */
    collect_predictions(sampler, chain);
    collect_potential(sampler, chain, error);
    if (sampler->task_handle)
        collect_task(sampler, chain);
    chain->draws++;
    return MFL_OK;
}
