/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays of records in NumPy's file format, version 1.0 (numpy.lib.format). */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "io/file.h"
#include "io/little_endian.h"
#include "io/traces.h"

/* The header ends where a multiple of 64 bytes does. */
enum { prefix_size = 10, header_size = 64 * 64 - prefix_size };

static int32_t put_header(mfli_writer *writer, const mfli_variables *variables)
{
    uint8_t prefix[prefix_size] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    char header[header_size + 1], number[32];
    size_t used = 0;
    mfli_append(header, sizeof header, &used, "{'descr': [");
    for (size_t v = 0; v < variables->count; v++) {
        mfli_append(header, sizeof header, &used, "('");
        mfli_append(header, sizeof header, &used, variables->list[v].name);
        mfli_append(header, sizeof header, &used, "', '<f8'), ");
    }
    mfli_append(header, sizeof header, &used, "], 'fortran_order': False, 'shape': (");
    for (int32_t k = 0; k < variables->rank; k++) {
        snprintf(number, sizeof number, "%lld, ", (long long)variables->extents[k]);
        mfli_append(header, sizeof header, &used, number);
    }
    mfli_append(header, sizeof header, &used, "), }");
    if (used >= header_size)
        return mfli_fail(writer->context, MFL_ERROR_SIZE, "%zu variables are more than an NPY header can name",
                         variables->count);
    memset(header + used, ' ', header_size - used);
    header[header_size - 1] = '\n';
    mfli_store(prefix + 8, 2, header_size);
    int32_t status = mfli_writer_write(writer, prefix, sizeof prefix);
    return status ? status : mfli_writer_write(writer, header, header_size);
}

static int32_t put_records(mfli_writer *writer, const mfli_variables *variables)
{
    int32_t status = MFL_OK;
    int64_t records = 1;
    for (int32_t k = 0; k < variables->rank; k++)
        records *= variables->extents[k];
    for (int64_t i = 0; i < records && !status; i++)
        for (size_t v = 0; v < variables->count && !status; v++) {
            uint8_t bytes[8];
            mfli_store_double(bytes, variables->list[v].values[i]);
            status = mfli_writer_write(writer, bytes, sizeof bytes);
        }
    return status;
}

int32_t mfli_npy_write(mfl_context *context, const char *path, const mfli_variables *variables)
{
    mfli_writer writer;
    int32_t status = mfli_writer_open(context, path, &writer);
    if (status)
        return status;
    status = put_header(&writer, variables);
    if (!status)
        status = put_records(&writer, variables);
    if (!status)
        return mfli_writer_commit(&writer);
    mfli_writer_abandon(&writer);
    return status;
}
