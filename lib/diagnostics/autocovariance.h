/* SPDX-License-Identifier: BSD-3-Clause */
/* Autocovariances of sequences by fast Fourier transforms. */
#ifndef MFLI_DIAGNOSTICS_AUTOCOVARIANCE_H
#define MFLI_DIAGNOSTICS_AUTOCOVARIANCE_H

#include <mflearn/types.h>

/* Memory for sequences of one length. */
typedef struct mfli_fourier {
    size_t
        size; /* a power of two, at least twice the length: what a transform wraps around is zero */
    double *memory;
} mfli_fourier;

int32_t mfli_fourier_open(mfl_context *context, size_t length, mfli_fourier *fourier);
void mfli_fourier_close(mfl_context *context, mfli_fourier *fourier);

/* covariance[t] = sum over `count` sequences x of sum_i x_i x_(i+t), t = 0 .. length - 1; the
 * sequences stand one after the other and are expected to be centred. */
void mfli_autocovariance(const mfli_fourier *fourier, const double *sequences, size_t count,
                         size_t length, double *covariance);

#endif
