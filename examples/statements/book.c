/* SPDX-License-Identifier: BSD-3-Clause */
#include "book.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/arguments.h"

static const char header[] = "series,x,y,error\n";

static void *grow(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room ? 2 * *room : 64;
    items = realloc(items, *room * size);
    if (!items)
        ex_die("out of memory");
    return items;
}

static void add_row(st_book *book, const char *series, st_point at)
{
    book->rows = grow(book->rows, book->count, &book->room, sizeof *book->rows);
    st_row *row = &book->rows[book->count++];
    snprintf(row->series, sizeof row->series, "%.63s", series);
    row->at = at;
}

/* ---- the file ---- */

/* The next field of a row: a number, NAN where it is empty. */
static double next_number(char **at)
{
    char *end, *field = *at;
    double value = strtod(field, &end);
    *at = *end == ',' ? end + 1 : end;
    return end == field ? NAN : value;
}

static int32_t read_row(st_book *book, char *row)
{
    char *end = *row == '"' ? strchr(row + 1, '"') : NULL, *at = end ? end + 2 : NULL;
    if (!end || end[1] != ',')
        return 0;
    *end = '\0';
    st_point point;
    point.x = next_number(&at), point.y = next_number(&at), point.error = next_number(&at);
    if (*at != '\n' || isnan(point.x))
        return 0;
    add_row(book, row + 1, point);
    return 1;
}

static void resume(st_book *book, const char *options)
{
    char path[EX_PATH_SIZE + 32], row[4096];
    snprintf(path, sizeof path, "%s/%s.csv", book->directory, book->name);
    FILE *old = fopen(path, "r");
    if (!old) {
        strcat(path, ".partial");
        old = fopen(path, "r");
    }
    if (!old)
        return;
    if (!fgets(row, sizeof row, old) || strncmp(row, "# ", 2) != 0 || strcmp(row + 2, options) != 0)
        ex_usage("%s holds numbers of other options; choose another --out, or remove it", path);
    while (fgets(row, sizeof row, old))
        if (strchr(row, '\n') && strcmp(row, header) != 0 && !read_row(book, row))
            ex_usage("%s is damaged; choose another --out, or remove it", path);
    fclose(old);
    if (book->count)
        printf("  %zu numbers were there already\n", book->count);
}

static void write_row(FILE *stream, const char *series, st_point at)
{
    ex_csv_text(stream, series);
    fprintf(stream, ",%.17g,", at.x);
    ex_csv_number(stream, at.y);
    fputc(',', stream);
    if (!isnan(at.error))
        fprintf(stream, "%.3g", at.error);
    fputc('\n', stream);
}

void st_open(st_book *book, const char *directory, const char *name, const char *options)
{
    char line[2048], file[64];
    *book = (st_book){.name = name, .directory = directory};
    snprintf(line, sizeof line, "%s\n", options);
    snprintf(file, sizeof file, "%s.csv", name);
    ex_make_directory(directory);
    resume(book, line);
    ex_open(&book->csv, directory, file);
    fprintf(book->csv.stream, "# %s%s", line, header);
    for (size_t i = 0; i < book->count; i++)
        write_row(book->csv.stream, book->rows[i].series, book->rows[i].at);
    ex_flush(&book->csv);
}

void st_finish(st_book *book)
{
    ex_finish(&book->csv);
    printf("  Numbers: %s/%s.csv\n", book->directory, book->name);
}

void st_release(st_book *book)
{
    for (size_t i = 0; i < book->curves; i++)
        free(book->curve[i].points);
    free(book->rows);
}

void st_note(st_book *book, const char *series, const st_point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_row(book, series, points[i]);
        write_row(book->csv.stream, series, points[i]);
    }
    ex_flush(&book->csv);
}

void st_note_one(st_book *book, const char *series, double x, double y, double error)
{
    if (!st_has(book, series, x))
        st_note(book, series, &(st_point){x, y, error}, 1);
}

/* ---- questions ---- */

static int32_t belongs(const st_row *row, const char *series)
{
    return strcmp(row->series, series) == 0;
}

int32_t st_has_series(const st_book *book, const char *series)
{
    for (size_t i = 0; i < book->count; i++)
        if (belongs(&book->rows[i], series))
            return 1;
    return 0;
}

int32_t st_has(const st_book *book, const char *series, double x)
{
    for (size_t i = 0; i < book->count; i++)
        if (belongs(&book->rows[i], series) && book->rows[i].at.x == x)
            return 1;
    return 0;
}

st_point st_at(const st_book *book, const char *series, double x)
{
    for (size_t i = 0; i < book->count; i++)
        if (belongs(&book->rows[i], series) && book->rows[i].at.x == x)
            return book->rows[i].at;
    return (st_point){x, NAN, NAN};
}

st_point st_first(const st_book *book, const char *series)
{
    for (size_t i = 0; i < book->count; i++)
        if (belongs(&book->rows[i], series) && !isnan(book->rows[i].at.y))
            return book->rows[i].at;
    return (st_point){NAN, NAN, NAN};
}

st_point st_last(const st_book *book, const char *series)
{
    for (size_t i = book->count; i-- > 0;)
        if (belongs(&book->rows[i], series) && !isnan(book->rows[i].at.y))
            return book->rows[i].at;
    return (st_point){NAN, NAN, NAN};
}

double st_between(const st_book *book, const char *series, double x)
{
    const st_point *before = NULL;
    for (size_t i = 0; i < book->count; i++) {
        const st_point *at = &book->rows[i].at;
        if (!belongs(&book->rows[i], series) || isnan(at->y))
            continue;
        if (before && (at->x - x) * (before->x - x) <= 0.0)
            return before->y + log(x / before->x) / log(at->x / before->x) * (at->y - before->y);
        before = at;
    }
    return NAN;
}

double st_crossing(const st_book *book, const char *series, double level)
{
    const st_point *before = NULL;
    for (size_t i = 0; i < book->count; i++) {
        const st_point *at = &book->rows[i].at;
        if (!belongs(&book->rows[i], series) || isnan(at->y))
            continue;
        if (before && (at->y - level) * (before->y - level) <= 0.0)
            return before->x * pow(at->x / before->x, (level - before->y) / (at->y - before->y));
        before = at;
    }
    return NAN;
}

st_slope st_exponent(const st_book *book, const char *series, double from, double to)
{
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, syy = 0.0;
    for (size_t i = 0; i < book->count; i++) {
        const st_point *at = &book->rows[i].at;
        if (!belongs(&book->rows[i], series) || isnan(at->y) || at->x < from || at->x > to)
            continue;
        double x = log(at->x), y = log(at->y);
        n++, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
    }
    if (n < 2.0)
        return (st_slope){NAN, NAN};
    double spread = sxx - sx * sx / n, b = (sxy - sx * sy / n) / spread;
    double left = fmax(0.0, syy - sy * sy / n - b * b * spread);
    return (st_slope){b, n > 2.0 ? sqrt(left / (n - 2.0) / spread) : NAN};
}

int32_t st_agrees(st_slope found, double expected)
{
    return fabs(found.value - expected) <= fmax(0.05, isnan(found.error) ? 0.0 : 3.0 * found.error);
}

/* ---- what is shown ---- */

st_curve *st_draw(st_book *book, const char *title, const char *style, int32_t colour, const char *series)
{
    if (book->curves == st_most_curves)
        ex_die("too many curves");
    st_curve *to = &book->curve[book->curves++];
    snprintf(to->title, sizeof to->title, "%s", title);
    to->style = style;
    to->colour = colour;
    for (size_t i = 0; series && i < book->count; i++)
        if (belongs(&book->rows[i], series) && !isnan(book->rows[i].at.y))
            st_draw_point(to, book->rows[i].at.x, book->rows[i].at.y, book->rows[i].at.error);
    return to;
}

void st_draw_point(st_curve *curve, double x, double y, double error)
{
    curve->points = grow(curve->points, curve->count, &curve->room, sizeof *curve->points);
    curve->points[curve->count++] = (st_point){x, y, isnan(error) ? 0.0 : error};
}

static void write_script(FILE *stream, const st_book *book)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555", "#e69f00"};
    for (size_t s = 0; s < book->curves; s++) {
        fprintf(stream, "$s%zu << EOD\n", s);
        for (size_t i = 0; i < book->curve[s].count; i++) {
            const st_point *at = &book->curve[s].points[i];
            fprintf(stream, "%.5g %.5g %.2g\n", at->x, at->y, at->error);
        }
        fprintf(stream, "EOD\n");
    }
    fprintf(stream,
            "set encoding utf8\nset grid lc rgb '#dddddd'\n%s\nset xlabel '%s' noenhanced\nset ylabel '%s' "
            "noenhanced\n"
            "set key noenhanced\nset format '%%g'\nplot ",
            book->settings, book->x, book->y);
    const char *between = "";
    for (size_t s = 0; s < book->curves; s++) {
        const st_curve *curve = &book->curve[s];
        if (!curve->count)
            continue;
        fprintf(stream, "%s$s%zu using 1:2%s with %s lc rgb '%s' title '%s'", between, s,
                strstr(curve->style, "error") ? ":3" : "", curve->style, colours[curve->colour],
                curve->title);
        between = ", ";
    }
    fputc('\n', stream);
}

void st_picture(st_book *book)
{
    char *body;
    size_t points = 0;
    for (size_t s = 0; s < book->curves; s++)
        points += book->curve[s].count;
    if (!points)
        return;
    FILE *stream = ex_text_stream(&body);
    write_script(stream, book);
    fclose(stream);
    if (ex_plot(book->directory, book->name, body) == 0)
        printf("  Picture: %s/%s.svg and .png\n", book->directory, book->name);
    free(body);
}

void st_say(st_book *book, const char *format, ...)
{
    const size_t used = strlen(book->found);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(book->found + used, sizeof book->found - used, format, arguments);
    va_end(arguments);
}
