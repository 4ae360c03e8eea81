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
    if (state) {
        net->weights = state->net.NET.weights;
        net->readout = state->net.NET.readout;
    } else {
        net->weights = mfli_alloc_zeroed(context, padded, net->shape.inputs * sizeof *net->weights);
        net->readout = mfli_alloc_zeroed(context, padded, sizeof *net->readout);
    }
    engine->workspace = mfli_alloc(context, 1, ops->workspace_size(&net->shape));
    engine->scratch = mfli_alloc(context, 1, ops->scratch_size(&net->shape));
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

static int32_t R(forward)(mfli_engine *engine, double *f)
{
    const R(mfli_net) *net = &engine->net.NET;
    const R(mfli_ops) *ops = engine->kernels->OPS;
    int32_t refused = ops->forward(net, 0, mfli_blocks(net->shape.neurons), engine->scratch);
    if (!refused)
        ops->predict(net, f);
    return refused;
}

static int32_t R(gradient)(mfli_engine *engine, const double *y, double *f, double *sum_of_squares, double *g,
                           double *h)
{
    const R(mfli_net) *net = &engine->net.NET;
    const R(mfli_ops) *ops = engine->kernels->OPS;
    const size_t neurons = net->shape.neurons, panels = mfli_round_up(neurons, ops->width) / ops->width;
    int32_t refused = ops->forward(net, 0, mfli_blocks(neurons), engine->scratch);
    if (refused)
        return refused;
    *sum_of_squares = ops->residual(net, y, f);
    refused = ops->gradient(net, 0, panels, engine->scratch);
    if (!refused)
        ops->unpack(neurons, net->shape.inputs, net->gradient, net->features, g, net->shape.inputs, h);
    return refused;
}

static int32_t R(step)(mfli_engine *engine, const double *y, const mfli_langevin *langevin,
                       const mfli_stream *stream, double *f, mfli_squares *squares)
{
    return engine->kernels->OPS->step(&engine->net.NET, y, langevin, stream, f, squares, engine->scratch);
}
