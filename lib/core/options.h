/* SPDX-License-Identifier: BSD-3-Clause */
/* The option table that handles embed (see include/mflearn/options.h). */
#ifndef MFLI_CORE_OPTIONS_H
#define MFLI_CORE_OPTIONS_H

#include <mflearn/options.h>

#include "core/object.h"

typedef struct mfli_option_spec {
    int32_t key;
    int32_t type;
    const char *name;
    const char *summary;
    const char *choices;                   /* "a|b|c" for MFL_OPTION_CHOICE, else "" */
    int64_t int_least, int_most, int_standard; /* integers and choices */
    double least, most, standard;          /* numbers */
} mfli_option_spec;

#define MFLI_OPTION_INT(key, name, least, most, standard, summary)                                           \
    { key, MFL_OPTION_INT, name, summary, "", least, most, standard, 0.0, 0.0, 0.0 }
#define MFLI_OPTION_DOUBLE(key, name, least, most, standard, summary)                                        \
    { key, MFL_OPTION_DOUBLE, name, summary, "", 0, 0, 0, least, most, standard }
#define MFLI_OPTION_CHOICE(key, name, choices, most, standard, summary)                                      \
    { key, MFL_OPTION_CHOICE, name, summary, choices, 0, most, standard, 0.0, 0.0, 0.0 }

typedef struct mfli_option_value {
    int64_t integer;
    double number;
    int32_t set;
} mfli_option_value;

/* Refuses a change that is within bounds but impossible now; records the reason. `value` is that of an integer or a
 * choice. */
typedef int32_t (*mfli_option_veto)(const mfl_options *options, int32_t key, int64_t value);

struct mfl_options {
    uint32_t magic; /* where a handle has its own, so that one cannot pass for the other */
    mfli_object *owner;
    const mfli_option_spec *specs;
    mfli_option_value *values;
    size_t count;
    mfli_option_veto veto; /* may be NULL */
};

void mfli_options_init(mfl_options *options, mfli_object *owner, const mfli_option_spec *specs,
                       mfli_option_value *values, size_t count);

/* The body of every public function that lends the options of a handle: they stand at `offset` in it. */
int32_t mfli_options_lend(void *handle, int32_t kind, size_t offset, mfl_options **out);

/* For code that knows its keys: the value set, or the default. */
int64_t mfli_options_int(const mfl_options *options, int32_t key);
double mfli_options_double(const mfl_options *options, int32_t key);

/* "name=value,name=value", and the closing of a function that writes text to a caller's buffer. */
void mfli_options_append(const mfl_options *options, char *text, size_t capacity, size_t *used);
int32_t mfli_finish_text(mfl_context *context, size_t capacity, size_t used, size_t *needed);

#endif
