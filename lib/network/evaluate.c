/* SPDX-License-Identifier: BSD-3-Clause */
/* Predictions, potential and order parameters of one network, in double precision. */
#include <math.h>
#include <string.h>

#include <mflearn/sampler.h>

#include "core/context.h"
#include "data/dataset.h"
#include "network/engine.h"
#include "network/network.h"
#include "network/projection.h"

/* The network bound to some inputs. */
typedef struct binding {
    mfli_batch batch;
    mfli_engine engine;
} binding;

/* Takes over the batch, also on failure. */
static int32_t bind(const mfl_network *network, binding *bound)
{
    mfl_context *context = network->object.context;
    int32_t status = mfli_need_activation(context, &network->model);
    if (!status)
        status = mfli_engine_create(context, &network->model, &bound->batch, NULL, &bound->engine);
    if (!status)
        mfli_engine_load(&bound->engine, network->weights, network->readout);
    else
        mfli_batch_release(context, &bound->batch);
    return status;
}

static void unbind(mfl_context *context, binding *bound)
{
    mfli_engine_release(context, &bound->engine);
    mfli_batch_release(context, &bound->batch);
}

static int32_t refused(mfl_context *context)
{
    return mfli_fail(context, MFL_ERROR_CALLBACK, "the activation function returned a non-zero value");
}

static int32_t check_finite(mfl_context *context, const char *what, const double *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "%s is %g; check the activation function and the size of weights and inputs", what,
                             values[i]);
    return MFL_OK;
}

static int32_t forward(const mfl_network *network, const double *inputs, int64_t rows, int64_t stride,
                       double *predictions)
{
    mfl_context *context = network->object.context;
    if (rows == 0)
        return MFL_OK;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < network->model.dimension; j++)
            if (!isfinite(inputs[i * stride + j]))
                return mfli_fail(context, MFL_ERROR_NOT_FINITE, "input %lld of row %lld is %g", (long long)j,
                                 (long long)i, inputs[i * stride + j]);
    binding bound;
    int32_t status = mfli_batch_create_from(context, MFL_PRECISION_FLOAT64, rows, network->model.dimension, inputs,
                                            stride, &bound.batch);
    if (!status)
        status = bind(network, &bound);
    if (status)
        return status;
    if (mfli_engine_forward(&bound.engine, predictions))
        status = refused(context);
    unbind(context, &bound);
    return status ? status : check_finite(context, "a prediction", predictions, rows);
}

int32_t mfl_network_forward(const mfl_network *network, const double *inputs, int64_t rows, int64_t stride,
                            double *predictions)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    mfl_context *context = network->object.context;
    if (!inputs || !predictions)
        status = mfli_fail_null(context, inputs ? "predictions" : "inputs");
    else if (rows < 0)
        status = mfli_fail(context, MFL_ERROR_SIZE, "rows is %lld; it must not be negative", (long long)rows);
    else if (stride < network->model.dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "stride is %lld; rows of %lld inputs need at least that",
                           (long long)stride, (long long)network->model.dimension);
    else
        status = mfli_check_extent(context, "inputs", rows, stride);
    if (!status)
        status = forward(network, inputs, rows, stride, predictions);
    return mfli_leave(network, status);
}

double mfli_prior_potential(const mfli_model *model, double weights_square, double readout_square)
{
    const double d = (double)model->dimension;
    return 0.5 * d / (model->sigma_w * model->sigma_w) * weights_square
        + 0.5 / (model->sigma_a * model->sigma_a) * readout_square;
}

static double square_norm(const double *x, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += x[i] * x[i];
    return sum;
}

/* The gradient of (T2) from G and h of the kernels; g (N x d) and h are overwritten by it. */
static void finish_gradient(const mfl_network *network, double kappa, double *g, double *h)
{
    const mfli_model *model = &network->model;
    const int64_t d = model->dimension;
    const double likelihood = pow((double)model->width, -model->gamma) / (kappa * kappa);
    const double precision_w = (double)d / (model->sigma_w * model->sigma_w);
    const double precision_a = 1.0 / (model->sigma_a * model->sigma_a);
    for (int64_t i = 0; i < model->width; i++) {
        double factor = likelihood * network->readout[i];
        for (int64_t j = 0; j < d; j++)
            g[i * d + j] = precision_w * network->weights[i * d + j] - factor * g[i * d + j];
        h[i] = precision_a * network->readout[i] - likelihood * h[i];
    }
}

static int32_t potential(const mfl_network *network, const mfl_dataset *dataset, double kappa, double *value,
                         double *g, double *h)
{
    mfl_context *context = network->object.context;
    const mfli_model *model = &network->model;
    binding bound;
    int32_t status = mfli_batch_create(context, MFL_PRECISION_FLOAT64, dataset, &bound.batch);
    if (!status)
        status = bind(network, &bound);
    if (status)
        return status;
    double *f = mfli_alloc(context, (size_t)dataset->rows, sizeof *f), residual = 0.0;
    if (!f)
        status = MFL_ERROR_MEMORY;
    else if (mfli_engine_gradient(&bound.engine, dataset->targets, f, &residual, g, h))
        status = refused(context);
    mfli_free(context, f);
    unbind(context, &bound);
    if (status)
        return status;
    *value = residual / (2.0 * kappa * kappa)
        + mfli_prior_potential(model, square_norm(network->weights, model->width * model->dimension),
                               square_norm(network->readout, model->width));
    status = check_finite(context, "the potential", value, 1);
    if (status)
        return status;
    finish_gradient(network, kappa, g, h);
    status = check_finite(context, "the gradient", g, model->width * model->dimension);
    return status ? status : check_finite(context, "the gradient", h, model->width);
}

static int32_t check_data(const mfl_network *network, const mfl_dataset *dataset)
{
    mfl_context *context = network->object.context;
    int32_t status = mfli_dataset_check(context, dataset, "dataset");
    if (!status && dataset->columns != network->model.dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "the data have %lld inputs and the network %lld",
                           (long long)dataset->columns, (long long)network->model.dimension);
    return status;
}

int32_t mfl_network_potential(const mfl_network *network, const mfl_dataset *dataset, double kappa,
                              double *value, double *weights_gradient, int64_t stride, double *readout_gradient)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    mfl_context *context = network->object.context;
    const size_t width = (size_t)network->model.width, d = (size_t)network->model.dimension;
    status = check_data(network, dataset);
    if (!status)
        status = mfli_check_kappa(context, kappa);
    if (!status && weights_gradient && stride < network->model.dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "stride is %lld; rows of %zu gradients need at least that",
                           (long long)stride, d);
    if (!status && weights_gradient)
        status = mfli_check_extent(context, "weights_gradient", network->model.width, stride);
    if (status)
        return mfli_leave(network, status);
    double *g = mfli_alloc(context, width, d * sizeof *g), *h = mfli_alloc(context, width, sizeof *h), u = 0.0;
    status = g && h ? potential(network, dataset, kappa, &u, g, h) : MFL_ERROR_MEMORY;
    if (!status) {
        if (value)
            *value = u;
        for (size_t i = 0; weights_gradient && i < width; i++)
            memcpy(weights_gradient + i * (size_t)stride, g + i * d, d * sizeof *g);
        if (readout_gradient)
            memcpy(readout_gradient, h, width * sizeof *h);
    }
    mfli_free(context, g);
    mfli_free(context, h);
    return mfli_leave(network, status);
}

static int32_t order_parameter(const mfl_network *network, const mfl_task *handle, double *value)
{
    mfl_context *context = network->object.context;
    const mfli_model *model = &network->model;
    mfli_task task;
    int32_t status = mfli_need_activation(context, model);
    if (!status)
        status = mfli_task_read(context, handle, &task);
    if (!status)
        status = mfli_projection_supported(context, model, &task);
    if (status)
        return status;
    double *j = mfli_alloc(context, (size_t)model->width, sizeof *j);
    if (!j)
        return MFL_ERROR_MEMORY;
    if (mfli_projections(model, &task, model->width, network->weights, model->dimension, j))
        status = refused(context);
    else
        *value = mfli_order_parameter(model, network->readout, j);
    mfli_free(context, j);
    return status;
}

double mfli_order_parameter(const mfli_model *model, const double *readout, const double *projections)
{
    double sum = 0.0;
    for (int64_t i = 0; i < model->width; i++)
        sum += readout[i] * projections[i];
    return sum * pow((double)model->width, -model->gamma);
}

int32_t mfl_network_order_parameter(const mfl_network *network, const mfl_task *task, double *value)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    status = value ? order_parameter(network, task, value)
                   : mfli_fail_null(network->object.context, "order_parameter");
    return mfli_leave(network, status);
}

static int32_t measure(const mfl_network *network, const mfl_task *handle, const mfl_dataset *dataset,
                       double *value, double *standard_error)
{
    mfl_context *context = network->object.context;
    mfli_task task;
    int32_t status = mfli_task_read(context, handle, &task);
    if (!status)
        status = check_data(network, dataset);
    if (!status)
        status = mfli_check_dimension(context, &network->model, &task);
    if (!status && task.kind != MFL_TASK_PARITY && task.kind != MFL_TASK_HERMITE && task.kind != MFL_TASK_SUM)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED, "only parities, Hermite teachers and sums have known modes");
    if (status)
        return status;
    const size_t count = (size_t)dataset->rows, d = (size_t)dataset->columns;
    double *f = mfli_alloc(context, count, (d + 2) * sizeof *f);
    if (!f)
        return MFL_ERROR_MEMORY;
    double *mode = f + count, *inputs = mode + count;
    mfli_dataset_pack(dataset, 0, dataset->rows, inputs, dataset->columns);
    mfli_task_basis(&task, task.degree, dataset->rows, inputs, dataset->columns, mode);
    status = forward(network, inputs, dataset->rows, dataset->columns, f);
    if (!status) {
        double sum = 0.0, squares = 0.0, n = (double)count;
        for (size_t i = 0; i < count; i++)
            sum += f[i] * mode[i];
        for (size_t i = 0; i < count; i++)
            squares += (f[i] * mode[i] - sum / n) * (f[i] * mode[i] - sum / n);
        *value = sum / n;
        if (standard_error)
            *standard_error = count > 1 ? sqrt(squares / (n - 1.0) / n) : NAN;
    }
    mfli_free(context, f);
    return status;
}

int32_t mfl_network_measure_order_parameter(const mfl_network *network, const mfl_task *task,
                                            const mfl_dataset *dataset, double *value, double *standard_error)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    status = value ? measure(network, task, dataset, value, standard_error)
                   : mfli_fail_null(network->object.context, "order_parameter");
    return mfli_leave(network, status);
}
