/* SPDX-License-Identifier: BSD-3-Clause */
/* Written by scripts/fit_polynomials.py, lowest degree first. Do not edit. */
#ifndef MFLI_ARC_COEFFICIENTS_H
#define MFLI_ARC_COEFFICIENTS_H

/* atan(x)/x in x^2 on [0, tan(pi/8)^2]; error 1.3e-18 */
static const double mfli_atan_f64[12] = {
    1.0000000000000000, -3.3333333333333121e-1, 1.9999999999940891e-1, -1.4285714279250245e-1,
    1.1111110744919658e-1, -9.0908968090640271e-2, 7.6920453309022250e-2, -6.6629518136291901e-2,
    5.8468782973308725e-2, -5.0351024566015518e-2, 3.7965257453865936e-2, -1.7805397205419445e-2};
/* (sin(x) - x cos(x))/x^3 in x^2 on [0, 0.36]; error 4.3e-21 */
static const double mfli_arc_f64[7] = {
    3.3333333333333333e-1, -3.3333333333333332e-2, 1.1904761904761386e-3, -2.2045855378324432e-5,
    2.5052107699356113e-7, -1.9270572977893643e-9, 1.0649492648497436e-11};

#endif
