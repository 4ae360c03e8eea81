/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels as functions of two lengths and an angle.
 *
 * With the prior variances of the weights taken into the inputs (points.h), u = w . x and u' = w .
 * x' are Gaussian with variances s^2 = |x|^2, t^2 = |x'|^2 and covariance r = s t cos theta. The
 * NNGP kernel of a two-layer network is K = scale E[phi(u) phi(u')], scale = N^(1 - 2 gamma)
 * sigma_a^2; its tangent kernel is scale (E[phi(u) phi(u')] + r E[phi'(u) phi'(u')]).
 *
 * The angle theta is given as near = cos^2(theta / 2) and far = sin^2(theta / 2), each with small
 * relative error. From them cos theta = near - far and sin theta = 2 sqrt(near far) keep their
 * accuracy at both ends, which cos theta alone does not have. */
#ifndef MFLI_RIDGE_KERNEL_H
#define MFLI_RIDGE_KERNEL_H

#include <mflearn/ridge.h>

#include "network/model.h"

/* One closed form each; the last three are not functions of an angle alone. */
enum mfli_family {
    MFLI_FAMILY_LEAKY, /* ReLU: leak 0 */
    MFLI_FAMILY_ERF,
    MFLI_FAMILY_TANH,
    MFLI_FAMILY_LINEAR,
    MFLI_FAMILY_QUADRATIC,
    MFLI_FAMILY_HERMITE,
    MFLI_FAMILY_GELU,
    MFLI_FAMILY_SIN,
    MFLI_FAMILY_SIGN,
    MFLI_FAMILY_RBF,
    MFLI_FAMILY_POLYNOMIAL,
    MFLI_FAMILY_SERIES,     /* of callers' activations: see series.h */
    MFLI_FAMILY_CALLER,     /* a callback on inputs */
    MFLI_FAMILY_PRECOMPUTED /* matrices of the caller's; there are no inputs */
};

typedef struct mfli_kernel {
    int32_t family;        /* mfli_family */
    int32_t tangent;       /* 0: NNGP; 1: NTK */
    int32_t degree;        /* of Hermite and of the polynomial */
    int32_t order;         /* number of terms of the series */
    double scale;          /* N^(1 - 2 gamma) sigma_a^2 */
    double unit;           /* factor of every coordinate: sigma_w / sqrt(d), or 1 with `factors` */
    const double *factors; /* d, 1 / sqrt(rho_j); NULL: none. Borrowed from the handle */
    double leak, offset;
    int64_t dimension; /* d */
    mfl_activation_fn phi;
    mfl_kernel_fn function;
    void *data; /* of either callback */
} mfli_kernel;

/* What the options of a regression choose (mfl_ridge_option). */
typedef struct mfli_kernel_choice {
    int32_t kind, activation, degree, order;
    double offset;
} mfli_kernel_choice;

/* The kernel of a model, isotropic. MFL_ERROR_ARGUMENT for infinite width away from gamma = 1/2;
 * MFL_ERROR_UNSUPPORTED for the tangent kernel of sign, which does not exist. */
int32_t mfli_kernel_choose(mfl_context *context, const mfli_model *model,
                           const mfli_kernel_choice *choice, mfli_kernel *kernel);

/* Is the kernel one of lengths and angles, so that tiles (tile.h) can be made of it? */
static inline int32_t mfli_kernel_is_tiled(const mfli_kernel *kernel)
{
    return kernel->family < MFLI_FAMILY_CALLER;
}

#endif
