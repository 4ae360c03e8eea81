#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Reference values of the infinite-width kernels, by quadrature in 200 bits.

Usage: make_kernel_references.py > tests/numeric/references/kernels.h      (three minutes)

Inputs are x = (x0, x1, 0, 0), y = (y0, y1, 0, 0) with the doubles that are printed, sigma_w = 1, d = 4, so that
u = w.x and u' = w.y have variances |x|^2/4, |y|^2/4 and covariance x.y/4 exactly. None of the library's closed forms
is used:
  relu, leaky, abs, sign   homogeneous: the radial integral is elementary, the angular one is done numerically between
                           the kinks
  erf, gelu, sin           u' given u is Gaussian and its mean of phi elementary; the integral over u is numerical
  linear, quadratic, Hermite   the product rule of Gauss and Hermite, exact for polynomials
  tanh                     sums over a lattice in the plane, which converge exponentially
Every row: activation, parameter, x0, x1, y0, y1, E[phi phi], E[phi phi] + r E[phi' phi'] (0 for sign, which has none).
"""
from mpmath import (mp, mpf, sqrt, exp, erf, erfc, sin, cos, tanh, pi, atan2, matrix, eigsy, factorial, nstr, log, ncdf,
                    npdf)

mp.prec = 200


def legendre(count):
    j = matrix(count)
    for k in range(1, count):
        j[k, k - 1] = j[k - 1, k] = mpf(k) / sqrt(4 * mpf(k)**2 - 1)
    values, vectors = eigsy(j)
    return [(values[i], 2 * vectors[0, i]**2) for i in range(count)]


def hermite_rule(count):
    j = matrix(count)
    for k in range(1, count):
        j[k, k - 1] = j[k - 1, k] = sqrt(mpf(k))
    values, vectors = eigsy(j)
    return [(values[i], vectors[0, i]**2) for i in range(count)]


GAUSS = legendre(60)
HERMITE = hermite_rule(14)


def piece(f, a, b):
    half, middle = (b - a) / 2, (a + b) / 2
    return half * sum(w * f(middle + half * x) for x, w in GAUSS)


def line(f):
    """int f over z, in pieces that shrink towards 0, where arguments of very different scale turn."""
    edges = [mpf(18) / 3**k for k in range(18)] + [mpf(0)]
    return sum(piece(f, b, a) + piece(lambda z: f(-z), b, a) for a, b in zip(edges, edges[1:]))


class Pair:
    def __init__(self, x, y):
        x, y = [mpf(c) / 2 for c in x], [mpf(c) / 2 for c in y]
        self.ss, self.tt = x[0]**2 + x[1]**2, y[0]**2 + y[1]**2
        self.r = x[0] * y[0] + x[1] * y[1]
        self.s, self.t = sqrt(self.ss), sqrt(self.tt)
        self.theta = abs(atan2(x[0] * y[1] - x[1] * y[0], self.r))


def angular(p, phi, slope):
    """phi homogeneous of degree one (slope: of degree zero) by sectors of the plane."""
    kinks = sorted([-pi / 2, p.theta - pi / 2, pi / 2, p.theta + pi / 2, 3 * pi / 2])
    def ring(f):
        return sum(piece(lambda o: f(cos(o)) * f(cos(o - p.theta)), a, b)
                   for a, b in zip(kinks, kinks[1:]) if b > a)
    value = p.s * p.t * ring(phi) / pi if phi else None
    return value, ring(slope) / (2 * pi)


def homogeneous(l):
    def kernel(p):
        value, turn = angular(p, lambda z: z if z > 0 else l * z, lambda z: mpf(1) if z > 0 else l)
        return value, value + p.r * turn
    return kernel


def sign_kernel(p):
    if p.s == 0 or p.t == 0:
        return mpf(0), mpf(0)
    return angular(p, None, lambda z: mpf(1) if z > 0 else -mpf(1))[1], mpf(0)


def conditional(phi, mean_phi, slope, mean_slope):
    def kernel(p):
        if p.s == 0 and p.t == 0:
            return phi(mpf(0))**2, phi(mpf(0))**2
        s, t = (p.s, p.t) if p.s >= p.t else (p.t, p.s)
        c = p.r / s / s
        rest = (s * t * sin(p.theta))**2 / s**2
        value = line(lambda z: npdf(z) * phi(s * z) * mean_phi(c * s * z, rest))
        turn = line(lambda z: npdf(z) * slope(s * z) * mean_slope(c * s * z, rest))
        return value, value + p.r * turn
    return kernel


def normal(z):
    return erfc(-z / sqrt(mpf(2))) / 2


def gelu_slope_mean(m, v):
    # E[Phi(u) + u density(u)], u ~ N(m, v)
    density = exp(-m * m / (2 * (1 + v))) / sqrt(2 * pi * (1 + v))
    return normal(m / sqrt(1 + v)) + m / (1 + v) * density


ERF = conditional(erf, lambda m, v: erf(m / sqrt(1 + 2 * v)), lambda z: 2 / sqrt(pi) * exp(-z * z),
                  lambda m, v: 2 / sqrt(pi * (1 + 2 * v)) * exp(-m * m / (1 + 2 * v)))
GELU = conditional(lambda z: z * normal(z),
                   lambda m, v: m * normal(m / sqrt(1 + v)) + v / sqrt(1 + v) * npdf(m / sqrt(1 + v)),
                   lambda z: normal(z) + z * npdf(z), gelu_slope_mean)
SIN = conditional(sin, lambda m, v: sin(m) * exp(-v / 2), cos, lambda m, v: cos(m) * exp(-v / 2))


def polynomial(phi, slope):
    def kernel(p):
        value = turn = mpf(0)
        c, sine = cos(p.theta), sin(p.theta)
        for z, w in HERMITE:
            for y, v in HERMITE:
                a, b = p.s * z, p.t * (c * z + sine * y)
                value += w * v * phi(a) * phi(b)
                turn += w * v * slope(a) * slope(b)
        return value, value + p.r * turn
    return kernel


def he(n, z):
    before, now = mpf(0), mpf(1)
    for k in range(n):
        before, now = now, z * now - k * before
    return now


def hermite(n):
    unit = 1 / sqrt(factorial(n))
    return polynomial(lambda z: unit * he(n, z), lambda z: unit * n * he(n - 1, z) if n else mpf(0))


def lattice(p):
    """Spacings follow the poles of tanh at i pi / 2. The plane's halves are equal; tanh of a sum by a product."""
    c, sine = cos(p.theta), sin(p.theta)
    step_z, step_y = (mpf("0.16") / max(1, scale) for scale in (max(p.s, p.t * abs(c)), p.t * sine))
    density = lambda h, z: h * exp(-z * z / 2) / sqrt(2 * pi)
    half = int(12 / step_y)
    heights = [step_y * k for k in range(-half, half + 1)]
    column = [(exp(2 * p.t * sine * y), density(step_y, y)) for y in heights]
    value = turn = mpf(0)
    for k in range(int(12 / step_z) + 1):
        z = step_z * k
        first, e, inner, slope = tanh(p.s * z), exp(2 * p.t * c * z), mpf(0), mpf(0)
        for factor, w in column:
            second = 1 - 2 / (1 + e * factor)
            inner += w * second
            slope += w * (1 - second * second)
        w = density(step_z, z) * (2 if k else 1)
        value += w * first * inner
        turn += w * (1 - first**2) * slope
    return value, value + p.r * turn


import math
ETAS = [3.1415926, 3.0, 2.0, 1.5, 1.1, 0.8, 0.61, 0.59, 0.1, 0.011, 1e-3, 1e-8]
PAIRS = []
for a, b in ((2.0, 2.0), (0.02, 300.0)):
    x = (0.6 * a, 0.8 * a)
    for eta in ETAS:
        c, t = math.cos(eta), math.sin(eta)
        PAIRS.append((x, (b * (-0.6 * c - 0.8 * t), b * (-0.8 * c + 0.6 * t))))
    PAIRS += [(x, x), (x, (-x[0], -x[1])), (x, (x[0] * b / a, x[1] * b / a))]
PAIRS += [((0.0, 0.0), (1.5, -2.0)), ((0.0, 0.0), (0.0, 0.0)), ((1e-3, 0.0), (-2e-3, 1e-3)), ((30.0, 1.0), (-28.0, 3.0))]
TANH_PAIRS = [((1.2, 1.6), (1.2, 1.6)), ((1.2, 1.6), (-1.6, 1.3)), ((1.2, 1.6), (-1.2, -1.59)), ((0.02, 0.1), (1.0, 2.0)),
              ((6.0, 8.0), (6.0, 8.0)), ((6.0, 8.0), (-16.0, 13.0)), ((6.0, 8.0), (-6.0, -7.99)),
              ((18.0, 24.0), (18.1, 24.0)), ((18.0, 24.0), (24.0, -18.0)), ((0.02, 0.1), (18.0, 24.0))]

CASES = [("RELU", "0.0", homogeneous(mpf(0)), PAIRS), ("LEAKY", "0.25", homogeneous(mpf("0.25")), PAIRS),
         ("LEAKY", "-1.0", homogeneous(mpf(-1)), PAIRS), ("ERF", "0.0", ERF, PAIRS), ("GELU", "0.0", GELU, PAIRS),
         ("LINEAR", "0.0", polynomial(lambda z: z, lambda z: mpf(1)), PAIRS),
         ("QUADRATIC", "0.0", polynomial(lambda z: z * z, lambda z: 2 * z), PAIRS),
         ("HERMITE", "0.0", hermite(0), PAIRS[:4]), ("HERMITE", "1.0", hermite(1), PAIRS[:4]),
         ("HERMITE", "4.0", hermite(4), PAIRS), ("HERMITE", "7.0", hermite(7), PAIRS),
         ("SIN", "0.0", SIN, [p for p in PAIRS if max(map(abs, p[1])) < 100]), ("SIGN", "0.0", sign_kernel, PAIRS),
         ("TANH", "0.0", lattice, TANH_PAIRS)]

print("/* SPDX-License-Identifier: BSD-3-Clause */")
print("/* Written by scripts/make_kernel_references.py. Do not edit. */")
for name, parameter, kernel, pairs in CASES:
    for x, y in pairs:
        value, tangent = kernel(Pair(x, y))
        first, second = (", ".join(float(c).hex() for c in point) for point in (x, y))
        print(f"{{{name}, {parameter}, {{{first}}}, {{{second}}},\n {nstr(value, 21)}L, {nstr(tangent, 21)}L}},")
