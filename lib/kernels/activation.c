/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * exp, tanh, erf and the normal distribution function on vectors, to about 4 units of 2^-53 or 2^-24
 * (the table in tests/unit/test_kernels_activation.c).
 */
#include "activation.h"

#include <mflearn/model.h>

#include "elementary_coefficients.h"

#define TWO_OVER_SQRT_PI MFLI_BY_PRECISION(0x1.20dd76p+0f, 0x1.20dd750429b6dp+0)
#define SQRT_HALF MFLI_BY_PRECISION(0x1.6a09e6p-1f, 0x1.6a09e667f3bcdp-1)
#define ONE_OVER_SQRT_TWO_PI MFLI_BY_PRECISION(0x1.988454p-2f, 0x1.9884533d43651p-2)
#define MANTISSA MFLI_BY_PRECISION(23, 52)
#define BIAS MFLI_BY_PRECISION(127, 1023)
/* exp underflows to a value below the smallest normal number times this side of the range. */
#define EXP_MIN MFLI_BY_PRECISION(-87.0f, -708.0)
#define EXP_MAX MFLI_BY_PRECISION(88.0f, 709.0)
/* Adding 1.5 * 2^MANTISSA rounds to an integer, left in the low bits. */
#define ROUNDER MFLI_BY_PRECISION(0x1.8p23f, 0x1.8p52)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define POLYNOMIAL(x, name)                                                                        \
    polynomial(x, MFLI_BY_PRECISION(name##_f32, name##_f64),                                       \
               COUNT(MFLI_BY_PRECISION(name##_f32, name##_f64)))

INLINE v_real polynomial(v_real x, const real *c, size_t count)
{
    v_real sum = splat(c[count - 1]);
#pragma GCC unroll 32
    for (size_t i = count - 1; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

/* NaN compares false both times and passes. */
INLINE v_real clamp(v_real x, real low, real high)
{
    x = choose(less(x, splat(low)), splat(low), x);
    return choose(less(splat(high), x), splat(high), x);
}

/* x = k log 2 + r, |r| <= log(2)/2; expm1(r) is returned, and 2^k. */
INLINE v_real exp_parts(v_real x, v_real *power)
{
    const real high = MFLI_BY_PRECISION(0x1.62e4p-1f, 0x1.62e42fefa38p-1);
    const real low = MFLI_BY_PRECISION(0x1.7f7d1cp-20f, 0x1.ef35793c7673p-45);
    v_real shifted = x * MFLI_BY_PRECISION(0x1.715476p+0f, 0x1.71547652b82fep+0) + (real)ROUNDER;
    v_real k = shifted - (real)ROUNDER;
    v_real r = (x - k * high) - k * low;
    *power = (v_real)(((v_ubits)shifted + (ubits)BIAS) << MANTISSA);
    return r + r * r * POLYNOMIAL(r, mfli_exp);
}

INLINE v_real exponential(v_real x)
{
    v_real power, fraction = exp_parts(clamp(x, EXP_MIN, EXP_MAX), &power);
    return power + power * fraction;
}

/* tanh z = e/(e + 2), e = exp(2z) - 1 */
INLINE v_real hyperbolic_tangent(v_real z)
{
    const real limit = MFLI_BY_PRECISION(20.0f, 44.0); /* tanh rounds to 1 well before */
    v_real power, fraction = exp_parts(clamp(z + z, -limit, limit), &power);
    v_real e = power * fraction + (power - (real)1);
    return e / (e + (real)2);
}

/* erfc(x)/exp(-x^2) for 1/2 <= x <= 28 */
INLINE v_real scaled_erfc(v_real x)
{
    v_real q = (x - (real)3) / (x + (real)3);
    return POLYNOMIAL(q, mfli_erfcx) / ((real)1 + (x + x));
}

INLINE v_real absolute(v_real x)
{
    return (v_real)((v_bits)x & ~((v_bits){0} + (bits)((ubits)1 << (8 * sizeof(real) - 1))));
}

/* erf(x), and gauss = exp(-x^2) */
INLINE v_real error_function(v_real x, v_real *gauss)
{
    v_real size = absolute(x), large = clamp(size, (real)0.5, 28);
    *gauss = exponential(-(x * x));
    v_real inner = x * POLYNOMIAL(clamp(x * x, 0, (real)0.25), mfli_erf);
    v_real outer = (real)1 - *gauss * scaled_erfc(large);
    outer = choose(less(x, splat(0)), -outer, outer);
    return choose(less(size, splat((real)0.5)), inner, outer);
}

/* Phi(z), accurate relative to itself in the lower tail too, and gauss = exp(-z^2/2) */
INLINE v_real normal_distribution(v_real z, v_real *gauss)
{
    v_real x = z * SQRT_HALF, size = absolute(x), large = clamp(size, (real)0.5, 28);
    *gauss = exponential((z * z) * (real)-0.5);
    v_real inner = (real)0.5 + (real)0.5 * (x * POLYNOMIAL(clamp(x * x, 0, (real)0.25), mfli_erf));
    v_real tail = (real)0.5 * (*gauss * scaled_erfc(large));
    v_real outer = choose(less(z, splat(0)), tail, (real)1 - tail);
    return choose(less(size, splat((real)0.5)), inner, outer);
}

INLINE v_real activate(int32_t kind, v_real z, v_real *derivative)
{
    v_real value, gauss;
    switch (kind) {
    case MFL_ACTIVATION_ERF:
        value = error_function(z, &gauss);
        *derivative = gauss * TWO_OVER_SQRT_PI;
        return value;
    case MFL_ACTIVATION_TANH:
        value = hyperbolic_tangent(z);
        *derivative = (real)1 - value * value;
        return value;
    case MFL_ACTIVATION_GELU:
        value = normal_distribution(z, &gauss);
        *derivative = value + z * (gauss * ONE_OVER_SQRT_TWO_PI);
        return z * value;
    default: /* quadratic */
        *derivative = z + z;
        return z * z;
    }
}

INLINE void activate_all(int32_t kind, size_t count, const real *z, real *value, real *derivative)
{
    for (size_t i = 0; i < count; i += LANES) {
        v_real slope, phi = activate(kind, load(z + i), &slope);
        store(value + i, phi);
        if (derivative)
            store(derivative + i, slope);
    }
}

/* The kind is made a constant of each loop. */
void MFLI_NAME(mfli_activate)(int32_t kind, size_t count, const real *z, real *value,
                              real *derivative)
{
    switch (kind) {
    case MFL_ACTIVATION_ERF:
        activate_all(MFL_ACTIVATION_ERF, count, z, value, derivative);
        return;
    case MFL_ACTIVATION_TANH:
        activate_all(MFL_ACTIVATION_TANH, count, z, value, derivative);
        return;
    case MFL_ACTIVATION_GELU:
        activate_all(MFL_ACTIVATION_GELU, count, z, value, derivative);
        return;
    default:
        activate_all(MFL_ACTIVATION_QUADRATIC, count, z, value, derivative);
    }
}
