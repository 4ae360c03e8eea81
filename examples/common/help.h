/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program says of itself: --help, and the same as a manual page. Both come from its table of options. */
#ifndef EXAMPLES_HELP_H
#define EXAMPLES_HELP_H

#include "arguments.h"

/* Text for a terminal. `name` is what the program was called by. */
void ex_print_help(const ex_arguments *arguments, const char *name);

/* A manual page under the name by which the program is installed. */
void ex_print_manual(const ex_arguments *arguments);

#endif
