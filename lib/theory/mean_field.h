/* SPDX-License-Identifier: BSD-3-Clause */
/* The plain mean-field theory (T6)-(T9) of one target mode, at one resolution of the quadrature. */
#ifndef MFLI_THEORY_MEAN_FIELD_H
#define MFLI_THEORY_MEAN_FIELD_H

#include "theory/neuron.h"

/* A homogeneous activation, phi(c z) = c phi(z) for c > 0, and a target with one mode, f* = chi_S. */
typedef struct mfli_mean_field {
    int64_t dimension, width; /* d, N; N = 0: infinite */
    double gamma, sigma_w, sigma_a;
    double power; /* Sigma(w)/|w|^2 */
    mfli_gain gain;
} mfli_mean_field;

/* Everything here belongs to the residual delta = 1 - (1 - 1/N) m that one neuron is shown. */
typedef struct mfli_mean_field_state {
    double residual;   /* delta */
    double m;          /* T(m) = N delta <Q s>, (T9) */
    double mismatch;   /* |m - (1 - delta)/(1 - 1/N)|: how far (T9) is from being solved */
    double saturation; /* c of radial.h */
    mfli_neuron neuron;
} mfli_mean_field_state;

/* Solve m = T(m) for P > 0 by safeguarded Newton steps in log delta, from `start` (0: from the smallest delta that
 * is possible). Uses up *evaluations and returns with what it has when they are gone.
 * MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED, MFL_ERROR_TOLERANCE as mfli_neuron_moments(). */
int32_t mfli_mean_field_solve(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                              double samples, double kappa, double start, int64_t *evaluations,
                              mfli_mean_field_state *state);

/* Evaluate the state that belongs to a residual. */
int32_t mfli_mean_field_evaluate(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                                 double samples, double kappa, double residual, mfli_mean_field_state *state);

/* Where m is known without solving: P = 0, or infinite width (width = 0, gamma >= 1/2), whose neurons keep the prior
 * and whose m is the equivalent kernel's, lambda P/(lambda P + kappa^2), or 0 for gamma > 1/2. */
int32_t mfli_mean_field_prior(mfl_context *context, const mfli_mean_field *problem, mfli_directions *directions,
                              double samples, double kappa, mfli_mean_field_state *state);

/* The free energy whose stationarity in m is (T9), with the 1 - 1/N of (T7):
 *     F = (P/2 kappa^2) (1 - (1 - 1/N) m^2) - N log Z(delta). */
double mfli_mean_field_free_energy(const mfli_mean_field *problem, double samples, double kappa,
                                   const mfli_mean_field_state *state);

/* Mean squared distance to the target of one network whose neurons are independent draws from p(w, a). */
double mfli_mean_field_draw_error(const mfli_mean_field *problem, double samples, double kappa,
                                  const mfli_mean_field_state *state);

#endif
