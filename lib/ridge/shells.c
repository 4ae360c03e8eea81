/* SPDX-License-Identifier: BSD-3-Clause */
#include "ridge/shells.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/degrees.h"
#include "ridge/gram.h"

/* Shells, modes a degree and terms of a series at most, and halvings of the spacing. */
enum { SHELLS_MOST = 1200, MODES_MOST = 64, TERMS_MOST = 1 << 13 };
/* The law is cut where its density has fallen to exp(-depth) of its largest; modes below `least` of
 * the first of their degree are rounding. */
static const double depth = 44.0, least = 1e-15, settled = 1e-12;

/* One spacing's shells with the coefficients of the series there. */
typedef struct grid {
    const mfli_kernel *kernel;
    mfli_shells *shells;
    int64_t terms;
    double *a; /* shells x terms */
} grid;

/* Powers of both lengths with which a kernel grows. */
static double growth_of(const mfli_kernel *kernel)
{
    switch (kernel->family) {
    case MFLI_FAMILY_QUADRATIC:
        return 2.0;
    case MFLI_FAMILY_HERMITE:
    case MFLI_FAMILY_POLYNOMIAL:
        return (double)kernel->degree;
    case MFLI_FAMILY_SERIES:
        return 4.0; /* a guess; faster ones lose what lies beyond the cut */
    default:
        return 1.0;
    }
}

/* Kernels that are a power of both lengths have one mode a degree, and series without an end. */
static int32_t is_homogeneous(const mfli_kernel *kernel)
{
    return kernel->family == MFLI_FAMILY_LEAKY || kernel->family == MFLI_FAMILY_LINEAR
           || kernel->family == MFLI_FAMILY_SIGN;
}

/* log of the density of v = log(|x| / sqrt(d)), times |x|^(2 growth), to the value at v = 0. */
static double log_density(double d, double growth, double v)
{
    return 0.5 * d * (2.0 * v - expm1(2.0 * v)) + 2.0 * growth * v;
}

/* The shell, counted from v = 0, at which a side of the law ends. */
static int64_t edge(double d, double growth, double step)
{
    const double top = 0.5 * log1p(2.0 * growth / d), floor = log_density(d, growth, top) - depth;
    const int64_t sign = step > 0.0 ? 1 : -1;
    int64_t k = (int64_t)(fmax(sign * top, 0.0) / fabs(step));
    while (log_density(d, growth, (double)k * step) > floor && k < SHELLS_MOST)
        k++;
    return sign * k;
}

static int32_t allocate(mfl_context *context, mfli_shells *s)
{
    const size_t count = (size_t)s->count, degrees = (size_t)s->degrees;
    s->log_length = mfli_alloc(context, count, 4 * sizeof(double));
    s->first = mfli_alloc_zeroed(context, degrees + 1, sizeof *s->first);
    if (!s->log_length || !s->first)
        return MFL_ERROR_MEMORY;
    s->weight = s->log_length + count;
    s->prior = s->weight + count;
    s->rest = s->prior + count;
    return MFL_OK;
}

static int32_t too_fast(mfl_context *context)
{
    return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                     "the kernel varies too fast with the lengths of Gaussian inputs for a "
                     "spectrum by degree; take mfl_spectrum_of_data");
}

static int32_t place(mfl_context *context, const mfli_kernel *kernel, double growth, double step,
                     mfli_shells *s)
{
    const double d = (double)kernel->dimension;
    const int64_t low = edge(d, 0.0, -step), high = edge(d, growth, step);
    double sum = 0.0;
    s->count = high - low + 1;
    if (s->count > SHELLS_MOST)
        return too_fast(context);
    int32_t status = allocate(context, s);
    if (status)
        return status;
    for (int64_t i = 0; i < s->count; i++) {
        s->log_length[i] = step * (double)(low + i);
        s->weight[i] = exp(log_density(d, 0.0, s->log_length[i]));
        sum += s->weight[i];
    }
    for (int64_t i = 0; i < s->count; i++)
        s->weight[i] /= sum;
    return MFL_OK;
}

/* K(x, x) on every shell, from the closed form. */
static int32_t fill_prior(mfl_context *context, const mfli_kernel *kernel, mfli_shells *s)
{
    mfli_points points;
    mfli_kernel flat = *kernel;
    const double root = sqrt((double)kernel->dimension);
    flat.dimension = 1;
    for (int64_t i = 0; i < s->count; i++)
        s->rest[i] = root * exp(s->log_length[i]);
    int32_t status =
        mfli_points_init(context, &flat, &points, "lengths", s->count, s->rest, 1, 1);
    if (!status)
        status = mfli_gram_diagonal(context, &flat, &points, s->prior);
    mfli_points_clear(context, &points);
    memcpy(s->rest, s->prior, (size_t)s->count * sizeof *s->rest);
    return status;
}

/* The coefficients on all shells, and what is missing of K(x, x) where there is weight. */
static int32_t tabulate(mfl_context *context, grid *g)
{
    mfli_shells *s = g->shells;
    const double length = g->kernel->unit * sqrt((double)g->kernel->dimension);
    double missing = 0.0, error, worst = 0.0, trace = 0.0;
    for (int64_t i = 0; i < s->count; i++) {
        double *a = g->a + i * g->terms, sum = 0.0;
        int32_t status = mfli_power_series(context, g->kernel, length * exp(s->log_length[i]),
                                           g->terms, a, &error);
        if (status)
            return status;
        for (int64_t q = g->terms - 1; q >= 0; q--)
            sum += a[q] * a[q];
        missing += s->weight[i] * fabs(s->prior[i] - sum);
        trace += s->weight[i] * s->prior[i];
        worst = fmax(worst, s->weight[i] > 1e-12 ? error : 0.0);
    }
    s->error = worst + (trace > 0.0 ? missing / trace : 0.0);
    return MFL_OK;
}

/* Room for as many modes as come. */
static int32_t reserve(mfl_context *context, mfli_shells *s, int64_t *capacity, int64_t more)
{
    if (s->modes + more <= *capacity)
        return MFL_OK;
    const int64_t room = 2 * *capacity + more;
    const size_t width = (size_t)s->count;
    double *values = mfli_alloc(context, (size_t)room, sizeof *values);
    double *functions =
        values ? mfli_alloc(context, (size_t)room, width * sizeof *functions) : NULL;
    if (!functions) {
        mfli_free(context, values);
        return MFL_ERROR_MEMORY;
    }
    if (s->modes) {
        memcpy(values, s->values, (size_t)s->modes * sizeof *values);
        memcpy(functions, s->functions, (size_t)s->modes * width * sizeof *functions);
    }
    mfli_free(context, s->values);
    mfli_free(context, s->functions);
    s->values = values;
    s->functions = functions;
    *capacity = room;
    return MFL_OK;
}

/* The square roots of the weights times sqrt(e_q(l)) a_q, packed; shells whose share of the trace is
 * below rounding are left out: the first that stays, and how many. */
static void scale_block(const grid *g, int64_t l, double *b, int64_t *width, int64_t *from,
                        int64_t *count)
{
    const mfli_shells *s = g->shells;
    double eigen = mfli_cosine_first(g->kernel->dimension, l), largest = 0.0;
    double share[SHELLS_MOST] = {0.0};
    *width = l < g->terms ? (g->terms - l + 1) / 2 : 0;
    for (int64_t k = 0, q = l; k < *width; k++, q += 2) {
        for (int64_t i = 0; i < s->count; i++) {
            double value = sqrt(s->weight[i] * eigen) * g->a[i * g->terms + q];
            b[i * *width + k] = value;
            share[i] += value * value;
        }
        eigen *= mfli_cosine_step(g->kernel->dimension, l, q);
    }
    for (int64_t i = 0; i < s->count; i++)
        largest = fmax(largest, share[i]);
    *from = 0;
    *count = s->count;
    while (*count > 1 && share[*from] <= 1e-34 * largest)
        ++*from, --*count;
    while (*count > 1 && share[*from + *count - 1] <= 1e-34 * largest)
        --*count;
}

/* Take what is above rounding of the eigenvectors (rows, ascending) of a block of shells. */
static int32_t keep(mfl_context *context, mfli_shells *s, int64_t *capacity, int64_t from,
                    int64_t count, const double *vectors, const double *values)
{
    const double first = fmax(values[count - 1], 0.0);
    int64_t kept = 1;
    while (kept < count && kept < MODES_MOST && values[count - 1 - kept] > least * first)
        kept++;
    int32_t status = reserve(context, s, capacity, kept);
    for (int64_t j = 0; !status && j < kept; j++, s->modes++) {
        const double value = fmax(values[count - 1 - j], 0.0);
        const double *vector = vectors + (count - 1 - j) * count;
        double *function = s->functions + s->modes * s->count;
        s->values[s->modes] = value;
        memset(function, 0, (size_t)s->count * sizeof *function);
        for (int64_t i = 0; i < count; i++)
            function[from + i] = sqrt(value / s->weight[from + i]) * vector[i];
    }
    return status;
}

static int32_t decompose(mfl_context *context, const grid *g)
{
    mfli_shells *s = g->shells;
    const size_t m = (size_t)s->count;
    int64_t capacity = 0, width, from, count;
    int32_t status = MFL_OK;
    double *b = mfli_alloc(context, m, (size_t)g->terms * sizeof *b);
    double *block = b ? mfli_alloc(context, m, (m + 1) * sizeof *block) : NULL;
    if (!block)
        status = MFL_ERROR_MEMORY;
    for (int64_t l = 0; !status && l < s->degrees; l++) {
        scale_block(g, l, b, &width, &from, &count);
        status = mfli_syrk(context, MFLI_PLAIN, count, width, 1.0, b + from * width,
                           width ? width : 1, 0.0, block, count);
        if (!status)
            status = mfli_syevd(context, count, block, count, block + m * m);
        if (!status)
            status = keep(context, s, &capacity, from, count, block, block + m * m);
        s->first[l + 1] = s->modes;
        if (!status && mfli_progress(context, "spectrum by degree",
                                     (double)(l + 1) / (double)s->degrees))
            status = mfli_fail(context, MFL_ERROR_CANCELLED, "cancelled in a spectrum");
    }
    mfli_free(context, block);
    mfli_free(context, b);
    return status;
}

/* Of homogeneous kernels the one mode of a degree is |x|^h times the sphere's. */
static int32_t homogeneous(mfl_context *context, const mfli_kernel *kernel, mfli_shells *s)
{
    const double power = kernel->family == MFLI_FAMILY_SIGN ? 0.0 : 1.0; /* E|x|^(2h) = d^h */
    const size_t degrees = (size_t)s->degrees;
    double trace;
    s->values = mfli_alloc(context, degrees, sizeof *s->values);
    s->functions = mfli_alloc(context, degrees, (size_t)s->count * sizeof *s->functions);
    double *multiplicities = mfli_alloc(context, degrees, sizeof *multiplicities);
    int32_t status = s->values && s->functions && multiplicities ? MFL_OK : MFL_ERROR_MEMORY;
    if (!status)
        status = mfli_degrees_sphere(context, kernel, s->degrees, s->values, multiplicities, &trace,
                                     &s->error);
    mfli_free(context, multiplicities);
    s->modes = s->degrees;
    for (int64_t l = 0; !status && l < s->degrees; l++) {
        s->first[l + 1] = l + 1;
        for (int64_t i = 0; i < s->count; i++)
            s->functions[l * s->count + i] = sqrt(s->values[l]) * exp(power * s->log_length[i]);
    }
    return status;
}

/* What K(x, x) has beyond the modes. */
static void subtract_modes(const mfli_kernel *kernel, mfli_shells *s)
{
    for (int64_t l = 0; l < s->degrees; l++) {
        const double multiplicity = mfli_harmonics(kernel->dimension, l);
        for (int64_t e = s->first[l]; e < s->first[l + 1]; e++)
            for (int64_t i = 0; i < s->count; i++) {
                const double f = s->functions[e * s->count + i];
                s->rest[i] -= multiplicity * f * f;
            }
    }
    for (int64_t i = 0; i < s->count; i++)
        s->rest[i] = fmax(s->rest[i], 0.0);
}

/* Terms that the longest inputs need; TERMS_MOST are not always enough, which tabulate() sees. */
static int64_t terms_of(const mfli_kernel *kernel, const mfli_shells *s, int64_t degrees)
{
    const double length = kernel->unit * sqrt((double)kernel->dimension)
                          * exp(s->log_length[s->count - 1]);
    double terms = 40.0 + (double)degrees;
    switch (kernel->family) {
    case MFLI_FAMILY_QUADRATIC:
        terms = 3.0;
        break;
    case MFLI_FAMILY_HERMITE:
    case MFLI_FAMILY_POLYNOMIAL:
        terms = kernel->degree + 1.0;
        break;
    case MFLI_FAMILY_SERIES:
        terms = kernel->order;
        break;
    case MFLI_FAMILY_SIN:
    case MFLI_FAMILY_RBF:
        terms += length * length + 12.0 * length;
        break;
    default: /* (s^2 / (1 + s^2))^q, or with 2 s^2; up to 15 s^2 in the parts of tanh */
        terms += 40.0 * (1.0 + (kernel->family == MFLI_FAMILY_TANH ? 15.0 : 2.0) * length * length);
    }
    return (int64_t)fmin(terms, TERMS_MOST);
}

static int32_t build(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                     double growth, double step, mfli_shells *shells)
{
    *shells = (mfli_shells){.degrees = degrees};
    grid g = {.kernel = kernel, .shells = shells};
    int32_t status = place(context, kernel, growth, step, shells);
    if (!status)
        status = fill_prior(context, kernel, shells);
    if (!status && is_homogeneous(kernel)) {
        status = homogeneous(context, kernel, shells);
    } else if (!status) {
        g.terms = terms_of(kernel, shells, degrees);
        g.a = mfli_alloc(context, (size_t)shells->count, (size_t)g.terms * sizeof *g.a);
        status = g.a ? tabulate(context, &g) : MFL_ERROR_MEMORY;
        if (!status)
            status = decompose(context, &g);
        mfli_free(context, g.a);
    }
    if (status)
        mfli_shells_clear(context, shells);
    else
        subtract_modes(kernel, shells);
    return status;
}

/* The largest change of an eigenvalue, relative to the first of its degree, among degrees that
 * matter to the trace. */
static double change(const mfli_kernel *kernel, const mfli_shells *a, const mfli_shells *b)
{
    double largest = 0.0, worst = 0.0;
    for (int64_t l = 0; l < b->degrees; l++)
        largest = fmax(largest, mfli_harmonics(kernel->dimension, l) * b->values[b->first[l]]);
    for (int64_t l = 0; l < b->degrees; l++) {
        const double first = b->values[b->first[l]];
        if (!(mfli_harmonics(kernel->dimension, l) * first > 1e-15 * largest))
            continue;
        for (int64_t j = 0; b->first[l] + j < b->first[l + 1]; j++) {
            const double before =
                a->first[l] + j < a->first[l + 1] ? a->values[a->first[l] + j] : 0.0;
            worst = fmax(worst, fabs(b->values[b->first[l] + j] - before) / first);
        }
    }
    return worst;
}

/* The spacing is halved until eigenvalues settle, but for rounding. What the last halving changed is
 * stated as their error, which is far more than they have. */
int32_t mfli_shells_init(mfl_context *context, const mfli_kernel *kernel, int64_t degrees,
                         int64_t growth, mfli_shells *shells)
{
    const double wide = fmax(growth_of(kernel), (double)growth);
    double step = fmin(0.25, 0.6 / sqrt((double)kernel->dimension + wide)), changed = 1.0;
    if (is_homogeneous(kernel)) /* powers, which sums at half the spacing give to rounding */
        return build(context, kernel, degrees, wide, 0.5 * step, shells);
    int32_t status = build(context, kernel, degrees, wide, step, shells);
    if (status)
        return status;
    while (changed > settled && 2 * shells->count < SHELLS_MOST) {
        mfli_shells finer;
        step *= 0.5;
        status = build(context, kernel, degrees, wide, step, &finer);
        const double before = changed;
        changed = status ? before : change(kernel, shells, &finer);
        mfli_shells_clear(context, shells);
        if (status)
            return status;
        *shells = finer;
        shells->error += changed;
        if (changed < 1e-9 && changed > 0.1 * before)
            break;
    }
    if (changed < 1e-6)
        return MFL_OK;
    mfli_shells_clear(context, shells);
    return too_fast(context);
}

void mfli_shells_clear(mfl_context *context, mfli_shells *shells)
{
    mfli_free(context, shells->functions);
    mfli_free(context, shells->values);
    mfli_free(context, shells->first);
    mfli_free(context, shells->log_length);
    *shells = (mfli_shells){0};
}
