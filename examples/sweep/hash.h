/* SPDX-License-Identifier: BSD-3-Clause */
/* FNV-1a of 64 bits (Fowler, Noll, Vo): tells grids apart, and torn or damaged lines from whole ones. */
#ifndef EXAMPLES_SWEEP_HASH_H
#define EXAMPLES_SWEEP_HASH_H

#include <stddef.h>
#include <stdint.h>

#define SWEEP_HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t sweep_hash(uint64_t hash, const void *bytes, size_t count);

/* With the end of the text, so that "ab" "c" is not "a" "bc"; NULL differs from "". */
uint64_t sweep_hash_text(uint64_t hash, const char *text);

#endif
