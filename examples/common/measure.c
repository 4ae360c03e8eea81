/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alignment.h"
#include "library.h"

static const char *const method_names[] = {"network", "ridge", "linear", "mf", "mf_ard", "mf_screened"};

const char *ex_method_name(int32_t method)
{
    return method_names[method];
}

static int32_t set_texts(mfl_options *options, const ex_arguments *arguments, const char *const (*names)[2],
                         size_t count)
{
    int32_t status = MFL_OK;
    for (size_t i = 0; i < count && status == MFL_OK; i++)
        status = mfl_options_set_text(options, names[i][0], ex_text(arguments, names[i][1]));
    return status;
}

int32_t ex_make_model(mfl_context *context, const ex_arguments *arguments, int64_t dimension, int32_t linear,
                      mfl_model **model)
{
    static const char *const names[][2] = {
        {"gamma", "gamma"}, {"sigma_w", "sigma-w"}, {"sigma_a", "sigma-a"}, {"activation", "activation"}};
    mfl_options *options;
    int32_t status = mfl_model_create(context, dimension, ex_int(arguments, "width", 1, 1 << 24), model);
    if (status == MFL_OK)
        status = mfl_model_options(*model, &options);
    if (status == MFL_OK)
        status = set_texts(options, arguments, names, linear ? 3 : 4);
    if (status == MFL_OK && linear)
        status = mfl_options_set_int(options, MFL_MODEL_ACTIVATION, MFL_ACTIVATION_LINEAR);
    if (status != MFL_OK) {
        mfl_model_destroy(*model);
        *model = NULL;
    }
    return status;
}

int32_t ex_set_list(mfl_options *options, const char *list)
{
    char text[1024], *rest = text;
    if (!list)
        return MFL_OK;
    if (strlen(list) >= sizeof text)
        return MFL_ERROR_ARGUMENT;
    strcpy(text, list);
    int32_t status = MFL_OK;
    for (char *item; status == MFL_OK && (item = strtok_r(rest, ",", &rest));) {
        char *value = strchr(item, '=');
        if (value)
            *value++ = '\0';
        status = value ? mfl_options_set_text(options, item, value) : MFL_ERROR_ARGUMENT;
    }
    return status;
}

static int32_t make_sampler(const ex_subject *subject, const mfl_dataset *train, double kappa, mfl_sampler **sampler)
{
    static const char *const names[][2] = {{"chains", "chains"},       {"burn_in", "burn-in"},
                                           {"draws", "draws"},         {"thinning", "thinning"},
                                           {"precision", "precision"}, {"method", "sampler"},
                                           {"start", "start"}};
    mfl_options *options;
    int32_t status = mfl_sampler_create(subject->model, train, kappa, sampler);
    if (status == MFL_OK)
        status = mfl_sampler_options(*sampler, &options);
    if (status == MFL_OK)
        status = set_texts(options, subject->arguments, names, sizeof names / sizeof names[0]);
    if (status == MFL_OK)
        status = ex_set_list(options, ex_text(subject->arguments, "set"));
    return status;
}

static int32_t make_theory(const ex_subject *subject, int32_t method, mfl_theory **theory)
{
    static const char *const names[][2] = {{"alpha0", "alpha0"}, {"sharing", "sharing"}};
    mfl_options *options;
    int32_t status = mfl_theory_create(subject->context, subject->task, subject->model, theory);
    if (status == MFL_OK)
        status = mfl_theory_use(*theory, method - EX_METHOD_MF);
    if (status == MFL_OK)
        status = mfl_theory_options(*theory, &options);
    if (status == MFL_OK)
        status = set_texts(options, subject->arguments, names, sizeof names / sizeof names[0]);
    return status;
}

static int32_t try_network(const ex_subject *subject)
{
    mfl_dataset *drawn = NULL;
    mfl_sampler *sampler = NULL;
    int32_t status = MFL_OK;
    if (subject->task)
        status = mfl_dataset_draw(subject->task, 1, 0.0, 0, MFL_ROLE_TRAIN, &drawn);
    if (status == MFL_OK)
        status = make_sampler(subject, subject->task ? drawn : subject->file,
                              subject->kappa > 0.0 ? subject->kappa : 1.0, &sampler);
    mfl_sampler_destroy(sampler);
    mfl_dataset_destroy(drawn);
    return status;
}

int32_t ex_try_method(const ex_subject *subject, int32_t method)
{
    mfl_theory *theory = NULL;
    mfl_ridge *ridge = NULL;
    int32_t status;
    if (method == EX_METHOD_NETWORK)
        return try_network(subject);
    if (method >= EX_METHOD_MF) {
        status = make_theory(subject, method, &theory);
        if (status == MFL_OK && method != EX_METHOD_MF)
            status = mfl_theory_solve(theory, 0.0, subject->kappa);
        mfl_theory_destroy(theory);
        return status;
    }
    status = mfl_ridge_create(method == EX_METHOD_LINEAR ? subject->linear : subject->model, &ridge);
    mfl_ridge_destroy(ridge);
    return status;
}

/* ---- data ---- */

/* One data set: what is trained on and tested on, and the scale of the target. */
typedef struct split {
    mfl_dataset *train, *test;
    const double *truth, *noisy; /* test targets, in units of the training */
    int64_t samples, tests;
    double unit;     /* squared unit of the target: 1 except for standardised files */
    double variance; /* of the test targets about the training mean: the error of predicting the mean */
} split;

static void release_split(split *data)
{
    mfl_dataset_destroy(data->train);
    mfl_dataset_destroy(data->test);
}

int32_t ex_split_file(const mfl_dataset *file, int64_t most_samples, int64_t samples, int64_t tests,
                      mfl_dataset **train, mfl_dataset **test)
{
    mfl_dataset *pool = NULL, *rest = NULL, *some_train = NULL, *some_test = NULL;
    int64_t left = 0, *rows = NULL;
    int32_t status = mfl_dataset_split(file, most_samples, 0, &pool, &rest);
    if (status == MFL_OK)
        status = mfl_dataset_shape(rest, &left, NULL);
    tests = left < tests ? left : tests;
    const int64_t longest = samples > tests ? samples : tests;
    if (status == MFL_OK) {
        rows = malloc((size_t)longest * sizeof *rows);
        status = rows ? MFL_OK : MFL_ERROR_MEMORY;
    }
    for (int64_t i = 0; rows && i < longest; i++)
        rows[i] = i;
    if (status == MFL_OK)
        status = mfl_dataset_take(pool, rows, samples, &some_train);
    if (status == MFL_OK)
        status = mfl_dataset_take(rest, rows, tests, &some_test);
    if (status == MFL_OK)
        status = mfl_dataset_standardise(some_train, 1, train);
    if (status == MFL_OK)
        status = mfl_dataset_standardise_like(some_test, *train, test);
    mfl_dataset_destroy(pool);
    mfl_dataset_destroy(rest);
    mfl_dataset_destroy(some_train);
    mfl_dataset_destroy(some_test);
    free(rows);
    return status;
}

static int32_t draw_task(const ex_subject *subject, int64_t samples, split *made)
{
    int32_t status =
        mfl_dataset_draw(subject->task, samples, subject->label_noise, 0, MFL_ROLE_TRAIN, &made->train);
    if (status == MFL_OK)
        status = mfl_dataset_draw(subject->task, subject->tests, subject->label_noise, 0, MFL_ROLE_TEST, &made->test);
    return status;
}

static int32_t take_rows(const ex_subject *subject, int64_t samples, split *made)
{
    double scale;
    int32_t status = ex_split_file(subject->file, subject->most_samples, samples, subject->tests, &made->train,
                                   &made->test);
    if (status == MFL_OK)
        status = mfl_dataset_standardisation(made->train, NULL, NULL, 0, NULL, &scale);
    if (status == MFL_OK)
        made->unit = scale * scale;
    return status;
}

/* Data set number `seed` of a point. All points of one seed share the test set and, for files, the order of rows. */
static int32_t make_split(const ex_subject *subject, int64_t samples, int64_t seed, split *made)
{
    const double *y;
    mfl_options *options;
    *made = (split){.unit = 1.0, .samples = samples};
    int32_t status = mfl_context_options(subject->context, &options);
    if (status == MFL_OK)
        status = mfl_options_set_int(options, MFL_CONTEXT_SEED, seed);
    if (status == MFL_OK)
        status = subject->task ? draw_task(subject, samples, made) : take_rows(subject, samples, made);
    if (status == MFL_OK)
        status = mfl_dataset_shape(made->test, &made->tests, NULL);
    if (status == MFL_OK)
        status = mfl_dataset_targets(made->test, &made->noisy);
    made->truth = made->noisy;
    if (status == MFL_OK && subject->task)
        status = mfl_dataset_clean_targets(made->test, &made->truth);
    if (status == MFL_OK)
        status = mfl_dataset_targets(made->train, &y);
    if (status != MFL_OK)
        return status;
    double mean = 0.0;
    for (int64_t i = 0; i < samples; i++)
        mean += y[i] / (double)samples;
    for (int64_t i = 0; i < made->tests; i++)
        made->variance += made->unit * (made->truth[i] - mean) * (made->truth[i] - mean) / (double)made->tests;
    return MFL_OK;
}

static double mean_squared(const double *f, const double *y, int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (f[i] - y[i]) * (f[i] - y[i]);
    return sum / (double)count;
}

/* Coefficient of f on the target, measured on the test set. */
static double overlap(const double *f, const double *y, int64_t count)
{
    double product = 0.0, square = 0.0;
    for (int64_t i = 0; i < count; i++) {
        product += f[i] * y[i];
        square += y[i] * y[i];
    }
    return product / square;
}

/* ---- network ---- */

/* For targets without a single mode: measured on the test set. */
static int32_t overlap_of_draws(const mfl_sampler *sampler, const split *data, double *m)
{
    double *mean = malloc(sizeof *mean * (size_t)data->tests);
    int32_t status = mean ? mfl_sampler_predictions(sampler, mean, NULL, data->tests) : MFL_ERROR_MEMORY;
    if (status == MFL_OK)
        *m = overlap(mean, data->truth, data->tests);
    free(mean);
    return status;
}

/* The worse one of potential and predictions on the data. */
static double worst_r_hat(const mfl_sampler *sampler)
{
    static const int32_t traces[] = {MFL_TRACE_POTENTIAL, MFL_TRACE_TEST_ERROR}, key = MFL_DIAGNOSTIC_R_HAT;
    double worst = NAN, value;
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
        if (mfl_sampler_diagnose(sampler, traces[i], &key, 1, &value) == MFL_OK)
            worst = fmax(worst, value);
    return worst;
}

static int32_t read_results(const mfl_sampler *sampler, const split *data, int32_t weighed, ex_row *row)
{
    const struct {
        int32_t key;
        double unit, *to;
    } wanted[] = {{MFL_SAMPLER_TEST_ERROR, data->unit, &row->test_mse},
                  {MFL_SAMPLER_TEST_ERROR_DRAW, data->unit, &row->test_mse_draw},
                  {MFL_SAMPLER_TEST_ERROR_NOISY, data->unit, &row->test_mse_noisy},
                  {MFL_SAMPLER_TRAIN_ERROR, data->unit, &row->train_mse},
                  {MFL_SAMPLER_TEST_ERROR_SE, data->unit, &row->solver_se},
                  {MFL_SAMPLER_STEP, 1.0, &row->step_size},
                  {MFL_SAMPLER_DRAWS_TOTAL, 1.0, &row->draws},
                  {MFL_SAMPLER_ORDER_PARAMETER, 1.0, &row->m},
                  {MFL_SAMPLER_ORDER_PARAMETER_SE, 1.0, &row->m_se}};
    const size_t count = sizeof wanted / sizeof wanted[0] - (weighed ? 0 : 2);
    int32_t status = MFL_OK;
    for (size_t i = 0; i < count && status == MFL_OK; i++) {
        status = mfl_sampler_get(sampler, wanted[i].key, wanted[i].to);
        *wanted[i].to *= wanted[i].unit;
    }
    row->r_hat = worst_r_hat(sampler);
    return status;
}

/* What neurons do with their weights, of tasks with one mode. */
static int32_t read_neurons(const mfl_sampler *sampler, const ex_alignment *alignment, int32_t aligned, ex_row *row)
{
    static const int32_t mean = MFL_DIAGNOSTIC_MEAN;
    const int64_t others = alignment->dimension - alignment->relevant;
    int32_t status = mfl_sampler_diagnose(sampler, aligned, &mean, 1, &row->specialised);
    if (status == MFL_OK)
        status = mfl_sampler_diagnose(sampler, MFL_TRACE_RELEVANT_SQUARE, &mean, 1, &row->weight_on);
    if (status == MFL_OK)
        status = mfl_sampler_diagnose(sampler, MFL_TRACE_IRRELEVANT_SQUARE, &mean, 1, &row->weight_off);
    row->weight_on /= (double)alignment->relevant;
    row->weight_off = others ? row->weight_off / (double)others : NAN;
    return status;
}

static int32_t run_network(const ex_subject *subject, const split *data, ex_row *row)
{
    mfl_sampler *sampler = NULL;
    ex_alignment alignment = {.relevant = ex_relevant_inputs(subject->task)};
    int32_t weighed = 0, aligned;
    double stop;
    int32_t status = make_sampler(subject, data->train, row->kappa, &sampler);
    if (status == MFL_OK)
        status = mfl_sampler_set_test(sampler, data->test);
    if (status == MFL_OK)
        weighed = subject->task && mfl_sampler_set_task(sampler, subject->task) == MFL_OK;
    if (status == MFL_OK && alignment.relevant)
        status = ex_alignment_make(&alignment, subject->model, alignment.relevant);
    if (status == MFL_OK && alignment.relevant)
        status = mfl_sampler_add_observable(sampler, ex_specialised_fraction, &alignment, &aligned);
    if (status == MFL_OK)
        status = mfl_sampler_run(sampler);
    if (status == MFL_OK)
        status = mfl_sampler_get(sampler, MFL_SAMPLER_STOP, &stop);
    if (status == MFL_OK) {
        row->stop = (int32_t)stop;
        status = row->stop == MFL_STOP_CANCELLED ? MFL_ERROR_CANCELLED : read_results(sampler, data, weighed, row);
    }
    if (status == MFL_OK && subject->task && !weighed)
        status = overlap_of_draws(sampler, data, &row->m);
    if (status == MFL_OK && alignment.relevant)
        status = read_neurons(sampler, &alignment, aligned, row);
    ex_alignment_release(&alignment);
    mfl_sampler_destroy(sampler);
    return status;
}

/* ---- kernels ---- */

static int32_t log_evidence(mfl_ridge *ridge, const mfl_dataset *train, double log_kappa, double *value)
{
    int32_t status = mfl_ridge_fit(ridge, train, exp(log_kappa));
    return status == MFL_OK ? mfl_ridge_log_evidence(ridge, value) : status;
}

/* The noise at which the kernel's evidence is largest: a scan, refined by golden section. */
static int32_t evidence_kappa(const mfl_model *model, const mfl_dataset *train, double *kappa)
{
    const double first = log(1e-2), step = log(1e1 / 1e-2) / 18.0, golden = 0.6180339887498949;
    double best = first, largest = -INFINITY;
    mfl_ridge *ridge = NULL;
    int32_t status = mfl_ridge_create(model, &ridge);
    for (int i = 0; i <= 18 && status == MFL_OK; i++) {
        double value = -INFINITY;
        status = log_evidence(ridge, train, first + i * step, &value);
        if (value > largest) {
            largest = value;
            best = first + i * step;
        }
    }
    double low = best - step, high = best + step;
    while (high - low > 0.01 && status == MFL_OK) {
        double left = high - golden * (high - low), right = low + golden * (high - low), at_left, at_right;
        status = log_evidence(ridge, train, left, &at_left);
        if (status == MFL_OK)
            status = log_evidence(ridge, train, right, &at_right);
        if (status == MFL_OK)
            *(at_left > at_right ? &high : &low) = at_left > at_right ? right : left;
    }
    mfl_ridge_destroy(ridge);
    *kappa = exp(0.5 * (low + high));
    return status;
}

/* The three predictions of run_ridge(), in its buffers. */
static int32_t fit_and_predict(mfl_ridge *ridge, const split *data, double kappa, double *mean, double *variance,
                               double *fit)
{
    const double *x, *train_x;
    int64_t stride, train_stride, unit_stride; /* drawn and read data have their columns side by side */
    int32_t status = mfl_dataset_inputs(data->test, &x, &stride, &unit_stride);
    if (status == MFL_OK)
        status = mfl_dataset_inputs(data->train, &train_x, &train_stride, &unit_stride);
    if (status == MFL_OK)
        status = mfl_ridge_fit(ridge, data->train, kappa);
    if (status == MFL_OK)
        status = mfl_ridge_predict(ridge, x, data->tests, stride, mean, variance);
    if (status == MFL_OK)
        status = mfl_ridge_predict(ridge, train_x, data->samples, train_stride, fit, NULL);
    return status;
}

static int32_t run_ridge(const ex_subject *subject, const mfl_model *model, const split *data, ex_row *row)
{
    mfl_ridge *ridge = NULL;
    const double *y;
    double *mean = malloc(sizeof(double) * (size_t)(2 * data->tests + data->samples));
    double *variance = mean + data->tests, *fit = variance + data->tests;
    int32_t status = mean ? mfl_ridge_create(model, &ridge) : MFL_ERROR_MEMORY;
    if (status == MFL_OK)
        status = fit_and_predict(ridge, data, row->kappa, mean, variance, fit);
    if (status == MFL_OK)
        status = mfl_dataset_targets(data->train, &y);
    if (status == MFL_OK) {
        row->test_mse = data->unit * mean_squared(mean, data->truth, data->tests);
        row->test_mse_noisy = data->unit * mean_squared(mean, data->noisy, data->tests);
        row->train_mse = data->unit * mean_squared(fit, y, data->samples);
        row->test_mse_draw = row->test_mse;
        for (int64_t i = 0; i < data->tests; i++)
            row->test_mse_draw += data->unit * variance[i] / (double)data->tests;
        if (subject->task)
            row->m = overlap(mean, data->truth, data->tests);
    }
    mfl_ridge_destroy(ridge);
    free(mean);
    return status;
}

/* ---- theory ---- */

/* Where a closure has two solutions: the one that is followed from the prior, or the other. */
static int32_t choose_branch(const ex_subject *subject, mfl_theory *theory)
{
    int32_t branches;
    int32_t status = mfl_theory_branches(theory, &branches);
    if (status == MFL_OK && branches > 1 && subject->planted)
        status = mfl_theory_select(theory, 1);
    return status;
}

static int32_t run_theory(const ex_subject *subject, ex_row *row)
{
    mfl_theory *theory = NULL;
    const struct {
        int32_t key;
        double *to, *error;
    } wanted[] = {{MFL_THEORY_TEST_ERROR, &row->test_mse, &row->solver_se},
                  {MFL_THEORY_DRAW_ERROR, &row->test_mse_draw, NULL},
                  {MFL_THEORY_M, &row->m, &row->m_se}},
      neurons[] = {{MFL_THEORY_WEIGHT_ON, &row->weight_on, NULL},
                   {MFL_THEORY_WEIGHT_OFF, &row->weight_off, NULL},
                   {MFL_THEORY_SPECIALISED, &row->specialised, NULL},
                   {MFL_THEORY_RHO_ON, &row->rho_on, NULL},
                   {MFL_THEORY_RHO_OFF, &row->rho_off, NULL}};
    int32_t status = make_theory(subject, row->method, &theory);
    if (status == MFL_OK)
        status = mfl_theory_solve(theory, (double)row->samples, subject->kappa);
    if (status == MFL_OK)
        status = choose_branch(subject, theory);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && status == MFL_OK; i++)
        status = mfl_theory_get(theory, wanted[i].key, wanted[i].to, wanted[i].error);
    if (status == MFL_OK)
        status = mfl_theory_stop(theory, &row->stop);
    if (status == MFL_OK && row->stop == MFL_STOP_CANCELLED)
        status = MFL_ERROR_CANCELLED;
    for (size_t i = 0; i < sizeof neurons / sizeof neurons[0] && status == MFL_OK; i++)
        if (mfl_theory_get(theory, neurons[i].key, neurons[i].to, NULL) != MFL_OK)
            *neurons[i].to = NAN; /* this closure or task has none */
    row->test_mse_noisy = row->test_mse + subject->label_noise * subject->label_noise;
    row->rel_mse = row->test_mse;
    row->kappa = subject->kappa;
    mfl_theory_destroy(theory);
    return status;
}

/* ---- any ---- */

static int32_t run_on_data(const ex_subject *subject, int64_t seed, ex_row *row)
{
    split data;
    const mfl_model *model = row->method == EX_METHOD_LINEAR ? subject->linear : subject->model;
    int32_t status = make_split(subject, row->samples, seed, &data);
    row->seed = seed;
    row->kappa = subject->kappa;
    if (status == MFL_OK && row->kappa == 0.0)
        status = evidence_kappa(model, data.train, &row->kappa);
    if (status == MFL_OK)
        status = row->method == EX_METHOD_NETWORK ? run_network(subject, &data, row)
                                                  : run_ridge(subject, model, &data, row);
    row->rel_mse = row->test_mse / data.variance;
    release_split(&data);
    return status;
}

int32_t ex_measure(const ex_subject *subject, int32_t method, int64_t samples, int64_t seed, ex_row *row)
{
    const double start = ex_seconds();
    *row = (ex_row){.method = method, .stop = MFL_STOP_CONVERGED, .samples = samples, .seed = -1,
                    .test_mse = NAN,  .test_mse_draw = NAN,       .train_mse = NAN,   .m = NAN,
                    .m_se = NAN,      .solver_se = NAN,           .rel_mse = NAN,     .test_mse_noisy = NAN,
                    .kappa = NAN,     .step_size = NAN,           .draws = NAN,       .r_hat = NAN,
                    .weight_on = NAN, .weight_off = NAN,          .specialised = NAN, .rho_on = NAN,
                    .rho_off = NAN};
    int32_t status = method >= EX_METHOD_MF ? run_theory(subject, row) : run_on_data(subject, seed, row);
    row->seconds = ex_seconds() - start;
    return status;
}
