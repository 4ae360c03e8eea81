/* SPDX-License-Identifier: BSD-3-Clause */
/* The evidence from the ladder, by the multistate Bennett acceptance ratio (Shirts and Chodera 2008). Only the sum of
 * squared residuals S of each draw matters: the reduced energy at rung k is u_k = S/(2 kappa_k^2), at the prior 0, and
 *
 *     F_k = -log sum_n exp(-u_k(n)) / sum_j N_j exp(F_j - u_j(n))
 *
 * over all draws n of all rungs, solved by iteration. log p(y | kappa_k) = F_prior - F_k - P/2 log(2 pi kappa_k^2).
 * Errors by the jackknife over tenths of the run, which holds all rungs and chains of a time together: swaps make
 * them depend on each other. */
#include <math.h>

#include "core/context.h"
#include "sampler/sampler.h"

enum { blocks = 10, most_iterations = 2000 };
static const double tolerance = 1e-7;

/* Draws of the ladder, in effect, that the prior must have for it to be reached. */
static const double least_effective = 50.0;

typedef struct problem {
    const mfl_sampler *sampler;
    int64_t draws, left_out; /* of each slot; block that is left out, or -1 */
    double half_precision[MFLI_MOST_RUNGS]; /* 1/(2 kappa_k^2) */
    double free_energy[MFLI_MOST_RUNGS];
    double prior, effective;
} problem;

static int32_t is_left_out(const problem *p, int64_t draw)
{
    return p->left_out >= 0 && draw * blocks / p->draws == p->left_out;
}

/* share[k] = exp(F_k - u_k) / sum_j exp(F_j - u_j) of a draw; returns the logarithm of the sum. */
static double shares(const problem *p, double residual, double share[MFLI_MOST_RUNGS])
{
    const int64_t rungs = p->sampler->rungs;
    double most = -INFINITY, sum = 0.0;
    for (int64_t k = 0; k < rungs; k++) {
        share[k] = p->free_energy[k] - p->half_precision[k] * residual;
        most = fmax(most, share[k]);
    }
    for (int64_t k = 0; k < rungs; k++) {
        share[k] = exp(share[k] - most);
        sum += share[k];
    }
    for (int64_t k = 0; k < rungs; k++)
        share[k] /= sum;
    return most + log(sum);
}

/* One iteration, F_k <- F_k - log(mean share of rung k); returns the largest change, relative to the last rung. */
static double iterate(problem *p)
{
    const mfl_sampler *sampler = p->sampler;
    const int64_t rungs = sampler->rungs;
    double sum[MFLI_MOST_RUNGS] = {0.0}, share[MFLI_MOST_RUNGS], change = 0.0;
    for (int64_t i = 0; i < sampler->slot_count; i++)
        for (int64_t n = 0; n < p->draws; n++) {
            if (is_left_out(p, n))
                continue;
            shares(p, sampler->chains[i].trace[MFL_TRACE_RESIDUAL - 1][n], share);
            for (int64_t k = 0; k < rungs; k++)
                sum[k] += share[k];
        }
    for (int64_t k = 0; k < rungs; k++) {
        const double step = log(sum[k] / sum[rungs - 1]);
        p->free_energy[k] -= step;
        change = fmax(change, fabs(step));
    }
    return change;
}

/* The prior as one more rung, without draws, and how many of the others' count for it. Weights are exp(-log sum)
 * relative to the largest, which a draw with a large residual has. */
static void reach_prior(problem *p)
{
    const mfl_sampler *sampler = p->sampler;
    double share[MFLI_MOST_RUNGS], most = -INFINITY, sum = 0.0, square = 0.0, total = 0.0;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t i = 0; i < sampler->slot_count; i++)
            for (int64_t n = 0; n < p->draws; n++) {
                if (is_left_out(p, n))
                    continue;
                const double exponent = -shares(p, sampler->chains[i].trace[MFL_TRACE_RESIDUAL - 1][n], share);
                if (pass == 0) {
                    most = fmax(most, exponent);
                    total += 1.0 / (double)sampler->rungs;
                } else {
                    sum += exp(exponent - most);
                    square += exp(2.0 * (exponent - most));
                }
            }
    p->prior = -most - log(sum / total);
    p->effective = sum * sum / square;
}

static void solve(problem *p)
{
    for (int n = 0; n < most_iterations; n++)
        if (iterate(p) < tolerance)
            break;
    reach_prior(p);
}

/* log p(y | kappa_k) less that of the hottest rung, or less that of the prior. */
static double log_evidence(const problem *p, int64_t k, int32_t absolute)
{
    const double samples = (double)p->sampler->data->rows;
    const double own = -p->free_energy[k] + 0.5 * samples * log(p->half_precision[k] / M_PI);
    const double hot = 0.5 * samples * log(p->half_precision[p->sampler->rungs - 1] / M_PI);
    return absolute ? own + p->prior : own - hot;
}

/* Thermodynamic integration by the trapezoidal rule: where the iteration begins. */
static void begin(problem *p)
{
    const mfl_sampler *sampler = p->sampler;
    double mean[MFLI_MOST_RUNGS];
    for (int64_t k = 0; k < sampler->rungs; k++) {
        const double kappa = sampler->chains[k * sampler->chain_count].kappa;
        p->half_precision[k] = 0.5 / (kappa * kappa);
        mean[k] = 0.0;
        for (int64_t c = 0; c < sampler->chain_count; c++)
            for (int64_t n = 0; n < p->draws; n++)
                mean[k] += sampler->chains[k * sampler->chain_count + c].trace[MFL_TRACE_RESIDUAL - 1][n]
                    / (double)(p->draws * sampler->chain_count);
    }
    p->free_energy[sampler->rungs - 1] = 0.0;
    for (int64_t k = sampler->rungs - 2; k >= 0; k--)
        p->free_energy[k] = p->free_energy[k + 1]
            + 0.5 * (mean[k] + mean[k + 1]) * (p->half_precision[k] - p->half_precision[k + 1]);
}

void mfli_evidence(mfl_sampler *sampler)
{
    problem p = {.sampler = sampler, .draws = sampler->target_draws, .left_out = -1};
    double leaving[2][blocks][MFLI_MOST_RUNGS];
    begin(&p);
    solve(&p);
    const int32_t reached = p.effective >= least_effective;
    for (int64_t k = 0; k < sampler->rungs; k++) {
        sampler->evidence[0][k] = log_evidence(&p, k, 0);
        sampler->evidence[1][k] = reached ? log_evidence(&p, k, 1) : NAN;
    }
    for (p.left_out = 0; p.left_out < blocks; p.left_out++) {
        solve(&p);
        for (int64_t k = 0; k < sampler->rungs; k++)
            for (int32_t absolute = 0; absolute < 2; absolute++)
                leaving[absolute][p.left_out][k] = log_evidence(&p, k, absolute);
    }
    for (int32_t absolute = 0; absolute < 2; absolute++)
        for (int64_t k = 0; k < sampler->rungs; k++) {
            double mean = 0.0, square = 0.0;
            for (int b = 0; b < blocks; b++)
                mean += leaving[absolute][b][k] / blocks;
            for (int b = 0; b < blocks; b++)
                square += (leaving[absolute][b][k] - mean) * (leaving[absolute][b][k] - mean);
            sampler->evidence_se[absolute][k] =
                absolute && !reached ? NAN : sqrt(square * (blocks - 1.0) / blocks);
        }
}
