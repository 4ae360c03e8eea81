/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by engine.c once a precision: REAL, R(name) = name_f32 or name_f64, and the members OPS and NET. */

static int32_t R(pack_inputs)(mfl_context *context, const mfli_kernels *kernels, size_t length, const double *x,
                              size_t stride, mfli_batch *batch)
{
    REAL *packed = mfli_alloc(context, length, sizeof *packed);
    if (!packed)
        return MFL_ERROR_MEMORY;
    kernels->OPS->pack_inputs(batch->samples, batch->inputs, x, stride, packed);
    batch->packed = packed;
    return MFL_OK;
}

static int32_t R(create)(mfl_context *context, const mfli_model *model, const mfli_batch *batch,
                         const mfli_engine *state, mfli_engine *engine)
{
    R(mfli_net) *net = &engine->net.NET;
    const R(mfli_ops) *ops = engine->kernels->OPS;
    const size_t padded = mfli_round_up((size_t)model->width, ops->width);
    net->shape = (mfli_shape){(size_t)model->width, (size_t)model->dimension, batch->samples};
    net->activation = (mfli_activation){model->activation, model->leak, model->phi, model->phi_data};
    net->scale = pow((double)model->width, -model->gamma);
    net->inputs = batch->packed;
    net->patterns = batch->patterns;
    if (state) {
        net->weights = state->net.NET.weights;
        net->readout = state->net.NET.readout;
    } else {
        net->weights = mfli_alloc_zeroed(context, padded, net->shape.inputs * sizeof *net->weights);
        net->readout = mfli_alloc_zeroed(context, padded, sizeof *net->readout);
    }
    engine->workspace = mfli_alloc(context, 1, ops->workspace_size(&net->shape));
    engine->scratch_size = mfli_round_up(ops->scratch_size(&net->shape), MFLI_ALIGNMENT);
    engine->scratch = mfli_alloc(context, (size_t)engine->threads, engine->scratch_size);
    if (!net->weights || !net->readout || !engine->workspace || !engine->scratch)
        return MFL_ERROR_MEMORY;
    ops->bind(net, engine->workspace);
    return MFL_OK;
}

static void R(release_state)(mfl_context *context, mfli_engine *engine)
{
    mfli_free(context, engine->net.NET.weights);
    mfli_free(context, engine->net.NET.readout);
}

static void R(load)(mfli_engine *engine, const double *weights, const double *readout)
{
    R(mfli_net) *net = &engine->net.NET;
    engine->kernels->OPS->pack(net->shape.neurons, net->shape.inputs, weights, net->shape.inputs, readout,
                               net->weights, net->readout);
}

static void R(store)(const mfli_engine *engine, double *weights, double *readout)
{
    const R(mfli_net) *net = &engine->net.NET;
    engine->kernels->OPS->unpack(net->shape.neurons, net->shape.inputs, net->weights, net->readout, weights,
                                 net->shape.inputs, readout);
}

/* A sweep over blocks or panels. Only a caller's activation refuses, which runs on one thread. */
typedef struct R(sweep) {
    const mfli_engine *engine;
    const R(mfli_ops) *ops;
    int64_t parts;
    const mfli_langevin *langevin; /* NULL: the gradient alone */
    const mfli_stream *stream;
    int32_t refused;
} R(sweep);

static void *R(scratch)(const R(sweep) *sweep, int32_t thread)
{
    return (char *)sweep->engine->scratch + (size_t)thread * sweep->engine->scratch_size;
}

static void R(forward_part)(void *data, int64_t part, int32_t thread)
{
    R(sweep) *sweep = data;
    const R(mfli_net) *net = &sweep->engine->net.NET;
    const size_t blocks = mfli_blocks(net->shape.neurons);
    int32_t refused = sweep->ops->forward(net, share(blocks, part, sweep->parts), share(blocks, part + 1, sweep->parts),
                                          R(scratch)(sweep, thread));
    if (refused)
        sweep->refused = refused;
}

static void R(gradient_part)(void *data, int64_t part, int32_t thread)
{
    R(sweep) *sweep = data;
    const R(mfli_net) *net = &sweep->engine->net.NET;
    const size_t panels = mfli_round_up(net->shape.neurons, sweep->ops->width) / sweep->ops->width;
    const size_t from = share(panels, part, sweep->parts), to = share(panels, part + 1, sweep->parts);
    void *scratch = R(scratch)(sweep, thread);
    int32_t refused = sweep->ops->gradient(net, from, to, scratch);
    if (refused)
        sweep->refused = refused;
    else if (sweep->langevin)
        sweep->ops->update(net, sweep->langevin, sweep->stream, from, to, scratch);
}

static int32_t R(forward_sweep)(mfli_engine *engine)
{
    R(sweep) sweep = {.engine = engine, .ops = engine->kernels->OPS};
    sweep.parts = parts_of(engine, mfli_blocks(engine->net.NET.shape.neurons));
    mfli_team_for(engine->context, engine->threads, sweep.parts, R(forward_part), NULL, &sweep);
    return sweep.refused;
}

static int32_t R(gradient_sweep)(mfli_engine *engine, const mfli_langevin *langevin, const mfli_stream *stream)
{
    R(sweep) sweep = {.engine = engine, .ops = engine->kernels->OPS, .langevin = langevin, .stream = stream};
    sweep.parts = parts_of(engine, engine->net.NET.shape.neurons / sweep.ops->width);
    mfli_team_for(engine->context, engine->threads, sweep.parts, R(gradient_part), NULL, &sweep);
    return sweep.refused;
}

static int32_t R(forward)(mfli_engine *engine, double *f)
{
    int32_t refused = R(forward_sweep)(engine);
    if (!refused)
        engine->kernels->OPS->predict(&engine->net.NET, f);
    return refused;
}

static int32_t R(gradient)(mfli_engine *engine, const double *y, double *f, double *sum_of_squares, double *g,
                           double *h)
{
    const R(mfli_net) *net = &engine->net.NET;
    const R(mfli_ops) *ops = engine->kernels->OPS;
    int32_t refused = R(forward_sweep)(engine);
    if (refused)
        return refused;
    *sum_of_squares = ops->residual(net, y, f);
    refused = R(gradient_sweep)(engine, NULL, NULL);
    if (!refused)
        ops->unpack(net->shape.neurons, net->shape.inputs, net->gradient, net->features, g, net->shape.inputs, h);
    return refused;
}

static int32_t R(step)(mfli_engine *engine, const double *y, const mfli_langevin *langevin,
                       const mfli_stream *stream, double *f, mfli_squares *squares)
{
    const R(mfli_net) *net = &engine->net.NET;
    const R(mfli_ops) *ops = engine->kernels->OPS;
    int32_t refused = R(forward_sweep)(engine);
    if (refused)
        return refused;
    squares->residual = ops->residual(net, y, f);
    refused = R(gradient_sweep)(engine, langevin, stream);
    if (!refused)
        ops->squares(net, squares);
    return refused;
}
