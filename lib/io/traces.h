/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of numbers for other programs to read, through the atomic writer. */
#ifndef MFLI_IO_TRACES_H
#define MFLI_IO_TRACES_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/types.h>

enum { MFLI_TRACE_RANK = 3 };

/* Variables over the same dimensions, or the first `rank` of them where that is not 0; each one's values are packed, the
 * last dimension fastest. */
typedef struct mfli_variable {
    const char *name, *meaning;
    const double *values;
    int32_t rank;
} mfli_variable;

typedef struct mfli_variables {
    const char *group;
    int32_t rank; /* 1 to MFLI_TRACE_RANK */
    const char *dimensions[MFLI_TRACE_RANK];
    int64_t extents[MFLI_TRACE_RANK];
    const mfli_variable *list;
    size_t count;
} mfli_variables;

/* One NumPy array of records over the dimensions, a field for each variable, of full rank (npy_write.c). */
int32_t mfli_npy_write(mfl_context *context, const char *path, const mfli_variables *variables);

/* A netCDF-4 file, which is HDF5: each group with its variables, dimensions and their coordinates 0, 1, 2 ...
 * (netcdf.c). */
int32_t mfli_netcdf_write(mfl_context *context, const char *path, const mfli_variables *groups, size_t count);

#endif
