/* SPDX-License-Identifier: BSD-3-Clause */
/* Projections of one neuron on the target's mode, J(w) = E[phi(w.x) chi(x)] (T4). */
#ifndef MFLI_NETWORK_PROJECTION_H
#define MFLI_NETWORK_PROJECTION_H

#include "data/task.h"
#include "network/model.h"

/* Parities enumerate the 2^k signs of their support. */
enum { MFLI_LARGEST_PARITY = 20 };

int32_t mfli_check_dimension(mfl_context *context, const mfli_model *model, const mfli_task *task);
/* Is there a w with J(w) != 0 for modes of this degree? */
int32_t mfli_learnable_degree(const mfli_model *model, int64_t degree);
/* MFL_ERROR_UNLEARNABLE where J vanishes for every w. */
int32_t mfli_check_learnable(mfl_context *context, const mfli_model *model, const mfli_task *task);

/* Can projections of this activation on this task's mode be computed? Records why not. */
int32_t mfli_projection_supported(mfl_context *context, const mfli_model *model, const mfli_task *task);

/* values[i] = J(w_i) for rows of W with the given stride; of a sum, sum_A y_A J_A/sum_A y_A^2.
 * Not zero when a caller's activation refuses. */
int32_t mfli_projections(const mfli_model *model, const mfli_task *task, int64_t count, const double *weights,
                         int64_t stride, double *values);

/* h_q(mu, v) = E[phi(mu + sqrt(v) z) He_q(z)] / sqrt(q!) for q = 0 and any mu, or any q and mu = 0 (T10). Not zero
 * as above. */
int32_t mfli_gaussian_mean(const mfli_model *model, double mu, double variance, double *value);
int32_t mfli_gaussian_mode(const mfli_model *model, int64_t degree, double variance, double *value);

#endif
