/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of kernel ridge regression: a fit (kernel matrix and Cholesky) against dpotrf alone on the
 * same matrix in the same run, alternating; time for an element of each kernel; conjugate gradients
 * beyond memory.
 *
 * Usage: bench_ridge [P [d [repeats]]]                         default 3000 35 5
 *        bench_ridge --peer "COMMAND" [P [d]]                  default 4000 35
 *        bench_ridge --gradients P [d [rank]]                  ridge 0.01, residual 1e-8
 *
 * A peer is a command (it is run by the shell) that prints lines such as
 *     numpy NNGP kernel [in-place] THREADS MEDIAN BEST
 *     dpotrf ... median SECONDS ...
 *     sklearn KernelRidge fit precomputed ... median SECONDS ...
 * of the ReLU kernel at the same P and d. It runs between two halves of our measurements, and the
 * ratios are its medians over ours.
 *
 * dpotrf runs on the threads of the BLAS (OPENBLAS_NUM_THREADS and the like), the kernel matrix on
 * as many as the context takes, for --peer as many as OPENBLAS_NUM_THREADS says.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <mflearn/mflearn.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"
#include "rng/normals.h"
#include "measure.h"

static mfl_context *context;

static void check(int32_t status)
{
    if (!status)
        return;
    fprintf(stderr, "bench_ridge: %s\n", mfl_context_message(context));
    exit(1);
}

static void *allocate(int64_t count)
{
    void *memory = malloc((size_t)count * sizeof(double));
    if (!memory) {
        fputs("bench_ridge: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* Gaussian inputs, and the product of the first two coordinates. */
static mfl_dataset *draw(int64_t P, int64_t d, double *x)
{
    const mfli_stream stream = {1, 0, 0, MFLI_PURPOSE_TRAIN_INPUTS};
    double *y = allocate(P);
    mfl_dataset *train;
    mfli_normal_matrix(&stream, 0, (size_t)P, (size_t)d, x, (size_t)d);
    for (int64_t i = 0; i < P; i++)
        y[i] = x[i * d] * x[i * d + 1];
    check(mfl_dataset_copy(context, P, d, x, d, 1, y, &train));
    free(y);
    return train;
}

static mfl_ridge *make_ridge(int64_t d, const char *activation, const char *kernel)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    check(mfl_model_create(context, d, 0, &model));
    check(mfl_model_options(model, &options));
    check(mfl_options_set_text(options, "activation", activation));
    check(mfl_ridge_create(model, &ridge));
    check(mfl_ridge_options(ridge, &options));
    check(mfl_options_set_text(options, "kernel", kernel));
    mfl_model_destroy(model);
    return ridge;
}

enum { REPEATS_MOST = 64 };

typedef struct timing {
    double wall[REPEATS_MOST], processor[REPEATS_MOST];
} timing;

static void start_timing(timing *t, int i)
{
    t->wall[i] = -measure_now();
    t->processor[i] = -measure_processor_time();
}

static void stop_timing(timing *t, int i)
{
    t->wall[i] += measure_now();
    t->processor[i] += measure_processor_time();
}

static void bench_fit(int64_t P, int64_t d, int repeats)
{
    static timing fit, factor;
    double *x = allocate(P * d), *k = allocate(P * P);
    mfl_dataset *train = draw(P, d, x);
    mfl_ridge *ridge = make_ridge(d, "relu", "nngp");
    for (int i = 0; i < repeats; i++) {
        check(mfl_ridge_kernel(ridge, x, P, d, x, P, d, k, P));
        for (int64_t j = 0; j < P; j++)
            k[j * P + j] += 0.01;
        start_timing(&factor, i);
        check(mfli_potrf(context, P, k, P, NULL));
        stop_timing(&factor, i);
        start_timing(&fit, i);
        check(mfl_ridge_fit(ridge, train, 0.1));
        stop_timing(&fit, i);
    }
    const double wall = measure_median(fit.wall, repeats), alone = measure_median(factor.wall, repeats);
    const double used = measure_median(fit.processor, repeats), least = measure_median(factor.processor, repeats);
    printf(
        "P=%lld d=%lld, medians of %d: fit %.3f s, dpotrf alone %.3f s (%.1f GFLOP/s): ratio %.3f; "
        "of processor time %.3f\n",
        (long long)P, (long long)d, repeats, wall, alone, 1e-9 * pow((double)P, 3) / 3.0 / alone,
        wall / alone, used / least);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    free(k);
    free(x);
}

static void bench_kernels(int64_t d)
{
    static const char *const activations[] = {"relu", "erf", "gelu", "linear", "quadratic", "tanh"};
    enum { P = 1000, REPEATS = 5 };
    double *x = allocate(P * d), *k = allocate(P * P), seconds[REPEATS];
    mfl_dataset *train = draw(P, d, x);
    for (int a = 0; a < 6; a++) {
        printf("%-10s", activations[a]);
        for (int tangent = 0; tangent < 2; tangent++) {
            mfl_ridge *ridge = make_ridge(d, activations[a], tangent ? "ntk" : "nngp");
            for (int i = 0; i < REPEATS; i++) {
                double start = measure_now();
                check(mfl_ridge_kernel(ridge, x, P, d, x, P, d, k, P));
                seconds[i] = measure_now() - start;
            }
            printf("  %s %6.2f ns an element", tangent ? "ntk" : "nngp",
                   1e9 * measure_median(seconds, REPEATS) / P / P);
            mfl_ridge_destroy(ridge);
        }
        printf("\n");
    }
    mfl_dataset_destroy(train);
    free(k);
    free(x);
}

static int32_t show(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)user_data;
    fprintf(stderr, "\r%-40s %5.1f%% %7.1f s ", stage, 100.0 * fraction, seconds);
    return 0;
}

static void bench_gradients(int64_t P, int64_t d, int64_t rank)
{
    double *x = allocate(P * d), residual, steps, used;
    mfl_dataset *train = draw(P, d, x);
    mfl_ridge *ridge = make_ridge(d, "relu", "nngp");
    mfl_options *options;
    size_t bytes;
    struct rusage usage;
    free(x);
    check(mfl_ridge_options(ridge, &options));
    check(mfl_options_set_text(options, "solver", "gradients"));
    check(mfl_options_set_int(options, MFL_RIDGE_RANK, rank));
    check(mfl_ridge_memory(ridge, P, &bytes));
    printf("P=%lld d=%lld rank %lld: will take %.2f GiB\n", (long long)P, (long long)d,
           (long long)rank, (double)bytes / 1073741824.0);
    check(mfl_context_set_progress(context, show, NULL));
    double start = measure_now();
    check(mfl_ridge_fit(ridge, train, 0.1));
    double seconds = measure_now() - start;
    check(mfl_ridge_get(ridge, MFL_RIDGE_RESIDUAL, &residual));
    check(mfl_ridge_get(ridge, MFL_RIDGE_STEPS_DONE, &steps));
    check(mfl_ridge_get(ridge, MFL_RIDGE_RANK_USED, &used));
    getrusage(RUSAGE_SELF, &usage);
    printf("\n%.1f s, %.0f iterations, rank %.0f, residual %.2g, %.2f GiB of memory at most\n",
           seconds, steps, used, residual, (double)usage.ru_maxrss / 1048576.0);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
}

enum { HALF = 3 };

typedef struct own_times {
    double whole[2 * HALF], lower[2 * HALF], fit[2 * HALF];
} own_times;

/* The whole kernel matrix, which is what the peer makes; its lower triangle, which is enough; and a
 * fit. */
static void time_half(const mfl_ridge *reader, mfl_ridge *ridge, mfl_dataset *train, const double *x,
                      int64_t P, int64_t d, double *k, double *times[3])
{
    mfli_kernel kernel;
    mfli_points points;
    check(mfli_ridge_choose(reader, &kernel));
    for (int i = 0; i < HALF; i++) {
        double start = measure_now();
        check(mfl_ridge_kernel(reader, x, P, d, x, P, d, k, P));
        times[0][i] = measure_now() - start;
        start = measure_now();
        check(mfli_points_init(context, &kernel, &points, "x", P, x, d, 1));
        check(mfli_gram(context, &kernel, &points, 0.0, k, P));
        mfli_points_clear(context, &points);
        times[1][i] = measure_now() - start;
        start = measure_now();
        check(mfl_ridge_fit(ridge, train, 0.1));
        times[2][i] = measure_now() - start;
    }
}

/* Medians that a peer printed, in seconds; 0 where it did not. */
typedef struct peer_times {
    double plain, in_place, factor, fit;
} peer_times;

static double after(const char *line, const char *word)
{
    const char *found = strstr(line, word);
    return found ? strtod(found + strlen(word), NULL) : 0.0;
}

static void run_peer(const char *command, peer_times *times)
{
    char line[512];
    double median;
    FILE *pipe = popen(command, "r");
    if (!pipe) {
        perror("bench_ridge: the peer");
        exit(1);
    }
    while (fgets(line, sizeof line, pipe)) {
        printf("peer: %s", line);
        if (sscanf(line, "numpy NNGP kernel in-place %*s %lf", &median) == 1)
            times->in_place = median;
        else if (sscanf(line, "numpy NNGP kernel %*s %lf", &median) == 1)
            times->plain = median;
        else if (strncmp(line, "dpotrf", 6) == 0)
            times->factor = after(line, "median");
        else if (strncmp(line, "sklearn", 7) == 0)
            times->fit = after(line, "median");
    }
    if (pclose(pipe)) {
        fputs("bench_ridge: the peer failed\n", stderr);
        exit(1);
    }
}

static void print_ratio(const char *what, double peer, double own)
{
    if (peer > 0.0)
        printf("%-66s %7.3f s / %7.3f s = %6.2f\n", what, peer, own, peer / own);
}

static void bench_peer(const char *command, int64_t P, int64_t d)
{
    double *x = allocate(P * d), *k = allocate(P * P);
    mfl_dataset *train = draw(P, d, x);
    mfl_ridge *reader = make_ridge(d, "relu", "nngp"), *ridge = make_ridge(d, "relu", "nngp");
    mfl_options *options;
    own_times own;
    peer_times peer = {0.0, 0.0, 0.0, 0.0};
    const char *threads = getenv("OPENBLAS_NUM_THREADS");
    check(mfl_context_options(context, &options));
    if (threads)
        check(mfl_options_set_text(options, "threads", threads));
    time_half(reader, ridge, train, x, P, d, k, (double *[]){own.whole, own.lower, own.fit});
    run_peer(command, &peer);
    time_half(reader, ridge, train, x, P, d, k,
              (double *[]){own.whole + HALF, own.lower + HALF, own.fit + HALF});
    const double whole = measure_median(own.whole, 2 * HALF), lower = measure_median(own.lower, 2 * HALF),
                 fit = measure_median(own.fit, 2 * HALF);
    printf("P=%lld d=%lld, medians, peer / mflearn:\n", (long long)P, (long long)d);
    print_ratio("whole kernel matrix, numpy", peer.plain, whole);
    print_ratio("whole kernel matrix, numpy in place", peer.in_place, whole);
    print_ratio("numpy's whole matrix in place / the lower triangle that a fit takes", peer.in_place,
                lower);
    if (peer.in_place > 0.0)
        print_ratio("fit: kernel in numpy and LAPACK's dpotrf", peer.factor + peer.in_place, fit);
    if (peer.fit > 0.0)
        print_ratio("fit: kernel in numpy and scikit-learn", peer.fit + peer.in_place, fit);
    mfl_ridge_destroy(ridge);
    mfl_ridge_destroy(reader);
    mfl_dataset_destroy(train);
    free(k);
    free(x);
}

static int64_t number(int argc, char **argv, int index, int64_t standard)
{
    return index < argc ? strtoll(argv[index], NULL, 10) : standard;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 2 ? argv[1] : "";
    if (mfl_context_create(&context))
        return 1;
    if (strcmp(mode, "--gradients") == 0) {
        bench_gradients(number(argc, argv, 2, 0), number(argc, argv, 3, 35),
                        number(argc, argv, 4, 1000));
    } else if (strcmp(mode, "--peer") == 0) {
        bench_peer(argv[2], number(argc, argv, 3, 4000), number(argc, argv, 4, 35));
    } else {
        const int64_t d = number(argc, argv, 2, 35), repeats = number(argc, argv, 3, 5);
        bench_fit(number(argc, argv, 1, 3000), d,
                  (int)(repeats < REPEATS_MOST ? repeats : REPEATS_MOST));
        bench_kernels(d);
    }
    mfl_context_destroy(context);
    return 0;
}
