/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file model.h
 * @brief The network model: width, input dimension, scaling, priors, activation.
 *
 * f(x) = N^-gamma sum_{i=1..N} a_i phi(w_i . x), without biases, with priors w_ij ~ N(0, sigma_w^2 / d) and
 * a_i ~ N(0, sigma_a^2). A model is a small description; networks, samplers and theories that are made from it keep
 * a copy, so that later changes do not reach them.
 */
#ifndef MFLEARN_MODEL_H
#define MFLEARN_MODEL_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a model, for mfl_model_options(). @since 0.1 */
enum mfl_model_option {
    /** number in [0, 2]: scaling exponent gamma; 1/2 (default) is standard scaling, 1 mean-field. @since 0.1 */
    MFL_MODEL_GAMMA = 2001,
    /** number > 0: sigma_w, so that weights have prior variance sigma_w^2 / d; default 1. @since 0.1 */
    MFL_MODEL_SIGMA_W = 2002,
    /** number > 0: sigma_a, prior standard deviation of the readout; default 1. @since 0.1 */
    MFL_MODEL_SIGMA_A = 2003,
    /** choice of ::mfl_activation; default relu. Use mfl_model_set_activation() for a function of your
     *  own. @since 0.1 */
    MFL_MODEL_ACTIVATION = 2004,
    /** number: slope of the leaky ReLU for negative arguments; default 0.01. @since 0.1 */
    MFL_MODEL_LEAK = 2005
};

/** Activation functions phi(z). @since 0.1 */
enum mfl_activation {
    MFL_ACTIVATION_RELU = 0,      /**< max(z, 0). @since 0.1 */
    MFL_ACTIVATION_LEAKY = 1,     /**< z for z > 0, leak z otherwise. @since 0.1 */
    MFL_ACTIVATION_ERF = 2,       /**< erf(z). @since 0.1 */
    MFL_ACTIVATION_TANH = 3,      /**< tanh(z). @since 0.1 */
    MFL_ACTIVATION_GELU = 4,      /**< z Phi(z), Phi the normal distribution function. @since 0.1 */
    MFL_ACTIVATION_LINEAR = 5,    /**< z. @since 0.1 */
    MFL_ACTIVATION_QUADRATIC = 6, /**< z^2. @since 0.1 */
    MFL_ACTIVATION_CALLER = 7     /**< set by mfl_model_set_activation(). @since 0.1 */
};

/**
 * @brief An activation of the caller's: values and derivatives at `count` points.
 *
 * It must be a pure function. It is called on the thread that called the library; chains that use it run one after
 * the other.
 * @param count  number of points
 * @param z  the points
 * @param[out] value  receives phi(z)
 * @param[out] derivative  receives phi'(z)
 * @param user_data  as registered
 * @return 0; anything else aborts the operation with ::MFL_ERROR_CALLBACK.
 * @since 0.1
 */
typedef int32_t (*mfl_activation_fn)(int64_t count, const double *z, double *value, double *derivative,
                                     void *user_data);

/**
 * @brief Describe a network.
 * @param context  the context
 * @param dimension  d >= 1
 * @param width  N >= 1, or 0 for infinite width where that makes sense (theories, kernels)
 * @param[out] out  receives the model, NULL on failure; release with mfl_model_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_model_create(mfl_context *context, int64_t dimension, int64_t width, mfl_model **out);

/** @brief Release a model. @param model  may be NULL @since 0.1 */
MFL_API void mfl_model_destroy(mfl_model *model);

/**
 * @brief The options of the model (::mfl_model_option).
 * @param model  the model
 * @param[out] options  receives a borrowed pointer that lives as long as the model
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_model_options(mfl_model *model, mfl_options **options);

/**
 * @brief Use an activation function of the caller's; sets ::MFL_MODEL_ACTIVATION to caller.
 * @param model  the model
 * @param activation  the function
 * @param user_data  passed to it; must outlive everything made from the model
 * @return ::MFL_OK; ::MFL_ERROR_NULL.
 * @since 0.1
 */
MFL_API int32_t mfl_model_set_activation(mfl_model *model, mfl_activation_fn activation, void *user_data);

/**
 * @brief Sizes of the model.
 * @param model  the model
 * @param[out] dimension  receives d; may be NULL
 * @param[out] width  receives N; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_model_shape(const mfl_model *model, int64_t *dimension, int64_t *width);

/**
 * @brief Can a network of this model learn the task at all?
 *
 * Without biases J(w) = E[phi(w.x) chi(x)] vanishes for every w when phi is ReLU, leaky ReLU or GELU and the target an odd
 * mode of degree 3 or more; erf or tanh and an even mode; linear and a degree above 1; quadratic and a degree other
 * than 2. Parities and Hermite teachers are judged, and sums, of which one term must be seen; other targets pass.
 * @param model  the network
 * @param task  of the model's dimension
 * @return ::MFL_OK; ::MFL_ERROR_UNLEARNABLE; ::MFL_ERROR_SIZE; ::MFL_ERROR_NULL; ::MFL_ERROR_CONTEXT.
 * @since 0.1
 */
MFL_API int32_t mfl_model_check_task(const mfl_model *model, const mfl_task *task);

#ifdef __cplusplus
}
#endif

#endif
