/* SPDX-License-Identifier: BSD-3-Clause */
/* What continuation (follow.h) needs of a theory: copies of it, and its equations at any place as one system in unknowns
 * that may have any sign, on a quadrature whose resolution is chosen. There are two such systems: a single mode
 * (place_single.c), with one steep unknown and the outer ones of fixed_point.h, and several (place_several.c). */
#ifndef MFLI_THEORY_PLACE_H
#define MFLI_THEORY_PLACE_H

#include "theory/results.h"

/* Everything that can be moved. The dimension is an integer. */
typedef struct mfli_place {
    double samples, kappa, width, dimension, sigma_w, sigma_a, alpha;
} mfli_place;

/* A theory of the same problem and options, without its results; mfli_object_release() takes it back. Functions of the
 * caller's are shared. */
int32_t mfli_theory_clone(mfl_context *context, const mfl_theory *from, mfl_theory **out);

/* k: the least dimension there can be. */
double mfli_theory_support(const mfl_theory *theory);

/* Where the theory is, as far as it knows: without samples and kappa. */
mfli_place mfli_theory_place(const mfl_theory *theory);

/* MFL_ERROR_UNSUPPORTED, with the reason recorded, where `what` (paths, diagrams) has nothing to follow. */
int32_t mfli_theory_check_continuation(mfl_context *context, const mfl_theory *theory, const char *what);

double mfli_theory_tolerance(const mfl_theory *theory);

/* The modes that are followed. */
const mfli_modes *mfli_theory_modes(const mfl_theory *theory);

/* ---- systems ---- */

typedef struct mfli_system mfli_system;

/* Status as mfl_theory_solve(). z holds the unknowns. */
typedef struct mfli_system_kind {
    int32_t (*move)(mfli_system *system, const mfli_place *place);
    /* Let the quadrature be that of a level: at its first call (`anew`) for the solution near z, where NULL stands for none;
     * then what it lacks for another z is added. */
    int32_t (*resolve)(mfli_system *system, int32_t level, int32_t anew, const double *z);
    /* By how much the equations ask each unknown to move; the system is then at that state. */
    int32_t (*evaluate)(mfli_system *system, const double *z, double *f);
    /* The stable solution that the iteration leads to from the prior or aligned neurons (branch), or from z if `warm`, at
     * the coarsest level, with the evaluations there are left: none are when it did not converge. */
    int32_t (*solve)(mfli_system *system, int32_t branch, int32_t warm, double *z);
    /* Add the results of the state at the level that was set; off: the error of its unknowns. */
    int32_t (*record)(mfli_system *system, double used, double off, mfli_results *results);
    /* Let the two highest layers of a kernel that is cut count as rest, or no more; no equations are evaluated. NULL where
     * there are none. */
    void (*hide)(mfli_system *system, int32_t on);
    /* While they are hidden: what the degrees beyond the cut may change, from the state that was evaluated last and the
     * results that were recorded last. Returns the ratio of the powers beyond the cut and hidden. */
    double (*compare)(mfli_system *system, const mfli_results *results, double effect[MFLI_NUMBERS]);
    void (*finish)(mfli_system *system);
} mfli_system_kind;

/* The first member of every system. */
struct mfli_system {
    const mfli_system_kind *kind;
    mfl_theory *theory; /* borrowed */
    int32_t unknowns, rank;   /* rank: of the Jacobian (jacobian.h) */
    int32_t levels, coarsest; /* the coarsest is that at which curves are followed; levels begin at 0 */
    int32_t branches;         /* starts of which each may lead to another solution */
    int32_t has_free_energy;
    int32_t is_adaptive;      /* the quadrature follows the solution */
    int32_t changed;          /* the last resolve() changed it */
    int32_t is_full;          /* it cannot be refined further */
    int32_t cut_is_met;       /* where layers end is the caller's choice, and no part of the tolerance */
    double apart;             /* at the coarsest level, solutions nearer than this are one */
    int64_t evaluations;      /* left for solve() */
};

/* The system of a theory at a place, at the coarsest level. MFL_ERROR_MEMORY, or as mfl_theory_solve(). */
int32_t mfli_system_create(mfl_theory *theory, const mfli_place *place, mfli_system **out);
void mfli_system_finish(mfli_system *system); /* may be NULL */

/* The two kinds, for mfli_system_create(), at a place where the theory is; *out may be unfinished on failure. */
int32_t mfli_system_create_single(mfl_theory *theory, const mfli_place *place, mfli_system **out);
int32_t mfli_system_create_several(mfl_theory *theory, const mfli_place *place, mfli_system **out);

/* Let the theory be at a place, all but samples and kappa, with its options read anew. */
int32_t mfli_theory_move(mfl_theory *theory, const mfli_place *place);

#endif
