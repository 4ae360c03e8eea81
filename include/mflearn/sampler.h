/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file sampler.h
 * @brief Markov chains that draw networks from the posterior exp(-U) of (T2).
 *
 * Stochastic gradient Langevin dynamics, full batch and fixed step (T3):
 * theta <- theta - eta grad U + sqrt(2 eta) xi. In an optimiser's words: learning rate eta kappa^2 on the loss
 * 1/2 sum_mu (y_mu - f_mu)^2 with weight decay kappa^2 d/sigma_w^2 on the first layer and kappa^2/sigma_a^2 on the
 * readout, at temperature T = kappa^2. Its stationary law differs from the posterior by O(eta): a direction of
 * curvature L has its variance multiplied by 1/(1 - eta L/2).
 *
 * Same seed, data and options: the same numbers, for any number of threads.
 */
#ifndef MFLEARN_SAMPLER_H
#define MFLEARN_SAMPLER_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a sampler, for mfl_sampler_options(). After the first run only the number of draws can change; the
 *  others answer ::MFL_ERROR_STATE. Seed and instruction set are those of the context at the first run. @since 0.1 */
enum mfl_sampler_option {
    /** number >= 0: step size eta; 0 (default) takes ::MFL_SAMPLER_STEP_FRACTION of the stability limit. @since 0.1 */
    MFL_SAMPLER_STEP_SIZE = 5001,
    /** number in (0, 2): automatic steps are eta = fraction / L, L the largest curvature met during burn-in;
     *  2 is the limit of stability; default 0.4. @since 0.1 */
    MFL_SAMPLER_STEP_FRACTION = 5002,
    /** int in [1, 4096]: independent chains, each started from its own prior draw; default 2. @since 0.1 */
    MFL_SAMPLER_CHAINS = 5003,
    /** int >= 0: steps of each chain before the first draw; default 20000. @since 0.1 */
    MFL_SAMPLER_BURN_IN = 5004,
    /** int >= 1: draws of each chain in one run; default 800. @since 0.1 */
    MFL_SAMPLER_DRAWS = 5005,
    /** int >= 1: steps from one draw to the next; default 25. @since 0.1 */
    MFL_SAMPLER_THINNING = 5006,
    /** choice of ::mfl_precision: arithmetic of the steps; default float32. @since 0.1 */
    MFL_SAMPLER_PRECISION = 5007,
    /** int in [0, 4096): which independent run of one seed. Chain c starts from prior draw 4096 run_index + c of
     *  mfl_network_draw_prior(); default 0. @since 0.1 */
    MFL_SAMPLER_RUN_INDEX = 5008,
    /** choice none|first_layer|readout: weights that keep their initial values; default none. @since 0.1 */
    MFL_SAMPLER_FREEZE = 5009
};

/** Arithmetic of the inner loops. Sums over samples that enter results are in double either way. @since 0.1 */
enum mfl_precision {
    MFL_PRECISION_FLOAT32 = 0, /**< single precision. @since 0.1 */
    MFL_PRECISION_FLOAT64 = 1  /**< double precision. @since 0.1 */
};

/** Weights that do not move. @since 0.1 */
enum mfl_freeze {
    MFL_FREEZE_NONE = 0,        /**< all weights move. @since 0.1 */
    MFL_FREEZE_FIRST_LAYER = 1, /**< W keeps its start; the posterior of a is Gaussian. @since 0.1 */
    MFL_FREEZE_READOUT = 2      /**< a keeps its start. @since 0.1 */
};

/** Results of a sampler, for mfl_sampler_get(). "Mean predictor": predictions averaged over all draws of all
 *  chains. Errors are mean squared errors without a factor 1/2, against noise-free targets where the data have
 *  them. Not-a-number where a result does not apply. @since 0.1 */
enum mfl_sampler_result {
    MFL_SAMPLER_TRAIN_ERROR = 5101,       /**< error of the mean predictor on the training targets. @since 0.1 */
    MFL_SAMPLER_TEST_ERROR = 5102,        /**< error of the mean predictor on the test set. @since 0.1 */
    MFL_SAMPLER_TEST_ERROR_DRAW = 5103,   /**< error of single draws on the test set, averaged. @since 0.1 */
    MFL_SAMPLER_TEST_ERROR_NOISY = 5104,  /**< error of the mean predictor on the noisy test targets. @since 0.1 */
    MFL_SAMPLER_ORDER_PARAMETER = 5105,   /**< m of the task's mode, from the weights, averaged. @since 0.1 */
    MFL_SAMPLER_ORDER_PARAMETER_SE = 5106, /**< its standard error: the larger of that between chains and that
                                               between tenths of chains; too small while chains still drift.
                                               @since 0.1 */
    MFL_SAMPLER_POTENTIAL = 5107,         /**< U of (T2), averaged over draws. @since 0.1 */
    MFL_SAMPLER_STEP = 5108,              /**< smallest step size eta in use. @since 0.1 */
    MFL_SAMPLER_DRAWS_TOTAL = 5109,       /**< draws so far, over all chains. @since 0.1 */
    MFL_SAMPLER_STEPS_TOTAL = 5110,       /**< steps so far, over all chains. @since 0.1 */
    MFL_SAMPLER_STOP = 5111,              /**< ::mfl_stop of the last run. @since 0.1 */
    MFL_SAMPLER_TEST_ERROR_SE = 5112,     /**< standard error of TEST_ERROR by the jackknife over chains. @since 0.1 */
    MFL_SAMPLER_TRAIN_ERROR_DRAW = 5113   /**< error of single draws on the training targets, averaged. @since 0.1 */
};

/** Traces of a sampler: one number a draw, for mfl_sampler_trace(). @since 0.1 */
enum mfl_sampler_trace_kind {
    MFL_TRACE_POTENTIAL = 1,       /**< U. @since 0.1 */
    MFL_TRACE_ORDER_PARAMETER = 2, /**< m of the task's mode. @since 0.1 */
    MFL_TRACE_TEST_ERROR = 3       /**< error of the draw on the test set. @since 0.1 */
};

/**
 * @brief Prepare to sample the posterior of a model given data.
 * @param model  the network, of finite width; copied
 * @param dataset  the training set, of the model's input dimension; kept alive by the sampler
 * @param kappa  noise, > 0
 * @param[out] out  receives the sampler, NULL on failure; release with mfl_sampler_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE; ::MFL_ERROR_CONTEXT;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_create(const mfl_model *model, const mfl_dataset *dataset, double kappa,
                                   mfl_sampler **out);

/** @brief Release a sampler. @param sampler  may be NULL @since 0.1 */
MFL_API void mfl_sampler_destroy(mfl_sampler *sampler);

/**
 * @brief The options of the sampler (::mfl_sampler_option).
 * @param sampler  the sampler
 * @param[out] options  receives a borrowed pointer that lives as long as the sampler
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_options(mfl_sampler *sampler, mfl_options **options);

/**
 * @brief Collect predictions on a test set.
 * @param sampler  a sampler that has not run
 * @param dataset  inputs of the model's dimension, with targets; kept alive by the sampler
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE after the first run; ::MFL_ERROR_CONTEXT.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_set_test(mfl_sampler *sampler, const mfl_dataset *dataset);

/**
 * @brief Measure the order parameter of a task's mode on every draw (mfl_network_order_parameter()).
 * @param sampler  a sampler that has not run
 * @param task  of the model's dimension, a parity of degree up to 12 or a Hermite teacher; kept alive by the sampler
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE; ::MFL_ERROR_UNSUPPORTED;
 *         ::MFL_ERROR_CONTEXT.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_set_task(mfl_sampler *sampler, const mfl_task *task);

/**
 * @brief Start all chains from a given network instead of from prior draws.
 * @param sampler  a sampler that has not run
 * @param network  of the model's shape; copied
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE; ::MFL_ERROR_CONTEXT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_set_start(mfl_sampler *sampler, const mfl_network *network);

/**
 * @brief Run the chains: burn-in the first time, then a number of draws of each. Run again for more draws.
 *
 * Chains run in parallel on the context's threads. A cancelled run keeps the draws that every chain has made, and
 * can be resumed by running again. Cost of a step: about 4 N d P operations.
 * @param sampler  the sampler
 * @return ::MFL_OK, also when cancelled (::MFL_SAMPLER_STOP says so); ::MFL_ERROR_DIVERGED with the chain, the step
 *         and a remedy; ::MFL_ERROR_NOT_FINITE where a chain starts with predictions that are not finite;
 *         ::MFL_ERROR_CALLBACK, after which the run can be tried again; ::MFL_ERROR_MEMORY; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_STATE after a divergence.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_run(mfl_sampler *sampler);

/**
 * @brief Read a result.
 * @param sampler  the sampler
 * @param key  ::mfl_sampler_result
 * @param[out] value  receives the result; not-a-number where it does not apply
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT for an unknown key.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_get(const mfl_sampler *sampler, int32_t key, double *value);

/**
 * @brief Mean and standard deviation over draws of the prediction at every test input.
 * @param sampler  a sampler with a test set and draws
 * @param[out] mean  receives one number a test input; may be NULL
 * @param[out] deviation  receives the standard deviation of f over the posterior (without kappa); may be NULL
 * @param capacity  numbers that fit at each
 * @return ::MFL_OK; ::MFL_ERROR_BUFFER; ::MFL_ERROR_STATE without test set or draws.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_predictions(const mfl_sampler *sampler, double *mean, double *deviation,
                                        int64_t capacity);

/**
 * @brief Second moment of the first-layer weights per input coordinate, averaged over neurons and draws.
 * @param sampler  a sampler with draws
 * @param[out] moments  receives d numbers <w_j^2>
 * @param capacity  numbers that fit
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_BUFFER; ::MFL_ERROR_STATE without draws.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_second_moments(const mfl_sampler *sampler, double *moments, int64_t capacity);

/**
 * @brief One chain's values of a quantity, one a draw.
 * @param sampler  the sampler
 * @param kind  ::mfl_sampler_trace_kind
 * @param chain  from 0
 * @param[out] values  receives them; may be NULL when capacity is 0
 * @param capacity  numbers that fit
 * @param[out] count  receives the number of draws; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_BUFFER if they do not all fit (the first ones are there).
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_trace(const mfl_sampler *sampler, int32_t kind, int64_t chain, double *values,
                                  int64_t capacity, int64_t *count);

/**
 * @brief Diagnostics of a trace: R-hat, effective sample sizes and standard errors (diagnostics.h).
 *
 * Over the draws that every chain has made.
 * @param sampler  the sampler
 * @param kind  ::mfl_sampler_trace_kind
 * @param keys  what is asked for: count numbers of ::mfl_diagnostic
 * @param count  how many
 * @param[out] results  receives count numbers, not-a-number where there are too few draws
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE for a trace that is not measured;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_diagnose(const mfl_sampler *sampler, int32_t kind, const int32_t *keys, int64_t count,
                                     double *results);

/**
 * @brief Copy a chain's present state.
 * @param sampler  a sampler that has run
 * @param chain  from 0
 * @param[out] out  receives a new network, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE before the first run;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_network(const mfl_sampler *sampler, int64_t chain, mfl_network **out);

#ifdef __cplusplus
}
#endif

#endif
