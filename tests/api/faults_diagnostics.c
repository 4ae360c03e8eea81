/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t trace(mfl_context *context)
{
    const double x[12] = {0.3, 0.1, 0.7, 0.2, 0.9, 0.4, 0.5, 0.8, 0.6, 0.0, 0.2, 0.1}, half = 0.5;
    const int32_t key = MFL_DIAGNOSTIC_R_HAT;
    double result, quantile, ess, mcse;
    int32_t status = MFL_OK;
    NEXT(status, mfl_diagnose, (context, x, 2, 6, 6, &key, 1, &result));
    NEXT(status, mfl_diagnose_quantiles, (context, x, 2, 6, 6, &half, 1, &quantile, &ess, &mcse));
    return status;
}

const fault_scenario faults_diagnostics[] = {
    {"trace", trace},
    {NULL, NULL},
};
