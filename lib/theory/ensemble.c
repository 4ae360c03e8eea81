/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/ensemble.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Points with less than exp(-45) of the largest weight are left out of sums. */
static const double negligible = 45.0;

/* Sums over some of the cells, all of them numbers. */
typedef struct mfli_moments_part {
    mfli_moments moments;
    double far, far_pull, pulled; /* parts at the greatest length, and of what pulls */
} mfli_moments_part;

int32_t mfli_ensemble_create(mfl_context *context, mfli_frame *frame, mfli_ensemble *ensemble)
{
    memset(ensemble, 0, sizeof *ensemble);
    int32_t status = mfli_cells_create(context, frame, &ensemble->cells);
    if (status == MFL_OK && !frame->has_length)
        status = mfli_length_table_create(context, frame->d, &ensemble->lengths);
    if (status == MFL_OK) {
        ensemble->parts = mfli_alloc(context, MFLI_CELL_PARTS, sizeof *ensemble->parts);
        status = ensemble->parts ? MFL_OK : MFL_ERROR_MEMORY;
    }
    if (status == MFL_OK && frame->blocks) {
        ensemble->power_parts = mfli_alloc(context, MFLI_CELL_PARTS * (size_t)frame->blocks->numbers, sizeof(double));
        status = ensemble->power_parts ? MFL_OK : MFL_ERROR_MEMORY;
    }
    ensemble->curve.table = &ensemble->lengths;
    if (status != MFL_OK)
        mfli_ensemble_finish(context, ensemble);
    return status;
}

void mfli_ensemble_finish(mfl_context *context, mfli_ensemble *ensemble)
{
    mfli_cells_finish(context, &ensemble->cells);
    mfli_cells_finish(context, &ensemble->caps);
    mfli_length_table_finish(context, &ensemble->lengths);
    mfli_free(context, ensemble->parts);
    mfli_free(context, ensemble->power_parts);
    ensemble->parts = NULL;
    ensemble->power_parts = NULL;
}

/* ---- p(w) at a point ---- */

/* What does not differ from point to point. */
typedef struct applied {
    const mfli_pull *pull;
    mfli_ensemble *ensemble;
    int32_t variables, modes, isotropic;
    double log_determinant; /* of half the prior's precisions */
} applied;

static double stretch(const applied *law, const double *row)
{
    const double *share = row + MFLI_ROW_SHARES, *precision = law->pull->precision;
    double sum = precision[law->variables];
    for (int32_t j = 0; j < law->variables; j++)
        sum += (precision[j] - precision[law->variables]) * share[j];
    return sum;
}

/* e^T R e of a symmetric R, row by row so that the inner loop has no sum. */
static double quadratic(int32_t n, const double *response, const double *e)
{
    double image[MFLI_BLOCK_MOST], sum = 0.0;
    for (int32_t j = 0; j < n; j++)
        image[j] = 0.0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            image[j] += response[i * n + j] * e[i];
    for (int32_t j = 0; j < n; j++)
        sum += image[j] * e[j];
    return sum;
}

double mfli_respond(const mfli_blocks *blocks, const double *response, const double *e)
{
    double sum = 0.0, left = 1.0;
    for (int32_t b = 0; b < blocks->dense; b++) {
        const mfli_block *block = &blocks->block[b];
        sum += quadratic(block->size, response + block->at, e + block->first);
    }
    for (int32_t b = blocks->dense; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        sum += response[block->at] * e[block->first] * e[block->first];
    }
    for (int32_t i = 0; i < blocks->features; i++)
        left -= e[i] * e[i];
    return sum + fmax(left, 0.0);
}

static double pull_at(const applied *law, const double *row)
{
    const double *cosine = row + MFLI_ROW_SHARES + law->variables;
    double eps = 0.0;
    for (int32_t i = 0; i < law->modes; i++)
        eps += law->pull->delta[i] * cosine[i];
    return eps;
}

/* Do all directions share c? */
static int32_t uses_curve(const applied *law)
{
    return law->isotropic && !law->pull->response;
}

/* The integrals over the length: can all of them be had? */
static int32_t prepare(mfl_context *context, const void *data, const mfli_cells *cells)
{
    const applied *law = data;
    const mfli_pull *pull = law->pull;
    mfli_ensemble *ensemble = law->ensemble;
    double most = 0.0, d = cells->frame->d;
    if (cells->frame->has_length || (!pull->fixed && !uses_curve(law)))
        return MFL_OK;
    for (int32_t i = 0; i < cells->count; i++)
        for (int32_t point = 0; point < cells->points; point++) {
            const double *row = mfli_cell_row(cells, &cells->cell[i], point);
            double eps = pull_at(law, row), g = 0.5 * pull->gain * eps * eps;
            most = fmax(most, pull->fixed ? 2.0 * g * pull->saturation * row[MFLI_ROW_SQUARE] / stretch(law, row) : g);
        }
    if (pull->fixed) {
        ensemble->edge = fmax(ensemble->edge, most);
        return most < 1.0 ? MFL_OK
                          : mfli_fail(context, MFL_ERROR_DIVERGED, "without self-energy the law of a neuron cannot be "
                                                                   "normalised: B^2/2A outgrows the prior");
    }
    double c = pull->saturation * mfli_cell_row(cells, &cells->cell[0], 0)[MFLI_ROW_SQUARE] / pull->precision[0];
    if (!isfinite(c) || !isfinite(most) || mfli_radial_curve_fit(&ensemble->curve, d, c, most))
        return mfli_fail(context, MFL_ERROR_TOLERANCE,
                         "the gain of a specialised neuron, about P/kappa^2, is %g, too large to be integrated; "
                         "raise kappa or lower P", most);
    return MFL_OK;
}

static void integrate_length(const applied *law, double g, double *row)
{
    const mfli_pull *pull = law->pull;
    const mfli_ensemble *ensemble = law->ensemble;
    double d = ensemble->cells.frame->d, unit = stretch(law, row);
    double c = pull->saturation * row[MFLI_ROW_RESPONSE] * row[MFLI_ROW_SQUARE] / unit;
    mfli_radial radial;
    if (pull->fixed)
        radial = mfli_length_free(d, c, g);
    else if (uses_curve(law))
        radial = mfli_radial_at(&ensemble->curve, g);
    else
        radial = mfli_length_moments(&ensemble->lengths, c, g);
    row[MFLI_ROW_LOG] = row[MFLI_ROW_WEIGHT] + law->log_determinant - 0.5 * d * log(unit) + radial.log_mass;
    row[MFLI_ROW_S] = radial.s;
    row[MFLI_ROW_S2] = radial.s2;
    row[MFLI_ROW_X] = radial.x / unit;
}

static void apply_to(const void *data, double *row)
{
    const applied *law = data;
    const mfli_pull *pull = law->pull;
    const mfli_frame *frame = law->ensemble->cells.frame;
    double eps = pull_at(law, row), x = row[MFLI_ROW_LENGTH], phi = 1.0;
    if (pull->response)
        phi = mfli_respond(frame->blocks, pull->response, row + MFLI_ROW_SHARES + law->variables);
    double u = pull->saturation * phi * row[MFLI_ROW_SQUARE], g = 0.5 * pull->gain * eps * eps / phi;
    row[MFLI_ROW_ALIGNED] = eps;
    row[MFLI_ROW_RESPONSE] = phi;
    if (!frame->has_length) {
        integrate_length(law, g, row);
        return;
    }
    double s = pull->fixed ? u : u / (1.0 + u);
    row[MFLI_ROW_S] = s;
    row[MFLI_ROW_S2] = s * s;
    row[MFLI_ROW_X] = x;
    row[MFLI_ROW_LOG] = row[MFLI_ROW_WEIGHT] + law->log_determinant - 0.5 * x * stretch(law, row) -
                        (pull->fixed ? 0.0 : 0.5 * log1p(u)) + s * g;
}

static int32_t init_law(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull, applied *law,
                        mfli_cells_law *cells)
{
    const mfli_frame *frame = ensemble->cells.frame;
    int32_t r = frame->modes->variables;
    if (!isfinite(pull->gain) || !isfinite(pull->saturation))
        return mfli_fail(context, MFL_ERROR_TOLERANCE, "P/kappa^2, or kappa itself, is too large for the range of numbers");
    *law = (applied){.pull = pull, .ensemble = ensemble, .variables = r, .modes = frame->modes->count, .isotropic = 1};
    law->log_determinant = 0.5 * (frame->d - r) * log(pull->precision[r]);
    for (int32_t j = 0; j < r; j++) {
        law->log_determinant += 0.5 * log(pull->precision[j]);
        law->isotropic &= pull->precision[j] == pull->precision[r];
    }
    *cells = (mfli_cells_law){apply_to, prepare, law, pull->saturation == 0.0, 0};
    return MFL_OK;
}

int32_t mfli_ensemble_apply(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull)
{
    applied law;
    mfli_cells_law of;
    int32_t status = init_law(context, ensemble, pull, &law, &of);
    ensemble->edge = 0.0;
    return status ? status : mfli_cells_apply(context, &ensemble->cells, &of, 0);
}

int32_t mfli_ensemble_refine(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull, double tolerance,
                             mfli_refinement *done)
{
    applied law;
    mfli_cells_law of;
    int32_t status = init_law(context, ensemble, pull, &law, &of);
    return status ? status : mfli_cells_refine(context, &ensemble->cells, &of, tolerance, done);
}

/* ---- moments ---- */

static double top_of(const mfli_cells *cells)
{
    double top = -INFINITY;
    for (int32_t i = 0; i < cells->count; i++)
        top = fmax(top, cells->cell[i].top);
    return top;
}

static double sigma_at(const mfli_cells *cells, const double *row)
{
    return row[MFLI_ROW_SQUARE] * (cells->frame->has_length ? 1.0 : row[MFLI_ROW_X]);
}

/* With a response s/Phi takes the place of s, and slope needs <Sigma s> of the lengths: Sigma - s/(c Phi). */
static void add_point(const mfli_cells *cells, const mfli_pull *pull, const double *row, double p, mfli_moments *to)
{
    const mfli_modes *modes = cells->frame->modes;
    int32_t r = modes->variables, n = modes->count;
    const double *share = row + MFLI_ROW_SHARES, *cosine = share + r;
    double s = row[MFLI_ROW_S], s2 = row[MFLI_ROW_S2], x = row[MFLI_ROW_X], eps = row[MFLI_ROW_ALIGNED];
    double sigma = sigma_at(cells, row), left = x, feedback = s + pull->gain * s2 * eps * eps;
    if (pull->response) {
        s /= row[MFLI_ROW_RESPONSE];
        feedback = pull->gain * eps * eps / row[MFLI_ROW_RESPONSE] * (sigma - s / pull->saturation);
    }
    to->log_mass += p;
    to->s += p * s;
    to->s2eps2 += p * s2 * eps * eps;
    to->sigma += p * sigma;
    for (int32_t j = 0; j < r; j++) {
        to->square[j] += p * x * share[j];
        left -= x * share[j];
    }
    to->across += p * left;
    for (int32_t i = 0; i < n; i++) {
        double power = p * sigma * cosine[i], curvature = p * feedback * cosine[i];
        to->q[i] += p * s * eps * cosine[i];
        for (int32_t j = 0; j <= i; j++) {
            to->gram[i][j] += power * cosine[j];
            to->slope[i][j] += curvature * cosine[j];
        }
    }
}

/* What the mean force <Sigma eps e_A>, or <s eps e_A>, takes from the slope. */
static double mean_force(const mfli_modes *modes, const mfli_pull *pull, const mfli_moments *moments, int32_t i)
{
    double sum = 0.0;
    if (!pull->response)
        return moments->q[i];
    for (int32_t j = 0; j < modes->count; j++)
        sum += moments->gram[i][j] * pull->delta[j];
    return sum;
}

/* Sums into means. */
static void normalise(const mfli_modes *modes, const mfli_pull *pull, double mass, mfli_moments *moments)
{
    int32_t r = modes->variables;
    moments->s /= mass;
    moments->s2eps2 /= mass;
    moments->sigma /= mass;
    moments->across /= mass;
    for (int32_t j = 0; j < r; j++)
        moments->square[j] /= mass;
    for (int32_t i = 0; i < modes->count; i++)
        moments->q[i] /= mass;
    for (int32_t i = 0; i < modes->count; i++)
        for (int32_t j = 0; j <= i; j++) {
            moments->gram[i][j] = moments->gram[j][i] = moments->gram[i][j] / mass;
            moments->slope[i][j] = moments->slope[j][i] = moments->slope[i][j] / mass;
        }
    for (int32_t i = 0; i < modes->count; i++) {
        double force = pull->gain * mean_force(modes, pull, moments, i);
        for (int32_t j = 0; j < modes->count; j++)
            moments->slope[i][j] -= force * moments->q[j];
    }
    if (!modes->exchanged) /* otherwise the variables are in descending order */
        return;
    double mean = 0.0;
    for (int32_t j = 0; j < r; j++)
        mean += moments->square[j] / r;
    for (int32_t j = 0; j < r; j++)
        moments->square[j] = mean;
}

/* What the sums over cells need. */
typedef struct summed {
    const mfli_cells *cells;
    const mfli_pull *pull;
    double top, longest;
} summed;

static void add_cell(const void *data, const mfli_cell *cell, double *part)
{
    const summed *all = data;
    const mfli_cells *cells = all->cells;
    mfli_moments_part *to = (mfli_moments_part *)part;
    for (int32_t point = 0; point < cells->points && cell->top > all->top - negligible; point++) {
        const double *row = mfli_cell_row(cells, cell, point);
        if (row[MFLI_ROW_LOG] < all->top - negligible)
            continue;
        double p = exp(row[MFLI_ROW_LOG] - all->top);
        double share = p * row[MFLI_ROW_S] * row[MFLI_ROW_ALIGNED] * row[MFLI_ROW_ALIGNED];
        add_point(cells, all->pull, row, p, &to->moments);
        to->pulled += share;
        if (row[MFLI_ROW_LENGTH] > all->longest) {
            to->far += p;
            to->far_pull += share;
        }
    }
}

void mfli_ensemble_moments(mfl_context *context, const mfli_ensemble *ensemble, const mfli_pull *pull,
                           mfli_moments *moments)
{
    const mfli_cells *cells = &ensemble->cells;
    const mfli_moments_part *sum = ensemble->parts;
    double longest = cells->frame->has_length ? 0.3 * exp(cells->frame->high[0]) : INFINITY;
    summed all = {cells, pull, top_of(cells), longest};
    mfli_cells_sum(context, cells, add_cell, &all, sizeof *sum / sizeof(double), (double *)ensemble->parts);
    *moments = sum->moments;
    double mass = moments->log_mass;
    normalise(cells->frame->modes, pull, mass, moments);
    moments->log_mass = all.top + log(mass);
    moments->reach = fmax(sum->far / mass, sum->pulled > 0.0 ? sum->far_pull / sum->pulled : 0.0);
}

/* To the matrices of the blocks after that of the modes. */
static void add_power(const mfli_blocks *blocks, const double *e, double p, double *power)
{
    for (int32_t b = 1; b < blocks->dense; b++) {
        const mfli_block *block = &blocks->block[b];
        const double *of = e + block->first;
        double *to = power + block->at;
        for (int32_t i = 0; i < block->size; i++, to += block->size) {
            double weight = p * of[i];
            for (int32_t j = 0; j <= i; j++)
                to[j] += weight * of[j];
        }
    }
    for (int32_t b = blocks->dense; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        power[block->at] += p * e[block->first] * e[block->first];
    }
}

static void add_cell_power(const void *data, const mfli_cell *cell, double *part)
{
    const summed *all = data;
    const mfli_cells *cells = all->cells;
    for (int32_t point = 0; point < cells->points && cell->top > all->top - negligible; point++) {
        const double *row = mfli_cell_row(cells, cell, point), *e = row + MFLI_ROW_SHARES + cells->frame->modes->variables;
        if (row[MFLI_ROW_LOG] > all->top - negligible)
            add_power(cells->frame->blocks, e, exp(row[MFLI_ROW_LOG] - all->top) * sigma_at(cells, row), part);
    }
}

void mfli_ensemble_power(mfl_context *context, const mfli_ensemble *ensemble, const mfli_moments *moments,
                         double *power)
{
    const mfli_cells *cells = &ensemble->cells;
    const mfli_blocks *blocks = cells->frame->blocks;
    summed all = {cells, NULL, top_of(cells), 0.0};
    mfli_cells_sum(context, cells, add_cell_power, &all, (size_t)blocks->numbers, ensemble->power_parts);
    double mass = exp(moments->log_mass - all.top);
    for (int32_t b = 0; b < blocks->count; b++) {
        const mfli_block *block = &blocks->block[b];
        const double *sum = ensemble->power_parts + block->at;
        double *to = power + block->at;
        for (int32_t i = 0; i < block->size; i++)
            for (int32_t j = 0; j <= i; j++) {
                double value = b ? sum[i * block->size + j] / mass : moments->gram[i][j];
                to[i * block->size + j] = to[j * block->size + i] = value;
            }
    }
}
/* ---- specialised neurons ---- */

static int32_t is_specialised(const mfli_modes *modes, const double *share)
{
    double sum = 0.0;
    for (int32_t j = 0; modes->gaussian && j < modes->variables; j++)
        sum += share[j];
    if (sum > 0.5)
        return 1;
    for (int32_t i = 0; !modes->gaussian && i < modes->count; i++) {
        double along = 0.0;
        if (modes->mode[i].target == 0.0 || modes->mode[i].total == 0)
            continue;
        for (int32_t j = 0; j < modes->variables; j++)
            along += modes->mode[i].degree[j] ? sqrt(share[j]) : 0.0;
        if (along * along > 0.5 * modes->mode[i].total)
            return 1;
    }
    return 0;
}

/* The edge is that of one of several modes here and of another there. */
static int32_t has_kinks(const mfli_modes *modes)
{
    int32_t count = 0;
    for (int32_t i = 0; i < modes->count && !modes->gaussian; i++)
        count += modes->mode[i].target != 0.0 && modes->mode[i].total > 0;
    return count > 1;
}

/* By points inside and outside. */
static double count_specialised(const mfli_cells *cells, double *error)
{
    double top = top_of(cells), mass = 0.0, inside = 0.0, edge = 0.0;
    for (int32_t i = 0; i < cells->count; i++) {
        double all = 0.0, in = 0.0;
        for (int32_t point = 0; point < cells->points && cells->cell[i].top > top - negligible; point++) {
            const double *row = mfli_cell_row(cells, &cells->cell[i], point);
            double p = exp(row[MFLI_ROW_LOG] - top);
            all += p;
            in += is_specialised(cells->frame->modes, row + MFLI_ROW_SHARES) ? p : 0.0;
        }
        mass += all;
        inside += in;
        edge += fmin(in, all - in);
    }
    *error = edge / mass;
    return inside / mass;
}

static double log_mass(const mfli_cells *cells)
{
    double top = top_of(cells), sum = 0.0;
    for (int32_t i = 0; i < cells->count && isfinite(top); i++)
        for (int32_t point = 0; point < cells->points; point++)
            sum += exp(mfli_cell_row(cells, &cells->cell[i], point)[MFLI_ROW_LOG] - top);
    return top + log(sum);
}

/* The coarsest cells of the specialised neurons alone. */
static int32_t start_caps(mfl_context *context, mfli_ensemble *ensemble)
{
    const mfli_frame *frame = ensemble->cells.frame;
    mfli_cells *caps = &ensemble->caps;
    int32_t status = MFL_OK;
    if (!caps->frame) {
        ensemble->caps_frame = *frame;
        ensemble->caps_frame.caps = 1;
        return mfli_cells_create(context, &ensemble->caps_frame, caps);
    }
    if (ensemble->caps_frame.unit != frame->unit)
        status = mfli_cells_scale(context, caps, frame->unit);
    return status == MFL_OK ? mfli_cells_restart(context, caps) : status;
}

int32_t mfli_ensemble_specialised(mfl_context *context, mfli_ensemble *ensemble, const mfli_pull *pull,
                                  double tolerance, double *part, double *error)
{
    static const double coarse = 0.1, finest = 1e-8, finest_kinked = 1e-6;
    mfli_cells *caps = &ensemble->caps;
    applied law;
    mfli_cells_law of;
    mfli_refinement done;
    *part = count_specialised(&ensemble->cells, error);
    if (!ensemble->cells.frame->has_ratio)
        return MFL_OK;
    double whole = log_mass(&ensemble->cells);
    int32_t status = start_caps(context, ensemble);
    if (status == MFL_OK)
        status = init_law(context, ensemble, pull, &law, &of);
    of.kinked = has_kinks(ensemble->cells.frame->modes) ? ensemble->cells.frame->angles : 0;
    double least = of.kinked ? finest_kinked : finest;
    for (int32_t fine = 0; fine < 2 && status == MFL_OK; fine++) {
        double relative = fine ? fmin(coarse, fmax(0.01 * tolerance, least) / fmax(*part, 1e-300)) : coarse;
        status = mfli_cells_refine(context, caps, &of, relative, &done);
        *part = status == MFL_OK ? exp(log_mass(caps) - whole) : 0.0;
        *error = *part * done.error;
    }
    *part = fmin(*part, 1.0);
    return status;
}
