/* SPDX-License-Identifier: BSD-3-Clause */
/* Preconditioned conjugate gradients for (K + kappa^2 I) alpha = y without the matrix. */
#include "ridge/iterate.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

typedef struct iteration {
    mfl_ridge *ridge;
    int64_t samples;
    mfli_product product;
    mfli_nystrom nystrom;
    double *rest, *solved, *direction, *image; /* P each: r, M^-1 r, p, (K + kappa^2) p */
} iteration;

enum { VECTORS = 4 };

double mfli_ridge_iteration_numbers(const mfl_ridge *ridge, int64_t samples)
{
    const double P = (double)samples;
    double rank = (double)mfli_options_int(&ridge->options, MFL_RIDGE_RANK);
    rank = rank < P ? rank : P;
    /* The block of candidates of the preconditioner, and the partial products, take 64 rows each.
     */
    return P * (rank + 1.0 + 66.0 + MFLI_STRIPES + 1.0 + VECTORS) + (rank + 1.0) * (rank + 65.0)
           + 64.0 * ((double)ridge->dimension + 1.0) + MFLI_PANEL * (MFLI_STRIPES + 1.0);
}

static int32_t multiply(iteration *it, const double *x, double *y)
{
    const double noise = it->ridge->kappa * it->ridge->kappa;
    int32_t status = mfli_product_apply(&it->product, x, y);
    for (int64_t i = 0; !status && i < it->samples; i++)
        y[i] += noise * x[i];
    return status;
}

/* One step; *size becomes |r| and *slope r^T M^-1 r. */
static int32_t step(iteration *it, double *size, double *slope)
{
    const int64_t samples = it->samples;
    double *weights = it->ridge->weights;
    int32_t status = multiply(it, it->direction, it->image);
    if (status)
        return status;
    const double length = *slope / mfli_dot(samples, it->direction, it->image);
    for (int64_t i = 0; i < samples; i++) {
        weights[i] += length * it->direction[i];
        it->rest[i] -= length * it->image[i];
    }
    *size = sqrt(mfli_dot(samples, it->rest, it->rest));
    status = mfli_nystrom_solve(&it->nystrom, it->rest, it->solved);
    const double next = mfli_dot(samples, it->rest, it->solved), keep = next / *slope;
    for (int64_t i = 0; i < samples; i++)
        it->direction[i] = it->solved[i] + keep * it->direction[i];
    *slope = next;
    return status;
}

/* |y - (K + kappa^2) alpha| afresh: the residual that the steps carry along drifts. */
static int32_t true_residual(iteration *it, double norm)
{
    mfl_ridge *ridge = it->ridge;
    int32_t status = multiply(it, ridge->weights, it->image);
    for (int64_t i = 0; i < it->samples; i++)
        it->rest[i] = ridge->targets[i] - it->image[i];
    ridge->residual = norm > 0.0 ? sqrt(mfli_dot(it->samples, it->rest, it->rest)) / norm : 0.0;
    return status;
}

static int32_t run(iteration *it)
{
    mfl_ridge *ridge = it->ridge;
    mfl_context *context = ridge->object.context;
    const int64_t samples = it->samples,
                  most = mfli_options_int(&ridge->options, MFL_RIDGE_ITERATIONS);
    const double tolerance = mfli_options_double(&ridge->options, MFL_RIDGE_TOLERANCE);
    const double norm = sqrt(mfli_dot(samples, ridge->targets, ridge->targets));
    double size = norm, slope;
    memset(ridge->weights, 0, (size_t)samples * sizeof(double));
    memcpy(it->rest, ridge->targets, (size_t)samples * sizeof(double));
    int32_t status = mfli_nystrom_solve(&it->nystrom, it->rest, it->solved);
    memcpy(it->direction, it->solved, (size_t)samples * sizeof(double));
    slope = mfli_dot(samples, it->rest, it->solved);
    int64_t done = 0;
    while (!status && size > tolerance * norm && done < most) {
        status = step(it, &size, &slope);
        done++;
        if (!status && !isfinite(slope))
            status = mfli_fail(context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
                               "conjugate gradients broke down: the kernel matrix plus kappa^2 is "
                               "not positive definite; raise kappa, which is %g",
                               ridge->kappa);
        if (!status
            && mfli_progress(context, "conjugate gradients",
                             log(fmax(size / norm, tolerance)) / log(tolerance)))
            status = mfli_fail(context, MFL_ERROR_CANCELLED,
                               "cancelled after %lld iterations of conjugate gradients",
                               (long long)done);
    }
    if (!status)
        status = true_residual(it, norm);
    ridge->steps = (double)done;
    ridge->rank = it->nystrom.rank;
    ridge->stop = size <= tolerance * norm ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return status;
}

static int32_t prepare(iteration *it)
{
    mfl_ridge *ridge = it->ridge;
    mfl_context *context = ridge->object.context;
    it->rest = mfli_alloc(context, (size_t)it->samples, VECTORS * sizeof(double));
    if (!it->rest)
        return MFL_ERROR_MEMORY;
    it->solved = it->rest + it->samples;
    it->direction = it->solved + it->samples;
    it->image = it->direction + it->samples;
    int32_t status = mfli_product_init(context, &ridge->kernel, &ridge->points, &it->product);
    return status
               ? status
               : mfli_nystrom_init(context, &ridge->kernel, &ridge->points,
                                   ridge->kappa * ridge->kappa,
                                   mfli_options_int(&ridge->options, MFL_RIDGE_RANK), &it->nystrom);
}

int32_t mfli_ridge_iterate(mfl_ridge *ridge, int64_t samples)
{
    mfl_context *context = ridge->object.context;
    if (!mfli_kernel_is_tiled(&ridge->kernel))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "conjugate gradients need a kernel of the library's own; set the option "
                         "solver to cholesky");
    iteration it = {.ridge = ridge, .samples = samples};
    it.product.context = it.nystrom.context = context;
    int32_t status = prepare(&it);
    if (!status)
        status = run(&it);
    mfli_nystrom_clear(&it.nystrom);
    mfli_product_clear(&it.product);
    mfli_free(context, it.rest);
    return status;
}
