/* SPDX-License-Identifier: BSD-3-Clause */
/* A posterior that is Gaussian: two neurons whose first layer is frozen. Shared by the tests of samplers. */
#ifndef TESTS_GAUSSIAN_CASE_H
#define TESTS_GAUSSIAN_CASE_H

#include <math.h>
#include <string.h>

#include <check.h>
#include <mflearn/mflearn.h>

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s: %s", #call, mfl_context_message(context))

static mfl_context *context;

static inline void set(mfl_sampler *sampler, const char *name, const char *value)
{
    mfl_options *options;
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_text(options, name, value));
}

/* "name=value,name=value" */
static inline void configure(mfl_sampler *sampler, const char *settings)
{
    char text[400], *rest = text;
    ck_assert(strlen(settings) < sizeof text);
    strcpy(text, settings);
    for (char *item; (item = strtok_r(rest, ",", &rest));) {
        char *value = strchr(item, '=');
        *value = '\0';
        set(sampler, item, value + 1);
    }
}

static inline double get(const mfl_sampler *sampler, int32_t key)
{
    double value;
    OK(mfl_sampler_get(sampler, key, &value));
    return value;
}

/* Inverse of a symmetric 2 x 2 matrix, and products; enough linear algebra for two neurons. */
typedef struct matrix {
    double a, b, d; /* [[a, b], [b, d]] */
} matrix;

static inline matrix inverse(matrix m)
{
    double det = m.a * m.d - m.b * m.b;
    return (matrix){m.d / det, -m.b / det, m.a / det};
}

static inline double form(matrix m, const double u[2], const double v[2])
{
    return m.a * u[0] * v[0] + m.b * (u[0] * v[1] + u[1] * v[0]) + m.d * u[1] * v[1];
}

static inline double largest_eigenvalue(matrix m)
{
    return 0.5 * (m.a + m.d) + sqrt(0.25 * (m.a - m.d) * (m.a - m.d) + m.b * m.b);
}

/* Two neurons with a frozen first layer: U is quadratic in a, with curvature L and minimum L^-1 c. */
typedef struct gaussian_case {
    mfl_model *model;
    mfl_network *start;
    mfl_dataset *data, *test;
    matrix curvature;
    double pull[2], features[2]; /* c; scaled features at the test input */
} gaussian_case;

static const double kappa = 0.5;
enum { inputs = 3, samples = 5 };

static inline gaussian_case make_case(void)
{
    static const double w[2 * inputs] = {0.5, -0.2, 0.8, -0.3, 0.9, 0.4}, a[2] = {0.0, 0.0};
    static const double x[samples * inputs] = {1.0, 0.5, -0.5, -0.2, 1.5, 0.7, 0.3, -1.0,
                                               1.2, 2.0, 0.1,  0.4,  -1.0, 0.8, 0.9};
    static const double y[samples] = {0.7, -0.4, 1.1, 0.2, -0.9}, t[inputs] = {0.6, 0.7, 0.2}, zero[1] = {0.0};
    gaussian_case c;
    memset(&c, 0, sizeof c);
    OK(mfl_model_create(context, inputs, 2, &c.model));
    OK(mfl_network_create(c.model, &c.start));
    OK(mfl_network_set_weights(c.start, w, inputs, a));
    OK(mfl_dataset_copy(context, samples, inputs, x, inputs, 1, y, &c.data));
    OK(mfl_dataset_copy(context, 1, inputs, t, inputs, 1, zero, &c.test));
    c.curvature = (matrix){1.0, 0.0, 1.0};
    for (int mu = 0; mu <= samples; mu++) {
        double feature[2];
        for (int i = 0; i < 2; i++) {
            double z = 0.0;
            for (int j = 0; j < inputs; j++)
                z += w[i * inputs + j] * (mu < samples ? x[mu * inputs + j] : t[j]);
            feature[i] = fmax(z, 0.0) / sqrt(2.0);
        }
        if (mu == samples) {
            memcpy(c.features, feature, sizeof feature);
            break;
        }
        c.curvature.a += feature[0] * feature[0] / (kappa * kappa);
        c.curvature.b += feature[0] * feature[1] / (kappa * kappa);
        c.curvature.d += feature[1] * feature[1] / (kappa * kappa);
        c.pull[0] += feature[0] * y[mu] / (kappa * kappa);
        c.pull[1] += feature[1] * y[mu] / (kappa * kappa);
    }
    return c;
}

static inline void release_case(gaussian_case *c)
{
    mfl_dataset_destroy(c->test);
    mfl_dataset_destroy(c->data);
    mfl_network_destroy(c->start);
    mfl_model_destroy(c->model);
}

#endif
