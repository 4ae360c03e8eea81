/* SPDX-License-Identifier: BSD-3-Clause */
/* Maximum of the evidence over logarithms of kappa, sigma_a, sigma_w and the rho_j. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "ridge/lbfgs.h"
#include "ridge/ridge.h"

typedef struct evidence {
    mfl_ridge *ridge;
    const mfli_problem_data *data;
    int32_t vary;
    double kappa;
    double *rho_slopes; /* d */
} evidence;

static double *take(double **cursor)
{
    return (*cursor)++;
}

/* x to the handle's parameters. */
static void assign(evidence *e, const double *x)
{
    mfl_ridge *ridge = e->ridge;
    if (e->vary & MFL_RIDGE_VARY_KAPPA)
        e->kappa = exp(*x++);
    if (e->vary & MFL_RIDGE_VARY_SIGMA_A)
        ridge->model.sigma_a = exp(*x++);
    if (e->vary & MFL_RIDGE_VARY_SIGMA_W)
        ridge->model.sigma_w = exp(*x++);
    for (int64_t j = 0; e->vary & MFL_RIDGE_VARY_PRECISIONS && j < ridge->dimension; j++)
        ridge->factors[j] = exp(-0.5 * *x++);
}

static void read_parameters(const evidence *e, double *x)
{
    const mfl_ridge *ridge = e->ridge;
    if (e->vary & MFL_RIDGE_VARY_KAPPA)
        *take(&x) = log(e->kappa);
    if (e->vary & MFL_RIDGE_VARY_SIGMA_A)
        *take(&x) = log(ridge->model.sigma_a);
    if (e->vary & MFL_RIDGE_VARY_SIGMA_W)
        *take(&x) = log(ridge->model.sigma_w);
    for (int64_t j = 0; e->vary & MFL_RIDGE_VARY_PRECISIONS && j < ridge->dimension; j++)
        *take(&x) = -2.0 * log(ridge->factors[j]);
}

static int32_t negative_evidence(void *data, const double *x, double *value, double *gradient)
{
    evidence *e = data;
    mfl_ridge *ridge = e->ridge;
    mfli_ridge_slopes slopes = {.rho = e->rho_slopes};
    assign(e, x);
    int32_t status = mfli_ridge_fit_to(ridge, e->data, e->kappa);
    if (!status)
        status = mfli_ridge_slopes_at(ridge, &slopes);
    if (status)
        return status;
    *value = -ridge->log_evidence;
    if (e->vary & MFL_RIDGE_VARY_KAPPA)
        *take(&gradient) = -slopes.kappa;
    if (e->vary & MFL_RIDGE_VARY_SIGMA_A)
        *take(&gradient) = -slopes.sigma_a;
    if (e->vary & MFL_RIDGE_VARY_SIGMA_W)
        *take(&gradient) = -slopes.sigma_w;
    for (int64_t j = 0; e->vary & MFL_RIDGE_VARY_PRECISIONS && j < ridge->dimension; j++)
        *take(&gradient) = -slopes.rho[j];
    return isfinite(*value) ? MFL_OK
                            : mfli_fail(ridge->object.context, MFL_ERROR_NOT_FINITE,
                                        "the log evidence is not finite");
}

static int32_t check(const mfl_ridge *ridge, double kappa, int32_t vary)
{
    mfl_context *context = ridge->object.context;
    const int32_t weights = vary & (MFL_RIDGE_VARY_SIGMA_W | MFL_RIDGE_VARY_PRECISIONS);
    mfli_kernel kernel;
    int32_t status = mfli_ridge_choose(ridge, &kernel);
    if (status)
        return status;
    if (vary < 1 || vary > 15 || weights == (MFL_RIDGE_VARY_SIGMA_W | MFL_RIDGE_VARY_PRECISIONS)
        || (weights == MFL_RIDGE_VARY_SIGMA_W && ridge->factors))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "vary is %d; it must be a sum of mfl_ridge_vary, with sigma_w only where "
                         "there are no precisions",
                         (int)vary);
    if (!(kappa > 0.0) || isinf(kappa))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "kappa is %g; it must be a finite number above 0", kappa);
    if (weights && !mfli_kernel_is_tiled(&kernel))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "weights can be varied only for a kernel of the library's own");
    if (mfli_options_int(&ridge->options, MFL_RIDGE_SOLVER) != MFL_RIDGE_SOLVER_CHOLESKY)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "the evidence needs the option solver to be cholesky");
    return MFL_OK;
}

/* Parameters start from what the handle has; the workspace holds x and the slopes to rho. */
static int32_t maximise(evidence *e, int64_t size, double *work)
{
    mfl_ridge *ridge = e->ridge;
    mfl_context *context = ridge->object.context;
    mfli_minimum minimum;
    e->rho_slopes = e->vary & MFL_RIDGE_VARY_PRECISIONS ? work + size : NULL;
    read_parameters(e, work);
    int32_t status = mfli_lbfgs(context, negative_evidence, e, size, work,
                                mfli_options_double(&ridge->options, MFL_RIDGE_STEP_TOLERANCE),
                                mfli_options_int(&ridge->options, MFL_RIDGE_STEPS), &minimum);
    if (status)
        return status;
    assign(e, work);
    status = mfli_ridge_fit_to(ridge, e->data, e->kappa);
    ridge->stop = minimum.stop;
    ridge->steps = (double)minimum.steps;
    return status;
}

/* Precisions of the handle's own, to be varied; the old ones are kept for the case of failure. */
static int32_t own_factors(mfl_ridge *ridge, double **factors)
{
    mfl_context *context = ridge->object.context;
    const size_t d = (size_t)ridge->dimension;
    *factors = mfli_alloc(context, d, sizeof **factors);
    if (!*factors)
        return MFL_ERROR_MEMORY;
    for (size_t j = 0; j < d; j++)
        (*factors)[j] = ridge->factors ? ridge->factors[j] : ridge->model.sigma_w / sqrt((double)d);
    return MFL_OK;
}

static int32_t optimise(mfl_ridge *ridge, const mfl_dataset *train, double kappa, int32_t vary)
{
    mfl_context *context = ridge->object.context;
    const int64_t d = ridge->dimension;
    mfli_problem_data data;
    int32_t status = check(ridge, kappa, vary);
    if (!status)
        status = mfli_ridge_read(ridge, train, &data);
    if (status)
        return status;
    const mfli_model old_model = ridge->model;
    double *old_factors = ridge->factors, *factors = NULL;
    mfli_ridge_forget(ridge);
    double *work = mfli_alloc(context, 2 * (size_t)d + 3, sizeof *work);
    status = work ? MFL_OK : MFL_ERROR_MEMORY;
    if (!status && vary & MFL_RIDGE_VARY_PRECISIONS)
        status = own_factors(ridge, &factors);
    if (!status) {
        ridge->factors = factors ? factors : old_factors;
        evidence e = {.ridge = ridge, .data = &data, .vary = vary, .kappa = kappa};
        int64_t size = (vary & 1) + (vary >> 1 & 1) + (vary >> 2 & 1) + (vary >> 3 & 1) * d;
        status = maximise(&e, size, work);
    }
    if (status) {
        mfli_ridge_forget(ridge);
        ridge->model = old_model;
        ridge->factors = old_factors;
    }
    if (factors)
        mfli_free(context, status ? factors : old_factors);
    mfli_free(context, work);
    return status;
}

int32_t mfl_ridge_optimise(mfl_ridge *ridge, const mfl_dataset *train, double kappa, int32_t vary)
{
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, optimise(ridge, train, kappa, vary));
}
