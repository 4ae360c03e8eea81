/* SPDX-License-Identifier: BSD-3-Clause */
/* The modes chi_A on which a task's mean predictor lives, in the r variables of the target: coordinates of the hypercube,
 * or directions in Gaussian inputs.
 *
 * Flipping the sign of a set of variables leaves p(w) as it is where it flips all target modes together or none; modes
 * that these flips tell from the target keep m_A = 0. The others belong to the theory, with y_A = 0 where the target
 * does not have them: on the hypercube all of them, on Gaussian inputs, where there is no end of them, up to a degree. */
#ifndef MFLI_THEORY_MODES_H
#define MFLI_THEORY_MODES_H

#include "data/task.h"
#include "network/model.h"

/* Integrals over more variables than `solved` are out of reach without an activation's help. */
enum { MFLI_VARIABLES_MOST = 8, MFLI_VARIABLES_SOLVED = 6, MFLI_MODES_MOST = 48, MFLI_HERMITE_MOST = 24 };

/* A term of the target, c prod_j he_degree_j(z_j). */
typedef struct mfli_term {
    int32_t degree[MFLI_VARIABLES_MOST], total;
    int32_t seen; /* there are neurons that correlate with it */
    double coefficient;
} mfli_term;

/* What is left of a task: the target's terms. */
typedef struct mfli_terms {
    int32_t gaussian, variables, count;
    int32_t axes;      /* the variables are coordinates */
    int64_t dimension; /* d */
    double square;     /* E f*^2, of a teacher that is expanded more than the sum of the squares here */
    mfli_term term[MFLI_MODES_MOST];
} mfli_terms;

typedef struct mfli_mode {
    int32_t degree[MFLI_VARIABLES_MOST]; /* in each variable */
    int32_t across; /* Gaussian inputs: degree, even, in the other directions, on which it depends by their length */
    int32_t total;
    double target;  /* y_A */
    double factor;  /* Gaussian inputs: J = factor h_total prod_j c_j^degree_j c_perp^across, c = w/|w| */
} mfli_mode;

typedef struct mfli_modes {
    int32_t gaussian, variables, count;
    int32_t induced;   /* on Gaussian inputs, up to which degree they are followed though the target lacks them */
    int32_t positive;  /* bits of the variables of which w_j >= 0 suffices, the flips taken together */
    int32_t flip[MFLI_VARIABLES_MOST]; /* for each of them a set of signs that p(w) is even in, it being the lowest */
    int32_t exchanged; /* all orders of the variables are alike */
    double left_out;   /* power of the target on modes that are not followed */
    mfli_mode mode[MFLI_MODES_MOST];
} mfli_modes;

/* What cutting goes by: the total degree of those that may be left out, 0 for others. */
static inline int32_t mfli_mode_layer(const mfli_modes *modes, int32_t mode)
{
    return modes->gaussian && modes->mode[mode].target == 0.0 ? modes->mode[mode].total : 0;
}

/* MFL_ERROR_UNLEARNABLE, MFL_ERROR_UNSUPPORTED, or a status of the caller's function, with a sentence. */
int32_t mfli_terms_read(mfl_context *context, const mfli_task *task, const mfli_model *model, mfli_terms *terms);

/* Can its modes be integrated over? MFL_ERROR_UNSUPPORTED if not. */
int32_t mfli_terms_check(mfl_context *context, const mfli_terms *terms);

/* induced: on Gaussian inputs the highest degree of modes that the target lacks. MFL_ERROR_UNSUPPORTED: too many. */
int32_t mfli_modes_list(mfl_context *context, const mfli_terms *terms, const mfli_model *model, int32_t induced,
                        mfli_modes *modes);

/* How many there would be. */
int32_t mfli_modes_count(const mfli_terms *terms, const mfli_model *model, int32_t induced);

/* All degrees with a total of at most `most` in turn, from 0 on; returns 0 after the last. */
int32_t mfli_next_degrees(int32_t count, int32_t most, int32_t *degree, int32_t *total);

#endif
