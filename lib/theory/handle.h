/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle of a theory, for the files that share its public functions. */
#ifndef MFLI_THEORY_HANDLE_H
#define MFLI_THEORY_HANDLE_H

#include "core/options.h"
#include "empirical/empirical.h"
#include "theory/frame_law.h"
#include "theory/hat.h"
#include "theory/lattice.h"
#include "theory/results.h"
#include "theory/target.h"

enum { MFLI_THEORY_OPTIONS = 14, MFLI_RESOLUTIONS_MOST = 8, MFLI_RESOLUTIONS_LOOSE = 3 };

/* The directions at one resolution; count = 0 until used. */
typedef struct mfli_level {
    mfli_laws laws;
    mfli_lattice lattice;
    mfli_directions all, specialised;
} mfli_level;

/* What draws of a branch need; made when they are first asked for. */
typedef struct mfli_neurons {
    int32_t ready;
    mfli_neuron_law law;       /* of what follows */
    mfli_density density;      /* where the theory is drawable by a hat */
    mfli_hat hat;
    mfli_frame_law *frame_law; /* elsewhere */
} mfli_neurons;

struct mfl_theory {
    mfli_object object;
    int32_t single;           /* a single mode and a homogeneous activation */
    int32_t parity;           /* a single parity, f* = chi_S, and another activation */
    mfli_mean_field problem;  /* of these two; of others the sizes */
    mfli_target target;
    mfli_terms terms;
    mfli_multimode multimode; /* its modes are those of the last solve */
    int32_t drawable;         /* by a hat: the solutions are those of the problem, with directions.h */
    mfli_level levels[MFLI_RESOLUTIONS_LOOSE + MFLI_RESOLUTIONS_MOST]; /* of levels.h, kept from solve to solve */
    mfli_lengths lengths;                                              /* of all of them */
    double samples, kappa;                    /* of the last solve */
    mfli_results results[MFLI_BRANCHES];
    mfli_solution solutions[MFLI_BRANCHES]; /* that the results are of, known where it is a single mode's */
    mfli_pull pulls[MFLI_BRANCHES];         /* of those with several modes; their responses are owned */
    mfli_neurons neurons[MFLI_BRANCHES];
    int32_t branches, selected;
    mfli_empirical *empirical; /* a theory of a training set, of which the above holds nothing; else NULL */
    mfl_options options;
    mfli_option_value option_values[MFLI_THEORY_OPTIONS];
};

/* Read the closure from the options. MFL_ERROR_UNSUPPORTED where it is not known for the problem. */
int32_t mfli_theory_choose(mfl_theory *theory);

/* With that closure, are the equations those of a single mode (fixed_point.h)? Otherwise those of multimode.h. */
int32_t mfli_theory_is_single(const mfl_theory *theory);

/* On Gaussian inputs, up to which degree modes are followed though the target lacks them; 0: only its own are. */
int32_t mfli_theory_induced(const mfl_theory *theory);

/* Zeroed but for what its release needs. MFL_ERROR_MEMORY. */
int32_t mfli_theory_allocate(mfl_context *context, mfl_theory **theory);

/* Bodies of public functions for a theory of a training set. */
int32_t mfli_theory_solve_empirical(mfl_theory *theory, double samples, double kappa);
int32_t mfli_theory_empirical_at(const mfl_theory *theory, size_t index, int32_t *key, const char **name,
                                 const char **summary);
int32_t mfli_theory_empirical_get(const mfl_theory *theory, int32_t key, double *value, double *error);
int32_t mfli_theory_empirical_input(const mfl_theory *theory, int64_t input, int32_t key, double *value, double *error);

/* The neurons of the branch that is selected, ready to be drawn. MFL_ERROR_STATE,
 * MFL_ERROR_CANCELLED, MFL_ERROR_MEMORY. */
int32_t mfli_theory_neurons(mfl_theory *theory, mfli_neurons **neurons);
void mfli_neurons_finish(mfl_context *context, mfli_neurons *neurons);

/* How many threads may ask them. */
int32_t mfli_neurons_threads(const mfl_context *context, const mfli_neurons *neurons);

#endif
