/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/hat.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

/* Rows and boxes below the highest by more than this (in the logarithm) hold nothing. */
static const double negligible = 42.0;
/* Neurons beyond this ratio are indistinguishable from w_perp = 0. */
static const double log_ratio_most = 16.2;

enum {
    boxes_most = 12000,
    boxes_of_classes = 5000 /* where a density costs much */
};

/* ---- the density ---- */

static int32_t has_ratio(const mfli_density *density)
{
    return density->problem->dimension > density->problem->gain.support;
}

static int32_t has_angle(const mfli_density *density)
{
    return density->problem->gain.support > 1;
}

/* The prior density of log r times that of theta integrates to 1. */
static double log_norm(const mfli_density *density)
{
    double d = (double)density->problem->dimension, k = density->problem->gain.support, value = 0.0;
    if (has_ratio(density))
        value += log(2.0) + lgamma(0.5 * d) - lgamma(0.5 * k) - lgamma(0.5 * (d - k)) +
                 0.5 * k * log(density->field.precision[0]) +
                 0.5 * (d - k) * log(density->field.precision[1]);
    if (has_angle(density))
        value += k * log(2.0) + lgamma(0.5 * k) - lgamma(0.5 * (k - 1.0)) - 0.5 * log(pi);
    return value;
}

/* Log of p_off + p_on r^2. */
static double log_stretched(const mfli_density *density, double log_r)
{
    double on = log(density->field.precision[0]) + 2.0 * log_r,
           off = log(density->field.precision[1]);
    return on > off ? on + log1p(exp(off - on)) : off + log1p(exp(on - off));
}

/* Log density at (log r, theta) and the unit vector tau, orthogonal to (1, .., 1). */
static double log_density(const mfli_hat *hat, const double at[2], const double *tau,
                          double *unit_on)
{
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support;
    double value = hat->log_norm, cosine = cos(at[1]), sine = sin(at[1]);
    mfli_ray ray;
    for (int32_t j = 0; j < k; j++) {
        unit_on[j] = cosine / sqrt(k) + (k > 1 ? sine * tau[j] : 0.0);
        if (unit_on[j] < 0.0)
            return -INFINITY;
    }
    if (has_angle(density) && k > 2)
        value += (k - 2.0) * log(sine);
    if (has_ratio(density))
        value +=
            k * at[0] - 0.5 * (double)density->problem->dimension * log_stretched(density, at[0]);
    mfli_density_ray_at(density, unit_on, has_ratio(density) ? exp(at[0]) : INFINITY, &ray);
    return value + ray.log_mass;
}

/* ---- the boxes ---- */

/* The k - 1 directions from (1, .., 1) towards (1, .., 1, 0, .., 0): permutations make all extreme
 * ones of them. */
static void extreme(int32_t k, int32_t zeros, double *tau)
{
    double norm = sqrt((double)k * zeros * (k - zeros));
    for (int32_t j = 0; j < k; j++)
        tau[j] = j < k - zeros ? zeros / norm : (zeros - k) / norm;
}

/* A direction orthogonal to (1, .., 1). */
static void draw_lean(int32_t k, mfli_draws *draws, double *tau)
{
    double mean = 0.0, square = 0.0;
    mfli_draw_normals(draws, k, tau);
    for (int32_t j = 0; j < k; j++)
        mean += tau[j] / k;
    for (int32_t j = 0; j < k; j++) {
        tau[j] -= mean;
        square += tau[j] * tau[j];
    }
    for (int32_t j = 0; j < k; j++)
        tau[j] /= sqrt(square);
}

/* Half a standard deviation or less of whatever peak the law may have in log r: the curvature of
 * its logarithm is at most about 2 d r^2/(1 + r^2). */
static double row_height(const mfli_density *density, double log_r)
{
    double stretched = log_r + 0.5 * log(density->field.precision[0] / density->field.precision[1]);
    double curvature = 2.0 * (double)density->problem->dimension / (1.0 + exp(-2.0 * stretched));
    return fmin(0.3, 0.7 / sqrt(curvature));
}

/* The largest of a row, which lies at theta = 0 or where nothing is gained. */
static double row_peak(const mfli_hat *hat, double log_r)
{
    int32_t k = hat->density->problem->gain.support;
    double at[2] = {log_r, 1e-8}, tau[MFLI_DEGREE_MOST], unit_on[MFLI_DEGREE_MOST],
           highest = -INFINITY;
    if (k > 1)
        extreme(k, k - 1, tau);
    for (int32_t i = 0; i <= hat->rings; i++) {
        at[1] = fmax(1e-8, ldexp(hat->end_angle, -i) * (1.0 - 1e-12));
        highest = fmax(highest, log_density(hat, at, tau, unit_on));
        if (!has_angle(hat->density))
            break;
    }
    return highest;
}

/* All rings of a row that hold something. */
static int32_t add_row(mfl_context *context, mfli_hat *hat, double low, double high)
{
    int32_t status = MFL_OK, ratio = has_ratio(hat->density), angle = has_angle(hat->density);
    for (int32_t i = 0; i <= (angle ? hat->rings : 0) && status == MFL_OK; i++) {
        mfli_box box = {.low = {low}, .high = {high}};
        box.low[ratio] = i < hat->rings ? ldexp(hat->end_angle, -i - 1) : 0.0;
        box.high[ratio] = ldexp(hat->end_angle, -i);
        status = mfli_boxes_add(context, hat->peak - negligible, &box, &hat->boxes);
    }
    return status;
}

/* A neuron that is aligned in full. */
static mfli_ray steepest_ray(const mfli_density *density)
{
    double unit_on[MFLI_DEGREE_MOST] = {1.0};
    int32_t k = density->problem->gain.support;
    mfli_ray ray;
    for (int32_t j = 0; j < k; j++)
        unit_on[j] = 1.0 / sqrt(k);
    mfli_density_ray_at(density, unit_on, INFINITY, &ray);
    return ray;
}

/* First the highest of all rows, then the boxes. */
static int32_t fill_rows(mfl_context *context, mfli_hat *hat)
{
    const mfli_density *density = hat->density;
    double d = (double)density->problem->dimension, k = density->problem->gain.support;
    if (!has_ratio(density)) {
        hat->peak = row_peak(hat, 0.0);
        return add_row(context, hat, 0.0, 0.0);
    }
    double middle =
        0.5 * log(k / (d - k) * density->field.precision[1] / density->field.precision[0]);
    double low = middle - negligible / k - 4.0,
           high = fmax(log_ratio_most, middle) + negligible / (d - k);
    int32_t status = MFL_OK;
    hat->peak = -INFINITY;
    for (int32_t fill = 0; fill < 2; fill++) {
        for (double at = low, next; at < high && status == MFL_OK; at = next) {
            next = at + row_height(density, at);
            if (mfli_progress(context, "neurons", 0.0))
                return MFL_ERROR_CANCELLED;
            double peak = row_peak(hat, 0.5 * (at + next));
            if (!fill)
                hat->peak = fmax(hat->peak, peak);
            else if (peak > hat->peak - negligible)
                status = add_row(context, hat, at, next);
        }
    }
    return status;
}

static int32_t density_at(const void *data, int32_t chart, const double *x, mfli_draws *draws,
                          void *place, double *value)
{
    const mfli_hat *hat = data;
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support, leans = k > 1 ? k - 1 : 1;
    double at[2] = {has_ratio(density) ? x[0] : 0.0, 1e-8}, tau[MFLI_DEGREE_MOST];
    double unit_on[MFLI_DEGREE_MOST];
    (void)chart;
    if (has_angle(density))
        at[1] = fmax(1e-8, x[has_ratio(density)]);
    if (draws) {
        mfli_hat_point *to = place;
        if (k > 1)
            draw_lean(k, draws, tau);
        *value = log_density(hat, at, tau, to->unit_on);
        to->ratio = has_ratio(density) ? exp(at[0]) : INFINITY;
        return MFL_OK;
    }
    *value = -INFINITY;
    for (int32_t i = 1; i <= leans; i++) {
        if (k > 1)
            extreme(k, i, tau);
        *value = fmax(*value, log_density(hat, at, tau, unit_on));
    }
    return MFL_OK;
}

static int32_t draw(const void *data, mfli_draws *draws, mfli_neuron_draw *neuron)
{
    const mfli_hat *hat = data;
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support, chart;
    double x[MFLI_AXES_MOST];
    mfli_hat_point point;
    int32_t status = mfli_boxes_draw(&hat->boxes, draws, &chart, x, &point);
    mfli_ray ray;
    mfli_density_ray_at(density, point.unit_on, point.ratio, &ray);
    double length_square =
        mfli_ray_draw((double)density->problem->dimension, &ray, density->field.fixed, draws);
    double length = sqrt(density->unit * length_square / ray.stretch);
    double along = length * sqrt(mfli_aligned(point.ratio));
    neuron->across =
        has_ratio(density) ? length / sqrt(1.0 + point.ratio * point.ratio) : 0.0;
    for (int32_t j = 0; j < k; j++)
        neuron->on[j] = (mfli_draw_uniform(draws) < 0.5 ? -along : along) * point.unit_on[j];
    return status;
}

int32_t mfli_hat_create(mfl_context *context, const mfli_density *density, mfli_hat *hat)
{
    mfli_hat_point scratch;
    memset(hat, 0, sizeof *hat);
    hat->density = density;
    hat->boxes.law = (mfli_box_law){density_at, hat, has_ratio(density) + has_angle(density)};
    hat->end_angle = acos(1.0 / sqrt(density->problem->gain.support));
    hat->log_norm = log_norm(density);
    hat->steepest = steepest_ray(density);
    if (has_angle(density)) /* theta falls to some 1/g where w_perp does not smooth the kink of J_S
                               at (1, .., 1) */
        hat->rings = (int32_t)fmin(24.0, 6.0 + log2(1.0 + hat->steepest.g));
    int32_t status = fill_rows(context, hat);
    if (status == MFL_OK)
        status = mfli_boxes_finish(context, density->field.classes ? boxes_of_classes : boxes_most,
                                   &scratch, &hat->boxes);
    if (status != MFL_OK)
        mfli_hat_finish(context, hat);
    return status;
}

void mfli_hat_finish(mfl_context *context, mfli_hat *hat)
{
    mfli_boxes_release(context, &hat->boxes);
    memset(hat, 0, sizeof *hat);
}

static int32_t at_point(const void *data, const double *on, double across, mfli_readout *readout)
{
    const mfli_hat *hat = data;
    mfli_density_point point;
    mfli_density_at(hat->density, on, across, &point);
    *readout = point.readout;
    return MFL_OK;
}

void mfli_hat_describe(const mfli_hat *hat, mfli_neuron_law *of)
{
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support;
    *of = (mfli_neuron_law){.data = hat,
                            .at = at_point,
                            .draw = draw,
                            .variables = k,
                            .even = (1 << k) - 1,
                            .d = (double)density->problem->dimension,
                            .unit = density->unit,
                            .most = density->field.fixed ? INFINITY : hat->steepest.g};
    for (int32_t j = 0; j <= k; j++)
        of->precision[j] = density->field.precision[j == k];
}
