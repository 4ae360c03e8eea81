/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading what a theory found: of the target as a whole, of one mode, of one variable. */
#include <mflearn/theory.h>

#include "core/context.h"
#include "theory/handle.h"

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
    if (theory->empirical && key)
        return mfli_leave(theory, mfli_theory_empirical_at(theory, index, key, name, summary));
    return mfli_leave(theory, result_at(theory->object.context, index, key, name, summary));
}

int32_t mfl_theory_get(const mfl_theory *theory, int32_t key, double *value, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (theory->empirical)
        return mfli_leave(theory, mfli_theory_empirical_get(theory, key, value, error));
    return mfli_leave(theory, mfli_results_get(theory->object.context, &theory->results[theory->selected], key, value,
                                               error));
}

/* A number of the selected branch, under the name of a key. */
static int32_t number(const mfl_theory *theory, int32_t index, int32_t key, double *value, double *error)
{
    return mfli_results_number(theory->object.context, &theory->results[theory->selected], index,
                               mfli_result_name(key - MFL_THEORY_M), value, error);
}

/* The modes of the last solve; before the first, those that the options ask for. */
static int32_t followed(const mfl_theory *theory, mfli_modes *modes)
{
    *modes = theory->multimode.modes;
    if (theory->empirical || theory->branches > 0)
        return MFL_OK;
    return mfli_modes_list(theory->object.context, &theory->terms, &theory->multimode.model, mfli_theory_induced(theory),
                           modes);
}

static int32_t count_modes(const mfl_theory *theory, int64_t *count)
{
    mfli_modes modes;
    if (!count)
        return mfli_fail_null(theory->object.context, "count");
    int32_t status = followed(theory, &modes);
    if (status == MFL_OK)
        *count = modes.count;
    return status;
}

int32_t mfl_theory_mode_count(const mfl_theory *theory, int64_t *count)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, count_modes(theory, count));
}

static int32_t describe_mode(const mfl_theory *theory, int64_t position, int64_t *degrees, int64_t capacity,
                             int64_t *across, double *target)
{
    mfli_modes modes;
    int32_t status = followed(theory, &modes);
    if (status == MFL_OK)
        status = mfli_results_check_mode(theory->object.context, &modes, position);
    if (status != MFL_OK)
        return status;
    if (degrees && capacity < modes.variables)
        return mfli_fail(theory->object.context, MFL_ERROR_SIZE, "capacity is %lld; the task has %d variables",
                         (long long)capacity, (int)modes.variables);
    if (degrees && capacity > (int64_t)(PTRDIFF_MAX / sizeof *degrees))
        return mfli_fail(theory->object.context, MFL_ERROR_SIZE, "capacity is %lld, more than any memory holds",
                         (long long)capacity);
    const mfli_mode *mode = &modes.mode[position];
    for (int64_t j = 0; degrees && j < capacity; j++)
        degrees[j] = j < modes.variables ? mode->degree[j] : 0;
    if (across)
        *across = mode->across;
    if (target)
        *target = mode->target;
    return MFL_OK;
}

int32_t mfl_theory_mode(const mfl_theory *theory, int64_t mode, int64_t *degrees, int64_t capacity, int64_t *across,
                        double *target)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, describe_mode(theory, mode, degrees, capacity, across, target));
}

int32_t mfl_theory_get_mode(const mfl_theory *theory, int64_t mode, int32_t key, double *value, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, mfli_results_get_mode(theory->object.context, &theory->results[theory->selected],
                                                                &theory->multimode.modes, mode, key, value, error));
}

static int32_t get_variable(const mfl_theory *theory, int64_t variable, int32_t key, double *value, double *error)
{
    mfl_context *context = theory->object.context;
    if (theory->empirical)
        return mfli_theory_empirical_input(theory, variable, key, value, error);
    if (variable < 0 || variable >= theory->multimode.modes.variables)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "variable is %lld; the task has %d", (long long)variable,
                         (int)theory->multimode.modes.variables);
    if (key != MFL_THEORY_WEIGHT_ON && key != MFL_THEORY_RHO_ON)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "a variable has no result with key %d", (int)key);
    return number(theory, MFLI_RESULTS_VARIABLES + 2 * (int32_t)variable + (key == MFL_THEORY_RHO_ON), key, value,
                  error);
}

int32_t mfl_theory_get_variable(const mfl_theory *theory, int64_t variable, int32_t key, double *value, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, get_variable(theory, variable, key, value, error));
}
