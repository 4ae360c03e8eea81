/* SPDX-License-Identifier: BSD-3-Clause */
#include "diagnostics/ranks.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void merge(const double *values, const size_t *from, size_t first, size_t middle, size_t end,
                  size_t *to)
{
    size_t i = first, j = middle;
    for (size_t k = first; k < end; k++)
        to[k] = j >= end || (i < middle && values[from[i]] <= values[from[j]]) ? from[i++]
                                                                               : from[j++];
}

void mfli_sort_order(const double *values, size_t count, size_t *order, size_t *scratch)
{
    size_t *from = order, *to = scratch;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t first = 0; first < count; first += 2 * run) {
            const size_t middle = first + run < count ? first + run : count;
            merge(values, from, first, middle, middle + run < count ? middle + run : count, to);
        }
        size_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, count * sizeof *order);
}

void mfli_normal_scores(double *values, size_t count, size_t *order, size_t *scratch)
{
    mfli_sort_order(values, count, order, scratch);
    for (size_t i = 0, end; i < count; i = end) {
        const double value = values[order[i]];
        for (end = i + 1; end < count && values[order[end]] == value; end++)
            ;
        const double rank = 0.5 * (double)(i + 1 + end);
        const double score = mfli_normal_quantile((rank - 0.375) / ((double)count + 0.25));
        for (size_t k = i; k < end; k++)
            values[order[k]] = score;
    }
}

double mfli_quantile(const double *sorted, size_t count, double probability)
{
    const double place = (double)(count - 1) * probability;
    const size_t low = (size_t)place, high = low + 1 < count ? low + 1 : low;
    const double h = place - (double)low;
    return sorted[low] == sorted[high] ? sorted[low] : (1.0 - h) * sorted[low] + h * sorted[high];
}

/* Abramowitz and Stegun 26.2.23 (4.5e-4), and two steps of Halley's method. */
double mfli_normal_quantile(double probability)
{
    const double sqrt_half = 0.70710678118654752440, sqrt_two_pi = 2.50662827463100050242;
    const double tail = fmin(probability, 1.0 - probability), t = sqrt(-2.0 * log(tail));
    double z = t
               - (2.515517 + t * (0.802853 + t * 0.010328))
                     / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 2; i++) { /* z >= 0 with Q(z) = tail */
        const double step = (0.5 * erfc(z * sqrt_half) - tail) * sqrt_two_pi * exp(0.5 * z * z);
        z += step / (1.0 - 0.5 * z * step);
    }
    return probability < 0.5 ? -z : z;
}

/* The continued fraction of the incomplete beta function, NIST DLMF 8.17.22, by Lentz's method;
 * converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1.0, d = 1.0 / (1.0 - (a + b) * x / (a + 1.0)), fraction = d;
    for (double m = 1.0, change = 0.0; fabs(change - 1.0) > DBL_EPSILON; m += 1.0) {
        const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / (1.0 + even * d);
        c = 1.0 + even / c;
        fraction *= d * c;
        d = 1.0 / (1.0 + odd * d);
        c = 1.0 + odd / c;
        change = d * c;
        fraction *= change;
        if (m > 1e7)
            break;
    }
    return fraction;
}

static double log_gamma(double x)
{
    int sign; /* lgamma() would write a global */
    return lgamma_r(x, &sign);
}

static double beta_distribution(double x, double a, double b)
{
    if (x > (a + 1.0) / (a + b + 2.0))
        return 1.0 - beta_distribution(1.0 - x, b, a);
    return exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x)) / a
           * beta_fraction(x, a, b);
}

double mfli_beta_quantile(double probability, double a, double b)
{
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 60; i++) {
        const double x = 0.5 * (low + high);
        if (beta_distribution(x, a, b) < probability)
            low = x;
        else
            high = x;
    }
    return 0.5 * (low + high);
}
