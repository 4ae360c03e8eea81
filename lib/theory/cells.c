/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/cells.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/team.h"
#include "theory/quadrature.h"

/* Room for this many numbers (some 120 MB). */
static const double room = 1.5e7;
/* Cells that a summit could not lift above this part of the tolerance, relative to the highest point, do not matter. */
static const double negligible = 1e-6;
/* A cell whose highest point drops by more than this to a neighbour is too coarse to be judged by its values. */
static const double cliff = 5.0;

enum { block_nodes = 32 };

static int32_t order_of(int32_t axes)
{
    static const int32_t order[MFLI_AXES_MOST + 1] = {1, 16, 12, 8, 6, 5, 4, 3};
    return order[axes];
}

/* (2m + 1) P_m at the nodes for the two highest m that they tell apart. */
static void fill_legendre(mfli_cells *cells)
{
    int32_t n = cells->order;
    for (int32_t i = 0; i < n; i++) {
        double x = 2.0 * cells->node_at[i] - 1.0, before = 0.0, p = 1.0;
        for (int32_t m = 0; m < n; m++) {
            cells->last[(n - 1 - m) % 2][i] = (2.0 * m + 1.0) * p;
            double next = ((2.0 * m + 1.0) * x * p - m * before) / (m + 1.0);
            before = p;
            p = next;
        }
    }
}

/* Room for one item more in a list; NULL: no memory. */
static void *grown(mfl_context *context, void *items, int32_t count, int32_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    int32_t wanted = *capacity ? 2 * *capacity : block_nodes;
    void *larger = mfli_alloc(context, (size_t)wanted, size);
    if (!larger)
        return NULL;
    if (count)
        memcpy(larger, items, (size_t)count * size);
    mfli_free(context, items);
    *capacity = wanted;
    return larger;
}

/* Memory for the rows of one node more. */
static double *find_rows(mfl_context *context, mfli_cells *cells)
{
    size_t size = (size_t)cells->points * (size_t)cells->row;
    if (cells->nodes == cells->blocks * block_nodes) {
        double **block = mfli_alloc(context, (size_t)cells->blocks + 1, sizeof *block);
        double *rows = block ? mfli_alloc(context, block_nodes * size, sizeof *rows) : NULL;
        if (!rows) {
            mfli_free(context, block);
            return NULL;
        }
        if (cells->blocks)
            memcpy(block, cells->block, (size_t)cells->blocks * sizeof *block);
        mfli_free(context, cells->block);
        cells->block = block;
        cells->block[cells->blocks++] = rows;
    }
    return cells->block[cells->nodes / block_nodes] + (size_t)(cells->nodes % block_nodes) * size;
}

/* The first axis is the slowest. */
static int32_t fill(mfl_context *context, mfli_cells *cells, mfli_node *node)
{
    int32_t axes = cells->frame->axes;
    if (mfli_progress(context, "mean field", 0.0))
        return MFL_ERROR_CANCELLED;
    for (int32_t point = 0; point < cells->points; point++) {
        double x[MFLI_AXES_MOST], weight = 1.0;
        for (int32_t axis = axes - 1, rest = point; axis >= 0; axis--, rest /= cells->order) {
            double width = node->high[axis] - node->low[axis];
            x[axis] = node->low[axis] + width * cells->node_at[rest % cells->order];
            weight *= width * cells->weight[rest % cells->order];
        }
        int32_t status = mfli_frame_point(context, cells->frame, node->chart, x, log(weight),
                                          node->rows + (size_t)point * (size_t)cells->row);
        if (status != MFL_OK)
            return status;
    }
    node->generation = cells->generation;
    return MFL_OK;
}

/* A node at the end of the list, not filled yet. */
static int32_t add_node(mfl_context *context, mfli_cells *cells, const mfli_node *like)
{
    mfli_node *node = grown(context, cells->node, cells->nodes, &cells->node_capacity, sizeof *node);
    if (!node)
        return MFL_ERROR_MEMORY;
    cells->node = node;
    double *rows = find_rows(context, cells);
    if (!rows)
        return MFL_ERROR_MEMORY;
    node += cells->nodes++;
    *node = *like;
    memset(node->halves, 0, sizeof node->halves);
    node->rows = rows;
    node->generation = cells->generation - 1;
    return MFL_OK;
}

/* Let a cell be a node's, whose rows it fills if need be. It has no MFLI_ROW_LOG yet; its top is NaN. */
static int32_t use_node(mfl_context *context, mfli_cells *cells, int32_t at, mfli_cell *cell)
{
    mfli_node *node = &cells->node[at];
    *cell = (mfli_cell){.node = at, .rows = node->rows, .top = NAN};
    return node->generation == cells->generation ? MFL_OK : fill(context, cells, node);
}

static int32_t append(mfl_context *context, mfli_cells *cells, int32_t node)
{
    mfli_cell *cell = grown(context, cells->cell, cells->count, &cells->capacity, sizeof *cell);
    if (!cell)
        return MFL_ERROR_MEMORY;
    cells->cell = cell;
    return use_node(context, cells, node, &cell[cells->count++]);
}

/* Length and ratio begin in a few parts. */
static int32_t plant(mfl_context *context, mfli_cells *cells, int32_t chart)
{
    const mfli_frame *frame = cells->frame;
    int32_t split = frame->axes - frame->angles, parts = frame->axes > 4 ? 3 : 6, all = 1, status = MFL_OK;
    for (int32_t axis = 0; axis < split; axis++)
        all *= parts;
    for (int32_t i = 0; i < all && status == MFL_OK; i++) {
        mfli_node node = {.chart = chart};
        for (int32_t axis = 0, rest = i; axis < frame->axes; axis++) {
            int32_t at = axis < split ? rest % parts : 0, of = axis < split ? parts : 1;
            double width = (frame->high[axis] - frame->low[axis]) / of;
            node.low[axis] = frame->low[axis] + at * width;
            node.high[axis] = node.low[axis] + width;
            rest = axis < split ? rest / parts : rest;
        }
        status = add_node(context, cells, &node);
    }
    return status;
}

int32_t mfli_cells_create(mfl_context *context, mfli_frame *frame, mfli_cells *cells)
{
    memset(cells, 0, sizeof *cells);
    cells->frame = frame;
    cells->order = order_of(frame->axes);
    cells->points = 1;
    for (int32_t axis = 0; axis < frame->axes; axis++)
        cells->points *= cells->order;
    cells->row = mfli_row_size(frame);
    cells->most = (int32_t)(room / ((double)cells->points * cells->row));
    mfli_gauss_legendre(cells->order, cells->node_at, cells->weight);
    fill_legendre(cells);
    int32_t status = MFL_OK;
    for (int32_t chart = 0; chart < frame->charts && status == MFL_OK; chart++)
        status = plant(context, cells, chart);
    cells->roots = cells->nodes;
    if (status == MFL_OK)
        status = mfli_cells_restart(context, cells);
    if (status != MFL_OK)
        mfli_cells_finish(context, cells);
    return status;
}

/* Nodes that are not in use, beyond the number that may be, are given up. */
static void prune(mfl_context *context, mfli_cells *cells)
{
    if (cells->nodes <= cells->most)
        return;
    for (int32_t i = 0; i < cells->roots; i++)
        memset(cells->node[i].halves, 0, sizeof cells->node[i].halves);
    cells->nodes = cells->roots;
    for (int32_t kept = (cells->roots + block_nodes - 1) / block_nodes; cells->blocks > kept;)
        mfli_free(context, cells->block[--cells->blocks]);
}

int32_t mfli_cells_restart(mfl_context *context, mfli_cells *cells)
{
    int32_t status = MFL_OK;
    prune(context, cells);
    cells->count = 0;
    for (int32_t i = 0; i < cells->roots && status == MFL_OK; i++)
        status = append(context, cells, i);
    return status;
}

int32_t mfli_cells_scale(mfl_context *context, mfli_cells *cells, double unit)
{
    int32_t status = MFL_OK;
    if (unit == cells->frame->unit)
        return MFL_OK;
    cells->frame->unit = unit;
    cells->generation++;
    for (int32_t i = 0; i < cells->count && status == MFL_OK; i++)
        status = use_node(context, cells, cells->cell[i].node, &cells->cell[i]);
    return status;
}

void mfli_cells_finish(mfl_context *context, mfli_cells *cells)
{
    for (int32_t i = 0; i < cells->blocks; i++)
        mfli_free(context, cells->block[i]);
    mfli_free(context, cells->block);
    mfli_free(context, cells->node);
    mfli_free(context, cells->cell);
    memset(cells, 0, sizeof *cells);
}

/* ---- what a cell says of itself ---- */

/* How far the neighbours of the highest point lie below it. */
static void judge_summit(const mfli_cells *cells, int32_t highest, mfli_cell *cell)
{
    int32_t stride = 1;
    cell->jump = cell->drop = 0.0;
    cell->steep = 0;
    for (int32_t axis = cells->frame->axes - 1; axis >= 0; axis--, stride *= cells->order) {
        int32_t at = highest / stride % cells->order;
        double drop = 0.0;
        if (at > 0)
            drop = cell->top - mfli_cell_row(cells, cell, highest - stride)[MFLI_ROW_LOG];
        if (at < cells->order - 1)
            drop = fmax(drop, cell->top - mfli_cell_row(cells, cell, highest + stride)[MFLI_ROW_LOG]);
        cell->jump += drop;
        if (drop > cell->drop) {
            cell->drop = drop;
            cell->steep = axis;
        }
    }
}

/* For p and p times the modes: the two highest Legendre coefficients along an axis that n points tell apart, of degree
 * n - 1 and n - 2. The rule is exact to degree 2n - 1; a geometric series through degree 0 and either of them, the one
 * that falls more slowly, gives the coefficient of degree 2n. */
static void judge_axis(const mfli_cells *cells, int32_t kinked, int32_t axis, int32_t stride, const double (*p)[2],
                       mfli_cell *cell)
{
    int32_t n = cells->order;
    double tail[2][2] = {{0.0, 0.0}, {0.0, 0.0}};
    for (int32_t line = 0; line < cells->points / n; line++) {
        int32_t first = line / stride * stride * n + line % stride;
        for (int32_t which = 0; which < 2; which++) {
            double sum[2] = {0.0, 0.0};
            for (int32_t i = 0; i < n; i++)
                for (int32_t of = 0; of < 2; of++)
                    sum[of] += cells->last[which][i] * p[first + i * stride][of];
            tail[which][0] += fabs(sum[0]);
            tail[which][1] += fabs(sum[1]);
        }
    }
    for (int32_t of = 0; of < 2; of++) {
        double error = 0.0;
        for (int32_t which = 0; which < 2 && cell->mass[of] > 0.0; which++) {
            double degree = fmax(1.0, n - 1.0 - which), share = fmin(1.0, tail[which][of] / cell->mass[of]);
            error = fmax(error, cell->mass[of] * (kinked ? share : pow(share, 2.0 * n / degree)));
        }
        if (error > cell->error[of]) {
            cell->error[of] = error;
            cell->worst[of] = axis;
        }
    }
}

static void judge_cell(const mfli_cells *cells, const mfli_cells_law *law, mfli_cell *cell)
{
    enum { points_most = 4096 };
    const mfli_modes *modes = cells->frame->modes;
    double p[points_most][2];
    int32_t highest = 0, stride = 1;
    cell->top = -INFINITY;
    for (int32_t i = 0; i < cells->points; i++) {
        double height = mfli_cell_row(cells, cell, i)[MFLI_ROW_LOG];
        highest = height > cell->top ? i : highest;
        cell->top = fmax(cell->top, height);
    }
    for (int32_t of = 0; of < 2; of++) {
        cell->mass[of] = cell->error[of] = 0.0;
        cell->worst[of] = 0;
    }
    if (!isfinite(cell->top)) {
        cell->jump = cell->drop = 0.0;
        return;
    }
    judge_summit(cells, highest, cell);
    for (int32_t i = 0; i < cells->points; i++) {
        const double *row = mfli_cell_row(cells, cell, i), *cosine = row + MFLI_ROW_SHARES + modes->variables;
        double weight = 0.0;
        for (int32_t mode = 0; mode < modes->count; mode++)
            weight += cosine[mode] * cosine[mode];
        p[i][0] = exp(row[MFLI_ROW_LOG] - cell->top);
        p[i][1] = p[i][0] * weight * row[law->is_prior ? MFLI_ROW_SQUARE : MFLI_ROW_S];
        cell->mass[0] += p[i][0];
        cell->mass[1] += p[i][1];
    }
    for (int32_t axis = cells->frame->axes - 1; axis >= 0; axis--, stride *= cells->order)
        judge_axis(cells, axis >= cells->frame->axes - law->kinked, axis, stride, (const double(*)[2])p, cell);
}

/* ---- refinement ---- */

/* The lower half takes the place of the cell. */
static int32_t halve(mfl_context *context, mfli_cells *cells, int32_t i, int32_t axis)
{
    int32_t parent = cells->cell[i].node, status = MFL_OK;
    if (!cells->node[parent].halves[axis]) {
        mfli_node lower = cells->node[parent], upper = lower;
        lower.high[axis] = upper.low[axis] = 0.5 * (lower.low[axis] + lower.high[axis]);
        status = add_node(context, cells, &lower);
        if (status == MFL_OK)
            status = add_node(context, cells, &upper);
        if (status != MFL_OK)
            return status;
        cells->node[parent].halves[axis] = cells->nodes - 2;
    }
    int32_t first = cells->node[parent].halves[axis];
    status = use_node(context, cells, first, &cells->cell[i]);
    return status == MFL_OK ? append(context, cells, first + 1) : status;
}

/* Relative error that a cell adds to the worse of the two sums, and along which axis. */
static double share_of_error(const mfli_cell *cell, double top, const double *total, int32_t *axis)
{
    double factor = exp(cell->top - top), share[2];
    for (int32_t of = 0; of < 2; of++)
        share[of] = total[of] > 0.0 ? factor * cell->error[of] / total[of] : 0.0;
    *axis = cell->worst[share[1] > share[0]];
    return fmax(share[0], share[1]);
}

/* The new cells are at the positions of the old ones and at the end. */
static int32_t split(mfl_context *context, mfli_cells *cells, double tolerance, mfli_refinement *done)
{
    double top = -INFINITY, total[2] = {0.0, 0.0}, sum = 0.0, largest = 0.0;
    int32_t count = cells->count, axis;
    *done = (mfli_refinement){0, 0, 0.0};
    for (int32_t i = 0; i < count; i++)
        top = fmax(top, cells->cell[i].top);
    for (int32_t i = 0; i < count; i++)
        for (int32_t of = 0; of < 2; of++)
            total[of] += exp(cells->cell[i].top - top) * cells->cell[i].mass[of];
    for (int32_t i = 0; i < count; i++) {
        double share = share_of_error(&cells->cell[i], top, total, &axis);
        largest = fmax(largest, share);
        sum += share;
    }
    done->error = sum;
    double faint = log(negligible * tolerance), least = fmax(0.5 * tolerance / count, 0.01 * largest);
    for (int32_t i = 0; i < count; i++) {
        const mfli_cell *cell = &cells->cell[i];
        double share = share_of_error(cell, top, total, &axis);
        int32_t hidden = cell->drop > cliff && cell->top + 0.125 * cell->jump > top + faint;
        if (!hidden && !(sum > tolerance && share > least))
            continue;
        if (cells->count >= cells->most) {
            done->full = 1;
            return MFL_OK;
        }
        int32_t status = halve(context, cells, i, hidden ? cell->steep : axis);
        if (status != MFL_OK)
            return status;
        done->split++;
    }
    return MFL_OK;
}

typedef struct sweep {
    mfl_context *context;
    const mfli_cells *cells;
    const mfli_cells_law *law;
    int32_t new_only, judge; /* new_only: the others know this law already */
    _Atomic int32_t stopped;
} sweep;

static void apply_to_cell(void *data, int64_t i, int32_t thread)
{
    sweep *all = data;
    const mfli_cells *cells = all->cells;
    mfli_cell *cell = &cells->cell[i];
    double top = -INFINITY;
    if (thread == 0 ? mfli_progress(all->context, "mean field", 0.0) : mfli_cancelled(all->context))
        atomic_store(&all->stopped, 1);
    if (atomic_load(&all->stopped) || (all->new_only && !isnan(cell->top)))
        return;
    for (int32_t point = 0; point < cells->points; point++) {
        double *row = mfli_cell_row(cells, cell, point);
        all->law->apply(all->law->data, row);
        top = fmax(top, row[MFLI_ROW_LOG]);
    }
    cell->top = top;
    if (all->judge)
        judge_cell(cells, all->law, cell);
}

static int32_t apply(mfl_context *context, mfli_cells *cells, const mfli_cells_law *law, int32_t new_only, int32_t judge)
{
    sweep all = {context, cells, law, new_only, judge, 0};
    int32_t status = law->prepare ? law->prepare(context, law->data, cells) : MFL_OK;
    if (status != MFL_OK)
        return status;
    mfli_team_for(context, mfli_threads(context), cells->count, apply_to_cell, NULL, &all);
    return atomic_load(&all.stopped) ? MFL_ERROR_CANCELLED : MFL_OK;
}

int32_t mfli_cells_apply(mfl_context *context, mfli_cells *cells, const mfli_cells_law *law, int32_t judge)
{
    return apply(context, cells, law, 0, judge);
}

int32_t mfli_cells_refine(mfl_context *context, mfli_cells *cells, const mfli_cells_law *law, double tolerance,
                          mfli_refinement *done)
{
    int32_t halved = 0, status = apply(context, cells, law, 0, 1);
    do {
        if (status == MFL_OK)
            status = split(context, cells, tolerance, done);
        halved += done->split;
        if (status == MFL_OK)
            status = apply(context, cells, law, 1, 1);
    } while (status == MFL_OK && done->split && !done->full);
    done->split = halved;
    return status;
}

/* ---- sums ---- */

typedef struct summation {
    const mfli_cells *cells;
    mfli_cells_add add;
    const void *data;
    size_t numbers;
    double *parts;
} summation;

static void sum_part(void *data, int64_t part, int32_t thread)
{
    const summation *all = data;
    int64_t count = all->cells->count;
    (void)thread;
    for (int64_t i = part * count / MFLI_CELL_PARTS; i < (part + 1) * count / MFLI_CELL_PARTS; i++)
        all->add(all->data, &all->cells->cell[i], all->parts + (size_t)part * all->numbers);
}

void mfli_cells_sum(mfl_context *context, const mfli_cells *cells, mfli_cells_add add, const void *data, size_t numbers,
                    double *parts)
{
    summation all = {cells, add, data, numbers, parts};
    memset(parts, 0, MFLI_CELL_PARTS * numbers * sizeof *parts);
    mfli_team_for(context, mfli_threads(context), MFLI_CELL_PARTS, sum_part, NULL, &all);
    for (size_t part = 1; part < MFLI_CELL_PARTS; part++)
        for (size_t i = 0; i < numbers; i++)
            parts[i] += parts[part * numbers + i];
}
