/* SPDX-License-Identifier: BSD-3-Clause */
/* One problem from a command line: a task or a file, the network that learns it, data to learn and to test with. */
#ifndef EXAMPLES_PROBLEM_H
#define EXAMPLES_PROBLEM_H

#include <mflearn/mflearn.h>

#include "arguments.h"
#include "measure.h"
#include "task.h"

/* Rows for the program's table of options. */
#define EX_PROBLEM_OPTIONS                                                                                   \
    EX_TASK_OPTIONS("20", "2"),                                                                                         \
    {"data", "FILE.csv", NULL, "learn from a file instead of a task"},                                       \
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},                      \
    EX_MODEL_OPTIONS,                                                                                        \
    {"kappa", "K", "0.1", "noise"},                                                                          \
    {"samples", "P", NULL, "training samples; default 200, of a file four fifths of the rows"},              \
    {"test", "T", "1000", "test samples; for files at most the rows that are left"},                         \
    {"label-noise", "S", "0", "standard deviation of noise added to the training targets"},                  \
    {"seed", "SEED", "1", "seed of data and chains"}

typedef struct ex_problem {
    mfl_context *context;
    mfl_task *task; /* NULL for a file */
    mfl_model *model;
    mfl_dataset *train, *test;
    double kappa, sigma_w;
    int64_t dimension, width, samples;
    int64_t relevant; /* the first so many inputs are those that the target depends on; 0: not known */
    char title[256];
} ex_problem;

void ex_problem_make(ex_problem *problem, mfl_context *context, const ex_arguments *arguments);
void ex_problem_release(ex_problem *problem);

/* Pass the value of --option on; what the library says about it is a usage error. */
void ex_pass_on(const ex_problem *problem, mfl_options *target, const char *name, const ex_arguments *arguments,
                const char *option);

#endif
