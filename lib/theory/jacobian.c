/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/jacobian.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Of the unknowns, which are logarithms. */
static const double difference = 1e-6;
/* Shorter steps say nothing about the Jacobian but rounding. */
static const double shortest = 1e-7;
/* A Krylov space ends where the next direction would be met with less than this. */
static const double negligible = 0.01;

enum { updates = 40 };

int32_t mfli_jacobian_create(mfl_context *context, int32_t n, int32_t rank, mfli_jacobian *jacobian)
{
    size_t size = (size_t)n + 1, most = rank ? (size_t)(rank + 1 + updates) : 0, bordered = rank ? most + 1 : size;
    size_t entries = rank ? most * (size_t)n : size * size;
    *jacobian = (mfli_jacobian){.n = n, .rank = rank, .most = (int32_t)most};
    jacobian->entry = mfli_alloc_zeroed(context, entries + most * size + bordered * (bordered + 1), sizeof(double));
    if (!jacobian->entry)
        return MFL_ERROR_MEMORY;
    jacobian->direction = jacobian->entry + entries;
    jacobian->matrix = jacobian->direction + most * size;
    jacobian->small = jacobian->matrix + bordered * bordered;
    return MFL_OK;
}

void mfli_jacobian_finish(mfl_context *context, mfli_jacobian *jacobian)
{
    mfli_free(context, jacobian->entry);
    memset(jacobian, 0, sizeof *jacobian);
}

static double dot(int32_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double *image_of(const mfli_jacobian *j, int32_t pair)
{
    return j->entry + (size_t)pair * (size_t)j->n;
}

static double *direction_of(const mfli_jacobian *j, int32_t pair)
{
    return j->direction + (size_t)pair * ((size_t)j->n + 1);
}

/* ---- differences ---- */

typedef struct probe {
    mfli_jacobian *to;
    mfli_equations equations;
    void *data;
    int32_t alone;
    const double *z, *f;
} probe;

/* image := f along a direction of all unknowns. */
static int32_t look_along(const probe *at, const double *direction, double *image)
{
    double moved[MFLI_NEWTON_MOST];
    for (int32_t j = 0; j <= at->to->n; j++)
        moved[j] = at->z[j] + difference * direction[j];
    int32_t status = at->equations(at->data, moved, image);
    for (int32_t i = 0; i < at->to->n && status == MFL_OK; i++)
        image[i] = (image[i] - at->f[i]) / difference;
    return status;
}

static int32_t fill_entries(const probe *at)
{
    double direction[MFLI_NEWTON_MOST], image[MFLI_NEWTON_MOST];
    int32_t n = at->to->n, status = MFL_OK;
    memset(direction, 0, ((size_t)n + 1) * sizeof *direction);
    for (int32_t j = 0; j < n + !at->alone && status == MFL_OK; j++) {
        direction[j] = 1.0;
        status = look_along(at, direction, image);
        direction[j] = 0.0;
        for (int32_t i = 0; i < n && status == MFL_OK; i++)
            at->to->entry[i * (n + 1) + j] = image[i];
    }
    return status;
}

/* The part of a vector across the directions there are, of length 1, becomes the next: 0 if less than `least` of it is
 * left. The first pair is that of the parameter. */
static int32_t add_direction(mfli_jacobian *j, const double *vector, double least)
{
    double *next = direction_of(j, j->pairs);
    int32_t n = j->n;
    memcpy(next, vector, (size_t)n * sizeof *next);
    next[n] = 0.0;
    for (int32_t twice = 0; twice < 2; twice++) /* since once leaves rounding */
        for (int32_t i = 1; i < j->pairs; i++) {
            const double *known = direction_of(j, i);
            double part = dot(n, next, known);
            for (int32_t l = 0; l < n; l++)
                next[l] -= part * known[l];
        }
    double length = sqrt(dot(n, next, next));
    if (!(length > least))
        return 0;
    for (int32_t l = 0; l < n; l++)
        next[l] /= length;
    return 1;
}

static int32_t fill_pairs(const probe *at)
{
    mfli_jacobian *j = at->to;
    int32_t n = j->n;
    memset(direction_of(j, 0), 0, ((size_t)n + 1) * sizeof(double));
    direction_of(j, 0)[n] = 1.0;
    memset(image_of(j, 0), 0, (size_t)n * sizeof(double));
    int32_t status = at->alone ? MFL_OK : look_along(at, direction_of(j, 0), image_of(j, 0));
    j->pairs = 1;
    for (int32_t start = 0; start < 2; start++) {
        const double *vector = start ? at->f : image_of(j, 0);
        double least = 1e-3 * sqrt(dot(n, vector, vector));
        while (status == MFL_OK && j->pairs <= j->rank && add_direction(j, vector, least)) {
            double *image = image_of(j, j->pairs);
            const double *direction = direction_of(j, j->pairs);
            status = look_along(at, direction, image);
            for (int32_t i = 0; i < n; i++) /* beside the -1 */
                image[i] += direction[i];
            j->pairs++;
            vector = image;
            least = negligible;
        }
    }
    return status;
}

int32_t mfli_jacobian_difference(mfli_jacobian *jacobian, mfli_equations equations, void *data, int32_t alone,
                                 const double *z, const double *f)
{
    const probe at = {jacobian, equations, data, alone, z, f};
    return jacobian->rank ? fill_pairs(&at) : fill_entries(&at);
}

/* ---- updates ---- */

/* y := J x */
static void apply(const mfli_jacobian *j, const double *x, double *y)
{
    int32_t n = j->n;
    for (int32_t i = 0; i < n; i++)
        y[i] = j->rank ? -x[i] : dot(n + 1, j->entry + i * (n + 1), x);
    for (int32_t l = 0; l < j->pairs; l++) {
        const double *image = image_of(j, l);
        double part = dot(n + 1, direction_of(j, l), x);
        for (int32_t i = 0; i < n; i++)
            y[i] += part * image[i];
    }
}

void mfli_jacobian_update(mfli_jacobian *jacobian, const double *step, const double *before, const double *f)
{
    double off[MFLI_NEWTON_MOST];
    int32_t n = jacobian->n;
    double square = dot(n + 1, step, step);
    if (!(square > shortest * shortest) || (jacobian->rank && jacobian->pairs == jacobian->most))
        return;
    apply(jacobian, step, off);
    for (int32_t i = 0; i < n; i++)
        off[i] = (f[i] - before[i] - off[i]) / square;
    if (jacobian->rank) {
        memcpy(image_of(jacobian, jacobian->pairs), off, (size_t)n * sizeof *off);
        memcpy(direction_of(jacobian, jacobian->pairs), step, ((size_t)n + 1) * sizeof *step);
        jacobian->pairs++;
        return;
    }
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j <= n; j++)
            jacobian->entry[i * (n + 1) + j] += off[i] * step[j];
}

/* ---- linear systems ---- */

/* a x = right by elimination with pivots; *sign: of the determinant. */
static int32_t eliminate(int32_t size, double *a, double *right, int32_t *sign)
{
    *sign = 1;
    for (int32_t column = 0; column < size; column++) {
        int32_t pivot = column;
        for (int32_t i = column + 1; i < size; i++)
            pivot = fabs(a[i * size + column]) > fabs(a[pivot * size + column]) ? i : pivot;
        if (!(fabs(a[pivot * size + column]) > 0.0))
            return MFLI_NO_POINT;
        *sign *= (a[pivot * size + column] > 0.0 ? 1 : -1) * (pivot == column ? 1 : -1);
        for (int32_t j = 0; j < size && pivot != column; j++) {
            double kept = a[column * size + j];
            a[column * size + j] = a[pivot * size + j];
            a[pivot * size + j] = kept;
        }
        double kept = right[column];
        right[column] = right[pivot];
        right[pivot] = kept;
        for (int32_t i = column + 1; i < size; i++) {
            double factor = a[i * size + column] / a[column * size + column];
            for (int32_t j = column; j < size && factor != 0.0; j++)
                a[i * size + j] -= factor * a[column * size + j];
            right[i] -= factor * right[column];
        }
    }
    for (int32_t i = size - 1; i >= 0; i--)
        right[i] = (right[i] - dot(size - 1 - i, a + i * size + i + 1, right + i + 1)) / a[i * size + i];
    for (int32_t i = 0; i < size; i++)
        if (!isfinite(right[i]))
            return MFLI_NO_POINT;
    return MFL_OK;
}

static int32_t solve_entries(mfli_jacobian *j, const double *normal, double *right, int32_t *sign)
{
    int32_t size = j->n + 1;
    memcpy(j->matrix, j->entry, (size_t)j->n * (size_t)size * sizeof(double));
    memcpy(j->matrix + j->n * size, normal, (size_t)size * sizeof(double));
    return eliminate(size, j->matrix, right, sign);
}

/* With c_i = direction_i . x the first n unknowns are sum_i c_i image_i - right, and k + 1 equations are left for the c_i
 * and the parameter. The determinant of the whole is theirs times (-1)^n. */
static int32_t solve_pairs(mfli_jacobian *j, const double *normal, double *right, int32_t *sign)
{
    int32_t n = j->n, k = j->pairs, size = k + 1;
    double *a = j->matrix, *c = j->small;
    for (int32_t l = 0; l < k; l++) {
        const double *direction = direction_of(j, l);
        for (int32_t i = 0; i < k; i++)
            a[l * size + i] = (i == l) - dot(n, direction, image_of(j, i));
        a[l * size + k] = -direction[n];
        c[l] = -dot(n, direction, right);
    }
    for (int32_t i = 0; i < k; i++)
        a[k * size + i] = dot(n, normal, image_of(j, i));
    a[k * size + k] = normal[n];
    c[k] = right[n] + dot(n, normal, right);
    int32_t status = eliminate(size, a, c, sign);
    *sign = n % 2 ? -*sign : *sign;
    for (int32_t i = 0; i < n; i++)
        right[i] = -right[i];
    right[n] = c[k];
    for (int32_t l = 0; l < k; l++)
        for (int32_t i = 0; i < n; i++)
            right[i] += c[l] * image_of(j, l)[i];
    return status;
}

int32_t mfli_jacobian_solve(mfli_jacobian *jacobian, const double *normal, double *right, int32_t *sign)
{
    return jacobian->rank ? solve_pairs(jacobian, normal, right, sign) : solve_entries(jacobian, normal, right, sign);
}
