/* SPDX-License-Identifier: BSD-3-Clause */
/* The network's description, and the plain parameters that the layers above copy from it. */
#ifndef MFLI_NETWORK_MODEL_H
#define MFLI_NETWORK_MODEL_H

#include <mflearn/model.h>

#include "core/options.h"

enum { MFLI_MODEL_OPTIONS = 5 };

struct mfl_model {
    mfli_object object;
    int64_t dimension, width;
    mfl_activation_fn activation;
    void *activation_data;
    mfl_options options;
    mfli_option_value option_values[MFLI_MODEL_OPTIONS];
};

typedef struct mfli_model {
    int64_t dimension, width; /* d, N; N = 0: infinite */
    double gamma, sigma_w, sigma_a, leak;
    int32_t activation;
    mfl_activation_fn phi; /* for MFL_ACTIVATION_CALLER */
    void *phi_data;
} mfli_model;

/* Check that the handle belongs to the context, and copy its parameters. */
int32_t mfli_model_read(mfl_context *context, const mfl_model *handle, mfli_model *model);
/* The same for a handle that this call has entered already. */
int32_t mfli_model_read_entered(const mfl_model *handle, mfli_model *model);

/* Are the parameters, read from outside, within the bounds of the options? */
int32_t mfli_model_is_sound(const mfli_model *model);

/* Noise whose square can be divided by. */
int32_t mfli_check_kappa(mfl_context *context, double kappa);

const char *mfli_activation_name(int32_t activation);

#endif
