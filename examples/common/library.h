/* SPDX-License-Identifier: BSD-3-Clause */
/* How the example programs begin with the library, and end when it fails. */
#ifndef EXAMPLES_LIBRARY_H
#define EXAMPLES_LIBRARY_H

#include <mflearn/mflearn.h>

/* The program's context, of a library that fits; or the program ends with a sentence. */
mfl_context *ex_start(void);

/* From now on Ctrl-C and a polite kill cancel what the library is doing. */
void ex_catch_interrupts(void);

/* A failure of the library ends the program with its sentence; a cancellation with status 130. */
void ex_check(int32_t status);

/* A monotonic clock. */
double ex_seconds(void);

#endif
