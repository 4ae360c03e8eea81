/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of full-batch Langevin sampling through the public interface: steps a second; GFLOP/s, counted as 4NdP + 4NP a
 * step; as a fraction of what a loop of fused multiply-adds on registers reaches on as many threads; and against the
 * same step written by hand in C with a BLAS (plain.h, ReLU only), all in turn in the same run. Of many short repeats
 * the fastest counts, on either side of a ratio: it approaches what a quiet machine does. One thread is measured by its
 * processor time, several by the clock. Numbers of threads take turns; beside the ratio of the fastest repeats stands
 * the median of the ratios within a turn, where a machine that others share pulls on both.
 *
 * Usage: bench_sampler [--repeats R] [--threads T]... [--activation NAME]... [--peer "COMMAND"]... [N d P]...
 *
 * A peer is a command that prints lines with "NAME ... RATE steps/s", or "RATE steps/s (best RATE)"; {N}, {d}, {P},
 * {precision}, {threads} and {activation} are replaced in it, and it runs three times in turn with the others.
 * Without arguments: ReLU at five shapes, the other activations at one, each on one and two threads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include <mflearn/mflearn.h>

#include "kernels/kernels.h"
#include "measure.h"

enum { PEERS_MOST = 8, PEER_LINES = 8, PEER_RUNS = 3, SHAPES_MOST = 32, THREADS_MOST = 8, ACTIVATIONS_MOST = 8, LINE = 512 };

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
    int repeats, peers, shapes, thread_counts, activations;
    int threads[THREADS_MOST];
    const char *peer[PEERS_MOST], *activation[ACTIVATIONS_MOST];
    mfli_shape shape[SHAPES_MOST];
} arguments;

/* What is measured at a time. */
typedef struct setting {
    mfli_shape shape;
    const char *activation;
    int is_double, threads;
} setting;

/* The best rate of one line of a peer's output. */
typedef struct peer_line {
    char name[64];
    double rate;
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

/* One chain. */
static mfl_sampler *create_sampler(setting s)
{
    const mfli_shape shape = s.shape;
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *dataset;
    mfl_sampler *sampler;
    mfl_options *options;
    check(mfl_task_create_hermite(context, (int64_t)shape.inputs, 2, &task));
    check(mfl_dataset_draw(task, (int64_t)shape.samples, 0.0, 0, MFL_ROLE_TRAIN, &dataset));
    check(mfl_model_create(context, (int64_t)shape.inputs, (int64_t)shape.neurons, &model));
    check(mfl_model_options(model, &options));
    check(mfl_options_set_text(options, "activation", s.activation));
    check(mfl_sampler_create(model, dataset, 1.0, &sampler));
    check(mfl_sampler_options(sampler, &options));
    set_int(options, MFL_SAMPLER_METHOD, MFL_METHOD_SGLD);
    set_int(options, MFL_SAMPLER_PRECISION, s.is_double);
    set_int(options, MFL_SAMPLER_CHAINS, 1);
    check(mfl_options_set_double(options, MFL_SAMPLER_STEP_SIZE, 1e-6));
    mfl_dataset_destroy(dataset);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return sampler;
}

static double (*clock_for(int threads))(void)
{
    return threads > 1 ? measure_now : measure_processor_time;
}

static double sampler_time(mfl_sampler *sampler, int steps, int threads)
{
    const double start = clock_for(threads)();
    check(mfl_sampler_step(sampler, steps));
    return (clock_for(threads)() - start) / steps;
}

/* command with {N} and the like replaced. */
static void fill_in(const char *command, setting s, char out[LINE])
{
    enum { NAMES = 6 };
    const char *names[NAMES] = {"{N}", "{d}", "{P}", "{threads}", "{precision}", "{activation}"};
    char values[NAMES][24];
    size_t used = 0;
    snprintf(values[0], sizeof values[0], "%zu", s.shape.neurons);
    snprintf(values[1], sizeof values[1], "%zu", s.shape.inputs);
    snprintf(values[2], sizeof values[2], "%zu", s.shape.samples);
    snprintf(values[3], sizeof values[3], "%d", s.threads);
    snprintf(values[4], sizeof values[4], "%s", s.is_double ? "float64" : "float32");
    snprintf(values[5], sizeof values[5], "%s", s.activation);
    while (*command && used + sizeof values[0] < LINE) {
        int k = 0;
        while (k < NAMES && strncmp(command, names[k], strlen(names[k])) != 0)
            k++;
        if (k == NAMES) {
            out[used++] = *command++;
            continue;
        }
        used += (size_t)sprintf(out + used, "%s", values[k]);
        command += strlen(names[k]);
    }
    out[used] = '\0';
}

/* The number before "steps/s" or after it, filed under the line's first word. */
static void read_line(char *line, peer_line *lines, int *count)
{
    char *end = strstr(line, " steps/s"), *best = strstr(line, " steps/s (best "), *start = end;
    if (!end)
        return;
    while (start > line && strchr("0123456789.+-eE", start[-1]))
        start--;
    const double rate = strtod(best ? best + strlen(" steps/s (best ") : start, NULL);
    line[strcspn(line, " \t:")] = '\0';
    int i = 0;
    while (i < *count && strcmp(lines[i].name, line) != 0)
        i++;
    if (i == PEER_LINES)
        return;
    if (i == *count) {
        snprintf(lines[i].name, sizeof lines[i].name, "%.63s", line);
        lines[(*count)++].rate = rate;
    }
    lines[i].rate = fmax(lines[i].rate, rate);
}

static void run_peer(const char *command, setting s, peer_line *lines, int *count)
{
    char text[LINE];
    fill_in(command, s, text);
    FILE *output = popen(text, "r");
    while (output && fgets(text, sizeof text, output))
        read_line(text, lines, count);
    if (!output || pclose(output) != 0)
        fprintf(stderr, "bench_sampler: the peer's command failed\n");
}

/* One number of threads: the best times of a step, ours and by hand, and the speed of the multiply-add loop; and those of
 * the last repeat, with what they are to the first number's in the same turn. */
typedef struct trial {
    setting s;
    mfl_sampler *sampler;
    double seconds, hand, peak, last_seconds, last_peak;
    double *gain, *loop_gain; /* of every repeat */
    peer_line lines[PEER_LINES];
    int count;
} trial;

static void print(const trial *t, const trial *one, int repeats)
{
    const setting s = t->s;
    const double n = (double)s.shape.neurons, d = (double)s.shape.inputs, p = (double)s.shape.samples;
    const double rate = (4 * n * d * p + 4 * n * p) / t->seconds;
    printf("N=%-4zu d=%-3zu P=%-4zu %s %s, threads %d: %8.0f steps/s %7.1f GFLOP/s", s.shape.neurons, s.shape.inputs,
           s.shape.samples, s.is_double ? "float64" : "float32", s.activation, s.threads, 1 / t->seconds, rate * 1e-9);
    if (t->peak > 0)
        printf(" = %.3f of the FMA loop's %.1f", rate / t->peak, t->peak * 1e-9);
    if (t != one && one->s.threads == 1 && t->peak > 0) {
        const double gain = one->seconds / t->seconds, loop_gain = t->peak / one->peak;
        printf("; %.2f times one thread, %.3f of the loop's %.2f (in turns %.3f)", gain, gain / loop_gain, loop_gain,
               measure_median(t->gain, repeats) / measure_median(t->loop_gain, repeats));
    }
    if (t->hand < 1)
        printf("; %.2f x C and BLAS", t->hand / t->seconds);
    for (int k = 0; k < t->count; k++)
        printf("; %.2f x %s", 1 / (t->seconds * t->lines[k].rate), t->lines[k].name);
    printf("\n");
    fflush(stdout);
}

static void set_threads(int threads)
{
    mfl_options *options;
    check(mfl_context_options(context, &options));
    set_int(options, MFL_CONTEXT_THREADS, threads);
    if (openblas_set_num_threads)
        openblas_set_num_threads(threads);
}

static void repeat(trial *t, int steps, plain_f32 *single, plain_f64 *twice)
{
    const setting s = t->s;
    double (*const now)(void) = clock_for(s.threads);
    set_threads(s.threads);
    sampler_time(t->sampler, 1, s.threads); /* starts the chain, or wakes its threads */
    t->last_seconds = sampler_time(t->sampler, steps, s.threads);
    t->seconds = fmin(t->seconds, t->last_seconds);
    if (strcmp(s.activation, "relu") == 0)
        t->hand = fmin(t->hand, s.is_double ? plain_time_f64(twice, steps / 2 + 1, now)
                                            : plain_time_f32(single, steps / 2 + 1, now));
    t->last_peak = measure_fma_peak(mfli_kernels_select(0)->instruction_set, s.is_double, s.threads);
    t->peak = fmax(t->peak, t->last_peak);
}

/* All numbers of threads of one shape and precision. */
static void bench(const arguments *given, setting s)
{
    const mfli_shape shape = s.shape;
    const double work = 4.0 * (double)shape.neurons * ((double)shape.inputs + 1) * (double)shape.samples;
    const int steps = (int)(2e8 / work) + 1;
    trial trials[THREADS_MOST];
    plain_f32 single =
        plain_create_f32(s.is_double ? 1 : shape.neurons, shape.inputs, s.is_double ? 1 : shape.samples);
    plain_f64 twice =
        plain_create_f64(s.is_double ? shape.neurons : 1, shape.inputs, s.is_double ? shape.samples : 1);
    for (int k = 0; k < given->thread_counts; k++) {
        s.threads = given->threads[k];
        set_threads(s.threads);
        trials[k] = (trial){.s = s, .sampler = create_sampler(s), .seconds = 1, .hand = 1};
        trials[k].gain = measure_allocate((size_t)given->repeats, sizeof(double));
        trials[k].loop_gain = measure_allocate((size_t)given->repeats, sizeof(double));
    }
    for (int i = 0; i < given->repeats; i++)
        for (int k = 0; k < given->thread_counts; k++) {
            trial *t = &trials[k];
            repeat(t, steps, &single, &twice);
            t->gain[i] = trials[0].last_seconds / t->last_seconds;
            t->loop_gain[i] = t->last_peak / trials[0].last_peak;
            for (int j = 0; j < given->peers && i * PEER_RUNS / given->repeats != (i + 1) * PEER_RUNS / given->repeats; j++)
                run_peer(given->peer[j], t->s, t->lines, &t->count);
        }
    for (int k = 0; k < given->thread_counts; k++) {
        print(&trials[k], &trials[0], given->repeats);
        free(trials[k].gain);
        free(trials[k].loop_gain);
        mfl_sampler_destroy(trials[k].sampler);
    }
    plain_destroy_f32(&single);
    plain_destroy_f64(&twice);
}

static void usage(void)
{
    fputs("usage: bench_sampler [--repeats R] [--threads T]... [--activation NAME]... [--peer \"COMMAND\"]... [N d P]...\n",
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
    arguments given = {.repeats = 60};
    for (int i = 1; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--repeats") == 0)
            given.repeats = positive(argv[++i], 100000);
        else if (i + 1 < argc && strcmp(argv[i], "--threads") == 0 && given.thread_counts < THREADS_MOST)
            given.threads[given.thread_counts++] = positive(argv[++i], 64);
        else if (i + 1 < argc && strcmp(argv[i], "--activation") == 0 && given.activations < ACTIVATIONS_MOST)
            given.activation[given.activations++] = argv[++i];
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

static void bench_activation(const arguments *given, const char *activation)
{
    for (int i = 0; i < given->shapes; i++)
        for (int is_double = 0; is_double < 2; is_double++)
            bench(given, (setting){given->shape[i], activation, is_double, 1});
}

int main(int argc, char **argv)
{
    static const mfli_shape usual[] = {
        {128, 20, 400}, {512, 35, 256}, {512, 35, 1024}, {512, 35, 4096}, {1024, 100, 8192}};
    static const char *const others[] = {"leaky", "erf", "tanh", "gelu", "linear", "quadratic"};
    arguments given = parse(argc, argv);
    const int all = !given.shapes && !given.activations;
    if (!given.shapes) {
        memcpy(given.shape, usual, sizeof usual);
        given.shapes = sizeof usual / sizeof usual[0];
    }
    if (!given.activations)
        given.activation[given.activations++] = "relu";
    if (!given.thread_counts) {
        given.threads[0] = 1;
        given.threads[1] = 2;
        given.thread_counts = 2;
    }
    if (mfl_context_create(&context)) {
        fputs("bench_sampler: no context\n", stderr);
        return 1;
    }
    for (int i = 0; i < given.activations; i++)
        bench_activation(&given, given.activation[i]);
    given.shape[0] = usual[2];
    given.shapes = 1;
    for (size_t i = 0; i < sizeof others / sizeof others[0] && all; i++)
        bench_activation(&given, others[i]);
    mfl_context_destroy(context);
    return 0;
}
