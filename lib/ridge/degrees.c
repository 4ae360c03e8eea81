/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/degrees.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* The series of kernels with a kink fall like a power of q; they are summed this far, the remainder
 * as an integral of that power. */
enum { TERMS = 1 << 18 };

/* The sum of terms beyond `last` in steps of 2, where they fall like C q^-alpha (1 + b/q): fitted
 * to the last term and one at about half its q. Kernels with a kink have half-integer alpha. */
static double remainder_beyond(int64_t last, double term, int64_t middle, double before)
{
    const double q = (double)last, h = (double)middle;
    if (!(term > 0.0) || !(before > term) || middle < 8)
        return 0.0;
    double alpha = log(before / term) / log(q / h), b = 0.0;
    const double half_integer = 0.5 * round(2.0 * alpha);
    if (fabs(alpha - half_integer) < 1e-3) {
        const double ratio = before / term * pow(h / q, half_integer); /* (1 + b/h) / (1 + b/q) */
        alpha = half_integer;
        b = (ratio - 1.0) / (1.0 / h - ratio / q);
    }
    const double edge = q + 1.0, at_edge = term * pow(q / edge, alpha) / (1.0 + b / q);
    return 0.5 * at_edge * (edge / (alpha - 1.0) + b / alpha);
}

static double remainder_of(const double *p, int64_t count, int32_t parity)
{
    int64_t last = count - 1, middle = count / 2;
    last -= (last - parity) % 2;
    middle -= (middle - parity) % 2;
    return remainder_beyond(last, p[last], middle, p[middle]);
}

static double sum_of(const double *p, int64_t first, int64_t count, int32_t parity)
{
    double sum = remainder_of(p, count, parity);
    for (int64_t q = count - 1; q >= first; q--) /* small ones first */
        if (q % 2 == parity)
            sum += p[q];
    return sum;
}

/* p_q = a_q^2 for inputs of length sqrt(d), and their sum. */
static double *series_of(mfl_context *context, const mfli_kernel *kernel, double *trace,
                         double *error, int32_t *status)
{
    double *p = mfli_alloc(context, TERMS, sizeof *p);
    const double s = kernel->unit * sqrt((double)kernel->dimension);
    *status = p ? mfli_power_series(context, kernel, s, TERMS, p, error) : MFL_ERROR_MEMORY;
    if (*status) {
        mfli_free(context, p);
        return NULL;
    }
    for (int64_t q = 0; q < TERMS; q++)
        p[q] *= p[q];
    *trace = sum_of(p, 0, TERMS, 0) + sum_of(p, 0, TERMS, 1);
    return p;
}

/* M_q(k) = E[(x_1 + ... + x_d)^q x_1 ... x_k] / d^q of signs x follows from
 * M_q(k) = k/d M_{q-1}(k-1) + (d-k)/d M_{q-1}(k+1), without cancellation. Beyond q = 20 d it is
 * 2^(1-d) for k + q even to the last bit: all signs equal. */
static void sum_hypercube(int64_t d, int64_t degrees, const double *p, double *moment,
                          double *values)
{
    const int64_t last = 20 * d + 100;
    double *next = moment + d + 2;
    memset(moment, 0, (size_t)(2 * d + 4) * sizeof *moment);
    moment[0] = 1.0;
    for (int64_t k = 0; k < degrees; k++)
        values[k] = 0.0;
    for (int64_t q = 0; q < last && q < TERMS; q++) {
        for (int64_t k = 0; k < degrees; k++)
            values[k] += p[q] * moment[k];
        for (int64_t k = 0; k <= d; k++)
            next[k] = (k ? (double)k / (double)d * moment[k - 1] : 0.0)
                      + (double)(d - k) / (double)d * moment[k + 1];
        memcpy(moment, next, (size_t)(d + 1) * sizeof *moment);
    }
    for (int64_t k = 0; last < TERMS && k < degrees; k++)
        values[k] += ldexp(sum_of(p, last, TERMS, (int32_t)(k % 2)), (int)(1 - d));
}

int32_t mfli_degrees_hypercube(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                               double *values, double *multiplicities, double *trace,
                               double *error)
{
    const int64_t d = kernel->dimension;
    if (d > 10000)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "spectra of the hypercube are available up to dimension 10000");
    double *moment = mfli_alloc(context, 2 * (size_t)d + 4, sizeof *moment);
    if (!moment)
        return MFL_ERROR_MEMORY;
    int32_t status;
    double *p = series_of(context, kernel, trace, error, &status);
    if (p)
        sum_hypercube(d, degrees, p, moment, values);
    double choose = 1.0;
    for (int64_t k = 0; k < degrees; k++) {
        multiplicities[k] = choose;
        choose *= (double)(d - k) / (double)(k + 1);
    }
    mfli_free(context, p);
    mfli_free(context, moment);
    return status;
}

/* Number of spherical harmonics of degree l in d dimensions. */
double mfli_harmonics(int64_t d, int64_t l)
{
    if (l == 0 || d == 1)
        return l <= 1;
    double count = (2.0 * l + d - 2.0) / l; /* (2l + d - 2)/l C(l + d - 3, l - 1) */
    for (int64_t i = 1; i < l; i++)
        count *= (double)(d - 2 + i) / (double)i;
    return count;
}

/* The eigenvalue of cos^q theta is (Funk and Hecke, by parts), for q - l even,
 * Gamma(d/2) q! Gamma((q-l+1)/2) / (sqrt(pi) 2^l (q-l)! Gamma((q+l+d)/2)). */
double mfli_cosine_first(int64_t d, int64_t l)
{
    double eigen = 1.0;
    for (int64_t i = 0; i < l; i++)
        eigen *= (i + 1.0) / (2.0 * i + d);
    return eigen;
}

double mfli_cosine_step(int64_t d, int64_t l, int64_t q)
{
    const double m = (double)(q - l);
    return (q + 2.0) * (q + 1.0) / ((m + 2.0) * (m + 2.0 * l + d));
}

static double sum_sphere(int64_t d, int64_t l, const double *p)
{
    double eigen = mfli_cosine_first(d, l), sum = 0.0, before = 0.0, term = 0.0;
    int64_t q = l, middle = 0;
    for (; q < TERMS; q += 2) {
        term = p[q] * eigen;
        sum += term;
        if (q <= TERMS / 2) {
            before = term;
            middle = q;
        }
        if (q > l + 100 && term * (double)q < 1e-18 * sum)
            return sum;
        eigen *= mfli_cosine_step(d, l, q);
    }
    return sum + remainder_beyond(q - 2, term, middle, before);
}

int32_t mfli_degrees_sphere(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                            double *values, double *multiplicities, double *trace,
                               double *error)
{
    int32_t status;
    double *p = series_of(context, kernel, trace, error, &status);
    for (int64_t l = 0; p && l < degrees; l++) {
        multiplicities[l] = mfli_harmonics(kernel->dimension, l);
        values[l] = multiplicities[l] > 0.0 ? sum_sphere(kernel->dimension, l, p) : 0.0;
    }
    mfli_free(context, p);
    return status;
}
