/* SPDX-License-Identifier: BSD-3-Clause */
/* netCDF-4 files by HDF5 alone: dimension scales hold the coordinates, and links and attributes remember the order in
 * which they were made, as the netCDF library wants it. The file is made in memory, so that it reaches the disk through
 * the atomic writer, and without times of creation, so that the same numbers make the same file. */
#include <hdf5.h>
#include <hdf5_hl.h>
#include <mflearn/version.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "io/file.h"
#include "io/traces.h"

enum { image_increment = 1 << 20, provenance_size = 1024 };

/* Handles of HDF5 are negative where something failed; functions given one fail, too. */
static herr_t put_text(hid_t object, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    herr_t failed = H5Tset_size(type, strlen(text) + 1);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (failed >= 0)
        failed = H5Awrite(attribute, type, text);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
    return failed;
}

static hid_t put_array(hid_t group, const char *name, hid_t stored, hid_t given, int32_t rank, const hsize_t *extents,
                       const void *values)
{
    hid_t space = H5Screate_simple(rank, extents, NULL), properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(properties, 0);
    H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    hid_t array = H5Dcreate2(group, name, stored, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    const herr_t failed = H5Dwrite(array, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Pclose(properties);
    H5Sclose(space);
    if (failed >= 0)
        return array;
    H5Dclose(array);
    return H5I_INVALID_HID;
}

/* A dimension with its coordinates 0, 1, 2 ... */
static hid_t put_dimension(mfl_context *context, hid_t group, const char *name, int64_t extent)
{
    int64_t *coordinates = mfli_alloc(context, (size_t)extent, sizeof *coordinates);
    if (!coordinates)
        return H5I_INVALID_HID;
    for (int64_t i = 0; i < extent; i++)
        coordinates[i] = i;
    hid_t scale =
        put_array(group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &(hsize_t){(hsize_t)extent}, coordinates);
    mfli_free(context, coordinates);
    H5DSset_scale(scale, name);
    return scale;
}

static herr_t put_variable(hid_t group, const mfli_variables *variables, const mfli_variable *variable,
                           const hid_t scales[MFLI_TRACE_RANK])
{
    hsize_t extents[MFLI_TRACE_RANK];
    const int32_t rank = variable->rank ? variable->rank : variables->rank;
    for (int32_t k = 0; k < rank; k++)
        extents[k] = (hsize_t)variables->extents[k];
    hid_t array =
        put_array(group, variable->name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, rank, extents, variable->values);
    herr_t failed = put_text(array, "long_name", variable->meaning);
    for (int32_t k = 0; k < rank && failed >= 0; k++)
        failed = H5DSattach_scale(array, scales[k], (unsigned)k);
    H5Dclose(array);
    return failed;
}

static herr_t put_library(hid_t group)
{
    const herr_t failed = put_text(group, "inference_library", "mflearn");
    return failed < 0 ? failed : put_text(group, "inference_library_version", MFL_VERSION_STRING);
}

static herr_t put_group(mfl_context *context, hid_t file, const mfli_variables *variables)
{
    hid_t scales[MFLI_TRACE_RANK], properties = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(properties, 0);
    H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    hid_t group = H5Gcreate2(file, variables->group, H5P_DEFAULT, properties, H5P_DEFAULT);
    herr_t failed = put_library(group);
    for (int32_t k = 0; k < variables->rank; k++)
        scales[k] = put_dimension(context, group, variables->dimensions[k], variables->extents[k]);
    for (size_t v = 0; v < variables->count && failed >= 0; v++)
        failed = put_variable(group, variables, &variables->list[v], scales);
    for (int32_t k = 0; k < variables->rank; k++)
        H5Dclose(scales[k]);
    H5Gclose(group);
    H5Pclose(properties);
    return failed;
}

/* A file that lives in memory only. HDF5 refuses a second one of the same name, so that each takes the address of a variable
 * for its name: other threads, with contexts of their own, may be writing, too. */
static hid_t create_file(const void *unique)
{
    char name[32];
    snprintf(name, sizeof name, "mflearn-%p", unique);
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(creation, 0);
    H5Pset_fapl_core(access, image_increment, 0);
    hid_t file = H5Fcreate(name, H5F_ACC_TRUNC, creation, access);
    H5Pclose(access);
    H5Pclose(creation);
    return file;
}

static int32_t write_image(mfl_context *context, const char *path, hid_t file)
{
    const ssize_t size = H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, NULL, 0);
    if (size < 0)
        return mfli_fail(context, MFL_ERROR_MEMORY, "HDF5 could not make \"%.300s\" in memory", path);
    mfli_writer writer;
    uint8_t *image = mfli_alloc(context, (size_t)size, 1);
    if (!image)
        return MFL_ERROR_MEMORY;
    H5Fget_file_image(file, image, (size_t)size);
    int32_t status = mfli_writer_open(context, path, &writer);
    if (!status) {
        status = mfli_writer_write(&writer, image, (size_t)size);
        if (status)
            mfli_writer_abandon(&writer);
        else
            status = mfli_writer_commit(&writer);
    }
    mfli_free(context, image);
    return status;
}

int32_t mfli_netcdf_write(mfl_context *context, const char *path, const mfli_variables *groups, size_t count)
{
    char provenance[provenance_size];
    size_t needed;
    int32_t status = mfl_context_provenance(context, provenance, sizeof provenance, &needed);
    if (status)
        return status;
    H5E_BEGIN_TRY
    {
        hid_t file = create_file(provenance);
        herr_t failed = put_library(file);
        if (failed >= 0)
            failed = put_text(file, "provenance", provenance);
        for (size_t g = 0; g < count && failed >= 0; g++)
            failed = put_group(context, file, &groups[g]);
        status = failed < 0 ? mfli_fail(context, MFL_ERROR_MEMORY, "HDF5 could not make \"%.300s\" in memory", path)
                            : write_image(context, path, file);
        H5Fclose(file);
    }
    H5E_END_TRY
    return status;
}
