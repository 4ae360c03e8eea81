/* SPDX-License-Identifier: BSD-3-Clause */
/* The inputs off the support are met in the middle: half of them make up a list of signed sums, in
 * ascending order and with running totals, in which every signed sum of the other half is looked
 * up. */
#include "theory/orthogonal.h"

#include <math.h>
#include <string.h>

int64_t mfli_orthogonal_scratch(int32_t off_count)
{
    int64_t half = INT64_C(1) << ((off_count + 1) / 2);
    return 4 * half + 1;
}

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

double mfli_orthogonal_sum(int32_t degree, const double *on, int32_t off_count, const double *off,
                           double *scratch)
{
    int32_t listed = (off_count + 1) / 2, looked_up = off_count - listed;
    int64_t n = INT64_C(1) << listed, others = INT64_C(1) << looked_up;
    double *list = scratch, *other = list + n, *total = other + n, *spare = total, sum = 0.0;
    list_sums(listed, off, list, spare);
    list_sums(looked_up, off + listed, other, spare);
    total[0] = 0.0;
    for (int64_t i = 0; i < n; i++)
        total[i + 1] = total[i] + list[i];
    for (int32_t signs = 0; signs < 1 << (degree - 1); signs++) { /* x and -x count the same */
        double mu = on[degree - 1], part = 0.0;
        int32_t odd = 0;
        for (int32_t j = 0; j < degree - 1; j++) {
            mu += signs >> j & 1 ? -on[j] : on[j];
            odd ^= signs >> j & 1;
        }
        for (int64_t i = 0; i < others; i++)
            part += sum_distances(mu + other[i], n, list, total);
        sum += odd ? -part : part;
    }
    return 0.5 * ldexp(sum, 1 - degree - off_count);
}
