/* SPDX-License-Identifier: BSD-3-Clause */
/* main() for fuzz targets without a fuzzer. Of directories on the command line it runs every file as it is,
 * cut off after each of its bytes, and with each of its bytes changed in three ways; after "--plain" only as
 * it is. Of files on the command line it runs the inputs that scripts/fuzz packed there, each after its
 * length in four bytes. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "io/little_endian.h"

enum { largest_input = 1 << 14 };

static int plain, files, packed;

static void run_variants(uint8_t *data, size_t size)
{
    static const uint8_t change[] = {0x01, 0x80, 0xFF};
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
    static uint8_t data[largest_input];
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    const size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    if (!plain)
        run_variants(data, size);
    files++;
    return 0;
}

static int run_directory(DIR *directory, const char *path)
{
    for (struct dirent *entry; (entry = readdir(directory));) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (run_file(name))
            return -1;
    }
    return 0;
}

static int run_pack(const char *path)
{
    static uint8_t data[largest_input];
    uint8_t length[4];
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    while (fread(length, 1, sizeof length, file) == sizeof length) {
        const size_t size = (size_t)mfli_load(length, sizeof length);
        if (size > sizeof data || fread(data, 1, size, file) != size) {
            fclose(file);
            return -1;
        }
        LLVMFuzzerTestOneInput(data, size);
        packed++;
    }
    fclose(file);
    return 0;
}

int main(int count, char **arguments)
{
    FILE *output = stdout; /* a target of programs has another idea of it */
    for (int i = 1; i < count; i++) {
        DIR *directory = opendir(arguments[i]);
        if (strcmp(arguments[i], "--plain") == 0)
            plain = 1;
        else if (directory ? run_directory(directory, arguments[i]) : run_pack(arguments[i]))
            return 1;
        if (directory)
            closedir(directory);
    }
    fprintf(output, "%d files%s and %d inputs that a fuzzer found\n", files, plain ? "" : " in all variants",
            packed);
    return files == 0;
}
