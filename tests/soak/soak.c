/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight contexts at once, each in a thread of its own, sample, solve, fit, read and write, while another thread
 * cancels them at random moments. Every job must find the numbers that it finds undisturbed; a context that is
 * destroyed must have given back every byte; and the process must not grow: neither its memory nor its open files nor
 * its threads.
 *
 *     OPENBLAS_NUM_THREADS=1 soak MINUTES [SEED]
 *
 * (With more, eight callers wait in turns, awake, for the one pool of BLAS: doc/threading.md.)
 *
 * Growth is judged from 10 minutes on: the line through the resident memory after the first 5 minutes (Theil and Sen's,
 * the median of the slopes between all pairs of samples) must rise by less than 4 % of its level in half an hour. */
#include <dirent.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

enum { workers = 8, jobs_a_life = 8, most_samples = 24 * 360, sample_seconds = 10, warm_up = 300 };

const job_kind soak_jobs[] = {
    {"samplers", job_sampler, 8},    {"checkpoints of samplers", job_checkpoint, 2},
    {"theories", job_theory, 7},     {"paths and diagrams", job_path, 2},
    {"theories of data", job_empirical, 3}, {"kernel ridge", job_ridge, 4},
    {"spectra", job_spectrum, 2},    {"files", job_files, 3},
};
const size_t soak_job_kinds = sizeof soak_jobs / sizeof *soak_jobs;

enum { most_kinds = 8, most_variants = 8 };
static record expected[most_kinds][most_variants];
static worker crew[workers];
static atomic_int finished;
static char root[64] = "/tmp/mflearn-soak-XXXXXX";

void soak_stop(const char *file, int line, const char *what)
{
    fprintf(stderr, "soak: %s:%d: %s\n", file, line, what);
    abort();
}

void soak_refused(worker *self, int32_t status, const char *call, const char *file, int line)
{
    if (status != MFL_ERROR_CANCELLED) {
        fprintf(stderr, "soak: %s: %s: %s\n", call, mfl_status_name(status), mfl_context_message(self->context));
        soak_stop(file, line, "a call failed");
    }
    if (!*mfl_context_message(self->context))
        soak_stop(file, line, "a cancelled call has no message");
    self->refused++;
    if (mfl_context_resume(self->context))
        soak_stop(file, line, "the context cannot be resumed");
}

void soak_cut_short(worker *self)
{
    self->cut_short++;
    MUST(mfl_context_resume(self->context) == MFL_OK);
}

void soak_found(worker *self, double value)
{
    MUST(self->found.count < sizeof self->found.value / sizeof(double));
    self->found.value[self->found.count++] = value;
}

void soak_found_all(worker *self, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        soak_found(self, values[i]);
}

const char *soak_path(worker *self, const char *name)
{
    static _Thread_local char paths[4][160];
    static _Thread_local unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", self->scratch, name);
    return path;
}

void soak_remove(worker *self, const char *name)
{
    MUST(unlink(soak_path(self, name)) == 0);
}

void soak_set(worker *self, mfl_options *options, const char *settings)
{
    char text[320], *rest = text;
    MUST(strlen(settings) < sizeof text);
    strcpy(text, settings);
    for (char *item; (item = strtok_r(rest, ",", &rest));) {
        char *value = strchr(item, '=');
        *value++ = '\0';
        DO(mfl_options_set_text(options, item, value));
    }
}

/* SplitMix64. */
double soak_uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void *take(size_t size, void *data)
{
    ledger *memory = data;
    void *block = malloc(size);
    if (!block)
        return NULL;
    memory->blocks++;
    memory->bytes += (int64_t)malloc_usable_size(block);
    if (memory->bytes > memory->most_bytes)
        memory->most_bytes = memory->bytes;
    return block;
}

static void give(void *block, void *data)
{
    ledger *memory = data;
    memory->blocks--;
    memory->bytes -= (int64_t)malloc_usable_size(block);
    free(block);
}

static void life_begin(worker *self, int threads)
{
    mfl_context *context;
    mfl_options *options;
    MUST(mfl_context_create_with_allocator(take, give, &self->memory, &context) == MFL_OK);
    MUST(mfl_context_options(context, &options) == MFL_OK);
    MUST(mfl_options_set_int(options, MFL_CONTEXT_THREADS, threads) == MFL_OK);
    pthread_mutex_lock(&self->lock);
    self->context = context;
    pthread_mutex_unlock(&self->lock);
}

static int entries(const char *directory)
{
    int count = -2; /* . and .. */
    DIR *opened = opendir(directory);
    MUST(opened);
    while (readdir(opened))
        count++;
    closedir(opened);
    return count;
}

static void life_end(worker *self)
{
    mfl_context *context = self->context;
    pthread_mutex_lock(&self->lock);
    self->context = NULL;
    pthread_mutex_unlock(&self->lock);
    mfl_context_destroy(context);
    MUST(self->memory.blocks == 0 && self->memory.bytes == 0);
    MUST(entries(self->scratch) == 0);
    self->lives++;
}

static void do_job(worker *self, size_t kind, int variant)
{
    self->found.count = 0;
    soak_jobs[kind].run(self, variant);
    self->jobs++;
}

/* The same numbers, bit for bit: unequal only where both are not-a-number. */
static void compare(const record *found, size_t kind, int variant)
{
    const record *wanted = &expected[kind][variant];
    MUST(found->count == wanted->count);
    for (size_t i = 0; i < found->count; i++)
        if (found->value[i] != wanted->value[i] && !(isnan(found->value[i]) && isnan(wanted->value[i]))) {
            fprintf(stderr, "soak: %s, variant %d: number %zu is %.17g, undisturbed %.17g\n", soak_jobs[kind].name,
                    variant, i, found->value[i], wanted->value[i]);
            soak_stop(__FILE__, __LINE__, "a disturbed job found other numbers");
        }
}

static void hire(worker *self, int number, uint64_t seed)
{
    *self = (worker){.random = seed ^ (uint64_t)(number + 1) << 32};
    pthread_mutex_init(&self->lock, NULL);
    snprintf(self->scratch, sizeof self->scratch, "%s/%d", root, number);
    MUST(mkdir(self->scratch, 0700) == 0);
}

static void *work(void *data)
{
    worker *self = data;
    while (!atomic_load(&finished)) {
        life_begin(self, 1 + (int)(3.0 * soak_uniform(&self->random)));
        for (int n = 0; n < jobs_a_life && !atomic_load(&finished); n++) {
            const size_t kind = (size_t)((double)soak_job_kinds * soak_uniform(&self->random));
            const int variant = (int)(soak_jobs[kind].variants * soak_uniform(&self->random));
            atomic_store(&self->cancels, (int)(4.0 * soak_uniform(&self->random)));
            do_job(self, kind, variant);
            compare(&self->found, kind, variant);
        }
        life_end(self);
    }
    return NULL;
}

/* Pauses from 0.1 ms to 0.3 s, their logarithms uniform; then one of the workers. */
static void *cancel_at_random(void *data)
{
    uint64_t random = *(uint64_t *)data;
    while (!atomic_load(&finished)) {
        const double pause = 1e-4 * pow(3000.0, soak_uniform(&random));
        nanosleep(&(struct timespec){0, (long)(1e9 * pause)}, NULL);
        worker *chosen = &crew[(int)(workers * soak_uniform(&random))];
        if (atomic_fetch_sub(&chosen->cancels, 1) <= 0)
            continue;
        pthread_mutex_lock(&chosen->lock);
        mfl_context_cancel(chosen->context);
        pthread_mutex_unlock(&chosen->lock);
    }
    return NULL;
}

typedef struct sample {
    double seconds, resident; /* MiB */
    int files, threads;
} sample;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static sample look(double began)
{
    long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    MUST(statm && fscanf(statm, "%*s %lld", &pages) == 1);
    fclose(statm);
    return (sample){now() - began, (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576.0,
                    entries("/proc/self/fd") - 1, entries("/proc/self/task")};
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

/* Theil and Sen's slope of the resident memory in MiB a second. */
static double slope(const sample *seen, size_t count)
{
    double *slopes = malloc(count * count / 2 * sizeof *slopes);
    size_t pairs = 0;
    MUST(slopes);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            slopes[pairs++] = (seen[i].resident - seen[j].resident) / (seen[i].seconds - seen[j].seconds);
    const double result = median(slopes, pairs);
    free(slopes);
    return result;
}

static void report(const sample *now_seen)
{
    int64_t jobs = 0, calls = 0, refused = 0, cut = 0, lives = 0;
    for (int n = 0; n < workers; n++) { /* read while they are written: a few behind at worst */
        jobs += crew[n].jobs, calls += crew[n].calls, lives += crew[n].lives;
        refused += crew[n].refused, cut += crew[n].cut_short;
    }
    printf("%7.0f s: %lld contexts, %lld jobs, %lld calls, cancelled: %lld calls refused, %lld cut short; "
           "resident %.1f MiB, %d files, %d threads\n",
           now_seen->seconds, (long long)lives, (long long)jobs, (long long)calls, (long long)refused, (long long)cut,
           now_seen->resident, now_seen->files, now_seen->threads);
}

/* Level and growth of the resident memory after the first minutes; 0 where it is stable. */
static int judge(const sample *seen, size_t count)
{
    size_t first = 0;
    while (first < count && seen[first].seconds < warm_up)
        first++;
    if (count < 2 || seen[count - 1].seconds < 2.0 * warm_up) {
        printf("too short to judge growth by\n");
        return 0;
    }
    const double rate = slope(seen + first, count - first) * 1800.0;
    double *levels = malloc((count - first) * sizeof *levels);
    MUST(levels);
    for (size_t i = first; i < count; i++)
        levels[i - first] = seen[i].resident;
    const double level = median(levels, count - first);
    printf("resident memory after %d s: median %.1f MiB, largest %.1f MiB, %+.2f MiB in half an hour\n", warm_up, level,
           levels[count - first - 1], rate);
    free(levels);
    return rate > 0.04 * level;
}

/* Jobs one after the other, undisturbed, on one thread. */
static void learn_what_to_expect(uint64_t seed)
{
    worker alone;
    hire(&alone, workers, seed);
    for (size_t kind = 0; kind < soak_job_kinds; kind++) {
        const clock_t began = clock();
        for (int variant = 0; variant < soak_jobs[kind].variants; variant++) {
            life_begin(&alone, 1);
            do_job(&alone, kind, variant);
            expected[kind][variant] = alone.found;
            life_end(&alone);
        }
        printf("%s: %d variants, %.2f s\n", soak_jobs[kind].name, soak_jobs[kind].variants,
               (double)(clock() - began) / CLOCKS_PER_SEC);
    }
    MUST(alone.refused == 0 && alone.cut_short == 0);
    MUST(rmdir(alone.scratch) == 0);
}

static void *nothing(void *data)
{
    return data;
}

int main(int count, char **arguments)
{
    static sample seen[most_samples];
    const double minutes = count > 1 ? atof(arguments[1]) : 0.1;
    uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    pthread_t threads[workers], canceller;
    size_t samples = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    MUST(mkdtemp(root));
    learn_what_to_expect(seed);
    MUST(pthread_create(&canceller, NULL, nothing, NULL) == 0); /* the thread sanitizer starts one of its own with it */
    pthread_join(canceller, NULL);
    const double began = now();
    const sample before = look(began);
    for (int n = 0; n < workers; n++) {
        hire(&crew[n], n, seed);
        MUST(pthread_create(&threads[n], NULL, work, &crew[n]) == 0);
    }
    MUST(pthread_create(&canceller, NULL, cancel_at_random, &seed) == 0);
    for (double next = sample_seconds; now() - began < 60.0 * minutes && samples < most_samples;) {
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        if (now() - began < next)
            continue;
        seen[samples] = look(began);
        if (samples++ % 6 == 5)
            report(&seen[samples - 1]);
        next += sample_seconds;
    }
    atomic_store(&finished, 1);
    pthread_join(canceller, NULL);
    for (int n = 0; n < workers; n++) {
        pthread_join(threads[n], NULL);
        MUST(rmdir(crew[n].scratch) == 0);
    }
    MUST(rmdir(root) == 0);
    const sample after = look(began);
    report(&after);
    printf("before: %d files, %d threads; after: %d files, %d threads\n", before.files, before.threads, after.files,
           after.threads);
    MUST(after.files == before.files && after.threads == before.threads);
    return judge(seen, samples);
}
