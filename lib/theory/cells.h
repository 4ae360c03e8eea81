/* SPDX-License-Identifier: BSD-3-Clause */
/* The law of one neuron on adaptive cells: boxes of a frame's coordinates with a tensor product of Gauss-Legendre points
 * each. Under a field every cell says how badly it is resolved, along which axis; cells that matter are halved.
 *
 * What is worked out at points for good is kept when other cells take over, as nodes of a tree: to begin again from the
 * coarsest cells, for another law or another tolerance, costs little, and gives what it would give the first time. */
#ifndef MFLI_THEORY_CELLS_H
#define MFLI_THEORY_CELLS_H

#include <math.h>

#include "theory/frame.h"

enum { MFLI_ORDER_MOST = 16 };

/* A box that was in use at some time. */
typedef struct mfli_node {
    int32_t chart;
    int32_t generation;             /* of the frame that filled its rows */
    int32_t halves[MFLI_AXES_MOST]; /* the first of its two halves along each axis; 0: there are none yet */
    double low[MFLI_AXES_MOST], high[MFLI_AXES_MOST];
    double *rows;
} mfli_node;

/* A box in use. */
typedef struct mfli_cell {
    int32_t node;
    double *rows; /* of the node */
    double top;      /* largest MFLI_ROW_LOG */
    int32_t steep;   /* the axis along which the neighbours of that point are lowest, and by how much */
    double jump;     /* sum over the axes: a summit between points may be higher by about an eighth of it */
    double drop;     /* the largest of them */
    double mass[2];  /* sums of p and p times the weight of the modes, relative to top */
    double error[2]; /* estimated for them, likewise */
    int32_t worst[2];
} mfli_cell;

typedef struct mfli_cells {
    mfli_frame *frame;
    int32_t order, points, row; /* Gauss-Legendre points per axis; per cell; size of a row */
    int32_t most;               /* cells in use; of nodes there may be three times as many */
    double node_at[MFLI_ORDER_MOST], weight[MFLI_ORDER_MOST];
    double last[2][MFLI_ORDER_MOST]; /* Legendre polynomials of the two highest degrees at the nodes */
    int32_t count, capacity;
    mfli_cell *cell;
    int32_t nodes, node_capacity, roots; /* the roots come first */
    mfli_node *node;
    int32_t generation; /* of the frame */
    int32_t blocks;     /* memory of rows, for so many nodes each */
    double **block;
} mfli_cells;

/* The frame is borrowed. MFL_ERROR_MEMORY, MFL_ERROR_CANCELLED, or a status of mfli_frame_point(). */
int32_t mfli_cells_create(mfl_context *context, mfli_frame *frame, mfli_cells *cells);
void mfli_cells_finish(mfl_context *context, mfli_cells *cells);

/* Begin again from the coarsest cells. Status as mfli_cells_create(). */
int32_t mfli_cells_restart(mfl_context *context, mfli_cells *cells);

/* Let the frame have another unit; rows are worked out again. Status likewise. */
int32_t mfli_cells_scale(mfl_context *context, mfli_cells *cells, double unit);

typedef struct mfli_refinement {
    int32_t split; /* cells that were halved */
    int32_t full;  /* there was no room for more */
    double error;  /* relative, estimated before that, of the sums of p and of the modes */
} mfli_refinement;

/* Relative error to which cells are resolved at the levels 0, 1, ...; the level on which curves are followed. */
enum { MFLI_CELLS_FOLLOWED = 1 };
static inline double mfli_cells_tolerance(int32_t level)
{
    return pow(0.01, level + 1.0);
}

/* A law on the cells. `apply` works out the row of one point, MFLI_ROW_LOG included, on any thread; before that `prepare`,
 * which may be NULL, sees all cells. */
typedef struct mfli_cells_law {
    void (*apply)(const void *data, double *row);
    int32_t (*prepare)(mfl_context *context, const void *data, const mfli_cells *cells);
    const void *data;
    int32_t is_prior; /* nothing pulls */
    int32_t kinked;   /* of the last axes: there may be kinks along them, and coefficients not fall geometrically */
} mfli_cells_law;

/* Apply a law to all points, and with `judge` fill what a cell says of itself, from MFLI_ROW_LOG and the weight of the
 * modes, MFLI_ROW_S times sum e_A^2 (under the prior MFLI_ROW_SQUARE takes the place of s). MFL_ERROR_CANCELLED, or what
 * `prepare` returned. */
int32_t mfli_cells_apply(mfl_context *context, mfli_cells *cells, const mfli_cells_law *law, int32_t judge);

/* The same, and halve the cells that stand in the way of a relative error `tolerance` until none does or there is no
 * room. */
int32_t mfli_cells_refine(mfl_context *context, mfli_cells *cells, const mfli_cells_law *law, double tolerance,
                          mfli_refinement *done);

/* Sums over the cells in use, by all threads: `add` adds one cell to a part that begins as zeros, `parts` has room for
 * MFLI_CELL_PARTS of so many numbers, and the first receives the sum of all, in an order that does not depend on the
 * number of threads. */
enum { MFLI_CELL_PARTS = 16 };
typedef void (*mfli_cells_add)(const void *data, const mfli_cell *cell, double *part);
void mfli_cells_sum(mfl_context *context, const mfli_cells *cells, mfli_cells_add add, const void *data, size_t numbers,
                    double *parts);

static inline double *mfli_cell_row(const mfli_cells *cells, const mfli_cell *cell, int32_t point)
{
    return cell->rows + (size_t)point * (size_t)cells->row;
}

#endif
