/* SPDX-License-Identifier: BSD-3-Clause */
/* How the power Sigma(w) of a neuron is shared among the classes (T, q) of target modes of (T15): T a subset of the
 * support, q the degree on the other d - k coordinates. The averages over neurons depend on t = |T| alone, so classes
 * are (t, q) here.
 *
 * phi(z) = odd z + even |z| has power in (1, 0) and (0, 1) through z, and through |z| where t + q is even. Degrees q
 * above a cut are collected in one last class, the rest. */
#ifndef MFLI_THEORY_CLASSES_H
#define MFLI_THEORY_CLASSES_H

#include "theory/sector.h"

enum { MFLI_CLASSES_MOST = 96, MFLI_CLASS_CUT = 10 };

typedef struct mfli_classes {
    int32_t support, cut, count; /* k; largest q; classes, the rest included */
    double odd, even;            /* divided by the root of Sigma/|w|^2: odd^2 + even^2 = 1 */
    int32_t target, rest;        /* positions of (k, 0) and of the rest */
    int32_t subset[MFLI_CLASSES_MOST], degree[MFLI_CLASSES_MOST];
    double multiplicity[MFLI_CLASSES_MOST]; /* modes in a class; infinite for the rest */
} mfli_classes;

void mfli_classes_init(mfli_classes *classes, int64_t dimension, int32_t support, double odd, double even);

/* Shares of power at t = w_S/|w_perp|, lane by lane: power[class x lanes + lane]. */
void mfli_classes_powers(const mfli_classes *classes, double (*t)[MFLI_ANGULAR_LANES], double *power);
/* Shares of power of a neuron with the unit vector `direction` along w_S and |w_S|/|w_perp| = ratio, in (0, inf]; the
 * target's is Q. */
void mfli_classes_power(const mfli_classes *classes, const double *direction, double ratio, double *power);
/* For another activation: seen[n] says whether it has power on modes of total degree n, up to support + MFLI_CLASS_CUT. */
void mfli_classes_init_seen(mfli_classes *classes, int64_t dimension, int32_t support, const int32_t *seen);

/* Nodes of the directions of w_S at fixed ratio r, with the shares of power. */
typedef struct mfli_class_law {
    int32_t count;
    double *weight, *specialised; /* count each; specialised: the weight where (w_S . s)^2 > k |w|^2 / 2, else 0 */
    double *power;                /* count x classes; each row adds up to 1; the target's column is Q */
} mfli_class_law;

/* sector: the nodes, for support > 1. MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_class_law_create(mfl_context *context, const mfli_classes *classes, const mfli_sector *sector,
                              double ratio, mfli_class_law *law);
void mfli_class_law_finish(mfl_context *context, mfli_class_law *law);

/* (T16): the noise kt that the modes leave which f times the powers lambda do not let be learned. `rest` is power that
 * never is. */
double mfli_noise(int32_t count, const double *multiplicity, const double *lambda, double rest, double f, double samples,
                  double square_noise);

#endif
