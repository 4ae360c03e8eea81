/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks in files: the model's parameters and the weights, in the library's container (io/state.h). */
#include <math.h>

#include "core/context.h"
#include "io/state.h"
#include "network/file.h"
#include "network/network.h"

enum { file_version = 1, shape_count = 3, scale_count = 4 };

static const uint32_t shape_name = MFLI_STATE_NAME('S', 'H', 'A', 'P');
static const uint32_t scales_name = MFLI_STATE_NAME('S', 'C', 'A', 'L');
static const uint32_t weights_name = MFLI_STATE_NAME('W', 'G', 'H', 'T');
static const uint32_t readout_name = MFLI_STATE_NAME('R', 'E', 'A', 'D');

static int32_t save(const mfl_network *network, const char *path)
{
    const mfli_model *model = &network->model;
    const int64_t shape[shape_count] = {model->width, model->dimension, model->activation};
    const double scales[scale_count] = {model->gamma, model->sigma_w, model->sigma_a, model->leak};
    const uint64_t width = (uint64_t)model->width, d = (uint64_t)model->dimension;
    const mfli_section sections[] = {
        {shape_name, MFLI_SECTION_INT64, shape_count, shape},
        {scales_name, MFLI_SECTION_DOUBLE, scale_count, scales},
        {weights_name, MFLI_SECTION_DOUBLE, width * d, network->weights},
        {readout_name, MFLI_SECTION_DOUBLE, width, network->readout},
    };
    mfl_context *context = network->object.context;
    if (!path)
        return mfli_fail_null(context, "path");
    return mfli_state_write(context, path, MFLI_STATE_NETWORK, file_version, sections,
                            sizeof sections / sizeof sections[0]);
}

int32_t mfl_network_save(const mfl_network *network, const char *path)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    return status ? status : mfli_leave(network, save(network, path));
}

/* The checksum says that the file is as it was written; this, that what was written is a network. */
static int32_t read_model(const mfli_state *state, mfli_model *model)
{
    int64_t shape[shape_count];
    double scales[scale_count];
    int32_t status = mfli_state_int64(state, shape_name, shape_count, shape);
    if (!status)
        status = mfli_state_double(state, scales_name, scale_count, scales);
    if (status)
        return status;
    *model = (mfli_model){.width = shape[0],
                          .dimension = shape[1],
                          .activation = (int32_t)shape[2],
                          .gamma = scales[0],
                          .sigma_w = scales[1],
                          .sigma_a = scales[2],
                          .leak = scales[3]};
    return mfli_model_is_sound(model) && shape[2] == model->activation
        ? MFL_OK
        : mfli_fail(state->context, MFL_ERROR_FORMAT, "%s describes no network this version can have",
                    state->path);
}

static int32_t read_weights(const mfli_state *state, mfl_network *network)
{
    const uint64_t width = (uint64_t)network->model.width, layer = width * (uint64_t)network->model.dimension;
    int32_t status = mfli_state_double(state, weights_name, layer, network->weights);
    if (!status)
        status = mfli_state_double(state, readout_name, width, network->readout);
    double sum = 0.0; /* x - x is 0, or not a number unless x is finite */
    for (uint64_t i = 0; i < layer && !status; i++)
        sum += network->weights[i] - network->weights[i];
    for (uint64_t i = 0; i < width && !status; i++)
        sum += network->readout[i] - network->readout[i];
    if (!status && isnan(sum))
        status = mfli_fail(state->context, MFL_ERROR_FORMAT, "%s holds weights that are not finite", state->path);
    return status;
}

int32_t mfli_network_from_state(const mfli_state *state, mfl_network **out)
{
    mfli_model model;
    uint64_t weights, readouts;
    mfl_network *network;
    int32_t status = read_model(state, &model);
    if (!status)
        status = mfli_state_count(state, weights_name, MFLI_SECTION_DOUBLE, &weights);
    if (!status)
        status = mfli_state_count(state, readout_name, MFLI_SECTION_DOUBLE, &readouts);
    if (!status && (readouts != (uint64_t)model.width
                    || weights != (uint64_t)model.width * (uint64_t)model.dimension))
        status = mfli_fail(state->context, MFL_ERROR_FORMAT, "%s has weights of another shape than it says",
                           state->path);
    if (!status)
        status = mfli_network_create(state->context, &model, &network);
    if (status)
        return status;
    status = read_weights(state, network);
    if (status)
        mfli_object_release(network);
    else
        *out = network;
    return status;
}

static int32_t load(mfl_context *context, const char *path, mfl_network **out)
{
    if (!path || !out)
        return mfli_fail_null(context, path ? "out" : "path");
    mfli_state state;
    int32_t status = mfli_state_open(context, path, MFLI_STATE_NETWORK, file_version, &state);
    if (status)
        return status;
    status = mfli_network_from_state(&state, out);
    mfli_state_close(&state);
    return status;
}

int32_t mfl_network_load(mfl_context *context, const char *path, mfl_network **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, load(context, path, out));
}
