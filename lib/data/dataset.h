/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets, as the layers above see them: plain fields that never change after creation. Whoever keeps a data set
 * beyond one call retains it (mfli_object_retain) and releases it in its own finish function. */
#ifndef MFLI_DATA_DATASET_H
#define MFLI_DATA_DATASET_H

#include <mflearn/dataset.h>

#include "core/object.h"

struct mfl_dataset {
    mfli_object object;
    int64_t rows, columns;                    /* P, d */
    const double *inputs;                     /* own, or the caller's */
    int64_t row_stride, column_stride;        /* d, 1 unless it is a view */
    double *targets;                          /* NULL: none */
    double *clean;                            /* noise-free targets; NULL: not known */
    double *own_inputs;                       /* NULL: a view */
    char **names;                             /* d + 1 texts in one block, the target's last; NULL: none */
    double *mean, *scale;                     /* d each in one block, then the target's; NULL: not standardised */
};

/* A handle passed beside the entered one: kind, context, and that it has targets. */
int32_t mfli_dataset_check(mfl_context *context, const mfl_dataset *dataset, const char *argument);

/* Noise-free targets where they are known. */
static inline const double *mfli_dataset_truth(const mfl_dataset *dataset)
{
    return dataset->clean ? dataset->clean : dataset->targets;
}

/* Rows first .. first + count - 1 of the inputs, packed at out with the given distance of rows. */
void mfli_dataset_pack(const mfl_dataset *dataset, int64_t first, int64_t count, double *out,
                       int64_t leading_dimension);

/* A data set with room for its own numbers, not yet filled in: inputs packed, targets and clean as asked. For the
 * makers in this folder; released with mfli_object_release on failure. */
int32_t mfli_dataset_allocate(mfl_context *context, int64_t rows, int64_t columns, int32_t with_targets,
                              int32_t with_clean, mfl_dataset **out);

/* Room for mean and scale (columns + 1 each). */
int32_t mfli_dataset_allocate_scales(mfl_dataset *dataset);

/* Copy d + 1 names. */
int32_t mfli_dataset_set_names(mfl_dataset *dataset, const char *const *names);

/* MFL_ERROR_NOT_FINITE naming row and column of the first number that is not finite. */
int32_t mfli_dataset_check_finite(const mfl_dataset *dataset);

#endif
