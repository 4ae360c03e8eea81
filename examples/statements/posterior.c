/* SPDX-License-Identifier: BSD-3-Clause */
/* The sampled posterior of networks beside the theories: of the population, and of the training sets that the
 * networks had. */
#include <math.h>

#include "common/library.h"
#include "common/measure.h"
#include "common/theory.h"
#include "statement.h"

static const st_closure *const closures[] = {&st_mf, &st_ard, &st_screened};
enum { closure_count = sizeof closures / sizeof closures[0] };

static const char *series_of(char name[64], const char *what, int64_t seed)
{
    snprintf(name, 64, "%.38s, data %d", what, (int)seed);
    return name;
}

static const char *of_data(char name[64], const st_closure *of)
{
    snprintf(name, 64, "%.30s of the data", of->name);
    return name;
}

static mfl_task *task_of(const st_setting *at)
{
    const int64_t dimension = ex_int(at->arguments, "dim", 2, 1 << 20);
    const int64_t degree = ex_int(at->arguments, "degree", 1, 8);
    mfl_task *task;
    ex_check(ex_choice(at->arguments, "task", "parity|hermite") == 0
                 ? mfl_task_create_parity(at->context, dimension, degree, &task)
                 : mfl_task_create_hermite(at->context, dimension, degree, &task));
    return task;
}

static void sample(st_book *book, const st_setting *at, const mfl_task *task, int64_t samples, int64_t seed)
{
    char name[64];
    ex_row row;
    ex_subject subject = {.context = at->context,
                          .arguments = at->arguments,
                          .task = task,
                          .tests = 1000,
                          .kappa = ex_double(at->arguments, "kappa", 1e-12, 1e12)};
    mfl_model *model;
    ex_check(ex_make_model(at->context, at->arguments, ex_int(at->arguments, "dim", 2, 1 << 20), 0, &model));
    subject.model = model;
    ex_check(ex_measure(&subject, EX_METHOD_NETWORK, samples, seed, &row));
    mfl_model_destroy(model);
    printf("  network, P = %lld, data %lld: m = %.4f +- %.4f, R-hat %.3f, %.1f s\n", (long long)samples,
           (long long)seed, row.m, row.m_se, row.r_hat, row.seconds);
    fflush(stdout);
    st_note_one(book, series_of(name, "R-hat", seed), (double)samples, row.r_hat, NAN);
    st_note_one(book, series_of(name, "posterior", seed), (double)samples, row.m, row.m_se);
}

/* The training set is the one that ex_measure() draws for this seed. Particles do not reach the tolerance of
 * the population's theories. */
static void solve(st_book *book, const st_setting *at, const mfl_task *task, const st_closure *of,
                  int64_t samples, int64_t seed)
{
    char name[64], data[64];
    mfl_options *options;
    mfl_dataset *train;
    int32_t stop;
    st_point m = {(double)samples, NAN, NAN};
    ex_check(mfl_context_options(at->context, &options));
    ex_check(mfl_options_set_int(options, MFL_CONTEXT_SEED, seed));
    ex_check(mfl_dataset_draw(task, samples, 0.0, 0, MFL_ROLE_TRAIN, &train));
    mfl_theory *theory = ex_theory_of_data(at->context, at->arguments, of->preset, train, task,
                                           ex_int(at->arguments, "width", 1, INT64_C(1) << 40));
    ex_check(mfl_theory_options(theory, &options));
    ex_check(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-2));
    ex_check(mfl_theory_solve(theory, (double)samples, ex_double(at->arguments, "kappa", 1e-12, 1e12)));
    ex_check(mfl_theory_get(theory, MFL_THEORY_M, &m.y, &m.error));
    ex_check(mfl_theory_stop(theory, &stop));
    printf("  %s, P = %lld, data %lld: m = %.4f +- %.4f%s\n", of->name, (long long)samples, (long long)seed,
           m.y, m.error, stop == MFL_STOP_CONVERGED ? "" : ", not converged");
    fflush(stdout);
    st_note(book, series_of(name, of_data(data, of), seed), &m, 1);
    mfl_theory_destroy(theory);
    mfl_dataset_destroy(train);
}

void st_measure_posterior(st_book *book, const st_setting *at)
{
    int64_t sizes[EX_MAX_LIST];
    size_t count = ex_ints(at->arguments, "sizes", 2, 1 << 20, sizes);
    const int64_t seeds = ex_int(at->arguments, "seeds", 1, 1000);
    const int64_t most = ex_int(at->arguments, "solve-most", 0, 1 << 20);
    const double kappa = ex_double(at->arguments, "kappa", 1e-12, 1e12);
    char name[64], data[64];
    mfl_task *task = task_of(at);
    for (size_t c = 0; c < closure_count; c++) {
        if (st_has_series(book, closures[c]->name))
            continue;
        mfl_theory *theory = st_make(at, closures[c], ex_int(at->arguments, "dim", 2, 1 << 20),
                                     ex_int(at->arguments, "degree", 1, 8));
        mfl_path *path =
            st_follow(at, theory, MFL_PATH_SAMPLES, (double)sizes[0] / 50.0, (double)sizes[count - 1], kappa);
        st_note_path(book, closures[c]->name, path, MFL_THEORY_M);
        mfl_path_destroy(path);
    }
    for (size_t i = 0; i < count; i++)
        for (int64_t seed = 1; seed <= seeds; seed++) {
            if (!st_has(book, series_of(name, "posterior", seed), (double)sizes[i]))
                sample(book, at, task, sizes[i], seed);
            for (size_t c = 0; c < closure_count && sizes[i] <= most; c++)
                if (!st_has(book, series_of(name, of_data(data, closures[c]), seed), (double)sizes[i]))
                    solve(book, at, task, closures[c], sizes[i], seed);
        }
    mfl_task_destroy(task);
}

/* ---- told ---- */

/* Mean over data sets of m in one series, less that in another if one is named; the error from their scatter,
 * with one data set from those of the solvers. */
static st_point mean_of(const st_book *book, const char *what, const char *less, double samples,
                        int64_t seeds)
{
    char name[64];
    double n = 0.0, sum = 0.0, squares = 0.0, noise = 0.0;
    for (int64_t seed = 1; seed <= seeds; seed++) {
        const st_point one = st_at(book, series_of(name, what, seed), samples);
        const st_point other =
            less ? st_at(book, series_of(name, less, seed), samples) : (st_point){samples, 0.0, 0.0};
        const double m = one.y - other.y;
        if (!isnan(m))
            n++, sum += m, squares += m * m, noise = hypot(one.error, other.error);
    }
    const double mean = sum / n;
    return (st_point){samples, mean,
                      n > 1.0 ? sqrt(fmax(0.0, squares / n - mean * mean) / (n - 1.0)) : noise};
}

/* P where the mean over data sets passes 1/2, linear in log P; 0 where that is before the first, infinity
 * where it is behind the last. */
static double half_of(const st_curve *curve)
{
    if (curve->count && curve->points[0].y >= 0.5)
        return 0.0;
    for (size_t i = 1; i < curve->count; i++) {
        const st_point *before = &curve->points[i - 1], *at = &curve->points[i];
        if (before->y < 0.5 && at->y >= 0.5)
            return before->x * pow(at->x / before->x, (0.5 - before->y) / (at->y - before->y));
    }
    return INFINITY;
}

static void say_half(st_book *book, const st_curve *curve)
{
    const double half = half_of(curve);
    if (half == 0.0)
        st_say(book, " passes m = 1/2 before P = %.3g", curve->points[0].x);
    else if (isinf(half))
        st_say(book, " does not reach m = 1/2");
    else
        st_say(book, " passes m = 1/2 at P = %.3g", half);
}

static const char *verdict_on_onset(double theory, double posterior)
{
    if (theory == posterior) /* both before the first size, or behind the last */
        return "says nothing about";
    return fabs(log(theory / posterior)) < 0.5 ? "finds" : "misses";
}

/* How far a theory's m is from the posterior's of the same data, over the sizes at which the posterior has
 * more than 1/2. */
typedef struct distance {
    double count, mean, largest;
    double below; /* sizes at which the theory has less, by more than two standard errors and 0.02 */
} distance;

static distance compare(const st_book *book, const st_curve *posterior, const char *theory, int64_t seeds)
{
    distance found = {0.0, 0.0, 0.0, 0.0};
    for (size_t i = 0; i < posterior->count; i++) {
        const st_point gap = mean_of(book, theory, "posterior", posterior->points[i].x, seeds);
        if (posterior->points[i].y < 0.5 || isnan(gap.y))
            continue;
        found.count++;
        found.mean += gap.y;
        if (fabs(gap.y) > fabs(found.largest))
            found.largest = gap.y;
        found.below += gap.y < -fmax(0.02, 2.0 * gap.error);
    }
    found.mean /= found.count;
    return found;
}

static void tell_distance(st_book *book, const st_closure *of, const st_curve *curve, const distance *d,
                          double onset)
{
    st_say(book, " %s", of->name);
    say_half(book, curve);
    st_say(book, ": it %s the onset", verdict_on_onset(half_of(curve), onset));
    if (d->count > 0.0)
        st_say(book,
               ". Where the posterior has more than 1/2 it differs by %+.3f on average, %+.3f at most: it %s "
               "what follows",
               d->mean, d->largest,
               d->below == d->count ? "underestimates"
               : d->below > 0.0     ? "underestimates some of"
                                    : "does not underestimate");
    st_say(book, ".");
}

void st_tell_posterior(st_book *book, const st_setting *at)
{
    int64_t sizes[EX_MAX_LIST];
    size_t count = ex_ints(at->arguments, "sizes", 2, 1 << 20, sizes);
    const int64_t seeds = ex_int(at->arguments, "seeds", 1, 1000);
    char data[64], name[64];
    double worst = 0.0;
    distance found[closure_count];
    book->x = "training samples P", book->y = "order parameter m";
    book->settings =
        "set logscale x\nset yrange [0:1.05]\nset bmargin 7\nset key outside below horizontal maxcols 3 "
        "samplen 2 font ',10'";
    st_curve *posterior = st_draw(book, "posterior, sampled", "yerrorlines lw 2.5 pt 7", 4, NULL);
    for (size_t i = 0; i < count; i++) {
        const st_point mean = mean_of(book, "posterior", NULL, (double)sizes[i], seeds);
        st_draw_point(posterior, mean.x, mean.y, mean.error);
        for (int64_t seed = 1; seed <= seeds; seed++)
            worst = fmax(worst, st_at(book, series_of(name, "R-hat", seed), (double)sizes[i]).y);
    }
    const double onset = half_of(posterior);
    st_say(book, "The sampled posterior");
    say_half(book, posterior);
    st_say(book, " (%lld data sets a size, R-hat at most %.2f). Theories of the same training sets:",
           (long long)seeds, worst);
    for (size_t c = 0; c < closure_count; c++) {
        st_curve *curve =
            st_draw(book, of_data(data, closures[c]), "yerrorlines lw 1.5 pt 6", closures[c]->colour, NULL);
        for (size_t i = 0; i < count; i++) {
            const st_point mean = mean_of(book, data, NULL, (double)sizes[i], seeds);
            if (!isnan(mean.y))
                st_draw_point(curve, mean.x, mean.y, mean.error);
        }
        found[c] = compare(book, posterior, data, seeds);
        tell_distance(book, closures[c], curve, &found[c], onset);
    }
    if (found[0].mean < 0.0)
        st_say(book, " Relevance determination closes %.0f %% of the gap of the plain theory.",
               100.0 * (1.0 - found[1].mean / found[0].mean));
    st_say(book, " Theories of the population pass m = 1/2 at");
    for (size_t c = 0; c < closure_count; c++) {
        st_draw(book, closures[c]->name, "lines lw 1.5 dt 3", closures[c]->colour, closures[c]->name);
        st_say(book, "%s P = %.3g (%s)", c ? "," : "", st_crossing(book, closures[c]->name, 0.5),
               closures[c]->name);
    }
    st_say(book, ".");
}
