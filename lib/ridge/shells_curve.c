/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning curves on Gaussian inputs, lengths resolved.
 *
 * The effective ridge of spectrum.h takes the features of an input for independent. Under N(0, I_d)
 * they share its length, which fluctuates by 1 / sqrt(2 d). Given the lengths, the cavity argument
 * behind the effective ridge leaves a noise V(s) + delta on every shell, and each block K_l learns
 * from n p(s) samples with the noise of their shells:
 *
 *     D(s)    = n p(s) / (delta + V(s)),         C_l = (K_l^-1 + D)^-1,
 *     V(s)    = rest(s) + sum_l m_l C_l(s, s)                                         (fixed point),
 *     f_l     = C_l D t_l                                  the mean prediction of the target t_l,
 *     rho(s)  = noise + sum_l (t_l - f_l)^2 + sum_s' J(s, s') rho(s')                   test error,
 *     J(s,s') = sum_l m_l C_l(s, s')^2 n p(s') / (delta + V(s'))^2.
 *
 * With a single shell D = n / (delta + V) is 1 / r, and this is the theory of spectrum.h. J is also
 * the derivative of the fixed point's right-hand side, which is concave and increasing in V: from
 * V = K(x, x), above the solution, Newton's method falls to it. */
#include <mflearn/spectrum.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "linalg/linalg.h"
#include "ridge/degrees.h"
#include "ridge/shells.h"

enum { STEPS_MOST = 300 };

typedef struct curve {
    mfl_context *context;
    const mfli_shells *shells;
    int64_t dimension, most; /* modes of a degree at most */
    double samples, ridge;
    double *variance; /* V */
    double *inverse;  /* D */
    double *next;     /* the fixed point's right-hand side; then the bias */
    double *pairs;    /* sum_l m_l C_l^2, then the system of Newton's method */
    double *half;     /* modes x shells: L^-1 F, so that C = half^T half */
    double *covariance, *factor, *along, *solution;
} curve;

static int32_t allocate(curve *c)
{
    const mfli_shells *s = c->shells;
    for (int64_t l = 0; l < s->degrees; l++)
        if (s->first[l + 1] - s->first[l] > c->most)
            c->most = s->first[l + 1] - s->first[l];
    const size_t m = (size_t)s->count, k = (size_t)c->most;
    c->variance = mfli_alloc(c->context, 2 * m * m + k * m + k * k + 5 * m, sizeof(double));
    if (!c->variance)
        return MFL_ERROR_MEMORY;
    c->inverse = c->variance + m;
    c->next = c->inverse + m;
    c->along = c->next + m;
    c->solution = c->along + m;
    c->pairs = c->solution + m;
    c->covariance = c->pairs + m * m;
    c->half = c->covariance + m * m;
    c->factor = c->half + k * m;
    return MFL_OK;
}

/* The Cholesky factor of 1 + F D F^T over the modes of a degree, F their functions, and L^-1 F. */
static int32_t factorise(curve *c, int64_t l)
{
    const mfli_shells *s = c->shells;
    const int64_t m = s->count, k = s->first[l + 1] - s->first[l];
    const double *f = s->functions + s->first[l] * m;
    for (int64_t e = 0; e < k; e++)
        for (int64_t i = 0; i < m; i++)
            c->half[e * m + i] = f[e * m + i] * sqrt(c->inverse[i]);
    memset(c->factor, 0, (size_t)(k * k) * sizeof *c->factor);
    for (int64_t e = 0; e < k; e++)
        c->factor[e * k + e] = 1.0;
    int32_t status =
        mfli_syrk(c->context, MFLI_PLAIN, k, m, 1.0, c->half, m, 1.0, c->factor, k);
    if (!status)
        status = mfli_potrf(c->context, k, c->factor, k, NULL);
    memcpy(c->half, f, (size_t)(k * m) * sizeof *f);
    return status ? status
                  : mfli_trsm(c->context, MFLI_LEFT, MFLI_PLAIN, k, m, c->factor, k, c->half, m);
}

/* C of a degree, in the lower triangle. */
static int32_t covariance_of(curve *c, int64_t l)
{
    const mfli_shells *s = c->shells;
    int32_t status = factorise(c, l);
    return status ? status
                  : mfli_syrk(c->context, MFLI_TRANSPOSED, s->count,
                              s->first[l + 1] - s->first[l], 1.0, c->half, s->count, 0.0,
                              c->covariance, s->count);
}

/* D, the right-hand side and the pairs at V. */
static int32_t evaluate(curve *c)
{
    const mfli_shells *s = c->shells;
    const int64_t m = s->count;
    for (int64_t i = 0; i < m; i++) {
        c->inverse[i] = c->samples * s->weight[i] / (c->ridge + c->variance[i]);
        c->next[i] = s->rest[i];
    }
    memset(c->pairs, 0, (size_t)(m * m) * sizeof *c->pairs);
    for (int64_t l = 0; l < s->degrees; l++) {
        const double multiplicity = mfli_harmonics(c->dimension, l);
        int32_t status = multiplicity > 0.0 ? covariance_of(c, l) : MFL_OK;
        if (status)
            return status;
        for (int64_t i = 0; multiplicity > 0.0 && i < m; i++) {
            const double *row = c->covariance + i * m;
            c->next[i] += multiplicity * row[i];
            for (int64_t j = 0; j <= i; j++)
                c->pairs[i * m + j] += multiplicity * row[j] * row[j];
        }
    }
    return MFL_OK;
}

/* x = (1 - J)^-1 b, by its symmetric form 1 - E^1/2 pairs E^1/2, E = n p / (delta + V)^2. Uses up
 * the pairs. */
static int32_t solve(curve *c, const double *b, double *x)
{
    const int64_t m = c->shells->count;
    double *root = c->along;
    for (int64_t i = 0; i < m; i++) {
        root[i] = sqrt(c->inverse[i] / (c->ridge + c->variance[i]));
        for (int64_t j = 0; j <= i; j++)
            c->pairs[i * m + j] *= -root[i] * root[j];
        c->pairs[i * m + i] += 1.0;
        x[i] = root[i] * b[i];
    }
    int32_t status = mfli_potrf(c->context, m, c->pairs, m, NULL);
    if (status == MFL_ERROR_NOT_POSITIVE_DEFINITE || status == MFL_ERROR_NOT_FINITE)
        return mfli_fail(c->context, MFL_ERROR_DIVERGED,
                         "without ridge and with as many modes as samples, %g, the test error is "
                         "infinite",
                         c->samples);
    if (!status)
        status = mfli_potrs(c->context, m, 1, c->pairs, m, x, m);
    for (int64_t i = 0; i < m; i++)
        x[i] /= root[i];
    return status;
}

static int32_t iterate(curve *c)
{
    const mfli_shells *s = c->shells;
    memcpy(c->variance, s->prior, (size_t)s->count * sizeof *s->prior);
    for (int i = 0; i < STEPS_MOST; i++) {
        double moved = 0.0;
        int32_t status = evaluate(c);
        for (int64_t j = 0; j < s->count; j++)
            c->next[j] -= c->variance[j];
        if (!status)
            status = solve(c, c->next, c->solution);
        if (status)
            return status;
        for (int64_t j = 0; j < s->count; j++) {
            const double total = c->ridge + c->variance[j];
            const double to = fmax(c->variance[j] + c->solution[j], 1e-12 * c->variance[j]);
            if (s->weight[j] > DBL_EPSILON)
                moved = fmax(moved, fabs(to - c->variance[j]) / total);
            c->variance[j] = to;
        }
        if (moved < 1e-9) /* and quadratically less after it */
            return MFL_OK;
    }
    return mfli_fail(c->context, MFL_ERROR_DIVERGED,
                     "the effective ridge tends to zero: there are fewer modes than samples, %g, "
                     "and no ridge; give one",
                     c->samples);
}

/* Adds (t - f)^2 of a degree to the bias, and gives the learnability 1 - (1 + F D F^T)^-1 of its
 * modes. */
static int32_t finish_degree(curve *c, int64_t l, const double *target, double *bias,
                             double *learnability)
{
    const mfli_shells *s = c->shells;
    const int64_t m = s->count, k = s->first[l + 1] - s->first[l];
    int32_t status = factorise(c, l);
    for (int64_t i = 0; i < m; i++)
        c->along[i] = c->inverse[i] * target[i];
    if (!status)
        status = mfli_gemv(c->context, MFLI_PLAIN, k, m, 1.0, c->half, m, c->along, 0.0,
                           c->covariance);
    memcpy(c->along, target, (size_t)m * sizeof *target);
    if (!status)
        status = mfli_gemv(c->context, MFLI_TRANSPOSED, k, m, -1.0, c->half, m, c->covariance, 1.0,
                           c->along);
    for (int64_t i = 0; i < m; i++)
        bias[i] += c->along[i] * c->along[i];
    if (!status && learnability)
        status = mfli_potri(c->context, k, c->factor, k);
    for (int64_t e = 0; !status && learnability && e < k; e++)
        learnability[s->first[l] + e] = 1.0 - c->factor[e * k + e];
    return status;
}

static int32_t finish(curve *c, const double *target, double noise, double *results,
                      double *learnability)
{
    const mfli_shells *s = c->shells;
    double *rho = c->solution, *bias = c->next;
    int32_t status = evaluate(c);
    memset(bias, 0, (size_t)s->count * sizeof *bias);
    for (int64_t l = 0; !status && l < s->degrees; l++)
        status = finish_degree(c, l, target + l * s->count, bias, learnability);
    for (int64_t i = 0; i < s->count; i++)
        bias[i] += noise;
    if (!status)
        status = solve(c, bias, rho);
    if (status)
        return status;
    double least = 0.0, test = 0.0, train = 0.0, inverse = 0.0;
    for (int64_t i = 0; i < s->count; i++) {
        const double kept = c->ridge / (c->ridge + c->variance[i]);
        least += s->weight[i] * bias[i];
        test += s->weight[i] * rho[i];
        train += s->weight[i] * kept * kept * rho[i];
        inverse += c->inverse[i];
    }
    results[MFL_SPECTRUM_EFFECTIVE_RIDGE] = 1.0 / inverse;
    results[MFL_SPECTRUM_OVERFITTING] = least > 0.0 ? test / least : 1.0;
    results[MFL_SPECTRUM_TEST_ERROR] = test;
    results[MFL_SPECTRUM_TRAIN_ERROR] = train;
    return MFL_OK;
}

int32_t mfli_shells_learn(mfl_context *context, const mfli_shells *shells, int64_t dimension,
                          const double *target, double samples, double ridge, double noise,
                          double *results, double *learnability)
{
    curve c = {.context = context,
               .shells = shells,
               .dimension = dimension,
               .samples = samples,
               .ridge = ridge};
    int32_t status = allocate(&c);
    if (!status)
        status = iterate(&c);
    if (!status)
        status = finish(&c, target, noise, results, learnability);
    mfli_free(context, c.variance);
    return status;
}
