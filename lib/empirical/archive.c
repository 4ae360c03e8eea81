/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/archive.h"

#include <string.h>

#include "core/context.h"

int32_t mfli_archive_create(const mfli_swarm *swarm, mfli_archive *archive)
{
    const size_t rows = (size_t)swarm->count * MFLI_SNAPSHOTS, d = (size_t)swarm->dimension;
    *archive =
        (mfli_archive){.context = swarm->context, .count = swarm->count, .dimension = swarm->dimension};
    archive->particles = mfli_alloc_zeroed(swarm->context, rows, d * sizeof(double));
    archive->shadows = archive->particles ? mfli_alloc_zeroed(swarm->context, rows, d * sizeof(double)) : NULL;
    archive->share = archive->shadows ? mfli_alloc_zeroed(swarm->context, rows, sizeof(double)) : NULL;
    if (archive->share)
        return MFL_OK;
    mfli_archive_finish(archive);
    return MFL_ERROR_MEMORY;
}

void mfli_archive_finish(mfli_archive *archive)
{
    mfli_free(archive->context, archive->particles);
    mfli_free(archive->context, archive->shadows);
    mfli_free(archive->context, archive->share);
    archive->particles = archive->shadows = archive->share = NULL;
}

void mfli_archive_look(mfli_archive *archive, const mfli_swarm *swarm, int64_t sweep)
{
    int32_t oldest = 0;
    int64_t latest = 0;
    for (int32_t i = 0; i < MFLI_SNAPSHOTS; i++) {
        if (archive->stored[i] < archive->stored[oldest])
            oldest = i;
        latest = archive->stored[i] > latest ? archive->stored[i] : latest;
    }
    if (16 * (sweep + 1 - latest) < sweep + 1)
        return;
    const int64_t M = archive->count, numbers = M * archive->dimension;
    memcpy(archive->particles + oldest * numbers, swarm->place, (size_t)numbers * sizeof(double));
    memcpy(archive->shadows + oldest * numbers, swarm->shadow, (size_t)numbers * sizeof(double));
    for (int64_t i = 0; i < M; i++)
        archive->share[oldest * M + i] = swarm->weight[i] * swarm->response[i].share / MFLI_POPULATIONS;
    archive->stored[oldest] = sweep + 1;
}

void mfli_archive_rescale(mfli_archive *archive, const double *factor)
{
    for (int32_t s = 0; s < MFLI_SNAPSHOTS; s++)
        for (int64_t i = 0; archive->stored[s] && i < archive->count; i++)
            for (int64_t j = 0; j < archive->dimension; j++)
                archive->particles[(s * archive->count + i) * archive->dimension + j] *= factor[j];
}

int64_t mfli_archive_used(const mfli_archive *archive)
{
    int64_t used = 0;
    while (used < MFLI_SNAPSHOTS && archive->stored[used])
        used++;
    return used;
}
