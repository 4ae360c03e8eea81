/* SPDX-License-Identifier: BSD-3-Clause */
#include "arguments.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help.h"

static const char *program_name = "mflearn";

static void complain(const char *format, va_list arguments)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void ex_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    exit(2);
}

void ex_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    _exit(1); /* on the way out of exit(), libraries crash where there is no memory */
}

static size_t find(const ex_arguments *arguments, const char *name, size_t length)
{
    for (size_t i = 0; i < arguments->count; i++)
        if (strlen(arguments->options[i].name) == length && memcmp(arguments->options[i].name, name, length) == 0)
            return i;
    return arguments->count;
}

static size_t must_find(const ex_arguments *arguments, const char *name)
{
    size_t index = find(arguments, name, strlen(name));
    if (index == arguments->count)
        ex_die("internal: no option --%s", name);
    return index;
}

/* A full disk shows at the latest when the last of the output is written. */
static void check_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    fprintf(stderr, "%s: the standard output could not be written\n", program_name);
    _exit(1);
}

void ex_parse(ex_arguments *arguments, int argc, char **argv)
{
    if (atexit(check_output) != 0)
        ex_die("out of memory");
    if (argc > 0 && *argv[0])
        program_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    for (size_t i = 0; i < arguments->count; i++)
        arguments->values[i] = arguments->options[i].standard;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--help") == 0) {
            ex_print_help(arguments, program_name);
            exit(0);
        }
        if (strcmp(word, "--man") == 0) {
            ex_print_manual(arguments);
            exit(0);
        }
        if (strncmp(word, "--", 2) != 0)
            ex_usage("\"%s\" is not an option; options begin with two dashes, see --help", word);
        const char *name = word + 2;
        size_t length = strcspn(name, "=");
        size_t index = find(arguments, name, length);
        if (index == arguments->count)
            ex_usage("there is no option --%.*s; see --help", (int)length, name);
        arguments->given[index] = 1;
        if (!arguments->options[index].value) {
            if (name[length])
                ex_usage("--%.*s takes no value", (int)length, name);
            arguments->values[index] = "yes";
        } else if (name[length]) {
            arguments->values[index] = name + length + 1;
        } else if (i + 1 < argc) {
            arguments->values[index] = argv[++i];
        } else {
            ex_usage("--%s needs a value (%s)", name, arguments->options[index].value);
        }
    }
}

void ex_replace(ex_arguments *arguments, const char *name, const char *value)
{
    arguments->values[must_find(arguments, name)] = value;
}

void ex_describe(const ex_arguments *arguments, char *text, size_t size)
{
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < arguments->count && used < size; i++)
        if (arguments->values[i])
            used += (size_t)snprintf(text + used, size - used, "%s%s=%s", used ? " " : "", arguments->options[i].name,
                                     arguments->values[i]);
}

const char *ex_text(const ex_arguments *arguments, const char *name)
{
    return arguments->values[must_find(arguments, name)];
}

int32_t ex_given(const ex_arguments *arguments, const char *name)
{
    return arguments->given[must_find(arguments, name)];
}

static double parse_double(const char *name, const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end)
        ex_usage("--%s is \"%s\"; it must be a number", name, text);
    if (value <= 0.0 && least > 0.0)
        ex_usage("--%s is %s; it must be positive", name, text);
    if (!(value >= least && value <= most))
        ex_usage("--%s is %s; it must be between %g and %g", name, text, least, most);
    return value;
}

static int64_t parse_int(const char *name, const char *text, int64_t least, int64_t most)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno)
        ex_usage("--%s is \"%s\"; it must be a whole number", name, text);
    if (value < least || value > most)
        ex_usage("--%s is %s; it must be between %lld and %lld", name, text, (long long)least, (long long)most);
    return value;
}

static const char *need_text(const ex_arguments *arguments, const char *name)
{
    const char *text = ex_text(arguments, name);
    if (!text || !*text)
        ex_usage("--%s needs a value", name);
    return text;
}

double ex_double(const ex_arguments *arguments, const char *name, double least, double most)
{
    return parse_double(name, need_text(arguments, name), least, most);
}

int64_t ex_int(const ex_arguments *arguments, const char *name, int64_t least, int64_t most)
{
    return parse_int(name, need_text(arguments, name), least, most);
}

/* The next comma-separated piece, in a buffer; NULL at the end. */
static const char *next_piece(const char *name, const char **text, char *buffer, size_t size)
{
    if (!*text)
        return NULL;
    size_t length = strcspn(*text, ",");
    if (length == 0 || length >= size)
        ex_usage("--%s has an empty or overlong entry; write a,b,c", name);
    memcpy(buffer, *text, length);
    buffer[length] = '\0';
    *text = (*text)[length] ? *text + length + 1 : NULL;
    return buffer;
}

static size_t geometric(const char *name, const char *text, double least, double most,
                        double values[EX_MAX_LIST])
{
    char first[64], last[64], count_text[64], rest[2];
    if (sscanf(text, "%63[^:]:%63[^:]:%63[^:]%1s", first, last, count_text, rest) != 3)
        ex_usage("--%s is \"%s\"; a range is first:last:count", name, text);
    double from = parse_double(name, first, least, most), to = parse_double(name, last, least, most);
    size_t count = (size_t)parse_int(name, count_text, 1, EX_MAX_LIST);
    if (!(from > 0.0) || !(to > 0.0))
        ex_usage("--%s is \"%s\"; both ends of a geometric range must be positive", name, text);
    for (size_t i = 0; i < count; i++)
        values[i] = i == 0 ? from : i + 1 == count ? to : from * pow(to / from, (double)i / (double)(count - 1));
    return count;
}

size_t ex_doubles(const ex_arguments *arguments, const char *name, double least, double most,
                  double values[EX_MAX_LIST])
{
    const char *text = need_text(arguments, name), *piece;
    char buffer[64];
    if (strchr(text, ':'))
        return geometric(name, text, least, most, values);
    size_t count = 0;
    while ((piece = next_piece(name, &text, buffer, sizeof buffer))) {
        if (count == EX_MAX_LIST)
            ex_usage("--%s has more than %d entries", name, EX_MAX_LIST);
        values[count++] = parse_double(name, piece, least, most);
    }
    return count;
}

size_t ex_ints(const ex_arguments *arguments, const char *name, int64_t least, int64_t most,
               int64_t values[EX_MAX_LIST])
{
    const char *text = need_text(arguments, name), *piece;
    char buffer[64];
    size_t count = 0;
    if (strchr(text, ':')) {
        double numbers[EX_MAX_LIST];
        size_t wanted = geometric(name, text, (double)least, (double)most, numbers);
        for (size_t i = 0; i < wanted; i++) {
            int64_t value = llround(numbers[i]);
            if (count == 0 || values[count - 1] != value)
                values[count++] = value;
        }
        return count;
    }
    while ((piece = next_piece(name, &text, buffer, sizeof buffer))) {
        if (count == EX_MAX_LIST)
            ex_usage("--%s has more than %d entries", name, EX_MAX_LIST);
        values[count++] = parse_int(name, piece, least, most);
    }
    return count;
}

static int32_t choice_position(const char *name, const char *choices, const char *text)
{
    const char *list = choices;
    for (int32_t index = 0; *list; index++) {
        size_t width = strcspn(list, "|");
        if (strlen(text) == width && memcmp(list, text, width) == 0)
            return index;
        list += width + (list[width] == '|');
    }
    ex_usage("--%s is \"%s\"; it must be one of %s", name, text, choices);
}

int32_t ex_choice(const ex_arguments *arguments, const char *name, const char *choices)
{
    return choice_position(name, choices, need_text(arguments, name));
}

size_t ex_choices(const ex_arguments *arguments, const char *name, const char *choices,
                  int32_t values[EX_MAX_LIST])
{
    const char *text = need_text(arguments, name), *piece;
    char buffer[64];
    size_t count = 0;
    while ((piece = next_piece(name, &text, buffer, sizeof buffer))) {
        if (count == EX_MAX_LIST)
            ex_usage("--%s has more than %d entries", name, EX_MAX_LIST);
        values[count++] = choice_position(name, choices, piece);
    }
    return count;
}
