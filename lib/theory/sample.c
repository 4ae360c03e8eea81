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
    if (neurons->frame_law)
        mfli_frame_law_finish(context, neurons->frame_law);
    mfli_free(context, neurons->frame_law);
    memset(neurons, 0, sizeof *neurons);
}

/* By the integrals of a homogeneous activation and a single mode. */
static int32_t make_hat(const mfli_setting *setting, const mfli_solution *solution, mfli_neurons *neurons)
{
    int32_t status = mfli_density_create(setting, &solution->order, solution->state.steep, &neurons->density);
    if (status == MFL_OK)
        status = mfli_hat_create(setting->context, &neurons->density, &neurons->hat);
    if (status == MFL_OK)
        mfli_hat_describe(&neurons->hat, &neurons->law);
    return status;
}

static int32_t make_frame_law(const mfl_theory *theory, const mfli_setting *setting, mfli_neurons *neurons)
{
    const mfli_multimode *problem = &theory->multimode;
    const mfli_solution *solution = &theory->solutions[theory->selected];
    mfli_frame_law *law = mfli_alloc_zeroed(setting->context, 1, sizeof *law);
    neurons->frame_law = law;
    if (!law)
        return MFL_ERROR_MEMORY;
    int32_t status = solution->known ? mfli_frame_law_of_state(setting, &problem->modes, &problem->model,
                                                               &solution->order, solution->state.steep, law)
                                     : mfli_frame_law_of_pull(setting->context, &problem->modes, &problem->model,
                                                              &theory->pulls[theory->selected], law);
    if (status == MFL_OK)
        mfli_frame_law_describe(law, &neurons->law);
    return status;
}

int32_t mfli_theory_neurons(mfl_theory *theory, mfli_neurons **out)
{
    mfl_context *context = theory->object.context;
    mfli_neurons *neurons = &theory->neurons[theory->selected];
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
    int32_t status = theory->drawable ? make_hat(&setting, &theory->solutions[theory->selected], neurons)
                                      : make_frame_law(theory, &setting, neurons);
    if (status == MFL_OK)
        neurons->ready = 1;
    else
        mfli_neurons_finish(context, neurons);
    return status;
}

int32_t mfli_neurons_threads(const mfl_context *context, const mfli_neurons *neurons)
{
    return neurons->law.is_caller ? 1 : mfli_threads(context);
}

typedef struct draw_job {
    mfl_context *context;
    const mfli_target *target;
    const mfli_neurons *neurons;
    int64_t first, count, row_stride;
    double *weights, *readouts;
    int32_t status;
} draw_job;

static int32_t draw_one(const draw_job *job, int64_t i)
{
    const mfli_neuron_law *law = &job->neurons->law;
    uint64_t index = (uint64_t)(job->first + i), seed = mfli_seed(job->context);
    const mfli_stream inputs = {seed, 0, 0, MFLI_PURPOSE_NEURON_INPUTS};
    mfli_draws draws = {{seed, index, 0, MFLI_PURPOSE_NEURON}, 0};
    mfli_neuron_draw neuron;
    int32_t status = law->draw(law->data, &draws, &neuron);
    if (job->weights && status == MFL_OK) {
        size_t d = (size_t)job->target->dimension;
        double *w = job->weights + i * job->row_stride;
        mfli_normal_matrix(&inputs, index, 1, d, w, d);
        mfli_target_place(job->target, neuron.on, neuron.across, w);
    }
    if (job->readouts && status == MFL_OK) {
        mfli_readout readout;
        double z;
        status = law->at(law->data, neuron.on, neuron.across, &readout);
        mfli_draw_normals(&draws, 1, &z);
        job->readouts[i] = readout.mean + sqrt(readout.variance) * z;
    }
    return status;
}

/* Only a caller's activation can fail, and that is asked on one thread. */
static void draw_block(void *data, int64_t index, int32_t thread)
{
    draw_job *job = data;
    int64_t last = (index + 1) * block < job->count ? (index + 1) * block : job->count;
    for (int64_t i = index * block; i < last; i++) {
        if (mfli_cancelled(job->context) || (job->neurons->law.is_caller && job->status != MFL_OK))
            return;
        int32_t status = draw_one(job, i);
        if (job->neurons->law.is_caller)
            job->status = status;
    }
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
                         "%lld neurons from index %lld of dimension %.0f are asked for; indices start at 0, and times "
                         "the dimension they must stay below 2^40",
                         (long long)count, (long long)first, d);
    if (weights && (double)row_stride < d)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "row_stride is %lld; it must be at least the dimension, %.0f",
                         (long long)row_stride, d);
    int32_t status = weights ? mfli_check_extent(context, "weights", count, row_stride) : MFL_OK;
    if (status == MFL_OK)
        status = mfli_theory_neurons(theory, &neurons);
    if (status != MFL_OK)
        return status;
    draw_job job = {context,    &theory->target, neurons,  first, count,
                    row_stride, weights,         readouts, MFL_OK};
    mfli_team_for(context, mfli_neurons_threads(context, neurons), (count + block - 1) / block,
                  draw_block, NULL, &job);
    if (mfli_cancelled(context))
        return mfli_fail(context, MFL_ERROR_CANCELLED, "drawing neurons was cancelled");
    return job.status;
}

int32_t mfl_theory_sample(mfl_theory *theory, int64_t first, int64_t count, double *weights,
                          int64_t row_stride, double *readouts)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status
                  : mfli_leave(theory, sample(theory, first, count, weights, row_stride, readouts));
}
