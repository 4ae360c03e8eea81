/* SPDX-License-Identifier: BSD-3-Clause */
/* Neurons of screened theories with several modes, and densities averaged over them: against the same equations summed
 * over a lattice of weights, against the draws of single parities, against quadrature. Seeds are fixed; false-alarm
 * rates are those of new seeds. */
#include <math.h>
#include <stdlib.h>

#include "theories.h"
#include "two_samples.h"

enum { variables_most = 3, terms_most = 3 };

typedef struct problem {
    int64_t d, n, variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most], samples, kappa;
    int32_t law, activation, prior;
} problem;

/* Destroys the task. */
static mfl_theory *solved(mfl_task *task, const problem *p)
{
    mfl_options *options;
    mfl_theory *theory = theory_of_both(task, new_model(p->d, p->n, p->activation), &options);
    ck_assert_int_eq(mfl_theory_use(theory, MFL_THEORY_MF_SCREENED), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_PRIOR, p->prior), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-4), MFL_OK);
    solve(theory, p->samples, p->kappa);
    return theory;
}

static mfl_theory *solved_sum(const problem *p)
{
    return solved(new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law), p);
}

static double *numbers(size_t count)
{
    double *all = calloc(count, sizeof *all);
    ck_assert_ptr_nonnull(all);
    return all;
}

static void sample(mfl_theory *theory, int64_t count, int64_t d, double *w, double *a)
{
    ck_assert_msg(mfl_theory_sample(theory, 0, count, w, d, a) == MFL_OK, "%s", mfl_context_message(context));
}

typedef struct mean {
    double n, sum, square;
} mean;

static void add(mean *to, double x)
{
    to->n += 1.0;
    to->sum += x;
    to->square += x * x;
}

/* Within 4.5 standard errors: false-alarm rate 7e-6. */
static void expect(const mean *of, double value, const char *what, size_t at)
{
    double average = of->sum / of->n, error = sqrt(fmax(0.0, of->square / of->n - average * average) / of->n);
    ck_assert_msg(fabs(average - value) <= 4.5 * error + 1e-5 * fabs(value), "%s, case %zu: %.7g +- %.2g, not %.7g", what,
                  at, average, error, value);
}

/* ---- against the theory's own quadrature ---- */

START_TEST(draws_have_the_moments_of_screened_laws)
{
    enum { count = 20000 };
    static const problem cases[] = {
        {12, 32, 2, 2, {1, 0, 1, 1}, {1.0, 1.0}, 60.0, 0.2, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU,
         MFL_THEORY_PRIOR_ISOTROPIC},
        {10, 16, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, 40.0, 0.3, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_GELU,
         MFL_THEORY_PRIOR_ARD},
        {9, 16, 1, 2, {1, 2}, {0.5, 1.0}, 60.0, 0.2, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU,
         MFL_THEORY_PRIOR_ISOTROPIC},
        {8, 32, 2, 1, {1, 1}, {1.0}, 0.0, 0.2, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_PRIOR_ISOTROPIC},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const problem *p = &cases[i];
        mfl_theory *theory = solved_sum(p);
        double *w = numbers((size_t)(count * p->d)), value;
        mean on[variables_most] = {{0}}, off = {0}, specialised = {0};
        sample(theory, count, p->d, w, NULL);
        for (int64_t l = 0; l < count; l++) {
            double all = 0.0, across = 0.0, along = 0.0;
            for (int64_t j = 0; j < p->d; j++) {
                double square = w[l * p->d + j] * w[l * p->d + j];
                all += square;
                across += j < p->variables ? 0.0 : square;
                if (j < p->variables)
                    add(&on[j], square);
            }
            if (p->law == MFL_INPUT_GAUSSIAN) {
                along = all - across;
            } else { /* x_0, and the parity of the first two */
                double first = fabs(w[l * p->d]), both = first + fabs(w[l * p->d + 1]);
                along = fmax(first * first, 0.5 * both * both);
            }
            add(&off, across / (double)(p->d - p->variables));
            add(&specialised, along > 0.5 * all);
        }
        for (int64_t j = 0; j < p->variables; j++) {
            ck_assert_int_eq(mfl_theory_get_variable(theory, j, MFL_THEORY_WEIGHT_ON, &value, NULL), MFL_OK);
            expect(&on[j], value, "on", i);
        }
        expect(&off, get(theory, MFL_THEORY_WEIGHT_OFF), "off", i);
        expect(&specialised, get(theory, MFL_THEORY_SPECIALISED), "specialised", i);
        free(w);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* ---- against single parities, whose law is integrated and drawn from otherwise ---- */

/* Two samples of 8000 each differ by 2.2/sqrt(4000) or more with a probability of 2 exp(-2 * 2.2^2) = 1.3e-4, for each
 * of five statistics. */
START_TEST(one_term_has_the_neurons_of_a_parity)
{
    enum { count = 8000, d = 14, statistics = 5 };
    static const problem p = {d, 32, 2, 1, {1, 1}, {1.0}, 60.0, 0.15, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU,
                              MFL_THEORY_PRIOR_ISOTROPIC};
    mfl_task *task;
    double *value[2][statistics], *w = numbers(count * d), *a = numbers(count);
    ck_assert_int_eq(mfl_task_create_parity(context, d, 2, &task), MFL_OK);
    mfl_theory *theory[2] = {solved(task, &p), solved_sum(&p)};
    ck_assert_double_eq_tol(get(theory[0], MFL_THEORY_M), get(theory[1], MFL_THEORY_M), 1e-4);
    double specialised = get(theory[0], MFL_THEORY_SPECIALISED);
    ck_assert(specialised > 0.05 && specialised < 0.95);
    for (int32_t side = 0; side < 2; side++) {
        mfl_options *options; /* other draws */
        ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_SEED, 3 + side), MFL_OK);
        sample(theory[side], count, d, w, a);
        for (int32_t s = 0; s < statistics; s++)
            value[side][s] = numbers(count);
        for (int64_t l = 0; l < count; l++) {
            const double *one = w + l * d;
            double all = 0.0, both = fabs(one[0]) + fabs(one[1]);
            for (int64_t j = 0; j < d; j++)
                all += one[j] * one[j];
            value[side][0][l] = one[0];
            value[side][1][l] = one[d - 1];
            value[side][2][l] = 0.5 * both * both / all;
            value[side][3][l] = a[l];
            value[side][4][l] = one[0] * one[1] * a[l];
        }
        mfl_theory_destroy(theory[side]);
    }
    for (int32_t s = 0; s < statistics; s++) {
        double off = kolmogorov(value[0][s], value[1][s], count);
        ck_assert_msg(off < 2.2 / sqrt(0.5 * count), "statistic %d: %g", s, off);
        free(value[0][s]);
        free(value[1][s]);
    }
    free(a);
    free(w);
}
END_TEST

/* ---- against a lattice of weights ---- */

/* Two inputs, x_1 + x_1 x_2/2, GELU: a neuron is its values at the four inputs, and nothing is approximated. The equations
 * are iterated from the kernel of the draws, in the space of the values. */
enum { inputs = 4, half = 60, nodes = 2 * half + 1 };

typedef struct world {
    double samples, square_noise, n, y[inputs], kernel[inputs][inputs], inner[inputs][inputs], noise;
    double density[nodes]; /* of w_1 */
} world;

static double at_node(int32_t i)
{
    return 0.1 * (i - half) / sqrt(2.0);
}

static void features(const double *w, double *phi)
{
    for (int32_t s = 0; s < inputs; s++) {
        double z = (s & 1 ? -w[0] : w[0]) + (s & 2 ? -w[1] : w[1]);
        phi[s] = 0.25 * z * erfc(-z * sqrt(0.5)); /* gelu(z)/sqrt(4) */
    }
}

/* to := (1 + ratio kernel)^-1 by Gauss and Jordan. */
static void respond(const world *of, double ratio, double (*to)[inputs])
{
    for (int32_t i = 0; i < inputs; i++)
        for (int32_t j = 0; j < inputs; j++)
            to[i][j] = (i == j) + ratio * of->kernel[i][j];
    for (int32_t k = 0; k < inputs; k++) {
        double pivot = 1.0 / to[k][k];
        to[k][k] = 1.0;
        for (int32_t j = 0; j < inputs; j++)
            to[k][j] *= pivot;
        for (int32_t i = 0; i < inputs; i++) {
            double factor = to[i][k];
            if (i == k)
                continue;
            to[i][k] = 0.0;
            for (int32_t j = 0; j < inputs; j++)
                to[i][j] -= factor * to[k][j];
        }
    }
}

/* kt(f) of (T16), from above. */
static double noise_of(const world *of, double f)
{
    double inverse[inputs][inputs], kt = of->square_noise + of->kernel[0][0] * inputs, next;
    for (int32_t i = 0; i < 5000; i++, kt = next) {
        next = of->square_noise;
        respond(of, f * of->samples / kt, inverse);
        for (int32_t s = 0; s < inputs; s++)
            next += kt / of->samples * (1.0 - inverse[s][s]);
    }
    return kt;
}

/* A and B of (T17), gamma = 1/2. */
static void feel(const world *of, const double *phi, double *a, double *b)
{
    *a = 1.0;
    *b = 0.0;
    for (int32_t i = 0; i < inputs; i++)
        for (int32_t j = 0; j < inputs; j++) {
            *a += phi[i] * of->inner[i][j] * phi[j] / of->n;
            *b += phi[i] * of->inner[i][j] * of->y[j] / sqrt(of->n);
        }
}

/* P (kt' + P K')^-1 from the kernel. */
static void set_inner(world *of)
{
    of->noise = noise_of(of, 1.0 - 1.0 / of->n);
    respond(of, (1.0 - 1.0 / of->n) * of->samples / of->noise, of->inner);
    for (int32_t i = 0; i < inputs; i++)
        for (int32_t j = 0; j < inputs; j++)
            of->inner[i][j] *= of->samples / of->noise;
}

/* The kernel from the law that belongs to it: how far it moves. */
static double sweep(world *of)
{
    double next[inputs][inputs] = {{0.0}}, mass = 0.0, moved = 0.0;
    set_inner(of);
    for (int32_t i = 0; i < nodes; i++)
        of->density[i] = 0.0;
    for (int32_t i = 0; i < nodes; i++)
        for (int32_t j = 0; j < nodes; j++) {
            double w[2] = {at_node(i), at_node(j)}, phi[inputs], a, b;
            features(w, phi);
            feel(of, phi, &a, &b);
            double p = exp(-w[0] * w[0] - w[1] * w[1] + 0.5 * b * b / a) / sqrt(a);
            mass += p;
            of->density[i] += p;
            for (int32_t s = 0; s < inputs; s++)
                for (int32_t t = 0; t < inputs; t++)
                    next[s][t] += p * phi[s] * phi[t];
        }
    for (int32_t i = 0; i < nodes; i++)
        of->density[i] /= mass * (at_node(1) - at_node(0));
    for (int32_t s = 0; s < inputs; s++)
        for (int32_t t = 0; t < inputs; t++) {
            moved = fmax(moved, fabs(next[s][t] / mass - of->kernel[s][t]));
            of->kernel[s][t] = next[s][t] / mass;
        }
    return moved;
}

/* Within 4.5 standard errors: the kernel of the draws, readouts in units of what (T17) says of them, and the density of
 * w_1 at five places. m follows from the kernel to the theory's own accuracy. */
START_TEST(draws_are_those_of_a_lattice)
{
    enum { count = 20000, d = 2, places = 5 };
    static const int32_t place[places] = {half - 30, half - 12, half, half + 4, half + 25};
    static const problem p = {d, 8, 2, 2, {1, 0, 1, 1}, {1.0, 0.5}, 8.0, 0.3, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_GELU,
                              MFL_THEORY_PRIOR_ISOTROPIC};
    world of = {.samples = p.samples, .square_noise = p.kappa * p.kappa, .n = (double)p.n};
    mfl_theory *theory = solved_sum(&p);
    double *w = numbers(count * d), *a = numbers(count), grid[places], density[places], error[places], moved = 1.0;
    mean kernel[inputs][inputs] = {{{0}}}, off = {0}, spread = {0}, signal = {0};
    sample(theory, count, d, w, a);
    for (int64_t l = 0; l < count; l++) {
        double phi[inputs];
        features(w + l * d, phi);
        for (int32_t s = 0; s < inputs; s++)
            for (int32_t t = 0; t < inputs; t++)
                add(&kernel[s][t], phi[s] * phi[t]);
    }
    for (int32_t s = 0; s < inputs; s++) {
        double x = s & 1 ? -1.0 : 1.0;
        of.y[s] = 0.5 * x * (1.0 + (s & 2 ? -0.5 : 0.5));
        for (int32_t t = 0; t < inputs; t++)
            of.kernel[s][t] = kernel[s][t].sum / count;
    }
    for (int32_t i = 0; i < 200 && moved > 1e-12; i++)
        moved = sweep(&of);
    ck_assert_double_le(moved, 1e-12);
    for (int32_t s = 0; s < inputs; s++)
        for (int32_t t = 0; t <= s; t++)
            expect(&kernel[s][t], of.kernel[s][t], "kernel", (size_t)(s * inputs + t));
    for (int64_t l = 0; l < count; l++) {
        double phi[inputs], one, field;
        features(w + l * d, phi);
        feel(&of, phi, &one, &field);
        double z = (a[l] - field / one) * sqrt(one);
        add(&off, z);
        add(&spread, z * z);
        add(&signal, z * field / sqrt(one));
    }
    expect(&off, 0.0, "readouts", 0);
    expect(&signal, 0.0, "readouts and their means", 0);
    expect(&spread, 1.0, "squares of readouts", 0);
    static const double first[] = {1.0, 0.0};
    for (int32_t i = 0; i < places; i++)
        grid[i] = at_node(place[i]);
    ck_assert_int_eq(mfl_theory_marginal_along(theory, first, 2, 2000, grid, places, density, error), MFL_OK);
    for (int32_t i = 0; i < places; i++)
        ck_assert_msg(fabs(density[i] - of.density[place[i]]) <= 4.5 * error[i] + 1e-4, "density at %g: %g +- %g, not %g",
                      grid[i], density[i], error[i], of.density[place[i]]);
    free(a);
    free(w);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_screened_neurons", draws_have_the_moments_of_screened_laws,
                             one_term_has_the_neurons_of_a_parity, draws_are_those_of_a_lattice);
}
