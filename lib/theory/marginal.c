/* SPDX-License-Identifier: BSD-3-Clause */
/* Marginal densities of the single-neuron law.
 *
 * Through every neuron drawn runs a curve t -> w(t) along which the law is a one-dimensional
 * density, known up to its integral: a coordinate of w moves and the others stay, or w turns
 * towards its sign pattern. The average of these densities over neurons is the marginal density,
 * without bias and without bins. */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "theory/handle.h"

enum { blocks = 32 };

typedef struct curve {
    const mfli_density *density;
    int32_t kind;
    double on[MFLI_DEGREE_MOST],
        across;       /* where t = 0 (of a turn: what is orthogonal to the pattern, |w| = 1) */
    double length;    /* |w| of a turn */
    double start;     /* t of the neuron that was drawn */
    double low, high; /* range of t */
    double unit;      /* of lengths, or of the angle */
} curve;

/* Log density of t, up to a constant. */
static double log_density(const curve *c, double t)
{
    const mfli_density *density = c->density;
    int32_t k = density->problem->gain.support;
    double on[MFLI_DEGREE_MOST], across = c->across, value = 0.0, square = 0.0;
    mfli_density_point point;
    memcpy(on, c->on, sizeof on);
    switch (c->kind) {
    case MFL_THEORY_MARGINAL_ON:
        on[0] = t;
        break;
    case MFL_THEORY_MARGINAL_OFF:
        across = hypot(across, t);
        break;
    case MFL_THEORY_MARGINAL_PATTERN:
        for (int32_t j = 0; j < k; j++)
            on[j] += t / sqrt(k);
        break;
    default:
        value = ((double)density->problem->dimension - 2.0) * log(sin(t));
        for (int32_t j = 0; j < k; j++)
            on[j] = c->length * (cos(t) / sqrt(k) + sin(t) * on[j]);
        across *= c->length * sin(t);
    }
    for (int32_t j = 0; j < k; j++)
        square += on[j] * on[j];
    mfli_density_at(density, on, across, &point);
    return value + point.log_factor -
           0.5 *
               (density->field.precision[0] * square +
                density->field.precision[1] * across * across) /
               density->unit;
}

/* ---- the integral along a curve ---- */

/* Four nodes of Gauss and Legendre. */
static double panel(const curve *c, double from, double to, double reference)
{
    static const double node[2] = {0.33998104358485626, 0.86113631159405258};
    static const double weight[2] = {0.65214515486254614, 0.34785484513745386};
    double middle = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;
    for (int32_t i = 0; i < 2; i++)
        sum += weight[i] * (exp(log_density(c, middle + half * node[i]) - reference) +
                            exp(log_density(c, middle - half * node[i]) - reference));
    return fabs(half) * sum;
}

/* Widest panel at t: humps of the law are not narrower than this where the neuron itself does not
 * lie on them. */
static double widest(const curve *c, double t)
{
    return c->kind == MFL_THEORY_MARGINAL_ALIGNMENT ? 0.1 * t
                                                    : fmax(0.25 * c->unit, 0.01 * fabs(t));
}

/* From the neuron to an end of the range, in panels over which the logarithm changes little. */
static double march(const curve *c, double end, double reference)
{
    static const double change = 1.5, negligible = 36.0;
    double t = c->start, now = reference, sum = 0.0, side = end > t ? 1.0 : -1.0,
           h = 1e-3 * widest(c, t);
    for (int32_t i = 0; i < 20000 && side * (end - t) > 1e-14 * c->unit; i++) {
        h = fmin(fmin(2.0 * h, widest(c, t)), side * (end - t));
        double next = log_density(c, t + side * h);
        while (fabs(next - now) > change && fmax(next, now) > reference - negligible &&
               h > 1e-13 * c->unit) {
            h *= 0.5;
            next = log_density(c, t + side * h);
        }
        if (fmax(next, now) > reference - negligible)
            sum += panel(c, t, t + side * h, reference);
        else if (c->kind == MFL_THEORY_MARGINAL_ALIGNMENT && side < 0.0 && next < now)
            break; /* sin(t)^(d-2) only falls from here */
        t += side * h;
        now = next;
    }
    return sum;
}

/* Integral over the range, in units of exp(reference). */
static double integrate(const curve *c, double reference)
{
    return march(c, c->low, reference) + march(c, c->high, reference);
}

/* ---- curves through a neuron ---- */

/* The reach of a coordinate: the factor of the prior is at most exp(g), or without self-energy
 * exp(g c X). */
static double reach(const curve *c, const mfli_density_ray *steepest, double precision)
{
    int32_t fixed = c->density->field.fixed;
    double excess = fmax(0.0, (fixed ? 0.0 : steepest->g) - log_density(c, c->start));
    double left = fixed ? 1.0 - 2.0 * steepest->g * steepest->c : 1.0;
    return sqrt(2.0 * c->density->unit / (left * precision) * (40.0 + excess));
}

/* To the sign pattern that is nearest, with all signs made positive. */
static void turn(curve *c)
{
    int32_t k = c->density->problem->gain.support;
    double along = 0.0, aside = c->across * c->across, steepest = 0.0;
    for (int32_t j = 0; j < k; j++)
        along += fabs(c->on[j]) / sqrt(k);
    for (int32_t j = 0; j < k; j++) {
        c->on[j] = fabs(c->on[j]) - along / sqrt(k);
        aside += c->on[j] * c->on[j];
    }
    aside = fmax(sqrt(aside), 1e-300);
    for (int32_t j = 0; j < k; j++) {
        c->on[j] /= aside;
        steepest = fmax(steepest, -c->on[j]);
    }
    c->across /= aside;
    c->length = hypot(along, aside);
    c->start = atan2(aside, along);
    c->low = 0.0;
    c->high = atan2(1.0 / sqrt(k), steepest); /* where another pattern becomes the nearest */
    c->unit = c->start;
}

static void lay_curve(const mfli_hat *hat, int32_t kind, const mfli_neuron_draw *neuron,
                      mfli_draws *draws, curve *c)
{
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support, off = kind == MFL_THEORY_MARGINAL_OFF;
    double precision = density->field.precision[off],
           others = (double)density->problem->dimension - k - 1.0, z, mean = 0.0;
    *c = (curve){.density = density, .kind = kind, .across = neuron->across};
    memcpy(c->on, neuron->on, sizeof c->on);
    for (int32_t j = 0; j < k; j++)
        mean += c->on[j] / k;
    switch (kind) {
    case MFL_THEORY_MARGINAL_ON:
        c->start = fabs(c->on[0]);
        break;
    case MFL_THEORY_MARGINAL_OFF: /* the coordinate's share of w_perp */
        mfli_draw_normals(draws, 1, &z);
        c->start = c->across * fabs(z) /
                   sqrt(z * z + (others > 0.0 ? mfli_draw_chi_squared(draws, others) : 0.0));
        c->across = sqrt(fmax(0.0, (c->across - c->start) * (c->across + c->start)));
        break;
    case MFL_THEORY_MARGINAL_PATTERN:
        for (int32_t j = 0; j < k; j++)
            c->on[j] -= mean;
        c->start = sqrt(k) * mean;
        break;
    default:
        turn(c);
        return;
    }
    c->unit = sqrt(density->unit / precision);
    c->high = fmax(reach(c, &hat->steepest, precision), 2.0 * fabs(c->start));
    c->low = kind == MFL_THEORY_MARGINAL_PATTERN ? -c->high : 0.0;
}

/* Density at x of the marginal along the curve. */
static double value_at(const curve *c, double x, double reference, double integral)
{
    int32_t is_turn = c->kind == MFL_THEORY_MARGINAL_ALIGNMENT;
    double t = is_turn ? acos(sqrt(x)) : c->kind == MFL_THEORY_MARGINAL_PATTERN ? x : fabs(x);
    if (t < c->low || t > c->high)
        return 0.0;
    if (is_turn) /* x = cos(t)^2; at x = 1 it is the limit for d > 3 */
        return t > 0.0 ? exp(log_density(c, t) - reference) / (integral * sin(2.0 * t)) : 0.0;
    return exp(log_density(c, t) - reference) / (integral * (c->low < 0.0 ? 1.0 : 2.0));
}

/* ---- the average ---- */

typedef struct average_job {
    mfl_context *context;
    const mfli_neurons *neurons;
    int32_t kind;
    int64_t draws, count;
    const double *grid;
    double *sum, *square; /* count of each block after another */
} average_job;

static void add_block(void *data, int64_t block, int32_t thread)
{
    const average_job *job = data;
    double *sum = job->sum + block * job->count, *square = job->square + block * job->count;
    for (int64_t i = job->draws * block / blocks; i < job->draws * (block + 1) / blocks; i++) {
        mfli_draws draws = {{mfli_seed(job->context), (uint64_t)i, 0, MFLI_PURPOSE_NEURON}, 0};
        mfli_neuron_draw neuron;
        curve through;
        if (mfli_cancelled(job->context))
            return;
        mfli_hat_draw(&job->neurons->hat, &draws, &neuron);
        lay_curve(&job->neurons->hat, job->kind, &neuron, &draws, &through);
        double reference = log_density(&through, through.start),
               integral = integrate(&through, reference);
        for (int64_t l = 0; l < job->count; l++) {
            double value = value_at(&through, job->grid[l], reference, integral);
            sum[l] += value;
            square[l] += value * value;
        }
        if (thread == 0)
            mfli_progress(job->context, "marginal density", (double)i / (double)job->draws);
    }
}

/* Blocks in their order, whoever worked on them. */
static void collect(const average_job *job, double *density, double *error)
{
    double n = (double)job->draws;
    for (int64_t l = 0; l < job->count; l++) {
        double sum = 0.0, square = 0.0;
        for (int64_t b = 0; b < blocks; b++) {
            sum += job->sum[b * job->count + l];
            square += job->square[b * job->count + l];
        }
        density[l] = sum / n;
        if (error)
            error[l] = sqrt(fmax(0.0, square / n - density[l] * density[l]) / (n - 1.0));
    }
}

static int32_t check(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid,
                     int64_t count)
{
    mfl_context *context = theory->object.context;
    int64_t d = theory->problem.dimension;
    if (kind < MFL_THEORY_MARGINAL_ON || kind > MFL_THEORY_MARGINAL_ALIGNMENT)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "marginal is %d; it must be one of mfl_theory_marginals", (int)kind);
    if (draws < 2 || draws > INT64_C(1) << 40)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "draws is %lld; it must lie in [2, 2^40]",
                         (long long)draws);
    if (count < 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "count is %lld; it must be at least 0",
                         (long long)count);
    if (kind == MFL_THEORY_MARGINAL_OFF && d == theory->problem.gain.support)
        return mfli_fail(context, MFL_ERROR_STATE, "there are no weights off the target for d = k");
    if (kind == MFL_THEORY_MARGINAL_ALIGNMENT && d < 3)
        return mfli_fail(context, MFL_ERROR_STATE,
                         "alignment has a bounded density from d = 3 on; d is %lld", (long long)d);
    for (int64_t l = 0; l < count; l++)
        if (!isfinite(grid[l]) ||
            (kind == MFL_THEORY_MARGINAL_ALIGNMENT && (grid[l] < 0.0 || grid[l] > 1.0)))
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "grid[%lld] is %g; it must be finite, and in [0, 1] for alignment",
                             (long long)l, grid[l]);
    return MFL_OK;
}

static int32_t marginal(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid,
                        int64_t count, double *density, double *error)
{
    mfl_context *context = theory->object.context;
    mfli_neurons *neurons;
    if (!grid || !density)
        return mfli_fail_null(context, grid ? "density" : "grid");
    int32_t status = check(theory, kind, draws, grid, count);
    if (status == MFL_OK)
        status = mfli_theory_neurons(theory, &neurons);
    if (status != MFL_OK || count == 0)
        return status;
    average_job job = {.context = context,
                       .neurons = neurons,
                       .kind = kind,
                       .draws = draws,
                       .count = count,
                       .grid = grid};
    job.sum = mfli_alloc_zeroed(context, 2 * (size_t)blocks * (size_t)count, sizeof(double));
    if (!job.sum)
        return MFL_ERROR_MEMORY;
    job.square = job.sum + blocks * count;
    mfli_team_for(context, mfli_threads(context), blocks, add_block, NULL, &job);
    if (mfli_cancelled(context))
        status =
            mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled while averaging a marginal density");
    else
        collect(&job, density, error);
    mfli_free(context, job.sum);
    return status;
}

int32_t mfl_theory_marginal(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid,
                            int64_t count, double *density, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    return status ? status
                  : mfli_leave(theory, marginal(theory, kind, draws, grid, count, density, error));
}
