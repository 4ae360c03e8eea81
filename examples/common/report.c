/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "output.h"

/* Bounds of Vehtari et al. 2021. */
static const double largest_r_hat = 1.01, least_ess_a_chain = 100.0;

enum { most_points = 400, most_lines = 8 };

static const struct trace {
    int32_t kind;
    const char *name, *symbol;
} traces[] = {
    {MFL_TRACE_POTENTIAL, "potential", "U"},
    {MFL_TRACE_ORDER_PARAMETER, "order_parameter", "m"},
    {MFL_TRACE_TEST_ERROR, "test_error", "test error of a draw"},
    {MFL_TRACE_RESIDUAL, "residual", "sum of squared residuals"},
    {MFL_TRACE_RELEVANT_SQUARE, "relevant_square", "|w_S|^2"},
    {MFL_TRACE_IRRELEVANT_SQUARE, "irrelevant_square", "|w_perp|^2"},
};
enum { trace_count = sizeof traces / sizeof traces[0] };

enum { MEAN, MCSE, DEVIATION, R_HAT, ESS_BULK, ESS_TAIL, COLUMNS };

static const int32_t keys[COLUMNS] = {MFL_DIAGNOSTIC_MEAN,  MFL_DIAGNOSTIC_MCSE_MEAN, MFL_DIAGNOSTIC_DEVIATION,
                                      MFL_DIAGNOSTIC_R_HAT, MFL_DIAGNOSTIC_ESS_BULK,  MFL_DIAGNOSTIC_ESS_TAIL};

double ex_sampler_result(const mfl_sampler *sampler, int32_t key)
{
    double value;
    ex_check(mfl_sampler_get(sampler, key, &value));
    return value;
}

/* 0 for a trace that this sampler has not. */
static int32_t diagnose(const mfl_sampler *sampler, int32_t kind, double results[COLUMNS])
{
    const int32_t status = mfl_sampler_diagnose(sampler, kind, keys, COLUMNS, results);
    if (status != MFL_ERROR_STATE)
        ex_check(status);
    return status == MFL_OK;
}

void ex_convergence(const mfl_sampler *sampler, double *r_hat, double *ess)
{
    double results[COLUMNS];
    *r_hat = *ess = NAN;
    for (int t = 0; t < 2; t++)
        if (diagnose(sampler, traces[t].kind, results)) {
            *r_hat = fmax(*r_hat, results[R_HAT]);
            *ess = fmin(*ess, results[ESS_BULK]);
        }
}

static int32_t is_bad(const double results[COLUMNS], double chains)
{
    const double ess = fmin(results[ESS_BULK], results[ESS_TAIL]);
    return !(results[R_HAT] <= largest_r_hat) || !(ess >= chains * least_ess_a_chain);
}

/* Returns how many rows are bad. */
static int write_summary(const mfl_sampler *sampler, double chains, FILE *csv)
{
    int bad = 0;
    double results[COLUMNS];
    printf("%-18s %12s %10s %10s %7s %8s %8s\n", "", "mean", "+-", "sd", "R-hat", "ESS", "tail ESS");
    fprintf(csv, "trace,mean,mcse_mean,sd,r_hat,ess_bulk,ess_tail\n");
    for (int t = 0; t < trace_count; t++) {
        if (!diagnose(sampler, traces[t].kind, results))
            continue;
        const int32_t mark = is_bad(results, chains);
        bad += mark;
        printf("%-18s %12.6g %10.2g %10.3g %7.3f %8.0f %8.0f%s\n", traces[t].name, results[MEAN], results[MCSE],
               results[DEVIATION], results[R_HAT], results[ESS_BULK], results[ESS_TAIL], mark ? "  !" : "");
        fputs(traces[t].name, csv);
        for (int k = 0; k < COLUMNS; k++) {
            fputc(',', csv);
            ex_csv_number(csv, results[k]);
        }
        fputc('\n', csv);
    }
    return bad;
}

enum { NOISE, GAIN, GAIN_SE, SWAP_RATE, RUNG_COLUMNS };

static const int32_t rung_keys[RUNG_COLUMNS] = {MFL_SAMPLER_KAPPA, MFL_SAMPLER_LOG_EVIDENCE_GAIN,
                                                MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE, MFL_SAMPLER_SWAP_RATE};

/* One line for each noise of a ladder: m, or U where that is not measured. */
static void write_ladder(const mfl_sampler *sampler, int64_t rungs, const char *directory)
{
    ex_file csv;
    double probe[COLUMNS];
    const struct trace *trace = &traces[diagnose(sampler, MFL_TRACE_ORDER_PARAMETER, probe)];
    ex_open(&csv, directory, "ladder.csv");
    fprintf(csv.stream, "kappa,%s,mcse_mean,sd,r_hat,ess_bulk,ess_tail,evidence_gain,evidence_gain_se,swap_rate\n",
            trace->name);
    printf("\n%-10s %12s %10s %7s %8s %20s %6s\n", "kappa", trace->symbol, "+-", "R-hat", "ESS", "evidence gain",
           "swaps");
    for (int64_t r = 0; r < rungs; r++) {
        double results[COLUMNS + RUNG_COLUMNS], *rung = results + COLUMNS;
        ex_check(mfl_sampler_diagnose_rung(sampler, r, trace->kind, keys, COLUMNS, results));
        for (int k = 0; k < RUNG_COLUMNS; k++)
            ex_check(mfl_sampler_get_rung(sampler, r, rung_keys[k], &rung[k]));
        printf("%-10.4g %12.6g %10.2g %7.3f %8.0f %11.2f +- %5.2f %6.2f\n", rung[NOISE], results[MEAN],
               results[MCSE], results[R_HAT], results[ESS_BULK], rung[GAIN], rung[GAIN_SE], rung[SWAP_RATE]);
        ex_csv_number(csv.stream, rung[NOISE]);
        for (int k = 0; k < COLUMNS + RUNG_COLUMNS; k++) {
            if (k == COLUMNS + NOISE)
                continue;
            fputc(',', csv.stream);
            ex_csv_number(csv.stream, results[k]);
        }
        fputc('\n', csv.stream);
    }
    ex_finish(&csv);
    printf("Round trips: %.0f\n", ex_sampler_result(sampler, MFL_SAMPLER_ROUND_TRIPS));
}

static void warn(const mfl_sampler *sampler, int bad)
{
    const double divergences = ex_sampler_result(sampler, MFL_SAMPLER_DIVERGENCES);
    if (bad > 0)
        printf("\nWarning: %d of these cannot be trusted yet (!): R-hat is above %g, or there are fewer than %g\n"
               "independent draws a chain. Draw more, or see whether chains of --start planted agree.\n",
               bad, largest_r_hat, least_ess_a_chain);
    if (divergences > 0.0)
        printf("\nWarning: %.0f trajectories diverged; take smaller steps with --set step_fraction=0.2.\n",
               divergences);
}

static void write_traces(const mfl_sampler *sampler, const char *directory, const char *chosen)
{
    char path[EX_PATH_SIZE];
    int32_t hdf5;
    ex_check(mfl_version_feature("hdf5", &hdf5));
    if (chosen)
        snprintf(path, sizeof path, "%s", chosen);
    else
        snprintf(path, sizeof path, "%s/traces.%s", directory, hdf5 ? "nc" : "npy");
    ex_check(mfl_sampler_write_traces(sampler, path));
    printf("Traces:  %s\n", path);
}

/* Weights over all draws, those of relevant inputs and the others: shares of each bin. */
typedef struct weights {
    double sigma, counts[2][MFL_WEIGHT_BINS], totals[2];
} weights;

static int32_t is_relevant(const ex_problem *problem, int64_t input)
{
    return problem->relevant == 0 || input < problem->relevant;
}

static void count_weights(const ex_problem *problem, const mfl_sampler *sampler, weights *out)
{
    const int64_t length = problem->dimension * MFL_WEIGHT_BINS;
    double *shares = malloc((size_t)length * sizeof *shares);
    if (!shares)
        ex_die("out of memory");
    memset(out, 0, sizeof *out);
    out->sigma = problem->sigma_w;
    ex_check(mfl_sampler_weight_histogram(sampler, shares, length));
    for (int64_t i = 0; i < length; i++) {
        const int32_t other = !is_relevant(problem, i / MFL_WEIGHT_BINS);
        out->counts[other][i % MFL_WEIGHT_BINS] += shares[i];
        out->totals[other] += shares[i];
    }
    free(shares);
}

static double bin_centre(const weights *all, int b)
{
    return all->sigma * (b - (MFL_WEIGHT_BINS - 1) / 2) / 40.0;
}

static double density(const weights *all, int part, int b)
{
    return all->counts[part][b] * 40.0 / (all->totals[part] * all->sigma);
}

static void write_weights(const weights *all, const char *directory)
{
    ex_file csv;
    ex_open(&csv, directory, "weights.csv");
    fprintf(csv.stream, "w,density_relevant,density_other\n");
    for (int b = 0; b < MFL_WEIGHT_BINS; b++) {
        ex_csv_number(csv.stream, bin_centre(all, b));
        for (int part = 0; part < 2; part++) {
            fputc(',', csv.stream);
            ex_csv_number(csv.stream, density(all, part, b));
        }
        fputc('\n', csv.stream);
    }
    ex_finish(&csv);
}

/* One line a chain, of at most most_points draws. */
static void plot_trace(FILE *stream, const mfl_sampler *sampler, int64_t chains, const struct trace *trace)
{
    int64_t draws;
    ex_check(mfl_sampler_trace(sampler, trace->kind, 0, NULL, 0, &draws));
    double *values = malloc((size_t)(draws + 1) * sizeof *values);
    if (!values)
        ex_die("out of memory");
    const int64_t lines = chains < most_lines ? chains : most_lines, stride = 1 + (draws - 1) / most_points;
    for (int64_t c = 0; c < lines; c++) {
        int64_t count;
        const int32_t status = mfl_sampler_trace(sampler, trace->kind, c, values, draws, &count);
        if (status != MFL_ERROR_BUFFER) /* a chain that is a draw ahead */
            ex_check(status);
        fprintf(stream, "$%s%lld << EOD\n", trace->name, (long long)c);
        for (int64_t i = 0; i < draws && i < count; i += stride)
            fprintf(stream, "%lld %.9g\n", (long long)i, values[i]);
        fprintf(stream, "EOD\n");
    }
    fprintf(stream, "set ylabel '%s'\nset xlabel 'draw'\nplot ", trace->symbol);
    for (int64_t c = 0; c < lines; c++)
        fprintf(stream, "%s$%s%lld with lines lw 1 lt %lld notitle", c ? ", " : "", trace->name, (long long)c,
                (long long)c + 1);
    fputc('\n', stream);
    free(values);
}

/* On a logarithmic scale a small hump of specialised neurons shows beside the bulk, a parabola at the prior. */
static void plot_weights(FILE *stream, const ex_problem *problem, const weights *all, int part, const char *label)
{
    const double variance = problem->sigma_w * problem->sigma_w / (double)problem->dimension;
    double least = 1e300, most = 0.0, reach = 0.0;
    fprintf(stream, "$weights%d << EOD\n", part);
    for (int b = 0; b < MFL_WEIGHT_BINS; b++)
        if (all->counts[part][b] > 0.0) {
            const double value = density(all, part, b);
            fprintf(stream, "%.9g %.9g\n", bin_centre(all, b), value);
            reach = fmax(reach, 1.05 * fabs(bin_centre(all, b)));
            least = fmin(least, value);
            most = fmax(most, value);
        }
    fprintf(stream, "EOD\nset logscale y\nset format y '10^{%%L}'\nset yrange [%g:%g]\nset xrange [%g:%g]\n"
                    "set xlabel '%s'\nset ylabel 'density'\n"
                    "plot $weights%d with points pt 7 ps 0.6 lc rgb '#0072b2' title 'draws', "
                    "exp(-x*x/%.17g)/sqrt(pi*%.17g) with lines lc rgb '#999999' dt 2 title 'prior'\n"
                    "unset logscale y\nset format y '%%g'\nset autoscale\n",
            0.5 * least, 3.0 * most, -reach, reach, label, part, 2.0 * variance,
            2.0 * variance);
}

static void draw(const ex_problem *problem, const mfl_sampler *sampler, int64_t chains, const weights *all,
                 const char *directory)
{
    char *body, safe[sizeof problem->title];
    const int32_t measured = problem->task && !isnan(ex_sampler_result(sampler, MFL_SAMPLER_ORDER_PARAMETER));
    FILE *stream = ex_text_stream(&body);
    snprintf(safe, sizeof safe, "%s", problem->title);
    for (char *c = safe; *c; c++)
        if (*c == '\'' || *c == '"')
            *c = ' ';
    fprintf(stream, "set encoding utf8\nset samples 400\nset multiplot layout 2,2 title '%s' noenhanced\n"
                    "set grid lc rgb '#dddddd'\nset tics font ',10'\nset key samplen 2 font ',10'\n", safe);
    plot_trace(stream, sampler, chains, &traces[0]);
    plot_trace(stream, sampler, chains, &traces[measured ? 1 : 2]);
    if (problem->relevant > 0) {
        plot_weights(stream, problem, all, 0, "weights of relevant inputs");
        if (all->totals[1] > 0.0)
            plot_weights(stream, problem, all, 1, "weights of other inputs");
    } else {
        plot_weights(stream, problem, all, 0, "weights of the first layer");
        plot_trace(stream, sampler, chains, &traces[3]);
    }
    fprintf(stream, "unset multiplot\n");
    fclose(stream);
    if (ex_plot(directory, "posterior", body) == 0)
        printf("Picture: %s/posterior.svg and .png\n", directory);
    free(body);
}

void ex_report(const ex_problem *problem, const mfl_sampler *sampler, const char *directory, const char *chosen)
{
    mfl_options *options;
    int64_t chains, rungs;
    ex_file csv;
    weights all;
    ex_check(mfl_sampler_options((mfl_sampler *)sampler, &options));
    ex_check(mfl_options_get_int(options, MFL_SAMPLER_CHAINS, &chains));
    ex_check(mfl_options_get_int(options, MFL_SAMPLER_RUNGS, &rungs));
    ex_open(&csv, directory, "summary.csv");
    const int bad = write_summary(sampler, (double)chains, csv.stream);
    ex_finish(&csv);
    printf("\nMean predictor: error %.5g on the training set, %.5g on the test set\n",
           ex_sampler_result(sampler, MFL_SAMPLER_TRAIN_ERROR), ex_sampler_result(sampler, MFL_SAMPLER_TEST_ERROR));
    warn(sampler, bad);
    if (rungs > 1)
        write_ladder(sampler, rungs, directory);
    printf("\nNumbers: %s/summary.csv and weights.csv\n", directory);
    write_traces(sampler, directory, chosen);
    count_weights(problem, sampler, &all);
    write_weights(&all, directory);
    draw(problem, sampler, chains, &all, directory);
}
