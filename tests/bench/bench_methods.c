/* SPDX-License-Identifier: BSD-3-Clause */
/* What the methods of the sampler are worth: the bias of a step against its exact law, and independent draws of the
 * order parameter for a gradient.
 *
 *     bench_methods bias
 *     bench_methods efficiency [P...] [SETTINGS...] [runs=R]
 *
 * The latter: parity of degree 2, d = 10, N = 64, kappa = 0.05, P = 10 and 120 unless given, below and above the
 * transition; rows of settings "method=...,name=value" in place of the usual ones; R independent runs of each (4). */
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

/* What a row of the table says: over independent runs, the error of a rate from their spread. */
typedef struct rate {
    double mean, se;
} rate;

typedef struct measured {
    double m, error, r_hat, step;
    rate ess, potential, seconds; /* effective draws of m_S and U a gradient; processor time a gradient */
    int32_t diverged;
} measured;

/* Rows of SGLD with unit mass are a scan of its step. Beyond fractions of 2 the step is given, and the noise lowered to
 * kappa slowly: above the transition the way down from a prior draw is steeper than where it leads to, and the last
 * steps of the scan are for below it. */
static const char *const usual[] = {
    "method=sgld,step_fraction=0.2,burn_in=40000,thinning=100",
    "method=sgld,step_fraction=0.4,burn_in=40000,thinning=100",
    "method=sgld,step_fraction=0.8,burn_in=40000,thinning=100",
    "method=sgld,step_fraction=1.2,burn_in=40000,thinning=100",
    "method=sgld,step_fraction=1.6,burn_in=40000,thinning=100",
    "method=sgld,step_fraction=1.9,burn_in=40000,thinning=100",
    "method=sgld,step_size=0.00012,anneal_from=1,burn_in=40000,thinning=50",
    "method=sgld,step_size=0.0002,anneal_from=1,burn_in=40000,thinning=50",
    "method=sgld,step_size=0.00024,anneal_from=1,burn_in=40000,thinning=50",
    "method=sgld,step_size=0.00045,anneal_from=1,burn_in=40000,thinning=100",
    "method=sgld,step_size=0.0006,anneal_from=1,burn_in=40000,thinning=100",
    "method=sgld,step_size=0.0008,anneal_from=1,burn_in=40000,thinning=100",
    "method=sgld,step_size=0.001,anneal_from=1,burn_in=40000,thinning=100",
    "method=sgld,mass=prior,step_fraction=1.6,burn_in=40000,thinning=100",
    "method=mala,thinning=25",
    "method=hmc",
    "method=hmc,path_length=0.2,gibbs=1",
    "method=baoab,thinning=5",
    "method=baoab,thinning=5,step_fraction=1",
    "method=baoab,thinning=5,step_fraction=1.5",
    "method=baoab,thinning=5,step_fraction=1.5,friction=2",
    "method=baoab,thinning=5,step_fraction=1.5,mass=adaptive",
    "method=baoab,thinning=5,step_fraction=1,gibbs=5",
    "method=baoab,thinning=5,step_fraction=1.5,gibbs=5",
    "method=baoab,thinning=5,step_fraction=1.5,gibbs=10",
    "method=baoab,thinning=5,step_size=0.028,gibbs=7,anneal_from=1,burn_in=10000",
    "method=baoab,thinning=5,step_size=0.08,gibbs=5,anneal_from=1,burn_in=10000",
};

enum { rows_most = 64, runs_most = 64, points_most = 16 };

static int32_t is_scan(const char *settings)
{
    return strncmp(settings, "method=sgld,", strlen("method=sgld,")) == 0 && !strstr(settings, "mass=");
}

/* What a point of the diagram is sampled with. */
typedef struct problem {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
} problem;

typedef struct one_run {
    double m, error, r_hat, step, ess, potential, seconds;
} one_run;

/* A run of 4 chains and 4000 draws each; non-zero if a chain diverged. Draws are made after burn-in, with time and
 * gradients of their own. */
static int32_t measure_once(const problem *p, const char *settings, int number, one_run *out)
{
    static const double kappa = 0.05;
    static const int32_t keys[] = {MFL_DIAGNOSTIC_MEAN, MFL_DIAGNOSTIC_MCSE_MEAN, MFL_DIAGNOSTIC_R_HAT,
                                   MFL_DIAGNOSTIC_ESS_BULK};
    double order[4], potential[4];
    char text[40];
    mfl_sampler *sampler;
    check(mfl_sampler_create(p->model, p->data, kappa, &sampler));
    snprintf(text, sizeof text, "chains=4,draws=1,run_index=%d", number);
    configure(sampler, text);
    configure(sampler, settings);
    check(mfl_sampler_set_task(sampler, p->task));
    int32_t status = mfl_sampler_run(sampler); /* burn-in */
    const double before = processor_seconds();
    const double burnt = status ? 0.0 : get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL);
    if (!status) {
        configure(sampler, "draws=4000");
        status = mfl_sampler_run(sampler);
    }
    if (status != MFL_ERROR_DIVERGED)
        check(status);
    if (!status) {
        const double gradients = get(sampler, MFL_SAMPLER_GRADIENTS_TOTAL) - burnt;
        const double seconds = processor_seconds() - before;
        check(mfl_sampler_diagnose(sampler, MFL_TRACE_ORDER_PARAMETER, keys, 4, order));
        check(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, keys, 4, potential));
        *out = (one_run){order[0], order[1], order[2], get(sampler, MFL_SAMPLER_STEP), order[3] / gradients,
                         potential[3] / gradients, seconds / gradients};
    }
    mfl_sampler_destroy(sampler);
    return status;
}

static void add(rate *sum, double value)
{
    sum->mean += value;
    sum->se += value * value;
}

static rate finished(rate sum, int count)
{
    const double mean = sum.mean / count;
    return (rate){mean, count > 1 ? sqrt(fmax(sum.se / count - mean * mean, 0.0) / (count - 1)) : NAN};
}

/* The largest R-hat counts; steps differ little between runs. */
static measured measure(const problem *p, const char *settings, int runs)
{
    measured all = {.r_hat = 0.0};
    for (int i = 0; i < runs; i++) {
        one_run one;
        if (measure_once(p, settings, i, &one))
            return (measured){.diverged = 1};
        all.m += one.m / runs;
        all.error = hypot(all.error, one.error / runs);
        all.r_hat = fmax(all.r_hat, one.r_hat);
        all.step += one.step / runs;
        add(&all.ess, one.ess);
        add(&all.potential, one.potential);
        add(&all.seconds, one.seconds);
    }
    all.ess = finished(all.ess, runs);
    all.potential = finished(all.potential, runs);
    all.seconds = finished(all.seconds, runs);
    return all;
}

/* The row of the scan with the largest step that is as good as it has to be, or -1. */
static int tuned(const char *const *rows, int count, const measured *found, double exact)
{
    int best = -1;
    for (int i = 0; i < count; i++)
        if (is_scan(rows[i]) && !found[i].diverged && fabs(found[i].m - exact) <= 0.01 && found[i].r_hat < 1.01
            && (best < 0 || found[i].step > found[best].step))
            best = i;
    return best;
}

static void print_row(const char *settings, const measured *row, const measured *exact, const measured *best)
{
    if (row->diverged) {
        printf("| `%s` | a chain diverged | | | | | | |\n", settings);
        return;
    }
    const double ratio = best ? row->ess.mean / best->ess.mean : NAN;
    const double error = best && row != best
        ? ratio * hypot(row->ess.se / row->ess.mean, best->ess.se / best->ess.mean)
        : 0.0;
    printf("| `%s` | %.3g | %.4f +- %.4f | %.3f | %.2f +- %.2f | %.2f | %.1f +- %.1f%s | %.1f |\n", settings, row->step,
           row->m - exact->m, hypot(row->error, exact->error), row->r_hat, 1000.0 * row->ess.mean,
           1000.0 * row->ess.se, 1000.0 * row->potential.mean, ratio, error, row == best ? " (tuned)" : "",
           best ? ratio * best->seconds.mean / row->seconds.mean : NAN);
}

/* The last two columns are ratios to the tuned row of the scan. */
static void print_efficiency(int64_t samples, const char *const *rows, int count, int runs)
{
    problem p;
    measured found[rows_most];
    check(mfl_task_create_parity(context, 10, 2, &p.task));
    check(mfl_model_create(context, 10, 64, &p.model));
    check(mfl_dataset_draw(p.task, samples, 0.0, 0, MFL_ROLE_TRAIN, &p.data));
    const measured exact = measure(&p, "method=hmc,path_length=0.3,gibbs=1", runs);
    for (int i = 0; i < count; i++)
        found[i] = measure(&p, rows[i], runs);
    const int best = tuned(rows, count, found, exact.m);
    printf("\nP = %lld: m_S = %.4f +- %.4f by long chains of an exact method (R-hat %.3f); %d runs\n\n"
           "| settings | step | m_S less that | R-hat | ESS of m_S a 1000 gradients | of U | x SGLD a gradient "
           "| x SGLD a second |\n|---|---|---|---|---|---|---|---|\n",
           (long long)samples, exact.m, exact.error, exact.r_hat, runs);
    for (int i = 0; i < count; i++)
        print_row(rows[i], &found[i], &exact, best < 0 ? NULL : &found[best]);
    fflush(stdout);
    mfl_dataset_destroy(p.data);
    mfl_model_destroy(p.model);
    mfl_task_destroy(p.task);
}

/* P...: numbers of samples; SETTINGS...: rows in place of the usual ones; runs=R. */
static void efficiency(int count, char **words)
{
    const char *mine[rows_most];
    int64_t points[points_most] = {10, 120};
    int rows = 0, given = 0, runs = 4;
    for (int i = 0; i < count; i++) {
        if (strncmp(words[i], "runs=", 5) == 0)
            runs = atoi(words[i] + 5);
        else if (strchr(words[i], '=') && rows < rows_most)
            mine[rows++] = words[i];
        else if (given < points_most)
            points[given++] = strtoll(words[i], NULL, 10);
    }
    runs = runs < 1 ? 1 : runs > runs_most ? runs_most : runs;
    for (int i = 0; i < (given ? given : 2); i++)
        print_efficiency(points[i], rows ? mine : usual, rows ? rows : (int)(sizeof usual / sizeof usual[0]), runs);
}

int main(int argc, char **argv)
{
    if (mfl_context_create(&context))
        return 1;
    if (argc == 2 && strcmp(argv[1], "bias") == 0) {
        print_bias();
    } else if (argc >= 2 && strcmp(argv[1], "efficiency") == 0) {
        efficiency(argc - 2, argv + 2);
    } else {
        fprintf(stderr, "usage: bench_methods bias | efficiency [P...] [SETTINGS...] [runs=R]\n");
        return 2;
    }
    mfl_context_destroy(context);
    return 0;
}
