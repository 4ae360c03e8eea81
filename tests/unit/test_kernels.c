/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every table of kernels that this processor can run, and the same source at 64 bytes a vector
 * without AVX-512, against plain loops in long double, for each activation and awkward shapes.
 * Since each instruction set is within the stated bound of the same reference, any two agree within
 * twice that bound.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../run.h"
#include "kernels/kernels.h"

extern const mfli_ops_f32 mfli_ops_wide_f32;
extern const mfli_ops_f64 mfli_ops_wide_f64;

static const mfli_shape shapes[] = {
    {1, 1, 1}, {1, 3, 7}, {5, 1, 61}, {33, 6, 6}, {16, 35, 12}, {130, 20, 65}, {17, 48, 24},
    {9, 49, 97}, {20, 17, 151}, {33, 9, 48}, {40, 300, 31},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0], TABLES = 4, ACTIVATIONS = 8 };

static void *allocate(size_t bytes)
{
    void *memory = malloc(bytes + 1);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* A caller's activation: z/(1 + |z|). It counts the points it is asked for. */
static size_t softsign_calls;
static int32_t softsign(int64_t count, const double *z, double *value, double *derivative,
                        void *user_data)
{
    *(size_t *)user_data += count;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] / (1 + fabs(z[i]));
        derivative[i] = 1 / ((1 + fabs(z[i])) * (1 + fabs(z[i])));
    }
    return 0;
}

static int32_t refuse(int64_t count, const double *z, double *value, double *derivative,
                      void *user_data)
{
    (void)z;
    (void)user_data;
    memset(value, 0, count * sizeof *value);
    memset(derivative, 0, count * sizeof *derivative);
    return 17;
}

static const long double sqrt_half = 0.70710678118654752440084436210484904L;
static const long double one_over_sqrt_pi = 0.56418958354775628694807945156077259L;

static long double reference_phi(const mfli_activation *activation, long double z)
{
    switch (activation->kind) {
    case MFL_ACTIVATION_RELU:
        return z > 0 ? z : 0;
    case MFL_ACTIVATION_LEAKY:
        return z > 0 ? z : activation->leak * z;
    case MFL_ACTIVATION_ERF:
        return erfl(z);
    case MFL_ACTIVATION_TANH:
        return tanhl(z);
    case MFL_ACTIVATION_GELU:
        return z * erfcl(-z * sqrt_half) / 2;
    case MFL_ACTIVATION_LINEAR:
        return z;
    case MFL_ACTIVATION_QUADRATIC:
        return z * z;
    default:
        return z / (1 + fabsl(z));
    }
}

static long double reference_slope(const mfli_activation *activation, long double z)
{
    switch (activation->kind) {
    case MFL_ACTIVATION_RELU:
        return z >= 0;
    case MFL_ACTIVATION_LEAKY:
        return z >= 0 ? 1 : activation->leak;
    case MFL_ACTIVATION_ERF:
        return 2 * one_over_sqrt_pi * expl(-z * z);
    case MFL_ACTIVATION_TANH:
        return 1 / (coshl(z) * coshl(z));
    case MFL_ACTIVATION_GELU:
        return erfcl(-z * sqrt_half) / 2 + z * one_over_sqrt_pi * sqrt_half * expl(-z * z / 2);
    case MFL_ACTIVATION_LINEAR:
        return 1;
    case MFL_ACTIVATION_QUADRATIC:
        return 2 * z;
    default:
        return 1 / ((1 + fabsl(z)) * (1 + fabsl(z)));
    }
}

static int is_homogeneous(int32_t kind)
{
    return kind == MFL_ACTIVATION_RELU || kind == MFL_ACTIVATION_LEAKY
        || kind == MFL_ACTIVATION_LINEAR;
}

/* The logical N x cols matrix of double normals. */
static double *normal_matrix_f64(const mfli_stream *stream, size_t rows, size_t cols)
{
    double *out = allocate(rows * cols * sizeof *out);
    mfli_normal_matrix(stream, 0, rows, cols, out, cols);
    return out;
}

/* The float normals are other numbers: taken row by row from the baseline generator. */
static double *normal_matrix_f32(const mfli_stream *stream, size_t rows, size_t cols)
{
    const size_t width = mfli_normals_baseline.width_f32;
    double *out = allocate(rows * cols * sizeof *out);
    float *panel = allocate((cols + 3) * width * sizeof *panel);
    for (size_t i = 0; i < rows; i++) {
        mfli_normals_baseline.panel_f32(stream, i, cols, 0, cols, panel);
        for (size_t j = 0; j < cols; j++)
            out[i * cols + j] = panel[j * width];
    }
    free(panel);
    return out;
}

#define REAL float
#define R(name) name##_f32
#define EPSILON (FLT_EPSILON / 2)
#include "test_kernels_real.h"
#undef REAL
#undef R
#undef EPSILON
#define REAL double
#define R(name) name##_f64
#define EPSILON (DBL_EPSILON / 2)
#include "test_kernels_real.h"
#undef EPSILON

static const mfli_ops_f32 *ops_f32(int table)
{
    const mfli_kernels *kernels = table ? mfli_kernels_select(table) : NULL;
    return table ? kernels ? kernels->f32 : NULL : &mfli_ops_wide_f32;
}

static const mfli_ops_f64 *ops_f64(int table)
{
    const mfli_kernels *kernels = table ? mfli_kernels_select(table) : NULL;
    return table ? kernels ? kernels->f64 : NULL : &mfli_ops_wide_f64;
}

START_TEST(kernels_agree_with_plain_sums)
{
    const int table = _i / ACTIVATIONS, activation = _i % ACTIVATIONS;
    if (!ops_f32(table))
        return;
    check_table_f32(ops_f32(table), activation);
    check_table_f64(ops_f64(table), activation);
}
END_TEST

START_TEST(step_does_not_depend_on_the_division_of_work)
{
    const int table = _i / ACTIVATIONS, activation = _i % ACTIVATIONS;
    if (!ops_f32(table))
        return;
    check_division_f32(ops_f32(table), activation);
    check_division_f64(ops_f64(table), activation);
}
END_TEST

START_TEST(not_a_number_is_not_hidden)
{
    const int table = _i / ACTIVATIONS, activation = _i % ACTIVATIONS;
    if (!ops_f32(table))
        return;
    check_nan_f32(ops_f32(table), activation);
    check_nan_f64(ops_f64(table), activation);
}
END_TEST

/* Central differences of sum_mu r_mu f(x_mu) with step 1e-5: truncation 1e-10, rounding 1e-10. */
START_TEST(gradient_is_the_derivative)
{
    const mfli_shape s = {9, 4, 20};
    for (int32_t activation = 0; activation < ACTIVATIONS; activation++) {
        fixture_f64 t = setup_f64(mfli_kernels_select(MFL_INSTRUCTION_SET_AUTO)->f64, s, activation);
        double g[9 * 4], h[9], r[20];
        t.ops->forward(&t.net, 0, 1, t.scratch);
        t.ops->residual(&t.net, t.y, t.f);
        t.ops->gradient(&t.net, 0, t.padded / t.ops->width, t.scratch);
        t.ops->unpack(s.neurons, s.inputs, t.net.gradient, t.net.features, g, s.inputs, h);
        for (size_t mu = 0; mu < s.samples; mu++)
            r[mu] = t.y[mu] - t.f[mu];
        for (size_t k = 0; k < 9 * 5; k++) {
            const size_t i = k / 5, j = k % 5;
            double *parameter = j < 4 ? &t.w[i * 5 + j] : &t.a[i], kept = *parameter, change = 0;
            for (int sign = -1; sign < 2; sign += 2) {
                *parameter = kept + sign * 1e-5;
                t.ops->pack(s.neurons, s.inputs, t.w, 5, t.a, t.net.weights, t.net.readout);
                t.ops->forward(&t.net, 0, 1, t.scratch);
                t.ops->predict(&t.net, t.f);
                for (size_t mu = 0; mu < s.samples; mu++)
                    change += sign * r[mu] * t.f[mu] / 2e-5;
            }
            *parameter = kept;
            const double expected = t.net.scale * (j < 4 ? t.a[i] * g[i * 4 + j] : h[i]);
            ck_assert_msg(fabs(change - expected) < 3e-9, "activation %d, parameter %zu: %.12g, %.12g",
                          activation, k, change, expected);
        }
        teardown_f64(&t);
    }
}
END_TEST

START_TEST(caller_sees_only_real_points_and_can_stop)
{
    const mfli_shape s = {5, 2, 7};
    fixture_f64 t = setup_f64(mfli_kernels_select(MFL_INSTRUCTION_SET_AUTO)->f64, s,
                              MFL_ACTIVATION_CALLER);
    softsign_calls = 0;
    t.ops->forward(&t.net, 0, 1, t.scratch);
    ck_assert_uint_eq(softsign_calls, 35);
    t.net.activation.phi = refuse;
    ck_assert_int_eq(t.ops->forward(&t.net, 0, 1, t.scratch), 17);
    ck_assert_int_eq(t.ops->gradient(&t.net, 0, 1, t.scratch), 17);
    teardown_f64(&t);
}
END_TEST

START_TEST(selection_names_what_it_gives)
{
    const mfli_kernels *widest = mfli_kernels_select(MFL_INSTRUCTION_SET_AUTO);
    ck_assert_ptr_nonnull(widest);
    ck_assert_ptr_eq(widest, mfli_kernels_select(widest->instruction_set));
    ck_assert_str_eq(mfli_kernels_select(MFL_INSTRUCTION_SET_BASELINE)->name, "baseline");
    ck_assert_ptr_null(mfli_kernels_select(99));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("network");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, kernels_agree_with_plain_sums, 0, TABLES * ACTIVATIONS);
    tcase_add_loop_test(tests, step_does_not_depend_on_the_division_of_work, 0,
                        TABLES * ACTIVATIONS);
    tcase_add_loop_test(tests, not_a_number_is_not_hidden, 0, TABLES * ACTIVATIONS);
    tcase_add_test(tests, gradient_is_the_derivative);
    tcase_add_test(tests, caller_sees_only_real_points_and_can_stop);
    tcase_add_test(tests, selection_names_what_it_gives);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
