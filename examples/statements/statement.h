/* SPDX-License-Identifier: BSD-3-Clause */
/* The statements, by subject: each is measured into a book, and told from what the book holds. */
#ifndef EXAMPLES_STATEMENTS_STATEMENT_H
#define EXAMPLES_STATEMENTS_STATEMENT_H

#include "book.h"
#include "rise.h"

/* critical.c */
void st_measure_dimension(st_book *book, const st_setting *at);
void st_tell_dimension(st_book *book, const st_setting *at);
void st_measure_degree(st_book *book, const st_setting *at);
void st_tell_degree(st_book *book, const st_setting *at);
/* prior.c */
void st_measure_prior(st_book *book, const st_setting *at);
void st_tell_prior(st_book *book, const st_setting *at);
void st_measure_gamma(st_book *book, const st_setting *at);
void st_tell_gamma(st_book *book, const st_setting *at);
/* learning.c */
void st_measure_onset(st_book *book, const st_setting *at);
void st_tell_onset(st_book *book, const st_setting *at);
void st_measure_noise(st_book *book, const st_setting *at);
void st_tell_noise(st_book *book, const st_setting *at);
/* posterior.c */
void st_measure_posterior(st_book *book, const st_setting *at);
void st_tell_posterior(st_book *book, const st_setting *at);

#endif
