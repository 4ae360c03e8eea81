/* SPDX-License-Identifier: BSD-3-Clause */
/* Which instruction sets the kernels were built for and this processor has. */
#ifndef MFLI_CORE_CPU_H
#define MFLI_CORE_CPU_H

#include <stdint.h>

/* The instruction set (mfl_instruction_set) to use for a request; auto gives the widest. -1 if it is not available. */
int32_t mfli_cpu_resolve(int32_t requested);
const char *mfli_cpu_name(int32_t instruction_set);

#endif
