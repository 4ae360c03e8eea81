/* SPDX-License-Identifier: BSD-3-Clause */
#include "problem.h"

#include <stdio.h>
#include <string.h>

#include "library.h"
#include "measure.h"
#include "task.h"

void ex_pass_on(const ex_problem *problem, mfl_options *target, const char *name, const ex_arguments *arguments,
                const char *option)
{
    if (mfl_options_set_text(target, name, ex_text(arguments, option)))
        ex_usage("--%s: %s", option, mfl_context_message(problem->context));
}

/* Options that would be without effect are mistakes. */
static void check_combinations(const ex_arguments *a, int32_t from_file)
{
    if (from_file && (ex_given(a, "task") || ex_given(a, "dim") || ex_given(a, "degree") || ex_text(a, "terms") ||
                      ex_text(a, "inputs")))
        ex_usage("--data takes the task from the file; leave out --task, --dim, --degree, --terms and --inputs");
    if (from_file && ex_given(a, "label-noise"))
        ex_usage("--label-noise is for drawn data; the targets of a file stay as they are");
    if (ex_text(a, "target") && !from_file)
        ex_usage("--target names a column of a file; give the file with --data");
    if (strcmp(ex_text(a, "activation"), "caller") == 0)
        ex_usage("--activation caller is for programs that use the library; choose one with a name");
}

static void make_model(ex_problem *problem, const ex_arguments *a)
{
    static const char *const passed_on[][2] = {
        {"gamma", "gamma"}, {"sigma_w", "sigma-w"}, {"sigma_a", "sigma-a"}, {"activation", "activation"}};
    mfl_options *target;
    problem->width = ex_int(a, "width", 1, 1 << 24);
    ex_check(mfl_model_create(problem->context, problem->dimension, problem->width, &problem->model));
    ex_check(mfl_model_options(problem->model, &target));
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        ex_pass_on(problem, target, passed_on[i][0], a, passed_on[i][1]);
    ex_check(mfl_options_get_double(target, MFL_MODEL_SIGMA_W, &problem->sigma_w));
}

static int64_t count_relevant(const ex_arguments *a)
{
    const char *kind = ex_text(a, "task"), *terms = ex_text(a, "terms");
    if (strcmp(kind, "parity") == 0 || strcmp(kind, "staircase") == 0)
        return ex_int(a, "degree", 1, 1 << 20);
    return strcmp(kind, "sum") == 0 ? (int64_t)strspn(strchr(terms, ':') + 1, "0123456789") : 1;
}

static void make_task(ex_problem *problem, const ex_arguments *a)
{
    mfl_context *context = problem->context;
    const double noise = ex_double(a, "label-noise", 0.0, 1e100);
    problem->dimension = ex_int(a, "dim", 1, 1 << 24);
    problem->samples = ex_text(a, "samples") ? ex_int(a, "samples", 1, INT64_C(1) << 31) : 200;
    problem->task = ex_task(context, a);
    problem->relevant = count_relevant(a);
    make_model(problem, a);
    ex_check(mfl_model_check_task(problem->model, problem->task));
    ex_check(mfl_dataset_draw(problem->task, problem->samples, noise, 0, MFL_ROLE_TRAIN, &problem->train));
    ex_check(mfl_dataset_draw(problem->task, ex_int(a, "test", 1, INT64_C(1) << 31), 0.0, 0, MFL_ROLE_TEST,
                              &problem->test));
}

static void read_file(ex_problem *problem, const ex_arguments *a)
{
    mfl_dataset *file;
    int64_t rows;
    ex_check(mfl_dataset_read_csv(problem->context, ex_text(a, "data"), ex_text(a, "target"), MFL_CSV_HEADER_AUTO,
                                  &file));
    ex_check(mfl_dataset_shape(file, &rows, &problem->dimension));
    problem->samples = ex_text(a, "samples") ? ex_int(a, "samples", 1, INT64_C(1) << 31) : 4 * rows / 5;
    if (problem->samples >= rows || problem->samples < 1)
        ex_usage("--samples asks for %lld of the file's %lld rows; leave some to test on",
                 (long long)problem->samples, (long long)rows);
    make_model(problem, a);
    ex_check(ex_split_file(file, problem->samples, problem->samples, ex_int(a, "test", 1, INT64_C(1) << 31),
                           &problem->train, &problem->test));
    mfl_dataset_destroy(file);
}

static void describe(ex_problem *problem, const ex_arguments *a)
{
    char what[160], degree[48] = "";
    if (!problem->task)
        snprintf(what, sizeof what, "%.120s", ex_text(a, "data"));
    else {
        if (strcmp(ex_text(a, "task"), "relu") != 0 && strcmp(ex_text(a, "task"), "sum") != 0)
            snprintf(degree, sizeof degree, " of degree %s", ex_text(a, "degree"));
        snprintf(what, sizeof what, "%s%s", ex_text(a, "task"), degree);
    }
    snprintf(problem->title, sizeof problem->title, "%s, d = %lld, %s network, N = %lld, P = %lld, kappa = %g", what,
             (long long)problem->dimension, ex_text(a, "activation"), (long long)problem->width,
             (long long)problem->samples, problem->kappa);
}

void ex_problem_make(ex_problem *problem, mfl_context *context, const ex_arguments *a)
{
    const int32_t from_file = ex_text(a, "data") != NULL;
    mfl_options *target;
    *problem = (ex_problem){.context = context, .kappa = ex_double(a, "kappa", 1e-150, 1e150)};
    check_combinations(a, from_file);
    ex_check(mfl_context_options(context, &target));
    ex_check(mfl_options_set_int(target, MFL_CONTEXT_SEED, ex_int(a, "seed", 0, INT64_C(1) << 60)));
    from_file ? read_file(problem, a) : make_task(problem, a);
    describe(problem, a);
}

void ex_problem_release(ex_problem *problem)
{
    mfl_dataset_destroy(problem->test);
    mfl_dataset_destroy(problem->train);
    mfl_model_destroy(problem->model);
    mfl_task_destroy(problem->task);
}
