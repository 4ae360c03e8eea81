/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"

static const uint32_t magic_options = 0x4d464c4f;

void mfli_options_init(mfl_options *options, mfli_object *owner, const mfli_option_spec *specs,
                       mfli_option_value *values, size_t count)
{
    options->magic = magic_options;
    options->owner = owner;
    options->specs = specs;
    options->values = values;
    options->count = count;
    options->veto = NULL;
    for (size_t i = 0; i < count; i++)
        values[i] = (mfli_option_value){specs[i].int_standard, specs[i].standard, 0};
}

int32_t mfli_options_lend(void *handle, int32_t kind, size_t offset, mfl_options **out)
{
    int32_t status = mfli_enter(handle, kind);
    if (status)
        return status;
    if (!out)
        return mfli_leave(handle, mfli_fail_null(((mfli_object *)handle)->context, "options"));
    *out = (mfl_options *)((char *)handle + offset);
    return mfli_leave(handle, MFL_OK);
}

static const mfli_option_spec *find_key(const mfl_options *options, int32_t key)
{
    for (size_t i = 0; i < options->count; i++)
        if (options->specs[i].key == key)
            return &options->specs[i];
    return NULL;
}

static mfli_option_value *value_of(const mfl_options *options, const mfli_option_spec *spec)
{
    return &options->values[spec - options->specs];
}

int64_t mfli_options_int(const mfl_options *options, int32_t key)
{
    return value_of(options, find_key(options, key))->integer;
}

double mfli_options_double(const mfl_options *options, int32_t key)
{
    return value_of(options, find_key(options, key))->number;
}

static int32_t need(const mfl_options *options, int32_t key, int32_t type, const mfli_option_spec **spec)
{
    mfl_context *context = options->owner->context;
    *spec = find_key(options, key);
    if (!*spec)
        return mfli_fail(context, MFL_ERROR_OPTION, "this handle has no option with key %d", key);
    int32_t is_number = (*spec)->type == MFL_OPTION_DOUBLE, wants_number = type == MFL_OPTION_DOUBLE;
    if (type != 0 && is_number != wants_number)
        return mfli_fail(context, MFL_ERROR_OPTION_TYPE, "option %s is %s; use the %s functions",
                         (*spec)->name, is_number ? "a number" : "an integer", is_number ? "double" : "int");
    return MFL_OK;
}

static int32_t enter(const mfl_options *options)
{
    if (!options)
        return MFL_ERROR_NULL;
    return options->magic == magic_options ? mfli_enter(options->owner, options->owner->kind) : MFL_ERROR_HANDLE;
}

static int32_t leave(const mfl_options *options, int32_t status)
{
    return mfli_leave(options->owner, status);
}

static mfl_context *context_of(const mfl_options *options)
{
    return options->owner->context;
}

int32_t mfl_options_count(const mfl_options *options, size_t *count)
{
    int32_t status = enter(options);
    if (status)
        return status;
    if (!count)
        return leave(options, mfli_fail_null(context_of(options), "count"));
    *count = options->count;
    return leave(options, MFL_OK);
}

int32_t mfl_options_key(const mfl_options *options, size_t index, int32_t *key)
{
    int32_t status = enter(options);
    if (status)
        return status;
    if (!key)
        return leave(options, mfli_fail_null(context_of(options), "key"));
    if (index >= options->count)
        return leave(options, mfli_fail(context_of(options), MFL_ERROR_ARGUMENT,
                                        "index is %zu, and there are %zu options", index, options->count));
    *key = options->specs[index].key;
    return leave(options, MFL_OK);
}

static int32_t find_name(const mfl_options *options, const char *name, const mfli_option_spec **spec)
{
    *spec = NULL;
    if (!name)
        return mfli_fail_null(context_of(options), "name");
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->specs[i].name, name) == 0) {
            *spec = &options->specs[i];
            return MFL_OK;
        }
    char known[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < options->count; i++) {
        mfli_append(known, sizeof known, &used, i ? ", " : "");
        mfli_append(known, sizeof known, &used, options->specs[i].name);
    }
    return mfli_fail(context_of(options), MFL_ERROR_OPTION, "there is no option \"%.60s\"; there are: %s", name,
                     known);
}

int32_t mfl_options_find(const mfl_options *options, const char *name, int32_t *key)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = key ? find_name(options, name, &spec) : mfli_fail_null(context_of(options), "key");
    if (status == MFL_OK)
        *key = spec->key;
    return leave(options, status);
}

int32_t mfl_options_describe(const mfl_options *options, int32_t key, int32_t *type, const char **name,
                             const char **summary, const char **choices)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, 0, &spec);
    if (status)
        return leave(options, status);
    if (type)
        *type = spec->type;
    if (name)
        *name = spec->name;
    if (summary)
        *summary = spec->summary;
    if (choices)
        *choices = spec->choices;
    return leave(options, MFL_OK);
}

int32_t mfl_options_bounds_int(const mfl_options *options, int32_t key, int64_t *least, int64_t *most,
                               int64_t *standard)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, MFL_OPTION_INT, &spec);
    if (status)
        return leave(options, status);
    if (least)
        *least = spec->int_least;
    if (most)
        *most = spec->int_most;
    if (standard)
        *standard = spec->int_standard;
    return leave(options, MFL_OK);
}

int32_t mfl_options_bounds_double(const mfl_options *options, int32_t key, double *least, double *most,
                                  double *standard)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, MFL_OPTION_DOUBLE, &spec);
    if (status)
        return leave(options, status);
    if (least)
        *least = spec->least;
    if (most)
        *most = spec->most;
    if (standard)
        *standard = spec->standard;
    return leave(options, MFL_OK);
}

static int32_t set_int(mfl_options *options, const mfli_option_spec *spec, int64_t value)
{
    mfl_context *context = context_of(options);
    if (value < spec->int_least || value > spec->int_most)
        return mfli_fail(context, MFL_ERROR_OPTION_RANGE, "%s is %lld; it must be between %lld and %lld",
                         spec->name, (long long)value, (long long)spec->int_least, (long long)spec->int_most);
    int32_t status = options->veto ? options->veto(options, spec->key, value) : MFL_OK;
    if (status == MFL_OK)
        *value_of(options, spec) = (mfli_option_value){value, 0.0, 1};
    return status;
}

static int32_t set_double(mfl_options *options, const mfli_option_spec *spec, double value)
{
    if (!(value >= spec->least && value <= spec->most))
        return mfli_fail(context_of(options), MFL_ERROR_OPTION_RANGE, "%s is %g; it must be between %g and %g",
                         spec->name, value, spec->least, spec->most);
    int32_t status = options->veto ? options->veto(options, spec->key, 0) : MFL_OK;
    if (status == MFL_OK)
        *value_of(options, spec) = (mfli_option_value){0, value, 1};
    return status;
}

int32_t mfl_options_set_int(mfl_options *options, int32_t key, int64_t value)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, MFL_OPTION_INT, &spec);
    return leave(options, status ? status : set_int(options, spec, value));
}

int32_t mfl_options_set_double(mfl_options *options, int32_t key, double value)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, MFL_OPTION_DOUBLE, &spec);
    return leave(options, status ? status : set_double(options, spec, value));
}

/* Position of text among the '|'-separated names, or -1. */
static int64_t choice_index(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (int64_t index = 0; *choices; index++) {
        size_t width = strcspn(choices, "|");
        if (width == length && memcmp(choices, text, width) == 0)
            return index;
        choices += width + (choices[width] == '|');
    }
    return -1;
}

static int32_t set_text(mfl_options *options, const mfli_option_spec *spec, const char *text)
{
    mfl_context *context = context_of(options);
    int64_t integer;
    double number;
    if (!text)
        return mfli_fail_null(context, "text");
    switch (spec->type) {
    case MFL_OPTION_CHOICE:
        integer = choice_index(spec->choices, text);
        if (integer < 0)
            return mfli_fail(context, MFL_ERROR_PARSE, "%s is \"%.60s\"; it must be one of %s", spec->name, text,
                             spec->choices);
        return set_int(options, spec, integer);
    case MFL_OPTION_INT:
        if (mfli_parse_int(text, &integer))
            return mfli_fail(context, MFL_ERROR_PARSE, "%s is \"%.60s\"; it must be a whole number", spec->name,
                             text);
        return set_int(options, spec, integer);
    default:
        if (mfli_parse_double(text, &number))
            return mfli_fail(context, MFL_ERROR_PARSE, "%s is \"%.60s\"; it must be a number", spec->name, text);
        return set_double(options, spec, number);
    }
}

int32_t mfl_options_set_text(mfl_options *options, const char *name, const char *text)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = find_name(options, name, &spec);
    return leave(options, spec ? set_text(options, spec, text) : status);
}

int32_t mfl_options_get_int(const mfl_options *options, int32_t key, int64_t *value)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = value ? need(options, key, MFL_OPTION_INT, &spec) : mfli_fail_null(context_of(options), "value");
    if (status == MFL_OK)
        *value = value_of(options, spec)->integer;
    return leave(options, status);
}

int32_t mfl_options_get_double(const mfl_options *options, int32_t key, double *value)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = value ? need(options, key, MFL_OPTION_DOUBLE, &spec) : mfli_fail_null(context_of(options), "value");
    if (status == MFL_OK)
        *value = value_of(options, spec)->number;
    return leave(options, status);
}

int32_t mfl_options_is_set(const mfl_options *options, int32_t key, int32_t *set)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = set ? need(options, key, 0, &spec) : mfli_fail_null(context_of(options), "set");
    if (status == MFL_OK)
        *set = value_of(options, spec)->set;
    return leave(options, status);
}

int32_t mfl_options_reset(mfl_options *options, int32_t key)
{
    int32_t status = enter(options);
    if (status)
        return status;
    const mfli_option_spec *spec;
    status = need(options, key, 0, &spec);
    if (status == MFL_OK && options->veto)
        status = options->veto(options, key, spec->int_standard);
    if (status == MFL_OK)
        *value_of(options, spec) = (mfli_option_value){spec->int_standard, spec->standard, 0};
    return leave(options, status);
}

static void append_choice(const mfli_option_spec *spec, int64_t value, char *text, size_t capacity, size_t *used)
{
    const char *name = spec->choices;
    for (int64_t i = 0; i < value; i++)
        name += strcspn(name, "|") + 1;
    char piece[64];
    snprintf(piece, sizeof piece, "%.*s", (int)strcspn(name, "|"), name);
    mfli_append(text, capacity, used, piece);
}

void mfli_options_append(const mfl_options *options, char *text, size_t capacity, size_t *used)
{
    for (size_t i = 0; i < options->count; i++) {
        const mfli_option_spec *spec = &options->specs[i];
        const mfli_option_value *value = &options->values[i];
        char number[MFLI_NUMBER_SIZE];
        mfli_append(text, capacity, used, i ? "," : "");
        mfli_append(text, capacity, used, spec->name);
        mfli_append(text, capacity, used, "=");
        if (spec->type == MFL_OPTION_CHOICE) {
            append_choice(spec, value->integer, text, capacity, used);
            continue;
        }
        if (spec->type == MFL_OPTION_INT)
            snprintf(number, sizeof number, "%lld", (long long)value->integer);
        else
            mfli_format_double(number, value->number);
        mfli_append(text, capacity, used, number);
    }
}

int32_t mfli_finish_text(mfl_context *context, size_t capacity, size_t used, size_t *needed)
{
    if (needed)
        *needed = used + 1;
    return used < capacity ? MFL_OK
                           : mfli_fail(context, MFL_ERROR_BUFFER, "the text takes %zu bytes and capacity is %zu",
                                       used + 1, capacity);
}

int32_t mfl_options_write(const mfl_options *options, char *text, size_t capacity, size_t *needed)
{
    int32_t status = enter(options);
    if (status)
        return status;
    mfl_context *context = context_of(options);
    if (!text && capacity)
        return leave(options, mfli_fail_null(context, "text"));
    size_t used = 0;
    mfli_options_append(options, text, capacity, &used);
    return leave(options, mfli_finish_text(context, capacity, used, needed));
}
