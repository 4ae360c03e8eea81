/* SPDX-License-Identifier: BSD-3-Clause */
/* Renormalised noise and screening for targets with several modes and on Gaussian inputs, through the public interface:
 * against the same equations in a space of functions without any symmetry, against the integrals of single parities,
 * learning curves of kernels, exact cases, invariances. */
#include <math.h>
#include <string.h>

#include "theories.h"

enum { variables_most = 4, terms_most = 4, functions_most = 8 };

typedef struct problem {
    int64_t d, n;
    double samples, kappa, sigma_a;
    int32_t activation, law, noise, self_energy, prior;
    int64_t variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most];
} problem;

static mfl_model *model_of(const problem *p)
{
    mfl_model *model = new_model(p->d, p->n, p->activation);
    mfl_options *options;
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, p->sigma_a), MFL_OK);
    return model;
}

/* Destroys the task. */
static mfl_theory *theory_of(mfl_task *task, const problem *p, double tolerance)
{
    mfl_options *options;
    mfl_theory *theory = theory_of_both(task, model_of(p), &options);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, p->noise), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, p->self_energy), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PRIOR, p->prior), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, tolerance), MFL_OK);
    solve(theory, p->samples, p->kappa);
    return theory;
}

static mfl_theory *solved(const problem *p, double tolerance)
{
    return theory_of(new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law), p, tolerance);
}

/* All equations hold where the results are. */
static void expect_solution(const mfl_theory *theory)
{
    static const int32_t keys[] = {MFL_THEORY_RESIDUAL, MFL_THEORY_RESIDUAL_NOISE, MFL_THEORY_RESIDUAL_LAMBDA,
                                   MFL_THEORY_RESIDUAL_RHO};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_double_le(get(theory, keys[i]), 1e-10);
}

/* m_A of the mode with these degrees, 0 for one that is not followed; its y_A where asked for. */
static double mode_of(const mfl_theory *theory, int64_t variables, const int64_t *degrees, int64_t across, int32_t key)
{
    int64_t count;
    double value = 0.0;
    ck_assert_int_eq(mfl_theory_mode_count(theory, &count), MFL_OK);
    for (int64_t mode = 0; mode < count; mode++) {
        int64_t found[variables_most], off;
        ck_assert_int_eq(mfl_theory_mode(theory, mode, found, variables_most, &off, NULL), MFL_OK);
        if (off == across && memcmp(found, degrees, (size_t)variables * sizeof *found) == 0)
            ck_assert_int_eq(mfl_theory_get_mode(theory, mode, key, &value, NULL), MFL_OK);
    }
    return value;
}

/* ---- the equations in a space of functions ---- */

/* A neuron as a vector of n functions, orthonormal under the law of the inputs: its values at all 2^d inputs, or its
 * coefficients on all polynomials there are. No symmetry is used. */
typedef struct world {
    const problem *p;
    int32_t n;
    void (*features)(const struct world *world, const double *w, double *phi);
    double y[functions_most], kernel[functions_most][functions_most], noise, m[functions_most];
    double inner[functions_most][functions_most], error; /* P (kt' + P K')^-1; the test error */
} world;

static double activation_at(int32_t activation, double x)
{
    return activation == MFL_ACTIVATION_TANH ? tanh(x) : 0.5 * x * erfc(-x * sqrt(0.5));
}

static void values_at_inputs(const world *of, const double *w, double *phi)
{
    for (int32_t s = 0; s < of->n; s++) {
        double x = 0.0;
        for (int64_t j = 0; j < of->p->d; j++)
            x += s >> j & 1 ? -w[j] : w[j];
        phi[s] = activation_at(of->p->activation, x) / sqrt((double)of->n);
    }
}

/* (w.x)^2 of three Gaussian inputs on 1, he_2 of each, and the products of two. */
static void square_of_three(const world *of, const double *w, double *phi)
{
    (void)of;
    phi[0] = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    for (int32_t j = 0; j < 3; j++) {
        phi[1 + j] = sqrt(2.0) * w[j] * w[j];
        phi[4 + j] = 2.0 * w[j] * w[(j + 1) % 3];
    }
}

/* a := a^-1 by Gauss and Jordan; positive definite. */
static void invert(int32_t n, double (*a)[functions_most])
{
    for (int32_t k = 0; k < n; k++) {
        double pivot = 1.0 / a[k][k];
        a[k][k] = 1.0;
        for (int32_t j = 0; j < n; j++)
            a[k][j] *= pivot;
        for (int32_t i = 0; i < n; i++) {
            double factor = a[i][k];
            if (i == k)
                continue;
            a[i][k] = 0.0;
            for (int32_t j = 0; j < n; j++)
                a[i][j] -= factor * a[k][j];
        }
    }
}

/* to := P (kt + f P K)^-1 */
static void resolvent(const world *of, double f, double kt, double (*to)[functions_most])
{
    for (int32_t i = 0; i < of->n; i++)
        for (int32_t j = 0; j < of->n; j++)
            to[i][j] = (i == j) * kt / of->p->samples + f * of->kernel[i][j];
    invert(of->n, to);
}

/* kt(f) of (T16): tr[f K kt (kt + P f K)^-1] = (kt/P) (n - tr[(1 + (P/kt) f K)^-1]), by iteration from above. */
static double noise_of(const world *of, double f)
{
    double inverse[functions_most][functions_most], kt = of->p->kappa * of->p->kappa, trace = kt, before = 0.0;
    for (int32_t i = 0; i < of->n; i++)
        trace += f * of->kernel[i][i];
    for (int32_t sweep = 0; sweep < 3000 && fabs(trace - before) > 1e-15 * trace; sweep++) {
        double left = 0.0;
        before = trace;
        resolvent(of, f, trace, inverse);
        for (int32_t i = 0; i < of->n; i++)
            left += trace / of->p->samples * inverse[i][i];
        trace = kt + trace / of->p->samples * (of->n - left);
    }
    return trace;
}

static double others(const problem *p)
{
    return 1.0 - 1.0 / (double)p->n;
}

/* <phi phi^T> and <a phi> of the law (T8) with these A and B: a sum over equally spaced weights. */
static void add_neurons(world *of, int32_t axis, double *w, double log_prior, double step, int32_t half, double *mass,
                        double (*square)[functions_most], double *readout)
{
    const problem *p = of->p;
    for (int32_t i = -half; i <= half && axis < p->d; i++) {
        w[axis] = step * i / sqrt((double)p->d);
        add_neurons(of, axis + 1, w, log_prior - 0.5 * step * i * step * i, step, half, mass, square, readout);
    }
    if (axis < p->d)
        return;
    double phi[functions_most], a = 1.0 / (p->sigma_a * p->sigma_a), b = 0.0, gain = p->samples / of->noise;
    of->features(of, w, phi);
    for (int32_t i = 0; i < of->n; i++) {
        double image = 0.0, pull = gain * (of->y[i] - others(p) * of->m[i]);
        for (int32_t j = 0; j < of->n && p->self_energy == MFL_THEORY_SELF_SCREENED; j++)
            image += of->inner[i][j] * phi[j];
        if (p->self_energy == MFL_THEORY_SELF_SCREENED) {
            a += phi[i] * image / (double)p->n;
            b += of->y[i] * image / sqrt((double)p->n);
        } else {
            a += p->self_energy == MFL_THEORY_SELF_BARE ? phi[i] * gain * phi[i] / (double)p->n : 0.0;
            b += pull * phi[i] / sqrt((double)p->n);
        }
    }
    double weight = exp(log_prior + 0.5 * b * b / a) / sqrt(a);
    *mass += weight;
    for (int32_t i = 0; i < of->n; i++) {
        readout[i] += weight * b / a * phi[i];
        for (int32_t j = 0; j < of->n; j++)
            square[i][j] += weight * phi[i] * phi[j];
    }
}

/* Sweeps over all equations, damped as much as the mean field needs; returns the last change, of a whole step. */
static double solve_world(world *of, double step, int32_t half)
{
    const problem *p = of->p;
    int32_t screened = p->self_energy == MFL_THEORY_SELF_SCREENED, sweeps = screened ? 90 : 400;
    double change = 0.0, damping = screened ? 0.3 : 0.07, w[3];
    of->noise = p->kappa * p->kappa;
    for (int32_t sweep = 0; sweep < sweeps; sweep++) {
        double square[functions_most][functions_most] = {{0.0}}, readout[functions_most] = {0.0}, mass = 0.0;
        resolvent(of, others(p), of->noise, of->inner);
        add_neurons(of, 0, w, 0.0, step, half, &mass, square, readout);
        change = 0.0;
        for (int32_t i = 0; i < of->n; i++) {
            double move = sqrt((double)p->n) * readout[i] / mass - of->m[i];
            of->m[i] += damping * move;
            change = fmax(change, fabs(move));
            for (int32_t j = 0; j < of->n; j++) {
                move = p->sigma_a * p->sigma_a * square[i][j] / mass - of->kernel[i][j];
                of->kernel[i][j] += damping * move;
                change = fmax(change, fabs(move));
            }
        }
        if (p->noise == MFL_THEORY_NOISE_RENORMALISED)
            of->noise = noise_of(of, others(p));
    }
    return change;
}

/* What (T18) says, or (T9). */
static void conclude_world(world *of)
{
    const problem *p = of->p;
    double inverse[functions_most][functions_most], g = 0.0, learned[functions_most][functions_most];
    of->noise = p->noise == MFL_THEORY_NOISE_RENORMALISED ? noise_of(of, 1.0) : p->kappa * p->kappa;
    resolvent(of, 1.0, of->noise, inverse);
    for (int32_t i = 0; i < of->n; i++)
        for (int32_t j = 0; j < of->n; j++) {
            learned[i][j] = 0.0;
            for (int32_t l = 0; l < of->n; l++)
                learned[i][j] += of->kernel[i][l] * inverse[l][j];
        }
    for (int32_t i = 0; i < of->n && p->self_energy == MFL_THEORY_SELF_SCREENED; i++) {
        of->m[i] = 0.0;
        for (int32_t j = 0; j < of->n; j++) {
            of->m[i] += learned[i][j] * of->y[j];
            g += learned[i][j] * learned[j][i] / p->samples;
        }
    }
    of->error = 0.0;
    for (int32_t i = 0; i < of->n; i++)
        of->error += (of->y[i] - of->m[i]) * (of->y[i] - of->m[i]) / (1.0 - g);
}

static void expect_world(world *of, double tolerance)
{
    const problem *p = of->p;
    mfl_theory *theory = solved(p, 1e-8);
    double m = 0.0, square = 0.0;
    expect_solution(theory);
    conclude_world(of);
    for (int32_t i = 0; i < of->n; i++) {
        m += of->y[i] * of->m[i];
        square += of->y[i] * of->y[i];
    }
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m / square, tolerance);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_TEST_ERROR), of->error, tolerance);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_EFFECTIVE_NOISE), of->noise, tolerance);
    mfl_theory_destroy(theory);
}

static const int32_t closures[][2] = {
    {MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_SCREENED},
    {MFL_THEORY_NOISE_BARE, MFL_THEORY_SELF_SCREENED},
    {MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_BARE},
    {MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_NONE},
};

/* d = r: the predictor is known by its values at all inputs. Staircases with their symmetries broken and kept, and products
 * of which each is 2 or 1/2 times as large. */
START_TEST(staircases_are_solved_as_functions_on_all_inputs)
{
    const problem kinds[] = {
        {2, 12, 12.0, 0.5, 1.0, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 0, 0, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}},
        {2, 12, 30.0, 0.3, 1.5, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 0, 0, 0, 2, 1, {1, 1}, {2.0}},
        {2, 12, 20.0, 0.4, 1.0, MFL_ACTIVATION_TANH, MFL_INPUT_HYPERCUBE, 0, 0, 0, 2, 2, {1, 0, 0, 1}, {1.0, -0.5}},
        {3, 12, 20.0, 0.5, 1.0, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 0, 0, 0, 3, 2, {1, 1, 0, 1, 0, 0}, {0.5, 1.0}},
    };
    static const int32_t closures_of[] = {4, 2, 4, 1};
    for (int32_t i = 0; i < 4; i++) {
        for (int32_t closure = 0; closure < closures_of[i]; closure++) { /* the others take finer sums */
            problem p = kinds[i];
            p.noise = closures[closure][0];
            p.self_energy = closures[closure][1];
            if (p.self_energy == MFL_THEORY_SELF_NONE) /* so weak that there is a law */
                p.samples = 2.0;
            world of = {.p = &p, .n = 1 << p.d, .features = values_at_inputs};
            for (int32_t s = 0; s < of.n; s++)
                for (int64_t t = 0; t < p.terms; t++) {
                    double value = p.coefficients[t] / sqrt((double)of.n);
                    for (int64_t j = 0; j < p.d; j++)
                        value *= p.degrees[t * p.variables + j] && s >> j & 1 ? -1.0 : 1.0;
                    of.y[s] += value;
                }
            ck_assert_double_le(solve_world(&of, p.d == 3 ? 0.55 : 0.25, p.d == 3 ? 11 : 26), 1e-9);
            expect_world(&of, p.self_energy == MFL_THEORY_SELF_SCREENED && p.d == 2 ? 1e-8 : 1e-6);
        }
    }
}
END_TEST

/* Quadratic neurons of three Gaussian inputs know seven polynomials. One or two of the directions are the target's; what
 * is left of the others' symmetry is a rotation, or a flip. */
START_TEST(gaussian_teachers_are_solved_as_polynomials)
{
    const problem kinds[] = {
        {3, 12, 20.0, 0.5, 1.0, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_GAUSSIAN, 0, 0, 0, 1, 1, {2}, {1.0}},
        {3, 12, 20.0, 0.5, 1.0, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_GAUSSIAN, 0, 0, 0, 2, 2, {2, 0, 1, 1}, {1.0, 0.5}},
    };
    for (int32_t i = 0; i < 2; i++) {
        for (int32_t closure = 0; closure < 3 - i; closure++) {
            problem p = kinds[i];
            p.noise = closures[closure][0];
            p.self_energy = closures[closure][1];
            world of = {.p = &p, .n = 7, .features = square_of_three, .y = {0.0, 1.0, 0.0, 0.0, i ? 0.5 : 0.0}};
            ck_assert_double_le(solve_world(&of, 0.4, 17), 1e-8);
            expect_world(&of, p.self_energy == MFL_THEORY_SELF_SCREENED ? 1e-8 : 1e-4); /* of the plain sum */
        }
    }
}
END_TEST

/* ---- single parities ---- */

/* The integrals of single parities and the cells with their blocks, a task each: nothing but the equations is shared. */
START_TEST(single_parities_are_those_of_their_own_integrals)
{
    static const int32_t keys[] = {MFL_THEORY_M,          MFL_THEORY_TEST_ERROR, MFL_THEORY_DRAW_ERROR,
                                   MFL_THEORY_WEIGHT_ON,  MFL_THEORY_WEIGHT_OFF, MFL_THEORY_EFFECTIVE_NOISE,
                                   MFL_THEORY_LAMBDA,     MFL_THEORY_LOG_Z,      MFL_THEORY_SPECIALISED};
    for (int32_t i = 0; i < 12; i++) {
        int32_t closure = i % 3, prior = i / 3 % 2;
        problem p = {20, 128, i < 6 ? 150.0 : 60.0, 0.1, 1.0, i % 2 ? MFL_ACTIVATION_LEAKY : MFL_ACTIVATION_RELU,
                     MFL_INPUT_HYPERCUBE, closures[closure][0], closures[closure][1], prior, 2, 1, {1, 1}, {1.0}};
        mfl_task *task;
        ck_assert_int_eq(mfl_task_create_parity(context, 20, 2, &task), MFL_OK);
        mfl_theory *single = theory_of(task, &p, 1e-7), *cells = solved(&p, 1e-7);
        expect_solution(cells);
        for (size_t key = 0; key < sizeof keys / sizeof *keys; key++) {
            double a, b, error, other_error;
            ck_assert_int_eq(mfl_theory_get(single, keys[key], &a, &error), MFL_OK);
            ck_assert_int_eq(mfl_theory_get(cells, keys[key], &b, &other_error), MFL_OK);
            ck_assert_double_le(fabs(a - b), error + other_error);
            ck_assert(keys[key] == MFL_THEORY_SPECIALISED || other_error < 1e-5 * (1.0 + fabs(b)));
        }
        mfl_theory_destroy(single);
        mfl_theory_destroy(cells);
    }
}
END_TEST

/* ---- learning curves ---- */

/* Eigenvalues by degree under a law, as a spectrum that knows no lengths. */
static mfl_spectrum *spectrum_of(const problem *p, int32_t law, int64_t degrees, double *values, int64_t *degree,
                                 int64_t *count)
{
    enum { most = 64 };
    double multiplicities[most], rest;
    mfl_model *model = model_of(p);
    mfl_ridge *ridge;
    mfl_spectrum *by_degree, *spectrum;
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_of_kernel(ridge, law, degrees, &by_degree), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_shape(by_degree, count, &rest), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_read(by_degree, values, multiplicities, NULL, most), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_degrees(by_degree, degree, most), MFL_OK);
    ck_assert_int_eq(mfl_spectrum_create(context, *count, values, multiplicities, rest, &spectrum), MFL_OK);
    mfl_spectrum_destroy(by_degree);
    mfl_ridge_destroy(ridge);
    mfl_model_destroy(model);
    return spectrum;
}

/* N -> infinity on the hypercube without other inputs, where nothing is approximated: the learning curve of the kernel, to
 * 1e-9 in all numbers. */
START_TEST(infinite_width_is_the_learning_curve_of_the_kernel)
{
    problem p = {2, 0, 9.0, 0.3, 1.2, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, MFL_THEORY_NOISE_RENORMALISED,
                 MFL_THEORY_SELF_SCREENED, 0, 2, 3, {0, 0, 1, 0, 1, 1}, {0.4, 1.0, 0.7}};
    double values[64], results[MFL_SPECTRUM_RESULTS], learned[64], power[64] = {0.16, 1.0, 0.49};
    int64_t degree[64], count;
    mfl_spectrum *spectrum = spectrum_of(&p, MFL_SPECTRUM_HYPERCUBE, 3, values, degree, &count);
    ck_assert_int_eq(mfl_spectrum_learn(spectrum, power, p.samples, p.kappa * p.kappa, 0.0, results, learned, 64), MFL_OK);
    mfl_theory *theory = solved(&p, 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_EFFECTIVE_NOISE),
                            p.samples * results[MFL_SPECTRUM_EFFECTIVE_RIDGE], 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_TEST_ERROR), results[MFL_SPECTRUM_TEST_ERROR], 1e-9);
    for (int64_t term = 0; term < 3; term++) {
        double m = mode_of(theory, 2, p.degrees + 2 * term, 0, MFL_THEORY_M);
        double lambda = mode_of(theory, 2, p.degrees + 2 * term, 0, MFL_THEORY_LAMBDA);
        ck_assert_double_eq_tol(m, p.coefficients[term] * learned[term], 1e-9);
        ck_assert_double_eq_tol(lambda, values[term], 1e-9);
    }
    mfl_theory_destroy(theory);
    mfl_spectrum_destroy(spectrum);
}
END_TEST

/* On Gaussian inputs, where blocks have matrices already under the prior: kt is exact for polynomial neurons, and for ReLU,
 * whose eigenfunctions are harmonics times the length, the error covers what is cut. */
START_TEST(infinite_width_on_gaussian_inputs)
{
    static const int32_t activation_of[] = {MFL_ACTIVATION_QUADRATIC, MFL_ACTIVATION_RELU};
    for (int32_t i = 0; i < 2; i++) {
        problem p = {7, 0, 40.0, 0.3, 1.0, activation_of[i], MFL_INPUT_GAUSSIAN, MFL_THEORY_NOISE_RENORMALISED,
                     MFL_THEORY_SELF_SCREENED, 0, 1, 1, {2}, {1.0}};
        double values[64], results[MFL_SPECTRUM_RESULTS], learned[64], power[64] = {0.0}, kt, error;
        int64_t degree[64], count;
        mfl_spectrum *spectrum = spectrum_of(&p, MFL_SPECTRUM_GAUSSIAN, i ? 30 : 3, values, degree, &count);
        ck_assert_int_eq(mfl_spectrum_learn(spectrum, power, p.samples, p.kappa * p.kappa, 0.0, results, learned, 64),
                         MFL_OK);
        mfl_theory *theory = solved(&p, 1e-9);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_EFFECTIVE_NOISE, &kt, &error), MFL_OK);
        double exact = p.samples * results[MFL_SPECTRUM_EFFECTIVE_RIDGE];
        ck_assert_double_le(fabs(kt - exact), i ? error : 1e-9);
        ck_assert_double_le(fabs(kt - exact), 1e-3 * exact);
        mfl_theory_destroy(theory);
        mfl_spectrum_destroy(spectrum);
    }
}
END_TEST

/* ---- exact cases and invariances ---- */

/* One neuron has nobody to be its noise; (T9) is exact there. */
START_TEST(one_neuron_is_exact_whatever_the_noise)
{
    static const int32_t laws[] = {MFL_INPUT_HYPERCUBE, MFL_INPUT_GAUSSIAN};
    for (int32_t i = 0; i < 2; i++) {
        problem p = {8, 1, 30.0, 0.4, 1.0, MFL_ACTIVATION_RELU, laws[i], MFL_THEORY_NOISE_BARE, MFL_THEORY_SELF_BARE, 0,
                     2, 2, {1, 0, 1, 1}, {1.0, 0.5}};
        mfl_theory *bare = solved(&p, 1e-8);
        p.noise = MFL_THEORY_NOISE_RENORMALISED;
        mfl_theory *renormalised = solved(&p, 1e-8);
        for (int64_t term = 0; term < 2; term++)
            ck_assert_double_eq_tol(mode_of(bare, 2, p.degrees + 2 * term, 0, MFL_THEORY_M),
                                    mode_of(renormalised, 2, p.degrees + 2 * term, 0, MFL_THEORY_M), 1e-8);
        mfl_theory_destroy(bare);
        mfl_theory_destroy(renormalised);
    }
}
END_TEST

/* Signs and order of the variables; and y, sigma_a, kappa go together, with the results in their units. */
START_TEST(invariances)
{
    for (int32_t closure = 0; closure < 3; closure++) {
        problem p = {12, 40, 80.0, 0.2, 1.0, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, closures[closure][0],
                     closures[closure][1], 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}}, q = p, scaled = p;
        q.degrees[0] = 0; /* x_1 - x_0 x_1 / 2 */
        q.degrees[1] = 1;
        q.coefficients[1] = -0.5;
        scaled.coefficients[0] = 3.0;
        scaled.coefficients[1] = 1.5;
        scaled.sigma_a = 3.0;
        scaled.kappa = 0.6;
        mfl_theory *theory = solved(&p, 1e-8), *other = solved(&q, 1e-8), *larger = solved(&scaled, 1e-8);
        for (int64_t term = 0; term < 2; term++) {
            double m = mode_of(theory, 2, p.degrees + 2 * term, 0, MFL_THEORY_M);
            double turned = mode_of(other, 2, q.degrees + 2 * term, 0, MFL_THEORY_M);
            ck_assert_double_eq_tol(turned, term ? -m : m, 1e-8);
            ck_assert_double_eq_tol(mode_of(larger, 2, p.degrees + 2 * term, 0, MFL_THEORY_M), 3.0 * m, 1e-8);
        }
        ck_assert_double_eq_tol(get(larger, MFL_THEORY_TEST_ERROR), 9.0 * get(theory, MFL_THEORY_TEST_ERROR), 1e-7);
        ck_assert_double_eq_tol(get(larger, MFL_THEORY_DRAW_ERROR), 9.0 * get(theory, MFL_THEORY_DRAW_ERROR), 1e-7);
        mfl_theory_destroy(theory);
        mfl_theory_destroy(other);
        mfl_theory_destroy(larger);
    }
}
END_TEST

/* he_1 he_1 of two directions is (he_2 - he_2)/sqrt(2) of those halfway between: the blocks are other ones, the error of
 * cutting degrees the same. */
START_TEST(directions_can_be_turned)
{
    problem p = {9, 40, 60.0, 0.3, 1.0, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, MFL_THEORY_NOISE_RENORMALISED,
                 MFL_THEORY_SELF_SCREENED, 0, 2, 1, {1, 1}, {1.0}}, q = p;
    double a, b, error, other_error;
    q.terms = 2;
    memcpy(q.degrees, (const int64_t[]){2, 0, 0, 2}, 4 * sizeof *q.degrees);
    q.coefficients[0] = sqrt(0.5);
    q.coefficients[1] = -sqrt(0.5);
    mfl_theory *theory = solved(&p, 1e-4), *turned = solved(&q, 1e-4);
    expect_solution(theory);
    expect_solution(turned);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &a, &error), MFL_OK);
    ck_assert_int_eq(mfl_theory_get(turned, MFL_THEORY_M, &b, &other_error), MFL_OK);
    ck_assert_double_le(fabs(a - b), error + other_error);
    ck_assert_double_le(error + other_error, 5e-3);
    mfl_theory_destroy(theory);
    mfl_theory_destroy(turned);
}
END_TEST

/* ---- error claims ---- */

static uint64_t state;

static double uniform(double low, double high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * ((double)(state >> 11) + 0.5) * 0x1p-53;
}

/* Random problems with one closure each at 1e-3 and at 1e-7: at most 1 % of the claims may fail. Deterministic: the seed is
 * fixed, and the estimate was not tuned with it. */
START_TEST(claimed_errors_cover_true_errors)
{
    static const problem kinds[] = {
        {0, 0, 0, 0, 1.0, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 0, 0, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
        {0, 0, 0, 0, 1.0, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, 0, 0, 0, 1, 2, {1, 2}, {1.0, 0.5}},
        {0, 0, 0, 0, 1.0, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 0, 0, 0, 1, 1, {1}, {0.6}},
    };
    static const int32_t keys[] = {MFL_THEORY_M,         MFL_THEORY_TEST_ERROR, MFL_THEORY_DRAW_ERROR,
                                   MFL_THEORY_LAMBDA,    MFL_THEORY_WEIGHT_ON,  MFL_THEORY_WEIGHT_OFF,
                                   MFL_THEORY_LOG_Z,     MFL_THEORY_EFFECTIVE_NOISE};
    enum { keys_count = sizeof keys / sizeof *keys };
    int32_t numbers = 0, missed = 0, unsolved = 0;
    state = 14142135;
    for (int32_t trial = 0; trial < 15; trial++) {
        problem p = kinds[trial % 3];
        p.noise = closures[trial % 4 % 3][0];
        p.self_energy = closures[trial % 4 % 3][1];
        p.prior = trial % 5 == 4 ? MFL_THEORY_PRIOR_ARD : MFL_THEORY_PRIOR_ISOTROPIC;
        p.d = p.variables + 6 + (int64_t)uniform(0.0, 30.0);
        p.n = (int64_t)exp(uniform(1.0, 7.0));
        p.samples = exp(uniform(2.0, 7.0));
        p.kappa = exp(uniform(-3.0, 0.0));
        mfl_theory *loose = solved(&p, 1e-3), *tight = solved(&p, 1e-7);
        unsolved += get(tight, MFL_THEORY_RESIDUAL) + get(tight, MFL_THEORY_RESIDUAL_LAMBDA) > 1e-9;
        for (int32_t i = 0; i < keys_count; i++) {
            double a, b, claimed, left;
            ck_assert_int_eq(mfl_theory_get(loose, keys[i], &a, &claimed), MFL_OK);
            ck_assert_int_eq(mfl_theory_get(tight, keys[i], &b, &left), MFL_OK);
            numbers++;
            missed += fabs(a - b) > claimed + left;
        }
        mfl_theory_destroy(loose);
        mfl_theory_destroy(tight);
    }
    ck_assert_int_eq(unsolved, 0);
    ck_assert_msg(100 * missed <= numbers, "%d of %d claims missed", missed, numbers);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_screened", staircases_are_solved_as_functions_on_all_inputs,
                             gaussian_teachers_are_solved_as_polynomials,
                             single_parities_are_those_of_their_own_integrals,
                             infinite_width_is_the_learning_curve_of_the_kernel, infinite_width_on_gaussian_inputs,
                             one_neuron_is_exact_whatever_the_noise, invariances, directions_can_be_turned,
                             claimed_errors_cover_true_errors);
}
