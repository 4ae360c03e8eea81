/* SPDX-License-Identifier: BSD-3-Clause */
/* One state of the weights. */
#ifndef MFLI_NETWORK_NETWORK_H
#define MFLI_NETWORK_NETWORK_H

#include <mflearn/network.h>

#include "core/object.h"
#include "data/task.h"
#include "network/model.h"

struct mfl_network {
    mfli_object object;
    mfli_model model;
    double *weights; /* N x d */
    double *readout; /* N */
};

/* A zero network of finite width. */
int32_t mfli_network_create(mfl_context *context, const mfli_model *model, mfl_network **out);

/* Prior draw number `index` of the context's seed. */
void mfli_network_draw(const mfli_model *model, uint64_t seed, uint32_t index, double *weights, double *readout);

/* Replace weights (N x d) by those of a network that has learned the task: half of the neurons take the task's
 * directions, with the readouts that make m = 1; the other readouts vanish. MFL_ERROR_CALLBACK,
 * or MFL_ERROR_UNLEARNABLE where the neurons do not see the task; records nothing. */
int32_t mfli_network_plant(const mfli_model *model, const mfli_task *task, double *weights, double *readout);

/* d/(2 sigma_w^2) |W|^2 + |a|^2/(2 sigma_a^2), the part of U that holds the prior. */
double mfli_prior_potential(const mfli_model *model, double weights_square, double readout_square);

/* m = N^-gamma sum_i a_i J_i (T5). */
double mfli_order_parameter(const mfli_model *model, const double *readout, const double *projections);

/* Model parameters that a network must have before it can be evaluated. */
int32_t mfli_need_activation(mfl_context *context, const mfli_model *model);
int32_t mfli_need_width(mfl_context *context, const mfli_model *model);

#endif
