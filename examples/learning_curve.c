/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning curves: test error against the number of samples, of the network's posterior (sampled), of kernel ridge
 * regression (the infinitely wide network) and of the mean-field theory, on a synthetic task or on a CSV file.
 *
 * Expected, with the defaults: at P = 50 network and kernel are alike; at P = 200 the network has found the two inputs
 * that matter (relative error below 0.02) where the kernel, which cannot select inputs, is near 0.3, and from there the
 * network stays ten times below it. Plain mean-field theory turns early and then improves more slowly than the
 * network. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/curve.h"
#include "common/library.h"
#include "common/output.h"
#include "common/task.h"

static const ex_option options[] = {
    EX_TASK_OPTIONS,
    {"data", "FILE.csv", NULL, "learn from a file instead of a task"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    {"width", "N", "128", "width of the network"},
    {"gamma", "G", "0.5", "scaling exponent: 0.5 standard, 1 mean-field"},
    {"sigma-w", "S", "1", "prior scale of the first layer"},
    {"sigma-a", "S", "1", "prior scale of the readout"},
    {"activation", "NAME", "relu", "relu, leaky, erf, tanh, gelu, linear or quadratic"},
    {"kappa", "K", NULL, "noise; default 0.1 for tasks, for files the largest evidence of the kernel"},
    {"samples", "LIST", NULL, "numbers of training samples P; default 50,100,200,400,800"},
    {"seeds", "COUNT", "2", "how many data sets and runs a point"},
    {"seed", "BASE", "1", "the first seed; the others follow it"},
    {"methods", "LIST", NULL,
     "of network, ridge, linear, mf, mf_ard, mf_screened; default network,ridge,mf, for files network,ridge,linear"},
    {"test", "T", "4000", "test samples; for files at most the rows that are left"},
    {"label-noise", "S", "0", "standard deviation of noise added to the training targets"},
    {"chains", "C", "2", "Markov chains a run"},
    {"sampler", "NAME", "baoab", "how the chains move: sgld, gradient_descent, mala, baoab or hmc"},
    {"burn-in", "STEPS", "-1", "steps before the first draw; -1 leaves it to the sampler"},
    {"draws", "COUNT", "800", "draws of each chain"},
    {"thinning", "STEPS", "0", "steps from one draw to the next; 0 leaves it to the sampler"},
    {"precision", "NAME", "float32", "float32 or float64 arithmetic of the sampler"},
    {"instruction-set", "NAME", "auto", "auto, baseline, avx2 or avx512 kernels"},
    {"threads", "COUNT", "0", "threads; 0 takes the processors this process may run on"},
    {"out", "DIR", "learning_curve", "directory for learning_curve.csv, .svg and .png"},
};

static mfl_context *context;
static ex_curve curve;

/* A cancelled curve keeps the points it has. */
static void check(int32_t status)
{
    if (status == MFL_ERROR_CANCELLED && curve.csv.stream)
        exit(ex_curve_close(&curve, 1));
    ex_check(status);
}

typedef struct setup {
    ex_arguments arguments;
    mfl_task *task;    /* NULL with --data */
    mfl_dataset *file; /* NULL without */
    mfl_model *model, *linear;
    double kappa; /* 0: by evidence */
    double label_noise;
    int64_t samples[EX_MAX_LIST], seeds, seed, tests;
    size_t point_count, method_count;
    int32_t methods[EX_MAX_LIST];
} setup;

/* One data set: what is trained on and tested on, and the scale of the target. */
typedef struct split {
    mfl_dataset *train, *test;
    const double *truth, *noisy; /* test targets, in units of the training */
    int64_t tests;
    double unit;     /* squared unit of the target: 1 except for standardised files */
    double variance; /* of the test targets about the training mean: the error of predicting the mean */
} split;

static void set_option(mfl_options *target, const char *name, const ex_arguments *arguments, const char *option)
{
    if (mfl_options_set_text(target, name, ex_text(arguments, option)))
        ex_usage("--%s: %s", option, mfl_context_message(context));
}

static mfl_model *make_model(const ex_arguments *arguments, int64_t dimension, int32_t linear)
{
    mfl_model *model;
    mfl_options *target;
    check(mfl_model_create(context, dimension, ex_int(arguments, "width", 1, 1 << 24), &model));
    check(mfl_model_options(model, &target));
    set_option(target, "gamma", arguments, "gamma");
    set_option(target, "sigma_w", arguments, "sigma-w");
    set_option(target, "sigma_a", arguments, "sigma-a");
    if (linear)
        check(mfl_options_set_int(target, MFL_MODEL_ACTIVATION, MFL_ACTIVATION_LINEAR));
    else
        set_option(target, "activation", arguments, "activation");
    return model;
}

static mfl_sampler *make_sampler(const setup *s, const mfl_dataset *train, double kappa)
{
    static const char *const passed_on[][2] = {{"chains", "chains"},       {"burn_in", "burn-in"},
                                               {"draws", "draws"},         {"thinning", "thinning"},
                                               {"precision", "precision"}, {"method", "sampler"}};
    mfl_sampler *sampler;
    mfl_options *target;
    check(mfl_sampler_create(s->model, train, kappa, &sampler));
    check(mfl_sampler_options(sampler, &target));
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        set_option(target, passed_on[i][0], &s->arguments, passed_on[i][1]);
    return sampler;
}

static void make_task(setup *s)
{
    const ex_arguments *a = &s->arguments;
    const int64_t dimension = ex_int(a, "dim", 1, 1 << 24);
    s->task = ex_task(context, a);
    s->model = make_model(a, dimension, 0);
    s->linear = make_model(a, dimension, 1);
    check(mfl_model_check_task(s->model, s->task));
}

static void read_file(setup *s)
{
    const ex_arguments *a = &s->arguments;
    int64_t rows, columns;
    check(mfl_dataset_read_csv(context, ex_text(a, "data"), ex_text(a, "target"), MFL_CSV_HEADER_AUTO, &s->file));
    check(mfl_dataset_shape(s->file, &rows, &columns));
    while (!ex_text(a, "samples") && s->point_count > 1 && 2 * s->samples[s->point_count - 1] > rows)
        s->point_count--;
    if (s->samples[s->point_count - 1] >= rows)
        ex_usage("--samples asks for %lld of the file's %lld rows; leave some to test on",
                 (long long)s->samples[s->point_count - 1], (long long)rows);
    s->model = make_model(a, columns, 0);
    s->linear = make_model(a, columns, 1);
}

/* Can the method deal with the problem? MFL_OK, or a status with its sentence. */
static int32_t try_method(const setup *s, int32_t method)
{
    mfl_theory *theory = NULL;
    mfl_ridge *ridge = NULL;
    mfl_dataset *sample = s->file;
    int32_t status = MFL_OK;
    switch (method) {
    case EX_METHOD_NETWORK:
        if (s->task)
            check(mfl_dataset_draw(s->task, 1, 0.0, 0, MFL_ROLE_TRAIN, &sample));
        mfl_sampler_destroy(make_sampler(s, sample, s->kappa > 0.0 ? s->kappa : 1.0));
        if (s->task)
            mfl_dataset_destroy(sample);
        break;
    case EX_METHOD_MF:
    case EX_METHOD_MF_ARD:
    case EX_METHOD_MF_SCREENED:
        if (s->file)
            ex_usage("the %s method needs a task; with --data use network, ridge or linear", ex_method_name(method));
        status = mfl_theory_create(context, s->task, s->model, &theory);
        if (status == MFL_OK)
            status = mfl_theory_use(theory, method - EX_METHOD_MF);
        if (status == MFL_OK && method != EX_METHOD_MF)
            status = mfl_theory_solve(theory, 0.0, s->kappa);
        mfl_theory_destroy(theory);
        break;
    default:
        status = mfl_ridge_create(method == EX_METHOD_LINEAR ? s->linear : s->model, &ridge);
        mfl_ridge_destroy(ridge);
    }
    return status;
}

/* Say now, not after minutes, what cannot be done; leave it out if it was not asked for. */
static void check_methods(setup *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->method_count; i++) {
        const int32_t method = s->methods[i];
        int32_t repeated = 0;
        for (size_t j = 0; j < kept; j++)
            repeated |= s->methods[j] == method;
        if (repeated)
            continue;
        if (try_method(s, method) == MFL_OK)
            s->methods[kept++] = method;
        else if (ex_given(&s->arguments, "methods"))
            ex_usage("method %s: %s", ex_method_name(method), mfl_context_message(context));
        else
            fprintf(stderr, "Without %s: %s.\n", ex_method_name(method), mfl_context_message(context));
    }
    s->method_count = kept;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void read_samples(setup *s)
{
    if (ex_text(&s->arguments, "samples")) {
        s->point_count = ex_ints(&s->arguments, "samples", 1, INT64_C(1) << 31, s->samples);
    } else {
        static const int64_t standard[] = {50, 100, 200, 400, 800};
        memcpy(s->samples, standard, sizeof standard);
        s->point_count = sizeof standard / sizeof standard[0];
    }
    qsort(s->samples, s->point_count, sizeof s->samples[0], compare);
    size_t kept = 1;
    for (size_t i = 1; i < s->point_count; i++)
        if (s->samples[i] != s->samples[kept - 1])
            s->samples[kept++] = s->samples[i];
    s->point_count = kept;
}

/* Options that would be without effect are mistakes. */
static void check_combinations(const ex_arguments *a)
{
    const int32_t from_file = ex_text(a, "data") != NULL;
    if (from_file && (ex_given(a, "task") || ex_given(a, "dim") || ex_given(a, "degree") ||
                      ex_given(a, "terms") || ex_given(a, "inputs")))
        ex_usage("--data takes the task from the file; leave out --task, --dim, --degree, --terms and --inputs");
    if (from_file && ex_given(a, "label-noise"))
        ex_usage("--label-noise is for drawn data; the targets of a file stay as they are");
    if (ex_text(a, "target") && !from_file)
        ex_usage("--target names a column of a file; give the file with --data");
    if (strcmp(ex_text(a, "activation"), "caller") == 0)
        ex_usage("--activation caller is for programs that use the library; choose one with a name");
}

static void prepare(setup *s)
{
    const ex_arguments *a = &s->arguments;
    const int32_t from_file = ex_text(a, "data") != NULL;
    mfl_options *target;
    check(mfl_context_options(context, &target));
    set_option(target, "threads", a, "threads");
    set_option(target, "instruction_set", a, "instruction-set");
    check_combinations(a);
    read_samples(s);
    s->seeds = ex_int(a, "seeds", 1, 10000);
    s->seed = ex_int(a, "seed", 0, INT64_C(1) << 60);
    s->tests = ex_int(a, "test", 1, INT64_C(1) << 31);
    s->label_noise = ex_double(a, "label-noise", 0.0, 1e100);
    s->kappa = ex_text(a, "kappa") ? ex_double(a, "kappa", 1e-150, 1e150) : from_file ? 0.0 : 0.1;
    ex_arguments chosen = *a;
    if (!ex_text(a, "methods"))
        for (size_t i = 0; i < a->count; i++)
            if (strcmp(a->options[i].name, "methods") == 0)
                chosen.values[i] = from_file ? "network,ridge,linear" : "network,ridge,mf";
    s->method_count = ex_choices(&chosen, "methods", EX_METHODS, s->methods);
    from_file ? read_file(s) : make_task(s);
    check_methods(s);
}

/* Data set number `seed` of a point. All points of one seed share the test set and, for files, the order of rows. */
static split make_split(const setup *s, int64_t samples, int64_t seed)
{
    split made = {.unit = 1.0};
    mfl_options *target;
    check(mfl_context_options(context, &target));
    check(mfl_options_set_int(target, MFL_CONTEXT_SEED, seed));
    if (s->task) {
        check(mfl_dataset_draw(s->task, samples, s->label_noise, 0, MFL_ROLE_TRAIN, &made.train));
        check(mfl_dataset_draw(s->task, s->tests, s->label_noise, 0, MFL_ROLE_TEST, &made.test));
    } else {
        ex_split_file(s->file, s->samples, s->point_count, samples, s->tests, &made.train, &made.test,
                      check);
        double scale;
        check(mfl_dataset_standardisation(made.train, NULL, NULL, 0, NULL, &scale));
        made.unit = scale * scale;
    }
    const double *y;
    check(mfl_dataset_shape(made.test, &made.tests, NULL));
    check(mfl_dataset_targets(made.test, &made.noisy));
    made.truth = made.noisy;
    if (s->task)
        check(mfl_dataset_clean_targets(made.test, &made.truth));
    check(mfl_dataset_targets(made.train, &y));
    double mean = 0.0;
    for (int64_t i = 0; i < samples; i++)
        mean += y[i] / (double)samples;
    for (int64_t i = 0; i < made.tests; i++)
        made.variance += made.unit * (made.truth[i] - mean) * (made.truth[i] - mean) / (double)made.tests;
    return made;
}

static double mean_squared(const double *f, const double *y, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    return sum / (double)count;
}

/* Coefficient of f on the target, measured on the test set. */
static double overlap(const double *f, const double *y, int64_t count)
{
    double product = 0.0, square = 0.0;
    for (int64_t i = 0; i < count; i++) {
        product += f[i] * y[i];
        square += y[i] * y[i];
    }
    return product / square;
}

static double sampler_result(const mfl_sampler *sampler, int32_t key)
{
    double value;
    check(mfl_sampler_get(sampler, key, &value));
    return value;
}

/* For targets without a single mode: measured on the test set. */
static double overlap_of_draws(const mfl_sampler *sampler, const split *data)
{
    double *mean = malloc(sizeof *mean * (size_t)data->tests);
    if (!mean)
        ex_die("out of memory");
    check(mfl_sampler_predictions(sampler, mean, NULL, data->tests));
    double m = overlap(mean, data->truth, data->tests);
    free(mean);
    return m;
}

static ex_row run_network(const setup *s, const split *data, double kappa)
{
    ex_row row = ex_empty_row();
    mfl_sampler *sampler = make_sampler(s, data->train, kappa);
    check(mfl_sampler_set_test(sampler, data->test));
    int32_t weighed = s->task && mfl_sampler_set_task(sampler, s->task) == MFL_OK;
    check(mfl_sampler_run(sampler));
    row.cancelled = sampler_result(sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED;
    if (!row.cancelled) {
        row.test_mse = data->unit * sampler_result(sampler, MFL_SAMPLER_TEST_ERROR);
        row.test_mse_draw = data->unit * sampler_result(sampler, MFL_SAMPLER_TEST_ERROR_DRAW);
        row.test_mse_noisy = data->unit * sampler_result(sampler, MFL_SAMPLER_TEST_ERROR_NOISY);
        row.train_mse = data->unit * sampler_result(sampler, MFL_SAMPLER_TRAIN_ERROR);
        row.solver_se = data->unit * sampler_result(sampler, MFL_SAMPLER_TEST_ERROR_SE);
        row.m = weighed ? sampler_result(sampler, MFL_SAMPLER_ORDER_PARAMETER)
            : s->task   ? overlap_of_draws(sampler, data)
                        : NAN;
        row.m_se = weighed ? sampler_result(sampler, MFL_SAMPLER_ORDER_PARAMETER_SE) : NAN;
        row.step_size = sampler_result(sampler, MFL_SAMPLER_STEP);
        row.draws = sampler_result(sampler, MFL_SAMPLER_DRAWS_TOTAL);
    }
    mfl_sampler_destroy(sampler);
    return row;
}

static double log_evidence(mfl_ridge *ridge, const mfl_dataset *train, double log_kappa)
{
    double value;
    check(mfl_ridge_fit(ridge, train, exp(log_kappa)));
    check(mfl_ridge_log_evidence(ridge, &value));
    return value;
}

/* The noise at which the kernel's evidence is largest: a scan, refined by golden section. */
static double evidence_kappa(const mfl_model *model, const mfl_dataset *train)
{
    mfl_ridge *ridge;
    check(mfl_ridge_create(model, &ridge));
    const double first = log(1e-2), step = log(1e1 / 1e-2) / 18.0, golden = 0.6180339887498949;
    double best = first, largest = -INFINITY;
    for (int i = 0; i <= 18; i++) {
        double value = log_evidence(ridge, train, first + i * step);
        if (value > largest) {
            largest = value;
            best = first + i * step;
        }
    }
    double low = best - step, high = best + step;
    while (high - low > 0.01) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (log_evidence(ridge, train, left) > log_evidence(ridge, train, right))
            high = right;
        else
            low = left;
    }
    mfl_ridge_destroy(ridge);
    return exp(0.5 * (low + high));
}

static ex_row run_ridge(const setup *s, const mfl_model *model, const split *data, double kappa, int64_t samples)
{
    mfl_ridge *ridge;
    const double *x, *y, *train_x;
    int64_t stride, train_stride, unit_stride; /* drawn and read data have their columns side by side */
    ex_row row = ex_empty_row();
    double *mean = malloc(sizeof(double) * (size_t)(2 * data->tests + samples));
    if (!mean)
        ex_die("out of memory");
    double *variance = mean + data->tests, *fit = variance + data->tests;
    check(mfl_dataset_inputs(data->test, &x, &stride, &unit_stride));
    check(mfl_dataset_inputs(data->train, &train_x, &train_stride, &unit_stride));
    check(mfl_dataset_targets(data->train, &y));
    check(mfl_ridge_create(model, &ridge));
    check(mfl_ridge_fit(ridge, data->train, kappa));
    check(mfl_ridge_predict(ridge, x, data->tests, stride, mean, variance));
    check(mfl_ridge_predict(ridge, train_x, samples, train_stride, fit, NULL));
    row.test_mse = data->unit * mean_squared(mean, data->truth, data->tests);
    row.test_mse_noisy = data->unit * mean_squared(mean, data->noisy, data->tests);
    row.train_mse = data->unit * mean_squared(fit, y, samples);
    row.test_mse_draw = row.test_mse;
    for (int64_t i = 0; i < data->tests; i++)
        row.test_mse_draw += data->unit * variance[i] / (double)data->tests;
    if (s->task)
        row.m = overlap(mean, data->truth, data->tests);
    mfl_ridge_destroy(ridge);
    free(mean);
    return row;
}

/* Where a closure has two solutions, the one that is followed from the prior. */
static ex_row run_theory(const setup *s, int32_t method, int64_t samples)
{
    mfl_theory *theory;
    ex_row row = ex_empty_row();
    check(mfl_theory_create(context, s->task, s->model, &theory));
    check(mfl_theory_use(theory, method - EX_METHOD_MF));
    check(mfl_theory_solve(theory, (double)samples, s->kappa));
    check(mfl_theory_get(theory, MFL_THEORY_TEST_ERROR, &row.test_mse, &row.solver_se));
    check(mfl_theory_get(theory, MFL_THEORY_DRAW_ERROR, &row.test_mse_draw, NULL));
    check(mfl_theory_get(theory, MFL_THEORY_M, &row.m, &row.m_se));
    int32_t stop;
    check(mfl_theory_stop(theory, &stop));
    row.cancelled = stop == MFL_STOP_CANCELLED;
    if (stop != MFL_STOP_CONVERGED && stop != MFL_STOP_CANCELLED)
        fprintf(stderr, "%s at P = %lld did not converge; its error bar says how far\n", ex_method_name(method),
                (long long)samples);
    row.test_mse_noisy = row.test_mse + s->label_noise * s->label_noise;
    row.rel_mse = row.test_mse;
    row.kappa = s->kappa;
    mfl_theory_destroy(theory);
    return row;
}

static ex_row run_method(const setup *s, int32_t method, int64_t samples, int64_t seed)
{
    const double start = ex_seconds();
    ex_row row;
    if (method >= EX_METHOD_MF) {
        row = run_theory(s, method, samples);
    } else {
        split data = make_split(s, samples, seed);
        const mfl_model *model = method == EX_METHOD_LINEAR ? s->linear : s->model;
        double kappa = s->kappa > 0.0 ? s->kappa : evidence_kappa(model, data.train);
        row = method == EX_METHOD_NETWORK ? run_network(s, &data, kappa) : run_ridge(s, model, &data, kappa, samples);
        row.rel_mse = row.test_mse / data.variance;
        row.kappa = kappa;
        row.seed = seed;
        mfl_dataset_destroy(data.train);
        mfl_dataset_destroy(data.test);
    }
    row.method = method;
    row.samples = samples;
    row.seconds = ex_seconds() - start;
    return row;
}

static void describe(const setup *s, char *title, size_t size)
{
    const ex_arguments *a = &s->arguments;
    char degree[48] = "";
    if (s->task && strcmp(ex_text(a, "task"), "relu") != 0)
        snprintf(degree, sizeof degree, " of degree %s", ex_text(a, "degree"));
    if (s->file)
        snprintf(title, size, "%s, %s network, N = %s", ex_text(a, "data"), ex_text(a, "activation"),
                 ex_text(a, "width"));
    else
        snprintf(title, size, "%s%s, d = %s, %s network, N = %s, kappa = %g", ex_text(a, "task"), degree,
                 ex_text(a, "dim"), ex_text(a, "activation"), ex_text(a, "width"), s->kappa);
}

/* The theory has no data sets: one run serves a point. */
static int64_t runs_of(const setup *s, int32_t method)
{
    return method >= EX_METHOD_MF ? 1 : s->seeds;
}

static int32_t run_all(const setup *s)
{
    for (size_t p = 0; p < s->point_count; p++)
        for (size_t m = 0; m < s->method_count; m++) {
            const int64_t runs = runs_of(s, s->methods[m]);
            ex_row *rows = calloc((size_t)runs, sizeof *rows);
            if (!rows)
                ex_die("out of memory");
            for (int64_t r = 0; r < runs; r++) {
                ex_curve_begin_run(&curve, s->methods[m], s->samples[p], r, runs);
                rows[r] = run_method(s, s->methods[m], s->samples[p], s->seed + r);
                if (rows[r].cancelled) {
                    free(rows);
                    return 1;
                }
                ex_curve_end_run(&curve, s->methods[m], s->samples[p]);
            }
            ex_curve_add(&curve, rows, (size_t)runs);
            free(rows);
        }
    return 0;
}

static void plan(const setup *s)
{
    for (size_t p = 0; p < s->point_count; p++)
        for (size_t m = 0; m < s->method_count; m++)
            ex_curve_expect(&curve, s->methods[m], s->samples[p], runs_of(s, s->methods[m]));
}

int main(int argc, char **argv)
{
    static setup s;
    s.arguments = (ex_arguments){
        .program = "learning_curve",
        .summary = "Test error against the number of samples: a network's posterior, its kernel limit, and\n"
                   "mean-field theory. Prints a table, writes learning_curve.csv and draws it.",
        .options = options,
        .count = sizeof options / sizeof options[0],
    };
    ex_parse(&s.arguments, argc, argv);
    context = ex_start();
    prepare(&s);
    char title[256];
    describe(&s, title, sizeof title);
    ex_make_directory(ex_text(&s.arguments, "out"));
    ex_curve_open(&curve, context, &s.arguments, title, s.task != NULL);
    plan(&s);
    ex_catch_interrupts();
    int32_t cancelled = run_all(&s);
    int exit_status = ex_curve_close(&curve, cancelled);
    mfl_model_destroy(s.model);
    mfl_model_destroy(s.linear);
    mfl_task_destroy(s.task);
    mfl_dataset_destroy(s.file);
    mfl_context_destroy(context);
    return exit_status;
}
