/* SPDX-License-Identifier: BSD-3-Clause */
/* The law of one neuron in a field of several modes, summed over cells.
 *
 * With e_A = J_A/sqrt(Sigma), c = N^(-2 gamma) (P/kappa^2) sigma_a^2, s = c Sigma/(1 + c Sigma) (without self-energy
 * s = c Sigma) and eps = sum_A delta_A e_A, where delta_A = y_A - (1 - 1/N) m_A is the residual of (T7), (T8) and (T9) read
 *
 *     p(w) = prior(w) (1 - s)^(1/2) exp((P/2 kappa^2) s eps^2),     m_A = N <s eps e_A>.
 *
 * A neuron that the others screen feels Phi Sigma in place of Sigma, Phi = 1 - sum_b e_b^T (1 - R_b) e_b with the
 * response R_b of each block of features: then eps^2/Phi takes the place of eps^2. Renormalised noise takes that of
 * kappa^2. */
#ifndef MFLI_THEORY_ENSEMBLE_H
#define MFLI_THEORY_ENSEMBLE_H

#include "theory/cells.h"
#include "theory/length.h"

/* What one neuron sees. */
typedef struct mfli_pull {
    double precision[MFLI_VARIABLES_MOST + 1]; /* of each variable, then of the others; in units of d/sigma_w^2 */
    double saturation; /* c */
    double gain;       /* P/kappa^2 */
    int32_t fixed;     /* without self-energy */
    double delta[MFLI_MODES_MOST];
    double *response; /* R_b in the order of the frame's blocks; NULL: 1 */
} mfli_pull;

/* Phi of a neuron with the features e; what no feature holds counts fully. */
double mfli_respond(const mfli_blocks *blocks, const double *response, const double *e);

typedef struct mfli_moments {
    double log_mass; /* log Z, as (T8) would have it with (sigma_a^2 A)^(-1/2) */
    double s, s2eps2, sigma, square[MFLI_VARIABLES_MOST], across; /* <s>, <s^2 eps^2>, <Sigma>, <X z_j^2/|w|^2>, rest */
    double reach;    /* part of <s eps^2>, or of all neurons, at the greatest length */
    double q[MFLI_MODES_MOST];                      /* <s eps e_A> */
    double gram[MFLI_MODES_MOST][MFLI_MODES_MOST];  /* <Sigma e_A e_B> */
    /* d <s eps e_A> / d delta_B; with a response, what fluctuations add to d <Sigma eps e_A> / d delta_B */
    double slope[MFLI_MODES_MOST][MFLI_MODES_MOST];
} mfli_moments;

struct mfli_moments_part;

typedef struct mfli_ensemble {
    mfli_cells cells;
    struct mfli_moments_part *parts; /* scratch of the sums */
    double *power_parts;             /* of those by blocks, where the frame has some */
    mfli_length_table lengths; /* of a homogeneous activation */
    mfli_radial_curve curve;
    double edge; /* without self-energy: 1 where p(w) ceases to exist */
    mfli_frame caps_frame; /* of the specialised neurons alone, when they were asked for */
    mfli_cells caps;
} mfli_ensemble;

/* Status as mfli_cells_create(). */
int32_t mfli_ensemble_create(mfl_context *context, mfli_frame *frame, mfli_ensemble *ensemble);
void mfli_ensemble_finish(mfl_context *context, mfli_ensemble *ensemble);

/* Work out p(w) on all points. MFL_ERROR_TOLERANCE: the gain is too large; MFL_ERROR_DIVERGED: without self-energy there
 * is no such law; MFL_ERROR_CANCELLED. */
int32_t mfli_ensemble_apply(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull);

/* Moments of the law that was applied last. */
void mfli_ensemble_moments(mfl_context *context, const mfli_ensemble *ensemble, const mfli_pull *pull,
                           mfli_moments *moments);

/* And <Sigma e e^T> of each of the frame's blocks. */
void mfli_ensemble_power(mfl_context *context, const mfli_ensemble *ensemble, const mfli_moments *moments,
                         double *power);

/* Work out p(w) and split cells until a relative error `tolerance` is met, or there is no room for more. done->split
 * counts all that were. */
int32_t mfli_ensemble_refine(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull, double tolerance,
                             mfli_refinement *done);

/* Part of the neurons that are specialised under the law that was applied last: on the hypercube
 * (sum_{j in A} |w_j|)^2 > |A| |w|^2/2 for a mode A of the target, on Gaussian inputs |w_S|^2 > |w|^2/2. Integrated over
 * them alone, on cells of their own that begin at the edge; where all inputs are variables there are none, and the error
 * is what the edge leaves. Status as mfli_ensemble_refine(). */
int32_t mfli_ensemble_specialised(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull,
                                  double tolerance, double *part, double *error);

#endif
