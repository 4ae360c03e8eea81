/* SPDX-License-Identifier: BSD-3-Clause */
/* What a sampled posterior looks like: a table with diagnostics, a warning where they are bad, files, a picture. */
#ifndef EXAMPLES_REPORT_H
#define EXAMPLES_REPORT_H

#include "problem.h"

double ex_sampler_result(const mfl_sampler *sampler, int32_t key);

/* The worst R-hat and the smallest ESS of potential and order parameter; not-a-number before there are any. */
void ex_convergence(const mfl_sampler *sampler, double *r_hat, double *ess);

/* Print the table and the warning; leave summary.csv, the traces in a file of that name (NULL: in the directory),
 * weights.csv and posterior.svg/.png. */
void ex_report(const ex_problem *problem, const mfl_sampler *sampler, const char *directory, const char *traces);

#endif
