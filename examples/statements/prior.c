/* SPDX-License-Identifier: BSD-3-Clause */
/* How the critical noise depends on alpha0, beta0, n, the damping and the scaling exponent gamma. */
#include <math.h>
#include <string.h>

#include "common/library.h"
#include "statement.h"

static double samples_of(const st_setting *at)
{
    return ex_double(at->arguments, "samples", 1e-6, 1e12);
}

static double estimate(const st_setting *at)
{
    return st_prefactor(ex_int(at->arguments, "degree", 1, 8))
           * sqrt(samples_of(at) / (double)ex_int(at->arguments, "dim", 2, 1 << 20));
}

/* The theory of a closure, and its options. */
static mfl_theory *make(const st_setting *at, const st_closure *of, mfl_options **options)
{
    mfl_theory *theory =
        st_make(at, of, ex_int(at->arguments, "dim", 2, 1 << 20), ex_int(at->arguments, "degree", 1, 8));
    ex_check(mfl_theory_options(theory, options));
    return theory;
}

/* Where the tangent at m = 1/2 reaches 0 and the steepest rise, or the fold, of a theory, as `SERIES:
 * critical` and `SERIES: steepest`. Takes the theory. */
static void note_rise(st_book *book, const st_setting *at, const char *series, double x, mfl_theory *theory)
{
    char name[64];
    printf("  %s, %g\n", series, x);
    fflush(stdout);
    mfl_path *path =
        st_follow(at, theory, MFL_PATH_KAPPA, 12.0 * estimate(at), 0.15 * estimate(at), samples_of(at));
    const st_rise found = st_rise_of(path, 1);
    mfl_path_destroy(path);
    snprintf(name, sizeof name, "%s: critical", series);
    st_note_one(book, name, x, found.half.y, found.half.error);
    snprintf(name, sizeof name, "%s: steepest", series);
    st_note_one(book, name, x, found.steepest.y, found.steepest.error);
}

static int32_t is_noted(const st_book *book, const char *series, double x)
{
    char name[64];
    snprintf(name, sizeof name, "%s: steepest", series);
    return st_has(book, name, x);
}

/* One option after the other, the others at their values on the command line. */
typedef struct sweep {
    const char *series;
    const st_closure *of;
    int32_t key; /* enum mfl_theory_option; 0 for gamma */
    double values[8];
} sweep;

static const sweep sweeps[] = {
    {"alpha0, n = 1", &st_ard, MFL_THEORY_ALPHA, {0.1, 0.5, 1.0, 4.0, 16.0, 64.0}},
    {"alpha0, n = N", &st_shared, MFL_THEORY_ALPHA, {0.5, 1.0, 4.0, 16.0, 64.0}},
    {"beta0 over its default, n = 1", &st_ard, MFL_THEORY_BETA, {0.25, 0.5, 1.0, 2.0, 4.0}},
    {"n, alpha0 = 4", &st_ard, MFL_THEORY_SHARING, {1.0, 4.0, 16.0, 64.0}},
};
enum { sweep_count = sizeof sweeps / sizeof sweeps[0] };

void st_measure_prior(st_book *book, const st_setting *at)
{
    static const double dampings[] = {0.2, 0.5, 0.9};
    const double dimension = (double)ex_int(at->arguments, "dim", 2, 1 << 20);
    const double alpha = ex_double(at->arguments, "alpha0", 1e-6, 1e6);
    mfl_options *options;
    for (size_t s = 0; s < sweep_count; s++)
        for (const double *value = sweeps[s].values; *value > 0.0; value++) {
            if (is_noted(book, sweeps[s].series, *value))
                continue;
            mfl_theory *theory = make(at, sweeps[s].of, &options);
            if (sweeps[s].key == MFL_THEORY_SHARING)
                ex_check(mfl_options_set_int(options, sweeps[s].key, (int64_t)*value));
            else
                ex_check(mfl_options_set_double(options, sweeps[s].key,
                                                sweeps[s].key == MFL_THEORY_BETA ? *value * alpha / dimension
                                                                                 : *value));
            note_rise(book, at, sweeps[s].series, *value, theory);
        }
    if (!is_noted(book, "mf", alpha))
        note_rise(book, at, "mf", alpha, make(at, &st_mf, &options));
    for (size_t i = 0; i < sizeof dampings / sizeof dampings[0]; i++) {
        st_point m = {dampings[i], NAN, NAN};
        if (st_has(book, "m by damping", dampings[i]))
            continue;
        mfl_theory *theory = make(at, &st_ard, &options);
        ex_check(mfl_options_set_double(options, MFL_THEORY_DAMPING, dampings[i]));
        ex_check(mfl_theory_solve(theory, samples_of(at), 0.5 * estimate(at)));
        ex_check(mfl_theory_get(theory, MFL_THEORY_M, &m.y, &m.error));
        mfl_theory_destroy(theory);
        st_note(book, "m by damping", &m, 1);
    }
}

/* "falls from 2 (at 0.1) to 1 (at 64)", of kappa_c */
static void tell_trend(st_book *book, const char *series)
{
    char name[64];
    snprintf(name, sizeof name, "%s: critical", series);
    const st_point first = st_first(book, name), last = st_last(book, name);
    if (isnan(first.y))
        return;
    const double change = log(last.y / first.y);
    st_say(book, " %s: kappa_c %s %.4g (at %g) to %.4g (at %g).", series,
           change < -0.01  ? "falls from"
           : change > 0.01 ? "rises from"
                           : "hardly moves, from",
           first.y, first.x, last.y, last.x);
}

void st_tell_prior(st_book *book, const st_setting *at)
{
    double least = INFINITY, most = -INFINITY;
    (void)at;
    book->x = "alpha0, beta0 over its default, or n", book->y = "critical noise kappa_c";
    book->settings =
        "set logscale xy\nset bmargin 7\nset key outside below horizontal maxcols 3 samplen 2 font ',10'";
    for (size_t s = 0; s < sweep_count; s++) {
        char name[64];
        snprintf(name, sizeof name, "%s: critical", sweeps[s].series);
        st_draw(book, name, "yerrorlines lw 1.5 pt 7 ps 0.6", (int32_t)s, name);
    }
    const st_point without = st_first(book, "mf: critical");
    st_curve *plain = st_draw(book, "mf: critical", "lines lw 1.5 dt 2", 4, NULL);
    st_draw_point(plain, 0.1, without.y, 0.0);
    st_draw_point(plain, 64.0, without.y, 0.0);
    st_say(book, "Without relevance determination kappa_c is %.4g.", without.y);
    for (size_t s = 0; s < sweep_count; s++)
        tell_trend(book, sweeps[s].series);
    for (size_t i = 0; i < book->count; i++)
        if (strcmp(book->rows[i].series, "m by damping") == 0) {
            least = fmin(least, book->rows[i].at.y);
            most = fmax(most, book->rows[i].at.y);
        }
    st_say(book, " The damping %s the solution: m = %.6f, within %.1g.",
           most - least < 1e-3 ? "does not change" : "changes", most, most - least);
}

/* ---- gamma ---- */

static const st_closure *const closures[] = {&st_mf, &st_ard, &st_shared};
enum { closure_count = sizeof closures / sizeof closures[0] };

void st_measure_gamma(st_book *book, const st_setting *at)
{
    double gammas[EX_MAX_LIST];
    size_t count = ex_doubles(at->arguments, "gammas", 1e-6, 2.0, gammas);
    for (size_t c = 0; c < closure_count; c++)
        for (size_t i = 0; i < count; i++) {
            char text[32];
            mfl_options *options;
            ex_arguments arguments = *at->arguments;
            const st_setting here = {at->context, &arguments};
            snprintf(text, sizeof text, "%.17g", gammas[i]);
            ex_replace(&arguments, "gamma", text);
            if (!is_noted(book, closures[c]->name, gammas[i]))
                note_rise(book, &here, closures[c]->name, gammas[i], make(&here, closures[c], &options));
        }
}

void st_tell_gamma(st_book *book, const st_setting *at)
{
    const double width = (double)ex_int(at->arguments, "width", 1, INT64_C(1) << 40);
    book->x = "scaling exponent gamma", book->y = "critical noise kappa_c";
    book->settings =
        "set logscale y\nset bmargin 7\nset key outside below horizontal maxcols 3 samplen 2 font ',10'";
    st_say(
        book,
        "The exponent gamma is one of scale: gamma = 1/2 with sigma_a N^(1/2 - gamma) is the same network.");
    for (size_t c = 0; c < closure_count; c++) {
        char name[64];
        snprintf(name, sizeof name, "%s: critical", closures[c]->name);
        st_draw(book, name, "yerrorlines lw 1.5 pt 7 ps 0.6", closures[c]->colour, name);
        const st_point first = st_first(book, name), last = st_last(book, name);
        snprintf(name, sizeof name, "%s: steepest", closures[c]->name);
        st_draw(book, name, "yerrorlines lw 1.5 dt 3 pt 6 ps 0.6", closures[c]->colour, name);
        tell_trend(book, closures[c]->name);
        const double shrink = pow(width, first.x - last.x), moved = last.y / first.y;
        if (!isnan(moved))
            st_say(book,
                   " That is %.3g times, where the prior's outputs are %.3g times as large: kappa_c %s.",
                   moved, shrink,
                   moved < sqrt(shrink)     ? "follows the scale"
                   : fabs(log(moved)) < 0.1 ? "does not depend on it"
                                            : "depends on it weakly");
    }
}
