/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file task.h
 * @brief Tasks: a target function and the law of its inputs.
 *
 * Three families of targets. The k-sparse parity f*(x) = prod_{j in S} x_j, |S| = k; the single-index teacher
 * f*(x) = g(u . x), |u| = 1, with g a normalised Hermite polynomial He_q(z)/sqrt(q!), ReLU, or a function of the
 * caller's; and weighted sums of products, of parities (staircases) or of Hermite polynomials of several directions
 * (multi-index teachers). Inputs have mean zero and, except under ::MFL_INPUT_CORRELATED, unit variance in every coordinate.
 *
 * A task is a description: data sets and theories made from it keep what they need, so that later changes do not
 * reach them. Threads: as for every handle, see context.h.
 */
#ifndef MFLEARN_TASK_H
#define MFLEARN_TASK_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a task, for mfl_task_options(). @since 0.1 */
enum mfl_task_option {
    /** choice of ::mfl_input_law; default hypercube for parities, gaussian for single-index
     *  teachers. @since 0.1 */
    MFL_TASK_INPUT_LAW = 3001
};

/** Laws of the inputs x in R^d. @since 0.1 */
enum mfl_input_law {
    MFL_INPUT_HYPERCUBE = 0, /**< uniform on {-1, +1}^d. @since 0.1 */
    MFL_INPUT_GAUSSIAN = 1,  /**< N(0, I_d). @since 0.1 */
    MFL_INPUT_SPHERE = 2,    /**< uniform on the sphere of radius sqrt(d). @since 0.1 */
    MFL_INPUT_CORRELATED = 3 /**< N(0, C), C set by mfl_task_set_covariance(); not for
                                  parities. @since 0.1 */
};

/** Families of targets. @since 0.1 */
enum mfl_task_kind {
    MFL_TASK_PARITY = 1,  /**< prod_{j in S} x_j. @since 0.1 */
    MFL_TASK_HERMITE = 2, /**< He_q(u . x)/sqrt(q!). @since 0.1 */
    MFL_TASK_RELU = 3,    /**< max(u . x, 0). @since 0.1 */
    MFL_TASK_CALLER = 4,  /**< g(u . x), g the caller's. @since 0.1 */
    MFL_TASK_SUM = 5      /**< a sum of products of Hermite polynomials, or of parities. @since 0.1 */
};

/**
 * @brief The function g of a single-index teacher, at `count` points.
 *
 * It must be a pure function with finite values. It is called on the thread that called the library.
 * @param count  number of points
 * @param z  the points u . x
 * @param[out] value  receives g(z)
 * @param user_data  as registered
 * @return 0; anything else aborts the operation with ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
typedef int32_t (*mfl_link_fn)(int64_t count, const double *z, double *value, void *user_data);

/**
 * @brief Describe a k-sparse parity, on the first k coordinates until mfl_task_set_support().
 * @param context  the context
 * @param dimension  d >= 1
 * @param degree  k, 1 <= k <= d
 * @param[out] out  receives the task, NULL on failure; release with mfl_task_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_task_create_parity(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out);

/**
 * @brief Describe the teacher He_q(u . x)/sqrt(q!), with u = e_1 until mfl_task_set_direction().
 * @param context  the context
 * @param dimension  d >= 1
 * @param degree  q, 1 <= q <= 100000; an evaluation takes O(q) by the stable three-term recurrence
 * @param[out] out  receives the task, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_task_create_hermite(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out);

/**
 * @brief Describe the teacher max(u . x, 0), with u = e_1 until mfl_task_set_direction().
 * @param context  the context
 * @param dimension  d >= 1
 * @param[out] out  receives the task, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_task_create_relu(mfl_context *context, int64_t dimension, mfl_task **out);

/**
 * @brief Describe the teacher g(u . x) with g of the caller's, and u = e_1 until mfl_task_set_direction().
 * @param context  the context
 * @param dimension  d >= 1
 * @param link  g
 * @param user_data  passed to it; must outlive everything made from the task
 * @param[out] out  receives the task, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_task_create_caller(mfl_context *context, int64_t dimension, mfl_link_fn link,
                                       void *user_data, mfl_task **out);

/**
 * @brief Describe a weighted sum of products, f*(x) = sum_t c_t prod_j he_{q_tj}(z_j), he_q = He_q/sqrt(q!).
 *
 * The variables z_j are the coordinates x_0, ..., x_{r-1} until mfl_task_set_support() or mfl_task_set_directions().
 * With degrees 0 and 1 alone this is a sum of parities (he_1(z) = z), and the input law is the hypercube; otherwise it is
 * gaussian. Either way ::MFL_TASK_INPUT_LAW can be set to the other: degrees 0 and 1 on gaussian inputs are products of
 * linear functions. The products are orthonormal under both laws. For example, the staircase x_0 + x_0 x_1 / 2 has
 * variables 2, terms 2, degrees {1, 0, 1, 1}, coefficients {1, 0.5}; a Hermite expansion in one direction has one
 * variable.
 * @param context  the context
 * @param dimension  d >= 1
 * @param variables  r, 1 <= r <= min(d, 64)
 * @param terms  number of products, 1 to 10000
 * @param degrees  terms x r, row-major: q_tj, 0 to 100000; copied
 * @param coefficients  c_t, one a term; copied
 * @param[out] out  receives the task, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_task_create_sum(mfl_context *context, int64_t dimension, int64_t variables, int64_t terms,
                                    const int64_t *degrees, const double *coefficients, mfl_task **out);

/** @brief Release a task. @param task  may be NULL @since 0.1 */
MFL_API void mfl_task_destroy(mfl_task *task);

/**
 * @brief The options of the task (::mfl_task_option).
 * @param task  the task
 * @param[out] options  receives a borrowed pointer that lives as long as the task
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_task_options(mfl_task *task, mfl_options **options);

/**
 * @brief Choose the coordinates S of a parity, or those that are the variables of a sum.
 * @param task  a parity or a sum
 * @param support  the coordinates, counted from 0, all different: of a parity in any order, of a sum that of each
 *                 variable in turn; copied
 * @param count  k of a parity or r of a sum, as at creation
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT (a coordinate out of range or named
 *         twice); ::MFL_ERROR_STATE for a single-index teacher. O(k log k).
 * @since 0.1
 */
MFL_API int32_t mfl_task_set_support(mfl_task *task, const int64_t *support, int64_t count);

/**
 * @brief Choose the direction u of a single-index teacher.
 * @param task  a single-index teacher
 * @param direction  d numbers, not all zero; copied and divided by their Euclidean length
 * @param count  d
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT (zero vector);
 *         ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_STATE for a parity or sum.
 * @since 0.1
 */
MFL_API int32_t mfl_task_set_direction(mfl_task *task, const double *direction, int64_t count);

/**
 * @brief Let the variables of a sum be directions, z_j = u_j . x.
 * @param task  a sum
 * @param directions  u_1, ..., u_r, r x d, row-major, orthonormal to 1e-8; copied, and made orthonormal to rounding
 * @param count  r, as at creation
 * @param dimension  d
 * @param row_stride  elements from one direction to the next, >= d
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT (not orthonormal); ::MFL_ERROR_STATE for
 *         other tasks; ::MFL_ERROR_MEMORY. O(r^2 d).
 * @since 0.1
 */
MFL_API int32_t mfl_task_set_directions(mfl_task *task, const double *directions, int64_t count, int64_t dimension,
                                        int64_t row_stride);

/**
 * @brief Draw inputs from N(0, C); sets ::MFL_TASK_INPUT_LAW to correlated.
 * @param task  a single-index teacher
 * @param covariance  C, d x d, row-major, symmetric to rounding (the lower triangle is used) and positive definite
 * @param dimension  d
 * @param row_stride  elements from one row to the next, >= d
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT (not symmetric);
 *         ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_NOT_POSITIVE_DEFINITE; ::MFL_ERROR_STATE for a parity or sum;
 *         ::MFL_ERROR_MEMORY. O(d^3/3).
 * @since 0.1
 */
MFL_API int32_t mfl_task_set_covariance(mfl_task *task, const double *covariance, int64_t dimension,
                                        int64_t row_stride);

/**
 * @brief What the task is.
 * @param task  the task
 * @param[out] kind  receives ::mfl_task_kind; may be NULL
 * @param[out] dimension  receives d; may be NULL
 * @param[out] degree  receives k of a parity, q of a Hermite teacher, else 0; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_task_shape(const mfl_task *task, int32_t *kind, int64_t *dimension, int64_t *degree);

/**
 * @brief Noise-free targets of given inputs.
 * @param task  the task
 * @param rows  number of inputs, >= 0
 * @param inputs  rows x d, row-major
 * @param row_stride  elements from one row to the next, >= d
 * @param[out] targets  receives f*(x) of each row
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_CALLBACK; ::MFL_ERROR_NOT_FINITE (an
 *         input, or a value of the caller's function).
 * @since 0.1
 */
MFL_API int32_t mfl_task_evaluate(const mfl_task *task, int64_t rows, const double *inputs, int64_t row_stride,
                                  double *targets);

/**
 * @brief Mean and mean square of the noise-free target under the input law.
 *
 * Exact for parities, for Hermite teachers and sums on N(0, I_d), and for sums of parities on the hypercube.
 * Otherwise the one-dimensional law of u . x is
 * integrated by composite Gauss-Legendre quadrature (Gaussian and sphere) or summed over all sign patterns
 * (hypercube, when u has at most 20 components that are not zero).
 * @param task  the task
 * @param[out] mean  receives E f*; may be NULL
 * @param[out] mean_square  receives E f*^2; may be NULL
 * @param[out] error  receives the estimated absolute error of both, 0 if exact; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_UNSUPPORTED (hypercube, u with more than 20 components; other sums: average over
 *         drawn targets instead); ::MFL_ERROR_CALLBACK; ::MFL_ERROR_NOT_FINITE.
 * @since 0.1
 */
MFL_API int32_t mfl_task_moments(const mfl_task *task, double *mean, double *mean_square, double *error);

#ifdef __cplusplus
}
#endif

#endif
