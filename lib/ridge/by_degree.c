/* SPDX-License-Identifier: BSD-3-Clause */
/* Spectra by degree under the laws of inputs, and with the target of a task. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "ridge/degrees.h"
#include "ridge/ridge.h"
#include "ridge/spectrum.h"
#include "ridge/teacher.h"

/* One entry a degree. */
static int32_t single(mfl_context *context, const mfli_kernel *kernel, int32_t law, int64_t degrees,
                      mfl_spectrum **out)
{
    mfl_spectrum *s;
    double trace = 0.0;
    int32_t status = mfli_spectrum_make(context, degrees, 1, &s);
    if (status)
        return status;
    status = (law == MFL_SPECTRUM_HYPERCUBE ? mfli_degrees_hypercube : mfli_degrees_sphere)(
        context, kernel, degrees, s->values, s->multiplicities, &trace, &s->error);
    for (int64_t l = 0; l < degrees; l++) {
        s->degrees[l] = l;
        trace -= s->values[l] * s->multiplicities[l];
    }
    s->rest = fmax(trace, 0.0);
    if (status)
        mfli_object_release(s);
    else
        *out = s;
    return status;
}

/* Entries of the modes of shells, which the spectrum takes over. */
static int32_t of_shells(mfl_context *context, int64_t dimension, mfli_shells *shells,
                         mfl_spectrum **out)
{
    mfl_spectrum *s;
    int32_t status = mfli_spectrum_make(context, shells->modes, 1, &s);
    if (status) {
        mfli_shells_clear(context, shells);
        return status;
    }
    s->shells = *shells;
    s->dimension = dimension;
    s->error = shells->error;
    for (int64_t i = 0; i < shells->count; i++)
        s->rest += shells->weight[i] * shells->rest[i];
    for (int64_t l = 0; l < shells->degrees; l++)
        for (int64_t e = shells->first[l]; e < shells->first[l + 1]; e++) {
            s->values[e] = shells->values[e];
            s->multiplicities[e] = mfli_harmonics(dimension, l);
            s->degrees[e] = l;
        }
    *out = s;
    return MFL_OK;
}

static int32_t check_multiplicities(mfl_context *context, const mfl_spectrum *s)
{
    for (int64_t i = 0; i < s->count; i++)
        if (!isfinite(s->multiplicities[i]))
            return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                             "the multiplicity of degree %lld exceeds the range of numbers; take "
                             "fewer degrees",
                             (long long)s->degrees[i]);
    return MFL_OK;
}

/* `growth` is that of a target which the shells shall resolve. */
static int32_t make(const mfl_ridge *ridge, int32_t law, int64_t degrees, int64_t growth,
                    mfl_spectrum **out)
{
    mfl_context *context = ridge->object.context;
    mfli_kernel kernel;
    mfli_shells shells;
    if (degrees < 1 || degrees > 10000
        || (law == MFL_SPECTRUM_HYPERCUBE && degrees > ridge->dimension + 1))
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "degrees is %lld; it must be from 1 to 10000, on the hypercube to d + 1 = "
                         "%lld",
                         (long long)degrees, (long long)ridge->dimension + 1);
    int32_t status = mfli_ridge_choose(ridge, &kernel);
    if (!status && kernel.factors)
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "with precisions of their own the coordinates are not alike; take "
                           "mfl_spectrum_of_data");
    if (!status && (kernel.family == MFLI_FAMILY_CALLER || kernel.family == MFLI_FAMILY_PRECOMPUTED))
        status = mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                           "a caller's kernel has no known degrees; take mfl_spectrum_of_data");
    if (status)
        return status;
    /* In one dimension directions are two, and there are no harmonics beyond degree 1. */
    if (ridge->dimension == 1 && degrees > 2)
        degrees = 2;
    if (law == MFL_SPECTRUM_GAUSSIAN) {
        status = mfli_shells_init(context, &kernel, degrees, growth, &shells);
        if (!status)
            status = of_shells(context, ridge->dimension, &shells, out);
    } else {
        status = single(context, &kernel, law, degrees, out);
    }
    if (!status)
        status = check_multiplicities(context, *out);
    if (status) {
        mfli_object_release(*out);
        *out = NULL;
    }
    return status;
}

static int32_t of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees, mfl_spectrum **out)
{
    mfl_context *context = ridge->object.context;
    if (!out)
        return mfli_fail_null(context, "out");
    if (law < MFL_SPECTRUM_HYPERCUBE || law > MFL_SPECTRUM_SPHERE)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "law is %d; it must be an mfl_spectrum_law",
                         (int)law);
    return make(ridge, law, degrees, 0, out);
}

int32_t mfl_spectrum_of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees,
                               mfl_spectrum **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, of_kernel(ridge, law, degrees, out));
}

/* The target on the shells, and its power in every mode. */
static int32_t resolve_target(mfl_context *context, const mfli_task *task, mfl_spectrum *s)
{
    const mfli_shells *shells = &s->shells;
    const int64_t m = shells->count;
    s->target = mfli_alloc(context, (size_t)shells->degrees, (size_t)m * sizeof *s->target);
    if (!s->target)
        return MFL_ERROR_MEMORY;
    for (int64_t l = 0; l < shells->degrees; l++) {
        double *target = s->target + l * m;
        for (int64_t i = 0; i < m; i++)
            target[i] = mfli_teacher_part(task, l, shells->log_length[i]);
        for (int64_t e = shells->first[l]; e < shells->first[l + 1]; e++) {
            double along = 0.0;
            for (int64_t i = 0; i < m; i++)
                along += shells->weight[i] * shells->functions[e * m + i] * target[i];
            s->power[e] = s->values[e] > 0.0 ? along * along / s->values[e] : 0.0;
        }
    }
    return MFL_OK;
}

static int32_t of_task(const mfl_ridge *ridge, const mfl_task *handle, int64_t degrees,
                       mfl_spectrum **out)
{
    mfl_context *context = ridge->object.context;
    mfli_task task;
    if (!out)
        return mfli_fail_null(context, "out");
    int32_t status = mfli_task_read(context, handle, &task);
    if (status)
        return status;
    if (task.dimension != ridge->dimension)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "the task has dimension %lld, the kernel %lld; they must agree",
                         (long long)task.dimension, (long long)ridge->dimension);
    const int32_t law = task.input_law == MFL_INPUT_HYPERCUBE  ? MFL_SPECTRUM_HYPERCUBE
                        : task.input_law == MFL_INPUT_GAUSSIAN ? MFL_SPECTRUM_GAUSSIAN
                                                               : MFL_SPECTRUM_SPHERE;
    status = mfli_teacher_check(context, &task, degrees);
    if (!status)
        status = make(ridge, law, degrees, task.degree, out);
    if (status)
        return status;
    mfl_spectrum *s = *out;
    s->has_power = 1;
    if (law == MFL_SPECTRUM_GAUSSIAN)
        status = resolve_target(context, &task, s);
    for (int64_t l = 0; law != MFL_SPECTRUM_GAUSSIAN && l < s->count; l++)
        s->power[l] = pow(mfli_teacher_part(&task, l, 0.0), 2.0);
    if (status) {
        mfli_object_release(s);
        *out = NULL;
    }
    return status;
}

int32_t mfl_spectrum_of_task(const mfl_ridge *ridge, const mfl_task *task, int64_t degrees,
                             mfl_spectrum **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(ridge, MFLI_RIDGE);
    return status ? status : mfli_leave(ridge, of_task(ridge, task, degrees, out));
}
