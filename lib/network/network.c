/* SPDX-License-Identifier: BSD-3-Clause */
#include "network/network.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "rng/normals.h"

static void finish(void *handle)
{
    mfl_network *network = handle;
    mfli_free(network->object.context, network->weights);
    mfli_free(network->object.context, network->readout);
}

int32_t mfli_need_width(mfl_context *context, const mfli_model *model)
{
    if (model->width > 0)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_ARGUMENT,
                     "the model has infinite width; a network needs a width of at least 1");
}

int32_t mfli_need_activation(mfl_context *context, const mfli_model *model)
{
    if (model->activation != MFL_ACTIVATION_CALLER || model->phi)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_STATE,
                     "the activation was the caller's when the network was saved; give it again with "
                     "mfl_network_set_activation");
}

int32_t mfli_network_create(mfl_context *context, const mfli_model *model, mfl_network **out)
{
    mfl_network *network;
    int32_t status = mfli_need_width(context, model);
    if (!status)
        status = mfli_object_create(context, MFLI_NETWORK, sizeof *network, finish, &network);
    if (status)
        return status;
    network->model = *model;
    network->weights = mfli_alloc_zeroed(context, (size_t)model->width, (size_t)model->dimension * sizeof(double));
    network->readout = mfli_alloc_zeroed(context, (size_t)model->width, sizeof(double));
    if (!network->weights || !network->readout) {
        mfli_object_release(network);
        return MFL_ERROR_MEMORY;
    }
    *out = network;
    return MFL_OK;
}

int32_t mfl_network_create(const mfl_model *model, mfl_network **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(model, MFLI_MODEL);
    if (status)
        return status;
    mfl_context *context = model->object.context;
    mfli_model parameters;
    status = out ? mfli_model_read_entered(model, &parameters) : mfli_fail_null(context, "out");
    if (!status)
        status = mfli_network_create(context, &parameters, out);
    return mfli_leave(model, status);
}

void mfl_network_destroy(mfl_network *network)
{
    mfli_destroy(network, MFLI_NETWORK);
}

int32_t mfl_network_set_activation(mfl_network *network, mfl_activation_fn activation, void *user_data)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    mfl_context *context = network->object.context;
    if (!activation)
        return mfli_leave(network, mfli_fail_null(context, "activation"));
    if (network->model.activation != MFL_ACTIVATION_CALLER)
        return mfli_leave(network, mfli_fail(context, MFL_ERROR_STATE, "the network's activation is %s",
                                             mfli_activation_name(network->model.activation)));
    network->model.phi = activation;
    network->model.phi_data = user_data;
    return mfli_leave(network, MFL_OK);
}

void mfli_network_draw(const mfli_model *model, uint64_t seed, uint32_t index, double *weights, double *readout)
{
    const size_t width = (size_t)model->width, dimension = (size_t)model->dimension;
    const double scale = model->sigma_w / sqrt((double)dimension);
    const mfli_stream first = {seed, 0, index, MFLI_PURPOSE_INIT_WEIGHTS};
    const mfli_stream second = {seed, 0, index, MFLI_PURPOSE_INIT_READOUT};
    mfli_normal_matrix(&first, 0, width, dimension, weights, dimension);
    mfli_normal_matrix(&second, 0, width, 1, readout, 1);
    for (size_t i = 0; i < width * dimension; i++)
        weights[i] *= scale;
    for (size_t i = 0; i < width; i++)
        readout[i] *= model->sigma_a;
}

int32_t mfl_network_draw_prior(mfl_network *network, int64_t index)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    mfl_context *context = network->object.context;
    if (index < 0 || index >= INT64_C(1) << 24)
        return mfli_leave(network, mfli_fail(context, MFL_ERROR_ARGUMENT,
                                             "index is %lld; it must be between 0 and 2^24 - 1",
                                             (long long)index));
    mfli_network_draw(&network->model, mfli_seed(context), (uint32_t)index, network->weights, network->readout);
    return mfli_leave(network, MFL_OK);
}

int32_t mfl_network_shape(const mfl_network *network, int64_t *dimension, int64_t *width)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    if (dimension)
        *dimension = network->model.dimension;
    if (width)
        *width = network->model.width;
    return mfli_leave(network, MFL_OK);
}

static int32_t check_stride(mfl_context *context, const mfli_model *model, int64_t stride)
{
    if (stride < model->dimension)
        return mfli_fail(context, MFL_ERROR_SIZE, "stride is %lld; rows of %lld weights need at least that",
                         (long long)stride, (long long)model->dimension);
    return mfli_check_extent(context, "weights", model->width, stride);
}

static int32_t set_weights(mfl_network *network, const double *weights, int64_t stride, const double *readout)
{
    mfl_context *context = network->object.context;
    const mfli_model *model = &network->model;
    if (!weights || !readout)
        return mfli_fail_null(context, weights ? "readout" : "weights");
    int32_t status = check_stride(context, model, stride);
    if (status)
        return status;
    for (int64_t i = 0; i < model->width; i++) {
        if (!isfinite(readout[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "readout[%lld] is %g", (long long)i, readout[i]);
        for (int64_t j = 0; j < model->dimension; j++)
            if (!isfinite(weights[i * stride + j]))
                return mfli_fail(context, MFL_ERROR_NOT_FINITE, "weights of neuron %lld, input %lld are %g",
                                 (long long)i, (long long)j, weights[i * stride + j]);
    }
    for (int64_t i = 0; i < model->width; i++)
        memcpy(network->weights + i * model->dimension, weights + i * stride,
               (size_t)model->dimension * sizeof(double));
    memcpy(network->readout, readout, (size_t)model->width * sizeof(double));
    return MFL_OK;
}

int32_t mfl_network_set_weights(mfl_network *network, const double *weights, int64_t stride,
                                const double *readout)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    return status ? status : mfli_leave(network, set_weights(network, weights, stride, readout));
}

int32_t mfl_network_copy_weights(const mfl_network *network, double *weights, int64_t stride, double *readout)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    if (status)
        return status;
    const mfli_model *model = &network->model;
    if (weights && (status = check_stride(network->object.context, model, stride)))
        return mfli_leave(network, status);
    for (int64_t i = 0; weights && i < model->width; i++)
        memcpy(weights + i * stride, network->weights + i * model->dimension,
               (size_t)model->dimension * sizeof(double));
    if (readout)
        memcpy(readout, network->readout, (size_t)model->width * sizeof(double));
    return mfli_leave(network, MFL_OK);
}
