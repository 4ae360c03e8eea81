/* SPDX-License-Identifier: BSD-3-Clause */
/* A sweep as its file declares it: a line for each setting, its name and then a value or a list of them. Settings with
 * lists are the axes of a grid; every point of the grid is one measurement. */
#ifndef EXAMPLES_SWEEP_GRID_H
#define EXAMPLES_SWEEP_GRID_H

#include <stdint.h>

#include "../common/arguments.h"
#include "../common/measure.h"

enum { SWEEP_AXES_MOST = 16 };

typedef struct sweep_axis {
    const char *name;
    int64_t count;
    char **values;
} sweep_axis;

typedef struct sweep_grid {
    ex_arguments settings; /* with their defaults */
    char *text;            /* of the file; settings point into it */
    sweep_axis axes[SWEEP_AXES_MOST];
    int32_t axis_count;
    int64_t points;
    uint64_t fingerprint; /* of all settings, the defaults included */
} sweep_grid;

/* Ends the program with a sentence on a mistake. The last axis runs fastest. */
void sweep_grid_read(sweep_grid *grid, const char *path);
void sweep_grid_release(sweep_grid *grid);

/* The settings of one point, each a single value. */
void sweep_grid_point(const sweep_grid *grid, int64_t point, ex_arguments *settings);

/* The value of an axis at a point. */
const char *sweep_grid_value(const sweep_grid *grid, int32_t axis, int64_t point);

/* The settings there are, with their defaults. */
const ex_option *sweep_grid_settings(size_t *count);

/* Everything that a point is measured with. */
typedef struct sweep_point {
    ex_arguments settings;
    ex_subject subject;
    int32_t method;
    int64_t samples, seed;
} sweep_point;

/* A task that cannot be ends the program with a sentence; so the points of a grid are made once before any is run. */
int32_t sweep_point_make(const sweep_grid *grid, int64_t point, mfl_context *context, sweep_point *made);
void sweep_point_release(sweep_point *point);

/* Work of a point, in units that compare points: multiply-adds where a network is sampled or a kernel is solved. */
double sweep_point_work(const sweep_grid *grid, int64_t point);

#endif
