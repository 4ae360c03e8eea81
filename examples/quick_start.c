/* Samples the posterior of a network on a sparse parity, and compares with its kernel and with mean-field theory. */
#include <mflearn/mflearn.h>
#include <stdio.h>

#define TRY(call)                                                                                            \
    if ((call) != MFL_OK) {                                                                                  \
        fprintf(stderr, "%s\n", mfl_context_message(context));                                               \
        return 1;                                                                                            \
    }

int main(void)
{
    mfl_context *context;
    mfl_task *parity;
    mfl_model *model;
    mfl_dataset *train, *test;
    mfl_sampler *sampler;
    mfl_ridge *ridge;
    mfl_theory *theory;
    const double kappa = 0.1, *x, *y;
    double m_posterior, m_theory, error, f[1000], m_kernel = 0.0;
    int64_t stride, unit;

    if (mfl_context_create(&context) != MFL_OK)
        return 1;
    TRY(mfl_task_create_parity(context, 20, 2, &parity));     /* y = x_1 x_2 on {-1,+1}^20 */
    TRY(mfl_model_create(context, 20, 128, &model));          /* 128 ReLU neurons */
    TRY(mfl_dataset_draw(parity, 200, 0.0, 0, MFL_ROLE_TRAIN, &train));
    TRY(mfl_dataset_draw(parity, 1000, 0.0, 0, MFL_ROLE_TEST, &test));

    TRY(mfl_sampler_create(model, train, kappa, &sampler));   /* the finite network's posterior */
    TRY(mfl_sampler_set_task(sampler, parity));
    TRY(mfl_sampler_run(sampler));
    TRY(mfl_sampler_get(sampler, MFL_SAMPLER_ORDER_PARAMETER, &m_posterior));

    TRY(mfl_ridge_create(model, &ridge));                     /* the same network at infinite width */
    TRY(mfl_ridge_fit(ridge, train, kappa));
    TRY(mfl_dataset_inputs(test, &x, &stride, &unit));
    TRY(mfl_dataset_targets(test, &y));
    TRY(mfl_ridge_predict(ridge, x, 1000, stride, f, NULL));
    for (int i = 0; i < 1000; i++)
        m_kernel += f[i] * y[i] / 1000.0;

    TRY(mfl_theory_create(context, parity, model, &theory));  /* mean-field theory */
    TRY(mfl_theory_solve(theory, 200.0, kappa));
    TRY(mfl_theory_get(theory, MFL_THEORY_M, &m_theory, &error));

    printf("order parameter: posterior %.3f, kernel %.3f, mean field %.6f (+- %.0e)\n", m_posterior, m_kernel,
           m_theory, error);
    mfl_theory_destroy(theory);
    mfl_ridge_destroy(ridge);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(test);
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(parity);
    mfl_context_destroy(context);
    return 0;
}
