/* SPDX-License-Identifier: BSD-3-Clause */
/* The sampler handle and its chains.
 *
 * All methods move whitened coordinates: theta = scale * q, element by element, so that a mass is a scale, a frozen
 * weight has the scale 0, and momenta are standard normals whatever the mass. Arrays over the weights of a state
 * ("state arrays") hold the N x d first layer, row-major, and then the N readouts. */
#ifndef MFLI_SAMPLER_SAMPLER_H
#define MFLI_SAMPLER_SAMPLER_H

#include <mflearn/sampler.h>

#include "core/options.h"
#include "data/dataset.h"
#include "data/task.h"
#include "io/segments.h"
#include "network/engine.h"
#include "network/model.h"

enum {
    MFLI_SAMPLER_OPTIONS = 23,
    MFLI_MOST_RUNGS = 128,
    MFLI_TRACES = 7,
    MFLI_OBSERVERS = 16,
    MFLI_MOST_TRACES = MFLI_TRACES + MFLI_OBSERVERS,
    MFLI_CHAIN_BITS = 12,
    MFLI_CHAIN_COUNTERS = 18,
    MFLI_CHAIN_NUMBERS = 16,
    MFLI_CHAIN_FIELDS = 13,
    MFLI_CHECKSUMS = 6,
    MFLI_FINGERPRINT = 19 + MFLI_SAMPLER_OPTIONS
};

/* A part of a minibatch sampler's chain: the samples of the present step (minibatch.c). */
typedef struct mfli_part {
    mfli_engine engine; /* shares the state of the chain's */
    mfli_batch batch;
    int64_t size, epoch; /* samples a step; whose permutation is in `order` */
    size_t *order;       /* P */
    double *rows, *targets, *f;
} mfli_part;

/* Power iteration for the largest curvature of U (curvature.c). */
typedef struct mfli_curvature {
    double *vector;                   /* state array; survives from one estimate to the next */
    double *shifted, *image;          /* state arrays */
    double *f, *f_shifted, *target;   /* P each */
} mfli_curvature;

/* Where the newest weights are. */
enum mfli_place { MFLI_PLACE_BOTH, MFLI_PLACE_THETA, MFLI_PLACE_ENGINE };

typedef struct mfli_chain {
    /* What a chain's future depends on: mfli_chain_fields() lists it for a checkpoint, together with what was
     * collected. Everything from `id` on follows from it. */
    union {
        struct {
            int64_t steps, draws, gradients; /* gradients: passes over samples, in units of P */
            int64_t proposals, divergences;  /* after burn-in */
            int64_t averaged;                /* steps of the dual averaging since it was started */
            int64_t observed;                /* states in the running variance */
            int64_t probed;                  /* the power iteration has a vector */
            int64_t prepared;                /* steps whose adaptation is done */
            int64_t drawn;                   /* steps at the last draw */
            int64_t stale;                   /* the noise has changed since the step was chosen */
            int64_t swaps;                   /* attempts with the next rung */
            int64_t walker, heading, trips;  /* of the weights: where they began, 1 up or 2 down, round trips */
            int64_t parts;                   /* samples of passes that are not whole */
            int64_t evaluated;               /* gradient and residual are those of theta */
            int64_t pending;                 /* the velocity lacks its last half kick (hamiltonian.c) */
        };
        int64_t counters[MFLI_CHAIN_COUNTERS];
    };
    union {
        struct {
            double kappa;
            double step_size;      /* eta, or the time step of a kinetic method */
            double residual_limit; /* beyond it the chain has diverged */
            double curvature;      /* the largest estimate so far */
            double last_residual, probed_residual; /* after the last step; when the curvature was last estimated */
            double centre, gap, log_step; /* of the dual averaging */
            double acceptance_sum, acceptance; /* after burn-in; of the last step */
            double swap_sum; /* of the probabilities of swaps with the next rung */
            double potential_sum, order_sum, error_sum, train_error_sum;
        };
        double numbers[MFLI_CHAIN_NUMBERS];
    };
    double *theta, *velocity, *scale; /* state arrays */
    double *mean, *spread;            /* state arrays of the running variance; NULL unless the mass adapts */
    double *sum_train, *sum_test, *square_test, *moments; /* over the draws */
    double *histogram;                                    /* d x MFL_WEIGHT_BINS counts, likewise */
    double *trace[MFLI_MOST_TRACES];                      /* see mfli_trace_index() */

    uint32_t id;     /* of its random streams */
    int64_t saved;   /* draws that the last checkpoint has in full */
    int32_t failure; /* MFL_OK, MFL_ERROR_DIVERGED, _NOT_FINITE or _CALLBACK */
    int32_t place;   /* mfli_place */
    int32_t judged;  /* `exact_residual` is that of theta */
    double residual, exact_residual; /* sum of squared residuals */
    double *gradient;                /* state array: of half the sum of squared residuals */
    double *old_theta, *old_gradient, *noise; /* state arrays */
    double *f_train, *f_test, *projections;
    mfli_engine train, test; /* test shares the state of train */
    mfli_engine exact;       /* float64: energies for float32 trajectories, and curvatures */
    mfli_part part;
    mfli_curvature probe;
} mfli_chain;

/* What redraws of readouts need, one chain after the other (gibbs.c). */
typedef struct mfli_gibbs {
    int32_t dual;       /* the P x P matrix, else the N x N one */
    int64_t size, tile; /* of the matrix; rows of Phi at a time */
    double *matrix, *inputs, *z, *phi, *slope, *noise, *right;
} mfli_gibbs;

typedef struct mfli_observer {
    mfl_observable_fn fn;
    void *data;
} mfli_observer;

/* How a chain moves. A new method is a new row in method.c. */
typedef struct mfli_method {
    int64_t burn_in, thinning; /* when the caller leaves the choice */
    double acceptance;         /* that the step is adapted to; 0: every step is taken */
    int32_t kinetic;           /* its step is a time h, in the role of eta = h^2/2 */
    int32_t unit_mass;         /* automatic mass: unit, else that of the prior */
    /* One step; MFL_OK, MFL_ERROR_CALLBACK, _NOT_FINITE or _DIVERGED. */
    int32_t (*step)(mfl_sampler *sampler, mfli_chain *chain);
    /* Velocities are brought to the time of the weights, before anything but a step changes these; likewise. NULL: a
     * step draws its velocities afresh. */
    int32_t (*settle)(mfl_sampler *sampler, mfli_chain *chain);
} mfli_method;

struct mfl_sampler {
    mfli_object object;
    mfli_model model;
    double kappa;
    mfl_dataset *data, *test; /* references; test may be NULL */
    mfl_task *task_handle;    /* reference, NULL when no order parameter is measured */
    mfli_task task;
    double *start;            /* a state array, or NULL for prior draws */
    mfli_observer observers[MFLI_OBSERVERS];
    int64_t observer_count;
    mfl_network *observed; /* what observers are shown */
    /* from here on since the first run */
    uint64_t seed;
    mfli_batch train_batch, test_batch, exact_batch;
    mfli_gibbs gibbs_moves;
    const mfli_method *method;
    mfli_chain *chains;
    int64_t chain_count, slot_count, rungs; /* slot r * chain_count + c is chain c of rung r */
    int64_t burn_in, thinning, part_size, gibbs, swap;
    int32_t precision, freeze, mass, automatic;
    double likelihood_scale; /* N^-gamma */
    double precision_w, precision_a; /* of the prior */
    double anneal_from, decay, decay_scale, path_length, path_jitter, friction;
    int64_t target_draws, trace_capacity;
    char *saved_as; /* the checkpoint that the next one can continue, or NULL */
    mfli_segments_end saved_end;
    uint32_t checksums[MFLI_CHECKSUMS]; /* of what cannot change any more, once `summed` */
    int32_t summed;
    /* Steps of every chain: all have made `settled`, wait for each other at `pause`, and are through at `end`. */
    int64_t settled, pause, end;
    int32_t recording; /* draws are made on the way */
    int32_t stop;
    /* log p(y | kappa) of each rung less that of the hottest, and by itself (evidence.c) */
    double evidence[2][MFLI_MOST_RUNGS], evidence_se[2][MFLI_MOST_RUNGS];
    _Atomic int64_t steps_done; /* of this run, over all chains, for progress */
    int64_t steps_wanted;
    mfl_options options;
    mfli_option_value option_values[MFLI_SAMPLER_OPTIONS];
};

/* Is a draw made after that many steps? */
static inline int32_t mfli_sampler_is_draw(const mfl_sampler *sampler, int64_t steps)
{
    return sampler->recording && steps > sampler->burn_in && (steps - sampler->burn_in) % sampler->thinning == 0;
}

/* Where a trace of an mfl_sampler_trace_kind is kept; -1 if there is none. */
static inline int32_t mfli_trace_index(const mfl_sampler *sampler, int32_t kind)
{
    if (kind >= MFL_TRACE_CALLER && kind - MFL_TRACE_CALLER < sampler->observer_count)
        return MFLI_TRACES + kind - MFL_TRACE_CALLER;
    return kind >= 1 && kind <= MFLI_TRACES ? kind - 1 : -1;
}

/* Numbers of a state array: N d weights and N readouts. */
static inline size_t mfli_layer_length(const mfli_model *model)
{
    return (size_t)model->width * (size_t)model->dimension;
}

static inline size_t mfli_state_length(const mfli_model *model)
{
    return mfli_layer_length(model) + (size_t)model->width;
}

/* Prior precision of element i of a state array. */
static inline double mfli_prior_precision(const mfl_sampler *sampler, size_t i)
{
    return i < mfli_layer_length(&sampler->model) ? sampler->precision_w : sampler->precision_a;
}

/* Is a float64 engine needed beside the one that makes the steps? */
static inline int32_t mfli_sampler_needs_exact(const mfl_sampler *sampler)
{
    return sampler->automatic || sampler->rungs > 1
        || (sampler->method->acceptance > 0.0 && sampler->precision != MFL_PRECISION_FLOAT64);
}

/* sampler.c: MFL_ERROR_STATE once the chains exist. */
int32_t mfli_sampler_need_fresh(const mfl_sampler *sampler);

/* run.c: the chains at their start, unless they exist; room for so many draws; back to before the first run. */
int32_t mfli_sampler_prepare(mfl_sampler *sampler);
int32_t mfli_sampler_grow_traces(mfl_sampler *sampler, int64_t capacity);
void mfli_sampler_close_chains(mfl_sampler *sampler);
/* The status and the sentence of the first chain that failed, or MFL_OK. */
int32_t mfli_sampler_failure(mfl_sampler *sampler);

/* fingerprint.c: what must be equal for a checkpoint to fit. */
int32_t mfli_fingerprint(mfl_sampler *sampler, int64_t values[MFLI_FINGERPRINT]);
const char *mfli_fingerprint_name(const mfl_sampler *sampler, size_t index);

/* chain.c: everything a chain needs, allocated and started; released again. */
int32_t mfli_chain_open(mfl_sampler *sampler, mfli_chain *chain, uint32_t id);
void mfli_chain_close(mfl_sampler *sampler, mfli_chain *chain);
/* Advance to the sampler's target of draws or its pause, or until cancelled or failed. Thread 0 reports progress. */
void mfli_chain_advance(mfl_sampler *sampler, mfli_chain *chain, int32_t thread);
int32_t mfli_sampler_progress(mfl_sampler *sampler);

/* results.c: is there such a rung? Such a trace? */
int32_t mfli_sampler_need_rung(const mfl_sampler *sampler, int64_t rung);
int32_t mfli_sampler_need_trace(const mfl_sampler *sampler, int32_t kind);
/* diagnose.c: the draws that every chain of every rung has made: cancelled chains may be some apart. */
int64_t mfli_sampler_common_draws(const mfl_sampler *sampler);
/* results.c: the kinds of the traces that there are; returns how many. */
size_t mfli_sampler_kinds(const mfl_sampler *sampler, int32_t kinds[MFLI_MOST_TRACES]);

/* The arrays and numbers of a chain that a checkpoint holds beside the traces; those with count 0 do not exist here. */
typedef struct mfli_field {
    const char *name;  /* four letters, that of its section */
    int32_t is_double; /* else int64_t */
    size_t count;
    void *data;
} mfli_field;
void mfli_chain_fields(const mfl_sampler *sampler, mfli_chain *chain, mfli_field fields[MFLI_CHAIN_FIELDS]);

/* state.c: the weights between theta and the packed state of the engine. */
void mfli_chain_pull(mfli_chain *chain, const mfli_model *model); /* theta is the newest */
void mfli_chain_push(mfli_chain *chain, const mfli_model *model); /* the engine's is, too */
void mfli_chain_changed(mfli_chain *chain);                       /* theta was written to */
/* Gradient and residual at theta, of the samples of the given step; 0, or MFL_ERROR_CALLBACK. */
int32_t mfli_chain_evaluate(mfl_sampler *sampler, mfli_chain *chain, int64_t step);
/* One pass over the samples of a step was made. */
void mfli_chain_count_gradient(const mfl_sampler *sampler, mfli_chain *chain);
/* exact_residual: the sum of squared residuals at theta, from float64 predictions; 0, or MFL_ERROR_CALLBACK. */
int32_t mfli_chain_judge(mfl_sampler *sampler, mfli_chain *chain);
/* U at theta, from float64 predictions whatever the precision. */
int32_t mfli_chain_potential(mfl_sampler *sampler, mfli_chain *chain, double *potential);
/* The noise of the present step: annealed during the first half of burn-in. */
double mfli_chain_kappa(const mfl_sampler *sampler, const mfli_chain *chain);
/* Standard normals of a state array. */
void mfli_chain_normals(const mfl_sampler *sampler, mfli_chain *chain, uint32_t purpose, double *out);
/* MFL_OK, or what a sum of squared residuals says about the chain. */
int32_t mfli_chain_check(const mfl_sampler *sampler, mfli_chain *chain, double residual);

/* minibatch.c */
int32_t mfli_part_open(mfl_sampler *sampler, mfli_chain *chain);
void mfli_part_close(mfl_context *context, mfli_part *part);
void mfli_part_select(const mfl_sampler *sampler, mfli_chain *chain, int64_t step);

/* method.c */
const mfli_method *mfli_method_of(int64_t method);

/* langevin.c, hamiltonian.c: the steps of the table. */
int32_t mfli_step_sgld(mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_step_descent(mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_step_mala(mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_step_baoab(mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_step_hmc(mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_settle_baoab(mfl_sampler *sampler, mfli_chain *chain);

/* adapt.c: the step size and the mass, which change during burn-in and never later; is the chain in the beginning of
 * burn-in, on its way down from the start? */
int32_t mfli_adapt_is_early(const mfl_sampler *sampler, const mfli_chain *chain);
void mfli_adapt_open(const mfl_sampler *sampler, mfli_chain *chain);
int32_t mfli_adapt_before(mfl_sampler *sampler, mfli_chain *chain);
void mfli_adapt_after(mfl_sampler *sampler, mfli_chain *chain);

/* start.c: the state that chain `id` starts from. */
int32_t mfli_start(const mfl_sampler *sampler, uint32_t id, double *theta);

/* gibbs.c: redraw the readouts of a chain given its first layer, exactly. Not inside a team's loop. */
int32_t mfli_gibbs_open(mfl_sampler *sampler, mfli_gibbs *gibbs);
void mfli_gibbs_close(mfl_context *context, mfli_gibbs *gibbs);
int32_t mfli_gibbs_redraw(mfl_sampler *sampler, mfli_chain *chain);

/* exchange.c: the ladder's noises; swaps of neighbours at a pause. Not inside a team's loop. */
int32_t mfli_exchange_open(mfl_sampler *sampler);
int32_t mfli_exchange(mfl_sampler *sampler, int32_t threads);

/* evidence.c: from the draws of all rungs. */
void mfli_evidence(mfl_sampler *sampler);

/* collect.c: what every draw leaves behind. 0, or MFL_ERROR_CALLBACK. */
int32_t mfli_chain_draw(mfl_sampler *sampler, mfli_chain *chain);

/* curvature.c */
int32_t mfli_curvature_open(mfl_sampler *sampler, mfli_curvature *curvature);
void mfli_curvature_close(mfl_context *context, mfli_curvature *curvature);
/* Estimate at a state, into chain->curvature; a non-zero return is what a caller's activation returned. */
int32_t mfli_curvature_update(const mfl_sampler *sampler, mfli_chain *chain, const double *theta);

#endif
