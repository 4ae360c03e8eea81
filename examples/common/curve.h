/* SPDX-License-Identifier: BSD-3-Clause */
/* A learning curve in the making: progress while it runs, a table, a CSV file and a picture. */
#ifndef EXAMPLES_CURVE_H
#define EXAMPLES_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/mflearn.h>

#include "arguments.h"
#include "measure.h"
#include "output.h"

enum { EX_MAX_POINTS = 4096 };

typedef struct ex_curve {
    mfl_context *context;
    const char *directory, *title;
    int32_t has_m; /* draw the order parameter too */
    ex_file csv;
    char options[2048]; /* the program's, for the record */
    double start, expected, done; /* seconds; units of work */
    double running;               /* work of the run under way */
    char stage[80];
    ex_row means[EX_MAX_POINTS];
    double errors[EX_MAX_POINTS]; /* standard errors of means[].test_mse */
    size_t count;
} ex_curve;

void ex_curve_open(ex_curve *curve, mfl_context *context, const ex_arguments *arguments, const char *title,
                   int32_t has_m);
/* Announce work, so that the time left can be told. */
void ex_curve_expect(ex_curve *curve, int32_t method, int64_t samples, int64_t runs);
void ex_curve_begin_run(ex_curve *curve, int32_t method, int64_t samples, int64_t run, int64_t runs);
void ex_curve_end_run(ex_curve *curve, int32_t method, int64_t samples);
/* All runs of one point and method: a row of the table, a row of the CSV file each. */
void ex_curve_add(ex_curve *curve, const ex_row *rows, size_t count);
/* Completes the files and draws, or leaves them marked as partial. Returns the program's exit status. */
int ex_curve_close(ex_curve *curve, int32_t cancelled);

#endif
