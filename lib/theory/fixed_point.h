/* SPDX-License-Identifier: BSD-3-Clause */
/* All equations of a closure together: the outer order parameters of closure.h are iterated, the steep unknown of
 * mean_field.h is solved for inside. */
#ifndef MFLI_THEORY_FIXED_POINT_H
#define MFLI_THEORY_FIXED_POINT_H

#include "theory/mean_field.h"

/* From where the iteration starts, and so which branch it ends on where there are two. */
enum { MFLI_BRANCH_HEATING, MFLI_BRANCH_COOLING, MFLI_BRANCHES };

typedef struct mfli_solution {
    int32_t known; /* holds a state to start from */
    int32_t slow;  /* the iteration was, and was finished by Newton's method: residuals are much smaller than errors */
    mfli_order order;
    mfli_mean_field_state state;
    double off_precision, off_noise, off_power; /* largest relative change that (T12), (T16), (T15) still ask for */
} mfli_solution;

/* The order parameters that a branch is looked for from. */
int32_t mfli_fixed_point_start(mfli_setting *setting, int32_t branch, mfli_solution *solution);

/* Start from the solution that is known, or as `branch` says: from the prior, or from neurons that are aligned.
 * Stops when all residuals are at rounding level or the setting's precision, or when no evaluations are left. Status as
 * mfli_mean_field_solve(). */
int32_t mfli_fixed_point_solve(mfli_setting *setting, int32_t branch, mfli_solution *solution);

/* What the law of a state makes of its own order parameters: (T12), (T15), (T16). */
void mfli_order_map(const mfli_setting *setting, const mfli_mean_field_state *state, mfli_order *order);

/* The same equations as one system, without a solver: x holds the logarithms of the steep unknown and of the outer ones,
 * f by how much the equations ask each to move. Which unknowns there are depends on the closure. The functions return or
 * fill the number of x, in `solution` the order parameters that x stands for, and the state that belongs to them. */
enum { MFLI_UNKNOWNS_MOST = 100 };
int32_t mfli_fixed_point_unknowns(const mfli_mean_field *problem, mfli_solution *solution, double *x);
void mfli_fixed_point_set(const mfli_setting *setting, const double *x, mfli_solution *solution);
int32_t mfli_fixed_point_evaluate(mfli_setting *setting, const double *x, mfli_solution *solution, double *f);

/* What all its equations together still ask for. */
double mfli_solution_residual(const mfli_solution *solution);

/* Does the closure have order parameters besides the steep one? */
int32_t mfli_has_outer(const mfli_mean_field *problem);

#endif
