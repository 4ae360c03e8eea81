/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/frame.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "theory/walsh.h"

static const double pi = 3.14159265358979323846;

/* Neurons beyond this ratio are indistinguishable from w_perp = 0 for every gain up to 1e8. */
static const double ratio_most = 1e7;
/* Weights of exp(-60) relative to the largest are below rounding in any sum. */
static const double negligible = 60.0;
/* X reaches this far beyond d; a law that goes further is refused. */
static const double longest = 1e3;

static int32_t bits(int32_t set)
{
    int32_t count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

/* phi(z) = odd z + even |z| has Sigma = |w|^2 (odd^2 + even^2). */
static double homogeneous_power(const mfli_model *model)
{
    double leak = model->leak;
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        return 0.5;
    case MFL_ACTIVATION_LEAKY:
        return 0.5 * (1.0 + leak * leak);
    case MFL_ACTIVATION_LINEAR:
        return 1.0;
    default:
        return 0.0;
    }
}

/* Log of the area of the unit sphere in n dimensions. */
static double log_area(double n)
{
    return log(2.0) + 0.5 * n * log(pi) - lgamma(0.5 * n);
}

void mfli_frame_init(const mfli_modes *modes, const mfli_model *model, const mfli_classes *classes, mfli_frame *frame)
{
    double d = (double)model->dimension, r = modes->variables;
    int32_t at = 0, spare = modes->variables - bits(modes->positive);
    memset(frame, 0, sizeof *frame);
    *frame = (mfli_frame){.modes = modes, .classes = classes, .average = {model, 0.0}, .d = d,
                          .power = homogeneous_power(model),
                          .unit = model->sigma_w * model->sigma_w / d, .cached_length = -1.0};
    frame->charts = modes->exchanged ? 1 : modes->variables << spare;
    frame->has_length = frame->power == 0.0;
    frame->has_ratio = d > r;
    frame->angles = modes->variables - 1;
    frame->scale = sqrt(r / d);
    frame->log_norm = bits(modes->positive) * log(2.0) - log_area(r);
    if (modes->exchanged)
        frame->log_norm += lgamma(r + 1.0);
    if (frame->has_length) {
        frame->low[at] = log(d) - 3.0 - 84.0 / d;
        frame->high[at++] = log(longest * (d + 20.0));
        frame->log_norm -= 0.5 * d * log(2.0) + lgamma(0.5 * d);
    }
    if (frame->has_ratio) {
        double end = fmax(log(ratio_most), 0.5 * log(r / (d - r))) + negligible / (d - r);
        frame->high[at++] = end - log(frame->scale) + log(2.0);
        frame->log_norm += log(2.0) + lgamma(0.5 * d) - lgamma(0.5 * r) - lgamma(0.5 * (d - r));
    }
    for (int32_t i = 0; i < frame->angles; i++)
        frame->high[at++] = 1.0;
    frame->axes = at;
}

/* The unit vector along w_S; returns the log of its density, without the norm. */
static double fill_direction(const mfli_frame *frame, int32_t chart, const double *u, double *direction)
{
    const mfli_modes *modes = frame->modes;
    int32_t r = modes->variables, lead = chart % r, signs = chart / r, next = 0;
    double square = 0.0, log_density = 0.0, product = 1.0;
    for (int32_t j = 0; j < r; j++) {
        if (modes->exchanged) { /* in descending order */
            product *= j ? u[j - 1] : 1.0;
            direction[j] = product;
            log_density += j ? (r - 1 - j) * log(u[j - 1]) : 0.0;
        } else {
            direction[j] = j == lead ? 1.0 : u[j < lead ? j : j - 1];
            if (!(modes->positive >> j & 1) && signs >> next++ & 1)
                direction[j] = -direction[j];
        }
        square += direction[j] * direction[j];
    }
    for (int32_t j = 0; j < r; j++)
        direction[j] /= sqrt(square);
    return log_density - 0.5 * r * log(square);
}

/* Powers of the classes (t, q) over Sigma; the rest is what they leave. */
static int32_t fill_classes(mfl_context *context, mfli_frame *frame, const double *z, double variance, double square,
                            double *share)
{
    enum { most = 1 << MFLI_VARIABLES_SOLVED };
    const mfli_classes *classes = frame->classes;
    int32_t r = frame->modes->variables;
    double h[MFLI_CLASS_CUT + 1][most], column[MFLI_CLASS_CUT + 1], rest = 1.0;
    for (int32_t s = 0; s < 1 << r; s++) {
        int32_t status = mfli_average_shifted(context, &frame->average, mfli_signed_sum(r, s, z), variance, classes->cut + 1,
                                              column);
        if (status != MFL_OK)
            return status;
        for (int32_t q = 0; q <= classes->cut; q++)
            h[q][s] = column[q];
    }
    for (int32_t q = 0; q <= classes->cut; q++)
        mfli_walsh_transform(r, h[q]);
    for (int32_t l = 0; l < classes->rest; l++) {
        share[l] = 0.0;
        for (int32_t set = 0; set < 1 << r && square > 0.0; set++)
            if (bits(set) == classes->subset[l])
                share[l] += h[classes->degree[l]][set] * h[classes->degree[l]][set] / square;
        rest -= share[l];
    }
    share[classes->rest] = square > 0.0 ? fmax(rest, 0.0) : 0.0;
    return MFL_OK;
}

static int32_t bits_of(const int32_t *degree, int32_t r)
{
    int32_t set = 0;
    for (int32_t j = 0; j < r; j++)
        set |= (degree[j] & 1) << j;
    return set;
}

/* The features after the modes: means over signs of h_q, q others; where the modes are exchangeable, for all products of as
 * many variables together. */
static int32_t fill_products(mfl_context *context, mfli_frame *frame, const double *z, double variance, double square,
                             double *value)
{
    enum { most = 1 << MFLI_VARIABLES_SOLVED, degrees = 12 };
    const mfli_blocks *blocks = frame->blocks;
    int32_t r = frame->modes->variables;
    double h[degrees][most], column[degrees], scale = square > 0.0 ? 1.0 / sqrt(square) : 0.0;
    for (int32_t s = 0; s < 1 << r; s++) {
        int32_t status = mfli_average_shifted(context, &frame->average, mfli_signed_sum(r, s, z), variance, blocks->cut + 1,
                                              column);
        if (status != MFL_OK)
            return status;
        for (int32_t q = 0; q <= blocks->cut; q++)
            h[q][s] = scale * column[q];
    }
    for (int32_t q = 0; q <= blocks->cut; q++)
        mfli_walsh_transform(r, h[q]);
    for (int32_t i = frame->modes->count; i < blocks->features; i++) {
        const mfli_feature *feature = &blocks->feature[i];
        const double *of = h[feature->across];
        double sum = 0.0;
        value[i] = of[bits_of(feature->degree, r)];
        for (int32_t set = 0; frame->modes->exchanged && set < 1 << r; set++)
            if (bits(set) == feature->total - feature->across)
                sum += of[set] * of[set];
        if (frame->modes->exchanged)
            value[i] = sqrt(sum);
    }
    return MFL_OK;
}

/* The same on Gaussian inputs, where h of the total degree is cached. */
static void fill_harmonics(const mfli_frame *frame, const double *z, double variance, double square, double *value)
{
    enum { degrees = MFLI_HERMITE_MOST + 1 };
    const mfli_blocks *blocks = frame->blocks;
    int32_t r = frame->modes->variables;
    double power[MFLI_VARIABLES_MOST + 1][degrees], scale = square > 0.0 ? 1.0 / sqrt(square) : 0.0;
    for (int32_t j = 0; j <= r; j++) {
        double cosine = (j < r ? z[j] : sqrt(variance)) / frame->cached_length;
        power[j][0] = 1.0;
        for (int32_t a = 1; a <= blocks->cut; a++)
            power[j][a] = power[j][a - 1] * cosine;
    }
    for (int32_t i = frame->modes->count; i < blocks->features; i++) {
        const mfli_feature *feature = &blocks->feature[i];
        double product = scale * feature->factor * frame->cached[feature->total] * power[r][feature->across];
        for (int32_t j = 0; j < r; j++)
            product *= power[j][feature->degree[j]];
        value[i] = product;
    }
}

/* J_A on the hypercube: means over the signs of the variables (T10), for all products at once. */
static int32_t fill_walsh(mfl_context *context, mfli_frame *frame, const double *z, double variance, double *square,
                          double *j_of)
{
    enum { most = 1 << MFLI_VARIABLES_SOLVED };
    const mfli_modes *modes = frame->modes;
    int32_t r = modes->variables, all = 1 << r;
    double h[most];
    *square = 0.0;
    for (int32_t s = 0; s < all; s++) {
        double power;
        int32_t status = mfli_average_at(context, &frame->average, mfli_signed_sum(r, s, z), variance, &h[s], &power);
        if (status != MFL_OK)
            return status;
        *square += power / all;
    }
    mfli_walsh_transform(r, h);
    for (int32_t i = 0; i < modes->count; i++)
        j_of[i] = h[bits_of(modes->mode[i].degree, r)];
    return MFL_OK;
}

/* J_A on Gaussian inputs: w.x and a direction of the variables are jointly normal, so that only h_q of the mode's total
 * degree enters, which depends on |w| alone. */
static int32_t fill_hermite(mfl_context *context, mfli_frame *frame, const double *z, double variance, double *square,
                            double *j_of)
{
    const mfli_modes *modes = frame->modes;
    double length = variance;
    int32_t most = 0;
    for (int32_t j = 0; j < modes->variables; j++)
        length += z[j] * z[j];
    length = sqrt(length);
    for (int32_t i = 0; i < modes->count; i++)
        most = modes->mode[i].total > most ? modes->mode[i].total : most;
    if (frame->blocks && frame->blocks->cut > most)
        most = frame->blocks->cut;
    if (fabs(length - frame->cached_length) > 1e-14 * length) {
        int32_t status = mfli_average_modes(context, &frame->average, length, most + 1, frame->cached,
                                            &frame->cached_square);
        if (status != MFL_OK)
            return status;
        frame->cached_length = length;
    }
    *square = frame->cached_square;
    for (int32_t i = 0; i < modes->count; i++) {
        const mfli_mode *mode = &modes->mode[i];
        double value = mode->factor * frame->cached[mode->total] * pow(sqrt(variance) / length, mode->across);
        for (int32_t j = 0; j < modes->variables; j++)
            value *= pow(z[j] / length, mode->degree[j]);
        j_of[i] = value;
    }
    return MFL_OK;
}

/* From where on |w_S|^2/|w|^2 makes a neuron specialised, for a unit vector along w_S: 1 and more, never. */
static double threshold(const mfli_modes *modes, const double *direction)
{
    double best = modes->gaussian ? 1.0 : 0.0;
    for (int32_t i = 0; i < modes->count && !modes->gaussian; i++) {
        const mfli_mode *mode = &modes->mode[i];
        double along = 0.0;
        if (mode->target == 0.0 || mode->total == 0)
            continue;
        for (int32_t j = 0; j < modes->variables; j++)
            along += mode->degree[j] ? fabs(direction[j]) : 0.0;
        best = fmax(best, along * along / mode->total);
    }
    return best > 0.0 ? 0.5 / best : INFINITY;
}

/* The coordinate x of |w_S|/|w_perp|, and its weight where it starts at the edge of the caps. */
static double ratio_coordinate(const mfli_frame *frame, const double *direction, double high, double x,
                               double *log_weight)
{
    if (!frame->caps)
        return x;
    double aligned = threshold(frame->modes, direction);
    double edge = aligned < 1.0 ? asinh(sqrt(aligned / (1.0 - aligned)) / frame->scale) : INFINITY;
    *log_weight += edge < high ? log1p(-edge / high) : -INFINITY;
    return edge < high ? edge + (1.0 - edge / high) * x : high;
}

void mfli_frame_place(const mfli_frame *frame, int32_t chart, const double *x, mfli_site *site)
{
    const int32_t r = frame->modes->variables, has_length = frame->has_length;
    double d = frame->d, aligned = 1.0, length = 1.0;
    site->across = 0.0;
    site->log_weight = frame->log_norm + fill_direction(frame, chart, x + has_length + frame->has_ratio, site->on);
    if (has_length) {
        length = frame->unit * exp(x[0]);
        site->log_weight += 0.5 * d * x[0];
    }
    if (frame->has_ratio) { /* density ratio^(r - 1) (1 + ratio^2)^(-d/2) */
        double at = ratio_coordinate(frame, site->on, frame->high[has_length], x[has_length], &site->log_weight);
        double log_ratio = log(frame->scale) + log(sinh(at)), twice = 2.0 * log_ratio;
        double log_square = twice > 0.0 ? twice + log1p(exp(-twice)) : log1p(exp(twice));
        site->log_weight += r * log_ratio - 0.5 * d * log_square - log(tanh(at));
        aligned = exp(twice - log_square);
        site->across = sqrt(length * exp(-log_square));
    }
    for (int32_t j = 0; j < r; j++)
        site->on[j] *= sqrt(aligned * length);
}

int32_t mfli_frame_at(mfl_context *context, mfli_frame *frame, const double *on, double across, double *row)
{
    const mfli_modes *modes = frame->modes;
    int32_t r = modes->variables;
    double *cosine = row + MFLI_ROW_SHARES + r, variance = across * across, whole = variance, square = 0.0;
    for (int32_t j = 0; j < r; j++)
        whole += on[j] * on[j];
    for (int32_t j = 0; j < r; j++)
        row[MFLI_ROW_SHARES + j] = on[j] * on[j] / whole;
    row[MFLI_ROW_WEIGHT] = 0.0;
    row[MFLI_ROW_LENGTH] = frame->has_length ? whole / frame->unit : 1.0;
    int32_t status = modes->gaussian ? fill_hermite(context, frame, on, variance, &square, cosine)
                                     : fill_walsh(context, frame, on, variance, &square, cosine);
    for (int32_t i = 0; i < modes->count; i++)
        cosine[i] = square > 0.0 ? cosine[i] / sqrt(square) : 0.0;
    row[MFLI_ROW_SQUARE] = frame->has_length ? square : frame->power * frame->unit;
    if (status == MFL_OK && frame->classes)
        status = fill_classes(context, frame, on, variance, square, cosine + modes->count);
    if (status == MFL_OK && frame->blocks && modes->gaussian)
        fill_harmonics(frame, on, variance, square, cosine);
    else if (status == MFL_OK && frame->blocks)
        status = fill_products(context, frame, on, variance, square, cosine);
    return status;
}

int32_t mfli_frame_point(mfl_context *context, mfli_frame *frame, int32_t chart, const double *x, double log_weight,
                         double *row)
{
    mfli_site site;
    mfli_frame_place(frame, chart, x, &site);
    int32_t status = mfli_frame_at(context, frame, site.on, site.across, row);
    row[MFLI_ROW_WEIGHT] = log_weight + site.log_weight;
    return status;
}
