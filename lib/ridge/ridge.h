/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle of kernel ridge regression, and its body for callers that hold no data set handle. */
#ifndef MFLI_RIDGE_RIDGE_H
#define MFLI_RIDGE_RIDGE_H

#include <mflearn/ridge.h>

#include "core/options.h"
#include "ridge/points.h"

enum { MFLI_RIDGE_OPTIONS = 12 };

struct mfl_ridge {
    mfli_object object;
    mfli_model model; /* sigma_w and sigma_a are those of the last optimisation */
    int64_t dimension;
    double *factors; /* 1 / sqrt(rho_j); NULL: isotropic */
    mfl_kernel_fn function;
    void *function_data;
    mfl_options options;
    mfli_option_value option_values[MFLI_RIDGE_OPTIONS];

    /* The fit; samples == 0 and NULLs before it. */
    int64_t samples;
    mfli_kernel kernel;
    double kappa;
    mfli_points points; /* empty for a precomputed kernel */
    double *factor;     /* P x P, its lower triangle the Cholesky factor L of K + kappa^2 I; NULL
                           after conjugate gradients */
    double *weights;    /* alpha = (K + kappa^2 I)^-1 y */
    double *targets;
    double log_evidence;
    double residual, steps; /* of iterations */
    int32_t stop;
    int64_t rank;
};

/* Targets and inputs of a fit: element (mu, j) at inputs[mu * row_stride + j * column_stride], or a
 * kernel matrix with rows row_stride apart. */
typedef struct mfli_problem_data {
    int64_t samples;
    const double *inputs;
    int64_t row_stride, column_stride;
    const double *kernel;
    const double *targets;
} mfli_problem_data;

extern const mfli_option_spec mfli_ridge_specs[MFLI_RIDGE_OPTIONS];

/* Release the fit. */
void mfli_ridge_forget(mfl_ridge *ridge);

/* MFL_ERROR_STATE before a fit; the second also without a Cholesky factor. */
int32_t mfli_ridge_check_fitted(const mfl_ridge *ridge);
int32_t mfli_ridge_check_factor(const mfl_ridge *ridge);

/* Non-NULL, at least one row, and a stride that is no shorter than a row. */
int32_t mfli_ridge_check_rows(mfl_context *context, const char *name, const double *rows,
                              int64_t count, int64_t stride, int64_t width);
int32_t mfli_ridge_check_finite(mfl_context *context, const char *name, const double *values,
                                int64_t count);

/* A data set of the right dimension with targets. */
int32_t mfli_ridge_read(const mfl_ridge *ridge, const mfl_dataset *train, mfli_problem_data *data);

/* The kernel that options and precisions ask for now. */
int32_t mfli_ridge_choose(const mfl_ridge *ridge, mfli_kernel *kernel);

/* Peak memory of a fit with a kernel in bytes, or -1 beyond 63 bits. */
int64_t mfli_ridge_bytes(const mfl_ridge *ridge, const mfli_kernel *kernel, int64_t samples);

/* mfl_ridge_fit() and mfl_ridge_predict() inside an entered context, without a data set handle. */
int32_t mfli_ridge_fit_to(mfl_ridge *ridge, const mfli_problem_data *data, double kappa);
int32_t mfli_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                           int64_t stride, double *mean, double *variance);

/* (K + kappa^2 I)^-1 of the fit, both triangles, P x P; NULL on failure with *status set. */
double *mfli_ridge_inverse(const mfl_ridge *ridge, int32_t *status);

/* d log evidence / d log of kappa, sigma_a, sigma_w, and (unless NULL) rho_j. */
typedef struct mfli_ridge_slopes {
    double kappa, sigma_a, sigma_w;
    double *rho;
} mfli_ridge_slopes;
int32_t mfli_ridge_slopes_at(const mfl_ridge *ridge, mfli_ridge_slopes *slopes);

/* Numbers that mfli_ridge_iterate() takes. */
double mfli_ridge_iteration_numbers(const mfl_ridge *ridge, int64_t samples);
/* Weights by preconditioned conjugate gradients for the points and targets that the handle holds.
 */
int32_t mfli_ridge_iterate(mfl_ridge *ridge, int64_t samples);

static inline double mfli_dot(int64_t count, const double *a, const double *b)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

#endif
