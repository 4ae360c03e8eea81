/* SPDX-License-Identifier: BSD-3-Clause */
/* What the draws say: means over all draws of all chains, added in the order of the chains. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "sampler/sampler.h"

/* Batches that each chain's trace is divided into for standard errors. */
enum { batches_a_chain = 10 };

static const mfli_chain *chain_of(const mfl_sampler *sampler, int64_t rung, int64_t chain)
{
    return &sampler->chains[rung * sampler->chain_count + chain];
}

static int64_t total_draws(const mfl_sampler *sampler, int64_t rung)
{
    int64_t draws = 0;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        draws += chain_of(sampler, rung, c)->draws;
    return draws;
}

/* Sum of a per-chain array's element over the chains but one (none: -1), divided by their draws. */
static double mean_without(const mfl_sampler *sampler, int64_t rung, int64_t left_out, size_t member, int64_t element)
{
    double sum = 0.0;
    int64_t draws = 0;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        const mfli_chain *chain = chain_of(sampler, rung, c);
        double *array;
        if (c == left_out)
            continue;
        memcpy(&array, (const char *)chain + member, sizeof array);
        sum += array[element];
        draws += chain->draws;
    }
    return sum / (double)draws;
}

static double mean_predictor_error(const mfl_sampler *sampler, int64_t rung, const mfl_dataset *dataset,
                                   const double *targets, size_t member, int64_t left_out)
{
    double sum = 0.0;
    for (int64_t i = 0; i < dataset->rows; i++) {
        double difference = mean_without(sampler, rung, left_out, member, i) - targets[i];
        sum += difference * difference;
    }
    return sum / (double)dataset->rows;
}

static double test_error(const mfl_sampler *sampler, int64_t rung, const double *targets, int64_t left_out)
{
    return mean_predictor_error(sampler, rung, sampler->test, targets, offsetof(mfli_chain, sum_test), left_out);
}

/* The jackknife: spread of the error when one chain is left out. */
static double test_error_se(const mfl_sampler *sampler, int64_t rung)
{
    const int64_t chains = sampler->chain_count;
    if (chains < 2)
        return NAN;
    double mean = 0.0, sum = 0.0;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t c = 0; c < chains; c++) {
            double error = test_error(sampler, rung, mfli_dataset_truth(sampler->test), c);
            if (pass == 0)
                mean += error / (double)chains;
            else
                sum += (error - mean) * (error - mean);
        }
    return sqrt(sum * (double)(chains - 1) / (double)chains);
}

/* Of the mean over all chains, from the spread of the chains' own means. */
static double between_chains_se(const mfl_sampler *sampler, int64_t rung)
{
    const int64_t chains = sampler->chain_count;
    double mean = 0.0, squares = 0.0;
    for (int64_t c = 0; c < chains; c++)
        mean += chain_of(sampler, rung, c)->order_sum / (double)chain_of(sampler, rung, c)->draws / (double)chains;
    for (int64_t c = 0; c < chains; c++) {
        double delta = chain_of(sampler, rung, c)->order_sum / (double)chain_of(sampler, rung, c)->draws - mean;
        squares += delta * delta;
    }
    return sqrt(squares / (double)(chains - 1) / (double)chains);
}

/* Batch means over all chains: batches long against the autocorrelation time make independent draws. */
static double batches_se(const mfl_sampler *sampler, int64_t rung)
{
    double mean = 0.0, squares = 0.0;
    int64_t count = 0;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        const mfli_chain *chain = chain_of(sampler, rung, c);
        const int64_t length = chain->draws / batches_a_chain;
        const double *trace = chain->trace[MFL_TRACE_ORDER_PARAMETER - 1];
        for (int b = 0; b < batches_a_chain && length > 0; b++) {
            double sum = 0.0, delta;
            for (int64_t i = 0; i < length; i++)
                sum += trace[b * length + i];
            delta = sum / (double)length - mean;
            mean += delta / (double)++count;
            squares += delta * (sum / (double)length - mean);
        }
    }
    return count > 1 ? sqrt(squares / (double)(count - 1) / (double)count) : NAN;
}

/* Slow modes show between chains, fast ones within; either alone can miss what the other sees. */
static double order_parameter_se(const mfl_sampler *sampler, int64_t rung)
{
    const double within = batches_se(sampler, rung);
    return sampler->chain_count > 1 ? fmax(between_chains_se(sampler, rung), within) : within;
}

static double mean_of(const mfl_sampler *sampler, int64_t rung, size_t member, int64_t draws)
{
    double sum = 0.0;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        double value;
        memcpy(&value, (const char *)chain_of(sampler, rung, c) + member, sizeof value);
        sum += value;
    }
    return sum / (double)draws;
}

static double smallest_step(const mfl_sampler *sampler, int64_t rung)
{
    double step = INFINITY;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        step = fmin(step, chain_of(sampler, rung, c)->step_size);
    return isinf(step) ? NAN : step;
}

static double total(const mfl_sampler *sampler, size_t member)
{
    double sum = 0.0;
    for (int64_t c = 0; c < sampler->slot_count; c++) {
        int64_t value;
        memcpy(&value, (const char *)&sampler->chains[c] + member, sizeof value);
        sum += (double)value;
    }
    return sum;
}

static double acceptance(const mfl_sampler *sampler)
{
    double sum = 0.0;
    if (!sampler->method || sampler->method->acceptance == 0.0)
        return NAN;
    for (int64_t c = 0; c < sampler->slot_count; c++)
        sum += sampler->chains[c].acceptance_sum;
    return sum / total(sampler, offsetof(mfli_chain, proposals));
}

static double swap_rate(const mfl_sampler *sampler, int64_t rung)
{
    double sum = 0.0, count = 0.0;
    for (int64_t c = 0; c < sampler->chain_count; c++) {
        sum += chain_of(sampler, rung, c)->swap_sum;
        count += (double)chain_of(sampler, rung, c)->swaps;
    }
    return sum / count;
}

static int32_t has_evidence(const mfl_sampler *sampler)
{
    return sampler->rungs > 1 && sampler->target_draws > 0 && sampler->stop == MFL_STOP_COMPLETED;
}

static int32_t result(const mfl_sampler *sampler, int64_t rung, int32_t key, double *value)
{
    mfl_context *context = sampler->object.context;
    if (!value)
        return mfli_fail_null(context, "value");
    const int64_t draws = total_draws(sampler, rung);
    const int32_t tested = draws > 0 && sampler->test, measured = draws > 0 && sampler->task_handle;
    switch (key) {
    case MFL_SAMPLER_TRAIN_ERROR:
        *value = draws == 0 ? NAN
                            : mean_predictor_error(sampler, rung, sampler->data, sampler->data->targets,
                                                   offsetof(mfli_chain, sum_train), -1);
        return MFL_OK;
    case MFL_SAMPLER_TRAIN_ERROR_DRAW:
        *value = draws > 0 ? mean_of(sampler, rung, offsetof(mfli_chain, train_error_sum), draws) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_TEST_ERROR:
        *value = tested ? test_error(sampler, rung, mfli_dataset_truth(sampler->test), -1) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_TEST_ERROR_SE:
        *value = tested ? test_error_se(sampler, rung) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_TEST_ERROR_NOISY:
        *value = tested ? test_error(sampler, rung, sampler->test->targets, -1) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_TEST_ERROR_DRAW:
        *value = tested ? mean_of(sampler, rung, offsetof(mfli_chain, error_sum), draws) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_ORDER_PARAMETER:
        *value = measured ? mean_of(sampler, rung, offsetof(mfli_chain, order_sum), draws) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_ORDER_PARAMETER_SE:
        *value = measured ? order_parameter_se(sampler, rung) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_POTENTIAL:
        *value = draws > 0 ? mean_of(sampler, rung, offsetof(mfli_chain, potential_sum), draws) : NAN;
        return MFL_OK;
    case MFL_SAMPLER_STEP:
        *value = smallest_step(sampler, rung);
        return MFL_OK;
    case MFL_SAMPLER_DRAWS_TOTAL:
        *value = (double)draws;
        return MFL_OK;
    case MFL_SAMPLER_STEPS_TOTAL:
        *value = total(sampler, offsetof(mfli_chain, steps));
        return MFL_OK;
    case MFL_SAMPLER_ACCEPTANCE:
        *value = acceptance(sampler);
        return MFL_OK;
    case MFL_SAMPLER_DIVERGENCES:
        *value = total(sampler, offsetof(mfli_chain, divergences));
        return MFL_OK;
    case MFL_SAMPLER_GRADIENTS_TOTAL:
        *value = total(sampler, offsetof(mfli_chain, gradients));
        return MFL_OK;
    case MFL_SAMPLER_KAPPA:
        *value = sampler->chains ? chain_of(sampler, rung, 0)->kappa : NAN;
        return MFL_OK;
    case MFL_SAMPLER_SWAP_RATE:
        *value = swap_rate(sampler, rung);
        return MFL_OK;
    case MFL_SAMPLER_ROUND_TRIPS:
        *value = total(sampler, offsetof(mfli_chain, trips));
        return MFL_OK;
    case MFL_SAMPLER_LOG_EVIDENCE:
    case MFL_SAMPLER_LOG_EVIDENCE_GAIN:
        *value = has_evidence(sampler) ? sampler->evidence[key == MFL_SAMPLER_LOG_EVIDENCE][rung] : NAN;
        return MFL_OK;
    case MFL_SAMPLER_LOG_EVIDENCE_SE:
    case MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE:
        *value = has_evidence(sampler) ? sampler->evidence_se[key == MFL_SAMPLER_LOG_EVIDENCE_SE][rung] : NAN;
        return MFL_OK;
    case MFL_SAMPLER_STOP:
        *value = sampler->stop;
        return MFL_OK;
    default:
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a sampler has no result with key %d", key);
    }
}

int32_t mfl_sampler_get(const mfl_sampler *sampler, int32_t key, double *value)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, result(sampler, 0, key, value));
}

int32_t mfli_sampler_need_rung(const mfl_sampler *sampler, int64_t rung)
{
    mfl_context *context = sampler->object.context;
    if (!sampler->chains)
        return mfli_fail(context, MFL_ERROR_STATE, "the sampler has not run");
    if (rung < 0 || rung >= sampler->rungs)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "rung is %lld; there are %lld", (long long)rung,
                         (long long)sampler->rungs);
    return MFL_OK;
}

static int32_t rung_result(const mfl_sampler *sampler, int64_t rung, int32_t key, double *value)
{
    int32_t status = mfli_sampler_need_rung(sampler, rung);
    return status ? status : result(sampler, rung, key, value);
}

int32_t mfl_sampler_get_rung(const mfl_sampler *sampler, int64_t rung, int32_t key, double *value)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, rung_result(sampler, rung, key, value));
}

static int32_t need_draws(const mfl_sampler *sampler)
{
    if (total_draws(sampler, 0) > 0)
        return MFL_OK;
    return mfli_fail(sampler->object.context, MFL_ERROR_STATE, "there are no draws yet; call mfl_sampler_run");
}

static int32_t need_room(const mfl_sampler *sampler, int64_t capacity, int64_t needed)
{
    if (capacity >= needed)
        return MFL_OK;
    return mfli_fail(sampler->object.context, MFL_ERROR_BUFFER, "capacity is %lld; %lld numbers are needed",
                     (long long)capacity, (long long)needed);
}

static int32_t predictions(const mfl_sampler *sampler, double *mean, double *deviation, int64_t capacity)
{
    int32_t status = need_draws(sampler);
    if (!status && !sampler->test)
        status = mfli_fail(sampler->object.context, MFL_ERROR_STATE,
                           "the sampler has no test set; call mfl_sampler_set_test before the run");
    if (!status)
        status = need_room(sampler, capacity, sampler->test->rows);
    for (int64_t i = 0; !status && i < sampler->test->rows; i++) {
        double first = mean_without(sampler, 0, -1, offsetof(mfli_chain, sum_test), i);
        double second = mean_without(sampler, 0, -1, offsetof(mfli_chain, square_test), i);
        if (mean)
            mean[i] = first;
        if (deviation)
            deviation[i] = sqrt(fmax(second - first * first, 0.0));
    }
    return status;
}

int32_t mfl_sampler_predictions(const mfl_sampler *sampler, double *mean, double *deviation, int64_t capacity)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, predictions(sampler, mean, deviation, capacity));
}

static int32_t second_moments(const mfl_sampler *sampler, double *moments, int64_t capacity)
{
    int32_t status = moments ? need_draws(sampler) : mfli_fail_null(sampler->object.context, "moments");
    if (!status)
        status = need_room(sampler, capacity, sampler->model.dimension);
    for (int64_t j = 0; !status && j < sampler->model.dimension; j++)
        moments[j] = mean_without(sampler, 0, -1, offsetof(mfli_chain, moments), j);
    return status;
}

int32_t mfl_sampler_second_moments(const mfl_sampler *sampler, double *moments, int64_t capacity)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, second_moments(sampler, moments, capacity));
}

static int32_t weight_histogram(const mfl_sampler *sampler, double *shares, int64_t capacity)
{
    const int64_t bins = sampler->model.dimension * MFL_WEIGHT_BINS;
    int32_t status = shares ? need_draws(sampler) : mfli_fail_null(sampler->object.context, "shares");
    if (!status)
        status = need_room(sampler, capacity, bins);
    for (int64_t b = 0; !status && b < bins; b++)
        shares[b] =
            mean_without(sampler, 0, -1, offsetof(mfli_chain, histogram), b) / (double)sampler->model.width;
    return status;
}

int32_t mfl_sampler_weight_histogram(const mfl_sampler *sampler, double *shares, int64_t capacity)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, weight_histogram(sampler, shares, capacity));
}

/* The task's traces need a task, errors a test set, acceptance a method that rejects. */
static const char *lack(const mfl_sampler *sampler, int32_t kind)
{
    switch (kind) {
    case MFL_TRACE_ORDER_PARAMETER:
    case MFL_TRACE_RELEVANT_SQUARE:
    case MFL_TRACE_IRRELEVANT_SQUARE:
        return sampler->task_handle ? NULL : "task";
    case MFL_TRACE_TEST_ERROR:
        return sampler->test ? NULL : "test set";
    case MFL_TRACE_ACCEPTANCE:
        return mfli_method_of(mfli_options_int(&sampler->options, MFL_SAMPLER_METHOD))->acceptance > 0.0
            ? NULL
            : "method that accepts or rejects";
    default:
        return NULL;
    }
}

int32_t mfli_sampler_need_trace(const mfl_sampler *sampler, int32_t kind)
{
    mfl_context *context = sampler->object.context;
    if (mfli_trace_index(sampler, kind) < 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "kind is %d; there is no such trace", kind);
    if (lack(sampler, kind))
        return mfli_fail(context, MFL_ERROR_STATE, "the sampler has no %s", lack(sampler, kind));
    return MFL_OK;
}

size_t mfli_sampler_kinds(const mfl_sampler *sampler, int32_t kinds[MFLI_MOST_TRACES])
{
    size_t count = 0;
    for (int32_t kind = 1; kind <= MFLI_TRACES; kind++)
        if (!lack(sampler, kind))
            kinds[count++] = kind;
    for (int32_t i = 0; i < sampler->observer_count; i++)
        kinds[count++] = MFL_TRACE_CALLER + i;
    return count;
}

static int32_t trace(const mfl_sampler *sampler, int32_t kind, int64_t chain, double *values, int64_t capacity,
                     int64_t *count)
{
    mfl_context *context = sampler->object.context;
    int32_t status = mfli_sampler_need_trace(sampler, kind);
    if (status)
        return status;
    if (chain < 0 || chain >= sampler->slot_count)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "chain is %lld; there are %lld", (long long)chain,
                         (long long)sampler->slot_count);
    if (!values && capacity > 0)
        return mfli_fail_null(context, "values");
    const mfli_chain *one = &sampler->chains[chain];
    const int64_t copied = one->draws < capacity ? one->draws : capacity;
    if (copied > 0)
        memcpy(values, one->trace[mfli_trace_index(sampler, kind)], (size_t)copied * sizeof *values);
    if (count)
        *count = one->draws;
    return values ? need_room(sampler, capacity, one->draws) : MFL_OK;
}

int32_t mfl_sampler_trace(const mfl_sampler *sampler, int32_t kind, int64_t chain, double *values,
                          int64_t capacity, int64_t *count)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, trace(sampler, kind, chain, values, capacity, count));
}
