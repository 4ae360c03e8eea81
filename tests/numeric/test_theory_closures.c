/* SPDX-License-Identifier: BSD-3-Clause */
/* The closures beyond the plain mean field, through the public interface. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;

typedef struct problem {
    int64_t d, k, n;
    double sigma_w, sigma_a;
    int32_t activation, preset;
} problem;

static mfl_theory *new_theory(const problem *p, mfl_options **options)
{
    mfl_task *task;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *of_model;
    ck_assert_int_eq(mfl_task_create_parity(context, p->d, p->k, &task), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, p->d, p->n, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &of_model), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(of_model, MFL_MODEL_SIGMA_W, p->sigma_w), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(of_model, MFL_MODEL_SIGMA_A, p->sigma_a), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(of_model, MFL_MODEL_ACTIVATION, p->activation), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, options), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, p->preset), MFL_OK);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static double get(const mfl_theory *theory, int32_t key)
{
    double value;
    ck_assert_int_eq(mfl_theory_get(theory, key, &value, NULL), MFL_OK);
    return value;
}

static void solve(mfl_theory *theory, double samples, double kappa)
{
    int32_t stop;
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s", mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_stop(theory, &stop), MFL_OK);
    ck_assert_int_eq(stop, MFL_STOP_CONVERGED);
    ck_assert(get(theory, MFL_THEORY_RESIDUAL) < 1e-10 && get(theory, MFL_THEORY_RESIDUAL_RHO) < 1e-10);
    ck_assert(get(theory, MFL_THEORY_RESIDUAL_NOISE) < 1e-10 && get(theory, MFL_THEORY_RESIDUAL_LAMBDA) < 1e-10);
}

/* From an independent prototype. (T12) is checked on the reported numbers once more. */
START_TEST(relevance_determination_meets_its_figures)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {20, 2, 128, 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF_ARD};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    solve(theory, 400.0, 0.1);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), 0.93417282, 1e-8);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_RHO_ON), 8.2246801, 1e-7);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_RHO_OFF), 21.435257, 1e-6);
    double on = get(theory, MFL_THEORY_WEIGHT_ON), off = get(theory, MFL_THEORY_WEIGHT_OFF);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_RHO_ON) * (0.2 + 0.5 * on), 4.5, 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_RHO_OFF) * (0.2 + 0.5 * off), 4.5, 1e-9);
    solve(theory, 0.0, 0.1);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_RHO_ON), 20.0, 1e-12);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* alpha0 -> infinity fixes the precisions at their prior mean: the plain mean field. */
START_TEST(a_sharp_prior_of_precisions_is_the_plain_mean_field)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {20, 2, 128, 1.3, 0.8, MFL_ACTIVATION_RELU, MFL_THEORY_MF};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    solve(theory, 100.0, 0.1);
    double m = get(theory, MFL_THEORY_M);
    ck_assert_int_eq(mfl_theory_use(theory, MFL_THEORY_MF_ARD), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_ALPHA, 1e10), MFL_OK);
    solve(theory, 100.0, 0.1);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m, 1e-8);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* P and kappa^2, sigma_a and 1/sigma_w go together; rho scales with sigma_w^-2. */
START_TEST(scaling_identities)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int32_t preset = MFL_THEORY_MF_ARD; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        problem p = {16, 2, 64, 1.0, 1.0, MFL_ACTIVATION_RELU, preset};
        problem q = {16, 2, 64, 0.5, 2.0, MFL_ACTIVATION_RELU, preset};
        mfl_options *options;
        mfl_theory *one = new_theory(&p, &options), *other = new_theory(&q, &options);
        solve(one, 120.0, 0.2);
        solve(other, 120.0, 0.2);
        ck_assert_double_eq_tol(get(one, MFL_THEORY_M), get(other, MFL_THEORY_M), 1e-9);
        if (preset == MFL_THEORY_MF_ARD)
            ck_assert_double_eq_tol(4.0 * get(one, MFL_THEORY_RHO_ON) / get(other, MFL_THEORY_RHO_ON), 1.0, 1e-9);
        mfl_theory_destroy(one);
        mfl_theory_destroy(other);
    }
    mfl_context_destroy(context);
}
END_TEST

/* d = 1, N = 64, phi linear, x = y = 1, kappa^2 = 0.1: one mode, so that P = 1 is one datum, and (T13), (T14) are a
 * one-dimensional integral: 0.9090. Here once more by Simpson, with G = 1/((1 - 1/N) lambda + kappa^2). */
START_TEST(one_datum_screened)
{
    double lambda = 1.0;
    for (int32_t sweep = 0; sweep < 60; sweep++) {
        double g = 1.0 / ((1.0 - 1.0 / 64.0) * lambda + 0.1), mass = 0.0, mean = 0.0;
        for (int32_t i = 0; i <= 20000; i++) {
            double w = 12.0 * i / 20000.0, a = 1.0 + w * w * g / 64.0, b = w * g / 8.0;
            double p = (i == 0 ? 1.0 : i % 2 ? 4.0 : 2.0) * exp(-0.5 * w * w + 0.5 * b * b / a) / sqrt(a);
            mass += p;
            mean += p * w * w;
        }
        lambda = mean / mass;
    }
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {1, 1, 64, 1.0, 1.0, MFL_ACTIVATION_LINEAR, MFL_THEORY_MF_SCREENED};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, MFL_THEORY_NOISE_BARE), MFL_OK);
    solve(theory, 1.0, sqrt(0.1));
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), lambda / (lambda + 0.1), 1e-9);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), 0.9090, 5e-5);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* Reference: an independent program, tensor quadrature over (log |w_S|, angle, log v) with every class (T, q), q <= 6,
 * written out, plain damping of the others and bisection in lambda_S; its m and kt are good to about 2e-6. */
START_TEST(screening_meets_its_figures)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {20, 2, 128, 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF_SCREENED};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    solve(theory, 200.0, 0.1);
    double m = get(theory, MFL_THEORY_M), kt = get(theory, MFL_THEORY_EFFECTIVE_NOISE);
    double learned = 200.0 * get(theory, MFL_THEORY_LAMBDA);
    ck_assert_double_eq_tol(m, 0.924488, 5e-6);
    ck_assert_double_eq_tol(kt, 0.0590355, 2e-6);
    ck_assert_double_eq_tol(m, learned / (kt + learned), 1e-12);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_FREE_ENERGY, &m, NULL), MFL_ERROR_STATE);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* N -> infinity: every closure with renormalised noise is the learning curve of kernel ridge regression, and one with
 * bare noise the equivalent kernel, whatever the self-energy; corrections are of order 1/N. */
START_TEST(wide_networks_are_kernel_machines)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int32_t noise = MFL_THEORY_NOISE_BARE; noise <= MFL_THEORY_NOISE_RENORMALISED; noise++) {
        for (int32_t self = MFL_THEORY_SELF_NONE; self <= MFL_THEORY_SELF_SCREENED; self++) {
            double m[3];
            for (int32_t i = 0; i < 3; i++) {
                static const int64_t width_of[] = {0, 1000000, 4000000};
                problem p = {12, 2, width_of[i], 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF};
                mfl_options *options;
                mfl_theory *theory = new_theory(&p, &options);
                ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, noise), MFL_OK);
                ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, self), MFL_OK);
                solve(theory, 300.0, 0.3);
                m[i] = get(theory, MFL_THEORY_M);
                mfl_theory_destroy(theory);
            }
            ck_assert(fabs(m[1] - m[0]) < 1e-3);
            ck_assert_double_eq_tol((m[2] - m[0]) / (m[1] - m[0]), 0.25, 0.02);
        }
    }
    mfl_context_destroy(context);
}
END_TEST

/* With one precision for the whole layer there are two solutions between the folds, and the one with the lower free
 * energy changes from the aligned to the other where the noise grows. */
START_TEST(shared_precisions_have_two_branches)
{
    static const double kappa_of[] = {0.5, 0.8, 0.95, 1.1};
    static const int32_t branches_of[] = {1, 2, 2, 1};
    double gap[4] = {0.0};
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {40, 2, 64, 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF_ARD};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SHARING, 0), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6), MFL_OK);
    for (int32_t i = 0; i < 4; i++) {
        int32_t count;
        solve(theory, 100.0, kappa_of[i]);
        ck_assert_int_eq(mfl_theory_branches(theory, &count), MFL_OK);
        ck_assert_int_eq(count, branches_of[i]);
        ck_assert(i == 0 ? get(theory, MFL_THEORY_M) > 0.6 : get(theory, MFL_THEORY_M) < 0.02);
        if (count < 2)
            continue;
        double low = get(theory, MFL_THEORY_FREE_ENERGY);
        ck_assert_int_eq(mfl_theory_select(theory, 1), MFL_OK);
        ck_assert(get(theory, MFL_THEORY_M) > 0.3);
        ck_assert(get(theory, MFL_THEORY_RHO_ON) < 0.1 * get(theory, MFL_THEORY_RHO_OFF));
        gap[i] = get(theory, MFL_THEORY_FREE_ENERGY) - low;
    }
    ck_assert(gap[1] < 0.0 && gap[2] > 0.0);
    ck_assert_int_eq(mfl_theory_select(theory, 2), MFL_ERROR_ARGUMENT);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

/* N = 1 is exact whatever the noise is called: nobody else is there to be noise, or to screen. */
START_TEST(one_neuron_sees_itself_alone)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {8, 2, 1, 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    solve(theory, 30.0, 0.4);
    double m = get(theory, MFL_THEORY_M);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_NOISE, MFL_THEORY_NOISE_RENORMALISED), MFL_OK);
    solve(theory, 30.0, 0.4);
    ck_assert_double_eq_tol(get(theory, MFL_THEORY_M), m, 1e-8);
    mfl_theory_destroy(theory);
    mfl_context_destroy(context);
}
END_TEST

START_TEST(what_is_not_known_is_refused)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    problem p = {20, 2, 128, 1.0, 1.0, MFL_ACTIVATION_RELU, MFL_THEORY_MF};
    mfl_options *options;
    mfl_theory *theory = new_theory(&p, &options);
    double value;
    ck_assert_int_eq(mfl_theory_use(theory, 3), MFL_ERROR_ARGUMENT);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_SELF_ENERGY, MFL_THEORY_SELF_NONE), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 400.0, 0.1), MFL_ERROR_DIVERGED); /* p(w) cannot be normalised */
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_M, &value, NULL), MFL_ERROR_STATE);
    solve(theory, 4.0, 0.5);
    ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_RHO_ON, &value, NULL), MFL_ERROR_STATE);
    mfl_theory_destroy(theory);

    mfl_task *task;
    mfl_model *model;
    static const double direction[] = {1.0, 1.0, 0.0, 0.0};
    ck_assert_int_eq(mfl_task_create_hermite(context, 4, 2, &task), MFL_OK);
    ck_assert_int_eq(mfl_task_set_direction(task, direction, 4), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 4, 16, &model), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, MFL_THEORY_MF_ARD), MFL_OK);
    ck_assert_int_eq(mfl_theory_solve(theory, 40.0, 0.5), MFL_ERROR_UNSUPPORTED); /* (1, 1, 0, 0) is no axis */
    mfl_theory_destroy(theory);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("theory_closures", relevance_determination_meets_its_figures,
                     a_sharp_prior_of_precisions_is_the_plain_mean_field, scaling_identities, one_datum_screened,
                     screening_meets_its_figures, wide_networks_are_kernel_machines,
                     shared_precisions_have_two_branches, one_neuron_sees_itself_alone, what_is_not_known_is_refused);
}
