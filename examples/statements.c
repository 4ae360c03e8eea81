/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements about feature learning in the mean-field model, each as an experiment that ends in a sentence of what was
 * found, with its numbers as CSV and a picture:
 *
 *     statements --about onset        the plain mean field finds the onset and underestimates what follows;
 *                                     relevance determination sharpens it
 *     statements --about dimension    how the critical noise depends on d: an exponent beside -1/2
 *     statements --about degree       how it depends on k
 *     statements --about prior        how it depends on alpha0, beta0, n and the damping
 *     statements --about noise        where less noise stops helping
 *
 * The critical noise kappa_c is where the tangent of m(kappa) at m = 1/2 reaches m = 0 (MFL_PATH_PINNED). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"
#include "common/theory.h"

static const ex_option options[] = {
    {"about", "NAME", "onset", "onset, dimension, degree, prior or noise"},
    {"samples", "P", "400", "number of training samples"},
    {"kappa", "K", "0.1", "noise, where it does not move"},
    {"dim", "D", "40", "input dimension, where it does not move"},
    {"degree", "K", "2", "degree of the parity, where it does not move"},
    {"width", "N", "64", "width of the network"},
    {"dims", "LIST", "10:400:8", "dimensions to compare"},
    {"degrees", "LIST", "2,4,6", "degrees to compare; even"},
    {"step", "S", "0.25", "most change of a logarithm from point to point"},
    EX_SINGLE_TASK_OPTION,
    EX_THEORY_OPTIONS("1e-4"),
    {"out", "DIR", "statements", "directory for the CSV files and the pictures"},
};

enum { series_most = 8, points_most = 4096 };

/* Curves of one picture. */
typedef struct series {
    char name[64];
    const char *style; /* of gnuplot: lines, points, ... */
    size_t count;
    double x[points_most], y[points_most], error[points_most];
} series;

typedef struct experiment {
    const ex_arguments *arguments;
    const char *name, *x, *y, *settings; /* axes; gnuplot's commands for them */
    size_t count;
    series of[series_most];
    char found[1024];
} experiment;

static mfl_context *context;
static experiment all;

static series *add_series(const char *name, const char *style)
{
    if (all.count == series_most)
        ex_die("too many curves");
    series *to = &all.of[all.count++];
    snprintf(to->name, sizeof to->name, "%s", name);
    to->style = style;
    to->count = 0;
    return to;
}

static void add_point(series *to, double x, double y, double error)
{
    if (to->count == points_most)
        return;
    to->x[to->count] = x;
    to->y[to->count] = y;
    to->error[to->count++] = error;
}

/* ---- theories and paths ---- */

/* A closure by name: mf, mf_ard with n = 1 and with n = N, mf_screened. */
typedef struct closure {
    const char *name;
    int32_t preset, sharing;
} closure;

static const closure mf = {"mf", MFL_THEORY_MF, 1}, ard = {"mf_ard, n = 1", MFL_THEORY_MF_ARD, 1},
                     shared = {"mf_ard, n = N", MFL_THEORY_MF_ARD, 0},
                     screened = {"mf_screened", MFL_THEORY_MF_SCREENED, 1};

static mfl_theory *make(const closure *of, int64_t dimension, int64_t degree)
{
    mfl_options *target;
    mfl_theory *theory = ex_make_theory(context, all.arguments, of->preset, dimension, degree,
                                        ex_int(all.arguments, "width", 1, INT64_C(1) << 40));
    ex_check(mfl_theory_options(theory, &target));
    if (of->preset == MFL_THEORY_MF_ARD && !ex_given(all.arguments, "sharing"))
        ex_check(mfl_options_set_int(target, MFL_THEORY_SHARING, of->sharing));
    return theory;
}

/* Takes the theory. */
static mfl_path *follow(mfl_theory *theory, int32_t parameter, double from, double to, double fixed)
{
    mfl_path *path;
    mfl_options *target;
    ex_check(mfl_path_create(theory, &path));
    mfl_theory_destroy(theory);
    ex_check(mfl_path_options(path, &target));
    ex_set_option(context, target, "step", all.arguments, "step");
    ex_check(mfl_path_follow(path, parameter, from, to, fixed, fixed));
    return path;
}

/* A result along the stable branches; true to the order of the path. */
static void add_branches(series *to, const mfl_path *path, int32_t key)
{
    int32_t branches, points, stable;
    ex_check(mfl_path_branches(path, &branches));
    for (int32_t b = 0; b < branches; b++) {
        ex_check(mfl_path_branch(path, b, &points, &stable, NULL));
        for (int32_t i = 0; stable && i < points; i++) {
            double x, y, error;
            ex_check(mfl_path_point(path, b, i, &x, NULL));
            ex_check(mfl_path_get(path, b, i, key, &y, &error));
            add_point(to, x, y, error);
        }
    }
}

/* The steepest point, or the fold where there is one. */
static double onset_of(mfl_path *path, double *error)
{
    double value;
    int32_t status = mfl_path_critical(path, MFL_PATH_STEEPEST, &value, error);
    if (status == MFL_ERROR_STATE)
        status = mfl_path_critical(path, MFL_PATH_FOLD, &value, error);
    ex_check(status);
    return value;
}

/* c(R) = J_S^2/Sigma of a ReLU neuron whose support carries the part R^2 of its length, equally and with the signs of a
 * pattern; the critical noise of large d is sqrt(P/d) max_R sqrt(c(R)/(-log(1 - R^2))). */
static double gain(int64_t k, double r)
{
    double j = 0.0, binomial = 1.0, v = sqrt(1.0 - r * r);
    for (int64_t n = 0; n <= k; n++) {
        double t = (double)(k - 2 * n) * r / sqrt((double)k) / v;
        double h = v * (0.5 * t * erfc(-t * sqrt(0.5)) + exp(-0.5 * t * t) / sqrt(8.0 * atan(1.0)));
        j += (n % 2 ? -1.0 : 1.0) * binomial * h;
        binomial *= (double)(k - n) / (double)(n + 1);
    }
    return 2.0 * j * j * pow(4.0, -(double)k);
}

static double prefactor(int64_t k)
{
    double most = 0.0;
    for (double r = 0.01; r < 0.9999; r += 1e-4)
        most = fmax(most, sqrt(gain(k, r) / -log1p(-r * r)));
    return most;
}

/* kappa_c of a closure; NAN, with a word on paper, where m does not pass 1/2 continuously. */
static double critical_noise(mfl_theory *theory, double samples, double from, double to, double *error)
{
    double value = NAN;
    mfl_path *path = follow(theory, MFL_PATH_KAPPA, from, to, samples);
    int32_t status = mfl_path_critical(path, MFL_PATH_PINNED, &value, error);
    if (status == MFL_ERROR_STATE) {
        printf("    %s\n", mfl_context_message(context));
        value = *error = NAN;
    } else {
        ex_check(status);
    }
    mfl_path_destroy(path);
    return value;
}

/* ---- fits ---- */

/* Least squares of log y = a + b log x from position `first` on; returns b, and its standard error from the scatter. */
static double exponent(const series *of, size_t first, double *error)
{
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, left = 0.0;
    for (size_t i = first; i < of->count; i++) {
        double x = log(of->x[i]), y = log(of->y[i]);
        n++, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    double spread = sxx - sx * sx / n, b = (sxy - sx * sy / n) / spread;
    for (size_t i = first; i < of->count; i++) {
        double off = log(of->y[i]) - sy / n - b * (log(of->x[i]) - sx / n);
        left += off * off;
    }
    *error = n > 2.0 ? sqrt(left / (n - 2.0) / spread) : NAN;
    return b;
}

/* ---- experiments ---- */

static double samples_of(const ex_arguments *a)
{
    return ex_double(a, "samples", 1e-6, 1e12);
}

/* y at a place x between the points of a curve. */
static double at_place(const series *of, double x)
{
    for (size_t i = 1; i < of->count; i++)
        if ((of->x[i] - x) * (of->x[i - 1] - x) <= 0.0)
            return of->y[i - 1] + log(x / of->x[i - 1]) / log(of->x[i] / of->x[i - 1]) * (of->y[i] - of->y[i - 1]);
    return NAN;
}

static void about_onset(const ex_arguments *a)
{
    static const closure *const closures[] = {&mf, &ard, &screened};
    double onset[3], error[3], after[3], most = samples_of(a), kappa = ex_double(a, "kappa", 1e-12, 1e12);
    all.name = "onset", all.x = "training samples P", all.y = "order parameter m";
    all.settings = "set logscale x\nset yrange [0:1.05]\nset key left top";
    for (size_t i = 0; i < 3; i++) {
        mfl_path *path = follow(make(closures[i], ex_int(a, "dim", 2, 1 << 20), ex_int(a, "degree", 1, 8)),
                                MFL_PATH_SAMPLES, most / 500.0, most, kappa);
        series *to = add_series(closures[i]->name, "lines lw 2.5");
        add_branches(to, path, MFL_THEORY_M);
        onset[i] = onset_of(path, &error[i]);
        mfl_path_destroy(path);
    }
    for (size_t i = 0; i < 3; i++)
        after[i] = at_place(&all.of[i], fmin(most, 4.0 * onset[2]));
    snprintf(
        all.found, sizeof all.found,
        "The steepest rise of m is at P = %.4g +- %.1g (mf), %.4g +- %.1g (mf_ard), %.4g +- %.1g (mf_screened), so the "
        "plain mean field %s the onset; at four times the screened onset m is %.3f, %.3f and %.3f, so it %s what "
        "follows, and relevance determination closes %.0f %% of the gap.",
        onset[0], error[0], onset[1], error[1], onset[2], error[2],
        fabs(log(onset[0] / onset[2])) < 0.5 ? "finds" : "misses", after[0], after[1], after[2],
        after[0] < after[2] - 0.02 ? "underestimates" : "does not underestimate",
        100.0 * (after[1] - after[0]) / (after[2] - after[0]));
}

static void about_dimension(const ex_arguments *a)
{
    static const closure *const closures[] = {&mf, &ard, &shared};
    int64_t dims[EX_MAX_LIST], degree = ex_int(a, "degree", 1, 8);
    size_t count = ex_ints(a, "dims", degree, 1 << 20, dims);
    double samples = samples_of(a), slope[3], error[3], factor = prefactor(degree);
    all.name = "dimension", all.x = "input dimension d", all.y = "critical noise kappa_c";
    all.settings = "set logscale xy\nset key left bottom";
    for (size_t c = 0; c < 3; c++) {
        series *to = add_series(closures[c]->name, "yerrorlines lw 1.5 pt 7");
        for (size_t i = 0; i < count; i++) {
            double off, estimate = factor * sqrt(samples / (double)dims[i]),
                        highest = factor * sqrt(samples / (double)dims[0]);
            printf("  %s, d = %lld\n", closures[c]->name, (long long)dims[i]);
            fflush(stdout);
            double found =
                critical_noise(make(closures[c], dims[i], degree), samples, 8.0 * highest, 0.15 * estimate, &off);
            if (!isnan(found))
                add_point(to, (double)dims[i], found, off);
        }
        slope[c] = exponent(to, to->count / 2, &error[c]);
    }
    series *to = add_series("sqrt(P/d) times the constant of large d", "lines dt 2");
    for (size_t i = 0; i < count; i++)
        add_point(to, (double)dims[i], factor * sqrt(samples / (double)dims[i]), 0.0);
    const series *plain = &all.of[0];
    snprintf(
        all.found, sizeof all.found,
        "kappa_c falls like d to the power %.3f +- %.3f (mf), %.3f +- %.3f (mf_ard, n = 1), %.3f +- %.3f (mf_ard, "
        "n = N) over the upper half of the range, k = %lld; the paper has -1/2 and 0. For mf kappa_c sqrt(d/P) is %.4f at "
        "d = %.0f, where the estimate for large d is %.4f.",
        slope[0], error[0], slope[1], error[1], slope[2], error[2], (long long)degree,
        plain->y[plain->count - 1] * sqrt(plain->x[plain->count - 1] / samples), plain->x[plain->count - 1],
        factor);
}

static void about_degree(const ex_arguments *a)
{
    static const closure *const closures[] = {&mf, &ard, &shared};
    int64_t degrees[EX_MAX_LIST], dimension = ex_int(a, "dim", 2, 1 << 20);
    size_t count = ex_ints(a, "degrees", 2, dimension < 8 ? dimension : 8, degrees);
    double samples = samples_of(a), slope[4], error[4];
    all.name = "degree", all.x = "degree k", all.y = "critical noise kappa_c";
    all.settings = "set logscale xy\nset key left bottom\nset xtics (2,4,6,8)";
    for (size_t c = 0; c < 3; c++) {
        series *to = add_series(closures[c]->name, "yerrorlines lw 1.5 pt 7");
        for (size_t i = 0; i < count; i++) {
            double off, estimate = prefactor(degrees[i]) * sqrt(samples / (double)dimension);
            printf("  %s, k = %lld\n", closures[c]->name, (long long)degrees[i]);
            fflush(stdout);
            double found = critical_noise(make(closures[c], dimension, degrees[i]), samples, 12.0 * estimate,
                                          0.15 * estimate, &off);
            if (!isnan(found))
                add_point(to, (double)degrees[i], found, off);
        }
        slope[c] = exponent(to, 0, &error[c]);
    }
    series *to = add_series("sqrt(P/d) times the constant of large d", "linespoints dt 2");
    for (size_t i = 0; i < count; i++)
        add_point(to, (double)degrees[i], prefactor(degrees[i]) * sqrt(samples / (double)dimension), 0.0);
    slope[3] = exponent(to, 0, &error[3]);
    snprintf(
        all.found, sizeof all.found,
        "kappa_c falls like k to the power %.2f +- %.2f (mf), %.2f +- %.2f (mf_ard, n = 1), %.2f +- %.2f (mf_ard, n = N) "
        "at d = %lld; the estimate for large d has %.2f +- %.2f, the paper -1/2, which %s.",
        slope[0], error[0], slope[1], error[1], slope[2], error[2], (long long)dimension, slope[3], error[3],
        slope[0] < -0.75 ? "does not hold in these equations" : "holds");
}

static void about_prior(const ex_arguments *a)
{
    static const double alphas[] = {0.1, 0.5, 1.0, 4.0, 16.0, 64.0}, betas[] = {0.25, 1.0, 4.0};
    static const char *const dampings[] = {"0.2", "0.5", "0.9"};
    const int64_t dimension = ex_int(a, "dim", 2, 1 << 20), degree = ex_int(a, "degree", 1, 8);
    double samples = samples_of(a), estimate = prefactor(degree) * sqrt(samples / (double)dimension), off, m[3], spread;
    double of_beta[3];
    all.name = "prior", all.x = "alpha0", all.y = "critical noise kappa_c";
    all.settings = "set logscale x\nset key right top";
    for (int32_t c = 0; c < 2; c++) {
        series *to = add_series(c ? shared.name : ard.name, "yerrorlines lw 1.5 pt 7");
        for (size_t i = 0; i < sizeof alphas / sizeof alphas[0]; i++) {
            mfl_options *target;
            mfl_theory *theory = make(c ? &shared : &ard, dimension, degree);
            printf("  %s, alpha0 = %g\n", to->name, alphas[i]);
            fflush(stdout);
            ex_check(mfl_theory_options(theory, &target));
            ex_check(mfl_options_set_double(target, MFL_THEORY_ALPHA, alphas[i]));
            double found = critical_noise(theory, samples, 12.0 * estimate, 0.15 * estimate, &off);
            if (!isnan(found))
                add_point(to, alphas[i], found, off);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        mfl_options *target;
        mfl_theory *theory = make(&ard, dimension, degree);
        ex_check(mfl_theory_options(theory, &target));
        ex_check(mfl_options_set_double(target, MFL_THEORY_BETA, betas[i] * 4.0 / (double)dimension));
        of_beta[i] = critical_noise(theory, samples, 12.0 * estimate, 0.15 * estimate, &off);
        theory = make(&ard, dimension, degree);
        ex_check(mfl_theory_options(theory, &target));
        ex_check(mfl_options_set_text(target, "damping", dampings[i]));
        ex_check(mfl_theory_solve(theory, samples, 0.5 * estimate));
        ex_check(mfl_theory_get(theory, MFL_THEORY_M, &m[i], NULL));
        mfl_theory_destroy(theory);
    }
    series *plain = add_series("mf", "lines dt 2");
    double without = critical_noise(make(&mf, dimension, degree), samples, 8.0 * estimate, 0.15 * estimate, &off);
    add_point(plain, alphas[0], without, off);
    add_point(plain, alphas[5], without, off);
    spread = fmax(fmax(m[0], m[1]), m[2]) - fmin(fmin(m[0], m[1]), m[2]);
    const series *one = &all.of[0], *layer = &all.of[1];
    snprintf(
        all.found, sizeof all.found,
        "kappa_c falls with alpha0: %.3f at %g to %.3f at %g with n = 1, %.3f to %.3f with n = N, towards %.3f without "
        "relevance determination; beta0 at a quarter, once and four times its default (alpha0 = 4, n = 1): %.3f, %.3f, "
        "%.3f; the damping changes m by %.1g.",
        one->y[0], one->x[0], one->y[one->count - 1], one->x[one->count - 1], layer->y[0],
        layer->y[layer->count - 1], without, of_beta[0], of_beta[1], of_beta[2], spread);
}

static void about_noise(const ex_arguments *a)
{
    const int64_t dimension = ex_int(a, "dim", 2, 1 << 20), degree = ex_int(a, "degree", 1, 8);
    double samples = samples_of(a), stops = NAN;
    mfl_path *path = follow(make(&screened, dimension, degree), MFL_PATH_KAPPA, 1.0, 1e-3, samples);
    all.name = "noise", all.x = "noise kappa", all.y = "renormalised noise kt and test error";
    all.settings = "set logscale xy\nset key left top";
    add_branches(add_series("kt", "linespoints lw 2 pt 7 ps 0.4"), path, MFL_THEORY_EFFECTIVE_NOISE);
    add_branches(add_series("test error", "linespoints lw 2 pt 7 ps 0.4"), path, MFL_THEORY_TEST_ERROR);
    const series *kt = &all.of[0], *test = &all.of[1];
    series *square = add_series("kappa^2", "lines dt 2");
    for (size_t i = 0; i < kt->count; i++) {
        add_point(square, kt->x[i], kt->x[i] * kt->x[i], 0.0);
        if (i && kt->y[i] > 2.0 * kt->x[i] * kt->x[i] && isnan(stops))
            stops = kt->x[i];
    }
    const size_t last = kt->count - 1;
    double there = at_place(test, stops), half = at_place(test, 0.5 * stops);
    snprintf(
        all.found, sizeof all.found,
        "Below kappa = %.3g the renormalised noise is more than twice kappa^2, and it ends at kt = %.3g where kappa^2 is "
        "%.1g. The test error is %.3g there, %.3g at half that noise and %.3g at kappa = %.1g: less noise %s helps.",
        stops, kt->y[last], kt->x[last] * kt->x[last], there, half, test->y[last], test->x[last],
        test->y[last] > 0.5 * half ? "hardly" : "still");
    mfl_path_destroy(path);
}

/* ---- what is left behind ---- */

static void write_numbers(const char *directory)
{
    ex_file csv;
    char name[64];
    snprintf(name, sizeof name, "%s.csv", all.name);
    ex_open(&csv, directory, name);
    fprintf(csv.stream, "series,x,y,error\n");
    for (size_t s = 0; s < all.count; s++)
        for (size_t i = 0; i < all.of[s].count; i++) {
            ex_csv_text(csv.stream, all.of[s].name);
            fprintf(csv.stream, ",%.17g,%.17g,%.3g\n", all.of[s].x[i], all.of[s].y[i], all.of[s].error[i]);
        }
    ex_finish(&csv);
    printf("Numbers: %s/%s\n", directory, name);
}

static void draw(const char *directory)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#555555"};
    char *body = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&body, &size);
    if (!stream)
        ex_die("out of memory");
    for (size_t s = 0; s < all.count; s++) {
        fprintf(stream, "$s%zu << EOD\n", s);
        for (size_t i = 0; i < all.of[s].count; i++)
            fprintf(stream, "%.9g %.9g %.3g\n", all.of[s].x[i], all.of[s].y[i], all.of[s].error[i]);
        fprintf(stream, "EOD\n");
    }
    fprintf(stream, "set encoding utf8\nset grid lc rgb '#dddddd'\n%s\nset xlabel '%s' noenhanced\nset ylabel '%s' "
                    "noenhanced\nset key noenhanced\nset format '%%g'\nplot ", all.settings, all.x, all.y);
    for (size_t s = 0; s < all.count; s++)
        if (all.of[s].count)
            fprintf(stream, "%s$s%zu using 1:2%s with %s lc rgb '%s' title '%s'", s ? ", " : "", s,
                    strstr(all.of[s].style, "error") ? ":3" : "", all.of[s].style, colours[s % 4], all.of[s].name);
    fprintf(stream, "\n");
    fclose(stream);
    if (ex_plot(directory, all.name, body) == 0)
        printf("Picture: %s/%s.svg and .png\n", directory, all.name);
    free(body);
}

int main(int argc, char **argv)
{
    static void (*const run[])(const ex_arguments *) = {about_onset, about_dimension, about_degree, about_prior,
                                                        about_noise};
    ex_arguments arguments = {.program = "statements",
                              .summary = "Statements about feature learning, tested in the mean-field theories.",
                              .options = options,
                              .count = sizeof options / sizeof options[0]};
    ex_parse(&arguments, argc, argv);
    const int32_t about = ex_choice(&arguments, "about", "onset|dimension|degree|prior|noise");
    const char *directory = ex_text(&arguments, "out");
    all.arguments = &arguments;
    context = ex_start();
    ex_catch_interrupts();
    run[about](&arguments);
    ex_make_directory(directory);
    write_numbers(directory);
    draw(directory);
    printf("%s\n", all.found);
    mfl_context_destroy(context);
    return 0;
}
