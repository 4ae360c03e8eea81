/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory.h"

#include "library.h"

void ex_set_option(mfl_context *context, mfl_options *target, const char *name, const ex_arguments *arguments,
                   const char *option)
{
    if (ex_text(arguments, option) && mfl_options_set_text(target, name, ex_text(arguments, option)))
        ex_usage("--%s: %s", option, mfl_context_message(context));
}

static mfl_model *make_model(mfl_context *context, const ex_arguments *a, int64_t dimension, int64_t width)
{
    static const char *const names[][2] = {
        {"gamma", "gamma"}, {"sigma_w", "sigma-w"}, {"sigma_a", "sigma-a"}, {"activation", "activation"}};
    mfl_model *model;
    mfl_options *target;
    ex_check(mfl_model_create(context, dimension, width, &model));
    ex_check(mfl_model_options(model, &target));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ex_set_option(context, target, names[i][0], a, names[i][1]);
    return model;
}

mfl_theory *ex_theory_of_task(mfl_context *context, const ex_arguments *a, int32_t preset, const mfl_task *task,
                              int64_t dimension, int64_t width)
{
    static const char *const names[][2] = {{"noise", "noise"},   {"self_energy", "self-energy"}, {"prior", "prior"},
                                           {"alpha0", "alpha0"}, {"beta0", "beta0"},             {"sharing", "sharing"},
                                           {"damping", "damping"}, {"tolerance", "tolerance"}};
    mfl_model *model = make_model(context, a, dimension, width);
    mfl_theory *theory;
    mfl_options *target;
    ex_check(mfl_theory_create(context, task, model, &theory));
    ex_check(mfl_theory_use(theory, preset));
    ex_check(mfl_theory_options(theory, &target));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ex_set_option(context, target, names[i][0], a, names[i][1]);
    mfl_model_destroy(model);
    return theory;
}

mfl_theory *ex_theory_of_data(mfl_context *context, const ex_arguments *a, int32_t preset, const mfl_dataset *train,
                              const mfl_task *task, int64_t width)
{
    static const char *const names[][2] = {{"noise", "noise"},   {"self_energy", "self-energy"}, {"prior", "prior"},
                                           {"alpha0", "alpha0"}, {"beta0", "beta0"},             {"sharing", "sharing"}};
    int64_t dimension;
    mfl_theory *theory;
    mfl_options *target;
    ex_check(mfl_dataset_shape(train, NULL, &dimension));
    mfl_model *model = make_model(context, a, dimension, width);
    ex_check(mfl_theory_create_empirical(context, model, train, task, &theory));
    ex_check(mfl_theory_use(theory, preset));
    ex_check(mfl_theory_options(theory, &target));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ex_set_option(context, target, names[i][0], a, names[i][1]);
    if (ex_given(a, "tolerance"))
        ex_set_option(context, target, "tolerance", a, "tolerance");
    mfl_model_destroy(model);
    return theory;
}

mfl_theory *ex_make_theory(mfl_context *context, const ex_arguments *a, int32_t preset, int64_t dimension,
                           int64_t degree, int64_t width)
{
    const int32_t is_parity = ex_choice(a, "task", "parity|hermite") == 0;
    mfl_task *task;
    ex_check(is_parity ? mfl_task_create_parity(context, dimension, degree, &task)
                       : mfl_task_create_hermite(context, dimension, degree, &task));
    mfl_theory *theory = ex_theory_of_task(context, a, preset, task, dimension, width);
    mfl_task_destroy(task);
    return theory;
}
