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
    double width; /* N, a real number for continuation; 0: infinite */
    double samples, kappa;
    int64_t evaluations; /* of p(w), left */
    mfli_frame frame;    /* points into modes and model: not to be moved while in use */
} mfli_multimode;

/* One branch of solutions, refined level by level. */
typedef struct mfli_population {
    mfli_ensemble ensemble;
    mfli_pull pull;
    mfli_moments moments;
    int32_t slow;    /* as in fixed_point.h */
    int32_t started; /* there is a solution of a weaker field */
    double m[MFLI_MODES_MOST];
    double mismatch, off_precision; /* largest |m - T(m)|, relative change that (T12) still asks for */
    double specialised, edge;       /* part of the neurons that are, and its error on the cells */
    double unresolved;              /* relative error of the cells where there was no room for more, else 0 */
} mfli_population;

/* Sets the frame of the problem. Status as mfli_cells_create(). */
int32_t mfli_population_create(mfl_context *context, mfli_multimode *problem, mfli_population *population);
void mfli_population_finish(mfl_context *context, mfli_population *population);

/* Begin from the prior or from aligned neurons, on the coarsest cells. Status as mfli_cells_restart(). */
int32_t mfli_population_start(mfl_context *context, const mfli_multimode *problem, int32_t cooling,
                              mfli_population *population);

/* Solve from there, or from where the population is, on cells that are resolved to a relative error `tolerance`. Status as
 * mfli_ensemble_apply(), or MFL_ERROR_MEMORY. */
int32_t mfli_population_solve(mfl_context *context, mfli_multimode *problem, double tolerance,
                              mfli_population *population);

/* Fill how many are specialised under the law that was applied last. Status likewise. */
int32_t mfli_population_specialise(mfl_context *context, double tolerance, mfli_population *population);

/* All equations as one system on the cells there are, as mfli_fixed_point_unknowns() and -_evaluate(): x stands for the
 * residuals delta_A and the precisions, f for by how much the equations ask each to move. Each returns or fills the number
 * of x, the population without its moments, and the status. */
int32_t mfli_population_unknowns(const mfli_multimode *problem, const mfli_population *population, double *x);
void mfli_population_set(const mfli_multimode *problem, const double *x, mfli_population *population);
int32_t mfli_population_evaluate(mfl_context *context, mfli_multimode *problem, const double *x,
                                 mfli_population *population, double *f);

/* Do neurons keep their prior? */
int32_t mfli_multimode_is_prior(const mfli_multimode *problem);

double mfli_population_free_energy(const mfli_multimode *problem, const mfli_population *population);

/* Mean squared error of one network of independent draws, beyond that of the mean predictor. */
double mfli_population_spread(const mfli_multimode *problem, const mfli_population *population);

/* N^(1 - 2 gamma) sigma_a^2: turns <J_A^2> into lambda_A of (T15). */
double mfli_multimode_unit(const mfli_multimode *problem);

#endif
