/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/checkpoint.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/empirical.h"
#include "io/crc32c.h"
#include "io/little_endian.h"
#include "io/state.h"

#define NAME MFLI_STATE_NAME

enum { file_version = 1, most_fields = 24, marks = 22, counters = 2, shares = 4 };

static const char *const mark_names[marks] = {
    "number of samples", "kappa",       "width",     "input dimension", "activation",       "gamma",
    "sigma_w",           "sigma_a",     "leak",      "seed",            "training inputs",  "training targets",
    "self-energy",       "prior",       "alpha0",    "beta0",           "sharing",          "number of particles",
    "task",              "mode of the task", "instruction set", "algorithm"};

/* To be raised whenever the numbers of a sweep change. */
static const int64_t algorithm = 1;

static const uint32_t record_name = NAME('R', 'E', 'C', 'O');

/* Numbers of a solve that sections of the file are made of. */
typedef struct field {
    uint32_t name, type;
    size_t count;
    void *data;
} field;

typedef struct scattered {
    int64_t counter[counters];
    double share[shares];
} scattered;

static int64_t bits(double value)
{
    int64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

static uint32_t checksum(size_t count, const double *values)
{
    uint32_t crc = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[8];
        mfli_store_double(bytes, values[i]);
        crc = mfli_crc32c(crc, bytes, sizeof bytes);
    }
    return crc;
}

/* What a solve must agree in with the one that was saved, in the order of mark_names. */
static void mark(const mfli_empirical *e, int64_t to[marks])
{
    const mfli_model *model = &e->model;
    const mfli_empirical_choice *choice = &e->choice;
    const size_t P = (size_t)e->samples;
    const int64_t list[marks] = {
        e->samples, bits(choice->kappa), model->width, model->dimension, model->activation, bits(model->gamma),
        bits(model->sigma_w), bits(model->sigma_a), bits(model->leak), (int64_t)mfli_seed(e->context),
        checksum(P * (size_t)model->dimension, e->inputs), checksum(P, e->targets), choice->screened,
        choice->relevance, bits(choice->alpha), bits(choice->beta), bits(choice->sharing), e->swarm.count,
        e->task_handle != NULL, e->mode_prior ? checksum(P, e->mode_prior) : 0,
        mfli_instruction_set(e->context), algorithm};
    memcpy(to, list, sizeof list);
}

static scattered collect(const mfli_empirical *e)
{
    return (scattered){{(int64_t)e->swarm.sweep, e->swarm.evaluations},
                       {e->swarm.accepted, e->control_of_squares, e->kernel.best, e->kernel.control}};
}

/* Returns how many. */
static size_t list_fields(mfli_empirical *e, scattered *parts, field fields[most_fields])
{
    const size_t P = (size_t)e->samples, d = (size_t)e->model.dimension, M = (size_t)e->swarm.count,
                 rank = (size_t)e->cavity.rank, kept = MFLI_SNAPSHOTS;
    const uint32_t whole = MFLI_SECTION_INT64, real = MFLI_SECTION_DOUBLE;
    mfli_swarm *swarm = &e->swarm;
    const field list[] = {
        {NAME('C', 'O', 'U', 'N'), whole, counters, parts->counter},
        {NAME('S', 'H', 'A', 'R'), real, shares, parts->share},
        {NAME('P', 'L', 'A', 'C'), real, M * d, swarm->place},
        {NAME('S', 'H', 'A', 'D'), real, M * d, swarm->shadow},
        {NAME('W', 'E', 'I', 'G'), real, M, swarm->weight},
        {NAME('R', 'E', 'S', 'P'), real, M * sizeof *swarm->response / sizeof(double), swarm->response},
        {NAME('A', 'N', 'G', 'L'), real, 2, swarm->angle},
        {NAME('U', 'M', 'B', 'R'), real, sizeof swarm->umbrella / sizeof(double), &swarm->umbrella},
        {NAME('R', 'H', 'O', ' '), real, d, e->rho},
        {NAME('S', 'P', 'R', 'E'), real, d, e->spread},
        {NAME('L', 'E', 'A', 'R'), real, P * P, e->kernel.learned},
        {NAME('R', 'E', 'S', 'T'), real, P * P, e->kernel.rest},
        {NAME('M', 'O', 'D', 'E'), real, e->task_handle ? 2 * P : 0, e->mode_learned},
        {NAME('R', 'E', 'A', 'D'), real, P, e->cavity.readout},
        {NAME('I', 'M', 'A', 'G'), real, rank * P, e->images},
        {NAME('V', 'E', 'C', 'T'), real, rank * P, e->cavity.vectors},
        {NAME('A', 'R', 'C', 'P'), real, kept * M * d, e->archive.particles},
        {NAME('A', 'R', 'C', 'S'), real, kept * M * d, e->archive.shadows},
        {NAME('A', 'R', 'C', 'W'), real, kept * M, e->archive.share},
        {NAME('A', 'R', 'C', 'T'), whole, kept, e->archive.stored},
        {record_name, real,
         (size_t)(e->record.quantities * MFLI_POPULATIONS * e->record.capacity), e->record.value},
    };
    memcpy(fields, list, sizeof list);
    return sizeof list / sizeof *list;
}

int32_t mfli_empirical_save(const mfli_empirical *e, const char *path)
{
    scattered parts = collect(e);
    field fields[most_fields];
    mfli_section sections[1 + most_fields];
    int64_t here[marks];
    const size_t count = list_fields((mfli_empirical *)e, &parts, fields);
    mark(e, here);
    sections[0] = (mfli_section){NAME('F', 'I', 'N', 'G'), MFLI_SECTION_INT64, marks, here};
    for (size_t i = 0; i < count; i++)
        sections[1 + i] = (mfli_section){fields[i].name, fields[i].type, fields[i].count, fields[i].data};
    return mfli_state_write(e->context, path, MFLI_STATE_EMPIRICAL, file_version, sections, 1 + count);
}

static int32_t open_file(mfl_context *context, const char *path, mfli_state *state, int64_t there[marks])
{
    int32_t status = mfli_state_open(context, path, MFLI_STATE_EMPIRICAL, file_version, state);
    if (status != MFL_OK)
        return status;
    status = mfli_state_int64(state, NAME('F', 'I', 'N', 'G'), marks, there);
    if (status != MFL_OK)
        mfli_state_close(state);
    return status;
}

int32_t mfli_empirical_read_point(mfl_context *context, const char *path, int64_t *samples, double *kappa)
{
    int64_t there[marks];
    mfli_state state;
    int32_t status = open_file(context, path, &state, there);
    if (status != MFL_OK)
        return status;
    mfli_state_close(&state);
    *samples = there[0];
    memcpy(kappa, &there[1], sizeof *kappa);
    return MFL_OK;
}

static int32_t fail_unsound(const mfli_state *state)
{
    return mfli_fail(state->context, MFL_ERROR_FORMAT, "\"%.300s\" describes a solve that there cannot be",
                     state->path);
}

/* Counters first: the length of the record follows from them, and must be one that the file can fill. */
static int32_t read_counters(mfli_empirical *e, const mfli_state *state, scattered *parts)
{
    uint64_t recorded;
    int32_t status = mfli_state_int64(state, NAME('C', 'O', 'U', 'N'), counters, parts->counter);
    if (status == MFL_OK)
        status = mfli_state_count(state, record_name, MFLI_SECTION_DOUBLE, &recorded);
    if (status != MFL_OK)
        return status;
    const int64_t sweeps = parts->counter[0], series = e->record.quantities * MFLI_POPULATIONS;
    if (sweeps < 0 || sweeps > INT64_C(1) << 30 || parts->counter[1] < 0 || parts->counter[1] > INT64_C(1) << 60
        || sweeps - MFLI_EMPIRICAL_SETTLING > (int64_t)(recorded / (uint64_t)series))
        return fail_unsound(state);
    return mfli_record_reserve(&e->record, sweeps - MFLI_EMPIRICAL_SETTLING);
}

static int32_t is_sound(const mfli_empirical *e, const scattered *parts)
{
    int32_t sound = parts->share[2] >= 0.0 && parts->share[2] <= 1.0 && parts->share[3] >= 0.0 &&
                    parts->share[3] <= 1.0 && e->swarm.angle[0] > 0.0 && e->swarm.angle[1] > 0.0;
    for (int64_t j = 0; j < e->model.dimension; j++)
        sound &= e->rho[j] > 0.0 && isfinite(e->rho[j]);
    for (int32_t i = 0; i < MFLI_SNAPSHOTS; i++)
        sound &= e->archive.stored[i] >= 0 && e->archive.stored[i] <= parts->counter[0];
    return sound;
}

static int32_t read_fields(mfli_empirical *e, const mfli_state *state)
{
    scattered parts;
    field fields[most_fields];
    int32_t status = read_counters(e, state, &parts);
    const size_t count = list_fields(e, &parts, fields);
    for (size_t i = 0; i < count && status == MFL_OK; i++)
        status = fields[i].type == MFLI_SECTION_INT64
                     ? mfli_state_int64(state, fields[i].name, fields[i].count, fields[i].data)
                     : mfli_state_double(state, fields[i].name, fields[i].count, fields[i].data);
    if (status != MFL_OK)
        return status;
    e->swarm.sweep = (uint64_t)parts.counter[0];
    e->swarm.evaluations = parts.counter[1];
    e->swarm.accepted = parts.share[0];
    e->control_of_squares = parts.share[1];
    e->kernel.best = parts.share[2];
    e->kernel.control = parts.share[3];
    return is_sound(e, &parts) ? mfli_empirical_set_prior(e) : fail_unsound(state);
}

int32_t mfli_empirical_load(mfli_empirical *e, const char *path)
{
    int64_t here[marks], there[marks];
    mfli_state state;
    int32_t status = open_file(e->context, path, &state, there);
    if (status != MFL_OK)
        return status;
    mark(e, here);
    for (size_t i = 0; i < marks && status == MFL_OK; i++)
        if (here[i] != there[i])
            status = mfli_fail(e->context, MFL_ERROR_ARGUMENT,
                               "\"%.300s\" was saved by a solve with another %s; only a theory that was made "
                               "the same way can go on from it",
                               path, mark_names[i]);
    if (status == MFL_OK)
        status = read_fields(e, &state);
    mfli_state_close(&state);
    return status;
}
