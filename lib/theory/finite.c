/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean field without the central limit theorem in J_A and Sigma, for few inputs.
 *
 * Neurons are drawn from the law that has it, and the self-consistency is solved over these neurons
 * twice: with both J_A, each time with the weights that make up for the law and the order
 * parameters they were drawn under. The difference of the two solutions, in which most of the
 * fluctuations cancel, is added to m_A from quadrature. Its standard error is that of the jackknife
 * over groups of neurons. */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "rng/normals.h"
#include "theory/handle.h"
#include "theory/orthogonal.h"
#include "theory/walsh.h"

enum { groups = 24, block = 32, rounds_most = 2000, newton_most = 100, halvings_most = 20 };

/* Weights that leave fewer neurons than this part of them are not trusted. */
static const double least_effective = 0.1;
/* Misfits of (T9) and changes of log precisions that count as none. */
static const double rounding = 1e-12, settled = 1e-10;

/* One neuron felt by one of the two J; with eps = sum_A delta_A J_A its law is
 * exp(base + (P/2 kappa^2) share eps^2), and its part of m_A is N share eps J_A (ensemble.h: share = s/Sigma). */
typedef struct felt {
    double base, share;
    double *j;
} felt;

/* Numbers kept of a neuron: two felt neurons, (w_j)^2 of the variables and of the rest together. */
typedef struct finite_job {
    mfl_context *context;
    const mfli_multimode *problem;
    const mfli_neurons *neurons;
    mfli_pull pull; /* that the neurons are drawn under */
    const double *m;
    int64_t draws;
    int32_t modes, variables, off_count, stride;
    double unit;
    double *all, *scratch; /* scratch: of each thread */
    int64_t scratch_size;
    int32_t status; /* of a caller's activation */
} finite_job;

static felt felt_at(const finite_job *job, int64_t i, int32_t exact)
{
    double *at = job->all + i * job->stride + exact * (job->modes + 2);
    return (felt){at[0], at[1], at + 2};
}

static double *squares_at(const finite_job *job, int64_t i)
{
    return job->all + i * job->stride + 2 * (job->modes + 2);
}

/* ---- draws ---- */

/* The weights off the support have a random direction. */
static void place_off(const finite_job *job, int64_t i, double across, double *off)
{
    const mfli_stream stream = {mfli_seed(job->context), 0, 0, MFLI_PURPOSE_NEURON_INPUTS};
    double square = 0.0;
    if (job->off_count > 0)
        mfli_normal_matrix(&stream, (uint64_t)i, 1, (size_t)job->off_count, off, (size_t)job->off_count);
    for (int32_t j = 0; j < job->off_count; j++)
        square += off[j] * off[j];
    for (int32_t j = 0; j < job->off_count; j++)
        off[j] *= across / sqrt(square);
}

/* Means over the signs of the variables, by the central limit theorem off them. */
static int32_t gaussian_means(const finite_job *job, const mfli_neuron_draw *neuron, double *mean, double *square)
{
    mfli_average average = {&job->problem->model, 0.0};
    int32_t all = 1 << job->variables, status = MFL_OK;
    *square = 0.0;
    for (int32_t s = 0; s < all && status == MFL_OK; s++) {
        double mu = mfli_signed_sum(job->variables, s, neuron->on), power = 0.0;
        status = mfli_average_at(job->context, &average, mu, neuron->across * neuron->across, &mean[s], &power);
        *square += power / all;
    }
    return status;
}

static void feel(const finite_job *job, double *mean, double square, double *to)
{
    const mfli_modes *modes = &job->problem->modes;
    double u = job->pull.saturation * square, grown = job->pull.fixed ? 0.0 : u;
    mfli_walsh_transform(job->variables, mean);
    to[0] = -0.5 * log1p(grown);
    to[1] = job->pull.saturation / (1.0 + grown);
    for (int32_t a = 0; a < modes->count; a++) {
        int32_t set = 0;
        for (int32_t j = 0; j < job->variables; j++)
            set |= modes->mode[a].degree[j] << j;
        to[2 + a] = mean[set];
    }
}

static int32_t draw_one(const finite_job *job, int64_t i, double *scratch)
{
    mfli_draws draws = {{mfli_seed(job->context), (uint64_t)i, 0, MFLI_PURPOSE_NEURON}, 0};
    double mean[1 << MFLI_VARIABLES_MOST], off[MFLI_ORTHOGONAL_MOST + 1], square, *squares = squares_at(job, i);
    mfli_neuron_draw neuron;
    int32_t status = job->neurons->law.draw(job->neurons->law.data, &draws, &neuron);
    if (status == MFL_OK)
        status = gaussian_means(job, &neuron, mean, &square);
    if (status != MFL_OK)
        return status;
    double *to = job->all + i * job->stride;
    feel(job, mean, square, to);
    place_off(job, i, neuron.across, off);
    status = mfli_orthogonal_means(job->context, &job->problem->model, job->variables, neuron.on, job->off_count, off,
                                   scratch, mean, &square);
    if (status != MFL_OK)
        return status;
    feel(job, mean, square, to + job->modes + 2);
    for (int32_t j = 0; j < job->variables; j++)
        squares[j] = neuron.on[j] * neuron.on[j] / job->unit;
    squares[job->variables] = neuron.across * neuron.across / job->unit;
    return MFL_OK;
}

/* Only a caller's activation can fail, and that is asked on one thread. */
static void draw_block(void *data, int64_t index, int32_t thread)
{
    finite_job *job = data;
    int64_t last = (index + 1) * block < job->draws ? (index + 1) * block : job->draws;
    for (int64_t i = index * block; i < last; i++) {
        if (mfli_cancelled(job->context) || (job->neurons->law.is_caller && job->status != MFL_OK))
            return;
        int32_t status = draw_one(job, i, job->scratch + thread * job->scratch_size);
        if (job->neurons->law.is_caller)
            job->status = status;
    }
    if (thread == 0)
        mfli_progress(job->context, "sums over all inputs", (double)last / (double)job->draws);
}

/* ---- self-consistency over the draws ---- */

typedef struct weighted {
    const finite_job *job;
    int32_t exact;    /* which J */
    int32_t left_out; /* group; -1: none */
    double m[MFLI_MODES_MOST], precision[MFLI_VARIABLES_MOST + 1]; /* where to start, and the solution */
    /* weighted averages: T(m), its slope in delta, (w_j)^2; effective part of the draws */
    double t[MFLI_MODES_MOST], slope[MFLI_MODES_MOST][MFLI_MODES_MOST], square[MFLI_VARIABLES_MOST + 1], effective;
} weighted;

static double others(const finite_job *job)
{
    return 1.0 - 1.0 / job->problem->width;
}

static double dot(int32_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Logarithm of the weight that turns the law of the draws into that of delta and the precisions. */
static double log_weight(const weighted *w, const double *delta, int64_t i, double *eps)
{
    const finite_job *job = w->job;
    const double *squares = squares_at(job, i);
    felt from = felt_at(job, i, 0), to = felt_at(job, i, w->exact);
    double before = dot(job->modes, job->pull.delta, from.j), sum = to.base - from.base;
    *eps = dot(job->modes, delta, to.j);
    sum += 0.5 * job->pull.gain * (to.share * *eps * *eps - from.share * before * before);
    for (int32_t l = 0; l <= job->variables; l++)
        sum -= 0.5 * (w->precision[l] - job->pull.precision[l]) * squares[l];
    return sum;
}

static void add_neuron(weighted *w, int64_t i, double weight, double eps)
{
    const finite_job *job = w->job;
    const double *squares = squares_at(job, i);
    felt one = felt_at(job, i, w->exact);
    double curvature = weight * one.share * (1.0 + job->pull.gain * one.share * eps * eps);
    for (int32_t a = 0; a < job->modes; a++) {
        w->t[a] += weight * one.share * eps * one.j[a];
        for (int32_t b = 0; b <= a; b++)
            w->slope[a][b] += curvature * one.j[a] * one.j[b];
    }
    for (int32_t l = 0; l <= job->variables; l++)
        w->square[l] += weight * squares[l];
}

/* Averages at m; the largest logarithm of a weight is taken out first. */
static void average(weighted *w)
{
    const finite_job *job = w->job;
    double delta[MFLI_MODES_MOST], top = -INFINITY, mass = 0.0, squares = 0.0, eps, width = job->problem->width;
    int64_t used = 0;
    for (int32_t a = 0; a < job->modes; a++)
        delta[a] = job->problem->modes.mode[a].target - others(job) * w->m[a];
    for (int64_t i = 0; i < job->draws; i++)
        if (i % groups != w->left_out)
            top = fmax(top, log_weight(w, delta, i, &eps));
    memset(w->t, 0, sizeof w->t);
    memset(w->slope, 0, sizeof w->slope);
    memset(w->square, 0, sizeof w->square);
    for (int64_t i = 0; i < job->draws; i++) {
        if (i % groups == w->left_out)
            continue;
        double weight = exp(log_weight(w, delta, i, &eps) - top);
        used++;
        mass += weight;
        squares += weight * weight;
        add_neuron(w, i, weight, eps);
    }
    for (int32_t l = 0; l <= job->variables; l++)
        w->square[l] /= mass;
    for (int32_t a = 0; a < job->modes; a++)
        w->t[a] *= width / mass;
    for (int32_t a = 0; a < job->modes; a++)
        for (int32_t b = 0; b <= a; b++)
            w->slope[b][a] = w->slope[a][b] =
                width / mass * w->slope[a][b] - job->pull.gain * w->t[a] * w->t[b] / width;
    w->effective = mass * mass / (squares * (double)used);
}

/* T(m) - m, whose square is returned. */
static double misfit(const weighted *w, double *f)
{
    for (int32_t a = 0; a < w->job->modes; a++)
        f[a] = w->t[a] - w->m[a];
    return dot(w->job->modes, f, f);
}

/* (T9): T(m) - m is the gradient of a concave function (multimode.h), so that Newton's step, if short enough, always
 * lets it shrink. */
static void solve_m(weighted *w)
{
    double f[MFLI_MODES_MOST], step[MFLI_MODES_MOST], matrix[MFLI_MODES_MOST][MFLI_MODES_MOST], from[MFLI_MODES_MOST];
    int32_t n = w->job->modes, halving = 0;
    average(w);
    double left = misfit(w, f);
    for (int32_t i = 0; i < newton_most && left > rounding * rounding && halving < halvings_most; i++) {
        double now = INFINITY, length = 1.0;
        memcpy(step, f, sizeof step);
        memcpy(from, w->m, sizeof from);
        for (int32_t a = 0; a < n; a++)
            for (int32_t b = 0; b < n; b++)
                matrix[a][b] = (a == b) + others(w->job) * w->slope[a][b];
        mfli_solve_linear(n, matrix, step);
        for (halving = 0; !(now < left) && halving < halvings_most; halving++, length *= 0.5) {
            for (int32_t a = 0; a < n; a++)
                w->m[a] = from[a] + length * step[a];
            average(w);
            now = misfit(w, f);
        }
        left = now;
    }
}

/* (T12), damped; variables that are alike share what they say. Returns the largest change of a logarithm. */
static double move_precisions(weighted *w)
{
    const mfli_multimode *problem = w->job->problem;
    const mfli_closure *closure = &problem->closure;
    double half = 0.5 * closure->sharing, change = 0.0, mean = 0.0;
    int32_t r = w->job->variables;
    for (int32_t l = 0; l < r; l++)
        mean += w->square[l] / r;
    for (int32_t l = 0; l < r + (w->job->off_count > 0); l++) {
        double square = l == r           ? w->square[r] / w->job->off_count
            : problem->modes.exchanged ? mean
                                         : w->square[l];
        double next = (closure->alpha + half) / (closure->beta + half * square);
        double step = closure->damping * log(next / w->precision[l]);
        w->precision[l] *= exp(step);
        change = fmax(change, fabs(step));
    }
    return change;
}

/* m, with (T12) beside it where precisions are order parameters. */
static int32_t solve(weighted *w)
{
    int32_t is_ard = w->job->problem->closure.prior == MFL_THEORY_PRIOR_ARD;
    for (int32_t round = 0; round < rounds_most; round++) {
        if (mfli_progress(w->job->context, "self-consistency over draws", 1.0))
            return MFL_ERROR_CANCELLED;
        solve_m(w);
        if (!is_ard || move_precisions(w) < settled)
            break;
    }
    return MFL_OK;
}

/* Numbers corrected: m_A of each mode, then m of them all. */
typedef struct correction {
    double by[MFLI_MODES_MOST + 1];
} correction;

/* Solution with the inputs' sums less that without, leaving out a group of draws; both start where
 * they ended last. */
static int32_t difference_without(weighted both[2], int32_t group, correction *difference)
{
    const mfli_modes *modes = &both->job->problem->modes;
    double square = modes->left_out, overlap = 0.0;
    for (int32_t exact = 0; exact < 2; exact++) {
        both[exact].left_out = group;
        int32_t status = solve(&both[exact]);
        if (status != MFL_OK)
            return status;
        if (!(both[exact].effective > least_effective))
            return mfli_fail(both->job->context, MFL_ERROR_TOLERANCE,
                             "the law without the central limit is too far from the one with it: "
                             "weights leave %.3g of "
                             "the draws; the dimension is too small",
                             both[exact].effective);
    }
    for (int32_t a = 0; a < modes->count; a++) {
        double target = modes->mode[a].target;
        difference->by[a] = both[1].m[a] - both[0].m[a];
        overlap += target * difference->by[a];
        square += target * target;
    }
    difference->by[modes->count] = overlap / square;
    return MFL_OK;
}

static int32_t jackknife(const finite_job *job, weighted both[2], correction without[groups], correction *difference,
                         correction *error)
{
    for (int32_t exact = 0; exact < 2; exact++) {
        both[exact].job = job;
        both[exact].exact = exact;
        memcpy(both[exact].m, job->m, sizeof both->m);
        memcpy(both[exact].precision, job->pull.precision, sizeof both->precision);
    }
    int32_t status = difference_without(both, -1, difference);
    for (int32_t g = 0; g < groups && status == MFL_OK; g++)
        status = difference_without(both, g, &without[g]);
    for (int32_t a = 0; a <= job->modes && status == MFL_OK; a++) {
        double mean = 0.0, square = 0.0;
        for (int32_t g = 0; g < groups; g++)
            mean += without[g].by[a] / groups;
        for (int32_t g = 0; g < groups; g++)
            square += pow(without[g].by[a] - mean, 2.0);
        error->by[a] = sqrt(square * (groups - 1.0) / groups);
    }
    return status;
}

/* ---- the public functions ---- */

static int32_t check(mfl_theory *theory, int64_t draws)
{
    mfl_context *context = theory->object.context;
    const mfli_multimode *problem = &theory->multimode;
    int64_t off_count = problem->model.dimension - problem->modes.variables;
    if (draws < 10 * groups || draws > INT64_C(1) << 32)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "draws is %lld; it must lie in [%d, 2^32]",
                         (long long)draws, 10 * groups);
    if (theory->empirical)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "sums over all inputs are for theories of a population only");
    if (theory->results[theory->selected].levels == 0)
        return mfli_fail(context, MFL_ERROR_STATE, "nothing was solved yet; call mfl_theory_solve");
    if (problem->modes.gaussian || theory->samples == 0.0)
        return MFL_OK;
    if (problem->width == 0.0 || mfli_needs_classes(&problem->closure))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "sums over all inputs are for a finite width, and neither screening nor renormalised noise");
    if (off_count > mfli_orthogonal_most(&problem->model))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "%lld inputs are no variables of the target; sums over all inputs reach %d of them",
                         (long long)off_count, mfli_orthogonal_most(&problem->model));
    return MFL_OK;
}

/* The law of the draws, in one form for all theories. */
static mfli_pull pull_of(const mfl_theory *theory)
{
    const mfli_multimode *problem = &theory->multimode;
    const mfli_solution *solution = &theory->solutions[theory->selected];
    mfli_pull pull = theory->pulls[theory->selected];
    if (!theory->drawable)
        return pull;
    pull = (mfli_pull){.gain = theory->samples / (theory->kappa * theory->kappa),
                       .fixed = problem->closure.self_energy == MFL_THEORY_SELF_NONE,
                       .delta = {solution->state.steep}};
    pull.saturation = pull.gain * mfli_multimode_unit(problem) / problem->width;
    for (int32_t j = 0; j <= problem->modes.variables; j++)
        pull.precision[j] = solution->order.precision[j == problem->modes.variables];
    return pull;
}

/* Room of a run that is too much for the stack. */
typedef struct finite_room {
    weighted both[2];
    correction without[groups];
} finite_room;

static int32_t fill(finite_job *job, int32_t threads)
{
    mfli_team_for(job->context, threads, (job->draws + block - 1) / block, draw_block, NULL, job);
    return mfli_cancelled(job->context) ? MFL_ERROR_CANCELLED : job->status;
}

static int32_t run(mfl_theory *theory, int64_t draws, correction *difference, correction *error)
{
    mfl_context *context = theory->object.context;
    const mfli_multimode *problem = &theory->multimode;
    double start[MFLI_MODES_MOST] = {0.0};
    mfli_neurons *neurons;
    int32_t status = mfli_theory_neurons(theory, &neurons);
    if (status != MFL_OK)
        return status;
    for (int32_t a = 0; a < problem->modes.count; a++)
        start[a] = theory->results[theory->selected].value[MFLI_RESULTS_MODES + 2 * a];
    finite_job job = {.context = context,
                      .problem = problem,
                      .neurons = neurons,
                      .pull = pull_of(theory),
                      .m = start,
                      .draws = draws,
                      .modes = problem->modes.count,
                      .variables = problem->modes.variables,
                      .off_count = (int32_t)problem->model.dimension - problem->modes.variables,
                      .stride = 2 * (problem->modes.count + 2) + problem->modes.variables + 1,
                      .unit = neurons->law.unit};
    int32_t threads = mfli_neurons_threads(context, neurons);
    job.scratch_size = mfli_orthogonal_scratch(&problem->model, job.off_count);
    finite_room *room = mfli_alloc_zeroed(context, 1, sizeof *room);
    job.all = room ? mfli_alloc(context, (size_t)draws * (size_t)job.stride, sizeof(double)) : NULL;
    job.scratch = job.all ? mfli_alloc(context, (size_t)threads * (size_t)job.scratch_size, sizeof(double)) : NULL;
    status = job.scratch ? fill(&job, threads) : MFL_ERROR_MEMORY;
    if (status == MFL_OK)
        status = jackknife(&job, room->both, room->without, difference, error);
    if (status == MFL_ERROR_CANCELLED)
        mfli_fail(context, status, "sums over all inputs were cancelled");
    mfli_free(context, job.scratch);
    mfli_free(context, job.all);
    mfli_free(context, room);
    return status;
}

/* On Gaussian inputs there is nothing to correct. */
static int32_t correct(mfl_theory *theory, int64_t draws, correction *difference, correction *error)
{
    int32_t status = check(theory, draws);
    *difference = *error = (correction){{0.0}};
    if (status == MFL_OK && theory->samples > 0.0 && !theory->multimode.modes.gaussian)
        status = run(theory, draws, difference, error);
    return status;
}

static int32_t correct_whole(mfl_theory *theory, int64_t draws, double *m, double *difference, double *error)
{
    correction by, its_error;
    int32_t status = correct(theory, draws, &by, &its_error), whole = theory->multimode.modes.count;
    if (status != MFL_OK)
        return status;
    if (m)
        *m = theory->results[theory->selected].value[0] + by.by[whole];
    if (difference)
        *difference = by.by[whole];
    if (error)
        *error = its_error.by[whole];
    return MFL_OK;
}

int32_t mfl_theory_finite(mfl_theory *theory, int64_t draws, double *m, double *difference,
                          double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, correct_whole(theory, draws, m, difference, error));
}

static int32_t correct_modes(mfl_theory *theory, int64_t draws, int64_t count, double *m, double *difference,
                             double *error)
{
    correction by, its_error;
    const int32_t modes = theory->multimode.modes.count;
    if (!theory->empirical && count != modes)
        return mfli_fail(theory->object.context, MFL_ERROR_SIZE, "count is %lld; the theory has %d modes",
                         (long long)count, (int)modes);
    int32_t status = correct(theory, draws, &by, &its_error);
    for (int32_t a = 0; a < modes && status == MFL_OK; a++) {
        if (m)
            m[a] = theory->results[theory->selected].value[MFLI_RESULTS_MODES + 2 * a] + by.by[a];
        if (difference)
            difference[a] = by.by[a];
        if (error)
            error[a] = its_error.by[a];
    }
    return status;
}

int32_t mfl_theory_finite_modes(mfl_theory *theory, int64_t draws, int64_t count, double *m, double *difference,
                                double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status : mfli_leave(theory, correct_modes(theory, draws, count, m, difference, error));
}
