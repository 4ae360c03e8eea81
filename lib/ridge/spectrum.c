/* SPDX-License-Identifier: BSD-3-Clause */
/* Spectra (include/mflearn/spectrum.h); by_degree.c makes those of laws of inputs. */
#include "ridge/spectrum.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "data/dataset.h"
#include "linalg/linalg.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

static void finish(void *handle)
{
    mfl_spectrum *spectrum = handle;
    mfl_context *context = spectrum->object.context;
    mfli_shells_clear(context, &spectrum->shells);
    mfli_free(context, spectrum->target);
    mfli_free(context, spectrum->degrees);
    mfli_free(context, spectrum->values);
}

static int32_t check_count(mfl_context *context, int64_t count)
{
    if (count >= 1 && count <= INT64_MAX / 64)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_SIZE,
                     "the number of entries is %lld; it must be at least 1, and addressable",
                     (long long)count);
}

int32_t mfli_spectrum_make(mfl_context *context, int64_t count, int32_t by_degree,
                           mfl_spectrum **out)
{
    int32_t status = check_count(context, count);
    if (!status)
        status = mfli_object_create(context, MFLI_SPECTRUM, sizeof **out, finish, out);
    if (status)
        return status;
    mfl_spectrum *spectrum = *out;
    spectrum->count = count;
    spectrum->values = mfli_alloc_zeroed(context, (size_t)count, 3 * sizeof(double));
    if (by_degree && spectrum->values)
        spectrum->degrees = mfli_alloc_zeroed(context, (size_t)count, sizeof *spectrum->degrees);
    if (!spectrum->values || (by_degree && !spectrum->degrees)) {
        mfli_object_release(spectrum);
        *out = NULL;
        return MFL_ERROR_MEMORY;
    }
    spectrum->multiplicities = spectrum->values + count;
    spectrum->power = spectrum->multiplicities + count;
    return MFL_OK;
}

int32_t mfli_spectrum_check_entry(mfl_context *context, const char *name, int64_t index,
                                  double value, int32_t may_vanish)
{
    if (isfinite(value) && (value > 0.0 || (may_vanish && value == 0.0)))
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_ARGUMENT, "%s[%lld] is %g; it must be a finite number %s 0",
                     name, (long long)index, value, may_vanish ? "of at least" : "above");
}

static int32_t create(mfl_context *context, int64_t count, const double *values,
                      const double *multiplicities, double rest, mfl_spectrum **out)
{
    if (!out || !values)
        return mfli_fail_null(context, out ? "values" : "out");
    int32_t status = check_count(context, count);
    if (!status && !(isfinite(rest) && rest >= 0.0))
        status = mfli_fail(context, MFL_ERROR_ARGUMENT,
                           "rest is %g; it must be a finite number of at least 0", rest);
    for (int64_t i = 0; !status && i < count; i++) {
        status = mfli_spectrum_check_entry(context, "values", i, values[i], 1);
        if (!status && multiplicities)
            status = mfli_spectrum_check_entry(context, "multiplicities", i, multiplicities[i], 0);
    }
    mfl_spectrum *spectrum;
    if (!status)
        status = mfli_spectrum_make(context, count, 0, &spectrum);
    if (status)
        return status;
    spectrum->rest = rest;
    for (int64_t i = 0; i < count; i++) {
        spectrum->values[i] = values[i];
        spectrum->multiplicities[i] = multiplicities ? multiplicities[i] : 1.0;
    }
    *out = spectrum;
    return MFL_OK;
}

int32_t mfl_spectrum_create(mfl_context *context, int64_t count, const double *values,
                            const double *multiplicities, double rest, mfl_spectrum **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status
                  : mfli_leave(context, create(context, count, values, multiplicities, rest, out));
}

/* Eigenvalues come in ascending order; the spectrum has them in descending order. */
static int32_t decompose(mfl_context *context, const mfli_kernel *kernel,
                         const mfli_problem_data *data, double *k, mfl_spectrum *spectrum)
{
    const int64_t n = data->samples;
    double *values = k + n * n, *along = values + n;
    mfli_points points;
    int32_t status = mfli_points_init(context, kernel, &points, "inputs", n, data->inputs,
                                      data->row_stride, data->column_stride);
    if (!status)
        status = mfli_gram(context, kernel, &points, 0.0, k, n);
    mfli_points_clear(context, &points);
    if (!status)
        status = mfli_syevd(context, n, k, n, values);
    if (!status)
        status = mfli_gemv(context, MFLI_PLAIN, n, n, 1.0, k, n, data->targets, 0.0, along);
    for (int64_t i = 0; !status && i < n; i++) {
        const int64_t from = n - 1 - i;
        spectrum->values[i] = fmax(values[from], 0.0) / (double)n; /* rounding may leave -1e-17 */
        spectrum->multiplicities[i] = 1.0;
        spectrum->power[i] = along[from] * along[from] / (double)n;
    }
    spectrum->has_power = 1;
    return status;
}

static int32_t of_data(const mfl_ridge *ridge, const mfl_dataset *dataset, mfl_spectrum **out)
{
    mfl_context *context = ridge->object.context;
    mfli_problem_data data;
    mfli_kernel kernel;
    mfl_spectrum *spectrum;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_ridge_read(ridge, dataset, &data);
    if (!status)
        status = mfli_ridge_choose(ridge, &kernel);
    if (!status && kernel.family == MFLI_FAMILY_PRECOMPUTED)
        status = mfli_fail(context, MFL_ERROR_STATE, "a precomputed kernel has no function");
    if (!status)
        status = mfli_spectrum_make(context, data.samples, 0, &spectrum);
    if (status)
        return status;
    const size_t n = (size_t)data.samples;
    double *k = mfli_alloc(context, n, (n + 2) * sizeof *k);
    status = k ? decompose(context, &kernel, &data, k, spectrum) : MFL_ERROR_MEMORY;
    mfli_free(context, k);
    if (status)
        mfli_object_release(spectrum);
    else
        *out = spectrum;
    return status;
}

int32_t mfl_spectrum_of_data(const mfl_ridge *ridge, const mfl_dataset *dataset, mfl_spectrum **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, of_data(ridge, dataset, out));
}

void mfl_spectrum_destroy(mfl_spectrum *spectrum)
{
    mfli_destroy(spectrum, MFLI_SPECTRUM);
}

int32_t mfl_spectrum_shape(const mfl_spectrum *spectrum, int64_t *count, double *rest)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    if (status)
        return status;
    if (count)
        *count = spectrum->count;
    if (rest)
        *rest = spectrum->rest;
    return mfli_leave(spectrum, MFL_OK);
}

int32_t mfli_spectrum_check_capacity(const mfl_spectrum *spectrum, int64_t capacity)
{
    return capacity >= spectrum->count
               ? MFL_OK
               : mfli_fail(spectrum->object.context, MFL_ERROR_BUFFER,
                           "capacity is %lld; the spectrum has %lld entries", (long long)capacity,
                           (long long)spectrum->count);
}

static int32_t read_entries(const mfl_spectrum *spectrum, double *values, double *multiplicities,
                            double *power, int64_t capacity)
{
    const size_t bytes = (size_t)spectrum->count * sizeof(double);
    int32_t status = mfli_spectrum_check_capacity(spectrum, capacity);
    if (status)
        return status;
    if (values)
        memcpy(values, spectrum->values, bytes);
    if (multiplicities)
        memcpy(multiplicities, spectrum->multiplicities, bytes);
    if (power)
        memcpy(power, spectrum->power, bytes);
    return MFL_OK;
}

int32_t mfl_spectrum_read(const mfl_spectrum *spectrum, double *values, double *multiplicities,
                          double *power, int64_t capacity)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    return status ? status
                  : mfli_leave(spectrum,
                               read_entries(spectrum, values, multiplicities, power, capacity));
}

static int32_t degrees_of(const mfl_spectrum *spectrum, int64_t *degrees, int64_t capacity)
{
    mfl_context *context = spectrum->object.context;
    if (!degrees)
        return mfli_fail_null(context, "degrees");
    if (!spectrum->degrees)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "the entries of this spectrum have no degrees; those of "
                         "mfl_spectrum_of_kernel and mfl_spectrum_of_task do");
    int32_t status = mfli_spectrum_check_capacity(spectrum, capacity);
    if (!status)
        memcpy(degrees, spectrum->degrees, (size_t)spectrum->count * sizeof *degrees);
    return status;
}

int32_t mfl_spectrum_degrees(const mfl_spectrum *spectrum, int64_t *degrees, int64_t capacity)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    return status ? status : mfli_leave(spectrum, degrees_of(spectrum, degrees, capacity));
}

int32_t mfl_spectrum_error(const mfl_spectrum *spectrum, double *error)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    if (status)
        return status;
    if (!error)
        return mfli_leave(spectrum, mfli_fail_null(spectrum->object.context, "error"));
    *error = spectrum->error;
    return mfli_leave(spectrum, MFL_OK);
}
