/* SPDX-License-Identifier: BSD-3-Clause */
/* Have the chains of a sampler converged? */
#include "core/context.h"
#include "diagnostics/diagnostics.h"
#include "sampler/sampler.h"

int64_t mfli_sampler_common_draws(const mfl_sampler *sampler)
{
    int64_t draws = sampler->slot_count > 0 ? INT64_MAX : 0;
    for (int64_t c = 0; c < sampler->slot_count; c++)
        if (sampler->chains[c].draws < draws)
            draws = sampler->chains[c].draws;
    return draws;
}

static int32_t diagnose(const mfl_sampler *sampler, int64_t rung, int32_t kind, const int32_t *keys,
                        int64_t count, double *results)
{
    mfl_context *context = sampler->object.context;
    int32_t status = mfli_sampler_need_trace(sampler, kind);
    if (!status && (!keys || !results))
        status = mfli_fail_null(context, keys ? "results" : "keys");
    if (status)
        return status;
    const double **chains = mfli_alloc(context, (size_t)sampler->chain_count + 1, sizeof *chains);
    if (!chains)
        return MFL_ERROR_MEMORY;
    for (int64_t c = 0; c < sampler->chain_count; c++)
        chains[c] = sampler->chains[rung * sampler->chain_count + c].trace[mfli_trace_index(sampler, kind)];
    const mfli_trace trace = {chains, sampler->chain_count, mfli_sampler_common_draws(sampler)};
    status = mfli_diagnose(context, &trace, keys, count, results);
    mfli_free(context, chains);
    return status;
}

int32_t mfl_sampler_diagnose(const mfl_sampler *sampler, int32_t kind, const int32_t *keys,
                             int64_t count, double *results)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, diagnose(sampler, 0, kind, keys, count, results));
}

static int32_t diagnose_rung(const mfl_sampler *sampler, int64_t rung, int32_t kind, const int32_t *keys,
                             int64_t count, double *results)
{
    int32_t status = mfli_sampler_need_rung(sampler, rung);
    return status ? status : diagnose(sampler, rung, kind, keys, count, results);
}

int32_t mfl_sampler_diagnose_rung(const mfl_sampler *sampler, int64_t rung, int32_t kind,
                                  const int32_t *keys, int64_t count, double *results)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status
                  : mfli_leave(sampler, diagnose_rung(sampler, rung, kind, keys, count, results));
}
