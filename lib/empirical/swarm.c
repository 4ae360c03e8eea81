/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/swarm.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "linalg/linalg.h"
#include "network/features.h"
#include "rng/normals.h"

enum { fewest_steps = 8, most_steps = 32, block = 8 };

/* Numbers of one tile of features: some of them fit in a second-level cache. */
static const double tile_numbers = 65536.0;
static const double quarter_turn = 1.57079632679489661923;
/* Trajectories of short steps are longer, up to this turn: where the data bind a neuron, steps of random
 * direction would take the square of their number. */
static const double enough = 0.4;
/* What the share of accepted trajectories is tuned to. */
static const double wanted = 0.8;

/* Streams of MFLI_PURPOSE_PARTICLES. */
enum { of_start, of_velocity, of_acceptance, of_length };

static mfli_stream stream_of(const mfli_swarm *swarm, uint32_t chain)
{
    return (mfli_stream){mfli_seed(swarm->context), swarm->sweep, chain, MFLI_PURPOSE_PARTICLES};
}

/* ---- memory ---- */

void mfli_swarm_finish(mfli_swarm *swarm)
{
    void *const all[] = {swarm->inputs,   swarm->place,    swarm->shadow, swarm->weight, swarm->response,
                         swarm->z,        swarm->phi,      swarm->slope,  swarm->low,    swarm->force,
                         swarm->velocity, swarm->follower, swarm->before, swarm->form,   swarm->dot,
                         swarm->energy,   swarm->felt,     swarm->left,   swarm->towards, swarm->against};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mfli_free(swarm->context, all[i]);
    if (swarm->rough.context)
        mfli_rough_finish(&swarm->rough);
    memset(swarm, 0, sizeof *swarm);
}

static int32_t allocate(mfli_swarm *swarm, int64_t rank)
{
    const size_t d = (size_t)swarm->dimension, P = (size_t)swarm->samples, M = (size_t)swarm->count;
    const size_t tile = (size_t)swarm->tile;
    const struct {
        double **to;
        size_t rows, columns;
    } arrays[] = {{&swarm->inputs, P, d},      {&swarm->place, M, d},
                  {&swarm->shadow, M, d},      {&swarm->weight, M, 1},
                  {&swarm->z, tile, P},        {&swarm->phi, tile, P},
                  {&swarm->slope, tile, P},    {&swarm->low, tile, (size_t)rank},
                  {&swarm->force, tile, d},    {&swarm->velocity, tile, d},
                  {&swarm->follower, tile, d}, {&swarm->before, tile, d},
                  {&swarm->form, tile, 1},     {&swarm->dot, tile, 1},
                  {&swarm->energy, tile, 1},   {&swarm->towards, tile, 1},
                  {&swarm->against, tile, 1}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].to = mfli_alloc(swarm->context, arrays[i].rows,
                                   (arrays[i].columns + !arrays[i].columns) * sizeof(double));
        if (!*arrays[i].to)
            return MFL_ERROR_MEMORY;
    }
    swarm->response = mfli_alloc(swarm->context, M, sizeof *swarm->response);
    swarm->felt = mfli_alloc(swarm->context, tile, sizeof *swarm->felt);
    swarm->left = mfli_alloc(swarm->context, tile, sizeof *swarm->left);
    if (!swarm->response || !swarm->felt || !swarm->left)
        return MFL_ERROR_MEMORY;
    return mfli_rough_create(swarm->context, swarm->model, swarm->samples, rank, swarm->tile, &swarm->rough);
}

int32_t mfli_swarm_create(mfl_context *context, const mfli_model *model, int64_t samples, int64_t rank,
                          int64_t count, mfli_swarm *swarm)
{
    memset(swarm, 0, sizeof *swarm);
    swarm->context = context;
    swarm->model = model;
    swarm->samples = samples;
    swarm->dimension = model->dimension;
    swarm->count = count;
    swarm->tile = (int64_t)fmin((double)count, fmin(fmax(tile_numbers / (double)samples, 32.0), 512.0));
    swarm->boost = 1.0;
    swarm->angle[0] = swarm->angle[1] = quarter_turn / fewest_steps;
    if (allocate(swarm, rank) != MFL_OK) {
        mfli_swarm_finish(swarm);
        return MFL_ERROR_MEMORY;
    }
    const mfli_stream start = stream_of(swarm, of_start);
    const size_t d = (size_t)swarm->dimension;
    mfli_normal_matrix(&start, 0, (size_t)count, d, swarm->shadow, d);
    memcpy(swarm->place, swarm->shadow, (size_t)count * d * sizeof(double));
    return MFL_OK;
}

/* ---- features and forces of a tile ---- */

typedef struct tile_job {
    mfli_swarm *swarm;
    const mfli_cavity *cavity; /* NULL: features alone */
    int64_t first, rows;       /* first: number of the particle in the first row */
    _Atomic int32_t refused;
} tile_job;

/* What the gain is sampled with: l itself, too strong at first for some particles, and the bias. */
static double target(const mfli_swarm *swarm, int64_t i, double gain, double *slope)
{
    double boost = 2 * i >= swarm->count ? swarm->boost : 1.0;
    double lift = mfli_umbrella_at(&swarm->umbrella, gain, slope);
    *slope += boost;
    return boost * gain + lift;
}

/* Response at form and dot, and the derivatives of the target by dot and by half the form. */
static void respond(const tile_job *job, int64_t row)
{
    const mfli_cavity *cavity = job->cavity;
    mfli_swarm *swarm = job->swarm;
    const mfli_response felt = mfli_cavity_response(cavity, swarm->form[row], swarm->dot[row]);
    double steepness;
    target(swarm, job->first + row, felt.gain, &steepness);
    mfli_cavity_slopes(cavity, &felt, swarm->dot[row], &swarm->towards[row], &swarm->against[row]);
    swarm->towards[row] *= steepness;
    swarm->against[row] *= steepness;
    swarm->felt[row] = felt;
}

/* d target / d z_mu, in place of z; Omega phi beyond `rest` is in z. */
static void pull(const tile_job *job, int64_t row)
{
    const mfli_cavity *cavity = job->cavity;
    mfli_swarm *swarm = job->swarm;
    const int64_t P = swarm->samples;
    const double *phi = swarm->phi + row * P, *slope = swarm->slope + row * P;
    double *z = swarm->z + row * P;
    respond(job, row);
    const double towards = swarm->towards[row], against = swarm->against[row], rest = against * cavity->rest;
    if (cavity->rank == 0)
        for (int64_t mu = 0; mu < P; mu++)
            z[mu] = slope[mu] * (towards * cavity->pull[mu] - rest * phi[mu]);
    else
        for (int64_t mu = 0; mu < P; mu++)
            z[mu] = slope[mu] * (towards * cavity->pull[mu] - rest * phi[mu] - against * z[mu]);
}

static void features_row(tile_job *job, int64_t row)
{
    mfli_swarm *swarm = job->swarm;
    const mfli_cavity *cavity = job->cavity;
    const int64_t P = swarm->samples;
    double *phi = swarm->phi + row * P, square = 0.0, dot = 0.0;
    if (mfli_activation_slopes(swarm->model, (size_t)P, swarm->z + row * P, phi, swarm->slope + row * P)) {
        job->refused = 1;
        return;
    }
    if (!cavity)
        return;
    for (int64_t mu = 0; mu < P; mu++) {
        square += phi[mu] * phi[mu];
        dot += cavity->pull[mu] * phi[mu];
    }
    swarm->form[row] = cavity->rest * square;
    swarm->dot[row] = dot;
    if (cavity->rank == 0)
        pull(job, row);
}

static void bend_row(tile_job *job, int64_t row)
{
    const mfli_cavity *cavity = job->cavity;
    double *low = job->swarm->low + row * cavity->rank;
    for (int64_t k = 0; k < cavity->rank; k++) {
        double bent = cavity->bend[k] * low[k];
        job->swarm->form[row] += bent * low[k];
        low[k] = bent;
    }
}

static void features_block(void *data, int64_t index, int32_t thread)
{
    tile_job *job = data;
    (void)thread;
    for (int64_t row = index * block; row < (index + 1) * block && row < job->rows; row++)
        features_row(job, row);
}

static void pull_block(void *data, int64_t index, int32_t thread)
{
    tile_job *job = data;
    (void)thread;
    for (int64_t row = index * block; row < (index + 1) * block && row < job->rows; row++)
        pull(job, row);
}

/* A caller's activation runs on the calling thread. */
static void over_rows(tile_job *job, mfli_team_fn function)
{
    mfl_context *context = job->swarm->context;
    int32_t threads = job->swarm->model->activation == MFL_ACTIVATION_CALLER ? 1 : mfli_threads(context);
    mfli_team_for(context, threads, (job->rows + block - 1) / block, function, NULL, job);
}

static int32_t features(tile_job *job, const double *places)
{
    mfli_swarm *swarm = job->swarm;
    const int64_t P = swarm->samples, d = swarm->dimension;
    int32_t status = mfli_gemm(swarm->context, MFLI_PLAIN, MFLI_TRANSPOSED, job->rows, P, d, 1.0,
                               places + job->first * d, d, swarm->inputs, d, 0.0, swarm->z, P);
    if (status != MFL_OK)
        return status;
    over_rows(job, features_block);
    if (job->refused)
        return mfli_fail(swarm->context, MFL_ERROR_CALLBACK, "the caller's activation failed");
    return MFL_OK;
}

int32_t mfli_swarm_features(mfli_swarm *swarm, const double *places, int64_t first, int64_t rows)
{
    tile_job job = {.swarm = swarm, .first = first, .rows = rows};
    return features(&job, places);
}

/* Response and force of the particles of a tile, by the surrogate. */
static int32_t evaluate(tile_job *job)
{
    mfli_swarm *swarm = job->swarm;
    const mfli_cavity *cavity = job->cavity;
    const int64_t P = swarm->samples, d = swarm->dimension, rank = cavity->rank, rows = job->rows;
    mfl_context *context = swarm->context;
    int32_t status = features(job, swarm->place);
    if (status == MFL_OK && rank) {
        status = mfli_gemm(context, MFLI_PLAIN, MFLI_TRANSPOSED, rows, rank, P, 1.0, swarm->phi, P,
                           cavity->vectors, P, 0.0, swarm->low, rank);
        for (int64_t row = 0; row < rows && status == MFL_OK; row++)
            bend_row(job, row);
        if (status == MFL_OK)
            status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, rows, P, rank, 1.0, swarm->low, rank,
                               cavity->vectors, P, 0.0, swarm->z, P);
        over_rows(job, pull_block);
    }
    if (status == MFL_OK)
        status = mfli_gemm(context, MFLI_PLAIN, MFLI_PLAIN, rows, d, P, 1.0, swarm->z, P, swarm->inputs, d,
                           0.0, swarm->force, d);
    return status;
}

static int32_t evaluate_roughly(tile_job *job)
{
    mfli_swarm *swarm = job->swarm;
    const double *places = swarm->place + job->first * swarm->dimension;
    int32_t status =
        mfli_rough_features(&swarm->rough, job->cavity, places, job->rows, swarm->form, swarm->dot);
    for (int64_t row = 0; row < job->rows && status == MFL_OK; row++)
        respond(job, row);
    return status ? status
                  : mfli_rough_force(&swarm->rough, job->cavity, job->rows, swarm->towards, swarm->against,
                                     swarm->force);
}

static int32_t find_force(tile_job *job)
{
    return job->swarm->rough.available ? evaluate_roughly(job) : evaluate(job);
}

/* The response in double precision and without surrogate, where find_force() was called. */
static int32_t correct(tile_job *job)
{
    if (job->swarm->rough.available) {
        int32_t status = features(job, job->swarm->place);
        if (status != MFL_OK)
            return status;
    }
    mfli_swarm *swarm = job->swarm;
    const mfli_cavity *cavity = job->cavity;
    const int64_t P = swarm->samples;
    if (!cavity->screened)
        return MFL_OK;
    memcpy(swarm->z, swarm->phi, (size_t)(job->rows * P) * sizeof(double));
    int32_t status = mfli_trsm(swarm->context, MFLI_RIGHT, MFLI_TRANSPOSED, job->rows, P, cavity->factor, P,
                               swarm->z, P);
    for (int64_t row = 0; row < job->rows && status == MFL_OK; row++) {
        const double *z = swarm->z + row * P;
        double form = 0.0;
        for (int64_t mu = 0; mu < P; mu++)
            form += z[mu] * z[mu];
        swarm->felt[row] = mfli_cavity_response(cavity, form, swarm->dot[row]);
    }
    return status;
}

/* ---- trajectories ---- */

static void kick(const tile_job *job, double by)
{
    mfli_swarm *swarm = job->swarm;
    for (int64_t i = 0; i < job->rows * swarm->dimension; i++)
        swarm->velocity[i] += by * swarm->force[i];
}

static void rotate(int64_t count, double angle, double *place, double *velocity)
{
    const double along = cos(angle), across = sin(angle);
    for (int64_t i = 0; i < count; i++) {
        double u = place[i], v = velocity[i];
        place[i] = along * u + across * v;
        velocity[i] = along * v - across * u;
    }
}

static double energy(const tile_job *job, int64_t row)
{
    const mfli_swarm *swarm = job->swarm;
    const int64_t d = swarm->dimension, i = job->first + row;
    const double *u = swarm->place + i * d, *v = swarm->velocity + row * d;
    double sum = 0.0, slope;
    for (int64_t j = 0; j < d; j++)
        sum += u[j] * u[j] + v[j] * v[j];
    return 0.5 * sum - target(swarm, i, swarm->felt[row].gain, &slope);
}

static int32_t leap(tile_job *job, double angle, int64_t steps)
{
    mfli_swarm *swarm = job->swarm;
    const int64_t d = swarm->dimension, numbers = job->rows * d;
    int32_t status = MFL_OK;
    for (int64_t l = 0; l < steps && status == MFL_OK; l++) {
        kick(job, l ? angle : 0.5 * angle);
        rotate(numbers, angle, swarm->place + job->first * d, swarm->velocity);
        rotate(numbers, angle, swarm->shadow + job->first * d, swarm->follower);
        status = find_force(job);
    }
    kick(job, 0.5 * angle);
    return status;
}

typedef struct tally {
    double accepted, tried;
} tally;

/* Metropolis: with probability min(1, exp(-change)) the new place, else the old one. */
static void decide(tile_job *job, int32_t feeling, tally *sum)
{
    mfli_swarm *swarm = job->swarm;
    const int64_t d = swarm->dimension;
    const mfli_stream stream = stream_of(swarm, of_acceptance);
    for (int64_t row = 0; row < job->rows; row++) {
        const int64_t i = job->first + row;
        double change = energy(job, row) - swarm->energy[row], uniform;
        double chance = change <= 0.0 ? 1.0 : change > 0.0 ? exp(-change) : 0.0;
        double counts = feeling ? swarm->left[row].square + 1e-6 : 1.0;
        mfli_uniforms(&stream, (uint64_t)i, 1, &uniform);
        sum->accepted += counts * chance;
        sum->tried += counts;
        if (uniform < chance) {
            swarm->response[i] = swarm->felt[row];
            continue;
        }
        swarm->response[i] = swarm->left[row];
        memcpy(swarm->place + i * d, swarm->before + row * d, (size_t)d * sizeof(double));
    }
}

static int32_t move_tile(tile_job *job, double angle, int64_t steps, int32_t feeling, tally *sum)
{
    mfli_swarm *swarm = job->swarm;
    const size_t d = (size_t)swarm->dimension, numbers = (size_t)job->rows * d;
    const mfli_stream stream = stream_of(swarm, of_velocity);
    mfli_normal_matrix(&stream, (uint64_t)job->first, (size_t)job->rows, d, swarm->velocity, d);
    memcpy(swarm->follower, swarm->velocity, numbers * sizeof(double));
    memcpy(swarm->before, swarm->place + job->first * swarm->dimension, numbers * sizeof(double));
    int32_t status = find_force(job);
    if (status == MFL_OK)
        status = correct(job);
    for (int64_t row = 0; row < job->rows; row++) {
        swarm->energy[row] = energy(job, row);
        swarm->left[row] = swarm->felt[row];
    }
    if (status == MFL_OK)
        status = leap(job, angle, steps);
    if (status == MFL_OK)
        status = correct(job);
    if (status == MFL_OK)
        decide(job, feeling, sum);
    return status;
}

/* Weights of the bias, of sum 1 over each population; the bias learns from them. */
static void weigh(mfli_swarm *swarm)
{
    double total[MFLI_POPULATIONS] = {0.0}, slope;
    for (int64_t i = 0; i < swarm->count; i++) {
        swarm->weight[i] = exp(-mfli_umbrella_at(&swarm->umbrella, swarm->response[i].gain, &slope));
        total[mfli_swarm_population(swarm, i)] += swarm->weight[i];
        if (swarm->boost == 1.0)
            mfli_umbrella_add(&swarm->umbrella, swarm->response[i].gain, swarm->weight[i]);
    }
    for (int64_t i = 0; i < swarm->count; i++)
        swarm->weight[i] /= total[mfli_swarm_population(swarm, i)];
}

int32_t mfli_swarm_move(mfli_swarm *swarm, const mfli_cavity *cavity)
{
    const mfli_stream stream = stream_of(swarm, of_length);
    const int32_t feeling = swarm->sweep % 2 == 1;
    double uniform;
    tally sum = {0.0, 0.0};
    mfli_uniforms(&stream, 0, 1, &uniform);
    const double angle = swarm->angle[feeling] * (0.7 + 0.6 * uniform);
    const int64_t steps = (int64_t)fmin(fmax(enough / swarm->angle[feeling], fewest_steps), most_steps);
    if (swarm->rough.available)
        mfli_rough_set(&swarm->rough, cavity, swarm->inputs);
    for (int64_t first = 0; first < swarm->count; first += swarm->tile) {
        tile_job job = {.swarm = swarm, .cavity = cavity, .first = first};
        job.rows = swarm->count - first < swarm->tile ? swarm->count - first : swarm->tile;
        const double done = (double)swarm->sweep + (double)first / (double)swarm->count;
        if (mfli_progress(swarm->context, "sweeps", done / (double)swarm->planned))
            return mfli_fail(swarm->context, MFL_ERROR_CANCELLED, "cancelled after %llu sweeps",
                             (unsigned long long)swarm->sweep);
        int32_t status = move_tile(&job, angle, steps, feeling, &sum);
        if (status != MFL_OK)
            return status;
    }
    weigh(swarm);
    swarm->accepted = sum.accepted / sum.tried;
    double next =
        swarm->angle[feeling] * exp((swarm->accepted - wanted) / sqrt(1.0 + 0.1 * (double)swarm->sweep));
    swarm->angle[feeling] = fmin(next, quarter_turn / fewest_steps);
    swarm->evaluations += swarm->count * (steps + 1);
    swarm->sweep++;
    return MFL_OK;
}
