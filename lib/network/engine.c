/* SPDX-License-Identifier: BSD-3-Clause */
#include "network/engine.h"

#include <math.h>
#include <string.h>

#include <mflearn/sampler.h>

#include "core/context.h"
#include "core/team.h"

static int32_t is_single(int32_t precision)
{
    return precision == MFL_PRECISION_FLOAT32;
}

/* Less work than this, in multiply-additions, is not worth waking a thread for. */
static const double part_least = 1e5;

/* Where part `part` of `parts` begins among `count` things. */
static size_t share(size_t count, int64_t part, int64_t parts)
{
    return count * (size_t)part / (size_t)parts;
}

/* Into how many parts a sweep over all samples and neurons is divided, `most` at the most. */
static int64_t parts_of(const mfli_engine *engine, size_t most)
{
    const mfli_shape *shape = is_single(engine->precision) ? &engine->net.f32.shape : &engine->net.f64.shape;
    const double work = (double)shape->neurons * (double)shape->inputs * (double)shape->samples;
    int64_t parts = (int64_t)fmin((double)mfli_team_free(engine->context, engine->threads), work / part_least);
    parts = parts < (int64_t)most ? parts : (int64_t)most;
    return parts < 1 ? 1 : parts;
}

#define REAL float
#define R(name) name##_f32
#define OPS f32
#define NET f32
#include "network/engine_real.h"
#undef REAL
#undef R
#undef OPS
#undef NET
#define REAL double
#define R(name) name##_f64
#define OPS f64
#define NET f64
#include "network/engine_real.h"

/* Tables of more weights than these would not stay in a cache. */
static const int64_t pattern_inputs_most = 1024;

static int32_t pack_patterns(mfl_context *context, const double *x, size_t stride, mfli_batch *batch)
{
    for (size_t j = 0; j < batch->inputs; j++)
        if (batch->samples == 0 || fabs(x[j]) != 1)
            return MFL_OK; /* most inputs are seen not to be of this kind by their first row */
    batch->patterns = mfli_alloc(context, mfli_round_up(batch->samples, MFLI_SAMPLE_GROUP),
                                 mfli_patterns(batch->inputs));
    if (!batch->patterns)
        return MFL_ERROR_MEMORY;
    if (!mfli_pack_patterns(batch->samples, batch->inputs, x, stride, batch->patterns)) {
        mfli_free(context, batch->patterns);
        batch->patterns = NULL;
    }
    return MFL_OK;
}

int32_t mfli_batch_create_from(mfl_context *context, int32_t precision, int64_t samples, int64_t inputs,
                               const double *x, int64_t stride, mfli_batch *batch)
{
    const mfli_kernels *kernels = mfli_kernels_select(mfli_instruction_set(context));
    *batch = (mfli_batch){precision, (size_t)samples, (size_t)inputs, NULL, NULL};
    size_t length;
    if (__builtin_mul_overflow(mfli_round_up(batch->samples, MFLI_SAMPLE_GROUP), batch->inputs, &length)
        || __builtin_add_overflow(length, MFLI_ROW_SLACK, &length))
        return mfli_fail(context, MFL_ERROR_SIZE, "%lld x %lld inputs are more than this machine can address",
                         (long long)samples, (long long)inputs);
    int32_t status = is_single(precision) ? pack_inputs_f32(context, kernels, length, x, (size_t)stride, batch)
                                          : pack_inputs_f64(context, kernels, length, x, (size_t)stride, batch);
    if (!status && inputs <= pattern_inputs_most)
        status = pack_patterns(context, x, (size_t)stride, batch);
    if (status)
        mfli_batch_release(context, batch);
    return status;
}

int32_t mfli_batch_create(mfl_context *context, int32_t precision, const mfl_dataset *dataset, mfli_batch *batch)
{
    const int64_t rows = dataset->rows, columns = dataset->columns;
    if (dataset->column_stride == 1)
        return mfli_batch_create_from(context, precision, rows, columns, dataset->inputs, dataset->row_stride,
                                      batch);
    double *rows_in_a_row = mfli_alloc(context, (size_t)rows, (size_t)columns * sizeof *rows_in_a_row);
    if (!rows_in_a_row)
        return MFL_ERROR_MEMORY;
    mfli_dataset_pack(dataset, 0, rows, rows_in_a_row, columns);
    int32_t status = mfli_batch_create_from(context, precision, rows, columns, rows_in_a_row, columns, batch);
    mfli_free(context, rows_in_a_row);
    return status;
}

void mfli_batch_release(mfl_context *context, mfli_batch *batch)
{
    mfli_free(context, batch->packed);
    mfli_free(context, batch->patterns);
    batch->packed = batch->patterns = NULL;
}

int32_t mfli_engine_create(mfl_context *context, const mfli_model *model, const mfli_batch *batch,
                           const mfli_engine *state, mfli_engine *engine)
{
    memset(engine, 0, sizeof *engine);
    engine->context = context;
    engine->precision = batch->precision;
    engine->threads = model->activation == MFL_ACTIVATION_CALLER ? 1 : mfli_threads(context);
    engine->kernels = mfli_kernels_select(mfli_instruction_set(context));
    engine->owns_state = !state;
    int32_t status = is_single(engine->precision) ? create_f32(context, model, batch, state, engine)
                                                  : create_f64(context, model, batch, state, engine);
    if (status)
        mfli_engine_release(context, engine);
    return status;
}

void mfli_engine_release(mfl_context *context, mfli_engine *engine)
{
    if (engine->owns_state && is_single(engine->precision))
        release_state_f32(context, engine);
    else if (engine->owns_state)
        release_state_f64(context, engine);
    mfli_free(context, engine->workspace);
    mfli_free(context, engine->scratch);
    memset(engine, 0, sizeof *engine);
}

void mfli_engine_load(mfli_engine *engine, const double *weights, const double *readout)
{
    is_single(engine->precision) ? load_f32(engine, weights, readout) : load_f64(engine, weights, readout);
}

void mfli_engine_store(const mfli_engine *engine, double *weights, double *readout)
{
    is_single(engine->precision) ? store_f32(engine, weights, readout) : store_f64(engine, weights, readout);
}

void mfli_engine_pack_inputs(mfli_engine *engine, mfli_batch *batch, const double *x, int64_t stride)
{
    const uint8_t *patterns = batch->patterns;
    if (patterns && !mfli_pack_patterns(batch->samples, batch->inputs, x, (size_t)stride, batch->patterns))
        patterns = NULL;
    if (is_single(engine->precision)) {
        engine->kernels->f32->pack_inputs(batch->samples, batch->inputs, x, (size_t)stride, batch->packed);
        engine->net.f32.patterns = patterns;
    } else {
        engine->kernels->f64->pack_inputs(batch->samples, batch->inputs, x, (size_t)stride, batch->packed);
        engine->net.f64.patterns = patterns;
    }
}

int32_t mfli_engine_forward(mfli_engine *engine, double *f)
{
    return is_single(engine->precision) ? forward_f32(engine, f) : forward_f64(engine, f);
}

int32_t mfli_engine_gradient(mfli_engine *engine, const double *y, double *f, double *sum_of_squares, double *g,
                             double *h)
{
    return is_single(engine->precision) ? gradient_f32(engine, y, f, sum_of_squares, g, h)
                                        : gradient_f64(engine, y, f, sum_of_squares, g, h);
}

int32_t mfli_engine_step(mfli_engine *engine, const double *y, const mfli_langevin *langevin,
                         const mfli_stream *stream, double *f, mfli_squares *squares)
{
    return is_single(engine->precision) ? step_f32(engine, y, langevin, stream, f, squares)
                                        : step_f64(engine, y, langevin, stream, f, squares);
}
