/* SPDX-License-Identifier: BSD-3-Clause */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/branches.h"
#include "theory/handle.h"
#include "theory/levels.h"
#include "theory/particles.h"
#include "theory/place.h"
#include "theory/polish.h"
#include "theory/problem.h"

static const mfli_option_spec specs[MFLI_THEORY_OPTIONS] = {
    MFLI_OPTION_DOUBLE(MFL_THEORY_TOLERANCE, "tolerance", 1e-12, 0.1, 1e-8,
                       "relative accuracy of m"),
    MFLI_OPTION_INT(MFL_THEORY_RESOLUTIONS, "resolutions", 3, MFLI_RESOLUTIONS_MOST, 6,
                    "finest resolution of the quadrature over directions"),
    MFLI_OPTION_INT(MFL_THEORY_EVALUATIONS, "evaluations", 1, INT64_C(1) << 40, 2000,
                    "most evaluations of the self-consistency in one solve"),
    MFLI_OPTION_CHOICE(MFL_THEORY_NOISE, "noise", "bare|renormalised", 1, MFL_THEORY_NOISE_BARE,
                       "what takes the place of kappa^2"),
    MFLI_OPTION_CHOICE(MFL_THEORY_SELF_ENERGY, "self_energy", "none|bare|screened", 2, MFL_THEORY_SELF_BARE,
                       "how a neuron feels its own output"),
    MFLI_OPTION_CHOICE(MFL_THEORY_PRIOR, "prior", "isotropic|ard", 1, MFL_THEORY_PRIOR_ISOTROPIC,
                       "prior of the weights"),
    MFLI_OPTION_DOUBLE(MFL_THEORY_ALPHA, "alpha0", 1e-6, 1e12, 4.0, "shape of the Gamma law of the precisions"),
    MFLI_OPTION_DOUBLE(MFL_THEORY_BETA, "beta0", 0.0, 1e300, 0.0,
                       "rate of the Gamma law of the precisions; 0: alpha0 sigma_w^2/d"),
    MFLI_OPTION_INT(MFL_THEORY_SHARING, "sharing", 0, INT64_C(1) << 40, 1,
                    "neurons that share one precision; 0: the whole layer"),
    MFLI_OPTION_DOUBLE(MFL_THEORY_DAMPING, "damping", 0.01, 1.0, 0.5,
                       "weight of the new value in the outer iteration"),
    MFLI_OPTION_CHOICE(MFL_THEORY_SOLVER, "solver", "quadrature|particles", 1, MFL_THEORY_SOLVER_QUADRATURE,
                       "how averages over a neuron's law are taken"),
    MFLI_OPTION_INT(MFL_THEORY_PARTICLES, "particles", 32, INT64_C(1) << 24, 1024,
                    "particles of the solver of that name"),
    MFLI_OPTION_INT(MFL_THEORY_STEPS, "steps", 300, INT64_C(1) << 40, 20000,
                    "most steps of each particle in one solve"),
    MFLI_OPTION_INT(MFL_THEORY_INDUCED, "induced", -1, MFLI_HERMITE_MOST, -1,
                    "highest degree of Hermite modes that are followed though the target lacks them"),
};

static void clear(mfl_theory *theory)
{
    for (int32_t branch = 0; branch < MFLI_BRANCHES; branch++) {
        mfli_results_clear(&theory->results[branch]);
        mfli_neurons_finish(theory->object.context, &theory->neurons[branch]);
        mfli_free(theory->object.context, theory->pulls[branch].response);
    }
    theory->branches = theory->selected = theory->drawable = 0;
    memset(theory->solutions, 0, sizeof theory->solutions);
    memset(theory->pulls, 0, sizeof theory->pulls);
}

static void finish(void *handle)
{
    mfl_theory *theory = handle;
    clear(theory);
    mfli_levels_drop(theory);
    mfli_target_finish(theory->object.context, &theory->target);
    mfli_empirical_destroy(theory->empirical);
}

int32_t mfli_theory_allocate(mfl_context *context, mfl_theory **theory)
{
    return mfli_object_create(context, MFLI_THEORY, sizeof **theory, finish, theory);
}

static int32_t read_problem(mfl_context *context, const mfli_task *task, const mfli_model *model, mfl_theory *theory)
{
    int32_t status = mfli_problem_check(context, task, model);
    theory->single = mfli_problem_is_single(task, model);
    theory->multimode.model = *model;
    if (status == MFL_OK && theory->single)
        status = mfli_problem_create(context, task, model, &theory->problem);
    if (status == MFL_OK)
        status = mfli_terms_read(context, task, model, &theory->terms);
    if (status == MFL_OK && !theory->single)
        status = mfli_terms_check(context, &theory->terms);
    if (status == MFL_OK)
        status = mfli_modes_list(context, &theory->terms, model, 0, &theory->multimode.modes);
    const mfli_modes *modes = &theory->multimode.modes;
    theory->parity = !mfli_problem_scales(model) && !modes->gaussian && modes->exchanged && modes->mode[0].target == 1.0 &&
        modes->left_out == 0.0;
    if (status == MFL_OK && !theory->single)
        mfli_problem_of_modes(modes, model, &theory->problem);
    return status;
}

static int32_t create(mfl_context *context, const mfl_task *task_handle, const mfl_model *model_handle,
                      mfl_theory **out)
{
    mfli_task task;
    mfli_model model;
    mfl_theory *theory;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_task_read(context, task_handle, &task);
    if (status == MFL_OK)
        status = mfli_model_read(context, model_handle, &model);
    if (status == MFL_OK)
        status = mfli_object_create(context, MFLI_THEORY, sizeof *theory, finish, &theory);
    if (status != MFL_OK)
        return status;
    mfli_options_init(&theory->options, &theory->object, specs, theory->option_values, MFLI_THEORY_OPTIONS);
    status = read_problem(context, &task, &model, theory);
    if (status == MFL_OK)
        status = mfli_target_create(context, &task, &theory->target);
    if (status == MFL_OK)
        *out = theory;
    else
        mfli_object_release(theory);
    return status;
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
    return mfli_options_lend(theory, MFLI_THEORY, offsetof(mfl_theory, options), options);
}

int32_t mfli_theory_clone(mfl_context *context, const mfl_theory *from, mfl_theory **out)
{
    mfl_theory *theory;
    int32_t status = mfli_object_create(context, MFLI_THEORY, sizeof *theory, finish, &theory);
    if (status != MFL_OK)
        return status;
    theory->single = from->single;
    theory->parity = from->parity;
    theory->problem = from->problem;
    theory->terms = from->terms;
    theory->multimode = from->multimode;
    mfli_options_init(&theory->options, &theory->object, specs, theory->option_values, MFLI_THEORY_OPTIONS);
    memcpy(theory->option_values, from->option_values, sizeof theory->option_values);
    *out = theory;
    return MFL_OK;
}

static int32_t use(mfl_theory *theory, int32_t preset)
{
    static const int32_t choices[][3] = {
        {MFL_THEORY_NOISE_BARE, MFL_THEORY_SELF_BARE, MFL_THEORY_PRIOR_ISOTROPIC},
        {MFL_THEORY_NOISE_BARE, MFL_THEORY_SELF_BARE, MFL_THEORY_PRIOR_ARD},
        {MFL_THEORY_NOISE_RENORMALISED, MFL_THEORY_SELF_SCREENED, MFL_THEORY_PRIOR_ISOTROPIC},
    };
    if (preset < MFL_THEORY_MF || preset > MFL_THEORY_MF_SCREENED)
        return mfli_fail(theory->object.context, MFL_ERROR_ARGUMENT,
                         "preset is %d; it must be one of mfl_theory_preset", (int)preset);
    for (int32_t i = 0; i < 3; i++)
        theory->option_values[MFL_THEORY_NOISE - MFL_THEORY_TOLERANCE + i] =
            (mfli_option_value){choices[preset][i], 0.0, 1};
    return MFL_OK;
}

int32_t mfl_theory_use(mfl_theory *theory, int32_t preset)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, use(theory, preset));
}

static int32_t by_particles(const mfl_theory *theory)
{
    return mfli_options_int(&theory->options, MFL_THEORY_SOLVER) == MFL_THEORY_SOLVER_PARTICLES;
}

int32_t mfli_theory_induced(const mfl_theory *theory)
{
    const mfli_terms *terms = &theory->terms;
    const mfli_model *model = &theory->multimode.model;
    int32_t asked = (int32_t)mfli_options_int(&theory->options, MFL_THEORY_INDUCED), all = 0;
    if (!terms->gaussian)
        return 0;
    int32_t whole = mfli_options_int(&theory->options, MFL_THEORY_NOISE) == MFL_THEORY_NOISE_RENORMALISED ||
                    mfli_options_int(&theory->options, MFL_THEORY_SELF_ENERGY) == MFL_THEORY_SELF_SCREENED;
    if (asked < 0 || whole) /* the closure needs the whole kernel */
        all = mfli_blocks_induced(terms, model);
    if (asked < 0 && !whole && mfli_modes_count(terms, model, all) == mfli_modes_count(terms, model, 0))
        return 0; /* neurons induce nothing */
    return asked > all ? asked : all;
}

int32_t mfli_theory_is_single(const mfl_theory *theory)
{
    const mfli_closure *closure = &theory->multimode.closure;
    if (theory->parity)
        return mfli_needs_classes(closure) && closure->self_energy != MFL_THEORY_SELF_NONE;
    return theory->single && mfli_theory_induced(theory) == 0;
}

int32_t mfli_theory_choose(mfl_theory *theory)
{
    const mfl_options *options = &theory->options;
    const mfli_mean_field *problem = &theory->problem;
    double beta = mfli_options_double(options, MFL_THEORY_BETA), width = problem->width;
    double sharing = (double)mfli_options_int(options, MFL_THEORY_SHARING);
    mfli_closure closure = {.noise = (int32_t)mfli_options_int(options, MFL_THEORY_NOISE),
                            .self_energy = (int32_t)mfli_options_int(options, MFL_THEORY_SELF_ENERGY),
                            .prior = (int32_t)mfli_options_int(options, MFL_THEORY_PRIOR),
                            .alpha = mfli_options_double(options, MFL_THEORY_ALPHA),
                            .sharing = sharing > 0.0 ? sharing : fmax(1.0, width),
                            .damping = mfli_options_double(options, MFL_THEORY_DAMPING)};
    double unit = problem->sigma_w * problem->sigma_w / (double)problem->dimension;
    closure.beta = beta > 0.0 ? beta / unit : closure.alpha;
    theory->multimode.closure = closure;
    theory->multimode.width = width;
    if (by_particles(theory) && !(theory->single && mfli_theory_is_single(theory)))
        return mfli_fail(theory->object.context, MFL_ERROR_UNSUPPORTED,
                         "particles solve for parities, and Hermite teachers with induced = 0, with relu, leaky or linear activation "
                         "only");
    if (!mfli_theory_is_single(theory))
        return mfli_multimode_check(theory->object.context, &theory->terms, &closure);
    if (mfli_needs_classes(&closure) != mfli_needs_classes(&theory->problem.closure)) /* other resolutions */
        mfli_levels_drop(theory);
    return mfli_problem_choose(theory->object.context, &closure, &theory->problem);
}

/* All results of a branch on cells that are refined where its law goes. *left: their error where there was no room. */
static int32_t solve_on_cells(mfli_setting *setting, int32_t i, int32_t branch, mfli_solution *solution, double *left)
{
    enum { rounds_most = 20 };
    mfli_refinement done = {0, 0, 0.0};
    int32_t status = MFL_OK, rounds = 0;
    do {
        status = mfli_fixed_point_solve(setting, branch, solution);
        if (status == MFL_OK && rounds < rounds_most)
            status = mfli_mean_field_refine(setting, &solution->order, &solution->state, mfli_cells_tolerance(i), &done);
    } while (status == MFL_OK && done.split && !done.full && setting->evaluations > 0 && rounds++ < rounds_most);
    *left = done.full ? done.error : 0.0;
    solution->state.specialised = solution->state.neuron.specialised;
    return status;
}

/* All results of a branch at one resolution. */
static int32_t solve_level(mfl_theory *theory, int32_t i, int32_t branch, mfli_setting *setting,
                           mfli_solution *solution, mfli_polish *polish, double *left)
{
    *left = 0.0;
    if (setting->ensemble)
        return solve_on_cells(setting, i, branch, solution, left);
    int32_t status = mfli_levels_prepare(theory, i);
    if (status != MFL_OK)
        return status;
    setting->directions = &mfli_levels_at(theory, i)->all;
    if (!solution->known)
        return mfli_polish_start(setting, branch, solution, polish);
    status = mfli_polish_solve(polish, setting, solution);
    return status == MFLI_NO_POINT ? mfli_fixed_point_solve(setting, branch, solution) : status;
}

/* Did the two branches end at one solution? Told at the coarsest resolution. */
static int32_t is_same(const mfli_solution *a, const mfli_solution *b)
{
    static const double apart = 1e-5;
    return fabs(a->state.m - b->state.m) < apart && fabs(a->state.steep / b->state.steep - 1.0) < apart &&
           fabs(a->order.precision[0] / b->order.precision[0] - 1.0) < apart;
}

/* Of the unknowns, for tolerances that are loose; below what tells branches apart. */
static const double finest_needed = 1e-7;

/* Refine one branch from the coarsest resolution on. *first is its solution there; with `other`, that of a branch
 * which it must differ from. */
static int32_t refine_branch(mfl_theory *theory, mfli_setting *setting, int32_t branch, mfli_solution *first,
                             const mfli_solution *other, mfli_polish *polish)
{
    double tolerance = mfli_options_double(&theory->options, MFL_THEORY_TOLERANCE);
    int32_t levels = mfli_levels_count(theory), start = mfli_levels_first(theory, tolerance);
    int64_t most = setting->evaluations;
    mfli_results *results = &theory->results[branch];
    mfli_solution solution = {.known = 0};
    mfli_results_clear(results);
    results->pace = mfli_levels_pace(theory);
    setting->precision = start < 0 ? fmin(1e-3 * tolerance, finest_needed) : 0.0;
    for (int32_t i = start; i < levels && setting->evaluations > 0; i++) {
        double value[MFLI_NUMBERS], left;
        int32_t status = solve_level(theory, i, branch, setting, &solution, polish, &left);
        if (status == MFL_OK && i == start)
            *first = solution;
        if (status == MFL_OK && i == start && other && is_same(&solution, other))
            return MFL_OK;
        if (status == MFL_OK && !setting->ensemble)
            status = mfli_mean_field_specialised(setting, &solution.order,
                                                 &mfli_levels_at(theory, i)->specialised, &solution.state);
        if (status == MFL_ERROR_CANCELLED && i > start) {
            results->stop = MFL_STOP_CANCELLED;
            return MFL_OK;
        }
        if (status != MFL_OK)
            return status;
        mfli_results_values(setting, &solution, (double)(most - setting->evaluations), value);
        mfli_results_add(results, value, mfli_solution_residual(&solution) + polish->newton.off + left);
        theory->solutions[branch] = solution;
        if (mfli_results_reach(results, tolerance) || left > 0.0 || mfli_levels_is_last(theory, i))
            break;
    }
    results->stop = mfli_results_reach(results, tolerance) ? MFL_STOP_CONVERGED : MFL_STOP_LIMIT;
    return MFL_OK;
}

static int32_t solve_branch(mfl_theory *theory, mfli_setting *setting, int32_t branch, mfli_solution *first,
                            const mfli_solution *other)
{
    mfli_polish polish = {.ready = 0};
    int32_t status = refine_branch(theory, setting, branch, first, other, &polish);
    mfli_polish_finish(theory->object.context, &polish);
    return status;
}

/* Both branches by particles; one, if they cannot be told apart. */
static int32_t solve_by_particles(mfl_theory *theory, const mfli_setting *setting)
{
    const mfl_options *options = &theory->options;
    const mfli_particles_options asked = {.particles = mfli_options_int(options, MFL_THEORY_PARTICLES),
                                          .steps = mfli_options_int(options, MFL_THEORY_STEPS),
                                          .tolerance = mfli_options_double(options, MFL_THEORY_TOLERANCE)};
    const int32_t branches = mfli_has_outer(setting->problem) && !mfli_is_prior(setting) ? MFLI_BRANCHES : 1;
    mfli_results *results = theory->results;
    for (int32_t branch = 0; branch < branches; branch++) {
        int32_t status = mfli_particles_solve(setting, &asked, branch, &theory->solutions[branch], &results[branch]);
        if (status != MFL_OK)
            return status;
        if (results[branch].stop == MFL_STOP_CANCELLED)
            return MFL_OK;
    }
    double apart = fabs(results[0].value[0] - results[1].value[0]);
    if (branches > 1 && apart < 5.0 * hypot(results[0].error[0], results[1].error[0]))
        mfli_results_clear(&results[1]);
    return MFL_OK;
}

static int32_t solve_branches(mfl_theory *theory, mfli_setting *setting)
{
    mfli_solution heating, cooling;
    int32_t status = solve_branch(theory, setting, MFLI_BRANCH_HEATING, &heating, NULL);
    if (status == MFL_OK && mfli_has_outer(setting->problem) && !mfli_is_prior(setting) && setting->evaluations > 0 &&
        theory->results[MFLI_BRANCH_HEATING].stop != MFL_STOP_CANCELLED)
        status = solve_branch(theory, setting, MFLI_BRANCH_COOLING, &cooling, &heating);
    return status;
}

static int32_t solve_single(mfl_theory *theory)
{
    mfl_context *context = theory->object.context;
    mfli_setting setting = {.context = context,
                            .problem = &theory->problem,
                            .samples = theory->samples,
                            .kappa = theory->kappa,
                            .evaluations = mfli_options_int(&theory->options, MFL_THEORY_EVALUATIONS)};
    if (theory->single) {
        theory->drawable = 1;
        return by_particles(theory) ? solve_by_particles(theory, &setting) : solve_branches(theory, &setting);
    }
    mfli_multimode *problem = &theory->multimode;
    setting.ensemble = mfli_alloc(context, 1, sizeof *setting.ensemble);
    if (!setting.ensemble)
        return MFL_ERROR_MEMORY;
    mfli_frame_init(&problem->modes, &problem->model, &theory->problem.classes, &problem->frame);
    int32_t status = mfli_ensemble_create(context, &problem->frame, setting.ensemble);
    if (status == MFL_OK)
        status = solve_branches(theory, &setting);
    mfli_ensemble_finish(context, setting.ensemble);
    mfli_free(context, setting.ensemble);
    return status;
}

static int32_t solve_several(mfl_theory *theory)
{
    const mfl_options *options = &theory->options;
    mfli_multimode *problem = &theory->multimode;
    mfl_context *context = theory->object.context;
    problem->samples = theory->samples;
    problem->kappa = theory->kappa;
    problem->evaluations = mfli_options_int(options, MFL_THEORY_EVALUATIONS);
    return mfli_multimode_solve(context, problem, mfli_options_double(options, MFL_THEORY_TOLERANCE),
                                (int32_t)mfli_options_int(options, MFL_THEORY_RESOLUTIONS), theory->results, theory->pulls);
}

static int32_t solve(mfl_theory *theory, double samples, double kappa)
{
    mfl_context *context = theory->object.context;
    clear(theory);
    if (theory->empirical)
        return mfli_theory_solve_empirical(theory, samples, kappa);
    if (!isfinite(samples) || samples < 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "samples is %g; it must be a finite number, at least 0",
                         samples);
    if (!isfinite(kappa) || kappa <= 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "kappa is %g; it must be a finite number above 0", kappa);
    theory->samples = samples;
    theory->kappa = kappa;
    int32_t status = mfli_theory_choose(theory);
    if (status == MFL_OK)
        status = mfli_modes_list(context, &theory->terms, &theory->multimode.model, mfli_theory_induced(theory),
                                 &theory->multimode.modes);
    if (status == MFL_OK)
        status = mfli_theory_is_single(theory) ? solve_single(theory) : solve_several(theory);
    if (status != MFL_OK)
        clear(theory);
    else
        theory->branches = 1 + (theory->results[MFLI_BRANCH_COOLING].levels > 0);
    return status;
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
    *stop = theory->results[theory->selected].stop;
    return mfli_leave(theory, MFL_OK);
}

int32_t mfl_theory_branches(const mfl_theory *theory, int32_t *count)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (!count)
        return mfli_leave(theory, mfli_fail_null(theory->object.context, "count"));
    *count = theory->branches;
    return mfli_leave(theory, MFL_OK);
}

int32_t mfl_theory_select(mfl_theory *theory, int32_t branch)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (branch < 0 || branch >= theory->branches)
        return mfli_leave(theory, mfli_fail(theory->object.context, MFL_ERROR_ARGUMENT,
                                            "branch is %d; the last solve found %d", (int)branch,
                                            (int)theory->branches));
    theory->selected = branch;
    return mfli_leave(theory, MFL_OK);
}
