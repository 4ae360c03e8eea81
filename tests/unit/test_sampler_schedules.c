/* SPDX-License-Identifier: BSD-3-Clause */
/* What a chain changes on its way, number by number: noise and step along a schedule, the step towards a rate of
 * acceptance, the mass from the states of burn-in. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "sampler/sampler.h"

#define OK(call) ck_assert_int_eq(call, MFL_OK)

/* f = w a x with w = x = 1 held: descent maps the readout to a - eta ((a - y)/kappa^2 + a), exactly. */
START_TEST(descent_follows_both_schedules)
{
    enum { steps = 24, burn_in = 16 };
    const double x = 1.0, y = 3.0, w = 1.0, cold = 0.8, hot = 6.0, eta = 0.01, decay = 0.6, scale = 2.0;
    double a = 0.5, trace[steps - burn_in];
    int64_t count;
    mfl_context *context;
    mfl_model *model;
    mfl_dataset *data;
    mfl_network *start;
    mfl_sampler *sampler;
    mfl_options *options;
    OK(mfl_context_create(&context));
    OK(mfl_model_create(context, 1, 1, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_text(options, "activation", "linear"));
    OK(mfl_dataset_copy(context, 1, 1, &x, 1, 1, &y, &data));
    OK(mfl_network_create(model, &start));
    OK(mfl_network_set_weights(start, &w, 1, &a));
    OK(mfl_sampler_create(model, data, cold, &sampler));
    OK(mfl_sampler_options(sampler, &options));
    static const char *const settings[][2] = {
        {"method", "gradient_descent"}, {"precision", "float64"}, {"freeze", "first_layer"}, {"mass", "unit"},
        {"chains", "1"},                {"thinning", "1"},        {"burn_in", "16"},         {"draws", "8"},
        {"anneal_from", "6"},           {"step_size", "0.01"},    {"step_decay", "0.6"},     {"step_decay_scale", "2"},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        OK(mfl_options_set_text(options, settings[i][0], settings[i][1]));
    OK(mfl_sampler_set_start(sampler, start));
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, 0, trace, steps - burn_in, &count));
    ck_assert_int_eq(count, steps - burn_in);
    for (int t = 0; t < steps; t++) {
        const double part = fmin(t / (0.5 * burn_in), 1.0), kappa = pow(hot, 1.0 - part) * pow(cold, part);
        a -= eta * pow(1.0 + t / scale, -decay) * ((a - y) / (kappa * kappa) + a);
        if (t >= burn_in)
            ck_assert_double_eq_tol(trace[t - burn_in], (a - y) * (a - y), 1e-13);
    }
    mfl_sampler_destroy(sampler);
    mfl_network_destroy(start);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}
END_TEST

/* Hoffman and Gelman (2014), section 3.2: gamma 0.05, t0 10, kappa 0.75; what is kept is the average. */
START_TEST(the_step_is_adapted_by_dual_averaging)
{
    enum { burn_in = 6 };
    static const double acceptance[burn_in] = {0.1, 0.9, 1.0, 0.4, 0.95, 0.7};
    static mfl_sampler sampler;
    static mfli_chain chain;
    double h = 0.0, mean = 0.0, x = 0.0;
    sampler.burn_in = burn_in;
    sampler.automatic = 1;
    sampler.method = mfli_method_of(MFL_METHOD_HMC);
    chain.centre = log(0.3);
    for (int m = 1; m <= burn_in; m++) {
        chain.steps = m;
        chain.acceptance = acceptance[m - 1];
        mfli_adapt_after(&sampler, &chain);
        h += (sampler.method->acceptance - acceptance[m - 1] - h) / (m + 10.0);
        x = log(0.3) - sqrt(m) / 0.05 * h;
        mean += pow(m, -0.75) * (x - mean);
        ck_assert_double_eq_tol(log(chain.step_size), m < burn_in ? x : mean, 1e-13);
    }
    chain.steps++;
    mfli_adapt_after(&sampler, &chain);
    ck_assert_double_eq_tol(log(chain.step_size), mean, 1e-13);
    ck_assert_int_eq(chain.proposals, 1);
}
END_TEST

/* At the end of a window: the variance of its states and, as five more, that of the prior. */
START_TEST(the_mass_is_the_variance_of_a_window_and_of_the_prior)
{
    enum { burn_in = 200, first_end = 40 }; /* 15 % and a fifteenth of the 75 % that windows take */
    double theta[2], scale[2], mean[2] = {0.0}, spread[2] = {0.0}, sum[2] = {0.0}, square[2] = {0.0};
    const double prior[2] = {1.0 / 16.0, 4.0};
    static mfl_sampler sampler;
    static mfli_chain chain;
    int count = 0;
    sampler.model.dimension = sampler.model.width = 1;
    sampler.burn_in = burn_in;
    sampler.mass = MFL_MASS_ADAPTIVE;
    sampler.precision_w = 1.0 / prior[0];
    sampler.precision_a = 1.0 / prior[1];
    sampler.method = mfli_method_of(MFL_METHOD_HMC);
    chain.theta = theta;
    chain.scale = scale;
    chain.mean = mean;
    chain.spread = spread;
    chain.place = MFLI_PLACE_THETA;
    mfli_adapt_open(&sampler, &chain);
    for (int i = 0; i < 2; i++)
        ck_assert_double_eq_tol(scale[i], sqrt(prior[i]), 1e-15);
    for (chain.steps = 1; chain.steps <= first_end; chain.steps++) {
        for (int i = 0; i < 2; i++)
            theta[i] = (i + 1) * sin(0.7 * (double)chain.steps) + 5.0;
        if (chain.steps >= 0.15 * burn_in) {
            count++;
            for (int i = 0; i < 2; i++) {
                sum[i] += theta[i];
                square[i] += theta[i] * theta[i];
            }
        }
        OK(mfli_adapt_before(&sampler, &chain));
    }
    for (int i = 0; i < 2; i++) {
        const double about = square[i] - sum[i] * sum[i] / count;
        ck_assert_double_eq_tol(scale[i] * scale[i], (about + 5.0 * prior[i]) / (count + 5.0), 1e-12);
        ck_assert(mean[i] == 0.0 && spread[i] == 0.0);
    }
    ck_assert_int_eq(chain.observed, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS("schedules of a chain", descent_follows_both_schedules, the_step_is_adapted_by_dual_averaging,
                     the_mass_is_the_variance_of_a_window_and_of_the_prior);
}
