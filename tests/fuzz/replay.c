/* SPDX-License-Identifier: BSD-3-Clause */
/* main() for fuzz targets without a fuzzer: runs every file of the directories named on the command line as it is,
 * cut off after each of its bytes, and with each of its bytes changed in three ways. */
#include <dirent.h>
#include <stdio.h>

#include "fuzz.h"

enum { largest_input = 1 << 14 };

static void run_variants(uint8_t *data, size_t size)
{
    static const uint8_t change[] = {0x01, 0x80, 0xFF};
    LLVMFuzzerTestOneInput(data, size);
    for (size_t i = 0; i < size; i++) {
        LLVMFuzzerTestOneInput(data, i);
        for (size_t j = 0; j < sizeof change; j++) {
            data[i] ^= change[j];
            LLVMFuzzerTestOneInput(data, size);
            data[i] ^= change[j];
        }
    }
}

static int run_file(const char *path)
{
    uint8_t data[largest_input];
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    run_variants(data, size);
    return 0;
}

int main(int count, char **arguments)
{
    int files = 0;
    for (int i = 1; i < count; i++) {
        DIR *directory = opendir(arguments[i]);
        if (!directory)
            return 1;
        for (struct dirent *entry; (entry = readdir(directory));) {
            char path[4096];
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", arguments[i], entry->d_name);
            if (run_file(path))
                return 1;
            files++;
        }
        closedir(directory);
    }
    printf("%d corpus files replayed\n", files);
    return files == 0;
}
