/* SPDX-License-Identifier: BSD-3-Clause */
/* One mean-field theory solved at one point: every order parameter with its error, on every branch there is, readable
 * and as CSV.
 *
 *     self_consistent --dim 35 --degree 4 --width 512 --kappa 0.05 --samples 1000 --theory mf_ard --alpha0 4
 *
 * prints m = 0.895918 and rho_on = 8.24883 beside rho_off = 38.5849: neurons have selected the four inputs that matter.
 *
 *     self_consistent --dim 40 --degree 2 --width 64 --kappa 0.8 --samples 100 --theory mf_ard --sharing 0
 *
 * has two solutions, m = 0.009985 (heating, from the prior) and 0.540656 (cooling), the latter with the lower free
 * energy.
 *
 *     self_consistent --dim 20 --degree 2 --width 128 --kappa 0.1 --samples 100 --marginals 4000 --out DIR
 *
 * draws the densities of a weight on and off the support and of the alignment with a sign pattern: two humps each.
 *
 *     self_consistent --data data/diabetes.csv --width 256 --kappa 0.5 --theory mf_ard
 *
 * solves the theory of a training set, by particles: inputs in the order of their relevance, with Monte Carlo errors.
 * --empirical does so for a training set drawn from the task.
 *
 *     self_consistent --task staircase --degree 2 --activation gelu --samples 400 --marginals 1000 --out DIR
 *
 * follows x1 + x1x2 with an order parameter for each step, m = 0.99 and 0.93, and draws the density of each weight. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"
#include "common/task.h"
#include "common/theory.h"

static const ex_option options[] = {
    EX_TASK_OPTIONS("20", "2"),
    {"width", "N", "128", "width of the network; 0: infinite"},
    {"kappa", "K", "0.1", "noise"},
    {"samples", "P", "400", "number of training samples"},
    {"theory", "NAME", "mf", "mf, mf_ard or mf_screened"},
    EX_THEORY_OPTIONS("1e-8"),
    {"induced", "Q", "-1", "on Gaussian inputs, highest degree of modes that are followed though the target lacks them; -1: 12 for one direction"},
    {"empirical", NULL, NULL, "of a training set drawn from the task, in place of the population"},
    {"data", "FILE.csv", NULL, "of the training set in a file, standardised; --samples takes its first rows"},
    {"target", "NAME", NULL, "column to predict, by name or number; default the last"},
    {"sweeps", "S", "1000", "of a training set: most trajectories of each particle"},
    {"solver", "NAME", "quadrature", "quadrature or particles; for particles ask for a tolerance of 1e-3 or so"},
    {"particles", "M", "1024", "how many particles"},
    {"steps", "S", "20000", "most steps of each particle"},
    {"finite", "DRAWS", "0", "correct m, and that of each mode, for sums over all 2^d inputs with so many neurons; 0: do not"},
    {"marginals", "DRAWS", "0", "draw densities of weights averaged over so many neurons, in --out; 0: do not"},
    {"out", "DIR", NULL, "directory for self_consistent.csv; without it the CSV follows on standard output"},
};

static mfl_context *context;

static mfl_theory *make_theory(const ex_arguments *a)
{
    static const char *const names[] = {"induced", "solver", "particles", "steps"};
    mfl_options *target;
    mfl_task *task = ex_task(context, a);
    mfl_theory *theory = ex_theory_of_task(context, a, ex_choice(a, "theory", EX_THEORY_NAMES), task,
                                           ex_int(a, "dim", 1, 1 << 24), ex_int(a, "width", 0, INT64_C(1) << 40));
    mfl_task_destroy(task);
    ex_check(mfl_theory_options(theory, &target));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ex_set_option(context, target, names[i], a, names[i]);
    return theory;
}

static mfl_theory *solve_population(const ex_arguments *a)
{
    mfl_theory *theory = make_theory(a);
    ex_check(mfl_theory_solve(theory, ex_double(a, "samples", 0.0, 1e300), ex_double(a, "kappa", 1e-150, 1e150)));
    return theory;
}

static int32_t is_empirical(const ex_arguments *a)
{
    return ex_given(a, "empirical") || ex_text(a, "data") != NULL;
}

/* Options that would be without effect are mistakes. */
static void check_combinations(const ex_arguments *a)
{
    if (ex_text(a, "data") && (ex_given(a, "empirical") || ex_given(a, "task") || ex_given(a, "dim") ||
                               ex_given(a, "degree") || ex_text(a, "terms") || ex_text(a, "inputs")))
        ex_usage("--data takes the task from the file; leave out --empirical, --task, --dim, --degree, --terms and "
                 "--inputs");
    if (ex_text(a, "target") && !ex_text(a, "data"))
        ex_usage("--target names a column of a file; give the file with --data");
    if (ex_given(a, "sweeps") && !is_empirical(a))
        ex_usage("--sweeps is for theories of a training set; see --empirical and --data");
    if (is_empirical(a) && (ex_given(a, "marginals") || ex_given(a, "finite") || ex_given(a, "solver") ||
                            ex_given(a, "steps") || ex_given(a, "induced") || ex_given(a, "damping")))
        ex_usage("a training set has no --marginals, --finite, --solver, --steps, --induced and --damping");
}

/* A training set from the file or the task; *task is NULL for a file. */
static mfl_dataset *make_data(const ex_arguments *a, mfl_task **task, int64_t *samples)
{
    mfl_dataset *read, *data;
    int64_t rows;
    *task = NULL;
    if (ex_text(a, "data")) {
        ex_check(mfl_dataset_read_csv(context, ex_text(a, "data"), ex_text(a, "target"), MFL_CSV_HEADER_AUTO, &read));
        ex_check(mfl_dataset_standardise(read, 1, &data));
        ex_check(mfl_dataset_shape(data, &rows, NULL));
        *samples = ex_given(a, "samples") ? ex_int(a, "samples", 1, rows) : rows;
        mfl_dataset_destroy(read);
        return data;
    }
    *samples = ex_int(a, "samples", 1, 1 << 24);
    *task = ex_task(context, a);
    ex_check(mfl_dataset_draw(*task, *samples, 0.0, 0, MFL_ROLE_TRAIN, &data));
    return data;
}

/* Solves; names of the inputs live as long as *data. */
static mfl_theory *solve_empirical(const ex_arguments *a, mfl_dataset **data)
{
    mfl_task *task;
    mfl_options *target;
    int64_t samples;
    *data = make_data(a, &task, &samples);
    mfl_theory *theory = ex_theory_of_data(context, a, ex_choice(a, "theory", EX_THEORY_NAMES), *data, task,
                                           ex_int(a, "width", 0, INT64_C(1) << 31));
    ex_check(mfl_theory_options(theory, &target));
    ex_set_option(context, target, "sweeps", a, "sweeps");
    if (ex_given(a, "particles"))
        ex_set_option(context, target, "particles", a, "particles");
    mfl_task_destroy(task);
    ex_check(mfl_theory_solve(theory, (double)samples, ex_double(a, "kappa", 1e-150, 1e150)));
    return theory;
}

static const char *branch_name(int32_t branch, int32_t count)
{
    return count < 2 ? "only" : branch == 0 ? "heating" : "cooling";
}

static const char *stop_name(int32_t stop)
{
    return stop == MFL_STOP_CONVERGED ? "converged" : stop == MFL_STOP_LIMIT ? "not converged" : "cancelled";
}

/* A number for people, and as a line of the CSV. */
static void print_number(FILE *csv, const char *branch, const char *stop, const char *name, double value, double error,
                         const char *summary)
{
    printf("  %-16s %16.9g +- %-8.2g %s\n", name, value, error, summary);
    fprintf(csv, "%s,%s,%s,", branch, stop, name);
    ex_csv_number(csv, value);
    fputc(',', csv);
    ex_csv_number(csv, error);
    fputc('\n', csv);
}

/* Relevances of inputs, the largest first, and which stand out. */
static void print_inputs(const mfl_theory *theory, const mfl_dataset *data, const char *stop, FILE *csv)
{
    int64_t d;
    ex_check(mfl_dataset_shape(data, NULL, &d));
    double *relevance = malloc(2 * (size_t)d * sizeof *relevance), *error = relevance + d;
    int64_t *order = malloc((size_t)d * sizeof *order);
    int32_t *selected = malloc((size_t)d * sizeof *selected);
    if (!relevance || !order || !selected)
        ex_die("out of memory");
    ex_check(mfl_theory_relevances(theory, relevance, error, order, d));
    ex_check(mfl_theory_select_inputs(theory, 0.05, selected, d, NULL));
    for (int64_t i = 0; i < d; i++) {
        const char *name;
        char label[96];
        ex_check(mfl_dataset_name(data, order[i], &name));
        if (*name)
            snprintf(label, sizeof label, "relevance[%.80s]", name);
        else
            snprintf(label, sizeof label, "relevance[%lld]", (long long)order[i]);
        print_number(csv, "only", stop, label, relevance[order[i]], error[order[i]],
                     selected[order[i]] ? "stands out" : "");
    }
    free(selected);
    free(order);
    free(relevance);
}

/* "m[10]": the degrees of the mode in each variable, and "+2" for two across. */
static void name_mode(const mfl_theory *theory, int64_t mode, char *name, size_t size)
{
    enum { most = 16 };
    int64_t degrees[most], across;
    size_t length = 2;
    int32_t first = 1;
    snprintf(name, size, "m[");
    ex_check(mfl_theory_mode(theory, mode, degrees, most, &across, NULL));
    for (int64_t j = 0; j < most && length + 8 < size; j++) {
        double value;
        if (mfl_theory_get_variable(theory, j, MFL_THEORY_WEIGHT_ON, &value, NULL) == MFL_ERROR_ARGUMENT)
            break;
        length += (size_t)snprintf(name + length, size - length, first ? "%lld" : " %lld", (long long)degrees[j]);
        first = 0;
    }
    if (across)
        length += (size_t)snprintf(name + length, size - length, "+%lld", (long long)across);
    snprintf(name + length, size - length, "]");
}

static void print_branch(const mfl_theory *theory, int32_t branch, int32_t count, FILE *csv)
{
    int32_t stop, key;
    const char *name, *summary, *which = branch_name(branch, count);
    double value, error;
    int64_t modes;
    ex_check(mfl_theory_stop(theory, &stop));
    printf("Branch %s: %s\n", which, stop_name(stop));
    for (size_t i = 0; mfl_theory_result_at(theory, i, &key, &name, &summary) == MFL_OK; i++) {
        int32_t status = mfl_theory_get(theory, key, &value, &error);
        if (status == MFL_ERROR_STATE) /* does not exist for this problem */
            continue;
        ex_check(status);
        print_number(csv, which, stop_name(stop), name, value, error, summary);
    }
    ex_check(mfl_theory_mode_count(theory, &modes));
    for (int64_t mode = 0; mode < modes && modes > 1; mode++) {
        char label[64], text[64];
        double target;
        name_mode(theory, mode, label, sizeof label);
        ex_check(mfl_theory_mode(theory, mode, NULL, 0, NULL, &target));
        ex_check(mfl_theory_get_mode(theory, mode, MFL_THEORY_M, &value, &error));
        snprintf(text, sizeof text, "of %g in the target", target);
        print_number(csv, which, stop_name(stop), label, value, error, text);
    }
}

static void print_corrected(const char *name, double m, double difference, double error)
{
    printf("  %-16s %16.9g +- %-8.2g m over all inputs, %+.2g from the above (Monte Carlo)\n", name, m, error, difference);
}

/* m, and of several modes each m_A, without the central limit theorem in J_A. */
static void print_correction(mfl_theory *theory, int64_t draws)
{
    double m, difference, error;
    int64_t modes;
    if (draws == 0)
        return;
    ex_check(mfl_theory_finite(theory, draws, &m, &difference, &error));
    print_corrected("m_finite", m, difference, error);
    ex_check(mfl_theory_mode_count(theory, &modes));
    double *each = modes > 1 ? calloc((size_t)modes, 3 * sizeof *each) : NULL;
    if (!each)
        return;
    ex_check(mfl_theory_finite_modes(theory, draws, modes, each, each + modes, each + 2 * modes));
    for (int64_t mode = 0; mode < modes; mode++) {
        char label[64];
        name_mode(theory, mode, label, sizeof label);
        print_corrected(label, each[mode], each[modes + mode], each[2 * modes + mode]);
    }
    free(each);
}

/* Returns how many branches did not converge. */
static int32_t print_all(mfl_theory *theory, const mfl_dataset *data, int64_t draws, FILE *csv)
{
    int32_t count, stop, failed = 0;
    ex_check(mfl_theory_branches(theory, &count));
    fprintf(csv, "branch,stop,result,value,error\n");
    for (int32_t branch = 0; branch < count; branch++) {
        ex_check(mfl_theory_select(theory, branch));
        print_branch(theory, branch, count, csv);
        print_correction(theory, draws);
        ex_check(mfl_theory_stop(theory, &stop));
        if (data)
            print_inputs(theory, data, stop_name(stop), csv);
        failed += stop != MFL_STOP_CONVERGED;
    }
    return failed;
}

static int32_t print_to_directory(mfl_theory *theory, const mfl_dataset *data, int64_t draws, const char *directory)
{
    ex_file file;
    ex_make_directory(directory);
    ex_open(&file, directory, "self_consistent.csv");
    int32_t failed = print_all(theory, data, draws, file.stream);
    ex_finish(&file);
    printf("Numbers: %s/self_consistent.csv\n", directory);
    return failed;
}

static int32_t print_to_screen(mfl_theory *theory, const mfl_dataset *data, int64_t draws)
{
    char *text;
    FILE *stream = ex_text_stream(&text);
    int32_t failed = print_all(theory, data, draws, stream);
    fclose(stream);
    printf("\n%s", text);
    free(text);
    return failed;
}

/* ---- marginal densities ---- */

enum { points = 301 };

/* Three standard deviations of the wider weights; and as far as some neurons of the law reach, where they can be drawn, since
 * a few specialised ones far out hardly move the variance. */
static double reach_of_weights(mfl_theory *theory, int64_t dimension)
{
    enum { neurons = 2000 };
    double on, off = 0.0;
    ex_check(mfl_theory_get(theory, MFL_THEORY_WEIGHT_ON, &on, NULL));
    if (mfl_theory_get(theory, MFL_THEORY_WEIGHT_OFF, &off, NULL) != MFL_OK)
        off = 0.0; /* there are none */
    double reach = 3.0 * sqrt(fmax(on, off)), *weights = malloc((size_t)dimension * neurons * sizeof *weights);
    if (!weights)
        ex_die("out of memory");
    if (mfl_theory_sample(theory, 0, neurons, weights, dimension, NULL) == MFL_OK)
        for (int64_t i = 0; i < dimension * neurons; i++)
            reach = fmax(reach, fabs(weights[i]));
    free(weights);
    return reach;
}

static void fill_grid(int32_t kind, double reach, double *grid)
{
    for (int32_t i = 0; i < points; i++) {
        double x = (double)i / (points - 1);
        grid[i] = kind == MFL_THEORY_MARGINAL_ALIGNMENT ? x : reach * (2.0 * x - 1.0);
    }
}

static void write_density(const char *branch, const char *name, const double *grid, const double *density,
                          const double *error, FILE *csv)
{
    for (int32_t i = 0; i < points; i++)
        fprintf(csv, "%s,%s,%.17g,%.17g,%.17g\n", branch, name, grid[i], density[i], error[i]);
}

/* Of each variable's weight, where there are several. */
static void write_variables(mfl_theory *theory, double reach, int64_t draws, const char *branch, FILE *csv)
{
    enum { most = 16 };
    double grid[points], density[points], error[points], value;
    int64_t variables = 0;
    while (mfl_theory_get_variable(theory, variables, MFL_THEORY_WEIGHT_ON, &value, NULL) == MFL_OK)
        variables++;
    fill_grid(MFL_THEORY_MARGINAL_ON, reach, grid);
    for (int64_t j = 0; j < variables && variables > 1 && variables <= most; j++) {
        double direction[most] = {0.0};
        char name[32];
        direction[j] = 1.0;
        snprintf(name, sizeof name, "variable %lld", (long long)j + 1);
        ex_check(mfl_theory_marginal_along(theory, direction, variables, draws, grid, points, density, error));
        write_density(branch, name, grid, density, error, csv);
    }
}

static void write_marginals(mfl_theory *theory, int64_t dimension, int64_t draws, const char *branch, FILE *csv)
{
    static const char *const names[] = {"on", "off", "pattern", "alignment"};
    const double reach = reach_of_weights(theory, dimension);
    double grid[points], density[points], error[points];
    for (int32_t kind = MFL_THEORY_MARGINAL_ON; kind <= MFL_THEORY_MARGINAL_ALIGNMENT; kind++) {
        fill_grid(kind, reach, grid);
        int32_t status = mfl_theory_marginal(theory, kind, draws, grid, points, density, error);
        if (status == MFL_ERROR_STATE) /* does not exist for this problem */
            continue;
        ex_check(status);
        write_density(branch, names[kind], grid, density, error, csv);
    }
    write_variables(theory, reach, draws, branch, csv);
}

static void draw_marginals(mfl_theory *theory, int64_t dimension, int64_t draws, const char *directory)
{
    static const char body[] =
        "set datafile separator ','\nset multiplot layout 1,2\nset logscale y\nset format y '10^{%T}'\n"
        "set xlabel 'weight'\nset ylabel 'density'\nset key top right\nset yrange [1e-4:*]\n"
        "pick(b,n)=sprintf(\"< awk -F, '$1==\\\"%s\\\" && $2==\\\"%s\\\"' marginals.csv\",b,n)\n"
        "branches=system(\"awk -F, 'NR>1 && !s[$1]++{print $1}' marginals.csv\")\n"
        "label(b)=b eq 'only' ? '' : b.': '\n"
        "plot for [b in branches] pick(b,'on') using 3:4 with lines lw 2 title label(b).'on the support' noenhanced, "
        "for [b in branches] pick(b,'off') using 3:4 with lines lw 2 dt 2 title label(b).'off it' noenhanced\n"
        "set xlabel 'alignment with a sign pattern'\nset xrange [0:1]\n"
        "plot for [b in branches] pick(b,'alignment') using 3:4 with lines lw 2 title label(b).'density' noenhanced\n"
        "unset multiplot\n";
    ex_file file;
    int32_t count;
    ex_open(&file, directory, "marginals.csv");
    fprintf(file.stream, "branch,marginal,x,density,error\n");
    ex_check(mfl_theory_branches(theory, &count));
    for (int32_t branch = 0; branch < count; branch++) {
        ex_check(mfl_theory_select(theory, branch));
        write_marginals(theory, dimension, draws, branch_name(branch, count), file.stream);
    }
    ex_finish(&file);
    printf("Densities: %s/marginals.csv\n", directory);
    if (ex_plot(directory, "marginals", body) == 0)
        printf("Picture: %s/marginals.svg\n", directory);
}

int main(int argc, char **argv)
{
    ex_arguments arguments = {.program = "self_consistent",
                              .summary = "Solve a mean-field theory at one point: all order parameters, all branches.",
                              .options = options,
                              .count = sizeof options / sizeof options[0]};
    ex_parse(&arguments, argc, argv);
    const int64_t finite = ex_int(&arguments, "finite", 0, INT64_C(1) << 32);
    const int64_t marginals = ex_int(&arguments, "marginals", 0, INT64_C(1) << 32);
    if (marginals && !ex_text(&arguments, "out"))
        ex_usage("--marginals needs --out, a directory for the densities and their picture");
    check_combinations(&arguments);
    context = ex_start();
    ex_catch_interrupts();
    mfl_dataset *data = NULL;
    mfl_theory *theory = is_empirical(&arguments) ? solve_empirical(&arguments, &data) : solve_population(&arguments);
    const char *directory = ex_text(&arguments, "out");
    int32_t failed = directory ? print_to_directory(theory, data, finite, directory)
                               : print_to_screen(theory, data, finite);
    if (marginals)
        draw_marginals(theory, ex_int(&arguments, "dim", 1, 1 << 24), marginals, directory);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(data);
    mfl_context_destroy(context);
    return failed ? 1 : 0;
}
