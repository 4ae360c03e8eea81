/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of methods. A trajectory of HMC takes some tens of gradients, hence its other lengths. */
#include <stddef.h>

#include "sampler/sampler.h"

static const mfli_method methods[] = {
    [MFL_METHOD_SGLD] = {20000, 25, 0.0, 0, 1, mfli_step_sgld, NULL},
    [MFL_METHOD_GRADIENT_DESCENT] = {20000, 25, 0.0, 0, 1, mfli_step_descent, NULL},
    [MFL_METHOD_MALA] = {20000, 25, 0.574, 1, 0, mfli_step_mala, NULL},
    [MFL_METHOD_BAOAB] = {5000, 25, 0.0, 1, 0, mfli_step_baoab, mfli_settle_baoab},
    [MFL_METHOD_HMC] = {400, 1, 0.8, 1, 0, mfli_step_hmc, NULL},
};

const mfli_method *mfli_method_of(int64_t method)
{
    return &methods[method];
}
