/* SPDX-License-Identifier: BSD-3-Clause */
/* The pieces of the mean-field quadrature, each against a sum that shares nothing with it. */
#include <math.h>

#include "../run.h"
#include "core/context.h"
#include "theory/directions.h"
#include "theory/radial.h"

static const double pi = 3.14159265358979323846;

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

START_TEST(gauss_legendre_is_exact_for_polynomials)
{
    for (int32_t n = 1; n <= 60; n++) {
        double node[60], weight[60];
        mfli_gauss_legendre(n, node, weight);
        for (int32_t power = 0; power < 2 * n; power++) {
            double sum = 0.0;
            for (int32_t i = 0; i < n; i++)
                sum += weight[i] * pow(node[i], power);
            ck_assert_double_eq_tol(sum, 1.0 / (power + 1.0), 2e-15);
        }
    }
}
END_TEST

/* Simpson's rule in X^(1/2), which removes the singularity of the chi^2 density at 0 for d >= 2. */
static mfli_radial radial_by_simpson(double d, double c, double g)
{
    double most = g * c * 1e4 / (1.0 + c * 1e4), end = sqrt(d + 2.0 * g) + 12.0;
    double mass = 0.0, s1 = 0.0, s2 = 0.0, x1 = 0.0;
    enum { intervals = 20000 };
    for (int32_t i = 0; i <= intervals; i++) {
        double t = end * i / intervals, x = t * t, s = c * x / (1.0 + c * x);
        double simpson = (i == 0 || i == intervals ? 1.0 : i % 2 ? 4.0 : 2.0) * end / intervals / 3.0;
        double p = simpson * 2.0 * pow(t, d - 1.0) * sqrt(1.0 - s) * exp(g * s - 0.5 * x - most);
        mass += p;
        s1 += p * s;
        s2 += p * s * s;
        x1 += p * x;
    }
    return (mfli_radial){log(mass) + most - 0.5 * d * log(2.0) - lgamma(0.5 * d), s1 / mass, s2 / mass, x1 / mass};
}

static mfli_radial whole_moments(double d, double c, double g)
{
    mfli_radial moments = mfli_radial_reduced(d, c, g);
    moments.log_mass += g;
    return moments;
}

START_TEST(radial_moments_agree_with_simpson)
{
    static const double d_of[] = {2.0, 8.0, 35.0}, c_of[] = {1e-3, 0.2, 30.0}, g_of[] = {0.0, 3.0, 80.0};
    for (int32_t i = 0; i < 27; i++) {
        double d = d_of[i / 9], c = c_of[i / 3 % 3], g = g_of[i % 3];
        mfli_radial moments = whole_moments(d, c, g), plain = radial_by_simpson(d, c, g);
        ck_assert_double_eq_tol(moments.log_mass, plain.log_mass, 1e-11 * fmax(1.0, fabs(plain.log_mass)));
        ck_assert_double_eq_tol(moments.s, plain.s, 1e-11 * plain.s);
        ck_assert_double_eq_tol(moments.s2, plain.s2, 1e-11 * plain.s2);
        ck_assert_double_eq_tol(moments.x, plain.x, 1e-11 * plain.x);
    }
}
END_TEST

/* From gains that do nothing to those of a single neuron at P/kappa^2 = 1e8, across the gain 1/2c at which the length
 * grows steeply. */
START_TEST(the_radial_curve_interpolates_to_rounding)
{
    static const double c_of[] = {1e-3, 0.4, 1e6}, reach_of[] = {2e3, 3e2, 2e7};
    for (int32_t l = 0; l < 3; l++) {
        static mfli_radial_curve curve;
        ck_assert_int_eq(mfli_radial_curve_fit(&curve, 20.0, c_of[l], 1.0), 0);
        ck_assert_int_eq(mfli_radial_curve_fit(&curve, 20.0, c_of[l], reach_of[l]), 0);
        for (int32_t i = 0; i <= 77; i++) {
            double g = reach_of[l] * pow(i / 77.0, 3.0), rounding = 4e-16 * g;
            mfli_radial moments = whole_moments(20.0, c_of[l], g), curved = mfli_radial_at(&curve, g);
            ck_assert_double_eq_tol(curved.log_mass, moments.log_mass, 2e-11 + rounding);
            ck_assert_double_eq_tol(curved.s, moments.s, 1e-12);
            ck_assert_double_eq_tol(curved.s2, moments.s2, 1e-12);
            ck_assert_double_eq_tol(curved.x, moments.x, 1e-10 * moments.x);
        }
    }
}
END_TEST

/* E prod_j n_j^2 over the sphere S^{k-1} is 1/(k (k + 2) ... (3k - 2)). The split sector is made of other cones. */
START_TEST(sectors_carry_the_uniform_measure)
{
    mfl_context *context = entered();
    for (int32_t k = 2; k <= 8; k += 2) {
        for (int32_t split = 0; split < 2; split++) {
            mfli_sector sector;
            double mass = 0.0, moment = 0.0, expected = 1.0;
            ck_assert_int_eq(mfli_sector_create(context, k, k == 2 ? 1 : 11 - k / 2, 20, split, &sector), MFL_OK);
            for (int64_t i = 0; i < sector.shapes * sector.polar; i++) {
                const mfli_facet *shape = &sector.shape[i / sector.polar];
                double x = sector.node[i % sector.polar], square = 0.0, product = 1.0;
                for (int32_t j = 0; j < k; j++) {
                    double w = (1.0 - x) * shape->apex[j] + x * shape->far[j];
                    square += w * w;
                    product *= w * w;
                }
                double weight = shape->weight * sector.weight[i % sector.polar] * pow(x, k - 2) * pow(square, -0.5 * k);
                mass += weight;
                moment += weight * product * pow(square, -k);
            }
            for (int32_t j = 0; j < k; j++)
                expected /= k + 2.0 * j;
            ck_assert_double_eq_tol(mass, 1.0, k < 6 ? 1e-11 : k < 8 ? 1e-5 : 1e-3);
            ck_assert_double_eq_tol(moment / expected, 1.0, k < 6 ? 1e-9 : k < 8 ? 1e-3 : 0.1);
            mfli_sector_finish(context, &sector);
        }
    }
    leave(context);
}
END_TEST

static double even_part(double mu)
{
    return 0.5 * mu * erf(mu * sqrt(0.5)) + exp(-0.5 * mu * mu) / sqrt(2.0 * pi);
}

/* E exp(g Q) for k = 2 by a fine sum over the angle. */
static double plane_average(double ratio, double g)
{
    enum { angles = 4000 };
    double sum = 0.0;
    for (int32_t i = 0; i < angles; i++) {
        double angle = 0.25 * pi * (i + 0.5) / angles, t1 = ratio * cos(angle), t2 = ratio * sin(angle);
        double j = 0.5 * (even_part(t1 + t2) - even_part(t1 - t2));
        sum += exp(g * (j * j / (1.0 + ratio * ratio)));
    }
    return sum / angles;
}

static double law_moment(const double *weight, double g)
{
    double distance[MFLI_LAW_WEIGHTS], sum = 0.0;
    mfli_law_distances(distance);
    for (int32_t l = 0; l < MFLI_LAW; l++)
        sum += weight[l] * exp(g * (1.0 - distance[l]));
    return sum;
}

START_TEST(the_law_of_q_has_the_right_exponential_moments)
{
    mfl_context *context = entered();
    mfli_sector sector;
    ck_assert_int_eq(mfli_sector_create(context, 2, 1, 60, 0, &sector), MFL_OK);
    static const double ratio_of[] = {0.3, 1.0, 4.0, 40.0}, gain_of[] = {0.0, 1.0, 20.0, 200.0};
    for (int32_t i = 0; i < 4; i++) {
        double weight[MFLI_LAW_WEIGHTS];
        mfli_angular_law(&sector, ratio_of[i], 5.0, 0, weight);
        for (int32_t j = 0; j < 4; j++) {
            double g = gain_of[j] / mfli_angular_top(2, ratio_of[i]);
            /* the plain sum is a midpoint rule over half a period of an even analytic function: exact to rounding,
             * except for its own cancellation at small ratios */
            ck_assert_double_eq_tol(law_moment(weight, gain_of[j]) / plane_average(ratio_of[i], g), 1.0,
                                    ratio_of[i] < 0.5 ? 1e-8 : 1e-9);
        }
    }
    mfli_sector_finish(context, &sector);
    leave(context);
}
END_TEST

/* E over S^3 of exp(g (Q/top - 1)) at r = 2, k = 4, by a midpoint rule in the angles of two planes and the share of
 * the first, which have the periods of even functions: everything is written out anew here. */
static double four_bit_average(double ratio, double g)
{
    enum { angles = 64 };
    double sum = 0.0, top = mfli_angular_top(4, ratio);
    for (int32_t i = 0; i < angles * angles * angles; i++) {
        double a = 0.5 * pi * (i % angles + 0.5) / angles, b = 0.5 * pi * (i / angles % angles + 0.5) / angles;
        double c = 0.5 * pi * (i / angles / angles + 0.5) / angles, j = 0.0;
        double t[4] = {cos(c) * cos(a), cos(c) * sin(a), sin(c) * cos(b), sin(c) * sin(b)};
        for (int32_t signs = 0; signs < 8; signs++) {
            double mu = t[3];
            for (int32_t l = 0; l < 3; l++)
                mu += signs >> l & 1 ? -t[l] : t[l];
            j += ((signs ^ signs >> 1 ^ signs >> 2) & 1 ? -1.0 : 1.0) * even_part(ratio * mu) / 8.0;
        }
        sum += sin(2.0 * c) * exp(g * (j * j / (1.0 + ratio * ratio) / top - 1.0));
    }
    return sum * 0.5 * pi / angles / angles / angles;
}

START_TEST(four_bit_laws_agree_with_a_product_rule)
{
    mfl_context *context = entered();
    double weight[MFLI_LAW_WEIGHTS];
    for (int32_t split = 0; split < 2; split++) {
        mfli_sector sector;
        ck_assert_int_eq(mfli_sector_create(context, 4, 12, 48, split, &sector), MFL_OK);
        mfli_angular_law(&sector, 2.0, 6.0, 0, weight);
        for (double g = 0.0; g < 30.0; g += 14.0)
            ck_assert_double_eq_tol(law_moment(weight, g) * exp(-g) / four_bit_average(2.0, g), 1.0, 2e-4);
        mfli_sector_finish(context, &sector);
    }
    leave(context);
}
END_TEST

START_TEST(laws_are_interpolated_between_ratios)
{
    static const double ratio_of[] = {0.02, 0.29, 0.31, 0.7, 1.9, 5.0, 30.0, 1e4};
    mfl_context *context = entered();
    for (int32_t k = 2; k <= 4; k += 2) {
        mfli_resolution resolution = {12, 50, 14, 0.1};
        mfli_laws laws;
        ck_assert_int_eq(mfli_laws_create(context, k, &resolution, &laws), MFL_OK);
        for (int32_t i = 0; i < 8; i++) {
            double here[MFLI_LAW_WEIGHTS], direct[MFLI_LAW_WEIGHTS];
            ck_assert_int_eq(mfli_laws_at(context, &laws, ratio_of[i], 0, here), MFL_OK);
            mfli_angular_law(ratio_of[i] < 7.0 ? &laws.near : &laws.far, ratio_of[i], 8.0, 0, direct);
            for (double g = 0.0; g < 100.0; g += 45.0)
                ck_assert_double_eq_tol(law_moment(here, g) / law_moment(direct, g), 1.0, 3e-7);
        }
        mfli_laws_finish(context, &laws);
    }
    leave(context);
}
END_TEST

/* J_S^2/Sigma of an aligned ReLU neuron without w_perp: (2/k) [C(k-2, k/2-1)/2^(k-1)]^2. */
START_TEST(the_largest_q_is_the_known_one)
{
    static const double expected[] = {1.0 / 4.0, 1.0 / 32.0, 3.0 / 256.0, 25.0 / 4096.0};
    for (int32_t k = 2; k <= 8; k += 2) {
        ck_assert_double_eq_tol(2.0 * mfli_angular_top(k, INFINITY), expected[k / 2 - 1], 1e-15);
        ck_assert_double_eq_tol(2.0 * mfli_angular_top(k, 1e9), expected[k / 2 - 1], 1e-9);
    }
}
END_TEST

/* Both ways to sum J_S, at ratios around which the code changes from one to the other: the largest Q is smooth
 * there, so its third difference vanishes to rounding. */
START_TEST(sums_over_frequencies_and_over_signs_agree)
{
    static const double reach[] = {40.0, 160.0, 600.0, 600.0};
    for (int32_t k = 2; k <= 8; k += 2) {
        double edge = reach[k / 2 - 1] / sqrt(k), h = 1e-4 * edge;
        double difference = mfli_angular_top(k, edge + 1.5 * h) - 3.0 * mfli_angular_top(k, edge + 0.5 * h) +
                            3.0 * mfli_angular_top(k, edge - 0.5 * h) - mfli_angular_top(k, edge - 1.5 * h);
        ck_assert_double_eq_tol(difference / mfli_angular_top(k, edge), 0.0, 2e-12);
    }
}
END_TEST

/* For small t, J_S = |c_{k-2}| prod t_j with c the coefficient of phi'' = delta: the product (k - 3)!!/sqrt(2 pi). */
START_TEST(small_weights_keep_relative_accuracy)
{
    double odd_factorial = 1.0;
    for (int32_t k = 2; k <= 8; k += 2) {
        double r = 1e-6, j = odd_factorial / sqrt(2.0 * pi) * pow(r / sqrt(k), k);
        ck_assert_double_eq_tol(mfli_angular_top(k, r) / (j * j), 1.0, 1e-10);
        odd_factorial *= k - 1.0;
    }
}
END_TEST

START_TEST(directions_carry_the_isotropic_prior)
{
    mfl_context *context = entered();
    static const int64_t d_of[] = {5, 35, 400};
    for (int32_t i = 0; i < 3; i++) {
        mfli_gain gain = {4, 4, 2.0, 0.0, 1.0};
        mfli_directions directions;
        ck_assert_int_eq(mfli_directions_create(context, &gain, d_of[i], fmin(0.15, 0.9 / sqrt((double)d_of[i])), NULL,
                                                0, &directions),
                         MFL_OK);
        double mass = 0.0, aligned = 0.0;
        for (int32_t j = 0; j < directions.count; j++) {
            mass += exp(directions.log_weight[j]);
            aligned += exp(directions.log_weight[j]) * mfli_aligned(directions.ratio[j]);
        }
        ck_assert_double_eq_tol(mass, 1.0, 1e-11);
        ck_assert_double_eq_tol(aligned, 4.0 / (double)d_of[i], 1e-11);
        mfli_directions_finish(context, &directions);
    }
    leave(context);
}
END_TEST

/* Of isotropic directions in d dimensions those within 45 degrees of (+-1, +-1, 0, ..)/sqrt(2): four caps that touch.
 * A cap of 45 degrees has the fraction (1/2) I_{1/2}((d - 1)/2, 1/2) of the sphere: for d = 3 (1 - 1/sqrt 2)/2, for
 * d = 5 (1 - 5/(4 sqrt 2))/2. */
START_TEST(specialised_directions_fill_their_caps)
{
    static const double expected[] = {2.0 * (1.0 - 0.70710678118654752), 2.0 * (1.0 - 0.88388347648318441)};
    mfl_context *context = entered();
    mfli_resolution resolution = {1, 40, 16, 0.1};
    mfli_gain gain = {2, 2, 2.0, 0.0, 1.0};
    mfli_laws laws;
    ck_assert_int_eq(mfli_laws_create(context, 2, &resolution, &laws), MFL_OK);
    for (int32_t i = 0; i < 2; i++) {
        mfli_directions directions;
        double mass = 0.0;
        ck_assert_int_eq(mfli_directions_create(context, &gain, 3 + 2 * i, 0.1, &laws, 1, &directions), MFL_OK);
        for (int32_t j = 0; j < directions.count; j++) {
            ck_assert_int_eq(mfli_directions_need(context, &directions, j), MFL_OK);
            for (int32_t l = 0; l < directions.law[j].count; l++)
                mass += exp(directions.log_weight[j]) * directions.law[j].weight[l];
        }
        ck_assert_double_eq_tol(mass, expected[i], 1e-8);
        mfli_directions_finish(context, &directions);
    }
    mfli_laws_finish(context, &laws);
    leave(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_quadrature", gauss_legendre_is_exact_for_polynomials, radial_moments_agree_with_simpson,
                     the_radial_curve_interpolates_to_rounding, sectors_carry_the_uniform_measure,
                     the_law_of_q_has_the_right_exponential_moments, four_bit_laws_agree_with_a_product_rule,
                     laws_are_interpolated_between_ratios, the_largest_q_is_the_known_one,
                     sums_over_frequencies_and_over_signs_agree, small_weights_keep_relative_accuracy,
                     directions_carry_the_isotropic_prior, specialised_directions_fill_their_caps);
}
