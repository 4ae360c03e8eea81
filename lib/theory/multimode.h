/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean field with several modes, and with any activation: (T7) and (T9) as one system, on adaptive cells.
 *
 * F(m) = (P/2 kappa^2) (|y|^2 - (1 - 1/N) |m|^2) - N log Z(y - (1 - 1/N) m) is concave, and its gradient is
 * (P/kappa^2) (1 - 1/N) (T(m) - m): Newton's method with a step that F must confirm finds the only solution. */
#ifndef MFLI_THEORY_MULTIMODE_H
#define MFLI_THEORY_MULTIMODE_H

#include "theory/closure.h"
#include "theory/ensemble.h"

typedef struct mfli_multimode {
    mfli_model model;
    mfli_modes modes;
    mfli_closure closure;
    double samples, kappa;
    int64_t evaluations; /* of p(w), left */
    mfli_frame frame;    /* points into modes and model: not to be moved while in use */
} mfli_multimode;

/* One branch of solutions, refined level by level. */
typedef struct mfli_population {
    mfli_ensemble ensemble;
    mfli_pull pull;
    mfli_moments moments;
    int32_t started;
    double m[MFLI_MODES_MOST];
    double mismatch, off_precision; /* largest |m - T(m)|, relative change that (T12) still asks for */
    double unresolved;              /* relative error of the cells where there was no room for more, else 0 */
} mfli_population;

/* Solve on cells that are resolved to a relative error `tolerance`; cooling: start from aligned neurons. Status as
 * mfli_ensemble_apply(), or MFL_ERROR_MEMORY; then the population can only be finished. */
int32_t mfli_population_solve(mfl_context *context, mfli_multimode *problem, int32_t cooling, double tolerance,
                              mfli_population *population);
void mfli_population_finish(mfl_context *context, mfli_population *population);

/* Do neurons keep their prior? */
int32_t mfli_multimode_is_prior(const mfli_multimode *problem);

double mfli_population_free_energy(const mfli_multimode *problem, const mfli_population *population);

/* Mean squared error of one network of independent draws, beyond that of the mean predictor. */
double mfli_population_spread(const mfli_multimode *problem, const mfli_population *population);

/* N^(1 - 2 gamma) sigma_a^2: turns <J_A^2> into lambda_A of (T15). */
double mfli_multimode_unit(const mfli_multimode *problem);

#endif
