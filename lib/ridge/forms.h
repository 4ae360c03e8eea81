/* SPDX-License-Identifier: BSD-3-Clause */
/* Closed forms of the kernels and of their slopes, a row of a tile at a time. For tile.c alone.
 *
 * By Price's theorem dK/dr = E[phi'(u) phi'(u')] for an NNGP kernel K; a tangent kernel is
 * K + r dK/dr. */
#ifndef MFLI_RIDGE_FORMS_H
#define MFLI_RIDGE_FORMS_H

#include "ridge/elementary.h"
#include "ridge/tanh_mixture.h"
#include "ridge/tile.h"

/* One input against a panel of inputs. */
typedef struct geometry {
    double s;        /* length of the one */
    const double *t; /* of the others */
    double near[MFLI_PANEL], far[MFLI_PANEL];
    const double *row_features, *column_features; /* both with a step of MFLI_PANEL */
} geometry;

/* Kernel, dK/dr and dK/ds^2 without the common scale. What is not used is not computed. */
typedef struct form {
    double value, product, square;
} form;

/* a / b, and 0 where b is 0: the singular parts of slopes between parallel inputs, and what is
 * multiplied by a zero input anyway. */
INLINE double ratio(double a, double b)
{
    double quotient = a / (b > 0.0 ? b : 1.0);
    return b > 0.0 ? quotient : 0.0;
}

/* phi = relu(z) - l relu(-z). With the arc-cosine kernel of Cho and Saul (2009), R(eta) = st / (2
 * pi) (sin eta - eta cos eta), eta = pi - theta, E = (1 + l^2) R(pi - theta) - 2 l R(theta), and
 * E[phi' phi'] = ((1 + l^2) (pi - theta) + 2 l theta) / (2 pi). psi is the smaller of
 * both. */
INLINE form leaky(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    const double l = kernel->leak, own = 1.0 + l * l, bend = (1.0 - l) * (1.0 - l);
    double lo = lesser(near, far), hi = greater(near, far), sine = 2.0 * sqrt(lo * hi);
    double psi = 2.0 * arc_ratio(0.5 * sine, hi), c = near - far;
    double narrow = arc_cosine(psi, sine, hi - lo), wide = sine + (MFLI_PI - psi) * (hi - lo);
    int obtuse = far > near;
    double eta = obtuse ? psi : MFLI_PI - psi, theta = obtuse ? MFLI_PI - psi : psi;
    double same = obtuse ? narrow : wide, opposite = obtuse ? wide : narrow;
    double unit = s * t / (2.0 * MFLI_PI), turn = (own * eta + 2.0 * l * theta) / (2.0 * MFLI_PI);
    form f = {unit * (own * same - 2.0 * l * opposite), turn,
              bend * ratio(t, s) * sine / (4.0 * MFLI_PI)};
    if (kernel->tangent) {
        f.value += s * t * c * turn;
        f.product += turn + bend * ratio(c, sine) / (2.0 * MFLI_PI);
        f.square -= bend * ratio(t, s) * ratio(c * c, sine) / (4.0 * MFLI_PI);
    }
    return f;
}

/* 1 / (1 + 2 s^2) and its complement's root. */
typedef struct arc_side {
    double L, sigma;
} arc_side;

INLINE arc_side side_of(double s)
{
    double x = lesser(s, 1e150), L = 1.0 / (1.0 + 2.0 * x * x); /* erf of such is a sign */
    return (arc_side){L, x * sqrt(2.0 * L)};
}

/* C. Williams (1997): E[erf u erf u'] = 2/pi asin rho, rho = 2 r / sqrt((1 + 2 s^2)(1 + 2 t^2)).
 * The arc sine is taken by its sine and cosine, the latter from a sum of positive terms, since rho
 * comes close to 1 for long inputs. */
INLINE form error_function_of(const mfli_kernel *kernel, double L, double sigma, double M,
                              double tau, double near, double far)
{
    double c = near - far, rho = sigma * tau * c;
    double rest = L + sigma * sigma * (M + tau * tau * (4.0 * near * far)), q = sqrt(rest);
    double arc = arc_tangent(fabs(rho), q), root = sqrt(L * M);
    form f = {2.0 / MFLI_PI * copysign(arc, rho), 4.0 / MFLI_PI * root / q,
              -2.0 / MFLI_PI * L * rho / q};
    if (kernel->tangent) { /* E[phi' phi'] r = 2/pi rho / sqrt(1 - rho^2) */
        f.value += 2.0 / MFLI_PI * rho / q;
        f.product *= 1.0 + 1.0 / rest;
        f.square *= 1.0 + 1.0 / rest;
    }
    return f;
}

INLINE form error_function(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    arc_side row = side_of(s), column = side_of(t);
    return error_function_of(kernel, row.L, row.sigma, column.L, column.sigma, near, far);
}

/* tanh is a mixture of error functions of other scales, so its kernel is a mixture of their kernels;
 * lengths enter those as products with the scales. */
INLINE void hyperbolic_tangent(const mfli_kernel *kernel, const geometry *g, form out[MFLI_PANEL])
{
    double value[MFLI_PANEL] = {0.0}, product[MFLI_PANEL] = {0.0}, square[MFLI_PANEL] = {0.0};
    for (int b = 0; b < MFLI_TANH_PARTS; b++) {
        const double by_t = mfli_tanh_parts[b][0];
        double M[MFLI_PANEL], tau[MFLI_PANEL];
        for (int j = 0; j < MFLI_PANEL; j++) {
            arc_side column = side_of(by_t * g->t[j]);
            M[j] = column.L;
            tau[j] = column.sigma;
        }
        for (int a = 0; a < MFLI_TANH_PARTS; a++) {
            const double by_s = mfli_tanh_parts[a][0];
            const double weight = mfli_tanh_parts[a][1] * mfli_tanh_parts[b][1];
            const arc_side row = side_of(by_s * g->s);
            for (int j = 0; j < MFLI_PANEL; j++) {
                form f = error_function_of(kernel, row.L, row.sigma, M[j], tau[j], g->near[j],
                                           g->far[j]);
                value[j] += weight * f.value;
                product[j] += weight * (by_s * by_t) * f.product;
                square[j] += weight * (by_s * by_s) * f.square;
            }
        }
    }
    for (int j = 0; j < MFLI_PANEL; j++)
        out[j] = (form){value[j], product[j], square[j]};
}

INLINE form linear(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    double each = kernel->tangent ? 2.0 : 1.0;
    return (form){each * s * t * (near - far), each, 0.0};
}

/* E[u^2 u'^2] = s^2 t^2 + 2 r^2 */
INLINE form quadratic(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    double r = s * t * (near - far), weight = kernel->tangent ? 6.0 : 2.0;
    return (form){s * t * (s * t) + weight * r * r, 2.0 * weight * r, t * t};
}

/* E[sin u sin u'] = exp(-(s^2 + t^2) / 2) sinh r, E[cos u cos u'] the same with cosh r, written
 * with s^2 + t^2 - 2 |r| as a sum of squares. */
INLINE form sine(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    double r = s * t * (near - far), apart = (s - t) * (s - t) + 4.0 * s * t * lesser(near, far);
    double envelope = 0.5 * exponential(-0.5 * apart), odd = -exponential_minus_one(-2.0 * fabs(r));
    double k = envelope * copysign(odd, r), cosine = envelope * (2.0 - odd);
    if (!kernel->tangent)
        return (form){k, cosine, -0.5 * k};
    return (form){k + r * cosine, 2.0 * cosine + r * k, -0.5 * (k + r * cosine)};
}

/* E[sign u sign u'] = 1 - 2 theta / pi; the sign of 0 is 0. */
INLINE form sign(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    (void)kernel;
    double lo = lesser(near, far), hi = greater(near, far), half_sine = sqrt(lo * hi);
    double k = 1.0 - 4.0 / MFLI_PI * arc_ratio(half_sine, hi), c = near - far;
    int empty = s * t == 0.0 && (s == 0.0 || t == 0.0);
    return (form){empty ? 0.0 : copysign(k, c), ratio(1.0 / MFLI_PI, s * t * half_sine),
                  -0.5 / MFLI_PI * ratio(c, s * s * half_sine)};
}

/* phi = z Phi(z). With L = 1 / (1 + s^2), M = 1 / (1 + t^2), g^2 = (1 - L)(1 - M), rho = g cos
 * theta and cos A = -rho, two integrations by parts give 2 pi E / (s t) = g (sin A + cos^2 theta L
 * M / sin A) + A cos theta = ((sin A - A cos A) + (L M - (L + M) sin^2 A) / sin A) / g; the first
 * form keeps its accuracy for short inputs, the second for long ones. */
INLINE form gelu(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    const double huge = 1e150;
    double x = lesser(s, huge), y = lesser(t, huge), c = near - far;
    double L = 1.0 / (1.0 + x * x), M = 1.0 / (1.0 + y * y), LM = L * M;
    double sigma = x * x * L, g = x * sqrt(L) * (y * sqrt(M)), rho = g * c;
    double q2 = 4.0 * near * far + c * c * (L + M * sigma), q = sqrt(q2);
    double half = arc_tangent(q, fabs(rho)), A = rho > 0.0 ? MFLI_PI - half : half;
    double brief = g * (q + c * c * LM / q) + c * A;
    double long_ = (arc_cosine(A, q, -rho) + (LM - (L + M) * q2) / q) / (g > 0.0 ? g : 1.0);
    double root = sqrt(LM) / q; /* 1 / sqrt(D), D = (1 + s^2)(1 + t^2) - r^2 */
    double cot = rho / q;       /* r / sqrt(D) */
    double turn = A + cot * (L + M + root * root);
    double S = sigma, V = t * t * (4.0 * near * far + c * c * L), C = s * t * c * L;
    double one_V = 1.0 / (root * root) * L; /* 1 + V = D L */
    form f = {s * t * (g * g > 0.5 ? long_ : brief), turn,
              root * (V * (1.0 - 0.5 * S + 0.5 * C * C / one_V) - C * C)};
    if (kernel->tangent) {
        double r = s * t * c, D_ = root * root, wide = 1.0 / M; /* 1 / D, 1 + t^2 */
        double by_r = root * (1.0 + L + M + D_ + (L + M) * cot * cot + 3.0 * cot * cot * D_);
        double by_s = -cot * (0.5 * L + L * L + 0.5 * (L + M) * wide * D_ + 1.5 * wide * D_ * D_);
        f.value += r * turn;
        f.product += turn + r * by_r;
        f.square += r * by_s;
    }
    return (form){f.value / (2.0 * MFLI_PI), f.product / (2.0 * MFLI_PI),
                  f.square / (2.0 * MFLI_PI)};
}

/* exp(-|x - x'|^2 / 2) */
INLINE form gaussian(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    (void)kernel, (void)near;
    double k = exponential(-0.5 * ((s - t) * (s - t) + 4.0 * s * t * far));
    return (form){k, k, -0.5 * k};
}

/* (offset + x . x')^degree */
INLINE form power(const mfli_kernel *kernel, double s, double t, double near, double far)
{
    double base = kernel->offset + s * t * (near - far), less_one = 1.0;
    for (int i = 1; i < kernel->degree; i++)
        less_one *= base;
    return (form){less_one * base, kernel->degree * less_one, 0.0};
}

/* E[h_n(u) h_n(u')] with h_n = He_n / sqrt(n!) is sum_i C_i g^i r^(n - 2i), g = (s^2 - 1)(t^2 - 1),
 * C_i = n! / (i!^2 (n - 2i)! 4^i); and its derivative to g. n < 0 gives 0. */
INLINE void hermite_sum(int32_t n, const double *r, const double *g, double *sum, double *by_g)
{
    double power_g[MFLI_PANEL], c = 1.0;
    for (int j = 0; j < MFLI_PANEL; j++) {
        sum[j] = by_g[j] = 0.0;
        power_g[j] = 1.0;
    }
    for (int32_t i = 0; 2 * i <= n; i++) {
        for (int j = 0; j < MFLI_PANEL; j++) {
            by_g[j] = by_g[j] * r[j] * r[j] + i * c * power_g[j];
            power_g[j] *= i ? g[j] : 1.0;
            sum[j] = sum[j] * r[j] * r[j] + c * power_g[j];
        }
        c *= (double)(n - 2 * i) * (double)(n - 2 * i - 1) / (4.0 * (i + 1.0) * (i + 1.0));
    }
    for (int j = 0; n % 2 && j < MFLI_PANEL; j++) {
        sum[j] *= r[j];
        by_g[j] *= r[j];
    }
}

static void hermite(const mfli_kernel *kernel, const geometry *pair, form out[MFLI_PANEL])
{
    const int32_t n = kernel->degree;
    const double s = pair->s;
    double r[MFLI_PANEL], g[MFLI_PANEL], k[3][MFLI_PANEL], by_g[3][MFLI_PANEL];
    for (int j = 0; j < MFLI_PANEL; j++) {
        double t = pair->t[j];
        r[j] = s * t * (pair->near[j] - pair->far[j]);
        g[j] = (s * s - 1.0) * (t * t - 1.0);
    }
    for (int lower = 0; lower < 3; lower++) /* h_n' = sqrt(n) h_{n-1} */
        hermite_sum(n - lower, r, g, k[lower], by_g[lower]);
    for (int j = 0; j < MFLI_PANEL; j++) {
        double slope = n * k[1][j], t2 = pair->t[j] * pair->t[j] - 1.0;
        out[j] = (form){k[0][j], slope, t2 * by_g[0][j]};
        if (kernel->tangent)
            out[j] = (form){k[0][j] + r[j] * slope, 2.0 * slope + r[j] * n * (n - 1.0) * k[2][j],
                            t2 * (by_g[0][j] + r[j] * n * by_g[1][j])};
    }
}

/* sum_q w_q a_q(s) a_q(t) cos^q theta, w_q = 1, for the tangent kernel 1 + q (see series.h); with
 * a_q'' = sqrt((q + 1)(q + 2)) a_{q+2} / s^2 for the slope in s^2. */
static void series(const mfli_kernel *kernel, const geometry *g, form out[MFLI_PANEL])
{
    double c[MFLI_PANEL], k[MFLI_PANEL] = {0.0}, by_c[MFLI_PANEL] = {0.0}, by_s[MFLI_PANEL] = {0.0};
    for (int j = 0; j < MFLI_PANEL; j++)
        c[j] = g->near[j] - g->far[j];
    for (int32_t q = kernel->order - 1; q >= 0; q--) {
        const double *b = g->column_features + (int64_t)q * MFLI_PANEL;
        double weight = kernel->tangent ? 1.0 + q : 1.0;
        double a = weight * g->row_features[(int64_t)q * MFLI_PANEL];
        double a2 = q + 2 < kernel->order ? weight * sqrt((q + 1.0) * (q + 2.0))
                                                * g->row_features[(int64_t)(q + 2) * MFLI_PANEL]
                                          : 0.0;
        for (int j = 0; j < MFLI_PANEL; j++) {
            by_c[j] = by_c[j] * c[j] + k[j];
            k[j] = k[j] * c[j] + a * b[j];
            by_s[j] = by_s[j] * c[j] + a2 * b[j];
        }
    }
    for (int j = 0; j < MFLI_PANEL; j++)
        out[j] = (form){k[j], ratio(by_c[j], g->s * g->t[j]), 0.5 * ratio(by_s[j], g->s * g->s)};
}

#define ROW_OF(store, name)                                                                        \
    for (int j = 0; j < MFLI_PANEL; j++) {                                                         \
        form f = name(kernel, g->s, g->t[j], g->near[j], g->far[j]);                               \
        store;                                                                                     \
    }                                                                                              \
    return
#define ROW_AT_ONCE(store, name)                                                                   \
    name(kernel, g, row);                                                                          \
    for (int j = 0; j < MFLI_PANEL; j++) {                                                         \
        form f = row[j];                                                                           \
        store;                                                                                     \
    }                                                                                              \
    return
/* Each closed form becomes a loop of its own. */
#define CHOOSE(store)                                                                              \
    form row[MFLI_PANEL];                                                                          \
    switch (kernel->family) {                                                                      \
    case MFLI_FAMILY_LEAKY:                                                                        \
        ROW_OF(store, leaky);                                                                      \
    case MFLI_FAMILY_ERF:                                                                          \
        ROW_OF(store, error_function);                                                             \
    case MFLI_FAMILY_LINEAR:                                                                       \
        ROW_OF(store, linear);                                                                     \
    case MFLI_FAMILY_QUADRATIC:                                                                    \
        ROW_OF(store, quadratic);                                                                  \
    case MFLI_FAMILY_GELU:                                                                         \
        ROW_OF(store, gelu);                                                                       \
    case MFLI_FAMILY_SIN:                                                                          \
        ROW_OF(store, sine);                                                                       \
    case MFLI_FAMILY_SIGN:                                                                         \
        ROW_OF(store, sign);                                                                       \
    case MFLI_FAMILY_RBF:                                                                          \
        ROW_OF(store, gaussian);                                                                   \
    case MFLI_FAMILY_POLYNOMIAL:                                                                   \
        ROW_OF(store, power);                                                                      \
    case MFLI_FAMILY_TANH:                                                                         \
        ROW_AT_ONCE(store, hyperbolic_tangent);                                                    \
    case MFLI_FAMILY_HERMITE:                                                                      \
        ROW_AT_ONCE(store, hermite);                                                               \
    default:                                                                                       \
        ROW_AT_ONCE(store, series);                                                                \
    }

static void form_values(const mfli_kernel *kernel, const geometry *g, double value[MFLI_PANEL])
{
    CHOOSE(value[j] = kernel->scale * f.value)
}

static void form_slopes(const mfli_kernel *kernel, const geometry *g, double value[MFLI_PANEL],
                        double product[MFLI_PANEL], double square[MFLI_PANEL])
{
    CHOOSE((value[j] = kernel->scale * f.value, product[j] = kernel->scale * f.product,
            square[j] = kernel->scale * f.square))
}

#endif
