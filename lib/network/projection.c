/* SPDX-License-Identifier: BSD-3-Clause */
#include "network/projection.h"

#include <math.h>

#include "core/context.h"
#include "network/features.h"

static const double sqrt_half = 0.70710678118654752440, inverse_sqrt_2pi = 0.39894228040143267794;

static double normal_density(double t)
{
    return inverse_sqrt_2pi * exp(-0.5 * t * t);
}

static double normal_distribution(double t)
{
    return 0.5 * erfc(-t * sqrt_half);
}

/* The trapezoidal rule on the whole line converges like exp(-2 pi a / h) for a function analytic within a of it: for
 * tanh(mu + s z), a = pi / (2 s), it is exact to rounding up to s = 10. A kink leaves an error of order h^2. */
enum { rule_half = 480 };
static const double rule_step = 1.0 / 48.0;

static int32_t quadrature(const mfli_model *model, int64_t degree, double mu, double sd, double *value)
{
    double z[2 * rule_half + 1], phi[2 * rule_half + 1], slope[2 * rule_half + 1];
    const size_t count = sizeof z / sizeof z[0];
    for (size_t i = 0; i < count; i++)
        z[i] = mu + sd * rule_step * ((double)i - rule_half);
    if (mfli_activation_values(model, count, z, phi, slope))
        return MFL_ERROR_CALLBACK;
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        double t = rule_step * ((double)i - rule_half);
        sum += phi[i] * normal_density(t) * mfli_hermite(degree, t);
    }
    *value = sum * rule_step;
    return MFL_OK;
}

static double relu_mean(double mu, double sd)
{
    if (sd == 0.0)
        return fmax(mu, 0.0);
    double t = mu / sd;
    return sd * (t * normal_distribution(t) + normal_density(t));
}

int32_t mfli_gaussian_mean(const mfli_model *model, double mu, double variance, double *value)
{
    double sd = sqrt(variance), s = sqrt(1.0 + variance);
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        *value = relu_mean(mu, sd);
        return MFL_OK;
    case MFL_ACTIVATION_LEAKY:
        *value = model->leak * mu + (1.0 - model->leak) * relu_mean(mu, sd);
        return MFL_OK;
    case MFL_ACTIVATION_ERF:
        *value = erf(mu / sqrt(1.0 + 2.0 * variance));
        return MFL_OK;
    case MFL_ACTIVATION_GELU:
        *value = mu * normal_distribution(mu / s) + variance / s * normal_density(mu / s);
        return MFL_OK;
    case MFL_ACTIVATION_LINEAR:
        *value = mu;
        return MFL_OK;
    case MFL_ACTIVATION_QUADRATIC:
        *value = mu * mu + variance;
        return MFL_OK;
    default:
        return quadrature(model, 0, mu, sd, value);
    }
}

/* E[max(z,0) He_q(z)]/sqrt(q!) at unit variance: 1/sqrt(2 pi), 1/2, and He_{q-2}(0)/sqrt(2 pi q!) beyond. With
 * he = He/sqrt(n!), He_{q-2}(0)/sqrt(q!) = he_{q-2}(0)/sqrt(q (q-1)). */
static double relu_mode(int64_t degree)
{
    if (degree == 0)
        return inverse_sqrt_2pi;
    if (degree == 1)
        return 0.5;
    double q = (double)degree;
    return inverse_sqrt_2pi * mfli_hermite(degree - 2, 0.0) / sqrt(q * (q - 1.0));
}

int32_t mfli_gaussian_mode(const mfli_model *model, int64_t degree, double variance, double *value)
{
    double sd = sqrt(variance);
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        *value = sd * relu_mode(degree);
        return MFL_OK;
    case MFL_ACTIVATION_LEAKY:
        *value = sd * ((1.0 - model->leak) * relu_mode(degree) + (degree == 1 ? model->leak : 0.0));
        return MFL_OK;
    case MFL_ACTIVATION_LINEAR:
        *value = degree == 1 ? sd : 0.0;
        return MFL_OK;
    case MFL_ACTIVATION_QUADRATIC:
        *value = degree == 0 ? variance : degree == 2 ? variance * sqrt(2.0) : 0.0;
        return MFL_OK;
    default:
        return quadrature(model, degree, 0.0, sd, value);
    }
}

int32_t mfli_check_dimension(mfl_context *context, const mfli_model *model, const mfli_task *task)
{
    if (task->dimension == model->dimension)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_SIZE, "the task has dimension %lld and the network %lld",
                     (long long)task->dimension, (long long)model->dimension);
}

int32_t mfli_projection_supported(mfl_context *context, const mfli_model *model, const mfli_task *task)
{
    int32_t status = mfli_check_dimension(context, model, task);
    if (status)
        return status;
    if (task->kind == MFL_TASK_PARITY && task->input_law == MFL_INPUT_HYPERCUBE) {
        if (task->degree <= MFLI_LARGEST_PARITY)
            return MFL_OK;
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the order parameter of a parity of degree %lld sums 2^%lld signs; degrees go to %d",
                         (long long)task->degree, (long long)task->degree, MFLI_LARGEST_PARITY);
    }
    if (task->kind == MFL_TASK_HERMITE && task->input_law == MFL_INPUT_GAUSSIAN)
        return MFL_OK;
    if (task->kind == MFL_TASK_SUM && mfli_task_is_orthonormal(task) && mfli_task_sum_square(task) > 0.0 &&
        (task->input_law == MFL_INPUT_GAUSSIAN || task->variables <= MFLI_LARGEST_PARITY))
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                     "order parameters from weights exist for parities and sums of them on the hypercube, of up to %d "
                     "coordinates, and for Hermite teachers and sums on isotropic Gaussian inputs; measure others on "
                     "samples",
                     MFLI_LARGEST_PARITY);
}

/* (T10): the mean over the 2^k signs of the support, walked in Gray-code order so that one term of w_S.s changes. */
static int32_t parity_projection(const mfli_model *model, const mfli_task *task, const double *w, double *value)
{
    const int64_t k = task->degree;
    double variance = 0.0, mu = 0.0, sum = 0.0, sign = 1.0;
    double local[MFLI_LARGEST_PARITY];
    int64_t next = 0;
    for (int64_t j = 0; j < task->dimension; j++) {
        if (next < k && task->support[next] == j)
            local[next++] = w[j];
        else
            variance += w[j] * w[j];
    }
    for (int64_t j = 0; j < k; j++)
        mu += local[j];
    for (uint32_t step = 1;; step++) {
        double mean;
        int32_t status = mfli_gaussian_mean(model, mu, variance, &mean);
        if (status)
            return status;
        sum += sign * mean;
        if (step == UINT32_C(1) << k)
            break;
        int flip = __builtin_ctz(step);
        local[flip] = -local[flip];
        mu += 2.0 * local[flip];
        sign = -sign;
    }
    *value = ldexp(sum, -(int)k);
    return MFL_OK;
}

/* w.x and u.x are Gaussian with correlation c = w.u/|w|, so that only the mode of equal degree survives:
 * J = c^q h_q(0, |w|^2). */
static int32_t hermite_projection(const mfli_model *model, const mfli_task *task, const double *w, double *value)
{
    double overlap = 0.0, square = 0.0;
    for (int64_t j = 0; j < task->dimension; j++) {
        overlap += w[j] * task->direction[j];
        square += w[j] * w[j];
    }
    int32_t status = mfli_gaussian_mode(model, task->degree, square, value);
    if (square > 0.0)
        *value *= pow(overlap / sqrt(square), (double)task->degree);
    return status;
}

/* w along the variables of a sum, and the square of the rest. */
static double split_weights(const mfli_task *task, const double *w, double *z)
{
    double rest = 0.0;
    for (int64_t j = 0; j < task->dimension; j++)
        rest += w[j] * w[j];
    for (int64_t i = 0; i < task->variables; i++) {
        z[i] = mfli_task_along(task, i, w);
        rest -= z[i] * z[i];
    }
    return fmax(rest, 0.0);
}

/* sum_A y_A J_A = E f*(s) h_0(w_S.s), over the signs s of the variables (T10). */
static int32_t walsh_sum(const mfli_model *model, const mfli_task *task, const double *w, double *value)
{
    const int64_t r = task->variables;
    double z[MFLI_LARGEST_PARITY], variance = split_weights(task, w, z), sum = 0.0;
    for (uint32_t s = 0; s < UINT32_C(1) << r; s++) {
        double mu = 0.0, mean, target = 0.0;
        for (int64_t j = 0; j < r; j++)
            mu += s >> j & 1 ? -z[j] : z[j];
        for (int64_t i = 0; i < task->terms; i++) {
            double sign = task->coefficients[i];
            for (int64_t j = 0; j < r; j++)
                sign = task->degrees[i * r + j] && s >> j & 1 ? -sign : sign;
            target += sign;
        }
        int32_t status = mfli_gaussian_mean(model, mu, variance, &mean);
        if (status)
            return status;
        sum += target * mean;
    }
    *value = ldexp(sum, -(int)r);
    return MFL_OK;
}

/* As for one direction, with he_Q(c.x) = sum over q of sqrt(Q!/prod q_j!) prod c_j^q_j he_q_j(x_j). */
static int32_t hermite_sum(const mfli_model *model, const mfli_task *task, const double *w, double *value)
{
    const int64_t r = task->variables;
    double z[MFLI_MOST_VARIABLES], square = split_weights(task, w, z);
    for (int64_t j = 0; j < r; j++)
        square += z[j] * z[j];
    *value = 0.0;
    for (int64_t i = 0; i < task->terms; i++) {
        int64_t total = 0;
        double product = task->coefficients[i], log_ratio = 0.0, mode;
        for (int64_t j = 0; j < r; j++) {
            int64_t q = task->degrees[i * r + j];
            total += q;
            log_ratio -= lgamma((double)q + 1.0);
            product *= q && square > 0.0 ? pow(z[j] / sqrt(square), (double)q) : 1.0;
        }
        int32_t status = mfli_gaussian_mode(model, total, square, &mode);
        if (status)
            return status;
        *value += product * mode * exp(0.5 * (log_ratio + lgamma((double)total + 1.0)));
    }
    return MFL_OK;
}

static int32_t sum_projection(const mfli_model *model, const mfli_task *task, const double *w, double *value)
{
    int32_t status = task->input_law == MFL_INPUT_GAUSSIAN ? hermite_sum(model, task, w, value)
                                                           : walsh_sum(model, task, w, value);
    if (status == MFL_OK)
        *value /= mfli_task_sum_square(task);
    return status;
}

int32_t mfli_projections(const mfli_model *model, const mfli_task *task, int64_t count, const double *weights,
                         int64_t stride, double *values)
{
    for (int64_t i = 0; i < count; i++) {
        const double *w = weights + i * stride;
        int32_t status = task->kind == MFL_TASK_PARITY ? parity_projection(model, task, w, &values[i])
            : task->kind == MFL_TASK_SUM               ? sum_projection(model, task, w, &values[i])
                                                       : hermite_projection(model, task, w, &values[i]);
        if (status)
            return status;
    }
    return MFL_OK;
}
