/* SPDX-License-Identifier: BSD-3-Clause */
/* One measurement: a method learns from one data set, and says how well. Nothing here ends the program: a status of the
 * library comes back, with its sentence in the context. */
#ifndef EXAMPLES_MEASURE_H
#define EXAMPLES_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/mflearn.h>

#include "arguments.h"

#define EX_METHODS "network|ridge|linear|mf|mf_ard|mf_screened"
/* From EX_METHOD_MF on in the order of enum mfl_theory_preset. */
enum ex_method {
    EX_METHOD_NETWORK,
    EX_METHOD_RIDGE,
    EX_METHOD_LINEAR,
    EX_METHOD_MF,
    EX_METHOD_MF_ARD,
    EX_METHOD_MF_SCREENED,
    EX_METHOD_COUNT
};

const char *ex_method_name(int32_t method);

/* Rows of a table of options: network, of a default width, and sampler. */
#define EX_MODEL_OPTIONS EX_MODEL_OPTIONS_OF("128")
#define EX_MODEL_OPTIONS_OF(width)                                                                           \
    {"width", "N", width, "width of the network"},                                                           \
    {"gamma", "G", "0.5", "scaling exponent: 0.5 standard, 1 mean-field"},                                   \
    {"sigma-w", "S", "1", "prior scale of the first layer"},                                                 \
    {"sigma-a", "S", "1", "prior scale of the readout"},                                                     \
    {"activation", "NAME", "relu", "relu, leaky, erf, tanh, gelu, linear or quadratic"}
#define EX_CHAIN_OPTIONS                                                                                     \
    {"chains", "C", "2", "Markov chains a run"},                                                             \
    {"sampler", "NAME", "baoab", "how the chains move: sgld, gradient_descent, mala, baoab or hmc"},         \
    {"burn-in", "STEPS", "-1", "steps before the first draw; -1 leaves it to the sampler"},                  \
    {"draws", "COUNT", "800", "draws of each chain"},                                                        \
    {"thinning", "STEPS", "0", "steps from one draw to the next; 0 leaves it to the sampler"},               \
    {"precision", "NAME", "float32", "float32 or float64 arithmetic of the sampler"},                        \
    {"set", "LIST", NULL, "other options of the sampler, such as mass=adaptive,gibbs=5"}
#define EX_STARTS "prior|planted"
#define EX_START_OPTION                                                                                      \
    {"start", "NAME", "prior", "prior or planted: where chains begin, and which branch of a theory is followed"}
/* Of theories with relevance determination. */
#define EX_PRECISION_OPTIONS                                                                                 \
    {"alpha0", "A", "4", "shape of the Gamma law of the precisions of mf_ard"},                              \
    {"sharing", "N", "1", "neurons that share one precision; 0: the whole layer"}

/* What is measured on; the handles are borrowed. */
typedef struct ex_subject {
    mfl_context *context;
    const ex_arguments *arguments; /* of the sampler */
    const mfl_task *task;          /* NULL for a file */
    const mfl_dataset *file;       /* NULL for a task */
    const mfl_model *model, *linear;
    int64_t most_samples; /* of a file: no test row is among the first so many of the random order */
    int64_t tests;
    double label_noise;
    double kappa;    /* 0: where the kernel's evidence is largest */
    int32_t planted; /* of theories with two branches, the one that chains from a planted start would see */
} ex_subject;

/* One run of a method at a point. Not-a-number and a seed of -1 where something does not apply. */
typedef struct ex_row {
    int32_t method;
    int32_t stop; /* enum mfl_stop */
    int64_t samples, seed;
    double test_mse, test_mse_draw, train_mse, m, m_se, solver_se, seconds, rel_mse, test_mse_noisy, kappa,
        step_size, draws, r_hat;
    double weight_on, weight_off; /* <w_j^2> of relevant and of other inputs */
    double specialised;           /* fraction of neurons */
    double rho_on, rho_off;       /* precisions of mf_ard */
} ex_row;

/* The network of a subject, or the linear one in its place. */
int32_t ex_make_model(mfl_context *context, const ex_arguments *arguments, int64_t dimension, int32_t linear,
                      mfl_model **model);

/* Can the method deal with the subject? MFL_OK, or what it will say. */
int32_t ex_try_method(const ex_subject *subject, int32_t method);

/* Set name=value,name=value; MFL_ERROR_ARGUMENT for a list that is none, or what the library says. NULL sets nothing. */
int32_t ex_set_list(mfl_options *options, const char *list);

/* The status comes back also where the run was cancelled: MFL_ERROR_CANCELLED. */
int32_t ex_measure(const ex_subject *subject, int32_t method, int64_t samples, int64_t seed, ex_row *row);

/* Training and test rows of a file under the context's seed, standardised by the training rows: the first `samples` of
 * a random order, and at most `tests` of those beyond the first `most_samples`. */
int32_t ex_split_file(const mfl_dataset *file, int64_t most_samples, int64_t samples, int64_t tests,
                      mfl_dataset **train, mfl_dataset **test);

#endif
