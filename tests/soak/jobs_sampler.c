/* SPDX-License-Identifier: BSD-3-Clause */
/* Jobs that sample: every method, ladders, callbacks, and checkpoints in the middle of a run. */
#include "soak.h"

typedef struct problem {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train, *test;
} problem;

static problem pose(worker *self)
{
    problem p;
    DO(mfl_task_create_parity(self->context, 12, 2, &p.task));
    DO(mfl_model_create(self->context, 12, 24, &p.model));
    DO(mfl_dataset_draw(p.task, 60, 0.1, 0, MFL_ROLE_TRAIN, &p.train));
    DO(mfl_dataset_draw(p.task, 40, 0.0, 0, MFL_ROLE_TEST, &p.test));
    return p;
}

static void drop(problem *p)
{
    mfl_dataset_destroy(p->test);
    mfl_dataset_destroy(p->train);
    mfl_model_destroy(p->model);
    mfl_task_destroy(p->task);
}

static int32_t bounded(int64_t count, const double *z, double *value, double *derivative, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        const double t = 1.0 / (1.0 + z[i] * z[i]);
        value[i] = z[i] * z[i] * t;
        derivative[i] = 2.0 * z[i] * t * t;
    }
    return 0;
}

static int32_t largest_readout(const mfl_network *network, double *value, void *data)
{
    double readout[24];
    (void)data;
    const int32_t status = mfl_network_copy_weights(network, NULL, 12, readout);
    *value = readout[0];
    for (int i = 1; i < 24; i++)
        *value = readout[i] > *value ? readout[i] : *value;
    return status; /* cancelled: the run fails with a callback's error, and is tried again */
}

static mfl_sampler *prepare(worker *self, const problem *p, const char *settings)
{
    mfl_sampler *sampler;
    mfl_options *options;
    DO(mfl_sampler_create(p->model, p->train, 0.3, &sampler));
    DO(mfl_sampler_set_test(sampler, p->test));
    DO(mfl_sampler_set_task(sampler, p->task));
    DO(mfl_sampler_options(sampler, &options));
    soak_set(self, options, settings);
    return sampler;
}

/* To the end, through every cancellation. */
static void run(worker *self, mfl_sampler *sampler)
{
    for (;;) {
        double stop;
        self->calls++;
        const int32_t status = mfl_sampler_run(sampler);
        if (status && status != MFL_ERROR_CALLBACK)
            soak_refused(self, status, "mfl_sampler_run()", __FILE__, __LINE__);
        DO(mfl_sampler_get(sampler, MFL_SAMPLER_STOP, &stop));
        if (!status && (int)stop == MFL_STOP_COMPLETED)
            return;
        soak_cut_short(self);
    }
}

static void read_results(worker *self, mfl_sampler *sampler)
{
    static const int32_t keys[] = {MFL_SAMPLER_TRAIN_ERROR, MFL_SAMPLER_TEST_ERROR, MFL_SAMPLER_ORDER_PARAMETER,
                                   MFL_SAMPLER_POTENTIAL, MFL_SAMPLER_STEP, MFL_SAMPLER_ACCEPTANCE,
                                   MFL_SAMPLER_LOG_EVIDENCE_GAIN, MFL_SAMPLER_DRAWS_TOTAL};
    static const int32_t asked[] = {MFL_DIAGNOSTIC_R_HAT, MFL_DIAGNOSTIC_ESS_BULK};
    double moments[12], diagnosed[2];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        double value;
        DO(mfl_sampler_get(sampler, keys[i], &value));
        soak_found(self, value);
    }
    DO(mfl_sampler_second_moments(sampler, moments, 12));
    soak_found_all(self, moments, 12);
    DO(mfl_sampler_diagnose(sampler, MFL_TRACE_POTENTIAL, asked, 2, diagnosed));
    soak_found_all(self, diagnosed, 2);
}

void job_sampler(worker *self, int variant)
{
    static const char *const settings[] = {
        "method=baoab,chains=3,burn_in=200,draws=40,thinning=5",
        "method=hmc,chains=2,burn_in=30,draws=40,precision=float64,mass=adaptive",
        "method=mala,chains=1,burn_in=300,draws=40,thinning=4",
        "method=sgld,chains=2,burn_in=200,draws=40,thinning=5,batch=20,step_decay=0.3",
        "method=baoab,chains=2,burn_in=100,draws=30,thinning=5,gibbs=5",
        "method=hmc,chains=1,rungs=3,burn_in=40,draws=20",
        "method=gradient_descent,chains=4,burn_in=200,draws=10,start=planted",
        "method=hmc,chains=2,burn_in=20,draws=20,anneal_from=3",
    };
    problem p = pose(self);
    int32_t kind;
    if (variant == 7)
        DO(mfl_model_set_activation(p.model, bounded, NULL));
    mfl_sampler *sampler = prepare(self, &p, settings[variant]);
    if (variant == 1)
        DO(mfl_sampler_add_observable(sampler, largest_readout, NULL, &kind));
    run(self, sampler);
    read_results(self, sampler);
    DO(mfl_sampler_write_traces(sampler, soak_path(self, variant % 2 ? "traces.npy" : "traces.nc")));
    soak_remove(self, variant % 2 ? "traces.npy" : "traces.nc");
    mfl_sampler_destroy(sampler);
    drop(&p);
}

/* Half of the draws, a checkpoint, the other half by another sampler; and the network of a chain through a file. */
void job_checkpoint(worker *self, int variant)
{
    const char *settings = variant ? "method=hmc,chains=2,burn_in=20,draws=15"
                                   : "method=baoab,chains=2,burn_in=100,draws=20,thinning=5";
    double weights[24 * 12], readout[24];
    mfl_network *network, *loaded;
    problem p = pose(self);
    mfl_sampler *sampler = prepare(self, &p, settings);
    run(self, sampler);
    DO(mfl_sampler_save(sampler, soak_path(self, "chains")));
    mfl_sampler_destroy(sampler);
    sampler = prepare(self, &p, settings);
    DO(mfl_sampler_load(sampler, soak_path(self, "chains")));
    run(self, sampler);
    DO(mfl_sampler_save(sampler, soak_path(self, "chains")));
    read_results(self, sampler);
    DO(mfl_sampler_network(sampler, 1, &network));
    DO(mfl_network_save(network, soak_path(self, "network")));
    DO(mfl_network_load(self->context, soak_path(self, "network"), &loaded));
    DO(mfl_network_copy_weights(loaded, weights, 12, readout));
    soak_found_all(self, readout, 24);
    mfl_network_destroy(loaded);
    mfl_network_destroy(network);
    mfl_sampler_destroy(sampler);
    soak_remove(self, "network");
    soak_remove(self, "chains");
    soak_remove(self, "chains.traces");
    drop(&p);
}
