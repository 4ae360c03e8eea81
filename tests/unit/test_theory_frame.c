/* SPDX-License-Identifier: BSD-3-Clause */
/* Averages of activations, modes of a target, and the rows of a neuron's law, against sums written out. */
#include <math.h>
#include <string.h>

#include "../run.h"
#include "core/context.h"
#include "theory/ensemble.h"

static const double pi = 3.14159265358979323846;

static mfl_context *context;

static void setup(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
}

static void teardown(void)
{
    mfli_leave(context, MFL_OK);
    mfl_context_destroy(context);
}

static double phi(int32_t activation, double x)
{
    switch (activation) {
    case MFL_ACTIVATION_RELU:
        return fmax(x, 0.0);
    case MFL_ACTIVATION_LEAKY:
        return x > 0.0 ? x : 0.2 * x;
    case MFL_ACTIVATION_ERF:
        return erf(x);
    case MFL_ACTIVATION_TANH:
        return tanh(x);
    case MFL_ACTIVATION_GELU:
        return 0.5 * x * erfc(-x * sqrt(0.5));
    case MFL_ACTIVATION_LINEAR:
        return x;
    case MFL_ACTIVATION_QUADRATIC:
        return x * x;
    default: /* a caller's, with a kink */
        return fmax(x, 0.0) + 0.3 * sin(x);
    }
}

static int32_t callers(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    for (int64_t i = 0; i < count; i++) {
        value[i] = phi(MFL_ACTIVATION_CALLER, z[i]);
        derivative[i] = 0.0;
    }
    return *(int32_t *)user_data;
}

static int32_t refusal;

static mfli_model model_of(int32_t activation, int64_t d)
{
    return (mfli_model){.dimension = d, .width = 8, .gamma = 0.5, .sigma_w = 1.0, .sigma_a = 1.0, .leak = 0.2,
                        .activation = activation, .phi = callers, .phi_data = &refusal};
}

/* A midpoint rule of 40,000 intervals: a kink leaves about 1e-8. */
START_TEST(averages_are_those_of_a_long_sum)
{
    static const double mu_of[] = {0.0, 0.7, -2.5}, variance_of[] = {0.0, 0.01, 0.6, 9.0};
    for (int32_t activation = MFL_ACTIVATION_RELU; activation <= MFL_ACTIVATION_CALLER; activation++) {
        mfli_model model = model_of(activation, 4);
        mfli_average average = {&model, 0.0};
        for (int32_t i = 0; i < 12; i++) {
            double mu = mu_of[i % 3], v = variance_of[i / 3], mean = 0.0, square = 0.0, found[2];
            for (int32_t j = 0; j < 40000; j++) {
                double z = 20.0 * (j + 0.5) / 40000.0 - 10.0, p = exp(-0.5 * z * z) / sqrt(2.0 * pi) * 20.0 / 40000.0;
                mean += p * phi(activation, mu + sqrt(v) * z);
                square += p * phi(activation, mu + sqrt(v) * z) * phi(activation, mu + sqrt(v) * z);
            }
            ck_assert_int_eq(mfli_average_at(context, &average, mu, v, &found[0], &found[1]), MFL_OK);
            ck_assert_double_eq_tol(found[0], mean, 2e-7 * (1.0 + v));
            ck_assert_double_eq_tol(found[1], square, 1e-6 * (1.0 + v));
        }
        ck_assert(average.error < 1e-9);
    }
}
END_TEST

/* E phi^2 = sum_q h_q^2: complete where phi is a polynomial, from below elsewhere; and the first modes by the sum. */
START_TEST(modes_of_an_average_add_up)
{
    for (int32_t activation = MFL_ACTIVATION_RELU; activation <= MFL_ACTIVATION_CALLER; activation++) {
        mfli_model model = model_of(activation, 4);
        mfli_average average = {&model, 0.0};
        double mode[MFLI_HERMITE_MOST + 1], square, sum = 0.0;
        ck_assert_int_eq(mfli_average_modes(context, &average, 0.8, MFLI_HERMITE_MOST + 1, mode, &square), MFL_OK);
        for (int32_t q = 0; q <= MFLI_HERMITE_MOST; q++) {
            double expected = 0.0;
            for (int32_t j = 0; j < 40000; j++) {
                double z = 24.0 * (j + 0.5) / 40000.0 - 12.0;
                expected += exp(-0.5 * z * z) / sqrt(2.0 * pi) * 24.0 / 40000.0 * phi(activation, 0.8 * z) * mfli_hermite(q, z);
            }
            ck_assert_double_eq_tol(mode[q], expected, 1e-6);
            sum += mode[q] * mode[q];
        }
        ck_assert(sum <= square * (1.0 + 1e-12));
        ck_assert_double_eq_tol(sum, square, 5e-3 * square);
        if (activation == MFL_ACTIVATION_LINEAR || activation == MFL_ACTIVATION_QUADRATIC)
            ck_assert_double_eq_tol(sum, square, 1e-14);
    }
}
END_TEST

START_TEST(a_callers_refusal_and_nonsense_are_reported)
{
    mfli_model model = model_of(MFL_ACTIVATION_CALLER, 4);
    mfli_average average = {&model, 0.0};
    double mean, square;
    refusal = 3;
    ck_assert_int_eq(mfli_average_at(context, &average, 0.5, 0.5, &mean, &square), MFL_ERROR_CALLBACK);
    refusal = 0;
    ck_assert_int_eq(mfli_average_at(context, &average, INFINITY, 0.5, &mean, &square), MFL_ERROR_NOT_FINITE);
}
END_TEST

static void read_modes(const mfli_model *model, int32_t law, int64_t variables, int64_t terms, const int64_t *degrees,
                       const double *coefficients, int32_t induced, mfli_modes *modes)
{
    static const int64_t support[] = {0, 1, 2, 3};
    const mfli_task task = {.kind = MFL_TASK_SUM, .input_law = law, .dimension = model->dimension, .support = support,
                            .variables = variables, .terms = terms, .degrees = degrees,
                            .coefficients = coefficients};
    mfli_terms target;
    ck_assert_int_eq(mfli_terms_read(context, &task, model, &target), MFL_OK);
    ck_assert_int_eq(mfli_modes_list(context, &target, model, induced, modes), MFL_OK);
}

/* x_0 + x_0 x_1 + x_0 x_1 x_2 for an activation that sees all degrees: w_0 -> -w_0 turns everything, and the modes
 * that contain x_0 are followed, x_0 x_2 among them. */
START_TEST(a_staircase_follows_what_it_excites)
{
    static const int64_t degrees[] = {1, 0, 0, 1, 1, 0, 1, 1, 1};
    static const double coefficients[] = {1.0, 0.5, 0.25};
    mfli_model model = model_of(MFL_ACTIVATION_CALLER, 8);
    mfli_modes modes;
    read_modes(&model, MFL_INPUT_HYPERCUBE, 3, 3, degrees, coefficients, 0, &modes);
    ck_assert_int_eq(modes.count, 4);
    ck_assert_int_eq(modes.positive, 1);
    ck_assert_int_eq(modes.exchanged, 0);
    ck_assert_double_eq(modes.left_out, 0.0);
    for (int32_t i = 0; i < 4; i++) {
        const mfli_mode *mode = &modes.mode[i];
        ck_assert_int_eq(mode->degree[0], 1);
        double expected = mode->degree[1] ? mode->degree[2] ? 0.25 : 0.5 : mode->degree[2] ? 0.0 : 1.0;
        ck_assert_double_eq(mode->target, expected);
    }
    /* ReLU does not see the third step, whose power is left out */
    model.activation = MFL_ACTIVATION_RELU;
    read_modes(&model, MFL_INPUT_HYPERCUBE, 3, 3, degrees, coefficients, 0, &modes);
    ck_assert_int_eq(modes.count, 2);
    ck_assert_double_eq(modes.left_out, 0.0625);
    /* one parity: every flip, every order; only itself */
    read_modes(&model, MFL_INPUT_HYPERCUBE, 3, 1, (const int64_t[]){1, 1, 0}, coefficients, 0, &modes);
    ck_assert_int_eq(modes.count, 1);
    ck_assert_int_eq(modes.positive, 7);
    read_modes(&model, MFL_INPUT_HYPERCUBE, 2, 1, (const int64_t[]){1, 1}, coefficients, 0, &modes);
    ck_assert_int_eq(modes.exchanged, 1);
}
END_TEST

/* The powers of all modes of d Gaussian inputs up to degree 6 that are even in u and isotropic beside it. */
START_TEST(induced_modes_are_those_of_the_symmetry)
{
    mfli_model model = model_of(MFL_ACTIVATION_GELU, 5);
    mfli_modes modes;
    read_modes(&model, MFL_INPUT_GAUSSIAN, 1, 1, (const int64_t[]){2}, (const double[]){1.0}, 6, &modes);
    ck_assert_int_eq(modes.count, 10); /* (q, 2 l), q even, q + 2 l <= 6 */
    read_modes(&model, MFL_INPUT_GAUSSIAN, 1, 1, (const int64_t[]){2}, (const double[]){1.0}, 0, &modes);
    ck_assert_int_eq(modes.count, 1);
    read_modes(&model, MFL_INPUT_GAUSSIAN, 1, 2, (const int64_t[]){1, 2}, (const double[]){1.0, 0.5}, 2, &modes);
    ck_assert_int_eq(modes.count, 4); /* 1, he_1, he_2 along u, and the length of the rest */
    ck_assert_int_eq(modes.positive, 0);
}
END_TEST

/* Rows of random points: without other coordinates (d = r) the hypercube's averages are exact sums over 2^r inputs, and
 * the squares of all 2^r projections add up to Sigma. */
START_TEST(rows_on_the_hypercube)
{
    static const int64_t degrees[] = {1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1};
    static const double coefficients[] = {1.0, 0.5, 0.25, 1.0, 1.0, 1.0, 1.0, 1.0};
    for (int32_t activation = MFL_ACTIVATION_ERF; activation <= MFL_ACTIVATION_CALLER; activation++) {
        mfli_model model = model_of(activation, 3);
        mfli_modes modes;
        mfli_frame frame;
        double row[64], x[] = {0.3, 0.8, 0.4};
        if (activation == MFL_ACTIVATION_LINEAR)
            continue;
        read_modes(&model, MFL_INPUT_HYPERCUBE, 3, 8, degrees, coefficients, 0, &modes);
        mfli_frame_init(&modes, &model, NULL, &frame);
        ck_assert_int_eq(frame.axes, 3);
        for (int32_t chart = 0; chart < frame.charts; chart++) {
            ck_assert_int_eq(mfli_frame_point(context, &frame, chart, x, 0.0, row), MFL_OK);
            const double *share = row + MFLI_ROW_SHARES, *cosine = share + 3;
            double length = sqrt(exp(0.3) / 3.0), sum = 0.0, z[3], sigma = 0.0;
            ck_assert_double_eq_tol(share[0] + share[1] + share[2], 1.0, 1e-14);
            for (int32_t i = 0, next = 0; i < 3; i++) {
                int32_t free = !(modes.positive >> i & 1), sign = free ? chart / 3 >> next & 1 : 0;
                next += free;
                z[i] = (sign ? -1.0 : 1.0) * length * sqrt(share[i]);
            }
            for (int32_t i = 0; i < modes.count; i++) {
                double j_of = 0.0;
                sigma = 0.0;
                for (int32_t s = 0; s < 8; s++) {
                    double mu = 0.0, sign = 1.0;
                    for (int32_t j = 0; j < 3; j++) {
                        mu += s >> j & 1 ? -z[j] : z[j];
                        sign *= modes.mode[i].degree[j] && s >> j & 1 ? -1.0 : 1.0;
                    }
                    j_of += sign * phi(activation, mu) / 8.0;
                    sigma += phi(activation, mu) * phi(activation, mu) / 8.0;
                }
                ck_assert_double_eq_tol(cosine[i] * sqrt(row[MFLI_ROW_SQUARE]), j_of, 1e-13);
                sum += cosine[i] * cosine[i];
            }
            ck_assert_double_eq_tol(row[MFLI_ROW_SQUARE], sigma, 1e-9);
            if (activation == MFL_ACTIVATION_CALLER) /* sees all modes, and the target breaks all symmetries */
                ck_assert_double_eq_tol(sum, 1.0, 1e-8);
        }
    }
}
END_TEST

/* J of products of Hermite polynomials, by a sum over u_1.x, u_2.x and the rest of w.x, jointly normal. */
START_TEST(rows_on_gaussian_inputs)
{
    static const int64_t degrees[] = {1, 1, 2, 0, 0, 3};
    static const double coefficients[] = {1.0, 0.5, 0.25};
    enum { points = 60 };
    for (int32_t activation = MFL_ACTIVATION_ERF; activation <= MFL_ACTIVATION_GELU; activation++) {
        mfli_model model = model_of(activation, 6);
        mfli_modes modes;
        mfli_frame frame;
        double row[32], x[] = {1.3, 0.9, 0.6}, step = 14.0 / points;
        read_modes(&model, MFL_INPUT_GAUSSIAN, 2, 3, degrees, coefficients, 0, &modes);
        mfli_frame_init(&modes, &model, NULL, &frame);
        ck_assert_int_eq(mfli_frame_point(context, &frame, frame.charts - 1, x, 0.0, row), MFL_OK);
        const double *share = row + MFLI_ROW_SHARES;
        double square = exp(1.3) / 6.0, z[2] = {sqrt(square * share[0]), sqrt(square * share[1])};
        int32_t signs = (frame.charts - 1) / 2;
        for (int32_t j = 0, next = 0; j < 2; j++)
            if (!(modes.positive >> j & 1) && signs >> next++ & 1)
                z[j] = -z[j];
        double rest = sqrt(square * (1.0 - share[0] - share[1]));
        for (int32_t i = 0; i < modes.count; i++) {
            double sum = 0.0;
            for (int32_t a = 0; a <= points; a++)
                for (int32_t b = 0; b <= points; b++)
                    for (int32_t c = 0; c <= points; c++) {
                        double u = a * step - 7.0, v = b * step - 7.0, t = c * step - 7.0;
                        double p = exp(-0.5 * (u * u + v * v + t * t)) * step * step * step / pow(2.0 * pi, 1.5);
                        sum += p * phi(activation, z[0] * u + z[1] * v + rest * t) *
                               mfli_hermite(modes.mode[i].degree[0], u) * mfli_hermite(modes.mode[i].degree[1], v);
                    }
            ck_assert_double_eq_tol(share[2 + i] * sqrt(row[MFLI_ROW_SQUARE]), sum, 1e-9);
        }
    }
}
END_TEST

/* Prior mass and moments on the cells: 1, and E z_j^2 = 1 in units of sigma_w^2/d, whatever the charts. */
START_TEST(cells_carry_the_prior)
{
    static const int64_t degrees[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 0.5};
    for (int32_t trial = 0; trial < 6; trial++) {
        static const int64_t d_of[] = {2, 3, 40};
        mfli_model model = model_of(trial % 2 ? MFL_ACTIVATION_GELU : MFL_ACTIVATION_RELU, d_of[trial / 2]);
        mfli_modes modes;
        mfli_frame frame;
        mfli_ensemble ensemble;
        mfli_refinement done;
        mfli_moments *moments = mfli_alloc(context, 1, sizeof *moments);
        mfli_pull pull = {.precision = {1.0, 1.0, 1.0}};
        read_modes(&model, MFL_INPUT_HYPERCUBE, 2, 2, degrees, coefficients, 0, &modes);
        mfli_frame_init(&modes, &model, NULL, &frame);
        ck_assert_int_eq(mfli_ensemble_create(context, &frame, &ensemble), MFL_OK);
        ck_assert_int_eq(mfli_ensemble_refine(context, &ensemble, &pull, 1e-8, &done), MFL_OK);
        ck_assert(!done.full);
        mfli_ensemble_moments(context, &ensemble, &pull, moments);
        ck_assert_double_eq_tol(moments->log_mass, 0.0, 1e-8);
        ck_assert_double_eq_tol(moments->square[0], 1.0, 1e-8);
        ck_assert_double_eq_tol(moments->square[1], 1.0, 1e-8);
        ck_assert_double_eq_tol(moments->across, frame.d - 2.0, 1e-7);
        mfli_ensemble_finish(context, &ensemble);
        mfli_free(context, moments);
    }
}
END_TEST

static void resolve(mfli_ensemble *ensemble, double gain, mfli_moments *moments)
{
    mfli_pull pull = {.precision = {1.0, 1.0, 1.0}, .gain = gain, .saturation = 1e-2 * gain, .delta = {1.0, 0.5, 0.2}};
    mfli_refinement done;
    ck_assert_int_eq(mfli_ensemble_refine(context, ensemble, &pull, 1e-6, &done), MFL_OK);
    mfli_ensemble_moments(context, ensemble, &pull, moments);
}

/* What cells say of a law does not depend on the laws before it, nor on the number of threads; another unit of the
 * frame is as good as a frame that was made with it. */
START_TEST(cells_begin_again_as_if_new)
{
    static const int64_t degrees[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 0.5};
    mfli_moments *moments = mfli_alloc(context, 4, sizeof *moments);
    mfl_options *options;
    ck_assert_int_eq(mfl_context_options(context, &options), MFL_OK);
    for (int32_t trial = 0; trial < 2; trial++) {
        mfli_model model = model_of(trial ? MFL_ACTIVATION_GELU : MFL_ACTIVATION_RELU, 12);
        mfli_modes modes;
        mfli_frame frame;
        mfli_ensemble ensemble;
        read_modes(&model, MFL_INPUT_HYPERCUBE, 2, 2, degrees, coefficients, 0, &modes);
        mfli_frame_init(&modes, &model, NULL, &frame);
        ck_assert_int_eq(mfli_ensemble_create(context, &frame, &ensemble), MFL_OK);
        resolve(&ensemble, 300.0, &moments[0]);
        int32_t cells = ensemble.cells.count;
        for (int32_t i = 1; i < 3; i++) {
            ck_assert_int_eq(mfl_options_set_int(options, MFL_CONTEXT_THREADS, i), MFL_OK);
            ck_assert_int_eq(mfli_cells_restart(context, &ensemble.cells), MFL_OK);
            resolve(&ensemble, 3.0, &moments[i]);
            ck_assert_int_ne(ensemble.cells.count, cells);
            ck_assert_int_eq(mfli_cells_restart(context, &ensemble.cells), MFL_OK);
            resolve(&ensemble, 300.0, &moments[i]);
            ck_assert_int_eq(ensemble.cells.count, cells);
            ck_assert_mem_eq(&moments[i], &moments[0], sizeof *moments);
        }
        ck_assert_int_eq(mfli_cells_scale(context, &ensemble.cells, 1.5 * frame.unit), MFL_OK);
        resolve(&ensemble, 300.0, &moments[1]);
        mfli_ensemble_finish(context, &ensemble);
        mfli_frame_init(&modes, &model, NULL, &frame);
        frame.unit *= 1.5;
        ck_assert_int_eq(mfli_ensemble_create(context, &frame, &ensemble), MFL_OK);
        resolve(&ensemble, 300.0, &moments[2]);
        ck_assert_double_eq_tol(moments[1].s, moments[2].s, 1e-6);
        ck_assert_double_eq_tol(moments[1].q[0], moments[2].q[0], 1e-6);
        ck_assert(fabs(moments[1].s - moments[0].s) > 1e-3);
        mfli_ensemble_finish(context, &ensemble);
    }
    mfli_free(context, moments);
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "theory_frame", averages_are_those_of_a_long_sum,
                             modes_of_an_average_add_up, a_callers_refusal_and_nonsense_are_reported,
                             a_staircase_follows_what_it_excites, induced_modes_are_those_of_the_symmetry,
                             rows_on_the_hypercube, rows_on_gaussian_inputs, cells_carry_the_prior,
                             cells_begin_again_as_if_new);
}
