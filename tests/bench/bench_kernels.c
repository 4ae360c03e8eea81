/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of the kernels on one thread, and of each part of a step: SGLD steps a second, GFLOP/s counted as
 * 4NdP + 4NP a step, as a fraction of what a loop of fused multiply-adds on registers reaches in the same run;
 * and normals a second. Of many short repeats the fastest counts: it approaches what a quiet machine does.
 *
 * Usage: bench_kernels [baseline|avx2|avx512] [ACTIVATION] [signs] [N d P]...
 *
 * signs: inputs +1 and -1 instead of normal ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "measure.h"

enum { NORMAL_COLUMNS = 36 };

static const double patience = 1.0; /* seconds of processor time a line */

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void report(const mfli_kernels *kernels, const char *precision, mfli_shape s, const double part[4],
                   double peak)
{
    const double n = (double)s.neurons, d = (double)s.inputs, p = (double)s.samples;
    const double rate = (4 * n * d * p + 4 * n * p) / part[3];
    printf("%-8s %s N=%zu d=%zu P=%zu: %8.0f steps/s %7.1f GFLOP/s", kernels->name, precision,
           s.neurons, s.inputs, s.samples, 1 / part[3], rate * 1e-9);
    if (peak > 0)
        printf(" = %.3f of FMA peak %.1f", rate / peak, peak * 1e-9);
    printf("  (forward %.0f%%, gradient %.0f%%, update %.0f%%)\n", 100 * part[0] / part[3],
           100 * part[1] / part[3], 100 * part[2] / part[3]);
    fflush(stdout);
}

#define BENCH(R, REAL)                                                                             \
    static void bench_##R(const mfli_kernels *kernels, mfli_shape shape, int32_t activation,       \
                          int signs)                                                               \
    {                                                                                              \
        const mfli_ops_##R *ops = kernels->R;                                                      \
        const mfli_stream stream = {1, 0, 0, MFLI_PURPOSE_TRAIN_INPUTS};                           \
        const size_t padded = mfli_round_up(shape.neurons, ops->width), d = shape.inputs;          \
        double *x = measure_allocate(shape.samples * d, sizeof *x);                                \
        double *w = measure_allocate(shape.neurons * d, sizeof *w);                                \
        double *a = measure_allocate(shape.neurons, sizeof *a);                                    \
        double *y = measure_allocate(shape.samples, sizeof *y);                                    \
        double *f = measure_allocate(shape.samples, sizeof *f);                                    \
        REAL *inputs = measure_allocate(mfli_inputs_length(shape.samples, d), sizeof *inputs);     \
        mfli_normal_matrix(&stream, 0, shape.samples, d, x, d);                                    \
        mfli_normal_matrix(&stream, 9999, shape.neurons, d, w, d);                                 \
        mfli_normal_matrix(&stream, 99999, shape.neurons, 1, a, 1);                                \
        for (size_t k = 0; k < shape.samples * d && signs; k++)                                    \
            x[k] = x[k] > 0 ? 1 : -1;                                                              \
        uint8_t *patterns = measure_allocate(shape.samples + 6, mfli_patterns(d));                 \
        for (size_t mu = 0; mu < shape.samples; mu++)                                              \
            y[mu] = x[mu * d] > 0 ? 1 : -1;                                                        \
        mfli_net_##R net = {.shape = shape,                                                        \
                            .activation = {.kind = activation, .leak = 0.1},                       \
                            .scale = 0.05,                                                         \
                            .weights = measure_allocate(padded * d, sizeof(REAL)),                 \
                            .readout = measure_allocate(padded, sizeof(REAL)),                     \
                            .inputs = inputs,                                                      \
                            .patterns = mfli_pack_patterns(shape.samples, d, x, d, patterns)       \
                                ? patterns                                                         \
                                : NULL};                                                           \
        void *workspace = measure_allocate(1, ops->workspace_size(&shape));                        \
        void *scratch = measure_allocate(1, ops->scratch_size(&shape));                            \
        ops->pack(shape.neurons, d, w, d, a, net.weights, net.readout);                            \
        ops->pack_inputs(shape.samples, d, x, d, inputs);                                          \
        ops->bind(&net, workspace);                                                                \
        const mfli_langevin langevin = {1e-6, 1e-6, 1e-3, 1e-3, 1, (double)d, 1};                  \
        mfli_squares squares;                                                                      \
        double part[4] = {1e9, 1e9, 1e9, 1e9}, peak = 0;                                           \
        const size_t panels = padded / ops->width, blocks = mfli_blocks(shape.neurons);            \
        const double start = measure_processor_time();                                             \
        for (uint64_t i = 0; i < 100 || measure_processor_time() - start < patience; i++) {         \
            const mfli_stream noise = {1, i, 0, MFLI_PURPOSE_LANGEVIN};                            \
            const double t0 = measure_processor_time();                                            \
            ops->forward(&net, 0, blocks, scratch);                                                \
            squares.residual = ops->residual(&net, y, f);                                          \
            const double t1 = measure_processor_time();                                            \
            ops->gradient(&net, 0, panels, scratch);                                               \
            const double t2 = measure_processor_time();                                            \
            ops->update(&net, &langevin, &noise, 0, panels, scratch);                              \
            ops->squares(&net, &squares);                                                          \
            const double t3 = measure_processor_time();                                            \
            part[0] = least(part[0], t1 - t0);                                                     \
            part[1] = least(part[1], t2 - t1);                                                     \
            part[2] = least(part[2], t3 - t2);                                                     \
            part[3] = least(part[3], t3 - t0);                                                     \
            if (i % 64 == 0)                                                                       \
                peak = -least(-peak, -measure_fma_peak(kernels->instruction_set, sizeof(REAL) == 8, 1)); \
        }                                                                                          \
        report(kernels, #R, shape, part, peak);                                                    \
        void *memory[] = {x,       w,         a,   y,          f,          inputs,                 \
                          scratch, workspace, net.weights, net.readout, patterns};                           \
        for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)                              \
            free(memory[i]);                                                                       \
    }                                                                                              \
    static void bench_normals_##R(const mfli_normals *normals)                                     \
    {                                                                                              \
        REAL out[NORMAL_COLUMNS * 32];                                                             \
        double seconds = 1e9;                                                                      \
        const mfli_stream stream = {1, 0, 0, MFLI_PURPOSE_LANGEVIN};                               \
        for (int repeat = 0; repeat < 100; repeat++) {                                             \
            const double start = measure_processor_time();                                         \
            for (uint64_t i = 0; i < 500; i++)                                                     \
                normals->panel_##R(&stream, i * normals->width_##R, NORMAL_COLUMNS, 0,             \
                                   NORMAL_COLUMNS, out);                                           \
            seconds = least(seconds, measure_processor_time() - start);                            \
        }                                                                                          \
        const double count = 500.0 *  NORMAL_COLUMNS * (double)normals->width_##R;                 \
        printf("%-8s " #R " normals: %.0f million/s\n", normals->name,                             \
               count / seconds * 1e-6);                                                            \
    }
BENCH(f32, float)
BENCH(f64, double)

/* Its place in names, or -1. */
static int32_t find(const char *word, const char *const *names, int32_t count)
{
    while (count-- > 0 && strcmp(word, names[count]) != 0)
        continue;
    return count;
}

int main(int argc, char **argv)
{
    static const char *const sets[] = {"auto", "baseline", "avx2", "avx512"};
    static const char *const activations[] = {"relu", "leaky", "erf", "tanh", "gelu", "linear", "quadratic"};
    mfli_shape shapes[16] = {{128, 20, 400}, {512, 35, 256}, {512, 35, 1024}, {512, 35, 4096}, {1024, 100, 8192}};
    int32_t requested = 0, activation = MFL_ACTIVATION_RELU;
    int next = 1, count = 0, signs = 0;
    for (; next < argc && strtoull(argv[next], NULL, 10) == 0; next++) {
        if (strcmp(argv[next], "signs") == 0)
            signs = 1;
        else if (find(argv[next], sets, 4) >= 0)
            requested = find(argv[next], sets, 4);
        else if (find(argv[next], activations, 7) >= 0)
            activation = find(argv[next], activations, 7);
        else
            fprintf(stderr, "bench_kernels: %s is neither an instruction set nor an activation\n", argv[next]);
    }
    for (; next + 2 < argc && count < 16; next += 3)
        shapes[count++] = (mfli_shape){strtoull(argv[next], NULL, 10), strtoull(argv[next + 1], NULL, 10),
                                       strtoull(argv[next + 2], NULL, 10)};
    const mfli_kernels *kernels = mfli_kernels_select(requested);
    if (!kernels) {
        fputs("bench_kernels: this processor or build has no such instruction set\n", stderr);
        return 1;
    }
    bench_normals_f32(kernels->normals);
    bench_normals_f64(kernels->normals);
    for (int i = 0; i < (count ? count : 5); i++) {
        bench_f32(kernels, shapes[i], activation, signs);
        bench_f64(kernels, shapes[i], activation, signs);
    }
    return 0;
}
