/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle of kernel ridge regression, and its body for callers that hold no data set handle. */
#ifndef MFLI_RIDGE_RIDGE_H
#define MFLI_RIDGE_RIDGE_H

#include <mflearn/ridge.h>

#include "core/object.h"
#include "ridge/kernel.h"

struct mfl_ridge {
    mfli_object object;
    mfli_kernel kernel;
    int64_t dimension;

    /* The fit; samples == 0 and NULLs before it. */
    int64_t samples;
    mfli_points points;
    double *factor;  /* P x P, its lower triangle the Cholesky factor L of K + kappa^2 I */
    double *weights; /* alpha = (K + kappa^2 I)^-1 y */
    double log_evidence;
};

/* Release the fit. */
void mfli_ridge_forget(mfl_ridge *ridge);

/* MFL_ERROR_STATE before a fit. */
int32_t mfli_ridge_check_fitted(const mfl_ridge *ridge);

/* Non-NULL, at least one row, and a stride that is no shorter than a row. */
int32_t mfli_ridge_check_rows(mfl_context *context, const char *name, const double *rows,
                              int64_t count, int64_t stride, int64_t width);

/* The public functions of these names, inside an entered context and without a data set handle.
 * Element (mu, j) of the inputs of a fit is at inputs[mu * row_stride + j * column_stride]. */
int32_t mfli_ridge_fit(mfl_ridge *ridge, int64_t samples, const double *inputs, int64_t row_stride,
                       int64_t column_stride, const double *targets, double kappa);
int32_t mfli_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                           int64_t stride, double *mean, double *variance);

#endif
