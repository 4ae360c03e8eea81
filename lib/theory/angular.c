/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/angular.h"

#include <math.h>
#include <string.h>

#include "theory/quadrature.h"

static const double pi = 3.14159265358979323846;

/* exp(-omega^2/2) is below rounding beyond this frequency, and as far the aliases of a trapezoidal sum are kept. */
static const double cutoff = 9.0;

enum { lanes = MFLI_ANGULAR_LANES }; /* directions worked on at a time */

/* ---- J_S by frequencies ---- */

/* Up to this |t|_1 the sum over frequencies is the faster one; beyond, that over signs has lost nothing. */
static double frequency_reach(int32_t degree)
{
    return fmin(600.0, 40.0 * pow(4.0, 0.5 * degree - 1.0));
}

/* Midpoint nodes (i + 1/2) step. */
void mfli_frequencies_choose(int32_t degree, double reach, mfli_frequencies *f)
{
    f->reach = reach;
    f->count = 0;
    if (reach > frequency_reach(degree))
        return;
    f->step = 2.0 * pi / (reach + cutoff);
    f->count = (int32_t)ceil(cutoff / f->step);
    for (int32_t i = 0; i < f->count; i++) {
        double omega = (i + 0.5) * f->step;
        f->factor[i] = f->step / pi * exp(-0.5 * omega * omega) / (omega * omega);
    }
}

/* ---- J_S by signs ---- */

/* Even part of h_0(mu, 1) of ReLU, doubled in (T10): E|mu + z|/2; without the smoothing, |mu|/2. */
static double even_part(double mu, int32_t smooth)
{
    double x = fabs(mu);
    if (!smooth || x > cutoff)
        return 0.5 * x;
    return 0.5 * x * erf(x * sqrt(0.5)) + exp(-0.5 * x * x) / sqrt(2.0 * pi);
}

/* One overall sign is redundant. */
double mfli_angular_sum(int32_t degree, const double *t, int32_t smooth)
{
    double sum = 0.0;
    int32_t count = 1 << (degree - 1);
    for (int32_t signs = 0; signs < count; signs++) {
        double mu = t[degree - 1];
        int32_t odd = 0;
        for (int32_t j = 0; j < degree - 1; j++) {
            mu += signs >> j & 1 ? -t[j] : t[j];
            odd ^= signs >> j & 1;
        }
        sum += odd ? -even_part(mu, smooth) : even_part(mu, smooth);
    }
    return sum / count;
}

static void sign_sums(int32_t degree, double (*t)[lanes], int32_t smooth, double *sum)
{
    for (int32_t l = 0; l < lanes; l++) {
        double one[MFLI_DEGREE_MOST];
        for (int32_t j = 0; j < degree; j++)
            one[j] = t[j][l];
        sum[l] = mfli_angular_sum(degree, one, smooth);
    }
}

/* ---- either ---- */

void mfli_angular_amplitudes(const mfli_angular_loops *loops, int32_t degree, const mfli_frequencies *f,
                             double (*t)[lanes], int32_t smooth, double *amplitude)
{
    if (f->count)
        loops->sums(f->count, f->step, f->factor, degree, t, amplitude);
    else
        sign_sums(degree, t, smooth, amplitude);
}

/* Q = J_S^2/(|w_perp|^2 (1 + r^2)), which for r = inf means J_S^2/|w_S|^2. */
static double gain(double amplitude, double ratio)
{
    return amplitude * amplitude / (isfinite(ratio) ? 1.0 + ratio * ratio : 1.0);
}

static double power(double x, int32_t n)
{
    double product = x;
    for (int32_t i = 1; i < n; i++)
        product *= x;
    return product;
}

double mfli_angular_top(int32_t degree, double ratio)
{
    double t = (isfinite(ratio) ? ratio : 1.0) / sqrt(degree), amplitude = 0.0;
    mfli_frequencies f;
    mfli_frequencies_choose(degree, sqrt(degree) * ratio, &f);
    for (int32_t i = 0; i < f.count; i++)
        amplitude += f.factor[i] * power(sin((i + 0.5) * f.step * t), degree);
    if (f.count == 0) {
        double equal[MFLI_DEGREE_MOST];
        for (int32_t j = 0; j < degree; j++)
            equal[j] = t;
        amplitude = mfli_angular_sum(degree, equal, isfinite(ratio));
    }
    return gain(amplitude, ratio);
}

/* ---- the law ---- */

typedef struct moments {
    double of[MFLI_LAW_PIECES][MFLI_LAW_MOMENTS];
} moments;

/* Piece of a distance z, and its coordinate in [-1, 1] there. */
static int32_t locate(double z, double *x)
{
    if (z < ldexp(1.0, 1 - MFLI_LAW_PIECES)) {
        *x = ldexp(fmax(z, 0.0), MFLI_LAW_PIECES) - 1.0;
        return MFLI_LAW_PIECES - 1;
    }
    int32_t exponent = 0;
    *x = z < 1.0 ? 4.0 * frexp(z, &exponent) - 3.0 : 1.0;
    return -exponent;
}

static void fill_distances(double low, double high, double *distance)
{
    for (int32_t i = 0; i < MFLI_LAW_MOMENTS; i++)
        distance[i] = 0.5 * (low + high) + 0.5 * (high - low) * mfli_chebyshev_point(MFLI_LAW_MOMENTS, i);
}

void mfli_law_distances(double distance[MFLI_LAW_WEIGHTS])
{
    for (int32_t b = 0; b < MFLI_LAW_PIECES; b++) {
        double high = ldexp(1.0, -b), low = b == MFLI_LAW_PIECES - 1 ? 0.0 : 0.5 * high;
        fill_distances(low, high, distance + b * MFLI_LAW_MOMENTS);
        fill_distances(0.0, high, distance + MFLI_LAW + b * MFLI_LAW_MOMENTS);
    }
}

typedef struct transform {
    double to_weights[MFLI_LAW_MOMENTS][MFLI_LAW_MOMENTS]; /* of the moments, for each Chebyshev point */
} transform;

static void fill_transform(transform *t)
{
    double cosine[4 * MFLI_LAW_MOMENTS];
    for (int32_t i = 0; i < 4 * MFLI_LAW_MOMENTS; i++)
        cosine[i] = cos(0.5 * pi * i / MFLI_LAW_MOMENTS);
    for (int32_t j = 0; j < MFLI_LAW_MOMENTS; j++)
        for (int32_t i = 0; i < MFLI_LAW_MOMENTS; i++)
            t->to_weights[j][i] = (j ? 2.0 : 1.0) / MFLI_LAW_MOMENTS * cosine[j * (2 * i + 1) % (4 * MFLI_LAW_MOMENTS)];
}

/* Moments -> weights at the Chebyshev points of an interval. */
static void collect(const transform *t, const double *moment, double *weight)
{
    memset(weight, 0, MFLI_LAW_MOMENTS * sizeof *weight);
    for (int32_t j = 0; j < MFLI_LAW_MOMENTS; j++)
        for (int32_t i = 0; i < MFLI_LAW_MOMENTS; i++)
            weight[i] += t->to_weights[j][i] * moment[j];
}

/* Tail b out of piece b, the upper half of its interval, and tail b + 1, the lower one. */
static void merge(const mfli_angular_loops *loops, const transform *t, const double *piece, double *tail)
{
    double moment[MFLI_LAW_MOMENTS] = {0.0};
    for (int32_t i = 0; i < MFLI_LAW_MOMENTS; i++) {
        double half = 0.5 * mfli_chebyshev_point(MFLI_LAW_MOMENTS, i);
        loops->tally(half + 0.5, piece[i], moment);
        loops->tally(half - 0.5, tail[MFLI_LAW_MOMENTS + i], moment);
    }
    collect(t, moment, tail);
}

static void fill_weights(const mfli_angular_loops *loops, const moments *from, double weight[MFLI_LAW_WEIGHTS])
{
    transform t;
    fill_transform(&t);
    for (int32_t b = MFLI_LAW_PIECES - 1; b >= 0; b--) {
        double *piece = weight + b * MFLI_LAW_MOMENTS, *tail = piece + MFLI_LAW;
        collect(&t, from->of[b], piece);
        if (b == MFLI_LAW_PIECES - 1)
            memcpy(tail, piece, MFLI_LAW_MOMENTS * sizeof *tail);
        else
            merge(loops, &t, piece, tail);
    }
}

/* Largest x on the way from the apex (1, .., 1)/sqrt(k) that is specialised: with b = sqrt(k) x/(1 - x) it is where
 * (k + b S_1)^2 = kappa k (k + 2 b S_1 + b^2 S_2), S_1 = sum far, S_2 = sum far^2, kappa = (1 + 1/r^2)/2. */
static double cap_end(int32_t degree, const double *far, double ratio)
{
    double k = degree, s1 = 0.0, s2 = 0.0, kappa = 0.5 + 0.5 / (ratio * ratio);
    for (int32_t j = 0; j < degree; j++) {
        s1 += far[j];
        s2 += far[j] * far[j];
    }
    double bend = kappa * k * s2 - s1 * s1, height = k * k * (1.0 - kappa), slope = k * s1 * (1.0 - kappa);
    if (bend <= 0.0)
        return 1.0;
    double b = (slope + sqrt(slope * slope + bend * height)) / bend;
    return b / (sqrt(k) + b);
}

static void tally_shape(const mfli_sector *sector, const mfli_facet *shape, const mfli_frequencies *f,
                        double ratio, double top, const double *node, const double *weight, moments *to)
{
    int32_t k = sector->degree;
    double length = isfinite(ratio) ? ratio : 1.0;
    for (int32_t first = 0; first < sector->polar; first += lanes) {
        int32_t count = sector->polar - first < lanes ? sector->polar - first : lanes;
        double t[MFLI_DEGREE_MOST][lanes], square[lanes] = {0.0}, amplitude[lanes];
        for (int32_t j = 0; j < k; j++) {
            for (int32_t l = 0; l < lanes; l++) {
                double x = node[l < count ? first + l : first];
                t[j][l] = (1.0 - x) * shape->apex[j] + x * shape->far[j];
                square[l] += t[j][l] * t[j][l];
            }
        }
        for (int32_t j = 0; j < k; j++)
            for (int32_t l = 0; l < lanes; l++)
                t[j][l] *= length / sqrt(square[l]);
        mfli_angular_amplitudes(sector->loops, k, f, t, isfinite(ratio), amplitude);
        for (int32_t l = 0; l < count; l++) {
            double volume = shape->weight * weight[first + l];
            for (int32_t j = 0; j < k; j += 2)
                volume /= square[l];
            double x;
            int32_t piece = locate(1.0 - gain(amplitude[l], ratio) / top, &x);
            sector->loops->tally(x, volume, to->of[piece]);
        }
    }
}

void mfli_angular_law(const mfli_sector *sector, double ratio, double crowding, int32_t cap,
                      double weight[MFLI_LAW_WEIGHTS])
{
    double crowded[MFLI_POLAR_MOST], share[MFLI_POLAR_MOST], top = mfli_angular_top(sector->degree, ratio);
    mfli_frequencies f;
    moments sums;
    memset(&sums, 0, sizeof sums);
    mfli_frequencies_choose(sector->degree, sqrt(sector->degree) * ratio, &f);
    for (int32_t i = 0; i < sector->polar; i++) {
        crowded[i] = sinh(crowding * sector->node[i]) / sinh(crowding);
        share[i] = sector->weight[i] * crowding * cosh(crowding * sector->node[i]) / sinh(crowding) *
                   pow(crowded[i], sector->degree - 2);
    }
    for (int64_t s = 0; s < sector->shapes && (!cap || ratio > 1.0); s++) {
        const mfli_facet *shape = &sector->shape[s];
        double node[MFLI_POLAR_MOST], measure[MFLI_POLAR_MOST];
        double end = cap ? cap_end(sector->degree, shape->far, ratio) : 1.0, volume = end;
        for (int32_t j = 0; j < sector->degree - 2; j++)
            volume *= end;
        for (int32_t i = 0; i < sector->polar; i++) {
            node[i] = end * crowded[i];
            measure[i] = volume * share[i];
        }
        tally_shape(sector, shape, &f, ratio, top, node, measure, &sums);
    }
    fill_weights(sector->loops, &sums, weight);
}
