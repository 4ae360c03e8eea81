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
#include "common/measure.h"
#include "common/output.h"
#include "common/task.h"
#include "common/theory.h"

static const ex_option options[] = {
    EX_TASK_OPTIONS("20", "2"),
    {"data", "FILE.csv", NULL, "learn from a file instead of a task"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    EX_MODEL_OPTIONS,
    {"kappa", "K", NULL, "noise; default 0.1 for tasks, for files the largest evidence of the kernel"},
    {"samples", "LIST", NULL, "numbers of training samples P; default 50,100,200,400,800"},
    {"seeds", "COUNT", "2", "how many data sets and runs a point"},
    {"seed", "BASE", "1", "the first seed; the others follow it"},
    {"methods", "LIST", NULL,
     "of network, ridge, linear, mf, mf_ard, mf_screened; default network,ridge,mf, for files network,ridge,linear"},
    {"test", "T", "4000", "test samples; for files at most the rows that are left"},
    {"label-noise", "S", "0", "standard deviation of noise added to the training targets"},
    EX_CHAIN_OPTIONS,
    EX_START_OPTION,
    EX_PRECISION_OPTIONS,
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
    ex_subject subject;
    mfl_task *task;    /* NULL with --data */
    mfl_dataset *file; /* NULL without */
    mfl_model *model, *linear;
    int64_t samples[EX_MAX_LIST], seeds, seed;
    size_t point_count, method_count;
    int32_t methods[EX_MAX_LIST];
} setup;

/* What the library says about the options of the network is a usage error. */
static void make_models(setup *s, int64_t dimension)
{
    if (ex_make_model(context, &s->arguments, dimension, 0, &s->model) != MFL_OK
        || ex_make_model(context, &s->arguments, dimension, 1, &s->linear) != MFL_OK)
        ex_usage("%s", mfl_context_message(context));
}

static void make_task(setup *s)
{
    s->task = ex_task(context, &s->arguments);
    make_models(s, ex_int(&s->arguments, "dim", 1, 1 << 24));
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
    make_models(s, columns);
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
        if (s->file && method >= EX_METHOD_MF)
            ex_usage("the %s method needs a task; with --data use network, ridge or linear", ex_method_name(method));
        if (ex_try_method(&s->subject, method) == MFL_OK)
            s->methods[kept++] = method;
        else if (ex_given(&s->arguments, "methods") || method == EX_METHOD_NETWORK)
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
    ex_set_option(context, target, "threads", a, "threads");
    ex_set_option(context, target, "instruction_set", a, "instruction-set");
    check_combinations(a);
    read_samples(s);
    s->seeds = ex_int(a, "seeds", 1, 10000);
    s->seed = ex_int(a, "seed", 0, INT64_C(1) << 60);
    ex_arguments chosen = *a;
    if (!ex_text(a, "methods"))
        for (size_t i = 0; i < a->count; i++)
            if (strcmp(a->options[i].name, "methods") == 0)
                chosen.values[i] = from_file ? "network,ridge,linear" : "network,ridge,mf";
    s->method_count = ex_choices(&chosen, "methods", EX_METHODS, s->methods);
    from_file ? read_file(s) : make_task(s);
    s->subject = (ex_subject){
        .context = context,
        .arguments = a,
        .task = s->task,
        .file = s->file,
        .model = s->model,
        .linear = s->linear,
        .most_samples = s->samples[s->point_count - 1],
        .tests = ex_int(a, "test", 1, INT64_C(1) << 31),
        .label_noise = ex_double(a, "label-noise", 0.0, 1e100),
        .planted = ex_choice(a, "start", EX_STARTS),
        .kappa = ex_text(a, "kappa") ? ex_double(a, "kappa", 1e-150, 1e150) : from_file ? 0.0 : 0.1,
    };
    check_methods(s);
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
                 ex_text(a, "dim"), ex_text(a, "activation"), ex_text(a, "width"), s->subject.kappa);
}

/* The theory has no data sets: one run serves a point. */
static int64_t runs_of(const setup *s, int32_t method)
{
    return method >= EX_METHOD_MF ? 1 : s->seeds;
}

static void warn_if_unfinished(const ex_row *row)
{
    if (row->method >= EX_METHOD_MF && row->stop != MFL_STOP_CONVERGED)
        fprintf(stderr, "%s at P = %lld did not converge; its error bar says how far\n", ex_method_name(row->method),
                (long long)row->samples);
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
                int32_t status = ex_measure(&s->subject, s->methods[m], s->samples[p], s->seed + r, &rows[r]);
                if (status == MFL_ERROR_CANCELLED) {
                    free(rows);
                    return 1;
                }
                check(status);
                warn_if_unfinished(&rows[r]);
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
