/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file ridge.h
 * @brief Kernel ridge regression with the infinite-width kernel of a network: Gaussian-process
 * regression.
 *
 * A network whose weights stay as independent as its prior makes them acts as the kernel
 * K(x, x') = N^(1 - 2 gamma) sigma_a^2 E[phi(w . x) phi(w . x')], w ~ N(0, sigma_w^2 / d I): the
 * NNGP kernel. With observation noise of variance kappa^2 its posterior mean is kernel ridge
 * regression,
 *
 *     f(x)        = k(x)^T (K + kappa^2 I)^-1 y,
 *     variance(x) = K(x, x) - k(x)^T (K + kappa^2 I)^-1 k(x).
 *
 * This is the limit of infinite width of the network and the baseline that shows what learning
 * features adds.
 *
 * Closed forms are used for the activations relu (the arc-cosine kernel of Cho and Saul, 2009), erf
 * (Williams, 1997) and linear; the error stays below 1e-13 sqrt(K(x, x) K(x', x')), also for inputs
 * that are parallel, opposite, zero or of very different length.
 *
 * **Infinite width.** Away from gamma = 1/2 the kernel of N neurons tends to zero or infinity with
 * N, so a model of width 0 is accepted only with gamma = 1/2.
 *
 * A handle is made once from a model, then fitted as often as wanted. The factorisation and the
 * products with whole matrices run on the threads that the host has given to its BLAS, everything
 * else on those of the context.
 */
#ifndef MFLEARN_RIDGE_H
#define MFLEARN_RIDGE_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Prepare kernel ridge regression with the kernel of a model.
 * @param model  the network, copied; its width may be 0 (infinite) if gamma is 1/2
 * @param[out] out  receives the handle, NULL on failure; release with mfl_ridge_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_UNSUPPORTED for an activation whose kernel this
 *         version lacks; ::MFL_ERROR_ARGUMENT for infinite width with gamma other than 1/2;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_create(const mfl_model *model, mfl_ridge **out);

/** @brief Release a handle. @param ridge  may be NULL @since 0.1 */
MFL_API void mfl_ridge_destroy(mfl_ridge *ridge);

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
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_kernel(const mfl_ridge *ridge, const double *rows, int64_t row_count,
                                 int64_t row_stride, const double *columns, int64_t column_count,
                                 int64_t column_stride, double *kernel, int64_t kernel_stride);

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
 *         differ; ::MFL_ERROR_STATE without targets; ::MFL_ERROR_CONTEXT; ::MFL_ERROR_NOT_FINITE
 *         if K overflows; ::MFL_ERROR_NOT_POSITIVE_DEFINITE if kappa is too small for inputs that
 *         are equal or nearly so: raise kappa; ::MFL_ERROR_MEMORY; ::MFL_ERROR_CANCELLED. After a
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
 * @brief Logarithm of the marginal likelihood (evidence) of the targets,
 * -1/2 y^T (K + kappa^2)^-1 y - 1/2 log det(K + kappa^2) - P/2 log(2 pi).
 * @param ridge  a fitted handle
 * @param[out] log_evidence  receives the number, in natural units
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE before a fit.
 * @since 0.1
 */
MFL_API int32_t mfl_ridge_log_evidence(const mfl_ridge *ridge, double *log_evidence);

/**
 * @brief The weights alpha = (K + kappa^2 I)^-1 y, so that f(x) = sum_mu alpha_mu K(x_mu, x). On
 * the training inputs f(x_mu) = y_mu - kappa^2 alpha_mu.
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

#ifdef __cplusplus
}
#endif

#endif
