/* SPDX-License-Identifier: BSD-3-Clause */
/* Neurons drawn from solved theories and the densities averaged over them: against quadrature,
 * against draws by brute force in all dimensions, against the exact posterior of one neuron. Seeds
 * are fixed; false-alarm rates are those of new seeds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "two_samples.h"

static mfl_context *context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void close_context(void)
{
    mfl_context_destroy(context);
}

static mfl_theory *new_theory(mfl_task *task, int64_t d, int64_t n, int32_t preset)
{
    mfl_model *model;
    mfl_theory *theory;
    ck_assert_int_eq(mfl_model_create(context, d, n, &model), MFL_OK);
    ck_assert_msg(mfl_theory_create(context, task, model, &theory) == MFL_OK, "%s",
                  mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_use(theory, preset), MFL_OK);
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

static void solve(mfl_theory *theory, double samples, double kappa)
{
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s",
                  mfl_context_message(context));
}

static double get(const mfl_theory *theory, int32_t key)
{
    double value;
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, NULL), MFL_OK);
    return value;
}

static double *numbers(size_t count)
{
    double *all = calloc(count, sizeof *all);
    ck_assert_ptr_nonnull(all);
    return all;
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
    double average = of->sum / of->n,
           error = sqrt(fmax(0.0, of->square / of->n - average * average) / of->n);
    ck_assert_msg(fabs(average - value) <= 4.5 * error + 1e-7,
                  "%s, case %zu: %.7g +- %.2g, not %.7g", what, at, average, error, value);
}

/* ---- moments ---- */

typedef struct drawn {
    int64_t d, k;
    double on, across, sum; /* |w_S|^2, |w_perp|^2, |w_S|_1 */
} drawn;

static drawn look(int64_t d, int64_t k, const double *w)
{
    drawn one = {d, k, 0.0, 0.0, 0.0};
    for (int64_t j = 0; j < d; j++) {
        *(j < k ? &one.on : &one.across) += w[j] * w[j];
        one.sum += j < k ? fabs(w[j]) : 0.0;
    }
    return one;
}

/* Moments of draws are the quadrature's, for every closure, on both sides of the transition and at
 * both humps; (T12) holds for the draws' second moments within their error. */
START_TEST(draws_have_the_moments_of_the_law)
{
    static const struct {
        int64_t d, k, n;
        int32_t preset;
        double samples, kappa;
    } cases[] = {{20, 2, 128, MFL_THEORY_MF, 50.0, 0.1},
                 {20, 2, 128, MFL_THEORY_MF_ARD, 100.0, 0.1},
                 {14, 2, 32, MFL_THEORY_MF_SCREENED, 100.0, 0.1},
                 {20, 4, 64, MFL_THEORY_MF, 400.0, 0.08},
                 {3, 2, 8, MFL_THEORY_MF, 30.0, 0.2},
                 {20, 2, 1, MFL_THEORY_MF, 1.0, 1e-4},
                 {10, 2, 0, MFL_THEORY_MF, 100.0, 0.3},
                 {7, 1, 16, MFL_THEORY_MF_ARD, 60.0, 0.2},
                 {12, 2, 64, MFL_THEORY_MF, 0.0, 0.3}};
    enum { count = 20000 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t d = cases[i].d, k = cases[i].k;
        mfl_theory *theory = new_theory(parity(d, k), d, cases[i].n, cases[i].preset);
        double *w = numbers((size_t)(count * d));
        mean on = {0}, off = {0}, first = {0}, product = {0}, specialised = {0};
        solve(theory, cases[i].samples, cases[i].kappa);
        ck_assert_msg(mfl_theory_sample(theory, 0, count, w, d, NULL) == MFL_OK, "%s",
                      mfl_context_message(context));
        for (int64_t l = 0; l < count; l++) {
            drawn one = look(d, k, w + l * d);
            add(&on, one.on / (double)k);
            add(&off, one.across / (double)(d - k));
            add(&first, w[l * d]);
            add(&product, w[l * d] * w[l * d + d - 1]);
            add(&specialised, one.sum * one.sum > 0.5 * (double)k * (one.on + one.across));
        }
        expect(&on, get(theory, MFL_THEORY_WEIGHT_ON), "on", i);
        expect(&off, get(theory, MFL_THEORY_WEIGHT_OFF), "off", i);
        expect(&first, 0.0, "<w_1>", i);
        expect(&product, 0.0, "<w_1 w_d>", i);
        expect(&specialised, get(theory, MFL_THEORY_SPECIALISED), "specialised", i);
        if (cases[i].preset == MFL_THEORY_MF_ARD) {
            double unit = 1.0 / (double)d, rho = get(theory, MFL_THEORY_RHO_ON);
            on.sum = (4.5 / rho - 4.0 * unit) / 0.5 * on.n - on.sum;
            ck_assert(fabs(on.sum / on.n) < 4.5 * sqrt(on.square) / on.n);
        }
        free(w);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* N^(1 - gamma) <a J_S> is m, with J_S of ReLU and k = 2 in closed form: the reported fixed point
 * once more, with nothing of the theory but its draws. */
START_TEST(draws_carry_the_signal)
{
    enum { count = 40000, d = 20 };
    mfl_theory *theory = new_theory(parity(d, 2), d, 128, MFL_THEORY_MF);
    double *w = numbers(count * d), *a = numbers(count);
    mean m = {0};
    solve(theory, 100.0, 0.1);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, count, w, d, a), MFL_OK);
    for (int64_t l = 0; l < count; l++) {
        double across = sqrt(look(d, 2, w + l * d).across), j = 0.0;
        for (int32_t side = -1; side <= 1; side += 2) {
            double t = (w[l * d] + side * w[l * d + 1]) / across;
            j += 0.5 * side * across *
                 (0.5 * t * erf(t * sqrt(0.5)) + exp(-0.5 * t * t) / sqrt(8.0 * atan(1.0)));
        }
        add(&m, sqrt(128.0) * a[l] * j);
    }
    expect(&m, get(theory, MFL_THEORY_M), "m", 0);
    free(a);
    free(w);
    mfl_theory_destroy(theory);
}
END_TEST

/* Along a teacher's direction: <(w . u)^2>, and nothing of u in the rest. The readout follows the
 * sign of J, which for he_2 and ReLU is positive. */
START_TEST(draws_follow_a_teacher)
{
    enum { count = 20000, d = 9 };
    static const double direction[d] = {1.0, -2.0, 0.5, 0.0, 1.0, 0.0, 0.0, 2.0, -1.0};
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_hermite(context, d, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_direction(task, direction, d), MFL_OK);
    mfl_theory *theory = new_theory(task, d, 32, MFL_THEORY_MF);
    double *w = numbers(count * d), *a = numbers(count),
           norm = sqrt(1.0 + 4.0 + 0.25 + 1.0 + 4.0 + 1.0);
    mean on = {0}, off = {0}, readout = {0};
    solve(theory, 60.0, 0.2);
    ck_assert_int_eq(mfl_theory_sample(theory, 7, count, w, d, a), MFL_OK);
    for (int64_t l = 0; l < count; l++) {
        double along = 0.0, square = 0.0;
        for (int64_t j = 0; j < d; j++) {
            along += w[l * d + j] * direction[j] / norm;
            square += w[l * d + j] * w[l * d + j];
        }
        add(&on, along * along);
        add(&off, (square - along * along) / (d - 1));
        add(&readout, a[l]);
    }
    expect(&on, get(theory, MFL_THEORY_WEIGHT_ON), "on", 0);
    expect(&off, get(theory, MFL_THEORY_WEIGHT_OFF), "off", 0);
    ck_assert(readout.sum / readout.n > 0.05);
    free(a);
    free(w);
    mfl_theory_destroy(theory);
}
END_TEST

/* ---- brute force ---- */

static uint64_t generator;

static double uniform(void)
{
    generator = generator * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(generator >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
    double length = sqrt(-2.0 * log(uniform()));
    return length * cos(8.0 * atan(1.0) * uniform());
}

static double relu_projection(const double *w, int64_t d)
{
    double across = 0.0, j = 0.0;
    for (int64_t l = 2; l < d; l++)
        across += w[l] * w[l];
    across = sqrt(across);
    for (int32_t side = -1; side <= 1; side += 2) {
        double t = (w[0] + side * w[1]) / across;
        j += 0.5 * side * across *
             (0.5 * t * erf(t * sqrt(0.5)) + exp(-0.5 * t * t) / sqrt(8.0 * atan(1.0)));
    }
    return j;
}

/* (T8) by rejection from the prior in all d dimensions: B^2/2A is at most (P/2 kappa^2) delta^2 / 4
 * for k = 2. */
static void draw_by_force(int64_t d, double n, double gain, double delta, double *w, double *a)
{
    for (;;) {
        double square = 0.0;
        for (int64_t j = 0; j < d; j++) {
            w[j] = normal() / sqrt((double)d);
            square += w[j] * w[j];
        }
        double precision = 1.0 + gain / n * 0.5 * square,
               field = gain / sqrt(n) * delta * relu_projection(w, d);
        if (log(uniform()) <
            0.5 * field * field / precision - 0.5 * log(precision) - 0.125 * gain * delta * delta) {
            *a = field / precision + normal() / sqrt(precision);
            return;
        }
    }
}

/* Two samples of 8000 each differ by 2.2/sqrt(4000) or more with a probability of 2 exp(-2 * 2.2^2)
 * = 1.3e-4, for each of five statistics. The law has two humps: a fifth of the neurons is
 * specialised. */
START_TEST(draws_are_those_of_brute_force)
{
    enum { count = 8000, d = 6, statistics = 5 };
    const double samples = 14.0, kappa = 0.5;
    mfl_theory *theory = new_theory(parity(d, 2), d, 8, MFL_THEORY_MF);
    double *w[2], *a[2], *value[2];
    solve(theory, samples, kappa);
    double m = get(theory, MFL_THEORY_M), gain = samples / (kappa * kappa),
           specialised = get(theory, MFL_THEORY_SPECIALISED);
    ck_assert(specialised > 0.15 && specialised < 0.85);
    for (int32_t side = 0; side < 2; side++) {
        w[side] = numbers(count * d);
        a[side] = numbers(count);
        value[side] = numbers(count);
    }
    ck_assert_int_eq(mfl_theory_sample(theory, 0, count, w[0], d, a[0]), MFL_OK);
    generator = 17;
    for (int64_t l = 0; l < count; l++)
        draw_by_force(d, 8.0, gain, 1.0 - 7.0 / 8.0 * m, w[1] + l * d, &a[1][l]);
    for (int32_t s = 0; s < statistics; s++) {
        for (int32_t side = 0; side < 2; side++) {
            for (int64_t l = 0; l < count; l++) {
                const double *one = w[side] + l * d;
                drawn seen = look(d, 2, one);
                double all[statistics] = {one[0], one[5],
                                          seen.sum * seen.sum / (2.0 * (seen.on + seen.across)),
                                          a[side][l], one[0] * one[1] * a[side][l]};
                value[side][l] = all[s];
            }
        }
        ck_assert_msg(kolmogorov(value[0], value[1], count) < 2.2 / sqrt(0.5 * count),
                      "statistic %d", s);
    }
    for (int32_t side = 0; side < 2; side++) {
        free(w[side]);
        free(a[side]);
        free(value[side]);
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* N = 1 is exact: the posterior over one neuron (w, a), prior times exp(-(P/2 kappa^2)(a^2 Sigma -
 * 2 a J_S)), a integrated by a sum here; m = <a J_S>. Draws of w from the prior; within 4.5
 * standard errors, as above. */
START_TEST(one_neuron_is_its_own_posterior)
{
    enum { count = 100000, d = 6, nodes = 81 };
    const double samples = 10.0, kappa = 0.7, gain = samples / (kappa * kappa);
    mfl_theory *theory = new_theory(parity(d, 2), d, 1, MFL_THEORY_MF);
    double mass = 0.0, signal = 0.0, *p = numbers(count), *t = numbers(count), square = 0.0;
    solve(theory, samples, kappa);
    generator = 5;
    for (int64_t l = 0; l < count; l++) {
        double w[d], length = 0.0, spread;
        for (int64_t j = 0; j < d; j++) {
            w[j] = normal() / sqrt(d);
            length += w[j] * w[j];
        }
        double j = relu_projection(w, d);
        spread = 1.0 / sqrt(1.0 + gain * 0.5 * length);
        for (int32_t i = 0; i < nodes; i++) { /* of a, about its conditional mean */
            double a = gain * j * spread * spread + spread * 0.2 * (i - nodes / 2);
            double density =
                spread * exp(-0.5 * a * a - 0.5 * gain * (0.5 * a * a * length - 2.0 * a * j));
            p[l] += density;
            t[l] += density * a * j;
        }
        mass += p[l];
        signal += t[l];
    }
    double m = signal / mass;
    for (int64_t l = 0; l < count; l++)
        square += (t[l] - m * p[l]) * (t[l] - m * p[l]);
    ck_assert(sqrt(square) / mass < 0.02 * m);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m, 4.5 * sqrt(square) / mass);
    free(p);
    free(t);
    mfl_theory_destroy(theory);
}
END_TEST

/* ---- reproducibility ---- */

/* However draws are cut into calls and on however many threads: the same bits. Another seed:
 * others. */
START_TEST(draws_depend_on_seed_and_index_alone)
{
    enum { count = 300, d = 8, points = 5 };
    static const double grid[points] = {-0.4, 0.0, 0.1, 0.3, 0.9};
    mfl_theory *theory = new_theory(parity(d, 2), d, 32, MFL_THEORY_MF);
    mfl_options *options;
    double *w[2], *a[2], density[2][points];
    solve(theory, 60.0, 0.2);
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    for (int32_t side = 0; side < 2; side++) {
        w[side] = numbers(count * d);
        a[side] = numbers(count);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, side ? 1 : 4), MFL_OK);
        for (int64_t from = 0, step = side ? 77 : count; from < count; from += step) {
            int64_t some = from + step < count ? step : count - from;
            ck_assert_int_eq(
                mfl_theory_sample(theory, from, some, w[side] + from * d, d, a[side] + from),
                MFL_OK);
        }
        ck_assert_int_eq(mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_ON, 100, grid, points,
                                             density[side], NULL),
                         MFL_OK);
    }
    ck_assert_mem_eq(w[0], w[1], count * d * sizeof *w[0]);
    ck_assert_mem_eq(a[0], a[1], count * sizeof *a[0]);
    ck_assert_mem_eq(density[0], density[1], sizeof density[0]);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_SEED, 2), MFL_OK);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, count, w[1], d, a[1]), MFL_OK);
    ck_assert(w[0][0] != w[1][0] && a[0][5] != a[1][5]);
    for (int32_t side = 0; side < 2; side++) {
        free(w[side]);
        free(a[side]);
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* ---- marginal densities ---- */

/* Integral of x^power times a density over the grid beyond `from`, by the trapezoidal rule. */
static double integral(const double *grid, const double *density, int32_t count, int32_t power,
                       double from)
{
    double sum = 0.0;
    for (int32_t i = 0; i + 1 < count; i++)
        if (grid[i] >= from)
            sum += 0.5 * (grid[i + 1] - grid[i]) *
                   (density[i] * pow(grid[i], power) + density[i + 1] * pow(grid[i + 1], power));
    return sum;
}

/* Normalised by construction, to the accuracy of the grid; second moments and the share of
 * specialised neurons within 5 times their Monte Carlo error, which for moments that every draw
 * knows in part is below 4 %. */
START_TEST(marginal_densities_belong_to_the_law)
{
    static const struct {
        int64_t d, k;
        int32_t preset;
        double samples, kappa;
    } cases[] = {{20, 2, MFL_THEORY_MF, 60.0, 0.1},  {20, 2, MFL_THEORY_MF_ARD, 100.0, 0.1},
                 {16, 4, MFL_THEORY_MF, 200.0, 0.1}, {12, 2, MFL_THEORY_MF_SCREENED, 60.0, 0.15},
                 {5, 2, MFL_THEORY_MF, 20.0, 0.3},   {3, 2, MFL_THEORY_MF, 10.0, 0.3}};
    enum { points = 1201, draws = 500 };
    static double grid[points], density[points], error[points];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mfl_theory *theory =
            new_theory(parity(cases[i].d, cases[i].k), cases[i].d, 64, cases[i].preset);
        solve(theory, cases[i].samples, cases[i].kappa);
        for (int32_t kind = MFL_THEORY_MARGINAL_ON; kind <= MFL_THEORY_MARGINAL_ALIGNMENT; kind++) {
            int32_t turn = kind == MFL_THEORY_MARGINAL_ALIGNMENT;
            for (int32_t l = 0; l < points; l++) { /* denser at the ends of [0, 1], and about 0 */
                double x = (double)l / (points - 1), y = 2.0 * x - 1.0;
                grid[l] = turn ? x * x * x * (10.0 - 15.0 * x + 6.0 * x * x) : 3.5 * y * fabs(y);
            }
            ck_assert_msg(mfl_theory_marginal(theory, kind, draws, grid, points, density, error) ==
                              MFL_OK,
                          "%s", mfl_context_message(context));
            double mass = integral(grid, density, points, 0, -4.0);
            ck_assert_msg(fabs(mass - 1.0) < 2e-3, "case %zu, marginal %d: mass %.6f", i, kind,
                          mass);
            double second = integral(grid, density, points, 2, -4.0);
            if (turn) {
                double specialised = get(theory, MFL_THEORY_SPECIALISED),
                       tail = integral(grid, density, points, 0, 0.5);
                ck_assert_double_eq_tol(tail, specialised,
                                        5.0 * sqrt(specialised * (1.0 - specialised) / draws) +
                                            1e-3);
            } else {
                double exact = get(theory, kind == MFL_THEORY_MARGINAL_OFF ? MFL_THEORY_WEIGHT_OFF
                                                                           : MFL_THEORY_WEIGHT_ON);
                ck_assert_msg(fabs(second - exact) < 0.2 * exact,
                              "case %zu, marginal %d: %.5f, not %.5f", i, kind, second, exact);
            }
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* Without samples: a Gaussian weight, exactly, from every single draw. */
START_TEST(marginal_densities_of_the_prior)
{
    static const double grid[] = {-0.5, 0.0, 0.2, 0.7};
    mfl_theory *theory = new_theory(parity(10, 2), 10, 64, MFL_THEORY_MF);
    double density[4], error[4];
    solve(theory, 0.0, 0.1);
    for (int32_t kind = MFL_THEORY_MARGINAL_ON; kind <= MFL_THEORY_MARGINAL_PATTERN; kind++) {
        ck_assert_int_eq(mfl_theory_marginal(theory, kind, 20, grid, 4, density, error), MFL_OK);
        for (int32_t l = 0; l < 4; l++) {
            double exact = sqrt(10.0 / (8.0 * atan(1.0))) * exp(-5.0 * grid[l] * grid[l]);
            ck_assert_double_eq_tol(density[l], exact, 1e-5 * exact);
            ck_assert(error[l] < 1e-5 * exact);
        }
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* Standard errors are those of repetitions: over 24 seeds, the mean square of deviations in their
 * units lies in [0.3, 2.3] (false-alarm rate 1e-3 each way for independent normal deviations). */
START_TEST(marginal_errors_are_honest)
{
    enum { seeds = 24, points = 3 };
    static const double grid[points] = {0.0, 0.3, 0.8};
    mfl_theory *theory = new_theory(parity(20, 2), 20, 64, MFL_THEORY_MF);
    mfl_options *options;
    double value[seeds][points], error[seeds][points];
    solve(theory, 60.0, 0.1);
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    for (int32_t s = 0; s < seeds; s++) {
        ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_SEED, 100 + s), MFL_OK);
        ck_assert_int_eq(mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_ON, 200, grid, points,
                                             value[s], error[s]),
                         MFL_OK);
    }
    for (int32_t l = 0; l < points; l++) {
        double average = 0.0, square = 0.0;
        for (int32_t s = 0; s < seeds; s++)
            average += value[s][l] / seeds;
        for (int32_t s = 0; s < seeds; s++)
            square += pow((value[s][l] - average) / error[s][l], 2.0) / (seeds - 1);
        ck_assert_msg(square > 0.3 && square < 2.3, "at %g: %.2f", grid[l], square);
    }
    mfl_theory_destroy(theory);
}
END_TEST

START_TEST(what_is_not_there_is_refused)
{
    mfl_theory *theory = new_theory(parity(4, 4), 4, 16, MFL_THEORY_MF);
    double x = 0.5, density, w[4];
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 4, NULL), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_ON, 10, &x, 1, &density, NULL),
                     MFL_ERROR_STATE);
    solve(theory, 40.0, 0.4);
    ck_assert_int_eq(mfl_theory_sample(theory, -1, 1, w, 4, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, -1, w, 4, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_sample(theory, INT64_C(1) << 40, 1, w, 4, NULL),
                     MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 3, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 0, NULL, 0, NULL), MFL_OK);
    ck_assert_int_eq(
        mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_OFF, 10, &x, 1, &density, NULL),
        MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_theory_marginal(theory, 4, 10, &x, 1, &density, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_marginal(theory, 0, 1, &x, 1, &density, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_marginal(theory, 0, 10, NULL, 1, &density, NULL), MFL_ERROR_NULL);
    x = 1.5;
    ck_assert_int_eq(
        mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_ALIGNMENT, 10, &x, 1, &density, NULL),
        MFL_ERROR_ARGUMENT);
    x = 0.5;
    mfl_context_cancel(context);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 4, NULL), MFL_ERROR_CANCELLED);
    ck_assert_int_eq(mfl_theory_marginal(theory, 0, 10, &x, 1, &density, NULL),
                     MFL_ERROR_CANCELLED);
    mfl_context_resume(context);
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 4, NULL), MFL_OK);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(open_context, close_context, "theory_neurons",
                             draws_have_the_moments_of_the_law, draws_carry_the_signal,
                             draws_follow_a_teacher, draws_are_those_of_brute_force,
                             one_neuron_is_its_own_posterior, draws_depend_on_seed_and_index_alone,
                             marginal_densities_belong_to_the_law, marginal_densities_of_the_prior,
                             marginal_errors_are_honest, what_is_not_there_is_refused);
}
