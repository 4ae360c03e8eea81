/* SPDX-License-Identifier: BSD-3-Clause */
/* Homogeneous activations are met in the middle: half of the inputs off the support make up a list of signed sums, in
 * ascending order and with running totals, in which every signed sum of the other half is looked up.
 *
 * For others off . x is taken in by a few inputs at a time, and its law so far replaced by Gauss's rule for it, which
 * knows every polynomial up to the degree 2 kept - 1. As these moments of the whole sum follow from those of its parts,
 * so does the last rule. */
#include "theory/orthogonal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "network/features.h"
#include "theory/walsh.h"

/* Inputs that are enumerated at once; nodes that are kept of a law. */
enum { direct = 8, callers = 12, kept = 32 };

static int32_t is_homogeneous(const mfli_model *model)
{
    return model->activation == MFL_ACTIVATION_RELU || model->activation == MFL_ACTIVATION_LEAKY ||
        model->activation == MFL_ACTIVATION_LINEAR;
}

static int32_t nodes_most(const mfli_model *model)
{
    return 1 << (model->activation == MFL_ACTIVATION_CALLER ? callers : direct);
}

int32_t mfli_orthogonal_most(const mfli_model *model)
{
    return model->activation == MFL_ACTIVATION_CALLER ? callers : MFLI_ORTHOGONAL_MOST;
}

int64_t mfli_orthogonal_scratch(const mfli_model *model, int32_t off_count)
{
    int64_t half = INT64_C(1) << ((off_count + 1) / 2);
    return is_homogeneous(model) ? 4 * half + 1 : 5 * (int64_t)nodes_most(model);
}

/* ---- homogeneous activations ---- */

/* All signed sums of the weights in ascending order: those of one more weight are two sorted lists
 * to be merged. */
static void list_sums(int32_t count, const double *weight, double *list, double *spare)
{
    list[0] = 0.0;
    for (int64_t n = 1; count-- > 0; n *= 2, weight++) {
        double step = fabs(*weight);
        int64_t low = 0, high = 0;
        for (int64_t i = 0; i < 2 * n; i++) {
            if (high == n || (low < n && list[low] - step <= list[high] + step))
                spare[i] = list[low++] - step;
            else
                spare[i] = list[high++] + step;
        }
        memcpy(list, spare, (size_t)(2 * n) * sizeof *list);
    }
}

/* sum over the list of |shift + b|; total[i] is the sum of the i smallest. */
static double sum_distances(double shift, int64_t n, const double *list, const double *total)
{
    int64_t below = 0, high = n;
    while (below < high) {
        int64_t i = (below + high) / 2;
        if (list[i] < -shift)
            below = i + 1;
        else
            high = i;
    }
    return (double)(n - 2 * below) * shift + total[n] - 2.0 * total[below];
}

/* phi(z) = odd z + even |z|, and z and -z count the same. */
static void homogeneous_means(const mfli_model *model, int32_t r, const double *on, int32_t off_count,
                              const double *off, double *scratch, double *mean, double *square)
{
    double leak = model->activation == MFL_ACTIVATION_RELU ? 0.0
        : model->activation == MFL_ACTIVATION_LEAKY        ? model->leak
                                                           : 1.0;
    double odd = 0.5 * (1.0 + leak), even = 0.5 * (1.0 - leak), length = 0.0;
    int32_t listed = (off_count + 1) / 2, looked_up = off_count - listed, all = 1 << r;
    int64_t n = INT64_C(1) << listed, others = INT64_C(1) << looked_up;
    double *list = scratch, *other = list + n, *total = other + n, *spare = total;
    list_sums(listed, off, list, spare);
    list_sums(looked_up, off + listed, other, spare);
    total[0] = 0.0;
    for (int64_t i = 0; i < n; i++)
        total[i + 1] = total[i] + list[i];
    for (int32_t s = 0; s < (all + 1) / 2; s++) {
        double mu = mfli_signed_sum(r, s, on), part = 0.0;
        for (int64_t i = 0; even != 0.0 && i < others; i++)
            part += sum_distances(mu + other[i], n, list, total);
        part = even * ldexp(part, -off_count);
        mean[s] = part + odd * mu;
        mean[all - 1 - s] = part - odd * mu;
    }
    for (int32_t j = 0; j < r; j++)
        length += on[j] * on[j];
    for (int32_t j = 0; j < off_count; j++)
        length += off[j] * off[j];
    *square = (odd * odd + even * even) * length;
}

/* ---- others ---- */

typedef struct rule {
    int32_t count;
    double *node, *weight;
} rule;

static void add_input(double w, rule *to)
{
    int32_t n = to->count;
    for (int32_t i = 0; i < n; i++) {
        to->node[n + i] = to->node[i] + w;
        to->node[i] -= w;
        to->weight[n + i] = to->weight[i] *= 0.5;
    }
    to->count = 2 * n;
}

/* The first `kept` coefficients of the recurrence of a rule's orthogonal polynomials, stably, node by node: W. B. Gragg
 * and W. J. Harwood, Numer. Math. 44, 317 (1984). */
static void recurrence(const rule *of, double *diagonal, double *square)
{
    for (int32_t i = 0; i < kept; i++) {
        diagonal[i] = of->node[i];
        square[i] = 0.0;
    }
    square[0] = of->weight[0];
    for (int32_t i = 1; i < of->count; i++) {
        double push = of->weight[i], node = of->node[i], c = 1.0, s = 0.0, t = 0.0;
        for (int32_t k = 0; k < kept && k <= i; k++) {
            double sum = square[k] + push, turned = c * sum, before = s;
            c = sum > 0.0 ? square[k] / sum : 1.0;
            s = sum > 0.0 ? push / sum : 0.0;
            double next = s * (diagonal[k] - node) - c * t;
            diagonal[k] -= next - t;
            t = next;
            push = s > 0.0 ? t * t / s : before * square[k];
            square[k] = turned;
        }
    }
}

/* Eigenvalues of the symmetric tridiagonal matrix with side[k] between k and k + 1, and the first components of its
 * eigenvectors: implicit QL. All are destroyed but for that. */
static void diagonalise(int32_t n, double *diagonal, double *side, double *first)
{
    enum { turns_most = 60 };
    for (int32_t l = 0; l < n; l++) {
        for (int32_t turn = 0; turn < turns_most; turn++) {
            int32_t m = l, i;
            while (m < n - 1 && fabs(side[m]) > DBL_EPSILON * (fabs(diagonal[m]) + fabs(diagonal[m + 1])))
                m++;
            if (m == l)
                break;
            double g = (diagonal[l + 1] - diagonal[l]) / (2.0 * side[l]), s = 1.0, c = 1.0, p = 0.0;
            g = diagonal[m] - diagonal[l] + side[l] / (g + copysign(hypot(g, 1.0), g));
            for (i = m - 1; i >= l; i--) {
                double f = s * side[i], b = c * side[i], length = hypot(f, g);
                side[i + 1] = length;
                if (length == 0.0)
                    break;
                s = f / length;
                c = g / length;
                g = diagonal[i + 1] - p;
                double r = (diagonal[i] - g) * s + 2.0 * c * b, was = first[i + 1];
                p = s * r;
                diagonal[i + 1] = g + p;
                g = c * r - b;
                first[i + 1] = s * first[i] + c * was;
                first[i] = c * first[i] - s * was;
            }
            diagonal[i >= l ? i + 1 : l] -= p;
            if (i < l)
                side[l] = g;
            side[m] = 0.0;
        }
    }
}

/* G. H. Golub and J. H. Welsch, Math. Comp. 23, 221 (1969). The law is even. */
static void compress(rule *of)
{
    double node[kept], side[kept], first[kept] = {1.0};
    recurrence(of, node, side);
    for (int32_t k = 0; k < kept; k++) {
        node[k] = 0.0;
        side[k] = k + 1 < kept ? sqrt(side[k + 1]) : 0.0;
    }
    diagonalise(kept, node, side, first);
    of->count = kept;
    for (int32_t k = 0; k < kept; k++) {
        of->node[k] = node[k];
        of->weight[k] = first[k] * first[k];
    }
}

static void find_rule(int32_t most, int32_t off_count, const double *off, rule *to)
{
    to->count = 1;
    to->node[0] = 0.0;
    to->weight[0] = 1.0;
    for (int32_t j = 0; j < off_count; j++) {
        if (to->count == most)
            compress(to);
        add_input(off[j], to);
    }
}

static int32_t means_by_rule(mfl_context *context, const mfli_model *model, int32_t r, const double *on,
                             const rule *off, double *scratch, double *mean, double *square)
{
    double *z = scratch, *phi = z + off->count, *slope = phi + off->count;
    *square = 0.0;
    for (int32_t s = 0; s < 1 << r; s++) {
        double mu = mfli_signed_sum(r, s, on);
        for (int32_t i = 0; i < off->count; i++)
            z[i] = mu + off->node[i];
        if (mfli_activation_values(model, (size_t)off->count, z, phi, slope))
            return mfli_fail(context, MFL_ERROR_CALLBACK, "the model's activation function refused");
        mean[s] = 0.0;
        for (int32_t i = 0; i < off->count; i++) {
            mean[s] += off->weight[i] * phi[i];
            *square += ldexp(off->weight[i] * phi[i] * phi[i], -r);
        }
        if (!isfinite(*square))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "the model's activation function must be finite; its mean square is %g near %.17g",
                             *square, mu);
    }
    return MFL_OK;
}

int32_t mfli_orthogonal_means(mfl_context *context, const mfli_model *model, int32_t r, const double *on,
                              int32_t off_count, const double *off, double *scratch, double *mean, double *square)
{
    if (is_homogeneous(model)) {
        homogeneous_means(model, r, on, off_count, off, scratch, mean, square);
        return MFL_OK;
    }
    int32_t most = nodes_most(model);
    rule of = {0, scratch, scratch + most};
    find_rule(most, off_count, off, &of);
    return means_by_rule(context, model, r, on, &of, scratch + 2 * most, mean, square);
}
