/* SPDX-License-Identifier: BSD-3-Clause */
/* Where chains begin: a given network, a prior draw, or a planted network that has learned the task already. */
#include <string.h>

#include "network/network.h"
#include "sampler/sampler.h"

int32_t mfli_start(const mfl_sampler *sampler, uint32_t id, double *theta)
{
    const mfli_model *model = &sampler->model;
    double *readout = theta + mfli_layer_length(model);
    if (sampler->start) {
        memcpy(theta, sampler->start, mfli_state_length(model) * sizeof *theta);
        return MFL_OK;
    }
    mfli_network_draw(model, sampler->seed, id, theta, readout);
    if (mfli_options_int(&sampler->options, MFL_SAMPLER_START) == MFL_START_PLANTED)
        return mfli_network_plant(model, &sampler->task, theta, readout);
    return MFL_OK;
}
