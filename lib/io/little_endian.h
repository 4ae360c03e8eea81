/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of fixed width in files, whatever the byte order of the machine. */
#ifndef MFLI_IO_LITTLE_ENDIAN_H
#define MFLI_IO_LITTLE_ENDIAN_H

#include <stdint.h>
#include <string.h>

static inline uint64_t mfli_load(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static inline void mfli_store(uint8_t *bytes, int count, uint64_t value)
{
    for (int i = 0; i < count; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static inline double mfli_load_double(const uint8_t *bytes)
{
    uint64_t bits = mfli_load(bytes, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void mfli_store_double(uint8_t *bytes, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    mfli_store(bytes, 8, bits);
}

#endif
