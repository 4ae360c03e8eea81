/* SPDX-License-Identifier: BSD-3-Clause */
/* Smooth activations of one instruction set and precision, element by element. */
#ifndef MFLI_KERNELS_ACTIVATION_H
#define MFLI_KERNELS_ACTIVATION_H

#include "vector.h"

/* value = phi(z), and derivative = phi'(z) unless it is NULL; count is a multiple of LANES. kind is
 * erf, tanh, GELU or quadratic. */
void MFLI_NAME(mfli_activate)(int32_t kind, size_t count, const real *z, real *value,
                              real *derivative);

#endif
