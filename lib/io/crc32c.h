/* SPDX-License-Identifier: BSD-3-Clause */
/* CRC-32C (Castagnoli; RFC 3720, appendix B.4). */
#ifndef MFLI_IO_CRC32C_H
#define MFLI_IO_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Start with 0; pass the result to go on. */
uint32_t mfli_crc32c(uint32_t crc, const void *data, size_t size);

#endif
