/* SPDX-License-Identifier: BSD-3-Clause */
/* The numbers that the programs in examples/ffi must print to the last bit, computed in C. */
#include <mflearn/mflearn.h>
#include <stdio.h>
#include <stdlib.h>

static void check(int32_t status)
{
    if (status != MFL_OK) {
        fprintf(stderr, "%s\n", mfl_status_message(status));
        exit(1);
    }
}

static int32_t square(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i];
        derivative[i] = 2.0 * z[i];
    }
    return 0;
}

int main(void)
{
    mfl_context *context;
    mfl_options *options;
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train, *test;
    mfl_theory *theory;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_network *network;
    const double *x;
    double value, error, f[3];
    int64_t stride, unit;

    check(mfl_context_create(&context));
    check(mfl_context_options(context, &options));
    check(mfl_options_set_int(options, MFL_CONTEXT_SEED, 7));
    check(mfl_task_create_parity(context, 12, 2, &task));
    check(mfl_model_create(context, 12, 32, &model));
    check(mfl_dataset_draw(task, 60, 0.1, 0, MFL_ROLE_TRAIN, &train));
    check(mfl_dataset_draw(task, 3, 0.0, 0, MFL_ROLE_TEST, &test));
    check(mfl_dataset_inputs(test, &x, &stride, &unit));

    check(mfl_theory_create(context, task, model, &theory));
    check(mfl_theory_solve(theory, 60.0, 0.2));
    check(mfl_theory_get(theory, MFL_THEORY_M, &value, &error));
    printf("theory_m %.17g\n", value);

    check(mfl_sampler_create(model, train, 0.2, &sampler));
    check(mfl_sampler_set_task(sampler, task));
    check(mfl_sampler_options(sampler, &options));
    check(mfl_options_set_text(options, "burn_in", "200"));
    check(mfl_options_set_text(options, "draws", "20"));
    check(mfl_sampler_run(sampler));
    check(mfl_sampler_get(sampler, MFL_SAMPLER_ORDER_PARAMETER, &value));
    printf("sampler_m %.17g\n", value);

    check(mfl_ridge_create(model, &ridge));
    check(mfl_ridge_fit(ridge, train, 0.2));
    check(mfl_ridge_log_evidence(ridge, &value));
    printf("ridge_log_evidence %.17g\n", value);
    check(mfl_ridge_predict(ridge, x, 3, stride, f, NULL));
    for (int i = 0; i < 3; i++)
        printf("ridge_prediction %.17g\n", f[i]);

    check(mfl_model_set_activation(model, square, NULL));
    check(mfl_network_create(model, &network));
    check(mfl_network_draw_prior(network, 0));
    check(mfl_network_forward(network, x, 3, stride, f));
    for (int i = 0; i < 3; i++)
        printf("network_prediction %.17g\n", f[i]);

    mfl_network_destroy(network);
    mfl_ridge_destroy(ridge);
    mfl_sampler_destroy(sampler);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(test);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    mfl_context_destroy(context);
    return 0;
}
