/* SPDX-License-Identifier: BSD-3-Clause */
/* The sampler handle and its chains. */
#ifndef MFLI_SAMPLER_SAMPLER_H
#define MFLI_SAMPLER_SAMPLER_H

#include <mflearn/sampler.h>

#include "core/options.h"
#include "data/dataset.h"
#include "data/task.h"
#include "network/engine.h"
#include "network/model.h"

enum { MFLI_SAMPLER_OPTIONS = 9, MFLI_TRACES = 3, MFLI_CHAIN_BITS = 12 };

/* Largest curvature of U, by power iteration in double precision on the Gauss-Newton matrix (curvature.c). */
typedef struct mfli_curvature {
    mfli_batch batch;
    mfli_engine engine;
    double *vector, *shifted, *image; /* N d + N numbers each: first layer, then readout */
    double *f, *f_shifted, *target;   /* P numbers each */
    double largest;                   /* the largest estimate so far */
    int32_t started;
} mfli_curvature;

typedef struct mfli_chain {
    mfli_engine train, test; /* test shares the state of train */
    mfli_curvature curvature;
    uint32_t id;          /* of its random streams */
    uint64_t steps;
    int64_t draws;
    double step_size;
    double residual_limit; /* beyond it the chain has diverged */
    int32_t failure;       /* MFL_OK, MFL_ERROR_DIVERGED, _NOT_FINITE or _CALLBACK */
    double *weights, *readout, *projections; /* double-precision copy of the state, and J(w_i) */
    double *f_train, *f_test;
    double *sum_train, *sum_test, *square_test, *moments; /* over the draws */
    double potential_sum, order_sum, error_sum, train_error_sum;
    double *trace[MFLI_TRACES]; /* by mfl_sampler_trace_kind - 1 */
} mfli_chain;

struct mfl_sampler {
    mfli_object object;
    mfli_model model;
    double kappa;
    mfl_dataset *data, *test; /* references; test may be NULL */
    mfl_task *task_handle;    /* reference, NULL when no order parameter is measured */
    mfli_task task;
    double *start;            /* N d + N weights, or NULL for prior draws */
    /* from here on since the first run */
    uint64_t seed;
    mfli_batch train_batch, test_batch;
    mfli_chain *chains;
    int64_t chain_count, burn_in, thinning;
    int32_t freeze;
    int64_t target_draws, trace_capacity;
    int32_t stop;
    _Atomic int64_t steps_done; /* of this run, over all chains, for progress */
    int64_t steps_wanted;
    mfl_options options;
    mfli_option_value option_values[MFLI_SAMPLER_OPTIONS];
};

/* Numbers that describe a state: N d weights and N readouts. */
static inline size_t mfli_state_length(const mfli_model *model)
{
    return (size_t)model->width * ((size_t)model->dimension + 1);
}

/* chain.c: everything a chain needs, allocated and started; released again. */
int32_t mfli_chain_open(mfl_sampler *sampler, mfli_chain *chain, uint32_t id);
void mfli_chain_close(mfl_sampler *sampler, mfli_chain *chain);
/* Advance to the sampler's target of draws, or until cancelled or failed. Thread 0 reports progress. */
void mfli_chain_advance(mfl_sampler *sampler, mfli_chain *chain, int32_t thread);
int32_t mfli_sampler_progress(mfl_sampler *sampler);

/* results.c: is there such a trace? */
int32_t mfli_sampler_need_trace(const mfl_sampler *sampler, int32_t kind);

/* curvature.c */
int32_t mfli_curvature_open(mfl_sampler *sampler, mfli_curvature *curvature);
void mfli_curvature_close(mfl_context *context, mfli_curvature *curvature);
/* Estimate at a state; a non-zero return is what a caller's activation returned. */
int32_t mfli_curvature_update(const mfl_sampler *sampler, mfli_curvature *curvature, uint32_t chain,
                              const double *weights, const double *readout);

#endif
