/* SPDX-License-Identifier: BSD-3-Clause */
/* What a sweep has finished, one line a point, appended and forced to the disk before anything else is said about it. A
 * line carries its checksum; whatever a kill leaves behind, the whole lines count and the rest does not. */
#ifndef EXAMPLES_SWEEP_JOURNAL_H
#define EXAMPLES_SWEEP_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

enum { SWEEP_SENTENCE = 240 };

/* The numbers of a record, in the order of the files. */
typedef enum sweep_result {
    SWEEP_TEST_MSE,
    SWEEP_TEST_MSE_DRAW,
    SWEEP_TEST_MSE_NOISY,
    SWEEP_REL_MSE,
    SWEEP_TRAIN_MSE,
    SWEEP_M,
    SWEEP_M_SE,
    SWEEP_WEIGHT_ON,
    SWEEP_WEIGHT_OFF,
    SWEEP_SPECIALISED,
    SWEEP_RHO_ON,
    SWEEP_RHO_OFF,
    SWEEP_SOLVER_SE,
    SWEEP_STEP_SIZE,
    SWEEP_DRAWS,
    SWEEP_R_HAT,
    SWEEP_SECONDS,
    SWEEP_RESULTS
} sweep_result;

const char *sweep_result_name(int32_t result);

typedef struct sweep_record {
    int64_t point;
    int32_t status, stop; /* of the library; MFL_OK with results */
    double results[SWEEP_RESULTS];
    char sentence[SWEEP_SENTENCE]; /* what the library said where status is not MFL_OK */
} sweep_record;

typedef struct sweep_journal {
    int descriptor;
    const char *path;
    sweep_record *records; /* in the order they were written */
    size_t count, capacity;
    char *finished; /* 1 for every point that has a record */
    int64_t points;
} sweep_journal;

/* Open or begin the journal of a grid; the program ends with a sentence if it belongs to another grid, or to a sweep that
 * is running. Lines that a kill or a fault of the disk has damaged are left out, and said. */
void sweep_journal_open(sweep_journal *journal, const char *path, uint64_t fingerprint, int64_t points);
void sweep_journal_close(sweep_journal *journal);

/* The record is on the disk when this returns; a point is accepted once. */
void sweep_journal_append(sweep_journal *journal, const sweep_record *record);

#endif
