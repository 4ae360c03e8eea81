/* SPDX-License-Identifier: BSD-3-Clause */
/* The Jacobian of n equations f(z) = 0 in n + 1 unknowns, the last of them a parameter: all of its entries; or, where f
 * says by how much each unknown is to move and most unknowns are asked to where they belong whatever the others are,
 *
 *     J = (-1, 0) + sum_i image_i direction_i^T,
 *
 * exact for the parameter and on a Krylov space that begins at its column and at f, minus one beyond it. */
#ifndef MFLI_THEORY_JACOBIAN_H
#define MFLI_THEORY_JACOBIAN_H

#include <mflearn/types.h>

enum { MFLI_NEWTON_MOST = 4097 }; /* n + 1 */
enum { MFLI_NO_POINT = 1 };       /* a status beside those of the library: nothing was found there */

/* MFL_OK, MFLI_NO_POINT where the equations cannot be evaluated, which MFL_ERROR_TOLERANCE and MFL_ERROR_DIVERGED mean
 * too, or a status. */
typedef int32_t (*mfli_equations)(void *data, const double *z, double *f);

typedef struct mfli_jacobian {
    int32_t n, rank;        /* rank: directions that are looked for; 0: all entries are kept */
    int32_t pairs, most;    /* in use; the most, which leaves room for updates */
    double *entry;          /* n x (n + 1), or the images, n each */
    double *direction;      /* of the pairs, n + 1 each */
    double *matrix, *small; /* scratch of linear systems */
} mfli_jacobian;

/* MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_jacobian_create(mfl_context *context, int32_t n, int32_t rank, mfli_jacobian *jacobian);
void mfli_jacobian_finish(mfl_context *context, mfli_jacobian *jacobian);

/* By differences at z, where the equations leave f; with `alone` there is no parameter. Status of the equations. */
int32_t mfli_jacobian_difference(mfli_jacobian *jacobian, mfli_equations equations, void *data, int32_t alone,
                                 const double *z, const double *f);

/* Broyden: the least change that explains why f moved from `before` over a step. */
void mfli_jacobian_update(mfli_jacobian *jacobian, const double *step, const double *before, const double *f);

/* Solve [J; normal] x = right; `right` becomes x, *sign receives that of the determinant. MFLI_NO_POINT: singular. */
int32_t mfli_jacobian_solve(mfli_jacobian *jacobian, const double *normal, double *right, int32_t *sign);

#endif
