/* SPDX-License-Identifier: BSD-3-Clause */
/* All equations of a population on the cells there are as one system, as mfli_fixed_point_unknowns() and -_evaluate() are
 * for a single mode. x stands for the residuals delta_A, or v where it is screened, the precisions, the noise and the
 * kernel that screens; f says by how much the equations ask each to move.
 *
 * Numbers of the kernel, of which there may be thousands, count by the root of their number, so that the length of a step
 * is that of a typical one. */
#ifndef MFLI_THEORY_JOINT_H
#define MFLI_THEORY_JOINT_H

#include "theory/jacobian.h"
#include "theory/multimode.h"

/* Of a population that has begun. */
int32_t mfli_joint_count(const mfli_multimode *problem, const mfli_population *population);

/* Rank of the Jacobian. */
int32_t mfli_joint_rank(const mfli_multimode *problem);

/* There must not be more than MFLI_NEWTON_MOST - 1. */
void mfli_joint_unknowns(const mfli_multimode *problem, mfli_population *population, double *x);

/* Fills the population, but for what follows from its law. Status as mfli_powers_decompose(). */
int32_t mfli_joint_set(mfl_context *context, const mfli_multimode *problem, const double *x,
                       mfli_population *population);

/* Status as mfli_ensemble_apply(), and as mfli_population_check(). */
int32_t mfli_joint_evaluate(mfl_context *context, mfli_multimode *problem, const double *x, mfli_population *population,
                            double *f);

#endif
