/* SPDX-License-Identifier: BSD-3-Clause */
/* Jobs that solve theories: of a population, along a path, on a grid, and of a training set. */
#include "soak.h"

/* Until a solve was not cut short. */
static void solve(worker *self, mfl_theory *theory, double samples, double kappa)
{
    for (;;) {
        int32_t stop;
        DO(mfl_theory_solve(theory, samples, kappa));
        DO(mfl_theory_stop(theory, &stop));
        if (stop != MFL_STOP_CANCELLED)
            return;
        soak_cut_short(self);
    }
}

static void read_results(worker *self, mfl_theory *theory, int32_t other)
{
    const int32_t keys[] = {MFL_THEORY_M, MFL_THEORY_EVALUATIONS_USED, other};
    int32_t branches;
    DO(mfl_theory_branches(theory, &branches));
    for (int32_t branch = 0; branch < branches; branch++) {
        DO(mfl_theory_select(theory, branch));
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            double value, error;
            DO(mfl_theory_get(theory, keys[i], &value, &error));
            soak_found(self, value);
            soak_found(self, error);
        }
    }
}

static mfl_theory *pose(worker *self, int variant)
{
    static const int64_t staircase[] = {1, 0, 1, 1};
    static const double coefficients[] = {1.0, 0.5};
    mfl_task *task;
    mfl_model *model;
    mfl_theory *theory;
    mfl_options *options;
    if (variant == 3)
        DO(mfl_task_create_hermite(self->context, 16, 2, &task));
    else if (variant == 4)
        DO(mfl_task_create_sum(self->context, 16, 2, 2, staircase, coefficients, &task));
    else
        DO(mfl_task_create_parity(self->context, 16, 2, &task));
    DO(mfl_model_create(self->context, 16, variant == 5 ? 0 : 64, &model));
    DO(mfl_theory_create(self->context, task, model, &theory));
    DO(mfl_theory_use(theory, variant == 1 ? MFL_THEORY_MF_ARD : variant == 2 ? MFL_THEORY_MF_SCREENED : MFL_THEORY_MF));
    DO(mfl_theory_options(theory, &options));
    soak_set(self, options, variant == 6 ? "solver=particles,particles=64,steps=400,tolerance=0.02" : "tolerance=1e-5");
    mfl_model_destroy(model);
    mfl_task_destroy(task);
    return theory;
}

/* Two points, the first one twice; neurons and a density of the last. */
void job_theory(worker *self, int variant)
{
    static const double grid[] = {-0.2, 0.0, 0.1, 0.4};
    double readouts[8], density[4], error[4];
    mfl_theory *theory = pose(self, variant);
    solve(self, theory, 300.0, 0.3);
    solve(self, theory, 100.0, 0.1);
    read_results(self, theory, MFL_THEORY_WEIGHT_ON);
    solve(self, theory, 300.0, 0.3);
    read_results(self, theory, MFL_THEORY_WEIGHT_ON);
    if (variant < 4) {
        DO(mfl_theory_sample(theory, 5, 8, NULL, 0, readouts));
        soak_found_all(self, readouts, 8);
        DO(mfl_theory_marginal(theory, MFL_THEORY_MARGINAL_ON, 50, grid, 4, density, error));
        soak_found_all(self, density, 4);
    }
    mfl_theory_destroy(theory);
}

static void follow(worker *self, mfl_theory *theory)
{
    mfl_path *path;
    int32_t stop, branches, points;
    DO(mfl_path_create(theory, &path));
    for (;;) {
        DO(mfl_path_follow(path, MFL_PATH_SAMPLES, 50.0, 1000.0, 0.0, 0.2));
        DO(mfl_path_stop(path, &stop));
        if (stop != MFL_STOP_CANCELLED)
            break;
        soak_cut_short(self);
    }
    DO(mfl_path_branches(path, &branches));
    for (int32_t branch = 0; branch < branches; branch++) {
        double m;
        DO(mfl_path_branch(path, branch, &points, NULL, NULL));
        DO(mfl_path_get(path, branch, points / 2, MFL_THEORY_M, &m, NULL));
        soak_found(self, m);
    }
    mfl_path_destroy(path);
}

static void map(worker *self, mfl_theory *theory)
{
    static const double samples[] = {50.0, 100.0, 200.0, 400.0}, kappas[] = {0.1, 0.3, 0.5};
    mfl_diagram *diagram;
    DO(mfl_diagram_create(theory, samples, 4, kappas, 3, &diagram));
    for (size_t p = 0; p < 4; p++)
        for (size_t k = 0; k < 3; k++) {
            double m;
            DO(mfl_diagram_get(diagram, p, k, 0, MFL_THEORY_M, &m, NULL));
            soak_found(self, m);
        }
    mfl_diagram_destroy(diagram);
}

void job_path(worker *self, int variant)
{
    mfl_theory *theory = pose(self, 0);
    mfl_options *options;
    DO(mfl_theory_options(theory, &options));
    soak_set(self, options, "tolerance=1e-4");
    (variant ? map : follow)(self, theory);
    mfl_theory_destroy(theory);
}

/* With a checkpoint that another theory goes on from. */
void job_empirical(worker *self, int variant)
{
    static const int32_t presets[] = {MFL_THEORY_MF, MFL_THEORY_MF_ARD, MFL_THEORY_MF_SCREENED};
    double mean[5], variance[5], relevance[8];
    const double *inputs;
    int64_t stride, column;
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train;
    DO(mfl_task_create_parity(self->context, 8, 2, &task));
    DO(mfl_model_create(self->context, 8, 32, &model));
    DO(mfl_dataset_draw(task, 40, 0.0, 0, MFL_ROLE_TRAIN, &train));
    DO(mfl_dataset_inputs(train, &inputs, &stride, &column));
    for (int again = 0; again < 2; again++) {
        mfl_theory *theory;
        mfl_options *options;
        int32_t stop;
        DO(mfl_theory_create_empirical(self->context, model, train, task, &theory));
        DO(mfl_theory_use(theory, presets[variant]));
        DO(mfl_theory_options(theory, &options));
        soak_set(self, options, again ? "particles=96,sweeps=64" : "particles=96,sweeps=48");
        if (again) {
            DO(mfl_theory_resume(theory, soak_path(self, "theory"), 0.05));
            DO(mfl_theory_stop(theory, &stop));
            while (stop == MFL_STOP_CANCELLED) {
                soak_cut_short(self);
                DO(mfl_theory_resume(theory, soak_path(self, "theory"), 0.05));
                DO(mfl_theory_stop(theory, &stop));
            }
        } else {
            DO(mfl_theory_set_checkpoint(theory, soak_path(self, "theory"), 0.05));
            solve(self, theory, 40.0, 0.3);
        }
        read_results(self, theory, MFL_THEORY_OVERLAP);
        DO(mfl_theory_predict(theory, inputs, 5, stride, mean, variance));
        soak_found_all(self, mean, 5);
        DO(mfl_theory_relevances(theory, relevance, NULL, NULL, 8));
        soak_found_all(self, relevance, 8);
        mfl_theory_destroy(theory);
    }
    soak_remove(self, "theory");
    mfl_dataset_destroy(train);
    mfl_model_destroy(model);
    mfl_task_destroy(task);
}
