/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/angular.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/quadrature.h"

static const double pi = 3.14159265358979323846;

/* exp(-omega^2/2) is below rounding beyond this frequency, and as far the aliases of a trapezoidal sum are kept. */
static const double cutoff = 9.0;

enum {
    moments = 16, /* per piece of the law; the interpolation error of exp(g Q) is then below rounding */
    lanes = 4,    /* moments is a multiple of it: tally() works on so many at a time */
    pieces = 25,
    frequencies_most = 896
};

/* ---- nodes ---- */

static int32_t power(int32_t base, int32_t exponent)
{
    int32_t value = 1;
    while (exponent-- > 0)
        value *= base;
    return value;
}

/* Nodes and weights on [0, 1] that crowd at 0. */
static void crowded_nodes(int32_t order, double crowding, double *node, double *weight)
{
    mfli_gauss_legendre(order, node, weight);
    for (int32_t i = 0; i < order; i++) {
        weight[i] *= crowding * cosh(crowding * node[i]) / sinh(crowding);
        node[i] = sinh(crowding * node[i]) / sinh(crowding);
    }
}

/* Shares u_1 >= ... >= u_p of a uniform point of the simplex: the sector has the vertices (1, 0, ...),
 * (1/2, 1/2, 0, ...), ..., (1/p, ..., 1/p); coordinates collapse towards the last, where Q is largest. */
static void fill_shares(mfli_angular_rule *rule, int32_t order, const double *node, const double *weight)
{
    int32_t p = rule->planes;
    for (int32_t c = 0; c < rule->shares; c++) {
        double *u = rule->share + (size_t)c * (size_t)p, left = 1.0, total = 1.0;
        memset(u, 0, (size_t)p * sizeof *u);
        for (int32_t i = p, code = c; i > 0; i--, code /= order) {
            double away = i > 1 ? node[code % order] : 0.0;
            for (int32_t j = 0; j < i; j++)
                u[j] += left * (1.0 - away) / i;
            left *= away;
            if (i > 1)
                total *= weight[code % order] * (i - 1) * pow(away, i - 2);
        }
        rule->share_weight[c] = total;
    }
}

int32_t mfli_angular_rule_create(mfl_context *context, int32_t degree, int32_t order, double crowding,
                                 mfli_angular_rule *rule)
{
    memset(rule, 0, sizeof *rule);
    rule->degree = degree;
    rule->planes = degree / 2;
    rule->angles = order;
    rule->shares = power(order, rule->planes - 1);
    size_t n = (size_t)order, m = (size_t)rule->shares;
    rule->cosine = mfli_alloc(context, 3 * n + m * (size_t)(rule->planes + 1), sizeof(double));
    if (!rule->cosine)
        return MFL_ERROR_MEMORY;
    rule->sine = rule->cosine + n;
    rule->weight = rule->sine + n;
    rule->share_weight = rule->weight + n;
    rule->share = rule->share_weight + m;
    crowded_nodes(order, crowding, rule->cosine, rule->weight);
    fill_shares(rule, order, rule->cosine, rule->weight);
    for (int32_t i = 0; i < order; i++) {
        double angle = 0.25 * pi * (1.0 - rule->cosine[i]);
        rule->cosine[i] = cos(angle);
        rule->sine[i] = sin(angle);
    }
    return MFL_OK;
}

void mfli_angular_rule_finish(mfl_context *context, mfli_angular_rule *rule)
{
    mfli_free(context, rule->cosine);
    rule->cosine = NULL;
}

/* ---- J_S by frequencies ---- */

typedef struct frequencies {
    int32_t count;
    double step, factor[frequencies_most];
} frequencies;

/* Up to this |t|_1 the sum over frequencies is the shorter one; beyond, that over signs has lost nothing. */
static double frequency_reach(int32_t degree)
{
    return fmin(600.0, 30.0 * pow(4.0, 0.5 * degree - 1.0));
}

/* Midpoint nodes (i + 1/2) step; reach = |t|_1. */
static void choose_frequencies(double reach, frequencies *f)
{
    f->step = 2.0 * pi / (reach + cutoff);
    f->count = (int32_t)ceil(cutoff / f->step);
    for (int32_t i = 0; i < f->count; i++) {
        double omega = (i + 0.5) * f->step;
        f->factor[i] = f->step / pi * exp(-0.5 * omega * omega) / (omega * omega);
    }
}

/* sin(omega t1) sin(omega t2) at every frequency, by rotations (which keep the relative accuracy of small sines). */
static void plane_products(const frequencies *f, double t1, double t2, double *out, size_t stride)
{
    double c1 = cos(f->step * t1), s1 = sin(f->step * t1), x1 = cos(0.5 * f->step * t1), y1 = sin(0.5 * f->step * t1);
    double c2 = cos(f->step * t2), s2 = sin(f->step * t2), x2 = cos(0.5 * f->step * t2), y2 = sin(0.5 * f->step * t2);
    for (int32_t i = 0; i < f->count; i++) {
        out[(size_t)i * stride] = y1 * y2;
        double x = x1 * c1 - y1 * s1, z = x2 * c2 - y2 * s2;
        y1 = y1 * c1 + x1 * s1;
        y2 = y2 * c2 + x2 * s2;
        x1 = x;
        x2 = z;
    }
}

/* J_S/|w_perp| for all combinations of angles at one set of shares, last angle fastest.
 * Scratch: planes * angles * frequencies. */
static void frequency_sums(const mfli_angular_rule *rule, const frequencies *f, double ratio, const double *share,
                           double *scratch, double *out)
{
    int32_t n = rule->angles, last = rule->planes - 1;
    size_t row_length = (size_t)f->count, table = (size_t)n * row_length;
    for (int32_t plane = 0; plane <= last; plane++) {
        double length = ratio * sqrt(share[plane]), *to = scratch + (size_t)plane * table;
        for (int32_t a = 0; a < n; a++) {
            double t1 = length * rule->cosine[a], t2 = length * rule->sine[a];
            if (plane == last)
                plane_products(f, t1, t2, to + a, (size_t)n);
            else
                plane_products(f, t1, t2, to + (size_t)a * row_length, 1);
        }
    }
    const double *inner = scratch + (size_t)last * table;
    int32_t outer = power(n, last);
    memset(out, 0, (size_t)outer * (size_t)n * sizeof *out);
    for (int32_t c = 0; c < outer; c++, out += n) {
        double product[frequencies_most];
        memcpy(product, f->factor, (size_t)f->count * sizeof *product);
        for (int32_t plane = last - 1, code = c; plane >= 0; plane--, code /= n) {
            const double *row = scratch + (size_t)plane * table + (size_t)(code % n) * row_length;
            for (int32_t i = 0; i < f->count; i++)
                product[i] *= row[i];
        }
        for (int32_t i = 0; i < f->count; i++) {
            const double *row = inner + (size_t)i * (size_t)n;
            for (int32_t a = 0; a < n; a++)
                out[a] += product[i] * row[a];
        }
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

/* In each plane the signs (+ +), (- -) give plus, minus plus with sign +; (+ -), (- +) give the difference with
 * sign -. One overall sign is redundant. */
static double sign_sum(int32_t planes, const double *plus, const double *minus, int32_t smooth)
{
    double sum = 0.0;
    int32_t count = 2 << (2 * (planes - 1));
    for (int32_t c = 0; c < count; c++) {
        double mu = c & 1 ? minus[0] : plus[0];
        int32_t odd = c & 1;
        for (int32_t plane = 1, code = c >> 1; plane < planes; plane++, code >>= 2) {
            double part = code & 1 ? minus[plane] : plus[plane];
            mu += code & 2 ? -part : part;
            odd ^= code & 1;
        }
        sum += odd ? -even_part(mu, smooth) : even_part(mu, smooth);
    }
    return sum / count;
}

static void sign_sums(const mfli_angular_rule *rule, double ratio, const double *share, double *out)
{
    int32_t n = rule->angles, all = power(n, rule->planes), smooth = isfinite(ratio);
    for (int32_t c = 0; c < all; c++) {
        double plus[MFLI_ANGULAR_PLANES], minus[MFLI_ANGULAR_PLANES];
        for (int32_t plane = rule->planes - 1, code = c; plane >= 0; plane--, code /= n) {
            double length = (smooth ? ratio : 1.0) * sqrt(share[plane]);
            plus[plane] = length * (rule->cosine[code % n] + rule->sine[code % n]);
            minus[plane] = length * (rule->cosine[code % n] - rule->sine[code % n]);
        }
        out[c] = sign_sum(rule->planes, plus, minus, smooth);
    }
}

/* ---- the largest value ---- */

/* Q = J_S^2/(|w_perp|^2 (1 + r^2)), which for r = inf means J_S^2/|w_S|^2. */
static double gain(double amplitude, double ratio)
{
    return amplitude * amplitude / (isfinite(ratio) ? 1.0 + ratio * ratio : 1.0);
}

double mfli_angular_top(int32_t degree, double ratio)
{
    double t = (isfinite(ratio) ? ratio : 1.0) / sqrt(degree), amplitude = 0.0;
    if (isfinite(ratio) && degree * t <= frequency_reach(degree)) {
        frequencies f;
        choose_frequencies(degree * t, &f);
        for (int32_t i = 0; i < f.count; i++)
            amplitude += f.factor[i] * pow(sin((i + 0.5) * f.step * t), degree);
    } else {
        double plus[MFLI_ANGULAR_PLANES], minus[MFLI_ANGULAR_PLANES] = {0.0};
        for (int32_t plane = 0; plane < MFLI_ANGULAR_PLANES; plane++)
            plus[plane] = 2.0 * t;
        amplitude = sign_sum(degree / 2, plus, minus, isfinite(ratio));
    }
    return gain(amplitude, ratio);
}

/* ---- the law ---- */

typedef struct piece {
    int32_t used;
    double all[moments], part[moments];
} piece;

/* Piece of a distance z below the top (in units of the top), and its coordinate in [-1, 1] there. */
static int32_t locate(double z, double *x)
{
    if (z < ldexp(1.0, 1 - pieces)) {
        *x = ldexp(fmax(z, 0.0), pieces) - 1.0;
        return pieces - 1;
    }
    int32_t exponent = 0;
    *x = z < 1.0 ? 4.0 * frexp(z, &exponent) - 3.0 : 1.0;
    return -exponent;
}

/* Add a point to the Chebyshev moments of its piece, by T_{j+4} = 2 T_4 T_j - T_{j-4}. */
static void tally(piece *to, double x, double weight, double part)
{
    double t2 = 2.0 * x * x - 1.0, t3 = x * (2.0 * t2 - 1.0), t4 = 2.0 * t2 * t2 - 1.0;
    double now[lanes] = {1.0, x, t2, t3}, before[lanes] = {t4, t3, t2, x};
    to->used = 1;
    for (int32_t j = 0; j < moments; j += lanes) {
        for (int32_t l = 0; l < lanes; l++) {
            double next = 2.0 * t4 * now[l] - before[l];
            to->all[j + l] += weight * now[l];
            to->part[j + l] += weight * part * now[l];
            before[l] = now[l];
            now[l] = next;
        }
    }
}

/* To first order in the cell. */
double mfli_specialised_part(double sum, int32_t degree, double ratio, double spread)
{
    double least = 0.5 * degree / (sum * sum);
    if (!isfinite(ratio))
        return least < 1.0;
    double perpendicular = 1.0 / (1.0 + ratio * ratio), aligned = 1.0 - perpendicular;
    return fmin(1.0, fmax(0.0, 0.5 + 0.5 * (aligned - least) / (aligned * perpendicular * spread)));
}

static void tally_share(const mfli_angular_rule *rule, int32_t share, const double *amplitude, double ratio,
                        double spread, double top, piece *law)
{
    int32_t n = rule->angles, outer = power(n, rule->planes - 1), last = rule->planes - 1;
    double length[MFLI_ANGULAR_PLANES] = {0.0};
    for (int32_t plane = 0; plane < rule->planes; plane++)
        length[plane] = sqrt(rule->share[share * rule->planes + plane]);
    for (int32_t c = 0; c < outer; c++) {
        double weight = rule->share_weight[share], sum = 0.0;
        for (int32_t plane = last - 1, code = c; plane >= 0; plane--, code /= n) {
            weight *= rule->weight[code % n];
            sum += length[plane] * (rule->cosine[code % n] + rule->sine[code % n]);
        }
        for (int32_t a = 0; a < n; a++) {
            double x, z = 1.0 - gain(amplitude[c * n + a], ratio) / top;
            int32_t b = locate(z, &x);
            double whole = sum + length[last] * (rule->cosine[a] + rule->sine[a]);
            tally(law + b, x, weight * rule->weight[a], mfli_specialised_part(whole, rule->degree, ratio, spread));
        }
    }
}

/* Moments -> weights at the Chebyshev points of each piece that holds something. */
static int32_t collect(mfl_context *context, const piece *pieces_of, double top, mfli_angular_law *law)
{
    int32_t used = 0;
    for (int32_t b = 0; b < pieces; b++)
        used += pieces_of[b].used;
    law->q = mfli_alloc(context, 3 * (size_t)(used * moments), sizeof(double));
    if (!law->q)
        return MFL_ERROR_MEMORY;
    law->count = used * moments;
    law->weight = law->q + law->count;
    law->specialised = law->weight + law->count;
    double t[moments][moments];
    for (int32_t i = 0; i < moments; i++)
        for (int32_t j = 0; j < moments; j++)
            t[i][j] = (j ? 2.0 : 1.0) / moments * cos(pi * j * (i + 0.5) / moments);
    int32_t at = 0;
    for (int32_t b = 0; b < pieces; b++) {
        if (!pieces_of[b].used)
            continue;
        double high = ldexp(1.0, -b), low = b == pieces - 1 ? 0.0 : 0.5 * high;
        for (int32_t i = 0; i < moments; i++, at++) {
            double x = mfli_chebyshev_point(moments, i), all = 0.0, part = 0.0;
            for (int32_t j = 0; j < moments; j++) {
                all += t[i][j] * pieces_of[b].all[j];
                part += t[i][j] * pieces_of[b].part[j];
            }
            law->q[at] = top * (1.0 - 0.5 * (low + high) - 0.5 * (high - low) * x);
            law->weight[at] = all;
            law->specialised[at] = part;
        }
    }
    return MFL_OK;
}

int32_t mfli_angular_law_create(mfl_context *context, const mfli_angular_rule *rule, double ratio, double spread,
                                mfli_angular_law *law)
{
    size_t all = (size_t)power(rule->angles, rule->planes);
    double reach = sqrt(rule->degree) * ratio, top = mfli_angular_top(rule->degree, ratio);
    int32_t by_frequency = reach <= frequency_reach(rule->degree);
    frequencies f;
    f.count = 0;
    if (by_frequency)
        choose_frequencies(reach, &f);
    size_t table = (size_t)rule->planes * (size_t)rule->angles * (size_t)f.count;
    piece *sums = mfli_alloc_zeroed(context, pieces, sizeof *sums);
    double *amplitude = sums ? mfli_alloc(context, all + table, sizeof(double)) : NULL;
    if (!amplitude) {
        mfli_free(context, sums);
        return MFL_ERROR_MEMORY;
    }
    for (int32_t c = 0; c < rule->shares; c++) {
        const double *share = rule->share + (size_t)c * (size_t)rule->planes;
        if (by_frequency)
            frequency_sums(rule, &f, ratio, share, amplitude + all, amplitude);
        else
            sign_sums(rule, ratio, share, amplitude);
        tally_share(rule, c, amplitude, ratio, spread, top, sums);
    }
    int32_t status = collect(context, sums, top, law);
    mfli_free(context, amplitude);
    mfli_free(context, sums);
    return status;
}

void mfli_angular_law_finish(mfl_context *context, mfli_angular_law *law)
{
    mfli_free(context, law->q);
    law->q = NULL;
    law->count = 0;
}
