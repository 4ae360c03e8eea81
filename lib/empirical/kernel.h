/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel of all neurons on the training set, from particles and shadows averaged over sweeps:
 *
 *     K = N^(1 - 2 gamma) <share phi phi^T>_particles + b (K_prior - N^(1 - 2 gamma) sigma_a^2 <phi
 *     phi^T>_shadows),
 *
 * with each particle's share (cavity.h) and the exact kernel of the prior (ridge/gram.h). The
 * bracket has mean zero, and takes with it what particles and shadows have in common: the Monte
 * Carlo error is that of learning alone, and there is none at infinite width. The price is that K may fail
 * to be positive semidefinite while it is known badly; b is then lowered, down to 0, where K is a sum of
 * squares. For every b the estimate is unbiased; where particles differ from shadows, in their share above
 * all, the variance is least for a b below 1, which is estimated from pairs of them. */
#ifndef MFLI_EMPIRICAL_KERNEL_H
#define MFLI_EMPIRICAL_KERNEL_H

#include "network/model.h"

typedef struct mfli_mean_kernel {
    mfl_context *context;
    int64_t samples;
    double scale;            /* N^(1 - 2 gamma) */
    double readout_variance; /* sigma_a^2 */
    double *learned;         /* <share phi phi^T>; this and what follows P x P, lower triangle */
    double *rest;            /* the bracket */
    double *prior;           /* K_prior */
    double best;             /* b of least variance */
    double control;          /* b */
} mfli_mean_kernel;

/* On failure nothing is left to be finished. MFL_ERROR_MEMORY. K is that of the prior once `prior` is
 * filled in and mfli_mean_kernel_reset() called. */
int32_t mfli_mean_kernel_create(mfl_context *context, const mfli_model *model, int64_t samples,
                                mfli_mean_kernel *kernel);
void mfli_mean_kernel_finish(mfli_mean_kernel *kernel);
void mfli_mean_kernel_reset(mfli_mean_kernel *kernel);

/* A sweep enters with weight `newest`: first what was known is faded, then rows of features are added,
 * those of particles times the root of their share and weight, with factors that make averages of weight
 * `newest` of them. */
void mfli_mean_kernel_fade(mfli_mean_kernel *kernel, double newest);
int32_t mfli_mean_kernel_add_particles(mfli_mean_kernel *kernel, const double *phi, int64_t rows,
                                       double factor);
int32_t mfli_mean_kernel_add_shadows(mfli_mean_kernel *kernel, const double *phi, int64_t rows,
                                     double factor);
/* Improve the best b by the sweep's <X, Z> and <Z, Z>, X = share phi phi^T of a particle and Z = sigma_a^2
 * phi phi^T of its shadow. */
void mfli_mean_kernel_weigh(mfli_mean_kernel *kernel, double both, double shadows, double newest);

/* Lower triangle of share K + noise. */
void mfli_mean_kernel_build(const mfli_mean_kernel *kernel, double share, double noise, double *out);
/* Its Cholesky factor, with b as large as leaves share K above -noise/2. MFL_ERROR_NOT_POSITIVE_DEFINITE.
 */
int32_t mfli_mean_kernel_factor(mfli_mean_kernel *kernel, double share, double noise, double *out);

#endif
