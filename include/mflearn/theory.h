/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file theory.h
 * @brief Mean-field theory of one task and model: order parameters by deterministic quadrature.
 *
 * One neuron sees the residual that the mean of the others leaves; `P` samples act as `P` times the average over the
 * input law. The plain mean field, m = T(m) (doc/theory.md, eqs. (T6) to (T9), with the 1 - 1/N of (T7)), has exactly
 * one solution. Other closures are combinations of a noise, a self-energy and a prior (::mfl_theory_option), the common
 * ones with a name (::mfl_theory_preset); they can have two, see mfl_theory_branches(). The integrals are deterministic
 * sums with an error estimate: every result is the difference of two resolutions away from the one before, and the
 * theory refines until the requested tolerance is met.
 *
 * Available: on hypercube inputs parities and weighted sums of parities (staircases) in up to 6 variables, on gaussian
 * inputs single-index teachers (Hermite, ReLU, the caller's) and sums of products of Hermite polynomials of up to 6
 * directions; with every activation, any width (0: infinite, for gamma >= 1/2). Single parities with ReLU, leaky ReLU or
 * linear activation go to degree 8 (1, 2, 4, 6, 8). All closures are for all of these; relevance determination
 * needs variables that are coordinates. Integrals over more than four dimensions (variables, and the
 * length of w unless the activation is homogeneous) meet loose tolerances only, and say so in their errors.
 * Combinations that no neuron can learn are refused with ::MFL_ERROR_UNLEARNABLE. On the hypercube the inputs that are
 * no variables of the target enter through the central limit theorem, so a small number of them carries an error that
 * the reported one does not contain; mfl_theory_finite() says how large it is. The solver by particles is for single
 * modes and ReLU, leaky ReLU or linear activation. Neurons and marginal densities are there for every theory that is
 * solved, and solutions of all of them are followed (path.h) where the kernel of several modes has at most 4096 numbers
 * (up to five variables).
 *
 * A target with several modes chi_A has an order parameter m_A for each: mfl_theory_mode_count(), mfl_theory_mode(),
 * mfl_theory_get_mode(). Among them are modes that the target lacks (y_A = 0) but the neurons that follow it excite.
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
    /** int in [3, 8]: finest resolution of the directions' quadrature; each costs about 1.2^k times as much as the
     *  one before; default 6. @since 0.1 */
    MFL_THEORY_RESOLUTIONS = 7002,
    /** int >= 1: most evaluations of p(w) in one solve; default 2000. @since 0.1 */
    MFL_THEORY_EVALUATIONS = 7003,
    /** choice of ::mfl_theory_noise: "bare|renormalised"; default bare. @since 0.1 */
    MFL_THEORY_NOISE = 7004,
    /** choice of ::mfl_theory_self_energy: "none|bare|screened"; default bare. @since 0.1 */
    MFL_THEORY_SELF_ENERGY = 7005,
    /** choice of ::mfl_theory_prior: "isotropic|ard"; default isotropic. @since 0.1 */
    MFL_THEORY_PRIOR = 7006,
    /** number > 0: alpha0, shape of the Gamma law of the precisions rho_j; default 4. @since 0.1 */
    MFL_THEORY_ALPHA = 7007,
    /** number >= 0: beta0, its rate; default 0, which stands for alpha0 sigma_w^2/d, where the mean of rho_j is
     *  d/sigma_w^2. @since 0.1 */
    MFL_THEORY_BETA = 7008,
    /** int >= 0: n, neurons that share one precision; default 1; 0 stands for the whole layer, N. @since 0.1 */
    MFL_THEORY_SHARING = 7009,
    /** number in [0.01, 1]: weight of the new value in the moving average of log rho, and of the other outer order
     *  parameters, until the iteration is near a solution and is accelerated; default 0.5. @since 0.1 */
    MFL_THEORY_DAMPING = 7010,
    /** choice of ::mfl_theory_solver: "quadrature|particles"; default quadrature. @since 0.1 */
    MFL_THEORY_SOLVER = 7031,
    /** int in [32, 2^24]: particles of the solver of that name; default 1024. @since 0.1 */
    MFL_THEORY_PARTICLES = 7032,
    /** int >= 300: most steps of each particle in one solve; default 20000. @since 0.1 */
    MFL_THEORY_STEPS = 7033,
    /** int in [-1, 24]: on gaussian inputs, the highest degree of Hermite modes that are followed though the target lacks
     *  them: for example the constant that ReLU neurons add. Default -1: up to the degree at which kernels are cut
     *  (doc/theory.md): 12 for one direction, 8 for two, 6 for three. 0: the target's modes alone, as if the kernel of
     *  the neurons stayed diagonal in all modes, which learns far too easily. What is left out beyond a cut is a part of the
     *  errors, but of the plain theory none of the tolerance. On the hypercube every such mode is
     *  followed; renormalised noise and screening follow at least those of the default. @since 0.1 */
    MFL_THEORY_INDUCED = 7034
};

/** How the averages over one neuron's law are taken. @since 0.1 */
enum mfl_theory_solver {
    MFL_THEORY_SOLVER_QUADRATURE = 0, /**< deterministic quadrature. @since 0.1 */
    /** Langevin particles with a Metropolis test, and moving averages of order parameters. Errors are Monte Carlo standard
     *  errors, and a solve ends when that of m is ::MFL_THEORY_TOLERANCE times m: ask for 1e-3, not 1e-8. There is no
     *  log Z and no free energy; the residuals say by how much the averages still moved. Two branches that differ by
     *  less than five standard errors of m count as one. @since 0.1 */
    MFL_THEORY_SOLVER_PARTICLES = 1
};

/** What takes the place of kappa^2 in a neuron's law. @since 0.1 */
enum mfl_theory_noise {
    MFL_THEORY_NOISE_BARE = 0, /**< kappa^2. @since 0.1 */
    /** kt of doc/theory.md eq. (T16): modes that are not learned act as noise. @since 0.1 */
    MFL_THEORY_NOISE_RENORMALISED = 1
};

/** How a neuron feels its own output. @since 0.1 */
enum mfl_theory_self_energy {
    MFL_THEORY_SELF_NONE = 0,    /**< not at all; p(w) may fail to exist. @since 0.1 */
    MFL_THEORY_SELF_BARE = 1,    /**< as if alone, (T6). @since 0.1 */
    MFL_THEORY_SELF_SCREENED = 2 /**< screened by the other neurons, (T13) and (T17). @since 0.1 */
};

/** Prior of the weights. @since 0.1 */
enum mfl_theory_prior {
    MFL_THEORY_PRIOR_ISOTROPIC = 0, /**< N(0, sigma_w^2/d). @since 0.1 */
    /** Automatic relevance determination: a precision rho_j ~ Gamma(alpha0, beta0) for each input, (T12). Not the prior
     *  that a sampler of the network draws from. @since 0.1 */
    MFL_THEORY_PRIOR_ARD = 1
};

/** Closures with a name, for mfl_theory_use(). @since 0.1 */
enum mfl_theory_preset {
    MFL_THEORY_MF = 0,         /**< "mf": bare noise, bare self-energy, isotropic prior. @since 0.1 */
    MFL_THEORY_MF_ARD = 1,     /**< "mf_ard": the same with relevance determination. @since 0.1 */
    MFL_THEORY_MF_SCREENED = 2 /**< "mf_screened": renormalised, screened, isotropic. @since 0.1 */
};

/** What a solve finds; keys never change. @since 0.1 */
enum mfl_theory_result {
    /** m, coefficient of the posterior-mean predictor on the target's mode (m_S of a parity); with several modes
     *  E[fbar f*]/E[f*^2] = sum_A y_A m_A / E[f*^2]. Of one mode: m_A. @since 0.1 */
    MFL_THEORY_M = 7101,
    /** Mean squared error of the mean predictor against the clean target, sum_A (y_A - m_A)^2 + what is left
     *  out. @since 0.1 */
    MFL_THEORY_TEST_ERROR = 7102,
    /** The same for one network whose N neurons are independent draws from the single-neuron law
     *  p(w, a). @since 0.1 */
    MFL_THEORY_DRAW_ERROR = 7103,
    /** <w_j^2> on the support of a parity, <(w . u)^2> for a single-index teacher; the mean over several variables. Of
     *  one variable: its own. @since 0.1 */
    MFL_THEORY_WEIGHT_ON = 7104,
    /** <w_j^2> per direction off the support; not available where there is none (d = k). @since 0.1 */
    MFL_THEORY_WEIGHT_OFF = 7105,
    /** Probability that a neuron is specialised: (w_S . s)^2 > k |w|^2 / 2 for a pattern s of k signs, of any parity in
     *  a sum; on gaussian inputs sum_j (w . u_j)^2 > |w|^2 / 2. It has an edge, on which the quadrature starts; where
     *  d = k there is no room for that, and three digits are what can be had, see its error. @since 0.1 */
    MFL_THEORY_SPECIALISED = 7106,
    /** log Z, Z = integral of prior(w) (sigma_a^2 A)^(-1/2) exp(B^2/2A); not for infinite width. @since 0.1 */
    MFL_THEORY_LOG_Z = 7107,
    /** F = (P/2 kappa^2)(|y|^2 - (1 - 1/N) |m|^2) - N log Z over the modes that are followed,
     *  stationary in m at the solution; not for infinite
     *  width. @since 0.1 */
    MFL_THEORY_FREE_ENERGY = 7108,
    /** |m - T(m)| at the reported m. @since 0.1 */
    MFL_THEORY_RESIDUAL = 7109,
    /** Evaluations of T that the solve took. @since 0.1 */
    MFL_THEORY_EVALUATIONS_USED = 7110,
    /** lambda_S = N^(1 - 2 gamma) sigma_a^2 <J_S^2>, power of the kernel of all neurons on the target's mode; with
     *  several modes their mean with weights y_A^2. Of one mode: lambda_A. @since 0.1 */
    MFL_THEORY_LAMBDA = 7111,
    /** Effective noise: kappa^2, or kt of (T16) with renormalised noise. @since 0.1 */
    MFL_THEORY_EFFECTIVE_NOISE = 7112,
    /** rho_j on the support, the mean over several variables; of one variable its own. With relevance determination
     *  only. @since 0.1 */
    MFL_THEORY_RHO_ON = 7113,
    /** rho_j off the support; with relevance determination only. @since 0.1 */
    MFL_THEORY_RHO_OFF = 7114,
    /** Largest relative change of a precision that (T12) still asks for; 0 where there is none. @since 0.1 */
    MFL_THEORY_RESIDUAL_RHO = 7115,
    /** The same of the noise and (T16). @since 0.1 */
    MFL_THEORY_RESIDUAL_NOISE = 7116,
    /** The same of the powers and (T15). @since 0.1 */
    MFL_THEORY_RESIDUAL_LAMBDA = 7117,
    /** Power of the target on modes that are not followed, because no neuron sees them or beyond degree 24 of a teacher
     *  that is expanded; part of the test error. @since 0.1 */
    MFL_THEORY_LEFT_OUT = 7118
};

/** Marginal densities of the single-neuron law, for mfl_theory_marginal(). A sign pattern s of a parity of degree k is
 *  a vector of k signs; a single-index teacher has k = 1 and u for its support. With several variables see also
 *  mfl_theory_marginal_along(). @since 0.1 */
enum mfl_theory_marginals {
    /** A weight w_j on the support; w . u. With several variables that differ, the mean of their densities. @since 0.1 */
    MFL_THEORY_MARGINAL_ON = 0,
    MFL_THEORY_MARGINAL_OFF = 1, /**< a weight off the support; not for d = k. @since 0.1 */
    /** w_S . s/sqrt(k) for the pattern (1, ..., 1) of all variables; of a parity all have the same. @since 0.1 */
    MFL_THEORY_MARGINAL_PATTERN = 2,
    /** What is above 1/2 where a neuron counts as specialised, in [0, 1]: max_s (w_S . s)^2/(k |w|^2), in a sum the
     *  largest of its parities; on gaussian inputs sum_j (w . u_j)^2/|w|^2. From d = 3 on, with r directions on gaussian
     *  inputs from d = r + 2 on; of one variable it grows like x^(-1/2) at x = 0. @since 0.1 */
    MFL_THEORY_MARGINAL_ALIGNMENT = 3
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
 * @brief Choose a closure by name: sets ::MFL_THEORY_NOISE, ::MFL_THEORY_SELF_ENERGY and ::MFL_THEORY_PRIOR.
 * @param theory  the theory
 * @param preset  ::mfl_theory_preset
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_use(mfl_theory *theory, int32_t preset);

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
 *         ::MFL_ERROR_UNSUPPORTED (the closure is not known for this task); ::MFL_ERROR_DIVERGED (without self-energy,
 *         p(w) cannot be normalised);
 *         ::MFL_ERROR_CANCELLED when there was no result yet; ::MFL_ERROR_MEMORY.
 *         Time at default tolerance, d = 35: for k = 4 about 30 ms (mf), 0.5 s (mf_ard, mf_screened); k = 6 below 1 s;
 *         k = 8 some seconds, with an error of 1e-9 to 1e-5. Less for larger d.
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
 * @brief How many solutions the last solve found.
 *
 * With relevance determination, renormalised noise or screening the equations can have two stable solutions: branch 0
 * is followed from the prior (heating), branch 1 from aligned neurons (cooling).
 * @param theory  the theory
 * @param[out] count  receives 0 (nothing solved), 1 or 2
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_branches(const mfl_theory *theory, int32_t *count);

/**
 * @brief Choose the branch that mfl_theory_stop() and mfl_theory_get() speak of; after a solve it is 0.
 * @param theory  the theory
 * @param branch  below the number of branches
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_select(mfl_theory *theory, int32_t branch);

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
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT for an unknown key; ::MFL_ERROR_STATE when nothing was
 *         solved yet, or the result does not exist for this problem.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_get(const mfl_theory *theory, int32_t key, double *value, double *error);

/**
 * @brief Draw independent neurons (w, a) from the law p(w, a) of the selected branch.
 *
 * Neuron i depends on the solved law, the context's seed and i alone, so that ranges that do not overlap are
 * independent, however they are cut and on however many threads they are drawn. The draws are exact up to what the
 * quadrature left open in the order parameters and a part below about 1e-4 of the law: by rejection under bounds that
 * were searched for and rehearsed (doc/theory.md). A network of such neurons is `N^-gamma sum_i a_i phi(w_i . x)`.
 * @param theory  a solved theory
 * @param first  index of the first neuron, >= 0
 * @param count  how many neurons, >= 0; (first + count) d must stay below 2^40
 * @param[out] weights  neuron i at weights[i * row_stride], d numbers; in the coordinates of the task's inputs. May be NULL
 * @param row_stride  numbers from one neuron to the next, >= d; not used without weights
 * @param[out] readouts  receives the a_i, `count` numbers; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE (nothing solved); ::MFL_ERROR_CANCELLED; ::MFL_ERROR_MEMORY;
 *         ::MFL_ERROR_CALLBACK (the caller's activation refused); or a status of the handle. Time: the first call after a
 *         solve searches the bounds, about 0.1 s (1 s with screening, with three variables, or for other activations than
 *         ReLU, leaky ReLU and linear); a neuron takes some microseconds and 10 ns times d.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_sample(mfl_theory *theory, int64_t first, int64_t count, double *weights, int64_t row_stride,
                                  double *readouts);

/**
 * @brief A marginal density of the selected branch's law, at points of the caller's.
 *
 * It is the average over `draws` neurons, those of mfl_theory_sample() from index 0 on, of the density of the law along
 * a curve through each of them: no bins, no bias, smooth in the grid, and exact far from where neurons are drawn. The
 * error is the standard error of that average; errors at different points are correlated.
 * @param theory  a solved theory
 * @param kind  ::mfl_theory_marginals
 * @param draws  neurons to average over, >= 2; 4000 give some 2 %
 * @param grid  where: `count` numbers in any order
 * @param count  >= 0
 * @param[out] density  `count` densities
 * @param[out] error  their standard errors, `count` numbers; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE (nothing solved, or no such density);
 *         ::MFL_ERROR_CANCELLED; ::MFL_ERROR_MEMORY; or as mfl_theory_sample(). Time: for k = 4 about 0.2 ms a draw,
 *         shared by the context's threads (not with a caller's activation); results do not depend on their number.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_marginal(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid, int64_t count,
                                    double *density, double *error);

/**
 * @brief The marginal density of the weight along a direction in the task's variables.
 *
 * As mfl_theory_marginal(), for sum_j v_j w_j/|v|: one variable's weight (v_j = 1 for it alone), a sign pattern, or any
 * direction between the teacher's.
 * @param theory  a solved theory
 * @param direction  v, one number for each variable in the order of mfl_theory_mode(); of any length but 0
 * @param variables  how many
 * @param draws  as mfl_theory_marginal()
 * @param grid  as there
 * @param count  as there
 * @param[out] density  as there
 * @param[out] error  as there
 * @return as mfl_theory_marginal(), and ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_marginal_along(mfl_theory *theory, const double *direction, int64_t variables, int64_t draws,
                                          const double *grid, int64_t count, double *density, double *error);

/**
 * @brief m without the central limit theorem for the inputs that are no variables of the target, for small d.
 *
 * J_A and Sigma are averaged over all 2^d inputs for each of `draws` neurons from the selected branch's law, and the
 * self-consistency (with relevance determination also that of the precisions) is solved over these neurons with and
 * without the approximation; the difference corrects ::MFL_THEORY_M. On hypercube inputs: finite width, bare noise, no
 * screening; with r variables d - r <= 32, or 12 for a caller's activation. The averages are exact for ReLU, leaky ReLU,
 * linear, quadratic and a caller's activation; for erf, tanh and GELU beyond d - r = 8 they are Gauss rules, in error by
 * less than 1e-12 for weights off the variables with a length up to 1, 1e-7 up to 2, 1e-3 up to 4. On gaussian inputs nothing was
 * approximated: the difference and its error are 0.
 * @param theory  a solved theory
 * @param draws  neurons, >= 240; 100000 give an error of some 1e-4 near a transition
 * @param[out] m  receives the corrected m; may be NULL
 * @param[out] difference  receives it less ::MFL_THEORY_M; may be NULL
 * @param[out] error  receives the Monte Carlo standard error of both; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE (nothing solved); ::MFL_ERROR_UNSUPPORTED;
 *         ::MFL_ERROR_TOLERANCE (the two laws are too different to be reweighted); ::MFL_ERROR_CANCELLED;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_CALLBACK, ::MFL_ERROR_NOT_FINITE (the caller's activation); or a status of the
 *         handle. Time of a draw: 2^(r - 1 + (d - r)/2) (d - r) some 5 ns for ReLU, leaky ReLU and linear activation;
 *         2^(r + min(d - r, 8)) values of other activations and some 20 us (d - r).
 * @since 0.1
 */
MFL_API int32_t mfl_theory_finite(mfl_theory *theory, int64_t draws, double *m, double *difference, double *error);

/**
 * @brief The same for m_A of every mode, at once.
 * @param theory  a solved theory
 * @param draws  as mfl_theory_finite(), with the same neurons
 * @param count  mfl_theory_mode_count()
 * @param[out] m  receives the corrected m_A in the order of mfl_theory_mode(), `count` numbers; may be NULL
 * @param[out] difference  receives them less ::MFL_THEORY_M of mfl_theory_get_mode(), `count` numbers; may be NULL
 * @param[out] error  receives the standard errors of both, `count` numbers; may be NULL
 * @return as mfl_theory_finite(), and ::MFL_ERROR_SIZE where count is another number.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_finite_modes(mfl_theory *theory, int64_t draws, int64_t count, double *m, double *difference,
                                        double *error);

/**
 * @brief How many modes chi_A the theory follows.
 * @param theory  the theory
 * @param[out] count  receives that of the last solve; before the first, and after one that failed, that of the options as
 *             they are set
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_UNSUPPORTED (the options ask for too many); or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_mode_count(const mfl_theory *theory, int64_t *count);

/**
 * @brief Which mode stands at a position, and its coefficient in the target.
 * @param theory  the theory
 * @param mode  below mfl_theory_mode_count()
 * @param[out] degrees  receives the degree of the mode in each variable of the task: coordinates in ascending order, of a
 *             sum as given; may be NULL
 * @param capacity  elements of degrees; those past the variables are set to 0
 * @param[out] across  receives the degree in all other directions together, on which the mode depends by the length of
 *             their inputs (gaussian inputs); may be NULL
 * @param[out] target  receives y_A, 0 for a mode that neurons add; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE (capacity below the number of variables); or a status of the
 *         handle.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_mode(const mfl_theory *theory, int64_t mode, int64_t *degrees, int64_t capacity,
                                int64_t *across, double *target);

/**
 * @brief Result of the last solve for one mode.
 * @param theory  the theory
 * @param mode  below mfl_theory_mode_count()
 * @param key  ::MFL_THEORY_M or ::MFL_THEORY_LAMBDA
 * @param[out] value  receives the result
 * @param[out] error  receives the estimated error, see mfl_theory_get(); may be NULL
 * @return as mfl_theory_get(), and ::MFL_ERROR_ARGUMENT for a mode there is not.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_get_mode(const mfl_theory *theory, int64_t mode, int32_t key, double *value,
                                    double *error);

/**
 * @brief Result of the last solve for one variable of the task: a coordinate of the support, or a direction.
 * @param theory  the theory
 * @param variable  below the number of variables, in the order of mfl_theory_mode()
 * @param key  ::MFL_THEORY_WEIGHT_ON or ::MFL_THEORY_RHO_ON
 * @param[out] value  receives the result
 * @param[out] error  receives the estimated error, see mfl_theory_get(); may be NULL
 * @return as mfl_theory_get(), and ::MFL_ERROR_ARGUMENT for a variable there is not.
 * @since 0.1
 */
MFL_API int32_t mfl_theory_get_variable(const mfl_theory *theory, int64_t variable, int32_t key, double *value,
                                        double *error);

#ifdef __cplusplus
}
#endif

#endif
