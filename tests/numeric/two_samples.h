/* SPDX-License-Identifier: BSD-3-Clause */
/* Are two sets of draws of one law? */
#ifndef TESTS_TWO_SAMPLES_H
#define TESTS_TWO_SAMPLES_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static inline int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's distance of two empirical laws of n draws each, which are sorted here: x/sqrt(n/2) or more with a
 * probability of 2 exp(-2 x^2) where the laws are one. */
static inline double kolmogorov(double *x, double *y, int64_t n)
{
    double most = 0.0;
    int64_t i = 0, j = 0;
    qsort(x, (size_t)n, sizeof *x, ascending);
    qsort(y, (size_t)n, sizeof *y, ascending);
    while (i < n && j < n) {
        if (x[i] <= y[j])
            i++;
        else
            j++;
        most = fmax(most, fabs((double)(i - j)) / (double)n);
    }
    return most;
}

#endif
