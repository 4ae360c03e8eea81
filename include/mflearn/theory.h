/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file theory.h
 * @brief Mean-field theory of one task and model: order parameters by deterministic quadrature.
 *
 * One neuron sees the residual that the mean of the others leaves; `P` samples act as `P` times the average over the
 * input law. The self-consistency m = T(m) (doc/theory.md, eqs. (T6) to (T9), with the 1 - 1/N of (T7)) has exactly
 * one solution. Its integrals are deterministic sums with an error estimate: every result is the difference of two
 * resolutions away from the one before, and the theory refines until the requested tolerance is met.
 *
 * Available: parities on the hypercube of degree 1, 2, 4, 6 and 8, and Hermite teachers of any degree on Gaussian
 * inputs, with ReLU, leaky ReLU and linear activation, any width (0: infinite, for gamma >= 1/2). Combinations that
 * no neuron can learn are refused with ::MFL_ERROR_UNLEARNABLE. On the hypercube the part of the inputs outside the
 * support of the parity enters through the central limit theorem, so small d - k carries an error that the reported
 * one does not contain.
 *
 * Threads: as for every handle, see context.h. Results follow the arguments and options alone.
 */
#ifndef MFLEARN_THEORY_H
#define MFLEARN_THEORY_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a theory, for mfl_theory_options(). @since 0.1 */
enum mfl_theory_option {
    /** number in [1e-12, 0.1]: relative accuracy asked of m; default 1e-8. The other results carry their own
     *  errors. @since 0.1 */
    MFL_THEORY_TOLERANCE = 7001,
    /** int in [3, 8]: finest resolution of the directions' quadrature; each costs about 1.35^k times the one
     *  before; default 6. @since 0.1 */
    MFL_THEORY_RESOLUTIONS = 7002,
    /** int >= 1: most evaluations of T in one solve; default 500. @since 0.1 */
    MFL_THEORY_EVALUATIONS = 7003
};

/** What a solve finds; keys never change. @since 0.1 */
enum mfl_theory_result {
    /** m, coefficient of the posterior-mean predictor on the target's mode (m_S of a parity). @since 0.1 */
    MFL_THEORY_M = 7101,
    /** Mean squared error of the mean predictor against the clean target, (1 - m)^2. @since 0.1 */
    MFL_THEORY_TEST_ERROR = 7102,
    /** The same for one network whose N neurons are independent draws from the single-neuron law
     *  p(w, a). @since 0.1 */
    MFL_THEORY_DRAW_ERROR = 7103,
    /** <w_j^2> on the support of a parity; for a single-index teacher <(w . u)^2>. @since 0.1 */
    MFL_THEORY_WEIGHT_ON = 7104,
    /** <w_j^2> per direction off the support; not available where there is none (d = k). @since 0.1 */
    MFL_THEORY_WEIGHT_OFF = 7105,
    /** Probability that a neuron is specialised: (w_S . s)^2 > k |w|^2 / 2 for a pattern s of k signs; for a
     *  single-index teacher (w . u)^2 > |w|^2 / 2. Accurate to about 1e-3 only, with its own error. @since 0.1 */
    MFL_THEORY_SPECIALISED = 7106,
    /** log Z, Z = integral of prior(w) (sigma_a^2 A)^(-1/2) exp(B^2/2A); not for infinite width. @since 0.1 */
    MFL_THEORY_LOG_Z = 7107,
    /** F = (P/2 kappa^2)(1 - (1 - 1/N) m^2) - N log Z, stationary in m at the solution; not for infinite
     *  width. @since 0.1 */
    MFL_THEORY_FREE_ENERGY = 7108,
    /** |m - T(m)| at the reported m. @since 0.1 */
    MFL_THEORY_RESIDUAL = 7109,
    /** Evaluations of T that the solve took. @since 0.1 */
    MFL_THEORY_EVALUATIONS_USED = 7110
};

/**
 * @brief Set up the theory of a task and a model; both are copied.
 * @param context  the context
 * @param task  the task
 * @param model  the model, of the same input dimension
 * @param[out] out  receives the theory, NULL on failure; release with mfl_theory_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE (dimensions differ); ::MFL_ERROR_UNLEARNABLE;
 *         ::MFL_ERROR_UNSUPPORTED; ::MFL_ERROR_ARGUMENT (infinite width with gamma < 1/2); ::MFL_ERROR_MEMORY; or a
 *         status of the handles.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_create(mfl_context *context, const mfl_task *task, const mfl_model *model,
                                  mfl_theory **out);

/** @brief Release a theory. @param theory  may be NULL @since 0.1 */
MFL_API void mfl_theory_destroy(mfl_theory *theory);

/**
 * @brief The options of the theory (::mfl_theory_option).
 * @param theory  the theory
 * @param[out] options  receives a borrowed pointer that lives as long as the theory
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_options(mfl_theory *theory, mfl_options **options);

/**
 * @brief Solve the self-consistency for one number of samples and one noise.
 *
 * Quadratures are kept: further solves of the same theory are much cheaper than the first. Whether the tolerance was
 * met is a property of the result, see mfl_theory_stop(); a result that was cut short still carries its error. A
 * failed call leaves no result.
 * @param theory  the theory
 * @param samples  P >= 0, any real number
 * @param kappa  noise kappa > 0, the standard deviation of the likelihood
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_TOLERANCE (P/kappa^2 too large to be integrated);
 *         ::MFL_ERROR_CANCELLED when there was no result yet; ::MFL_ERROR_MEMORY.
 *         Time: about 40 ms for k = 4 at default tolerance, growing like the square root of d.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_solve(mfl_theory *theory, double samples, double kappa);

/**
 * @brief Why the last solve stopped (::mfl_stop).
 *
 * ::MFL_STOP_CONVERGED: tolerance met. ::MFL_STOP_LIMIT: resolutions or evaluations used up. ::MFL_STOP_CANCELLED.
 * ::MFL_STOP_NONE: there is no result.
 * @param theory  the theory
 * @param[out] stop  receives the reason
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_stop(const mfl_theory *theory, int32_t *stop);

/**
 * @brief Key and name of the result at a position, for bindings and tables.
 * @param theory  the theory
 * @param index  0, 1, 2, ...
 * @param[out] key  receives ::mfl_theory_result
 * @param[out] name  receives static text, for example "m"; may be NULL
 * @param[out] summary  receives static text, one sentence; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT past the last result.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_result_at(const mfl_theory *theory, size_t index, int32_t *key, const char **name,
                                     const char **summary);

/**
 * @brief One result of the last solve, with its estimated absolute error.
 * @param theory  the theory
 * @param key  ::mfl_theory_result
 * @param[out] value  receives the result
 * @param[out] error  receives the estimated error (quadrature and self-consistency), infinite when the solve was cut
 *             short at the first resolution; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_OPTION for an unknown key; ::MFL_ERROR_STATE when nothing was
 *         solved yet, or the result does not exist for this problem.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_get(const mfl_theory *theory, int32_t key, double *value, double *error);

#ifdef __cplusplus
}
#endif

#endif
