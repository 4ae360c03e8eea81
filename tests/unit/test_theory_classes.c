/* SPDX-License-Identifier: BSD-3-Clause */
/* Classes of modes, lengths on a table, accelerated iteration. */
#include <math.h>

#include "../run.h"
#include "core/context.h"
#include "theory/anderson.h"
#include "theory/directions.h"

static mfl_context *entered(void)
{
    mfl_context *context;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
    return context;
}

static void leave(mfl_context *context)
{
    mfli_leave(context, MFL_OK);
    mfl_context_destroy(context);
}

/* The rest is what is missing to 1, and falls like cut^(-3/2) (the coefficients of |z|); Q of the target's class has
 * the same law as the one from frequencies. */
START_TEST(shares_of_power_add_up)
{
    mfl_context *context = entered();
    for (int32_t k = 2; k <= 4; k += 2) {
        mfli_sector sector;
        mfli_classes classes;
        double distance[MFLI_LAW_WEIGHTS], weight[MFLI_LAW_WEIGHTS];
        ck_assert_int_eq(mfli_sector_create(context, k, 10, 40, 0, &sector), MFL_OK);
        mfli_classes_init(&classes, 30, k, sqrt(0.5), sqrt(0.5));
        mfli_law_distances(distance);
        static const double ratio_of[] = {0.1, 0.6, 3.0};
        for (int32_t i = 0; i < 3; i++) {
            mfli_class_law law;
            double mean = 0.0, expected = 0.0, rest = 0.0, mass = 0.0;
            ck_assert_int_eq(mfli_class_law_create(context, &classes, &sector, ratio_of[i], &law), MFL_OK);
            mfli_angular_law(&sector, ratio_of[i], 3.0, 0, weight);
            for (int32_t j = 0; j < law.count; j++) {
                const double *power = law.power + j * classes.count;
                double sum = 0.0;
                for (int32_t l = 0; l < classes.count; l++)
                    sum += power[l];
                ck_assert_double_eq_tol(sum, 1.0, 1e-14);
                mass += law.weight[j];
                mean += law.weight[j] * power[classes.target];
                rest += law.weight[j] * power[classes.rest];
            }
            for (int32_t j = 0; j < MFLI_LAW; j++) /* (2 even)^2 = 2 in units of odd^2 + even^2 */
                expected += weight[j] * 2.0 * mfli_angular_top(k, ratio_of[i]) * (1.0 - distance[j]);
            ck_assert_double_eq_tol(mass, 1.0, 1e-8);
            ck_assert_double_eq_tol(mean / expected, 1.0, ratio_of[i] < 0.5 && k == 4 ? 1e-6 : 1e-8);
            ck_assert(rest > 0.0 && rest < 0.01);
            mfli_class_law_finish(context, &law);
        }
        mfli_sector_finish(context, &sector);
    }
    leave(context);
}
END_TEST

/* One class of power lambda and a rest: kt = kappa^2 + rest + lambda kt/(kt + P lambda) is quadratic in kt. */
START_TEST(the_renormalised_noise_solves_its_equation)
{
    static const double samples_of[] = {0.0, 1.0, 300.0, 1e6}, one = 1.0;
    for (int32_t i = 0; i < 4; i++) {
        double lambda = 0.3, rest = 0.002, learned = samples_of[i] * lambda, base = 1e-4 + rest;
        double b = base + lambda - learned, expected = 0.5 * (b + sqrt(b * b + 4.0 * base * learned));
        if (b < 0.0)
            expected = 2.0 * base * learned / (sqrt(b * b + 4.0 * base * learned) - b);
        double kt = mfli_noise(1, &one, &lambda, rest, 1.0, samples_of[i], 1e-4);
        ck_assert_double_eq_tol(kt / expected, 1.0, 1e-13);
    }
}
END_TEST

/* Without self-energy s = c X, and exp(g c X) leaves a chi^2 law of another scale. The trapezoidal rule in log X. */
START_TEST(free_lengths_are_those_of_the_integral)
{
    static const double d_of[] = {1.0, 7.0, 60.0}, g_of[] = {0.0, 0.9, 2.2};
    const double c = 0.2, h = 0.01;
    for (int32_t i = 0; i < 9; i++) {
        double d = d_of[i / 3], g = g_of[i % 3], mass = 0.0, x1 = 0.0, x2 = 0.0;
        for (double y = -60.0; y < 12.0; y += h) {
            double x = exp(y);
            double p = h * exp(0.5 * d * y - (0.5 - g * c) * x - 0.5 * d * log(2.0) - lgamma(0.5 * d));
            mass += p;
            x1 += p * x;
            x2 += p * x * x;
        }
        mfli_radial found = mfli_length_free(d, c, g);
        ck_assert_double_eq_tol(found.log_mass, log(mass), 1e-10);
        ck_assert_double_eq_tol(found.s / (c * x1 / mass), 1.0, 1e-10);
        ck_assert_double_eq_tol(found.s2 / (c * c * x2 / mass), 1.0, 1e-10);
        ck_assert_double_eq_tol(found.x / (x1 / mass), 1.0, 1e-10);
    }
}
END_TEST

START_TEST(lengths_on_a_table_are_those_of_the_integral)
{
    mfl_context *context = entered();
    static const double d_of[] = {1.0, 4.0, 35.0, 400.0}, c_of[] = {1e-3, 0.2, 30.0}, g_of[] = {0.0, 3.0, 80.0, 3000.0};
    for (int32_t i = 0; i < 48; i++) {
        double d = d_of[i / 12], c = c_of[i / 4 % 3], g = g_of[i % 4];
        mfli_length_table table;
        ck_assert_int_eq(mfli_length_table_create(context, d, &table), MFL_OK);
        mfli_radial one = mfli_length_moments(&table, c, g), other = mfli_radial_reduced(d, c, g);
        other.log_mass += g;
        ck_assert_double_eq_tol(one.log_mass, other.log_mass, 1e-11 * fmax(1.0, fabs(other.log_mass)));
        ck_assert_double_eq_tol(one.s / other.s, 1.0, 1e-11);
        ck_assert_double_eq_tol(one.s2 / other.s2, 1.0, 1e-11);
        ck_assert_double_eq_tol(one.x / other.x, 1.0, 1e-11);
        mfli_length_table_finish(context, &table);
    }
    leave(context);
}
END_TEST

/* x <- A x + b with the eigenvalues 0.99, 0.6, -0.5: plain steps would need 2,000 of them; n steps solve n linear
 * equations. */
START_TEST(acceleration_solves_linear_equations)
{
    static const double rate[] = {0.99, 0.6, -0.5};
    double memory[3 * MFLI_ANDERSON_NUMBERS];
    mfli_anderson anderson;
    double x[3] = {0.004, -0.002, 0.003}, f[3], size = 1.0;
    int32_t steps = 0;
    mfli_anderson_init(&anderson, 3, 0.7, INFINITY, memory);
    for (; size > 1e-12 && steps < 1000; steps++) {
        size = 0.0;
        for (int32_t i = 0; i < 3; i++) {
            f[i] = (rate[i] - 1.0) * (x[i] - 0.001 * i);
            size = fmax(size, fabs(f[i]));
        }
        mfli_anderson_step(&anderson, x, f);
    }
    ck_assert(steps < 400);
    for (int32_t i = 0; i < 3; i++)
        ck_assert_double_eq_tol(x[i], 0.001 * i, 1e-9);
}
END_TEST

/* f = (x + 1)^2/4 + 1e-3 has a bottleneck at -1 and no solution there; the flow goes on to the one at 2. */
START_TEST(acceleration_passes_a_bottleneck)
{
    double memory[3 * MFLI_ANDERSON_NUMBERS];
    mfli_anderson anderson;
    double x = -2.0, f = 1.0;
    mfli_anderson_init(&anderson, 1, 0.5, 0.05, memory);
    for (int32_t i = 0; i < 2000 && fabs(f) > 1e-12; i++) {
        f = (0.25 * (x + 1.0) * (x + 1.0) + 1e-3) * (2.0 - x) / 3.0;
        mfli_anderson_step(&anderson, &x, &f);
    }
    ck_assert_double_eq_tol(x, 2.0, 1e-10);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_classes", shares_of_power_add_up, the_renormalised_noise_solves_its_equation,
                     lengths_on_a_table_are_those_of_the_integral, free_lengths_are_those_of_the_integral,
                     acceleration_solves_linear_equations, acceleration_passes_a_bottleneck);
}
