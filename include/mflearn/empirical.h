/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file empirical.h
 * @brief Mean-field theories of a training set: any data, no symmetry; predictions and relevances of inputs.
 *
 * The same handle and closures as in theory.h, with the average over the input law replaced by the
 * sum over a training set (doc/theory.md, eqs. (T6) to (T9) and (T12) to (T14)). The order
 * parameters are the P predictions. Particles, each a neuron in all d dimensions, sample the
 * single-neuron law by Hamiltonian Monte Carlo; given them the predictions are
 * solved for exactly. Results carry Monte Carlo standard errors and follow from the arguments, the
 * options and the context's seed alone, whatever the number of the context's threads; products of
 * matrices are as reproducible as the BLAS in use.
 *
 * Every particle has a shadow that samples the prior with the same random numbers, and the kernel
 * of the shadows is known exactly (that of mfl_ridge_create()). So errors are small where little is
 * learned, and at infinite width the theory is kernel ridge regression to rounding with any number
 * of particles.
 *
 * Closures: self-energy bare or screened, prior isotropic or ard. Noise is kappa^2: the data
 * themselves renormalise it, and ::MFL_THEORY_MF_SCREENED stands for the screened self-energy here.
 * The mean predictor is (T9) for the bare self-energy and (T14) for the screened one.
 *
 * Options have the keys of ::mfl_theory_option, as far as they apply, and their own defaults:
 * tolerance (Monte Carlo standard error of the overlap at which a solve ends; 0.005), noise,
 * self_energy, prior, alpha0, beta0, sharing, particles (0, the default, stands for the largest of
 * 512, 4 P and 8 d, at most 16384) and sweeps.
 *
 * Read with mfl_theory_get(): ::mfl_theory_empirical_result, ::MFL_THEORY_EVALUATIONS_USED (forces
 * on one particle), ::MFL_THEORY_RESIDUAL (difference of the overlap by the kernel and by the
 * particles), ::MFL_THEORY_RESIDUAL_RHO; with a task ::MFL_THEORY_M, measured as samplers do, and
 * for parities ::MFL_THEORY_WEIGHT_ON and ::MFL_THEORY_WEIGHT_OFF. With
 * mfl_theory_get_variable(), where the variables are the d inputs: ::MFL_THEORY_WEIGHT_ON, <w_j^2>, and
 * ::MFL_THEORY_RHO_ON. There is one branch, which is found from both sides: half of the particles
 * begin at the prior, half strongly aligned, and ::MFL_THEORY_R_HAT tells whether they agree. A
 * solve that ends by the number of sweeps has the stop ::MFL_STOP_LIMIT. Neurons, marginal
 * densities and continuation are not available. Long solves can keep checkpoints,
 * mfl_theory_set_checkpoint().
 *
 * Memory: 5 P^2 + 20 M d numbers and a tile. Time of a sweep: M P (20 d + 2 P) operations, with
 * screening M P (20 d + 4 P + 3500).
 */
#ifndef MFLEARN_EMPIRICAL_H
#define MFLEARN_EMPIRICAL_H

#include <mflearn/theory.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The option that only theories of a training set have, beside those of ::mfl_theory_option. @since 0.1 */
enum mfl_theory_empirical_option {
    /** int >= 48: most sweeps, each one trajectory of every particle; default 1000. The first 16 are not
     *  counted in results, of the others the later half is. @since 0.1 */
    MFL_THEORY_SWEEPS = 7051
};

/** What a theory of a training set finds besides; keys never change. @since 0.1 */
enum mfl_theory_empirical_result {
    /** sum f y/sum y^2 over the training set, f the mean predictor: 1 where all is learned. @since 0.1 */
    MFL_THEORY_OVERLAP = 7151,
    /** Mean squared error of the mean predictor on the training targets. @since 0.1 */
    MFL_THEORY_TRAIN_ERROR = 7152,
    /** The larger R-hat (diagnostics.h) of overlap and m over four populations of particles: above
     *  1.2 particles have not mixed, and a solve does not end unless all populations, in both halves of
     *  their sweeps, are within two tolerances of the mean in both. @since 0.1 */
    MFL_THEORY_R_HAT = 7153,
    /** Number of particles, M. @since 0.1 */
    MFL_THEORY_PARTICLES_USED = 7154,
    /** Sweeps done. @since 0.1 */
    MFL_THEORY_SWEEPS_USED = 7155,
    /** Share of trajectories that were accepted in the last sweep. @since 0.1 */
    MFL_THEORY_ACCEPTANCE = 7156,
    /** Share of the shadows in the kernel: 1 at infinite width, less the more neurons learn, and less
     *  still where too few particles for so many samples left it indefinite. @since 0.1 */
    MFL_THEORY_CONTROL = 7157,
    /** Effective share of the particles, the rest having been spent on the way between humps of their
     *  law. @since 0.1 */
    MFL_THEORY_EFFECTIVE = 7158
};

/**
 * @brief Set up the theory of a training set.
 *
 * Refused with a sentence: dimensions that differ, no targets, closures that are not available.
 * Noted in the log, at level ::MFL_LOG_WARNING, when a solve begins: inputs that are zero or
 * constant throughout, samples that repeat inputs of others, and particles that are few for
 * so many samples; and when one ends by the number of sweeps, what it lacks and what helps.
 * @param context  the context
 * @param model  the network, copied
 * @param train  samples with targets; kept alive by the theory
 * @param task  the task that they were drawn from, for m and <w_j^2> on and off its support; NULL
 *         if not known. Kept alive
 * @param[out] out  receives the theory, NULL on failure; release with mfl_theory_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE (dimensions differ); ::MFL_ERROR_STATE (no targets);
 *         ::MFL_ERROR_ARGUMENT (infinite width with gamma other than 1/2); ::MFL_ERROR_UNSUPPORTED
 *         (m of this task is not known); ::MFL_ERROR_CONTEXT; ::MFL_ERROR_MEMORY.
 *
 * mfl_theory_solve() then takes for `samples` how many rows to learn from, the first ones: an
 * integer from 1 to their number. It returns besides ::MFL_ERROR_NOT_POSITIVE_DEFINITE, where kappa
 * is too small for inputs that are equal or nearly so, and ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_create_empirical(mfl_context *context, const mfl_model *model, const mfl_dataset *train,
                                            const mfl_task *task, mfl_theory **out);

/**
 * @brief Keep checkpoints of solves to come in a file.
 *
 * After a sweep, where the last checkpoint is as old as `seconds`, and at the end of a solve the
 * file is replaced atomically by the state of the solve; whatever becomes of the process then, what
 * is in the file is whole, and mfl_theory_resume() goes on from there. A solve whose checkpoint cannot be
 * written fails with ::MFL_ERROR_IO. Its size is 16 P^2 + 150 M d bytes.
 * @param theory  a theory of a training set
 * @param path  a file that does not exist yet; NULL: keep none
 * @param seconds  >= 0; 0: after every sweep
 * @return ::MFL_OK; ::MFL_ERROR_STATE (the file exists, or not of a training set); ::MFL_ERROR_ARGUMENT;
 *         ::MFL_ERROR_IO (no possible name of a file); ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_set_checkpoint(mfl_theory *theory, const char *path, double seconds);

/**
 * @brief Go on with the solve that a checkpoint was taken of, at its samples and kappa, to the numbers that
 *        it would have found.
 *
 * For a theory made the same way: model, data, task, the context's seed and the options but `sweeps` and
 * `tolerance`, which may have changed, so that a solve that ended by the number of its sweeps
 * can be continued. Data and parameters are compared. Later solves keep their checkpoints in the same file.
 * @param theory  a theory of a training set
 * @param path  a file of mfl_theory_set_checkpoint()
 * @param seconds  between checkpoints from now on, >= 0
 * @return as mfl_theory_solve(); ::MFL_ERROR_NULL; ::MFL_ERROR_STATE (not of a training set);
 *         ::MFL_ERROR_IO (not readable); ::MFL_ERROR_FORMAT or ::MFL_ERROR_CHECKSUM (not a checkpoint of
 *         a theory, or damaged);
 *         ::MFL_ERROR_UNSUPPORTED (of a later version of the library); ::MFL_ERROR_ARGUMENT (of another
 *         problem: the message says what differs).
 * @since 0.1
 */
MFL_API int32_t mfl_theory_resume(mfl_theory *theory, const char *path, double seconds);

/**
 * @brief The mean predictor and the variance of f at new inputs.
 *
 * The mean is k(x) . v with v of the solve and k(x) an average over particles of its last sweeps,
 * so that on training inputs it agrees with the solve up to Monte Carlo errors; the variance is
 * that of (T14), K(x, x) - k(x)^T (K + kappa^2)^-1 k(x); add kappa^2 for that of a new observation.
 * @param theory  a solved theory of a training set
 * @param inputs  count inputs of d numbers each
 * @param count  number of inputs, >= 1
 * @param stride  distance between inputs, in numbers, >= d
 * @param[out] mean  receives count numbers
 * @param[out] variance  receives count numbers; may be NULL. Costs P times as much as the mean
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE (nothing solved, or not of a training set);
 *         ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_CALLBACK; ::MFL_ERROR_CANCELLED;
 *         ::MFL_ERROR_MEMORY. O(16 M d) a mean.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_predict(mfl_theory *theory, const double *inputs, int64_t count, int64_t stride, double *mean,
                                   double *variance);

/**
 * @brief Mean squared error of the mean predictor on a data set, against clean targets where it has them.
 * @param theory  a solved theory of a training set
 * @param test  samples with targets, of the same dimension
 * @param[out] error  receives the mean of (f - y)^2
 * @return as mfl_theory_predict().
 * @since 0.1
 */
MFL_API int32_t mfl_theory_test(mfl_theory *theory, const mfl_dataset *test, double *error);

/**
 * @brief How much the data made of each input.
 *
 * With relevance determination the prior precision over rho_j, (alpha0/beta0)/rho_j; without it
 * <w_j^2> over its prior value. 1 is an input on which nothing was learned.
 * @param theory  a solved theory of a training set
 * @param[out] relevance  receives d numbers
 * @param[out] error  receives their Monte Carlo standard errors (at the other order parameters
 *         held); may be NULL
 * @param[out] order  receives the inputs, most relevant first; may be NULL
 * @param capacity  numbers at each, >= d
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE; ::MFL_ERROR_BUFFER; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_relevances(const mfl_theory *theory, double *relevance, double *error, int64_t *order,
                                      int64_t capacity);

/**
 * @brief Which inputs stand out.
 *
 * The rule: input j is selected where (log relevance_j - median)/spread exceeds a threshold, spread
 * being the median distance from the median, and would if <w_j^2> were less by four of its Monte Carlo errors.
 * The threshold is the 1 - rate quantile of the largest of d such numbers for log relevances that
 * are, up to shift and scale, squares of independent normal numbers,
 * as chance correlations make them; so on data without any relevant input one or more are selected
 * with a probability of `rate` or, where there are other sources of spread, less. Less than half of
 * the inputs should be relevant; add columns of noise where that is in doubt.
 * @param theory  a solved theory of a training set
 * @param rate  false alarms accepted, in [0.001, 0.5]
 * @param[out] selected  receives 1 or 0 for each of the d inputs
 * @param capacity  numbers that fit, >= d
 * @param[out] threshold  receives the relevance that an input must have, with <w_j^2> less by four
 *         errors, to be selected; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE; ::MFL_ERROR_BUFFER;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_select_inputs(const mfl_theory *theory, double rate, int32_t *selected, int64_t capacity,
                                         double *threshold);

#ifdef __cplusplus
}
#endif

#endif
