/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file network.h
 * @brief One state of a two-layer network: weights, predictions, potential, order parameters.
 *
 * f(x) = N^-gamma sum_i a_i phi(w_i . x). Weights are double precision, W row-major N x d (row i is neuron i), a of
 * length N. A network keeps a copy of the model it was made from.
 */
#ifndef MFLEARN_NETWORK_H
#define MFLEARN_NETWORK_H

#include <mflearn/model.h>
#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief A network with all weights zero.
 * @param model  its description, with finite width
 * @param[out] out  receives the network, NULL on failure; release with mfl_network_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT for infinite width; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_network_create(const mfl_model *model, mfl_network **out);

/** @brief Release a network. @param network  may be NULL @since 0.1 */
MFL_API void mfl_network_destroy(mfl_network *network);

/**
 * @brief Give the activation function again to a network that was loaded from a file.
 * @param network  a network whose activation is the caller's
 * @param activation  the function (see mfl_model_set_activation())
 * @param user_data  passed to it
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE if the activation is one of the library's.
 * @since 0.1
 */
MFL_API int32_t mfl_network_set_activation(mfl_network *network, mfl_activation_fn activation, void *user_data);

/**
 * @brief Draw the weights from the prior, w_ij ~ N(0, sigma_w^2 / d), a_i ~ N(0, sigma_a^2).
 *
 * The draw depends on the context's seed and on `index` alone: not on threads or instruction set, and w_ij and a_i
 * not on N.
 * @param network  the network
 * @param index  which draw, in [0, 2^24)
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT.
 * @since 0.1
 */
MFL_API int32_t mfl_network_draw_prior(mfl_network *network, int64_t index);

/**
 * @brief Make the network one that has learned the task: a start on the specialised side of a transition.
 *
 * Half of the neurons take the length sigma_w and the task's directions: the 2^k sign patterns on the support of a
 * parity or of the variables of a sum, in whole sets where there are so many, or u and -u. Their readouts are
 * proportional to J(w_i), such that the order parameter is 1; the other readouts are 0, their first-layer weights
 * stay. So draw from the prior first.
 * @param network  the network
 * @param task  a parity, a Hermite single-index teacher on isotropic Gaussian inputs, or a sum of either kind
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_UNSUPPORTED for other tasks;
 *         ::MFL_ERROR_UNLEARNABLE; ::MFL_ERROR_CALLBACK; ::MFL_ERROR_STATE without activation.
 * @since 0.1
 */
MFL_API int32_t mfl_network_plant(mfl_network *network, const mfl_task *task);

/**
 * @brief Sizes of the network.
 * @param network  the network
 * @param[out] dimension  receives d; may be NULL
 * @param[out] width  receives N; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_network_shape(const mfl_network *network, int64_t *dimension, int64_t *width);

/**
 * @brief Copy weights into the network.
 * @param network  the network
 * @param weights  N rows of d numbers
 * @param stride  numbers from one row to the next, >= d
 * @param readout  N numbers
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE (nothing is changed).
 * @since 0.1
 */
MFL_API int32_t mfl_network_set_weights(mfl_network *network, const double *weights, int64_t stride,
                                        const double *readout);

/**
 * @brief Copy weights out of the network.
 * @param network  the network
 * @param[out] weights  receives N rows of d numbers; may be NULL
 * @param stride  numbers from one row to the next, >= d
 * @param[out] readout  receives N numbers; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_SIZE.
 * @since 0.1
 */
MFL_API int32_t mfl_network_copy_weights(const mfl_network *network, double *weights, int64_t stride,
                                         double *readout);

/**
 * @brief Predictions f(x) on a batch of inputs; O(rows N d).
 * @param network  the network
 * @param inputs  `rows` rows of d numbers
 * @param rows  >= 0
 * @param stride  numbers from one row to the next, >= d
 * @param[out] predictions  receives `rows` numbers
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_NOT_FINITE, also where a prediction exceeds the
 *         range of numbers; ::MFL_ERROR_CALLBACK; ::MFL_ERROR_STATE without activation; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_network_forward(const mfl_network *network, const double *inputs, int64_t rows,
                                    int64_t stride, double *predictions);

/**
 * @brief The potential U whose Gibbs measure exp(-U) is the posterior, and its gradient.
 *
 * U = 1/(2 kappa^2) sum_mu (y_mu - f(x_mu))^2 + d/(2 sigma_w^2) |W|^2 + 1/(2 sigma_a^2) |a|^2 (T2).
 * @param network  the network
 * @param dataset  P samples of the network's input dimension
 * @param kappa  noise, > 0
 * @param[out] potential  receives U; may be NULL
 * @param[out] weights_gradient  receives N rows of d numbers, dU/dW; may be NULL
 * @param stride  numbers from one row of it to the next, >= d
 * @param[out] readout_gradient  receives N numbers, dU/da; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_CONTEXT;
 *         ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_CALLBACK; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_network_potential(const mfl_network *network, const mfl_dataset *dataset, double kappa,
                                      double *potential, double *weights_gradient, int64_t stride,
                                      double *readout_gradient);

/**
 * @brief Order parameter of the task's target mode, m = N^-gamma sum_i a_i J(w_i) (T5), from the weights.
 *
 * J(w) = E[phi(w.x) chi(x)] with chi the parity or Hermite mode of the target, over the task's input law. For parities
 * the inputs off the support enter through the central limit, (T10); exact for Gaussian inputs. Of a sum of several
 * modes it is sum_A y_A m_A / sum_A y_A^2.
 * @param network  the network
 * @param task  a parity or a sum of them on the hypercube, a Hermite single-index teacher or a sum on isotropic Gaussian
 *              inputs
 * @param[out] order_parameter  receives m
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_UNSUPPORTED for other tasks.
 * @since 0.1
 */
MFL_API int32_t mfl_network_order_parameter(const mfl_network *network, const mfl_task *task,
                                            double *order_parameter);

/**
 * @brief The same order parameter measured on samples: the mean of f(x) chi(x) over a data set's inputs.
 * @param network  the network
 * @param task  the task
 * @param dataset  samples drawn from the task's input law
 * @param[out] order_parameter  receives m
 * @param[out] standard_error  receives its standard error; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE; ::MFL_ERROR_UNSUPPORTED.
 * @since 0.1
 */
MFL_API int32_t mfl_network_measure_order_parameter(const mfl_network *network, const mfl_task *task,
                                                    const mfl_dataset *dataset, double *order_parameter,
                                                    double *standard_error);

/**
 * @brief Write the network to a file, all or nothing: model, weights and provenance, with checksums.
 * @param network  the network
 * @param path  the file, replaced if it exists
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_IO; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_network_save(const mfl_network *network, const char *path);

/**
 * @brief Read a network from a file.
 * @param context  the context it will belong to
 * @param path  a file of mfl_network_save()
 * @param[out] out  receives the network, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_IO; ::MFL_ERROR_FORMAT; ::MFL_ERROR_CHECKSUM; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_network_load(mfl_context *context, const char *path, mfl_network **out);

#ifdef __cplusplus
}
#endif

#endif
