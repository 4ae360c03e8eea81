/* SPDX-License-Identifier: BSD-3-Clause */
/* Replica exchange on a posterior that is Gaussian at every noise: laws of all rungs, evidence, swap rates. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "gaussian_case.h"

enum { ladders = 16, rungs = 6 };

static double get_rung(const mfl_sampler *sampler, int64_t rung, int32_t key)
{
    double value;
    OK(mfl_sampler_get_rung(sampler, rung, key, &value));
    return value;
}

/* Features of the samples, N^-1/2 phi(w.x), and the targets. */
typedef struct regression {
    double phi[samples][2], y[samples];
} regression;

static regression read_case(const gaussian_case *c)
{
    regression r;
    double x[samples * inputs], w[2 * inputs];
    const double *y;
    OK(mfl_dataset_copy_inputs(c->data, x, samples * inputs));
    OK(mfl_dataset_targets(c->data, &y));
    OK(mfl_network_copy_weights(c->start, w, inputs, NULL));
    memcpy(r.y, y, sizeof r.y);
    for (int mu = 0; mu < samples; mu++)
        for (int i = 0; i < 2; i++) {
            double z = 0.0;
            for (int j = 0; j < inputs; j++)
                z += w[i * inputs + j] * x[mu * inputs + j];
            r.phi[mu][i] = fmax(z, 0.0) / sqrt(2.0);
        }
    return r;
}

/* log N(y; 0, Phi Phi^T + noise^2), by Cholesky. */
static double log_evidence(const regression *r, double noise)
{
    double l[samples][samples], z[samples], value = 0.0;
    for (int i = 0; i < samples; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = r->phi[i][0] * r->phi[j][0] + r->phi[i][1] * r->phi[j][1] + (i == j) * noise * noise;
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
        z[i] = r->y[i];
        for (int k = 0; k < i; k++)
            z[i] -= l[i][k] * z[k];
        z[i] /= l[i][i];
        value -= 0.5 * z[i] * z[i] + log(l[i][i]) + 0.5 * log(2.0 * M_PI);
    }
    return value;
}

/* Mean of the sum of squared residuals under the posterior at a noise. */
static double mean_residual(const regression *r, double noise)
{
    matrix m = {1.0, 0.0, 1.0};
    double pull[2] = {0.0, 0.0}, sum = 0.0;
    for (int mu = 0; mu < samples; mu++) {
        m.a += r->phi[mu][0] * r->phi[mu][0] / (noise * noise);
        m.b += r->phi[mu][0] * r->phi[mu][1] / (noise * noise);
        m.d += r->phi[mu][1] * r->phi[mu][1] / (noise * noise);
        for (int i = 0; i < 2; i++)
            pull[i] += r->phi[mu][i] * r->y[mu] / (noise * noise);
    }
    const matrix v = inverse(m);
    for (int mu = 0; mu < samples; mu++) {
        const double residual = r->y[mu] - form(v, r->phi[mu], pull);
        sum += residual * residual + form(v, r->phi[mu], r->phi[mu]);
    }
    return sum;
}

/* The mean of a trace over the chains of a rung, with the standard error from their spread. */
static void trace_mean(const mfl_sampler *sampler, int64_t rung, int32_t kind, double *mean, double *se)
{
    static double trace[4000];
    double square = 0.0;
    *mean = 0.0;
    for (int c = 0; c < ladders; c++) {
        int64_t count;
        double sum = 0.0;
        OK(mfl_sampler_trace(sampler, kind, rung * ladders + c, trace, 4000, &count));
        for (int64_t i = 0; i < count; i++)
            sum += trace[i] / (double)count;
        *mean += sum / ladders;
        square += sum * sum / ladders;
    }
    *se = sqrt((square - *mean * *mean) / (ladders - 1));
}

static mfl_sampler *make_ladder(const gaussian_case *c, const char *settings)
{
    mfl_sampler *sampler;
    OK(mfl_sampler_create(c->model, c->data, 0.05, &sampler));
    configure(sampler, "chains=16,rungs=6,freeze=first_layer");
    configure(sampler, settings);
    OK(mfl_sampler_set_start(sampler, c->start));
    return sampler;
}

/* 5.5 standard errors of 16 independent ladders (Student's t: 6e-5 by chance) for the mean residual of six rungs, and
 * of the jackknife (9 degrees of freedom: 4e-4) for six evidences; four settings, seeds fixed: 1.1 % for all. A
 * swap accepted at the wrong rate would move states between noises that are factors apart. */
START_TEST(every_rung_has_its_law_and_the_evidence_is_exact)
{
    static const char *const settings[] = {
        "method=hmc,burn_in=400,draws=600",
        "method=hmc,burn_in=400,draws=600,precision=float64,mass=unit,swap=2",
        "method=sgld,gibbs=1,burn_in=400,thinning=1,draws=600",
        "method=baoab,burn_in=2000,draws=600,thinning=10",
    };
    gaussian_case c = make_case();
    const regression r = read_case(&c);
    for (size_t n = 0; n < sizeof settings / sizeof settings[0]; n++) {
        mfl_sampler *sampler = make_ladder(&c, settings[n]);
        OK(mfl_sampler_run(sampler));
        double least = 1.0, most = 0.0;
        for (int k = 0; k < rungs; k++) {
            const double noise = get_rung(sampler, k, MFL_SAMPLER_KAPPA);
            double mean, se;
            trace_mean(sampler, k, MFL_TRACE_RESIDUAL, &mean, &se);
            ck_assert_msg(fabs(mean - mean_residual(&r, noise)) < 5.5 * se, "%s, rung %d: residual %g +- %g, exact %g",
                          settings[n], k, mean, se, mean_residual(&r, noise));
            const double found = get_rung(sampler, k, MFL_SAMPLER_LOG_EVIDENCE);
            const double error = get_rung(sampler, k, MFL_SAMPLER_LOG_EVIDENCE_SE), exact = log_evidence(&r, noise);
            ck_assert_msg(fabs(found - exact) < 5.5 * error, "%s, rung %d: log evidence %g +- %g, exact %g",
                          settings[n], k, found, error, exact);
            ck_assert_double_lt(error, 0.08); /* whose own error is a quarter */
            const double gain = get_rung(sampler, k, MFL_SAMPLER_LOG_EVIDENCE_GAIN);
            ck_assert_double_eq_tol(
                gain, found - get_rung(sampler, rungs - 1, MFL_SAMPLER_LOG_EVIDENCE), 1e-9 * fabs(found));
            if (k < rungs - 1) {
                least = fmin(least, get_rung(sampler, k, MFL_SAMPLER_SWAP_RATE));
                most = fmax(most, get_rung(sampler, k, MFL_SAMPLER_SWAP_RATE));
            }
        }
        /* Evenly spaced in rates. */
        ck_assert_msg(least > 0.3 && most - least < 0.15, "%s: swap rates %g to %g", settings[n], least, most);
        ck_assert_double_gt(get(sampler, MFL_SAMPLER_ROUND_TRIPS), 16.0);
        mfl_sampler_destroy(sampler);
    }
    release_case(&c);
}
END_TEST

/* The mean of the order parameter at a noise, with its Monte Carlo standard error; the chains agree. */
static void order_parameter(const mfl_sampler *sampler, int64_t rung, double *mean, double *error)
{
    static const int32_t keys[] = {MFL_DIAGNOSTIC_MEAN, MFL_DIAGNOSTIC_MCSE_MEAN, MFL_DIAGNOSTIC_R_HAT};
    double results[3];
    OK(mfl_sampler_diagnose_rung(sampler, rung, MFL_TRACE_ORDER_PARAMETER, keys, 3, results));
    ck_assert_msg(results[2] < 1.1, "rung %d: R-hat %g", (int)rung, results[2]);
    *mean = results[0];
    *error = results[1];
}

/* A network that learns a parity, the better the less noise there is. Ladders from prior draws and from planted networks
 * have the same difference of free energies, the same m at both ends, and that of plain long chains. Seven comparisons
 * within 5 standard errors: those of m are of some hundred effective draws (1e-6 by chance), those of the evidence by a
 * jackknife of ten blocks, two together (some 16 degrees of freedom: 1.3e-4); seeds fixed. */
START_TEST(ladders_of_networks_agree_with_each_other_and_with_plain_chains)
{
    enum { hottest = 5 };
    static const double ends[2] = {0.1, 0.3};
    double gain[2], gain_se[2], m[3][2], error[3][2];
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    OK(mfl_task_create_parity(context, 8, 2, &task));
    OK(mfl_model_create(context, 8, 24, &model));
    OK(mfl_dataset_draw(task, 24, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (int planted = 0; planted < 2; planted++) {
        mfl_sampler *sampler;
        OK(mfl_sampler_create(model, data, ends[0], &sampler));
        OK(mfl_sampler_set_task(sampler, task));
        configure(sampler, "method=hmc,chains=2,rungs=6,kappa_hot=0.3,burn_in=400,draws=600");
        configure(sampler, planted ? "start=planted" : "start=prior");
        OK(mfl_sampler_run(sampler));
        gain[planted] = get(sampler, MFL_SAMPLER_LOG_EVIDENCE_GAIN);
        gain_se[planted] = get(sampler, MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE);
        ck_assert_double_gt(get(sampler, MFL_SAMPLER_ROUND_TRIPS), 10.0);
        for (int end = 0; end < 2; end++)
            order_parameter(sampler, end ? hottest : 0, &m[planted][end], &error[planted][end]);
        mfl_sampler_destroy(sampler);
    }
    for (int end = 0; end < 2; end++) {
        mfl_sampler *sampler;
        OK(mfl_sampler_create(model, data, ends[end], &sampler));
        OK(mfl_sampler_set_task(sampler, task));
        configure(sampler, "method=hmc,gibbs=1,chains=4,draws=2000");
        OK(mfl_sampler_run(sampler));
        order_parameter(sampler, 0, &m[2][end], &error[2][end]);
        mfl_sampler_destroy(sampler);
    }
    ck_assert_msg(fabs(gain[0] - gain[1]) < 5.0 * hypot(gain_se[0], gain_se[1]) && hypot(gain_se[0], gain_se[1]) < 0.5,
                  "gains %g +- %g and %g +- %g", gain[0], gain_se[0], gain[1], gain_se[1]);
    ck_assert_double_gt(m[2][0], m[2][1] + 0.1);
    for (int end = 0; end < 2; end++)
        for (int a = 0; a < 3; a++) {
            const int b = (a + 1) % 3;
            ck_assert_msg(fabs(m[a][end] - m[b][end]) < 5.0 * hypot(error[a][end], error[b][end]),
                          "kappa %g, %d and %d: m %g +- %g and %g +- %g", ends[end], a, b, m[a][end], error[a][end],
                          m[b][end], error[b][end]);
        }
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
END_TEST

START_TEST(ladders_do_not_depend_on_threads)
{
    gaussian_case c = make_case();
    double reference[50], trace[50];
    mfl_options *options;
    OK(mfl_context_options(context, &options));
    for (int threads = 1; threads < 4; threads++) {
        OK(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads));
        mfl_sampler *sampler = make_ladder(&c, "method=baoab,burn_in=400,draws=50,thinning=3,chains=2");
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 1, threads == 1 ? reference : trace, 50, NULL));
        if (threads > 1)
            ck_assert_mem_eq(reference, trace, sizeof trace);
        mfl_sampler_destroy(sampler);
    }
    release_case(&c);
}
END_TEST

START_TEST(faults_of_ladders_are_named)
{
    gaussian_case c = make_case();
    double value;
    mfl_sampler *sampler = make_ladder(&c, "kappa_hot=0.01");
    ck_assert_int_eq(mfl_sampler_get_rung(sampler, 0, MFL_SAMPLER_KAPPA, &value), MFL_ERROR_STATE);
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_ARGUMENT);
    configure(sampler, "kappa_hot=0.2,burn_in=50,draws=20");
    OK(mfl_sampler_run(sampler));
    ck_assert_int_eq(mfl_sampler_get_rung(sampler, rungs, MFL_SAMPLER_KAPPA, &value), MFL_ERROR_ARGUMENT);
    ck_assert_double_eq_tol(get_rung(sampler, rungs - 1, MFL_SAMPLER_KAPPA), 0.2, 1e-15);
    mfl_sampler_destroy(sampler);
    sampler = make_ladder(&c, "anneal_from=1");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_ARGUMENT);
    mfl_sampler_destroy(sampler);
    sampler = make_ladder(&c, "chains=4096");
    ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_SIZE);
    mfl_sampler_destroy(sampler);
    release_case(&c);
}
END_TEST

int main(void)
{
    mfl_options *options;
    if (mfl_context_create(&context) || mfl_context_options(context, &options)
        || mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1))
        return 1;
    int failed = RUN_TESTS("exchange", every_rung_has_its_law_and_the_evidence_is_exact,
                           ladders_of_networks_agree_with_each_other_and_with_plain_chains,
                           ladders_do_not_depend_on_threads, faults_of_ladders_are_named);
    mfl_context_destroy(context);
    return failed;
}
