/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t square(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i];
        derivative[i] = 2.0 * z[i];
    }
    return 0;
}

static int32_t models(mfl_context *context)
{
    mfl_model *first = NULL, *second = NULL;
    mfl_options *options;
    int32_t status = MFL_OK;
    int64_t dimension, width;
    MAKE(status, first, mfl_model_create, (context, 4, 8, &first));
    MAKE(status, second, mfl_model_create, (context, 5, 0, &second));
    NEXT(status, mfl_model_options, (first, &options));
    NEXT(status, mfl_model_set_activation, (first, square, NULL));
    NEXT(status, mfl_model_shape, (second, &dimension, &width));
    CALL(mfl_model_destroy, (second));
    CALL(mfl_model_destroy, (first));
    return status;
}

const fault_scenario faults_model[] = {
    {"models", models},
    {NULL, NULL},
};
