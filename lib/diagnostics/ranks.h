/* SPDX-License-Identifier: BSD-3-Clause */
/* Order statistics, and the two inverse distribution functions that diagnostics need. */
#ifndef MFLI_DIAGNOSTICS_RANKS_H
#define MFLI_DIAGNOSTICS_RANKS_H

#include <stddef.h>

/* The order that sorts: values[order[0]] <= values[order[1]] <= ...; scratch holds count numbers
 * too. Stable. */
void mfli_sort_order(const double *values, size_t count, size_t *order, size_t *scratch);

/* Replace each value by the normal quantile of (rank - 3/8) / (count + 1/4), Blom's scores; equal
 * values share the mean of their ranks, from 1. */
void mfli_normal_scores(double *values, size_t count, size_t *order, size_t *scratch);

/* Definition 7 of Hyndman and Fan (1996). */
double mfli_quantile(const double *sorted, size_t count, double probability);

double mfli_normal_quantile(double probability);                   /* of (0, 1), both excluded */
double mfli_beta_quantile(double probability, double a, double b); /* a, b >= 1 */

#endif
