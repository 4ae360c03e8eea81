/* SPDX-License-Identifier: BSD-3-Clause */
/* A grid of independent measurements, on the threads of one machine or on many machines by MPI. What is finished is in a
 * journal at once; after a kill the same command goes on.
 *
 * Expected, with examples/sweep/transition.grid: test errors of network, kernel and theories through the transition. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/output.h"
#include "sweep/export.h"
#include "sweep/grid.h"
#include "sweep/journal.h"
#include "sweep/ranks.h"
#include "sweep/workers.h"

static const ex_option options[] = {
    {"grid", "FILE", NULL, "what to measure; settings and lists, see below"},
    {"out", "DIR", "sweep", "directory of the journal and of the tables made from it"},
    {"threads", "COUNT", "0", "threads of this process, a point each; 0 takes the processors, or one of rank 0 among others"},
    {"export", NULL, NULL, "only make the tables from the journal"},
};

/* Where BLAS is OpenBLAS: a thread a point is enough, and the numbers are then those of any number of processors. */
extern void openblas_set_num_threads(int count) __attribute__((weak));

static sweep_workers workers;
static volatile sig_atomic_t stopped;

static void interrupt(int number)
{
    (void)number;
    stopped = 1;
    sweep_workers_cancel(&workers);
}

typedef struct sweep {
    const sweep_grid *grid;
    sweep_journal journal;
    int64_t *order; /* points left, the longest first */
    int64_t left, given, running, refused, failed;
    double start, work_left, work_done;
    int32_t others, *idle; /* ranks */
    int32_t *dismissed;
} sweep;

/* Every kind of point once, so that mistakes come to light now: those that only differ in numbers of samples, noise and
 * data set are of one kind. */
static void check_kinds(const sweep_grid *grid, mfl_context *context)
{
    for (int64_t point = 0; point < grid->points; point++) {
        int32_t first = 1;
        for (int32_t i = 0; i < grid->axis_count; i++) {
            const char *name = grid->axes[i].name;
            if (strcmp(name, "samples") == 0 || strcmp(name, "kappa") == 0 || strcmp(name, "dataset") == 0)
                first &= sweep_grid_value(grid, i, point) == grid->axes[i].values[0];
        }
        if (!first)
            continue;
        sweep_point made;
        int32_t status = sweep_point_make(grid, point, context, &made);
        if (status == MFL_OK)
            status = ex_try_method(&made.subject, made.method);
        if (status != MFL_OK)
            fprintf(stderr, "Point %lld and its kind will be refused: %s\n", (long long)point,
                    mfl_context_message(context));
        sweep_point_release(&made);
    }
}

static const double *works;

static int by_work(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    if (works[x] != works[y])
        return works[x] < works[y] ? 1 : -1;
    return (x > y) - (x < y);
}

static double *plan(sweep *s)
{
    double *work = malloc((size_t)s->grid->points * sizeof *work);
    s->order = malloc((size_t)s->grid->points * sizeof *s->order);
    if (!work || !s->order)
        ex_die("out of memory");
    for (int64_t i = 0; i < s->grid->points; i++) {
        work[i] = sweep_point_work(s->grid, i);
        if (s->journal.finished[i])
            continue;
        s->order[s->left++] = i;
        s->work_left += work[i];
    }
    works = work;
    qsort(s->order, (size_t)s->left, sizeof *s->order, by_work);
    return work;
}

static void show_progress(const sweep *s)
{
    if (!isatty(STDERR_FILENO))
        return;
    const double elapsed = ex_seconds() - s->start;
    fprintf(stderr, "\r%zu of %lld points, ", s->journal.count, (long long)s->grid->points);
    if (s->work_done > 0.0)
        fprintf(stderr, "time left %.0f s \033[K", elapsed * s->work_left / s->work_done);
    else
        fprintf(stderr, "time left ? \033[K");
}

static void accept(sweep *s, const sweep_record *record)
{
    s->running--;
    if (record->status == MFL_ERROR_CANCELLED)
        return;
    if (record->status == MFL_ERROR_MEMORY || record->status == MFL_ERROR_IO) { /* says nothing about the point */
        fprintf(stderr, "Point %lld: %s\n", (long long)record->point, record->sentence);
        s->failed++;
        return;
    }
    sweep_journal_append(&s->journal, record);
    s->refused += record->status != MFL_OK;
    s->work_left -= works[record->point];
    s->work_done += works[record->point];
}

static void give_out(sweep *s)
{
    while (s->given < s->left && !stopped) {
        const int64_t point = s->order[s->given];
        int32_t rank = s->others;
        while (rank > 0 && !s->idle[rank])
            rank--;
        if (rank > 0) {
            sweep_ranks_assign(rank, point);
            s->idle[rank] = 0;
        } else if (!sweep_workers_assign(&workers, point)) {
            return;
        }
        s->given++;
        s->running++;
    }
}

static void dismiss(sweep *s, int32_t even_busy)
{
    for (int32_t rank = 1; rank <= s->others; rank++)
        if (!s->dismissed[rank] && (s->idle[rank] || even_busy)) {
            sweep_ranks_dismiss(rank);
            s->dismissed[rank] = 1;
        }
}

static void run(sweep *s)
{
    sweep_record record;
    int32_t rank;
    double shown = 0.0;
    s->start = ex_seconds();
    while (s->running > 0 || (s->given < s->left && !stopped)) {
        give_out(s);
        if (stopped)
            dismiss(s, 1);
        while (sweep_ranks_collect(&rank, &record)) {
            s->idle[rank] = 1;
            accept(s, &record);
        }
        if (sweep_workers_collect(&workers, s->others ? 1 : 100, &record))
            accept(s, &record);
        if (ex_seconds() > shown + 0.5) {
            shown = ex_seconds();
            show_progress(s);
        }
    }
    dismiss(s, 1);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

static int32_t stop_if_dismissed(const char *stage, double fraction, double seconds, void *data)
{
    (void)stage;
    (void)fraction;
    (void)seconds;
    (void)data;
    return sweep_ranks_dismissed();
}

/* What ranks beyond 0 do. */
static void serve(const sweep_grid *grid)
{
    mfl_context *context = sweep_context();
    sweep_record record;
    mfl_context_set_progress(context, stop_if_dismissed, NULL);
    for (int64_t point = sweep_ranks_next(); point >= 0; point = sweep_ranks_next()) {
        sweep_measure(grid, point, context, &record);
        sweep_ranks_report(&record);
    }
    mfl_context_destroy(context);
}

static int32_t count_threads(const ex_arguments *arguments)
{
    int64_t asked = ex_int(arguments, "threads", 0, 1024);
    if (asked || sweep_ranks_others())
        return asked ? (int32_t)asked : 1;
    return (int32_t)fmax(1.0, (double)sysconf(_SC_NPROCESSORS_ONLN));
}

static void finish(sweep *s, const char *directory)
{
    sweep_export_csv(s->grid, &s->journal, directory);
    printf("%zu of %lld points are finished", s->journal.count, (long long)s->grid->points);
    if (s->refused)
        printf(", of them %lld refused now (the table says why)", (long long)s->refused);
    printf("\nNumbers: %s/sweep.csv\n", directory);
    if (sweep_export_hdf5(s->grid, &s->journal, directory))
        printf("HDF5:    %s/sweep.h5\n", directory);
    if ((int64_t)s->journal.count < s->grid->points)
        printf("The same command goes on.\n");
}

/* Rank 0, or the only process. */
static int lead(const ex_arguments *arguments, const sweep_grid *grid, mfl_context *context)
{
    static char path[EX_PATH_SIZE + 16];
    const char *directory = ex_text(arguments, "out");
    sweep s = {.grid = grid, .others = sweep_ranks_others()};
    s.idle = calloc((size_t)s.others + 1, sizeof *s.idle);
    s.dismissed = calloc((size_t)s.others + 1, sizeof *s.dismissed);
    if (!s.idle || !s.dismissed)
        ex_die("out of memory");
    for (int32_t rank = 1; rank <= s.others; rank++)
        s.idle[rank] = 1;
    ex_make_directory(directory);
    snprintf(path, sizeof path, "%s/journal", directory);
    sweep_journal_open(&s.journal, path, grid->fingerprint, grid->points);
    double *work = plan(&s);
    if (!ex_given(arguments, "export")) {
        check_kinds(grid, context);
        if (s.left < grid->points)
            fprintf(stderr, "Going on: %lld of %lld points are left\n", (long long)s.left, (long long)grid->points);
        sweep_workers_start(&workers, grid, count_threads(arguments));
        signal(SIGINT, interrupt);
        signal(SIGTERM, interrupt);
        run(&s);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        sweep_workers_stop(&workers);
    } else {
        dismiss(&s, 1);
    }
    if (s.failed)
        ex_die("%lld points could not be measured now; the same command tries them again", (long long)s.failed);
    finish(&s, directory);
    sweep_journal_close(&s.journal);
    free(work);
    free(s.order);
    free(s.idle);
    free(s.dismissed);
    return stopped ? 130 : 0;
}

int main(int argc, char **argv)
{
    static ex_arguments arguments = {
        .program = "sweep",
        .summary = "Measure every point of a grid: data set x samples x noise x method x whatever else has a list. Goes on\n"
                   "where it was stopped or killed. Many machines: mpirun sweep --grid FILE (where built with MPI).",
        .options = options,
        .count = sizeof options / sizeof options[0],
        .settings_title = "Settings of a grid, a line each: name and value, or name and list",
    };
    const int32_t rank = sweep_ranks_begin(&argc, &argv);
    sweep_grid grid;
    int status = 0;
    arguments.settings = sweep_grid_settings(&arguments.settings_count);
    ex_parse(&arguments, argc, argv);
    if (!ex_text(&arguments, "grid"))
        ex_usage("--grid names the file that says what to measure; see --help");
    sweep_grid_read(&grid, ex_text(&arguments, "grid"));
    mfl_context *context = ex_start();
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    if (rank == 0)
        status = lead(&arguments, &grid, context);
    else
        serve(&grid);
    mfl_context_destroy(context);
    sweep_grid_release(&grid);
    sweep_ranks_end();
    return status;
}
