/* SPDX-License-Identifier: BSD-3-Clause */
/* Samplers at the ends of their ranges: every method with kappa from 1e-8 to 1e8, inputs and targets from denormal to
 * 1e150, d = 1, P = 1, P = 10^6; finite or refused. And float32 against float64: short trajectories. */
#include <stdlib.h>
#include <string.h>

#include "extremes.h"

static void set(mfl_sampler *sampler, const char *name, const char *value)
{
    mfl_options *options;
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_text(options, name, value));
}

static mfl_model *make_model(int64_t d, int64_t width, double gamma)
{
    mfl_model *model;
    mfl_options *options;
    OK(mfl_model_create(context, d, width, &model));
    OK(mfl_model_options(model, &options));
    OK(mfl_options_set_double(options, MFL_MODEL_GAMMA, gamma));
    return model;
}

static void look_at_run(mfl_sampler *sampler, int64_t d, double scale)
{
    static const int32_t keys[] = {MFL_SAMPLER_TRAIN_ERROR, MFL_SAMPLER_TRAIN_ERROR_DRAW, MFL_SAMPLER_POTENTIAL,
                                   MFL_SAMPLER_STEP};
    double moments[6];
    for (int k = 0; k < 4; k++) {
        double value;
        OK(mfl_sampler_get(sampler, keys[k], &value));
        all_finite(&value, 1, "result", scale);
    }
    OK(mfl_sampler_second_moments(sampler, moments, 6));
    all_finite(moments, d, "moment", scale);
}

/* _i: the method. */
START_TEST(runs_are_finite_or_refused)
{
    static const char *const methods[] = {"sgld", "gradient_descent", "mala", "baoab", "hmc"};
    static const double scales[] = {4.9e-324, 1e-310, 1e-150, 1.0, 1e20, 1e150};
    static const int64_t shapes[][2] = {{1, 1}, {1, 5}, {12, 1}, {12, 6}};
    answered = refused = 0;
    for (int s = 0; s < 4; s++)
        for (int x = 0; x < 6; x++)
            for (int32_t decade = -8; decade <= 8; decade += 8)
                for (int variant = 0; variant < 2; variant++) { /* float32 and gamma 1/2, float64 and gamma 1 */
                    const int64_t rows = shapes[s][0], d = shapes[s][1];
                    double inputs[72], targets[12];
                    mfl_dataset *data;
                    mfl_sampler *sampler;
                    mfl_model *model = make_model(d, 4, variant ? 1.0 : 0.5);
                    for (int64_t i = 0; i < rows; i++) {
                        for (int64_t j = 0; j < d; j++)
                            inputs[i * d + j] = scales[x] * sin(1.0 + 1.7 * (double)i + 2.9 * (double)j);
                        targets[i] = scales[(x + s) % 6] * cos(3.0 + (double)i);
                    }
                    OK(mfl_dataset_copy(context, rows, d, inputs, d, 1, targets, &data));
                    OK(mfl_sampler_create(model, data, pow(10.0, decade), &sampler));
                    set(sampler, "method", methods[_i]);
                    set(sampler, "precision", variant ? "float64" : "float32");
                    set(sampler, "burn_in", "10");
                    set(sampler, "draws", "4");
                    set(sampler, "thinning", "1");
                    set(sampler, "path_length", "0.05");
                    if (HAS_ANSWER(mfl_sampler_run(sampler)))
                        look_at_run(sampler, d, scales[x]);
                    mfl_sampler_destroy(sampler);
                    mfl_dataset_destroy(data);
                    mfl_model_destroy(model);
                }
    ck_assert_msg(answered > refused, "only %lld of %lld runs were answered", (long long)answered,
                  (long long)(answered + refused));
}
END_TEST

/* Memory in use, and its peak. */
typedef struct meter {
    int64_t bytes, most;
} meter;

static void *take(size_t size, void *data)
{
    meter *self = data;
    size_t *block = malloc(size + 64);
    if (!block)
        return NULL;
    *block = size;
    self->bytes += (int64_t)size;
    self->most = self->bytes > self->most ? self->bytes : self->most;
    return (char *)block + 64;
}

static void give(void *memory, void *data)
{
    meter *self = data;
    size_t *block = (size_t *)((char *)memory - 64);
    self->bytes -= (int64_t)*block;
    free(block);
}

/* A million samples of five inputs: 48 MB, which a sampler holds a few times over, but nothing with P^2 numbers. */
START_TEST(a_million_samples)
{
    enum { rows = 1000000, d = 5 };
    meter memory = {0, 0};
    mfl_task *task;
    mfl_dataset *data;
    mfl_sampler *sampler;
    double before, after;
    mfl_context_destroy(context);
    OK(mfl_context_create_with_allocator(take, give, &memory, &context));
    mfl_model *model = make_model(d, 4, 0.5);
    OK(mfl_task_create_parity(context, d, 2, &task));
    OK(mfl_dataset_draw(task, rows, 0.1, 0, MFL_ROLE_TRAIN, &data));
    OK(mfl_sampler_create(model, data, 100.0, &sampler));
    set(sampler, "chains", "1");
    set(sampler, "burn_in", "2");
    set(sampler, "draws", "1");
    set(sampler, "thinning", "1");
    OK(mfl_sampler_run(sampler));
    look_at_run(sampler, d, 1.0);
    OK(mfl_sampler_get(sampler, MFL_SAMPLER_DRAWS_TOTAL, &before));
    OK(mfl_sampler_run(sampler));
    OK(mfl_sampler_get(sampler, MFL_SAMPLER_DRAWS_TOTAL, &after));
    ck_assert_double_eq(after, before + 1.0);
    ck_assert_msg(memory.most < (int64_t)400e6, "%g MB", 1e-6 * (double)memory.most);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(data);
    mfl_task_destroy(task);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
    ck_assert_int_eq(memory.bytes, 0);
    one_thread();
}
END_TEST

/* Energies and weights after short trajectories of HMC with the same momenta, from the same start: found 2e-8 apart. */
START_TEST(short_trajectories_agree_in_both_precisions)
{
    enum { d = 6, width = 16 };
    double weights[2][width * (d + 1)], potential[2], difference = 0.0, norm = 0.0;
    mfl_task *task;
    mfl_dataset *data;
    mfl_model *model = make_model(d, width, 0.5);
    OK(mfl_task_create_parity(context, d, 2, &task));
    OK(mfl_dataset_draw(task, 40, 0.0, 0, MFL_ROLE_TRAIN, &data));
    for (int precision = 0; precision < 2; precision++) {
        mfl_sampler *sampler;
        mfl_network *network;
        OK(mfl_sampler_create(model, data, 0.3, &sampler));
        set(sampler, "method", "hmc");
        set(sampler, "precision", precision ? "float64" : "float32");
        set(sampler, "step_size", "0.02");
        set(sampler, "path_length", "0.4");
        set(sampler, "burn_in", "0");
        set(sampler, "chains", "1");
        OK(mfl_sampler_step(sampler, 5));
        OK(mfl_sampler_network(sampler, 0, &network));
        OK(mfl_network_copy_weights(network, weights[precision], d, weights[precision] + width * d));
        OK(mfl_network_potential(network, data, 0.3, &potential[precision], NULL, d, NULL));
        mfl_network_destroy(network);
        mfl_sampler_destroy(sampler);
    }
    for (int i = 0; i < width * (d + 1); i++) {
        difference += pow(weights[0][i] - weights[1][i], 2.0);
        norm += weights[1][i] * weights[1][i];
    }
    ck_assert_msg(sqrt(difference / norm) < 1e-6, "weights differ by %g", sqrt(difference / norm));
    ck_assert_msg(fabs(potential[0] / potential[1] - 1.0) < 1e-6, "energies differ by %g", potential[0] / potential[1] - 1.0);
    mfl_dataset_destroy(data);
    mfl_task_destroy(task);
    mfl_model_destroy(model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extremes_sampler");
    TCase *cases = add_case(suite, "extremes_sampler", one_thread, give_up_context);
    tcase_add_loop_test(cases, runs_are_finite_or_refused, 0, 5);
    tcase_add_test(cases, a_million_samples);
    tcase_add_test(cases, short_trajectories_agree_in_both_precisions);
    return run_suite(suite);
}
