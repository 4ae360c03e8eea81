/* SPDX-License-Identifier: BSD-3-Clause */
/* Lattices of directions, and what they are made of. */
#include <math.h>
#include <string.h>

#include "../run.h"
#include "core/context.h"
#include "theory/lattice_sum.h"

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
 * too, where the lattice is stretched. */
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

/* k = 2: specialised is 2 |t_1 t_2| > 1, and at each angle the prior's tail in |t| is in closed form. */
START_TEST(specialised_neurons_of_the_prior)
{
    enum { angles = 400 };
    double expected = 0.0;
    for (int32_t i = 0; i < angles; i++)
        expected += pow(1.0 + 1.0 / sin(pi * (i + 0.5) / angles), -0.5 * 18.0) / angles;
    bench b;
    open_bench(&b, 2, 20, 0.12);
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
    return RUN_TESTS("theory_lattice", lanes_of_lengths, the_prior_is_normalised, specialised_neurons_of_the_prior,
                     shares_of_power_by_lanes);
}
