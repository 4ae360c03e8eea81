/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once per instruction set, with MFLI_VECTOR_BYTES and MFLI_ISA from the build. */
#include <math.h>
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
#define ALL_VECTORS(degree)                                                                                           \
    for (int32_t first = 0; first < MFLI_ANGULAR_LANES; first += width) {                                             \
        vector one = one_vector(count, step, factor, degree, t, first);                                               \
        memcpy(&sum[first], &one, sizeof one);                                                                        \
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

/* ---- lengths ---- */

typedef int64_t integers __attribute__((vector_size(MFLI_VECTOR_BYTES)));

INLINE vector splat(double x)
{
    return x - (vector){0.0};
}

INLINE vector choose(integers mask, vector a, vector b)
{
    return (vector)((mask & (integers)a) | (~mask & (integers)b));
}

INLINE vector smaller(vector a, vector b)
{
    return choose(a < b, a, b);
}

INLINE vector larger(vector a, vector b)
{
    return choose(a > b, a, b);
}

INLINE vector square_root(vector x)
{
    for (int32_t l = 0; l < width; l++)
        x[l] = __builtin_sqrt(x[l]);
    return x;
}

/* 2^n exp(r), |r| <= log(2)/2, Taylor's series to r^13, its even and odd terms side by side; what is below exp(-700)
 * becomes that. */
INLINE vector exponential(vector x)
{
    static const double magic = 0x1.8p52, high = 0x1.62e42fefa0000p-1, low = 0x1.cf79abc9e3b3ap-40;
    x = larger(x, splat(-700.0));
    vector shifted = x * 1.4426950408889634 + magic, n = shifted - magic;
    vector r = (x - n * high) - n * low, square = r * r;
    vector even = splat(1.0 / 479001600.0), odd = splat(1.0 / 6227020800.0);
    static const double factorial[] = {1.0,   1.0,    2.0,     6.0,      24.0,      120.0,
                                       720.0, 5040.0, 40320.0, 362880.0, 3628800.0, 39916800.0};
    for (int32_t i = 10; i >= 0; i -= 2) {
        even = even * square + 1.0 / factorial[i];
        odd = odd * square + 1.0 / factorial[i + 1];
    }
    return (vector)((integers)(even + r * odd) + ((integers)shifted << 52));
}

/* Normal x > 0: n log 2 + 2 artanh((m - 1)/(m + 1)), m between 2^-1/2 and 2^1/2. */
INLINE vector logarithm(vector x)
{
    integers n = (((integers)x - 0x3fe6a09e667f3bcd) >> 52);
    vector m = (vector)((integers)x - (n << 52)), z = (m - 1.0) / (m + 1.0), square = z * z, sum = splat(1.0 / 23.0);
    for (int32_t i = 21; i >= 1; i -= 2)
        sum = sum * square + 1.0 / i;
    /* |n| is far below 2^51 */
    vector whole = (vector)(n + 0x4338000000000000) - 0x1.8p52;
    return whole * 0.69314718055994531 + 2.0 * z * sum;
}

/* Integrals worked on together: two vectors, each of which would wait for its own results. */
enum { pair = (int)MFLI_ANGULAR_LANES > (int)width ? 2 : 1 };

typedef struct integrand {
    vector c, g, x, low, high;                /* X at the summit, once it is found */
    vector t0, step, mass, s, s2, x1;         /* t = 1/(1 + cX) there; sums */
    vector move, ratio, here;                 /* along one side */
    integers alive;
} integrand;

/* Near where the derivative in log X, d/2 - X/2 - s/2 + g s (1 - s), changes sign: between d - 1 and the two bounds
 * that s (1 - s) <= 1/4 and <= 1/cX give. */
INLINE void find_summits(double d, integrand *f)
{
    for (int32_t v = 0; v < pair; v++) {
        vector bound = 0.5 * (d + square_root(d * d + 8.0 * f[v].g / larger(f[v].c, splat(1e-300))));
        f[v].low = splat(d - 1.0);
        f[v].high = smaller(d + 0.5 * f[v].g, bound);
        f[v].x = square_root(f[v].low * f[v].high);
    }
    for (int32_t i = 0; i < 6; i++) {
        for (int32_t v = 0; v < pair; v++) {
            vector x = f[v].x, t = 1.0 / (1.0 + f[v].c * x), s = 1.0 - t, bend = f[v].g * s * t;
            vector slope = 0.5 * (d - x - s) + bend;
            integers rises = slope > 0.0;
            f[v].low = choose(rises, x, f[v].low);
            f[v].high = choose(rises, f[v].high, x);
            vector step = slope / larger(0.5 * x - bend * (t - s) + 0.5 * s * t, splat(0.1 * d));
            vector newton = x * (1.0 + step + 0.5 * step * step);
            integers bisect = (i < 3) | (newton < f[v].low) | (newton > f[v].high);
            f[v].x = choose(bisect, square_root(f[v].low * f[v].high), newton);
        }
    }
}

/* stretch: of the steps */
INLINE void start_sums(double d, double stretch, integrand *f)
{
    for (int32_t v = 0; v < pair; v++) {
        vector x = f[v].x, t = 1.0 / (1.0 + f[v].c * x), s = 1.0 - t;
        vector curvature = 0.5 * x - (f[v].g * (t - s) - 0.5) * s * t;
        f[v].step = stretch * smaller(splat(0.15), 0.6 / square_root(larger(curvature, splat(0.5 * d))));
        f[v].t0 = t;
        f[v].mass = square_root(t);
        f[v].s = f[v].mass * s;
        f[v].s2 = f[v].s * s;
        f[v].x1 = f[v].mass * x;
    }
}

/* Steps to one side. A lane ends where its terms become negligible, whatever the others do. */
INLINE void sum_side(double d, double negligible, double side, integrand *f)
{
    for (int32_t v = 0; v < pair; v++) {
        f[v].move = side * f[v].step;
        f[v].ratio = exponential(f[v].move);
        f[v].here = f[v].x;
        f[v].alive = f[v].step > 0.0;
    }
    for (int32_t i = 1; i < 4096; i++) {
        int64_t any = 0;
        for (int32_t v = 0; v < pair; v++) {
            vector x = f[v].here * f[v].ratio, t = 1.0 / (1.0 + f[v].c * x), s = f[v].c * x * t;
            vector p = square_root(t) *
                       exponential(0.5 * (d * i * f[v].move - (x - f[v].x)) - f[v].g * (t - f[v].t0));
            p = (vector)((integers)p & f[v].alive);
            vector ps = p * s;
            f[v].here = x;
            f[v].mass += p;
            f[v].s += ps;
            f[v].s2 += ps * s;
            f[v].x1 += p * x;
            f[v].alive &= p > negligible * f[v].mass;
            for (int32_t l = 0; l < width; l++)
                any |= f[v].alive[l];
        }
        if (!any)
            break;
    }
}

/* The trapezoidal rule in log X, in steps of some half a standard deviation or more; X itself by multiplication. */
static void lengths(double d, double norm, double accuracy, const double *c, const double *g, mfli_length_lanes *to)
{
    double stretch = sqrt(log(1e-14) / log(accuracy)); /* the error falls like exp(-(2 pi/step)^2/2) */
    for (int32_t first = 0; first < MFLI_ANGULAR_LANES; first += pair * width) {
        integrand f[pair];
        for (int32_t v = 0; v < pair; v++) {
            memcpy(&f[v].c, c + first + v * width, sizeof f[v].c);
            memcpy(&f[v].g, g + first + v * width, sizeof f[v].g);
        }
        find_summits(d, f);
        start_sums(d, stretch, f);
        sum_side(d, accuracy, -1.0, f);
        sum_side(d, accuracy, 1.0, f);
        for (int32_t v = 0; v < pair; v++) {
            int32_t at = first + v * width;
            vector log_mass = 0.5 * (d * logarithm(f[v].x) - f[v].x) - f[v].g * f[v].t0 +
                              logarithm(f[v].mass * f[v].step) - norm;
            vector mean_s = f[v].s / f[v].mass, mean_s2 = f[v].s2 / f[v].mass, mean_x = f[v].x1 / f[v].mass;
            memcpy(to->log_mass + at, &log_mass, sizeof log_mass);
            memcpy(to->s + at, &mean_s, sizeof mean_s);
            memcpy(to->s2 + at, &mean_s2, sizeof mean_s2);
            memcpy(to->x + at, &mean_x, sizeof mean_x);
        }
    }
}

extern const mfli_angular_loops NAME(MFLI_ISA);
const mfli_angular_loops NAME(MFLI_ISA) = {sums, tally, lengths};
