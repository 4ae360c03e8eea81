/* SPDX-License-Identifier: BSD-3-Clause */
/* Every method of the sampler against laws that are known: Gaussian posteriors with the bias of the step, small
 * networks by quadrature, and the joint law of parameters and data.
 *
 * Statistics come from 40 independent chains, whose spread gives the standard error; a bound of 5.5 of them is passed
 * by chance with probability 5e-6 (Student's t, 39 degrees of freedom, two sides). Some 60 such comparisons with
 * fixed seeds: false alarm below 3e-4 for the whole program, once and for all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "gaussian_case.h"

enum { chains = 40, most_draws = 20000 };
static const double bound = 5.5;

typedef struct estimate {
    double mean, se;
} estimate;

/* The mean of (trace - centre)^power over draws, and its standard error from the spread of the chains. */
static estimate moment(const mfl_sampler *sampler, int32_t kind, double centre, int power)
{
    static double trace[most_draws];
    double sum = 0.0, squares = 0.0;
    for (int c = 0; c < chains; c++) {
        int64_t count;
        double mean = 0.0;
        OK(mfl_sampler_trace(sampler, kind, c, trace, most_draws, &count));
        for (int64_t i = 0; i < count; i++)
            mean += pow(trace[i] - centre, power) / (double)count;
        sum += mean / chains;
        squares += mean * mean / chains;
    }
    return (estimate){sum, sqrt((squares - sum * sum) / (chains - 1))};
}

static void expect(const char *what, estimate found, double exact)
{
    ck_assert_msg(fabs(found.mean - exact) < bound * found.se, "%s: %g +- %g, exact %g", what, found.mean, found.se,
                  exact);
}

/* The network's output at one input. */
typedef struct probe {
    const double *input;
    int64_t dimension, width;
    int32_t linear;
} probe;

static int32_t output(const mfl_network *network, double *value, void *user_data)
{
    const probe *at = user_data;
    double w[8], a[2], sum = 0.0;
    if (mfl_network_copy_weights(network, w, at->dimension, a))
        return 1;
    for (int64_t i = 0; i < at->width; i++) {
        double z = 0.0;
        for (int64_t j = 0; j < at->dimension; j++)
            z += w[i * at->dimension + j] * at->input[j];
        sum += a[i] * (at->linear ? z : fmax(z, 0.0));
    }
    *value = sum / sqrt((double)at->width);
    return 0;
}

static const double test_input[inputs] = {0.6, 0.7, 0.2};

/* Chains on the Gaussian case, with the output at the test input as trace *kind. */
static mfl_sampler *run_gaussian(const gaussian_case *c, const char *settings, int32_t *kind)
{
    static probe at = {test_input, inputs, 2, 0};
    mfl_sampler *sampler;
    OK(mfl_sampler_create(c->model, c->data, kappa, &sampler));
    configure(sampler, "chains=40,freeze=first_layer");
    configure(sampler, settings);
    OK(mfl_sampler_set_start(sampler, c->start));
    OK(mfl_sampler_add_observable(sampler, output, &at, kind));
    OK(mfl_sampler_run(sampler));
    return sampler;
}

static void check_gaussian(const gaussian_case *c, const char *settings, double mean, double variance)
{
    char what[500];
    int32_t kind;
    mfl_sampler *sampler = run_gaussian(c, settings, &kind);
    snprintf(what, sizeof what, "mean of %s", settings);
    expect(what, moment(sampler, kind, 0.0, 1), mean);
    snprintf(what, sizeof what, "variance of %s", settings);
    expect(what, moment(sampler, kind, mean, 2), variance);
    mfl_sampler_destroy(sampler);
}

/* Methods without bias, BAOAB among them: its positions are exact for a Gaussian at any stable step. */
START_TEST(a_frozen_first_layer_leaves_a_gaussian)
{
    static const char *const settings[] = {
        "method=mala,burn_in=2000,draws=500",
        "method=mala,mass=unit,precision=float64,burn_in=2000,draws=500",
        "method=hmc,draws=1000",
        "method=hmc,mass=unit,precision=float64,draws=1000",
        "method=hmc,mass=adaptive,draws=1000",
        "method=hmc,step_size=0.2,path_length=0.9,path_jitter=1,draws=1000",
        "method=baoab,burn_in=2000,draws=500,step_fraction=1.5",
        "method=baoab,burn_in=2000,draws=500,mass=adaptive,friction=3,precision=float64",
        "method=sgld,gibbs=1,burn_in=1,thinning=1,draws=800",
        "method=hmc,gibbs=3,burn_in=0,step_size=1,draws=2000,thinning=3",
    };
    gaussian_case c = make_case();
    const double mean = form(inverse(c.curvature), c.features, c.pull);
    const double variance = form(inverse(c.curvature), c.features, c.features);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        check_gaussian(&c, settings[i], mean, variance);
    release_case(&c);
}
END_TEST

/* A stochastic gradient, one sample of five a step: an epoch is a linear map of theta that depends on its permutation,
 * theta <- A theta + b + noise, so that mean and second moment at the ends of epochs obey linear equations with the
 * averages over the 120 permutations, solved here by iteration. */
typedef struct epoch_law {
    double mean[2], second[2][2];
} epoch_law;

typedef struct affine {
    double a[2][2], b[2], noise[2][2];
} affine;

/* One step on one sample of the five, whose share of U counts five times. */
static affine sample_step(const double feature[2], double y, double eta, double weight)
{
    affine s;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            double curvature = (i == j) + weight * feature[i] * feature[j] / (kappa * kappa);
            s.a[i][j] = (i == j) - eta * curvature;
            s.noise[i][j] = i == j ? 2.0 * eta : 0.0;
        }
        s.b[i] = eta * weight * feature[i] * y / (kappa * kappa);
    }
    return s;
}

/* second after first */
static affine compose(affine second, affine first)
{
    affine c;
    for (int i = 0; i < 2; i++) {
        c.b[i] = second.b[i];
        for (int j = 0; j < 2; j++) {
            c.b[i] += second.a[i][j] * first.b[j];
            c.a[i][j] = second.a[i][0] * first.a[0][j] + second.a[i][1] * first.a[1][j];
            c.noise[i][j] = second.noise[i][j];
            for (int k = 0; k < 2; k++)
                for (int l = 0; l < 2; l++)
                    c.noise[i][j] += second.a[i][k] * first.noise[k][l] * second.a[j][l];
        }
    }
    return c;
}

static void add_epoch(const epoch_law *now, const affine *map, double share, epoch_law *next)
{
    for (int i = 0; i < 2; i++) {
        double moved[2];
        for (int k = 0; k < 2; k++)
            moved[k] = map->a[k][0] * now->mean[0] + map->a[k][1] * now->mean[1];
        next->mean[i] += share * (moved[i] + map->b[i]);
        for (int j = 0; j < 2; j++) {
            double value = map->noise[i][j] + map->b[i] * map->b[j] + moved[i] * map->b[j] + moved[j] * map->b[i];
            for (int k = 0; k < 2; k++)
                for (int l = 0; l < 2; l++)
                    value += map->a[i][k] * now->second[k][l] * map->a[j][l];
            next->second[i][j] += share * value;
        }
    }
}

/* Heap's algorithm over the orders of the five samples. */
static void all_epochs(const affine steps[samples], int order[samples], int left, const epoch_law *now,
                       epoch_law *next)
{
    if (left == 1) {
        affine map = steps[order[0]];
        for (int n = 1; n < samples; n++)
            map = compose(steps[order[n]], map);
        add_epoch(now, &map, 1.0 / 120.0, next);
        return;
    }
    for (int n = 0; n < left; n++) {
        all_epochs(steps, order, left - 1, now, next);
        int other = left % 2 ? 0 : n, kept = order[other];
        order[other] = order[left - 1];
        order[left - 1] = kept;
    }
}

static epoch_law law_of_epochs(const gaussian_case *c, double eta)
{
    affine steps[samples];
    epoch_law now = {{0.0, 0.0}, {{1.0, 0.0}, {0.0, 1.0}}};
    double x[samples * inputs], w[2 * inputs];
    const double *y;
    OK(mfl_dataset_copy_inputs(c->data, x, samples * inputs));
    OK(mfl_dataset_targets(c->data, &y));
    OK(mfl_network_copy_weights(c->start, w, inputs, NULL));
    for (int mu = 0; mu < samples; mu++) {
        double feature[2] = {0.0, 0.0};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < inputs; j++)
                feature[i] += w[i * inputs + j] * x[mu * inputs + j];
            feature[i] = fmax(feature[i], 0.0) / sqrt(2.0);
        }
        steps[mu] = sample_step(feature, y[mu], eta, samples);
    }
    for (int n = 0; n < 2000; n++) {
        int order[samples] = {0, 1, 2, 3, 4};
        epoch_law next;
        memset(&next, 0, sizeof next);
        all_epochs(steps, order, samples, &now, &next);
        now = next;
    }
    return now;
}

/* Without the factor P/batch the mean would be off by some hundred standard errors; so would the variance that leaves
 * out what the choice of samples adds. */
START_TEST(minibatches_have_the_law_of_their_epochs)
{
    gaussian_case c = make_case();
    const double eta = 0.15 / largest_eigenvalue(c.curvature);
    const epoch_law law = law_of_epochs(&c, eta);
    const double *g = c.features, mean = g[0] * law.mean[0] + g[1] * law.mean[1];
    const double second = g[0] * g[0] * law.second[0][0] + 2.0 * g[0] * g[1] * law.second[0][1]
        + g[1] * g[1] * law.second[1][1];
    for (int precision = 0; precision < 2; precision++) {
        char settings[200];
        snprintf(settings, sizeof settings,
                 "method=sgld,batch=1,step_size=%.17g,burn_in=1000,thinning=5,draws=4000,precision=%s", eta,
                 precision ? "float64" : "float32");
        check_gaussian(&c, settings, mean, second - mean * mean);
    }
    const double full_mean = form(inverse(c.curvature), c.features, c.pull);
    const double full = form(inverse(c.curvature), c.features, c.features);
    ck_assert_double_gt(fabs(second - mean * mean - full), 0.02 * full);
    ck_assert_double_lt(fabs(mean - full_mean), 0.5 * sqrt(full));
    release_case(&c);
}
END_TEST

/* Gradient descent ends in the minimum of U, the mean of a Gaussian posterior, with every mass and from a high noise
 * down; stochastic-gradient steps that decrease end near it, too. */
START_TEST(descent_finds_the_minimum)
{
    static const char *const settings[] = {
        "method=gradient_descent,precision=float64,burn_in=2000,draws=1",
        "method=gradient_descent,precision=float64,burn_in=2000,draws=1,mass=prior,anneal_from=3",
        "method=gradient_descent,precision=float64,burn_in=4000,draws=1,mass=adaptive",
    };
    gaussian_case c = make_case();
    const double mean = form(inverse(c.curvature), c.features, c.pull);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        int32_t kind;
        mfl_sampler *sampler = run_gaussian(&c, settings[i], &kind);
        double f;
        OK(mfl_sampler_trace(sampler, kind, 0, &f, 1, NULL));
        ck_assert_double_eq_tol(f, mean, 1e-9);
        mfl_sampler_destroy(sampler);
    }
    release_case(&c);
}
END_TEST

/* One neuron, phi(w.x) a: given w the readout is Gaussian, so that averages are integrals over w: of the likelihood's
 * A^-1/2 exp(B^2/2A) with A = 1 + sum phi^2/kappa^2, B = sum phi y/kappa^2. */
typedef struct small_case {
    int64_t dimension, rows;
    int32_t linear;
    double kappa;
    const double *x, *y, *probe;
} small_case;

typedef struct small_law {
    double f, f_square, w_square;
} small_law;

static void add_weight(const small_case *s, const double w[2], double measure, small_law *law, double *total)
{
    double a = 1.0, b = 0.0, z = 0.0, w_square = 0.0;
    for (int64_t mu = 0; mu <= s->rows; mu++) {
        const double *x = mu < s->rows ? s->x + mu * s->dimension : s->probe;
        z = 0.0;
        for (int64_t j = 0; j < s->dimension; j++)
            z += w[j] * x[j];
        z = s->linear ? z : fmax(z, 0.0);
        if (mu < s->rows) {
            a += z * z / (s->kappa * s->kappa);
            b += z * s->y[mu] / (s->kappa * s->kappa);
        }
    }
    for (int64_t j = 0; j < s->dimension; j++)
        w_square += w[j] * w[j];
    const double d = (double)s->dimension;
    const double weight = measure * exp(-0.5 * d * w_square + 0.5 * b * b / a) / sqrt(a);
    *total += weight;
    law->f += weight * z * b / a;
    law->f_square += weight * z * z * (1.0 / a + b * b / (a * a));
    law->w_square += weight * w_square;
}

static small_law integrate(const small_case *s)
{
    enum { radii = 700, angles = 2400 };
    small_law law = {0.0, 0.0, 0.0};
    double total = 0.0;
    for (int i = 0; i < radii; i++) {
        const double r = 9.0 * (i + 0.5) / radii / sqrt((double)s->dimension);
        for (int j = 0; j < (s->dimension == 1 ? 2 : angles); j++) {
            const double angle = 2.0 * M_PI * (j + 0.5) / angles;
            const double w[2] = {s->dimension == 2 ? r * cos(angle) : j ? r : -r, r * sin(angle)};
            add_weight(s, w, s->dimension == 2 ? r : 1.0, &law, &total);
        }
    }
    return (small_law){law.f / total, law.f_square / total, law.w_square / total};
}

static void check_small(const small_case *s, const char *settings)
{
    mfl_model *model;
    mfl_dataset *data;
    mfl_sampler *sampler;
    mfl_options *options;
    probe at = {s->probe, s->dimension, 1, s->linear};
    int32_t kind;
    double moments[2], sum = 0.0;
    const small_law law = integrate(s);
    OK(mfl_model_create(context, s->dimension, 1, &model));
    OK(mfl_model_options(model, &options));
    if (s->linear)
        OK(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, MFL_ACTIVATION_LINEAR));
    OK(mfl_dataset_copy(context, s->rows, s->dimension, s->x, s->dimension, 1, s->y, &data));
    OK(mfl_sampler_create(model, data, s->kappa, &sampler));
    configure(sampler, "chains=40");
    configure(sampler, settings);
    OK(mfl_sampler_add_observable(sampler, output, &at, &kind));
    OK(mfl_sampler_run(sampler));
    expect(settings, moment(sampler, kind, 0.0, 1), law.f);
    expect(settings, moment(sampler, kind, 0.0, 2), law.f_square);
    OK(mfl_sampler_second_moments(sampler, moments, s->dimension));
    for (int64_t j = 0; j < s->dimension; j++)
        sum += moments[j];
    ck_assert_msg(fabs(sum - law.w_square) < 0.05 * law.w_square, "<w^2> %g, exact %g", sum, law.w_square);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    mfl_model_destroy(model);
}

static const char *const exact_settings[] = {
    "method=hmc,burn_in=300,draws=800",
    "method=hmc,precision=float64,mass=adaptive,burn_in=600,draws=800",
    "method=mala,mass=unit,burn_in=2000,draws=500,thinning=25",
    "method=hmc,gibbs=1,burn_in=300,draws=800",
    "method=mala,gibbs=2,burn_in=1000,draws=500,thinning=25",
    /* Not exact, but of a bias that is O(h^2), 0.01 here; by the forces of other readouts it would be O(h). */
    "method=baoab,gibbs=1,step_fraction=0.1,burn_in=4000,draws=2000,thinning=10",
};

START_TEST(one_linear_neuron_in_one_dimension)
{
    static const double one = 1.0;
    const small_case s = {1, 1, 1, sqrt(0.1), &one, &one, &one};
    ck_assert_double_eq_tol(integrate(&s).f, 0.8409, 1e-4); /* the known value */
    for (size_t i = 0; i < sizeof exact_settings / sizeof exact_settings[0]; i++)
        check_small(&s, exact_settings[i]);
}
END_TEST

START_TEST(one_relu_neuron_in_two_dimensions)
{
    static const double x[8] = {1.0, 0.2, -0.7, 1.1, 0.3, -0.9, -1.0, -0.4}, y[4] = {0.9, 0.5, -0.3, 0.1};
    static const double at[2] = {0.8, 0.6};
    const small_case s = {2, 4, 0, 0.4, x, y, at};
    for (size_t i = 0; i < sizeof exact_settings / sizeof exact_settings[0]; i++)
        check_small(&s, exact_settings[i]);
}
END_TEST

/* Redraws solve with the N x N or the P x P matrix, whichever is smaller. Samples at x = 0 say nothing about a ReLU
 * network: three of them turn P = 5 < N = 7 into P = 8 > N, and the same random numbers must give the same readouts. */
START_TEST(both_matrices_redraw_the_same_readouts)
{
    enum { width = 7, rows = 8 };
    double x[rows * inputs] = {1.0, 0.5, -0.5, -0.2, 1.5, 0.7, 0.3, -1.0, 1.2, 2.0, 0.1, 0.4, -1.0, 0.8, 0.9};
    const double y[rows] = {0.7, -0.4, 1.1, 0.2, -0.9, 3.0, 2.0, 1.0};
    double readout[2][width];
    mfl_model *model;
    mfl_network *start;
    OK(mfl_model_create(context, inputs, width, &model));
    OK(mfl_network_create(model, &start));
    OK(mfl_network_draw_prior(start, 3));
    for (int primal = 0; primal < 2; primal++) {
        mfl_dataset *data;
        mfl_sampler *sampler;
        mfl_network *end;
        OK(mfl_dataset_copy(context, primal ? 8 : 5, inputs, x, inputs, 1, y, &data));
        OK(mfl_sampler_create(model, data, 0.3, &sampler));
        configure(sampler, "gibbs=1,freeze=first_layer,chains=1");
        OK(mfl_sampler_set_start(sampler, start));
        OK(mfl_sampler_step(sampler, 1));
        OK(mfl_sampler_network(sampler, 0, &end));
        OK(mfl_network_copy_weights(end, NULL, inputs, readout[primal]));
        mfl_network_destroy(end);
        mfl_sampler_destroy(sampler);
        mfl_dataset_destroy(data);
    }
    for (int i = 0; i < width; i++)
        ck_assert_double_eq_tol(readout[0][i], readout[1][i], 1e-11);
    mfl_network_destroy(start);
    mfl_model_destroy(model);
}
END_TEST

/* With small steps stochastic-gradient HMC, and stochastic-gradient Langevin steps with an adaptive mass, come near the
 * law: within a fifth of the standard deviation for the mean and a fifth of the variance. Without P/batch = 5 the mean
 * would be off by two standard deviations. */
START_TEST(other_minibatch_methods_come_near)
{
    static const char *const settings[] = {
        "method=baoab,batch=1,step_size=0.01,friction=4,burn_in=4000,thinning=20,draws=2000",
        "method=sgld,batch=1,mass=adaptive,step_fraction=0.3,burn_in=20000,thinning=10,draws=2000",
    };
    gaussian_case c = make_case();
    const double mean = form(inverse(c.curvature), c.features, c.pull);
    const double variance = form(inverse(c.curvature), c.features, c.features);
    for (int i = 0; i < 2; i++) {
        int32_t kind;
        mfl_sampler *sampler = run_gaussian(&c, settings[i], &kind);
        const estimate first = moment(sampler, kind, 0.0, 1), second = moment(sampler, kind, mean, 2);
        ck_assert_msg(fabs(first.mean - mean) < 0.2 * sqrt(variance), "%s: mean %g, exact %g", settings[i], first.mean,
                      mean);
        ck_assert_msg(fabs(second.mean - variance) < 0.2 * variance, "%s: variance %g, exact %g", settings[i],
                      second.mean, variance);
        mfl_sampler_destroy(sampler);
    }
    release_case(&c);
}
END_TEST

/* Whole sets of sign patterns represent a parity exactly; with every activation that can see the task m = 1. */
START_TEST(planted_networks_know_the_task)
{
    static const struct {
        int64_t k;
        int32_t activation, exact;
    } cases[] = {{2, MFL_ACTIVATION_RELU, 1}, {4, MFL_ACTIVATION_RELU, 1}, {3, MFL_ACTIVATION_ERF, 1},
                 {2, MFL_ACTIVATION_QUADRATIC, 1}, {6, MFL_ACTIVATION_GELU, 0}};
    enum { d = 7, width = 40, rows = 20 };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        mfl_task *task;
        mfl_model *model;
        mfl_options *options;
        mfl_network *network;
        mfl_dataset *data;
        const double *y;
        double m, x[rows * d], f[rows];
        OK(mfl_task_create_parity(context, d, cases[n].k, &task));
        OK(mfl_model_create(context, d, width, &model));
        OK(mfl_model_options(model, &options));
        OK(mfl_options_set_int(options, MFL_MODEL_ACTIVATION, cases[n].activation));
        OK(mfl_network_create(model, &network));
        OK(mfl_network_draw_prior(network, 1));
        OK(mfl_network_plant(network, task));
        OK(mfl_network_order_parameter(network, task, &m));
        ck_assert_double_eq_tol(m, 1.0, 1e-12);
        OK(mfl_dataset_draw(task, rows, 0.0, 0, MFL_ROLE_TRAIN, &data));
        OK(mfl_dataset_targets(data, &y));
        OK(mfl_dataset_copy_inputs(data, x, rows * d));
        OK(mfl_network_forward(network, x, rows, d, f));
        for (int i = 0; i < rows && cases[n].exact; i++)
            ck_assert_msg(f[i] * y[i] > 0.0, "case %zu, sample %d: f %g, y %g", n, i, f[i], y[i]);
        mfl_dataset_destroy(data);
        mfl_network_destroy(network);
        mfl_model_destroy(model);
        mfl_task_destroy(task);
    }
}
END_TEST

/* Steps by hand are those of a run, and a state that was set is the state. */
START_TEST(steps_by_hand_are_steps_of_a_run)
{
    gaussian_case c = make_case();
    double trace[2][30], w[2 * inputs], a[2], b[2];
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        mfl_sampler *sampler;
        mfl_network *network;
        OK(mfl_sampler_create(c.model, c.data, kappa, &sampler));
        configure(sampler, "method=hmc,chains=3,burn_in=40,draws=30,thinning=2,gibbs=7");
        if (by_hand) {
            OK(mfl_sampler_step(sampler, 0));
            OK(mfl_sampler_step(sampler, 13));
            OK(mfl_sampler_step(sampler, 20));
        }
        OK(mfl_sampler_run(sampler));
        OK(mfl_sampler_trace(sampler, MFL_TRACE_POTENTIAL, 2, trace[by_hand], 30, NULL));
        OK(mfl_sampler_network(sampler, 0, &network));
        OK(mfl_sampler_set_network(sampler, 2, network));
        OK(mfl_network_copy_weights(network, w, inputs, a));
        mfl_network_destroy(network);
        OK(mfl_sampler_network(sampler, 2, &network));
        OK(mfl_network_copy_weights(network, w, inputs, b));
        ck_assert_mem_eq(a, b, sizeof a);
        ck_assert_int_eq(mfl_sampler_set_network(sampler, 3, network), MFL_ERROR_ARGUMENT);
        ck_assert_int_eq(mfl_sampler_step(sampler, -1), MFL_ERROR_ARGUMENT);
        mfl_network_destroy(network);
        mfl_sampler_destroy(sampler);
    }
    ck_assert_mem_eq(trace[0], trace[1], sizeof trace[0]);
    release_case(&c);
}
END_TEST

START_TEST(options_that_do_not_go_together_are_named)
{
    static const char *const settings[] = {"method=hmc,batch=2", "method=mala,batch=1", "gibbs=2,freeze=readout"};
    gaussian_case c = make_case();
    for (int i = 0; i < 3; i++) {
        mfl_sampler *sampler;
        OK(mfl_sampler_create(c.model, c.data, kappa, &sampler));
        configure(sampler, settings[i]);
        ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_ARGUMENT);
        configure(sampler, "batch=0,gibbs=0,burn_in=2,draws=1,start=planted");
        ck_assert_int_eq(mfl_sampler_run(sampler), MFL_ERROR_STATE); /* no task */
        configure(sampler, "start=prior");
        OK(mfl_sampler_run(sampler));
        mfl_sampler_destroy(sampler);
    }
    release_case(&c);
}
END_TEST

int main(void)
{
    mfl_options *options;
    if (mfl_context_create(&context) || mfl_context_options(context, &options)
        || mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1)) /* steps this small are not worth waking a thread */
        return 1;
    int failed = RUN_TESTS("methods", a_frozen_first_layer_leaves_a_gaussian,
                           minibatches_have_the_law_of_their_epochs, descent_finds_the_minimum,
                           one_linear_neuron_in_one_dimension, one_relu_neuron_in_two_dimensions,
                           both_matrices_redraw_the_same_readouts, other_minibatch_methods_come_near,
                           planted_networks_know_the_task, steps_by_hand_are_steps_of_a_run,
                           options_that_do_not_go_together_are_named);
    mfl_context_destroy(context);
    return failed;
}
