/* SPDX-License-Identifier: BSD-3-Clause */
/* The integral over lengths of radial.h once more, for many pairs (c, g) at one d: on a lattice in log X that is
 * shared, so that a node costs one exponential. */
#ifndef MFLI_THEORY_LENGTH_H
#define MFLI_THEORY_LENGTH_H

#include <mflearn/types.h>

#include "theory/radial.h"

struct mfli_length_table {
    double d, step;
    int32_t count;
    double *x, *log_weight; /* count each: X; log of the chi^2_d density of log X, times the step */
};

/* MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_length_table_create(mfl_context *context, double d, mfli_length_table *table);
void mfli_length_table_finish(mfl_context *context, mfli_length_table *table);

/* With g subtracted from log_mass, so that large gains lose no accuracy. */
mfli_radial mfli_length_reduced(const mfli_length_table *table, double c, double g);
mfli_radial mfli_length_moments(const mfli_length_table *table, double c, double g);

#endif
