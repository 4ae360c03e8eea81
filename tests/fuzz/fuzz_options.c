/* SPDX-License-Identifier: BSD-3-Clause */
/* "name=value" lines, set on the options of every handle that has some. */
#include <string.h>

#include "fuzz.h"

static void set_line(mfl_options *options, char *line)
{
    char written[2048];
    char *value = strchr(line, '=');
    if (value)
        *value++ = '\0';
    mfl_options_set_text(options, line, value);
    if (mfl_options_write(options, written, sizeof written, NULL))
        abort();
    if (value)
        value[-1] = '=';
}

typedef struct subject {
    mfl_model *model;
    mfl_task *task;
    mfl_dataset *data;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_theory *theory;
    mfl_path *path;
} subject;

enum { handles = 7, room = 1 << 14 /* a megabyte for the handle of a theory */ };

static void make(mfl_context *context, subject *s, mfl_options *options[handles])
{
    static const double inputs[3] = {1.0, -1.0, 1.0}, target = 1.0;
    if (mfl_model_create(context, 3, 2, &s->model) || mfl_task_create_relu(context, 3, &s->task)
        || mfl_dataset_copy(context, 1, 3, inputs, 3, 1, &target, &s->data)
        || mfl_sampler_create(s->model, s->data, 0.5, &s->sampler) || mfl_ridge_create(s->model, &s->ridge)
        || mfl_theory_create(context, s->task, s->model, &s->theory) || mfl_path_create(s->theory, &s->path)
        || mfl_context_options(context, &options[0]) || mfl_model_options(s->model, &options[1])
        || mfl_task_options(s->task, &options[2]) || mfl_sampler_options(s->sampler, &options[3])
        || mfl_ridge_options(s->ridge, &options[4]) || mfl_theory_options(s->theory, &options[5])
        || mfl_path_options(s->path, &options[6]))
        abort();
}

static void finish(const subject *s)
{
    mfl_path_destroy(s->path);
    mfl_theory_destroy(s->theory);
    mfl_ridge_destroy(s->ridge);
    mfl_sampler_destroy(s->sampler);
    mfl_dataset_destroy(s->data);
    mfl_task_destroy(s->task);
    mfl_model_destroy(s->model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_memory memory;
    mfl_context *context = fuzz_context(size + room, &memory);
    subject s;
    mfl_options *options[handles];
    make(context, &s, options);
    char *text = (char *)fuzz_copy(data, size);
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        for (int i = 0; i < handles; i++)
            set_line(options[i], line);
    }
    free(text);
    finish(&s);
    fuzz_end(context, &memory);
    return 0;
}
