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
        return model->phi((int64_t)count, z, value, slope, model->phi_data) ? MFL_ERROR_CALLBACK : MFL_OK;
    for (size_t i = 0; i < count; i++)
        value[i] = value_at(model, z[i]);
    return MFL_OK;
}

/* Straight loops, which compilers turn into vectors: the features of many neurons go through here. */
static void leaky(double leak, size_t count, const double *z, double *value, double *slope)
{
    for (size_t i = 0; i < count; i++) {
        slope[i] = z[i] > 0.0 ? 1.0 : leak;
        value[i] = slope[i] * z[i];
    }
}

static double slope_at(int32_t activation, double z, double value)
{
    static const double two_over_root_pi = 1.12837916709551257390, root_two_pi = 2.50662827463100050242;
    switch (activation) {
    case MFL_ACTIVATION_ERF:
        return two_over_root_pi * exp(-z * z);
    case MFL_ACTIVATION_TANH:
        return 1.0 - value * value;
    case MFL_ACTIVATION_GELU:
        return 0.5 * erfc(-z * 0.70710678118654752440) + z * exp(-0.5 * z * z) / root_two_pi;
    default: /* quadratic */
        return 2.0 * z;
    }
}

int32_t mfli_activation_slopes(const mfli_model *model, size_t count, const double *z, double *value,
                               double *slope)
{
    switch (model->activation) {
    case MFL_ACTIVATION_CALLER:
        return mfli_activation_values(model, count, z, value, slope);
    case MFL_ACTIVATION_RELU:
        leaky(0.0, count, z, value, slope);
        return MFL_OK;
    case MFL_ACTIVATION_LEAKY:
        leaky(model->leak, count, z, value, slope);
        return MFL_OK;
    case MFL_ACTIVATION_LINEAR:
        leaky(1.0, count, z, value, slope);
        return MFL_OK;
    default:
        for (size_t i = 0; i < count; i++) {
            value[i] = value_at(model, z[i]);
            slope[i] = slope_at(model->activation, z[i], value[i]);
        }
        return MFL_OK;
    }
}
