/* SPDX-License-Identifier: BSD-3-Clause */
/* Coefficients of K(cos theta) = sum_q p_q cos^q theta for inputs of length sqrt(d). For a
 * network's kernel p_q = scale a_q(s)^2, a_q = E[phi(s z) h_q(z)], and (1 + q) times that for the
 * tangent kernel (series.h). */
#include <math.h>

#include "core/context.h"
#include "ridge/degrees.h"
#include "ridge/points.h"

static const double pi = 3.14159265358979323846;

/* relu: a_q^2 = s^2 (q-3)!!^2 / (2 pi q!) for even q; the slope on the left scales the even part by
 * (1 - l)^2 and the odd one, which is z (1 + l) / 2, by itself. */
static void leaky(double s2, double leak, int64_t count, double *p)
{
    double even = s2 * (1.0 - leak) * (1.0 - leak) / (2.0 * pi);
    for (int64_t q = 0; q < count; q++)
        p[q] = 0.0;
    p[0] = even;
    if (count > 1)
        p[1] = 0.25 * s2 * (1.0 + leak) * (1.0 + leak);
    even *= 0.5;
    for (int64_t q = 2; q < count; q += 2) {
        p[q] = even;
        even *= (q - 1.0) * (q - 1.0) / ((q + 1.0) * (q + 2.0));
    }
}

/* 2/pi asin(sigma c) */
static void arc_sine(double sigma, int64_t count, double *p)
{
    double term = 2.0 / pi * sigma;
    for (int64_t q = 0; q < count; q++) {
        p[q] = q % 2 ? term : 0.0;
        if (q % 2)
            term *= sigma * sigma * q * q / ((q + 1.0) * (q + 2.0));
    }
}

/* GELU: a_1 = s E[phi'] = s / 2, a_0 = s^2 / sqrt(2 pi V), V = 1 + s^2, and for even q >= 2
 * a_q = s^q (g_{q-2} - g_q) / sqrt(q!), g_n the n-th derivative at 0 of the normal density of
 * variance V, since phi'' = 2 phi - z^2 phi = phi - phi'' of the normal density; the difference is
 * a sum of terms of one sign. */
static void gelu(double s2, int64_t count, double *p)
{
    const double V = 1.0 + s2;
    double g = s2 / sqrt(4.0 * pi * V); /* s^q |g_{q-2}| / sqrt(q!) */
    for (int64_t q = 0; q < count; q++)
        p[q] = 0.0;
    p[0] = s2 * s2 / (2.0 * pi * V);
    if (count > 1)
        p[1] = 0.25 * s2;
    for (int64_t q = 2; q < count; q += 2) {
        const double a = g * (1.0 + (q - 1.0) / V);
        p[q] = a * a;
        g *= s2 / V * (q - 1.0) / sqrt((q + 1.0) * (q + 2.0));
    }
}

/* exp(-s^2) s^(2q) / q!: all degrees of the Gaussian kernel, the odd ones of sin. */
static void exponential(double s2, int32_t odd_only, int64_t count, double *p)
{
    for (int64_t q = 0; q < count; q++)
        p[q] = odd_only && q % 2 == 0 ? 0.0 : exp(q * log(s2) - s2 - lgamma(q + 1.0));
}

/* He_n / sqrt(n!): E = sum_i C_i g^i s^(2(n - 2i)) c^(n - 2i), see forms.h. */
static void hermite(double s2, int32_t n, int64_t count, double *p)
{
    const double g = (s2 - 1.0) * (s2 - 1.0);
    double c = 1.0;
    for (int64_t q = 0; q < count; q++)
        p[q] = 0.0;
    for (int32_t i = 0; 2 * i <= n; i++) {
        if (n - 2 * i < count)
            p[n - 2 * i] = c * pow(g, i) * pow(s2, n - 2 * i);
        c *= (double)(n - 2 * i) * (double)(n - 2 * i - 1) / (4.0 * (i + 1.0) * (i + 1.0));
    }
}

static void power(double s2, double offset, int32_t n, int64_t count, double *p)
{
    for (int64_t q = 0; q < count; q++)
        p[q] = q > n ? 0.0
                     : exp(lgamma(n + 1.0) - lgamma(q + 1.0) - lgamma(n - q + 1.0))
                           * pow(offset, (double)(n - q)) * pow(s2, (double)q);
}

/* Through the Hermite coefficients of one input of length sqrt(d). */
static int32_t numerical(mfl_context *context, const mfli_kernel *kernel, int64_t count, double *p)
{
    mfli_points points;
    mfli_kernel flat = *kernel;
    const double x = sqrt((double)kernel->dimension);
    flat.dimension = 1;
    int32_t status = mfli_points_init(context, &flat, &points, "input", 1, &x, 1, 1);
    for (int64_t q = 0; !status && q < count; q++) {
        double a = q < kernel->order ? mfli_feature_panel(&points, 0)[q * MFLI_PANEL] : 0.0;
        p[q] = a * a;
    }
    mfli_points_clear(context, &points);
    return status;
}

int32_t mfli_power_series(mfl_context *context, const mfli_kernel *kernel, int64_t count, double *p)
{
    const double s2 = kernel->unit * kernel->unit * (double)kernel->dimension;
    int32_t status = MFL_OK;
    switch (kernel->family) {
    case MFLI_FAMILY_LEAKY:
        leaky(s2, kernel->leak, count, p);
        break;
    case MFLI_FAMILY_ERF:
        arc_sine(2.0 * s2 / (1.0 + 2.0 * s2), count, p);
        break;
    case MFLI_FAMILY_SIGN:
        arc_sine(1.0, count, p);
        break;
    case MFLI_FAMILY_LINEAR:
        power(s2, 0.0, 1, count, p);
        break;
    case MFLI_FAMILY_QUADRATIC: /* s^4 + 2 s^4 c^2 */
        hermite(s2, 2, count, p);
        p[0] = s2 * s2;
        for (int64_t q = 1; q < count; q++)
            p[q] *= 2.0;
        break;
    case MFLI_FAMILY_HERMITE:
        hermite(s2, kernel->degree, count, p);
        break;
    case MFLI_FAMILY_GELU:
        gelu(s2, count, p);
        break;
    case MFLI_FAMILY_SIN:
        exponential(s2, 1, count, p);
        break;
    case MFLI_FAMILY_RBF:
        exponential(s2, 0, count, p);
        break;
    case MFLI_FAMILY_POLYNOMIAL:
        power(s2, kernel->offset, kernel->degree, count, p);
        break;
    case MFLI_FAMILY_SERIES:
        status = numerical(context, kernel, count, p);
        break;
    default:
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "a caller's kernel has no known power series; take mfl_spectrum_of_data");
    }
    for (int64_t q = 0; !status && q < count; q++)
        p[q] *= kernel->scale * (kernel->tangent ? 1.0 + (double)q : 1.0);
    return status;
}
