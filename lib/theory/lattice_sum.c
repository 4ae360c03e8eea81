/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/lattice_sum.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

enum { lanes = MFLI_ANGULAR_LANES };

typedef struct walk {
    mfl_context *context;
    mfli_lattice *lattice;
    const mfli_field *field;
    const mfli_radial_curve *curve;
    double scale;       /* of Q */
    double determinant; /* log, of the prior's precisions */
    double norm;        /* of the lengths */
    double reference;   /* log of the unit of the sums */
    double typical;     /* Q, of the diagonal */
    int32_t status, at, gaps[MFLI_DEGREE_MOST];
    int32_t first, last; /* chunks that a line is made of, for the specialised neurons */
    double *line;        /* their points; NULL: chunk by chunk */
    mfli_neuron sum; /* log_mass holds the mass itself */
    double most[MFLI_LATTICE_CHUNKS];         /* of the diagonal: no line has a point that counts more */
    double ridge[MFLI_LATTICE_CHUNKS][lanes]; /* its log densities, as those of t */
} walk;

/* A chunk's points under the field. */
typedef struct view {
    const mfli_chunk *chunk;
    double q[lanes], unit[lanes], phi[lanes], g[lanes]; /* unit: X unit is chi^2_d */
    double log_density[lanes];
    double importance[lanes]; /* the same, but where Q is large it takes less for a point to count */
    mfli_length_lanes length;
} view;

static void fill_phi(const walk *w, view *to)
{
    const mfli_field *field = w->field;
    for (int32_t l = 0; l < lanes; l++)
        to->phi[l] = field->response ? 0.0 : 1.0;
    for (int32_t i = 0; field->response && i < field->classes->count; i++)
        for (int32_t l = 0; l < lanes; l++)
            to->phi[l] += field->response[i] * to->chunk->power[(size_t)i * lanes + (size_t)l];
}

/* Returns the largest importance there can be: a length adds at most g. */
static double fill_gains(const walk *w, view *to)
{
    const mfli_field *field = w->field;
    double most = -INFINITY, bend = field->precision[0] - field->precision[1];
    for (int32_t l = 0; l < lanes; l++) {
        to->q[l] = w->scale * to->chunk->q[l];
        to->unit[l] = field->precision[1] + bend * to->chunk->aligned[l];
        to->log_density[l] = to->chunk->log_weight[l] + w->determinant;
        if (bend != 0.0)
            to->log_density[l] -= 0.5 * w->lattice->d * log(to->unit[l]);
    }
    fill_phi(w, to);
    for (int32_t l = 0; l < lanes; l++) {
        to->g[l] = to->phi[l] > 0.0 ? 0.5 * field->strength * to->q[l] / to->phi[l] : 0.0;
        most = fmax(most, to->log_density[l] + to->g[l] + log1p(to->q[l] / w->typical));
    }
    return most;
}

static void fill_lengths(const walk *w, view *to)
{
    double c[lanes], *g = to->g;
    for (int32_t l = 0; l < lanes; l++)
        c[l] = w->field->saturation * to->phi[l] / to->unit[l];
    if (!w->curve)
        w->lattice->loops->lengths(w->lattice->d, w->norm, w->lattice->accuracy, c, g, &to->length);
    for (int32_t l = 0; l < lanes; l++) {
        if (w->curve) {
            mfli_radial radial = mfli_radial_at(w->curve, g[l]);
            to->length.log_mass[l] = radial.log_mass;
            to->length.s[l] = radial.s;
            to->length.s2[l] = radial.s2;
            to->length.x[l] = radial.x;
        } else {
            to->length.log_mass[l] += g[l];
        }
        to->length.x[l] /= to->unit[l];
    }
}

/* Returns the largest importance, or a bound of it where that is negligible with its promise too. Where it fails, by the
 * walk's status, nothing is in the view, and nothing more is looked at: the next success would hide the failure. */
static double look(walk *w, view *to)
{
    mfli_chunk *chunk;
    double most = -INFINITY;
    w->status = mfli_lattice_need(w->context, w->lattice, w->field->classes, w->at, w->gaps, &chunk);
    if (w->status != MFL_OK)
        return most;
    to->chunk = chunk;
    double bound = fill_gains(w, to);
    if (bound + chunk->promise < w->reference - w->lattice->threshold)
        return bound;
    fill_lengths(w, to);
    for (int32_t l = 0; l < lanes; l++) {
        to->log_density[l] += to->length.log_mass[l];
        to->importance[l] = to->log_density[l] + log1p(to->q[l] / w->typical);
        most = fmax(most, to->importance[l]);
    }
    return most;
}

static void add(walk *w, const view *of)
{
    mfli_neuron *sum = &w->sum;
    for (int32_t l = 0; l < lanes; l++) {
        if (of->importance[l] < w->reference - w->lattice->threshold)
            continue;
        double p = exp(of->log_density[l] - w->reference), q = of->q[l], share = 1.0 / of->phi[l];
        double s = of->length.s[l] * share, s2 = of->length.s2[l] * share * share, x = p * of->length.x[l];
        sum->log_mass += p;
        sum->qs += p * q * s;
        sum->q2s2 += p * q * q * s2;
        sum->s += p * s;
        sum->qs2 += p * q * s2;
        sum->q += x * q;
        sum->aligned += x * of->chunk->aligned[l];
        sum->across += x * (1.0 - of->chunk->aligned[l]);
        for (int32_t i = 0; w->field->classes && i < w->field->classes->count; i++)
            sum->power[i] += x * of->chunk->power[(size_t)i * lanes + (size_t)l];
    }
}

/* ---- specialised neurons ---- */

/* Si(x)/pi for x >= 0: the power series; or pi/2 less the oscillating part f cos x + g sin x, f + ig by the continued
 * fraction 1/(1 + ix - 1/(3 + ix - 4/(5 + ix - ...))), to rounding, or for large x by its asymptotic series. */
static double sine_integral(double x, double cosine, double sine)
{
    double im = x, u = 1.0 / (x * x);
    if (x < 4.0) {
        double term = x, sum = x;
        for (int32_t n = 1; n < 20; n++) {
            term *= -x * x / (2.0 * n * (2.0 * n + 1.0));
            sum += term / (2.0 * n + 1.0);
        }
        return sum / pi;
    }
    if (x > 25.0) {
        double f = 1.0 - u * (2.0 - u * (24.0 - u * (720.0 - u * 40320.0)));
        double g = 1.0 - u * (6.0 - u * (120.0 - u * (5040.0 - u * 362880.0)));
        return 0.5 - (f * cosine + g * sine / x) / (pi * x);
    }
    int32_t denominators = 4 + (int32_t)(120.0 / x);
    double re = 2.0 * denominators + 1.0; /* re + i im from the last of them upwards */
    for (int32_t n = denominators; n >= 1; n--) {
        double scale = (double)n * n / (re * re + im * im);
        re = 2.0 * n - 1.0 - scale * re;
        im = x + scale * im;
    }
    return 0.5 - (im * cosine + re * sine) / (re * re + im * im) / pi;
}

/* What the density adds up to beyond the edge is its integral, if its lattice of interpolated points is fine enough to
 * hold half its wavelengths: those of the line are not, being coarser than the lattice as a whole. */
enum { parts = 4, support = 8, points_most = MFLI_LATTICE_CHUNKS * lanes };

/* Lagrange's polynomials through -3, .., 4 at f in [0, 1). */
static void fill_interpolation(double f, double share[support])
{
    for (int32_t i = 0; i < support; i++) {
        share[i] = 1.0;
        for (int32_t j = 0; j < support; j++)
            share[i] *= j == i ? 1.0 : (f + 3.0 - j) / (i - j);
    }
}

/* cosine, sine: of pi x */
static double beyond_edge(double x, double cosine, double sine)
{
    return x > 0.0 ? 0.5 + sine_integral(pi * x, cosine, sine) : 0.5 - sine_integral(-pi * x, cosine, -sine);
}

/* Sum of exp(log_density - reference) of one line from the edge on, in units of its points. */
static double sum_beyond(const double *log_density, int32_t count, double reference, double threshold, double edge)
{
    /* cos and sin of pi x at x = parts (i - edge) but for their sign */
    double sum = 0.0, share[parts][support], cosine = cos(pi * parts * edge), sine = -sin(pi * parts * edge);
    for (int32_t f = 0; f < parts; f++)
        fill_interpolation((double)f / parts, share[f]);
    for (int32_t i = 3; i + 4 < count; i++) {
        if (fmax(log_density[i], log_density[i + 1]) < reference - threshold)
            continue;
        for (int32_t f = 0; f < parts; f++) {
            double value = 0.0;
            for (int32_t j = 0; j < support; j++)
                value += share[f][j] * log_density[i - 3 + j];
            double sign = f % 2 ? -1.0 : 1.0;
            value = fmin(value, 1.0 + fmax(log_density[i], log_density[i + 1])); /* beside points left out */
            sum += exp(value - reference) * beyond_edge(parts * (i - edge) + f, sign * cosine, sign * sine) / parts;
        }
    }
    return sum;
}

/* One line of a field whose sums were made before: only what those needed is looked at. Is there any? */
static int32_t add_caps(walk *w)
{
    double floor = w->reference - w->lattice->threshold, most = -INFINITY;
    int32_t any = 0;
    for (w->at = w->first; w->at <= w->last && w->status == MFL_OK; w->at++) {
        view here;
        double *to = w->line + (size_t)(w->at - w->first) * lanes, highest = -INFINITY;
        if (mfli_lattice_has(w->lattice, w->at, w->gaps)) {
            highest = look(w, &here);
            any = 1;
        }
        for (int32_t l = 0; l < lanes; l++)
            to[l] = highest < floor ? floor - w->lattice->threshold : here.log_density[l];
        most = fmax(most, highest);
    }
    if (most < floor)
        return any;
    mfli_lattice_line on = mfli_lattice_line_at(w->lattice, w->first, w->gaps);
    w->sum.log_mass += sum_beyond(w->line, (w->last - w->first + 1) * lanes, w->reference, w->lattice->threshold,
                                  (on.edge - on.start) / on.step);
    return any;
}

/* How much points may count yet as gaps grow. The density of t has fallen from the diagonal on, and where it falls by
 * e^-f until |u| it falls at least like e^(-f |u'|/|u|) from there: times |u'|^(k - 1), the most that the volume grows, the
 * largest is at f |u'| = (k - 1) |u|. */
static double hope(const walk *w, const view *of)
{
    double most = -INFINITY, power = w->lattice->degree - 1.0;
    for (int32_t l = 0; l < lanes; l++) {
        double fall = fmax(w->ridge[w->at][l] + of->chunk->log_volume - of->log_density[l], 1e-300);
        double rise = fall < power ? power * log(power / fall) - power + fall : 0.0;
        most = fmax(most, of->importance[l] + fmin(rise, of->chunk->promise));
    }
    return most;
}

/* All gaps from the given one on; may any point count? */
static int32_t visit(walk *w, int32_t depth)
{
    int32_t any = 0;
    if (w->status != MFL_OK)
        return 0;
    if (depth == w->lattice->degree - 1 && w->line)
        return add_caps(w);
    if (depth == w->lattice->degree - 1) {
        view here;
        double highest = look(w, &here), floor = w->reference - w->lattice->threshold;
        if (w->status != MFL_OK)
            return 0;
        if (highest >= floor) {
            add(w, &here);
            w->lattice->visited++;
        }
        return highest + here.chunk->promise >= floor && hope(w, &here) >= floor;
    }
    for (w->gaps[depth] = 0; w->gaps[depth] <= MFLI_GAP_MOST; w->gaps[depth]++) {
        if (!visit(w, depth + 1))
            break;
        any = 1;
    }
    w->gaps[depth] = 0;
    return any;
}

/* The highest point of the diagonal, and its mean Q. */
static void find_reference(walk *w)
{
    view here;
    double mass = 0.0, q = 0.0;
    w->reference = -INFINITY;
    w->typical = INFINITY;
    for (w->at = 0; w->at < w->lattice->chunks && w->status == MFL_OK; w->at++) {
        double before = w->reference;
        w->reference = fmax(before, look(w, &here));
        if (w->status != MFL_OK)
            return;
        double smaller = isfinite(before) ? exp(before - w->reference) : 0.0;
        mass *= smaller;
        q *= smaller;
        for (int32_t l = 0; l < lanes; l++) {
            double p = exp(here.log_density[l] - w->reference);
            mass += p;
            q += p * here.q[l];
        }
    }
    if (q > 0.0)
        w->typical = q / mass;
}

static void scan_diagonal(walk *w)
{
    view here;
    for (w->at = 0; w->at < w->lattice->chunks && w->status == MFL_OK; w->at++) {
        double highest = look(w, &here);
        if (w->status != MFL_OK)
            return;
        w->most[w->at] = highest + here.chunk->promise;
        for (int32_t l = 0; l < lanes; l++)
            w->ridge[w->at][l] = here.log_density[l] - here.chunk->log_volume;
    }
}

/* All points that count; none may at the end of the diagonal. */
static int32_t sum_up(walk *w)
{
    double floor = w->reference - w->lattice->threshold;
    w->lattice->visited = 0;
    for (w->at = w->first; w->at <= w->last && w->status == MFL_OK; w->at++) {
        int64_t before = w->lattice->visited;
        if (mfli_progress(w->context, "lattice of directions", w->lattice->done))
            return MFL_ERROR_CANCELLED;
        if (w->most[w->at] >= floor)
            visit(w, 0);
        if (w->at == w->lattice->chunks - 1 && w->lattice->visited > before)
            return mfli_fail(w->context, MFL_ERROR_TOLERANCE,
                             "neurons are aligned too sharply to be integrated; raise kappa or lower P");
    }
    return w->status;
}

int32_t mfli_lattice_moments(mfl_context *context, mfli_directions *directions, const mfli_field *field,
                             const mfli_radial_curve *curve, mfli_neuron *neuron)
{
    mfli_lattice *lattice = directions->lattice;
    double k = lattice->degree, d = lattice->d, line[points_most];
    walk w = {.context = context, .lattice = lattice, .field = field, .curve = curve, .status = MFL_OK,
              .scale = directions->gain.scale, .norm = 0.5 * d * log(2.0) + lgamma(0.5 * d),
              .determinant = 0.5 * (k * log(field->precision[0]) + (d - k) * log(field->precision[1]))};
    find_reference(&w);
    if (w.status == MFL_OK)
        scan_diagonal(&w);
    if (w.status != MFL_OK)
        return w.status;
    double floor = w.reference - lattice->threshold;
    for (w.first = 0; w.most[w.first] < floor; w.first++)
        ;
    for (w.last = lattice->chunks - 1; w.most[w.last] < floor; w.last--)
        ;
    if (field->caps) {
        w.line = line;
        visit(&w, 0);
    } else {
        w.status = sum_up(&w);
    }
    if (w.status != MFL_OK)
        return w.status;
    if (field->caps) { /* where there are none the sum is rounding, of either sign */
        neuron->log_mass = w.reference + log(fmax(0.0, w.sum.log_mass));
        return MFL_OK;
    }
    double *all = (double *)&w.sum, mass = w.sum.log_mass;
    for (size_t i = 0; i < sizeof w.sum / sizeof *all; i++)
        all[i] /= mass;
    *neuron = w.sum;
    neuron->log_mass = w.reference + log(mass);
    return MFL_OK;
}
