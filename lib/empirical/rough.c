/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/rough.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "linalg/linalg.h"

/* Partial sums, which compilers keep in one vector; rows that a thread takes at once. */
enum { parts = 16, block = 8 };

int32_t mfli_rough_create(mfl_context *context, const mfli_model *model, int64_t samples, int64_t rank,
                          int64_t tile, mfli_rough *rough)
{
    const size_t P = (size_t)samples, d = (size_t)model->dimension, rows = (size_t)tile, low = (size_t)rank;
    *rough = (mfli_rough){context, samples, model->dimension, rank, tile, .leak = 1.0f};
    if (model->activation == MFL_ACTIVATION_RELU || model->activation == MFL_ACTIVATION_LEAKY)
        rough->leak = model->activation == MFL_ACTIVATION_LEAKY ? (float)model->leak : 0.0f;
    else if (model->activation != MFL_ACTIVATION_LINEAR)
        return MFL_OK;
    rough->available = 1;
    const struct {
        float **to;
        size_t rows, columns;
    } arrays[] = {{&rough->inputs, P, d},   {&rough->pull, P, 1}, {&rough->vectors, low, P},
                  {&rough->place, rows, d}, {&rough->z, rows, P}, {&rough->phi, rows, P},
                  {&rough->low, rows, low}, {&rough->push, rows, d}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        const size_t count = arrays[i].rows ? arrays[i].rows : 1, columns = arrays[i].columns;
        *arrays[i].to = mfli_alloc(context, count, (columns ? columns : 1) * sizeof(float));
        if (!*arrays[i].to)
            return MFL_ERROR_MEMORY;
    }
    return MFL_OK;
}

void mfli_rough_finish(mfli_rough *rough)
{
    void *const all[] = {rough->inputs, rough->pull, rough->vectors, rough->place,
                         rough->z,      rough->phi,  rough->low,     rough->push};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mfli_free(rough->context, all[i]);
    memset(rough, 0, sizeof *rough);
}

static void narrow(int64_t count, const double *from, float *to)
{
    for (int64_t i = 0; i < count; i++)
        to[i] = (float)from[i];
}

void mfli_rough_set(mfli_rough *rough, const mfli_cavity *cavity, const double *inputs)
{
    const int64_t P = rough->samples;
    narrow(P * rough->dimension, inputs, rough->inputs);
    narrow(P, cavity->pull, rough->pull);
    narrow(rough->rank * P, cavity->vectors, rough->vectors);
}

typedef struct rough_job {
    mfli_rough *rough;
    const mfli_cavity *cavity;
    int64_t rows;
    double *form, *dot;
    const double *towards, *against;
} rough_job;

static void features_row(const rough_job *job, int64_t row)
{
    const mfli_rough *rough = job->rough;
    const int64_t P = rough->samples, whole = P - P % parts;
    const float *z = rough->z + row * P, *pull = rough->pull;
    const float even = 0.5f * (1.0f - rough->leak), odd = 0.5f * (1.0f + rough->leak);
    float *phi = rough->phi + row * P, squares[parts] = {0}, dots[parts] = {0};
    for (int64_t mu = 0; mu < P; mu++)
        phi[mu] = odd * z[mu] + even * fabsf(z[mu]);
    for (int64_t mu = 0; mu < whole; mu += parts)
        for (int32_t i = 0; i < parts; i++) {
            squares[i] += phi[mu + i] * phi[mu + i];
            dots[i] += pull[mu + i] * phi[mu + i];
        }
    double square = 0.0, dot = 0.0;
    for (int32_t i = 0; i < parts; i++) {
        square += squares[i];
        dot += dots[i];
    }
    for (int64_t mu = whole; mu < P; mu++) {
        square += phi[mu] * phi[mu];
        dot += pull[mu] * phi[mu];
    }
    job->form[row] = job->cavity->rest * square;
    job->dot[row] = dot;
}

/* d target/d z_mu in place of z, where Omega phi beyond `rest` is. phi has the sign of its argument. */
static void force_row(const rough_job *job, int64_t row)
{
    const mfli_rough *rough = job->rough;
    const int64_t P = rough->samples;
    const float towards = (float)job->towards[row], against = (float)job->against[row],
                rest = (float)(job->against[row] * job->cavity->rest), leak = rough->leak;
    const float *phi = rough->phi + row * P, *pull = rough->pull;
    const float bent = rough->rank ? against : 0.0f;
    float *z = rough->z + row * P;
    for (int64_t mu = 0; mu < P; mu++)
        z[mu] = (phi[mu] > 0.0f ? 1.0f : leak) * (towards * pull[mu] - rest * phi[mu] - bent * z[mu]);
}

static void features_block(void *data, int64_t index, int32_t thread)
{
    const rough_job *job = data;
    (void)thread;
    for (int64_t row = index * block; row < (index + 1) * block && row < job->rows; row++)
        features_row(job, row);
}

static void force_block(void *data, int64_t index, int32_t thread)
{
    const rough_job *job = data;
    (void)thread;
    for (int64_t row = index * block; row < (index + 1) * block && row < job->rows; row++)
        force_row(job, row);
}

static void over_rows(rough_job *job, mfli_team_fn function)
{
    mfl_context *context = job->rough->context;
    mfli_team_for(context, mfli_threads(context), (job->rows + block - 1) / block, function, NULL, job);
}

int32_t mfli_rough_features(mfli_rough *rough, const mfli_cavity *cavity, const double *places, int64_t rows,
                            double *form, double *dot)
{
    const int64_t P = rough->samples, d = rough->dimension, rank = rough->rank;
    rough_job job = {.rough = rough, .cavity = cavity, .rows = rows, .form = form, .dot = dot};
    narrow(rows * d, places, rough->place);
    int32_t status = mfli_gemm_f32(rough->context, MFLI_TRANSPOSED, rows, P, d, rough->place, rough->inputs,
                                   rough->z);
    if (status != MFL_OK)
        return status;
    over_rows(&job, features_block);
    if (rank == 0)
        return MFL_OK;
    status = mfli_gemm_f32(rough->context, MFLI_TRANSPOSED, rows, rank, P, rough->phi, rough->vectors,
                           rough->low);
    for (int64_t row = 0; row < rows && status == MFL_OK; row++)
        for (int64_t k = 0; k < rank; k++) {
            float *low = rough->low + row * rank + k;
            const double bent = cavity->bend[k] * *low;
            form[row] += bent * *low;
            *low = (float)bent;
        }
    return status;
}

int32_t mfli_rough_force(mfli_rough *rough, const mfli_cavity *cavity, int64_t rows, const double *towards,
                         const double *against, double *force)
{
    const int64_t P = rough->samples, d = rough->dimension;
    rough_job job = {.rough = rough, .cavity = cavity, .rows = rows, .towards = towards, .against = against};
    int32_t status = MFL_OK;
    if (rough->rank)
        status = mfli_gemm_f32(rough->context, MFLI_PLAIN, rows, P, rough->rank, rough->low, rough->vectors,
                               rough->z);
    if (status != MFL_OK)
        return status;
    over_rows(&job, force_block);
    status = mfli_gemm_f32(rough->context, MFLI_PLAIN, rows, d, P, rough->z, rough->inputs, rough->push);
    for (int64_t i = 0; i < rows * d; i++)
        force[i] = rough->push[i];
    return status;
}
