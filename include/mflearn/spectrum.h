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
 * @brief The exact spectrum of a regression's kernel by degree.
 *
 * Entries are the degrees 0 .. degrees - 1. Values are sums of positive terms (from the power
 * series of the kernel in cos theta), so that even the smallest keep their relative accuracy, about
 * 1e-12; below 1e-308 they are 0. For tanh and a caller's activation the series has an absolute
 * error, see ::MFL_RIDGE_KERNEL_ERROR.
 *
 * Gaussian inputs: eigenfunctions are products of Hermite functions for rbf, and lengths times
 * spherical harmonics for the homogeneous kernels (relu, leaky, linear, quadratic, sign); others
 * are not diagonal by degree and are refused; take mfl_spectrum_of_data() for them.
 * @param ridge  kernel and dimension, without precisions of their own
 * @param law  ::mfl_spectrum_law
 * @param degrees  number of degrees, >= 1; for the hypercube at most d + 1
 * @param[out] out  receives the handle, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_UNSUPPORTED;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees,
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
 * @param power  for each entry the target's v_i^2 >= 0; NULL: that of mfl_spectrum_of_data()
 * @param samples  n > 0, not necessarily whole
 * @param ridge  delta = kappa^2 >= 0
 * @param noise  variance of label noise, >= 0
 * @param[out] results  receives ::MFL_SPECTRUM_RESULTS numbers
 * @param[out] learnability  receives L_i for each entry; may be NULL
 * @param capacity  numbers at `learnability`
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_BUFFER;
 *         ::MFL_ERROR_DIVERGED where the test error is infinite: no ridge, and exactly as many
 *         modes as samples.
 * @since 0.1
 */
MFL_API int32_t mfl_spectrum_learn(const mfl_spectrum *spectrum, const double *power,
                                   double samples, double ridge, double noise, double *results,
                                   double *learnability, int64_t capacity);

#ifdef __cplusplus
}
#endif

#endif
