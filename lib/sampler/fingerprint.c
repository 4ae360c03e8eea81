/* SPDX-License-Identifier: BSD-3-Clause */
/* What a checkpoint must have been made with to be continued: model, noise, data, task, start and options, in numbers,
 * those of arrays by their checksums. Functions of the caller are only counted. */
#include <string.h>

#include "core/context.h"
#include "io/crc32c.h"
#include "io/little_endian.h"
#include "sampler/sampler.h"

enum { fixed = MFLI_FINGERPRINT - MFLI_SAMPLER_OPTIONS };

static const char *const names[fixed] = {
    "width",          "input dimension",  "activation", "gamma",       "sigma_w",  "sigma_a",    "leak",
    "kappa",          "seed",             "instruction set", "number of samples", "number of test samples",
    "training inputs", "training targets", "test inputs", "test targets", "task", "start", "number of observables",
};

static uint32_t sum_doubles(uint32_t crc, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[8];
        mfli_store_double(bytes, values[i]);
        crc = mfli_crc32c(crc, bytes, sizeof bytes);
    }
    return crc;
}

static uint32_t sum_inputs(const mfl_dataset *data, double *row)
{
    uint32_t crc = 0;
    for (int64_t i = 0; i < data->rows; i++) {
        mfli_dataset_pack(data, i, 1, row, data->columns);
        crc = sum_doubles(crc, row, (size_t)data->columns);
    }
    return crc;
}

static uint32_t sum_targets(const mfl_dataset *data)
{
    return sum_doubles(sum_doubles(0, data->targets, (size_t)data->rows), mfli_dataset_truth(data),
                       (size_t)data->rows);
}

static uint32_t sum_task(const mfli_task *task)
{
    const size_t d = (size_t)task->dimension;
    const double numbers[] = {task->kind, task->input_law, (double)task->dimension, (double)task->degree};
    uint32_t crc = sum_doubles(0, numbers, sizeof numbers / sizeof numbers[0]);
    const int64_t variables = mfli_task_variables(task);
    for (int64_t i = 0; task->support && i < variables; i++)
        crc = sum_doubles(crc, &(double){(double)task->support[i]}, 1);
    if (task->direction)
        crc = sum_doubles(crc, task->direction, (size_t)variables * d);
    for (int64_t i = 0; task->degrees && i < task->terms * task->variables; i++)
        crc = sum_doubles(crc, &(double){(double)task->degrees[i]}, 1);
    if (task->coefficients)
        crc = sum_doubles(crc, task->coefficients, (size_t)task->terms);
    return task->factor ? sum_doubles(crc, task->factor, d * d) : crc;
}

/* None of it changes once the chains exist. */
static int32_t sum_up(mfl_sampler *sampler)
{
    if (sampler->summed)
        return MFL_OK;
    double *row = mfli_alloc(sampler->object.context, (size_t)sampler->model.dimension, sizeof *row);
    if (!row)
        return MFL_ERROR_MEMORY;
    const mfl_dataset *test = sampler->test;
    const uint32_t sums[MFLI_CHECKSUMS] = {
        sum_inputs(sampler->data, row),
        sum_targets(sampler->data),
        test ? sum_inputs(test, row) : 0,
        test ? sum_targets(test) : 0,
        sampler->task_handle ? sum_task(&sampler->task) : 0,
        sampler->start ? sum_doubles(0, sampler->start, mfli_state_length(&sampler->model)) : 0,
    };
    mfli_free(sampler->object.context, row);
    memcpy(sampler->checksums, sums, sizeof sums);
    sampler->summed = 1;
    return MFL_OK;
}

static int64_t bits(double value)
{
    int64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

/* The number of draws may change from run to run. */
static int64_t option(const mfl_options *options, size_t index)
{
    const mfli_option_spec *spec = &options->specs[index];
    if (spec->key == MFL_SAMPLER_DRAWS)
        return 0;
    return spec->type == MFL_OPTION_DOUBLE ? bits(mfli_options_double(options, spec->key))
                                           : mfli_options_int(options, spec->key);
}

int32_t mfli_fingerprint(mfl_sampler *sampler, int64_t values[MFLI_FINGERPRINT])
{
    const mfli_model *model = &sampler->model;
    int32_t status = sum_up(sampler);
    if (status)
        return status;
    const uint32_t *sums = sampler->checksums;
    const int64_t list[fixed] = {
        model->width, model->dimension, model->activation, bits(model->gamma), bits(model->sigma_w),
        bits(model->sigma_a), bits(model->leak), bits(sampler->kappa), (int64_t)sampler->seed,
        mfli_instruction_set(sampler->object.context), sampler->data->rows,
        sampler->test ? sampler->test->rows : 0, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5],
        sampler->observer_count,
    };
    memcpy(values, list, sizeof list);
    for (size_t i = 0; i < MFLI_SAMPLER_OPTIONS; i++)
        values[fixed + i] = option(&sampler->options, i);
    return MFL_OK;
}

const char *mfli_fingerprint_name(const mfl_sampler *sampler, size_t index)
{
    return index < fixed ? names[index] : sampler->options.specs[index - fixed].name;
}
