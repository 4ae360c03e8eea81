/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/particles.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "theory/density.h"
#include "theory/draws.h"

enum {
    block = 32,       /* particles that one thread moves */
    stride = 10,      /* steps between two looks at the moments */
    slots = 64,       /* of the record */
    fewest = 5,       /* batches that an error is told from */
    element_bits = 12 /* random numbers of one step of one particle */
};

/* Weight of the newest moments in the moving average. */
static const double newest = 0.05;
/* Metropolis acceptance that the size of the steps is tuned to. */
static const double wanted = 0.57;
/* Part of the record that is left out, for the particles to forget where they began. */
static const double forgotten = 0.5;
/* So many times as long as the particles remember must the rest of the record be. */
static const double memories = 10.0;

typedef struct particle {
    double on[MFLI_DEGREE_MOST], across;
    mfli_density_slope here;
} particle;

/* Moments of the particles and the order parameters they belong to. Doubles throughout, so that
 * records can be added. */
typedef struct record {
    double count, steep;
    mfli_order order;
    mfli_neuron neuron;
} record;

enum { record_size = sizeof(record) / sizeof(double) };

typedef struct swarm {
    const mfli_setting *setting;
    int64_t count, blocks;
    int32_t branch;
    particle *particles;
    mfli_neuron *moments; /* of each block, summed */
    double *accepted;     /* of each block */
    mfli_density density;
    uint64_t time; /* steps so far */
    double size;   /* of steps, in units of the prior's variance */
    record slot[slots];
    int32_t used;      /* slots that hold something */
    double slot_count; /* looks that go in one */
} swarm;

/* ---- steps ---- */

static void add(double *to, const double *from, size_t count, double factor)
{
    for (size_t i = 0; i < count; i++)
        to[i] += factor * from[i];
}

/* One proposal in R^d, with what its Metropolis test needs: how far w_perp moves along itself and
 * in all. */
static void step(const swarm *s, particle *p, mfli_draws *draws, double *accepted)
{
    const mfli_density *density = &s->density;
    const mfli_mean_field *problem = density->problem;
    int32_t k = problem->gain.support;
    double off_count = (double)problem->dimension - k, z[MFLI_DEGREE_MOST + 1], forward = 0.0,
           backward = 0.0;
    double h[2] = {s->size * density->unit / density->field.precision[0],
                   s->size * density->unit / density->field.precision[1]};
    particle next = *p;
    mfli_draw_normals(draws, k + 1, z);
    for (int32_t j = 0; j < k; j++)
        next.on[j] += h[0] * p->here.on[j] + sqrt(2.0 * h[0]) * z[j];
    double along = p->across + h[1] * p->here.across + sqrt(2.0 * h[1]) * z[k], aside = 0.0;
    if (off_count > 1.0)
        aside = 2.0 * h[1] * mfli_draw_chi_squared(draws, off_count - 1.0);
    if (off_count > 0.0)
        next.across = sqrt(along * along + aside);
    mfli_density_slope_at(density, next.on, next.across, &next.here);
    for (int32_t j = 0; j < k; j++) {
        double back = p->on[j] - next.on[j] - h[0] * next.here.on[j];
        forward += 0.5 * z[j] * z[j];
        backward += back * back / (4.0 * h[0]);
    }
    if (off_count > 0.0) { /* |w_perp - w'_perp (1 + h slope'/|w'_perp|)|^2 */
        double grown = 1.0 + h[1] * next.here.across / next.across, end = next.across * grown;
        forward += 0.5 * z[k] * z[k] + aside / (4.0 * h[1]);
        backward +=
            (p->across * p->across + end * end - 2.0 * p->across * along * grown) / (4.0 * h[1]);
    }
    double log_ratio = next.here.log_density - p->here.log_density + forward - backward;
    if (log(mfli_draw_uniform(draws)) < log_ratio) {
        *p = next;
        *accepted += 1.0;
    }
}

static void add_moments(const swarm *s, const particle *p, mfli_neuron *to)
{
    const mfli_density *density = &s->density;
    const mfli_mean_field *problem = density->problem;
    double square = 0.0, sum = 0.0, unit_on[MFLI_DEGREE_MOST] = {1.0}, k = problem->gain.support;
    for (int32_t j = 0; j < problem->gain.support; j++) {
        square += p->on[j] * p->on[j];
        sum += fabs(p->on[j]);
    }
    double whole = square + p->across * p->across, x = whole / density->unit, along = sqrt(square);
    double q = p->here.projection * p->here.projection / (problem->power * whole);
    double share = p->here.phi > 0.0 ? 1.0 / p->here.phi : 0.0;
    double saturated = density->field.fixed ? p->here.u : p->here.u / (1.0 + p->here.u),
           felt = saturated * share;
    to->qs += q * felt;
    to->q2s2 += q * q * felt * felt;
    to->s += felt;
    to->qs2 += q * felt * felt;
    to->q += x * q;
    to->aligned += square / density->unit;
    to->across += p->across * p->across / density->unit;
    to->specialised += sum * sum > 0.5 * k * whole;
    if (!mfli_needs_classes(&problem->closure))
        return;
    double power[MFLI_CLASSES_MOST];
    for (int32_t j = 0; along > 0.0 && j < problem->gain.support; j++)
        unit_on[j] = p->on[j] / along;
    mfli_classes_power(&problem->classes, unit_on, p->across > 0.0 ? along / p->across : INFINITY,
                       power);
    add(to->power, power, (size_t)problem->classes.count, x);
}

/* `stride` steps of the particles of one block under the present order parameters, and their
 * moments in the end. */
static void move_block(void *data, int64_t index, int32_t thread)
{
    swarm *s = data;
    int64_t last = (index + 1) * block < s->count ? (index + 1) * block : s->count;
    (void)thread;
    memset(&s->moments[index], 0, sizeof s->moments[index]);
    s->accepted[index] = 0.0;
    for (int64_t i = index * block; i < last; i++) {
        particle *p = &s->particles[i];
        mfli_density_slope_at(&s->density, p->on, p->across, &p->here);
        for (int32_t l = 0; l < stride; l++) {
            mfli_draws draws = {{mfli_seed(s->setting->context), s->time + (uint64_t)l,
                                 (uint32_t)s->branch, MFLI_PURPOSE_NEURON_STEPS},
                                (uint64_t)i << element_bits};
            step(s, p, &draws, &s->accepted[index]);
        }
        add_moments(s, p, &s->moments[index]);
    }
}

/* Blocks in their order, whoever moved them. */
static double collect(const swarm *s, mfli_neuron *mean)
{
    double accepted = 0.0;
    memset(mean, 0, sizeof *mean);
    for (int64_t b = 0; b < s->blocks; b++) {
        add((double *)mean, (const double *)&s->moments[b], sizeof *mean / sizeof(double),
            1.0 / (double)s->count);
        accepted += s->accepted[b];
    }
    return accepted / ((double)s->count * stride);
}

/* ---- order parameters ---- */

static double others(const swarm *s)
{
    return 1.0 - 1.0 / (double)s->setting->problem->width;
}

/* The state that moments make, the steep unknown solved for with the moments held. */
static void conclude(const swarm *s, const mfli_order *order, double steep,
                     const mfli_neuron *neuron, mfli_mean_field_state *state)
{
    const mfli_mean_field *problem = s->setting->problem;
    double response[MFLI_CLASSES_MOST];
    state->neuron = *neuron;
    mfli_mean_field_field(s->setting, order, steep, response, state);
    mfli_mean_field_conclude(s->setting, steep, state);
    state->specialised = neuron->specialised;
    if (mfli_is_prior(s->setting))
        return;
    if (problem->closure.self_energy == MFL_THEORY_SELF_SCREENED) {
        state->steep = state->lambda_target;
        return;
    }
    double next = 1.0 / (1.0 + others(s) * state->m / steep);
    mfli_mean_field_field(s->setting, order, next, response, state);
    mfli_mean_field_conclude(s->setting, next, state);
}

/* Move to the order parameters that the moments make. */
static void follow(swarm *s, const mfli_neuron *moments, mfli_order *order, double *steep)
{
    mfli_mean_field_state state;
    conclude(s, order, *steep, moments, &state);
    *steep = state.steep;
    mfli_order_map(s->setting, &state, order);
    mfli_density_set(s->setting, order, *steep, &s->density);
}

/* Particles of the prior, or with most of their length on the support, along a sign pattern. */
static void place(swarm *s)
{
    const mfli_mean_field *problem = s->setting->problem;
    int32_t k = problem->gain.support;
    double off_count = (double)problem->dimension - k, root = sqrt(s->density.unit);
    memset(s->moments, 0, (size_t)s->blocks * sizeof *s->moments);
    for (int64_t i = 0; i < s->count; i++) {
        mfli_draws draws = {{mfli_seed(s->setting->context), 0, 16 + (uint32_t)s->branch,
                             MFLI_PURPOSE_NEURON_STEPS},
                            (uint64_t)i << element_bits};
        particle *p = &s->particles[i];
        double off = off_count > 0.0 ? mfli_draw_chi_squared(&draws, off_count) : 0.0,
               z[MFLI_DEGREE_MOST];
        mfli_draw_normals(&draws, k, z);
        int32_t aligned = s->branch == MFLI_BRANCH_COOLING;
        for (int32_t j = 0; j < k; j++)
            p->on[j] = root * (z[j] + (aligned ? copysign(sqrt(off / k), z[j]) : 0.0));
        p->across = root * sqrt(off) * (aligned ? 0.3 : 1.0);
        mfli_density_slope_at(&s->density, p->on, p->across, &p->here);
        add_moments(s, p, &s->moments[i / block]);
    }
}

/* ---- the record ---- */

static void remember(swarm *s, const record *now)
{
    if (s->used == slots && s->slot[slots - 1].count >= s->slot_count) { /* two of them in one */
        for (int32_t i = 0; i < slots / 2; i++) {
            record pair = s->slot[2 * i];
            add((double *)&pair, (const double *)&s->slot[2 * i + 1], record_size, 1.0);
            s->slot[i] = pair;
        }
        s->used = slots / 2;
        s->slot_count *= 2.0;
    }
    if (s->used == 0 || s->slot[s->used - 1].count >= s->slot_count)
        memset(&s->slot[s->used++], 0, sizeof(record));
    add((double *)&s->slot[s->used - 1], (const double *)now, record_size, 1.0);
}

/* What a record, or the sum of some, says about all equations. */
static void solution_of(const swarm *s, const record *sum, mfli_solution *solution)
{
    const mfli_mean_field *problem = s->setting->problem;
    record mean = {.count = 0.0};
    add((double *)&mean, (const double *)sum, record_size, 1.0 / sum->count);
    mfli_order next = mean.order;
    memset(solution, 0, sizeof *solution);
    solution->known = 1;
    solution->order = mean.order;
    conclude(s, &mean.order, mean.steep, &mean.neuron, &solution->state);
    solution->state.neuron.log_mass = NAN; /* no average of particles */
    if (mfli_is_prior(s->setting))
        return;
    if (problem->closure.self_energy != MFL_THEORY_SELF_SCREENED)
        solution->state.mismatch = fabs(solution->state.steep - mean.steep);
    mfli_order_map(s->setting, &solution->state, &next);
    for (int32_t i = 0; i < 2; i++)
        solution->off_precision =
            fmax(solution->off_precision, fabs(log(next.precision[i] / mean.order.precision[i])));
    solution->off_noise = fabs(log(next.noise / mean.order.noise));
    for (int32_t l = 0;
         problem->closure.self_energy == MFL_THEORY_SELF_SCREENED && l < problem->classes.rest; l++)
        if (mean.order.lambda[l] > 0.0)
            solution->off_power =
                fmax(solution->off_power, fabs(log(next.lambda[l] / mean.order.lambda[l])));
}

/* Standard errors from batches of `size` consecutive slots; returns the number of batches. */
static int32_t batch_errors(const swarm *s, int32_t first, int32_t last, int32_t size,
                            double *error)
{
    double mean[MFLI_NUMBERS] = {0.0}, square[MFLI_NUMBERS] = {0.0}, value[MFLI_NUMBERS];
    int32_t n = (last - first) / size;
    for (int32_t b = 0; b < n && n >= fewest; b++) {
        record sum = {.count = 0.0};
        mfli_solution solution;
        for (int32_t i = 0; i < size; i++)
            add((double *)&sum, (const double *)&s->slot[last - 1 - b * size - i], record_size,
                1.0);
        solution_of(s, &sum, &solution);
        mfli_results_values(s->setting, &solution, 0.0, value);
        for (int32_t r = 0; r < MFLI_NUMBERS; r++) {
            double step = value[r] - mean[r];
            mean[r] += step / (b + 1.0);
            square[r] += step * (value[r] - mean[r]);
        }
    }
    for (int32_t r = 0; r < MFLI_NUMBERS; r++)
        error[r] = sqrt(square[r] / (n * (n - 1.0)));
    return n;
}

/* What a record is good for: nothing yet, results, results whose errors can be trusted. */
typedef enum worth { nothing, known, settled } worth;

/* Results and their standard errors from the slots that are full and not forgotten. How long the
 * particles remember is not known, so batches of several lengths are tried and the largest error
 * taken. */
static worth evaluate(const swarm *s, mfli_solution *solution, mfli_results *results)
{
    int32_t first = (int32_t)ceil(forgotten * s->used), last = s->used - 1;
    double error[MFLI_NUMBERS], shortest[MFLI_NUMBERS];
    record sum = {.count = 0.0};
    if (last - first < 2 * fewest)
        return nothing;
    for (int32_t i = first; i < last; i++)
        add((double *)&sum, (const double *)&s->slot[i], record_size, 1.0);
    solution_of(s, &sum, solution);
    mfli_results_values(s->setting, solution, (double)s->time, results->value);
    memset(results->error, 0, sizeof results->error);
    for (int32_t size = 1; batch_errors(s, first, last, size, error) >= fewest; size *= 2) {
        if (size == 1)
            memcpy(shortest, error, sizeof error);
        for (int32_t r = 0; r < MFLI_NUMBERS; r++)
            results->error[r] = mfli_result_is_exact(r) ? 0.0 : fmax(results->error[r], error[r]);
    }
    results->levels = 1;
    for (int32_t r = 0; r < MFLI_NUMBERS; r++) { /* not so where there is no number */
        double memory = results->error[r] / shortest[r];
        if (memories * memory * memory > last - first)
            return known;
    }
    return settled;
}

static int32_t has_run_away(const mfli_neuron *neuron)
{
    return !(neuron->aligned + neuron->across < 1e12);
}

/* ---- all of it ---- */

static int32_t run(swarm *s, const mfli_particles_options *options, mfli_solution *solution,
                   mfli_results *results)
{
    mfl_context *context = s->setting->context;
    mfli_neuron moments, average;
    record now = {.count = 1.0, .steep = 1.0};
    worth found = nothing;
    mfli_order_init(s->setting->problem, s->setting->kappa, &now.order);
    mfli_density_set(s->setting, &now.order, now.steep, &s->density);
    place(s);
    collect(s, &average);
    for (int64_t looks = 0; (looks + 1) * stride <= options->steps; looks++) {
        follow(s, &average, &now.order, &now.steep);
        mfli_team_for(context, mfli_threads(context), s->blocks, move_block, NULL, s);
        s->time += stride;
        double acceptance = collect(s, &moments);
        s->size *= exp(0.3 * (acceptance - wanted) / sqrt(1.0 + 0.02 * (double)looks));
        if (has_run_away(&moments))
            return mfli_fail(
                context, MFL_ERROR_DIVERGED,
                "particles left every bound: the law of a neuron has no normalisation");
        for (size_t i = 0; i < sizeof moments / sizeof(double); i++)
            ((double *)&average)[i] += newest * (((double *)&moments)[i] - ((double *)&average)[i]);
        now.neuron = moments;
        remember(s, &now);
        if (mfli_progress(context, "particles", (double)s->time / (double)options->steps)) {
            results->stop = MFL_STOP_CANCELLED;
            return found != nothing || evaluate(s, solution, results) != nothing
                       ? MFL_OK
                       : MFL_ERROR_CANCELLED;
        }
        if (looks % 64 != 63)
            continue;
        found = evaluate(s, solution, results);
        if (found == settled && results->error[0] <= options->tolerance * fabs(results->value[0])) {
            results->stop = MFL_STOP_CONVERGED;
            return MFL_OK;
        }
    }
    results->stop = MFL_STOP_LIMIT;
    if (evaluate(s, solution, results) == nothing)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "%lld steps are too few to tell an error; it takes 300 or more",
                         (long long)options->steps);
    return MFL_OK;
}

int32_t mfli_particles_solve(const mfli_setting *setting, const mfli_particles_options *options,
                             int32_t branch, mfli_solution *solution, mfli_results *results)
{
    mfl_context *context = setting->context;
    int64_t blocks = (options->particles + block - 1) / block;
    mfli_results_clear(results);
    swarm *s = mfli_alloc_zeroed(context, 1, sizeof *s);
    if (!s)
        return MFL_ERROR_MEMORY;
    s->setting = setting;
    s->count = options->particles;
    s->blocks = blocks;
    s->branch = branch;
    s->size = 0.1;
    s->slot_count = 1.0;
    s->particles = mfli_alloc(context, (size_t)s->count, sizeof *s->particles);
    s->moments = s->particles ? mfli_alloc(context, (size_t)blocks, sizeof *s->moments) : NULL;
    s->accepted =
        s->moments ? mfli_alloc_zeroed(context, (size_t)blocks, sizeof *s->accepted) : NULL;
    int32_t status = s->accepted ? run(s, options, solution, results) : MFL_ERROR_MEMORY;
    mfli_free(context, s->accepted);
    mfli_free(context, s->moments);
    mfli_free(context, s->particles);
    mfli_free(context, s);
    return status;
}
