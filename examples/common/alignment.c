/* SPDX-License-Identifier: BSD-3-Clause */
#include "alignment.h"

#include <math.h>
#include <stdlib.h>

int64_t ex_relevant_inputs(const mfl_task *task)
{
    int32_t kind;
    int64_t degree;
    if (!task || mfl_task_shape(task, &kind, NULL, &degree) != MFL_OK || kind == MFL_TASK_SUM)
        return 0;
    return kind == MFL_TASK_PARITY ? degree : 1;
}

int32_t ex_alignment_make(ex_alignment *alignment, const mfl_model *model, int64_t relevant)
{
    *alignment = (ex_alignment){.relevant = relevant};
    const int32_t status = mfl_model_shape(model, &alignment->dimension, &alignment->width);
    if (status != MFL_OK)
        return status;
    alignment->weights = malloc((size_t)(alignment->dimension * alignment->width) * sizeof(double));
    return alignment->weights ? MFL_OK : MFL_ERROR_MEMORY;
}

void ex_alignment_release(ex_alignment *alignment)
{
    free(alignment->weights);
}

int32_t ex_specialised_fraction(const mfl_network *network, double *value, void *user_data)
{
    const ex_alignment *alignment = user_data;
    const int64_t d = alignment->dimension;
    int64_t specialised = 0;
    if (mfl_network_copy_weights(network, alignment->weights, d, NULL) != MFL_OK)
        return 1;
    for (int64_t i = 0; i < alignment->width; i++) {
        double on = 0.0, square = 0.0; /* the pattern of the weights' own signs has the largest product */
        for (int64_t j = 0; j < d; j++) {
            const double w = alignment->weights[i * d + j];
            on += j < alignment->relevant ? fabs(w) : 0.0;
            square += w * w;
        }
        specialised += on * on > 0.5 * (double)alignment->relevant * square;
    }
    *value = (double)specialised / (double)alignment->width;
    return 0;
}
