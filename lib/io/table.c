/* SPDX-License-Identifier: BSD-3-Clause */
#include "io/table.h"

#include "core/context.h"

void mfli_table_free(mfl_context *context, mfli_table *table)
{
    mfli_free(context, table->values);
    mfli_free(context, table->names);
    *table = (mfli_table){.values = NULL};
}
