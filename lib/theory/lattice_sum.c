/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/lattice_sum.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

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
    int32_t status, at, gaps[MFLI_DEGREE_MOST];
    mfli_neuron sum; /* log_mass holds the mass itself */
} walk;

/* A chunk's points under the field. */
typedef struct view {
    const mfli_chunk *chunk;
    double q[lanes], unit[lanes], phi[lanes]; /* unit: X unit is chi^2_d */
    double log_density[lanes];
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

static void fill_lengths(const walk *w, view *to)
{
    double c[lanes], g[lanes];
    for (int32_t l = 0; l < lanes; l++) {
        c[l] = w->field->saturation * to->phi[l] / to->unit[l];
        g[l] = to->phi[l] > 0.0 ? 0.5 * w->field->strength * to->q[l] / to->phi[l] : 0.0;
    }
    if (!w->curve)
        w->lattice->loops->lengths(w->lattice->d, w->norm, c, g, &to->length);
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

/* Returns the largest log density. */
static double look(walk *w, view *to)
{
    const mfli_field *field = w->field;
    mfli_chunk *chunk;
    double most = -INFINITY, bend = field->precision[0] - field->precision[1];
    w->status = mfli_lattice_need(w->context, w->lattice, field->classes, w->at, w->gaps, &chunk);
    if (w->status != MFL_OK)
        return most;
    to->chunk = chunk;
    for (int32_t l = 0; l < lanes; l++) {
        to->q[l] = w->scale * chunk->q[l];
        to->unit[l] = field->precision[1] + bend * chunk->aligned[l];
    }
    fill_phi(w, to);
    fill_lengths(w, to);
    for (int32_t l = 0; l < lanes; l++) {
        to->log_density[l] = chunk->log_weight[l] + to->length.log_mass[l] + w->determinant;
        if (bend != 0.0)
            to->log_density[l] -= 0.5 * w->lattice->d * log(to->unit[l]);
        most = fmax(most, to->log_density[l]);
    }
    return most;
}

static void add(walk *w, const view *of)
{
    double part[lanes];
    mfli_neuron *sum = &w->sum;
    if (w->field->caps)
        mfli_lattice_caps(w->lattice, w->at, w->gaps, part);
    for (int32_t l = 0; l < lanes; l++) {
        if (of->log_density[l] < w->reference - w->lattice->threshold)
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
        if (w->field->caps)
            sum->specialised += p * part[l];
        for (int32_t i = 0; w->field->classes && i < w->field->classes->count; i++)
            sum->power[i] += x * of->chunk->power[(size_t)i * lanes + (size_t)l];
    }
}

/* All gaps from the given one on; does any point count? */
static int32_t visit(walk *w, int32_t depth)
{
    int32_t any = 0;
    if (depth == w->lattice->degree - 1) {
        view here;
        any = look(w, &here) >= w->reference - w->lattice->threshold;
        if (any)
            add(w, &here);
        return any;
    }
    for (w->gaps[depth] = 0; w->gaps[depth] <= MFLI_GAP_MOST; w->gaps[depth]++) {
        if (!visit(w, depth + 1))
            break;
        any = 1;
    }
    w->gaps[depth] = 0;
    return any;
}

/* The largest log density of each chunk of the diagonal, which no other line exceeds. */
static void scan_diagonal(walk *w, double *most)
{
    view here;
    w->reference = -INFINITY;
    for (w->at = 0; w->at < w->lattice->chunks && w->status == MFL_OK; w->at++) {
        most[w->at] = look(w, &here);
        w->reference = fmax(w->reference, most[w->at]);
    }
}

int32_t mfli_lattice_moments(mfl_context *context, mfli_directions *directions, const mfli_field *field,
                             const mfli_radial_curve *curve, mfli_neuron *neuron)
{
    mfli_lattice *lattice = directions->lattice;
    double k = lattice->degree, d = lattice->d, most[MFLI_LATTICE_CHUNKS];
    walk w = {.context = context, .lattice = lattice, .field = field, .curve = curve, .status = MFL_OK,
              .scale = directions->gain.scale, .norm = 0.5 * d * log(2.0) + lgamma(0.5 * d),
              .determinant = 0.5 * (k * log(field->precision[0]) + (d - k) * log(field->precision[1]))};
    scan_diagonal(&w, most);
    if (w.status == MFL_OK && !(most[lattice->chunks - 1] < w.reference - lattice->threshold))
        return mfli_fail(context, MFL_ERROR_TOLERANCE,
                         "neurons are aligned too sharply to be integrated; raise kappa or lower P");
    for (w.at = 0; w.at < lattice->chunks && w.status == MFL_OK; w.at++) {
        if (mfli_progress(context, "lattice of directions", 0.0))
            return MFL_ERROR_CANCELLED;
        if (most[w.at] >= w.reference - lattice->threshold)
            visit(&w, 0);
    }
    if (w.status != MFL_OK)
        return w.status;
    double *all = (double *)&w.sum, mass = w.sum.log_mass;
    for (size_t i = 0; i < sizeof w.sum / sizeof *all; i++)
        all[i] /= mass;
    *neuron = w.sum;
    neuron->log_mass = w.reference + log(mass);
    return MFL_OK;
}
