/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file spectrum.h
 * @brief Learning curves of kernel ridge regression from the spectrum of its kernel.
 *
 * For eigenvalues lambda_i (with multiplicities m_i) of the kernel under the law of the inputs, n
 * samples, ridge delta and label noise of variance s^2, the effective ridge r solves
 *
 *     sum_i m_i lambda_i / (lambda_i + r) + delta / r = n.
 *
 * Mode i is learned to the fraction L_i = lambda_i / (lambda_i + r), its learnability. With target
 * power v_i^2 in it (the sum of squared coefficients over the multiplicity),
 *
 *     E0    = n / (n - sum_i m_i L_i^2)                      the overfitting factor,
 *     test  = E0 (sum_i v_i^2 (1 - L_i)^2 + s^2)             noise of the test labels included,
 *     train = (delta / (n r))^2 test.
 *
 * n r is the renormalised noise of mean-field theories (T16). Sources: B. Bordelon, A. Canatar, C.
 * Pehlevan (ICML 2020); J. Simon, M. Dickens, D. Karkada, M. DeWeese (2021, arXiv:2110.03922). The
 * predictions are asymptotic: exact for n and the number of modes to infinity, a few per cent off
 * at n of some tens.
 *
 * **Gaussian inputs** have a direction and a length, and all features of an input share the length:
 * against the assumption above they are not independent, which raises errors by some 8 per cent at d =
 * 20. A spectrum of mfl_spectrum_of_task() keeps the lengths apart, and the effective ridge becomes
 * a function of the length (the equations are in lib/ridge/shells_curve.c and doc/ridge.md).
 *
 * A kernel has infinitely many modes; what a spectrum leaves out is its `rest`, a trace spread over
 * eigenvalues so small that it acts as additional ridge.
 */
#ifndef MFLEARN_SPECTRUM_H
#define MFLEARN_SPECTRUM_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Laws of inputs with spectra by degree. @since 0.1 */
enum mfl_spectrum_law {
    MFL_SPECTRUM_HYPERCUBE = 0, /**< uniform on {-1, +1}^d; parities of degree k. @since 0.1 */
    MFL_SPECTRUM_GAUSSIAN = 1,  /**< N(0, I_d). @since 0.1 */
    MFL_SPECTRUM_SPHERE = 2     /**< uniform on |x| = sqrt(d); spherical harmonics. @since 0.1 */
};

/**
 * @brief A spectrum of the caller's.
 * @param context  the context
 * @param count  number of distinct entries, >= 1
 * @param values  count eigenvalues, finite and >= 0
 * @param multiplicities  count numbers > 0; NULL: all 1
 * @param rest  trace that the entries leave out, >= 0
 * @param[out] out  receives the handle, NULL on failure; release with mfl_spectrum_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_create(mfl_context *context, int64_t count, const double *values,
                                    const double *multiplicities, double rest, mfl_spectrum **out);

/**
 * @brief The spectrum of a regression's kernel by degree under a law of its inputs.
 *
 * Hypercube and sphere: one entry for each of the degrees 0 .. degrees - 1. Values are sums of
 * positive terms (from the power series of the kernel in cos theta), so that even the smallest keep
 * their relative accuracy, about 1e-12; below 1e-308 they are 0. For tanh the error is absolute,
 * 1e-15 of the trace.
 *
 * Gaussian inputs: eigenfunctions are spherical harmonics times functions of the length, so a degree
 * has several entries (the homogeneous kernels, relu, leaky, linear and sign, have one), largest
 * first; mfl_spectrum_degrees() tells the degree of each. They come from sums over lengths, which
 * are refined until they settle: see mfl_spectrum_error(). Modes below 1e-15 of the first of their
 * degree are left to the rest.
 * @param ridge  kernel and dimension, without precisions of their own
 * @param law  ::mfl_spectrum_law
 * @param degrees  number of degrees, >= 1; for the hypercube at most d + 1
 * @param[out] out  receives the handle, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_UNSUPPORTED (a caller's
 *         kernel or a matrix; multiplicities beyond the range of numbers; a kernel that varies with
 *         the length too fast to be resolved); ::MFL_ERROR_MEMORY; ::MFL_ERROR_CALLBACK;
 *         ::MFL_ERROR_CANCELLED.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees,
                                       mfl_spectrum **out);

/**
 * @brief The spectrum of a regression's kernel by degree under the law of a task's inputs, with the
 *     power of the task's target.
 *
 * For parities on the hypercube, the sphere and Gaussian inputs, and Hermite teachers on the latter
 * two. Target power in functions that the kernel cannot express, such as |x|^2 - c |x| times
 * harmonics with relu and Gaussian inputs, belongs to no entry, and is never learned.
 * @param ridge  kernel and dimension, without precisions of their own
 * @param task  target and law of the inputs, of the same dimension
 * @param degrees  number of degrees, above that of the target
 * @param[out] out  receives the handle, NULL on failure
 * @return as mfl_spectrum_of_kernel(); ::MFL_ERROR_SIZE if the dimensions differ;
 *         ::MFL_ERROR_UNSUPPORTED for other targets and laws, and degrees of the target above 200.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_of_task(const mfl_ridge *ridge, const mfl_task *task, int64_t degrees,
                                     mfl_spectrum **out);

/**
 * @brief The empirical spectrum: eigenvalues of K / P on a data set, largest first, with the power
 *     of its targets in each eigenvector, (u_i . y)^2 / P.
 * @param ridge  the kernel
 * @param dataset  P samples with targets
 * @param[out] out  receives the handle, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE; ::MFL_ERROR_MEMORY;
 *         ::MFL_ERROR_CANCELLED. O(P^3); 3 P^2 numbers of memory.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_of_data(const mfl_ridge *ridge, const mfl_dataset *dataset,
                                     mfl_spectrum **out);

/** @brief Release a handle. @param spectrum  may be NULL @since 0.1 */
MFL_API void mfl_spectrum_destroy(mfl_spectrum *spectrum);

/**
 * @brief Number of entries, and the trace that they leave out.
 * @param spectrum  the handle
 * @param[out] count  receives the number; may be NULL
 * @param[out] rest  receives the trace; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_shape(const mfl_spectrum *spectrum, int64_t *count, double *rest);

/**
 * @brief The entries.
 * @param spectrum  the handle
 * @param[out] values  receives the eigenvalues; may be NULL
 * @param[out] multiplicities  receives their multiplicities; may be NULL
 * @param[out] power  receives the target power known to the spectrum, else 0; may be NULL
 * @param capacity  numbers at each
 * @return ::MFL_OK; ::MFL_ERROR_BUFFER.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_read(const mfl_spectrum *spectrum, double *values,
                                  double *multiplicities, double *power, int64_t capacity);

/**
 * @brief The degree of each entry.
 * @param spectrum  of mfl_spectrum_of_kernel() or mfl_spectrum_of_task()
 * @param[out] degrees  receives the degrees
 * @param capacity  numbers that fit
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE for a spectrum that is not by degree;
 *         ::MFL_ERROR_BUFFER.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_degrees(const mfl_spectrum *spectrum, int64_t *degrees,
                                     int64_t capacity);

/**
 * @brief Error of the entries beyond rounding, relative to the largest eigenvalue of their degree.
 *
 * For Gaussian inputs what the last halving of the spacing of lengths changed, an overestimate, and
 * the share of the trace that the power series left out; for a caller's activation also the error of
 * its kernel (mfl_ridge_kernel_error()). Else 0.
 * @param spectrum  the handle
 * @param[out] error  receives the estimate
 * @return ::MFL_OK; ::MFL_ERROR_NULL.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_error(const mfl_spectrum *spectrum, double *error);

/** Numbers of a learning curve, by their place in the output of mfl_spectrum_learn(). @since 0.1 */
enum mfl_spectrum_result {
    MFL_SPECTRUM_EFFECTIVE_RIDGE = 0, /**< r. @since 0.1 */
    MFL_SPECTRUM_OVERFITTING = 1,     /**< E0. @since 0.1 */
    MFL_SPECTRUM_TEST_ERROR = 2,      /**< with the noise of test labels. @since 0.1 */
    MFL_SPECTRUM_TRAIN_ERROR = 3,     /**< on the noisy labels. @since 0.1 */
    MFL_SPECTRUM_RESULTS = 4          /**< how many there are. @since 0.1 */
};

/**
 * @brief One point of the learning curve.
 * @param spectrum  the handle
 * @param power  for each entry the target's v_i^2 >= 0; NULL: that of mfl_spectrum_of_data() or
 *     mfl_spectrum_of_task(), the latter with lengths kept apart for Gaussian inputs, where r then
 *     is the harmonic mean over lengths
 * @param samples  n > 0, not necessarily whole
 * @param ridge  delta = kappa^2 >= 0
 * @param noise  variance of label noise, >= 0
 * @param[out] results  receives ::MFL_SPECTRUM_RESULTS numbers
 * @param[out] learnability  receives L_i for each entry; may be NULL
 * @param capacity  numbers at `learnability`
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_BUFFER;
 *         ::MFL_ERROR_DIVERGED where the test error is infinite: no ridge, and exactly as many
 *         modes as samples (or, with lengths kept apart, no more).
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_learn(const mfl_spectrum *spectrum, const double *power,
                                   double samples, double ridge, double noise, double *results,
                                   double *learnability, int64_t capacity);

#ifdef __cplusplus
}
#endif

#endif
