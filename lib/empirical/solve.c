/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/checkpoint.h"
#include "empirical/empirical.h"
#include "linalg/linalg.h"
#include "network/projection.h"
#include "ridge/degrees.h"

enum {
    settling = MFLI_EMPIRICAL_SETTLING,
    first_look = 32, /* recorded sweeps at which a solve may end */
    fewest = 12,     /* of which an error is known */
    rank_most = 96   /* of the surrogate */
};

/* Factor of the gain of those particles in the beginning. */
static const double strongest = 4.0;
/* The weight of a sweep among n falls like (1 + memory)/n, so that early ones are forgotten like
 * (early/n)^(1 + memory). */
static const double memory = 3.0;

/* ---- the handle's part ---- */

void mfli_empirical_forget(mfli_empirical *e)
{
    void *const all[] = {e->inputs,          e->targets,        e->rho,
                         e->extra,           e->images,         e->amplitude,
                         e->inputs_estimate, e->cavity.pull,    e->cavity.readout,
                         e->cavity.factor,   e->cavity.vectors, e->cavity.bend};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mfli_free(e->context, all[i]);
    if (e->swarm.context)
        mfli_swarm_finish(&e->swarm);
    if (e->kernel.context)
        mfli_mean_kernel_finish(&e->kernel);
    if (e->archive.context)
        mfli_archive_finish(&e->archive);
    if (e->record.context)
        mfli_record_finish(&e->record);
    mfli_points_clear(e->context, &e->points);
    const mfli_empirical kept = *e;
    memset(e, 0, sizeof *e);
    e->context = kept.context;
    e->model = kept.model;
    e->data = kept.data;
    e->task_handle = kept.task_handle;
    e->task = kept.task;
    e->checkpoint = kept.checkpoint;
    e->interval = kept.interval;
    e->stop = MFL_STOP_NONE;
}

void mfli_empirical_destroy(mfli_empirical *e)
{
    if (!e)
        return;
    mfli_empirical_forget(e);
    mfli_object_release(e->data);
    mfli_object_release(e->task_handle);
    mfli_free(e->context, e->checkpoint);
    mfli_free(e->context, e);
}

static int32_t check(mfl_context *context, const mfli_model *model, const mfl_dataset *data,
                     const mfl_task *task, mfli_task *read)
{
    const mfli_kernel_choice nngp = {0};
    mfli_kernel kernel;
    int32_t status = mfli_dataset_check(context, data, "train");
    if (status == MFL_OK && data->columns != model->dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "train has inputs of dimension %lld, the model %lld",
                           (long long)data->columns, (long long)model->dimension);
    if (status == MFL_OK)
        status = mfli_kernel_choose(context, model, &nngp, &kernel);
    if (status != MFL_OK || !task)
        return status;
    status = mfli_task_read(context, task, read);
    if (status == MFL_OK)
        status = mfli_check_dimension(context, model, read);
    return status == MFL_OK ? mfli_projection_supported(context, model, read) : status;
}

int32_t mfli_empirical_create(mfl_context *context, const mfli_model *model, const mfl_dataset *data,
                              const mfl_task *task, mfli_empirical **out)
{
    mfli_task read = {.dimension = 0};
    int32_t status = check(context, model, data, task, &read);
    if (status != MFL_OK)
        return status;
    mfli_empirical *e = mfli_alloc_zeroed(context, 1, sizeof *e);
    if (!e)
        return MFL_ERROR_MEMORY;
    e->context = context;
    e->model = *model;
    e->data = (mfl_dataset *)data;
    e->task_handle = (mfl_task *)task;
    e->task = read;
    mfli_object_retain(e->data);
    if (task)
        mfli_object_retain(e->task_handle);
    *out = e;
    return MFL_OK;
}

/* ---- preparation ---- */

/* One after the other in a single block. */
static int32_t allocate(mfli_empirical *e)
{
    const size_t P = (size_t)e->samples, d = (size_t)e->model.dimension;
    mfl_context *context = e->context;
    e->inputs = mfli_alloc(context, P, d * sizeof(double));
    e->targets = mfli_alloc_zeroed(context, 7 * P, sizeof(double));
    e->rho = mfli_alloc(context, 3 * d, sizeof(double));
    e->inputs_estimate = mfli_alloc_zeroed(context, d, sizeof *e->inputs_estimate);
    e->cavity.pull = mfli_alloc(context, P, sizeof(double));
    e->cavity.readout = mfli_alloc(context, P, sizeof(double));
    e->cavity.factor = mfli_alloc(context, P, P * sizeof(double));
    e->extra = mfli_alloc(context, P, P * sizeof(double));
    if (!e->inputs || !e->targets || !e->rho || !e->inputs_estimate || !e->cavity.pull ||
        !e->cavity.readout || !e->cavity.factor || !e->extra)
        return MFL_ERROR_MEMORY;
    e->prior_pull = e->targets + P;
    e->prediction = e->targets + 2 * P;
    e->spread = e->rho + d;
    e->scales = e->rho + 2 * d;
    if (!e->cavity.rank)
        return MFL_OK;
    e->images = mfli_alloc(context, (size_t)e->cavity.rank, P * sizeof(double));
    e->cavity.vectors = mfli_alloc(context, (size_t)e->cavity.rank, P * sizeof(double));
    e->cavity.bend = mfli_alloc(context, (size_t)e->cavity.rank, sizeof(double));
    return e->images && e->cavity.vectors && e->cavity.bend ? MFL_OK : MFL_ERROR_MEMORY;
}

static int64_t particles_of(const mfli_empirical *e)
{
    const double P = (double)e->samples, d = (double)e->model.dimension;
    int64_t count = e->choice.particles;
    if (count == 0)
        count = (int64_t)fmin(fmax(512.0, fmax(4.0 * P, 8.0 * d)), 16384.0);
    return (count + MFLI_POPULATIONS - 1) / MFLI_POPULATIONS * MFLI_POPULATIONS;
}

/* What the prior's kernel gives the task's mode at each sample, lambda chi(x), where that is known. */
static int32_t prepare_mode(mfli_empirical *e)
{
    const mfli_task *task = &e->task;
    if (!e->task_handle)
        return MFL_OK;
    e->mode_learned = e->targets + 3 * e->samples;
    e->mode_rest = e->targets + 4 * e->samples;
    e->mode_response = e->targets + 5 * e->samples;
    if (e->choice.relevance || task->kind != MFL_TASK_PARITY || task->input_law != MFL_INPUT_HYPERCUBE)
        return MFL_OK;
    const size_t degrees = (size_t)task->degree + 1;
    double trace, error, *values = mfli_alloc(e->context, 2 * degrees, sizeof *values);
    if (!values)
        return MFL_ERROR_MEMORY;
    int32_t status = mfli_degrees_hypercube(e->context, &e->kernel_of_prior, (int64_t)degrees, values,
                                            values + degrees, &trace, &error);
    if (status == MFL_OK) {
        e->mode_prior = e->targets + 6 * e->samples;
        mfli_task_basis(task, 1, e->samples, e->inputs, task->dimension, e->mode_prior);
        for (int64_t mu = 0; mu < e->samples; mu++)
            e->mode_rest[mu] = e->mode_prior[mu] *= values[task->degree];
    }
    mfli_free(e->context, values);
    return status == MFL_ERROR_UNSUPPORTED ? MFL_OK : status;
}

static int32_t prepare(mfli_empirical *e)
{
    const int64_t P = e->samples, d = e->model.dimension;
    const mfli_kernel_choice nngp = {0};
    e->cavity = (mfli_cavity){.samples = P,
                              .shrink = e->model.width ? pow((double)e->model.width, -e->model.gamma) : 0.0,
                              .readout_variance = e->model.sigma_a * e->model.sigma_a,
                              .screened = e->choice.screened,
                              .rank = e->choice.screened ? (P < rank_most ? P : rank_most) : 0,
                              .rest = 1.0 / (e->choice.kappa * e->choice.kappa)};
    e->others = e->model.width ? 1.0 - 1.0 / (double)e->model.width : 1.0;
    int32_t status = allocate(e);
    if (status == MFL_OK)
        status = mfli_kernel_choose(e->context, &e->model, &nngp, &e->kernel_of_prior);
    if (status != MFL_OK)
        return status;
    mfli_dataset_pack(e->data, 0, P, e->inputs, d);
    memcpy(e->targets, e->data->targets, (size_t)P * sizeof(double));
    for (int64_t mu = 0; mu < P; mu++)
        e->target_square += e->targets[mu] * e->targets[mu];
    for (int64_t j = 0; j < d; j++) {
        e->rho[j] = e->choice.relevance ? e->choice.alpha / e->choice.beta
                                        : (double)d / (e->model.sigma_w * e->model.sigma_w);
        e->spread[j] = 1.0;
    }
    e->control_of_squares = 1.0;
    status = prepare_mode(e); /* before the kernel has factors of its own */
    e->kernel_of_prior.factors = e->scales;
    e->kernel_of_prior.unit = 1.0;
    if (status == MFL_OK)
        status = mfli_swarm_create(e->context, &e->model, P, e->cavity.rank, particles_of(e), &e->swarm);
    if (status == MFL_OK)
        status = mfli_mean_kernel_create(e->context, &e->model, P, &e->kernel);
    if (status == MFL_OK)
        status = mfli_archive_create(&e->swarm, &e->archive);
    mfli_record_init(e->context, MFLI_RECORD_INPUTS + d, &e->record);
    if (status == MFL_OK)
        status = mfli_empirical_inspect(e);
    if (status == MFL_OK)
        status = mfli_empirical_set_prior(e);
    if (status == MFL_OK)
        mfli_mean_kernel_reset(&e->kernel);
    return status;
}

/* ---- results ---- */

/* f on the training set, and from it what is solved for exactly given the kernel: overlap, m, and how far
 * the record's kappa^2 v.K v/|y|^2 is from that of the averaged kernel. */
static int32_t conclude(mfli_empirical *e, double recorded)
{
    const double *v = e->cavity.readout, noise = e->choice.kappa * e->choice.kappa;
    double overlap = 0.0, form = 0.0, error = 0.0, mode = 0.0;
    mfli_mean_kernel_build(&e->kernel, 1.0, 0.0, e->extra);
    int32_t status = mfli_symv(e->context, e->samples, 1.0, e->extra, e->samples, v, 0.0, e->prediction);
    for (int64_t mu = 0; mu < e->samples && status == MFL_OK; mu++) {
        double off = e->targets[mu] - e->prediction[mu];
        overlap += e->targets[mu] * e->prediction[mu];
        form += noise * v[mu] * e->prediction[mu];
        error += off * off;
        if (e->mode_response)
            mode += e->kernel.scale * e->mode_learned[mu] * v[mu];
        if (e->mode_prior)
            mode += e->kernel.control * e->mode_rest[mu] * v[mu];
    }
    e->value[MFLI_EMPIRICAL_OVERLAP] = e->target_square > 0.0 ? overlap / e->target_square : 0.0;
    e->value[MFLI_EMPIRICAL_M] = e->mode_response ? mode : NAN;
    e->value[MFLI_EMPIRICAL_TRAIN_ERROR] = error / (double)e->samples;
    e->value[MFLI_EMPIRICAL_RESIDUAL] =
        e->target_square > 0.0 ? fabs(form / e->target_square - recorded) : 0.0;
    return status;
}

static double effective_share(const mfli_swarm *swarm)
{
    double squares = 0.0;
    for (int64_t i = 0; i < swarm->count; i++)
        squares += swarm->weight[i] * swarm->weight[i];
    return (double)(MFLI_POPULATIONS * MFLI_POPULATIONS) / (squares * (double)swarm->count);
}

/* <w_j^2> on the support of a parity and off it. */
static void compare_weights(mfli_empirical *e)
{
    const mfli_task *task = &e->task;
    const int64_t d = e->model.dimension, k = task->degree;
    double sum[2] = {0.0, 0.0}, square[2] = {0.0, 0.0};
    for (int64_t j = 0, on = 0; j < d; j++) {
        const int32_t off = on == k || task->support[on] != j;
        on += !off;
        sum[off] += e->inputs_estimate[j].mean / e->rho[j];
        square[off] += pow(e->inputs_estimate[j].error / e->rho[j], 2.0);
    }
    for (int32_t off = 0; off < 2; off++) {
        const double count = off ? (double)(d - k) : (double)k;
        e->value[MFLI_EMPIRICAL_WEIGHT_ON + off] = count > 0.0 ? sum[off] / count : NAN;
        e->error[MFLI_EMPIRICAL_WEIGHT_ON + off] = sqrt(square[off]) / count;
    }
}

/* All numbers at the present state. */
static int32_t evaluate(mfli_empirical *e)
{
    mfli_estimate overlap, mode = {NAN, NAN, 1.0, 0.0};
    double moved = 0.0;
    int32_t status = mfli_record_estimate(&e->record, MFLI_RECORD_OVERLAP, &overlap);
    if (status == MFL_OK && e->task_handle)
        status = mfli_record_estimate(&e->record, MFLI_RECORD_MODE, &mode);
    for (int64_t j = 0; j < e->model.dimension && status == MFL_OK; j++) {
        mfli_estimate *spread = &e->inputs_estimate[j];
        status = mfli_record_estimate(&e->record, MFLI_RECORD_INPUTS + j, spread);
        moved = fmax(moved, fabs(mfli_empirical_wanted_precision(e, j, spread->mean)));
    }
    if (status == MFL_OK)
        status = conclude(e, overlap.mean);
    if (status != MFL_OK)
        return status;
    e->error[MFLI_EMPIRICAL_OVERLAP] = overlap.error;
    e->error[MFLI_EMPIRICAL_M] = mode.error;
    e->error[MFLI_EMPIRICAL_TRAIN_ERROR] =
        2.0 * sqrt(e->value[MFLI_EMPIRICAL_TRAIN_ERROR] * e->target_square / (double)e->samples) *
        overlap.error;
    e->apart = fmax(overlap.spread, mode.spread);
    e->value[MFLI_EMPIRICAL_R_HAT] = fmax(overlap.r_hat, mode.r_hat);
    e->value[MFLI_EMPIRICAL_RESIDUAL_RHO] = e->choice.relevance ? moved : 0.0;
    e->value[MFLI_EMPIRICAL_PARTICLES] = (double)e->swarm.count;
    e->value[MFLI_EMPIRICAL_SWEEPS] = (double)e->swarm.sweep;
    e->value[MFLI_EMPIRICAL_FORCES] = (double)e->swarm.evaluations;
    e->value[MFLI_EMPIRICAL_ACCEPTANCE] = e->swarm.accepted;
    e->value[MFLI_EMPIRICAL_CONTROL] = e->kernel.control;
    e->value[MFLI_EMPIRICAL_EFFECTIVE] = effective_share(&e->swarm);
    e->value[MFLI_EMPIRICAL_WEIGHT_ON] = e->value[MFLI_EMPIRICAL_WEIGHT_OFF] = NAN;
    if (e->task_handle && e->task.kind == MFL_TASK_PARITY)
        compare_weights(e);
    return MFL_OK;
}

static int32_t is_settled(const mfli_empirical *e)
{
    const double error = e->error[MFLI_EMPIRICAL_OVERLAP], tolerance = e->choice.tolerance;
    if (!(error <= tolerance && e->value[MFLI_EMPIRICAL_RESIDUAL] <= 5.0 * tolerance))
        return 0;
    if (e->choice.relevance && !(e->value[MFLI_EMPIRICAL_RESIDUAL_RHO] <= 20.0 * tolerance))
        return 0;
    return e->value[MFLI_EMPIRICAL_R_HAT] <= MFLI_EMPIRICAL_MIXED ||
           e->apart <= MFLI_EMPIRICAL_APART * tolerance;
}

/* ---- sweeps ---- */

static int32_t sweep(mfli_empirical *e)
{
    const double done = (double)e->swarm.sweep, recorded = done - settling;
    const double newest =
        done == 0.0 ? 1.0 : fmin(0.5, (1.0 + memory) / (fmax(recorded, 0.0) + 1.0 + memory));
    e->swarm.boost = recorded < 0.0 ? 1.0 + (strongest - 1.0) * -recorded / settling : 1.0;
    int32_t status = mfli_empirical_update_field(e);
    if (status == MFL_OK)
        status = mfli_swarm_move(&e->swarm, &e->cavity);
    if (status == MFL_OK)
        status = mfli_empirical_gather(e, newest, recorded >= 0.0);
    if (status != MFL_OK || recorded < 0.0)
        return status;
    mfli_umbrella_update(&e->swarm.umbrella);
    if (e->choice.relevance)
        status = mfli_empirical_update_precisions(e);
    mfli_archive_look(&e->archive, &e->swarm, (int64_t)recorded);
    return status;
}

/* Numbers are looked at after 48 sweeps, and again whenever there are a quarter more. */
static int32_t is_look(int64_t done)
{
    double look = settling + first_look;
    while (ceil(look) < (double)done)
        look *= 1.25;
    return (double)done == ceil(look);
}

/* Sweeps until it has settled; a state that was loaded may have. */
static int32_t iterate(mfli_empirical *e)
{
    double saved = mfli_clock();
    int32_t status = MFL_OK;
    e->stop = MFL_STOP_LIMIT;
    for (;;) {
        const int64_t done = (int64_t)e->swarm.sweep;
        const int32_t last = done >= e->choice.sweeps, look = last || is_look(done);
        if (look)
            status = evaluate(e);
        if (look && status == MFL_OK && is_settled(e))
            e->stop = MFL_STOP_CONVERGED;
        const int32_t ends = last || e->stop == MFL_STOP_CONVERGED;
        if (status == MFL_OK && e->checkpoint && done > 0 && (ends || mfli_clock() - saved >= e->interval)) {
            status = mfli_empirical_save(e, e->checkpoint);
            saved = mfli_clock();
        }
        if (status == MFL_OK && !ends)
            status = sweep(e);
        if (status != MFL_OK || ends)
            return status;
    }
}

static int32_t run(mfli_empirical *e)
{
    e->swarm.planned = e->choice.sweeps;
    int32_t status = iterate(e);
    if (status == MFL_ERROR_CANCELLED && e->record.sweeps >= fewest) {
        e->stop = MFL_STOP_CANCELLED;
        status = evaluate(e);
    }
    if (status == MFL_OK && e->stop == MFL_STOP_LIMIT)
        mfli_empirical_explain(e);
    return status == MFL_OK ? mfli_empirical_conclude(e) : status;
}

/* From a file, or from nothing where that is NULL. */
static int32_t begin(mfli_empirical *e, const mfli_empirical_choice *choice, const char *path)
{
    mfli_empirical_forget(e);
    e->choice = *choice;
    e->samples = choice->samples;
    int32_t status = prepare(e);
    if (status == MFL_OK && path)
        status = mfli_empirical_load(e, path);
    if (status == MFL_OK)
        status = run(e);
    if (status != MFL_OK)
        mfli_empirical_forget(e);
    return status;
}

int32_t mfli_empirical_solve(mfli_empirical *e, const mfli_empirical_choice *choice)
{
    return begin(e, choice, NULL);
}

int32_t mfli_empirical_resume(mfli_empirical *e, const mfli_empirical_choice *choice, const char *path)
{
    return begin(e, choice, path);
}
