/* SPDX-License-Identifier: BSD-3-Clause */
#include "diagnostics/autocovariance.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

typedef struct complex_number {
    double re, im;
} complex_number;

int32_t mfli_fourier_open(mfl_context *context, size_t length, mfli_fourier *fourier)
{
    const double two_pi = 6.283185307179586476925;
    size_t size = 2;
    while (size < 2 * length)
        size *= 2;
    /* data and scratch of `size` complex numbers, size / 2 roots of unity, the power spectrum */
    *fourier = (mfli_fourier){size, mfli_alloc(context, 6 * size, sizeof(double))};
    if (!fourier->memory)
        return MFL_ERROR_MEMORY;
    double *roots = fourier->memory + 4 * size;
    for (size_t i = 0; i < size / 2; i++) {
        roots[2 * i] = cos(two_pi * (double)i / (double)size);
        roots[2 * i + 1] = -sin(two_pi * (double)i / (double)size);
    }
    return MFL_OK;
}

void mfli_fourier_close(mfl_context *context, mfli_fourier *fourier)
{
    mfli_free(context, fourier->memory);
    fourier->memory = NULL;
}

/* Stockham's form of radix 2, which leaves the frequencies in order. The result lies where the
 * pointer returned tells: in the data or in the scratch. */
static complex_number *transform(const mfli_fourier *fourier)
{
    const complex_number *roots = (const complex_number *)fourier->memory + 2 * fourier->size;
    complex_number *from = (complex_number *)fourier->memory, *to = from + fourier->size;
    for (size_t half = fourier->size / 2, stride = 1; half >= 1; half /= 2, stride *= 2) {
        for (size_t p = 0; p < half; p++) {
            const complex_number w = roots[p * stride];
            for (size_t q = 0; q < stride; q++) {
                const complex_number a = from[q + stride * p], b = from[q + stride * (p + half)];
                const double re = a.re - b.re, im = a.im - b.im;
                to[q + stride * 2 * p] = (complex_number){a.re + b.re, a.im + b.im};
                to[q + stride * (2 * p + 1)]
                    = (complex_number){re * w.re - im * w.im, re * w.im + im * w.re};
            }
        }
        complex_number *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* Two real sequences x, y travel as x + iy: |Z(k)|^2 + |Z(-k)|^2 = 2 (|X(k)|^2 + |Y(k)|^2). */
void mfli_autocovariance(const mfli_fourier *fourier, const double *sequences, size_t count,
                         size_t length, double *covariance)
{
    const size_t size = fourier->size;
    complex_number *data = (complex_number *)fourier->memory;
    double *power = fourier->memory + 5 * size;
    memset(power, 0, size * sizeof *power);
    for (size_t s = 0; s < count; s += 2) {
        const double *x = sequences + s * length, *y = s + 1 < count ? x + length : NULL;
        memset(data, 0, size * sizeof *data);
        for (size_t i = 0; i < length; i++)
            data[i] = (complex_number){x[i], y ? y[i] : 0.0};
        const complex_number *z = transform(fourier);
        for (size_t k = 0; k < size; k++)
            power[k] += z[k].re * z[k].re + z[k].im * z[k].im;
    }
    /* The spectrum is real and becomes even: its inverse transform is its transform. */
    for (size_t k = 0; k < size; k++)
        data[k] = (complex_number){0.5 * (power[k] + power[(size - k) % size]), 0.0};
    const complex_number *z = transform(fourier);
    for (size_t t = 0; t < length; t++)
        covariance[t] = z[t].re / (double)size;
}
