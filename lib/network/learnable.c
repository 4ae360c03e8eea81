/* SPDX-License-Identifier: BSD-3-Clause */
/* Targets that no neuron without bias can see: J(w) = 0 for all w, by the parity of phi or because phi is a polynomial
 * of another degree. ReLU and GELU are z/2 plus an even function. */
#include "core/context.h"
#include "network/projection.h"

int32_t mfli_learnable_degree(const mfli_model *model, int64_t degree)
{
    const int32_t even = degree % 2 == 0;
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
    case MFL_ACTIVATION_GELU:
        return even || degree == 1;
    case MFL_ACTIVATION_LEAKY:
        return even ? model->leak != 1.0 : degree == 1 && model->leak != -1.0;
    case MFL_ACTIVATION_ERF:
    case MFL_ACTIVATION_TANH:
        return !even;
    case MFL_ACTIVATION_LINEAR:
        return degree == 1;
    case MFL_ACTIVATION_QUADRATIC:
        return degree == 0 || degree == 2;
    default:
        return 1;
    }
}

static int32_t check_sum(mfl_context *context, const mfli_model *model, const mfli_task *task)
{
    for (int64_t i = 0; i < task->terms; i++) {
        int64_t total = 0;
        for (int64_t j = 0; j < task->variables; j++)
            total += task->degrees[i * task->variables + j];
        if (task->coefficients[i] != 0.0 && mfli_learnable_degree(model, total))
            return MFL_OK;
    }
    return mfli_fail(context, MFL_ERROR_UNLEARNABLE,
                     "no %s neuron without bias correlates with any term of the target; choose other degrees or "
                     "another activation",
                     mfli_activation_name(model->activation));
}

int32_t mfli_check_learnable(mfl_context *context, const mfli_model *model, const mfli_task *task)
{
    const int32_t single_mode = task->kind == MFL_TASK_PARITY || task->kind == MFL_TASK_HERMITE;
    if (task->kind == MFL_TASK_SUM)
        return check_sum(context, model, task);
    if (!single_mode || mfli_learnable_degree(model, task->degree))
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_UNLEARNABLE,
                     "no %s neuron without bias correlates with a target of degree %lld; choose another degree or "
                     "activation",
                     mfli_activation_name(model->activation), (long long)task->degree);
}

int32_t mfl_model_check_task(const mfl_model *model, const mfl_task *handle)
{
    int32_t status = mfli_enter(model, MFLI_MODEL);
    if (status)
        return status;
    mfl_context *context = model->object.context;
    mfli_model parameters;
    mfli_task task;
    status = mfli_model_read_entered(model, &parameters);
    if (!status)
        status = mfli_task_read(context, handle, &task);
    if (!status)
        status = mfli_check_dimension(context, &parameters, &task);
    if (!status)
        status = mfli_check_learnable(context, &parameters, &task);
    return mfli_leave(model, status);
}
