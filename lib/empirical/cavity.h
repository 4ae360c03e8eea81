/* SPDX-License-Identifier: BSD-3-Clause */
/* What a neuron sees of the others on a training set, and its law in that field.
 *
 * With phi the P features of the neuron and G = ((1 - 1/N) K + kappa^2)^-1 the integrated readout leaves
 *
 *     log p(w) = log prior(w) + l,   l = -1/2 log(sigma_a^2 A) + B^2/(2 A),
 *     A = 1/sigma_a^2 + N^(-2 gamma) phi^T Omega phi,   B = N^-gamma phi^T G y,
 *
 * where Omega = 1/kappa^2 is the plain mean field (T6), with K = N^(1 - 2 gamma) <phi phi^T/A> and
 * the residual r = kappa^2 G y, and Omega = G the screened one (T13), with K = N^(1 - 2 gamma)
 * sigma_a^2 <phi phi^T>. A product with G costs P^2 for every neuron. Forces therefore take a surrogate in
 * its place,
 *
 *     Omega ~ rest + V^T diag(bend) V,
 *
 * with the leading eigenvectors of K, while acceptance takes G itself, through its Cholesky factor:
 * the law that is sampled is exact. For the plain mean field rest = 1/kappa^2 and nothing else is exact
 * too. */
#ifndef MFLI_EMPIRICAL_CAVITY_H
#define MFLI_EMPIRICAL_CAVITY_H

#include <mflearn/types.h>

typedef struct mfli_cavity {
    int64_t samples;
    double shrink;           /* N^-gamma; 0 at infinite width */
    double readout_variance; /* sigma_a^2 */
    int32_t screened;
    double *pull;    /* G y: P */
    double *readout; /* v of the mean predictor k(x) . v: P */
    double *factor;  /* L of G^-1 = L L^T, P x P */
    int64_t rank;    /* of the surrogate */
    double *vectors; /* V: rank x P, orthonormal rows */
    double *bend;    /* rank */
    double rest;
} mfli_cavity;

/* The law of one neuron at given features. */
typedef struct mfli_response {
    double precision; /* A */
    double
        share; /* of phi phi^T in the kernel: 1/A, or sigma_a^2 where all readouts are integrated jointly */
    double gain;   /* l */
    double square; /* B^2/A */
} mfli_response;

/* form: phi^T Omega phi; dot: phi . G y. */
mfli_response mfli_cavity_response(const mfli_cavity *cavity, double form, double dot);

/* dl/d dot and -dl/d(form/2) there, of which the force is made. */
void mfli_cavity_slopes(const mfli_cavity *cavity, const mfli_response *felt, double dot, double *towards,
                        double *against);

#endif
