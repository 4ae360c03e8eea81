/* SPDX-License-Identifier: BSD-3-Clause */
/* Exact methods against the joint law of parameters and data, which is known by construction: theta from the prior,
 * y = f(x) + kappa xi.
 *
 * Geweke's joint distribution test, with independent replicates in the place of one long chain: theta and y from the
 * joint law, then a few steps of a method from theta given y, must have the joint law again, whatever the step size.
 * Simulation-based calibration: the rank of the theta that made the data among draws of its posterior is uniform. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "gaussian_case.h"

enum { d = 2, width = 3, rows = 4, replicates = 4000 };
static const double noise = 0.3;
static const double x[rows * d] = {1.0, 0.2, -0.7, 1.1, 0.3, -0.9, -1.0, -0.4}, x_test[d] = {0.8, 0.6};

/* The test's own random numbers: splitmix64 and Box-Muller. */
static uint64_t state;

static double uniform(void)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
    const double radius = sqrt(-2.0 * log(uniform()));
    return radius * cos(2.0 * M_PI * uniform());
}

typedef struct world {
    double w[width * d], a[width], y[rows];
} world;

static double predict(const world *t, const double *input)
{
    double sum = 0.0;
    for (int i = 0; i < width; i++)
        sum += t->a[i] * fmax(t->w[i * d] * input[0] + t->w[i * d + 1] * input[1], 0.0);
    return sum / sqrt(width);
}

static world draw_world(void)
{
    world t;
    for (int i = 0; i < width * d; i++)
        t.w[i] = normal() / sqrt(d);
    for (int i = 0; i < width; i++)
        t.a[i] = normal();
    for (int mu = 0; mu < rows; mu++)
        t.y[mu] = predict(&t, x + mu * d) + noise * normal();
    return t;
}

typedef struct setting {
    mfl_model *model;
    mfl_network *network;
} setting;

static setting make_setting(void)
{
    setting s;
    OK(mfl_model_create(context, d, width, &s.model));
    OK(mfl_network_create(s.model, &s.network));
    return s;
}

static void release_setting(setting *s)
{
    mfl_network_destroy(s->network);
    mfl_model_destroy(s->model);
}

static mfl_sampler *make_sampler(const setting *s, const world *t, int run, const char *settings)
{
    mfl_sampler *sampler;
    mfl_dataset *data;
    mfl_options *options;
    OK(mfl_dataset_copy(context, rows, d, x, d, 1, t->y, &data));
    OK(mfl_sampler_create(s->model, data, noise, &sampler));
    mfl_dataset_destroy(data); /* the sampler keeps it */
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_int(options, MFL_SAMPLER_RUN_INDEX, run));
    OK(mfl_options_set_int(options, MFL_SAMPLER_CHAINS, 1));
    configure(sampler, settings);
    return sampler;
}

static void start_at(const setting *s, const world *t, mfl_sampler *sampler)
{
    OK(mfl_network_set_weights(s->network, t->w, d, t->a));
    OK(mfl_sampler_set_start(sampler, s->network));
}

/* The parameters of a chain of one. */
static void read_parameters(const mfl_sampler *sampler, world *t)
{
    mfl_network *network;
    OK(mfl_sampler_network(sampler, 0, &network));
    OK(mfl_network_copy_weights(network, t->w, d, t->a));
    mfl_network_destroy(network);
}

enum { statistics = 6 };

/* Functions of parameters and data, less their means under the joint law. */
static void measure(const world *t, double value[statistics])
{
    double w_square = 0.0, a_square = 0.0, residual = 0.0, product = 0.0;
    for (int i = 0; i < width * d; i++)
        w_square += t->w[i] * t->w[i];
    for (int i = 0; i < width; i++) {
        a_square += t->a[i] * t->a[i] / width;
        product += fabs(t->a[i]) * hypot(t->w[i * d], t->w[i * d + 1]) / width;
    }
    for (int mu = 0; mu < rows; mu++) {
        const double r = t->y[mu] - predict(t, x + mu * d);
        residual += r * r / (rows * noise * noise);
    }
    const double f = predict(t, x_test);
    const double length_square = (x_test[0] * x_test[0] + x_test[1] * x_test[1]) / d;
    value[0] = w_square / width - 1.0;
    value[1] = a_square - 1.0;
    value[2] = residual - 1.0;
    value[3] = f * f - 0.5 * length_square;
    value[4] = product - sqrt(2.0 / M_PI) * 0.5 * sqrt(M_PI); /* E|a| E|w|, |w|^2 exponential of mean 1 */
    value[5] = f;
}

/* Every mean within 5.5 standard errors of zero: by chance 4e-8 each, 36 comparisons. */
START_TEST(exact_methods_leave_the_joint_law_alone)
{
    static const char *const settings[] = {
        "method=mala,step_size=0.35",
        "method=mala,step_size=0.3,mass=unit,precision=float64",
        "method=hmc,step_size=0.4,path_length=1.2",
        "method=hmc,step_size=0.3,mass=unit,path_jitter=1,precision=float64",
        "method=mala,step_size=0.5,gibbs=1",
        "method=hmc,step_size=0.6,gibbs=2",
    };
    setting s = make_setting();
    for (size_t n = 0; n < sizeof settings / sizeof settings[0]; n++) {
        double sum[statistics] = {0.0}, square[statistics] = {0.0}, accepted = 0.0;
        state = 1000 + n;
        for (int r = 0; r < replicates; r++) {
            world t = draw_world();
            double value[statistics];
            mfl_sampler *sampler = make_sampler(&s, &t, r, settings[n]);
            set(sampler, "burn_in", "0");
            start_at(&s, &t, sampler);
            OK(mfl_sampler_step(sampler, 4));
            read_parameters(sampler, &t);
            accepted += get(sampler, MFL_SAMPLER_ACCEPTANCE) / replicates;
            measure(&t, value);
            for (int i = 0; i < statistics; i++) {
                sum[i] += value[i] / replicates;
                square[i] += value[i] * value[i] / replicates;
            }
            mfl_sampler_destroy(sampler);
        }
        /* Neither so short that nothing happens nor so long that nothing is accepted. */
        ck_assert_msg(accepted > 0.3 && accepted < 0.95, "setting %zu: acceptance %g", n, accepted);
        for (int i = 0; i < statistics; i++) {
            const double se = sqrt((square[i] - sum[i] * sum[i]) / replicates);
            ck_assert_msg(fabs(sum[i]) < 5.5 * se, "setting %zu, statistic %d: %g +- %g", n, i, sum[i], se);
        }
    }
    release_setting(&s);
}
END_TEST

/* 19 draws make 20 ranks, in pairs 10 equal bins: chi-squared with 9 degrees of freedom exceeds 45.1 by chance with
 * probability 1e-6; fifteen comparisons. Draws that are too close to each other would fail as well as wrong ones. The
 * last has Gibbs moves alone: the chain begins at the first layer that made the data, which stays, and the readouts are
 * redrawn. */
START_TEST(ranks_of_the_truth_are_uniform)
{
    static const struct {
        const char *settings;
        int first, thinning; /* steps before the first draw, and from one to the next */
        int frozen;
    } chains[] = {
        {"method=mala,burn_in=400", 400, 120, 0},
        {"method=mala,gibbs=3,burn_in=400", 400, 60, 0},
        {"method=hmc,burn_in=100", 100, 10, 0},
        {"method=hmc,gibbs=1,burn_in=100", 100, 10, 0},
        {"method=mala,freeze=first_layer,gibbs=1,burn_in=0", 0, 1, 1},
    };
    enum { draws = 19, bins = 10, worlds = 1000, quantities = 3 };
    /* The prediction is the same for all readouts where no neuron of a fixed first layer is active. */
    static const int compared[2][quantities] = {{0, 2, 5}, {1, 2, 4}};
    setting s = make_setting();
    for (size_t n = 0; n < sizeof chains / sizeof chains[0]; n++) {
        double count[quantities][bins];
        memset(count, 0, sizeof count);
        state = 2000 + n;
        for (int r = 0; r < worlds; r++) {
            const world t = draw_world();
            int rank[quantities] = {0};
            world now = t;
            mfl_sampler *sampler = make_sampler(&s, &t, r, chains[n].settings);
            if (chains[n].frozen)
                start_at(&s, &t, sampler);
            OK(mfl_sampler_step(sampler, chains[n].first));
            for (int i = 0; i < draws; i++) {
                double a[statistics], b[statistics];
                OK(mfl_sampler_step(sampler, chains[n].thinning));
                read_parameters(sampler, &now);
                measure(&now, a);
                measure(&t, b);
                for (int q = 0; q < quantities; q++) {
                    const int k = compared[chains[n].frozen][q];
                    rank[q] += a[k] < b[k];
                }
            }
            for (int q = 0; q < quantities; q++)
                count[q][rank[q] / 2] += 1.0;
            mfl_sampler_destroy(sampler);
        }
        for (int q = 0; q < quantities; q++) {
            double statistic = 0.0;
            for (int b = 0; b < bins; b++)
                statistic += pow(count[q][b] - worlds / (double)bins, 2.0) / (worlds / (double)bins);
            ck_assert_msg(statistic < 45.1, "%s, quantity %d: chi-squared %g", chains[n].settings, q, statistic);
        }
    }
    release_setting(&s);
}
END_TEST

int main(void)
{
    mfl_options *options;
    if (mfl_context_create(&context) || mfl_context_options(context, &options)
        || mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1))
        return 1;
    int failed =
        RUN_TESTS("joint", exact_methods_leave_the_joint_law_alone, ranks_of_the_truth_are_uniform);
    mfl_context_destroy(context);
    return failed;
}
