/* SPDX-License-Identifier: BSD-3-Clause */
/* Written by scripts/fit_polynomials.py, lowest degree first. Do not edit. */
#ifndef MFLI_NORMAL_COEFFICIENTS_H
#define MFLI_NORMAL_COEFFICIENTS_H

/* (log(1+f) - f)/f^2 on [sqrt(1/2)-1, sqrt(2)-1]; error 2.0e-7 */
static const float mfli_log_f32[8] = {
    -4.99999971e-1f, 3.33336706e-1f, -2.50011477e-1f, 1.99720497e-1f, -1.65884885e-1f,
    1.48347868e-1f, -1.41596470e-1f, 8.78726549e-2f};
/* (log((1+s)/(1-s)) - 2s)/s^3 in s^2 on [0, 0.0295]; error 3.1e-16 */
static const double mfli_log_f64[7] = {
    6.6666666666666697e-1, 3.9999999999898192e-1, 2.8571428626570204e-1, 2.2222211037816588e-1,
    1.8182896183483087e-1, 1.5331487235865733e-1, 1.4619343453512615e-1};
/* sin(pi s/2)/s in s^2 on [0, 1/4]; error 4.8e-9 */
static const float mfli_sin_f32[4] = {
    1.57079632f, -6.45963478e-1f, 7.96802176e-2f, -4.60214921e-3f};
/* (cos(pi s/2) - 1)/s^2 in s^2 on [0, 1/4]; error 7.6e-10 */
static const float mfli_cos_f32[4] = {
    -1.23370055f, 2.53669410e-1f, -2.08615283e-2f, 9.06739898e-4f};
/* sin(pi s/2)/s in s^2 on [0, 1/4]; error 4.9e-18 */
static const double mfli_sin_f64[7] = {
    1.5707963267948966, -6.4596409750624432e-1, 7.9692626246043003e-2, -4.6817541323409760e-3,
    1.6044115074219091e-4, -3.5986433529823097e-6, 5.6339337815378540e-8};
/* (cos(pi s/2) - 1)/s^2 in s^2 on [0, 1/4]; error 4.9e-19 */
static const double mfli_cos_f64[7] = {
    -1.2337005501361698, 2.5366950790104782e-1, -2.0863480763340773e-2, 9.1926027454684462e-4,
    -2.5202039028029176e-5, 4.7106784055052271e-7, -6.3293963449674235e-9};

#endif
