/* SPDX-License-Identifier: BSD-3-Clause */
/* The integral over lengths of radial.h once more, for many pairs (c, g) at one d: on a lattice in log X that is
 * shared, so that a node costs one exponential. */
#ifndef MFLI_THEORY_LENGTH_H
#define MFLI_THEORY_LENGTH_H

#include <mflearn/types.h>

#include "theory/draws.h"
#include "theory/radial.h"

struct mfli_length_table {
    double d, step;
    int32_t count;
    double *x, *log_weight; /* count each: X; log of the chi^2_d density of log X, times the step */
};

/* MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_length_table_create(mfl_context *context, double d, mfli_length_table *table);
void mfli_length_table_finish(mfl_context *context, mfli_length_table *table);

/* What is kept of the lengths at one d, for whoever integrates over them again and again. */
typedef struct mfli_lengths {
    mfli_length_table table;
    mfli_radial_curve curve; /* the one last used */
} mfli_lengths;

/* Make it ready for d, unless it is. MFL_OK or MFL_ERROR_MEMORY. A zeroed one holds nothing. */
int32_t mfli_lengths_need(mfl_context *context, double d, mfli_lengths *lengths);
void mfli_lengths_finish(mfl_context *context, mfli_lengths *lengths);

/* With g subtracted from log_mass, so that large gains lose no accuracy. */
mfli_radial mfli_length_reduced(const mfli_length_table *table, double c, double g);
mfli_radial mfli_length_moments(const mfli_length_table *table, double c, double g);

/* A direction of w: X times `stretch` is a chi^2_d variable under the prior, where X sigma_w^2/d = |w|^2, and the factor
 * is a function of it as in radial.h. */
typedef struct mfli_ray {
    double c, g, stretch;
    double log_mass; /* of the factor, averaged over lengths */
} mfli_ray;

/* Without self-energy (`fixed`) the factor is exp(g c X), and the chi^2 law of the length keeps its form. */
mfli_radial mfli_length_free(double d, double c, double g);

/* Fill log_mass. */
void mfli_ray_weigh(const mfli_length_table *table, int32_t fixed, mfli_ray *ray);

/* Draw X times the stretch, exactly: by rejection from steps under a density with one summit. */
double mfli_ray_draw(double d, const mfli_ray *ray, int32_t fixed, mfli_draws *draws);

#endif
