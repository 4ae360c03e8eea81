/* SPDX-License-Identifier: BSD-3-Clause */
/* The task of a command line, by the options --task, --dim, --degree and --terms. */
#ifndef EXAMPLES_TASK_H
#define EXAMPLES_TASK_H

#include <mflearn/mflearn.h>

#include "arguments.h"

/* Rows of a table of options, with the defaults of the dimension and the degree. */
#define EX_TASK_OPTIONS(dim, degree)                                                                                     \
    {"task", "NAME", "parity",                                                                               \
     "parity, staircase (x1 + x1x2 + ...), hermite, relu (teachers on Gaussian inputs) or sum (see --terms)"}, \
        {"dim", "D", dim, "input dimension d"},                                                             \
        {"degree", "K", degree, "degree of the parity or Hermite polynomial, steps of the staircase"},          \
        {"terms", "C:DEGREES,...", NULL,                                                                     \
         "of --task sum: coefficient and one digit a variable, 1:10,0.5:11 is x1 + x1x2/2; a digit above 1 "  \
         "stands for a Hermite polynomial of Gaussian inputs"},                                              \
        {"inputs", "NAME", NULL, "hypercube or gaussian, in place of the task's choice"}

/* Ends the program with a sentence on a mistake. */
mfl_task *ex_task(mfl_context *context, const ex_arguments *arguments);

#endif
