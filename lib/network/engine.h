/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels behind one face for both precisions: packed inputs, and a packed state of the network that can be bound
 * to several of them. Creation allocates; nothing else does, so that an engine may be used inside a team's loop. */
#ifndef MFLI_NETWORK_ENGINE_H
#define MFLI_NETWORK_ENGINE_H

#include "kernels/kernels.h"
#include "data/dataset.h"
#include "network/model.h"

/* Inputs of a batch, packed for the kernels; shared by all engines that are bound to it. */
typedef struct mfli_batch {
    int32_t precision; /* mfl_precision */
    size_t samples, inputs;
    void *packed;
    uint8_t *patterns; /* of inputs that are all +1 or -1, else NULL */
} mfli_batch;

int32_t mfli_batch_create(mfl_context *context, int32_t precision, const mfl_dataset *dataset, mfli_batch *batch);
int32_t mfli_batch_create_from(mfl_context *context, int32_t precision, int64_t samples, int64_t inputs,
                               const double *x, int64_t stride, mfli_batch *batch);
void mfli_batch_release(mfl_context *context, mfli_batch *batch);

/* One network state with the workspace to evaluate it on a batch. Work is divided over the context's threads, or done by
 * the calling one inside a team's loop; the results are the same bit for bit. */
typedef struct mfli_engine {
    mfl_context *context;
    int32_t precision;
    int32_t threads;
    const mfli_kernels *kernels;
    union {
        mfli_net_f32 f32;
        mfli_net_f64 f64;
    } net;
    void *workspace, *scratch; /* scratch: one piece a thread */
    size_t scratch_size;
    int32_t owns_state;
} mfli_engine;

/* With `state` NULL the engine has its own weights (zero); else it shares those of `state`. */
int32_t mfli_engine_create(mfl_context *context, const mfli_model *model, const mfli_batch *batch,
                           const mfli_engine *state, mfli_engine *engine);
void mfli_engine_release(mfl_context *context, mfli_engine *engine);

/* Row-major N x d weights with stride d, and N readouts. */
void mfli_engine_load(mfli_engine *engine, const double *weights, const double *readout);
void mfli_engine_store(const mfli_engine *engine, double *weights, double *readout);

/* Other inputs in the place of those of a batch that the engine is bound to: as many rows, with that stride. */
void mfli_engine_pack_inputs(mfli_engine *engine, mfli_batch *batch, const double *x, int64_t stride);

/* These return 0, or what a caller's activation returned to stop. */

/* Predictions on the batch. */
int32_t mfli_engine_forward(mfli_engine *engine, double *f);
/* Predictions, r = y - f, sum of squares; and G_ij = sum_mu r_mu phi'(z) x, h_i = sum_mu r_mu phi(z) as row-major
 * arrays (see kernels.h). */
int32_t mfli_engine_gradient(mfli_engine *engine, const double *y, double *f, double *sum_of_squares, double *g,
                             double *h);
/* One Langevin step (T3); f and the squares at the state before it. */
int32_t mfli_engine_step(mfli_engine *engine, const double *y, const mfli_langevin *langevin,
                         const mfli_stream *stream, double *f, mfli_squares *squares);

#endif
