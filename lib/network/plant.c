/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks that have learned a task by construction. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "network/network.h"
#include "network/projection.h"

/* Neurons that are planted: half of them, in whole sets of the 2^k patterns where there are so many. */
static int64_t planted_neurons(const mfli_model *model, int64_t patterns)
{
    const int64_t half = (model->width + 1) / 2;
    return half >= patterns ? half - half % patterns : model->width >= patterns ? patterns : half;
}

/* A pattern in the place of w, of the prior's typical length sigma_w, so that whole sets are symmetric: signs of the
 * target's variables. */
static void align(const mfli_model *model, const mfli_task *task, int64_t neuron, double *w)
{
    /* An odd factor permutes the patterns, so that few neurons vary in all variables, too. */
    const uint32_t pattern = (uint32_t)neuron * 2654435769u;
    const int64_t variables = mfli_task_variables(task);
    const double size = model->sigma_w / sqrt((double)variables);
    memset(w, 0, (size_t)task->dimension * sizeof *w);
    for (int64_t i = 0; i < variables; i++) {
        const double z = pattern >> i & 1 ? -size : size;
        if (!task->direction)
            w[task->support[i]] = z;
        for (int64_t j = 0; task->direction && j < task->dimension; j++)
            w[j] += z * task->direction[i * task->dimension + j];
    }
}

int32_t mfli_network_plant(const mfli_model *model, const mfli_task *task, double *weights, double *readout)
{
    const int64_t patterns = INT64_C(1) << mfli_task_variables(task);
    const int64_t planted = planted_neurons(model, patterns), d = model->dimension;
    double square = 0.0;
    for (int64_t i = 0; i < planted; i++)
        align(model, task, i, weights + i * d);
    memset(readout, 0, (size_t)model->width * sizeof *readout);
    int32_t status = mfli_projections(model, task, planted, weights, d, readout);
    if (status)
        return status;
    for (int64_t i = 0; i < planted; i++)
        square += readout[i] * readout[i];
    if (!(square > 0.0))
        return MFL_ERROR_UNLEARNABLE;
    for (int64_t i = 0; i < planted; i++)
        readout[i] *= pow((double)model->width, model->gamma) / square;
    return MFL_OK;
}

static int32_t plant(mfl_network *network, const mfl_task *handle)
{
    mfl_context *context = network->object.context;
    const mfli_model *model = &network->model;
    mfli_task task;
    int32_t status = mfli_need_activation(context, model);
    if (!status)
        status = mfli_task_read(context, handle, &task);
    if (!status)
        status = mfli_projection_supported(context, model, &task);
    if (!status)
        status = mfli_check_learnable(context, model, &task);
    if (status)
        return status;
    status = mfli_network_plant(model, &task, network->weights, network->readout);
    if (status == MFL_ERROR_CALLBACK)
        return mfli_fail(context, status, "the activation function returned a non-zero value");
    if (status)
        return mfli_fail(context, status, "no neuron aligned with the target has a projection on it");
    return MFL_OK;
}

int32_t mfl_network_plant(mfl_network *network, const mfl_task *task)
{
    int32_t status = mfli_enter(network, MFLI_NETWORK);
    return status ? status : mfli_leave(network, plant(network, task));
}
