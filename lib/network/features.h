/* SPDX-License-Identifier: BSD-3-Clause */
/* The activation function in double precision, number by number, for what is outside the hot loops. */
#ifndef MFLI_NETWORK_FEATURES_H
#define MFLI_NETWORK_FEATURES_H

#include <stddef.h>

#include "network/model.h"

/* value[i] = phi(z[i]); `slope`, as long, is room for a caller's function, which writes phi' there.
 * Not zero when that function refuses. The arrays may not overlap. */
int32_t mfli_activation_values(const mfli_model *model, size_t count, const double *z, double *value,
                               double *slope);

/* value[i] = phi(z[i]) and slope[i] = phi'(z[i]), of every activation; at a kink the slope of the negative side. */
int32_t mfli_activation_slopes(const mfli_model *model, size_t count, const double *z, double *value,
                               double *slope);

#endif
