/* SPDX-License-Identifier: BSD-3-Clause */
/* What a closure iterates outside a population's modes: the precisions of (T12), the noise kt' of (T16), and with screening
 * the blocks of the kernel of (T15).
 *
 * Unknowns are logarithms, and of a block the logarithms of its diagonal and the correlations: a part of the way from
 * one such kernel to another is one again. */
#ifndef MFLI_THEORY_OUTER_H
#define MFLI_THEORY_OUTER_H

#include "theory/multimode.h"

/* Memory that mfli_outer_solve() needs, in numbers. */
size_t mfli_outer_memory(const mfli_multimode *problem);

/* All equations on the cells there are, the modes to a relative `precision`. Fills the residuals. */
int32_t mfli_outer_solve(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p);

/* p->kernel from the law that was applied last. */
int32_t mfli_outer_kernel(mfl_context *context, const mfli_multimode *problem, mfli_population *p);

/* Precisions that the equations have: of each variable, and of the others if there are any. */
int32_t mfli_outer_precisions(const mfli_multimode *problem);

/* Where the logarithms of the precisions are, and by how much (T12) asks them to move; sets p->off_precision. */
void mfli_outer_precisions_change(const mfli_multimode *problem, mfli_population *p, double *x, double *f);

/* The same of the noise and the kernel that screens, for closures that have them; returns their number, and sets
 * p->off_noise and p->off_power. Those that p->kernel counts as rest stay where they are. */
int32_t mfli_outer_kernel_change(const mfli_multimode *problem, mfli_population *p, double *x, double *f);
int32_t mfli_outer_kernel_unknowns(const mfli_multimode *problem, const mfli_population *p);

/* Let them be x, all but the pull. Status as mfli_powers_decompose(). */
int32_t mfli_outer_kernel_set(mfl_context *context, const mfli_multimode *problem, const double *x, mfli_population *p);

/* (T12) */
double mfli_precision_from(const mfli_closure *closure, double square);

#endif
