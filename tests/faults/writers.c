/* SPDX-License-Identifier: BSD-3-Clause */
/* What the library writes, for tests that make it fail or kill it; standard output has all digits of the results.
 *   writers network DIRECTORY SEED       save a network
 *   writers chains DIRECTORY ATTEMPTS    go on from the checkpoint, if there is one, to four draws; save after each,
 *                                        with so many attempts before that is a failure
 *   writers solve DIRECTORY THREADS      solve a theory of a training set, or go on from its checkpoint, and save
 *                                        after every sweep
 *   writers check DIRECTORY              read what there is, and go on to six draws */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

enum { dimension = 3, width = 4, samples = 5, draws = 4 };

static mfl_context *context;
static char path[4096];

static void check(int32_t status)
{
    if (status == MFL_OK)
        return;
    fprintf(stderr, "writers: %s\n", context ? mfl_context_message(context) : mfl_status_message(status));
    exit(1);
}

static const char *in(const char *directory, const char *name)
{
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void set(mfl_options *options, int32_t key, int64_t value)
{
    check(mfl_options_set_int(options, key, value));
}

static mfl_task *make_task(int64_t d)
{
    mfl_task *task;
    check(mfl_task_create_parity(context, d, 2, &task));
    return task;
}

static mfl_model *make_model(int64_t d, int64_t neurons)
{
    mfl_model *model;
    check(mfl_model_create(context, d, neurons, &model));
    return model;
}

/* ---- networks ---- */

static void save_network(const char *directory, int32_t seed)
{
    mfl_network *network;
    mfl_model *model = make_model(dimension, width);
    check(mfl_network_create(model, &network));
    check(mfl_network_draw_prior(network, seed));
    check(mfl_network_save(network, in(directory, "network")));
    mfl_network_destroy(network);
    mfl_model_destroy(model);
}

static void print_network(const char *directory)
{
    mfl_network *network;
    double weights[width * dimension], readout[width];
    check(mfl_network_load(context, in(directory, "network"), &network));
    check(mfl_network_copy_weights(network, weights, dimension, readout));
    printf("network %a %a\n", weights[0], readout[width - 1]);
    mfl_network_destroy(network);
}

/* ---- chains ---- */

static mfl_sampler *make_sampler(void)
{
    mfl_task *task = make_task(dimension);
    mfl_model *model = make_model(dimension, width);
    mfl_dataset *data;
    mfl_sampler *sampler;
    mfl_options *options;
    check(mfl_dataset_draw(task, samples, 0.0, 0, MFL_ROLE_TRAIN, &data));
    check(mfl_sampler_create(model, data, 0.5, &sampler));
    check(mfl_sampler_options(sampler, &options));
    set(options, MFL_SAMPLER_METHOD, MFL_METHOD_HMC);
    set(options, MFL_SAMPLER_CHAINS, 2);
    set(options, MFL_SAMPLER_BURN_IN, 2);
    set(options, MFL_SAMPLER_DRAWS, 1);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return sampler;
}

static int64_t count_draws(const mfl_sampler *sampler)
{
    double total;
    check(mfl_sampler_get(sampler, MFL_SAMPLER_DRAWS_TOTAL, &total));
    return (int64_t)total / 2;
}

static mfl_sampler *go_on(const char *directory)
{
    mfl_sampler *sampler = make_sampler();
    if (access(in(directory, "checkpoint"), F_OK) == 0)
        check(mfl_sampler_load(sampler, path));
    else
        check(mfl_sampler_run(sampler));
    return sampler;
}

static void save_chains(const char *directory, int attempts)
{
    mfl_sampler *sampler = go_on(directory);
    for (;;) {
        int32_t status = mfl_sampler_save(sampler, in(directory, "checkpoint"));
        for (int again = 1; again < attempts && status; again++) {
            fprintf(stderr, "writers: %s\n", mfl_context_message(context));
            status = mfl_sampler_save(sampler, in(directory, "checkpoint"));
        }
        check(status);
        if (count_draws(sampler) >= draws)
            break;
        check(mfl_sampler_run(sampler));
    }
    mfl_sampler_destroy(sampler);
}

static void print_chains(const char *directory)
{
    mfl_sampler *sampler = go_on(directory);
    double trace[draws + 2];
    int64_t count;
    while (count_draws(sampler) < draws + 2)
        check(mfl_sampler_run(sampler));
    for (int64_t chain = 0; chain < 2; chain++) {
        check(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, chain, trace, draws + 2, &count));
        for (int64_t i = 0; i < count; i++)
            printf("%s%a%s", i ? " " : "chain ", trace[i], i + 1 < count ? "" : "\n");
    }
    mfl_sampler_destroy(sampler);
}

/* ---- theories of a training set ---- */

static void solve(const char *directory)
{
    enum { d = 5, rows = 30 };
    static const int32_t shown[] = {MFL_THEORY_OVERLAP, MFL_THEORY_M, MFL_THEORY_R_HAT};
    mfl_task *task = make_task(d);
    mfl_model *model = make_model(d, 32);
    mfl_dataset *data;
    mfl_theory *theory;
    mfl_options *options;
    double value, error;
    check(mfl_dataset_draw(task, rows, 0.1, 0, MFL_ROLE_TRAIN, &data));
    check(mfl_theory_create_empirical(context, model, data, task, &theory));
    check(mfl_theory_use(theory, MFL_THEORY_MF_ARD));
    check(mfl_theory_options(theory, &options));
    set(options, MFL_THEORY_PARTICLES, 96);
    set(options, MFL_THEORY_SWEEPS, 60);
    check(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6));
    if (access(in(directory, "theory"), F_OK) == 0) {
        check(mfl_theory_resume(theory, path, 0.0));
    } else {
        check(mfl_theory_set_checkpoint(theory, path, 0.0));
        check(mfl_theory_solve(theory, rows, 0.2));
    }
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        check(mfl_theory_get(theory, shown[i], &value, &error));
        printf("%a %a\n", value, error);
    }
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    const char *what = arguments[1], *directory = arguments[2];
    const int number = count > 3 ? atoi(arguments[3]) : 0;
    mfl_options *options;
    check(mfl_context_create(&context));
    check(mfl_context_options(context, &options));
    set(options, MFL_CONTEXT_THREADS, strcmp(what, "solve") == 0 ? number : 1);
    if (strcmp(what, "network") == 0)
        save_network(directory, number);
    else if (strcmp(what, "chains") == 0)
        save_chains(directory, number);
    else if (strcmp(what, "solve") == 0)
        solve(directory);
    else if (access(in(directory, "network"), F_OK) == 0)
        print_network(directory);
    if (strcmp(what, "check") == 0)
        print_chains(directory);
    mfl_context_destroy(context);
    return 0;
}
