/* SPDX-License-Identifier: BSD-3-Clause */
/* Diagnostics of traces: against Stan's R package posterior, against the published formulas written
 * down once more without any speed, and on sequences whose correlation is known. */
#include <math.h>
#include <mflearn/mflearn.h>
#include <stdlib.h>
#include <string.h>

#include "../run.h"

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s: %s", #call, mfl_context_message(context))

enum { NUMBERS = 10, QUANTILES = 5, MOST = 8192 };

static const int32_t keys[NUMBERS]
    = {MFL_DIAGNOSTIC_MEAN,          MFL_DIAGNOSTIC_DEVIATION,    MFL_DIAGNOSTIC_R_HAT,
       MFL_DIAGNOSTIC_R_HAT_BULK,    MFL_DIAGNOSTIC_R_HAT_FOLDED, MFL_DIAGNOSTIC_ESS_BULK,
       MFL_DIAGNOSTIC_ESS_TAIL,      MFL_DIAGNOSTIC_ESS_MEAN,     MFL_DIAGNOSTIC_MCSE_MEAN,
       MFL_DIAGNOSTIC_MCSE_DEVIATION};
static const double probabilities[QUANTILES] = {0.0, 0.1, 0.5, 0.95, 1.0};

static mfl_context *context;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

/* ---- traces that R makes with the same bits: scripts/make_posterior_references.R ---- */

typedef struct recipe {
    double chains, draws, seed, phi, scale, shift, trend, levels;
} recipe;

static double park_miller;

static double uniform(void)
{
    park_miller = fmod(16807.0 * park_miller, 2147483647.0);
    return park_miller / 2147483647.0;
}

static void make_trace(const recipe *r, double *x)
{
    park_miller = r->seed;
    for (int c = 0; c < (int)r->chains; c++) {
        double y = 0.0;
        for (int i = -20; i < (int)r->draws; i++) {
            const double u = uniform(), product = r->phi * y;
            y = product + (u - 0.5);
            const double z = r->levels > 0.0   ? floor(r->levels * u)
                             : r->levels < 0.0 ? 1.0 / (u - 0.5)
                                               : y;
            const double scaled = (1.0 + r->scale * c) * z, shift = r->shift * c,
                         trend = r->trend * i;
            if (i >= 0)
                x[c * (int)r->draws + i] = scaled + shift + trend;
        }
    }
}

static const struct {
    recipe recipe;
    double numbers[NUMBERS];
    double quantiles[3 * QUANTILES];
} references[] = {
#include "references/posterior.h"
};

static void check(double found, double expected, double tolerance, size_t row, int column)
{
    ck_assert_msg(isnan(expected)   ? isnan(found)
                  : isinf(expected) ? found == expected
                                    : fabs(found - expected) <= tolerance * (fabs(expected) + 1e-3),
                  "row %zu, number %d: %.15g, expected %.15g", row, column, found, expected);
}

START_TEST(equal_to_posterior)
{
    static double x[MOST];
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        const recipe *r = &references[i].recipe;
        const int64_t chains = (int64_t)r->chains, draws = (int64_t)r->draws;
        double numbers[NUMBERS], quantiles[3 * QUANTILES];
        ck_assert_int_le(chains * draws, MOST);
        make_trace(r, x);
        OK(mfl_diagnose(context, x, chains, draws, draws, keys, NUMBERS, numbers));
        OK(mfl_diagnose_quantiles(context, x, chains, draws, draws, probabilities, QUANTILES,
                                  quantiles, quantiles + QUANTILES, quantiles + 2 * QUANTILES));
        for (int k = 0; k < NUMBERS; k++)
            check(numbers[k], references[i].numbers[k], 1e-11, i, k);
        for (int k = 0; k < 3 * QUANTILES; k++)
            check(quantiles[k], references[i].quantiles[k], 1e-11, i, NUMBERS + k);
    }
}
END_TEST

/* ---- the formulas of Vehtari et al. (2021), O(S^2) ---- */

static double normal_quantile(double p)
{
    double low = -40.0, high = 40.0;
    for (int i = 0; i < 200; i++) {
        const double middle = 0.5 * (low + high);
        *(0.5 * erfc(-middle / sqrt(2.0)) < p ? &low : &high) = middle;
    }
    return low;
}

/* Halves of an even number of draws, each of n: z[m][n] in a row. */
static void normalise(const double *x, int count, double *z)
{
    for (int i = 0; i < count; i++) {
        double below = 0.0, equal = 0.0;
        for (int j = 0; j < count; j++) {
            below += x[j] < x[i];
            equal += x[j] == x[i];
        }
        z[i] = normal_quantile((below + 0.5 * (equal + 1.0) - 3.0 / 8.0) / (count + 1.0 / 4.0));
    }
}

static void within_and_between(const double *x, int m, int n, double *within, double *between)
{
    double grand = 0.0;
    *within = *between = 0.0;
    for (int i = 0; i < m * n; i++)
        grand += x[i] / (m * n);
    for (int j = 0; j < m; j++) {
        double mean = 0.0;
        for (int i = 0; i < n; i++)
            mean += x[j * n + i] / n;
        for (int i = 0; i < n; i++)
            *within += (x[j * n + i] - mean) * (x[j * n + i] - mean) / (n - 1) / m;
        *between += n * (mean - grand) * (mean - grand) / (m - 1);
    }
}

static double plain_r_hat(const double *x, int m, int n)
{
    double within, between;
    within_and_between(x, m, n, &within, &between);
    return sqrt(((n - 1.0) / n * within + between / n) / within);
}

/* The multi-chain estimate, with the covariances of each half as they stand in Geyer (1992). */
static double correlation(const double *x, int m, int n, int lag)
{
    double within, between, sum = 0.0;
    if (lag == 0)
        return 1.0;
    within_and_between(x, m, n, &within, &between);
    for (int j = 0; j < m; j++) {
        double mean = 0.0;
        for (int i = 0; i < n; i++)
            mean += x[j * n + i] / n;
        for (int i = 0; i + lag < n; i++)
            sum += (x[j * n + i] - mean) * (x[j * n + i + lag] - mean) / n / m;
    }
    return 1.0 - (within - sum) / ((n - 1.0) / n * within + between / n);
}

static double plain_ess(const double *x, int m, int n)
{
    double tau = -1.0, least = INFINITY;
    int lag = 0;
    for (; lag + 5 < n; lag += 2) {
        const double pair = correlation(x, m, n, lag) + correlation(x, m, n, lag + 1);
        if (pair <= 0.0)
            break;
        least = fmin(least, pair);
        tau += 2.0 * least;
    }
    ck_assert_int_gt(lag, 0);
    tau += fmax(correlation(x, m, n, lag), 0.0);
    return m * n / fmax(tau, 1.0 / log10(m * n));
}

START_TEST(equal_to_the_formulas)
{
    enum { CHAINS = 3, DRAWS = 90, HALVES = 2 * CHAINS, HALF = DRAWS / 2, ALL = CHAINS * DRAWS };
    for (int i = 0; i < 12; i++) {
        const recipe r = {CHAINS,        DRAWS,         100 + i, -0.3 + 0.1 * i,
                          0.2 * (i % 2), 0.1 * (i % 3), 0.0,     i == 11 ? 7 : 0};
        double x[ALL], z[ALL], numbers[NUMBERS], mean = 0.0, median;
        make_trace(&r, x);
        OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, numbers));
        OK(mfl_diagnose_quantiles(context, x, CHAINS, DRAWS, DRAWS, &probabilities[2], 1, &median,
                                  NULL, NULL));
        normalise(x, ALL, z);
        check(numbers[3], plain_r_hat(z, HALVES, HALF), 1e-12, 0, 3);
        check(numbers[5], plain_ess(z, HALVES, HALF), 1e-11, 0, 5);
        for (int k = 0; k < ALL; k++)
            z[k] = fabs(x[k] - median);
        double folded[ALL];
        normalise(z, ALL, folded);
        check(numbers[4], plain_r_hat(folded, HALVES, HALF), 1e-12, 0, 4);
        check(numbers[2], fmax(numbers[3], numbers[4]), 0.0, 0, 2);
        const double ess = plain_ess(x, HALVES, HALF);
        double square = 0.0;
        for (int k = 0; k < ALL; k++)
            mean += x[k] / ALL;
        for (int k = 0; k < ALL; k++)
            square += (x[k] - mean) * (x[k] - mean) / (ALL - 1);
        check(numbers[0], mean, 1e-13, 0, 0);
        check(numbers[7], ess, 1e-11, 0, 7);
        check(numbers[8], sqrt(square / ess), 1e-11, 0, 8);
    }
}
END_TEST

/* ---- sequences whose law is known ---- */

static uint64_t state;

/* Two independent normal numbers: splitmix64 (Steele, Lea, Flood 2014), Box and Muller. */
static void normals(double *a, double *b)
{
    double u[2];
    for (int i = 0; i < 2; i++) {
        uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        u[i] = ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
    }
    const double radius = sqrt(-2.0 * log(u[0]));
    *a = radius * cos(6.283185307179586 * u[1]);
    *b = radius * sin(6.283185307179586 * u[1]);
}

/* Stationary: x' = phi x + sqrt(1 - phi^2) xi. */
static void autoregression(double phi, int64_t chains, int64_t draws, double *x)
{
    for (int64_t c = 0; c < chains; c++) {
        double y, xi;
        normals(&y, &xi);
        for (int64_t i = 0; i < draws; i++) {
            normals(&xi, &(double){0.0});
            y = phi * y + sqrt(1.0 - phi * phi) * xi;
            x[c * draws + i] = y;
        }
    }
}

/* AR(1) has the integrated correlation time (1 + phi)/(1 - phi), its square that of phi^2. Over 100
 * runs of 4 x 1000 draws the mean of tau is right within 3 % (Geyer's truncation is a little long)
 * and five of its own standard errors. Errors come out as stated: mean / MCSE and likewise for
 * deviation and median have unit variance, tested at 1 +- 5 sqrt(2/100) (less 10 % for the
 * uncertainty of ESS). False alarms: some 6e-7 for each of the 3 x 5 comparisons, 1e-5 together;
 * the seed is fixed. */
START_TEST(autoregressive_sequences)
{
    enum { RUNS = 100, CHAINS = 4, DRAWS = 1000, ALL = CHAINS * DRAWS };
    static const double phis[] = {0.0, 0.6, 0.9};
    static double x[ALL];
    const double half = 0.5, spread = 5.0 * sqrt(2.0 / RUNS);
    state = 1;
    for (int p = 0; p < 3; p++) {
        const double phi = phis[p], tau = (1.0 + phi) / (1.0 - phi);
        double sum[2] = {0.0}, square[2] = {0.0}, mean = 0.0, deviation = 0.0, median = 0.0;
        for (int i = 0; i < RUNS; i++) {
            double n[NUMBERS], quantile, error;
            autoregression(phi, CHAINS, DRAWS, x);
            OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, n));
            OK(mfl_diagnose_quantiles(context, x, CHAINS, DRAWS, DRAWS, &half, 1, &quantile, NULL,
                                      &error));
            for (int which = 0; which < 2; which++) {
                const double ratio = ALL / n[which ? 5 : 7] / tau;
                sum[which] += ratio / RUNS;
                square[which] += ratio * ratio / RUNS;
            }
            mean += n[0] * n[0] / n[8] / n[8] / RUNS;
            deviation += (n[1] - 1.0) * (n[1] - 1.0) / n[9] / n[9] / RUNS;
            median += quantile * quantile / error / error / RUNS;
        }
        for (int which = 0; which < 2; which++)
            ck_assert_double_eq_tol(
                sum[which], 1.0,
                0.03 + 5.0 * sqrt((square[which] - sum[which] * sum[which]) / RUNS));
        ck_assert_double_eq_tol(mean, 1.0, spread + 0.1);
        ck_assert_double_eq_tol(deviation, 1.0, spread + 0.1);
        ck_assert_double_eq_tol(median, 1.0, spread + 0.1);
    }
}
END_TEST

/* What the indicator is for: chains that disagree in place or in width show, chains that agree do
 * not. */
START_TEST(r_hat_sees)
{
    enum { CHAINS = 4, DRAWS = 500 };
    static double x[CHAINS * DRAWS];
    const int32_t key[] = {MFL_DIAGNOSTIC_R_HAT_BULK, MFL_DIAGNOSTIC_R_HAT_FOLDED};
    double r_hat[2];
    state = 2;
    autoregression(0.3, CHAINS, DRAWS, x);
    OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, key, 2, r_hat));
    ck_assert(r_hat[0] < 1.01 && r_hat[1] < 1.01);
    for (int i = 0; i < DRAWS; i++)
        x[i] += 0.5;
    OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, key, 2, r_hat));
    ck_assert(r_hat[0] > 1.01 && r_hat[1] < 1.01);
    for (int i = 0; i < DRAWS; i++)
        x[i] = 2.0 * (x[i] - 0.5);
    OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, key, 2, r_hat));
    ck_assert(r_hat[0] < 1.01 && r_hat[1] > 1.01);
}
END_TEST

/* The same for every order of the chains, any stride, and any increasing affine map. */
START_TEST(invariances)
{
    enum { CHAINS = 3, DRAWS = 101, STRIDE = 128 };
    static double x[CHAINS * DRAWS], y[CHAINS * STRIDE];
    double a[NUMBERS], b[NUMBERS];
    state = 3;
    autoregression(0.5, CHAINS, DRAWS, x);
    for (int i = 0; i < CHAINS * STRIDE; i++)
        y[i] = NAN; /* must not be read */
    for (int c = 0; c < CHAINS; c++)
        for (int i = 0; i < DRAWS; i++)
            y[(CHAINS - 1 - c) * STRIDE + i] = 0x1p10 * x[c * DRAWS + i];
    OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, a));
    OK(mfl_diagnose(context, y, CHAINS, DRAWS, STRIDE, keys, NUMBERS, b));
    for (int k = 0; k < NUMBERS; k++)
        check(b[k], (k < 2 || k > 7 ? 0x1p10 : 1.0) * a[k], 1e-12, 0, k);
}
END_TEST

/* Numbers without a meaning are not numbers. */
START_TEST(what_cannot_be_diagnosed)
{
    enum { CHAINS = 2, DRAWS = 20 };
    double x[CHAINS * DRAWS], n[NUMBERS], q[3];
    const double half = 0.5;
    for (int bad = 0; bad < 2; bad++) {
        for (int i = 0; i < CHAINS * DRAWS; i++)
            x[i] = sin(i);
        x[7] = bad ? INFINITY : NAN;
        OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, n));
        OK(mfl_diagnose_quantiles(context, x, CHAINS, DRAWS, DRAWS, &half, 1, q, q + 1, q + 2));
        for (int k = 0; k < NUMBERS; k++)
            ck_assert_msg(isnan(n[k]), "number %d is %g", k, n[k]);
        ck_assert(isnan(q[0]) && isnan(q[1]) && isnan(q[2]));
    }
    for (int i = 0; i < CHAINS * DRAWS; i++)
        x[i] = 0.1; /* not a multiple of a power of two: sums round */
    OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, n));
    ck_assert(n[0] == 0.1 && n[1] == 0.0);
    for (int k = 2; k < NUMBERS; k++)
        ck_assert_msg(isnan(n[k]), "number %d is %g", k, n[k]);
    for (int draws = 1; draws < 6; draws++) {
        for (int i = 0; i < CHAINS * draws; i++)
            x[i] = sin(i);
        OK(mfl_diagnose(context, x, CHAINS, draws, draws, keys, NUMBERS, n));
        ck_assert(isfinite(n[0]) && isfinite(n[1]) && isnan(n[2]) == (draws < 4));
        for (int k = 5; k < NUMBERS; k++)
            ck_assert(isnan(n[k]));
    }
}
END_TEST

START_TEST(arguments)
{
    const double x[8] = {1.0, 2.0, 0.0, 3.0, 1.0, 2.0, 2.0, 0.0};
    const int32_t key = MFL_DIAGNOSTIC_MEAN, wrong = 9000;
    const double outside = 1.5;
    double result;
    ck_assert_int_eq(mfl_diagnose(NULL, x, 2, 4, 4, &key, 1, &result), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_diagnose(context, NULL, 2, 4, 4, &key, 1, &result), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, 4, NULL, 1, &result), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, 4, &key, 1, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_diagnose(context, x, 0, 4, 4, &key, 1, &result), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 0, 4, &key, 1, &result), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, 3, &key, 1, &result), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, INT64_MAX, &key, 1, &result), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, 4, &key, 0, &result), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfl_diagnose(context, x, 2, 4, 4, &wrong, 1, &result), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_diagnose_quantiles(context, x, 2, 4, 4, &outside, 1, &result, NULL, NULL),
                     MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_diagnose_quantiles(context, x, 2, 4, 4, NULL, 1, &result, NULL, NULL),
                     MFL_ERROR_NULL);
}
END_TEST

/* A sampler's diagnostics are those of its traces. */
START_TEST(of_a_sampler)
{
    enum { CHAINS = 3, DRAWS = 40 };
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train, *test;
    mfl_sampler *sampler;
    mfl_options *options;
    double x[CHAINS * DRAWS], a[NUMBERS], b[NUMBERS];
    OK(mfl_task_create_parity(context, 4, 2, &task));
    OK(mfl_model_create(context, 4, 6, &model));
    OK(mfl_dataset_draw(task, 12, 0.0, 0, MFL_ROLE_TRAIN, &train));
    OK(mfl_dataset_draw(task, 9, 0.0, 0, MFL_ROLE_TEST, &test));
    OK(mfl_sampler_create(model, train, 0.4, &sampler));
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, CHAINS));
    OK(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, DRAWS));
    OK(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 100));
    OK(mfl_options_set_int(options, MFL_SAMPLER_THINNING, 3));
    ck_assert_int_eq(mfl_sampler_diagnose(sampler, MFL_TRACE_TEST_ERROR, keys, NUMBERS, a),
                     MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_sampler_diagnose(sampler, 0, keys, NUMBERS, a), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, NULL, 1, a),
                     MFL_ERROR_NULL);
    OK(mfl_sampler_set_test(sampler, test));
    OK(mfl_sampler_set_task(sampler, task));
    OK(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, keys, NUMBERS, a));
    for (int k = 0; k < NUMBERS; k++)
        ck_assert(isnan(a[k])); /* no draws yet */
    OK(mfl_sampler_run(sampler));
    for (int32_t kind = MFL_TRACE_POTENTIAL; kind <= MFL_TRACE_IRRELEVANT_SQUARE; kind++) {
        for (int c = 0; c < CHAINS; c++)
            OK(mfl_sampler_trace(sampler, kind, c, x + c * DRAWS, DRAWS, NULL));
        OK(mfl_sampler_diagnose(sampler, kind, keys, NUMBERS, a));
        OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, b));
        ck_assert(isfinite(a[2]));
        for (int k = 0; k < NUMBERS; k++)
            ck_assert_double_eq(a[k], b[k]);
    }
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(test);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

/* Those of a rung are those of its traces, and of the first rung those of the sampler. */
START_TEST(of_a_rung)
{
    enum { CHAINS = 3, DRAWS = 40, RUNGS = 3 };
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train;
    mfl_sampler *sampler;
    mfl_options *options;
    double x[CHAINS * DRAWS], a[NUMBERS], b[NUMBERS];
    OK(mfl_task_create_parity(context, 4, 2, &task));
    OK(mfl_model_create(context, 4, 6, &model));
    OK(mfl_dataset_draw(task, 12, 0.0, 0, MFL_ROLE_TRAIN, &train));
    OK(mfl_sampler_create(model, train, 0.4, &sampler));
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, CHAINS));
    OK(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, DRAWS));
    OK(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 100));
    OK(mfl_options_set_int(options, MFL_SAMPLER_THINNING, 3));
    OK(mfl_options_set_int(options, MFL_SAMPLER_RUNGS, RUNGS));
    ck_assert_int_eq(mfl_sampler_diagnose_rung(sampler, 0, MFL_TRACE_POTENTIAL, keys, NUMBERS, a), MFL_ERROR_STATE);
    OK(mfl_sampler_run(sampler));
    ck_assert_int_eq(mfl_sampler_diagnose_rung(sampler, RUNGS, MFL_TRACE_POTENTIAL, keys, NUMBERS, a),
                     MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_sampler_diagnose_rung(sampler, 1, MFL_TRACE_TEST_ERROR, keys, NUMBERS, a), MFL_ERROR_STATE);
    for (int r = 0; r < RUNGS; r++) {
        for (int c = 0; c < CHAINS; c++)
            OK(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, r * CHAINS + c, x + c * DRAWS, DRAWS, NULL));
        OK(mfl_sampler_diagnose_rung(sampler, r, MFL_TRACE_RESIDUAL, keys, NUMBERS, a));
        OK(mfl_diagnose(context, x, CHAINS, DRAWS, DRAWS, keys, NUMBERS, b));
        ck_assert(isfinite(a[2]));
        for (int k = 0; k < NUMBERS; k++)
            ck_assert_double_eq(a[k], b[k]);
        OK(mfl_sampler_diagnose(sampler, MFL_TRACE_RESIDUAL, keys, NUMBERS, b));
        ck_assert(r ? a[0] != b[0] : a[0] == b[0]);
    }
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "diagnostics", equal_to_posterior,
                             equal_to_the_formulas, autoregressive_sequences, r_hat_sees,
                             invariances, what_cannot_be_diagnosed, arguments, of_a_sampler, of_a_rung);
}
