/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/kernel.h"

#include <math.h>

#include "core/context.h"

static int32_t family_of_activation(int32_t activation)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
    case MFL_ACTIVATION_LEAKY:
        return MFLI_FAMILY_LEAKY;
    case MFL_ACTIVATION_ERF:
        return MFLI_FAMILY_ERF;
    case MFL_ACTIVATION_GELU:
        return MFLI_FAMILY_GELU;
    case MFL_ACTIVATION_LINEAR:
        return MFLI_FAMILY_LINEAR;
    case MFL_ACTIVATION_QUADRATIC:
        return MFLI_FAMILY_QUADRATIC;
    case MFL_ACTIVATION_TANH:
        return MFLI_FAMILY_TANH;
    default:
        return MFLI_FAMILY_SERIES;
    }
}

static int32_t family_of_network(const mfli_model *model, int32_t activation)
{
    switch (activation) {
    case MFL_RIDGE_ACTIVATION_HERMITE:
        return MFLI_FAMILY_HERMITE;
    case MFL_RIDGE_ACTIVATION_SIN:
        return MFLI_FAMILY_SIN;
    case MFL_RIDGE_ACTIVATION_SIGN:
        return MFLI_FAMILY_SIGN;
    default:
        return family_of_activation(model->activation);
    }
}

static int32_t family_of(const mfli_model *model, const mfli_kernel_choice *choice)
{
    switch (choice->kind) {
    case MFL_RIDGE_KERNEL_RBF:
        return MFLI_FAMILY_RBF;
    case MFL_RIDGE_KERNEL_POLYNOMIAL:
        return MFLI_FAMILY_POLYNOMIAL;
    case MFL_RIDGE_KERNEL_LINEAR:
        return MFLI_FAMILY_LINEAR;
    case MFL_RIDGE_KERNEL_CALLER:
        return MFLI_FAMILY_CALLER;
    case MFL_RIDGE_KERNEL_PRECOMPUTED:
        return MFLI_FAMILY_PRECOMPUTED;
    default:
        return family_of_network(model, choice->activation);
    }
}

/* N^(1 - 2 gamma) sigma_a^2. At gamma = 1/2 it does not depend on N; elsewhere it has no limit but
 * 0 or infinity. */
static int32_t readout_scale(mfl_context *context, const mfli_model *model, double *scale)
{
    double variance = model->sigma_a * model->sigma_a;
    if (model->gamma != 0.5 && model->width == 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "gamma is %g: at infinite width (width 0) the kernel is finite and "
                         "non-zero only for gamma = 0.5; give the model a width",
                         model->gamma);
    *scale = model->gamma == 0.5 ? variance
                                 : variance * pow((double)model->width, 1.0 - 2.0 * model->gamma);
    return MFL_OK;
}

int32_t mfli_kernel_choose(mfl_context *context, const mfli_model *model,
                           const mfli_kernel_choice *choice, mfli_kernel *kernel)
{
    *kernel = (mfli_kernel){
        .family = family_of(model, choice),
        .tangent = choice->kind == MFL_RIDGE_KERNEL_NTK,
        .degree = choice->degree,
        .order = choice->order,
        .unit = model->sigma_w / sqrt((double)model->dimension),
        .leak = model->activation == MFL_ACTIVATION_LEAKY ? model->leak : 0.0,
        .offset = choice->offset,
        .dimension = model->dimension,
        .phi = model->phi,
        .data = model->phi_data,
    };
    if (kernel->tangent && kernel->family == MFLI_FAMILY_SIGN)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "sign has no tangent kernel: its derivative is zero but for a point; "
                         "choose kernel nngp");
    return readout_scale(context, model, &kernel->scale);
}
