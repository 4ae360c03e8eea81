/* SPDX-License-Identifier: BSD-3-Clause */
/* Journals of the program sweep: as they are, and as lines of the sweep at hand with their checksums mended.
 * What is accepted can be added to and made into a table, and opens again with the same records. */
#include <inttypes.h>
#include <string.h>

#include "../../examples/sweep/export.h"
#include "../../examples/sweep/hash.h"
#include "files.h"
#include "fuzz.h"
#include "program.h"

enum { points = 12, most_size = 1 << 14, longest_line = 40 };

static const char settings[] = "samples 10,20,40\ndataset 1,2,3,4\n";

static size_t seal(char *line, size_t length)
{
    const uint64_t hash = sweep_hash(SWEEP_HASH_START, line, length);
    return length + (size_t)sprintf(line + length, "\t%016" PRIx64 "\n", hash);
}

/* A header, and each line of the input with its checksum. */
static size_t mend(const uint8_t *data, size_t size, uint64_t fingerprint, char *text)
{
    size_t used = seal(text, (size_t)sprintf(text, "mflearn sweep 1\t%016" PRIx64 "\t%d", fingerprint, points));
    for (const uint8_t *at = data, *end = data + size; at < end && used + longest_line < most_size;) {
        const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline ? newline : end) - at);
        if (length > most_size - longest_line - used)
            length = most_size - longest_line - used;
        memcpy(text + used, at, length);
        used += seal(text + used, length);
        at += length + 1;
    }
    return used;
}

static size_t read_journal(const sweep_grid *grid, const char *path)
{
    sweep_journal journal;
    const sweep_record record = {.point = points - 1, .sentence = "a\tsentence\n"};
    sweep_journal_open(&journal, path, grid->fingerprint, grid->points);
    for (size_t i = 0; i < journal.count; i++)
        if (!journal.finished[journal.records[i].point])
            abort();
    sweep_journal_append(&journal, &record);
    sweep_export_csv(grid, &journal, fuzz_directory);
    const size_t count = journal.count;
    sweep_journal_close(&journal);
    return count;
}

/* A journal that the program refused holds its file open and locked, as the process would to its end. */
static void close_refused(int next)
{
    const int now = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int i = next; i <= now; i++)
        close(i);
}

static void try(const char *path, const void *bytes, size_t size)
{
    static sweep_grid grid;
    static volatile size_t count; /* since setjmp() */
    char grid_path[fuzz_path_size];
    const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(next);
    program_begin();
    fuzz_path("grid", grid_path);
    fuzz_write(grid_path, settings, sizeof settings - 1);
    fuzz_write(path, bytes, size);
    if (setjmp(program_end) == 0) {
        sweep_grid_read(&grid, grid_path);
        count = read_journal(&grid, path);
        if (read_journal(&grid, path) != count)
            abort();
    }
    close_refused(next);
    program_release();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[most_size + longest_line];
    static uint64_t fingerprint;
    char path[fuzz_path_size];
    fuzz_path("journal", path);
    if (!fingerprint) {
        sweep_grid grid;
        fuzz_write(path, settings, sizeof settings - 1);
        program_begin();
        sweep_grid_read(&grid, path);
        fingerprint = grid.fingerprint;
        program_release();
    }
    try(path, data, size);
    try(path, text, mend(data, size, fingerprint, text));
    return 0;
}
