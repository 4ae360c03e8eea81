/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a point of a sweep costs: the seconds of one chain on one thread as
 *
 *     steps N (a P d + b P + c d + e) + draws N T (d + 1) g + steps h
 *
 * with N neurons, d inputs, P training and T test samples. The constants are fitted to some shapes, by relative least
 * squares, and tried on others; all shapes run in turn, several times, and the fastest counts. Inputs that are +1 and -1
 * and inputs that are any numbers have their own constants.
 *
 * Usage: bench_cost [REPEATS]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "measure.h"

enum { TERMS = 6, SHAPES = 20, FITTED = 12 };

typedef struct shape {
    int64_t neurons, inputs, samples, tests, steps, draws;
} shape;

/* The first FITTED make the constants, the others try them. */
static const shape shapes[SHAPES] = {
    {128, 20, 50, 500, 4000, 20},    {128, 20, 800, 500, 600, 20},   {512, 35, 125, 500, 500, 10},
    {512, 35, 2000, 500, 40, 4},     {256, 100, 200, 500, 300, 10},  {256, 100, 1000, 500, 60, 4},
    {1024, 10, 100, 500, 400, 10},   {1024, 10, 2000, 500, 40, 4},   {64, 64, 400, 4000, 600, 60},
    {512, 20, 100, 4000, 200, 100},  {128, 200, 300, 1000, 250, 20}, {2048, 35, 500, 1000, 30, 4},
    {128, 20, 200, 4000, 1500, 100}, {512, 35, 500, 4000, 150, 15},  {512, 35, 1000, 1000, 80, 8},
    {1024, 100, 1000, 1000, 20, 3},  {256, 50, 150, 2000, 500, 50},  {64, 20, 1000, 1000, 800, 50},
    {4096, 20, 200, 1000, 40, 4},    {256, 20, 3000, 1000, 60, 6},
};

static mfl_context *context;

static void check(int32_t status)
{
    if (status == MFL_OK)
        return;
    fprintf(stderr, "bench_cost: %s\n", context ? mfl_context_message(context) : mfl_status_message(status));
    exit(1);
}

static mfl_sampler *make(const shape *s, int signs)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train, *test;
    mfl_sampler *sampler;
    mfl_options *options;
    check(signs ? mfl_task_create_parity(context, s->inputs, 2, &task)
                : mfl_task_create_hermite(context, s->inputs, 2, &task));
    check(mfl_dataset_draw(task, s->samples, 0.0, 0, MFL_ROLE_TRAIN, &train));
    check(mfl_dataset_draw(task, s->tests, 0.0, 0, MFL_ROLE_TEST, &test));
    check(mfl_model_create(context, s->inputs, s->neurons, &model));
    check(mfl_sampler_create(model, train, 1.0, &sampler));
    check(mfl_sampler_set_test(sampler, test));
    check(mfl_sampler_set_task(sampler, task));
    check(mfl_sampler_options(sampler, &options));
    check(mfl_options_set_text(options, "method", "baoab"));
    check(mfl_options_set_text(options, "precision", "float32"));
    check(mfl_options_set_double(options, MFL_SAMPLER_STEP_SIZE, 1e-3));
    check(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 1));
    check(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 1));
    check(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, s->draws));
    check(mfl_options_set_int(options, MFL_SAMPLER_THINNING, s->steps / s->draws));
    mfl_dataset_destroy(train);
    mfl_dataset_destroy(test);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return sampler;
}

static void terms_of(const shape *s, double terms[TERMS])
{
    const double n = (double)s->neurons, d = (double)s->inputs, p = (double)s->samples, steps = (double)s->steps;
    terms[0] = steps * n * p * d;
    terms[1] = steps * n * p;
    terms[2] = steps * n * d;
    terms[3] = steps * n;
    terms[4] = (double)s->draws * n * (double)s->tests * (d + 1.0);
    terms[5] = steps;
}

/* Least squares of sum_k constants[k] terms[k]/seconds = 1 under constants >= 0: coordinate descent on the normal
 * equations, which are small. */
static void fit(const double (*rows)[TERMS], const double *seconds, int count, double constants[TERMS])
{
    double matrix[TERMS][TERMS] = {{0.0}}, right[TERMS] = {0.0};
    for (int r = 0; r < count; r++)
        for (int i = 0; i < TERMS; i++) {
            right[i] += rows[r][i] / seconds[r];
            for (int j = 0; j < TERMS; j++)
                matrix[i][j] += rows[r][i] * rows[r][j] / (seconds[r] * seconds[r]);
        }
    for (int i = 0; i < TERMS; i++)
        constants[i] = 0.0;
    for (int sweep = 0; sweep < 200000; sweep++)
        for (int i = 0; i < TERMS; i++) {
            double rest = right[i];
            for (int j = 0; j < TERMS; j++)
                rest -= j == i ? 0.0 : matrix[i][j] * constants[j];
            constants[i] = fmax(0.0, rest / matrix[i][i]);
        }
}

static void bench(int signs, int repeats)
{
    double seconds[SHAPES], rows[SHAPES][TERMS], constants[TERMS], worst = 0.0;
    mfl_sampler *samplers[SHAPES];
    for (int i = 0; i < SHAPES; i++) {
        samplers[i] = make(&shapes[i], signs);
        terms_of(&shapes[i], rows[i]);
        seconds[i] = INFINITY;
    }
    for (int repeat = 0; repeat <= repeats; repeat++)
        for (int i = 0; i < SHAPES; i++) {
            const double start = measure_processor_time();
            check(mfl_sampler_run(samplers[i]));
            if (repeat > 0) /* the first begins the chain and draws the step's bounds */
                seconds[i] = fmin(seconds[i], measure_processor_time() - start);
        }
    fit((const double(*)[TERMS])rows, seconds, FITTED, constants);
    printf("%s, float32, BAOAB: seconds = steps N (%.3g P d + %.3g P + %.3g d + %.3g) + %.3g draws N T (d + 1) + %.3g steps\n",
           signs ? "inputs +-1" : "any inputs", constants[0], constants[1], constants[2], constants[3], constants[4],
           constants[5]);
    for (int i = 0; i < SHAPES; i++) {
        const shape *s = &shapes[i];
        double predicted = 0.0;
        for (int k = 0; k < TERMS; k++)
            predicted += constants[k] * rows[i][k];
        if (i >= FITTED)
            worst = fmax(worst, fabs(predicted / seconds[i] - 1.0));
        printf("  N %5d  d %3d  P %4d  T %4d  %4d steps, %3d draws: %.4f s, %.4f s by the formula, %+5.1f %%%s\n",
               (int)s->neurons, (int)s->inputs, (int)s->samples, (int)s->tests, (int)s->steps, (int)s->draws, seconds[i],
               predicted, 100.0 * (predicted / seconds[i] - 1.0), i < FITTED ? "" : "  (not fitted)");
        mfl_sampler_destroy(samplers[i]);
    }
    printf("  largest deviation of those not fitted: %.1f %%\n", 100.0 * worst);
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : 5;
    mfl_options *options;
    if (repeats < 1 || argc > 2) {
        fprintf(stderr, "usage: bench_cost [REPEATS]\n");
        return 2;
    }
    check(mfl_context_create(&context));
    check(mfl_context_options(context, &options));
    check(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
    bench(1, repeats);
    bench(0, repeats);
    mfl_context_destroy(context);
    return 0;
}
