/* SPDX-License-Identifier: BSD-3-Clause */
#include "network/features.h"

#include <math.h>

static double value_at(const mfli_model *model, double z)
{
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        return z > 0.0 ? z : 0.0;
    case MFL_ACTIVATION_LEAKY:
        return z > 0.0 ? z : model->leak * z;
    case MFL_ACTIVATION_ERF:
        return erf(z);
    case MFL_ACTIVATION_TANH:
        return tanh(z);
    case MFL_ACTIVATION_GELU:
        return 0.5 * z * erfc(-z * 0.70710678118654752440);
    case MFL_ACTIVATION_QUADRATIC:
        return z * z;
    default:
        return z;
    }
}

int32_t mfli_activation_values(const mfli_model *model, size_t count, const double *z, double *value,
                               double *slope)
{
    if (model->activation == MFL_ACTIVATION_CALLER)
        return model->phi(count, z, value, slope, model->phi_data) ? MFL_ERROR_CALLBACK : MFL_OK;
    for (size_t i = 0; i < count; i++)
        value[i] = value_at(model, z[i]);
    return MFL_OK;
}
