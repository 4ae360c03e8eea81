/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vector elementary functions against the C library's long double ones, over a grid fine enough
 * to meet every branch. Errors allowed, in units of eps = 2^-53 or 2^-24 (half a last place); in
 * parentheses what was measured (gcc 12, all instruction sets, both precisions):
 *
 *     erf    4.5 (3.9)   of erf         erf'   3 (2.2)     of erf' (1 + z^2)
 *     tanh   3.5 (2.9)   of tanh        tanh'  6 (5.3)     of 1
 *     GELU   3.5 (3.0)   of GELU (1 + z^2/2)   GELU'  3 (2.2)  of 1
 *
 * Where exp(-z^2) is below the smallest normal number it is replaced by about that number.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "../run.h"
#include "config.h"
#include "core/cpu.h"
#include <mflearn/context.h>
#include <mflearn/model.h>

typedef void (*activate_f32)(int32_t kind, size_t count, const float *z, float *value,
                             float *derivative);
typedef void (*activate_f64)(int32_t kind, size_t count, const double *z, double *value,
                             double *derivative);
void mfli_activate_baseline_f32(int32_t, size_t, const float *, float *, float *);
void mfli_activate_baseline_f64(int32_t, size_t, const double *, double *, double *);
#if MFLI_BUILD_AVX2
void mfli_activate_avx2_f32(int32_t, size_t, const float *, float *, float *);
void mfli_activate_avx2_f64(int32_t, size_t, const double *, double *, double *);
#endif
#if MFLI_BUILD_AVX512
void mfli_activate_avx512_f32(int32_t, size_t, const float *, float *, float *);
void mfli_activate_avx512_f64(int32_t, size_t, const double *, double *, double *);
#endif

enum { TABLES = 3, COUNT = 65536 };

static activate_f32 functions_f32(int table)
{
    switch (table) {
    case 0:
        return mfli_activate_baseline_f32;
#if MFLI_BUILD_AVX2
    case 1:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX2) > 0 ? mfli_activate_avx2_f32 : NULL;
#endif
#if MFLI_BUILD_AVX512
    case 2:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX512) > 0 ? mfli_activate_avx512_f32 : NULL;
#endif
    default:
        return NULL;
    }
}

static activate_f64 functions_f64(int table)
{
    switch (table) {
    case 0:
        return mfli_activate_baseline_f64;
#if MFLI_BUILD_AVX2
    case 1:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX2) > 0 ? mfli_activate_avx2_f64 : NULL;
#endif
#if MFLI_BUILD_AVX512
    case 2:
        return mfli_cpu_resolve(MFL_INSTRUCTION_SET_AVX512) > 0 ? mfli_activate_avx512_f64 : NULL;
#endif
    default:
        return NULL;
    }
}

/* 40,000 points evenly in -10 .. 10, then magnitudes from 1e-12 to 1e4, both signs. */
static double grid(int i)
{
    if (i < 40000)
        return (i - 20000) * 5e-4 + 1e-5;
    return (i % 2 ? -1 : 1) * pow(10, -12 + 16.0 * (i - 40000) / (COUNT - 40000));
}

static const long double sqrt_half = 0.70710678118654752440084436210484904L;
static const long double one_over_sqrt_pi = 0.56418958354775628694807945156077259L;

/* In units of eps over what the table above says each is relative to. */
static void errors(int32_t kind, long double z, long double value, long double derivative,
                   double eps, double tiny, double *e, double *e_derivative)
{
    const long double gauss = expl(-z * z / 2) * one_over_sqrt_pi * sqrt_half;
    const long double phi = erfcl(-z * sqrt_half) / 2, cosh2 = coshl(z) * coshl(z);
    long double v, s, v_unit, s_unit = 1;
    if (kind == MFL_ACTIVATION_ERF) {
        v = erfl(z), v_unit = fabsl(v);
        s = 2 * one_over_sqrt_pi * expl(-z * z), s_unit = s * (1 + z * z);
    } else if (kind == MFL_ACTIVATION_TANH) {
        v = tanhl(z), v_unit = fabsl(v);
        s = 1 / cosh2;
    } else {
        v = z * phi, v_unit = fabsl(v) * (1 + z * z / 2);
        s = phi + z * gauss;
    }
    *e = fmax(*e, (double)(fabsl(value - v) / (eps * v_unit + tiny * (1 + fabsl(z)))));
    *e_derivative = fmax(*e_derivative, (double)(fabsl(derivative - s) / (eps * s_unit + tiny)));
}

#define CHECK_PRECISION(REAL, R, EPS, TINY)                                                        \
    static void check_##R(activate_##R activate, int32_t kind, double bound, double slope_bound)   \
    {                                                                                              \
        REAL *z = malloc(3 * COUNT * sizeof *z), *value = z + COUNT, *derivative = value + COUNT;  \
        double e = 0, e_derivative = 0;                                                            \
        for (int i = 0; i < COUNT; i++)                                                            \
            z[i] = (REAL)grid(i);                                                                  \
        activate(kind, COUNT, z, value, derivative);                                               \
        for (int i = 0; i < COUNT; i++)                                                            \
            errors(kind, z[i], value[i], derivative[i], EPS, TINY, &e, &e_derivative);             \
        ck_assert_msg(e <= bound && e_derivative <= slope_bound, "%s kind %d: %.2f and %.2f eps", #R,    \
                      kind, e, e_derivative);                                                      \
        free(z);                                                                                   \
    }
CHECK_PRECISION(float, f32, 0x1p-24, 1e-37)
CHECK_PRECISION(double, f64, 0x1p-53, 1e-305)

START_TEST(smooth_activations_are_accurate)
{
    if (!functions_f32(_i))
        return;
    static const int32_t kinds[] = {MFL_ACTIVATION_ERF, MFL_ACTIVATION_TANH, MFL_ACTIVATION_GELU};
    static const double bounds[] = {4.5, 3.5, 3.5}, slope_bounds[] = {3, 6, 3};
    for (int k = 0; k < 3; k++) {
        check_f32(functions_f32(_i), kinds[k], bounds[k], slope_bounds[k]);
        check_f64(functions_f64(_i), kinds[k], bounds[k], slope_bounds[k]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernels_activation");
    TCase *tests = tcase_create("accuracy");
    tcase_add_loop_test(tests, smooth_activations_are_accurate, 0, TABLES);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
