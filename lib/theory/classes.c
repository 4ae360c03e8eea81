/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/classes.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

static double binomial(double n, double k)
{
    return floor(0.5 + exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)));
}

void mfli_classes_init_seen(mfli_classes *classes, int64_t dimension, int32_t support, const int32_t *seen)
{
    double across = (double)(dimension - support);
    memset(classes, 0, sizeof *classes);
    classes->support = support;
    classes->cut = (int32_t)fmin(across, MFLI_CLASS_CUT);
    for (int32_t t = 0; t <= support; t++) {
        for (int32_t q = 0; q <= classes->cut; q++) {
            if (!seen[t + q])
                continue;
            if (t == support && q == 0)
                classes->target = classes->count;
            classes->subset[classes->count] = t;
            classes->degree[classes->count] = q;
            classes->multiplicity[classes->count++] = binomial(support, t) * binomial(across, q);
        }
    }
    classes->rest = classes->count;
    classes->multiplicity[classes->count++] = INFINITY;
}

void mfli_classes_init(mfli_classes *classes, int64_t dimension, int32_t support, double odd, double even)
{
    int32_t seen[MFLI_DEGREE_MOST + MFLI_CLASS_CUT + 1];
    for (int32_t n = 0; n <= MFLI_DEGREE_MOST + MFLI_CLASS_CUT; n++)
        seen[n] = n % 2 == 0 || n == 1;
    mfli_classes_init_seen(classes, dimension, support, seen);
    classes->odd = odd;
    classes->even = even;
}

/* E[|mu + z| He_q(z)]/sqrt(q!) for q = 0 ... cut. */
static void fill_coefficients(double mu, int32_t cut, double *h)
{
    double density = exp(-0.5 * mu * mu) / sqrt(2.0 * pi), before = 0.0, now = sqrt(2.0) * density;
    h[0] = mu * erf(mu * sqrt(0.5)) + 2.0 * density;
    if (cut > 0)
        h[1] = erf(mu * sqrt(0.5));
    /* 2 He_{q-2}(-mu) density / sqrt(q!) by the recurrence of He */
    for (int32_t q = 2; q <= cut; q++) {
        h[q] = now;
        double next = (-mu * now - (q - 2.0) / sqrt((double)q) * before) / sqrt(q + 1.0);
        before = now;
        now = next;
    }
}

static int32_t bits(int32_t set)
{
    int32_t count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

/* Sums over signs with the products over every subset: a Walsh transform in place. */
static void transform(int32_t k, double *values)
{
    for (int32_t half = 1; half < 1 << k; half *= 2)
        for (int32_t i = 0; i < 1 << k; i++)
            if (!(i & half)) {
                double a = values[i], b = values[i + half];
                values[i] = a + b;
                values[i + half] = a - b;
            }
}

void mfli_classes_power(const mfli_classes *classes, const double *direction, double ratio, double *power)
{
    enum { signs = 1 << MFLI_DEGREE_MOST };
    int32_t k = classes->support, all = 1 << k, smooth = isfinite(ratio);
    int32_t by_size[MFLI_DEGREE_MOST + 1][MFLI_CLASS_CUT + 1];
    double norm = smooth ? 1.0 + ratio * ratio : 1.0, across = smooth ? 1.0 / norm : 0.0;
    double h[MFLI_CLASS_CUT + 1][signs], total = 0.0;
    for (int32_t l = 0; l < classes->rest; l++) {
        by_size[classes->subset[l]][classes->degree[l]] = l;
        power[l] = 0.0;
    }
    for (int32_t s = 0; s < all; s++) {
        double mu = 0.0, column[MFLI_CLASS_CUT + 1];
        for (int32_t j = 0; j < k; j++)
            mu += s >> j & 1 ? -direction[j] : direction[j];
        if (smooth)
            fill_coefficients(ratio * mu, classes->cut, column);
        else
            column[0] = fabs(mu);
        for (int32_t q = 0; q <= classes->cut; q++)
            h[q][s] = ldexp(column[q], -k);
    }
    for (int32_t q = 0; q <= classes->cut; q++) {
        transform(k, h[q]);
        for (int32_t set = 0; set < all; set++) {
            int32_t t = bits(set);
            if ((t + q) % 2 == 0)
                power[by_size[t][q]] += classes->even * classes->even * h[q][set] * h[q][set] / norm;
        }
    }
    power[by_size[1][0]] += classes->odd * classes->odd * (1.0 - across);
    if (classes->cut > 0)
        power[by_size[0][1]] += classes->odd * classes->odd * across;
    for (int32_t l = 0; l < classes->rest; l++)
        total += power[l];
    power[classes->rest] = fmax(0.0, 1.0 - total);
}

/* ---- many directions at a time ---- */

enum { lanes = MFLI_ANGULAR_LANES, half_most = 1 << (MFLI_DEGREE_MOST - 1) };

/* E[|mu + z| He_q(z)]/sqrt(q!) at the sign patterns whose last sign is +, from one q to the next. */
typedef struct ladder {
    int32_t patterns;
    double mu[half_most][lanes], density[half_most][lanes], now[half_most][lanes], before[half_most][lanes];
} ladder;

static void start_ladder(const mfli_classes *classes, double (*t)[lanes], ladder *h)
{
    int32_t last = classes->support - 1;
    h->patterns = 1 << last;
    for (int32_t s = 0; s < h->patterns; s++) {
        for (int32_t l = 0; l < lanes; l++) {
            double mu = t[last][l];
            for (int32_t j = 0; j < last; j++)
                mu += s >> j & 1 ? -t[j][l] : t[j][l];
            h->mu[s][l] = mu;
            h->density[s][l] = exp(-0.5 * mu * mu) / sqrt(2.0 * pi);
            h->before[s][l] = erf(mu * sqrt(0.5));
            h->now[s][l] = mu * h->before[s][l] + 2.0 * h->density[s][l];
        }
    }
}

/* From q - 1 to q. */
static void climb(ladder *h, int32_t q)
{
    double left = q > 2 ? (q - 3.0) / sqrt(q - 1.0) : 0.0, scale = 1.0 / sqrt((double)q);
    for (int32_t s = 0; s < h->patterns; s++) {
        for (int32_t l = 0; l < lanes; l++) {
            double next = (-h->mu[s][l] * h->now[s][l] - left * h->before[s][l]) * scale;
            if (q == 1)
                next = h->before[s][l];
            else if (q == 2)
                next = sqrt(2.0) * h->density[s][l];
            h->before[s][l] = h->now[s][l];
            h->now[s][l] = next;
        }
    }
}

/* Walsh transform of one degree; with the last sign + or -, where the value is the same times (-1)^q, subsets with or
 * without it count according to the parity of t + q. */
static void add_powers(const mfli_classes *classes, const ladder *h, int32_t q, double (*of_size)[lanes])
{
    double sum[half_most][lanes];
    memcpy(sum, h->now, (size_t)h->patterns * sizeof *sum);
    memset(of_size, 0, (MFLI_DEGREE_MOST + 1) * sizeof *of_size);
    for (int32_t half = 1; half < h->patterns; half *= 2) {
        for (int32_t i = 0; i < h->patterns; i++) {
            for (int32_t l = 0; l < lanes && !(i & half); l++) {
                double a = sum[i][l], b = sum[i + half][l];
                sum[i][l] = a + b;
                sum[i + half][l] = a - b;
            }
        }
    }
    double unit = classes->even / h->patterns;
    for (int32_t set = 0; set < h->patterns; set++) {
        int32_t size = bits(set);
        size += (size + q) % 2;
        for (int32_t l = 0; l < lanes; l++)
            of_size[size][l] += unit * unit * sum[set][l] * sum[set][l];
    }
}

void mfli_classes_powers(const mfli_classes *classes, double (*t)[lanes], double *power)
{
    ladder h;
    double of_size[MFLI_DEGREE_MOST + 1][lanes], norm[lanes], total[lanes] = {0.0};
    double *rest = power + (size_t)classes->rest * lanes;
    for (int32_t l = 0; l < lanes; l++) {
        norm[l] = 1.0;
        for (int32_t j = 0; j < classes->support; j++)
            norm[l] += t[j][l] * t[j][l];
    }
    start_ladder(classes, t, &h);
    for (int32_t q = 0; q <= classes->cut; q++) {
        if (q > 0)
            climb(&h, q);
        add_powers(classes, &h, q, of_size);
        for (int32_t i = 0; i < classes->rest; i++) {
            for (int32_t l = 0; l < lanes && classes->degree[i] == q; l++) {
                int32_t size = classes->subset[i];
                double linear = size + q != 1 ? 0.0 : classes->odd * classes->odd * (q ? 1.0 : norm[l] - 1.0);
                double share = (((size + q) % 2 ? 0.0 : of_size[size][l]) + linear) / norm[l];
                power[(size_t)i * lanes + (size_t)l] = share;
                total[l] += share;
            }
        }
    }
    for (int32_t l = 0; l < lanes; l++)
        rest[l] = fmax(0.0, 1.0 - total[l]);
}

/* A node of the sector, denser towards the apex; returns its weight. */
static double fill_direction(const mfli_sector *sector, const mfli_facet *shape, int32_t i, double *direction)
{
    static const double crowding = 3.0;
    double x = sinh(crowding * sector->node[i]) / sinh(crowding), square = 0.0;
    double slope = crowding * cosh(crowding * sector->node[i]) / sinh(crowding);
    for (int32_t j = 0; j < sector->degree; j++) {
        direction[j] = (1.0 - x) * shape->apex[j] + x * shape->far[j];
        square += direction[j] * direction[j];
    }
    for (int32_t j = 0; j < sector->degree; j++)
        direction[j] /= sqrt(square);
    return sector->weight[i] * slope * shape->weight * pow(x, sector->degree - 2) * pow(square, -0.5 * sector->degree);
}

static void fill_node(const mfli_classes *classes, const double *direction, double ratio, double weight, int32_t at,
                      mfli_class_law *law)
{
    double sum = 0.0, k = classes->support, aligned = isfinite(ratio) ? ratio * ratio / (1.0 + ratio * ratio) : 1.0;
    for (int32_t j = 0; j < classes->support; j++)
        sum += direction[j];
    law->weight[at] = weight;
    law->specialised[at] = aligned * sum * sum > 0.5 * k ? weight : 0.0;
    mfli_classes_power(classes, direction, ratio, law->power + (size_t)at * (size_t)classes->count);
}

int32_t mfli_class_law_create(mfl_context *context, const mfli_classes *classes, const mfli_sector *sector,
                              double ratio, mfli_class_law *law)
{
    int32_t count = classes->support > 1 ? (int32_t)sector->shapes * sector->polar : 1;
    law->weight = mfli_alloc(context, (size_t)count * (size_t)(2 + classes->count), sizeof(double));
    if (!law->weight)
        return MFL_ERROR_MEMORY;
    law->count = count;
    law->specialised = law->weight + count;
    law->power = law->specialised + count;
    if (classes->support == 1) {
        double direction = 1.0;
        fill_node(classes, &direction, ratio, 1.0, 0, law);
        return MFL_OK;
    }
    for (int32_t i = 0; i < count; i++) {
        double direction[MFLI_DEGREE_MOST];
        double weight = fill_direction(sector, &sector->shape[i / sector->polar], i % sector->polar, direction);
        fill_node(classes, direction, ratio, weight, i, law);
    }
    return MFL_OK;
}

void mfli_class_law_finish(mfl_context *context, mfli_class_law *law)
{
    mfli_free(context, law->weight);
    law->weight = NULL;
    law->count = 0;
}

/* kt - kappa^2 - sum grows with kt and is at most 0 at kappa^2 and at least 0 where nothing is learned: bisection in
 * log kt, finished by Newton's method. */
double mfli_noise(int32_t count, const double *multiplicity, const double *lambda, double rest, double f, double samples,
                  double square_noise)
{
    double base = square_noise + f * rest, most = base;
    for (int32_t l = 0; l < count; l++)
        most += multiplicity[l] * f * lambda[l];
    double low = square_noise, high = most, kt = most;
    for (int32_t i = 0; i < 100; i++) {
        double excess = kt - base, slope = 1.0;
        for (int32_t l = 0; l < count; l++) {
            double power = f * lambda[l], share = 1.0 / (kt + samples * power);
            excess -= multiplicity[l] * power * kt * share;
            slope -= multiplicity[l] * power * samples * power * share * share;
        }
        *(excess > 0.0 ? &high : &low) = kt;
        double step = -excess / slope;
        double next = slope > 0.0 && kt + step > low && kt + step < high ? kt + step : sqrt(low * high);
        if (fabs(next - kt) <= 1e-15 * kt)
            break;
        kt = next;
    }
    return kt;
}
