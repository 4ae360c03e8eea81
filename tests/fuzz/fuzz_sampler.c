/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints of samplers with their traces. The first byte chooses the sampler, edits of its checkpoint
 * follow; what is accepted must go on. */
#include <math.h>

#include "edits.h"
#include "files.h"
#include "fuzz.h"

enum { kinds = 4, most_calls = 20000, most_edits = 32 };

typedef struct subject {
    mfl_context *context;
    mfl_dataset *data, *test;
    mfl_model *model;
    mfl_sampler *sampler;
    int64_t calls, most; /* of the activation, which refuses when there are more */
} subject;

static int32_t activate(int64_t count, const double *z, double *phi, double *slope, void *user_data)
{
    subject *s = user_data;
    for (int64_t i = 0; i < count; i++) {
        phi[i] = z[i] > 0.0 ? z[i] : 0.0;
        if (slope)
            slope[i] = z[i] > 0.0;
    }
    return ++s->calls > s->most;
}

static void must(int32_t status)
{
    if (status)
        abort();
}

static void set(mfl_sampler *sampler, int32_t key, int64_t value)
{
    mfl_options *options;
    must(mfl_sampler_options(sampler, &options));
    must(mfl_options_set_int(options, key, value));
}

/* kind 0: float64 HMC with adaptive mass, that a refusal stops in burn-in; 1: minibatches; 2: replicas and
 * exact redraws; 3: plain and complete. */
static void make(subject *s, mfl_context *context, int kind)
{
    static const double inputs[6] = {1.0, -1.0, -1.0, -1.0, 1.0, 1.0}, targets[3] = {-1.0, 1.0, 1.0};
    mfl_options *options;
    *s = (subject){.context = context, .most = most_calls};
    must(mfl_context_options(context, &options));
    must(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
    must(mfl_dataset_copy(context, 3, 2, inputs, 2, 1, targets, &s->data));
    must(mfl_dataset_copy(context, 2, 2, inputs, 2, 1, targets, &s->test));
    must(mfl_model_create(context, 2, 2, &s->model));
    must(mfl_model_set_activation(s->model, activate, s));
    must(mfl_sampler_create(s->model, s->data, 0.5, &s->sampler));
    must(mfl_sampler_set_test(s->sampler, s->test));
    set(s->sampler, MFL_SAMPLER_CHAINS, 2);
    set(s->sampler, MFL_SAMPLER_BURN_IN, 8);
    set(s->sampler, MFL_SAMPLER_DRAWS, 3);
    set(s->sampler, MFL_SAMPLER_THINNING, 2);
    if (kind == 0) {
        set(s->sampler, MFL_SAMPLER_METHOD, MFL_METHOD_HMC);
        set(s->sampler, MFL_SAMPLER_MASS, MFL_MASS_ADAPTIVE);
        set(s->sampler, MFL_SAMPLER_PRECISION, MFL_PRECISION_FLOAT64);
    }
    if (kind == 1)
        set(s->sampler, MFL_SAMPLER_BATCH, 2);
    if (kind == 2) {
        set(s->sampler, MFL_SAMPLER_RUNGS, 2);
        set(s->sampler, MFL_SAMPLER_CHAINS, 1);
        set(s->sampler, MFL_SAMPLER_GIBBS, 3);
    }
}

static void finish(subject *s)
{
    mfl_sampler_destroy(s->sampler);
    mfl_model_destroy(s->model);
    mfl_dataset_destroy(s->test);
    mfl_dataset_destroy(s->data);
}

static void paths(char state[fuzz_path_size], char traces[fuzz_path_size])
{
    fuzz_path("sampler", state);
    fuzz_path("sampler.traces", traces);
}

/* A good checkpoint of each kind, once. */
static void prepare(int kind, edited *state, edited *traces)
{
    static edited good[kinds][2];
    static int done[kinds];
    if (!done[kind]) {
        char path[fuzz_path_size], beside[fuzz_path_size];
        mfl_context *context;
        subject s;
        must(mfl_context_create(&context));
        make(&s, context, kind);
        s.most = kind == 0 ? 60 : most_calls;
        const int32_t status = mfl_sampler_run(s.sampler);
        if (status != (kind == 0 ? MFL_ERROR_CALLBACK : MFL_OK))
            abort();
        paths(path, beside);
        fuzz_clear();
        must(mfl_sampler_save(s.sampler, path));
        good[kind][0].size = fuzz_read(path, good[kind][0].bytes, edited_capacity);
        good[kind][1].size = fuzz_read(beside, good[kind][1].bytes, edited_capacity);
        finish(&s);
        mfl_context_destroy(context);
        done[kind] = 1;
    }
    *state = good[kind][0];
    *traces = good[kind][1];
}

/* The state says where the traces end; let it say so of the edited ones. */
static void mend_end(edited *state, edited *traces)
{
    size_t length;
    const size_t said = traces->size < segments_header ? 0 : (size_t)mfli_load(traces->bytes + 12, 4);
    const uint32_t crc = mend_segments(traces->bytes, traces->size, said > 0 && said < 64 ? said : 1);
    for (int i = 0;; i++) {
        const size_t at = edit_find(state, i, &length);
        if (!at)
            return;
        if (mfli_load(state->bytes + at, 4) != MFLI_STATE_NAME('T', 'E', 'N', 'D'))
            continue;
        mfli_store(state->bytes + at + section_header, 8, traces->size);
        mfli_store(state->bytes + at + section_header + 8, 8, crc);
        return;
    }
}

static void use(subject *s, const char *path)
{
    double value, trace[64];
    int64_t count;
    mfl_network *network;
    mfl_sampler_step(s->sampler, 3);
    mfl_sampler_run(s->sampler);
    mfl_sampler_get(s->sampler, MFL_SAMPLER_TEST_ERROR, &value);
    mfl_sampler_trace(s->sampler, MFL_TRACE_POTENTIAL, 1, trace, 64, &count);
    if (mfl_sampler_network(s->sampler, 0, &network) == MFL_OK)
        mfl_network_destroy(network);
    mfl_sampler_save(s->sampler, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static edited state, traces;
    char path[fuzz_path_size], beside[fuzz_path_size];
    fuzz_memory memory;
    subject s;
    if (size == 0)
        return 0;
    const int kind = data[0] % kinds;
    const size_t edits = (size - 1) / edit_size < most_edits ? (size - 1) / edit_size : most_edits;
    prepare(kind, &state, &traces);
    for (size_t i = 0; i < edits; i++) {
        const edit change = edit_read(data + 1 + i * edit_size);
        if (change.kind == EDIT_OTHER)
            edit_other(&traces, &change);
    }
    mend_end(&state, &traces);
    for (size_t i = 0; i < edits; i++) {
        const edit change = edit_read(data + 1 + i * edit_size);
        edit_state(&state, &change);
    }
    mend_state(state.bytes, state.size);
    paths(path, beside);
    fuzz_write(path, state.bytes, state.size);
    fuzz_write(beside, traces.bytes, traces.size);
    mfl_context *context = fuzz_context(state.size + traces.size, &memory);
    make(&s, context, kind);
    const int32_t status = mfl_sampler_load(s.sampler, path);
    if (status == MFL_OK)
        use(&s, path);
    else if (edits == 0)
        abort();
    finish(&s);
    fuzz_end(context, &memory);
    return 0;
}
