/* SPDX-License-Identifier: BSD-3-Clause */
/* A program of the time when the interface was frozen. It stays as it is; so do the headers it is compiled with
 * (headers-0.1). It goes through every kind of handle and what holds for all of them. */
#include <mflearn/mflearn.h>
#include <math.h>
#include <stdio.h>

static mfl_context *context;
static int failures;

static void check(int32_t status, int holds, const char *what)
{
    if (status == MFL_OK && holds)
        return;
    printf("FAILED: %s (%s: %s)\n", what, mfl_status_name(status), mfl_context_message(context));
    failures++;
}

#define CALL(call) check(call, 1, #call)
#define HOLDS(call, fact)                                                                                    \
    do {                                                                                                     \
        const int32_t status = call;                                                                         \
        check(status, fact, #call " and " #fact);                                                            \
    } while (0)

static int32_t count_calls(const char *stage, double fraction, double seconds, void *data)
{
    (void)stage, (void)seconds;
    HOLDS(MFL_OK, fraction >= 0.0 && fraction <= 1.0);
    ++*(int *)data;
    return 0;
}

static void solve(mfl_task *task, mfl_model *model)
{
    mfl_theory *theory;
    mfl_path *path;
    mfl_diagram *diagram;
    double m = 0.0, error = 1.0;
    int32_t branches = 0;
    CALL(mfl_theory_create(context, task, model, &theory));
    CALL(mfl_theory_solve(theory, 200.0, 0.1));
    HOLDS(mfl_theory_get(theory, MFL_THEORY_M, &m, &error), fabs(m - 0.888988) < 1e-6 && error < 1e-6);
    CALL(mfl_path_create(theory, &path));
    CALL(mfl_path_follow(path, MFL_PATH_SAMPLES, 150.0, 250.0, 200.0, 0.1));
    HOLDS(mfl_path_branches(path, &branches), branches >= 1);
    CALL(mfl_diagram_create(theory, (const double[]){100.0, 200.0}, 2, (const double[]){0.1}, 1, &diagram));
    mfl_diagram_destroy(diagram);
    mfl_path_destroy(path);
    mfl_theory_destroy(theory);
}

static void learn(mfl_task *task, mfl_model *model)
{
    mfl_dataset *train, *part;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_options *options;
    mfl_network *network;
    const double *y;
    double potential = NAN, evidence = NAN, f[1], x[20] = {0};
    int64_t rows = 0, columns = 0;
    CALL(mfl_dataset_draw(task, 60, 0.0, 0, MFL_ROLE_TRAIN, &train));
    HOLDS(mfl_dataset_shape(train, &rows, &columns), rows == 60 && columns == 20);
    CALL(mfl_dataset_targets(train, &y));
    HOLDS(MFL_OK, fabs(y[0]) == 1.0);
    CALL(mfl_dataset_standardise(train, 0, &part));
    CALL(mfl_sampler_create(model, train, 0.3, &sampler));
    CALL(mfl_sampler_options(sampler, &options));
    CALL(mfl_options_set_int(options, MFL_SAMPLER_BURN_IN, 20));
    CALL(mfl_options_set_text(options, "draws", "10"));
    CALL(mfl_sampler_run(sampler));
    HOLDS(mfl_sampler_get(sampler, MFL_SAMPLER_POTENTIAL, &potential), isfinite(potential));
    CALL(mfl_network_create(model, &network));
    CALL(mfl_ridge_create(model, &ridge));
    CALL(mfl_ridge_fit(ridge, train, 0.3));
    HOLDS(mfl_ridge_log_evidence(ridge, &evidence), isfinite(evidence));
    HOLDS(mfl_ridge_predict(ridge, x, 1, 20, f, NULL), isfinite(f[0]));
    mfl_ridge_destroy(ridge);
    mfl_network_destroy(network);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(part);
    mfl_dataset_destroy(train);
}

int main(void)
{
    mfl_task *task;
    mfl_model *model;
    int calls = 0;
    if (mfl_version_check(MFL_VERSION_MAJOR, MFL_VERSION_MINOR) != MFL_OK || mfl_context_create(&context) != MFL_OK) {
        printf("FAILED: the library %s does not serve programs of %s\n", mfl_version_string(), MFL_VERSION_STRING);
        return 1;
    }
    CALL(mfl_context_set_progress(context, count_calls, &calls));
    CALL(mfl_task_create_parity(context, 20, 2, &task));
    HOLDS(MFL_OK, mfl_model_create(context, -1, 128, &model) < 0 && !model);
    CALL(mfl_model_create(context, 20, 128, &model));
    solve(task, model);
    learn(task, model);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    mfl_context_destroy(context);
    printf("a program of %s runs with the library %s, %d failures\n", MFL_VERSION_STRING, mfl_version_string(), failures);
    return failures != 0;
}
