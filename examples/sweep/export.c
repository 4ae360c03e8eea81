/* SPDX-License-Identifier: BSD-3-Clause */
#include "export.h"

#include <stdlib.h>

#include "../common/output.h"

static int by_point(const void *a, const void *b)
{
    const sweep_record *x = a, *y = b;
    return (x->point > y->point) - (x->point < y->point);
}

/* Sorted in place; new records are appended behind, which is as good. */
static void sort(const sweep_journal *journal)
{
    if (journal->count)
        qsort(journal->records, journal->count, sizeof *journal->records, by_point);
}

void sweep_export_csv(const sweep_grid *grid, const sweep_journal *journal, const char *directory)
{
    ex_file file;
    sort(journal);
    ex_open(&file, directory, "sweep.csv");
    fprintf(file.stream, "point");
    for (int32_t i = 0; i < grid->axis_count; i++)
        fprintf(file.stream, ",%s", grid->axes[i].name);
    fprintf(file.stream, ",status,stop");
    for (int32_t i = 0; i < SWEEP_RESULTS; i++)
        fprintf(file.stream, ",%s", sweep_result_name(i));
    fprintf(file.stream, ",message\n");
    for (size_t r = 0; r < journal->count; r++) {
        const sweep_record *record = &journal->records[r];
        fprintf(file.stream, "%lld", (long long)record->point);
        for (int32_t i = 0; i < grid->axis_count; i++)
            fprintf(file.stream, ",%s", sweep_grid_value(grid, i, record->point));
        fprintf(file.stream, ",%s,%d", mfl_status_name(record->status), (int)record->stop);
        for (int32_t i = 0; i < SWEEP_RESULTS; i++) {
            fputc(',', file.stream);
            ex_csv_number(file.stream, record->results[i]);
        }
        fputc(',', file.stream);
        ex_csv_text(file.stream, record->sentence);
        fputc('\n', file.stream);
    }
    ex_finish(&file);
}

#if EXAMPLES_HAVE_HDF5
#include <hdf5.h>
#include <string.h>

#include "../common/arguments.h"

static int32_t write_column(hid_t file, const char *name, hid_t type, size_t count, const void *values)
{
    const hsize_t size = count;
    hid_t space = H5Screate_simple(1, &size, NULL);
    hid_t set = space < 0 ? -1 : H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    int32_t failed = set < 0 || H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
    if (set >= 0)
        H5Dclose(set);
    if (space >= 0)
        H5Sclose(space);
    return failed;
}

static int32_t write_axis(hid_t file, const sweep_grid *grid, int32_t axis, const sweep_journal *journal)
{
    const char **texts = malloc((journal->count + 1) * sizeof *texts);
    double *numbers = malloc((journal->count + 1) * sizeof *numbers);
    int32_t numeric = 1, failed = !texts || !numbers;
    for (size_t r = 0; r < journal->count && !failed; r++) {
        char *end;
        texts[r] = sweep_grid_value(grid, axis, journal->records[r].point);
        numbers[r] = strtod(texts[r], &end);
        numeric &= *end == '\0';
    }
    hid_t text_type = H5Tcopy(H5T_C_S1);
    H5Tset_size(text_type, H5T_VARIABLE);
    if (!failed)
        failed = numeric ? write_column(file, grid->axes[axis].name, H5T_NATIVE_DOUBLE, journal->count, numbers)
                         : write_column(file, grid->axes[axis].name, text_type, journal->count, texts);
    H5Tclose(text_type);
    free(texts);
    free(numbers);
    return failed;
}

static int32_t write_results(hid_t file, const sweep_journal *journal)
{
    double *numbers = malloc((journal->count + 1) * sizeof *numbers);
    int32_t failed = !numbers;
    for (int32_t i = -2; i < SWEEP_RESULTS && !failed; i++) {
        for (size_t r = 0; r < journal->count; r++) {
            const sweep_record *record = &journal->records[r];
            numbers[r] = i == -2 ? (double)record->point : i == -1 ? (double)record->status : record->results[i];
        }
        failed = write_column(file, i == -2 ? "point" : i == -1 ? "status" : sweep_result_name(i), H5T_NATIVE_DOUBLE,
                              journal->count, numbers);
    }
    free(numbers);
    return failed;
}

/* Made in memory, so that it reaches the disk like every other table. NULL on failure. */
static void *make_image(const sweep_grid *grid, const sweep_journal *journal, size_t *size)
{
    enum { increment = 1 << 20 };
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, increment, 0);
    hid_t file = H5Fcreate("sweep", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    int32_t failed = file < 0;
    for (int32_t i = 0; i < grid->axis_count && !failed; i++)
        failed = write_axis(file, grid, i, journal);
    if (!failed)
        failed = write_results(file, journal) || H5Fflush(file, H5F_SCOPE_GLOBAL) < 0;
    const ssize_t length = failed ? -1 : H5Fget_file_image(file, NULL, 0);
    void *image = length > 0 ? malloc((size_t)length) : NULL;
    *size = (size_t)length;
    if (image && H5Fget_file_image(file, image, *size) != length) {
        free(image);
        image = NULL;
    }
    if (file >= 0)
        H5Fclose(file);
    H5Pclose(access);
    return image;
}

int32_t sweep_export_hdf5(const sweep_grid *grid, const sweep_journal *journal, const char *directory)
{
    ex_file file;
    size_t size;
    void *image;
    sort(journal);
    H5E_BEGIN_TRY
    {
        image = make_image(grid, journal, &size);
    }
    H5E_END_TRY
    if (!image)
        ex_die("out of memory for %s/sweep.h5; the journal and sweep.csv have everything", directory);
    ex_open(&file, directory, "sweep.h5");
    fwrite(image, 1, size, file.stream);
    ex_finish(&file);
    free(image);
    return 1;
}
#else
int32_t sweep_export_hdf5(const sweep_grid *grid, const sweep_journal *journal, const char *directory)
{
    (void)grid;
    (void)journal;
    (void)directory;
    return 0;
}
#endif
