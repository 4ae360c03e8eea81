/* SPDX-License-Identifier: BSD-3-Clause */
#include "data/task.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"

/* Beyond these, a size is a mistake; products of two dimensions fit in 64 bits. */
static const int64_t largest_dimension = INT64_C(1) << 31, largest_degree = 100000;

#define INPUT_LAW(standard)                                                                                  \
    MFLI_OPTION_CHOICE(MFL_TASK_INPUT_LAW, "input_law", "hypercube|gaussian|sphere|correlated",                \
                       MFL_INPUT_CORRELATED, standard, "law of the inputs")

static const mfli_option_spec hypercube_specs[MFLI_TASK_OPTIONS] = {INPUT_LAW(MFL_INPUT_HYPERCUBE)};
static const mfli_option_spec gaussian_specs[MFLI_TASK_OPTIONS] = {INPUT_LAW(MFL_INPUT_GAUSSIAN)};

static const char *const law_names[] = {"hypercube", "gaussian", "sphere", "correlated"};

const char *mfli_input_law_name(int32_t input_law)
{
    return law_names[input_law];
}

static void finish(void *handle)
{
    mfl_task *task = handle;
    mfli_free(task->object.context, task->support);
    mfli_free(task->object.context, task->degrees);
    mfli_free(task->object.context, task->coefficients);
    mfli_free(task->object.context, task->direction);
    mfli_free(task->object.context, task->factor);
}

static int64_t support_size(const mfli_task *task)
{
    return task->kind == MFL_TASK_PARITY ? task->degree : task->kind == MFL_TASK_SUM ? task->variables : 0;
}

int64_t mfli_task_variables(const mfli_task *task)
{
    const int64_t size = support_size(task);
    return size ? size : 1;
}

double mfli_task_along(const mfli_task *task, int64_t variable, const double *w)
{
    double sum = 0.0;
    if (!task->direction)
        return w[task->support[variable]];
    for (int64_t j = 0; j < task->dimension; j++)
        sum += task->direction[variable * task->dimension + j] * w[j];
    return sum;
}

static int32_t default_support(mfl_task *task)
{
    int64_t size = support_size(&task->task);
    task->support = mfli_alloc(task->object.context, (size_t)size, sizeof *task->support);
    if (!task->support)
        return MFL_ERROR_MEMORY;
    for (int64_t j = 0; j < size; j++)
        task->support[j] = j;
    return MFL_OK;
}

static int32_t default_direction(mfl_task *task)
{
    task->direction =
        mfli_alloc_zeroed(task->object.context, (size_t)task->task.dimension, sizeof *task->direction);
    if (!task->direction)
        return MFL_ERROR_MEMORY;
    task->direction[0] = 1.0;
    return MFL_OK;
}

static int32_t check_shape(mfl_context *context, const mfli_task *task)
{
    if (task->dimension < 1 || task->dimension > largest_dimension)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "dimension is %lld; it must be between 1 and %lld",
                         (long long)task->dimension, (long long)largest_dimension);
    if (task->kind == MFL_TASK_PARITY && (task->degree < 1 || task->degree > task->dimension))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "degree is %lld; a parity in dimension %lld has a degree between 1 and %lld",
                         (long long)task->degree, (long long)task->dimension, (long long)task->dimension);
    if (task->kind == MFL_TASK_HERMITE && (task->degree < 1 || task->degree > largest_degree))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "degree is %lld; a Hermite teacher has a degree between 1 and %lld",
                         (long long)task->degree, (long long)largest_degree);
    if (task->kind == MFL_TASK_CALLER && !task->link)
        return mfli_fail_null(context, "link");
    return MFL_OK;
}

int32_t mfli_task_create(mfl_context *context, const mfli_task *task, mfl_task **out)
{
    mfl_task *handle;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = check_shape(context, task);
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_TASK, sizeof *handle, finish, &handle);
    if (status)
        return status;
    handle->task = *task;
    mfli_options_init(&handle->options, &handle->object,
                      task->input_law == MFL_INPUT_HYPERCUBE ? hypercube_specs : gaussian_specs,
                      handle->option_values, MFLI_TASK_OPTIONS);
    status = support_size(task) ? default_support(handle) : default_direction(handle);
    if (status)
        mfli_object_release(handle);
    else
        *out = handle;
    return status;
}

static int32_t enter_and_create(mfl_context *context, const mfli_task *task, mfl_task **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, mfli_task_create(context, task, out));
}

int32_t mfl_task_create_parity(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out)
{
    const mfli_task task = {.kind = MFL_TASK_PARITY, .dimension = dimension, .degree = degree};
    return enter_and_create(context, &task, out);
}

int32_t mfl_task_create_hermite(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out)
{
    const mfli_task task = {.kind = MFL_TASK_HERMITE, .input_law = MFL_INPUT_GAUSSIAN, .dimension = dimension,
                            .degree = degree};
    return enter_and_create(context, &task, out);
}

int32_t mfl_task_create_relu(mfl_context *context, int64_t dimension, mfl_task **out)
{
    const mfli_task task = {.kind = MFL_TASK_RELU, .input_law = MFL_INPUT_GAUSSIAN, .dimension = dimension};
    return enter_and_create(context, &task, out);
}

int32_t mfl_task_create_caller(mfl_context *context, int64_t dimension, mfl_link_fn link, void *user_data,
                               mfl_task **out)
{
    const mfli_task task = {
        .kind = MFL_TASK_CALLER, .input_law = MFL_INPUT_GAUSSIAN, .dimension = dimension, .link = link,
        .link_data = user_data};
    return enter_and_create(context, &task, out);
}

void mfl_task_destroy(mfl_task *task)
{
    mfli_destroy(task, MFLI_TASK);
}

int32_t mfl_task_options(mfl_task *task, mfl_options **options)
{
    return mfli_options_lend(task, MFLI_TASK, offsetof(mfl_task, options), options);
}

static int compare_coordinates(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int32_t set_support(mfl_task *task, const int64_t *support, int64_t count)
{
    mfl_context *context = task->object.context;
    int64_t dimension = task->task.dimension, size = support_size(&task->task);
    int32_t is_parity = task->task.kind == MFL_TASK_PARITY;
    if (size == 0)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "a single-index teacher has no support; use mfl_task_set_direction");
    if (!support)
        return mfli_fail_null(context, "support");
    if (count != size)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; the task takes %lld coordinates", (long long)count,
                         (long long)size);
    for (int64_t i = 0; i < count; i++)
        if (support[i] < 0 || support[i] >= dimension)
            return mfli_fail(context, MFL_ERROR_ARGUMENT, "support[%lld] is %lld; it must be between 0 and %lld",
                             (long long)i, (long long)support[i], (long long)dimension - 1);
    int64_t *sorted = mfli_alloc(context, (size_t)count, sizeof *sorted);
    if (!sorted)
        return MFL_ERROR_MEMORY;
    memcpy(sorted, support, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_coordinates);
    for (int64_t i = 1; i < count; i++)
        if (sorted[i] == sorted[i - 1]) {
            int32_t status = mfli_fail(context, MFL_ERROR_ARGUMENT,
                                       "support names coordinate %lld twice; each may occur once",
                                       (long long)sorted[i]);
            mfli_free(context, sorted);
            return status;
        }
    if (!is_parity) /* each variable has its coordinate */
        memcpy(sorted, support, (size_t)count * sizeof *sorted);
    mfli_free(context, task->support);
    mfli_free(context, task->direction);
    task->support = sorted;
    task->direction = NULL;
    return MFL_OK;
}

int32_t mfl_task_set_support(mfl_task *task, const int64_t *support, int64_t count)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, set_support(task, support, count));
}

/* For what single-index teachers have and parities have not. */
static int32_t need_index(mfl_task *task, const char *what, const char *remedy)
{
    if (support_size(&task->task) == 0)
        return MFL_OK;
    return mfli_fail(task->object.context, MFL_ERROR_STATE, "a parity or sum has no %s; %s", what, remedy);
}

static int32_t set_direction(mfl_task *task, const double *direction, int64_t count)
{
    mfl_context *context = task->object.context;
    int32_t status = need_index(task, "direction", "use mfl_task_set_support or mfl_task_set_directions");
    if (status)
        return status;
    if (!direction)
        return mfli_fail_null(context, "direction");
    if (count != task->task.dimension)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; the task's dimension is %lld", (long long)count,
                         (long long)task->task.dimension);
    double largest = 0.0, sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        if (!isfinite(direction[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "direction[%lld] is %g; it must be finite",
                             (long long)i, direction[i]);
        largest = fmax(largest, fabs(direction[i]));
    }
    if (largest == 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "direction is zero; one component must not be");
    for (int64_t i = 0; i < count; i++)
        sum += direction[i] / largest * (direction[i] / largest);
    for (int64_t i = 0; i < count; i++)
        task->direction[i] = direction[i] / largest / sqrt(sum);
    return MFL_OK;
}

int32_t mfl_task_set_direction(mfl_task *task, const double *direction, int64_t count)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, set_direction(task, direction, count));
}

static int32_t check_covariance(mfl_context *context, const double *covariance, int64_t dimension, int64_t stride)
{
    for (int64_t i = 0; i < dimension; i++)
        for (int64_t j = 0; j <= i; j++) {
            double below = covariance[i * stride + j], above = covariance[j * stride + i];
            if (!isfinite(below) || !isfinite(above))
                return mfli_fail(context, MFL_ERROR_NOT_FINITE, "covariance[%lld][%lld] is not finite",
                                 (long long)i, (long long)j);
            if (fabs(below - above) > 1e-10 * fmax(fabs(below), fabs(above)))
                return mfli_fail(context, MFL_ERROR_ARGUMENT,
                                 "covariance[%lld][%lld] is %.17g and its mirror image %.17g; it must be symmetric",
                                 (long long)i, (long long)j, below, above);
        }
    return MFL_OK;
}

static int32_t set_covariance(mfl_task *task, const double *covariance, int64_t dimension, int64_t row_stride)
{
    mfl_context *context = task->object.context;
    int32_t status = need_index(task, "correlated inputs", "use a single-index teacher");
    if (status)
        return status;
    if (!covariance)
        return mfli_fail_null(context, "covariance");
    if (dimension != task->task.dimension || row_stride < dimension)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "covariance is %lld x %lld with row stride %lld; the task needs %lld x %lld and a "
                         "stride of at least that",
                         (long long)dimension, (long long)dimension, (long long)row_stride,
                         (long long)task->task.dimension, (long long)task->task.dimension);
    status = mfli_check_extent(context, "covariance", dimension, row_stride);
    if (!status)
        status = check_covariance(context, covariance, dimension, row_stride);
    if (status)
        return status;
    double *factor = mfli_alloc_zeroed(context, (size_t)dimension * (size_t)dimension, sizeof *factor);
    if (!factor)
        return MFL_ERROR_MEMORY;
    for (int64_t i = 0; i < dimension; i++)
        memcpy(factor + i * dimension, covariance + i * row_stride, ((size_t)i + 1) * sizeof *factor);
    int64_t row = 0;
    status = mfli_potrf(context, dimension, factor, dimension, &row);
    if (status) {
        mfli_free(context, factor);
        if (status == MFL_ERROR_NOT_POSITIVE_DEFINITE)
            mfli_fail(context, status,
                      "covariance is not positive definite: coordinate %lld is a combination of those before it; "
                      "add a small positive number to the diagonal",
                      (long long)row);
        return status;
    }
    mfli_free(context, task->factor);
    task->factor = factor;
    task->option_values[0] = (mfli_option_value){MFL_INPUT_CORRELATED, 0.0, 1};
    return MFL_OK;
}

int32_t mfl_task_set_covariance(mfl_task *task, const double *covariance, int64_t dimension, int64_t row_stride)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    return status ? status : mfli_leave(task, set_covariance(task, covariance, dimension, row_stride));
}

int32_t mfl_task_shape(const mfl_task *task, int32_t *kind, int64_t *dimension, int64_t *degree)
{
    int32_t status = mfli_enter(task, MFLI_TASK);
    if (status)
        return status;
    if (kind)
        *kind = task->task.kind;
    if (dimension)
        *dimension = task->task.dimension;
    if (degree)
        *degree = task->task.degree;
    return mfli_leave(task, MFL_OK);
}

int32_t mfli_task_read_entered(const mfl_task *handle, mfli_task *task)
{
    mfl_context *context = handle->object.context;
    *task = handle->task;
    task->input_law = (int32_t)mfli_options_int(&handle->options, MFL_TASK_INPUT_LAW);
    task->support = handle->support;
    task->direction = handle->direction;
    task->degrees = handle->degrees;
    task->coefficients = handle->coefficients;
    task->factor = handle->factor;
    if (task->input_law != MFL_INPUT_CORRELATED)
        return MFL_OK;
    if (support_size(task))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "input_law is correlated, which a parity or sum cannot have; use hypercube, gaussian or "
                         "sphere");
    if (!task->factor)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "input_law is correlated, but there is no covariance; call mfl_task_set_covariance");
    return MFL_OK;
}

int32_t mfli_task_read(mfl_context *context, const mfl_task *handle, mfli_task *task)
{
    int32_t status = mfli_check(context, handle, MFLI_TASK, "task");
    return status ? status : mfli_task_read_entered(handle, task);
}
