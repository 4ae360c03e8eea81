/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as text, the same in every locale of the host program. */
#ifndef MFLI_CORE_TEXT_H
#define MFLI_CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { MFLI_NUMBER_SIZE = 32 };

/* The whole text must be one number (leading and trailing blanks allowed). Return 0 if it is, else -1.
 * mfli_parse_double accepts "inf" and "nan"; whoever must not have them checks. */
int32_t mfli_parse_double(const char *text, double *value);
int32_t mfli_parse_int(const char *text, int64_t *value);

/* Shortest of %.15g, %.16g, %.17g that reads back as the same number. */
void mfli_format_double(char text[MFLI_NUMBER_SIZE], double value);

/* Append to a buffer that may be too small; *used grows by the full length either way. */
void mfli_append(char *text, size_t capacity, size_t *used, const char *piece);

#endif
