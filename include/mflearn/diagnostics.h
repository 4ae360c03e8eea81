/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file diagnostics.h
 * @brief Have Markov chains converged, and how much do their draws tell?
 *
 * For any scalar quantity, one number a draw of several chains. Definitions of A. Vehtari, A.
 * Gelman, D. Simpson, B. Carpenter, P. Buerkner, "Rank-normalization, folding, and localization: an
 * improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021) 667; equal to
 * Stan's R package `posterior`. Each chain is cut into halves (an odd chain without its middle
 * draw), which count as chains, so that one drifting chain is noticed too. Trust a result when
 * R-hat is below 1.01 and both effective sample sizes are above 100 a chain.
 *
 * Numbers without a meaning are not-a-number: everything but mean and deviation if all draws are
 * equal; everything if a draw is infinite or not a number; R-hat of chains of fewer than 4 draws,
 * sample sizes and standard errors of fewer than 6. Chains that never move, each at a place of its
 * own, have an R-hat of infinity.
 */
#ifndef MFLEARN_DIAGNOSTICS_H
#define MFLEARN_DIAGNOSTICS_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What mfl_diagnose() tells of a trace. An effective sample size (ESS) is the number of
 * independent draws with the same standard error. "Normalised": ranks over all chains, mapped to a
 * normal law, take the place of the draws, so that heavy tails do no harm. @since 0.1 */
enum mfl_diagnostic {
    /** mean over all draws of all chains. @since 0.1 */
    MFL_DIAGNOSTIC_MEAN = 9001,
    /** standard deviation over all draws. @since 0.1 */
    MFL_DIAGNOSTIC_DEVIATION = 9002,
    /** the larger of the next two. @since 0.1 */
    MFL_DIAGNOSTIC_R_HAT = 9003,
    /** normalised split R-hat: do chains agree on the place? @since 0.1 */
    MFL_DIAGNOSTIC_R_HAT_BULK = 9004,
    /** the same of distances from the median: do they agree on the scale? @since 0.1 */
    MFL_DIAGNOSTIC_R_HAT_FOLDED = 9005,
    /** ESS of the normalised draws. @since 0.1 */
    MFL_DIAGNOSTIC_ESS_BULK = 9006,
    /** the smaller ESS of the 5 % and 95 % quantiles. @since 0.1 */
    MFL_DIAGNOSTIC_ESS_TAIL = 9007,
    /** ESS of the mean, from the draws as they are. @since 0.1 */
    MFL_DIAGNOSTIC_ESS_MEAN = 9008,
    /** Monte Carlo standard error of the mean. @since 0.1 */
    MFL_DIAGNOSTIC_MCSE_MEAN = 9009,
    /** that of the standard deviation. @since 0.1 */
    MFL_DIAGNOSTIC_MCSE_DEVIATION = 9010
};

/**
 * @brief Diagnostics of a trace.
 * @param context  the context
 * @param values  draw i of chain c at values[c * stride + i]
 * @param chains  number of chains, >= 1
 * @param draws  draws of each chain, >= 1
 * @param stride  numbers from one chain to the next, >= draws
 * @param keys  what is asked for: count numbers of ::mfl_diagnostic
 * @param count  how many, >= 1
 * @param[out] results  receives count numbers
 * @return ::MFL_OK, also when numbers are not-a-number; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_ARGUMENT for an unknown key; ::MFL_ERROR_MEMORY. O(S log S) for S draws
 *         altogether, whatever is asked for: ask for all at once.
 * @since 0.1
 */
MFL_API int32_t mfl_diagnose(mfl_context *context, const double *values, int64_t chains,
                             int64_t draws, int64_t stride, const int32_t *keys, int64_t count,
                             double *results);

/**
 * @brief Quantiles of a trace and how well they are known.
 * @param context  the context
 * @param values  draw i of chain c at values[c * stride + i]
 * @param chains  number of chains, >= 1
 * @param draws  draws of each chain, >= 1
 * @param stride  numbers from one chain to the next, >= draws
 * @param probabilities  count numbers in [0, 1]; 0.5 is the median
 * @param count  how many, >= 1
 * @param[out] quantiles  receives count quantiles, linear between order statistics (definition 7 of
 * Hyndman and Fan); may be NULL
 * @param[out] ess  receives the effective sample size of each; may be NULL
 * @param[out] mcse  receives half the distance of the ends of each one's interval of one standard
 * error; may be NULL
 * @return as mfl_diagnose(); ::MFL_ERROR_ARGUMENT for a probability outside [0, 1].
 * @since 0.1
 */
MFL_API int32_t mfl_diagnose_quantiles(mfl_context *context, const double *values, int64_t chains,
                                       int64_t draws, int64_t stride, const double *probabilities,
                                       int64_t count, double *quantiles, double *ess, double *mcse);

#ifdef __cplusplus
}
#endif

#endif
