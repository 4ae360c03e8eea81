/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/polish.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static int32_t equations(void *data, const double *z, double *f)
{
    mfli_polish *polish = data;
    if (polish->setting->evaluations <= 0)
        return MFLI_NO_POINT;
    return mfli_fixed_point_evaluate(polish->setting, z, polish->solution, f);
}

/* By the Jacobian there is; without one, to a stable solution nearby. */
static int32_t improve(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution)
{
    double z[MFLI_NEWTON_MOST], f[MFLI_NEWTON_MOST], fixed[MFLI_NEWTON_MOST] = {0.0};
    mfli_solution before = *solution;
    int32_t n = mfli_fixed_point_unknowns(setting->problem, solution, z);
    polish->setting = setting;
    polish->solution = solution;
    polish->newton.precision = fmax(MFLI_NEWTON_PRECISION, setting->precision);
    z[n] = 0.0;
    fixed[n] = 1.0;
    int32_t status = polish->ready ? mfli_newton_correct(&polish->newton, fixed, z, f)
                                   : mfli_newton_polish(&polish->newton, z);
    if (status != MFL_OK) {
        *solution = before;
        polish->newton.off = 0.0;
    }
    return status;
}

static int32_t has_jacobian(const mfli_setting *setting)
{
    return mfli_has_outer(setting->problem) && !mfli_is_prior(setting);
}

int32_t mfli_polish_create(mfli_setting *setting, mfli_solution *solution, mfli_polish *polish)
{
    double z[MFLI_NEWTON_MOST];
    memset(polish, 0, sizeof *polish);
    if (!has_jacobian(setting))
        return MFL_OK;
    int32_t n = mfli_fixed_point_unknowns(setting->problem, solution, z);
    int32_t status = mfli_newton_create(setting->context, n, 0, equations, polish, &polish->newton);
    polish->newton.is_alone = 1;
    if (status == MFL_OK)
        status = improve(polish, setting, solution);
    polish->ready = status == MFL_OK;
    return status == MFLI_NO_POINT ? MFL_OK : status;
}

/* The iteration is left to Newton's method from here. */
static const double roughly = 1e-3;

int32_t mfli_polish_start(mfli_setting *setting, int32_t branch, mfli_solution *solution, mfli_polish *polish)
{
    mfli_setting rough = *setting;
    memset(polish, 0, sizeof *polish);
    if (!has_jacobian(setting))
        return mfli_fixed_point_solve(setting, branch, solution);
    rough.precision = fmax(roughly, setting->precision);
    int32_t status = mfli_fixed_point_solve(&rough, branch, solution);
    setting->evaluations = rough.evaluations;
    if (status == MFL_OK)
        status = mfli_polish_create(setting, solution, polish);
    if (status != MFL_OK || polish->ready)
        return status;
    mfli_polish_finish(setting->context, polish);
    status = mfli_fixed_point_solve(setting, branch, solution);
    return status == MFL_OK ? mfli_polish_create(setting, solution, polish) : status;
}

void mfli_polish_finish(mfl_context *context, mfli_polish *polish)
{
    mfli_newton_finish(context, &polish->newton);
    polish->ready = 0;
}

int32_t mfli_polish_solve(mfli_polish *polish, mfli_setting *setting, mfli_solution *solution)
{
    return polish->ready ? improve(polish, setting, solution) : MFLI_NO_POINT;
}
