/* SPDX-License-Identifier: BSD-3-Clause */
/* Independent neurons from the law of a solved theory. */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "rng/normals.h"
#include "theory/handle.h"

enum { block = 64 };

static const double elements_most = 0x1p40; /* of a stream of normals */

void mfli_neurons_finish(mfl_context *context, mfli_neurons *neurons)
{
    mfli_hat_finish(context, &neurons->hat);
    mfli_density_finish(context, &neurons->density);
    memset(neurons, 0, sizeof *neurons);
}

int32_t mfli_theory_neurons(mfl_theory *theory, mfli_neurons **out)
{
    mfl_context *context = theory->object.context;
    mfli_neurons *neurons = &theory->neurons[theory->selected];
    const mfli_solution *solution = &theory->solutions[theory->selected];
    mfli_setting setting = {.context = context,
                            .problem = &theory->problem,
                            .samples = theory->samples,
                            .kappa = theory->kappa};
    *out = neurons;
    if (neurons->ready)
        return MFL_OK;
    if (theory->empirical)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "neurons are drawn for theories of a population only");
    if (theory->results[theory->selected].levels == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "nothing was solved yet; call mfl_theory_solve");
    if (!theory->drawable)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "neurons are drawn for parities and Hermite teachers with relu, leaky or linear activation "
                         "only");
    int32_t status =
        mfli_density_create(&setting, &solution->order, solution->state.steep, &neurons->density);
    if (status == MFL_OK)
        status = mfli_hat_create(context, &neurons->density, &neurons->hat);
    if (status == MFL_OK)
        neurons->ready = 1;
    else
        mfli_neurons_finish(context, neurons);
    return status;
}

typedef struct draw_job {
    mfl_context *context;
    const mfli_target *target;
    const mfli_neurons *neurons;
    int64_t first, count, row_stride;
    double *weights, *readouts;
} draw_job;

static void draw_one(const draw_job *job, int64_t i)
{
    uint64_t index = (uint64_t)(job->first + i), seed = mfli_seed(job->context);
    const mfli_stream inputs = {seed, 0, 0, MFLI_PURPOSE_NEURON_INPUTS};
    mfli_draws draws = {{seed, index, 0, MFLI_PURPOSE_NEURON}, 0};
    mfli_neuron_draw neuron;
    mfli_hat_draw(&job->neurons->hat, &draws, &neuron);
    if (job->weights) {
        size_t d = (size_t)job->target->dimension;
        double *w = job->weights + i * job->row_stride;
        mfli_normal_matrix(&inputs, index, 1, d, w, d);
        mfli_target_place(job->target, neuron.on, neuron.across, w);
    }
    if (job->readouts) {
        mfli_density_point point;
        double z;
        mfli_density_at(&job->neurons->density, neuron.on, neuron.across, &point);
        mfli_draw_normals(&draws, 1, &z);
        job->readouts[i] = point.mean + sqrt(point.variance) * z;
    }
}

static void draw_block(void *data, int64_t index, int32_t thread)
{
    draw_job *job = data;
    int64_t last = (index + 1) * block < job->count ? (index + 1) * block : job->count;
    if (mfli_cancelled(job->context))
        return;
    for (int64_t i = index * block; i < last; i++)
        draw_one(job, i);
    if (thread == 0)
        mfli_progress(job->context, "neurons", (double)last / (double)job->count);
}

static int32_t sample(mfl_theory *theory, int64_t first, int64_t count, double *weights,
                      int64_t row_stride, double *readouts)
{
    mfl_context *context = theory->object.context;
    double d = (double)theory->problem.dimension;
    mfli_neurons *neurons;
    if (first < 0 || count < 0 || ((double)first + (double)count) * d >= elements_most)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "neurons %lld to %lld of dimension %.0f are asked for; indices start at "
                         "0, and times the "
                         "dimension they must stay below 2^40",
                         (long long)first, (long long)first + (long long)count, d);
    if (weights && (double)row_stride < d)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "row_stride is %lld; it must be at least the dimension, %.0f",
                         (long long)row_stride, d);
    int32_t status = mfli_theory_neurons(theory, &neurons);
    if (status != MFL_OK)
        return status;
    draw_job job = {context, &theory->target, neurons, first, count, row_stride, weights, readouts};
    mfli_team_for(context, mfli_threads(context), (count + block - 1) / block, draw_block, NULL,
                  &job);
    if (mfli_cancelled(context))
        return mfli_fail(context, MFL_ERROR_CANCELLED, "drawing neurons was cancelled");
    return MFL_OK;
}

int32_t mfl_theory_sample(mfl_theory *theory, int64_t first, int64_t count, double *weights,
                          int64_t row_stride, double *readouts)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status
                  : mfli_leave(theory, sample(theory, first, count, weights, row_stride, readouts));
}
