/* SPDX-License-Identifier: BSD-3-Clause */
/* Targets of tasks by degree, for learning curves. */
#ifndef MFLI_RIDGE_TEACHER_H
#define MFLI_RIDGE_TEACHER_H

#include "data/task.h"

/* Has the target, under the law of its inputs, parts of finitely many degrees, all below `degrees`?
 * MFL_ERROR_UNSUPPORTED and MFL_ERROR_ARGUMENT if not. */
int32_t mfli_teacher_check(mfl_context *context, const mfli_task *task, int64_t degrees);

/* The part of degree l at |x| = sqrt(d) e^v is this times a harmonic of mean square 1; on the
 * hypercube the coefficient of degree l. */
double mfli_teacher_part(const mfli_task *task, int64_t l, double v);

#endif
