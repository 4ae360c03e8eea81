/* SPDX-License-Identifier: BSD-3-Clause */
/* A learning curve in the making: progress while it runs, a table, a CSV file and a picture. */
#ifndef EXAMPLES_CURVE_H
#define EXAMPLES_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/mflearn.h>

#include "arguments.h"
#include "output.h"

#define EX_METHODS "network|ridge|linear|mf|mf_ard|mf_screened"
/* From EX_METHOD_MF on in the order of enum mfl_theory_preset. */
enum ex_method {
    EX_METHOD_NETWORK,
    EX_METHOD_RIDGE,
    EX_METHOD_LINEAR,
    EX_METHOD_MF,
    EX_METHOD_MF_ARD,
    EX_METHOD_MF_SCREENED,
    EX_METHOD_COUNT
};

/* One run of a method at a point. Not-a-number and a seed of -1 where something does not apply. */
typedef struct ex_row {
    int32_t method, cancelled;
    int64_t samples, seed;
    double test_mse, test_mse_draw, train_mse, m, m_se, solver_se, seconds, rel_mse, test_mse_noisy, kappa,
        step_size, draws;
} ex_row;

ex_row ex_empty_row(void);
const char *ex_method_name(int32_t method);

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

/* Training and test rows of a file under the context's seed, standardised by the training rows: the first `samples` of
 * a random order, and at most `tests` of those that no point of the curve trains on. */
void ex_split_file(const mfl_dataset *file, const int64_t *points, size_t point_count,
                   int64_t samples, int64_t tests, mfl_dataset **train, mfl_dataset **test,
                   void (*check)(int32_t status));

#endif
