/* SPDX-License-Identifier: BSD-3-Clause */
/* Minibatches: each epoch is a permutation of the samples cut into batches of equal size, so that every sample is as
 * likely as any other to be in a batch, and P/batch times the batch's sum estimates the sum over all without bias.
 * The samples left over at the end of an epoch sit it out. A batch is a function of chain and step alone. */
#include <string.h>

#include "core/context.h"
#include "rng/stream.h"
#include "sampler/sampler.h"

int32_t mfli_part_open(mfl_sampler *sampler, mfli_chain *chain)
{
    mfl_context *context = sampler->object.context;
    mfli_part *part = &chain->part;
    const size_t d = (size_t)sampler->model.dimension, size = (size_t)sampler->part_size;
    part->epoch = -1;
    part->order = mfli_alloc(context, (size_t)sampler->data->rows, sizeof *part->order);
    part->rows = mfli_alloc_zeroed(context, size, d * sizeof *part->rows);
    part->targets = mfli_alloc(context, size, sizeof *part->targets);
    part->f = mfli_alloc(context, size, sizeof *part->f);
    if (!part->order || !part->rows || !part->targets || !part->f)
        return MFL_ERROR_MEMORY;
    int32_t status = mfli_batch_create_from(context, sampler->precision, sampler->part_size,
                                            sampler->model.dimension, part->rows, sampler->model.dimension,
                                            &part->batch);
    if (!status)
        status = mfli_engine_create(context, &sampler->model, &part->batch, &chain->train, &part->engine);
    return status;
}

void mfli_part_close(mfl_context *context, mfli_part *part)
{
    mfli_engine_release(context, &part->engine);
    mfli_batch_release(context, &part->batch);
    mfli_free(context, part->order);
    mfli_free(context, part->rows);
    mfli_free(context, part->targets);
    mfli_free(context, part->f);
}

void mfli_part_select(const mfl_sampler *sampler, mfli_chain *chain, int64_t step)
{
    mfli_part *part = &chain->part;
    const mfl_dataset *data = sampler->data;
    const int64_t size = sampler->part_size, an_epoch = data->rows / size, epoch = step / an_epoch;
    if (part->epoch != epoch) {
        const mfli_stream stream = {sampler->seed, (uint64_t)epoch, chain->id, MFLI_PURPOSE_MINIBATCH};
        mfli_permutation(&stream, (size_t)data->rows, part->order);
        part->epoch = epoch;
    }
    const size_t *chosen = part->order + step % an_epoch * size;
    for (int64_t i = 0; i < size; i++) {
        mfli_dataset_pack(data, (int64_t)chosen[i], 1, part->rows + i * data->columns, data->columns);
        part->targets[i] = data->targets[chosen[i]];
    }
    mfli_engine_pack_inputs(&part->engine, &part->batch, part->rows, data->columns);
}
