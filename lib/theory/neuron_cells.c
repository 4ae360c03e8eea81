/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/neuron_cells.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Points with less than exp(-45) of the largest weight are left out of sums. */
static const double negligible = 45.0;

/* What a row holds between the passes over it: Phi in the place of <s^2>. */
enum { row_response = MFLI_ROW_S2 };

typedef struct applied {
    const mfli_frame *frame;
    const mfli_field *field;
    double log_determinant;
} applied;

static void apply_to(const void *data, double *row)
{
    const applied *law = data;
    const mfli_frame *frame = law->frame;
    const mfli_field *field = law->field;
    const mfli_modes *modes = frame->modes;
    const double *share = row + MFLI_ROW_SHARES, *cosine = share + modes->variables, *power = cosine + modes->count;
    double on = field->precision[0], off = field->precision[1], aligned = 0.0, response = field->response ? 0.0 : 1.0;
    for (int32_t j = 0; j < modes->variables; j++)
        aligned += share[j];
    for (int32_t l = 0; field->response && l < frame->classes->count; l++)
        response += field->response[l] * power[l];
    double u = field->saturation * response * row[MFLI_ROW_SQUARE] / frame->unit, s = u / (1.0 + u);
    row[row_response] = response;
    row[MFLI_ROW_S] = s;
    row[MFLI_ROW_ALIGNED] = aligned;
    row[MFLI_ROW_LOG] = row[MFLI_ROW_WEIGHT] + law->log_determinant - 0.5 * log1p(u) -
                        0.5 * row[MFLI_ROW_LENGTH] * (off + (on - off) * aligned);
    if (response > 0.0)
        row[MFLI_ROW_LOG] += 0.5 * field->strength * s * cosine[0] * cosine[0] / response;
}

static int32_t init_law(mfl_context *context, const mfli_ensemble *ensemble, const mfli_field *field, applied *law,
                        mfli_cells_law *cells)
{
    const mfli_frame *frame = ensemble->cells.frame;
    double k = frame->modes->variables;
    if (!isfinite(field->saturation) || !isfinite(field->strength))
        return mfli_fail(context, MFL_ERROR_TOLERANCE, "P/kappa^2, or kappa itself, is too large for the range of numbers");
    *law = (applied){frame, field, 0.5 * k * log(field->precision[0]) + 0.5 * (frame->d - k) * log(field->precision[1])};
    *cells = (mfli_cells_law){apply_to, NULL, law, field->saturation == 0.0, 0};
    return MFL_OK;
}

int32_t mfli_neuron_refine(mfl_context *context, mfli_ensemble *ensemble, const mfli_field *field, double tolerance,
                           mfli_refinement *done)
{
    applied law;
    mfli_cells_law of;
    int32_t status = init_law(context, ensemble, field, &law, &of);
    return status ? status : mfli_cells_refine(context, &ensemble->cells, &of, tolerance, done);
}

static void add_point(const mfli_frame *frame, const double *row, double p, mfli_neuron *to)
{
    const mfli_modes *modes = frame->modes;
    const double *cosine = row + MFLI_ROW_SHARES + modes->variables, *power = cosine + modes->count;
    double s = row[MFLI_ROW_S], share = row[row_response] > 0.0 ? 1.0 / row[row_response] : 0.0;
    double q = cosine[0] * cosine[0], x = row[MFLI_ROW_LENGTH], sigma = row[MFLI_ROW_SQUARE] / frame->unit, along = 0.0;
    to->log_mass += p;
    to->qs += p * q * s * share;
    to->q2s2 += p * q * q * s * s * share * share;
    to->s += p * s * share;
    to->qs2 += p * q * s * s * share * share;
    to->q += p * sigma * q;
    to->aligned += p * x * row[MFLI_ROW_ALIGNED];
    to->across += p * x * (1.0 - row[MFLI_ROW_ALIGNED]);
    for (int32_t j = 0; j < modes->variables; j++)
        along += sqrt(row[MFLI_ROW_SHARES + j]);
    to->specialised += along * along > 0.5 * modes->variables ? p : 0.0;
    for (int32_t l = 0; l < frame->classes->count; l++)
        to->power[l] += p * sigma * power[l];
}

/* What the sums over cells need. */
typedef struct summed {
    const mfli_cells *cells;
    double top;
} summed;

static void add_cell(const void *data, const mfli_cell *cell, double *part)
{
    const summed *all = data;
    for (int32_t point = 0; point < all->cells->points && cell->top > all->top - negligible; point++) {
        const double *row = mfli_cell_row(all->cells, cell, point);
        if (row[MFLI_ROW_LOG] > all->top - negligible)
            add_point(all->cells->frame, row, exp(row[MFLI_ROW_LOG] - all->top), (mfli_neuron *)part);
    }
}

int32_t mfli_neuron_on_cells(mfl_context *context, mfli_ensemble *ensemble, const mfli_field *field,
                             mfli_neuron *neuron)
{
    enum { numbers = sizeof(mfli_neuron) / sizeof(double) };
    const mfli_cells *cells = &ensemble->cells;
    double parts[MFLI_CELL_PARTS * numbers], *all = (double *)neuron;
    summed sums = {cells, -INFINITY};
    applied law;
    mfli_cells_law of;
    int32_t status = init_law(context, ensemble, field, &law, &of);
    if (status == MFL_OK)
        status = mfli_cells_apply(context, &ensemble->cells, &of, 0);
    if (status != MFL_OK)
        return status;
    for (int32_t i = 0; i < cells->count; i++)
        sums.top = fmax(sums.top, cells->cell[i].top);
    mfli_cells_sum(context, cells, add_cell, &sums, numbers, parts);
    memcpy(neuron, parts, sizeof *neuron);
    double mass = neuron->log_mass;
    for (size_t i = 0; i < numbers; i++)
        all[i] /= mass;
    neuron->log_mass = sums.top + log(mass);
    return MFL_OK;
}
