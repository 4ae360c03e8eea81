/* SPDX-License-Identifier: BSD-3-Clause */
/* The error of single draws under mean-field theory, against one-dimensional quadrature where d = 1 and phi is linear:
 * f(1) = N^-gamma sum_i a_i w_i with N independent neurons of the law (T8), a | w ~ N(B/A, 1/A). */
#include <math.h>

#include <mflearn/mflearn.h>

#include "../run.h"

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s: %s", #call, mfl_context_message(context))

static mfl_context *context;

/* The trapezoidal rule over w; p(w) is smooth and decays like a Gaussian. */
static double draw_error(double n, double gamma, double sigma_w, double sigma_a, double ratio, double m)
{
    const double span = 12.0 * sigma_w, h = 1e-4 * sigma_w;
    double mass = 0.0, first = 0.0, second = 0.0;
    for (double w = -span; w <= span; w += h) {
        double a = 1.0 / (sigma_a * sigma_a) + pow(n, -2.0 * gamma) * ratio * w * w;
        double b = pow(n, -gamma) * ratio * (1.0 - (1.0 - 1.0 / n) * m) * w;
        double p = exp(-w * w / (2.0 * sigma_w * sigma_w) + b * b / (2.0 * a)) / sqrt(a);
        mass += p;
        first += p * w * b / a;
        second += p * w * w * (b * b / (a * a) + 1.0 / a);
    }
    first /= mass;
    second /= mass;
    ck_assert_double_eq_tol(pow(n, 1.0 - gamma) * first, m, 1e-7); /* the self-consistency (T9) itself */
    return (1.0 - m) * (1.0 - m) + pow(n, 1.0 - 2.0 * gamma) * (second - first * first);
}

START_TEST(draw_error_of_linear_neurons)
{
    static const double cases[][3] = {{1, 0.5, 4.0}, {3, 0.5, 4.0}, {3, 0.75, 20.0}, {40, 0.5, 100.0}, {5, 1.0, 50.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double n = cases[i][0], gamma = cases[i][1], ratio = cases[i][2];
        mfl_task *task;
        mfl_model *model;
        mfl_theory *theory;
        mfl_options *options;
        double m, error;
        OK(mfl_task_create_parity(context, 1, 1, &task));
        OK(mfl_model_create(context, 1, (int64_t)n, &model));
        OK(mfl_model_options(model, &options));
        OK(mfl_options_set_text(options, "activation", "linear"));
        OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma));
        OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.3));
        OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, 0.8));
        OK(mfl_theory_create(context, task, model, &theory));
        OK(mfl_theory_solve(theory, ratio, 1.0));
        OK(mfl_theory_get(theory, MFL_THEORY_M, &m, NULL));
        OK(mfl_theory_get(theory, MFL_THEORY_DRAW_ERROR, &error, NULL));
        double plain = draw_error(n, gamma, 1.3, 0.8, ratio, m);
        ck_assert_msg(fabs(error - plain) < 1e-6 * plain, "N = %g, gamma = %g: %.12g against %.12g", n, gamma, error,
                      plain);
        mfl_theory_destroy(theory);
        mfl_model_destroy(model);
        mfl_task_destroy(task);
    }
}
END_TEST

/* Without samples the draws are the prior's: 1 + N^(1 - 2 gamma) sigma_a^2 sigma_w^2. */
START_TEST(draw_error_of_the_prior)
{
    for (double gamma = 0.5; gamma <= 1.0; gamma += 0.25) {
        mfl_task *task;
        mfl_model *model;
        mfl_theory *theory;
        mfl_options *options;
        double error;
        OK(mfl_task_create_parity(context, 1, 1, &task));
        OK(mfl_model_create(context, 1, 9, &model));
        OK(mfl_model_options(model, &options));
        OK(mfl_options_set_text(options, "activation", "linear"));
        OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma));
        OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.3));
        OK(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, 0.8));
        OK(mfl_theory_create(context, task, model, &theory));
        OK(mfl_theory_solve(theory, 0.0, 1.0));
        OK(mfl_theory_get(theory, MFL_THEORY_DRAW_ERROR, &error, NULL));
        ck_assert_double_eq_tol(error, 1.0 + pow(9.0, 1.0 - 2.0 * gamma) * 1.3 * 1.3 * 0.8 * 0.8, 1e-10);
        mfl_theory_destroy(theory);
        mfl_model_destroy(model);
        mfl_task_destroy(task);
    }
}
END_TEST

int main(void)
{
    if (mfl_context_create(&context))
        return 1;
    int failed = RUN_TESTS("theory: draws", draw_error_of_linear_neurons, draw_error_of_the_prior);
    mfl_context_destroy(context);
    return failed;
}
