/* SPDX-License-Identifier: BSD-3-Clause */
/* What the methods of the sampler are worth: the bias of a step against its exact law, and independent draws of the
 * order parameter for a gradient.
 *
 *     bench_methods bias
 *     bench_methods efficiency [P...]     parity of degree 2, d = 20, N = 128, kappa = 0.1; default P 100 200 400 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mflearn/mflearn.h>

static mfl_context *context;

static void check(int32_t status)
{
    if (status != MFL_OK) {
        fprintf(stderr, "%s\n", mfl_context_message(context));
        exit(1);
    }
}

/* "name=value,name=value" */
static void configure(mfl_sampler *sampler, const char *settings)
{
    char text[400], *rest = text;
    mfl_options *options;
    check(mfl_sampler_options(sampler, &options));
    snprintf(text, sizeof text, "%s", settings);
    for (char *item; (item = strtok_r(rest, ",", &rest));) {
        char *value = strchr(item, '=');
        *value = '\0';
        check(mfl_options_set_text(options, item, value + 1));
    }
}

static double get(const mfl_sampler *sampler, int32_t key)
{
    double value;
    check(mfl_sampler_get(sampler, key, &value));
    return value;
}

enum { bias_chains = 64 };

/* One neuron with a frozen weight of 3, one sample: a is Gaussian with curvature L = 1 + 9/kappa^2. Variance of the
 * chain over 1/L, and its standard error. */
static double variance_ratio(const char *method, double fraction, double *se)
{
    static const double kappa = 0.1, x = 1.0, y = 1.0, w = 3.0, a = 0.3;
    const double curvature = 1.0 + 9.0 / (kappa * kappa), mean = 3.0 * y / (kappa * kappa) / curvature;
    char settings[200];
    mfl_model *model;
    mfl_network *start;
    mfl_dataset *data;
    mfl_sampler *sampler;
    double ratio = 0.0, square = 0.0, residual[4000];
    check(mfl_model_create(context, 1, 1, &model));
    check(mfl_network_create(model, &start));
    check(mfl_network_set_weights(start, &w, 1, &a));
    check(mfl_dataset_copy(context, 1, 1, &x, 1, 1, &y, &data));
    check(mfl_sampler_create(model, data, kappa, &sampler));
    const double eta = fraction / curvature;
    snprintf(settings, sizeof settings,
             "method=%s,freeze=first_layer,precision=float64,chains=%d,burn_in=500,draws=4000,thinning=5,"
             "step_size=%.17g",
             method, bias_chains, strcmp(method, "sgld") ? sqrt(2.0 * eta) : eta);
    configure(sampler, settings);
    check(mfl_sampler_set_start(sampler, start));
    check(mfl_sampler_run(sampler));
    for (int c = 0; c < bias_chains; c++) {
        double sum = 0.0;
        check(mfl_sampler_trace(sampler, MFL_TRACE_RESIDUAL, c, residual, 4000, NULL));
        /* E (y - 3 a)^2 = (y - 3 mean)^2 + 9 variance */
        for (int i = 0; i < 4000; i++)
            sum += (residual[i] - (y - 3.0 * mean) * (y - 3.0 * mean)) / 9.0 * curvature / 4000;
        ratio += sum / bias_chains;
        square += sum * sum / bias_chains;
    }
    *se = sqrt((square - ratio * ratio) / (bias_chains - 1));
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    mfl_network_destroy(start);
    mfl_model_destroy(model);
    return ratio;
}

static void print_bias(void)
{
    static const double fractions[] = {0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6};
    printf("| eta L | sgld | 1/(1 - eta L/2) | baoab | exact | mala |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++) {
        const double f = fractions[i];
        double se[3];
        const double sgld = variance_ratio("sgld", f, &se[0]), baoab = variance_ratio("baoab", f, &se[1]);
        const double mala = variance_ratio("mala", f, &se[2]);
        printf("| %g | %.3f +- %.3f | %.3f | %.3f +- %.3f | 1 | %.3f +- %.3f |\n", f, sgld, se[0],
               1.0 / (1.0 - 0.5 * f), baoab, se[1], mala, se[2]);
    }
}

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_efficiency(int64_t samples)
{
    static const struct {
        const char *settings, *draws;
    } rows[] = {
        {"method=baoab", "draws=400"},
        {"method=baoab,gibbs=25", "draws=400"},
        {"method=hmc", "draws=200"},
        {"method=hmc,gibbs=1", "draws=200"},
        {"method=mala,burn_in=5000", "draws=400"},
        {"method=sgld,mass=prior,burn_in=5000", "draws=800"},
        {"method=sgld", "draws=800"},
    };
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    check(mfl_task_create_parity(context, 20, 2, &task));
    check(mfl_model_create(context, 20, 128, &model));
    check(mfl_dataset_draw(task, samples, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const int32_t keys[] = {MFL_DIAGNOSTIC_R_HAT, MFL_DIAGNOSTIC_ESS_BULK, MFL_DIAGNOSTIC_MCSE_MEAN};
        double m[3], u[3];
        mfl_sampler *sampler;
        check(mfl_sampler_create(model, data, 0.1, &sampler));
        configure(sampler, "chains=4,draws=1");
        configure(sampler, rows[i].settings);
        check(mfl_sampler_set_task(sampler, task));
        check(mfl_sampler_run(sampler)); /* burn-in */
        const double before = processor_seconds(), burnt = get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL);
        configure(sampler, rows[i].draws);
        check(mfl_sampler_run(sampler));
        const double seconds = processor_seconds() - before;
        check(mfl_sampler_diagnose(sampler, MFL_TRACE_ORDER_PARAMETER, keys, 3, m));
        check(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, keys, 3, u));
        const double gradients = get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL) - burnt;
        printf("| %lld | `%s` | %.4f +- %.4f | %.2f | %.0f | %.2f | %.2f | %.1f |\n", (long long)samples,
               rows[i].settings, get(sampler, MFL_SAMPLER_ORDER_PARAMETER), m[2], m[0], gradients,
               1000.0 * m[1] / gradients,
               1000.0 * u[1] / gradients, m[1] / seconds);
        fflush(stdout);
        mfl_sampler_destroy(sampler);
    }
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

int main(int argc, char **argv)
{
    if (mfl_context_create(&context))
        return 1;
    if (argc == 2 && strcmp(argv[1], "bias") == 0) {
        print_bias();
    } else if (argc >= 2 && strcmp(argv[1], "efficiency") == 0) {
        printf("| P | settings | m_S | R-hat | gradients after burn-in | ESS of m_S a 1000 gradients | of U | "
               "of m_S a second |\n"
               "|---|---|---|---|---|---|---|---|\n");
        for (int i = 2; i < argc; i++)
            print_efficiency(strtoll(argv[i], NULL, 10));
        for (int64_t samples = 100; argc == 2 && samples <= 400; samples *= 2)
            print_efficiency(samples);
    } else {
        fprintf(stderr, "usage: bench_methods bias | efficiency [P...]\n");
        return 2;
    }
    mfl_context_destroy(context);
    return 0;
}
