/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/hat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

/* Rows and rectangles below the highest by more than this (in the logarithm) hold nothing. */
static const double negligible = 42.0;
/* Of a bound over the highest probe, in the logarithm. */
static const double margin = 0.1;
/* Neurons beyond this ratio are indistinguishable from w_perp = 0. */
static const double log_ratio_most = 16.2;

enum {
    cells_most = 24000,      /* rectangles */
    cells_of_classes = 5000, /* the same where a density costs much */
    passes = 14,
    rehearsals = 8
};

static const double acceptance_wanted = 0.6;

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
    mfli_density_ray ray;
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

/* ---- the rectangles ---- */

/* The k - 1 directions from (1, .., 1) towards (1, .., 1, 0, .., 0): permutations make all extreme
 * ones of them. */
static void extreme(int32_t k, int32_t zeros, double *tau)
{
    double norm = sqrt((double)k * zeros * (k - zeros));
    for (int32_t j = 0; j < k; j++)
        tau[j] = j < k - zeros ? zeros / norm : (zeros - k) / norm;
}

static double area(const mfli_hat *hat, const mfli_hat_cell *cell)
{
    return (has_ratio(hat->density) ? cell->high[0] - cell->low[0] : 1.0) *
           (has_angle(hat->density) ? cell->high[1] - cell->low[1] : 1.0);
}

/* Bound and mass of a rectangle, from probes; returns along which side the density varies more. */
static int32_t probe(mfli_hat *hat, mfli_hat_cell *cell)
{
    static const double share[3] = {1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0};
    int32_t k = hat->density->problem->gain.support;
    double sum = 0.0, side[2][3] = {{0.0}}, highest = -INFINITY, value[3][3][MFLI_DEGREE_MOST];
    int32_t leans = k > 1 ? k - 1 : 1;
    for (int32_t i = 0; i < 9 * leans; i++) {
        double at[2], tau[MFLI_DEGREE_MOST], unit_on[MFLI_DEGREE_MOST];
        int32_t place[2] = {i / leans % 3, i / leans / 3};
        for (int32_t s = 0; s < 2; s++)
            at[s] = cell->low[s] + 0.5 * place[s] * (cell->high[s] - cell->low[s]);
        if (k > 1)
            extreme(k, 1 + i % leans, tau);
        at[1] = fmax(at[1], 1e-8);
        value[place[0]][place[1]][i % leans] = log_density(hat, at, tau, unit_on);
        highest = fmax(highest, value[place[0]][place[1]][i % leans]);
    }
    for (int32_t i = 0; i < 9 * leans && isfinite(highest); i++) {
        int32_t place[2] = {i / leans % 3, i / leans / 3};
        double density = exp(value[place[0]][place[1]][i % leans] - highest) / leans;
        sum += share[place[0]] * share[place[1]] * density;
        for (int32_t s = 0; s < 2; s++)
            side[s][place[s]] += share[place[1 - s]] * density;
    }
    cell->log_bound = highest + margin;
    cell->mass = isfinite(highest) ? area(hat, cell) * exp(cell->log_bound - hat->peak) : 0.0;
    cell->waste = cell->mass * (1.0 - sum * exp(-margin));
    double variation[2];
    for (int32_t s = 0; s < 2; s++)
        variation[s] = fmax(fmax(side[s][0], side[s][1]), side[s][2]) -
                       fmin(fmin(side[s][0], side[s][1]), side[s][2]);
    if (!has_ratio(hat->density))
        return 1;
    return has_angle(hat->density) && variation[1] > variation[0];
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

static int32_t add_cell(mfl_context *context, mfli_hat *hat, const mfli_hat_cell *cell)
{
    if (hat->count == hat->capacity) {
        int32_t capacity = hat->capacity ? 2 * hat->capacity : 1024;
        mfli_hat_cell *more = mfli_alloc(context, (size_t)capacity, sizeof *more);
        if (!more)
            return MFL_ERROR_MEMORY;
        if (hat->count)
            memcpy(more, hat->cell, (size_t)hat->count * sizeof *more);
        mfli_free(context, hat->cell);
        hat->cell = more;
        hat->capacity = capacity;
    }
    hat->cell[hat->count++] = *cell;
    return MFL_OK;
}

/* All rings of a row that hold something. */
static int32_t add_row(mfl_context *context, mfli_hat *hat, double low, double high)
{
    int32_t status = MFL_OK, last = has_angle(hat->density) ? hat->rings : 0;
    for (int32_t i = 0; i <= last && status == MFL_OK; i++) {
        mfli_hat_cell cell = {.low = {low, i < last ? ldexp(hat->end_angle, -i - 1) : 0.0},
                              .high = {high, ldexp(hat->end_angle, -i)}};
        probe(hat, &cell);
        if (cell.log_bound > hat->peak - negligible)
            status = add_cell(context, hat, &cell);
    }
    return status;
}

/* A neuron that is aligned in full. */
static mfli_density_ray steepest_ray(const mfli_density *density)
{
    double unit_on[MFLI_DEGREE_MOST] = {1.0};
    int32_t k = density->problem->gain.support;
    mfli_density_ray ray;
    for (int32_t j = 0; j < k; j++)
        unit_on[j] = 1.0 / sqrt(k);
    mfli_density_ray_at(density, unit_on, INFINITY, &ray);
    return ray;
}

/* First the highest of all rows, then the rectangles. */
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

static double sum_masses(const mfli_hat *hat, double *waste)
{
    double mass = 0.0;
    *waste = 0.0;
    for (int32_t i = 0; i < hat->count; i++) {
        mass += hat->cell[i].mass;
        *waste += hat->cell[i].waste;
    }
    return mass;
}

static int32_t split(mfl_context *context, mfli_hat *hat, int32_t i)
{
    mfli_hat_cell lower = hat->cell[i], upper = lower;
    int32_t side = probe(hat, &lower);
    double middle = 0.5 * (lower.low[side] + lower.high[side]);
    lower.high[side] = upper.low[side] = middle;
    probe(hat, &lower);
    probe(hat, &upper);
    hat->cell[i] = lower;
    return add_cell(context, hat, &upper);
}

/* Halve the rectangles that waste most, until the hat wastes little. */
static int32_t refine(mfl_context *context, mfli_hat *hat)
{
    int32_t most = hat->density->field.classes ? cells_of_classes : cells_most, status = MFL_OK;
    for (int32_t pass = 0; pass < passes && status == MFL_OK; pass++) {
        double waste, mass = sum_masses(hat, &waste);
        int32_t count = hat->count;
        double threshold = 2.0 * mass * (1.0 - acceptance_wanted) / most;
        if (waste < (1.0 - acceptance_wanted) * mass ||
            (!has_ratio(hat->density) && !has_angle(hat->density)))
            break;
        for (int32_t i = 0; i < count && hat->count < most && status == MFL_OK; i++) {
            if (mfli_progress(context, "neurons", (double)(pass + 1) / (passes + 1)))
                return MFL_ERROR_CANCELLED;
            if (hat->cell[i].waste > threshold)
                status = split(context, hat, i);
        }
    }
    return status;
}

static void accumulate(mfli_hat *hat)
{
    double total = 0.0;
    for (int32_t i = 0; i < hat->count; i++) {
        mfli_hat_cell *cell = &hat->cell[i];
        cell->mass = area(hat, cell) * exp(cell->log_bound - hat->peak);
        total += cell->mass;
        cell->total = total;
    }
    for (int32_t i = 0; i < hat->count; i++)
        hat->cell[i].total /= total;
    hat->log_total = hat->peak + log(total);
}

/* ---- draws ---- */

static int32_t find_cell(const mfli_hat *hat, double u)
{
    int32_t low = 0, high = hat->count - 1;
    while (low < high) {
        int32_t i = (low + high) / 2;
        if (hat->cell[i].total < u)
            low = i + 1;
        else
            high = i;
    }
    return low;
}

/* A point under the hat; returns its rectangle. *excess: log density over log bound. */
static int32_t propose(const mfli_hat *hat, mfli_draws *draws, double at[2], double *unit_on,
                       double *excess)
{
    int32_t k = hat->density->problem->gain.support, i = find_cell(hat, mfli_draw_uniform(draws));
    const mfli_hat_cell *cell = &hat->cell[i];
    double tau[MFLI_DEGREE_MOST], mean = 0.0, square = 0.0;
    for (int32_t s = 0; s < 2; s++)
        at[s] = cell->low[s] + mfli_draw_uniform(draws) * (cell->high[s] - cell->low[s]);
    if (k > 1) {
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
    *excess = log_density(hat, at, tau, unit_on) - cell->log_bound;
    return i;
}

/* Draw until `MFLI_HAT_QUIET` in a row stay below their bounds. */
static int32_t rehearse(mfl_context *context, mfli_hat *hat)
{
    int32_t raised = 1;
    for (int32_t round = 0; round < rehearsals && raised; round++) {
        mfli_draws draws = {{mfli_seed(context), (uint64_t)round, 1, MFLI_PURPOSE_NEURON}, 0};
        double at[2], unit_on[MFLI_DEGREE_MOST], excess, accepted = 0.0;
        accumulate(hat);
        raised = 0;
        for (int32_t i = 0; i < MFLI_HAT_QUIET; i++) {
            if (i % 64 == 0 && mfli_progress(context, "neurons", 1.0))
                return MFL_ERROR_CANCELLED;
            int32_t at_cell = propose(hat, &draws, at, unit_on, &excess);
            accepted += exp(fmin(excess, 0.0));
            if (excess > 0.0) {
                hat->cell[at_cell].log_bound += excess + margin;
                raised = 1;
            }
        }
        hat->acceptance = accepted / MFLI_HAT_QUIET;
    }
    accumulate(hat);
    return MFL_OK;
}

/* Log density of y = log X up to a constant, X a chi^2_d variable times the factor. */
static double length_exponent(double d, const mfli_density_ray *ray, int32_t fixed, double y)
{
    double x = exp(y), u = ray->c * x;
    if (fixed)
        return 0.5 * d * y - (0.5 - ray->g * ray->c) * x;
    return 0.5 * d * y - 0.5 * x - 0.5 * log1p(u) - ray->g / (1.0 + u);
}

/* Where it has its one summit: d - X - s + 2 g s (1 - s), s = u/(1 + u), changes sign once, since
 * it is concave up to u = 2 and falls from u = 1 on. */
static double length_summit(double d, const mfli_density_ray *ray, int32_t fixed)
{
    double left = 1.0 - 2.0 * ray->g * ray->c, low = log(d) - 3.0 - 0.5 * log1p(ray->c),
           high = log(d + 0.5 * ray->g + 1.0) + 1.0;
    if (fixed)
        return log(d / left);
    while (high - low > 1e-13 * fabs(high) + 1e-300) {
        double y = 0.5 * (low + high), u = ray->c * exp(y), t = 1.0 / (1.0 + u), s = u * t;
        if (y == low || y == high)
            break;
        *(d - exp(y) - s + 2.0 * ray->g * s * t > 0.0 ? &low : &high) = y;
    }
    return 0.5 * (low + high);
}

/* Steps away from the summit on both sides, each as high as the density at its inner edge. */
static double draw_length(double d, const mfli_density_ray *ray, int32_t fixed, mfli_draws *draws)
{
    enum { steps = 64 };
    double top = length_summit(d, ray, fixed), height = length_exponent(d, ray, fixed, top),
           total[2 * steps], sum = 0.0;
    double u = ray->c * exp(top), t = 1.0 / (1.0 + u), s = fixed ? 0.0 : u * t;
    double curvature = fixed ? 0.5 * d : 0.5 * exp(top) - (ray->g * (t - s) - 0.5) * s * t;
    double step = fmin(0.5, 0.4 / sqrt(fmax(curvature, 0.1)));
    double log_value[2 * steps];
    for (int32_t i = 0; i < 2 * steps; i++) {
        double outward = (i % 2 ? -1.0 : 1.0) * (i / 2) * step * (1.0 + i / 2 / 16.0);
        log_value[i] = length_exponent(d, ray, fixed, top + outward) - height;
        double width =
            step * ((i / 2 + 1) * (1.0 + (i / 2 + 1) / 16.0) - i / 2 * (1.0 + i / 2 / 16.0));
        sum += width * exp(log_value[i]);
        total[i] = sum;
    }
    for (;;) {
        double choice = sum * mfli_draw_uniform(draws);
        int32_t i = 0;
        while (i < 2 * steps - 1 && total[i] < choice)
            i++;
        double inner = i / 2 * (1.0 + i / 2 / 16.0),
               outer = (i / 2 + 1) * (1.0 + (i / 2 + 1) / 16.0);
        double y = top + (i % 2 ? -1.0 : 1.0) * step *
                             (inner + mfli_draw_uniform(draws) * (outer - inner));
        if (log(mfli_draw_uniform(draws)) <
            length_exponent(d, ray, fixed, y) - height - log_value[i])
            return exp(y);
    }
}

void mfli_hat_draw(const mfli_hat *hat, mfli_draws *draws, mfli_neuron_draw *neuron)
{
    const mfli_density *density = hat->density;
    int32_t k = density->problem->gain.support;
    double at[2], unit_on[MFLI_DEGREE_MOST], excess;
    do
        propose(hat, draws, at, unit_on, &excess);
    while (log(mfli_draw_uniform(draws)) >= excess);
    double ratio = has_ratio(density) ? exp(at[0]) : INFINITY;
    mfli_density_ray ray;
    mfli_density_ray_at(density, unit_on, ratio, &ray);
    double x = draw_length((double)density->problem->dimension, &ray, density->field.fixed, draws);
    double length = sqrt(density->unit * x / ray.stretch),
           along = length * sqrt(mfli_aligned(ratio));
    neuron->across = has_ratio(density) ? length / sqrt(1.0 + ratio * ratio) : 0.0;
    for (int32_t j = 0; j < k; j++)
        neuron->on[j] = (mfli_draw_uniform(draws) < 0.5 ? -along : along) * unit_on[j];
}

int32_t mfli_hat_create(mfl_context *context, const mfli_density *density, mfli_hat *hat)
{
    memset(hat, 0, sizeof *hat);
    hat->density = density;
    hat->end_angle = acos(1.0 / sqrt(density->problem->gain.support));
    hat->log_norm = log_norm(density);
    hat->steepest = steepest_ray(density);
    if (has_angle(density)) /* theta falls to some 1/g where w_perp does not smooth the kink of J_S
                               at (1, .., 1) */
        hat->rings = (int32_t)fmin(24.0, 6.0 + log2(1.0 + hat->steepest.g));
    int32_t status = fill_rows(context, hat);
    if (status == MFL_OK)
        status = refine(context, hat);
    if (status == MFL_OK)
        status = rehearse(context, hat);
    if (status != MFL_OK)
        mfli_hat_finish(context, hat);
    return status;
}

void mfli_hat_finish(mfl_context *context, mfli_hat *hat)
{
    mfli_free(context, hat->cell);
    memset(hat, 0, sizeof *hat);
}
