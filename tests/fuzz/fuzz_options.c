/* SPDX-License-Identifier: BSD-3-Clause */
/* "name=value" lines, set on the options of a context, a model and a task. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t largest;
    mfl_context *context = fuzz_context(size, &largest);
    mfl_model *model;
    mfl_task *task;
    mfl_options *options[3];
    if (mfl_model_create(context, 3, 2, &model) || mfl_task_create_relu(context, 3, &task)
        || mfl_context_options(context, &options[0]) || mfl_model_options(model, &options[1])
        || mfl_task_options(task, &options[2]))
        abort();
    char *text = (char *)fuzz_copy(data, size);
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        for (int i = 0; i < 3; i++)
            set_line(options[i], line);
    }
    free(text);
    mfl_task_destroy(task);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
    return 0;
}
