/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines of the example programs: long options with defaults, one table each, help made from it. */
#ifndef EXAMPLES_ARGUMENTS_H
#define EXAMPLES_ARGUMENTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct ex_option {
    const char *name;     /* without the dashes */
    const char *value;    /* what stands for the value in the help, NULL for a flag */
    const char *standard; /* default, NULL for none */
    const char *help;
} ex_option;

enum { EX_MAX_OPTIONS = 40, EX_MAX_LIST = 256 };

typedef struct ex_arguments {
    const char *program, *summary;
    const ex_option *options;
    size_t count;
    const ex_option *settings; /* of a file that the program reads, for its help; NULL for none */
    size_t settings_count;
    const char *settings_title;
    const char *values[EX_MAX_OPTIONS];
    int32_t given[EX_MAX_OPTIONS];
} ex_arguments;

/* Print "program: sentence" to standard error and leave with status 2 (bad usage) or 1 (anything else). */
_Noreturn void ex_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void ex_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads "--name value" and "--name=value"; prints help and leaves on --help, a manual page on --man. From
 * here on, the program ends with status 1 and a sentence if its standard output cannot be written. */
void ex_parse(ex_arguments *arguments, int argc, char **argv);

/* Another value for an option, NULL for none; whether it was given stays as it is. */
void ex_replace(ex_arguments *arguments, const char *name, const char *value);

/* All options and their values, for the record: "name=value name=value". */
void ex_describe(const ex_arguments *arguments, char *text, size_t size);

const char *ex_text(const ex_arguments *arguments, const char *name); /* NULL if not given and no default */
int32_t ex_given(const ex_arguments *arguments, const char *name);
double ex_double(const ex_arguments *arguments, const char *name, double least, double most);
int64_t ex_int(const ex_arguments *arguments, const char *name, int64_t least, int64_t most);

/* Lists are a,b,c or a geometric range a:b:n. Return the length. */
size_t ex_doubles(const ex_arguments *arguments, const char *name, double least, double most,
                  double values[EX_MAX_LIST]);
size_t ex_ints(const ex_arguments *arguments, const char *name, int64_t least, int64_t most,
               int64_t values[EX_MAX_LIST]);
/* Names out of a '|'-separated choice; each becomes its position. */
size_t ex_choices(const ex_arguments *arguments, const char *name, const char *choices,
                  int32_t values[EX_MAX_LIST]);
int32_t ex_choice(const ex_arguments *arguments, const char *name, const char *choices);

#endif
