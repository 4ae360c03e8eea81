/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints: the state of the chains in a file that is replaced atomically, and beside it the traces in one that
 * only grows, so that the cost of a checkpoint does not grow with the number of draws. The first holds where the
 * second ends; segments reach the disk before the state that counts them. */
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "io/file.h"
#include "io/little_endian.h"
#include "io/state.h"
#include "sampler/sampler.h"

enum { file_version = 1, plan_count = 5, end_count = 2, evidence_count = 4 * MFLI_MOST_RUNGS, head_count = 4 };

static const uint32_t plan_name = MFLI_STATE_NAME('P', 'L', 'A', 'N');
static const uint32_t fingerprint_name = MFLI_STATE_NAME('F', 'I', 'N', 'G');
static const uint32_t evidence_name = MFLI_STATE_NAME('E', 'V', 'I', 'D');
static const uint32_t end_name = MFLI_STATE_NAME('T', 'E', 'N', 'D');

static uint32_t name_of(const mfli_field *field)
{
    return (uint32_t)mfli_load((const uint8_t *)field->name, 4);
}

/* PATH.traces, to be released. */
static char *traces_path(mfl_context *context, const char *path)
{
    static const char suffix[] = ".traces";
    const size_t length = strlen(path);
    char *result = mfli_alloc(context, length + sizeof suffix, 1);
    if (result) {
        memcpy(result, path, length);
        memcpy(result + length, suffix, sizeof suffix);
    }
    return result;
}

static char *copy_text(mfl_context *context, const char *text)
{
    char *copy = mfli_alloc(context, strlen(text) + 1, 1);
    if (copy)
        strcpy(copy, text);
    return copy;
}

/* Draws that are complete: the observables of the newest may still be missing. */
static int64_t complete_draws(const mfl_sampler *sampler, const mfli_chain *chain)
{
    return chain->draws - (sampler->observer_count > 0 && chain->drawn > sampler->settled);
}

/* The draws of all chains from the `saved` ones of each. */
static int32_t append_traces(const mfl_sampler *sampler, const char *path, mfli_segments_end *end)
{
    mfl_context *context = sampler->object.context;
    const int32_t fresh = end->length == 0;
    const size_t chains = (size_t)sampler->slot_count;
    int32_t kinds[MFLI_MOST_TRACES];
    const size_t columns = mfli_sampler_kinds(sampler, kinds);
    mfli_segment *segments = mfli_alloc(context, chains, sizeof *segments);
    const double **traces = mfli_alloc(context, chains * columns, sizeof *traces);
    size_t count = 0;
    for (size_t c = 0; segments && traces && c < chains; c++) {
        const mfli_chain *chain = &sampler->chains[c];
        const int64_t first = fresh ? 0 : chain->saved;
        for (size_t k = 0; k < columns; k++)
            traces[c * columns + k] = chain->trace[mfli_trace_index(sampler, kinds[k])];
        if (first < chain->draws)
            segments[count++] = (mfli_segment){c, (uint64_t)first, (uint64_t)(chain->draws - first),
                                               traces + c * columns};
    }
    int32_t status = segments && traces ? mfli_segments_append(context, path, columns, segments, count, end)
                                        : MFL_ERROR_MEMORY;
    mfli_free(context, segments);
    mfli_free(context, traces);
    return status;
}

/* The fields of all chains, each field's in one block of 8-byte numbers; returns how many numbers. */
static size_t measure(const mfl_sampler *sampler, const mfli_field fields[MFLI_CHAIN_FIELDS])
{
    size_t total = 0;
    for (size_t f = 0; f < MFLI_CHAIN_FIELDS; f++)
        total += fields[f].count * (size_t)sampler->slot_count;
    return total;
}

static void gather(const mfl_sampler *sampler, uint64_t *block, mfli_section sections[MFLI_CHAIN_FIELDS])
{
    mfli_field fields[MFLI_CHAIN_FIELDS];
    const size_t chains = (size_t)sampler->slot_count;
    for (size_t c = 0; c < chains; c++) {
        uint64_t *place = block;
        mfli_chain_fields(sampler, &sampler->chains[c], fields);
        for (size_t f = 0; f < MFLI_CHAIN_FIELDS; f++) {
            const size_t count = fields[f].count;
            sections[f] = (mfli_section){name_of(&fields[f]),
                                         fields[f].is_double ? MFLI_SECTION_DOUBLE : MFLI_SECTION_INT64,
                                         count * chains, place};
            if (count > 0)
                memcpy(place + c * count, fields[f].data, count * sizeof *place);
            place += count * chains;
        }
    }
}

static int32_t write_state(mfl_sampler *sampler, const char *path, const mfli_segments_end *end)
{
    mfl_context *context = sampler->object.context;
    const int64_t plan[plan_count] = {sampler->settled, sampler->end, sampler->recording, sampler->stop,
                                      sampler->target_draws};
    const int64_t end_numbers[end_count] = {(int64_t)end->length, end->crc};
    int64_t fingerprint[MFLI_FINGERPRINT];
    mfli_field fields[MFLI_CHAIN_FIELDS];
    double evidence[evidence_count];
    mfli_section sections[head_count + MFLI_CHAIN_FIELDS] = {
        {fingerprint_name, MFLI_SECTION_INT64, MFLI_FINGERPRINT, fingerprint},
        {plan_name, MFLI_SECTION_INT64, plan_count, plan},
        {evidence_name, MFLI_SECTION_DOUBLE, evidence_count, evidence},
        {end_name, MFLI_SECTION_INT64, end_count, end_numbers},
    };
    int32_t status = mfli_fingerprint(sampler, fingerprint);
    if (status)
        return status;
    mfli_chain_fields(sampler, &sampler->chains[0], fields);
    uint64_t *block = mfli_alloc(context, measure(sampler, fields), sizeof *block);
    if (!block)
        return MFL_ERROR_MEMORY;
    gather(sampler, block, sections + head_count);
    memcpy(evidence, sampler->evidence, sizeof sampler->evidence);
    memcpy(evidence + evidence_count / 2, sampler->evidence_se, sizeof sampler->evidence_se);
    status = mfli_state_write(context, path, MFLI_STATE_SAMPLER, file_version, sections,
                              sizeof sections / sizeof sections[0]);
    mfli_free(context, block);
    return status;
}

/* The next checkpoint can add to this one. */
static void remember(mfl_sampler *sampler, char *path, const mfli_segments_end *end)
{
    if (path != sampler->saved_as)
        mfli_free(sampler->object.context, sampler->saved_as);
    sampler->saved_as = path;
    sampler->saved_end = *end;
    for (int64_t c = 0; c < sampler->slot_count; c++)
        sampler->chains[c].saved = complete_draws(sampler, &sampler->chains[c]);
}

static int32_t save(mfl_sampler *sampler, const char *path)
{
    mfl_context *context = sampler->object.context;
    if (!path)
        return mfli_fail_null(context, "path");
    if (!sampler->chains || sampler->stop == MFL_STOP_DIVERGED)
        return mfli_fail(context, MFL_ERROR_STATE, "the sampler has %s; there is nothing to go on from",
                         sampler->chains ? "diverged" : "not run");
    const int32_t goes_on = sampler->saved_as && strcmp(sampler->saved_as, path) == 0;
    mfli_segments_end end = goes_on ? sampler->saved_end : (mfli_segments_end){0, 0};
    /* A checkpoint of this sampler's past is replaced; any other is somebody's work. */
    int32_t status = goes_on ? MFL_OK
                             : mfli_check_new_file(context, path,
                                                   " and was not written or loaded by this sampler; load it to go on "
                                                   "from there, remove it, or choose another name");
    if (status)
        return status;
    char *traces = traces_path(context, path), *kept = goes_on ? sampler->saved_as : copy_text(context, path);
    status = traces && kept ? append_traces(sampler, traces, &end) : MFL_ERROR_MEMORY;
    mfli_free(context, traces);
    if (status) {
        if (!goes_on)
            mfli_free(context, kept);
        return status;
    }
    status = write_state(sampler, path, &end);
    /* Even where that failed: the new state may be in its place all the same, and the next one must not begin with cutting
     * off the traces that it counts. */
    remember(sampler, kept, &end);
    return status;
}

int32_t mfl_sampler_save(mfl_sampler *sampler, const char *path)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, save(sampler, path));
}

static int32_t check_fingerprint(mfl_sampler *sampler, const mfli_state *state)
{
    int64_t here[MFLI_FINGERPRINT], there[MFLI_FINGERPRINT];
    int32_t status = mfli_state_int64(state, fingerprint_name, MFLI_FINGERPRINT, there);
    if (!status)
        status = mfli_fingerprint(sampler, here);
    for (size_t i = 0; i < MFLI_FINGERPRINT && !status; i++)
        if (here[i] != there[i])
            status = mfli_fail(state->context, MFL_ERROR_ARGUMENT,
                               "\"%.300s\" was saved by a sampler with another %s; only one that was made the same way "
                               "can go on from it", state->path, mfli_fingerprint_name(sampler, i));
    return status;
}

static int32_t fail_unsound(const mfli_state *state)
{
    return mfli_fail(state->context, MFL_ERROR_FORMAT, "\"%.300s\" describes a run that there cannot be", state->path);
}

static int32_t read_plan(mfl_sampler *sampler, const mfli_state *state)
{
    int64_t plan[plan_count];
    double evidence[evidence_count];
    int32_t status = mfli_state_int64(state, plan_name, plan_count, plan);
    if (!status)
        status = mfli_state_double(state, evidence_name, evidence_count, evidence);
    if (status)
        return status;
    memcpy(sampler->evidence, evidence, sizeof sampler->evidence);
    memcpy(sampler->evidence_se, evidence + evidence_count / 2, sizeof sampler->evidence_se);
    sampler->settled = plan[0];
    sampler->end = plan[1];
    sampler->recording = plan[2] != 0;
    sampler->stop = (int32_t)plan[3];
    sampler->target_draws = plan[4];
    return plan[0] >= 0 && plan[0] <= plan[1] && plan[1] < INT64_C(1) << 47 && plan[4] >= 0
            && (plan[3] == MFL_STOP_NONE || plan[3] == MFL_STOP_CANCELLED || plan[3] == MFL_STOP_COMPLETED)
        ? MFL_OK
        : fail_unsound(state);
}

/* Numbers that no run can have counted would overflow when it counts on. */
static int32_t are_counts(const mfli_chain *chain)
{
    for (size_t i = 0; i < MFLI_CHAIN_COUNTERS; i++)
        if (chain->counters[i] < 0 || chain->counters[i] >= INT64_C(1) << 60)
            return 0;
    return 1;
}

/* The draws that were made and those on the way to the end of the stretch are all that were asked for. */
static int32_t is_sound(const mfl_sampler *sampler, const mfli_chain *chain)
{
    const int64_t burn_in = sampler->burn_in, steps = chain->steps;
    if (!are_counts(chain) || steps < sampler->settled || steps > sampler->end
        || chain->parts >= sampler->data->rows)
        return 0;
    const int64_t before = steps > burn_in ? (steps - burn_in) / sampler->thinning : 0;
    const int64_t after = sampler->end > burn_in ? (sampler->end - burn_in) / sampler->thinning : 0;
    const int64_t due = mfli_sampler_is_draw(sampler, steps) && chain->drawn != steps;
    return chain->draws + (sampler->recording ? after - before + due : 0) == sampler->target_draws;
}

static int32_t read_fields(mfl_sampler *sampler, const mfli_state *state)
{
    mfl_context *context = sampler->object.context;
    const size_t chains = (size_t)sampler->slot_count;
    mfli_field fields[MFLI_CHAIN_FIELDS];
    int32_t status = MFL_OK;
    for (size_t f = 0; f < MFLI_CHAIN_FIELDS && !status; f++) {
        mfli_chain_fields(sampler, &sampler->chains[0], fields);
        const size_t count = fields[f].count;
        double *block = mfli_alloc(context, count * chains + 1, sizeof *block);
        if (!block)
            return MFL_ERROR_MEMORY;
        status = fields[f].is_double ? mfli_state_double(state, name_of(&fields[f]), count * chains, block)
                                     : mfli_state_int64(state, name_of(&fields[f]), count * chains, (int64_t *)block);
        for (size_t c = 0; c < chains && count > 0 && !status; c++) {
            mfli_chain_fields(sampler, &sampler->chains[c], fields);
            memcpy(fields[f].data, block + c * count, count * sizeof *block);
        }
        mfli_free(context, block);
    }
    return status;
}

/* What follows from a chain's fields. A gradient that was known is computed again, and was counted before. */
static int32_t revive(mfl_sampler *sampler, mfli_chain *chain)
{
    const int64_t evaluated = chain->evaluated, gradients = chain->gradients, parts = chain->parts;
    mfli_chain_changed(chain);
    if (evaluated && mfli_chain_evaluate(sampler, chain, chain->steps))
        return mfli_fail(sampler->object.context, MFL_ERROR_CALLBACK,
                         "the activation function returned a non-zero value");
    chain->gradients = gradients;
    chain->parts = parts;
    return MFL_OK;
}

typedef struct reader {
    mfl_sampler *sampler;
    const mfli_state *state;
    int32_t kinds[MFLI_MOST_TRACES];
    size_t columns;
    uint64_t most; /* rows that the file can hold */
} reader;

/* For the draws there are, if the file can hold them; for those to come when the run goes on. */
static int32_t make_room(const reader *to)
{
    int64_t most = 0;
    for (int64_t c = 0; c < to->sampler->slot_count; c++)
        if (to->sampler->chains[c].draws > most)
            most = to->sampler->chains[c].draws;
    return (uint64_t)most > to->most ? fail_unsound(to->state) : mfli_sampler_grow_traces(to->sampler, most);
}

static int32_t take(void *data, uint64_t table, uint64_t first, uint64_t rows, const uint8_t *values)
{
    const reader *to = data;
    mfl_sampler *sampler = to->sampler;
    int32_t status = make_room(to);
    if (status || table >= (uint64_t)sampler->slot_count)
        return status ? status : fail_unsound(to->state);
    mfli_chain *chain = &sampler->chains[table];
    if (first > (uint64_t)chain->saved || rows > (uint64_t)chain->draws || first > (uint64_t)chain->draws - rows)
        return fail_unsound(to->state);
    for (size_t k = 0; k < to->columns; k++)
        for (uint64_t i = 0; i < rows; i++)
            chain->trace[mfli_trace_index(sampler, to->kinds[k])][first + i] =
                mfli_load_double(values + 8 * (k * rows + i));
    chain->saved = (int64_t)(first + rows);
    return MFL_OK;
}

static int32_t read_traces(mfl_sampler *sampler, const mfli_state *state, mfli_segments_end *end)
{
    mfl_context *context = sampler->object.context;
    reader to = {.sampler = sampler, .state = state};
    int64_t numbers[end_count];
    to.columns = mfli_sampler_kinds(sampler, to.kinds);
    int32_t status = mfli_state_int64(state, end_name, end_count, numbers);
    if (status)
        return status;
    *end = (mfli_segments_end){(uint64_t)numbers[0], (uint32_t)numbers[1]};
    to.most = end->length / (8 * to.columns);
    char *path = traces_path(context, state->path);
    status = path ? mfli_segments_read(context, path, to.columns, end, take, &to) : MFL_ERROR_MEMORY;
    mfli_free(context, path);
    for (int64_t c = 0; c < sampler->slot_count && !status; c++)
        if (sampler->chains[c].saved != sampler->chains[c].draws)
            status = fail_unsound(state);
    return status;
}

/* The chains as the file has them. */
static int32_t restore(mfl_sampler *sampler, const mfli_state *state, mfli_segments_end *end)
{
    int32_t status = check_fingerprint(sampler, state);
    if (!status)
        status = read_plan(sampler, state);
    if (!status)
        status = read_fields(sampler, state);
    sampler->steps_wanted = 0;
    atomic_store(&sampler->steps_done, 0);
    for (int64_t c = 0; c < sampler->slot_count && !status; c++) {
        mfli_chain *chain = &sampler->chains[c];
        status = is_sound(sampler, chain) ? revive(sampler, chain) : fail_unsound(state);
        sampler->steps_wanted += sampler->end - chain->steps;
    }
    return status ? status : read_traces(sampler, state, end);
}

/* As before the first run. */
static void forget(mfl_sampler *sampler)
{
    mfli_sampler_close_chains(sampler);
    sampler->settled = sampler->end = sampler->target_draws = 0;
    sampler->stop = MFL_STOP_NONE;
    memset(sampler->evidence, 0, sizeof sampler->evidence);
    memset(sampler->evidence_se, 0, sizeof sampler->evidence_se);
}

static int32_t load(mfl_sampler *sampler, const char *path)
{
    mfl_context *context = sampler->object.context;
    mfli_segments_end end;
    mfli_state state;
    int32_t status = path ? mfli_sampler_need_fresh(sampler) : mfli_fail_null(context, "path");
    if (status)
        return status;
    char *kept = copy_text(context, path);
    status = kept ? mfli_state_open(context, path, MFLI_STATE_SAMPLER, file_version, &state) : MFL_ERROR_MEMORY;
    if (!status) {
        status = mfli_sampler_prepare(sampler);
        if (!status && (status = restore(sampler, &state, &end)))
            forget(sampler);
        mfli_state_close(&state);
    }
    if (status)
        mfli_free(context, kept);
    else
        remember(sampler, kept, &end);
    return status;
}

int32_t mfl_sampler_load(mfl_sampler *sampler, const char *path)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, load(sampler, path));
}
