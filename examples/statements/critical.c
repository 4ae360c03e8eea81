/* SPDX-License-Identifier: BSD-3-Clause */
/* The critical noise against the dimension and against the degree. */
#include <math.h>

#include "common/library.h"
#include "statement.h"

static const st_closure *const closures[] = {&st_mf, &st_ard, &st_shared};
enum { closure_count = sizeof closures / sizeof closures[0] };

/* Those that are asked for; the others have no numbers, and are not spoken of. */
static size_t chosen(const st_setting *at, const st_closure *of[EX_MAX_LIST])
{
    int32_t which[EX_MAX_LIST];
    size_t count = ex_choices(at->arguments, "theories", "mf|mf_ard|mf_ard_layer", which);
    for (size_t i = 0; i < count; i++)
        of[i] = closures[which[i]];
    return count;
}

static const char *series_name(char name[64], const st_closure *of, const char *what)
{
    snprintf(name, 64, "%s: %s", of->name, what);
    return name;
}

static void note(st_book *book, const st_closure *of, const char *what, double x, st_point found)
{
    char name[64];
    st_note_one(book, series_name(name, of, what), x, found.y, found.error);
}

static int32_t has(const st_book *book, const st_closure *of, const char *what, double x)
{
    char name[64];
    return st_has(book, series_name(name, of, what), x);
}

static st_slope exponent_of(const st_book *book, const st_closure *of, const char *what, double from,
                            double to)
{
    char name[64];
    return st_exponent(book, series_name(name, of, what), from, to);
}

static st_point place(const st_book *book, const st_closure *of, const char *what, double x)
{
    char name[64];
    return st_at(book, series_name(name, of, what), x);
}

static void draw(st_book *book, const st_closure *of, const char *what, const char *style)
{
    char name[64];
    st_draw(book, name, style, of->colour, series_name(name, of, what));
}

/* What the estimate for large d has at a point. */
static double estimate(const st_setting *at, int64_t dimension, int64_t degree)
{
    return st_prefactor(degree) * sqrt(ex_double(at->arguments, "samples", 1e-6, 1e12) / (double)dimension);
}

static st_rise follow_rise(const st_setting *at, const st_closure *of, int64_t dimension, int64_t degree,
                           double from, double to, int32_t whole)
{
    printf("  %s, d = %lld, k = %lld\n", of->name, (long long)dimension, (long long)degree);
    fflush(stdout);
    mfl_path *path = st_follow(at, st_make(at, of, dimension, degree), MFL_PATH_KAPPA, from, to,
                               ex_double(at->arguments, "samples", 1e-6, 1e12));
    st_rise found = st_rise_of(path, whole);
    mfl_path_destroy(path);
    return found;
}

/* ---- dimension ---- */

void st_measure_dimension(st_book *book, const st_setting *at)
{
    int64_t dims[EX_MAX_LIST], degree = ex_int(at->arguments, "degree", 1, 8);
    size_t count = ex_ints(at->arguments, "dims", degree, 1 << 20, dims);
    const double highest = estimate(at, dims[0], degree);
    const st_closure *of[EX_MAX_LIST];
    const size_t theories = chosen(at, of);
    for (size_t c = 0; c < theories; c++)
        for (size_t i = 0; i < count; i++) {
            const double d = (double)dims[i];
            if (has(book, of[c], "melts", d))
                continue;
            st_rise found = follow_rise(at, of[c], dims[i], degree, 8.0 * highest,
                                        0.15 * estimate(at, dims[i], degree), 1);
            note(book, of[c], "onset", d, found.onset);
            note(book, of[c], "steepest", d, found.steepest);
            note(book, of[c], "from m = 1/2", d, found.half);
            note(book, of[c], "equal free energies", d, found.equal);
            note(book, of[c], "melts", d, found.melts);
        }
}

/* "0.5 +- 0.1 (mf), ..." of the theories that there are numbers of */
static void say_slopes(st_book *book, const st_slope slopes[closure_count])
{
    const char *between = "";
    for (size_t c = 0; c < closure_count; c++)
        if (!isnan(slopes[c].value)) {
            st_say(book, "%s %.3f", between, slopes[c].value);
            if (!isnan(slopes[c].error))
                st_say(book, " +- %.3f", slopes[c].error);
            st_say(book, " (%s)", closures[c]->name);
            between = ",";
        }
}

static const char *verdict(st_slope found, double expected)
{
    return isnan(found.value)           ? "was not measured"
           : st_agrees(found, expected) ? "holds in these equations"
                                        : "does not hold in these equations";
}

/* m rises in two stages where the steepest rise, or the jump, is further below the onset than in the plain
 * theory, by a fiftieth and more. */
static void tell_stages(st_book *book, const st_closure *of, const int64_t *x, size_t count,
                        const char *symbol)
{
    size_t two = 0, counted = 0;
    for (size_t i = 0; i < count; i++) {
        const double at = (double)x[i], onset = place(book, of, "onset", at).y;
        const double steepest = place(book, of, "steepest", at).y;
        const double plain = place(book, &st_mf, "steepest", at).y / place(book, &st_mf, "onset", at).y;
        if (isnan(steepest / onset / plain))
            continue;
        counted++;
        if (steepest / onset < 0.98 * plain)
            st_say(book, "%s %s = %lld (at kappa = %.4g, then %s%.4g)",
                   two++ ? "," : " In two stages m rises at", symbol, (long long)x[i], onset,
                   isnan(place(book, of, "melts", at).y) ? "" : "with a jump at ", steepest);
    }
    if (two)
        st_say(book, " with %s, at %zu of %zu places.", of->name, two, counted);
    else if (counted)
        st_say(book, " With %s m rises in one stage, at all of %zu places.", of->name, counted);
}

/* Where m jumps there are three places: the onset on cooling, equal free energies, and the loss on heating.
 */
static void tell_melting(st_book *book, double from, double to)
{
    for (size_t c = 1; c < closure_count; c++) {
        const st_slope equal = exponent_of(book, closures[c], "equal free energies", from, to);
        const st_slope melts = exponent_of(book, closures[c], "melts", from, to);
        if (isnan(melts.value))
            continue;
        st_say(book,
               " With %s m jumps; free energies are equal at a noise with the power %.3f, and what was "
               "learned is lost "
               "on heating at one with %.3f",
               closures[c]->name, equal.value, melts.value);
        if (!isnan(melts.error))
            st_say(book, " +- %.3f", melts.error);
        st_say(book, ", for which 0 %s.", verdict(melts, 0.0));
    }
}

void st_tell_dimension(st_book *book, const st_setting *at)
{
    int64_t dims[EX_MAX_LIST], degree = ex_int(at->arguments, "degree", 1, 8);
    size_t count = ex_ints(at->arguments, "dims", degree, 1 << 20, dims);
    const double from = (double)dims[count / 2], to = (double)dims[count - 1];
    st_slope onset[closure_count], steepest[closure_count];
    book->x = "input dimension d", book->y = "critical noise kappa_c";
    book->settings = "set logscale xy\nset xrange [9:*]\nset bmargin 7\nset key outside below horizontal "
                     "maxcols 3 samplen 2 font ',10'";
    for (size_t c = 0; c < closure_count; c++) {
        onset[c] = exponent_of(book, closures[c], "onset", from, to);
        steepest[c] = exponent_of(book, closures[c], "steepest", from, to);
        draw(book, closures[c], "onset", "yerrorlines lw 1.5 pt 7 ps 0.6");
        if (closures[c] != &st_shared)
            draw(book, closures[c], "steepest", "yerrorlines lw 1.5 dt 3 pt 6 ps 0.6");
    }
    draw(book, &st_shared, "equal free energies", "yerrorlines lw 1.5 dt 3 pt 6 ps 0.6");
    for (size_t c = 1; c < closure_count; c++)
        draw(book, closures[c], "melts", "yerrorlines lw 1.5 dt 2 pt 4 ps 0.6");
    st_curve *line = st_draw(book, "large d, plain theory", "lines lw 1.5 dt 2", 4, NULL);
    for (size_t i = 0; i < count; i++)
        st_draw_point(line, (double)dims[i], estimate(at, dims[i], degree), 0.0);
    st_say(book,
           "With k = %lld and d from %.0f to %.0f the onset of learning is at a noise that goes like d to "
           "the power",
           (long long)degree, from, to);
    say_slopes(book, onset);
    st_say(book, "; the steepest rise, or the jump, like");
    say_slopes(book, steepest);
    st_say(book, ".");
    st_say(book, " The power -1/2 of the plain theory %s; the power 0 with relevance determination",
           verdict(onset[0], -0.5));
    st_say(book, " %s for the onset with n = 1 and %s for that with n = N.", verdict(onset[1], 0.0),
           verdict(onset[2], 0.0));
    tell_melting(book, from, to);
    st_say(book, " At d = %.0f the plain onset is %.4f sqrt(P/d), for large d the estimate is %.4f.", to,
           place(book, &st_mf, "onset", to).y / estimate(at, dims[count - 1], degree) * st_prefactor(degree),
           st_prefactor(degree));
    tell_stages(book, &st_ard, dims, count, "d");
}

/* ---- degree ---- */

/* The onset needs the beginning of the rise alone; the second stage, where there is one, the whole of it. */
void st_measure_degree(st_book *book, const st_setting *at)
{
    int64_t degrees[EX_MAX_LIST], whole[EX_MAX_LIST], dimension = ex_int(at->arguments, "dim", 2, 1 << 20);
    const int64_t most = dimension < 8 ? dimension : 8;
    size_t count = ex_ints(at->arguments, "degrees", 2, most, degrees);
    size_t whole_count = ex_ints(at->arguments, "whole", 0, most, whole);
    const st_closure *of[EX_MAX_LIST];
    const size_t theories = chosen(at, of);
    for (size_t c = 0; c < theories; c++)
        for (size_t i = 0; i < count; i++) {
            const double k = (double)degrees[i], unit = estimate(at, dimension, degrees[i]);
            if (!has(book, of[c], "onset", k))
                note(book, of[c], "onset", k,
                     follow_rise(at, of[c], dimension, degrees[i], 4.0 * unit, 0.8 * unit, 0).onset);
        }
    for (size_t c = 0; c < theories; c++)
        for (size_t i = 0; i < whole_count; i++) {
            const double k = (double)whole[i], unit = whole[i] ? estimate(at, dimension, whole[i]) : 0.0;
            if (!whole[i] || has(book, of[c], "melts", k))
                continue;
            const st_rise found = follow_rise(at, of[c], dimension, whole[i], 1.5 * unit, 0.4 * unit, 1);
            note(book, of[c], "steepest", k, found.steepest);
            note(book, of[c], "melts", k, found.melts);
        }
}

void st_tell_degree(st_book *book, const st_setting *at)
{
    int64_t degrees[EX_MAX_LIST], dimension = ex_int(at->arguments, "dim", 2, 1 << 20);
    size_t count = ex_ints(at->arguments, "degrees", 2, dimension < 8 ? dimension : 8, degrees);
    const double from = (double)degrees[0], to = (double)degrees[count - 1];
    st_slope onset[closure_count];
    book->x = "degree k", book->y = "critical noise kappa_c";
    book->settings = "set logscale xy\nset bmargin 7\nset key outside below horizontal maxcols 3 samplen 2 "
                     "font ',10'\nset "
                     "xtics (2,4,6,8)\nset xrange [1.8:9]";
    for (size_t c = 0; c < closure_count; c++) {
        onset[c] = exponent_of(book, closures[c], "onset", from, to);
        draw(book, closures[c], "onset", "yerrorlines lw 1.5 pt 7 ps 0.6");
        draw(book, closures[c], "steepest", "yerrorlines lw 1.5 dt 3 pt 6 ps 0.6");
    }
    st_curve *large = st_draw(book, "large d, plain theory", "linespoints lw 1.5 dt 2 pt 0", 4, NULL);
    st_curve *paper = st_draw(book, "1/sqrt(k)", "lines lw 1.5 dt 4", 5, NULL);
    const st_point first = place(book, &st_mf, "onset", from);
    for (size_t i = 0; i < count; i++) {
        const double k = (double)degrees[i];
        st_draw_point(large, k, estimate(at, dimension, degrees[i]), 0.0);
        st_draw_point(paper, k, first.y * sqrt(from / k), 0.0);
    }
    st_say(book,
           "At d = %lld and k from %.0f to %.0f the onset of learning is at a noise that goes like k to the "
           "power",
           (long long)dimension, from, to);
    say_slopes(book, onset);
    st_say(book, "; the estimate for large d has %.2f.",
           log(estimate(at, dimension, degrees[count - 1]) / estimate(at, dimension, degrees[0]))
               / log(to / from));
    st_say(book,
           " The power -1/2 %s for the plain theory, %s with relevance determination and n = 1, and %s with "
           "n = N.",
           verdict(onset[0], -0.5), verdict(onset[1], -0.5), verdict(onset[2], -0.5));
    st_say(book, " The plain onset over the estimate for large d is");
    for (size_t i = 0; i < count; i++)
        st_say(book, "%s %.3f (k = %lld)", i ? "," : "",
               place(book, &st_mf, "onset", (double)degrees[i]).y / estimate(at, dimension, degrees[i]),
               (long long)degrees[i]);
    st_say(book, ".");
    tell_stages(book, &st_ard, degrees, count, "k");
}
