/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets from files, by the public functions. The first byte says which file and header, the first line
 * which target; what follows is the file. */
#include <string.h>

#include "files.h"
#include "fuzz.h"

static void look(const mfl_dataset *data)
{
    int64_t rows, columns;
    const double *targets;
    const char *name;
    if (mfl_dataset_shape(data, &rows, &columns) || rows < 1 || columns < 1)
        abort();
    for (int64_t j = -1; j <= columns; j++)
        mfl_dataset_name(data, j, &name);
    mfl_dataset *standard;
    if (mfl_dataset_standardise(data, mfl_dataset_targets(data, &targets) == MFL_OK, &standard) == MFL_OK)
        mfl_dataset_destroy(standard);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[fuzz_path_size], target[128] = "";
    fuzz_memory memory;
    mfl_dataset *set;
    const uint8_t *end = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
    if (!end || (size_t)(end - data) > sizeof target)
        return 0;
    memcpy(target, data + 1, (size_t)(end - data) - 1);
    const size_t length = size - (size_t)(end + 1 - data);
    mfl_context *context = fuzz_context(length, &memory);
    fuzz_path("data", path);
    fuzz_write(path, end + 1, length);
    const char *name = data[0] % 2 ? target : NULL;
    const int32_t status = data[0] / 2 % 2
        ? mfl_dataset_read_csv(context, path, name, data[0] / 4 % 3, &set)
        : mfl_dataset_read_npy(context, path, name ? path : NULL, (int8_t)target[0], &set);
    if (status == MFL_OK)
        look(set);
    else if (set)
        abort();
    mfl_dataset_destroy(set);
    fuzz_end(context, &memory);
    return 0;
}
