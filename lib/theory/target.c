/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/target.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

int32_t mfli_target_create(mfl_context *context, const mfli_task *task, mfli_target *target)
{
    memset(target, 0, sizeof *target);
    int32_t parity = task->kind == MFL_TASK_PARITY, sum = task->kind == MFL_TASK_SUM;
    target->dimension = task->dimension;
    target->support = (int32_t)(parity ? task->degree : sum ? task->variables : 1);
    if (parity || (sum && !task->direction)) {
        memcpy(target->coordinate, task->support,
               (size_t)target->support * sizeof *target->coordinate);
        return MFL_OK;
    }
    size_t size = (size_t)target->support * (size_t)task->dimension;
    target->direction = mfli_alloc(context, size, sizeof(double));
    if (!target->direction)
        return MFL_ERROR_MEMORY;
    memcpy(target->direction, task->direction, size * sizeof(double));
    return MFL_OK;
}

void mfli_target_finish(mfl_context *context, mfli_target *target)
{
    mfli_free(context, target->direction);
    target->direction = NULL;
}

static void remove_directions(const mfli_target *target, double *w)
{
    int64_t d = target->dimension;
    for (int32_t i = 0; i < target->support; i++) {
        const double *u = target->direction + i * d;
        double along = 0.0;
        for (int64_t j = 0; j < d; j++)
            along += w[j] * u[j];
        for (int64_t j = 0; j < d; j++)
            w[j] -= along * u[j];
    }
}

void mfli_target_place(const mfli_target *target, const double *on, double across, double *w)
{
    int64_t d = target->dimension;
    double square = 0.0;
    for (int32_t i = 0; !target->direction && i < target->support; i++)
        w[target->coordinate[i]] = 0.0;
    if (target->direction)
        remove_directions(target, w);
    for (int64_t j = 0; j < d; j++)
        square += w[j] * w[j];
    double scale = across > 0.0 && square > 0.0 ? across / sqrt(square) : 0.0;
    for (int64_t j = 0; j < d; j++)
        w[j] *= scale;
    for (int32_t i = 0; i < target->support; i++) {
        if (!target->direction)
            w[target->coordinate[i]] = on[i];
        for (int64_t j = 0; target->direction && j < d; j++)
            w[j] += on[i] * target->direction[i * d + j];
    }
}
