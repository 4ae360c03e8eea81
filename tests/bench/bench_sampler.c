/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of full-batch Langevin sampling through the public interface: steps a second; GFLOP/s, counted as 4NdP + 4NP a
 * step; as a fraction of what a loop of fused multiply-adds on registers reaches on as many threads; and against the
 * same step written by hand in C with a BLAS (plain.h), all in turn in the same run.
 *
 * Usage: bench_sampler [--repeats R] [--threads T]... [--activation NAME] [--peer "COMMAND"]... [N d P]...
 *
 * A peer is a command that prints lines with "NAME ... RATE steps/s"; {N}, {d}, {P}, {precision} and {threads} are
 * replaced in it, and it runs in turn with the others, R times. Ratios are of medians.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include <mflearn/mflearn.h>

#include "kernels/kernels.h"
#include "measure.h"

enum { REPEATS_MOST = 101, PEERS_MOST = 8, PEER_LINES = 8, SHAPES_MOST = 32, THREADS_MOST = 8, LINE = 512 };

/* OpenBLAS has it; another BLAS takes its threads from its environment. */
extern void openblas_set_num_threads(int count) __attribute__((weak));

#define REAL float
#define R(name) name##_f32
#define GEMM cblas_sgemm
#define GEMV cblas_sgemv
#define SQRT sqrtf
#define LOG logf
#define COS cosf
#define SIN sinf
#include "plain.h"
#undef REAL
#undef R
#undef GEMM
#undef GEMV
#undef SQRT
#undef LOG
#undef COS
#undef SIN
#define REAL double
#define R(name) name##_f64
#define GEMM cblas_dgemm
#define GEMV cblas_dgemv
#define SQRT sqrt
#define LOG log
#define COS cos
#define SIN sin
#include "plain.h"

typedef struct arguments {
    int repeats, peers, shapes, thread_counts;
    int threads[THREADS_MOST];
    const char *peer[PEERS_MOST], *activation;
    mfli_shape shape[SHAPES_MOST];
} arguments;

/* Rates of one line of a peer's output. */
typedef struct peer_line {
    char name[64];
    double rate[REPEATS_MOST];
    int count;
} peer_line;

static mfl_context *context;

static void check(int32_t status)
{
    if (!status)
        return;
    fprintf(stderr, "bench_sampler: %s\n", mfl_context_message(context));
    exit(1);
}

static void set_int(mfl_options *options, int32_t key, int64_t value)
{
    check(mfl_options_set_int(options, key, value));
}

/* One chain that makes `steps` steps a run. */
static mfl_sampler *create_sampler(mfli_shape shape, const char *activation, int is_double, int steps)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *dataset;
    mfl_sampler *sampler;
    mfl_options *options;
    check(mfl_task_create_hermite(context, (int64_t)shape.inputs, 2, &task));
    check(mfl_dataset_draw(task, (int64_t)shape.samples, 0.0, 0, MFL_ROLE_TRAIN, &dataset));
    check(mfl_model_create(context, (int64_t)shape.inputs, (int64_t)shape.neurons, &model));
    check(mfl_model_options(model, &options));
    check(mfl_options_set_text(options, "activation", activation));
    check(mfl_sampler_create(model, dataset, 1.0, &sampler));
    check(mfl_sampler_options(sampler, &options));
    set_int(options, MFL_SAMPLER_METHOD, MFL_METHOD_SGLD);
    set_int(options, MFL_SAMPLER_PRECISION, is_double);
    set_int(options, MFL_SAMPLER_CHAINS, 1);
    set_int(options, MFL_SAMPLER_BURN_IN, 0);
    set_int(options, MFL_SAMPLER_THINNING, steps);
    set_int(options, MFL_SAMPLER_DRAWS, 1);
    check(mfl_options_set_double(options, MFL_SAMPLER_STEP_SIZE, 1e-6));
    mfl_dataset_destroy(dataset);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return sampler;
}

static double sampler_time(mfl_sampler *sampler, int steps)
{
    const double start = measure_now();
    check(mfl_sampler_run(sampler));
    return (measure_now() - start) / steps;
}

/* command with {N} and the like replaced. */
static void fill_in(const char *command, mfli_shape shape, int is_double, int threads, char out[LINE])
{
    const char *names[] = {"{N}", "{d}", "{P}", "{threads}", "{precision}"};
    char values[5][24];
    size_t used = 0;
    snprintf(values[0], sizeof values[0], "%zu", shape.neurons);
    snprintf(values[1], sizeof values[1], "%zu", shape.inputs);
    snprintf(values[2], sizeof values[2], "%zu", shape.samples);
    snprintf(values[3], sizeof values[3], "%d", threads);
    snprintf(values[4], sizeof values[4], "%s", is_double ? "float64" : "float32");
    while (*command && used + sizeof values[0] < LINE) {
        int k = 0;
        while (k < 5 && strncmp(command, names[k], strlen(names[k])) != 0)
            k++;
        if (k == 5) {
            out[used++] = *command++;
            continue;
        }
        used += (size_t)sprintf(out + used, "%s", values[k]);
        command += strlen(names[k]);
    }
    out[used] = '\0';
}

/* The number before "steps/s", filed under the line's first word. */
static void read_line(char *line, peer_line *lines, int *count)
{
    char *end = strstr(line, " steps/s"), *start = end;
    if (!end)
        return;
    while (start > line && strchr("0123456789.+-eE", start[-1]))
        start--;
    double rate = strtod(start, NULL);
    line[strcspn(line, " \t:")] = '\0';
    int i = 0;
    while (i < *count && strcmp(lines[i].name, line) != 0)
        i++;
    if (i == PEER_LINES)
        return;
    if (i == *count) {
        snprintf(lines[i].name, sizeof lines[i].name, "%.63s", line);
        lines[(*count)++].count = 0;
    }
    if (lines[i].count < REPEATS_MOST)
        lines[i].rate[lines[i].count++] = rate;
}

static void run_peer(const char *command, mfli_shape shape, int is_double, int threads, peer_line *lines, int *count)
{
    char text[LINE];
    fill_in(command, shape, is_double, threads, text);
    FILE *output = popen(text, "r");
    while (output && fgets(text, sizeof text, output))
        read_line(text, lines, count);
    if (!output || pclose(output) != 0)
        fprintf(stderr, "bench_sampler: the peer's command failed\n");
}

static void bench(const arguments *given, mfli_shape shape, int is_double, int threads)
{
    const double n = (double)shape.neurons, d = (double)shape.inputs, p = (double)shape.samples;
    const double work = 4 * n * d * p + 4 * n * p;
    const int steps = (int)(2e9 / work) + 1, with_plain = strcmp(given->activation, "relu") == 0;
    double ours[REPEATS_MOST], hand[REPEATS_MOST], peak[REPEATS_MOST];
    peer_line lines[PEER_LINES];
    int count = 0;
    mfl_options *options;
    check(mfl_context_options(context, &options));
    set_int(options, MFL_CONTEXT_THREADS, threads);
    if (openblas_set_num_threads)
        openblas_set_num_threads(threads);
    mfl_sampler *sampler = create_sampler(shape, given->activation, is_double, steps);
    plain_f32 single = plain_create_f32(is_double ? 1 : shape.neurons, shape.inputs, is_double ? 1 : shape.samples);
    plain_f64 twice = plain_create_f64(is_double ? shape.neurons : 1, shape.inputs, is_double ? shape.samples : 1);
    sampler_time(sampler, steps); /* starts the chain */
    for (int i = 0; i < given->repeats; i++) {
        ours[i] = sampler_time(sampler, steps);
        if (with_plain)
            hand[i] = is_double ? plain_time_f64(&twice, steps / 2 + 1) : plain_time_f32(&single, steps / 2 + 1);
        peak[i] = measure_fma_peak(mfli_kernels_select(0)->instruction_set, is_double, threads);
        for (int k = 0; k < given->peers; k++)
            run_peer(given->peer[k], shape, is_double, threads, lines, &count);
    }
    const double seconds = measure_median(ours, given->repeats), bound = measure_median(peak, given->repeats);
    printf("N=%-4zu d=%-3zu P=%-4zu %s %s, threads %d: %8.0f steps/s %7.1f GFLOP/s", shape.neurons, shape.inputs,
           shape.samples, is_double ? "float64" : "float32", given->activation, threads, 1 / seconds,
           work / seconds * 1e-9);
    if (bound > 0)
        printf(" = %.3f of the FMA loop's %.1f", work / seconds / bound, bound * 1e-9);
    if (with_plain)
        printf("; %.2f x C and BLAS", measure_median(hand, given->repeats) / seconds);
    for (int k = 0; k < count; k++)
        printf("; %.2f x %s", 1 / (seconds * measure_median(lines[k].rate, lines[k].count)), lines[k].name);
    printf("\n");
    fflush(stdout);
    plain_destroy_f32(&single);
    plain_destroy_f64(&twice);
    mfl_sampler_destroy(sampler);
}

static void usage(void)
{
    fputs("usage: bench_sampler [--repeats R] [--threads T]... [--activation NAME] [--peer \"COMMAND\"]... [N d P]...\n",
          stderr);
    exit(2);
}

static int positive(const char *text, int most)
{
    long value = strtol(text, NULL, 10);
    if (value < 1 || value > most)
        usage();
    return (int)value;
}

static arguments parse(int argc, char **argv)
{
    arguments given = {.repeats = 7, .activation = "relu"};
    for (int i = 1; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--repeats") == 0)
            given.repeats = positive(argv[++i], REPEATS_MOST);
        else if (i + 1 < argc && strcmp(argv[i], "--threads") == 0 && given.thread_counts < THREADS_MOST)
            given.threads[given.thread_counts++] = positive(argv[++i], 64);
        else if (i + 1 < argc && strcmp(argv[i], "--activation") == 0)
            given.activation = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--peer") == 0 && given.peers < PEERS_MOST)
            given.peer[given.peers++] = argv[++i];
        else if (i + 2 < argc && argv[i][0] != '-' && given.shapes < SHAPES_MOST) {
            size_t sizes[3];
            for (int k = 0; k < 3; k++)
                sizes[k] = (size_t)positive(argv[i + k], 1 << 24);
            given.shape[given.shapes++] = (mfli_shape){sizes[0], sizes[1], sizes[2]};
            i += 2;
        } else {
            usage();
        }
    }
    return given;
}

int main(int argc, char **argv)
{
    static const mfli_shape usual[] = {
        {128, 20, 400}, {512, 35, 256}, {512, 35, 1024}, {512, 35, 4096}, {1024, 100, 8192}};
    arguments given = parse(argc, argv);
    if (!given.shapes) {
        memcpy(given.shape, usual, sizeof usual);
        given.shapes = sizeof usual / sizeof usual[0];
    }
    if (!given.thread_counts) {
        given.threads[0] = 1;
        given.threads[1] = 2;
        given.thread_counts = 2;
    }
    if (mfl_context_create(&context)) {
        fputs("bench_sampler: no context\n", stderr);
        return 1;
    }
    for (int i = 0; i < given.shapes; i++)
        for (int is_double = 0; is_double < 2; is_double++)
            for (int t = 0; t < given.thread_counts; t++)
                bench(&given, given.shape[i], is_double, given.threads[t]);
    mfl_context_destroy(context);
    return 0;
}
