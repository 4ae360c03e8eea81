/* SPDX-License-Identifier: BSD-3-Clause */
/* Pieces of the theories of a training set. */
#include <math.h>
#include <string.h>

#include <mflearn/context.h>

#include "../run.h"
#include "empirical/cavity.h"
#include "empirical/rough.h"
#include "empirical/umbrella.h"

enum { P = 4 };

/* Cholesky factor of a symmetric matrix in place, lower triangle. */
static void factorise(double a[P][P])
{
    for (int32_t j = 0; j < P; j++) {
        for (int32_t k = 0; k < j; k++)
            a[j][j] -= a[j][k] * a[j][k];
        a[j][j] = sqrt(a[j][j]);
        for (int32_t i = j + 1; i < P; i++) {
            for (int32_t k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
}

/* x with L L^T x = b. */
static void backsolve(double l[P][P], const double *b, double *x)
{
    for (int32_t i = 0; i < P; i++) {
        x[i] = b[i];
        for (int32_t k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (int32_t i = P - 1; i >= 0; i--) {
        for (int32_t k = i + 1; k < P; k++)
            x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
}

static double product(const double *a, const double *b)
{
    double sum = 0.0;
    for (int32_t i = 0; i < P; i++)
        sum += a[i] * b[i];
    return sum;
}

/* log N(y; 0, C). */
static double log_likelihood(double c[P][P], const double *y)
{
    double l[P][P], x[P], log_det = 0.0;
    memcpy(l, c, sizeof l);
    factorise(l);
    backsolve(l, y, x);
    for (int32_t i = 0; i < P; i++)
        log_det += log(l[i][i]);
    return -0.5 * product(y, x) - log_det;
}

/* (T13): what a neuron adds to the log evidence of all others is its gain, exactly. */
START_TEST(screening_is_a_rank_one_update)
{
    static const double y[P] = {1.0, -0.3, 0.4, 2.0}, phi[P] = {0.7, 0.0, 1.9, 0.2};
    const double shrink = 0.4, variance = 1.7;
    double others[P][P], all[P][P], factor[P][P], pull[P], bent[P];
    for (int32_t i = 0; i < P; i++)
        for (int32_t j = 0; j < P; j++) {
            others[i][j] = exp(-0.5 * (i - j) * (i - j)) + (i == j ? 0.1 : 0.0);
            all[i][j] = others[i][j] + shrink * shrink * variance * phi[i] * phi[j];
        }
    memcpy(factor, others, sizeof factor);
    factorise(factor);
    backsolve(factor, y, pull);
    backsolve(factor, phi, bent);
    const mfli_cavity cavity = {.shrink = shrink, .readout_variance = variance, .screened = 1};
    const mfli_response response = mfli_cavity_response(&cavity, product(phi, bent), product(phi, pull));
    ck_assert_double_eq_tol(response.gain, log_likelihood(all, y) - log_likelihood(others, y), 1e-14);
}
END_TEST

/* A wrong force would cost acceptance only, which no law shows. */
START_TEST(slopes_of_the_gain_are_its_differences)
{
    const mfli_cavity cavity = {.shrink = 0.4, .readout_variance = 1.7};
    const double form = 2.3, dot = -1.9, step = 1e-5;
    const mfli_response felt = mfli_cavity_response(&cavity, form, dot);
    double towards, against;
    mfli_cavity_slopes(&cavity, &felt, dot, &towards, &against);
    ck_assert_double_eq_tol(towards,
                            (mfli_cavity_response(&cavity, form, dot + step).gain -
                             mfli_cavity_response(&cavity, form, dot - step).gain) / (2.0 * step), 1e-9);
    ck_assert_double_eq_tol(against,
                            (mfli_cavity_response(&cavity, form - 2.0 * step, dot).gain -
                             mfli_cavity_response(&cavity, form + 2.0 * step, dot).gain) / (2.0 * step), 1e-9);
}
END_TEST

/* exp(-(l - a)^2/2) with two places, or one. */
static void learn(mfli_umbrella *umbrella, double second)
{
    memset(umbrella, 0, sizeof *umbrella);
    for (int32_t round = 0; round < 100; round++) {
        for (double l = -20.0; l < 40.0; l += 0.05)
            mfli_umbrella_add(umbrella, l, exp(-0.5 * l * l) + second * exp(-0.5 * (l - 8.0) * (l - 8.0)));
        mfli_umbrella_update(umbrella);
    }
}

/* The valley at 4 is e^-8 + e^-8 below either hump, that is e^-7.3; averages over neighbours make it
 * shallower. */
START_TEST(the_umbrella_fills_valleys_only)
{
    mfli_umbrella umbrella;
    double slope;
    learn(&umbrella, 1.0);
    ck_assert_double_gt(mfli_umbrella_at(&umbrella, 4.0, &slope), 4.5);
    ck_assert_double_lt(mfli_umbrella_at(&umbrella, 4.0, &slope), 8.5);
    ck_assert_double_eq_tol(mfli_umbrella_at(&umbrella, 0.0, &slope), 0.0, 0.1);
    ck_assert_double_eq_tol(mfli_umbrella_at(&umbrella, 11.0, &slope), 0.0, 1e-12);
    const double before = mfli_umbrella_at(&umbrella, 2.999, &slope),
                 after = mfli_umbrella_at(&umbrella, 3.001, &slope);
    ck_assert_double_eq_tol(slope, (after - before) / 0.002, 1e-6);
    learn(&umbrella, 0.0);
    for (double l = -10.0; l < 20.0; l += 0.1)
        ck_assert_double_eq_tol(mfli_umbrella_at(&umbrella, l, &slope), 0.0, 1e-12);
}
END_TEST

enum { many = 37, d = 3, rank = 2 };

/* towards dot - against form/2 of a leaky rectifier, in double precision. */
static double surrogate(const mfli_cavity *cavity, double inputs[many][d], const double *w, double towards,
                        double against)
{
    double dot = 0.0, form = 0.0, low[rank] = {0.0};
    for (int32_t mu = 0; mu < many; mu++) {
        double z = 0.0;
        for (int32_t j = 0; j < d; j++)
            z += w[j] * inputs[mu][j];
        const double phi = z > 0.0 ? z : 0.1 * z;
        dot += cavity->pull[mu] * phi;
        form += cavity->rest * phi * phi;
        for (int32_t k = 0; k < cavity->rank; k++)
            low[k] += cavity->vectors[k * many + mu] * phi;
    }
    for (int32_t k = 0; k < cavity->rank; k++)
        form += cavity->bend[k] * low[k] * low[k];
    return towards * dot - 0.5 * against * form;
}

/* Forces in single precision against differences of that function. */
START_TEST(rough_forces_are_a_gradient)
{
    const mfli_model model = {.dimension = d, .width = 8, .activation = MFL_ACTIVATION_LEAKY, .leak = 0.1};
    const double places[2][d] = {{0.7, -0.3, 1.1}, {-1.2, 0.4, 0.2}};
    const double towards[2] = {1.3, -0.4}, against[2] = {0.2, 0.5};
    double inputs[many][d], pull[many], vectors[rank * many], bend[rank] = {-0.3, 0.2};
    double force[2][d], form[2], dot[2];
    mfl_context *context;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    for (int32_t mu = 0; mu < many; mu++) {
        pull[mu] = sin(1.0 + mu);
        for (int32_t j = 0; j < d; j++)
            inputs[mu][j] = cos(2.0 + 3.0 * mu + 1.7 * j);
        for (int32_t k = 0; k < rank; k++)
            vectors[k * many + mu] = 0.2 * sin(0.5 * mu + 2.0 * k);
    }
    for (int32_t used = 0; used <= rank; used += rank) {
        const mfli_cavity cavity = {
            .samples = many, .pull = pull, .rank = used, .vectors = vectors, .bend = bend, .rest = 1.7};
        mfli_rough rough;
        ck_assert_int_eq(mfli_rough_create(context, &model, many, used, 2, &rough), MFL_OK);
        ck_assert_int_eq(rough.available, 1);
        mfli_rough_set(&rough, &cavity, inputs[0]);
        ck_assert_int_eq(mfli_rough_features(&rough, &cavity, places[0], 2, form, dot), MFL_OK);
        ck_assert_int_eq(mfli_rough_force(&rough, &cavity, 2, towards, against, force[0]), MFL_OK);
        for (int32_t i = 0; i < 2; i++)
            for (int32_t j = 0; j < d; j++) {
                double up[d], down[d];
                memcpy(up, places[i], sizeof up);
                memcpy(down, places[i], sizeof down);
                up[j] += 1e-6;
                down[j] -= 1e-6;
                const double slope = (surrogate(&cavity, inputs, up, towards[i], against[i]) -
                                      surrogate(&cavity, inputs, down, towards[i], against[i])) / 2e-6;
                ck_assert_double_eq_tol(force[i][j], slope, 2e-5);
            }
        mfli_rough_finish(&rough);
    }
    mfl_context_destroy(context);
}
END_TEST

int main(void)
{
    return RUN_TESTS("parts of empirical theories", screening_is_a_rank_one_update, slopes_of_the_gain_are_its_differences,
                     the_umbrella_fills_valleys_only, rough_forces_are_a_gradient);
}
