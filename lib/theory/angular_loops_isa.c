/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once per instruction set, with MFLI_VECTOR_BYTES and MFLI_ISA from the build. */
#include <string.h>

#include "theory/angular_loops.h"

#define INLINE static inline __attribute__((always_inline))
#define NAME_(isa) mfli_angular_loops_##isa
#define NAME(isa) NAME_(isa)

typedef double vector __attribute__((vector_size(MFLI_VECTOR_BYTES)));
enum { width = MFLI_VECTOR_BYTES / sizeof(double), degree_most = 8 };

/* Taylor's series to x^23: an error of 1e-16 up to x = 3 pi/4. */
INLINE vector sine(vector x)
{
    vector square = x * x, sum = square - square + 1.0;
    for (int32_t n = 22; n >= 2; n -= 2)
        sum = 1.0 - square * (1.0 / (n * (n + 1.0))) * sum;
    return x * sum;
}

/* sin((i + 1/2) phi) by Reinsch's recurrence for its differences. */
INLINE vector one_vector(int32_t count, double step, const double *factor, int32_t degree,
                         double (*t)[MFLI_ANGULAR_LANES], int32_t first)
{
    vector now[degree_most], rise[degree_most], bend[degree_most], sum = {0.0};
    for (int32_t j = 0; j < degree; j++) {
        vector length;
        memcpy(&length, &t[j][first], sizeof length);
        now[j] = sine(0.5 * step * length);
        rise[j] = 2.0 * now[j];
        bend[j] = 4.0 * now[j] * now[j];
    }
    for (int32_t i = 0; i < count; i++) {
        vector product = now[0] * factor[i];
        for (int32_t j = 1; j < degree; j++)
            product *= now[j];
        sum += product;
        for (int32_t j = 0; j < degree; j++) {
            rise[j] -= bend[j] * now[j];
            now[j] += rise[j];
        }
    }
    return sum;
}

/* The degree is a constant in each of these, so that what depends on it stays in registers. */
#define ALL_VECTORS(degree)                                                                                            \
    for (int32_t first = 0; first < MFLI_ANGULAR_LANES; first += width) {                                                 \
        vector one = one_vector(count, step, factor, degree, t, first);                                                \
        memcpy(&sum[first], &one, sizeof one);                                                                         \
    }

static void sums(int32_t count, double step, const double *factor, int32_t degree, double (*t)[MFLI_ANGULAR_LANES],
                 double *sum)
{
    switch (degree) {
    case 2:
        ALL_VECTORS(2)
        break;
    case 4:
        ALL_VECTORS(4)
        break;
    case 6:
        ALL_VECTORS(6)
        break;
    default:
        ALL_VECTORS(8)
    }
}

/* By T_{j+4} = 2 T_4 T_j - T_{j-4}, four at a time, which compilers turn into vectors. */
static void tally(double x, double weight, double *moment)
{
    double t2 = 2.0 * x * x - 1.0, t3 = x * (2.0 * t2 - 1.0), t4 = 2.0 * t2 * t2 - 1.0;
    double now[4] = {1.0, x, t2, t3}, before[4] = {t4, t3, t2, x};
    for (int32_t j = 0; j < MFLI_LAW_MOMENTS; j += 4) {
        for (int32_t l = 0; l < 4; l++) {
            double next = 2.0 * t4 * now[l] - before[l];
            moment[j + l] += weight * now[l];
            before[l] = now[l];
            now[l] = next;
        }
    }
}

extern const mfli_angular_loops NAME(MFLI_ISA);
const mfli_angular_loops NAME(MFLI_ISA) = {sums, tally};
