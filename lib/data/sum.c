/* SPDX-License-Identifier: BSD-3-Clause */
/* Targets that are sums of products of Hermite polynomials of a few variables; of parities, where all degrees are 0 or
 * 1. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "data/task.h"

/* Beyond these, a number is a mistake. */
static const int64_t most_terms = 10000, largest_degree = 100000;

static int32_t check(mfl_context *context, int64_t dimension, int64_t variables, int64_t terms,
                     const int64_t *degrees, const double *coefficients)
{
    if (variables < 1 || variables > MFLI_MOST_VARIABLES || variables > dimension)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "variables is %lld; in dimension %lld there are between 1 and %lld",
                         (long long)variables, (long long)dimension,
                         (long long)(dimension < MFLI_MOST_VARIABLES ? dimension : MFLI_MOST_VARIABLES));
    if (terms < 1 || terms > most_terms)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "terms is %lld; it must be between 1 and %lld",
                         (long long)terms, (long long)most_terms);
    if (!degrees)
        return mfli_fail_null(context, "degrees");
    if (!coefficients)
        return mfli_fail_null(context, "coefficients");
    for (int64_t i = 0; i < terms; i++) {
        if (!isfinite(coefficients[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "coefficients[%lld] is %g; it must be finite",
                             (long long)i, coefficients[i]);
        for (int64_t j = 0; j < variables; j++)
            if (degrees[i * variables + j] < 0 || degrees[i * variables + j] > largest_degree)
                return mfli_fail(context, MFL_ERROR_ARGUMENT,
                                 "degrees[%lld][%lld] is %lld; it must be between 0 and %lld", (long long)i,
                                 (long long)j, (long long)degrees[i * variables + j], (long long)largest_degree);
    }
    return MFL_OK;
}

static int32_t create(mfl_context *context, int64_t dimension, int64_t variables, int64_t terms,
                      const int64_t *degrees, const double *coefficients, mfl_task **out)
{
    mfli_task task = {.kind = MFL_TASK_SUM, .input_law = MFL_INPUT_HYPERCUBE, .dimension = dimension,
                      .variables = variables, .terms = terms};
    mfl_task *handle = NULL;
    int32_t status = check(context, dimension, variables, terms, degrees, coefficients);
    for (int64_t i = 0; status == MFL_OK && i < terms * variables; i++)
        if (degrees[i] > 1)
            task.input_law = MFL_INPUT_GAUSSIAN;
    if (status == MFL_OK)
        status = mfli_task_create(context, &task, out ? &handle : NULL);
    if (status)
        return status;
    handle->degrees = mfli_alloc(context, (size_t)(terms * variables), sizeof *degrees);
    handle->coefficients = mfli_alloc(context, (size_t)terms, sizeof *coefficients);
    if (!handle->degrees || !handle->coefficients) {
        mfli_object_release(handle);
        return MFL_ERROR_MEMORY;
    }
    memcpy(handle->degrees, degrees, (size_t)(terms * variables) * sizeof *degrees);
    memcpy(handle->coefficients, coefficients, (size_t)terms * sizeof *coefficients);
    *out = handle;
    return MFL_OK;
}

int32_t mfl_task_create_sum(mfl_context *context, int64_t dimension, int64_t variables, int64_t terms,
                            const int64_t *degrees, const double *coefficients, mfl_task **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status
                  : mfli_leave(context, create(context, dimension, variables, terms, degrees, coefficients, out));
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0.0;
    for (int64_t j = 0; j < n; j++)
        sum += a[j] * b[j];
    return sum;
}

static int32_t check_directions(mfl_context *context, const double *directions, int64_t rows, int64_t columns,
                                int64_t stride)
{
    static const double rounding = 1e-8;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j <= i; j++) {
            double product = dot(directions + i * stride, directions + j * stride, columns);
            if (!(fabs(product - (i == j)) < rounding))
                return mfli_fail(context, MFL_ERROR_ARGUMENT,
                                 "directions %lld and %lld have the inner product %g; they must be orthonormal",
                                 (long long)i, (long long)j, product);
        }
    return MFL_OK;
}

/* Gram-Schmidt, of what was orthonormal to fewer digits. */
static void orthonormalise(double *rows, int64_t count, int64_t columns)
{
    for (int64_t i = 0; i < count; i++) {
        double *row = rows + i * columns;
        for (int64_t j = 0; j < i; j++) {
            double part = dot(row, rows + j * columns, columns);
            for (int64_t l = 0; l < columns; l++)
                row[l] -= part * rows[j * columns + l];
        }
        double length = sqrt(dot(row, row, columns));
        for (int64_t l = 0; l < columns; l++)
            row[l] /= length;
    }
}

static int32_t set_directions(mfl_task *task, const double *directions, int64_t count, int64_t dimension,
                              int64_t stride)
{
    mfl_context *context = task->object.context;
    if (task->task.kind != MFL_TASK_SUM)
        return mfli_fail(context, MFL_ERROR_STATE, "only a sum has several directions; use mfl_task_set_direction");
    if (!directions)
        return mfli_fail_null(context, "directions");
    if (count != task->task.variables || dimension != task->task.dimension || stride < dimension)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "directions is %lld x %lld with row stride %lld; the task needs %lld x %lld and a stride of "
                         "at least that",
                         (long long)count, (long long)dimension, (long long)stride, (long long)task->task.variables,
                         (long long)task->task.dimension);
    int32_t status = mfli_check_extent(context, "directions", count, stride);
    if (!status)
        status = check_directions(context, directions, count, dimension, stride);
    if (status)
        return status;
    double *copy = mfli_alloc(context, (size_t)count * (size_t)dimension, sizeof *copy);
    if (!copy)
        return MFL_ERROR_MEMORY;
    for (int64_t i = 0; i < count; i++)
        memcpy(copy + i * dimension, directions + i * stride, (size_t)dimension * sizeof *copy);
    orthonormalise(copy, count, dimension);
    mfli_free(context, task->direction);
    task->direction = copy;
    return MFL_OK;
}

int32_t mfl_task_set_directions(mfl_task *task, const double *directions, int64_t count, int64_t dimension,
                                int64_t row_stride)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, set_directions(task, directions, count, dimension, row_stride));
}

double mfli_task_sum(const mfli_task *task, const double *x)
{
    double z[MFLI_MOST_VARIABLES], sum = 0.0;
    for (int64_t j = 0; j < task->variables; j++)
        z[j] = task->direction ? dot(task->direction + j * task->dimension, x, task->dimension)
                               : x[task->support[j]];
    for (int64_t i = 0; i < task->terms; i++) {
        double product = task->coefficients[i];
        for (int64_t j = 0; j < task->variables; j++)
            product *= mfli_hermite(task->degrees[i * task->variables + j], z[j]);
        sum += product;
    }
    return sum;
}

/* The coefficients of the same product together, where it occurs first; else 0. */
static double together(const mfli_task *task, int64_t term)
{
    const int64_t *degrees = task->degrees + term * task->variables;
    double sum = 0.0;
    for (int64_t i = 0; i < task->terms; i++) {
        if (memcmp(degrees, task->degrees + i * task->variables, (size_t)task->variables * sizeof *degrees) != 0)
            continue;
        if (i < term)
            return 0.0;
        sum += task->coefficients[i];
    }
    return sum;
}

double mfli_task_sum_square(const mfli_task *task)
{
    double square = 0.0;
    for (int64_t i = 0; i < task->terms; i++)
        square += together(task, i) * together(task, i);
    return square;
}

int32_t mfli_task_is_orthonormal(const mfli_task *task)
{
    if (task->input_law != MFL_INPUT_HYPERCUBE || task->direction)
        return task->input_law == MFL_INPUT_GAUSSIAN;
    for (int64_t i = 0; i < task->terms * task->variables; i++)
        if (task->degrees[i] > 1)
            return 0;
    return 1;
}

int32_t mfli_task_sum_moments(mfl_context *context, const mfli_task *task, double *mean, double *mean_square)
{
    if (!mfli_task_is_orthonormal(task))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the moments of a sum are known on gaussian inputs, and on the hypercube for coordinates and "
                         "degrees 0 and 1; average over drawn targets instead");
    *mean = 0.0;
    *mean_square = mfli_task_sum_square(task);
    for (int64_t i = 0; i < task->terms; i++) {
        int64_t total = 0;
        for (int64_t j = 0; j < task->variables; j++)
            total += task->degrees[i * task->variables + j];
        *mean += total == 0 ? task->coefficients[i] : 0.0;
    }
    return MFL_OK;
}
