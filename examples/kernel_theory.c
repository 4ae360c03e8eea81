/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning curves of kernel ridge regression as the kernel's exact spectrum predicts them, beside ridge regression on
 * drawn data: parities on the hypercube, Hermite teachers on Gaussian inputs or either on the sphere.
 *
 * Expected with the defaults, and with --task hermite: prediction and measurement agree within their error bars at all
 * n, but for a few per cent at n of some tens, since the theory is one of many samples and many modes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"

static const ex_option options[] = {
    {"task", "NAME", "parity", "parity or hermite"},
    {"inputs", "LAW", NULL, "hypercube, gaussian or sphere; default hypercube for parities, else gaussian"},
    {"dim", "D", "20", "input dimension d"},
    {"degree", "K", "2", "degree of the parity or Hermite polynomial"},
    {"activation", "NAME", "relu", "relu, leaky, erf, tanh, gelu, linear or quadratic"},
    {"kernel", "NAME", "nngp", "nngp, ntk, rbf, polynomial or linear"},
    {"kappa", "K", "0.1", "noise of the regression; its ridge is kappa^2"},
    {"label-noise", "S", "0.2", "standard deviation of noise added to the training targets"},
    {"samples", "LIST", "20:640:11", "numbers of training samples n"},
    {"sets", "COUNT", "12", "drawn data sets a point"},
    {"test", "T", "2000", "test samples"},
    {"degrees", "L", NULL, "degrees of the spectrum; default that of the target and 12 more"},
    {"out", "DIR", "kernel_theory", "directory for kernel_theory.csv, predicted.csv and the pictures"},
};

typedef struct setup {
    ex_arguments arguments;
    mfl_task *task;
    mfl_ridge *ridge;
    mfl_spectrum *spectrum;
    double kappa, label_noise;
    int64_t sets, tests;
} setup;

static mfl_context *context;

static void prepare(setup *s)
{
    const ex_arguments *a = &s->arguments;
    const int64_t d = ex_int(a, "dim", 1, 10000), degree = ex_int(a, "degree", 1, d);
    const int32_t hermite = ex_choice(a, "task", "parity|hermite");
    mfl_model *model;
    mfl_options *target;
    ex_check(mfl_model_create(context, d, 0, &model));
    ex_check(mfl_model_options(model, &target));
    ex_check(mfl_options_set_text(target, "activation", ex_text(a, "activation")));
    ex_check(mfl_ridge_create(model, &s->ridge));
    ex_check(mfl_ridge_options(s->ridge, &target));
    ex_check(mfl_options_set_text(target, "kernel", ex_text(a, "kernel")));
    mfl_model_destroy(model);
    s->kappa = ex_double(a, "kappa", 0.0, 1e100);
    s->label_noise = ex_double(a, "label-noise", 0.0, 1e100);
    s->sets = ex_int(a, "sets", 2, 100000);
    s->tests = ex_int(a, "test", 1, 10000000);
    ex_check((hermite ? mfl_task_create_hermite : mfl_task_create_parity)(context, d, degree, &s->task));
    ex_check(mfl_task_options(s->task, &target));
    if (ex_text(a, "inputs"))
        ex_check(mfl_options_set_text(target, "input_law", ex_text(a, "inputs")));
    const int64_t all = hermite || degree + 13 < d + 1 ? degree + 13 : d + 1;
    ex_check(mfl_spectrum_of_task(s->ridge, s->task, ex_text(a, "degrees") ? ex_int(a, "degrees", 1, 10000) : all,
                                  &s->spectrum));
}

/* Mean squared error on clean targets of one drawn data set. */
static double measure(const setup *s, int64_t samples, int64_t set, double *f)
{
    mfl_dataset *train, *test;
    const double *x, *y;
    int64_t stride, unit;
    double sum = 0.0;
    ex_check(mfl_dataset_draw(s->task, samples, s->label_noise, set, MFL_ROLE_TRAIN, &train));
    ex_check(mfl_dataset_draw(s->task, s->tests, 0.0, set, MFL_ROLE_TEST, &test));
    ex_check(mfl_dataset_inputs(test, &x, &stride, &unit));
    ex_check(mfl_dataset_targets(test, &y));
    ex_check(mfl_ridge_fit(s->ridge, train, s->kappa));
    ex_check(mfl_ridge_predict(s->ridge, x, s->tests, stride, f, NULL));
    for (int64_t i = 0; i < s->tests; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(test);
    return sum / (double)s->tests;
}

static void point(const setup *s, FILE *csv, int64_t samples, double *f)
{
    double theory[MFL_SPECTRUM_RESULTS], sum = 0.0, square = 0.0;
    const double noise = s->label_noise * s->label_noise, sets = (double)s->sets;
    ex_check(mfl_spectrum_learn(s->spectrum, NULL, (double)samples, s->kappa * s->kappa, noise, theory, NULL, 0));
    for (int64_t set = 0; set < s->sets; set++) {
        double error = measure(s, samples, set, f);
        sum += error / sets;
        square += error * error / sets;
    }
    const double se = sqrt(fmax(square - sum * sum, 0.0) / (sets - 1.0));
    const double predicted = theory[MFL_SPECTRUM_TEST_ERROR] - noise;
    printf("%7lld %12.5g %12.5g %10.2g %9.3f %14.5g\n", (long long)samples, predicted, sum, se, sum / predicted,
           theory[MFL_SPECTRUM_EFFECTIVE_RIDGE]);
    fflush(stdout);
    const double values[] = {predicted, sum, se, theory[MFL_SPECTRUM_EFFECTIVE_RIDGE],
                             theory[MFL_SPECTRUM_OVERFITTING]};
    fprintf(csv, "%lld", (long long)samples);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        fputc(',', csv);
        ex_csv_number(csv, values[i]);
    }
    fputc('\n', csv);
}

/* The predicted curve between the points, for the picture. */
static void write_curve(const setup *s, const char *directory, double least, double most)
{
    enum { POINTS = 100 };
    const double noise = s->label_noise * s->label_noise;
    ex_file csv;
    ex_open(&csv, directory, "predicted.csv");
    fprintf(csv.stream, "samples,predicted\n");
    for (int i = 0; i <= POINTS; i++) {
        double theory[MFL_SPECTRUM_RESULTS], samples = least * pow(most / least, (double)i / POINTS);
        ex_check(mfl_spectrum_learn(s->spectrum, NULL, samples, s->kappa * s->kappa, noise, theory, NULL, 0));
        ex_csv_number(csv.stream, samples);
        fputc(',', csv.stream);
        ex_csv_number(csv.stream, theory[MFL_SPECTRUM_TEST_ERROR] - noise);
        fputc('\n', csv.stream);
    }
    ex_finish(&csv);
}

static int32_t draw(const setup *s, const char *directory)
{
    const ex_arguments *a = &s->arguments;
    char body[2048];
    snprintf(body, sizeof body,
             "set datafile separator ','\nset grid lt 1 lc rgb '#dddddd'\nset logscale xy\nset key bottom left\n"
             "set xlabel 'training samples n'\nset ylabel 'test error'\n"
             "set title '%s of degree %s, d = %s, %s %s kernel' noenhanced\n"
             "plot 'predicted.csv' every ::1 using 1:2 with lines lw 2 lc rgb '#d55e00' title 'theory', "
             "'kernel_theory.csv' every ::1 using 1:3:4 with yerrorbars pt 7 lc rgb '#0072b2' title 'drawn data'",
             ex_text(a, "task"), ex_text(a, "degree"), ex_text(a, "dim"), ex_text(a, "activation"),
             ex_text(a, "kernel"));
    return ex_plot(directory, "kernel_theory", body);
}

int main(int argc, char **argv)
{
    static setup s;
    s.arguments = (ex_arguments){
        .program = "kernel_theory",
        .summary = "Learning curves of kernel ridge regression: predicted from the kernel's spectrum, and measured.",
        .options = options,
        .count = sizeof options / sizeof options[0],
    };
    ex_parse(&s.arguments, argc, argv);
    context = ex_start();
    int64_t samples[EX_MAX_LIST];
    const size_t points = ex_ints(&s.arguments, "samples", 1, 100000, samples);
    prepare(&s);
    const char *directory = ex_text(&s.arguments, "out");
    double *f = malloc((size_t)s.tests * sizeof *f);
    if (!f)
        ex_die("out of memory");
    ex_make_directory(directory);
    ex_catch_interrupts();
    ex_file csv;
    ex_open(&csv, directory, "kernel_theory.csv");
    fprintf(csv.stream, "samples,predicted,measured,standard_error,effective_ridge,overfitting\n");
    printf("%7s %12s %12s %10s %9s %14s\n", "n", "predicted", "measured", "+-", "ratio", "effective ridge");
    for (size_t i = 0; i < points; i++)
        point(&s, csv.stream, samples[i], f);
    ex_finish(&csv);
    double least = (double)samples[0], most = least;
    for (size_t i = 1; i < points; i++) {
        least = fmin(least, (double)samples[i]);
        most = fmax(most, (double)samples[i]);
    }
    write_curve(&s, directory, least, most);
    if (draw(&s, directory) == 0)
        printf("Picture: %s/kernel_theory.svg and .png\n", directory);
    free(f);
    mfl_spectrum_destroy(s.spectrum);
    mfl_ridge_destroy(s.ridge);
    mfl_task_destroy(s.task);
    mfl_context_destroy(context);
    return 0;
}
