/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels as functions of two lengths and an angle.
 *
 * The NNGP kernel of a two-layer network is K(x, x') = scale E[phi(u) phi(u')], where u = w . x and
 * u' = w . x' are Gaussian with covariance v x . x', v = sigma_w^2 / d, and scale = N^(1 - 2 gamma)
 * sigma_a^2.
 *
 * The angle theta is given as near = cos^2(theta / 2) and far = sin^2(theta / 2), each with small
 * relative error. From them cos theta = near - far and sin theta = 2 sqrt(near far) keep their
 * accuracy at both ends, which cos theta alone does not have. */
#ifndef MFLI_RIDGE_KERNEL_H
#define MFLI_RIDGE_KERNEL_H

#include "network/model.h"
#include "ridge/points.h"

typedef struct mfli_kernel mfli_kernel;

/* K between one input of length a and a panel of inputs of lengths b. */
typedef void (*mfli_kernel_fn)(const mfli_kernel *kernel, double a, const double b[MFLI_PANEL],
                               const double near[MFLI_PANEL], const double far[MFLI_PANEL],
                               double value[MFLI_PANEL]);

struct mfli_kernel {
    mfli_kernel_fn evaluate;
    double scale;    /* N^(1 - 2 gamma) sigma_a^2 */
    double variance; /* v = sigma_w^2 / d */
};

/* The NNGP kernel of a model, or MFL_ERROR_UNSUPPORTED for an activation without one here,
 * MFL_ERROR_ARGUMENT for infinite width away from gamma = 1/2. */
int32_t mfli_kernel_nngp(mfl_context *context, const mfli_model *model, mfli_kernel *kernel);

#endif
