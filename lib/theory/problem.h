/* SPDX-License-Identifier: BSD-3-Clause */
/* From a task and a model to the integrals that the mean-field theory needs. */
#ifndef MFLI_THEORY_PROBLEM_H
#define MFLI_THEORY_PROBLEM_H

#include "data/task.h"
#include "network/model.h"
#include "theory/mean_field.h"
#include "theory/modes.h"

/* Do task and model fit? MFL_ERROR_SIZE, or MFL_ERROR_ARGUMENT for a prior of f that diverges. */
int32_t mfli_problem_check(mfl_context *context, const mfli_task *task, const mfli_model *model);

/* Is the activation homogeneous? */
int32_t mfli_problem_scales(const mfli_model *model);

/* Is it a single mode seen by a homogeneous activation, so that the integrals of directions.h do? */
int32_t mfli_problem_is_single(const mfli_task *task, const mfli_model *model);

/* For such a problem. MFL_ERROR_UNLEARNABLE or MFL_ERROR_UNSUPPORTED with a sentence. */
int32_t mfli_problem_create(mfl_context *context, const mfli_task *task, const mfli_model *model,
                            mfli_mean_field *problem);

/* For others: the sizes, and for a single parity the classes and what else the closures that need them do. */
void mfli_problem_of_modes(const mfli_modes *modes, const mfli_model *model, mfli_mean_field *problem);

/* Set the closure. MFL_ERROR_UNSUPPORTED where it is not known for the problem. */
int32_t mfli_problem_choose(mfl_context *context, const mfli_closure *closure, mfli_mean_field *problem);

#endif
