/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of the mean-field theories, in processor time and alternating within one run: a point from
 * nothing and a further point in a line of points, to 1e-8 and to 1e-3 in m; for each closure the
 * particle method to a standard error of 1e-3 in m; and how the cost depends on d.
 *
 * Usage: bench_theory [repeats [steps]]      default 5 6000
 *
 * steps: of each of the 1024 particles, which are not stopped before. What the particles would take
 * to a standard error of 1e-3 is the time of the run times (standard error / 1e-3)^2, the error being
 * that of their own batches, half of the run left out for them to forget their start. Where no
 * particle has found the neurons that specialise, m is far off and its error is none: then the time
 * spent is a lower bound.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "measure.h"

enum { REPEATS_MOST = 99 };

static const double wanted_error = 1e-3;

typedef struct problem {
    int64_t d, k, n;
    double samples, kappa;
} problem;

static mfl_context *context;

static void check(int32_t status)
{
    if (!status)
        return;
    fprintf(stderr, "bench_theory: %s\n", mfl_context_message(context));
    exit(1);
}

static mfl_theory *make_theory(const problem *p, int32_t preset)
{
    mfl_task *task;
    mfl_model *model;
    mfl_theory *theory;
    check(mfl_task_create_parity(context, p->d, p->k, &task));
    check(mfl_model_create(context, p->d, p->n, &model));
    check(mfl_theory_create(context, task, model, &theory));
    check(mfl_theory_use(theory, preset));
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

/* Processor time of a solve. */
static double solve(mfl_theory *theory, double samples, double kappa)
{
    double start = measure_processor_time();
    check(mfl_theory_solve(theory, samples, kappa));
    return measure_processor_time() - start;
}

static double get_m(const mfl_theory *theory, double *error)
{
    double m;
    check(mfl_theory_get(theory, MFL_THEORY_M, &m, error));
    return m;
}

typedef struct timing {
    double cold, warm; /* seconds */
    double m;
} timing;

/* A theory from nothing at a point, and the next one of a line of points. */
static timing time_once(const problem *p, int32_t preset, double tolerance)
{
    timing t;
    mfl_options *options;
    double start = measure_processor_time();
    mfl_theory *theory = make_theory(p, preset);
    check(mfl_theory_options(theory, &options));
    check(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, tolerance));
    check(mfl_theory_solve(theory, p->samples, p->kappa));
    t.cold = measure_processor_time() - start;
    t.m = get_m(theory, NULL);
    t.warm = solve(theory, 1.05 * p->samples, p->kappa);
    mfl_theory_destroy(theory);
    return t;
}

/* Medians of both; m of the last. */
typedef struct series {
    double cold[REPEATS_MOST], warm[REPEATS_MOST], m;
} series;

static void add_timing(const problem *p, int32_t preset, double tolerance, int i, series *to)
{
    timing t = time_once(p, preset, tolerance);
    to->cold[i] = t.cold;
    to->warm[i] = t.warm;
    to->m = t.m;
}

/* Seconds that the particles would take to the standard error; *m and *error are what they had. */
static double time_particles(const problem *p, int32_t preset, int64_t steps, double *m, double *error)
{
    mfl_theory *theory = make_theory(p, preset);
    mfl_options *options;
    check(mfl_theory_options(theory, &options));
    check(mfl_options_set_int(options, MFL_THEORY_SOLVER, MFL_THEORY_SOLVER_PARTICLES));
    check(mfl_options_set_int(options, MFL_THEORY_STEPS, steps));
    check(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-12));
    double seconds = solve(theory, p->samples, p->kappa);
    *m = get_m(theory, error);
    mfl_theory_destroy(theory);
    return seconds;
}

static void compare(const problem *p, int repeats, int64_t steps)
{
    static const char *const names[] = {"mf", "mf_ard", "mf_screened"};
    printf("d=%lld k=%lld N=%lld P=%g kappa=%g, medians of %d, one run of particles:\n", (long long)p->d,
           (long long)p->k, (long long)p->n, p->samples, p->kappa, repeats);
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        series fine, loose;
        double spent = 0.0, m = 0.0, error = 0.0;
        for (int i = 0; i < repeats; i++) {
            add_timing(p, preset, 1e-8, i, &fine);
            add_timing(p, preset, wanted_error, i, &loose);
            if (i == repeats / 2) /* between the others */
                spent = time_particles(p, preset, steps, &m, &error);
        }
        double first = measure_median(loose.cold, repeats), next = measure_median(loose.warm, repeats);
        int32_t agrees = fabs(m - fine.m) < 6.0 * error;
        double other = agrees ? spent * pow(error / wanted_error, 2.0) : spent;
        printf("  %-12s m=%.8f: to 1e-8 a point %8.2f ms, the next of a line %8.2f ms; to 1e-3 %8.3f ms and "
               "%8.3f ms\n",
               names[preset], fine.m, 1e3 * measure_median(fine.cold, repeats),
               1e3 * measure_median(fine.warm, repeats), 1e3 * first, 1e3 * next);
        printf("               particles m=%.4f +- %.4f after %.2f s, %s %.2f s: ratio %s%.0f and %.0f\n", m,
               error, spent, agrees ? "to 1e-3 it would take" : "not at equilibrium, more than", other,
               agrees ? "" : "above ", other / first, other / next);
        fflush(stdout);
    }
}

static void compare_dimensions(int repeats)
{
    static const int64_t d_of[] = {20, 35, 100, 400, 1000};
    for (size_t i = 0; i < sizeof d_of / sizeof d_of[0]; i++) {
        const problem p = {d_of[i], 4, 512, 100.0 * (double)d_of[i], 0.2};
        series times;
        for (int j = 0; j < repeats; j++)
            add_timing(&p, MFL_THEORY_MF, 1e-8, j, &times);
        printf("d=%-5lld k=4 N=512 P=100 d kappa=0.2, mf to 1e-8: a point %8.2f ms, the next of a line "
               "%8.2f ms\n",
               (long long)d_of[i], 1e3 * measure_median(times.cold, repeats),
               1e3 * measure_median(times.warm, repeats));
    }
}

int main(int argc, char **argv)
{
    static const problem problems[] = {{20, 2, 128, 50.0, 0.1}, {35, 4, 512, 1000.0, 0.05}};
    const long repeats = argc > 1 ? strtol(argv[1], NULL, 10) : 5,
               steps = argc > 2 ? strtol(argv[2], NULL, 10) : 6000;
    if (mfl_context_create(&context))
        return 1;
    if (repeats < 1 || repeats > REPEATS_MOST || steps < 300) {
        fputs("bench_theory: repeats must lie in [1, 99], steps be at least 300\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        compare(&problems[i], (int)repeats, steps);
    compare_dimensions((int)repeats);
    mfl_context_destroy(context);
    return 0;
}
