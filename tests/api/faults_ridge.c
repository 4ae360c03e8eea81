/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t regression(mfl_context *context)
{
    const double inputs[] = {1.0, 2.0, -1.0, 0.5, 0.3, -2.0}, targets[] = {1.0, -1.0, 0.5};
    mfl_model *model = NULL;
    mfl_dataset *train = NULL;
    mfl_ridge *ridge = NULL;
    int32_t status = MFL_OK;
    double kernel[9], mean[3], variance[3], weights[3], log_evidence;
    int64_t samples, dimension;
    MAKE(status, model, mfl_model_create, (context, 2, 0, &model));
    MAKE(status, train, mfl_dataset_copy, (context, 3, 2, inputs, 2, 1, targets, &train));
    MAKE(status, ridge, mfl_ridge_create, (model, &ridge));
    NEXT(status, mfl_ridge_kernel, (ridge, inputs, 3, 2, inputs, 3, 2, kernel, 3));
    NEXT(status, mfl_ridge_fit, (ridge, train, 0.1));
    NEXT(status, mfl_ridge_predict, (ridge, inputs, 3, 2, mean, variance));
    NEXT(status, mfl_ridge_weights, (ridge, weights, 3));
    NEXT(status, mfl_ridge_log_evidence, (ridge, &log_evidence));
    NEXT(status, mfl_ridge_shape, (ridge, &samples, &dimension));
    CALL(mfl_ridge_destroy, (ridge));
    CALL(mfl_dataset_destroy, (train));
    CALL(mfl_model_destroy, (model));
    return status;
}

const fault_scenario faults_ridge[] = {
    {"regression", regression},
    {NULL, NULL},
};
