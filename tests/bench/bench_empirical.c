/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cost of the theories of a training set against the number of samples P, dimension d and particles M, for
 * every closure, in processor time; comma-separated values.
 *
 * Usage: bench_empirical [scale [sweeps]]      default 1 48
 *
 * Parity k = 2, N = 512, kappa = 0.2. scale divides P and M of the largest point, 1000 and 4096. A solve has
 * `sweeps` sweeps at most; forces are on all particles.
 */
#include <stdio.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "measure.h"

typedef struct point {
    int64_t samples, d, particles;
} point;

static mfl_context *context;

static void check(int32_t status)
{
    if (!status)
        return;
    fprintf(stderr, "bench_empirical: %s\n", mfl_context_message(context));
    exit(1);
}

static mfl_theory *make_theory(const point *p, int32_t preset, int64_t sweeps)
{
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train;
    mfl_theory *theory;
    mfl_options *options;
    check(mfl_task_create_parity(context, p->d, 2, &task));
    check(mfl_model_create(context, p->d, 512, &model));
    check(mfl_dataset_draw(task, p->samples, 0.0, 0, MFL_ROLE_TRAIN, &train));
    check(mfl_theory_create_empirical(context, model, train, task, &theory));
    check(mfl_theory_use(theory, preset));
    check(mfl_theory_options(theory, &options));
    check(mfl_options_set_int(options, MFL_THEORY_PARTICLES, p->particles));
    check(mfl_options_set_int(options, MFL_THEORY_SWEEPS, sweeps));
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static double get(const mfl_theory *theory, int32_t key, double *error)
{
    double value;
    check(mfl_theory_get(theory, key, &value, error));
    return value;
}

static void measure(const point *p, int32_t preset, int64_t most)
{
    static const char *const names[] = {"mf", "mf_ard", "mf_screened"};
    mfl_theory *theory = make_theory(p, preset, most);
    double start = measure_processor_time(), error;
    check(mfl_theory_solve(theory, (double)p->samples, 0.2));
    double seconds = measure_processor_time() - start, sweeps = get(theory, MFL_THEORY_SWEEPS_USED, NULL);
    double forces = get(theory, MFL_THEORY_EVALUATIONS_USED, NULL) / (double)p->particles;
    double m = get(theory, MFL_THEORY_M, &error), r_hat = get(theory, MFL_THEORY_R_HAT, NULL);
    int32_t stop;
    check(mfl_theory_stop(theory, &stop));
    printf("%s,%lld,%lld,%lld,%g,%g,%.4g,%.4g,%.4g,%.4g,%.4g,%.4g,%d\n", names[preset], (long long)p->samples,
           (long long)p->d, (long long)p->particles, sweeps, forces, seconds, seconds / sweeps,
           seconds / forces, m, error, r_hat, stop == MFL_STOP_CONVERGED);
    fflush(stdout);
    mfl_theory_destroy(theory);
}

int main(int argc, char **argv)
{
    const long scale = argc > 1 ? strtol(argv[1], NULL, 10) : 1, sweeps = argc > 2 ? strtol(argv[2], NULL, 10) : 48;
    if (scale < 1 || scale > 32 || sweeps < 48) {
        fputs("bench_empirical: scale must lie in [1, 32], sweeps be at least 48\n", stderr);
        return 2;
    }
    if (mfl_context_create(&context))
        return 1;
    const int64_t samples = 1000 / scale, particles = 4096 / scale;
    const point points[] = {{samples / 4, 35, particles}, {samples / 2, 35, particles}, {samples, 35, particles},
                            {samples, 70, particles},     {samples, 140, particles},    {samples, 35, particles / 2},
                            {samples, 35, particles / 4}};
    puts("closure,P,d,M,sweeps,forces,seconds,seconds_per_sweep,seconds_per_force,m,m_error,r_hat,converged");
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++)
        for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
            measure(&points[i], preset, sweeps);
    mfl_context_destroy(context);
    return 0;
}
