/* SPDX-License-Identifier: BSD-3-Clause */
/* J_S of a parity on the hypercube without the central limit theorem of (T10): the average over all
 * 2^d inputs. */
#ifndef MFLI_THEORY_ORTHOGONAL_H
#define MFLI_THEORY_ORTHOGONAL_H

#include <stdint.h>

enum { MFLI_ORTHOGONAL_MOST = 32 }; /* coordinates off the support */

/* Numbers of scratch that mfli_orthogonal_sum() needs for this many coordinates off the support. */
int64_t mfli_orthogonal_scratch(int32_t off_count);

/* 2^-d sum over x in {-1, 1}^d of |w . x|/2 chi_S(x), for a support of even degree: `on` the
 * weights there, `off` those elsewhere. Costs 2^(degree - 1 + off_count/2) times off_count/2. */
double mfli_orthogonal_sum(int32_t degree, const double *on, int32_t off_count, const double *off,
                           double *scratch);

#endif
