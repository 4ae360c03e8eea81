/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean-field theory through its public interface: exact cases, limits, identities. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"

typedef struct problem {
    int64_t d, k, n;
    double gamma, sigma_w, sigma_a, samples, kappa;
} problem;

static mfl_context *context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static mfl_model *new_model(const problem *p, int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    ck_assert_int_eq(mfl_model_create(context, p->d, p->n, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_GAMMA, p->gamma), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, p->sigma_w), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, p->sigma_a), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    return model;
}

static mfl_theory *new_theory(mfl_task *task, const problem *p, int32_t activation)
{
    mfl_model *model = new_model(p, activation);
    mfl_theory *theory;
    ck_assert_msg(mfl_theory_create(context, task, model, &theory) == MFL_OK, "%s", mfl_context_message(context));
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static mfl_task *parity(int64_t d, int64_t k)
{
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_parity(context, d, k, &task), MFL_OK);
    return task;
}

static mfl_task *hermite(int64_t d, int64_t degree)
{
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_hermite(context, d, degree, &task), MFL_OK);
    return task;
}

static double get(const mfl_theory *theory, int32_t key)
{
    double value;
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, NULL), MFL_OK);
    return value;
}

/* A solved ReLU parity; the caller destroys it. */
static mfl_theory *solved(const problem *p)
{
    mfl_theory *theory = new_theory(parity(p->d, p->k), p, MFL_ACTIVATION_RELU);
    ck_assert_msg(mfl_theory_solve(theory, p->samples, p->kappa) == MFL_OK, "%s", mfl_context_message(context));
    return theory;
}

static double solved_m(const problem *p)
{
    mfl_theory *theory = solved(p);
    double m = get(theory, MFL_THEORY_M);
    mfl_theory_destroy(theory);
    return m;
}

/* Reference figures: an independent prototype in Python, tensor quadrature over (|w_S|, angle, |w_perp|^2) without use
 * of homogeneity, good to about 1e-10. */
START_TEST(reference_figures)
{
    static const double expected[][4] = {{50.0, 0.77511486734, 0.15262631353, 0.036978626988},
                                         {400.0, 0.92203253597, 0.30499271, 0.019409625}};
    open_context();
    problem p = {20, 2, 128, 0.5, 1.0, 1.0, 0.0, 0.1};
    mfl_theory *theory = new_theory(parity(20, 2), &p, MFL_ACTIVATION_RELU);
    for (int32_t i = 0; i < 2; i++) {
        int32_t stop;
        ck_assert_int_eq(mfl_theory_solve(theory, expected[i][0], 0.1), MFL_OK);
        ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
        ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
        ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), expected[i][1], 1e-9);
        ck_assert_double_eq_tol(get(theory, MFL_THEORY_WEIGHT_ON), expected[i][2], 1e-8);
        ck_assert_double_eq_tol(get(theory, MFL_THEORY_WEIGHT_OFF), expected[i][3], 1e-9);
        ck_assert(get(theory, MFL_THEORY_RESIDUAL) < 1e-11);
    }
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* d = N = 1, x = y = 1, phi linear, kappa^2 = 0.1: E over w ~ N(0, 1) of a Gaussian in a, exact: 0.8409. By Simpson
 * here: f given w has prior variance w^2, posterior mean w^2/(w^2 + kappa^2), evidence ~ (w^2 + kappa^2)^(-1/2)
 * exp(..). */
START_TEST(one_linear_neuron_is_exact)
{
    double mass = 0.0, mean = 0.0;
    for (int32_t i = 0; i <= 200000; i++) {
        double w = 12.0 * i / 200000.0, variance = w * w + 0.1;
        double p = (i == 0 ? 1.0 : i % 2 ? 4.0 : 2.0) * exp(-0.5 * w * w - 0.5 / variance) / sqrt(variance);
        mass += p;
        mean += p * w * w / variance;
    }
    open_context();
    problem p = {1, 1, 1, 0.5, 1.0, 1.0, 1.0, sqrt(0.1)};
    mfl_theory *theory = new_theory(parity(1, 1), &p, MFL_ACTIVATION_LINEAR);
    ck_assert_int_eq(mfl_theory_solve(theory, 1.0, sqrt(0.1)), MFL_OK);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), 0.8409, 5e-5);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), mean / mass, 1e-9);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(without_samples_there_is_the_prior)
{
    open_context();
    problem p = {12, 4, 64, 0.5, 1.3, 0.7, 0.0, 0.1};
    mfl_theory *theory = solved(&p);
    ck_assert_double_eq(get(theory, MFL_THEORY_M), 0.0);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_WEIGHT_ON), 1.3 * 1.3 / 12.0, 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_WEIGHT_OFF), 1.3 * 1.3 / 12.0, 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_LOG_Z), 0.0, 1e-8);
    /* the prior variance of f is sigma_a^2 E Sigma = sigma_a^2 sigma_w^2 / 2 */
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_DRAW_ERROR), 1.0 + 0.5 * 1.3 * 1.3 * 0.49, 1e-12);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* P/kappa^2 -> infinity: m -> N q/(1 + (N - 1) q). The approach is like kappa^2/P times d. */
START_TEST(many_samples_end_at_the_self_energy_floor)
{
    static const double q_of[] = {0.5, 0.25, 1.0 / 32.0};
    open_context();
    for (int32_t i = 0; i < 3; i++) {
        problem p = {12, i ? 2 * i : 1, 64, 0.5, 1.0, 1.0, 1e5, 0.1};
        double floor = 64.0 * q_of[i] / (1.0 + 63.0 * q_of[i]);
        double near = fabs(solved_m(&p) - floor);
        p.samples = 4e5;
        double nearer = fabs(solved_m(&p) - floor);
        ck_assert(near < 2e-2 && nearer < 0.6 * near);
    }
    mfl_context_destroy(context);
}
END_TEST

/* P/kappa^2 = 1e8. N = 1: m -> q like 1 - (d - k)/2g or so, g the gain of an aligned neuron; N = 128: the floor. */
START_TEST(the_strongest_gain_is_integrated)
{
    open_context();
    for (int64_t k = 2; k <= 4; k += 2) {
        problem p = {20, k, 1, 0.5, 1.0, 1.0, 1.0, 1e-4};
        double q = k == 2 ? 0.25 : 1.0 / 32.0;
        ck_assert_double_eq_tol(solved_m(&p), q, 2e-4 * q);
        ck_assert(solved_m(&p) < q);
        mfl_theory *theory;
        double value, error;
        p.n = 128;
        theory = solved(&p);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, &error), MFL_OK);
        ck_assert_double_eq_tol(value, 128.0 * q / (1.0 + 127.0 * q), 2e-4);
        ck_assert(error < 1e-6);
        mfl_theory_destroy(theory);
    }
    mfl_context_destroy(context);
}
END_TEST

/* Three resolutions of one problem in d dimensions; the laws they rest on do not depend on d. */
START_TEST(large_dimensions_meet_the_tolerance)
{
    static const int64_t d_of[] = {35, 400, 3000};
    open_context();
    for (int32_t i = 0; i < 3; i++) {
        problem p = {d_of[i], 4, 512, 0.5, 1.0, 1.0, 100.0 * (double)d_of[i], 0.2};
        mfl_theory *theory = solved(&p);
        int32_t stop;
        ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
        ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
        mfl_theory_destroy(theory);
    }
    mfl_context_destroy(context);
}
END_TEST

/* lambda = sigma_a^2 <J^2>_prior for k = 2 by a sum over (|w_S|, angle, |w_perp|^2). */
static double kernel_eigenvalue(double d)
{
    enum { lengths = 200, angles = 32, across = 200 };
    double sum = 0.0, mass = 0.0;
    for (int32_t i = 1; i < lengths; i++) {
        for (int32_t j = 1; j < across; j++) {
            double y = log((d - 2.0) / d) - 4.0 + 6.0 * j / across, s = exp(0.5 * y);
            double r = 8.0 / sqrt(d) * exp(-13.0 * i / lengths);
            double p = r * r * exp(-0.5 * d * r * r + 0.5 * (d - 2.0) * y - 0.5 * d * exp(y));
            for (int32_t l = 0; l < angles; l++) {
                double angle = 0.25 * 3.14159265358979323846 * (l + 0.5) / angles;
                double a = r * (cos(angle) + sin(angle)) / s, b = r * (cos(angle) - sin(angle)) / s;
                double h_a = 0.5 * a * erf(a * sqrt(0.5)) + exp(-0.5 * a * a) / sqrt(2.0 * 3.14159265358979323846);
                double h_b = 0.5 * b * erf(b * sqrt(0.5)) + exp(-0.5 * b * b) / sqrt(2.0 * 3.14159265358979323846);
                double j_s = 0.5 * s * (h_a - h_b);
                sum += p * j_s * j_s;
                mass += p;
            }
        }
    }
    return sum / mass;
}

START_TEST(infinite_width_is_the_equivalent_kernel)
{
    open_context();
    problem p = {20, 2, 0, 0.5, 1.0, 1.0, 300.0, 0.2};
    double lambda = kernel_eigenvalue(20.0), expected = lambda * 300.0 / (lambda * 300.0 + 0.04);
    double limit = solved_m(&p);
    ck_assert_double_eq_tol(limit, expected, 1e-8);
    p.n = 1000000;
    double wide = fabs(solved_m(&p) - limit);
    p.n = 4000000;
    double wider = fabs(solved_m(&p) - limit);
    ck_assert(wide < 1e-2 && wide > 1e-6);
    ck_assert_double_eq_tol(wider / wide, 0.25, 0.01); /* corrections are of order 1/N */
    p.n = 0;
    p.gamma = 1.0;
    ck_assert_double_eq(solved_m(&p), 0.0);
    mfl_context_destroy(context);
}
END_TEST

/* E |x|^p of Gaussian inputs */
static double length_moment(double d, double p)
{
    return exp(0.5 * p * log(2.0) + lgamma(0.5 * (d + p)) - lgamma(0.5 * d));
}

/* For a Hermite teacher of degree 2 and ReLU J = c |w| cos^2 with c^2 = 1/(4 pi), so that
 * lambda = c^2 <|w|^2 cos^4> = 3 c^2/(d (d + 2)) d/d sigma_w^2, if the kernel were diagonal. Its eigenfunctions are harmonics
 * times |x|; he_2(u) is 1 - 1/d of its power a harmonic of degree 2 times |x|^2, which has a part q on the one times |x|, and
 * for the rest a function g(|x|), cos^2 being (cos^2 - 1/d) + 1/d. */
START_TEST(hermite_teachers_in_the_kernel_limit)
{
    open_context();
    const double d = 15.0, samples = 40.0, kappa = 0.3, noise = kappa * kappa / samples;
    const double c = 1.0 / (4.0 * 3.14159265358979323846), lambda = 3.0 * c / (d * (d + 2.0));
    problem p = {15, 0, 0, 0.5, 1.0, 1.0, samples, kappa};
    mfl_theory *theory = new_theory(hermite(15, 2), &p, MFL_ACTIVATION_RELU);
    mfl_options *options;
    double q = (1.0 - 1.0 / d) * pow(length_moment(d, 3.0), 2.0) / (d * length_moment(d, 4.0));
    double second = (lambda - c / (d * d)) / q;
    double g = pow(length_moment(d, 3.0) / d - length_moment(d, 1.0), 2.0) / (2.0 * d), zeroth = c / (d * d * g);
    double m = q * second / (second + noise) + g * zeroth / (zeroth + noise);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, samples, kappa), MFL_OK);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m, 2e-6); /* of modes up to degree 12 */
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, 0), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, samples, kappa), MFL_OK);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), lambda / (lambda + noise), 1e-9);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* What only enters through invariant combinations: (P, kappa^2), (sigma_a, sigma_w), (N^-gamma, sigma_a). */
START_TEST(scaling_identities)
{
    open_context();
    problem p = {20, 4, 100, 0.5, 1.0, 1.0, 600.0, 0.15}, q = p;
    double m = solved_m(&p);
    q.samples *= 9.0;
    q.kappa *= 3.0;
    ck_assert_double_eq_tol(solved_m(&q), m, 1e-10);
    q = p;
    q.sigma_a = 2.0;
    q.sigma_w = 0.5;
    ck_assert_double_eq_tol(solved_m(&q), m, 1e-10);
    q = p;
    q.gamma = 1.0;
    q.sigma_a = 10.0;
    ck_assert_double_eq_tol(solved_m(&q), m, 1e-10);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(the_place_of_the_support_does_not_matter)
{
    open_context();
    problem p = {20, 2, 128, 0.5, 1.0, 1.0, 100.0, 0.1};
    static const int64_t support[] = {17, 4};
    mfl_task *task = parity(20, 2);
    ck_assert_int_eq(mfl_task_set_support(task, support, 2), MFL_OK);
    mfl_theory *theory = new_theory(task, &p, MFL_ACTIVATION_RELU);
    ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
    ck_assert_double_eq(get(theory, MFL_THEORY_M), solved_m(&p));
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

static void refuse(mfl_task *task, int32_t activation, int64_t d, int64_t n, double gamma, int32_t expected)
{
    problem p = {d, 0, n, gamma, 1.0, 1.0, 0.0, 0.0};
    mfl_model *model = new_model(&p, activation);
    mfl_theory *theory;
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), expected);
    ck_assert_ptr_null(theory);
    ck_assert(strlen(mfl_context_message(context)) > 20);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

START_TEST(what_cannot_be_learned_or_computed_is_refused)
{
    open_context();
    refuse(parity(10, 3), MFL_ACTIVATION_RELU, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 5), MFL_ACTIVATION_LEAKY, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 5), MFL_ACTIVATION_GELU, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 2), MFL_ACTIVATION_ERF, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 2), MFL_ACTIVATION_TANH, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 2), MFL_ACTIVATION_LINEAR, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(10, 4), MFL_ACTIVATION_QUADRATIC, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(hermite(10, 3), MFL_ACTIVATION_RELU, 10, 8, 0.5, MFL_ERROR_UNLEARNABLE);
    refuse(parity(20, 10), MFL_ACTIVATION_RELU, 20, 8, 0.5, MFL_ERROR_UNSUPPORTED);
    refuse(parity(10, 2), MFL_ACTIVATION_RELU, 11, 8, 0.5, MFL_ERROR_SIZE);
    refuse(parity(10, 2), MFL_ACTIVATION_RELU, 10, 0, 0.3, MFL_ERROR_ARGUMENT);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(bad_arguments_leave_no_result)
{
    open_context();
    problem p = {20, 2, 128, 0.5, 1.0, 1.0, 100.0, 0.1};
    mfl_theory *theory = new_theory(parity(20, 2), &p, MFL_ACTIVATION_RELU);
    double value;
    int32_t stop;
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_solve(theory, 100.0, 0.1), MFL_OK);
    ck_assert_int_eq(mfl_theory_get(theory, 1, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, -1.0, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, 100.0, 0.0), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, NAN, 0.1), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_solve(theory, 1e300, 1e-200), MFL_ERROR_TOLERANCE);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_NONE);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

static int32_t stop_at_once(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)stage, (void)fraction, (void)seconds, (void)user_data;
    return 1;
}

START_TEST(cancel_and_limits)
{
    open_context();
    problem p = {35, 4, 512, 0.5, 1.0, 1.0, 1000.0, 0.05};
    mfl_theory *theory = new_theory(parity(35, 4), &p, MFL_ACTIVATION_RELU);
    mfl_options *options;
    int32_t stop;
    double value, error;
    ck_assert_int_eq(mfl_context_set_progress(context, stop_at_once, NULL), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 1000.0, 0.05), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_context_set_progress(context, NULL, NULL), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_EVALUATIONS, 3), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 1000.0, 0.05), MFL_OK);
    ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_LIMIT);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, &error), MFL_OK);
    ck_assert(isfinite(value) && isinf(error));
    ck_assert(get(theory, MFL_THEORY_RESIDUAL) > 1e-6);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory", reference_figures, one_linear_neuron_is_exact, without_samples_there_is_the_prior,
                     many_samples_end_at_the_self_energy_floor,
                     the_strongest_gain_is_integrated, large_dimensions_meet_the_tolerance,
                     infinite_width_is_the_equivalent_kernel,
                     hermite_teachers_in_the_kernel_limit, scaling_identities,
                     the_place_of_the_support_does_not_matter,
                     what_cannot_be_learned_or_computed_is_refused, bad_arguments_leave_no_result,
                     cancel_and_limits);
}
