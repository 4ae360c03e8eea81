/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/blocks.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "network/projection.h"

/* Degrees in the other inputs on the hypercube, by the number of variables; 2^r features have one of them. */
static const int32_t hypercube_cut[MFLI_VARIABLES_SOLVED + 1] = {10, 10, 10, 10, 8, 6, 4};
/* Total degrees on Gaussian inputs. */
static const int32_t gaussian_cut[MFLI_VARIABLES_SOLVED + 1] = {12, 12, 8, 6, 4, 4, 4};

int32_t mfli_blocks_induced(const mfli_terms *terms, const mfli_model *model)
{
    int32_t degree = gaussian_cut[terms->variables];
    while (degree > 0 && mfli_modes_count(terms, model, degree) > MFLI_MODES_MOST)
        degree--;
    return degree;
}

/* Modes that one product, or one harmonic, of this degree stands for in `others` inputs. */
static double multiplicity(int32_t gaussian, int32_t degree, double others)
{
    double n = others, l = degree;
    if (degree == 0 || (gaussian && others == 1.0))
        return 1.0;
    if (!gaussian)
        return floor(0.5 + exp(lgamma(n + 1.0) - lgamma(l + 1.0) - lgamma(n - l + 1.0)));
    return (2.0 * l + n - 2.0) / (l + n - 2.0) * exp(lgamma(l + n - 1.0) - lgamma(l + 1.0) - lgamma(n - 1.0));
}

/* Which flips turn a feature: all features of a block are turned by the same. */
static int32_t sector(const mfli_modes *modes, const int32_t *degree)
{
    int32_t odd = 0, label = 0;
    for (int32_t j = 0; j < modes->variables; j++)
        odd |= (degree[j] & 1) << j;
    for (int32_t j = 0; j < modes->variables; j++) {
        int32_t sign = 0;
        for (int32_t both = odd & modes->flip[j]; both; both &= both - 1)
            sign ^= 1;
        label |= sign << j;
    }
    return label;
}

/* ---- lists ---- */

static int32_t grow(mfl_context *context, void **list, int32_t *room, size_t size)
{
    int32_t more = *room ? 2 * *room : 64;
    char *larger = mfli_alloc(context, (size_t)more, size);
    if (!larger)
        return MFL_ERROR_MEMORY;
    if (*room)
        memcpy(larger, *list, (size_t)*room * size);
    mfli_free(context, *list);
    *list = larger;
    *room = more;
    return MFL_OK;
}

static int32_t add_feature(mfl_context *context, const mfli_feature *feature, mfli_blocks *to)
{
    void *list = to->feature;
    int32_t status = MFL_OK;
    if (to->features == MFLI_FEATURES_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the kernel of the neurons lives on more than %d functions; take fewer variables or induced degrees",
                         MFLI_FEATURES_MOST);
    if (to->features == to->feature_room)
        status = grow(context, &list, &to->feature_room, sizeof *feature);
    to->feature = list;
    if (status == MFL_OK)
        to->feature[to->features++] = *feature;
    return status;
}

/* The features from `first` on become a block, if there are any. */
static int32_t close_block(mfl_context *context, int32_t first, double count, mfli_blocks *to)
{
    void *list = to->block;
    int32_t status = MFL_OK, size = to->features - first;
    if (size == 0)
        return MFL_OK;
    if (to->count == to->block_room)
        status = grow(context, &list, &to->block_room, sizeof *to->block);
    to->block = list;
    if (status != MFL_OK)
        return status;
    to->block[to->count++] = (mfli_block){first, size, to->numbers, count};
    to->numbers += size * size;
    return MFL_OK;
}

/* ---- the hypercube ---- */

static int32_t count_bits(int32_t set)
{
    int32_t count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

static mfli_feature product(const mfli_modes *modes, int32_t set, int32_t q)
{
    mfli_feature feature = {.across = q, .harmonic = q, .total = count_bits(set) + q, .layer = q, .factor = 1.0};
    for (int32_t j = 0; j < modes->variables; j++)
        feature.degree[j] = set >> j & 1;
    return feature;
}

/* With q others, one block for each sector but that of the modes, which comes first. */
static int32_t add_products(mfl_context *context, const mfli_model *model, int32_t q, double count, mfli_blocks *to)
{
    const mfli_modes *modes = to->modes;
    int32_t own = sector(modes, modes->mode[0].degree), status = MFL_OK;
    for (int32_t label = 0; label < 1 << modes->variables && status == MFL_OK; label++) {
        int32_t first = to->features;
        for (int32_t set = 0; set < 1 << modes->variables && status == MFL_OK; set++) {
            mfli_feature feature = product(modes, set, q);
            if ((q || label != own) && sector(modes, feature.degree) == label &&
                mfli_learnable_degree(model, feature.total))
                status = add_feature(context, &feature, to);
        }
        if (status == MFL_OK)
            status = close_block(context, first, count, to);
    }
    return status;
}

/* One feature for all products of t variables. */
static int32_t add_classes(mfl_context *context, const mfli_model *model, int32_t q, double count, mfli_blocks *to)
{
    int32_t r = to->modes->variables, status = MFL_OK;
    for (int32_t t = 0; t <= r && status == MFL_OK; t++) {
        mfli_feature feature = product(to->modes, (1 << t) - 1, q);
        if ((t == r && q == 0) || !mfli_learnable_degree(model, t + q))
            continue;
        status = add_feature(context, &feature, to);
        if (status == MFL_OK)
            status = close_block(context, to->features - 1, count * multiplicity(0, t, r), to);
    }
    return status;
}

/* ---- Gaussian inputs ---- */

enum { degrees = MFLI_HERMITE_MOST + 1 };

/* (e . e')^m = sum_l a[m][l] P_l(e . e') for unit vectors in n dimensions, P_l Gegenbauer's polynomials with P_l(1) = 1:
 * the part of he_m of one direction that turns like harmonics of degree l has the square a[m][l]. */
static void fill_harmonics(double n, double (*a)[degrees])
{
    memset(a, 0, degrees * sizeof *a);
    a[0][0] = 1.0;
    for (int32_t m = 0; n > 0.0 && m + 1 < degrees; m++) {
        for (int32_t l = 0; l <= m; l++) {
            double up = l ? (l + n - 2.0) / (2.0 * l + n - 2.0) : 1.0;
            a[m + 1][l + 1] += up * a[m][l];
            if (l)
                a[m + 1][l - 1] += (1.0 - up) * a[m][l];
        }
    }
}

static double hermite_factor(const mfli_feature *feature, int32_t variables, double share)
{
    double log_factor = lgamma(feature->total + 1.0) - lgamma(feature->across + 1.0);
    for (int32_t j = 0; j < variables; j++)
        log_factor -= lgamma(feature->degree[j] + 1.0);
    return sqrt(exp(log_factor) * share);
}

/* The features of harmonic degree l of one sector; those of the modes are there already. */
static int32_t add_harmonic(mfl_context *context, const mfli_model *model, int32_t l, int32_t label,
                            const double (*share)[degrees], mfli_blocks *to)
{
    const mfli_modes *modes = to->modes;
    int32_t r = modes->variables, degree[MFLI_VARIABLES_MOST + 1] = {0}, total = 0, status = MFL_OK;
    if (l == 0 && label == sector(modes, modes->mode[0].degree))
        return MFL_OK;
    do { /* the last degree is that across */
        mfli_feature feature = {.across = degree[r], .harmonic = l, .total = total, .layer = total};
        if (feature.across < l || (feature.across - l) % 2 || !(share[feature.across][l] > 0.0))
            continue;
        memcpy(feature.degree, degree, sizeof feature.degree);
        feature.factor = hermite_factor(&feature, r, share[feature.across][l]);
        if (sector(modes, feature.degree) == label && mfli_learnable_degree(model, total))
            status = add_feature(context, &feature, to);
    } while (status == MFL_OK && mfli_next_degrees(r + 1, to->cut, degree, &total));
    return status;
}

/* ---- all ---- */

/* The modes; those that the target has are kept whatever the cut, and so are all of no others on the hypercube. */
static int32_t add_modes(mfl_context *context, mfli_blocks *to)
{
    const mfli_modes *modes = to->modes;
    int32_t status = MFL_OK;
    for (int32_t i = 0; i < modes->count && status == MFL_OK; i++) {
        const mfli_mode *mode = &modes->mode[i];
        mfli_feature feature = {.across = mode->across, .total = mode->total, .factor = mode->factor};
        memcpy(feature.degree, mode->degree, sizeof feature.degree);
        feature.layer = mfli_mode_layer(modes, i);
        status = add_feature(context, &feature, to);
    }
    return status == MFL_OK ? close_block(context, 0, 1.0, to) : status;
}

static int32_t add_all(mfl_context *context, const mfli_model *model, double others, mfli_blocks *to)
{
    const mfli_modes *modes = to->modes;
    double share[degrees][degrees];
    int32_t status = add_modes(context, to);
    fill_harmonics(others, share);
    for (int32_t q = 0; q <= to->cut && status == MFL_OK; q++) {
        double count = others > 0.0 || q == 0 ? multiplicity(modes->gaussian, q, others) : 0.0;
        if (!modes->gaussian && q <= others)
            status = modes->exchanged ? add_classes(context, model, q, count, to)
                                      : add_products(context, model, q, count, to);
        for (int32_t label = 0; modes->gaussian && label < 1 << modes->variables && status == MFL_OK; label++) {
            int32_t first = to->features;
            if (q == 0 || others > 1.0 || q <= others)
                status = add_harmonic(context, model, q, label, (const double(*)[degrees])share, to);
            if (status == MFL_OK)
                status = close_block(context, first, count, to);
        }
    }
    return status;
}

/* Blocks with a matrix first. */
static void sort(mfli_blocks *blocks)
{
    blocks->dense = 1;
    for (int32_t i = 1; i < blocks->count; i++) {
        mfli_block block = blocks->block[i];
        if (block.size == 1)
            continue;
        memmove(&blocks->block[blocks->dense + 1], &blocks->block[blocks->dense],
                (size_t)(i - blocks->dense) * sizeof block);
        blocks->block[blocks->dense++] = block;
    }
}

int32_t mfli_blocks_create(mfl_context *context, const mfli_modes *modes, const mfli_model *model, mfli_blocks *blocks)
{
    double others = (double)(model->dimension - modes->variables);
    memset(blocks, 0, sizeof *blocks);
    blocks->modes = modes;
    if (modes->gaussian)
        blocks->cut = modes->induced;
    else
        blocks->cut = (int32_t)fmin(others, modes->exchanged ? 10 : hypercube_cut[modes->variables]);
    int32_t status = add_all(context, model, others, blocks);
    if (status == MFL_OK)
        sort(blocks);
    else
        mfli_blocks_finish(context, blocks);
    return status;
}

void mfli_blocks_finish(mfl_context *context, mfli_blocks *blocks)
{
    mfli_free(context, blocks->feature);
    mfli_free(context, blocks->block);
    memset(blocks, 0, sizeof *blocks);
}
