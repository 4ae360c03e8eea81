/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean field with several modes, and with any activation, on adaptive cells.
 *
 * Plain, (T7) and (T9) are one system: F(m) = (P/2 kappa^2) (|y|^2 - (1 - 1/N) |m|^2) - N log Z(y - (1 - 1/N) m) is
 * concave, and its gradient is (P/kappa^2) (1 - 1/N) (T(m) - m): Newton's method with a step that F must confirm finds
 * the only solution. Screened, the residual v is what is solved for (screened.h). Precisions, renormalised noise and the
 * kernel that screens are iterated outside (outer.h). */
#ifndef MFLI_THEORY_MULTIMODE_H
#define MFLI_THEORY_MULTIMODE_H

#include "theory/closure.h"
#include "theory/ensemble.h"
#include "theory/powers.h"

typedef struct mfli_multimode {
    mfli_model model;
    mfli_modes modes;
    mfli_blocks blocks; /* of closures that need the kernel, while they are solved; else none */
    mfli_closure closure;
    double width; /* N, a real number for continuation; 0: infinite */
    double samples, kappa;
    int64_t evaluations; /* of p(w), left */
    mfli_frame frame;    /* points into modes, blocks and model: not to be moved while in use */
} mfli_multimode;

/* One branch of solutions, refined level by level. */
typedef struct mfli_population {
    mfli_ensemble ensemble;
    mfli_pull pull;
    mfli_moments moments;
    int32_t slow;    /* as in fixed_point.h */
    int32_t started; /* there is a solution of a weaker field */
    int32_t cooling; /* begins from aligned neurons */
    double m[MFLI_MODES_MOST];
    double noise;      /* what pull has in place of kappa^2: kt' of (T16) if it is renormalised */
    mfli_powers kernel, screen; /* of the law, and that which its response belongs to */
    double *response, *memory;  /* of the outer iteration */
    double mismatch;   /* largest |m - T(m)|, or with screening |v + P/kt' Lambda' v - y| over the largest |y_A| */
    double off_precision, off_noise, off_power; /* largest change that (T12), (T16), (T15) still ask for, relative */
    double specialised, edge; /* part of the neurons that are, and its error on the cells */
    double unresolved; /* relative error of the cells where there was no room for more, else 0 */
} mfli_population;

/* Sets the frame of the problem, which has its blocks already. Status as mfli_cells_create(). */
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

/* The highest layer of features, or of modes where there are no blocks; 0 where none may be left out. */
int32_t mfli_multimode_layers(const mfli_multimode *problem);

/* Is a mode left out for now? */
int32_t mfli_population_is_cut(const mfli_multimode *problem, const mfli_population *population, int32_t mode);

/* For the effect of cutting: the features of a layer above `kept` become a part of the rest, and modes are not followed;
 * then all equations are to be solved once more on the cells there are. */
int32_t mfli_population_cut(mfl_context *context, const mfli_multimode *problem, int32_t kept, mfli_population *p);
int32_t mfli_population_settle(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p);

/* Do neurons keep their prior? */
int32_t mfli_multimode_is_prior(const mfli_multimode *problem);
int32_t mfli_multimode_is_screened(const mfli_multimode *problem);

/* kt(1) of (T16), or kappa^2. */
double mfli_population_noise(const mfli_multimode *problem, const mfli_population *population);

double mfli_population_free_energy(const mfli_multimode *problem, const mfli_population *population);

/* Mean squared error of the mean predictor, and that of one network of independent draws beyond it. */
double mfli_population_error(const mfli_multimode *problem, const mfli_population *population);
double mfli_population_spread(const mfli_multimode *problem, const mfli_population *population);

/* x := matrix^-1 x for a symmetric positive definite matrix, which is destroyed. */
void mfli_solve_linear(int32_t n, double (*matrix)[MFLI_MODES_MOST], double *x);

/* N^(1 - 2 gamma) sigma_a^2: turns <J_A^2> into lambda_A of (T15). */
double mfli_multimode_unit(const mfli_multimode *problem);

/* ---- for the solvers ---- */

/* The field and the screen that a start begins with. Status as mfli_population_apply(). */
int32_t mfli_population_begin(mfl_context *context, mfli_multimode *problem, mfli_population *p);

/* Newton's step of m, or of -delta, for T(m) - m = f. */
void mfli_population_newton(const mfli_multimode *problem, const mfli_population *p, const double *f, double *step);

/* Does the law that was applied last exist, within what is integrated? MFL_ERROR_DIVERGED, MFL_ERROR_TOLERANCE. */
int32_t mfli_population_check(mfl_context *context, const mfli_population *p);

/* 1 - 1/N */
double mfli_multimode_others(const mfli_multimode *problem);

/* Work out p(w) for p->pull, and its moments. */
int32_t mfli_population_apply(mfl_context *context, mfli_multimode *problem, mfli_population *p);

/* Too strong a field: p(w) does not exist without self-energy, or has gains that need not be integrated. */
int32_t mfli_is_too_strong(int32_t status);

/* What p->pull has of the noise and of p->screen, at `part` of the samples. */
void mfli_population_set_pull(const mfli_multimode *problem, double part, mfli_population *p);

/* Given what is iterated outside: m of (T9), or v of screened.h. */
int32_t mfli_population_solve_modes(mfl_context *context, mfli_multimode *problem, double precision, mfli_population *p);

#endif
