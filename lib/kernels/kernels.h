/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hot loops over f(x) = N^-gamma sum_i a_i phi(w_i . x) (T1): raw arrays and a caller's memory
 * in, no allocation, no handles. One table of functions an instruction set and precision.
 *
 * Layouts ("packed"). A panel is `width` neurons side by side; the last is padded with neurons of
 * w = 0, a = 0 that contribute nothing.
 *     weights   [panel][d][width]      readout   [panel][width]
 *     gradient  like weights           features  like readout
 *     inputs    [sample][d], padded to whole groups of MFLI_SAMPLE_GROUP samples with x = 0, and
 *               for vectors that begin in the last row
 *     patterns  [sample][mfli_patterns(d)] bytes, of inputs that are all +1 or -1: 8 times the
 *               number whose bits say which of MFLI_PATTERN_INPUTS neighbouring inputs are -1
 * Vectors run over neurons, so no input dimension costs padding. Packed inputs are the same for
 * every instruction set; packed states are not. Arrays aligned to MFLI_ALIGNMENT are fastest.
 *
 * Threads. Sums over neurons are partial sums over blocks of MFLI_BLOCK_NEURONS, added in a fixed
 * tree; a thread takes whole blocks in forward() and whole panels in gradient() and update(), so
 * results do not depend on who takes what. Each thread has its own scratch; the workspace is shared.
 * Order: forward (all blocks) - residual (one thread) - gradient, update (any panels) - squares.
 */
#ifndef MFLI_KERNELS_KERNELS_H
#define MFLI_KERNELS_KERNELS_H

#include <mflearn/context.h>
#include <mflearn/model.h>

#include "rng/normals.h"

enum { MFLI_SAMPLE_GROUP = 6, MFLI_BLOCK_NEURONS = 128, MFLI_ALIGNMENT = 64, MFLI_ROW_SLACK = 16 };

typedef struct mfli_shape {
    size_t neurons, inputs, samples; /* N, d, P */
} mfli_shape;

typedef struct mfli_activation {
    int32_t kind; /* mfl_activation */
    double leak;
    mfl_activation_fn phi; /* for MFL_ACTIVATION_CALLER */
    void *phi_data;
} mfli_activation;

/* theta <- theta - step grad U + noise xi (T3), each layer with its own step and noise;
 * grad_w U = -likelihood a_i G_ij + precision_w w_ij, grad_a U = -likelihood h_i + precision_a a_i
 * with likelihood = N^-gamma / kappa^2, precision_w = d / sigma_w^2, precision_a = 1 / sigma_a^2. */
typedef struct mfli_langevin {
    double step_w, step_a, noise_w, noise_a, likelihood, precision_w, precision_a;
} mfli_langevin;

/* The three sums that make U (T2): of the squared residuals, weights and readouts. */
typedef struct mfli_squares {
    double residual, weights, readout;
} mfli_squares;

static inline size_t mfli_round_up(size_t count, size_t unit)
{
    return (count + unit - 1) / unit * unit;
}

/* Length of packed inputs. */
static inline size_t mfli_inputs_length(size_t samples, size_t inputs)
{
    return mfli_round_up(samples, MFLI_SAMPLE_GROUP) * inputs + MFLI_ROW_SLACK;
}

/* Blocks of neurons that forward() is divided into. */
static inline size_t mfli_blocks(size_t neurons)
{
    return (neurons + MFLI_BLOCK_NEURONS - 1) / MFLI_BLOCK_NEURONS;
}

enum { MFLI_PATTERN_INPUTS = 4 };

/* Bytes of patterns that a sample has. */
static inline size_t mfli_patterns(size_t inputs)
{
    return (inputs + MFLI_PATTERN_INPUTS - 1) / MFLI_PATTERN_INPUTS;
}

/* The patterns of row-major X (P x d), for mfli_round_up(P, MFLI_SAMPLE_GROUP) samples; 0 if an input is not +1 or
 * -1, and then they are of no use. */
int32_t mfli_pack_patterns(size_t samples, size_t inputs, const double *x, size_t ldx, uint8_t *patterns);

#define MFLI_REAL float
#define MFLI_R(name) name##_f32
#include "kernels_real.h"
#undef MFLI_REAL
#undef MFLI_R
#define MFLI_REAL double
#define MFLI_R(name) name##_f64
#include "kernels_real.h"
#undef MFLI_REAL
#undef MFLI_R

typedef struct mfli_kernels {
    const char *name;
    int32_t instruction_set; /* mfl_instruction_set */
    const mfli_ops_f32 *f32;
    const mfli_ops_f64 *f64;
    const mfli_normals *normals;
} mfli_kernels;

/* The kernels for a requested mfl_instruction_set (auto: the widest of this processor); NULL if it
 * is not available here. */
const mfli_kernels *mfli_kernels_select(int32_t requested);

#endif
