/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernel ridge regression on a file: every kernel's cross-validated error and evidence, and predictions with error bars
 * of one of them.
 *
 * Expected on data/diabetes.csv with the defaults: cross-validated errors of 54 to 56 of a standard deviation of 77 for
 * all kernels but those of even activations (abs, quadratic: 73), which cannot represent the linear part that is nearly
 * all there is. On data/breast_cancer.csv (a 0/1 target, regressed) 0.17 to 0.24, smooth kernels better than the linear
 * one.
 *
 * Each fold is predicted from the others alone: they are standardised by their own means and scales, and fitted anew,
 * with the noise and scales of the kernel that all rows have at the largest evidence. Leave-one-out errors are in closed
 * form, for which all rows are standardised together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"

static const ex_option options[] = {
    {"data", "FILE.csv", NULL, "rows to learn from"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    {"kernel", "NAME", "relu-nngp", "kernel of the predictions, as in the table"},
    {"ridge", "R", "auto", "ridge kappa^2 in units of the target's variance; auto: largest evidence"},
    {"folds", "COUNT", "10", "folds of the cross-validation"},
    {"predict", "FILE.csv", NULL, "rows to predict, with or without the target; default each row of --data from all others"},
    {"ard", NULL, NULL, "a precision for every input, at the largest evidence, for --kernel"},
    {"seed", "SEED", "1", "of the division into folds"},
    {"threads", "COUNT", "0", "threads; 0 takes the processors this process may run on"},
    {"out", "DIR", "kernel_ridge", "directory for kernels.csv, predictions.csv and the pictures"},
};

typedef struct entry {
    const char *name, *kernel, *model_activation, *activation, *leak;
} entry;

static const entry kernels[] = {
    {"relu-nngp", "nngp", "relu", "model", "0"},   {"relu-ntk", "ntk", "relu", "model", "0"},
    {"abs-nngp", "nngp", "leaky", "model", "-1"},  {"erf-nngp", "nngp", "erf", "model", "0"},
    {"erf-ntk", "ntk", "erf", "model", "0"},       {"tanh-nngp", "nngp", "tanh", "model", "0"},
    {"gelu-nngp", "nngp", "gelu", "model", "0"},   {"quadratic-nngp", "nngp", "quadratic", "model", "0"},
    {"sin-nngp", "nngp", "relu", "sin", "0"},      {"sign-nngp", "nngp", "relu", "sign", "0"},
    {"rbf", "rbf", "relu", "model", "0"},          {"polynomial", "polynomial", "relu", "model", "0"},
    {"linear", "linear", "relu", "model", "0"},
};
enum { KERNELS = sizeof kernels / sizeof kernels[0] };

typedef struct setup {
    ex_arguments arguments;
    mfl_dataset *file, *data; /* as read; standardised */
    mfl_dataset *asked;       /* the rows of --predict, standardised like the data; NULL: none */
    int64_t rows, columns, folds, *fold;
    double mean, scale; /* of the target */
    const double *targets;
    double ridge; /* 0: auto */
    size_t chosen;
} setup;

static mfl_context *context;

static void *allocate(int64_t count, size_t size)
{
    void *memory = malloc((size_t)count * size);
    if (!memory)
        ex_die("out of memory");
    return memory;
}

static size_t find_kernel(const char *name)
{
    for (size_t i = 0; i < KERNELS; i++)
        if (strcmp(kernels[i].name, name) == 0)
            return i;
    ex_usage("--kernel %s: there is none of that name; take one of the table, such as %s or %s", name, kernels[0].name,
             kernels[KERNELS - 1].name);
}

/* Folds of equal size, by a random order of the rows. */
static void divide(setup *s)
{
    s->fold = allocate(s->rows, sizeof *s->fold);
    uint64_t state = 0x9e3779b97f4a7c15u ^ (uint64_t)ex_int(&s->arguments, "seed", 0, INT64_MAX);
    for (int64_t i = 0; i < s->rows; i++)
        s->fold[i] = i % s->folds;
    for (int64_t i = s->rows - 1; i > 0; i--) { /* Fisher and Yates, with SplitMix64 */
        state += 0x9e3779b97f4a7c15u;
        uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        int64_t j = (int64_t)((z ^ (z >> 31)) % (uint64_t)(i + 1)), kept = s->fold[i];
        s->fold[i] = s->fold[j];
        s->fold[j] = kept;
    }
}

/* Columns of the rows to predict must be those that were learned from, if both files name them. */
static void check_names(const setup *s, const mfl_dataset *rows, const char *path)
{
    for (int64_t j = 0; j < s->columns; j++) {
        const char *known, *name;
        ex_check(mfl_dataset_name(s->file, j, &known));
        ex_check(mfl_dataset_name(rows, j, &name));
        if (*known && *name && strcmp(known, name) != 0)
            ex_die("input %lld of %s is \"%s\", that of %s \"%s\"; put the columns in the same order", (long long)j + 1,
                   path, name, ex_text(&s->arguments, "data"), known);
    }
}

/* The rows of --predict, standardised like the data. With one column more than there are inputs the target is among
 * them. */
static mfl_dataset *read_rows(const setup *s, const char *path)
{
    mfl_dataset *file, *rows;
    int64_t columns;
    ex_check(mfl_dataset_read_csv(context, path, "", MFL_CSV_HEADER_AUTO, &file));
    ex_check(mfl_dataset_shape(file, NULL, &columns));
    if (columns == s->columns + 1) {
        mfl_dataset_destroy(file);
        ex_check(mfl_dataset_read_csv(context, path, ex_text(&s->arguments, "target"), MFL_CSV_HEADER_AUTO, &file));
    } else if (columns != s->columns) {
        ex_die("%s has %lld columns; %lld inputs are needed, and perhaps the target", path, (long long)columns,
               (long long)s->columns);
    }
    check_names(s, file, path);
    ex_check(mfl_dataset_standardise_like(file, s->data, &rows));
    mfl_dataset_destroy(file);
    return rows;
}

static void prepare(setup *s)
{
    const ex_arguments *a = &s->arguments;
    mfl_options *target;
    if (!ex_text(a, "data"))
        ex_usage("--data FILE.csv is needed; examples/data has two");
    ex_check(mfl_context_options(context, &target));
    ex_check(mfl_options_set_text(target, "threads", ex_text(a, "threads")));
    ex_check(mfl_dataset_read_csv(context, ex_text(a, "data"), ex_text(a, "target"), MFL_CSV_HEADER_AUTO, &s->file));
    ex_check(mfl_dataset_standardise(s->file, 1, &s->data));
    ex_check(mfl_dataset_shape(s->data, &s->rows, &s->columns));
    ex_check(mfl_dataset_standardisation(s->data, NULL, NULL, 0, &s->mean, &s->scale));
    ex_check(mfl_dataset_targets(s->data, &s->targets));
    if (s->rows < 3)
        ex_die("%s has %lld rows; at least 3 are needed", ex_text(a, "data"), (long long)s->rows);
    s->folds = ex_int(a, "folds", 2, s->rows);
    s->ridge = strcmp(ex_text(a, "ridge"), "auto") == 0 ? 0.0 : ex_double(a, "ridge", 1e-12, 1e12);
    s->chosen = find_kernel(ex_text(a, "kernel"));
    if (ex_given(a, "ard") && s->ridge > 0.0)
        ex_usage("--ard fits the noise too; leave out --ridge");
    if (ex_text(a, "predict"))
        s->asked = read_rows(s, ex_text(a, "predict"));
    divide(s);
}

static mfl_ridge *make_ridge(const setup *s, const entry *kernel, double sigma_w, double sigma_a)
{
    mfl_model *model;
    mfl_options *target;
    mfl_ridge *ridge;
    ex_check(mfl_model_create(context, s->columns, 0, &model));
    ex_check(mfl_model_options(model, &target));
    ex_check(mfl_options_set_text(target, "activation", kernel->model_activation));
    ex_check(mfl_options_set_text(target, "leak", kernel->leak));
    ex_check(mfl_options_set_double(target, MFL_MODEL_SIGMA_W, sigma_w));
    ex_check(mfl_options_set_double(target, MFL_MODEL_SIGMA_A, sigma_a));
    ex_check(mfl_ridge_create(model, &ridge));
    mfl_model_destroy(model);
    ex_check(mfl_ridge_options(ridge, &target));
    ex_check(mfl_options_set_text(target, "kernel", kernel->kernel));
    ex_check(mfl_options_set_text(target, "activation", kernel->activation));
    return ridge;
}

/* Scales of the kernel are fitted too when the ridge is: their ratio is what matters to predictions. */
static void fit(const setup *s, mfl_ridge *ridge, int32_t ard)
{
    if (s->ridge > 0.0)
        ex_check(mfl_ridge_fit(ridge, s->data, sqrt(s->ridge)));
    else
        ex_check(mfl_ridge_optimise(ridge, s->data, 0.5,
                                 MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_SIGMA_A
                                     | (ard ? MFL_RIDGE_VARY_PRECISIONS : MFL_RIDGE_VARY_SIGMA_W)));
}

static double result(const mfl_ridge *ridge, int32_t key)
{
    double value;
    ex_check(mfl_ridge_get(ridge, key, &value));
    return value;
}

/* Squared error, in the target's own unit, of the rows of a fold predicted from all others. */
static double error_of_fold(const setup *s, const entry *kernel, const double *fitted, int64_t fold, int64_t *rows,
                            double *mean)
{
    mfl_dataset *part, *train, *test;
    const double *x, *y;
    double sum = 0.0, scale;
    int64_t inside = 0, outside = s->rows, stride, unit; /* the fold's rows first, the others from the end */
    for (int64_t i = 0; i < s->rows; i++)
        rows[s->fold[i] == fold ? inside++ : --outside] = i;
    ex_check(mfl_dataset_take(s->file, rows + inside, s->rows - inside, &part));
    ex_check(mfl_dataset_standardise(part, 1, &train));
    mfl_dataset_destroy(part);
    ex_check(mfl_dataset_take(s->file, rows, inside, &part));
    ex_check(mfl_dataset_standardise_like(part, train, &test));
    mfl_dataset_destroy(part);
    mfl_ridge *ridge = make_ridge(s, kernel, fitted[1], fitted[2]);
    ex_check(mfl_ridge_fit(ridge, train, fitted[0]));
    ex_check(mfl_dataset_inputs(test, &x, &stride, &unit));
    ex_check(mfl_dataset_targets(test, &y));
    ex_check(mfl_ridge_predict(ridge, x, inside, stride, mean, NULL));
    ex_check(mfl_dataset_standardisation(test, NULL, NULL, 0, NULL, &scale));
    for (int64_t i = 0; i < inside; i++)
        sum += scale * scale * (mean[i] - y[i]) * (mean[i] - y[i]);
    mfl_ridge_destroy(ridge);
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(test);
    return sum;
}

/* Root mean squared errors in the target's own unit: of the folds, and leave-one-out. */
static double cross_validate(const setup *s, const entry *kernel, const double *fitted)
{
    double *mean = allocate(s->rows, sizeof *mean), sum = 0.0;
    int64_t *rows = allocate(s->rows, sizeof *rows);
    for (int64_t fold = 0; fold < s->folds; fold++)
        sum += error_of_fold(s, kernel, fitted, fold, rows, mean);
    free(rows);
    free(mean);
    return sqrt(sum / (double)s->rows);
}

static double leave_one_out(const setup *s, const mfl_ridge *ridge)
{
    double *mean = allocate(s->rows, sizeof *mean), sum = 0.0;
    ex_check(mfl_ridge_leave_one_out(ridge, mean, NULL, s->rows));
    for (int64_t i = 0; i < s->rows; i++)
        sum += (mean[i] - s->targets[i]) * (mean[i] - s->targets[i]);
    free(mean);
    return s->scale * sqrt(sum / (double)s->rows);
}

static void print_row(const setup *s, FILE *csv, const entry *kernel, mfl_ridge *ridge)
{
    double evidence;
    ex_check(mfl_ridge_log_evidence(ridge, &evidence));
    const double fitted[] = {result(ridge, MFL_RIDGE_KAPPA), result(ridge, MFL_RIDGE_SIGMA_W),
                             result(ridge, MFL_RIDGE_SIGMA_A)};
    const double values[] = {fitted[0], fitted[1], fitted[2], evidence, cross_validate(s, kernel, fitted),
                             leave_one_out(s, ridge)};
    printf("%-16s %9.4g %9.4g %9.4g %13.3f %12.5g %12.5g\n", kernel->name, values[0], values[1], values[2], values[3],
           values[4], values[5]);
    fflush(stdout);
    ex_csv_text(csv, kernel->name);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        fputc(',', csv);
        ex_csv_number(csv, values[i]);
    }
    fputc('\n', csv);
}

static void table(const setup *s, const char *directory)
{
    ex_file csv;
    ex_open(&csv, directory, "kernels.csv");
    fprintf(csv.stream, "kernel,kappa,sigma_w,sigma_a,log_evidence,cross_validated_rmse,leave_one_out_rmse\n");
    printf("%-16s %9s %9s %9s %13s %12s %12s\n", "kernel", "kappa", "sigma_w", "sigma_a", "log evidence", "CV error",
           "LOO error");
    for (size_t i = 0; i < KERNELS; i++) {
        mfl_ridge *ridge = make_ridge(s, &kernels[i], 1.0, 1.0);
        fit(s, ridge, 0);
        print_row(s, csv.stream, &kernels[i], ridge);
        mfl_ridge_destroy(ridge);
    }
    ex_finish(&csv);
}

typedef struct prediction {
    int64_t count;
    double *mean, *deviation; /* of a new observation, in the target's own unit */
    const double *truth;      /* standardised; NULL: not known */
} prediction;

/* The rows of --predict, or each row of --data from the others. */
static prediction predict(const setup *s, const mfl_ridge *ridge)
{
    prediction p = {.count = s->rows, .truth = s->targets};
    const double noise = s->asked ? pow(result(ridge, MFL_RIDGE_KAPPA), 2.0) : 0.0;
    if (s->asked) {
        ex_check(mfl_dataset_shape(s->asked, &p.count, NULL));
        if (mfl_dataset_targets(s->asked, &p.truth))
            p.truth = NULL;
    }
    p.mean = allocate(p.count, sizeof *p.mean);
    p.deviation = allocate(p.count, sizeof *p.deviation);
    if (s->asked) {
        const double *x;
        int64_t stride, unit;
        ex_check(mfl_dataset_inputs(s->asked, &x, &stride, &unit));
        ex_check(mfl_ridge_predict(ridge, x, p.count, stride, p.mean, p.deviation));
    } else {
        ex_check(mfl_ridge_leave_one_out(ridge, p.mean, p.deviation, p.count));
    }
    for (int64_t i = 0; i < p.count; i++) {
        p.mean[i] = s->mean + s->scale * p.mean[i];
        p.deviation[i] = s->scale * sqrt(p.deviation[i] + noise);
    }
    return p;
}

static void write_predictions(const setup *s, const prediction *p, const char *directory)
{
    ex_file csv;
    ex_open(&csv, directory, "predictions.csv");
    fprintf(csv.stream, "row,prediction,standard_deviation%s\n", p->truth ? ",target" : "");
    for (int64_t i = 0; i < p->count; i++) {
        fprintf(csv.stream, "%lld,", (long long)i);
        ex_csv_number(csv.stream, p->mean[i]);
        fputc(',', csv.stream);
        ex_csv_number(csv.stream, p->deviation[i]);
        if (p->truth) {
            fputc(',', csv.stream);
            ex_csv_number(csv.stream, s->mean + s->scale * p->truth[i]);
        }
        fputc('\n', csv.stream);
    }
    ex_finish(&csv);
}

/* Targets and residuals against predictions; without targets, the predictions by row. */
static int32_t draw(const char *directory, const char *kernel, int32_t truth)
{
    static const char known[] =
        "set multiplot layout 1,2 title heading\nset tics font ',13'\nset errorbars 0\nset xlabel 'prediction'\nset ylabel 'target'\n"
        "plot 'predictions.csv' every ::1 using 2:4:3 with xerrorbars lc rgb '#9fc5e0' lw 0.7 pt 0, "
        "'' every ::1 using 2:4 with points pt 7 ps 0.4 lc rgb '#0072b2', x lc rgb '#555555' dt 2\n"
        "set ylabel 'residual / standard deviation'\n"
        "plot 'predictions.csv' every ::1 using 2:(($4-$2)/$3) with points pt 7 ps 0.4 lc rgb '#0072b2', "
        "0 lc rgb '#555555' dt 2\nunset multiplot";
    static const char unknown[] =
        "set title heading\nset xlabel 'row'\nset offsets graph 0.04, graph 0.04, 0, 0\nset ylabel 'prediction'\n"
        "plot 'predictions.csv' every ::1 using 1:2:3 with yerrorbars lc rgb '#9fc5e0' pt 0, "
        "'' every ::1 using 1:2 with points pt 7 ps 0.4 lc rgb '#0072b2'";
    char body[2048];
    snprintf(body, sizeof body,
             "set datafile separator ','\nset grid lt 1 lc rgb '#dddddd'\nset key off\n"
             "heading = '%s: predictions with one standard deviation'\n%s",
             kernel, truth ? known : unknown);
    return ex_plot(directory, "predictions", body);
}

static void report_precisions(const setup *s, const mfl_ridge *ridge)
{
    double *rho = allocate(s->columns, sizeof *rho);
    ex_check(mfl_ridge_precisions(ridge, rho, s->columns));
    printf("\n%-28s %s\n", "input", "weight scale 1/sqrt(rho)");
    for (int64_t j = 0; j < s->columns; j++) {
        const char *name;
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)j);
        ex_check(mfl_dataset_name(s->data, j, &name));
        printf("%-28s %.4g\n", name && *name ? name : number, 1.0 / sqrt(rho[j]));
    }
    free(rho);
}

static void predictions(const setup *s, const char *directory)
{
    const int32_t ard = ex_given(&s->arguments, "ard");
    mfl_ridge *ridge = make_ridge(s, &kernels[s->chosen], 1.0, 1.0);
    double evidence;
    fit(s, ridge, ard);
    if (ard)
        report_precisions(s, ridge);
    ex_check(mfl_ridge_log_evidence(ridge, &evidence));
    prediction p = predict(s, ridge);
    write_predictions(s, &p, directory);
    printf("\n%s%s: log evidence %.3f; %lld predictions (%s) in %s/predictions.csv\n", kernels[s->chosen].name,
           ard ? " with a precision for every input" : "", evidence, (long long)p.count,
           s->asked ? ex_text(&s->arguments, "predict") : "each row from all others", directory);
    if (draw(directory, kernels[s->chosen].name, p.truth != NULL) == 0)
        printf("Picture: %s/predictions.svg and .png\n", directory);
    free(p.mean);
    free(p.deviation);
    mfl_ridge_destroy(ridge);
}

int main(int argc, char **argv)
{
    static setup s;
    s.arguments = (ex_arguments){
        .program = "kernel_ridge",
        .summary = "Kernel ridge regression on a CSV file: cross-validated error and evidence of every kernel,\n"
                   "and predictions with error bars of one.",
        .options = options,
        .count = sizeof options / sizeof options[0],
    };
    ex_parse(&s.arguments, argc, argv);
    context = ex_start();
    prepare(&s);
    const char *directory = ex_text(&s.arguments, "out");
    ex_make_directory(directory);
    ex_catch_interrupts();
    table(&s, directory);
    predictions(&s, directory);
    free(s.fold);
    mfl_dataset_destroy(s.asked);
    mfl_dataset_destroy(s.data);
    mfl_dataset_destroy(s.file);
    mfl_context_destroy(context);
    return 0;
}
