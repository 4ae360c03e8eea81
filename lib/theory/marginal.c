/* SPDX-License-Identifier: BSD-3-Clause */
/* Marginal densities of the single-neuron law.
 *
 * Through every neuron drawn runs a curve t -> w(t) along which the law is a one-dimensional
 * density, known up to its integral: w moves along a direction and all else stays, or w turns
 * towards its sign pattern. The average of these densities over neurons is the marginal density,
 * without bias and without bins. */
#include <mflearn/theory.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "theory/handle.h"

enum { blocks = 32, along = MFL_THEORY_MARGINAL_ALIGNMENT + 1 /* a direction of the caller's */ };

static const double pi = 3.14159265358979323846;

/* Which marginal: of the kinds of enum mfl_theory_marginals, or along a unit vector in the variables. */
typedef struct request {
    int32_t kind;
    double direction[MFLI_VARIABLES_MOST];
} request;

typedef struct curve {
    const mfli_neuron_law *law;
    int32_t is_turn, is_off;
    double on[MFLI_VARIABLES_MOST],
        across; /* where t = 0 (of a turn: what is orthogonal to where it turns to, |w| = 1) */
    double direction[MFLI_VARIABLES_MOST]; /* in which w_S moves, or turns */
    double length;    /* |w| of a turn */
    double held;      /* of a turn: dimension of what it turns to */
    double start;     /* t of the neuron that was drawn */
    double low, high; /* range of t; from 0 on, the density is even in t */
    double unit;      /* of lengths, or of the angle */
    int32_t status;   /* of the law where it was asked last, if it failed */
} curve;

/* Log density of t, up to a constant. */
static double log_density(curve *c, double t)
{
    const mfli_neuron_law *law = c->law;
    int32_t r = law->variables;
    double on[MFLI_VARIABLES_MOST], across = c->across, value = 0.0;
    mfli_readout readout;
    for (int32_t j = 0; j < r; j++) {
        on[j] = c->on[j] + t * c->direction[j];
        if (c->is_turn)
            on[j] = c->length * (cos(t) * c->direction[j] + sin(t) * c->on[j]);
    }
    if (c->is_turn) {
        value = (law->d - c->held - 1.0) * log(sin(t)) + (c->held - 1.0) * log(fabs(cos(t)));
        across *= c->length * sin(t);
    } else if (c->is_off) {
        across = hypot(across, t);
    }
    int32_t status = law->at(law->data, on, across, &readout);
    if (status != MFL_OK) {
        c->status = status;
        return -INFINITY;
    }
    value += readout.log_factor - 0.5 * law->precision[r] * across * across / law->unit;
    for (int32_t j = 0; j < r; j++)
        value -= 0.5 * law->precision[j] * on[j] * on[j] / law->unit;
    return value;
}

/* ---- the integral along a curve ---- */

/* Four nodes of Gauss and Legendre. */
static double panel(curve *c, double from, double to, double reference)
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
static double widest(curve *c, double t)
{
    return c->is_turn ? 0.1 * t
                                                    : fmax(0.25 * c->unit, 0.01 * fabs(t));
}

/* From the neuron to an end of the range, in panels over which the logarithm changes little. */
static double march(curve *c, double end, double reference)
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
        else if (c->is_turn && side < 0.0 && next < now)
            break; /* the power of sin(t) only falls from here */
        t += side * h;
        now = next;
    }
    return sum;
}

/* Integral over the range, in units of exp(reference). */
static double integrate(curve *c, double reference)
{
    return march(c, c->low, reference) + march(c, c->high, reference);
}

/* ---- curves through a neuron ---- */

/* How far from the prior's summit the density along a line of this precision is within exp(-40) of the neuron's.
 * Without a bound of what the prior is multiplied with, as far as it takes to find that on both sides. */
static double reach(curve *c, double precision, double middle)
{
    double unit = c->law->unit / precision, here = log_density(c, c->start);
    if (isfinite(c->law->most))
        return sqrt(2.0 * unit * (40.0 + fmax(0.0, c->law->most - here)));
    double far = fmax(9.0 * sqrt(unit), 2.0 * fabs(c->start - middle));
    for (int32_t i = 0; i < 60; i++, far *= 2.0) {
        double side = c->is_off ? -INFINITY : log_density(c, middle - far);
        if (fmax(side, log_density(c, middle + far)) < here - 40.0)
            break;
    }
    return far;
}

/* w_S moves along the direction while all else stays. */
static void lay_line(curve *c)
{
    const mfli_neuron_law *law = c->law;
    double precision = 0.0, slope = 0.0;
    int32_t which = -1, parts = 0;
    c->start = 0.0;
    for (int32_t j = 0; j < law->variables; j++)
        c->start += c->direction[j] * c->on[j];
    for (int32_t j = 0; j < law->variables; j++) {
        double v = c->direction[j];
        c->on[j] -= c->start * v;
        precision += law->precision[j] * v * v;
        slope += law->precision[j] * v * c->on[j];
        which = v != 0.0 ? j : which;
        parts += v != 0.0;
    }
    int32_t even = parts == 1 && law->even >> which & 1;
    double middle = -slope / precision;
    c->unit = sqrt(law->unit / precision);
    c->start = even ? fabs(c->start) : c->start;
    c->high = fmax(fabs(middle) + reach(c, precision, middle), 2.0 * fabs(c->start));
    c->low = even ? 0.0 : -c->high;
}

/* One coordinate's share of what is across the variables. */
static void lay_off(mfli_draws *draws, curve *c)
{
    const mfli_neuron_law *law = c->law;
    double others = law->d - law->variables - 1.0, z, precision = law->precision[law->variables];
    mfli_draw_normals(draws, 1, &z);
    c->start = c->across * fabs(z) / sqrt(z * z + (others > 0.0 ? mfli_draw_chi_squared(draws, others) : 0.0));
    c->across = sqrt(fmax(0.0, (c->across - c->start) * (c->across + c->start)));
    c->is_off = 1;
    c->unit = sqrt(law->unit / precision);
    c->high = fmax(reach(c, precision, 0.0), 2.0 * c->start);
}

/* The sign patterns of the modes of the target, as unit vectors: the one nearest to w_S, into the direction. */
static double nearest_pattern(const mfli_modes *modes, const double *on, double *direction)
{
    double best = -1.0;
    for (int32_t i = 0; i < modes->count; i++) {
        const mfli_mode *mode = &modes->mode[i];
        double sum = 0.0;
        if (mode->target == 0.0 || mode->total == 0)
            continue;
        for (int32_t j = 0; j < modes->variables; j++)
            sum += mode->degree[j] ? fabs(on[j]) / sqrt(mode->total) : 0.0;
        if (sum <= best)
            continue;
        best = sum;
        for (int32_t j = 0; j < modes->variables; j++)
            direction[j] = mode->degree[j] ? copysign(1.0 / sqrt(mode->total), on[j]) : 0.0;
    }
    return best;
}

/* The angle at which the turn from its pattern along c->on comes as near to another one. */
static double turning_end(const mfli_modes *modes, const curve *c)
{
    double end = 0.5 * pi;
    for (int32_t i = 0; i < modes->count; i++) {
        const mfli_mode *mode = &modes->mode[i];
        for (int32_t signs = 0; mode->target != 0.0 && mode->total > 0 && signs < 1 << mode->total; signs++) {
            double along_start = 0.0, along_turn = 0.0;
            for (int32_t j = 0, next = 0; j < modes->variables; j++) {
                if (!mode->degree[j])
                    continue;
                double part = (signs >> next++ & 1 ? -1.0 : 1.0) / sqrt(mode->total);
                along_start += part * c->direction[j];
                along_turn += part * c->on[j];
            }
            if (along_start < 1.0 - 1e-12 && along_turn > 0.0)
                end = fmin(end, atan2(1.0 - along_start, along_turn));
        }
    }
    return end;
}

/* w turns at fixed length: on the hypercube to the sign pattern of a mode that is nearest, on Gaussian inputs into the
 * span of the variables. */
static void lay_turn(const mfli_modes *modes, curve *c)
{
    int32_t r = c->law->variables;
    double near = 0.0, aside = c->across * c->across;
    c->is_turn = 1;
    c->held = modes->gaussian ? r : 1.0;
    for (int32_t j = 0; j < r && modes->gaussian; j++)
        near += c->on[j] * c->on[j];
    near = modes->gaussian ? sqrt(near) : nearest_pattern(modes, c->on, c->direction);
    for (int32_t j = 0; j < r; j++) {
        c->direction[j] = modes->gaussian ? c->on[j] / near : c->direction[j];
        c->on[j] = modes->gaussian ? 0.0 : c->on[j] - near * c->direction[j];
        aside += c->on[j] * c->on[j];
    }
    aside = fmax(sqrt(aside), 1e-300);
    for (int32_t j = 0; j < r; j++)
        c->on[j] /= aside;
    c->across /= aside;
    c->length = hypot(near, aside);
    c->start = c->unit = atan2(aside, near);
    c->high = modes->gaussian ? 0.5 * pi : turning_end(modes, c);
}

static void lay_curve(const mfli_neuron_law *law, const mfli_modes *modes, const request *asked, int64_t draw,
                      const mfli_neuron_draw *neuron, mfli_draws *draws, curve *c)
{
    int32_t r = law->variables;
    *c = (curve){.law = law, .across = neuron->across};
    memcpy(c->on, neuron->on, (size_t)r * sizeof *c->on);
    switch (asked->kind) {
    case MFL_THEORY_MARGINAL_ON: /* the variables take turns */
        c->direction[draw % r] = 1.0;
        lay_line(c);
        break;
    case MFL_THEORY_MARGINAL_OFF:
        lay_off(draws, c);
        break;
    case MFL_THEORY_MARGINAL_ALIGNMENT:
        lay_turn(modes, c);
        break;
    default:
        memcpy(c->direction, asked->direction, sizeof c->direction);
        lay_line(c);
    }
}

/* Density at x of the marginal along the curve. */
static double value_at(curve *c, double x, double reference, double integral)
{
    double t = c->is_turn ? acos(sqrt(x)) : c->low < 0.0 ? x : fabs(x);
    if (t < c->low || t > c->high)
        return 0.0;
    if (c->is_turn) /* x = cos(t)^2; at x = 1 it is the limit for d > 3 */
        return t > 0.0 ? exp(log_density(c, t) - reference) / (integral * sin(2.0 * t)) : 0.0;
    return exp(log_density(c, t) - reference) / (integral * (c->low < 0.0 ? 1.0 : 2.0));
}

/* ---- the average ---- */

typedef struct average_job {
    mfl_context *context;
    const mfli_neuron_law *law;
    const mfli_modes *modes;
    const request *asked;
    int64_t draws, count;
    const double *grid;
    double *sum, *square; /* count of each block after another */
    int32_t status[blocks];
} average_job;

/* The curve through one neuron. */
static int32_t add_draw(const average_job *job, int64_t i, double *sum, double *square)
{
    mfli_draws draws = {{mfli_seed(job->context), (uint64_t)i, 0, MFLI_PURPOSE_NEURON}, 0};
    mfli_neuron_draw neuron;
    curve through;
    int32_t status = job->law->draw(job->law->data, &draws, &neuron);
    if (status != MFL_OK)
        return status;
    lay_curve(job->law, job->modes, job->asked, i, &neuron, &draws, &through);
    double reference = log_density(&through, through.start), integral = integrate(&through, reference);
    for (int64_t l = 0; l < job->count; l++) {
        double value = value_at(&through, job->grid[l], reference, integral);
        sum[l] += value;
        square[l] += value * value;
    }
    return through.status;
}

static void add_block(void *data, int64_t block, int32_t thread)
{
    average_job *job = data;
    double *sum = job->sum + block * job->count, *square = job->square + block * job->count;
    for (int64_t i = job->draws * block / blocks; i < job->draws * (block + 1) / blocks; i++) {
        if (mfli_cancelled(job->context) || job->status[block] != MFL_OK)
            return;
        job->status[block] = add_draw(job, i, sum, square);
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

static int32_t fail_kind(mfl_context *context, int32_t kind)
{
    return mfli_fail(context, MFL_ERROR_ARGUMENT, "kind is %d; it must be one of mfl_theory_marginals", (int)kind);
}

static int32_t check_kind(mfl_context *context, const mfl_theory *theory, int32_t kind)
{
    const mfli_modes *modes = &theory->multimode.modes;
    int64_t d = theory->problem.dimension, held = modes->gaussian ? modes->variables : 1;
    int32_t patterns = modes->gaussian;
    for (int32_t i = 0; i < modes->count; i++)
        patterns += modes->mode[i].target != 0.0 && modes->mode[i].total > 0;
    if (kind < MFL_THEORY_MARGINAL_ON)
        return fail_kind(context, kind);
    if (kind == MFL_THEORY_MARGINAL_OFF && d == modes->variables)
        return mfli_fail(context, MFL_ERROR_STATE, "there are no weights off the target for d = k");
    if (kind == MFL_THEORY_MARGINAL_ALIGNMENT && (d < held + 2 || !patterns))
        return mfli_fail(context, MFL_ERROR_STATE,
                         "alignment has a bounded density from d = %lld on, with a target that is no constant; d is "
                         "%lld",
                         (long long)held + 2, (long long)d);
    return MFL_OK;
}

static int32_t check(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid, int64_t count)
{
    mfl_context *context = theory->object.context;
    int32_t status = check_kind(context, theory, kind);
    if (status != MFL_OK)
        return status;
    if (draws < 2 || draws > INT64_C(1) << 40)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "draws is %lld; it must lie in [2, 2^40]", (long long)draws);
    if (count < 0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "count is %lld; it must be at least 0", (long long)count);
    status = mfli_check_extent(context, "grid", count, 1);
    if (status != MFL_OK)
        return status;
    for (int64_t l = 0; l < count; l++)
        if (!isfinite(grid[l]) || (kind == MFL_THEORY_MARGINAL_ALIGNMENT && (grid[l] < 0.0 || grid[l] > 1.0)))
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "grid[%lld] is %g; it must be finite, and in [0, 1] for alignment", (long long)l, grid[l]);
    return MFL_OK;
}

static int32_t marginal(mfl_theory *theory, const request *asked, int64_t draws, const double *grid, int64_t count,
                        double *density, double *error)
{
    mfl_context *context = theory->object.context;
    mfli_neurons *neurons;
    if (!grid || !density)
        return mfli_fail_null(context, grid ? "density" : "grid");
    int32_t status = check(theory, asked->kind, draws, grid, count);
    if (status == MFL_OK)
        status = mfli_theory_neurons(theory, &neurons);
    if (status != MFL_OK || count == 0)
        return status;
    average_job job = {.context = context,
                       .law = &neurons->law,
                       .modes = &theory->multimode.modes,
                       .asked = asked,
                       .draws = draws,
                       .count = count,
                       .grid = grid};
    job.sum = mfli_alloc_zeroed(context, (size_t)count, 2 * blocks * sizeof(double));
    if (!job.sum)
        return MFL_ERROR_MEMORY;
    job.square = job.sum + blocks * count;
    mfli_team_for(context, mfli_neurons_threads(context, neurons), blocks, add_block, NULL, &job);
    for (int32_t b = 0; b < blocks && status == MFL_OK; b++)
        status = job.status[b];
    if (mfli_cancelled(context))
        status = mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled while averaging a marginal density");
    if (status == MFL_OK)
        collect(&job, density, error);
    mfli_free(context, job.sum);
    return status;
}

int32_t mfl_theory_marginal(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid, int64_t count,
                            double *density, double *error)
{
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    if (kind >= along)
        return mfli_leave(theory, fail_kind(theory->object.context, kind));
    request asked = {.kind = kind};
    int32_t r = theory->multimode.modes.variables;
    for (int32_t j = 0; j < r; j++)
        asked.direction[j] = 1.0 / sqrt(r);
    return mfli_leave(theory, marginal(theory, &asked, draws, grid, count, density, error));
}

static int32_t read_direction(mfl_theory *theory, const double *direction, int64_t variables, request *asked)
{
    mfl_context *context = theory->object.context;
    int32_t r = theory->multimode.modes.variables;
    double largest = 0.0, square = 0.0;
    if (!direction)
        return mfli_fail_null(context, "direction");
    if (theory->empirical)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "marginal densities are for theories of a population only");
    if (variables != r)
        return mfli_fail(context, MFL_ERROR_SIZE, "the direction has %lld components; the task has %d variables",
                         (long long)variables, (int)r);
    for (int32_t j = 0; j < r; j++) {
        if (!isfinite(direction[j]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE, "direction[%d] is %g; it must be finite", (int)j,
                             direction[j]);
        largest = fmax(largest, fabs(direction[j]));
    }
    for (int32_t j = 0; j < r && largest > 0.0; j++)
        square += direction[j] / largest * (direction[j] / largest);
    if (largest == 0.0)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "direction is zero; one component must not be");
    for (int32_t j = 0; j < r; j++)
        asked->direction[j] = direction[j] / largest / sqrt(square);
    return MFL_OK;
}

int32_t mfl_theory_marginal_along(mfl_theory *theory, const double *direction, int64_t variables, int64_t draws,
                                  const double *grid, int64_t count, double *density, double *error)
{
    request asked = {.kind = along};
    int32_t status = mfli_enter(theory, MFLI_THEORY);
    if (status)
        return status;
    status = read_direction(theory, direction, variables, &asked);
    return mfli_leave(theory, status ? status : marginal(theory, &asked, draws, grid, count, density, error));
}
