/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of programs, which end the process on a mistake and leave their memory to the system. Their sources
 * are compiled with exit and the functions of memory replaced by these (meson.build): an exit comes back to
 * where the input was tried, what would happen at one does not, memory is given back, and one block out of
 * proportion stops the fuzzer. */
#ifndef MFLEARN_TESTS_FUZZ_PROGRAM_H
#define MFLEARN_TESTS_FUZZ_PROGRAM_H

#include <setjmp.h>

#include <mflearn/mflearn.h>

enum { PROGRAM_ENDED = 1 << 8 };

extern jmp_buf program_end;

/* Before an input: what is printed goes nowhere. A context whose memory is given back, too. */
mfl_context *program_begin(void);
/* After it: whatever is still allocated is given back. */
void program_release(void);

#endif
