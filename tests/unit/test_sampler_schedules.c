/* SPDX-License-Identifier: BSD-3-Clause */
/* What a chain changes on its way, number by number: noise and step along a schedule, the step towards a rate of
 * acceptance, the mass from the states of burn-in. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "sampler/sampler.h"

#define OK(call) ck_assert_int_eq(call, MFL_OK)

/* Gradient descent of f = w a x with w = x = 1 held on `rows` equal samples, with the mean square of the residuals
 * after every one of the last `draws` steps. */
typedef struct descent {
    double y, kappa, sigma_a, start;
    int64_t rows, draws;
    const char *settings[12][2]; /* up to a NULL */
} descent;

static void descend(const descent *how, double *square)
{
    enum { most_rows = 8 };
    double x[most_rows], y[most_rows];
    const double w = 1.0;
    int64_t count;
    mfl_context *context;
    mfl_model *model;
    mfl_dataset *data;
    mfl_network *start;
    mfl_sampler *sampler;
    mfl_options *options;
    for (int i = 0; i < most_rows; i++) {
        x[i] = 1.0;
        y[i] = how->y;
    }
    OK(mfl_context_create(&context));
    OK(mfl_model_create(context, 1, 1, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_text(options, "activation", "linear"));
    OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, how->sigma_a));
    OK(mfl_dataset_copy(context, how->rows, 1, x, 1, 1, y, &data));
    OK(mfl_network_create(model, &start));
    OK(mfl_network_set_weights(start, &w, 1, &how->start));
    OK(mfl_sampler_create(model, data, how->kappa, &sampler));
    OK(mfl_sampler_options(sampler, &options));
    static const char *const common[][2] = {{"method", "gradient_descent"}, {"precision", "float64"},
                                            {"freeze", "first_layer"},      {"chains", "1"},
                                            {"thinning", "1"}};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        OK(mfl_options_set_text(options, common[i][0], common[i][1]));
    for (size_t i = 0; how->settings[i][0]; i++)
        OK(mfl_options_set_text(options, how->settings[i][0], how->settings[i][1]));
    OK(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, how->draws));
    OK(mfl_sampler_set_start(sampler, start));
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, 0, square, (size_t)how->draws, &count));
    ck_assert_int_eq(count, how->draws);
    for (int64_t i = 0; i < count; i++)
        square[i] /= (double)how->rows;
    mfl_sampler_destroy(sampler);
    mfl_network_destroy(start);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}

/* Every step is a -= eta_t ((a - y)/kappa_t^2 + a). */
START_TEST(descent_follows_both_schedules)
{
    enum { steps = 24, burn_in = 16 };
    static const descent how = {
        3.0, 0.8, 1.0, 0.5, 1, steps - burn_in,
        {{"mass", "unit"}, {"burn_in", "16"}, {"anneal_from", "6"}, {"step_size", "0.01"}, {"step_decay", "0.6"},
         {"step_decay_scale", "2"}}};
    double square[steps - burn_in], a = how.start;
    descend(&how, square);
    for (int t = 0; t < steps; t++) {
        const double part = fmin(t / (0.5 * burn_in), 1.0), noise = pow(6.0, 1.0 - part) * pow(how.kappa, part);
        a -= 0.01 * pow(1.0 + t / 2.0, -0.6) * ((a - how.y) / (noise * noise) + a);
        if (t >= burn_in)
            ck_assert_double_eq_tol(square[t - burn_in], (a - how.y) * (a - how.y), 1e-13);
    }
}
END_TEST

/* a -= eta s^2 (P (a - y)/kappa^2 + a/sigma_a^2), whichever part of the equal samples a step looks at, with the scale s
 * of the mass: 1 or sigma_a. Masses that adapt take other code, and without burn-in are those of the prior. */
START_TEST(descent_has_the_mass_and_all_samples)
{
    enum { steps = 12 };
    static const char *const masses[] = {"unit", "prior", "adaptive"}, *const batches[] = {"0", "2", "3"};
    for (int i = 0; i < 9; i++) {
        const descent how = {2.0, 1.5, 0.4, -0.5, 6, steps,
                             {{"mass", masses[i / 3]}, {"batch", batches[i % 3]}, {"burn_in", "0"},
                              {"step_size", "0.02"}}};
        const double scale = i / 3 ? how.sigma_a : 1.0;
        double square[steps], a = how.start;
        descend(&how, square);
        for (int t = 0; t < steps; t++) {
            a -= 0.02 * scale * scale
                * (6.0 * (a - how.y) / (how.kappa * how.kappa) + a / (how.sigma_a * how.sigma_a));
            ck_assert_double_eq_tol(square[t], (a - how.y) * (a - how.y), 1e-12);
        }
    }
}
END_TEST

/* Where data hardly count, at kappa 10^4, BAOAB leaves the prior at any stable step, here half the largest: <w^2> and
 * <U>, by itself and with readouts redrawn at every step, which the velocities must be settled for. Twenty neurons,
 * four chains and 4,000 draws: <w^2> is known to some 0.006 (bound: 5 of these), <U> = 20 to some 0.05; four
 * comparisons with a fixed seed, false alarm below 1e-5. */
START_TEST(baoab_leaves_the_prior_alone)
{
    enum { width = 20, draws = 4000, chains = 4 };
    static const char *const settings[][2] = {
        {"method", "baoab"}, {"precision", "float64"}, {"mass", "prior"},   {"step_size", "1"},  {"friction", "1"},
        {"chains", "4"},     {"burn_in", "200"},       {"draws", "4000"}, {"thinning", "1"},
    };
    static double potential[draws];
    const double x = 1.0, y = 1.0;
    for (int i = 0; i < 2; i++) {
        double square, sum = 0.0;
        mfl_context *context;
        mfl_model *model;
        mfl_dataset *data;
        mfl_sampler *sampler;
        mfl_options *options;
        OK(mfl_context_create(&context));
        OK(mfl_model_create(context, 1, width, &model));
        OK(mfl_dataset_copy(context, 1, 1, &x, 1, 1, &y, &data));
        OK(mfl_sampler_create(model, data, 1e4, &sampler));
        OK(mfl_sampler_options(sampler, &options));
        for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++)
            OK(mfl_options_set_text(options, settings[k][0], settings[k][1]));
        OK(mfl_options_set_text(options, "gibbs", i ? "1" : "0"));
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_second_moments(sampler, &square, 1));
        for (int64_t c = 0; c < chains; c++) {
            OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, c, potential, draws, NULL));
            for (int64_t n = 0; n < draws; n++)
                sum += potential[n] / (draws * chains);
        }
        ck_assert_double_eq_tol(square, 1.0, 0.03);
        ck_assert_double_eq_tol(sum, width, 0.25);
        mfl_sampler_destroy(sampler);
        mfl_dataset_destroy(data);
        mfl_model_destroy(model);
        mfl_context_destroy(context);
    }
}
END_TEST

/* With the first layer held at 1 the network is s x, s = N^-1/2 sum a: a priori N(0, sigma_a^2), with P samples at x = 1
 * of precision 1/v = P/kappa^2 + 1/sigma_a^2 and mean m = v P y/kappa^2. Redraws are independent of each other; by the
 * N x N matrix for two samples and one neuron, by the P x P one for one sample and three. Means of 40,000 draws of
 * P (s - y)^2 and of U, within 5 standard errors: four comparisons with a fixed seed, false alarm 2e-6. */
START_TEST(redrawn_readouts_have_their_law)
{
    enum { draws = 40000 };
    static const int64_t widths[2] = {1, 3}, rows[2] = {2, 1};
    static double trace[2][draws];
    const double x[2] = {1.0, 1.0}, y[2] = {1.4, 1.4}, w[3] = {1.0, 1.0, 1.0}, a[3] = {0.0};
    const double kappa = 0.6, sigma = 0.7;
    for (int i = 0; i < 2; i++) {
        mfl_context *context;
        mfl_model *model;
        mfl_dataset *data;
        mfl_network *start;
        mfl_sampler *sampler;
        mfl_options *options;
        OK(mfl_context_create(&context));
        OK(mfl_model_create(context, 1, widths[i], &model));
        OK(mfl_model_options(model, &options));
        OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, sigma));
        OK(mfl_dataset_copy(context, rows[i], 1, x, 1, 1, y, &data));
        OK(mfl_network_create(model, &start));
        OK(mfl_network_set_weights(start, w, 1, a));
        OK(mfl_sampler_create(model, data, kappa, &sampler));
        OK(mfl_sampler_options(sampler, &options));
        static const char *const settings[][2] = {{"method", "sgld"}, {"freeze", "first_layer"}, {"gibbs", "1"},
                                                  {"chains", "1"},    {"thinning", "1"},         {"burn_in", "1"},
                                                  {"draws", "40000"}, {"step_size", "0.01"}};
        for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++)
            OK(mfl_options_set_text(options, settings[k][0], settings[k][1]));
        OK(mfl_sampler_set_start(sampler, start));
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, 0, trace[0], draws, NULL));
        OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 0, trace[1], draws, NULL));
        const double n = (double)widths[i], P = (double)rows[i], square = sigma * sigma;
        const double v = 1.0 / (P / (kappa * kappa) + 1.0 / square), m = v * P * y[0] / (kappa * kappa);
        const double misfit = P * ((m - y[0]) * (m - y[0]) + v);
        const double exact[2] = {misfit, misfit / (2.0 * kappa * kappa) + 0.5 * n
                                             + 0.5 * (m * m + v + (n - 1.0) * square) / square};
        for (int k = 0; k < 2; k++) {
            double mean = 0.0, spread = 0.0;
            for (int l = 0; l < draws; l++)
                mean += trace[k][l] / draws;
            for (int l = 0; l < draws; l++)
                spread += (trace[k][l] - mean) * (trace[k][l] - mean) / draws;
            ck_assert_double_eq_tol(mean, exact[k], 5.0 * sqrt(spread / draws));
        }
        mfl_sampler_destroy(sampler);
        mfl_network_destroy(start);
        mfl_dataset_destroy(data);
        mfl_model_destroy(model);
        mfl_context_destroy(context);
    }
}
END_TEST

/* A ladder for one readout a and one sample, y = a + noise, whose law is Gaussian at every noise: mean and error of the
 * squared residual, U, evidence, round trips. Five errors for means (1e-6 by chance), 5.5 for the evidence (jackknife
 * of ten blocks: 4e-4), three rungs, seed fixed. The hottest noise is chosen first from the misfit of the prior, which
 * a large y makes y^2/2. Paths are short, so that swaps do most of the moving. */
START_TEST(a_ladder_of_one_readout_is_exact)
{
    enum { rungs = 3, draws = 6000 };
    static const int32_t keys[] = {MFL_DIAGNOSTIC_MEAN, MFL_DIAGNOSTIC_MCSE_MEAN};
    static const char *const settings[][2] = {{"method", "hmc"}, {"freeze", "first_layer"}, {"precision", "float64"},
                                              {"chains", "1"},   {"rungs", "3"},            {"burn_in", "200"},
                                              {"path_length", "0.15"}};
    static double residual[draws], potential[draws];
    const double x = 1.0, w = 1.0, a = 0.0;
    for (int chosen = 0; chosen < 2; chosen++) {
        const double y = chosen ? 300.0 : 0.8;
        double kappa, mean[2], found, error, trips;
        mfl_context *context;
        mfl_model *model;
        mfl_dataset *data;
        mfl_network *start;
        mfl_sampler *sampler;
        mfl_options *options;
        OK(mfl_context_create(&context));
        OK(mfl_model_create(context, 1, 1, &model));
        OK(mfl_dataset_copy(context, 1, 1, &x, 1, 1, &y, &data));
        OK(mfl_network_create(model, &start));
        OK(mfl_network_set_weights(start, &w, 1, &a));
        OK(mfl_sampler_create(model, data, 0.3, &sampler));
        OK(mfl_sampler_options(sampler, &options));
        for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++)
            OK(mfl_options_set_text(options, settings[k][0], settings[k][1]));
        OK(mfl_options_set_text(options, "kappa_hot", chosen ? "0" : "2"));
        OK(mfl_options_set_text(options, "draws", chosen ? "10" : "6000"));
        OK(mfl_sampler_set_start(sampler, start));
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_get_rung(sampler, rungs - 1, MFL_SAMPLER_KAPPA, &kappa));
        ck_assert_double_eq_tol(kappa / (chosen ? y * sqrt(0.5) : 2.0), 1.0, 0.02);
        OK(mfl_sampler_get(sampler, MFL_SAMPLER_ROUND_TRIPS, &trips));
        for (int64_t k = 0; k < rungs && !chosen; k++) {
            OK(mfl_sampler_get_rung(sampler, k, MFL_SAMPLER_KAPPA, &kappa));
            const double variance = 1.0 / (1.0 / (kappa * kappa) + 1.0), m = variance * y / (kappa * kappa);
            OK(mfl_sampler_diagnose_rung(sampler, k, MFL_TRACE_RESIDUAL, keys, 2, mean));
            ck_assert_double_eq_tol(mean[0], (m - y) * (m - y) + variance, 5.0 * mean[1]);
            OK(mfl_sampler_get_rung(sampler, k, MFL_SAMPLER_LOG_EVIDENCE, &found));
            OK(mfl_sampler_get_rung(sampler, k, MFL_SAMPLER_LOG_EVIDENCE_SE, &error));
            ck_assert_double_lt(error, 0.05);
            ck_assert_double_eq_tol(found, -0.5 * (y * y / (1.0 + kappa * kappa)
                                                   + log(2.0 * M_PI * (1.0 + kappa * kappa))), 5.5 * error);
            OK(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, k, residual, draws, NULL));
            OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, k, potential, draws, NULL));
            for (int i = 0; i < 20; i++) { /* of the prior (w^2 + a^2)/2 is left, with a - y or y - a from the residual */
                const double left = 2.0 * (potential[i] - residual[i] / (2.0 * kappa * kappa)) - 1.0;
                const double root = sqrt(residual[i]);
                ck_assert_double_le(fmin(fabs(left - (y + root) * (y + root)), fabs(left - (y - root) * (y - root))), 1e-9);
            }
        }
        if (!chosen)
            ck_assert_double_gt(trips, 200.0);
        mfl_sampler_destroy(sampler);
        mfl_network_destroy(start);
        mfl_dataset_destroy(data);
        mfl_model_destroy(model);
        mfl_context_destroy(context);
    }
}
END_TEST

/* Eleven samples in batches of three: nine different ones an epoch, with their own targets, and others left out the next
 * time. */
START_TEST(an_epoch_shows_every_sample_once)
{
    enum { rows = 11, batch = 3, an_epoch = rows / batch, epochs = 30 };
    double x[rows], y[rows];
    int seen[rows] = {0};
    mfl_context *context;
    mfl_model *model;
    mfl_dataset *data;
    mfl_sampler *sampler;
    mfl_options *options;
    for (int i = 0; i < rows; i++) {
        x[i] = 0.1 * i;
        y[i] = i;
    }
    OK(mfl_context_create(&context));
    OK(mfl_model_create(context, 1, 2, &model));
    OK(mfl_dataset_copy(context, rows, 1, x, 1, 1, y, &data));
    OK(mfl_sampler_create(model, data, 1.0, &sampler));
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_text(options, "method", "sgld"));
    OK(mfl_options_set_text(options, "chains", "1"));
    OK(mfl_options_set_text(options, "batch", "3"));
    OK(mfl_options_set_text(options, "burn_in", "0"));
    OK(mfl_options_set_text(options, "draws", "1"));
    OK(mfl_options_set_text(options, "step_size", "0.001"));
    OK(mfl_sampler_run(sampler));
    mfli_chain *chain = &sampler->chains[0];
    for (int64_t epoch = 0; epoch < epochs; epoch++) {
        int now[rows] = {0};
        for (int64_t step = epoch * an_epoch; step < (epoch + 1) * an_epoch; step++) {
            mfli_part_select(sampler, chain, step);
            for (int i = 0; i < batch; i++) {
                const int sample = (int)chain->part.targets[i];
                ck_assert(chain->part.rows[i] == x[sample] && now[sample]++ == 0);
                seen[sample]++;
            }
        }
    }
    /* Each is left out with probability 2/11: by chance more than 20 times of 30 with probability 1e-9. */
    for (int i = 0; i < rows; i++)
        ck_assert_int_ge(seen[i], 10);
    mfl_sampler_destroy(sampler);
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
    return RUN_TESTS("schedules of a chain", descent_follows_both_schedules,
                     descent_has_the_mass_and_all_samples, baoab_leaves_the_prior_alone,
                     redrawn_readouts_have_their_law, a_ladder_of_one_readout_is_exact,
                     an_epoch_shows_every_sample_once,
                     the_step_is_adapted_by_dual_averaging,
                     the_mass_is_the_variance_of_a_window_and_of_the_prior);
}
