/* SPDX-License-Identifier: BSD-3-Clause */
/* Target and input law, as the layers above see them. */
#ifndef MFLI_DATA_TASK_H
#define MFLI_DATA_TASK_H

#include <mflearn/task.h>

#include "core/options.h"

enum { MFLI_TASK_OPTIONS = 1, MFLI_MOST_VARIABLES = 64 };

/* What defines the computation. The arrays belong to the handle and live until it is changed: a holder that runs
 * caller's code, or returns to the caller, copies what it needs. */
typedef struct mfli_task {
    int32_t kind, input_law;
    int64_t dimension, degree; /* d; k of a parity, q of a Hermite teacher, else 0 */
    const int64_t *support;    /* parity: k coordinates, ascending; sum: that of each variable */
    const double *direction;   /* single-index: u, d numbers of unit length; sum: variables x d, or NULL */
    int64_t variables, terms;  /* sum: its variables are coordinates (support) or directions */
    const int64_t *degrees;    /* sum: terms x variables */
    const double *coefficients; /* sum: one a term */
    const double *factor;      /* correlated inputs: lower L of C = L L^T, d x d row-major, zeros above */
    mfl_link_fn link;          /* of MFL_TASK_CALLER */
    void *link_data;
} mfli_task;

struct mfl_task {
    mfli_object object;
    mfli_task task; /* its input_law is kept in the options */
    int64_t *support, *degrees;
    double *direction, *factor, *coefficients;
    mfl_options options;
    mfli_option_value option_values[MFLI_TASK_OPTIONS];
};

/* Make a task from its description; a parity or sum gets the first coordinates, others the first axis. */
int32_t mfli_task_create(mfl_context *context, const mfli_task *task, mfl_task **out);

/* Check that the handle belongs to the context and is complete, and copy its description. */
int32_t mfli_task_read(mfl_context *context, const mfl_task *handle, mfli_task *task);

/* The same for a handle that this call has entered already. */
int32_t mfli_task_read_entered(const mfl_task *handle, mfli_task *task);

/* What the target sees of an input: k coordinates of a parity, the coordinates or directions of a sum, one direction.
 * And the component of w along one of them. */
int64_t mfli_task_variables(const mfli_task *task);
double mfli_task_along(const mfli_task *task, int64_t variable, const double *w);

/* Clean targets f*(x) of rows of inputs. */
int32_t mfli_task_target(mfl_context *context, const mfli_task *task, int64_t rows, const double *inputs,
                         int64_t row_stride, double *targets);

/* A sum's value at one input; are its products orthonormal under the input law; E f*^2 if they are; its moments. */
double mfli_task_sum(const mfli_task *task, const double *x);
int32_t mfli_task_is_orthonormal(const mfli_task *task);
double mfli_task_sum_square(const mfli_task *task);
int32_t mfli_task_sum_moments(mfl_context *context, const mfli_task *task, double *mean, double *mean_square);

/* The basis function along the target's own mode: chi_S of a parity (order is ignored), he_order(u . x) of a
 * single-index teacher, he_n = He_n/sqrt(n!), f* over E f*^2 of a sum. */
void mfli_task_basis(const mfli_task *task, int64_t order, int64_t rows, const double *inputs,
                     int64_t row_stride, double *values);

/* he_n(z) by its three-term recurrence. */
double mfli_hermite(int64_t order, double z);

/* g at count points; records MFL_ERROR_CALLBACK or MFL_ERROR_NOT_FINITE. Not for parities. */
int32_t mfli_task_link(mfl_context *context, const mfli_task *task, size_t count, const double *z, double *value);

int32_t mfli_task_moments(mfl_context *context, const mfli_task *task, double *mean, double *mean_square,
                          double *error);

const char *mfli_input_law_name(int32_t input_law);

#endif
