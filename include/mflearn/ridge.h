/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file ridge.h
 * @brief Kernel ridge regression, above all with the infinite-width kernels of a network: Gaussian-
 *     process regression.
 *
 * A network whose weights stay as independent as its prior makes them acts as the kernel K(x, x') =
 * N^(1 - 2 gamma) sigma_a^2 E[phi(w . x) phi(w . x')], w_j ~ N(0, sigma_w^2 / d): the NNGP kernel.
 * With observation noise of variance kappa^2 its posterior mean is kernel ridge regression,
 *
 *     f(x)        = k(x)^T (K + kappa^2 I)^-1 y,
 *     variance(x) = K(x, x) - k(x)^T (K + kappa^2 I)^-1 k(x).
 *
 * This is the limit of infinite width of the network and the baseline that shows what learning
 * features adds.
 *
 * **Kernels** (option "kernel"). With v = sigma_w^2 / d and c = N^(1 - 2 gamma) sigma_a^2:
 *
 * - nngp: c E[phi(u) phi(u')], as above;
 * - ntk: c (E[phi(u) phi(u')] + v x.x' E[phi'(u) phi'(u')]), the tangent kernel of the network
 *   whose parameters are measured in units of their prior standard deviations;
 * - rbf: c exp(-v |x - x'|^2 / 2), so that sqrt(d) / sigma_w is the length scale;
 * - polynomial: c (offset + v x.x')^degree; linear: c v x.x';
 * - caller: c times a function set by mfl_ridge_set_kernel();
 * - precomputed: matrices are passed to mfl_ridge_fit_matrix() and mfl_ridge_predict_matrix().
 *
 * Closed forms serve the activations relu and leaky (Cho and Saul, 2009; leak -1 is |z|), erf
 * (Williams, 1997), GELU, linear, quadratic, and those that only kernels know (option
 * "activation"): Hermite polynomials of any degree, sin, sign. tanh is a mixture of error functions
 * and its kernel the mixture of theirs. The error stays below 1e-13
 * sqrt(K(x, x) K(x', x')), also for inputs that are parallel, opposite, zero or of very different
 * length. A caller's activation uses Mehler's series; ::MFL_RIDGE_KERNEL_ERROR and
 * mfl_ridge_kernel_error() state its error.
 *
 * **Precisions.** mfl_ridge_set_precisions() replaces the prior by w_j ~ N(0, 1 / rho_j), that is v
 * x.x' by sum_j x_j x'_j / rho_j in every kernel but the caller's.
 *
 * **Infinite width.** Away from gamma = 1/2 the kernel of N neurons tends to zero or infinity with
 * N, so a model of width 0 is accepted only with gamma = 1/2.
 *
 * A handle is made once from a model, then fitted as often as wanted. Options take effect at the
 * next fit. The factorisation and the products with whole matrices run on the threads that the host
 * has given to its BLAS, everything else on those of the context.
 */
#ifndef MFLEARN_RIDGE_H
#define MFLEARN_RIDGE_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a regression, for mfl_ridge_options(). @since 0.1 */
enum mfl_ridge_option {
    /** choice of ::mfl_ridge_kernel_kind; default nngp. @since 0.1 */
    MFL_RIDGE_KERNEL = 6001,
    /** choice of ::mfl_ridge_activation; default model. @since 0.1 */
    MFL_RIDGE_ACTIVATION = 6002,
    /** integer from 0 to 200: degree of the Hermite activation and of the polynomial
     *  kernel; default 2. @since 0.1 */
    MFL_RIDGE_DEGREE = 6003,
    /** number >= 0: what the polynomial kernel adds to x.x'; default 1. @since 0.1 */
    MFL_RIDGE_OFFSET = 6004,
    /** integer from 8 to 2000: terms of the series for a caller's activation;
     *  default 256. @since 0.1 */
    MFL_RIDGE_TERMS = 6005,
    /** choice of ::mfl_ridge_solver; default cholesky. @since 0.1 */
    MFL_RIDGE_SOLVER = 6010,
    /** integer: bytes that a fit may take, 0 (default) for no limit; see
     *  mfl_ridge_memory(). @since 0.1 */
    MFL_RIDGE_MEMORY_LIMIT = 6011,
    /** number: residual |y - (K + kappa^2) alpha| / |y| at which conjugate gradients stop;
     *  default 1e-8. @since 0.1 */
    MFL_RIDGE_TOLERANCE = 6012,
    /** integer: most iterations of conjugate gradients; default 1000. @since 0.1 */
    MFL_RIDGE_ITERATIONS = 6013,
    /** integer: rank of the preconditioner of conjugate gradients; default 500. @since 0.1 */
    MFL_RIDGE_RANK = 6014,
    /** integer: most steps of mfl_ridge_optimise(); default 100. @since 0.1 */
    MFL_RIDGE_STEPS = 6020,
    /** number: relative change of the log evidence at which mfl_ridge_optimise() stops;
     *  default 1e-9. @since 0.1 */
    MFL_RIDGE_STEP_TOLERANCE = 6021
};

/** Kernels. @since 0.1 */
enum mfl_ridge_kernel_kind {
    MFL_RIDGE_KERNEL_NNGP = 0,       /**< of the network's outputs under the prior. @since 0.1 */
    MFL_RIDGE_KERNEL_NTK = 1,        /**< the tangent kernel. @since 0.1 */
    MFL_RIDGE_KERNEL_RBF = 2,        /**< Gaussian of the distance. @since 0.1 */
    MFL_RIDGE_KERNEL_POLYNOMIAL = 3, /**< power of the inner product. @since 0.1 */
    MFL_RIDGE_KERNEL_LINEAR = 4,     /**< inner product. @since 0.1 */
    MFL_RIDGE_KERNEL_CALLER = 5,     /**< a function of the caller's. @since 0.1 */
    MFL_RIDGE_KERNEL_PRECOMPUTED = 6 /**< matrices of the caller's. @since 0.1 */
};

/** Activations of the network kernels. @since 0.1 */
enum mfl_ridge_activation {
    MFL_RIDGE_ACTIVATION_MODEL = 0,   /**< the model's. @since 0.1 */
    MFL_RIDGE_ACTIVATION_HERMITE = 1, /**< He_n(z) / sqrt(n!), n the option "degree". @since 0.1 */
    MFL_RIDGE_ACTIVATION_SIN = 2,     /**< sin(z). @since 0.1 */
    MFL_RIDGE_ACTIVATION_SIGN = 3     /**< sign(z), 0 at 0; it has no tangent kernel. @since 0.1 */
};

/** Solvers. @since 0.1 */
enum mfl_ridge_solver {
    /** exact, by Cholesky factorisation: P^3 / 3 operations, 8 P^2 bytes. @since 0.1 */
    MFL_RIDGE_SOLVER_CHOLESKY = 0,
    /** preconditioned conjugate gradients on products that never store the matrix: 8 P
     *  (rank + 100) bytes. It gives weights and means, neither variances nor evidence.
     *  @since 0.1 */
    MFL_RIDGE_SOLVER_GRADIENTS = 1
};

/** Numbers that a fit leaves, for mfl_ridge_get(). @since 0.1 */
enum mfl_ridge_result {
    MFL_RIDGE_KAPPA = 6501,   /**< noise of the fit. @since 0.1 */
    MFL_RIDGE_SIGMA_W = 6502, /**< sigma_w of the fit. @since 0.1 */
    MFL_RIDGE_SIGMA_A = 6503, /**< sigma_a of the fit. @since 0.1 */
    /** error of the series of a caller's activation on the training inputs, as
     *  mfl_ridge_kernel_error(); else 0. @since 0.1 */
    MFL_RIDGE_KERNEL_ERROR = 6504,
    /** |y - (K + kappa^2) alpha| / |y| by conjugate gradients, else 0. @since 0.1 */
    MFL_RIDGE_RESIDUAL = 6505,
    /** iterations of conjugate gradients or of the optimiser. @since 0.1 */
    MFL_RIDGE_STEPS_DONE = 6506,
    /** ::mfl_stop of what was iterated; completed without iteration. @since 0.1 */
    MFL_RIDGE_STOP = 6507,
    MFL_RIDGE_RANK_USED = 6508 /**< rank of the preconditioner. @since 0.1 */
};

/** What mfl_ridge_optimise() may vary; add them up. @since 0.1 */
enum mfl_ridge_vary {
    MFL_RIDGE_VARY_KAPPA = 1,   /**< noise. @since 0.1 */
    MFL_RIDGE_VARY_SIGMA_A = 2, /**< scale of the readout. @since 0.1 */
    MFL_RIDGE_VARY_SIGMA_W = 4, /**< scale of the first layer, isotropic. @since 0.1 */
    /** every rho_j: automatic relevance determination. Not with sigma_w. @since 0.1 */
    MFL_RIDGE_VARY_PRECISIONS = 8
};

/**
 * @brief A kernel of the caller's: K(rows[i], columns[j]) at kernel[i * kernel_stride + j].
 *
 * It must be symmetric, positive definite and pure. It is called on the thread that called the
 * library.
 * @param row_count  number of row inputs
 * @param rows  row_count x dimension, packed
 * @param column_count  number of column inputs
 * @param columns  column_count x dimension, packed
 * @param dimension  d
 * @param[out] kernel  receives the values
 * @param kernel_stride  distance of rows of `kernel`
 * @param user_data  as registered
 * @return 0; anything else aborts the operation with ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
typedef int32_t (*mfl_kernel_fn)(int64_t row_count, const double *rows, int64_t column_count,
                                 const double *columns, int64_t dimension, double *kernel,
                                 int64_t kernel_stride, void *user_data);

/**
 * @brief Prepare kernel ridge regression with the kernel of a model.
 * @param model  the network, copied; its width may be 0 (infinite) if gamma is 1/2
 * @param[out] out  receives the handle, NULL on failure; release with mfl_ridge_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT for infinite width with gamma other than
 *         1/2; ::MFL_ERROR_STATE for a caller's activation that was not set; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_create(const mfl_model *model, mfl_ridge **out);

/** @brief Release a handle. @param ridge  may be NULL @since 0.1 */
MFL_API void mfl_ridge_destroy(mfl_ridge *ridge);

/**
 * @brief The options of the regression (::mfl_ridge_option). They take effect at the next fit.
 * @param ridge  the handle
 * @param[out] options  receives a borrowed pointer that lives as long as the handle
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_options(mfl_ridge *ridge, mfl_options **options);

/**
 * @brief Use a kernel of the caller's; sets ::MFL_RIDGE_KERNEL to caller and forgets a fit.
 * @param ridge  the handle
 * @param kernel  the function
 * @param user_data  passed to it; must outlive the handle
 * @return ::MFL_OK; ::MFL_ERROR_NULL.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_set_kernel(mfl_ridge *ridge, mfl_kernel_fn kernel, void *user_data);

/**
 * @brief Give every input coordinate its own prior precision: w_j ~ N(0, 1 / rho_j). Forgets a fit.
 * @param ridge  the handle
 * @param rho  d finite numbers > 0, copied; NULL goes back to d / sigma_w^2
 * @param count  d, or 0 with NULL
 * @return ::MFL_OK; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_set_precisions(mfl_ridge *ridge, const double *rho, int64_t count);

/**
 * @brief The prior precisions of the weights, d / sigma_w^2 each unless they were set or optimised.
 * @param ridge  the handle
 * @param[out] rho  receives d numbers
 * @param capacity  numbers at `rho`
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_BUFFER.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_precisions(const mfl_ridge *ridge, double *rho, int64_t capacity);

/**
 * @brief Memory that mfl_ridge_fit() will take at its peak with the present options, in bytes.
 *
 * A fit whose number exceeds ::MFL_RIDGE_MEMORY_LIMIT is refused with ::MFL_ERROR_MEMORY before it
 * allocates.
 * @param ridge  the handle
 * @param samples  P >= 1
 * @param[out] bytes  receives the number; what BLAS and LAPACK take for themselves is not counted
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_memory(const mfl_ridge *ridge, int64_t samples, size_t *bytes);

/**
 * @brief Values of the kernel, without ridge.
 * @param ridge  the handle; it need not be fitted
 * @param rows  row_count inputs of d numbers each
 * @param row_count  inputs in `rows`, >= 1
 * @param row_stride  distance between inputs in `rows`, in numbers, >= d
 * @param columns  column_count inputs of d numbers each
 * @param column_count  inputs in `columns`, >= 1
 * @param column_stride  distance between inputs in `columns`, >= d
 * @param[out] kernel  receives K(rows[i], columns[j]) at [i * kernel_stride + j]
 * @param kernel_stride  distance between rows of `kernel`, >= column_count
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_MEMORY;
 *         ::MFL_ERROR_CANCELLED.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_kernel(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                                 int64_t row_stride, const double *columns, int64_t column_count,
                                 int64_t column_stride, double *kernel, int64_t kernel_stride);

/**
 * @brief Error of the kernel of a caller's activation between any two of some inputs, relative to
 *     sqrt(K(x, x) K(x', x')).
 *
 * The sum of two parts. What the end of the series leaves out is bounded by the power that is
 * missing; more terms (::MFL_RIDGE_TERMS) reduce it. The error of the coefficients is estimated by
 * halving the spacing of their integrals. Both grow with the length of inputs and with kinks.
 * @param ridge  the handle; it need not be fitted
 * @param inputs  count inputs of d numbers each
 * @param count  number of inputs, >= 1
 * @param stride  distance between inputs, in numbers, >= d
 * @param[out] error  receives the number; 0 for kernels in closed form, which are good to 1e-13
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE;
 *         ::MFL_ERROR_CALLBACK; ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_kernel_error(const mfl_ridge *ridge, const double *inputs, int64_t count,
                                       int64_t stride, double *error);

/**
 * @brief Fit: build K + kappa^2 I and factorise it. What the handle held before is replaced.
 *
 * Takes P^3 / 3 operations, and memory for P^2 numbers, which the handle keeps. The inputs are
 * copied.
 * @param ridge  the handle
 * @param train  P samples of the model's dimension, with targets; not needed after the call
 * @param kappa  noise, the standard deviation of an observation; the ridge is kappa^2; finite and
 *     >= 0
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE if the dimensions
 *         differ; ::MFL_ERROR_STATE without targets; ::MFL_ERROR_CONTEXT; ::MFL_ERROR_NOT_FINITE if
 *         K overflows; ::MFL_ERROR_NOT_POSITIVE_DEFINITE if kappa is too small for inputs that are
 *         equal or nearly so: raise kappa; ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED. After a
 *         failure the handle is not fitted, and can be fitted again.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa);

/**
 * @brief Posterior mean and variance of f at new inputs.
 *
 * The variance is that of f; add kappa^2 for that of a new observation. It is computed as a
 * difference and rounds to about 1e-16 (1 + K / kappa^2) K(x, x); values below zero are returned as
 * zero. Cost a point: P kernel values for the mean, P^2 operations for the variance.
 * @param ridge  a fitted handle
 * @param inputs  count inputs of d numbers each
 * @param count  number of inputs, >= 1
 * @param stride  distance between inputs, in numbers, >= d
 * @param[out] mean  receives count numbers; may be NULL
 * @param[out] variance  receives count numbers; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE before a fit; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_NOT_FINITE, also where the prediction exceeds the range of numbers;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED. After a failure the outputs hold nothing
 *         useful.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count,
                                  int64_t stride, double *mean, double *variance);

/**
 * @brief Logarithm of the marginal likelihood (evidence) of the targets, -1/2 y^T (K + kappa^2)^-1
 *     y - 1/2 log det(K + kappa^2) - P/2 log(2 pi).
 * @param ridge  a fitted handle
 * @param[out] log_evidence  receives the number, in natural units
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE before a fit; ::MFL_ERROR_NOT_FINITE where it exceeds
 *         the range of numbers.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_log_evidence(const mfl_ridge *ridge, double *log_evidence);

/**
 * @brief The weights alpha = (K + kappa^2 I)^-1 y, so that f(x) = sum_mu alpha_mu K(x_mu, x). On
 *     the training inputs f(x_mu) = y_mu - kappa^2 alpha_mu.
 * @param ridge  a fitted handle
 * @param[out] weights  receives P numbers
 * @param capacity  numbers at `weights`
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE before a fit; ::MFL_ERROR_BUFFER if
 *         capacity is below P.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_weights(const mfl_ridge *ridge, double *weights, int64_t capacity);

/**
 * @brief Sizes of the problem that was fitted.
 * @param ridge  the handle
 * @param[out] samples  receives P, 0 before a fit; may be NULL
 * @param[out] dimension  receives d; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_shape(const mfl_ridge *ridge, int64_t *samples, int64_t *dimension);

/**
 * @brief A number that the last fit left (::mfl_ridge_result).
 * @param ridge  a fitted handle
 * @param key  which
 * @param[out] value  receives the number
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT for an unknown key; ::MFL_ERROR_STATE
 *         before a fit.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_get(const mfl_ridge *ridge, int32_t key, double *value);

/**
 * @brief Fit to a kernel matrix of the caller's; the option "kernel" must be precomputed.
 * @param ridge  the handle
 * @param samples  P >= 1
 * @param kernel  K(x_mu, x_nu) at [mu * stride + nu]; the lower triangle is read, and copied
 * @param stride  distance of rows, >= P
 * @param targets  P numbers
 * @param kappa  noise, as for mfl_ridge_fit()
 * @return as mfl_ridge_fit().
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_fit_matrix(mfl_ridge *ridge, int64_t samples, const double *kernel,
                                     int64_t stride, const double *targets, double kappa);

/**
 * @brief Posterior mean and variance from kernel values of the caller's, after
 *     mfl_ridge_fit_matrix().
 * @param ridge  a fitted handle
 * @param cross  K(x_i, x_mu) at [i * stride + mu]: count x P
 * @param count  number of new inputs, >= 1
 * @param stride  distance of rows, >= P
 * @param prior  K(x_i, x_i), count numbers; may be NULL without `variance`
 * @param[out] mean  receives count numbers; may be NULL
 * @param[out] variance  receives count numbers; may be NULL
 * @return as mfl_ridge_predict().
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_predict_matrix(const mfl_ridge *ridge, const double *cross, int64_t count,
                                         int64_t stride, const double *prior, double *mean,
                                         double *variance);

/**
 * @brief Joint posterior covariance of f at new inputs, count x count, both triangles.
 * @param ridge  a fitted handle
 * @param inputs  count inputs of d numbers each
 * @param count  number of inputs, >= 1
 * @param stride  distance between inputs, >= d
 * @param[out] covariance  receives cov(f(x_i), f(x_j)) at [i * covariance_stride + j]
 * @param covariance_stride  distance of rows, >= count
 * @return as mfl_ridge_predict(). Takes count (P + count) numbers of memory and P^2 count
 *         operations.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_covariance(const mfl_ridge *ridge, const double *inputs, int64_t count,
                                     int64_t stride, double *covariance, int64_t covariance_stride);

/**
 * @brief Weights for other targets on the same inputs: rows of (K + kappa^2 I)^-1 targets.
 * @param ridge  a fitted handle (by Cholesky)
 * @param targets  count rows of P numbers
 * @param count  number of right-hand sides, >= 1
 * @param stride  distance of rows of `targets`, >= P
 * @param[out] weights  receives count rows of P numbers; may be `targets`
 * @param weight_stride  distance of rows of `weights`, >= P
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_solve(const mfl_ridge *ridge, const double *targets, int64_t count,
                                int64_t stride, double *weights, int64_t weight_stride);

/**
 * @brief Leave-one-out predictions in closed form: f_mu = y_mu - alpha_mu / G_mu,mu, variance of
 *     y_mu 1 / G_mu,mu, with G = (K + kappa^2 I)^-1.
 * @param ridge  a fitted handle (by Cholesky)
 * @param[out] mean  receives for each sample the prediction from all others; may be NULL
 * @param[out] variance  receives the variance of that observation, noise included; may be NULL
 * @param capacity  numbers at each
 * @return ::MFL_OK; ::MFL_ERROR_STATE; ::MFL_ERROR_BUFFER; ::MFL_ERROR_NOT_FINITE as mfl_ridge_predict();
 *         ::MFL_ERROR_MEMORY. O(P^3).
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_leave_one_out(const mfl_ridge *ridge, double *mean, double *variance,
                                        int64_t capacity);

/**
 * @brief k-fold cross-validated predictions in closed form: y_I - (G_II)^-1 alpha_I for the samples
 *     I of a fold.
 * @param ridge  a fitted handle (by Cholesky)
 * @param fold  P numbers from 0 to folds - 1, the fold of each sample
 * @param folds  number of folds, 2 to P
 * @param[out] mean  receives for each sample the prediction from the other folds
 * @param capacity  numbers at `fold` and `mean`
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE; ::MFL_ERROR_BUFFER;
 *         ::MFL_ERROR_MEMORY. O(P^3).
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_cross_validate(const mfl_ridge *ridge, const int64_t *fold, int64_t folds,
                                         double *mean, int64_t capacity);

/**
 * @brief Evidence and leave-one-out error for many noises from one eigendecomposition of K. No fit
 *     is needed or changed.
 * @param ridge  the handle
 * @param train  as for mfl_ridge_fit()
 * @param kappas  count noises, > 0 (or 0 where K is positive definite)
 * @param count  number of noises, >= 1
 * @param[out] log_evidence  receives count numbers; may be NULL
 * @param[out] error  receives count mean squared leave-one-out errors; may be NULL
 * @return as mfl_ridge_fit(). Takes 3 P^2 numbers of memory, about 9 P^3 operations, and then P^2 a
 *         noise.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_path(const mfl_ridge *ridge, const mfl_dataset *train,
                               const double *kappas, int64_t count, double *log_evidence,
                               double *error);

/**
 * @brief Derivatives of the log evidence at the fit.
 * @param ridge  a fitted handle (by Cholesky)
 * @param[out] log_kappa  receives that to log kappa; may be NULL
 * @param[out] log_sigma_a  receives that to log sigma_a; may be NULL
 * @param[out] log_sigma_w  receives that to log sigma_w, 0 where precisions were set; may be NULL
 * @param[out] log_rho  receives d numbers, those to log rho_j; may be NULL
 * @param capacity  numbers at `log_rho`
 * @return ::MFL_OK; ::MFL_ERROR_STATE; ::MFL_ERROR_BUFFER; ::MFL_ERROR_UNSUPPORTED for weights of a
 *         caller's or precomputed kernel; ::MFL_ERROR_NOT_FINITE as mfl_ridge_log_evidence();
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED. O(P^3 + P^2 d).
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_gradient(const mfl_ridge *ridge, double *log_kappa, double *log_sigma_a,
                                   double *log_sigma_w, double *log_rho, int64_t capacity);

/**
 * @brief Maximise the log evidence over logarithms of what `vary` names, and stay fitted at the
 *     maximum found.
 *
 * The step is that of L-BFGS with a backtracking line search. With ::MFL_RIDGE_VARY_PRECISIONS this
 * is the classical baseline of automatic relevance determination. ::MFL_RIDGE_STOP,
 * ::MFL_RIDGE_KAPPA and so on tell what was found; mfl_ridge_precisions() the rho_j. Maxima are
 * local.
 * @param ridge  the handle
 * @param train  as for mfl_ridge_fit()
 * @param kappa  where to start, > 0
 * @param vary  sum of ::mfl_ridge_vary
 * @return as mfl_ridge_fit(); ::MFL_ERROR_ARGUMENT for a `vary` that makes no sense. After a
 *         failure or a cancellation the handle has its old parameters and no fit.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_optimise(mfl_ridge *ridge, const mfl_dataset *train, double kappa,
                                   int32_t vary);

#ifdef __cplusplus
}
#endif

#endif
