/* SPDX-License-Identifier: BSD-3-Clause */
/* Which inputs matter: relevances by a theory of the training set, beside those of two kernels whose precisions have the
 * largest evidence.
 *
 *     feature_selection --data data/diabetes.csv --target progression --irrelevant 30 --out DIR
 *
 * adds thirty columns of noise, which nothing should select. Tasks know which of their inputs are relevant:
 *
 *     feature_selection --task sum --terms 1:10000,1:01000,1:00110,0.7:00002 --inputs gaussian --dim 200 \
 *         --samples 400 --tolerance 0.02 --out DIR
 *
 * depends on five of 200 inputs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/measure.h"
#include "common/output.h"
#include "common/problem.h"
#include "common/task.h"
#include "common/theory.h"

#define THEORIES "mf_ard|mf_screened"

static const ex_option options[] = {
    {"data", "FILE.csv", NULL, "rows to learn from, standardised"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    EX_TASK_OPTIONS("20", "2"),
    {"irrelevant", "COUNT", "0", "add so many columns of standard normal numbers"},
    {"samples", "P", NULL, "training samples; default 200, of a file four fifths of the rows"},
    {"test", "T", "1000", "test samples; for files at most the rows that are left"},
    {"label-noise", "S", "0", "standard deviation of noise added to the training targets"},
    {"theory", "NAME", "mf_ard", "mf_ard, or mf_screened, with relevance determination too"},
    {"kappa", "K", NULL, "noise of the theory; default that at which the network's kernel has the largest evidence"},
    EX_MODEL_OPTIONS_OF("16"),
    {"alpha0", "A", "1", "shape of the Gamma law of the precisions"},
    {"sharing", "N", "1", "neurons that share one precision; 0: the whole layer"},
    {"tolerance", "T", "0.005", "Monte Carlo error of the overlap at which the theory is solved"},
    {"sweeps", "S", "1000", "most trajectories of each particle"},
    {"rate", "R", "0.05", "false alarms that the theory's rule may give on data without relevant inputs"},
    {"seed", "SEED", "1", "of data, added columns and particles"},
    {"threads", "COUNT", "0", "threads; 0 takes the processors this process may run on"},
    {"out", "DIR", "feature_selection", "directory for feature_selection.csv and the picture"},
};

/* A kernel's evidence has its maximum where precisions of inputs without use are infinite; so an input is selected whose
 * relevance, the variance 1/rho_j, is not as good as nothing beside the largest. */
static const double kernel_threshold = 0.01;

enum { THEORY, RBF, LINEAR, METHODS };

typedef struct method {
    const char *name;
    int32_t done;
    double test_error; /* not-a-number: not known */
    double *relevance, *error;
    int32_t *selected;
} method;

typedef struct study {
    ex_arguments arguments;
    ex_problem problem;
    mfl_dataset *train, *test; /* with the columns that were added */
    int64_t own, columns;      /* inputs of the file or task, and all */
    double kappa, threshold;   /* of the theory */
    int64_t *order;            /* of inputs, the most relevant first */
    method methods[METHODS];
} study;

static void *allocate(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);
    if (!memory)
        ex_die("out of memory");
    return memory;
}

/* ---- data ---- */

/* Inputs and as many normal numbers a row as were asked for, which a task on Gaussian inputs draws. */
static mfl_dataset *widen(const study *s, const mfl_dataset *data, int32_t role)
{
    const int64_t added = s->columns - s->own;
    const double *targets;
    int64_t rows;
    mfl_task *normal;
    mfl_dataset *noise = NULL, *wide;
    ex_check(mfl_dataset_shape(data, &rows, NULL));
    double *inputs = allocate(rows * s->columns, sizeof *inputs);
    double *narrow = allocate(rows * s->columns, sizeof *narrow);
    ex_check(mfl_dataset_copy_inputs(data, narrow, rows * s->own));
    for (int64_t i = 0; i < rows; i++)
        memcpy(inputs + i * s->columns, narrow + i * s->own, (size_t)s->own * sizeof *inputs);
    if (added) {
        ex_check(mfl_task_create_relu(s->problem.context, added, &normal));
        ex_check(mfl_dataset_draw(normal, rows, 0.0, 1, role, &noise));
        ex_check(mfl_dataset_copy_inputs(noise, narrow, rows * added));
        for (int64_t i = 0; i < rows; i++)
            memcpy(inputs + i * s->columns + s->own, narrow + i * added, (size_t)added * sizeof *inputs);
        mfl_dataset_destroy(noise);
        mfl_task_destroy(normal);
    }
    ex_check(mfl_dataset_targets(data, &targets));
    ex_check(mfl_dataset_copy(s->problem.context, rows, s->columns, inputs, s->columns, 1, targets, &wide));
    free(narrow);
    free(inputs);
    return wide;
}

static void prepare(study *s)
{
    ex_arguments *a = &s->arguments;
    mfl_options *target;
    const int64_t added = ex_int(a, "irrelevant", 0, 1 << 20);
    mfl_context *context = ex_start();
    ex_check(mfl_context_options(context, &target));
    ex_set_option(context, target, "threads", a, "threads");
    if (!ex_given(a, "kappa"))
        ex_replace(a, "kappa", "0.5"); /* where the search for the largest evidence begins */
    ex_problem_make(&s->problem, context, a);
    s->own = s->problem.dimension;
    s->columns = s->own + added;
    s->kappa = s->problem.kappa;
    s->train = widen(s, s->problem.train, MFL_ROLE_TRAIN);
    s->test = widen(s, s->problem.test, MFL_ROLE_TEST);
    s->order = allocate(s->columns, sizeof *s->order);
    s->methods[THEORY].name = ex_text(a, "theory");
    s->methods[RBF].name = "rbf_ard";
    s->methods[LINEAR].name = "linear_ard";
    for (int32_t i = 0; i < METHODS; i++) {
        s->methods[i].test_error = NAN;
        s->methods[i].relevance = allocate(2 * s->columns, sizeof(double));
        s->methods[i].error = s->methods[i].relevance + s->columns;
        s->methods[i].selected = allocate(s->columns, sizeof(int32_t));
    }
}

static void release(study *s)
{
    mfl_context *context = s->problem.context;
    for (int32_t i = 0; i < METHODS; i++) {
        free(s->methods[i].selected);
        free(s->methods[i].relevance);
    }
    free(s->order);
    mfl_dataset_destroy(s->test);
    mfl_dataset_destroy(s->train);
    ex_problem_release(&s->problem);
    mfl_context_destroy(context);
}

/* What is known of an input: of a file only that what was added is irrelevant. */
static const char *kind_of(const study *s, int64_t input)
{
    if (input >= s->own)
        return "irrelevant";
    return s->problem.relevant == 0 ? "file" : input < s->problem.relevant ? "relevant" : "irrelevant";
}

static int32_t is_irrelevant(const study *s, int64_t input)
{
    return strcmp(kind_of(s, input), "irrelevant") == 0;
}

static void name_of(const study *s, int64_t input, char *name, size_t size)
{
    const char *given = "";
    if (input < s->own)
        ex_check(mfl_dataset_name(s->problem.train, input, &given));
    if (*given)
        snprintf(name, size, "%s", given);
    else if (input < s->own)
        snprintf(name, size, "x%lld", (long long)input + 1);
    else
        snprintf(name, size, "noise %lld", (long long)(input - s->own) + 1);
}

/* ---- the methods; each returns MFL_OK or MFL_ERROR_CANCELLED ---- */

static int32_t show_progress(const char *stage, double fraction, double seconds, void *user_data)
{
    const study *s = user_data;
    (void)stage;
    int32_t next = LINEAR;
    while (next > THEORY && s->methods[next].done)
        next--;
    fprintf(stderr, "\r%s %3.0f%%, %.0f s \033[K", s->methods[next].name, 100.0 * fraction, seconds);
    fflush(stderr);
    return 0;
}

static mfl_ridge *make_kernel(const study *s, int32_t kind)
{
    mfl_model *model;
    mfl_ridge *ridge;
    mfl_options *target;
    ex_check(ex_make_model(s->problem.context, &s->arguments, s->columns, 0, &model));
    ex_check(mfl_ridge_create(model, &ridge));
    ex_check(mfl_ridge_options(ridge, &target));
    ex_check(mfl_options_set_int(target, MFL_RIDGE_KERNEL, kind));
    mfl_model_destroy(model);
    return ridge;
}

static int32_t test_kernel(const study *s, const mfl_ridge *ridge, double *error)
{
    const double *x, *y;
    int64_t rows, stride, unit;
    ex_check(mfl_dataset_shape(s->test, &rows, NULL));
    ex_check(mfl_dataset_inputs(s->test, &x, &stride, &unit));
    ex_check(mfl_dataset_targets(s->test, &y));
    double *mean = allocate(rows, sizeof *mean), sum = 0.0;
    const int32_t status = mfl_ridge_predict(ridge, x, rows, stride, mean, NULL);
    for (int64_t i = 0; i < rows; i++)
        sum += (mean[i] - y[i]) * (mean[i] - y[i]);
    if (status == MFL_OK)
        *error = sum / (double)rows;
    free(mean);
    return status;
}

static int32_t learn_by_kernel(study *s, int32_t which)
{
    method *m = &s->methods[which];
    mfl_ridge *ridge = make_kernel(s, which == RBF ? MFL_RIDGE_KERNEL_RBF : MFL_RIDGE_KERNEL_LINEAR);
    /* The scale of a linear kernel is in the precisions already. */
    int32_t status =
        mfl_ridge_optimise(ridge, s->train, 0.5,
                           MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_PRECISIONS
                               | (which == RBF ? MFL_RIDGE_VARY_SIGMA_A : 0));
    if (status == MFL_OK) {
        double largest = 0.0;
        ex_check(mfl_ridge_precisions(ridge, m->relevance, s->columns));
        for (int64_t j = 0; j < s->columns; j++) {
            m->relevance[j] = 1.0 / m->relevance[j];
            m->error[j] = NAN;
            largest = fmax(largest, m->relevance[j]);
        }
        for (int64_t j = 0; j < s->columns; j++)
            m->selected[j] = m->relevance[j] > kernel_threshold * largest;
        m->done = 1;
        status = test_kernel(s, ridge, &m->test_error);
    }
    mfl_ridge_destroy(ridge);
    return status;
}

static int32_t choose_noise(study *s)
{
    int32_t status = MFL_OK;
    if (ex_given(&s->arguments, "kappa"))
        return status;
    mfl_ridge *ridge = make_kernel(s, MFL_RIDGE_KERNEL_NNGP);
    status = mfl_ridge_optimise(ridge, s->train, s->kappa, MFL_RIDGE_VARY_KAPPA);
    if (status == MFL_OK)
        ex_check(mfl_ridge_get(ridge, MFL_RIDGE_KAPPA, &s->kappa));
    mfl_ridge_destroy(ridge);
    return status;
}

static mfl_theory *make_theory(const study *s)
{
    static const char *const names[] = {"alpha0", "sharing", "tolerance", "sweeps"};
    const ex_arguments *a = &s->arguments;
    mfl_context *context = s->problem.context;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *target;
    ex_check(ex_make_model(context, a, s->columns, 0, &model));
    ex_check(mfl_theory_create_empirical(context, model, s->train, NULL, &theory));
    ex_check(mfl_theory_use(theory, ex_choice(a, "theory", THEORIES) ? MFL_THEORY_MF_SCREENED : MFL_THEORY_MF_ARD));
    ex_check(mfl_theory_options(theory, &target));
    ex_check(mfl_options_set_int(target, MFL_THEORY_PRIOR, MFL_THEORY_PRIOR_ARD));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ex_set_option(context, target, names[i], a, names[i]);
    mfl_model_destroy(model);
    return theory;
}

/* Relevances are taken also from a solve that was cut short. */
static int32_t learn_by_theory(study *s)
{
    method *m = &s->methods[THEORY];
    mfl_theory *theory = make_theory(s);
    int32_t stop = MFL_STOP_CONVERGED, status = choose_noise(s);
    if (status == MFL_OK)
        status = mfl_theory_solve(theory, (double)s->problem.samples, s->kappa);
    if (status == MFL_OK) {
        ex_check(mfl_theory_stop(theory, &stop));
        ex_check(mfl_theory_relevances(theory, m->relevance, m->error, NULL, s->columns));
        ex_check(mfl_theory_select_inputs(theory, ex_double(&s->arguments, "rate", 0.001, 0.5), m->selected, s->columns,
                                          &s->threshold));
        m->done = 1;
        status = stop == MFL_STOP_CANCELLED ? MFL_ERROR_CANCELLED : mfl_theory_test(theory, s->test, &m->test_error);
    }
    if (stop == MFL_STOP_LIMIT)
        fprintf(stderr, "Warning: %s is not solved to its tolerance; give it more --sweeps.\n", m->name);
    mfl_theory_destroy(theory);
    return status;
}

/* The fast ones first, so that there is something to show when it is interrupted. */
static int32_t learn(study *s)
{
    const int32_t terminal = isatty(STDERR_FILENO);
    if (terminal)
        mfl_context_set_progress(s->problem.context, show_progress, s);
    int32_t status = learn_by_kernel(s, LINEAR);
    if (status == MFL_OK)
        status = learn_by_kernel(s, RBF);
    if (status == MFL_OK)
        status = learn_by_theory(s);
    if (terminal)
        fprintf(stderr, "\r\033[K");
    if (status != MFL_ERROR_CANCELLED)
        ex_check(status);
    return status;
}

/* ---- results ---- */

/* By the first method that is done. */
static const method *put_in_order(study *s)
{
    const method *m = s->methods;
    while (!m->done && m < s->methods + METHODS - 1)
        m++;
    for (int64_t j = 0; j < s->columns; j++) {
        int64_t place = j;
        for (; place > 0 && m->relevance[s->order[place - 1]] < m->relevance[j]; place--)
            s->order[place] = s->order[place - 1];
        s->order[place] = j;
    }
    return m;
}

static double largest_of(const study *s, const method *m)
{
    double largest = 0.0;
    for (int64_t j = 0; j < s->columns; j++)
        largest = fmax(largest, m->relevance[j]);
    return largest;
}

static void print_inputs(const study *s)
{
    enum { most = 30 };
    const int64_t rows = s->columns < most ? s->columns : most;
    printf("%-24s %-10s", "input", "");
    for (const method *m = s->methods; m < s->methods + METHODS; m++)
        printf(m == s->methods ? " %22s" : " %12s", m->name);
    printf("\n");
    for (int64_t i = 0; i < rows; i++) {
        char name[25];
        name_of(s, s->order[i], name, sizeof name);
        printf("%-24s %-10s", name, kind_of(s, s->order[i]));
        for (const method *m = s->methods; m < s->methods + METHODS; m++) {
            const char mark = m->selected[s->order[i]] ? '*' : ' ';
            if (!m->done)
                printf(m == s->methods ? " %22s" : " %12s", "-");
            else if (m == s->methods)
                printf(" %10.4f +- %-6.2g%c", m->relevance[s->order[i]], m->error[s->order[i]], mark);
            else
                printf(" %11.4f%c", m->relevance[s->order[i]] / largest_of(s, m), mark);
        }
        printf("\n");
    }
    if (rows < s->columns)
        printf("and %lld less relevant ones\n", (long long)(s->columns - rows));
}

/* Selected among relevant inputs, or all of a file, and among the others; and how many are ahead of all irrelevant ones,
 * which does not depend on a rule. */
static void print_methods(const study *s)
{
    int64_t irrelevant = 0;
    for (int64_t j = 0; j < s->columns; j++)
        irrelevant += is_irrelevant(s, j);
    printf("\n%-12s %18s %18s %22s %12s\n", "* selected", s->problem.relevant ? "of the relevant" : "of the file's",
           "of the irrelevant", "ahead of irrelevant", "test error");
    for (const method *m = s->methods; m < s->methods + METHODS; m++) {
        int64_t chosen[2] = {0, 0}, ahead = 0;
        double best = 0.0;
        if (!m->done)
            continue;
        for (int64_t j = 0; j < s->columns; j++) {
            chosen[is_irrelevant(s, j)] += m->selected[j];
            if (is_irrelevant(s, j))
                best = fmax(best, m->relevance[j]);
        }
        for (int64_t j = 0; j < s->columns; j++)
            ahead += m->relevance[j] > best;
        printf("%-12s %11lld of %3lld %11lld of %3lld %22lld %12.4f\n", m->name, (long long)chosen[0],
               (long long)(s->columns - irrelevant), (long long)chosen[1], (long long)irrelevant, (long long)ahead,
               m->test_error);
    }
}

static void write_inputs(const study *s, FILE *csv)
{
    fprintf(csv, "input,kind");
    for (const method *m = s->methods; m < s->methods + METHODS; m++)
        fprintf(csv, ",%s,%s_error,%s_selected", m->name, m->name, m->name);
    fputc('\n', csv);
    for (int64_t i = 0; i < s->columns; i++) {
        char name[96];
        name_of(s, s->order[i], name, sizeof name);
        ex_csv_text(csv, name);
        fprintf(csv, ",%s", kind_of(s, s->order[i]));
        for (const method *m = s->methods; m < s->methods + METHODS; m++) {
            fputc(',', csv);
            ex_csv_number(csv, m->done ? m->relevance[s->order[i]] : NAN);
            fputc(',', csv);
            ex_csv_number(csv, m->done ? m->error[s->order[i]] : NAN);
            fputc(',', csv);
            ex_csv_number(csv, m->done ? m->selected[s->order[i]] : NAN);
        }
        fputc('\n', csv);
    }
}

/* Relevances over the largest of each method, with a star above those that are selected. */
static void draw(const study *s, const char *directory)
{
    enum { most = 30 };
    static const char *const colours[METHODS] = {"#0072b2", "#e69f00", "#999999"};
    char *body;
    FILE *stream = ex_text_stream(&body);
    fprintf(stream,
            "set datafile separator ','\nset ylabel 'relevance over the largest   (* selected)'\n"
            "set yrange [0:1.15]\nset xrange [-0.7:%d]\n"
            "set xtics rotate by 50 right font ',11' noenhanced\nset grid ytics lc rgb '#dddddd'\nset boxwidth 0.25\n"
            "set style fill solid 0.75 border\nset bars 0.4\nset key top right horizontal noenhanced\nplot ",
            s->columns < most ? (int)s->columns : most);
    for (int32_t i = 0; i < METHODS; i++) {
        const method *m = &s->methods[i];
        fprintf(stream, "%s'feature_selection.csv' every ::1::%d using ($0%+g):($%d/%.17g)", i ? ", " : "", most,
                0.27 * (i - 1), 3 + 3 * i, largest_of(s, m));
        if (i == THEORY)
            fprintf(stream, ":($4/%.17g) with boxerrorbars", largest_of(s, m));
        else
            fprintf(stream, "%s with boxes", i == RBF ? ":xtic(1)" : "");
        fprintf(stream, " lc rgb '%s' title '%s'", colours[i], m->name);
    }
    for (int32_t i = 0; i < METHODS; i++)
        fprintf(stream,
                ", 'feature_selection.csv' every ::1::%d using ($0%+g):($%d == 1 ? $%d/%.17g : NaN):('*') with labels "
                "offset 0,%g tc rgb '%s' notitle",
                most, 0.27 * (i - 1), 5 + 3 * i, 3 + 3 * i, largest_of(s, &s->methods[i]), i == THEORY ? 1.0 : 0.2,
                colours[i]);
    fputc('\n', stream);
    fclose(stream);
    if (ex_plot(directory, "feature_selection", body) == 0)
        printf("Picture: %s/feature_selection.svg and .png\n", directory);
    free(body);
}

static int report(study *s, int32_t interrupted)
{
    const char *directory = ex_text(&s->arguments, "out");
    ex_file csv;
    if (!put_in_order(s)->done) {
        fprintf(stderr, "Interrupted before anything was learned.\n");
        return 130;
    }
    if (s->methods[THEORY].done)
        printf("%s at kappa %.4g; it selects inputs whose relevance is above %.4g by four errors\n\n",
               s->methods[THEORY].name, s->kappa, s->threshold);
    print_inputs(s);
    print_methods(s);
    ex_make_directory(directory);
    ex_open(&csv, directory, "feature_selection.csv");
    write_inputs(s, csv.stream);
    if (interrupted) {
        fprintf(stderr, "Interrupted. ");
        ex_abandon(&csv);
        return 130;
    }
    ex_finish(&csv);
    printf("\nNumbers: %s/feature_selection.csv\n", directory);
    draw(s, directory);
    return 0;
}

int main(int argc, char **argv)
{
    static study s;
    s.arguments = (ex_arguments){
        .program = "feature_selection",
        .summary = "Select the inputs that matter: relevances by a theory of the training set, with Monte Carlo errors,\n"
                   "beside those of a radial and of a linear kernel with a precision for every input.",
        .options = options,
        .count = sizeof options / sizeof options[0],
    };
    ex_parse(&s.arguments, argc, argv);
    prepare(&s);
    ex_catch_interrupts();
    const int32_t interrupted = learn(&s) != MFL_OK;
    const int status = report(&s, interrupted);
    release(&s);
    return status;
}
