/* SPDX-License-Identifier: BSD-3-Clause */
/* Neurons and densities of theories with several modes and of every activation: against the solver, against the
 * definition of m_A, against rejection from the prior in all dimensions. Seeds are fixed; false-alarm rates are those of
 * new seeds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "theories.h"
#include "two_samples.h"

static const double pi = 3.14159265358979323846;

enum { variables_most = 3, terms_most = 3, modes_most = 16 };

typedef struct problem {
    int64_t d, n;
    double samples, kappa;
    int32_t activation, law, preset, induced;
    int64_t variables, terms, degrees[terms_most * variables_most];
    double coefficients[terms_most];
} problem;

static int32_t tangent(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    for (int64_t i = 0; i < count; i++) {
        value[i] = tanh(z[i]);
        derivative[i] = 1.0 - value[i] * value[i];
    }
    return *(int32_t *)user_data;
}

static int32_t refusal;

static mfl_theory *new_theory(const problem *p)
{
    mfl_options *options;
    mfl_task *task = new_sum(p->d, p->variables, p->terms, p->degrees, p->coefficients, p->law);
    mfl_model *model = new_model(p->d, p->n, p->activation == MFL_ACTIVATION_CALLER ? MFL_ACTIVATION_TANH : p->activation);
    if (p->activation == MFL_ACTIVATION_CALLER)
        ck_assert_int_eq(mfl_model_set_activation(model, tangent, &refusal), MFL_OK);
    mfl_theory *theory = theory_of_both(task, model, &options);
    ck_assert_int_eq(mfl_theory_use(theory, p->preset), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, p->induced), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-3), MFL_OK);
    return theory;
}

static mfl_theory *solved(const problem *p)
{
    mfl_theory *theory = new_theory(p);
    solve(theory, p->samples, p->kappa);
    return theory;
}

static double weight(const mfl_theory *theory, int64_t variable)
{
    double value;
    ck_assert_int_eq(mfl_theory_get_variable(theory, variable, MFL_THEORY_WEIGHT_ON, &value, NULL), MFL_OK);
    return value;
}

static double *numbers(size_t count)
{
    double *all = calloc(count, sizeof *all);
    ck_assert_ptr_nonnull(all);
    return all;
}

/* ---- J_A by its definition ---- */

static double phi(int32_t activation, double x)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
        return fmax(x, 0.0);
    case MFL_ACTIVATION_ERF:
        return erf(x);
    case MFL_ACTIVATION_TANH:
    case MFL_ACTIVATION_CALLER:
        return tanh(x);
    case MFL_ACTIVATION_GELU:
        return 0.5 * x * erfc(-x * sqrt(0.5));
    default:
        return x * x;
    }
}

/* E phi(mu + s z) he_q(z): the trapezoidal rule, for ReLU on a fine mesh. */
static double average(int32_t activation, double mu, double s, int64_t q)
{
    double h = activation == MFL_ACTIVATION_RELU ? 0.02 : 0.5, sum = 0.0;
    for (double z = -8.0; z <= 8.0 + 0.5 * h; z += h) {
        double he[4] = {1.0, z, (z * z - 1.0) / sqrt(2.0), (z * z * z - 3.0 * z) / sqrt(6.0)};
        sum += h * exp(-0.5 * z * z) / sqrt(2.0 * pi) * phi(activation, mu + s * z) * he[q];
    }
    return sum;
}

static double projection(const problem *p, const int64_t *degrees, const double *w)
{
    double across = 0.0, length = 0.0, sum = 0.0;
    int64_t r = p->variables, total = 0;
    for (int64_t j = 0; j < p->d; j++) {
        length += w[j] * w[j];
        across += j < r ? 0.0 : w[j] * w[j];
    }
    for (int64_t j = 0; j < r; j++)
        total += degrees[j];
    if (p->law == MFL_INPUT_GAUSSIAN) {
        double factor = tgamma((double)total + 1.0);
        for (int64_t j = 0; j < r; j++)
            factor /= tgamma((double)degrees[j] + 1.0);
        sum = sqrt(factor) * average(p->activation, 0.0, sqrt(length), total);
        for (int64_t j = 0; j < r; j++)
            sum *= pow(w[j] / sqrt(length), (double)degrees[j]);
        return sum;
    }
    for (int32_t s = 0; s < 1 << r; s++) {
        double mu = 0.0, sign = 1.0;
        for (int64_t j = 0; j < r; j++) {
            mu += s >> j & 1 ? -w[j] : w[j];
            sign = degrees[j] && s >> j & 1 ? -sign : sign;
        }
        sum += sign * average(p->activation, mu, sqrt(across), 0) / (1 << r);
    }
    return sum;
}

/* ---- moments ---- */

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
    double is = of->sum / of->n, error = sqrt(fmax(0.0, of->square / of->n - is * is) / of->n);
    ck_assert_msg(fabs(is - value) <= 4.5 * error + 1e-6, "%s, case %zu: %.7g +- %.2g, not %.7g", what, at, is, error,
                  value);
}

static int32_t is_specialised(const problem *p, const double *w)
{
    double whole = 0.0, on = 0.0;
    for (int64_t j = 0; j < p->d; j++) {
        whole += w[j] * w[j];
        on += j < p->variables ? w[j] * w[j] : 0.0;
    }
    if (p->law == MFL_INPUT_GAUSSIAN)
        return on > 0.5 * whole;
    for (int64_t i = 0; i < p->terms; i++) {
        double sum = 0.0, size = 0.0;
        for (int64_t j = 0; j < p->variables; j++) {
            sum += p->degrees[i * p->variables + j] ? fabs(w[j]) : 0.0;
            size += (double)p->degrees[i * p->variables + j];
        }
        if (sum * sum > 0.5 * size * whole)
            return 1;
    }
    return 0;
}

static const problem cases[] = {
    {20, 64, 100.0, 0.1, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
    {12, 32, 120.0, 0.2, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
    {15, 32, 60.0, 0.2, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 1, 1, {1}, {1.0}},
    {10, 16, 200.0, 0.1, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 3, 1, {1, 1, 1}, {1.0}},
    {10, 24, 120.0, 0.2, MFL_ACTIVATION_RELU, MFL_INPUT_GAUSSIAN, MFL_THEORY_MF, 0, 2, 2, {1, 0, 1, 1}, {1.0, 1.0}},
    {9, 24, 200.0, 0.2, MFL_ACTIVATION_GELU, MFL_INPUT_GAUSSIAN, MFL_THEORY_MF, 0, 1, 2, {1, 3}, {0.5, 1.0}},
    {14, 32, 80.0, 0.2, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF_ARD, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
    {2, 8, 40.0, 0.3, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
    {8, 32, 0.0, 0.3, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 2, 2, {1, 0, 0, 1}, {1.0, 0.7}},
    {8, 16, 60.0, 0.3, MFL_ACTIVATION_CALLER, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 1, 1, {1}, {1.0}},
    {12, 32, 100.0, 0.2, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF_SCREENED, 0, 1, 1, {1}, {1.0}},
    {6, 16, 60.0, 0.3, MFL_ACTIVATION_QUADRATIC, MFL_INPUT_HYPERCUBE, MFL_THEORY_MF, 0, 2, 1, {1, 1}, {1.0}},
};

/* <w_j^2>, nothing else in common, the part that is specialised; and N^(1 - gamma) <a J_A> = m_A where the closure has
 * (T9), with J_A from its definition: the reported fixed point once more, with nothing of the theory but its draws. */
START_TEST(draws_have_the_moments_of_the_law)
{
    enum { count = 6000 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const problem *p = &cases[i];
        mfl_theory *theory = solved(p);
        double *w = numbers((size_t)(count * p->d)), *a = numbers(count);
        mean on[variables_most] = {{0}}, off = {0}, product = {0}, specialised = {0}, m[modes_most] = {{0}};
        int64_t modes;
        int64_t degrees[modes_most][variables_most], r = p->variables;
        ck_assert_msg(mfl_theory_sample(theory, 0, count, w, p->d, a) == MFL_OK, "%s", mfl_context_message(context));
        ck_assert_int_eq(mfl_theory_mode_count(theory, &modes), MFL_OK);
        for (int64_t mode = 0; mode < modes; mode++)
            ck_assert_int_eq(mfl_theory_mode(theory, mode, degrees[mode], variables_most, NULL, NULL), MFL_OK);
        for (int64_t l = 0; l < count; l++) {
            const double *one = w + l * p->d;
            double across = 0.0;
            for (int64_t j = 0; j < r; j++)
                add(&on[j], one[j] * one[j]);
            for (int64_t j = r; j < p->d; j++)
                across += one[j] * one[j];
            add(&off, across / (double)(p->d - r));
            add(&product, one[0] * one[p->d - 1] * (p->d > r));
            add(&specialised, is_specialised(p, one));
            for (int64_t mode = 0; mode < modes && l < count / 3; mode++)
                add(&m[mode], sqrt((double)p->n) * a[l] * projection(p, degrees[mode], one));
        }
        for (int64_t j = 0; j < r; j++)
            expect(&on[j], weight(theory, j), "on", i);
        if (p->d > r)
            expect(&off, get(theory, MFL_THEORY_WEIGHT_OFF), "off", i);
        expect(&product, 0.0, "<w_1 w_d>", i);
        double part, edge;
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_SPECIALISED, &part, &edge), MFL_OK);
        ck_assert(edge < 1e-3 || p->preset == MFL_THEORY_MF_SCREENED);
        part += fmax(-edge, fmin(specialised.sum / specialised.n - part, edge)); /* the nearest that is claimed */
        expect(&specialised, part, "specialised", i);
        for (int64_t mode = 0; mode < modes && p->preset != MFL_THEORY_MF_SCREENED; mode++) {
            double value;
            ck_assert_int_eq(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &value, NULL), MFL_OK);
            expect(&m[mode], value, "m", i);
        }
        free(a);
        free(w);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* ---- specialised neurons ---- */

/* erf and he_1 on Gaussian inputs in closed form: with s = |w| and c = w . u/s, J = 2 s c/sqrt(pi (1 + 2 s^2)) and
 * Sigma = (2/pi) arcsin(2 s^2/(1 + 2 s^2)). Simpson's rule over the angle on either side of the edge, the trapezoidal one
 * over log s^2. */
static double specialised_by_sums(double d, double n, double gain, double delta)
{
    enum { lengths = 800, angles = 400 };
    double mass[2] = {0.0, 0.0};
    for (int32_t i = 0; i < lengths; i++) {
        double y = -3.0 + 9.0 * i / lengths, x = exp(y), square = x / d;
        double sigma = 2.0 / pi * asin(2.0 * square / (1.0 + 2.0 * square)), u = gain / n * sigma;
        for (int32_t side = 0; side < 2; side++) {
            for (int32_t j = 0; j <= angles; j++) {
                double angle = 0.25 * pi * (side + (double)j / angles), c = cos(angle);
                double projection = 4.0 * square * c * c / (pi * (1.0 + 2.0 * square));
                double weight = j == 0 || j == angles ? 1.0 : j % 2 ? 4.0 : 2.0;
                mass[side] += weight * exp(0.5 * d * y - 0.5 * x - 0.5 * log1p(u) +
                                           0.5 * gain * u / (1.0 + u) * delta * delta * projection / sigma) *
                              pow(sin(angle), d - 2.0);
            }
        }
    }
    return mass[0] / (mass[0] + mass[1]);
}

START_TEST(the_edge_of_specialised_neurons)
{
    static const double samples_of[] = {30.0, 80.0, 300.0};
    for (int32_t i = 0; i < 3; i++) {
        problem p = {9, 16, samples_of[i], 0.5, MFL_ACTIVATION_ERF, MFL_INPUT_GAUSSIAN, 0, 0, 1, 1, {1}, {1.0}};
        mfl_theory *theory = solved(&p);
        mfl_options *options;
        double part, error, m;
        ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-8), MFL_OK);
        ck_assert_int_eq(mfl_theory_solve(theory, p.samples, p.kappa), MFL_OK);
        m = get(theory, MFL_THEORY_M);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_SPECIALISED, &part, &error), MFL_OK);
        double sum = specialised_by_sums(9.0, 16.0, p.samples / 0.25, 1.0 - 15.0 / 16.0 * m);
        ck_assert_msg(fabs(part - sum) <= error + 1e-8, "%.9f +- %.1e, not %.9f", part, error, sum);
        ck_assert(error < 1e-6 && part > 0.01 && part < 0.99);
        mfl_theory_destroy(theory);
    }
    problem kinked = {20, 64, 100.0, 0.1, MFL_ACTIVATION_RELU, MFL_INPUT_HYPERCUBE, 0, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}};
    double loose[2], tight[2];
    for (int32_t fine = 0; fine < 2; fine++) { /* the edge is that of one mode here, of the other there */
        mfl_theory *theory = new_theory(&kinked);
        mfl_options *options;
        ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, fine ? 1e-11 : 1e-4), MFL_OK);
        ck_assert_int_eq(mfl_theory_solve(theory, kinked.samples, kinked.kappa), MFL_OK);
        double *to = fine ? tight : loose;
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_SPECIALISED, &to[0], &to[1]), MFL_OK);
        mfl_theory_destroy(theory);
    }
    ck_assert(fabs(loose[0] - tight[0]) <= loose[1] + tight[1] && tight[1] < 2e-6);
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
    return length * cos(2.0 * pi * uniform());
}

/* E phi^2 of (T4), for smooth phi. */
static double power(const problem *p, const double *w)
{
    double across = 0.0, length = 0.0, sum = 0.0;
    for (int64_t j = 0; j < p->d; j++) {
        length += w[j] * w[j];
        across += j < p->variables ? 0.0 : w[j] * w[j];
    }
    int32_t signs = p->law == MFL_INPUT_GAUSSIAN ? 1 : 1 << p->variables;
    for (int32_t s = 0; s < signs; s++) {
        double mu = 0.0, h = 0.5, spread = sqrt(signs > 1 ? across : length);
        for (int64_t j = 0; j < p->variables && signs > 1; j++)
            mu += s >> j & 1 ? -w[j] : w[j];
        for (double z = -8.0; z <= 8.25; z += h)
            sum += h * exp(-0.5 * z * z) / sqrt(2.0 * pi) * pow(phi(p->activation, mu + spread * z), 2.0) / signs;
    }
    return sum;
}

/* (T8) by rejection from the prior in all d dimensions: sum_A J_A^2 <= Sigma bounds B^2/2A by (P/2 kappa^2) |delta|^2. */
static void draw_by_force(const problem *p, int64_t modes, int64_t (*degrees)[variables_most], const double *delta,
                          double *w, double *a)
{
    double gain = p->samples / (p->kappa * p->kappa), square = 0.0;
    for (int64_t i = 0; i < modes; i++)
        square += delta[i] * delta[i];
    for (;;) {
        double field = 0.0;
        for (int64_t j = 0; j < p->d; j++)
            w[j] = normal() / sqrt((double)p->d);
        double precision = 1.0 + gain / (double)p->n * power(p, w);
        for (int64_t i = 0; i < modes; i++)
            field += gain / sqrt((double)p->n) * delta[i] * projection(p, degrees[i], w);
        if (log(uniform()) < 0.5 * field * field / precision - 0.5 * log(precision) - 0.5 * gain * square) {
            *a = field / precision + normal() / sqrt(precision);
            return;
        }
    }
}

/* Two samples of n each differ by 2.2/sqrt(n/2) or more with a probability of 2 exp(-2 * 2.2^2) = 1.3e-4, for each of
 * six statistics of three problems. */
START_TEST(draws_are_those_of_brute_force)
{
    enum { count = 1500, statistics = 6 };
    static const problem all[] = {
        {4, 3, 6.0, 1.0, MFL_ACTIVATION_GELU, MFL_INPUT_HYPERCUBE, 0, 0, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}},
        {4, 3, 6.0, 1.0, MFL_ACTIVATION_ERF, MFL_INPUT_HYPERCUBE, 0, 0, 2, 2, {1, 0, 0, 1}, {0.8, 0.8}},
        {4, 3, 6.0, 1.0, MFL_ACTIVATION_TANH, MFL_INPUT_GAUSSIAN, 0, 0, 1, 2, {1, 3}, {0.5, 1.0}},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const problem *p = &all[i];
        mfl_theory *theory = solved(p);
        int64_t modes;
        int64_t degrees[modes_most][variables_most], d = p->d;
        double delta[modes_most], *w[2], *a[2], *value[2];
        ck_assert_int_eq(mfl_theory_mode_count(theory, &modes), MFL_OK);
        for (int64_t mode = 0; mode < modes; mode++) {
            double target, m;
            ck_assert_int_eq(mfl_theory_mode(theory, mode, degrees[mode], variables_most, NULL, &target), MFL_OK);
            ck_assert_int_eq(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &m, NULL), MFL_OK);
            delta[mode] = target - (1.0 - 1.0 / (double)p->n) * m;
        }
        for (int32_t side = 0; side < 2; side++) {
            w[side] = numbers((size_t)(count * d));
            a[side] = numbers(count);
            value[side] = numbers(count);
        }
        ck_assert_int_eq(mfl_theory_sample(theory, 0, count, w[0], d, a[0]), MFL_OK);
        generator = 17 + i;
        for (int64_t l = 0; l < count; l++)
            draw_by_force(p, modes, degrees, delta, w[1] + l * d, &a[1][l]);
        for (int32_t s = 0; s < statistics; s++) {
            for (int32_t side = 0; side < 2; side++) {
                for (int64_t l = 0; l < count; l++) {
                    const double *one = w[side] + l * d;
                    double last = one[d - 1], all_of[statistics] = {one[0],   one[1],           last * last,
                                                                    a[side][l], one[0] * a[side][l],
                                                                    one[0] * one[1] * a[side][l]};
                    value[side][l] = all_of[s];
                }
            }
            ck_assert_msg(kolmogorov(value[0], value[1], count) < 2.2 / sqrt(0.5 * count), "case %zu, statistic %d", i,
                          (int)s);
        }
        for (int32_t side = 0; side < 2; side++) {
            free(w[side]);
            free(a[side]);
            free(value[side]);
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* The same bits however draws are cut into calls, on however many threads. */
START_TEST(draws_depend_on_seed_and_index_alone)
{
    enum { count = 300, points = 4 };
    static const double grid[points] = {-0.3, 0.0, 0.2, 0.8}, direction[2] = {1.0, -1.0};
    const problem *p = &cases[1];
    mfl_theory *theory = solved(p);
    mfl_options *options;
    double *w[2], *a[2], density[2][points];
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    for (int32_t side = 0; side < 2; side++) {
        w[side] = numbers((size_t)(count * p->d));
        a[side] = numbers(count);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, side ? 1 : 4), MFL_OK);
        for (int64_t from = 0, step = side ? 77 : count; from < count; from += step) {
            int64_t some = from + step < count ? step : count - from;
            ck_assert_int_eq(mfl_theory_sample(theory, from, some, w[side] + from * p->d, p->d, a[side] + from), MFL_OK);
        }
        ck_assert_int_eq(mfl_theory_marginal_along(theory, direction, 2, 100, grid, points, density[side], NULL), MFL_OK);
    }
    ck_assert_mem_eq(w[0], w[1], (size_t)(count * p->d) * sizeof *w[0]);
    ck_assert_mem_eq(a[0], a[1], count * sizeof *a[0]);
    ck_assert_mem_eq(density[0], density[1], sizeof density[0]);
    for (int32_t side = 0; side < 2; side++) {
        free(w[side]);
        free(a[side]);
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* ---- marginal densities ---- */

/* Integral of x^power times a density over the grid beyond `from`, by the trapezoidal rule. */
static double integral(const double *grid, const double *density, int32_t count, int32_t of, double from)
{
    double sum = 0.0;
    for (int32_t i = 0; i + 1 < count; i++)
        if (grid[i] >= from)
            sum += 0.5 * (grid[i + 1] - grid[i]) *
                   (density[i] * pow(grid[i], of) + density[i + 1] * pow(grid[i + 1], of));
    return sum;
}

/* Normalised to the accuracy of the grid; second moments to 25 %, where those of 150 draws have some 5, and the part
 * beyond an alignment of 1/2 within 5 standard errors of 150 draws. */
START_TEST(marginal_densities_belong_to_the_law)
{
    enum { points = 401, draws = 150 };
    static const size_t chosen[] = {0, 4, 7, 10};
    static double grid[points], density[points], error[points];
    for (size_t at = 0; at < sizeof chosen / sizeof *chosen; at++) {
        size_t i = chosen[at];
        const problem *p = &cases[i];
        mfl_theory *theory = solved(p);
        double held = p->law == MFL_INPUT_GAUSSIAN ? (double)p->variables : 1.0, scale = 6.0;
        for (int32_t kind = MFL_THEORY_MARGINAL_ON; kind <= MFL_THEORY_MARGINAL_ALIGNMENT; kind++) {
            int32_t turn = kind == MFL_THEORY_MARGINAL_ALIGNMENT;
            int32_t missing = (turn && (double)p->d < held + 2.0) || (kind == MFL_THEORY_MARGINAL_OFF && p->d == p->variables);
            for (int32_t l = 0; l < points; l++) { /* denser at the ends of [0, 1], and about 0 */
                double x = (double)l / (points - 1), y = 2.0 * x - 1.0;
                grid[l] = turn ? x * x * x * (10.0 - 15.0 * x + 6.0 * x * x) : scale * y * fabs(y);
            }
            int32_t status = mfl_theory_marginal(theory, kind, draws, grid, points, density, error);
            ck_assert_msg(status == (missing ? MFL_ERROR_STATE : MFL_OK), "%s", mfl_context_message(context));
            if (missing)
                continue;
            if (turn && p->variables == 1) /* like x^(-1/2) at 0 */
                density[0] = density[1];
            double mass = integral(grid, density, points, 0, -scale);
            ck_assert_msg(fabs(mass - 1.0) < 4e-3, "case %zu, marginal %d: mass %.6f", i, kind, mass);
            double second = integral(grid, density, points, 2, -scale);
            if (turn) {
                double part = get(theory, MFL_THEORY_SPECIALISED);
                ck_assert_double_eq_tol(integral(grid, density, points, 0, 0.5), part,
                                        5.0 * sqrt(part * (1.0 - part) / draws) + 2e-3);
            } else if (kind != MFL_THEORY_MARGINAL_PATTERN) {
                int32_t off = kind == MFL_THEORY_MARGINAL_OFF;
                double exact = get(theory, off ? MFL_THEORY_WEIGHT_OFF : MFL_THEORY_WEIGHT_ON);
                ck_assert_msg(fabs(second - exact) < 0.25 * exact, "case %zu, marginal %d: %.5f, not %.5f", i, kind,
                              second, exact);
            }
        }
        for (int64_t j = 0; j < p->variables; j++) { /* each variable */
            double v[variables_most] = {0.0}, exact = weight(theory, j);
            v[j] = -2.0;
            for (int32_t l = 0; l < points; l++) {
                double y = 2.0 * l / (points - 1.0) - 1.0;
                grid[l] = scale * y * fabs(y);
            }
            ck_assert_int_eq(mfl_theory_marginal_along(theory, v, p->variables, draws, grid, points, density, error),
                             MFL_OK);
            ck_assert_double_eq_tol(integral(grid, density, points, 0, -scale), 1.0, 4e-3);
            ck_assert_double_eq_tol(integral(grid, density, points, 2, -scale), exact, 0.25 * exact);
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* Along two directions that a turn of the plane relates the law is the same where the target is: x_1 + x_2 is even in
 * w_1 - w_2, not in w_1 + w_2 alone; without samples any direction is Gaussian. */
START_TEST(directions)
{
    enum { points = 5 };
    static const double grid[points] = {-0.7, -0.2, 0.0, 0.2, 0.7}, v[3][2] = {{1.0, -1.0}, {0.3, 0.8}, {2e200, 0.0}};
    const problem *prior = &cases[8];
    mfl_theory *theory = solved(prior);
    double density[points], error[points];
    for (int32_t i = 0; i < 3; i++) {
        ck_assert_int_eq(mfl_theory_marginal_along(theory, v[i], 2, 20, grid, points, density, error), MFL_OK);
        for (int32_t l = 0; l < points; l++) {
            double exact = sqrt(8.0 / (2.0 * pi)) * exp(-4.0 * grid[l] * grid[l]);
            ck_assert_double_eq_tol(density[l], exact, 1e-5 * exact);
            ck_assert(error[l] < 1e-5 * exact);
        }
    }
    ck_assert_int_eq(mfl_theory_marginal_along(theory, v[0], 3, 20, grid, points, density, error), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_theory_marginal_along(theory, NULL, 2, 20, grid, points, density, error), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_theory_marginal_along(theory, grid + 2, 2, 20, grid, points, NULL, error), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_theory_marginal_along(theory, (double[]){0.0, 0.0}, 2, 20, grid, points, density, error),
                     MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_theory_marginal_along(theory, (double[]){0.0, NAN}, 2, 20, grid, points, density, error),
                     MFL_ERROR_NOT_FINITE);
    mfl_theory_destroy(theory);
}
END_TEST

/* A caller's activation that refuses stops draws and densities. */
START_TEST(a_callers_refusal_is_reported)
{
    const problem *p = &cases[9];
    mfl_theory *theory = solved(p);
    double w[8], a, x = 0.1, density;
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 8, &a), MFL_OK);
    refusal = 3;
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 8, &a), MFL_ERROR_CALLBACK);
    ck_assert_int_eq(mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_OFF, 10, &x, 1, &density, NULL), MFL_ERROR_CALLBACK);
    refusal = 0;
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, w, 8, &a), MFL_OK);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_several", draws_have_the_moments_of_the_law,
                             the_edge_of_specialised_neurons, draws_are_those_of_brute_force, draws_depend_on_seed_and_index_alone,
                             marginal_densities_belong_to_the_law, directions, a_callers_refusal_is_reported);
}
