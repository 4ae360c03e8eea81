/* SPDX-License-Identifier: BSD-3-Clause */
/* Where learning begins as samples are added, how much is learned then, and where less noise stops helping.
 */
#include <math.h>
#include <string.h>

#include "common/library.h"
#include "statement.h"

static mfl_theory *theory_of(const st_setting *at, const st_closure *of)
{
    return st_make(at, of, ex_int(at->arguments, "dim", 2, 1 << 20), ex_int(at->arguments, "degree", 1, 8));
}

/* ---- onset ---- */

static const st_closure *const closures[] = {&st_mf, &st_ard, &st_screened};

void st_measure_onset(st_book *book, const st_setting *at)
{
    const double most = ex_double(at->arguments, "samples", 1e-6, 1e12);
    for (size_t c = 0; c < 3; c++) {
        if (st_has_series(book, closures[c]->name))
            continue;
        mfl_path *path = st_follow(at, theory_of(at, closures[c]), MFL_PATH_SAMPLES, most / 500.0, most,
                                   ex_double(at->arguments, "kappa", 1e-12, 1e12));
        st_note_path(book, closures[c]->name, path, MFL_THEORY_M);
        mfl_path_destroy(path);
    }
}

void st_tell_onset(st_book *book, const st_setting *at)
{
    double begin[3], after[3];
    (void)at;
    book->x = "training samples P", book->y = "order parameter m";
    book->settings = "set logscale x\nset yrange [0:1.05]\nset key left top";
    for (size_t c = 0; c < 3; c++) {
        st_draw(book, closures[c]->name, "lines lw 2.5", closures[c]->colour, closures[c]->name);
        begin[c] = st_crossing(book, closures[c]->name, 0.5);
    }
    const double later = fmin(st_last(book, "mf_screened").x, 4.0 * begin[2]);
    for (size_t c = 0; c < 3; c++)
        after[c] = st_between(book, closures[c]->name, later);
    const double closed = (after[1] - after[0]) / (after[2] - after[0]);
    st_say(book,
           "Half is learned (m = 1/2) from P = %.3g samples on in the plain theory, %.3g with relevance "
           "determination, %.3g "
           "with screening and renormalised noise: the plain theory %s the screened onset. At P = %.3g m is "
           "%.3f, %.3f and "
           "%.3f: the plain theory %s what follows",
           begin[0], begin[1], begin[2], fabs(log(begin[0] / begin[2])) < 0.5 ? "finds" : "misses", later,
           after[0], after[1], after[2],
           after[0] < after[2] - 0.02 ? "underestimates" : "does not underestimate");
    if (after[0] < after[2] - 0.02)
        st_say(book, ", and relevance determination closes %.0f %% of the gap", 100.0 * closed);
    st_say(book, ".");
}

/* ---- noise ---- */

void st_measure_noise(st_book *book, const st_setting *at)
{
    const double samples = ex_double(at->arguments, "samples", 1e-6, 1e12);
    if (!st_has_series(book, "kt")) {
        mfl_path *path = st_follow(at, theory_of(at, &st_screened), MFL_PATH_KAPPA, 1.0, 1e-3, samples);
        st_note_path(book, "test error, renormalised noise", path, MFL_THEORY_TEST_ERROR);
        st_note_path(book, "kt", path, MFL_THEORY_EFFECTIVE_NOISE);
        mfl_path_destroy(path);
    }
    if (!st_has_series(book, "test error, bare noise")) {
        mfl_path *path = st_follow(at, theory_of(at, &st_mf), MFL_PATH_KAPPA, 1.0, 1e-3, samples);
        st_note_path(book, "test error, bare noise", path, MFL_THEORY_TEST_ERROR);
        mfl_path_destroy(path);
    }
}

/* The largest noise at which halving it lowers a curve by less than `least`, and less at every smaller noise;
 * NAN where it helps to the end. */
static double stops_helping(const st_book *book, const char *series, double least)
{
    const double last = st_last(book, series).x;
    double stops = NAN;
    for (double kappa = 2.0 * last; kappa <= 0.5 * st_first(book, series).x; kappa *= 1.05)
        if (st_between(book, series, 0.5 * kappa) < (1.0 - least) * st_between(book, series, kappa))
            break;
        else
            stops = kappa;
    return stops;
}

static void tell_stop(st_book *book, const char *series, const char *whose)
{
    const double stops = stops_helping(book, series, 0.05);
    if (isnan(stops))
        st_say(
            book,
            " Halving the noise lowers the test error of %s by more than a twentieth down to kappa = %.1g.",
            whose, st_last(book, series).x);
    else
        st_say(book,
               " Below kappa = %.2g halving the noise lowers the test error of %s by less than a twentieth.",
               stops, whose);
    st_say(book, " It ends at %.3g.", st_last(book, series).y);
}

void st_tell_noise(st_book *book, const st_setting *at)
{
    static const char *const errors[] = {"test error, renormalised noise", "test error, bare noise"};
    double leaves = NAN;
    (void)at;
    book->x = "noise kappa", book->y = "renormalised noise kt and test error";
    book->settings = "set logscale xy\nset key left top";
    st_draw(book, "kt", "lines lw 2.5", 2, "kt");
    st_curve *square = st_draw(book, "kappa^2", "lines dt 2 lw 1.5", 2, NULL);
    for (size_t i = 0; i < book->count; i++)
        if (strcmp(book->rows[i].series, "kt") == 0) {
            const st_point at_kappa = book->rows[i].at;
            st_draw_point(square, at_kappa.x, at_kappa.x * at_kappa.x, 0.0);
            if (isnan(leaves) && at_kappa.y > 2.0 * at_kappa.x * at_kappa.x)
                leaves = at_kappa.x;
        }
    for (int32_t e = 0; e < 2; e++)
        st_draw(book, errors[e], "lines lw 2.5", e, errors[e]);
    const st_point last = st_last(book, "kt");
    if (isnan(leaves))
        st_say(book, "The renormalised noise follows kappa^2 within a factor of two.");
    else
        st_say(book,
               "Below kappa = %.3g the renormalised noise is more than twice kappa^2; at kappa = %.1g it is "
               "%.3g.",
               leaves, last.x, last.y);
    tell_stop(book, errors[0], "the theory with renormalised noise");
    tell_stop(book, errors[1], "the plain theory");
}
