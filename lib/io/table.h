/* SPDX-License-Identifier: BSD-3-Clause */
/* What the readers make of a file: a row-major matrix of numbers, perhaps with names of its columns. */
#ifndef MFLI_IO_TABLE_H
#define MFLI_IO_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/types.h>

typedef struct mfli_table {
    int64_t rows, columns;
    double *values;
    char **names; /* one per column, in one block with their texts; NULL: none */
} mfli_table;

void mfli_table_free(mfl_context *context, mfli_table *table);

/* CSV (csv.c). `name` is the file's, for messages; bytes[size] is a NUL; header is of mfl_csv_header. On failure
 * the table is empty. */
int32_t mfli_csv_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size, int32_t header,
                       mfli_table *table);

/* NPY (npy.c): one- or two-dimensional arrays; one dimension makes one column. */
int32_t mfli_npy_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size,
                       mfli_table *table);

/* One data set of an HDF5 file (hdf5.c). */
int32_t mfli_hdf5_read(mfl_context *context, const char *path, const char *dataset, mfli_table *table);

#endif
