/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle of a spectrum. */
#ifndef MFLI_RIDGE_SPECTRUM_H
#define MFLI_RIDGE_SPECTRUM_H

#include <mflearn/spectrum.h>

#include "core/object.h"
#include "ridge/shells.h"

struct mfl_spectrum {
    mfli_object object;
    int64_t count;
    double rest, error;
    double *values, *multiplicities, *power; /* one block */
    int64_t *degrees;                        /* of the entries; NULL: not by degree */
    int32_t has_power;

    /* Of a task on Gaussian inputs, the target as in mfli_shells_learn(); else NULL and empty. */
    double *target;
    mfli_shells shells;
    int64_t dimension;
};

/* Room for the given number of entries, zeros. */
int32_t mfli_spectrum_make(mfl_context *context, int64_t count, int32_t by_degree,
                           mfl_spectrum **out);

/* `name`[index] is finite and above 0, or may be 0. */
int32_t mfli_spectrum_check_entry(mfl_context *context, const char *name, int64_t index,
                                  double value, int32_t may_vanish);
int32_t mfli_spectrum_check_capacity(const mfl_spectrum *spectrum, int64_t capacity);

#endif
