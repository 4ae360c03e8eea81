/* SPDX-License-Identifier: BSD-3-Clause */
/* One neuron in the field of the others, at one resolution of the quadrature: given the outer order parameters
 * (closure.h), the one steep unknown is bracketed, and everything that follows from the law p(w) is worked out.
 *
 * Steep unknown: the residual delta = 1 - (1 - 1/N) m of (T7), or for the screened self-energy the power lambda_S of
 * the target's mode (T15); both sides of its equation are monotone, so that there is one root. */
#ifndef MFLI_THEORY_MEAN_FIELD_H
#define MFLI_THEORY_MEAN_FIELD_H

#include "theory/closure.h"
#include "theory/neuron_cells.h"

/* A homogeneous activation, phi(c z) = c phi(z) for c > 0, and a target with one mode, f* = chi_S. */
typedef struct mfli_mean_field {
    int64_t dimension; /* d */
    double width;      /* N, any real number for continuation; 0: infinite */
    double gamma, sigma_w, sigma_a;
    double power; /* Sigma(w)/|w|^2 */
    mfli_gain gain;
    mfli_closure closure;
    mfli_classes classes; /* of parities; count = 0 where there are none */
    int32_t on_axis;      /* the support consists of coordinates */
} mfli_mean_field;

typedef struct mfli_setting {
    mfl_context *context;
    const mfli_mean_field *problem;
    mfli_directions *directions;
    mfli_ensemble *ensemble; /* takes the place of the directions where the activation is not homogeneous */
    double samples, kappa;
    int64_t evaluations; /* left */
    double precision;    /* to which logarithms of unknowns are wanted; 0: rounding */
} mfli_setting;

typedef struct mfli_mean_field_state {
    double steep;    /* delta or lambda_S that the law belongs to; 0: not known yet */
    double mismatch; /* how far its equation is from being solved: |m - T(m)|, or |1 - T(lambda_S)/lambda_S| */
    double m;
    double pull;     /* B N^gamma/J_S */
    double screen;   /* Phi where it is one number, in units of 1: (P/kappa^2), or 1 without self-energy */
    double noise;    /* kt(1) of (T16), or kappa^2 */
    double lambda[MFLI_CLASSES_MOST], rest, lambda_target;
    double specialised; /* the part of the neurons that is, see mfli_mean_field_specialised() */
    mfli_neuron neuron;
} mfli_mean_field_state;

/* Where neurons keep their prior: P = 0 or infinite width. */
int32_t mfli_is_prior(const mfli_setting *setting);

/* Order parameters of P = 0. */
void mfli_order_init(const mfli_mean_field *problem, double kappa, mfli_order *order);

/* Are shares of power asked for? */
int32_t mfli_needs_classes(const mfli_closure *closure);

/* Solve for the steep unknown to a relative `precision` of its equation, from state->steep if that is above 0.
 * Returns with what it has when there are no evaluations left. MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED,
 * MFL_ERROR_TOLERANCE and MFL_ERROR_DIVERGED as mfli_neuron_moments(). */
int32_t mfli_mean_field_solve(mfli_setting *setting, const mfli_order *order, double precision,
                              mfli_mean_field_state *state);

/* What one neuron sees at a value of the steep unknown; fills pull and screen of the state. `response` has room for all
 * classes; it is used by the screened self-energy alone. */
mfli_field mfli_mean_field_field(const mfli_setting *setting, const mfli_order *order, double steep, double *response,
                                 mfli_mean_field_state *state);

/* What follows from state->neuron, pull and screen. */
void mfli_mean_field_conclude(const mfli_setting *setting, double steep, mfli_mean_field_state *state);

/* Evaluate the state that belongs to a value of the steep unknown. */
int32_t mfli_mean_field_evaluate(mfli_setting *setting, const mfli_order *order, double steep,
                                 mfli_mean_field_state *state);

/* Refine setting->ensemble for the law of a state. */
int32_t mfli_mean_field_refine(mfli_setting *setting, const mfli_order *order, const mfli_mean_field_state *state,
                               double tolerance, mfli_refinement *done);

/* By how much its equation asks the logarithm of the steep unknown to move, at a state that was evaluated. */
double mfli_mean_field_step(const mfli_setting *setting, const mfli_mean_field_state *state);

/* Fill state->specialised, from the directions that count as specialised. */
int32_t mfli_mean_field_specialised(mfli_setting *setting, const mfli_order *order, mfli_directions *specialised,
                                    mfli_mean_field_state *state);

/* 1 where a free energy is known: kappa^2 as the noise, no screening. Its stationarity in m is (T9), with the 1 - 1/N
 * of (T7), and in rho_j (T12):
 *     F = (P/2 kappa^2) (1 - (1 - 1/N) m^2) - N log Z(delta) [+ (N/n) sum_j (beta0 rho_j - alpha0 log rho_j)]. */
int32_t mfli_has_free_energy(const mfli_mean_field *problem);
double mfli_mean_field_free_energy(const mfli_setting *setting, const mfli_order *order,
                                   const mfli_mean_field_state *state);

/* Mean squared distance to the target of one network whose neurons are independent draws from p(w, a). */
double mfli_mean_field_draw_error(const mfli_setting *setting, const mfli_mean_field_state *state);

/* The same of the mean predictor, which for the screened closure holds its variance over data sets too (T18). */
double mfli_mean_field_test_error(const mfli_setting *setting, const mfli_mean_field_state *state);

#endif
