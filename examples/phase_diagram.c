/* SPDX-License-Identifier: BSD-3-Clause */
/* Phase diagrams of mean-field theories over P and kappa: numbers as CSV, and for every theory a heat map of m with the
 * line where m rises most steeply, the region of hysteresis hatched, and the line where kernel ridge regression reaches
 * m = 1/2.
 *
 *     phase_diagram --theory mf,mf_ard,mf_screened --samples 100:10000:64 --kappa 0.01:1:64 --out DIR
 *
 *     phase_diagram --task staircase --degree 2 --activation gelu --dim 20 --width 64 --samples 10:1000:24 --kappa 0.1:2:24
 *
 * is of x1 + x1x2. Interrupted, it goes on where it was when called again with the same options. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"
#include "common/task.h"
#include "common/theory.h"

static const ex_option options[] = {
    {"theory", "NAMES", "mf", "mf, mf_ard, mf_screened, or a list of them"},
    {"samples", "LIST", "100:10000:64", "numbers of training samples P, ascending"},
    {"kappa", "LIST", "0.01:1:64", "noises, ascending"},
    EX_TASK_OPTIONS("35", "4"),
    {"width", "N", "512", "width of the network"},
    EX_THEORY_OPTIONS("1e-4"),
    {"threads", "T", "0", "threads; 0: all processors"},
    {"out", "DIR", "phase_diagram", "directory for the CSV files and the pictures"},
};

/* Lines are solved in batches, after each of which the file on disk holds them. */
enum { batch_per_thread = 2, numbers = 7 };
static const int32_t keys[numbers] = {MFL_THEORY_M,           MFL_THEORY_TEST_ERROR,  MFL_THEORY_DRAW_ERROR,
                                      MFL_THEORY_SPECIALISED, MFL_THEORY_WEIGHT_ON, MFL_THEORY_EFFECTIVE_NOISE,
                                      MFL_THEORY_FREE_ENERGY};
static const char header[] = "samples,kappa,branch,branches,converged,m,m_error,test_error,draw_error,specialised,"
                             "weight_on,noise,free_energy\n";

typedef struct solution {
    double value[numbers], m_error;
} solution;

typedef struct point {
    int32_t branches, converged;
    solution of[2];
} point;

typedef struct diagram {
    ex_arguments arguments;
    double samples[EX_MAX_LIST], kappas[EX_MAX_LIST];
    size_t sample_count, kappa_count, done; /* lines */
    point *points;                          /* kappas x samples */
    double kernel[EX_MAX_LIST];             /* P at which kernel ridge regression has m = 1/2 */
    const char *theory, *directory;
    ex_file csv;
    char settings[2048];
} diagram;

static mfl_context *context;

static point *at(const diagram *all, size_t line, size_t sample)
{
    return &all->points[line * all->sample_count + sample];
}

/* ---- the file ---- */

static void write_line(diagram *all, size_t line)
{
    FILE *csv = all->csv.stream;
    for (size_t i = 0; i < all->sample_count; i++) {
        const point *here = at(all, line, i);
        for (int32_t b = 0; b < here->branches; b++) {
            fprintf(csv, "%.17g,%.17g,%d,%d,%d,", all->samples[i], all->kappas[line], (int)b, (int)here->branches,
                    (int)here->converged);
            ex_csv_number(csv, here->of[b].value[0]);
            fputc(',', csv);
            ex_csv_number(csv, here->of[b].m_error);
            for (int32_t j = 1; j < numbers; j++) {
                fputc(',', csv);
                ex_csv_number(csv, here->of[b].value[j]);
            }
            fputc('\n', csv);
        }
    }
    ex_flush(&all->csv);
}

static double next_number(char **text)
{
    char *end;
    double value = strtod(*text, &end);
    if (end == *text)
        value = NAN;
    *text = end + (*end == ',');
    return value;
}

/* The row's point, if it is the expected one of the grid. */
static int32_t read_row(diagram *all, char *row)
{
    size_t line = 0, i = 0;
    double samples = next_number(&row), kappa = next_number(&row);
    int32_t branch = (int32_t)next_number(&row);
    while (line < all->kappa_count && all->kappas[line] != kappa)
        line++;
    while (i < all->sample_count && all->samples[i] != samples)
        i++;
    if (line == all->kappa_count || i == all->sample_count || branch < 0 || branch > 1)
        return 0;
    point *here = at(all, line, i);
    here->branches = (int32_t)next_number(&row);
    here->converged = (int32_t)next_number(&row);
    here->of[branch].value[0] = next_number(&row);
    here->of[branch].m_error = next_number(&row);
    for (int32_t j = 1; j < numbers; j++)
        here->of[branch].value[j] = next_number(&row);
    if (i + 1 == all->sample_count && branch + 1 == here->branches)
        all->done = line + 1;
    return 1;
}

/* Lines that an earlier call with the same settings has left. */
static void resume(diagram *all, const char *name)
{
    char path[EX_PATH_SIZE + 32], row[2048];
    snprintf(path, sizeof path, "%s/%s", all->directory, name);
    if (access(path, R_OK) != 0)
        snprintf(path, sizeof path, "%s/%s.partial", all->directory, name);
    FILE *old = fopen(path, "r");
    if (!old)
        return;
    if (!fgets(row, sizeof row, old) || strncmp(row, "# ", 2) != 0 || strcmp(row + 2, all->settings) != 0)
        ex_usage("%s holds a diagram of other options; choose another --out, or remove it", path);
    while (fgets(row, sizeof row, old))
        if (strchr(row, '\n') && strcmp(row, header) != 0 && !read_row(all, row))
            ex_usage("%s holds a diagram of another grid; choose another --out, or remove it", path);
    fclose(old);
}

/* ---- solving ---- */

static void take(diagram *all, const mfl_diagram *solved, size_t first, size_t count)
{
    for (size_t line = 0; line < count; line++)
        for (size_t i = 0; i < all->sample_count; i++) {
            point *here = at(all, first + line, i);
            ex_check(mfl_diagram_point(solved, i, line, &here->branches, &here->converged));
            for (int32_t b = 0; b < here->branches; b++)
                for (int32_t j = 0; j < numbers; j++) {
                    double error, *value = &here->of[b].value[j];
                    int32_t status = mfl_diagram_get(solved, i, line, b, keys[j], value, &error);
                    if (status == MFL_ERROR_STATE) /* does not exist for this problem */
                        *value = NAN;
                    else
                        ex_check(status);
                    if (j == 0)
                        here->of[b].m_error = error;
                }
        }
}

static void solve(diagram *all, mfl_theory *theory)
{
    int32_t threads;
    double began = ex_seconds();
    ex_check(mfl_context_threads(context, &threads));
    const size_t batch = (size_t)threads * batch_per_thread, before = all->done;
    while (all->done < all->kappa_count) {
        size_t count = all->kappa_count - all->done < batch ? all->kappa_count - all->done : batch;
        mfl_diagram *solved;
        int32_t status =
            mfl_diagram_create(theory, all->samples, all->sample_count, all->kappas + all->done, count, &solved);
        if (status == MFL_ERROR_CANCELLED)
            ex_abandon(&all->csv);
        ex_check(status);
        take(all, solved, all->done, count);
        mfl_diagram_destroy(solved);
        for (size_t i = 0; i < count; i++)
            write_line(all, all->done++);
        double seconds = ex_seconds() - began;
        printf("%-12s %3zu of %zu lines, %.0f s, about %.0f s left\n", all->theory, all->done, all->kappa_count,
               seconds, seconds / (double)(all->done - before) * (double)(all->kappa_count - all->done));
        fflush(stdout);
    }
}

static mfl_theory *make_theory(const ex_arguments *a, int32_t preset, int64_t width)
{
    mfl_task *task = ex_task(context, a);
    mfl_theory *theory = ex_theory_of_task(context, a, preset, task, ex_int(a, "dim", 1, 1 << 24), width);
    mfl_task_destroy(task);
    return theory;
}

/* Kernel ridge regression with the kernel of an infinitely wide network, its learning curve in the noise. */
static void find_kernel_line(diagram *all)
{
    const ex_arguments *a = &all->arguments;
    mfl_theory *theory = make_theory(a, MFL_THEORY_MF, 0);
    mfl_options *target;
    ex_check(mfl_theory_options(theory, &target));
    if (strcmp(ex_text(a, "task"), "parity") == 0)
        ex_check(mfl_options_set_int(target, MFL_THEORY_NOISE, MFL_THEORY_NOISE_RENORMALISED));
    ex_check(mfl_options_set_double(target, MFL_THEORY_TOLERANCE, 1e-3));
    for (size_t line = 0; line < all->kappa_count; line += all->kappa_count > 16 ? (all->kappa_count - 1) / 15 : 1) {
        double low = 0.0, high = 80.0, m = 0.0; /* of log P */
        while (high - low > 1e-3) {
            ex_check(mfl_theory_solve(theory, exp(0.5 * (low + high)), all->kappas[line]));
            ex_check(mfl_theory_get(theory, MFL_THEORY_M, &m, NULL));
            *(m < 0.5 ? &low : &high) = 0.5 * (low + high);
        }
        all->kernel[line] = exp(0.5 * (low + high));
    }
    mfl_theory_destroy(theory);
}

/* ---- the picture ---- */

/* Of two branches that with the lower free energy, or the one from the prior where there is none. */
static const solution *prevailing(const point *here)
{
    const double *a = here->of[0].value, *b = here->of[1].value;
    return here->branches == 2 && b[numbers - 1] < a[numbers - 1] ? &here->of[1] : &here->of[0];
}

static void write_map(FILE *stream, const diagram *all)
{
    fprintf(stream, "$map << EOD\n");
    for (size_t line = 0; line < all->kappa_count; line++) {
        for (size_t i = 0; i < all->sample_count; i++) {
            const point *here = at(all, line, i);
            fprintf(stream, "%.9g %.9g %.6g %d\n", all->samples[i], all->kappas[line],
                    here->branches ? prevailing(here)->value[0] : 0.0, (int)here->branches);
        }
        fputc('\n', stream);
    }
    fprintf(stream, "EOD\n");
}

/* In every line, the middle of the two neighbours between which m changes most. */
static int32_t write_steepest(FILE *stream, const diagram *all)
{
    int32_t count = 0;
    fprintf(stream, "$steepest << EOD\n");
    for (size_t line = 0; line < all->kappa_count; line++) {
        double most = 0.05;
        size_t best = 0;
        for (size_t i = 1; i < all->sample_count; i++) {
            double rise = prevailing(at(all, line, i))->value[0] - prevailing(at(all, line, i - 1))->value[0];
            if (rise > most) {
                most = rise;
                best = i;
            }
        }
        if (best > 1 && best + 1 < all->sample_count) { /* not at an end of the range */
            fprintf(stream, "%.9g %.9g 2\n", sqrt(all->samples[best] * all->samples[best - 1]), all->kappas[line]);
            count++;
        }
    }
    fprintf(stream, "EOD\n");
    return count;
}

static int32_t write_kernel(FILE *stream, const diagram *all)
{
    int32_t count = 0;
    fprintf(stream, "$kernel << EOD\n");
    for (size_t line = 0; line < all->kappa_count; line++)
        if (all->kernel[line] >= all->samples[0] && all->kernel[line] <= all->samples[all->sample_count - 1]) {
            fprintf(stream, "%.9g %.9g 2\n", all->kernel[line], all->kappas[line]);
            count++;
        }
    fprintf(stream, "EOD\n");
    return count;
}

static int32_t write_hatching(FILE *stream, const diagram *all)
{
    int32_t count = 0;
    const double wide = 0.5 * log(all->samples[all->sample_count - 1] / all->samples[0]) / (double)all->sample_count;
    const double high = 0.5 * log(all->kappas[all->kappa_count - 1] / all->kappas[0]) / (double)all->kappa_count;
    fprintf(stream, "$hatching << EOD\n");
    for (size_t line = 0; line < all->kappa_count; line++)
        for (size_t i = 0; i < all->sample_count; i++)
            if (at(all, line, i)->branches == 2) {
                double p = all->samples[i], kappa = all->kappas[line];
                fprintf(stream, "%.9g %.9g 2\n%.9g %.9g 2\n\n\n", p * exp(-wide), kappa * exp(-high), p * exp(wide),
                        kappa * exp(high));
                count++;
            }
    fprintf(stream, "EOD\n");
    return count;
}

/* 1, 2, 5, 10, ... within a range. */
static void write_tics(FILE *stream, char axis, double low, double high)
{
    static const double mantissa[] = {1.0, 2.0, 5.0};
    const char *separator = "";
    fprintf(stream, "set %ctics out nomirror (", axis);
    for (int32_t decade = (int32_t)floor(log10(low)); decade <= (int32_t)ceil(log10(high)); decade++)
        for (int32_t i = 0; i < 3; i++) {
            double tic = mantissa[i] * pow(10.0, decade);
            if (tic > 0.999 * low && tic < 1.001 * high) {
                fprintf(stream, "%s%.6g", separator, tic);
                separator = ", ";
            }
        }
    fprintf(stream, ")\n");
}

static void draw(const diagram *all)
{
    char *body, name[64], note[160];
    FILE *stream = ex_text_stream(&body);
    write_map(stream, all);
    int32_t steepest = write_steepest(stream, all), hatching = write_hatching(stream, all);
    int32_t kernel = write_kernel(stream, all);
    write_tics(stream, 'x', all->samples[0], all->samples[all->sample_count - 1]);
    write_tics(stream, 'y', all->kappas[0], all->kappas[all->kappa_count - 1]);
    snprintf(note, sizeof note, "kernel ridge regression has m = 1/2 at P = %.2g for kappa = %.3g%s", all->kernel[0],
             all->kappas[0], kernel ? "" : ", outside");
    const ex_arguments *a = &all->arguments;
    fprintf(stream,
            "set encoding utf8\nset title '%s, %s of degree %s, d = %s, N = %s' noenhanced\n"
            "set label 1 '%s' at screen 0.5, screen 0.02 center font ',9' textcolor rgb '#555555' noenhanced\n"
            "set logscale xy\nset xrange [%g:%g]\nset yrange [%g:%g]\nset cbrange [0:1]\nset zrange [-1:3]\n"
            "set format x '%%g'\nset format y '%%g'\nset xlabel 'training samples P'\nset ylabel 'noise kappa'\n"
            "set cblabel 'order parameter m'\nset bmargin at screen 0.16\nset lmargin at screen 0.15\nset rmargin at screen 0.82\n"
            "set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')\n"
            "set view map\nset pm3d corners2color mean\nset key at screen 0.98, screen 0.985 right top horizontal "
            "font ',9' textcolor rgb '#333333'\nsplot $map using 1:2:3 with pm3d notitle",
            all->theory, ex_text(a, "task"), ex_text(a, "degree"), ex_text(a, "dim"), ex_text(a, "width"), note,
            all->samples[0], all->samples[all->sample_count - 1], all->kappas[0], all->kappas[all->kappa_count - 1]);
    if (hatching)
        fprintf(stream, ", $hatching with lines lc rgb '#c8c8c8' lw 1 title 'hysteresis'");
    if (steepest)
        fprintf(stream, ", $steepest with lines lc rgb '#ff3333' lw 2.5 title 'steepest rise'");
    if (kernel)
        fprintf(stream, ", $kernel with lines lc rgb '#202020' lw 2.5 dt 2 title 'kernel, m = 1/2'");
    fprintf(stream, "\n");
    fclose(stream);
    snprintf(name, sizeof name, "phase_diagram_%s", all->theory);
    if (ex_plot(all->directory, name, body) == 0)
        printf("Picture: %s/%s.svg and .png\n", all->directory, name);
    free(body);
}

/* ---- all theories ---- */

/* All that the numbers depend on. */
static void describe(diagram *all)
{
    const ex_arguments *a = &all->arguments;
    size_t used = (size_t)snprintf(all->settings, sizeof all->settings, "mflearn %s", mfl_version_string());
    for (size_t i = 0; i < a->count && used < sizeof all->settings; i++) {
        const char *name = a->options[i].name, *text = ex_text(a, name);
        if (text && strcmp(name, "theory") != 0 && strcmp(name, "threads") != 0 && strcmp(name, "out") != 0)
            used += (size_t)snprintf(all->settings + used, sizeof all->settings - used, " %s=%s", name, text);
    }
    if (used + 1 >= sizeof all->settings)
        ex_usage("the options are too long");
    strcpy(all->settings + used, "\n");
}

static void check_ascending(const double *values, size_t count, const char *name)
{
    for (size_t i = 1; i < count; i++)
        if (!(values[i] > values[i - 1]))
            ex_usage("--%s must ascend; %g follows %g", name, values[i], values[i - 1]);
    if (count < 2)
        ex_usage("--%s needs at least 2 values for a map", name);
}

static void run(diagram *all, int32_t preset)
{
    static const char *const names[] = {"mf", "mf_ard", "mf_screened"};
    const ex_arguments *a = &all->arguments;
    char file[64];
    all->theory = names[preset];
    all->done = 0;
    memset(all->points, 0, all->kappa_count * all->sample_count * sizeof *all->points);
    snprintf(file, sizeof file, "phase_diagram_%s.csv", all->theory);
    mfl_theory *theory = make_theory(a, preset, ex_int(a, "width", 1, INT64_C(1) << 40));
    resume(all, file);
    ex_open(&all->csv, all->directory, file);
    fprintf(all->csv.stream, "# %s%s", all->settings, header);
    for (size_t line = 0; line < all->done; line++)
        write_line(all, line);
    if (all->done)
        printf("%-12s %3zu of %zu lines were there already\n", all->theory, all->done, all->kappa_count);
    solve(all, theory);
    ex_finish(&all->csv);
    printf("Numbers: %s/%s\n", all->directory, file);
    draw(all);
    mfl_theory_destroy(theory);
}

int main(int argc, char **argv)
{
    static diagram all;
    int32_t presets[EX_MAX_LIST];
    mfl_options *target;
    all.arguments = (ex_arguments){.program = "phase_diagram",
                                   .summary = "Solve mean-field theories on a grid of P and kappa, and draw the maps.",
                                   .options = options,
                                   .count = sizeof options / sizeof options[0]};
    ex_parse(&all.arguments, argc, argv);
    const ex_arguments *a = &all.arguments;
    const size_t theories = ex_choices(a, "theory", EX_THEORY_NAMES, presets);
    all.sample_count = ex_doubles(a, "samples", 1e-300, 1e300, all.samples);
    all.kappa_count = ex_doubles(a, "kappa", 1e-150, 1e150, all.kappas);
    check_ascending(all.samples, all.sample_count, "samples");
    check_ascending(all.kappas, all.kappa_count, "kappa");
    all.directory = ex_text(a, "out");
    all.points = calloc(all.kappa_count * all.sample_count, sizeof *all.points);
    if (!all.points)
        ex_die("out of memory");
    context = ex_start();
    ex_catch_interrupts();
    ex_check(mfl_context_options(context, &target));
    ex_set_option(context, target, "threads", a, "threads");
    describe(&all);
    find_kernel_line(&all);
    ex_make_directory(all.directory);
    for (size_t i = 0; i < theories; i++)
        run(&all, presets[i]);
    free(all.points);
    mfl_context_destroy(context);
    return 0;
}
