/* SPDX-License-Identifier: BSD-3-Clause */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/arguments.h"
#include "../common/output.h"
#include "hash.h"

enum { line_most = 1024 };

static const char *const names[SWEEP_RESULTS] = {
    "test_mse", "test_mse_draw", "test_mse_noisy", "rel_mse", "train_mse", "m_S",       "m_S_se", "weight_on", "weight_off",
    "specialised", "rho_on",     "rho_off",        "solver_se", "step_size", "draws",   "r_hat",  "seconds"};

const char *sweep_result_name(int32_t result)
{
    return names[result];
}

/* ---- lines: fields and a checksum, with tabs between ---- */

static size_t seal(char *line, size_t length)
{
    return length + (size_t)snprintf(line + length, line_most - length, "\t%016" PRIx64 "\n",
                                     sweep_hash(SWEEP_HASH_START, line, length));
}

/* The length of the fields of a whole line; 0 if it is damaged. */
static size_t check_seal(const char *line, size_t length)
{
    char *end;
    if (length < 18 || line[length - 17] != '\t')
        return 0;
    uint64_t found = strtoull(line + length - 16, &end, 16);
    return end == line + length && found == sweep_hash(SWEEP_HASH_START, line, length - 17) ? length - 17 : 0;
}

static size_t print_header(char *line, uint64_t fingerprint, int64_t points)
{
    return seal(line, (size_t)snprintf(line, line_most, "mflearn sweep 1\t%016" PRIx64 "\t%" PRId64, fingerprint, points));
}

static size_t print_record(char *line, const sweep_record *record)
{
    int used = snprintf(line, line_most, "%" PRId64 "\t%" PRId32 "\t%" PRId32, record->point, record->status, record->stop);
    for (int32_t i = 0; i < SWEEP_RESULTS; i++)
        used += snprintf(line + used, (size_t)(line_most - used), "\t%.17g", record->results[i]);
    used += snprintf(line + used, (size_t)(line_most - used), "\t%s", record->sentence);
    for (char *c = line + used - strlen(record->sentence); *c; c++)
        if (*c == '\t' || *c == '\n')
            *c = ' ';
    return seal(line, (size_t)used);
}

/* The line ends with '\0' in place of its checksum. */
static int32_t parse_record(char *line, int64_t points, sweep_record *record)
{
    char *end;
    *record = (sweep_record){.point = strtoll(line, &end, 10)};
    record->status = *end == '\t' ? (int32_t)strtol(end + 1, &end, 10) : 0;
    record->stop = *end == '\t' ? (int32_t)strtol(end + 1, &end, 10) : 0;
    for (int32_t i = 0; i < SWEEP_RESULTS; i++) {
        if (*end != '\t')
            return 0;
        record->results[i] = strtod(end + 1, &end);
    }
    if (*end != '\t' || record->point < 0 || record->point >= points)
        return 0;
    snprintf(record->sentence, sizeof record->sentence, "%s", end + 1);
    return 1;
}

/* ---- the file ---- */

static void write_lines(const sweep_journal *journal, const char *bytes, size_t count)
{
    if (ex_write_all(journal->descriptor, bytes, count) != 0 || ex_sync_all(journal->descriptor) != 0)
        ex_die("cannot write %s: %s; what is finished is kept, start again to go on", journal->path, strerror(errno));
}

static char *read_all(const sweep_journal *journal, size_t *length)
{
    struct stat info;
    if (fstat(journal->descriptor, &info) != 0)
        ex_die("cannot read %s: %s", journal->path, strerror(errno));
    char *text = malloc((size_t)info.st_size + 1);
    if (!text)
        ex_die("out of memory");
    *length = 0;
    while (*length < (size_t)info.st_size) {
        ssize_t got = read(journal->descriptor, text + *length, (size_t)info.st_size - *length);
        if (got < 0 && errno != EINTR)
            ex_die("cannot read %s: %s", journal->path, strerror(errno));
        if (got == 0)
            break;
        *length += got > 0 ? (size_t)got : 0;
    }
    text[*length] = '\0';
    return text;
}

static void keep(sweep_journal *journal, const sweep_record *record)
{
    if (journal->finished[record->point])
        return;
    if (journal->count == journal->capacity) {
        journal->capacity = journal->capacity ? 2 * journal->capacity : 64;
        journal->records = realloc(journal->records, journal->capacity * sizeof *journal->records);
        if (!journal->records)
            ex_die("out of memory");
    }
    journal->finished[record->point] = 1;
    journal->records[journal->count++] = *record;
}

/* Keep the whole lines; return where the last of them ends. */
static size_t read_lines(sweep_journal *journal, char *text, size_t length, size_t first)
{
    size_t end = first, damaged = 0;
    for (size_t at = first; at < length;) {
        char *newline = memchr(text + at, '\n', length - at);
        if (!newline)
            break;
        const size_t size = (size_t)(newline - (text + at)), fields = check_seal(text + at, size);
        sweep_record record;
        if (fields)
            text[at + fields] = '\0';
        if (fields && parse_record(text + at, journal->points, &record))
            keep(journal, &record);
        else
            damaged++;
        at += size + 1;
        end = at;
    }
    if (damaged)
        fprintf(stderr, "%s: %zu damaged lines are left out; their points are done again\n", journal->path, damaged);
    return end;
}

static void cut(const sweep_journal *journal, size_t length)
{
    int failed;
    do
        failed = ftruncate(journal->descriptor, (off_t)length);
    while (failed && errno == EINTR);
    if (failed)
        ex_die("cannot write %s: %s", journal->path, strerror(errno));
}

void sweep_journal_open(sweep_journal *journal, const char *path, uint64_t fingerprint, int64_t points)
{
    char header[line_most];
    const size_t header_length = print_header(header, fingerprint, points);
    *journal = (sweep_journal){.path = path, .points = points, .finished = calloc((size_t)points, 1)};
    if (!journal->finished)
        ex_die("out of memory");
    journal->descriptor = ex_open_file(path, O_RDWR | O_CREAT | O_APPEND);
    if (journal->descriptor < 0)
        ex_die("cannot open %s: %s", path, strerror(errno));
    if (flock(journal->descriptor, LOCK_EX | LOCK_NB) != 0)
        ex_die("%s is in use: this sweep is running already", path);
    size_t length;
    char *text = read_all(journal, &length);
    if (length < header_length && memcmp(text, header, length) == 0) { /* new, or killed in its first line */
        cut(journal, 0);
        write_lines(journal, header, header_length);
    } else {
        if (length < header_length || memcmp(text, header, header_length) != 0)
            ex_die("%s belongs to another grid or version; choose another directory with --out", path);
        cut(journal, read_lines(journal, text, length, header_length)); /* a line that was not completed */
    }
    free(text);
}

void sweep_journal_close(sweep_journal *journal)
{
    close(journal->descriptor);
    free(journal->records);
    free(journal->finished);
}

void sweep_journal_append(sweep_journal *journal, const sweep_record *record)
{
    char line[line_most];
    if (journal->finished[record->point])
        return;
    write_lines(journal, line, print_record(line, record));
    keep(journal, record);
}
