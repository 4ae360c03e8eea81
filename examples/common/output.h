/* SPDX-License-Identifier: BSD-3-Clause */
/* What the example programs leave behind: a directory, CSV files that appear only when complete, pictures. */
#ifndef EXAMPLES_OUTPUT_H
#define EXAMPLES_OUTPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { EX_PATH_SIZE = 4096 };

/* Creates the directory with its parents, or dies with the reason. */
void ex_make_directory(const char *path);

/* open(), write() until all is written, and fsync(), none of them ended by a signal; negative with errno on failure. */
int ex_open_file(const char *path, int flags);
int ex_write_all(int descriptor, const void *bytes, size_t count);
int ex_sync_all(int descriptor);

/* A file that is written as NAME.partial and gets its name when it is complete. Until the first flush it is
 * NAME.partial.new, so that an earlier NAME.partial stays until the new one has as much. */
typedef struct ex_file {
    FILE *stream;
    int descriptor;
    int32_t fresh;
    char path[EX_PATH_SIZE], partial[EX_PATH_SIZE + 16];
} ex_file;

void ex_open(ex_file *file, const char *directory, const char *name);
void ex_flush(ex_file *file);  /* rows so far reach the disk's file; dies on a full disk */
void ex_finish(ex_file *file); /* the file is complete */
void ex_abandon(ex_file *file); /* close, leave NAME.partial, say so */

/* A stream whose text is in *text, to be freed, once it is closed. Dies where memory ends. */
FILE *ex_text_stream(char **text);

/* A CSV field: a number with 17 digits, or empty for not-a-number; text in quotes. */
void ex_csv_number(FILE *stream, double value);
void ex_csv_text(FILE *stream, const char *text);

/* Draw DIRECTORY/NAME.svg and .png with gnuplot, which runs in DIRECTORY: `body` are the commands after "set output".
 * Says in a sentence why there is no picture when there is none. Returns 0 if both were made. */
int32_t ex_plot(const char *directory, const char *name, const char *body);

#endif
