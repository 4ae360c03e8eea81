/* SPDX-License-Identifier: BSD-3-Clause */
/* What the jobs of the soak share: a worker with a context of its own, which is cancelled from another thread. */
#ifndef SOAK_H
#define SOAK_H

#include <mflearn/mflearn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers that a job found, to be compared with those of the same job undisturbed. */
typedef struct record {
    double value[96];
    size_t count;
} record;

/* The allocator of one context, which is never called by two threads at once. */
typedef struct ledger {
    int64_t blocks, bytes, most_bytes;
} ledger;

typedef struct worker {
    pthread_mutex_t lock; /* over `context`, for the thread that cancels */
    mfl_context *context;
    atomic_int cancels; /* how often the present job may still be cancelled */
    ledger memory;
    char scratch[96]; /* a directory of its own */
    uint64_t random;
    _Atomic int64_t calls, refused, cut_short, jobs, lives; /* reported while they grow */
    record found;
} worker;

/* A job of a kind, each variant a different problem; leaves its numbers in self->found. */
typedef void job_function(worker *self, int variant);
typedef struct job_kind {
    const char *name;
    job_function *run;
    int variants;
} job_kind;
extern const job_kind soak_jobs[];
extern const size_t soak_job_kinds;

job_function job_sampler, job_checkpoint, job_theory, job_path, job_empirical, job_ridge, job_spectrum, job_files;

/* Ends the program unless `status` is that of a cancelled call, and lets the context go on. */
void soak_refused(worker *self, int32_t status, const char *call, const char *file, int line);
/* A run or a solve has ended early: lets the context go on. */
void soak_cut_short(worker *self);
_Noreturn void soak_stop(const char *file, int line, const char *what);

/* Repeats a call until it was not cancelled. */
#define DO(call)                                                                                             \
    do {                                                                                                     \
        int32_t status_;                                                                                     \
        self->calls++;                                                                                       \
        while ((status_ = (call)))                                                                           \
            soak_refused(self, status_, #call, __FILE__, __LINE__);                                          \
    } while (0)
#define MUST(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            soak_stop(__FILE__, __LINE__, #condition);                                                       \
    } while (0)

void soak_found(worker *self, double value);
void soak_found_all(worker *self, const double *values, size_t count);
/* A name in the worker's directory, valid until the fourth next call. */
const char *soak_path(worker *self, const char *name);
void soak_remove(worker *self, const char *name);
/* "name=value,name=value" */
void soak_set(worker *self, mfl_options *options, const char *settings);
/* In [0, 1). */
double soak_uniform(uint64_t *state);

#endif
