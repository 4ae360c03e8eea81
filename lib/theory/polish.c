/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/polish.h"

#include <string.h>

#include "core/context.h"

static int32_t equations(void *data, const double *z, double *f)
{
    mfli_polish *polish = data;
    if (polish->setting->evaluations <= 0)
        return MFLI_NO_POINT;
    int32_t status = mfli_fixed_point_evaluate(polish->setting, z, polish->solution, f);
    return status == MFL_ERROR_TOLERANCE || status == MFL_ERROR_DIVERGED ? MFLI_NO_POINT : status;
}

static int32_t correct(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution)
{
    double z[MFLI_NEWTON_MOST], f[MFLI_NEWTON_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    mfli_solution before = *solution;
    int32_t n = mfli_fixed_point_unknowns(setting->problem, solution, z);
    polish->setting = setting;
    polish->solution = solution;
    z[n] = 0.0;
    fixed[n] = 1.0;
    int32_t status = mfli_newton_correct(&polish->newton, fixed, z, f);
    if (status != MFL_OK)
        *solution = before;
    return status;
}

int32_t mfli_polish_create(mfli_setting *setting, mfli_solution *solution, mfli_polish *polish)
{
    double z[MFLI_NEWTON_MOST];
    memset(polish, 0, sizeof *polish);
    if (!mfli_has_outer(setting->problem) || mfli_is_prior(setting))
        return MFL_OK;
    int32_t n = mfli_fixed_point_unknowns(setting->problem, solution, z);
    int32_t status = mfli_newton_create(setting->context, n, equations, polish, &polish->newton);
    if (status == MFL_OK)
        status = correct(polish, setting, solution);
    polish->ready = status == MFL_OK;
    return status == MFLI_NO_POINT ? MFL_OK : status;
}

void mfli_polish_finish(mfl_context *context, mfli_polish *polish)
{
    mfli_newton_finish(context, &polish->newton);
    polish->ready = 0;
}

int32_t mfli_polish_solve(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution)
{
    return polish->ready ? correct(polish, setting, solution) : MFLI_NO_POINT;
}
