/* SPDX-License-Identifier: BSD-3-Clause */
#include "grid.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/library.h"
#include "../common/task.h"
#include "hash.h"

static const ex_option settings[] = {
    EX_TASK_OPTIONS("20", "2"),
    {"data", "FILE.csv", NULL, "learn from a file instead of a task"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    EX_MODEL_OPTIONS,
    {"kappa", "K", "0.1", "noise"},
    {"samples", "P", "200", "training samples"},
    {"label-noise", "S", "0", "standard deviation of noise added to the training targets"},
    {"dataset", "SEED", "1", "seed of data and chains"},
    {"method", "NAME", "network", "network, ridge, linear, mf, mf_ard or mf_screened"},
    {"test", "T", "4000", "test samples; for files at most the rows that are left"},
    EX_CHAIN_OPTIONS,
    EX_START_OPTION,
    EX_PRECISION_OPTIONS,
};

/* What a list may hold; settings that are not here have one value, which may have commas. */
static const struct kind {
    const char *name;
    enum { WHOLE, REAL, NAME } kind;
    double least, most;
} kinds[] = {
    {"task", NAME, 0, 0},           {"dim", WHOLE, 1, 1 << 24},      {"degree", WHOLE, 1, 1 << 20},
    {"inputs", NAME, 0, 0},         {"width", WHOLE, 1, 1 << 24},    {"gamma", REAL, 0.0, 10.0},
    {"sigma-w", REAL, 1e-100, 1e100}, {"sigma-a", REAL, 1e-100, 1e100}, {"activation", NAME, 0, 0},
    {"kappa", REAL, 1e-150, 1e150}, {"samples", WHOLE, 1, 2147483648.0}, {"label-noise", REAL, 0.0, 1e100},
    {"dataset", WHOLE, 0, 1e15},    {"method", NAME, 0, 0},          {"test", WHOLE, 1, 2147483648.0},
    {"chains", WHOLE, 1, 4096},     {"sampler", NAME, 0, 0},         {"burn-in", WHOLE, -1, 9e15},
    {"draws", WHOLE, 1, 9e15},      {"thinning", WHOLE, 0, 9e15},    {"precision", NAME, 0, 0},
    {"start", NAME, 0, 0},          {"alpha0", REAL, 1e-100, 1e100}, {"sharing", WHOLE, 0, 1 << 24},
};

static void *must_have(void *memory)
{
    if (!memory)
        ex_die("out of memory");
    return memory;
}

static char *read_text(const char *path)
{
    enum { largest = 1 << 20 };
    char *text = must_have(malloc(largest + 1));
    FILE *stream = fopen(path, "r");
    if (!stream)
        ex_die("cannot read the grid %s: %s", path, strerror(errno));
    size_t length = fread(text, 1, largest + 1, stream);
    if (ferror(stream))
        ex_die("cannot read the grid %s: %s", path, strerror(errno));
    fclose(stream);
    if (length > largest || memchr(text, '\0', length))
        ex_usage("%s is no grid: it is longer than a megabyte, or no text", path);
    text[length] = '\0';
    return text;
}

/* Fill settings from lines "name value"; a # begins a comment. */
static void read_lines(sweep_grid *grid, const char *path)
{
    char *rest = grid->text;
    for (int line = 1; rest; line++) {
        char *at = strsep(&rest, "\n"), *comment = strchr(at, '#');
        if (comment)
            *comment = '\0';
        at += strspn(at, " \t\r");
        if (!*at)
            continue;
        const size_t length = strcspn(at, " \t\r");
        char *value = at + length + strspn(at + length, " \t\r"), *end = value + strlen(value);
        while (end > value && strchr(" \t\r", end[-1]))
            *--end = '\0';
        at[length] = '\0';
        size_t i = 0;
        while (i < grid->settings.count && strcmp(settings[i].name, at) != 0)
            i++;
        if (i == grid->settings.count)
            ex_usage("%s, line %d: there is no setting \"%s\"; see --help", path, line, at);
        if (grid->settings.given[i])
            ex_usage("%s, line %d: %s is there twice; write a list", path, line, at);
        if (!*value)
            ex_usage("%s, line %d: %s has no value", path, line, at);
        grid->settings.given[i] = 1;
        grid->settings.values[i] = value;
    }
}

static char *print_value(const struct kind *kind, double value)
{
    char text[40];
    snprintf(text, sizeof text, kind->kind == WHOLE ? "%.0f" : "%.17g", value);
    double back;
    for (int digits = 6; kind->kind == REAL && digits < 17; digits++) { /* the shortest that is the number */
        char shorter[40];
        snprintf(shorter, sizeof shorter, "%.*g", digits, value);
        back = strtod(shorter, NULL);
        if (back == value) {
            strcpy(text, shorter);
            break;
        }
    }
    return must_have(strdup(text));
}

static void add_value(sweep_axis *axis, char *value)
{
    axis->values = must_have(realloc(axis->values, (size_t)(axis->count + 1) * sizeof *axis->values));
    axis->values[axis->count++] = value;
}

/* The values of a setting; numbers are checked, and ranges spelt out. */
static void expand(const sweep_grid *grid, const struct kind *kind, sweep_axis *axis)
{
    static double numbers[EX_MAX_LIST];
    static int64_t wholes[EX_MAX_LIST];
    *axis = (sweep_axis){.name = kind->name};
    if (kind->kind == NAME) {
        const char *text = ex_text(&grid->settings, kind->name);
        while (text && *text) {
            size_t length = strcspn(text, ",");
            if (length == 0)
                ex_usage("%s has an empty entry; write a,b,c", kind->name);
            if (axis->count == EX_MAX_LIST)
                ex_usage("%s has more than %d entries", kind->name, EX_MAX_LIST);
            add_value(axis, must_have(strndup(text, length)));
            text += length + (text[length] == ',');
        }
        return;
    }
    if (kind->kind == REAL) {
        size_t count = ex_doubles(&grid->settings, kind->name, kind->least, kind->most, numbers);
        for (size_t i = 0; i < count; i++)
            add_value(axis, print_value(kind, numbers[i]));
        return;
    }
    size_t count = ex_ints(&grid->settings, kind->name, (int64_t)kind->least, (int64_t)kind->most, wholes);
    for (size_t i = 0; i < count; i++)
        add_value(axis, print_value(kind, (double)wholes[i]));
}

static void refuse_repeats(const sweep_axis *axis)
{
    for (int64_t i = 0; i < axis->count; i++)
        for (int64_t j = 0; j < i; j++)
            if (strcmp(axis->values[i], axis->values[j]) == 0)
                ex_usage("%s has %s twice", axis->name, axis->values[i]);
}

static void release_axis(sweep_axis *axis)
{
    for (int64_t i = 0; i < axis->count; i++)
        free(axis->values[i]);
    free(axis->values);
}

void sweep_grid_read(sweep_grid *grid, const char *path)
{
    static const int64_t most_points = 10000000;
    *grid = (sweep_grid){.settings = {.program = "sweep", .options = settings,
                                      .count = sizeof settings / sizeof settings[0]},
                         .points = 1,
                         .fingerprint = SWEEP_HASH_START};
    for (size_t i = 0; i < grid->settings.count; i++)
        grid->settings.values[i] = settings[i].standard;
    grid->text = read_text(path);
    read_lines(grid, path);
    for (size_t i = 0; i < grid->settings.count; i++) {
        grid->fingerprint = sweep_hash_text(grid->fingerprint, settings[i].name);
        grid->fingerprint = sweep_hash_text(grid->fingerprint, grid->settings.values[i]);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        sweep_axis axis;
        if (!ex_text(&grid->settings, kinds[i].name))
            continue;
        expand(grid, &kinds[i], &axis);
        refuse_repeats(&axis);
        if (axis.count == 1) {
            release_axis(&axis);
            continue;
        }
        if (grid->axis_count == SWEEP_AXES_MOST)
            ex_usage("%s has more than %d lists", path, SWEEP_AXES_MOST);
        grid->axes[grid->axis_count++] = axis;
        grid->points *= axis.count;
        if (grid->points > most_points)
            ex_usage("%s has more than %lld points", path, (long long)most_points);
    }
}

void sweep_grid_release(sweep_grid *grid)
{
    for (int32_t i = 0; i < grid->axis_count; i++)
        release_axis(&grid->axes[i]);
    free(grid->text);
}

const char *sweep_grid_value(const sweep_grid *grid, int32_t axis, int64_t point)
{
    for (int32_t i = grid->axis_count - 1; i > axis; i--)
        point /= grid->axes[i].count;
    return grid->axes[axis].values[point % grid->axes[axis].count];
}

void sweep_grid_point(const sweep_grid *grid, int64_t point, ex_arguments *at)
{
    *at = grid->settings;
    for (int32_t i = 0; i < grid->axis_count; i++)
        for (size_t j = 0; j < at->count; j++)
            if (strcmp(settings[j].name, grid->axes[i].name) == 0)
                at->values[j] = sweep_grid_value(grid, i, point);
}

const ex_option *sweep_grid_settings(size_t *count)
{
    *count = sizeof settings / sizeof settings[0];
    return settings;
}

/* ---- points ---- */

static int32_t read_file(sweep_point *made, mfl_dataset **file, int64_t *columns)
{
    int64_t rows;
    int32_t status = mfl_dataset_read_csv(made->subject.context, ex_text(&made->settings, "data"),
                                          ex_text(&made->settings, "target"), MFL_CSV_HEADER_AUTO, file);
    return status == MFL_OK ? mfl_dataset_shape(*file, &rows, columns) : status;
}

int32_t sweep_point_make(const sweep_grid *grid, int64_t point, mfl_context *context, sweep_point *made)
{
    mfl_dataset *file = NULL;
    mfl_task *task = NULL;
    mfl_model *model = NULL, *linear = NULL;
    int32_t status = MFL_OK;
    memset(made, 0, sizeof *made);
    sweep_grid_point(grid, point, &made->settings);
    const ex_arguments *at = &made->settings;
    int64_t dimension = ex_int(at, "dim", 1, 1 << 24);
    made->method = ex_choice(at, "method", EX_METHODS);
    made->samples = ex_int(at, "samples", 1, INT64_C(1) << 31);
    made->seed = ex_int(at, "dataset", 0, INT64_C(1000000000000000));
    made->subject = (ex_subject){.context = context,
                                 .arguments = at,
                                 .most_samples = made->samples,
                                 .tests = ex_int(at, "test", 1, INT64_C(1) << 31),
                                 .label_noise = ex_double(at, "label-noise", 0.0, 1e100),
                                 .kappa = ex_double(at, "kappa", 1e-150, 1e150),
                                 .planted = ex_choice(at, "start", EX_STARTS)};
    if (ex_text(at, "data"))
        status = read_file(made, &file, &dimension);
    else
        task = ex_task(context, at);
    if (status == MFL_OK)
        status = ex_make_model(context, at, dimension, 0, &model);
    if (status == MFL_OK)
        status = ex_make_model(context, at, dimension, 1, &linear);
    made->subject.file = file;
    made->subject.task = task;
    made->subject.model = model;
    made->subject.linear = linear;
    return status;
}

void sweep_point_release(sweep_point *point)
{
    mfl_dataset_destroy((mfl_dataset *)point->subject.file);
    mfl_task_destroy((mfl_task *)point->subject.task);
    mfl_model_destroy((mfl_model *)point->subject.model);
    mfl_model_destroy((mfl_model *)point->subject.linear);
}

double sweep_point_work(const sweep_grid *grid, int64_t point)
{
    static const double theory = 1e9, overhead = 1e7;
    ex_arguments at;
    sweep_grid_point(grid, point, &at);
    const double n = (double)ex_int(&at, "width", 1, 1 << 24), d = (double)ex_int(&at, "dim", 1, 1 << 24),
                 p = (double)ex_int(&at, "samples", 1, INT64_C(1) << 31);
    const int32_t method = ex_choice(&at, "method", EX_METHODS);
    if (method >= EX_METHOD_MF)
        return theory;
    if (method != EX_METHOD_NETWORK)
        return overhead + p * p * (p / 3.0 + d);
    const double thinning = fmax(10.0, (double)ex_int(&at, "thinning", 0, INT64_C(1) << 52));
    const double burn_in = (double)ex_int(&at, "burn-in", -1, INT64_C(1) << 52);
    const double draws = (double)ex_int(&at, "draws", 1, INT64_C(1) << 52) * thinning;
    const double steps = (burn_in < 0.0 ? draws : burn_in) + draws;
    return overhead + (double)ex_int(&at, "chains", 1, 4096) * steps * (2.0 * n * p * (d + 1.0) + 20.0 * n * d);
}
