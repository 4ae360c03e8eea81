/* SPDX-License-Identifier: BSD-3-Clause */
/* What the methods of the sampler are worth: the bias of a step against its exact law, and independent draws of the
 * order parameter for a gradient.
 *
 *     bench_methods bias
 *     bench_methods efficiency [P...]     parity of degree 2, d = 10, N = 64, kappa = 0.05; default P 10 and 120, below
 *                                         and above the transition */
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

/* What a row of the table says. */
typedef struct measured {
    double m, error, r_hat, step, gradients, seconds, ess, ess_potential;
} measured;

/* Rows of plain SGLD are a scan of its step; "draws" are made after burn-in, with time and gradients of their own. */
static const struct {
    const char *settings, *draws;
    int32_t scan;
} rows[] = {
    {"method=sgld,step_fraction=0.2,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=0.4,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=0.8,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=1.2,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=1.6,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=1.9,burn_in=40000,thinning=100", "draws=4000", 1},
    {"method=sgld,step_fraction=1.6,mass=prior,burn_in=40000,thinning=100", "draws=4000", 0},
    {"method=mala,thinning=25", "draws=4000", 0},
    {"method=hmc", "draws=2000", 0},
    {"method=hmc,path_length=0.2,gibbs=1", "draws=4000", 0},
    {"method=baoab,thinning=5", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1.5", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1.5,friction=2", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1.5,mass=adaptive", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1,gibbs=5", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1.5,gibbs=5", "draws=4000", 0},
    {"method=baoab,thinning=5,step_fraction=1.5,gibbs=10", "draws=4000", 0},
};
enum { row_count = sizeof rows / sizeof rows[0] };

static measured measure(const mfl_task *task, const mfl_model *model, const mfl_dataset *data, const char *settings,
                        const char *draws)
{
    static const double kappa = 0.05;
    static const int32_t keys[] = {MFL_DIAGNOSTIC_MEAN, MFL_DIAGNOSTIC_MCSE_MEAN, MFL_DIAGNOSTIC_R_HAT,
                                   MFL_DIAGNOSTIC_ESS_BULK};
    double order[4], potential[4];
    mfl_sampler *sampler;
    check(mfl_sampler_create(model, data, kappa, &sampler));
    configure(sampler, "chains=4,draws=1");
    configure(sampler, settings);
    check(mfl_sampler_set_task(sampler, task));
    check(mfl_sampler_run(sampler)); /* burn-in */
    const double before = processor_seconds(), burnt = get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL);
    configure(sampler, draws);
    check(mfl_sampler_run(sampler));
    const double seconds = processor_seconds() - before;
    check(mfl_sampler_diagnose(sampler, MFL_TRACE_ORDER_PARAMETER, keys, 4, order));
    check(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, keys, 4, potential));
    const measured result = {
        .m = order[0],
        .error = order[1],
        .r_hat = order[2],
        .step = get(sampler, MFL_SAMPLER_STEP),
        .gradients = get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL) - burnt,
        .seconds = seconds,
        .ess = order[3],
        .ess_potential = potential[3],
    };
    mfl_sampler_destroy(sampler);
    return result;
}

/* The row of the scan with the largest step that is as good as it has to be, or -1. */
static int tuned(const measured found[row_count], double exact)
{
    int best = -1;
    for (int i = 0; i < row_count; i++)
        if (rows[i].scan && fabs(found[i].m - exact) <= 0.01 && found[i].r_hat < 1.01
            && (best < 0 || found[i].step > found[best].step))
            best = i;
    return best;
}

/* The last two columns are ratios to the tuned row of the scan. */
static void print_efficiency(int64_t samples)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
    measured found[row_count];
    check(mfl_task_create_parity(context, 10, 2, &task));
    check(mfl_model_create(context, 10, 64, &model));
    check(mfl_dataset_draw(task, samples, 0.0, 0, MFL_ROLE_TRAIN, &data));
    const measured exact = measure(task, model, data, "method=hmc,path_length=0.3,gibbs=1", "draws=16000");
    for (int i = 0; i < row_count; i++)
        found[i] = measure(task, model, data, rows[i].settings, rows[i].draws);
    const int best = tuned(found, exact.m);
    const double unit = best < 0 ? NAN : found[best].ess / found[best].gradients;
    const double second = best < 0 ? NAN : found[best].ess / found[best].seconds;
    printf("\nP = %lld: m_S = %.4f +- %.4f by long chains of an exact method (R-hat %.3f)\n\n"
           "| settings | step | m_S less that | R-hat | ESS of m_S a 1000 gradients | of U | x SGLD a gradient "
           "| x SGLD a second |\n|---|---|---|---|---|---|---|---|\n",
           (long long)samples, exact.m, exact.error, exact.r_hat);
    for (int i = 0; i < row_count; i++)
        printf("| `%s` | %.3g | %.4f +- %.4f | %.3f | %.2f | %.2f | %.1f%s | %.1f |\n", rows[i].settings,
               found[i].step, found[i].m - exact.m, hypot(found[i].error, exact.error), found[i].r_hat,
               1000.0 * found[i].ess / found[i].gradients, 1000.0 * found[i].ess_potential / found[i].gradients,
               found[i].ess / found[i].gradients / unit, i == best ? " (tuned)" : "",
               found[i].ess / found[i].seconds / second);
    fflush(stdout);
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
        for (int i = 2; i < argc; i++)
            print_efficiency(strtoll(argv[i], NULL, 10));
        for (int64_t samples = 10; argc == 2 && samples <= 120; samples *= 12)
            print_efficiency(samples);
    } else {
        fprintf(stderr, "usage: bench_methods bias | efficiency [P...]\n");
        return 2;
    }
    mfl_context_destroy(context);
    return 0;
}
