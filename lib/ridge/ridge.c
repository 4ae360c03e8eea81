/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: creation, options, precisions, kernel values, and what a fit left. */
#include "ridge/ridge.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "data/dataset.h"
#include "ridge/gram.h"

const mfli_option_spec mfli_ridge_specs[MFLI_RIDGE_OPTIONS] = {
    MFLI_OPTION_CHOICE(MFL_RIDGE_KERNEL, "kernel",
                       "nngp|ntk|rbf|polynomial|linear|caller|precomputed",
                       MFL_RIDGE_KERNEL_PRECOMPUTED, MFL_RIDGE_KERNEL_NNGP, "kernel function"),
    MFLI_OPTION_CHOICE(MFL_RIDGE_ACTIVATION, "activation", "model|hermite|sin|sign",
                       MFL_RIDGE_ACTIVATION_SIGN, MFL_RIDGE_ACTIVATION_MODEL,
                       "activation of the nngp and ntk kernels"),
    MFLI_OPTION_INT(MFL_RIDGE_DEGREE, "degree", 0, 200, 2,
                    "degree of the Hermite activation and of the polynomial kernel"),
    MFLI_OPTION_DOUBLE(MFL_RIDGE_OFFSET, "offset", 0.0, 1e150, 1.0,
                       "what the polynomial kernel adds to x.x'"),
    MFLI_OPTION_INT(MFL_RIDGE_TERMS, "terms", 8, 2000, 256,
                    "terms of the series for a caller's activation"),
    MFLI_OPTION_CHOICE(MFL_RIDGE_SOLVER, "solver", "cholesky|gradients", MFL_RIDGE_SOLVER_GRADIENTS,
                       MFL_RIDGE_SOLVER_CHOLESKY,
                       "exact factorisation, or preconditioned conjugate gradients"),
    MFLI_OPTION_INT(MFL_RIDGE_MEMORY_LIMIT, "memory_limit", 0, INT64_MAX, 0,
                    "bytes that a fit may take; 0: no limit"),
    MFLI_OPTION_DOUBLE(MFL_RIDGE_TOLERANCE, "tolerance", 1e-14, 0.5, 1e-8,
                       "relative residual at which conjugate gradients stop"),
    MFLI_OPTION_INT(MFL_RIDGE_ITERATIONS, "iterations", 1, 1000000, 1000,
                    "most iterations of conjugate gradients"),
    MFLI_OPTION_INT(MFL_RIDGE_RANK, "rank", 0, 20000, 500,
                    "rank of the preconditioner of conjugate gradients"),
    MFLI_OPTION_INT(MFL_RIDGE_STEPS, "steps", 1, 1000000, 100, "most steps of the optimiser"),
    MFLI_OPTION_DOUBLE(MFL_RIDGE_STEP_TOLERANCE, "step_tolerance", 1e-14, 1.0, 1e-9,
                       "relative change of the log evidence at which the optimiser stops"),
};

static void finish(void *handle)
{
    mfl_ridge *ridge = handle;
    mfli_ridge_forget(ridge);
    mfli_free(ridge->object.context, ridge->factors);
}

int32_t mfli_ridge_choose(const mfl_ridge *ridge, mfli_kernel *kernel)
{
    const mfl_options *options = &ridge->options;
    const mfli_kernel_choice choice = {
        .kind = (int32_t)mfli_options_int(options, MFL_RIDGE_KERNEL),
        .activation = (int32_t)mfli_options_int(options, MFL_RIDGE_ACTIVATION),
        .degree = (int32_t)mfli_options_int(options, MFL_RIDGE_DEGREE),
        .order = (int32_t)mfli_options_int(options, MFL_RIDGE_TERMS),
        .offset = mfli_options_double(options, MFL_RIDGE_OFFSET),
    };
    int32_t status = mfli_kernel_choose(ridge->object.context, &ridge->model, &choice, kernel);
    if (status)
        return status;
    if (ridge->factors) {
        kernel->factors = ridge->factors;
        kernel->unit = 1.0;
    }
    if (kernel->family == MFLI_FAMILY_CALLER) {
        if (!ridge->function)
            return mfli_fail(ridge->object.context, MFL_ERROR_STATE,
                             "the kernel is the caller's, but none was set; call "
                             "mfl_ridge_set_kernel");
        kernel->function = ridge->function;
        kernel->data = ridge->function_data;
    }
    return MFL_OK;
}

static int32_t create(const mfl_model *handle, mfl_ridge **out)
{
    mfl_context *context = handle->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    mfli_model model;
    mfli_kernel kernel;
    mfl_ridge *ridge;
    int32_t status = mfli_model_read_entered(handle, &model);
    if (!status)
        status = mfli_kernel_choose(context, &model, &(mfli_kernel_choice){0}, &kernel);
    if (!status)
        status = mfli_object_create(context, MFLI_RIDGE, sizeof *ridge, finish, &ridge);
    if (status)
        return status;
    ridge->model = model;
    ridge->dimension = model.dimension;
    mfli_options_init(&ridge->options, &ridge->object, mfli_ridge_specs, ridge->option_values,
                      MFLI_RIDGE_OPTIONS);
    *out = ridge;
    return MFL_OK;
}

int32_t mfl_ridge_create(const mfl_model *model, mfl_ridge **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(model, MFLI_MODEL);
    return status ? status : mfli_leave(model, create(model, out));
}

void mfl_ridge_destroy(mfl_ridge *ridge)
{
    mfli_destroy(ridge, MFLI_RIDGE);
}

int32_t mfl_ridge_options(mfl_ridge *ridge, mfl_options **options)
{
    return mfli_options_lend(ridge, MFLI_RIDGE, offsetof(mfl_ridge, options), options);
}

int32_t mfl_ridge_set_kernel(mfl_ridge *ridge, mfl_kernel_fn kernel, void *user_data)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    if (status)
        return status;
    if (!kernel)
        return mfli_leave(ridge, mfli_fail_null(ridge->object.context, "kernel"));
    mfli_ridge_forget(ridge);
    ridge->function = kernel;
    ridge->function_data = user_data;
    ridge->option_values[0] = (mfli_option_value){MFL_RIDGE_KERNEL_CALLER, 0.0, 1};
    return mfli_leave(ridge, MFL_OK);
}

static int32_t set_precisions(mfl_ridge *ridge, const double *rho, int64_t count)
{
    mfl_context *context = ridge->object.context;
    const int64_t expected = rho ? ridge->dimension : 0;
    if (count != expected)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; %lld precisions are expected",
                         (long long)count, (long long)expected);
    for (int64_t j = 0; j < count; j++)
        if (!(rho[j] > 0.0) || isinf(rho[j]))
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "rho[%lld] is %g; a precision must be a finite number above 0",
                             (long long)j, rho[j]);
    double *factors = rho ? mfli_alloc(context, (size_t)count, sizeof *factors) : NULL;
    if (rho && !factors)
        return MFL_ERROR_MEMORY;
    for (int64_t j = 0; j < count; j++)
        factors[j] = 1.0 / sqrt(rho[j]);
    mfli_ridge_forget(ridge);
    mfli_free(context, ridge->factors);
    ridge->factors = factors;
    return MFL_OK;
}

int32_t mfl_ridge_set_precisions(mfl_ridge *ridge, const double *rho, int64_t count)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, set_precisions(ridge, rho, count));
}

static int32_t precisions(const mfl_ridge *ridge, double *rho, int64_t capacity)
{
    mfl_context *context = ridge->object.context;
    if (!rho)
        return mfli_fail_null(context, "rho");
    if (capacity < ridge->dimension)
        return mfli_fail(context, MFL_ERROR_BUFFER,
                         "capacity is %lld; there are %lld precisions, one a coordinate",
                         (long long)capacity, (long long)ridge->dimension);
    const mfli_model *model = &ridge->model;
    double isotropic = (double)ridge->dimension / (model->sigma_w * model->sigma_w);
    for (int64_t j = 0; j < ridge->dimension; j++)
        rho[j] = ridge->factors ? 1.0 / (ridge->factors[j] * ridge->factors[j]) : isotropic;
    return MFL_OK;
}

int32_t mfl_ridge_precisions(const mfl_ridge *ridge, double *rho, int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, precisions(ridge, rho, capacity));
}

static int32_t memory_of(const mfl_ridge *ridge, int64_t samples, size_t *bytes)
{
    mfl_context *context = ridge->object.context;
    mfli_kernel kernel;
    if (!bytes)
        return mfli_fail_null(context, "bytes");
    int32_t status = mfli_ridge_choose(ridge, &kernel);
    if (status)
        return status;
    int64_t needed = samples >= 1 && samples <= INT32_MAX ? mfli_ridge_bytes(ridge, &kernel, samples) : -1;
    if (needed < 0 || (uint64_t)needed > SIZE_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "the number of samples is %lld; it must be from 1 to %d, and the memory countable",
                         (long long)samples, INT32_MAX);
    *bytes = (size_t)needed;
    return MFL_OK;
}

int32_t mfl_ridge_memory(const mfl_ridge *ridge, int64_t samples, size_t *bytes)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, memory_of(ridge, samples, bytes));
}

static int32_t kernel_values(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                             int64_t row_stride, const double *columns, int64_t column_count,
                             int64_t column_stride, double *out, int64_t stride)
{
    mfl_context *context = ridge->object.context;
    mfli_kernel kernel;
    int32_t status =
        mfli_ridge_check_rows(context, "rows", rows, row_count, row_stride, ridge->dimension);
    if (!status)
        status = mfli_ridge_check_rows(context, "columns", columns, column_count, column_stride,
                                       ridge->dimension);
    if (!status)
        status = mfli_ridge_check_rows(context, "kernel", out, row_count, stride, column_count);
    if (!status)
        status = mfli_ridge_choose(ridge, &kernel);
    if (!status && kernel.family == MFLI_FAMILY_PRECOMPUTED)
        status = mfli_fail(context, MFL_ERROR_STATE, "a precomputed kernel has no function");
    if (status)
        return status;
    mfli_points left, right;
    status = mfli_points_init(context, &kernel, &left, "rows", row_count, rows, row_stride, 1);
    if (status)
        return status;
    status = mfli_points_init(context, &kernel, &right, "columns", column_count, columns,
                              column_stride, 1);
    if (!status)
        status = mfli_cross_gram(context, &kernel, &left, &right, out, stride);
    mfli_points_clear(context, &right);
    mfli_points_clear(context, &left);
    return status;
}

int32_t mfl_ridge_kernel(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                         int64_t row_stride, const double *columns, int64_t column_count,
                         int64_t column_stride, double *kernel, int64_t kernel_stride)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge,
                               kernel_values(ridge, rows, row_count, row_stride, columns,
                                             column_count, column_stride, kernel, kernel_stride));
}

static int32_t kernel_error(const mfl_ridge *ridge, const double *inputs, int64_t count,
                            int64_t stride, double *error)
{
    mfl_context *context = ridge->object.context;
    mfli_kernel kernel;
    mfli_points points;
    if (!error)
        return mfli_fail_null(context, "error");
    int32_t status =
        mfli_ridge_check_rows(context, "inputs", inputs, count, stride, ridge->dimension);
    if (!status)
        status = mfli_ridge_choose(ridge, &kernel);
    if (!status)
        status = mfli_points_init(context, &kernel, &points, "inputs", count, inputs, stride, 1);
    if (status)
        return status;
    *error = points.error;
    mfli_points_clear(context, &points);
    return MFL_OK;
}

int32_t mfl_ridge_kernel_error(const mfl_ridge *ridge, const double *inputs, int64_t count,
                               int64_t stride, double *error)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status
                  : mfli_leave(ridge, kernel_error(ridge, inputs, count, stride, error));
}

int32_t mfli_ridge_read(const mfl_ridge *ridge, const mfl_dataset *train, mfli_problem_data *data)
{
    mfl_context *context = ridge->object.context;
    int32_t status = mfli_dataset_check(context, train, "train");
    if (status)
        return status;
    if (train->columns != ridge->dimension)
        return mfli_fail(
            context, MFL_ERROR_SIZE,
            "train has inputs of dimension %lld, the model's kernel is for dimension %lld",
            (long long)train->columns, (long long)ridge->dimension);
    *data = (mfli_problem_data){.samples = train->rows,
                                .inputs = train->inputs,
                                .row_stride = train->row_stride,
                                .column_stride = train->column_stride,
                                .targets = train->targets};
    return MFL_OK;
}

static int32_t fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa)
{
    mfli_problem_data data;
    int32_t status = mfli_ridge_read(ridge, train, &data);
    return status ? status : mfli_ridge_fit_to(ridge, &data, kappa);
}

int32_t mfl_ridge_fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, fit(ridge, train, kappa));
}

static int32_t fit_matrix(mfl_ridge *ridge, const mfli_problem_data *data, double kappa)
{
    mfl_context *context = ridge->object.context;
    if (!data->targets)
        return mfli_fail_null(context, "targets");
    int32_t status = mfli_ridge_check_rows(context, "kernel", data->kernel, data->samples,
                                           data->row_stride, data->samples);
    return status ? status : mfli_ridge_fit_to(ridge, data, kappa);
}

int32_t mfl_ridge_fit_matrix(mfl_ridge *ridge, int64_t samples, const double *kernel,
                             int64_t stride, const double *targets, double kappa)
{
    const mfli_problem_data data = {
        .samples = samples, .kernel = kernel, .row_stride = stride, .targets = targets};
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, fit_matrix(ridge, &data, kappa));
}

static int32_t log_evidence_of(const mfl_ridge *ridge, double *log_evidence)
{
    if (!log_evidence)
        return mfli_fail_null(ridge->object.context, "log_evidence");
    int32_t status = mfli_ridge_check_factor(ridge);
    if (!status)
        status = mfli_ridge_check_finite(ridge->object.context, "log evidence", &ridge->log_evidence, 1);
    if (!status)
        *log_evidence = ridge->log_evidence;
    return status;
}

int32_t mfl_ridge_log_evidence(const mfl_ridge *ridge, double *log_evidence)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, log_evidence_of(ridge, log_evidence));
}

static int32_t copy_weights(const mfl_ridge *ridge, double *weights, int64_t capacity)
{
    mfl_context *context = ridge->object.context;
    if (!weights)
        return mfli_fail_null(context, "weights");
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (status)
        return status;
    if (capacity < ridge->samples)
        return mfli_fail(context, MFL_ERROR_BUFFER,
                         "capacity is %lld; there are %lld weights, one a sample",
                         (long long)capacity, (long long)ridge->samples);
    memcpy(weights, ridge->weights, (size_t)ridge->samples * sizeof *weights);
    return MFL_OK;
}

int32_t mfl_ridge_weights(const mfl_ridge *ridge, double *weights, int64_t capacity)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, copy_weights(ridge, weights, capacity));
}

static int32_t get(const mfl_ridge *ridge, int32_t key, double *value)
{
    mfl_context *context = ridge->object.context;
    const double results[] = {ridge->kappa,        ridge->model.sigma_w, ridge->model.sigma_a,
                              ridge->points.error, ridge->residual,      ridge->steps,
                              ridge->stop,         (double)ridge->rank};
    if (!value)
        return mfli_fail_null(context, "value");
    int32_t status = mfli_ridge_check_fitted(ridge);
    if (status)
        return status;
    if (key < MFL_RIDGE_KAPPA || key > MFL_RIDGE_RANK_USED)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a regression has no result with key %d",
                         (int)key);
    *value = results[key - MFL_RIDGE_KAPPA];
    return MFL_OK;
}

int32_t mfl_ridge_get(const mfl_ridge *ridge, int32_t key, double *value)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, get(ridge, key, value));
}

int32_t mfl_ridge_shape(const mfl_ridge *ridge, int64_t *samples, int64_t *dimension)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    if (status)
        return status;
    if (samples)
        *samples = ridge->samples;
    if (dimension)
        *dimension = ridge->dimension;
    return mfli_leave(ridge, MFL_OK);
}
