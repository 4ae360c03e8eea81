/* SPDX-License-Identifier: BSD-3-Clause */
/* The single-neuron law at a point, the hat over it, and sums over all inputs, against what defines
 * them. */
#include <math.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "core/context.h"
#include "theory/handle.h"
#include "theory/orthogonal.h"
#include "theory/walsh.h"

static mfl_context *context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void close_context(void)
{
    mfl_context_destroy(context);
}

static mfl_theory *solved(mfl_task *task, int64_t d, int32_t activation, int32_t preset, int32_t induced,
                          double samples, double kappa)
{
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    ck_assert_int_eq(mfl_model_create(context, d, 32, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    ck_assert_int_eq(mfl_theory_create(context, task, model, &theory), MFL_OK);
    ck_assert_int_eq(mfl_theory_use(theory, preset), MFL_OK);
    ck_assert_int_eq(mfl_theory_options(theory, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-3), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_THEORY_INDUCED, induced), MFL_OK);
    ck_assert_msg(mfl_theory_solve(theory, samples, kappa) == MFL_OK, "%s",
                  mfl_context_message(context));
    ck_assert_int_eq(mfl_theory_sample(theory, 0, 1, NULL, 0, NULL),
                     MFL_OK); /* readies the neurons */
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

static mfl_theory *solved_parity(int64_t d, int64_t k, int32_t preset, double samples, double kappa)
{
    mfl_task *task;
    ck_assert_int_eq(mfl_task_create_parity(context, d, k, &task), MFL_OK);
    return solved(task, d, MFL_ACTIVATION_RELU, preset, 0, samples, kappa);
}

/* Flipping a sign of w_S flips J_S and leaves p(w) alone; permuting its components changes nothing.
 */
START_TEST(signs_and_permutations)
{
    mfl_theory *theory = solved_parity(12, 4, MFL_THEORY_MF_ARD, 200.0, 0.1);
    const mfli_density *density = &theory->neurons[0].density;
    static const double on[][4] = {
        {0.5, -0.3, 0.2, 0.4}, {-0.5, -0.3, 0.2, 0.4}, {0.4, 0.5, 0.2, -0.3}};
    mfli_density_point at[3];
    for (int32_t i = 0; i < 3; i++)
        mfli_density_at(density, on[i], 0.35, &at[i]);
    ck_assert(fabs(at[0].projection) > 1e-3);
    ck_assert_double_eq_tol(at[1].projection, -at[0].projection, 1e-15);
    ck_assert_double_eq_tol(at[1].readout.mean, -at[0].readout.mean, 1e-14);
    ck_assert_double_eq_tol(at[1].readout.log_factor, at[0].readout.log_factor, 1e-13);
    ck_assert_double_eq_tol(at[2].projection, at[0].projection, 1e-15);
    ck_assert_double_eq_tol(at[2].readout.log_factor, at[0].readout.log_factor, 1e-13);
    mfl_theory_destroy(theory);
}
END_TEST

/* (T6) and (T7) written out for ReLU, k = 2: J_S by its closed form, Sigma = |w|^2/2. */
START_TEST(a_point_by_hand)
{
    mfl_theory *theory = solved_parity(10, 2, MFL_THEORY_MF, 60.0, 0.2);
    const double on[] = {0.4, 0.7}, across = 0.5, gain = 60.0 / 0.04, n = 32.0;
    double m = theory->solutions[0].state.m, sum = 0.0, square = 0.16 + 0.49 + 0.25;
    for (int32_t side = -1; side <= 1; side += 2) {
        double t = (0.4 + side * 0.7) / across;
        sum += side * across *
               (0.5 * t * erf(t * sqrt(0.5)) + exp(-0.5 * t * t) / sqrt(8.0 * atan(1.0)));
    }
    double j = 0.5 * sum, a = 1.0 + gain / n * 0.5 * square,
           b = gain / sqrt(n) * (1.0 - (1.0 - 1.0 / n) * m) * j;
    mfli_density_point point;
    mfli_density_at(&theory->neurons[0].density, on, across, &point);
    ck_assert_double_eq_tol(point.projection, j, 1e-15);
    ck_assert_double_eq_tol(point.readout.mean, b / a, 1e-12);
    ck_assert_double_eq_tol(point.readout.variance, 1.0 / a, 1e-14);
    ck_assert_double_eq_tol(point.readout.log_factor, 0.5 * b * b / a - 0.5 * log(a), 1e-11);
    mfl_theory_destroy(theory);
}
END_TEST

/* Slopes against differences; with screening they leave out how Phi varies, so only the other
 * closures. */
static void check_slopes(mfl_theory *theory, int32_t k)
{
    static const double on[] = {0.3, -0.25, 0.4, 0.2};
    const mfli_density *density = &theory->neurons[0].density;
    const double across = 0.35, h = 1e-5;
    mfli_density_slope here, side[2];
    mfli_density_slope_at(density, on, across, &here);
    for (int32_t j = 0; j <= k; j++) {
        for (int32_t s = 0; s < 2; s++) {
            double moved[] = {on[0], on[1], on[2], on[3], across};
            moved[j < k ? j : 4] += s ? h : -h;
            mfli_density_slope_at(density, moved, moved[4], &side[s]);
        }
        double slope = (side[1].log_density - side[0].log_density) / (2.0 * h);
        ck_assert_double_eq_tol(j < k ? here.on[j] : here.across, slope,
                                1e-6 * (1.0 + fabs(slope)));
    }
    mfl_theory_destroy(theory);
}

START_TEST(slopes_are_derivatives)
{
    mfl_task *task;
    check_slopes(solved_parity(20, 4, MFL_THEORY_MF_ARD, 300.0, 0.1), 4);
    check_slopes(solved_parity(20, 1, MFL_THEORY_MF, 300.0, 0.1), 1);
    ck_assert_int_eq(mfl_task_create_hermite(context, 20, 4, &task), MFL_OK);
    check_slopes(solved(task, 20, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 0, 300.0, 0.1), 1);
}
END_TEST

/* The hat's mass times its acceptance is Z, which quadrature knows: within 5 standard errors of
 * 20,000 proposals (false- alarm rate 6e-7 each; the seed is fixed). Bulk, both humps, d = k, all
 * aligned at P/kappa^2 = 1e8. */
START_TEST(the_hat_holds_the_whole_law)
{
    static const struct {
        int64_t d, k;
        int32_t preset;
        double samples, kappa;
    } cases[] = {{20, 2, MFL_THEORY_MF, 20.0, 0.1},          {20, 2, MFL_THEORY_MF, 100.0, 0.1},
                 {20, 2, MFL_THEORY_MF_ARD, 100.0, 0.1},     {20, 4, MFL_THEORY_MF, 500.0, 0.08},
                 {4, 4, MFL_THEORY_MF, 400.0, 0.2},          {20, 2, MFL_THEORY_MF, 1.0, 1e-4},
                 {6, 1, MFL_THEORY_MF, 50.0, 0.1},           {400, 2, MFL_THEORY_MF, 2000.0, 0.1},
                 {12, 2, MFL_THEORY_MF_SCREENED, 100.0, 0.1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mfl_theory *theory = solved_parity(cases[i].d, cases[i].k, cases[i].preset,
                                           cases[i].samples, cases[i].kappa);
        const mfli_hat *hat = &theory->neurons[0].hat;
        double log_z = theory->solutions[0].state.neuron.log_mass,
               error = 1.0 / sqrt(MFLI_BOXES_QUIET * hat->boxes.acceptance);
        ck_assert(hat->boxes.acceptance > 0.1);
        ck_assert_msg(fabs(hat->boxes.log_total + log(hat->boxes.acceptance) - log_z) < 5.0 * error,
                      "case %zu: %.8g, not %.8g", i, hat->boxes.log_total + log(hat->boxes.acceptance), log_z);
        mfl_theory_destroy(theory);
    }
}
END_TEST

/* The same of the boxes of general laws, which have up to four coordinates: staircases, other activations, Gaussian
 * inputs, induced modes, screening. */
START_TEST(boxes_hold_the_whole_law)
{
    static const struct {
        int64_t d, variables, terms, degrees[9];
        double coefficients[3];
        int32_t law, activation, preset, induced;
        double samples, kappa;
    } cases[] = {
        {20, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 0, 100.0, 0.1},
        {20, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_GELU, MFL_THEORY_MF, 0, 400.0, 0.05},
        {30, 3, 2, {1, 1, 0, 0, 1, 1}, {1.0, 1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 0, 400.0, 0.05},
        {20, 1, 1, {1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_ERF, MFL_THEORY_MF_SCREENED, 0, 100.0, 0.1},
        {16, 2, 2, {1, 1, 2, 0}, {1.0, 0.5}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 0, 200.0, 0.1},
        {16, 1, 1, {2}, {1.0}, MFL_INPUT_GAUSSIAN, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 4, 200.0, 0.1},
        {20, 2, 1, {1, 1}, {1.0}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_QUADRATIC, MFL_THEORY_MF, 0, 1.0, 1e-3},
        {3, 3, 2, {1, 0, 0, 1, 1, 0}, {1.0, 0.5}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF, 0, 50.0, 0.3},
        {20, 2, 2, {1, 0, 1, 1}, {1.0, 0.7}, MFL_INPUT_HYPERCUBE, MFL_ACTIVATION_RELU, MFL_THEORY_MF_ARD, 0, 100.0, 0.1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mfl_task *task;
        mfl_options *options;
        ck_assert_int_eq(mfl_task_create_sum(context, cases[i].d, cases[i].variables, cases[i].terms, cases[i].degrees,
                                             cases[i].coefficients, &task),
                         MFL_OK);
        ck_assert_int_eq(mfl_task_options(task, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_TASK_INPUT_LAW, cases[i].law), MFL_OK);
        mfl_theory *theory = solved(task, cases[i].d, cases[i].activation, cases[i].preset, cases[i].induced,
                                    cases[i].samples, cases[i].kappa);
        ck_assert_ptr_nonnull(theory->neurons[0].frame_law);
        const mfli_boxes *boxes = &theory->neurons[0].frame_law->boxes;
        double log_z, error = 1.0 / sqrt(MFLI_BOXES_QUIET * boxes->acceptance);
        ck_assert_int_eq(mfl_theory_get(theory, MFL_THEORY_LOG_Z, &log_z, NULL), MFL_OK);
        ck_assert_msg(boxes->acceptance > 0.1, "case %zu: %g of %d", i, boxes->acceptance, boxes->count);
        ck_assert_msg(fabs(boxes->log_total + log(boxes->acceptance) - log_z) < 5.0 * error,
                      "case %zu: %.8g, not %.8g", i, boxes->log_total + log(boxes->acceptance), log_z);
        mfl_theory_destroy(theory);
    }
}
END_TEST

static double phi_of(const mfli_model *model, double z)
{
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        return fmax(z, 0.0);
    case MFL_ACTIVATION_LEAKY:
        return z > 0.0 ? z : model->leak * z;
    case MFL_ACTIVATION_ERF:
        return erf(z);
    case MFL_ACTIVATION_TANH:
        return tanh(z);
    case MFL_ACTIVATION_GELU:
        return 0.5 * z * erfc(-z * sqrt(0.5));
    case MFL_ACTIVATION_QUADRATIC:
        return z * z;
    case MFL_ACTIVATION_CALLER:
        return fabs(z - 0.3);
    default:
        return z;
    }
}

static int32_t kinked(int64_t count, const double *z, double *value, double *slope, void *data)
{
    (void)slope;
    (void)data;
    for (int64_t i = 0; i < count; i++)
        value[i] = fabs(z[i] - 0.3);
    return 0;
}

/* One input pattern after another: E phi times the product of the first k inputs, and E phi^2. */
static double direct_sum(const mfli_model *model, int32_t k, int32_t d, const double *w, double *square)
{
    double sum = 0.0;
    *square = 0.0;
    for (int32_t signs = 0; signs < 1 << d; signs++) {
        double z = 0.0;
        int32_t odd = 0;
        for (int32_t j = 0; j < d; j++) {
            z += signs >> j & 1 ? -w[j] : w[j];
            odd ^= j < k && signs >> j & 1;
        }
        double phi = phi_of(model, z);
        sum += odd ? -phi : phi;
        *square += ldexp(phi * phi, -d);
    }
    return ldexp(sum, -d);
}

/* Largest error of the mean along all k signs and of that of the square, for weights of this length off the first k. */
static double error_of_means(int32_t activation, int32_t k, int32_t d, double length)
{
    mfli_model model = {.activation = activation, .leak = 0.2, .phi = kinked};
    double w[20], mean[64], square, direct_square, norm = 0.0;
    double *scratch = malloc((size_t)mfli_orthogonal_scratch(&model, d - k) * sizeof *scratch);
    ck_assert_ptr_nonnull(scratch);
    for (int32_t j = 0; j < d; j++)
        w[j] = sin(3.0 * j + 1.0) * (j % 5 != 4 ? 1.0 : 0.0); /* zeros tie sums */
    for (int32_t j = k; j < d; j++)
        norm += w[j] * w[j];
    for (int32_t j = k; j < d && norm > 0.0; j++)
        w[j] *= length / sqrt(norm);
    ck_assert_int_eq(mfli_orthogonal_means(context, &model, k, w, d - k, w + k, scratch, mean, &square), MFL_OK);
    mfli_walsh_transform(k, mean);
    double direct = direct_sum(&model, k, d, w, &direct_square);
    free(scratch);
    return fmax(fabs(mean[(1 << k) - 1] - direct), fabs(square - direct_square) / (1.0 + direct_square));
}

/* Sums that are exact. */
START_TEST(all_inputs_are_summed)
{
    static const int32_t exact[] = {MFL_ACTIVATION_RELU, MFL_ACTIVATION_LEAKY, MFL_ACTIVATION_LINEAR,
                                    MFL_ACTIVATION_QUADRATIC, MFL_ACTIVATION_CALLER};
    double worst = 0.0;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        for (int32_t d = 1; d <= 13; d++)
            for (int32_t k = 1; k <= d && k <= 6; k++)
                if (d - k <= 12)
                    worst = fmax(worst, error_of_means(exact[i], k, d, 1.0));
    ck_assert_double_le(worst, 3e-14);
}
END_TEST

/* Gauss's rules for the law of the inputs off the support lose digits as the weights there grow. */
START_TEST(analytic_activations_are_summed_by_rules)
{
    static const int32_t smooth[] = {MFL_ACTIVATION_ERF, MFL_ACTIVATION_TANH, MFL_ACTIVATION_GELU};
    static const double length[] = {0.5, 1.0, 2.0, 4.0}, most[] = {1e-12, 1e-12, 1e-7, 1e-3};
    for (int32_t i = 0; i < 3; i++)
        for (int32_t l = 0; l < 4; l++)
            for (int32_t d = 8; d <= 18; d += 5)
                for (int32_t k = 1; k <= 3; k += 2) {
                    double error = error_of_means(smooth[i], k, d, length[l]);
                    ck_assert_msg(error < most[l], "%d, d = %d, k = %d, length %g: %.2g", smooth[i], d, k, length[l],
                                  error);
                }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(open_context, close_context, "theory_density", signs_and_permutations,
                             a_point_by_hand, slopes_are_derivatives, the_hat_holds_the_whole_law, boxes_hold_the_whole_law,
                             all_inputs_are_summed, analytic_activations_are_summed_by_rules);
}
