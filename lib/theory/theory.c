/* SPDX-License-Identifier: BSD-3-Clause */
#include <mflearn/theory.h>

#include <math.h>

#include "core/context.h"
#include "theory/problem.h"
#include "theory/results.h"

enum { options_count = 3, resolutions_most = 8 };

/* Directions summed over at one ratio of lengths: about 0.1 s. */
static const double nodes_most = 1e6;

static const mfli_option_spec specs[options_count] = {
    MFLI_OPTION_DOUBLE(MFL_THEORY_TOLERANCE, "tolerance", 1e-12, 0.1, 1e-8,
                       "relative accuracy of m"),
    MFLI_OPTION_INT(MFL_THEORY_RESOLUTIONS, "resolutions", 3, resolutions_most, 6,
                    "finest resolution of the quadrature over directions"),
    MFLI_OPTION_INT(MFL_THEORY_EVALUATIONS, "evaluations", 1, INT64_C(1) << 40, 500,
                    "most evaluations of the self-consistency in one solve"),
};

struct mfl_theory {
    mfli_object object;
    mfli_mean_field problem;
    mfli_directions directions[resolutions_most]; /* count = 0 until used; kept from solve to solve */
    mfli_results results;
    mfl_options options;
    mfli_option_value option_values[options_count];
};

static void finish(void *handle)
{
    mfl_theory *theory = handle;
    for (int32_t level = 0; level < resolutions_most; level++)
        mfli_directions_finish(theory->object.context, &theory->directions[level]);
}

static int32_t create(mfl_context *context, const mfl_task *task_handle, const mfl_model *model_handle,
                      mfl_theory **out)
{
    mfli_task task;
    mfli_model model;
    mfli_mean_field problem;
    mfl_theory *theory;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_task_read(context, task_handle, &task);
    if (status == MFL_OK)
        status = mfli_model_read(context, model_handle, &model);
    if (status == MFL_OK)
        status = mfli_problem_create(context, &task, &model, &problem);
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_THEORY, sizeof *theory, finish, &theory);
    if (status != MFL_OK)
        return status;
    theory->problem = problem;
    mfli_options_init(&theory->options, &theory->object, specs, theory->option_values, options_count);
    *out = theory;
    return MFL_OK;
}

int32_t mfl_theory_create(mfl_context *context, const mfl_task *task, const mfl_model *model, mfl_theory **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, create(context, task, model, out));
}

void mfl_theory_destroy(mfl_theory *theory)
{
    mfli_destroy(theory, MFLI_THEORY);
}

int32_t mfl_theory_options(mfl_theory *theory, mfl_options **options)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (!options)
        return mfli_leave(theory, mfli_fail_null(theory->object.context, "options"));
    *options = &theory->options;
    return mfli_leave(theory, MFL_OK);
}

/* There are k - 1 angular dimensions. The coarsest resolution serves to find the solution roughly and to know how fast
 * the next ones converge; those that the first ones do not satisfy usually have a sharp peak. The law of log r narrows
 * like d^(-1/2) where neurons are specialised, and the lattice converges faster than exponentially once it resolves
 * that. */
static mfli_resolution resolution_at(const mfli_mean_field *problem, int32_t level)
{
    static const double coarsest[] = {1.0, 16.0, 10.0, 6.0, 5.0};
    return (mfli_resolution){
        .order = (int32_t)(coarsest[problem->gain.degree / 2] * pow(1.35, level) + 0.5),
        .crowding = 3.0 + 0.5 * fmax(0.0, level - 2.0),
        .step = fmin(0.35, 1.6 / sqrt((double)problem->dimension)) * pow(0.75, level),
    };
}

static int32_t prepare(mfl_theory *theory, int32_t level)
{
    mfli_directions *directions = &theory->directions[level];
    const mfli_mean_field *problem = &theory->problem;
    mfli_resolution resolution = resolution_at(problem, level);
    if (directions->count)
        return MFL_OK;
    return mfli_directions_create(theory->object.context, &problem->gain, problem->dimension, &resolution,
                                  directions);
}

/* Finest level that is allowed and whose sums over angles stay affordable. */
static int32_t count_levels(const mfl_theory *theory)
{
    const mfli_mean_field *problem = &theory->problem;
    int32_t levels = (int32_t)mfli_options_int(&theory->options, MFL_THEORY_RESOLUTIONS);
    while (levels > 3 && pow(resolution_at(problem, levels - 1).order, problem->gain.degree - 1.0) > nodes_most)
        levels--;
    return levels;
}

/* All results at one resolution. */
static int32_t solve_level(mfl_theory *theory, int32_t level, double samples, double kappa, double start,
                           int64_t *evaluations, mfli_mean_field_state *state)
{
    mfl_context *context = theory->object.context;
    mfli_mean_field *problem = &theory->problem;
    mfli_directions *directions = &theory->directions[level];
    int32_t status = prepare(theory, level);
    if (status != MFL_OK)
        return status;
    if (samples > 0.0 && problem->width > 0)
        return mfli_mean_field_solve(context, problem, directions, samples, kappa, start, evaluations, state);
    --*evaluations;
    return mfli_mean_field_prior(context, problem, directions, samples, kappa, state);
}

static int32_t solve(mfl_theory *theory, double samples, double kappa)
{
    mfl_context *context = theory->object.context;
    double tolerance = mfli_options_double(&theory->options, MFL_THEORY_TOLERANCE), start = 0.0;
    int32_t levels = count_levels(theory);
    int64_t most = mfli_options_int(&theory->options, MFL_THEORY_EVALUATIONS), left = most;
    mfli_results *results = &theory->results;
    mfli_results_clear(results);
    if (!isfinite(samples) || samples < 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "samples is %g; it must be a finite number, at least 0",
                         samples);
    if (!isfinite(kappa) || kappa <= 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "kappa is %g; it must be a finite number above 0", kappa);
    for (int32_t level = 0; level < levels && left > 0; level++) {
        mfli_mean_field_state state;
        int32_t status = solve_level(theory, level, samples, kappa, start, &left, &state);
        if (status == MFL_ERROR_CANCELLED && level > 0) {
            results->stop = MFL_STOP_CANCELLED;
            return MFL_OK;
        }
        if (status != MFL_OK) {
            mfli_results_clear(results);
            return status;
        }
        start = state.residual;
        mfli_results_add(results, &theory->problem, samples, kappa, &state, (double)(most - left));
        if (mfli_results_reach(results, tolerance))
            break;
    }
    results->stop = mfli_results_reach(results, tolerance) ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return MFL_OK;
}

int32_t mfl_theory_solve(mfl_theory *theory, double samples, double kappa)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, solve(theory, samples, kappa));
}

int32_t mfl_theory_stop(const mfl_theory *theory, int32_t *stop)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (!stop)
        return mfli_leave(theory, mfli_fail_null(theory->object.context, "stop"));
    *stop = theory->results.stop;
    return mfli_leave(theory, MFL_OK);
}

static int32_t result_at(mfl_context *context, size_t index, int32_t *key, const char **name,
                         const char **summary)
{
    if (!key)
        return mfli_fail_null(context, "key");
    if (index >= MFLI_RESULTS)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "index is %zu; a theory has %d results", index, MFLI_RESULTS);
    *key = MFL_THEORY_M + (int32_t)index;
    if (name)
        *name = mfli_result_name((int32_t)index);
    if (summary)
        *summary = mfli_result_summary((int32_t)index);
    return MFL_OK;
}

int32_t mfl_theory_result_at(const mfl_theory *theory, size_t index, int32_t *key, const char **name,
                             const char **summary)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    return mfli_leave(theory, result_at(theory->object.context, index, key, name, summary));
}

static int32_t get(const mfl_theory *theory, int32_t key, double *value, double *error)
{
    mfl_context *context = theory->object.context;
    const mfli_results *results = &theory->results;
    int32_t index = key - MFL_THEORY_M;
    if (!value)
        return mfli_fail_null(context, "value");
    if (key < MFL_THEORY_M || index >= MFLI_RESULTS)
        return mfli_fail(context, MFL_ERROR_OPTION, "a theory has no result with key %d", (int)key);
    if (results->levels == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "nothing was solved yet; call mfl_theory_solve");
    if (isnan(results->value[index]))
        return mfli_fail(context, MFL_ERROR_STATE, "%s does not exist for this problem", mfli_result_name(index));
    *value = results->value[index];
    if (error)
        *error = results->error[index];
    return MFL_OK;
}

int32_t mfl_theory_get(const mfl_theory *theory, int32_t key, double *value, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, get(theory, key, value, error));
}
