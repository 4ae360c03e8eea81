/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static const double inputs[] = {1.0, 2.0, -1.0, 0.5, 0.3, -2.0, 0.7, 0.1},
                    targets[] = {1.0, -1.0, 0.5, 0.2};

static int32_t regression(mfl_context *context)
{
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

typedef struct setting {
    mfl_model *model;
    mfl_dataset *train;
    mfl_ridge *ridge;
    mfl_options *options;
} setting;

/* Four samples in two dimensions and a regression of the given activation. */
static int32_t begin(mfl_context *context, setting *s, int32_t activation)
{
    mfl_options *options;
    int32_t status = MFL_OK;
    MAKE(status, s->model, mfl_model_create, (context, 2, 0, &s->model));
    NEXT(status, mfl_model_options, (s->model, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_MODEL_ACTIVATION, activation));
    MAKE(status, s->train, mfl_dataset_copy, (context, 4, 2, inputs, 2, 1, targets, &s->train));
    MAKE(status, s->ridge, mfl_ridge_create, (s->model, &s->ridge));
    NEXT(status, mfl_ridge_options, (s->ridge, &s->options));
    NEXT(status, mfl_options_set_int, (s->options, MFL_RIDGE_TERMS, 8)); /* to be quick */
    NEXT(status, mfl_options_set_int, (s->options, MFL_RIDGE_STEPS, 2));
    return status;
}

static int32_t end(setting *s, int32_t status)
{
    CALL(mfl_ridge_destroy, (s->ridge));
    CALL(mfl_dataset_destroy, (s->train));
    CALL(mfl_model_destroy, (s->model));
    return status;
}

static int32_t analysis(mfl_context *context)
{
    setting s = {NULL, NULL, NULL, NULL};
    const double rho[] = {1.0, 2.0}, kappas[] = {0.1, 1.0};
    const int64_t fold[] = {0, 1, 0, 1};
    double number[16], more[16];
    size_t bytes;
    int32_t status = begin(context, &s, MFL_ACTIVATION_TANH);
    NEXT(status, mfl_ridge_set_precisions, (s.ridge, rho, 2));
    NEXT(status, mfl_ridge_precisions, (s.ridge, number, 2));
    NEXT(status, mfl_ridge_memory, (s.ridge, 4, &bytes));
    NEXT(status, mfl_ridge_fit, (s.ridge, s.train, 0.1));
    NEXT(status, mfl_ridge_get, (s.ridge, MFL_RIDGE_KERNEL_ERROR, number));
    NEXT(status, mfl_ridge_covariance, (s.ridge, inputs, 4, 2, number, 4));
    NEXT(status, mfl_ridge_solve, (s.ridge, targets, 1, 4, number, 4));
    NEXT(status, mfl_ridge_leave_one_out, (s.ridge, number, more, 4));
    NEXT(status, mfl_ridge_cross_validate, (s.ridge, fold, 2, number, 4));
    NEXT(status, mfl_ridge_gradient, (s.ridge, number, number + 1, number + 2, more, 2));
    NEXT(status, mfl_ridge_path, (s.ridge, s.train, kappas, 2, number, more));
    NEXT(status, mfl_ridge_optimise,
         (s.ridge, s.train, 0.5, MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_PRECISIONS));
    return end(&s, status);
}

static int32_t iteration(mfl_context *context)
{
    setting s = {NULL, NULL, NULL, NULL};
    double mean[4];
    int32_t status = begin(context, &s, MFL_ACTIVATION_RELU);
    NEXT(status, mfl_options_set_int, (s.options, MFL_RIDGE_SOLVER, MFL_RIDGE_SOLVER_GRADIENTS));
    NEXT(status, mfl_ridge_fit, (s.ridge, s.train, 0.1));
    NEXT(status, mfl_ridge_predict, (s.ridge, inputs, 4, 2, mean, NULL));
    return end(&s, status);
}

static int32_t product(int64_t row_count, const double *rows, int64_t column_count,
                       const double *columns, int64_t dimension, double *kernel, int64_t stride,
                       void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < row_count; i++)
        for (int64_t j = 0; j < column_count; j++)
            kernel[i * stride + j] = rows[i * dimension] * columns[j * dimension];
    return 0;
}

static int32_t own_kernels(mfl_context *context)
{
    setting s = {NULL, NULL, NULL, NULL};
    const double identity[] = {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
    double mean[4], variance[4];
    int32_t status = begin(context, &s, MFL_ACTIVATION_RELU);
    NEXT(status, mfl_ridge_set_kernel, (s.ridge, product, NULL));
    NEXT(status, mfl_ridge_fit, (s.ridge, s.train, 0.1));
    NEXT(status, mfl_ridge_predict, (s.ridge, inputs, 4, 2, mean, variance));
    NEXT(status, mfl_options_set_int, (s.options, MFL_RIDGE_KERNEL, MFL_RIDGE_KERNEL_PRECOMPUTED));
    NEXT(status, mfl_ridge_fit_matrix, (s.ridge, 3, identity, 3, targets, 0.1));
    NEXT(status, mfl_ridge_predict_matrix, (s.ridge, identity, 3, 3, identity, mean, variance));
    return end(&s, status);
}

static int32_t square(int64_t count, const double *z, double *value, double *derivative,
                      void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i];
        derivative[i] = 2.0 * z[i];
    }
    return 0;
}

static int32_t own_activation(mfl_context *context)
{
    mfl_model *model = NULL;
    mfl_ridge *ridge = NULL;
    mfl_options *options;
    mfl_spectrum *sphere = NULL;
    mfl_dataset *data = NULL;
    const int64_t folds[] = {0, 1, 0, 1};
    double error, kernel[16];
    int32_t status = MFL_OK;
    MAKE(status, model, mfl_model_create, (context, 2, 0, &model));
    NEXT(status, mfl_model_set_activation, (model, square, NULL));
    MAKE(status, ridge, mfl_ridge_create, (model, &ridge));
    NEXT(status, mfl_ridge_options, (ridge, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_RIDGE_TERMS, 8)); /* to be quick */
    NEXT(status, mfl_ridge_kernel, (ridge, inputs, 4, 2, inputs, 4, 2, kernel, 4));
    NEXT(status, mfl_ridge_kernel_error, (ridge, inputs, 4, 2, &error));
    MAKE(status, sphere, mfl_spectrum_of_kernel,
         (ridge, MFL_SPECTRUM_SPHERE, 2, &sphere));
    MAKE(status, data, mfl_dataset_copy, (context, 4, 2, inputs, 2, 1, targets, &data));
    NEXT(status, mfl_ridge_fit, (ridge, data, 0.1));
    NEXT(status, mfl_ridge_cross_validate, (ridge, folds, 2, kernel, 4));
    CALL(mfl_dataset_destroy, (data));
    CALL(mfl_spectrum_destroy, (sphere));
    CALL(mfl_ridge_destroy, (ridge));
    CALL(mfl_model_destroy, (model));
    return status;
}

static int32_t spectra(mfl_context *context)
{
    setting s = {NULL, NULL, NULL, NULL};
    mfl_spectrum *own = NULL, *kernel = NULL, *data = NULL, *gaussian = NULL;
    const double values[] = {1.0, 0.5};
    double results[MFL_SPECTRUM_RESULTS], learned[4], rest;
    int64_t count;
    int32_t status = begin(context, &s, MFL_ACTIVATION_ERF);
    mfl_task *task = NULL;
    int64_t degrees[64];
    double many[64];
    MAKE(status, own, mfl_spectrum_create, (context, 2, values, NULL, 0.1, &own));
    MAKE(status, kernel, mfl_spectrum_of_kernel, (s.ridge, MFL_SPECTRUM_SPHERE, 3, &kernel));
    MAKE(status, data, mfl_spectrum_of_data, (s.ridge, s.train, &data));
    MAKE(status, task, mfl_task_create_hermite, (context, 2, 1, &task));
    MAKE(status, gaussian, mfl_spectrum_of_task, (s.ridge, task, 2, &gaussian));
    NEXT(status, mfl_spectrum_degrees, (gaussian, degrees, 64));
    NEXT(status, mfl_spectrum_error, (gaussian, &rest));
    NEXT(status, mfl_spectrum_learn, (gaussian, NULL, 3.0, 0.1, 0.0, results, many, 64));
    NEXT(status, mfl_spectrum_shape, (kernel, &count, &rest));
    NEXT(status, mfl_spectrum_read, (kernel, learned, NULL, NULL, 4));
    NEXT(status, mfl_spectrum_learn, (data, NULL, 3.0, 0.1, 0.0, results, learned, 4));
    CALL(mfl_spectrum_destroy, (gaussian));
    CALL(mfl_task_destroy, (task));
    CALL(mfl_spectrum_destroy, (data));
    CALL(mfl_spectrum_destroy, (kernel));
    CALL(mfl_spectrum_destroy, (own));
    return end(&s, status);
}

/* Kernels with |x| as a factor have a way of their own. */
static int32_t homogeneous(mfl_context *context)
{
    setting s = {NULL, NULL, NULL, NULL};
    mfl_task *task = NULL;
    mfl_spectrum *spectrum = NULL;
    int32_t status = begin(context, &s, MFL_ACTIVATION_RELU);
    MAKE(status, task, mfl_task_create_hermite, (context, 2, 1, &task));
    MAKE(status, spectrum, mfl_spectrum_of_task, (s.ridge, task, 2, &spectrum));
    CALL(mfl_spectrum_destroy, (spectrum));
    CALL(mfl_task_destroy, (task));
    return end(&s, status);
}

const fault_scenario faults_ridge[] = {
    {"regression", regression},
    {"analysis of a regression", analysis},
    {"conjugate gradients", iteration},
    {"kernels of the caller", own_kernels},
    {"an activation of the caller", own_activation},
    {"spectra", spectra},
    {"spectra of homogeneous kernels", homogeneous},
    {NULL, NULL},
};
