/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/record.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "diagnostics/diagnostics.h"

void mfli_record_init(mfl_context *context, int64_t quantities, mfli_record *record)
{
    *record = (mfli_record){.context = context, .quantities = quantities};
}

void mfli_record_finish(mfli_record *record)
{
    mfli_free(record->context, record->value);
    record->value = NULL;
    record->sweeps = record->capacity = 0;
}

static int32_t grow(mfli_record *record)
{
    const int64_t capacity = record->capacity ? 2 * record->capacity : 64,
                  series = record->quantities * MFLI_POPULATIONS;
    double *value = mfli_alloc_zeroed(record->context, (size_t)series, (size_t)capacity * sizeof *value);
    if (!value)
        return MFL_ERROR_MEMORY;
    for (int64_t i = 0; i < series && record->sweeps; i++)
        memcpy(value + i * capacity, record->value + i * record->capacity,
               (size_t)record->sweeps * sizeof *value);
    mfli_free(record->context, record->value);
    record->value = value;
    record->capacity = capacity;
    return MFL_OK;
}

int32_t mfli_record_reserve(mfli_record *record, int64_t sweeps)
{
    while (record->capacity < sweeps)
        if (grow(record) != MFL_OK)
            return MFL_ERROR_MEMORY;
    record->sweeps = sweeps > 0 ? sweeps : 0;
    return MFL_OK;
}

int32_t mfli_record_add(mfli_record *record, const double *values)
{
    if (record->sweeps == record->capacity && grow(record) != MFL_OK)
        return MFL_ERROR_MEMORY;
    for (int64_t i = 0; i < record->quantities * MFLI_POPULATIONS; i++)
        record->value[i * record->capacity + record->sweeps] = values[i];
    record->sweeps++;
    return MFL_OK;
}

static double spread(const mfli_trace *trace, double mean)
{
    const int64_t half = trace->draws / 2;
    double largest = 0.0;
    for (int64_t p = 0; p < 2 * trace->chain_count && half > 0; p++) {
        const double *values = trace->chains[p / 2] + (p % 2 ? trace->draws - half : 0);
        double sum = 0.0;
        for (int64_t i = 0; i < half; i++)
            sum += values[i];
        largest = fmax(largest, fabs(sum / (double)half - mean));
    }
    return largest;
}

int32_t mfli_record_estimate(const mfli_record *record, int64_t quantity, mfli_estimate *estimate)
{
    static const int32_t keys[] = {MFL_DIAGNOSTIC_MEAN, MFL_DIAGNOSTIC_DEVIATION, MFL_DIAGNOSTIC_MCSE_MEAN,
                                   MFL_DIAGNOSTIC_R_HAT};
    const double *chains[MFLI_POPULATIONS];
    double results[4];
    const int64_t skipped = record->sweeps / 2;
    for (int64_t p = 0; p < MFLI_POPULATIONS; p++)
        chains[p] = record->value + (quantity * MFLI_POPULATIONS + p) * record->capacity + skipped;
    const mfli_trace trace = {chains, MFLI_POPULATIONS, record->sweeps - skipped};
    int32_t status = mfli_diagnose(record->context, &trace, keys, 4, results);
    const double rounding = 1e-12 * fabs(results[0]);
    *estimate = (mfli_estimate){results[0], results[2], results[3], spread(&trace, results[0])};
    if (status == MFL_OK && results[1] <= rounding)
        *estimate = (mfli_estimate){results[0], results[1], 1.0, results[1]};
    return status;
}
