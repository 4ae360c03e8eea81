/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of a solve between two sweeps in a file, from which it goes on to the same numbers. */
#ifndef MFLI_EMPIRICAL_CHECKPOINT_H
#define MFLI_EMPIRICAL_CHECKPOINT_H

#include <mflearn/types.h>

struct mfli_empirical;

/* Replaces the file atomically. MFL_ERROR_IO, MFL_ERROR_MEMORY. */
int32_t mfli_empirical_save(const struct mfli_empirical *empirical, const char *path);

/* Of how many samples and what kappa the solve in a file is. MFL_ERROR_IO, MFL_ERROR_FORMAT,
 * MFL_ERROR_UNSUPPORTED, MFL_ERROR_MEMORY. */
int32_t mfli_empirical_read_point(mfl_context *context, const char *path, int64_t *samples, double *kappa);

/* Into a solve that is prepared for the same samples and kappa. The same errors, and MFL_ERROR_ARGUMENT
 * where the file is that of another problem. */
int32_t mfli_empirical_load(struct mfli_empirical *empirical, const char *path);

#endif
