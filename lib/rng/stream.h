/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counter-based random streams: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011).
 *
 * A number is a pure function of (seed, purpose, chain, step, logical element); there is no state.
 * Key = the 64-bit seed. The 128-bit counter holds, from its low end,
 *
 *     bits   0..39   block   (which group of four 32-bit words; logical elements map to blocks)
 *     bits  40..63   chain
 *     bits  64..111  step
 *     bits 112..127  purpose
 *
 * Excess high bits of block, chain or step would run into the next field; callers keep within.
 */
#ifndef MFLI_RNG_STREAM_H
#define MFLI_RNG_STREAM_H

#include <stddef.h>
#include <stdint.h>

/* Purposes keep streams apart that share seed, chain and step. Values are pinned: changing one
 * changes every published result; new ones are appended, retired ones stay as holes. */
#define MFLI_PURPOSES(X)                                                                           \
    X(INIT_WEIGHTS, 1)     /* first layer of a prior draw: normals, N x d */                        \
    X(INIT_READOUT, 2)     /* readout of a prior draw: normals, N x 1 */                            \
    X(LANGEVIN, 3)         /* noise of a Langevin step: normals, N x (d+1), column d the readout */ \
    X(MOMENTUM, 4)         /* momenta of Hamiltonian methods: normals, N x (d+1) */                 \
    X(ACCEPT, 5)           /* Metropolis acceptance: uniforms */                                    \
    X(TRAJECTORY, 6)       /* jittered path length or step size: uniforms */                        \
    X(GIBBS_READOUT, 7)    /* exact redraw of the readout: normals, N x 1 */                        \
    X(SWAP, 8)             /* replica exchange: uniforms */                                         \
    X(MINIBATCH, 9)        /* permutation of the samples of an epoch */                             \
    X(TRAIN_INPUTS, 10)    /* inputs of the training set: signs or normals */                       \
    X(TEST_INPUTS, 11)     /* inputs of the test set */                                             \
    X(LABEL_NOISE, 12)     /* noise added to the targets: normals, P x 1 */                         \
    X(TARGET, 13)          /* random directions and coefficients of a target */                     \
    X(SPLIT, 14)           /* permutation that splits train from test */                            \
    X(PARTICLES, 15)       /* particles of the empirical mean-field solvers */                      \
    X(PROBE, 16)           /* random vectors of power iterations and estimates */                   \
    X(NEURON, 17)          /* neurons drawn from the law of a theory: uniforms, a step each */      \
    X(NEURON_INPUTS, 18)   /* their weights off the target: normals, neurons x d */                 \
    X(NEURON_STEPS, 19)    /* steps of the particles that a theory is solved with */                \
    X(USER, 32768)         /* 32768 + i: free for callers */

#define MFLI_PURPOSE_ENUM(name, value) MFLI_PURPOSE_##name = value,
enum { MFLI_PURPOSES(MFLI_PURPOSE_ENUM) };

typedef struct mfli_stream {
    uint64_t seed;
    uint64_t step;    /* < 2^48 */
    uint32_t chain;   /* < 2^24 */
    uint32_t purpose; /* < 2^16 */
} mfli_stream;

/* Philox4x32-10 itself. */
void mfli_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The four words of a block (< 2^40) of the stream. */
void mfli_stream_block(const mfli_stream *stream, uint64_t block, uint32_t out[4]);

/* Uniforms in the open interval (0,1), multiples of 2^-53 (odd ones), symmetric about 1/2: elements
 * first .. first+count-1. Element e is half e%2 of block e/2. */
void mfli_uniforms(const mfli_stream *stream, uint64_t first, size_t count, double *out);

/* Fair signs, +1 or -1. Element e is bit e%128 of block e/128. */
void mfli_signs(const mfli_stream *stream, uint64_t first, size_t count, double *out);

/* Integer uniform on 0..bound-1, without bias; bound > 0, element < 2^32. */
uint64_t mfli_bounded(const mfli_stream *stream, uint64_t element, uint64_t bound);

/* Uniform random permutation of 0..count-1 (count < 2^32). */
void mfli_permutation(const mfli_stream *stream, size_t count, size_t *out);

#endif
