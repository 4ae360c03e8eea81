/* SPDX-License-Identifier: BSD-3-Clause */
/* Theories of a training set: the public functions, in front of lib/empirical. */
#include <mflearn/empirical.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "empirical/checkpoint.h"
#include "empirical/empirical.h"
#include "io/file.h"
#include "ridge/ridge.h"
#include "theory/handle.h"

/* The closure stands where mfl_theory_use() sets it in every theory. */
static const mfli_option_spec specs[] = {
    MFLI_OPTION_DOUBLE(MFL_THEORY_TOLERANCE, "tolerance", 1e-6, 1.0, 0.005,
                       "Monte Carlo standard error of the overlap"),
    MFLI_OPTION_INT(MFL_THEORY_PARTICLES, "particles", 0, INT64_C(1) << 24, 0, "particles; 0: by P and d"),
    MFLI_OPTION_INT(MFL_THEORY_SWEEPS, "sweeps", 48, INT64_C(1) << 30, 1000, "most sweeps in one solve"),
    MFLI_OPTION_CHOICE(MFL_THEORY_NOISE, "noise", "bare|renormalised", 1, MFL_THEORY_NOISE_BARE,
                       "kappa^2 either way, which the data renormalise"),
    MFLI_OPTION_CHOICE(MFL_THEORY_SELF_ENERGY, "self_energy", "none|bare|screened", 2, MFL_THEORY_SELF_BARE,
                       "how a neuron feels its own output"),
    MFLI_OPTION_CHOICE(MFL_THEORY_PRIOR, "prior", "isotropic|ard", 1, MFL_THEORY_PRIOR_ISOTROPIC,
                       "prior of the weights"),
    MFLI_OPTION_DOUBLE(MFL_THEORY_ALPHA, "alpha0", 1e-6, 1e12, 4.0,
                       "shape of the Gamma law of the precisions"),
    MFLI_OPTION_DOUBLE(MFL_THEORY_BETA, "beta0", 0.0, 1e300, 0.0,
                       "rate of the Gamma law of the precisions; 0: alpha0 sigma_w^2/d"),
    MFLI_OPTION_INT(MFL_THEORY_SHARING, "sharing", 0, INT64_C(1) << 40, 1,
                    "neurons that share one precision; 0: the whole layer"),
};

static const struct {
    int32_t key;
    const char *name, *summary;
} results[MFLI_EMPIRICAL_NUMBERS] = {
    [MFLI_EMPIRICAL_OVERLAP] = {MFL_THEORY_OVERLAP, "overlap", "sum f y/sum y^2 over the training set"},
    [MFLI_EMPIRICAL_TRAIN_ERROR] = {MFL_THEORY_TRAIN_ERROR, "train_error",
                                    "mean squared error of the mean predictor on the training targets"},
    [MFLI_EMPIRICAL_M] = {MFL_THEORY_M, "m", "coefficient of the mean predictor on the target's mode"},
    [MFLI_EMPIRICAL_R_HAT] = {MFL_THEORY_R_HAT, "r_hat", "largest R-hat over populations of particles"},
    [MFLI_EMPIRICAL_RESIDUAL] = {MFL_THEORY_RESIDUAL, "residual",
                                 "difference of the overlap by the kernel and by the particles"},
    [MFLI_EMPIRICAL_RESIDUAL_RHO] =
        {MFL_THEORY_RESIDUAL_RHO, "residual_rho",
         "largest relative change that the equation of the precisions asks for"},
    [MFLI_EMPIRICAL_PARTICLES] = {MFL_THEORY_PARTICLES_USED, "particles", "number of particles"},
    [MFLI_EMPIRICAL_SWEEPS] = {MFL_THEORY_SWEEPS_USED, "sweeps", "sweeps done"},
    [MFLI_EMPIRICAL_FORCES] = {MFL_THEORY_EVALUATIONS_USED, "evaluations", "forces on one particle"},
    [MFLI_EMPIRICAL_ACCEPTANCE] = {MFL_THEORY_ACCEPTANCE, "acceptance",
                                   "share of trajectories that were accepted"},
    [MFLI_EMPIRICAL_CONTROL] = {MFL_THEORY_CONTROL, "control",
                                "share of the control variate in the kernel"},
    [MFLI_EMPIRICAL_EFFECTIVE] = {MFL_THEORY_EFFECTIVE, "effective", "effective share of the particles"},
    [MFLI_EMPIRICAL_WEIGHT_ON] = {MFL_THEORY_WEIGHT_ON, "weight_on",
                                  "second moment of a weight on the support"},
    [MFLI_EMPIRICAL_WEIGHT_OFF] = {MFL_THEORY_WEIGHT_OFF, "weight_off",
                                   "second moment of a weight off the support"},
};

/* ---- making one ---- */

static int32_t create(mfl_context *context, const mfl_model *model_handle, const mfl_dataset *train,
                      const mfl_task *task, mfl_theory **out)
{
    mfli_model model;
    mfl_theory *theory;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_model_read(context, model_handle, &model);
    if (status == MFL_OK)
        status = mfli_theory_allocate(context, &theory);
    if (status != MFL_OK)
        return status;
    mfli_options_init(&theory->options, &theory->object, specs, theory->option_values,
                      sizeof specs / sizeof *specs);
    status = mfli_empirical_create(context, &model, train, task, &theory->empirical);
    if (status == MFL_OK)
        *out = theory;
    else
        mfli_object_release(theory);
    return status;
}

int32_t mfl_theory_create_empirical(mfl_context *context, const mfl_model *model, const mfl_dataset *train,
                                    const mfl_task *task, mfl_theory **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, create(context, model, train, task, out));
}

/* ---- solving ---- */

static int32_t choose(const mfl_theory *theory, double samples, double kappa, mfli_empirical_choice *choice)
{
    mfl_context *context = theory->object.context;
    const mfl_options *options = &theory->options;
    const mfli_model *model = &theory->empirical->model;
    const int64_t rows = theory->empirical->data->rows;
    const int64_t self = mfli_options_int(options, MFL_THEORY_SELF_ENERGY);
    const double beta = mfli_options_double(options, MFL_THEORY_BETA);
    const double sharing = (double)mfli_options_int(options, MFL_THEORY_SHARING);
    if (!(samples >= 1.0 && samples <= (double)rows) || samples != floor(samples))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "samples is %g; it must be an integer from 1 to %lld, the rows of "
                         "the training set",
                         samples, (long long)rows);
    if (samples > INT32_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE, "samples is %g; at most %d is available", samples,
                         INT32_MAX);
    if (self == MFL_THEORY_SELF_NONE ||
        (self == MFL_THEORY_SELF_BARE &&
         mfli_options_int(options, MFL_THEORY_NOISE) == MFL_THEORY_NOISE_RENORMALISED))
        return mfli_fail(
            context, MFL_ERROR_UNSUPPORTED,
            "of a training set the theories with self-energy bare, and bare noise, or screened are known");
    *choice = (mfli_empirical_choice){.samples = (int64_t)samples,
                                      .kappa = kappa,
                                      .screened = self == MFL_THEORY_SELF_SCREENED,
                                      .relevance = mfli_options_int(options, MFL_THEORY_PRIOR) ==
                                                   MFL_THEORY_PRIOR_ARD,
                                      .alpha = mfli_options_double(options, MFL_THEORY_ALPHA),
                                      .sharing = sharing > 0.0 ? sharing : fmax(1.0, (double)model->width),
                                      .tolerance = mfli_options_double(options, MFL_THEORY_TOLERANCE),
                                      .particles = mfli_options_int(options, MFL_THEORY_PARTICLES),
                                      .sweeps = mfli_options_int(options, MFL_THEORY_SWEEPS)};
    choice->beta =
        beta > 0.0 ? beta : choice->alpha * model->sigma_w * model->sigma_w / (double)model->dimension;
    return mfli_check_kappa(context, kappa);
}

/* From a file, or from nothing where that is NULL. */
static int32_t solve_from(mfl_theory *theory, double samples, double kappa, const char *path)
{
    mfli_empirical_choice choice;
    mfli_empirical_forget(theory->empirical);
    int32_t status = choose(theory, samples, kappa, &choice);
    if (status == MFL_OK)
        status = path ? mfli_empirical_resume(theory->empirical, &choice, path)
                      : mfli_empirical_solve(theory->empirical, &choice);
    if (status == MFL_OK) {
        theory->results[0].stop = theory->empirical->stop;
        theory->branches = 1;
    }
    return status;
}

int32_t mfli_theory_solve_empirical(mfl_theory *theory, double samples, double kappa)
{
    return solve_from(theory, samples, kappa, NULL);
}

/* ---- checkpoints ---- */

static int32_t check_empirical(const mfl_theory *theory)
{
    if (theory->empirical)
        return MFL_OK;
    return mfli_fail(theory->object.context, MFL_ERROR_STATE,
                     "the theory is one of a population; this function is for those of "
                     "mfl_theory_create_empirical");
}

static int32_t keep(mfl_theory *theory, const char *path, double seconds)
{
    mfl_context *context = theory->object.context;
    mfli_empirical *empirical = theory->empirical;
    char *copy = NULL;
    if (!(seconds >= 0.0))
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "seconds is %g; it must be at least 0", seconds);
    if (path && !(copy = mfli_alloc(context, strlen(path) + 1, 1)))
        return MFL_ERROR_MEMORY;
    if (copy)
        strcpy(copy, path);
    mfli_free(context, empirical->checkpoint);
    empirical->checkpoint = copy;
    empirical->interval = seconds;
    return MFL_OK;
}

static int32_t set_checkpoint(mfl_theory *theory, const char *path, double seconds)
{
    int32_t status = check_empirical(theory);
    if (status == MFL_OK && path)
        status = mfli_check_new_file(theory->object.context, path, "; resume from it, remove it, or choose another name");
    return status ? status : keep(theory, path, seconds);
}

int32_t mfl_theory_set_checkpoint(mfl_theory *theory, const char *path, double seconds)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, set_checkpoint(theory, path, seconds));
}

static int32_t resume(mfl_theory *theory, const char *path, double seconds)
{
    mfl_context *context = theory->object.context;
    int64_t samples = 0;
    double kappa = 0.0;
    int32_t status = path ? check_empirical(theory) : mfli_fail_null(context, "path");
    if (status == MFL_OK)
        status = mfli_empirical_read_point(context, path, &samples, &kappa);
    if (status == MFL_OK)
        status = keep(theory, path, seconds);
    theory->branches = 0;
    return status ? status : solve_from(theory, (double)samples, kappa, path);
}

int32_t mfl_theory_resume(mfl_theory *theory, const char *path, double seconds)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, resume(theory, path, seconds));
}

/* ---- what it found ---- */

int32_t mfli_theory_empirical_at(const mfl_theory *theory, size_t index, int32_t *key, const char **name,
                                 const char **summary)
{
    if (index >= MFLI_EMPIRICAL_NUMBERS)
        return mfli_fail(theory->object.context, MFL_ERROR_ARGUMENT,
                         "index is %zu; a theory of a training set has %d "
                         "results",
                         index, MFLI_EMPIRICAL_NUMBERS);
    *key = results[index].key;
    if (name)
        *name = results[index].name;
    if (summary)
        *summary = results[index].summary;
    return MFL_OK;
}

static int32_t check_solved(const mfl_theory *theory)
{
    int32_t status = check_empirical(theory);
    if (status == MFL_OK && !theory->empirical->samples)
        status = mfli_fail(theory->object.context, MFL_ERROR_STATE,
                           "nothing was solved yet; call mfl_theory_solve");
    return status;
}

int32_t mfli_theory_empirical_get(const mfl_theory *theory, int32_t key, double *value, double *error)
{
    const mfli_empirical *empirical = theory->empirical;
    mfl_context *context = theory->object.context;
    int32_t index = 0, status = value ? check_solved(theory) : mfli_fail_null(context, "value");
    if (status != MFL_OK)
        return status;
    while (index < MFLI_EMPIRICAL_NUMBERS && results[index].key != key)
        index++;
    if (index == MFLI_EMPIRICAL_NUMBERS)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a theory of a training set has no result with key %d",
                         (int)key);
    if (isnan(empirical->value[index]))
        return mfli_fail(context, MFL_ERROR_STATE, "%s does not exist for this problem",
                         results[index].name);
    *value = empirical->value[index];
    if (error)
        *error = empirical->error[index];
    return MFL_OK;
}

int32_t mfli_theory_empirical_input(const mfl_theory *theory, int64_t input, int32_t key, double *value,
                                    double *error)
{
    const mfli_empirical *e = theory->empirical;
    mfl_context *context = theory->object.context;
    int32_t status = value ? check_solved(theory) : mfli_fail_null(context, "value");
    if (status != MFL_OK)
        return status;
    if (input < 0 || input >= e->model.dimension)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "variable is %lld; there are %lld inputs", (long long)input,
                         (long long)e->model.dimension);
    const double rho = e->rho[input];
    double relevance, its_error;
    mfli_empirical_relevance(e, input, &relevance, &its_error);
    if (key == MFL_THEORY_RHO_ON && !e->choice.relevance)
        return mfli_fail(context, MFL_ERROR_STATE, "rho_on does not exist for this problem");
    if (key != MFL_THEORY_RHO_ON && key != MFL_THEORY_WEIGHT_ON)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "an input has no result with key %d", (int)key);
    *value = key == MFL_THEORY_RHO_ON ? rho : e->inputs_estimate[input].mean / rho;
    if (error)
        *error =
            key == MFL_THEORY_RHO_ON ? rho * its_error / relevance : e->inputs_estimate[input].error / rho;
    return MFL_OK;
}

static int32_t predict(mfl_theory *theory, const double *inputs, int64_t count, int64_t stride,
                       double *mean, double *variance)
{
    mfl_context *context = theory->object.context;
    int32_t status = check_solved(theory);
    if (status == MFL_OK)
        status = mfli_ridge_check_rows(context, "inputs", inputs, count, stride,
                                       theory->empirical->model.dimension);
    if (status == MFL_OK && !mean)
        status = mfli_fail_null(context, "mean");
    return status ? status
                  : mfli_empirical_predict(theory->empirical, inputs, count, stride, mean, variance);
}

int32_t mfl_theory_predict(mfl_theory *theory, const double *inputs, int64_t count, int64_t stride,
                           double *mean, double *variance)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, predict(theory, inputs, count, stride, mean, variance));
}

static int32_t test_on(mfl_theory *theory, const mfl_dataset *test, double *memory, double *error)
{
    const int64_t d = test->columns;
    const double *truth = mfli_dataset_truth(test);
    double *mean = memory + test->rows * d, sum = 0.0;
    mfli_dataset_pack(test, 0, test->rows, memory, d);
    int32_t status = mfli_empirical_predict(theory->empirical, memory, test->rows, d, mean, NULL);
    for (int64_t i = 0; i < test->rows && status == MFL_OK; i++)
        sum += (mean[i] - truth[i]) * (mean[i] - truth[i]);
    *error = sum / (double)test->rows;
    return status;
}

static int32_t test_error(mfl_theory *theory, const mfl_dataset *test, double *error)
{
    mfl_context *context = theory->object.context;
    int32_t status = check_solved(theory);
    if (status == MFL_OK && !error)
        status = mfli_fail_null(context, "error");
    if (status == MFL_OK)
        status = mfli_dataset_check(context, test, "test");
    if (status == MFL_OK && test->columns != theory->empirical->model.dimension)
        status = mfli_fail(context, MFL_ERROR_SIZE, "test has inputs of dimension %lld, the model %lld",
                           (long long)test->columns, (long long)theory->empirical->model.dimension);
    if (status != MFL_OK)
        return status;
    double *memory = mfli_alloc(context, (size_t)test->rows, ((size_t)test->columns + 1) * sizeof *memory);
    status = memory ? test_on(theory, test, memory, error) : MFL_ERROR_MEMORY;
    mfli_free(context, memory);
    return status;
}

int32_t mfl_theory_test(mfl_theory *theory, const mfl_dataset *test, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, test_error(theory, test, error));
}

/* ---- inputs ---- */

static int32_t check_capacity(const mfl_theory *theory, int64_t capacity)
{
    int32_t status = check_solved(theory);
    if (status == MFL_OK && capacity < theory->empirical->model.dimension)
        status =
            mfli_fail(theory->object.context, MFL_ERROR_BUFFER, "capacity is %lld; there are %lld inputs",
                      (long long)capacity, (long long)theory->empirical->model.dimension);
    return status;
}

static int32_t relevances(const mfl_theory *theory, double *relevance, double *error, int64_t *order,
                          int64_t capacity)
{
    int32_t status = check_capacity(theory, capacity);
    if (status == MFL_OK && !relevance)
        status = mfli_fail_null(theory->object.context, "relevance");
    if (status != MFL_OK)
        return status;
    for (int64_t j = 0; j < theory->empirical->model.dimension; j++) {
        double its_error;
        mfli_empirical_relevance(theory->empirical, j, &relevance[j], error ? &error[j] : &its_error);
        int64_t place = j;
        for (; order && place > 0 && relevance[order[place - 1]] < relevance[j]; place--)
            order[place] = order[place - 1];
        if (order)
            order[place] = j;
    }
    return MFL_OK;
}

int32_t mfl_theory_relevances(const mfl_theory *theory, double *relevance, double *error, int64_t *order,
                              int64_t capacity)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, relevances(theory, relevance, error, order, capacity));
}

static int32_t select_inputs(const mfl_theory *theory, double rate, int32_t *selected, int64_t capacity,
                             double *threshold)
{
    mfl_context *context = theory->object.context;
    int32_t status = check_capacity(theory, capacity);
    if (status == MFL_OK && !selected)
        status = mfli_fail_null(context, "selected");
    if (status == MFL_OK && !(rate >= 0.001 && rate <= 0.5))
        status =
            mfli_fail(context, MFL_ERROR_ARGUMENT, "rate is %g; it must be between 0.001 and 0.5", rate);
    return status ? status : mfli_empirical_select(theory->empirical, rate, selected, threshold);
}

int32_t mfl_theory_select_inputs(const mfl_theory *theory, double rate, int32_t *selected, int64_t capacity,
                                 double *threshold)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, select_inputs(theory, rate, selected, capacity, threshold));
}
