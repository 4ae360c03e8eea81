/* SPDX-License-Identifier: BSD-3-Clause */
/* Lattices of directions, and what they are made of. */
#include <math.h>
#include <string.h>

#include "../run.h"
#include "core/context.h"
#include "theory/lattice_sum.h"
#include "theory/quadrature.h"

static const double pi = 3.14159265358979323846;

enum { lanes = MFLI_ANGULAR_LANES };

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

/* The integrals of length by lanes are those of radial.h, and the same bits come from every instruction set. */
START_TEST(lanes_of_lengths)
{
    static const double d_of[] = {13.0, 35.0, 400.0};
    mfl_context *context = entered();
    const mfli_angular_loops *loops = mfli_angular_loops_select(mfli_instruction_set(context));
    const mfli_angular_loops *baseline = mfli_angular_loops_select(MFL_INSTRUCTION_SET_BASELINE);
    for (int32_t i = 0; i < 3 * 20; i++) {
        double d = d_of[i / 20], norm = 0.5 * d * log(2.0) + lgamma(0.5 * d), c[lanes], g[lanes];
        mfli_length_lanes wide, narrow, rough;
        for (int32_t l = 0; l < lanes; l++) {
            c[l] = exp(-8.0 + l + i % 20 / 2.0);
            g[l] = l == 1 ? 0.0 : exp(0.7 * (i % 20) - 0.5 * l);
        }
        loops->lengths(d, norm, 1e-14, c, g, &wide);
        baseline->lengths(d, norm, 1e-14, c, g, &narrow);
        loops->lengths(d, norm, 1e-8, c, g, &rough);
        ck_assert_int_eq(memcmp(&wide, &narrow, sizeof wide), 0);
        for (int32_t l = 0; l < lanes; l++) {
            mfli_radial one = mfli_radial_reduced(d, c[l], g[l]);
            ck_assert_double_eq_tol(wide.log_mass[l], one.log_mass, 1e-12 * (1.0 + fabs(one.log_mass)));
            ck_assert_double_eq_tol(wide.s[l], one.s, 1e-10 * one.s);
            ck_assert_double_eq_tol(wide.s2[l], one.s2, 1e-10 * one.s2);
            ck_assert_double_eq_tol(wide.x[l], one.x, 1e-9 * one.x);
            ck_assert_double_eq_tol(rough.log_mass[l], one.log_mass, 2e-8);
            ck_assert_double_eq_tol(rough.s[l], one.s, 2e-8 * one.s);
            ck_assert_double_eq_tol(rough.s2[l], one.s2, 2e-8 * one.s2);
            ck_assert_double_eq_tol(rough.x[l], one.x, 2e-8 * one.x);
        }
    }
    leave(context);
}
END_TEST

typedef struct bench {
    mfl_context *context;
    mfli_lattice lattice;
    mfli_directions directions;
} bench;

static void open_bench(bench *b, int32_t k, int64_t d, double spacing)
{
    b->context = entered();
    memset(&b->directions, 0, sizeof b->directions);
    mfli_lattice_init(b->context, k, d, spacing, 30.0, &b->lattice);
    b->directions.gain = (mfli_gain){.support = k, .degree = k, .scale = 2.0};
    b->directions.lattice = &b->lattice;
}

static void close_bench(bench *b)
{
    mfli_lattice_finish(b->context, &b->lattice);
    leave(b->context);
}

static mfli_neuron moments(bench *b, const mfli_field *field)
{
    mfli_neuron neuron;
    ck_assert_int_eq(mfli_lattice_moments(b->context, &b->directions, field, NULL, &neuron), MFL_OK);
    return neuron;
}

/* A Gaussian prior of mass 1 with |w_S|^2 and |w_perp|^2 of k/p_on and (d - k)/p_off; with few inputs off the support
 * too, where its tail is long. */
START_TEST(the_prior_is_normalised)
{
    static const int32_t degree_of[] = {2, 4, 6, 2, 4, 6}, dimension_of[] = {50, 50, 50, 13, 16, 26};
    for (int32_t i = 0; i < 6; i++) {
        bench b;
        double k = degree_of[i], d = dimension_of[i];
        open_bench(&b, degree_of[i], dimension_of[i], (i % 3 == 0 ? 0.6 : i < 3 ? 1.0 : 0.8) / sqrt(d));
        for (int32_t uneven = 0; uneven < 2; uneven++) {
            mfli_field field = {.precision = {uneven ? 0.7 : 1.0, uneven ? 1.1 : 1.0}};
            mfli_neuron neuron = moments(&b, &field);
            ck_assert_double_eq_tol(neuron.log_mass, 0.0, 1e-8);
            ck_assert_double_eq_tol(neuron.aligned, k / field.precision[0], 1e-7);
            ck_assert_double_eq_tol(neuron.across, (d - k) / field.precision[1], 1e-7);
        }
        close_bench(&b);
    }
}
END_TEST

/* <J_S^2> of the prior w ~ N(0, I): J_S as the integral over frequencies of angular.h, squared, and the average over w
 * in closed form,
 *     pi^-2 int int domega domega' (omega omega')^-2 (1 + omega^2 + omega'^2)^(-(d - k)/2)
 *                                  ((exp(-(omega - omega')^2/2) - exp(-(omega + omega')^2/2))/2)^k,
 * by Gauss-Legendre in the sum s, up to 10 and beyond as 10/u, and the difference of the two. */
static double prior_power(int32_t k, double d)
{
    enum { n = 80 };
    double node[n], weight[n], sum = 0.0;
    mfli_gauss_legendre(n, node, weight);
    for (int32_t i = 0; i < 2 * n; i++) {
        double u = node[i % n], s = i < n ? 10.0 * u : 10.0 / u, reach = fmin(s, 10.0);
        double length = 10.0 * weight[i % n] / (i < n ? 1.0 : u * u) * 2.0 * reach;
        for (int32_t j = 0; j < n; j++) {
            double apart = reach * (2.0 * node[j] - 1.0), product = 0.25 * (s * s - apart * apart);
            double both = 0.5 * (exp(-0.5 * apart * apart) - exp(-0.5 * s * s));
            sum += 0.5 * length * weight[j] * pow(both, k) * pow(product, -2.0) *
                   pow(1.0 + 0.5 * (s * s + apart * apart), -0.5 * (d - k));
        }
    }
    return sum / (pi * pi);
}

START_TEST(power_of_the_prior)
{
    static const int32_t degree_of[] = {2, 4, 4, 6, 6, 8}, dimension_of[] = {12, 10, 20, 14, 24, 24};
    static const double tolerance_of[] = {1e-11, 2e-8, 2e-8, 1e-6, 2e-8, 4e-5}, scale[] = {0.6, 0.9, 1.1, 1.4};
    for (int32_t i = 0; i < 6; i++) {
        bench b;
        mfli_field field = {.precision = {1.0, 1.0}};
        double d = dimension_of[i], expected = 2.0 * prior_power(degree_of[i], d);
        open_bench(&b, degree_of[i], dimension_of[i], scale[degree_of[i] / 2 - 1] / sqrt(d));
        ck_assert_double_eq_tol(moments(&b, &field).q, expected, tolerance_of[i] * expected);
        close_bench(&b);
    }
}
END_TEST

static uint64_t generator = 20261123;

static double uniform(void)
{
    generator = generator * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(generator >> 11) + 0.5) * 0x1p-53;
}

/* k = 6 with four inputs off the support, over draws from the prior in all d dimensions, J_S by signs. Within
 * 5 standard errors; the seed is fixed, others fail one time in 10^6. */
START_TEST(a_field_over_draws)
{
    enum { k = 6, d = 10, batches = 50, draws = 3000 };
    bench b;
    mfli_field field = {.precision = {1.0, 1.0}, .saturation = 1.0, .strength = 500.0};
    double sum[4] = {0.0};
    for (int32_t batch = 0; batch < batches; batch++) {
        double mass = 0.0, qs = 0.0;
        for (int32_t i = 0; i < draws; i++) {
            double t[k], across = -2.0 * log(uniform() * uniform()), on = 0.0;
            for (int32_t j = 0; j < k; j += 2) {
                double radius = sqrt(-2.0 * log(uniform())), angle = 2.0 * pi * uniform();
                on += radius * radius;
                t[j] = radius * cos(angle) / sqrt(across);
                t[j + 1] = radius * sin(angle) / sqrt(across);
            }
            double amplitude = mfli_angular_sum(k, t, 1), x = on + across;
            double q = 2.0 * amplitude * amplitude * across / x, s = x / (1.0 + x);
            double p = exp(0.5 * field.strength * q * s) / sqrt(1.0 + x);
            mass += p / draws;
            qs += p * q * s / draws;
        }
        sum[0] += mass / batches;
        sum[1] += mass * mass / batches;
        sum[2] += qs / batches;
        sum[3] += qs * qs / batches;
    }
    open_bench(&b, k, d, 1.7 / sqrt(d));
    mfli_neuron neuron = moments(&b, &field);
    double mass = exp(neuron.log_mass), error = sqrt((sum[1] - sum[0] * sum[0]) / (batches - 1));
    ck_assert_double_eq_tol(sum[0], mass, 5.0 * error);
    ck_assert_double_lt(error, 0.03 * mass);
    error = sqrt((sum[3] - sum[2] * sum[2]) / (batches - 1));
    ck_assert_double_eq_tol(sum[2], mass * neuron.qs, 5.0 * error);
    ck_assert_double_lt(error, 0.03 * mass * neuron.qs);
    close_bench(&b);
}
END_TEST

/* k = 2: specialised is 2 |t_1 t_2| > 1, and at each angle the prior's tail in |t| is in closed form. */
START_TEST(specialised_neurons_of_the_prior)
{
    enum { angles = 400 };
    double expected = 0.0;
    for (int32_t i = 0; i < angles; i++)
        expected += pow(1.0 + 1.0 / sin(pi * (i + 0.5) / angles), -0.5 * 18.0) / angles;
    bench b;
    open_bench(&b, 2, 20, 0.1);
    mfli_field field = {.precision = {1.0, 1.0}};
    moments(&b, &field);
    field.caps = 1;
    ck_assert_double_eq_tol(exp(moments(&b, &field).log_mass), expected, 3e-5 * expected);
    close_bench(&b);
    open_bench(&b, 2, 400, 0.03); /* none: 2^-200 or so */
    field.caps = 0;
    moments(&b, &field);
    field.caps = 1;
    ck_assert_double_eq_tol(exp(moments(&b, &field).log_mass), 0.0, 1e-9);
    close_bench(&b);
}
END_TEST

/* The shares of a point add up to 1, and that of the target is Q by frequencies. */
START_TEST(shares_of_power_by_lanes)
{
    static const int32_t gaps[] = {1, 0, 2, 0, 0, 1, 0};
    for (int32_t k = 2; k <= 8; k += 2) {
        bench b;
        mfli_chunk *chunk;
        mfli_classes classes;
        open_bench(&b, k, 40, 0.25);
        mfli_classes_init(&classes, 40, k, sqrt(0.5), sqrt(0.5));
        for (int32_t at = 4; at < 8; at++) {
            ck_assert_int_eq(mfli_lattice_need(b.context, &b.lattice, &classes, at, gaps, &chunk), MFL_OK);
            for (int32_t l = 0; l < lanes; l++) {
                double sum = 0.0;
                for (int32_t i = 0; i < classes.count; i++)
                    sum += chunk->power[i * lanes + l];
                ck_assert_double_eq_tol(sum, 1.0, 1e-14);
                ck_assert_double_eq_tol(chunk->power[classes.target * lanes + l], 2.0 * chunk->q[l], 1e-14);
            }
        }
        close_bench(&b);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_lattice", lanes_of_lengths, the_prior_is_normalised, power_of_the_prior, a_field_over_draws,
                     specialised_neurons_of_the_prior, shares_of_power_by_lanes);
}
