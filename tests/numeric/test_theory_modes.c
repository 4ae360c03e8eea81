/* SPDX-License-Identifier: BSD-3-Clause */
/* Theories of every activation and of targets with several modes, through the public interface: against a tensor sum
 * written here, exact cases, limits, invariances, error claims. */
#include <math.h>
#include <string.h>

#include "theories.h"

static const double pi = 3.14159265358979323846;

enum { variables_most = 4, terms_most = 4, modes_most = 16 };

typedef struct problem {
    int64_t d, n;
    double samples, kappa;
    int32_t activation, law;
    int64_t variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most];
} problem;

static mfl_task *new_task(const problem *p)
{
    return new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law);
}

/* Destroys the task. */
static mfl_theory *theory_of(mfl_task *task, const problem *p)
{
    mfl_options *options;
    mfl_theory *theory = theory_of_both(task, new_model(p->d, p->n, p->activation), &options);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, 0), MFL_OK); /* what the sums below know */
    return theory;
}

static mfl_theory *new_theory(const problem *p)
{
    return theory_of(new_task(p), p);
}

static void set_tolerance(mfl_theory *theory, double tolerance)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, tolerance), MFL_OK);
}

static mfl_theory *solved(const problem *p)
{
    mfl_theory *theory = new_theory(p);
    solve(theory, p->samples, p->kappa);
    return theory;
}

static double get_mode(const mfl_theory *theory, int64_t mode, int32_t key)
{
    double value;
    ck_assert_int_eq(mfl_theory_get_mode(theory, mode, key, &value, NULL), MFL_OK);
    return value;
}

/* ---- an independent sum ---- */

static double phi(int32_t activation, double x)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
        return fmax(x, 0.0);
    case MFL_ACTIVATION_ERF:
        return erf(x);
    case MFL_ACTIVATION_TANH:
        return tanh(x);
    case MFL_ACTIVATION_GELU:
        return 0.5 * x * erfc(-x * sqrt(0.5));
    default:
        return x * x;
    }
}

/* E phi and E phi^2 of mu + sqrt(v) z; ReLU has a kink and is written out. */
static void average(int32_t activation, double mu, double v, double *mean, double *square)
{
    *mean = phi(activation, mu);
    *square = *mean * *mean;
    if (v == 0.0)
        return;
    if (activation == MFL_ACTIVATION_RELU) {
        double s = sqrt(v), t = mu / s, below = 0.5 * erfc(-t * sqrt(0.5)), density = exp(-0.5 * t * t) / sqrt(2.0 * pi);
        *mean = s * (t * below + density);
        *square = v * ((1.0 + t * t) * below + t * density);
        return;
    }
    *mean = *square = 0.0;
    for (int32_t i = -18; i <= 18; i++) {
        double z = 0.45 * i, p = 0.45 * exp(-0.5 * z * z) / sqrt(2.0 * pi), value = phi(activation, mu + sqrt(v) * z);
        *mean += p * value;
        *square += p * value * value;
    }
}

typedef struct tensor {
    const problem *p;
    int64_t modes;
    int64_t degrees[modes_most * variables_most];
    double delta[modes_most], sum[modes_most], mass, square;
} tensor;

/* J_A and Sigma by their definition on the hypercube. */
static void project(const tensor *t, const double *z, double v, double *j, double *sigma)
{
    const problem *p = t->p;
    int32_t r = (int32_t)p->variables;
    *sigma = 0.0;
    memset(j, 0, modes_most * sizeof *j);
    for (int32_t s = 0; s < 1 << r; s++) {
        double mu = 0.0, mean, square;
        for (int32_t i = 0; i < r; i++)
            mu += s >> i & 1 ? -z[i] : z[i];
        average(p->activation, mu, v, &mean, &square);
        *sigma += ldexp(square, -r);
        for (int64_t mode = 0; mode < t->modes; mode++) {
            double sign = 1.0;
            for (int32_t i = 0; i < r; i++)
                sign *= t->degrees[(int32_t)mode * r + i] && s >> i & 1 ? -1.0 : 1.0;
            j[mode] += ldexp(sign * mean, -r);
        }
    }
}

/* ReLU on Gaussian inputs: he_a he_b of two directions. */
static void project_gaussian(const tensor *t, const double *z, double v, double *j, double *sigma)
{
    double length = sqrt(z[0] * z[0] + (t->p->variables > 1 ? z[1] * z[1] : 0.0) + v);
    static const double h[] = {0.39894228040143268, 0.5, 0.28209479177387814}; /* E relu(z) he_q(z) */
    *sigma = 0.5 * length * length;
    for (int64_t mode = 0; mode < t->modes; mode++) {
        int64_t total = 0;
        double value = length;
        for (int64_t i = 0; i < t->p->variables; i++) {
            int64_t degree = t->degrees[(int64_t)mode * t->p->variables + i];
            total += degree;
            value *= pow(z[i] / length, (double)degree) / sqrt(tgamma((double)degree + 1.0));
        }
        j[mode] = value * h[total] * sqrt(tgamma((double)total + 1.0));
    }
}

static void add(tensor *t, const double *z, double v, double log_prior)
{
    const problem *p = t->p;
    double j[modes_most], sigma, gain = p->samples / (p->kappa * p->kappa), n = (double)p->n, b = 0.0;
    if (p->law == MFL_INPUT_GAUSSIAN)
        project_gaussian(t, z, v, j, &sigma);
    else
        project(t, z, v, j, &sigma);
    for (int64_t mode = 0; mode < t->modes; mode++)
        b += gain / sqrt(n) * t->delta[mode] * j[mode];
    double a = 1.0 + gain / n * sigma, weight = exp(log_prior - 0.5 * log(a) + 0.5 * b * b / a);
    t->mass += weight;
    t->square += weight * z[0] * z[0];
    for (int64_t mode = 0; mode < t->modes; mode++)
        t->sum[mode] += weight * sqrt(n) * b / a * j[mode];
}

/* All z of one v, equally spaced; half of the axis where w -> -w changes nothing. */
static void add_all(tensor *t, int32_t at, double *z, double v, double log_prior, double step, int32_t half_points)
{
    int32_t r = (int32_t)t->p->variables;
    for (int32_t i = at ? -half_points : 0; i <= half_points; i++) {
        double weight = at == 0 && i == 0 ? log_prior - log(2.0) : log_prior;
        z[at] = i * step;
        weight -= 0.5 * (double)t->p->d * z[at] * z[at];
        if (at + 1 < r)
            add_all(t, at + 1, z, v, weight, step, half_points);
        else
            add(t, z, v, weight);
    }
}

/* Solve, then evaluate (T9) and <w_1^2> once more at the reported m by a tensor sum; a sum that is symmetric under
 * w_1 -> -w_1 with all J changing sign, or none. */
static void expect_fixed_point(const problem *p, double step, int32_t half_points, int32_t lengths, double tolerance)
{
    mfl_theory *theory = solved(p);
    tensor t = {.p = p};
    double z[variables_most], others = (double)(p->d - p->variables), d = (double)p->d;
    ck_assert_int_eq(mfl_theory_mode_count(theory, &t.modes), MFL_OK);
    ck_assert_int_le(t.modes, modes_most);
    for (int64_t mode = 0; mode < t.modes; mode++) {
        double target;
        ck_assert_int_eq(mfl_theory_mode(theory, mode, t.degrees + mode * p->variables, p->variables,
                                         NULL, &target),
                         MFL_OK);
        t.delta[mode] = target - (1.0 - 1.0 / (double)p->n) * get_mode(theory, mode, MFL_THEORY_M);
    }
    for (int32_t i = 0; i < lengths && others > 0.0; i++) {
        double low = log(others / d) - 60.0 / others, y = low + (60.0 / others + 6.0 / sqrt(others)) * i / (lengths - 1.0);
        add_all(&t, 0, z, exp(y), 0.5 * others * y - 0.5 * d * exp(y) + 0.5 * d, step, half_points);
    }
    if (others == 0.0)
        add_all(&t, 0, z, 0.0, 0.0, step, half_points);
    for (int64_t mode = 0; mode < t.modes; mode++)
        ck_assert_double_eq_tol(get_mode(theory, mode, MFL_THEORY_M), t.sum[mode] / t.mass, tolerance);
    double square;
    ck_assert_int_eq(mfl_theory_get_variable(theory, 0, MFL_THEORY_WEIGHT_ON, &square, NULL), MFL_OK);
    ck_assert_double_eq_tol(square, t.square / t.mass, tolerance);
    mfl_theory_destroy(theory);
}

START_TEST(odd_activations_follow_odd_parities)
{
    problem p = {8, 32, 60.0, 0.3, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    expect_fixed_point(&p, 0.05, 80, 80, 1e-8);
    p.activation = MFL_ACTIVATION_TANH;
    expect_fixed_point(&p, 0.05, 80, 80, 1e-8);
    problem cubic = {3, 16, 60.0, 0.5, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 3, 1, {1, 1, 1}, {1.0}};
    expect_fixed_point(&cubic, 0.1, 40, 1, 1e-7);
}
END_TEST

START_TEST(even_parities)
{
    problem p = {7, 32, 60.0, 0.4, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 2, 1, {1, 1}, {1.0}};
    expect_fixed_point(&p, 0.09, 40, 50, 1e-7);
    p.activation = MFL_ACTIVATION_QUADRATIC;
    expect_fixed_point(&p, 0.09, 40, 50, 1e-7);
}
END_TEST

/* x_0 + x_0 x_1 / 2, for an activation whose moments scale with the length and for one that does not. */
START_TEST(staircases)
{
    problem p = {7, 32, 60.0, 0.4, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}};
    expect_fixed_point(&p, 0.09, 40, 50, 1e-7);
    p.activation = MFL_ACTIVATION_RELU;
    expect_fixed_point(&p, 0.06, 60, 60, 1e-7);
}
END_TEST

/* Kinks where a direction meets w_perp = 0 slow the plain sum down, not the cells. */
START_TEST(gaussian_teachers)
{
    problem two = {7, 32, 60.0, 0.4, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 2, 1, {1, 1}, {1.0}};
    expect_fixed_point(&two, 0.05, 70, 80, 1e-6);
    problem sum = {7, 32, 60.0, 0.4, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}};
    expect_fixed_point(&sum, 0.05, 70, 80, 1e-6);
}
END_TEST

/* Two ways to the same numbers: the integrals of a single homogeneous mode, and the cells. */
START_TEST(both_engines_agree)
{
    static const double samples_of[] = {50.0, 110.0, 1e4};
    for (int32_t i = 0; i < 6; i++) {
        static const int32_t activation_of[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_LEAKY};
        problem p = {20, 128, samples_of[i / 2], 0.1, activation_of[i % 2], MFL_INPUT_HYPERCUBE, 2, 1, {1, 1}, {1.0}};
        static const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_DRAW_ERROR, MFL_THEORY_WEIGHT_ON, MFL_THEORY_WEIGHT_OFF,
                                       MFL_THEORY_LAMBDA, MFL_THEORY_LOG_Z};
        mfl_task *task;
        ck_assert_int_eq(mfl_task_create_parity(context, 20, 2, &task), MFL_OK);
        mfl_theory *single = theory_of(task, &p), *cells = new_theory(&p);
        for (int32_t ard = 0; ard < 2; ard++) {
            ck_assert_int_eq(mfl_theory_use(single, ard ? MFL_THEORY_MF_ARD : MFL_THEORY_MF), MFL_OK);
            ck_assert_int_eq(mfl_theory_use(cells, ard ? MFL_THEORY_MF_ARD : MFL_THEORY_MF), MFL_OK);
            ck_assert_int_eq(mfl_theory_solve(single, p.samples, p.kappa), MFL_OK);
            ck_assert_int_eq(mfl_theory_solve(cells, p.samples, p.kappa), MFL_OK);
            for (size_t j = 0; j < sizeof keys / sizeof *keys; j++)
                ck_assert_double_eq_tol(get(single, keys[j]), get(cells, keys[j]), 1e-8 * (1.0 + fabs(get(single, keys[j]))));
            double free = get(single, MFL_THEORY_FREE_ENERGY), part, error, whole, other_error;
            ck_assert_double_eq_tol(get(cells, MFL_THEORY_FREE_ENERGY), free, 1e-9 * fabs(free));
            ck_assert_int_eq(mfl_theory_get(single, MFL_THEORY_SPECIALISED, &whole, &other_error), MFL_OK);
            ck_assert_int_eq(mfl_theory_get(cells, MFL_THEORY_SPECIALISED, &part, &error), MFL_OK);
            ck_assert(fabs(part - whole) <= error + other_error);
        }
        mfl_theory_destroy(single);
        mfl_theory_destroy(cells);
    }
}
END_TEST

static double m_at_width(problem p, int64_t width)
{
    p.n = width;
    mfl_theory *theory = solved(&p);
    double m = get(theory, MFL_THEORY_M);
    mfl_theory_destroy(theory);
    return m;
}

/* Every mode as the kernel of the prior learns it; corrections are of order 1/N. */
START_TEST(infinite_width_learns_every_mode_as_its_kernel)
{
    static const int32_t activation_of[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_GELU, MFL_ACTIVATION_TANH};
    for (int32_t i = 0; i < 3; i++) {
        problem p = {12, 0, 200.0, 0.2, activation_of[i], MFL_INPUT_HYPERCUBE, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}};
        p.terms = activation_of[i] == MFL_ACTIVATION_TANH ? 1 : 2;
        mfl_theory *theory = new_theory(&p);
        set_tolerance(theory, activation_of[i] == MFL_ACTIVATION_GELU ? 1e-8 : 1e-10);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        for (int64_t mode = 0; mode < p.terms; mode++) {
            double target, learned = get_mode(theory, mode, MFL_THEORY_LAMBDA) * p.samples;
            ck_assert_int_eq(mfl_theory_mode(theory, mode, NULL, 0, NULL, &target), MFL_OK);
            ck_assert_double_eq_tol(get_mode(theory, mode, MFL_THEORY_M), target * learned / (learned + 0.04), 1e-9);
        }
        if (activation_of[i] == MFL_ACTIVATION_RELU) /* J of x_0 is w_0/2 */
            ck_assert_double_eq_tol(get_mode(theory, 0, MFL_THEORY_LAMBDA), 0.25 / 12.0, 1e-10);
        mfl_theory_destroy(theory);
        if (activation_of[i] == MFL_ACTIVATION_GELU)
            continue;
        double limit = m_at_width(p, 0), wide = m_at_width(p, 1000000) - limit, wider = m_at_width(p, 4000000) - limit;
        ck_assert(fabs(wide) > 1e-7 && fabs(wide) < 1e-2);
        ck_assert_double_eq_tol(wider / wide, 0.25, 0.01);
    }
}
END_TEST

/* d = N = 1, phi = erf, P = 1, kappa^2 = 0.1: the mean of J^2/(J^2 + kappa^2) under the law of one weight, by Simpson. */
START_TEST(one_neuron_is_exact)
{
    double mass = 0.0, mean = 0.0;
    for (int32_t i = 0; i <= 200000; i++) {
        double w = 12.0 * i / 200000.0, j = erf(w), variance = j * j + 0.1;
        double p = (i == 0 || i == 200000 ? 1.0 : i % 2 ? 4.0 : 2.0) * exp(-0.5 * w * w - 0.5 / variance) / sqrt(variance);
        mass += p;
        mean += p * j * j / variance;
    }
    problem p = {1, 1, 1.0, sqrt(0.1), MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    mfl_theory *theory = solved(&p);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), mean / mass, 1e-10);
    mfl_theory_destroy(theory);
}
END_TEST

/* Quadratic neurons on x_0 x_1: J = 2 w_0 w_1 and, with d = 2, Sigma = (w_0^2 + w_1^2)^2 + 4 w_0^2 w_1^2: N = 1 by the
 * midpoint rule in both, which is exact to rounding for this even function. */
START_TEST(a_quadratic_neuron_is_exact)
{
    double mass = 0.0, mean = 0.0, gain = 3.0 / 0.25;
    for (int32_t i = 0; i < 400; i++) {
        for (int32_t l = 0; l < 400; l++) {
            double u = 0.02 * (i + 0.5), v = 0.02 * (l + 0.5), j = 2.0 * u * v, a = 1.0 + gain * ((u * u + v * v) * (u * u + v * v) + j * j);
            double p = exp(-u * u - v * v + 0.5 * gain * gain * j * j / a) / sqrt(a);
            mass += p;
            mean += p * gain * j * j / a;
        }
    }
    problem p = {2, 1, 3.0, 0.5, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_HYPERCUBE, 2, 1, {1, 1}, {1.0}};
    mfl_theory *theory = solved(&p);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), mean / mass, 1e-9);
    mfl_theory_destroy(theory);
}
END_TEST

/* What cannot matter: the sign of the target, the order of the variables, which coordinates they are, a rotation of the
 * directions in Gaussian inputs; and what only enters in combinations: (P, kappa^2), (y, kappa^2/P with sigma_a). */
START_TEST(invariances)
{
    problem p = {9, 40, 80.0, 0.2, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}}, q = p;
    mfl_theory *theory = solved(&p), *other;
    static const int64_t support[] = {7, 2};
    double a = get_mode(theory, 0, MFL_THEORY_M), b = get_mode(theory, 1, MFL_THEORY_M);
    mfl_theory_destroy(theory);
    q.coefficients[0] = -1.0;
    q.coefficients[1] = -0.5;
    other = solved(&q);
    ck_assert_double_eq_tol(get_mode(other, 0, MFL_THEORY_M), -a, 1e-10);
    ck_assert_double_eq_tol(get_mode(other, 1, MFL_THEORY_M), -b, 1e-10);
    mfl_theory_destroy(other);
    q = p;
    q.coefficients[1] = -0.5; /* w_1 -> -w_1 */
    other = solved(&q);
    ck_assert_double_eq_tol(get_mode(other, 0, MFL_THEORY_M), a, 1e-9);
    ck_assert_double_eq_tol(get_mode(other, 1, MFL_THEORY_M), -b, 1e-9);
    mfl_theory_destroy(other);
    q = p;
    q.degrees[0] = 0; /* the other variable */
    q.degrees[1] = 1;
    mfl_task *task = new_task(&q);
    ck_assert_int_eq(mfl_task_set_support(task, support, 2), MFL_OK);
    other = theory_of(task, &q);
    ck_assert_int_eq(mfl_theory_solve(other, 9.0 * p.samples, 3.0 * p.kappa), MFL_OK);
    ck_assert_double_eq_tol(get(other, MFL_THEORY_M) * 1.25, a + 0.5 * b, 1e-9);
    mfl_theory_destroy(other);
}
END_TEST

/* he_1 he_1 of two directions is (he_2 - he_2)/sqrt(2) of those halfway between. */
START_TEST(directions_can_be_turned)
{
    problem p = {6, 40, 80.0, 0.2, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 2, 1, {1, 1}, {1.0}}, q = p;
    double half = sqrt(0.5), direction[12] = {half, half, 0.0, 0.0, 0.0, 0.0, half, -half, 0.0, 0.0, 0.0, 0.0};
    q.terms = 2;
    memcpy(q.degrees, (const int64_t[]){2, 0, 0, 2}, 4 * sizeof *q.degrees);
    q.coefficients[0] = half;
    q.coefficients[1] = -half;
    mfl_task *task = new_task(&q);
    ck_assert_int_eq(mfl_task_set_directions(task, direction, 2, 6, 6), MFL_OK);
    mfl_theory *theory = solved(&p), *turned = theory_of(task, &q);
    mfl_options *options;
    for (int32_t induced = 0; induced <= 4; induced += 4) { /* all modes of a degree are turned among themselves */
        ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, induced), MFL_OK);
        ck_assert_int_eq(mfl_theory_options(turned, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, induced), MFL_OK);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        ck_assert_int_eq(mfl_theory_solve(turned, p.samples, p.kappa), MFL_OK);
        ck_assert_double_eq_tol(get(turned, MFL_THEORY_M), get(theory, MFL_THEORY_M), 1e-8);
        ck_assert_double_eq_tol(get(turned, MFL_THEORY_TEST_ERROR), get(theory, MFL_THEORY_TEST_ERROR), 1e-8);
    }
    ck_assert_int_eq(mfl_theory_use(turned, MFL_THEORY_MF_ARD), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(turned, p.samples, p.kappa), MFL_ERROR_UNSUPPORTED);
    mfl_theory_destroy(theory);
    mfl_theory_destroy(turned);
}
END_TEST

static int32_t refusal;

static int32_t tangent(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = tanh(z[i]);
        derivative[i] = 1.0 - value[i] * value[i];
    }
    return refusal;
}

START_TEST(a_callers_activation)
{
    problem p = {8, 32, 60.0, 0.3, MFL_ACTIVATION_TANH, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    mfl_theory *theory = solved(&p), *own;
    mfl_model *model = new_model(p.d, p.n, p.activation);
    mfl_task *task = new_task(&p);
    double value, error;
    ck_assert_int_eq(mfl_model_set_activation(model, tangent, NULL), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &own), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(own, p.samples, p.kappa), MFL_OK);
    ck_assert_int_eq(mfl_theory_get(own, MFL_THEORY_M, &value, &error), MFL_OK);
    ck_assert_double_eq_tol(value, get(theory, MFL_THEORY_M), 1e-8);
    ck_assert_double_le(error, 1e-7);
    refusal = 5;
    ck_assert_int_eq(mfl_theory_solve(own, p.samples, p.kappa), MFL_ERROR_CALLBACK);
    refusal = 0;
    ck_assert_int_eq(mfl_theory_get(own, MFL_THEORY_M, &value, &error), MFL_ERROR_STATE);
    mfl_theory_destroy(theory);
    mfl_theory_destroy(own);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

static int32_t rectifier(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = fmax(z[i], 0.0);
        derivative[i] = z[i] > 0.0;
    }
    return 0;
}

/* Screening with every class of modes, on cells, against the integrals of a homogeneous activation, which have nothing
 * in common with them. */
START_TEST(a_callers_rectifier_is_screened_like_relu)
{
    problem p = {20, 128, 200.0, 0.1, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    static const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_TEST_ERROR, MFL_THEORY_DRAW_ERROR, MFL_THEORY_WEIGHT_ON,
                                   MFL_THEORY_EFFECTIVE_NOISE, MFL_THEORY_LAMBDA};
    mfl_model *model = new_model(p.d, p.n, p.activation);
    mfl_task *task;
    mfl_theory *own, *relu;
    ck_assert_int_eq(mfl_task_create_parity(context, 20, 1, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_set_activation(model, rectifier, NULL), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &own), MFL_OK);
    relu = theory_of(task, &p);
    for (int32_t noise = MFL_THEORY_NOISE_BARE; noise <= MFL_THEORY_NOISE_RENORMALISED; noise++) {
        for (int32_t prior = MFL_THEORY_PRIOR_ISOTROPIC; prior <= MFL_THEORY_PRIOR_ARD; prior++) {
            mfl_theory *both[2] = {own, relu};
            for (int32_t i = 0; i < 2; i++) {
                mfl_options *options;
                ck_assert_int_eq(mfl_theory_options(both[i], &options), MFL_OK);
                ck_assert_int_eq(mfl_theory_use(both[i], MFL_THEORY_MF_SCREENED), MFL_OK);
                ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, noise), MFL_OK);
                ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PRIOR, prior), MFL_OK);
                ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6), MFL_OK);
                ck_assert_int_eq(mfl_theory_solve(both[i], p.samples, p.kappa), MFL_OK);
            }
            for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
                double a, b, error, other_error;
                ck_assert_int_eq(mfl_theory_get(own, keys[j], &a, &error), MFL_OK);
                ck_assert_int_eq(mfl_theory_get(relu, keys[j], &b, &other_error), MFL_OK);
                ck_assert(fabs(a - b) <= error + other_error + 1e-9);
                ck_assert(fabs(a - b) < 1e-5 * (1.0 + fabs(b)));
            }
        }
    }
    mfl_theory_destroy(own);
    mfl_theory_destroy(relu);
    mfl_model_destroy(model);
}
END_TEST

/* With renormalised noise N -> infinity is the learning curve of kernel ridge regression, whatever the self-energy, and
 * N = 1 exact, whatever the noise is called. */
START_TEST(closures_of_smooth_activations_have_their_limits)
{
    problem p = {12, 0, 100.0, 0.3, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    double m[3];
    for (int32_t i = 0; i < 3; i++) {
        static const int64_t width_of[] = {0, 1000000, 4000000};
        p.n = width_of[i];
        mfl_theory *theory = new_theory(&p);
        ck_assert_int_eq(mfl_theory_use(theory, MFL_THEORY_MF_SCREENED), MFL_OK);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        double learned = p.samples * get(theory, MFL_THEORY_LAMBDA), noise = get(theory, MFL_THEORY_EFFECTIVE_NOISE);
        m[i] = get(theory, MFL_THEORY_M);
        ck_assert_double_eq_tol(m[i], learned / (learned + noise), 1e-11);
        ck_assert(noise > p.kappa * p.kappa);
        mfl_theory_destroy(theory);
    }
    ck_assert_double_eq_tol((m[2] - m[0]) / (m[1] - m[0]), 0.25, 0.01);
    p.n = 1;
    mfl_theory *theory = solved(&p);
    mfl_options *options;
    m[0] = get(theory, MFL_THEORY_M);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, MFL_THEORY_NOISE_RENORMALISED), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m[0], 1e-8);
    mfl_theory_destroy(theory);
}
END_TEST

static int32_t cubic(int64_t count, const double *z, double *value, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++)
        value[i] = z[i] * z[i] * z[i] + z[i] * z[i]; /* he: 1, 3, sqrt(2), sqrt(6) */
    return 0;
}

/* A teacher is expanded in Hermite modes: neurons with ReLU see all of x^3 + x^2 but its third. */
START_TEST(teachers_are_expanded)
{
    problem p = {10, 64, 100.0, 0.3, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 3, {0, 1, 2}, {1.0, 3.0, sqrt(2.0)}};
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_caller(context, 10, cubic, NULL, &task), MFL_OK);
    mfl_theory *theory = theory_of(task, &p), *sum = solved(&p);
    ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
    int64_t count;
    ck_assert_int_eq(mfl_theory_mode_count(theory, &count), MFL_OK);
    ck_assert_int_eq(count, 3);
    for (int64_t mode = 0; mode < 3; mode++)
        ck_assert_double_eq_tol(get_mode(theory, mode, MFL_THEORY_M), get_mode(sum, mode, MFL_THEORY_M), 1e-7);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_LEFT_OUT), 6.0, 1e-10);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_TEST_ERROR), get(sum, MFL_THEORY_TEST_ERROR) + 6.0, 1e-7);
    mfl_theory_destroy(theory);
    mfl_theory_destroy(sum);

    ck_assert_int_eq(mfl_task_create_relu(context, 10, &task), MFL_OK);
    theory = theory_of(task, &p);
    ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
    ck_assert_double_eq_tol(get_mode(theory, 1, MFL_THEORY_LAMBDA), 0.25 * get(theory, MFL_THEORY_WEIGHT_ON), 1e-9);
    double left = 0.5; /* E relu^2, less the squares of the coefficients */
    ck_assert_int_eq(mfl_theory_mode_count(theory, &count), MFL_OK);
    for (int64_t mode = 0; mode < count; mode++) {
        double target;
        ck_assert_int_eq(mfl_theory_mode(theory, mode, NULL, 0, NULL, &target), MFL_OK);
        left -= target * target;
    }
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_LEFT_OUT), left, 1e-12);
    ck_assert(left > 1e-5 && left < 1e-3);
    mfl_theory_destroy(theory);
}
END_TEST

/* P/kappa^2 = 1e8 for one neuron: quadratic and GELU neurons end where J^2/Sigma is largest, 1/2 (w_0 = w_1, Sigma = 8)
 * and 1/4; erf at 1. */
START_TEST(the_strongest_gain_is_integrated)
{
    static const int32_t activation_of[] = {MFL_ACTIVATION_QUADRATIC, MFL_ACTIVATION_GELU, MFL_ACTIVATION_ERF};
    static const double limit_of[] = {0.5, 0.25, 1.0};
    for (int32_t i = 0; i < 3; i++) {
        problem p = {20, 1, 1.0, 1e-4, activation_of[i], MFL_INPUT_HYPERCUBE, i < 2 ? 2 : 1, 1, {1, 1}, {1.0}};
        mfl_theory *theory = solved(&p);
        double m, error;
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &m, &error), MFL_OK);
        ck_assert_double_eq_tol(m, limit_of[i], 1e-5);
        ck_assert(m < limit_of[i] && error < 1e-8);
        mfl_theory_destroy(theory);
    }
}
END_TEST

static uint64_t state;

static double uniform(double low, double high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * ((double)(state >> 11) + 0.5) * 0x1p-53;
}

/* Numbers of a loose solve against those of a tight one over random problems of several kinds, in and around the
 * transition: at most 1 % of the claims may fail. Deterministic: the seed is fixed, and the estimate was not tuned with
 * it. */
START_TEST(claimed_errors_cover_true_errors)
{
    static const problem kinds[] = {
        {0, 0, 0, 0, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
        {0, 0, 0, 0, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}},
        {0, 0, 0, 0, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 2, {1, 2}, {1.0, 0.5}},
        {0, 0, 0, 0, MFL_ACTIVATION_TANH, MFL_INPUT_GAUSSIAN, 1, 2, {1, 3}, {0.3, 1.0}},
        {0, 0, 0, 0, MFL_ACTIVATION_LEAKY, MFL_INPUT_GAUSSIAN, 2, 2, {1, 1, 2, 0}, {1.0, 0.5}},
        {0, 0, 0, 0, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_HYPERCUBE, 2, 1, {1, 1}, {1.0}},
    };
    static const int32_t keys[] = {MFL_THEORY_M,         MFL_THEORY_TEST_ERROR, MFL_THEORY_DRAW_ERROR, MFL_THEORY_LAMBDA,
                                   MFL_THEORY_WEIGHT_ON, MFL_THEORY_WEIGHT_OFF, MFL_THEORY_LOG_Z, MFL_THEORY_SPECIALISED};
    enum { keys_count = sizeof keys / sizeof *keys, kinds_count = sizeof kinds / sizeof *kinds };
    int32_t numbers = 0, missed = 0, two_humped = 0;
    state = 31415926;
    for (int32_t trial = 0; trial < 100; trial++) {
        problem p = kinds[trial % (trial % 5 ? kinds_count - 1 : kinds_count)];
        p.d = p.variables + 3 + (int64_t)uniform(0.0, 40.0);
        p.n = (int64_t)exp(uniform(0.0, 7.0));
        p.samples = exp(uniform(2.0, 8.0));
        p.kappa = exp(uniform(-3.0, 0.0));
        mfl_theory *theory = new_theory(&p);
        double loose[keys_count], claimed[keys_count];
        set_tolerance(theory, 1e-3);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        for (int32_t i = 0; i < keys_count; i++)
            ck_assert_int_eq(mfl_theory_get(theory, keys[i], &loose[i], &claimed[i]), MFL_OK);
        set_tolerance(theory, 1e-9);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        two_humped += fabs(get(theory, MFL_THEORY_SPECIALISED) - 0.5) < 0.4;
        for (int32_t i = 0; i < keys_count; i++) {
            double tight, error;
            ck_assert_int_eq(mfl_theory_get(theory, keys[i], &tight, &error), MFL_OK);
            numbers++;
            missed += fabs(tight - loose[i]) > claimed[i] + error;
        }
        mfl_theory_destroy(theory);
    }
    ck_assert_int_ge(two_humped, 15);
    ck_assert_msg(100 * missed <= numbers, "%d of %d claims missed", missed, numbers);
}
END_TEST

static void refuse(problem p, int32_t expected)
{
    mfl_task *task = new_task(&p);
    mfl_model *model = new_model(p.d, p.n, p.activation);
    mfl_theory *theory;
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), expected);
    ck_assert_ptr_null(theory);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

START_TEST(what_cannot_be_learned_or_computed_is_refused)
{
    problem p = {10, 8, 10.0, 0.3, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 3, 1, {1, 1, 1}, {1.0}};
    double value = 0.0;
    refuse(p, MFL_ERROR_UNLEARNABLE);
    p.activation = MFL_ACTIVATION_ERF;
    mfl_theory *theory = new_theory(&p);
    ck_assert_int_eq(mfl_theory_get_mode(theory, 0, MFL_THEORY_M, &value, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_get_mode(theory, 1, MFL_THEORY_M, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_get_mode(theory, 0, MFL_THEORY_LOG_Z, &value, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_get_variable(theory, 3, MFL_THEORY_RHO_ON, &value, NULL), MFL_ERROR_ARGUMENT);
    mfl_theory_destroy(theory);
    problem one = {10, 8, 10.0, 0.3, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 1, 1, {1}, {1.0}};
    mfl_options *options;
    theory = solved(&one);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SOLVER, MFL_THEORY_SOLVER_PARTICLES), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 10.0, 0.3), MFL_ERROR_UNSUPPORTED);
    mfl_theory_destroy(theory);
    p.degrees[0] = 2;
    refuse(p, MFL_ERROR_UNSUPPORTED); /* x^2 = 1 */
    problem quadratic = {6, 8, 40.0, 0.3, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_HYPERCUBE, 2, 1, {1, 1}, {1.0}};
    theory = new_theory(&quadratic);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, MFL_THEORY_SELF_NONE), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 40.0, 0.3), MFL_ERROR_DIVERGED); /* B^2 grows like |w|^4 */
    mfl_theory_destroy(theory);
}
END_TEST

/* The modes that are announced before the first solve are those that it follows, whatever the options, and one set of
 * options may follow another. */
START_TEST(modes_are_known_before_the_first_solve)
{
    static const int64_t induced[] = {-1, 0, 6, 0};
    const problem p = {10, 16, 10.0, 0.5, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 1, {2}, {1.0}};
    mfl_theory *again = new_theory(&p);
    for (size_t i = 0; i < sizeof induced / sizeof *induced; i++) {
        mfl_theory *theory[2] = {new_theory(&p), again}; /* the second solves with all of them */
        int64_t before, after[2];
        for (int32_t one = 0; one < 2; one++) {
            mfl_options *options;
            ck_assert_int_eq(mfl_theory_options(theory[one], &options), MFL_OK);
            ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, induced[i]), MFL_OK);
            ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-3), MFL_OK);
            if (one == 0)
                ck_assert_int_eq(mfl_theory_mode_count(theory[one], &before), MFL_OK);
            ck_assert_int_eq(mfl_theory_solve(theory[one], p.samples, p.kappa), MFL_OK);
            ck_assert_int_eq(mfl_theory_mode_count(theory[one], &after[one]), MFL_OK);
        }
        ck_assert_int_eq(before, after[0]);
        ck_assert_int_eq(before, after[1]);
        ck_assert((before == 1) == (induced[i] == 0));
        mfl_theory_destroy(theory[0]);
    }
    mfl_theory_destroy(again);
}
END_TEST

/* The plain theory of Gaussian inputs with modes up to a degree differs from that with many more by less than it claims,
 * and it does not claim a hundred times as much; that error is no part of the tolerance. */
START_TEST(claimed_errors_cover_the_modes_that_are_left_out)
{
    static const problem of[] = {
        {20, 128, 400.0, 0.1, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 1, {2}, {1.0}},
        {20, 128, 100.0, 0.3, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 1, {2}, {1.0}},
        {10, 32, 60.0, 0.3, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 2, {1, 2}, {1.0, 1.0}},
        {15, 64, 100.0, 0.2, MFL_ACTIVATION_ERF, MFL_INPUT_GAUSSIAN, 1, 1, {1}, {1.0}},
        {10, 32, 100.0, 0.2, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 2, 1, {1, 1}, {1.0}},
        {15, 0, 40.0, 0.3, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 1, 1, {2}, {1.0}},
    };
    static const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_TEST_ERROR};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        mfl_theory *theory = new_theory(&of[i]);
        mfl_options *options;
        double whole[2], less = 0.0, error = 0.0;
        ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
        set_tolerance(theory, 1e-6);
        for (int32_t degree = of[i].variables == 2 ? 10 : 14; degree > 3; degree -= 4) {
            int32_t stop;
            ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, degree), MFL_OK);
            ck_assert_int_eq(mfl_theory_solve(theory, of[i].samples, of[i].kappa), MFL_OK);
            ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
            ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
            for (int32_t key = 0; key < 2; key++) {
                ck_assert_int_eq(mfl_theory_get(theory, keys[key], &less, &error), MFL_OK);
                whole[key] = degree >= 10 && (degree == 14 || of[i].variables == 2) ? less : whole[key];
                double off = fabs(less - whole[key]);
                ck_assert_msg(off <= error && (off == 0.0 || error <= 100.0 * off + 1e-6), "case %zu, degree %d: %g, %g", i,
                              degree, off, error);
            }
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_modes", odd_activations_follow_odd_parities, even_parities,
                             staircases, gaussian_teachers, both_engines_agree,
                             infinite_width_learns_every_mode_as_its_kernel, one_neuron_is_exact,
                             a_quadratic_neuron_is_exact, invariances, directions_can_be_turned, a_callers_activation,
                             a_callers_rectifier_is_screened_like_relu,
                             closures_of_smooth_activations_have_their_limits,
                             teachers_are_expanded, the_strongest_gain_is_integrated, claimed_errors_cover_true_errors,
                             claimed_errors_cover_the_modes_that_are_left_out, modes_are_known_before_the_first_solve,
                             what_cannot_be_learned_or_computed_is_refused);
}
