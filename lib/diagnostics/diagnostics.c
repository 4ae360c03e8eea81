/* SPDX-License-Identifier: BSD-3-Clause */
#include "diagnostics/diagnostics.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "diagnostics/autocovariance.h"
#include "diagnostics/ranks.h"

enum { first_key = MFL_DIAGNOSTIC_MEAN, last_key = MFL_DIAGNOSTIC_MCSE_DEVIATION };

/* The least draws of a half that have a variance, and the least that have autocorrelations. */
enum { least_for_r_hat = 2, least_for_ess = 3 };

/* One trace, all together and cut into halves. */
typedef struct study {
    mfl_context *context;
    size_t chains, draws, total;
    size_t halves, length; /* number of halves, and of draws in one */
    double *values;        /* chain after chain */
    double *sorted;
    double *split;      /* half after half, in the view that is studied, centred later */
    double *means;      /* of the halves */
    double *covariance; /* by lag */
    size_t *order, *scratch;
    mfli_fourier fourier;
    double mean, deviation;
    int32_t finite; /* there are draws, and all are finite */
} study;

/* What stands in for the draws. */
typedef enum stand_in { as_they_are, distances_from, squares_about, at_most } stand_in;

static void close_study(study *s)
{
    mfli_fourier_close(s->context, &s->fourier);
    mfli_free(s->context, s->values);
    mfli_free(s->context, s->order);
}

static int32_t allocate(study *s)
{
    if (__builtin_mul_overflow(s->chains, s->draws, &s->total) || s->total > PTRDIFF_MAX / 64)
        return mfli_fail(s->context, MFL_ERROR_SIZE,
                         "%zu chains of %zu draws are more than can be addressed", s->chains,
                         s->draws);
    s->halves = 2 * s->chains;
    s->length = s->draws / 2;
    s->values = mfli_alloc(s->context, 3 * s->total + s->halves + s->length, sizeof(double));
    s->order = mfli_alloc(s->context, 2 * s->total, sizeof *s->order);
    if (!s->values || !s->order)
        return MFL_ERROR_MEMORY;
    s->sorted = s->values + s->total;
    s->split = s->sorted + s->total;
    s->means = s->split + s->total;
    s->covariance = s->means + s->halves;
    s->scratch = s->order + s->total;
    return mfli_fourier_open(s->context, s->length, &s->fourier);
}

/* The mean, taken about the first value so that the mean of equal values is that value, and the sum
 * of squares. */
static double mean_of(const double *values, size_t count, double *squares)
{
    double sum = 0.0;
    *squares = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] - values[0];
    const double mean = values[0] + sum / (double)count;
    for (size_t i = 0; i < count; i++)
        *squares += (values[i] - mean) * (values[i] - mean);
    return mean;
}

static int32_t open_study(mfl_context *context, const mfli_trace *trace, study *s)
{
    *s = (study){
        .context = context, .chains = (size_t)trace->chain_count, .draws = (size_t)trace->draws};
    int32_t status = allocate(s);
    if (status) {
        close_study(s);
        return status;
    }
    for (size_t c = 0; c < s->chains; c++)
        memcpy(s->values + c * s->draws, trace->chains[c], s->draws * sizeof *s->values);
    s->finite = s->total > 0;
    for (size_t i = 0; i < s->total; i++)
        s->finite &= isfinite(s->values[i]) != 0;
    if (!s->finite)
        return MFL_OK;
    double squares;
    s->mean = mean_of(s->values, s->total, &squares);
    s->deviation = s->total > 1 ? sqrt(squares / (double)(s->total - 1)) : NAN;
    mfli_sort_order(s->values, s->total, s->order, s->scratch);
    for (size_t i = 0; i < s->total; i++)
        s->sorted[i] = s->values[s->order[i]];
    return MFL_OK;
}

static void split(study *s, stand_in view, double reference)
{
    for (size_t h = 0; h < s->halves; h++) {
        const double *from = s->values + h / 2 * s->draws + (h % 2 ? s->draws - s->length : 0);
        double *to = s->split + h * s->length;
        for (size_t i = 0; i < s->length; i++) {
            const double distance = from[i] - reference;
            to[i] = view == as_they_are      ? from[i]
                    : view == distances_from ? fabs(distance)
                    : view == squares_about  ? distance * distance
                                             : (double)(from[i] <= reference);
        }
    }
}

/* Centres the halves. Returns the mean of their variances, and the variance of their means in
 * *between. */
static double centre(study *s, double *between)
{
    double within = 0.0, squares;
    for (size_t h = 0; h < s->halves; h++) {
        double *half = s->split + h * s->length;
        s->means[h] = mean_of(half, s->length, &squares);
        for (size_t i = 0; i < s->length; i++)
            half[i] -= s->means[h];
        within += squares / (double)(s->length - 1) / (double)s->halves;
    }
    mean_of(s->means, s->halves, &squares);
    *between = squares / (double)(s->halves - 1);
    return within;
}

/* Split R-hat of Vehtari et al. (2021). */
static double r_hat_of(const study *s, double within, double between)
{
    const double n = (double)s->length;
    return sqrt((n * between / within + n - 1.0) / n);
}

/* Their effective sample size: autocorrelations of all halves together, summed in pairs of lags as
 * long as the pairs are positive, each no larger than the one before (Geyer's initial monotone
 * sequence). */
static double ess_of(study *s, double within, double between)
{
    const double n = (double)s->length, draws = (double)s->halves * n;
    const double variance = within * (n - 1.0) / n + between;
    if (s->length < least_for_ess || !(variance > 0.0))
        return NAN;
    mfli_autocovariance(&s->fourier, s->split, s->halves, s->length, s->covariance);
    for (size_t t = 0; t < s->length; t++)
        s->covariance[t]
            = 1.0 - (within - s->covariance[t] / draws) / variance; /* now correlations */
    const double *rho = s->covariance;
    double even = 1.0, pair = 1.0 + rho[1], least = pair, sum = 0.0;
    size_t t = 0;
    while (t + 5 < s->length && pair > 0.0) {
        least = fmin(least, pair);
        sum += least;
        t += 2;
        even = rho[t];
        pair = even + rho[t + 1];
    }
    /* A sequence that ends before it begins, in chains too short or alternating, says nothing about
     * the correlation; the conventional 2 is that of Stan. */
    const double tau = t == 0 ? 2.0 : -1.0 + 2.0 * sum + fmax(even, 0.0);
    return draws / fmax(tau, 1.0 / log10(draws));
}

static double ess_of_view(study *s, stand_in view, double reference)
{
    double between;
    if (s->length < least_for_ess)
        return NAN;
    split(s, view, reference);
    const double within = centre(s, &between);
    return ess_of(s, within, between);
}

/* Of the halves, normalised by their ranks; the other may be NULL. */
static void study_normalised(study *s, stand_in view, double reference, double *r_hat, double *ess)
{
    double between;
    if (s->length < least_for_r_hat)
        return;
    split(s, view, reference);
    mfli_normal_scores(s->split, s->halves * s->length, s->order, s->scratch);
    const double within = centre(s, &between);
    *r_hat = r_hat_of(s, within, between);
    if (ess)
        *ess = ess_of(s, within, between);
}

/* ESS of the fraction of draws up to the quantile. That up to the largest draw would be constant.
 */
static double quantile_ess(study *s, double probability)
{
    const double last = ((double)s->total - 0.5) / (double)s->total;
    return ess_of_view(s, at_most,
                       mfli_quantile(s->sorted, s->total, probability == 1.0 ? last : probability));
}

/* Interval of one standard error of the quantile, from the Beta law of the fraction below it. */
static double quantile_mcse(const study *s, double probability, double ess)
{
    const double one_below = 0.15865525393145705, draws = (double)s->total;
    if (isnan(ess))
        return NAN;
    const double a = ess * probability + 1.0, b = ess * (1.0 - probability) + 1.0;
    const double low = floor(mfli_beta_quantile(one_below, a, b) * draws);
    const double high = ceil(mfli_beta_quantile(1.0 - one_below, a, b) * draws);
    return 0.5 * (s->sorted[(size_t)fmin(high, draws) - 1] - s->sorted[(size_t)fmax(low, 1.0) - 1]);
}

/* Kenney and Keeping, Mathematics of Statistics (1951), and the delta method. */
static double deviation_mcse(study *s)
{
    const double ess = ess_of_view(s, squares_about, s->mean);
    double second = 0.0, fourth = 0.0;
    for (size_t i = 0; i < s->total; i++) {
        const double square = (s->values[i] - s->mean) * (s->values[i] - s->mean);
        second += square / (double)s->total;
        fourth += square * square / (double)s->total;
    }
    return sqrt((fourth - second * second) / ess / second / 4.0);
}

/* The larger or smaller of two, not-a-number if either is. */
static double larger(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

static double smaller(double a, double b)
{
    return isnan(a) || a < b ? a : b;
}

/* The results, by key. */
typedef struct summary {
    double values[last_key - first_key + 1];
} summary;

static double *at(summary *all, int32_t key)
{
    return &all->values[key - first_key];
}

static void summarise(study *s, summary *all)
{
    for (int32_t key = first_key; key <= last_key; key++)
        *at(all, key) = NAN;
    if (!s->finite)
        return;
    double *bulk = at(all, MFL_DIAGNOSTIC_R_HAT_BULK);
    double *folded = at(all, MFL_DIAGNOSTIC_R_HAT_FOLDED);
    const double median = mfli_quantile(s->sorted, s->total, 0.5);
    study_normalised(s, as_they_are, 0.0, bulk, at(all, MFL_DIAGNOSTIC_ESS_BULK));
    study_normalised(s, distances_from, median, folded, NULL);
    *at(all, MFL_DIAGNOSTIC_R_HAT) = larger(*bulk, *folded);
    *at(all, MFL_DIAGNOSTIC_ESS_TAIL) = smaller(quantile_ess(s, 0.05), quantile_ess(s, 0.95));
    const double ess = ess_of_view(s, as_they_are, 0.0);
    *at(all, MFL_DIAGNOSTIC_ESS_MEAN) = ess;
    *at(all, MFL_DIAGNOSTIC_MEAN) = s->mean;
    *at(all, MFL_DIAGNOSTIC_DEVIATION) = s->deviation;
    *at(all, MFL_DIAGNOSTIC_MCSE_MEAN) = s->deviation / sqrt(ess);
    *at(all, MFL_DIAGNOSTIC_MCSE_DEVIATION) = deviation_mcse(s);
}

static int32_t check_count(mfl_context *context, int64_t count)
{
    if (count < 1)
        return mfli_fail(context, MFL_ERROR_SIZE, "count is %lld; it must be at least 1", (long long)count);
    return mfli_check_extent(context, "what is asked for", count, 1);
}

int32_t mfli_diagnose(mfl_context *context, const mfli_trace *trace, const int32_t *keys,
                      int64_t count, double *results)
{
    summary all;
    study s;
    int32_t status = check_count(context, count);
    if (status)
        return status;
    for (int64_t i = 0; i < count; i++)
        if (keys[i] < first_key || keys[i] > last_key)
            return mfli_fail(context, MFL_ERROR_ARGUMENT,
                             "keys[%lld] is %d; diagnostics have the keys %d to %d", (long long)i,
                             keys[i], first_key, last_key);
    status = open_study(context, trace, &s);
    if (status)
        return status;
    summarise(&s, &all);
    close_study(&s);
    for (int64_t i = 0; i < count; i++)
        results[i] = *at(&all, keys[i]);
    return MFL_OK;
}

/* Pointers to the chains of a block, to be released with mfli_free(). */
static int32_t open_block(mfl_context *context, const double *values, int64_t chains, int64_t draws,
                          int64_t stride, const void *asked, int64_t count,
                          const double ***pointers)
{
    if (!values || !asked)
        return mfli_fail_null(context, values ? "what is asked for" : "values");
    if (chains < 1 || draws < 1)
        return mfli_fail(context, MFL_ERROR_SIZE, "%s is %lld; it must be at least 1",
                         chains < 1 ? "chains" : "draws", (long long)(chains < 1 ? chains : draws));
    if (stride < draws)
        return mfli_fail(context, MFL_ERROR_SIZE, "stride is %lld; it must be at least draws, %lld",
                         (long long)stride, (long long)draws);
    int32_t status = mfli_check_extent(context, "values", chains, stride);
    if (!status)
        status = check_count(context, count);
    if (status)
        return status;
    *pointers = mfli_alloc(context, (size_t)chains, sizeof **pointers);
    if (!*pointers)
        return MFL_ERROR_MEMORY;
    for (int64_t c = 0; c < chains; c++)
        (*pointers)[c] = values + c * stride;
    return MFL_OK;
}

static int32_t diagnose(mfl_context *context, const double *values, int64_t chains, int64_t draws,
                        int64_t stride, const int32_t *keys, int64_t count, double *results)
{
    const double **pointers;
    if (!results)
        return mfli_fail_null(context, "results");
    int32_t status = open_block(context, values, chains, draws, stride, keys, count, &pointers);
    if (status)
        return status;
    status = mfli_diagnose(context, &(mfli_trace){pointers, chains, draws}, keys, count, results);
    mfli_free(context, pointers);
    return status;
}

int32_t mfl_diagnose(mfl_context *context, const double *values, int64_t chains, int64_t draws,
                     int64_t stride, const int32_t *keys, int64_t count, double *results)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status
                  : mfli_leave(context, diagnose(context, values, chains, draws, stride, keys,
                                                 count, results));
}

static void study_quantiles(study *s, const double *probabilities, int64_t count, double *quantiles,
                            double *ess, double *mcse)
{
    for (int64_t i = 0; i < count; i++) {
        const double size = s->finite && (ess || mcse) ? quantile_ess(s, probabilities[i]) : NAN;
        if (quantiles)
            quantiles[i] = s->finite ? mfli_quantile(s->sorted, s->total, probabilities[i]) : NAN;
        if (ess)
            ess[i] = size;
        if (mcse)
            mcse[i] = quantile_mcse(s, probabilities[i], size);
    }
}

static int32_t diagnose_quantiles(mfl_context *context, const double *values, int64_t chains,
                                  int64_t draws, int64_t stride, const double *probabilities,
                                  int64_t count, double *quantiles, double *ess, double *mcse)
{
    const double **pointers;
    study s;
    int32_t status
        = open_block(context, values, chains, draws, stride, probabilities, count, &pointers);
    if (status)
        return status;
    for (int64_t i = 0; i < count && !status; i++)
        if (!(probabilities[i] >= 0.0 && probabilities[i] <= 1.0))
            status = mfli_fail(context, MFL_ERROR_ARGUMENT,
                               "probabilities[%lld] is %g; it must be in [0, 1]", (long long)i,
                               probabilities[i]);
    if (!status)
        status = open_study(context, &(mfli_trace){pointers, chains, draws}, &s);
    mfli_free(context, pointers);
    if (status)
        return status;
    study_quantiles(&s, probabilities, count, quantiles, ess, mcse);
    close_study(&s);
    return MFL_OK;
}

int32_t mfl_diagnose_quantiles(mfl_context *context, const double *values, int64_t chains,
                               int64_t draws, int64_t stride, const double *probabilities,
                               int64_t count, double *quantiles, double *ess, double *mcse)
{
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status
                  : mfli_leave(context,
                               diagnose_quantiles(context, values, chains, draws, stride,
                                                  probabilities, count, quantiles, ess, mcse));
}
