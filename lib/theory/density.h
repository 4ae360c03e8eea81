/* SPDX-License-Identifier: BSD-3-Clause */
/* The law p(w, a) of one neuron of a solved theory (T8), at any point: w enters through its
 * components w_S on the support and the length |w_perp| off it. */
#ifndef MFLI_THEORY_DENSITY_H
#define MFLI_THEORY_DENSITY_H

#include "theory/mean_field.h"
#include "theory/neuron_law.h"

typedef struct mfli_density {
    const mfli_mean_field *problem;
    mfli_field field;
    double response[MFLI_CLASSES_MOST]; /* of the field */
    double unit;                        /* sigma_w^2/d */
    double pull;                        /* B/J_S */
    mfli_length_table lengths;
} mfli_density;

/* The law at given order parameters, for mfli_density_at() and mfli_density_slope_at(); the problem
 * is borrowed. */
void mfli_density_set(const mfli_setting *setting, const mfli_order *order, double steep,
                      mfli_density *density);

/* The same, for mfli_density_ray_at() too. MFL_ERROR_MEMORY. */
int32_t mfli_density_create(const mfli_setting *setting, const mfli_order *order, double steep,
                            mfli_density *density);
void mfli_density_finish(mfl_context *context, mfli_density *density);

/* J_S and what (T6) and (T7) make of it. */
typedef struct mfli_density_point {
    double projection; /* J_S */
    mfli_readout readout;
} mfli_density_point;

void mfli_density_at(const mfli_density *density, const double *on, double across,
                     mfli_density_point *point);

/* unit_on: w_S/|w_S|; ratio: |w_S|/|w_perp| in (0, inf]. */
void mfli_density_ray_at(const mfli_density *density, const double *unit_on, double ratio,
                         mfli_ray *ray);

/* The logarithm of the whole density p(w) at a point, up to a constant, and its slope. With
 * screening the slope leaves out how Phi of neuron.h varies. */
typedef struct mfli_density_slope {
    double log_density, on[MFLI_DEGREE_MOST], across;
    double projection, phi, u; /* J_S, Phi, s/(1 - s) */
} mfli_density_slope;

void mfli_density_slope_at(const mfli_density *density, const double *on, double across,
                           mfli_density_slope *slope);

#endif
