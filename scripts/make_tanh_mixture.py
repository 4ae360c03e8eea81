#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""tanh as a mixture of error functions: lib/ridge/tanh_mixture.h.

Usage: make_tanh_mixture.py > lib/ridge/tanh_mixture.h      (needs mpmath)

2 tau Z is logistic for normal Z and tau of Kolmogorov's law (D. Andrews, C. Mallows, J. R. Statist. Soc. B 36, 1974),
so tanh(x) = E erf(x / (sqrt(2) tau)). The law is replaced by its Gauss rule in log tau, in which what is integrated is
analytic up to |Im log tau| = pi/2 or so: Stieltjes' procedure on a sum over equally spaced log tau, in 60 digits.
"""
from mpmath import mp, mpf, exp, sqrt, pi, matrix, eigsy, nstr

mp.dps = 60
COUNT = 14


def density(x):
    """Of Kolmogorov's law, by one or the other of its two theta series."""
    if x < 1:
        c = [(2 * k - 1)**2 * pi**2 / 8 for k in range(1, 40)]
        return sqrt(2 * pi) * sum(exp(-a / x**2) * (2 * a / x**4 - 1 / x**2) for a in c)
    return 8 * sum((-1)**(k - 1) * k * k * x * exp(-2 * k * k * x * x) for k in range(1, 40))


def gauss(points, weights):
    """Nodes and weights of the Gauss rule of a discrete law."""
    diagonal, squares = [], []
    before, now, norm = [mpf(0)] * len(points), [mpf(1)] * len(points), None
    for _ in range(COUNT):
        last, norm = norm, sum(w * p * p for w, p in zip(weights, now))
        squares.append(norm / last if last else mpf(0))
        diagonal.append(sum(w * p * p * x for w, p, x in zip(weights, now, points)) / norm)
        before, now = now, [(x - diagonal[-1]) * p - squares[-1] * q for x, p, q in zip(points, now, before)]
    jacobi = matrix(COUNT)
    for k in range(COUNT):
        jacobi[k, k] = diagonal[k]
        if k:
            jacobi[k, k - 1] = jacobi[k - 1, k] = sqrt(squares[k])
    values, vectors = eigsy(jacobi)
    return [(values[k], vectors[0, k]**2) for k in range(COUNT)]


step = mpf(1) / 40
logs = [k * step for k in range(-120, 101)]
weights = [density(exp(y)) * exp(y) * step for y in logs]
rule = [(1 / (sqrt(mpf(2)) * exp(y)), w) for y, w in gauss(logs, weights)]

print("""/* SPDX-License-Identifier: BSD-3-Clause */
/* Written by scripts/make_tanh_mixture.py. Do not edit. */
#ifndef MFLI_TANH_MIXTURE_H
#define MFLI_TANH_MIXTURE_H
""")
print("""/* tanh(x) = sum of weight erf(scale x), in means over normal x and pairs of them: kernels to 1e-15 of
 * sqrt(K(x, x) K(x', x')). */""")
print("enum { MFLI_TANH_PARTS = %d };" % COUNT)
print("static const double mfli_tanh_parts[MFLI_TANH_PARTS][2] = {\n    /* scale, weight */")
print(",\n".join("    {%s, %s}" % (nstr(s, 20), nstr(w, 20)) for s, w in rule) + "};\n")
print("#endif")
