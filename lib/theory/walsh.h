/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of the signs of a few variables: at the number s, variable j has the sign (-1)^(bit j of s). */
#ifndef MFLI_THEORY_WALSH_H
#define MFLI_THEORY_WALSH_H

#include <stdint.h>

/* Means over the signs of r variables of h times the products of each set of them. */
static inline void mfli_walsh_transform(int32_t r, double *h)
{
    for (int32_t half = 1; half < 1 << r; half *= 2)
        for (int32_t s = 0; s < 1 << r; s++)
            if (!(s & half)) {
                double a = h[s], b = h[s + half];
                h[s] = 0.5 * (a + b);
                h[s + half] = 0.5 * (a - b);
            }
}

static inline double mfli_signed_sum(int32_t r, int32_t s, const double *z)
{
    double mu = 0.0;
    for (int32_t j = 0; j < r; j++)
        mu += s >> j & 1 ? -z[j] : z[j];
    return mu;
}

#endif
