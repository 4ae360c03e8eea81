/* SPDX-License-Identifier: BSD-3-Clause */
/* The Langevin sampler as a sampler: against laws known exactly, step-size bias included, and its promises of
 * reproducibility. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "gaussian_case.h"

static void set_threads(int64_t threads)
{
    mfl_options *options;
    OK(mfl_context_options(context, &options));
    OK(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads));
}

/* The chain theta' = theta - eta (L theta - c) + sqrt(2 eta) xi has the stationary law N(L^-1 c, (L - eta L^2/2)^-1):
 * 40 independent runs in each precision give mean and variance of f at a test input with a standard error each, and
 * must be within 5.5 of it (Student's t, 39 degrees of freedom: 2.5e-6 a side, four comparisons: false alarm below
 * 2.1e-5). The step makes the bias of the variance some 40 standard errors, so that a wrong noise factor fails, and a
 * comparison with the law without bias would, too. */
START_TEST(frozen_first_layer_has_its_gaussian_law_with_the_bias_of_the_step)
{
    enum { runs = 40 };
    gaussian_case c = make_case();
    const double step = 0.8 / largest_eigenvalue(c.curvature);
    const matrix l = c.curvature;
    const matrix biased = {l.a - 0.5 * step * (l.a * l.a + l.b * l.b), l.b - 0.5 * step * l.b * (l.a + l.d),
                           l.d - 0.5 * step * (l.d * l.d + l.b * l.b)};
    const double mean = form(inverse(l), c.features, c.pull);
    const double variance = form(inverse(biased), c.features, c.features);
    const double unbiased = form(inverse(l), c.features, c.features);
    for (int precision = 0; precision < 2; precision++) {
        double sums[2] = {0.0, 0.0}, squares[2] = {0.0, 0.0};
        for (int run = 0; run < runs; run++) {
            mfl_sampler *sampler;
            char text[40];
            double f, sd;
            OK(mfl_sampler_create(c.model, c.data, kappa, &sampler));
            set(sampler, "method", "sgld");
            snprintf(text, sizeof text, "%.17g", step);
            set(sampler, "step_size", text);
            snprintf(text, sizeof text, "%d", run);
            set(sampler, "run_index", text);
            set(sampler, "freeze", "first_layer");
            set(sampler, "precision", precision ? "float64" : "float32");
            set(sampler, "chains", "1");
            set(sampler, "burn_in", "200");
            set(sampler, "draws", "4000");
            set(sampler, "thinning", "3");
            OK(mfl_sampler_set_start(sampler, c.start));
            OK(mfl_sampler_set_test(sampler, c.test));
            OK(mfl_sampler_run(sampler));
            OK(mfl_sampler_predictions(sampler, &f, &sd, 1));
            const double values[2] = {f, sd * sd + (f - mean) * (f - mean)};
            for (int v = 0; v < 2; v++) {
                sums[v] += values[v] / runs;
                squares[v] += values[v] * values[v] / runs;
            }
            mfl_sampler_destroy(sampler);
        }
        const double se[2] = {sqrt((squares[0] - sums[0] * sums[0]) / (runs - 1)),
                              sqrt((squares[1] - sums[1] * sums[1]) / (runs - 1))};
        ck_assert_msg(fabs(sums[0] - mean) < 5.5 * se[0], "mean %g +- %g, exact %g", sums[0], se[0], mean);
        ck_assert_msg(fabs(sums[1] - variance) < 5.5 * se[1], "variance %g +- %g, exact %g", sums[1], se[1],
                      variance);
        ck_assert_double_gt(fabs(sums[1] - unbiased), 20.0 * se[1]);
    }
    release_case(&c);
}
END_TEST

/* The chosen step is the fraction asked for of the exact largest eigenvalue, with the margin of 10 % that the power
 * iteration takes. */
START_TEST(automatic_step_knows_the_largest_curvature)
{
    gaussian_case c = make_case();
    mfl_sampler *sampler;
    OK(mfl_sampler_create(c.model, c.data, kappa, &sampler));
    set(sampler, "method", "sgld");
    set(sampler, "freeze", "first_layer");
    set(sampler, "step_fraction", "0.5");
    set(sampler, "burn_in", "10");
    set(sampler, "draws", "1");
    OK(mfl_sampler_set_start(sampler, c.start));
    OK(mfl_sampler_run(sampler));
    double ratio = 0.5 / get(sampler, MFL_SAMPLER_STEP) / largest_eigenvalue(c.curvature);
    ck_assert_msg(ratio > 1.0 && ratio < 1.12, "estimate over exact curvature: %g", ratio);
    mfl_sampler_destroy(sampler);
    release_case(&c);
}
END_TEST

/* Without data that matter the posterior is the prior, and <w_j^2> = v/(1 - eta/(2 v)), v = sigma_w^2/d, by the bias of
 * the step.
 * Standard error from 3 x 40 independent runs of 100 neurons each; bound 5.5 of them, false alarm below 1e-5. */
START_TEST(huge_noise_leaves_the_prior)
{
    enum { runs = 40, d = 3, n = 100 };
    gaussian_case c = make_case();
    mfl_model *model;
    OK(mfl_model_create(context, d, n, &model));
    mfl_options *options;
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.7));
    double sum = 0.0, square = 0.0;
    for (int run = 0; run < runs; run++) {
        mfl_sampler *sampler;
        char text[16];
        double moments[d], mean = 0.0;
        OK(mfl_sampler_create(model, c.data, 1e8, &sampler));
        set(sampler, "method", "sgld");
        snprintf(text, sizeof text, "%d", run);
        set(sampler, "run_index", text);
        set(sampler, "step_size", "0.1");
        set(sampler, "burn_in", "100");
        set(sampler, "draws", "50");
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_second_moments(sampler, moments, d));
        for (int j = 0; j < d; j++)
            mean += moments[j] / d;
        sum += mean / runs;
        square += mean * mean / runs;
        mfl_sampler_destroy(sampler);
    }
    const double se = sqrt((square - sum * sum) / (runs - 1)), v = 1.7 * 1.7 / d,
                 exact = v / (1.0 - 0.1 / v / 2.0);
    ck_assert_msg(fabs(sum - exact) < 5.5 * se, "<w^2> = %g +- %g, exact %g", sum, se, exact);
    mfl_model_destroy(model);
    release_case(&c);
}
END_TEST

typedef struct parity_case {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data, *test;
} parity_case;

static parity_case make_parity(void)
{
    parity_case p;
    OK(mfl_task_create_parity(context, 6, 2, &p.task));
    OK(mfl_model_create(context, 6, 20, &p.model));
    OK(mfl_dataset_draw(p.task, 25, 0.0, 0, MFL_ROLE_TRAIN, &p.data));
    OK(mfl_dataset_draw(p.task, 40, 0.0, 0, MFL_ROLE_TEST, &p.test));
    return p;
}

static void release_parity(parity_case *p)
{
    mfl_dataset_destroy(p->test);
    mfl_dataset_destroy(p->data);
    mfl_model_destroy(p->model);
    mfl_task_destroy(p->task);
}

/* What make_sampler() adds, and settings that promises hold for. */
static const char *configuration = "method=sgld";
static const char *const configurations[] = {
    "method=sgld",
    "method=sgld,mass=adaptive,step_decay=0.4,burn_in=800",
    "method=sgld,batch=10",
    "method=gradient_descent",
    "method=mala",
    "method=baoab",
    "method=baoab,batch=7,start=planted",
    "method=hmc,path_length=0.2,mass=adaptive",
    "method=hmc,path_length=0.2,gibbs=3,anneal_from=2,precision=float64",
};
enum { configuration_count = sizeof configurations / sizeof configurations[0] };

static mfl_sampler *make_sampler(const parity_case *p, const char *draws)
{
    mfl_sampler *sampler;
    OK(mfl_sampler_create(p->model, p->data, 0.2, &sampler));
    set(sampler, "chains", "5");
    set(sampler, "burn_in", "100");
    set(sampler, "draws", draws);
    set(sampler, "thinning", "3");
    configure(sampler, configuration);
    OK(mfl_sampler_set_test(sampler, p->test));
    OK(mfl_sampler_set_task(sampler, p->task));
    return sampler;
}

enum { draws = 40, summary_length = 5 * draws + 40 + 6 };

static void summarise(const mfl_sampler *sampler, double summary[summary_length])
{
    for (int c = 0; c < 5; c++)
        OK(mfl_sampler_trace(sampler, MFL_TRACE_ORDER_PARAMETER, c, summary + c * draws, draws, NULL));
    OK(mfl_sampler_predictions(sampler, summary + 5 * draws, NULL, 40));
    OK(mfl_sampler_second_moments(sampler, summary + 5 * draws + 40, 6));
}

static void check_threads_and_interruption(void)
{
    parity_case p = make_parity();
    double reference[summary_length], again[summary_length];
    set_threads(1);
    mfl_sampler *sampler = make_sampler(&p, "40");
    OK(mfl_sampler_run(sampler));
    summarise(sampler, reference);
    mfl_sampler_destroy(sampler);
    set_threads(3);
    sampler = make_sampler(&p, "40");
    OK(mfl_sampler_run(sampler));
    summarise(sampler, again);
    mfl_sampler_destroy(sampler);
    ck_assert_mem_eq(reference, again, sizeof reference);
    sampler = make_sampler(&p, "10"); /* four runs of ten draws */
    for (int run = 0; run < 4; run++)
        OK(mfl_sampler_run(sampler));
    summarise(sampler, again);
    mfl_sampler_destroy(sampler);
    ck_assert_mem_eq(reference, again, sizeof reference);
    release_parity(&p);
}

START_TEST(results_do_not_depend_on_threads_or_on_interruption)
{
    for (int i = 0; i < configuration_count; i++) {
        configuration = configurations[i];
        check_threads_and_interruption();
    }
    configuration = configurations[0];
}
END_TEST

enum { wide_draws = 6, wide_chains = 3 };

static void run_wide(const mfl_model *model, const mfl_dataset *data, const char *precision, const char *chains,
                     int64_t threads, double trace[wide_chains * wide_draws])
{
    mfl_sampler *sampler;
    set_threads(threads);
    OK(mfl_sampler_create(model, data, 0.2, &sampler));
    set(sampler, "method", "sgld");
    set(sampler, "chains", chains);
    set(sampler, "burn_in", "40");
    set(sampler, "draws", "6");
    set(sampler, "precision", precision);
    OK(mfl_sampler_run(sampler));
    for (int32_t c = 0; c < chains[0] - '0'; c++)
        OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, c, trace + c * wide_draws, wide_draws, NULL));
    mfl_sampler_destroy(sampler);
}

/* Large enough for the steps of a chain to be divided, in both precisions: the same numbers with one thread as with
 * several for one chain, with threads left over, and with chains left over. */
START_TEST(wide_chains_do_not_depend_on_threads)
{
    static const char *const precisions[] = {"float32", "float64"}, *const chains[] = {"1", "2", "3"};
    static const int64_t threads[] = {2, 4, 5};
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    OK(mfl_task_create_parity(context, 11, 2, &task));
    OK(mfl_model_create(context, 11, 420, &model));
    OK(mfl_dataset_draw(task, 130, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (int run = 0; run < 6; run++) {
        double reference[wide_chains * wide_draws] = {0}, trace[wide_chains * wide_draws] = {0};
        run_wide(model, data, precisions[run / 3], chains[run % 3], 1, reference);
        for (int i = 0; i < 3; i++) {
            run_wide(model, data, precisions[run / 3], chains[run % 3], threads[i], trace);
            ck_assert_mem_eq(reference, trace, sizeof reference);
        }
    }
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

static int32_t cancel_once(const char *stage, double fraction, double seconds, void *user_data)
{
    int *calls = user_data;
    ck_assert_str_eq(stage, "sampling");
    ck_assert(fraction >= 0.0 && fraction <= 1.0 && seconds >= 0.0);
    return ++*calls == 1;
}

static void check_cancelling(void)
{
    parity_case p = make_parity();
    double reference[summary_length], again[summary_length];
    int calls = 0;
    set_threads(2);
    mfl_sampler *sampler = make_sampler(&p, "40");
    OK(mfl_sampler_run(sampler));
    summarise(sampler, reference);
    mfl_sampler_destroy(sampler);
    sampler = make_sampler(&p, "40");
    OK(mfl_context_set_progress(context, cancel_once, &calls));
    OK(mfl_sampler_run(sampler));
    ck_assert_int_eq(calls, 1);
    ck_assert(get(sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED);
    mfl_context_cancel(context);
    OK(mfl_sampler_run(sampler));
    ck_assert(get(sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED);
    OK(mfl_context_resume(context));
    OK(mfl_sampler_run(sampler));
    ck_assert(get(sampler, MFL_SAMPLER_STOP) == MFL_STOP_COMPLETED);
    OK(mfl_context_set_progress(context, NULL, NULL));
    summarise(sampler, again);
    mfl_sampler_destroy(sampler);
    ck_assert_mem_eq(reference, again, sizeof reference);
    release_parity(&p);
}

START_TEST(a_cancelled_run_goes_on_where_it_stopped)
{
    for (int i = 0; i < configuration_count; i++) {
        configuration = configurations[i];
        check_cancelling();
    }
    configuration = configurations[0];
}
END_TEST

START_TEST(a_step_that_is_too_large_is_called_divergence)
{
    parity_case p = make_parity();
    mfl_sampler *sampler = make_sampler(&p, "40");
    set(sampler, "step_size", "1");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_DIVERGED);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "step_size"));
    ck_assert(get(sampler, MFL_SAMPLER_STOP) == MFL_STOP_DIVERGED);
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_STATE);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

/* Readouts can be redrawn only of weights that are numbers. */
START_TEST(a_divergence_between_redraws_is_called_so_too)
{
    parity_case p = make_parity();
    mfl_sampler *sampler = make_sampler(&p, "40");
    set(sampler, "method", "sgld");
    set(sampler, "gibbs", "2");
    set(sampler, "step_size", "1e200");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_DIVERGED);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "step_size"));
    ck_assert(get(sampler, MFL_SAMPLER_STOP) == MFL_STOP_DIVERGED);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

/* Whatever the step: results are numbers, or there is a status. The last step of all is looked at, too. */
START_TEST(a_divergence_in_the_last_step_is_no_draw)
{
    static const char *const methods[] = {"sgld", "gradient_descent", "baoab"};
    static const char *const steps[] = {"1", "1e20", "1e200"};
    parity_case p = make_parity();
    for (int i = 0; i < 9; i++)
        for (int burn_in = 0; burn_in < 3; burn_in++) {
            mfl_sampler *sampler = make_sampler(&p, "1");
            set(sampler, "method", methods[i % 3]);
            set(sampler, "step_size", steps[i / 3]);
            set(sampler, "burn_in", burn_in == 0 ? "0" : burn_in == 1 ? "1" : "2");
            set(sampler, "thinning", "1");
            const int32_t status = mfl_sampler_run(sampler);
            ck_assert_msg(status == MFL_ERROR_DIVERGED
                              || (status == MFL_OK && isfinite(get(sampler, MFL_SAMPLER_POTENTIAL))
                                  && isfinite(get(sampler, MFL_SAMPLER_ORDER_PARAMETER))),
                          "%s with step %s: status %d, U %g", methods[i % 3], steps[i / 3], status,
                          get(sampler, MFL_SAMPLER_POTENTIAL));
            mfl_sampler_destroy(sampler);
        }
    release_parity(&p);
}
END_TEST

/* A prior draw lies thousands of units of energy above the posterior at small noise. What is set free on the way down
 * must neither heat the weights beyond their steps, nor shorten the steps for good: with momenta kept, by a half. */
START_TEST(chains_come_down_from_the_prior)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    double step[2];
    OK(mfl_task_create_parity(context, 10, 2, &task));
    OK(mfl_model_create(context, 10, 64, &model));
    OK(mfl_dataset_draw(task, 120, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (int planted = 0; planted < 2; planted++) {
        mfl_sampler *sampler;
        OK(mfl_sampler_create(model, data, 0.01, &sampler));
        OK(mfl_sampler_set_task(sampler, task));
        set(sampler, "start", planted ? "planted" : "prior");
        set(sampler, "chains", "4");
        set(sampler, "burn_in", "4000");
        set(sampler, "draws", "20");
        set(sampler, "step_fraction", "1.2");
        OK(mfl_sampler_run(sampler));
        const double m = get(sampler, MFL_SAMPLER_ORDER_PARAMETER);
        ck_assert_msg(fabs(m - 0.998) < 0.01, "m %g", m);
        step[planted] = get(sampler, MFL_SAMPLER_STEP);
        mfl_sampler_destroy(sampler);
    }
    ck_assert_msg(fabs(log(step[0] / step[1])) < 0.3, "steps %g and %g", step[0], step[1]);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

/* One draw of each chain: the histogram is that of the chains' weights, some of them beyond its ends. */
START_TEST(weights_are_counted_in_their_bins)
{
    enum { chains = 3, d = 4, n = 5 };
    static double found[d * MFL_WEIGHT_BINS], expected[d * MFL_WEIGHT_BINS];
    int beyond = 0, wrong = 0;
    mfl_task *task;
    mfl_model *model;
    mfl_options *options;
    mfl_dataset *data;
    mfl_sampler *sampler;
    OK(mfl_task_create_parity(context, d, 2, &task));
    OK(mfl_model_create(context, d, n, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.7));
    OK(mfl_dataset_draw(task, 6, 0.0, 0, MFL_ROLE_TRAIN, &data));
    OK(mfl_sampler_create(model, data, 0.02, &sampler));
    configure(sampler, "chains=3,burn_in=200,thinning=1,draws=1,method=hmc");
    ck_assert_int_eq(mfl_sampler_weight_histogram(sampler, found, d * MFL_WEIGHT_BINS), MFL_ERROR_STATE);
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_weight_histogram(sampler, found, d * MFL_WEIGHT_BINS));
    ck_assert_int_eq(mfl_sampler_weight_histogram(sampler, found, d * MFL_WEIGHT_BINS - 1), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_sampler_weight_histogram(sampler, NULL, d * MFL_WEIGHT_BINS), MFL_ERROR_NULL);
    for (int c = 0; c < chains; c++) {
        double w[n * d], a[n];
        mfl_network *network;
        OK(mfl_sampler_network(sampler, c, &network));
        OK(mfl_network_copy_weights(network, w, d, a));
        mfl_network_destroy(network);
        for (int i = 0; i < n * d; i++) {
            const int bin = (int)floor(w[i] / (1.7 / 40.0) + 80.5);
            beyond += bin < 0 || bin >= MFL_WEIGHT_BINS;
            expected[i % d * MFL_WEIGHT_BINS + (bin < 0 ? 0 : bin > 160 ? 160 : bin)] += 1.0 / (chains * n);
        }
    }
    for (int b = 0; b < d * MFL_WEIGHT_BINS; b++)
        wrong += fabs(found[b] - expected[b]) > 1e-12;
    ck_assert_int_eq(wrong, 0);
    (void)beyond;
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

/* What is collected agrees with the state that it was collected from. */
START_TEST(traces_are_those_of_the_state)
{
    parity_case p = make_parity();
    mfl_sampler *sampler = make_sampler(&p, "1");
    mfl_network *network;
    double u, m, trace, f[40], g[40], x[40 * 6];
    int64_t count;
    set(sampler, "precision", "float64");
    set(sampler, "chains", "1");
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_network(sampler, 0, &network));
    OK(mfl_network_potential(network, p.data, 0.2, &u, NULL, 0, NULL));
    OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 0, &trace, 1, &count));
    ck_assert_int_eq(count, 1);
    ck_assert_double_eq_tol(trace, u, 1e-12 * u);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_POTENTIAL), u, 1e-12 * u);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TRAIN_ERROR_DRAW), get(sampler, MFL_SAMPLER_TRAIN_ERROR), 1e-14);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TEST_ERROR_DRAW), get(sampler, MFL_SAMPLER_TEST_ERROR), 1e-14);
    OK(mfl_network_order_parameter(network, p.task, &m));
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_ORDER_PARAMETER), m, 1e-14);
    OK(mfl_dataset_copy_inputs(p.test, x, 40 * 6));
    OK(mfl_network_forward(network, x, 40, 6, f));
    OK(mfl_sampler_predictions(sampler, g, NULL, 40));
    for (int i = 0; i < 40; i++)
        ck_assert_double_eq_tol(f[i], g[i], 1e-12);
    mfl_network_destroy(network);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

/* Whatever the target's variables are, coordinates or directions, a planted network knows it, and what is collected of
 * the weights is the part along them. */
START_TEST(sums_are_planted_and_collected)
{
    enum { d = 5, n = 32 };
    static const int64_t staircase[] = {1, 0, 1, 1}, hermite[] = {2, 0, 1, 1}, support[] = {3, 1};
    static const double coefficients[] = {1.0, 0.5}, directions[2 * d] = {0.6, 0.8, 0.0, 0.0, 0.0,
                                                                         0.0, 0.0, 0.0, 0.8, -0.6};
    for (int gaussian = 0; gaussian < 2; gaussian++) {
        double w[n * d], a[n], m, relevant = 0.0, total = 0.0, traces[2];
        mfl_task *task;
        mfl_model *model;
        mfl_dataset *data;
        mfl_sampler *sampler;
        mfl_network *network;
        int64_t count;
        OK(mfl_task_create_sum(context, d, 2, 2, gaussian ? hermite : staircase, coefficients, &task));
        if (gaussian) {
            mfl_options *options;
            OK(mfl_task_options(task, &options));
            OK(mfl_options_set_text(options, "input_law", "gaussian"));
            OK(mfl_task_set_directions(task, directions, 2, d, d));
        } else {
            OK(mfl_task_set_support(task, support, 2));
        }
        OK(mfl_model_create(context, d, n, &model));
        OK(mfl_dataset_draw(task, 10, 0.0, 0, MFL_ROLE_TRAIN, &data));
        OK(mfl_network_create(model, &network));
        OK(mfl_network_draw_prior(network, 1));
        OK(mfl_network_plant(network, task));
        OK(mfl_network_order_parameter(network, task, &m));
        ck_assert_double_eq_tol(m, 1.0, 1e-12);
        mfl_network_destroy(network);

        OK(mfl_sampler_create(model, data, 0.3, &sampler));
        OK(mfl_sampler_set_task(sampler, task));
        configure(sampler, "chains=1,burn_in=20,draws=1,start=planted");
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_network(sampler, 0, &network));
        OK(mfl_network_copy_weights(network, w, d, a));
        for (int i = 0; i < n; i++) {
            double *x = w + i * d, z[2] = {x[3], x[1]};
            if (gaussian) {
                z[0] = 0.6 * x[0] + 0.8 * x[1];
                z[1] = 0.8 * x[3] - 0.6 * x[4];
            }
            relevant += (z[0] * z[0] + z[1] * z[1]) / n;
            for (int j = 0; j < d; j++)
                total += x[j] * x[j] / n;
        }
        OK(mfl_sampler_trace(sampler, MFL_TRACE_RELEVANT_SQUARE, 0, &traces[0], 1, &count));
        OK(mfl_sampler_trace(sampler, MFL_TRACE_IRRELEVANT_SQUARE, 0, &traces[1], 1, &count));
        ck_assert_double_eq_tol(traces[0], relevant, 1e-12);
        ck_assert_double_eq_tol(traces[1], total - relevant, 1e-12);
        mfl_network_destroy(network);
        mfl_sampler_destroy(sampler);
        mfl_dataset_destroy(data);
        mfl_model_destroy(model);
        mfl_task_destroy(task);
    }
}
END_TEST

static double mean_squared(const double *f, const double *y, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]) / count;
    return sum;
}

/* One draw of each of three chains: every figure follows from the three networks. */
START_TEST(errors_and_standard_errors_are_those_of_their_definitions)
{
    enum { tests = 40, chains = 3 };
    parity_case p = make_parity();
    mfl_dataset *test;
    mfl_sampler *sampler;
    const double *clean, *noisy;
    double x[tests * 6], f[chains][tests], mean[tests] = {0.0}, errors[chains], average = 0.0, square = 0.0;
    OK(mfl_dataset_draw(p.task, tests, 0.5, 0, MFL_ROLE_TEST, &test));
    OK(mfl_dataset_clean_targets(test, &clean));
    OK(mfl_dataset_targets(test, &noisy));
    OK(mfl_dataset_copy_inputs(test, x, tests * 6));
    OK(mfl_sampler_create(p.model, p.data, 0.2, &sampler));
    set(sampler, "method", "sgld");
    set(sampler, "chains", "3");
    set(sampler, "burn_in", "100");
    set(sampler, "draws", "1");
    set(sampler, "precision", "float64");
    OK(mfl_sampler_set_test(sampler, test));
    OK(mfl_sampler_run(sampler));
    double single = 0.0;
    for (int c = 0; c < chains; c++) {
        mfl_network *network;
        OK(mfl_sampler_network(sampler, c, &network));
        OK(mfl_network_forward(network, x, tests, 6, f[c]));
        mfl_network_destroy(network);
        single += mean_squared(f[c], clean, tests) / chains;
        for (int i = 0; i < tests; i++)
            mean[i] += f[c][i] / chains;
    }
    for (int c = 0; c < chains; c++) { /* without chain c */
        double rest[tests];
        for (int i = 0; i < tests; i++)
            rest[i] = (chains * mean[i] - f[c][i]) / (chains - 1);
        errors[c] = mean_squared(rest, clean, tests);
        average += errors[c] / chains;
    }
    for (int c = 0; c < chains; c++)
        square += (errors[c] - average) * (errors[c] - average);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TEST_ERROR), mean_squared(mean, clean, tests), 1e-12);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TEST_ERROR_NOISY), mean_squared(mean, noisy, tests), 1e-12);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TEST_ERROR_DRAW), single, 1e-12);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_TEST_ERROR_SE), sqrt(2.0 / 3.0 * square), 1e-12);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(test);
    release_parity(&p);
}
END_TEST

/* The larger of the standard error between five chains and that between their tenths, from the traces. */
START_TEST(standard_error_of_the_order_parameter_follows_from_the_traces)
{
    enum { chains = 5, length = draws / 10, batches = 10 * chains };
    parity_case p = make_parity();
    mfl_sampler *sampler = make_sampler(&p, "40");
    double trace[draws], batch[batches] = {0.0}, chain[chains] = {0.0}, mean = 0.0, between = 0.0, within = 0.0;
    OK(mfl_sampler_run(sampler));
    for (int c = 0; c < chains; c++) {
        OK(mfl_sampler_trace(sampler, MFL_TRACE_ORDER_PARAMETER, c, trace, draws, NULL));
        for (int i = 0; i < draws; i++) {
            batch[c * 10 + i / length] += trace[i] / length;
            chain[c] += trace[i] / draws;
        }
        mean += chain[c] / chains;
    }
    for (int c = 0; c < chains; c++)
        between += (chain[c] - mean) * (chain[c] - mean) / (chains - 1) / chains;
    for (int b = 0; b < batches; b++)
        within += (batch[b] - mean) * (batch[b] - mean) / (batches - 1) / batches;
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_ORDER_PARAMETER), mean, 1e-14);
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_ORDER_PARAMETER_SE), sqrt(fmax(between, within)), 1e-13);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

/* A start with all weights zero, and inputs that are all zero: the data pull nowhere, and the step is finite. */
START_TEST(flat_starts_are_survived)
{
    parity_case p = make_parity();
    mfl_network *zero;
    mfl_dataset *nothing;
    const double inputs_of_nothing[3 * 6] = {0.0}, targets_of_nothing[3] = {1.0, -1.0, 0.5};
    OK(mfl_network_create(p.model, &zero));
    OK(mfl_dataset_copy(context, 3, 6, inputs_of_nothing, 6, 1, targets_of_nothing, &nothing));
    mfl_sampler *sampler = make_sampler(&p, "20");
    set(sampler, "burn_in", "2000");
    OK(mfl_sampler_set_start(sampler, zero));
    OK(mfl_sampler_run(sampler));
    ck_assert_double_gt(get(sampler, MFL_SAMPLER_STEP), 0.0);
    ck_assert_double_lt(get(sampler, MFL_SAMPLER_TRAIN_ERROR), 0.5);
    mfl_sampler_destroy(sampler);
    OK(mfl_sampler_create(p.model, nothing, 0.2, &sampler));
    set(sampler, "method", "sgld");
    OK(mfl_sampler_run(sampler));
    ck_assert_double_eq_tol(get(sampler, MFL_SAMPLER_STEP), 0.4 / 6.0, 1e-12);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(nothing);
    mfl_network_destroy(zero);
    release_parity(&p);
}
END_TEST

static int32_t works_for_a_while(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    int *left = user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] > 0.0 ? z[i] : 0.0;
        derivative[i] = z[i] > 0.0;
    }
    return --*left == 0;
}

static int32_t not_a_number(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)z, (void)user_data;
    for (int64_t i = 0; i < count; i++)
        value[i] = derivative[i] = NAN;
    return 0;
}

START_TEST(a_function_that_refuses_is_asked_again_and_nonsense_is_named)
{
    parity_case p = make_parity();
    int left = 1000;
    OK(mfl_model_set_activation(p.model, works_for_a_while, &left));
    mfl_sampler *sampler = make_sampler(&p, "40");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_CALLBACK);
    OK(mfl_sampler_run(sampler));
    ck_assert(get(sampler, MFL_SAMPLER_DRAWS_TOTAL) == 200.0);
    mfl_sampler_destroy(sampler);
    OK(mfl_model_set_activation(p.model, not_a_number, NULL));
    sampler = make_sampler(&p, "40");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_NOT_FINITE);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

START_TEST(settings_are_those_of_the_first_run)
{
    parity_case p = make_parity();
    mfl_options *options;
    double reference[summary_length], again[summary_length];
    mfl_sampler *sampler = make_sampler(&p, "20");
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_run(sampler));
    summarise(sampler, reference);
    mfl_sampler_destroy(sampler);
    sampler = make_sampler(&p, "20");
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_options(sampler, &options));
    ck_assert_int_eq(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 7), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_SAMPLER_STEP_SIZE, 1e-3), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_options_reset(options, MFL_SAMPLER_BURN_IN), MFL_ERROR_STATE);
    OK(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, 20));
    OK(mfl_context_options(context, &options));
    OK(mfl_options_set_int(options, MFL_CONTEXT_SEED, 77));
    OK(mfl_sampler_run(sampler));
    OK(mfl_options_reset(options, MFL_CONTEXT_SEED));
    summarise(sampler, again);
    mfl_sampler_destroy(sampler);
    ck_assert_mem_eq(reference, again, sizeof reference);
    release_parity(&p);
}
END_TEST

START_TEST(more_draws_than_can_be_counted_are_refused)
{
    parity_case p = make_parity();
    mfl_sampler *sampler = make_sampler(&p, "4294967296");
    OK(mfl_sampler_set_test(sampler, p.test));
    set(sampler, "thinning", "4294967296");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_SIZE);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

START_TEST(faults_are_named)
{
    parity_case p = make_parity();
    mfl_sampler *sampler;
    mfl_task *teacher;
    double value;
    ck_assert_int_eq(mfl_sampler_create(p.model, p.data, 0.0, &sampler), MFL_ERROR_ARGUMENT);
    ck_assert_ptr_null(sampler);
    ck_assert_int_eq(mfl_sampler_create(p.model, NULL, 1.0, &sampler), MFL_ERROR_NULL);
    OK(mfl_sampler_create(p.model, p.data, 0.2, &sampler));
    set(sampler, "method", "sgld");
    ck_assert_int_eq(mfl_sampler_get(sampler, 5199, &value), MFL_ERROR_ARGUMENT);
    ck_assert(isnan(get(sampler, MFL_SAMPLER_TEST_ERROR)));
    ck_assert_int_eq(mfl_sampler_second_moments(sampler, &value, 1), MFL_ERROR_STATE);
    OK(mfl_task_create_relu(context, 6, &teacher));
    ck_assert_int_eq(mfl_sampler_set_task(sampler, teacher), MFL_ERROR_UNSUPPORTED);
    set(sampler, "burn_in", "0");
    set(sampler, "draws", "2");
    OK(mfl_sampler_run(sampler));
    ck_assert_int_eq(mfl_sampler_set_test(sampler, p.test), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_sampler_second_moments(sampler, &value, 1), MFL_ERROR_BUFFER);
    ck_assert_int_eq(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 9, &value, 1, NULL), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 0, &value, 1, NULL), MFL_ERROR_BUFFER);
    mfl_task_destroy(teacher);
    mfl_sampler_destroy(sampler);
    release_parity(&p);
}
END_TEST

int main(void)
{
    if (mfl_context_create(&context))
        return 1;
    int failed = RUN_TESTS("sampler", frozen_first_layer_has_its_gaussian_law_with_the_bias_of_the_step,
                           automatic_step_knows_the_largest_curvature, huge_noise_leaves_the_prior,
                           results_do_not_depend_on_threads_or_on_interruption, wide_chains_do_not_depend_on_threads,
                           a_cancelled_run_goes_on_where_it_stopped,
                           a_step_that_is_too_large_is_called_divergence, a_divergence_between_redraws_is_called_so_too,
                           a_divergence_in_the_last_step_is_no_draw, chains_come_down_from_the_prior,
                           weights_are_counted_in_their_bins,
                           traces_are_those_of_the_state, sums_are_planted_and_collected,
                           errors_and_standard_errors_are_those_of_their_definitions,
                           standard_error_of_the_order_parameter_follows_from_the_traces, flat_starts_are_survived,
                           a_function_that_refuses_is_asked_again_and_nonsense_is_named,
                           settings_are_those_of_the_first_run, more_draws_than_can_be_counted_are_refused,
                           faults_are_named);
    mfl_context_destroy(context);
    return failed;
}
