/* SPDX-License-Identifier: BSD-3-Clause */
/* Data at the ends of the range of numbers: inputs and targets from denormal to 1e150, kappa from 1e-8 to 1e8, d = 1,
 * P = 1. Networks, kernel ridge regression, standardisation, spectra of data, theories of data: finite or refused; and
 * where a scale can be taken out exactly, the same numbers. */
#include <string.h>

#include "extremes.h"

enum { most_rows = 12, d_most = 6 };

static const double scales[] = {4.9e-324, 1e-310, 1e-150, 1e-20, 1.0, 1e20, 1e100, 1e150};
enum { scale_count = sizeof scales / sizeof *scales };

typedef struct numbers {
    double x[most_rows * d_most], y[most_rows];
} numbers;

/* Fixed, of order 1, no two rows alike. */
static numbers make_numbers(int64_t rows, int64_t d, double scale_x, double scale_y)
{
    numbers n = {{0.0}, {0.0}};
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < d; j++)
            n.x[i * d + j] = scale_x * sin(1.0 + 1.7 * (double)i + 2.9 * (double)j);
        n.y[i] = scale_y * cos(3.0 + 1.3 * (double)i);
    }
    return n;
}

static mfl_dataset *make_data(int64_t rows, int64_t d, double scale_x, double scale_y)
{
    const numbers n = make_numbers(rows, d, scale_x, scale_y);
    mfl_dataset *data;
    OK(mfl_dataset_copy(context, rows, d, n.x, d, 1, n.y, &data));
    return data;
}

static mfl_model *make_model(int64_t d, int64_t width, int32_t activation)
{
    mfl_model *model;
    mfl_options *options;
    OK(mfl_model_create(context, d, width, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation));
    return model;
}

static const int64_t shapes[][2] = {{1, 1}, {1, 5}, {12, 1}, {12, 6}}; /* P, d */
enum { shape_count = sizeof shapes / sizeof *shapes };

static void look_at_network(mfl_network *network, const numbers *n, int64_t rows, int64_t d, mfl_dataset *data,
                            double scale)
{
    double f[most_rows], gradient[8 * d_most], readout[8], u;
    if (HAS_ANSWER(mfl_network_forward(network, n->x, rows, d, f)))
        all_finite(f, rows, "prediction", scale);
    for (int32_t decade = -8; decade <= 8; decade += 4)
        if (HAS_ANSWER(mfl_network_potential(network, data, pow(10.0, decade), &u, gradient, d, readout))) {
            all_finite(&u, 1, "potential", scale);
            all_finite(gradient, 8 * d, "gradient", scale);
            all_finite(readout, 8, "readout gradient", scale);
        }
}

/* Weights of prior size, denormal, and large. */
START_TEST(networks_are_finite_or_refused)
{
    static const double sizes[] = {1.0, 1e-320, 1e-160, 1e160};
    for (int32_t activation = MFL_ACTIVATION_RELU; activation < MFL_ACTIVATION_CALLER; activation++)
        for (int s = 0; s < shape_count; s++)
            for (int x = 0; x < scale_count; x++)
                for (int y = 0; y < scale_count; y += 3) {
                    const int64_t rows = shapes[s][0], d = shapes[s][1];
                    const numbers n = make_numbers(rows, d, scales[x], scales[y]);
                    double w[8 * d_most], scaled[8 * d_most], a[8];
                    mfl_model *model = make_model(d, 8, activation);
                    mfl_dataset *data = make_data(rows, d, scales[x], scales[y]);
                    mfl_network *network;
                    OK(mfl_network_create(model, &network));
                    OK(mfl_network_draw_prior(network, 0));
                    OK(mfl_network_copy_weights(network, w, d, a));
                    for (int size = 0; size < 4; size++) {
                        for (int64_t i = 0; i < 8 * d; i++)
                            scaled[i] = w[i] * sizes[size];
                        OK(mfl_network_set_weights(network, scaled, d, a));
                        look_at_network(network, &n, rows, d, data, scales[x]);
                    }
                    mfl_network_destroy(network);
                    mfl_dataset_destroy(data);
                    mfl_model_destroy(model);
                }
}
END_TEST

static mfl_ridge *make_ridge(int64_t d, int32_t kernel, int32_t activation)
{
    mfl_model *model = make_model(d, 0, activation);
    mfl_ridge *ridge;
    mfl_options *options;
    OK(mfl_ridge_create(model, &ridge));
    OK(mfl_ridge_options(ridge, &options));
    OK(mfl_options_set_int(options, MFL_RIDGE_KERNEL, kernel));
    mfl_model_destroy(model);
    return ridge;
}

static void look_at_fit(mfl_ridge *ridge, mfl_dataset *data, const numbers *n, int64_t rows, int64_t d, double kappa)
{
    static const double noises[] = {1e-8, 1.0, 1e8};
    double mean[most_rows], variance[most_rows], number, rho[d_most], evidence[3], error[3];
    if (HAS_ANSWER(mfl_ridge_path(ridge, data, noises, 3, evidence, error))) {
        all_finite(evidence, 3, "evidence on a path", kappa);
        all_finite(error, 3, "error on a path", kappa);
    }
    if (!HAS_ANSWER(mfl_ridge_fit(ridge, data, kappa)))
        return;
    if (HAS_ANSWER(mfl_ridge_predict(ridge, n->x, rows, d, mean, variance))) {
        all_finite(mean, rows, "mean", kappa);
        all_finite(variance, rows, "variance", kappa);
    }
    if (HAS_ANSWER(mfl_ridge_log_evidence(ridge, &number)))
        all_finite(&number, 1, "log evidence", kappa);
    if (HAS_ANSWER(mfl_ridge_leave_one_out(ridge, mean, variance, rows))) {
        all_finite(mean, rows, "leave-one-out mean", kappa);
        all_finite(variance, rows, "leave-one-out variance", kappa);
    }
    if (HAS_ANSWER(mfl_ridge_gradient(ridge, &number, NULL, NULL, rho, d))) {
        all_finite(&number, 1, "gradient to log kappa", kappa);
        all_finite(rho, d, "gradient to log rho", kappa);
    }
}

/* _i: the kernel. */
START_TEST(regressions_are_finite_or_refused)
{
    for (int32_t activation = MFL_ACTIVATION_RELU; activation < MFL_ACTIVATION_CALLER; activation += 2)
        for (int s = 0; s < shape_count; s++)
            for (int x = 0; x < scale_count; x++)
                for (int32_t decade = -8; decade <= 8; decade += 4) {
                    const int64_t rows = shapes[s][0], d = shapes[s][1];
                    const double y = scales[(x + s) % scale_count];
                    const numbers n = make_numbers(rows, d, scales[x], y);
                    mfl_dataset *data = make_data(rows, d, scales[x], y);
                    mfl_ridge *ridge = make_ridge(d, _i, activation);
                    look_at_fit(ridge, data, &n, rows, d, pow(10.0, decade));
                    mfl_ridge_destroy(ridge);
                    mfl_dataset_destroy(data);
                }
}
END_TEST

/* The kernel of ReLU is homogeneous: inputs times s with kappa times s, or sigma_w over s, give the same predictions. */
START_TEST(scales_can_be_taken_out)
{
    static const double powers_of_two[] = {0x1p-490, 0x1p-66, 0x1p66, 0x1p490};
    double mean[5][most_rows];
    for (int s = 0; s < 5; s++) {
        const double scale = s ? powers_of_two[s - 1] : 1.0;
        const numbers n = make_numbers(12, 6, scale, 1.0);
        mfl_dataset *data = make_data(12, 6, scale, 1.0);
        mfl_ridge *ridge = make_ridge(6, MFL_RIDGE_KERNEL_NNGP, MFL_ACTIVATION_RELU);
        OK(mfl_ridge_fit(ridge, data, 0.25 * scale));
        OK(mfl_ridge_predict(ridge, n.x, 12, 6, mean[s], NULL));
        for (int i = 0; i < 12; i++)
            ck_assert_double_eq_tol(mean[s][i], mean[0][i], 1e-10);
        mfl_ridge_destroy(ridge);
        mfl_dataset_destroy(data);
    }
}
END_TEST

/* kappa -> infinity: f = k(x)^T y/kappa^2 and no variance explained; kappa -> 0 with independent inputs: f = y. */
START_TEST(ridge_limits)
{
    const numbers n = make_numbers(6, 6, 1.0, 1.0);
    double mean[6], kernel[36];
    mfl_dataset *data = make_data(6, 6, 1.0, 1.0);
    mfl_ridge *ridge = make_ridge(6, MFL_RIDGE_KERNEL_NNGP, MFL_ACTIVATION_RELU);
    OK(mfl_ridge_kernel(ridge, n.x, 6, 6, n.x, 6, 6, kernel, 6));
    OK(mfl_ridge_fit(ridge, data, 1e8));
    OK(mfl_ridge_predict(ridge, n.x, 6, 6, mean, NULL));
    for (int i = 0; i < 6; i++) {
        double sum = 0.0;
        for (int j = 0; j < 6; j++)
            sum += kernel[i * 6 + j] * n.y[j];
        ck_assert_double_eq_tol(mean[i] * 1e16, sum, 1e-12);
    }
    OK(mfl_ridge_fit(ridge, data, 1e-8));
    OK(mfl_ridge_predict(ridge, n.x, 6, 6, mean, NULL));
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq_tol(mean[i], n.y[i], 1e-8);
    mfl_ridge_destroy(ridge);
    mfl_dataset_destroy(data);
}
END_TEST

START_TEST(standardised_data_and_spectra_are_finite_or_refused)
{
    for (int s = 0; s < shape_count; s++)
        for (int x = 0; x < scale_count; x++) {
            const int64_t rows = shapes[s][0], d = shapes[s][1];
            mfl_dataset *data = make_data(rows, d, scales[x], scales[scale_count - 1 - x]), *standard = NULL;
            mfl_ridge *ridge = make_ridge(d, MFL_RIDGE_KERNEL_NNGP, MFL_ACTIVATION_RELU);
            mfl_spectrum *spectrum = NULL;
            double inputs[most_rows * d_most], results[MFL_SPECTRUM_RESULTS];
            if (HAS_ANSWER(mfl_dataset_standardise(data, 1, &standard))) {
                OK(mfl_dataset_copy_inputs(standard, inputs, most_rows * d_most));
                all_finite(inputs, rows * d, "standardised input", scales[x]);
            }
            if (HAS_ANSWER(mfl_spectrum_of_data(ridge, data, &spectrum)))
                for (int32_t decade = -8; decade <= 8; decade += 4)
                    if (HAS_ANSWER(mfl_spectrum_learn(spectrum, NULL, 7.0, pow(10.0, 2 * decade), 0.01, results, NULL, 0)))
                        all_finite(results, MFL_SPECTRUM_RESULTS, "learning curve", scales[x]);
            mfl_spectrum_destroy(spectrum);
            mfl_ridge_destroy(ridge);
            mfl_dataset_destroy(standard);
            mfl_dataset_destroy(data);
        }
}
END_TEST

static void look_at_theory(mfl_theory *theory, const numbers *n, int64_t rows, int64_t d, double scale)
{
    static const int32_t keys[] = {MFL_THEORY_OVERLAP, MFL_THEORY_TRAIN_ERROR, MFL_THEORY_EFFECTIVE};
    double mean[most_rows], variance[most_rows], relevance[d_most];
    for (int k = 0; k < 3; k++) {
        double value;
        OK(mfl_theory_get(theory, keys[k], &value, NULL));
        all_finite(&value, 1, "result", scale);
    }
    if (HAS_ANSWER(mfl_theory_predict(theory, n->x, rows, d, mean, variance))) {
        all_finite(mean, rows, "mean", scale);
        all_finite(variance, rows, "variance", scale);
    }
    if (HAS_ANSWER(mfl_theory_relevances(theory, relevance, NULL, NULL, d)))
        all_finite(relevance, d, "relevance", scale);
}

/* _i: the preset. */
START_TEST(theories_of_data_are_finite_or_refused)
{
    for (int s = 0; s < shape_count; s++)
        for (int x = 0; x < scale_count; x++)
            for (int32_t decade = -8; decade <= 8; decade += 8)
                for (int gamma = 0; gamma < 2; gamma++) {
                    const int64_t rows = shapes[s][0], d = shapes[s][1];
                    const double y = scales[(x + s) % scale_count];
                    const numbers n = make_numbers(rows, d, scales[x], y);
                    mfl_dataset *data = make_data(rows, d, scales[x], y);
                    mfl_model *model = make_model(d, 1000000000, MFL_ACTIVATION_RELU);
                    mfl_theory *theory;
                    mfl_options *options;
                    OK(mfl_model_options(model, &options));
                    OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma ? 1.0 : 0.5));
                    OK(mfl_theory_create_empirical(context, model, data, NULL, &theory));
                    OK(mfl_theory_use(theory, _i));
                    OK(mfl_theory_options(theory, &options));
                    OK(mfl_options_set_text(options, "particles", "48"));
                    OK(mfl_options_set_text(options, "sweeps", "48"));
                    if (HAS_ANSWER(mfl_theory_solve(theory, (double)rows, pow(10.0, decade))))
                        look_at_theory(theory, &n, rows, d, scales[x]);
                    mfl_theory_destroy(theory);
                    mfl_model_destroy(model);
                    mfl_dataset_destroy(data);
                }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extremes_data");
    TCase *cases = add_case(suite, "extremes_data", one_thread, give_up_context);
    tcase_add_test(cases, networks_are_finite_or_refused);
    tcase_add_loop_test(cases, regressions_are_finite_or_refused, MFL_RIDGE_KERNEL_NNGP, MFL_RIDGE_KERNEL_CALLER);
    tcase_add_test(cases, scales_can_be_taken_out);
    tcase_add_test(cases, ridge_limits);
    tcase_add_test(cases, standardised_data_and_spectra_are_finite_or_refused);
    tcase_add_loop_test(cases, theories_of_data_are_finite_or_refused, MFL_THEORY_MF, MFL_THEORY_MF_SCREENED + 1);
    return run_suite(suite);
}
