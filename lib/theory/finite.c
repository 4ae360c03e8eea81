/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean field without the central limit theorem in J_S, for few inputs.
 *
 * Neurons are drawn from the law that has it, and the self-consistency is solved over these neurons
 * twice: with both J_S, each time with the weights that make up for the law and the order
 * parameters they were drawn under. The difference of the two solutions, in which most of the
 * fluctuations cancel, is added to m from quadrature. Its standard error is that of the jackknife
 * over groups of neurons. */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "rng/normals.h"
#include "theory/handle.h"
#include "theory/orthogonal.h"

enum { groups = 24, block = 32, rounds_most = 2000 };

/* Weights that leave fewer neurons than this part of them are not trusted. */
static const double least_effective = 0.1;

/* One neuron. With delta = 1 - (1 - 1/N) m of (T7), B^2/2A = gain delta^2, and its share of m is
 * pull delta; 0: of the central limit, 1: of all inputs. */
typedef struct drawn {
    double gain[2], pull[2];
    double square[2]; /* |w_S|^2, |w_perp|^2, in units of sigma_w^2/d */
} drawn;

typedef struct finite_job {
    mfl_context *context;
    const mfli_target *target;
    const mfli_neurons *neurons;
    double delta; /* that the neurons are drawn under */
    int64_t draws;
    drawn *all;
    double *scratch; /* of each thread */
    int64_t scratch_size;
} finite_job;

/* ---- draws ---- */

/* The weights off the support have a random direction. */
static double exact_projection(const finite_job *job, const mfli_neuron_draw *neuron, int64_t i,
                               double *scratch)
{
    const mfli_mean_field *problem = job->neurons->density.problem;
    const mfli_stream stream = {mfli_seed(job->context), 0, 0, MFLI_PURPOSE_NEURON_INPUTS};
    int32_t off_count = (int32_t)problem->dimension - problem->gain.support;
    double off[MFLI_ORTHOGONAL_MOST + 1], square = 0.0;
    if (off_count > 0)
        mfli_normal_matrix(&stream, (uint64_t)i, 1, (size_t)off_count, off, (size_t)off_count);
    for (int32_t j = 0; j < off_count; j++)
        square += off[j] * off[j];
    for (int32_t j = 0; j < off_count; j++)
        off[j] *= neuron->across / sqrt(square);
    return problem->gain.amplitude *
           mfli_orthogonal_sum(problem->gain.degree, neuron->on, off_count, off, scratch);
}

static void draw_one(const finite_job *job, int64_t i, double *scratch)
{
    const mfli_density *density = &job->neurons->density;
    const mfli_mean_field *problem = density->problem;
    mfli_draws draws = {{mfli_seed(job->context), (uint64_t)i, 0, MFLI_PURPOSE_NEURON}, 0};
    mfli_neuron_draw neuron;
    mfli_density_point point;
    drawn *one = &job->all[i];
    job->neurons->law.draw(job->neurons->law.data, &draws, &neuron);
    mfli_density_at(density, neuron.on, neuron.across, &point);
    double j[2] = {point.projection, point.projection};
    if (problem->gain.degree > 0 && problem->dimension > problem->gain.support)
        j[1] = exact_projection(job, &neuron, i, scratch);
    one->square[0] = one->square[1] = 0.0;
    for (int32_t l = 0; l < problem->gain.support; l++)
        one->square[0] += neuron.on[l] * neuron.on[l] / density->unit;
    one->square[1] = neuron.across * neuron.across / density->unit;
    double field = density->pull / job->delta, n = (double)problem->width;
    for (int32_t l = 0; l < 2; l++) {
        one->gain[l] = 0.5 * point.readout.variance * field * field * j[l] * j[l];
        one->pull[l] = pow(n, 1.0 - problem->gamma) * point.readout.variance * field * j[l] * j[l];
    }
}

static void draw_block(void *data, int64_t index, int32_t thread)
{
    const finite_job *job = data;
    int64_t last = (index + 1) * block < job->draws ? (index + 1) * block : job->draws;
    if (mfli_cancelled(job->context))
        return;
    for (int64_t i = index * block; i < last; i++)
        draw_one(job, i, job->scratch + thread * job->scratch_size);
    if (thread == 0)
        mfli_progress(job->context, "sums over all inputs", (double)last / (double)job->draws);
}

/* ---- self-consistency over the draws ---- */

typedef struct weighted {
    const finite_job *job;
    int32_t exact;                     /* which J_S */
    int32_t left_out;                  /* group; -1: none */
    double delta, precision[2];        /* where to start, and the solution */
    double pull, square[2], effective; /* weighted averages; effective part of the draws */
} weighted;

/* Averages at delta; the largest logarithm of a weight is taken out first. */
static void average(weighted *w, double delta)
{
    const finite_job *job = w->job;
    const double *before = job->neurons->density.field.precision;
    double top = -INFINITY, mass = 0.0, squares = 0.0, pull = 0.0, on = 0.0, off = 0.0;
    int64_t used = 0;
    for (int32_t pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < job->draws; i++) {
            const drawn *one = &job->all[i];
            if (i % groups == w->left_out)
                continue;
            double log_weight =
                one->gain[w->exact] * delta * delta - one->gain[0] * job->delta * job->delta;
            for (int32_t l = 0; l < 2; l++)
                log_weight -= 0.5 * (w->precision[l] - before[l]) * one->square[l];
            if (pass == 0) {
                top = fmax(top, log_weight);
                continue;
            }
            double weight = exp(log_weight - top);
            used++;
            mass += weight;
            squares += weight * weight;
            pull += weight * one->pull[w->exact];
            on += weight * one->square[0];
            off += weight * one->square[1];
        }
    }
    w->pull = pull / mass;
    w->square[0] = on / mass;
    w->square[1] = off / mass;
    w->effective = mass * mass / (squares * (double)used);
}

/* (T9): delta (1 + (1 - 1/N) pull(delta)) = 1, the left side increases. Secant steps between
 * brackets. */
static void solve_delta(weighted *w)
{
    double others = 1.0 - 1.0 / (double)w->job->neurons->density.problem->width, low = 0.0,
           high = 1.0;
    double before = 0.0, excess_before = -1.0;
    for (int32_t i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        average(w, w->delta);
        double excess = w->delta * (1.0 + others * w->pull) - 1.0;
        *(excess > 0.0 ? &high : &low) = w->delta;
        if (fabs(excess) < 1e-13)
            break;
        double next = w->delta - excess * (w->delta - before) / (excess - excess_before);
        before = w->delta;
        excess_before = excess;
        w->delta = next > low && next < high ? next : 0.5 * (low + high);
    }
}

/* m, with (T12) beside it where precisions are order parameters. */
static int32_t solve(weighted *w, double *m)
{
    const mfli_mean_field *problem = w->job->neurons->density.problem;
    const mfli_closure *closure = &problem->closure;
    double half = 0.5 * closure->sharing, k = problem->gain.support, d = (double)problem->dimension;
    int32_t is_ard = closure->prior == MFL_THEORY_PRIOR_ARD;
    for (int32_t round = 0; round < rounds_most; round++) {
        double change = 0.0;
        if (mfli_progress(w->job->context, "self-consistency over draws", 1.0))
            return MFL_ERROR_CANCELLED;
        solve_delta(w);
        for (int32_t l = 0; is_ard && l < (d > k ? 2 : 1); l++) {
            double count = l ? d - k : k,
                   next = (closure->alpha + half) / (closure->beta + half * w->square[l] / count);
            double step = closure->damping * log(next / w->precision[l]);
            w->precision[l] *= exp(step);
            change = fmax(change, fabs(step));
        }
        if (change < 1e-10)
            break;
    }
    *m = w->delta * w->pull;
    return MFL_OK;
}

/* Solution with the inputs' sums less that without, leaving out a group of draws; both start where
 * they ended last. */
static int32_t difference_without(weighted both[2], int32_t group, double *difference)
{
    double m[2];
    for (int32_t exact = 0; exact < 2; exact++) {
        both[exact].left_out = group;
        int32_t status = solve(&both[exact], &m[exact]);
        if (status != MFL_OK)
            return status;
        if (!(both[exact].effective > least_effective))
            return mfli_fail(both->job->context, MFL_ERROR_TOLERANCE,
                             "the law without the central limit is too far from the one with it: "
                             "weights leave %.3g of "
                             "the draws; the dimension is too small",
                             both[exact].effective);
    }
    *difference = m[1] - m[0];
    return MFL_OK;
}

static int32_t jackknife(const finite_job *job, double *difference, double *error)
{
    double without[groups], mean = 0.0, square = 0.0;
    const double *precision = job->neurons->density.field.precision;
    weighted both[2];
    for (int32_t exact = 0; exact < 2; exact++)
        both[exact] = (weighted){.job = job,
                                 .exact = exact,
                                 .delta = job->delta,
                                 .precision = {precision[0], precision[1]}};
    int32_t status = difference_without(both, -1, difference);
    for (int32_t g = 0; g < groups && status == MFL_OK; g++) {
        status = difference_without(both, g, &without[g]);
        mean += without[g] / groups;
    }
    for (int32_t g = 0; g < groups && status == MFL_OK; g++)
        square += (without[g] - mean) * (without[g] - mean);
    *error = sqrt(square * (groups - 1.0) / groups);
    return status;
}

/* ---- the public function ---- */

static int32_t check(mfl_theory *theory, int64_t draws)
{
    mfl_context *context = theory->object.context;
    const mfli_mean_field *problem = &theory->problem;
    if (draws < 10 * groups || draws > INT64_C(1) << 32)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "draws is %lld; it must lie in [%d, 2^32]",
                         (long long)draws, 10 * groups);
    if (theory->results[theory->selected].levels > 0 && !theory->drawable)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "sums over all inputs are for single parities with relu, leaky or linear activation");
    if (theory->target.direction || problem->width == 0 || mfli_needs_classes(&problem->closure))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "sums over all inputs are for parities, a finite width, and neither "
                         "screening nor renormalised "
                         "noise");
    if (problem->dimension - problem->gain.support > MFLI_ORTHOGONAL_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "%lld inputs lie off the support; sums over all inputs reach %d",
                         (long long)problem->dimension - problem->gain.support,
                         MFLI_ORTHOGONAL_MOST);
    return MFL_OK;
}

static int32_t run(mfl_theory *theory, const mfli_neurons *neurons, int64_t draws,
                   double *difference, double *error)
{
    mfl_context *context = theory->object.context;
    int32_t threads = mfli_threads(context), status;
    finite_job job = {.context = context,
                      .target = &theory->target,
                      .neurons = neurons,
                      .draws = draws,
                      .delta = theory->solutions[theory->selected].state.steep,
                      .scratch_size = mfli_orthogonal_scratch((int32_t)theory->problem.dimension -
                                                              theory->problem.gain.support)};
    job.all = mfli_alloc(context, (size_t)draws, sizeof *job.all);
    job.scratch =
        job.all ? mfli_alloc(context, (size_t)threads * (size_t)job.scratch_size, sizeof(double))
                : NULL;
    if (!job.scratch) {
        mfli_free(context, job.all);
        return MFL_ERROR_MEMORY;
    }
    mfli_team_for(context, threads, (draws + block - 1) / block, draw_block, NULL, &job);
    status = mfli_cancelled(context) ? MFL_ERROR_CANCELLED : jackknife(&job, difference, error);
    if (status == MFL_ERROR_CANCELLED)
        mfli_fail(context, status, "sums over all inputs were cancelled");
    mfli_free(context, job.scratch);
    mfli_free(context, job.all);
    return status;
}

static int32_t correct(mfl_theory *theory, int64_t draws, double *m, double *difference,
                       double *error)
{
    mfli_neurons *neurons;
    double by, its_error = 0.0;
    const mfli_results *results = &theory->results[theory->selected];
    int32_t status = check(theory, draws);
    if (status == MFL_OK)
        status = mfli_theory_neurons(theory, &neurons);
    by = 0.0;
    if (status == MFL_OK && theory->samples > 0.0)
        status = run(theory, neurons, draws, &by, &its_error);
    if (status != MFL_OK)
        return status;
    if (m)
        *m = results->value[0] + by;
    if (difference)
        *difference = by;
    if (error)
        *error = its_error;
    return MFL_OK;
}

int32_t mfl_theory_finite(mfl_theory *theory, int64_t draws, double *m, double *difference,
                          double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, correct(theory, draws, m, difference, error));
}
