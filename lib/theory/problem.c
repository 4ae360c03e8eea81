/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/problem.h"

#include <math.h>

#include "core/context.h"
#include "network/projection.h"

static const double pi = 3.14159265358979323846;

/* phi(z) = odd z + even |z|. */
typedef struct homogeneous {
    double odd, even;
} homogeneous;

static homogeneous split_activation(const mfli_model *model)
{
    if (model->activation == MFL_ACTIVATION_LINEAR)
        return (homogeneous){1.0, 0.0};
    double leak = model->activation == MFL_ACTIVATION_LEAKY ? model->leak : 0.0;
    return (homogeneous){0.5 * (1.0 + leak), 0.5 * (1.0 - leak)};
}

static int32_t check_degree(mfl_context *context, const mfli_task *task, const mfli_model *model)
{
    int32_t status = mfli_check_learnable(context, model, task);
    if (status)
        return status;
    if (task->kind == MFL_TASK_PARITY && task->degree > MFLI_DEGREE_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "degree is %lld; theories of parities reach degree %d", (long long)task->degree,
                         MFLI_DEGREE_MOST);
    return MFL_OK;
}

int32_t mfli_problem_check(mfl_context *context, const mfli_task *task, const mfli_model *model)
{
    if (task->dimension != model->dimension)
        return mfli_fail(context, MFL_ERROR_SIZE, "the task's dimension is %lld, the model's %lld; they must agree",
                         (long long)task->dimension, (long long)model->dimension);
    if (model->width == 0 && model->gamma < 0.5)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "gamma is %g with infinite width, where the prior of f diverges; it must be at least 0.5",
                         model->gamma);
    return MFL_OK;
}

int32_t mfli_problem_scales(const mfli_model *model)
{
    return model->activation == MFL_ACTIVATION_RELU || model->activation == MFL_ACTIVATION_LEAKY ||
        model->activation == MFL_ACTIVATION_LINEAR;
}

int32_t mfli_problem_is_single(const mfli_task *task, const mfli_model *model)
{
    return mfli_problem_scales(model) && ((task->kind == MFL_TASK_PARITY && task->input_law == MFL_INPUT_HYPERCUBE) ||
                      (task->kind == MFL_TASK_HERMITE && task->input_law == MFL_INPUT_GAUSSIAN));
}

/* E[phi(z) He_q(z)]/sqrt(q!); for even q >= 2 it is (-1)^(q/2 - 1) even sqrt(2/pi) (q - 3)!! / sqrt(q!). */
static double hermite_coefficient(const homogeneous *phi, int64_t q)
{
    if (q == 1)
        return phi->odd;
    /* (q - 3)!! = (q - 2)! / (2^(q/2 - 1) (q/2 - 1)!) */
    double half = 0.5 * (double)q;
    double log_ratio =
        lgamma(2.0 * half - 1.0) - (half - 1.0) * log(2.0) - lgamma(half) - 0.5 * lgamma(2.0 * half + 1.0);
    return (q % 4 == 0 ? -1.0 : 1.0) * phi->even * sqrt(2.0 / pi) * exp(log_ratio);
}

static void choose_gain(const mfli_task *task, const homogeneous *phi, double power, mfli_gain *gain)
{
    double c;
    if (task->kind == MFL_TASK_PARITY && task->degree > 1) {
        *gain = (mfli_gain){(int32_t)task->degree, (int32_t)task->degree, 4.0 * phi->even * phi->even / power, 0.0,
                            2.0 * phi->even};
        return;
    }
    /* One direction carries the target: J = c |w| (cos)^q. */
    c = hermite_coefficient(phi, task->degree);
    *gain = (mfli_gain){1, 0, c * c / power, 2.0 * (double)task->degree, c};
}

static int32_t is_on_axis(const mfli_task *task)
{
    int64_t others = 0;
    for (int64_t j = 0; task->kind != MFL_TASK_PARITY && j < task->dimension; j++)
        others += task->direction[j] != 0.0;
    return others <= 1;
}

int32_t mfli_problem_choose(mfl_context *context, const mfli_closure *closure, mfli_mean_field *problem)
{
    if (closure->prior == MFL_THEORY_PRIOR_ARD && !problem->on_axis)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the direction of the teacher must be a coordinate axis for a prior with a precision for each "
                         "coordinate");
    problem->closure = *closure;
    return MFL_OK;
}

int32_t mfli_problem_create(mfl_context *context, const mfli_task *task, const mfli_model *model,
                            mfli_mean_field *problem)
{
    int32_t status = check_degree(context, task, model);
    if (status != MFL_OK)
        return status;
    homogeneous phi = split_activation(model);
    double power = phi.odd * phi.odd + phi.even * phi.even;
    *problem = (mfli_mean_field){.dimension = model->dimension,
                                 .width = (double)model->width,
                                 .gamma = model->gamma,
                                 .sigma_w = model->sigma_w,
                                 .sigma_a = model->sigma_a,
                                 .power = power,
                                 .on_axis = is_on_axis(task)};
    choose_gain(task, &phi, power, &problem->gain);
    if (task->kind == MFL_TASK_PARITY)
        mfli_classes_init(&problem->classes, task->dimension, problem->gain.support, phi.odd / sqrt(power),
                          phi.even / sqrt(power));
    return MFL_OK;
}

void mfli_problem_of_modes(const mfli_modes *modes, const mfli_model *model, mfli_mean_field *problem)
{
    int32_t seen[MFLI_VARIABLES_MOST + MFLI_CLASS_CUT + 1];
    for (int32_t n = 0; n <= modes->variables + MFLI_CLASS_CUT; n++)
        seen[n] = mfli_learnable_degree(model, n);
    *problem = (mfli_mean_field){.dimension = model->dimension,
                                 .width = model->width,
                                 .gamma = model->gamma,
                                 .sigma_w = model->sigma_w,
                                 .sigma_a = model->sigma_a,
                                 .power = 1.0,
                                 .gain = {.support = modes->variables},
                                 .on_axis = 1};
    mfli_classes_init_seen(&problem->classes, model->dimension, modes->variables, seen);
}
