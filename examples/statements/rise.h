/* SPDX-License-Identifier: BSD-3-Clause */
/* The theories that are compared, and where in kappa learning begins in them. */
#ifndef EXAMPLES_STATEMENTS_RISE_H
#define EXAMPLES_STATEMENTS_RISE_H

#include <mflearn/mflearn.h>

#include "book.h"
#include "common/arguments.h"

/* A closure by name: mf, mf_ard with n = 1 and with n = N, mf_screened. */
typedef struct st_closure {
    const char *name;
    int32_t preset, sharing, colour;
} st_closure;

extern const st_closure st_mf, st_ard, st_shared, st_screened;

/* What the experiments have in common. */
typedef struct st_setting {
    mfl_context *context;
    const ex_arguments *arguments;
} st_setting;

/* The theory of a closure at the width, and with the other options, of the command line. */
mfl_theory *st_make(const st_setting *at, const st_closure *of, int64_t dimension, int64_t degree);
/* All branches of a range of samples or of the noise; `fixed` is the other one. Takes the theory. */
mfl_path *st_follow(const st_setting *at, mfl_theory *theory, int32_t parameter, double from, double to,
                    double fixed);
/* A result along the stable branches, as a series; true to the order of the path. */
void st_note_path(st_book *book, const char *series, const mfl_path *path, int32_t key);

/* How m rises as the noise falls, on the branch that begins with the smallest m.
 *
 * onset:    where the tangent of m(kappa) at m = 1/20 reaches m = 0; its error is how much a parabola through
 * the points about it has it elsewhere, and half the distance to the same construction at m = 1/10. Where the
 * branch ends in a fold before, the fold. steepest: where dm/d ln kappa is largest; where a fold interrupts
 * the rise, the fold. half:     where the tangent at m = 1/2 reaches 0, the criterion of MFL_PATH_PINNED.
 * equal:    where two stable branches have the same free energy.
 * melts:    the largest noise at which a fold ends a stable branch: on heating, what was learned is lost
 * there. NAN where there is no such place. */
typedef struct st_rise {
    st_point onset, steepest, half, equal, melts; /* the places are y; x is left to the caller */
} st_rise;

/* All of these, or the onset alone, for which the path may end soon behind it. */
st_rise st_rise_of(mfl_path *path, int32_t whole);

/* The constant of large d: kappa_c = st_prefactor(k) sqrt(P/d) for ReLU neurons of the plain theory. */
double st_prefactor(int64_t degree);

#endif
