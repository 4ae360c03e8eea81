/* SPDX-License-Identifier: BSD-3-Clause */
#include "curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "library.h"

static const char *const method_titles[] = {"network (posterior)", "kernel ridge (infinite width)",
                                            "linear ridge", "mean-field theory", "mean field with ARD prior (not the network prior)",
                                            "screened mean field"};

/* Guess of the time that a method takes a sample; only the share of the time left depends on it. */
static const double work_a_sample[] = {1.0, 0.01, 0.01, 0.0, 0.0, 0.0};
static const double work_a_run[] = {200.0, 2.0, 2.0, 2.0, 10.0, 20.0};

static double work_of(int32_t method, int64_t samples)
{
    return work_a_run[method] + work_a_sample[method] * (double)samples;
}

static void format_left(const ex_curve *curve, double done, char text[32])
{
    double elapsed = ex_seconds() - curve->start;
    if (done <= 0.0 || elapsed < 0.2)
        strcpy(text, "?");
    else
        snprintf(text, 32, "%.0f s", elapsed * (curve->expected - done) / done);
}

/* One line on the terminal, written over. */
static int32_t show_progress(const char *stage, double fraction, double seconds, void *user_data)
{
    const ex_curve *curve = user_data;
    char left[32];
    (void)stage;
    (void)seconds;
    format_left(curve, curve->done + fraction * curve->running, left);
    fprintf(stderr, "\r%s %3.0f%%, time left %s \033[K", curve->stage, 100.0 * fraction, left);
    fflush(stderr);
    return 0;
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

void ex_curve_open(ex_curve *curve, mfl_context *context, const ex_arguments *arguments, const char *title,
                   int32_t has_m)
{
    curve->context = context;
    curve->directory = ex_text(arguments, "out");
    curve->title = title;
    curve->has_m = has_m;
    curve->start = ex_seconds();
    ex_describe(arguments, curve->options, sizeof curve->options);
    if (isatty(STDERR_FILENO))
        mfl_context_set_progress(context, show_progress, curve);
    ex_open(&curve->csv, curve->directory, "learning_curve.csv");
    fprintf(curve->csv.stream, "method,P,seed,test_mse,test_mse_draw,train_mse,m_S,se,seconds,rel_mse,"
                               "test_mse_noisy,m_S_se,kappa,step_size,draws,r_hat,provenance\n");
    printf("%s\n%6s  %-11s %12s %10s %12s %12s %10s %8s %10s\n", title, "P", "method", "test_mse", "+-", "rel_mse",
           "train_mse", "m_S", "seconds", "time left");
}

void ex_curve_expect(ex_curve *curve, int32_t method, int64_t samples, int64_t runs)
{
    curve->expected += (double)runs * work_of(method, samples);
}

void ex_curve_begin_run(ex_curve *curve, int32_t method, int64_t samples, int64_t run, int64_t runs)
{
    curve->running = work_of(method, samples);
    snprintf(curve->stage, sizeof curve->stage, "%s, P = %lld, run %lld of %lld", ex_method_name(method),
             (long long)samples, (long long)run + 1, (long long)runs);
}

void ex_curve_end_run(ex_curve *curve, int32_t method, int64_t samples)
{
    curve->done += work_of(method, samples);
}

static const char *kernels_name(const ex_curve *curve)
{
    const char *name = "";
    int32_t instruction_set;
    mfl_context_instruction_set(curve->context, &instruction_set, &name);
    return name;
}

static void write_row(const ex_curve *curve, const ex_row *row, double se)
{
    FILE *stream = curve->csv.stream;
    fprintf(stream, "%s,%lld,", ex_method_name(row->method), (long long)row->samples);
    if (row->seed >= 0)
        fprintf(stream, "%lld", (long long)row->seed);
    const double numbers[] = {row->test_mse, row->test_mse_draw,  row->train_mse, row->m,         se,
                              row->seconds,  row->rel_mse,        row->test_mse_noisy, row->m_se, row->kappa,
                              row->step_size, row->draws,         row->r_hat};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        fputc(',', stream);
        ex_csv_number(stream, numbers[i]);
    }
    fputc(',', stream);
    char provenance[sizeof curve->options + 128];
    snprintf(provenance, sizeof provenance, "mflearn %s kernels=%s %s", mfl_version_string(), kernels_name(curve),
             curve->options);
    ex_csv_text(stream, provenance);
    fputc('\n', stream);
}

static double mean_of(const ex_row *rows, size_t count, size_t member)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, (const char *)&rows[i] + member, sizeof value);
        sum += value;
    }
    return sum / (double)count;
}

/* Of the mean over seeds; one seed has the solver's own. */
static double standard_error(const ex_row *rows, size_t count)
{
    if (count < 2)
        return rows[0].solver_se;
    double mean = mean_of(rows, count, offsetof(ex_row, test_mse)), sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (rows[i].test_mse - mean) * (rows[i].test_mse - mean);
    return sqrt(sum / (double)(count - 1) / (double)count);
}

static void print_number(int width, const char *format, double value)
{
    char text[32] = "";
    if (!isnan(value))
        snprintf(text, sizeof text, format, value);
    printf(" %*s", width, text);
}

void ex_curve_add(ex_curve *curve, const ex_row *rows, size_t count)
{
    const double se = standard_error(rows, count);
    char left[32];
    for (size_t i = 0; i < count; i++)
        write_row(curve, &rows[i], se);
    ex_flush(&curve->csv);
    ex_row mean = rows[0];
    mean.test_mse = mean_of(rows, count, offsetof(ex_row, test_mse));
    mean.rel_mse = mean_of(rows, count, offsetof(ex_row, rel_mse));
    mean.train_mse = mean_of(rows, count, offsetof(ex_row, train_mse));
    mean.m = mean_of(rows, count, offsetof(ex_row, m));
    clear_progress();
    printf("%6lld  %-11s", (long long)mean.samples, ex_method_name(mean.method));
    print_number(12, "%.5g", mean.test_mse);
    print_number(10, "%.2g", se);
    print_number(12, "%.5g", mean.rel_mse);
    print_number(12, "%.4g", mean.train_mse);
    print_number(10, "%.5f", mean.m);
    print_number(8, "%.2f", (double)count * mean_of(rows, count, offsetof(ex_row, seconds)));
    format_left(curve, curve->done, left);
    printf(" %10s\n", left);
    fflush(stdout);
    if (curve->count < EX_MAX_POINTS) {
        curve->means[curve->count] = mean;
        curve->errors[curve->count++] = isnan(se) ? 0.0 : se;
    }
}

static int32_t has_method(const ex_curve *curve, int32_t method)
{
    for (size_t i = 0; i < curve->count; i++)
        if (curve->means[i].method == method)
            return 1;
    return 0;
}

static void write_block(FILE *stream, const ex_curve *curve, int32_t method)
{
    fprintf(stream, "$%s << EOD\n", ex_method_name(method));
    for (size_t i = 0; i < curve->count; i++) {
        const ex_row *row = &curve->means[i];
        double unit = row->rel_mse / row->test_mse;
        if (row->method == method)
            fprintf(stream, "%lld %.9g %.9g %.9g\n", (long long)row->samples, row->rel_mse,
                    unit * curve->errors[i], isnan(row->m) ? 0.0 : row->m);
    }
    fprintf(stream, "EOD\n");
}

static void write_plots(FILE *stream, const ex_curve *curve, int column)
{
    static const char *const styles[] = {
        "lc rgb '#0072b2' lw 2 pt 7", "lc rgb '#555555' lw 2 dt 2 pt 4",
        "lc rgb '#999999' lw 2 dt 3 pt 6", "lc rgb '#d55e00' lw 2 pt 9",
        "lc rgb '#009e73' lw 2 pt 11", "lc rgb '#cc79a7' lw 2 pt 13"};
    const char *separator = "plot ";
    for (int32_t method = 0; method < EX_METHOD_COUNT; method++) {
        if (!has_method(curve, method) || (column == 4 && method == EX_METHOD_LINEAR))
            continue;
        fprintf(stream, "%s$%s using 1:%d with linespoints %s title '%s'", separator, ex_method_name(method), column,
                styles[method], method_titles[method]);
        if (column == 2)
            fprintf(stream, ", $%s using 1:2:3 with yerrorbars %s notitle", ex_method_name(method), styles[method]);
        separator = ", ";
    }
    fputc('\n', stream);
}

static int32_t draw(const ex_curve *curve)
{
    char *body;
    FILE *stream = ex_text_stream(&body);
    for (int32_t method = 0; method < EX_METHOD_COUNT; method++)
        if (has_method(curve, method))
            write_block(stream, curve, method);
    char safe[256];
    snprintf(safe, sizeof safe, "%s", curve->title);
    for (char *c = safe; *c; c++)
        if (*c == '\'' || *c == '"' || *c == '_')
            *c = ' ';
    char today[16];
    time_t now = time(NULL);
    strftime(today, sizeof today, "%Y-%m-%d", gmtime(&now));
    double least = INFINITY, most = 0.0, smallest = INFINITY, largest = 0.0;
    for (size_t i = 0; i < curve->count; i++) {
        least = fmin(least, (double)curve->means[i].samples);
        most = fmax(most, (double)curve->means[i].samples);
        smallest = fmin(smallest, curve->means[i].rel_mse);
        largest = fmax(largest, curve->means[i].rel_mse);
    }
    fprintf(stream, "set label 1 'mflearn %s, %s' at screen 0.99, screen 0.015 right font ',8' textcolor rgb "
                    "'#777777' noenhanced\n", mfl_version_string(), today);
    fprintf(stream, "set encoding utf8\nset logscale x\nset grid lc rgb '#dddddd'\nset key left bottom Left reverse\n"
                    "set xrange [%g:%g]\nset title '%s' noenhanced\nset xtics nomirror (", 0.85 * least, 1.18 * most, safe);
    for (size_t i = 0; i < curve->count; i++)
        fprintf(stream, "%s%lld", i ? "," : "", (long long)curve->means[i].samples);
    fprintf(stream, ")\n");
    if (curve->has_m) {
        fprintf(stream, "set multiplot layout 2,1 margins 0.14,0.97,0.13,0.93 spacing 0.08\nset key right bottom\n"
                        "set yrange [-0.05:1.1]\nset ylabel 'order parameter m'\nset format x ''\n");
        write_plots(stream, curve, 4);
        fprintf(stream, "unset title\nset key off\nset format x '%%g'\n");
    }
    fprintf(stream, "set xlabel 'training samples P'\nset logscale y\nset yrange [%g:%g]\nset format y '%%g'\n"
                    "set ylabel 'relative test error'\n", 0.6 * smallest, 1.7 * largest);
    write_plots(stream, curve, 2);
    fprintf(stream, "%s", curve->has_m ? "unset multiplot\n" : "");
    fclose(stream);
    int32_t failed = ex_plot(curve->directory, "learning_curve", body);
    free(body);
    return failed;
}

int ex_curve_close(ex_curve *curve, int32_t cancelled)
{
    clear_progress();
    if (cancelled) {
        fprintf(stderr, "Cancelled. ");
        ex_abandon(&curve->csv);
        return 130;
    }
    ex_finish(&curve->csv);
    printf("Numbers: %s/learning_curve.csv\n", curve->directory);
    if (draw(curve) == 0)
        printf("Picture: %s/learning_curve.svg and .png\n", curve->directory);
    return 0;
}
