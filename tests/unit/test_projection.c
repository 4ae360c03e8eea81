/* SPDX-License-Identifier: BSD-3-Clause */
/* Gaussian means and modes of the activations against plain quadrature in long double. */
#include <math.h>

#include "../run.h"
#include "network/features.h"
#include "network/projection.h"

static const int32_t activations[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_LEAKY, MFL_ACTIVATION_ERF,
                                      MFL_ACTIVATION_TANH, MFL_ACTIVATION_GELU,  MFL_ACTIVATION_LINEAR,
                                      MFL_ACTIVATION_QUADRATIC};
enum { activation_count = sizeof activations / sizeof activations[0] };

static long double phi(int32_t activation, long double z)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
        return z > 0 ? z : 0;
    case MFL_ACTIVATION_LEAKY:
        return z > 0 ? z : 0.3L * z;
    case MFL_ACTIVATION_ERF:
        return erfl(z);
    case MFL_ACTIVATION_TANH:
        return tanhl(z);
    case MFL_ACTIVATION_GELU:
        return z * 0.5L * erfcl(-z * sqrtl(0.5L));
    case MFL_ACTIVATION_LINEAR:
        return z;
    default:
        return z * z;
    }
}

/* E[phi(mu + sd z) he_q(z)] by Simpson's rule on both sides of the kink at z = -mu/sd, so that it is smooth on each. */
static long double plain(int32_t activation, int64_t degree, long double mu, long double sd)
{
    enum { steps = 4000 };
    const long double kink = fminl(fmaxl(-mu / sd, -13.0L), 13.0L), ends[3] = {-13.0L, kink, 13.0L};
    long double sum = 0;
    for (int side = 0; side < 2; side++) {
        const long double h = (ends[side + 1] - ends[side]) / steps;
        for (int i = 0; i <= steps; i++) {
            long double z = ends[side] + i * h, before = 0, he = 1;
            for (int64_t n = 0; n < degree; n++) {
                long double next = (z * he - sqrtl(n) * before) / sqrtl(n + 1.0L);
                before = he;
                he = next;
            }
            sum += (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2) * h / 3 * phi(activation, mu + sd * z) * he
                * expl(-z * z / 2);
        }
    }
    return sum / sqrtl(2 * acosl(-1.0L));
}

/* Simpson's rule with h = 0.0033 is exact to 1e-11 for these functions. */
START_TEST(means_are_the_integrals)
{
    static const double means[] = {0.0, 0.7, -2.5, 6.0}, variances[] = {1e-4, 0.3, 1.0, 9.0};
    for (size_t a = 0; a < activation_count; a++)
        for (int i = 0; i < 16; i++) {
            const mfli_model model = {.activation = activations[a], .leak = 0.3};
            const double mu = means[i % 4], v = variances[i / 4];
            double value;
            ck_assert_int_eq(mfli_gaussian_mean(&model, mu, v, &value), MFL_OK);
            long double exact = plain(activations[a], 0, mu, sqrtl(v));
            ck_assert_msg(fabsl(value - exact) < 1e-10L * (1 + fabsl(exact)), "activation %d, mu %g, v %g: %.15g, %.15Lg",
                          activations[a], mu, v, value, exact);
        }
}
END_TEST

START_TEST(modes_are_the_integrals)
{
    static const double variances[] = {0.3, 1.0, 4.0};
    for (size_t a = 0; a < activation_count; a++)
        for (int64_t q = 0; q <= 8; q++)
            for (int i = 0; i < 3; i++) {
                const mfli_model model = {.activation = activations[a], .leak = 0.3};
                double value;
                ck_assert_int_eq(mfli_gaussian_mode(&model, q, variances[i], &value), MFL_OK);
                long double exact = plain(activations[a], q, 0, sqrtl(variances[i]));
                ck_assert_msg(fabsl(value - exact) < 1e-10L * (1 + fabsl(exact)),
                              "activation %d, degree %d, v %g: %.15g, %.15Lg", activations[a], (int)q, variances[i],
                              value, exact);
            }
}
END_TEST

START_TEST(without_variance_the_mean_is_the_function)
{
    for (size_t a = 0; a < activation_count; a++) {
        const mfli_model model = {.activation = activations[a], .leak = 0.3};
        for (double mu = -2.0; mu <= 2.0; mu += 0.5) {
            double value;
            ck_assert_int_eq(mfli_gaussian_mean(&model, mu, 0.0, &value), MFL_OK);
            ck_assert_double_eq_tol(value, (double)phi(activations[a], mu), 1e-14);
        }
    }
}
END_TEST

static int32_t cube(int64_t count, const double *z, double *value, double *slope, void *data)
{
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i] * z[i];
        slope[i] = 3.0 * z[i] * z[i];
    }
    return *(int *)data;
}

/* phi and phi', the latter against a central difference of the former in long double. */
START_TEST(features_are_the_functions_and_their_slopes)
{
    enum { count = 41 };
    double z[count], value[2][count], slope[count];
    for (int i = 0; i < count; i++)
        z[i] = 0.15 * i - 3.03;
    for (size_t a = 0; a < activation_count; a++) {
        const mfli_model model = {.activation = activations[a], .leak = 0.3};
        ck_assert_int_eq(mfli_activation_values(&model, count, z, value[0], slope), MFL_OK);
        ck_assert_int_eq(mfli_activation_slopes(&model, count, z, value[1], slope), MFL_OK);
        for (int i = 0; i < count; i++) {
            const long double h = 1e-6L, rise = phi(activations[a], z[i] + h) - phi(activations[a], z[i] - h);
            ck_assert_double_eq_tol(value[0][i], (double)phi(activations[a], z[i]), 1e-14);
            ck_assert_double_eq_tol(value[1][i], value[0][i], 1e-15);
            ck_assert_double_eq_tol(slope[i], (double)(rise / (2.0L * h)), 1e-10);
        }
    }
    int refused = 0;
    const mfli_model model = {.activation = MFL_ACTIVATION_CALLER, .phi = cube, .phi_data = &refused};
    ck_assert_int_eq(mfli_activation_slopes(&model, count, z, value[0], slope), MFL_OK);
    for (int i = 0; i < count; i++)
        ck_assert(value[0][i] == z[i] * z[i] * z[i] && slope[i] == 3.0 * z[i] * z[i]);
    refused = 1;
    ck_assert_int_eq(mfli_activation_slopes(&model, count, z, value[0], slope), MFL_ERROR_CALLBACK);
}
END_TEST

int main(void)
{
    return RUN_TESTS("projection", means_are_the_integrals, modes_are_the_integrals,
                     without_variance_the_mean_is_the_function, features_are_the_functions_and_their_slopes);
}
