/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Speed of the mean-field theories: a point from nothing, a further point in a line of points, and
 * the particle method at a standard error of 1e-3 in m, for each closure, in processor time and
 * alternating within one run; and how the cost depends on d.
 *
 * Usage: bench_theory [repeats [steps]]      default 5 4000
 *
 * steps: most steps of the 1024 particles. Where they stop without the standard error, the time it
 * would take is that of the run times (standard error / 1e-3)^2. Where no particle has found the
 * neurons that specialise, m is far off and its error is none: then the time spent is a lower
 * bound.
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
static timing time_once(const problem *p, int32_t preset)
{
    timing t;
    double start = measure_processor_time();
    mfl_theory *theory = make_theory(p, preset);
    check(mfl_theory_solve(theory, p->samples, p->kappa));
    t.cold = measure_processor_time() - start;
    t.m = get_m(theory, NULL);
    t.warm = solve(theory, 1.05 * p->samples, p->kappa);
    mfl_theory_destroy(theory);
    return t;
}

/* Seconds that the particles take, or would take, to the standard error; *m and *error are what
 * they had. */
static double time_particles(const problem *p, int32_t preset, double exact, int64_t steps,
                             double *m, double *error)
{
    mfl_theory *theory = make_theory(p, preset);
    mfl_options *options;
    check(mfl_theory_options(theory, &options));
    check(mfl_options_set_int(options, MFL_THEORY_SOLVER, MFL_THEORY_SOLVER_PARTICLES));
    check(mfl_options_set_int(options, MFL_THEORY_STEPS, steps));
    check(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, fmin(0.1, wanted_error / exact)));
    double seconds = solve(theory, p->samples, p->kappa);
    *m = get_m(theory, error);
    mfl_theory_destroy(theory);
    return seconds * fmax(1.0, *error / wanted_error * (*error / wanted_error));
}

static void compare(const problem *p, int repeats, int64_t steps)
{
    static const char *const names[] = {"mf", "mf_ard", "mf_screened"};
    printf("d=%lld k=%lld N=%lld P=%g kappa=%g, medians of %d, one run of particles:\n", (long long)p->d, (long long)p->k,
           (long long)p->n, p->samples, p->kappa, repeats);
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        double cold[REPEATS_MOST], warm[REPEATS_MOST], other = 0.0, m = 0.0, error = 0.0;
        timing t = {0.0, 0.0, 0.0};
        for (int i = 0; i < repeats; i++) {
            t = time_once(p, preset);
            cold[i] = t.cold;
            warm[i] = t.warm;
            if (i == repeats / 2) /* between the others */
                other = time_particles(p, preset, t.m, steps, &m, &error);
        }
        double first = measure_median(cold, repeats), next = measure_median(warm, repeats);
        int32_t agrees = fabs(m - t.m) < 6.0 * error;
        printf("  %-12s m=%.8f: a point %8.2f ms, the next of a line %8.2f ms; particles (m=%.4f "
               "+- %.4f) %s %.2f s: ratio %s%.0f and %.0f\n",
               names[preset], t.m, 1e3 * first, 1e3 * next, m, error,
               agrees ? "to 1e-3 in" : "not at equilibrium after", other, agrees ? "" : "above ",
               other / first, other / next);
        fflush(stdout);
    }
}

static void compare_dimensions(int repeats)
{
    static const int64_t d_of[] = {35, 100, 1000};
    for (size_t i = 0; i < sizeof d_of / sizeof d_of[0]; i++) {
        const problem p = {d_of[i], 4, 512, 100.0 * (double)d_of[i], 0.2};
        double cold[REPEATS_MOST], warm[REPEATS_MOST];
        for (int j = 0; j < repeats; j++) {
            timing t = time_once(&p, MFL_THEORY_MF);
            cold[j] = t.cold;
            warm[j] = t.warm;
        }
        printf("d=%-5lld k=4 N=512 P=100 d kappa=0.2, mf: a point %8.2f ms, the next of a line "
               "%8.2f ms\n",
               (long long)d_of[i], 1e3 * measure_median(cold, repeats),
               1e3 * measure_median(warm, repeats));
    }
}

int main(int argc, char **argv)
{
    static const problem problems[] = {{20, 2, 128, 50.0, 0.1}, {35, 4, 512, 1000.0, 0.05}};
    const long repeats = argc > 1 ? strtol(argv[1], NULL, 10) : 5,
               steps = argc > 2 ? strtol(argv[2], NULL, 10) : 4000;
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
