/* SPDX-License-Identifier: BSD-3-Clause */
/* Mean-field theories of a training set: what a handle of the theory holds for one, and its solver.
 *
 * Order parameters are the P predictions, or G y that stands for them (cavity.h). A sweep moves all
 * particles in the field, adds what they say to the kernel with a weight that falls, and makes the
 * next field from the kernel: stochastic approximation, whose fixed point does not depend on the
 * number of particles. Given the kernel the predictions are solved for exactly. */
#ifndef MFLI_EMPIRICAL_EMPIRICAL_H
#define MFLI_EMPIRICAL_EMPIRICAL_H

#include "data/dataset.h"
#include "data/task.h"
#include "empirical/archive.h"
#include "empirical/kernel.h"
#include "empirical/record.h"
#include "ridge/points.h"

/* Sweeps before records begin, while half of the particles feel the data too strongly. */
enum { MFLI_EMPIRICAL_SETTLING = 16 };
/* Populations whose R-hat is larger have not mixed, */
#define MFLI_EMPIRICAL_MIXED 1.2
/* which matters where they, or halves of their sweeps, are more tolerances than this from the mean. */
#define MFLI_EMPIRICAL_APART 2.0

/* What a solve is asked for. */
typedef struct mfli_empirical_choice {
    int64_t samples; /* P: the first rows of the data */
    double kappa;
    int32_t screened, relevance;
    double alpha, beta; /* of the Gamma law of rho_j */
    double sharing;     /* neurons that share one precision */
    double tolerance;   /* standard error of the overlap */
    int64_t particles;  /* 0: by P and d */
    int64_t sweeps;
} mfli_empirical_choice;

/* In the order of the table in lib/theory/empirical.c. */
enum {
    MFLI_EMPIRICAL_OVERLAP,
    MFLI_EMPIRICAL_TRAIN_ERROR,
    MFLI_EMPIRICAL_M,
    MFLI_EMPIRICAL_R_HAT,
    MFLI_EMPIRICAL_RESIDUAL,
    MFLI_EMPIRICAL_RESIDUAL_RHO,
    MFLI_EMPIRICAL_PARTICLES,
    MFLI_EMPIRICAL_SWEEPS,
    MFLI_EMPIRICAL_FORCES,
    MFLI_EMPIRICAL_ACCEPTANCE,
    MFLI_EMPIRICAL_CONTROL,
    MFLI_EMPIRICAL_EFFECTIVE,
    MFLI_EMPIRICAL_WEIGHT_ON,
    MFLI_EMPIRICAL_WEIGHT_OFF,
    MFLI_EMPIRICAL_NUMBERS
};

typedef struct mfli_empirical {
    mfl_context *context;
    mfli_model model;
    mfl_dataset *data;
    mfl_task *task_handle; /* NULL: none */
    mfli_task task;
    char *checkpoint; /* NULL: none are kept */
    double interval;  /* seconds between them */

    /* The last solve; samples = 0: none. */
    mfli_empirical_choice choice;
    int64_t samples;
    double others;                    /* 1 - 1/N */
    double *inputs;                   /* P x d, as given */
    double *targets;                  /* P, like all that follow in its block */
    double *prior_pull, *prediction;  /* K_prior v; f */
    double *mode_prior;               /* E[chi(x) K_prior(x, .)] of the task's mode; NULL: not known */
    double *mode_learned, *mode_rest; /* k_chi in the two parts of the kernel (kernel.h) */
    double *mode_response;            /* R k_chi, see gather.c; NULL: no task */
    double target_square;
    double *rho;               /* d */
    double *spread;            /* d: <u_j^2>, averaged like the kernel */
    double control_of_squares; /* share of the control variate in it */
    mfli_kernel kernel_of_prior;
    double *scales;     /* d: 1/sqrt(rho_j) */
    mfli_points points; /* of the training inputs */
    mfli_swarm swarm;
    mfli_mean_kernel kernel;
    mfli_cavity cavity;
    double *extra;  /* P x P: for the surrogate, and the factor of K + kappa^2 in the end */
    double *images; /* rank x P: V (K + kappa^2) */
    mfli_record record;
    mfli_archive archive;
    double *amplitude; /* of archived particles, then shadows: what each adds to f(x) a feature */
    int32_t stop;
    double apart; /* how far populations and halves of their sweeps are from the mean, overlap or m */
    double value[MFLI_EMPIRICAL_NUMBERS], error[MFLI_EMPIRICAL_NUMBERS]; /* NaN: does not exist */
    mfli_estimate *inputs_estimate;                                      /* d: of <u_j^2> */
} mfli_empirical;

/* Copies the model, retains data and task. The caller owns *out, and finishes it within the context.
 * MFL_ERROR_SIZE, MFL_ERROR_STATE, MFL_ERROR_ARGUMENT, MFL_ERROR_UNSUPPORTED, MFL_ERROR_MEMORY. */
int32_t mfli_empirical_create(mfl_context *context, const mfli_model *model, const mfl_dataset *data,
                              const mfl_task *task, mfli_empirical **out);
void mfli_empirical_destroy(mfli_empirical *empirical);

/* Release the last solve. */
void mfli_empirical_forget(mfli_empirical *empirical);

/* MFL_ERROR_ARGUMENT, MFL_ERROR_SIZE, MFL_ERROR_NOT_POSITIVE_DEFINITE, MFL_ERROR_CALLBACK,
 * MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED where there is no result yet, and MFL_ERROR_IO of checkpoints. */
int32_t mfli_empirical_solve(mfli_empirical *empirical, const mfli_empirical_choice *choice);
/* Go on from a file; besides the errors of checkpoint.h. */
int32_t mfli_empirical_resume(mfli_empirical *empirical, const mfli_empirical_choice *choice,
                              const char *path);

/* ---- parts of the solver ---- */

/* Warnings in the log. MFL_ERROR_MEMORY. */
int32_t mfli_empirical_inspect(const mfli_empirical *empirical);
void mfli_empirical_explain(const mfli_empirical *empirical);

/* G y and v from the kernel; with screening also the surrogate of G. */
int32_t mfli_empirical_update_field(mfli_empirical *empirical);
/* v alone. */
int32_t mfli_empirical_solve_readout(mfli_empirical *empirical);

/* A sweep's particles enter kernel and record with weight `newest`; record only if asked. */
int32_t mfli_empirical_gather(mfli_empirical *empirical, double newest, int32_t recorded);

/* Whitened inputs, K_prior and what follows from rho. */
int32_t mfli_empirical_set_prior(mfli_empirical *empirical);
/* rho_j by (T12) from the spread; places keep their w. */
int32_t mfli_empirical_update_precisions(mfli_empirical *empirical);
/* (T12) at a spread: log of the precision it asks for over the present one. */
double mfli_empirical_wanted_precision(const mfli_empirical *empirical, int64_t input, double spread);

/* For predictions: the kernel, v and the factor of K + kappa^2 of the archive, and amplitudes of its
 * neurons. */
int32_t mfli_empirical_conclude(mfli_empirical *empirical);

/* Mean of f at inputs, count x d with a stride; variance may be NULL. */
int32_t mfli_empirical_predict(mfli_empirical *empirical, const double *inputs, int64_t count,
                               int64_t stride, double *mean, double *variance);

/* What the data determined about input j: (alpha/beta)/rho_j with relevance determination, else <w_j^2> in
 * units of the prior's; 1: nothing. */
void mfli_empirical_relevance(const mfli_empirical *empirical, int64_t input, double *relevance,
                              double *error);

/* selected[j]: does input j stand out (empirical.h)? threshold may be NULL. MFL_ERROR_MEMORY. */
int32_t mfli_empirical_select(const mfli_empirical *empirical, double rate, int32_t *selected,
                              double *threshold);

#endif
