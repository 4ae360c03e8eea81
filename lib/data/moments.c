/* SPDX-License-Identifier: BSD-3-Clause */
/* Mean and mean square of a target under its input law. A single-index target needs the law of z = u . x only. */
#include <float.h>
#include <math.h>

#include "core/context.h"
#include "data/task.h"

enum { half_patterns = 1 << 10, most_signs = 20, order = 8 };

typedef struct moments {
    double weight, mean, square;
} moments;

static int32_t accumulate(mfl_context *context, const mfli_task *task, size_t count, const double *z,
                          const double *weight, moments *sum)
{
    double value[half_patterns];
    moments part = {0.0, 0.0, 0.0}; /* sums of sums: rounding grows with the root of their number */
    int32_t status = mfli_task_link(context, task, count, z, value);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        part.weight += weight[i];
        part.mean += weight[i] * value[i];
        part.square += weight[i] * value[i] * value[i];
    }
    sum->weight += part.weight;
    sum->mean += part.mean;
    sum->square += part.square;
    return MFL_OK;
}

/* All sums of +-u over some components: returns how many. */
static size_t signed_sums(const double *component, size_t count, double *sum)
{
    size_t patterns = (size_t)1 << count;
    for (size_t pattern = 0; pattern < patterns; pattern++) {
        sum[pattern] = 0.0;
        for (size_t j = 0; j < count; j++)
            sum[pattern] += pattern >> j & 1 ? component[j] : -component[j];
    }
    return patterns;
}

static int32_t hypercube(mfl_context *context, const mfli_task *task, moments *sum)
{
    double component[most_signs];
    size_t count = 0;
    for (int64_t j = 0; j < task->dimension; j++) {
        if (task->direction[j] == 0.0)
            continue;
        if (count == most_signs)
            return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                             "on the hypercube the moments are known for a direction with at most %d components "
                             "that are not zero; average over drawn targets instead",
                             most_signs);
        component[count++] = task->direction[j];
    }
    double first[half_patterns], second[half_patterns], z[half_patterns], weight[half_patterns];
    size_t firsts = signed_sums(component, count / 2, first);
    size_t seconds = signed_sums(component + count / 2, count - count / 2, second);
    for (size_t j = 0; j < seconds; j++)
        weight[j] = 1.0;
    int32_t status = MFL_OK;
    for (size_t i = 0; i < firsts && status == MFL_OK; i++) {
        for (size_t j = 0; j < seconds; j++)
            z[j] = first[i] + second[j];
        status = accumulate(context, task, seconds, z, weight, sum);
    }
    return status;
}

/* The law of z as a density in t on [-reach, reach]: N(0, scale^2), or z = sqrt(d) sin(t/sqrt(d)) on the sphere. */
typedef struct line {
    double scale, reach, dimension; /* dimension 0: Gaussian */
} line;

static double density(const line *law, double t, double *z)
{
    if (law->dimension == 0.0) {
        *z = law->scale * t;
        return exp(-0.5 * t * t);
    }
    double angle = t / sqrt(law->dimension);
    *z = sqrt(law->dimension) * sin(angle);
    return pow(cos(angle), law->dimension - 2.0);
}

/* Composite Gauss-Legendre with a panel boundary at 0, where ReLU has its kink. */
static int32_t integrate(mfl_context *context, const mfli_task *task, const line *law, int64_t panels,
                         moments *sum)
{
    static const double node[order / 2] = {0.18343464249564980494, 0.52553240991632898582,
                                           0.79666647741362673959, 0.96028985649753623168};
    static const double node_weight[order / 2] = {0.36268378337836198297, 0.31370664587788728734,
                                                  0.22238103445337447054, 0.10122853629037625915};
    double half = 0.5 * law->reach / (double)panels;
    int32_t status = MFL_OK;
    for (int64_t panel = -panels; panel < panels && status == MFL_OK; panel++) {
        double z[order], weight[order], middle = (2.0 * (double)panel + 1.0) * half;
        for (int i = 0; i < order; i++) {
            double t = middle + half * (i % 2 ? node[i / 2] : -node[i / 2]);
            weight[i] = node_weight[i / 2] * density(law, t, &z[i]);
        }
        status = accumulate(context, task, order, z, weight, sum);
    }
    return status;
}

/* Standard deviation of u . x under N(0, L L^T): |L^T u|. */
static double correlated_scale(const mfli_task *task)
{
    double sum = 0.0;
    for (int64_t j = 0; j < task->dimension; j++) {
        double component = 0.0;
        for (int64_t i = j; i < task->dimension; i++)
            component += task->factor[i * task->dimension + j] * task->direction[i];
        sum += component * component;
    }
    return sqrt(sum);
}

static int32_t quadrature(mfl_context *context, const mfli_task *task, moments *sum, double *error)
{
    /* exp(-38^2/2) is the smallest normal number. */
    line law = {.scale = 1.0, .reach = 38.0};
    if (task->input_law == MFL_INPUT_CORRELATED)
        law.scale = correlated_scale(task);
    if (task->input_law == MFL_INPUT_SPHERE) {
        law.dimension = (double)task->dimension;
        law.reach = fmin(law.reach, acos(0.0) * sqrt(law.dimension));
    }
    /* he_q^2 oscillates with the wave number 2 sqrt(q). */
    int64_t panels = (int64_t)ceil(law.reach * (2.0 + law.scale * sqrt((double)task->degree)));
    moments coarse = {0.0, 0.0, 0.0};
    int32_t status = integrate(context, task, &law, panels, &coarse);
    if (status == MFL_OK)
        status = integrate(context, task, &law, 2 * panels, sum);
    if (status == MFL_OK)
        *error = fmax(fabs(coarse.mean / coarse.weight - sum->mean / sum->weight),
                      fabs(coarse.square / coarse.weight - sum->square / sum->weight));
    return status;
}

/* E prod x_j^2 over k coordinates: 1 for independent ones of unit variance, prod_j d/(d + 2j) on the sphere. */
static double parity_square(const mfli_task *task)
{
    double square = 1.0, dimension = (double)task->dimension;
    if (task->input_law == MFL_INPUT_SPHERE)
        for (int64_t j = 0; j < task->degree; j++)
            square *= dimension / (dimension + 2.0 * (double)j);
    return square;
}

int32_t mfli_task_moments(mfl_context *context, const mfli_task *task, double *mean, double *mean_square,
                          double *error)
{
    *error = 0.0;
    *mean = 0.0;
    *mean_square = 1.0;
    if (task->kind == MFL_TASK_PARITY) {
        *mean_square = parity_square(task);
        return MFL_OK;
    }
    if (task->kind == MFL_TASK_SUM)
        return mfli_task_sum_moments(context, task, mean, mean_square);
    if (task->kind == MFL_TASK_HERMITE && task->input_law == MFL_INPUT_GAUSSIAN)
        return MFL_OK;
    moments sum = {0.0, 0.0, 0.0};
    double estimate = 0.0;
    int32_t is_signs = task->input_law == MFL_INPUT_HYPERCUBE
        || (task->input_law == MFL_INPUT_SPHERE && task->dimension == 1);
    int32_t status =
        is_signs ? hypercube(context, task, &sum) : quadrature(context, task, &sum, &estimate);
    if (status)
        return status;
    *mean = sum.mean / sum.weight;
    *mean_square = sum.square / sum.weight;
    *error = estimate + 2.0 * half_patterns * DBL_EPSILON * fmax(1.0, *mean_square);
    return MFL_OK;
}

int32_t mfl_task_moments(const mfl_task *handle, double *mean, double *mean_square, double *error)
{
    int32_t status = mfli_enter(handle, MFLI_TASK);
    if (status)
        return status;
    mfli_task task;
    double result[3];
    status = mfli_task_read_entered(handle, &task);
    if (status == MFL_OK)
        status = mfli_task_moments(handle->object.context, &task, &result[0], &result[1], &result[2]);
    if (status == MFL_OK) {
        if (mean)
            *mean = result[0];
        if (mean_square)
            *mean_square = result[1];
        if (error)
            *error = result[2];
    }
    return mfli_leave(handle, status);
}
