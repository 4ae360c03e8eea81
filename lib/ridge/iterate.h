/* SPDX-License-Identifier: BSD-3-Clause */
/* What conjugate gradients need: products with K that store nothing, and a preconditioner. */
#ifndef MFLI_RIDGE_ITERATE_H
#define MFLI_RIDGE_ITERATE_H

#include "ridge/ridge.h"

/* y = K x for the points, tile by tile, each of K's halves evaluated once. The sum runs over
 * MFLI_STRIPES fixed groups of rows in a fixed order, so it does not depend on threads. */
enum { MFLI_STRIPES = 64 };
typedef struct mfli_product {
    mfl_context *context;
    const mfli_kernel *kernel;
    const mfli_points *points;
    double *partial; /* MFLI_STRIPES x padded P */
    double *padded;  /* padded P */
} mfli_product;

int32_t mfli_product_init(mfl_context *context, const mfli_kernel *kernel,
                          const mfli_points *points, mfli_product *product);
void mfli_product_clear(mfli_product *product);
int32_t mfli_product_apply(mfli_product *product, const double *x, double *y);

/* K is approximately F^T F, F rank x P from random pivoted Cholesky (Y. Chen, E. Epperly, J. Tropp,
 * R. Webber, 2023, arXiv:2207.06503). The preconditioner applies (F^T F + ridge)^-1 by the identity
 * of Woodbury. */
typedef struct mfli_nystrom {
    mfl_context *context;
    int64_t samples, rank, room;
    double ridge;
    double *factor; /* room x P */
    double *inner;  /* room x room: Cholesky factor of F F^T + ridge */
    double *small;  /* room */
} mfli_nystrom;

int32_t mfli_nystrom_init(mfl_context *context, const mfli_kernel *kernel,
                          const mfli_points *points, double ridge, int64_t rank,
                          mfli_nystrom *nystrom);
void mfli_nystrom_clear(mfli_nystrom *nystrom);
int32_t mfli_nystrom_solve(mfli_nystrom *nystrom, const double *x, double *y);

#endif
