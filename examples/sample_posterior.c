/* SPDX-License-Identifier: BSD-3-Clause */
/* Sample the posterior of a network by any method: live diagnostics, checkpoints to go on from, a table that says what
 * can be trusted, traces for ArviZ, and a picture of traces and weights.
 *
 * Expected, with the defaults: the order parameter is near 1 (the parity is learned), R-hat of all rows is below 1.01,
 * and the weights of relevant inputs have humps beside the bulk that the prior knows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"
#include "common/problem.h"
#include "common/report.h"

static const ex_option options[] = {
    EX_PROBLEM_OPTIONS,
    {"method", "NAME", "hmc", "sgld, gradient_descent, mala, baoab or hmc"},
    {"chains", "C", "4", "Markov chains"},
    {"start", "NAME", "prior", "prior or planted: where chains begin"},
    {"burn-in", "STEPS", "-1", "steps before the first draw; -1 leaves it to the method"},
    {"thinning", "STEPS", "0", "steps from one draw to the next; 0 leaves it to the method"},
    {"draws", "COUNT", "800", "draws of each chain, those before a resume included"},
    {"minutes", "MINUTES", NULL, "draw until this time is up instead"},
    {"set", "LIST", NULL, "other options of the sampler, such as mass=adaptive,gibbs=5"},
    {"precision", "NAME", "float32", "float32 or float64 arithmetic"},
    {"checkpoint", "FILE", NULL, "where to save the chains; default OUT/checkpoint"},
    {"every", "SECONDS", "60", "how often"},
    {"resume", NULL, NULL, "go on from the checkpoint"},
    {"instruction-set", "NAME", "auto", "auto, baseline, avx2 or avx512 kernels"},
    {"threads", "COUNT", "0", "threads; 0 takes the processors this process may run on"},
    {"traces", "FILE", NULL, "netCDF-4 file for the traces, .npy for NumPy; default OUT/traces.nc"},
    {"out", "DIR", "sample_posterior", "directory for tables, traces and pictures"},
};

/* Draws asked for at a time when the clock decides how many there will be. */
enum { stretch = 200 };
static const double refresh = 0.5; /* seconds */

typedef struct session {
    ex_arguments arguments;
    ex_problem problem;
    mfl_sampler *sampler;
    char checkpoint[EX_PATH_SIZE];
    int64_t chains, goal; /* draws of each chain */
    double every, began, until, saved, look; /* times: of the last checkpoint, of the next look */
    double fraction, stretch_began, line_cost; /* diagnostics of many draws take their time */
    int32_t terminal, paused, asked;
} session;

/* Stops the run for a look at it; it goes on from there with the same numbers. The first time is before the first step:
 * whoever stopped then would never come to do one. */
static int32_t pause_now(const char *stage, double fraction, double seconds, void *data)
{
    session *s = data;
    (void)stage, (void)seconds;
    s->fraction = fraction;
    s->paused = s->asked++ > 0 && ex_seconds() >= s->look;
    return s->paused;
}

static double draws_of_each(const session *s)
{
    return floor(ex_sampler_result(s->sampler, MFL_SAMPLER_DRAWS_TOTAL) / (double)s->chains);
}

static void clear_line(const session *s)
{
    if (s->terminal)
        fprintf(stderr, "\r\033[K");
}

static void show_line(const session *s)
{
    const double now = ex_seconds();
    double r_hat, ess, left = s->until - now, fraction = (now - s->began) / (s->until - s->began);
    char acceptance[32] = "", goal[32] = "";
    if (!s->terminal)
        return;
    if (isinf(left)) {
        fraction = s->fraction;
        left = fraction > 0.0 ? (now - s->stretch_began) * (1.0 - fraction) / fraction : NAN;
    }
    fprintf(stderr, "\r%3.0f%%", 100.0 * fraction);
    if (draws_of_each(s) > 0.0) {
        const double accepted = ex_sampler_result(s->sampler, MFL_SAMPLER_ACCEPTANCE);
        ex_convergence(s->sampler, &r_hat, &ess);
        if (!isnan(accepted))
            snprintf(acceptance, sizeof acceptance, "acceptance %.2f, ", accepted);
        if (s->goal < INT64_MAX)
            snprintf(goal, sizeof goal, " of %lld", (long long)s->goal);
        fprintf(stderr, " %.0f%s draws, %sU %.6g, R-hat %.3f, ESS %.0f", draws_of_each(s), goal, acceptance,
                ex_sampler_result(s->sampler, MFL_SAMPLER_POTENTIAL), r_hat, ess);
    } else {
        fprintf(stderr, " burn-in");
    }
    fprintf(stderr, ", %.0f s left \033[K", left);
    fflush(stderr);
}

static void save(session *s)
{
    ex_check(mfl_sampler_save(s->sampler, s->checkpoint));
    s->saved = ex_seconds();
}

static void set_more(session *s, mfl_options *target)
{
    const int32_t status = ex_set_list(target, ex_text(&s->arguments, "set"));
    if (status != MFL_OK)
        ex_usage("--set %s: %s", ex_text(&s->arguments, "set"),
                 status == MFL_ERROR_ARGUMENT && !*mfl_context_message(s->problem.context)
                     ? "write name=value,name=value"
                     : mfl_context_message(s->problem.context));
}

static void make_sampler(session *s)
{
    static const char *const passed_on[][2] = {{"method", "method"},     {"chains", "chains"},
                                               {"start", "start"},       {"burn_in", "burn-in"},
                                               {"thinning", "thinning"}, {"precision", "precision"}};
    const ex_problem *problem = &s->problem;
    mfl_options *target;
    ex_check(mfl_sampler_create(problem->model, problem->train, problem->kappa, &s->sampler));
    ex_check(mfl_sampler_options(s->sampler, &target));
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        ex_pass_on(problem, target, passed_on[i][0], &s->arguments, passed_on[i][1]);
    set_more(s, target);
    ex_check(mfl_options_get_int(target, MFL_SAMPLER_CHAINS, &s->chains));
    ex_check(mfl_sampler_set_test(s->sampler, problem->test));
    if (problem->task && mfl_sampler_set_task(s->sampler, problem->task))
        fprintf(stderr, "Without the order parameter: %s.\n", mfl_context_message(problem->context));
}

static void prepare(session *s)
{
    const ex_arguments *a = &s->arguments;
    mfl_context *context = s->problem.context;
    mfl_options *target;
    ex_check(mfl_context_options(context, &target));
    ex_pass_on(&s->problem, target, "threads", a, "threads");
    ex_pass_on(&s->problem, target, "instruction_set", a, "instruction-set");
    if (ex_text(a, "minutes") && ex_given(a, "draws"))
        ex_usage("--minutes and --draws both say when to end; give one");
    s->goal = ex_text(a, "minutes") ? INT64_MAX : ex_int(a, "draws", 1, INT64_C(1) << 32);
    s->every = ex_double(a, "every", 0.0, 1e9);
    const double minutes = ex_text(a, "minutes") ? ex_double(a, "minutes", 1e-6, 1e9) : INFINITY;
    ex_problem_make(&s->problem, context, a);
    make_sampler(s);
    ex_make_directory(ex_text(a, "out"));
    if (ex_text(a, "checkpoint"))
        snprintf(s->checkpoint, sizeof s->checkpoint, "%s", ex_text(a, "checkpoint"));
    else
        snprintf(s->checkpoint, sizeof s->checkpoint, "%.4000s/checkpoint", ex_text(a, "out"));
    if (ex_given(a, "resume"))
        ex_check(mfl_sampler_load(s->sampler, s->checkpoint));
    else if (access(s->checkpoint, F_OK) == 0)
        ex_die("%s exists: go on from there with --resume, or remove it", s->checkpoint);
    s->terminal = isatty(STDERR_FILENO);
    s->began = s->saved = ex_seconds();
    s->until = s->began + 60.0 * minutes;
}

/* A new stretch of draws, unless one was interrupted or there are enough. */
static int32_t has_more(session *s)
{
    const int64_t left = s->goal - (int64_t)draws_of_each(s);
    mfl_options *target;
    if (ex_sampler_result(s->sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED)
        return 1;
    if (left <= 0 || ex_seconds() >= s->until)
        return 0;
    ex_check(mfl_sampler_options(s->sampler, &target));
    ex_check(mfl_options_set_int(target, MFL_SAMPLER_DRAWS, isinf(s->until) || left < stretch ? left : stretch));
    s->stretch_began = ex_seconds();
    return 1;
}

/* Non-zero if it was interrupted. */
static int32_t sample(session *s)
{
    ex_check(mfl_context_set_progress(s->problem.context, pause_now, s));
    s->stretch_began = ex_seconds();
    while (has_more(s)) {
        const double next_line = s->terminal ? ex_seconds() + fmax(refresh, 20.0 * s->line_cost) : INFINITY;
        s->look = fmin(s->until, fmin(s->saved + s->every, next_line));
        s->paused = s->asked = 0;
        ex_check(mfl_sampler_run(s->sampler));
        if (ex_sampler_result(s->sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED && !s->paused)
            return 1;
        if (ex_seconds() >= s->until)
            break;
        if (ex_seconds() >= s->saved + s->every)
            save(s);
        const double before = ex_seconds();
        show_line(s);
        s->line_cost = ex_seconds() - before;
    }
    clear_line(s);
    return 0;
}

static void say_how_to_resume(const session *s, int argc, char **argv)
{
    clear_line(s);
    fprintf(stderr, "Interrupted with %.0f draws of each chain, saved in %s.\nGo on with:", draws_of_each(s),
            s->checkpoint);
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--resume") != 0)
            fprintf(stderr, " %s", argv[i]);
    fprintf(stderr, " --resume\n");
}

static void finish(session *s)
{
    const double steps = ex_sampler_result(s->sampler, MFL_SAMPLER_STEPS_TOTAL);
    printf("%s\n%lld chains of %s: %.0f draws each, %.0f steps, %.0f gradients, step size %.3g, %.1f s\n\n",
           s->problem.title, (long long)s->chains, ex_text(&s->arguments, "method"), draws_of_each(s), steps,
           ex_sampler_result(s->sampler, MFL_SAMPLER_GRADIENTS_TOTAL),
           ex_sampler_result(s->sampler, MFL_SAMPLER_STEP), ex_seconds() - s->began);
    if (draws_of_each(s) > 0.0)
        ex_report(&s->problem, s->sampler, ex_text(&s->arguments, "out"), ex_text(&s->arguments, "traces"));
    else
        printf("There are no draws yet: the time was up during burn-in. Go on with --resume.\n");
    printf("Chains:  %s; more draws with --resume\n", s->checkpoint);
}

int main(int argc, char **argv)
{
    static session s;
    s.arguments = (ex_arguments){
        .program = "sample_posterior",
        .summary = "Sample the posterior of a network by any method. Prints a table with diagnostics, writes traces\n"
                   "for ArviZ, and draws traces and weights. Ctrl-C saves the chains; --resume goes on.",
        .options = options,
        .count = sizeof options / sizeof options[0],
    };
    ex_parse(&s.arguments, argc, argv);
    s.problem.context = ex_start();
    prepare(&s);
    ex_catch_interrupts();
    const int32_t interrupted = sample(&s);
    save(&s);
    if (interrupted)
        say_how_to_resume(&s, argc, argv);
    else
        finish(&s);
    mfl_context *context = s.problem.context;
    mfl_sampler_destroy(s.sampler);
    ex_problem_release(&s.problem);
    mfl_context_destroy(context);
    return interrupted ? 130 : 0;
}
