/* SPDX-License-Identifier: BSD-3-Clause */
/* Theories at the ends of their ranges: kappa from 1e-8 to 1e8, N from 1 to 1e9, P from 0 to 1e9, d = 1. Every solve ends
 * after a bounded number of evaluations with finite results or a status; where there are limits they are met. */
#include "extremes.h"

enum { parity, hermite, relu, staircase };

typedef struct setting {
    int32_t kind, activation;
    int64_t d, k, evaluations;
    int32_t decades; /* between values of kappa */
    int32_t last;    /* preset: a single screened neuron at P/kappa^2 = 1e17 takes seconds where cells have lengths */
} setting;

static mfl_task *make_task(const setting *s)
{
    static const int64_t degrees[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 0.5};
    mfl_task *task;
    if (s->kind == parity)
        OK(mfl_task_create_parity(context, s->d, s->k, &task));
    else if (s->kind == hermite)
        OK(mfl_task_create_hermite(context, s->d, s->k, &task));
    else if (s->kind == relu)
        OK(mfl_task_create_relu(context, s->d, &task));
    else
        OK(mfl_task_create_sum(context, s->d, 2, 2, degrees, coefficients, &task));
    return task;
}

static mfl_theory *make_theory(const setting *s, int64_t width, double gamma, int32_t preset)
{
    mfl_task *task = make_task(s);
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    OK(mfl_model_create(context, s->d, width, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma));
    OK(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, s->activation));
    OK(mfl_theory_create(context, task, model, &theory));
    OK(mfl_theory_use(theory, preset));
    OK(mfl_theory_options(theory, &options));
    OK(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-4));
    OK(mfl_options_set_int(options, MFL_THEORY_RESOLUTIONS, 4));
    OK(mfl_options_set_int(options, MFL_THEORY_EVALUATIONS, s->evaluations));
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static double get(const mfl_theory *theory, int32_t key)
{
    double value;
    OK(mfl_theory_get(theory, key, &value, NULL));
    return value;
}

/* Results are finite; so are their errors where the solve was not cut short. */
static void look_at_results(const mfl_theory *theory, const char *where)
{
    int32_t stop, key;
    const char *name;
    OK(mfl_theory_stop(theory, &stop));
    for (size_t i = 0; mfl_theory_result_at(theory, i, &key, &name, NULL) == MFL_OK; i++) {
        double value, error;
        if (mfl_theory_get(theory, key, &value, &error) != MFL_OK) /* has no such result */
            continue;
        if (!isfinite(value) || isnan(error) || error < 0.0 || (isinf(error) && stop != MFL_STOP_LIMIT))
            ck_abort_msg("%s: %s is %g +- %g", where, name, value, error);
        if (key == MFL_THEORY_M && (value < -1e-9 - error || value > 1.0 + 1e-6 + error))
            ck_abort_msg("%s: m is %g +- %g", where, value, error);
    }
}

static void scan(const setting *s, int32_t preset, int64_t width, double gamma)
{
    static const double samples[] = {0.0, 10.0, 1e9};
    mfl_theory *theory = make_theory(s, width, gamma, preset);
    for (int p = 0; p < 3; p++)
        for (int32_t decade = -8; decade <= 8; decade += s->decades) {
            char where[160];
            int32_t branches;
            const double kappa = pow(10.0, decade);
            snprintf(where, sizeof where, "task %d, d %d, activation %d, preset %d, N %g, gamma %g, P %g, kappa %g",
                     (int)s->kind, (int)s->d, (int)s->activation, (int)preset, (double)width, gamma, samples[p], kappa);
            if (!has_answer(mfl_theory_solve(theory, samples[p], kappa), where))
                continue;
            OK(mfl_theory_branches(theory, &branches));
            for (int32_t branch = 0; branch < branches; branch++) {
                OK(mfl_theory_select(theory, branch));
                look_at_results(theory, where);
            }
        }
    mfl_theory_destroy(theory);
}

static const setting settings[] = {
    {parity, MFL_ACTIVATION_RELU, 1, 1, 100, 1, MFL_THEORY_MF_SCREENED},
    {parity, MFL_ACTIVATION_RELU, 12, 2, 100, 1, MFL_THEORY_MF_SCREENED},
    {parity, MFL_ACTIVATION_RELU, 2, 2, 100, 4, MFL_THEORY_MF_SCREENED},
    {hermite, MFL_ACTIVATION_RELU, 1, 1, 50, 4, MFL_THEORY_MF_SCREENED},
    {hermite, MFL_ACTIVATION_LINEAR, 12, 1, 50, 4, MFL_THEORY_MF_ARD},
    {relu, MFL_ACTIVATION_RELU, 1, 1, 50, 8, MFL_THEORY_MF_SCREENED},
    {parity, MFL_ACTIVATION_ERF, 1, 1, 50, 8, MFL_THEORY_MF},
    {staircase, MFL_ACTIVATION_RELU, 12, 2, 10, 8, MFL_THEORY_MF},
};
enum { setting_count = sizeof settings / sizeof *settings };

/* _i: which setting. */
START_TEST(every_solve_is_finite_or_refused)
{
    static const int64_t widths[] = {1, 1000000000};
    answered = refused = 0;
    for (int32_t preset = MFL_THEORY_MF; preset <= settings[_i].last; preset++)
        for (int w = 0; w < 2; w++)
            for (int g = 0; g < 2; g++)
                scan(&settings[_i], preset, widths[w], g ? 1.0 : 0.5);
    ck_assert_msg(answered > 3 * refused, "only %lld of %lld solves were answered", (long long)answered,
                  (long long)(answered + refused));
}
END_TEST

static double solved_m(mfl_theory *theory, double samples, double kappa)
{
    OK(mfl_theory_solve(theory, samples, kappa));
    return get(theory, MFL_THEORY_M);
}

/* kappa -> infinity: the law is the prior, and m = lambda P/kappa^2 with the same lambda whatever kappa, within the error
 * that is stated: the plain theory finds m from the residual 1 - m, to some 1e-13. */
START_TEST(large_noise_leaves_the_prior)
{
    static const setting s = {parity, MFL_ACTIVATION_RELU, 12, 2, 1000, 1, 0};
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        mfl_theory *theory = make_theory(&s, 100, 0.5, preset);
        OK(mfl_theory_solve(theory, 0.0, 1.0));
        const double lambda = get(theory, MFL_THEORY_LAMBDA);
        for (int32_t decade = 3; decade <= 8; decade++) {
            const double kappa = pow(10.0, decade), limit = 10.0 * lambda / (kappa * kappa);
            double m, error;
            OK(mfl_theory_solve(theory, 10.0, kappa));
            OK(mfl_theory_get(theory, MFL_THEORY_M, &m, &error));
            ck_assert_msg(fabs(m - limit) < 1e-4 * limit + fmin(error, 1e-7), "preset %d, kappa %g: m is %g +- %g, not %g",
                          (int)preset, kappa, m, error, limit);
        }
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* N -> infinity with gamma = 1/2: the kernel's m = lambda P/(kappa^2 + lambda P), off by O(1/N); with gamma = 1 the power
 * of the kernel goes like 1/N, and m with it. */
START_TEST(wide_networks_are_kernels)
{
    static const setting s = {parity, MFL_ACTIVATION_RELU, 12, 2, 1000, 1, 0};
    static const double samples = 50.0, kappa = 0.3;
    mfl_theory *kernel = make_theory(&s, 0, 0.5, MFL_THEORY_MF), *wide = make_theory(&s, 1000000000, 0.5, MFL_THEORY_MF);
    mfl_theory *lazy = make_theory(&s, 1000000000, 1.0, MFL_THEORY_MF);
    const double m = solved_m(kernel, samples, kappa), lambda = get(kernel, MFL_THEORY_LAMBDA);
    ck_assert_double_eq_tol(m, lambda * samples / (kappa * kappa + lambda * samples), 1e-12);
    ck_assert_double_eq_tol(solved_m(wide, samples, kappa), m, 1e-7);
    ck_assert_double_eq_tol(solved_m(lazy, samples, kappa) * 1e9 / (lambda * samples / (kappa * kappa)), 1.0, 1e-4);
    mfl_theory_destroy(lazy);
    mfl_theory_destroy(wide);
    mfl_theory_destroy(kernel);
}
END_TEST

/* One linear neuron, d = 1: m is the ratio of two integrals over one weight, here by the trapezoidal rule. */
START_TEST(one_weight_is_an_integral)
{
    static const setting s = {parity, MFL_ACTIVATION_LINEAR, 1, 1, 1000, 1, 0};
    mfl_theory *theory = make_theory(&s, 1, 0.5, MFL_THEORY_MF);
    for (int32_t decade = -3; decade <= 3; decade++) {
        const double kappa = pow(10.0, decade), g = 1.0 / (kappa * kappa), step = 1e-4;
        double mass = 0.0, sum = 0.0;
        for (double w = 0.5 * step; w < 12.0; w += step) {
            const double a = 1.0 + g * w * w, b = g * w;
            const double p = exp(-0.5 * w * w - 0.5 * log(a) + 0.5 * b * b / a - 0.5 * g);
            mass += p;
            sum += p * b / a * w;
        }
        const double m = solved_m(theory, 1.0, kappa);
        ck_assert_msg(fabs(m - sum / mass) < 2e-4 * sum / mass, "kappa %g: m is %.9g, the integral %.9g", kappa, m,
                      sum / mass);
    }
    mfl_theory_destroy(theory);
}
END_TEST

/* Without a degree given, screening and renormalised noise take the whole kernel, also where the neurons of a linear
 * teacher induce no mode: with linear neurons in d = 12 it has twelve equal powers, and kt solves (T16) with them. */
START_TEST(a_linear_teacher_has_the_whole_kernel)
{
    static const setting s = {hermite, MFL_ACTIVATION_LINEAR, 12, 1, 2000, 1, 0};
    static const double samples = 50.0, kappa = 0.3;
    mfl_theory *theory = make_theory(&s, 0, 0.5, MFL_THEORY_MF_SCREENED);
    const double m = solved_m(theory, samples, kappa), lambda = 1.0 / 12.0;
    double noise = 1.0;
    for (int i = 0; i < 500; i++)
        noise = kappa * kappa + 12.0 * lambda * noise / (noise + samples * lambda);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_LAMBDA), lambda, 1e-8);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_EFFECTIVE_NOISE), noise, 1e-6);
    ck_assert_double_eq_tol(m, samples * lambda / (noise + samples * lambda), 1e-6);
    mfl_theory_destroy(theory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extremes_theory");
    TCase *cases = add_case(suite, "extremes_theory", one_thread, give_up_context);
    tcase_add_loop_test(cases, every_solve_is_finite_or_refused, 0, setting_count);
    tcase_add_test(cases, large_noise_leaves_the_prior);
    tcase_add_test(cases, wide_networks_are_kernels);
    tcase_add_test(cases, one_weight_is_an_integral);
    tcase_add_test(cases, a_linear_teacher_has_the_whole_kernel);
    return run_suite(suite);
}
