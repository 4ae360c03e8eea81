#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Computes the polynomial coefficients of the vectorised elementary functions.

Usage: fit_polynomials.py rng > lib/rng/normal_coefficients.h
       fit_polynomials.py kernels > lib/kernels/elementary_coefficients.h
       fit_polynomials.py ridge > lib/ridge/arc_coefficients.h

Chebyshev fits in 40 digits (mpmath), rounded once. The error printed beside each array is that of
the unrounded polynomial against the function it replaces: absolute, or relative where it says so.
"""
import sys
from mpmath import (mp, mpf, chebyfit, polyval, sqrt, log, log1p, expm1, exp, erf, erfc, sin, cos,
                    tan, atan, pi, nstr)

mp.dps = 40


def log_remainder(f):
    return (log1p(f) - f) / f**2 if abs(f) > 1e-15 else mpf(-0.5)


def atanh_remainder(t):
    s = sqrt(t)
    return (log((1 + s) / (1 - s)) - 2 * s) / (s * t) if t > 1e-14 else mpf(2) / 3 + t * 2 / 5


def sin_quarter(t):
    return sin(pi / 2 * sqrt(t)) / sqrt(t) if t > 0 else pi / 2


def cos_quarter(t):
    return (cos(pi / 2 * sqrt(t)) - 1) / t if t > 1e-20 else -pi**2 / 8


def exp_remainder(r):
    return (expm1(r) - r) / r**2 if abs(r) > 1e-15 else mpf(0.5)


def erf_ratio(t):
    return erf(sqrt(t)) / sqrt(t) if t > 0 else 2 / sqrt(pi)


def erfcx_scaled(q):
    x = 3 * (1 + q) / (1 - q)
    return exp(x * x) * erfc(x) * (1 + 2 * x)


def atan_ratio(t):
    return atan(sqrt(t)) / sqrt(t) if t > 0 else mpf(1)


def arc_cosine_ratio(t):
    psi = sqrt(t)
    return (sin(psi) - psi * cos(psi)) / psi**3 if t > 1e-9 else mpf(1) / 3 - t / 30


def array(name, comment, function, low, high, degree, single):
    coefficients = chebyfit(function, [low, high], degree + 1)
    nodes = [low + (high - low) * (i + mpf(0.5)) / 1500 for i in range(1500)]
    error = max(abs(polyval(coefficients, x) - function(x)) for x in nodes)
    digits, suffix = (9, "f") if single else (17, "")
    body = ", ".join(nstr(c, digits, strip_zeros=False, min_fixed=-1, max_fixed=1) + suffix
                     for c in reversed(coefficients))
    words, lines = body.split(" "), ["   "]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > 98:
            lines.append("   ")
        lines[-1] += " " + word
    kind = "float" if single else "double"
    print(f"/* {comment}; error {nstr(error, 2)} */")
    print(f"static const {kind} {name}[{degree + 1}] = {{")
    print("\n".join(lines) + "};")


def header(guard):
    print("/* SPDX-License-Identifier: BSD-3-Clause */")
    print("/* Written by scripts/fit_polynomials.py, lowest degree first. Do not edit. */")
    print(f"#ifndef {guard}\n#define {guard}\n")


def rng():
    header("MFLI_NORMAL_COEFFICIENTS_H")
    array("mfli_log_f32", "(log(1+f) - f)/f^2 on [sqrt(1/2)-1, sqrt(2)-1]", log_remainder,
          sqrt(mpf(0.5)) - 1, sqrt(mpf(2)) - 1, 7, True)
    array("mfli_log_f64", "(log((1+s)/(1-s)) - 2s)/s^3 in s^2 on [0, 0.0295]", atanh_remainder,
          mpf(0), mpf("0.0295"), 6, False)
    for suffix, degree, single in (("f32", 3, True), ("f64", 6, False)):
        array(f"mfli_sin_{suffix}", "sin(pi s/2)/s in s^2 on [0, 1/4]", sin_quarter,
              mpf(0), mpf(0.25), degree, single)
        array(f"mfli_cos_{suffix}", "(cos(pi s/2) - 1)/s^2 in s^2 on [0, 1/4]", cos_quarter,
              mpf(0), mpf(0.25), degree, single)
    print("\n#endif")


def kernels():
    header("MFLI_ELEMENTARY_COEFFICIENTS_H")
    for suffix, degrees, single in (("f32", (4, 4, 9), True), ("f64", (10, 8, 20), False)):
        half = log(mpf(2)) / 2 * mpf("1.001")
        array(f"mfli_exp_{suffix}", "(exp(r) - 1 - r)/r^2 on [-log(2)/2, log(2)/2]",
              exp_remainder, -half, half, degrees[0], single)
        array(f"mfli_erf_{suffix}", "erf(x)/x in x^2 on [0, 1/4]", erf_ratio,
              mpf(0), mpf(0.25), degrees[1], single)
        array(f"mfli_erfcx_{suffix}",
              "(1+2x) exp(x^2) erfc(x) in (x-3)/(x+3) for x in [1/2, 28]", erfcx_scaled,
              mpf(-5) / 7, mpf(25) / 31, degrees[2], single)
    print("\n#endif")


def ridge():
    header("MFLI_ARC_COEFFICIENTS_H")
    array("mfli_atan_f64", "atan(x)/x in x^2 on [0, tan(pi/8)^2]", atan_ratio,
          mpf(0), tan(pi / 8)**2, 11, False)
    array("mfli_arc_f64", "(sin(x) - x cos(x))/x^3 in x^2 on [0, 0.36]", arc_cosine_ratio,
          mpf(0), mpf("0.36"), 6, False)
    print("\n#endif")


if len(sys.argv) != 2 or sys.argv[1] not in ("rng", "kernels", "ridge"):
    sys.exit(__doc__)
{"rng": rng, "kernels": kernels, "ridge": ridge}[sys.argv[1]]()
