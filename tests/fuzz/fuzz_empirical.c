/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints of theories of a training set. The first byte chooses the closure, edits of its checkpoint
 * follow; what is accepted must go on. */
#include "edits.h"
#include "files.h"
#include "fuzz.h"

enum { kinds = 3, most_edits = 32, sweeps = 48, handle = 1 << 14 /* a megabyte for the handle itself */ };

typedef struct subject {
    mfl_task *task;
    mfl_dataset *data;
    mfl_model *model;
    mfl_theory *theory;
} subject;

static void must(int32_t status)
{
    if (status)
        abort();
}

/* The task's mode is in the file of kind 1 only: without relevance determination it takes a series that takes
 * long. */
static void make(subject *s, mfl_context *context, int kind)
{
    mfl_options *options;
    must(mfl_context_options(context, &options));
    must(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
    must(mfl_task_create_parity(context, 2, 2, &s->task));
    must(mfl_dataset_draw(s->task, 3, 0.1, 0, MFL_ROLE_TRAIN, &s->data));
    must(mfl_model_create(context, 2, 4, &s->model));
    must(mfl_theory_create_empirical(context, s->model, s->data, kind == 1 ? s->task : NULL, &s->theory));
    must(mfl_theory_options(s->theory, &options));
    must(mfl_options_set_int(options, MFL_THEORY_PARTICLES, 4));
    must(mfl_options_set_int(options, MFL_THEORY_SWEEPS, sweeps));
    must(mfl_theory_use(s->theory, MFL_THEORY_MF + kind));
}

static void finish(subject *s)
{
    mfl_theory_destroy(s->theory);
    mfl_model_destroy(s->model);
    mfl_dataset_destroy(s->data);
    mfl_task_destroy(s->task);
}

/* A good checkpoint of each kind, once. */
static const edited *prepare(int kind, const char *path)
{
    static edited good[kinds];
    static int done[kinds];
    if (!done[kind]) {
        mfl_context *context;
        subject s;
        must(mfl_context_create(&context));
        make(&s, context, kind);
        fuzz_clear();
        must(mfl_theory_set_checkpoint(s.theory, path, 1e6));
        must(mfl_theory_solve(s.theory, 3.0, 0.5));
        good[kind].size = fuzz_read(path, good[kind].bytes, edited_capacity);
        finish(&s);
        mfl_context_destroy(context);
        done[kind] = 1;
    }
    return &good[kind];
}

static void use(mfl_theory *theory)
{
    static const double inputs[2] = {1.0, -1.0};
    double value, error, mean, variance, relevance[2], errors[2];
    int64_t order[2];
    mfl_theory_get(theory, MFL_THEORY_OVERLAP, &value, &error);
    mfl_theory_get(theory, MFL_THEORY_M, &value, &error);
    mfl_theory_predict(theory, inputs, 1, 2, &mean, &variance);
    mfl_theory_relevances(theory, relevance, errors, order, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static edited state;
    char path[fuzz_path_size];
    fuzz_memory memory;
    subject s;
    if (size == 0)
        return 0;
    fuzz_path("theory", path);
    const int kind = data[0] % kinds;
    const size_t edits = (size - 1) / edit_size < most_edits ? (size - 1) / edit_size : most_edits;
    state = *prepare(kind, path);
    for (size_t i = 0; i < edits; i++) {
        const edit change = edit_read(data + 1 + i * edit_size);
        edit_state(&state, &change);
    }
    mend_state(state.bytes, state.size);
    fuzz_write(path, state.bytes, state.size);
    mfl_context *context = fuzz_context(state.size + handle, &memory);
    make(&s, context, kind);
    const int32_t status = mfl_theory_resume(s.theory, path, 1e6);
    if (status == MFL_OK)
        use(s.theory);
    else if (edits == 0)
        abort();
    finish(&s);
    fuzz_end(context, &memory);
    return 0;
}
