/* SPDX-License-Identifier: BSD-3-Clause */
/* The numbers of one statement, kept in a CSV file from which an interrupted run goes on; its picture and its
 * sentences, which are made from these numbers alone. */
#ifndef EXAMPLES_STATEMENTS_BOOK_H
#define EXAMPLES_STATEMENTS_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "common/output.h"

typedef struct st_point {
    double x, y, error;
} st_point;

typedef struct st_row {
    char series[64];
    st_point at;
} st_row;

/* A curve of the picture. */
typedef struct st_curve {
    char title[96];
    const char *style; /* of gnuplot: lines, yerrorlines, ... */
    int32_t colour;    /* 0 to 5 */
    size_t count, room;
    st_point *points;
} st_curve;

enum { st_most_curves = 16 };

typedef struct st_book {
    const char *name, *directory;
    ex_file csv;
    size_t count, room;
    st_row *rows;
    const char *x, *y, *settings; /* axes; gnuplot's commands for them */
    size_t curves;
    st_curve curve[st_most_curves];
    char found[4096];
} st_book;

/* A slope with its standard error from the scatter of the points about the line; NAN where they do not say.
 */
typedef struct st_slope {
    double value, error;
} st_slope;

/* Opens DIRECTORY/NAME.csv, and takes what an earlier call with the same options has left there. */
void st_open(st_book *book, const char *directory, const char *name, const char *options);
/* The file is complete. */
void st_finish(st_book *book);
void st_release(st_book *book);

int32_t st_has_series(const st_book *book, const char *series);
int32_t st_has(const st_book *book, const char *series, double x);
/* Rows of one series at once, so that a series is there entirely or not at all. */
void st_note(st_book *book, const char *series, const st_point *points, size_t count);
/* One number, unless it is there; NAN says that it was looked for in vain. */
void st_note_one(st_book *book, const char *series, double x, double y, double error);

/* The number of a series at x, NAN where there is none. */
st_point st_at(const st_book *book, const char *series, double x);
/* The first and the last number that was found of a series. */
st_point st_first(const st_book *book, const char *series);
st_point st_last(const st_book *book, const char *series);
/* y between the points of a curve, linear in log x. */
double st_between(const st_book *book, const char *series, double x);
/* The x at which y first passes a level, likewise. */
double st_crossing(const st_book *book, const char *series, double level);
/* Least squares of log y = a + b log x over x in [from, to]. */
st_slope st_exponent(const st_book *book, const char *series, double from, double to);

/* A curve of the picture, of a series if one is named. */
st_curve *st_draw(st_book *book, const char *title, const char *style, int32_t colour, const char *series);
void st_draw_point(st_curve *curve, double x, double y, double error);
void st_picture(st_book *book);

/* One more piece of the sentences. */
void st_say(st_book *book, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Does a slope agree with an expected one: within three standard errors, or 0.05? */
int32_t st_agrees(st_slope found, double expected);

#endif
