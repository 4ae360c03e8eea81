/* SPDX-License-Identifier: BSD-3-Clause */
/* The NNGP kernels against two-dimensional quadrature of their definition, E[phi(w . x) phi(w .
 * x')], in long double.
 *
 * Only the component of w in the plane of x and x' matters. In polar coordinates (r, omega) of that
 * plane the pre-activations are r s |x| cos(omega) and r s |x'| cos(omega - theta), s = sigma_w /
 * sqrt(d), so E = 1/(2 pi) int dr r exp(-r^2 / 2) int domega phi(.) phi(.), and relu has its kinks
 * at four known omega. Gauss-Legendre rules of 16 points on short pieces between the kinks leave an
 * error far below that of double precision (checked by the moments in `the_quadrature`). */
#include <math.h>
#include <mflearn/mflearn.h>

#include "../run.h"

enum { POINTS = 16, ARC_PIECES = 4, RADIUS_PIECES = 12 };

static const long double pi = 3.14159265358979323846264338327950288L;

typedef long double (*function)(long double);

static long double nodes[POINTS], weights[POINTS];

/* Roots of the Legendre polynomial by Newton's method. */
static void make_rule(void)
{
    for (int i = 0; i < POINTS; i++) {
        long double x = cosl(pi * ((long double)i + 0.75L) / (POINTS + 0.5L)), slope = 1.0L;
        for (int step = 0; step < 10; step++) {
            long double before = 1.0L, value = x;
            for (int k = 2; k <= POINTS; k++) {
                long double next =
                    ((long double)(2 * k - 1) * x * value - (long double)(k - 1) * before)
                    / (long double)k;
                before = value;
                value = next;
            }
            slope = POINTS * (x * value - before) / (x * x - 1.0L);
            x -= value / slope;
        }
        nodes[i] = x;
        weights[i] = 2.0L / ((1.0L - x * x) * slope * slope);
    }
}

static long double arc(function phi, long double a, long double b, long double theta,
                       long double from, long double to)
{
    long double sum = 0.0L, half = 0.5L * (to - from) / ARC_PIECES;
    for (int piece = 0; piece < ARC_PIECES; piece++)
        for (int i = 0; i < POINTS; i++) {
            long double omega = from + half * ((long double)(2 * piece + 1) + nodes[i]);
            sum += half * weights[i] * phi(a * cosl(omega)) * phi(b * cosl(omega - theta));
        }
    return sum;
}

/* E[phi(u) phi(u')] for standard deviations a, b and angle theta in [0, pi]. */
static long double expectation(function phi, long double a, long double b, long double theta)
{
    const long double kinks[] = {-0.5L * pi, theta - 0.5L * pi, 0.5L * pi, theta + 0.5L * pi,
                                 1.5L * pi};
    long double sum = 0.0L, half = 0.5L * 13.0L / RADIUS_PIECES;
    for (int piece = 0; piece < RADIUS_PIECES; piece++)
        for (int i = 0; i < POINTS; i++) {
            long double r = half * ((long double)(2 * piece + 1) + nodes[i]);
            long double ring = 0.0L;
            for (int k = 0; k < 4; k++)
                ring += arc(phi, r * a, r * b, theta, kinks[k], kinks[k + 1]);
            sum += half * weights[i] * r * expl(-0.5L * r * r) * ring;
        }
    return sum / (2.0L * pi);
}

static long double relu(long double z)
{
    return z > 0.0L ? z : 0.0L;
}

static long double identity(long double z)
{
    return z;
}

/* Angle of two vectors, to the accuracy of long double. */
static long double angle(int64_t d, const double *x, const double *y)
{
    long double xx = 0.0L, yy = 0.0L, plus = 0.0L, minus = 0.0L;
    for (int64_t k = 0; k < d; k++) {
        xx += (long double)x[k] * x[k];
        yy += (long double)y[k] * y[k];
    }
    for (int64_t k = 0; k < d; k++) {
        long double p = x[k] / sqrtl(xx) + y[k] / sqrtl(yy),
                    m = x[k] / sqrtl(xx) - y[k] / sqrtl(yy);
        plus += p * p;
        minus += m * m;
    }
    return 2.0L * atan2l(sqrtl(minus), sqrtl(plus));
}

static long double length(int64_t d, const double *x)
{
    long double sum = 0.0L;
    for (int64_t k = 0; k < d; k++)
        sum += (long double)x[k] * x[k];
    return sqrtl(sum);
}

static mfl_context *context;

static mfl_ridge *make_ridge(int64_t d, int64_t width, double gamma, double sigma_w, double sigma_a,
                             int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, d, width, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, sigma_w), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, sigma_a), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

static double kernel(const mfl_ridge *ridge, int64_t d, const double *x, const double *y)
{
    double value;
    ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, d, y, 1, d, &value, 1), MFL_OK);
    return value;
}

static void setup(void)
{
    make_rule();
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

/* E[u u'] = a b cos theta; E[relu relu] = a b / 2 at theta = 0 and a b / (2 pi) at pi / 2. */
START_TEST(the_quadrature)
{
    setup();
    ck_assert(fabsl(expectation(identity, 2.0L, 3.0L, 1.0L) - 6.0L * cosl(1.0L)) < 1e-16L);
    ck_assert(fabsl(expectation(relu, 2.0L, 3.0L, 0.0L) - 3.0L) < 1e-16L);
    ck_assert(fabsl(expectation(relu, 2.0L, 3.0L, 0.5L * pi) - 3.0L / pi) < 1e-16L);
    mfl_context_destroy(context);
}
END_TEST

/* Of eta = pi - theta; the last pair is exactly opposite, the first exactly parallel. */
static const double etas[] = {3.141592653589793,
                              3.1415926,
                              3.14,
                              2.8,
                              2.0,
                              1.5707963267948966,
                              1.2,
                              0.8,
                              0.61,
                              0.59,
                              0.46,
                              0.44,
                              0.1,
                              0.011,
                              1e-3,
                              1e-7,
                              0.0};
enum { ANGLES = sizeof etas / sizeof etas[0] };

static void check_angles(int32_t activation, function phi, double sigma_w, double a, double b)
{
    mfl_ridge *ridge = make_ridge(2, 0, 0.5, sigma_w, 1.5, activation);
    const double x[] = {0.6 * a, 0.8 * a};
    const long double s = sigma_w / sqrtl(2.0L);
    for (int i = 0; i < ANGLES; i++) {
        double c = cos(etas[i]), t = sin(etas[i]);
        double y[] = {b * (-0.6 * c - 0.8 * t), b * (-0.8 * c + 0.6 * t)};
        if (etas[i] == 0.0 || i == 0)
            for (int k = 0; k < 2; k++)
                y[k] = (i == 0 ? x[k] : -x[k]) * (b / a);
        long double theta = angle(2, x, y), lx = s * length(2, x), ly = s * length(2, y);
        long double exact = 2.25L * expectation(phi, lx, ly, theta);
        double bound = sqrt(kernel(ridge, 2, x, x) * kernel(ridge, 2, y, y));
        long double error = fabsl(kernel(ridge, 2, x, y) - exact);
        ck_assert_msg(error < 1e-13L * bound, "eta %g: error %Lg", etas[i], error / bound);
        if (etas[i] > 0.01 && fabsl(cosl(theta)) > 1e-3L) /* linear and erf vanish at pi / 2 */
            ck_assert_msg(error < 1e-12L * fabsl(exact), "eta %g: relative error %Lg", etas[i],
                          error / fabsl(exact));
    }
    mfl_ridge_destroy(ridge);
}

START_TEST(relu_against_quadrature)
{
    setup();
    check_angles(MFL_ACTIVATION_RELU, relu, 1.3, 1.0, 1.0);
    check_angles(MFL_ACTIVATION_RELU, relu, 0.7, 1e-6, 3e5);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(erf_against_quadrature)
{
    setup();
    check_angles(MFL_ACTIVATION_ERF, erfl, 1.3, 1.0, 1.0);
    check_angles(MFL_ACTIVATION_ERF, erfl, 1.0, 0.05, 2.0);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(linear_against_quadrature)
{
    setup();
    check_angles(MFL_ACTIVATION_LINEAR, identity, 1.3, 0.3, 2.0);
    mfl_context_destroy(context);
}
END_TEST

/* E[erf^2] = 1 - 4/pi asin(1 / sqrt(2 + 4 v |x|^2)), also where it differs from 1 by little. */
START_TEST(erf_of_long_inputs)
{
    setup();
    mfl_ridge *ridge = make_ridge(3, 0, 0.5, 1.0, 1.0, MFL_ACTIVATION_ERF);
    for (double scale = 1.0; scale < 1e150; scale *= 1e10) {
        const double x[] = {scale, -2.0 * scale, 2.0 * scale},
                     y[] = {3.0 * scale, -6.0 * scale, 6.0 * scale};
        long double v = 1.0L / 3.0L, s = scale;
        long double exact = 1.0L - 4.0L / pi * asinl(1.0L / sqrtl(2.0L + 4.0L * v * 9.0L * s * s));
        ck_assert(fabsl(kernel(ridge, 3, x, x) - exact) < 1e-15L);
        ck_assert(kernel(ridge, 3, x, y) > kernel(ridge, 3, x, x) - 1e-15);
        ck_assert(kernel(ridge, 3, x, y) < kernel(ridge, 3, y, y) + 1e-15);
    }
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

/* relu: K(s x, t y) = s t K(x, y) for s, t > 0, up to the limits of the range of numbers; the zero
 * vector gives 0. */
START_TEST(extreme_lengths)
{
    setup();
    enum { D = 5 };
    mfl_ridge *ridge = make_ridge(D, 0, 0.5, 1.0, 1.0, MFL_ACTIVATION_RELU);
    const double x[D] = {1.0, -2.0, 3.0, 0.5, 0.0}, y[D] = {0.3, 1.0, 2.0, -1.0, 1e-200},
                 zero[D] = {0.0};
    const double unit = kernel(ridge, D, x, y);
    for (int e = -300; e <= 300; e += 20) {
        double s = pow(10.0, e), t = pow(10.0, -e), sx[D], ty[D];
        for (int k = 0; k < D; k++) {
            sx[k] = s * x[k];
            ty[k] = t * y[k];
        }
        ck_assert_double_eq_tol(kernel(ridge, D, sx, ty), unit, 1e-13 * unit);
    }
    ck_assert_double_eq(kernel(ridge, D, x, zero), 0.0);
    ck_assert_double_eq(kernel(ridge, D, zero, zero), 0.0);
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

/* In many dimensions, with angles near 0 and pi among many ordinary ones in the same tiles. */
START_TEST(many_dimensions)
{
    setup();
    enum { D = 300, COUNT = 37 };
    static double x[COUNT * D], k[COUNT * COUNT];
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < D; j++)
            x[i * D + j] =
                i % 5 == 4 ? (i % 2 ? 3.0 : -3.0) * x[(i - 4) * D + j] * (1.0 + 0.02 * sin(i * j))
                           : sin(1.0 + 0.7 * i + 1.1 * j * (i + 1));
    mfl_ridge *ridge = make_ridge(D, 0, 0.5, 1.0, 1.0, MFL_ACTIVATION_RELU);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, x, COUNT, D, x, COUNT, D, k, COUNT), MFL_OK);
    int close = 0;
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++) {
            long double theta = angle(D, x + i * D, x + j * D), eta = pi - theta;
            long double lengths = length(D, x + i * D) * length(D, x + j * D) / (2.0L * pi * D);
            long double exact = lengths * (sinl(eta) - eta * cosl(eta));
            close += eta < 0.1L;
            ck_assert(fabsl(k[i * COUNT + j] - exact) < 1e-13L * pi * lengths);
            if (eta > 0.01L)
                ck_assert(fabsl(k[i * COUNT + j] - exact) < 1e-12L * exact);
        }
    ck_assert_int_gt(close, 4);
    mfl_ridge_destroy(ridge);
    mfl_context_destroy(context);
}
END_TEST

/* K = N^(1 - 2 gamma) sigma_a^2 E[...]; at gamma = 1/2 the width does not matter, 0 included. */
START_TEST(scale)
{
    setup();
    const double x[] = {1.0, 2.0}, y[] = {-0.5, 1.0};
    mfl_ridge *infinite = make_ridge(2, 0, 0.5, 1.1, 1.0, MFL_ACTIVATION_ERF);
    const double unit = kernel(infinite, 2, x, y);
    const struct {
        double gamma, sigma_a, factor;
    } cases[] = {{0.5, 2.0, 4.0},
                 {1.0, 1.0, 1.0 / 64.0},
                 {1.0, 3.0, 9.0 / 64.0},
                 {0.75, 1.0, 0.125},
                 {0.0, 1.0, 64.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mfl_ridge *ridge =
            make_ridge(2, 64, cases[i].gamma, 1.1, cases[i].sigma_a, MFL_ACTIVATION_ERF);
        ck_assert_double_eq_tol(kernel(ridge, 2, x, y), cases[i].factor * unit,
                                1e-15 * cases[i].factor);
        mfl_ridge_destroy(ridge);
    }
    mfl_ridge_destroy(infinite);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("ridge_kernel", the_quadrature, relu_against_quadrature,
                     erf_against_quadrature, linear_against_quadrature, erf_of_long_inputs,
                     extreme_lengths, many_dimensions, scale);
}
