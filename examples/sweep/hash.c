/* SPDX-License-Identifier: BSD-3-Clause */
#include "hash.h"

#include <string.h>

uint64_t sweep_hash(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

uint64_t sweep_hash_text(uint64_t hash, const char *text)
{
    return text ? sweep_hash(hash, text, strlen(text) + 1) : sweep_hash(hash, "\xff", 1);
}
