/* SPDX-License-Identifier: BSD-3-Clause */
/* Spectra and the learning curves that follow from them (include/mflearn/spectrum.h). */
#include <mflearn/spectrum.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "data/dataset.h"
#include "linalg/linalg.h"
#include "ridge/degrees.h"
#include "ridge/gram.h"
#include "ridge/ridge.h"

struct mfl_spectrum {
    mfli_object object;
    int64_t count;
    double rest;
    double *values, *multiplicities, *power; /* one block */
    int32_t has_power;
};

static void finish(void *handle)
{
    mfl_spectrum *spectrum = handle;
    mfli_free(spectrum->object.context, spectrum->values);
}

static int32_t make(mfl_context *context, int64_t count, mfl_spectrum **out)
{
    if (count < 1 || count > INT64_MAX / 64)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "the number of entries is %lld; it must be at least 1, and addressable",
                         (long long)count);
    int32_t status = mfli_object_create(context, MFLI_SPECTRUM, sizeof **out, finish, out);
    if (status)
        return status;
    mfl_spectrum *spectrum = *out;
    spectrum->count = count;
    spectrum->values = mfli_alloc_zeroed(context, (size_t)count, 3 * sizeof(double));
    if (!spectrum->values) {
        mfli_object_release(spectrum);
        *out = NULL;
        return MFL_ERROR_MEMORY;
    }
    spectrum->multiplicities = spectrum->values + count;
    spectrum->power = spectrum->multiplicities + count;
    return MFL_OK;
}

static int32_t check_entry(mfl_context *context, const char *name, int64_t index, double value,
                           int32_t may_vanish)
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
    int32_t status = check_entry(context, "rest", 0, rest, 1);
    for (int64_t i = 0; !status && i < count; i++) {
        status = check_entry(context, "values", i, values[i], 1);
        if (!status && multiplicities)
            status = check_entry(context, "multiplicities", i, multiplicities[i], 0);
    }
    mfl_spectrum *spectrum;
    if (!status)
        status = make(context, count, &spectrum);
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

static int32_t by_degree(mfl_context *context, const mfli_kernel *kernel, int32_t law,
                         mfl_spectrum *spectrum)
{
    double trace = 0.0;
    int32_t (*const laws[])(mfl_context *, const mfli_kernel *, int64_t, double *, double *,
                            double *) = {mfli_degrees_hypercube, mfli_degrees_gaussian,
                                         mfli_degrees_sphere};
    int32_t status = laws[law](context, kernel, spectrum->count, spectrum->values,
                               spectrum->multiplicities, &trace);
    for (int64_t k = 0; k < spectrum->count; k++)
        trace -= spectrum->values[k] * spectrum->multiplicities[k];
    spectrum->rest = fmax(trace, 0.0);
    return status;
}

static int32_t of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees, mfl_spectrum **out)
{
    mfl_context *context = ridge->object.context;
    mfli_kernel kernel;
    mfl_spectrum *spectrum;
    if (!out)
        return mfli_fail_null(context, "out");
    if (law < MFL_SPECTRUM_HYPERCUBE || law > MFL_SPECTRUM_SPHERE)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "law is %d; it must be an mfl_spectrum_law",
                         (int)law);
    if (degrees < 1 || (law == MFL_SPECTRUM_HYPERCUBE && degrees > ridge->dimension + 1)
        || degrees > 10000)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "degrees is %lld; it must be from 1 to 10000, on the hypercube to d + 1 = "
                         "%lld",
                         (long long)degrees, (long long)ridge->dimension + 1);
    int32_t status = mfli_ridge_choose(ridge, &kernel);
    if (!status && kernel.factors)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "with precisions of their own the coordinates are not alike; take "
                           "mfl_spectrum_of_data");
    if (!status)
        status = make(context, degrees, &spectrum);
    if (status)
        return status;
    status = by_degree(context, &kernel, law, spectrum);
    /* In one dimension the sphere has two points, and no harmonics beyond degree 1. */
    while (!status && spectrum->count > 1 && !(spectrum->multiplicities[spectrum->count - 1] > 0.0))
        spectrum->count--;
    if (status)
        mfli_object_release(spectrum);
    else
        *out = spectrum;
    return status;
}

int32_t mfl_spectrum_of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees,
                               mfl_spectrum **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, of_kernel(ridge, law, degrees, out));
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
        status = make(context, data.samples, &spectrum);
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

static int32_t check_capacity(const mfl_spectrum *spectrum, int64_t capacity)
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
    int32_t status = check_capacity(spectrum, capacity);
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

/* sum m lambda / (lambda + r) + ridge / r - n, decreasing in r, and its derivative to log r. */
static double excess(const mfl_spectrum *s, double ridge, double samples, double r, double *slope)
{
    double sum = ridge / r;
    *slope = -ridge / r;
    for (int64_t i = 0; i < s->count; i++) {
        double learned = s->values[i] / (s->values[i] + r);
        sum += s->multiplicities[i] * learned;
        *slope -= s->multiplicities[i] * learned * (1.0 - learned);
    }
    return sum - samples;
}

/* Newton's method in log r between brackets. 0 where there are fewer modes than samples and nothing
 * acts as ridge. */
static double effective_ridge(const mfl_spectrum *s, double ridge, double samples)
{
    double trace = 0.0, modes = 0.0, slope;
    for (int64_t i = 0; i < s->count; i++) {
        trace += s->multiplicities[i] * s->values[i];
        modes += s->values[i] > 0.0 ? s->multiplicities[i] : 0.0;
    }
    if (!(ridge > 0.0) && modes <= samples)
        return 0.0;
    double high = log((trace + ridge) / samples), low = high - 1.0, x = high;
    while (excess(s, ridge, samples, exp(low), &slope) < 0.0 && low > -700.0)
        low -= 2.0 * (high - low);
    for (int i = 0; i < 200; i++) {
        double value = excess(s, ridge, samples, exp(x), &slope), next = x - value / slope;
        if (value > 0.0)
            low = x;
        else
            high = x;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next - x) <= 1e-16 * (1.0 + fabs(x)))
            break;
        x = next;
    }
    return exp(x);
}

static int32_t check_learn(const mfl_spectrum *s, const double *power, double samples, double ridge,
                           double noise, const double *results)
{
    mfl_context *context = s->object.context;
    if (!results || (!power && !s->has_power))
        return mfli_fail_null(context, results ? "power" : "results");
    int32_t status = check_entry(context, "samples", 0, samples, 0);
    if (!status)
        status = check_entry(context, "ridge", 0, ridge, 1);
    if (!status)
        status = check_entry(context, "noise", 0, noise, 1);
    for (int64_t i = 0; !status && power && i < s->count; i++)
        status = check_entry(context, "power", i, power[i], 1);
    return status;
}

static int32_t learn(const mfl_spectrum *s, const double *power, double samples, double ridge,
                     double noise, double *results, double *learnability, int64_t capacity)
{
    int32_t status = check_learn(s, power, samples, ridge, noise, results);
    if (!status && learnability)
        status = check_capacity(s, capacity);
    if (status)
        return status;
    if (!power)
        power = s->power;
    const double r = effective_ridge(s, ridge + s->rest, samples);
    double fitted = 0.0, missed = 0.0;
    for (int64_t i = 0; i < s->count; i++) {
        double learned = s->values[i] > 0.0 ? s->values[i] / (s->values[i] + r) : 0.0;
        double left = s->values[i] + r > 0.0 ? r / (s->values[i] + r) : 1.0;
        fitted += s->multiplicities[i] * learned * learned;
        missed += power[i] * left * left;
        if (learnability)
            learnability[i] = learned;
    }
    if (!(fitted < samples * (1.0 - 1e-15)))
        return mfli_fail(s->object.context, MFL_ERROR_DIVERGED,
                         "without ridge and with as many modes as samples, %g, the test error is "
                         "infinite",
                         samples);
    const double overfitting = samples / (samples - fitted);
    /* ridge / (n r); as r -> 0 with r n -> ridge this is 1 - modes / n. */
    const double kept = r > 0.0 ? ridge / (samples * r) : 1.0 - fitted / samples;
    results[MFL_SPECTRUM_EFFECTIVE_RIDGE] = r;
    results[MFL_SPECTRUM_OVERFITTING] = overfitting;
    results[MFL_SPECTRUM_TEST_ERROR] = overfitting * (missed + noise);
    results[MFL_SPECTRUM_TRAIN_ERROR] = kept * kept * results[MFL_SPECTRUM_TEST_ERROR];
    return MFL_OK;
}

int32_t mfl_spectrum_learn(const mfl_spectrum *spectrum, const double *power, double samples,
                           double ridge, double noise, double *results, double *learnability,
                           int64_t capacity)
{
    int32_t status = mfli_enter(spectrum, MFLI_SPECTRUM);
    return status ? status
                  : mfli_leave(spectrum, learn(spectrum, power, samples, ridge, noise, results,
                                               learnability, capacity));
}
