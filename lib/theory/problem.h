/* SPDX-License-Identifier: BSD-3-Clause */
/* From a task and a model to the integrals that the mean-field theory needs. */
#ifndef MFLI_THEORY_PROBLEM_H
#define MFLI_THEORY_PROBLEM_H

#include "data/task.h"
#include "network/model.h"
#include "theory/mean_field.h"

/* MFL_ERROR_SIZE, MFL_ERROR_UNLEARNABLE, MFL_ERROR_UNSUPPORTED or MFL_ERROR_ARGUMENT with a sentence. */
int32_t mfli_problem_create(mfl_context *context, const mfli_task *task, const mfli_model *model,
                            mfli_mean_field *problem);

/* Set the closure. MFL_ERROR_UNSUPPORTED where it is not known for the problem. */
int32_t mfli_problem_choose(mfl_context *context, const mfli_closure *closure, mfli_mean_field *problem);

#endif
