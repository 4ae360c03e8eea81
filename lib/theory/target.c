/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/target.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

int32_t mfli_target_create(mfl_context *context, const mfli_task *task, mfli_target *target)
{
    memset(target, 0, sizeof *target);
    target->dimension = task->dimension;
    target->support = task->kind == MFL_TASK_PARITY ? (int32_t)task->degree : 1;
    if (task->kind == MFL_TASK_PARITY) {
        memcpy(target->coordinate, task->support,
               (size_t)target->support * sizeof *target->coordinate);
        return MFL_OK;
    }
    target->direction = mfli_alloc(context, (size_t)task->dimension, sizeof(double));
    if (!target->direction)
        return MFL_ERROR_MEMORY;
    memcpy(target->direction, task->direction, (size_t)task->dimension * sizeof(double));
    return MFL_OK;
}

void mfli_target_finish(mfl_context *context, mfli_target *target)
{
    mfli_free(context, target->direction);
    target->direction = NULL;
}

static void remove_direction(const mfli_target *target, double *w)
{
    double along = 0.0;
    for (int64_t j = 0; j < target->dimension; j++)
        along += w[j] * target->direction[j];
    for (int64_t j = 0; j < target->dimension; j++)
        w[j] -= along * target->direction[j];
}

void mfli_target_place(const mfli_target *target, const double *on, double across, double *w)
{
    double square = 0.0;
    for (int32_t i = 0; !target->direction && i < target->support; i++)
        w[target->coordinate[i]] = 0.0;
    if (target->direction)
        remove_direction(target, w);
    for (int64_t j = 0; j < target->dimension; j++)
        square += w[j] * w[j];
    double scale = across > 0.0 && square > 0.0 ? across / sqrt(square) : 0.0;
    for (int64_t j = 0; j < target->dimension; j++)
        w[j] = scale * w[j] + (target->direction ? on[0] * target->direction[j] : 0.0);
    for (int32_t i = 0; !target->direction && i < target->support; i++)
        w[target->coordinate[i]] = on[i];
}
