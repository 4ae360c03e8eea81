/* SPDX-License-Identifier: BSD-3-Clause */
/* float32 against float64: forces, and what they do to the energies that trajectories are accepted by. Nothing here is
 * random but the states, whose seeds are fixed: a failure is a loss of accuracy. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "gaussian_case.h"

enum { d = 20, width = 64, most = 8192, length = width * (d + 1) };
static const double noise = 0.1;

typedef struct problem {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *data;
} problem;

static problem make_problem(int64_t rows)
{
    problem p;
    OK(mfl_task_create_parity(context, d, 2, &p.task));
    OK(mfl_model_create(context, d, width, &p.model));
    OK(mfl_dataset_draw(p.task, rows, 0.0, 0, MFL_ROLE_TRAIN, &p.data));
    return p;
}

static void release_problem(problem *p)
{
    mfl_dataset_destroy(p->data);
    mfl_model_destroy(p->model);
    mfl_task_destroy(p->task);
}

static mfl_sampler *make_sampler(const problem *p, int precision, const char *settings)
{
    mfl_sampler *sampler;
    OK(mfl_sampler_create(p->model, p->data, noise, &sampler));
    OK(mfl_sampler_set_task(sampler, p->task));
    configure(sampler, precision ? "precision=float64,burn_in=0,chains=1" : "precision=float32,burn_in=0,chains=1");
    configure(sampler, settings);
    return sampler;
}

static void copy_state(mfl_sampler *sampler, double state[length])
{
    mfl_network *network;
    OK(mfl_sampler_network(sampler, 0, &network));
    OK(mfl_network_copy_weights(network, state, d, state + width * d));
    mfl_network_destroy(network);
}

/* A proposal of MALA moves the weights by forces h^2/2 beside the momenta, which are the same; its step is so small that
 * it is accepted. Found: 9e-7 of them at a prior draw, and 9e-5 at a planted network of P = 8192, whose residuals are
 * small differences. */
START_TEST(forces_agree)
{
    static const int64_t rows[] = {400, most};
    static const double h = 1e-4, bound[] = {1e-5, 1e-3};
    static double start[length], end[2][length];
    for (int planted = 0; planted < 2; planted++)
        for (int n = 0; n < 2; n++) {
            problem p = make_problem(rows[n]);
            double error = 0.0, force = 0.0, gradient[length], potential;
            mfl_network *network;
            for (int precision = 0; precision < 2; precision++) {
                mfl_sampler *sampler = make_sampler(&p, precision, "method=mala,mass=unit,step_size=1e-4");
                configure(sampler, planted ? "start=planted" : "start=prior");
                OK(mfl_sampler_step(sampler, 0));
                copy_state(sampler, start);
                OK(mfl_sampler_step(sampler, 1));
                ck_assert_double_gt(get(sampler, MFL_SAMPLER_ACCEPTANCE), 0.9);
                copy_state(sampler, end[precision]);
                mfl_sampler_destroy(sampler);
            }
            OK(mfl_network_create(p.model, &network));
            OK(mfl_network_set_weights(network, start, d, start + width * d));
            OK(mfl_network_potential(network, p.data, noise, &potential, gradient, d, gradient + width * d));
            for (int i = 0; i < length; i++) {
                error += pow((end[0][i] - end[1][i]) / (0.5 * h * h), 2.0);
                force += gradient[i] * gradient[i];
            }
            ck_assert_msg(sqrt(error / force) < bound[planted], "%s, P %lld: forces differ by %g", planted ? "planted" : "prior",
                          (long long)rows[n], sqrt(error / force));
            mfl_network_destroy(network);
            release_problem(&p);
        }
}
END_TEST

/* Trajectories of HMC with the same momenta from the same states, P = 8192: those of float32 are accepted with the
 * probability of those of float64, since U is computed in float64 in both. Found: 0.813, and 5e-4 at most between them. */
START_TEST(trajectories_are_accepted_alike)
{
    enum { trajectories = 25 };
    static const char settings[] = "method=hmc,start=planted,step_size=0.0035,path_length=0.05";
    double before[2] = {0.0, 0.0}, total[2] = {0.0, 0.0}, largest = 0.0;
    problem p = make_problem(most);
    mfl_sampler *sampler[2];
    for (int precision = 0; precision < 2; precision++)
        sampler[precision] = make_sampler(&p, precision, settings);
    for (int n = 0; n < trajectories; n++) {
        mfl_network *state;
        double now[2];
        for (int precision = 0; precision < 2; precision++) {
            OK(mfl_sampler_step(sampler[precision], 1));
            total[precision] = (n + 1) * get(sampler[precision], MFL_SAMPLER_ACCEPTANCE);
            now[precision] = total[precision] - before[precision];
            before[precision] = total[precision];
        }
        largest = fmax(largest, fabs(now[0] - now[1]));
        OK(mfl_sampler_network(sampler[1], 0, &state));
        OK(mfl_sampler_set_network(sampler[0], 0, state));
        mfl_network_destroy(state);
    }
    const double mean = total[1] / trajectories;
    ck_assert_msg(mean > 0.3 && mean < 0.97, "acceptance %g", mean);
    ck_assert_msg(largest < 0.005, "acceptances differ by up to %g", largest);
    for (int precision = 0; precision < 2; precision++)
        mfl_sampler_destroy(sampler[precision]);
    release_problem(&p);
}
END_TEST

int main(void)
{
    mfl_options *options;
    if (mfl_context_create(&context) || mfl_context_options(context, &options)
        || mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1))
        return 1;
    int failed = RUN_TESTS("precision", forces_agree, trajectories_are_accepted_alike);
    mfl_context_destroy(context);
    return failed;
}
