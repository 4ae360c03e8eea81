/* SPDX-License-Identifier: BSD-3-Clause */
/* Traces as files for other programs: what ArviZ calls inference data, or one NumPy array. */
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "core/context.h"
#include "io/traces.h"
#include "sampler/sampler.h"

enum { name_size = 24 };

static const struct {
    const char *name, *meaning;
} known[MFLI_TRACES] = {
    {"potential", "U, minus the logarithm of the posterior density"},
    {"order_parameter", "coefficient m of the network on the task's mode"},
    {"test_error", "mean squared error of the draw on the test set"},
    {"residual", "sum over the training set of (y - f)^2"},
    {"relevant_square", "mean over neurons of |w_S|^2"},
    {"irrelevant_square", "mean over neurons of |w_perp|^2"},
    {"acceptance_rate", "acceptance of the step before the draw"},
};

/* Traces of all chains of all rungs, packed; then the noise of every draw, and minus the potential. */
typedef struct table {
    mfli_variable list[MFLI_MOST_TRACES + 2];
    char observables[MFLI_OBSERVERS][name_size];
    size_t count;
    double *values;
} table;

static const char noise_meaning[] = "noise of the rung";

/* Row i of `draws` numbers of a column belongs to slot i, so that the rung is the first dimension. */
static void pack_column(const mfl_sampler *sampler, int32_t index, int64_t draws, double *values)
{
    for (int64_t i = 0; i < sampler->slot_count; i++)
        memcpy(values + i * draws, sampler->chains[i].trace[index], (size_t)draws * sizeof *values);
}

static int32_t pack(const mfl_sampler *sampler, int64_t draws, table *out)
{
    int32_t kinds[MFLI_MOST_TRACES];
    const size_t length = (size_t)sampler->slot_count * (size_t)draws;
    const size_t count = out->count = mfli_sampler_kinds(sampler, kinds);
    out->values = mfli_alloc(sampler->object.context, count + 2, length * sizeof(double));
    if (!out->values)
        return MFL_ERROR_MEMORY;
    for (size_t k = 0; k < count; k++) {
        const int32_t index = mfli_trace_index(sampler, kinds[k]), observable = index - MFLI_TRACES;
        double *values = out->values + k * length;
        pack_column(sampler, index, draws, values);
        if (observable >= 0)
            snprintf(out->observables[observable], name_size, "observable_%d", observable);
        out->list[k] = observable < 0
            ? (mfli_variable){known[index].name, known[index].meaning, values, 0}
            : (mfli_variable){out->observables[observable], "an observable of the calling program", values, 0};
    }
    double *noise = out->values + count * length, *log_density = noise + length;
    for (size_t i = 0; i < length; i++) {
        noise[i] = sampler->chains[i / (size_t)draws].kappa;
        log_density[i] = -out->values[i]; /* the potential is the first of all kinds */
    }
    out->list[count] = (mfli_variable){"kappa", noise_meaning, noise, 0};
    out->list[count + 1] = (mfli_variable){"lp", "logarithm of the posterior density", log_density, 0};
    return MFL_OK;
}

#if MFLI_HAVE_HDF5
/* What the sampler is, rather than where it is, goes to the group sample_stats. Both are of the sampler's own noise, the
 * first rung; a ladder's other draws follow in a group that ArviZ does not know. */
static int32_t write_netcdf(const mfl_sampler *sampler, const char *path, const table *from, int64_t draws)
{
    mfli_variable posterior[MFLI_MOST_TRACES], statistics[2], ladder[MFLI_MOST_TRACES + 1];
    double noise[MFLI_MOST_RUNGS];
    size_t parameters = 0, others = 0;
    for (size_t k = 0; k < from->count; k++) {
        ladder[k] = from->list[k];
        if (from->list[k].name == known[MFL_TRACE_ACCEPTANCE - 1].name)
            statistics[others++] = from->list[k];
        else
            posterior[parameters++] = from->list[k];
    }
    statistics[others++] = from->list[from->count + 1];
    for (int64_t r = 0; r < sampler->rungs; r++)
        noise[r] = sampler->chains[r * sampler->chain_count].kappa;
    ladder[from->count] = (mfli_variable){"kappa", noise_meaning, noise, 1};
    const mfli_variable observed = {"y", "targets of the training set", sampler->data->targets, 0};
    const int64_t chains = sampler->chain_count;
    const mfli_variables groups[] = {
        {"posterior", 2, {"chain", "draw"}, {chains, draws}, posterior, parameters},
        {"sample_stats", 2, {"chain", "draw"}, {chains, draws}, statistics, others},
        {"observed_data", 1, {"sample"}, {sampler->data->rows}, &observed, 1},
        {"ladder", 3, {"rung", "chain", "draw"}, {sampler->rungs, chains, draws}, ladder, from->count + 1},
    };
    return mfli_netcdf_write(sampler->object.context, path, groups, sampler->rungs > 1 ? 4 : 3);
}
#else
static int32_t write_netcdf(const mfl_sampler *sampler, const char *path, const table *from, int64_t draws)
{
    (void)from, (void)draws;
    return mfli_fail(sampler->object.context, MFL_ERROR_UNSUPPORTED,
                     "\"%.300s\" cannot be written: this library was built without HDF5; take a name that ends in .npy",
                     path);
}
#endif

static int32_t write_npy(const mfl_sampler *sampler, const char *path, const table *from, int64_t draws)
{
    const int64_t chains = sampler->chain_count;
    const mfli_variables plain = {NULL, 2, {"chain", "draw"}, {chains, draws}, from->list, from->count};
    const mfli_variables ladder = {NULL, 3, {"rung", "chain", "draw"}, {sampler->rungs, chains, draws},
                                   from->list, from->count + 1};
    return mfli_npy_write(sampler->object.context, path, sampler->rungs > 1 ? &ladder : &plain);
}

static int32_t write_traces(const mfl_sampler *sampler, const char *path)
{
    mfl_context *context = sampler->object.context;
    const int64_t draws = mfli_sampler_common_draws(sampler);
    if (!path)
        return mfli_fail_null(context, "path");
    if (draws == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "there are no draws yet; call mfl_sampler_run");
    table all = {.values = NULL};
    int32_t status = pack(sampler, draws, &all);
    if (status)
        return status;
    const size_t length = strlen(path);
    status = length >= 4 && strcmp(path + length - 4, ".npy") == 0 ? write_npy(sampler, path, &all, draws)
                                                                   : write_netcdf(sampler, path, &all, draws);
    mfli_free(context, all.values);
    return status;
}

int32_t mfl_sampler_write_traces(const mfl_sampler *sampler, const char *path)
{
    int32_t status = mfli_enter(sampler, MFLI_SAMPLER);
    return status ? status : mfli_leave(sampler, write_traces(sampler, path));
}
