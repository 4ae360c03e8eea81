/* SPDX-License-Identifier: BSD-3-Clause */
#include "task.h"

#include <stdlib.h>
#include <string.h>

#include "library.h"

enum { most_terms = 32, most_variables = 32 };

/* "1:10,0.5:11" */
static mfl_task *sum(mfl_context *context, int64_t dimension, const char *text)
{
    int64_t degrees[most_terms * most_variables], variables = 0, terms = 0;
    double coefficients[most_terms];
    mfl_task *task;
    for (const char *at = text; at && *at; terms++) {
        char *end;
        if (terms == most_terms)
            ex_usage("--terms has more than %d terms", most_terms);
        coefficients[terms] = strtod(at, &end);
        size_t digits = *end == ':' ? strspn(end + 1, "0123456789") : 0;
        if (end == at || digits == 0 || digits > most_variables || (end[1 + digits] && end[1 + digits] != ','))
            ex_usage("--terms is a list of COEFFICIENT:DEGREES such as 1:10,0.5:11, not \"%s\"", text);
        if (variables && digits != (size_t)variables)
            ex_usage("--terms has degrees of %d variables and of %d; each term names them all", (int)variables,
                     (int)digits);
        variables = (int64_t)digits;
        for (size_t j = 0; j < digits; j++)
            degrees[terms * variables + (int64_t)j] = end[1 + j] - '0';
        at = end + 1 + digits + (end[1 + digits] == ',');
    }
    if (terms == 0)
        ex_usage("--task sum needs --terms, for example 1:10,0.5:11");
    ex_check(mfl_task_create_sum(context, dimension, variables, terms, degrees, coefficients, &task));
    return task;
}

static mfl_task *staircase(mfl_context *context, int64_t dimension, int64_t steps)
{
    int64_t degrees[most_terms * most_variables];
    double coefficients[most_terms];
    mfl_task *task;
    if (steps > most_terms)
        ex_usage("--degree is %d; a staircase has at most %d steps", (int)steps, most_terms);
    for (int64_t i = 0; i < steps; i++) {
        coefficients[i] = 1.0;
        for (int64_t j = 0; j < steps; j++)
            degrees[i * steps + j] = j <= i;
    }
    ex_check(mfl_task_create_sum(context, dimension, steps, steps, degrees, coefficients, &task));
    return task;
}

mfl_task *ex_task(mfl_context *context, const ex_arguments *a)
{
    const int64_t dimension = ex_int(a, "dim", 1, 1 << 24), degree = ex_int(a, "degree", 1, 1 << 20);
    const int32_t kind = ex_choice(a, "task", "parity|hermite|relu|staircase|sum");
    mfl_task *task = NULL;
    mfl_options *options;
    if (ex_given(a, "degree") && (kind == 2 || kind == 4))
        ex_usage("--task %s has no --degree", ex_text(a, "task"));
    if (ex_text(a, "terms") && kind != 4)
        ex_usage("--terms is for --task sum");
    if (kind == 0)
        ex_check(mfl_task_create_parity(context, dimension, degree, &task));
    else if (kind == 1)
        ex_check(mfl_task_create_hermite(context, dimension, degree, &task));
    else if (kind == 2)
        ex_check(mfl_task_create_relu(context, dimension, &task));
    else
        task = kind == 3 ? staircase(context, dimension, degree) : sum(context, dimension, ex_text(a, "terms"));
    ex_check(mfl_task_options(task, &options));
    if (ex_text(a, "inputs") && mfl_options_set_text(options, "input_law", ex_text(a, "inputs")))
        ex_usage("--inputs: %s", mfl_context_message(context));
    return task;
}
