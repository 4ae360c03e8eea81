/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/text.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t only_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return *text == '\0';
}

/* strtod reads the decimal point of the host's locale. Give it that one. */
int32_t mfli_parse_double(const char *text, double *value)
{
    char buffer[128];
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof buffer)
        return -1;
    memcpy(buffer, text, length + 1);
    const char *point = localeconv()->decimal_point;
    if (strcmp(point, ".") != 0) {
        if (strstr(buffer, point) || strlen(point) != 1)
            return -1;
        char *dot = strchr(buffer, '.');
        if (dot)
            *dot = point[0];
    }
    char *end;
    *value = strtod(buffer, &end);
    return end != buffer && only_blanks(end) ? 0 : -1;
}

int32_t mfli_parse_int(const char *text, int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || !only_blanks(end) || errno == ERANGE)
        return -1;
    *value = number;
    return 0;
}

void mfli_format_double(char text[MFLI_NUMBER_SIZE], double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, MFLI_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    const char *point = localeconv()->decimal_point;
    char *found = strcmp(point, ".") != 0 ? strstr(text, point) : NULL;
    if (found) {
        size_t width = strlen(point);
        *found = '.';
        memmove(found + 1, found + width, strlen(found + width) + 1);
    }
}

void mfli_append(char *text, size_t capacity, size_t *used, const char *piece)
{
    size_t length = strlen(piece);
    if (*used < capacity) {
        size_t room = capacity - *used - 1;
        size_t part = length < room ? length : room;
        memcpy(text + *used, piece, part);
        text[*used + part] = '\0';
    }
    *used += length;
}
