/* SPDX-License-Identifier: BSD-3-Clause */
/* A mean-field theory from the command line: the options that the programs about theories share. */
#ifndef EXAMPLES_THEORY_H
#define EXAMPLES_THEORY_H

#include <mflearn/mflearn.h>

#include "arguments.h"

/* Rows of a table of options; `tolerance` is the default of that option. */
#define EX_THEORY_OPTIONS(tolerance)                                                                         \
    {"gamma", "G", "0.5", "scaling exponent: 0.5 standard, 1 mean-field"},                                   \
    {"sigma-w", "S", "1", "prior scale of the first layer"},                                                 \
    {"sigma-a", "S", "1", "prior scale of the readout"},                                                     \
    {"activation", "NAME", "relu", "relu, leaky, erf, tanh, gelu, linear or quadratic"},                     \
    {"noise", "NAME", NULL, "bare or renormalised, in place of the theory's choice"},                        \
    {"self-energy", "NAME", NULL, "none, bare or screened, likewise"},                                       \
    {"prior", "NAME", NULL, "isotropic or ard, likewise"},                                                   \
    {"alpha0", "A", "4", "shape of the Gamma law of the precisions"},                                        \
    {"beta0", "B", "0", "its rate; 0: alpha0 sigma_w^2/d"},                                                  \
    {"sharing", "N", "1", "neurons that share one precision; 0: the whole layer"},                           \
    {"damping", "W", "0.5", "weight of the new value in the outer iteration"},                               \
    {"tolerance", "T", tolerance, "relative accuracy asked of m"}

#define EX_THEORY_NAMES "mf|mf_ard|mf_screened"

/* Sets an option of the library from one of the command line, if that was given or has a default. */
void ex_set_option(mfl_context *context, mfl_options *target, const char *name, const ex_arguments *arguments,
                   const char *option);

/* A row for programs that follow solutions, which is done for these tasks. */
#define EX_SINGLE_TASK_OPTION                                                                                \
    {"task", "NAME", "parity", "parity or hermite (a single-index teacher on Gaussian inputs)"}

/* The theory of the options above, of a task and a width. */
mfl_theory *ex_theory_of_task(mfl_context *context, const ex_arguments *arguments, int32_t preset, const mfl_task *task,
                              int64_t dimension, int64_t width);

/* The theory of a training set by the same options, as far as they apply; task may be NULL. The tolerance is the
 * library's unless it is given. */
mfl_theory *ex_theory_of_data(mfl_context *context, const ex_arguments *arguments, int32_t preset,
                              const mfl_dataset *train, const mfl_task *task, int64_t width);

/* The same with a task by that row, at this dimension and degree. */
mfl_theory *ex_make_theory(mfl_context *context, const ex_arguments *arguments, int32_t preset, int64_t dimension,
                           int64_t degree, int64_t width);

#endif
