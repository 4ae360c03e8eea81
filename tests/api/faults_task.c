/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t square(int64_t count, const double *z, double *value, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++)
        value[i] = z[i] * z[i];
    return 0;
}

static int32_t parities(mfl_context *context)
{
    const int64_t support[2] = {1, 3};
    const double x[4] = {1.0, -1.0, 1.0, 1.0};
    mfl_task *task = NULL;
    mfl_options *options;
    int32_t status = MFL_OK, kind;
    int64_t dimension, degree;
    double y;
    MAKE(status, task, mfl_task_create_parity, (context, 4, 2, &task));
    NEXT(status, mfl_task_options, (task, &options));
    NEXT(status, mfl_task_set_support, (task, support, 2));
    NEXT(status, mfl_task_shape, (task, &kind, &dimension, &degree));
    NEXT(status, mfl_task_evaluate, (task, 1, x, 4, &y));
    CALL(mfl_task_destroy, (task));
    return status;
}

static int32_t teachers(mfl_context *context)
{
    const double direction[2] = {3.0, 4.0}, covariance[4] = {2.0, 0.5, 0.5, 1.0};
    mfl_task *hermite = NULL, *relu = NULL, *caller = NULL;
    int32_t status = MFL_OK;
    double mean, mean_square, error;
    MAKE(status, hermite, mfl_task_create_hermite, (context, 2, 3, &hermite));
    NEXT(status, mfl_task_set_direction, (hermite, direction, 2));
    NEXT(status, mfl_task_set_covariance, (hermite, covariance, 2, 2));
    MAKE(status, relu, mfl_task_create_relu, (context, 2, &relu));
    MAKE(status, caller, mfl_task_create_caller, (context, 2, square, NULL, &caller));
    NEXT(status, mfl_task_moments, (caller, &mean, &mean_square, &error));
    CALL(mfl_task_destroy, (caller));
    CALL(mfl_task_destroy, (relu));
    CALL(mfl_task_destroy, (hermite));
    return status;
}

static int32_t sums(mfl_context *context)
{
    const int64_t degrees[4] = {1, 0, 1, 1}, support[2] = {2, 0};
    const double coefficients[2] = {1.0, 0.5}, directions[6] = {0.6, 0.8, 0.0, 0.8, -0.6, 0.0}, x[3] = {1.0, -1.0, 1.0};
    mfl_task *task = NULL;
    int32_t status = MFL_OK;
    double y, mean, mean_square, error;
    MAKE(status, task, mfl_task_create_sum, (context, 3, 2, 2, degrees, coefficients, &task));
    NEXT(status, mfl_task_set_support, (task, support, 2));
    NEXT(status, mfl_task_moments, (task, &mean, &mean_square, &error));
    NEXT(status, mfl_task_set_directions, (task, directions, 2, 3, 3));
    NEXT(status, mfl_task_evaluate, (task, 1, x, 3, &y));
    CALL(mfl_task_destroy, (task));
    return status;
}

const fault_scenario faults_task[] = {
    {"parities", parities},
    {"teachers", teachers},
    {"sums", sums},
    {NULL, NULL},
};
