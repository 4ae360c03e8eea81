/* SPDX-License-Identifier: BSD-3-Clause */
/* Every kernel against references in 200 bits (scripts/make_kernel_references.py), in every
 * instruction set of this processor; kernels against networks drawn from the prior. */
#include <math.h>
#include <stdlib.h>

#include <mflearn/mflearn.h>

#include "../run.h"

enum { D = 4 };
enum { RELU, LEAKY, ERF, TANH, GELU, LINEAR, QUADRATIC, CALLER, HERMITE, SIN, SIGN };

typedef struct reference {
    int32_t activation;
    double parameter, x[2], y[2];
    long double nngp, ntk;
} reference;

static const reference references[] = {
#include "references/kernels.h"
};
enum { REFERENCES = sizeof references / sizeof references[0] };

static mfl_context *context;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void teardown(void)
{
    mfl_context_destroy(context);
}

static mfl_ridge *make_ridge(int32_t activation, double parameter, int32_t kind)
{
    mfl_model *model;
    mfl_options *options;
    mfl_ridge *ridge;
    ck_assert_int_eq(mfl_model_create(context, D, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
    if (activation < HERMITE)
        ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activation), MFL_OK);
    if (activation == LEAKY)
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_LEAK, parameter), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_KERNEL, kind), MFL_OK);
    if (activation >= HERMITE)
        ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_ACTIVATION,
                                             MFL_RIDGE_ACTIVATION_HERMITE + activation - HERMITE),
                         MFL_OK);
    if (activation == HERMITE)
        ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_DEGREE, (int64_t)parameter),
                         MFL_OK);
    mfl_model_destroy(model);
    return ridge;
}

static double kernel(const mfl_ridge *ridge, const double x[D], const double y[D])
{
    double value;
    ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, D, y, 1, D, &value, 1), MFL_OK);
    return value;
}

/* pi - theta */
static double opening(const reference *r)
{
    double cross = r->x[0] * r->y[1] - r->x[1] * r->y[0];
    return fabs(atan2(cross, -(r->x[0] * r->y[0] + r->x[1] * r->y[1])));
}

/* Below 1e-13 sqrt(K_xx K_yy) everywhere, and 1e-12 relative where pi - theta > 0.01, unless the
 * kernel nearly vanishes there by a change of its sign. */
static void check_reference(const reference *r, int32_t kind)
{
    mfl_ridge *ridge = make_ridge(r->activation, r->parameter, kind);
    const double x[D] = {r->x[0], r->x[1]}, y[D] = {r->y[0], r->y[1]};
    const long double exact = kind == MFL_RIDGE_KERNEL_NTK ? r->ntk : r->nngp;
    const double bound = sqrt(kernel(ridge, x, x)) * sqrt(kernel(ridge, y, y));
    const double error = (double)fabsl(kernel(ridge, x, y) - exact);
    ck_assert_msg(error <= 1e-13 * bound, "activation %d (%g), kind %d, (%g %g) (%g %g): %g",
                  r->activation, r->parameter, kind, x[0], x[1], y[0], y[1], error / bound);
    const int32_t positive = (r->activation == RELU || r->activation == LEAKY)
                             && r->parameter <= 0.0 && kind == MFL_RIDGE_KERNEL_NNGP;
    if (opening(r) > 0.01 && (positive || fabsl(exact) > 0.01L * bound))
        ck_assert_msg(error <= 1e-12 * (double)fabsl(exact),
                      "activation %d (%g), kind %d, (%g %g) (%g %g): relative %g", r->activation,
                      r->parameter, kind, x[0], x[1], y[0], y[1], error / (double)fabsl(exact));
    mfl_ridge_destroy(ridge);
}

START_TEST(against_references)
{
    mfl_options *options;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    for (int32_t set = MFL_INSTRUCTION_SET_BASELINE; set <= MFL_INSTRUCTION_SET_AVX512; set++) {
        if (mfl_options_set_int(options, MFL_CONTEXT_INSTRUCTION_SET, set) != MFL_OK)
            continue;
        for (int i = 0; i < REFERENCES; i++) {
            check_reference(&references[i], MFL_RIDGE_KERNEL_NNGP);
            if (references[i].activation != SIGN)
                check_reference(&references[i], MFL_RIDGE_KERNEL_NTK);
        }
    }
}
END_TEST

/* The tangent kernel of sign does not exist. */
START_TEST(no_tangent_kernel_of_sign)
{
    mfl_ridge *ridge = make_ridge(SIGN, 0.0, MFL_RIDGE_KERNEL_NTK);
    const double x[D] = {1.0};
    double value;
    ck_assert_int_eq(mfl_ridge_kernel(ridge, x, 1, D, x, 1, D, &value, 1), MFL_ERROR_UNSUPPORTED);
    mfl_ridge_destroy(ridge);
}
END_TEST

/* exp(-|x - x'|^2 / 8) and so on with v = 1/4. */
START_TEST(plain_kernels)
{
    const double x[D] = {1.0, -2.0, 0.5, 3.0}, y[D] = {0.5, 1.0, -1.0, 2.5};
    double product = 0.0, distance = 0.0;
    for (int k = 0; k < D; k++) {
        product += x[k] * y[k];
        distance += (x[k] - y[k]) * (x[k] - y[k]);
    }
    mfl_ridge *ridge = make_ridge(RELU, 0.0, MFL_RIDGE_KERNEL_RBF);
    mfl_options *options;
    ck_assert_double_eq_tol(kernel(ridge, x, y), exp(-distance / 8.0), 1e-15);
    ck_assert_double_eq(kernel(ridge, x, x), 1.0);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_text(options, "kernel", "linear"), MFL_OK);
    ck_assert_double_eq_tol(kernel(ridge, x, y), product / 4.0, 1e-14);
    ck_assert_int_eq(mfl_options_set_text(options, "kernel", "polynomial"), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_DEGREE, 5), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(options, MFL_RIDGE_OFFSET, 0.5), MFL_OK);
    ck_assert_double_eq_tol(kernel(ridge, x, y), pow(0.5 + product / 4.0, 5.0), 1e-11);
    mfl_ridge_destroy(ridge);
}
END_TEST

/* Precisions rho_j stand for inputs x_j / sqrt(rho_j v): here by powers of two, exactly. */
START_TEST(precisions_scale_inputs)
{
    const double rho[D] = {1.0, 16.0, 4.0, 64.0}, x[D] = {1.0, -2.0, 0.5, 3.0},
                 y[D] = {0.5, 1.0, -1.0, 2.5};
    double scaled_x[D], scaled_y[D], back[D];
    for (int k = 0; k < D; k++) {
        scaled_x[k] = 2.0 * x[k] / sqrt(rho[k]);
        scaled_y[k] = 2.0 * y[k] / sqrt(rho[k]);
    }
    for (int32_t activation = RELU; activation <= SIN; activation++) {
        if (activation == CALLER)
            continue;
        mfl_ridge *ridge = make_ridge(activation, 3.0, MFL_RIDGE_KERNEL_NTK);
        double expected = kernel(ridge, scaled_x, scaled_y);
        ck_assert_int_eq(mfl_ridge_set_precisions(ridge, rho, D), MFL_OK);
        ck_assert_double_eq_tol(kernel(ridge, x, y), expected, 1e-14 * fabs(expected));
        ck_assert_int_eq(mfl_ridge_precisions(ridge, back, D), MFL_OK);
        for (int k = 0; k < D; k++)
            ck_assert_double_eq(back[k], rho[k]);
        ck_assert_int_eq(mfl_ridge_set_precisions(ridge, NULL, 0), MFL_OK);
        ck_assert_double_eq(kernel(ridge, scaled_x, scaled_y), expected);
        ck_assert_int_eq(mfl_ridge_precisions(ridge, back, D), MFL_OK);
        ck_assert_double_eq(back[2], 4.0);
        mfl_ridge_destroy(ridge);
    }
}
END_TEST

/* max(z, 0): the series converges slowly at its kink, and says so. */
static int32_t relu(int64_t count, const double *z, double *value, double *derivative, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] > 0.0 ? z[i] : 0.0;
        derivative[i] = z[i] > 0.0;
    }
    return 0;
}

static int32_t smooth(int64_t count, const double *z, double *value, double *derivative, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = erf(z[i]);
        derivative[i] = 2.0 / sqrt(acos(-1.0)) * exp(-z[i] * z[i]);
    }
    return 0;
}

static int32_t hyperbolic(int64_t count, const double *z, double *value, double *derivative,
                          void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = tanh(z[i]);
        derivative[i] = 1.0 - value[i] * value[i];
    }
    return 0;
}

static int32_t wave(int64_t count, const double *z, double *value, double *derivative, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = sin(z[i]);
        derivative[i] = cos(z[i]);
    }
    return 0;
}

/* The error that is stated, before a fit and after it, covers what is made against the closed form
 * on inputs of about the given length. */
static double check_series(mfl_activation_fn phi, int32_t activation, int32_t kind, double length)
{
    enum { P = 12 };
    double inputs[P * D], targets[P], exact[P * P], series[P * P], stated, before;
    mfl_model *model;
    mfl_ridge *ridge, *closed = make_ridge(activation, 0.0, kind);
    mfl_options *options;
    mfl_dataset *train;
    for (int i = 0; i < P * D; i++)
        inputs[i] = length * sin(1.0 + 2.3 * i * i);
    for (int i = 0; i < P; i++)
        targets[i] = i;
    ck_assert_int_eq(mfl_model_create(context, D, 0, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_set_activation(model, phi, NULL), MFL_OK);
    ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
    ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
    ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_KERNEL, kind), MFL_OK);
    ck_assert_int_eq(mfl_dataset_copy(context, P, D, inputs, D, 1, targets, &train), MFL_OK);
    ck_assert_int_eq(mfl_ridge_kernel_error(ridge, inputs, P, D, &before), MFL_OK);
    ck_assert_int_eq(mfl_ridge_fit(ridge, train, sqrt(1.0 + length * length)), MFL_OK);
    ck_assert_int_eq(mfl_ridge_get(ridge, MFL_RIDGE_KERNEL_ERROR, &stated), MFL_OK);
    ck_assert_double_eq(before, stated);
    ck_assert_int_eq(mfl_ridge_kernel(ridge, inputs, P, D, inputs, P, D, series, P), MFL_OK);
    ck_assert_int_eq(mfl_ridge_kernel(closed, inputs, P, D, inputs, P, D, exact, P), MFL_OK);
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            double bound = sqrt(exact[i * P + i] * exact[j * P + j]);
            ck_assert_msg(fabs(series[i * P + j] - exact[i * P + j]) <= (stated + 1e-14) * bound,
                          "activation %d, kind %d, length %g: stated %g, made %g", activation, kind,
                          length, stated, fabs(series[i * P + j] - exact[i * P + j]) / bound);
        }
    ck_assert_int_eq(mfl_ridge_kernel_error(closed, inputs, P, D, &before), MFL_OK);
    ck_assert_double_eq(before, 0.0);
    mfl_dataset_destroy(train);
    mfl_ridge_destroy(ridge);
    mfl_ridge_destroy(closed);
    mfl_model_destroy(model);
    return stated;
}

START_TEST(stated_error_of_series)
{
    for (int32_t kind = MFL_RIDGE_KERNEL_NNGP; kind <= MFL_RIDGE_KERNEL_NTK; kind++) {
        for (double length = 0.01; length < 1e4; length *= 2.5) {
            check_series(smooth, ERF, kind, length);
            check_series(relu, RELU, kind, length);
            check_series(hyperbolic, TANH, kind, length);
            check_series(wave, SIN, kind, length);
        }
        ck_assert_double_le(check_series(smooth, ERF, kind, 1.5), 1e-11);
        ck_assert_double_ge(check_series(relu, RELU, kind, 1.5), 1e-6);
    }
}
END_TEST

/* Networks drawn from the prior: the mean of f(x) f(x') over draws is the NNGP kernel for any width,
 * at gamma = 1/2 and, with its factor N^(1 - 2 gamma), elsewhere. 7 activations at 2 gammas and 6
 * pairs within 5 standard errors, as estimated from the draws: by chance one seed in 20000 would
 * fail; the seed is fixed. */
START_TEST(networks_from_the_prior)
{
    enum { N = 200, INPUTS = 3, DRAWS = 2000, PAIRS = 6, CASES = 14 };
    static const int32_t activations[] = {RELU, LEAKY, ERF, TANH, GELU, LINEAR, QUADRATIC};
    const double x[INPUTS * D] = {1.0, -0.5, 0.3, 2.0, 0.2, 0.7, -1.0, 0.4, -1.5, 0.1, 0.9, -0.6};
    for (int k = 0; k < CASES; k++) {
        mfl_model *model;
        mfl_options *options;
        mfl_network *network;
        mfl_ridge *ridge;
        double sum[PAIRS] = {0.0}, square[PAIRS] = {0.0}, f[INPUTS];
        ck_assert_int_eq(mfl_model_create(context, D, N, &model), MFL_OK);
        ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activations[k / 2]),
                         MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_GAMMA, k % 2 ? 0.9 : 0.5),
                         MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, 1.3), MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, 0.7), MFL_OK);
        ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
        ck_assert_int_eq(mfl_network_create(model, &network), MFL_OK);
        for (int draw = 0; draw < DRAWS; draw++) {
            ck_assert_int_eq(mfl_network_draw_prior(network, draw), MFL_OK);
            ck_assert_int_eq(mfl_network_forward(network, x, INPUTS, D, f), MFL_OK);
            for (int p = 0, pair = 0; p < INPUTS; p++)
                for (int q = 0; q <= p; q++, pair++) {
                    sum[pair] += f[p] * f[q] / DRAWS;
                    square[pair] += f[p] * f[q] * f[p] * f[q] / DRAWS;
                }
        }
        for (int p = 0, pair = 0; p < INPUTS; p++)
            for (int q = 0; q <= p; q++, pair++) {
                double error = sqrt((square[pair] - sum[pair] * sum[pair]) / DRAWS);
                ck_assert_double_le(fabs(sum[pair] - kernel(ridge, x + p * D, x + q * D)),
                                    5.0 * error);
            }
        mfl_network_destroy(network);
        mfl_ridge_destroy(ridge);
        mfl_model_destroy(model);
    }
}
END_TEST

/* grad f at one input in units of the prior's scales, first layer then readout: U of one sample with y = f(x) + 1 and
 * kappa = 1 has the gradient -grad f + prior. */
static void tangent(const mfl_network *network, int64_t n, const double *x, double sigma_w, double sigma_a, double *out)
{
    double f, *theta = calloc((size_t)(n * (D + 1)), sizeof *theta);
    mfl_dataset *one;
    ck_assert_int_eq(mfl_network_forward(network, x, 1, D, &f), MFL_OK);
    f += 1.0;
    ck_assert_int_eq(mfl_dataset_copy(context, 1, D, x, D, 1, &f, &one), MFL_OK);
    ck_assert_int_eq(mfl_network_copy_weights(network, theta, D, theta + n * D), MFL_OK);
    ck_assert_int_eq(mfl_network_potential(network, one, 1.0, NULL, out, D, out + n * D), MFL_OK);
    for (int64_t i = 0; i < n * (D + 1); i++) {
        double scale = i < n * D ? sigma_w / sqrt(D) : sigma_a;
        out[i] = scale * (theta[i] / (scale * scale) - out[i]);
    }
    mfl_dataset_destroy(one);
    free(theta);
}

/* The mean over networks from the prior of grad f(x) . grad f(x') is the tangent kernel for any width. 6 activations and
 * 3 pairs within 5 standard errors, as estimated from the draws: by chance one seed in 80000 would fail; the seed is
 * fixed. */
START_TEST(tangents_of_networks_from_the_prior)
{
    enum { N = 60, DRAWS = 800, LENGTH = N * (D + 1), PAIRS = 3 };
    static const int32_t activations[] = {RELU, ERF, TANH, GELU, LINEAR, QUADRATIC};
    const double x[2 * D] = {1.0, -0.5, 0.3, 2.0, 0.2, 0.7, -1.0, 0.4}, sigma_w = 1.3, sigma_a = 0.7;
    for (size_t k = 0; k < sizeof activations / sizeof activations[0]; k++) {
        mfl_model *model;
        mfl_options *options;
        mfl_network *network;
        mfl_ridge *ridge;
        double sum[PAIRS] = {0.0}, square[PAIRS] = {0.0}, gradient[2][LENGTH];
        ck_assert_int_eq(mfl_model_create(context, D, N, &model), MFL_OK);
        ck_assert_int_eq(mfl_model_options(model, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, activations[k]), MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_W, sigma_w), MFL_OK);
        ck_assert_int_eq(mfl_options_set_double(options, MFL_MODEL_SIGMA_A, sigma_a), MFL_OK);
        ck_assert_int_eq(mfl_ridge_create(model, &ridge), MFL_OK);
        ck_assert_int_eq(mfl_ridge_options(ridge, &options), MFL_OK);
        ck_assert_int_eq(mfl_options_set_int(options, MFL_RIDGE_KERNEL, MFL_RIDGE_KERNEL_NTK), MFL_OK);
        ck_assert_int_eq(mfl_network_create(model, &network), MFL_OK);
        for (int draw = 0; draw < DRAWS; draw++) {
            ck_assert_int_eq(mfl_network_draw_prior(network, draw), MFL_OK);
            for (int p = 0; p < 2; p++)
                tangent(network, N, x + p * D, sigma_w, sigma_a, gradient[p]);
            for (int pair = 0; pair < PAIRS; pair++) {
                const double *u = gradient[pair / 2], *v = gradient[(pair + 1) / 2];
                double product = 0.0;
                for (int i = 0; i < LENGTH; i++)
                    product += u[i] * v[i];
                sum[pair] += product / DRAWS;
                square[pair] += product * product / DRAWS;
            }
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            double error = sqrt((square[pair] - sum[pair] * sum[pair]) / DRAWS);
            double exact = kernel(ridge, x + pair / 2 * D, x + (pair + 1) / 2 * D);
            ck_assert_msg(fabs(sum[pair] - exact) <= 5.0 * error, "activation %d: %g +- %g, not %g", activations[k],
                          sum[pair], error, exact);
        }
        mfl_network_destroy(network);
        mfl_ridge_destroy(ridge);
        mfl_model_destroy(model);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "ridge_forms", against_references,
                             no_tangent_kernel_of_sign, plain_kernels, precisions_scale_inputs,
                             stated_error_of_series, networks_from_the_prior,
                             tangents_of_networks_from_the_prior);
}
