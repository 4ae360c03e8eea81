/* SPDX-License-Identifier: BSD-3-Clause */
/* The screened mean field at a given screen, with the residual of the others' kernel for the steep unknown:
 *
 *     v = (1 + (P/kt') Lambda'_0(v))^-1 y,     B = N^-gamma (P/kt') sum_A v_A J_A,
 *
 * Lambda'_0(v) = (1 - 1/N) N^(1 - 2 gamma) sigma_a^2 <J J^T> under the law with that B. In the form
 * v + (P/kt') Lambda'_0(v) v = y nothing is inverted, the left side rises in every direction of v, and Newton's method
 * with steps that reduce the residual finds the solution. */
#ifndef MFLI_THEORY_SCREENED_H
#define MFLI_THEORY_SCREENED_H

#include "theory/multimode.h"

/* From p->pull.delta = v on; fills p->mismatch. Status as mfli_population_apply(). */
int32_t mfli_screened_solve(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p);

/* Newton's step of v under the law that was applied last; returns its mismatch. */
double mfli_screened_step(const mfli_multimode *problem, const mfli_population *p, double *step);

#endif
