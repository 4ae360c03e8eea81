/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/boxes.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Of a bound over the highest probe, in the logarithm. */
static const double margin = 0.1;
static const double acceptance_wanted = 0.6;
/* Slopes that are followed. */
static const double steepest = 200.0;

enum { passes = 24, rehearsals = 16, rounds_of_progress = 64 };

/* ---- the bound of one box ---- */

/* Log of the integral of exp(slope (t - 1/2)) over t in [0, 1]. */
static double log_tilt(double slope)
{
    double b = fabs(slope);
    return b < 1e-4 ? b * b / 24.0 : 0.5 * b + log1p(-exp(-b)) - log(b);
}

static double volume(const mfli_box *box, int32_t axes)
{
    double product = 1.0;
    for (int32_t i = 0; i < axes; i++)
        product *= box->high[i] - box->low[i];
    return product;
}

static void weigh(const mfli_boxes *boxes, mfli_box *box)
{
    box->log_mass = box->log_bound + log(volume(box, boxes->law.axes));
    for (int32_t i = 0; i < boxes->law.axes; i++)
        box->log_mass += log_tilt(box->slope[i]);
}

/* Points of a box at t in [0, 1] along each axis: the middle, quarters and faces along each axis, all corners. */
enum { along_axis = 4, probes_most = 1 + along_axis * MFLI_AXES_MOST + (1 << MFLI_AXES_MOST) };

static int32_t probe_count(int32_t axes)
{
    return 1 + along_axis * axes + (axes > 1 ? 1 << axes : 0);
}

static void probe_point(int32_t axes, int32_t i, double *t)
{
    static const double at[along_axis] = {0.0, 0.25, 0.75, 1.0};
    int32_t corner = i - 1 - along_axis * axes;
    for (int32_t j = 0; j < axes; j++)
        t[j] = corner >= 0 ? corner >> j & 1 : 0.5;
    if (i > 0 && corner < 0)
        t[(i - 1) / along_axis] = at[(i - 1) % along_axis];
}

static double tilt_at(const mfli_box *box, int32_t axes, const double *t)
{
    double sum = 0.0;
    for (int32_t j = 0; j < axes; j++)
        sum += box->slope[j] * (t[j] - 0.5);
    return sum;
}

/* The bound with the slopes of the box over probes of the density. */
static void fit(const mfli_boxes *boxes, const double *value, mfli_box *box)
{
    int32_t axes = boxes->law.axes, count = probe_count(axes);
    double most = -INFINITY, sum = 0.0, t[MFLI_AXES_MOST], rest[probes_most], variation = -1.0;
    for (int32_t i = 0; i < count; i++) {
        probe_point(axes, i, t);
        rest[i] = value[i] - tilt_at(box, axes, t);
        most = fmax(most, rest[i]);
    }
    box->log_bound = most + margin;
    box->highest = value[0];
    for (int32_t i = 1; i < count; i++)
        box->highest = fmax(box->highest, value[i]);
    weigh(boxes, box);
    for (int32_t i = 0; i < count; i++) {
        rest[i] = isfinite(most) ? exp(rest[i] - box->log_bound) : 0.0;
        sum += rest[i] / count;
    }
    box->waste = 1.0 - sum;
    for (int32_t j = 0; j < axes; j++) {
        double low = rest[0], high = rest[0];
        for (int32_t i = 1 + along_axis * j; i <= along_axis * (j + 1); i++) {
            low = fmin(low, rest[i]);
            high = fmax(high, rest[i]);
        }
        if (high - low > variation) {
            variation = high - low;
            box->axis = j;
        }
    }
}

/* Of two bounds, level and sloped like the density between the quarters, the one with the smaller mass. */
static int32_t probe(const mfli_boxes *boxes, mfli_box *box)
{
    int32_t axes = boxes->law.axes;
    double value[probes_most], t[MFLI_AXES_MOST] = {0.0}, x[MFLI_AXES_MOST] = {0.0};
    for (int32_t i = 0; i < probe_count(axes); i++) {
        probe_point(axes, i, t);
        for (int32_t j = 0; j < axes; j++)
            x[j] = box->low[j] + t[j] * (box->high[j] - box->low[j]);
        int32_t status = boxes->law.at(boxes->law.data, box->chart, x, NULL, NULL, &value[i]);
        if (status != MFL_OK)
            return status;
    }
    mfli_box sloped = *box;
    for (int32_t j = 0; j < axes; j++) {
        double slope = 2.0 * (value[along_axis * j + 3] - value[along_axis * j + 2]);
        box->slope[j] = 0.0;
        sloped.slope[j] = isfinite(slope) ? fmax(-steepest, fmin(slope, steepest)) : 0.0;
    }
    fit(boxes, value, box);
    fit(boxes, value, &sloped);
    if (sloped.log_mass < box->log_mass)
        *box = sloped;
    return MFL_OK;
}

/* ---- all boxes ---- */

static int32_t append(mfl_context *context, mfli_boxes *boxes, const mfli_box *box)
{
    if (boxes->count == boxes->capacity) {
        int32_t capacity = boxes->capacity ? 2 * boxes->capacity : 256;
        mfli_box *more = mfli_alloc(context, (size_t)capacity, sizeof *more);
        if (!more)
            return MFL_ERROR_MEMORY;
        if (boxes->count)
            memcpy(more, boxes->box, (size_t)boxes->count * sizeof *more);
        mfli_free(context, boxes->box);
        boxes->box = more;
        boxes->capacity = capacity;
    }
    boxes->box[boxes->count++] = *box;
    return MFL_OK;
}

int32_t mfli_boxes_add(mfl_context *context, double least, const mfli_box *box, mfli_boxes *boxes)
{
    mfli_box bounded = *box;
    int32_t status = probe(boxes, &bounded);
    if (status != MFL_OK || bounded.highest <= least)
        return status;
    return append(context, boxes, &bounded);
}

static double highest_mass(const mfli_boxes *boxes)
{
    double top = -INFINITY;
    for (int32_t i = 0; i < boxes->count; i++)
        top = fmax(top, boxes->box[i].log_mass);
    return top;
}

static int32_t halve(mfl_context *context, mfli_boxes *boxes, int32_t i)
{
    mfli_box lower = boxes->box[i], upper = lower;
    int32_t axis = lower.axis;
    lower.high[axis] = upper.low[axis] = 0.5 * (lower.low[axis] + lower.high[axis]);
    int32_t status = probe(boxes, &lower);
    if (status == MFL_OK)
        status = probe(boxes, &upper);
    if (status != MFL_OK)
        return status;
    boxes->box[i] = lower;
    return append(context, boxes, &upper);
}

static int32_t refine(mfl_context *context, int32_t most, mfli_boxes *boxes)
{
    int32_t status = MFL_OK;
    for (int32_t pass = 0; pass < passes && status == MFL_OK && boxes->law.axes > 0; pass++) {
        double top = highest_mass(boxes), mass = 0.0, waste = 0.0;
        int32_t count = boxes->count;
        for (int32_t i = 0; i < count; i++) {
            mass += exp(boxes->box[i].log_mass - top);
            waste += exp(boxes->box[i].log_mass - top) * boxes->box[i].waste;
        }
        if (waste < (1.0 - acceptance_wanted) * mass || count >= most)
            break;
        double threshold = fmax(2.0 * mass * (1.0 - acceptance_wanted) / most, 0.2 * waste / count);
        for (int32_t i = 0; i < count && boxes->count < most && status == MFL_OK; i++) {
            if (i % rounds_of_progress == 0 &&
                mfli_progress(context, "neurons", (double)(pass + 1) / (passes + 1)))
                return MFL_ERROR_CANCELLED;
            if (exp(boxes->box[i].log_mass - top) * boxes->box[i].waste > threshold)
                status = halve(context, boxes, i);
        }
    }
    return status;
}

static void accumulate(mfli_boxes *boxes)
{
    double top = highest_mass(boxes), total = 0.0;
    for (int32_t i = 0; i < boxes->count; i++)
        boxes->box[i].total = total += exp(boxes->box[i].log_mass - top);
    for (int32_t i = 0; i < boxes->count; i++)
        boxes->box[i].total /= total;
    boxes->log_total = top + log(total);
}

/* ---- draws ---- */

static int32_t find(const mfli_boxes *boxes, double u)
{
    int32_t low = 0, high = boxes->count - 1;
    while (low < high) {
        int32_t i = (low + high) / 2;
        if (boxes->box[i].total < u)
            low = i + 1;
        else
            high = i;
    }
    return low;
}

/* t in [0, 1] with a density like exp(slope t). */
static double draw_tilted(double slope, double u)
{
    if (fabs(slope) < 1e-4)
        return u;
    double t = log(1.0 - u + u * exp(-fabs(slope))) / -fabs(slope);
    return slope > 0.0 ? 1.0 - t : t;
}

/* A point under the hat. *excess: log density over log bound. */
static int32_t propose(const mfli_boxes *boxes, mfli_draws *draws, int32_t *which, double *x, void *place,
                       double *excess)
{
    const mfli_box *box = &boxes->box[*which = find(boxes, mfli_draw_uniform(draws))];
    double t[MFLI_AXES_MOST];
    for (int32_t j = 0; j < boxes->law.axes; j++) {
        t[j] = draw_tilted(box->slope[j], mfli_draw_uniform(draws));
        x[j] = box->low[j] + t[j] * (box->high[j] - box->low[j]);
    }
    int32_t status = boxes->law.at(boxes->law.data, box->chart, x, draws, place, excess);
    *excess -= box->log_bound + tilt_at(box, boxes->law.axes, t);
    return status;
}

int32_t mfli_boxes_draw(const mfli_boxes *boxes, mfli_draws *draws, int32_t *chart, double *x, void *place)
{
    double excess;
    int32_t which, status;
    do
        status = propose(boxes, draws, &which, x, place, &excess);
    while (status == MFL_OK && log(mfli_draw_uniform(draws)) >= excess);
    *chart = boxes->box[which].chart;
    return status;
}

/* ---- rehearsal ---- */

/* One more round of draws; *raised: how many bounds. */
static int32_t rehearse(mfl_context *context, int32_t round, void *place, mfli_boxes *boxes, int32_t *raised)
{
    mfli_draws draws = {{mfli_seed(context), (uint64_t)round, 1, MFLI_PURPOSE_NEURON}, 0};
    double x[MFLI_AXES_MOST], excess, accepted = 0.0;
    accumulate(boxes);
    *raised = 0;
    for (int32_t i = 0; i < MFLI_BOXES_QUIET; i++) {
        int32_t which;
        if (i % rounds_of_progress == 0 && mfli_progress(context, "neurons", 1.0))
            return MFL_ERROR_CANCELLED;
        int32_t status = propose(boxes, &draws, &which, x, place, &excess);
        if (status != MFL_OK)
            return status;
        accepted += exp(fmin(excess, 0.0));
        if (excess > 0.0) {
            boxes->box[which].log_bound += excess + margin;
            weigh(boxes, &boxes->box[which]);
            (*raised)++;
        }
    }
    boxes->acceptance = accepted / MFLI_BOXES_QUIET;
    return MFL_OK;
}

int32_t mfli_boxes_finish(mfl_context *context, int32_t most, void *scratch, mfli_boxes *boxes)
{
    int32_t status = refine(context, most, boxes), raised = 1;
    for (int32_t round = 0; round < rehearsals && raised && status == MFL_OK; round++)
        status = rehearse(context, round, scratch, boxes, &raised);
    if (status == MFL_OK)
        accumulate(boxes);
    return status;
}

void mfli_boxes_release(mfl_context *context, mfli_boxes *boxes)
{
    mfli_free(context, boxes->box);
    memset(boxes, 0, sizeof *boxes);
}
