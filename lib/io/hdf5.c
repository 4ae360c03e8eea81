/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading numbers from HDF5 files. The HDF5 library prints its errors unless told otherwise; H5E_BEGIN_TRY
 * silences it for these calls and then restores what the host program had chosen. */
#include <hdf5.h>
#include <sys/stat.h>

#include "core/context.h"
#include "io/table.h"

/* Deflate, the strongest of the common filters, cannot shrink below 1/1032. Claims beyond that are lies or
 * unwritten space. */
enum { largest_ratio = 1032 };

typedef struct source {
    mfl_context *context;
    const char *path, *name;
    hid_t file, dataset, space;
} source;

static int32_t is_number(hid_t dataset)
{
    hid_t type = H5Dget_type(dataset);
    H5T_class_t class = H5Tget_class(type);
    H5Tclose(type);
    return class == H5T_FLOAT || class == H5T_INTEGER;
}

/* Links into other files end here: a file says what is in it, not what else to open, which may be a pipe or
 * secret. */
static herr_t stay(const char *from, const char *group, const char *to, const char *object, unsigned *flags,
                   hid_t access, void *data)
{
    (void)from, (void)group, (void)to, (void)object, (void)flags, (void)access, (void)data;
    return -1;
}

static hid_t open_dataset(const source *from)
{
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    const hid_t dataset =
        H5Pset_elink_cb(access, stay, NULL) < 0 ? H5I_INVALID_HID : H5Dopen2(from->file, from->name, access);
    H5Pclose(access);
    return dataset;
}

static int32_t open_source(source *from)
{
    from->file = H5Fopen(from->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (from->file < 0)
        return H5Fis_hdf5(from->path) == 0
            ? mfli_fail(from->context, MFL_ERROR_FORMAT, "\"%.300s\" is not an HDF5 file", from->path)
            : mfli_fail(from->context, MFL_ERROR_IO, "could not open \"%.300s\" as an HDF5 file", from->path);
    from->dataset = open_dataset(from);
    if (from->dataset < 0)
        return mfli_fail(from->context, MFL_ERROR_ARGUMENT, "\"%.200s\" has no data set \"%.100s\"", from->path,
                         from->name);
    from->space = H5Dget_space(from->dataset);
    if (from->space < 0 || !is_number(from->dataset))
        return mfli_fail(from->context, MFL_ERROR_FORMAT,
                         "\"%.100s\" in \"%.200s\" does not hold real numbers", from->name, from->path);
    return MFL_OK;
}

static size_t element_size(hid_t dataset)
{
    const hid_t type = H5Dget_type(dataset);
    const size_t size = H5Tget_size(type);
    H5Tclose(type);
    return size;
}

/* Can the elements come from what is stored? Only chunks may be compressed, and HDF5 makes room for a whole
 * one. Of anything else it reads as much as the sizes announce, were it from memory behind what the file has.
 * */
static int32_t are_stored(const source *from, hid_t properties, hsize_t count)
{
    const int32_t chunked = H5Pget_layout(properties) == H5D_CHUNKED;
    const hsize_t stored = H5Dget_storage_size(from->dataset), width = element_size(from->dataset);
    hsize_t chunk[2] = {1, 1}, needed, most;
    struct stat file; /* H5Fget_filesize() says what the file says */
    if (stat(from->path, &file) != 0 || stored > (hsize_t)file.st_size || width == 0)
        return 0;
    if (chunked && H5Pget_chunk(properties, 2, chunk) < 1)
        return 0;
    if (__builtin_mul_overflow(stored, chunked ? largest_ratio : 1, &most)
        || __builtin_mul_overflow(chunk[0], chunk[1], &needed))
        return 0;
    return !__builtin_mul_overflow(needed > count ? needed : count, width, &needed) && needed <= most;
}

static int32_t check_stored(const source *from, const hsize_t extent[2])
{
    hsize_t count;
    const hid_t properties = H5Dget_create_plist(from->dataset);
    const int32_t elsewhere = H5Pget_external_count(properties) != 0 || H5Pget_layout(properties) == H5D_VIRTUAL;
    const int32_t sound = !__builtin_mul_overflow(extent[0], extent[1], &count)
        && count <= INT64_MAX / sizeof(double) && are_stored(from, properties, count);
    H5Pclose(properties);
    if (elsewhere)
        return mfli_fail(from->context, MFL_ERROR_FORMAT,
                         "\"%.100s\" in \"%.200s\" keeps its numbers in other files; write them into this one",
                         from->name, from->path);
    if (!sound)
        return mfli_fail(from->context, MFL_ERROR_FORMAT,
                         "\"%.100s\" in \"%.200s\" announces %llu x %llu numbers, more than are stored in the file; "
                         "the file is damaged or was never filled",
                         from->name, from->path, (unsigned long long)extent[0], (unsigned long long)extent[1]);
    return MFL_OK;
}

/* Sizes, which must be such as the file can hold, before anything of that size is allocated. */
static int32_t measure(const source *from, mfli_table *table)
{
    hsize_t extent[2] = {0, 1};
    int dimensions = H5Sget_simple_extent_ndims(from->space);
    if (dimensions != 1 && dimensions != 2)
        return mfli_fail(from->context, MFL_ERROR_FORMAT,
                         "\"%.100s\" in \"%.200s\" has %d dimensions; it must have one or two", from->name, from->path,
                         dimensions);
    H5Sget_simple_extent_dims(from->space, extent, NULL);
    if (extent[0] == 0 || extent[1] == 0)
        return mfli_fail(from->context, MFL_ERROR_FORMAT, "\"%.100s\" in \"%.200s\" has no elements", from->name,
                         from->path);
    int32_t status = check_stored(from, extent);
    if (status)
        return status;
    table->rows = (int64_t)extent[0];
    table->columns = (int64_t)extent[1];
    return MFL_OK;
}

static int32_t read_source(source *from, mfli_table *table)
{
    int32_t status = open_source(from);
    if (status == MFL_OK)
        status = measure(from, table);
    if (status)
        return status;
    table->values =
        mfli_alloc(from->context, (size_t)table->rows * (size_t)table->columns, sizeof *table->values);
    if (!table->values)
        return MFL_ERROR_MEMORY;
    if (H5Dread(from->dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, table->values) < 0)
        return mfli_fail(from->context, MFL_ERROR_IO,
                         "could not read \"%.100s\" in \"%.200s\"; the file is damaged, incomplete, or uses a filter that "
                         "is not installed",
                         from->name, from->path);
    return MFL_OK;
}

static void close_source(const source *from)
{
    if (from->space >= 0)
        H5Sclose(from->space);
    if (from->dataset >= 0)
        H5Dclose(from->dataset);
    if (from->file >= 0)
        H5Fclose(from->file);
}

int32_t mfli_hdf5_read(mfl_context *context, const char *path, const char *dataset, mfli_table *table)
{
    source from = {context, path, dataset, H5I_INVALID_HID, H5I_INVALID_HID, H5I_INVALID_HID};
    int32_t status;
    *table = (mfli_table){.values = NULL};
    H5E_BEGIN_TRY
    {
        status = read_source(&from, table);
        close_source(&from);
    }
    H5E_END_TRY
    if (status)
        mfli_table_free(context, table);
    return status;
}
