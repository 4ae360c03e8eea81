/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/sector.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/quadrature.h"

static const double pi = 3.14159265358979323846;

typedef struct cone {
    double determinant;
    double edge[MFLI_DEGREE_MOST][MFLI_DEGREE_MOST]; /* the apex first, then the face, nearest first */
} cone;

static const cone pieces_of_four[] = {
    {1.0, {{1, 1, 1, 1}, {1, 1, 1, 0}, {2, 1, 1, 0}, {1, 1, 0, 0}}},
    {2.0, {{1, 1, 1, 1}, {2, 1, 1, 0}, {3, 1, 1, 1}, {1, 1, 0, 0}}},
    {1.0, {{3, 1, 1, 1}, {2, 1, 1, 0}, {1, 1, 0, 0}, {1, 0, 0, 0}}},
};

static cone whole(int32_t degree)
{
    cone all = {.determinant = 1.0};
    for (int32_t i = 0; i < degree; i++)
        for (int32_t j = 0; j < degree - i; j++)
            all.edge[i][j] = 1.0;
    return all;
}

/* Nodes of dimension i of the face, i = 1 being the first. */
static int32_t nodes_of(int32_t order, int32_t i)
{
    return order - i + 1 > 2 ? order - i + 1 : 2;
}

static int64_t face_size(int32_t degree, int32_t order)
{
    int64_t size = 1;
    for (int32_t i = 1; i <= degree - 2; i++)
        size *= nodes_of(order, i);
    return size;
}

int64_t mfli_sector_size(int32_t degree, int32_t order, int32_t polar)
{
    return polar * face_size(degree, order);
}

/* Edges of unit length make |sum a_i g_i| vary least. */
static cone normalised(cone from, int32_t degree)
{
    for (int32_t i = 0; i < degree; i++) {
        double square = 0.0;
        for (int32_t j = 0; j < degree; j++)
            square += from.edge[i][j] * from.edge[i][j];
        for (int32_t j = 0; j < degree; j++)
            from.edge[i][j] /= sqrt(square);
        from.determinant /= sqrt(square);
    }
    return from;
}

/* Nodes of the face by collapsed coordinates: from the first edge towards the simplex of the others, and so on. */
static void fill_face(const cone *from, int32_t degree, int32_t order, mfli_facet *shape)
{
    double node[MFLI_DEGREE_MOST][MFLI_POLAR_MOST], weight[MFLI_DEGREE_MOST][MFLI_POLAR_MOST];
    for (int32_t i = 1; i <= degree - 2; i++)
        mfli_gauss_legendre(nodes_of(order, i), node[i], weight[i]);
    double total = from->determinant / 2.0 * exp(degree * log(2.0) + lgamma(degree + 1.0) + lgamma(0.5 * degree) -
                                                 0.5 * degree * log(pi));
    int64_t size = face_size(degree, order);
    for (int64_t c = 0; c < size; c++, shape++) {
        int64_t code = c;
        double left = 1.0;
        memset(shape, 0, sizeof *shape);
        memcpy(shape->apex, from->edge[0], sizeof shape->apex);
        shape->weight = total;
        for (int32_t i = 1; i < degree; i++) {
            int32_t last = i == degree - 1, n = last ? 1 : nodes_of(order, i);
            double away = last ? 0.0 : node[i][code % n];
            for (int32_t j = 0; j < degree; j++)
                shape->far[j] += left * (1.0 - away) * from->edge[i][j];
            if (!last)
                shape->weight *= weight[i][code % n] * pow(away, degree - 2 - i);
            left *= away;
            code /= n;
        }
    }
}

int32_t mfli_sector_create(mfl_context *context, int32_t degree, int32_t order, int32_t polar, int32_t split,
                           mfli_sector *sector)
{
    cone all = whole(degree);
    const cone *cones = &all;
    int32_t count = 1;
    if (split && degree == 4) {
        cones = pieces_of_four;
        count = 3;
    }
    int64_t face = face_size(degree, order);
    sector->degree = degree;
    sector->polar = polar;
    sector->loops = mfli_angular_loops_select(mfli_instruction_set(context));
    sector->shapes = count * face;
    mfli_gauss_legendre(polar, sector->node, sector->weight);
    sector->shape = mfli_alloc(context, (size_t)sector->shapes, sizeof *sector->shape);
    if (!sector->shape)
        return MFL_ERROR_MEMORY;
    for (int32_t i = 0; i < count; i++) {
        cone unit = normalised(cones[i], degree);
        fill_face(&unit, degree, order, sector->shape + i * face);
    }
    return MFL_OK;
}

void mfli_sector_finish(mfl_context *context, mfli_sector *sector)
{
    mfli_free(context, sector->shape);
    sector->shape = NULL;
}
