/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/frame_law.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/multimode.h"

/* Cells with less than exp(-36) of the law are left out. */
static const double negligible = 36.0;
/* Relative error of the cells that boxes start from: it takes every hump to meet it. */
static const double resolved = 1e-2;

enum {
    boxes_most = 20000,
    row_most = MFLI_ROW_SHARES + MFLI_VARIABLES_MOST + MFLI_MODES_MOST + MFLI_FEATURES_MOST
};

/* ---- at a point ---- */

/* With u = c X, where X is |w|^2 in units of sigma_w^2/d for a homogeneous activation and else 1:
 * A = (1 + u)/sigma_a^2, B^2/2A = g u/(1 + u), and without self-energy both without the 1 + u. Returns sign(B). */
static double feel(const mfli_frame_law *law, const double *row, mfli_ray *ray)
{
    const mfli_modes *modes = law->frame.modes;
    const double *cosine = row + MFLI_ROW_SHARES + modes->variables, *power = cosine + modes->count;
    double eps = 0.0, response = 0.0, stretch = law->pull.precision[modes->variables];
    for (int32_t j = 0; j < modes->variables; j++)
        stretch += (law->pull.precision[j] - law->pull.precision[modes->variables]) * row[MFLI_ROW_SHARES + j];
    ray->stretch = stretch;
    if (law->has_field) {
        const mfli_field *field = &law->field;
        for (int32_t l = 0; field->response && l < law->frame.classes->count; l++)
            response += field->response[l] * power[l];
        response = field->response ? response : 1.0;
        ray->c = field->saturation * response * row[MFLI_ROW_SQUARE] / law->frame.unit;
        ray->g = response > 0.0 ? 0.5 * field->strength * cosine[0] * cosine[0] / response : 0.0;
        return cosine[0] < 0.0 ? -law->sign : law->sign;
    }
    for (int32_t i = 0; i < modes->count; i++)
        eps += law->pull.delta[i] * cosine[i];
    response = law->pull.response ? mfli_respond(&law->blocks, law->pull.response, cosine) : 1.0;
    ray->c = law->pull.saturation * response * row[MFLI_ROW_SQUARE];
    ray->g = 0.5 * law->pull.gain * eps * eps / response;
    return eps < 0.0 ? -1.0 : 1.0;
}

static mfli_readout read(const mfli_frame_law *law, double sign, const mfli_ray *ray, double x)
{
    double u = ray->c * x, grown = law->pull.fixed ? 0.0 : u, square = law->sigma_a * law->sigma_a;
    return (mfli_readout){ray->g * u / (1.0 + grown) - 0.5 * log1p(grown),
                          sign * law->sigma_a * sqrt(2.0 * ray->g * u) / (1.0 + grown), square / (1.0 + grown)};
}

/* The frame keeps what it met last, hence a copy for whoever asks. */
static int32_t at_point(const void *data, const double *on, double across, mfli_readout *readout)
{
    const mfli_frame_law *law = data;
    mfli_frame frame = law->frame;
    int32_t r = frame.modes->variables;
    double row[row_most], square = across * across, moved[MFLI_VARIABLES_MOST] = {0.0};
    memcpy(moved, on, (size_t)r * sizeof *on);
    for (int32_t j = 0; j < r; j++)
        square += on[j] * on[j];
    if (square == 0.0) /* has no direction */
        moved[0] = 1e-100 * sqrt(frame.unit);
    mfli_ray ray;
    int32_t status = mfli_frame_at(law->context, &frame, moved, across, row);
    if (status != MFL_OK)
        return status;
    double sign = feel(law, row, &ray);
    *readout = read(law, sign, &ray, frame.has_length ? 1.0 : square / frame.unit);
    return MFL_OK;
}

/* Log density of the coordinates, with the length of a homogeneous activation integrated out; the place holds it. */
static int32_t density_at(const void *data, int32_t chart, const double *x, mfli_draws *draws, void *place,
                          double *log_density)
{
    const mfli_frame_law *law = data;
    mfli_frame frame = law->frame;
    int32_t axes = frame.axes, r = frame.modes->variables;
    double row[row_most], inside[MFLI_AXES_MOST];
    mfli_ray here, *ray = place ? place : &here;
    (void)draws;
    for (int32_t i = 0; i < axes; i++) { /* coordinates may have poles at the ends of their range */
        double width = frame.high[i] - frame.low[i];
        inside[i] = fmax(frame.low[i] + 1e-9 * width, fmin(x[i], frame.high[i]));
    }
    int32_t status = mfli_frame_point(law->context, &frame, chart, inside, 0.0, row);
    if (status != MFL_OK)
        return status;
    feel(law, row, ray);
    *log_density = row[MFLI_ROW_WEIGHT] + 0.5 * (frame.d - r) * log(law->pull.precision[r]);
    for (int32_t j = 0; j < r; j++)
        *log_density += 0.5 * log(law->pull.precision[j]);
    if (frame.has_length) {
        *log_density += read(law, 1.0, ray, 1.0).log_factor - 0.5 * row[MFLI_ROW_LENGTH] * ray->stretch;
        return MFL_OK;
    }
    ray->c /= ray->stretch;
    mfli_ray_weigh(&law->lengths, law->pull.fixed, ray);
    *log_density += ray->log_mass - 0.5 * frame.d * log(ray->stretch);
    return MFL_OK;
}

/* ---- draws ---- */

/* One of the vectors that the symmetries of the law make of w_S. */
static void scatter(const mfli_modes *modes, mfli_draws *draws, double *on)
{
    int32_t flip = 0;
    for (int32_t j = 0; j < modes->variables; j++)
        if (modes->positive >> j & 1 && mfli_draw_uniform(draws) < 0.5)
            flip ^= modes->flip[j];
    for (int32_t j = 0; j < modes->variables; j++)
        on[j] = flip >> j & 1 ? -on[j] : on[j];
    for (int32_t j = modes->variables - 1; j > 0 && modes->exchanged; j--) {
        int32_t other = (int32_t)fmin(j, (j + 1.0) * mfli_draw_uniform(draws));
        double kept = on[j];
        on[j] = on[other];
        on[other] = kept;
    }
}

static int32_t draw(const void *data, mfli_draws *draws, mfli_neuron_draw *neuron)
{
    const mfli_frame_law *law = data;
    const mfli_frame *frame = &law->frame;
    double x[MFLI_AXES_MOST], length = 1.0;
    mfli_ray ray;
    mfli_site site;
    int32_t chart, status = mfli_boxes_draw(&law->boxes, draws, &chart, x, &ray);
    if (status != MFL_OK)
        return status;
    mfli_frame_place(frame, chart, x, &site);
    if (!frame->has_length)
        length = sqrt(frame->unit * mfli_ray_draw(frame->d, &ray, law->pull.fixed, draws) / ray.stretch);
    neuron->across = length * site.across;
    for (int32_t j = 0; j < frame->modes->variables; j++)
        neuron->on[j] = length * site.on[j];
    scatter(frame->modes, draws, neuron->on);
    return MFL_OK;
}

/* ---- the boxes ---- */

static int32_t add_cells(mfl_context *context, const mfli_cells *cells, mfli_boxes *boxes)
{
    double top = -INFINITY, total = 0.0;
    int32_t status = MFL_OK;
    for (int32_t i = 0; i < cells->count; i++)
        top = fmax(top, cells->cell[i].top);
    for (int32_t i = 0; i < cells->count; i++)
        total += exp(cells->cell[i].top - top) * cells->cell[i].mass[0];
    for (int32_t i = 0; i < cells->count && status == MFL_OK; i++) {
        const mfli_cell *cell = &cells->cell[i];
        const mfli_node *node = &cells->node[cell->node];
        mfli_box box = {.chart = node->chart};
        if (!(cell->top - top + log(cell->mass[0] / total) > -negligible))
            continue;
        memcpy(box.low, node->low, sizeof box.low);
        memcpy(box.high, node->high, sizeof box.high);
        if (mfli_progress(context, "neurons", 0.0))
            return MFL_ERROR_CANCELLED;
        status = mfli_boxes_add(context, -INFINITY, &box, boxes);
    }
    return status;
}

static int32_t fill_boxes(mfl_context *context, mfli_frame_law *law)
{
    mfli_refinement done;
    mfli_ray place;
    mfli_ensemble *ensemble = mfli_alloc(context, 1, sizeof *ensemble);
    if (!ensemble)
        return MFL_ERROR_MEMORY;
    int32_t status = mfli_ensemble_create(context, &law->frame, ensemble);
    if (status == MFL_OK) {
        status = law->has_field ? mfli_neuron_refine(context, ensemble, &law->field, resolved, &done)
                                : mfli_ensemble_refine(context, ensemble, &law->pull, resolved, &done);
        if (status == MFL_OK)
            status = add_cells(context, &ensemble->cells, &law->boxes);
        mfli_ensemble_finish(context, ensemble);
    }
    mfli_free(context, ensemble);
    return status == MFL_OK ? mfli_boxes_finish(context, boxes_most, &place, &law->boxes) : status;
}

/* The frame and all that follows, once the field is known. */
static int32_t complete(mfl_context *context, const mfli_modes *modes, const mfli_model *model,
                        const mfli_classes *classes, mfli_frame_law *law)
{
    int32_t status = MFL_OK;
    law->context = context;
    law->sigma_a = model->sigma_a;
    mfli_frame_init(modes, model, classes, &law->frame);
    law->frame.blocks = law->blocks.count ? &law->blocks : NULL;
    law->boxes.law = (mfli_box_law){density_at, law, law->frame.axes};
    if (!law->frame.has_length)
        status = mfli_length_table_create(context, law->frame.d, &law->lengths);
    if (status == MFL_OK)
        status = fill_boxes(context, law);
    if (status != MFL_OK)
        mfli_frame_law_finish(context, law);
    return status;
}

int32_t mfli_frame_law_of_pull(mfl_context *context, const mfli_modes *modes, const mfli_model *model,
                               const mfli_pull *pull, mfli_frame_law *law)
{
    memset(law, 0, sizeof *law);
    law->pull = *pull;
    int32_t status = pull->response ? mfli_blocks_create(context, modes, model, &law->blocks) : MFL_OK;
    return status ? status : complete(context, modes, model, NULL, law);
}

int32_t mfli_frame_law_of_state(const mfli_setting *setting, const mfli_modes *modes, const mfli_model *model,
                                const mfli_order *order, double steep, mfli_frame_law *law)
{
    mfli_mean_field_state state;
    memset(law, 0, sizeof *law);
    law->has_field = 1;
    law->field = mfli_mean_field_field(setting, order, steep, law->response, &state);
    law->sign = state.pull < 0.0 ? -1.0 : 1.0;
    law->pull.fixed = law->field.fixed;
    for (int32_t j = 0; j <= modes->variables; j++)
        law->pull.precision[j] = law->field.precision[j == modes->variables];
    return complete(setting->context, modes, model, &setting->problem->classes, law);
}

void mfli_frame_law_finish(mfl_context *context, mfli_frame_law *law)
{
    mfli_boxes_release(context, &law->boxes);
    mfli_length_table_finish(context, &law->lengths);
    mfli_blocks_finish(context, &law->blocks);
    memset(law, 0, sizeof *law);
}

/* The largest (delta.e)^2/(e^T R_0 e): delta^T R_0^-1 delta. */
static double screened_square(const mfli_frame_law *law)
{
    double matrix[MFLI_MODES_MOST][MFLI_MODES_MOST], x[MFLI_MODES_MOST], square = 0.0;
    int32_t n = law->frame.modes->count;
    for (int32_t i = 0; i < n; i++) {
        x[i] = law->pull.delta[i];
        memcpy(matrix[i], law->pull.response + i * n, (size_t)n * sizeof *x);
    }
    mfli_solve_linear(n, matrix, x);
    for (int32_t i = 0; i < n; i++)
        square += law->pull.delta[i] * x[i];
    return square;
}

/* Of B^2/2A: sum_A e_A^2 <= 1, and Phi is at least the target's own part of it. */
static double largest_gain(const mfli_frame_law *law)
{
    const mfli_field *field = &law->field;
    double square = 0.0;
    if (law->pull.fixed)
        return INFINITY;
    if (law->has_field)
        return 0.5 * field->strength / (field->response ? field->response[law->frame.classes->target] : 1.0);
    if (law->pull.response)
        return 0.5 * law->pull.gain * screened_square(law);
    for (int32_t i = 0; i < law->frame.modes->count; i++)
        square += law->pull.delta[i] * law->pull.delta[i];
    return 0.5 * law->pull.gain * square;
}

void mfli_frame_law_describe(const mfli_frame_law *law, mfli_neuron_law *of)
{
    const mfli_model *model = law->frame.average.model;
    *of = (mfli_neuron_law){.data = law,
                            .at = at_point,
                            .draw = draw,
                            .variables = law->frame.modes->variables,
                            .is_caller = model->activation == MFL_ACTIVATION_CALLER,
                            .d = law->frame.d,
                            .unit = law->frame.unit,
                            .most = largest_gain(law)};
    memcpy(of->precision, law->pull.precision, sizeof of->precision);
    for (int32_t j = 0; j < of->variables; j++)
        of->even |= law->frame.modes->flip[j] == 1 << j ? 1 << j : 0;
}
