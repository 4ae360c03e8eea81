/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file sampler.h
 * @brief Markov chains that draw networks from the posterior exp(-U) of (T2).
 *
 * Methods (::mfl_method), all over the weights theta = (W, a), with a mass for each weight (::mfl_mass), of which the
 * whitened coordinates q, theta = scale q with scale = mass^-1/2, are an equal way to speak:
 *
 * - Langevin dynamics (SGLD), q <- q - eta dU/dq + sqrt(2 eta) xi (T3), of all samples or of minibatches, whose sum is
 *   multiplied by P/batch. Its stationary law differs from the posterior by O(eta): a direction of curvature L has its
 *   variance multiplied by 1/(1 - eta L/2). In an optimiser's words, with unit mass: learning rate eta/kappa^2 on the
 *   loss 1/2 sum_mu (y_mu - f_mu)^2 with weight decay kappa^2 d/sigma_w^2 on the first layer and kappa^2/sigma_a^2
 *   on the readout, at temperature T = kappa^2 (doc/sampling.md).
 * - Gradient descent: the same without noise.
 * - MALA and Hamiltonian Monte Carlo, which accept or reject and so leave the posterior exactly invariant, in float32,
 *   too: forces may be rounded, the U that decides is computed in float64.
 * - Underdamped Langevin dynamics (BAOAB); with minibatches it is stochastic-gradient HMC.
 *
 * With any of them the readouts can be redrawn exactly from their Gaussian law given W (::MFL_SAMPLER_GIBBS).
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
    /** number >= 0: step size eta of SGLD and gradient descent, time step h of the others (h^2/2 in the role of eta);
     *  0 (default) chooses it by ::MFL_SAMPLER_STEP_FRACTION, and for MALA and HMC then adapts it during burn-in to an
     *  acceptance of 0.574 and 0.8. @since 0.1 */
    MFL_SAMPLER_STEP_SIZE = 5001,
    /** number in (0, 2): automatic steps are eta = fraction / L, L the largest curvature met during burn-in in
     *  whitened coordinates; 2 is the limit of stability; default 0.4. With minibatches the step is multiplied by
     *  batch/P. @since 0.1 */
    MFL_SAMPLER_STEP_FRACTION = 5002,
    /** int in [1, 4096]: independent chains, each started from its own prior draw; default 2. @since 0.1 */
    MFL_SAMPLER_CHAINS = 5003,
    /** int >= -1: steps of each chain before the first draw; -1 (default) is 5000 for BAOAB, 400 for HMC, whose step is
     *  a whole trajectory, and 20000 for the others. @since 0.1 */
    MFL_SAMPLER_BURN_IN = 5004,
    /** int >= 1: draws of each chain in one run; default 800. @since 0.1 */
    MFL_SAMPLER_DRAWS = 5005,
    /** int >= 0: steps from one draw to the next; 0 (default) is 1 for HMC and 25 for the others. @since 0.1 */
    MFL_SAMPLER_THINNING = 5006,
    /** choice of ::mfl_precision: arithmetic of the steps; default float32. @since 0.1 */
    MFL_SAMPLER_PRECISION = 5007,
    /** int in [0, 4096): which independent run of one seed. Chain c starts from prior draw 4096 run_index + c of
     *  mfl_network_draw_prior(); default 0. @since 0.1 */
    MFL_SAMPLER_RUN_INDEX = 5008,
    /** choice none|first_layer|readout: weights that keep their initial values; default none. @since 0.1 */
    MFL_SAMPLER_FREEZE = 5009,
    /** choice of ::mfl_method; default baoab. @since 0.1 */
    MFL_SAMPLER_METHOD = 5010,
    /** choice of ::mfl_mass; default auto. @since 0.1 */
    MFL_SAMPLER_MASS = 5011,
    /** int >= 0: samples of each stochastic gradient of SGLD, gradient descent or BAOAB; 0 (default) takes all.
     *  @since 0.1 */
    MFL_SAMPLER_BATCH = 5012,
    /** int >= 0: steps from one exact redraw of the readouts a | W to the next; 0 (default) makes none. With redraws
     *  the steps move the first layer only, and are about twice as long. The chains wait for each other at redraws,
     *  whose last bits depend on the host's BLAS. O(P N d + P N min(P, N) + min(P, N)^3) a redraw. @since 0.1 */
    MFL_SAMPLER_GIBBS = 5013,
    /** choice of ::mfl_start, for chains that mfl_sampler_set_start() gives no network; default prior. @since 0.1 */
    MFL_SAMPLER_START = 5014,
    /** number >= 0: annealed start: the noise at the first step, lowered to kappa geometrically during the first half
     *  of burn-in; 0 (default) begins at kappa. @since 0.1 */
    MFL_SAMPLER_ANNEAL_FROM = 5015,
    /** number in [0, 1]: exponent c of decreasing SGLD and descent steps, eta (1 + t/b)^-c at step t; default 0,
     *  constant. @since 0.1 */
    MFL_SAMPLER_STEP_DECAY = 5016,
    /** number >= 1: the b of it, in steps; default 1000. @since 0.1 */
    MFL_SAMPLER_STEP_DECAY_SCALE = 5017,
    /** number > 0: mean time of an HMC trajectory, whose leapfrog steps are at most 1024; default 0.6. In time pi/2 a
     *  weight that the data do not hold forgets where it was (prior mass). @since 0.1 */
    MFL_SAMPLER_PATH_LENGTH = 5018,
    /** number in [0, 1]: trajectories last uniformly 1 - jitter to 1 + jitter times that; default 0.5. @since 0.1 */
    MFL_SAMPLER_PATH_JITTER = 5019,
    /** number >= 0: friction of BAOAB, the rate at which momenta are forgotten; default 1. During the first eighth of
     *  burn-in they are forgotten at every step. @since 0.1 */
    MFL_SAMPLER_FRICTION = 5020,
    /** int in [1, 128]: replica exchange: each chain becomes a ladder of that many replicas, from the sampler's
     *  kappa up to ::MFL_SAMPLER_KAPPA_HOT, that swap states with their neighbours. The noises between are spaced
     *  during burn-in so that all neighbours swap equally often; rungs times chains at most 4096. Default 1.
     *  @since 0.1 */
    MFL_SAMPLER_RUNGS = 5021,
    /** number >= 0: noise of the last rung, above the sampler's; 0 (default) takes it so large that the data hardly
     *  matter, which the evidence needs. @since 0.1 */
    MFL_SAMPLER_KAPPA_HOT = 5022,
    /** int >= 0: steps from one exchange of replicas to the next; 0 (default) is those from draw to draw. @since 0.1 */
    MFL_SAMPLER_SWAP = 5023
};

/** How the chains move. @since 0.1 */
enum mfl_method {
    MFL_METHOD_SGLD = 0,             /**< Langevin dynamics. @since 0.1 */
    MFL_METHOD_GRADIENT_DESCENT = 1, /**< no noise: towards a minimum of U. @since 0.1 */
    MFL_METHOD_MALA = 2,             /**< Langevin steps, accepted or rejected. @since 0.1 */
    MFL_METHOD_BAOAB = 3,            /**< underdamped Langevin dynamics. @since 0.1 */
    MFL_METHOD_HMC = 4               /**< Hamiltonian trajectories, accepted or rejected. @since 0.1 */
};

/** Masses. A weight of mass M moves with steps in proportion to M^-1/2. @since 0.1 */
enum mfl_mass {
    MFL_MASS_AUTO = 0,    /**< unit for SGLD and gradient descent, else prior. @since 0.1 */
    MFL_MASS_UNIT = 1,    /**< 1. @since 0.1 */
    MFL_MASS_PRIOR = 2,   /**< d/sigma_w^2 for the first layer, 1/sigma_a^2 for the readout. @since 0.1 */
    MFL_MASS_ADAPTIVE = 3 /**< one over each weight's variance, measured during burn-in. @since 0.1 */
};

/** Where chains begin. @since 0.1 */
enum mfl_start {
    MFL_START_PRIOR = 0,  /**< a prior draw each. @since 0.1 */
    MFL_START_PLANTED = 1 /**< a prior draw each that has then learned the task (mfl_network_plant()). @since 0.1 */
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
    MFL_SAMPLER_TRAIN_ERROR_DRAW = 5113,  /**< error of single draws on the training targets, averaged. @since 0.1 */
    MFL_SAMPLER_ACCEPTANCE = 5114,        /**< mean acceptance of MALA or HMC after burn-in. @since 0.1 */
    MFL_SAMPLER_DIVERGENCES = 5115,       /**< trajectories after burn-in whose energy grew by over 1000. @since 0.1 */
    MFL_SAMPLER_GRADIENTS_TOTAL = 5116,   /**< gradients of all samples so far, over all chains. @since 0.1 */
    MFL_SAMPLER_KAPPA = 5117,             /**< noise of the rung. @since 0.1 */
    MFL_SAMPLER_SWAP_RATE = 5118,   /**< mean acceptance of swaps with the next rung, after burn-in. @since 0.1 */
    /** replicas' ways from the first rung to the last and back, after burn-in, over all ladders. @since 0.1 */
    MFL_SAMPLER_ROUND_TRIPS = 5119,
    /** log p(y | kappa) of the rung, by the multistate Bennett acceptance ratio over all rungs; not-a-number where the
     *  last rung is too cold to reach the prior from. Assumes that all rungs are in equilibrium. @since 0.1 */
    MFL_SAMPLER_LOG_EVIDENCE = 5120,
    MFL_SAMPLER_LOG_EVIDENCE_SE = 5121,     /**< its error, by the jackknife over tenths of the run. @since 0.1 */
    MFL_SAMPLER_LOG_EVIDENCE_GAIN = 5122,   /**< the same less that of the last rung. @since 0.1 */
    MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE = 5123 /**< its error. @since 0.1 */
};

/** Bins of mfl_sampler_weight_histogram(). @since 0.1 */
enum mfl_weight_bins {
    MFL_WEIGHT_BINS = 161 /**< sigma_w/40 wide each, the middle one around 0. @since 0.1 */
};

/** Traces of a sampler: one number a draw, for mfl_sampler_trace(). @since 0.1 */
enum mfl_sampler_trace_kind {
    MFL_TRACE_POTENTIAL = 1,       /**< U. @since 0.1 */
    MFL_TRACE_ORDER_PARAMETER = 2, /**< m of the task's mode. @since 0.1 */
    MFL_TRACE_TEST_ERROR = 3,      /**< error of the draw on the test set. @since 0.1 */
    MFL_TRACE_RESIDUAL = 4,        /**< sum over the training set of (y - f)^2. @since 0.1 */
    /** mean over neurons of |w_S|^2 on the support of the task's parity or sum, or of (w.u)^2, added up over the
     *  directions u of a teacher. @since 0.1 */
    MFL_TRACE_RELEVANT_SQUARE = 5,
    MFL_TRACE_IRRELEVANT_SQUARE = 6, /**< mean over neurons of what is left of |w|^2. @since 0.1 */
    MFL_TRACE_ACCEPTANCE = 7,        /**< acceptance of the step before the draw. @since 0.1 */
    MFL_TRACE_CALLER = 100           /**< the first of mfl_sampler_add_observable(). @since 0.1 */
};

/**
 * @brief A scalar of the caller's, evaluated on every draw of every chain, on the thread that runs the sampler.
 * @param network  the draw, valid during the call
 * @param[out] value  receives the scalar
 * @param user_data  as given to mfl_sampler_add_observable()
 * @return 0, or something else to stop the run with ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
typedef int32_t (*mfl_observable_fn)(const mfl_network *network, double *value, void *user_data);

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
 * @param task  of the model's dimension, a parity of degree up to 12, a Hermite teacher, or a sum, on the
 *              hypercube of up to 12 variables; kept alive by the sampler
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
 * @brief Trace a scalar of the caller's.
 * @param sampler  a sampler that has not run, with fewer than 16 of them
 * @param observable  the function; the chains wait for each other at every draw while it is called
 * @param user_data  passed to it; must outlive the sampler
 * @param[out] kind  receives its number for mfl_sampler_trace(): ::MFL_TRACE_CALLER and up
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_add_observable(mfl_sampler *sampler, mfl_observable_fn observable, void *user_data,
                                           int32_t *kind);

/**
 * @brief Run the chains: burn-in the first time, then a number of draws of each. Run again for more draws.
 *
 * Chains run in parallel on the context's threads. A cancelled run keeps the draws that every chain has made, and
 * can be resumed by running again. Cost of a step: about 4 N d P operations.
 * @param sampler  the sampler
 * @return ::MFL_OK, also when cancelled (::MFL_SAMPLER_STOP says so); ::MFL_ERROR_DIVERGED with the chain, the step
 *         and a remedy; ::MFL_ERROR_NOT_FINITE where a chain starts with predictions that are not finite;
 *         ::MFL_ERROR_CALLBACK, after which the run can be tried again; ::MFL_ERROR_MEMORY; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_STATE after a divergence; ::MFL_ERROR_ARGUMENT for options that do not go together.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_run(mfl_sampler *sampler);

/**
 * @brief Make steps without draws, for programs that look at the chains themselves.
 *
 * Between calls, read states with mfl_sampler_network() and replace them with mfl_sampler_set_network(). Steps and
 * those of mfl_sampler_run() continue one sequence; those within the length of burn-in adapt the method.
 * @param sampler  the sampler
 * @param steps  steps of each chain, >= 0; 0 only starts the chains. A cancelled call keeps its aim, as a run does.
 * @return as mfl_sampler_run(); ::MFL_ERROR_ARGUMENT.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_step(mfl_sampler *sampler, int64_t steps);

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
 * @brief Read a result of one rung of a ladder: m, errors, evidence and the rest as functions of the noise.
 * @param sampler  a sampler that has run
 * @param rung  0, the sampler's kappa, to ::MFL_SAMPLER_RUNGS - 1
 * @param key  ::mfl_sampler_result; totals are those of the whole sampler
 * @param[out] value  receives the result; not-a-number where it does not apply
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE before the first run.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_get_rung(const mfl_sampler *sampler, int64_t rung, int32_t key, double *value);

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
 * @brief How the weights of each input are distributed, over neurons and draws: bulk and specialised humps.
 * @param sampler  a sampler with draws
 * @param[out] shares  receives d x ::MFL_WEIGHT_BINS numbers, the bins of one input after those of another: the share
 *                 of that input's weights in each bin, which add to 1. Bin b is centred at (b - 80) sigma_w/40;
 *                 weights beyond 2 sigma_w are in the outermost bins.
 * @param capacity  numbers that fit
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_BUFFER; ::MFL_ERROR_STATE without draws.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_weight_histogram(const mfl_sampler *sampler, double *shares, int64_t capacity);

/**
 * @brief One chain's values of a quantity, one a draw.
 * @param sampler  the sampler
 * @param kind  ::mfl_sampler_trace_kind
 * @param chain  from 0; chain c of rung r has the number r chains + c
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
 * @param count  how many, >= 1
 * @param[out] results  receives count numbers, not-a-number where there are too few draws
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE for a trace that is not measured;
 *         ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_diagnose(const mfl_sampler *sampler, int32_t kind, const int32_t *keys, int64_t count,
                                     double *results);

/**
 * @brief The same for one rung of a ladder: its chains are the draws that were made at its noise.
 * @param sampler  a sampler that has run
 * @param rung  0, the sampler's kappa, to ::MFL_SAMPLER_RUNGS - 1
 * @param kind  ::mfl_sampler_trace_kind
 * @param keys  what is asked for: count numbers of ::mfl_diagnostic
 * @param count  how many, >= 1
 * @param[out] results  receives count numbers, not-a-number where there are too few draws
 * @return as mfl_sampler_diagnose(); ::MFL_ERROR_ARGUMENT for a rung that there is not; ::MFL_ERROR_STATE before the
 *         first run.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_diagnose_rung(const mfl_sampler *sampler, int64_t rung, int32_t kind, const int32_t *keys,
                                          int64_t count, double *results);

/**
 * @brief Write the traces for other programs: netCDF-4 (HDF5) as ArviZ reads it, or NPY (doc/diagnostics.md).
 *
 * The draws that every chain has made; those of a ladder for every rung. The file is complete or absent.
 * @param sampler  a sampler with draws
 * @param path  the file; a name that ends in .npy makes a NumPy array of records, any other a netCDF-4 file
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE without draws; ::MFL_ERROR_UNSUPPORTED for netCDF-4 in a build
 *         without HDF5; ::MFL_ERROR_IO; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_write_traces(const mfl_sampler *sampler, const char *path);

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

/**
 * @brief Replace a chain's present state.
 * @param sampler  a sampler that has run or stepped
 * @param chain  from 0
 * @param network  of the model's shape; copied
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE; ::MFL_ERROR_STATE before the first
 *         run; ::MFL_ERROR_CONTEXT.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_set_network(mfl_sampler *sampler, int64_t chain, const mfl_network *network);

/**
 * @brief Write a checkpoint: all that the future of the chains depends on, and all that they have collected.
 *
 * Between any two calls, and in the middle of a run that was cancelled. The state goes to `path`, a file that is
 * complete or absent whatever happens; the traces to `path`.traces, to which each checkpoint adds the draws since the
 * one before. A kill at any time leaves the last checkpoint as it was.
 * @param sampler  a sampler that has run, or made steps
 * @param path  a name that is free, or that of this sampler's last checkpoint, saved or loaded, which it replaces
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE before the first run, after a divergence, and where a file of
 *         that name is not this sampler's; ::MFL_ERROR_IO; ::MFL_ERROR_CHECKSUM where the file of traces has become
 *         shorter; ::MFL_ERROR_MEMORY. O(chains N d + P) and the new draws.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_save(mfl_sampler *sampler, const char *path);

/**
 * @brief Go on from a checkpoint: the sampler is as the one that was saved, and continues with the same numbers.
 *
 * For any number of threads. An interrupted mfl_sampler_run() is finished by the next one.
 * @param sampler  a sampler that has not run, made with the same model, noise, data, task, start, options (but for the
 * number of draws), seed and instruction set, all of which are compared; the caller's functions are not
 * @param path  as given to mfl_sampler_save()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE after the first run; ::MFL_ERROR_ARGUMENT with the name of what
 *         differs; ::MFL_ERROR_CHECKSUM for a damaged file and ::MFL_ERROR_FORMAT for a strange one, with the reason;
 *         ::MFL_ERROR_UNSUPPORTED for one of a later version; ::MFL_ERROR_IO; ::MFL_ERROR_CALLBACK;
 *         ::MFL_ERROR_MEMORY. On failure the sampler is as it was.
 * @since 0.1
 */
MFL_API int32_t mfl_sampler_load(mfl_sampler *sampler, const char *path);

#ifdef __cplusplus
}
#endif

#endif
