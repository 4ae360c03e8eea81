/* SPDX-License-Identifier: BSD-3-Clause */
/* A parity of 2 of 12 inputs: mean-field theory, a sampled posterior, the kernel limit, and an activation in C++. */
#include <cstdio>
#include <vector>

#include "mflearn.hpp"

/* No exception may pass through C: a callback that can throw catches, and returns 1. */
static int32_t square(int64_t count, const double *z, double *value, double *derivative, void *)
{
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i];
        derivative[i] = 2 * z[i];
    }
    return 0;
}

static void print(const char *name, const std::vector<double> &values)
{
    for (double value : values)
        std::printf("%s %.17g\n", name, value);
}

static void compute()
{
    mfl_context *created = nullptr;
    mfl::check({}, mfl_context_create(&created));
    const mfl::context context(created);
    auto check = [&](int32_t status) { mfl::check(context, status); };
    mfl_options *options;
    check(mfl_context_options(context.get(), &options));
    check(mfl_options_set_int(options, MFL_CONTEXT_SEED, 7));
    const auto task = mfl::make<mfl::task>(context, mfl_task_create_parity, context.get(), 12, 2);
    const auto model = mfl::make<mfl::model>(context, mfl_model_create, context.get(), 12, 32);
    const auto train = mfl::make<mfl::dataset>(context, mfl_dataset_draw, task.get(), 60, 0.1, 0, MFL_ROLE_TRAIN);
    const auto test = mfl::make<mfl::dataset>(context, mfl_dataset_draw, task.get(), 3, 0.0, 0, MFL_ROLE_TEST);
    const double *x;
    int64_t stride, unit;
    check(mfl_dataset_inputs(test.get(), &x, &stride, &unit));
    double value, error;

    const auto theory = mfl::make<mfl::theory>(context, mfl_theory_create, context.get(), task.get(), model.get());
    check(mfl_theory_solve(theory.get(), 60, 0.2));
    check(mfl_theory_get(theory.get(), MFL_THEORY_M, &value, &error));
    print("theory_m", {value});

    const auto sampler = mfl::make<mfl::sampler>(context, mfl_sampler_create, model.get(), train.get(), 0.2);
    check(mfl_sampler_set_task(sampler.get(), task.get()));
    check(mfl_sampler_options(sampler.get(), &options));
    check(mfl_options_set_text(options, "burn_in", "200"));
    check(mfl_options_set_text(options, "draws", "20"));
    check(mfl_sampler_run(sampler.get()));
    check(mfl_sampler_get(sampler.get(), MFL_SAMPLER_ORDER_PARAMETER, &value));
    print("sampler_m", {value});

    const auto ridge = mfl::make<mfl::ridge>(context, mfl_ridge_create, model.get());
    std::vector<double> f(3);
    check(mfl_ridge_fit(ridge.get(), train.get(), 0.2));
    check(mfl_ridge_log_evidence(ridge.get(), &value));
    print("ridge_log_evidence", {value});
    check(mfl_ridge_predict(ridge.get(), x, 3, stride, f.data(), nullptr));
    print("ridge_prediction", f);

    check(mfl_model_set_activation(model.get(), square, nullptr));
    const auto network = mfl::make<mfl::network>(context, mfl_network_create, model.get());
    check(mfl_network_draw_prior(network.get(), 0));
    check(mfl_network_forward(network.get(), x, 3, stride, f.data()));
    print("network_prediction", f);
}

int main()
{
    try {
        compute();
    } catch (const mfl::error &problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return 0;
}
